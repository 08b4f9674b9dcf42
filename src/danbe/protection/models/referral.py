"""Referrals: one need of one person, put to another body."""

import uuid

from django.db import models

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Place
from danbe.partnership.models import ServiceOffer
from danbe.protection.models.care import Case
from danbe.protection.models.grounds import Ground
from danbe.protection.models.persons import Person
from danbe.protection.vocabulary import Declining, ReferralRoute, ReferralStatus


class Referral(ScopedModel):
    """One referral. What may be read by the recipient is what its live ground covers, no more.

    Outside a body with an account, ``recipient`` is empty: the recipient's name and how it was
    reached are sealed (group ``internal``, kind ``recipient``), the packet is on paper or in an
    encrypted file, and ``receipt_at`` says when it was confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)  # OR-2026-000123
    person = models.ForeignKey(Person, models.PROTECT, related_name="referrals")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="referrals")
    received_case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    ground = models.ForeignKey(Ground, models.PROTECT, related_name="referrals")
    service = models.CharField(max_length=40)  # a service_type code
    groups = models.CharField(max_length=200)  # as Ground.groups: what this referral shows
    route = models.CharField(max_length=10, choices=ReferralRoute.choices)
    country = models.CharField(max_length=2, blank=True)  # consulate, abroad
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    offer = models.ForeignKey(ServiceOffer, models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    is_urgent = models.BooleanField(default=False)
    is_transfer = models.BooleanField(default=False)  # of responsibility, once accepted
    status = models.CharField(
        max_length=10, choices=ReferralStatus.choices, default=ReferralStatus.SENT
    )
    sent_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    declining = models.CharField(max_length=12, choices=Declining.choices, blank=True)
    done_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    receipt_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-sent_at"]
        indexes = [
            models.Index(fields=["recipient", "status", "-sent_at"], name="referral_received"),
            models.Index(fields=["organisation", "status", "-sent_at"], name="referral_sent"),
            models.Index(fields=["status", "answer_due_at"], name="referral_by_clock"),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Sent by or to the actor's body; a region watches the clocks of its own."""
        if reach is Reach.REGION:
            return models.Q(region_id=actor.region_id, region__isnull=False)
        return models.Q(organisation_id=actor.organisation_id) | models.Q(
            recipient_id=actor.organisation_id
        )
