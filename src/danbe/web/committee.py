"""The Committee: what it does now, who sits there, which months met, who is absent."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path, reverse
from django.utils.translation import gettext as _

from danbe.core.access import visible, visible_or_404
from danbe.core.pages import Request, page
from danbe.partnership import committee_actions as actions
from danbe.partnership import committee_queries as queries
from danbe.partnership.committee_actions import Mandate
from danbe.partnership.models import (
    Assembly,
    AssemblyKind,
    Meeting,
    MeetingStatus,
    QuorumRule,
    Seat,
    SeatKind,
)
from danbe.web.committee_forms import AssemblyForm, EndForm, SeatForm
from danbe.web.committee_view import (
    Work,
    crumbs,
    decision_line,
    kinds,
    meeting_line,
    posted,
    strip,
    strip_table,
    tabs,
    today,
    work,
)
from danbe.web.listing import page_of

N_SHOWN = 6


# --- Overview ---------------------------------------------------------------------------------


def _chosen(request: Request, rows: list[Assembly]) -> Assembly | None:
    """The assembly asked for; the Committee when none is."""
    asked = request.GET.get("assembly", "")
    return next((a for a in rows if a.code == asked), rows[0] if rows else None)


@page("committee.read")
def committee(request: Request) -> HttpResponse:
    """What is next, what is late, which months met."""
    day, actor = today(), request.actor
    rows = list(queries.assemblies(actor, day))
    known, late = kinds(), queries.late_only(queries.decisions(actor), day)
    context = {
        "assemblies": rows,
        "coming": [meeting_line(m, known) for m in queries.coming(actor, day)[:N_SHOWN]],
        "unfinished": [meeting_line(m, known) for m in queries.unfinished(actor, day)],
        "late": [decision_line(d, day) for d in late.order_by("deadline")[:N_SHOWN]],
        "n_late": late.count(),
        "owed": [decision_line(d, day) for d in queries.owed_by(actor)[:N_SHOWN]],
        "ending": queries.ending(actor, day)[: N_SHOWN * 2],
        "today": day,
        "may_write": actor.can("meeting.write"),
        "tabs": tabs(request, "committee"),
        "crumbs": crumbs(),
    }
    chosen = _chosen(request, rows)
    if chosen is not None:
        context |= _cadence(request, chosen)
    return render(request, "committee/overview.html", context)


def _cadence(request: Request, chosen: Assembly) -> dict[str, Any]:
    """The months of one assembly."""
    rows = visible(request.actor, Meeting, "committee.read").filter(assembly=chosen)
    told = queries.calendar(chosen, rows, today())
    title = _("Months in which it met: %(assembly)s") % {"assembly": chosen.label}
    head, table = strip_table(told)
    return {
        "chosen": chosen,
        "calendar": told,
        "drawing": strip(told, title),
        "title": title,
        "head": head,
        "rows": table,
        "n_unknown": told.count(queries.MonthState.UNKNOWN),
        "n_empty": told.count(queries.MonthState.NONE),
    }


@page("committee.read_public")
def committee_public(request: Request) -> HttpResponse:
    """The published calendar and decisions, for partners."""
    day, known = today(), kinds()
    shown = page_of(request, queries.public_meetings(request.actor))
    decided = queries.public_decisions(request.actor)
    context = {
        "page": shown,
        "lines": [meeting_line(m, known) for m in shown],
        "decisions": [decision_line(d, day) for d in decided[:50]],
        "crumbs": [("", _("Committee"))],
    }
    return render(request, "committee/public.html", context)


@page("committee.read")
def committee_attendance(request: Request) -> HttpResponse:
    """Who came to the last twelve meetings, body by body, the most absent first."""
    rows = list(queries.assemblies(request.actor, today()))
    chosen = _chosen(request, rows)
    pattern = queries.absences(request.actor, chosen) if chosen else queries.Pattern()
    known = kinds()
    held = visible(request.actor, Meeting, "committee.read").filter(status=MeetingStatus.HELD)
    context = {
        "assemblies": rows,
        "chosen": chosen,
        "meetings": [meeting_line(m, known) for m in pattern.meetings],
        "pattern": pattern,
        "n_held": held.filter(assembly=chosen).count() if chosen else 0,
        "tabs": tabs(request, "committee_attendance"),
        "crumbs": crumbs(("", _("Attendance"))),
    }
    return render(request, "committee/attendance_pattern.html", context)


# --- Assemblies -------------------------------------------------------------------------------


@page("committee.read")
def assembly_list(request: Request) -> HttpResponse:
    """The Committee and its branches, with how many bodies sit there."""
    context = {
        "assemblies": queries.assemblies(request.actor, today()),
        "may_write": request.actor.can("assembly.write"),
        "tabs": tabs(request, "assembly_list"),
        "crumbs": crumbs(("", _("Members"))),
    }
    return render(request, "committee/assemblies.html", context)


def _assembly(request: Request, pk: object, verb: str = "committee.read") -> Assembly:
    visible_or_404(request.actor, Assembly, verb, pk)
    rows = visible(request.actor, Assembly, verb).select_related("parent", "place")
    return get_object_or_404(rows, pk=pk)


@page("committee.read")
def assembly_detail(request: Request, pk: str) -> HttpResponse:
    """One assembly: its act, its quorum, who sits there, who sat there."""
    one, day = _assembly(request, pk), today()
    seats = list(queries.seats_of(one))
    live = [s for s in seats if _is_live(s)]
    context = {
        "assembly": one,
        "live": live,
        "past": [s for s in seats if not _is_live(s)],
        "ending": {s.pk for s in queries.ending(request.actor, day).filter(assembly=one)},
        "branches": visible(request.actor, Assembly, "committee.read").filter(parent=one),
        "n_counting": sum(s.counts for s in live),
        "needed": queries.needed(one, sum(s.counts for s in live)),
        "is_share": one.quorum_rule == QuorumRule.SHARE,
        "may_write": request.actor.can("assembly.write"),
        "crumbs": crumbs((reverse("assembly_list"), _("Members")), ("", one.label)),
    }
    return render(request, "committee/assembly.html", context)


def _is_live(seat: Seat) -> bool:
    day = today()
    return (seat.start is None or seat.start <= day) and (seat.end is None or seat.end >= day)


@page("assembly.write")
def assembly_new(request: Request) -> HttpResponse:
    """A sub-committee, a local committee, a bureau."""
    blank = Assembly(kind=AssemblyKind.SUB_COMMITTEE)
    form = AssemblyForm(posted(request), instance=blank, request=request)

    def act(told: dict[str, Any]) -> str:
        made = actions.add_assembly(request.actor, assembly=form.instance)
        return reverse("assembly_detail", args=[made.pk])

    told = Work(
        _("New assembly"),
        reverse("assembly_list"),
        _("The assembly is recorded: say now who sits there."),
        crumbs=[(reverse("assembly_list"), _("Members"))],
    )
    return work(request, form, act, told)


@page("assembly.write")
def assembly_change(request: Request, pk: str) -> HttpResponse:
    """Change what is said of an assembly."""
    one = _assembly(request, pk, "assembly.write")
    back = reverse("assembly_detail", args=[one.pk])
    title = one.label
    form = AssemblyForm(posted(request), instance=one, request=request)

    def act(told: dict[str, Any]) -> None:
        actions.change_assembly(request.actor, form.instance, version=told["version"] or 0)

    told = Work(
        _("Change the assembly"),
        back,
        _("The assembly is recorded."),
        eyebrow=title,
        crumbs=[(back, title)],
    )
    return work(request, form, act, told)


@page("assembly.write")
def seat_new(request: Request, pk: str) -> HttpResponse:
    """Say that a body sits in an assembly."""
    one = _assembly(request, pk, "assembly.write")
    back = reverse("assembly_detail", args=[one.pk])
    form = SeatForm(posted(request), initial={"kind": SeatKind.TITULAR})
    told = Work(
        _("Add a member"),
        back,
        _("The member is recorded."),
        eyebrow=one.label,
        lead=_("Members are bodies. Write no name of a person."),
        crumbs=[(back, one.label)],
    )
    return work(
        request,
        form,
        lambda said: actions.add_seat(request.actor, one, Mandate(**said)),
        told,
    )


@page("assembly.write")
def seat_end(request: Request, pk: str) -> HttpResponse:
    """End a term, or prolong it."""
    seat = visible_or_404(request.actor, Seat, "assembly.write", pk)
    back = reverse("assembly_detail", args=[seat.assembly_id])
    form = EndForm(posted(request), initial={"end": seat.end})
    told = Work(
        _("End or prolong a term"),
        back,
        _("The term is recorded. The seat stays in the history."),
        eyebrow=f"{seat.assembly.label} · {seat.organisation.label}",
        crumbs=[(back, seat.assembly.label)],
    )
    return work(
        request,
        form,
        lambda said: actions.end_seat(request.actor, seat, on=said["end"]),
        told,
    )


urlpatterns = [
    path("", committee, name="committee"),
    path("public/", committee_public, name="committee_public"),
    path("attendance/", committee_attendance, name="committee_attendance"),
    path("assemblies/", assembly_list, name="assembly_list"),
    path("assemblies/new/", assembly_new, name="assembly_new"),
    path("assemblies/<uuid:pk>/", assembly_detail, name="assembly_detail"),
    path("assemblies/<uuid:pk>/change/", assembly_change, name="assembly_change"),
    path("assemblies/<uuid:pk>/seats/new/", seat_new, name="seat_new"),
    path("seats/<uuid:pk>/end/", seat_end, name="seat_end"),
    path("meetings/", include("danbe.web.meetings")),
    path("meetings/", include("danbe.web.convocation")),
    path("", include("danbe.web.minutes")),
    path("decisions/", include("danbe.web.decisions")),
    path("", include("danbe.web.committee_archive")),
    path("", include("danbe.web.first_day")),
]
