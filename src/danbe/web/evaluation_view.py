"""What the page of an evaluation shows of a cited figure: value, what it counts, its address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from danbe.figures.models import Breakdown
from danbe.figures.queries import key_labels
from danbe.plan.evaluation_queries import MONEY, Found, Told
from danbe.plan.models import CitedFigure, Finding, Measure
from danbe.web.plan_view import language
from danbe.web.units import unit_of


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A cited figure, never bare: what, when, where, from where."""

    cited: CitedFigure
    label: str
    part: str
    place: str
    window: str
    value: int | None
    at_least: bool
    is_small: bool
    unit: str
    url: str
    n_absent: int
    absent: tuple[str, ...]  # named for whoever may read completeness


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its figures."""

    finding: Finding
    figures: tuple[ShownFigure, ...]
    is_bare: bool


def shown(found: Found, names_absent: bool) -> ShownFinding:
    """A finding as a page shows it."""
    figures = tuple(_figure(told, names_absent) for told in found.figures)
    return ShownFinding(found.finding, figures, found.is_bare)


def _figure(told: Told, names_absent: bool) -> ShownFigure:
    one = told.cited
    return ShownFigure(
        one,
        label_of(one),
        part_of(one),
        one.place.name_fr if one.place else _("whole territory"),
        one.window.label(language()),
        told.value,
        told.at_least,
        told.is_small,
        _unit(one),
        _url(one),
        len(told.absent),
        told.absent if names_absent else (),
    )


def label_of(one: CitedFigure) -> str:
    """What is counted."""
    if one.definition:
        return one.definition.label
    if one.indicator:
        return f"{one.indicator.code}. {one.indicator.label}"
    return str(Measure(one.measure).label)


def part_of(one: CitedFigure) -> str:
    """Which part of it; empty for the total."""
    if one.definition is None or one.breakdown == Breakdown.TOTAL:
        return ""
    labels = key_labels(one.definition, one.breakdown)
    return f"{Breakdown(one.breakdown).label} : {labels.get(one.key, one.key)}"


def _unit(one: CitedFigure) -> str:
    if one.definition:
        return unit_of(one.definition)
    if one.indicator:
        told = one.indicator
        return unit_of(told.definition) if told.definition else told.unit
    return "FCFA" if one.measure in MONEY else _("activities")


def _url(one: CitedFigure) -> str:
    """Where the figure opens with its sources."""
    plan = one.finding.evaluation.plan_id
    if one.indicator_id:
        return reverse("indicator_detail", args=[one.indicator_id])
    if one.definition_id is None:
        return reverse("plan_budget" if one.measure in MONEY else "plan_detail", args=[plan])
    asked = {"definition": one.definition_id, "window": one.window.code}
    if one.place_id:
        asked["place"] = one.place_id
    if one.key:
        asked["by"] = one.breakdown
    return f"{reverse('figure_explorer')}?{urlencode(asked)}"
