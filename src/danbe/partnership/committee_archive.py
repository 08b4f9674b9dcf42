"""Old meetings and their decisions, taken over whole."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.partnership.committee_actions import carry_all
from danbe.partnership.committee_models import Decision, DecisionStatus, Meeting, MeetingStatus


@dataclass(frozen=True, slots=True)
class ArchivedDecision:
    """One decision of an old meeting, as the archive tells it."""

    number: str
    text: str
    organisation_id: str = ""
    deadline: datetime.date | None = None
    status: str = DecisionStatus.OPEN
    outcome: str = ""
    settled_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class ArchivedMeeting:
    """One old meeting, as the archive tells it."""

    number: str
    body_id: uuid.UUID
    kind: str
    date: datetime.date
    place: str = ""
    subject: str = ""
    minutes: str = ""
    source: str = ""
    decisions: tuple[ArchivedDecision, ...] = ()


@action("committee.import")
def import_archive(actor: Actor, told: Iterable[ArchivedMeeting]) -> int:
    """Keep old meetings and their decisions, all or none; returns how many meetings.

    They are held, not published; open decisions go to the agendas to come.
    """
    now, bodies = timezone.now(), set()
    meetings, decisions = [], []
    known = {str(pk) for pk in Organisation.objects.values_list("pk", flat=True)}
    for one in told:
        meeting = Meeting(
            body_id=one.body_id,
            number=one.number,
            kind=one.kind,
            date=one.date,
            place=one.place,
            subject=one.subject,
            status=MeetingStatus.HELD,
            minutes=one.minutes,
            minutes_at=now if one.minutes else None,
            is_archive=True,
            source=one.source,
        )
        meetings.append(meeting)
        bodies.add(one.body_id)
        decisions += [_archived(meeting, row, known) for row in one.decisions]
    taken = visible(actor, Meeting, "committee.import").filter(
        number__in=[row.number for row in meetings]
    )
    if taken.exists():
        text = _("Some of these meetings are here already: nothing was taken over.")
        raise DomainError("import.twice", text, "file")
    visible(actor, Meeting, "committee.import").bulk_create(meetings, batch_size=200)
    visible(actor, Decision, "committee.import").bulk_create(decisions, batch_size=200)
    for body_id in bodies:
        carry_all(actor, body_id)
    return len(meetings)


def _archived(meeting: Meeting, row: ArchivedDecision, known: set[str]) -> Decision:
    is_open = row.status == DecisionStatus.OPEN
    return Decision(
        meeting=meeting,
        number=row.number,
        text=row.text,
        organisation_id=row.organisation_id if row.organisation_id in known else None,
        deadline=row.deadline,
        status=row.status,
        outcome=row.outcome,
        settled_on=None if is_open else row.settled_on,
    )
