"""A body that works in Danbe does not type its protection figures twice.

They are proposed as if they had been typed: still to be checked, changed or emptied, and signed.
Nothing that somebody typed is touched.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.core.access import Actor, Reach
from danbe.core.errors import DomainError, NotAllowed
from danbe.figures.actions import save_content
from danbe.figures.content import asked_of, is_blank, vocabulary
from danbe.figures.models import Breakdown, Definition, RegisterFact, Return
from danbe.figures.queries import STOCK
from danbe.figures.register import METHODS, VERB, facts_in
from danbekit.dates import Window, format_date

AXIS = "protection"
COUNTRY = "ML"


def prefill_return(actor: Actor, row: Return) -> list[Definition]:
    """Fill the unanswered lines of protection from the body's own register. What was filled.

    Raises :class:`DomainError` as saving does: for a return that is not open any more.
    """
    own = actor.organisation_id == row.organisation_id
    if actor.reach(VERB) is not Reach.ORGANISATION or not own:
        raise NotAllowed(VERB)
    if AXIS not in row.axes.split():
        raise DomainError("return.axis", _("This return is not asked about protection."))
    content = dict(row.content)
    lines: dict[str, Any] = dict(content.get("lines") or {})
    filled = []
    for definition in asked_of(row.organisation.type, [AXIS]):
        typed = [raw for raw in lines.get(definition.pk, []) if not is_blank(raw)]
        ticked = definition.pk in (content.get("no_data") or [])
        if typed or ticked or definition.pk not in METHODS:
            continue
        if made := list(lines_of(row, definition)):
            lines[definition.pk] = made
            filled.append(definition)
    if filled:
        save_content(actor, row, content=content | {"lines": lines}, version=row.version)
    return filled


def lines_of(row: Return, definition: Definition) -> Iterator[dict[str, Any]]:
    """One line a region, as if it had been typed. A stock is counted by hand: beds change."""
    if definition.flow_or_stock == STOCK:
        return
    window = Window(row.start, row.end)
    known = vocabulary(window, [definition])
    facts = facts_in(definition.pk, window, row.organisation_id).order_by()
    regions = facts.values_list("region").annotate(n=Count("pk"))
    for region, n in sorted(regions, key=lambda one: str(one[0])):
        cells = {}
        for split in definition.splits:
            codes = known.keys_of(definition, split)
            if parts := _parts(facts.filter(region=region), split, codes):
                cells[split] = parts
        yield {
            "place": region if region in known.places else COUNTRY,
            "from": "",
            "to": "",
            "total": str(n),
            "cells": cells,
            "explanation": taken_on(),
        }


def _parts(
    facts: "QuerySet[RegisterFact]", split: str, codes: Mapping[str, str]
) -> dict[str, str]:
    """The parts whose codes the return knows."""
    columns = ["sex", "age"] if split == Breakdown.SEX_AGE else [split]
    found = facts.values_list(*columns).annotate(n=Count("pk"))
    told = {".".join(keys): str(n) for *keys, n in found}
    return {key: n for key, n in told.items() if key in codes}


def taken_on() -> str:
    """Said beside each number, for ever."""
    day = format_date(timezone.localdate(), get_language() or "fr")
    return _("Taken from the register on %(day)s.") % {"day": day}


def may_prefill(actor: Actor, row: Return) -> bool:
    """Whether the body of the return has a register, and the actor may count in it."""
    own = actor.organisation_id == row.organisation_id
    if not own or actor.reach(VERB) is not Reach.ORGANISATION or AXIS not in row.axes.split():
        return False
    return RegisterFact.objects.filter(organisation=row.organisation_id).exists()
