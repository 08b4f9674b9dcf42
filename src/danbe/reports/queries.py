"""What an annual report reads: one slice of the year in a few queries, and the years before.

``figures.queries`` answers one question at a time; a report asks all of them at once. The rules
are the same (a test compares the two): what lies wholly inside the window and counts is summed,
what straddles its edge is counted apart, a stock is that of its last window.
"""

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum, TextField
from django.db.models.functions import Cast
from django.utils.timezone import localtime

from danbe.accounts.models import Organisation
from danbe.accounts.queries import body
from danbe.core.access import Actor, Role, visible
from danbe.core.audit import head
from danbe.figures.completeness import Completeness, completeness
from danbe.figures.models import (
    Breakdown,
    Definition,
    Observation,
    Overlap,
    OverlapStatus,
    PublishedFigure,
    Return,
    Status,
)
from danbe.figures.queries import ROUGH, STOCK, figure_rows, straddling
from danbe.reports.document import Correction, Document, Edition, digest, from_json
from danbe.reports.models import Erratum, Report
from danbekit.dates import Window

# A report is read as the analyst's post reads: every body's figures, nobody's identity.
READER = Actor(Role.ANALYST)
WRITTEN = re.compile(r'"explanation": "(?!")')
LINES = '": [{'  # after the code of a definition
DECODER = json.JSONDecoder()
KEYED = (Breakdown.FORM, Breakdown.CITIZENSHIP, Breakdown.BASIS, Breakdown.CATEGORY)
PARTS = (Breakdown.SEX_AGE, *KEYED)  # named, not excluded: the index begins with them
Choice = Callable[[list[str]], list[str]]


@dataclass(slots=True)
class Measure:
    """One definition in one window: its total, and every way in which it was split."""

    definition: Definition
    value: int | None = None
    at_least: bool = False
    n_straddling: int = 0
    is_split: bool = False  # it has a total, and parts that say more than the region
    bodies: list[str] = field(default_factory=list)  # codes of organisations
    # breakdown (and "region", in which "" is "not given") -> part -> sum
    parts: dict[str, dict[str, int]] = field(default_factory=dict)
    rough: set[tuple[str, str]] = field(default_factory=set)  # the parts that are "more than"

    def add(self, by: str, part: str, value: int, at_least: bool) -> None:
        """Note one part."""
        self.parts.setdefault(by, {})[part] = value
        if at_least:
            self.rough.add((by, part))

    @property
    def regions(self) -> dict[str, int]:
        """Region -> sum; "" where no region was given."""
        return self.parts.get("region", {})

    @property
    def splits(self) -> dict[str, dict[str, int]]:
        """Breakdown -> part -> sum, but for the regions."""
        return {by: parts for by, parts in self.parts.items() if by != "region"}


@dataclass(frozen=True, slots=True)
class Received:
    """One accepted return, as a source: no figure of it."""

    id: str
    body: str  # code of the organisation
    label: str
    window: Window
    accepted_on: datetime.date | None
    on_paper: bool
    fictitious: bool
    note: str


@dataclass(frozen=True, slots=True)
class Words:
    """What one body wrote in an accepted return."""

    body: str
    narrative: dict[str, str]  # axis -> text
    difficulties: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Why the parts of a line do not make its total, in the words of its body."""

    definition: str
    body: str
    text: str


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the past of one definition, as Danbe holds it."""

    value: int
    at_least: bool


def measures(
    window: Window,
    definitions: Sequence[Definition],
    parts_of: Choice = list,
    *,
    with_bodies: bool = True,
) -> dict[str, Measure]:
    """Every definition in the window, by code, in a few queries whatever their number.

    ``parts_of`` chooses, among the codes of those that are split, whose parts are read: parts
    are two thirds of the time.
    """
    found = {d.code: Measure(d) for d in definitions}
    rows = figure_rows(definitions, window)
    totals = rows.filter(breakdown=Breakdown.TOTAL)
    by_region = totals.values_list("definition", "region").annotate(total=Sum("value"), n=ROUGH)
    for code, region, value, n_rough in by_region:
        measure = found[code]
        measure.value = (measure.value or 0) + value
        measure.add("region", region or "", value, n_rough > 0)
        measure.at_least |= n_rough > 0
    if with_bodies:
        _add_bodies(found, totals)
    # One look in the index for each definition: listing its rows apart takes three times as long.
    parts = rows.filter(definition=OuterRef("pk"), breakdown__in=PARTS)
    split = Definition.objects.filter(Exists(parts), code__in=list(found))
    for code in split.values_list("code", flat=True):
        found[code].is_split = found[code].value is not None
    read = parts_of([code for code, measure in found.items() if measure.is_split])
    _add_parts(found, rows.filter(definition__in=read))
    lost = straddling(window).filter(definition__in=list(found)).values_list("definition")
    for code, n in lost.annotate(n=Count("source_return", distinct=True)):
        found[code].n_straddling = 0 if is_stock(found[code].definition) else n
    return found


def _add_bodies(found: dict[str, Measure], totals: QuerySet[Observation]) -> None:
    # Ids as texts: making thousands of UUID objects of three hundred takes longer than the query.
    identity = Cast("organisation", TextField())
    bodies = dict(Organisation.objects.values_list(Cast("pk", TextField()), "code"))
    for code, who in totals.values_list("definition", identity).distinct():
        found[code].bodies.append(bodies[who])
    for measure in found.values():
        measure.bodies.sort()


def _add_parts(found: dict[str, Measure], rows: QuerySet[Observation]) -> None:
    """Two short groupings take half the time of one over all five columns."""
    by_person = rows.filter(breakdown=Breakdown.SEX_AGE).values_list("definition", "sex", "age")
    for code, sex, age, value, n_rough in by_person.annotate(total=Sum("value"), n=ROUGH):
        found[code].add(Breakdown.SEX_AGE, f"{sex}.{age}", value, n_rough > 0)
    by_key = rows.filter(breakdown__in=KEYED).values_list("definition", "breakdown", "key")
    for code, breakdown, key, value, n_rough in by_key.annotate(total=Sum("value"), n=ROUGH):
        found[code].add(breakdown, key, value, n_rough > 0)


def n_short(window: Window, measures: Mapping[str, Measure]) -> int:
    """How many figures have a breakdown whose parts leave some of their units unexplained."""
    rows = figure_rows([m.definition for m in measures.values()], window)
    said = rows.filter(breakdown__in=PARTS).values_list("definition", "breakdown")
    sums = said.annotate(total=Sum("value"))
    return len({code for code, _by, total in sums if (measures[code].value or 0) > total})


def is_stock(definition: Definition) -> bool:
    """Whether it is the state of a day, which is not summed over time."""
    return definition.flow_or_stock == STOCK


def received(window: Window) -> list[Received]:
    """The accepted returns that touch the window, with their body, in the order of bodies."""
    columns = (
        "pk organisation__code organisation__label_fr start end accepted_at on_paper "
        "is_fictitious source_note"
    ).split()
    return [
        Received(
            str(pk),
            body,
            label,
            Window(start, end),
            localtime(accepted_at).date() if accepted_at else None,
            on_paper,
            fictitious,
            note,
        )
        for (
            pk,
            body,
            label,
            start,
            end,
            accepted_at,
            on_paper,
            fictitious,
            note,
        ) in _accepted(window).values_list(*columns)
    ]


def _accepted(window: Window) -> QuerySet[Return]:
    rows = visible(READER, Return, "return.read").filter(
        status=Status.ACCEPTED, end__gte=window.start, start__lte=window.end
    )
    return rows.order_by("organisation__label_fr", "start", "pk")


def words(window: Window) -> list[Words]:
    """What bodies wrote beside their figures."""
    columns = "organisation__label_fr content__narrative content__difficulties".split()
    told = []
    for who, narrative, difficulties in _accepted(window).values_list(*columns):
        said = {a: str(t).strip() for a, t in (narrative or {}).items() if str(t or "").strip()}
        difficulty = str(difficulties or "").strip()
        if said or difficulty:
            told.append(Words(who, said, difficulty))
    return told


def explained(window: Window) -> list[Explained]:
    """The explanations that were written on lines: printed beside their figures for ever.

    The texts are searched, not parsed: few lines have one, and parsing hundreds of contents of
    ten thousand characters would take most of the time of the report.
    """
    rows = _accepted(window).annotate(raw=Cast("content", TextField()))
    return [
        Explained(code, body, text)
        for body, raw in rows.values_list("organisation__label_fr", "raw")
        for code, text in written(raw)
    ]


def written(raw: str) -> Iterator[tuple[str, str]]:
    """(definition, explanation) of each line that has one, from ``{"code": [{...}, {...}]}``."""
    for found in WRITTEN.finditer(raw):
        text, _end = DECODER.raw_decode(raw, found.end() - 1)
        opened = raw.rfind(LINES, 0, found.start())
        while opened > 0 and raw[opened - 1] == "\\":  # it stands in somebody's text
            opened = raw.rfind(LINES, 0, opened)
        if str(text).strip():
            yield raw[raw.rfind('"', 0, opened) + 1 : opened], str(text).strip()


def owed(window: Window, today: datetime.date) -> Completeness:
    """Who owed a return for the window, over the whole territory."""
    return completeness(READER, window, today)


def n_open_overlaps(window: Window) -> int:
    """Pairs of numbers that may be one fact and that nobody has decided yet."""
    rows = Overlap.objects.filter(status=OverlapStatus.OPEN)
    return rows.filter(end__gte=window.start, start__lte=window.end).count()


def past(definitions: Sequence[Definition], first: int, last: int) -> dict[str, dict[int, Year]]:
    """Definition -> calendar year -> what Danbe holds, in one query."""
    begin, end = Window.calendar_year(first).start, Window.calendar_year(last).end
    pieces = (
        Observation.objects.filter(
            definition__in=[d.code for d in definitions],
            breakdown=Breakdown.TOTAL,
            counted=True,
            start__gte=begin,
            end__lte=end,
        )
        .values_list("definition", "start", "end")
        .annotate(total=Sum("value"), rough=ROUGH)
        .values_list("definition", "start", "end", "total", "rough")
    )
    stocks = {d.code for d in definitions if is_stock(d)}
    years: dict[str, dict[int, Year]] = {d.code: {} for d in definitions}
    latest: dict[tuple[str, int], datetime.date] = {}
    for code, start, end, total, rough in sorted(pieces, key=lambda piece: piece[2]):
        if start.year != end.year:
            continue
        before = years[code].get(end.year)
        if before and not (code in stocks and latest[code, end.year] < end):
            total, rough = total + before.value, rough or before.at_least
        years[code][end.year] = Year(total, bool(rough))
        latest[code, end.year] = end
    return years


def published(first: int, last: int) -> list[PublishedFigure]:
    """The totals that were published for those years, in order; gaps too.

    A report does not quote itself: what was published of it comes after it.
    """
    rows = PublishedFigure.objects.filter(
        breakdown=Breakdown.TOTAL,
        definition__isnull=False,
        end__gte=datetime.date(first, 1, 1),
        end__lte=datetime.date(last, 12, 31),
    ).exclude(source_table=f"annual_report_{last}")
    return list(rows.select_related("definition").order_by("end", "start", "pk"))


def frozen(actor: Actor, year: int, kind: str = "annual") -> Report | None:
    """The frozen report of a year, as far as the actor may read; ``None`` before it is frozen.

    Its document is left in the database: :func:`edition_of` reads it.
    """
    return (
        visible(actor, Report, "report.read")
        .filter(kind=kind, year=year)
        .defer("document")
        .first()
    )


def edition_of(report: Report) -> Edition:
    """A frozen report with its errata, from what was stored and nothing else."""
    rows = visible(READER, Report, "report.read").filter(pk=report.pk)
    rows = rows.annotate(raw=Cast("document", TextField()))
    document, seen = _read(rows.values_list("raw", flat=True).get())
    errata = errata_of(report)
    figures = document.by_key() if errata else {}
    corrections = tuple(
        Correction(
            one.figure,
            figures[one.figure].label,
            one.old_value,
            one.new_value,
            one.reason,
            localtime(one.at).date().isoformat(),
        )
        for one in errata
    )
    frozen_on = localtime(report.frozen_at).date().isoformat()
    return Edition(document, report.digest, frozen_on, corrections, seen == report.digest)


def errata_of(report: Report) -> list[Erratum]:
    """The corrections of a report, oldest first; a translation has those of its original."""
    original = report.kind.partition(".")[0]
    rows = Erratum.objects.filter(report__kind=original, report__year=report.year)
    return list(rows.order_by("at", "id"))


@lru_cache(maxsize=4)
def _read(raw: str) -> tuple[Document, str]:
    """A stored document and its fingerprint; a text that changed is read anew."""
    told = json.loads(raw)
    return from_json(told), digest(told)


def state() -> str:
    """A text that changes with anything a draft is made of.

    Whatever an action did is in the audit trail; reference data are loaded past it.
    """
    last = Observation.objects.aggregate(last=Max("pk"))["last"]
    past = PublishedFigure.objects.aggregate(last=Max("pk"))["last"]
    return f"{head().code} {last} {past} {body()}"


def frozen_years(actor: Actor, kind: str = "annual") -> QuerySet[Report]:
    """The frozen reports of one kind, newest first, without their documents."""
    rows = visible(actor, Report, "report.read").filter(kind=kind)
    return rows.defer("document").annotate(n_errata=Count("errata")).order_by("-year")


def years_with_returns(actor: Actor) -> set[int]:
    """The years in which an accepted return ends."""
    rows = visible(actor, Return, "return.read").filter(status=Status.ACCEPTED)
    return {end.year for end in rows.dates("end", "year")}
