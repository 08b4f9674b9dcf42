"""The meetings of the past, taken over whole or not at all."""

import datetime
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.partnership.models import (
    Assembly,
    Decision,
    Meeting,
    MeetingAttendance,
    MeetingStatus,
    MinutesStatus,
)


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A decision as the papers tell it; what they do not tell stays empty."""

    text: str
    status: str
    owner: Organisation | None = None
    deadline: datetime.date | None = None
    evidence: str = ""
    drop_reason: str = ""


@dataclass(slots=True)
class PastMeeting:
    """A meeting as the papers tell it."""

    assembly: Assembly
    reference: str
    day: datetime.date
    day_precision: str
    kind: str = ""
    room: str = ""
    minutes: str = ""
    source: str = ""
    attendance: list[tuple[Organisation, str]] = field(default_factory=list)
    decisions: list[PastDecision] = field(default_factory=list)


@action("archive.import")
def import_archive(actor: Actor, told: list[PastMeeting]) -> list[Meeting]:
    """Keep past meetings with their attendance and decisions. Who counted then is not known.

    Hence no quorum is reckoned for them; and their minutes stay a draft: adopting is an act of
    the Committee, not of whoever types the papers in.
    """
    taken = {one.reference for one in told}
    if len(taken) < len(told) or Meeting.unscoped.filter(reference__in=taken).exists():
        raise DomainError("archive.known", _("A meeting bears this reference already."))
    meetings = [
        Meeting(
            assembly=one.assembly,
            reference=one.reference,
            day=one.day,
            day_precision=one.day_precision,
            kind=one.kind,
            room=one.room,
            status=MeetingStatus.HELD,
            minutes=one.minutes,
            minutes_status=MinutesStatus.DRAFT if one.minutes else MinutesStatus.NONE,
            is_archive=True,
            source=one.source,
        )
        for one in told
    ]
    Meeting.unscoped.bulk_create(meetings, batch_size=400)
    pairs = list(zip(meetings, told, strict=True))
    MeetingAttendance.unscoped.bulk_create(
        (
            MeetingAttendance(meeting=meeting, organisation=body, presence=presence)
            for meeting, one in pairs
            for body, presence in one.attendance
        ),
        batch_size=400,
    )
    Decision.unscoped.bulk_create(
        (
            Decision(
                meeting=meeting,
                number=number,
                text=past.text,
                owner=past.owner,
                deadline=past.deadline,
                status=past.status,
                evidence=past.evidence,
                drop_reason=past.drop_reason,
                is_archive=True,
            )
            for meeting, one in pairs
            for number, past in enumerate(one.decisions, 1)
        ),
        batch_size=400,
    )
    return meetings
