"""Writing an evaluation, reviewing and publishing it; answering its lessons in the next draft."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Post
from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.models import Place
from danbe.figures.models import Breakdown, Definition
from danbe.figures.queries import key_labels
from danbe.plan.evaluation_queries import clauses_of, gaps, lessons_for, live
from danbe.plan.models import (
    EVALUATION_TRANSITIONS,
    CitedFigure,
    Clause,
    Criterion,
    Evaluation,
    EvaluationStatus,
    Finding,
    Indicator,
    Lesson,
    LessonAnswer,
    Measure,
    Moment,
    Plan,
    PlanStatus,
    Process,
    Taken,
)
from danbe.plan.phases import is_over

MAX_TEXT = 5_000
MAX_FIGURES = 12  # under one finding
FIRST_YEAR = 1990


def _post_of(actor: Actor) -> Post:
    return Post.objects.get(pk=actor.seat.post_id)


def _text(value: str, field: str, empty: str) -> str:
    """What was typed, neither empty nor too long."""
    told = value.strip()
    if not told:
        raise DomainError("evaluation.no_text", empty, field)
    if len(told) > MAX_TEXT:
        raise DomainError("evaluation.too_long", _("This text is too long."), field)
    return told


def _locked(evaluation: Evaluation) -> Evaluation:
    """The evaluation, held until the act is over, if it may still be written in."""
    row = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if row.status != EvaluationStatus.DRAFT:
        text = _("This evaluation is no longer being written: it does not change.")
        raise DomainError("evaluation.not_draft", text)
    return row


def _check_seen(row: Finding | Lesson | None, seen: int | None) -> None:
    """What was changed in another window is not overwritten."""
    if row is None or seen is None:
        return
    if type(row).objects.get(pk=row.pk).edition != seen:
        text = _("It was changed in another window meanwhile. Copy your text, then open it again.")
        raise DomainError("evaluation.stale", text)


def _move(row: Evaluation, to: EvaluationStatus) -> Evaluation:
    if to not in EVALUATION_TRANSITIONS[EvaluationStatus(row.status)]:
        text = _("The evaluation has moved on meanwhile: read it again.")
        raise DomainError("evaluation.transition", text)
    row.status = to
    return row


# --- Writing --------------------------------------------------------------------------------


@action("evaluation.write")
def begin_evaluation(
    actor: Actor,
    plan: Plan,
    *,
    moment: str,
    label_fr: str,
    method: str = "",
    label_en: str = "",
) -> Evaluation:
    """Begin the evaluation of a plan that was published."""
    if plan.status == PlanStatus.DRAFT:
        raise DomainError("evaluation.draft_plan", _("A draft is not evaluated."))
    if not label_fr.strip():
        raise DomainError("evaluation.no_name", _("Give the evaluation a title."), "label_fr")
    if len(method) > MAX_TEXT:
        raise DomainError("evaluation.too_long", _("This text is too long."), "method")
    if Evaluation.objects.filter(plan__code=plan.code, moment=moment).exists():
        text = _("This plan has this evaluation already: open it.")
        raise DomainError("evaluation.exists", text, "moment")
    return Evaluation.objects.create(
        plan=plan,
        moment=Moment(moment),
        label_fr=label_fr.strip(),
        label_en=label_en.strip(),
        method=method.strip(),
        is_fictitious=plan.is_fictitious,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What a finding says. ``missing``: there is no data, and who did not give it."""

    criterion: str
    text: str
    has_data: bool = True
    missing: str = ""


@action("evaluation.write")
def write_finding(
    actor: Actor,
    evaluation: Evaluation,
    said: Said,
    finding: Finding | None = None,
    seen: int | None = None,
) -> Finding:
    """Add a finding, or change one; ``seen`` is the edition that the writer had before them."""
    row = _locked(evaluation)
    _check_seen(finding, seen)
    if said.criterion not in Criterion.values:
        raise DomainError("finding.criterion", _("Choose a criterion."), "criterion")
    text = _text(said.text, "text", _("Say what was found."))
    missing = ""
    if not said.has_data:
        empty = _("Say who did not give the data.")
        missing = _text(said.missing, "missing", empty)
        if finding is not None and finding.figures.exists():
            other = _("Figures are cited under this finding: remove them first.")
            raise DomainError("finding.has_figures", other, "has_data")
    one = finding or Finding(evaluation=row)
    one.criterion, one.text = said.criterion, text
    one.has_data, one.missing = said.has_data, missing
    one.edition += finding is not None
    one.save()
    return one


@action("evaluation.write")
def drop_finding(actor: Actor, finding: Finding) -> Evaluation:
    """Take a finding out; not one that a lesson rests on."""
    row = _locked(finding.evaluation)
    if finding.lessons.exists():
        text = _("A lesson rests on this finding: change the lesson first.")
        raise DomainError("finding.has_lessons", text)
    Finding.objects.filter(pk=finding.pk).delete()
    return row


@dataclass(frozen=True, slots=True)
class Named:
    """A figure to cite."""

    measure: str
    start: datetime.date
    end: datetime.date
    definition: Definition | None = None
    indicator: Indicator | None = None
    breakdown: str = Breakdown.TOTAL.value
    key: str = ""
    place: Place | None = None


@action("evaluation.write")
def cite_figure(actor: Actor, finding: Finding, named: Named) -> CitedFigure:
    """Rest a finding on a figure: definition, part, window and place."""
    row = _locked(finding.evaluation)
    if not finding.has_data:
        text = _("This finding says that there is no data: it rests on no figure.")
        raise DomainError("figure.no_data", text)
    if finding.figures.count() >= MAX_FIGURES:
        raise DomainError("figure.many", _("Twelve figures at most under one finding."))
    _check_window(named)
    is_figure = named.measure == Measure.FIGURE
    if is_figure:
        _check_figure(named)
    elif named.measure == Measure.INDICATOR:
        _check_indicator(named, row.plan)
    elif named.measure not in Measure.values:
        raise DomainError("figure.measure", _("Choose what is cited."), "measure")
    return CitedFigure.objects.create(
        finding=finding,
        measure=named.measure,
        definition=named.definition if is_figure else None,
        indicator=named.indicator if named.measure == Measure.INDICATOR else None,
        breakdown=named.breakdown if is_figure else Breakdown.TOTAL,
        key=named.key.strip() if is_figure else "",
        place=named.place if is_figure else None,
        start=named.start,
        end=named.end,
    )


def _check_window(named: Named) -> None:
    if named.end < named.start:
        raise DomainError("figure.window", _("The end precedes the beginning."), "end")
    if named.start.year < FIRST_YEAR or named.end.year > timezone.localdate().year + 10:
        raise DomainError("figure.window", _("This year is not possible."), "start")


def _check_figure(named: Named) -> None:
    """The figure exists, and so does its part."""
    if named.definition is None:
        raise DomainError("figure.none", _("Choose the figure."), "definition")
    if named.breakdown == Breakdown.TOTAL:
        if named.key:
            raise DomainError("figure.key", _("A total has no part: empty this cell."), "key")
        return
    if named.breakdown not in named.definition.splits:
        text = _("This figure is not broken down so. It may be by: %(list)s.")
        said = text % {"list": ", ".join(named.definition.splits) or "—"}
        raise DomainError("figure.breakdown", said, "breakdown")
    known = key_labels(named.definition, named.breakdown)
    if named.key.strip() not in known:
        text = _("Write the code of one part: %(list)s.")
        said = text % {"list": ", ".join(list(known)[:12])}
        raise DomainError("figure.key", said, "key")


def _check_indicator(named: Named, plan: Plan) -> None:
    if named.indicator is None:
        raise DomainError("figure.none", _("Choose the indicator."), "indicator")
    # A draft's indicators are made anew with each workbook: only those of this version stay.
    if named.indicator.plan_id != plan.pk:
        text = _("This indicator belongs to another plan.")
        raise DomainError("figure.other_plan", text, "indicator")


@action("evaluation.write")
def uncite_figure(actor: Actor, figure: CitedFigure) -> Evaluation:
    """Take a figure away from under a finding."""
    row = _locked(figure.finding.evaluation)
    CitedFigure.objects.filter(pk=figure.pk).delete()
    return row


@action("evaluation.write")
def write_lesson(
    actor: Actor,
    evaluation: Evaluation,
    *,
    text: str,
    findings: Collection[Finding],
    lesson: Lesson | None = None,
    seen: int | None = None,
) -> Lesson:
    """Draw a lesson from one finding or more, or change one."""
    row = _locked(evaluation)
    _check_seen(lesson, seen)
    told = _text(text, "text", _("Say what is learnt."))
    if not findings:
        raise DomainError("lesson.no_finding", _("Say from which finding."), "findings")
    if any(f.evaluation_id != row.pk for f in findings):
        text = _("A finding belongs to another evaluation.")
        raise DomainError("lesson.other", text, "findings")
    one = lesson or Lesson(evaluation=row)
    one.text = told
    one.edition += lesson is not None
    one.save()
    one.findings.set(findings)
    return one


@action("evaluation.write")
def drop_lesson(actor: Actor, lesson: Lesson) -> Evaluation:
    """Take a lesson out."""
    row = _locked(lesson.evaluation)
    Lesson.objects.filter(pk=lesson.pk).delete()
    return row


# --- Review, publication --------------------------------------------------------------------


@action("evaluation.write")
def send_evaluation(actor: Actor, evaluation: Evaluation) -> Evaluation:
    """Send it to review: every criterion is spoken to, every finding rests on something."""
    row = _locked(evaluation)
    lacking = gaps(row)
    if lacking.silent:
        text = _("No finding yet under: %(list)s.")
        said = text % {"list": ", ".join(str(c.label) for c in lacking.silent)}
        raise DomainError("evaluation.criteria", said)
    if lacking.bare:
        text = _("A finding rests neither on a figure nor on «no data»: %(text)s")
        raise DomainError("evaluation.bare", text % {"text": lacking.bare[0].text[:80]})
    if not lacking.n_lessons:
        raise DomainError("evaluation.no_lesson", _("Draw one lesson at least."))
    _move(row, EvaluationStatus.REVIEW)
    row.sent_by = _post_of(actor)
    row.save(update_fields=["status", "sent_by"])
    return row


@action("evaluation.review")
def review_evaluation(
    actor: Actor, evaluation: Evaluation, *, accept: bool, note: str = ""
) -> Evaluation:
    """Pass it, or send it back and say why. Who sent it does not review it."""
    row = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if row.status != EvaluationStatus.REVIEW:
        text = _("The evaluation has moved on meanwhile: read it again.")
        raise DomainError("evaluation.transition", text)
    if row.sent_by_id == actor.post_id:
        raise DomainError("evaluation.own", _("An evaluation is reviewed by another post."))
    if len(note) > MAX_TEXT:
        raise DomainError("evaluation.too_long", _("This text is too long."), "note")
    if not accept and not note.strip():
        raise DomainError("evaluation.no_reason", _("Say what is to be changed."), "note")
    _move(row, EvaluationStatus.REVIEWED if accept else EvaluationStatus.DRAFT)
    row.review_note, row.reviewed_at = note.strip(), timezone.now()
    row.reviewed_by = _post_of(actor)
    row.save(update_fields=["status", "review_note", "reviewed_at", "reviewed_by"])
    return row


@action("evaluation.write")
def reopen_evaluation(actor: Actor, evaluation: Evaluation) -> Evaluation:
    """Write again in an evaluation that was reviewed: it will be reviewed again."""
    row = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if row.status != EvaluationStatus.REVIEWED:
        text = _("The evaluation has moved on meanwhile: read it again.")
        raise DomainError("evaluation.transition", text)
    _move(row, EvaluationStatus.DRAFT)
    row.save(update_fields=["status"])
    return row


@action("evaluation.publish")
def publish_evaluation(actor: Actor, evaluation: Evaluation) -> Evaluation:
    """Publish it: from now on its figures stay as they are today."""
    row = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    _move(row, EvaluationStatus.PUBLISHED)
    row.published_at = timezone.now()
    cited = list(
        CitedFigure.objects.filter(finding__evaluation=row).select_related(
            "definition", "place", "indicator__definition", "indicator__place", "indicator__plan"
        )
    )
    for told in live(row.plan, cited, timezone.localdate()).values():
        one = told.cited
        one.kept_at, one.kept_value = row.published_at, told.value
        one.kept_at_least, one.kept_absent = told.at_least, "\n".join(told.absent)
    kept = ["kept_at", "kept_value", "kept_at_least", "kept_absent"]
    CitedFigure.objects.bulk_update(cited, kept, batch_size=200)
    row.save(update_fields=["status", "published_at"])
    return row


# --- Lessons in the next draft --------------------------------------------------------------


@action("lesson.answer")
def answer_lesson(
    actor: Actor,
    process: Process,
    *,
    lesson: Lesson,
    taken: str,
    clause: Clause | None = None,
    reason: str = "",
) -> LessonAnswer:
    """Say where the draft takes a lesson up, or why not. The last answer counts."""
    row = Process.objects.select_for_update().get(pk=process.pk)
    if is_over(row):
        raise DomainError("lesson.over", _("The making of this plan has ended."))
    if not lessons_for(row).filter(pk=lesson.pk).exists():
        text = _("This lesson is not one of the plan that is replaced.")
        raise DomainError("lesson.other_plan", text)
    _check_answer(row, taken, clause, reason)
    told, _made = LessonAnswer.objects.update_or_create(
        lesson=lesson,
        process=row,
        defaults={
            "taken": taken,
            "clause": clause if taken != Taken.NOT else None,
            "reason": reason.strip(),
            "post": _post_of(actor),
        },
    )
    return told


def _check_answer(process: Process, taken: str, clause: Clause | None, reason: str) -> None:
    """Where, or why not."""
    if taken not in Taken.values:
        raise DomainError("lesson.taken", _("Choose an answer."), "taken")
    if len(reason) > MAX_TEXT:
        raise DomainError("lesson.too_long", _("This text is too long."), "reason")
    if taken != Taken.TAKEN and not reason.strip():
        text = _("Say why it is not taken up, or not wholly.")
        raise DomainError("lesson.no_reason", text, "reason")
    if taken == Taken.NOT:
        return
    if clause is None or clause.pk not in clauses_of(process):
        text = _("Choose the clause of the present draft that takes it up.")
        raise DomainError("lesson.no_clause", text, "clause")
