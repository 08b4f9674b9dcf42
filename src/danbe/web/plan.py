"""The action plans: what is known of each, its framework, indicators, calendar, money, bodies."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from danbe.accounts.models import Organisation
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.plan import actions, queries
from danbe.plan.indicators import BEHIND, EARLY_DAYS, ON_TRACK, Light, is_public, is_too_small
from danbe.plan.indicators import readings as read_all
from danbe.plan.models import Audience, Plan, PlanStatus, State, Subject
from danbe.web import plan_cuts, plan_files, plan_work
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbe.web.plan_view import (
    activity_map,
    frame,
    gantt,
    gantt_rows,
    money_bars,
    money_rows,
    number_in,
    plan_or_404,
    posted,
)

WIDE, NARROW = 960.0, 340.0
PER_PAGE = 60  # activities of a calendar, indicators of a list


class PlanForm(forms.Form):
    """What a new plan begins with."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=20, help_text=gettext_lazy("For instance 2028-2032")
    )
    label_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=300)
    label_en = forms.CharField(
        label=gettext_lazy("Name in English"), max_length=300, required=False
    )
    start = forms.DateField(
        label=gettext_lazy("Begins"), widget=forms.DateInput(attrs={"type": "date"})
    )
    end = forms.DateField(
        label=gettext_lazy("Ends"), widget=forms.DateInput(attrs={"type": "date"})
    )


# --- Plans ----------------------------------------------------------------------------------


@page("plan.read")
def plan_list(request: Request) -> HttpResponse:
    """Every plan in its version in force, and the drafts for whoever writes them."""
    rows = queries.plans_for(request.actor).exclude(status=PlanStatus.SUPERSEDED)
    plans = [(plan, queries.facts_of(plan), queries.axes_of(plan)) for plan in rows]
    context = {
        "plans": plans,
        "may_write": request.actor.can("plan.write"),
        "crumbs": [("", _("Action plans"))],
    }
    return render(request, "plan/list.html", context)


@page("plan.write")
def plan_new(request: Request) -> HttpResponse:
    """Begin a plan."""
    form = PlanForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            plan = actions.begin_plan(request.actor, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            return redirect("plan_import", plan.pk)
    context = {
        "form": form,
        "crumbs": [(reverse("plan_list"), _("Action plans")), ("", _("New plan"))],
    }
    return render(request, "plan/form.html", context, status=400 if form.errors else 200)


def facts(plan: Plan) -> list[tuple[str, str, list[Any]]]:
    """Subject, its name, what is said of it; without what is missing."""
    found = queries.facts_of(plan)
    return [
        (s.value, str(s.label), found[s]) for s in Subject if s is not Subject.MISSING and found[s]
    ]


@page("plan.read")
def plan_detail(request: Request, pk: str) -> HttpResponse:
    """What is known of a plan, where it stands, and what no source says."""
    plan, today = plan_or_404(request, pk), timezone.localdate()
    states = queries.states(plan)
    told = read_all(plan, list(queries.indicators_of(plan)), today)
    lights = [(light, sum(r.light is light for r in told)) for light in Light]
    context = frame(request, plan, "plan_detail", plan.label) | {
        "facts": facts(plan),
        "axes": queries.axes_of(plan),
        "n_activities": sum(states.values()),
        "states": [(State(s).label, n) for s, n in states.items() if n or s != State.DROPPED],
        "n_indicators": len(told),
        "lights": [(light, n) for light, n in lights if n],
        "money": queries.budget(plan).total,
        "blocked": queries.blocked(plan)[:10],
        "n_late": queries.late(plan, today).count(),
        "versions": queries.versions(plan, request.actor),
        "may_version": request.actor.can("plan.write") and plan.status == PlanStatus.PUBLISHED,
    }
    return render(request, "plan/detail.html", context)


@page("plan.write")
@require_POST
def plan_version(request: Request, pk: str) -> HttpResponse:
    """Begin the next version."""
    draft = actions.begin_version(request.actor, plan_or_404(request, pk))
    messages.success(request, _("The draft of the next version is a copy: change it."))
    return redirect("plan_import", draft.pk)


@page("plan.write")
@require_POST
def plan_publish(request: Request, pk: str) -> HttpResponse:
    """Publish a draft."""
    plan = actions.publish_plan(request.actor, plan_or_404(request, pk))
    messages.success(request, _("The plan is published. Lead bodies can report on it."))
    return redirect("plan_detail", plan.pk)


@page("plan.write")
@require_POST
def plan_discard(request: Request, pk: str) -> HttpResponse:
    """Throw a draft away."""
    actions.discard_plan(request.actor, plan_or_404(request, pk))
    messages.success(request, _("The draft was thrown away."))
    return redirect("plan_list")


# --- Framework, indicators ------------------------------------------------------------------


@page("plan.read")
def plan_framework(request: Request, pk: str) -> HttpResponse:
    """The results framework, from the axes down; one axis at a time where it is long."""
    plan = plan_or_404(request, pk)
    axes = queries.axes_of(plan)
    asked = request.GET.get("axis", axes[0].code if axes else "")
    chosen = asked if asked in {a.code for a in axes} else ""
    url = reverse("plan_framework", args=[plan.pk])
    context = frame(request, plan, "plan_framework", _("Framework")) | {
        "tree": queries.tree(plan, chosen) if chosen else [],
        "axis_tabs": [(f"{url}?axis={a.code}", f"{a.code}. {a.label}", a.code == chosen)
                      for a in axes],
    }  # fmt: skip
    return render(request, "plan/framework.html", context)


@page("plan.read")
def plan_indicators(request: Request, pk: str) -> HttpResponse:
    """Every indicator: value, target, light, trend, where it is heading. The rule is printed."""
    plan, today = plan_or_404(request, pk), timezone.localdate()
    paged = page_of(request, queries.indicators_of(plan), PER_PAGE)
    context = frame(request, plan, "plan_indicators", _("Indicators")) | {
        "page": paged,
        "readings": read_all(plan, list(paged), today),
        "today": today,
        **rule(),
    }
    return render(request, "plan/indicators.html", context)


def rule() -> dict[str, int]:
    """The numbers of the rule, for the page that prints it."""
    return {
        "on_track": round(100 * ON_TRACK),
        "behind": round(100 * BEHIND),
        "early_days": EARLY_DAYS,
    }


# --- Calendar, money, bodies ----------------------------------------------------------------


@page("plan.read")
def plan_calendar(request: Request, pk: str) -> HttpResponse:
    """The Gantt, by axis, body and year: the year cuts the annual operational plan."""
    plan, today = plan_or_404(request, pk), timezone.localdate()
    axis, year = request.GET.get("axis", ""), number_in(request, "year")
    rows = queries.of_axis(queries.activities_of(plan), axis)
    if year in plan.years:
        rows = queries.of_year(rows, year or 0)
    lead = request.GET.get("lead", "")
    if lead:
        rows = rows.filter(lead__code=lead)
    paged = page_of(request, rows, PER_PAGE)
    found = list(paged)
    context = frame(request, plan, "plan_calendar", _("Calendar")) | {
        "page": paged,
        "wide": gantt(plan, found, today, WIDE) if found else "",
        "narrow": gantt(plan, found, today, NARROW) if found else "",
        "head": [_("Activity"), _("Lead body"), _("Begins"), _("Ends"), _("State")],
        "rows": gantt_rows(found),
        "axes": queries.axes_of(plan),
        "axis": axis,
        "year": year,
        "lead": lead,
        "leads": queries.leads_of(plan),
        "is_filtered": bool(axis or lead or year),
    }
    return render(request, "plan/calendar.html", context)


@page("plan.read")
def plan_budget(request: Request, pk: str) -> HttpResponse:
    """Needed, allocated, disbursed: by year, source and axis, never mixed."""
    plan = plan_or_404(request, pk)
    told = queries.budget(plan)
    cuts = [
        (_("By year"), told.by_year),
        (_("By source of funding"), told.by_source),
        (_("By axis"), told.by_axis),
    ]
    context = frame(request, plan, "plan_budget", _("Budget")) | {
        "total": told.total,
        "is_known": bool(told.by_source),
        "cuts": [
            (title, money_bars(rows, title), money_rows(rows))
            for title, rows in cuts
            if told.by_source
        ],
        "head": ["", _("Needed"), _("Allocated"), _("Disbursed")],
        "sources": queries.sources_of(plan),
        "announced": queries.facts_of(plan)[Subject.BUDGET],
    }
    return render(request, "plan/budget.html", context)


@page("plan.read")
def plan_who(request: Request, pk: str) -> HttpResponse:
    """Who does what, where, for whom."""
    plan = plan_or_404(request, pk)
    audiences = dict(Audience.choices)
    context = frame(request, plan, "plan_who", _("Who does what, where")) | {
        "who": [(row, [audiences[a] for a in row.audiences]) for row in queries.who(plan)],
        "where": queries.where(plan),
        **activity_map(plan),
    }
    return render(request, "plan/who.html", context)


@page("plan.read")
def plan_body(request: Request, pk: str, organisation: str) -> HttpResponse:
    """One lead body: its activities, its money, what it must unblock."""
    plan, today = plan_or_404(request, pk), timezone.localdate()
    body = get_object_or_404(Organisation, pk=organisation)
    rows = queries.activities_of(plan)
    led = rows.filter(lead=body)
    paged = page_of(request, led, PER_PAGE)
    found = list(paged)
    kept = list(queries.indicators_of(plan).filter(keeper=body))
    context = frame(request, plan, "plan_body", body.label) | {
        "body": body,
        "page": paged,
        "led": found,
        "helped": rows.filter(supporting=body)[:PER_PAGE],
        "must_act": rows.filter(must_act=body, state=State.BLOCKED),
        "n_late": queries.late(plan, today).filter(lead=body).count(),
        "wide": gantt(plan, found, today, WIDE) if found else "",
        "narrow": gantt(plan, found, today, NARROW) if found else "",
        "head": [_("Activity"), _("Lead body"), _("Begins"), _("Ends"), _("State")],
        "rows": gantt_rows(found),
        "money": queries.budget(plan, led).total,
        "kept": read_all(plan, kept, today),
    }
    return render(request, "plan/body.html", context)


# --- For everybody --------------------------------------------------------------------------


@page("public.read")
def plan_public(request: Request) -> HttpResponse:
    """A plan, by default the one in force: no part, no place, no small number of people."""
    today = timezone.localdate()
    published = queries.public_plans()
    asked = request.GET.get("plan", "")
    plan = next((one for one in published if one.code == asked), None)
    plan = plan or queries.public_plan()
    if plan is None:
        return render(request, "plan/public.html", {"plan": None, "crumbs": []})
    told = read_all(plan, list(queries.indicators_of(plan)), today)
    states = queries.states(plan)
    budget = queries.budget(plan)
    context = {
        "plan": plan,
        "axes": queries.axes_of(plan),
        "facts": facts(plan),
        "missing": queries.facts_of(plan)[Subject.MISSING],
        "n_activities": sum(states.values()),
        "states": [(State(s).label, n) for s, n in states.items()],
        "readings": [
            (r, is_too_small(r.indicator, r.current.value)) for r in told if is_public(r.indicator)
        ],
        "years": budget.by_year if budget.by_source else [],
        "others": [one for one in published if one.pk != plan.pk],
        "crumbs": [("", _("The action plan"))],
        **rule(),
    }
    return render(request, "plan/public.html", context)


urlpatterns = [
    path("", plan_list, name="plan_list"),
    path("new/", plan_new, name="plan_new"),
    path("public/", plan_public, name="plan_public"),
    path("<uuid:pk>/", plan_detail, name="plan_detail"),
    path("<uuid:pk>/version/", plan_version, name="plan_version"),
    path("<uuid:pk>/publish/", plan_publish, name="plan_publish"),
    path("<uuid:pk>/discard/", plan_discard, name="plan_discard"),
    path("<uuid:pk>/framework/", plan_framework, name="plan_framework"),
    path("<uuid:pk>/indicators/", plan_indicators, name="plan_indicators"),
    path("<uuid:pk>/calendar/", plan_calendar, name="plan_calendar"),
    path("<uuid:pk>/budget/", plan_budget, name="plan_budget"),
    path("<uuid:pk>/who/", plan_who, name="plan_who"),
    path("<uuid:pk>/body/<uuid:organisation>/", plan_body, name="plan_body"),
    *plan_cuts.urlpatterns,
    *plan_files.urlpatterns,
    *plan_work.urlpatterns,
]
