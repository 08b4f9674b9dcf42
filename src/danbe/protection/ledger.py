"""The consent ledger as it is read: what is alive, who has access now, who confirmed an end."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import pgettext

from danbe.core.access import Actor, visible
from danbe.partnership.sharing import why_closed
from danbe.protection.models import Acknowledgement, ConsentText, Ground, Person
from danbe.protection.models.grounds import in_effect, open_groups_of, to_actor
from danbe.protection.vocabulary import (
    FieldGroup,
    GroundKind,
    Purpose,
)

REVIEWED = (GroundKind.EMERGENCY, GroundKind.BREAK_GLASS)


class State:
    """Where an entry of the ledger stands, as codes that templates know."""

    ALIVE = "alive"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SPENT = "spent"
    EXPIRED = "expired"
    STOPPED = "stopped"  # an emergency found unjustified
    HELD = "held"  # it stands, and an agreement between the two bodies holds all of it back


def state_of(ground: Ground, now: datetime.datetime) -> str:
    """Where one entry stands."""
    if not ground.is_given:
        return State.REFUSED
    if ground.withdrawn_at:
        return State.WITHDRAWN if ground.kind == GroundKind.CONSENT else State.STOPPED
    if ground.spent_at:
        return State.SPENT
    return State.ALIVE if now < ground.end else State.EXPIRED


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger."""

    ground: Ground
    state: str
    groups: tuple[FieldGroup, ...]
    acknowledgements: tuple[Acknowledgement, ...] = ()
    open_groups: tuple[FieldGroup, ...] = ()  # what may be read of it now
    held_back: tuple[FieldGroup, ...] = ()  # what an agreement keeps from the recipient now
    why: str = ""  # which agreement, since when

    @property
    def is_alive(self) -> bool:
        """Whether it opens something now."""
        return self.state == State.ALIVE

    @property
    def held_labels(self) -> str:
        """What is held back, in words."""
        return spoken(self.held_back)

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether the person may take it back: a consent that was given."""
        is_consent = self.ground.kind == GroundKind.CONSENT
        return is_consent and self.state in (State.ALIVE, State.HELD, State.EXPIRED, State.SPENT)

    @property
    def recipient(self) -> str:
        """Who receives; empty for a body that is not in Danbe."""
        if self.ground.recipient_post:
            return f"{self.ground.recipient_post.organisation.label}"
        return self.ground.recipient.label if self.ground.recipient else ""


def spoken(groups: Iterable[FieldGroup]) -> str:
    """Field groups in words; their names hold commas."""
    return pgettext("between items", "; ").join(str(group.label) for group in groups)


def held_or_none(actor: Actor, verb: str, pk: uuid.UUID) -> Person | None:
    """A person whose record the actor's body holds: the ledger is for nobody else."""
    rows = visible(actor, Person, verb).filter(organisation_id=actor.seat.organisation_id, pk=pk)
    found: Person | None = rows.select_related("national", "organisation").first()
    return found


def entries(actor: Actor, person: Person) -> list[Entry]:
    """Every ground about ``person``, the newest first."""
    rows = _with_names(visible(actor, Ground, "consent.read").filter(person=person))
    return entries_of(rows)


def entries_of(rows: QuerySet[Ground]) -> list[Entry]:
    """Grounds as the ledger tells them."""
    now = timezone.now()
    found = open_groups_of(rows, now)
    prefetch_related_objects([row for row, _groups in found], "acknowledgements__organisation")
    return [_entry(row, groups, now) for row, groups in found]


def _entry(row: Ground, open_groups: tuple[FieldGroup, ...], now: datetime.datetime) -> Entry:
    state, groups = state_of(row, now), tuple(g for g in FieldGroup if g in row.field_groups)
    held = tuple(g for g in groups if g not in open_groups) if state == State.ALIVE else ()
    why = ""
    if held:
        day = timezone.localdate(now)
        why = str(why_closed(row.person.organisation_id, row.recipient_id, held, day))
        state = state if open_groups else State.HELD
    told = tuple(row.acknowledgements.all())
    return Entry(row, state, groups, told, open_groups, held, why)


@dataclass(slots=True)
class Reader:
    """One body (or one post of it) that reads something now, group by group."""

    label: str
    is_post: bool
    grounds: dict[FieldGroup, Ground] = field(default_factory=dict)


def readers(found: Iterable[Entry]) -> list[Reader]:
    """Who has access now. Bodies that are not in Danbe read on paper: they are not here."""
    made: dict[object, Reader] = {}
    for entry in found:
        ground = entry.ground
        key = ground.recipient_post_id or ground.recipient_id
        if not entry.is_alive or key is None:
            continue
        reader = made.setdefault(key, Reader(entry.recipient, bool(ground.recipient_post_id)))
        for group in entry.open_groups:
            reader.grounds.setdefault(group, ground)
    return sorted(made.values(), key=lambda reader: reader.label)


# --- What reaches the actor's body ----------------------------------------------------------


def received(actor: Actor) -> QuerySet[Ground]:
    """The grounds in effect that open a record of another body to the actor."""
    rows = visible(actor, Ground, "person.read").filter(in_effect() & to_actor(actor))
    others = rows.exclude(person__organisation_id=actor.seat.organisation_id)
    return _with_names(others).filter(person__erased_at=None).order_by("end", "pk")


def to_acknowledge(actor: Actor) -> QuerySet[Acknowledgement]:
    """The withdrawals that the actor's body must confirm, the oldest first."""
    rows = visible(actor, Acknowledgement, "consent.acknowledge")
    rows = rows.filter(organisation_id=actor.seat.organisation_id)
    return rows.select_related("ground__person__national", "ground__organisation").order_by(
        "given_at", "asked_at"
    )


def n_to_acknowledge(actor: Actor) -> int:
    """How many withdrawals wait for a confirmation."""
    return to_acknowledge(actor).filter(given_at=None).count()


def to_review(actor: Actor) -> QuerySet[Ground]:
    """Emergencies and break-glass on the records that the actor's body holds."""
    rows = visible(actor, Ground, "ground.review").filter(
        person__organisation_id=actor.seat.organisation_id,
        kind__in=REVIEWED,
        review_due_at__isnull=False,
    )
    return _with_names(rows).order_by("review_due_at", "pk")


def n_to_review(actor: Actor) -> int:
    """How many of them wait for a review that this post may make."""
    waiting = to_review(actor).filter(reviewed_at=None)
    return waiting.exclude(post_id=actor.seat.post_id).count()


def _with_names(rows: QuerySet[Ground]) -> QuerySet[Ground]:
    return rows.select_related(
        "person__national",
        "organisation",
        "post",
        "recipient",
        "recipient_post__organisation",
        "text",
    )


# --- Texts ------------------------------------------------------------------------------------


def texts_in_force(day: datetime.date) -> Mapping[Purpose, ConsentText]:
    """The text to be read out on ``day``, for each purpose."""
    found: dict[Purpose, ConsentText] = {}
    for text in ConsentText.objects.filter(since__lte=day).order_by("since", "pk"):
        found[Purpose(text.purpose)] = text
    return found
