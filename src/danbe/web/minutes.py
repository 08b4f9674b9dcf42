"""Minutes and documents of a meeting: written, adopted by the next one, printed; files sealed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from danbe.core.access import visible, visible_or_404
from danbe.core.errors import DomainError, SealBroken
from danbe.core.pages import Request, page
from danbe.partnership import meeting_actions as actions
from danbe.partnership import meeting_file_actions as files
from danbe.partnership.minutes import is_whole
from danbe.partnership.models import Meeting, MeetingFile, MeetingStatus, MinutesStatus
from danbe.web.committee_view import (
    TALL_AREA,
    Work,
    decision_line,
    do,
    kinds,
    meeting_kind,
    meeting_or_404,
    posted,
    spoken_day,
    today,
    work,
)
from danbe.web.download import download
from danbe.web.meeting_convocation import agenda_lines


class MinutesForm(forms.Form):
    """The minutes."""

    text = forms.CharField(
        label=gettext_lazy("Minutes"),
        help_text=gettext_lazy("What was said and agreed, by body. Write no name of a person."),
        widget=TALL_AREA,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AdoptForm(forms.Form):
    """Which meeting adopted them."""

    adopted_in: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=gettext_lazy("Meeting that adopted them"), queryset=None
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adopted_in"].queryset = rows  # type: ignore[attr-defined]
        self.fields["adopted_in"].label_from_instance = (  # type: ignore[attr-defined]
            lambda meeting: f"{meeting.reference}, {spoken_day(meeting)}"
        )


def _crumbs(meeting: Meeting) -> list[tuple[str, str]]:
    here = reverse("meeting_detail", args=[meeting.pk])
    return [(reverse("meeting_list"), _("Meetings")), (here, meeting.reference)]


@page("minutes.write")
def minutes_write(request: Request, pk: str) -> HttpResponse:
    """Write the minutes; they may be changed until they are adopted."""
    meeting = meeting_or_404(request, pk, "minutes.write")
    back = reverse("meeting_detail", args=[meeting.pk]) + "#minutes"
    kept = {"text": meeting.minutes, "version": meeting.version}
    told = Work(
        _("Minutes"),
        back,
        _("The minutes are recorded as a draft."),
        eyebrow=f"{meeting.reference} · {spoken_day(meeting)}",
        lead=_("A draft until the next meeting adopts it. Decisions are written apart."),
        crumbs=_crumbs(meeting),
    )
    return work(
        request,
        MinutesForm(posted(request), initial=kept),
        lambda said: actions.write_minutes(
            request.actor, meeting, text=said["text"], version=said["version"] or 0
        ),
        told,
    )


@page("minutes.adopt")
def minutes_adopt(request: Request, pk: str) -> HttpResponse:
    """Freeze the minutes that a later meeting adopted."""
    meeting = meeting_or_404(request, pk, "minutes.adopt")
    back = reverse("meeting_detail", args=[meeting.pk]) + "#minutes"
    rows = visible(request.actor, Meeting, "minutes.adopt").filter(
        assembly=meeting.assembly_id, status=MeetingStatus.HELD, day__gt=meeting.day
    )
    form = AdoptForm(posted(request), rows=rows.order_by("day"))
    told = Work(
        _("Adopt the minutes"),
        back,
        _("The minutes are adopted and frozen, with their fingerprint."),
        eyebrow=f"{meeting.reference} · {spoken_day(meeting)}",
        lead=_("Text, attendance, agenda and decisions will no longer change."),
        crumbs=_crumbs(meeting),
        button=_("Adopt and freeze"),
        note="" if rows.exists() else _("No later meeting of this assembly was held yet."),
    )
    return work(
        request,
        form,
        lambda said: actions.adopt_minutes(request.actor, meeting, adopted_in=said["adopted_in"]),
        told,
    )


@page("committee.read")
def minutes_print(request: Request, pk: str) -> HttpResponse:
    """The minutes on paper: as adopted, or the draft, which says so."""
    meeting = meeting_or_404(request, pk)
    if meeting.minutes_status == MinutesStatus.NONE:
        raise Http404
    context = {
        "meeting": meeting,
        "day": spoken_day(meeting),
        "kind": meeting_kind(meeting, kinds()),
        "frozen": meeting.minutes_document,
        "is_whole": is_whole(meeting),
        "attendance": meeting.attendance.select_related("organisation"),
        "agenda": agenda_lines(meeting),
        "decisions": [
            decision_line(d, today())
            for d in meeting.decisions.select_related("owner", "meeting").order_by("number")
        ],
        "back": reverse("meeting_detail", args=[meeting.pk]),
    }
    return render(request, "committee/minutes_print.html", context)


# --- Documents ----------------------------------------------------------------------------------


@page("meeting_file.join")
@require_POST
def meeting_file_join(request: Request, pk: str) -> HttpResponse:
    """Join documents to a meeting."""
    meeting = meeting_or_404(request, pk, "meeting_file.join")
    told = request.FILES.getlist("file")
    n_joined = 0
    if not told:
        messages.error(request, _("Choose a file first."))
    for file in told:
        try:
            files.join_document(request.actor, meeting, name=file.name or "", data=file.read())
            n_joined += 1
        except DomainError as error:
            messages.error(request, f"{file.name} : {error}")
    if n_joined:
        text = ngettext(
            "%(n)s file joined and sealed.", "%(n)s files joined and sealed.", n_joined
        )
        messages.success(request, text % {"n": n_joined})
    return redirect(reverse("meeting_detail", args=[meeting.pk]) + "#files")


@page("meeting_file.open")
@require_POST
def meeting_file_open(request: Request, pk: str) -> HttpResponse:
    """Unseal one document and send it as a download; the act is in the audit trail."""
    file = visible_or_404(request.actor, MeetingFile, "meeting_file.open", pk)
    try:
        name, data = files.open_document(request.actor, file)
    except (SealBroken, FileNotFoundError) as error:
        raise Http404 from error
    return download(data, file.media_type, name)


@page("meeting_file.join")
@require_POST
def meeting_file_remove(request: Request, pk: str) -> HttpResponse:
    """Destroy a document: its key first, so that no copy of it opens again."""
    file = visible_or_404(request.actor, MeetingFile, "meeting_file.join", pk)
    back = reverse("meeting_detail", args=[file.meeting_id]) + "#files"
    said = _("The file was destroyed.")
    return do(request, lambda: files.destroy_document(request.actor, file), said, back)


urlpatterns = [
    path("meetings/<uuid:pk>/minutes/", minutes_write, name="minutes_write"),
    path("meetings/<uuid:pk>/minutes/adopt/", minutes_adopt, name="minutes_adopt"),
    path("meetings/<uuid:pk>/minutes/print/", minutes_print, name="minutes_print"),
    path("meetings/<uuid:pk>/files/", meeting_file_join, name="meeting_file_join"),
    path("files/<uuid:pk>/open/", meeting_file_open, name="meeting_file_open"),
    path("files/<uuid:pk>/remove/", meeting_file_remove, name="meeting_file_remove"),
]
