"""Clocks of the Committee: decisions whose deadline has passed, terms that end."""

import datetime

from danbe.accounts.actions import post_message
from danbe.accounts.models import Post
from danbe.core.access import Role
from danbe.partnership import committee_queries as queries


def remind_committee(today: datetime.date) -> int:
    """Tell the owner of each late decision, and the secretariat of each term that ends; once.

    A deadline that is put off, or a term that is prolonged, is told of again in its turn.
    """
    posts = Post.objects.filter(is_active=True)
    secretariat = posts.filter(role=Role.SECRETARIAT).first()
    if secretariat is None:  # nobody to remind in the name of
        return 0
    actor, n_told = secretariat.actor, 0
    for decision in queries.late_only(queries.decisions(actor), today):
        owners = posts.filter(organisation=decision.owner_id, role=Role.FOCAL_POINT)
        n_told += post_message(
            list(owners.values_list("pk", flat=True)),
            "decision.late",
            path=f"/committee/decisions/{decision.pk}/",
            key=f"late:{decision.pk}:{decision.deadline}",
            number=f"{decision.meeting.reference}/{decision.number}",
        )
    keepers = list(posts.filter(role=Role.SECRETARIAT).values_list("pk", flat=True))
    for seat in queries.ending(actor, today):
        n_told += post_message(
            keepers,
            "term.ending",
            path=f"/committee/assemblies/{seat.assembly_id}/",
            key=f"term:{seat.pk}:{seat.end}",
            organisation=str(seat.organisation_id),
            day=seat.end.isoformat() if seat.end else "",
        )
    return n_told
