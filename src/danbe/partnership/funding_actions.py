"""What donors commit and pay. The donor writes what it gives; the secretariat, for anybody."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Sum as Total
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import Term
from danbe.partnership.models import (
    Commitment,
    CommitmentStatus,
    CommitmentYear,
    Disbursement,
)
from danbe.partnership.money import (
    FURTHEST_YEARS,
    OLDEST_YEAR,
    Sum,
    check_day,
)

VERB = "funding.write"
LONGEST = 10  # years that one commitment may cover
MAX_TEXT = 5_000
WRITTEN = (
    "beneficiary title axis plan_code activity_lineage is_in_plan first_year last_year signed_on "
    "reference source note amount currency rate rate_on amount_fcfa"
).split()


def _check_donor(actor: Actor, donor_id: object) -> None:
    """The donor itself, or the secretariat. Who receives money does not write it."""
    if actor.reach(VERB) is not Reach.NATION and donor_id != actor.organisation_id:
        raise NotAllowed(VERB)


def _post_of(actor: Actor) -> Post:
    return Post.objects.get(pk=actor.seat.post_id)


def _locked(actor: Actor, row: Commitment) -> Commitment:
    """The commitment as the database has it, until the end of the act."""
    kept = visible(actor, Commitment, VERB).select_for_update().get(pk=row.pk)
    _check_donor(actor, kept.donor_id)
    return kept


# --- Commitments ----------------------------------------------------------------------------


@action(VERB)
def add_commitment(
    actor: Actor, donor: Organisation, commitment: Commitment, told: Sum
) -> Commitment:
    """Record what a donor commits to give."""
    _check_donor(actor, donor.pk)
    commitment.donor, commitment.post = donor, _post_of(actor)
    commitment.status, commitment.version = CommitmentStatus.OPEN, 1
    _check(commitment, told)
    commitment.save(force_insert=True)
    return commitment


@action(VERB)
def change_commitment(
    actor: Actor, commitment: Commitment, told: Sum, *, version: int
) -> Commitment:
    """Correct a commitment; refused if somebody changed it since ``version``."""
    kept = _locked(actor, commitment)
    if version != kept.version:
        raise _changed_elsewhere()
    if kept.status == CommitmentStatus.CANCELLED:
        text = _("This commitment is cancelled: put it back in force first.")
        raise DomainError("commitment.cancelled", text)
    commitment.donor_id, commitment.post_id = kept.donor_id, kept.post_id
    _check(commitment, told)
    if commitment.amount_fcfa < kept.amount_fcfa:
        _check_lowered(commitment)
    commitment.version = kept.version + 1
    commitment.save(update_fields=[*WRITTEN, "version", "changed_at"])
    return commitment


def _changed_elsewhere() -> DomainError:
    """Somebody else wrote in the meantime."""
    text = _("Somebody changed this in the meantime: open it again, then record.")
    return DomainError("row.changed", text)


@action(VERB)
def share_years(
    actor: Actor, commitment: Commitment, shares: Mapping[int, int | None], *, version: int
) -> Commitment:
    """Say which part of a commitment is for which year; what is not said stays unsaid."""
    kept = _locked(actor, commitment)
    if version != kept.version:
        raise _changed_elsewhere()
    told = {year: amount for year, amount in shares.items() if amount is not None}
    for year, amount in told.items():
        if year not in kept.years or amount < 0:
            raise DomainError("commitment.year", _("Give an amount above zero."), f"y{year}")
    if sum(told.values()) > kept.amount_fcfa:
        text = _("The years add up to more than what is committed.")
        raise DomainError("commitment.years", text, f"y{max(told)}")
    kept.shares.all().delete()
    CommitmentYear.objects.bulk_create(
        CommitmentYear(commitment=kept, year=year, amount_fcfa=amount)
        for year, amount in sorted(told.items())
    )
    kept.version += 1
    kept.save(update_fields=["version", "changed_at"])
    return kept


@action(VERB)
def cancel_commitment(actor: Actor, commitment: Commitment, *, reason: str) -> Commitment:
    """Say that a commitment will not be kept. What was paid on it stays paid."""
    kept = _locked(actor, commitment)
    if kept.status != CommitmentStatus.OPEN:
        raise DomainError("commitment.status", _("This commitment is cancelled already."))
    kept.cancelled_reason = _reason(reason)
    kept.status = CommitmentStatus.CANCELLED
    kept.version += 1
    kept.save(update_fields=["status", "cancelled_reason", "version", "changed_at"])
    return kept


@action(VERB)
def restore_commitment(actor: Actor, commitment: Commitment) -> Commitment:
    """Put a cancelled commitment back in force."""
    kept = _locked(actor, commitment)
    if kept.status != CommitmentStatus.CANCELLED:
        raise DomainError("commitment.status", _("This commitment is in force already."))
    kept.status, kept.cancelled_reason = CommitmentStatus.OPEN, ""
    kept.version += 1
    kept.save(update_fields=["status", "cancelled_reason", "version", "changed_at"])
    return kept


def _reason(text: str, field: str = "reason") -> str:
    if not text.strip():
        raise DomainError("reason.missing", _("Say why."), field)
    if len(text) > MAX_TEXT:
        raise DomainError("text.long", _("This text is too long."), field)
    return text.strip()


def _check(commitment: Commitment, told: Sum) -> None:
    """Raise :class:`DomainError` at the first field that is wrong; keep the amount otherwise."""
    told.check()
    for column, value in told.columns().items():
        setattr(commitment, column, value)
    _check_years(commitment)
    axes = Term.objects.filter(list="axis").values_list("code", flat=True)
    if commitment.axis and commitment.axis not in set(axes):
        raise DomainError("commitment.axis", _("Choose an axis of the list."), "axis")
    if commitment.beneficiary_id == commitment.donor_id:
        text = _("A body does not give to itself: leave the field empty.")
        raise DomainError("commitment.beneficiary", text, "beneficiary")
    if commitment.signed_on:
        check_day(commitment.signed_on, "signed_on")
    for name in ("source", "note"):
        if len(getattr(commitment, name)) > MAX_TEXT:
            raise DomainError("text.long", _("This text is too long."), name)
    foreign = {"donor", "beneficiary", "post", "rate", "rate_on", "activity_lineage", "signed_on"}
    try:
        commitment.clean_fields(exclude=foreign)
    except ValidationError as error:
        field, said = next(iter(error.message_dict.items()))
        raise DomainError(f"commitment.{field}", said[0], field) from error


def _check_years(commitment: Commitment) -> None:
    first, last = commitment.first_year, commitment.last_year
    furthest = timezone.localdate().year + FURTHEST_YEARS
    if not OLDEST_YEAR <= first <= furthest:
        raise DomainError("commitment.years", _("Look at the first year."), "first_year")
    if last < first:
        text = _("The last year is before the first one.")
        raise DomainError("commitment.years", text, "last_year")
    if last - first >= LONGEST:
        text = _("A commitment covers ten years at most.")
        raise DomainError("commitment.years", text, "last_year")
    if commitment._state.adding:
        return
    if commitment.shares.exclude(year__range=(first, last)).exists():
        text = _("A part is kept for a year that is left out: change the parts first.")
        raise DomainError("commitment.years", text, "last_year")
    if _shared(commitment) > commitment.amount_fcfa:
        text = _("The years add up to more than what is committed.")
        raise DomainError("commitment.years", text, "amount")


def _shared(commitment: Commitment) -> int:
    return int(commitment.shares.aggregate(n=Total("amount_fcfa"))["n"] or 0)


def _check_lowered(commitment: Commitment) -> None:
    if _paid(commitment) > commitment.amount_fcfa:
        text = _("More than that has been paid already.")
        raise DomainError("commitment.paid", text, "amount")


def _paid(commitment: Commitment) -> int:
    rows = commitment.disbursements.filter(withdrawn_at=None)
    return int(rows.aggregate(n=Total("amount_fcfa"))["n"] or 0)


# --- Payments -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment as it is typed."""

    on: datetime.date
    told: Sum
    reference: str = ""
    explanation: str = ""


@action(VERB)
def disburse(actor: Actor, commitment: Commitment, payment: Payment) -> Disbursement:
    """Record a payment. Beyond what is committed, it says why."""
    kept = _locked(actor, commitment)
    if kept.status != CommitmentStatus.OPEN:
        text = _("This commitment is cancelled: put it back in force first.")
        raise DomainError("commitment.cancelled", text)
    payment.told.check()
    check_day(payment.on, "on")
    if len(payment.reference) > 200:
        raise DomainError("text.long", _("This text is too long."), "reference")
    too_much = _paid(kept) + payment.told.fcfa - kept.amount_fcfa
    if too_much > 0 and not payment.explanation.strip():
        text = _("With this payment, more is paid than was committed: say why.")
        raise DomainError("disbursement.too_much", text, "explanation")
    reference = payment.reference.strip()
    same = kept.disbursements.filter(
        withdrawn_at=None,
        on=payment.on,
        amount=payment.told.amount,
        currency=payment.told.currency,
        reference=reference,
    )
    if same.exists():
        text = _("This payment is recorded already: same day, amount and reference.")
        raise DomainError("disbursement.twice", text, "reference")
    row = Disbursement(
        commitment=kept,
        on=payment.on,
        reference=reference,
        explanation=_explained(payment.explanation),
        post=_post_of(actor),
        **payment.told.columns(),
    )
    row.save(force_insert=True)
    return row


def _explained(text: str) -> str:
    return _reason(text, "explanation") if text.strip() else ""


@action(VERB)
def withdraw_disbursement(actor: Actor, row: Disbursement, *, reason: str) -> Disbursement:
    """Take a payment recorded by mistake out of the totals. It stays readable, with why."""
    _locked(actor, row.commitment)
    kept = visible(actor, Disbursement, VERB).select_for_update().get(pk=row.pk)
    if kept.withdrawn_at is not None:
        raise DomainError("disbursement.withdrawn", _("This payment is withdrawn already."))
    kept.withdrawn_reason = _reason(reason)
    kept.withdrawn_at = timezone.now()
    kept.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return kept
