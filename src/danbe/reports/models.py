"""Reports: what was frozen on the day it was handed over, and what was corrected since."""

import uuid

from django.db import models

from danbe.accounts.models import Post
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
