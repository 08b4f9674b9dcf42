"""One person known to several bodies: looking for pairs, deciding, undoing."""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.protection import linking
from danbe.protection.models import Candidate, LinkDecision, Person
from danbe.protection.vocabulary import LinkStatus

MOST_RECENT = 50  # own records searched in one act


class Reason(models.TextChoices):
    """Why two records are, or are not, one person. A code: no name slips in."""

    PERSON_SAID = "person_said", gettext_lazy("The person said so")
    BODIES_SPOKE = "bodies_spoke", gettext_lazy("The two bodies spoke of it")
    SAME_PAPER = "same_paper", gettext_lazy("The same identity paper was shown to both")
    SAME_REFERRAL = "same_referral", gettext_lazy("One body referred the person to the other")
    TWO_PLACES = "two_places", gettext_lazy("Seen in two places at the same time")
    OTHER_AGE = "other_age", gettext_lazy("Age or family do not fit")
    NAMESAKES = "namesakes", gettext_lazy("Namesakes, after verification")
    MISTAKE = "mistake", gettext_lazy("The former decision was a mistake")
    NEW_FACT = "new_fact", gettext_lazy("Something new was learnt")


REASONS: dict[str, Sequence[Reason]] = {
    LinkStatus.SAME: (
        Reason.PERSON_SAID,
        Reason.BODIES_SPOKE,
        Reason.SAME_PAPER,
        Reason.SAME_REFERRAL,
    ),
    LinkStatus.DIFFERENT: (
        Reason.PERSON_SAID,
        Reason.BODIES_SPOKE,
        Reason.TWO_PLACES,
        Reason.OTHER_AGE,
        Reason.NAMESAKES,
    ),
    LinkStatus.OPEN: (Reason.MISTAKE, Reason.NEW_FACT),
}


@action("link.search")
def search_pairs(actor: Actor, person: Person) -> list[Candidate]:
    """Look for the records of others that may be this person's."""
    if person.organisation_id != actor.organisation_id:
        raise DomainError("link.not_yours", _("Look for the pairs of your own records."))
    return linking.search_for(person)


@action("link.search")
def search_recent_pairs(actor: Actor) -> int:
    """The same for the last records of the actor's body. Pairs found."""
    own = visible(actor, Person, "link.search").filter(
        organisation_id=actor.seat.organisation_id, erased_at=None
    )
    recent = own.order_by("-met_on", "-created_at")[:MOST_RECENT]
    return len({pair.pk for person in recent for pair in linking.search_for(person)})


@action("link.decide")
def decide_pair(
    actor: Actor, candidate: Candidate, *, status: LinkStatus, reason: str
) -> LinkDecision:
    """One person, two persons, or to be looked at again. Either body decides; both are told.

    The numbers of all records follow. Nothing of one record becomes readable to the other body.
    """
    candidate = Candidate.unscoped.select_for_update().get(pk=candidate.pk)
    if reason not in REASONS[status]:
        raise DomainError("link.reason", _("Say how you know."), "reason")
    if status == candidate.status:
        raise DomainError("link.decided", _("It was decided so already."), "status")
    both = {candidate.a_id, candidate.b_id}
    before = linking.joined_with(both)
    candidate.status = status
    candidate.save(update_fields=["status"])
    after = linking.joined_with([candidate.a_id])
    if status == LinkStatus.SAME and linking.contradicted(after):
        text = _("Two of the records that this would join were said to be two persons.")
        raise DomainError("link.contradiction", text, "status")
    if status == LinkStatus.DIFFERENT and both <= after:
        text = _("Other decisions join these two records: undo one of them first.")
        raise DomainError("link.contradiction", text, "status")
    moved = linking.renumber(before | after)
    kept = Person.unscoped.get(pk=candidate.a_id).national
    row: LinkDecision = LinkDecision.unscoped.create(
        candidate=candidate,
        status=status,
        reason=reason,
        kept=kept if status == LinkStatus.SAME else None,
        moved=" ".join(pk.hex for pk in moved[:MOST_NAMED]),
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
    )
    return row


MOST_NAMED = 2  # records named in the decision; the numbers can always be computed again
