"""Figures: totals, tables and series by definition, window, place and breakdown.

A figure of a window is the sum of the observations that lie wholly inside it. What straddles its
edge (a yearly total, asked for April to March) is never split: it is counted apart, and said.
"No data" is ``None``, never zero.

A *stock* (beds, members) is not summed over time: each body counts with the last number it gave,
dated by its last day. A body that fell silent since keeps its last number of the window: dropping
it would make beds vanish because a form is late.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.models import Level, Place, Term
from danbe.core.places import layout_on
from danbe.figures.models import (
    Breakdown,
    Definition,
    Observation,
    PublishedFigure,
    Return,
    Status,
)
from danbekit.dates import Window
from danbekit.names import fold

BY = (
    "region",
    "sex_age",
    "sex",
    "age",
    "form",
    "citizenship",
    "basis",
    "category",
    "organisation",
)
STOCK = "stock"
ROUGH = Count("at_least", filter=Q(at_least=True))  # numbers that say "more than"
MOST_EXPLAINED = 12  # lines whose explanations are shown beside a figure
SHORT_LIST = 16  # code lists up to this length are shown whole, with their gaps


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with all that makes it readable. ``value`` is ``None`` for "no data"."""

    definition: Definition
    window: Window
    region: Place | None = None
    value: int | None = None
    at_least: bool = False
    n_bodies: int = 0  # bodies whose accepted returns are in it
    n_straddling: int = 0  # returns that lie across the edge of the window, left out


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a total."""

    key: str
    label: str
    value: int | None
    note: str = ""
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A total and its parts. ``unexplained``: what the parts do not say (never hidden)."""

    figure: Figure
    by: str
    rows: tuple[Row, ...]
    unexplained: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """One year of a history: the live figure, what was published, and their warnings."""

    window: Window
    value: int | None
    at_least: bool = False
    n_straddling: int = 0
    published: tuple[PublishedFigure, ...] = field(default=())


# --- Which observations ---------------------------------------------------------------------


def reported(window: Window, region: Place | None = None) -> QuerySet[Observation]:
    """The observations wholly inside ``window`` (and ``region``), counted or set aside."""
    rows = Observation.objects.filter(
        end__gte=window.start, end__lte=window.end, start__gte=window.start
    )
    return within(rows, region)


def straddling(window: Window, region: Place | None = None) -> QuerySet[Observation]:
    """Totals that overlap ``window`` without lying inside it."""
    # A line lies inside the dates of its return: only returns that straddle can hold one that
    # does. They are few, and bound what must be looked through; most often there is none.
    span = (
        Return.unscoped.filter(
            status=Status.ACCEPTED, end__gte=window.start, start__lte=window.end
        )
        .filter(across(window))
        .aggregate(first=Min("start"), last=Max("end"))
    )
    if span["first"] is None:
        return Observation.objects.none()
    rows = Observation.objects.filter(
        end__gte=window.start,
        end__lte=span["last"],
        start__gte=span["first"],
        start__lte=window.end,
        breakdown=Breakdown.TOTAL,
        counted=True,
    )
    return within(rows.filter(across(window)), region)


def across(window: Window) -> Q:
    """What begins before the window or ends after it (its overlap is asked apart)."""
    return Q(start__lt=window.start) | Q(end__gt=window.end)


def within(rows: QuerySet[Observation], place: Place | None) -> QuerySet[Observation]:
    """Those of ``place``: a region by its column, a smaller place with all that lies in it."""
    if place is None or place.level == Level.COUNTRY:
        return rows
    if place.level in (Level.REGION, Level.DISTRICT):
        return rows.filter(region=place)
    inner = Place.objects.filter(Q(parent=place) | Q(parent__parent=place)).values_list("pk")
    return rows.filter(place__in=[place.pk, *(pk for (pk,) in inner)])


def figure_rows(
    definitions: Sequence[Definition], window: Window, region: Place | None = None
) -> QuerySet[Observation]:
    """The observations that make the figures of ``definitions``, of every breakdown."""
    stocks = [d.code for d in definitions if d.flow_or_stock == STOCK]
    ended = Observation.objects.filter(
        definition__in=[d.code for d in definitions],
        end__gte=window.start,
        end__lte=window.end,
        counted=True,
    )
    if not stocks:
        return within(ended.filter(start__gte=window.start), region)
    flows = ~Q(definition__in=stocks) & Q(start__gte=window.start)
    return within(ended.filter(flows | _latest(ended.filter(definition__in=stocks))), region)


def _latest(rows: QuerySet[Observation]) -> Q:
    """Of each stock, the last number of each body: the state of 31 December, if it is the last.

    Found over the whole territory, so that the regions add up to the nation.
    """
    bodies: dict[str, dict[datetime.date, list[uuid.UUID]]] = {}
    last = (
        rows.filter(breakdown=Breakdown.TOTAL)
        .values_list("definition", "organisation")
        .annotate(last=Max("end"))
    )
    for code, body, end in last:
        bodies.setdefault(code, {}).setdefault(end, []).append(body)
    found = Q(pk__in=[])
    for code, by_end in bodies.items():
        # Nobody gave a later number than the latest of all: those bodies need not be named.
        latest = max(by_end)
        found |= Q(definition=code, end=latest)
        for end, those in by_end.items():
            if end != latest:
                found |= Q(definition=code, end=end, organisation__in=those)
    return found


# --- Totals ---------------------------------------------------------------------------------


def totals(
    window: Window,
    definitions: Iterable[Definition] | None = None,
    region: Place | None = None,
) -> dict[str, Figure]:
    """The total of every definition, by code; a few queries whatever their number."""
    wanted = list(definitions) if definitions is not None else list(Definition.objects.all())
    seen = _sums(figure_rows(wanted, window, region))
    flows = [d.code for d in wanted if d.flow_or_stock != STOCK]
    lost = _n_straddling(window, flows, region)
    return {
        d.code: Figure(d, window, region, *seen.get(d.code, NO_DATA), lost.get(d.code, 0))
        for d in wanted
    }


Total = tuple[int | None, bool, int]  # value, whether "more than", bodies
NO_DATA: Total = (None, False, 0)


def _sums(rows: QuerySet[Observation]) -> dict[str, Total]:
    """The totals of ``rows`` by definition."""
    sums = (
        rows.filter(breakdown=Breakdown.TOTAL)
        .values_list("definition")
        .annotate(
            total=Sum("value"),
            rough=ROUGH,
            bodies=Count("organisation", distinct=True),
        )
    )
    return {code: (total, rough > 0, bodies) for code, total, rough, bodies in sums}


def _n_straddling(window: Window, codes: Sequence[str], region: Place | None) -> dict[str, int]:
    """How many returns hold a number that lies across the edge of the window, by definition."""
    rows = straddling(window, region).filter(definition__in=codes)
    counted = rows.values_list("definition").annotate(n=Count("source_return", distinct=True))
    return dict(counted.values_list("definition", "n"))


# --- Tables ---------------------------------------------------------------------------------


def table(definition: Definition, window: Window, by: str, region: Place | None = None) -> Table:
    """The total of ``definition`` split ``by`` one of :data:`BY`.

    "By region" of one region is by cercle; what a body gave for the region as a whole is a row.
    """
    figure = totals(window, [definition], region)[definition.code]
    rows = figure_rows([definition], window, region)
    if by == "region" and region is not None and region.level != Level.COUNTRY:
        parts = _by_inner_place(rows, region)
    elif by == "region":
        parts = _by_region(rows, window)
    elif by == "organisation":
        parts = _by_organisation(rows)
    else:
        parts = _by_key(rows, definition, by)
    said = sum(row.value or 0 for row in parts)
    return Table(figure, by, tuple(parts), max(0, (figure.value or 0) - said))


Sums = dict[Any, tuple[int, bool]]  # by the value of one column: sum, whether "more than"


def _sums_by(rows: QuerySet[Observation], column: str) -> Sums:
    """The totals of ``rows`` by one column."""
    found = (
        rows.filter(breakdown=Breakdown.TOTAL)
        .values_list(column)
        .annotate(total=Sum("value"), rough=ROUGH)
    )
    return {key: (total, rough > 0) for key, total, rough in found}


def _row(place: Place, seen: Sums, note: str = "") -> Row:
    value, rough = seen.pop(place.pk, (None, False))
    return Row(place.code, place.name_fr, value, note, rough)


def _by_region(rows: QuerySet[Observation], window: Window) -> list[Row]:
    """Every region of the layout at the window's end; older ones apart; the nation last."""
    seen = _sums_by(rows, "region")
    layout = sorted(layout_on(window.end), key=lambda p: (p.level, fold(p.name_fr)))
    parts = [_row(place, seen) for place in layout]
    for place in Place.objects.filter(pk__in=[code for code in seen if code]):
        parts.append(_row(place, seen, _("earlier limits")))
    return parts + _not_given(seen, _("Not given by region"))


def _by_inner_place(rows: QuerySet[Observation], region: Place) -> list[Row]:
    """The places right below ``region`` that somebody spoke of, then what was not split."""
    seen: Sums = {}
    for code, (value, rough) in _sums_by(rows, "place").items():
        below = _child_of(region, str(code))
        before, was_rough = seen.get(below, (0, False))
        seen[below] = (before + value, was_rough or rough)
    places = Place.objects.filter(pk__in=[code for code in seen if code])
    parts = [_row(place, seen) for place in sorted(places, key=lambda p: fold(p.name_fr))]
    return parts + _not_given(seen, _("Not given by cercle"))


def _child_of(region: Place, code: str) -> str | None:
    """The place right below ``region`` on the way down to ``code``; ``None`` for itself."""
    place: Place | None = None if code == region.pk else Place.objects.get(pk=code)
    while place is not None and place.parent_id != region.pk:
        place = place.parent
    return place.pk if place is not None else None


def _not_given(seen: Sums, label: str) -> list[Row]:
    if None not in seen:
        return []
    value, rough = seen[None]
    return [Row("", label, value, "", rough)]


def _by_organisation(rows: QuerySet[Observation]) -> list[Row]:
    """The bodies that gave a number, the greatest first."""
    seen = _sums_by(rows, "organisation")
    bodies = Organisation.objects.filter(pk__in=list(seen)).only("code", "label_fr", "label_en")
    parts = [Row(b.code, b.label, seen[b.pk][0], "", seen[b.pk][1]) for b in bodies]
    return sorted(parts, key=lambda row: (-(row.value or 0), row.label))


def _by_key(rows: QuerySet[Observation], definition: Definition, by: str) -> list[Row]:
    """Split by a code list; every code of short lists is shown, with "no data" where absent."""
    columns = {"sex": ["sex"], "age": ["age"], "sex_age": ["sex", "age"]}.get(by, ["key"])
    breakdown = Breakdown.SEX_AGE if columns != ["key"] else Breakdown(by)
    seen: dict[str, tuple[int | None, bool]] = {
        ".".join(keys): (total, n_rough > 0)
        for *keys, total, n_rough in rows.filter(breakdown=breakdown)
        .values_list(*columns)
        .annotate(total=Sum("value"), rough=ROUGH)
    }
    labels = key_labels(definition, by)
    whole = labels if len(labels) <= SHORT_LIST and by in ("sex", "age", "basis") else {}
    # In the order of the list; a code that left the list since is still shown, by its code.
    listed = [k for k in labels if k in whole or k in seen] + [k for k in seen if k not in labels]
    parts = []
    for key in listed:
        value, at_least = seen.get(key, (None, False))
        parts.append(Row(key, labels.get(key, key), value, "", at_least))
    return sorted(parts, key=lambda r: -(r.value or 0)) if by == "citizenship" else parts


def key_labels(definition: Definition, by: str) -> dict[str, str]:
    """Code -> label of what ``definition`` may be split by."""
    if by == "sex_age":
        sexes, ages = _labels("sex"), _labels("age_group")
        return {f"{s}.{a}": f"{sexes[s]}, {ages[a]}" for s in sexes for a in ages}
    names = {"age": "age_group", "category": definition.category_list}
    return _labels(names.get(by, by))


def _labels(name: str) -> dict[str, str]:
    terms = Term.objects.filter(list=name).only("code", "label_fr", "label_en")
    return {term.code: term.label for term in terms}


def sources(
    definition: Definition, window: Window, region: Place | None = None
) -> QuerySet[Observation]:
    """The totals behind a figure, and those left out, with their return and body."""
    rows = Observation.objects.filter(
        definition=definition,
        breakdown=Breakdown.TOTAL,
        end__gte=window.start,
        start__lte=window.end,
    )
    return (
        within(rows, region)
        .select_related("organisation", "place", "source_return")
        .defer("source_return__content")
        .order_by("organisation__label_fr", "start", "pk")
    )


@dataclass(frozen=True, slots=True)
class Explanation:
    """What bodies wrote under a line whose parts do not make its total."""

    text: str
    organisations: tuple[str, ...]


def explanations(
    definition: Definition, window: Window, region: Place | None = None
) -> list[Explanation]:
    """The words of the bodies behind a figure; nothing when they are too many to be read."""
    rows = figure_rows([definition], window, region).filter(breakdown=Breakdown.TOTAL)
    found = list(
        rows.values_list("source_return", "place", "organisation__code")
        .order_by("source_return")
        .distinct()[: MOST_EXPLAINED + 1]
    )
    if len(found) > MOST_EXPLAINED:
        return []
    contents = dict(
        Return.unscoped.filter(pk__in=[pk for pk, _place, _code in found]).values_list(
            "pk", "content"
        )
    )
    said: dict[str, dict[str, None]] = {}  # in order, each once
    for pk, place, code in found:
        for line in (contents[pk].get("lines") or {}).get(definition.code) or ():
            text = str(line.get("explanation") or "").strip()
            if text and line.get("place") == place:
                said.setdefault(text, {})[code] = None
    return [Explanation(text, tuple(codes)) for text, codes in said.items()]


# --- History --------------------------------------------------------------------------------

YEARS: Mapping[str, Callable[[int], Window]] = {
    "calendar": Window.calendar_year,
    "april": Window.april_year,
}


def series(
    definition: Definition,
    first: int,
    last: int,
    kind: str = "calendar",
    region: Place | None = None,
) -> list[Point]:
    """A history, year by year, with its gaps, and what was published for the same years."""
    windows = [YEARS[kind](year) for year in range(first, last + 1)]
    nation = region is None or region.level == Level.COUNTRY
    published = _published(definition, windows) if nation else {}
    of_kind = _stock_points if definition.flow_or_stock == STOCK else _flow_points
    points = of_kind(definition, windows, region)
    return [replace(p, published=tuple(published.get(p.window, ()))) for p in points]


def _stock_points(
    definition: Definition, windows: Sequence[Window], region: Place | None
) -> list[Point]:
    """The last number of each body in each window; two queries whatever the years."""
    rows = Observation.objects.filter(
        definition=definition,
        breakdown=Breakdown.TOTAL,
        counted=True,
        end__gte=windows[0].start,
        end__lte=windows[-1].end,
    )
    last: dict[tuple[Window, uuid.UUID], datetime.date] = {}
    for body, end in rows.values_list("organisation", "end").distinct().order_by("end"):
        for window in windows:
            if window.start <= end <= window.end:
                last[window, body] = end
    sums = {
        (body, end): (total, rough > 0)
        for body, end, total, rough in within(rows, region)
        .values_list("organisation", "end")
        .annotate(total=Sum("value"), rough=ROUGH)
    }
    points = {window: Point(window, None) for window in windows}
    for (window, body), end in last.items():
        if (body, end) in sums:
            points[window] = _added(points[window], *sums[body, end])
    return list(points.values())


def _added(point: Point, value: int, at_least: bool) -> Point:
    """A point to which a number is added."""
    return replace(point, value=(point.value or 0) + value, at_least=point.at_least or at_least)


def _flow_points(
    definition: Definition, windows: Sequence[Window], region: Place | None
) -> list[Point]:
    """One query: the totals by their dates, then each put in its year."""
    rows = Observation.objects.filter(
        definition=definition,
        breakdown=Breakdown.TOTAL,
        counted=True,
        end__gte=windows[0].start,
        start__lte=windows[-1].end,
    )
    pieces = (
        within(rows, region)
        .values_list("start", "end")
        .annotate(
            total=Sum("value"),
            rough=ROUGH,
            n=Count("source_return", distinct=True),
        )
    )
    points = {window: Point(window, None) for window in windows}
    for start, end, total, rough, n in pieces:
        dates = Window(start, end)
        for window in windows:
            if not window.overlaps(dates):
                continue
            old = points[window]
            points[window] = (
                replace(old, value=(old.value or 0) + total, at_least=old.at_least or rough > 0)
                if window.contains(dates)
                else replace(old, n_straddling=old.n_straddling + n)
            )
    return list(points.values())


def _published(
    definition: Definition, windows: Sequence[Window]
) -> dict[Window, list[PublishedFigure]]:
    """What was published of a total, by the year that holds most of its days.

    A calendar year is not shown among years from April to March, where three of its months are
    of another line. Sums of several years and undated figures belong to no year at all: the
    published past lists them.
    """
    is_calendar = windows[0] == Window.calendar_year(windows[0].start.year)
    found: dict[Window, list[PublishedFigure]] = {}
    rows = PublishedFigure.objects.filter(
        definition=definition,
        breakdown=Breakdown.TOTAL,
        start__isnull=False,
        end__isnull=False,
    )
    for row in rows:
        if not (row.start and row.end) or (row.end - row.start).days > 366:
            continue
        middle = row.start + (row.end - row.start) / 2
        for window in windows:
            fits = is_calendar or window.contains(Window(row.start, row.end))
            if fits and window.start <= middle <= window.end:
                found.setdefault(window, []).append(row)
    return found


def years_with_data() -> tuple[int, int] | None:
    """The first and last calendar years in which an accepted return ends."""
    accepted = Return.unscoped.filter(status=Status.ACCEPTED)
    span = accepted.aggregate(first=Min("end"), last=Max("end"))
    return (span["first"].year, span["last"].year) if span["first"] else None
