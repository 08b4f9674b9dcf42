"""The workbook of a return, written: blank or with the draft in it."""

import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.exchange.return_layout import (
    BANDS_ROW,
    CELL_TEXT,
    CODES_ROW,
    EXTRA,
    FIRST_ROW,
    FORMAT,
    INFO,
    LABELS_ROW,
    LINE_COLUMNS,
    LISTS,
    LONGS,
    SPARE,
    TEXTS,
    Raw,
    column_group,
    is_long,
    known_of,
    long_labels,
    long_splits,
    sheet_name,
)
from danbe.figures.content import normal, place_labels
from danbe.figures.models import Axis, Breakdown, Definition, Return
from danbe.reports.workbook import new_workbook
from danbekit.dates import Window


def write_return(row: Return, *, blank: bool = False) -> bytes:
    """The workbook of a return: with its present content, or ``blank``."""
    file = io.BytesIO()
    book = new_workbook(file)
    book.set_properties({"title": f"{row.organisation} {Window(row.start, row.end).code}"})
    Writer(book, row, {} if blank else row.content).write()
    book.close()
    return file.getvalue()


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
            unit = self.known.keys.get("unit", {}).get(definition.unit, definition.unit)
            said = _("%(question)s (unit: %(unit)s)")
            question = said % {"question": definition.label, "unit": unit}
            sheet.write_string(at, 2, question, self.plain)
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
