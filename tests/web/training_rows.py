"""The rows that the pages of trainings, trainers and contacts are about."""

from collections.abc import Callable
from typing import Any

from danbe.partnership import training_actions
from tests.conftest import Cast
from tests.figures import makers as figures
from tests.partnership import training_makers as makers

Kwargs = dict[str, Any]


def cancelled(cast: Cast) -> Kwargs:
    made = makers.planned(cast.fanta)
    return {"pk": training_actions.cancel_training(cast.fanta, made, reason="fictif").pk}


def draft(cast: Cast) -> Kwargs:
    makers.held(cast.fanta, ("MJDH", "female", 7))
    return {"pk": figures.drafted(cast.fanta, figures.content()).pk}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "a training of Fanta's ministry": lambda cast: {"pk": makers.planned(cast.fanta).pk},
    "a cancelled training of Fanta's ministry": cancelled,
    "a trainer of Fanta's ministry": lambda cast: {"pk": makers.trainer(cast.fanta).pk},
    "a contact of Fanta's ministry": lambda cast: {"pk": makers.contact(cast.fanta).pk},
    "a contact of Issa's body": lambda cast: {"pk": makers.contact(cast.issa).pk},
    "Fanta's draft, after a training": draft,
}
