"""Reports: what was frozen on the day it was handed over, and what was corrected since.

And what the United States recommended to the country, with what its bodies say they did on it.
"""

import uuid

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel


class Report(ScopedModel):
    """One annual report, frozen. Its document never moves again; errata stand beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, default="annual")
    year = models.PositiveSmallIntegerField()
    document = models.JSONField()  # see document.py; all figures with their sources
    digest = models.CharField(max_length=64)  # SHA-256 of the canonical document
    frozen_at = models.DateTimeField(auto_now_add=True)
    frozen_by = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year"], name="one_frozen_report_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """A frozen report is the nation's: a shorter reach holds none of it."""
        return models.Q(pk__in=[])


class Erratum(models.Model):
    """A correction beside one frozen figure: the old number, the new one, why, who, when."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT, related_name="errata")
    figure = models.CharField(max_length=160)  # key of the figure in the document
    old_value = models.BigIntegerField(null=True)
    new_value = models.BigIntegerField(null=True)
    reason = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.figure}"


class RecommendationKind(models.TextChoices):
    """What is known of what a report said."""

    RECOMMENDATION = "recommendation", _("Recommendation")
    WEAKNESS = "weakness", _("Weaknesses noted; the list was not found")
    GAP = "gap", _("List not found")


class Recommendation(models.Model):
    """One thing that one edition of the US report asked of the country, or a list not found."""

    code = models.CharField(max_length=20, primary_key=True)  # 2019-3
    year = models.PositiveSmallIntegerField()  # of the report
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=RecommendationKind.choices)
    text_fr = models.TextField()
    text_en = models.TextField()
    completeness_fr = models.CharField(max_length=80)  # how much of the list was seen
    completeness_en = models.CharField(max_length=80)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["-year", "order"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source="") | models.Q(kind="gap"),
                name="recommendation_has_a_source",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def _spoken(self, name: str) -> str:
        english = not (get_language() or "fr").startswith("fr")
        text: str = getattr(self, f"{name}_{'en' if english else 'fr'}")
        return text

    @property
    def text(self) -> str:
        """What was asked, in the reader's language, in our words."""
        return self._spoken("text")

    @property
    def completeness(self) -> str:
        """How much of the list was seen."""
        return self._spoken("completeness")

    @property
    def is_answerable(self) -> bool:
        """Whether there is something to answer."""
        return self.kind != RecommendationKind.GAP


class AnswerStatus(models.TextChoices):
    """Where an answer stands."""

    WAITING = "waiting", _("To be reviewed")
    ACCEPTED = "accepted", pgettext_lazy("answer to a recommendation", "Accepted")
    REFUSED = "refused", pgettext_lazy("answer to a recommendation", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("answer to a recommendation", "Withdrawn")


# From -> to. Only what is accepted enters a dossier.
ANSWER_TRANSITIONS = {
    AnswerStatus.WAITING: {
        AnswerStatus.ACCEPTED,
        AnswerStatus.REFUSED,
        AnswerStatus.WITHDRAWN,
    },
    AnswerStatus.ACCEPTED: {AnswerStatus.WITHDRAWN},
    AnswerStatus.REFUSED: set(),
    AnswerStatus.WITHDRAWN: set(),
}


class RecommendationAnswer(ScopedModel):
    """What one body says it did on one recommendation, between two dates, with the evidence."""

    id = models.BigAutoField(primary_key=True)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="answers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    first_day = models.DateField()  # of what was done
    last_day = models.DateField()
    text = models.TextField()
    evidence = models.TextField()
    status = models.CharField(
        max_length=10, choices=AnswerStatus.choices, default=AnswerStatus.WAITING, db_index=True
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)  # why it was refused or withdrawn

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="answer_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(text="") & ~models.Q(evidence=""),
                name="answer_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id} {self.status}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Answers of the actor's organisation."""
        return models.Q(organisation_id=actor.organisation_id)
