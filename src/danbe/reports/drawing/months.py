"""The months in which an assembly met: one row a year, twelve cells; not known is hatched."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from danbe.reports.drawing.svg import (
    INK,
    INK_2,
    LINE,
    PAPER,
    Svg,
    document,
    element,
    hatch_fill,
    linked,
    text,
    text_width,
)
from danbe.reports.drawing.words import FRENCH, Words

CELL, GAP, LEFT, HEAD = 25.0, 2.0, 44.0, 20.0
LETTERS = "JFMAMJJASOND"  # the same in French and in English


class MonthSign(Enum):
    """What is known of a month. Each has its ground, edge and sign: never colour alone."""

    HELD = ("held", "#6a3d8f", "#6a3d8f", None, "✓")
    PLANNED = ("planned", PAPER, "#6a3d8f", None, "•")
    CANCELLED = ("cancelled", "#fdf2dd", "#8a5300", "3 2", "×")
    NONE = ("none", PAPER, "#a3231f", None, "–")
    UNKNOWN = ("unknown", "hatch", "#737f8f", None, "")
    FUTURE = ("future", "none", LINE, None, "")

    def __init__(self, code: str, fill: str, edge: str, dash: str | None, sign: str) -> None:
        self.code, self.fill, self.edge, self.dash, self.sign = code, fill, edge, dash, sign


LABELS = {
    "fr": {
        MonthSign.HELD: "réunion tenue",
        MonthSign.PLANNED: "réunion prévue",
        MonthSign.CANCELLED: "réunion annulée",
        MonthSign.NONE: "aucune réunion",
        MonthSign.UNKNOWN: "non connu",
        MonthSign.FUTURE: "à venir",
    },
    "en": {
        MonthSign.HELD: "meeting held",
        MonthSign.PLANNED: "meeting planned",
        MonthSign.CANCELLED: "meeting cancelled",
        MonthSign.NONE: "no meeting",
        MonthSign.UNKNOWN: "not known",
        MonthSign.FUTURE: "to come",
    },
}


@dataclass(frozen=True)
class MonthCell:
    """One month: what is known, how many meetings were held, its name in words."""

    sign: MonthSign
    name: str
    n_held: int = 0


@dataclass(frozen=True)
class YearRow:
    """One year and its twelve months."""

    year: int
    cells: tuple[MonthCell, ...]


def draw_months(rows: Sequence[YearRow], *, title: str, words: Words = FRENCH) -> str:
    """Draw the strip, with a legend of the signs used. Raises ValueError for a short year."""
    for row in rows:
        if len(row.cells) != len(LETTERS):
            raise ValueError(f"{row.year}: {len(row.cells)} months")
    width = LEFT + len(LETTERS) * CELL
    parts = [
        text(letter, LEFT + (n + 0.5) * CELL, 12, size=11, fill=INK_2, anchor="middle")
        for n, letter in enumerate(LETTERS)
    ]
    y = HEAD
    for row in rows:
        parts.append(text(str(row.year), 0, y + CELL / 2 + 4, size=11.5))
        parts += [_cell(c, LEFT + n * CELL, y, words) for n, c in enumerate(row.cells)]
        y += CELL
    used = {cell.sign for row in rows for cell in row.cells}
    legend, height = _legend([s for s in MonthSign if s in used], words, width, y + 10)
    return document(
        width, y + 10 + height, title, _told(rows, words), *parts, legend, class_="svg--months"
    )


def _said(cell: MonthCell, words: Words) -> str:
    label = LABELS[words.language][cell.sign]
    return f"{cell.name}{words.colon}{label}{f' ({cell.n_held})' if cell.n_held > 1 else ''}"


def _cell(cell: MonthCell, x: float, y: float, words: Words) -> Svg:
    mark = str(cell.n_held) if cell.n_held > 1 else cell.sign.sign
    return linked(_said(cell, words), "", _box(cell.sign, mark, x + GAP / 2, y + GAP / 2))


def _box(sign: MonthSign, mark: str, x: float, y: float, size: float = CELL - GAP) -> Svg:
    box = element(
        "rect", x=x, y=y, width=size, height=size, rx=2,
        fill=hatch_fill() if sign.fill == "hatch" else sign.fill, stroke=sign.edge,
        stroke_width=1, stroke_dasharray=sign.dash,
    )  # fmt: skip
    if not mark:
        return box
    ink = PAPER if sign is MonthSign.HELD else sign.edge
    letter = size * 0.55
    x, y = x + size / 2, y + size / 2 + letter * 0.36
    said = text(mark, x, y, size=letter, fill=ink, anchor="middle", weight="600")
    return Svg(f"{box}{said}")


def _legend(signs: Sequence[MonthSign], words: Words, width: float, y: float) -> tuple[Svg, float]:
    parts = []
    x, top = 0.0, y
    for sign in signs:
        label = LABELS[words.language][sign]
        span = text_width(label, 11) + 36
        if x and x + span - 14 > width:
            x, top = 0.0, top + 20
        parts.append(_box(sign, sign.sign, x + 0.5, top, 14))
        parts.append(text(label, x + 20, top + 11, size=11, fill=INK))
        x += span
    return Svg("".join(parts)), top - y + 20


def _told(rows: Sequence[YearRow], words: Words) -> str:
    parts = []
    for row in rows:
        held = [c.name for c in row.cells if c.sign is MonthSign.HELD]
        label = LABELS[words.language][MonthSign.HELD]
        parts.append(f"{row.year}, {label}{words.colon}{', '.join(held) or '0'}.")
    return " ".join(parts)
