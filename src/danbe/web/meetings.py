"""Meetings: the list, one meeting, its agenda, its convocation, who came."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from danbe.accounts.models import Organisation
from danbe.core.access import visible, visible_or_404
from danbe.core.pages import Request, page
from danbe.partnership import committee_queries as queries
from danbe.partnership import meeting_actions as actions
from danbe.partnership import minutes
from danbe.partnership.meeting_actions import Calling
from danbe.partnership.models import (
    AgendaItem,
    Assembly,
    Meeting,
    MeetingStatus,
    MinutesStatus,
    Presence,
)
from danbe.web.committee_view import (
    MEETING_TONES,
    MINUTES_TONES,
    SMALL_AREA,
    Work,
    bodies,
    crumbs,
    date_input,
    decision_line,
    do,
    kinds,
    meeting_kind,
    meeting_line,
    meeting_or_404,
    posted,
    spoken_day,
    tabs,
    today,
    work,
)
from danbe.web.listing import page_of, sort_of
from danbe.web.meeting_convocation import item_title
from danbe.web.plan_view import number_in

COLUMNS = {"day": "day", "assembly": "assembly__code", "status": "status"}


class MeetingForm(forms.Form):
    """When and where."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of meeting"), required=False)
    day = forms.DateField(label=gettext_lazy("Date"), widget=date_input())
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
    )
    room = forms.CharField(label=gettext_lazy("Place"), required=False)
    is_public = forms.BooleanField(
        label=gettext_lazy("Show it in the published calendar"),
        help_text=gettext_lazy("Partners see its date and kind, never its agenda or its minutes."),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", _("Not given")), *kinds().items()]
        self.fields["kind"].choices = known  # type: ignore[attr-defined]

    @property
    def calling(self) -> Calling:
        """What was typed, as the act takes it."""
        return Calling(**{k: v for k, v in self.cleaned_data.items() if k in CALLING})


CALLING = ("kind", "day", "time", "room", "is_public")


class NewMeetingForm(MeetingForm):
    """Of which assembly, when and where."""

    assembly: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=gettext_lazy("Assembly"), queryset=None
    )
    field_order = ("assembly",)

    def __init__(self, *args: Any, rows: QuerySet[Assembly], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assembly"].queryset = rows  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """One point of the agenda."""

    title = forms.CharField(label=gettext_lazy("What the point is about"))
    presenter: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=gettext_lazy("Body that presents it"), queryset=None, required=False
    )
    note = forms.CharField(label=gettext_lazy("Note"), widget=SMALL_AREA, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["presenter"].queryset = bodies()  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=SMALL_AREA)


class AttendanceForm(forms.Form):
    """How each body that sits took part, and which other bodies came."""

    others = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Other bodies that came"),
        help_text=gettext_lazy("Guests and observers: they do not count for the quorum."),
        queryset=Organisation.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        required=False,
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {a.organisation_id: a.presence for a in meeting.attendance.all()}
        self.sitting = [called.organisation for called in queries.called_to(meeting)]
        choices = [("", _("Not said")), *Presence.choices]
        for one in self.sitting:
            self.fields[f"b{one.pk}"] = forms.ChoiceField(
                label=one.label,
                choices=choices,
                initial=said.get(one.pk, ""),
                required=False,
            )
        sit = {one.pk for one in self.sitting}
        field = self.fields["others"]
        field.queryset = bodies().exclude(pk__in=sit)  # type: ignore[attr-defined]
        field.initial = [pk for pk in said if pk not in sit]
        self.order_fields([*(f"b{one.pk}" for one in self.sitting), "others"])

    @property
    def told(self) -> dict[Organisation, str]:
        """Body -> how it took part; those of whom nothing is said are left out."""
        cleaned = self.cleaned_data
        told = {one: cleaned[f"b{one.pk}"] for one in self.sitting if cleaned[f"b{one.pk}"]}
        return told | dict.fromkeys(cleaned["others"], Presence.PRESENT.value)


# --- The list -----------------------------------------------------------------------------------


@page("committee.read")
def meeting_list(request: Request) -> HttpResponse:
    """Every meeting within reach, by year, assembly and status."""
    rows, asked = queries.meetings(request.actor), request.GET
    year = number_in(request, "year")
    if asked.get("year"):
        rows = rows.filter(day__year=year) if year else rows.none()
    if asked.get("assembly"):
        rows = rows.filter(assembly__code=asked["assembly"])
    if asked.get("status"):
        rows = rows.filter(status=asked["status"])
    order = sort_of(request, COLUMNS, "-day")
    shown, known = page_of(request, rows.order_by(*order)), kinds()
    reach = visible(request.actor, Meeting, "committee.read")
    context = {
        "page": shown,
        "lines": [meeting_line(m, known) for m in shown],
        "years": [d.year for d in reach.dates("day", "year", order="DESC")],
        "assemblies": visible(request.actor, Assembly, "committee.read"),
        "statuses": MeetingStatus.choices,
        "year": year,
        "asked": asked,
        "is_filtered": any(asked.get(name) for name in ("year", "assembly", "status")),
        "may_write": request.actor.can("meeting.write"),
        "tabs": tabs(request, "meeting_list"),
        "crumbs": crumbs(("", _("Meetings"))),
    }
    return render(request, "committee/meetings.html", context)


def place_of(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The list of meetings, then this page."""
    return [(reverse("meeting_list"), _("Meetings")), *more]


@page("meeting.write")
def meeting_new(request: Request) -> HttpResponse:
    """Put a meeting in the calendar."""
    rows = visible(request.actor, Assembly, "meeting.write").filter(is_active=True)
    asked = rows.filter(code=request.GET.get("assembly", "")).first()
    first = asked or rows.filter(kind="committee").first()
    form = NewMeetingForm(
        posted(request), rows=rows, initial={"assembly": first, "kind": "ordinary"}
    )

    def act(said: dict[str, Any]) -> str:
        made = actions.plan_meeting(request.actor, said["assembly"], form.calling)
        return reverse("meeting_detail", args=[made.pk])

    told = Work(
        _("Plan a meeting"),
        reverse("meeting_list"),
        _("The meeting is planned. What is still open is proposed for its agenda."),
        lead=_("Decisions still open and minutes to adopt come onto the agenda by themselves."),
        crumbs=place_of(),
    )
    return work(request, form, act, told)


@page("meeting.write")
def meeting_change(request: Request, pk: str) -> HttpResponse:
    """Change when and where."""
    meeting = meeting_or_404(request, pk, "meeting.write")
    back = reverse("meeting_detail", args=[meeting.pk])
    kept = {name: getattr(meeting, name) for name in (*CALLING, "version")}
    form = MeetingForm(posted(request), initial=kept)
    told = Work(
        _("Change the meeting"),
        back,
        _("The meeting is recorded."),
        eyebrow=meeting.reference,
        lead=_("A convoked meeting that is put off must be convoked again."),
        crumbs=place_of((back, meeting.reference)),
    )
    return work(
        request,
        form,
        lambda said: actions.change_meeting(
            request.actor, meeting, form.calling, version=said["version"] or 0
        ),
        told,
    )


@page("meeting.write")
def meeting_cancel(request: Request, pk: str) -> HttpResponse:
    """Say that it will not be held, and why."""
    meeting = meeting_or_404(request, pk, "meeting.write")
    back = reverse("meeting_detail", args=[meeting.pk])
    told = Work(
        _("Cancel the meeting"),
        back,
        _("The meeting is cancelled."),
        eyebrow=meeting.reference,
        lead=_("It stays in the calendar, with the reason."),
        crumbs=place_of((back, meeting.reference)),
    )
    return work(
        request,
        ReasonForm(posted(request)),
        lambda said: actions.cancel_meeting(request.actor, meeting, reason=said["reason"]),
        told,
    )


# --- One meeting --------------------------------------------------------------------------------


@page("committee.read")
def meeting_detail(request: Request, pk: str) -> HttpResponse:
    """One meeting: when, the agenda, the documents, who came, what was written and decided."""
    meeting, can = meeting_or_404(request, pk), request.actor.can
    items = list(meeting.items.select_related("presenter", "decision__meeting", "minutes_of"))
    day = today()
    context = {
        "meeting": meeting,
        "day": spoken_day(meeting),
        "kind": meeting_kind(meeting, kinds()),
        "status": MEETING_TONES[MeetingStatus(meeting.status)],
        "minutes_tone": MINUTES_TONES[MinutesStatus(meeting.minutes_status)],
        "agenda": [(i, item_title(i)) for i in items if not i.is_proposed and not i.is_dropped],
        "proposed": [(i, item_title(i)) for i in items if i.is_proposed],
        "files": meeting.files.exclude(key=None),
        "attendance": meeting.attendance.select_related("organisation"),
        "called": queries.called_to(meeting) if meeting.is_open else [],
        "decisions": [
            decision_line(d, day)
            for d in meeting.decisions.select_related("owner", "meeting").order_by("number")
        ],
        "is_whole": minutes.is_whole(meeting),
        "adopted_here": meeting.adopted.all(),
        "is_past": meeting.day <= day,
        "may_write": can("meeting.write"),
        "may_edit": can("meeting.write") and meeting.is_open,
        "may_hold": can("meeting.write")
        and meeting.status != MeetingStatus.CANCELLED
        and meeting.minutes_status != MinutesStatus.ADOPTED,
        "may_decide": can("decision.write")
        and meeting.status == MeetingStatus.HELD
        and meeting.minutes_status != MinutesStatus.ADOPTED,
        "may_open_files": can("meeting_file.open"),
        "crumbs": crumbs(*place_of(("", meeting.reference))),
    }
    return render(request, "committee/meeting.html", context)


@page("meeting.write")
def agenda_add(request: Request, pk: str) -> HttpResponse:
    """Put a point on the agenda."""
    meeting = meeting_or_404(request, pk, "meeting.write")
    back = reverse("meeting_detail", args=[meeting.pk]) + "#agenda"
    told = Work(
        _("Add a point"),
        back,
        _("The point is on the agenda."),
        eyebrow=meeting.reference,
        crumbs=place_of((back, meeting.reference)),
    )
    return work(
        request,
        ItemForm(posted(request)),
        lambda said: actions.add_item(request.actor, meeting, **said),
        told,
    )


ITEM_ACTS = {
    "accept": actions.accept_item,
    "drop": actions.drop_item,
    "raise": actions.raise_item,
}


@page("meeting.write")
@require_POST
def agenda_act(request: Request, pk: int, act: str) -> HttpResponse:
    """Take a proposed point, take a point off, move it up."""
    item = visible_or_404(request.actor, AgendaItem, "meeting.write", pk)
    if act not in ITEM_ACTS:
        raise Http404
    back = reverse("meeting_detail", args=[item.meeting_id]) + "#agenda"
    return do(
        request,
        lambda: ITEM_ACTS[act](request.actor, item),
        _("The agenda is recorded."),
        back,
    )


@page("meeting.write")
def meeting_attendance(request: Request, pk: str) -> HttpResponse:
    """Say that it was held, and who came."""
    meeting = meeting_or_404(request, pk, "meeting.write")
    back = reverse("meeting_detail", args=[meeting.pk]) + "#attendance"
    form = AttendanceForm(posted(request), meeting=meeting)
    told = Work(
        _("Attendance"),
        back,
        _("The attendance is recorded."),
        eyebrow=f"{meeting.reference} · {spoken_day(meeting)}",
        lead=_("Recording it says that the meeting was held. A body of which nothing is said "
               "is not counted as absent."),
        crumbs=place_of((back, meeting.reference)),
        note="" if form.sitting else _("Who sits in this assembly is not recorded: choose the "
                                       "bodies that came below. No quorum can be reckoned."),
    )  # fmt: skip
    return work(
        request,
        form,
        lambda said: actions.hold_meeting(request.actor, meeting, form.told),
        told,
    )


urlpatterns = [
    path("", meeting_list, name="meeting_list"),
    path("new/", meeting_new, name="meeting_new"),
    path("<uuid:pk>/", meeting_detail, name="meeting_detail"),
    path("<uuid:pk>/change/", meeting_change, name="meeting_change"),
    path("<uuid:pk>/cancel/", meeting_cancel, name="meeting_cancel"),
    path("<uuid:pk>/agenda/", agenda_add, name="agenda_add"),
    path("agenda/<int:pk>/<slug:act>/", agenda_act, name="agenda_act"),
    path("<uuid:pk>/attendance/", meeting_attendance, name="meeting_attendance"),
]
