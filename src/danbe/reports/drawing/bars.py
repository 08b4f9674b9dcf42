"""Horizontal bars, grouped or stacked, each labelled; silence has its own mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from danbe.reports.drawing.colours import ink_on, ramp
from danbe.reports.drawing.svg import (
    ACCENT,
    INK_2,
    LINE_STRONG,
    Svg,
    document,
    element,
    hatch_fill,
    linked,
    text,
    text_lines,
    text_width,
    wrap,
)
from danbe.reports.drawing.value import Value
from danbe.reports.drawing.words import FRENCH, Words

THICK = 16.0
LABEL = 12.0
FIGURE = 11.5


@dataclass(frozen=True)
class Series:
    """One part of every bar: women, men, children. The colour is a tint of the accent if empty."""

    name: str
    colour: str = ""


@dataclass(frozen=True)
class Bar:
    """One row: as many values as there are series.

    `total` is printed at the end of a stacked bar. It is given, never summed here: parts that
    leave persons unexplained must not look like the whole.
    """

    label: str
    values: tuple[Value, ...]
    total: Value | None = None
    href: str = ""


@dataclass(frozen=True)
class _Plan:
    """What every row needs to know."""

    series: tuple[Series, ...]
    colours: tuple[str, ...]
    unit: str
    words: Words
    per_number: float
    width: float


def draw_bars(
    bars: Sequence[Bar],
    series: Sequence[Series] = (Series(""),),
    *,
    title: str,
    unit: str = "",
    description: str = "",
    mode: Literal["grouped", "stacked"] = "grouped",
    accent: str = ACCENT,
    width: float = 360,
    words: Words = FRENCH,
) -> str:
    """Draw one row a bar, its label above it so that a narrow screen can read it.

    Raises ValueError when a bar has not one value for each series.
    """
    for bar in bars:
        if len(bar.values) != len(series):
            raise ValueError(f"{bar.label}: {len(bar.values)} values for {len(series)} series")
    plan = _plan(bars, series, mode, accent, width, unit, words)
    head, y = _key(plan, mode)
    parts = [head]
    for bar in bars:
        lines = wrap(bar.label, width, LABEL, at_most=2)
        parts.append(text_lines(lines, 0, y + LABEL, size=LABEL))
        y += len(lines) * LABEL * 1.3 + 4
        row, y = (_stacked if mode == "stacked" else _grouped)(bar, plan, y)
        parts.append(row)
        y += 11
    said = description or _told(bars, series, unit, words)
    return document(width, max(y - 8, 20), title, said, *parts, class_="svg--bars")


def _plan(
    bars: Sequence[Bar],
    series: Sequence[Series],
    mode: str,
    accent: str,
    width: float,
    unit: str,
    words: Words,
) -> _Plan:
    reach = [
        sum(v.number or 0 for v in bar.values)
        if mode == "stacked"
        else max((v.number or 0 for v in bar.values), default=0)
        for bar in bars
    ]
    if mode == "stacked":
        reach += [bar.total.number or 0 for bar in bars if bar.total]
        ends = [words.label(bar.total) for bar in bars if bar.total]
    else:
        ends = [words.label(v) for bar in bars for v in bar.values if v.number is not None]
    room = max((text_width(end, FIGURE, bold=True) for end in ends), default=0) + 10
    tints = ramp(accent, min(max(len(series), 1), 5))[::-1]
    colours = tuple(s.colour or tints[n % len(tints)] for n, s in enumerate(series))
    if len(series) == 1:
        colours = (series[0].colour or accent,)
    longest = max(reach, default=0) or 1
    return _Plan(tuple(series), colours, unit, words, (width - room) / longest, width)


def _key(plan: _Plan, mode: str) -> tuple[Svg, float]:
    """The unit, then a sample of each series."""
    parts: list[Svg] = []
    y = 0.0
    if plan.unit:
        lines = wrap(plan.unit, plan.width, LABEL)
        parts.append(text_lines(lines, 0, LABEL, size=LABEL, weight="bold"))
        y = len(lines) * LABEL * 1.3 + 8
    if len(plan.series) > 1:
        x = 0.0
        for series, colour in zip(plan.series, plan.colours, strict=True):
            span = text_width(series.name, FIGURE) + 36
            if x and x + span - 14 > plan.width:
                x, y = 0.0, y + 18
            parts.append(
                element(
                    "rect", x=x + 0.4, y=y, width=14, height=12, fill=colour, stroke=INK_2,
                    stroke_width=0.7,
                )
            )  # fmt: skip
            parts.append(text(series.name, x + 19, y + 10, size=FIGURE, fill=INK_2))
            x += span
        y += 24
    return Svg("".join(parts)), y


def _grouped(bar: Bar, plan: _Plan, y: float) -> tuple[Svg, float]:
    parts = []
    for series, colour, value in zip(plan.series, plan.colours, bar.values, strict=True):
        name = f"{bar.label}, {series.name}" if series.name else bar.label
        said = plan.words.tooltip(name, value, plan.unit)
        parts.append(
            linked(
                said, value.href or bar.href, *_bar(value, colour, plan, y), class_=_class(value)
            )
        )
        y += THICK + 2
    return Svg("".join(parts)), y


def _class(value: Value) -> str:
    return "svg__nodata" if value.number is None else "svg__bar"


def _bar(value: Value, colour: str, plan: _Plan, y: float) -> list[Svg]:
    if value.number is None:
        return _silence(0, y, plan.words.label(value))
    length = value.number * plan.per_number
    base = element("path", d=f"M.5 {y:.1f}v{THICK:.0f}", stroke=LINE_STRONG, stroke_width=1)
    figure = text(
        plan.words.label(value), max(length, 1) + 6, y + 12.2, size=FIGURE, weight="bold"
    )
    return [_rect(0, y, length, colour), base, figure]


def _rect(x: float, y: float, length: float, colour: str) -> Svg:
    """A piece of bar; a zero has no length, only the base line and its 0."""
    if length <= 0:
        return Svg("")
    return element(
        "rect", x=x, y=y, width=max(length, 1), height=THICK, fill=colour, stroke=INK_2,
        stroke_width=0.5,
    )  # fmt: skip


def _silence(x: float, y: float, label: str) -> list[Svg]:
    """A short hatched piece of fixed length and the words: no bar, no zero."""
    return [
        element(
            "rect", x=x + 0.4, y=y, width=34, height=THICK, fill=hatch_fill(),
            stroke=LINE_STRONG, stroke_width=0.7, stroke_dasharray="3 2",
        ),
        text(label, x + 40, y + 12.2, size=FIGURE, fill=INK_2),
    ]  # fmt: skip


def _stacked(bar: Bar, plan: _Plan, y: float) -> tuple[Svg, float]:
    if _is_silent(bar):
        said = plan.words.tooltip(bar.label, Value(None))
        mark = _silence(0, y, plan.words.no_data)
        return linked(said, bar.href, *mark, class_="svg__nodata"), y + THICK + 2
    parts: list[Svg] = []
    x = 0.0
    for series, colour, value in zip(plan.series, plan.colours, bar.values, strict=True):
        if value.number:
            parts.append(_piece(bar, series, colour, value, plan, x, y))
            x += value.number * plan.per_number
    parts.append(_end(bar, plan, x, y))
    y += THICK + 2
    for line in wrap(_reserve(bar, plan), plan.width, 11):
        parts.append(text(line, 0, y + 11, size=11, fill=INK_2))
        y += 14 if line else 0
    return Svg("".join(parts)), y


def _is_silent(bar: Bar) -> bool:
    values = [*bar.values, *([bar.total] if bar.total else [])]
    return all(value.number is None for value in values)


def _piece(
    bar: Bar, series: Series, colour: str, value: Value, plan: _Plan, x: float, y: float
) -> Svg:
    length = (value.number or 0) * plan.per_number
    pieces = [_rect(x, y, length, colour)]
    label = plan.words.label(value)
    if text_width(label, 10) < length - 4:
        middle = x + length / 2
        pieces.append(text(label, middle, y + 11.8, size=10, fill=ink_on(colour), anchor="middle"))
    said = plan.words.tooltip(f"{bar.label}, {series.name}", value, plan.unit)
    return linked(said, value.href or bar.href, *pieces, class_="svg__bar")


def _unexplained(bar: Bar) -> int:
    """How many of the total are in no part."""
    if bar.total is None or bar.total.number is None:
        return 0
    return max(bar.total.number - sum(value.number or 0 for value in bar.values), 0)


def _end(bar: Bar, plan: _Plan, x: float, y: float) -> Svg:
    """The base line, an empty dashed piece for what no part explains, and the total."""
    parts = [element("path", d=f"M.5 {y:.1f}v{THICK:.0f}", stroke=LINE_STRONG, stroke_width=1)]
    rest = _unexplained(bar)
    if rest:
        said = f"{bar.label}, {plan.words.unexplained}"
        dashed = element(
            "rect", x=x, y=y, width=rest * plan.per_number, height=THICK, fill="#ffffff",
            stroke=INK_2, stroke_width=0.7, stroke_dasharray="3 2",
        )  # fmt: skip
        parts.append(linked(plan.words.tooltip(said, Value(rest), plan.unit), bar.href, dashed))
        x += rest * plan.per_number
    if bar.total and bar.total.number is not None:
        label = plan.words.label(bar.total)
        figure = text(label, max(x, 1) + 6, y + 12.2, size=FIGURE, weight="bold")
        said = plan.words.tooltip(f"{bar.label}, {plan.words.total}", bar.total, plan.unit)
        parts.append(linked(said, bar.total.href or bar.href, figure))
    elif x == 0:
        parts.append(text("0", 7, y + 12.2, size=FIGURE, weight="bold"))
    return Svg("".join(parts))


def _reserve(bar: Bar, plan: _Plan) -> str:
    """«Pas de données : Enfants. Non ventilé : 26.» or nothing."""
    words = plan.words
    silent = [s.name for s, v in zip(plan.series, bar.values, strict=True) if v.number is None]
    said = [f"{words.no_data_in}{words.colon}{', '.join(silent)}."] if silent else []
    rest = _unexplained(bar)
    said += [f"{words.unexplained}{words.colon}{words.number(rest)}."] if rest else []
    return " ".join(said)


def _told(bars: Sequence[Bar], series: Sequence[Series], unit: str, words: Words) -> str:
    named = [
        (f"{bar.label}, {one.name}" if one.name else bar.label, value)
        for bar in bars
        for one, value in zip(series, bar.values, strict=True)
    ]
    for bar in bars:
        if bar.total:
            named.append((f"{bar.label}, {words.total}", bar.total))
        if _unexplained(bar):
            named.append((f"{bar.label}, {words.unexplained}", Value(_unexplained(bar))))
    return words.summary(named, unit)
