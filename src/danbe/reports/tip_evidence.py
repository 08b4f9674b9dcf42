"""What Danbe holds of one period from 1 April to 31 March: inside, across its edges, undated.

Only what lies wholly inside the period counts. What begins before or ends after is listed with its
own dates and is never split.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, Sum
from django.utils.timezone import localtime

from danbe.core.access import visible
from danbe.core.models import Offence
from danbe.figures.completeness import Completeness
from danbe.figures.models import Axis, Breakdown, Definition, PublishedFigure
from danbe.figures.queries import ROUGH, straddling
from danbe.figures.register import SHELTER_PLACES, overview
from danbe.plan.models import ActivityReport, Indicator, PlanStatus, Review, State
from danbe.reports import queries
from danbe.reports.models import AnswerStatus, Recommendation, RecommendationAnswer, Report
from danbe.reports.queries import READER, Measure, Received
from danbekit.dates import Window

# What the table of definitions puts under a criterion by a part of it only: all persons prosecuted
# are no answer about officials, who have figures of their own.
NOT_WHOLE: Mapping[str, frozenset[str]] = {
    "C07": frozenset({"persons_prosecuted", "persons_convicted"}),
}
# Kinds of concrete action, 22 USC 7102(5), where the table of definitions names none: our reading.
KINDS: Mapping[str, str] = {
    code: kind
    for kind, codes in {
        "CA-A": "offences_recorded persons_formal_contact persons_arrested persons_detained "
        "network_operations networks_dismantled assets_seized inspections extradition_requests "
        "legal_assistance_requests",
        "CA-B": "investigation_files persons_investigated officials_investigated",
        "CA-C": "prosecution_files persons_prosecuted officials_prosecuted files_judged "
        "persons_tried",
        "CA-D": "persons_convicted convictions conviction_judgments sentences_pronounced "
        "officials_convicted",
        "CA-F": "agreements_signed cooperation_actions local_committees plan_activities_done",
    }.items()
    for code in codes.split()
}
# Where an activity of the plan is put when no indicator of it names a figure.
BY_AXIS: Mapping[str, str] = {
    Axis.PREVENTION: "C03",
    Axis.PROTECTION: "C02",
    Axis.PROSECUTION: "C01",
    Axis.PARTNERSHIP: "C09",
}


@dataclass(frozen=True, slots=True)
class Outside:
    """A figure of accepted returns given for dates that cross the edge of the period."""

    definition: Definition
    window: Window
    value: int
    at_least: bool
    bodies: tuple[str, ...]  # codes of organisations


@dataclass(frozen=True, slots=True)
class Done:
    """An activity of the plan that the secretariat accepted as done, with its evidence."""

    report: ActivityReport
    criteria: tuple[str, ...]
    day: datetime.date


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that one dossier is made of."""

    window: Window
    today: datetime.date
    definitions: tuple[Definition, ...]
    measures: Mapping[str, Measure]
    before: Mapping[str, Measure]  # the period before, for criterion 11
    register: Mapping[str, int]  # definition -> human beings, 5 or more
    n_small: int  # figures of the register below 5, zero included: not printed
    outside: tuple[Outside, ...]
    published: tuple[PublishedFigure, ...]
    published_across: tuple[PublishedFigure, ...]
    undated: tuple[PublishedFigure, ...]
    done: tuple[Done, ...]
    answers: tuple[RecommendationAnswer, ...]
    answers_outside: tuple[RecommendationAnswer, ...]
    reports: tuple[Report, ...]  # frozen in the period: a public assessment
    received: tuple[Received, ...]
    owed: Completeness
    laws: tuple[Offence, ...]

    def of(self, criterion: str) -> list[Definition]:
        """The figures that answer a criterion."""
        partial = NOT_WHOLE.get(criterion, frozenset())
        return [d for d in self.definitions if criterion in codes_of(d) and d.code not in partial]

    def of_kind(self, kind: str) -> list[Definition]:
        """The figures that are one kind of concrete action."""
        return [d for d in self.definitions if kind in kinds_of(d)]


def codes_of(definition: Definition) -> tuple[str, ...]:
    """The criteria and kinds of action that a figure answers, as the table of definitions says."""
    return tuple(definition.us_criterion.split())


def kinds_of(definition: Definition) -> tuple[str, ...]:
    """The kinds of concrete action that a figure is: as defined, else as we read it."""
    named = tuple(code for code in codes_of(definition) if code.startswith("CA-"))
    return named or ((KINDS[definition.code],) if definition.code in KINDS else ())


def gather(window: Window, today: datetime.date) -> Evidence:
    """Read everything once. Nothing is written."""
    definitions = tuple(d for d in Definition.objects.all() if d.us_criterion)
    year_before = Window.april_year(window.start.year - 1)
    counted = {
        line.definition.code: line.total.value
        for line in overview(READER, window)
        if line.total is not None and line.definition.code != SHELTER_PLACES
    }
    published = list(_published(window))
    accepted = list(_answers())
    return Evidence(
        window=window,
        today=today,
        definitions=definitions,
        measures=queries.measures(window, definitions),
        before=queries.measures(year_before, definitions),
        register={code: n for code, n in counted.items() if n is not None},
        n_small=sum(n is None for n in counted.values()),
        outside=tuple(_outside(window, definitions)),
        published=tuple(p for p in published if _inside(p, window)),
        published_across=tuple(p for p in published if p.start and not _inside(p, window)),
        undated=tuple(p for p in published if not p.start),
        done=tuple(_done(window)),
        answers=tuple(a for a in accepted if window.contains(days_of(a))),
        answers_outside=tuple(a for a in accepted if not window.contains(days_of(a))),
        reports=tuple(
            visible(READER, Report, "report.read")
            .filter(frozen_at__date__gte=window.start, frozen_at__date__lte=window.end)
            .filter(kind="annual")
            .defer("document")
            .order_by("year")
        ),
        received=tuple(queries.received(window)),
        owed=queries.owed(window, today),
        laws=tuple(_laws(window)),
    )


def _outside(window: Window, definitions: Sequence[Definition]) -> Iterator[Outside]:
    """A stock is the state of its last day: it does not cross an edge."""
    flows = {d.code: d for d in definitions if not queries.is_stock(d)}
    rows = straddling(window).filter(definition__in=list(flows))
    bodies: dict[tuple[str, datetime.date, datetime.date], set[str]] = {}
    named = rows.values_list("definition", "start", "end", "organisation__code").distinct()
    for code, start, end, body in named:
        bodies.setdefault((code, start, end), set()).add(body)
    sums = rows.values_list("definition", "start", "end").annotate(total=Sum("value"), n=ROUGH)
    for code, start, end, total, n_rough in sorted(sums):
        told = tuple(sorted(bodies[code, start, end]))
        yield Outside(flows[code], Window(start, end), total, n_rough > 0, told)


def _published(window: Window) -> Iterator[PublishedFigure]:
    """What was published of the period or across it, and what bears its years without a date."""
    dated = Q(start__lte=window.end, end__gte=window.start)
    years = Q(year_label__contains=str(window.start.year))
    years |= Q(year_label__contains=str(window.end.year))
    rows = PublishedFigure.objects.filter(dated | (Q(start=None) & years))
    kept = rows.filter(breakdown__in=[Breakdown.TOTAL, Breakdown.CATEGORY])
    yield from kept.select_related("definition").order_by("start", "pk")


def _inside(one: PublishedFigure, window: Window) -> bool:
    return bool(one.start and one.end) and window.contains(dates_of(one))


def dates_of(one: PublishedFigure) -> Window:
    """Its dates; only dated figures have them."""
    if one.start is None or one.end is None:
        raise ValueError(f"no dates: {one}")
    return Window(one.start, one.end)


def days_of(answer: RecommendationAnswer) -> Window:
    """When what an answer tells was done."""
    return Window(answer.first_day, answer.last_day)


def _answers() -> Iterator[RecommendationAnswer]:
    rows = visible(READER, RecommendationAnswer, "recommendation.read")
    accepted = rows.filter(status=AnswerStatus.ACCEPTED)
    yield from accepted.select_related("organisation", "recommendation").order_by(
        "first_day", "pk"
    )


def recommendations(edition: int) -> list[Recommendation]:
    """What was asked in the editions up to ``edition``, the latest first."""
    return list(Recommendation.objects.filter(year__lte=edition))


def _done(window: Window) -> Iterator[Done]:
    """Reports told in the period and accepted since: the last one of each activity."""
    rows = (
        visible(READER, ActivityReport, "plan.read")
        .filter(review=Review.ACCEPTED, to_state=State.DONE)
        .filter(at__date__gte=window.start, at__date__lte=window.end)
        .exclude(activity__plan__status=PlanStatus.DRAFT)
        .exclude(evidence="")
        .select_related("activity__plan", "activity__lead", "activity__result__parent__parent")
        .order_by("at", "id")
    )
    last = {report.lineage: report for report in rows}
    for report in last.values():
        yield Done(report, criteria_of(report), localtime(report.at).date())


def criteria_of(report: ActivityReport) -> tuple[str, ...]:
    """From the figures that measure the activity or its result, else from its axis."""
    activity = report.activity
    measured = visible(READER, Indicator, "plan.read").filter(
        Q(activity=activity) | Q(element=activity.result_id), definition__isnull=False
    )
    found = {
        code
        for told in measured.values_list("definition__us_criterion", flat=True)
        for code in told.split()
        if code.startswith("C") and code[1:].isdigit()
    }
    objective = activity.result.parent
    top = objective.parent if objective else None
    axis = top.axis if top else ""
    return tuple(sorted(found)) or ((BY_AXIS[axis],) if axis in BY_AXIS else ("",))


def _laws(window: Window) -> Iterator[Offence]:
    """Articles of force on at least one day of the period. Bills have no date of force."""
    rows = Offence.objects.filter(valid_from__lte=window.end)
    yield from rows.filter(Q(valid_to=None) | Q(valid_to__gte=window.start)).order_by(
        F("valid_from"), "code"
    )
