"""The rows that the pages of the Committee are about. Djibril's post sits; Coumba's does not."""

from collections.abc import Callable
from typing import Any

from danbe.accounts.models import Post
from danbe.partnership import committee_decision_actions as decisions
from danbe.partnership import meeting_actions, meeting_file_actions
from danbe.partnership.models import Assembly, Decision, Meeting
from tests.conftest import Cast
from tests.partnership import committee_makers as makers

Kwargs = dict[str, Any]


def assembly(cast: Cast) -> Assembly:
    made = makers.assembly(cast.esther, sits=("MPFEF", "MJDH"))
    makers.seated(cast.esther, made, "PJS", post=Post.objects.get(pk=cast.djibril.post_id))
    return made


def to_come(cast: Cast) -> Meeting:
    meeting = makers.planned(cast.esther, assembly(cast))
    meeting_actions.add_item(cast.esther, meeting, title="Un point (fictif)")
    return meeting


def held(cast: Cast) -> Meeting:
    meeting = makers.held(cast.esther, assembly(cast), -10, "MPFEF", "MJDH")
    return meeting_actions.write_minutes(
        cast.esther, meeting, text="Compte rendu (fictif)", version=meeting.version
    )


def decision(cast: Cast) -> Decision:
    return makers.decided(cast.esther, held(cast))


def dropped(cast: Cast) -> Kwargs:
    made = decision(cast)
    return {"pk": decisions.drop_decision(cast.esther, made, reason="Sans objet").pk}


def claim(cast: Cast) -> Kwargs:
    told = {"text": "Fait (fictif)", "evidence": "Bordereau (fictif)", "is_done": True}
    return {"pk": decisions.report_decision(cast.fanta, decision(cast), **told).pk}


def document(cast: Cast) -> Kwargs:
    file = meeting_file_actions.join_document(
        cast.esther, to_come(cast), name="note.txt", data=b"une note fictive"
    )
    return {"pk": file.pk}


def point(act: str) -> Callable[[Cast], Kwargs]:
    return lambda cast: {"pk": to_come(cast).items.get().pk, "act": act}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "an assembly where Djibril's post sits": lambda cast: {"pk": assembly(cast).pk},
    "a seat of Fanta's ministry": lambda cast: {
        "pk": assembly(cast).seats.get(organisation=cast.fanta.organisation_id).pk
    },
    "a meeting to come": lambda cast: {"pk": to_come(cast).pk},
    "a meeting that was held": lambda cast: {"pk": held(cast).pk},
    "a point of an agenda": point("raise"),
    "a point of an agenda, an act that is none": point("eat"),
    "a document of a meeting": document,
    "a decision that Fanta's ministry owes": lambda cast: {"pk": decision(cast).pk},
    "a decision that was dropped": dropped,
    "what Fanta's ministry says of its decision": claim,
}
