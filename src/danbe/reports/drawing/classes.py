"""Sorting numbers into at most five classes with round limits, and their legend."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from danbe.reports.drawing.colours import ramp
from danbe.reports.drawing.svg import (
    INK,
    INK_2,
    LINE_STRONG,
    PAPER,
    Svg,
    element,
    hatch_fill,
    text,
    text_lines,
    wrap,
)
from danbe.reports.drawing.value import Value
from danbe.reports.drawing.words import Words

MOST = 5
ROUND = (1, 2, 5)


@dataclass(frozen=True)
class Classes:
    """Upper limits of the classes above zero, and their fills. Zero is a class of its own."""

    limits: tuple[int, ...]
    fills: tuple[str, ...]
    has_zero: bool
    has_silence: bool

    def fill(self, value: Value) -> str:
        """The fill of a value: hatched, white, or the tint of its class."""
        if value.number is None:
            return hatch_fill()
        if value.number == 0:
            return PAPER
        return self.fills[bisect_left(self.limits, value.number)]

    def legend(self, words: Words) -> list[tuple[str, str]]:
        """(fill, label) from the highest class down to «no data»."""
        entries = []
        low = 1
        for limit, fill in zip(self.limits, self.fills, strict=True):
            span = words.number(low)
            if limit > low:
                span = f"{span} {words.to} {words.number(limit)}"
            entries.append((fill, span))
            low = limit + 1
        entries.reverse()
        if self.has_zero:
            entries.append((PAPER, "0"))
        if self.has_silence:
            entries.append((hatch_fill(), words.no_data))
        return entries


def classes_of(values: Iterable[Value], accent: str) -> Classes:
    """Round limits near the quintiles of the numbers above zero; the last limit is the highest."""
    values = list(values)
    above = sorted(v.number for v in values if v.number)
    limits: list[int] = []
    for rank in range(1, MOST):
        if not above:
            break
        limit = round_up(above[(len(above) * rank) // MOST])
        if limit < above[-1] and limit not in limits:
            limits.append(limit)
    if above:
        limits.append(above[-1])
    return Classes(
        tuple(limits),
        ramp(accent, len(limits)) if limits else (),
        any(v.number == 0 for v in values),
        any(v.number is None for v in values),
    )


def round_up(number: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50, 100... at or above `number`.

    >>> [round_up(n) for n in (1, 3, 6, 42, 337)]
    [1, 5, 10, 50, 500]
    """
    power = 1
    while True:
        for step in ROUND:
            if step * power >= number:
                return step * power
        power *= 10


def draw_legend(
    classes: Classes, words: Words, unit: str, x: float, y: float, width: float
) -> tuple[Svg, float]:
    """The unit in words, then one line a class; returns the markup and its height."""
    size = 11.5
    lines = wrap(unit, width, size, at_most=4) if unit else []
    parts = [text_lines(lines, x, y + size, size=size, fill=INK, weight="bold")]
    top = y + len(lines) * size * 1.3 + 7
    for fill, label in classes.legend(words):
        parts.append(
            element(
                "rect", x=x, y=top, width=18, height=13, fill=fill, stroke=LINE_STRONG,
                stroke_width=0.6,
            )
        )  # fmt: skip
        parts.append(text(label, x + 25, top + 10.6, size=size, fill=INK_2))
        top += 19
    return Svg("".join(parts)), top - y
