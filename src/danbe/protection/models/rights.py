"""One person in several bodies, and what a person may ask of the record."""

import uuid

from django.db import models

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.protection.models.persons import National, Person
from danbe.protection.vocabulary import ErasureStatus, LinkStatus


class Candidate(ScopedModel):
    """Two records of two bodies that may be one person. Neither body sees the other's names.

    ``agreement`` names what agrees (codes), ``weight`` how much that says; a human decides.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    a = models.ForeignKey(Person, models.PROTECT, related_name="+")
    b = models.ForeignKey(Person, models.PROTECT, related_name="+")
    agreement = models.CharField(max_length=200)
    weight = models.FloatField()
    status = models.CharField(max_length=10, choices=LinkStatus.choices, default=LinkStatus.OPEN)
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-weight", "found_at"]
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="one_candidate_a_pair"),
            models.CheckConstraint(condition=models.Q(a__lt=models.F("b")), name="a_before_b"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those in which one record is of the actor's body."""
        return models.Q(a__organisation_id=actor.organisation_id) | models.Q(
            b__organisation_id=actor.organisation_id
        )


class LinkDecision(ScopedModel):
    """What a human decided of a candidate, and why (a code, so that no name slips in)."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="decisions")
    status = models.CharField(max_length=10, choices=LinkStatus.choices)
    reason = models.CharField(max_length=30)
    kept = models.ForeignKey(National, models.PROTECT, null=True, related_name="+")
    moved = models.CharField(max_length=80, blank=True)  # ids of the records moved, to undo it
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the candidate."""
        return models.Q(candidate__a__organisation_id=actor.organisation_id) | models.Q(
            candidate__b__organisation_id=actor.organisation_id
        )


class LegalHold(ScopedModel):
    """Nothing of this person is erased while it lasts. Its reason is sealed (``internal``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="holds")
    since = models.DateField()
    until = models.DateField(null=True)
    lifted_at = models.DateTimeField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-since"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those of the persons of the actor's body."""
        return models.Q(person__organisation_id=actor.organisation_id)


class Erasure(ScopedModel):
    """An erasure: announced to two posts, held back by anyone of them, then done for ever."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="erasures")
    cause = models.CharField(max_length=20)  # a rule of retention, or ``request``
    status = models.CharField(
        max_length=8, choices=ErasureStatus.choices, default=ErasureStatus.WARNED
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField()  # the end of the grace
    asked_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    warned_post = models.ForeignKey(Post, models.PROTECT, related_name="+")  # the second person
    seen_at = models.DateTimeField(null=True)  # by the second person
    settled_at = models.DateTimeField(null=True)
    certificate = models.CharField(max_length=64, blank=True)  # of what was destroyed

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["due_on"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those of the persons of the actor's body."""
        return models.Q(person__organisation_id=actor.organisation_id)


class CorrectionRequest(ScopedModel):
    """The person says that something is wrong; what, is sealed (``internal``, ``correction``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    group = models.CharField(max_length=14)
    asked_on = models.DateField()
    settled_on = models.DateField(null=True)
    is_accepted = models.BooleanField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-asked_on"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those of the persons of the actor's body."""
        return models.Q(person__organisation_id=actor.organisation_id)
