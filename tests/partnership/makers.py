"""Offers of the cast, made by their real actions."""

import datetime
from typing import Any

from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.partnership import offer_actions as actions
from danbe.partnership.models import AddressGrant, Audience, ServiceOffer

ADDRESS = "Case au portail bleu, derrière le puits de Ouayerma (fictif)"
PHONE = "+000 71 82 93 04"


def offer(
    type_: str = "legal_aid", place: str = "sikasso-2023", whom: str = "women girls", **more: Any
) -> ServiceOffer:
    """An offer not yet recorded."""
    flags = {f"for_{code}": code in whom.split() for code in Audience.values}
    told = {"is_protected": type_ in ("shelter", "protection_measure")} | flags | more
    return ServiceOffer(type=type_, place_id=place, **told)


def added(actor: Actor, *args: Any, body: str = "", **more: Any) -> ServiceOffer:
    """An offer of the actor's own body, or of ``body``."""
    organisation = (
        Organisation.objects.get(code=body)
        if body
        else Organisation.objects.get(pk=actor.organisation_id)
    )
    return actions.add_offer(actor, organisation, offer(*args, **more))


def shelter(actor: Actor, place: str = "sikasso-2023", **more: Any) -> ServiceOffer:
    """A shelter of ten beds whose address is sealed."""
    made = added(actor, "shelter", place, **{"beds_total": 10} | more)
    actions.seal_address(actor, made, address=ADDRESS, phone=PHONE)
    return made


def let_in(
    actor: Actor, made: ServiceOffer, to: Actor, *, days: float = 7, reason: str = "escort"
) -> AddressGrant:
    """The body of ``to`` may open the address of ``made``."""
    return actions.grant_address(
        actor,
        made,
        organisation=Organisation.objects.get(pk=to.organisation_id),
        until=timezone.now() + datetime.timedelta(days=days),
        reason_code=reason,
    )
