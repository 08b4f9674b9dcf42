"""The published past: every number as it was printed, with its oddities, its gaps, its source."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from danbe.core.pages import Request, page
from danbe.figures.models import Breakdown, Definition, PublishedFact, PublishedFigure
from danbe.figures.queries import key_labels
from danbe.web import windows
from danbe.web.listing import page_of
from danbe.web.units import unit_of
from danbekit.dates import Window

# Undated figures come last, whatever the order and the database.
ORDERS = {
    "": F("start").desc(nulls_last=True),
    "year": F("start").asc(nulls_last=True),
    "-year": F("start").desc(nulls_last=True),
    "value": F("value").asc(nulls_last=True),
    "-value": F("value").desc(nulls_last=True),
    "reporter": F("reporter").asc(),
    "-reporter": F("reporter").desc(),
}
STATUSES = {
    "published": ("good", gettext_lazy("Published")),
    "inferred": ("warn", gettext_lazy("Inferred")),
    "gap": ("neutral", gettext_lazy("Gap: not found")),
}
SUBJECTS = {
    "figures": pgettext_lazy("published", "Figures"),
    "tip_tier": gettext_lazy("Tiers of the US report"),
    "nap": gettext_lazy("Action plans"),
}
ADDRESS = re.compile(r"https?://[^\s;]+")
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One published number as it is shown."""

    row: PublishedFigure
    what: str
    unit: str
    window: str
    printed: str  # where it is not the bare number
    part: str
    tone: str
    status: str
    source: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactLine:
    """One dated statement: a tier, a plan."""

    fact: PublishedFact
    tone: str
    status: str
    source: str
    addresses: tuple[str, ...]


@page("figure.read")
def published_list(request: Request) -> HttpResponse:
    """Figures, tiers or plans; the figures may be filtered."""
    subject = request.GET.get("subject", "figures")
    subject = subject if subject in SUBJECTS else "figures"
    here = reverse("published_list")
    context: dict[str, Any] = {
        "subject": subject,
        "tabs": [(f"{here}?subject={s}", label, s == subject) for s, label in SUBJECTS.items()],
        "crumbs": [(reverse("figure_explorer"), _("Figures")), ("", _("The published past"))],
    }
    if subject == "figures":
        context |= _figures(request)
    else:
        facts = PublishedFact.objects.filter(subject=subject)
        context["facts"] = [_fact_line(fact) for fact in facts]
    return render(request, "figures/published_list.html", context)


def _figures(request: Request) -> dict[str, Any]:
    asked = {
        name: request.GET.get(name, "").strip()
        for name in ("definition", "reporter", "table", "status", "parts", "q")
    }
    rows = _filtered(asked).select_related("definition")
    everything = PublishedFigure.objects.all()
    order = ORDERS.get(request.GET.get("sort", ""), ORDERS[""])
    found = page_of(request, rows.order_by(order, "id"), PER_PAGE)
    used = everything.exclude(definition=None).values("definition")
    return {
        "asked": asked,
        "page": found,
        "lines": [_line(row) for row in found.object_list],
        "definitions": Definition.objects.filter(pk__in=used).only(
            "code", "number", "label_fr", "label_en"
        ),
        "reporters": everything.order_by("reporter").values_list("reporter", flat=True).distinct(),
        "statuses": [(code, label) for code, (_tone, label) in STATUSES.items()],
        "is_filtered": any(asked.values()),
    }


def _filtered(asked: dict[str, str]) -> QuerySet[PublishedFigure]:
    rows = PublishedFigure.objects.all()
    if asked["definition"]:
        rows = rows.filter(definition=asked["definition"])
    if asked["reporter"]:
        rows = rows.filter(reporter=asked["reporter"])
    if asked["status"] in STATUSES:
        rows = rows.filter(status=asked["status"])
    if asked["parts"] == "total":
        rows = rows.filter(breakdown=Breakdown.TOTAL)
    for word in asked["q"].split():
        rows = rows.filter(
            Q(raw_text__icontains=word) | Q(year_label__icontains=word) | Q(source__icontains=word)
        )
    return rows


def _line(row: PublishedFigure) -> Line:
    tone, status = STATUSES.get(row.status, ("neutral", row.status))
    window = Window(row.start, row.end) if row.start and row.end else None
    spoken = windows.spoken(window) if window else ""
    says_it = window is None or row.year_label in (window.code, spoken)
    addresses = tuple(ADDRESS.findall(row.source))
    return Line(
        row,
        row.definition.label if row.definition else "",
        unit_of(row.definition, row.value) if row.definition else "",
        "" if says_it else spoken,
        "" if row.raw_text == str(row.value) else row.raw_text,
        _part(row),
        tone,
        str(status),
        ADDRESS.sub("", row.source).strip(" ;,"),
        addresses,
    )


def _part(row: PublishedFigure) -> str:
    """Which part of a total the number is, in words."""
    if row.breakdown == Breakdown.TOTAL or row.definition is None:
        return ""
    if row.breakdown == Breakdown.SEX_AGE:
        labels = {**key_labels(row.definition, "sex"), **key_labels(row.definition, "age")}
        return ", ".join(labels.get(code, code) for code in (row.sex, row.age) if code)
    return key_labels(row.definition, row.breakdown).get(row.key, row.key)


def _fact_line(fact: PublishedFact) -> FactLine:
    tone, status = STATUSES.get(fact.status, ("neutral", fact.status))
    addresses = tuple(ADDRESS.findall(fact.source))
    return FactLine(fact, tone, str(status), ADDRESS.sub("", fact.source).strip(" ;,"), addresses)


urlpatterns = [path("", published_list, name="published_list")]
