"""What the secretariat does with plans, and what lead bodies say of their activities."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, require
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.plan.framework import MAX_VALUE, Checker, Framework, framework_of, write_framework
from danbe.plan.models import (
    TRANSITIONS,
    Activity,
    ActivityReport,
    Indicator,
    ManualValue,
    Money,
    Plan,
    PlanStatus,
    Process,
    Review,
    Stage,
    State,
)

MAX_YEARS = 15
MAX_TEXT = 5_000
ENDED = (Stage.VALIDATED, Stage.STOPPED)


def _post_of(actor: Actor) -> Post:
    return Post.objects.get(pk=actor.seat.post_id)


# --- Versions -------------------------------------------------------------------------------


@action("plan.write")
def begin_plan(
    actor: Actor,
    *,
    code: str,
    label_fr: str,
    label_en: str = "",
    start: datetime.date,
    end: datetime.date,
    is_fictitious: bool = False,
) -> Plan:
    """Begin the draft of a new plan; a fictitious one says so on every page."""
    if not code.strip() or not label_fr.strip():
        raise DomainError("plan.no_name", _("Give the plan a code and a name."), "code")
    if end < start:
        raise DomainError("plan.dates", _("The end precedes the beginning."), "end")
    if end.year - start.year >= MAX_YEARS:
        raise DomainError("plan.dates", _("A plan lasts fifteen years at most."), "end")
    if Plan.objects.filter(code=code.strip()).exists():
        raise DomainError("plan.exists", _("A plan has this code already."), "code")
    return Plan.objects.create(
        code=code.strip(),
        label_fr=label_fr.strip(),
        label_en=label_en.strip(),
        start=start,
        end=end,
        is_fictitious=is_fictitious,
    )


@action("plan.write")
def begin_version(actor: Actor, plan: Plan) -> Plan:
    """Copy a published plan into a draft, in which it may be changed."""
    if plan.status != PlanStatus.PUBLISHED:
        raise DomainError("plan.not_published", _("Only a published plan has a next version."))
    if Plan.objects.filter(code=plan.code, status=PlanStatus.DRAFT).exists():
        raise DomainError("plan.draft_exists", _("This plan has a draft already."))
    draft = Plan.objects.create(
        code=plan.code,
        number=Plan.objects.filter(code=plan.code).latest("number").number + 1,
        label_fr=plan.label_fr,
        label_en=plan.label_en,
        start=plan.start,
        end=plan.end,
        is_fictitious=plan.is_fictitious,
    )
    write_framework(draft, framework_of(plan))
    _carry_over(plan, draft)
    return draft


def _carry_over(old: Plan, new: Plan) -> None:
    """Give the new version the lineages and states of the activities and indicators it keeps."""
    before = {a.code: a for a in Activity.unscoped.filter(plan=old)}
    activities = [a for a in Activity.unscoped.filter(plan=new) if a.code in before]
    for one in activities:
        was = before[one.code]
        one.lineage, one.state = was.lineage, was.state
        one.blocked_reason, one.must_act_id = was.blocked_reason, was.must_act_id
    columns = ["lineage", "state", "blocked_reason", "must_act"]
    Activity.unscoped.bulk_update(activities, columns, batch_size=200)
    lineages = {i.code: i.lineage for i in Indicator.unscoped.filter(plan=old)}
    indicators = [i for i in Indicator.unscoped.filter(plan=new) if i.code in lineages]
    for indicator in indicators:
        indicator.lineage = lineages[indicator.code]
    Indicator.unscoped.bulk_update(indicators, ["lineage"], batch_size=200)


@action("plan.write")
def save_framework(actor: Actor, plan: Plan, told: Framework) -> Plan:
    """Replace the framework of a draft, whole or not at all."""
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if locked.status != PlanStatus.DRAFT:
        text = _("A published plan does not change: begin its next version.")
        raise DomainError("plan.published", text)
    faults = Checker(locked, told).check()
    if faults:
        raise DomainError("plan.faults", faults[0].message)
    write_framework(locked, told)
    return locked


@action("plan.write")
def publish_plan(actor: Actor, plan: Plan) -> Plan:
    """Publish a draft; the version before it stays readable, and its progress goes on here."""
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if locked.status != PlanStatus.DRAFT:
        raise DomainError("plan.published", _("This plan is published already."))
    if Process.objects.filter(plan=locked).exclude(stage__in=ENDED).exists():
        text = _("The text of this plan is validated by its participants first.")
        raise DomainError("plan.not_validated", text)
    if not locked.elements.exists():
        raise DomainError("plan.empty", _("An empty plan is not published."))
    old = Plan.objects.filter(code=locked.code, status=PlanStatus.PUBLISHED).first()
    if old is not None:
        # What was accepted while the draft was being written counts.
        states = {a.lineage: a for a in Activity.unscoped.filter(plan=old)}
        rows = [a for a in Activity.unscoped.filter(plan=locked) if a.lineage in states]
        for one in rows:
            was = states[one.lineage]
            one.state, one.must_act_id = was.state, was.must_act_id
            one.blocked_reason = was.blocked_reason
        Activity.unscoped.bulk_update(rows, ["state", "blocked_reason", "must_act"], 200)
        new_ones = {a.lineage: a.pk for a in rows}
        for report in ActivityReport.unscoped.filter(activity__plan=old, review=Review.WAITING):
            if report.lineage in new_ones:
                report.activity_id = new_ones[report.lineage]
                report.save(update_fields=["activity"])
        old.status = PlanStatus.SUPERSEDED
        old.save(update_fields=["status"])
    locked.status, locked.published_at = PlanStatus.PUBLISHED, timezone.now()
    locked.save(update_fields=["status", "published_at"])
    return locked


@action("plan.write")
def discard_plan(actor: Actor, plan: Plan) -> None:
    """Throw a draft away."""
    if plan.status != PlanStatus.DRAFT:
        raise DomainError("plan.published", _("A published plan is not thrown away."))
    if Process.objects.filter(plan=plan).exists():
        text = _("Participants work on this plan: it is not thrown away.")
        raise DomainError("plan.has_process", text)
    Plan.objects.filter(pk=plan.pk).delete()


@action("plan.write")
def set_money(
    actor: Actor,
    activity: Activity,
    *,
    year: int,
    source: str,
    needed: int | None,
    allocated: int | None,
    disbursed: int | None,
) -> Money:
    """Say what one source gives in one year; the need is that of the plan once published."""
    require(actor, "plan.read", activity)
    if year not in activity.plan.years:
        text = _("This year is outside the plan (%(plan)s).") % {"plan": activity.plan.code}
        raise DomainError("money.year", text, "year")
    line = Money.objects.filter(activity=activity, year=year, source=source).first()
    line = line or Money(activity=activity, year=year, source=source)
    if activity.plan.status != PlanStatus.DRAFT and needed != line.needed:
        text = _("The need is part of the published plan: it changes with its next version.")
        raise DomainError("money.need", text, "needed")
    line.needed, line.allocated, line.disbursed = needed, allocated, disbursed
    line.save()
    return line


# --- Progress -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class News:
    """What a lead body says of its activity."""

    to_state: str
    text: str
    evidence: str = ""
    blocked_reason: str = ""
    must_act: Organisation | None = None


@action("activity.report")
def report_activity(actor: Actor, activity: Activity, news: News) -> ActivityReport:
    """Say where an activity of one's body stands. The secretariat reads it before it counts."""
    locked = Activity.unscoped.select_for_update().select_related("plan").get(pk=activity.pk)
    _check_news(locked, news)
    waiting = ActivityReport.unscoped.filter(lineage=locked.lineage, review=Review.WAITING)
    waiting.update(review=Review.REPLACED, reviewed_at=timezone.now())
    blocked = news.to_state == State.BLOCKED
    return ActivityReport.unscoped.create(
        activity=locked,
        lineage=locked.lineage,
        post=_post_of(actor),
        from_state=locked.state,
        to_state=news.to_state,
        text=news.text.strip(),
        evidence=news.evidence.strip(),
        blocked_reason=news.blocked_reason.strip() if blocked else "",
        must_act=news.must_act if blocked else None,
    )


def _check_news(activity: Activity, news: News) -> None:
    """What must be said for each state."""
    if activity.plan.status != PlanStatus.PUBLISHED:
        text = _("Progress is told of the published plan.")
        raise DomainError("activity.not_published", text)
    if news.to_state not in TRANSITIONS[State(activity.state)]:
        text = _("An activity that is «%(old)s» cannot become «%(new)s».")
        known = news.to_state in State.values
        new = State(news.to_state).label if known else news.to_state[:20]
        said = text % {"old": activity.get_state_display(), "new": new}
        raise DomainError("activity.transition", said, "to_state")
    if not news.text.strip():
        raise DomainError("activity.no_text", _("Say what was done."), "text")
    for name in ("text", "evidence", "blocked_reason"):
        if len(getattr(news, name)) > MAX_TEXT:
            raise DomainError("activity.too_long", _("This text is too long."), name)
    if news.to_state == State.DONE and not news.evidence.strip():
        text = _("Say what proves that it is done: report, list, decision, address.")
        raise DomainError("activity.no_evidence", text, "evidence")
    if news.to_state == State.BLOCKED and not news.blocked_reason.strip():
        raise DomainError("activity.no_reason", _("Say what blocks it."), "blocked_reason")
    if news.to_state == State.BLOCKED and news.must_act is None:
        raise DomainError("activity.nobody", _("Say who must act."), "must_act")


@action("activity.review")
def review_report(
    actor: Actor, report: ActivityReport, *, accept: bool, note: str = ""
) -> ActivityReport:
    """Accept a report: the activity takes its state. Or refuse it, and say why."""
    locked = ActivityReport.unscoped.select_for_update().get(pk=report.pk)
    if locked.review != Review.WAITING:
        raise DomainError("report.reviewed", _("This report was reviewed already."))
    if not accept and not note.strip():
        raise DomainError("report.no_reason", _("Say why it is refused."), "note")
    if locked.post_id == actor.post_id:
        raise DomainError("report.own", _("A report is reviewed by another post."))
    locked.review = Review.ACCEPTED if accept else Review.REFUSED
    locked.review_note = note.strip()
    locked.reviewed_at, locked.reviewed_by = timezone.now(), _post_of(actor)
    locked.save()
    if accept:
        Activity.unscoped.filter(pk=locked.activity_id).update(
            state=locked.to_state,
            blocked_reason=locked.blocked_reason,
            must_act=locked.must_act_id,
        )
    return locked


@action("activity.report")
def tell_value(
    actor: Actor, indicator: Indicator, *, year: int, value: int, evidence: str
) -> Indicator:
    """Enter the value of one year of a manual indicator, with its evidence. The last counts."""
    if indicator.is_computed:
        text = _("This indicator is computed from the records: nobody types it in.")
        raise DomainError("indicator.computed", text)
    if indicator.plan.status != PlanStatus.PUBLISHED:
        text = _("Progress is told of the published plan.")
        raise DomainError("indicator.not_published", text)
    if year not in indicator.plan.years or year > timezone.localdate().year:
        raise DomainError("indicator.year", _("Choose a year of the plan that has begun."), "year")
    if abs(value) > MAX_VALUE:
        raise DomainError("indicator.value", _("This number is not possible."), "value")
    if not evidence.strip():
        raise DomainError("indicator.no_evidence", _("Say what this number rests on."), "evidence")
    ManualValue.objects.create(
        lineage=indicator.lineage,
        year=year,
        value=value,
        evidence=evidence.strip(),
        post=_post_of(actor),
    )
    return indicator
