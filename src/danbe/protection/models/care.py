"""The care of a person: case, assessments, plan, services, dates, follow-up, the last word."""

import uuid

from django.db import models

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Place
from danbe.partnership.models import ServiceOffer
from danbe.protection.models.persons import Person
from danbe.protection.vocabulary import (
    AssessmentKind,
    CaseStatus,
    Change,
    Closing,
    ContactRule,
    GoalStatus,
    Level,
    Schooling,
    ServiceStatus,
    TaskKind,
)

# What a follow-up asks, each from 1 (bad) to 5 (good).
SCALES = ("housing", "income", "safety", "health", "family")


class Case(ScopedModel):
    """One body's care of one person, from opening to closing; reopened, it is the same case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)  # PC-2026-000123
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="cases")
    region = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=8, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    closing = models.CharField(max_length=14, choices=Closing.choices, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)  # last risk
    contact_rule = models.CharField(
        max_length=12, choices=ContactRule.choices, default=ContactRule.UNKNOWN
    )
    first_service_on = models.DateField(null=True)
    reintegration_on = models.DateField(null=True)  # milestones are counted anew from that day
    next_due_on = models.DateField(null=True)  # earliest open task, for the lists
    # A closing waits for a supervisor where it cannot be undone without harm.
    closing_asked_at = models.DateTimeField(null=True)
    schooling = models.CharField(max_length=20, choices=Schooling.choices, blank=True)  # a child
    has_guardian = models.BooleanField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-opened_on", "-number"]
        indexes = [
            models.Index(fields=["organisation", "status", "-opened_on"], name="case_by_body"),
            models.Index(fields=["post", "status", "next_due_on"], name="case_by_post"),
            models.Index(fields=["organisation", "status", "next_due_on"], name="case_by_due"),
            # What quality and caseload count, whole: they read no row.
            models.Index(
                fields="opened_on organisation first_service_on id region person".split(),
                name="case_quality",
            ),
            models.Index(
                fields="organisation status post level next_due_on opened_on".split(),
                name="case_load",
            ),
            models.Index(
                fields=["organisation"],
                condition=models.Q(closing_asked_at__isnull=False),
                name="case_to_approve",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="one_case_a_body")
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """The cases of the actor's body; of the actor's post alone where the reach is POST."""
        if reach is Reach.POST:
            return models.Q(post_id=actor.post_id)
        return models.Q(organisation_id=actor.organisation_id)


def of_case(actor: Actor, reach: Reach) -> models.Q:
    """Rows of the cases within reach."""
    if reach is Reach.POST:
        return models.Q(case__post_id=actor.post_id)
    return models.Q(case__organisation_id=actor.organisation_id)


class Assessment(ScopedModel):
    """One assessment; what was found is sealed (group ``safety``, kind ``assessment``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    kind = models.CharField(max_length=14, choices=AssessmentKind.choices)
    on = models.DateField()
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    needs = models.CharField(max_length=300, blank=True)  # service_type codes, space separated
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-on", "-recorded_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the case."""
        return of_case(actor, reach)


class Goal(ScopedModel):
    """What the person wants to reach; in their words, sealed (``psychosocial``, ``goal``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="goals")
    domain = models.CharField(max_length=40)  # a service_type code
    due_on = models.DateField(null=True)
    status = models.CharField(max_length=8, choices=GoalStatus.choices, default=GoalStatus.SET)
    set_on = models.DateField()
    settled_on = models.DateField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["set_on", "id"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the case."""
        return of_case(actor, reach)


class Service(ScopedModel):
    """One service to one person: planned, given, or needed and found nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="services")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="services")
    type = models.CharField(max_length=40)  # a service_type code
    offer = models.ForeignKey(ServiceOffer, models.PROTECT, null=True, related_name="+")
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=12, choices=ServiceStatus.choices)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    n_units = models.PositiveIntegerField(null=True)  # nights, sessions, visits
    cost_fcfa = models.PositiveIntegerField(null=True)
    in_kind = models.CharField(max_length=120, blank=True)  # a thing and a quantity, no name
    funder = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-start", "-recorded_at"]
        indexes = [
            models.Index(fields=["type", "start"], name="service_by_day"),
            models.Index(fields=["case", "status", "type"], name="service_missing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start=None)
                | models.Q(end=None)
                | models.Q(end__gte=models.F("start")),
                name="service_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the case."""
        return of_case(actor, reach)


class Task(ScopedModel):
    """Something to do for a case by a day. What exactly is sealed (``safety``, ``task``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=12, choices=TaskKind.choices)
    due_on = models.DateField()
    at = models.TimeField(null=True)  # an appointment
    month = models.PositiveSmallIntegerField(null=True)  # a milestone: 1, 3, 6, 12, 24
    done_on = models.DateField(null=True)
    is_cancelled = models.BooleanField(default=False)
    cancelled_on = models.DateField(null=True)  # after its day: it was missed
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["due_on"], condition=models.Q(done_on__isnull=True), name="task_open"
            ),
            models.Index(fields=["kind", "due_on", "is_cancelled", "done_on"], name="task_kept"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the case."""
        return of_case(actor, reach)


class FollowUp(ScopedModel):
    """One follow-up held. Each scale goes from 1 (bad) to 5 (good); ``None``: not answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    month = models.PositiveSmallIntegerField(null=True)
    on = models.DateField()
    was_reached = models.BooleanField(default=True)
    housing = models.PositiveSmallIntegerField(null=True)
    income = models.PositiveSmallIntegerField(null=True)
    safety = models.PositiveSmallIntegerField(null=True)
    health = models.PositiveSmallIntegerField(null=True)
    family = models.PositiveSmallIntegerField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q((scale, None)) | models.Q((f"{scale}__range", (1, 5))),
                name=f"{scale}_from_1_to_5",
            )
            for scale in SCALES
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the case."""
        return of_case(actor, reach)


class CaseChange(ScopedModel):
    """Opened, closed, reopened, handed over: the life of a case, each with who and when."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="changes")
    what = models.CharField(max_length=14, choices=Change.choices)
    closing = models.CharField(max_length=14, choices=Closing.choices, blank=True)
    on = models.DateField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    to_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")  # moved
    # Whoever asks does not approve, in another post of theirs either.
    user_id = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.what}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the case."""
        return of_case(actor, reach)


class Feedback(ScopedModel):
    """What the survivor says of the help: a mark from 1 to 5, a complaint (both sealed text).

    A complaint is kept from the post it is about, unless that post itself wrote it down.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="feedback")
    on = models.DateField()
    mark = models.PositiveSmallIntegerField(null=True)
    is_complaint = models.BooleanField(default=False)
    answered_on = models.DateField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    about_post = models.ForeignKey(Post, models.PROTECT, related_name="+")  # in charge that day

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mark=None) | models.Q(mark__range=(1, 5)),
                name="mark_from_1_to_5",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the case; complaints go to who answers them, never to the post they are about."""
        heard = models.Q(is_complaint=False) | models.Q(post_id=actor.post_id)
        if actor.can("feedback.answer"):
            heard |= ~models.Q(about_post_id=actor.post_id)
        return of_case(actor, reach) & heard
