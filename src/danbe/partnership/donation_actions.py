"""Goods from one body to another: announced and sent by the donor, confirmed by the receiver."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import Term
from danbe.partnership.models import DONATION_STEPS, Donation, DonationLine, DonationStatus
from danbe.partnership.money import check_day

WRITE, RECEIVE = "donation.write", "donation.receive"
MOST_LINES = 12
MOST = Decimal(10**9)
MAX_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Goods:
    """One line as it is announced."""

    kind: str
    goods: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Gift:
    """A donation as it is announced."""

    announced_on: datetime.date
    lines: Sequence[Goods]
    axis: str = ""
    note: str = ""
    is_fictitious: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """What was received of one line, and why it is not what was sent."""

    received: Decimal
    reason: str = ""


def _post_of(actor: Actor) -> Post:
    return Post.objects.get(pk=actor.seat.post_id)


def _check_side(actor: Actor, verb: str, body_id: object) -> None:
    """The body on that side of the gift, or the secretariat."""
    if actor.reach(verb) is not Reach.NATION and body_id != actor.organisation_id:
        raise NotAllowed(verb)


def _locked(actor: Actor, row: Donation, verb: str) -> Donation:
    return visible(actor, Donation, verb).select_for_update().get(pk=row.pk)


def _step(kept: Donation, to: DonationStatus) -> None:
    if to not in DONATION_STEPS[DonationStatus(kept.status)]:
        text = _("This donation is %(status)s: that cannot be done any more.")
        told = {"status": kept.get_status_display().lower()}
        raise DomainError("donation.status", text % told)
    kept.status = to
    kept.version += 1


@action(WRITE)
def announce_donation(
    actor: Actor, donor: Organisation, recipient: Organisation, gift: Gift
) -> Donation:
    """Announce goods to a body."""
    _check_side(actor, WRITE, donor.pk)
    if donor.pk == recipient.pk:
        text = _("A body does not give to itself.")
        raise DomainError("donation.recipient", text, "recipient")
    check_day(gift.announced_on, "announced_on")
    _check_gift(gift)
    donation = Donation(
        donor=donor,
        recipient=recipient,
        axis=gift.axis,
        announced_on=gift.announced_on,
        note=gift.note.strip(),
        is_fictitious=gift.is_fictitious,
        post=_post_of(actor),
    )
    donation.save(force_insert=True)
    DonationLine.objects.bulk_create(
        DonationLine(
            donation=donation,
            order=order,
            kind=line.kind,
            goods=line.goods.strip(),
            quantity=line.quantity,
            unit=line.unit.strip(),
        )
        for order, line in enumerate(gift.lines, 1)
    )
    return donation


def _check_gift(gift: Gift) -> None:
    """Raise :class:`DomainError` at the first thing that is wrong."""
    axes = Term.objects.filter(list="axis").values_list("code", flat=True)
    if gift.axis and gift.axis not in set(axes):
        raise DomainError("donation.axis", _("Choose an axis of the list."), "axis")
    if len(gift.note) > MAX_TEXT:
        raise DomainError("text.long", _("This text is too long."), "note")
    if not gift.lines:
        raise DomainError("donation.empty", _("Say what is given: one line at least."), "goods_1")
    if len(gift.lines) > MOST_LINES:
        raise DomainError("donation.lines", _("Twelve lines at most: announce the rest apart."))
    kinds = set(Term.objects.filter(list="donation_kind").values_list("code", flat=True))
    for n, line in enumerate(gift.lines, 1):
        if line.kind not in kinds:
            raise DomainError("donation.kind", _("Choose a kind of goods."), f"kind_{n}")
        if not line.goods.strip() or len(line.goods) > 200:
            raise DomainError("donation.goods", _("Say what is given."), f"goods_{n}")
        if not line.unit.strip() or len(line.unit) > 40:
            text = _("Say in what it is counted: tonnes, cans, pieces.")
            raise DomainError("donation.unit", text, f"unit_{n}")
        _check_quantity(line.quantity, f"quantity_{n}", least=Decimal("0.01"))


def _check_quantity(quantity: Decimal, field: str, *, least: Decimal = Decimal(0)) -> None:
    """Raise :class:`DomainError` for a quantity that cannot be."""
    if not quantity.is_finite() or not least <= quantity < MOST:
        raise DomainError("donation.quantity", _("Give a quantity above zero."), field)


@action(WRITE)
def dispatch_donation(actor: Actor, donation: Donation, *, on: datetime.date) -> Donation:
    """Say that the goods left."""
    kept = _locked(actor, donation, WRITE)
    _check_side(actor, WRITE, kept.donor_id)
    check_day(on, "on")
    if on < kept.announced_on:
        text = _("It cannot leave before it was announced.")
        raise DomainError("donation.day", text, "on")
    _step(kept, DonationStatus.DISPATCHED)
    kept.dispatched_on = on
    kept.save(update_fields=["status", "version", "dispatched_on"])
    return kept


@action(WRITE)
def cancel_donation(actor: Actor, donation: Donation, *, reason: str) -> Donation:
    """Say that the goods will not come."""
    kept = _locked(actor, donation, WRITE)
    _check_side(actor, WRITE, kept.donor_id)
    if not reason.strip() or len(reason) > MAX_TEXT:
        raise DomainError("reason.missing", _("Say why."), "reason")
    _step(kept, DonationStatus.CANCELLED)
    kept.cancelled_reason = reason.strip()
    kept.save(update_fields=["status", "version", "cancelled_reason"])
    return kept


@action(RECEIVE)
def receive_donation(
    actor: Actor,
    donation: Donation,
    arrived: Sequence[Arrived],
    *,
    on: datetime.date,
    paper: str = "",
) -> Donation:
    """Confirm what arrived, line by line. The secretariat does it from the signed paper only."""
    kept = _locked(actor, donation, RECEIVE)
    _check_side(actor, RECEIVE, kept.recipient_id)
    if kept.recipient_id != actor.organisation_id and not paper.strip():
        text = _("Give the reference of the paper that the receiver signed.")
        raise DomainError("donation.paper", text, "paper")
    if len(paper) > 200:
        raise DomainError("text.long", _("This text is too long."), "paper")
    check_day(on, "on")
    if kept.dispatched_on and on < kept.dispatched_on:
        raise DomainError("donation.day", _("It cannot arrive before it left."), "on")
    _step(kept, DonationStatus.RECEIVED)
    lines = list(kept.lines.all())
    for n, (line, told) in enumerate(zip(lines, arrived, strict=True), 1):
        _check_quantity(told.received, f"received_{n}")
        if told.received != line.quantity and not told.reason.strip():
            text = _("It is not what was sent: say why.")
            raise DomainError("donation.reason", text, f"reason_{n}")
        if len(told.reason) > MAX_TEXT:
            raise DomainError("text.long", _("This text is too long."), f"reason_{n}")
        line.received, line.reason = told.received, told.reason.strip()
    DonationLine.objects.bulk_update(lines, ["received", "reason"])
    kept.received_on, kept.received_by = on, _post_of(actor)
    kept.receipt_paper = paper.strip()
    kept.save(update_fields=["status", "version", "received_on", "received_by", "receipt_paper"])
    return kept
