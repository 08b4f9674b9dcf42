"""The rows that the pages of consent and of referrals are about, made by real actions."""

import datetime
from typing import Any

from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.protection import ground_actions, referral_actions
from danbe.protection.ground_actions import Hearing
from danbe.protection.models import Acknowledgement, ConsentText, Ground, Person, Referral
from danbe.protection.vocabulary import FieldGroup, Purpose
from tests.conftest import Cast
from tests.protection.makers import HEARD, consent, met

IDENTITY = FieldGroup.IDENTITY
Kwargs = dict[str, Any]


def body_of(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.organisation_id)


def shared(cast: Cast) -> Ground:
    """Mariam agreed that Bakary's body knows who she is."""
    return consent(cast.awa, met(cast.awa), cast.bakary, [IDENTITY])


def withdrawn(cast: Cast) -> Acknowledgement:
    ground_actions.withdraw_consent(cast.awa, shared(cast))
    row: Acknowledgement = Acknowledgement.unscoped.get()
    return row


def emergency(cast: Cast) -> Ground:
    return ground_actions.share_in_emergency(
        cast.awa, met(cast.awa), recipient=body_of(cast.bakary), groups=[IDENTITY], reason="coma"
    )


def referred(cast: Cast) -> Referral:
    return referral_actions.send_referral(
        cast.awa,
        shared(cast).person,
        service="shelter",
        groups=[IDENTITY],
        recipient=body_of(cast.bakary),
    )


def accepted(cast: Cast) -> Referral:
    return referral_actions.accept_referral(cast.bakary, referred(cast))


def outside(cast: Cast) -> Referral:
    """To a hospital that is nowhere in Danbe."""
    heard = Hearing(giver=HEARD.giver, assent=HEARD.assent, guardian="x", outside="Hôpital")
    person: Person = met(cast.awa)
    ground = ground_actions.record_consent(
        cast.awa,
        person,
        recipient=None,
        groups=[IDENTITY],
        purpose=Purpose.REFERRAL,
        until=timezone.now() + datetime.timedelta(days=9),
        hearing=heard,
    )
    return referral_actions.send_referral(
        cast.awa, person, service="medical", groups=[IDENTITY], ground=ground
    )


ROWS = {
    "Awa's person, shared with Bakary's body": lambda cast: {"pk": shared(cast).person_id},
    "a consent to Bakary's body": lambda cast: {"pk": shared(cast).pk},
    "a withdrawal that Bakary's body must confirm": lambda cast: {"pk": withdrawn(cast).pk},
    "an emergency on Awa's person": lambda cast: {"pk": emergency(cast).pk},
    "a consent text": lambda cast: {"pk": ConsentText.objects.all()[0].pk},
    "a referral to Bakary's body": lambda cast: {"pk": referred(cast).pk},
    "a referral that Bakary accepted": lambda cast: {"pk": accepted(cast).pk},
    "a referral to a hospital": lambda cast: {"pk": outside(cast).pk},
}
