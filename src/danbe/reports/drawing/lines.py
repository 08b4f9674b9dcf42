"""History: lines over years, broken where nothing is known or where the series changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from danbe.reports.drawing.classes import round_up
from danbe.reports.drawing.colours import mix
from danbe.reports.drawing.svg import (
    ACCENT,
    INK,
    INK_2,
    LINE,
    LINE_STRONG,
    PAPER,
    Svg,
    document,
    element,
    hatch_fill,
    linked,
    number,
    text,
    text_lines,
    text_width,
    wrap,
)
from danbe.reports.drawing.value import Value
from danbe.reports.drawing.words import FRENCH, Words

PLOT_HEIGHT = 170.0
SMALL = 11.0
DASHES = (None, "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True)
class LinePoint:
    """The value of one year. `warning` says that the unit or the source is not that of the rest:
    the point is drawn hollow, numbered, never joined, and the warning is printed below.
    """

    year: int
    value: Value
    warning: str = ""


@dataclass(frozen=True)
class Line:
    """One series of points, in any order, at most one a year."""

    name: str
    points: tuple[LinePoint, ...]


@dataclass(frozen=True)
class Break:
    """The series changes between `year - 1` and `year`: no line crosses."""

    year: int
    label: str


@dataclass(frozen=True)
class _Plot:
    """Where years and numbers fall."""

    first: int
    last: int
    top_number: int
    left: float
    right: float
    top: float

    def x(self, year: float) -> float:
        span = max(self.last - self.first, 1)
        return self.left + (year - self.first) * (self.right - self.left) / span

    def y(self, number: int) -> float:
        return self.top + PLOT_HEIGHT * (1 - number / self.top_number)

    @property
    def bottom(self) -> float:
        return self.top + PLOT_HEIGHT

    @property
    def step(self) -> float:
        return self.x(self.first + 1) - self.x(self.first)


def draw_lines(
    lines: Sequence[Line],
    *,
    title: str,
    unit: str = "",
    description: str = "",
    breaks: Sequence[Break] = (),
    first: int | None = None,
    last: int | None = None,
    accent: str = ACCENT,
    width: float = 360,
    words: Words = FRENCH,
) -> str:
    """Draw yearly series. A year of `first`..`last` without a number is a gap, shown hatched.

    With several lines a year is hatched when all of them are silent. Raises ValueError when
    there is no point at all and no `first` and `last` to show as silent.
    """
    years = [point.year for line in lines for point in line.points]
    if not years and (first is None or last is None):
        raise ValueError("a history needs a year")
    plot, head = _plot(lines, unit, width, words, first, last, years)
    parts = [head, _silent_years(lines, plot, words), _axes(plot, words, width)]
    notes: list[str] = []
    for one in sorted(breaks, key=lambda b: b.year):
        notes.append(f"{words.break_in_series} {one.year}{words.colon}{one.label}")
        parts.append(_break(one, plot))
    warnings: list[str] = []
    labels = _Labels(plot, lines)
    for n, line in enumerate(lines):
        colour = accent if n % 2 == 0 else mix(accent, 0.62)
        parts.append(
            _line(
                line, plot, breaks, colour, DASHES[n % len(DASHES)], unit, words, warnings, labels
            )
        )
    notes += [f"({n}) {warning}" for n, warning in enumerate(warnings, 1)]
    y = plot.bottom + 34
    for note in notes:
        wrapped = wrap(note, width, SMALL)
        parts.append(text_lines(wrapped, 0, y, size=SMALL, fill=INK_2))
        y += len(wrapped) * SMALL * 1.35 + 2
    said = description or _told(lines, plot, unit, words, notes)
    return document(width, y - 4, title, said, *parts, class_="svg--lines")


def _plot(
    lines: Sequence[Line],
    unit: str,
    width: float,
    words: Words,
    first: int | None,
    last: int | None,
    years: list[int],
) -> tuple[_Plot, Svg]:
    highest = max((p.value.number or 0 for line in lines for p in line.points), default=0)
    top_number = _top(highest)
    left = text_width(words.number(top_number), SMALL) + 8
    parts = []
    y = 0.0
    if unit:
        heading = wrap(unit, width, 12)
        parts.append(text_lines(heading, 0, 12, size=12, weight="bold"))
        y = len(heading) * 12 * 1.3 + 4
    if len(lines) > 1:
        parts.append(_key(lines, y, width))
        y += 20 * (1 + int(sum(text_width(one.name, 11) + 44 for one in lines) / width))
    plot = _Plot(
        min(years) if first is None else first,
        max(years) if last is None else last,
        top_number,
        left + 16,
        width - 16,
        y + 20,
    )
    return plot, Svg("".join(parts))


def _key(lines: Sequence[Line], y: float, width: float) -> Svg:
    parts = []
    x = 0.0
    for n, line in enumerate(lines):
        span = text_width(line.name, 11) + 44
        if x and x + span > width:
            x, y = 0.0, y + 18
        parts.append(
            element(
                "path", d=f"M{number(x)} {number(y + 8)}h26", stroke=INK_2, stroke_width=2.2,
                stroke_dasharray=DASHES[n % len(DASHES)],
            )
        )  # fmt: skip
        parts.append(text(line.name, x + 31, y + 12, size=11, fill=INK_2))
        x += span
    return Svg("".join(parts))


def _top(highest: int) -> int:
    """A round number at or above the highest, divisible in four for the grid where it can be."""
    if highest <= 4:
        return 4
    step = round_up(highest / 4)
    return step * -(-highest // step)


def _axes(plot: _Plot, words: Words, width: float) -> Svg:
    parts = []
    step = 1 if plot.top_number == 4 else round_up(plot.top_number / 4)
    for level in range(0, plot.top_number + 1, step):
        y = plot.y(level)
        parts.append(
            element(
                "path",
                d=f"M{number(plot.left - 14)} {number(y)}H{number(width)}",
                stroke=LINE if level else LINE_STRONG,
                stroke_width=1,
            )
        )
        parts.append(
            text(words.number(level), plot.left - 18, y + 4, size=SMALL, fill=INK_2, anchor="end")
        )
    every = next((n for n in (1, 2, 5, 10) if plot.step * n >= 34), 20)
    for year in range(plot.first, plot.last + 1):
        x = plot.x(year)
        shown = (plot.last - year) % every == 0
        parts.append(
            element(
                "path", d=f"M{number(x)} {number(plot.bottom)}v{5 if shown else 3}",
                stroke=LINE_STRONG,
            )
        )  # fmt: skip
        if shown:
            parts.append(
                text(str(year), x, plot.bottom + 17, size=SMALL, fill=INK_2, anchor="middle")
            )
    return Svg("".join(parts))


def _silent_years(lines: Sequence[Line], plot: _Plot, words: Words) -> Svg:
    known = {p.year for line in lines for p in line.points if p.value.number is not None}
    said = {p.year: p.value for line in lines for p in line.points if p.value.number is None}
    parts = []
    half = min(plot.step * 0.42, 14)
    for year in range(plot.first, plot.last + 1):
        if year in known:
            continue
        value = said.get(year, Value(None))
        band = element(
            "rect", x=plot.x(year) - half, y=plot.top, width=2 * half, height=PLOT_HEIGHT,
            fill=hatch_fill(), fill_opacity=0.75,
        )  # fmt: skip
        parts.append(
            linked(words.tooltip(str(year), value), value.href, band, class_="svg__nodata")
        )
    return Svg("".join(parts))


def _break(one: Break, plot: _Plot) -> Svg:
    x = plot.x(one.year - 0.5)
    mark = element(
        "path",
        d=f"M{number(x)} {number(plot.top - 12)}V{number(plot.bottom)}",
        stroke=INK,
        stroke_width=1.2,
        stroke_dasharray="5 3",
    )
    label = text(str(one.year), x + 4, plot.top - 5, size=SMALL, fill=INK, weight="bold")
    return linked(one.label, "", mark, label, class_="svg__break")


def _line(
    line: Line,
    plot: _Plot,
    breaks: Sequence[Break],
    colour: str,
    dash: str | None,
    unit: str,
    words: Words,
    warnings: list[str],
    labels: "_Labels",
) -> Svg:
    points = sorted((p for p in line.points if p.value.number is not None), key=lambda p: p.year)
    cuts = {one.year for one in breaks}
    path = ""
    for before, point in zip([None, *points], points, strict=False):
        joined = (
            before is not None
            and before.year == point.year - 1
            and point.year not in cuts
            and not before.warning
            and not point.warning
        )
        assert point.value.number is not None
        x, y = number(plot.x(point.year)), number(plot.y(point.value.number))
        path += f"{'L' if joined else 'M'}{x} {y}"
    parts = [
        element(
            "path", d=path, fill="none", stroke=colour, stroke_width=2.2, stroke_dasharray=dash,
            stroke_linejoin="round",
        )
    ] if path else []  # fmt: skip
    marks = []
    for n, point in enumerate(points):
        mark = ""
        if point.warning:
            if point.warning not in warnings:
                warnings.append(point.warning)
            mark = f"({warnings.index(point.warning) + 1})"
        beside = points[max(n - 1, 0) : n + 2]
        marks.append(_mark(line, point, beside, plot, colour, unit, words, mark, labels))
    return Svg("".join(parts + marks))


def _mark(
    line: Line,
    point: LinePoint,
    beside: Sequence[LinePoint],
    plot: _Plot,
    colour: str,
    unit: str,
    words: Words,
    mark: str,
    labels: "_Labels",
) -> Svg:
    value = point.value
    assert value.number is not None
    x, y = plot.x(point.year), plot.y(value.number)
    if point.warning:
        shape = element(
            "path", d=f"M{number(x)} {number(y - 5.5)}l5.5 5.5-5.5 5.5-5.5-5.5z", fill=PAPER,
            stroke=colour, stroke_width=1.8,
        )  # fmt: skip
    else:
        shape = element("circle", cx=x, cy=y, r=3.6, fill=colour, stroke=PAPER, stroke_width=1)
    others = [p.value.number or 0 for p in beside if p is not point]
    label = f"{words.label(value)} {mark}".rstrip()
    figure = labels.place(label, x, y, below=bool(others) and value.number < min(others))
    name = f"{line.name}, {point.year}" if line.name else str(point.year)
    said = words.tooltip(name, value, unit)
    if point.warning:
        said = f"{said}. {point.warning}"
    return linked(said, value.href, shape, figure, class_="svg__point")


class _Labels:
    """Places the numbers beside their points without one covering another.

    A number with no free room is left out: its point, its tooltip and the table still have it.
    """

    def __init__(self, plot: _Plot, lines: Sequence[Line]) -> None:
        self.plot = plot
        points = [p for line in lines for p in line.points if p.value.number is not None]
        spots = [(plot.x(p.year), plot.y(p.value.number or 0)) for p in points]
        self.taken = [(x - 3, y - 3, x + 3, y + 3) for x, y in spots]

    def place(self, label: str, x: float, y: float, *, below: bool) -> Svg:
        """The number above its point, or below it when that is better or the only room."""
        half = text_width(label, SMALL, bold=True) / 2
        x = min(max(x, self.plot.left + half - 12), self.plot.right + 14 - half)
        over, under = y - 8.5, y + 16.5
        for base in (under, over) if below else (over, under):
            box = (x - half - 2, base - SMALL, x + half + 2, base + 1)
            if base < self.plot.bottom - 1 and not any(_meet(box, other) for other in self.taken):
                self.taken.append(box)
                return text(label, x, base, size=SMALL, anchor="middle", weight="bold", edge=PAPER)
        return Svg("")


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _told(
    lines: Sequence[Line], plot: _Plot, unit: str, words: Words, notes: Sequence[str]
) -> str:
    named = []
    for line in lines:
        known = {point.year: point.value for point in line.points}
        for year in range(plot.first, plot.last + 1):
            name = f"{line.name}, {year}" if line.name else str(year)
            named.append((name, known.get(year, Value(None))))
    return " ".join([words.summary(named, unit), *notes])
