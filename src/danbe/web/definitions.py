"""Definitions: what one unit of each figure is, and which report asks for it."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import OrganisationType
from danbe.core.pages import Request, page
from danbe.figures.models import Axis, Breakdown, Definition
from danbe.figures.queries import STOCK, key_labels
from danbe.web.units import FLOW, unit_of
from danbe.web.units import STOCK as STATE
from danbekit.names import fold

CROSSWALK = (
    ("glotip_cell", gettext_lazy("UNODC questionnaire (GLOTIP)")),
    ("us_criterion", gettext_lazy("Report of the US Department of State")),
    ("sdg_series", gettext_lazy("Sustainable development goals, indicator 16.2.2")),
    ("iccs", gettext_lazy("International classification of crimes (ICCS)")),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One definition in the list."""

    definition: Definition
    unit: str
    nature: str


@dataclass(frozen=True, slots=True)
class Split:
    """One breakdown and the codes of its list, when they are few."""

    label: str
    codes: tuple[str, ...]
    n_codes: int


@page("vocabulary.read")
def definition_list(request: Request) -> HttpResponse:
    """All definitions by axis; the search reads the label, the sentence and the number."""
    text, axis = request.GET.get("q", "").strip(), request.GET.get("axis", "")
    axis = axis if axis in Axis.values else ""
    rows = [d for d in Definition.objects.all() if not axis or d.axis == axis]
    found = [d for d in rows if _speaks_of(d, text)]
    groups = [
        (value, [_listed(d) for d in found if d.axis == value])
        for value in Axis.values
        if any(d.axis == value for d in found)
    ]
    context = {
        "text": text,
        "axis": axis,
        "axes": Axis.choices,
        "groups": groups,
        "n": len(found),
        "may_read_figures": request.actor.can("figure.read"),
        "crumbs": [("", _("Definitions"))],
    }
    return render(request, "figures/definition_list.html", context)


def _speaks_of(definition: Definition, text: str) -> bool:
    told = fold(f"{definition.number} {definition.label} {definition.sentence} {definition.code}")
    return all(word in told for word in fold(text).split())


def _listed(definition: Definition) -> Listed:
    return Listed(definition, unit_of(definition, 1), _nature(definition))


def _nature(definition: Definition) -> str:
    return str(STATE if definition.flow_or_stock == STOCK else FLOW)


@page("vocabulary.read")
def definition_detail(request: Request, code: str) -> HttpResponse:
    """One definition: sentence, example, counter-example, breakdowns, crosswalk, who is asked."""
    definition = get_object_or_404(
        Definition.objects.annotate(n_published=Count("published")), pk=code
    )
    types = dict(OrganisationType.choices)
    context = {
        "definition": definition,
        "unit": unit_of(definition, 1),
        "nature": _nature(definition),
        "splits": [_split(definition, by) for by in definition.splits],
        "crosswalk": [
            (label, getattr(definition, name))
            for name, label in CROSSWALK
            if getattr(definition, name)
        ],
        "asked_of": [types[t] for t in definition.asked_of.split() if t in types],
        "may_read_figures": request.actor.can("figure.read"),
        "figure_url": f"{reverse('figure_explorer')}?definition={code}",
        "published_url": f"{reverse('published_list')}?definition={code}",
        "crumbs": [(reverse("definition_list"), _("Definitions")), ("", definition.number)],
    }
    return render(request, "figures/definition_detail.html", context)


def _split(definition: Definition, by: str) -> Split:
    names = key_labels(definition, by)
    label = str(Breakdown(by).label)
    if by == Breakdown.SEX_AGE:
        parts = [*key_labels(definition, "sex").values(), *key_labels(definition, "age").values()]
        return Split(label, tuple(parts), len(parts))
    return Split(label, tuple(names.values()) if len(names) <= 40 else (), len(names))


urlpatterns = [
    path("", definition_list, name="definition_list"),
    path("<slug:code>/", definition_detail, name="definition_detail"),
]
