"""Clocks that ran out: a referral without an answer, an emergency that nobody reviewed."""

import datetime

from django.utils import timezone

from danbe.accounts.actions import post_message
from danbe.accounts.models import Post
from danbe.core.access import ROLES, Role
from danbe.protection.models import Ground, Referral
from danbe.protection.referrals import overdue

WATCH, REVIEWS = "/referrals/watch/", "/consents/review/"


def escalate(now: datetime.datetime | None = None) -> int:
    """Tell who watches the region of each overdue referral, once. Messages put.

    The message holds the number of the referral: no name, and no way to the person.
    """
    moment = now or timezone.now()
    rows = Referral.unscoped.filter(overdue(moment), escalated_at=None).order_by("pk")
    n_told = 0
    for referral in rows.only("pk", "number", "region_id"):
        n_told += post_message(
            [post.pk for post in watchers(referral)],
            "referral.overdue",
            path=WATCH,
            key=f"escalated:{referral.pk}",
            number=referral.number,
        )
        Referral.unscoped.filter(pk=referral.pk).update(escalated_at=moment)
    return n_told


def watchers(referral: Referral) -> list[Post]:
    """The focal points of the referral's region; where there is none, the secretariat."""
    posts = Post.objects.filter(is_active=True)
    if referral.region_id:
        regional = list(posts.filter(role=Role.FOCAL_POINT, region=referral.region_id))
        if regional:
            return regional
    return list(posts.filter(role=Role.SECRETARIAT))


def escalate_reviews(now: datetime.datetime | None = None) -> int:
    """Tell who reviews, and the secretariat, of each emergency not reviewed in time, once.

    A body may have nobody who reviews: then the secretariat alone hears, by a number.
    """
    moment = now or timezone.now()
    rows = Ground.unscoped.filter(review_due_at__lt=moment, reviewed_at=None)
    reviewing = [role for role, verbs in ROLES.items() if "ground.review" in verbs]
    n_told = 0
    for ground in rows.select_related("person__national").order_by("pk"):
        posts = Post.objects.filter(is_active=True)
        own = posts.filter(organisation=ground.person.organisation_id, role__in=reviewing)
        for found, path in ((own, REVIEWS), (posts.filter(role=Role.SECRETARIAT), "")):
            n_told += post_message(
                list(found.values_list("pk", flat=True)),
                "review.overdue",
                path=path,
                key=f"review:{ground.pk}",
                number=ground.person.national.number,
            )
    return n_told
