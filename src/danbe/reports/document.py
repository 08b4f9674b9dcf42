"""What a report is, once made: frozen dataclasses that become JSON and come back the same.

A number stands once, in ``Document.figures``, with its unit, window and sources; tables, charts
and key figures only point at it. So the page, the PDF, the workbook and the JSON cannot differ,
and a figure that is corrected is corrected in one place: an erratum beside its key.

A document holds no markup and no picture: charts are drawn when it is read, by the code that
draws those of the pages.
"""

import hashlib
import json
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

SCHEMA = "danbe/report/1"
UNEXPLAINED = "unexplained"
SECTIONS = 4  # of the chapter of an axis, on one page


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with all that makes it readable. ``value`` is ``None`` for "no data"."""

    key: str  # <definition>@<window>[/<place>][#<breakdown>=<part>]
    definition: str
    label: str
    unit: str
    window: str  # Window.code
    value: int | None
    at_least: bool = False  # «plus de 36 000»
    place: str = ""  # code; empty for the whole territory
    by: str = ""  # the breakdown it is a part of
    part: str = ""  # which part
    sources: tuple[str, ...] = ()  # ids of Source
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from: a body's accepted returns, Danbe's own past, a publication."""

    id: str
    kind: str  # returns | series | published
    title: str
    detail: str = ""
    dates: str = ""
    addresses: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()  # ids of the returns, for whoever may open them


@dataclass(frozen=True, slots=True)
class Meaning:
    """A definition as it was on the day of the report."""

    code: str
    number: str
    label: str
    unit: str
    sentence: str
    example: str = ""
    counterexample: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``tone`` is "lead", "note" or a notice: "info", "warn"."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside a chapter."""

    text: str
    number: str = ""
    anchor: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """A few figures in large type."""

    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure by its key, or a text."""

    figure: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; ``kind`` is "", "total" or "unexplained"."""

    label: str
    cells: tuple[Cell, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures of one unit, or of the units said in a column."""

    code: str
    number: str
    title: str
    unit: str
    columns: tuple[str, ...]  # the first one names the rows
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def is_numeric(self, n: int) -> bool:
        """Whether the n-th column holds figures; the first one names the rows."""
        return n > 0 and any(row.cells[n - 1].figure for row in self.rows)


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing drawn: a place, a bar, a year; one figure a series ("" for no data)."""

    label: str
    figures: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What to draw, from which figures."""

    code: str
    number: str
    title: str
    unit: str
    kind: str  # map | tiles | bars | lines
    marks: tuple[Mark, ...]
    series: tuple[str, ...] = ()
    axis: str = ""
    layout: str = ""  # of a map: the ISO day whose regions are drawn
    breaks: tuple[str, ...] = ()  # "2023|why", for lines
    note: str = ""
    beside: bool = False  # stands next to the table before it, where there is room


@dataclass(frozen=True, slots=True)
class Quote:
    """What a body wrote in its return."""

    body: str
    text: str


@dataclass(frozen=True, slots=True)
class Quotes:
    """What bodies wrote on one subject."""

    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of short lines."""

    items: tuple[str, ...]


Block = Text | Heading | Keys | Table | Chart | Quotes | Items


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter; ``axis`` gives it its colour and sign."""

    code: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    axis: str = ""

    @property
    def pages(self) -> list[list[Block]]:
        """What is shown at a time: all of it, or of an axis its opening, then a few sections.

        What is counted makes the chapter of an axis long; no other is cut.
        """
        headings = [isinstance(block, Heading) and bool(self.axis) for block in self.blocks]
        pages: list[list[Block]] = [[]]
        n = 0
        for block, opens in zip(self.blocks, headings, strict=True):
            n += opens
            if page_of(n, sum(headings)) > len(pages):
                pages.append([])
            pages[-1].append(block)
        return pages


def page_of(n: int, n_sections: int) -> int:
    """The page, from 1, of the n-th section of an axis (0: its opening). A few make one page."""
    return 1 if n == 0 or n_sections <= SECTIONS else (n - 1) // SECTIONS + 2


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what makes the blocks under it."""

    heading: Heading
    make: Callable[[], Iterable[Block]]


# Code -> title, and what makes the blocks.
Parts = Mapping[str, tuple[str, Callable[[], Iterable[Block | Section]]]]


def chapters_of(
    parts: Parts,
    only: str = "",
    page: int = 0,
    *,
    letters: Mapping[str, str] = MappingProxyType({}),
    axes: Collection[str] = (),
) -> tuple[Chapter, ...]:
    """Every part as a chapter; with ``only``, the others have a title and nothing more.

    With ``page`` as well, so do the sections of its other pages. Numbered in their order, but
    for those that have a letter; those of ``axes`` have their colour.
    """
    return tuple(
        Chapter(
            code,
            letters.get(code, str(n)),
            title,
            tuple(_made(make(), page) if only in ("", code) else ()),
            code if code in axes else "",
        )
        for n, (code, (title, make)) in enumerate(parts.items(), 1)
    )


def _made(told: Iterable[Block | Section], page: int) -> Iterator[Block]:
    """Every block; or those of one page, and the headings of the others."""
    all_told = list(told)
    n_sections = sum(isinstance(one, Section) for one in all_told)
    n = 0
    for one in all_told:
        n += isinstance(one, Section)
        is_shown = page in (0, page_of(n, n_sections))
        if isinstance(one, Section):
            yield one.heading
            yield from one.make() if is_shown else ()
        elif is_shown:
            yield one


@dataclass(frozen=True, slots=True)
class Body:
    """Who makes the report, as configured on that day."""

    name: str
    acronym: str
    country: str
    ministry: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    schema: str
    kind: str
    year: int
    window: str
    title: str
    subtitle: str
    body: Body
    extracted_on: str  # ISO date
    n_due: int
    n_received: int
    n_accepted: int
    chapters: tuple[Chapter, ...]
    figures: tuple[Figure, ...]
    definitions: tuple[Meaning, ...]
    sources: tuple[Source, ...]
    notice: str = ""  # what a reader must know before anything else

    @property
    def language(self) -> str:
        """The language of its words: ``tip.en`` is the English version of ``tip``."""
        return "en" if self.kind.endswith(".en") else "fr"

    def chapter(self, code: str) -> Chapter:
        """The chapter of this code. Raises ``StopIteration`` when there is none."""
        return next(chapter for chapter in self.chapters if chapter.code == code)

    def by_key(self) -> dict[str, Figure]:
        """Every figure, by its key."""
        return {figure.key: figure for figure in self.figures}

    def tables(self) -> list[Table]:
        """Every table, in order."""
        return [b for c in self.chapters for b in c.blocks if isinstance(b, Table)]


@dataclass(frozen=True, slots=True)
class Correction:
    """An erratum: it stands beside the number, which does not move."""

    figure: str
    label: str
    old_value: int | None
    new_value: int | None
    reason: str
    on: str  # ISO date


@dataclass(frozen=True, slots=True)
class Edition:
    """A document as it is handed out: a draft, or frozen with its errata."""

    document: Document
    digest: str = ""  # of the document; a draft has none
    frozen_on: str = ""  # ISO date; empty for a draft
    corrections: tuple[Correction, ...] = ()
    is_whole: bool = True  # the document is the one that was fingerprinted

    @property
    def is_draft(self) -> bool:
        """Whether the figures may still move."""
        return not self.frozen_on

    def corrections_of(self, key: str) -> list[Correction]:
        """The errata of one figure, oldest first."""
        return [c for c in self.corrections if c.figure == key]


# --- JSON, there and back ---------------------------------------------------------------------

BLOCKS: Mapping[str, type[Block]] = {
    "text": Text,
    "heading": Heading,
    "keys": Keys,
    "table": Table,
    "chart": Chart,
    "quotes": Quotes,
    "items": Items,
}
NAMES: Mapping[type, str] = {cls: name for name, cls in BLOCKS.items()}
Reader = Callable[[Any], Any]


def to_json(value: Any) -> Any:
    """Plain lists, dicts, texts and numbers. A block says its type."""
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if not is_dataclass(value):
        return value
    name = NAMES.get(type(value))
    told: dict[str, Any] = {"type": name} if name else {}
    for one in fields(value):
        told[one.name] = to_json(getattr(value, one.name))
    return told


def from_json(told: Mapping[str, Any]) -> Document:
    """The document that :func:`to_json` told. Raises ``ValueError`` for another schema."""
    if told.get("schema") != SCHEMA:
        raise ValueError(f"not a document of {SCHEMA}: {told.get('schema')!r}")
    document: Document = _object_reader(Document)(told)
    return document


def canonical(told: Mapping[str, Any]) -> bytes:
    """One text for one document, whatever database kept it: sorted keys, UTF-8, no spaces."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest(told: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text: printed in the report, checked whenever it is read."""
    return hashlib.sha256(canonical(told)).hexdigest()


@cache
def _reader(kind: Any) -> Reader | None:
    """How to read one type of ours back; ``None`` for what JSON already gave."""
    if kind == Block:
        readers = {name: _object_reader(cls) for name, cls in BLOCKS.items()}  # type: ignore[arg-type]
        return lambda told: readers[told["type"]](told)
    if is_dataclass(kind):
        return _object_reader(kind)  # type: ignore[arg-type]
    if typing.get_origin(kind) is not tuple:
        return None
    item = _reader(typing.get_args(kind)[0])
    if item is None:
        return tuple
    return lambda told: tuple([item(one) for one in told])


@cache
def _object_reader(cls: Any) -> Reader:
    readers = [(name, _reader(hint)) for name, hint in typing.get_type_hints(cls).items()]

    def read(told: Mapping[str, Any]) -> Any:
        return cls(**{n: told[n] if r is None else r(told[n]) for n, r in readers})

    return read
