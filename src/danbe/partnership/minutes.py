"""What is frozen when minutes are adopted, and the fingerprint of it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from danbe.partnership.models import Meeting

SCHEMA = "danbe/minutes/1"


def document_of(meeting: Meeting) -> dict[str, Any]:
    """The whole minutes as data: who came, what was on the agenda, what was decided."""
    return {
        "schema": SCHEMA,
        "reference": meeting.reference,
        "assembly": {"code": meeting.assembly.code, "label": meeting.assembly.label_fr},
        "kind": meeting.kind,
        "day": meeting.day.isoformat(),
        "room": meeting.room,
        "quorum": {
            "seats": meeting.n_seats,
            "there": meeting.n_counted,
            "needed": meeting.n_needed,
        },
        "attendance": [
            {"body": a.organisation.code, "label": a.organisation.label_fr, "was": a.presence}
            for a in meeting.attendance.select_related("organisation")
        ],
        "agenda": [
            {
                "title": item.title,
                "decision": item.decision and _number(item.decision),
                "minutes_of": item.minutes_of and item.minutes_of.reference,
            }
            for item in meeting.items.filter(is_dropped=False, is_proposed=False).select_related(
                "decision__meeting", "minutes_of"
            )
        ],
        "text": meeting.minutes,
        "decisions": [
            {
                "number": _number(d),
                "text": d.text,
                "owner": d.owner.code if d.owner else "",
                "deadline": d.deadline.isoformat() if d.deadline else "",
            }
            for d in meeting.decisions.select_related("owner", "meeting").order_by("number")
        ],
    }


def _number(decision: Any) -> str:
    return f"{decision.meeting.reference}/{decision.number}"


def fingerprint(document: Mapping[str, Any]) -> str:
    """SHA-256 of one canonical text: sorted keys, UTF-8, no spaces."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_whole(meeting: Meeting) -> bool:
    """Whether the adopted minutes are those that were fingerprinted."""
    document = meeting.minutes_document
    return document is not None and fingerprint(document) == meeting.minutes_hash
