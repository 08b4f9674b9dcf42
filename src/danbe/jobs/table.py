"""What follows from what: event -> functions. The one list of consequences."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from danbe.accounts.actions import post_message
from danbe.accounts.models import Post
from danbe.core.access import ROLES, Actor, Role, visible
from danbe.figures import facts
from danbe.figures.models import Return
from danbe.partnership.committee_queries import called_to
from danbe.partnership.models import (
    Decision,
    DecisionNote,
    DecisionStatus,
    Donation,
    DonationStatus,
    Meeting,
    NoteReview,
)
from danbe.plan.models import Contribution, ContributionAnswer
from danbe.protection import linking
from danbe.protection.models import (
    Acknowledgement,
    Candidate,
    Erasure,
    Ground,
    LinkDecision,
    Person,
    Referral,
)
from danbe.protection.vocabulary import (
    ErasureStatus,
    GroundKind,
    LinkStatus,
    ReferralRoute,
    ReferralStatus,
)


def follow(actor: Actor, verb: str, subject: models.Model | None) -> None:
    """Run the consequences of an act, in its transaction."""
    for function in TABLE.get(verb, ()):
        function(actor, subject)
    facts.refresh(facts.touched_by(actor, verb, subject))  # figures follow the register


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


# --- Consent and referrals: numbers, never names --------------------------------------------

RECEIVED, TO_REVIEW = "/consents/received/", "/consents/review/"
TO_ACKNOWLEDGE = "/consents/acknowledge/"


def _who_can(organisation_id: Any, verb: str) -> "models.QuerySet[Post]":
    """The posts of a body whose role carries a verb."""
    roles = [role for role, verbs in ROLES.items() if verb in verbs]
    return Post.objects.filter(organisation_id=organisation_id, role__in=roles)


def _put(posts: "models.QuerySet[Post]", kind: str, path: str, by: Actor, number: str) -> None:
    post_message(
        list(
            posts.filter(is_active=True).exclude(pk=by.seat.post_id).values_list("pk", flat=True)
        ),
        kind,
        path=path,
        organisation=str(by.organisation_id or ""),
        number=number,
    )


def tell_owner_of_break_glass(actor: Actor, row: Ground) -> None:
    """The holder of the record hears of it at once: who wrote it, and who reviews."""
    person = row.person
    number = person.national.number
    reviewers = _who_can(person.organisation_id, "ground.review")
    _put(reviewers, "glass.broken", TO_REVIEW, actor, number)
    holder = Post.objects.filter(pk=person.post_id).exclude(pk__in=reviewers)
    _put(holder, "glass.broken", f"/consents/person/{person.pk}/", actor, number)


def tell_of_emergency(actor: Actor, row: Ground) -> None:
    """The recipient hears that it may read; the holder's supervisor that it must review."""
    number = row.person.national.number
    _put(_who_can(row.recipient_id, "person.open"), "ground.shared", RECEIVED, actor, number)
    reviewers = _who_can(row.person.organisation_id, "ground.review")
    _put(reviewers, "emergency.shared", TO_REVIEW, actor, number)


def tell_recipient_of_order(actor: Actor, row: Ground) -> None:
    """The recipient of an order hears that it may read."""
    posts = _who_can(row.recipient_id, "person.open")
    _put(posts, "ground.shared", RECEIVED, actor, row.person.national.number)


def tell_recipients_of_withdrawal(actor: Actor, row: Ground) -> None:
    """The recipient hears that its access ended, and is asked to confirm."""
    posts = _who_can(row.recipient_id, "consent.acknowledge")
    _put(posts, "consent.withdrawn", TO_ACKNOWLEDGE, actor, row.person.national.number)


def tell_of_acknowledgement(actor: Actor, row: Acknowledgement) -> None:
    """The post that recorded the consent hears that the recipient confirmed."""
    ground = row.ground
    posts = Post.objects.filter(pk=ground.withdrawn_post_id or ground.post_id)
    path = f"/consents/person/{ground.person_id}/"
    _put(posts, "consent.acknowledged", path, actor, ground.person.national.number)


def tell_of_review(actor: Actor, row: Ground) -> None:
    """Who opened a record in an emergency hears what was made of it."""
    kind = "ground.justified" if row.is_justified else "ground.unjustified"
    path = RECEIVED if row.kind == GroundKind.BREAK_GLASS else ""
    _put(Post.objects.filter(pk=row.post_id), kind, path, actor, row.person.national.number)


def tell_recipient_of_referral(actor: Actor, row: Any) -> None:
    """A referral arrived. A list handed to a consulate is an event: nobody in Danbe waits."""
    if isinstance(row, Referral) and row.route == ReferralRoute.BODY:
        kind = "referral.urgent" if row.is_urgent else "referral.sent"
        posts = _who_can(row.recipient_id, "referral.answer")
        _put(posts, kind, f"/referrals/{row.pk}/", actor, row.number)


def tell_sender_of_answer(actor: Actor, row: Referral) -> None:
    """The answer came."""
    accepted = row.status == ReferralStatus.ACCEPTED
    kind = "referral.accepted" if accepted else "referral.declined"
    posts = Post.objects.filter(pk=row.post_id)
    _put(posts, kind, f"/referrals/{row.pk}/", actor, row.number)


def tell_sender_it_is_done(actor: Actor, row: Any) -> None:
    """The service was given."""
    if not isinstance(row, Referral):
        return
    posts = Post.objects.filter(pk=row.post_id)
    _put(posts, "referral.done", f"/referrals/{row.pk}/", actor, row.number)


def tell_recipient_of_revocation(actor: Actor, row: Referral) -> None:
    """A referral was taken back."""
    if row.route == ReferralRoute.BODY:
        posts = _who_can(row.recipient_id, "referral.answer")
        _put(posts, "referral.revoked", f"/referrals/{row.pk}/", actor, row.number)


# --- One person known to two bodies: neither hears which body the other one is ---------------

PAIRS = "/links/"


def look_for_pairs(actor: Actor, row: Any) -> None:
    """Somebody was registered: met elsewhere too? A sheet is searched on demand."""
    if isinstance(row, Person) and linking.search_for(row):
        tell_of_pairs(actor, row)


def tell_of_pairs(actor: Actor, person: Any) -> None:
    """Pairs wait for a look: every body concerned hears of it, once a day."""
    rows = visible(actor, Candidate, "link.search").filter(status=LinkStatus.OPEN)
    if isinstance(person, Person):
        rows = rows.filter(models.Q(a=person) | models.Q(b=person))
    found_since = timezone.now() - datetime.timedelta(minutes=1)
    pairs = rows.filter(found_at__gte=found_since).values_list(
        "a__organisation_id", "b__organisation_id"
    )
    for body in {body for pair in pairs for body in pair} - {actor.organisation_id}:
        posts = _who_can(body, "link.decide").filter(is_active=True)
        key = f"link.found:{timezone.localdate().isoformat()}"
        post_message(list(posts.values_list("pk", flat=True)), "link.found", path=PAIRS, key=key)


def tell_other_body_of_link(actor: Actor, row: LinkDecision) -> None:
    """The other body hears what was decided, under the number of its own record."""
    for person in (row.candidate.a, row.candidate.b):
        if person.organisation_id == actor.organisation_id:
            continue
        posts = _who_can(person.organisation_id, "link.decide").filter(is_active=True)
        number = Person.unscoped.select_related("national").get(pk=person.pk).national.number
        ids = list(posts.values_list("pk", flat=True))
        post_message(ids, "link.decided", path=f"{PAIRS}{row.candidate_id}/", number=number)


# --- Erasures: two people hear of each step --------------------------------------------------

ERASURE_STEPS = {
    ErasureStatus.WARNED: "erasure.announced",
    ErasureStatus.STOPPED: "erasure.stopped",
    ErasureStatus.DONE: "erasure.done",
}


def tell_of_erasure(actor: Actor, row: Erasure) -> None:
    """Who asked and the second person, under the number of the record."""
    kind = ERASURE_STEPS[ErasureStatus(row.status)]
    post_message(
        sorted({row.asked_post_id, row.warned_post_id}, key=str),
        kind,
        path=f"/rights/erasures/{row.pk}/",
        key=f"{kind}:{row.pk}",
        number=row.person.national.number,
        due=row.due_on.isoformat(),
    )


# --- Goods on their way ----------------------------------------------------------------------


def tell_receiver_of_goods(actor: Actor, row: Donation) -> None:
    """Goods left: whoever may confirm at the receiving body hears of it."""
    if row.status == DonationStatus.DISPATCHED:
        posts = _who_can(row.recipient_id, "donation.receive")
        _put(posts, "donation.sent", f"/donations/{row.pk}/", actor, row.number)


def tell_donor_of_receipt(actor: Actor, row: Donation) -> None:
    """Goods arrived: the donor hears of it, and whether all of them did."""
    posts = _who_can(row.donor_id, "donation.read")
    _put(posts, "donation.received", f"/donations/{row.pk}/", actor, row.number)


# --- Contributions to a draft: numbers, never words ------------------------------------------


def tell_moderators(actor: Actor, row: Any) -> None:
    """Something came in: the secretariat hears of it once a day, not ten thousand times."""
    process = row.process_id
    key = f"contribution.new:{process}:{timezone.localdate().isoformat()}"
    posts = Post.objects.filter(role=Role.SECRETARIAT, is_active=True)
    path = f"/contributions/process/{process}/?state=waiting"
    ids = list(posts.values_list("pk", flat=True))
    post_message(ids, "contribution.new", path=path, key=key)


def tell_contributor(actor: Actor, row: Contribution) -> None:
    """Who wrote it, or typed it up, hears what the moderator decided. Hawa has her code."""
    _tell_who_spoke([row], f"contribution.{row.moderation}")


def tell_contributors_of_answer(actor: Actor, row: ContributionAnswer) -> None:
    """Everybody whom one answer answers hears of it."""
    _tell_who_spoke(Contribution.unscoped.filter(answer=row), "contribution.answered")


def _tell_who_spoke(rows: Iterable[Contribution], kind: str) -> None:
    for row in rows:
        post = row.post_id or row.typed_by_id
        if post is not None:
            path = f"/contributions/{row.pk}/"
            post_message([post], kind, path=path, number=row.label)


# --- The Committee: who is called, who must act, who answers ----------------------------------


def tell_members(actor: Actor, row: Any) -> None:
    """A meeting was convoked: the posts that sit hear of it, again when it was put off."""
    if not isinstance(row, Meeting):  # the template was changed
        return
    post_message(
        sorted({pk for called in called_to(row) for pk in called.posts}, key=str),
        "meeting.convoked",
        path=f"/committee/meetings/{row.pk}/",
        key=f"convoked:{row.pk}:{row.version}",
        number=row.reference,
        day=row.day.isoformat(),
    )


def tell_owner_of_decision(actor: Actor, row: Decision) -> None:
    """A body must carry out a decision: its focal points hear of it, and of each change."""
    if row.owner_id is None or row.status != DecisionStatus.OPEN:
        return
    posts = Post.objects.filter(organisation=row.owner_id, role=Role.FOCAL_POINT)
    _put(posts, "decision.owned", f"/committee/decisions/{row.pk}/", actor, _said(row))


def tell_secretariat_of_news(actor: Actor, row: DecisionNote) -> None:
    """A body says that a decision is carried out."""
    if row.review == NoteReview.WAITING:
        posts = Post.objects.filter(role=Role.SECRETARIAT)
        path = f"/committee/decisions/{row.decision_id}/"
        _put(posts, "decision.claimed", path, actor, _said(row.decision))


def tell_owner_of_answer(actor: Actor, row: DecisionNote) -> None:
    """The secretariat answered: who reported hears of it."""
    kind = f"decision.{row.review}"
    path = f"/committee/decisions/{row.decision_id}/"
    _put(Post.objects.filter(pk=row.post_id), kind, path, actor, _said(row.decision))


def _said(decision: Decision) -> str:
    return f"{decision.meeting.reference}/{decision.number}"


TABLE: Mapping[str, tuple[Callable[[Actor, Any], None], ...]] = {
    "person.register": (look_for_pairs,),
    "link.search": (tell_of_pairs,),
    "erasure.write": (tell_of_erasure,),
    "erasure.stop": (tell_of_erasure,),
    "link.decide": (tell_other_body_of_link,),
    "donation.write": (tell_receiver_of_goods,),
    "donation.receive": (tell_donor_of_receipt,),
    "contribution.write": (tell_moderators,),
    "contribution.send": (tell_moderators,),
    "contribution.collect": (tell_moderators,),
    "contribution.moderate": (tell_contributor,),
    "contribution.answer": (tell_contributors_of_answer,),
    "meeting.convoke": (tell_members,),
    "decision.write": (tell_owner_of_decision,),
    "decision.report": (tell_secretariat_of_news,),
    "decision.confirm": (tell_owner_of_answer,),
    "return.submit": (tell_secretariat,),
    "return.query": (tell_body_queried,),
    "return.accept": (tell_body_accepted,),
    "glass.break": (tell_owner_of_break_glass,),
    "emergency.share": (tell_of_emergency,),
    "order.write": (tell_recipient_of_order,),
    "consent.withdraw": (tell_recipients_of_withdrawal,),
    "consent.acknowledge": (tell_of_acknowledgement,),
    "ground.review": (tell_of_review,),
    "referral.send": (tell_recipient_of_referral,),
    "referral.answer": (tell_sender_of_answer,),
    "referral.finish": (tell_sender_it_is_done,),
    "referral.revoke": (tell_recipient_of_revocation,),
}
