"""The cast of the design, and Lalla who supervises care: fictitious people, for sentences."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import hypothesis
import pytest
from django.test import Client
from django.utils import translation

from danbe.accounts.models import Holding, Organisation, Post, User
from danbe.core.access import Actor, Role
from danbe.jobs import load
from tests.server import demonstration, instance, kept  # noqa: F401  # fixtures

# How long a case takes is the machine's, not the rule's: no test is timed.
hypothesis.settings.register_profile("danbe", deadline=None)
hypothesis.settings.load_profile("danbe")

PASSWORD = "mot de passe de démonstration"

# name -> (role, organisation code, title of the post)
CAST = {
    "awa": (Role.CASEWORKER, "SINJIYA", "Assistante sociale"),
    "bakary": (Role.CASEWORKER, "CARITAS", "Agent du service social"),
    "coumba": (Role.INVESTIGATOR, "BRTMTEH", "Enquêtrice"),
    "djibril": (Role.PROSECUTOR, "PJS", "Procureur"),
    "esther": (Role.SECRETARIAT, "CNCLCTPA", "Secrétaire permanente"),
    "fanta": (Role.FOCAL_POINT, "MPFEF", "Point focal"),
    "garan": (Role.ANALYST, "CNCLCTPA", "Analyste"),
    "issa": (Role.PARTNER, "OIM", "Chargé de programme"),
    "jeneba": (Role.ADMINISTRATOR, "CNCLCTPA", "Administratrice du système"),
    "auditor": (Role.AUDITOR, "APDP", "Contrôleuse"),
    "lalla": (Role.SUPERVISOR, "SINJIYA", "Responsable de la prise en charge"),
}


@dataclass(frozen=True)
class Cast:
    """Each one acting in their post. Hawa, the citizen, is a visitor: she has no account."""

    awa: Actor
    bakary: Actor
    coumba: Actor
    djibril: Actor
    esther: Actor
    fanta: Actor
    garan: Actor
    issa: Actor
    jeneba: Actor
    auditor: Actor
    lalla: Actor


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """The reference data of Mali is there in every test, as in every instance."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        load.load_all()


def seat(name: str, role: Role, code: str, title: str) -> Actor:
    """A person in a post of an organisation of the reference data."""
    organisation = Organisation.objects.get(code=code)
    post = Post.objects.create(organisation=organisation, role=role, title=title)
    user = User(email=f"{name}@exemple.ml", name=f"{name.capitalize()} (fictive)")
    user.set_password(PASSWORD)
    user.save()
    Holding.objects.create(post=post, user=user)
    return Actor(role, user.pk, post.pk, organisation.pk)


@pytest.fixture(autouse=True)
def own_head_file(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The head of a trail that is rolled back must not be held against the next test."""
    settings.AUDIT_HEAD_FILE = tmp_path_factory.getbasetemp() / f"{uuid.uuid4().hex}.head"


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request read in English must not leave the next test in English."""
    with translation.override("fr"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast(**{name: seat(name, *told) for name, told in CAST.items()})


SignIn = Callable[[Actor | None], Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A browser in which the actor is signed in; ``None`` is Hawa, a visitor."""

    def browser(actor: Actor | None) -> Client:
        client = Client()
        if actor is not None:
            user = User.objects.get(pk=actor.user_id)
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser


NAMES = [field.name for field in fields(Cast)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was measured on the way and is not asserted."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            told = report.nodeid.rpartition("::")[2]
            terminalreporter.write_line(f"measured: {name.replace('_', ' ')} {value}  ({told})")
