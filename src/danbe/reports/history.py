"""The history since 2011: what Danbe holds, what was published, the breaks and the gaps."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from danbe.figures.models import Definition, PublishedFact, PublishedFigure
from danbe.reports import wording
from danbe.reports.document import (
    Block,
    Cell,
    Chart,
    Figure,
    Heading,
    Mark,
    Row,
    Source,
    Table,
    Text,
)
from danbe.reports.ledger import Ledger, in_order, lines
from danbe.reports.queries import Year
from danbekit.dates import Window

FIRST = 2011
PAST = ("D1",)  # the source of the years that Danbe itself holds
DRAWN_FROM = 3  # years with a number: below, a table says it better than a line
LONGEST_DAYS = 366  # a sum over several years is not the point of one year
ADDRESS = re.compile(r"https?://[^\s;]*[^\s;,.)]")  # commas are common inside: refworld.org
Past = Mapping[str, Mapping[int, Year]]


class Publications:
    """The publications that are quoted, numbered P1, P2... in the order of quotation."""

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}

    def cite(self, reporter: str, text: str) -> str:
        """The id of a publication; the same text is the same publication."""
        if text not in self.sources:
            name = f"P{len(self.sources) + 1}"
            addresses = tuple(ADDRESS.findall(text))
            detail = "" if addresses else text
            self.sources[text] = Source(name, "published", reporter, detail, addresses=addresses)
        return self.sources[text].id


@dataclass(frozen=True, slots=True)
class Quoted:
    """One published figure, written in the ledger."""

    key: str  # "" where no number was published
    words: str
    source: str


@dataclass(slots=True)
class Line:
    """The history of one definition."""

    definition: Definition
    live: dict[int, str] = field(default_factory=dict)  # year -> key
    quoted: dict[int, list[Quoted]] = field(default_factory=dict)
    drawn: dict[int, str] = field(default_factory=dict)  # year -> key of the published point

    @property
    def years(self) -> set[int]:
        """The years with a number that a line can show."""
        return set(self.live) | set(self.drawn)


def history_blocks(
    ledger: Ledger,
    publications: Publications,
    definitions: Sequence[Definition],
    past: Past,
    published: Sequence[PublishedFigure],
    facts: Sequence[PublishedFact],
    number: str,
) -> list[Block]:
    """A line for the figures with a history, a table for the others, the US ranking."""
    found = [_line(ledger, publications, d, past[d.code], published) for d in definitions]
    drawn = [one for one in found if len(one.years) >= DRAWN_FROM]
    others = [one for one in found if len(one.years) < DRAWN_FROM and one.quoted]
    blocks: list[Block] = [Text(wording.HISTORY_LEAD, "lead")]
    if not drawn and not others:
        blocks.append(Text(wording.NO_HISTORY, "note"))
    n = 0
    for n, one in enumerate(drawn, start=1):
        definition = one.definition
        anchor = f"h-{definition.code}"
        blocks.append(Heading(definition.label_fr, f"{number}.{n}", anchor, definition.code))
        blocks += [_chart(ledger, one), _table(ledger, one)]
    if others:
        n += 1
        blocks.append(Heading(wording.OTHER_HISTORY, f"{number}.{n}", "h-others"))
        blocks.append(_others(ledger, others))
    if facts:
        n += 1
        blocks.append(Heading(wording.TIERS_TITLE, f"{number}.{n}", "h-tiers"))
        blocks.append(_tiers(ledger, publications, facts))
    return blocks


def _line(
    ledger: Ledger,
    publications: Publications,
    definition: Definition,
    past: Mapping[int, Year],
    published: Sequence[PublishedFigure],
) -> Line:
    line = Line(definition)
    for year in range(FIRST, ledger.window.start.year + 1):
        live = _live(ledger, definition, year, past.get(year))
        if live:
            line.live[year] = live
    for n, one in enumerate(p for p in published if p.definition_id == definition.code):
        window = _window(one)
        source = publications.cite(one.reporter, one.source)
        key = _quote(ledger, definition, one, source, n) if one.value is not None else ""
        quoted = Quoted(key, _words(one, window, source), source)
        line.quoted.setdefault(window.end.year, []).append(quoted)
        if key and (window.end - window.start).days <= LONGEST_DAYS:
            line.drawn.setdefault(window.end.year, key)
    return line


def _window(one: PublishedFigure) -> Window:
    """Its period; the query asks for dated figures only."""
    if one.start is None or one.end is None:
        raise ValueError(f"no period: {one}")
    return Window(one.start, one.end)


def _words(one: PublishedFigure, window: Window, source: str) -> str:
    """Who published it, for which period, in which words, and what to beware of."""
    period = "" if window == Window.calendar_year(window.end.year) else f", {window.label('fr')}"
    said = f" {one.raw_text}." if one.value is None and one.raw_text else ""
    warning = f" {one.unit_warning_fr}" if one.unit_warning_fr else ""
    return f"{one.reporter}{period} [{source}].{said}{warning}"


def _live(ledger: Ledger, definition: Definition, year: int, value: Year | None) -> str:
    """What Danbe holds for a year, as a figure; the year of the report is already there."""
    key = f"{definition.code}@{year}"
    if key in ledger.figures:
        return key if ledger.figures[key].value is not None else ""
    if value is None:
        return ""
    return ledger.write(
        Figure(
            key,
            definition.code,
            definition.label_fr,
            ledger.unit(definition),
            str(year),
            value.value,
            value.at_least,
            sources=PAST,
        )
    )


def _quote(
    ledger: Ledger, definition: Definition, one: PublishedFigure, source: str, n: int
) -> str:
    window = _window(one).code
    return ledger.write(
        Figure(
            f"published.{definition.code}@{window}.{n}",
            definition.code,
            f"{definition.label_fr} (publié\u00a0: {one.reporter})",
            ledger.unit(definition),
            window,
            one.value,
            one.at_least,
            by="published",
            sources=(source,),
            note=one.unit_warning_fr,
        )
    )


def _chart(ledger: Ledger, line: Line) -> Chart:
    definition = line.definition
    marks = [
        Mark(str(year), (line.live.get(year, ""), line.drawn.get(year, "")))
        for year in range(FIRST, ledger.window.start.year + 1)
    ]
    return ledger.chart(
        f"history-{definition.code}-lines",
        f"{definition.label_fr} depuis {FIRST}",
        ledger.unit(definition),
        "lines",
        marks,
        series=("Déclarations acceptées dans Danbe", "Chiffres publiés"),
        axis=definition.axis,
    )


def _table(ledger: Ledger, line: Line) -> Table:
    """A row a year and a publication; silent years in a row are one row."""
    definition, last = line.definition, ledger.window.start.year
    rows: list[Row] = []
    silent: list[int] = []
    for year in range(FIRST, last + 1):
        if year not in line.live and year not in line.quoted:
            silent.append(year)
            continue
        rows += _silence(silent)
        silent = []
        rows += _rows(str(year), line.live.get(year, ""), line.quoted.get(year, ()))
    rows += _silence(silent)
    cited = {q.source for found in line.quoted.values() for q in found}
    return ledger.table(
        f"history-{definition.code}",
        f"{definition.label_fr}, {FIRST}-{last}",
        ledger.unit(definition),
        ["Année", "Déclarations", "Publié", "Publié par, période, avertissement"],
        rows,
        sources=in_order(cited),
    )


def _silence(years: Sequence[int]) -> Iterator[Row]:
    if years:
        label = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
        yield Row(label, (Cell(), Cell(), Cell(text=wording.NO_DATA)))


def _rows(label: str, live: str, quoted: Sequence[Quoted]) -> Iterator[Row]:
    if not quoted:
        yield Row(label, (Cell(live), Cell(), Cell()))
    for n, one in enumerate(quoted):
        yield Row(label, (Cell(live if n == 0 else ""), Cell(one.key), Cell(text=one.words)))


def _others(ledger: Ledger, found: Sequence[Line]) -> Table:
    """The figures that were published once or twice."""
    rows = []
    cited = set()
    for line in found:
        definition = line.definition
        for year, quoted in sorted(line.quoted.items()):
            cited |= {q.source for q in quoted}
            for one in quoted:
                unit = ledger.unit(definition)
                label = f"{definition.label_fr} ({unit})"
                cells = (Cell(text=str(year)), Cell(one.key), Cell(text=one.words))
                rows.append(Row(label, cells))
    return ledger.table(
        "history-others",
        wording.OTHER_HISTORY,
        "",
        ["Chiffre (unité)", "Année", "Publié", "Publié par, période, avertissement"],
        rows,
        sources=in_order(cited),
    )


def _tiers(ledger: Ledger, publications: Publications, facts: Sequence[PublishedFact]) -> Table:
    rows = []
    for fact in facts:
        source = publications.cite(wording.TIER_REPORTER, fact.source) if fact.source else ""
        basis = f"{fact.detail_fr} [{source}]" if source else fact.detail_fr
        rows.append(lines(fact.year_label, fact.label_fr or wording.NO_DATA, basis))
    columns = ["Édition", "Catégorie", "Fondement"]
    return ledger.table("history-tiers", wording.TIERS_TITLE, "", columns, rows)
