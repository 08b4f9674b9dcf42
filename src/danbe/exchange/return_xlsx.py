"""The workbook of a return, read back: all or nothing, every wrong cell named by its address.

Nothing is kept here: reading returns what the file says; the caller decides.
"""

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from danbe.core.errors import DomainError
from danbe.exchange.return_layout import (
    CODES_ROW,
    FIRST_ROW,
    FORMAT,
    INFO,
    LINE_COLUMNS,
    LISTS,
    LONGS,
    MAX_COLUMNS,
    MAX_FILE,
    MAX_MEMBERS,
    MAX_ROWS,
    MAX_UNPACKED,
    NO,
    TEXTS,
    YES,
    Raw,
    column_group,
    known_of,
    long_labels,
    long_splits,
    lookup,
)
from danbe.figures.content import Problem, is_blank, normal, parse, place_labels
from danbe.figures.models import Axis, Breakdown, Definition, Return
from danbekit.dates import Window
from danbekit.names import fold


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
        return f"{self.title}!{letter_of(column)}{row + 1}"


def letter_of(column: int) -> str:
    """The letters of a column; the first is 0 here and A there."""
    from openpyxl.utils.cell import get_column_letter  # here: the library is slow to load

    return str(get_column_letter(column + 1))


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


def open_workbook(data: bytes, format_: str = FORMAT) -> dict[str, Sheet]:
    """The sheets that are ours, by their key. Raises :class:`DomainError`."""
    import openpyxl  # here: it is slow to load, and few requests need it

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
    except Exception as error:  # whatever a strange file does to the library
        raise refuse("damaged", _("This file is damaged and cannot be read.")) from error
    ours = {}
    for sheet in sheets:
        mark, _colon, key = sheet.cell(0, 0).partition(":")
        if mark == format_:
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
