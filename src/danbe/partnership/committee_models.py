"""The Committee: its bodies and members, its meetings, what they decide and what becomes of it.

Bodies and members are public facts. Meetings, decisions, evidence and files are read by the
members; partners read what was published and no more (their reach is their own post).
"""

import datetime
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.models import Labelled, Place


class BodyKind(models.TextChoices):
    """What a body of the Committee is."""

    COMMITTEE = "committee", _("Committee")
    BUREAU = "bureau", _("Bureau")
    SUB_COMMITTEE = "sub_committee", _("Sub-committee")
    LOCAL = "local", _("Local committee")


class QuorumRule(models.TextChoices):
    """How many members must be there. None is invented: empty until the body sets it."""

    COUNT = "count", _("At least this many members")
    SHARE = "share", _("At least this share of the members, in %")
    MAJORITY = "majority", _("More than half of the members")


class CommitteeBody(Labelled):
    """The Committee, its bureau, a sub-committee or a local committee, and the rules it set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=BodyKind.choices)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    chair = models.CharField(max_length=200, blank=True)  # the office that chairs, not a name
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    meets_every_months = models.PositiveSmallIntegerField(null=True)
    quorum_rule = models.CharField(max_length=12, choices=QuorumRule.choices, blank=True)
    quorum_value = models.PositiveSmallIntegerField(null=True)
    quorum_counts_proxies = models.BooleanField(default=False)
    quorum_source = models.CharField(max_length=300, blank=True)  # the text that sets the rule
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)
    is_fictitious = models.BooleanField(default=False)

    class Meta:
        ordering = ["label_fr"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_rule__in=["", "majority"], quorum_value=None)
                | Q(quorum_rule="count", quorum_value__gte=1)
                | Q(quorum_rule="share", quorum_value__range=(1, 100)),
                name="quorum_is_whole",
            )
        ]


class BodyFact(Labelled):
    """One thing that public sources say of a body, or that was looked for and not found."""

    body = models.ForeignKey(CommitteeBody, models.CASCADE, related_name="facts")
    code = models.SlugField(max_length=40)
    is_found = models.BooleanField()
    source = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["body", "code"], name="one_fact_once_a_body")
        ]


class BureauRole(models.TextChoices):
    """The part of a member in the bureau."""

    PRESIDENT = "president", _("President")
    MEMBER = "member", _("Member of the bureau")


class Membership(models.Model):
    """One seat of one organisation in one body, during one term of office."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(CommitteeBody, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    seat = models.CharField(max_length=200, blank=True)  # as the founding text names it
    since = models.DateField(null=True)  # null: not known
    until = models.DateField(null=True)
    bureau_role = models.CharField(max_length=12, choices=BureauRole.choices, blank=True)
    bureau_title = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300, blank=True)  # the act that appoints
    is_fictitious = models.BooleanField(default=False)

    class Meta:
        ordering = ["organisation__label_fr", "seat"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=models.F("since")),
                name="term_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.organisation_id}"

    @classmethod
    def running_on(cls, day: datetime.date) -> Q:
        """The terms in force on ``day``."""
        begun = Q(since=None) | Q(since__lte=day)
        return begun & (Q(until=None) | Q(until__gte=day))


def bodies_of(actor: Actor) -> "models.QuerySet[Membership]":
    """The bodies in which the actor's organisation has a seat today, as their keys."""
    running = Membership.running_on(timezone.localdate())
    rows = Membership.objects.filter(running, organisation__in=[actor.organisation_id])
    return rows.order_by().values("body_id")  # type: ignore[return-value]


class MeetingStatus(models.TextChoices):
    """How far a meeting is."""

    PLANNED = "planned", _("Planned")
    CONVENED = "convened", _("Convened")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


# From a status to those that may follow. What was held stays held.
MEETING_STEPS = {
    MeetingStatus.PLANNED: {MeetingStatus.CONVENED, MeetingStatus.HELD, MeetingStatus.CANCELLED},
    MeetingStatus.CONVENED: {MeetingStatus.PLANNED, MeetingStatus.HELD, MeetingStatus.CANCELLED},
    MeetingStatus.HELD: {MeetingStatus.HELD},
    MeetingStatus.CANCELLED: set(),
}


class Meeting(ScopedModel):
    """One meeting of one body, from its planning to its published minutes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(CommitteeBody, models.PROTECT, related_name="meetings")
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=80)  # code of the list meeting_kind
    subject = models.CharField(max_length=200, blank=True)
    date = models.DateField(db_index=True)
    starts_at = models.TimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    status = models.CharField(
        max_length=12, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED
    )
    letter = models.TextField(blank=True)  # the words of the convocation, when not the usual ones
    convened_at = models.DateTimeField(null=True)
    convened_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.TextField(blank=True)
    attended_at = models.DateTimeField(null=True)  # when attendance was recorded
    minutes = models.TextField(blank=True)
    minutes_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    is_archive = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    is_fictitious = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-date", "-number"]
        indexes = [models.Index(fields=["body", "status", "date"], name="meeting_by_body")]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(minutes_at__isnull=False),
                name="published_minutes_are_written",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                name="cancelled_meeting_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Those of the bodies where one sits, and those whose minutes are published."""
        published = Q(published_at__isnull=False)
        if reach is Reach.POST:
            return published
        return published | Q(body_id__in=bodies_of(actor))

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held."""
        return self.status in (MeetingStatus.PLANNED, MeetingStatus.CONVENED)


class DecisionStatus(models.TextChoices):
    """What became of a decision."""

    OPEN = "open", _("Open")
    DONE = "done", _("Carried out")
    GIVEN_UP = "given_up", _("Given up")


class Decision(ScopedModel):
    """One undertaking written in the minutes: who, by when, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    number = models.CharField(max_length=40, unique=True)
    text = models.TextField()
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="committee_decisions"
    )
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    deadline = models.DateField(null=True)
    status = models.CharField(
        max_length=12, choices=DecisionStatus.choices, default=DecisionStatus.OPEN
    )
    outcome = models.TextField(blank=True)  # what was done, or why it was given up
    settled_on = models.DateField(null=True)
    settled_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-meeting__date", "number"]
        indexes = [
            models.Index(fields=["status", "deadline"], name="decision_by_deadline"),
            models.Index(fields=["organisation", "status"], name="decision_by_body"),
        ]
        constraints = [
            models.CheckConstraint(
                # The day is not known for all that the archive tells.
                condition=Q(status="open", settled_on=None) | (~Q(status="open") & ~Q(outcome="")),
                name="settled_decision_says_how",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Those entrusted to one's body, those of the bodies where it sits, those published."""
        published = Q(meeting__published_at__isnull=False)
        if reach is Reach.POST:
            return published
        own = Q(organisation_id=actor.organisation_id)
        return own | published | Q(meeting__body_id__in=bodies_of(actor))

    def is_late_on(self, day: datetime.date) -> bool:
        """Whether the deadline went by without an end."""
        late = self.deadline is not None and self.deadline < day
        return late and self.status == DecisionStatus.OPEN


class AgendaItem(models.Model):
    """One point of the agenda of a meeting; ``decision``: an open one, carried over."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=300, blank=True)
    detail = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, models.CASCADE, null=True, related_name="carried")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "decision"], name="carried_once"),
            models.CheckConstraint(
                condition=~Q(title="") | Q(decision__isnull=False), name="item_says_what"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.decision_id)


class Presence(models.TextChoices):
    """Whether a member was there."""

    PRESENT = "present", _("Present")
    PROXY = "proxy", _("Represented by proxy")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class Attendance(models.Model):
    """One member at one meeting. No row: nothing was recorded, which is not an absence."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="attendance")
    presence = models.CharField(max_length=10, choices=Presence.choices)
    proxy = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="proxies")
    sat_by = models.CharField(max_length=160, blank=True)  # who sat for the organisation

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="one_seat_a_meeting"),
            models.CheckConstraint(
                condition=Q(presence="proxy", proxy__isnull=False)
                | (~Q(presence="proxy") & Q(proxy=None)),
                name="proxy_names_a_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.membership_id}"


class Evidence(ScopedModel):
    """What an organisation says it did for a decision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="evidence")
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """As the decision; nothing of it is published."""
        if reach is Reach.POST:
            return Q(pk__in=[])
        own = Q(decision__organisation_id=actor.organisation_id)
        return own | Q(decision__meeting__body_id__in=bodies_of(actor))


class FileKind(models.TextChoices):
    """What a file is for."""

    DOCUMENT = "document", _("Document of the meeting")
    MINUTES = "minutes", _("Signed minutes")
    EVIDENCE = "evidence", _("Evidence")


class CommitteeFile(ScopedModel):
    """A file joined to a meeting or to evidence: sealed on disk, its own name sealed too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="files")
    evidence = models.ForeignKey(Evidence, models.CASCADE, null=True, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind.choices)
    label = models.CharField(max_length=200)
    key = models.BinaryField(null=True)  # wrapped data key; null once destroyed
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
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """As the meeting or the decision; of what is published, the signed minutes."""
        published = Q(kind=FileKind.MINUTES, meeting__published_at__isnull=False)
        if reach is Reach.POST:
            return published
        own = Q(evidence__decision__organisation_id=actor.organisation_id)
        return own | published | Q(meeting__body_id__in=bodies_of(actor))
