"""Progress: one activity, what its body says of it, what the secretariat answers; indicators."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.models import Term
from danbe.core.pages import Request, page
from danbe.plan import actions, queries
from danbe.plan.indicators import is_flow, readings
from danbe.plan.models import (
    TRANSITIONS,
    Activity,
    ActivityReport,
    Audience,
    Indicator,
    ManualValue,
    PlanStatus,
    State,
)
from danbe.plan.queries import Amounts
from danbe.web.errors import at_field
from danbe.web.plan_view import (
    crumbs,
    frame,
    indicator_lines,
    may_report,
    plan_or_404,
    posted,
    said_unit,
)

AREA = forms.Textarea(attrs={"rows": 4})
SMALL_AREA = forms.Textarea(attrs={"rows": 2})


class NewsForm(forms.Form):
    """What a lead body says of its activity."""

    to_state = forms.ChoiceField(
        label=gettext_lazy("The activity is"), widget=forms.RadioSelect, choices=[]
    )
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
    blocked_reason = forms.CharField(
        label=gettext_lazy("If it is blocked: why"), widget=SMALL_AREA, required=False
    )
    must_act = forms.ModelChoiceField(
        label=gettext_lazy("If it is blocked: who must act"),
        queryset=Organisation.objects.none(),
        required=False,
    )

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = TRANSITIONS[State(state)]
        choices = [(s.value, str(s.label)) for s in State if s in allowed]
        self.fields["to_state"].choices = choices  # type: ignore[attr-defined]
        bodies = Organisation.objects.filter(is_active=True)
        self.fields["must_act"].queryset = bodies  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """What the secretariat answers."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("accept", gettext_lazy("Accept")), ("refuse", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the lead body"),
        help_text=gettext_lazy("Asked for when it is refused."),
        widget=SMALL_AREA,
        required=False,
    )


class MoneyForm(forms.Form):
    """What one source gives in one year."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, choices=[])
    source = forms.ChoiceField(label=gettext_lazy("Source of funding"), choices=[])
    needed = forms.IntegerField(
        label=gettext_lazy("Needed (FCFA)"), min_value=0, max_value=10**13, required=False
    )
    allocated = forms.IntegerField(
        label=gettext_lazy("Allocated (FCFA)"), min_value=0, max_value=10**13, required=False
    )
    disbursed = forms.IntegerField(
        label=gettext_lazy("Disbursed (FCFA)"), min_value=0, max_value=10**13, required=False
    )

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(year, str(year)) for year in activity.plan.years]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        terms = Term.objects.filter(list="funding_source")
        self.fields["source"].choices = [(t.code, t.label) for t in terms]  # type: ignore[attr-defined]


class ValueForm(forms.Form):
    """The value of one year of a manual indicator."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, choices=[])
    value = forms.IntegerField(label=gettext_lazy("Value"))
    evidence = forms.CharField(label=gettext_lazy("What it rests on"), widget=SMALL_AREA)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = timezone.localdate().year
        years = [(y, str(y)) for y in indicator.plan.years if y <= last]
        self.fields["year"].choices = years  # type: ignore[attr-defined]


def _activity(request: Request, pk: str, verb: str) -> Activity:
    """An activity within reach, of a version that may be read."""
    activity = visible_or_404(request.actor, Activity, verb, pk)
    plan_or_404(request, activity.plan_id)
    return activity


# --- Activities -----------------------------------------------------------------------------


@page("plan.read")
def activity_detail(request: Request, pk: str) -> HttpResponse:
    """One activity: what, who, where, when, with what money; its history."""
    activity = _activity(request, pk, "plan.read")
    plan, today = activity.plan, timezone.localdate()
    labels = {t.code: t.label for t in Term.objects.filter(list="funding_source")}
    lines = [
        (line.year, Amounts(labels.get(line.source, line.source), line.needed, line.allocated,
                            line.disbursed))
        for line in activity.money.all()
    ]  # fmt: skip
    measured = list(queries.indicators_of(plan).filter(activity=activity))
    published = plan.status == PlanStatus.PUBLISHED
    context = {
        "plan": plan,
        "activity": activity,
        "result": activity.result,
        "supporting": activity.supporting.all(),
        "places": activity.places.all(),
        "audiences": [Audience(a).label for a in activity.audiences.split()],
        "money": lines,
        "readings": readings(plan, measured, today),
        "reports": queries.reports_of(activity),
        "may_report": published and may_report(request.actor, activity),
        "may_review": request.actor.can("activity.review"),
        "may_money": request.actor.can("plan.write") and plan.status != PlanStatus.SUPERSEDED,
        "is_late": queries.late(plan, today).filter(pk=activity.pk).exists(),
        "crumbs": crumbs(plan, ("", activity.code)),
    }
    return render(request, "plan/activity.html", context)


@page("activity.report")
def activity_report(request: Request, pk: str) -> HttpResponse:
    """Say where an activity of one's body stands."""
    activity = _activity(request, pk, "activity.report")
    form = NewsForm(posted(request), state=activity.state)
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_activity(request.actor, activity, actions.News(**form.cleaned_data))
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The secretariat will review what you said."))
            return redirect("activity_detail", activity.pk)
    back = reverse("activity_detail", args=[activity.pk])
    context = {
        "form": form,
        "eyebrow": f"{activity.code}. {activity.label}",
        "title": _("Report on the activity"),
        "lead": _("It counts once the secretariat has reviewed it."),
        "back": back,
        "crumbs": crumbs(activity.plan, (back, activity.code), ("", _("Report"))),
    }
    return render(request, "plan/work_form.html", context, status=400 if form.errors else 200)


@page("plan.write")
def activity_money(request: Request, pk: str) -> HttpResponse:
    """Say what a source gives to an activity in a year."""
    activity = _activity(request, pk, "plan.read")
    form = MoneyForm(posted(request), activity=activity)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        if activity.plan.status != PlanStatus.DRAFT and told["needed"] is None:
            line = activity.money.filter(year=told["year"], source=told["source"]).first()
            told["needed"] = line.needed if line else None
        try:
            actions.set_money(request.actor, activity, **told)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The budget line is recorded."))
            return redirect("activity_detail", activity.pk)
    back = reverse("activity_detail", args=[activity.pk])
    context = {
        "form": form,
        "eyebrow": f"{activity.code}. {activity.label}",
        "title": _("Budget line"),
        "lead": _(
            "Three different amounts. Leave empty what nobody knows. Once the plan is "
            "published, the need stays as it is."
        ),
        "back": back,
        "crumbs": crumbs(activity.plan, (back, activity.code), ("", _("Budget"))),
    }
    return render(request, "plan/work_form.html", context, status=400 if form.errors else 200)


# --- Review ---------------------------------------------------------------------------------


@page("activity.review")
def plan_review(request: Request, pk: str) -> HttpResponse:
    """The reports that wait."""
    plan = plan_or_404(request, pk)
    context = frame(request, plan, "plan_review", _("To review"))
    return render(request, "plan/review.html", context | {"reports": queries.to_review(plan)})


@page("activity.review")
def activity_review(request: Request, pk: int) -> HttpResponse:
    """Accept or refuse one report."""
    rows = visible(request.actor, ActivityReport, "activity.review")
    report = get_object_or_404(rows.select_related("activity__plan", "must_act"), pk=pk)
    activity = report.activity
    form = ReviewForm(posted(request))
    if request.method == "POST" and form.is_valid():
        accept, note = form.cleaned_data["answer"] == "accept", form.cleaned_data["note"]
        try:
            actions.review_report(request.actor, report, accept=accept, note=note)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("Your answer is recorded."))
            return redirect("plan_review", activity.plan_id)
    back = reverse("plan_review", args=[activity.plan_id])
    context = {
        "form": form,
        "report": report,
        "activity": activity,
        "back": back,
        "crumbs": crumbs(activity.plan, (back, _("To review")), ("", activity.code)),
    }
    return render(request, "plan/review_form.html", context, status=400 if form.errors else 200)


# --- Indicators -----------------------------------------------------------------------------


def _indicator(request: Request, pk: str, verb: str) -> Indicator:
    one = visible_or_404(request.actor, Indicator, verb, pk)
    plan_or_404(request, one.plan_id)
    return queries.indicators_of(one.plan).select_related("activity").get(pk=one.pk)


@page("plan.read")
def indicator_detail(request: Request, pk: str) -> HttpResponse:
    """One indicator: its years, its light with the reckoning shown, where it is heading."""
    one = _indicator(request, pk, "plan.read")
    [reading] = readings(one.plan, [one], timezone.localdate())
    places = {"place": one.place_id} if one.place_id else {}
    context = {
        "plan": one.plan,
        "indicator": one,
        "reading": reading,
        "unit": said_unit(reading),
        "is_flow": is_flow(one),
        "drawing": indicator_lines(reading),
        "head": [_("Year"), _("Value"), _("Target")],
        "rows": [
            [str(v.year), "< 5" if v.is_small else v.value, v.target] for v in reading.values
        ],
        "share": round(100 * reading.share) if reading.share is not None else None,
        "of": one.activity or one.element,
        "place": places,
        "entered": ManualValue.objects.filter(lineage=one.lineage)
        .select_related("post__organisation")
        .order_by("-at"),
        "may_tell": not one.is_computed
        and one.plan.status == PlanStatus.PUBLISHED
        and request.actor.can("activity.report")
        and one.keeper_id == request.actor.organisation_id,
        "crumbs": crumbs(
            one.plan,
            (reverse("plan_indicators", args=[one.plan_id]), _("Indicators")),
            ("", one.code),
        ),
    }
    return render(request, "plan/indicator.html", context)


@page("activity.report")
def indicator_value(request: Request, pk: str) -> HttpResponse:
    """Enter the value of a year, with what it rests on."""
    one = _indicator(request, pk, "activity.report")
    form = ValueForm(posted(request), indicator=one)
    if request.method == "POST" and form.is_valid():
        try:
            actions.tell_value(request.actor, one, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The value is recorded."))
            return redirect("indicator_detail", one.pk)
    back = reverse("indicator_detail", args=[one.pk])
    context = {
        "form": form,
        "eyebrow": f"{one.code}. {one.label}",
        "title": _("Enter a value"),
        "lead": _(
            "The last value entered for a year counts. The earlier ones stay in its history."
        ),
        "back": back,
        "crumbs": crumbs(one.plan, (back, one.code), ("", _("Enter a value"))),
    }
    return render(request, "plan/work_form.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("<uuid:pk>/review/", plan_review, name="plan_review"),
    path("activity/<uuid:pk>/", activity_detail, name="activity_detail"),
    path("activity/<uuid:pk>/report/", activity_report, name="activity_report"),
    path("activity/<uuid:pk>/money/", activity_money, name="activity_money"),
    path("review/<int:pk>/", activity_review, name="activity_review"),
    path("indicator/<uuid:pk>/", indicator_detail, name="indicator_detail"),
    path("indicator/<uuid:pk>/value/", indicator_value, name="indicator_value"),
]
