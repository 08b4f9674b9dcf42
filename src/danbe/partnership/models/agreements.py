"""Agreements between bodies, and what each lets pass: from whom, to whom, what, from when to when.

The typed dates stand on the agreement and on its flows; the two days that access obeys stand on
the flow alone (``opens_on``, ``closed_from``), written when the agreement is signed or ended.
"""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.field_groups import FieldGroup


class AgreementKind(models.TextChoices):
    """What sort of text it is."""

    PROTOCOL = "protocol", _("Information-sharing protocol")
    AGREEMENT = "agreement", _("Partnership agreement")
    EXCHANGE = "exchange", _("Exchange of letters")
    OTHER = "other", _("Other text")


class AgreementStatus(models.TextChoices):
    """Where it stands. That its last day is past is not a status: the calendar says it."""

    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")
    ENDED = "ended", _("Ended before its term")
    DROPPED = "dropped", _("Given up before signing")


ALLOWED = {
    AgreementStatus.DRAFT: {AgreementStatus.SIGNED, AgreementStatus.DROPPED},
    AgreementStatus.SIGNED: {AgreementStatus.ENDED},
    AgreementStatus.ENDED: set(),
    AgreementStatus.DROPPED: set(),
}


class Agreement(ScopedModel):
    """One agreement between two bodies or more, as it was signed.

    ``act_number`` and ``act_on`` are those of the personal-data authority's act, as typed; empty
    means that none was recorded, and pages say so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=AgreementKind.choices)
    title = models.CharField(max_length=200)
    reference = models.CharField(max_length=80, blank=True)  # the number on the paper
    kept_at = models.CharField(max_length=200, blank=True)  # where the signed text is filed
    signed_on = models.DateField(null=True)
    start = models.DateField()
    until = models.DateField(null=True)  # the last day; empty: without a term
    status = models.CharField(
        max_length=8, choices=AgreementStatus.choices, default=AgreementStatus.DRAFT
    )
    ended_on = models.DateField(null=True)  # the first day without it, ended before its term
    end_reason = models.TextField(blank=True)
    act_number = models.CharField(max_length=80, blank=True)
    act_on = models.DateField(null=True)
    is_fictitious = models.BooleanField(default=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-start", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("start")), name="agreement_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "dropped")) | Q(signed_on__isnull=False),
                name="signed_agreement_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="ended") | Q(ended_on__isnull=False),
                name="ended_agreement_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Those to which the actor's body is a party, once signed."""
        mine = Party.objects.filter(organisation=actor.organisation_id)
        signed = Q(status__in=(AgreementStatus.SIGNED, AgreementStatus.ENDED))
        return signed & Q(pk__in=mine.values("agreement_id"))

    @property
    def closed_from(self) -> datetime.date | None:
        """The first day without it; ``None`` while it has no term."""
        if self.ended_on:
            return self.ended_on
        return self.until + datetime.timedelta(days=1) if self.until else None

    def is_in_force(self, day: datetime.date) -> bool:
        """Whether it binds on ``day``."""
        was_signed = self.status in (AgreementStatus.SIGNED, AgreementStatus.ENDED)
        begun = was_signed and self.start <= day
        return begun and (self.closed_from is None or day < self.closed_from)


class Party(models.Model):
    """One body that is party to one agreement."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["organisation__label_fr"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "agreement"], name="one_party_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.organisation_id}"


class Flow(ScopedModel):
    """What one body may let another read under one agreement, and from when to when.

    ``groups`` is delimited as in a consent. ``opens_on`` is empty before the agreement is
    signed; ``closed_from`` is the first day on which nothing passes, empty without a term.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="flows")
    sender = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    groups = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    first = models.DateField(null=True)  # where other than those of the agreement
    last = models.DateField(null=True)
    opens_on = models.DateField(null=True)
    closed_from = models.DateField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["sender__label_fr", "recipient__label_fr", "pk"]
        indexes = [
            models.Index(
                fields=["sender", "recipient", "opens_on", "closed_from"], name="flow_by_pair"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="flow_leaves_a_body"),
            models.CheckConstraint(
                condition=Q(groups__startswith=" ", groups__endswith=" "),
                name="flow_groups_are_delimited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} {self.recipient_id}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Those of the agreements to which the actor's body is a party."""
        mine = Party.objects.filter(organisation=actor.organisation_id)
        signed = Q(opens_on__isnull=False)
        return signed & Q(agreement_id__in=mine.values("agreement_id"))

    @property
    def field_groups(self) -> list[FieldGroup]:
        """What may pass, in the usual order."""
        codes = self.groups.split()
        return [group for group in FieldGroup if group in codes]

    def is_open(self, day: datetime.date) -> bool:
        """Whether it lets anything pass on ``day``."""
        begun = self.opens_on is not None and self.opens_on <= day
        return begun and (self.closed_from is None or day < self.closed_from)
