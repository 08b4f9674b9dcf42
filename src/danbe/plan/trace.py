"""The thread, both ways: lesson and contributions -> answer -> paragraph -> activity -> budget ->
indicator -> evidence. Read in a fixed number of queries, for one paragraph or for all of them."""

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from danbe.core.access import Actor
from danbe.plan.indicators import Reading, readings
from danbe.plan.models import (
    Activity,
    ActivityReport,
    Clause,
    ClauseActivity,
    Contribution,
    Indicator,
    LessonAnswer,
    ManualValue,
    Moderation,
    Plan,
    PlanStatus,
    Review,
    Taken,
)
from danbe.plan.queries import AMOUNTS, Amounts

# Which version of a plan says what an activity is, the first that may be read.
FIRST = (PlanStatus.PUBLISHED, PlanStatus.DRAFT, PlanStatus.SUPERSEDED)
MOST_EVIDENCE = 3  # reports of one activity, the latest


@dataclass(frozen=True, slots=True)
class Carried:
    """One activity by which a paragraph is carried out, and what shows that it is."""

    link: int
    activity: Activity
    money: Amounts
    readings: tuple[Reading, ...]
    reports: tuple[ActivityReport, ...]
    values: tuple[ManualValue, ...]

    @property
    def has_evidence(self) -> bool:
        """Whether anything shows it yet."""
        return bool(self.reports or self.values or any(
            r.current.value is not None for r in self.readings
        ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said of a paragraph, in numbers: published contributions and their answers."""

    n: int = 0
    taken: int = 0
    partly: int = 0
    refused: int = 0
    amendments: int = 0
    supports: int = 0

    @property
    def unanswered(self) -> int:
        """Those that wait for an answer."""
        return self.n + self.supports - self.taken - self.partly - self.refused


def carried_out(actor: Actor, clauses: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Carried]]:
    """Paragraph -> the activities that carry it out, in the version that the actor may read."""
    rows = Activity.unscoped.all()
    if not actor.can("plan.write"):
        rows = rows.exclude(plan__status=PlanStatus.DRAFT)
    return _carried(clauses, rows, timezone.localdate())


def carried_out_in(
    plan: Plan, clauses: Collection[uuid.UUID], today: datetime.date
) -> dict[uuid.UUID, list[Carried]]:
    """The same in one version of a plan, as of one day: for its report."""
    return _carried(clauses, Activity.unscoped.filter(plan=plan), today)


def _carried(
    clauses: Collection[uuid.UUID], rows: QuerySet[Activity], today: datetime.date
) -> dict[uuid.UUID, list[Carried]]:
    links = list(ClauseActivity.objects.filter(clause__in=list(clauses)).order_by("pk"))
    chosen = _activities(rows, {link.lineage for link in links})
    activities = list(chosen.values())
    money = _money(activities)
    told = _readings(activities, today)
    reports = _reports(chosen)
    typed = _typed([r for rows in told.values() for r in rows])
    found: dict[uuid.UUID, list[Carried]] = {pk: [] for pk in clauses}
    for link in links:
        activity = chosen.get(link.lineage)
        if activity is None:
            continue
        of_it = tuple(told[activity.pk])
        values = tuple(v for r in of_it for v in typed.get(r.indicator.lineage, ()))
        found[link.clause_id].append(
            Carried(
                link.pk,
                activity,
                money.get(activity.pk, Amounts("", None, None, None)),
                of_it,
                tuple(reports.get(link.lineage, ())),
                values,
            )
        )
    return found


def _activities(
    rows: QuerySet[Activity], lineages: Collection[uuid.UUID]
) -> dict[uuid.UUID, Activity]:
    """Lineage -> the activity as the version in force says it, or the draft for who writes it."""
    found: dict[uuid.UUID, Activity] = {}
    kept = rows.filter(lineage__in=list(lineages)).select_related("plan", "lead", "result")
    for row in kept.order_by("plan__number"):
        before = found.get(row.lineage)
        if before is None or _rank(row.plan) <= _rank(before.plan):
            found[row.lineage] = row
    return found


def _rank(plan: Plan) -> int:
    return FIRST.index(PlanStatus(plan.status))


def _money(activities: Sequence[Activity]) -> dict[uuid.UUID, Amounts]:
    """Activity -> needed, allocated and disbursed over the years, never added to each other."""
    rows = (
        Activity.unscoped.filter(pk__in=[a.pk for a in activities], money__isnull=False)
        .order_by()
        .values_list("pk")
        .annotate(*(Sum(f"money__{name}") for name in AMOUNTS))
    )
    return {pk: Amounts("", *told) for pk, *told in rows}


def _readings(
    activities: Sequence[Activity], today: datetime.date
) -> dict[uuid.UUID, list[Reading]]:
    """Activity -> its own indicators and those of its expected result, read today."""
    found: dict[uuid.UUID, list[Reading]] = {a.pk: [] for a in activities}
    plans = {a.plan_id: a.plan for a in activities}
    keys = [a.pk for a in activities]
    results = {a.result_id for a in activities}
    rows = (
        Indicator.unscoped.filter(Q(activity__in=keys) | Q(element__in=results))
        .select_related("definition", "place", "keeper", "element", "activity")
        .prefetch_related("targets")
        .order_by("order")
    )
    by_plan: dict[uuid.UUID, list[Indicator]] = {}
    for row in rows:
        by_plan.setdefault(row.plan_id, []).append(row)
    for plan_id, indicators in by_plan.items():
        for read in readings(plans[plan_id], indicators, today):
            one = read.indicator
            for activity in activities:
                if one.activity_id == activity.pk or one.element_id == activity.result_id:
                    found[activity.pk].append(read)
    return found


def _reports(chosen: Mapping[uuid.UUID, Activity]) -> dict[uuid.UUID, list[ActivityReport]]:
    """Lineage -> the last reports that were accepted with evidence."""
    rows = (
        ActivityReport.unscoped.filter(lineage__in=list(chosen), review=Review.ACCEPTED)
        .exclude(evidence="")
        .select_related("post__organisation")
        .order_by("-at", "-id")
    )
    found: dict[uuid.UUID, list[ActivityReport]] = {}
    for row in rows:
        kept = found.setdefault(row.lineage, [])
        if len(kept) < MOST_EVIDENCE:
            kept.append(row)
    return found


def _typed(told: Iterable[Reading]) -> dict[uuid.UUID, list[ManualValue]]:
    """Lineage of an indicator -> what its keeper entered last, with the evidence."""
    lineages = {r.indicator.lineage for r in told if not r.indicator.is_computed}
    rows = ManualValue.objects.filter(lineage__in=list(lineages)).order_by("at", "id")
    found: dict[uuid.UUID, list[ManualValue]] = {}
    for row in rows:
        found[row.lineage] = [row]  # the last one counts
    return found


def spoken_of(clauses: Collection[uuid.UUID]) -> dict[uuid.UUID, Spoken]:
    """Paragraph -> what was said of it, in numbers. No row is shown."""
    rows = (
        Contribution.unscoped.filter(clause__in=list(clauses), moderation=Moderation.PUBLISHED)
        .order_by()
        .values_list("clause")
        .annotate(
            n=Count("pk", filter=Q(supports=None)),
            taken=Count("pk", filter=Q(answer__outcome="taken")),
            partly=Count("pk", filter=Q(answer__outcome="partly")),
            refused=Count("pk", filter=Q(answer__outcome="not")),
            amendments=Count("pk", filter=Q(kind="amendment")),
            supports=Count("pk", filter=Q(supports__isnull=False)),
        )
    )
    found = {pk: Spoken() for pk in clauses}
    for pk, *counts in rows:
        found[pk] = Spoken(*counts)
    return found


def candidates(actor: Actor, clause: Clause) -> list[Activity]:
    """The activities that a paragraph may be tied to, in the version that is read."""
    plans = Plan.objects.exclude(status=PlanStatus.SUPERSEDED)
    if not actor.can("plan.write"):
        plans = plans.exclude(status=PlanStatus.DRAFT)
    known = set(ClauseActivity.objects.filter(clause=clause).values_list("lineage", flat=True))
    rows = (
        Activity.unscoped.filter(plan__in=plans)
        .select_related("plan")
        .order_by("plan__start", "order")
    )
    found: dict[uuid.UUID, Activity] = {}
    for row in rows:
        before = found.get(row.lineage)
        if row.lineage in known:
            continue
        if before is None or _rank(row.plan) < _rank(before.plan):
            found[row.lineage] = row
    return list(found.values())


@dataclass(frozen=True, slots=True)
class TakenLesson:
    """One lesson of an evaluation that a paragraph takes up."""

    label: str  # of the evaluation
    text: str
    how: str


def lessons_of(clauses: Collection[uuid.UUID]) -> dict[uuid.UUID, list[TakenLesson]]:
    """Paragraph -> the lessons that it takes up, whole or in part."""
    found: dict[uuid.UUID, list[TakenLesson]] = {pk: [] for pk in clauses}
    rows = LessonAnswer.objects.filter(clause__in=list(clauses)).exclude(taken=Taken.NOT)
    for row in rows.select_related("lesson__evaluation").order_by("pk"):
        if row.clause_id is not None:
            how = str(Taken(row.taken).label)
            lesson = row.lesson
            found[row.clause_id].append(TakenLesson(lesson.evaluation.label, lesson.text, how))
    return found
