"""The rows that the pages of the making of a plan are about."""

from collections.abc import Callable
from typing import Any

from danbe.plan import participation_actions, text_actions, validation_actions
from tests.conftest import Cast
from tests.plan import participation_makers as makers

Kwargs = dict[str, Any]


def process(cast: Cast) -> Kwargs:
    return {"pk": makers.drafting(cast.esther).pk}


def part(code: str) -> Callable[[Cast], Kwargs]:
    return lambda cast: {"pk": makers.participant(makers.prepared(cast.esther), code).pk}


def survivor(cast: Cast) -> Kwargs:
    made = makers.prepared(cast.esther)
    return {"pk": participation_actions.add_survivors(cast.esther, made, number=1)[0].pk}


def draft_clause(cast: Cast) -> Kwargs:
    draft = makers.draft_text(cast.esther, makers.drafting(cast.esther))
    return {"pk": draft.pk, "clause": makers.clause(draft, "1.1").pk}


def two_versions(cast: Cast) -> Kwargs:
    old = makers.published_text(cast.esther)
    return {"pk": old.pk, "other": makers.amended(cast.esther, old).pk}


def version_and_draft(cast: Cast) -> Kwargs:
    old = makers.published_text(cast.esther)
    return {"pk": old.pk, "other": text_actions.begin_text(cast.esther, old.process).pk}


def ballot(code: str) -> Callable[[Cast], Kwargs]:
    return lambda cast: {"pk": makers.ballot(makers.session(cast.esther), code).pk}


def reservation(cast: Cast) -> Kwargs:
    own = makers.ballot(makers.session(cast.esther), "MPFEF")
    made = validation_actions.add_reservation(cast.fanta, own, clause=None, text="Réserve")
    return {"pk": own.pk, "number": made.pk}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "a process": process,
    "the drafting of a process": lambda cast: process(cast) | {"stage": "drafting"},
    "the part of Fanta's ministry in a process": part("MPFEF"),
    "the part of another body in a process": part("MJDH"),
    "a survivor's part in a process": survivor,
    "a published version of a text": lambda cast: {"pk": makers.published_text(cast.esther).pk},
    "the draft of a text": lambda cast: {"pk": draft_clause(cast)["pk"]},
    "a clause of the draft of a text": draft_clause,
    "two published versions": two_versions,
    "a published version and a draft": version_and_draft,
    "a published clause": (
        lambda cast: {"pk": makers.clause(makers.published_text(cast.esther), "1.1").pk}
    ),
    "a clause of a draft alone": lambda cast: {"pk": draft_clause(cast)["clause"]},
    "a process in its validation": lambda cast: {"pk": makers.to_validate(cast.esther).pk},
    "an open session": lambda cast: {"pk": makers.session(cast.esther).pk},
    "the ballot of Fanta's ministry": ballot("MPFEF"),
    "the ballot of another body": ballot("MJDH"),
    "a reservation of Fanta's ministry": reservation,
    "a frozen text": lambda cast: {"pk": makers.adopted(cast.esther).pk},
    "a frozen text, signed": lambda cast: {"pk": makers.signed(cast.esther).pk},
    "a signed text, published": lambda cast: {"pk": makers.released(cast.esther).pk},
    "a process that the public reads": (
        lambda cast: {"pk": makers.published_text(cast.esther).process_id}
    ),
    "a process without a published text": process,
}
