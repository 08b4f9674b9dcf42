"""Cases of care: the list, one case. A GET shows codes and dates; a POST opens words."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.core.places import layout_on
from danbe.exchange.opened_file import sections_of
from danbe.partnership.queries import service_types
from danbe.protection import cases, door
from danbe.protection.case_actions import open_case
from danbe.protection.models import Case, Person
from danbe.protection.open_actions import open_groups
from danbe.protection.vocabulary import CaseStatus, FieldGroup, Level, Pathway
from danbe.web import care
from danbe.web.care_forms import OpenForm
from danbe.web.case_form import case_or_404, crumbs_of
from danbe.web.listing import page_of, sort_of

COLUMNS = {"opened": "opened_on", "due": "next_due_on", "level": "level", "number": "number"}
NEVER_CALL = ("unknown", "in_person", "never")
OWN_WORDS = (
    FieldGroup.IDENTITY,
    FieldGroup.CONTACT,
    FieldGroup.SAFETY,
    FieldGroup.HEALTH,
    FieldGroup.PSYCHOSOCIAL,
    FieldGroup.LEGAL,
    FieldGroup.FAMILY,
    FieldGroup.SCHOOL_WORK,
    FieldGroup.INTERNAL,
)


@page("case.read")
def case_list(request: Request) -> HttpResponse:
    """The cases of the body, open ones first asked for."""
    asked = filters_of(request)
    rows = cases.case_list(request.actor, asked).order_by(*sort_of(request, COLUMNS, "-opened_on"))
    context = {
        "page": page_of(request, rows),
        "asked": asked,
        "statuses": [*CaseStatus.choices, ("asked", _("Closing asked")), ("all", _("All"))],
        "regions": layout_on(timezone.localdate()),
        "levels": Level.choices,
        "pathways": Pathway.choices,
        "today": timezone.localdate(),
        "crumbs": [("", _("Cases"))],
    }
    return render(request, "cases/list.html", context)


def filters_of(request: Request) -> cases.CaseFilters:
    """What the address asks for."""
    told = {name: request.GET.get(name, "").strip() for name in ("text", "scope", "region")}
    told |= {name: request.GET.get(name, "").strip() for name in ("level", "pathway")}
    status = request.GET.get("status", CaseStatus.OPEN.value)
    return cases.CaseFilters(**told, status=status, overdue=request.GET.get("overdue") == "1")


@page("case.open")
@require_POST
def case_new(request: Request, pk: str) -> HttpResponse:
    """Care begins: nothing is asked in return."""
    person = visible_or_404(request.actor, Person, "case.open", pk)
    return redirect("case_detail", open_case(request.actor, person).pk)


@page("case.read")
def case_detail(request: Request, pk: str) -> HttpResponse:
    """One case: how to reach the person, what is planned, what was done."""
    return render_case(request, case_or_404(request, pk))


@page("person.open")
def case_words(request: Request, pk: str) -> HttpResponse:
    """The same page with the words of the chosen groups: each opening is kept."""
    case = case_or_404(request, pk)
    form = OpenForm(request.POST or None, list(OWN_WORDS))
    if request.method != "POST":
        return redirect("case_detail", case.pk)
    person = visible(request.actor, Person, "person.open").filter(pk=case.person_id).first()
    if person is None:
        text = _("The person is no longer shared with you: no consent and no order covers this.")
        return render_case(request, case, problem=text)
    if not form.is_valid():
        return render_case(request, case, problem=_("Choose what to open."))
    try:
        file = open_groups(
            request.actor, person, [FieldGroup(code) for code in form.cleaned_data["groups"]]
        )
    except DomainError as error:
        return render_case(request, case, problem=str(error.message))
    return render_case(request, case, file=file)


def render_case(
    request: Request, case: Case, *, file: door.File | None = None, problem: str = ""
) -> HttpResponse:
    """The page of a case, with the words that were opened, if any."""
    actor, is_open = request.actor, case.status == CaseStatus.OPEN
    tasks = case.tasks.filter(done_on=None, is_cancelled=False)
    context = {
        "case": case,
        "person": case.person,
        "may_see_person": visible(actor, Person, "person.read").filter(pk=case.person_id).exists(),
        "must_not_call": case.contact_rule in NEVER_CALL,
        "tasks": tasks,
        "today": timezone.localdate(),
        "goals": case.goals.all(),
        "services": case.services.select_related("provider"),
        "assessments": case.assessments.all()[:10],
        "follow_ups": case.follow_ups.all()[:10],
        "named": dict(service_types()),
        "timeline": cases.timeline(actor, case),
        "asked": cases.asked_closing(case),
        "complaints": cases.complaints(actor).filter(case=case, answered_on=None)
        if actor.can("feedback.answer")
        else [],
        "is_open": is_open,
        "is_child": case.person.age_group != "adult",
        "may_write": actor.can("case.write") and is_open,
        "may_approve": actor.can("case.approve"),
        "sections": sections_of(case.person, file, file.groups) if file else [],
        "open_form": OpenForm(None, list(OWN_WORDS)),
        "problem": problem,
        "crumbs": crumbs_of(case),
    }
    return render(request, "cases/detail.html", context, status=409 if problem else 200)


@page("case.read")
def case_print(request: Request, pk: str) -> HttpResponse:
    """The plan on paper: a number, no name."""
    case = case_or_404(request, pk)
    context: dict[str, Any] = {
        "case": case,
        "goals": case.goals.all(),
        "services": case.services.select_related("provider"),
        "tasks": case.tasks.filter(done_on=None, is_cancelled=False),
        "named": dict(service_types()),
        "back": reverse("case_detail", args=[case.pk]),
    }
    return render(request, "cases/print.html", context)


urlpatterns = [
    path("", case_list, name="case_list"),
    path("new/<uuid:pk>/", case_new, name="case_new"),
    path("<uuid:pk>/", case_detail, name="case_detail"),
    path("<uuid:pk>/open/", case_words, name="case_words"),
    path("<uuid:pk>/print/", case_print, name="case_print"),
    *care.urlpatterns,
]
