"""The annual report: draft, frozen, errata, downloads."""

from django.http import HttpResponse
from django.urls import path

from danbe.core.pages import Request, page


@page("report.read")
def report_list(request: Request) -> HttpResponse:
    """Stand-in until the real pages land."""
    return HttpResponse("")


urlpatterns = [path("", report_list, name="report_list")]
