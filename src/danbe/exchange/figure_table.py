"""One figure and its parts as a file: CSV for machines, XLSX for people.

The file says by itself what is counted, in what unit, when, where, from which bodies and with
what reservations: it will be read far from Danbe. No text of it can run as a formula.
"""

import csv
import datetime
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.figures.queries import Table
from danbe.reports.workbook import new_workbook
from danbekit.dates import Window, format_date

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One number of one return; ``value`` is ``None`` where the reader may not see it."""

    organisation: str
    window: Window
    place: str
    value: int | None
    status: str  # why it counts or not, in words
    note: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table with all that must travel with it."""

    table: Table
    unit: str
    place: str
    by: str  # in words
    body: str  # who publishes it
    made_on: datetime.date
    sources: tuple[SourceLine, ...] = ()
    notes: tuple[str, ...] = ()


COLUMNS = (
    "definition",
    "definition_label",
    "unit",
    "start",
    "end",
    "place",
    "by",
    "key",
    "label",
    "value",
    "is_at_least",
    "is_no_data",
    "n_bodies",
    "sources",
    "note",
)


def to_csv(told: FigureTable) -> bytes:
    """Write one row a part, each complete in itself; UTF-8 with a mark, commas (RFC 4180).

    No data is an empty ``value`` with ``is_no_data`` 1: never a zero.
    """
    figure, definition = told.table.figure, told.table.figure.definition
    head = [
        definition.code,
        definition.label,
        told.unit,
        figure.window.start.isoformat(),
        figure.window.end.isoformat(),
        told.place,
    ]
    bodies = "; ".join(sorted({source.organisation for source in told.sources}))
    behind = [figure.n_bodies, bodies, " ".join(told.notes)]
    said = _number(figure.value, figure.at_least)
    rows = [[*head, "total", "", _("Total"), *said, *behind]]
    for row in told.table.rows:
        said = _number(row.value, row.at_least)
        rows.append([*head, told.table.by, row.key, row.label, *said, "", "", row.note])
    if told.table.unexplained:
        said = _number(told.table.unexplained, False)
        rows.append([*head, told.table.by, "", _("Not broken down"), *said, "", "", ""])
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _number(value: int | None, at_least: bool) -> list[object]:
    return ["" if value is None else value, int(at_least), int(value is None)]


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would run gets a quote in front (OWASP, CSV injection)."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def to_xlsx(told: FigureTable) -> bytes:
    """Three sheets: the table under its definition, the sources, and how to read it."""
    file = io.BytesIO()
    with new_workbook(file) as book:
        title = told.table.figure.definition.label
        book.set_properties({"title": title, "author": told.body, "company": told.body})
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True})
        number = book.add_format({"num_format": "#,##0"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        total = book.add_format({"bold": True, "top": 1, "num_format": "#,##0"})
        formats = _Formats(bold, head, number, wrapped, total)
        _table_sheet(book.add_worksheet(_("Figure")), told, formats)
        _source_sheet(book.add_worksheet(_("Sources")), told, formats)
        _note_sheet(book.add_worksheet(_("How to read it")), told, formats)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    bold: "Format"
    head: "Format"
    number: "Format"
    wrapped: "Format"
    total: "Format"


def _table_sheet(sheet: "Worksheet", told: FigureTable, formats: _Formats) -> None:
    figure = told.table.figure
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 44)
    sheet.write_string(0, 0, figure.definition.label, formats.bold)
    language = get_language() or "fr"
    about = [
        (_("Unit"), told.unit),
        (_("Period"), figure.window.label(language)),
        (_("Place"), told.place),
        (_("Published by"), told.body),
        (_("Made on"), format_date(told.made_on, language)),
    ]
    for n, (label, text) in enumerate(about, 1):
        sheet.write_string(n, 0, label)
        sheet.write_string(n, 1, text)
    top = len(about) + 2
    for column, label in enumerate((told.by, _("Value"), _("Note"))):
        sheet.write_string(top, column, label, formats.head)
    sheet.freeze_panes(top + 1, 0)
    line = top
    for line, row in enumerate(told.table.rows, top + 1):
        sheet.write_string(line, 0, row.label)
        _value(sheet, line, row.value, formats.number)
        sheet.write_string(line, 2, _reserve(row.note, row.at_least))
    if told.table.unexplained:
        line += 1
        sheet.write_string(line, 0, _("Not broken down"))
        _value(sheet, line, told.table.unexplained, formats.number)
    sheet.write_string(line + 1, 0, _("Total"), formats.total)
    _value(sheet, line + 1, figure.value, formats.total)
    sheet.write_string(line + 1, 2, _reserve("", figure.at_least), formats.total)


def _value(sheet: "Worksheet", line: int, value: int | None, number: "Format") -> None:
    if value is None:
        sheet.write_string(line, 1, _("no data"), number)
    else:
        sheet.write_number(line, 1, value, number)


def _reserve(note: str, at_least: bool) -> str:
    return "; ".join(part for part in (_("at least") if at_least else "", note) if part)


def _source_sheet(sheet: "Worksheet", told: FigureTable, formats: _Formats) -> None:
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, 3, 18)
    sheet.set_column(4, 5, 40)
    labels = (_("Organisation"), _("From"), _("To"), _("Place"), _("Value"), _("In the total"))
    for column, label in enumerate((*labels, _("Note"))):
        sheet.write_string(0, column, label, formats.head)
    sheet.freeze_panes(1, 0)
    for line, source in enumerate(told.sources, 1):
        sheet.write_string(line, 0, source.organisation)
        sheet.write_string(line, 1, source.window.start.isoformat())
        sheet.write_string(line, 2, source.window.end.isoformat())
        sheet.write_string(line, 3, source.place)
        if source.value is not None:
            sheet.write_number(line, 4, source.value, formats.number)
        sheet.write_string(line, 5, source.status)
        sheet.write_string(line, 6, source.note)


def _note_sheet(sheet: "Worksheet", told: FigureTable, formats: _Formats) -> None:
    definition = told.table.figure.definition
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    lines = [
        (_("Number"), definition.number),
        (_("What is counted"), definition.sentence),
        (_("Counts"), definition.example),
        (_("Does not count"), definition.counterexample),
        (_("Not broken down"), _("What the bodies did not split: it is in the total.")),
        (_("no data"), _("Nobody said anything. It is not zero.")),
    ]
    lines += [(_("Note") if n == 0 else "", note) for n, note in enumerate(told.notes)]
    for line, (label, text) in enumerate(lines):
        sheet.write_string(line, 0, label, formats.bold)
        sheet.write_string(line, 1, text, formats.wrapped)
