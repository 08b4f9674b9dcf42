"""Counting units in words: 1 victim, 629 victims. A number is never shown without its unit."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, npgettext_lazy

from danbe.figures.models import Definition

UNITS: Mapping[str, Any] = {
    "action": npgettext_lazy("unit", "action", "actions", "n"),
    "activity": npgettext_lazy("unit", "activity", "activities", "n"),
    "agreement": npgettext_lazy("unit", "agreement", "agreements", "n"),
    "alert": npgettext_lazy("unit", "alert", "alerts", "n"),
    "amount_fcfa": npgettext_lazy("unit", "CFA franc", "CFA francs", "n"),
    "bed": npgettext_lazy("unit", "shelter place", "shelter places", "n"),
    "broadcast": npgettext_lazy("unit", "broadcast", "broadcasts", "n"),
    "committee": npgettext_lazy("unit", "local committee", "local committees", "n"),
    "conviction": npgettext_lazy("unit", "conviction", "convictions", "n"),
    "decision": npgettext_lazy("unit", "decision", "decisions", "n"),
    "donation": npgettext_lazy("unit", "donation", "donations", "n"),
    "file": npgettext_lazy("unit", "case file", "case files", "n"),
    "item": npgettext_lazy("unit", "copy", "copies", "n"),
    "judgment": npgettext_lazy("unit", "judgment", "judgments", "n"),
    "locality": npgettext_lazy("unit", "locality", "localities", "n"),
    "meeting": npgettext_lazy("unit", "meeting", "meetings", "n"),
    "migrant": npgettext_lazy("unit", "migrant", "migrants", "n"),
    "network": npgettext_lazy("unit", "network", "networks", "n"),
    "offence": npgettext_lazy("unit", "offence", "offences", "n"),
    "operation": npgettext_lazy("unit", "operation", "operations", "n"),
    "person": npgettext_lazy("unit", "person", "persons", "n"),
    "report": npgettext_lazy("unit", "report", "reports", "n"),
    "request": npgettext_lazy("unit", "request", "requests", "n"),
    "sentence": npgettext_lazy("unit", "sentence", "sentences", "n"),
    "service": npgettext_lazy("unit", "service given", "services given", "n"),
    "text": npgettext_lazy("unit", "text", "texts", "n"),
    "victim": npgettext_lazy("unit", "victim", "victims", "n"),
}
STOCK = gettext_lazy("state on the last day")
FLOW = gettext_lazy("what happened in the period")


def unit_of(definition: Definition, n: int | None = None) -> str:
    """The unit of ``n`` of them; in the plural without a number."""
    said = UNITS.get(definition.unit)
    return definition.unit if said is None else str(said % {"n": 2 if n is None else n})
