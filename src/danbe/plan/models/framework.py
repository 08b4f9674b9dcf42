"""National action plans: what is known of each, its results framework, its money, its progress.

A plan that was published does not change: its next version is a draft, published in its turn. An
activity keeps its ``lineage`` from one version to the next, so that what was said of it stays.
Money is kept by source and year, needed, allocated and disbursed apart: they are never added up.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Labelled, Place
from danbe.figures.models import Axis, Breakdown, Definition


class PlanStatus(models.TextChoices):
    """Life of one version of a plan."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Replaced by a later version")


class Plan(Labelled):
    """One version of one action plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=20)  # 2023-2027
    number = models.PositiveSmallIntegerField(default=1)  # of the version
    start = models.DateField()
    end = models.DateField()
    status = models.CharField(
        max_length=12, choices=PlanStatus.choices, default=PlanStatus.DRAFT, db_index=True
    )
    is_fictitious = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-start", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="one_version_a_number"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status="draft"), name="one_draft_a_plan"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status="published"), name="one_published_version"
            ),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="plan_ends_after_start"),
        ]

    @property
    def years(self) -> range:
        """The calendar years that it covers."""
        return range(self.start.year, self.end.year + 1)


class Subject(models.TextChoices):
    """What a fact about a plan is about."""

    LIFE = "life", _("Adoption and launch")
    PHASE = "phase", _("Phases of its drafting")
    AXIS = "axis", _("Axes")
    AIM = "aim", _("Results aimed at")
    BUDGET = "budget", _("Budget announced")
    FOLLOW_UP = "follow_up", _("Follow-up and evaluation")
    MISSING = "missing", _("Not found in the sources")


class PlanFact(Labelled):
    """One thing that a source says of a plan, or that no source says."""

    plan_code = models.CharField(max_length=20, db_index=True)  # of every version
    subject = models.CharField(max_length=12, choices=Subject.choices)
    order = models.PositiveSmallIntegerField()
    detail_fr = models.TextField(blank=True)
    detail_en = models.TextField(blank=True)
    amount = models.BigIntegerField(null=True)  # FCFA
    day = models.DateField(null=True)
    is_odd = models.BooleanField(default=False)  # sources disagree: both are kept
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["plan_code", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan_code", "order"], name="one_fact_a_place"),
            models.CheckConstraint(
                condition=~Q(source="") | Q(subject="missing"), name="fact_has_a_source"
            ),
        ]

    @property
    def detail(self) -> str:
        """More, in the reader's language."""
        english = not (get_language() or "fr").startswith("fr")
        return (english and self.detail_en) or self.detail_fr


class Kind(models.TextChoices):
    """The three levels above activities."""

    AXIS = "axis", _("Axis")
    OBJECTIVE = "objective", _("Objective")
    RESULT = "result", _("Expected result")


# What each level hangs from.
ABOVE = {Kind.AXIS: None, Kind.OBJECTIVE: Kind.AXIS, Kind.RESULT: Kind.OBJECTIVE}


class Element(Labelled):
    """One axis, objective or expected result of one version of a plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="elements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    code = models.CharField(max_length=30)
    axis = models.CharField(max_length=12, choices=Axis.choices, blank=True)  # of the Committee
    assumptions = models.TextField(blank=True)
    risks = models.TextField(blank=True)
    verification = models.TextField(blank=True)
    source = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="one_element_a_code"),
            models.CheckConstraint(
                condition=Q(kind="axis", parent=None)
                | (~Q(kind="axis") & Q(parent__isnull=False)),
                name="only_an_axis_has_nothing_above",
            ),
        ]


class Audience(models.TextChoices):
    """For whom an activity is."""

    STATE = "state", _("State")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    POPULATION = "population", _("Population")
    VICTIMS = "victims", _("Victims")


class State(models.TextChoices):
    """Where an activity stands, once the secretariat has read the evidence."""

    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    BLOCKED = "blocked", _("Blocked")
    DONE = "done", pgettext_lazy("activity", "Done")
    DROPPED = "dropped", _("Given up")


# From -> to. To say again that an activity is under way, with news of it, is allowed.
TRANSITIONS = {
    State.PLANNED: {State.UNDER_WAY, State.BLOCKED, State.DROPPED},
    State.UNDER_WAY: {State.UNDER_WAY, State.BLOCKED, State.DONE, State.DROPPED},
    State.BLOCKED: {State.UNDER_WAY, State.BLOCKED, State.DROPPED},
    State.DONE: {State.UNDER_WAY},
    State.DROPPED: {State.PLANNED},
}


class Activity(ScopedModel, Labelled):
    """One thing to do, by one lead body, under one expected result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineage = models.UUIDField(default=uuid.uuid4, db_index=True)  # the same in every version
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="activities")
    result = models.ForeignKey(Element, models.CASCADE, related_name="activities")
    code = models.CharField(max_length=30)
    lead = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    supporting = models.ManyToManyField(Organisation, related_name="+")
    audiences = models.CharField(max_length=60, blank=True)  # codes, space separated
    places = models.ManyToManyField(Place, related_name="+")  # none: not said
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    blocked_reason = models.TextField(blank=True)
    must_act = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    order = models.PositiveIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="one_activity_a_code"),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
                name="activity_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state="blocked")
                | (~Q(blocked_reason="") & Q(must_act__isnull=False)),
                name="a_block_says_why_and_who_must_act",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "order"], name="activity_by_plan"),
            models.Index(fields=["lead", "plan"], name="activity_by_lead"),
        ]

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Activities that the actor's body leads."""
        return Q(lead_id=actor.organisation_id)


class Money(models.Model):
    """What one source gives to one activity in one year, in FCFA. Empty: nobody said."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="money")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=80)  # code of the list funding_source
    needed = models.BigIntegerField(null=True)
    allocated = models.BigIntegerField(null=True)
    disbursed = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["activity", "year", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "year", "source"], name="one_line_a_source_and_year"
            ),
            models.CheckConstraint(
                condition=(Q(needed=None) | Q(needed__gte=0))
                & (Q(allocated=None) | Q(allocated__gte=0))
                & (Q(disbursed=None) | Q(disbursed__gte=0)),
                name="money_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.year} {self.source}"


class Better(models.TextChoices):
    """Which way is progress."""

    UP = "up", _("more is better")
    DOWN = "down", _("less is better")


class Origin(models.TextChoices):
    """Where a figure of Danbe is read. The two are never added."""

    RETURNS = "returns", _("Accepted returns of the members")
    REGISTER = "register", _("Register of protection")


class Indicator(ScopedModel, Labelled):
    """What shows that a result, or an activity, comes about: a figure of Danbe or a body's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lineage = models.UUIDField(default=uuid.uuid4, db_index=True)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=30)
    element = models.ForeignKey(Element, models.CASCADE, null=True, related_name="indicators")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, related_name="indicators")
    definition = models.ForeignKey(Definition, models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.RETURNS)
    breakdown = models.CharField(max_length=12, choices=Breakdown.choices, default=Breakdown.TOTAL)
    key = models.CharField(max_length=60, blank=True)  # which part; female.child for sex and age
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    keeper = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    unit = models.CharField(max_length=60, blank=True)  # of a manual one
    better = models.CharField(max_length=4, choices=Better.choices, default=Better.UP)
    baseline = models.BigIntegerField(null=True)
    baseline_year = models.PositiveSmallIntegerField(null=True)
    verification = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="one_indicator_a_code"),
            models.CheckConstraint(
                condition=Q(element=None, activity__isnull=False)
                | Q(element__isnull=False, activity=None),
                name="indicator_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(definition=None, keeper__isnull=False)
                | Q(definition__isnull=False, keeper=None),
                name="indicator_is_a_figure_or_has_a_keeper",
            ),
        ]
        indexes = [models.Index(fields=["plan", "order"], name="indicator_by_plan")]

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Manual indicators that the actor's body keeps."""
        return Q(keeper_id=actor.organisation_id)

    @property
    def is_computed(self) -> bool:
        """Whether recorded work moves it."""
        return self.definition_id is not None


class Target(models.Model):
    """What an indicator should reach in one year."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    year = models.PositiveSmallIntegerField()
    value = models.BigIntegerField()

    class Meta:
        ordering = ["indicator", "year"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="one_target_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.year}"


class ManualValue(models.Model):
    """What the keeper of an indicator says of one year, with the evidence. The last one counts."""

    id = models.BigAutoField(primary_key=True)
    lineage = models.UUIDField()  # of the indicator
    year = models.PositiveSmallIntegerField()
    value = models.BigIntegerField()
    evidence = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["lineage", "year"], name="manual_value_of")]
        constraints = [
            models.CheckConstraint(condition=~Q(evidence=""), name="manual_value_has_evidence")
        ]

    def __str__(self) -> str:
        return f"{self.lineage} {self.year}"


class Review(models.TextChoices):
    """What the secretariat said of a report."""

    WAITING = "waiting", _("To be reviewed")
    ACCEPTED = "accepted", pgettext_lazy("report on an activity", "Accepted")
    REFUSED = "refused", pgettext_lazy("report on an activity", "Refused")
    REPLACED = "replaced", _("Replaced by a later report")


class ActivityReport(ScopedModel):
    """What a lead body says of its activity, and what the secretariat answered."""

    id = models.BigAutoField(primary_key=True)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="reports")
    lineage = models.UUIDField(db_index=True)  # of the activity
    at = models.DateTimeField(auto_now_add=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    from_state = models.CharField(max_length=10, choices=State.choices)
    to_state = models.CharField(max_length=10, choices=State.choices)
    text = models.TextField()
    evidence = models.TextField(blank=True)
    blocked_reason = models.TextField(blank=True)
    must_act = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    review = models.CharField(max_length=10, choices=Review.choices, default=Review.WAITING)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    review_note = models.TextField(blank=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lineage"], condition=Q(review="waiting"), name="one_report_waits"
            )
        ]
        indexes = [models.Index(fields=["review", "at"], name="report_by_review")]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.to_state}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Reports on activities that the actor's body leads."""
        return Q(activity__lead_id=actor.organisation_id)
