"""The Committee's annual report, made from the accepted returns of a calendar year."""

import datetime
from collections.abc import Iterable, Sequence
from functools import cache, partial

from django.utils import translation

from danbe.accounts.queries import body
from danbe.core.models import Term
from danbe.core.places import layout_on
from danbe.figures.completeness import Completeness, State
from danbe.figures.models import Axis, Definition, PublishedFact, PublishedFigure
from danbe.reports import queries, wording
from danbe.reports.axes import (
    COLUMNS_OF_REGIONS,
    Codes,
    Year,
    axis_blocks,
    placed_of,
    region_map,
    region_table,
    sentence,
)
from danbe.reports.document import (
    SCHEMA,
    SECTIONS,
    Block,
    Body,
    Document,
    Heading,
    Items,
    Keys,
    Mark,
    Meaning,
    Parts,
    Quote,
    Quotes,
    Row,
    Source,
    Text,
    chapters_of,
    page_of,
)
from danbe.reports.history import FIRST, PAST, Publications, history_blocks
from danbe.reports.ledger import Ledger, lines, row
from danbe.reports.queries import Received
from danbe.reports.sources import returns_sources
from danbekit.dates import Window, format_date

# The figures that the Committee announces first, in its order. Absent ones are left out.
HEADLINES = (
    "victims_identified migrants_assisted investigation_files persons_investigated "
    "prosecution_files convictions persons_sensitised"
).split()
OPENING = "essential"  # the chapter that is read first
ANNEXES = {"definitions": "A", "sources": "B", "gaps": "C"}
# Chapters that say of a figure whether it is known and whole, and show none.
UNSHOWN = frozenset({"difficulties", "definitions", "gaps"})
TOTALS = UNSHOWN | {"history", "sources"}  # chapters that show no part of a figure


def build(year: int, today: datetime.date, only: str = "", page: int = 0) -> Document:
    """The report of ``year`` as the accepted returns stand ``today``. Reads, never writes.

    With ``only``, the code of a chapter, the others have a title and nothing more, and what they
    count is not read; with ``page``, so it is for the sections of an axis that stand on another
    page. Made for the page that shows it: its tables have no number, and returns are counted as
    due only where the chapter says them.
    """
    with translation.override("fr"):
        return _build(year, today, only, page if only in Axis else 0)


def _build(year: int, today: datetime.date, only: str, page: int) -> Document:
    window = Window.calendar_year(year)
    definitions = list(Definition.objects.all())
    received = queries.received(window)
    sources = returns_sources(received, _dates)
    ledger = Ledger(window, {body: s.id for body, s in sources.items()}, is_whole=not only)
    published = queries.published(FIRST, year)
    counted = _counted(definitions, published, only)
    told = Year(
        ledger,
        queries.measures(
            window, counted, partial(_parts_read, only, page), with_bodies=only not in UNSHOWN
        ),
        _codes(definitions),
        layout_on(window.end),
        window.end.isoformat(),
        queries.words(window) if only in ("", "difficulties", *Axis.values) else (),
        cache(lambda: queries.explained(window)),
    )
    says_owed = only in ("", OPENING, "completeness", "gaps")
    owed = queries.owed(window, today) if says_owed else Completeness(window, ())
    publications = Publications()
    shown = _with_history(definitions, published)
    # Asked by its own chapter and by the annex of sources.
    history = cache(lambda: _history(told, publications, shown, published, "7"))

    def cited() -> list[Source]:
        history()
        return [*sources.values(), *_own_past(ledger), *publications.sources.values()]

    parts: Parts = {
        OPENING: ("L’essentiel", lambda: _essential(told, owed)),
        "completeness": ("Complétude", lambda: _completeness(ledger, owed)),
        **_axes(told),
        "history": (f"Évolution depuis {FIRST}", history),
        "difficulties": ("Difficultés", lambda: _difficulties(told)),
        "method": ("Note de méthode", _method),
        "definitions": ("Annexe A. Définitions", lambda: _definitions(told, definitions)),
        "sources": ("Annexe B. Sources", lambda: _sources(ledger, cited())),
        "gaps": ("Annexe C. Lacunes", lambda: _gaps(told, owed)),
    }
    named = body()
    return Document(
        schema=SCHEMA,
        kind="annual",
        year=year,
        window=window.code,
        title=f"Rapport annuel {year}",
        subtitle="sur la traite des personnes et les pratiques assimilées",
        body=Body(named.name, named.acronym, named.country, named.ministry, named.contact),
        extracted_on=today.isoformat(),
        n_due=owed.n_due,
        n_received=owed.n_received,
        n_accepted=owed.n_accepted,
        chapters=chapters_of(parts, only, page, letters=ANNEXES, axes=Axis.values),
        figures=tuple(ledger.figures.values()),
        definitions=tuple(_meaning(ledger, d) for d in definitions),
        sources=tuple(cited() if only in ("", "history", "sources") else sources.values()),
        notice=wording.notice(sum(r.fictitious for r in received), len(received)),
    )


def _counted(
    definitions: Sequence[Definition], published: Sequence[PublishedFigure], only: str
) -> list[Definition]:
    """What a chapter counts."""
    if only == OPENING:
        return [d for d in definitions if d.code in HEADLINES]
    if only in ("history", "sources"):
        return _with_history(definitions, published)
    if only in ("completeness", "method"):
        return []
    return [d for d in definitions if only not in Axis or d.axis == only]


def _parts_read(only: str, page: int, split: list[str]) -> list[str]:
    """Which of the figures that are split are shown with their parts: a section each."""
    if only in TOTALS:
        return []
    if not page or len(split) <= SECTIONS:
        return split
    return [code for n, code in enumerate(split, 1) if page_of(n, len(split)) == page]


def _axes(told: Year) -> Parts:
    return {
        axis: (wording.AXES[axis], partial(axis_blocks, told, axis, str(n)))
        for n, axis in enumerate(Axis.values, start=3)
    }


def _codes(definitions: Iterable[Definition]) -> Codes:
    """The code lists that the figures are split by, in French, in one query."""
    lists = {"form", "citizenship", "basis"}
    lists |= {d.category_list for d in definitions if d.category_list}
    codes: dict[str, dict[str, str]] = {}
    terms = Term.objects.filter(list__in=lists).order_by("list", "order", "code")
    for name, code, label in terms.values_list("list", "code", "label_fr"):
        codes.setdefault(name, {})[code] = label
    return codes


def _meaning(ledger: Ledger, one: Definition) -> Meaning:
    return Meaning(
        one.code,
        one.number,
        one.label_fr,
        ledger.unit(one),
        one.sentence_fr,
        one.example_fr,
        one.counterexample_fr,
    )


# --- Sources ----------------------------------------------------------------------------------


def _dates(one: Received) -> str:
    accepted = f", acceptée le {format_date(one.accepted_on)}" if one.accepted_on else ""
    return f"{one.window.label('fr')}{accepted}"


def _own_past(ledger: Ledger) -> list[Source]:
    """Where the figures of past years come from, when there are any."""
    if not any(figure.sources == PAST for figure in ledger.figures.values()):
        return []
    title = "Déclarations acceptées des années passées"
    return [Source(PAST[0], "series", title, "conservées dans Danbe")]


# --- Chapters before the axes -----------------------------------------------------------------


def _essential(told: Year, owed: Completeness) -> list[Block]:
    """What a Minister reads: the figures with their units, how far they reach, one map."""
    ledger = told.ledger
    headlines = [
        told.measures[code]
        for code in HEADLINES
        if code in told.measures and told.measures[code].value is not None
    ]
    blocks: list[Block] = [
        Text(_lead(ledger.window, owed), "lead"),
        Keys(tuple(ledger.total(m) for m in headlines)),
        Items(tuple(sentence(told, m) for m in headlines if m.splits)),
        Text(wording.UNIT_WARNING, "info"),
    ]
    placed = placed_of(told, headlines)
    if headlines:
        # Where nobody gave a region, the map is there all the same: it shows the silence.
        blocks.append(region_map(told, [*placed, *headlines][0]))
    if placed:
        shown = placed[:COLUMNS_OF_REGIONS]
        blocks.append(region_table(told, "essential", wording.ESSENTIAL_FIGURES, shown))
    return [b for b in blocks if not _empty(b)]


def _lead(window: Window, owed: Completeness) -> str:
    year = window.start.year
    return wording.completeness_lead(year, owed.n_due, owed.n_received, owed.n_accepted)


def _empty(block: Block) -> bool:
    return (isinstance(block, Keys) and not block.figures) or (
        isinstance(block, Items) and not block.items
    )


def _completeness(ledger: Ledger, owed: Completeness) -> list[Block]:
    """Who owed, who answered, who is silent."""
    silent = {o.organisation.label_fr for o in owed.silent}
    counts = [
        ("due", "Déclarations attendues", owed.n_due),
        ("received", "Déclarations reçues", owed.n_received),
        ("accepted", "Déclarations acceptées", owed.n_accepted),
        ("silent", "Déclarations attendues et non reçues", len(owed.silent)),
    ]
    year = str(ledger.window.start.year)
    rows = [
        row(label, ledger.count(f"returns_{name}", label, "déclarations", n))
        for name, label, n in counts
    ]
    blocks: list[Block] = [
        Text(_lead(ledger.window, owed), "lead"),
        Text(wording.silent_bodies(len(silent)), "warn" if silent else ""),
        ledger.table(
            "completeness",
            "Déclarations attendues et reçues",
            "déclarations",
            ["Déclarations", year],
            rows,
        ),
    ]
    if owed.n_due:
        marks = [Mark(r.label, (r.cells[0].figure,)) for r in rows]
        title = "Déclarations attendues et reçues"
        chart = ledger.chart(
            "completeness-bars", title, "déclarations", "bars", marks, beside=True
        )
        blocks.append(chart)
    if owed.owed:
        blocks.append(
            ledger.table(
                "completeness-bodies",
                "Organisations et déclarations attendues",
                "",
                ["Organisation", "Axes", "Échéance", "État"],
                _bodies(owed),
            )
        )
    return blocks


def _bodies(owed: Completeness) -> list[Row]:
    rows = []
    for one in owed.owed:
        axes = ", ".join(wording.AXES_SHORT[axis] for axis in one.axes)
        window = "" if one.window == owed.window else f" ({one.window.label('fr')})"
        label = f"{one.organisation.label_fr}{window}"
        state = wording.STATES[State(one.state)]
        rows.append(lines(label, axes, format_date(one.due), state))
    return rows


# --- Chapters after the axes ------------------------------------------------------------------


def _history(
    told: Year,
    publications: Publications,
    shown: Sequence[Definition],
    published: Sequence[PublishedFigure],
    number: str,
) -> list[Block]:
    year = told.ledger.window.start.year
    for one in shown:
        told.ledger.total(told.measures[one.code])  # with its bodies, not as one year of the past
    facts = list(
        PublishedFact.objects.filter(
            subject="tip_tier", year_label__gte=str(FIRST), year_label__lte=str(year)
        )
    )
    past = queries.past(shown, FIRST, year)
    return history_blocks(told.ledger, publications, shown, past, published, facts, number)


def _with_history(
    definitions: Sequence[Definition], published: Sequence[PublishedFigure]
) -> list[Definition]:
    wanted = {*HEADLINES, *(one.definition_id for one in published)}
    return [d for d in definitions if d.code in wanted]


def _difficulties(told: Year) -> list[Block]:
    """In the bodies' own words, then what the consolidation shows."""
    quotes = tuple(Quote(w.body, w.difficulties) for w in told.words if w.difficulties)
    blocks: list[Block] = [Text(wording.DIFFICULTIES_LEAD, "lead")]
    blocks.append(Quotes(quotes) if quotes else Text(wording.NO_DIFFICULTY, "note"))
    found = [wording.overlaps(queries.n_open_overlaps(told.ledger.window))]
    n_short = queries.n_short(told.ledger.window, told.measures)
    if n_short:
        found.append(wording.unexplained(n_short))
    lost = [m.definition.label_fr for m in told.measures.values() if m.n_straddling]
    if lost:
        found.append(wording.straddling(lost))
    blocks += [Heading("Ce que la consolidation fait apparaître", "8.1", "d-found")]
    blocks.append(Items(tuple(found)))
    return blocks


def _method() -> list[Block]:
    blocks: list[Block] = []
    for n, (title, text) in enumerate(wording.METHOD, start=1):
        blocks += [Heading(title, f"9.{n}", f"m-{n}"), Text(text)]
    return blocks


def _definitions(told: Year, definitions: Sequence[Definition]) -> list[Block]:
    """Every figure that was asked, and what one unit of it is."""
    blocks: list[Block] = [Text(wording.DEFINITIONS_LEAD, "lead")]
    for axis in Axis.values:
        rows = [
            lines(f"{d.number} {d.label_fr}", told.ledger.unit(d), _told(told, d))
            for d in definitions
            if d.axis == axis
        ]
        if rows:
            title = f"Définitions : {wording.AXES[axis]}"
            columns = ["Chiffre", "Unité", "Ce qu’est une unité"]
            table = told.ledger.table(f"definitions-{axis}", title, "", columns, rows)
            blocks.append(table)
    return blocks


def _told(told: Year, one: Definition) -> str:
    """The sentence; what counts and what does not, for the figures that the report gives."""
    text = one.sentence_fr
    if told.measures[one.code].value is None:
        return text
    if one.example_fr:
        text += f" Compte : {one.example_fr}"
    if one.counterexample_fr:
        text += f" Ne compte pas : {one.counterexample_fr}"
    return text


def _remarks(source: Source) -> str:
    """What is said of a source, then where it is found."""
    return " ; ".join(filter(None, [source.detail, *source.addresses]))


def _sources(ledger: Ledger, cited: Sequence[Source]) -> list[Block]:
    """Bodies and publications, each with its dates and addresses."""
    returns = [s for s in cited if s.kind != "published"]
    published = [s for s in cited if s.kind == "published"]
    blocks: list[Block] = [
        ledger.table(
            "sources-returns",
            "Déclarations",
            "",
            ["Source", "Organisation", "Déclarations", "Remarques"],
            [lines(s.id, s.title, s.dates, _remarks(s)) for s in returns],
        )
    ]
    if published:
        blocks.append(
            ledger.table(
                "sources-published",
                "Publications",
                "",
                ["Source", "Auteur", "Adresses"],
                [lines(s.id, s.title, _remarks(s)) for s in published],
            )
        )
    return blocks


def _gaps(told: Year, owed: Completeness) -> list[Block]:
    """What the report does not know, named."""
    blocks: list[Block] = [Text(wording.GAPS_LEAD, "lead")]
    silent = [m.definition for m in told.measures.values() if m.value is None]
    for axis in Axis.values:
        labels = tuple(d.label_fr for d in silent if d.axis == axis)
        if labels:
            title = f"Chiffres sans réponse : {wording.AXES[axis]}"
            blocks += [Heading(title, "", f"g-{axis}"), Items(labels)]
    bodies = tuple(dict.fromkeys(o.organisation.label_fr for o in owed.silent))
    if bodies:
        blocks += [Heading("Organisations silencieuses", "", "g-bodies"), Items(bodies)]
    return blocks
