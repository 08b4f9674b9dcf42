"""The rows that the pages of the dossier for the United States are about."""

from collections.abc import Callable
from typing import Any

from danbe.reports.tip_actions import freeze_dossier
from tests.conftest import Cast
from tests.reports import tip_makers

Kwargs = dict[str, Any]
DOSSIER = {"year": tip_makers.YEAR, "language": "fr"}


def frozen(cast: Cast) -> Kwargs:
    freeze_dossier(cast.esther, tip_makers.YEAR, today=tip_makers.AFTER)
    return DOSSIER


def frozen_year(cast: Cast) -> Kwargs:
    frozen(cast)
    return {"year": tip_makers.YEAR}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "the dossier of 2023-2024, not frozen": lambda cast: DOSSIER,
    "the dossier of 2023-2024, frozen": frozen,
    "the period 2023-2024, not frozen": lambda cast: {"year": tip_makers.YEAR},
    "the period 2023-2024, frozen": frozen_year,
    "a recommendation of 2019": lambda cast: {"code": "2019-4"},
    "a list not found": lambda cast: {"code": "2024-1"},
    "an answer of Fanta's ministry": lambda cast: {"pk": tip_makers.answered(cast.fanta).pk},
    "an answer of the secretariat": lambda cast: {"pk": tip_makers.answered(cast.esther).pk},
}
