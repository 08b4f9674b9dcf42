"""Counting units in words: 1 victim, 629 victims. A number is never shown without its unit."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, ngettext_lazy

from danbe.figures.models import Definition

UNITS: Mapping[str, Any] = {
    "action": ngettext_lazy("action", "actions", "n"),
    "activity": ngettext_lazy("activity", "activities", "n"),
    "agreement": ngettext_lazy("agreement", "agreements", "n"),
    "alert": ngettext_lazy("alert", "alerts", "n"),
    "amount_fcfa": ngettext_lazy("CFA franc", "CFA francs", "n"),
    "bed": ngettext_lazy("shelter place", "shelter places", "n"),
    "broadcast": ngettext_lazy("broadcast", "broadcasts", "n"),
    "committee": ngettext_lazy("local committee", "local committees", "n"),
    "conviction": ngettext_lazy("conviction", "convictions", "n"),
    "decision": ngettext_lazy("decision", "decisions", "n"),
    "donation": ngettext_lazy("donation", "donations", "n"),
    "file": ngettext_lazy("case file", "case files", "n"),
    "item": ngettext_lazy("copy", "copies", "n"),
    "judgment": ngettext_lazy("judgment", "judgments", "n"),
    "locality": ngettext_lazy("locality", "localities", "n"),
    "meeting": ngettext_lazy("meeting", "meetings", "n"),
    "migrant": ngettext_lazy("migrant", "migrants", "n"),
    "network": ngettext_lazy("network", "networks", "n"),
    "offence": ngettext_lazy("offence", "offences", "n"),
    "operation": ngettext_lazy("operation", "operations", "n"),
    "person": ngettext_lazy("person", "persons", "n"),
    "report": ngettext_lazy("report", "reports", "n"),
    "request": ngettext_lazy("request", "requests", "n"),
    "sentence": ngettext_lazy("sentence", "sentences", "n"),
    "service": ngettext_lazy("service given", "services given", "n"),
    "text": ngettext_lazy("text", "texts", "n"),
    "victim": ngettext_lazy("victim", "victims", "n"),
}
STOCK = gettext_lazy("state on the last day")
FLOW = gettext_lazy("what happened in the period")


def unit_of(definition: Definition, n: int | None = None) -> str:
    """The unit of ``n`` of them; in the plural without a number."""
    said = UNITS.get(definition.unit)
    return definition.unit if said is None else str(said % {"n": 2 if n is None else n})
