"""The figures of the register as a file: CSV for machines, XLSX for people.

A number that is hidden stays hidden in the file: ``value`` is empty and ``mark`` says why.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from danbe.reports.workbook import new_workbook

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = "number definition label start end place by part value mark method".split()


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One number with all that must travel with it."""

    number: str
    definition: str
    label: str
    start: str
    end: str
    place: str
    by: str
    part: str
    value: int | None
    mark: str
    method: str

    @property
    def cells(self) -> list[str | int]:
        """As the file has them."""
        told = [getattr(self, name) for name in COLUMNS]
        return ["" if cell is None else _harmless(cell) for cell in told]


def _harmless(cell: str | int) -> str | int:
    """A text that a spreadsheet would run gets a quote in front (OWASP, CSV injection)."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def to_csv(rows: Sequence[RegisterRow]) -> bytes:
    """One row a number; UTF-8 with a mark, commas (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(row.cells for row in rows)
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(rows: Sequence[RegisterRow]) -> bytes:
    """One sheet under its title, one row a number."""
    heads = {
        "number": _("Number"),
        "definition": _("Code"),
        "label": _("Figure"),
        "start": _("From"),
        "end": _("To"),
        "place": _("Place"),
        "by": _("Breakdown"),
        "part": _("Part"),
        "value": _("Value"),
        "mark": _("Hidden"),
        "method": _("How the register counts"),
    }
    file = io.BytesIO()
    with new_workbook(file) as book:
        sheet = book.add_worksheet(_("Register"))
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True})
        number = book.add_format({"num_format": "#,##0"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 1, 12)
        sheet.set_column(2, 2, 44)
        sheet.set_column(3, 9, 16)
        sheet.set_column(10, 10, 90)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, heads[name], head)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row.cells):
                if isinstance(cell, int):
                    sheet.write_number(line, column, cell, number)
                else:
                    sheet.write_string(line, column, cell)
    return file.getvalue()
