"""The service directory: who offers what, where, for whom, and which addresses are kept secret.

An address that could hurt somebody is in a row of its own, sealed, so that the directory can be
read, sorted and printed without ever coming near it.
"""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Place

# Services whose place is never shown, whoever offers them (codes of the list service_type).
PROTECTED_TYPES = ("shelter", "protection_measure")
# After that long, a number of free beds is no longer something to send somebody to.
BEDS_LAST = datetime.timedelta(hours=48)


class Audience(models.TextChoices):
    """For whom a service is."""

    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    GIRLS = "girls", _("Girls")
    BOYS = "boys", _("Boys")
    MOTHERS = "mothers_with_children", _("Mothers with children")


class ServiceOffer(ScopedModel):
    """One service that one organisation offers in one place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="offers")
    type = models.CharField(max_length=80, db_index=True)  # code of the list service_type
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # a region or a cercle
    for_women = models.BooleanField(default=False)
    for_men = models.BooleanField(default=False)
    for_mothers_with_children = models.BooleanField(default=False)
    for_boys = models.BooleanField(default=False)
    for_girls = models.BooleanField(default=False)
    age_min = models.PositiveSmallIntegerField(null=True)  # years
    age_max = models.PositiveSmallIntegerField(null=True)
    is_accessible = models.BooleanField(default=False)
    languages = models.CharField(max_length=120, blank=True)  # codes, space separated
    is_24h = models.BooleanField(default=False)
    hours = models.CharField(max_length=200, blank=True)
    conditions = models.TextField(blank=True)
    public_contact = models.CharField(max_length=200, blank=True)
    beds_total = models.PositiveSmallIntegerField(null=True)
    beds_free = models.PositiveSmallIntegerField(null=True)
    beds_updated_at = models.DateTimeField(null=True)
    is_protected = models.BooleanField(default=True)  # its place is shown to nobody
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    is_active = models.BooleanField(default=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    note = models.TextField(blank=True)
    is_fictitious = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["type", "organisation__label_fr"]
        constraints = [
            models.CheckConstraint(
                condition=Q(for_women=True)
                | Q(for_men=True)
                | Q(for_mothers_with_children=True)
                | Q(for_boys=True)
                | Q(for_girls=True),
                name="offer_is_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(beds_free=None, beds_updated_at=None)
                | Q(
                    beds_free__isnull=False,
                    beds_updated_at__isnull=False,
                    beds_total__isnull=False,
                    beds_free__lte=F("beds_total"),
                ),
                name="free_beds_are_dated_and_exist",
            ),
            models.CheckConstraint(
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_min__lte=F("age_max")),
                name="offer_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="offer_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(is_protected=False) | Q(latitude=None, longitude=None),
                name="no_point_for_a_protected_place",
            ),
            models.CheckConstraint(
                condition=~Q(type__in=PROTECTED_TYPES) | Q(is_protected=True),
                name="shelters_are_protected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """What the actor's own organisation offers."""
        return Q(organisation_id=actor.organisation_id)

    @property
    def audiences(self) -> list[str]:
        """For whom, as codes."""
        return [code for code in Audience.values if getattr(self, f"for_{code}")]

    @property
    def language_codes(self) -> list[str]:
        """The languages spoken there, as codes."""
        return self.languages.split()

    def is_open_on(self, day: datetime.date) -> bool:
        """Whether it is offered on ``day``."""
        began = self.valid_from is None or self.valid_from <= day
        return self.is_active and began and (self.valid_to is None or self.valid_to >= day)


class SafeAddress(ScopedModel):
    """Where a protected service is, and its telephone: sealed under a key of that offer alone.

    The row bears the identifier of its offer: so does the trail of who opened it.
    """

    offer = models.OneToOneField(
        ServiceOffer, models.CASCADE, primary_key=True, related_name="safe_address"
    )
    key = models.BinaryField()
    sealed_address = models.BinaryField()
    sealed_phone = models.BinaryField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Those of the actor's organisation, and those it was let into and still is."""
        let_in = AddressGrant.running().filter(organisation=actor.organisation_id)
        own = Q(offer__organisation_id=actor.organisation_id)
        return own | Q(offer_id__in=let_in.values("offer_id"))

    @property
    def owner(self) -> str:
        """Whose key it is."""
        return f"offer:{self.pk}"


class GrantReason(models.TextChoices):
    """Why another organisation is let into an address."""

    REFERRAL = "referral", _("A person was referred")
    ESCORT = "escort", _("To bring a person there")
    DELIVERY = "delivery", _("To bring help there")
    INSPECTION = "inspection", _("Visit of inspection")


class AddressGrant(ScopedModel):
    """One organisation let into the address of one offer, until a moment, for a reason.

    Made by the offering organisation: by hand, or when it accepts a referral.
    """

    offer = models.ForeignKey(ServiceOffer, models.CASCADE, related_name="grants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    until = models.DateTimeField()
    reason_code = models.CharField(max_length=20, choices=GrantReason.choices)
    granted_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "until"], name="grant_by_body")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.organisation_id}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Those that the actor's organisation gave or was given: either may end them."""
        given = Q(offer__organisation_id=actor.organisation_id)
        return given | Q(organisation_id=actor.organisation_id)

    @classmethod
    def running(cls) -> "models.QuerySet[AddressGrant]":
        """Those in force now."""
        rows: models.QuerySet[AddressGrant] = cls.unscoped.filter(
            withdrawn_at=None, until__gt=timezone.now()
        )
        return rows

    @property
    def is_running(self) -> bool:
        """Whether it is in force now."""
        return self.withdrawn_at is None and self.until > timezone.now()
