"""The report as a workbook: one sheet a table, numbers as numbers, a column of sources."""

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from danbe.reports import wording
from danbe.reports.document import Edition, Figure, Table
from danbe.reports.workbook import new_workbook

NUMBER = "#,##0"
AT_LEAST = f'"{wording.AT_LEAST} "#,##0'
FIRST_ROW = 3  # title, unit, blank; then the header


def write_xlsx(edition: Edition) -> bytes:
    """The workbook. The same edition gives the same bytes."""
    out = io.BytesIO()
    book = new_workbook(out)
    day = datetime.date.fromisoformat(edition.frozen_on or edition.document.extracted_on)
    book.set_properties(
        {
            "title": f"{edition.document.title} {edition.document.subtitle}",
            "author": edition.document.body.name,
            "created": datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC),
        }
    )
    writer = Writer(edition, book, Formats(book))
    writer.front()
    for table in edition.document.tables():
        writer.table(table)
    writer.figures()
    writer.definitions()
    writer.sources()
    book.close()
    return out.getvalue()


class Formats:
    """The few looks of a cell."""

    def __init__(self, book: Any) -> None:
        wrap = {"text_wrap": True, "valign": "top"}
        line = {"bottom": 1, "bottom_color": "#d5dae1", "valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": "#123556"})
        self.quiet = book.add_format({"font_color": "#4a5563", **wrap})
        self.head = book.add_format({"bold": True, "bg_color": "#e8eff7", "border": 1, **wrap})
        self.text = book.add_format({**line, "text_wrap": True})
        self.number = book.add_format({**line, "num_format": NUMBER})
        self.at_least = book.add_format({**line, "num_format": AT_LEAST})
        self.total = book.add_format({**line, "num_format": NUMBER, "bold": True, "top": 1})
        self.silent = book.add_format({**line, "font_color": "#4a5563", "align": "right"})
        self.warn = book.add_format({"bg_color": "#fdf3e3", **wrap})


@dataclass(slots=True)
class Writer:
    """Writes sheet after sheet."""

    edition: Edition
    book: Any
    look: Formats

    def sheet(self, name: str, title: str, unit: str, columns: Sequence[tuple[str, int]]) -> Any:
        """A sheet with its title and header; columns are (name, width)."""
        sheet = self.book.add_worksheet(name)
        draft = "PROJET. " if self.edition.is_draft else ""
        sheet.write_string(0, 0, draft + title, self.look.title)
        sheet.write_string(1, 0, unit, self.look.quiet)
        for n, (column, width) in enumerate(columns):
            sheet.set_column(n, n, width)
            sheet.write_string(FIRST_ROW, n, column, self.look.head)
        sheet.freeze_panes(FIRST_ROW + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        if self.edition.is_draft:
            sheet.set_header("&C&16PROJET")
        return sheet

    def front(self) -> None:
        """Whose report, of which day, frozen or not, and what was corrected."""
        document, look = self.edition.document, self.look
        sheet = self.book.add_worksheet("Lisez-moi")
        sheet.set_column(0, 0, 100)
        lines = [
            (f"{document.title} {document.subtitle}", look.title),
            (document.body.country, None),
            (f"{document.body.name} ({document.body.acronym})", None),
            (wording.status(self.edition.frozen_on, document.extracted_on), look.warn),
            (wording.extracted(document.extracted_on), None),
        ]
        if self.edition.digest:
            lines.append((wording.fingerprint(self.edition.digest), look.quiet))
        if document.notice:
            lines.append((document.notice, look.warn))
        lines += [(wording.UNIT_WARNING, look.quiet), (wording.NOT_ZERO, look.quiet)]
        for one in self.edition.corrections:
            said = wording.erratum(one.on, one.old_value, one.new_value)
            lines.append((f"{one.label}. {said} Motif : {one.reason}", look.warn))
        for n, (text, format_) in enumerate(lines):
            sheet.write_string(n, 0, text, format_)

    def table(self, table: Table) -> None:
        """One table: its rows, then what stands below it."""
        figures = self.edition.document.by_key()
        columns = [(c, 44 if n == 0 else 18) for n, c in enumerate(table.columns)]
        extra = [("Sources", 24), ("Erratum", 40)]
        title = f"Tableau {table.number}. {table.title}"
        sheet = self.sheet(f"T{int(table.number):02}", title, table.unit, [*columns, *extra])
        last = len(table.columns)
        n = FIRST_ROW
        for n, row in enumerate(table.rows, start=FIRST_ROW + 1):
            bold = self.look.total if row.kind == "total" else self.look.text
            sheet.write_string(n, 0, row.label, bold)
            used: list[str] = []
            errata: list[str] = []
            for column, cell in enumerate(row.cells, start=1):
                if not cell.figure:
                    sheet.write_string(n, column, cell.text or "—", self.look.text)
                    continue
                figure = figures[cell.figure]
                self.number(sheet, n, column, figure, is_total=row.kind == "total")
                used += [s for s in figure.sources if s not in used]
                errata += self.errata(figure)
            sheet.write_string(n, last, ", ".join(used), self.look.text)
            sheet.write_string(n, last + 1, " ".join(errata), self.look.text)
        for note in table.notes:
            n += 1
            sheet.write_string(n + 1, 0, note, self.look.quiet)

    def number(
        self, sheet: Any, row: int, column: int, figure: Figure, *, is_total: bool = False
    ) -> None:
        """A number stays a number, also «plus de 36 000»; silence is a word."""
        if figure.value is None:
            sheet.write_string(row, column, wording.NO_DATA, self.look.silent)
            return
        plain = self.look.total if is_total else self.look.number
        sheet.write_number(
            row, column, figure.value, self.look.at_least if figure.at_least else plain
        )

    def errata(self, figure: Figure) -> list[str]:
        """The errata of a figure, in words."""
        return [
            f"{wording.erratum(c.on, c.old_value, c.new_value)} {c.reason}"
            for c in self.edition.corrections_of(figure.key)
        ]

    def figures(self) -> None:
        """Every figure, one a row: what a statistician reads."""
        columns = [
            ("Clé", 44),
            ("Chiffre", 50),
            ("Unité", 16),
            ("Période", 14),
            ("Territoire", 16),
            ("Valeur", 14),
            ("Minimum", 10),
            ("Sources", 24),
            ("Remarque", 40),
        ]
        sheet = self.sheet("Chiffres", "Tous les chiffres", "", columns)
        for n, one in enumerate(self.edition.document.figures, start=FIRST_ROW + 1):
            texts = (one.key, one.label, one.unit, one.window, one.place)
            for column, text in enumerate(texts):
                sheet.write_string(n, column, text, self.look.text)
            self.number(sheet, n, 5, one)
            sheet.write_string(n, 6, "oui" if one.at_least else "", self.look.text)
            sheet.write_string(n, 7, ", ".join(one.sources), self.look.text)
            note = " ".join([one.note, *self.errata(one)]).strip()
            sheet.write_string(n, 8, note, self.look.text)

    def definitions(self) -> None:
        """What one unit of each figure is."""
        columns = [
            ("Code", 26), ("Numéro", 10), ("Chiffre", 40), ("Unité", 16),
            ("Ce qu’est une unité", 70), ("Compte", 50), ("Ne compte pas", 50),
        ]  # fmt: skip
        sheet = self.sheet("Définitions", "Définitions", "", columns)
        for n, one in enumerate(self.edition.document.definitions, start=FIRST_ROW + 1):
            texts = (
                one.code, one.number, one.label, one.unit,
                one.sentence, one.example, one.counterexample,
            )  # fmt: skip
            for column, text in enumerate(texts):
                sheet.write_string(n, column, text, self.look.text)

    def sources(self) -> None:
        """Bodies and publications."""
        columns = [
            ("Source", 10),
            ("Titre", 50),
            ("Dates", 40),
            ("Remarques", 50),
            ("Adresses", 80),
        ]
        sheet = self.sheet("Sources", "Sources", "", columns)
        for n, one in enumerate(self.edition.document.sources, start=FIRST_ROW + 1):
            texts = (one.id, one.title, one.dates, one.detail, "\n".join(one.addresses))
            for column, text in enumerate(texts):
                sheet.write_string(n, column, text, self.look.text)
