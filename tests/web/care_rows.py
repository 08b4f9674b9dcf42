"""Rows of care for the table of access: Awa's case, and what stands in it."""

from collections.abc import Callable
from typing import Any

from danbe.protection import care_actions, case_actions
from danbe.protection.care_actions import Given
from danbe.protection.models import Case, Task
from danbe.protection.vocabulary import (
    Closing,
    ServiceStatus,
)
from tests.conftest import Cast
from tests.protection.makers import met

Kwargs = dict[str, Any]


def case(cast: Cast) -> Case:
    return case_actions.open_case(cast.awa, met(cast.awa))


def closed(cast: Cast) -> Case:
    row = case(cast)
    return case_actions.close_case(cast.awa, row, Closing.REINTEGRATED, reason="fin (fictive)")


def asked(cast: Cast) -> Case:
    row = case(cast)
    return case_actions.close_case(cast.awa, row, Closing.LOST, reason="sans nouvelles (fictif)")


def goal(cast: Cast) -> Kwargs:
    row = case(cast)
    return {
        "pk": care_actions.set_goal(cast.awa, row, domain="education", text="l’école (fictif)").pk
    }


def service(cast: Cast) -> Kwargs:
    given = Given(type="shelter", status=ServiceStatus.PLANNED)
    return {"pk": care_actions.add_service(cast.awa, case(cast), given).pk}


def task(cast: Cast) -> Kwargs:
    return {"pk": Task.unscoped.filter(case=case(cast)).order_by("due_on")[0].pk}


def complaint(cast: Cast) -> Kwargs:
    row = case(cast)
    heard = care_actions.hear_feedback(
        cast.awa, row, on=row.opened_on, is_complaint=True, words="plainte (fictive)"
    )
    return {"pk": heard.pk}


def decision(cast: Cast) -> Kwargs:
    from danbe.protection.decision_actions import presume_victim

    return {"pk": presume_victim(cast.awa, met(cast.awa), reason="motifs (fictifs)").pk}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "Awa's case": lambda cast: {"pk": case(cast).pk},
    "Awa's case, closed": lambda cast: {"pk": closed(cast).pk},
    "Awa's case, closing asked": lambda cast: {"pk": asked(cast).pk},
    "Awa's case, risks": lambda cast: {"pk": case(cast).pk, "kind": "risk"},
    "Awa's case, shelter": lambda cast: {"pk": case(cast).pk, "kind": "shelter"},
    "Awa's goal": goal,
    "Awa's service": service,
    "Awa's date": task,
    "a complaint about Awa": complaint,
    "Awa's decision": decision,
    "Awa's event": lambda cast: {"pk": met(cast.awa).event_id},
}
