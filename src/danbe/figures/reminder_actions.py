"""Asking a silent body for what it owes."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence

from danbe.accounts.actions import post_message
from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.figures.completeness import Owed


def focal_points(organisations: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[uuid.UUID]]:
    """The active focal posts of each body, held or vacant: a successor reads the mail."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    posts = Post.objects.filter(
        organisation__in=list(organisations), role=Role.FOCAL_POINT, is_active=True
    )
    for body, post in posts.order_by("pk").values_list("organisation_id", "pk"):
        found.setdefault(body, []).append(post)
    return found


@action("completeness.remind")
def remind(
    actor: Actor, organisation: Organisation, *, owed: Sequence[Owed], today: datetime.date
) -> int:
    """Put what is owed in the inbox of the body's focal points, once a day for each window.

    Returns how many lines were put: 0 when they were all told today. Raises
    :class:`DomainError` when the body has no focal point.
    """
    posts = focal_points([organisation.pk]).get(organisation.pk, [])
    if not posts:
        raise DomainError("completeness.no_focal_point", organisation.label)
    return sum(
        post_message(
            posts,
            "return.owed",
            path=f"/returns/{one.return_id}/" if one.return_id else "/returns/",
            key=f"asked:{organisation.pk}:{one.window.code}:{today.isoformat()}",
            start=one.window.start.isoformat(),
            end=one.window.end.isoformat(),
            due=one.due.isoformat(),
        )
        for one in owed
        if one.organisation.pk == organisation.pk
    )
