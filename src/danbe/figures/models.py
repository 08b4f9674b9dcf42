"""Definitions, returns, observations, and the published past.

An observation is one number that a body stands by. It always knows its definition, its place,
its window, its body and the return it came in: a figure is never bare.
"""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Labelled, Place
from danbe.protection.models import National


class Axis(models.TextChoices):
    """The four axes of the Committee's work, in its own order."""

    PREVENTION = "prevention", _("Prevention")
    PROTECTION = "protection", _("Protection")
    PROSECUTION = "prosecution", _("Prosecution")
    PARTNERSHIP = "partnership", _("Partnership")


class Breakdown(models.TextChoices):
    """By what a total is split. Each one is a partial view of the total."""

    TOTAL = "total", _("Total")
    SEX_AGE = "sex_age", _("Sex and age")
    FORM = "form", _("Form of exploitation")
    CITIZENSHIP = "citizenship", _("Citizenship")
    BASIS = "basis", _("Legal basis")
    CATEGORY = "category", _("Category")


class Definition(Labelled):
    """What one unit is. Loaded from ``data/definitions.csv``; a change is a new code."""

    code = models.CharField(max_length=60, primary_key=True)
    number = models.CharField(max_length=12, unique=True)  # same on screen and on paper
    axis = models.CharField(max_length=12, choices=Axis.choices)
    unit = models.CharField(max_length=30)
    sentence_fr = models.TextField()
    sentence_en = models.TextField(blank=True)
    example_fr = models.TextField(blank=True)
    example_en = models.TextField(blank=True)
    counterexample_fr = models.TextField(blank=True)
    counterexample_en = models.TextField(blank=True)
    breakdowns = models.CharField(max_length=80, blank=True)  # space separated, without total
    category_list = models.CharField(max_length=60, blank=True)
    asked_of = models.CharField(max_length=200)  # organisation types, space separated
    flow_or_stock = models.CharField(max_length=8, default="flow")
    glotip_cell = models.CharField(max_length=200, blank=True)
    us_criterion = models.CharField(max_length=200, blank=True)
    sdg_series = models.CharField(max_length=200, blank=True)
    iccs = models.CharField(max_length=60, blank=True)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order"]

    @property
    def splits(self) -> list[str]:
        """The breakdowns it may have, as codes."""
        return self.breakdowns.split()

    def _spoken(self, name: str) -> str:
        english = not (get_language() or "fr").startswith("fr")
        text: str = (english and getattr(self, f"{name}_en")) or getattr(self, f"{name}_fr")
        return text

    @property
    def sentence(self) -> str:
        """What one unit is, in one sentence."""
        return self._spoken("sentence")

    @property
    def example(self) -> str:
        """What counts."""
        return self._spoken("example")

    @property
    def counterexample(self) -> str:
        """What does not count."""
        return self._spoken("counterexample")


class Obligation(models.Model):
    """What a body owes: a return on some axes, every so many months, between two dates."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="obligations")
    axes = models.CharField(max_length=60)  # space separated
    months = models.PositiveSmallIntegerField(default=12)  # 12, 6, 3 or 1
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(default=31)  # after the window's end

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(months__in=[1, 3, 6, 12]), name="months_divide_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} / {self.months}"


class Status(models.TextChoices):
    """Life of a return."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    QUERIED = "queried", _("Queried")
    ACCEPTED = "accepted", _("Accepted")


# From -> to. An accepted return may be queried again; its figures then leave the totals.
TRANSITIONS = {
    Status.DRAFT: {Status.SUBMITTED},
    Status.SUBMITTED: {Status.QUERIED, Status.ACCEPTED},
    Status.QUERIED: {Status.SUBMITTED},
    Status.ACCEPTED: {Status.QUERIED},
}


class Return(ScopedModel):
    """What one body says it did in one window, on some axes. Signed by a post."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="returns")
    start = models.DateField()
    end = models.DateField()
    axes = models.CharField(max_length=60)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    content = models.JSONField(default=dict)  # what was typed, as typed: see content.py
    version = models.PositiveIntegerField(default=1)  # two tabs do not overwrite each other
    on_paper = models.BooleanField(default=False)
    is_fictitious = models.BooleanField(default=False)
    source_note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-start", "organisation__label_fr"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "start", "end", "axes"], name="one_return_a_window"
            ),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")), name="return_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["start", "end", "status"])]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Returns of the actor's organisation."""
        return models.Q(organisation_id=actor.organisation_id)


class ReturnNote(ScopedModel):
    """One step in the life of a return: submitted, queried, answered, accepted, and the words."""

    id = models.BigAutoField(primary_key=True)
    to = models.ForeignKey(Return, models.CASCADE, related_name="notes")
    at = models.DateTimeField(auto_now_add=True)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=30)
    text = models.TextField(blank=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the return."""
        return models.Q(to__organisation_id=actor.organisation_id)


class Attachment(ScopedModel):
    """A file joined to a return: sealed on disk under a random name, its own name sealed too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.ForeignKey(Return, models.CASCADE, related_name="attachments")
    key = models.BinaryField(null=True)  # wrapped data key; null once erased
    sealed_name = models.BinaryField()
    media_type = models.CharField(max_length=100)
    n_bytes = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["added_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """As the return."""
        return models.Q(to__organisation_id=actor.organisation_id)


class Observation(models.Model):
    """One number of one accepted return: aggregate, no person in it.

    For each (return, definition, place, window) there is one ``total`` row; the rows of every
    other breakdown are parts of it and may sum to less, never to more.
    """

    id = models.BigAutoField(primary_key=True)
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="+", db_index=False)
    start = models.DateField()
    end = models.DateField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    # The region of ``place`` in the layout of its own time; null when the place is the country.
    region = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False
    )
    source_return = models.ForeignKey(Return, models.CASCADE, related_name="observations")
    breakdown = models.CharField(max_length=12, choices=Breakdown.choices)
    sex = models.CharField(max_length=8, blank=True)
    age = models.CharField(max_length=8, blank=True)
    key = models.CharField(max_length=60, blank=True)
    value = models.BigIntegerField()
    at_least = models.BooleanField(default=False)
    counted = models.BooleanField(default=True)  # false: the same fact came from another body

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(value__gte=0), name="value_not_negative")
        ]
        indexes = [
            # One index serves every figure and holds all that a figure is made of, so that the
            # rows themselves are not read: twice to three times faster over a million of them.
            # Every query names its definitions, since the index begins with them.
            models.Index(
                fields=(
                    "definition breakdown end start counted value at_least region organisation "
                    "sex age key"
                ).split(),
                name="observation_slice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.value}"


class FactScope(models.IntegerChoices):
    """Whose count a fact enters: the nation's, that of the body, or both."""

    NATION = 1, _("The nation")
    BODY = 2, _("The body")
    BOTH = 3, _("Both")


class RegisterFact(models.Model):
    """One thing that the register holds of one human being, as a figure counts it: no identity.

    Made from the records by ``figures/facts.py``, in the transaction of each act. ``before`` is
    the last day of the facts before this one, of the same human being: what makes somebody count
    once in any window, without a DISTINCT (decision 0052).
    """

    id = models.BigAutoField(primary_key=True)
    definition = models.ForeignKey(Definition, models.CASCADE, related_name="+", db_index=False)
    national = models.ForeignKey(National, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False
    )
    scope = models.PositiveSmallIntegerField(choices=FactScope.choices)
    on = models.DateField()
    until = models.DateField()
    before = models.DateField()
    region = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    sex = models.CharField(max_length=8)
    age = models.CharField(max_length=8)
    form = models.CharField(max_length=40, blank=True)
    citizenship = models.CharField(max_length=10, blank=True)
    basis = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields="definition on until before scope region sex age category".split(),
                name="fact_of_nation",
            ),
            # What lasts (a service under way) is found by its end: most of it is over.
            models.Index(
                fields="definition until on before scope region sex age category".split(),
                name="fact_of_nation_until",
            ),
            models.Index(
                fields=(
                    "organisation definition on until before scope region sex age category"
                ).split(),
                name="fact_of_body",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.on}"


class OverlapStatus(models.TextChoices):
    """What a human said of two numbers that look like one fact."""

    OPEN = "open", _("To be decided")
    SAME = "same", _("Same fact")
    DISTINCT = "distinct", _("Two facts")


class Overlap(models.Model):
    """Two totals of two bodies that look like the same fact; a human decides, reversibly."""

    id = models.BigAutoField(primary_key=True)
    # Identified by return, definition, place and window, so that a decision outlives the
    # rewriting of observations when a return is corrected.
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    first = models.ForeignKey(Return, models.CASCADE, related_name="+")
    second = models.ForeignKey(Return, models.CASCADE, related_name="+")
    first_value = models.BigIntegerField()
    second_value = models.BigIntegerField()
    reason = models.CharField(max_length=30)  # same_value | same_event
    status = models.CharField(
        max_length=10, choices=OverlapStatus.choices, default=OverlapStatus.OPEN, db_index=True
    )
    kept = models.ForeignKey(Return, models.CASCADE, null=True, related_name="+")
    note = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-start", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "place", "start", "end", "first", "second"],
                name="one_overlap_a_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.first_id} {self.second_id}"


class PublishedFigure(models.Model):
    """A number of the past, as it was published, with its oddities and its source."""

    id = models.BigAutoField(primary_key=True)
    source_table = models.CharField(max_length=40)
    year_label = models.CharField(max_length=60)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    reporter = models.CharField(max_length=120)
    definition = models.ForeignKey(Definition, models.PROTECT, null=True, related_name="published")
    breakdown = models.CharField(max_length=12, choices=Breakdown.choices, default="total")
    sex = models.CharField(max_length=8, blank=True)
    age = models.CharField(max_length=8, blank=True)
    key = models.CharField(max_length=60, blank=True)
    value = models.BigIntegerField(null=True)
    at_least = models.BooleanField(default=False)
    raw_text = models.TextField(blank=True)
    raw_text_en = models.TextField(blank=True)
    unit_warning_fr = models.TextField(blank=True)
    unit_warning_en = models.TextField(blank=True)
    status = models.CharField(max_length=12)  # published | inferred | gap
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["start", "id"]

    def __str__(self) -> str:
        return f"{self.year_label} {self.raw_text}"

    @property
    def unit_warning(self) -> str:
        """What the reader must know of the unit."""
        english = not (get_language() or "fr").startswith("fr")
        return (english and self.unit_warning_en) or self.unit_warning_fr


class PublishedFact(Labelled):
    """A dated statement that is not a count: the tier of a year, an action plan."""

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=20)  # tip_tier | nap | calendar
    year_label = models.CharField(max_length=40)
    detail_fr = models.TextField(blank=True)
    detail_en = models.TextField(blank=True)
    status = models.CharField(max_length=12)  # published | inferred | gap
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["subject", "year_label"]

    @property
    def detail(self) -> str:
        """More, in the reader's language."""
        english = not (get_language() or "fr").startswith("fr")
        return (english and self.detail_en) or self.detail_fr
