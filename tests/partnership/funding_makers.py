"""Commitments, payments and donations of the cast, fictitious, made by real actions."""

import datetime
from decimal import Decimal
from typing import Any

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.partnership import donation_actions, funding_actions
from danbe.partnership.models import Commitment, Disbursement, Donation
from danbe.partnership.money import Sum

FIRST = datetime.date(2024, 3, 1)
RICE = donation_actions.Goods("food", "Riz (fictif)", Decimal(20), "tonnes")
OIL = donation_actions.Goods("food", "Huile (fictive)", Decimal(50), "bidons")


def body(of: Actor | str) -> Organisation:
    if isinstance(of, str):
        return Organisation.objects.get(code=of)
    return Organisation.objects.get(pk=of.organisation_id)


def row(**more: Any) -> Commitment:
    told = {"title": "Appui aux centres (fictif)", "first_year": 2024, "last_year": 2024}
    return Commitment(**told | {"is_fictitious": True} | more)


def fcfa(amount: int) -> Sum:
    return Sum(Decimal(amount))


def committed(
    actor: Actor, amount: "int | Sum" = 10_000_000, donor: str = "", **more: Any
) -> Commitment:
    """A commitment of the actor's body, or of ``donor``."""
    told = amount if isinstance(amount, Sum) else fcfa(amount)
    return funding_actions.add_commitment(actor, body(donor or actor), row(**more), told)


def paid(
    actor: Actor, commitment: Commitment, amount: int, on: datetime.date = FIRST, **more: Any
) -> Disbursement:
    payment = funding_actions.Payment(on, fcfa(amount), **more)
    return funding_actions.disburse(actor, commitment, payment)


def announced(
    actor: Actor, to: Actor | str, lines: Any = (RICE, OIL), donor: str = "", **more: Any
) -> Donation:
    """A donation of the actor's body, or of ``donor``."""
    gift = donation_actions.Gift(FIRST, lines, is_fictitious=True, **more)
    return donation_actions.announce_donation(actor, body(donor or actor), body(to), gift)


def sent(actor: Actor, to: Actor | str, **more: Any) -> Donation:
    made = announced(actor, to, **more)
    return donation_actions.dispatch_donation(actor, made, on=FIRST)


def arrived(*told: "int | tuple[int, str]") -> list[donation_actions.Arrived]:
    pairs = [one if isinstance(one, tuple) else (one, "") for one in told]
    return [donation_actions.Arrived(Decimal(n), reason) for n, reason in pairs]


def received(giver: Actor, taker: Actor, **more: Any) -> Donation:
    made = sent(giver, taker, **more)
    return donation_actions.receive_donation(taker, made, arrived(20, 50), on=FIRST)
