"""The chapters of the four axes: what was counted, how it splits, where, and what bodies say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from danbe.core.models import Place
from danbe.figures.models import Definition
from danbe.reports import wording
from danbe.reports.document import (
    UNEXPLAINED,
    Block,
    Cell,
    Chart,
    Heading,
    Mark,
    Quote,
    Quotes,
    Row,
    Section,
    Table,
    Text,
)
from danbe.reports.ledger import Ledger, in_order, row
from danbe.reports.queries import Explained, Measure, Words

Codes = Mapping[str, Mapping[str, str]]  # list -> code -> label, in order
COLUMNS_OF_REGIONS = 5  # more do not fit an A4 page
MOST_BARS = 12
MOST_SAID = 5


@dataclass(frozen=True, slots=True)
class Year:
    """What the chapters are made from."""

    ledger: Ledger
    measures: Mapping[str, Measure]
    codes: Codes
    layout: Sequence[Place]
    day: str  # ISO: the last of the window, whose regions are drawn
    words: Sequence[Words]
    explained: Callable[[], Sequence[Explained]]  # read where it is printed


def axis_blocks(year: Year, axis: str, number: str) -> Iterator[Block | Section]:
    """One axis: the summary table, then each figure that splits, the regions, the words."""
    measures = [m for m in year.measures.values() if m.definition.axis == axis]
    told = [m for m in measures if m.value is not None]
    placed = placed_of(year, told)
    yield Text(wording.AXIS_LEADS[axis], "lead")
    for measure in measures:
        year.ledger.total(measure)  # "no data" is written down too
    if told:
        yield _summary(year, axis, told)
    if len(told) < len(measures):
        silent = wording.silent_definitions(len(measures) - len(told), len(measures))
        yield Text(silent, "note" if told else "warn")
    if told and not placed:
        yield Text(wording.no_region(len(year.layout)), "note")
    for n, (title, anchor, code, make) in enumerate(_sections(year, axis, told, placed), 1):
        yield Section(Heading(title, f"{number}.{n}", anchor, code), make)


def _sections(
    year: Year, axis: str, told: Sequence[Measure], placed: Sequence[Measure]
) -> Iterator[tuple[str, str, str, Callable[[], Iterable[Block]]]]:
    """Title, anchor, definition, and what makes the blocks."""
    for measure in told:
        if measure.is_split:
            code = measure.definition.code
            yield measure.definition.label_fr, f"c-{code}", code, partial(_subject, year, measure)
    precisions = _precisions(year, [m for m in told if not m.is_split])
    if precisions:
        yield wording.PRECISIONS, f"p-{axis}", "", lambda: [Quotes(precisions)]
    if placed:
        yield "Répartition par région", f"r-{axis}", "", partial(_regions, year, axis, placed)
    quotes = tuple(Quote(w.body, w.narrative[axis]) for w in year.words if axis in w.narrative)
    if quotes:
        title = "Ce que rapportent les organisations"
        yield title, f"q-{axis}", "", lambda: [Quotes(quotes)]


def _summary(year: Year, axis: str, measures: Sequence[Measure]) -> Table:
    ledger = year.ledger
    rows = []
    for measure in measures:
        definition = measure.definition
        key = ledger.total(measure)
        bodies = ledger.count(
            f"{definition.code}.bodies",
            f"{definition.label_fr}, organisations",
            "organisations",
            len(measure.bodies),
        )
        unit = Cell(text=ledger.unit(definition))
        label = f"{definition.number} {definition.label_fr}"
        rows.append(Row(label, (unit, Cell(key), Cell(bodies))))
    sources = {s for m in measures for s in ledger.sources_of(m)}
    return ledger.table(
        f"axis-{axis}",
        f"{wording.AXES[axis]} : vue d’ensemble",
        "",
        ["Ce qui est compté", "Unité", str(ledger.window.start.year), "Organisations"],
        rows,
        sources=in_order(sources),
    )


def _subject(year: Year, measure: Measure) -> Iterator[Block]:
    """What is said of a figure that splits."""
    yield Text(measure.definition.sentence_fr, "note")
    yield Text(sentence(year, measure), "lead")
    for by, parts in measure.splits.items():
        if by == "sex_age":
            yield _cross_table(year, measure, parts)
            yield _bars(year, measure, by, _in_order(parts, list(wording.PERSONS)), beside=True)
        else:
            yield _list_table(year, measure, by, parts)
            if 1 < len(parts) <= MOST_BARS:
                yield _bars(year, measure, by, list(parts), beside=True)
    for by, missing in short_of(measure).items():
        said = sum(measure.parts[by].values())
        unit = measure.definition.unit
        yield Text(wording.shortfall(by, said, measure.value or 0, missing, unit), "warn")
    quotes = tuple(Quote(who, text) for who, text in _explanations(year, measure))
    if quotes:
        yield Quotes(quotes)


def _explanations(year: Year, measure: Measure) -> Iterator[tuple[str, str]]:
    """Who explained the figure, in which words; the same words are said once."""
    by_text: dict[str, list[str]] = {}
    for one in year.explained():
        if one.definition == measure.definition.code:
            by_text.setdefault(one.text, []).append(one.body)
    for text, who in by_text.items():
        yield wording.bodies(who), text


def _precisions(year: Year, measures: Sequence[Measure]) -> tuple[Quote, ...]:
    """The explanations of the figures that have no section of their own."""
    return tuple(
        Quote(f"{measure.definition.label_fr}, {who}", text)
        for measure in measures
        for who, text in _explanations(year, measure)
    )


def sentence(year: Year, measure: Measure) -> str:
    """«Victimes identifiées : 629 (42 hommes, 250 femmes, 337 enfants).»"""
    total = wording.number(measure.value, measure.at_least)
    text = f"{measure.definition.label_fr} : {total}"
    by, said = _said_parts(year, measure)
    missing = short_of(measure).get(by)
    if missing:
        said.append(f"{wording.number(missing)} sans explication")
    if said:
        text = f"{text}, soit {wording.listed(said)}"
    return f"{text}."


def _said_parts(year: Year, measure: Measure) -> tuple[str, list[str]]:
    """The one breakdown that is said in a sentence, and its parts."""
    if "sex_age" in measure.parts:
        return "sex_age", wording.persons(measure.parts["sex_age"])
    for by in ("category", "form"):
        parts = measure.parts.get(by, {})
        if 0 < len(parts) <= MOST_SAID:
            labels = part_labels(year, measure, by)
            return by, [f"{labels.get(p, p)} {wording.number(v)}" for p, v in parts.items()]
    return "", []


def short_of(measure: Measure) -> dict[str, int]:
    """Breakdown -> how many units its parts leave unexplained; only where some are."""
    return {
        by: missing
        for by, parts in measure.splits.items()
        if (missing := (measure.value or 0) - sum(parts.values())) > 0
    }


def part_labels(year: Year, measure: Measure, by: str) -> Mapping[str, str]:
    """Code -> label of what the figure is split by, in the order of the list."""
    if by == "sex_age":
        return {part: many for part, (_one, many) in wording.PERSONS.items()}
    name = measure.definition.category_list if by == "category" else by
    return year.codes.get(name, {})


def _in_order(parts: Mapping[str, int], order: Sequence[str]) -> list[str]:
    return sorted(parts, key=lambda p: order.index(p) if p in order else len(order))


def _cross_table(year: Year, measure: Measure, parts: Mapping[str, int]) -> Table:
    """Sex by age, with its margins; columns and rows that nobody filled are left out."""
    ledger, names = year.ledger, wording.PERSONS
    ages = [a for a in wording.AGES if any(p.endswith(f".{a}") for p in parts)]
    sexes = [s for s in wording.SEXES if any(p.startswith(f"{s}.") for p in parts)]

    def part(name: str) -> str:
        if name not in parts:
            return ""
        label = names.get(name, (name, name))[1]
        return ledger.part(measure, "sex_age", name, label, parts[name])

    def margin(by: str, code: str, label: str) -> str:
        keys = [p for p in parts if p.split(".")[by == "age"] == code]
        return ledger.part(measure, by, code, label, sum(parts[p] for p in keys))

    rows = [
        row(label, *(part(f"{s}.{a}") for a in ages), margin("sex", s, label))
        for s, label in wording.SEXES.items()
        if s in sexes
    ]
    rows += _last_rows(
        ledger,
        measure,
        "sex_age",
        sum(parts.values()),
        [margin("age", a, wording.AGES[a]) for a in ages],
    )
    return ledger.table(
        f"{measure.definition.code}-sex_age",
        f"{measure.definition.label_fr} {wording.BREAKDOWNS['sex_age']}",
        ledger.unit(measure.definition),
        ["Sexe", *(wording.AGES[a] for a in ages), wording.TOTAL],
        rows,
        notes=[wording.NOT_ZERO] if len(parts) < len(ages) * len(sexes) else [],
        sources=ledger.sources_of(measure),
    )


def _list_table(year: Year, measure: Measure, by: str, parts: Mapping[str, int]) -> Table:
    ledger = year.ledger
    labels = part_labels(year, measure, by)
    order = list(labels)
    keys = _in_order(parts, order)
    if by == "citizenship":
        keys = sorted(parts, key=lambda p: -parts[p])
    rows = [
        row(labels.get(p, p), ledger.part(measure, by, p, labels.get(p, p), parts[p]))
        for p in keys
    ]
    rows += _last_rows(ledger, measure, by, sum(parts.values()), [])
    return ledger.table(
        f"{measure.definition.code}-{by}",
        f"{measure.definition.label_fr} {wording.BREAKDOWNS[by]}",
        ledger.unit(measure.definition),
        [wording.PART_COLUMNS[by], str(ledger.window.start.year)],
        rows,
        sources=ledger.sources_of(measure),
    )


def _last_rows(
    ledger: Ledger, measure: Measure, by: str, said: int, margins: Sequence[str]
) -> Iterator[Row]:
    """What is not split, then the total: both always stand, so nobody adds up by hand."""
    missing = (measure.value or 0) - said
    if missing > 0:
        key = ledger.part(measure, by, UNEXPLAINED, wording.NOT_SPLIT, missing)
        yield row(wording.NOT_SPLIT, *("" for _ in margins), key, kind="unexplained")
    yield row(wording.TOTAL, *margins, ledger.total(measure), kind="total")


def _bars(year: Year, measure: Measure, by: str, parts: Sequence[str], *, beside: bool) -> Chart:
    """One bar a part, and one for what is not split."""
    ledger, labels = year.ledger, part_labels(year, measure, by)
    whole = ledger.total(measure)
    marks = [Mark(_capital(labels.get(p, p)), (f"{whole}#{by}={p}",)) for p in parts]
    if by in short_of(measure):
        marks.append(Mark(wording.NOT_SPLIT, (f"{whole}#{by}={UNEXPLAINED}",)))
    return ledger.chart(
        f"{measure.definition.code}-{by}-bars",
        f"{measure.definition.label_fr} {wording.BREAKDOWNS[by]}",
        ledger.unit(measure.definition),
        "bars",
        marks,
        axis=measure.definition.axis,
        beside=beside,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- Regions ----------------------------------------------------------------------------------


def _regions(year: Year, axis: str, placed: Sequence[Measure]) -> Iterator[Block]:
    """A table of the regions for the figures that were given by region, and a map of the first."""
    yield region_map(year, placed[0])
    for start in range(0, len(placed), COLUMNS_OF_REGIONS):
        shown = placed[start : start + COLUMNS_OF_REGIONS]
        yield region_table(year, axis, wording.AXES[axis], shown)


def placed_of(year: Year, measures: Sequence[Measure]) -> list[Measure]:
    """Those that were given for at least one region of the day."""
    known = _codes(year)
    return [m for m in measures if known & set(m.regions)]


def region_map(year: Year, measure: Measure) -> Chart:
    """The map of the regions of the last day of the year."""
    ledger: Ledger = year.ledger
    marks = [
        Mark(place.name_fr, (_region_figure(ledger, measure, place),), place.code)
        for place in year.layout
    ]
    elsewhere = sum(v for code, v in measure.regions.items() if code not in _codes(year))
    note = wording.not_on_map(elsewhere, measure.value or 0) if elsewhere else ""
    return ledger.chart(
        f"{measure.definition.code}-map",
        f"{measure.definition.label_fr} {wording.BREAKDOWNS['region']}",
        ledger.unit(measure.definition),
        "map",
        marks,
        axis=measure.definition.axis,
        layout=year.day,
        note=note,
    )


def _codes(year: Year) -> set[str]:
    return {place.code for place in year.layout}


def _region_figure(ledger: Ledger, measure: Measure, place: Place) -> str:
    value = measure.regions.get(place.code)
    if value is None:
        return ""
    return ledger.part(measure, "region", place.code, place.name_fr, value)


def region_table(year: Year, code: str, title: str, measures: Sequence[Measure]) -> Table:
    """Regions by figures; what no region was given for has its own row."""
    ledger = year.ledger
    rows = [
        row(place.name_fr, *(_region_figure(ledger, m, place) for m in measures))
        for place in year.layout
    ]
    known = _codes(year)
    if any(set(m.regions) - known for m in measures):
        cells = []
        for m in measures:
            rest = [v for code, v in m.regions.items() if code not in known]
            label = wording.NOT_BY_REGION
            cells.append(ledger.part(m, "place", "none", label, sum(rest)) if rest else "")
        rows.append(row(wording.NOT_BY_REGION, *cells, kind="unexplained"))
    rows.append(row(wording.TOTAL, *(ledger.total(m) for m in measures), kind="total"))
    sources = {s for m in measures for s in ledger.sources_of(m)}
    return ledger.table(
        f"regions-{code}-{measures[0].definition.code}",
        f"{title} {wording.BREAKDOWNS['region']}",
        "",
        ["Région", *(_column(ledger, m.definition) for m in measures)],
        rows,
        notes=[wording.NOT_ZERO],
        sources=in_order(sources),
    )


def _column(ledger: Ledger, definition: Definition) -> str:
    return f"{definition.label_fr} ({ledger.unit(definition)})"
