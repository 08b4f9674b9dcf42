"""What a person sees when something goes wrong: what happened and what to do, never a trace."""

import logging
import traceback
from collections.abc import Callable

from allauth.core.exceptions import ReauthenticationRequired
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from danbe.core.access import ANONYMOUS
from danbe.core.errors import DomainError

log = logging.getLogger("danbe")


class ErrorMiddleware:
    """Turn what the domain refuses into a page; send visitors to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal that no view caught."""
        if isinstance(error, DomainError):
            return render(request, "400.html", {"error": error}, status=409)
        if not isinstance(error, (PermissionDenied, Http404, ReauthenticationRequired)):
            log_error(error)
        return None


def at_field(form: forms.BaseForm, error: DomainError) -> None:
    """Show a refusal of the domain beside the field it names, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error.message))


def log_error(error: BaseException) -> None:
    """The type and the places in the code: no message, no path, no value."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(frames))
    log.error("%s at %s", type(error).__name__, where)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403; a visitor is asked to sign in first."""
    if getattr(request, "actor", ANONYMOUS) == ANONYMOUS and request.method == "GET":
        return redirect(f"{reverse('account_login')}?next={request.get_full_path()}")
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; says nothing of what exists."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return render(request, "500.html", status=500)
