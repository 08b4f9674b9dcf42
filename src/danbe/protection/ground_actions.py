"""The consent ledger: what a person agrees to, refuses, takes back; orders; emergencies."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.protection import door
from danbe.protection.endings import end_referrals
from danbe.protection.models import Acknowledgement, ConsentText, Ground, Person
from danbe.protection.models.grounds import delimited
from danbe.protection.referrals import refuse_closed
from danbe.protection.vocabulary import (
    Assent,
    FieldGroup,
    Giver,
    GroundKind,
    Purpose,
    Told,
)

LONGEST_CONSENT = datetime.timedelta(days=3 * 365)
LONGEST_EMERGENCY = datetime.timedelta(hours=72)
LONGEST_BREAK_GLASS = datetime.timedelta(hours=3)
REVIEW_WITHIN = datetime.timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Hearing:
    """How consent was heard. Names in it are sealed and never shared."""

    text: ConsentText | None = None
    language: str = ""
    told: Told = Told.READ_ALOUD
    giver: Giver = Giver.PERSON
    assent: Assent = Assent.NOT_ASKED
    guardian: str = ""
    witness: str = ""
    interpreter: str = ""
    words: str = ""  # the person's own words, or the interpreter's statement
    recording: str = ""  # base64 of an audio file, sealed like the rest
    outside: str = ""  # the name of a recipient that is not in Danbe


@action("consent.write")
def record_consent(
    actor: Actor,
    person: Person,
    *,
    recipient: Organisation | None,
    groups: Collection[FieldGroup],
    purpose: Purpose,
    until: datetime.datetime,
    hearing: Hearing,
    services: Collection[str] = (),
    is_given: bool = True,
) -> Ground:
    """One answer of the person: yes or no, to whom, for what, on what, until when.

    ``recipient`` is ``None`` for a body without an account. The profile goes with any consent:
    without sex and age no bed is found, and the text that is read out says so.
    """
    now = timezone.now()
    if person.organisation_id != actor.organisation_id:
        raise DomainError(
            "consent.not_yours", _("The body that registered the person records consent.")
        )
    _may_be_shared(groups)
    if not now < until <= now + LONGEST_CONSENT:
        raise DomainError("consent.until", _("Choose a day in the next three years."), "until")
    if recipient and recipient.pk == actor.organisation_id:
        raise DomainError("consent.self", _("Choose another body than yours."), "recipient")
    _text_is_of(purpose, hearing.text)
    _child_is_heard(person, hearing, is_given)
    if is_given:  # a refusal is heard whatever the papers say
        refuse_closed(person, recipient.pk if recipient else None, groups)
    ground: Ground = Ground.unscoped.create(
        person=person,
        kind=GroundKind.CONSENT,
        purpose=purpose,
        is_given=is_given,
        recipient=recipient,
        groups=delimited([*groups, FieldGroup.PROFILE]),
        services=delimited(tuple(services)) if services else "",
        start=now,
        end=until,
        text=hearing.text,
        language=hearing.language,
        told=hearing.told,
        giver=hearing.giver,
        assent=hearing.assent,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
    )
    heard = {
        "guardian": hearing.guardian,
        "witness": hearing.witness,
        "interpreter": hearing.interpreter,
        "words": hearing.words,
        "outside": "" if recipient else hearing.outside,
    }
    if any(heard.values()):
        door.put(actor, person, FieldGroup.INTERNAL, "hearing", heard, subject=ground.pk)
    if hearing.recording:  # apart: it is large, and opened by itself
        sound = hearing.recording
        door.put(actor, person, FieldGroup.INTERNAL, "recording", sound, subject=ground.pk)
    return ground


@action("consent.withdraw")
def withdraw_consent(actor: Actor, ground: Ground, *, words: str = "") -> Ground:
    """Take consent back: every recipient's access ends now, and each is asked to confirm."""
    if ground.kind != GroundKind.CONSENT or not ground.is_given:
        raise DomainError("consent.not_consent", _("There is no consent here to take back."))
    holder = ground.person.organisation_id
    if actor.organisation_id not in (holder, ground.organisation_id):
        raise DomainError(
            "consent.not_yours", _("The body that registered the person records consent.")
        )
    if ground.withdrawn_at:
        raise DomainError("consent.withdrawn", _("It was already taken back."))
    now = timezone.now()
    ground.withdrawn_at, ground.withdrawn_post_id = now, actor.post_id
    ground.save(update_fields=["withdrawn_at", "withdrawn_post"])
    if words:
        door.put(actor, ground.person, FieldGroup.INTERNAL, "withdrawal", words, subject=ground.pk)
    end_referrals(ground, now)
    if ground.recipient_id and ground.recipient_id != holder:
        Acknowledgement.unscoped.create(ground=ground, organisation_id=ground.recipient_id)
    return ground


@action("consent.acknowledge")
def acknowledge_withdrawal(actor: Actor, row: Acknowledgement) -> Acknowledgement:
    """The recipient confirms: it knows, and destroyed what it held on paper."""
    if row.organisation_id != actor.organisation_id:
        raise DomainError("consent.not_asked", _("The recipient confirms."))
    if row.given_at is None:
        row.given_at, row.post_id = timezone.now(), actor.post_id
        row.save(update_fields=["given_at", "post"])
    return row


@action("order.write")
def record_order(
    actor: Actor,
    person: Person,
    *,
    recipient: Organisation,
    groups: Collection[FieldGroup],
    until: datetime.datetime,
    authority: str,
    reference: str,
) -> Ground:
    """A judicial order received by the body that holds the record. The caseworker sees it."""
    now = timezone.now()
    if person.organisation_id != actor.organisation_id:
        raise DomainError("order.not_yours", _("The body that holds the record carries it out."))
    _may_be_shared(groups)
    if not authority.strip() or not reference.strip():
        raise DomainError(
            "order.reference", _("Write who ordered it, and its number."), "reference"
        )
    if not now < until <= now + LONGEST_CONSENT:
        raise DomainError("consent.until", _("Choose a day in the next three years."), "until")
    ground: Ground = Ground.unscoped.create(
        person=person,
        kind=GroundKind.ORDER,
        purpose=Purpose.JUSTICE,
        recipient=recipient,
        groups=delimited([*groups, FieldGroup.PROFILE]),
        start=now,
        end=until,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
    )
    told = {"authority": authority, "reference": reference}
    door.put(actor, person, FieldGroup.INTERNAL, "order", told, subject=ground.pk)
    return ground


@action("emergency.share")
def share_in_emergency(
    actor: Actor,
    person: Person,
    *,
    recipient: Organisation | None,
    groups: Collection[FieldGroup],
    reason: str,
    hours: int = 24,
    outside: str = "",
) -> Ground:
    """A life is at risk and the person cannot be asked: at most 72 h, reviewed by another post.

    ``outside`` names a recipient that is not in Danbe (a hospital), where ``recipient`` is empty.
    """
    if recipient is None and not outside.strip():
        raise DomainError("emergency.recipient", _("Say to whom."), "recipient")
    if recipient and recipient.pk == actor.organisation_id:
        raise DomainError("consent.self", _("Choose another body than yours."), "recipient")
    if person.organisation_id != actor.organisation_id:
        raise DomainError("person.not_yours", _("This record belongs to another body."))
    _may_be_shared(groups)
    ground = _exception(
        actor,
        person,
        GroundKind.EMERGENCY,
        groups,
        reason,
        datetime.timedelta(hours=hours),
        LONGEST_EMERGENCY,
        recipient=recipient,
    )
    if recipient is None:
        told = {"outside": outside.strip()}
        door.put(actor, person, FieldGroup.INTERNAL, "hearing", told, subject=ground.pk)
    return ground


@action("glass.break")
def break_glass(
    actor: Actor, *, number: str, groups: Collection[FieldGroup], reason: str, hours: int = 3
) -> Ground:
    """Open the record of another body, by the number on the person's card, for three hours.

    For one post only. The owner is told at once; another post reviews it within 72 hours.
    """
    person = _record_of_another_body(actor, number)
    _may_be_shared(groups)
    return _exception(
        actor,
        person,
        GroundKind.BREAK_GLASS,
        groups,
        reason,
        datetime.timedelta(hours=hours),
        LONGEST_BREAK_GLASS,
        recipient_post_id=actor.seat.post_id,
    )


def _record_of_another_body(actor: Actor, number: str) -> Person:
    """By the number a card bears: that given at first, or that of the human being since."""
    rows = Person.unscoped.filter(
        Q(first_national__number=number) | Q(national__number=number), erased_at=None
    )
    known: list[Person] = list(rows.select_related("first_national").order_by("created_at"))
    if not known:
        raise DomainError("glass.unknown", _("No person has this number."), "number")
    others = [p for p in known if p.organisation_id != actor.organisation_id]
    if not others:
        raise DomainError("glass.own", _("Your body holds this record: open it."), "number")
    return next((p for p in others if p.first_national.number == number), others[0])


@action("ground.review")
def review_ground(actor: Actor, ground: Ground, *, is_justified: bool, note: str = "") -> Ground:
    """Look at an emergency or a break-glass afterwards: was it right? If not, it ends now."""
    if ground.review_due_at is None or ground.reviewed_at:
        raise DomainError("ground.nothing_to_review", _("Nothing waits for a review here."))
    if ground.post_id == actor.post_id:
        raise DomainError("ground.own", _("Somebody else reviews it."))
    if ground.person.organisation_id != actor.organisation_id:
        raise DomainError("ground.not_yours", _("The body that holds the record reviews it."))
    ground.reviewed_at, ground.reviewed_post_id = timezone.now(), actor.post_id
    ground.is_justified = is_justified
    if not is_justified and ground.withdrawn_at is None:
        ground.withdrawn_at, ground.withdrawn_post_id = timezone.now(), actor.post_id
    ground.save()
    if ground.withdrawn_at:
        end_referrals(ground, ground.withdrawn_at)
    if note:
        door.put(actor, ground.person, FieldGroup.INTERNAL, "review", note, subject=ground.pk)
    return ground


def _exception(
    actor: Actor,
    person: Person,
    kind: GroundKind,
    groups: Collection[FieldGroup],
    reason: str,
    lasts: datetime.timedelta,
    at_most: datetime.timedelta,
    **recipient: object,
) -> Ground:
    if not reason.strip():
        raise DomainError("ground.reason", _("Say why, in a few words."), "reason")
    if not datetime.timedelta(0) < lasts <= at_most:
        hours = at_most // datetime.timedelta(hours=1)
        raise DomainError("ground.hours", _("At most %(n)d hours.") % {"n": hours}, "hours")
    now = timezone.now()
    ground: Ground = Ground.unscoped.create(
        person=person,
        kind=kind,
        purpose=Purpose.CARE,
        groups=delimited([*groups, FieldGroup.PROFILE]),
        start=now,
        end=now + lasts,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
        review_due_at=now + REVIEW_WITHIN,
        **recipient,
    )
    door.put(actor, person, FieldGroup.INTERNAL, "exception", reason, subject=ground.pk)
    return ground


def _may_be_shared(groups: Collection[FieldGroup]) -> None:
    if not groups or FieldGroup.INTERNAL in groups:
        raise DomainError("consent.groups", _("Choose what may be shared."), "groups")


def _child_is_heard(person: Person, hearing: Hearing, is_given: bool) -> None:
    """A child's yes needs a guardian and is worth nothing against the child's own no."""
    if not is_given or person.age_group != "child":
        return
    if hearing.giver != Giver.GUARDIAN:
        raise DomainError("consent.guardian", _("For a child, a guardian answers."), "giver")
    if hearing.assent not in (Assent.GIVEN, Assent.UNABLE):
        raise DomainError("consent.assent", _("Write what the child says."), "assent")


def _text_is_of(purpose: Purpose, text: ConsentText | None) -> None:
    if text and text.purpose != purpose:
        raise DomainError(
            "consent.text", _("This text is for another purpose: choose the purpose."), "purpose"
        )
