"""What follows from what: event -> functions. The one list of consequences."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from danbe.accounts.actions import post_message
from danbe.accounts.models import Post
from danbe.core.access import Actor, Role
from danbe.figures.models import Return


def follow(actor: Actor, verb: str, subject: models.Model | None) -> None:
    """Run the consequences of an act, in its transaction."""
    for function in TABLE.get(verb, ()):
        function(actor, subject)


def tell_secretariat(actor: Actor, row: Any) -> None:
    """A return arrived: the secretariat hears of it."""
    _tell(Post.objects.filter(role=Role.SECRETARIAT), "return.submitted", row)


def tell_body_queried(actor: Actor, row: Any) -> None:
    """The secretariat asks: the focal points of the body hear of it."""
    _tell(_focal_points(row), "return.queried", row)


def tell_body_accepted(actor: Actor, row: Any) -> None:
    """The return is accepted: the focal points of the body hear of it."""
    _tell(_focal_points(row), "return.accepted", row)


def _focal_points(row: Return) -> "models.QuerySet[Post]":
    return Post.objects.filter(organisation_id=row.organisation_id, role=Role.FOCAL_POINT)


def _tell(posts: "models.QuerySet[Post]", kind: str, row: Return) -> None:
    post_message(
        list(posts.filter(is_active=True).values_list("pk", flat=True)),
        kind,
        path=f"/returns/{row.pk}/",
        organisation=str(row.organisation_id),
        start=row.start.isoformat(),
        end=row.end.isoformat(),
    )


TABLE: Mapping[str, tuple[Callable[[Actor, Any], None], ...]] = {
    "return.submit": (tell_secretariat,),
    "return.query": (tell_body_queried,),
    "return.accept": (tell_body_accepted,),
}
