"""Answers: reasoned, tied to a paragraph, to one contribution or to a group at once."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from danbe.core.access import Actor, require
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.plan.contribution_rules import MAX_WORDS, must_be_answerable
from danbe.plan.models import (
    Activity,
    AnswerOutcome,
    Clause,
    ClauseActivity,
    Contribution,
    ContributionAnswer,
    ContributionGroup,
    Moderation,
    Process,
)

SHORTEST = 15  # characters: «non retenu» is no reason


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: what became of it, why, and in which paragraph."""

    outcome: str
    reason: str
    clause: Clause | None = None


@action("contribution.answer")
def answer_contribution(
    actor: Actor, contribution: Contribution, reply: Reply
) -> ContributionAnswer:
    """Answer one contribution, and the supports it received."""
    row = Contribution.unscoped.select_for_update().get(pk=contribution.pk)
    if row.moderation != Moderation.PUBLISHED:
        raise DomainError("answer.unpublished", _("Moderate it first, then answer."))
    clause = reply.clause or row.clause
    answer = _answer(actor, row.process, reply, clause, row.answer)
    Contribution.unscoped.filter(Q(pk=row.pk) | Q(supports=row)).update(answer=answer)
    return answer


@action("contribution.answer")
def answer_group(actor: Actor, group: ContributionGroup, reply: Reply) -> ContributionAnswer:
    """Answer each contribution of a group, and the supports they received, in one act."""
    rows = list(Contribution.unscoped.select_for_update().filter(group=group).order_by("number"))
    if not rows:
        raise DomainError("answer.empty", _("This group holds nothing any more."))
    clauses = {row.clause_id: row.clause for row in rows}
    common = next(iter(clauses.values())) if len(clauses) == 1 else None
    before = {row.answer_id: row.answer for row in rows if row.answer_id}
    replaced = next(iter(before.values())) if len(before) == 1 else None
    answer = _answer(actor, group.process, reply, reply.clause or common, replaced)
    keys = [row.pk for row in rows]
    Contribution.unscoped.filter(Q(pk__in=keys) | Q(supports__in=keys)).update(answer=answer)
    return answer


def _answer(
    actor: Actor,
    process: Process,
    reply: Reply,
    clause: Clause | None,
    replaces: ContributionAnswer | None,
) -> ContributionAnswer:
    must_be_answerable(process)
    reason = reply.reason.strip()
    if reply.outcome not in AnswerOutcome.values:
        raise DomainError("answer.outcome", _("Choose what becomes of it."), "outcome")
    if len(reason) < SHORTEST:
        text = _("Give the reason in a sentence: the contributor and the public read it.")
        raise DomainError("answer.reason", text, "reason")
    if len(reason) > MAX_WORDS:
        text = _("%(n)d characters at most.") % {"n": MAX_WORDS}
        raise DomainError("answer.long", text, "reason")
    if clause is None and reply.outcome != AnswerOutcome.NOT:
        text = _("Say in which paragraph it is taken up.")
        raise DomainError("answer.clause", text, "clause")
    if clause is not None and clause.process_id != process.pk:
        raise DomainError("answer.clause", _("This paragraph is of another text."), "clause")
    return ContributionAnswer.objects.create(
        process=process,
        outcome=reply.outcome,
        reason=reason,
        clause=clause,
        replaces=replaces,
        post_id=actor.seat.post_id,
    )


# --- What carries a paragraph out -----------------------------------------------------------


@action("plan.write")
def link_activity(actor: Actor, clause: Clause, activity: Activity) -> ClauseActivity:
    """Say by which activity of the plan a paragraph is carried out, in every version."""
    require(actor, "plan.read", activity)
    known = ClauseActivity.objects.filter(clause=clause, lineage=activity.lineage).first()
    if known is not None:
        raise DomainError("link.known", _("This activity carries it out already."), "activity")
    return ClauseActivity.objects.create(
        clause=clause, lineage=activity.lineage, post_id=actor.seat.post_id
    )


@action("plan.write")
def unlink_activity(actor: Actor, link: ClauseActivity) -> None:
    """Take back a link that was a mistake. The trail keeps who did it."""
    link.delete()
