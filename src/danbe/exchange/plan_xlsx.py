"""The results framework as a workbook: a ministry's table goes in, wrong cells come out by name.

Four sheets, one row a line, one column a field, and a sheet of the codes that may be used. Codes
of columns stand in a hidden row, so that titles may be shown in any language. What goes out comes
back the same; nothing is half taken over.
"""

import datetime
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.models import Term
from danbe.core.places import alive_on
from danbe.exchange.return_xlsx import BadCell, Sheet, open_workbook, refuse
from danbe.figures.content import read_date, read_number
from danbe.figures.models import Axis, Breakdown, Definition
from danbe.plan.framework import (
    ACTIVITIES,
    ELEMENTS,
    INDICATORS,
    MONEY,
    ActivityRow,
    Checker,
    ElementRow,
    Framework,
    IndicatorRow,
    MoneyRow,
    framework_of,
)
from danbe.plan.models import Audience, Better, Kind, Origin, Plan
from danbe.reports.workbook import new_workbook
from danbekit.dates import Window

FORMAT = "danbe-plan-1"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INFO, LISTS = "info", "lists"
CODES_ROW, LABELS_ROW, FIRST_ROW = 2, 3, 4  # counted from 0
SPARE = 60  # framed rows after the last line
MOST_FAULTS = 300
TEXT, CODES, DAY, NUMBER = "text", "codes", "day", "number"

# Column -> what it holds, table by table; targets are added, one column a year.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    ELEMENTS: {
        "code": TEXT, "kind": TEXT, "parent": TEXT, "axis": TEXT, "label_fr": TEXT,
        "label_en": TEXT, "assumptions": TEXT, "risks": TEXT, "verification": TEXT,
        "source": TEXT,
    },
    ACTIVITIES: {
        "code": TEXT, "result": TEXT, "label_fr": TEXT, "label_en": TEXT, "lead": TEXT,
        "supporting": CODES, "audiences": CODES, "places": CODES, "start": DAY, "end": DAY,
    },
    MONEY: {
        "activity": TEXT, "year": NUMBER, "source": TEXT, "needed": NUMBER,
        "allocated": NUMBER, "disbursed": NUMBER,
    },
    INDICATORS: {
        "code": TEXT, "of": TEXT, "label_fr": TEXT, "label_en": TEXT, "definition": TEXT,
        "breakdown": TEXT, "key": TEXT, "place": TEXT, "keeper": TEXT, "unit": TEXT,
        "better": TEXT, "baseline": NUMBER, "baseline_year": NUMBER, "verification": TEXT,
        "origin": TEXT,
    },
}  # fmt: skip
MAKERS: Mapping[str, type] = {
    ELEMENTS: ElementRow,
    ACTIVITIES: ActivityRow,
    MONEY: MoneyRow,
    INDICATORS: IndicatorRow,
}
# What an empty cell means where it is not nothing.
DEFAULTS: Mapping[str, str] = {
    "origin": Origin.RETURNS.value,
    "breakdown": Breakdown.TOTAL.value,
    "better": Better.UP.value,
}
WIDE = {"label_fr": 48, "label_en": 36, "assumptions": 30, "risks": 30, "verification": 30}
Cell = Any


def sheet_names() -> dict[str, str]:
    """What the tabs say."""
    return {
        INFO: _("Read me"),
        ELEMENTS: _("Framework"),
        ACTIVITIES: _("Activities"),
        MONEY: _("Budget"),
        INDICATORS: _("Indicators"),
        LISTS: _("Lists"),
    }


def labels() -> dict[str, str]:
    """Titles of columns."""
    return {
        "code": _("Code"),
        "kind": _("Level"),
        "parent": _("Under (code)"),
        "axis": _("Axis of the Committee"),
        "label_fr": _("Name in French"),
        "label_en": _("Name in English"),
        "assumptions": _("Assumptions"),
        "risks": _("Risks"),
        "verification": _("Means of verification"),
        "source": _("Source"),
        "result": _("Expected result (code)"),
        "lead": _("Lead body (acronym)"),
        "supporting": _("Supporting bodies (acronyms, separated by ;)"),
        "audiences": _("Audience (codes, separated by ;)"),
        "places": _("Places (codes, separated by ;)"),
        "start": _("Begins"),
        "end": _("Ends"),
        "activity": _("Activity (code)"),
        "year": _("Year"),
        "needed": _("Needed (FCFA)"),
        "allocated": _("Allocated (FCFA)"),
        "disbursed": _("Disbursed (FCFA)"),
        "of": _("Measures (code)"),
        "definition": _("Figure of Danbe (code)"),
        "origin": _("Read in (code)"),
        "breakdown": _("Broken down by (code)"),
        "key": _("Part (code)"),
        "place": _("Place (code)"),
        "keeper": _("Entered by (acronym)"),
        "unit": _("Unit"),
        "better": _("Progress is (up or down)"),
        "baseline": _("Baseline"),
        "baseline_year": _("Year of the baseline"),
    }


def columns_of(table: str, plan: Plan) -> dict[str, str]:
    """The columns of a sheet, with one a year for the targets of indicators."""
    columns = dict(COLUMNS[table])
    if table == INDICATORS:
        columns |= {f"target:{year}": NUMBER for year in plan.years}
    return columns


# --- Writing --------------------------------------------------------------------------------


def write_plan(plan: Plan, told: Framework | None = None) -> bytes:
    """The workbook of a plan; ``told`` replaces what is kept (tests, a blank one)."""
    file = io.BytesIO()
    with new_workbook(file) as book:
        book.set_properties({"title": f"{plan.label} ({plan.number})"})
        Writer(book, plan, framework_of(plan) if told is None else told).write()
    return file.getvalue()


class Writer:
    """Writes one framework into one workbook."""

    def __init__(self, book: Any, plan: Plan, told: Framework) -> None:
        self.book, self.plan, self.told = book, plan, told
        self.names, self.labels = sheet_names(), labels()
        plain = {"valign": "top", "font_name": "Arial", "font_size": 10}
        entry = plain | {"border": 1, "border_color": "#737f8f", "text_wrap": True}
        self.title = book.add_format(plain | {"bold": True, "font_size": 14})
        self.plain = book.add_format(plain | {"text_wrap": True})
        self.head = book.add_format(
            plain | {"bold": True, "text_wrap": True, "bg_color": "#e8ecf0", "border": 1}
        )
        self.entry = book.add_format(entry | {"num_format": "@"})
        self.number = book.add_format(entry | {"num_format": "#,##0"})
        self.year = book.add_format(entry | {"num_format": "0"})
        self.day = book.add_format(entry | {"num_format": "dd/mm/yyyy"})

    def write(self) -> None:
        """Every sheet."""
        self.info()
        for table in MAKERS:
            self.table(table)
        self.lists()

    def sheet(self, key: str) -> Any:
        """A sheet that says what it is in its hidden first column."""
        sheet = self.book.add_worksheet(self.names[key][:31])
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.write_string(0, 0, f"{FORMAT}:{key}")
        return sheet

    def info(self) -> None:
        """How to fill the file, and (hidden) which plan it belongs to."""
        sheet = self.sheet(INFO)
        sheet.hide_gridlines(2)
        sheet.set_column(1, 1, 100)
        sheet.write_string(1, 0, self.plan.code)
        sheet.write_string(0, 1, self.plan.label, self.title)
        told = [
            _("This is a model of Danbe, not an official form: the Committee may change it."),
            _("Framework: one row an axis, an objective or an expected result; each has a code."),
            _("Activities: one row an activity, under the code of an expected result."),
            _("Budget: one row an activity, a year and a source. Needed, allocated and disbursed "
              "are three different amounts. Leave empty what nobody knows: empty is not zero."),
            _("Indicators: name a figure of Danbe, which is then computed from the records, or "
              "the body that enters the value with its evidence. One target a year."),
            _("The sheet of lists gives the codes of bodies, places, sources and figures."),
            _("Loading the file replaces the whole framework of the draft, or nothing at all."),
        ]  # fmt: skip
        for n, line in enumerate(told):
            sheet.write_string(n + 2, 1, f"{n + 1}. {line}", self.plain)

    def table(self, table: str) -> None:
        """One table: titles, lines, framed rows to add some."""
        sheet, columns = self.sheet(table), columns_of(table, self.plan)
        sheet.write_string(0, 1, self.names[table], self.title)
        sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        sheet.freeze_panes(FIRST_ROW, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for n, code in enumerate(columns, start=1):
            sheet.set_column(n, n, WIDE.get(code, 15))
            sheet.write_string(CODES_ROW, n, code)
            sheet.write_string(LABELS_ROW, n, self.label(code), self.head)
        rows: Sequence[Any] = getattr(self.told, table)
        for at, row in enumerate(rows, start=FIRST_ROW):
            targets = dict(getattr(row, "targets", ()))
            for n, (code, kind) in enumerate(columns.items(), start=1):
                year = code.partition(":")[2]
                value = targets.get(int(year)) if year else getattr(row, code)
                self.put(sheet, at, n, value, kind, is_year=code.endswith("year"))
        for at in range(FIRST_ROW + len(rows), FIRST_ROW + len(rows) + SPARE):
            for n, kind in enumerate(columns.values(), start=1):
                self.put(sheet, at, n, None, kind)

    def label(self, code: str) -> str:
        """The title of a column."""
        name, _colon, year = code.partition(":")
        return _("Target %(year)s") % {"year": year} if year else self.labels[name]

    def put(
        self, sheet: Any, at: int, column: int, value: Cell, kind: str, *, is_year: bool = False
    ) -> None:
        """One cell; a text never runs as a formula."""
        number = self.year if is_year else self.number
        style = {DAY: self.day, NUMBER: number}.get(kind, self.entry)
        if value is None or value in ("", ()):
            sheet.write_blank(at, column, None, style)
        elif kind == NUMBER:
            sheet.write_number(at, column, value, style)
        elif kind == DAY:
            moment = datetime.datetime(value.year, value.month, value.day)
            sheet.write_datetime(at, column, moment, style)
        else:
            text = "; ".join(value) if kind == CODES else str(value)
            sheet.write_string(at, column, text, style)

    def lists(self) -> None:
        """The codes that may be used, with their meaning."""
        sheet = self.sheet(LISTS)
        for n, (title, codes) in enumerate(code_lists(self.plan)):
            column = 1 + 2 * n
            sheet.set_column(column, column, 22)
            sheet.set_column(column + 1, column + 1, 40)
            sheet.write_string(0, column, title, self.head)
            sheet.write_blank(0, column + 1, None, self.head)
            for at, (code, label) in enumerate(codes, start=1):
                sheet.write_string(at, column, code)
                sheet.write_string(at, column + 1, label)


def code_lists(plan: Plan) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every list of codes."""
    yield _("Level"), [(c, str(label)) for c, label in Kind.choices]
    yield _("Axis of the Committee"), [(c, str(label)) for c, label in Axis.choices]
    yield _("Bodies"), [(o.code, o.label) for o in Organisation.objects.all()]
    yield _("Audience"), [(c, str(label)) for c, label in Audience.choices]
    yield _("Places"), [(p.pk, p.name_fr) for p in alive_on(plan.end).order_by("level", "pk")]
    terms = Term.objects.filter(list="funding_source")
    yield _("Sources of funding"), [(t.code, t.label) for t in terms]
    yield _("Figures of Danbe"), [(d.code, d.label) for d in Definition.objects.all()]
    yield _("Read in (code)"), [(c, str(label)) for c, label in Origin.choices]
    yield _("Broken down by (code)"), [(c, str(label)) for c, label in Breakdown.choices]
    yield _("Progress"), [(c, str(label)) for c, label in Better.choices]


# --- Reading --------------------------------------------------------------------------------


@dataclass(slots=True)
class Read:
    """What a workbook says, and every cell to correct. With one, nothing is taken over."""

    framework: Framework = field(default_factory=Framework)
    cells: list[BadCell] = field(default_factory=list)


def read_plan(plan: Plan, data: bytes) -> Read:
    """What a workbook says of this plan.

    Raises:
        DomainError: it is not the workbook of this plan; codes begin with ``import.``.
    """
    sheets = open_workbook(data, FORMAT)
    if INFO not in sheets or not set(MAKERS) <= set(sheets):
        text = _("This is not the workbook of a plan. Download it from this page, then fill it.")
        raise refuse("template", text)
    if sheets[INFO].cell(1, 0) != plan.code:
        text = _("This workbook is for another plan (%(plan)s).")
        raise refuse("plan", text % {"plan": sheets[INFO].cell(1, 0)[:40]})
    return Reader(plan, sheets).read()


class Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, plan: Plan, sheets: Mapping[str, Sheet]) -> None:
        self.plan, self.sheets = plan, sheets
        self.bad: list[BadCell] = []
        self.lines: dict[str, list[int]] = {}  # table -> row of the sheet of each line
        self.places: dict[str, dict[str, int]] = {}  # table -> column -> number

    def read(self) -> Read:
        """Everything, then the rules of a framework, at the addresses of the cells."""
        told = Framework(**{table: tuple(self.table(table)) for table in MAKERS})
        if not self.bad:  # what cannot be read cannot be judged
            for fault in Checker(self.plan, told).check():
                self.note(fault.table, self.lines[fault.table][fault.row], fault.column,
                          fault.message)  # fmt: skip
        return Read(told, self.bad[:MOST_FAULTS])

    def note(self, table: str, at: int, column: str, message: str) -> None:
        """Name a wrong cell."""
        n = self.places[table].get(column, 1)
        self.bad.append(BadCell(self.sheets[table].address(at, n), message))

    def table(self, table: str) -> Iterator[Any]:
        """The lines of one table; empty rows are passed over."""
        sheet, columns = self.sheets[table], columns_of(table, self.plan)
        width = max((len(row) for row in sheet.rows), default=0)
        found = {code: n for n in range(1, width) if (code := sheet.cell(CODES_ROW, n))}
        self.places[table] = found
        missing = [code for code in columns if code not in found]
        if missing:
            text = _("The column «%(code)s» is missing. Download the workbook again.")
            self.bad.append(BadCell(sheet.address(CODES_ROW, 1), text % {"code": missing[0]}))
            return
        self.lines[table] = []
        for at in range(FIRST_ROW, len(sheet.rows)):
            if any(sheet.cell(at, found[code]) for code in columns):
                self.lines[table].append(at)
                yield self.line(table, at, columns)

    def line(self, table: str, at: int, columns: Mapping[str, str]) -> Any:
        """One line; what cannot be read is noted and left empty."""
        told: dict[str, Any] = {}
        targets: list[tuple[int, int]] = []
        for code, kind in columns.items():
            value = self.cell(table, at, code, kind)
            year = code.partition(":")[2]
            if not year:
                told[code] = value
            elif value is not None:
                targets.append((int(year), value))
        if table == INDICATORS:
            told["targets"] = tuple(targets)
        if table == MONEY and told["year"] is None:
            self.note(table, at, "year", _("Give the year."))
            told["year"] = 0
        return MAKERS[table](**told)

    def cell(self, table: str, at: int, code: str, kind: str) -> Cell:
        """The value of one cell."""
        typed = self.sheets[table].cell(at, self.places[table][code])
        reader = READERS[kind]
        try:
            return reader(typed or DEFAULTS.get(code, ""))
        except ValueError:
            self.note(table, at, code, unreadable(kind) % {"typed": typed[:40]})
            return None


def unreadable(kind: str) -> str:
    """What to say of a cell that cannot be read."""
    if kind == DAY:
        return _("«%(typed)s» is not a date. Write it like 15/03/2024.")
    return _("«%(typed)s» is not a whole number. Write digits only, for instance 1250.")


def _codes(typed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in typed.replace("\n", ";").split(";") if part.strip())


def _day(typed: str) -> datetime.date | None:
    return read_date(typed) if typed else None


def _number(typed: str) -> int | None:
    """A whole number, also below zero; «more than» has no place in a plan."""
    sign, digits = (-1, typed[1:]) if typed[:1] in ("-", "−") else (1, typed)
    told = read_number(digits)
    if told is None:
        if digits != typed:
            raise ValueError(typed)
        return None
    if told[1]:
        raise ValueError(typed)
    return sign * told[0]


READERS: Mapping[str, Callable[[str], Any]] = {
    TEXT: str,
    CODES: _codes,
    DAY: _day,
    NUMBER: _number,
}


def file_name(plan: Plan) -> str:
    """``danbe-plan-2023-2027-v1.xlsx``."""
    return f"danbe-plan-{plan.code}-v{plan.number}.xlsx"


def period(plan: Plan) -> str:
    """The dates of a plan, in the reader's language."""
    return Window(plan.start, plan.end).label(get_language() or "fr")
