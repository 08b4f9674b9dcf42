"""The making of a plan with everybody: process, phases, participants, text, validation.

A process drafts one plan: the draft of a :class:`Plan`. Its text is cut into clauses. A
:class:`Clause` is what others point at (contributions, answers, lessons): it stays the same from
the first version of the text to the signed one. What it says in one version is a
:class:`ClauseVersion`. A text that was frozen never changes.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Labelled
from danbe.plan.models.framework import Plan

# --- The process ----------------------------------------------------------------------------


class Stage(models.TextChoices):
    """Where a process stands. The first four are its phases."""

    PREPARATION = "preparation", _("Preparation")
    EVALUATION = "evaluation", _("Evaluation of the old plan")
    DRAFTING = "drafting", _("Drafting")
    VALIDATION = "validation", _("Validation")
    VALIDATED = "validated", pgettext_lazy("process", "Validated")
    STOPPED = "stopped", pgettext_lazy("process", "Stopped")


PHASES = (Stage.PREPARATION, Stage.EVALUATION, Stage.DRAFTING, Stage.VALIDATION)

# From -> to. A text that was not adopted goes back to drafting. Where no plan precedes, there is
# none to evaluate: preparation leads to drafting.
STAGE_TRANSITIONS = {
    Stage.PREPARATION: {Stage.EVALUATION, Stage.DRAFTING, Stage.STOPPED},
    Stage.EVALUATION: {Stage.PREPARATION, Stage.DRAFTING, Stage.STOPPED},
    Stage.DRAFTING: {Stage.EVALUATION, Stage.VALIDATION, Stage.STOPPED},
    Stage.VALIDATION: {Stage.DRAFTING, Stage.VALIDATED, Stage.STOPPED},
    Stage.VALIDATED: set(),
    Stage.STOPPED: set(),
}


class Process(Labelled):
    """One row is the making of one plan, from its terms of reference to its signed text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.OneToOneField(Plan, models.PROTECT, related_name="process")  # what is drafted
    old_plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="+")  # evaluated
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PREPARATION)
    terms = models.TextField(blank=True)  # of reference
    rules = models.TextField(blank=True)  # of taking part, in words
    # Of the bodies that vote, how many in a hundred must be present; of the votes for and
    # against, how many in a hundred must be for. None: the rule is not set, no vote is held.
    quorum_percent = models.PositiveSmallIntegerField(null=True)
    majority_percent = models.PositiveSmallIntegerField(null=True)
    is_fictitious = models.BooleanField(default=False)
    edition = models.PositiveIntegerField(default=1)  # two tabs never overwrite each other
    created_at = models.DateTimeField(auto_now_add=True)
    stopped_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-plan__start", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(quorum_percent=None) | Q(quorum_percent__range=(1, 100)))
                & (Q(majority_percent=None) | Q(majority_percent__range=(50, 100))),
                name="process_rules_are_percentages",
            ),
            models.CheckConstraint(
                condition=Q(old_plan=None) | ~Q(old_plan=F("plan")),
                name="a_process_evaluates_another_plan",
            ),
        ]


class Category(models.TextChoices):
    """Who takes part, and under what name a contribution is shown."""

    STATE = "state", _("State")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    RESOURCE = "resource", _("Resource persons")
    PARTNERS = "partners", _("Technical and financial partners")
    SURVIVORS = "survivors", _("Survivors")
    PUBLIC = "public", pgettext_lazy("who takes part", "Public")


class Phase(models.Model):
    """One row is one phase of one process: its dates, and which categories may do what in it."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="phases")
    stage = models.CharField(max_length=12, choices=Stage.choices)  # one of PHASES
    start = models.DateField(null=True)  # None: not set yet
    end = models.DateField(null=True)
    reads = models.CharField(max_length=80, blank=True)  # categories, space separated
    contributes = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["process", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["process", "stage"], name="one_phase_a_stage"),
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in PHASES]),
                name="a_phase_is_one_of_four",
            ),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
                name="phase_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.stage}"


class Entry(models.TextChoices):
    """How a participant came in."""

    INVITED = "invited", pgettext_lazy("participant", "Invited")
    OPEN = "open", _("Came of its own accord")


class Answer(models.TextChoices):
    """What an invited participant answered."""

    WAITING = "waiting", _("No answer yet")
    ACCEPTED = "accepted", pgettext_lazy("participant", "Takes part")
    DECLINED = "declined", pgettext_lazy("participant", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("participant", "Withdrew")


ANSWER_TRANSITIONS = {
    Answer.WAITING: {Answer.ACCEPTED, Answer.DECLINED},
    Answer.ACCEPTED: {Answer.WITHDRAWN},
    Answer.DECLINED: {Answer.ACCEPTED},
    Answer.WITHDRAWN: {Answer.ACCEPTED},
}


class Participant(ScopedModel):
    """One row is one body, one person or one group that takes part in one process.

    Survivors have no name, no body and no place here, only a pseudonym drawn at random
    (``alias``): a constraint, because a list of them is a list of victims.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.CASCADE, related_name="participants")
    category = models.CharField(max_length=16, choices=Category.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=160, blank=True)  # of a person or a group without a body
    alias = models.CharField(max_length=12, blank=True)  # of a survivor, and nothing else
    entry = models.CharField(max_length=8, choices=Entry.choices, default=Entry.INVITED)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    votes = models.BooleanField(default=False)  # in the validation
    invited_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["process", "category", "organisation__label_fr", "name", "alias"]
        constraints = [
            models.UniqueConstraint(
                fields=["process", "organisation"], name="one_participant_a_body"
            ),
            models.UniqueConstraint(
                fields=["process", "alias"], condition=~Q(alias=""), name="one_alias_a_survivor"
            ),
            models.CheckConstraint(
                condition=Q(category="survivors", organisation=None, name="", votes=False)
                & ~Q(alias="")
                | ~Q(category="survivors") & Q(alias=""),
                name="a_survivor_is_a_pseudonym_and_nothing_else",
            ),
            models.CheckConstraint(
                condition=Q(category="survivors")
                | Q(organisation__isnull=False, name="")
                | Q(organisation=None) & ~Q(name=""),
                name="participant_is_a_body_or_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(votes=False) | Q(organisation__isnull=False),
                name="bodies_alone_vote",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.category}"

    @property
    def shown(self) -> str:
        """Under what name others see it: a survivor, by category alone."""
        if self.category == Category.SURVIVORS:
            return str(Category.SURVIVORS.label)
        return self.organisation.label if self.organisation else self.name

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """The part of the actor's own body."""
        return Q(organisation_id=actor.organisation_id)


# --- The text -------------------------------------------------------------------------------


class TextStatus(models.TextChoices):
    """Life of one version of a text."""

    DRAFT = "draft", pgettext_lazy("text", "Being written")
    PUBLISHED = "published", pgettext_lazy("text", "Put to the participants")
    FROZEN = "frozen", pgettext_lazy("text", "Frozen")


class TextVersion(models.Model):
    """One row is one version of the text of one process. Only its draft is written in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=TextStatus.choices, default=TextStatus.DRAFT)
    edition = models.PositiveIntegerField(default=1)  # one more at each change
    note = models.TextField(blank=True)  # what changed, for the participants
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["process", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="one_text_a_number"),
            models.UniqueConstraint(
                fields=["process"], condition=Q(status="draft"), name="one_draft_text"
            ),
            models.UniqueConstraint(
                fields=["process"], condition=Q(status="frozen"), name="one_frozen_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.number}"


class Level(models.TextChoices):
    """The rank of a clause in the text. A text is a list: an article goes with what follows it."""

    PART = "part", pgettext_lazy("text", "Part")
    ARTICLE = "article", pgettext_lazy("text", "Article")
    PARAGRAPH = "paragraph", pgettext_lazy("text", "Paragraph")


class Clause(models.Model):
    """One row is one clause through every version of a text: its lineage, what others point at."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="clauses")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["process", "created_at"]

    def __str__(self) -> str:
        return str(self.id)


class ClauseVersion(models.Model):
    """One row is what one clause says, and where it stands, in one version of the text."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(TextVersion, models.CASCADE, related_name="clauses")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="versions")
    level = models.CharField(max_length=10, choices=Level.choices)
    order = models.PositiveIntegerField()  # from 1, without gaps
    number = models.CharField(max_length=20)  # I, 3, 3.2: counted again at each change
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "clause"], name="a_clause_once_a_version"),
            models.CheckConstraint(
                condition=~Q(heading="") | ~Q(text=""), name="a_clause_says_something"
            ),
        ]
        indexes = [models.Index(fields=["version", "order"], name="clause_by_order")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.number}"


# --- Validation -----------------------------------------------------------------------------


class Outcome(models.TextChoices):
    """How a validation ends."""

    OPEN = "open", pgettext_lazy("validation", "Open")
    ADOPTED = "adopted", pgettext_lazy("validation", "Adopted")
    REJECTED = "rejected", pgettext_lazy("validation", "Not adopted")
    NO_QUORUM = "no_quorum", _("Quorum not reached")


OUTCOME_TRANSITIONS = {
    Outcome.OPEN: {Outcome.ADOPTED, Outcome.REJECTED, Outcome.NO_QUORUM},
    Outcome.ADOPTED: set[Outcome](),
    Outcome.REJECTED: set[Outcome](),
    Outcome.NO_QUORUM: set[Outcome](),
}


class Validation(models.Model):
    """One row is one session in which bodies vote on one version, by the rules of its day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="validations")
    version = models.ForeignKey(TextVersion, models.PROTECT, related_name="validations")
    held_on = models.DateField()
    venue = models.CharField(max_length=200, blank=True)
    quorum_percent = models.PositiveSmallIntegerField()
    majority_percent = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["process", "-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["process"], condition=Q(outcome="open"), name="one_open_validation"
            ),
            models.UniqueConstraint(
                fields=["process"], condition=Q(outcome="adopted"), name="one_adoption"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.held_on}"


class Vote(models.TextChoices):
    """What a body says of the text."""

    FOR = "for", pgettext_lazy("vote", "For")
    AGAINST = "against", pgettext_lazy("vote", "Against")
    ABSTAIN = "abstain", pgettext_lazy("vote", "Abstains")


class Ballot(ScopedModel):
    """One row is one body in one validation: whether it attends, and its vote."""

    id = models.BigAutoField(primary_key=True)
    validation = models.ForeignKey(Validation, models.CASCADE, related_name="ballots")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="ballots")
    is_present = models.BooleanField(default=False)
    vote = models.CharField(max_length=8, choices=Vote.choices, blank=True)
    voted_at = models.DateTimeField(null=True)
    voted_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["validation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["validation", "participant"], name="one_ballot_a_body"
            ),
            models.CheckConstraint(
                condition=Q(vote="") | Q(is_present=True, voted_by__isnull=False),
                name="who_votes_is_present_and_somebody_recorded_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.validation_id} {self.participant_id}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """The ballot of the actor's own body."""
        return Q(participant__organisation_id=actor.organisation_id)


class Reservation(models.Model):
    """One row is one reservation of one body, on one clause or on the whole text."""

    id = models.BigAutoField(primary_key=True)
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="reservations")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="reservations")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_reservation_says_something")
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.clause_id}"


class FrozenText(models.Model):
    """One row is the text as it was adopted, with its votes and reservations, byte for byte.

    ``content`` is what is hashed, printed on the signatures list and published. No act changes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    validation = models.OneToOneField(Validation, models.PROTECT, related_name="frozen")
    version = models.OneToOneField(TextVersion, models.PROTECT, related_name="frozen")
    content = models.TextField()  # JSON, keys in order, UTF-8
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)  # published for everybody

    class Meta:
        ordering = ["-frozen_at"]

    def __str__(self) -> str:
        return self.sha256


class Signature(models.Model):
    """One row is the signature of one body under the frozen text, seen on the paper list."""

    id = models.BigAutoField(primary_key=True)
    frozen = models.ForeignKey(FrozenText, models.PROTECT, related_name="signatures")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    signer = models.CharField(max_length=160)  # an official, in that capacity
    function = models.CharField(max_length=160)
    signed_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["frozen", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["frozen", "participant"], name="one_signature_a_body"),
            models.CheckConstraint(
                condition=~Q(signer="") & ~Q(function=""), name="a_signature_says_who_and_as_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.frozen_id} {self.participant_id}"
