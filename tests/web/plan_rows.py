"""The rows that the pages of action plans are about."""

from collections.abc import Callable
from typing import Any

from danbe.plan import actions
from danbe.plan.models import Indicator
from tests.conftest import Cast
from tests.plan import makers

Kwargs = dict[str, Any]


def published(cast: Cast) -> Kwargs:
    return {"pk": makers.published(cast.esther).pk}


def activity(code: str) -> Callable[[Cast], Kwargs]:
    return lambda cast: {"pk": makers.activity(makers.published(cast.esther), code).pk}


def indicator(code: str) -> Callable[[Cast], Kwargs]:
    def row(cast: Cast) -> Kwargs:
        plan = makers.published(cast.esther)
        return {"pk": Indicator.unscoped.get(plan=plan, code=code).pk}

    return row


def report(cast: Cast) -> Kwargs:
    plan = makers.published(cast.esther)
    told = actions.report_activity(cast.fanta, makers.activity(plan), makers.news())
    return {"pk": told.pk}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "a published plan": published,
    "the draft of a plan": lambda cast: {"pk": makers.draft(cast.esther).pk},
    "Fanta's part of a plan": (
        lambda cast: published(cast) | {"organisation": cast.fanta.organisation_id}
    ),
    "2025 of a published plan": lambda cast: published(cast) | {"year": 2025},
    "a year outside a published plan": lambda cast: published(cast) | {"year": 1823},
    "2025 of the draft of a plan": (
        lambda cast: {"pk": makers.draft(cast.esther).pk, "year": 2025}
    ),
    "what OIM gives to a published plan": lambda cast: published(cast) | {"code": "oim"},
    "an activity that Fanta's ministry leads": activity("A1"),
    "an activity that another body leads": activity("A2"),
    "an activity of a draft": (lambda cast: {"pk": makers.activity(makers.draft(cast.esther)).pk}),
    "a report of Fanta's ministry on its activity": report,
    "an indicator that Fanta's ministry enters": indicator("I3"),
    "an indicator computed from the records": indicator("I1"),
}
