"""Where a report in the making writes down its figures, and numbers its tables and charts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from danbe.figures.models import Definition
from danbe.reports import wording
from danbe.reports.document import Cell, Chart, Figure, Mark, Row, Table
from danbe.reports.queries import Measure
from danbe.reports.tongue import say
from danbekit.dates import Window


@dataclass(slots=True)
class Ledger:
    """All figures of a report by key, in the order in which they are first said."""

    window: Window
    sources: Mapping[str, str]  # code of an organisation -> id of its source
    figures: dict[str, Figure] = field(default_factory=dict)
    is_whole: bool = True  # one chapter alone does not know the numbers of its tables
    totals: dict[str, Figure] = field(default_factory=dict)  # by definition
    n_tables: int = 0
    n_charts: int = 0

    def unit(self, definition: Definition) -> str:
        """The counting unit in words."""
        return wording.unit_words(definition.unit)[1]

    def write(self, figure: Figure) -> str:
        """Note one figure; its key."""
        self.figures[figure.key] = figure
        return figure.key

    def total(self, measure: Measure) -> str:
        """The figure of a definition in the window; its key."""
        return self.whole(measure).key

    def whole(self, measure: Measure) -> Figure:
        """The figure of a definition in the window, written once."""
        definition = measure.definition
        if definition.code in self.totals:
            return self.totals[definition.code]
        note = ""
        if measure.n_straddling:
            note = wording.set_apart(measure.n_straddling)
        figure = Figure(
            f"{definition.code}@{self.window.code}",
            definition.code,
            say(definition.label_fr, definition.label_en),
            self.unit(definition),
            self.window.code,
            measure.value,
            measure.at_least,
            sources=self._sources(measure),
            note=note,
        )
        self.totals[definition.code] = figure
        self.write(figure)
        return figure

    def part(self, measure: Measure, by: str, part: str, label: str, value: int | None) -> str:
        """The figure of one part of a total; its key."""
        whole = self.whole(measure)
        place = part if by == "region" else ""
        suffix = f"/{place}" if place else f"#{by}={part}"
        return self.write(
            Figure(
                whole.key + suffix,
                whole.definition,
                f"{whole.label}, {label}",
                whole.unit,
                whole.window,
                value,
                (by, part) in measure.rough,
                place,
                by,
                part,
                whole.sources,
            )
        )

    def count(self, name: str, label: str, unit: str, value: int) -> str:
        """A number about the report itself: returns due, bodies. Its key."""
        key = f"{name}@{self.window.code}"
        return self.write(Figure(key, "", label, unit, self.window.code, value))

    def sources_of(self, measure: Measure) -> tuple[str, ...]:
        """The sources behind a definition, in their order."""
        return self.whole(measure).sources

    def _sources(self, measure: Measure) -> tuple[str, ...]:
        return tuple(in_order(self.sources[b] for b in measure.bodies if b in self.sources))

    def table(
        self,
        code: str,
        title: str,
        unit: str,
        columns: Sequence[str],
        rows: Iterable[Row],
        *,
        notes: Sequence[str] = (),
        sources: Sequence[str] = (),
    ) -> Table:
        """A table with the next number."""
        self.n_tables += 1
        number = self._number(self.n_tables)
        return Table(
            code, number, title, unit, tuple(columns), tuple(rows), tuple(notes), tuple(sources)
        )

    def chart(
        self,
        code: str,
        title: str,
        unit: str,
        kind: str,
        marks: Iterable[Mark],
        **more: object,
    ) -> Chart:
        """A chart with the next number."""
        self.n_charts += 1
        return Chart(code, self._number(self.n_charts), title, unit, kind, tuple(marks), **more)  # type: ignore[arg-type]

    def _number(self, n: int) -> str:
        return str(n) if self.is_whole else ""


def row(label: str, *cells: str, kind: str = "") -> Row:
    """A row of figures by key; "" is a figure that nobody gave."""
    return Row(label, tuple(Cell(figure=key) for key in cells), kind)


def lines(label: str, *texts: str) -> Row:
    """A row of texts."""
    return Row(label, tuple(Cell(text=text) for text in texts))


def in_order(names: Iterable[str]) -> list[str]:
    """S2 before S10; returns before publications."""
    return sorted(set(names), key=lambda name: ("SDP".index(name[0]), int(name[1:])))
