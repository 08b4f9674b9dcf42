"""Contributions to a draft: the list, one of them with its thread, writing one from a post."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import visible
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.plan import contribution_actions as actions
from danbe.plan import contribution_queries as queries
from danbe.plan.contribution_rules import is_taking
from danbe.plan.models import AnswerOutcome, Category, Contribution, ContributionKind, Moderation
from danbe.plan.trace import carried_out
from danbe.web import contributions_desk, contributions_public, contributions_room, trace
from danbe.web.contributions_view import (
    ContributionForm,
    VoiceForm,
    all_shown,
    clause_choices,
    crumbs,
    paragraph_told,
    process_or_404,
    shown,
    tabs,
)
from danbe.web.errors import at_field
from danbe.web.listing import key_of, page_of
from danbe.web.plan_view import posted

PER_PAGE = 25


def contribution_or_404(
    request: Request, pk: str, verb: str = "contribution.read"
) -> Contribution:
    """One that the reader may see, with all that a page says of it."""
    rows = visible(request.actor, Contribution, "contribution.read").select_related(
        "process", "clause", "answer__clause", "answer__post__organisation", "organisation",
        "group", "room", "supports", "typed_by__organisation",
    )  # fmt: skip
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    process_or_404(request, row.process_id)
    return row


def states() -> list[tuple[str, str]]:
    """What a list may be cut by."""
    return [
        ("waiting", str(Moderation.WAITING.label)),
        ("unanswered", _("Waits for an answer")),
        *((o.value, str(o.label)) for o in AnswerOutcome),
        ("held", str(Moderation.HELD.label)),
        ("removed", str(Moderation.REMOVED.label)),
    ]


@page("contribution.read")
def contribution_list(request: Request, pk: str) -> HttpResponse:
    """What was said of a draft, cut by kind, category, state and paragraph."""
    process = process_or_404(request, pk)
    asked = request.GET
    told = queries.Filters(
        kind=asked.get("kind", ""),
        category=asked.get("category", ""),
        state=asked.get("state", ""),
        clause=key_of(asked.get("clause", "")),
        text=asked.get("q", "").strip()[:100],
        mine="mine" in asked,
    )
    rows = queries.filtered(
        request.actor, queries.contributions_for(request.actor, process), told
    ).order_by("-number")
    paged = page_of(request, rows, PER_PAGE)
    found = list(paged)
    count = queries.tally(process)
    context = {
        "process": process,
        "title": _("Contributions"),
        "tabs": tabs(request, process, "contribution_list"),
        "page": paged,
        "rows": all_shown(request.actor, found, queries.supports_of(found)),
        "told": told,
        "told_clause": str(told.clause or ""),
        "kinds": ContributionKind.choices,
        "categories": Category.choices,
        "states": states(),
        "clauses": clause_choices(process),
        "tally": count,
        "outcomes": [(AnswerOutcome(o).label, n) for o, n in count.outcomes.items()],
        "by_category": [
            (Category(c).label, queries.shown_count(c, n)) for c, n in count.categories.items()
        ],
        "is_filtered": any(
            [told.kind, told.category, told.state, told.clause, told.text, told.mine]
        ),
        "is_taking": is_taking(process),
        "may_write": request.actor.can("contribution.write"),
        "may_collect": request.actor.can("contribution.collect"),
        "crumbs": crumbs(process),
    }
    return render(request, "contributions/list.html", context)


# --- One ------------------------------------------------------------------------------------


@page("contribution.read")
def contribution_detail(request: Request, pk: str) -> HttpResponse:
    """One contribution: what was said, what was answered, and what follows from it."""
    row = contribution_or_404(request, pk)
    actor = request.actor
    clause = row.answer.clause if row.answer and row.answer.clause else row.clause
    may_support = (
        actor.can("contribution.write")
        and row.moderation == Moderation.PUBLISHED
        and row.kind != ContributionKind.SUPPORT
        and row.post_id != actor.post_id
        and not row.supporters.filter(post=actor.post_id).exists()
    )
    context = {
        "process": row.process,
        "one": shown(actor, row, queries.supports_of([row]).get(row.pk, 0)),
        "answer": row.answer,
        "clause": clause,
        **paragraph_told(clause),
        "carried": carried_out(actor, [clause.pk])[clause.pk] if clause else [],
        "may_support": may_support and is_taking(row.process),
        "may_moderate": actor.can("contribution.moderate"),
        "may_answer": actor.can("contribution.answer")
        and row.moderation == Moderation.PUBLISHED
        and row.supports is None,
        "may_group": actor.can("contribution.group") and row.moderation == Moderation.PUBLISHED,
        "crumbs": crumbs(
            row.process,
            ("", row.label),
        ),
    }
    return render(request, "contributions/detail.html", context)


@page("contribution.write")
@require_POST
def contribution_support(request: Request, pk: str) -> HttpResponse:
    """Support what somebody else said."""
    row = contribution_or_404(request, pk)
    try:
        actions.support(request.actor, row)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your support is recorded. You will be told of the answer."))
    return redirect("contribution_detail", row.pk)


# --- Writing --------------------------------------------------------------------------------


def _write(request: Request, pk: str, *, is_voice: bool) -> HttpResponse:
    process = process_or_404(request, pk)
    initial = {"clause": request.GET.get("clause", ""), "kind": request.GET.get("kind", "")}
    maker: type[ContributionForm] = VoiceForm if is_voice else ContributionForm
    form = maker(posted(request), process=process, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = _contributed(request, process, form)
        except DomainError as error:
            at_field(form, error)
        else:
            text = _("Your contribution %(number)s is recorded. You will be told of the answer.")
            messages.success(request, text % {"number": row.label})
            return redirect("contribution_detail", row.pk)
    chosen = form["clause"].value()
    clause = process.clauses.filter(pk=key).first() if (key := key_of(chosen)) else None
    title = _("Type up a voice note") if is_voice else _("Contribute")
    context = {
        "process": process,
        "form": form,
        "title": title,
        "is_voice": is_voice,
        "is_taking": is_taking(process),
        **paragraph_told(clause),
        "back": reverse("contribution_list", args=[process.pk]),
        "crumbs": crumbs(
            process,
            ("", title),
        ),
    }
    status = 400 if form.errors else 200
    return render(request, "contributions/form.html", context, status=status)


def _contributed(request: Request, process: Any, form: ContributionForm) -> Contribution:
    if isinstance(form, VoiceForm):
        return actions.type_up(
            request.actor,
            process,
            form.told(),
            category=form.cleaned_data["category"],
            organisation=form.cleaned_data["organisation"],
        )
    return actions.contribute(request.actor, process, form.told())


@page("contribution.write")
def contribution_new(request: Request, pk: str) -> HttpResponse:
    """Write in the name of one's body."""
    return _write(request, pk, is_voice=False)


@page("contribution.collect")
def contribution_voice(request: Request, pk: str) -> HttpResponse:
    """Type up what somebody said."""
    return _write(request, pk, is_voice=True)


urlpatterns = [
    path("process/<uuid:pk>/", contribution_list, name="contribution_list"),
    path("process/<uuid:pk>/new/", contribution_new, name="contribution_new"),
    path("process/<uuid:pk>/voice/", contribution_voice, name="contribution_voice"),
    path("<uuid:pk>/", contribution_detail, name="contribution_detail"),
    path("<uuid:pk>/support/", contribution_support, name="contribution_support"),
    *contributions_desk.urlpatterns,
    *contributions_room.urlpatterns,
    *contributions_public.urlpatterns,
    *trace.urlpatterns,
]
