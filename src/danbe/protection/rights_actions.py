"""What a person may ask of the record, and how it ends: hold, correction, copy, erasure."""

import datetime
import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Holding, Post
from danbe.core.access import Actor, Role, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.protection import door
from danbe.protection.endings import end_referrals
from danbe.protection.models import (
    Candidate,
    Case,
    CorrectionRequest,
    DataKey,
    Decision,
    Erasure,
    Event,
    Ground,
    LegalHold,
    NameKey,
    Opening,
    Person,
    Referral,
    Sealed,
)
from danbe.protection.models.grounds import live
from danbe.protection.open_actions import open_groups
from danbe.protection.retention import has_open_case, is_held, rules
from danbe.protection.vocabulary import ErasureStatus, FieldGroup, LinkStatus

GRACE = datetime.timedelta(days=30)
REQUEST = "request"  # the person asked; other causes are rules of retention
CARING = (Role.SUPERVISOR, Role.CASEWORKER)


# --- Legal hold -----------------------------------------------------------------------------


@action("hold.write")
def place_hold(
    actor: Actor, person: Person, *, reason: str, until: datetime.date | None = None
) -> LegalHold:
    """Nothing of this person is erased while it lasts: proceedings, a complaint, a dispute."""
    _own(actor, person)
    _not_erased(person)
    _said(reason, "hold.reason")
    today = timezone.localdate()
    if until and until < today:
        raise DomainError("hold.past", _("This day is over."), "until")
    hold: LegalHold = LegalHold.unscoped.create(
        person=person, since=today, until=until, post_id=actor.seat.post_id
    )
    door.put(actor, person, FieldGroup.INTERNAL, "hold", reason, subject=hold.pk)
    person.has_legal_hold = True
    person.save(update_fields=["has_legal_hold"])
    return hold


@action("hold.write")
def lift_hold(actor: Actor, hold: LegalHold) -> LegalHold:
    """The cause is over; the clock of retention goes on where it was."""
    if hold.lifted_at:
        raise DomainError("hold.lifted", _("It was already lifted."))
    hold.lifted_at = timezone.now()
    hold.save(update_fields=["lifted_at"])
    person = hold.person
    person.has_legal_hold = is_held(person)
    person.save(update_fields=["has_legal_hold"])
    return hold


# --- Corrections -----------------------------------------------------------------------------


@action("correction.write")
def request_correction(
    actor: Actor, person: Person, *, group: FieldGroup, words: str
) -> CorrectionRequest:
    """The person says that something is wrong. What, in their words, is sealed."""
    _own(actor, person)
    _not_erased(person)
    _said(words, "correction.words", "words")
    row: CorrectionRequest = CorrectionRequest.unscoped.create(
        person=person, group=group, asked_on=timezone.localdate(), post_id=actor.seat.post_id
    )
    door.put(actor, person, FieldGroup.INTERNAL, "correction", words, subject=row.pk)
    return row


@action("correction.write")
def settle_correction(
    actor: Actor, row: CorrectionRequest, *, is_accepted: bool, reason: str
) -> CorrectionRequest:
    """Accepted or refused, with the reason that the person is told.

    What was wrong is corrected on its own page; the former version stays, sealed, as the past.
    """
    if row.settled_on:
        raise DomainError("correction.settled", _("It was already answered."))
    _said(reason, "correction.reason")
    row.settled_on, row.is_accepted = timezone.localdate(), is_accepted
    row.save(update_fields=["settled_on", "is_accepted"])
    told = FieldGroup.INTERNAL
    door.put(actor, row.person, told, "correction_answer", reason, subject=row.pk)
    return row


# --- The person's copy -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copy:
    """What the body holds of one person, opened for that person."""

    person: Person
    file: door.File
    decisions: tuple[Decision, ...]
    grounds: tuple[Ground, ...]
    cases: tuple[Case, ...]
    referrals: tuple[Referral, ...]
    openings: tuple[Opening, ...]


@action("copy.make")
def copy_of_file(actor: Actor, person: Person) -> Copy:
    """Everything that the actor's body holds, for the person: opened, recorded, printed."""
    _own(actor, person)
    looked = visible(actor, Opening, "opening.read").filter(person=person)
    openings = tuple(looked.select_related("organisation", "post"))
    file = open_groups(actor, person, list(FieldGroup))
    decisions = visible(actor, Decision, "copy.make").filter(person=person)
    grounds = visible(actor, Ground, "copy.make").filter(person=person)
    cases = visible(actor, Case, "case.read").filter(person=person)
    referrals = visible(actor, Referral, "referral.read").filter(person=person)
    return Copy(
        person,
        file,
        tuple(decisions.select_related("organisation")),
        tuple(grounds.select_related("recipient")),
        tuple(cases.prefetch_related("services__provider", "follow_ups")),
        tuple(referrals.select_related("recipient")),
        openings,
    )


# --- Erasure -----------------------------------------------------------------------------------


@action("erasure.write")
def announce_erasure(actor: Actor, person: Person, *, cause: str) -> Erasure:
    """Tell two people that a record will be erased in thirty days: who asks, and a second one."""
    _own(actor, person)
    _not_erased(person)
    if cause != REQUEST and cause not in rules():
        raise DomainError("erasure.cause", _("Choose why."), "cause")
    _may_end(person)
    if Erasure.unscoped.filter(person=person, status=ErasureStatus.WARNED).exists():
        raise DomainError("erasure.twice", _("An erasure of this record was announced already."))
    second = second_post(actor, person)
    if second is None:
        text = _("Nobody else of your body can be warned: an erasure needs two people.")
        raise DomainError("erasure.alone", text)
    row: Erasure = Erasure.unscoped.create(
        person=person,
        cause=cause,
        due_on=timezone.localdate() + GRACE,
        asked_post_id=actor.seat.post_id,
        warned_post=second,
    )
    return row


@action("erasure.stop")
def stop_erasure(actor: Actor, erasure: Erasure, *, reason: str) -> Erasure:
    """Anybody who cares for people in the body may hold it back."""
    _waits(erasure)
    _said(reason, "erasure.reason")
    erasure.status, erasure.settled_at = ErasureStatus.STOPPED, timezone.now()
    erasure.save(update_fields=["status", "settled_at"])
    person = erasure.person
    door.put(actor, person, FieldGroup.INTERNAL, "erasure", reason, subject=erasure.pk)
    return erasure


@action("erasure.stop")
def see_erasure(actor: Actor, erasure: Erasure) -> Erasure:
    """The second person says that they read the warning."""
    if actor.post_id != erasure.warned_post_id:
        raise NotAllowed("erasure.stop")
    _waits(erasure)
    if erasure.seen_at is None:
        erasure.seen_at = timezone.now()
        erasure.save(update_fields=["seen_at"])
    return erasure


@action("erasure.write")
def carry_out_erasure(actor: Actor, erasure: Erasure) -> Erasure:
    """Destroy the keys: names, words and papers become unreadable for ever.

    Backups made before still hold the keys, until they are destroyed at their term.
    What is counted (sex, age, dates, codes) stays. The certificate covers what was destroyed.
    """
    person = Person.unscoped.select_for_update().get(pk=erasure.person_id)
    erasure.refresh_from_db()
    _waits(erasure)
    if timezone.localdate() < erasure.due_on:
        raise DomainError("erasure.grace", _("The thirty days are not over."))
    _may_end(person)
    now = timezone.now()
    for ground in Ground.unscoped.filter(live(now), person=person):
        ground.withdrawn_at, ground.withdrawn_post_id = now, actor.post_id
        ground.save(update_fields=["withdrawn_at", "withdrawn_post"])
        end_referrals(ground, now)
    erasure.certificate = certificate_of(person)
    door.destroy_keys(person)
    Sealed.unscoped.filter(person=person).update(content=b"")
    NameKey.unscoped.filter(person=person).delete()
    waiting = Candidate.unscoped.filter(status=LinkStatus.OPEN, decisions=None)
    (waiting.filter(a=person) | waiting.filter(b=person)).delete()
    _forget_account(person)
    person.erased_at = now
    person.save(update_fields=["erased_at"])
    erasure.status, erasure.settled_at = ErasureStatus.DONE, now
    erasure.save(update_fields=["status", "settled_at", "certificate"])
    return erasure


def second_post(actor: Actor, person: Person) -> Post | None:
    """Who is warned beside the actor: another supervisor, else who met the person, else a peer."""
    posts = Post.objects.filter(
        organisation_id=actor.seat.organisation_id, role__in=CARING, is_active=True
    ).exclude(pk=actor.seat.post_id)
    mine = Holding.objects.filter(user=actor.user_id, until=None)
    others: QuerySet[Post] = posts.exclude(pk__in=mine.values("post"))
    found = sorted(
        others, key=lambda p: (p.role != Role.SUPERVISOR, p.pk != person.post_id, str(p.pk))
    )
    return found[0] if found else None


def certificate_of(person: Person) -> str:
    """SHA-256 over every sealed row and key of the person, as they stand before destruction."""
    told = hashlib.sha256(f"danbe:erasure:{person.pk}\n".encode())
    for row in Sealed.unscoped.filter(person=person).order_by("pk"):
        content = hashlib.sha256(bytes(row.content)).hexdigest()
        told.update(f"sealed:{row.pk}:{row.group}:{row.kind}:{content}\n".encode())
    for key in DataKey.objects.filter(person=person).order_by("group"):
        wrapped = hashlib.sha256(bytes(key.wrapped)).hexdigest()
        told.update(f"key:{key.group}:{wrapped}\n".encode())
    return told.hexdigest()


def _forget_account(person: Person) -> None:
    """The account of an event goes with the last of its people."""
    others = Person.unscoped.filter(event=person.event_id, erased_at=None).exclude(pk=person.pk)
    if not others.exists():
        Event.unscoped.filter(pk=person.event_id).update(wrapped_key=None, narrative=None)


# --- Rules ---------------------------------------------------------------------------------------


def _may_end(person: Person) -> None:
    if is_held(person):
        raise DomainError("erasure.held", _("A legal hold is in force: nothing is erased."))
    if has_open_case(person):
        text = _("A body still cares for this person: its case must be closed first.")
        raise DomainError("erasure.open_case", text)


def _waits(erasure: Erasure) -> None:
    if erasure.status != ErasureStatus.WARNED:
        raise DomainError("erasure.settled", _("This erasure is settled already."))


def _own(actor: Actor, person: Person) -> None:
    if person.organisation_id != actor.organisation_id:
        raise DomainError("person.not_yours", _("This record belongs to another body."))


def _not_erased(person: Person) -> None:
    if person.erased_at:
        raise DomainError("person.erased", _("This record was erased."))


def _said(words: str, code: str, field: str = "reason") -> None:
    if not words.strip():
        raise DomainError(code, _("Say why, in a few words."), field)
