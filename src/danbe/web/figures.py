"""The figures explorer: definition, window, place, breakdown."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, Reach
from danbe.core.models import Level, Place
from danbe.core.pages import Request, page
from danbe.core.places import layout_on
from danbe.figures.completeness import absent_from
from danbe.figures.models import Axis, Definition, PublishedFigure
from danbe.figures.queries import (
    STOCK,
    Point,
    Row,
    Table,
    key_labels,
    series,
    table,
    years_with_data,
)
from danbe.web import figure_pictures as pictures
from danbe.web import windows
from danbe.web.question import (
    BY_LABELS,
    Question,
    explanations_of,
    is_fictitious,
    question_of,
    said_straddling,
    sees_every_return,
)
from danbe.web.register import beside
from danbe.web.units import unit_of
from danbekit.dates import Window

FIRST_YEAR = 2011  # the Committee's own first year
MOST_MISSING = 60
COLUMN_LABELS = {
    "region": gettext_lazy("Place"),
    "form": gettext_lazy("Form of exploitation"),
    "citizenship": gettext_lazy("Citizenship"),
    "basis": gettext_lazy("Legal basis"),
    "category": gettext_lazy("Category"),
    "organisation": gettext_lazy("Organisation"),
    "sex_age": gettext_lazy("Sex and age"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table as it is shown."""

    row: Row
    url: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """One line of the history as it is shown."""

    point: Point
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Missing:
    """One body whose number is not in the figure, and for which windows."""

    organisation: Organisation
    windows: str


@page("figure.read")
def figure_explorer(request: Request) -> HttpResponse:
    """One figure: its number, parts, map, history, and who is missing."""
    asked = question_of(request)
    told = table(asked.definition, asked.window, asked.by, asked.place)
    context: dict[str, Any] = {
        "asked": asked,
        "told": told,
        "figure": told.figure,
        "unit": unit_of(asked.definition, told.figure.value),
        "units": unit_of(asked.definition),
        "is_stock": asked.definition.flow_or_stock == STOCK,
        "is_fictitious": is_fictitious(asked),
        "straddling": said_straddling(asked, told.figure),
        "explanations": explanations_of(asked, told),
        "relatives": relatives_of(asked),
        "sees_every_return": sees_every_return(request.actor),
        "register": beside(request.actor, asked, told.figure),
        "sources_url": asked.url("figure_sources", by="", view=""),
        "export_url": asked.url("figure_export", view=""),
        "crumbs": [(reverse("definition_list"), _("Definitions")), ("", asked.definition.label)],
        **missing(request.actor, asked),
        **choices(asked),
        **parts(request.actor, asked, told),
        **past(asked, told),
    }
    return render(request, "figures/explorer.html", context)


def missing(actor: Actor, asked: Question) -> dict[str, Any]:
    """Who owes the figure and is not in it; their names for whoever may read completeness."""
    absent = absent_from(asked.definition, asked.window, timezone.localdate())
    names = actor.reach("completeness.read") is Reach.NATION
    shown = absent[:MOST_MISSING] if names else []
    return {
        "n_absent": len(absent),
        "n_silent": sum(not one.answered for one in absent),
        "names_absent": names,
        "absent": [
            Missing(one.organisation, ", ".join(windows.spoken(w) for w in one.windows))
            for one in shown
        ],
        "completeness_url": f"{reverse('completeness')}?window={asked.window.code}",
    }


def choices(asked: Question) -> dict[str, Any]:
    """What fills the lists of the form."""
    span = years_with_data()
    last = max(timezone.localdate().year, span[1] if span else 0)
    first = min(FIRST_YEAR, span[0] if span else FIRST_YEAR)
    by_axis: dict[str, list[Definition]] = {axis: [] for axis in Axis.values}
    for definition in Definition.objects.only(
        "code", "number", "axis", "label_fr", "label_en", "order"
    ):
        by_axis[definition.axis].append(definition)
    places = layout_on(asked.window.end)
    if asked.place and asked.place.pk not in {p.pk for p in places}:
        places = [asked.place, *places]
    return {
        "definitions": [(Axis(axis).label, found) for axis, found in by_axis.items()],
        "windows": windows.groups(first, last, asked.window),
        "places": places,
    }


def parts(actor: Actor, asked: Question, told: Table) -> dict[str, Any]:
    """The breakdown: tabs, lines with their links, and the picture."""
    splits = asked.splits + (["organisation"] if sees_every_return(actor) else [])
    title = BY_LABELS[asked.by]
    lines = [Line(row, part_url(asked, row)) for row in told.rows]
    found: dict[str, Any] = {
        "tabs": [(asked.url(by=by), BY_LABELS[by], by == asked.by) for by in splits],
        "by_label": title,
        "column_label": str(COLUMN_LABELS[asked.by]),
        "map_url": asked.url(view=""),
        "tiles_url": asked.url(view="tiles"),
        "is_split": any(row.value is not None for row in told.rows),
        "territory": "",
        "square": None,
        "lines": lines,
    }
    if asked.by == "region" and asked.place is None:
        urls = {line.row.key: line.url for line in lines}
        tiles = asked.view == "tiles"
        found["territory"] = pictures.territory(told, asked.window, urls, tiles=tiles)
    elif asked.by == "sex_age":
        square = pictures.cross(told, key_labels(asked.definition, "sex"), ages_of(asked))
        found |= {"square": square, "bars": pictures.stacked(told, square, str(title))}
    else:
        found["bars"] = pictures.bars(told, str(title))
        if len(told.rows) > pictures.MOST_BARS:
            text = _("The first %(n)d only: the table has them all.")
            found["bars_note"] = text % {"n": pictures.MOST_BARS}
    return found


def ages_of(asked: Question) -> dict[str, str]:
    """Age groups by code."""
    return key_labels(asked.definition, "age")


def part_url(asked: Question, row: Row) -> str:
    """Where a line leads: to the same figure in that place."""
    return asked.url(place=row.key) if asked.by == "region" and row.key else ""


def past(asked: Question, told: Table) -> dict[str, Any]:
    """The history since 2011, in the same kind of years as the window, with what was published."""
    span = years_with_data()
    kind = "april" if asked.window == Window.april_year(asked.window.start.year) else "calendar"
    last = max(asked.window.start.year, span[1] if span else FIRST_YEAR)
    first = min(FIRST_YEAR, span[0] if span else FIRST_YEAR)
    points = series(asked.definition, first, last, kind, asked.place)
    before = before_limits(asked.place)
    earlier = series(asked.definition, first, last, kind, before) if before else []
    limits = asked.place.valid_from.year if asked.place and asked.place.valid_from else 0
    years = [
        Year(p, windows.short(p.window), asked.url(window=p.window.code)) for p in reversed(points)
    ]
    return {
        "history_title": _("Year by year"),
        "history": pictures.history(points, earlier, told, asked.definition.label, limits),
        "years": years,
        "n_published": PublishedFigure.objects.filter(definition=asked.definition).count(),
        "published_url": f"{reverse('published_list')}?definition={asked.definition.code}",
    }


def before_limits(place: Place | None) -> Place | None:
    """The region of the same name in its earlier limits."""
    if place is None or place.valid_from is None:
        return None
    return place.carved_out_of.filter(name_fr=place.name_fr).first()


def relatives_of(asked: Question) -> list[tuple[str, str]]:
    """When the place did not exist in the window: (address, name) of what stood there."""
    place = asked.place
    if place is None or place.level not in (Level.REGION, Level.DISTRICT):
        return []
    if place.valid_from and place.valid_from > asked.window.end:
        others: QuerySet[Place] = place.carved_out_of.all()
    elif place.valid_to and place.valid_to < asked.window.start:
        others = place.became.all()
    else:
        return []
    return [(asked.url(place=other.code), other.name_fr) for other in others]


urlpatterns = [
    path("", figure_explorer, name="figure_explorer"),
    path("", include("danbe.web.figure_sources")),
    path("definitions/", include("danbe.web.definitions")),
    path("published/", include("danbe.web.published")),
]
