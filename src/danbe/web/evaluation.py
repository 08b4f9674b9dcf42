"""The evaluation of a plan: findings with their figures, lessons, review, publication, paper."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import Actor, Reach
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.plan import evaluation_actions as actions
from danbe.plan import evaluation_queries as queries
from danbe.plan.models import (
    QUESTIONS,
    CitedFigure,
    Criterion,
    Evaluation,
    EvaluationStatus,
    Finding,
    Lesson,
    PlanStatus,
    Subject,
)
from danbe.plan.queries import facts_of
from danbe.reports import export
from danbe.reports.evaluation_report import build
from danbe.web import lessons
from danbe.web.download import download
from danbe.web.errors import at_field
from danbe.web.evaluation_forms import (
    EvaluationForm,
    FigureForm,
    FindingForm,
    LessonForm,
    ReviewForm,
)
from danbe.web.evaluation_view import shown
from danbe.web.plan_view import crumbs, frame, plan_or_404, posted

TONES = {
    EvaluationStatus.DRAFT: "warn",
    EvaluationStatus.REVIEW: "info",
    EvaluationStatus.REVIEWED: "info",
    EvaluationStatus.PUBLISHED: "good",
}


def _evaluation(request: Request, pk: object) -> Evaluation:
    """One that the reader may see: before its publication it does not exist for the others."""
    return get_object_or_404(queries.evaluations_for(request.actor), pk=pk)


def _way(evaluation: Evaluation, *more: str) -> list[tuple[str, str]]:
    """Plans, the plan, its evaluations, this one, this page."""
    all_url = reverse("plan_evaluations", args=[evaluation.plan_id])
    here = reverse("evaluation_detail", args=[evaluation.pk]) if more else ""
    return crumbs(
        evaluation.plan,
        (all_url, _("Evaluation")),
        (here, evaluation.label),
        *(("", one) for one in more),
    )


# --- Evaluations ----------------------------------------------------------------------------


@page("plan.read")
def plan_evaluations(request: Request, pk: str) -> HttpResponse:
    """What is known of the evaluation of a plan, and the evaluations written in Danbe."""
    plan = plan_or_404(request, pk)
    rows = queries.evaluations_of(plan, request.actor)
    may_write = request.actor.can("evaluation.write") and plan.status != PlanStatus.DRAFT
    context = frame(request, plan, "plan_evaluations", _("Evaluation")) | {
        "evaluations": [(one, TONES[EvaluationStatus(one.status)]) for one in rows],
        "known": facts_of(plan)[Subject.FOLLOW_UP],
        "may_begin": may_write,
    }
    return render(request, "evaluation/list.html", context)


@page("evaluation.write")
def evaluation_new(request: Request, pk: str) -> HttpResponse:
    """Begin one."""
    plan = plan_or_404(request, pk)
    form = EvaluationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.begin_evaluation(request.actor, plan, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            return redirect("evaluation_detail", made.pk)
    back = reverse("plan_evaluations", args=[plan.pk])
    context = {
        "form": form,
        "eyebrow": plan.label,
        "title": _("New evaluation"),
        "lead": _("Six criteria, findings that rest on figures, lessons for the next plan."),
        "back": back,
        "crumbs": crumbs(plan, (back, _("Evaluation")), ("", _("New evaluation"))),
    }
    return _form_page(request, context)


def _form_page(request: Request, context: dict[str, Any]) -> HttpResponse:
    status = 400 if context["form"].errors else 200
    return render(request, "plan/work_form.html", context, status=status)


@page("plan.read")
def evaluation_detail(request: Request, pk: str) -> HttpResponse:
    """One evaluation, criterion by criterion, with its figures live or as they were kept."""
    one = _evaluation(request, pk)
    actor, today = request.actor, timezone.localdate()
    names = _reads_absent(actor)
    by_criterion = [
        (criterion, QUESTIONS[criterion], [shown(found, names) for found in rows])
        for criterion, rows in queries.findings_of(one, today).items()
    ]
    drawn = list(one.lessons.prefetch_related("findings"))
    answers = queries.answers_to(drawn)
    writes = actor.can("evaluation.write")
    context = {
        "evaluation": one,
        "plan": one.plan,
        "tone": TONES[EvaluationStatus(one.status)],
        "criteria": by_criterion,
        "lessons": [(lesson, answers.get(lesson.pk, [])) for lesson in drawn],
        "gaps": queries.gaps(one) if one.status == EvaluationStatus.DRAFT and writes else None,
        "is_draft": one.status == EvaluationStatus.DRAFT,
        "is_published": one.status == EvaluationStatus.PUBLISHED,
        "may_write": writes and one.status == EvaluationStatus.DRAFT,
        "may_review": may_review(actor, one),
        "may_publish": actor.can("evaluation.publish") and one.status == EvaluationStatus.REVIEWED,
        "crumbs": _way(one),
    }
    return render(request, "evaluation/detail.html", context)


def _reads_absent(actor: Actor) -> bool:
    """Whether the names of silent bodies are shown, as on the page of a figure."""
    return actor.reach("completeness.read") is Reach.NATION


def may_review(actor: Actor, one: Evaluation) -> bool:
    """Whoever reviews, but not what the same post sent."""
    waits = one.status == EvaluationStatus.REVIEW and actor.can("evaluation.review")
    return waits and one.sent_by_id != actor.post_id


@page("plan.read")
def evaluation_pdf(request: Request, pk: str) -> HttpResponse:
    """On paper: the names of silent bodies are not printed."""
    one = _evaluation(request, pk)
    data = export.WRITERS["pdf"](build(one, timezone.localdate()))
    name = f"evaluation-plan-{one.plan.code}-{one.moment}.pdf"
    return download(data, export.MEDIA_TYPES["pdf"], name)


# --- Its life -------------------------------------------------------------------------------


@page("evaluation.write")
@require_POST
def evaluation_send(request: Request, pk: str) -> HttpResponse:
    """Send it to review."""
    one = actions.send_evaluation(request.actor, _evaluation(request, pk))
    messages.success(request, _("It waits for another post to review it."))
    return redirect("evaluation_detail", one.pk)


@page("evaluation.review")
def evaluation_review(request: Request, pk: str) -> HttpResponse:
    """Pass it or send it back."""
    one = _evaluation(request, pk)
    form = ReviewForm(posted(request))
    if request.method == "POST" and form.is_valid():
        accept, note = form.cleaned_data["answer"] == "accept", form.cleaned_data["note"]
        try:
            actions.review_evaluation(request.actor, one, accept=accept, note=note)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("Your answer is recorded."))
            return redirect("evaluation_detail", one.pk)
    context = {
        "form": form,
        "eyebrow": one.label,
        "title": _("Review the evaluation"),
        "lead": _("Does each finding say what its figures say? Does each lesson follow from it?"),
        "back": reverse("evaluation_detail", args=[one.pk]),
        "crumbs": _way(one, _("Review")),
    }
    return _form_page(request, context)


@page("evaluation.write")
@require_POST
def evaluation_reopen(request: Request, pk: str) -> HttpResponse:
    """Write in it again."""
    one = actions.reopen_evaluation(request.actor, _evaluation(request, pk))
    messages.success(request, _("The evaluation is being written again."))
    return redirect("evaluation_detail", one.pk)


@page("evaluation.publish")
@require_POST
def evaluation_publish(request: Request, pk: str) -> HttpResponse:
    """Publish it; its figures no longer move."""
    one = actions.publish_evaluation(request.actor, _evaluation(request, pk))
    messages.success(request, _("The evaluation is published. Its figures no longer move."))
    return redirect("evaluation_detail", one.pk)


# --- Findings -------------------------------------------------------------------------------


@page("evaluation.write")
def finding_new(request: Request, pk: str) -> HttpResponse:
    """Add a finding."""
    return _write_finding(request, _evaluation(request, pk), None)


@page("evaluation.write")
def finding_edit(request: Request, pk: str) -> HttpResponse:
    """Change a finding."""
    finding = get_object_or_404(Finding.objects.select_related("evaluation__plan"), pk=pk)
    return _write_finding(request, finding.evaluation, finding)


def _write_finding(
    request: Request, evaluation: Evaluation, finding: Finding | None
) -> HttpResponse:
    criterion = request.GET.get("criterion", "")
    initial = {"criterion": criterion} if criterion in Criterion.values else {}
    form = FindingForm(posted(request), finding=finding, initial=initial)
    if request.method == "POST" and form.is_valid():
        said, seen = form.said()
        try:
            made = actions.write_finding(request.actor, evaluation, said, finding, seen)
        except DomainError as error:
            at_field(form, error)
        else:
            if made.has_data and not made.figures.exists():
                return redirect("finding_cite", made.pk)
            return redirect(_at(made))
    title = _("Change the finding") if finding else _("Add a finding")
    context = {
        "form": form,
        "eyebrow": evaluation.label,
        "title": title,
        "lead": _("It rests on a figure, which you choose next, or says that there is no data."),
        "back": reverse("evaluation_detail", args=[evaluation.pk]),
        "crumbs": _way(evaluation, title),
    }
    return _form_page(request, context)


def _at(finding: Finding) -> str:
    """The place of a finding on the page of its evaluation."""
    url = reverse("evaluation_detail", args=[finding.evaluation_id])
    return f"{url}#{finding.criterion}"


@page("evaluation.write")
@require_POST
def finding_drop(request: Request, pk: str) -> HttpResponse:
    """Take a finding out."""
    finding = get_object_or_404(Finding, pk=pk)
    actions.drop_finding(request.actor, finding)
    messages.success(request, _("The finding was taken out."))
    return redirect("evaluation_detail", finding.evaluation_id)


@page("evaluation.write")
def finding_cite(request: Request, pk: str) -> HttpResponse:
    """Rest a finding on a figure."""
    finding = get_object_or_404(Finding.objects.select_related("evaluation__plan"), pk=pk)
    evaluation = finding.evaluation
    form = FigureForm(posted(request), plan=evaluation.plan)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cite_figure(request.actor, finding, form.named())
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The finding rests on this figure."))
            return redirect(_at(finding))
    context = {
        "form": form,
        "eyebrow": finding.text[:200],
        "title": _("Cite a figure"),
        "lead": _("Its value is read from Danbe. It moves until the evaluation is published."),
        "back": reverse("evaluation_detail", args=[evaluation.pk]),
        "crumbs": _way(evaluation, _("Cite a figure")),
    }
    return _form_page(request, context)


@page("evaluation.write")
@require_POST
def finding_uncite(request: Request, pk: int) -> HttpResponse:
    """Take a figure away from under a finding."""
    cited = get_object_or_404(CitedFigure.objects.select_related("finding__evaluation"), pk=pk)
    actions.uncite_figure(request.actor, cited)
    messages.success(request, _("The figure is no longer cited."))
    return redirect(_at(cited.finding))


# --- Lessons --------------------------------------------------------------------------------


@page("evaluation.write")
def lesson_new(request: Request, pk: str) -> HttpResponse:
    """Draw a lesson."""
    return _write_lesson(request, _evaluation(request, pk), None)


@page("evaluation.write")
def lesson_edit(request: Request, pk: str) -> HttpResponse:
    """Change a lesson."""
    lesson = get_object_or_404(Lesson.objects.select_related("evaluation__plan"), pk=pk)
    return _write_lesson(request, lesson.evaluation, lesson)


def _write_lesson(request: Request, evaluation: Evaluation, lesson: Lesson | None) -> HttpResponse:
    form = LessonForm(posted(request), evaluation=evaluation, lesson=lesson)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.write_lesson(
                request.actor,
                evaluation,
                text=told["text"],
                findings=list(told["findings"]),
                lesson=lesson,
                seen=told["seen"],
            )
        except DomainError as error:
            at_field(form, error)
        else:
            url = reverse("evaluation_detail", args=[evaluation.pk])
            return redirect(f"{url}#lessons")
    title = _("Change the lesson") if lesson else _("Draw a lesson")
    context = {
        "form": form,
        "eyebrow": evaluation.label,
        "title": title,
        "lead": _("The next plan must answer it: taken up where, or why not."),
        "back": reverse("evaluation_detail", args=[evaluation.pk]),
        "crumbs": _way(evaluation, title),
    }
    return _form_page(request, context)


@page("evaluation.write")
@require_POST
def lesson_drop(request: Request, pk: str) -> HttpResponse:
    """Take a lesson out."""
    lesson = get_object_or_404(Lesson.objects.select_related("evaluation"), pk=pk)
    actions.drop_lesson(request.actor, lesson)
    messages.success(request, _("The lesson was taken out."))
    return redirect("evaluation_detail", lesson.evaluation_id)


urlpatterns = [
    path("<uuid:pk>/evaluations/", plan_evaluations, name="plan_evaluations"),
    path("<uuid:pk>/evaluations/new/", evaluation_new, name="evaluation_new"),
    path("evaluation/<uuid:pk>/", evaluation_detail, name="evaluation_detail"),
    path("evaluation/<uuid:pk>/pdf/", evaluation_pdf, name="evaluation_pdf"),
    path("evaluation/<uuid:pk>/send/", evaluation_send, name="evaluation_send"),
    path("evaluation/<uuid:pk>/review/", evaluation_review, name="evaluation_review"),
    path("evaluation/<uuid:pk>/reopen/", evaluation_reopen, name="evaluation_reopen"),
    path("evaluation/<uuid:pk>/publish/", evaluation_publish, name="evaluation_publish"),
    path("evaluation/<uuid:pk>/finding/", finding_new, name="finding_new"),
    path("evaluation/<uuid:pk>/lesson/", lesson_new, name="lesson_new"),
    path("finding/<uuid:pk>/", finding_edit, name="finding_edit"),
    path("finding/<uuid:pk>/drop/", finding_drop, name="finding_drop"),
    path("finding/<uuid:pk>/figure/", finding_cite, name="finding_cite"),
    path("cited/<int:pk>/remove/", finding_uncite, name="finding_uncite"),
    path("lesson/<uuid:pk>/", lesson_edit, name="lesson_edit"),
    path("lesson/<uuid:pk>/drop/", lesson_drop, name="lesson_drop"),
    *lessons.urlpatterns,
]
