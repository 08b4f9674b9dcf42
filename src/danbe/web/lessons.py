"""The lessons of the old plan in the making of the next: what the draft answers to each."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.plan import evaluation_queries as queries
from danbe.plan.evaluation_actions import answer_lesson
from danbe.plan.models import Clause, ClauseVersion, LessonAnswer, Process, Taken
from danbe.plan.phases import is_over
from danbe.web.errors import at_field
from danbe.web.plan_view import crumbs, posted

SHORT = 90  # characters of a clause in a list


def said(clause: ClauseVersion) -> str:
    """A clause in one line: its number and its first words."""
    words = clause.heading or clause.text
    return f"{clause.number}. {words[:SHORT]}{'…' if len(words) > SHORT else ''}"


class AnswerForm(forms.Form):
    """Where a lesson is taken up, or why not."""

    taken = forms.ChoiceField(
        label=gettext_lazy("This lesson is"), choices=Taken.choices, widget=forms.RadioSelect
    )
    clause = forms.ChoiceField(
        label=gettext_lazy("Taken up in"),
        help_text=gettext_lazy("The clauses of the draft as it stands now."),
        choices=[],
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Asked for when it is not taken up, or only in part."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    def __init__(
        self, *args: Any, process: Process, answer: LessonAnswer | None, **kwargs: Any
    ) -> None:
        if answer:
            kwargs["initial"] = {
                "taken": answer.taken,
                "clause": str(answer.clause_id or ""),
                "reason": answer.reason,
            }
        super().__init__(*args, **kwargs)
        clauses = queries.clauses_of(process).values()
        choices = [("", "—"), *((str(one.clause_id), said(one)) for one in clauses)]
        self.fields["clause"].choices = choices  # type: ignore[attr-defined]

    def clean_clause(self) -> Clause | None:
        """The clause itself."""
        pk = self.cleaned_data["clause"]
        return Clause.objects.get(pk=pk) if pk else None


@page("process.read")
def process_lessons(request: Request, pk: str) -> HttpResponse:
    """Every lesson that the draft must answer, with its answer."""
    process = get_object_or_404(Process.objects.select_related("plan", "old_plan"), pk=pk)
    sees_draft = request.actor.can("text.write")
    rows = [
        (one, said(one.clause) if one.clause else "")
        for one in queries.answered(process, draft=sees_draft)
    ]
    n_open = queries.n_unanswered(process)
    context = {
        "process": process,
        "rows": rows,
        "n_open": n_open,
        "may_answer": request.actor.can("lesson.answer") and not is_over(process),
        "crumbs": [(reverse("plan_list"), _("Action plans")), ("", _("Lessons of the old plan"))],
    }
    return render(request, "evaluation/lessons.html", context)


@page("lesson.answer")
def lesson_answer(request: Request, pk: str, lesson: str) -> HttpResponse:
    """Answer one lesson."""
    process = get_object_or_404(Process.objects.select_related("plan", "old_plan"), pk=pk)
    found = queries.lessons_for(process).filter(pk=lesson).first()
    if found is None:
        raise Http404
    before = LessonAnswer.objects.filter(process=process, lesson=found).first()
    form = AnswerForm(posted(request), process=process, answer=before)
    if request.method == "POST" and form.is_valid():
        try:
            answer_lesson(request.actor, process, lesson=found, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The answer is recorded."))
            return redirect("process_lessons", process.pk)
    back = reverse("process_lessons", args=[process.pk])
    context = {
        "form": form,
        "eyebrow": process.label,
        "title": _("Answer a lesson"),
        "lead": found.text,
        "back": back,
        "crumbs": crumbs(process.plan, (back, _("Lessons of the old plan")), ("", _("Answer"))),
    }
    return render(request, "plan/work_form.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("process/<uuid:pk>/lessons/", process_lessons, name="process_lessons"),
    path("process/<uuid:pk>/lessons/<uuid:lesson>/", lesson_answer, name="lesson_answer"),
]
