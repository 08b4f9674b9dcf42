"""What becomes of a decision: taken, reported on by its owner, confirmed, put off, dropped.

The body that must act reports, with evidence; the secretariat confirms. Late is never recorded:
it is an open decision after its deadline.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.partnership.models import (
    DECISION_TRANSITIONS,
    AgendaItem,
    Decision,
    DecisionNote,
    DecisionStatus,
    Meeting,
    MeetingStatus,
    MinutesStatus,
    NoteKind,
    NoteReview,
)

MAX_TEXT = 5_000
FARTHEST = datetime.timedelta(days=10 * 366)


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What was decided: what, by which body, by when."""

    text: str
    owner: Organisation
    deadline: datetime.date
    is_public: bool = False


@action("decision.write")
def add_decision(actor: Actor, meeting: Meeting, told: Undertaking) -> Decision:
    """Write down a decision of a meeting that was held. Its owner hears of it."""
    rows = visible(actor, Meeting, "decision.write").select_for_update()
    kept = rows.get(pk=meeting.pk)
    if kept.status != MeetingStatus.HELD:
        text = _("Say first who came: a decision is that of a meeting that was held.")
        raise DomainError("decision.not_held", text)
    _check_minutes(kept)
    _check_told(kept, told)
    last = kept.decisions.aggregate(last=Max("number"))["last"] or 0
    decision = Decision(
        meeting=kept,
        number=last + 1,
        text=told.text.strip(),
        owner=told.owner,
        deadline=told.deadline,
        is_public=told.is_public,
    )
    decision.save(force_insert=True)
    _propose(decision)
    return decision


@action("decision.write")
def change_decision(actor: Actor, decision: Decision, told: Undertaking) -> Decision:
    """Correct a decision while the minutes are not adopted; what is public may change later."""
    kept = _locked(actor, decision, "decision.write")
    same = (told.text.strip(), told.owner.pk, told.deadline) == (
        kept.text,
        kept.owner_id,
        kept.deadline,
    )
    if not same:
        _check_minutes(kept.meeting)
        _check_told(kept.meeting, told)
    kept.text, kept.owner, kept.deadline = told.text.strip(), told.owner, told.deadline
    kept.is_public = told.is_public
    kept.save(update_fields=["text", "owner", "deadline", "is_public"])
    return kept


def _propose(decision: Decision) -> None:
    """Carry an open decision to the next meeting of its assembly that is planned."""
    coming = Meeting.unscoped.filter(
        assembly=decision.meeting.assembly_id,
        status__in=(MeetingStatus.PLANNED, MeetingStatus.CONVOKED),
        day__gte=decision.meeting.day,
    )
    following = coming.order_by("day").first()
    if following is None or following.items.filter(decision=decision).exists():
        return
    last = following.items.aggregate(last=Max("order"))["last"] or 0
    AgendaItem.unscoped.create(
        meeting=following, order=last + 1, decision=decision, is_proposed=True
    )


def _check_minutes(meeting: Meeting) -> None:
    if meeting.minutes_status == MinutesStatus.ADOPTED:
        text = _("The minutes of this meeting are adopted: they do not change.")
        raise DomainError("minutes.adopted", text)


def _check_told(meeting: Meeting, told: Undertaking) -> None:
    if not told.text.strip():
        raise DomainError("decision.text", _("Write what was decided."), "text")
    _check_length(told.text, "text")
    _check_deadline(meeting, told.deadline)


def _check_deadline(meeting: Meeting, day: datetime.date) -> None:
    if not meeting.day <= day <= meeting.day + FARTHEST:
        text = _("The deadline is after the meeting, and within ten years.")
        raise DomainError("decision.deadline", text, "deadline")


def _check_length(text: str, field: str) -> None:
    if len(text) > MAX_TEXT:
        raise DomainError("decision.too_long", _("This text is too long."), field)


# --- What the owner says, what the secretariat answers ----------------------------------------


@action("decision.report")
def report_decision(
    actor: Actor, decision: Decision, *, text: str, evidence: str = "", is_done: bool = False
) -> DecisionNote:
    """Say where a decision stands. «Done» counts once the secretariat has confirmed it."""
    kept = _locked(actor, decision, "decision.report")
    if kept.status != DecisionStatus.OPEN:
        raise DomainError("decision.closed", _("This decision is closed already."))
    if not text.strip():
        raise DomainError("decision.no_text", _("Say what was done."), "text")
    _check_length(text, "text")
    _check_length(evidence, "evidence")
    if is_done and not evidence.strip():
        said = _("Say what proves that it is done: report, list, decision, address.")
        raise DomainError("decision.no_evidence", said, "evidence")
    if is_done:  # a second claim replaces the first
        kept.notes.filter(review=NoteReview.WAITING).update(
            review=NoteReview.REFUSED, reviewed_at=timezone.now(), answer=_("Replaced.")
        )
    note = DecisionNote(
        decision=kept,
        kind=NoteKind.CLAIM if is_done else NoteKind.REPORT,
        post_id=actor.seat.post_id,
        text=text.strip(),
        evidence=evidence.strip(),
        review=NoteReview.WAITING if is_done else NoteReview.NOT_ASKED,
    )
    note.save(force_insert=True)
    return note


@action("decision.confirm")
def review_note(
    actor: Actor, note: DecisionNote, *, accept: bool, answer: str = ""
) -> DecisionNote:
    """Confirm that a decision is done, on the evidence given; or refuse, and say why."""
    rows = visible(actor, DecisionNote, "decision.confirm").select_for_update(of=("self",))
    kept = rows.select_related("decision").get(pk=note.pk)
    if kept.review != NoteReview.WAITING:
        raise DomainError("decision.reviewed", _("This was answered already."))
    if not accept and not answer.strip():
        raise DomainError("decision.no_reason", _("Say why it is refused."), "answer")
    _check_length(answer, "answer")
    kept.review = NoteReview.CONFIRMED if accept else NoteReview.REFUSED
    kept.answer, kept.reviewed_at = answer.strip(), timezone.now()
    kept.reviewed_by_id = actor.seat.post_id
    kept.save(update_fields=["review", "answer", "reviewed_at", "reviewed_by"])
    if accept:
        decision = _locked(actor, kept.decision, "decision.confirm")
        _move(decision, DecisionStatus.DONE)
        decision.evidence, decision.closed_on = kept.evidence, timezone.localdate()
        decision.save(update_fields=["status", "evidence", "closed_on"])
        _withdraw(decision)
    return kept


# --- What the secretariat does ----------------------------------------------------------------


@action("decision.write")
def extend_deadline(
    actor: Actor, decision: Decision, *, deadline: datetime.date, reason: str
) -> Decision:
    """Put a deadline off, with the reason; the former one stays in the history."""
    kept = _locked(actor, decision, "decision.write")
    if kept.status != DecisionStatus.OPEN:
        raise DomainError("decision.closed", _("This decision is closed already."))
    _check_deadline(kept.meeting, deadline)
    before = kept.deadline.isoformat() if kept.deadline else "-"
    _say(actor, kept, NoteKind.EXTENDED, reason, f"{before} → {deadline.isoformat()}")
    kept.deadline = deadline
    kept.save(update_fields=["deadline"])
    return kept


@action("decision.write")
def drop_decision(actor: Actor, decision: Decision, *, reason: str) -> Decision:
    """Give a decision up, and say why."""
    kept = _locked(actor, decision, "decision.write")
    _move(kept, DecisionStatus.DROPPED)
    _say(actor, kept, NoteKind.DROPPED, reason)
    kept.drop_reason, kept.closed_on = reason.strip(), timezone.localdate()
    kept.save(update_fields=["status", "drop_reason", "closed_on"])
    _withdraw(kept)
    return kept


@action("decision.write")
def reopen_decision(actor: Actor, decision: Decision, *, reason: str) -> Decision:
    """Open a closed decision again, with the reason; it comes back to the next agenda."""
    kept = _locked(actor, decision, "decision.write")
    _move(kept, DecisionStatus.OPEN)
    if kept.owner_id is None or kept.deadline is None:
        text = _("Without an owner and a deadline, this decision of the archive stays closed.")
        raise DomainError("decision.incomplete", text)
    _say(actor, kept, NoteKind.REOPENED, reason)
    kept.drop_reason, kept.evidence, kept.closed_on = "", "", None
    kept.save(update_fields=["status", "drop_reason", "evidence", "closed_on"])
    _propose(kept)
    return kept


def _say(
    actor: Actor, decision: Decision, kind: NoteKind, reason: str, evidence: str = ""
) -> None:
    if not reason.strip():
        raise DomainError("decision.no_reason", _("Say why."), "reason")
    _check_length(reason, "reason")
    DecisionNote.unscoped.create(
        decision=decision,
        kind=kind,
        post_id=actor.seat.post_id,
        text=reason.strip(),
        evidence=evidence,
    )


def _withdraw(decision: Decision) -> None:
    """What is closed is no longer proposed to a meeting to come."""
    AgendaItem.unscoped.filter(decision=decision, is_proposed=True).update(
        is_proposed=False, is_dropped=True
    )


def _move(decision: Decision, to: DecisionStatus) -> None:
    if to not in DECISION_TRANSITIONS[DecisionStatus(decision.status)]:
        text = _("A decision that is «%(old)s» cannot become «%(new)s».")
        said = text % {"old": decision.get_status_display(), "new": to.label}
        raise DomainError("decision.transition", said)
    decision.status = to


def _locked(actor: Actor, decision: Decision, verb: str) -> Decision:
    """The row as the database has it, until the end of the act."""
    rows = visible(actor, Decision, verb).select_for_update(of=("self",))
    return rows.select_related("meeting").get(pk=decision.pk)
