"""What tests of pages share."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from danbe.core.access import Actor
from tests.conftest import SignIn

Browse = Callable[[Actor | None], Client]


@pytest.fixture
def browse(sign_in: SignIn) -> Browse:
    """A browser that asks for English: tests read the words of the source."""

    def browser(actor: Actor | None) -> Client:
        client = sign_in(actor)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return browser
