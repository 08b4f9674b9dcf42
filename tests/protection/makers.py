"""Fictitious people met by the cast, made by the real actions."""

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.errors import DomainError
from danbe.core.models import Place
from danbe.protection import ground_actions, person_actions
from danbe.protection.door import Contact, Identity
from danbe.protection.ground_actions import Hearing
from danbe.protection.models import Event, Ground, Person
from danbe.protection.person_actions import Met
from danbe.protection.vocabulary import Assent, EventKind, FieldGroup, Giver, Purpose, Sex

DAY = datetime.date(2026, 3, 2)
# A fictitious girl of fifteen.
MARIAM = Met(
    identity=Identity(family_name="Traoré", given_names="Mariam (fictive)"),
    contact=Contact(phone="+223 70 00 00 01", village="Fictionbougou"),
    sex=Sex.FEMALE,
    age_min=15,
    age_max=15,
    citizenship="ML",
)
HEARD = Hearing(giver=Giver.GUARDIAN, assent=Assent.GIVEN, guardian="Une tante (fictive)")


def event(actor: Actor, place: str = "sikasso-2023", **more: Any) -> Event:
    """An encounter in Sikasso."""
    told = {"kind": EventKind.WALK_IN, "on": DAY} | more
    return person_actions.open_event(actor, place=Place.objects.get(code=place), **told)


def met(actor: Actor, told: Met = MARIAM, at: Event | None = None) -> Person:
    """Somebody met by ``actor``."""
    return person_actions.register_person(actor, at or event(actor), told)


def consent(
    actor: Actor, person: Person, to: Actor, groups: Collection[FieldGroup], **more: Any
) -> Ground:
    """A yes of the person, with her guardian, for thirty days."""
    told: dict[str, Any] = {
        "purpose": Purpose.REFERRAL,
        "until": timezone.now() + datetime.timedelta(days=30),
        "hearing": HEARD,
    } | more
    recipient = Organisation.objects.get(pk=to.organisation_id)
    return ground_actions.record_consent(actor, person, recipient=recipient, groups=groups, **told)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The rules refuse, with this code."""
    with pytest.raises(DomainError) as told:
        yield
    assert told.value.code == code
