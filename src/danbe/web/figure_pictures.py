"""The pictures of a figure: map, tiles, bars, history. What is drawn is what the table says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.core.places import layout_on
from danbe.figures.models import Axis, PublishedFigure
from danbe.figures.queries import Point, Row, Table
from danbe.reports.drawing import (
    Bar,
    Break,
    Line,
    LinePoint,
    Series,
    Value,
    Words,
    draw_bars,
    draw_lines,
    draw_map,
    draw_tiles,
    words_for,
)
from danbe.reports.maps import boundaries_on
from danbe.web.units import unit_of
from danbekit.dates import NO_BREAK_SPACE, Window

ACCENTS = {
    Axis.PREVENTION: "#8a5a00",
    Axis.PROTECTION: "#0d6b52",
    Axis.PROSECUTION: "#93313f",
    Axis.PARTNERSHIP: "#6a3d8f",
}
MOST_BARS = 15


def words() -> Words:
    """The words of the reader's language."""
    return words_for(get_language() or "fr")


def value_of(number: int | None, at_least: bool = False, href: str = "", note: str = "") -> Value:
    """A number to draw; «more than» is printed with it."""
    label = ""
    if at_least and number is not None:
        label = f"≥{NO_BREAK_SPACE}{words().number(number)}"
    return Value(number, label, href, note)


def territory(table: Table, window: Window, urls: dict[str, str], *, tiles: bool = False) -> str:
    """The regions of the layout at the end of the window; a silent one is hatched."""
    definition = table.figure.definition
    alive = {place.code for place in layout_on(window.end)}
    values = {
        row.key: value_of(row.value, row.at_least, urls.get(row.key, ""), row.note)
        for row in table.rows
        if row.key in alive
    }
    draw = draw_tiles if tiles else draw_map
    return draw(
        boundaries_on(window.end),
        values,
        title=definition.label,
        unit=unit_of(definition),
        accent=ACCENTS[Axis(definition.axis)],
        words=words(),
    )


def bars(table: Table, title: str, rows: Sequence[Row] | None = None) -> str:
    """One bar a part, the first ones only; what is not broken down has its own bar."""
    definition = table.figure.definition
    shown = list(rows if rows is not None else table.rows)[:MOST_BARS]
    drawn = [Bar(row.label, (value_of(row.value, row.at_least),)) for row in shown]
    if table.unexplained and any(row.value is not None for row in table.rows):
        drawn.append(Bar(_("Not broken down"), (value_of(table.unexplained),)))
    if not any(row.value is not None for row in shown):
        return ""
    return draw_bars(
        drawn,
        title=title,
        unit=unit_of(definition),
        accent=ACCENTS[Axis(definition.axis)],
        words=words(),
    )


@dataclass(frozen=True, slots=True)
class Cross:
    """Sex by age: heads of columns, rows with their sum, and the sums of the columns."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...], int | None], ...]
    foot: tuple[int | None, ...]
    total: int | None


def cross(table: Table, sexes: dict[str, str], ages: dict[str, str]) -> Cross:
    """The rows of a table by sex and age, as a square; "no data" stays ``None``."""
    known = {row.key: row.value for row in table.rows if row.value is not None}
    age_codes = [a for a in ages if any(key.endswith(f".{a}") for key in known)]
    sex_codes = [s for s in sexes if any(key.startswith(f"{s}.") for key in known)]
    rows = tuple(
        (
            sexes[sex],
            tuple(known.get(f"{sex}.{age}") for age in age_codes),
            _sum(known.get(f"{sex}.{age}") for age in age_codes),
        )
        for sex in sex_codes
    )
    foot = tuple(_sum(known.get(f"{sex}.{age}") for sex in sex_codes) for age in age_codes)
    return Cross(tuple(ages[a] for a in age_codes), rows, foot, _sum(known.values()))


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def stacked(table: Table, square: Cross, title: str) -> str:
    """One bar a sex, cut by age."""
    if not square.rows:
        return ""
    definition = table.figure.definition
    drawn = [
        Bar(label, tuple(value_of(v) for v in values), total=value_of(total))
        for label, values, total in square.rows
    ]
    return draw_bars(
        drawn,
        [Series(head) for head in square.heads],
        title=title,
        unit=unit_of(definition),
        mode="stacked",
        accent=ACCENTS[Axis(definition.axis)],
        words=words(),
    )


def history(
    points: Sequence[Point], earlier: Sequence[Point], table: Table, title: str, limits: int
) -> str:
    """The years since 2011. A published figure with a reservation is never joined to others.

    ``earlier``: the same region in its limits before the year ``limits``.
    """
    definition = table.figure.definition
    years = [point.window.start.year for point in points]
    drawn = [Line(_("Accepted returns"), _line(points))]
    breaks: list[Break] = []
    if earlier and any(p.value is not None for p in earlier):
        drawn.append(Line(_("In its earlier limits"), _line(earlier)))
        breaks.append(Break(limits, _("new limits")))
    told = [(p.window.start.year, p.published) for p in points if p.published]
    published = [q for year, found in told if (q := _published(year, found)) is not None]
    if published:
        drawn.append(Line(_("Published figures"), tuple(published)))
    return draw_lines(
        drawn,
        title=title,
        unit=unit_of(definition),
        breaks=breaks,
        first=years[0],
        last=years[-1],
        accent=ACCENTS[Axis(definition.axis)],
        words=words(),
    )


def _line(points: Sequence[Point]) -> tuple[LinePoint, ...]:
    return tuple(
        LinePoint(p.window.start.year, value_of(p.value, p.at_least))
        for p in points
        if p.value is not None
    )


def _published(year: int, found: Sequence[PublishedFigure]) -> LinePoint | None:
    """The first number of a year: the table under the picture gives them all."""
    for row in found:
        if row.value is not None:
            value = value_of(row.value, row.at_least, note=row.reporter)
            return LinePoint(year, value, row.unit_warning)
    return None
