"""The joint calendar of trainings, the trainers who agreed to be listed, the desks of bodies.

Participants are counts. The only persons named are trainers, with the day they agreed.
"""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Place


class TrainingStatus(models.TextChoices):
    """Whether a training took place."""

    PLANNED = "planned", pgettext_lazy("training", "Planned")
    HELD = "held", pgettext_lazy("training", "Held")
    CANCELLED = "cancelled", pgettext_lazy("training", "Cancelled")


# From -> to. To count again the participants of a training held is allowed.
TRAINING_STEPS = {
    TrainingStatus.PLANNED: {TrainingStatus.HELD, TrainingStatus.CANCELLED},
    TrainingStatus.HELD: {TrainingStatus.HELD},
    TrainingStatus.CANCELLED: {TrainingStatus.PLANNED},
}


class Trainer(ScopedModel):
    """One professional who agreed to be listed as a trainer. Who takes it back is erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    function = models.CharField(max_length=160)
    themes = models.CharField(max_length=300)
    languages = models.CharField(max_length=120, blank=True)  # codes, space separated
    region = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    phone = models.CharField(max_length=40, blank=True)  # of the office
    email = models.EmailField(blank=True)  # of the office
    consent_on = models.DateField()  # the day this person agreed
    is_fictitious = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Trainers of the actor's body."""
        return Q(organisation_id=actor.organisation_id)


class Training(ScopedModel):
    """One training: who organises it, for whom, where, when; then how many came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organiser = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    partners = models.ManyToManyField(Organisation, related_name="+")  # organise it too
    funders = models.ManyToManyField(Organisation, related_name="+")
    trainers = models.ManyToManyField(Trainer, related_name="trainings")
    training_bodies = models.ManyToManyField(Organisation, related_name="+")  # send trainers
    title = models.CharField(max_length=300)
    theme = models.CharField(max_length=200)  # no list of themes was found in the sources
    audiences = models.CharField(max_length=200)  # codes of the list audience, space separated
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    venue = models.CharField(max_length=200, blank=True)  # a public room, never a shelter
    start = models.DateField()
    end = models.DateField()
    seats = models.PositiveIntegerField(null=True)
    plan_code = models.CharField(max_length=20, blank=True)
    activity_lineage = models.UUIDField(null=True)
    status = models.CharField(
        max_length=10, choices=TrainingStatus.choices, default=TrainingStatus.PLANNED
    )
    cancelled_reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    is_fictitious = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["start", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")), name="training_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancelled_reason=""),
                name="a_cancelled_training_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["start", "end"], name="training_by_day"),
            models.Index(fields=["organiser", "start"], name="training_by_organiser"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Trainings that the actor's body organises."""
        return Q(organiser_id=actor.organisation_id)

    @property
    def audience_codes(self) -> list[str]:
        """For whom, as codes."""
        return self.audiences.split()

    @property
    def weeks(self) -> set[tuple[int, int]]:
        """The weeks in which it takes place: year and number (ISO 8601)."""
        n_days = (self.end - self.start).days + 1
        days = (self.start + datetime.timedelta(days=n) for n in range(n_days))
        return {(day.isocalendar().year, day.isocalendar().week) for day in days}


class Attendance(models.Model):
    """How many participants of one body and one sex followed a training to its end."""

    training = models.ForeignKey(Training, models.CASCADE, related_name="attendances")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    sex = models.CharField(max_length=10)  # code of the list sex
    n = models.PositiveIntegerField()

    class Meta:
        ordering = ["training", "organisation__label_fr", "sex"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "organisation", "sex"], name="one_count_a_body_and_sex"
            ),
            models.UniqueConstraint(
                fields=["training", "sex"],
                condition=Q(organisation=None),
                name="one_count_of_no_body_and_sex",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_id} {self.sex}"


class Contact(ScopedModel):
    """One desk of one body: a function, its office telephone and mail. No person's name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="contacts")
    function = models.CharField(max_length=160)
    purpose = models.CharField(max_length=300, blank=True)  # what to call it for
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=120, blank=True)
    region = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    folded = models.CharField(max_length=800)  # what the search looks in
    is_fictitious = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["organisation__label_fr", "function", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""), name="a_contact_can_be_reached"
            )
        ]

    def __str__(self) -> str:
        return self.function

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Desks of the actor's body."""
        return Q(organisation_id=actor.organisation_id)
