"""What is done for a person, one act a page: assess, plan, give, follow, close."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.partnership.queries import service_types
from danbe.protection import care_actions, case_actions
from danbe.protection.care_actions import add_service, add_task, agree_safety, assess, set_goal
from danbe.protection.models import Case, Feedback, Goal, Service, Task
from danbe.protection.vocabulary import (
    AssessmentKind,
    Closing,
    ContactRule,
    GoalStatus,
    Level,
    Schooling,
    TaskKind,
)
from danbe.web import care_forms as typed
from danbe.web.case_form import Typed, case_or_404, type_in


@page("case.write")
def care_assess(request: Request, pk: str, kind: str) -> HttpResponse:
    """Risks, needs, or the best interest of a child."""
    if kind not in AssessmentKind:
        raise Http404
    case, asked = case_or_404(request, pk, "case.write"), AssessmentKind(kind)
    form = typed.AssessmentForm(request.POST or None, asked)
    words = Typed(str(asked.label), _("Save"), _("The assessment is kept."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: assess(
            request.actor,
            case,
            asked,
            on=told["on"],
            level=Level(told["level"]) if told.get("level") else "",
            needs=told.get("needs", ()),
            text=told["text"],
        ),
    )


@page("case.write")
def care_safety(request: Request, pk: str) -> HttpResponse:
    """How the person may be reached, and the safety plan."""
    case = case_or_404(request, pk, "case.write")
    form = typed.SafetyForm(request.POST or None, case)
    words = Typed(_("Safety plan and contact"), _("Save"), _("The safety plan is kept."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: agree_safety(
            request.actor,
            case,
            rule=ContactRule(told["rule"]),
            contact=told["contact"],
            plan=form.plan(),
        ),
    )


@page("case.write")
def care_goal(request: Request, pk: str) -> HttpResponse:
    """What the person wants to reach."""
    case = case_or_404(request, pk, "case.write")
    form = typed.GoalForm(request.POST or None)
    words = Typed(_("New goal"), _("Save"), _("The goal is kept."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: set_goal(request.actor, case, **told),
    )


@page("case.write")
@require_POST
def care_goal_settle(request: Request, pk: str) -> HttpResponse:
    """Reached, or changed."""
    goal = visible_or_404(request.actor, Goal, "case.write", pk)
    status = request.POST.get("status", "")
    if status not in GoalStatus:
        raise DomainError("goal.status", _("Choose from the list."), "status")
    care_actions.settle_goal(request.actor, goal, GoalStatus(status))
    return redirect("case_detail", goal.case_id)


@page("case.write")
def care_service(request: Request, pk: str, kind: str) -> HttpResponse:
    """A service planned, given, or found nowhere."""
    case = case_or_404(request, pk, "case.write")
    label = dict(service_types()).get(kind)
    if label is None:
        raise Http404
    form = typed.ServiceForm(request.POST or None, request.actor, case, kind)
    words = Typed(label, _("Save"), _("The service is written down."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: add_service(request.actor, case, form.given(request.actor)),
    )


@page("case.write")
def care_service_change(request: Request, pk: str) -> HttpResponse:
    """What became of a service."""
    row = visible_or_404(request.actor, Service, "case.write", pk)
    case = case_or_404(request, row.case_id, "case.write")
    form = typed.ServiceForm(request.POST or None, request.actor, case, row.type, row)
    words = Typed(dict(service_types()).get(row.type, ""), _("Save"), _("The service is changed."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: care_actions.change_service(request.actor, row, form.given(request.actor)),
    )


@page("case.write")
def care_task(request: Request, pk: str) -> HttpResponse:
    """A task or an appointment."""
    case = case_or_404(request, pk, "case.write")
    form = typed.TaskForm(request.POST or None, initial={"due_on": timezone.localdate()})
    words = Typed(_("New date"), _("Save"), _("The date is kept."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: add_task(
            request.actor,
            case,
            kind=TaskKind(told["kind"]),
            due_on=told["due_on"],
            at=told["at"],
            text=told["text"],
        ),
    )


@page("case.write")
@require_POST
def care_task_done(request: Request, pk: str) -> HttpResponse:
    """It is done, or no longer to be done."""
    task = visible_or_404(request.actor, Task, "case.write", pk)
    act = care_actions.cancel_task if "cancel" in request.POST else care_actions.finish_task
    act(request.actor, task)
    return redirect("case_detail", task.case_id)


@page("case.write")
def care_follow_up(request: Request, pk: str) -> HttpResponse:
    """A follow-up held, or tried in vain."""
    case = case_or_404(request, pk, "case.write")
    planned = list(case.tasks.filter(done_on=None, is_cancelled=False, kind=TaskKind.FOLLOW_UP))
    form = typed.FollowUpForm(request.POST or None, planned, request.GET.get("task", ""))
    words = Typed(_("Follow-up"), _("Save"), _("The follow-up is kept."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: care_actions.hold_follow_up(
            request.actor,
            case,
            on=told["on"],
            task=form.task_chosen(),
            was_reached=told["reached"] == "yes",
            seen=form.seen(),
            words=told["words"],
        ),
    )


@page("case.write")
def care_reintegration(request: Request, pk: str) -> HttpResponse:
    """A life of one's own begins: the milestones are counted from that day."""
    case = case_or_404(request, pk, "case.write")
    form = typed.DayForm(request.POST or None)
    words = Typed(_("Reintegration begins"), _("Save"), _("Follow-ups are counted from that day."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: care_actions.begin_reintegration(request.actor, case, on=told["on"]),
    )


@page("feedback.write")
def care_feedback(request: Request, pk: str) -> HttpResponse:
    """What the person says of the help; a complaint goes to a supervisor."""
    case = case_or_404(request, pk, "feedback.write")
    form = typed.FeedbackForm(request.POST or None)
    words = Typed(_("The person’s opinion"), _("Save"), _("It is kept, sealed."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: care_actions.hear_feedback(request.actor, case, **told),
    )


@page("feedback.answer")
def care_complaint(request: Request, pk: str) -> HttpResponse:
    """What was done about a complaint."""
    feedback = visible_or_404(request.actor, Feedback, "feedback.answer", pk)
    case = case_or_404(request, feedback.case_id)
    form = typed.AnswerForm(request.POST or None)
    words = Typed(_("Answer a complaint"), _("Save"), _("The answer is kept."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: care_actions.answer_complaint(request.actor, feedback, words=told["words"]),
    )


@page("case.write")
def care_guardian(request: Request, pk: str) -> HttpResponse:
    """Who answers for the child."""
    case = case_or_404(request, pk, "case.write")
    form = typed.GuardianForm(request.POST or None)
    words = Typed(_("Guardian"), _("Save"), _("The guardian is kept, sealed."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: care_actions.name_guardian(request.actor, case, form.guardian()),
    )


@page("case.write")
def care_schooling(request: Request, pk: str) -> HttpResponse:
    """Where the child stands with school."""
    case = case_or_404(request, pk, "case.write")
    form = typed.SchoolingForm(request.POST or None, case)
    words = Typed(_("School"), _("Save"), _("It is kept."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: care_actions.note_schooling(
            request.actor, case, Schooling(told["schooling"]), note=told["note"]
        ),
    )


@page("case.close")
def case_close(request: Request, pk: str) -> HttpResponse:
    """Close with a reason; some closings wait for a supervisor."""
    case = case_or_404(request, pk, "case.close")
    form = typed.ClosingForm(request.POST or None)
    words = Typed(_("Close the case"), _("Close"), _("Written down."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: case_actions.close_case(
            request.actor,
            case,
            Closing(told["closing"]),
            reason=told["reason"],
            on=told["on"],
        ),
    )


@page("case.reopen")
def case_reopen(request: Request, pk: str) -> HttpResponse:
    """The same case opens again."""
    case = case_or_404(request, pk, "case.reopen")
    form = typed.ReasonForm(request.POST or None)
    words = Typed(_("Reopen the case"), _("Reopen"), _("The case is open again."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: case_actions.reopen_case(request.actor, case, reason=told["reason"]),
    )


@page("case.approve")
@require_POST
def case_approve(request: Request, pk: str) -> HttpResponse:
    """Somebody else than who asked agrees to the closing."""
    case = visible_or_404(request.actor, Case, "case.approve", pk)
    case_actions.approve_closing(request.actor, case)
    return redirect("case_detail", case.pk)


@page("case.approve")
def case_refuse(request: Request, pk: str) -> HttpResponse:
    """The case stays open, and why."""
    case = case_or_404(request, pk, "case.approve")
    form = typed.ReasonForm(request.POST or None)
    words = Typed(_("Do not close"), _("Keep it open"), _("The case stays open."))
    return type_in(
        request,
        case,
        form,
        words,
        lambda told: case_actions.refuse_closing(request.actor, case, reason=told["reason"]),
    )


urlpatterns = [
    path("<uuid:pk>/assess/<slug:kind>/", care_assess, name="care_assess"),
    path("<uuid:pk>/safety/", care_safety, name="care_safety"),
    path("<uuid:pk>/goals/", care_goal, name="care_goal"),
    path("goals/<uuid:pk>/", care_goal_settle, name="care_goal_settle"),
    path("<uuid:pk>/services/<slug:kind>/", care_service, name="care_service"),
    path("services/<uuid:pk>/", care_service_change, name="care_service_change"),
    path("<uuid:pk>/dates/", care_task, name="care_task"),
    path("dates/<uuid:pk>/done/", care_task_done, name="care_task_done"),
    path("<uuid:pk>/follow-up/", care_follow_up, name="care_follow_up"),
    path("<uuid:pk>/reintegration/", care_reintegration, name="care_reintegration"),
    path("<uuid:pk>/feedback/", care_feedback, name="care_feedback"),
    path("complaints/<uuid:pk>/", care_complaint, name="care_complaint"),
    path("<uuid:pk>/guardian/", care_guardian, name="care_guardian"),
    path("<uuid:pk>/school/", care_schooling, name="care_schooling"),
    path("<uuid:pk>/close/", case_close, name="case_close"),
    path("<uuid:pk>/reopen/", case_reopen, name="case_reopen"),
    path("<uuid:pk>/approve/", case_approve, name="case_approve"),
    path("<uuid:pk>/refuse/", case_refuse, name="case_refuse"),
]
