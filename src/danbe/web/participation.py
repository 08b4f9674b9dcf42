"""The making of a plan: processes, their rules and phases, their participants."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from danbe.core.access import visible
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.plan import participation_actions as actions
from danbe.plan import participation_queries as queries
from danbe.plan.models import PHASES, Category, Participant, Stage
from danbe.plan.participation_actions import Calendar, Rules
from danbe.plan.phases import is_over, part_of_body
from danbe.web import participation_public, participation_text, participation_validation
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbe.web.participation_forms import (
    BodiesForm,
    MoveForm,
    PartForm,
    PersonForm,
    PhaseForm,
    ProcessForm,
    RulesForm,
    SurvivorsForm,
)
from danbe.web.participation_view import (
    act_and_go,
    done,
    form_page,
    frame,
    posted,
    process_or_404,
)

PER_PAGE = 50

# --- Processes ------------------------------------------------------------------------------


@page("process.read")
def process_list(request: Request) -> HttpResponse:
    """Every process; and what the sources say of how the known plans were made."""
    context = {
        "processes": [(p, queries.steps_of(p)) for p in queries.processes()],
        "known": queries.known_phases(),
        "may_run": request.actor.can("process.write"),
        "crumbs": [("", _("Making of the plans"))],
    }
    return render(request, "participation/list.html", context)


@page("process.write")
def process_new(request: Request) -> HttpResponse:
    """Begin the making of a plan whose draft is there."""
    form = ProcessForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            process = actions.begin_process(request.actor, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The process is begun: write its terms and its rules."))
            return redirect("process_detail", process.pk)
    context = {
        "form": form,
        "is_possible": queries.plans_to_draft().exists(),
        "crumbs": [(reverse("process_list"), _("Making of the plans")), ("", _("New process"))],
    }
    return render(request, "participation/new.html", context, status=400 if form.errors else 200)


@page("process.read")
def process_detail(request: Request, pk: str) -> HttpResponse:
    """Where a process stands: phases, who may do what, what comes next."""
    process = process_or_404(pk)
    labels = dict(Category.choices)
    phases = [
        (p, [labels[c] for c in p.reads.split()], [labels[c] for c in p.contributes.split()])
        for p in process.phases.all()
    ]
    context = frame(request, process, "process_detail", process.label) | {
        "steps": queries.steps_of(process),
        "phases": phases,
        "groups": queries.groups_of(process),
        "latest": queries.versions_for(request.actor, process).first(),
        "frozen": queries.frozen_of(process),
        "part": part_of_body(request.actor, process),
        "may_answer": request.actor.can("participation.answer"),
        "is_over": is_over(process),
        "known": queries.known_phases().get(process.plan.code, []),
    }  # fmt: skip
    return render(request, "participation/detail.html", context)


@page("process.write")
def process_rules(request: Request, pk: str) -> HttpResponse:
    """Write the terms of reference, the rules, the quorum."""
    process = process_or_404(pk)
    names = ("label_fr", "label_en", "terms", "rules", "quorum_percent", "majority_percent")
    now = {name: getattr(process, name) for name in names}
    now |= {"edition": process.edition, "old_plan": process.old_plan_id}
    form = RulesForm(posted(request), initial=now)

    def act() -> object:
        told = dict(form.cleaned_data)
        edition = told.pop("edition")
        return actions.save_rules(request.actor, process, Rules(**told), edition=edition)

    if done(request, form, act, _("The rules are recorded.")):
        return redirect("process_detail", process.pk)
    return form_page(
        request,
        process,
        form,
        title=_("Terms and rules"),
        back=reverse("process_detail", args=[process.pk]),
    )


@page("process.write")
def process_phase(request: Request, pk: str, stage: str) -> HttpResponse:
    """Set one phase."""
    process = process_or_404(pk)
    if stage not in PHASES:
        raise Http404
    phase = get_object_or_404(process.phases, stage=stage)
    now = {
        "edition": process.edition,
        "start": phase.start,
        "end": phase.end,
        "reads": phase.reads.split(),
        "contributes": phase.contributes.split(),
        "note": phase.note,
    }
    form = PhaseForm(posted(request), initial=now)

    def act() -> object:
        told = dict(form.cleaned_data)
        edition = told.pop("edition")
        return actions.save_phase(request.actor, process, stage, Calendar(**told), edition=edition)

    if done(request, form, act, _("The phase is recorded.")):
        return redirect("process_detail", process.pk)
    return form_page(
        request,
        process,
        form,
        title=_("Phase: %(phase)s") % {"phase": phase.get_stage_display()},
        lead=_("Leave empty a date that is not set yet: it is shown as not set."),
        back=reverse("process_detail", args=[process.pk]),
    )


@page("process.write")
def process_move(request: Request, pk: str) -> HttpResponse:
    """Go to another phase, or stop."""
    process = process_or_404(pk)
    form = MoveForm(posted(request), process=process)

    def act() -> object:
        told = form.cleaned_data
        return actions.move_process(request.actor, process, told["to"], reason=told["reason"])

    if done(request, form, act, _("The process has moved.")):
        return redirect("process_detail", process.pk)
    return form_page(
        request,
        process,
        form,
        title=_("Change the phase"),
        lead=_("The text is validated by the vote of the bodies, not here.")
        if process.stage == Stage.VALIDATION
        else "",
        back=reverse("process_detail", args=[process.pk]),
    )


# --- Participants ---------------------------------------------------------------------------


@page("process.read")
def participant_list(request: Request, pk: str) -> HttpResponse:
    """Who takes part. Survivors are a number, and not even that when they are few."""
    process = process_or_404(pk)
    rows = queries.named_participants(process)
    asked = request.GET.get("category", "")
    if asked in Category.values:
        rows = rows.filter(category=asked)
    may_run = request.actor.can("process.write")
    context = frame(request, process, "participant_list", _("Participants")) | {
        "groups": queries.groups_of(process),
        "page": page_of(request, rows, PER_PAGE),
        "category": asked,
        "listed": [c for c in Category if c is not Category.SURVIVORS],
        "aliases": queries.aliases_of(process) if may_run else [],
        "n_votes": queries.n_votes(process),
        "may_run": may_run and not is_over(process),
        "is_over": is_over(process),
    }
    return render(request, "participation/participants.html", context)


@page("process.write")
def participant_bodies(request: Request, pk: str) -> HttpResponse:
    """Invite bodies."""
    process = process_or_404(pk)
    form = BodiesForm(posted(request), process=process)

    def act() -> object:
        told = dict(form.cleaned_data)
        return actions.invite_bodies(request.actor, process, list(told.pop("bodies")), **told)

    if done(request, form, act, _("The bodies are invited.")):
        return redirect("participant_list", process.pk)
    return form_page(
        request,
        process,
        form,
        title=_("Invite bodies"),
        lead=_("Each focal point can answer for its body; you record the answer of the others."),
        back=reverse("participant_list", args=[process.pk]),
    )


@page("process.write")
def participant_person(request: Request, pk: str) -> HttpResponse:
    """Add a person or a group without a body."""
    process = process_or_404(pk)
    form = PersonForm(posted(request))

    def act() -> object:
        return actions.add_person(request.actor, process, **form.cleaned_data)

    if done(request, form, act, _("The participant is added.")):
        return redirect("participant_list", process.pk)
    return form_page(
        request,
        process,
        form,
        title=_("Add a person or a group"),
        back=reverse("participant_list", args=[process.pk]),
    )


@page("process.write")
def participant_survivors(request: Request, pk: str) -> HttpResponse:
    """Draw pseudonyms."""
    process = process_or_404(pk)
    form = SurvivorsForm(posted(request))

    def act() -> object:
        return actions.add_survivors(request.actor, process, **form.cleaned_data)

    n = form.data.get("number", "") if form.is_bound else ""
    count = int(n) if n.isdigit() and len(n) < 5 else 1
    said = ngettext("%(n)s pseudonym is drawn.", "%(n)s pseudonyms are drawn.", count)
    if done(request, form, act, said % {"n": count}):
        return redirect("participant_list", process.pk)
    return form_page(
        request,
        process,
        form,
        title=_("Survivors"),
        lead=_(
            "Danbe draws a pseudonym for each and keeps nothing else: no name, no body, no place. "
            "Whoever accompanies the person hands it over; nobody writes down who received which."
        ),
        back=reverse("participant_list", args=[process.pk]),
    )


@page("participation.answer")
def participant_answer(request: Request, pk: str) -> HttpResponse:
    """Say whether one's body takes part; the secretariat says it for the others."""
    rows = visible(request.actor, Participant, "participation.answer")
    rows = rows.exclude(category=Category.SURVIVORS).select_related(
        "organisation", "process__plan"
    )
    participant = get_object_or_404(rows, pk=pk)
    process = participant.process
    form = PartForm(posted(request), participant=participant)

    def act() -> object:
        return actions.answer_invitation(request.actor, participant, form.cleaned_data["to"])

    if done(request, form, act, _("The answer is recorded.")):
        return redirect("participant_list", process.pk)
    return form_page(
        request,
        process,
        form,
        title=participant.shown,
        lead=_("Now: %(answer)s") % {"answer": participant.get_answer_display()},
        back=reverse("participant_list", args=[process.pk]),
    )


@page("process.write")
@require_POST
def participant_voter(request: Request, pk: str) -> HttpResponse:
    """Say whether a body votes."""
    rows = visible(request.actor, Participant, "process.write").select_related("process")
    participant = get_object_or_404(rows.exclude(category=Category.SURVIVORS), pk=pk)
    votes = request.POST.get("votes") == "1"

    def act() -> object:
        return actions.set_voter(request.actor, participant, votes=votes)

    said = _("This body votes.") if votes else _("This body does not vote.")
    return act_and_go(request, act, said, "participant_list", participant.process_id)


urlpatterns = [
    path("", process_list, name="process_list"),
    path("new/", process_new, name="process_new"),
    path("<uuid:pk>/", process_detail, name="process_detail"),
    path("<uuid:pk>/rules/", process_rules, name="process_rules"),
    path("<uuid:pk>/phase/<str:stage>/", process_phase, name="process_phase"),
    path("<uuid:pk>/move/", process_move, name="process_move"),
    path("<uuid:pk>/participants/", participant_list, name="participant_list"),
    path("<uuid:pk>/participants/bodies/", participant_bodies, name="participant_bodies"),
    path("<uuid:pk>/participants/person/", participant_person, name="participant_person"),
    path("<uuid:pk>/participants/survivors/", participant_survivors, name="participant_survivors"),
    path("part/<uuid:pk>/", participant_answer, name="participant_answer"),
    path("part/<uuid:pk>/voter/", participant_voter, name="participant_voter"),
    *participation_text.urlpatterns,
    *participation_validation.urlpatterns,
    *participation_public.urlpatterns,
]
