"""Supervision: who carries what, what waits for a decision, and how well people are helped."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from danbe.accounts.models import Post
from danbe.core.access import Actor, Reach
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.figures.small_cells import SMALL, SMALLEST, Shown, guard
from danbe.partnership.queries import service_types
from danbe.protection import cases
from danbe.protection.case_actions import move_cases
from danbe.protection.quality import Missing, quality
from danbe.protection.vocabulary import Declining, Sex
from danbe.web import windows
from danbe.web.errors import at_field
from danbekit.dates import Window

FIRST_YEAR = 2019
MOST_LINES = 60  # of what is missing: the rest is rarer still


@page("caseload.read")
def supervision(request: Request) -> HttpResponse:
    """Caseload by post, closings that wait, complaints."""
    actor = request.actor
    loads = cases.caseload(actor)
    context = {
        "loads": loads,
        "n_open": sum(load.n_open for load in loads),
        "n_overdue": sum(load.n_overdue for load in loads),
        "approvals": cases.approvals(actor),
        "complaints": cases.complaints(actor).filter(answered_on=None)[:50],
        "overdue": Paginator(cases.overdue_cases(actor), 20).get_page(1).object_list,
        "crumbs": [("", _("Supervision"))],
    }
    return render(request, "supervision/detail.html", context)


class MoveForm(forms.Form):
    """From a post to another."""

    from_post = forms.ModelChoiceField(Post.objects.none(), label=gettext_lazy("From the post"))
    to_post = forms.ModelChoiceField(Post.objects.none(), label=gettext_lazy("To the post"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Post.objects.filter(organisation_id=actor.seat.organisation_id)
        care = [post.pk for post in cases.care_posts(actor)]
        carrying = [load.post.pk for load in cases.caseload(actor) if load.n_open]
        for name, pks in (("from_post", carrying), ("to_post", care)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = own.filter(pk__in=pks).order_by("title")


@page("case.move")
def cases_move(request: Request) -> HttpResponse:
    """All the open cases of a post to another, in one act."""
    form = MoveForm(request.actor, request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            n = move_cases(request.actor, told["from_post"], told["to_post"])
        except DomainError as error:
            at_field(form, error)
        else:
            said = ngettext("%(n)d case was moved.", "%(n)d cases were moved.", n)
            messages.success(request, said % {"n": n})
            return redirect("supervision")
    crumbs = [(reverse("supervision"), _("Supervision")), ("", _("Move cases"))]
    status = 409 if form.errors else 200
    context = {"form": form, "crumbs": crumbs}
    return render(request, "supervision/move.html", context, status=status)


@page("quality.read")
def quality_measures(request: Request) -> HttpResponse:
    """Time to help, referrals declined, follow-ups kept, needs that no service met."""
    today = timezone.localdate()
    asked = windows.chosen(request, Window.calendar_year(today.year), longest_days=3 * 366)
    found = quality(request.actor, asked.window)
    is_nation = request.actor.reach("quality.read") is Reach.NATION
    n_declined = sum(part.n for part in found.declined)
    declined = guard(n_declined, [part.n for part in found.declined]) if is_nation else None
    parts = [_plain(part.n) for part in found.declined] if declined is None else declined.parts
    labels = dict(Declining.choices)
    split = declined is None or declined.is_split
    context = {
        "asked": asked,
        "groups": windows.groups(FIRST_YEAR, today.year, asked.window),
        "quality": found,
        "is_nation": is_nation,
        "is_small": is_nation and found.delay.n_cases < SMALLEST,
        "n_cases": _shown(found.delay.n_cases, is_nation),
        "n_referred": _shown(found.n_referred, is_nation),
        "n_declined": _shown(n_declined, is_nation),
        "n_due": _shown(found.n_due, is_nation),
        "declined": [
            (labels[part.code], shown.value, shown.mark)
            for part, shown in zip(found.declined, parts, strict=True)
            if split
        ],
        "missing": _lines(found.missing[:MOST_LINES], is_nation),
        "crumbs": [("", _("Quality of care"))],
    }
    return render(request, "supervision/quality.html", context)


def _plain(n: int) -> Shown:
    return Shown(n, "", n, n)


def _shown(n: int, is_nation: bool) -> Shown:
    """A number as its reader may see it."""
    return guard(n, []).total if is_nation else _plain(n)


def _lines(rows: tuple[Missing, ...], is_nation: bool) -> list[tuple[str, str, str, str]]:
    """What is missing where. For the nation each part is rounded and no total is beside it."""
    named, sexes = dict(service_types()), dict(Sex.choices)
    found = []
    for row in rows:
        shown = guard(row.n, [], is_part=True).total if is_nation else _plain(row.n)
        n = SMALL if shown.value is None else str(shown.value)
        where = row.region or _("region not known")
        found.append((named.get(row.service, row.service), where, str(sexes[row.sex]), n))
    return found


urlpatterns = [
    path("", supervision, name="supervision"),
    path("move/", cases_move, name="cases_move"),
    path("quality/", quality_measures, name="quality"),
]
