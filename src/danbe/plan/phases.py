"""Who may do what in the phase that runs: the rights that the process itself gives.

``core/access.py`` says what a post may do at all; this says what the rules of one process open,
by category of participants, from one phase to the next.
"""

from danbe.core.access import Actor
from danbe.plan.models import Category, Participant, Phase, Process, Stage

# What a phase opens at first; the secretariat changes it with the rules of the process.
EVERYBODY = " ".join(Category.values)
INVITED = " ".join(c.value for c in Category if c is not Category.PUBLIC)
FIRST_RIGHTS = {
    Stage.PREPARATION: ("", ""),
    Stage.EVALUATION: (INVITED, INVITED),
    Stage.DRAFTING: (EVERYBODY, EVERYBODY),
    Stage.VALIDATION: (EVERYBODY, ""),
}


def phase_of(process: Process) -> Phase | None:
    """The phase that the process is in; ``None`` once it has ended."""
    return process.phases.filter(stage=process.stage).first()


def may_read(process: Process, category: str) -> bool:
    """Whether this category reads the published text in the phase that runs."""
    phase = phase_of(process)
    return phase is not None and category in phase.reads.split()


def may_contribute(process: Process, category: str) -> bool:
    """Whether this category contributes in the phase that runs."""
    phase = phase_of(process)
    return phase is not None and category in phase.contributes.split()


def is_over(process: Process) -> bool:
    """Whether the process has ended, one way or the other."""
    return process.stage in (Stage.VALIDATED, Stage.STOPPED)


def part_of_body(actor: Actor, process: Process) -> Participant | None:
    """The part that the actor's body takes in the process, if any."""
    if actor.organisation_id is None:
        return None
    own = Participant.unscoped.filter(organisation_id=actor.organisation_id)
    return own.filter(process=process).first()
