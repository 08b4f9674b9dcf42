"""Agreements as they are read: lists, what is about to end, which flows closed and why."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from danbe.core.access import Actor, visible
from danbe.partnership.models import Agreement, AgreementStatus, Flow

WARN_DAYS = (60, 30, 7)  # before the last day
BINDING = (AgreementStatus.SIGNED, AgreementStatus.ENDED)


class State:
    """Where an agreement stands on a day, as codes that pages know."""

    DRAFT = "draft"
    DROPPED = "dropped"
    COMING = "coming"  # signed, not begun
    IN_FORCE = "in_force"
    ENDING = "ending"  # in force, within sixty days of its end
    EXPIRED = "expired"
    ENDED = "ended"


def state_of(agreement: Agreement, day: datetime.date) -> str:
    """Where one agreement stands on ``day``."""
    if agreement.status not in BINDING:
        return str(agreement.status)
    if day < agreement.start:
        return State.COMING
    end = agreement.closed_from
    if end is None or day < end:
        is_near = end is not None and (end - day).days <= WARN_DAYS[0]
        return State.ENDING if is_near else State.IN_FORCE
    return State.ENDED if agreement.ended_on else State.EXPIRED


def readable(actor: Actor) -> QuerySet[Agreement]:
    """The agreements that the actor may read: all, or those of the actor's body."""
    return visible(actor, Agreement, "agreement.read").prefetch_related("parties__organisation")


def listed(
    rows: QuerySet[Agreement], day: datetime.date, *, state: str = "", text: str = ""
) -> QuerySet[Agreement]:
    """A list cut down; a value that means nothing finds nothing."""
    if state:
        rows = rows.filter(_of_state(day).get(state, Q(pk=None)))
    for word in text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(reference__icontains=word))
    return rows


def _of_state(day: datetime.date) -> dict[str, Q]:
    near = day + datetime.timedelta(days=WARN_DAYS[0])
    signed = Q(status__in=BINDING)
    over = Q(until__lt=day) | Q(ended_on__lte=day)
    bound = signed & Q(start__lte=day) & ~over
    return {
        State.DRAFT: Q(status=AgreementStatus.DRAFT),
        State.DROPPED: Q(status=AgreementStatus.DROPPED),
        State.COMING: signed & Q(start__gt=day),
        State.IN_FORCE: bound,
        State.ENDING: bound & (Q(until__lt=near) | Q(ended_on__lte=near)),
        State.EXPIRED: signed & over,
    }


@dataclass(frozen=True, slots=True)
class Missing:
    """A way between two parties that no flow of an agreement names: nothing passes there."""

    sender: str
    recipient: str


def missing_ways(flows: Iterable[Flow]) -> list[Missing]:
    """Of the pairs that an agreement governs, the directions that it leaves shut."""
    rows = list(flows)
    named = {(flow.sender_id, flow.recipient_id) for flow in rows}
    found: dict[tuple[uuid.UUID, uuid.UUID], Missing] = {}
    for flow in rows:
        back = (flow.recipient_id, flow.sender_id)
        if back not in named:
            found.setdefault(back, Missing(flow.recipient.label, flow.sender.label))
    return list(found.values())


def closed_flows(actor: Actor, day: datetime.date) -> list[Flow]:
    """The flows of the actor's body that have closed, and that none in force replaces whole.

    Said on both sides' pages: to whoever sends as to whoever receives.
    """
    body = actor.organisation_id
    rows = visible(actor, Flow, "agreement.read").filter(
        Q(sender_id=body) | Q(recipient_id=body), opens_on__lte=day
    )
    found = list(rows.select_related("agreement", "sender", "recipient"))
    is_open: dict[tuple[uuid.UUID, uuid.UUID], set[str]] = {}
    for flow in found:
        if flow.is_open(day):
            pair = (flow.sender_id, flow.recipient_id)
            is_open.setdefault(pair, set()).update(flow.groups.split())
    return [
        flow
        for flow in found
        if not flow.is_open(day)
        and set(flow.groups.split()) - is_open.get((flow.sender_id, flow.recipient_id), set())
    ]
