"""The page of partners: where the plan and its money stand, what is published, what comes.

Aggregates only: no return, no row below a body, and no number of people under five.
"""

import datetime
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from danbe.core.pages import Request, page
from danbe.figures.models import Definition
from danbe.figures.queries import totals, years_with_data
from danbe.figures.small_cells import SMALL, SMALLEST
from danbe.partnership import funding_queries
from danbe.partnership.funding_queries import terms
from danbe.partnership.training_queries import n_came, trainings, upcoming
from danbe.plan.funding import unfunded
from danbe.plan.indicators import PEOPLE, Light
from danbe.plan.lights import lights_by_axis
from danbe.plan.models import Plan
from danbe.plan.queries import public_plan
from danbe.reports.queries import frozen_years
from danbe.web.glance import AXES
from danbe.web.trainings import audience_words
from danbe.web.units import unit_of
from danbekit.dates import Window

N_LACKING, N_COMING = 10, 8


@dataclass(frozen=True, slots=True)
class Told:
    """One published figure as a partner reads it."""

    label: str
    axis: str
    value: int | None
    mark: str  # said instead of a number of people that is too small
    at_least: bool
    unit: str
    url: str


def told_figures(year: int) -> list[Told]:
    """The figures that stand for the four axes, over one year and the country."""
    window = Window.calendar_year(year)
    codes = [code for axis in AXES.values() for code in axis]
    definitions = {one.code: one for one in Definition.objects.filter(code__in=codes)}
    found = totals(window, definitions.values())
    lines = []
    for axis, names in AXES.items():
        for code in names:
            if code not in definitions:
                continue
            figure = found[code]
            is_small = _is_small(figure.definition, figure.value)
            query = urlencode({"definition": code, "window": window.code})
            lines.append(
                Told(
                    figure.definition.label,
                    axis,
                    None if is_small else figure.value,
                    SMALL if is_small else "",
                    figure.at_least,
                    unit_of(figure.definition, figure.value),
                    f"{reverse('figure_explorer')}?{query}",
                )
            )
    return lines


def _is_small(definition: Definition, value: int | None) -> bool:
    return definition.unit in PEOPLE and value is not None and 0 < value < SMALLEST


def _last_full_year(today: datetime.date) -> int | None:
    """The last year that is over and has something; ``None`` where nothing was ever accepted."""
    span = years_with_data()
    return min(span[1], today.year - 1) if span and span[0] < today.year else None


@page("portal.read")
def portal(request: Request) -> HttpResponse:
    """All of it, on one page."""
    actor, today = request.actor, timezone.localdate()
    plan, year = public_plan(), _last_full_year(today)
    labels = dict(terms("audience"))
    held = trainings(actor).filter(status="held", end__year=today.year)
    came = n_came(held)
    n_trained = sum(came.values()) if came else None  # held and not counted is not zero
    coming = upcoming(actor, today)
    context = {
        "plan": plan,
        **(_of_plan(plan, today) if plan else {}),
        "money": funding_queries.totals("", _("Several years, parts not said")),
        "year": year,
        "figures": told_figures(year) if year else [],
        "reports": frozen_years(actor),
        "coming": [(row, audience_words(row, labels)) for row in coming[:N_COMING]],
        "n_coming": coming.count(),
        "this_year": today.year,
        "n_held": held.count(),
        "n_trained": n_trained,
        "trained_mark": SMALL if n_trained is not None and n_trained < SMALLEST else "",
        "crumbs": [("", _("Partners"))],
    }
    return render(request, "portal/portal.html", context)


def _of_plan(plan: Plan, today: datetime.date) -> dict[str, object]:
    lacks = unfunded(plan)
    return {
        "lights": [
            (one, [(light, one.lights[light]) for light in Light if one.lights.get(light)])
            for one in lights_by_axis(plan, today)
        ],
        "lacks": lacks,
        "lacking": lacks.activities[:N_LACKING],
        "n_lacking": len(lacks.activities),
    }


urlpatterns = [path("", portal, name="portal")]
