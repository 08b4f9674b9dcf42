"""Agreements that come to their end: both sides and the secretariat hear of it, in good time."""

import datetime
import uuid
from collections.abc import Iterable

from django.db.models import Q

from danbe.accounts.actions import post_message
from danbe.accounts.models import Organisation, Post
from danbe.core.access import ROLES, Role
from danbe.partnership.agreements import BINDING, WARN_DAYS
from danbe.partnership.models import Agreement

READERS = [role for role, verbs in ROLES.items() if "agreement.read" in verbs]


def warn_of_ends(today: datetime.date) -> int:
    """Sixty, thirty and seven days before, then once after. Messages put; safe to run twice.

    An agreement recorded late is warned of once, at the step where it stands.
    """
    horizon = today + datetime.timedelta(days=WARN_DAYS[0])
    near = Q(until__lt=horizon) | Q(ended_on__lte=horizon)
    rows = Agreement.unscoped.filter(near, status__in=BINDING, flows__isnull=False).distinct()
    return sum(_warn(row, today) for row in rows.prefetch_related("parties__organisation"))


def _warn(agreement: Agreement, today: datetime.date) -> int:
    end = agreement.closed_from
    step = _step(end, today)
    if end is None or not step:
        return 0
    kind = "agreement.closed" if step == "closed" else "agreement.ending"
    bodies = [party.organisation for party in agreement.parties.all()]
    n_told = 0
    for posts, other in _told(bodies):
        n_told += post_message(
            posts,
            kind,
            path=f"/agreements/{agreement.pk}/",
            key=f"agreement:{agreement.pk}:{end.isoformat()}:{step}",
            organisation=str(other.pk),
            day=end.isoformat(),
        )
    return n_told


def _step(end: datetime.date | None, today: datetime.date) -> str:
    """Which word is due; empty for none. One that ended long ago was told of then."""
    if end is None:
        return ""
    left = (end - today).days
    if left <= 0:
        return "closed" if left > -WARN_DAYS[1] else ""
    return str(min((n for n in WARN_DAYS if left <= n), default=""))


def _told(bodies: list[Organisation]) -> Iterable[tuple[list[uuid.UUID], Organisation]]:
    """The posts of each side with the body that they share with, then the secretariat."""
    posts = Post.objects.filter(is_active=True)
    for body in bodies:
        other = next((one for one in bodies if one.pk != body.pk), body)
        own = posts.filter(organisation=body, role__in=READERS).exclude(role=Role.SECRETARIAT)
        yield list(own.values_list("pk", flat=True)), other
    if bodies:
        yield list(posts.filter(role=Role.SECRETARIAT).values_list("pk", flat=True)), bodies[0]
