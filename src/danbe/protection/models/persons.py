"""People met, the events where they were met, and what is sealed about them."""

import uuid
from typing import Any, ClassVar

from django.apps import apps
from django.db import models

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Place
from danbe.protection.models.grounds import Ground, in_effect, opened_to, to_actor
from danbe.protection.vocabulary import (
    Basis,
    EventKind,
    FieldGroup,
    Identification,
    Involvement,
    Knowledge,
    Pathway,
    Sex,
)

# What the holder of a record hears, whoever wrote it: why it was opened, what was decided.
TOLD_TO_HOLDER = ("exception", "decision", "contest", "contest_answer", "decline")
# What is kept from the post it is about, and from its colleagues: see :class:`Feedback`.
COMPLAINTS = ("complaint", "complaint_answer")


class Event(ScopedModel):
    """An encounter: one walk-in or a raid of 477 people, in one place on one day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)  # EV-2026-000123
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    on = models.DateField()
    on_is_estimated = models.BooleanField(default=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    region = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    n_announced = models.PositiveIntegerField(null=True)  # people said to be there
    is_closed = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # The account of the event, under a key of its own (owner ``event:<id>``).
    wrapped_key = models.BinaryField(null=True)
    narrative = models.BinaryField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-on", "-number"]
        indexes = [models.Index(fields=["organisation", "-on"], name="event_by_body")]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """The events of the actor's body."""
        return models.Q(organisation_id=actor.organisation_id)


class Household(ScopedModel):
    """People who stay together: a family, or a displaced community."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    is_community = models.BooleanField(default=False)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="households")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """The households of the actor's body."""
        return models.Q(organisation_id=actor.organisation_id)


class National(models.Model):
    """One human being, under a number that says nothing. Records of several bodies share it."""

    number = models.CharField(max_length=16, unique=True)  # ML-4F7K-9QW2

    def __str__(self) -> str:
        return self.number


class Shareable(ScopedModel):
    """Rows of a body's persons, which a live ground may open to another body."""

    person_column: ClassVar[str]  # what names the person

    class Meta(ScopedModel.Meta):
        abstract = True

    @classmethod
    def own_rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those of the actor's body."""
        return models.Q(organisation_id=actor.organisation_id)

    @classmethod
    def shared_rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those that a live ground opens to it."""
        return models.Q(**{f"{cls.person_column}__in": opened_to(actor)})


class Person(Shareable):
    """One body's record of one person. Who it is stays sealed; here is what is counted.

    Ages are in years at the event; ``None`` where nothing is known. ``involvement``,
    ``pathway`` and ``status`` are the decisions in force (see :class:`Decision`).
    """

    person_column = "pk"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    national = models.ForeignKey(National, models.PROTECT, related_name="persons")
    # The number this record was given at first; a link undone goes back to it.
    first_national = models.ForeignKey(National, models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, related_name="persons")
    line = models.PositiveIntegerField(default=1)  # place on the intake sheet of the event
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="persons")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    knowledge = models.CharField(max_length=10, choices=Knowledge.choices)
    met_on = models.DateField()
    region = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # Pseudonymous columns: enough for figures and for finding the right bed.
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    age_min = models.PositiveSmallIntegerField(null=True)
    age_max = models.PositiveSmallIntegerField(null=True)
    age_is_estimated = models.BooleanField(default=True)
    citizenship = models.CharField(max_length=10, blank=True)  # ISO 3166 alpha-2
    languages = models.CharField(max_length=80, blank=True)  # codes, space separated
    has_disability = models.BooleanField(null=True)
    form = models.CharField(max_length=40, blank=True)  # main form of exploitation
    basis = models.CharField(max_length=20, choices=Basis.choices, default=Basis.NOT_STATED)
    involvement = models.CharField(
        max_length=14, choices=Involvement.choices, default=Involvement.UNDETERMINED
    )
    pathway = models.CharField(
        max_length=14, choices=Pathway.choices, default=Pathway.UNDETERMINED
    )
    status = models.CharField(
        max_length=14, choices=Identification.choices, default=Identification.OPEN
    )
    has_legal_hold = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-met_on", "-created_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "-met_on", "-created_at"], name="person_recent"),
            models.Index(fields=["organisation", "status", "-met_on"], name="person_by_status"),
            models.Index(fields=["event", "line"], name="person_by_line"),
            models.Index(fields=["met_on"], name="person_by_day"),
            # Everything that a list is filtered by: a count reads no row.
            models.Index(
                fields=(
                    "organisation erased_at status sex pathway age_min age_max involvement "
                    "citizenship"
                ).split(),
                name="person_counted",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(age_min=None)
                | models.Q(age_max=None)
                | models.Q(age_max__gte=models.F("age_min")),
                name="ages_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those of the actor's body, and those that a live ground opens to it."""
        return cls.own_rows_of(actor, reach) | cls.shared_rows_of(actor, reach)

    @property
    def age_group(self) -> str:
        """``child``, ``adult`` or ``unknown``: an age that may be either is unknown."""
        if self.age_max is not None and self.age_max < 18:
            return "child"
        if self.age_min is not None and self.age_min >= 18:
            return "adult"
        return "unknown"


class DataKey(models.Model):
    """The data key of one person and one field group, wrapped; empty once destroyed."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="keys")
    group = models.CharField(max_length=14, choices=FieldGroup.choices)
    wrapped = models.BinaryField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="one_key_a_group")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.group}"


class Sealed(ScopedModel):
    """One sealed text about a person: names, an interview, a reason, a note, a photograph.

    Everything sealed about people stands in this one table: one rule opens it, one act erases
    it. ``kind`` says what it is, ``subject`` of which row. A correction adds a row and stamps
    the former one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="sealed")
    group = models.CharField(max_length=14, choices=FieldGroup.choices)
    kind = models.CharField(max_length=30)
    subject = models.UUIDField(null=True)
    content = models.BinaryField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["person", "group"], name="sealed_by_group"),
            models.Index(fields=["subject"], name="sealed_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """What the actor's body wrote; of others, the groups that a live ground covers.

        What another body decided about the body's own person is the body's to know, too.
        """
        covered = Ground.unscoped.filter(
            in_effect(column="group") & to_actor(actor), person=models.OuterRef("person")
        )
        own = models.Q(organisation_id=actor.organisation_id) & ~_complaints_kept_from(actor)
        told = models.Q(person__organisation_id=actor.organisation_id, kind__in=TOLD_TO_HOLDER)
        return own | told | models.Q(models.Exists(covered))


def _complaints_kept_from(actor: Actor) -> models.Q:
    """Complaints that others wrote down; for who answers them, those about their own post."""
    kept = models.Q(kind__in=COMPLAINTS) & ~models.Q(post_id=actor.post_id)
    if actor.can("feedback.answer"):
        feedback: Any = apps.get_model("protection", "Feedback")
        about = feedback.unscoped.filter(about_post_id=actor.post_id)
        kept &= models.Q(subject__in=about.values("pk"))
    return kept


class Opening(ScopedModel):
    """Somebody opened a field group of a person: shown to the caseworker and the survivor."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="openings")
    group = models.CharField(max_length=14, choices=FieldGroup.choices)
    at = models.DateTimeField(auto_now_add=True)
    user_id = models.UUIDField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    ground = models.ForeignKey(Ground, models.PROTECT, null=True, related_name="openings")

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those of the persons of the actor's body."""
        return models.Q(person__organisation_id=actor.organisation_id)


class NameKey(Shareable):
    """One keyed hash under which a person is found: of a pair of names, a word, a phone.

    No name can be read from it, nor tried against it without the key outside the database.
    ``kind`` is the letter of :func:`danbekit.linkage.keys.search_keys`; ``key`` 64 bits of the
    keyed hash, as the signed integer that both databases index. ``organisation`` is that of the
    person: a search reads the index alone, however many people bear a name elsewhere.
    """

    person_column = "person"

    id = models.BigAutoField(primary_key=True)
    key = models.BigIntegerField()
    kind = models.CharField(max_length=1)
    person = models.ForeignKey(Person, models.CASCADE, related_name="name_keys")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False
    )

    class Meta(ScopedModel.Meta):
        abstract = False
        indexes = [models.Index(fields=["key", "organisation", "person"], name="namekey_by_body")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the person."""
        return cls.own_rows_of(actor, reach) | cls.shared_rows_of(actor, reach)
