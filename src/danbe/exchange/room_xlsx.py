"""The sheet of a room without network as a workbook: filled there, read back whole or not at all.

One row a contribution, with the number that it has on the paper sheet; a second sheet carries the
text under discussion with the number of each paragraph. Nothing is kept here: reading returns
what the file says, and every cell to correct.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl.utils.cell import get_column_letter

from danbe.accounts.models import Organisation
from danbe.core.errors import DomainError
from danbe.core.models import Term
from danbe.exchange.return_xlsx import BadCell, Sheet, open_workbook, refuse
from danbe.plan.contribution_actions import MAX_LINES, Line
from danbe.plan.contribution_rules import Told, check_words, paragraphs_now
from danbe.plan.models import (
    SEALED_CATEGORIES,
    Category,
    Clause,
    ContributionKind,
    Room,
)
from danbekit.dates import format_date
from danbekit.names import fold

FORMAT = "danbe-room-1"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINES, TEXT, LISTS = "lines", "text", "lists"
CODES_ROW, LABELS_ROW, FIRST_ROW = 2, 3, 4  # counted from 0
FIRST_COLUMN = 2  # A: ours; B: the number of the line
N_LINES = 60  # on paper and in the workbook
COLUMNS = (
    "category",
    "organisation",
    "kind",
    "clause",
    "text",
    "replaced",
    "proposed",
    "language",
)
WIDTHS = {"category": 20, "kind": 18, "clause": 12, "text": 50, "replaced": 34, "proposed": 34}
# A room says comments, proposals, amendments, minority opinions and supports of a paragraph.
LISTED = ("category", "kind", "clause", "language")


def labels() -> dict[str, str]:
    """Titles of columns, on paper too."""
    return {
        "category": _("Who speaks"),
        "organisation": _("Organisation (acronym)"),
        "kind": _("What it is"),
        "clause": _("Paragraph (number)"),
        "text": _("What was said"),
        "replaced": _("Amendment: words replaced"),
        "proposed": _("Amendment: words proposed"),
        "language": _("Language"),
    }


@dataclass(slots=True)
class Read:
    """What a workbook says, and every cell to correct. With one, nothing is taken over."""

    lines: list[Line] = field(default_factory=list)
    cells: list[BadCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What may be written in a column of choices: the words on the sheet -> the value."""

    category: Mapping[str, str]
    kind: Mapping[str, str]
    language: Mapping[str, str]
    clause: Mapping[str, Clause]
    organisation: Mapping[str, Organisation]
    paragraphs: Sequence[tuple[str, str]]  # number, words

    def choices(self, column: str) -> list[str]:
        """What the pull-down of a column shows."""
        told: Mapping[str, object] = getattr(self, column)
        return list(told)


def known_of(room: Room) -> Known:
    """The choices of one room, in the reader's language."""
    rows = paragraphs_now(room.process)
    terms = Term.objects.filter(list="language").order_by("order", "code")
    return Known(
        {str(label): code for code, label in Category.choices},
        {str(label): code for code, label in ContributionKind.choices},
        {term.label: term.code for term in terms},
        {one.number: one.clause for one in rows},
        {o.code: o for o in Organisation.objects.filter(is_active=True)},
        [(one.number, one.words) for one in rows],
    )


# --- Out ------------------------------------------------------------------------------------


def write_room(room: Room, n_lines: int = N_LINES) -> bytes:
    """The empty sheet of a room."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": room.label})
    _Writer(book, room, known_of(room)).write(n_lines)
    book.close()
    return file.getvalue()


def file_name(room: Room) -> str:
    """``danbe-salle-R3.xlsx``."""
    return f"danbe-salle-{room.label}.xlsx"


def _sheet_name(key: str) -> str:
    return {LINES: _("Contributions"), TEXT: _("Text"), LISTS: _("Lists")}[key][:31]


class _Writer:
    """Writes one empty sheet into one workbook."""

    def __init__(self, book: Any, room: Room, known: Known) -> None:
        self.book, self.room, self.known = book, room, known
        plain = {"valign": "top", "font_name": "Arial", "font_size": 10}
        head = {"bold": True, "text_wrap": True, "bg_color": "#e8eff7", "border": 1}
        cell = {"border": 1, "border_color": "#737f8f", "text_wrap": True, "num_format": "@"}
        self.title = book.add_format(plain | {"bold": True, "font_size": 14})
        self.small = book.add_format(plain | {"font_color": "#4a5563"})
        self.head = book.add_format(plain | head)
        self.number = book.add_format(plain | {"border": 1, "bg_color": "#f4f6f8"})
        self.wrapped = book.add_format(plain | {"text_wrap": True})
        self.entry = book.add_format(plain | cell | {"locked": False})

    def write(self, n_lines: int) -> None:
        sheet = self.sheet(LINES)
        self.write_heads(sheet)
        for n in range(n_lines):
            sheet.write_string(FIRST_ROW + n, 0, str(n + 1))
            sheet.write_string(FIRST_ROW + n, 1, f"{self.room.label}-{n + 1}", self.number)
            for column in range(len(COLUMNS)):
                sheet.write_blank(FIRST_ROW + n, FIRST_COLUMN + column, None, self.entry)
        self.write_text()
        self.write_lists(sheet, FIRST_ROW + n_lines - 1)

    def sheet(self, key: str) -> Any:
        """A protected sheet that says what it is in its hidden first cell."""
        sheet = self.book.add_worksheet(_sheet_name(key))
        sheet.protect(options={"format_columns": True, "format_rows": True})
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.write_string(0, 0, f"{FORMAT}:{key}")
        return sheet

    def write_heads(self, sheet: Any) -> None:
        sheet.write_string(1, 0, str(self.room.pk))
        told = f"{self.room.label} · {format_date(self.room.held_on)}"
        sheet.write_string(0, 1, _("Sheet of a room"), self.title)
        sheet.write_string(0, FIRST_COLUMN + 2, told, self.small)
        rule = _(
            "One line a contribution. Write no name of a person. Of a survivor or of the public, "
            "write no organisation either. Erase this file once it is loaded."
        )
        sheet.write_string(1, 1, rule, self.small)
        sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        sheet.set_row(LABELS_ROW, 32)
        sheet.set_column(1, 1, 8)
        sheet.write_string(LABELS_ROW, 1, _("Line"), self.head)
        for n, (code, label) in enumerate(labels().items(), start=FIRST_COLUMN):
            sheet.set_column(n, n, WIDTHS.get(code, 18))
            sheet.write_string(CODES_ROW, n, code)
            sheet.write_string(LABELS_ROW, n, label, self.head)
        sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(LABELS_ROW)

    def write_text(self) -> None:
        """The text under discussion, to read aloud."""
        sheet = self.sheet(TEXT)
        sheet.set_column(1, 1, 10)
        sheet.set_column(2, 2, 110)
        sheet.write_string(0, 1, _("Paragraph (number)"), self.head)
        sheet.write_string(0, 2, _("Text under discussion"), self.head)
        for at, (number, words) in enumerate(self.known.paragraphs, start=1):
            sheet.write_string(at, 1, number, self.wrapped)
            sheet.write_string(at, 2, words, self.wrapped)

    def write_lists(self, lines: Any, last: int) -> None:
        """What may be chosen, and the pull-downs that show it. Reading checks it again."""
        sheet = self.sheet(LISTS)
        name = _sheet_name(LISTS).replace("'", "''")
        for n, column in enumerate(COLUMNS, start=FIRST_COLUMN):
            values = self.known.choices(column) if column in LISTED else []
            if not values:
                continue
            sheet.set_column(n, n, 30)
            sheet.write_string(0, n, labels()[column], self.head)
            for at, value in enumerate(values, start=1):
                sheet.write_string(at, n, value)
            letter = get_column_letter(n + 1)
            rule = {
                "validate": "list",
                "source": f"='{name}'!${letter}$2:${letter}${len(values) + 1}",
                "error_type": "warning",
                "error_message": _("Choose in the list, or leave empty."),
            }
            lines.data_validation(FIRST_ROW, n, last, n, rule)


# --- In -------------------------------------------------------------------------------------


def read_room(room: Room, data: bytes) -> Read:
    """What a filled sheet says.

    Raises:
        DomainError: it is not the sheet of this room; codes begin with ``import.``.
    """
    sheet = open_workbook(data, FORMAT).get(LINES)
    if sheet is None:
        text = _("This is not the sheet of a room. Download it from this page, fill it, load it.")
        raise refuse("template", text)
    if sheet.cell(1, 0) != str(room.pk):
        raise refuse("room", _("This sheet was made for another room."))
    places = _places(sheet)
    reader = _Reader(room, sheet, places, known_of(room))
    for row in range(FIRST_ROW, len(sheet.rows)):
        if any(sheet.cell(row, column) for column in places.values()):
            reader.line(row)
    if len(reader.read.lines) > MAX_LINES:
        raise refuse("rows", _("At most %(n)d lines in one room.") % {"n": MAX_LINES})
    if not reader.read.lines and not reader.read.cells:
        raise refuse("rows", _("No line of this sheet is filled."))
    return reader.read


def _places(sheet: Sheet) -> dict[str, int]:
    """Code -> column, from the hidden row: columns may have been moved."""
    width = max((len(row) for row in sheet.rows[: FIRST_ROW + 1]), default=0)
    found = {sheet.cell(CODES_ROW, n): n for n in range(FIRST_COLUMN, width)}
    if missing := [code for code in COLUMNS if code not in found]:
        told = ", ".join(labels()[code] for code in missing)
        raise refuse("columns", _("Columns are missing: %(names)s.") % {"names": told})
    return {code: found[code] for code in COLUMNS}


class _Reader:
    """Reads line after line; what is wrong is noted at its cell."""

    def __init__(self, room: Room, sheet: Sheet, places: Mapping[str, int], known: Known) -> None:
        self.room, self.sheet, self.places, self.known = room, sheet, places, known
        self.folded: dict[str, dict[str, Any]] = {
            column: {fold(words): value for words, value in getattr(known, column).items()}
            | {fold(str(v)): v for v in getattr(known, column).values() if isinstance(v, str)}
            for column in (*LISTED, "organisation")
        }
        self.taken = set(room.contributions.values_list("line", flat=True))
        self.read = Read()

    def note(self, row: int, column: str, message: str) -> None:
        at = self.places.get(column, 1)
        self.read.cells.append(BadCell(self.sheet.address(row, at), message))

    def line(self, row: int) -> None:
        number = self.number(row)
        before = len(self.read.cells)
        category = self.choice(row, "category", needed=True)
        kind = self.choice(row, "kind", needed=True)
        clause = self.choice(row, "clause")
        language = self.choice(row, "language")
        body = self.choice(row, "organisation")
        if body is not None and category in SEALED_CATEGORIES:
            text = _("Of a survivor or of the public, no body is recorded: leave it empty.")
            self.note(row, "organisation", text)
        if number is None or len(self.read.cells) > before:
            return
        words = {c: self.sheet.cell(row, self.places[c]) for c in ("text", "replaced", "proposed")}
        told = Told(kind, clause=clause, language=language or "", **words)
        try:
            told = check_words(self.room.process, told)
        except DomainError as error:
            self.note(row, error.field, str(error.message))
            return
        self.read.lines.append(Line(number, category, told, body))

    def number(self, row: int) -> int | None:
        """The number of a line: ours, hidden; or the one that somebody wrote in a new row."""
        typed = self.sheet.cell(row, 0) or self.sheet.cell(row, 1).rpartition("-")[2]
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None
        if number is None or number in self.taken:
            text = _("Each line has a number of its own, and comes in once.")
            self.note(row, "", text)
            return None
        self.taken.add(number)
        return number

    def choice(self, row: int, column: str, *, needed: bool = False) -> Any:
        """What was chosen; ``None`` where nothing was, or nothing of the list."""
        typed = self.sheet.cell(row, self.places[column])
        value = self.folded[column].get(fold(typed)) if typed else None
        if typed and value is None:
            text = _("«%(typed)s» is not in the list.") % {"typed": typed[:40]}
            self.note(row, column, text)
        elif needed and value is None:
            self.note(row, column, _("Choose in the list."))
        return value
