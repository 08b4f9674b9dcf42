"""The ledger of grounds: why something about a person may reach another body, and until when.

A consent, a judicial order, a vital emergency and a break-glass are four kinds of one thing: a
ground, which names a person, a recipient, field groups, a purpose and a period. Rows are added,
never altered; a withdrawal stamps the row and cuts at once.
"""

import datetime
import uuid

from django.db import models
from django.utils import timezone

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.protection.vocabulary import Assent, FieldGroup, Giver, GroundKind, Purpose, Told


class ConsentText(models.Model):
    """One version of what is read out, for one purpose. A change is a new version."""

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    version = models.CharField(max_length=20)
    body_fr = models.TextField()
    body_en = models.TextField(blank=True)
    is_official = models.BooleanField(default=False)  # the shipped ones are editable templates
    since = models.DateField()

    class Meta:
        ordering = ["purpose", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="one_text_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class Ground(ScopedModel):
    """One ground for sharing. A refusal is a row too: ``is_given`` false, and it covers nothing.

    ``groups`` is space-delimited on both sides (`` identity health ``), so that a group is found
    whole. ``recipient`` is a body; a body without an account is named in the sealed record of
    the referral and has no access to cut but its paper. Break-glass names one post.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("protection.Person", models.PROTECT, related_name="grounds")
    kind = models.CharField(max_length=12, choices=GroundKind.choices)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    is_given = models.BooleanField(default=True)
    recipient = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    recipient_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    groups = models.CharField(max_length=200)
    services = models.CharField(max_length=200, blank=True)  # service_type codes, same way
    start = models.DateTimeField(default=timezone.now)
    end = models.DateTimeField()
    # How it was obtained.
    text = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=40, blank=True)
    told = models.CharField(max_length=12, choices=Told.choices, blank=True)
    giver = models.CharField(max_length=10, choices=Giver.choices, blank=True)
    assent = models.CharField(max_length=10, choices=Assent.choices, blank=True)
    # Who wrote it down. Witness, guardian, interpreter, order number, reason: sealed records.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    # How it ended before its time.
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    # What it served is over: the one referral it was given for was declined or revoked.
    spent_at = models.DateTimeField(null=True)
    # Emergency and break-glass are looked at by somebody else afterwards.
    review_due_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    is_justified = models.BooleanField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-recorded_at"]
        indexes = [
            models.Index(fields=["recipient", "person"], name="ground_by_recipient"),
            models.Index(fields=["review_due_at"], name="ground_by_review"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="period"),
            models.CheckConstraint(
                condition=models.Q(groups__startswith=" ", groups__endswith=" "),
                name="groups_are_delimited",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those about the body's persons, those it wrote down, and those that reach it."""
        about = models.Q(person__organisation_id=actor.organisation_id)
        return about | models.Q(organisation_id=actor.organisation_id) | to_actor(actor)

    @property
    def field_groups(self) -> list[FieldGroup]:
        """The groups it covers."""
        return [FieldGroup(code) for code in self.groups.split()]

    def is_live(self, now: datetime.datetime | None = None) -> bool:
        """Whether it covers anything at ``now``."""
        now = now or timezone.now()
        ended = self.withdrawn_at or self.spent_at
        return self.is_given and ended is None and self.start <= now < self.end


class Acknowledgement(ScopedModel):
    """A recipient says that it knows of a withdrawal and destroyed what it held on paper."""

    ground = models.ForeignKey(Ground, models.PROTECT, related_name="acknowledgements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    given_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["ground", "organisation"], name="one_acknowledgement")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those asked of the actor's body, and those about its persons or its grounds."""
        asked = models.Q(organisation_id=actor.organisation_id)
        about = models.Q(ground__person__organisation_id=actor.organisation_id)
        return asked | about | models.Q(ground__organisation_id=actor.organisation_id)


def delimited(codes: "list[str] | set[str] | tuple[str, ...]") -> str:
    """Codes as they stand in ``groups``: sorted, a space on each side."""
    return f" {' '.join(sorted(set(codes)))} "


def to_actor(actor: Actor) -> models.Q:
    """Grounds addressed to the actor's body, or to the actor's post alone."""
    to_body, to_post = _ways(actor)
    return to_body | to_post


def opened_to(actor: Actor) -> models.Q:
    """The persons that a live ground opens to the actor: one index a way, no scan."""
    to_body, to_post = (
        models.Q(pk__in=Ground.unscoped.filter(live() & way).values("person_id"))
        for way in _ways(actor)
    )
    return to_body | to_post


def _ways(actor: Actor) -> tuple[models.Q, models.Q]:
    to_body = models.Q(recipient_id=actor.organisation_id, recipient_post=None)
    return to_body, models.Q(recipient_post_id=actor.post_id, recipient_post__isnull=False)


def live(now: datetime.datetime | None = None) -> models.Q:
    """Grounds that cover something at ``now``."""
    now = now or timezone.now()
    return models.Q(is_given=True, withdrawn_at=None, spent_at=None, start__lte=now, end__gt=now)
