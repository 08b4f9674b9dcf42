"""The guided interview: reminders, one page a section, what it says, what a person decides.

A GET never shows an answer: whoever resumes sends a POST, which is recorded. Each section page is
reached by the button of another one, which saves that one first: nothing typed is lost. The
address is always that of the page shown; to refresh it is to send it again, which is harmless.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.partnership.queries import languages_spoken
from danbe.protection import interviews
from danbe.protection.decision_actions import decide_pathway, presume_victim
from danbe.protection.interview_actions import (
    begin_interview,
    finish_interview,
    open_interview,
    save_answers,
)
from danbe.protection.interviews import Held, Reading
from danbe.protection.models import Interview, Person
from danbe.protection.vocabulary import Basis, Identification, Pathway
from danbe.web.errors import at_field
from danbe.web.interview_form import (
    Typed,
    pages_of,
    section_page,
    seen_of,
    urgent_of,
)
from danbe.web.interview_result import PathwayForm, PresumeForm, said_of
from danbe.web.interview_triage import interview_triage
from danbekit import identification as kit
from danbekit.identification import Section

SECTIONS = {section.code: section for section in kit.sections()}
FIRST = kit.sections()[0].code


# --- Beginning -----------------------------------------------------------------------------


@page("interview.write")
def interview_new(request: Request, pk: str) -> HttpResponse:
    """What to keep in mind, then begin. Nothing sealed is opened."""
    person = visible_or_404(request.actor, Person, "interview.write", pk)
    languages = languages_spoken()
    if request.method == "POST":
        chosen = request.POST.get("language", "")
        begun = begin_interview(
            request.actor,
            person,
            language=chosen if chosen in dict(languages) else "",
            has_interpreter=bool(request.POST.get("has_interpreter")),
        )
        return redirect("interview_section", begun.pk, FIRST)
    context = {
        "person": person,
        "languages": languages,
        "reminders": reminders(),
        "interviews": interviews.of_person(request.actor, person),
        "is_child": person.age_group == "child",
        "crumbs": _crumbs(person, _("Interview")),
    }
    return render(request, "interviews/new.html", context)


def reminders() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The ethical reminders by moment, in words: label, text, reference."""
    spoken = interviews.language()
    moments = {
        "before": _("Before the interview"),
        "during": _("During the interview"),
        "after": _("After the interview"),
    }
    return [
        (
            title,
            [
                (told.label(spoken), told.text(spoken), told.reference)
                for told in kit.reminders()
                if told.moment == moment
            ],
        )
        for moment, title in moments.items()
    ]


def _crumbs(person: Person, *last: str) -> list[tuple[str, str]]:
    """The person, under the number that says nothing, then the page."""
    return [(person_url(person), person.national.number), *(("", label) for label in last)]


def person_url(person: Person) -> str:
    """The page of the person."""
    try:
        return reverse("person_detail", args=[person.pk])
    except NoReverseMatch:
        return ""


# --- Section by section ----------------------------------------------------------------------


@page("interview.write")
def interview_section(request: Request, pk: str, section: str) -> HttpResponse:
    """One section. By POST: what another page held is kept first, then this one is shown."""
    interview = _own_or_404(request, pk)
    if section not in SECTIONS:
        raise Http404
    if request.method == "POST":
        return _after_saving(
            request, interview, lambda reading: _ask(request, reading, SECTIONS[section])
        )
    if interviews.is_blank(request.actor, interview):
        return _ask(request, interviews.read(interview, Held()), SECTIONS[section])
    url = reverse("interview_section", args=[interview.pk, section])
    return _gate(request, interview, url, _("Resume the interview"))


def _own_or_404(request: Request, pk: str) -> Interview:
    """An interview that the actor's own body holds."""
    interview = visible_or_404(request.actor, Interview, "interview.write", pk)
    if interview.organisation_id != request.actor.organisation_id:
        raise Http404
    return interview


def _gate(request: Request, interview: Interview, url: str, button: str) -> HttpResponse:
    """What a GET shows instead of answers: one button that opens them, recorded."""
    context = {
        "interview": interview,
        "url": url,
        "button": button,
        "crumbs": _crumbs(interview.person, _("Interview")),
    }
    return render(request, "interviews/gate.html", context)


def _after_saving(
    request: Request, interview: Interview, then: Callable[[Reading], HttpResponse]
) -> HttpResponse:
    """Keep what the page held, if it held a section; then go on."""
    actor, typed = request.actor, Typed.of(request.POST)
    by_itself = "X-Danbe-Autosave" in request.headers
    if typed is None:
        return then(open_interview(actor, interview))
    try:
        reading = save_answers(
            actor,
            interview,
            typed.answers,
            typed.notes,
            facts=_facts(typed, by_itself=by_itself),
            seen=typed.seen,
            tab=typed.tab,
            more=by_itself,
        )
    except DomainError as error:
        if by_itself:
            return JsonResponse({"error": str(error)}, status=409)
        reading = open_interview(actor, interview)
        return _ask(request, reading, SECTIONS[typed.section], typed=typed, error=error)
    if by_itself:
        answer = JsonResponse({})
        answer["X-Danbe-Version"] = seen_of(reading.held, typed.section)
        return answer
    return then(reading)


def _facts(typed: Typed, *, by_itself: bool) -> interviews.Facts | None:
    """The time of the facts; a page that saves itself leaves a half-typed day for later."""
    try:
        return typed.told_facts
    except DomainError:
        if by_itself:
            return None
        raise


def _ask(
    request: Request,
    reading: Reading,
    section: Section,
    *,
    typed: Typed | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    interview = reading.interview
    order = list(SECTIONS)
    place = order.index(section.code)
    context = {
        "interview": interview,
        "person": interview.person,
        "shown": section_page(
            reading, section, typed, is_rival=bool(error and error.code == "interview.changed")
        ),
        "parts": _parts(reading, section),
        "position": place + 1,
        "n_sections": len(order),
        "before": order[place - 1] if place else "",
        "next": order[place + 1] if place + 1 < len(order) else "",
        "urgent": urgent_of(reading),
        "is_urgent": reading.is_urgent,
        "is_folded": section.code not in ("danger", "basic_needs"),
        "reminders": reminders()[1][1],
        "tab": secrets.token_hex(8),
        "error": error,
        "crumbs": _crumbs(interview.person, _("Interview")),
    }
    return render(request, "interviews/section.html", context, status=409 if error else 200)


@dataclass(frozen=True, slots=True)
class Part:
    """One section in the row that leads to all of them."""

    code: str
    letter: str
    label: str
    n_answered: int
    is_here: bool


def _parts(reading: Reading, here: Section) -> list[Part]:
    """The sections, how many of their questions were answered, and which is open."""
    known = reading.held.known
    return [
        Part(
            section.code,
            section.letter,
            section.label(interviews.language()),
            sum(q.code in known for q in kit.questions_of(section.code)),
            section.code == here.code,
        )
        for section in SECTIONS.values()
    ]


@page("interview.write")
@require_POST
def interview_stop(request: Request, pk: str) -> HttpResponse:
    """Keep what the page held and stop there. It may go on another day."""
    interview = _own_or_404(request, pk)

    def stop(reading: Reading) -> HttpResponse:
        messages.success(request, _("All is kept, sealed. The interview may go on another day."))
        return redirect("interview_open", interview.pk)

    return _after_saving(request, interview, stop)


@page("interview.write")
@require_POST
def interview_finish(request: Request, pk: str) -> HttpResponse:
    """End the interview, after one answer or after all."""
    interview = _own_or_404(request, pk)
    finish_interview(request.actor, interview)
    messages.success(request, _("The interview is finished. It may be taken up again."))
    return redirect("interview_open", interview.pk)


# --- Reading it ------------------------------------------------------------------------------


@page("interview.read")
def interview_open(request: Request, pk: str) -> HttpResponse:
    """One interview. By GET: who, when, what the method read. By POST: the answers."""
    interview = visible_or_404(request.actor, Interview, "interview.read", pk)
    reading = open_interview(request.actor, interview) if request.method == "POST" else None
    is_own = interview.organisation_id == request.actor.organisation_id
    context = {
        "interview": interview,
        "person": interview.person,
        "line": interviews.InterviewLine(interview, is_own),
        "reading": reading,
        "pages": pages_of(reading) if reading else [],
        "language": dict(languages_spoken()).get(interview.language, ""),
        "patterns": [
            pattern.label(interviews.language())
            for pattern in kit.patterns()
            if pattern.code in interview.patterns.split()
        ],
        "decisions": interview.decisions.select_related("post__organisation"),
        "first": FIRST,
        "n_questions": len(kit.questions()),
        "person_url": person_url(interview.person),
        "crumbs": _crumbs(interview.person, _("Interview")),
    }
    return render(request, "interviews/detail.html", context)


@page("interview.open")
def interview_result(request: Request, pk: str) -> HttpResponse:
    """What the answers say, with the reason of every point. Nothing in it is a decision."""
    interview = visible_or_404(request.actor, Interview, "interview.open", pk)
    if request.method != "POST":
        url = reverse("interview_result", args=[interview.pk])
        return _gate(request, interview, url, _("See what the answers say"))
    if Typed.of(request.POST) is not None:
        return _after_saving(
            request, _own_or_404(request, pk), lambda reading: _result(request, reading)
        )
    return _result(request, open_interview(request.actor, interview))


def _result(
    request: Request,
    reading: Reading,
    presume: PresumeForm | None = None,
    pathway: PathwayForm | None = None,
) -> HttpResponse:
    interview, actor = reading.interview, request.actor
    person, told = interview.person, reading.assessment
    is_refused = bool((presume and presume.errors) or (pathway and pathway.errors))
    context = {
        "interview": interview,
        "person": person,
        "reading": reading,
        "result": interviews.result_label(told.result),
        "tone": interviews.result_tone(told.result)[0],
        "sign": interviews.result_tone(told.result)[1],
        "said": said_of(reading),
        "urgent": urgent_of(reading),
        "is_urgent": reading.is_urgent,
        "age": told.age_at_act,
        "age_is_told": reading.held.facts.age_max is not None,
        "day": interviews.day_of_law(person, reading.held.facts),
        "day_is_told": bool(reading.held.facts.last),
        "is_own": interview.organisation_id == actor.organisation_id,
        "is_identified": person.status == Identification.IDENTIFIED,
        "is_presumed": person.status == Identification.PRESUMED,
        "presume": presume or PresumeForm(reading),
        "pathway": pathway or PathwayForm(reading),
        "may_presume": actor.can("person.presume"),
        "may_orient": actor.can("person.orient"),
        "reminders": reminders()[2][1],
        "crumbs": _crumbs(person, _("What the answers say")),
    }
    return render(request, "interviews/result.html", context, status=409 if is_refused else 200)


# --- What a person decides -------------------------------------------------------------------


@page("person.presume")
@require_POST
def interview_presume(request: Request, pk: str) -> HttpResponse:
    """Presume a victim, with these reasons. Nobody but a person does it."""
    interview = visible_or_404(request.actor, Interview, "interview.open", pk)
    reading = open_interview(request.actor, interview)
    form = PresumeForm(reading, request.POST)
    if interview.person.status == Identification.IDENTIFIED:
        form.add_error(None, _("This person is already formally identified."))
    if form.is_valid():
        told = form.cleaned_data
        try:
            with transaction.atomic():
                _finished(request, interview)
                presume_victim(
                    request.actor,
                    interview.person,
                    reason=told["reason"],
                    interview=interview,
                    form=told["form"],
                    basis=Basis(told["basis"] or Basis.NOT_STATED),
                    offences=told.get("offences", ()),
                )
        except DomainError as error:
            at_field(form, error)
        else:
            text = _("The person is presumed a victim: every service is open to them now.")
            messages.success(request, text)
            return redirect("interview_open", interview.pk)
    return _result(request, reading, presume=form)


@page("person.orient")
@require_POST
def interview_pathway(request: Request, pk: str) -> HttpResponse:
    """Decide which mechanism the person follows. A change is not a second person."""
    interview = visible_or_404(request.actor, Interview, "interview.open", pk)
    reading = open_interview(request.actor, interview)
    form = PathwayForm(reading, request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            decide_pathway(
                request.actor, interview.person, Pathway(told["pathway"]), reason=told["reason"]
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The pathway is decided."))
            return redirect("interview_open", interview.pk)
    return _result(request, reading, pathway=form)


def _finished(request: Request, interview: Interview) -> None:
    """A decision rests on an interview that stays as it was read."""
    if interview.organisation_id == request.actor.organisation_id:
        finish_interview(request.actor, interview)


# --- Paper -----------------------------------------------------------------------------------


@page("interview.read")
def interview_paper(request: Request) -> HttpResponse:
    """The blank form on A4, with the numbers of the screens."""
    blank = Reading(Interview(person=Person()), Held(), kit.assess({}))
    return _paper(request, blank, is_blank=True)


@page("interview.open")
@require_POST
def interview_print(request: Request, pk: str) -> HttpResponse:
    """One interview on A4, with its answers."""
    interview = visible_or_404(request.actor, Interview, "interview.open", pk)
    return _paper(request, open_interview(request.actor, interview), is_blank=False)


def _paper(request: Request, reading: Reading, *, is_blank: bool) -> HttpResponse:
    interview = reading.interview
    context = {
        "is_blank": is_blank,
        "interview": interview,
        "pages": pages_of(reading),
        "edition": kit.EDITION,
        "reminders": reminders(),
        "language": dict(languages_spoken()).get(interview.language, ""),
        "result": interviews.result_label(reading.assessment.result),
        "elements": said_of(reading).elements if not is_blank else (),
        "presume": PresumeForm.base_fields,
        "pathways": [label for value, label in Pathway.choices if value != Pathway.UNDETERMINED],
    }
    return render(request, "interviews/paper.html", context)


urlpatterns = [
    path("people/<uuid:pk>/interview/", interview_new, name="interview_new"),
    path("events/<uuid:pk>/triage/", interview_triage, name="interview_triage"),
    path("interviews/paper/", interview_paper, name="interview_paper"),
    path("interviews/<uuid:pk>/", interview_open, name="interview_open"),
    path(
        "interviews/<uuid:pk>/section/<slug:section>/",
        interview_section,
        name="interview_section",
    ),
    path("interviews/<uuid:pk>/stop/", interview_stop, name="interview_stop"),
    path("interviews/<uuid:pk>/finish/", interview_finish, name="interview_finish"),
    path("interviews/<uuid:pk>/result/", interview_result, name="interview_result"),
    path("interviews/<uuid:pk>/presume/", interview_presume, name="interview_presume"),
    path("interviews/<uuid:pk>/pathway/", interview_pathway, name="interview_pathway"),
    path("interviews/<uuid:pk>/print/", interview_print, name="interview_print"),
]
