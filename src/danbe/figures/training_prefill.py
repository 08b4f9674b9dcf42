"""An organiser does not type its trainings twice: its return proposes what the calendar counts.

Persons trained (P1.05) and trainings held (P1.06), where nothing was typed yet. A training counts
in the window in which it ended. Proposed as if typed: to be checked, changed, emptied, signed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.core.access import Actor, Reach
from danbe.core.errors import DomainError, NotAllowed
from danbe.figures.actions import save_content
from danbe.figures.content import Vocabulary, asked_of, is_blank, vocabulary
from danbe.figures.models import Breakdown, Definition, Return
from danbe.partnership.models import Training
from danbe.partnership.training_queries import held_by, region_code
from danbekit.dates import Window, format_date

AXIS, VERB = "prevention", "training.write"
PERSONS, SESSIONS = "persons_trained", "training_sessions"
AGE = "unknown"  # of participants: nobody asks it
COUNTRY = "ML"


def may_prefill_trainings(actor: Actor, row: Return) -> bool:
    """Whether the body of the return held trainings in its window, and the actor writes them."""
    own = actor.organisation_id == row.organisation_id
    if not own or actor.reach(VERB) is not Reach.ORGANISATION or AXIS not in row.axes.split():
        return False
    return held_by(row.organisation_id, row.start, row.end).exists()


def prefill_trainings(actor: Actor, row: Return) -> list[Definition]:
    """Fill the two lines where nothing was typed. What was filled.

    Raises :class:`DomainError` as saving does: for a return that is not open any more.
    """
    own = actor.organisation_id == row.organisation_id
    if actor.reach(VERB) is not Reach.ORGANISATION or not own:
        raise NotAllowed(VERB)
    if AXIS not in row.axes.split():
        raise DomainError("return.axis", _("This return is not asked about prevention."))
    content = dict(row.content)
    lines: dict[str, Any] = dict(content.get("lines") or {})
    filled = []
    for definition in asked_of(row.organisation.type, [AXIS]):
        if definition.pk not in (PERSONS, SESSIONS):
            continue
        typed = [raw for raw in lines.get(definition.pk, []) if not is_blank(raw)]
        if typed or definition.pk in (content.get("no_data") or []):
            continue
        if made := list(_lines(row, definition)):
            lines[definition.pk] = made
            filled.append(definition)
    if filled:
        save_content(actor, row, content=content | {"lines": lines}, version=row.version)
    return filled


def _lines(row: Return, definition: Definition) -> Iterator[dict[str, Any]]:
    """One line a region, as if it had been typed."""
    known = vocabulary(Window(row.start, row.end), [definition])
    by_region: dict[str, list[Training]] = {}
    for training in held_by(row.organisation_id, row.start, row.end):
        counted = definition.pk == SESSIONS or bool(training.attendances.all())
        if counted:  # held without a count says nothing of persons: it is not zero
            by_region.setdefault(region_code(training), []).append(training)
    for region, trainings in sorted(by_region.items()):
        yield {
            "place": region if region in known.places else COUNTRY,
            "from": "",
            "to": "",
            "total": str(_total(definition, trainings)),
            "cells": _cells(definition, trainings, known),
            "explanation": _taken_on(),
        }


def _n_of(training: Training) -> int:
    return sum(one.n for one in training.attendances.all())


def _total(definition: Definition, trainings: Sequence[Training]) -> int:
    return len(trainings) if definition.pk == SESSIONS else sum(map(_n_of, trainings))


def _cells(
    definition: Definition, trainings: Sequence[Training], known: Vocabulary
) -> dict[str, Mapping[str, str]]:
    """The parts that are known: by sex; by audience where each training has one audience."""
    found: dict[str, Mapping[str, str]] = {}
    if definition.pk == PERSONS and Breakdown.SEX_AGE in definition.splits:
        told: dict[str, int] = {}
        for one in (a for training in trainings for a in training.attendances.all()):
            key = f"{one.sex}.{AGE}"
            told[key] = told.get(key, 0) + one.n
        codes = known.keys_of(definition, Breakdown.SEX_AGE)
        if set(told) <= set(codes):
            found[Breakdown.SEX_AGE] = {key: str(n) for key, n in told.items()}
    if Breakdown.CATEGORY in definition.splits and all(
        len(training.audience_codes) == 1 for training in trainings
    ):
        by: dict[str, int] = {}
        for training in trainings:
            code = training.audiences
            by[code] = by.get(code, 0) + (1 if definition.pk == SESSIONS else _n_of(training))
        found[Breakdown.CATEGORY] = {code: str(n) for code, n in by.items()}
    return found


def _taken_on() -> str:
    """Said beside each number, for ever."""
    day = format_date(timezone.localdate(), get_language() or "fr")
    return _("Taken from the calendar of trainings on %(day)s.") % {"day": day}
