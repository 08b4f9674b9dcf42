"""The frozen text: how it is made, how anybody verifies that it did not change.

Its content is one JSON text (UTF-8, keys in alphabetical order, one space of indentation, no final
line end): the clauses, the rule of the vote, what each body voted, the reservations. The SHA-256
of these bytes is printed on the signatures list, so that paper holds it too. What is read on a
page is this content, never the tables.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from danbe.plan.models import Ballot, FrozenText, Reservation, Validation

FORMAT = "danbe text 1"


def content_of(validation: Validation) -> str:
    """The text adopted by a validation, with its votes and reservations, as it is hashed."""
    process, version = validation.process, validation.version
    ballots = list(
        Ballot.unscoped.filter(validation=validation)
        .select_related("participant__organisation")
        .order_by("participant__organisation__code")
    )
    told = {
        "format": FORMAT,
        "process": process.label_fr,
        "plan": {"code": process.plan.code, "name": process.plan.label_fr},
        "fictitious": process.is_fictitious,
        "version": version.number,
        "held_on": validation.held_on.isoformat(),
        "venue": validation.venue,
        "rule": {
            "quorum_percent": validation.quorum_percent,
            "majority_percent": validation.majority_percent,
        },
        "clauses": clauses_of(validation),
        "votes": [_vote(ballot) for ballot in ballots],
        "reservations": _reservations(validation),
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)


def clauses_of(validation: Validation) -> list[dict[str, str]]:
    """What the tables say the adopted version says."""
    return [
        {
            "id": str(row.clause_id),
            "level": row.level,
            "number": row.number,
            "heading": row.heading,
            "text": row.text,
        }
        for row in validation.version.clauses.all()
    ]


def _vote(ballot: Ballot) -> dict[str, Any]:
    body = ballot.participant.organisation
    return {
        "code": body.code if body else "",
        "body": body.label_fr if body else "",
        "category": ballot.participant.category,
        "present": ballot.is_present,
        "vote": ballot.vote,
    }


def _reservations(validation: Validation) -> list[dict[str, str]]:
    """In the order in which they were made."""
    numbers = {c["id"]: c["number"] for c in clauses_of(validation)}
    rows = Reservation.objects.filter(ballot__validation=validation).select_related(
        "ballot__participant__organisation"
    )
    return [
        {
            "body": _vote(one.ballot)["body"],
            "clause": str(one.clause_id or ""),
            "number": numbers.get(str(one.clause_id), ""),
            "text": one.text,
        }
        for one in rows
    ]


def digest_of(content: str) -> str:
    """The SHA-256 of the content, in hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Check:
    """What a verification found."""

    computed: str  # the hash of the content that is stored now
    is_whole: bool  # it is the hash that was recorded at the freezing
    is_as_written: bool  # the clauses of the version still say the same

    @property
    def is_good(self) -> bool:
        """Nothing changed."""
        return self.is_whole and self.is_as_written


def verify(frozen: FrozenText) -> Check:
    """Compute the hash again, and compare the clauses of the tables with the frozen ones."""
    computed = digest_of(frozen.content)
    try:
        kept = json.loads(frozen.content)["clauses"]
    except (ValueError, KeyError, TypeError):
        kept = None
    return Check(computed, computed == frozen.sha256, kept == clauses_of(frozen.validation))


@dataclass(frozen=True, slots=True)
class Verified:
    """One frozen text, as a verification of all of them found it."""

    plan: str  # its code
    recorded: str  # the hash that was recorded
    check: Check


def verify_all() -> list[Verified]:
    """Every frozen text of the instance, the first first."""
    rows = FrozenText.objects.select_related("validation__process__plan", "version")
    return [
        Verified(one.validation.process.plan.code, one.sha256, verify(one))
        for one in rows.order_by("frozen_at")
    ]
