"""Meetings of the cast, made by their real actions; two hundred of them by a seeded generator."""

import datetime
import random
from typing import Any

from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.partnership import committee_actions, meeting_actions
from danbe.partnership import committee_decision_actions as decisions
from danbe.partnership.committee_actions import Mandate
from danbe.partnership.committee_decision_actions import Undertaking
from danbe.partnership.meeting_actions import Calling
from danbe.partnership.models import (
    Assembly,
    Decision,
    DecisionStatus,
    Meeting,
    MeetingAttendance,
    MeetingStatus,
    Presence,
    QuorumRule,
    Seat,
)

DAY = datetime.timedelta(days=1)
BODIES = ("MPFEF", "MJDH", "SINJIYA", "PJS")
SEED = 2011


def body(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def today() -> datetime.date:
    return timezone.localdate()


def assembly(
    actor: Actor, code: str = "FICTIF", *, sits: tuple[str, ...] = BODIES, share: int = 50
) -> Assembly:
    """A fictitious committee in which some bodies sit, with a quorum."""
    made = committee_actions.add_assembly(
        actor,
        assembly=Assembly(
            code=code,
            kind="committee",
            label_fr="Comité (fictif)",
            quorum_rule=QuorumRule.SHARE,
            quorum_value=share,
            cadence_months=1,
            cadence_source="une recommandation (fictive)",
            is_fictitious=True,
        ),
    )
    for one in sits:
        committee_actions.add_seat(actor, made, Mandate(body(one)))
    return made


def seated(actor: Actor, made: Assembly, code: str, **more: Any) -> Seat:
    return committee_actions.add_seat(actor, made, Mandate(body(code), **more))


def planned(actor: Actor, made: Assembly, days: int = 10, **more: Any) -> Meeting:
    """A meeting so many days from now."""
    told = Calling(today() + days * DAY, kind="ordinary", room="Salle (fictive)", **more)
    return meeting_actions.plan_meeting(actor, made, told)


def came(*codes: str, **others: str) -> dict[Organisation, str]:
    """Who was present, and how the others took part."""
    told = {body(code): Presence.PRESENT.value for code in codes}
    return told | {body(code): presence for code, presence in others.items()}


def held(actor: Actor, made: Assembly, days: int = -10, *codes: str) -> Meeting:
    """A meeting of the past to which these bodies came."""
    return meeting_actions.hold_meeting(
        actor, planned(actor, made, days), came(*(codes or BODIES[:3]))
    )


def decided(
    actor: Actor, meeting: Meeting, owner: str = "MPFEF", days: int = 30, **more: Any
) -> Decision:
    """A decision whose deadline is so many days after the meeting."""
    told = Undertaking(
        "Transmettre la liste (fictif)", body(owner), meeting.day + days * DAY, **more
    )
    return decisions.add_decision(actor, meeting, told)


def many(actor: Actor, n_meetings: int = 200, n_decisions: int = 6) -> Assembly:
    """Monthly meetings up to now, each with its attendance and decisions, always the same."""
    dice = random.Random(SEED)  # fiction, not a secret
    made = assembly(actor, "MILLE")
    bodies = list(Organisation.objects.order_by("code")[:25])
    begun = today() - 30 * n_meetings * DAY
    meetings = [
        Meeting(
            assembly=made,
            reference=f"MILLE-{n:03d}",
            kind="ordinary",
            day=begun + 30 * n * DAY,
            status=MeetingStatus.HELD,
            is_fictitious=True,
        )
        for n in range(n_meetings)
    ]
    Meeting.unscoped.bulk_create(meetings)
    MeetingAttendance.unscoped.bulk_create(
        (
            MeetingAttendance(meeting=m, organisation=b, presence=dice.choice(Presence.values))
            for m in meetings
            for b in bodies
        ),
        batch_size=400,
    )
    statuses = [DecisionStatus.OPEN, DecisionStatus.DONE]
    Decision.unscoped.bulk_create(
        (
            Decision(
                meeting=m,
                number=n,
                text="Décision (fictive)",
                owner=dice.choice(bodies),
                deadline=m.day + 60 * DAY,
                status=dice.choice(statuses),
            )
            for m in meetings
            for n in range(1, n_decisions + 1)
        ),
        batch_size=400,
    )
    return made
