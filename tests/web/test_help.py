"""Help: the guide, post by post."""

import pytest
from django.test import Client
from django.urls import reverse

from danbe.core.access import ROLES, Role
from danbe.web.help import GUIDES
from tests.conftest import Cast
from tests.web.conftest import Browse


def test_every_post_has_a_guide_and_a_visitor_has_none() -> None:
    assert set(GUIDES) == set(ROLES) - {Role.VISITOR}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role.value for role in GUIDES])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_guide_is_read_in_both_languages_without_signing_in(role: str, language: str) -> None:
    client = Client()
    client.post(reverse("set_language"), {"language": language})
    page = client.get(reverse("help_guide", args=[role]))
    assert page.status_code == 200
    words = {"fr": "Votre travail", "en": "Your work"}
    assert words[language] in page.content.decode()


@pytest.mark.django_db
def test_there_is_no_guide_for_a_post_that_does_not_exist() -> None:
    assert Client().get(reverse("help_guide", args=["visitor"])).status_code == 404


def test_one_s_own_guide_comes_first(cast: Cast, browse: Browse) -> None:
    guides = browse(cast.auditor).get(reverse("help")).context["guides"]
    assert (guides[0][0], guides[0][2]) == ("auditor", True)
