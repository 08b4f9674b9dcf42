"""Any list of Danbe as a workbook: one sheet, what it is on top, one row a row.

An amount nobody said is an empty cell, never a zero. No text can run as a formula.
"""

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST = 4  # the row of the headings: title, note, body, blank

Cell = str | int | Decimal | datetime.date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with all that must travel with it."""

    title: str
    note: str  # what a row is, and what is never added
    body: str  # who keeps it
    made_on: datetime.date
    columns: Sequence[tuple[str, int]]  # heading, width
    rows: Iterable[Sequence[Cell]]


def to_xlsx(told: Listed) -> bytes:
    """The workbook."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": told.title, "author": told.body, "company": told.body})
        sheet = book.add_worksheet(_("List"))
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True})
        whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        parts = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_string(0, 0, told.title, bold)
        sheet.write_string(1, 0, told.note)
        sheet.write_string(2, 0, f"{told.body}, {told.made_on:%d/%m/%Y}")
        for column, (name, width) in enumerate(told.columns):
            sheet.set_column(column, column, width)
            sheet.write_string(FIRST, column, name, head)
        sheet.freeze_panes(FIRST + 1, 1)
        for line, row in enumerate(told.rows, FIRST + 1):
            for column, cell in enumerate(row):
                match cell:
                    case None | "":
                        continue
                    case datetime.date():
                        sheet.write_datetime(line, column, _midnight(cell), day)
                    case int():
                        sheet.write_number(line, column, cell, whole)
                    case Decimal():
                        sheet.write_number(line, column, float(cell), parts)
                    case _text:
                        sheet.write_string(line, column, str(cell), text)
    return file.getvalue()


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day)  # a day has no zone
