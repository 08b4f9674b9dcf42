"""The calendar of a plan: one bar an activity, over years and quarters; today as a line."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from danbe.reports.drawing.svg import (
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
    shorten,
    text,
    text_width,
)
from danbe.reports.drawing.words import FRENCH, Words
from danbekit.dates import format_date

ROW, BAR, HEAD = 24.0, 14.0, 30.0
SIZE = 11.5
PHONE = 480  # narrower than this, names stand above their bars


class Phase(Enum):
    """Where an activity stands. Each has its own ground, edge and sign: not by colour alone."""

    PLANNED = ("planned", PAPER, "#3d5263", None, "")
    UNDER_WAY = ("under_way", "#b9c6d1", "#3d5263", None, "")
    BLOCKED = ("blocked", "#fbe9e8", "#a3231f", None, "!")
    DONE = ("done", "#3d5263", "#3d5263", None, "✓")
    DROPPED = ("dropped", PAPER, "#737f8f", "3 3", "×")

    def __init__(self, code: str, fill: str, edge: str, dash: str | None, sign: str) -> None:
        self.code, self.fill, self.edge, self.dash, self.sign = code, fill, edge, dash, sign


LABELS = {
    "fr": {
        Phase.PLANNED: "prévue",
        Phase.UNDER_WAY: "en cours",
        Phase.BLOCKED: "bloquée",
        Phase.DONE: "terminée",
        Phase.DROPPED: "abandonnée",
    },
    "en": {
        Phase.PLANNED: "planned",
        Phase.UNDER_WAY: "under way",
        Phase.BLOCKED: "blocked",
        Phase.DONE: "done",
        Phase.DROPPED: "given up",
    },
}
TODAY = {"fr": "aujourd’hui", "en": "today"}
UNDATED = {"fr": "dates non données", "en": "dates not given"}


@dataclass(frozen=True)
class GanttRow:
    """One activity. A missing date is that of the plan, and the bar is hatched there."""

    label: str
    start: datetime.date | None
    end: datetime.date | None
    phase: Phase
    note: str = ""
    href: str = ""
    is_heading: bool = False


@dataclass(frozen=True)
class _Scale:
    first: datetime.date
    last: datetime.date
    left: float
    right: float

    def x(self, day: datetime.date) -> float:
        span = max((self.last - self.first).days, 1)
        gone = min(max((day - self.first).days, 0), span)
        return self.left + gone * (self.right - self.left) / span


def draw_gantt(
    rows: Sequence[GanttRow],
    first: datetime.date,
    last: datetime.date,
    *,
    title: str,
    today: datetime.date,
    width: float = 900,
    words: Words = FRENCH,
) -> str:
    """Draw the calendar from ``first`` to ``last``, with a legend of the phases used.

    Narrower than 480, names stand above their bars.
    """
    is_narrow = width < PHONE
    left = 0.0 if is_narrow else min(320.0, width * 0.38)
    tall = ROW + 14 if is_narrow else ROW
    scale = _Scale(first, last + datetime.timedelta(days=1), left, width)
    bottom = HEAD + tall * len(rows)
    parts = [_years(scale, bottom)]
    y = HEAD
    for row in rows:
        parts.append(_row(row, scale, y, tall, width, words, is_narrow=is_narrow))
        y += tall
    if first <= today <= last:
        parts.append(_today(scale, today, bottom, words))
    used = {row.phase for row in rows if not row.is_heading}
    legend, height = _legend([p for p in Phase if p in used], words, width, bottom + 14)
    said = f"{len([r for r in rows if not r.is_heading])}, {first.year}-{last.year}"
    return document(width, bottom + 14 + height, title, said, *parts, legend, class_="svg--gantt")


def _years(scale: _Scale, bottom: float) -> Svg:
    """A rule a quarter, a stronger one a year, with its number."""
    parts = []
    for year in range(scale.first.year, scale.last.year + 1):
        for month in (1, 4, 7, 10):
            day = datetime.date(year, month, 1)
            if not scale.first <= day < scale.last:
                continue
            x = scale.x(day)
            colour = LINE_STRONG if month == 1 else LINE
            path = f"M{number(x)} {18 if month == 1 else 24}V{number(bottom)}"
            parts.append(element("path", d=path, stroke=colour, stroke_width=0.8))
            if month == 1:
                parts.append(text(str(year), x + 4, 14, size=SIZE, fill=INK_2))
    return Svg("".join(parts))


def _row(
    row: GanttRow,
    scale: _Scale,
    y: float,
    tall: float,
    width: float,
    words: Words,
    *,
    is_narrow: bool,
) -> Svg:
    line = element("path", d=f"M0 {number(y)}H{number(width)}", stroke=LINE)
    room = width if is_narrow or row.is_heading else scale.left - 8
    base = y + (13 if is_narrow else tall / 2 + 4)
    weight = "600" if row.is_heading else None
    name = text(shorten(row.label, room, SIZE), 0, base, size=SIZE, weight=weight, edge=PAPER)
    if row.is_heading:
        ground = element("rect", y=y, width=width, height=tall, fill="#e8ecf0")
        return Svg(f"{ground}{name}")
    said = f"{row.label}{words.colon}{LABELS[words.language][row.phase]}, {_dates(row, words)}"
    if row.note:
        said = f"{said}. {row.note}"
    top = y + tall - BAR - (4 if is_narrow else (ROW - BAR) / 2)
    return Svg(f"{line}{linked(said, row.href, name, _bar(row, scale, top))}")


def _dates(row: GanttRow, words: Words) -> str:
    if row.start is None and row.end is None:
        return UNDATED[words.language]
    ends = [format_date(d, words.language) if d else "?" for d in (row.start, row.end)]
    return " – ".join(ends)


def _bar(row: GanttRow, scale: _Scale, top: float) -> Svg:
    start, end = row.start or scale.first, row.end or scale.last
    x = scale.x(start)
    wide = max(scale.x(end) - x, 4)
    is_dated = row.start is not None and row.end is not None
    phase = row.phase
    shape = element(
        "rect", x=x, y=top, width=wide, height=BAR, rx=2,
        fill=phase.fill if is_dated else hatch_fill(), stroke=phase.edge, stroke_width=1.2,
        stroke_dasharray=phase.dash,
    )  # fmt: skip
    if not phase.sign:
        return shape
    ink = PAPER if phase is Phase.DONE and is_dated else phase.edge
    return Svg(
        f"{shape}{text(phase.sign, x + 4, top + BAR - 3.5, size=10, fill=ink, weight='600')}"
    )


def _today(scale: _Scale, today: datetime.date, bottom: float, words: Words) -> Svg:
    x = scale.x(today)
    line = element(
        "path", d=f"M{number(x)} 24V{number(bottom)}", stroke="#a3231f", stroke_width=1.4,
        stroke_dasharray="4 3",
    )  # fmt: skip
    label = TODAY[words.language]
    anchor = "end" if x + text_width(label, 10) > scale.right else None
    return Svg(f"{line}{text(label, x, 26, size=10, fill='#a3231f', anchor=anchor, edge=PAPER)}")


def _legend(phases: Sequence[Phase], words: Words, width: float, y: float) -> tuple[Svg, float]:
    parts = []
    x, top = 0.0, y
    for phase in phases:
        label = LABELS[words.language][phase]
        span = text_width(label, 11) + 46
        if x and x + span > width:
            x, top = 0.0, top + 20
        parts.append(
            element(
                "rect", x=x + 0.6, y=top, width=22, height=12, rx=2, fill=phase.fill,
                stroke=phase.edge, stroke_width=1.2, stroke_dasharray=phase.dash,
            )
        )  # fmt: skip
        if phase.sign:
            ink = PAPER if phase is Phase.DONE else phase.edge
            sign = text(phase.sign, x + 7, top + 9.5, size=9, fill=ink, weight="600")
            parts.append(sign)
        parts.append(text(label, x + 28, top + 10, size=11, fill=INK))
        x += span
    return Svg("".join(parts)), top - y + 20
