"""Caring for a person: assessing, planning, giving, seeing again, listening."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import Term
from danbe.partnership.models import ServiceOffer
from danbe.protection import door
from danbe.protection.care_dates import cancel, keep_next_due, open_tasks, plan_milestones
from danbe.protection.cases import must_be_open
from danbe.protection.models import (
    Assessment,
    Case,
    Feedback,
    FollowUp,
    Goal,
    Service,
    Task,
)
from danbe.protection.models.care import SCALES
from danbe.protection.vocabulary import (
    AssessmentKind,
    ContactRule,
    FieldGroup,
    GoalStatus,
    Level,
    Schooling,
    ServiceStatus,
    TaskKind,
)

OF_CHILDREN = frozenset({AssessmentKind.BEST_INTEREST, AssessmentKind.BEST_INTEREST_DETERMINATION})
RECEIVED = (ServiceStatus.UNDER_WAY, ServiceStatus.GIVEN)
# Under which group the note on a service is sealed; «safety» where nothing else fits.
GROUP_OF_SERVICE = {
    "medical": FieldGroup.HEALTH,
    "psychosocial": FieldGroup.PSYCHOSOCIAL,
    "family_tracing": FieldGroup.FAMILY,
    "voluntary_return": FieldGroup.FAMILY,
    "legal_information": FieldGroup.LEGAL,
    "legal_aid": FieldGroup.LEGAL,
    "civil_documents": FieldGroup.LEGAL,
    "education": FieldGroup.SCHOOL_WORK,
    "vocational_training": FieldGroup.SCHOOL_WORK,
    "reintegration": FieldGroup.SCHOOL_WORK,
    "financial_aid": FieldGroup.SCHOOL_WORK,
}
LONGEST_PLAN = datetime.timedelta(days=3 * 366)
MOST_UNITS, MOST_FCFA = 10_000, 1_000_000_000


# --- Assessing -----------------------------------------------------------------------------


@action("case.write")
def assess(
    actor: Actor,
    case: Case,
    kind: AssessmentKind,
    *,
    on: datetime.date,
    level: Level | str = "",
    needs: Collection[str] = (),
    text: str = "",
) -> Assessment:
    """Record an assessment. The newest of risks gives the case its level."""
    must_be_open(case)
    _past(on)
    if kind in OF_CHILDREN:
        _child(case)
    if kind == AssessmentKind.RISK and not level:
        raise DomainError("assessment.level", _("Say how grave the risk is."), "level")
    if kind == AssessmentKind.NEEDS and not needs:
        raise DomainError("assessment.needs", _("Choose at least one need."), "needs")
    if kind in OF_CHILDREN and not text.strip():
        raise DomainError("assessment.text", _("Write what was found."), "text")
    for need in needs:
        _service_type(need, "needs")
    row: Assessment = Assessment.unscoped.create(
        case=case,
        kind=kind,
        on=on,
        level=level,
        needs=" ".join(sorted(set(needs))),
        post_id=actor.seat.post_id,
    )
    _seal(actor, case, FieldGroup.SAFETY, "assessment", text, row)
    _keep_level(case)
    return row


@dataclass(frozen=True, slots=True)
class SafetyPlan:
    """What the person and the caseworker agreed on, in words."""

    dangers: str = ""  # who or what threatens, retaliation included
    signs: str = ""  # how one notices that it comes nearer
    steps: str = ""  # what to do then, where to go
    helpers: str = ""  # whom to warn, who helps


@action("case.write")
def agree_safety(
    actor: Actor,
    case: Case,
    *,
    rule: ContactRule,
    contact: str = "",
    plan: SafetyPlan | None = None,
) -> Case:
    """The safety plan and how the person may be reached: the rule is read before any call."""
    must_be_open(case)
    needs_words = rule in (ContactRule.SAFE_HOURS, ContactRule.THROUGH)
    if needs_words and not contact.strip():
        raise DomainError(
            "safety.contact", _("Write the hours, or who the trusted person is."), "contact"
        )
    case.contact_rule = rule
    case.save(update_fields=["contact_rule"])
    # An empty text is sealed too: what was agreed before no longer holds.
    door.put(actor, case.person, FieldGroup.CONTACT, "safe_contact", contact, subject=case.pk)
    if plan is not None:
        told = {name: getattr(plan, name) for name in SafetyPlan.__slots__}
        door.put(actor, case.person, FieldGroup.SAFETY, "safety_plan", told, subject=case.pk)
    return case


# --- The plan ------------------------------------------------------------------------------


@action("case.write")
def set_goal(
    actor: Actor, case: Case, *, domain: str, text: str, due_on: datetime.date | None = None
) -> Goal:
    """What the person wants to reach, in their words."""
    must_be_open(case)
    _service_type(domain, "domain")
    if not text.strip():
        raise DomainError("goal.text", _("Write the goal in the person’s words."), "text")
    if due_on:
        _within_plan(case, due_on)
    row: Goal = Goal.unscoped.create(
        case=case,
        domain=domain,
        due_on=due_on,
        set_on=timezone.localdate(),
        post_id=actor.seat.post_id,
    )
    _seal(actor, case, FieldGroup.PSYCHOSOCIAL, "goal", text, row)
    return row


@action("case.write")
def settle_goal(actor: Actor, goal: Goal, status: GoalStatus) -> Goal:
    """Reached, or given up; or set again."""
    must_be_open(goal.case)
    goal.status = status
    goal.settled_on = None if status == GoalStatus.SET else timezone.localdate()
    goal.save(update_fields=["status", "settled_on"])
    return goal


@dataclass(frozen=True, slots=True)
class Given:
    """One service as it is written down. ``note`` is sealed; the rest is counted."""

    type: str
    status: ServiceStatus
    start: datetime.date | None = None
    end: datetime.date | None = None
    offer: ServiceOffer | None = None
    provider: Organisation | None = None
    goal: Goal | None = None
    n_units: int | None = None
    cost_fcfa: int | None = None
    in_kind: str = ""
    funder: Organisation | None = None
    note: str = ""


@action("case.write")
def add_service(actor: Actor, case: Case, given: Given) -> Service:
    """A service planned, given, declined by the person, or needed and found nowhere."""
    must_be_open(case)
    row = Service(case=case, post_id=actor.seat.post_id)
    return _write_service(actor, row, given)


@action("case.write")
def change_service(actor: Actor, service: Service, given: Given) -> Service:
    """What became of a service."""
    must_be_open(service.case)
    return _write_service(actor, service, given)


def _write_service(actor: Actor, row: Service, given: Given) -> Service:
    _check_service(row.case, given)
    row.type, row.status, row.offer, row.goal = given.type, given.status, given.offer, given.goal
    row.provider = given.offer.organisation if given.offer else given.provider
    row.start, row.end = given.start, given.end
    if given.status in (ServiceStatus.UNAVAILABLE, ServiceStatus.DECLINED):
        row.start, row.end = given.start or timezone.localdate(), None
    row.n_units, row.cost_fcfa = given.n_units, given.cost_fcfa
    row.in_kind, row.funder = given.in_kind, given.funder
    row.save()
    group = GROUP_OF_SERVICE.get(row.type, FieldGroup.SAFETY)
    _seal(actor, row.case, group, "service_note", given.note, row)
    _keep_first_service(row.case)
    return row


def _check_service(case: Case, given: Given) -> None:
    _service_type(given.type, "type")
    if given.offer and given.offer.type != given.type:
        raise DomainError("service.offer", _("This offer is for another need."), "offer")
    if given.goal and given.goal.case_id != case.pk:
        raise DomainError("service.goal", _("This goal is of another case."), "goal")
    _check_days(case, given)
    if (given.n_units or 0) > MOST_UNITS:
        raise DomainError("service.units", _("This number is too large."), "n_units")
    if (given.cost_fcfa or 0) > MOST_FCFA:
        raise DomainError("service.cost", _("This amount is too large."), "cost_fcfa")


def _check_days(case: Case, given: Given) -> None:
    if given.start is None:
        if given.status in RECEIVED or given.end:
            raise DomainError("service.start", _("Write since when."), "start")
        return
    if given.status in RECEIVED:
        _past(given.start, "start")
    _within_plan(case, given.start, "start", strict=False)
    if given.end and given.end < given.start:
        raise DomainError("service.dates", _("It ends before it begins."), "end")
    if given.end and given.status == ServiceStatus.GIVEN:
        _past(given.end, "end")


def _keep_first_service(case: Case) -> None:
    rows = Service.unscoped.filter(case=case, status__in=RECEIVED, start__isnull=False)
    case.first_service_on = rows.order_by("start").values_list("start", flat=True).first()
    case.save(update_fields=["first_service_on"])


# --- Dates ---------------------------------------------------------------------------------


@action("case.write")
def add_task(
    actor: Actor,
    case: Case,
    *,
    kind: TaskKind,
    due_on: datetime.date,
    at: datetime.time | None = None,
    text: str = "",
) -> Task:
    """Something to do by a day, or an appointment."""
    must_be_open(case)
    _within_plan(case, due_on, "due_on")
    if at is not None and kind == TaskKind.TASK:
        raise DomainError("task.hour", _("Only an appointment or a visit has an hour."), "at")
    row: Task = Task.unscoped.create(
        case=case, kind=kind, due_on=due_on, at=at, post_id=actor.seat.post_id
    )
    _seal(actor, case, FieldGroup.SAFETY, "task", text, row)
    keep_next_due(case)
    return row


@action("case.write")
def finish_task(actor: Actor, task: Task, *, on: datetime.date | None = None) -> Task:
    """It is done. A follow-up is done by holding it."""
    _still_to_do(task)
    if task.month is not None:
        raise DomainError("task.milestone", _("Record the follow-up itself."))
    day = on or timezone.localdate()
    _past(day)
    task.done_on = day
    task.save(update_fields=["done_on"])
    keep_next_due(task.case)
    return task


@action("case.write")
def move_task(
    actor: Actor, task: Task, *, due_on: datetime.date, at: datetime.time | None = None
) -> Task:
    """Another day for it. A milestone keeps its day: hold it when you can."""
    _still_to_do(task)
    if task.month is not None:
        raise DomainError("task.fixed", _("A milestone keeps its day."), "due_on")
    _within_plan(task.case, due_on, "due_on")
    task.due_on, task.at = due_on, at
    task.save(update_fields=["due_on", "at"])
    keep_next_due(task.case)
    return task


@action("case.write")
def cancel_task(actor: Actor, task: Task) -> Task:
    """It is no longer to be done; it stays in the history. A milestone is not cancelled."""
    _still_to_do(task)
    if task.month is not None:
        raise DomainError("task.fixed", _("A milestone keeps its day."))
    cancel(Task.unscoped.filter(pk=task.pk))
    task.refresh_from_db()
    keep_next_due(task.case)
    return task


@dataclass(frozen=True, slots=True)
class Seen:
    """How a person is, from 1 (bad) to 5 (good); ``None``: not asked, not answered."""

    housing: int | None = None
    income: int | None = None
    safety: int | None = None
    health: int | None = None
    family: int | None = None


@action("case.write")
def hold_follow_up(
    actor: Actor,
    case: Case,
    *,
    on: datetime.date,
    task: Task | None = None,
    was_reached: bool = True,
    seen: Seen | None = None,
    words: str = "",
) -> FollowUp:
    """A follow-up held; or tried in vain: then it stays to be done."""
    must_be_open(case)
    _past(on)
    told = seen or Seen()
    if task is not None:
        if task.case_id != case.pk:
            raise DomainError("follow_up.task", _("This date is of another case."), "task")
        _still_to_do(task)
    for scale in SCALES:
        mark = getattr(told, scale)
        if mark is not None and not 1 <= mark <= 5:
            raise DomainError("follow_up.scale", _("From 1 to 5."), scale)
    if not was_reached and told != Seen():
        raise DomainError(
            "follow_up.not_reached",
            _("Nobody was reached: leave the scales empty."),
            "was_reached",
        )
    row: FollowUp = FollowUp.unscoped.create(
        case=case,
        task=task,
        month=task.month if task else None,
        on=on,
        was_reached=was_reached,
        post_id=actor.seat.post_id,
        **{scale: getattr(told, scale) for scale in SCALES},
    )
    _seal(actor, case, FieldGroup.PSYCHOSOCIAL, "follow_up", words, row)
    if task is not None and was_reached:
        task.done_on = on
        task.save(update_fields=["done_on"])
        # One visit settles the earlier milestones that were missed.
        cancel(open_tasks(case).filter(month__isnull=False, due_on__lt=task.due_on))
    keep_next_due(case)
    return row


@action("case.write")
def begin_reintegration(actor: Actor, case: Case, *, on: datetime.date) -> Case:
    """A life of one's own begins: the five milestones are counted anew from that day."""
    must_be_open(case)
    _past(on)
    if on < case.opened_on:
        raise DomainError("case.before", _("This day is before the case was opened."), "on")
    case.reintegration_on = on
    case.save(update_fields=["reintegration_on"])
    plan_milestones(actor, case, on)
    return case


# --- What the person says of it ------------------------------------------------------------


@action("feedback.write")
def hear_feedback(
    actor: Actor,
    case: Case,
    *,
    on: datetime.date,
    mark: int | None = None,
    is_complaint: bool = False,
    words: str = "",
) -> Feedback:
    """Satisfaction, or a complaint: a supervisor hears of it. Also after the closing."""
    _past(on)
    if mark is not None and not 1 <= mark <= 5:
        raise DomainError("feedback.mark", _("From 1 to 5."), "mark")
    if is_complaint and not words.strip():
        raise DomainError("feedback.words", _("Write what the person says."), "words")
    if mark is None and not words.strip():
        raise DomainError("feedback.empty", _("Give a mark, or write what was said."), "mark")
    row: Feedback = Feedback.unscoped.create(
        case=case,
        on=on,
        mark=mark,
        is_complaint=is_complaint,
        post_id=actor.seat.post_id,
        about_post_id=case.post_id,
    )
    kind = "complaint" if is_complaint else "feedback"
    _seal(actor, case, FieldGroup.INTERNAL, kind, words, row)
    return row


@action("feedback.answer")
def answer_complaint(actor: Actor, feedback: Feedback, *, words: str) -> Feedback:
    """What was done about a complaint, by another post than the one it is about."""
    if not feedback.is_complaint or feedback.answered_on:
        raise DomainError("feedback.answered", _("No complaint waits here."))
    if feedback.about_post_id == actor.post_id:
        raise NotAllowed("feedback.answer")
    if not words.strip():
        raise DomainError("feedback.words", _("Write what was done."), "words")
    feedback.answered_on = timezone.localdate()
    feedback.save(update_fields=["answered_on"])
    _seal(actor, feedback.case, FieldGroup.INTERNAL, "complaint_answer", words, feedback)
    return feedback


# --- Children ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who answers for a child: sealed whole."""

    name: str = ""
    link: str = ""  # mother, uncle, judge's decision, …
    contact: str = ""
    authority: str = ""  # who appointed them, on what day


@action("case.write")
def name_guardian(actor: Actor, case: Case, guardian: Guardian | None) -> Case:
    """The guardian of a child; ``None``: there is nobody, and one must be found."""
    must_be_open(case)
    _child(case)
    if guardian is not None and not guardian.name.strip():
        raise DomainError("guardian.name", _("Write who it is."), "name")
    told = guardian or Guardian()
    door.put(
        actor,
        case.person,
        FieldGroup.FAMILY,
        "guardian",
        {name: getattr(told, name) for name in Guardian.__slots__},
        subject=case.pk,
    )
    case.has_guardian = guardian is not None
    case.save(update_fields=["has_guardian"])
    return case


@action("case.write")
def note_schooling(actor: Actor, case: Case, schooling: Schooling, *, note: str = "") -> Case:
    """Where a child stands with school."""
    must_be_open(case)
    _child(case)
    case.schooling = schooling
    case.save(update_fields=["schooling"])
    if note.strip():
        door.put(actor, case.person, FieldGroup.SCHOOL_WORK, "schooling", note, subject=case.pk)
    return case


# --- Rules shared by the acts ----------------------------------------------------------------


def _seal(
    actor: Actor,
    case: Case,
    group: FieldGroup,
    kind: str,
    text: str,
    row: Assessment | Goal | Service | Task | FollowUp | Feedback,
) -> None:
    if text.strip():
        door.put(actor, case.person, group, kind, text, subject=row.pk)


def _keep_level(case: Case) -> None:
    rows = Assessment.unscoped.filter(case=case, kind=AssessmentKind.RISK)
    last = rows.order_by("-on", "-recorded_at").first()
    if last is not None:
        case.level = last.level
        case.save(update_fields=["level"])


def _still_to_do(task: Task) -> None:
    must_be_open(task.case)
    if task.done_on or task.is_cancelled:
        raise DomainError("task.done", _("Nothing is left to do here."))


def _child(case: Case) -> None:
    """For a child, or for somebody who may be one."""
    if case.person.age_group == "adult":
        raise DomainError("case.adult", _("This is for children only."))


def _service_type(code: str, at: str) -> None:
    if not Term.objects.filter(list="service_type", code=code).exists():
        raise DomainError("service.type", _("Choose from the list."), at)


def _past(day: datetime.date, at: str = "on") -> None:
    if day > timezone.localdate():
        raise DomainError("case.future", _("This day has not come yet."), at)


def _within_plan(
    case: Case, day: datetime.date, at: str = "due_on", *, strict: bool = True
) -> None:
    """A mistyped year is noticed. Help given before the case was opened is help all the same."""
    first = case.opened_on if strict else case.opened_on - LONGEST_PLAN
    if not first <= day <= timezone.localdate() + LONGEST_PLAN:
        raise DomainError("case.day", _("This day is too far off: look at the year."), at)
