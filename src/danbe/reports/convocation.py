"""The convocation of a meeting on paper: A4, tagged for screen readers (PDF/UA-1).

No official form was found: this is a template of Danbe, says so at its foot, and the words of its
letter are the secretariat's own where it typed any. A French document, whatever the reader's
language.
"""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path

import typst
from django.utils import translation

from danbe.accounts.queries import body as the_body
from danbe.core.models import Term
from danbe.partnership.committee_models import AgendaItem, Meeting, Membership
from danbe.partnership.committee_queries import members_on
from danbe.reports.pdf import fonts
from danbekit.dates import format_date

HERE = Path(__file__).parent
LETTER = (
    "Mesdames et Messieurs les membres sont invités à prendre part à la réunion désignée "
    "ci-dessus, dont l’ordre du jour suit.",
    "Un membre empêché est prié d’en informer le secrétariat permanent.",
)
FOOT = "Modèle de Danbe, à adapter : aucun modèle officiel de convocation n’a été trouvé."
FICTION = "Réunion fictive, de démonstration."


def write_convocation(meeting: Meeting) -> bytes:
    """Set the convocation. The same meeting gives the same bytes."""
    with translation.override("fr"):
        told = json.dumps(_told(meeting), ensure_ascii=False)
    compiler = typst.Compiler(
        str(HERE / "typst" / "convocation.typ"),
        root=str(HERE / "typst"),
        font_paths=fonts(),
        sys_inputs={"told": told},
    )
    day = meeting.date
    made = compiler.compile(
        format="pdf",
        pdf_standards=["ua-1", "a-2a"],
        timestamp=datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC),
    )
    assert isinstance(made, bytes)  # one file, since no output path was given
    return made


def _told(meeting: Meeting) -> dict[str, object]:
    """The words, in the order of the page."""
    instance = the_body()
    items = list(meeting.agenda.select_related("decision__organisation"))
    letter = [part.strip() for part in meeting.letter.split("\n\n") if part.strip()]
    return {
        "title": "Convocation",
        "body": meeting.body.label_fr,
        "ministry": instance.ministry,
        "country": instance.country,
        "number": meeting.number,
        "fictitious": FICTION if meeting.is_fictitious else "",
        "facts": _facts(meeting),
        "letter": letter or list(LETTER),
        "agenda_title": "Ordre du jour",
        "agenda": _points(items),
        "decisions_title": "Décisions à suivre",
        "decisions_head": ["Numéro", "Décision", "Responsable", "Échéance"],
        "decisions": _decisions(items),
        "members_title": "Membres convoqués",
        "members": [_seat(seat) for seat in members_on(meeting.body, meeting.date)] or ["—"],
        "signed": "Pour le Comité, le secrétariat permanent",
        "foot": FOOT,
    }


def _facts(meeting: Meeting) -> list[dict[str, str]]:
    kind = Term.objects.filter(list="meeting_kind", code=meeting.kind).first()
    hour = f"{meeting.starts_at:%H h %M}" if meeting.starts_at else ""
    facts = {
        "Réunion": kind.label_fr if kind else meeting.kind,
        "Objet": meeting.subject,
        "Date": format_date(meeting.date, "fr"),
        "Heure": hour,
        "Lieu": meeting.place,
    }
    return [{"name": name, "value": value} for name, value in facts.items() if value]


def _points(items: Sequence[AgendaItem]) -> list[dict[str, str]]:
    points = [
        {"title": item.title, "detail": item.detail} for item in items if not item.decision_id
    ]
    n = sum(1 for item in items if item.decision_id)
    if n:
        points.append({"title": f"Suivi des décisions ouvertes ({n})", "detail": ""})
    return points


def _decisions(items: Sequence[AgendaItem]) -> list[list[str]]:
    rows = [item.decision for item in items if item.decision is not None]
    far = datetime.date.max
    return [
        [
            row.number,
            row.text,
            row.organisation.label_fr if row.organisation else "non désigné",
            format_date(row.deadline, "fr") if row.deadline else "sans échéance",
        ]
        for row in sorted(rows, key=lambda row: (row.deadline or far, row.number))
    ]


def _seat(seat: Membership) -> str:
    return (
        f"{seat.organisation.label_fr}, {seat.seat}" if seat.seat else seat.organisation.label_fr
    )
