"""The recommendations of the US reports: what bodies answer, what the secretariat says of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.core.access import Actor, visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.reports import tip_actions
from danbe.reports.models import AnswerStatus, Recommendation, RecommendationAnswer
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbe.web.plan_view import posted

TONES = {
    AnswerStatus.WAITING: "warn",
    AnswerStatus.ACCEPTED: "good",
    AnswerStatus.REFUSED: "bad",
    AnswerStatus.WITHDRAWN: "neutral",
}
PER_PAGE = 10
DAY = {"type": "date"}


class AnswerForm(forms.Form):
    """What was done, when, and what proves it."""

    first_day = forms.DateField(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("Of what was done. The dossier counts it by these days."),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("The same day if it took one day. Never a day to come."),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=gettext_lazy("What was done"),
        help_text=gettext_lazy(
            "Done, not promised. Numbers with their unit. No name of a person."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("Decision, report, attendance list, judgment, address of a page."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    """What the secretariat says of an answer."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("accept", gettext_lazy("Accept")), ("refuse", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the body"),
        help_text=gettext_lazy("Asked for when it is refused."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )


class WithdrawForm(forms.Form):
    """Why an answer is taken back."""

    note = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("A dossier frozen already keeps the answer."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _answers(actor: Actor) -> QuerySet[RecommendationAnswer]:
    """Those that the actor may read: its own, or all."""
    rows = visible(actor, RecommendationAnswer, "recommendation.read")
    return rows.select_related("organisation", "recommendation")


@page("recommendation.read")
def recommendation_list(request: Request) -> HttpResponse:
    """What each report asked, with the answers; the gaps stay gaps."""
    rows: QuerySet[Recommendation] = Recommendation.objects.all()
    years = sorted(set(rows.values_list("year", flat=True)), reverse=True)
    chosen = request.GET.get("year", "")
    if chosen:
        rows = (
            rows.filter(year=int(chosen)) if chosen.isascii() and chosen.isdigit() else rows.none()
        )
    found = page_of(request, rows, PER_PAGE)
    answers: dict[str, list[RecommendationAnswer]] = {}
    for answer in _answers(request.actor).filter(recommendation__in=[r.pk for r in found]):
        answers.setdefault(answer.recommendation_id, []).append(answer)
    context = {
        "lines": [(one, answers.get(one.pk, [])) for one in found],
        "page": found,
        "years": [(str(y), str(y) == chosen) for y in years],
        "waiting": _waiting(request.actor),
        "tones": TONES,
        "may_answer": request.actor.can("recommendation.answer"),
        "may_review": request.actor.can("recommendation.review"),
        "crumbs": [(reverse("tip_list"), _("TIP dossier")), ("", _("Recommendations"))],
    }
    return render(request, "tip/recommendations.html", context)


def _waiting(actor: Actor) -> int:
    """How many answers the secretariat has to read."""
    if not actor.can("recommendation.review"):
        return 0
    rows = visible(actor, RecommendationAnswer, "recommendation.review")
    return rows.filter(status=AnswerStatus.WAITING).count()


@page("recommendation.answer")
def recommendation_answer(request: Request, code: str) -> HttpResponse:
    """Say what one's body did on one recommendation."""
    one = get_object_or_404(Recommendation, pk=code)
    if not one.is_answerable:
        raise Http404
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            tip_actions.answer_recommendation(
                request.actor, one, **form.cleaned_data, today=timezone.localdate()
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("Your answer is recorded."))
            return redirect("recommendation_list")
    context = {
        "form": form,
        "eyebrow": _("US report of %(year)s") % {"year": one.year},
        "title": _("Answer a recommendation"),
        "lead": one.text,
        **_around(_("Answer")),
    }
    return render(request, "plan/work_form.html", context, status=400 if form.errors else 200)


def _around(here: str) -> dict[str, Any]:
    back = reverse("recommendation_list")
    return {
        "back": back,
        "crumbs": [
            (reverse("tip_list"), _("TIP dossier")),
            (back, _("Recommendations")),
            ("", here),
        ],
    }


@page("recommendation.review")
def answer_review(request: Request, pk: int) -> HttpResponse:
    """Accept or refuse an answer."""
    answer = visible_or_404(request.actor, RecommendationAnswer, "recommendation.review", pk)
    form = DecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        accept, note = form.cleaned_data["answer"] == "accept", form.cleaned_data["note"]
        try:
            tip_actions.review_answer(request.actor, answer, accept=accept, note=note)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("Your answer is recorded."))
            return redirect("recommendation_list")
    return _decided(request, answer, form, _("Review an answer"))


@page("recommendation.answer")
def answer_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back an answer."""
    answer = visible_or_404(request.actor, RecommendationAnswer, "recommendation.answer", pk)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            tip_actions.withdraw_answer(request.actor, answer, note=form.cleaned_data["note"])
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The answer is withdrawn."))
            return redirect("recommendation_list")
    return _decided(request, answer, form, _("Withdraw an answer"))


def _decided(
    request: Request, answer: RecommendationAnswer, form: forms.Form, title: str
) -> HttpResponse:
    context = {"form": form, "answer": answer, "title": title, **_around(title)}
    return render(request, "tip/decide.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("", recommendation_list, name="recommendation_list"),
    path("<slug:code>/answer/", recommendation_answer, name="recommendation_answer"),
    path("answers/<int:pk>/review/", answer_review, name="answer_review"),
    path("answers/<int:pk>/withdraw/", answer_withdraw, name="answer_withdraw"),
]
