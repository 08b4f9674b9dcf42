"""Every view says which verb it needs, and a GET never writes.

Both are enforced here, at run time: a view without a mark is refused, and while a GET is
answered any SQL but reading raises. Hence opening something sealed, which is audited, is a POST.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from danbe.core.access import Actor
from danbe.core.errors import NotAllowed

View = Callable[..., HttpResponse]
READS = ("SELECT", "WITH", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


class Request(HttpRequest):
    """A request past the middleware."""

    actor: Actor
    htmx: HtmxDetails


def page(verb: str) -> Callable[[View], View]:
    """Mark a view with the verb it needs."""

    def mark(view: View) -> View:
        view.verb = verb  # type: ignore[attr-defined]
        return view

    return mark


# Views of other libraries, marked by the name of their address (see ``config/urls.py``).
marked_names: dict[str, str] = {}


def verb_of(request: HttpRequest, view: View) -> str:
    """The verb that ``view`` was marked with. Raises ``ImproperlyConfigured`` without a mark."""
    match = request.resolver_match
    name = (match.view_name if match else "") or ""
    verb = getattr(view, "verb", None) or marked_names.get(name)
    if verb is None:
        raise ImproperlyConfigured(f"{view} ({name}) has no @page(verb)")
    return verb


def only_reads(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Database wrapper: let nothing but reads through."""
    if not sql.lstrip(" (").upper().startswith(READS):
        raise RuntimeError(f"a GET must not write: {sql[:60]}")
    return execute(sql, params, many, context)


class AccessMiddleware:
    """Refuse unmarked views, actors whose role lacks the verb, and writes during a GET.

    And an address that no text can come of.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, read-only unless the method says otherwise."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with connection.execute_wrapper(only_reads):
            return self.get_response(request)

    def process_view(
        self, request: Request, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Check the mark before the view runs."""
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("a NUL in the address")  # no text has one; PostgreSQL refuses it
        verb = verb_of(request, view)
        if not request.actor.can(verb):
            raise NotAllowed(verb)
        return None
