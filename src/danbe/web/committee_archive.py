"""The archive of meetings: what is held since the decree, a workbook out and in."""

from django.contrib import messages
from django.db.models import Count, Max, Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from danbe.core.access import visible
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange.archive_read import read_archive
from danbe.exchange.archive_xlsx import FILE_NAME, MEDIA_TYPE, write_archive
from danbe.exchange.return_layout import MAX_FILE
from danbe.exchange.return_xlsx import refuse
from danbe.partnership.archive_actions import import_archive
from danbe.partnership.models import Assembly, Meeting, MeetingStatus
from danbe.web.committee_view import crumbs, tabs
from danbe.web.download import download


@page("archive.import")
def committee_archive(request: Request) -> HttpResponse:
    """What is held of the past; load a filled workbook: all of it, or nothing."""
    context = {
        "rows": visible(request.actor, Assembly, "committee.read").annotate(
            n=Count("meetings"), first=Min("meetings__day"), last=Max("meetings__day")
        ),
        "sourced": visible(request.actor, Meeting, "committee.read")
        .filter(is_archive=True, status=MeetingStatus.HELD)
        .exclude(source="")
        .count(),
        "tabs": tabs(request, "committee_archive"),
        "crumbs": crumbs(("", _("Archive"))),
    }
    if request.method != "POST":
        return render(request, "committee/archive.html", context)
    try:
        file = request.FILES.get("file")
        if file is None:
            raise refuse("empty", _("Choose the workbook that you filled."))
        if file.size is None or file.size > MAX_FILE:
            raise refuse("large", _("This file is larger than 5 MB."))
        read = read_archive(request.actor, file.read())
        if read.cells:
            context["cells"] = read.cells
            return render(request, "committee/archive.html", context, status=400)
        kept = import_archive(request.actor, read.meetings)
    except DomainError as error:
        context["problem"] = error
        return render(request, "committee/archive.html", context, status=400)
    text = ngettext("%(n)s meeting was taken over.", "%(n)s meetings were taken over.", len(kept))
    messages.success(request, text % {"n": len(kept)})
    return redirect("committee_archive")


@page("archive.import")
def archive_workbook(request: Request) -> HttpResponse:
    """The workbook to fill, or with ``?filled=1`` every meeting that was held."""
    data = write_archive(request.actor, filled=request.GET.get("filled") == "1")
    return download(data, MEDIA_TYPE, FILE_NAME)


urlpatterns = [
    path("archive/", committee_archive, name="committee_archive"),
    path("archive/workbook/", archive_workbook, name="archive_workbook"),
]
