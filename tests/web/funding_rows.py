"""The rows that the pages of funding and of donations are about."""

from collections.abc import Callable
from typing import Any

from danbe.partnership import donation_actions, funding_actions
from tests.conftest import Cast
from tests.partnership import funding_makers as makers

Kwargs = dict[str, Any]


def commitment(cast: Cast) -> Kwargs:
    made = makers.committed(
        cast.issa, 10_000_000, beneficiary_id=cast.fanta.organisation_id, last_year=2025
    )
    return {"pk": made.pk}


def cancelled(cast: Cast) -> Kwargs:
    made = makers.committed(cast.issa)
    funding_actions.cancel_commitment(cast.issa, made, reason="fictif")
    return {"pk": made.pk}


def payment(cast: Cast) -> Kwargs:
    made = makers.committed(cast.issa)
    return {"pk": makers.paid(cast.issa, made, 1_000).pk}


def cancelled_gift(cast: Cast) -> Kwargs:
    made = makers.announced(cast.fanta, cast.awa)
    return {"pk": donation_actions.cancel_donation(cast.fanta, made, reason="fictif").pk}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "a commitment of Issa's body to Fanta's ministry": commitment,
    "a cancelled commitment of Issa's body": cancelled,
    "a payment of Issa's body": payment,
    "a gift of Fanta's ministry to Awa's body, announced": (
        lambda cast: {"pk": makers.announced(cast.fanta, cast.awa).pk}
    ),
    "a gift of Fanta's ministry to Awa's body, on its way": (
        lambda cast: {"pk": makers.sent(cast.fanta, cast.awa).pk}
    ),
    "a gift of Fanta's ministry to Awa's body, cancelled": cancelled_gift,
}
