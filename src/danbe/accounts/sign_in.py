"""Sign-in, as django-allauth does it, with our rules: no self-registration, every one audited."""

import base64
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from danbe.accounts.middleware import actor_of, holding_of
from danbe.accounts.models import User
from danbe.core import audit, sealing

WRAPPED = 64  # bytes of a wrapped key
OWNER = "second factor"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """What differs from the library."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers; a person is invited to a post."""
        return False

    def is_reauthentication_required(self, *, app: str, **more: object) -> bool:
        """A persona of the demonstration signs in by one click and has no password to give."""
        return not settings.DEMO and super().is_reauthentication_required(app=app, **more)

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a session, and say so in the trail."""
        super().login(request, user)
        record_session(request, "session.begin")

    def logout(self, request: HttpRequest) -> None:
        """End a session, and say so in the trail."""
        record_session(request, "session.end")
        super().logout(request)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Ask the password again; our addresses are on the person, not in the library's table."""
        return authenticate(context.request, email=user.email, password=password) == user


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth publishes no types
    """The secret of a telephone and the seed of recovery codes are sealed in the database."""

    def encrypt(self, text: str) -> str:
        """Seal under a key of its own."""
        key = sealing.new_key(OWNER)
        sealed = sealing.seal(key, text.encode(), owner=OWNER, what="secret")
        return base64.b64encode(key + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open. Raises :class:`SealBroken`."""
        data = base64.b64decode(encrypted_text)
        key, sealed = data[:WRAPPED], data[WRAPPED:]
        return sealing.unseal(key, sealed, owner=OWNER, what="secret").decode()


def has_newest_key(encrypted_text: str) -> bool:
    """Whether such a secret is under the newest master key."""
    return sealing.is_newest(base64.b64decode(encrypted_text))


def rewrapped(encrypted_text: str) -> str:
    """The same secret under the newest master key."""
    data = base64.b64decode(encrypted_text)
    return base64.b64encode(sealing.rewrap(data[:WRAPPED], OWNER) + data[WRAPPED:]).decode()


def attempted_account(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Whose password is being tried: only that account, from that address, is slowed down."""
    told = (credentials or {}).get("email") or request.POST.get("login", "")
    return str(told).strip().lower()


def record_session(request: HttpRequest, verb: str) -> None:
    """One event, in the name of the post the person sits in."""
    holding = holding_of(request)
    with transaction.atomic():
        audit.record(actor_of(holding), verb, holding.user if holding else None)
