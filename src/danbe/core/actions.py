"""The one way to change anything: a function marked ``@action``."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from django.db import models, transaction

from danbe.core import audit
from danbe.core.access import Actor, require

P = ParamSpec("P")
R = TypeVar("R")
Act = Callable[Concatenate[Actor, P], R]
Consequence = Callable[[Actor, str, models.Model | None], None]

# Filled by ``danbe.jobs.table``: what follows from an act, in the same transaction.
consequences: list[Consequence] = []


def action(verb: str) -> Callable[[Act[P, R]], Act[P, R]]:
    """Make ``function(actor, row, ...)`` checked, atomic, audited and followed by its jobs.

    ``verb`` is required on ``row``, the first argument after the actor when it is a row; the
    body, the audit event and the consequences commit together or not at all.
    """

    def decorate(function: Act[P, R]) -> Act[P, R]:
        @functools.wraps(function)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            row = args[0] if args and isinstance(args[0], models.Model) else None
            require(actor, verb, row)
            with transaction.atomic():
                result = function(actor, *args, **kwargs)
                subject = result if isinstance(result, models.Model) else row
                audit.record(actor, verb, subject)
                for follow in consequences:
                    follow(actor, verb, subject)
            return result

        run.verb = verb  # type: ignore[attr-defined]  # read by test_conventions
        return run

    return decorate
