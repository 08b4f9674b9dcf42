"""Sign-in for the demonstration, invitations, switching post."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from danbe.accounts.actions import invite
from danbe.accounts.models import Holding, Organisation, Post, User, holder_of
from danbe.jobs.demo import PERSONAS
from tests.conftest import PASSWORD, Cast
from tests.web.conftest import Browse

NEW = "une phrase assez longue"


@pytest.fixture
def demonstration(settings: Settings, cast: Cast) -> User:
    """The demonstration, with one of its personas in a post."""
    settings.DEMO = True
    persona = PERSONAS[0]
    user = User.objects.create(email=persona.email, name=persona.name)
    Holding.objects.filter(post=cast.esther.post_id).delete()
    Holding.objects.create(post_id=cast.esther.post_id, user=user)
    return user


@pytest.fixture
def code(cast: Cast) -> str:
    """The code of an invitation of Nana to a vacant post of the ministry."""
    body = Organisation.objects.get(code="MPFEF")
    post = Post.objects.create(organisation=body, role="focal_point", title="Suppléante")
    return invite(cast.jeneba, post, name="Nana (fictive)", email="nana@exemple.ml")


def test_one_click_signs_in_as_a_persona_and_goes_where_one_wanted(demonstration: User) -> None:
    client = Client()
    told = {"persona": PERSONAS[0].slug, "next": "/organisations/"}
    assert client.post(reverse("demo_sign_in"), told).headers["Location"] == "/organisations/"
    assert client.get("/").context["who"].person == demonstration.name


@pytest.mark.parametrize("target", ["https://ailleurs.example/", "//ailleurs.example", ""])
def test_the_demonstration_never_sends_to_another_site(demonstration: User, target: str) -> None:
    told = {"persona": PERSONAS[0].slug, "next": target}
    assert Client().post(reverse("demo_sign_in"), told).headers["Location"] == reverse("home")


@pytest.mark.usefixtures("demonstration")
def test_only_the_cast_is_offered_and_only_the_cast_gets_in(cast: Cast) -> None:
    page = Client().get(reverse("account_login"))
    assert list(page.context["personas"]) == list(PERSONAS)
    for slug in ("jeneba@exemple.ml", "", "personne"):
        assert Client().post(reverse("demo_sign_in"), {"persona": slug}).status_code == 404


def test_outside_the_demonstration_there_is_no_one_click_sign_in(cast: Cast) -> None:
    told = {"persona": PERSONAS[0].slug}
    assert Client().post(reverse("demo_sign_in"), told).status_code == 404
    assert "personas" not in Client().get(reverse("account_login")).context


# --- Invitations ---------------------------------------------------------------------------


def test_nana_types_her_code_then_a_password_twice_and_is_in_her_post(code: str) -> None:
    client, url = Client(), reverse("invitation_accept")
    asked = client.post(url, {"code": f" {code} "})
    assert asked.context["invitation"].name == "Nana (fictive)"
    answer = client.post(url, {"code": code, "password": NEW, "again": NEW})
    assert answer.headers["Location"] == reverse("home")
    assert client.get("/").context["who"].post == "Suppléante"


@pytest.mark.parametrize(
    ("password", "again", "field"),
    [
        ("court", "court", "password"),
        ("motdepasse12", NEW, "again"),
        ("password1234", "", "again"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_at_its_field(
    code: str, password: str, again: str, field: str
) -> None:
    told = {"code": code, "password": password, "again": again}
    answer = Client().post(reverse("invitation_accept"), told)
    assert field in answer.context["form"].errors
    assert answer.context["form"]["code"].value() == code  # nothing typed is lost
    assert not User.objects.filter(email="nana@exemple.ml").exists()


def test_a_code_is_never_taken_from_an_address_and_the_page_is_never_kept(code: str) -> None:
    answer = Client().get(reverse("invitation_accept"), {"code": code})
    assert not answer.context["form"]["code"].value()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_wrong_code_says_so_and_tells_nothing_else(code: str) -> None:
    answer = Client().post(reverse("invitation_accept"), {"code": code[::-1]})
    assert "code" in answer.context["form"].errors
    assert "Nana" not in answer.content.decode()


def test_fanta_takes_a_second_post_with_the_password_she_has(cast: Cast) -> None:
    body = Organisation.objects.get(code="CNCLCTPA")
    post = Post.objects.create(organisation=body, role="analyst", title="Observatrice")
    code = invite(cast.jeneba, post, name="Fanta (fictive)", email="fanta@exemple.ml")
    url = reverse("invitation_accept")
    assert Client().post(url, {"code": code}).context["is_known"]
    refused = Client().post(url, {"code": code, "password": NEW})
    assert "password" in refused.context["form"].errors
    assert holder_of(post) is None
    client = Client()
    client.post(url, {"code": code, "password": PASSWORD})
    assert client.get("/").context["who"].post == "Observatrice"
    assert len(client.get("/").context["other_posts"]) == 1


def test_guessing_fanta_s_password_through_an_invitation_is_slowed_down_as_at_the_door(
    cast: Cast,
) -> None:
    body = Organisation.objects.get(code="CNCLCTPA")
    post = Post.objects.create(organisation=body, role="analyst", title="Observatrice")
    code = invite(cast.jeneba, post, name="Fanta (fictive)", email="fanta@exemple.ml")
    url, client = reverse("invitation_accept"), Client()
    statuses = [
        client.post(url, {"code": code, "password": f"essai numéro {n}"}).status_code
        for n in range(9)
    ]
    assert (statuses[0], statuses[-1]) == (200, 429)


# --- Switching -----------------------------------------------------------------------------


def test_fanta_switches_to_a_post_that_she_holds_and_to_no_other(
    cast: Cast, browse: Browse
) -> None:
    client = browse(cast.fanta)
    stranger = {"post": str(cast.esther.post_id)}
    assert client.post(reverse("switch_post"), stranger).status_code == 404
    assert client.post(reverse("switch_post"), {"post": "x"}).status_code == 404
    second = Post.objects.create(
        organisation_id=cast.esther.organisation_id, role="analyst", title="Observatrice"
    )
    Holding.objects.create(post=second, user_id=cast.fanta.user_id)
    assert client.post(reverse("switch_post"), {"post": str(second.pk)}).status_code == 302
    assert client.get("/").context["who"].post == "Observatrice"
