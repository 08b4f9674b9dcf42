"""What the secretariat does to make a plan with everybody: rules, phases, participants."""

import datetime
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.plan.models import (
    ANSWER_TRANSITIONS,
    PHASES,
    STAGE_TRANSITIONS,
    Answer,
    Category,
    Entry,
    Outcome,
    Participant,
    Phase,
    Plan,
    PlanStatus,
    Process,
    Stage,
    TextStatus,
)
from danbe.plan.phases import FIRST_RIGHTS, is_over

MAX_TEXT = 20_000
MAX_AT_ONCE = 200  # participants added by one act
FIRST_DAY = datetime.date(2000, 1, 1)  # a date of a phase before it is a slip of the keys
LAST_DAY = datetime.date(2100, 12, 31)
ALIAS_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read for another


def _open_process(process: Process) -> Process:
    """The process, locked; refused once it has ended."""
    locked = Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    if is_over(locked):
        raise DomainError("process.over", _("This process has ended: nothing changes in it."))
    return locked


# --- Rules ----------------------------------------------------------------------------------


@action("process.write")
def begin_process(
    actor: Actor, plan: Plan, *, label_fr: str, label_en: str = "", old_plan: Plan | None = None
) -> Process:
    """Begin the making of one plan, from its draft."""
    if plan.status != PlanStatus.DRAFT:
        text = _("A process drafts a plan: this one is published already.")
        raise DomainError("process.plan_published", text, "plan")
    if Process.objects.filter(plan=plan).exists():
        raise DomainError("process.exists", _("This draft has its process already."), "plan")
    if not label_fr.strip():
        raise DomainError("process.no_name", _("Give the process a name."), "label_fr")
    _check_old_plan(plan, old_plan)
    process = Process.objects.create(
        plan=plan,
        old_plan=old_plan,
        label_fr=label_fr.strip(),
        label_en=label_en.strip(),
        is_fictitious=plan.is_fictitious,
    )
    Phase.objects.bulk_create(
        Phase(process=process, stage=stage, reads=reads, contributes=contributes)
        for stage, (reads, contributes) in FIRST_RIGHTS.items()
    )
    return process


def _check_old_plan(plan: Plan, old_plan: Plan | None) -> None:
    """What is evaluated is another plan, and it was in force."""
    if old_plan is None:
        return
    if old_plan.code == plan.code or old_plan.status == PlanStatus.DRAFT:
        text = _("The old plan is another one, and it was published.")
        raise DomainError("process.old_plan", text, "old_plan")


@dataclass(frozen=True, slots=True)
class Rules:
    """The frame of a process: what it is for and how it decides."""

    label_fr: str
    label_en: str = ""
    old_plan: Plan | None = None
    terms: str = ""
    rules: str = ""
    quorum_percent: int | None = None
    majority_percent: int | None = None


@action("process.write")
def save_rules(actor: Actor, process: Process, told: Rules, *, edition: int) -> Process:
    """Write the terms of reference and the rules; another tab's words are never lost."""
    locked = _open_process(process)
    if locked.edition != edition:
        text = _(
            "Somebody changed these rules after you opened them. Read them again on the page of "
            "the process; what you typed is kept below."
        )
        raise DomainError("process.stale", text)
    _check_rules(locked, told)
    for name in ("label_fr", "label_en", "terms", "rules"):
        setattr(locked, name, getattr(told, name).strip())
    locked.old_plan = told.old_plan
    locked.quorum_percent, locked.majority_percent = told.quorum_percent, told.majority_percent
    locked.edition += 1
    locked.save()
    return locked


def _check_rules(process: Process, told: Rules) -> None:
    if not told.label_fr.strip():
        raise DomainError("process.no_name", _("Give the process a name."), "label_fr")
    for name in ("terms", "rules"):
        if len(getattr(told, name)) > MAX_TEXT:
            raise DomainError("process.too_long", _("This text is too long."), name)
    _check_percent("quorum_percent", told.quorum_percent, 1)
    _check_percent("majority_percent", told.majority_percent, 50)
    _check_old_plan(process.plan, told.old_plan)
    if told.old_plan != process.old_plan and process.stage != Stage.PREPARATION:
        text = _("The plan to evaluate is chosen during the preparation.")
        raise DomainError("process.old_plan", text, "old_plan")
    changed = (told.quorum_percent, told.majority_percent) != (
        process.quorum_percent,
        process.majority_percent,
    )
    if changed and process.validations.filter(outcome=Outcome.OPEN).exists():
        text = _("The rules of a vote do not change while it is held.")
        raise DomainError("process.vote_under_way", text, "quorum_percent")


def _check_percent(name: str, value: int | None, least: int) -> None:
    if value is not None and not least <= value <= 100:
        text = _("Write a number between %(least)s and 100.") % {"least": least}
        raise DomainError("process.percent", text, name)


# --- Phases ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calendar:
    """One phase as the secretariat sets it."""

    start: datetime.date | None
    end: datetime.date | None
    reads: Sequence[str] = ()
    contributes: Sequence[str] = ()
    note: str = ""


@action("process.write")
def save_phase(
    actor: Actor, process: Process, stage: str, told: Calendar, *, edition: int
) -> Process:
    """Set the dates of a phase, and who reads and contributes in it."""
    locked = _open_process(process)
    if locked.edition != edition:
        text = _("Somebody changed this calendar after you opened it. Read it again.")
        raise DomainError("process.stale", text)
    phase = Phase.objects.get(process=locked, stage=stage)
    _check_dates(phase, told)
    if len(told.note) > MAX_TEXT:
        raise DomainError("process.too_long", _("This text is too long."), "note")
    if set(told.contributes) - set(told.reads):
        text = _("Whoever contributes must be able to read: tick both.")
        raise DomainError("phase.blind", text, "contributes")
    phase.start, phase.end, phase.note = told.start, told.end, told.note.strip()
    phase.reads, phase.contributes = _codes(told.reads), _codes(told.contributes)
    phase.save()
    locked.edition = F("edition") + 1
    locked.save(update_fields=["edition"])
    locked.refresh_from_db()
    return locked


def _codes(chosen: Iterable[str]) -> str:
    return " ".join(c.value for c in Category if c.value in set(chosen))


def _check_dates(phase: Phase, told: Calendar) -> None:
    """Possible dates, in the order of the phases."""
    for name in ("start", "end"):
        day = getattr(told, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise DomainError("phase.dates", _("This date is not possible."), name)
    if told.start and told.end and told.end < told.start:
        raise DomainError("phase.dates", _("The end precedes the beginning."), "end")
    place = PHASES.index(Stage(phase.stage))
    for other in Phase.objects.filter(process=phase.process_id).exclude(pk=phase.pk):
        if not (told.start and other.start):
            continue
        before = PHASES.index(Stage(other.stage)) < place
        if (before and told.start < other.start) or (not before and told.start > other.start):
            text = _("The phases begin in their order: «%(phase)s» begins on another side.")
            said = text % {"phase": other.get_stage_display()}
            raise DomainError("phase.order", said, "start")


@action("process.write")
def move_process(actor: Actor, process: Process, to: str, *, reason: str = "") -> Process:
    """Go to another phase, or stop the process. Validating is not done here: bodies vote."""
    locked = _open_process(process)
    if to not in STAGE_TRANSITIONS[Stage(locked.stage)] or to == Stage.VALIDATED:
        raise DomainError("process.transition", _("The process cannot go there from here."), "to")
    if locked.validations.filter(outcome=Outcome.OPEN).exists():
        text = _("A vote is being held: close its session first.")
        raise DomainError("process.vote_under_way", text, "to")
    if to == Stage.STOPPED:
        if not reason.strip():
            raise DomainError("process.no_reason", _("Say why it is stopped."), "reason")
        locked.stopped_reason = reason.strip()[:MAX_TEXT]
    else:
        CHECKS[Stage(to)](locked)
    locked.stage = to
    locked.edition += 1
    locked.save(update_fields=["stage", "stopped_reason", "edition"])
    return locked


def _may_prepare(process: Process) -> None:
    """Going back to the preparation asks for nothing."""


def _is_prepared(process: Process) -> None:
    """Terms, rules and somebody invited: what a preparation is for."""
    if not process.terms or not process.rules:
        text = _("Write the terms of reference and the rules first.")
        raise DomainError("process.no_rules", text, "to")
    if not Participant.unscoped.filter(process=process).exists():
        raise DomainError("process.nobody", _("Invite participants first."), "to")


def _may_evaluate(process: Process) -> None:
    _is_prepared(process)
    if process.old_plan_id is None:
        text = _("Name the old plan first. If there is none, go on to the drafting.")
        raise DomainError("process.no_old_plan", text, "to")


def _may_draft(process: Process) -> None:
    _is_prepared(process)
    if process.stage == Stage.PREPARATION and process.old_plan_id is not None:
        text = _("The old plan is evaluated before the new one is drafted.")
        raise DomainError("process.not_evaluated", text, "to")


def _may_validate(process: Process) -> None:
    _is_prepared(process)
    if process.quorum_percent is None or process.majority_percent is None:
        text = _("Set the quorum and the majority in the rules first.")
        raise DomainError("process.no_quorum", text, "to")
    if not Participant.unscoped.filter(process=process, votes=True).exists():
        raise DomainError("process.no_voter", _("Say which bodies vote first."), "to")
    if process.versions.filter(status=TextStatus.DRAFT).exists():
        text = _("A version of the text is still being written: publish it or throw it away.")
        raise DomainError("process.draft_text", text, "to")
    if not process.versions.filter(status=TextStatus.PUBLISHED).exists():
        text = _("Publish a version of the text first: it is what is validated.")
        raise DomainError("process.no_text", text, "to")


CHECKS = {
    Stage.PREPARATION: _may_prepare,
    Stage.EVALUATION: _may_evaluate,
    Stage.DRAFTING: _may_draft,
    Stage.VALIDATION: _may_validate,
}


# --- Participants ---------------------------------------------------------------------------


@action("process.write")
def invite_bodies(
    actor: Actor,
    process: Process,
    bodies: Sequence[Organisation],
    *,
    category: str,
    votes: bool = False,
) -> list[Participant]:
    """Invite bodies, in one category. Those that are there already are left as they are."""
    locked = _open_process(process)
    if category in (Category.SURVIVORS, Category.PUBLIC) or category not in Category.values:
        text = _("A body takes part as State, civil society, resource or partner.")
        raise DomainError("participant.category", text, "category")
    if not bodies:
        raise DomainError("participant.nobody", _("Choose at least one body."), "bodies")
    if votes:
        _no_open_vote(locked)
    there = set(
        Participant.unscoped.filter(process=locked).values_list("organisation_id", flat=True)
    )
    new = [
        Participant(process=locked, organisation=body, category=category, votes=votes)
        for body in bodies
        if body.pk not in there
    ]
    made: list[Participant] = Participant.unscoped.bulk_create(new)
    return made


@action("process.write")
def add_person(
    actor: Actor, process: Process, *, category: str, name: str, entry: str = Entry.INVITED
) -> Participant:
    """Add a person or a group without a body. A survivor has no name here."""
    locked = _open_process(process)
    if category == Category.SURVIVORS or category not in Category.values:
        text = _("Survivors are added by pseudonym alone.")
        raise DomainError("participant.survivor_named", text, "category")
    if not name.strip():
        raise DomainError("participant.no_name", _("Write a name."), "name")
    if entry not in Entry.values:
        raise DomainError("participant.entry", _("Choose how it takes part."), "entry")
    is_open = entry == Entry.OPEN
    added: Participant = Participant.unscoped.create(
        process=locked,
        category=category,
        name=name.strip()[:160],
        entry=entry,
        answer=Answer.ACCEPTED if is_open else Answer.WAITING,
        answered_at=timezone.now() if is_open else None,
    )
    return added


@action("process.write")
def add_survivors(actor: Actor, process: Process, *, number: int) -> list[Participant]:
    """Draw pseudonyms for survivors, who take part if they wish to. Nothing else is kept."""
    locked = _open_process(process)
    if not 1 <= number <= MAX_AT_ONCE:
        text = _("Write a number between %(least)s and %(most)s.")
        said = text % {"least": 1, "most": MAX_AT_ONCE}
        raise DomainError("participant.number", said, "number")
    taken = set(Participant.unscoped.filter(process=locked).values_list("alias", flat=True))
    drawn: set[str] = set()
    while len(drawn) < number:
        alias = "S-" + "".join(secrets.choice(ALIAS_SIGNS) for _n in range(6))
        if alias not in taken:
            drawn.add(alias)
    made: list[Participant] = Participant.unscoped.bulk_create(
        Participant(
            process=locked,
            category=Category.SURVIVORS,
            alias=alias,
            entry=Entry.OPEN,
            answer=Answer.ACCEPTED,
        )
        for alias in sorted(drawn)
    )
    return made


@action("participation.answer")
def answer_invitation(actor: Actor, participant: Participant, to: str) -> Participant:
    """Say whether one's body takes part; the secretariat says it for whoever wrote on paper."""
    _open_process(participant.process)
    locked: Participant = Participant.unscoped.select_for_update(of=("self",)).get(
        pk=participant.pk
    )
    if to not in ANSWER_TRANSITIONS[Answer(locked.answer)]:
        raise DomainError("participant.transition", _("This answer is not possible now."), "to")
    _no_open_vote(locked.process)
    locked.answer, locked.answered_at = to, timezone.now()
    locked.save(update_fields=["answer", "answered_at"])
    return locked


@action("process.write")
def set_voter(actor: Actor, participant: Participant, *, votes: bool) -> Participant:
    """Say whether a body votes in the validation."""
    _no_open_vote(_open_process(participant.process))
    locked: Participant = Participant.unscoped.select_for_update(of=("self",)).get(
        pk=participant.pk
    )
    if votes and locked.organisation_id is None:
        raise DomainError("participant.no_body", _("Bodies alone vote."), "votes")
    locked.votes = votes
    locked.save(update_fields=["votes"])
    return locked


def _no_open_vote(process: Process) -> None:
    """Who votes does not change while a vote is held."""
    if process.validations.filter(outcome=Outcome.OPEN).exists():
        text = _("A vote is being held: who takes part in it does not change.")
        raise DomainError("process.vote_under_way", text)
