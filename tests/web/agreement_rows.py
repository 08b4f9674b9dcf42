"""The rows that the pages of agreements are about."""

from collections.abc import Callable
from typing import Any

from danbe.core.field_groups import FieldGroup
from danbe.partnership import agreement_actions
from tests.conftest import Cast
from tests.partnership import agreement_makers as makers

Kwargs = dict[str, Any]


def signed(cast: Cast) -> Kwargs:
    made = makers.signed(cast.esther, cast.awa, cast.bakary, [FieldGroup.IDENTITY])
    return {"pk": made.pk}


def draft(cast: Cast) -> Kwargs:
    return {"pk": makers.draft(cast.esther, cast.awa, cast.bakary).pk}


def flow_of_a_draft(cast: Cast) -> Kwargs:
    made = makers.draft(cast.esther, cast.awa, cast.bakary)
    told = makers.way(cast.awa, cast.bakary, [FieldGroup.IDENTITY])
    return {"pk": made.pk, "flow": agreement_actions.add_flow(cast.esther, made, told).pk}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "an agreement of Awa's body with Bakary's": signed,
    "the draft of an agreement": draft,
    "a flow in the draft of an agreement": flow_of_a_draft,
}
