"""The history since 2011: what Danbe holds, what was published, the breaks and the gaps."""

import re
from collections.abc import Iterator, Mapping, Sequence

from danbe.figures.models import Definition, PublishedFact, PublishedFigure
from danbe.reports import wording
from danbe.reports.document import (
    Block,
    Cell,
    Chapter,
    Chart,
    Figure,
    Heading,
    Mark,
    Row,
    Source,
    Table,
    Text,
)
from danbe.reports.ledger import Ledger, lines
from danbe.reports.queries import Year
from danbekit.dates import Window

FIRST = 2011
ADDRESS = re.compile(r"https?://[^\s;,]+")
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


def history_chapter(
    ledger: Ledger,
    publications: Publications,
    definitions: Sequence[Definition],
    past: Past,
    published: Sequence[PublishedFigure],
    facts: Sequence[PublishedFact],
    number: str,
) -> Chapter:
    """One history a definition, then the yearly ranking of the US report."""
    last = ledger.window.start.year
    blocks: list[Block] = [Text(wording.HISTORY_LEAD, "lead")]
    n = 0
    for definition in definitions:
        told = [
            p for p in published if p.definition_id == definition.code and p.breakdown == "total"
        ]
        before = {year: v for year, v in past[definition.code].items() if year < last}
        if not told and not before:
            continue
        n += 1
        anchor = f"h-{definition.code}"
        blocks.append(Heading(definition.label_fr, f"{number}.{n}", anchor, definition.code))
        blocks += _one(ledger, publications, definition, past[definition.code], told)
    if n == 0:
        blocks.append(Text(wording.NO_HISTORY, "note"))
    if facts:
        n += 1
        blocks.append(Heading(wording.TIERS_TITLE, f"{number}.{n}", "h-tiers"))
        blocks.append(_tiers(ledger, publications, facts))
    return Chapter("history", number, f"Évolution depuis {FIRST}", tuple(blocks))


def _one(
    ledger: Ledger,
    publications: Publications,
    definition: Definition,
    past: Mapping[int, Year],
    told: Sequence[PublishedFigure],
) -> Iterator[Block]:
    rows: list[Row] = []
    marks: list[Mark] = []
    cited: list[str] = []
    for year in range(FIRST, ledger.window.start.year + 1):
        live = _live(ledger, definition, year, past.get(year))
        quoted = []
        for one in (p for p in told if p.end and p.end.year == year):
            source = publications.cite(one.reporter, one.source)
            cited.append(source)
            key = _quote(ledger, definition, one, source, len(cited))
            quoted.append((key, one, source))
        chosen = next((key for key, _p, _s in quoted if ledger.said(key).value is not None), "")
        marks.append(Mark(str(year), (live, chosen)))
        rows += _rows(ledger, year, live, quoted)
    yield _chart(ledger, definition, marks)
    yield ledger.table(
        f"history-{definition.code}",
        f"{definition.label_fr}, {FIRST}-{ledger.window.start.year}",
        ledger.unit(definition),
        ["Année", "Relevés", "Publié", "Publié par, période, avertissement"],
        rows,
        notes=[wording.NOT_ZERO],
        sources=sorted(set(cited), key=lambda name: int(name[1:])),
    )


def _rows(
    ledger: Ledger, year: int, live: str, quoted: Sequence[tuple[str, PublishedFigure, str]]
) -> Iterator[Row]:
    if not quoted:
        yield Row(str(year), (Cell(live), Cell(), Cell(text="" if live else wording.NO_DATA)))
    for n, (key, one, source) in enumerate(quoted):
        window = Window(one.start, one.end) if one.start and one.end else None
        period = f", {window.label('fr')}" if window and window.code != str(year) else ""
        warning = f". {one.unit_warning_fr}" if one.unit_warning_fr else ""
        said = Cell(text=f"{one.reporter}{period} [{source}]{warning}")
        yield Row(str(year), (Cell(live if n == 0 else ""), Cell(key), said))


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
            sources=("D1",),
        )
    )


def _quote(
    ledger: Ledger, definition: Definition, one: PublishedFigure, source: str, n: int
) -> str:
    window = Window(one.start, one.end).code if one.start and one.end else one.year_label
    return ledger.write(
        Figure(
            f"published.{definition.code}@{window}.{n}",
            definition.code,
            f"{definition.label_fr} (publié : {one.reporter})",
            ledger.unit(definition),
            window,
            one.value,
            one.at_least,
            by="published",
            sources=(source,),
            note=one.unit_warning_fr,
        )
    )


def _chart(ledger: Ledger, definition: Definition, marks: Sequence[Mark]) -> Chart:
    return ledger.chart(
        f"history-{definition.code}-lines",
        f"{definition.label_fr} depuis {FIRST}",
        ledger.unit(definition),
        "lines",
        marks,
        series=("Relevés acceptés dans Danbe", "Chiffres publiés"),
        axis=definition.axis,
    )


def _tiers(ledger: Ledger, publications: Publications, facts: Sequence[PublishedFact]) -> Table:
    rows = []
    for fact in facts:
        source = publications.cite(wording.TIER_REPORTER, fact.source) if fact.source else ""
        basis = f"{fact.detail_fr} [{source}]" if source else fact.detail_fr
        rows.append(lines(fact.year_label, fact.label_fr or wording.NO_DATA, basis))
    return ledger.table(
        "history-tiers",
        wording.TIERS_TITLE,
        "",
        ["Édition", "Catégorie", "Fondement"],
        rows,
    )
