"""Pairs of records that may be one person: looked for, read without a name, decided."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from danbe.core.access import visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.models import Term
from danbe.core.pages import Request, page
from danbe.protection import links
from danbe.protection.link_actions import (
    REASONS,
    Reason,
    decide_pair,
    search_pairs,
    search_recent_pairs,
)
from danbe.protection.models import Candidate, LinkDecision, Person
from danbe.protection.vocabulary import LinkStatus
from danbe.web.errors import at_field
from danbe.web.listing import key_of, page_of

TONES = {
    LinkStatus.OPEN: ("warn", "question"),
    LinkStatus.SAME: ("good", "check"),
    LinkStatus.DIFFERENT: ("neutral", "cross"),
}


@page("link.read")
def link_list(request: Request) -> HttpResponse:
    """The pairs that touch one's own records, those to look at first."""
    actor = request.actor
    status = request.GET.get("status", LinkStatus.OPEN.value)
    status = status if status in LinkStatus.values else LinkStatus.OPEN.value
    person = _person(request)
    rows = links.pairs_of(actor, status, person.pk if person else None)
    found = page_of(request, rows)
    counts = visible(actor, Candidate, "link.read").order_by().values("status")
    numbers = dict(counts.annotate(n=Count("pk")).values_list("status", "n"))
    here = reverse("link_list")
    tabs = [
        (f"{here}?status={s.value}", f"{s.label} ({numbers.get(s.value, 0)})", s.value == status)
        for s in LinkStatus
    ]
    context = {
        "page": found,
        "pairs": links.told(actor, found.object_list),
        "body_types": _body_types(),
        "tabs": [] if person else tabs,
        "status": status,
        "person": person,
        "number": person.national.number if person else "",
        "may_search": actor.can("link.search"),
        "crumbs": [("", _("One person, several records"))],
    }
    return render(request, "links/list.html", context)


def _person(request: Request) -> Person | None:
    """The own record that the list is asked about."""
    if not (pk := key_of(request.GET.get("person"))):
        return None
    own = visible(request.actor, Person, "link.search").select_related("national")
    return own.filter(organisation_id=request.actor.seat.organisation_id, pk=pk).first()


def _body_types() -> dict[str, str]:
    return {t.code: t.label for t in Term.objects.filter(list="organisation_type")}


class DecisionForm(forms.Form):
    """One person, two persons, or undecided again; and how one knows."""

    status = forms.ChoiceField(label=gettext_lazy("Your decision"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=gettext_lazy("How do you know?"))

    def __init__(self, candidate: Candidate, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {
            LinkStatus.SAME: _("One person: count once, under one national number"),
            LinkStatus.DIFFERENT: _("Two persons: do not propose this pair again"),
            LinkStatus.OPEN: _("Undo: the two records are apart again, to be looked at"),
        }
        offered = [status for status in said if status != candidate.status]
        self.fields["status"] = forms.ChoiceField(
            label=_("Your decision"),
            choices=[(status.value, said[status]) for status in offered],
            widget=forms.RadioSelect,
        )
        reasons = dict.fromkeys(reason for status in offered for reason in REASONS[status])
        self.fields["reason"] = forms.ChoiceField(
            label=_("How do you know?"),
            choices=[("", _("Choose…")), *((r.value, r.label) for r in reasons)],
            help_text=_("A reason from the list only: no name is written here."),
        )


@page("link.read")
def link_detail(request: Request, pk: str) -> HttpResponse:
    """One's own record whole, the other one without what could name; what agrees."""
    row = visible_or_404(request.actor, Candidate, "link.read", pk)
    may_decide = request.actor.can("link.decide")
    return _detail(request, row, DecisionForm(row) if may_decide else None)


@page("link.decide")
@require_POST
def link_decide(request: Request, pk: str) -> HttpResponse:
    """Record the decision; it can be undone."""
    row = visible_or_404(request.actor, Candidate, "link.decide", pk)
    form = DecisionForm(row, request.POST)
    if form.is_valid():
        told = form.cleaned_data
        status = LinkStatus(told["status"])
        try:
            decide_pair(request.actor, row, status=status, reason=told["reason"])
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("Decided: numbers and figures follow. It can be undone."))
            return redirect("link_detail", pk)
    return _detail(request, row, form, 400)


def _detail(
    request: Request, row: Candidate, form: forms.Form | None, status: int = 200
) -> HttpResponse:
    rows = links.pairs_of(request.actor, "").filter(pk=row.pk)
    (pair,) = links.told(request.actor, rows)
    decisions = visible(request.actor, LinkDecision, "link.read").filter(candidate=row)
    mine = request.actor.organisation_id
    history = [
        (
            decision,
            Reason(decision.reason).label,
            _("your organisation") if decision.organisation_id == mine else _("the other body"),
        )
        for decision in decisions
    ]
    tone, sign = TONES[LinkStatus(row.status)]
    context = {
        "pair": pair,
        "body_types": _body_types(),
        "ages": links.ages_of(pair.own.person),
        "tone": tone,
        "sign": sign,
        "form": form,
        "history": history,
        "crumbs": [
            (reverse("link_list"), _("One person, several records")),
            ("", pair.own.number),
        ],
    }
    return render(request, "links/detail.html", context, status=status)


@page("link.search")
@require_POST
def link_search(request: Request, pk: str) -> HttpResponse:
    """Look for the records that may be this person's."""
    person = visible_or_404(request.actor, Person, "link.search", pk)
    try:
        found = search_pairs(request.actor, person)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("link_list")
    _say(request, len(found))
    return redirect(f"{reverse('link_list')}?person={person.pk}")


@page("link.search")
@require_POST
def link_search_recent(request: Request) -> HttpResponse:
    """The same for the last records of the body."""
    _say(request, search_recent_pairs(request.actor))
    return redirect("link_list")


def _say(request: Request, n: int) -> None:
    text = ngettext("%(n)d pair to look at.", "%(n)d pairs to look at.", n) % {"n": n}
    messages.info(request, text if n else _("No record that looks like it was found."))


urlpatterns = [
    path("", link_list, name="link_list"),
    path("recent/", link_search_recent, name="link_search_recent"),
    path("person/<uuid:pk>/search/", link_search, name="link_search"),
    path("<uuid:pk>/", link_detail, name="link_detail"),
    path("<uuid:pk>/decide/", link_decide, name="link_decide"),
]
