"""What people say of a draft, and what is answered: every contribution gets a reasoned answer.

What survivors and the public write is sealed until a moderator publishes it: somebody may have
written a name, or a story that points at one person. Once published, only the words that were
published remain.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Place
from danbe.plan.models.participation import Category, Clause, Process


class ContributionKind(models.TextChoices):
    """What a contribution does."""

    PROPOSAL = "proposal", _("Proposal")
    AMENDMENT = "amendment", _("Amendment")
    COMMENT = "comment", _("Comment")
    SUPPORT = "support", pgettext_lazy("contribution", "Support")
    MINORITY = "minority", _("Minority opinion")


class Channel(models.TextChoices):
    """How it came."""

    WEB = "web", _("From a post, on the web")
    PUBLIC = "public", _("From the public page")
    WORKBOOK = "workbook", _("From a room, by workbook")
    PAPER = "paper", _("From a room, on paper")
    VOICE = "voice", _("Voice note, typed up")


class Moderation(models.TextChoices):
    """Whether others may read it."""

    WAITING = "waiting", _("To be moderated")
    PUBLISHED = "published", pgettext_lazy("contribution", "Published")
    HELD = "held", pgettext_lazy("contribution", "Held back")
    REMOVED = "removed", pgettext_lazy("contribution", "Removed")


# From -> to. What was published may be taken down, what was removed by mistake put back.
MODERATIONS = {
    Moderation.WAITING: {Moderation.PUBLISHED, Moderation.HELD, Moderation.REMOVED},
    Moderation.HELD: {Moderation.PUBLISHED, Moderation.REMOVED},
    Moderation.PUBLISHED: {Moderation.REMOVED},
    Moderation.REMOVED: {Moderation.PUBLISHED},
}

# Whose words are sealed until they are published.
SEALED_CATEGORIES = frozenset({Category.SURVIVORS, Category.PUBLIC})


class AnswerOutcome(models.TextChoices):
    """What became of a contribution."""

    TAKEN = "taken", pgettext_lazy("contribution", "Taken up")
    PARTLY = "partly", pgettext_lazy("contribution", "Taken up in part")
    NOT = "not", pgettext_lazy("contribution", "Not taken up")


class Room(ScopedModel):
    """One meeting in a room without network: its sheet, on paper and as a workbook."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="rooms")
    number = models.PositiveIntegerField()  # R3: lines are R3-1, R3-2... on paper and on screen
    held_on = models.DateField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=20, blank=True)  # code of the list language
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")  # of the facilitator
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["process", "number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="one_room_a_number")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """``R3``."""
        return f"R{self.number}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """The rooms that the actor's own post facilitates."""
        return Q(post_id=actor.post_id)


class ContributionGroup(models.Model):
    """Contributions that say the same, put together by a person so that they are answered once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="groups")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["process", "number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="one_group_a_number")
        ]

    def __str__(self) -> str:
        return self.label


class ContributionAnswer(models.Model):
    """One reasoned answer, to one contribution or to all those of a group. It never changes:
    who answers again writes another row, and says which one it replaces."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=8, choices=AnswerOutcome.choices)
    reason = models.TextField()
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="answers")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="answer_has_a_reason"),
            models.CheckConstraint(
                condition=Q(outcome="not") | Q(clause__isnull=False),
                name="what_is_taken_up_is_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d}"


class Contribution(ScopedModel):
    """One thing said of a draft by one contributor, on a paragraph or on the whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(Process, models.PROTECT, related_name="contributions")
    number = models.PositiveIntegerField()  # C12, in the order in which they came
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="contributions")
    kind = models.CharField(max_length=10, choices=ContributionKind.choices)
    category = models.CharField(max_length=20, choices=Category.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    language = models.CharField(max_length=20, blank=True)  # spoken; code of the list language
    text = models.TextField(blank=True)
    replaced = models.TextField(blank=True)  # of an amendment: words of the clause as it stood
    proposed = models.TextField(blank=True)  # empty with words replaced: strike them out
    sealed = models.BinaryField(null=True)  # text and proposed words, until they are published
    sealed_key = models.BinaryField(null=True)
    supports = models.ForeignKey("self", models.PROTECT, null=True, related_name="supporters")
    at = models.DateTimeField(auto_now_add=True)
    # Who speaks: a post and its body; nobody for survivors and the public.
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    typed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    room = models.ForeignKey(Room, models.PROTECT, null=True, related_name="contributions")
    line = models.PositiveIntegerField(null=True)  # of the room's sheet
    code_hash = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001 - unique
    moderation = models.CharField(
        max_length=10, choices=Moderation.choices, default=Moderation.WAITING
    )
    is_shortened = models.BooleanField(default=False)  # words were masked before publication
    moderation_reason = models.TextField(blank=True)
    moderated_at = models.DateTimeField(null=True)
    moderated_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(
        ContributionGroup, models.PROTECT, null=True, related_name="contributions"
    )
    answer = models.ForeignKey(
        ContributionAnswer, models.PROTECT, null=True, related_name="contributions"
    )

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["process", "number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="one_contribution_number"),
            models.UniqueConstraint(fields=["room", "line"], name="one_contribution_a_line"),
            models.UniqueConstraint(fields=["supports", "post"], name="one_support_a_post"),
            models.CheckConstraint(
                condition=~Q(category__in=["survivors", "public"])
                | Q(post=None, organisation=None),
                name="survivors_and_public_are_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(moderation__in=["held", "removed"]) | ~Q(moderation_reason=""),
                name="held_or_removed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="amendment") | Q(clause__isnull=False) & ~Q(replaced=""),
                name="an_amendment_replaces_words_of_a_clause",
            ),
        ]
        indexes = [
            models.Index(fields=["process", "moderation", "number"], name="contribution_by_state"),
            models.Index(fields=["process", "answer", "number"], name="contribution_by_answer"),
            models.Index(fields=["clause", "moderation", "number"], name="contribution_by_clause"),
            models.Index(fields=["process", "category", "number"], name="contribution_by_speaker"),
            models.Index(fields=["group", "number"], name="contribution_by_group"),
            models.Index(fields=["post", "number"], name="contribution_by_post"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """``C12``."""
        return f"C{self.number}"

    @property
    def is_sealed(self) -> bool:
        """Whether its words are still sealed."""
        return self.sealed is not None

    @property
    def is_protected(self) -> bool:
        """Whether it comes from a survivor: category only, wherever it is shown."""
        return self.category == Category.SURVIVORS

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """What is published, what the actor's own post said, and what it typed up."""
        own = Q(post_id=actor.post_id) | Q(typed_by_id=actor.post_id)
        return Q(moderation=Moderation.PUBLISHED) | own


class ClauseActivity(models.Model):
    """The activity of the plan by which a paragraph is carried out, in every version of it."""

    id = models.BigAutoField(primary_key=True)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="activities")
    lineage = models.UUIDField(db_index=True)  # of the activity
    at = models.DateTimeField(auto_now_add=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["clause", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "lineage"], name="one_link_a_clause")
        ]

    def __str__(self) -> str:
        return f"{self.clause_id} {self.lineage}"


class Knock(models.Model):
    """How often one address wrote from the public page in the last minutes. Never the address:
    a keyed hash, thrown away a few minutes later."""

    mark = models.CharField(max_length=32, primary_key=True)
    since = models.DateTimeField(db_index=True)
    n = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.n)
