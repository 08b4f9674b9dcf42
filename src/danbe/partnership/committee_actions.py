"""What the secretariat does with bodies, meetings and decisions, and what owners answer."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from danbe.core.access import Actor, Reach, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import Term
from danbe.partnership.committee_files import path_of, seal_file, unseal_file
from danbe.partnership.committee_models import (
    MEETING_STEPS,
    AgendaItem,
    Attendance,
    BodyKind,
    CommitteeBody,
    CommitteeFile,
    Decision,
    DecisionStatus,
    Evidence,
    FileKind,
    Meeting,
    MeetingStatus,
    Membership,
    Presence,
)
from danbe.partnership.committee_queries import members_on, seat_holders

MAX_FILES = 20  # a meeting, its evidence apart
MEETING_WRITTEN = "body kind subject date starts_at place letter source".split()
DECISION_WRITTEN = "text organisation post deadline".split()
CHANGED = _("Somebody changed this in the meantime: open it again, then record.")


# --- Bodies and members -------------------------------------------------------------------------


@action("committee.write")
def save_body(actor: Actor, body: CommitteeBody) -> CommitteeBody:
    """Create or change a body and the rules that it set for itself."""
    if body.quorum_rule and not body.quorum_source.strip():
        text = _("Name the text or the decision that sets this quorum.")
        raise DomainError("body.quorum_source", text, "quorum_source")
    if body.quorum_rule in ("", "majority"):
        body.quorum_value = None
    elif not 1 <= (body.quorum_value or 0) <= (100 if body.quorum_rule == "share" else 500):
        raise DomainError("body.quorum_value", _("Give the number of this rule."), "quorum_value")
    if body.since and body.until and body.until < body.since:
        raise DomainError("body.dates", _("The end is before the beginning."), "until")
    _check_fields(body)
    body.save()
    return body


@action("committee.write")
def save_membership(actor: Actor, seat: Membership) -> Membership:
    """Give a seat, change its term or its part in the bureau, or end it."""
    if seat.since and seat.until and seat.until < seat.since:
        raise DomainError("member.dates", _("The end is before the beginning."), "until")
    if seat.body.kind == BodyKind.BUREAU:
        text = _("The bureau is made of members of the Committee: give them a part in it there.")
        raise DomainError("member.body", text, "body")
    twins = Membership.objects.filter(
        body=seat.body, organisation=seat.organisation, seat=seat.seat
    ).exclude(pk=seat.pk)
    if any(_overlap(seat, other) for other in twins):
        text = _("This organisation already holds this seat at that time.")
        raise DomainError("member.twice", text, "organisation")
    _check_fields(seat)
    seat.save()
    return seat


def _overlap(one: Membership, other: Membership) -> bool:
    """Whether two terms share a day; an unknown date reaches as far as it can."""
    first, last = datetime.date.min, datetime.date.max
    begins = max(one.since or first, other.since or first)
    return begins <= min(one.until or last, other.until or last)


def _check_fields(row: models.Model) -> None:
    """Run the validators; the first error becomes a :class:`DomainError` at its field."""
    unset = {f.name for f in row._meta.fields if f.null and getattr(row, f.attname) is None}
    foreign = {f.name for f in row._meta.fields if f.is_relation}
    try:
        row.clean_fields(exclude=unset | foreign)
    except ValidationError as error:
        field, told = next(iter(error.message_dict.items()))
        raise DomainError(f"{row._meta.model_name}.{field}", told[0], field) from error


# --- Planning and convening ---------------------------------------------------------------------


@action("meeting.write")
def plan_meeting(actor: Actor, body: CommitteeBody, meeting: Meeting) -> Meeting:
    """Put a meeting in the calendar, with the open decisions of the body on its agenda."""
    meeting.body, meeting.status = body, MeetingStatus.PLANNED
    _check_meeting(meeting)
    meeting.number = _next_number(Meeting, visible(actor, Meeting, "meeting.write"), meeting.date)
    meeting.save(force_insert=True)
    _carry(actor, [meeting])
    return meeting


@action("meeting.write")
def change_meeting(actor: Actor, meeting: Meeting, *, version: int | None = None) -> Meeting:
    """Keep what is said of a meeting to come.

    Another day, hour or place of a convened meeting must be convened again: who was called
    would come at the wrong one.
    """
    kept = _locked(actor, meeting, "meeting.write")
    if version is not None and version != kept.version:
        raise DomainError("meeting.changed", CHANGED)
    if not kept.is_open:
        raise DomainError(
            "meeting.closed", _("This meeting is over: it can no longer be changed.")
        )
    _check_meeting(meeting)
    said = ("date", "starts_at", "place", "body_id")
    moved = any(getattr(meeting, name) != getattr(kept, name) for name in said)
    meeting.status = MeetingStatus.PLANNED if moved else kept.status
    meeting.version = kept.version + 1
    meeting.save(update_fields=[*MEETING_WRITTEN, "status", "version"])
    _carry(actor, [meeting])
    return meeting


def _check_meeting(meeting: Meeting) -> None:
    if not Term.objects.filter(list="meeting_kind", code=meeting.kind).exists():
        raise DomainError("meeting.kind", _("Choose a kind of meeting."), "kind")
    body = meeting.body
    if (body.since and meeting.date < body.since) or (body.until and meeting.date > body.until):
        raise DomainError("meeting.date", _("This body did not exist on that day."), "date")
    _check_fields_but(meeting, {"number"})


def _check_fields_but(row: Meeting | Decision, later: set[str]) -> None:
    """As :func:`_check_fields`, but for what is filled in afterwards."""
    kept = {name: getattr(row, name) for name in later}
    for name in later:
        setattr(row, name, kept[name] or "-")
    try:
        _check_fields(row)
    finally:
        for name, value in kept.items():
            setattr(row, name, value)


def _next_number(
    model: type[Meeting] | type[Decision],
    rows: "models.QuerySet[Meeting] | models.QuerySet[Decision]",
    day: datetime.date,
) -> str:
    """``R-2026-03`` for a meeting, ``D-2026-012`` for a decision; one counter a year."""
    letter, width = ("R", 2) if model is Meeting else ("D", 3)
    # Whoever numbers at the same time waits here, and takes the next one.
    list(CommitteeBody.objects.select_for_update().order_by("pk").values_list("pk"))
    prefix = f"{letter}-{day.year}-"
    told = rows.filter(number__startswith=prefix).values_list("number", flat=True)
    used = [int(n) for number in told if (n := number.removeprefix(prefix)).isdecimal()]
    return f"{prefix}{max(used, default=0) + 1:0{width}d}"


@action("meeting.write")
def add_item(actor: Actor, meeting: Meeting, *, title: str, detail: str = "") -> Meeting:
    """Put a point at the end of the agenda."""
    kept = _open_meeting(actor, meeting)
    if not title.strip():
        raise DomainError("item.title", _("Say what the point is about."), "title")
    last = kept.agenda.aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem(
        meeting=kept, order=last + 1, title=title.strip()[:300], detail=detail.strip()
    )
    item.save(force_insert=True)
    return kept


@action("meeting.write")
def move_item(actor: Actor, meeting: Meeting, *, item: int, up: bool) -> None:
    """Move a point of the agenda before or after its neighbour."""
    kept = _open_meeting(actor, meeting)
    rows = list(kept.agenda.filter(decision=None))
    at = next((n for n, row in enumerate(rows) if row.pk == item), None)
    to = None if at is None else at + (-1 if up else 1)
    if at is None or to is None or not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for order, row in enumerate(rows, start=1):
        row.order = order
    AgendaItem.objects.bulk_update(rows, ["order"])


@action("meeting.write")
def remove_item(actor: Actor, meeting: Meeting, *, item: int) -> None:
    """Take a point off the agenda; a decision carried over stays while it is open."""
    _open_meeting(actor, meeting).agenda.filter(pk=item, decision=None).delete()


def _open_meeting(actor: Actor, meeting: Meeting) -> Meeting:
    kept = _locked(actor, meeting, "meeting.write")
    if not kept.is_open:
        raise DomainError(
            "meeting.closed", _("This meeting is over: it can no longer be changed.")
        )
    return kept


@action("meeting.convene")
def convene_meeting(actor: Actor, meeting: Meeting) -> Meeting:
    """Call the members. The focal points of each hear of it in their inbox."""
    kept = _step(actor, meeting, "meeting.convene", MeetingStatus.CONVENED)
    if kept.date < timezone.localdate():
        raise DomainError("meeting.past", _("This date is past: nobody can be called to it."))
    if not kept.place.strip() or kept.starts_at is None:
        raise DomainError("meeting.place", _("Give the hour and the place first."))
    if not kept.agenda.exists():
        raise DomainError("meeting.agenda", _("Put at least one point on the agenda first."))
    if not members_on(kept.body, kept.date):
        raise DomainError(
            "meeting.members", _("No member is recorded on that day: add them first.")
        )
    kept.convened_at, kept.convened_by_id = timezone.now(), actor.post_id
    kept.save(update_fields=["status", "convened_at", "convened_by"])
    return kept


@action("meeting.cancel")
def cancel_meeting(actor: Actor, meeting: Meeting, *, reason: str) -> Meeting:
    """Say that it will not take place, and why. It stays in the list."""
    kept = _step(actor, meeting, "meeting.cancel", MeetingStatus.CANCELLED)
    if not reason.strip():
        raise DomainError("meeting.reason", _("Say why."), "reason")
    kept.cancel_reason = reason.strip()
    kept.save(update_fields=["status", "cancel_reason"])
    return kept


def _step(actor: Actor, meeting: Meeting, verb: str, to: MeetingStatus) -> Meeting:
    """The locked row with its next status, not saved yet. Raises :class:`DomainError`."""
    kept = _locked(actor, meeting, verb)
    if to not in MEETING_STEPS[MeetingStatus(kept.status)]:
        text = _("This cannot be done: the meeting is «%(status)s».")
        told = {"status": MeetingStatus(kept.status).label}
        raise DomainError("meeting.step", text % told)
    kept.status = to
    return kept


def _locked(actor: Actor, meeting: Meeting, verb: str) -> Meeting:
    """The row as the database has it, until the end of the act."""
    rows = visible(actor, Meeting, verb).select_related("body")
    return rows.select_for_update(of=("self",)).get(pk=meeting.pk)


# --- Open decisions go from agenda to agenda ----------------------------------------------------


def _carry(actor: Actor, meetings: Iterable[Meeting]) -> None:
    """Put the open decisions of the body on each agenda to come, and take the others off."""
    for meeting in meetings:
        if not meeting.is_open:
            continue
        rows = visible(actor, Decision, "committee.read")
        wanted = set(
            rows.filter(
                meeting__body_id=meeting.body_id,
                meeting__date__lte=meeting.date,
                status=DecisionStatus.OPEN,
            ).values_list("pk", flat=True)
        )
        carried = meeting.agenda.exclude(decision=None)
        carried.exclude(decision__in=wanted).delete()
        known = set(carried.values_list("decision_id", flat=True))
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, order=1000, decision_id=pk) for pk in wanted - known
        )


def carry_all(actor: Actor, body_id: uuid.UUID) -> None:
    """The same for every meeting to come of a body."""
    open_ = (MeetingStatus.PLANNED, MeetingStatus.CONVENED)
    rows = visible(actor, Meeting, "committee.read")
    _carry(actor, rows.filter(body_id=body_id, status__in=open_))


# --- Held: who was there, what was said ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """What is recorded of one seat."""

    presence: str
    proxy: object = None  # the key of the membership that holds the proxy
    sat_by: str = ""


@action("meeting.hold")
def hold_meeting(actor: Actor, meeting: Meeting, *, seen: Mapping[str, Seen]) -> Meeting:
    """Say that it was held and who was there; may be corrected until minutes are published.

    ``seen``: key of a membership -> presence. A seat left out stays unknown, not absent.
    """
    kept = _step(actor, meeting, "meeting.hold", MeetingStatus.HELD)
    if kept.date > timezone.localdate():
        raise DomainError("meeting.future", _("This meeting has not taken place yet."))
    if kept.published_at:
        raise DomainError(
            "meeting.published", _("The minutes are published: take them back first.")
        )
    seats = {str(seat.pk): seat for seat in seat_holders(kept)}
    rows = [_attendance(kept, key, told, seats, seen) for key, told in seen.items()]
    kept.attendance.all().delete()
    Attendance.objects.bulk_create(rows)
    kept.attended_at = timezone.now() if rows else None
    kept.save(update_fields=["status", "attended_at"])
    return kept


def _attendance(
    meeting: Meeting,
    key: str,
    told: Seen,
    seats: Mapping[str, Membership],
    seen: Mapping[str, Seen],
) -> Attendance:
    """One checked row. Raises :class:`DomainError` at the field of its seat."""
    field = f"presence_{key}"
    if key not in seats or told.presence not in Presence.values:
        raise DomainError("attendance.seat", _("Choose how this member attended."), field)
    proxy = None
    if told.presence == Presence.PROXY:
        proxy = seats.get(str(told.proxy))
        holder = seen.get(str(told.proxy))
        if proxy is None or holder is None or holder.presence != Presence.PRESENT:
            text = _("A proxy is given to a member who is present: choose which one.")
            raise DomainError("attendance.proxy", text, f"proxy_{key}")
    return Attendance(
        meeting=meeting,
        membership=seats[key],
        presence=told.presence,
        proxy=proxy,
        sat_by=told.sat_by.strip()[:160],
    )


@action("meeting.minute")
def write_minutes(
    actor: Actor, meeting: Meeting, *, text: str, version: int | None = None
) -> Meeting:
    """Keep the minutes of a meeting that was held."""
    kept = _locked(actor, meeting, "meeting.minute")
    if kept.status != MeetingStatus.HELD:
        raise DomainError("minutes.held", _("Record first who was there."), "minutes")
    if kept.published_at:
        raise DomainError(
            "meeting.published", _("The minutes are published: take them back first.")
        )
    if version is not None and version != kept.version:
        raise DomainError("meeting.changed", CHANGED)
    kept.minutes = text.strip()
    kept.minutes_at = timezone.now() if kept.minutes else None
    kept.version += 1
    kept.save(update_fields=["minutes", "minutes_at", "version"])
    return kept


@action("meeting.publish")
def publish_minutes(actor: Actor, meeting: Meeting) -> Meeting:
    """Let partners and other bodies read the minutes and the decisions."""
    kept = _locked(actor, meeting, "meeting.publish")
    if kept.minutes_at is None:
        raise DomainError("minutes.empty", _("Write the minutes first."))
    kept.published_at = kept.published_at or timezone.now()
    kept.save(update_fields=["published_at"])
    return kept


@action("meeting.publish")
def take_back_minutes(actor: Actor, meeting: Meeting) -> Meeting:
    """Close published minutes again, to correct them."""
    kept = _locked(actor, meeting, "meeting.publish")
    kept.published_at = None
    kept.save(update_fields=["published_at"])
    return kept


# --- Files --------------------------------------------------------------------------------------


@action("meeting.write")
def join_file(
    actor: Actor, meeting: Meeting, *, kind: str, label: str, name: str, data: bytes
) -> CommitteeFile:
    """Join a document or the signed minutes to a meeting, sealed on disk."""
    kept = _locked(actor, meeting, "meeting.write")
    if kind not in (FileKind.DOCUMENT, FileKind.MINUTES):
        raise DomainError("file.kind", _("Choose what this file is."), "kind")
    if not label.strip():
        raise DomainError("file.label", _("Say what this file holds."), "label")
    if kept.files.filter(evidence=None).exclude(key=None).count() >= MAX_FILES:
        text = _("A meeting holds %(n)d files at most.") % {"n": MAX_FILES}
        raise DomainError("file.number", text, "file")
    file = CommitteeFile(meeting=kept, kind=kind, label=label.strip()[:200])
    return seal_file(file, name=name, data=data)


@action("committee.open_file")
def open_file(actor: Actor, file: CommitteeFile) -> tuple[str, bytes]:
    """The name and the content of a file. Raises :class:`SealBroken` once destroyed."""
    return unseal_file(file)


@action("meeting.write")
def destroy_file(actor: Actor, file: CommitteeFile) -> None:
    """Destroy the key of a file, then the file: it is unreadable in backups too."""
    path = path_of(file)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    file.key = None
    file.save(update_fields=["key"])


# --- Decisions ----------------------------------------------------------------------------------


@action("decision.write")
def take_decision(actor: Actor, meeting: Meeting, decision: Decision) -> Decision:
    """Record a decision of a meeting that was held; it goes to the next agendas while open."""
    kept = _locked(actor, meeting, "decision.write")
    if kept.status != MeetingStatus.HELD:
        raise DomainError("decision.held", _("A decision is taken at a meeting that was held."))
    decision.meeting, decision.status = kept, DecisionStatus.OPEN
    decision.outcome, decision.settled_on = "", None
    _check_decision(decision)
    rows = visible(actor, Decision, "decision.write")
    decision.number = _next_number(Decision, rows, kept.date)
    decision.save(force_insert=True)
    carry_all(actor, kept.body_id)
    return decision


@action("decision.write")
def change_decision(actor: Actor, decision: Decision, *, version: int | None = None) -> Decision:
    """Correct the words, the owner or the deadline of an open decision."""
    kept = _locked_decision(actor, decision, "decision.write")
    if version is not None and version != kept.version:
        raise DomainError("decision.changed", CHANGED)
    if kept.status != DecisionStatus.OPEN:
        raise DomainError("decision.settled", _("This decision is settled: reopen it first."))
    decision.meeting_id, decision.number = kept.meeting_id, kept.number
    _check_decision(decision)
    decision.version = kept.version + 1
    decision.save(update_fields=[*DECISION_WRITTEN, "version"])
    return decision


def _check_decision(decision: Decision) -> None:
    if not decision.text.strip():
        raise DomainError("decision.text", _("Write what was decided."), "text")
    if decision.deadline and decision.deadline < decision.meeting.date:
        text = _("The deadline is before the meeting.")
        raise DomainError("decision.deadline", text, "deadline")
    post = decision.post
    if post is not None and post.organisation_id != decision.organisation_id:
        raise DomainError("decision.post", _("This post is of another organisation."), "post")
    _check_fields_but(decision, {"number"})


@action("decision.answer")
def answer_decision(
    actor: Actor, decision: Decision, *, text: str, name: str = "", data: bytes = b""
) -> Evidence:
    """Say what was done, with a file if there is one. The owner only, or the secretariat."""
    national = actor.reach("decision.answer") is Reach.NATION
    if not national and decision.organisation_id != actor.organisation_id:
        raise NotAllowed("decision.answer")
    kept = _locked_decision(actor, decision, "decision.answer")
    if kept.status != DecisionStatus.OPEN:
        raise DomainError("decision.settled", _("This decision is settled: reopen it first."))
    if not text.strip():
        raise DomainError("evidence.text", _("Say what was done."), "text")
    evidence = Evidence(
        decision=kept,
        text=text.strip(),
        organisation_id=actor.organisation_id,
        post_id=actor.post_id,
    )
    evidence.save(force_insert=True)
    if name or data:
        file = CommitteeFile(
            meeting_id=kept.meeting_id,
            evidence=evidence,
            kind=FileKind.EVIDENCE,
            label=f"{kept.number}",
        )
        seal_file(file, name=name, data=data)
    return evidence


@action("decision.settle")
def settle_decision(
    actor: Actor,
    decision: Decision,
    *,
    status: str,
    outcome: str,
    on: datetime.date | None = None,
) -> Decision:
    """Say that it was carried out, or given up and why. It leaves the agendas to come."""
    kept = _locked_decision(actor, decision, "decision.settle")
    if kept.status != DecisionStatus.OPEN:
        raise DomainError("decision.settled", _("This decision is settled: reopen it first."))
    if status not in (DecisionStatus.DONE, DecisionStatus.GIVEN_UP):
        raise DomainError("decision.status", _("Choose what became of it."), "status")
    if not outcome.strip():
        raise DomainError("decision.outcome", _("Say what was done, or why not."), "outcome")
    on = on or timezone.localdate()
    if not kept.meeting.date <= on <= timezone.localdate():
        text = _("Between the day of the meeting and today.")
        raise DomainError("decision.settled_on", text, "on")
    if status == DecisionStatus.DONE and not kept.evidence.exists():
        text = _("A decision is carried out once there is evidence of it: add it first.")
        raise DomainError("decision.evidence", text, "status")
    kept.status, kept.outcome = status, outcome.strip()
    kept.settled_on, kept.settled_by_id = on, actor.post_id
    kept.version += 1
    kept.save(update_fields=["status", "outcome", "settled_on", "settled_by", "version"])
    carry_all(actor, kept.meeting.body_id)
    return kept


@action("decision.settle")
def reopen_decision(actor: Actor, decision: Decision) -> Decision:
    """Open a settled decision again; what was answered stays."""
    kept = _locked_decision(actor, decision, "decision.settle")
    kept.status, kept.settled_on, kept.settled_by = DecisionStatus.OPEN, None, None
    kept.version += 1
    kept.save(update_fields=["status", "settled_on", "settled_by", "version"])
    carry_all(actor, kept.meeting.body_id)
    return kept


def _locked_decision(actor: Actor, decision: Decision, verb: str) -> Decision:
    rows = visible(actor, Decision, verb).select_related("meeting")
    return rows.select_for_update(of=("self",)).get(pk=decision.pk)
