"""Decisions: the list, one decision and its history, what its owner says, what is answered."""

from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import visible, visible_or_404
from danbe.core.pages import Request, page
from danbe.partnership import committee_decision_actions as actions
from danbe.partnership import committee_queries as queries
from danbe.partnership.committee_decision_actions import Undertaking
from danbe.partnership.models import (
    Assembly,
    Decision,
    DecisionNote,
    DecisionStatus,
    Meeting,
    MinutesStatus,
    NoteReview,
)
from danbe.web.committee_view import (
    AREA,
    SMALL_AREA,
    Work,
    bodies,
    crumbs,
    date_input,
    decision_badge,
    decision_line,
    decision_number,
    decision_statuses,
    meeting_or_404,
    posted,
    spoken_day,
    tabs,
    today,
    work,
)
from danbe.web.listing import page_of
from danbe.web.meetings import ReasonForm
from danbe.web.plan_view import number_in

SORTS = {
    "number": ("meeting__day", "meeting__reference", "number"),
    "owner": ("owner__label_fr",),
    "deadline": ("deadline",),
    "status": ("status", "deadline"),
}


class DecisionForm(forms.Form):
    """What was decided, by which body, by when."""

    text = forms.CharField(
        label=gettext_lazy("What was decided"),
        help_text=gettext_lazy("One undertaking. Write no name of a person."),
        widget=AREA,
    )
    owner: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=gettext_lazy("Owner: the body that must act"), queryset=None
    )
    deadline = forms.DateField(label=gettext_lazy("Deadline"), widget=date_input())
    is_public = forms.BooleanField(
        label=gettext_lazy("Publish it: partners read it"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = bodies()  # type: ignore[attr-defined]


class NewsForm(forms.Form):
    """What the owner says."""

    text = forms.CharField(label=gettext_lazy("What was done"), widget=AREA)
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy(
            "Report, attendance list, decision, address of a page. Asked for when it is done. "
            "Write no name of a person."
        ),
        widget=SMALL_AREA,
        required=False,
    )
    is_done = forms.BooleanField(
        label=gettext_lazy("It is carried out: ask the secretariat to confirm"), required=False
    )


class AnswerForm(forms.Form):
    """What the secretariat answers."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("accept", gettext_lazy("Confirm")), ("refuse", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the owner"),
        help_text=gettext_lazy("Asked for when it is refused."),
        widget=SMALL_AREA,
        required=False,
    )


class ExtendForm(ReasonForm):
    """Until when, and why."""

    deadline = forms.DateField(label=gettext_lazy("New deadline"), widget=date_input())
    field_order = ("deadline", "reason")


# --- The list -----------------------------------------------------------------------------------


@page("committee.read")
def decision_list(request: Request) -> HttpResponse:
    """Every decision within reach, by year, assembly, owner and status."""
    day, asked = today(), request.GET
    rows = queries.decisions(request.actor)
    year = number_in(request, "year")
    if asked.get("year"):
        rows = rows.filter(meeting__day__year=year) if year else rows.none()
    if asked.get("assembly"):
        rows = rows.filter(meeting__assembly__code=asked["assembly"])
    if asked.get("owner"):
        rows = rows.filter(owner__code=asked["owner"])
    if asked.get("status"):
        rows = queries.of_status(rows, asked["status"], day)
    shown = page_of(request, rows.order_by(*_order(request)))
    reach = visible(request.actor, Decision, "committee.read")
    held = visible(request.actor, Meeting, "committee.read")
    context = {
        "page": shown,
        "lines": [decision_line(d, day) for d in shown],
        "years": [d.year for d in held.dates("day", "year", order="DESC")],
        "assemblies": visible(request.actor, Assembly, "committee.read"),
        "owners": Organisation.objects.filter(pk__in=reach.order_by().values("owner")).order_by(
            "code"
        ),
        "statuses": decision_statuses(),
        "year": year,
        "asked": asked,
        "is_filtered": any(asked.get(name) for name in ("year", "assembly", "owner", "status")),
        "waiting": queries.waiting_notes(request.actor),
        "tabs": tabs(request, "decision_list"),
        "crumbs": crumbs(("", _("Decisions"))),
    }
    return render(request, "committee/decisions.html", context)


def _order(request: Request) -> list[Any]:
    """As asked; by default the latest meeting first."""
    asked = request.GET.get("sort", "")
    columns = SORTS.get(asked.removeprefix("-"))
    if columns is None:
        return [F("meeting__day").desc(), "meeting__reference", "number"]
    down = asked.startswith("-")
    order = [F(c).desc(nulls_last=True) if down else F(c).asc(nulls_last=True) for c in columns]
    return [*order, "pk"]


# --- One decision -------------------------------------------------------------------------------


def _decision(request: Request, pk: object, verb: str = "committee.read") -> Decision:
    rows = visible(request.actor, Decision, verb).select_related("owner", "meeting__assembly")
    return get_object_or_404(rows, pk=pk)


def _crumbs(decision: Decision, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("decision_list"), _("Decisions")), *more]


@page("committee.read")
def decision_detail(request: Request, pk: str) -> HttpResponse:
    """One decision: what, who, by when, and everything that was said of it."""
    one, can, day = _decision(request, pk), request.actor.can, today()
    tone, status, sign = decision_badge(one, day)
    meetings = visible(request.actor, Meeting, "committee.read")
    is_open = one.status == DecisionStatus.OPEN
    own = visible(request.actor, Decision, "decision.report").filter(pk=one.pk).exists()
    context = {
        "decision": one,
        "number": decision_number(one),
        "day": spoken_day(one.meeting),
        "tone": tone,
        "status": status,
        "sign": sign,
        "notes": one.notes.select_related("post__organisation", "reviewed_by"),
        "next_items": one.items.filter(
            is_dropped=False, meeting__status__in=("planned", "convoked")
        ).select_related("meeting"),
        "may_read_meeting": meetings.filter(pk=one.meeting_id).exists(),
        "is_open": is_open,
        "may_report": is_open and own,
        "may_confirm": can("decision.confirm"),
        "may_write": can("decision.write"),
        "may_change": can("decision.write"),
        "crumbs": crumbs(*_crumbs(one, ("", decision_number(one)))),
    }
    return render(request, "committee/decision.html", context)


@page("decision.write")
def decision_new(request: Request, pk: str) -> HttpResponse:
    """Write down a decision of a meeting."""
    meeting = meeting_or_404(request, pk, "decision.write")
    back = reverse("meeting_detail", args=[meeting.pk]) + "#decisions"
    told = Work(
        _("New decision"),
        back,
        _("The decision is recorded, and its owner is told."),
        eyebrow=f"{meeting.reference} · {spoken_day(meeting)}",
        lead=_("A wish without an owner or a deadline is no decision: leave it in the minutes."),
        crumbs=[(reverse("meeting_list"), _("Meetings")), (back, meeting.reference)],
    )
    return work(
        request,
        DecisionForm(posted(request)),
        lambda said: actions.add_decision(request.actor, meeting, Undertaking(**said)),
        told,
    )


def _work_on(
    request: Request, one: Decision, form: forms.Form, act: Any, **words: Any
) -> HttpResponse:
    """A form on one decision."""
    number = decision_number(one)
    back = reverse("decision_detail", args=[one.pk])
    told = Work(
        back=back,
        eyebrow=f"{number} · {one.text[:120]}",
        crumbs=_crumbs(one, (back, number)),
        **words,
    )
    return work(request, form, act, told)


@page("decision.write")
def decision_change(request: Request, pk: str) -> HttpResponse:
    """Correct a decision, or publish it."""
    one = _decision(request, pk, "decision.write")
    kept = {name: getattr(one, name) for name in ("text", "owner", "deadline", "is_public")}
    return _work_on(
        request,
        one,
        DecisionForm(posted(request), initial=kept),
        lambda said: actions.change_decision(request.actor, one, Undertaking(**said)),
        title=_("Change the decision"),
        said=_("The decision is recorded."),
        lead=_("Once the minutes are adopted, only its publication may change here.")
        if one.meeting.minutes_status == MinutesStatus.ADOPTED
        else "",
    )


@page("decision.report")
def decision_report(request: Request, pk: str) -> HttpResponse:
    """Say where a decision of one's body stands."""
    one = _decision(request, pk, "decision.report")
    return _work_on(
        request,
        one,
        NewsForm(posted(request)),
        lambda said: actions.report_decision(request.actor, one, **said),
        title=_("Report on the decision"),
        said=_("What you said is recorded."),
        lead=_("It is closed once the secretariat has confirmed it."),
    )


@page("decision.confirm")
def decision_review(request: Request, pk: int) -> HttpResponse:
    """Confirm that a decision is carried out, or refuse."""
    note = visible_or_404(request.actor, DecisionNote, "decision.confirm", pk)
    one = _decision(request, note.decision_id, "decision.confirm")
    is_waiting = note.review == NoteReview.WAITING
    return _work_on(
        request,
        one,
        AnswerForm(posted(request)),
        lambda said: actions.review_note(
            request.actor, note, accept=said["answer"] == "accept", answer=said["note"]
        ),
        title=_("Confirm what was done"),
        said=_("Your answer is recorded."),
        lead=_("%(body)s says: %(text)s") % {
            "body": note.post.organisation.label,
            "text": note.text,
        },
        note=_("Evidence: %(text)s") % {"text": note.evidence or "—"}
        if is_waiting
        else _("This was answered already."),
    )  # fmt: skip


@page("decision.write")
def decision_extend(request: Request, pk: str) -> HttpResponse:
    """Put the deadline off."""
    one = _decision(request, pk, "decision.write")
    return _work_on(
        request,
        one,
        ExtendForm(posted(request), initial={"deadline": one.deadline}),
        lambda said: actions.extend_deadline(request.actor, one, **said),
        title=_("Put the deadline off"),
        said=_("The new deadline is recorded; the former one stays in the history."),
    )


@page("decision.write")
def decision_drop(request: Request, pk: str) -> HttpResponse:
    """Give it up, with the reason."""
    one = _decision(request, pk, "decision.write")
    return _work_on(
        request,
        one,
        ReasonForm(posted(request)),
        lambda said: actions.drop_decision(request.actor, one, reason=said["reason"]),
        title=_("Drop the decision"),
        said=_("The decision is dropped, with its reason."),
    )


@page("decision.write")
def decision_reopen(request: Request, pk: str) -> HttpResponse:
    """Open it again, with the reason."""
    one = _decision(request, pk, "decision.write")
    return _work_on(
        request,
        one,
        ReasonForm(posted(request)),
        lambda said: actions.reopen_decision(request.actor, one, reason=said["reason"]),
        title=_("Reopen the decision"),
        said=_("The decision is open again."),
    )


urlpatterns = [
    path("", decision_list, name="decision_list"),
    path("new/<uuid:pk>/", decision_new, name="decision_new"),
    path("<uuid:pk>/", decision_detail, name="decision_detail"),
    path("<uuid:pk>/change/", decision_change, name="decision_change"),
    path("<uuid:pk>/report/", decision_report, name="decision_report"),
    path("<uuid:pk>/extend/", decision_extend, name="decision_extend"),
    path("<uuid:pk>/drop/", decision_drop, name="decision_drop"),
    path("<uuid:pk>/reopen/", decision_reopen, name="decision_reopen"),
    path("review/<int:pk>/", decision_review, name="decision_review"),
]
