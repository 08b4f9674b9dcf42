"""What is read of the making of a plan: who takes part, the count of a vote, what holds it up.

Survivors are never listed: how many take part is told, and not even that below five.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from danbe.core.access import Actor
from danbe.figures.small_cells import SMALL, SMALLEST
from danbe.plan.contribution_queries import tally
from danbe.plan.evaluation_queries import n_unanswered
from danbe.plan.models import (
    PHASES,
    Answer,
    Ballot,
    Category,
    Clause,
    ClauseVersion,
    FrozenText,
    Outcome,
    Participant,
    Plan,
    PlanFact,
    PlanStatus,
    Process,
    Reservation,
    Signature,
    Stage,
    Subject,
    TextStatus,
    TextVersion,
    Validation,
    Vote,
)

# --- What stands in the way -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a validation cannot close. ``code`` is stable; the rest is for a person."""

    code: str
    message: str
    n: int = 1  # how many things it is about
    place: str = ""  # name of the address (with the process as ``pk``) where it is dealt with


def draft_in_progress(process: Process) -> list[Obstacle]:
    """A version being written is not the one that is voted on: it is published or thrown away."""
    if not process.versions.filter(status=TextStatus.DRAFT).exists():
        return []
    text = _("a version of the text is still being written.")
    return [Obstacle("text.draft", text, 1, "text_list")]


def unanswered(process: Process) -> list[Obstacle]:
    """Every contribution has its reasoned answer, or was removed with a reason."""
    n = tally(process).open_
    text = ngettext(
        "%(n)s contribution is not moderated or has no reasoned answer yet.",
        "%(n)s contributions are not moderated or have no reasoned answer yet.",
        n,
    )
    return _several("contribution.unanswered", text, n, "contribution_list")


def unanswered_lessons(process: Process) -> list[Obstacle]:
    """Lessons of the old plan that the draft does not answer."""
    n = n_unanswered(process)
    text = ngettext(
        "%(n)s lesson of the old plan is not answered.",
        "%(n)s lessons of the old plan are not answered.",
        n,
    )
    return _several("lessons", text, n, "process_lessons")


def _several(code: str, text: str, n: int, place: str) -> list[Obstacle]:
    """An obstacle that says how many; none is no obstacle."""
    return [Obstacle(code, text % {"n": n}, n, place)] if n else []


# One function a subject: what of it still stands in the way. Written here, not registered from
# afar: a reason that is forgotten would close a validation.
REASONS: tuple[Callable[[Process], list[Obstacle]], ...] = (
    draft_in_progress,
    unanswered,
    unanswered_lessons,
)


def obstacles(process: Process) -> list[Obstacle]:
    """Why the validation of this process cannot close yet; empty when it can."""
    return [one for reasons in REASONS for one in reasons(process)]


# --- Processes ------------------------------------------------------------------------------


def processes() -> QuerySet[Process]:
    """Every process, with its plans."""
    return Process.objects.select_related("plan", "old_plan")


def plans_to_draft() -> QuerySet[Plan]:
    """Drafts of plans for which no process was begun."""
    return Plan.objects.filter(status=PlanStatus.DRAFT, process=None)


def old_plans() -> QuerySet[Plan]:
    """Plans that may be evaluated: published ones, in their last version."""
    return Plan.objects.filter(status=PlanStatus.PUBLISHED)


def known_phases() -> dict[str, list[PlanFact]]:
    """What the sources say of how each plan was drafted, by plan. Nothing is added to it."""
    found: dict[str, list[PlanFact]] = {}
    for fact in PlanFact.objects.filter(subject=Subject.PHASE).order_by("-plan_code", "order"):
        found.setdefault(fact.plan_code, []).append(fact)
    return found


def steps_of(process: Process) -> list[tuple[str, str]]:
    """The four phases, each ``done``, ``now`` or ``todo``."""
    if process.stage == Stage.STOPPED:
        return [(str(stage.label), "todo") for stage in PHASES]
    at = len(PHASES) if process.stage == Stage.VALIDATED else PHASES.index(Stage(process.stage))
    states = ["done" if n < at else "now" if n == at else "todo" for n in range(len(PHASES))]
    return [(str(s.label), state) for s, state in zip(PHASES, states, strict=True)]


# --- Participants ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """One category: who is in it, by name, or how many when they have none."""

    category: Category
    n: int
    told: str  # the number as it may be said
    is_listed: bool


def groups_of(process: Process) -> list[Group]:
    """The categories of a process, and how many take part in each."""
    rows = Participant.unscoped.filter(process=process).values("category")
    counts = {r["category"]: r["n"] for r in rows.annotate(n=Count("pk")).order_by("category")}
    groups = []
    for category in Category:
        n, hidden = counts.get(category, 0), category is Category.SURVIVORS
        told = SMALL if hidden and n < SMALLEST else str(n)
        groups.append(Group(category, n, told, not hidden))
    return groups


def named_participants(process: Process) -> QuerySet[Participant]:
    """Who takes part and may be named: nobody of the survivors."""
    rows: QuerySet[Participant] = (
        Participant.unscoped.filter(process=process)
        .exclude(category=Category.SURVIVORS)
        .select_related("organisation")
    )
    return rows


def aliases_of(process: Process) -> list[str]:
    """The pseudonyms drawn for survivors: for whoever hands them out, nobody else."""
    rows = Participant.unscoped.filter(process=process, category=Category.SURVIVORS)
    return list(rows.order_by("alias").values_list("alias", flat=True))


def n_votes(process: Process) -> int:
    """How many bodies vote and have not declined."""
    rows = Participant.unscoped.filter(process=process, votes=True)
    return rows.exclude(answer__in=(Answer.DECLINED, Answer.WITHDRAWN)).count()


# --- Text -----------------------------------------------------------------------------------


def versions_for(actor: Actor, process: Process) -> QuerySet[TextVersion]:
    """The versions that an actor may read: a draft is its writers' alone."""
    rows = process.versions.annotate(n_clauses=Count("clauses"))
    if actor.can("text.write"):
        return rows
    return rows.exclude(status=TextStatus.DRAFT)


def readable_version(actor: Actor, pk: uuid.UUID | str) -> TextVersion | None:
    """One version, if the actor may read it."""
    rows = TextVersion.objects.select_related("process__plan").filter(pk=pk)
    if not actor.can("text.write"):
        rows = rows.exclude(status=TextStatus.DRAFT)
    return rows.first()


def history_of(actor: Actor, clause: Clause) -> list[ClauseVersion]:
    """What a clause said in each version that the actor may read, the last one first."""
    rows = ClauseVersion.objects.filter(clause=clause).select_related("version")
    if not actor.can("text.write"):
        rows = rows.exclude(version__status=TextStatus.DRAFT)
    return list(rows.order_by("-version__number"))


def contents_of(version: TextVersion) -> list[ClauseVersion]:
    """The parts and articles that have a heading: the table of contents."""
    rows = version.clauses.filter(level__in=("part", "article")).exclude(heading="")
    return list(rows.defer("text"))


# --- Validation -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """The count of a session, by its own rule."""

    n_bodies: int
    n_present: int
    n_needed: int
    votes: dict[str, int]
    outcome: Outcome  # how it would end if it were closed now

    @property
    def has_quorum(self) -> bool:
        """Whether enough bodies are present."""
        return self.n_present >= self.n_needed


def tally_of(validation: Validation) -> Tally:
    """Count a session.

    Quorum: the share of voting bodies that must be present, rounded up. Adoption: of the votes
    for and against (abstentions aside), more than half, and at least the share of the rule.
    """
    rows = Ballot.unscoped.filter(validation=validation)
    told = rows.aggregate(
        n=Count("pk"),
        present=Count("pk", filter=Q(is_present=True)),
        **{f"n_{vote}": Count("pk", filter=Q(vote=vote)) for vote in Vote.values},
    )
    votes = {vote: told[f"n_{vote}"] for vote in Vote.values}
    needed = max(1, -(-told["n"] * validation.quorum_percent // 100))
    said = votes[Vote.FOR] + votes[Vote.AGAINST]
    is_for = 2 * votes[Vote.FOR] > said and (
        100 * votes[Vote.FOR] >= validation.majority_percent * said
    )
    outcome = Outcome.ADOPTED if is_for else Outcome.REJECTED
    if told["present"] < needed:
        outcome = Outcome.NO_QUORUM
    return Tally(told["n"], told["present"], needed, votes, outcome)


def ballots_of(validation: Validation) -> QuerySet[Ballot]:
    """The bodies of a session, by name."""
    rows: QuerySet[Ballot] = (
        Ballot.unscoped.filter(validation=validation)
        .select_related("participant__organisation")
        .prefetch_related("reservations")
        .order_by("participant__category", "participant__organisation__label_fr")
    )
    return rows


def own_ballot(actor: Actor, validation: Validation) -> Ballot | None:
    """The ballot of the actor's body, if it votes."""
    if actor.organisation_id is None:
        return None
    rows = Ballot.unscoped.filter(validation=validation).select_related("participant")
    found: Ballot | None = rows.filter(participant__organisation_id=actor.organisation_id).first()
    return found


def reservations_of(validation: Validation) -> list[tuple[Reservation, str]]:
    """The reservations of a session, each with the number of its clause in the text."""
    rows = list(
        Reservation.objects.filter(ballot__validation=validation).select_related(
            "ballot__participant__organisation"
        )
    )
    here = ClauseVersion.objects.filter(
        version=validation.version_id, clause__in=[one.clause_id for one in rows]
    )
    numbers = dict(here.values_list("clause_id", "number"))
    return [(one, numbers.get(one.clause_id, "") if one.clause_id else "") for one in rows]


def frozen_of(process: Process) -> FrozenText | None:
    """The text that was adopted, once one was."""
    return FrozenText.objects.filter(validation__process=process).first()


def signatures_of(frozen: FrozenText) -> QuerySet[Signature]:
    """Who signed, in order."""
    return frozen.signatures.select_related("participant__organisation")


def signers_left(frozen: FrozenText) -> QuerySet[Participant]:
    """Bodies that were in the room and whose signature is not recorded."""
    present = Ballot.unscoped.filter(validation=frozen.validation_id, is_present=True)
    rows: QuerySet[Participant] = (
        Participant.unscoped.filter(pk__in=present.values("participant"))
        .exclude(pk__in=frozen.signatures.values("participant"))
        .select_related("organisation")
    )
    return rows.order_by("organisation__label_fr")


# --- For everybody --------------------------------------------------------------------------


def public_processes() -> list[Process]:
    """Processes that the public follows: one whose phase it reads, or with a published text."""
    rows = processes().filter(
        Q(validations__frozen__released_at__isnull=False) | ~Q(stage=Stage.STOPPED)
    )
    return [p for p in rows.distinct() if public_version(p) or released_text(p)]


def public_version(process: Process) -> TextVersion | None:
    """The last version put to the participants, while the public reads it."""
    phase = process.phases.filter(stage=process.stage).first()
    if phase is None or Category.PUBLIC not in phase.reads.split():
        return None
    return process.versions.filter(status=TextStatus.PUBLISHED).order_by("number").last()


def released_text(process: Process) -> FrozenText | None:
    """The signed text, once it is published."""
    return FrozenText.objects.filter(
        validation__process=process, released_at__isnull=False
    ).first()
