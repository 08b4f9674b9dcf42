"""The annex of the plan report: from what was said and learnt to the activity and its evidence."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from danbe.plan.contribution_queries import shown_count, tally
from danbe.plan.contribution_rules import Paragraph, paragraphs_now
from danbe.plan.models import (
    AnswerOutcome,
    Category,
    Contribution,
    ContributionKind,
    Moderation,
    Plan,
    Process,
)
from danbe.plan.trace import Carried, Spoken, TakenLesson, carried_out_in, lessons_of, spoken_of
from danbe.reports.wording import counted

MOST = 150  # reasoned answers printed; the others are read in Danbe
WORDS = 180  # characters of a paragraph
CATEGORIES = {
    Category.STATE: "État",
    Category.CIVIL_SOCIETY: "Société civile",
    Category.RESOURCE: "Personnes ressources",
    Category.PARTNERS: "Partenaires techniques et financiers",
    Category.SURVIVORS: "Survivants",
    Category.PUBLIC: "Public",
}
OUTCOMES = {
    AnswerOutcome.TAKEN: "prise en compte",
    AnswerOutcome.PARTLY: "prise en compte en partie",
    AnswerOutcome.NOT: "non prise en compte",
}
KINDS = {
    ContributionKind.PROPOSAL: "proposition",
    ContributionKind.AMENDMENT: "amendement",
    ContributionKind.COMMENT: "commentaire",
    ContributionKind.SUPPORT: "soutien",
    ContributionKind.MINORITY: "opinion minoritaire",
}


@dataclass(frozen=True, slots=True)
class Thread:
    """One paragraph with what came before it and what carries it out."""

    paragraph: Paragraph
    lessons: Sequence[TakenLesson]
    spoken: Spoken
    carried: Sequence[Carried]

    @property
    def label(self) -> str:
        """``§ 3. Les premiers mots…``."""
        return f"§ {self.paragraph.number}. {self.paragraph.opening(WORDS)}"

    @property
    def said(self) -> str:
        """What was said of it, in words."""
        if not self.spoken.n:
            return "aucune contribution"
        counts = (
            (self.spoken.taken, "prise en compte", "prises en compte"),
            (self.spoken.partly, "en partie", "en partie"),
            (self.spoken.refused, "non prise en compte", "non prises en compte"),
            (self.spoken.unanswered, "sans réponse", "sans réponse"),
        )
        told = ", ".join(counted(n, one, many) for n, one, many in counts if n)
        return f"{self.spoken.n + self.spoken.supports} ({told})"

    @property
    def learnt(self) -> str:
        """The lessons that it takes up, in words."""
        return " ; ".join(f"{one.text} ({one.label})" for one in self.lessons) or "aucune"


def process_of(plan: Plan) -> Process | None:
    """How this plan was made, if it was made here."""
    return Process.objects.filter(plan__code=plan.code).order_by("-created_at").first()


def threads(plan: Plan, process: Process, today: datetime.date) -> list[Thread]:
    """Every paragraph of which something was said, learnt or done: a fixed number of queries."""
    paragraphs = paragraphs_now(process)
    keys = [one.clause.pk for one in paragraphs]
    lessons, spoken = lessons_of(keys), spoken_of(keys)
    carried = carried_out_in(plan, keys, today)
    found = [
        Thread(one, lessons.get(one.clause.pk, ()), spoken[one.clause.pk], carried[one.clause.pk])
        for one in paragraphs
    ]
    return [one for one in found if one.lessons or one.spoken.n or one.carried]


def by_category(process: Process) -> list[tuple[str, str]]:
    """How many contributions came from whom; a small number of survivors is not told."""
    counts = tally(process).categories
    return [(CATEGORIES[Category(c)], shown_count(c, n)) for c, n in counts.items()]


def reasoned(process: Process) -> list[Contribution]:
    """The answers, amendments first: what was said, what became of it, and why."""
    rows = Contribution.unscoped.filter(
        process=process, moderation=Moderation.PUBLISHED, answer__isnull=False, supports=None
    )
    amendments = rows.filter(kind=ContributionKind.AMENDMENT).select_related("answer")
    others = rows.exclude(kind=ContributionKind.AMENDMENT).select_related("answer")
    found = list(amendments.order_by("number")[:MOST])
    return found + list(others.order_by("number")[: MOST - len(found)])


def n_answered(process: Process) -> int:
    """How many answers there are in all."""
    return sum(tally(process).outcomes.values())


def words_of(row: Contribution) -> str:
    """What a contribution says, as it was published."""
    if row.kind == ContributionKind.AMENDMENT:
        return f"{quoted(row.replaced)} → {quoted(row.proposed) if row.proposed else 'supprimé'}"
    return row.text


def quoted(words: str) -> str:
    """Between French quotation marks."""
    return f"«\N{NO-BREAK SPACE}{words}\N{NO-BREAK SPACE}»"
