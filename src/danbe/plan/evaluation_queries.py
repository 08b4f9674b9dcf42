"""What is read of evaluations: figures as they stand or as they were kept, lessons, answers."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from danbe.core.access import Actor
from danbe.figures.completeness import absent_from
from danbe.plan.indicators import PEOPLE, SMALLEST, readings, values_in
from danbe.plan.models import (
    CitedFigure,
    ClauseVersion,
    Criterion,
    Evaluation,
    EvaluationStatus,
    Finding,
    Indicator,
    Lesson,
    LessonAnswer,
    Measure,
    Plan,
    Process,
    State,
    TextStatus,
    TextVersion,
)
from danbe.plan.queries import budget, states
from danbekit.dates import Window

MONEY = (Measure.NEEDED, Measure.ALLOCATED, Measure.DISBURSED)


def evaluations_for(actor: Actor) -> QuerySet[Evaluation]:
    """Those that the actor may read: before it is published, only who writes or reviews."""
    rows = Evaluation.objects.select_related("plan", "sent_by", "reviewed_by")
    if actor.can("evaluation.write") or actor.can("evaluation.review"):
        return rows
    return rows.filter(status=EvaluationStatus.PUBLISHED)


def evaluations_of(plan: Plan, actor: Actor) -> QuerySet[Evaluation]:
    """The evaluations of every version of a plan."""
    return evaluations_for(actor).filter(plan__code=plan.code)


# --- Figures --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A cited figure with its value: live, or as it was kept on the day of publication."""

    cited: CitedFigure
    value: int | None
    at_least: bool = False
    absent: tuple[str, ...] = ()  # bodies that have not given it

    @property
    def is_small(self) -> bool:
        """Whether it counts so few people (1 to 4) that it is not printed."""
        one = self.cited.definition
        if one is None and self.cited.indicator:
            one = self.cited.indicator.definition
        counts_people = one is not None and one.unit in PEOPLE
        return counts_people and self.value is not None and 0 < self.value < SMALLEST


def figures_of(evaluation: Evaluation, today: datetime.date) -> dict[int, Told]:
    """Primary key of each cited figure -> what it says."""
    cited = list(
        CitedFigure.objects.filter(finding__evaluation=evaluation).select_related(
            "definition", "place", "indicator__definition", "indicator__place", "indicator__plan"
        )
    )
    if evaluation.status == EvaluationStatus.PUBLISHED:
        return {one.pk: kept(one) for one in cited}
    return live(evaluation.plan, cited, today)


def kept(one: CitedFigure) -> Told:
    """What a published evaluation keeps."""
    return Told(one, one.kept_value, one.kept_at_least, tuple(one.kept_absent.splitlines()))


def live(plan: Plan, cited: Sequence[CitedFigure], today: datetime.date) -> dict[int, Told]:
    """What the figures say now; the number of queries depends on windows and places."""
    found: dict[int, Told] = {}
    found |= _of_danbe([c for c in cited if c.measure == Measure.FIGURE], today)
    found |= _of_indicators([c for c in cited if c.measure == Measure.INDICATOR], today)
    found |= _of_plan(plan, [c for c in cited if c.definition_id is None and not c.indicator_id])
    return found


def _of_danbe(cited: Sequence[CitedFigure], today: datetime.date) -> dict[int, Told]:
    groups: dict[tuple[Window, str | None], list[CitedFigure]] = {}
    for one in cited:
        groups.setdefault((one.window, one.place_id), []).append(one)
    absent: dict[tuple[str | None, Window], tuple[str, ...]] = {}
    found = {}
    for (window, _place), those in groups.items():
        values = values_in(those, window)
        for one in those:
            assert one.definition is not None  # a constraint says so
            key = (one.definition_id, window)
            if key not in absent:
                silent = absent_from(one.definition, window, today)
                absent[key] = tuple(a.organisation.label for a in silent)
            value, at_least = values.get(one.code, (None, False))
            found[one.pk] = Told(one, value, at_least, absent[key])
    return found


def _of_indicators(cited: Sequence[CitedFigure], today: datetime.date) -> dict[int, Told]:
    """The year of the indicator in which the window ends."""
    by_plan: dict[Plan, dict[object, Indicator]] = {}
    for one in cited:
        assert one.indicator is not None  # a constraint says so
        by_plan.setdefault(one.indicator.plan, {})[one.indicator_id] = one.indicator
    values: dict[tuple[object, int], tuple[int | None, bool]] = {}
    for plan, indicators in by_plan.items():
        for read in readings(plan, list(indicators.values()), today):
            for year in read.values:
                values[read.indicator.pk, year.year] = (year.value, year.at_least)
    return {
        one.pk: Told(one, *values.get((one.indicator_id, one.end.year), (None, False)))
        for one in cited
    }


def _of_plan(plan: Plan, cited: Sequence[CitedFigure]) -> dict[int, Told]:
    """Money of the years of the window; activities as they stand."""
    if not cited:
        return {}
    by_year = {int(a.label): a for a in budget(plan).by_year}
    counted = states(plan)
    n = sum(counted.values())
    found = {}
    for one in cited:
        value: int | None
        if one.measure in MONEY:
            told = [getattr(by_year[y], one.measure) for y in _years(one) if y in by_year]
            known = [amount for amount in told if amount is not None]
            value = sum(known) if known else None
        elif not n:
            value = None
        else:
            value = n if one.measure == Measure.ACTIVITIES else counted[State.DONE]
        found[one.pk] = Told(one, value)
    return found


def _years(one: CitedFigure) -> range:
    return range(one.start.year, one.end.year + 1)


# --- Findings and lessons -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its figures."""

    finding: Finding
    figures: tuple[Told, ...]

    @property
    def is_bare(self) -> bool:
        """Whether it rests on nothing yet."""
        return self.finding.has_data and not self.figures


def findings_of(evaluation: Evaluation, today: datetime.date) -> dict[Criterion, list[Found]]:
    """The findings under each criterion; every criterion is there."""
    told = figures_of(evaluation, today)
    by_finding: dict[object, list[Told]] = {}
    for one in told.values():
        by_finding.setdefault(one.cited.finding_id, []).append(one)
    found: dict[Criterion, list[Found]] = {criterion: [] for criterion in Criterion}
    for finding in evaluation.findings.all():
        rows = tuple(by_finding.get(finding.pk, ()))
        found[Criterion(finding.criterion)].append(Found(finding, rows))
    return found


@dataclass(frozen=True, slots=True)
class Gap:
    """What an evaluation lacks before it is sent to review."""

    bare: tuple[Finding, ...]  # neither a figure nor «no data»
    silent: tuple[Criterion, ...]  # criteria without a finding
    n_lessons: int


def gaps(evaluation: Evaluation) -> Gap:
    """What is missing before the review."""
    rows = list(evaluation.findings.prefetch_related("figures"))
    bare = tuple(f for f in rows if f.has_data and not f.figures.all())
    there = {f.criterion for f in rows}
    silent = tuple(c for c in Criterion if c not in there)
    return Gap(bare, silent, evaluation.lessons.count())


# --- Answers --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """One lesson and what one draft answers to it."""

    lesson: Lesson
    answer: LessonAnswer | None
    clause: ClauseVersion | None  # where it is taken up, in the latest version
    n: int = 0  # its number in the list

    @property
    def is_settled(self) -> bool:
        """Whether the draft answers it: a clause that was taken out of the text does not count."""
        if self.answer is None:
            return False
        return self.answer.clause_id is None or self.clause is not None


def lessons_for(process: Process) -> QuerySet[Lesson]:
    """The lessons that the making of a plan must answer: those of the plan before it."""
    if process.old_plan_id is None:
        return Lesson.objects.none()
    return Lesson.objects.filter(
        evaluation__plan__code=process.old_plan.code,  # type: ignore[union-attr]  # it is there
        evaluation__status=EvaluationStatus.PUBLISHED,
    ).select_related("evaluation")


def latest_text(process: Process, *, draft: bool = True) -> TextVersion | None:
    """The version of the text that stands now; without ``draft``, the last that was put out."""
    rows = process.versions.order_by("-number")
    return (rows if draft else rows.exclude(status=TextStatus.DRAFT)).first()


def clauses_of(process: Process, *, draft: bool = True) -> dict[object, ClauseVersion]:
    """Clause -> what it says in the version that stands now, in the order of the text."""
    version = latest_text(process, draft=draft)
    if version is None:
        return {}
    return {one.clause_id: one for one in version.clauses.order_by("order")}


def answered(process: Process, *, draft: bool = True) -> list[Answered]:
    """Every lesson that must be answered, with its answer."""
    answers: dict[object, LessonAnswer] = {
        a.lesson_id: a
        for a in LessonAnswer.objects.filter(process=process).select_related("post__organisation")
    }
    clauses = clauses_of(process, draft=draft)
    lessons = lessons_for(process).prefetch_related("findings")
    return [_answered(lesson, answers, clauses, n) for n, lesson in enumerate(lessons, 1)]


def _answered(
    lesson: Lesson,
    answers: Mapping[object, LessonAnswer],
    clauses: Mapping[object, ClauseVersion],
    n: int,
) -> Answered:
    answer = answers.get(lesson.pk)
    clause = clauses.get(answer.clause_id) if answer else None
    return Answered(lesson, answer, clause, n)


def n_unanswered(process: Process) -> int:
    """How many lessons the draft leaves without an answer."""
    return sum(not one.is_settled for one in answered(process))


def answers_to(lessons: Iterable[Lesson]) -> dict[object, list[LessonAnswer]]:
    """Lesson -> what each later plan answered, with the words of the clause that stands."""
    newest = ClauseVersion.objects.order_by("version__number")
    rows = (
        LessonAnswer.objects.filter(lesson__in=[one.pk for one in lessons])
        .select_related("process__plan", "clause")
        .prefetch_related(Prefetch("clause__versions", newest))
    )
    found: dict[object, list[LessonAnswer]] = {}
    for answer in rows:
        found.setdefault(answer.lesson_id, []).append(answer)
    return found
