"""The first day of a new secretary: what is open, who is who, what is due, where the past is."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from danbe.accounts.models import Organisation, Post
from danbe.accounts.queries import posts
from danbe.core.access import Actor, Role, visible
from danbe.core.pages import Request, page
from danbe.figures.completeness import completeness
from danbe.partnership import committee_queries as queries
from danbe.partnership.agreements import BINDING, readable
from danbe.partnership.models import Seat, SeatFunction
from danbe.plan.models import Plan, PlanStatus
from danbe.plan.queries import to_review
from danbe.reports.calendar import calendar
from danbe.reports.queries import frozen_years, years_with_returns
from danbe.web.committee_view import (
    crumbs,
    decision_number,
    kinds,
    meeting_kind,
    tabs,
    today,
)
from danbe.web.tasks import Task, tasks_of
from danbekit.dates import Window

AHEAD = datetime.timedelta(days=90)
MOST = 40  # deadlines shown


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that falls on a day."""

    day: datetime.date
    title: str
    url: str
    detail: str = ""
    is_late: bool = False


@page("first_day.read")
def first_day(request: Request) -> HttpResponse:
    """Everything a new holder of the post must see first, with where to go."""
    actor, day = request.actor, today()
    due = sorted(deadlines(actor, day), key=lambda d: (d.day, d.title))
    context = {
        "open": [*tasks_of(actor, day), *still_open(actor, day)],
        "deadlines": due[:MOST],
        "n_more": max(len(due) - MOST, 0),
        "officers": officers(actor, day),
        "colleagues": posts().filter(organisation=actor.seat.organisation_id, is_active=True),
        "n_focal": Post.objects.filter(role=Role.FOCAL_POINT, is_active=True).count(),
        "without": bodies_without_a_post(),
        "frozen": [report.year for report in frozen_years(actor)],
        "tabs": tabs(request, "first_day"),
        "crumbs": crumbs(("", _("First day"))),
    }
    return render(request, "committee/first_day.html", context)


def still_open(actor: Actor, day: datetime.date) -> Iterator[Task]:
    """What the list of tasks does not hold: reports of the plan, terms, reports to freeze."""
    for plan in Plan.objects.filter(status=PlanStatus.PUBLISHED):
        n = to_review(plan).count()
        if n:
            text = ngettext(
                "%(n)s report waits for review: plan %(plan)s",
                "%(n)s reports wait for review: plan %(plan)s",
                n,
            )
            url = reverse("plan_review", args=[plan.pk])
            yield Task(
                text % {"n": n, "plan": plan.code}, url, _("To examine"), "warn", sign="plan"
            )
    n = queries.ending(actor, day).count()
    if n:
        text = ngettext("%(n)s term ends or has ended", "%(n)s terms end or have ended", n)
        yield Task(text % {"n": n}, reverse("committee"), _("To renew"), "warn", sign="clock")
    done = {report.year for report in frozen_years(actor)}
    for year in sorted(years_with_returns(actor) - done):
        if year < day.year:
            title = _("Annual report of %(year)d: not frozen") % {"year": year}
            url = reverse("report_detail", args=[year])
            yield Task(title, url, _("To freeze"), "warn", sign="file")


def deadlines(actor: Actor, day: datetime.date) -> Iterator[Deadline]:
    """What falls in the next ninety days; decisions that are late come too."""
    for meeting in queries.coming(actor, day).filter(day__lte=day + AHEAD):
        title = _("Meeting %(number)s") % {"number": meeting.reference}
        url = reverse("meeting_detail", args=[meeting.pk])
        yield Deadline(meeting.day, title, url, meeting_kind(meeting, kinds()))
    rows = queries.of_status(queries.decisions(actor), "open", day)
    for one in rows.filter(deadline__lte=day + AHEAD).order_by("deadline")[:MOST]:
        if one.deadline is not None:
            title = _("Decision %(number)s") % {"number": decision_number(one)}
            url = reverse("decision_detail", args=[one.pk])
            owner = one.owner.label if one.owner else ""
            yield Deadline(one.deadline, title, url, owner, one.deadline < day)
    for seat in queries.ending(actor, day):
        if seat.end is not None:
            title = _("End of term: %(body)s") % {"body": seat.organisation.label}
            url = reverse("assembly_detail", args=[seat.assembly_id])
            yield Deadline(seat.end, title, url, seat.assembly.label, seat.end < day)
    ends = readable(actor).filter(status__in=BINDING, ended_on=None)
    for agreement in ends.filter(until__gte=day, until__lte=day + AHEAD):
        if agreement.until is not None:
            title = _("End of agreement: %(title)s") % {"title": agreement.title}
            url = reverse("agreement_detail", args=[agreement.pk])
            yield Deadline(agreement.until, title, url)
    yield from _returns(actor, day)
    for report in calendar():
        expected = report.next_after(day)
        if expected is not None and expected <= day + AHEAD:
            yield Deadline(expected, report.label, reverse("report_list"), report.addressee)


def _returns(actor: Actor, day: datetime.date) -> Iterator[Deadline]:
    """Returns that are due, one line a day: how many bodies."""
    window = Window(day - datetime.timedelta(days=400), day + AHEAD)
    by_day: dict[datetime.date, int] = {}
    for owed in completeness(actor, window, day).owed:
        if not owed.received and day <= owed.due <= day + AHEAD:
            by_day[owed.due] = by_day.get(owed.due, 0) + 1
    for due, n in by_day.items():
        text = ngettext("%(n)s return is due", "%(n)s returns are due", n)
        yield Deadline(due, text % {"n": n}, reverse("completeness"))


def officers(actor: Actor, day: datetime.date) -> QuerySet[Seat]:
    """Who presides and reports, in every assembly."""
    rows = visible(actor, Seat, "committee.read").filter(Seat.live_on(day))
    rows = rows.exclude(function__in=(SeatFunction.MEMBER, SeatFunction.OBSERVER))
    return rows.select_related("assembly", "organisation", "post").order_by(
        "assembly__code", "function"
    )


def bodies_without_a_post() -> int:
    """Bodies that nobody can sign in for."""
    found = Post.objects.filter(organisation=OuterRef("pk"), is_active=True)
    return Organisation.objects.filter(~Exists(found), is_active=True).count()


urlpatterns = [path("first-day/", first_day, name="first_day")]
