"""A report as a text document (DOCX), to be annotated and sent round: the same words and numbers.

Written block by block from the document, with the body's four colours left out: a word processor
is for working on, the PDF is for reading.
"""

import datetime
import io
from collections.abc import Sequence
from typing import Any

from docx import Document as new_document
from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell

from danbe.reports import wording
from danbe.reports.document import (
    Block,
    Cell,
    Chapter,
    Correction,
    Edition,
    Heading,
    Items,
    Keys,
    Quotes,
    Row,
    Table,
    Text,
)
from danbe.reports.pdf import sources, widths
from danbe.reports.tongue import language, speaking

FONT = "DejaVu Sans"
INK, QUIET, DEEP = (
    RGBColor(0x1B, 0x24, 0x30),
    RGBColor(0x4A, 0x55, 0x63),
    RGBColor(0x12, 0x35, 0x56),
)
HEAD, NOTICE, WARNING = "E8EFF7", "E8EFF7", "FDF3E3"
PAGE_CM, MARGIN_CM = (21.0, 29.7), 2.0
LANGUAGES = {"fr": "fr-FR", "en": "en-US"}


def write_docx(edition: Edition) -> bytes:
    """The whole report. The same edition gives the same document."""
    with speaking(edition.document.language):
        return Writer(edition).bytes()


class Writer:
    """Writes chapter after chapter."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.figures = edition.document.by_key()
        self.word: Word = new_document()
        self._look()

    def bytes(self) -> bytes:
        """The file."""
        self._cover()
        for chapter in self.edition.document.chapters:
            self._chapter(chapter)
        out = io.BytesIO()
        self.word.save(out)
        return out.getvalue()

    # --- Look -----------------------------------------------------------------------------------

    def _look(self) -> None:
        """A4, one typeface, headings that a reader of the file can jump to."""
        document, edition = self.edition.document, self.edition
        [section] = self.word.sections
        section.page_width, section.page_height = Cm(PAGE_CM[0]), Cm(PAGE_CM[1])
        section.left_margin = section.right_margin = Cm(MARGIN_CM)
        section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
        for name, points, colour in (
            ("Normal", 9.5, INK),
            ("Title", 24, DEEP),
            ("Heading 1", 16, DEEP),
            ("Heading 2", 12, DEEP),
            ("Caption", 8.5, QUIET),
        ):
            style: Any = self.word.styles[name]
            style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(points), colour
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
                fonts.set(qn(script), FONT)
        self._speak()
        properties = self.word.core_properties
        properties.title = f"{document.title} {document.subtitle}"
        properties.author = document.body.name
        properties.language = LANGUAGES[language()]
        day = datetime.date.fromisoformat(edition.frozen_on or document.extracted_on)
        made = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
        properties.created = properties.modified = made
        footer = section.footer.paragraphs[0]
        footer.text = wording.status(edition.frozen_on, document.extracted_on)
        footer.runs[0].font.size = Pt(7.5)

    def _speak(self) -> None:
        """The language of the words, for spelling and for screen readers."""
        style: Any = self.word.styles["Normal"]
        told = style.element.get_or_add_rPr()
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), LANGUAGES[language()])
        told.append(spoken)

    # --- Parts ----------------------------------------------------------------------------------

    def _cover(self) -> None:
        document, edition = self.edition.document, self.edition
        self._line(document.body.country)
        self._line(document.body.ministry, quiet=True)
        acronym = f" ({document.body.acronym})" if document.body.acronym else ""
        self._line(f"{document.body.name}{acronym}", bold=True)
        self.word.add_paragraph(document.title, style="Title")
        self._line(document.subtitle, bold=True)
        self._line(wording.status(edition.frozen_on, document.extracted_on), bold=True)
        self._line(wording.extracted(document.extracted_on), quiet=True)
        if edition.digest:
            self._line(wording.fingerprint(edition.digest), quiet=True)
        if document.notice:
            self._notice(document.notice, WARNING)
        for one in edition.corrections:
            self._notice(self._erratum(one), WARNING)

    def _erratum(self, one: Correction) -> str:
        words = wording.set_words()
        said = wording.erratum(one.on, one.old_value, one.new_value)
        return f"{one.label}. {said} {words['reason']} {one.reason}"

    def _chapter(self, chapter: Chapter) -> None:
        numbered = chapter.number and not chapter.number[0].isalpha()
        title = f"{chapter.number}. {chapter.title}" if numbered else chapter.title
        self.word.add_heading(title, level=1)
        for block in chapter.blocks:
            self._block(block)

    def _block(self, block: Block) -> None:
        if isinstance(block, Text):
            self._text(block)
        elif isinstance(block, Heading):
            self.word.add_heading(f"{block.number} {block.text}".strip(), level=2)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Quotes):
            for quote in block.quotes:
                self._line(f"{quote.text} ({quote.body})", quiet=True, indent=True)
        elif isinstance(block, Items):
            for text in block.items:
                self.word.add_paragraph(text, style="List Bullet")
        elif isinstance(block, Keys):
            for key in block.figures:
                figure = self.figures[key]
                number = wording.number(figure.value, figure.at_least)
                self._line(f"{figure.label}{wording.colon()} {number} {figure.unit}", bold=True)
        # Charts are drawings of the tables beside them: the tables are here.

    def _text(self, block: Text) -> None:
        if block.tone in ("info", "warn"):
            self._notice(block.text, WARNING if block.tone == "warn" else NOTICE)
        else:
            self._line(block.text, quiet=block.tone == "note")

    def _line(
        self, text: str, *, bold: bool = False, quiet: bool = False, indent: bool = False
    ) -> None:
        if not text:
            return
        paragraph = self.word.add_paragraph()
        run = paragraph.add_run(text)
        run.bold = bold
        if quiet:
            run.font.color.rgb = QUIET
        if indent:
            paragraph.paragraph_format.left_indent = Cm(0.8)

    def _notice(self, text: str, colour: str) -> None:
        """A paragraph on a ground of its own."""
        paragraph: Any = self.word.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(shade(colour))

    # --- Tables ---------------------------------------------------------------------------------

    def _table(self, one: Table) -> None:
        words = wording.set_words()
        unit = f" ({one.unit})" if one.unit else ""
        caption: Any = self.word.add_paragraph(style="Caption")
        caption.add_run(f"{words['table']} {one.number}. {one.title}{unit}")
        caption.paragraph_format.keep_with_next = True
        n = len(one.columns)
        table: Any = self.word.add_table(rows=len(one.rows) + 1, cols=n, style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        shares = widths(one, self.figures)
        room = PAGE_CM[0] - 2 * MARGIN_CM
        sizes = [Cm(room * share / sum(shares)) for share in shares]
        # Read once: each look at the cells of a row walks the whole table.
        cells = table._cells
        head, rest = cells[:n], cells[n:]
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell, text in zip(head, one.columns, strict=True):
            fill(cell, text, bold=True)
            cell._tc.get_or_add_tcPr().append(shade(HEAD))
        numeric = [one.is_numeric(k) for k in range(n)]
        for k, row in enumerate(one.rows):
            self._row(rest[k * n : (k + 1) * n], row, numeric)
        for k, cell in enumerate(cells):
            cell.width = sizes[k % n]
        for note in [*self._errata(one), *one.notes, sources(one.sources)]:
            if note:
                run = self.word.add_paragraph().add_run(note)
                run.font.size, run.font.color.rgb = Pt(7.5), QUIET

    def _row(self, cells: Sequence[_Cell], row: Row, numeric: Sequence[bool]) -> None:
        line: Any = cells[0]._tc.getparent()
        line.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        fill(cells[0], row.label, bold=row.kind == "total")
        for cell, told, is_number in zip(cells[1:], row.cells, numeric[1:], strict=True):
            fill(cell, self._said(told, silent=is_number), right=is_number)

    def _said(self, cell: Cell, *, silent: bool) -> str:
        """A number, a text, or silence said as silence."""
        if not cell.figure:
            return cell.text or (wording.number(None) if silent else "—")
        figure = self.figures[cell.figure]
        star = " *" if self.edition.corrections_of(cell.figure) else ""
        return wording.number(figure.value, figure.at_least) + star

    def _errata(self, one: Table) -> list[str]:
        return [
            f"* {row.label}{wording.colon()} {self._erratum(correction)}"
            for row in one.rows
            for cell in row.cells
            if cell.figure
            for correction in self.edition.corrections_of(cell.figure)
        ]


def fill(cell: _Cell, text: str, *, bold: bool = False, right: bool = False) -> None:
    """Words in a cell."""
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(8), bold
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def shade(colour: str) -> Any:
    """A ground colour, for a cell or a paragraph."""
    ground = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        ground.set(qn(name), value)
    return ground
