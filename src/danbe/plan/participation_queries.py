"""What is read of the making of a plan: who takes part, what stands in the way of its end."""

from collections.abc import Callable
from dataclasses import dataclass

from danbe.plan.models import Process


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a validation cannot close. ``code`` is stable; the rest is for a person."""

    code: str
    message: str
    n: int = 1  # how many things it is about
    place: str = ""  # name of the address (with the process as ``pk``) where it is dealt with


# One function a subject: what of it still stands in the way. Written here, not registered from
# afar: a reason that is forgotten would close a validation.
REASONS: tuple[Callable[[Process], list[Obstacle]], ...] = ()


def obstacles(process: Process) -> list[Obstacle]:
    """Why the validation of this process cannot close yet; empty when it can."""
    return [one for reasons in REASONS for one in reasons(process)]
