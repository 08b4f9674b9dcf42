"""The report on paper: A4, tagged for screen readers (PDF/UA-1), kept for long (PDF/A-2a).

Typst sets it; what it sets is data, given as JSON, never run as code. The same edition gives the
same bytes.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from danbe.reports import wording
from danbe.reports.charts import ACCENTS, draw
from danbe.reports.document import (
    Block,
    Cell,
    Chapter,
    Chart,
    Correction,
    Edition,
    Figure,
    Keys,
    Quotes,
    Row,
    Table,
    Text,
    to_json,
)
from danbe.reports.history import ADDRESS
from danbe.reports.tongue import language, say, speaking
from danbekit.dates import format_date

HERE = Path(__file__).parent
FULL, HALF = 620.0, 330.0  # widths of drawings: their letters come out at 8 to 10 points
MAP_SHARE = 66  # of the width: a map and its table stand on one page
MOST_SOURCES = 6
Told = dict[str, Any]


@cache
def fonts() -> typst.Fonts:
    """DejaVu Sans, which has every letter of Mali's languages; nothing of the machine's."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(HERE / "fonts")],
    )


def write_pdf(edition: Edition) -> bytes:
    """Set the whole report."""
    with speaking(edition.document.language):
        told = json.dumps(Printer(edition).report(), ensure_ascii=False)
    compiler = typst.Compiler(
        str(HERE / "typst" / "annual.typ"),
        root=str(HERE / "typst"),
        font_paths=fonts(),
        sys_inputs={"report": told},
    )
    made = compiler.compile(
        format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=_moment(edition)
    )
    assert isinstance(made, bytes)  # one file, since no output path was given
    return made


def _moment(edition: Edition) -> datetime.datetime:
    """The date inside the file: that of the edition, so that it does not change by itself."""
    day = datetime.date.fromisoformat(edition.frozen_on or edition.document.extracted_on)
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)


class Printer:
    """Turns an edition into what the template sets: words, formatted numbers, drawings."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.figures = edition.document.by_key()

    def report(self) -> Told:
        """The whole report."""
        document, edition = self.edition.document, self.edition
        return {
            "title": f"{document.title} {document.subtitle}",
            "name": document.title,
            "subtitle": document.subtitle,
            "body": to_json(document.body),
            "lang": language(),
            "words": dict(wording.set_words()),
            "draft": edition.is_draft,
            "status": wording.status(edition.frozen_on, document.extracted_on),
            "extracted": wording.extracted(document.extracted_on),
            "digest": wording.fingerprint(edition.digest) if edition.digest else "",
            "notice": document.notice,
            "errata": [self.correction(c) for c in edition.corrections],
            "chapters": [self.chapter(c) for c in document.chapters],
        }

    def correction(self, one: Correction) -> Told:
        """One erratum, in full."""
        return {
            "date": format_date(datetime.date.fromisoformat(one.on), language()),
            "label": one.label,
            "old": wording.number(one.old_value),
            "new": wording.number(one.new_value),
            "reason": one.reason,
        }

    def chapter(self, one: Chapter) -> Told:
        """One chapter, with its blocks."""
        return {
            "code": one.code,
            "number": one.number,
            "title": one.title,
            "colour": ACCENTS[one.axis],
            # A chapter of words follows on; one with tables begins a page.
            "flows": not any(isinstance(b, Table | Chart) for b in one.blocks),
            "blocks": self.blocks(one.blocks),
        }

    def blocks(self, blocks: Sequence[Block]) -> list[Told]:
        """The blocks; a chart that stands beside its table is put with it."""
        told: list[Told] = []
        for block in blocks:
            if isinstance(block, Chart) and block.beside and told and told[-1]["type"] == "table":
                told.append({"type": "pair", "table": told.pop(), "chart": self.chart(block)})
            else:
                told.append(self.block(block))
        return told

    def block(self, block: Block) -> Told:
        """One block."""
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Chart):
            return self.chart(block)
        if isinstance(block, Keys):
            return {"type": "keys", "figures": [self.key(k) for k in block.figures]}
        if isinstance(block, Quotes):
            quotes = [{"body": q.body, "parts": linked(q.text)} for q in block.quotes]
            # The dossier quotes the law of the United States, in its own words.
            spoken = "en" if self.edition.document.kind.startswith("tip") else language()
            return {"type": "quotes", "quotes": quotes, "lang": spoken}
        if isinstance(block, Text):
            return {"type": "text", "tone": block.tone, "text": block.text}
        told: Told = to_json(block)
        return told

    def key(self, key: str) -> Told:
        """A figure in large type."""
        figure = self.figures[key]
        n = len(figure.sources)
        return {
            "prefix": say(wording.AT_LEAST, "more than") if figure.at_least else "",
            "value": wording.number(figure.value),
            "label": figure.label,
            "unit": figure.unit,
            "sources": sources(figure.sources) if n < 2 else wording.many_sources(n),
            "mark": self.mark(key),
        }

    def mark(self, key: str) -> str:
        """The errata of a figure, in a few words."""
        return " ".join(
            wording.erratum(c.on, c.old_value, c.new_value)
            for c in self.edition.corrections_of(key)
        )

    def table(self, one: Table) -> Told:
        """A table, with the share of the width that each column takes."""
        rows = [self.row(row) for row in one.rows]
        errata = [
            f"{row.label}{wording.colon()} {mark}"
            for row in one.rows
            for cell in row.cells
            if (mark := self.mark(cell.figure))
        ]
        return {
            "type": "table",
            "number": one.number,
            "title": one.title,
            "unit": one.unit,
            "columns": list(one.columns),
            "numeric": [one.is_numeric(n) for n in range(len(one.columns))],
            "widths": widths(one, self.figures),
            "rows": rows,
            "notes": [*errata, *one.notes],
            "sources": sources(one.sources),
        }

    def row(self, one: Row) -> Told:
        """A row: each cell is parts of text, or silence."""
        cells = [self.cell(cell) for cell in one.cells]
        return {"label": one.label, "cells": cells, "kind": one.kind}

    def cell(self, one: Cell) -> Told:
        """One cell."""
        if not one.figure:
            return {"parts": linked(one.text or "—"), "silent": False, "marked": False}
        figure: Figure = self.figures[one.figure]
        text = wording.number(figure.value, figure.at_least)
        marked = bool(self.edition.corrections_of(one.figure))
        return {"parts": linked(text), "silent": figure.value is None, "marked": marked}

    def chart(self, one: Chart) -> Told:
        """A drawing, and what it says to who cannot see it."""
        width = HALF if one.beside else FULL
        return {
            "type": "chart",
            "number": one.number,
            "title": one.title,
            "unit": one.unit,
            "svg": draw(one, self.figures, width),
            "said": said(one, self.figures),
            "note": one.note,
            "share": 100 if one.beside or one.kind != "map" else MAP_SHARE,
        }


def sources(names: Sequence[str]) -> str:
    """«Sources : S1, S4 (annexe B)»; a long list is counted."""
    if not names:
        return ""
    if len(names) > MOST_SOURCES:
        return wording.many_sources(len(names))
    return wording.cited(names)


def linked(text: str) -> list[Told]:
    """A text cut at its addresses."""
    parts, end = [], 0
    for found in ADDRESS.finditer(text):
        parts += [{"text": text[end : found.start()], "link": False}]
        parts += [{"text": found[0], "link": True}]
        end = found.end()
    parts.append({"text": text[end:], "link": False})
    return [part for part in parts if part["text"]]


def said(chart: Chart, figures: Mapping[str, Figure]) -> str:
    """A chart in words."""
    told, silent = [], []
    for mark in chart.marks:
        values = [wording.number(figures[k].value, figures[k].at_least) for k in mark.figures if k]
        if values:
            told.append(f"{mark.label} : {' ; '.join(values)}")
        else:
            silent.append(mark.label)
    text = f"{chart.title} ({chart.unit}). {'. '.join(told)}"
    return f"{text}. {wording.NO_DATA.capitalize()} : {', '.join(silent)}." if silent else text


DIGIT, BOLD = 0.42, 0.5  # share of the width that a digit takes, and a letter of a heading


def widths(table: Table, figures: Mapping[str, Figure]) -> list[float]:
    """Shares of the width: numbers and headings stand whole, a text needs its length's root."""
    heads = [max(len(part) for part in name.split()) if name else 0 for name in table.columns]
    longest = max((len(r.label) for r in table.rows), default=9)
    shares = [max(BOLD * heads[0], min(9.0, max(4.0, longest**0.58)))]
    for n, head in enumerate(heads[1:], start=1):
        cells = [row.cells[n - 1] for row in table.rows]
        if table.is_numeric(n):
            told = [figures[cell.figure] for cell in cells if cell.figure]
            parts = [p for f in told for p in wording.number(f.value, f.at_least).split(" ")]
            shares.append(max(2.6, BOLD * head, DIGIT * max(map(len, parts))))
            continue
        longest = max((len(cell.text) for cell in cells), default=1)
        shares.append(max(BOLD * head, min(18.0, longest**0.55)))
    return [round(share, 2) for share in shares]
