"""The thread of one paragraph: lessons and contributions before it, the plan's work after it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from danbe.core.access import visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.plan import answer_actions
from danbe.plan import contribution_queries as queries
from danbe.plan.models import Activity, Clause, ClauseActivity
from danbe.plan.trace import candidates, carried_out, lessons_of, spoken_of
from danbe.web.contributions_view import (
    all_shown,
    crumbs,
    paragraph_told,
    process_or_404,
)
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbe.web.plan_view import posted


class LinkForm(forms.Form):
    """By which activity a paragraph is carried out."""

    activity = forms.ChoiceField(label=gettext_lazy("Activity"))


def clause_or_404(request: Request, pk: str) -> Clause:
    """A paragraph of a text that the reader may see."""
    clause = get_object_or_404(Clause.objects.select_related("process"), pk=pk)
    process_or_404(request, clause.process_id)
    return clause


@page("contribution.read")
def clause_trace(request: Request, pk: str) -> HttpResponse:
    """One paragraph, both ways."""
    clause = clause_or_404(request, pk)
    process, actor = clause.process, request.actor
    told = paragraph_told(clause)
    rows = queries.contributions_for(actor, process).filter(clause=clause, supports=None)
    paged = page_of(request, rows.order_by("number"))
    found = list(paged)
    context = {
        "process": process,
        "clause": clause,
        **told,
        "lessons": lessons_of([clause.pk]).get(clause.pk, []),
        "spoken": spoken_of([clause.pk])[clause.pk],
        "page": paged,
        "rows": all_shown(actor, found, queries.supports_of(found)),
        "carried": carried_out(actor, [clause.pk])[clause.pk],
        "may_link": actor.can("plan.write"),
        "may_write": actor.can("contribution.write"),
        "crumbs": crumbs(process, ("", _("Paragraph %(number)s") % {"number": told["number"]})),
    }
    return render(request, "contributions/trace.html", context)


@page("plan.write")
def clause_link(request: Request, pk: str) -> HttpResponse:
    """Tie a paragraph to an activity."""
    clause = clause_or_404(request, pk)
    told = paragraph_told(clause)
    form = LinkForm(posted(request))
    found = candidates(request.actor, clause)
    form.fields["activity"].choices = [  # type: ignore[attr-defined]
        ("", "---------"),
        *((str(a.pk), f"{a.plan.code} · {a.code}. {a.label}") for a in found),
    ]
    if request.method == "POST" and form.is_valid():
        activity = visible_or_404(
            request.actor, Activity, "plan.read", form.cleaned_data["activity"]
        )
        try:
            answer_actions.link_activity(request.actor, clause, activity)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The activity is tied to the paragraph."))
            return redirect("clause_trace", clause.pk)
    back = reverse("clause_trace", args=[clause.pk])
    label = _("Paragraph %(number)s") % {"number": told["number"]}
    context = {
        "form": form,
        "eyebrow": label,
        "title": _("By which activity is it carried out?"),
        "lead": told["words"][:300],
        "back": back,
        "crumbs": crumbs(clause.process, (back, label), ("", _("Activity"))),
    }
    return render(request, "plan/work_form.html", context, status=400 if form.errors else 200)


@page("plan.write")
@require_POST
def clause_unlink(request: Request, pk: int) -> HttpResponse:
    """Take back a link."""
    link = get_object_or_404(ClauseActivity, pk=pk)
    clause = link.clause_id
    answer_actions.unlink_activity(request.actor, link)
    messages.success(request, _("The activity is no longer tied to the paragraph."))
    return redirect("clause_trace", clause)


urlpatterns = [
    path("clause/<uuid:pk>/", clause_trace, name="clause_trace"),
    path("clause/<uuid:pk>/link/", clause_link, name="clause_link"),
    path("link/<int:pk>/remove/", clause_unlink, name="clause_unlink"),
]
