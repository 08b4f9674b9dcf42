"""Interviews, and the decisions taken about a person: each version with who and why."""

import uuid

from django.db import models

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.protection.models.grounds import Ground, in_effect, to_actor
from danbe.protection.models.persons import Person
from danbe.protection.vocabulary import Basis, FieldGroup, Question


def of_person(actor: Actor) -> models.Q:
    """What the actor's body wrote, or what is about a person of the actor's body."""
    return models.Q(organisation_id=actor.organisation_id) | models.Q(
        person__organisation_id=actor.organisation_id
    )


class Interview(ScopedModel):
    """One guided interview. The answers are sealed (group ``story``, kind ``interview``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="interviews")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=40, blank=True)
    has_interpreter = models.BooleanField(default=False)
    n_answered = models.PositiveSmallIntegerField(default=0)
    # What the method read from the answers: codes only, never words of the person.
    result = models.CharField(max_length=20, blank=True)
    elements = models.CharField(max_length=60, blank=True)  # act means purpose, established ones
    patterns = models.CharField(max_length=200, blank=True)
    forms = models.CharField(max_length=400, blank=True)
    is_in_danger = models.BooleanField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-begun_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """The interviews that the actor's body held, and those that a live ground opens to it."""
        covered = Ground.unscoped.filter(in_effect(FieldGroup.STORY) & to_actor(actor))
        own = models.Q(organisation_id=actor.organisation_id)
        return own | models.Q(person_id__in=covered.values("person_id"))


class Decision(ScopedModel):
    """One decision on one question about a person; the newest in force is on the person.

    The reason is sealed (group ``story``, kind ``decision``). ``offences`` are article codes it
    may qualify under, as the law stood on the day of the facts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="decisions")
    question = models.CharField(max_length=12, choices=Question.choices)
    value = models.CharField(max_length=14)
    on = models.DateField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    interview = models.ForeignKey(Interview, models.PROTECT, null=True, related_name="decisions")
    basis = models.CharField(max_length=20, choices=Basis.choices, blank=True)
    form = models.CharField(max_length=40, blank=True)
    offences = models.CharField(max_length=300, blank=True)  # codes, space separated
    superseded_at = models.DateTimeField(null=True)
    contested_at = models.DateTimeField(null=True)  # by whom and why: sealed, kind ``contest``
    contested_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    contest_settled_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-recorded_at", "-id"]
        indexes = [
            models.Index(fields=["question", "value", "on"], name="decision_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those of the actor's body, or about its persons."""
        return of_person(actor)
