"""Recovery codes are opened by POST, like everything sealed; the library opens them by GET."""

from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, ViewRecoveryCodesView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from danbe.core.pages import Request, page


class _Shown(ViewRecoveryCodesView):  # type: ignore[misc]  # allauth publishes no types
    post = ViewRecoveryCodesView.get


class _Downloaded(DownloadRecoveryCodesView):  # type: ignore[misc]
    post = DownloadRecoveryCodesView.get


@page("account.change")
@never_cache
def recovery_codes(request: Request) -> HttpResponse:
    """A closed envelope, and what is in it once asked for."""
    if request.method != "POST":
        return render(request, "mfa/recovery_codes/closed.html")
    return _answer(_Shown, request)


@page("account.change")
@require_POST
@never_cache
def download(request: Request) -> HttpResponse:
    """The same as a text file."""
    return _answer(_Downloaded, request)


def _answer(view: type[_Shown | _Downloaded], request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = view.as_view()(request)
    return answer


urlpatterns = [
    path("", recovery_codes, name="mfa_view_recovery_codes"),
    path("download/", download, name="mfa_download_recovery_codes"),
]
