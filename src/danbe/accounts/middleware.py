"""Who is asking: puts ``request.actor``, ends idle sessions, asks for the second factor."""

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from danbe.accounts.models import Holding
from danbe.core.access import ANONYMOUS, TWO_FACTOR_ROLES, Actor, Role

IDLE_STEP = 60  # seconds between two writes of the session
POST_KEY, SEEN_KEY = "post", "seen"
# Where a person may go before the second factor is set up.
BEFORE_SECOND_FACTOR = ("mfa_", "account_", "set_language", "help")


class ActorMiddleware:
    """Build the actor once per request, from the session and the posts held today.

    No browser keeps a page of a post that sees persons: whoever sits down next on a shared
    machine reads nothing by going back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor and pass on."""
        end_idle_session(request)
        request.holding = holding_of(request)  # type: ignore[attr-defined]
        request.actor = actor_of(request.holding)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.actor.role in TWO_FACTOR_ROLES:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Send a post that needs two factors to set the second one up."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if not settings.TWO_FACTOR_REQUIRED or actor.role not in TWO_FACTOR_ROLES:
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name.startswith(BEFORE_SECOND_FACTOR) or is_mfa_enabled(request.user):
            return None
        return redirect("mfa_activate_totp")


def end_idle_session(request: HttpRequest) -> None:
    """Sign out who did nothing for a while; note activity at most once a minute."""
    if not request.user.is_authenticated:
        return
    now, seen = int(time.time()), request.session.get(SEEN_KEY)
    if seen is not None and now - seen > settings.SESSION_IDLE_SECONDS:
        logout(request)
        request.session["idle"] = True
        return
    if seen is None or now - seen >= IDLE_STEP:
        request.session[SEEN_KEY] = now


def holding_of(request: HttpRequest) -> Holding | None:
    """The post in which the person acts: the chosen one, else the first one held."""
    if not request.user.is_authenticated:
        return None
    held = list(
        Holding.objects.filter(user=request.user, until=None, post__is_active=True)
        .select_related("post__organisation", "user")
        .order_by("since", "pk")
    )
    chosen = request.session.get(POST_KEY)
    request.holdings = held  # type: ignore[attr-defined]
    return next((h for h in held if str(h.post_id) == chosen), held[0] if held else None)


def actor_of(holding: Holding | None) -> Actor:
    """The actor of a holding; a visitor without one."""
    if holding is None:
        return ANONYMOUS
    post = holding.post
    return Actor(Role(post.role), holding.user_id, post.pk, post.organisation_id, post.region_id)


class LanguageMiddleware:
    """Speak the language a signed-in person chose, unless the browser was told otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """French is the default whatever the browser asks for; a cookie or profile changes it."""
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or (
            request.user.language if request.user.is_authenticated else settings.LANGUAGE_CODE
        )
        translation.activate(language if language in dict(settings.LANGUAGES) else "fr")
        request.LANGUAGE_CODE = translation.get_language() or "fr"
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response
