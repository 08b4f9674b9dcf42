"""A return as a workbook: written with the questions of the form, read back all or nothing.

One sheet an axis, one row a line, one column a cell of the breakdowns; the same numbers as on
screen and on paper. Codes stand in a hidden column and a hidden row, so that labels may be
shown in any language. Nothing is kept here: reading returns what the file says, with the
address of every cell that is wrong; the caller decides.
"""

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl.utils.cell import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from danbe.core.errors import DomainError
from danbe.figures.content import (
    Problem,
    Vocabulary,
    asked_of,
    is_blank,
    normal,
    parse,
    place_labels,
    vocabulary,
)
from danbe.figures.models import Axis, Breakdown, Definition, Return
from danbekit.dates import Window
from danbekit.names import fold

FORMAT = "danbe-return-1"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_FILE = 5 * 2**20
MAX_UNPACKED = 40 * 2**20
MAX_MEMBERS = 200
MAX_ROWS = 4_000  # a sheet
MAX_COLUMNS = 150
SPARE = 3  # empty rows after the lines of a definition
EXTRA = 40  # empty rows at the end of a sheet, for any question
CELL_TEXT = 32_000  # characters that a cell of a workbook holds

CODES_ROW, BANDS_ROW, LABELS_ROW, FIRST_ROW = 2, 3, 4, 5  # counted from 0
LINE_COLUMNS = ("definition", "number", "question", "place", "from", "to", "total", "no_data")
LONG_LIST = 40  # more codes than this (countries) are written in rows, not in columns
INFO, TEXTS, LONGS, LISTS = "info", "texts", "longs", "lists"  # keys of sheets
YES, NO = {"x", "oui", "yes", "1", "vrai", "true"}, {"", "non", "no", "0", "faux", "false"}

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadCell:
    """One cell to correct, named as the spreadsheet names it: ``Protection!D14``."""

    address: str
    message: str
    is_error: bool = True
    is_lost: bool = False  # the return has no room for what was written there


@dataclass(frozen=True, slots=True)
class Change:
    """What the file would do to one definition of the return."""

    definition: Definition
    n_before: int
    n_after: int
    totals: tuple[str, ...]
    no_data: bool


@dataclass(slots=True)
class Read:
    """What a workbook says, and what is wrong with it. ``content`` is the whole new content."""

    content: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    cells: list[BadCell] = field(default_factory=list)
    n_texts: int = 0

    @property
    def errors(self) -> list[BadCell]:
        """Cells to correct."""
        return [cell for cell in self.cells if cell.is_error]

    @property
    def may_be_kept(self) -> bool:
        """Whether everything, right or wrong, can be taken over into the draft as it is."""
        return not any(cell.is_lost for cell in self.cells)

    @property
    def warnings(self) -> list[BadCell]:
        """Figures that may be kept with an explanation."""
        return [cell for cell in self.cells if not cell.is_error]


def column_group(definition: Definition, breakdown: str) -> str:
    """The columns that hold a breakdown: categories have one group of columns a list."""
    return f"category/{definition.category_list}" if breakdown == "category" else str(breakdown)


def is_long(known: Vocabulary, definition: Definition, breakdown: str) -> bool:
    """Whether a breakdown has too many codes for a column each."""
    return len(known.keys_of(definition, breakdown)) > LONG_LIST


def long_splits(known: Vocabulary, definition: Definition) -> list[str]:
    """The breakdowns of a definition that are written in rows."""
    return [b for b in definition.splits if is_long(known, definition, b)]


def long_labels(known: Vocabulary) -> dict[str, str]:
    """Label -> code of all that may be chosen in rows."""
    labels: dict[str, str] = {}
    for definition in known.definitions.values():
        for breakdown in long_splits(known, definition):
            for code, label in known.keys_of(definition, breakdown).items():
                labels.setdefault(label, code)
    return labels


def known_of(row: Return) -> Vocabulary:
    """What the return may speak of."""
    definitions = asked_of(row.organisation.type, row.axes.split())
    return vocabulary(Window(row.start, row.end), definitions)


# --- Out --------------------------------------------------------------------------------------


def write_return(row: Return, *, blank: bool = False) -> bytes:
    """The workbook of a return: with its present content, or ``blank``."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": f"{row.organisation} {Window(row.start, row.end).code}"})
    Writer(book, row, {} if blank else row.content).write()
    book.close()
    return file.getvalue()


def sheet_name(key: str) -> str:
    """What the tab says. Axes by their name; 31 characters at most, none of ``[]:*?/\\``."""
    names = {
        INFO: _("Read me"),
        TEXTS: _("Narrative"),
        LONGS: _("Countries"),
        LISTS: _("Lists"),
    }
    return str(names.get(key) or Axis(key).label)[:31]


class Writer:
    """Writes one return into one workbook."""

    def __init__(self, book: Any, row: Return, content: Mapping[str, Any]) -> None:
        self.book, self.row, self.content = book, row, content
        self.known = known_of(row)
        self.places = place_labels(self.known)
        self.countries = long_labels(self.known)
        self.window = self.known.window
        plain = {"valign": "top", "font_name": "Arial", "font_size": 10}
        entry = plain | {"locked": False, "border": 1, "border_color": "#737f8f"}
        head = plain | {"bold": True, "text_wrap": True, "bg_color": "#e8eff7", "border": 1}
        self.plain = book.add_format(plain | {"text_wrap": True})
        self.small = book.add_format(plain | {"text_wrap": True, "font_color": "#4a5563"})
        self.title = book.add_format(plain | {"bold": True, "font_size": 14})
        self.head = book.add_format(head)
        self.entry = book.add_format(entry)
        self.wrapped = book.add_format(entry | {"text_wrap": True})
        self.number = book.add_format(entry | {"num_format": "#,##0", "align": "right"})
        self.date = book.add_format(entry | {"num_format": "dd/mm/yyyy", "align": "right"})
        self.closed = book.add_format({"bg_color": "#e4e7eb"})

    def write(self) -> None:
        """Every sheet."""
        self.write_info()
        by_axis: dict[str, list[Definition]] = {}
        for definition in self.known.definitions.values():
            by_axis.setdefault(definition.axis, []).append(definition)
        for axis, definitions in by_axis.items():
            self.write_axis(axis, definitions)
        self.write_longs()
        self.write_texts()
        self.write_lists()

    def sheet(self, key: str) -> Any:
        """A protected sheet that says what it is in its hidden first cell."""
        sheet = self.book.add_worksheet(sheet_name(key))
        sheet.protect(options={"format_columns": True, "format_rows": True, "sort": True})
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.write_string(0, 0, f"{FORMAT}:{key}")
        return sheet

    def write_info(self) -> None:
        """How to fill the file, and (hidden) which return it belongs to."""
        sheet = self.sheet(INFO)
        sheet.hide_gridlines(2)
        sheet.set_column(1, 1, 100)
        sheet.write_string(0, 1, _("Return to the Committee"), self.title)
        sheet.write_string(1, 1, f"{self.row.organisation} · {self.spoken(self.window)}")
        told = [
            _("One sheet for each axis, one row for each place. Write only in the framed cells."),
            _("Choose the place in the list. For an event, give its dates; otherwise none."),
            _("Write whole numbers: 1250. «36,000+» means «more than 36,000»."),
            _("Leave empty what you do not know: empty is not zero. Write 0 for a true zero."),
            _("No figure at all for a question: put an x in the column «No data»."),
            _("When the parts add up to less than the total, explain why in «Explanation»."),
            _("Need more rows? Use those at the bottom of the sheet, with the question's number."),
            _("Write no name of a person and no name of a village anywhere in this file."),
            _("Keep the file as .xlsx, then load it in Danbe: every wrong cell will be named."),
        ]
        for n, line in enumerate(told):
            sheet.write_string(n + 3, 1, f"{n + 1}. {line}", self.plain)
        meta = (self.window.code, self.row.organisation.code, self.row.axes)
        for n, text in enumerate(meta, start=1):
            sheet.write_string(n, 0, text)

    def spoken(self, window: Window) -> str:
        """A window, in the reader's language."""
        return window.label(get_language() or "fr")

    def columns(self, definitions: Sequence[Definition]) -> list[tuple[str, str, str]]:
        """Code, band and label of the columns of an axis."""
        labels = {
            "definition": "",
            "number": _("No."),
            "question": _("Question"),
            "place": _("Place"),
            "from": _("From"),
            "to": _("To"),
            "total": _("Total"),
            "no_data": _("No data"),
        }
        columns = [(code, "", labels[code]) for code in LINE_COLUMNS]
        for breakdown in Breakdown:
            bands: dict[str, list[Definition]] = {}
            for definition in definitions:
                if breakdown in definition.splits and not is_long(
                    self.known, definition, breakdown
                ):
                    bands.setdefault(column_group(definition, breakdown), []).append(definition)
            for group, asked in bands.items():
                numbers = ", ".join(d.number for d in asked)
                band = f"{breakdown.label} ({numbers})" if "/" in group else str(breakdown.label)
                keys = self.known.keys_of(asked[0], breakdown)
                columns += [(f"{group}:{key}", band, label) for key, label in keys.items()]
            if breakdown is Breakdown.SEX_AGE:
                columns.append(("explanation", "", _("Explanation")))
        return columns

    def write_axis(self, axis: str, definitions: Sequence[Definition]) -> None:
        """One row a line; empty rows after each question, and more at the end."""
        sheet, columns = self.sheet(axis), self.columns(definitions)
        sheet.freeze_panes(FIRST_ROW, 4)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(BANDS_ROW, LABELS_ROW)
        sheet.write_string(0, 1, f"{Axis(axis).label} · {self.row.organisation}", self.title)
        sheet.write_string(1, 1, self.spoken(self.window), self.small)
        self.write_heads(sheet, columns)
        at = FIRST_ROW
        for definition in definitions:
            at = self.write_definition(sheet, columns, definition, at)
        for _n in range(EXTRA):
            self.write_line(sheet, columns, None, at, {})
            at += 1
        self.validate(sheet, at - 1)

    def write_heads(self, sheet: Any, columns: Sequence[tuple[str, str, str]]) -> None:
        """The hidden row of codes, and the two rows of labels."""
        widths = {"number": 7, "question": 44, "place": 26, "from": 11, "to": 11, "total": 12}
        widths |= {"no_data": 9, "explanation": 34}
        sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        sheet.set_row(LABELS_ROW, 62)
        for n, (code, band, label) in enumerate(columns):
            if n:
                sheet.set_column(n, n, widths.get(code, 12))
            sheet.write_string(CODES_ROW, n, code)
            said = band if n == 0 or columns[n - 1][1] != band else ""
            sheet.write_string(BANDS_ROW, n, said, self.head)
            sheet.write_string(LABELS_ROW, n, label, self.head)

    def write_definition(
        self,
        sheet: Any,
        columns: Sequence[tuple[str, str, str]],
        definition: Definition,
        at: int,
    ) -> int:
        """The lines of one definition and its spare rows; returns the next free row."""
        lines = [normal(raw) for raw in (self.content.get("lines") or {}).get(definition.code, [])]
        ticked = definition.code in (self.content.get("no_data") or [])
        for n, raw in enumerate([*lines, *({} for _spare in range(SPARE))]):
            self.write_line(sheet, columns, definition, at, raw, ticked=ticked and n == 0)
            at += 1
        return at

    def write_line(
        self,
        sheet: Any,
        columns: Sequence[tuple[str, str, str]],
        definition: Definition | None,
        at: int,
        raw: Raw,
        *,
        ticked: bool = False,
    ) -> None:
        """One row: what was typed, and closed cells where the question has no such part."""
        if definition:
            sheet.write_string(at, 0, definition.code)
            sheet.write_string(at, 1, definition.number, self.plain)
            sheet.write_string(at, 2, definition.label, self.plain)
        else:
            sheet.write_blank(at, 1, None, self.entry)
            sheet.write_string(at, 2, _("(write the number of the question on the left)"))
        place = str(raw.get("place") or "")
        self.put(sheet, at, 3, self.places.get(place, place), self.entry)
        self.put_date(sheet, at, 4, raw.get("from"))
        self.put_date(sheet, at, 5, raw.get("to"))
        self.put(sheet, at, 6, raw.get("total"), self.number)
        self.put(sheet, at, 7, "x" if ticked else "", self.entry)
        for n, (code, _band, _label) in enumerate(columns[len(LINE_COLUMNS) :], len(LINE_COLUMNS)):
            if code == "explanation":
                self.put(sheet, at, n, raw.get("explanation"), self.wrapped)
                continue
            group, _colon, key = code.partition(":")
            breakdown = group.partition("/")[0]
            open_ = definition is None or (
                breakdown in definition.splits and group == column_group(definition, breakdown)
            )
            typed = raw.get("cells", {}).get(breakdown, {}).get(key) if open_ else ""
            self.put(sheet, at, n, typed, self.number if open_ else self.closed)

    def put(self, sheet: Any, at: int, column: int, typed: object, style: Any) -> None:
        """A number as a number, anything else as the text it is; never as a formula."""
        text = str(typed or "")[:CELL_TEXT]
        if re.fullmatch(r"0|[1-9]\d{0,13}", text):
            sheet.write_number(at, column, int(text), style)
        elif text:
            sheet.write_string(at, column, text, style)
        else:
            sheet.write_blank(at, column, None, style)

    def put_date(self, sheet: Any, at: int, column: int, typed: object) -> None:
        """A date as a date where it is one."""
        text = str(typed or "")
        try:
            day = datetime.datetime.strptime(text, "%Y-%m-%d")
        except ValueError:
            self.put(sheet, at, column, text, self.date)
            return
        if day.date().isoformat() == text and day.year >= 1901:  # what a workbook can hold
            sheet.write_datetime(at, column, day, self.date)
        else:
            self.put(sheet, at, column, text, self.date)

    def validate(self, sheet: Any, last: int) -> None:
        """Lists to choose from. They help; reading checks everything again."""
        name = sheet_name(LISTS).replace("'", "''")
        numbers = len(self.known.definitions)
        said = {"error_title": _("Danbe"), "error_type": "warning"}
        source = f"='{name}'!$B$2:$B${len(self.places) + 1}"
        message = _("Choose a place in the list.")
        sheet.data_validation(
            FIRST_ROW,
            3,
            last,
            3,
            {"validate": "list", "source": source, "error_message": message} | said,
        )
        source = f"='{name}'!$C$2:$C${numbers + 1}"
        sheet.data_validation(
            last - EXTRA + 1, 1, last, 1, {"validate": "list", "source": source} | said
        )

    def write_longs(self) -> None:
        """Countries are too many for columns: one row a question, a place and a country."""
        asked = [d for d in self.known.definitions.values() if long_splits(self.known, d)]
        if not asked:
            return
        sheet = self.sheet(LONGS)
        text = _("Citizenship, or country, of those counted on the sheets of the axes")
        sheet.write_string(0, 1, text, self.title)
        numbers = ", ".join(d.number for d in asked)
        told = _("For questions %(numbers)s only; repeat the place and the dates of the line.")
        sheet.write_string(1, 1, told % {"numbers": numbers}, self.small)
        codes = ("number", "place", "from", "to", "country", "value")
        labels = (_("No."), _("Place"), _("From"), _("To"), _("Country"), _("Number"))
        sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        for n, (code, label) in enumerate(zip(codes, labels, strict=True), start=1):
            sheet.set_column(n, n, 26 if code in ("place", "country") else 11)
            sheet.write_string(CODES_ROW, n, code)
            sheet.write_string(LABELS_ROW, n, label, self.head)
        at = FIRST_ROW
        for definition, raw, country, value in self.long_cells(asked):
            place = self.places.get(raw["place"], raw["place"])
            self.put(sheet, at, 1, definition.number, self.entry)
            self.put(sheet, at, 2, place, self.entry)
            self.put_date(sheet, at, 3, raw["from"])
            self.put_date(sheet, at, 4, raw["to"])
            self.put(sheet, at, 5, country, self.entry)
            self.put(sheet, at, 6, value, self.number)
            at += 1
        for row in range(at, at + EXTRA):
            for column in (1, 2, 5):
                sheet.write_blank(row, column, None, self.entry)
            for column in (3, 4):
                sheet.write_blank(row, column, None, self.date)
            sheet.write_blank(row, 6, None, self.number)
        self.validate_longs(sheet, at + EXTRA - 1)

    def validate_longs(self, sheet: Any, last: int) -> None:
        """Lists of questions, places and countries."""
        name = sheet_name(LISTS).replace("'", "''")
        sizes = {1: ("C", self.known.definitions), 2: ("B", self.places), 5: ("D", self.countries)}
        for column, (letter, values) in sizes.items():
            if values:
                source = f"='{name}'!${letter}$2:${letter}${len(values) + 1}"
                rule = {"validate": "list", "source": source, "error_type": "warning"}
                sheet.data_validation(FIRST_ROW, column, last, column, rule)

    def long_cells(
        self, asked: Sequence[Definition]
    ) -> Iterator[tuple[Definition, Raw, str, str]]:
        """Line, label and value of the cells of long lists."""
        for definition in asked:
            for typed in (self.content.get("lines") or {}).get(definition.code, []):
                raw = normal(typed)
                for breakdown in long_splits(self.known, definition):
                    labels = self.known.keys_of(definition, breakdown)
                    for key, value in raw["cells"].get(breakdown, {}).items():
                        yield definition, raw, labels.get(key, key), value

    def write_texts(self) -> None:
        """Narrative of each axis, difficulties."""
        sheet = self.sheet(TEXTS)
        sheet.set_column(1, 1, 26)
        sheet.set_column(2, 2, 90)
        sheet.write_string(0, 1, _("What was done, and the difficulties met"), self.title)
        warning = _("Write no name of a person and no name of a village.")
        sheet.write_string(1, 1, warning, self.small)
        narrative = self.content.get("narrative") or {}
        texts: list[tuple[str, object, object]] = [
            (axis, Axis(axis).label, narrative.get(axis)) for axis in self.row.axes.split()
        ]
        texts.append(("difficulties", _("Difficulties"), self.content.get("difficulties")))
        for n, (code, label, text) in enumerate(texts, start=FIRST_ROW):
            sheet.set_row(n, 120)
            sheet.write_string(n, 0, code)
            sheet.write_string(n, 1, str(label), self.head)
            if len(str(text or "")) <= CELL_TEXT and text:
                sheet.write_string(n, 2, str(text), self.wrapped)
            else:
                sheet.write_blank(n, 2, None, self.wrapped)

    def write_lists(self) -> None:
        """What may be chosen."""
        sheet = self.sheet(LISTS)
        columns: tuple[tuple[str, Sequence[str]], ...] = (
            (_("Place"), list(self.places.values())),
            (_("No."), [d.number for d in self.known.definitions.values()]),
            (_("Country"), list(self.countries)),
            ("places", list(self.places)),
            ("countries", list(self.countries.values())),
        )
        for n, (head, values) in enumerate(columns, start=1):
            sheet.set_column(n, n, 34, None, {"hidden": n > 3})
            sheet.write_string(0, n, head, self.head)
            for at, value in enumerate(values, start=1):
                sheet.write_string(at, n, value)


# --- In ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as values; ``cell(row, column)`` counts from 0."""

    title: str
    rows: Sequence[Sequence[Any]]

    def cell(self, row: int, column: int) -> str:
        """What a cell says, as it would have been typed."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return as_typed(self.rows[row][column])

    def address(self, row: int, column: int) -> str:
        """``Protection!D14``."""
        return f"{self.title}!{get_column_letter(column + 1)}{row + 1}"


def as_typed(value: object) -> str:
    """The text of a value: ``12.0`` is ``12``, a date is ``2024-03-15``."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value).replace("\r\n", "\n").strip()


def read_return(row: Return, data: bytes) -> Read:
    """What a workbook says of this return.

    Raises:
        DomainError: it is not the template of this return; codes begin with ``import.``.
    """
    sheets = open_workbook(data)
    _check_is_of(row, sheets)
    return Reader(row, sheets).read()


def refuse(code: str, text: str) -> DomainError:
    """Why the file as a whole cannot be read."""
    return DomainError(f"import.{code}", text, "file")


def open_workbook(data: bytes) -> dict[str, Sheet]:
    """The sheets that are ours, by their key. Raises :class:`DomainError`."""
    _check_package(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # parts of the format that openpyxl leaves out
            values, formulas = (
                openpyxl.load_workbook(
                    io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False
                )
                for data_only in (True, False)
            )
            try:
                names = values.sheetnames
                sheets = [_read_sheet(values[name], formulas[name]) for name in names]
            finally:
                values.close()
                formulas.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise refuse("damaged", _("This file is damaged and cannot be read.")) from error
    ours = {}
    for sheet in sheets:
        mark, _colon, key = sheet.cell(0, 0).partition(":")
        if mark == FORMAT:
            ours[key] = sheet
    return ours


def _read_sheet(values: Any, formulas: Any) -> Sheet:
    """Values; a formula that was never computed stays a formula, to be refused at its address."""
    values.reset_dimensions()
    formulas.reset_dimensions()
    limits = {"max_row": MAX_ROWS, "max_col": MAX_COLUMNS, "values_only": True}
    rows = []
    for said, written in zip(
        values.iter_rows(**limits), formulas.iter_rows(**limits), strict=True
    ):
        rows.append([w if v is None else v for v, w in zip(said, written, strict=True)])
    return Sheet(values.title, rows)


def _check_package(data: bytes) -> None:
    """Refuse what is not a plain, reasonable .xlsx before anything parses it."""
    if not data:
        raise refuse("empty", _("This file is empty."))
    if len(data) > MAX_FILE:
        raise refuse("large", _("This file is larger than 5 MB."))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        text = _("This file is an old .xls, or is locked by a password. Save it as plain .xlsx.")
        raise refuse("old", text)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise refuse("kind", _("This file is not an .xlsx workbook.")) from error
    with archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        unpacked = sum(member.file_size for member in members)
        if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
            raise refuse("large", _("This file is too large once unpacked."))
        if "xl/workbook.xml" not in names:
            raise refuse("kind", _("This file is not an .xlsx workbook."))
        if any(n.endswith(".bin") and "printer" not in n.lower() for n in names):
            text = _("This file holds macros or embedded objects. Save it as plain .xlsx.")
            raise refuse("macros", text)
        for member in members:
            _check_member(archive, member)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """No entity tricks, no sheet longer than can be read."""
    if not member.filename.endswith((".xml", ".rels")):
        return
    try:
        text = archive.read(member)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise refuse("damaged", _("This file is damaged and cannot be read.")) from error
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse("damaged", _("This file is damaged and cannot be read."))
    for match in re.finditer(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"', text):
        if len(match[1]) > 7 or int(match[1]) > MAX_ROWS:
            if re.search(rb"<(?:\w+:)?(?:v|is|f)\b", text[match.start() :]):
                said = _("A sheet holds more than %(n)s rows.") % {"n": MAX_ROWS}
                raise refuse("rows", said)
            return


def _check_is_of(row: Return, sheets: Mapping[str, Sheet]) -> None:
    """Refuse another file, another period, another body."""
    info = sheets.get(INFO)
    if info is None or not set(sheets) & set(Axis.values):
        text = _(
            "This is not the workbook of this return. Download it from this page, fill it, and "
            "load it again."
        )
        raise refuse("template", text)
    window, body, axes = (info.cell(n, 0) for n in (1, 2, 3))
    if window != Window(row.start, row.end).code:
        text = _("This workbook is for another period (%(window)s).") % {"window": window[:40]}
        raise refuse("window", text)
    if body != row.organisation.code:
        text = _("This workbook is for another organisation (%(body)s).") % {"body": body[:40]}
        raise refuse("body", text)
    if not set(axes.split()) <= set(row.axes.split()):
        raise refuse("axes", _("This workbook is for other axes."))


class Reader:
    """Reads the sheets of one workbook into the content of one return."""

    def __init__(self, row: Return, sheets: Mapping[str, Sheet]) -> None:
        self.row, self.sheets = row, sheets
        self.known = known_of(row)
        countries = {code: label for label, code in long_labels(self.known).items()}
        self.place_codes = self.listed(1, 4) | lookup(place_labels(self.known))
        self.country_codes = self.listed(3, 5) | lookup(countries)
        self.by_number = {d.number: d for d in self.known.definitions.values()}
        self.lines: dict[str, list[Raw]] = {}
        self.no_data: list[str] = []
        self.where: dict[str, tuple[Sheet, int, dict[str, int]]] = {}  # path of a line -> row
        self.extra: dict[str, str] = {}  # path of a cell of another sheet -> its address
        self.found: list[BadCell] = []

    def listed(self, label: int, code: int) -> dict[str, str]:
        """The file's own list: it may have been written in another language."""
        sheet = self.sheets.get(LISTS)
        rows = range(1, len(sheet.rows) if sheet else 0)
        return {fold(sheet.cell(at, label)): sheet.cell(at, code) for at in rows} if sheet else {}

    def read(self) -> Read:
        """Everything, then the checks of the form itself, told by address."""
        for axis in Axis.values:
            if axis in self.sheets:
                self.read_axis(self.sheets[axis])
        if LONGS in self.sheets:
            self.read_longs(self.sheets[LONGS])
        texts = self.read_texts()
        said = {"lines": self.lines, "no_data": self.no_data, **texts}
        parsed = parse(said, self.known)
        cells = self.found + [self.locate(problem) for problem in parsed.problems]
        changes = [self.change(code) for code in self.known.definitions if self.speaks_of(code)]
        n_texts = len(texts.get("narrative", {})) + ("difficulties" in texts)
        return Read(self.merged(texts), changes, cells, n_texts)

    def speaks_of(self, code: str) -> bool:
        """Whether the file says anything of a definition."""
        return bool(self.lines.get(code)) or code in self.no_data

    def read_axis(self, sheet: Sheet) -> None:
        """The lines of one axis."""
        codes = [sheet.cell(CODES_ROW, n) for n in range(MAX_COLUMNS)]
        columns = {code: n for n, code in enumerate(codes) if code}
        if not set(LINE_COLUMNS) <= set(columns):
            raise refuse(
                "template",
                _("The columns of the sheet %(sheet)s were changed.") % {"sheet": sheet.title},
            )
        for at in range(FIRST_ROW, len(sheet.rows)):
            definition = self.definition_at(sheet, columns, at)
            raw = self.raw_line(sheet, columns, at, definition)
            ticked = sheet.cell(at, columns["no_data"])
            if raw == normal({}) and not ticked:
                continue
            if definition is None:
                address = sheet.address(at, columns["number"])
                text = _("Write the number of a question asked in this return.")
                self.found.append(BadCell(address, text, is_lost=True))
                continue
            self.read_tick(definition, ticked, sheet.address(at, columns["no_data"]))
            if raw != normal({}):
                lines = self.lines.setdefault(definition.code, [])
                self.where[f"lines.{definition.code}.{len(lines)}"] = (sheet, at, columns)
                lines.append(raw)

    def raw_line(
        self, sheet: Sheet, columns: Mapping[str, int], at: int, definition: Definition | None
    ) -> Raw:
        """What one row says, as typed; the place by its code where it is known."""
        raw: Raw = {name: sheet.cell(at, columns[name]) for name in ("from", "to", "total")}
        raw["explanation"] = sheet.cell(at, columns.get("explanation", MAX_COLUMNS))
        raw["place"] = self.place_code(sheet.cell(at, columns["place"]))
        raw["cells"] = {}
        for code, column in columns.items():
            group, colon, key = code.partition(":")
            typed = sheet.cell(at, column) if colon else ""
            if typed:
                breakdown = group.partition("/")[0]
                own = definition is not None and group == column_group(definition, breakdown)
                # A number under the list of another question keeps the name of its column.
                raw["cells"].setdefault(breakdown, {})[key if own else code] = typed
        return normal(raw)

    def place_code(self, typed: str) -> str:
        """The code of a place; what was typed when no place, or several, bear that name."""
        return self.place_codes.get(fold(typed)) or typed

    def definition_at(
        self, sheet: Sheet, columns: Mapping[str, int], at: int
    ) -> Definition | None:
        """The question of a row: its hidden code, else the number written on the left."""
        code = sheet.cell(at, columns["definition"])
        number = sheet.cell(at, columns["number"])
        return self.known.definitions.get(code) if code else self.by_number.get(number)

    def read_tick(self, definition: Definition, ticked: str, address: str) -> None:
        """«No data»."""
        if ticked.lower() in YES:
            if definition.code not in self.no_data:
                self.no_data.append(definition.code)
        elif ticked.lower() not in NO:
            text = _("Write x, or leave empty; numbers go in the other columns.")
            self.found.append(BadCell(address, text, is_lost=True))

    def read_longs(self, sheet: Sheet) -> None:
        """Each row joins the line of the same question, place and dates."""
        columns = {sheet.cell(CODES_ROW, n): n for n in range(12)}
        names = ("number", "place", "from", "to", "country", "value")
        if not set(names) <= set(columns):
            raise refuse(
                "template",
                _("The columns of the sheet %(sheet)s were changed.") % {"sheet": sheet.title},
            )
        for at in range(FIRST_ROW, len(sheet.rows)):
            told = {name: sheet.cell(at, columns[name]) for name in names}
            if any(told.values()):
                self.read_long(sheet, at, columns, told)

    def read_long(
        self, sheet: Sheet, at: int, columns: Mapping[str, int], told: Mapping[str, str]
    ) -> None:
        """One row of that sheet."""
        definition = self.by_number.get(told["number"])
        place = self.place_code(told["place"])
        found = None
        for n, raw in enumerate(self.lines.get(definition.code, []) if definition else []):
            if (raw["place"], raw["from"], raw["to"]) == (place, told["from"], told["to"]):
                found = (n, raw)
                break
        if definition is None or found is None:
            text = _("No row of the axes has this question, this place and these dates.")
            self.found.append(BadCell(sheet.address(at, columns["number"]), text, is_lost=True))
            return
        n, raw = found
        breakdown = next(iter(long_splits(self.known, definition)), Breakdown.CITIZENSHIP.value)
        country = self.country_codes.get(fold(told["country"])) or told["country"]
        cells = raw["cells"].setdefault(breakdown, {})
        if country in cells or not country:
            text = _("Choose a country that is not already given for this line.")
            self.found.append(BadCell(sheet.address(at, columns["country"]), text, is_lost=True))
            return
        cells[country] = told["value"]
        known = country in self.known.keys_of(definition, breakdown)
        address = sheet.address(at, columns["value" if known else "country"])
        self.extra[f"lines.{definition.code}.{n}.cells.{breakdown}.{country}"] = address

    def read_texts(self) -> dict[str, Any]:
        """Narrative and difficulties; an empty cell changes nothing."""
        sheet = self.sheets.get(TEXTS)
        texts: dict[str, Any] = {}
        if sheet is None:
            return texts
        for at in range(FIRST_ROW, len(sheet.rows)):
            code, text = sheet.cell(at, 0), sheet.cell(at, 2)
            if not text:
                continue
            if code == "difficulties":
                texts[code] = text
            elif code in self.row.axes.split():
                texts.setdefault("narrative", {})[code] = text
        return texts

    def locate(self, problem: Problem) -> BadCell:
        """The cell of a problem of the form."""
        path, message = problem.path, problem.text
        if path in self.extra:
            return BadCell(self.extra[path], message, problem.is_error)
        parts = path.split(".")
        line = self.where.get(".".join(parts[:3]))
        if line is None:
            return BadCell(self.address_of(parts), message, problem.is_error)
        sheet, at, columns = line
        name = parts[3] if len(parts) > 3 else "total"
        if name == "cells":
            key = ".".join(parts[5:])
            own = f"{column_group(self.known.definitions[parts[1]], parts[4])}:{key}"
            name = own if own in columns else key
        column = columns.get(name, columns["total"])
        if sheet.cell(at, column).startswith("="):
            message = _(
                "A formula without a result. Open the file in a spreadsheet and save it, or write "
                "the number."
            )
        return BadCell(sheet.address(at, column), message, problem.is_error)

    def address_of(self, parts: Sequence[str]) -> str:
        """Where to look for a problem of a whole definition or of a text."""
        if parts[0] == "lines":
            first = self.where.get(f"lines.{parts[1]}.0")
            definition = self.known.definitions.get(parts[1])
            if first:
                sheet, at, columns = first
                return sheet.address(at, columns["number"])
            return definition.number if definition else parts[1]
        return self.sheets[TEXTS].title

    def change(self, code: str) -> Change:
        """What becomes of one definition."""
        lines = [raw for raw in self.lines.get(code, []) if not is_blank(raw)]
        before = (self.row.content.get("lines") or {}).get(code, [])
        totals = tuple(raw["total"] for raw in lines if raw["total"])
        return Change(
            self.known.definitions[code], len(before), len(lines), totals, code in self.no_data
        )

    def merged(self, texts: Mapping[str, Any]) -> dict[str, Any]:
        """The present content, where all that the file speaks of is replaced."""
        content = dict(self.row.content)
        spoken = {code for code in self.known.definitions if self.speaks_of(code)}
        kept = {k: v for k, v in (content.get("lines") or {}).items() if k not in spoken}
        content["lines"] = kept | self.lines
        ticked = [code for code in content.get("no_data") or [] if code not in spoken]
        content["no_data"] = ticked + self.no_data
        if "narrative" in texts:
            content["narrative"] = (content.get("narrative") or {}) | texts["narrative"]
        if "difficulties" in texts:
            content["difficulties"] = texts["difficulties"]
        return content


def lookup(labels: Mapping[str, str]) -> dict[str, str]:
    """Folded label, bare name or code -> code; a name that several bear means nothing."""
    bare: dict[str, set[str]] = {}
    for code, label in labels.items():
        for name in {fold(label.partition(" (")[0]), fold(code)}:
            bare.setdefault(name, set()).add(code)
    found = {name: next(iter(codes)) for name, codes in bare.items() if name and len(codes) == 1}
    return found | {fold(label): code for code, label in labels.items()}
