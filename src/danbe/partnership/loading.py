"""What the sources say of the Committee and of its meetings; nothing is made up around them."""

import datetime
from collections.abc import Mapping, Sequence

from danbe.partnership.models import Assembly, Meeting, MeetingStatus

Rows = Sequence[Mapping[str, str]]


def load_assemblies(rows: Rows) -> int:
    """Add the assemblies that are missing. What the secretariat changed since is theirs."""
    known = set(Assembly.unscoped.values_list("code", flat=True))
    for row in rows:
        if row["code"] in known:
            continue
        parent = Assembly.unscoped.filter(code=row["parent"]).first() if row["parent"] else None
        Assembly.unscoped.create(
            code=row["code"],
            kind=row["kind"],
            parent=parent,
            place_id=row["place"] or None,
            label_fr=row["label_fr"],
            label_en=row["label_en"],
            legal_act=row["legal_act"],
            note_fr=row["note_fr"],
            note_en=row["note_en"],
            cadence_months=int(row["cadence_months"]) if row["cadence_months"] else None,
            cadence_source=row["cadence_source"],
            source=row["source"],
        )
    return len(rows)


def load_meetings(rows: Rows) -> int:
    """Add the meetings that sources tell of, as an archive."""
    assemblies = {a.code: a for a in Assembly.unscoped.all()}
    meetings = [
        Meeting(
            assembly=assemblies[row["assembly"]],
            reference=row["reference"],
            kind=row["kind"],
            day=datetime.date.fromisoformat(row["day"]),
            day_precision=row["precision"],
            status=MeetingStatus.HELD,
            note_fr=row["note_fr"],
            note_en=row["note_en"],
            source=row["source"],
            is_archive=True,
            is_public=True,
        )
        for row in rows
    ]
    Meeting.unscoped.bulk_create(meetings, ignore_conflicts=True)
    return len(meetings)
