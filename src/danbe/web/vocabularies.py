"""Code lists and offences."""

import datetime
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from danbe.accounts.models import Post
from danbe.core.law_actions import confirm_offence, withdraw_confirmation
from danbe.core.models import Offence, Term
from danbe.core.pages import Request, page
from danbe.web.listing import page_of
from danbe.web.lists import title_of
from danbekit.names import fold

SURE = ("official", "seen")  # a French wording that a source gives
BASES = {
    "trafficking": gettext_lazy("Trafficking in persons"),
    "assimilated_2012": gettext_lazy("Assimilated practice (law of 2012)"),
    "slavery_2024": gettext_lazy("Slavery and assimilated practice (code of 2024)"),
    "other": gettext_lazy("Other text"),
}


@dataclass(frozen=True, slots=True)
class ListLine:
    """One code list: its size, its versions, and how much of its French is unconfirmed."""

    name: str
    title: str
    n_terms: int
    n_unconfirmed: int
    versions: tuple[str, ...]


def unconfirmed() -> Q:
    """Terms whose French no source gives."""
    return ~Q(label_fr_status__in=SURE)


@page("vocabulary.read")
def list_index(request: Request) -> HttpResponse:
    """All code lists, and the way to the law."""
    rows = list(
        Term.objects.order_by()
        .values("list")
        .annotate(n=Count("pk"), doubtful=Count("pk", unconfirmed()))
    )
    versions: dict[str, list[str]] = {}
    for name, version in (
        Term.objects.order_by("version").values_list("list", "version").distinct()
    ):
        versions.setdefault(name, []).append(version)
    lines = [
        ListLine(
            row["list"],
            title_of(row["list"]),
            row["n"],
            row["doubtful"],
            tuple(filter(None, versions[row["list"]])),
        )
        for row in rows
    ]
    context = {
        "lines": sorted(lines, key=lambda line: fold(line.title)),
        "n_offences": Offence.objects.count(),
        "n_unconfirmed": Offence.objects.filter(confirmed_at=None).count(),
        "crumbs": [("", _("Lists and law"))],
    }
    return render(request, "vocabularies/index.html", context)


@page("vocabulary.read")
def list_detail(request: Request, name: str) -> HttpResponse:
    """The terms of one list, in one version or all."""
    rows = Term.objects.filter(list=name)
    versions = list(rows.order_by("version").values_list("version", flat=True).distinct())
    if not versions:
        raise Http404
    text, version = request.GET.get("q", "").strip(), request.GET.get("version", "")
    if version in versions:
        rows = rows.filter(version=version)
    if text:
        rows = rows.filter(
            Q(code__icontains=text) | Q(label_fr__icontains=text) | Q(label_en__icontains=text)
        )
    context = {
        "name": name,
        "title": title_of(name),
        "text": text,
        "version": version,
        "versions": versions,
        "sure": SURE,
        "n_unconfirmed": Term.objects.filter(unconfirmed(), list=name).count(),
        "sources": Term.objects.filter(list=name)
        .exclude(source="")
        .order_by("source")
        .values_list("source", flat=True)
        .distinct()[:6],
        "page": page_of(request, rows, 60),
        "crumbs": [(reverse("list_index"), _("Lists and law")), ("", title_of(name))],
    }
    return render(request, "vocabularies/list.html", context)


def day_asked(request: HttpRequest) -> datetime.date | None:
    """The day asked for by ``?on=``; ``None`` when none or unreadable."""
    try:
        return datetime.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


UNDATED = Q(valid_from=None, valid_to=None)  # a bill, or a text whose dates were not found


def in_force_on(day: datetime.date) -> QuerySet[Offence]:
    """The articles by which a fact of ``day`` is judged; an undated one judges nothing."""
    began = Q(valid_from=None) | Q(valid_from__lte=day)
    lasted = Q(valid_to=None) | Q(valid_to__gte=day)
    return Offence.objects.filter(began & lasted).exclude(UNDATED)


def by_age(offence: Offence) -> tuple[bool, datetime.date, str]:
    """The oldest law first, what has no date last."""
    undated = offence.valid_from is None and offence.valid_to is None
    return undated, offence.valid_from or datetime.date.min, offence.code


@page("vocabulary.read")
def offence_list(request: Request) -> HttpResponse:
    """The articles, side by side; those in force on a day when one is given."""
    day, basis = day_asked(request), request.GET.get("basis", "")
    rows = in_force_on(day) if day else Offence.objects.all()
    if basis in BASES:
        rows = rows.filter(basis=basis)
    context = {
        "day": day,
        "basis": basis,
        "bases": BASES.items(),
        "offences": [(row, BASES.get(row.basis, row.basis)) for row in sorted(rows, key=by_age)],
        "n_undated": Offence.objects.filter(UNDATED).count() if day else 0,
        "n_unconfirmed": Offence.objects.filter(confirmed_at=None).count(),
        "crumbs": [(reverse("list_index"), _("Lists and law")), ("", _("Offences"))],
    }
    return render(request, "vocabularies/offences.html", context)


@page("vocabulary.read")
def offence_detail(request: Request, code: str) -> HttpResponse:
    """One article: wording, dates of force, penalty, source, confirmation."""
    offence = get_object_or_404(Offence, pk=code)
    by = offence.confirmed_by_post
    posts = Post.objects.select_related("organisation")
    context = {
        "offence": offence,
        "basis": BASES.get(offence.basis, offence.basis),
        "confirmed_by": posts.filter(pk=by).first() if by else None,
        "may_confirm": request.actor.can("offence.confirm"),
        "crumbs": [
            (reverse("list_index"), _("Lists and law")),
            (reverse("offence_list"), _("Offences")),
            ("", offence.label),
        ],
    }
    return render(request, "vocabularies/offence.html", context)


@page("offence.confirm")
@require_POST
def offence_confirm(request: Request, code: str) -> HttpResponse:
    """A lawyer confirms an article; or takes the confirmation back (field ``withdraw``)."""
    offence = get_object_or_404(Offence, pk=code)
    if "withdraw" in request.POST:
        withdraw_confirmation(request.actor, offence)
        messages.warning(request, _("The article is shown as unconfirmed again."))
    else:
        confirm_offence(request.actor, offence)
        messages.success(request, _("The article is confirmed, in the name of your post."))
    return redirect("offence_detail", offence.pk)


urlpatterns = [
    path("", list_index, name="list_index"),
    path("law/", offence_list, name="offence_list"),
    path("law/<str:code>/", offence_detail, name="offence_detail"),
    path("law/<str:code>/confirm/", offence_confirm, name="offence_confirm"),
    path("<str:name>/", list_detail, name="list_detail"),
]
