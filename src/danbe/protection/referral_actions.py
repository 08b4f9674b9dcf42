"""Referring a person to a service: what is sent is what the person agreed to, no more."""

import datetime
from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.partnership.models import GrantReason, ServiceOffer
from danbe.partnership.offer_actions import grant_address
from danbe.protection import door, search
from danbe.protection.case_actions import close_as_transferred, open_case
from danbe.protection.endings import ADDRESS_FOR, ALIVE, end_address, spend
from danbe.protection.models import Case, Ground, Person, Referral, Sealed
from danbe.protection.models.grounds import delimited
from danbe.protection.numbers import new_number
from danbe.protection.referrals import (
    covering,
    note_group,
    region_concerned,
    require_passing,
    works_in_danbe,
)
from danbe.protection.vocabulary import (
    SHAREABLE,
    CaseStatus,
    Declining,
    FieldGroup,
    ReferralRoute,
    ReferralStatus,
)

# How long a service may take to answer. Nobody waits in danger for a committee: an urgent
# referral is answered within a day, another within three.
URGENT_WITHIN = datetime.timedelta(hours=24)
WITHIN = datetime.timedelta(hours=72)
NEEDS_COUNTRY = (ReferralRoute.CONSULATE, ReferralRoute.ABROAD)


@action("referral.send")
def send_referral(
    actor: Actor,
    person: Person,
    *,
    service: str,
    groups: Collection[FieldGroup],
    recipient: Organisation | None = None,
    ground: Ground | None = None,
    offer: ServiceOffer | None = None,
    route: ReferralRoute | None = None,
    country: str = "",
    reached: str = "",
    is_urgent: bool = False,
    is_transfer: bool = False,
    note: str = "",
    case: Case | None = None,
) -> Referral:
    """Put one need of ``person`` to one body, with the field groups it needs to answer.

    A body is ``recipient``; a body that is nowhere in Danbe is named by ``ground``, the consent
    given for it. Raises :class:`DomainError`, naming what the person did not agree to.
    """
    if person.organisation_id != actor.organisation_id:
        raise DomainError("referral.not_yours", _("The body that holds the record refers."))
    _may_be_sent(groups)
    if offer is not None:
        recipient = _of_offer(offer, service, recipient)
    if recipient and recipient.pk == actor.organisation_id:
        raise DomainError("referral.self", _("Choose another body than yours."), "recipient")
    found = covering(person, service, groups, recipient=recipient, ground=ground)
    route = _route(recipient, route, country)
    if is_transfer and route != ReferralRoute.BODY:
        text = _("Only a body that works in Danbe can take over the record.")
        raise DomainError("referral.transfer", text, "is_transfer")
    _not_twice(person, service, recipient)
    now = timezone.now()
    referral: Referral = Referral.unscoped.create(
        number=new_number("OR"),
        person=person,
        case=case or _open_case_of(actor, person),
        ground=found,
        service=service,
        groups=delimited([*groups, FieldGroup.PROFILE]),
        route=route,
        country=country if route in NEEDS_COUNTRY else "",
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
        recipient=recipient,
        offer=offer,
        region=region_concerned(person, recipient, offer),
        is_urgent=is_urgent,
        is_transfer=is_transfer,
        sent_at=now,
        answer_due_at=now + (URGENT_WITHIN if is_urgent else WITHIN),
    )
    _seal(actor, referral, note=note, reached=reached)
    return referral


@action("referral.answer")
def accept_referral(actor: Actor, referral: Referral) -> Referral:
    """Take the person in charge for this need: the recipient opens its own case.

    The sender may open the safe address for seven days, to bring the person there. Where the
    sender passed on responsibility, the record changes hands here.
    """
    _lock(referral)
    _may_answer(actor, referral)
    if not referral.ground.is_live():
        text = _("The person’s consent has ended: ask the sender.")
        raise DomainError("referral.ground_ended", text)
    require_passing(referral)
    _answered(actor, referral, ReferralStatus.ACCEPTED)
    if referral.route == ReferralRoute.BODY:
        if actor.can("case.open"):
            referral.received_case = open_case(actor, referral.person)
        _show_address(actor, referral)
        if referral.is_transfer:
            _transfer(actor, referral)
    referral.save()
    return referral


@action("referral.answer")
def decline_referral(
    actor: Actor, referral: Referral, *, reason: Declining, note: str = ""
) -> Referral:
    """Say no, and why: the sender looks elsewhere at once, and what is missing is counted."""
    _lock(referral)
    _may_answer(actor, referral)
    if reason not in Declining.values:
        raise DomainError("referral.declining", _("Say why, from the list."), "reason")
    _answered(actor, referral, ReferralStatus.DECLINED)
    referral.declining = reason
    referral.save()
    if note.strip():
        door.put(
            actor,
            referral.person,
            FieldGroup.INTERNAL,
            "decline",
            note.strip(),
            subject=referral.pk,
        )
    spend(referral.ground, timezone.now())
    return referral


@action("referral.finish")
def finish_referral(actor: Actor, referral: Referral) -> Referral:
    """The service was given. Outside Danbe, the sender writes down what it was told."""
    _lock(referral)
    if not _is_answerer(actor, referral):
        raise DomainError("referral.not_yours", _("The body that was asked says so."))
    if referral.status != ReferralStatus.ACCEPTED:
        raise DomainError("referral.not_accepted", _("This referral was not accepted."))
    referral.status, referral.done_at = ReferralStatus.DONE, timezone.now()
    referral.save(update_fields=["status", "done_at"])
    return referral


@action("referral.revoke")
def revoke_referral(actor: Actor, referral: Referral) -> Referral:
    """Take a referral back: another service was found, or the person changed their mind."""
    _lock(referral)
    if referral.organisation_id != actor.organisation_id:
        raise DomainError("referral.not_yours", _("The body that sent it takes it back."))
    if referral.status not in ALIVE:
        raise DomainError("referral.ended", _("This referral has ended already."))
    now = timezone.now()
    referral.status, referral.revoked_at = ReferralStatus.REVOKED, now
    referral.save(update_fields=["status", "revoked_at"])
    end_address(referral, now)
    spend(referral.ground, now)
    return referral


@action("packet.make")
def confirm_receipt(actor: Actor, referral: Referral) -> Referral:
    """A body outside Danbe confirmed that the packet reached it."""
    if referral.organisation_id != actor.organisation_id:
        raise DomainError("referral.not_yours", _("The body that sent it writes this down."))
    if referral.route == ReferralRoute.BODY:
        raise DomainError("referral.no_packet", _("This body reads the referral in Danbe."))
    if referral.receipt_at is None:
        referral.receipt_at = timezone.now()
        referral.save(update_fields=["receipt_at"])
    return referral


# --- Sending --------------------------------------------------------------------------------


def _may_be_sent(groups: Collection[FieldGroup]) -> None:
    if not set(groups) <= set(SHAREABLE):
        raise DomainError("referral.groups", _("Choose what may be shared."), "groups")


def _of_offer(offer: ServiceOffer, service: str, recipient: Organisation | None) -> Organisation:
    """The body that offers it. Raises :class:`DomainError` when the offer is another one."""
    if recipient and recipient.pk != offer.organisation_id:
        raise DomainError("referral.offer", _("Another body offers this service."), "offer")
    if offer.type != service or not offer.is_open_on(timezone.localdate()):
        raise DomainError("referral.offer", _("This service is not offered there now."), "offer")
    return offer.organisation


def _route(
    recipient: Organisation | None, asked: ReferralRoute | None, country: str
) -> ReferralRoute:
    """How it travels: in Danbe where somebody there can answer, else as a packet."""
    if recipient and works_in_danbe(recipient):
        return ReferralRoute.BODY
    route = asked if asked and asked != ReferralRoute.BODY else ReferralRoute.OUTSIDE
    if route in NEEDS_COUNTRY and not country:
        raise DomainError("referral.country", _("Choose the country."), "country")
    return route


def _not_twice(person: Person, service: str, recipient: Organisation | None) -> None:
    same = Referral.unscoped.filter(
        person=person, service=service, recipient=recipient, status=ReferralStatus.SENT
    )
    if recipient and same.exists():
        text = _("This body was asked already, and has not answered yet.")
        raise DomainError("referral.twice", text, "recipient")


def _open_case_of(actor: Actor, person: Person) -> Case | None:
    rows = visible(actor, Case, "case.read").filter(person=person, status=CaseStatus.OPEN)
    found: Case | None = rows.first()
    return found


def _seal(actor: Actor, referral: Referral, *, note: str, reached: str) -> None:
    """The word to the recipient, and who it is where it has no account."""
    if note.strip():
        group = note_group(referral.groups.split())
        door.put(actor, referral.person, group, "referral_note", note.strip(), subject=referral.pk)
    if referral.route == ReferralRoute.BODY:
        return
    name = referral.recipient.label if referral.recipient else _named(actor, referral.ground)
    told = {"name": name, "reached": reached.strip()}
    door.put(actor, referral.person, FieldGroup.INTERNAL, "recipient", told, subject=referral.pk)


def _named(actor: Actor, ground: Ground) -> str:
    """The body outside Danbe for which the consent was given, as it was sealed with it."""
    rows = visible(actor, Sealed, "referral.send").filter(
        subject=ground.pk, kind="hearing", superseded_at=None
    )
    heard = [opened.data() for opened in door.read(rows)]
    return str(heard[-1].get("outside", "")) if heard else ""


# --- Answering ------------------------------------------------------------------------------


def _lock(referral: Referral) -> None:
    """Read it as the database has it: two posts of a body may answer at the same moment."""
    referral.refresh_from_db(from_queryset=Referral.unscoped.select_for_update())


def _is_answerer(actor: Actor, referral: Referral) -> bool:
    """The recipient; for a body outside Danbe, the sender who has it on the telephone."""
    if referral.route == ReferralRoute.BODY:
        return referral.recipient_id == actor.organisation_id
    return referral.organisation_id == actor.organisation_id


def _may_answer(actor: Actor, referral: Referral) -> None:
    if not _is_answerer(actor, referral):
        raise DomainError("referral.not_yours", _("The body that was asked answers."))
    if referral.status != ReferralStatus.SENT:
        raise DomainError("referral.answered", _("This referral waits for no answer."))


def _answered(actor: Actor, referral: Referral, status: ReferralStatus) -> None:
    referral.status = status
    referral.answered_at, referral.answered_post_id = timezone.now(), actor.seat.post_id


def _show_address(actor: Actor, referral: Referral) -> None:
    """Let the sender into the safe address, to bring the person there."""
    offer = referral.offer
    if offer is None or not offer.is_protected or not actor.can("offer.grant_address"):
        return
    assert referral.answered_at is not None
    grant_address(
        actor,
        offer,
        organisation=referral.organisation,
        until=referral.answered_at + ADDRESS_FOR,
        reason_code=GrantReason.REFERRAL.value,
    )


def _transfer(actor: Actor, referral: Referral) -> None:
    """The record changes hands, with the groups that the referral covers; the rest does not.

    What the former holder wrote in other groups stays sealed under its name.
    """
    person = referral.person
    if person.organisation_id != referral.organisation_id:
        text = _("The sender does not hold this record any more.")
        raise DomainError("referral.transfer", text)
    for case in Case.unscoped.filter(
        person=person, organisation=referral.organisation_id, status=CaseStatus.OPEN
    ):
        close_as_transferred(actor, case)
    Sealed.unscoped.filter(
        person=person,
        organisation=referral.organisation_id,
        group__in=referral.groups.split(),
    ).update(organisation=actor.seat.organisation_id)
    person.organisation_id = actor.seat.organisation_id
    person.post_id = actor.seat.post_id
    person.save(update_fields=["organisation", "post"])
    search.follow(person)
