"""What posts hear of the Committee: convocations, decisions entrusted to them, answers."""

from danbe.accounts.actions import post_message
from danbe.accounts.models import Post
from danbe.core.access import Actor, Role
from danbe.partnership.committee_models import Decision, Evidence, Meeting
from danbe.partnership.committee_queries import focal_points_of, members_on


def tell_members_convened(actor: Actor, row: Meeting) -> None:
    """The focal points of the members are called."""
    _tell_members("meeting.convened", row)


def tell_members_cancelled(actor: Actor, row: Meeting) -> None:
    """Whoever was called hears that it will not take place."""
    if row.convened_at is not None:
        _tell_members("meeting.cancelled", row)


def _tell_members(kind: str, row: Meeting) -> None:
    post_message(
        focal_points_of(members_on(row.body, row.date)),
        kind,
        path=f"/committee/meetings/{row.pk}/",
        number=row.number,
        day=row.date.isoformat(),
    )


def tell_owner(actor: Actor, row: Decision) -> None:
    """The owner of a decision hears of it: the post named, else the focal points of the body."""
    posts = Post.objects.filter(is_active=True, organisation__in=[row.organisation_id])
    named = posts.filter(pk=row.post_id) if row.post_id else posts.none()
    told = named if named.exists() else posts.filter(role=Role.FOCAL_POINT)
    due = {"due": row.deadline.isoformat()} if row.deadline else {}
    post_message(
        list(told.values_list("pk", flat=True)),
        "decision.entrusted",
        path=f"/committee/decisions/{row.pk}/",
        key=f"decision:{row.pk}:{row.organisation_id}",  # once an owner
        number=row.number,
        **due,
    )


def tell_secretariat_answered(actor: Actor, row: Evidence) -> None:
    """A body says what it did: the secretariat hears of it, unless it wrote it itself."""
    if actor.role == Role.SECRETARIAT:
        return
    posts = Post.objects.filter(is_active=True, role=Role.SECRETARIAT)
    post_message(
        list(posts.values_list("pk", flat=True)),
        "decision.answered",
        path=f"/committee/decisions/{row.decision_id}/",
        organisation=str(row.organisation_id),
        number=row.decision.number,
    )
