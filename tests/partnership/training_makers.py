"""Trainings, trainers and desks of the cast, fictitious, made by real actions."""

import datetime
from typing import Any

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.partnership import contact_actions, training_actions
from danbe.partnership.models import Contact, Trainer, Training
from tests.partnership.funding_makers import body

MONDAY = datetime.date(2024, 3, 4)
DAY = datetime.timedelta(days=1)


def row(**more: Any) -> Training:
    told = {
        "title": "Identifier une victime (fictif)",
        "theme": "Identification",
        "audiences": "magistrates",
        "place_id": "cercle-segou-2023",
        "start": MONDAY,
        "end": MONDAY + 2 * DAY,
        "is_fictitious": True,
    }
    return Training(**told | more)


def planned(
    actor: Actor,
    organiser: str = "",
    others: training_actions.With | None = None,
    **more: Any,
) -> Training:
    """A training of the actor's body, or of ``organiser``."""
    taken = others or training_actions.With()
    return training_actions.add_training(actor, body(organiser or actor), row(**more), taken)


def came(*told: tuple[str, str, int]) -> list[training_actions.Came]:
    """(code of a body or empty, sex, number)."""
    return [
        training_actions.Came(Organisation.objects.get(code=code) if code else None, sex, n)
        for code, sex, n in told
    ]


def held(actor: Actor, *told: tuple[str, str, int], **more: Any) -> Training:
    made = planned(actor, **more)
    return training_actions.hold_training(actor, made, came(*told), version=made.version)


def trainer(actor: Actor, organisation: str = "", **more: Any) -> Trainer:
    told = {
        "name": "Formatrice (fictive)",
        "function": "Juge d’instruction",
        "themes": "Audition de l’enfant",
        "email": "formatrice@exemple.ml",
        "consent_on": MONDAY,
        "is_fictitious": True,
    }
    made = Trainer(**told | more)
    return contact_actions.add_trainer(actor, body(organisation or actor), made)


def contact(actor: Actor, organisation: str = "", **more: Any) -> Contact:
    told = {
        "function": "Point focal traite (fictif)",
        "purpose": "Déclarations annuelles",
        "phone": "+223 00 00 00 00",
        "is_fictitious": True,
    }
    made = Contact(**told | more)
    return contact_actions.add_contact(actor, body(organisation or actor), made)
