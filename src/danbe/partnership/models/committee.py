"""The assemblies that carry the fight: the Committee, its bureau, its branches; who sits there.

Members are bodies: a person is never a member here. A seat is never deleted, it ends.
"""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Labelled, Place


class AssemblyKind(models.TextChoices):
    """What an assembly is."""

    COMMITTEE = "committee", _("Committee")
    BUREAU = "bureau", _("Bureau")
    SUB_COMMITTEE = "sub_committee", _("Sub-committee")
    LOCAL = "local", _("Local committee")


class QuorumRule(models.TextChoices):
    """How it is said whether enough members came."""

    UNKNOWN = "unknown", _("Not known")
    SHARE = "share", _("A share of the members, in percent")
    NUMBER = "number", _("A number of members")


class Assembly(ScopedModel, Labelled):
    """One assembly: the Committee itself, its bureau, a sub-committee, a local committee.

    ``note`` says what sources tell of its composition. ``records_since`` is the day from which
    every meeting is recorded here: before it, a month without a meeting is not known to be empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=16, choices=AssemblyKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="branches")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    legal_act = models.CharField(max_length=300, blank=True)
    note_fr = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    quorum_rule = models.CharField(
        max_length=8, choices=QuorumRule.choices, default=QuorumRule.UNKNOWN
    )
    quorum_value = models.PositiveSmallIntegerField(null=True)
    cadence_months = models.PositiveSmallIntegerField(null=True)  # asked of it; null: nothing
    cadence_source = models.TextField(blank=True)
    records_since = models.DateField(null=True)
    source = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    is_fictitious = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_rule="unknown", quorum_value=None)
                | Q(quorum_rule="share", quorum_value__gte=1, quorum_value__lte=100)
                | Q(quorum_rule="number", quorum_value__gte=1),
                name="quorum_rule_has_its_value",
            ),
            models.CheckConstraint(
                condition=~Q(kind="local") | Q(place__isnull=False),
                name="a_local_committee_has_a_place",
            ),
        ]

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Those where the actor's own post sits today."""
        return Q(pk__in=Seat.of_post(actor))

    @property
    def note(self) -> str:
        """What is known of it, in the reader's language."""
        english = not (get_language() or "fr").startswith("fr")
        return (english and self.note_en) or self.note_fr


class SeatKind(models.TextChoices):
    """In whose absence one sits."""

    TITULAR = "titular", _("Titular")
    ALTERNATE = "alternate", _("Alternate")


class SeatFunction(models.TextChoices):
    """What a member does there. An observer does not count for the quorum."""

    PRESIDENT = "president", _("President")
    VICE_PRESIDENT = "vice_president", _("Vice-president")
    RAPPORTEUR = "rapporteur", _("Rapporteur")
    SECRETARY = "secretary", _("Secretary")
    MEMBER = "member", _("Member")
    OBSERVER = "observer", _("Observer")


class Seat(ScopedModel):
    """One body that sits in one assembly, from when to when, by which act; maybe by which post."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="seats")
    kind = models.CharField(max_length=10, choices=SeatKind.choices, default=SeatKind.TITULAR)
    function = models.CharField(
        max_length=16, choices=SeatFunction.choices, default=SeatFunction.MEMBER
    )
    start = models.DateField(null=True)  # null: not known
    end = models.DateField(null=True)  # last day; null: no end was set
    mandate_act = models.CharField(max_length=300, blank=True)
    source = models.TextField(blank=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["assembly", "organisation__label_fr", "-start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
                name="seat_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["assembly", "end"], name="seat_by_assembly")]

    def __str__(self) -> str:
        return f"{self.assembly_id} {self.organisation_id}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Those of the assemblies where the actor's own post sits."""
        return Q(assembly_id__in=cls.of_post(actor))

    @staticmethod
    def live_on(day: datetime.date) -> Q:
        """The terms that run on ``day``; a start that is not known has begun."""
        begun = Q(start=None) | Q(start__lte=day)
        return begun & (Q(end=None) | Q(end__gte=day))

    @classmethod
    def of_post(cls, actor: Actor) -> "models.QuerySet[Seat, uuid.UUID]":
        """The assemblies where the actor's post sits today."""
        rows: models.QuerySet[Seat] = cls.unscoped.filter(
            cls.live_on(timezone.localdate()), post_id=actor.post_id, post__isnull=False
        )
        return rows.values_list("assembly_id", flat=True)

    @property
    def counts(self) -> bool:
        """Whether it counts for the quorum."""
        return self.kind == SeatKind.TITULAR and self.function != SeatFunction.OBSERVER
