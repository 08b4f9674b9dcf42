"""What the secretariat does with meetings: plan, convoke, hold, write down, adopt."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.models import Setting, Term
from danbe.partnership import convocation
from danbe.partnership.committee_queries import needed
from danbe.partnership.minutes import document_of, fingerprint
from danbe.partnership.models import (
    MEETING_TRANSITIONS,
    THERE,
    AgendaItem,
    Assembly,
    Decision,
    DecisionStatus,
    Meeting,
    MeetingAttendance,
    MeetingStatus,
    MinutesStatus,
    Presence,
    Seat,
)

FIRST_YEAR = 2000
FARTHEST = datetime.timedelta(days=3 * 366)
MAX_LINE, MAX_TEXT, MAX_MINUTES = 300, 8_000, 100_000
MOST_ITEMS = 60


@dataclass(frozen=True, slots=True)
class Calling:
    """When and where a meeting is to be held."""

    day: datetime.date
    kind: str = ""
    time: datetime.time | None = None
    room: str = ""
    is_public: bool = False


@action("meeting.write")
def plan_meeting(actor: Actor, assembly: Assembly, told: Calling) -> Meeting:
    """Put a meeting in the calendar; what is still open comes onto its agenda by itself."""
    locked = visible(actor, Assembly, "meeting.write").select_for_update().get(pk=assembly.pk)
    if not locked.is_active:
        raise DomainError("meeting.assembly", _("This assembly no longer meets."), "assembly")
    _check_calling(told)
    meeting = Meeting(
        assembly=locked,
        reference=_next_reference(locked, told.day),
        day=told.day,
        kind=told.kind,
        time=told.time,
        room=told.room.strip(),
        is_public=told.is_public,
    )
    meeting.save(force_insert=True)
    _carry(meeting)
    return meeting


def _next_reference(assembly: Assembly, day: datetime.date) -> str:
    """``CNCLCTPA-2026-03``: the first number that is free in the year."""
    stem = f"{assembly.code}-{day.year}-"
    taken = set(
        Meeting.unscoped.filter(reference__startswith=stem).values_list("reference", flat=True)
    )
    number = next(n for n in range(1, 10_000) if f"{stem}{n:02d}" not in taken)
    return f"{stem}{number:02d}"


def _check_calling(told: Calling) -> None:
    known = Term.objects.filter(list="meeting_kind", code=told.kind)
    if told.kind and not known.exists():
        raise DomainError("meeting.kind", _("Choose a kind of meeting of the list."), "kind")
    latest = timezone.localdate() + FARTHEST
    if not datetime.date(FIRST_YEAR, 1, 1) <= told.day <= latest:
        text = _("A meeting is planned for a day between 2000 and three years from now.")
        raise DomainError("meeting.day", text, "day")
    if len(told.room) > 200:
        raise DomainError("meeting.too_long", _("This text is too long."), "room")


@action("meeting.write")
def change_meeting(actor: Actor, meeting: Meeting, told: Calling, *, version: int) -> Meeting:
    """Change when and where; a convoked meeting that is put off must be convoked again."""
    kept = _locked(actor, meeting, "meeting.write")
    _check_version(kept, version)
    if not kept.is_open:
        text = _("This meeting is no longer to come: only its attendance and minutes are written.")
        raise DomainError("meeting.closed", text)
    _check_calling(told)
    moved = (kept.day, kept.time, kept.room) != (told.day, told.time, told.room.strip())
    if moved and kept.status == MeetingStatus.CONVOKED:
        _move(kept, MeetingStatus.PLANNED)
    kept.day, kept.time, kept.room = told.day, told.time, told.room.strip()
    kept.kind, kept.is_public = told.kind, told.is_public
    return _kept(kept, "day", "time", "room", "kind", "is_public", "status")


@action("meeting.write")
def cancel_meeting(actor: Actor, meeting: Meeting, *, reason: str) -> Meeting:
    """Say that a meeting will not be held, and why."""
    kept = _locked(actor, meeting, "meeting.write")
    if not reason.strip():
        raise DomainError("meeting.no_reason", _("Say why."), "reason")
    _check_length(reason, MAX_TEXT, "reason")
    _move(kept, MeetingStatus.CANCELLED)
    kept.cancel_reason = reason.strip()
    return _kept(kept, "status", "cancel_reason")


# --- Agenda -----------------------------------------------------------------------------------


def _carry(meeting: Meeting) -> None:
    """Propose what is still open: decisions of the assembly, minutes not adopted yet."""
    order = _last_order(meeting)
    known = list(meeting.items.values_list("decision_id", "minutes_of_id"))
    decisions = {d for d, _m in known}
    minutes = {m for _d, m in known}
    held = Meeting.unscoped.filter(
        assembly=meeting.assembly_id,
        status=MeetingStatus.HELD,
        minutes_status=MinutesStatus.DRAFT,
        day__lt=meeting.day,
    ).order_by("day")
    still_open = Decision.unscoped.filter(
        meeting__assembly=meeting.assembly_id, status=DecisionStatus.OPEN
    ).order_by("deadline", "meeting__day", "number")
    items = [AgendaItem(minutes_of=one) for one in held if one.pk not in minutes]
    items += [AgendaItem(decision=one) for one in still_open if one.pk not in decisions]
    for item in items[: MOST_ITEMS * 2]:
        order += 1
        item.meeting, item.order, item.is_proposed = meeting, order, True
    AgendaItem.unscoped.bulk_create(items[: MOST_ITEMS * 2])


def _last_order(meeting: Meeting) -> int:
    return meeting.items.aggregate(last=Max("order"))["last"] or 0


@action("meeting.write")
def add_item(
    actor: Actor,
    meeting: Meeting,
    *,
    title: str,
    presenter: Organisation | None = None,
    note: str = "",
) -> AgendaItem:
    """Put a point on the agenda, last."""
    kept = _open_meeting(actor, meeting)
    if not title.strip():
        raise DomainError("item.title", _("Say what the point is about."), "title")
    _check_length(title, MAX_LINE, "title")
    _check_length(note, MAX_TEXT, "note")
    if kept.items.filter(is_dropped=False, is_proposed=False).count() >= MOST_ITEMS:
        text = _("An agenda holds %(n)d points at most.") % {"n": MOST_ITEMS}
        raise DomainError("item.number", text, "title")
    item = AgendaItem(
        meeting=kept,
        order=_last_order(kept) + 1,
        title=title.strip(),
        presenter=presenter,
        note=note.strip(),
    )
    item.save(force_insert=True)
    return item


@action("meeting.write")
def accept_item(actor: Actor, item: AgendaItem) -> AgendaItem:
    """Take a point that Danbe proposed."""
    _open_meeting(actor, item.meeting)
    item.is_proposed = item.is_dropped = False
    item.save(update_fields=["is_proposed", "is_dropped"])
    return item


@action("meeting.write")
def drop_item(actor: Actor, item: AgendaItem) -> AgendaItem:
    """Take a point off the agenda; it is not proposed again for this meeting."""
    _open_meeting(actor, item.meeting)
    item.is_proposed, item.is_dropped = False, True
    item.save(update_fields=["is_proposed", "is_dropped"])
    return item


@action("meeting.write")
def raise_item(actor: Actor, item: AgendaItem) -> AgendaItem:
    """Move a point one place up."""
    kept = _open_meeting(actor, item.meeting)
    shown = list(kept.items.filter(is_dropped=False, is_proposed=False))
    at = next((n for n, one in enumerate(shown) if one.pk == item.pk), 0)
    if at:
        shown[at - 1], shown[at] = shown[at], shown[at - 1]
        for number, one in enumerate(shown, 1):
            one.order = number
        AgendaItem.unscoped.bulk_update(shown, ["order"])
    return item


# --- Convocation ------------------------------------------------------------------------------


@action("meeting.convoke")
def save_template(actor: Actor, *, text: str) -> None:
    """Keep the template of convocations; empty brings back that of Danbe."""
    _check_template(text)
    Setting.objects.update_or_create(key=convocation.KEY, defaults={"value": text.strip()})


@action("meeting.convoke")
def convoke(actor: Actor, meeting: Meeting, *, text: str) -> Meeting:
    """Call the members, in these words. The posts that sit are told (``jobs/table``)."""
    kept = _locked(actor, meeting, "meeting.convoke")
    if not text.strip():
        raise DomainError("convocation.empty", _("Write the convocation."), "text")
    _check_template(text)
    if kept.day < timezone.localdate():
        raise DomainError("convocation.late", _("The day of this meeting has passed."))
    if not kept.items.filter(is_dropped=False, is_proposed=False).exists():
        text_ = _("Nobody is called without an agenda: put at least one point on it.")
        raise DomainError("convocation.no_agenda", text_)
    _move(kept, MeetingStatus.CONVOKED)
    kept.convocation, kept.convoked_at = text.strip(), timezone.now()
    return _kept(kept, "status", "convocation", "convoked_at")


def _check_template(text: str) -> None:
    _check_length(text, MAX_TEXT, "text")
    unknown = convocation.unknown_names(text)
    if unknown:
        said = _("«%(name)s» in braces means nothing here. Known: %(known)s.")
        known = ", ".join(convocation.NAMES)
        told = said % {"name": unknown[0][:40], "known": known}
        raise DomainError("convocation.name", told, "text")


# --- Attendance -------------------------------------------------------------------------------


@action("meeting.write")
def hold_meeting(
    actor: Actor, meeting: Meeting, attendance: Mapping[Organisation, str]
) -> Meeting:
    """Say that a meeting was held and who came; again, to correct it before the minutes stand."""
    kept = _locked(actor, meeting, "meeting.write")
    _check_not_adopted(kept)
    if kept.day > timezone.localdate():
        raise DomainError("meeting.future", _("This meeting is still to come."))
    if not attendance:
        raise DomainError("attendance.empty", _("Say of at least one body how it took part."))
    if kept.status != MeetingStatus.HELD:
        _move(kept, MeetingStatus.HELD)
    seats = {
        s.organisation_id: s
        for s in kept.assembly.seats.filter(Seat.live_on(kept.day))
        if s.counts
    }
    rows = []
    for body, presence in attendance.items():
        if presence not in Presence.values:
            raise DomainError("attendance.unknown", _("Choose how this body took part."))
        rows.append(
            MeetingAttendance(
                meeting=kept, organisation=body, presence=presence, counts=body.pk in seats
            )
        )
    kept.attendance.all().delete()
    MeetingAttendance.unscoped.bulk_create(rows)
    kept.n_seats = len(seats)
    kept.n_counted = sum(r.counts and r.presence in THERE for r in rows)
    kept.n_needed = needed(kept.assembly, len(seats))
    held = _kept(kept, "status", "n_seats", "n_counted", "n_needed")
    _propose_to_next(held)
    return held


def _propose_to_next(meeting: Meeting) -> None:
    """What is open goes to the next meeting that is planned already."""
    coming = Meeting.unscoped.filter(
        assembly=meeting.assembly_id,
        status__in=(MeetingStatus.PLANNED, MeetingStatus.CONVOKED),
        day__gte=meeting.day,
    )
    following = coming.order_by("day").first()
    if following is not None:
        _carry(following)


# --- Minutes ----------------------------------------------------------------------------------


@action("minutes.write")
def write_minutes(actor: Actor, meeting: Meeting, *, text: str, version: int) -> Meeting:
    """Keep the draft of the minutes; the next meeting finds it on its agenda."""
    kept = _locked(actor, meeting, "minutes.write")
    _check_version(kept, version)
    _check_not_adopted(kept)
    if kept.status != MeetingStatus.HELD:
        text_ = _("Say first who came: minutes are those of a meeting that was held.")
        raise DomainError("minutes.not_held", text_)
    if not text.strip():
        raise DomainError("minutes.empty", _("Write the minutes."), "text")
    _check_length(text, MAX_MINUTES, "text")
    kept.minutes, kept.minutes_status = text.strip(), MinutesStatus.DRAFT
    written = _kept(kept, "minutes", "minutes_status")
    _propose_to_next(written)
    return written


@action("minutes.adopt")
def adopt_minutes(actor: Actor, meeting: Meeting, *, adopted_in: Meeting) -> Meeting:
    """Freeze the minutes that a later meeting of the same assembly adopted."""
    kept = _locked(actor, meeting, "minutes.adopt")
    _check_not_adopted(kept)
    if kept.minutes_status != MinutesStatus.DRAFT:
        raise DomainError("minutes.none", _("There are no minutes to adopt."))
    later = adopted_in.assembly_id == kept.assembly_id and adopted_in.day > kept.day
    if not later or adopted_in.status != MeetingStatus.HELD:
        text = _("Minutes are adopted by a later meeting of the same assembly, once it is held.")
        raise DomainError("minutes.adopted_in", text, "adopted_in")
    kept.minutes_document = document_of(kept)
    kept.minutes_hash = fingerprint(kept.minutes_document)
    kept.minutes_status, kept.adopted_in = MinutesStatus.ADOPTED, adopted_in
    return _kept(kept, "minutes_document", "minutes_hash", "minutes_status", "adopted_in")


# --- Shared -----------------------------------------------------------------------------------


def _locked(actor: Actor, meeting: Meeting, verb: str) -> Meeting:
    """The row as the database has it, until the end of the act."""
    rows = visible(actor, Meeting, verb).select_for_update(of=("self",))
    return rows.select_related("assembly").get(pk=meeting.pk)


def _open_meeting(actor: Actor, meeting: Meeting) -> Meeting:
    kept = _locked(actor, meeting, "meeting.write")
    _check_not_adopted(kept)
    if not kept.is_open:
        text = _("The agenda of a meeting that was held or cancelled does not change.")
        raise DomainError("meeting.closed", text)
    return kept


def _move(meeting: Meeting, to: MeetingStatus) -> None:
    if to not in MEETING_TRANSITIONS[MeetingStatus(meeting.status)]:
        text = _("A meeting that is «%(old)s» cannot become «%(new)s».")
        said = text % {"old": meeting.get_status_display(), "new": to.label}
        raise DomainError("meeting.transition", said)
    meeting.status = to


def _check_version(meeting: Meeting, version: int) -> None:
    if meeting.version != version:
        text = _("Somebody changed this in the meantime: open it again, then record.")
        raise DomainError("meeting.changed", text)


def _check_not_adopted(meeting: Meeting) -> None:
    if meeting.minutes_status == MinutesStatus.ADOPTED:
        text = _("The minutes of this meeting are adopted: they do not change.")
        raise DomainError("minutes.adopted", text)


def _check_length(text: str, most: int, field: str) -> None:
    if len(text) > most:
        raise DomainError("meeting.too_long", _("This text is too long."), field)


def _kept(meeting: Meeting, *columns: str) -> Meeting:
    meeting.version += 1
    meeting.save(update_fields=[*columns, "version"])
    return meeting
