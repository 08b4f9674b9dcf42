"""A report on a page: its blocks with the address behind each figure, and the errata beside."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from danbe.core.access import Actor, Reach
from danbe.reports import wording
from danbe.reports.charts import draw
from danbe.reports.document import (
    Block,
    Cell,
    Chapter,
    Chart,
    Correction,
    Document,
    Edition,
    Figure,
    Heading,
    Items,
    Keys,
    Quotes,
    Row,
    Source,
    Table,
    Text,
)
from danbe.reports.history import ADDRESS

WIDE, NARROW = 560.0, 400.0  # from 560 a map bears the names of its regions
MOST_SOURCES = 6
EXPLORED = {"sex": "sex_age", "age": "sex_age"}  # how the explorer calls a breakdown
NOTICES = {"info": "info", "warn": "alert"}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A figure that opens, a text, or silence."""

    label: str  # of its column
    text: str
    url: str = ""
    silent: bool = False
    is_figure: bool = False
    corrected: str = ""  # the present value, when an erratum stands beside it
    addresses: tuple[str, ...] = ()  # of publications


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row; ``links`` open the returns of a source."""

    label: str
    cells: tuple[ShownCell, ...]
    kind: str
    anchor: str = ""
    links: tuple[str, ...] = ()


def chapter_or_404(document: Document, code: str) -> Chapter:
    """The chapter that an address asks for."""
    try:
        return document.chapter(code)
    except StopIteration:
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table."""

    table: Table
    columns: tuple[tuple[str, bool], ...]  # name, whether it holds numbers
    rows: tuple[ShownRow, ...]
    notes: tuple[str, ...]
    errata: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]  # id, address
    n_sources: int
    correct_url: str
    kind: str = "table"

    @property
    def has_words(self) -> bool:
        """Whether it is read row by row (cards on a phone) rather than down its columns."""
        return any(not is_number for _name, is_number in self.columns[1:])


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A drawing, and the table behind it where no other stands beside."""

    chart: Chart
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]  # name, number; "" for no data
    kind: str = "chart"


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A table and its drawing, side by side."""

    table: ShownTable
    chart: ShownChart
    kind: str = "pair"


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A figure in large type."""

    figure: Figure
    text: str
    url: str
    sources: str
    errata: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownKeys:
    """The figures that are announced first."""

    figures: tuple[ShownKey, ...]
    kind: str = "keys"


@dataclass(frozen=True, slots=True)
class Plain:
    """A block that needs nothing more: text, heading, items, quotes."""

    kind: str
    block: Text | Heading | Items | Quotes
    icon: str = ""


Shown = ShownTable | ShownChart | ShownPair | ShownKeys | Plain


@dataclass(slots=True)
class Viewer:
    """Turns the blocks of an edition into what the template shows to one actor."""

    edition: Edition
    actor: Actor
    figures: dict[str, Figure] = field(init=False)
    cited: dict[str, Source] = field(init=False)
    explorer: str = field(init=False)
    sources: str = field(init=False)

    def __post_init__(self) -> None:
        self.figures = self.edition.document.by_key()
        self.cited = {source.id: source for source in self.edition.document.sources}
        self.explorer = reverse("figure_explorer")
        self.sources = reverse("figure_sources")

    def shown(self, blocks: Iterable[Block]) -> list[Shown]:
        """Blocks of a chapter; a chart that stands beside its table is put with it."""
        shown: list[Shown] = []
        for block in blocks:
            last = shown[-1] if shown else None
            if isinstance(block, Chart) and block.beside and isinstance(last, ShownTable):
                shown[-1] = ShownPair(last, self.chart(block))
            else:
                shown.append(self.block(block))
        return shown

    def block(self, block: Block) -> Shown:
        """One block."""
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Chart):
            return self.chart(block)
        if isinstance(block, Keys):
            return ShownKeys(tuple(self.key(k) for k in block.figures))
        if isinstance(block, Text):
            return Plain("text", block, NOTICES.get(block.tone, ""))
        names: dict[type, str] = {Heading: "heading", Items: "items", Quotes: "quotes"}
        return Plain(names[type(block)], block)

    def url(self, figure: Figure) -> str:
        """Where a figure opens: its returns, its breakdown, or the publication."""
        if figure.by == "published":
            return f"?part=sources#{figure.sources[0]}"
        if not figure.definition or figure.by in ("bodies", "register"):
            return ""
        asked = {"definition": figure.definition, "window": figure.window}
        if figure.place:
            asked["place"] = figure.place
        if figure.by in ("", "region"):
            return f"{self.sources}?{urlencode(asked)}"
        asked["by"] = EXPLORED.get(figure.by, "region" if figure.by == "place" else figure.by)
        return f"{self.explorer}?{urlencode(asked)}"

    def errata(self, key: str) -> list[Correction]:
        """The corrections of a figure, oldest first."""
        return self.edition.corrections_of(key) if self.edition.corrections else []

    def key(self, key: str) -> ShownKey:
        """A figure in large type."""
        figure = self.figures[key]
        n = len(figure.sources)
        return ShownKey(
            figure,
            wording.number(figure.value),
            self.url(figure),
            wording.counted(n, "organisation", "organisations") if n else "",
            tuple(said(c) for c in self.errata(key)),
        )

    def table(self, table: Table) -> ShownTable:
        """A table with its links, errata and sources."""
        columns = tuple((name, table.is_numeric(n)) for n, name in enumerate(table.columns))
        errata = [
            f"{row.label}{wording.colon()} {said(c)}"
            for row in table.rows
            for cell in row.cells
            if cell.figure
            for c in self.errata(cell.figure)
        ]
        return ShownTable(
            table,
            columns,
            tuple(self.row(table, row, columns[1:]) for row in table.rows),
            table.notes,
            tuple(dict.fromkeys(errata)),
            tuple((s, f"?part=sources#{s}") for s in table.sources[:MOST_SOURCES]),
            len(table.sources),
            self.correct_url(table),
        )

    def correct_url(self, table: Table) -> str:
        """Where a figure of the table is corrected, for whoever may, once it is frozen."""
        if self.edition.is_draft or not self.actor.can("report.correct"):
            return ""
        if not any(cell.figure for row in table.rows for cell in row.cells):
            return ""
        is_tip = self.edition.document.kind.startswith("tip")
        page = "tip_erratum" if is_tip else "report_erratum"
        url = reverse(page, args=[self.edition.document.year])
        return f"{url}?{urlencode({'table': table.code})}"

    def row(self, table: Table, row: Row, columns: Sequence[tuple[str, bool]]) -> ShownRow:
        """A row; those of the sources can be pointed at."""
        cells = tuple(
            self.cell(cell, name, numeric=numeric)
            for cell, (name, numeric) in zip(row.cells, columns, strict=True)
        )
        if not table.code.startswith("sources-"):
            return ShownRow(row.label, cells, row.kind)
        return ShownRow(row.label, cells, row.kind, row.label, tuple(self.returns(row.label)))

    def returns(self, source: str) -> Iterator[str]:
        """The addresses of the returns of a source, for whoever may open any of them."""
        if source in self.cited and self.actor.reach("return.read") is Reach.NATION:
            yield from addresses(self.cited[source])

    def cell(self, cell: Cell, column: str, *, numeric: bool) -> ShownCell:
        """One cell; what nobody gave, in a column of numbers, is shown as silence."""
        if not cell.figure:
            silent = numeric and not cell.text
            found = tuple(ADDRESS.findall(cell.text))
            text = ADDRESS.sub("", cell.text).strip(" ;") if found else cell.text or "—"
            return ShownCell(column, text, silent=silent, is_figure=silent, addresses=found)
        figure = self.figures[cell.figure]
        text = wording.number(figure.value, figure.at_least)
        last = self.errata(cell.figure)[-1:]
        corrected = wording.number(last[0].new_value) if last else ""
        silent = figure.value is None
        return ShownCell(column, text, self.url(figure), silent, True, corrected)

    def chart(self, chart: Chart) -> ShownChart:
        """A drawing."""
        svg = draw(chart, self.figures, NARROW if chart.beside else WIDE, self.url)
        if chart.beside or chart.kind == "lines":
            return ShownChart(chart, svg, (), ())
        rows = tuple((mark.label, self.spoken(mark.figures[0])) for mark in chart.marks)
        return ShownChart(chart, svg, ("Territoire", chart.unit), rows)

    def spoken(self, key: str) -> str:
        """A figure in words; nothing for silence."""
        figure = self.figures.get(key)
        if figure is None or figure.value is None:
            return ""
        return wording.number(figure.value, figure.at_least)


def addresses(source: Source) -> Sequence[str]:
    """Where the returns of a source open."""
    return [reverse("return_detail", args=[pk]) for pk in source.returns]


def said(one: Correction) -> str:
    """An erratum in full."""
    reason = wording.set_words()["reason"]
    return f"{wording.erratum(one.on, one.old_value, one.new_value)} {reason} {one.reason}"
