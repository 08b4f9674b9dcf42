"""What is read of the making of a plan: who takes part, what stands in the way of its end."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from danbe.plan.contribution_queries import tally
from danbe.plan.evaluation_queries import n_unanswered
from danbe.plan.models import Process


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a validation cannot close. ``code`` is stable; the rest is for a person."""

    code: str
    message: str
    n: int = 1  # how many things it is about
    place: str = ""  # name of the address (with the process as ``pk``) where it is dealt with


def unanswered(process: Process) -> list[Obstacle]:
    """Every contribution has its reasoned answer, or was removed with a reason."""
    n = tally(process).open_
    text = _("contributions without an answer or not moderated yet.")
    return [Obstacle("contribution.unanswered", text, n, "contribution_list")] if n else []


def unanswered_lessons(process: Process) -> list[Obstacle]:
    """Lessons of the old plan that the draft does not answer."""
    n = n_unanswered(process)
    if not n:
        return []
    text = ngettext(
        "%(n)s lesson of the old plan is not answered.",
        "%(n)s lessons of the old plan are not answered.",
        n,
    )
    return [Obstacle("lessons", text % {"n": n}, n, "process_lessons")]


# One function a subject: what of it still stands in the way. Written here, not registered from
# afar: a reason that is forgotten would close a validation.
REASONS: tuple[Callable[[Process], list[Obstacle]], ...] = (unanswered, unanswered_lessons)


def obstacles(process: Process) -> list[Obstacle]:
    """Why the validation of this process cannot close yet; empty when it can."""
    return [one for reasons in REASONS for one in reasons(process)]
