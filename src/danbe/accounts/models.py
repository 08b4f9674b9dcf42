"""Organisations, their posts, the people who hold them, and the mail of each post.

Posts, not persons, hold rights, tasks and correspondence: a post is handed over in one act and
its former holder's history stays.
"""

import datetime
import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from danbe.core.access import Actor, Reach, Role, ScopedModel
from danbe.core.models import Labelled, Place


class OrganisationType(models.TextChoices):
    """What a body is; it decides what a return asks of it."""

    COORDINATION = "coordination", _("Coordination")
    MINISTRY = "ministry", _("Ministry")
    DIRECTORATE = "directorate", _("Directorate")
    POLICE = "police", _("Police and gendarmerie")
    JUSTICE = "justice", _("Justice")
    INDEPENDENT = "independent", _("Independent authority")
    NGO = "ngo", _("Non-governmental organisation")
    NGO_NETWORK = "ngo_network", _("Network of organisations")
    PARTNER = "partner", _("Technical and financial partner")


class Organisation(Labelled):
    """A body that fights trafficking: member of the Committee, partner, unit of one of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=30, unique=True)
    type = models.CharField(max_length=20, choices=OrganisationType.choices, db_index=True)
    parent = models.CharField(max_length=200, blank=True)
    region = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    role_seen = models.TextField(blank=True)
    note = models.TextField(blank=True)
    source = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["label_fr"]


class OrganisationName(models.Model):
    """A name or acronym under which an organisation is searched."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    name = models.CharField(max_length=300)
    folded = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "folded"], name="one_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """What Django's sign-in needs: users are found by their e-mail address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Case does not matter in an address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in. Holds no right: posts do."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=5, default="fr")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A seat in an organisation, with a role. It outlives whoever sits in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=160)
    role = models.CharField(max_length=20, choices=Role.choices)
    region = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["organisation__label_fr", "title"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "title"], name="one_title_a_body")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def actor(self) -> Actor:
        """The post acting without anybody in it (the return of a body, a test)."""
        return Actor(Role(self.role), None, self.pk, self.organisation_id, self.region_id)


class Holding(models.Model):
    """Who sat in a post, from when to when. One holder at a time."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, models.PROTECT, related_name="holdings")
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=models.Q(until=None), name="one_holder_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.post_id}"


class Invitation(models.Model):
    """A word sent to a person to take a post. The code itself is kept only as a keyed hash."""

    LIFETIME = datetime.timedelta(days=7)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=120)
    code_hash = models.CharField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-expires_at"]

    def __str__(self) -> str:
        return str(self.pk)


class Message(ScopedModel):
    """One line in the inbox of a post; also sent by mail where a mail server is set."""

    id = models.BigAutoField(primary_key=True)
    post = models.ForeignKey(Post, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=60)  # what happened; the text is made when it is shown
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)  # where to go
    key = models.CharField(max_length=120, blank=True, db_index=True)  # same thing said once
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["post", "read_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """The mail of the actor's own post, whoever sat there before."""
        return models.Q(post_id=actor.post_id)


def holder_of(post: Post) -> Any:
    """The person in ``post`` today; ``None`` when vacant."""
    holding = post.holdings.filter(until=None).select_related("user").first()
    return holding.user if holding else None
