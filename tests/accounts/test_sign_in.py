"""Who gets in, in which post, and how long."""

import datetime
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from danbe.accounts.actions import hand_over, set_post_active
from danbe.accounts.models import Holding, Post, User
from danbe.core.models import AuditEvent
from tests.conftest import PASSWORD, Cast, SignIn


def enter(client: Client, name: str, password: str = PASSWORD) -> int:
    """Send the sign-in form; the status of the answer."""
    told = {"login": f"{name}@exemple.ml", "password": password}
    return client.post(reverse("account_login"), told).status_code


def test_fanta_signs_in_and_out_and_the_trail_says_so(cast: Cast) -> None:
    client = Client()
    assert enter(client, "fanta", "un mauvais mot de passe") == 200
    assert not AuditEvent.objects.exists()
    assert enter(client, "FANTA") == 302
    assert client.get("/").context["actor"] == cast.fanta
    client.post(reverse("account_logout"))
    assert client.get("/").status_code == 302
    told = AuditEvent.objects.order_by("seq").values_list("verb", "post_id")
    assert list(told) == [
        ("session.begin", cast.fanta.post_id),
        ("session.end", cast.fanta.post_id),
    ]


def test_nobody_registers(cast: Cast) -> None:
    client, n_users = Client(), User.objects.count()
    told = {"email": "hawa@exemple.ml", "password1": PASSWORD}
    assert client.get(reverse("account_signup")).status_code == 200
    client.post(reverse("account_signup"), told)
    assert User.objects.count() == n_users


def test_guessing_bakary_s_password_slows_bakary_down_and_not_awa_beside_him(cast: Cast) -> None:
    client = Client()
    statuses = [enter(client, "bakary", f"essai numéro {n}") for n in range(9)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert enter(client, "bakary") == 429  # his own password waits too, from this address
    assert enter(Client(), "awa") == 302  # the same shelter, the same address
    assert enter(Client(REMOTE_ADDR="10.0.0.7"), "bakary") == 302  # he goes to another place


def test_a_session_left_alone_ends(cast: Cast, sign_in: SignIn, settings: Settings) -> None:
    client = sign_in(cast.fanta)
    assert client.get("/").status_code == 200
    session = client.session
    session["seen"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    assert client.get("/").status_code == 302


def test_a_post_that_is_closed_or_handed_over_is_lost_at_once(cast: Cast, sign_in: SignIn) -> None:
    awa, bakary = sign_in(cast.awa), sign_in(cast.bakary)
    assert awa.get("/").status_code == bakary.get("/").status_code == 200
    set_post_active(cast.jeneba, Post.objects.get(pk=cast.awa.post_id), active=False)
    post = Post.objects.get(pk=cast.bakary.post_id)
    hand_over(cast.jeneba, post, name="Nana", email="nana@exemple.ml")
    assert awa.get("/").status_code == bakary.get("/").status_code == 302


def test_french_is_spoken_unless_the_person_or_the_browser_chose_otherwise(
    cast: Cast, sign_in: SignIn, settings: Settings
) -> None:
    visitor = Client(headers={"Accept-Language": "en"})
    assert visitor.get(reverse("help")).headers["Content-Language"] == "fr"
    visitor.post(reverse("set_language"), {"language": "en"})
    assert visitor.get(reverse("help")).headers["Content-Language"] == "en"
    User.objects.filter(pk=cast.issa.user_id).update(language="en")
    assert sign_in(cast.issa).get("/").headers["Content-Language"] == "en"
    assert sign_in(cast.fanta).get("/").headers["Content-Language"] == "fr"


# --- The second factor ---------------------------------------------------------------------


@pytest.fixture
def two_factors(settings: Settings) -> None:
    settings.TWO_FACTOR_REQUIRED = True


@pytest.mark.usefixtures("two_factors")
def test_posts_that_see_persons_set_up_a_second_factor_first(cast: Cast, sign_in: SignIn) -> None:
    for actor in (cast.awa, cast.coumba, cast.djibril, cast.jeneba, cast.auditor):
        answer = sign_in(actor).get("/")
        assert answer.headers["Location"] == reverse("mfa_activate_totp"), actor.role
    for actor in (cast.esther, cast.fanta, cast.garan, cast.issa):
        assert sign_in(actor).get("/").status_code == 200, actor.role


@pytest.mark.usefixtures("two_factors")
def test_awa_sets_up_her_telephone_and_is_asked_for_it_next_time(cast: Cast) -> None:
    client = Client()
    enter(client, "awa")
    assert client.get("/").headers["Location"] == reverse("mfa_activate_totp")
    asked = client.get(reverse("mfa_activate_totp")).headers["Location"]
    client.post(asked, {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.status_code == 302
    assert Authenticator.objects.filter(user=cast.awa.user_id, type="totp").exists()
    assert client.get("/").status_code == 200
    again = Client()
    enter(again, "awa")
    assert again.get("/").status_code == 302  # the password alone is not enough


def test_garan_gives_his_password_again_before_he_changes_his_second_factor(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.garan)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    address = asked.headers["Location"]
    assert client.post(address, {"password": "faux"}).status_code == 200
    assert client.post(address, {"password": PASSWORD}).status_code == 302
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_persona_of_the_demonstration_has_no_password_to_give_again(
    cast: Cast, sign_in: SignIn, settings: Settings
) -> None:
    settings.DEMO = True
    assert sign_in(cast.garan).get(reverse("mfa_activate_totp")).status_code == 200


def test_the_post_chosen_is_kept_for_the_session_and_the_first_one_held_comes_back(
    cast: Cast, sign_in: SignIn
) -> None:
    second = Post.objects.create(
        organisation_id=cast.esther.organisation_id, role="analyst", title="Observatrice"
    )
    Holding.objects.create(post=second, user_id=cast.fanta.user_id)
    client = sign_in(cast.fanta)
    assert client.get("/").context["actor"].post_id == cast.fanta.post_id
    client.post(reverse("switch_post"), {"post": str(second.pk)})
    assert client.get("/").context["actor"].role == "analyst"
    Holding.objects.filter(post=second).update(until=datetime.datetime.now(datetime.UTC))
    assert client.get("/").context["actor"].post_id == cast.fanta.post_id
