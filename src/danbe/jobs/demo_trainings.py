"""Trainings, trainers and desks of the demonstration: made up, and every row says so."""

import datetime

from django.utils import timezone

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role
from danbe.partnership import contact_actions, training_actions
from danbe.partnership.models import Contact, Trainer, Training

NOTE = "Démonstration : ligne fictive"
AGREED = datetime.date(2026, 1, 15)
DAY = datetime.timedelta(days=1)


def _body(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def build() -> int:
    """Every row, by the real actions of the secretariat. How many there are."""
    actor = Post.objects.filter(role=Role.SECRETARIAT)[0].actor
    listed = _list_trainers(actor)
    return len(listed) + _plan(actor, listed) + _open_desks(actor)


def _list_trainers(actor: Actor) -> list[Trainer]:
    told = (
        ("MJDH", "Formatrice A (fictive)", "Magistrate", "Qualification des faits", "fr bm"),
        ("MPFEF", "Formateur B (fictif)", "Assistant social", "Écoute de l’enfant", "fr ffm"),
        ("OIM", "Formatrice C (fictive)", "Chargée de formation", "Orientation", "fr"),
    )
    return [
        contact_actions.add_trainer(
            actor,
            _body(code),
            Trainer(
                name=name,
                function=function,
                themes=themes,
                languages=languages,
                email=f"formation.{code.lower()}@demonstration.example",
                consent_on=AGREED,
                is_fictitious=True,
            ),
        )
        for code, name, function, themes, languages in told
    ]


def _plan(actor: Actor, listed: list[Trainer]) -> int:
    """Two that clash, one elsewhere, one held and counted."""
    soon = timezone.localdate() + 21 * DAY
    monday = soon - soon.weekday() * DAY
    past = datetime.date(2026, 5, 11)
    told = (
        ("MJDH", "Qualifier la traite (fictif)", "magistrates", "bamako", monday, 3),
        ("ONUDC", "Coopération judiciaire (fictif)", "magistrates lawyers", "bamako", monday, 2),
        ("MPFEF", "Accueillir un enfant (fictif)", "social_workers", "sikasso-2023", monday, 4),
        ("MPFEF", "Premiers gestes (fictif)", "social_workers", "kayes-2023", past, 3),
    )
    for organiser, title, audiences, place, start, n_days in told:
        row = Training(
            title=title,
            theme="Identification et orientation",
            audiences=audiences,
            place_id=place,
            start=start,
            end=start + (n_days - 1) * DAY,
            seats=30,
            note=NOTE,
            is_fictitious=True,
        )
        others = training_actions.With(funders=[_body("OIM")], trainers=listed[:2])
        row = training_actions.add_training(actor, _body(organiser), row, others)
        if start == past:
            came = [
                training_actions.Came(_body("MPFEF"), "female", 14),
                training_actions.Came(_body("MPFEF"), "male", 9),
                training_actions.Came(_body("SINJIYA"), "female", 3),
            ]
            training_actions.hold_training(actor, row, came, version=row.version)
    return len(told)


def _open_desks(actor: Actor) -> int:
    told = (
        ("CNCLCTPA", "Secrétariat permanent (fictif)", "Déclarations, réunions, plan d’action"),
        ("MPFEF", "Point focal traite (fictif)", "Orientation vers les services"),
        ("OIM", "Bureau de Bamako (fictif)", "Retour volontaire, réinsertion"),
    )
    for code, function, purpose in told:
        contact_actions.add_contact(
            actor,
            _body(code),
            Contact(
                function=function,
                purpose=purpose,
                email=f"{code.lower()}@demonstration.example",
                hours="8 h – 16 h",
                is_fictitious=True,
            ),
        )
    return len(told)
