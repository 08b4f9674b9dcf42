"""The desk of the secretariat: moderate, put together what is alike, answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from danbe.core.access import visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.plan import answer_actions, moderation_actions
from danbe.plan import contribution_queries as queries
from danbe.plan.answer_actions import Reply
from danbe.plan.models import (
    MODERATIONS,
    AnswerOutcome,
    Clause,
    Contribution,
    ContributionGroup,
    Moderation,
    Process,
)
from danbe.web.contributions_view import (
    all_shown,
    area,
    clause_choices,
    crumbs,
    paragraph_told,
    process_or_404,
    shown,
    tabs,
)
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbe.web.plan_view import posted

VERBS = {
    Moderation.PUBLISHED: gettext_lazy("Publish it"),
    Moderation.HELD: gettext_lazy("Hold it back"),
    Moderation.REMOVED: gettext_lazy("Remove it"),
}


class ModerationForm(forms.Form):
    """What becomes of it before an answer; the words as they are published, once opened."""

    to = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "Asked for unless it is published word for word. The contributor reads it."
        ),
        widget=area(3),
        required=False,
    )

    def __init__(self, *args: Any, row: Contribution, is_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = MODERATIONS[Moderation(row.moderation)]
        choices = [(m.value, str(label)) for m, label in VERBS.items() if m in allowed]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        if not is_open:
            return
        hint = _("Mask what would let somebody be recognised: a name, a place, a date.")
        self.fields["text"] = forms.CharField(
            label=_("Words as published"), help_text=hint, widget=area(5), required=False
        )
        self.fields["proposed"] = forms.CharField(
            label=_("Words proposed, as published"), widget=area(2), required=False
        )
        self.order_fields(["text", "proposed", "to", "reason"])


class AnswerForm(forms.Form):
    """What is answered."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=AnswerOutcome.choices,
        widget=forms.RadioSelect,
    )
    clause = forms.ChoiceField(label=gettext_lazy("In which paragraph"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("One sentence at least. The contributor and the public read it."),
        widget=area(4),
    )

    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("No paragraph")), *clause_choices(process)]
        self.fields["clause"].choices = choices  # type: ignore[attr-defined]

    def reply(self) -> Reply:
        """What the form says."""
        told = self.cleaned_data
        clause = Clause.objects.filter(pk=told["clause"]).first() if told["clause"] else None
        return Reply(told["outcome"], told["reason"], clause)


class GroupForm(forms.Form):
    """What some contributions have in common."""

    label = forms.CharField(label=gettext_lazy("What they have in common"), max_length=200)


def _row(request: Request, pk: str, verb: str) -> Contribution:
    row = visible_or_404(request.actor, Contribution, verb, pk)
    return queries.contributions_for(request.actor, row.process).select_related(
        "process", "clause", "answer__clause", "organisation", "group", "room", "supports",
        "typed_by__organisation",
    ).get(pk=row.pk)  # fmt: skip


def _back(row: Contribution) -> tuple[str, str]:
    return (reverse("contribution_detail", args=[row.pk]), row.label)


# --- Moderation -----------------------------------------------------------------------------


@page("contribution.moderate")
@never_cache
def contribution_moderate(request: Request, pk: str) -> HttpResponse:
    """Publish, hold back or remove. Sealed words are opened first, by a POST."""
    row = _row(request, pk, "contribution.moderate")
    is_open = not row.is_sealed or "opened" in request.POST
    form = ModerationForm(posted(request), row=row, is_open=row.is_sealed and is_open)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            if row.is_sealed and not is_open and told["to"] != Moderation.HELD:
                text = _("Read what was written before you decide.")
                raise DomainError("moderation.unread", text, "to")
            moderation_actions.moderate(
                request.actor,
                row,
                to=told["to"],
                reason=told["reason"],
                text=told.get("text"),
                proposed=told.get("proposed"),
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("%(number)s is moderated.") % {"number": row.label})
            return redirect(_next_to_moderate(request, row))
    return _moderation_page(request, row, form, is_open=is_open)


@page("contribution.open")
@never_cache
@require_POST
def contribution_open(request: Request, pk: str) -> HttpResponse:
    """Open what a survivor or a citizen wrote; the trail says who did."""
    row = _row(request, pk, "contribution.open")
    if not row.is_sealed:
        return redirect("contribution_moderate", row.pk)
    opened = moderation_actions.open_contribution(request.actor, row)
    initial = {"text": opened.text, "proposed": opened.proposed}
    form = ModerationForm(row=row, is_open=True, initial=initial)
    return _moderation_page(request, row, form, is_open=True)


def _moderation_page(
    request: Request, row: Contribution, form: ModerationForm, *, is_open: bool
) -> HttpResponse:
    context = {
        "process": row.process,
        "one": shown(request.actor, row),
        "form": form,
        "is_open": is_open,
        "action": reverse("contribution_moderate", args=[row.pk]),
        "crumbs": crumbs(row.process, _back(row), ("", _("Moderation"))),
    }
    status = 400 if form.errors else 200
    return render(request, "contributions/moderate.html", context, status=status)


def _next_to_moderate(request: Request, row: Contribution) -> str:
    """The next one that waits; the list where none does."""
    waiting = visible(request.actor, Contribution, "contribution.moderate").filter(
        process=row.process_id, moderation=Moderation.WAITING
    )
    following = waiting.order_by("number").values_list("pk", flat=True).first()
    if following is not None:
        return reverse("contribution_moderate", args=[following])
    return reverse("contribution_list", args=[row.process_id])


# --- Groups ---------------------------------------------------------------------------------


@page("contribution.group")
def contribution_alike(request: Request, pk: str) -> HttpResponse:
    """What resembles one contribution, as a suggestion; a person chooses what is put together."""
    row = _row(request, pk, "contribution.group")
    form = GroupForm(posted(request), initial={"label": row.group.label if row.group else ""})
    suggested = queries.alike(request.actor, row)
    if request.method == "POST" and form.is_valid():
        chosen = list(
            visible(request.actor, Contribution, "contribution.group").filter(
                process=row.process_id, number__in=_numbers(request)
            )
        )
        try:
            if row.group is not None:
                group = moderation_actions.add_to_group(request.actor, row.group, chosen)
            else:
                group = moderation_actions.group_contributions(
                    request.actor, row.process, [row, *chosen], label=form.cleaned_data["label"]
                )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("They are together: one answer is enough."))
            return redirect("group_detail", group.pk)
    context = {
        "process": row.process,
        "one": shown(request.actor, row),
        "form": form,
        "suggested": [(shown(request.actor, one), share) for one, share in suggested],
        "chosen": {str(n) for n in _numbers(request)},
        "others": request.POST.get("others", ""),
        "crumbs": crumbs(row.process, _back(row), ("", _("Alike"))),
    }
    status = 400 if form.errors else 200
    return render(request, "contributions/alike.html", context, status=status)


def _numbers(request: Request) -> list[int]:
    """The numbers that were ticked, and those that were typed."""
    typed = request.POST.get("others", "").upper().replace("C", " ").replace(",", " ").split()
    told = [*request.POST.getlist("number"), *typed]
    return [int(n) for n in told if n.isascii() and n.isdigit() and len(n) < 8]


@page("contribution.group")
@require_POST
def contribution_ungroup(request: Request, pk: str) -> HttpResponse:
    """Take one out of its group."""
    row = _row(request, pk, "contribution.group")
    moderation_actions.ungroup(request.actor, row)
    messages.success(request, _("%(number)s stands alone again.") % {"number": row.label})
    return redirect("contribution_detail", row.pk)


@page("contribution.group")
def group_list(request: Request, pk: str) -> HttpResponse:
    """What was put together."""
    process = process_or_404(request, pk)
    context = {
        "process": process,
        "title": _("Groups"),
        "tabs": tabs(request, process, "group_list"),
        "page": page_of(request, queries.groups_of(process)),
        "crumbs": crumbs(process, ("", _("Groups"))),
    }
    return render(request, "contributions/groups.html", context)


@page("contribution.group")
def group_detail(request: Request, pk: str) -> HttpResponse:
    """One group: what each one said, in their own words."""
    group = get_object_or_404(ContributionGroup.objects.select_related("process"), pk=pk)
    rows = queries.contributions_for(request.actor, group.process).filter(group=group)
    paged = page_of(request, rows.order_by("number"))
    found = list(paged)
    context = {
        "process": group.process,
        "group": group,
        "page": paged,
        "rows": all_shown(request.actor, found, queries.supports_of(found)),
        "crumbs": crumbs(
            group.process,
            (reverse("group_list", args=[group.process_id]), _("Groups")),
            ("", group.label),
        ),
    }
    return render(request, "contributions/group.html", context)


# --- Answers --------------------------------------------------------------------------------


def _answer_page(
    request: Request, process: Process, form: AnswerForm, told: dict[str, Any]
) -> HttpResponse:
    context = {"process": process, "form": form, **told}
    status = 400 if form.errors else 200
    return render(request, "contributions/answer.html", context, status=status)


@page("contribution.answer")
def contribution_answer(request: Request, pk: str) -> HttpResponse:
    """Answer one contribution, with the reason."""
    row = _row(request, pk, "contribution.answer")
    form = AnswerForm(
        posted(request), process=row.process, initial={"clause": str(row.clause_id or "")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer_actions.answer_contribution(request.actor, row, form.reply())
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The answer is recorded: the contributor is told."))
            return redirect("contribution_detail", row.pk)
    told = {
        "rows": [shown(request.actor, row)],
        "before": row.answer,
        **paragraph_told(row.clause),
        "title": _("Answer %(number)s") % {"number": row.label},
        "back": reverse("contribution_detail", args=[row.pk]),
        "crumbs": crumbs(row.process, _back(row), ("", _("Answer"))),
    }
    return _answer_page(request, row.process, form, told)


@page("contribution.answer")
def group_answer(request: Request, pk: str) -> HttpResponse:
    """Answer every contribution of a group at once."""
    group = get_object_or_404(ContributionGroup.objects.select_related("process"), pk=pk)
    process = group.process
    rows = queries.contributions_for(request.actor, process).filter(group=group).order_by("number")
    form = AnswerForm(posted(request), process=process)
    if request.method == "POST" and form.is_valid():
        try:
            answer_actions.answer_group(request.actor, group, form.reply())
        except DomainError as error:
            at_field(form, error)
        else:
            n = rows.count()
            text = ngettext(
                "%(n)d contribution is answered.", "%(n)d contributions are answered.", n
            )
            messages.success(request, text % {"n": n})
            return redirect("group_detail", group.pk)
    told = {
        "rows": all_shown(request.actor, rows[:25], {}),
        "title": group.label,
        "back": reverse("group_detail", args=[group.pk]),
        "crumbs": crumbs(
            process,
            (reverse("group_list", args=[process.pk]), _("Groups")),
            (reverse("group_detail", args=[group.pk]), group.label),
            ("", _("Answer")),
        ),
    }
    return _answer_page(request, process, form, told)


urlpatterns = [
    path("<uuid:pk>/moderate/", contribution_moderate, name="contribution_moderate"),
    path("<uuid:pk>/open/", contribution_open, name="contribution_open"),
    path("<uuid:pk>/alike/", contribution_alike, name="contribution_alike"),
    path("<uuid:pk>/ungroup/", contribution_ungroup, name="contribution_ungroup"),
    path("<uuid:pk>/answer/", contribution_answer, name="contribution_answer"),
    path("process/<uuid:pk>/groups/", group_list, name="group_list"),
    path("group/<uuid:pk>/", group_detail, name="group_detail"),
    path("group/<uuid:pk>/answer/", group_answer, name="group_answer"),
]
