"""What is read of the making of a plan: who takes part, who may do what now, what stands in the way.

A survivor is never listed: how many take part is said, from the smallest number that may be.
"""

from collections.abc import Callable
from dataclasses import dataclass

from danbe.plan.models import Phase, Process, Stage


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a validation cannot close. ``code`` is stable; ``message`` is for a person."""

    code: str
    message: str
    n: int = 1  # how many things it is about


# Filled with one function a subject: what of it still stands in the way.
Reasons = Callable[[Process], list[Obstacle]]
REASONS: list[Reasons] = []


def obstacles(process: Process) -> list[Obstacle]:
    """Why the validation of this process cannot close yet; none when it can."""
    return [one for reasons in REASONS for one in reasons(process)]


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
