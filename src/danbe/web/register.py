"""The figures of the register itself: all of protection in one table, one of them in parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from danbe.core.access import Actor, Reach, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.models import Level, Place
from danbe.core.pages import Request, page
from danbe.core.places import layout_on
from danbe.exchange.register_table import RegisterRow, to_csv, to_xlsx
from danbe.figures import register
from danbe.figures.models import Definition, Return
from danbe.figures.queries import Figure
from danbe.figures.register import Counted, OverviewLine, overview, register_figure
from danbe.figures.register_prefill import prefill_return
from danbe.web import windows
from danbe.web.download import download
from danbe.web.question import BY_LABELS, Question
from danbe.web.units import unit_of
from danbekit.dates import Window

FIRST_YEAR = 2020
SEXES = (
    gettext_lazy("Women and girls"),
    gettext_lazy("Men and boys"),
    gettext_lazy("Other or not stated"),
)
AGES = (gettext_lazy("Children"), gettext_lazy("Adults"), gettext_lazy("Age not known"))
KINDS = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
    "csv": ("text/csv; charset=utf-8", to_csv),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says: a window, a place, and the figure to split."""

    chosen: windows.Chosen
    place: Place | None
    definition: Definition | None
    by: str

    @property
    def window(self) -> Window:
        """The window asked for."""
        return self.chosen.window

    @property
    def place_name(self) -> str:
        """Where, in words."""
        return self.place.name_fr if self.place else _("The whole country")

    def url(self, name: str = "register_figures", **changes: str) -> str:
        """The same question, but for ``changes``."""
        told = {
            "window": self.window.code,
            "place": self.place.code if self.place else "",
            "definition": self.definition.pk if self.definition else "",
            "by": self.by if self.definition else "",
        } | changes
        return f"{reverse(name)}?{urlencode({k: v for k, v in told.items() if v})}"


def asked_of(request: Request) -> Asked:
    """Read the address; an unknown place or figure is a 404."""
    this_year = Window.calendar_year(timezone.localdate().year)
    place = None
    if code := request.GET.get("place", ""):
        place = get_object_or_404(Place, pk=code, level__in=[Level.REGION, Level.DISTRICT])
    definition = None
    if code := request.GET.get("definition", ""):
        definition = get_object_or_404(Definition, pk=code, axis="protection")
    by = request.GET.get("by", "region")
    splits = splits_of(definition, place) if definition else ["region"]
    return Asked(
        windows.chosen(request, this_year), place, definition, by if by in splits else splits[0]
    )


def splits_of(definition: Definition, place: Place | None) -> list[str]:
    """By what the register splits a figure. A place is already one part of the regions."""
    if definition.pk == register.SHELTER_PLACES:
        return ["category"]
    return [*([] if place else ["region"]), *definition.splits]


@page("register.read")
def register_figures(request: Request) -> HttpResponse:
    """Every protection figure, and the parts of one."""
    asked = asked_of(request)
    lines = overview(request.actor, asked.window, asked.place)
    this_year = timezone.localdate().year
    places = layout_on(asked.window.end)
    if asked.place and asked.place not in places:
        places = [asked.place, *places]
    context: dict[str, Any] = {
        "asked": asked,
        "held": [
            (line, asked.url(definition=line.definition.pk, by="") + "#parts")
            for line in lines
            if line.total is not None
        ],
        "silent": [line for line in lines if line.total is None],
        "sexes": SEXES,
        "ages": AGES,
        "is_national": request.actor.reach("register.read") is Reach.NATION,
        "places": places,
        "windows": windows.groups(FIRST_YEAR, this_year, asked.window),
        "export_url": asked.url("register_export"),
        "crumbs": [(reverse("figure_explorer"), _("Figures")), ("", _("Register"))],
    }
    if asked.definition is not None:
        context |= _split(request.actor, asked, asked.definition)
    return render(request, "register/figures.html", context)


def _split(actor: Actor, asked: Asked, definition: Definition) -> dict[str, Any]:
    told = register_figure(
        actor, definition.pk, asked.window, place=asked.place, breakdown=asked.by
    )
    tabs = [
        (asked.url(by=by) + "#parts", str(BY_LABELS[by]), by == asked.by)
        for by in splits_of(definition, asked.place)
    ]
    return {
        "told": told,
        "tabs": tabs,
        "by_label": BY_LABELS[asked.by],
        "unit": unit_of(definition),
    }


@page("register.read")
def register_export(request: Request) -> HttpResponse:
    """What is on the page as a file, with the rights of whoever asks for it."""
    asked = asked_of(request)
    kind = request.GET.get("format", "xlsx")
    if kind not in KINDS:
        raise Http404
    media_type, write = KINDS[kind]
    rows = list(_rows(request.actor, asked))
    return download(write(rows), media_type, f"danbe-registre-{asked.window.code}.{kind}")


def _rows(actor: Actor, asked: Asked) -> Iterator[RegisterRow]:
    for line in overview(actor, asked.window, asked.place):
        if line.total is None:
            yield _row(asked, line, "total", _("Total"), None, _("not held"))
            continue
        yield _row(asked, line, "total", _("Total"), line.total.value, line.total.mark)
        for by, labels, cells in (("sex", SEXES, line.sexes), ("age", AGES, line.ages)):
            for label, cell in zip(labels, cells, strict=False):
                yield _row(asked, line, by, str(label), cell.value, cell.mark)
    if asked.definition is not None:
        told = register_figure(
            actor, asked.definition.pk, asked.window, place=asked.place, breakdown=asked.by
        )
        line = OverviewLine(asked.definition, told.method)
        for row in told.table.rows if told.table else ():
            yield _row(asked, line, asked.by, row.label, row.value, row.note)


def _row(
    asked: Asked, line: OverviewLine, by: str, part: str, value: int | None, mark: str
) -> RegisterRow:
    definition = line.definition
    return RegisterRow(
        definition.number,
        definition.pk,
        definition.label,
        asked.window.start.isoformat(),
        asked.window.end.isoformat(),
        asked.place_name,
        by,
        part,
        value,
        mark,
        line.method,
    )


# --- Beside the returns -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """What the register says of the figure on the explorer's page."""

    told: Counted
    url: str
    unit: str
    gap: str


def beside(actor: Actor, asked: Question, figure: Figure) -> Beside | None:
    """The register's own count of what the explorer shows; ``None`` for who may not see it."""
    is_region = asked.place is None or asked.place.level in (Level.REGION, Level.DISTRICT)
    if not actor.can("register.read") or asked.definition.axis != "protection" or not is_region:
        return None
    told = register_figure(actor, asked.definition.pk, asked.window, place=asked.place)
    place = asked.place.code if asked.place else ""
    query = {"definition": asked.definition.pk, "window": asked.window.code, "place": place}
    url = f"{reverse('register_figures')}?{urlencode({k: v for k, v in query.items() if v})}#parts"
    gap = register.said_beside(told.value, figure.value) if told.is_national else ""
    return Beside(told, url, unit_of(asked.definition, told.value), gap)


@page("return.write")
@require_POST
def return_prefill(request: Request, pk: str) -> HttpResponse:
    """Fill the protection lines of a draft from the body's own register."""
    row = visible_or_404(request.actor, Return, "return.write", pk)
    try:
        codes = prefill_return(request.actor, row)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        numbers = ", ".join(definition.number for definition in codes)
        text = _("Filled from your register: %(numbers)s. Check each number before you submit.")
        nothing = _("Your register holds nothing more for this return: nothing was changed.")
        messages.success(request, text % {"numbers": numbers} if codes else nothing)
    return redirect("return_axis", pk, "protection")


urlpatterns = [
    path("register/", register_figures, name="register_figures"),
    path("register/export/", register_export, name="register_export"),
    path("returns/<uuid:pk>/from-register/", return_prefill, name="return_prefill"),
]
