"""The intake sheet as a workbook: filled where there is no network, read back whole or not at all.

One row a line of the sheet, with the number it has on paper; one column a column of the sheet.
Nothing is kept here: reading returns what the file says; the caller decides.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from danbe.exchange.return_xlsx import Sheet, letter_of, open_workbook, refuse
from danbe.protection.intake import CODES, COLUMNS, Known, Line, known, read_lines
from danbe.protection.models import Event
from danbe.protection.person_actions import MAX_PEOPLE
from danbe.reports.workbook import new_workbook
from danbekit.dates import format_date

FORMAT = "danbe-intake-1"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEOPLE, LISTS = "people", "lists"
CODES_ROW, NUMBERS_ROW, LABELS_ROW, FIRST_ROW = 2, 3, 4, 5  # counted from 0
FIRST_COLUMN = 2  # A: ours; B: the number of the line
N_LINES = 600  # empty lines in a workbook
WIDTHS = {"family_name": 20, "given_names": 24, "sex": 12, "form": 30, "citizenship": 22}


@dataclass(frozen=True, slots=True)
class BadCell:
    """One cell to correct, named as the spreadsheet names it: ``Personnes!F14``."""

    address: str
    message: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a workbook says, and what is wrong with it."""

    lines: tuple[Line, ...]
    cells: tuple[BadCell, ...] = ()


# --- Out ------------------------------------------------------------------------------------


def write_sheet(event: Event, *, first_line: int, n_lines: int = N_LINES) -> bytes:
    """An empty sheet for ``event``, its lines numbered from ``first_line``."""
    file = io.BytesIO()
    book = new_workbook(file)
    book.set_properties({"title": event.number})
    _Writer(book, event, known()).write(first_line, n_lines)
    book.close()
    return file.getvalue()


def _sheet_name(key: str) -> str:
    return {PEOPLE: _("People"), LISTS: _("Lists")}[key][:31]


class _Writer:
    """Writes one empty sheet into one workbook."""

    def __init__(self, book: Any, event: Event, lists: Known) -> None:
        self.book, self.event, self.lists = book, event, lists
        plain = {"valign": "top", "font_name": "Arial", "font_size": 10}
        head = {"bold": True, "text_wrap": True, "bg_color": "#e8eff7", "border": 1}
        text = {"locked": False, "border": 1, "border_color": "#737f8f", "num_format": "@"}
        self.title = book.add_format(plain | {"bold": True, "font_size": 14})
        self.small = book.add_format(plain | {"font_color": "#4a5563"})
        self.head = book.add_format(plain | head)
        self.number = book.add_format(plain | {"border": 1, "bg_color": "#f4f6f8"})
        self.entry = book.add_format(plain | text)

    def write(self, first_line: int, n_lines: int) -> None:
        sheet = self.sheet(PEOPLE)
        self.write_heads(sheet)
        for n in range(n_lines):
            sheet.write_number(FIRST_ROW + n, 1, first_line + n, self.number)
            for column in range(len(COLUMNS)):
                sheet.write_blank(FIRST_ROW + n, FIRST_COLUMN + column, None, self.entry)
        self.write_lists(sheet, FIRST_ROW + n_lines - 1)

    def sheet(self, key: str) -> Any:
        """A protected sheet that says what it is in its hidden first cell."""
        sheet = self.book.add_worksheet(_sheet_name(key))
        sheet.protect(options={"format_columns": True, "format_rows": True, "sort": True})
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.write_string(0, 0, f"{FORMAT}:{key}")
        return sheet

    def write_heads(self, sheet: Any) -> None:
        sheet.write_string(1, 0, str(self.event.pk))
        day = format_date(self.event.on)
        told = f"{self.event.number} · {self.event.get_kind_display()} · {day}"
        sheet.write_string(0, 1, _("Intake sheet"), self.title)
        sheet.write_string(0, FIRST_COLUMN + 1, told, self.small)
        rule = _(
            "One line a person. Leave empty what is not known or not said: nobody must give a "
            "name. This file holds names once filled: keep it locked away, and erase it when it "
            "is loaded."
        )
        sheet.write_string(1, 1, rule, self.small)
        sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        sheet.set_row(LABELS_ROW, 45)
        sheet.set_column(1, 1, 6)
        sheet.write_string(LABELS_ROW, 1, _("Line"), self.head)
        sheet.write_blank(NUMBERS_ROW, 1, None, self.head)
        for n, column in enumerate(COLUMNS, start=FIRST_COLUMN):
            sheet.set_column(n, n, WIDTHS.get(column.code, 16))
            sheet.write_string(CODES_ROW, n, column.code)
            sheet.write_number(NUMBERS_ROW, n, column.number, self.head)
            sheet.write_string(LABELS_ROW, n, str(column.label), self.head)
        sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(NUMBERS_ROW, LABELS_ROW)

    def write_lists(self, people: Any, last: int) -> None:
        """What may be chosen, and the pull-downs that show it. Reading checks it again."""
        sheet = self.sheet(LISTS)
        name = _sheet_name(LISTS).replace("'", "''")
        for n, column in enumerate(COLUMNS, start=FIRST_COLUMN):
            if not column.options:
                continue
            values = list(self.lists.options[column.options].values())
            sheet.set_column(n, n, 34)
            sheet.write_string(0, n, str(column.label), self.head)
            for at, value in enumerate(values, start=1):
                sheet.write_string(at, n, value)
            letter = letter_of(n)
            source = f"='{name}'!${letter}$2:${letter}${len(values) + 1}"
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            rule["error_message"] = _("Choose in the list, or leave empty.")
            people.data_validation(FIRST_ROW, n, last, n, rule)


# --- In -------------------------------------------------------------------------------------


def read_sheet(event: Event, data: bytes) -> Read:
    """What a filled sheet says of ``event``.

    Raises:
        DomainError: it is not a sheet of this event; codes begin with ``import.``.
    """
    sheet = open_workbook(data, FORMAT).get(PEOPLE)
    if sheet is None:
        text = _("This is not an intake sheet. Download it from this page, fill it, load it.")
        raise refuse("template", text)
    if sheet.cell(1, 0) != str(event.pk):
        raise refuse("event", _("This sheet was made for another event."))
    places = _places(sheet)
    numbers: dict[int, int] = {}
    cells: list[BadCell] = []
    typed: list[tuple[int, Mapping[str, str]]] = []
    for row in range(FIRST_ROW, len(sheet.rows)):
        raw = {code: sheet.cell(row, column) for code, column in places.items()}
        if not any(raw.values()):
            continue
        number = _number(sheet, row)
        if number is None or number in numbers:
            text = _("Each line has a number of its own: 1, 2, 3…")
            cells.append(BadCell(sheet.address(row, 1), text))
            continue
        numbers[number] = row
        typed.append((number, raw))
    lines = read_lines(typed, known())
    cells += _bad_cells(sheet, lines, numbers, places)
    if len(lines) > MAX_PEOPLE:
        text = _("At most %(n)d people in one sheet: split it.") % {"n": MAX_PEOPLE}
        raise refuse("rows", text)
    return Read(tuple(lines), tuple(cells))


def _places(sheet: Sheet) -> dict[str, int]:
    """Code -> column, from the hidden row: columns may have been moved."""
    width = max((len(row) for row in sheet.rows[: FIRST_ROW + 1]), default=0)
    found = {sheet.cell(CODES_ROW, n): n for n in range(FIRST_COLUMN, width)}
    if missing := set(CODES) - set(found):
        told = ", ".join(str(c.label) for c in COLUMNS if c.code in missing)
        raise refuse("columns", _("Columns are missing: %(names)s.") % {"names": told})
    return {code: found[code] for code in CODES}


def _number(sheet: Sheet, row: int) -> int | None:
    text = sheet.cell(row, 1)
    return int(text) if text.isdecimal() and 0 < int(text) <= 100_000 else None


def _bad_cells(
    sheet: Sheet,
    lines: Sequence[Line],
    numbers: Mapping[int, int],
    places: Mapping[str, int],
) -> list[BadCell]:
    return [
        BadCell(sheet.address(numbers[line.number], places[bad.column]), bad.message)
        for line in lines
        for bad in line.errors
    ]
