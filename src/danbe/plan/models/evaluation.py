"""The evaluation of a plan: findings that rest on figures, lessons, and what became of each.

Criteria: OECD/DAC Network on Development Evaluation, *Better Criteria for Better Evaluation*,
2019. A finding cites figures or says that there is none, and who is missing. Once published, an
evaluation keeps its figures as they were on that day.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from danbe.accounts.models import Post
from danbe.core.models import Labelled, Place
from danbe.figures.models import Breakdown, Definition
from danbe.plan.models.framework import Indicator, Plan
from danbe.plan.models.participation import Clause, Process
from danbekit.dates import Window


class Moment(models.TextChoices):
    """When in the life of its plan an evaluation comes."""

    MID_TERM = "mid_term", _("Mid-term")
    FINAL = "final", pgettext_lazy("evaluation", "Final")


class EvaluationStatus(models.TextChoices):
    """Life of an evaluation."""

    DRAFT = "draft", pgettext_lazy("evaluation", "Being written")
    REVIEW = "review", pgettext_lazy("evaluation", "In review")
    REVIEWED = "reviewed", pgettext_lazy("evaluation", "Reviewed")
    PUBLISHED = "published", pgettext_lazy("evaluation", "Published")


# From -> to. The reviewer sends it back or passes it; what is published does not change.
EVALUATION_TRANSITIONS = {
    EvaluationStatus.DRAFT: {EvaluationStatus.REVIEW},
    EvaluationStatus.REVIEW: {EvaluationStatus.DRAFT, EvaluationStatus.REVIEWED},
    EvaluationStatus.REVIEWED: {EvaluationStatus.DRAFT, EvaluationStatus.PUBLISHED},
    EvaluationStatus.PUBLISHED: set[EvaluationStatus](),
}


class Evaluation(Labelled):
    """One row is one evaluation of one plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="evaluations")
    moment = models.CharField(max_length=10, choices=Moment.choices, default=Moment.FINAL)
    method = models.TextField(blank=True)  # how it was done, by whom, what was not seen
    status = models.CharField(
        max_length=10, choices=EvaluationStatus.choices, default=EvaluationStatus.DRAFT
    )
    is_fictitious = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")  # to review
    reviewed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-plan__start", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "moment"], name="one_evaluation_a_moment"),
            models.CheckConstraint(
                condition=~Q(status="published")
                | Q(published_at__isnull=False, reviewed_by__isnull=False),
                name="a_published_evaluation_was_reviewed",
            ),
        ]


class Criterion(models.TextChoices):
    """The six criteria of the OECD/DAC, in their order."""

    RELEVANCE = "relevance", _("Relevance")
    COHERENCE = "coherence", _("Coherence")
    EFFECTIVENESS = "effectiveness", _("Effectiveness")
    EFFICIENCY = "efficiency", _("Efficiency")
    IMPACT = "impact", _("Impact")
    SUSTAINABILITY = "sustainability", _("Sustainability")


QUESTIONS = {
    Criterion.RELEVANCE: _("Is the plan doing the right things?"),
    Criterion.COHERENCE: _("How well does it fit with what others do?"),
    Criterion.EFFECTIVENESS: _("Is it achieving its objectives?"),
    Criterion.EFFICIENCY: _("How well are resources being used?"),
    Criterion.IMPACT: _("What difference does it make?"),
    Criterion.SUSTAINABILITY: _("Will the benefits last?"),
}


class Finding(models.Model):
    """One row is one finding under one criterion. ``missing``: no data, and who gave none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="findings")
    criterion = models.CharField(max_length=16, choices=Criterion.choices)
    text = models.TextField()
    has_data = models.BooleanField(default=True)
    missing = models.TextField(blank=True)
    edition = models.PositiveIntegerField(default=1)  # two tabs never overwrite each other
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["evaluation", "at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_finding_says_something"),
            models.CheckConstraint(
                condition=Q(has_data=True, missing="") | Q(has_data=False) & ~Q(missing=""),
                name="no_data_says_who_is_missing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.criterion}"


class Measure(models.TextChoices):
    """What a cited figure is: one of Danbe, an indicator of the plan, or the plan's own."""

    FIGURE = "figure", _("A figure of Danbe")
    INDICATOR = "indicator", _("An indicator of the plan")
    NEEDED = "needed", _("Amount needed")
    ALLOCATED = "allocated", _("Amount allocated")
    DISBURSED = "disbursed", _("Amount disbursed")
    ACTIVITIES = "activities", _("Activities of the plan")
    DONE = "done", _("Activities done")


class CitedFigure(models.Model):
    """One row is one figure that a finding rests on; ``kept_*`` is what it was once published."""

    id = models.BigAutoField(primary_key=True)
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="figures")
    measure = models.CharField(max_length=10, choices=Measure.choices)
    definition = models.ForeignKey(Definition, models.PROTECT, null=True, related_name="+")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="+")
    breakdown = models.CharField(max_length=12, choices=Breakdown.choices, default=Breakdown.TOTAL)
    key = models.CharField(max_length=60, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    start = models.DateField()
    end = models.DateField()
    kept_at = models.DateTimeField(null=True)
    kept_value = models.BigIntegerField(null=True)  # None: there was no data
    kept_at_least = models.BooleanField(default=False)
    kept_absent = models.TextField(blank=True)  # bodies that had not given it, one a line

    class Meta:
        ordering = ["finding", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="cited_window_in_order"),
            models.CheckConstraint(
                condition=Q(measure="figure", definition__isnull=False, indicator=None)
                | Q(measure="indicator", definition=None, indicator__isnull=False)
                | Q(definition=None, indicator=None) & ~Q(measure__in=["figure", "indicator"]),
                name="a_cited_figure_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.measure}"

    @property
    def code(self) -> str:
        """What tells it from the others when values are read together."""
        return str(self.pk)

    @property
    def window(self) -> Window:
        """The days that it covers."""
        return Window(self.start, self.end)


class Lesson(models.Model):
    """One row is one lesson, drawn from one finding at least, which the next draft must answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="lessons")
    text = models.TextField()
    findings = models.ManyToManyField(Finding, related_name="lessons")
    edition = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["evaluation", "at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_lesson_says_something")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Taken(models.TextChoices):
    """What a draft does with a lesson."""

    TAKEN = "taken", pgettext_lazy("lesson", "Taken up")
    IN_PART = "in_part", pgettext_lazy("lesson", "Taken up in part")
    NOT = "not", pgettext_lazy("lesson", "Not taken up")


class LessonAnswer(models.Model):
    """One row is what the making of one plan answers to one lesson of an earlier one."""

    id = models.BigAutoField(primary_key=True)
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="answers")
    process = models.ForeignKey(Process, models.PROTECT, related_name="lesson_answers")
    taken = models.CharField(max_length=8, choices=Taken.choices)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="lesson_answers")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(auto_now=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["process", "lesson"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "process"], name="one_answer_a_lesson"),
            models.CheckConstraint(
                condition=Q(taken="not", clause=None) & ~Q(reason="")
                | Q(taken="in_part", clause__isnull=False) & ~Q(reason="")
                | Q(taken="taken", clause__isnull=False),
                name="a_lesson_is_taken_up_somewhere_or_not_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.taken}"
