"""What the pages of the Committee share: tabs, words for dates and statuses, forms that act."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import visible
from danbe.core.errors import DomainError
from danbe.core.models import Term
from danbe.core.pages import Request
from danbe.partnership.committee_queries import LATE, Calendar
from danbe.partnership.models import (
    DayPrecision,
    Decision,
    DecisionStatus,
    Meeting,
    MeetingStatus,
    MinutesStatus,
)
from danbe.reports.drawing import MonthCell, MonthSign, YearRow, draw_months, words_for
from danbe.reports.drawing.months import LABELS as MONTH_LABELS
from danbe.web.errors import at_field
from danbekit.dates import Window, format_date

AREA = forms.Textarea(attrs={"rows": 4})
TALL_AREA = forms.Textarea(attrs={"rows": 18})
SMALL_AREA = forms.Textarea(attrs={"rows": 2})
Crumbs = Sequence[tuple[str, str]]

MEETING_TONES = {
    MeetingStatus.PLANNED: ("neutral", "calendar"),
    MeetingStatus.CONVOKED: ("info", "send"),
    MeetingStatus.HELD: ("good", ""),
    MeetingStatus.CANCELLED: ("bad", "cross"),
}
MINUTES_TONES = {
    MinutesStatus.NONE: ("neutral", ""),
    MinutesStatus.DRAFT: ("warn", "edit"),
    MinutesStatus.ADOPTED: ("good", "lock"),
}
SIGNS = {sign.code: sign for sign in MonthSign}


def date_input() -> forms.DateInput:
    """A date as browsers want it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def language() -> str:
    """The reader's."""
    return get_language() or "fr"


def bodies() -> QuerySet[Organisation]:
    """The bodies that may sit, own a decision, present a point."""
    return Organisation.objects.filter(is_active=True).order_by(Lower("label_fr"))


def kinds() -> dict[str, str]:
    """Kinds of meeting, in words."""
    return {t.code: t.label for t in Term.objects.filter(list="meeting_kind")}


def spoken_day(meeting: Meeting) -> str:
    """The date as well as it is known: «5 mai 2025», «avril 2024», «2017»."""
    day = meeting.day
    if meeting.day_precision == DayPrecision.YEAR:
        return str(day.year)
    if meeting.day_precision == DayPrecision.MONTH:
        return Window.month(day.year, day.month).label(language())
    return format_date(day, language())


def meeting_kind(meeting: Meeting, known: dict[str, str]) -> str:
    """The kind in words; said to be unsaid where the source does not say."""
    return known.get(meeting.kind, "") or _("kind not given")


def decision_number(decision: Decision) -> str:
    """``CNCLCTPA-2026-03/2``."""
    return f"{decision.meeting.reference}/{decision.number}"


def decision_badge(decision: Decision, today: datetime.date) -> tuple[str, str, str]:
    """Tone, words and sign of a decision; late is open after its deadline."""
    if decision.status == DecisionStatus.DONE:
        return "good", str(DecisionStatus.DONE.label), ""
    if decision.status == DecisionStatus.DROPPED:
        return "neutral", str(DecisionStatus.DROPPED.label), "cross"
    if decision.deadline and decision.deadline < today:
        return "bad", pgettext("decision", "Late"), "clock"
    return "info", str(DecisionStatus.OPEN.label), "dot"


def decision_statuses() -> list[tuple[str, str]]:
    """What a list of decisions may be narrowed to."""
    return [
        (DecisionStatus.OPEN.value, str(DecisionStatus.OPEN.label)),
        (LATE, pgettext("decision", "Late")),
        (DecisionStatus.DONE.value, str(DecisionStatus.DONE.label)),
        (DecisionStatus.DROPPED.value, str(DecisionStatus.DROPPED.label)),
    ]


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting of a list."""

    meeting: Meeting
    day: str
    kind: str
    tone: str
    sign: str


def meeting_line(meeting: Meeting, known: dict[str, str]) -> MeetingLine:
    """One meeting in words."""
    tone, sign = MEETING_TONES[MeetingStatus(meeting.status)]
    return MeetingLine(meeting, spoken_day(meeting), meeting_kind(meeting, known), tone, sign)


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision of a list."""

    decision: Decision
    number: str
    tone: str
    status: str
    sign: str


def decision_line(decision: Decision, today: datetime.date) -> DecisionLine:
    """One decision in words."""
    return DecisionLine(decision, decision_number(decision), *decision_badge(decision, today))


# --- The strip of months ------------------------------------------------------------------------


def month_name(year: int, month: int) -> str:
    """«mars 2026»."""
    return Window.month(year, month).label(language())


def strip(told: Calendar, title: str) -> str:
    """The picture of the months."""
    rows = [
        YearRow(
            year,
            tuple(
                MonthCell(SIGNS[m.state.value], month_name(m.year, m.month), m.n_held)
                for m in months
            ),
        )
        for year, months in told.months.items()
    ]
    return draw_months(rows, title=title, words=words_for(language()))


def strip_table(told: Calendar) -> tuple[list[str], list[list[str]]]:
    """The table behind the picture: one row a year."""
    said = MONTH_LABELS["fr" if language().startswith("fr") else "en"]
    names = [date_format(datetime.date(2024, n, 1), "F") for n in range(1, 13)]
    rows = [
        [str(year), *(_month_words(said[SIGNS[m.state.value]], m.n_held) for m in months)]
        for year, months in told.months.items()
    ]
    return [_("Year"), *names], rows


def _month_words(label: str, n_held: int) -> str:
    return f"{label} ({n_held})" if n_held > 1 else label


# --- Frames and forms -------------------------------------------------------------------------


def tabs(request: Request, here: str) -> list[tuple[str, str, bool]]:
    """The pages of the Committee that the reader may open."""
    pages = [
        ("committee", _("Overview"), "committee.read"),
        ("meeting_list", _("Meetings"), "committee.read"),
        ("decision_list", _("Decisions"), "committee.read"),
        ("committee_attendance", _("Attendance"), "committee.read"),
        ("assembly_list", _("Members"), "committee.read"),
        ("committee_archive", _("Archive"), "archive.import"),
        ("first_day", _("First day"), "first_day.read"),
    ]
    can = request.actor.can
    return [(reverse(name), label, name == here) for name, label, verb in pages if can(verb)]


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The Committee, then this page."""
    return [(reverse("committee") if more else "", _("Committee")), *more]


def meeting_or_404(request: Request, pk: object, verb: str = "committee.read") -> Meeting:
    """A meeting within reach, with its assembly."""
    rows = visible(request.actor, Meeting, verb).select_related("assembly", "adopted_in")
    return get_object_or_404(rows, pk=pk)


def posted(request: Request) -> Any:
    """What was posted, even when it is nothing; ``None`` for a GET."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True, slots=True)
class Work:
    """The words around a form that does one thing."""

    title: str
    back: str  # address
    said: str  # once it is done
    eyebrow: str = ""
    lead: str = ""
    crumbs: Crumbs = ()
    button: str = ""
    note: str = ""


def work(
    request: Request, form: forms.BaseForm, act: Callable[[dict[str, Any]], Any], told: Work
) -> HttpResponse:
    """Show the form; do the act when it is posted; keep what was typed when it is refused.

    ``act`` may answer the address to go to; otherwise that of ``told.back``.
    """
    if request.method == "POST" and form.is_valid():
        try:
            to = act(form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, told.said)
            return redirect(to if isinstance(to, str) else told.back)
    context = {
        "form": form,
        "work": told,
        "crumbs": crumbs(*told.crumbs, ("", told.title)),
    }
    return render(request, "committee/form.html", context, status=400 if form.errors else 200)


def do(request: Request, act: Callable[[], Any], said: str, back: str) -> HttpResponse:
    """Do one thing that needs no form; tell what happened, then go back."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect(back)


def today() -> datetime.date:
    """Where the instance is."""
    return timezone.localdate()
