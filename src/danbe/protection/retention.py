"""How long records are kept: a table to be validated, and who is due under it.

The table (``data/retention.csv``) is an editable template: no text known sets these durations.
Nobody is erased by the clock: a due record is announced to two people, waits, then goes.
"""

import csv
import datetime
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from danbe.core.access import Actor, visible
from danbe.protection.models import Case, Erasure, LegalHold, Person
from danbe.protection.vocabulary import CaseStatus, ErasureStatus, Identification

CHILD, MAJORITY = "child", 18
SHOWN = 100  # records due at once on the page: the oldest first
LOOKED_AT = 2000  # of which some wait longer (children, cases closed late)


@dataclass(frozen=True, slots=True)
class Rule:
    """How many months records of one status are kept after the last act."""

    code: str
    months: int
    label_fr: str
    label_en: str
    basis_fr: str

    @property
    def label(self) -> str:
        """In the reader's language."""
        english = not (get_language() or "fr").startswith("fr")
        return (english and self.label_en) or self.label_fr


@dataclass(frozen=True, slots=True)
class Due:
    """One record whose time has come."""

    person: Person
    rule: Rule
    since: datetime.date


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Rule by code; statuses have their own, ``child`` adds to them."""
    text = files("danbe").joinpath("data/retention.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Rule(
            row["code"], int(row["months"]), row["label_fr"], row["label_en"], row["basis_fr"]
        )
        for row in csv.DictReader(text.splitlines())
    }


def due(actor: Actor, today: datetime.date | None = None) -> list[Due]:
    """The records of the actor's body that are due, the oldest first. At most :data:`SHOWN`."""
    today = today or timezone.localdate()
    found: list[Due] = []
    for status in Identification.values:
        found += _due(actor, rules()[status], status, today)
    return sorted(found, key=lambda one: (one.since, str(one.person.pk)))[:SHOWN]


def _due(actor: Actor, rule: Rule, status: str, today: datetime.date) -> Iterator[Due]:
    n_found = 0
    rows = _free(actor, status).filter(met_on__lte=_months_before(today, rule.months))
    for person in rows.order_by("met_on")[:LOOKED_AT]:
        on, held_by = due_on(person, rule)
        if on <= today and n_found < SHOWN:
            n_found += 1
            yield Due(person, held_by, on)


def _free(actor: Actor, status: str) -> QuerySet[Person]:
    """Records that nothing holds: no hold, no open case of any body, no erasure announced."""
    about = {"person": OuterRef("pk")}
    return (
        visible(actor, Person, "retention.read")
        .filter(organisation_id=actor.seat.organisation_id, status=status)
        .filter(erased_at=None, has_legal_hold=False)
        .exclude(Exists(Case.unscoped.filter(**about, status=CaseStatus.OPEN)))
        .exclude(Exists(Erasure.unscoped.filter(**about, status=ErasureStatus.WARNED)))
        .select_related("national", "region")
        .annotate(last_closed=Max("cases__closed_on"))
    )


def due_on(person: Person, rule: Rule) -> tuple[datetime.date, Rule]:
    """The day from which a record is due, and the rule that says so: the longest one."""
    last = max(filter(None, [person.met_on, getattr(person, "last_closed", None)]))
    on = _months_after(last, rule.months)
    if person.age_group == CHILD:
        child = rules()[CHILD]
        years = MAJORITY - (person.age_min or 0)
        later = _months_after(person.met_on, 12 * years + child.months)
        if later > on:
            return later, child
    return on, rule


def is_held(person: Person, today: datetime.date | None = None) -> bool:
    """Whether a legal hold is in force."""
    today = today or timezone.localdate()
    rows = LegalHold.unscoped.filter(person=person, lifted_at=None)
    return any(hold.until is None or hold.until >= today for hold in rows)


def has_open_case(person: Person) -> bool:
    """Whether some body still cares for the person."""
    return Case.unscoped.filter(person=person, status=CaseStatus.OPEN).exists()


def _months_after(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, 28))


def _months_before(day: datetime.date, months: int) -> datetime.date:
    return _months_after(day, -months)
