"""What the secretariat does before an answer: read, publish or not, put what is alike together."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.plan.contribution_codes import words_of
from danbe.plan.contribution_rules import MAX_WORDS
from danbe.plan.models import (
    MODERATIONS,
    Contribution,
    ContributionGroup,
    ContributionKind,
    Moderation,
    Process,
)


@action("contribution.open")
def open_contribution(actor: Actor, contribution: Contribution) -> Contribution:
    """Read what a survivor or a citizen wrote, before it is published. Each opening is told."""
    words = words_of(contribution)
    contribution.text, contribution.proposed = words["text"], words["proposed"]
    return contribution


@action("contribution.moderate")
def moderate(
    actor: Actor,
    contribution: Contribution,
    *,
    to: str,
    reason: str = "",
    text: str | None = None,
    proposed: str | None = None,
) -> Contribution:
    """Publish, hold back or remove, and say why.

    ``text`` and ``proposed``: sealed words as they are published, where something had to be
    masked. Once published, the sealed ones are destroyed.
    """
    row = Contribution.unscoped.select_for_update().get(pk=contribution.pk)
    if to not in MODERATIONS[Moderation(row.moderation)]:
        raise DomainError("moderation.not_now", _("It was moderated in the meantime."), "to")
    reason = reason.strip()
    if to != Moderation.PUBLISHED and not reason:
        message = _("Say why: the contributor reads it.")
        raise DomainError("moderation.no_reason", message, "reason")
    if row.answer_id is not None and to == Moderation.REMOVED:
        message = _("It is answered already: an answered contribution stays.")
        raise DomainError("moderation.answered", message, "to")
    if to == Moderation.PUBLISHED and row.is_sealed:
        _publish_words(row, text, proposed, reason)
    row.moderation, row.moderation_reason = to, reason
    row.moderated_at, row.moderated_by_id = timezone.now(), actor.seat.post_id
    row.save()
    return row


def _publish_words(row: Contribution, text: str | None, proposed: str | None, reason: str) -> None:
    """Only what is published remains; who masks words says why."""
    was = words_of(row)
    told = {
        "text": (was["text"] if text is None else text).strip(),
        "proposed": (was["proposed"] if proposed is None else proposed).strip(),
    }
    for name, words in told.items():
        if len(words) > MAX_WORDS:
            message = _("%(n)d characters at most.") % {"n": MAX_WORDS}
            raise DomainError("moderation.long", message, name)
    if was["text"] and not told["text"] and row.kind != ContributionKind.AMENDMENT:
        message = _("Nothing would be left of it: hold it back or remove it instead.")
        raise DomainError("moderation.empty", message, "text")
    row.is_shortened = any(_spaces(told[name]) != _spaces(was[name]) for name in told)
    if row.is_shortened and not reason:
        message = _("You changed the words: say why, the contributor reads it.")
        raise DomainError("moderation.masked", message, "reason")
    row.text, row.proposed = told["text"], told["proposed"]
    row.sealed = row.sealed_key = None


def _spaces(words: str) -> str:
    """Browsers end lines their own way: that is not masking."""
    return " ".join(words.split())


# --- Groups ---------------------------------------------------------------------------------


@action("contribution.group")
def group_contributions(
    actor: Actor, process: Process, contributions: Sequence[Contribution], *, label: str
) -> ContributionGroup:
    """Put together what says the same. A person decides; the words of each one stay."""
    if not label.strip():
        raise DomainError("group.no_label", _("Say in a few words what they have in common."),
                          "label")  # fmt: skip
    if len(contributions) < 2:
        text = _("Choose at least two contributions.")
        raise DomainError("group.too_few", text, "contributions")
    locked = Process.objects.select_for_update().get(pk=process.pk)
    last = locked.groups.order_by("-number").first()
    group = ContributionGroup.objects.create(
        process=locked,
        number=last.number + 1 if last else 1,
        label=label.strip()[:200],
        post_id=actor.seat.post_id,
    )
    _put_in(group, contributions)
    return group


@action("contribution.group")
def add_to_group(
    actor: Actor, group: ContributionGroup, contributions: Sequence[Contribution]
) -> ContributionGroup:
    """Add to a group what says the same."""
    _put_in(group, contributions)
    return group


@action("contribution.group")
def ungroup(actor: Actor, contribution: Contribution) -> Contribution:
    """Take one out of its group; the answer that it has stays."""
    contribution.group = None
    contribution.save(update_fields=["group"])
    return contribution


def _put_in(group: ContributionGroup, contributions: Sequence[Contribution]) -> None:
    rows = Contribution.unscoped.select_for_update().filter(
        pk__in=[one.pk for one in contributions]
    )
    for row in rows:
        if row.process_id != group.process_id:
            raise DomainError("group.process", _("One of them is of another process."))
        if row.moderation != Moderation.PUBLISHED:
            text = _("%(number)s is not published yet: moderate it first.")
            raise DomainError("group.unpublished", text % {"number": row.label}, "contributions")
        if row.group_id not in (None, group.pk):
            text = _("%(number)s is in another group.") % {"number": row.label}
            raise DomainError("group.taken", text, "contributions")
    rows.update(group=group)
