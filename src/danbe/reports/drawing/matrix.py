"""Completeness: organisations by windows, each cell a symbol that does without its colour."""

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
    linked,
    text,
    text_lines,
    text_width,
    wrap,
)
from danbe.reports.drawing.words import FRENCH, Words

CELL = 26.0
SIZE = 11.5


class Status(Enum):
    """What became of one return. The symbol is drawn in a box 16 units wide."""

    ACCEPTED = ("accepted", "#1a6b3c", "#1a6b3c", PAPER, "M4.2 8.3l2.7 2.8 5-6")
    SUBMITTED = ("submitted", "#e3f2e8", "#1a6b3c", "#1a6b3c", "M8 12V4.4M4.8 7.4L8 4.2l3.2 3.2")
    QUERIED = (
        "queried", "#fdf2dd", "#8a5300", "#8a5300",
        "M5.7 6.2c0-3 4.8-3 4.8-.2 0 1.8-2.4 1.9-2.4 3.7M8.1 11.8v.9",
    )  # fmt: skip
    DRAFT = ("draft", PAPER, "#8a5300", "#8a5300", "M4 8h1.4M7.3 8h1.4M10.6 8H12")
    MISSING = ("missing", PAPER, "#a3231f", "#a3231f", "M4.6 4.6l6.8 6.8M11.4 4.6l-6.8 6.8")
    DECLARED_EMPTY = ("declared_empty", "#f1f3f5", "#4a5563", "#4a5563", "M4.6 11.4l6.8-6.8")
    NOT_DUE = ("not_due", "none", "none", "#737f8f", "M6 8h4")

    def __init__(self, code: str, fill: str, edge: str, mark: str, path: str) -> None:
        self.code, self.fill, self.edge, self.mark, self.path = code, fill, edge, mark, path


LABELS = {
    "fr": {
        Status.ACCEPTED: "acceptée",
        Status.SUBMITTED: "transmise",
        Status.QUERIED: "question posée",
        Status.DRAFT: "en cours de saisie",
        Status.MISSING: "manquante",
        Status.DECLARED_EMPTY: "« pas de données » déclaré",
        Status.NOT_DUE: "non demandée",
    },
    "en": {
        Status.ACCEPTED: "accepted",
        Status.SUBMITTED: "submitted",
        Status.QUERIED: "queried",
        Status.DRAFT: "being filled in",
        Status.MISSING: "missing",
        Status.DECLARED_EMPTY: "“no data” declared",
        Status.NOT_DUE: "not due",
    },
}


@dataclass(frozen=True)
class Cell:
    """One return: its status, its words (by default those of the status), its page."""

    status: Status
    label: str = ""
    href: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """One organisation and its cells, one for each window; `note` is its full name."""

    label: str
    cells: tuple[Cell, ...]
    note: str = ""
    href: str = ""


def draw_matrix(
    columns: Sequence[str],
    rows: Sequence[MatrixRow],
    *,
    title: str,
    description: str = "",
    width: float = 360,
    words: Words = FRENCH,
) -> str:
    """Draw who answered for which window, with a legend of the symbols used.

    Wider than `width` if the windows need it. Raises ValueError when a row has not one cell for
    each column.
    """
    for row in rows:
        if len(row.cells) != len(columns):
            raise ValueError(f"{row.label}: {len(row.cells)} cells for {len(columns)} columns")
    step = max([CELL, *(text_width(column, 11) + 6 for column in columns)])
    left = max(width - step * len(columns), 110)
    width = left + step * len(columns)
    parts = [
        text(column, left + (n + 0.5) * step, 11, size=11, fill=INK_2, anchor="middle")
        for n, column in enumerate(columns)
    ]
    y = 20.0
    for row in rows:
        lines = wrap(row.label, left - 8, SIZE, at_most=2)
        tall = max(CELL, len(lines) * SIZE * 1.25 + 8)
        parts.append(_row(row, lines, columns, words, y, tall, left, step, width))
        y += tall
    used = {cell.status for row in rows for cell in row.cells}
    legend, height = _legend([s for s in Status if s in used], words, width, y + 10)
    said = description or _told(columns, rows, words)
    return document(width, y + 10 + height, title, said, *parts, legend, class_="svg--matrix")


def label_of(cell: Cell, words: Words) -> str:
    """The words of a cell."""
    return cell.label or LABELS[words.language][cell.status]


def _row(
    row: MatrixRow,
    lines: Sequence[str],
    columns: Sequence[str],
    words: Words,
    y: float,
    tall: float,
    left: float,
    step: float,
    width: float,
) -> Svg:
    middle = y + tall / 2
    first = middle + SIZE * 0.36 - (len(lines) - 1) * SIZE * 0.625
    name = text_lines(lines, 0, first, size=SIZE, leading=1.25)
    full = f"{row.label}, {row.note}" if row.note else row.label
    parts = [
        element("path", d=f"M0 {y:.1f}H{width:.1f}", stroke=LINE),
        linked(full, row.href, name),
    ]
    for n, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        said = f"{row.label}, {column}{words.colon}{label_of(cell, words)}"
        ground = element(
            "rect", x=left + n * step, y=y + 1, width=step, height=tall - 2, fill=PAPER,
            fill_opacity=0,
        )  # fmt: skip
        sign = _symbol(cell.status, left + (n + 0.5) * step - 8, middle - 8)
        parts.append(linked(said, cell.href, ground, sign, class_=f"svg__{cell.status.code}"))
    return Svg("".join(parts))


def _symbol(status: Status, x: float, y: float) -> Svg:
    """A round when the return is there, a square when it is not."""
    is_there = status in (Status.ACCEPTED, Status.SUBMITTED, Status.QUERIED)
    dash = "2.5 2" if status is Status.DRAFT else None
    return element(
        "g",
        element(
            "rect", width=15, height=15, x=0.5, y=0.5, rx=7.5 if is_there else 2,
            fill=status.fill, stroke=status.edge, stroke_width=1.2, stroke_dasharray=dash,
        ),
        element(
            "path", d=status.path, fill="none", stroke=status.mark, stroke_width=1.7,
            stroke_linecap="round",
        ),
        transform=f"translate({x:.1f} {y:.1f})",
    )  # fmt: skip


def _legend(statuses: Sequence[Status], words: Words, width: float, y: float) -> tuple[Svg, float]:
    parts = []
    x, top = 0.0, y
    for status in statuses:
        label = LABELS[words.language][status]
        span = text_width(label, 11) + 36
        if x and x + span - 14 > width:
            x, top = 0.0, top + 21
        parts.append(_symbol(status, x, top))
        parts.append(text(label, x + 21, top + 12, size=11, fill=INK))
        x += span
    return Svg("".join(parts)), top - y + 22


def _told(columns: Sequence[str], rows: Sequence[MatrixRow], words: Words) -> str:
    parts = []
    for row in rows:
        cells = ", ".join(
            f"{column} {label_of(cell, words)}"
            for column, cell in zip(columns, row.cells, strict=True)
        )
        parts.append(f"{row.label}{words.colon}{cells}.")
    return " ".join(parts)
