"""Meetings and what comes of them: agenda, documents, attendance, minutes, decisions.

The minutes that the next meeting adopted do not change: their whole content is kept as it was,
with its fingerprint. What becomes of a decision afterwards is told beside it.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.partnership.models.committee import Assembly, Seat


class MeetingStatus(models.TextChoices):
    """Life of a meeting."""

    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    CONVOKED = "convoked", pgettext_lazy("meeting", "Convoked")
    HELD = "held", pgettext_lazy("meeting", "Held")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


# From -> to. A convoked meeting that is put off is planned again, then convoked again.
MEETING_TRANSITIONS = {
    MeetingStatus.PLANNED: {
        MeetingStatus.CONVOKED,
        MeetingStatus.HELD,
        MeetingStatus.CANCELLED,
    },
    MeetingStatus.CONVOKED: {
        MeetingStatus.CONVOKED,
        MeetingStatus.PLANNED,
        MeetingStatus.HELD,
        MeetingStatus.CANCELLED,
    },
    MeetingStatus.HELD: set(),
    MeetingStatus.CANCELLED: set(),
}


class MinutesStatus(models.TextChoices):
    """Where the minutes stand."""

    NONE = "none", _("No minutes")
    DRAFT = "draft", _("Draft minutes")
    ADOPTED = "adopted", _("Adopted minutes")


class DayPrecision(models.TextChoices):
    """How well the date of a past meeting is known."""

    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")
    YEAR = "year", _("to the year")


class Meeting(ScopedModel):
    """One meeting of one assembly, planned, held or known from a source."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="meetings")
    reference = models.CharField(max_length=60, unique=True)  # CNCLCTPA-2026-03
    kind = models.CharField(max_length=80, blank=True)  # code of meeting_kind; empty: not said
    day = models.DateField(db_index=True)
    day_precision = models.CharField(
        max_length=5, choices=DayPrecision.choices, default=DayPrecision.DAY
    )
    time = models.TimeField(null=True)
    room = models.CharField(max_length=200, blank=True)
    status = models.CharField(
        max_length=10, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED
    )
    cancel_reason = models.TextField(blank=True)
    convocation = models.TextField(blank=True)  # as sent, {member} still to be filled in
    convoked_at = models.DateTimeField(null=True)
    # As counted when it was held: a seat that changes later does not change them.
    n_seats = models.PositiveSmallIntegerField(null=True)
    n_counted = models.PositiveSmallIntegerField(null=True)
    n_needed = models.PositiveSmallIntegerField(null=True)  # null: the rule is not known
    minutes_status = models.CharField(
        max_length=8, choices=MinutesStatus.choices, default=MinutesStatus.NONE
    )
    minutes = models.TextField(blank=True)
    minutes_document = models.JSONField(null=True)  # what was adopted, whole
    minutes_hash = models.CharField(max_length=64, blank=True)
    adopted_in = models.ForeignKey("self", models.PROTECT, null=True, related_name="adopted")
    is_public = models.BooleanField(default=False)  # its date is in the published calendar
    is_archive = models.BooleanField(default=False)  # entered after the fact, from papers
    is_fictitious = models.BooleanField(default=False)
    note_fr = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    source = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-day", "-reference"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(minutes_status="adopted")
                | (~Q(minutes_hash="") & Q(minutes_document__isnull=False)),
                name="adopted_minutes_are_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                name="a_cancelled_meeting_says_why",
            ),
        ]
        indexes = [models.Index(fields=["assembly", "day"], name="meeting_by_assembly")]

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """Those of the assemblies where the actor's own post sits."""
        return Q(assembly_id__in=Seat.of_post(actor))

    @property
    def has_quorum(self) -> bool | None:
        """Whether enough members came; ``None`` when the rule or the attendance is not known."""
        if self.n_needed is None or self.n_counted is None:
            return None
        return self.n_counted >= self.n_needed

    @property
    def note(self) -> str:
        """What a source tells of it, in the reader's language."""
        english = not (get_language() or "fr").startswith("fr")
        return (english and self.note_en) or self.note_fr

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held."""
        return self.status in (MeetingStatus.PLANNED, MeetingStatus.CONVOKED)


class DecisionStatus(models.TextChoices):
    """Where a decision stands. Late is not kept: it is open after its deadline."""

    OPEN = "open", pgettext_lazy("decision", "Open")
    DONE = "done", pgettext_lazy("decision", "Done")
    DROPPED = "dropped", pgettext_lazy("decision", "Dropped")


DECISION_TRANSITIONS = {
    DecisionStatus.OPEN: {DecisionStatus.DONE, DecisionStatus.DROPPED},
    DecisionStatus.DONE: {DecisionStatus.OPEN},
    DecisionStatus.DROPPED: {DecisionStatus.OPEN},
}


class Decision(ScopedModel):
    """One undertaking written in the minutes: what, by which body, by when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()  # within the meeting
    text = models.TextField()
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    deadline = models.DateField(null=True)
    status = models.CharField(
        max_length=8, choices=DecisionStatus.choices, default=DecisionStatus.OPEN
    )
    drop_reason = models.TextField(blank=True)
    evidence = models.TextField(blank=True)  # as confirmed
    closed_on = models.DateField(null=True)
    is_public = models.BooleanField(default=False)
    is_archive = models.BooleanField(default=False)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-meeting__day", "meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_decision_a_number"),
            models.CheckConstraint(
                condition=Q(is_archive=True) | Q(owner__isnull=False, deadline__isnull=False),
                name="a_decision_has_an_owner_and_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(status="dropped") | ~Q(drop_reason=""),
                name="a_dropped_decision_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "deadline"], name="decision_by_status"),
            models.Index(fields=["owner", "status"], name="decision_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.number}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """What the actor's body must do; nearer (post): also what its post's assemblies said."""
        own = Q(owner_id=actor.organisation_id)
        if reach is Reach.ORGANISATION:
            return own
        return own | Q(meeting_id__in=Meeting.unscoped.filter(
            assembly_id__in=Seat.of_post(actor)
        ).values("pk"))  # fmt: skip


class NoteKind(models.TextChoices):
    """What happened to a decision."""

    REPORT = "report", _("News")
    CLAIM = "claim", _("Said to be done")
    EXTENDED = "extended", _("Deadline changed")
    DROPPED = "dropped", _("Dropped, with the reason")
    REOPENED = "reopened", _("Reopened")


class NoteReview(models.TextChoices):
    """What the secretariat made of what the owner said."""

    NOT_ASKED = "", _("not to be confirmed")
    WAITING = "waiting", _("Waits for the secretariat")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")


class DecisionNote(ScopedModel):
    """One thing said of a decision: news with its evidence, or a change with its reason."""

    id = models.BigAutoField(primary_key=True)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind.choices)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField()
    evidence = models.TextField(blank=True)
    review = models.CharField(max_length=10, choices=NoteReview.choices, blank=True)
    answer = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["review", "at"], name="decision_note_by_review")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """What is said of the decisions that the actor's body must carry out."""
        return Q(decision__owner_id=actor.organisation_id)


class AgendaItem(ScopedModel):
    """One point of an agenda: written, or proposed by Danbe because a decision is still open.

    A point about a decision, or about the minutes to adopt, has no title of its own.
    """

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300, blank=True)
    presenter = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    decision = models.ForeignKey(Decision, models.CASCADE, null=True, related_name="items")
    minutes_of = models.ForeignKey(Meeting, models.CASCADE, null=True, related_name="+")
    is_proposed = models.BooleanField(default=False)  # by Danbe, not yet accepted
    is_dropped = models.BooleanField(default=False)  # refused: not proposed again

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["meeting", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") | Q(decision__isnull=False) | Q(minutes_of__isnull=False),
                name="agenda_item_is_about_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.order}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """As the meeting."""
        return Q(meeting__assembly_id__in=Seat.of_post(actor))


class Presence(models.TextChoices):
    """How a body took part."""

    PRESENT = "present", pgettext_lazy("attendance", "Present")
    REPRESENTED = "represented", pgettext_lazy("attendance", "Represented")
    EXCUSED = "excused", pgettext_lazy("attendance", "Excused")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent")


THERE = (Presence.PRESENT, Presence.REPRESENTED)


class MeetingAttendance(ScopedModel):
    """How one body took part in one meeting, and whether it counted for the quorum that day."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    presence = models.CharField(max_length=12, choices=Presence.choices)
    counts = models.BooleanField(default=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["meeting", "organisation__label_fr"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "organisation"], name="one_attendance_a_body"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.organisation_id}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """As the meeting."""
        return Q(meeting__assembly_id__in=Seat.of_post(actor))


class MeetingFile(ScopedModel):
    """A document of a meeting: sealed on disk under a random name, its own name sealed too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="files")
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
    def rows_of(cls, actor: Actor, reach: Reach) -> Q:
        """As the meeting."""
        return Q(meeting__assembly_id__in=Seat.of_post(actor))
