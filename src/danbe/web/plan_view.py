"""What several pages of a plan share: which plan is read, its tabs, its pictures."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.core.access import Actor
from danbe.core.pages import Request
from danbe.plan.indicators import Reading
from danbe.plan.models import Activity, Plan, PlanStatus, State, Subject
from danbe.plan.queries import Amounts, by_region, facts_of, plans_for
from danbe.reports.drawing import (
    Bar,
    GanttRow,
    Line,
    LinePoint,
    Phase,
    Series,
    Value,
    draw_bars,
    draw_gantt,
    draw_lines,
    draw_map,
    words_for,
)
from danbe.reports.maps import boundaries_on
from danbe.web.units import unit_of
from danbekit.dates import format_date

PHASES = {phase.code: phase for phase in Phase}
STATE_TONES = {
    State.PLANNED: "neutral",
    State.UNDER_WAY: "info",
    State.BLOCKED: "bad",
    State.DONE: "good",
    State.DROPPED: "neutral",
}
ACCENT = "#3d5263"  # of the plan


def plan_or_404(request: Request, pk: object) -> Plan:
    """A version that the reader may see: a draft does not exist for the others."""
    return get_object_or_404(plans_for(request.actor), pk=pk)


def crumbs(plan: Plan, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Plans, this plan, this page."""
    here = [(reverse("plan_list"), _("Action plans"))]
    url = reverse("plan_detail", args=[plan.pk]) if more else ""
    return [*here, (url, plan.code), *more]


def frame(request: Request, plan: Plan, here: str, title: str) -> dict[str, Any]:
    """What the head of every page of a plan needs."""
    pages = [
        ("plan_detail", _("Overview")),
        ("plan_framework", _("Framework")),
        ("plan_indicators", _("Indicators")),
        ("plan_calendar", _("Calendar")),
        ("plan_budget", _("Budget")),
        ("plan_who", _("Who does what, where")),
        ("plan_report", _("Report")),
        ("plan_evaluations", _("Evaluation")),
    ]
    if request.actor.can("activity.review"):
        pages.append(("plan_review", _("To review")))
    return {
        "plan": plan,
        "title": title,
        "tabs": [(reverse(n, args=[plan.pk]), label, n == here) for n, label in pages],
        "missing": facts_of(plan)[Subject.MISSING],
        "is_draft": plan.status == PlanStatus.DRAFT,
        "may_write": request.actor.can("plan.write"),
        "crumbs": crumbs(plan, *([("", title)] if here != "plan_detail" else [])),
    }


def posted(request: Request) -> QueryDict | None:
    """What was posted, even when it is nothing; ``None`` for a GET."""
    return request.POST if request.method == "POST" else None


def number_in(request: Request, name: str) -> int | None:
    """A year asked for in the address; ``None`` when it is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def language() -> str:
    """The reader's."""
    return get_language() or "fr"


def gantt(plan: Plan, activities: Sequence[Activity], today: datetime.date, width: float) -> str:
    """The calendar of some activities; a year more than the plan where one goes beyond."""
    rows = [
        GanttRow(
            f"{a.code}. {a.label}",
            a.start,
            a.end,
            PHASES[a.state],
            a.lead.label if a.lead else "",
            reverse("activity_detail", args=[a.pk]),
        )
        for a in activities
    ]
    title = _("Calendar of the activities")
    words = words_for(language())
    return draw_gantt(
        rows, plan.start, plan.end, title=title, today=today, width=width, words=words
    )


def gantt_rows(activities: Sequence[Activity]) -> list[list[str]]:
    """The table behind the calendar."""
    return [
        [
            f"{a.code}. {a.label}",
            a.lead.label if a.lead else _("not given"),
            format_date(a.start, language()) if a.start else _("not given"),
            format_date(a.end, language()) if a.end else _("not given"),
            a.get_state_display(),
        ]
        for a in activities
    ]


def money_bars(rows: Sequence[Amounts], title: str) -> str:
    """Needed, allocated and disbursed, side by side and never stacked."""
    bars = [Bar(r.label, (Value(r.needed), Value(r.allocated), Value(r.disbursed))) for r in rows]
    series = (Series(_("Needed")), Series(_("Allocated")), Series(_("Disbursed")))
    words = words_for(language())
    return draw_bars(bars, series, title=title, unit="FCFA", accent=ACCENT, width=640, words=words)


def money_rows(rows: Sequence[Amounts]) -> list[list[str | int | None]]:
    """The table behind the bars."""
    return [[r.label, r.needed, r.allocated, r.disbursed] for r in rows]


def indicator_lines(reading: Reading) -> str:
    """Values and targets over the years; nothing below zero can be drawn."""
    told = [v for v in reading.values if (v.value or 0) >= 0 and (v.target or 0) >= 0]
    lines = [
        Line(
            name,
            tuple(
                LinePoint(v.year, Value(getattr(v, column)))
                for v in told
                if getattr(v, column) is not None
            ),
        )
        for name, column in ((_("Value"), "value"), (_("Target"), "target"))
    ]
    shown = [line for line in lines if line.points]
    if not shown:
        return ""
    years = reading.indicator.plan.years
    return draw_lines(
        shown,
        title=reading.indicator.label,
        unit=said_unit(reading),
        first=years[0],
        last=years[-1],
        accent=ACCENT,
        width=560,
        words=words_for(language()),
    )


def activity_map(plan: Plan) -> dict[str, Any]:
    """How many activities name each region of the last day of the plan, and its table."""
    boundaries = boundaries_on(plan.end)
    counted = by_region(plan, boundaries.names)
    if not counted:
        return {"map": ""}
    title = _("Activities by region")
    values = {code: Value(n) for code, n in counted.items()}
    drawing = draw_map(
        boundaries, values, title=title, unit=_("activities"), accent=ACCENT, width=560,
        words=words_for(language()),
    )  # fmt: skip
    rows = [[boundaries.names[code], n] for code, n in sorted(counted.items())]
    return {"map": drawing, "map_title": title, "map_head": [_("Region"), _("Activities")],
            "map_rows": rows}  # fmt: skip


def said_unit(reading: Reading) -> str:
    """The unit in words."""
    one = reading.indicator
    return unit_of(one.definition) if one.definition else one.unit or _("value")


def may_report(actor: Actor, activity: Activity) -> bool:
    """Whether the actor's body leads it and may speak of it."""
    return actor.can("activity.report") and activity.lead_id == actor.organisation_id
