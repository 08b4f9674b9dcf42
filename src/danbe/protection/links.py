"""What a page may say of a pair: all of one's own record, of the other's what cannot name."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from danbe.core.access import Actor, visible
from danbe.protection.models import Candidate, Person
from danbe.protection.vocabulary import LinkStatus
from danbekit.linkage.comparing import LEVELS

# Names and telephones say who; sex, age, citizenship and month fit half of the register.
TELLING, AGREES = ("name", "phone"), ("agree", "exact", "sound", "near", "alone")
AGAINST = ("none", "apart", "differ", "same event")


@dataclass(frozen=True, slots=True)
class Own:
    """The record of the reader's body."""

    person: Person
    number: str


@dataclass(frozen=True, slots=True)
class Other:
    """The record of the other body: no name, no number, no place smaller than a region."""

    body_type: str
    sex: str
    ages: str
    region: str
    month: datetime.date


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that agrees, or does not, in words."""

    text: str
    tone: str  # good, neutral, warn


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair as one of its two bodies reads it. ``other_own``: both records are the body's."""

    candidate: Candidate
    own: Own
    other: Other
    said: tuple[Said, ...]
    other_own: Own | None = None

    @property
    def n_agree(self) -> int:
        """How many things agree."""
        return sum(one.tone == "good" for one in self.said)


def pairs_of(
    actor: Actor, status: str = LinkStatus.OPEN, person: uuid.UUID | None = None
) -> QuerySet[Candidate]:
    """The pairs that touch the actor's body, the weightiest first."""
    names = ("organisation", "national", "region")
    joined = [f"{side}__{name}" for side in "ab" for name in names]
    rows = visible(actor, Candidate, "link.read").select_related(*joined)
    if status:
        rows = rows.filter(status=status)
    if person is not None:
        rows = rows.filter(Q(a=person) | Q(b=person))
    return rows.order_by("-weight", "pk")


def told(actor: Actor, rows: Iterable[Candidate]) -> list[Pair]:
    """The pairs as the actor's body may read them."""
    return [_pair(actor, row) for row in rows]


def _pair(actor: Actor, row: Candidate) -> Pair:
    mine, other = row.a, row.b
    if mine.organisation_id != actor.organisation_id:
        mine, other = other, mine
    both = other.organisation_id == actor.organisation_id
    return Pair(row, _own(mine), _other(other), _said(row), _own(other) if both else None)


def _own(person: Person) -> Own:
    return Own(person, person.national.number)


def _other(person: Person) -> Other:
    return Other(
        body_type=person.organisation.type,
        sex=person.get_sex_display(),
        ages=ages_of(person),
        region=person.region.name_fr if person.region else "",
        month=person.met_on.replace(day=1),
    )


def ages_of(person: Person) -> str:
    """15, 15-17, 18+; empty where nothing is known."""
    low, high = person.age_min, person.age_max
    if low is None and high is None:
        return ""
    if low == high:
        return str(low)
    if high is None:
        return f"{low}+"
    return f"{low if low is not None else 0}-{high}"


def _said(row: Candidate) -> tuple[Said, ...]:
    english = not (get_language() or "fr").startswith("fr")
    found = []
    for part in row.agreement.split("|"):
        field, _colon, level = part.partition(":")
        known = LEVELS.get((field, level))
        if known is None:
            continue
        telling = field in TELLING and level in AGREES
        tone = "good" if telling else "warn" if level in AGAINST else "neutral"
        found.append(Said(known.label_en if english else known.label_fr, tone))
    return tuple(found)
