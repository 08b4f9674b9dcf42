"""The state of the fight at a glance: four axes, the country, the history."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from danbe.core.places import layout_on
from danbe.figures.models import Axis, Definition
from danbe.figures.queries import Figure, Point, Row, Table, series, table, totals, years_with_data
from danbe.web import figure_pictures as pictures
from danbekit.dates import Window, format_number

FIRST = 2011  # the year of the decree that created the Committee
VICTIMS = "victims_identified"
# The figure that stands for an axis, then those shown below it.
AXES: Mapping[Axis, tuple[str, ...]] = {
    Axis.PREVENTION: (
        "persons_sensitised",
        "awareness_activities",
        "persons_trained",
        "broadcasts",
    ),
    Axis.PROTECTION: (
        "victims_identified",
        "victims_assisted",
        "migrants_assisted",
        "services_given",
    ),
    Axis.PROSECUTION: (
        "investigation_files",
        "persons_investigated",
        "prosecution_files",
        "convictions",
    ),
    Axis.PARTNERSHIP: (
        "meetings_held",
        "agreements_signed",
        "plan_activities_done",
        "funds_disbursed",
    ),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One axis: its first figure, then the others."""

    axis: str
    value: int | None
    at_least: bool
    unit: str
    url: str
    lines: tuple[tuple[SafeString, int | None], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, its words and the table behind it."""

    drawing: str
    title: str
    caption: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """All that the home page shows of the figures, for one year."""

    window: Window
    is_behind: bool  # an earlier year is shown: the last full one has no data at all
    cards: tuple[Card, ...]
    map: Picture | None
    history: Picture | None


def glance(today: datetime.date) -> Glance:
    """The last full year; the last one with data when that one is silent."""
    last = today.year - 1
    known = years_with_data()
    year = min(last, known[1]) if known else last
    window = Window.calendar_year(year)
    codes = [code for codes in AXES.values() for code in codes]
    definitions = Definition.objects.in_bulk([*codes, VICTIMS])
    figures = totals(window, definitions.values())
    victims = definitions.get(VICTIMS)
    told = table(victims, window, "region") if victims else None
    return Glance(
        window,
        year < last,
        tuple(_card(axis, figures, window) for axis in AXES),
        _map(told, window) if told else None,
        _history(told, last) if told else None,
    )


def figure_url(code: str, window: Window, **more: str) -> str:
    """Where a figure opens: its definition, its sources, its breakdowns."""
    query = urlencode({"definition": code, "window": window.code, **more})
    return f"{reverse('figure_explorer')}?{query}"


def _card(axis: Axis, figures: Mapping[str, Figure], window: Window) -> Card:
    shown = [figures[code] for code in AXES[axis] if code in figures]
    if not shown:
        return Card(axis, None, False, "", "", ())
    first, *others = shown
    lines = [(_link(figure, window), figure.value) for figure in others]
    return Card(
        axis,
        first.value,
        first.at_least,
        first.definition.label,
        figure_url(first.definition.code, window),
        tuple(lines),
    )


def _link(figure: Figure, window: Window) -> SafeString:
    url = figure_url(figure.definition.code, window)
    return format_html('<a href="{}">{}</a>', url, figure.definition.label)


# --- The country and its history ------------------------------------------------------------


def _map(told: Table, window: Window) -> Picture:
    """The regions of the year's end; what has no region of that layout is said below."""
    code, label = told.figure.definition.code, told.figure.definition.label
    alive = {place.code for place in layout_on(window.end)}
    urls = {key: figure_url(code, window, place=key) for key in alive}
    return Picture(
        pictures.territory(told, window, urls),
        _("%(figure)s by region, %(year)s") % {"figure": label, "year": window.start.year},
        "",
        _outside([row for row in told.rows if row.key not in alive]),
        (_("Region"), label),
        tuple((row.label, row.value) for row in told.rows),
    )


def _outside(rows: list[Row]) -> str:
    """What the map cannot show, in words: never dropped."""
    total = sum(row.value or 0 for row in rows)
    if not total:
        return ""
    text = ngettext(
        "Not on the map: %(n)s, given for the whole country or for earlier limits.",
        "Not on the map: %(n)s, given for the whole country or for earlier limits.",
        total,
    )
    return text % {"n": format_number(total, get_language() or "fr")}


def _history(told: Table, last: int) -> Picture:
    """Since the Committee exists: what Danbe holds, what was published, and the silences."""
    label = told.figure.definition.label
    points = series(told.figure.definition, FIRST, last)
    return Picture(
        pictures.history(points, (), told, label, 0),
        _("%(figure)s since %(year)d") % {"figure": label, "year": FIRST},
        _("A year without a figure is a silence, not a zero."),
        "",
        (_("Year"), _("Accepted returns"), _("Published"), _("Published by")),
        tuple(_row(point) for point in points),
    )


def _row(point: Point) -> tuple[object, ...]:
    told = [one for one in point.published if one.value is not None]
    published = told[0].value if told else None
    reporters = "; ".join(dict.fromkeys(one.reporter for one in told))
    return (str(point.window.start.year), point.value, published, reporters or "—")
