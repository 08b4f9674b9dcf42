"""Eight questions to many people met together: whom to hear first. One line a person."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from danbe.core.access import visible_or_404
from danbe.core.pages import Request, page
from danbe.partnership.queries import languages_spoken
from danbe.protection import interviews
from danbe.protection.interview_actions import triage_people
from danbe.protection.models import Event, Person
from danbe.web.interview_form import ANSWER_LABELS
from danbekit import identification as kit
from danbekit.identification import Answer, Question, Result

PER_PAGE = 25
GIVEN = [answer for answer in ANSWER_LABELS if answer is not Answer.NOT_ASKED]


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the sheet, with the names of their eight fields."""

    person: Person
    fields: tuple[tuple[str, str], ...]  # name, number of the question


@dataclass(frozen=True, slots=True)
class Put:
    """One question of the short form."""

    question: Question

    @property
    def label(self) -> str:
        """As it is read aloud."""
        return self.question.label(interviews.language())


@page("interview.write")
def interview_triage(request: Request, pk: str) -> HttpResponse:
    """The people of an event not heard yet, twenty-five at once; nothing sealed is opened."""
    event = visible_or_404(request.actor, Event, "interview.write", pk)
    if request.method == "POST":
        return _save(request, event)
    told = request.GET.get("after", "")
    after = int(told) if told.isdecimal() and len(told) < 6 else 0
    waiting = interviews.to_triage(request.actor, event, after).select_related("national")
    people = list(waiting[:PER_PAGE])
    heard = interviews.heard_at(request.actor, event)
    numbers = Counter(line.interview.result for line in heard)
    context = {
        "event": event,
        "put": [Put(kit.question(code)) for code in interviews.TRIAGE],
        "lines": [_line(person) for person in people],
        "n_waiting": waiting.count(),
        "last": people[-1].line if len(people) == PER_PAGE else 0,
        "heard": heard[:PER_PAGE],
        "n_heard": len(heard),
        "n_in_danger": sum(bool(line.interview.is_in_danger) for line in heard),
        "by_result": [
            (interviews.result_label(r.value), *interviews.result_tone(r.value), numbers[r.value])
            for r in reversed(Result)
            if numbers[r.value]
        ],
        "answers": [(a.value, str(ANSWER_LABELS[a])) for a in GIVEN],
        "languages": languages_spoken(),
        "crumbs": [(_event_url(event), event.number), ("", _("Short interview"))],
    }
    return render(request, "interviews/triage.html", context)


def _line(person: Person) -> Line:
    names = ((f"p.{person.pk}.{c}", kit.question(c).number) for c in interviews.TRIAGE)
    return Line(person, tuple(names))


def _event_url(event: Event) -> str:
    try:
        return reverse("event_detail", args=[event.pk])
    except NoReverseMatch:
        return ""


def _save(request: Request, event: Event) -> HttpResponse:
    """Keep every line on which something is written; an empty line waits."""
    told: dict[Person, dict[str, str]] = {}
    for person in interviews.on_sheet(request.actor, event):
        said = {c: str(request.POST.get(f"p.{person.pk}.{c}", "")) for c in interviews.TRIAGE}
        written = {code: answer for code, answer in said.items() if answer}
        if not set(written.values()) <= set(GIVEN):
            raise PermissionDenied
        if written:
            told[person] = written
    chosen = request.POST.get("language", "")
    n_people = triage_people(
        request.actor,
        event,
        told,
        language=chosen if chosen in dict(languages_spoken()) else "",
        has_interpreter=bool(request.POST.get("has_interpreter")),
    )
    if n_people:
        text = ngettext("%(n)d person heard.", "%(n)d people heard.", n_people)
        messages.success(request, text % {"n": n_people})
    else:
        messages.info(request, _("Nothing was written: nothing has changed."))
    return redirect("interview_triage", event.pk)
