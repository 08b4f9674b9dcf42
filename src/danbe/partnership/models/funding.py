"""Money that donors commit and pay, goods that bodies give, and what the sources say of gifts.

What is committed, what is paid and what a plan needs or allocates are different amounts: none
is ever added to another. No row says where a shelter is: a gift goes to a body.
"""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Labelled

FCFA = "XOF"
# Currencies of the donors seen in the sources, by their ISO 4217 codes.
CURRENCIES = (
    (FCFA, "FCFA"),
    *((code, code) for code in "EUR USD CAD CHF DKK GBP JPY NOK SEK".split()),
)


class Amount(models.Model):
    """An amount as its paper says it; FCFA at the rate that was typed, which stays for ever."""

    amount = models.DecimalField(max_digits=15, decimal_places=2)  # in ``currency``
    currency = models.CharField(max_length=3, choices=CURRENCIES, default=FCFA)
    rate = models.DecimalField(max_digits=14, decimal_places=6, null=True)  # FCFA for one unit
    rate_on = models.DateField(null=True)
    amount_fcfa = models.BigIntegerField()  # amount x rate, rounded once, when recorded

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(currency=FCFA, rate=None, rate_on=None)
                | (~Q(currency=FCFA) & Q(rate__isnull=False, rate_on__isnull=False)),
                name="%(class)s_foreign_money_has_its_rate",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount_fcfa__gt=0), name="%(class)s_is_positive"
            ),
        ]

    @property
    def is_foreign(self) -> bool:
        """Whether it was promised or paid in another currency."""
        return self.currency != FCFA

    @property
    def rate_said(self) -> Decimal | None:
        """The rate without the zeros that the column adds: 655.957."""
        if self.rate is None:
            return None
        told = self.rate.normalize()
        is_whole = told == told.to_integral_value()
        return told.quantize(Decimal(1)) if is_whole else told


class CommitmentStatus(models.TextChoices):
    """Whether a commitment still counts."""

    OPEN = "open", pgettext_lazy("commitment", "In force")
    CANCELLED = "cancelled", pgettext_lazy("commitment", "Cancelled")


class Commitment(ScopedModel, Amount):
    """What one donor commits to give, for one purpose, over some years. Not what it paid."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donor = models.ForeignKey(Organisation, models.PROTECT, related_name="commitments")
    beneficiary = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=300)
    axis = models.CharField(max_length=12, blank=True)  # code of the list axis; empty: not said
    plan_code = models.CharField(max_length=20, blank=True)  # plans stand above this layer:
    activity_lineage = models.UUIDField(null=True)  # their code and lineage are kept, no more
    is_in_plan = models.BooleanField(default=False)  # the plan already has it as allocated
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    signed_on = models.DateField(null=True)
    reference = models.CharField(max_length=200, blank=True)  # of the agreement
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)
    status = models.CharField(
        max_length=10, choices=CommitmentStatus.choices, default=CommitmentStatus.OPEN
    )
    cancelled_reason = models.TextField(blank=True)
    is_fictitious = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-first_year", "title", "pk"]
        constraints = [
            *Amount.Meta.constraints,
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")), name="commitment_years_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancelled_reason=""),
                name="a_cancelled_commitment_says_why",
            ),
            models.CheckConstraint(
                condition=Q(activity_lineage=None) | ~Q(plan_code=""),
                name="an_activity_is_of_a_plan",
            ),
        ]
        indexes = [
            models.Index(fields=["donor", "first_year"], name="commitment_by_donor"),
            models.Index(fields=["plan_code", "activity_lineage"], name="commitment_by_plan"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """What the actor's body gives or receives; only the donor writes (see the actions)."""
        return Q(donor_id=actor.organisation_id) | Q(beneficiary_id=actor.organisation_id)

    @property
    def years(self) -> range:
        """The calendar years that it covers."""
        return range(self.first_year, self.last_year + 1)


class CommitmentYear(models.Model):
    """The part of a commitment that its paper gives to one year, in FCFA. None is made up."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="shares")
    year = models.PositiveSmallIntegerField()
    amount_fcfa = models.BigIntegerField()

    class Meta:
        ordering = ["commitment", "year"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "year"], name="one_share_a_year"),
            models.CheckConstraint(condition=Q(amount_fcfa__gte=0), name="share_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.year}"


class Disbursement(ScopedModel, Amount):
    """One payment made on one commitment. A mistake is withdrawn with its reason, never erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="disbursements")
    on = models.DateField()
    reference = models.CharField(max_length=200, blank=True)
    explanation = models.TextField(blank=True)  # asked for when more is paid than committed
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["on", "created_at"]
        constraints = [
            *Amount.Meta.constraints,
            # The same payment sent twice (two tabs, a button pressed again) counts once.
            models.UniqueConstraint(
                fields=["commitment", "on", "amount", "currency", "reference"],
                condition=Q(withdrawn_at=None),
                name="one_payment_counts_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="a_withdrawn_payment_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.on}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Payments on what the actor's body gives or receives."""
        mine = Q(commitment__donor_id=actor.organisation_id)
        return mine | Q(commitment__beneficiary_id=actor.organisation_id)


class DonationStatus(models.TextChoices):
    """Where goods are."""

    ANNOUNCED = "announced", pgettext_lazy("donation", "Announced")
    DISPATCHED = "dispatched", pgettext_lazy("donation", "On its way")
    RECEIVED = "received", pgettext_lazy("donation", "Received")
    CANCELLED = "cancelled", pgettext_lazy("donation", "Cancelled")


# From -> to. What was received stays received: the receipt was printed and signed.
DONATION_STEPS = {
    DonationStatus.ANNOUNCED: {DonationStatus.DISPATCHED, DonationStatus.CANCELLED},
    DonationStatus.DISPATCHED: {DonationStatus.RECEIVED, DonationStatus.CANCELLED},
    DonationStatus.RECEIVED: set[DonationStatus](),
    DonationStatus.CANCELLED: set[DonationStatus](),
}


class Donation(ScopedModel):
    """Goods that one body gives to another: announced, sent, received. No place is ever kept."""

    id = models.BigAutoField(primary_key=True)
    donor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    axis = models.CharField(max_length=12, blank=True)  # code of the list axis; empty: not said
    plan_code = models.CharField(max_length=20, blank=True)
    announced_on = models.DateField()
    dispatched_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    status = models.CharField(
        max_length=12, choices=DonationStatus.choices, default=DonationStatus.ANNOUNCED
    )
    received_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    receipt_paper = models.CharField(max_length=200, blank=True)  # signed, entered by another
    cancelled_reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    is_fictitious = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-announced_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(donor=F("recipient")), name="nobody_gives_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(status="received", received_on__isnull=False)
                | (~Q(status="received") & Q(received_on=None)),
                name="a_received_donation_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancelled_reason=""),
                name="a_cancelled_donation_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "status"], name="donation_by_recipient"),
            models.Index(fields=["donor", "announced_on"], name="donation_by_donor"),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """What the actor's body gives or is given; who may do what is in the actions."""
        return Q(donor_id=actor.organisation_id) | Q(recipient_id=actor.organisation_id)

    @property
    def number(self) -> str:
        """What the receipt bears: the year it was announced in, and a number of its own."""
        return f"DON-{self.announced_on.year}-{self.pk:05}"


class DonationLine(models.Model):
    """One kind of goods in a donation: what was sent, and what arrived."""

    donation = models.ForeignKey(Donation, models.CASCADE, related_name="lines")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=80)  # code of the list donation_kind
    goods = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=40)
    received = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # none: not yet
    reason = models.TextField(blank=True)  # why it is not what was sent

    class Meta:
        ordering = ["donation", "order"]
        constraints = [
            models.UniqueConstraint(fields=["donation", "order"], name="one_line_a_rank"),
            models.CheckConstraint(
                condition=Q(quantity__gt=Decimal(0)) & (Q(received=None) | Q(received__gte=0)),
                name="quantities_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(received=None) | Q(received=F("quantity")) | ~Q(reason=""),
                name="a_difference_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.goods


class SourcedDonation(Labelled):
    """One gift that a public source tells of. What it does not say stays empty."""

    order = models.PositiveSmallIntegerField(unique=True)
    period = models.CharField(max_length=10)  # 2025-02: as precise as the source
    donor_fr = models.CharField(max_length=200)
    donor_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=80)  # code of the list donation_kind
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    unit_fr = models.CharField(max_length=40, blank=True)
    unit_en = models.CharField(max_length=40, blank=True)
    recipients = models.CharField(max_length=300, blank=True)  # bodies, as a text
    detail_fr = models.TextField(blank=True)
    detail_en = models.TextField(blank=True)
    source = models.TextField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="a_told_gift_has_a_source")
        ]

    def _said(self, name: str) -> str:
        english = not (get_language() or "fr").startswith("fr")
        told = getattr(self, f"{name}_en") if english else ""
        return str(told or getattr(self, f"{name}_fr"))

    @property
    def donor(self) -> str:
        """Who gave, in the reader's language."""
        return self._said("donor")

    @property
    def unit(self) -> str:
        """In what it is counted, in the reader's language."""
        return self._said("unit")

    @property
    def detail(self) -> str:
        """What else the source says, or does not."""
        return self._said("detail")
