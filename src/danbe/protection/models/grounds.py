"""The ledger of grounds: why something about a person may reach another body, and until when.

A consent, a judicial order, a vital emergency and a break-glass are four kinds of one thing: a
ground, which names a person, a recipient, field groups, a purpose and a period. Rows are added,
never altered; a withdrawal stamps the row and cuts at once.
"""

import datetime
import uuid
from typing import Any

from django.db import models
from django.db.models.functions import Concat
from django.utils import timezone

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, ScopedModel
from danbe.core.field_groups import delimited as delimited
from danbe.partnership.sharing import flag, passes
from danbe.protection.vocabulary import (
    SHAREABLE,
    Assent,
    FieldGroup,
    Giver,
    GroundKind,
    Purpose,
    Told,
)

# A judge, a life at risk: no agreement between two bodies can hold these back.
OWN_GROUND = (GroundKind.ORDER, GroundKind.EMERGENCY, GroundKind.BREAK_GLASS)


class ConsentText(models.Model):
    """One version of what is read out, for one purpose. A change is a new version."""

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    version = models.CharField(max_length=20)
    body_fr = models.TextField()
    body_en = models.TextField(blank=True)
    is_official = models.BooleanField(default=False)  # the shipped ones are editable templates
    since = models.DateField()

    class Meta:
        ordering = ["purpose", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="one_text_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class Ground(ScopedModel):
    """One ground for sharing. A refusal is a row too: ``is_given`` false, and it covers nothing.

    ``groups`` is space-delimited on both sides (`` identity health ``), so that a group is found
    whole. ``recipient`` is a body; a body without an account is named in the sealed record of
    the referral and has no access to cut but its paper. Break-glass names one post.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("protection.Person", models.PROTECT, related_name="grounds")
    kind = models.CharField(max_length=12, choices=GroundKind.choices)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    is_given = models.BooleanField(default=True)
    recipient = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    recipient_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    groups = models.CharField(max_length=200)
    services = models.CharField(max_length=200, blank=True)  # service_type codes, same way
    start = models.DateTimeField(default=timezone.now)
    end = models.DateTimeField()
    # How it was obtained.
    text = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=40, blank=True)
    told = models.CharField(max_length=12, choices=Told.choices, blank=True)
    giver = models.CharField(max_length=10, choices=Giver.choices, blank=True)
    assent = models.CharField(max_length=10, choices=Assent.choices, blank=True)
    # Who wrote it down. Witness, guardian, interpreter, order number, reason: sealed records.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    # How it ended before its time.
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    # What it served is over: the one referral it was given for was declined or revoked.
    spent_at = models.DateTimeField(null=True)
    # Emergency and break-glass are looked at by somebody else afterwards.
    review_due_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    is_justified = models.BooleanField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-recorded_at"]
        indexes = [
            models.Index(fields=["recipient", "person"], name="ground_by_recipient"),
            models.Index(fields=["review_due_at"], name="ground_by_review"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="period"),
            models.CheckConstraint(
                condition=models.Q(groups__startswith=" ", groups__endswith=" "),
                name="groups_are_delimited",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those about the body's persons, those it wrote down, and those that reach it."""
        about = models.Q(person__organisation_id=actor.organisation_id)
        return about | models.Q(organisation_id=actor.organisation_id) | to_actor(actor)

    @property
    def field_groups(self) -> list[FieldGroup]:
        """The groups it covers."""
        return [FieldGroup(code) for code in self.groups.split()]

    def is_live(self, now: datetime.datetime | None = None) -> bool:
        """Whether it covers anything at ``now``."""
        now = now or timezone.now()
        ended = self.withdrawn_at or self.spent_at
        return self.is_given and ended is None and self.start <= now < self.end


class Acknowledgement(ScopedModel):
    """A recipient says that it knows of a withdrawal and destroyed what it held on paper."""

    ground = models.ForeignKey(Ground, models.PROTECT, related_name="acknowledgements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    given_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["ground", "organisation"], name="one_acknowledgement")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Those asked of the actor's body, and those about its persons or its grounds."""
        asked = models.Q(organisation_id=actor.organisation_id)
        about = models.Q(ground__person__organisation_id=actor.organisation_id)
        return asked | about | models.Q(ground__organisation_id=actor.organisation_id)


def to_actor(actor: Actor) -> models.Q:
    """Grounds addressed to the actor's body, or to the actor's post alone."""
    to_body = models.Q(recipient_id=actor.organisation_id, recipient_post=None)
    return to_body | models.Q(recipient_post_id=actor.post_id, recipient_post__isnull=False)


def opened_to(actor: Actor) -> "models.QuerySet[Ground, Any]":
    """The persons that a ground in effect opens to the actor; read alone, before any person.

    The columns of a person are the profile, which goes with every ground and every flow.
    """
    return Ground.unscoped.filter(in_effect() & to_actor(actor)).order_by().values("person_id")


def live(now: datetime.datetime | None = None) -> models.Q:
    """Grounds that stand at ``now``. What they let pass is :func:`in_effect`'s to say."""
    now = now or timezone.now()
    return models.Q(is_given=True, withdrawn_at=None, spent_at=None, start__lte=now, end__gt=now)


def in_effect(
    group: str = FieldGroup.PROFILE, now: datetime.datetime | None = None, *, column: str = ""
) -> models.Q:
    """Grounds that let ``group`` be read at ``now``: they stand, and no agreement holds it back.

    Every reading and every sending goes through here. With ``column``, the group is the one in
    that column of the query around.
    """
    now = now or timezone.now()
    here: Any = _spaced(models.OuterRef(column)) if column else f" {group} "
    inside: Any = _spaced(models.OuterRef(models.OuterRef(column))) if column else f" {group} "
    holder, recipient = models.OuterRef("person__organisation_id"), models.OuterRef("recipient_id")
    allowed = passes(holder, recipient, inside, timezone.localdate(now))
    own = models.Q(kind__in=OWN_GROUND)
    return live(now) & models.Q(groups__contains=here) & (own | allowed)


def _spaced(code: Any) -> Concat:
    return Concat(models.Value(" "), code, models.Value(" "))


def open_groups_of(
    rows: "models.QuerySet[Ground]", now: datetime.datetime | None = None
) -> list[tuple[Ground, tuple[FieldGroup, ...]]]:
    """Each ground with the groups that it lets be read at ``now``; none if it does not stand."""
    now = now or timezone.now()
    told = {code for codes in rows.values_list("groups", flat=True) for code in codes.split()}
    wanted = [group for group in SHAREABLE if group in told]
    columns = {f"lets_{group}": flag(in_effect(group, now)) for group in wanted}
    return [
        (row, tuple(group for group in wanted if getattr(row, f"lets_{group}")))
        for row in rows.annotate(**columns)
    ]
