"""For everybody, without signing in: what the public may read of the making of the plans."""

import json

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from danbe.core.pages import Request, page
from danbe.plan import participation_queries as queries
from danbe.plan.frozen import verify
from danbe.plan.models import FrozenText, Outcome, Vote
from danbe.web.download import download
from danbe.web.listing import page_of

PER_PAGE = 100


@page("public.read")
def participation_public(request: Request) -> HttpResponse:
    """The processes that the public follows, and the signed texts."""
    told = [
        (p, queries.steps_of(p), queries.public_version(p), queries.released_text(p))
        for p in queries.public_processes()
    ]
    context = {"processes": told, "crumbs": [("", _("Making of the plans"))]}
    return render(request, "participation/public.html", context)


@page("public.read")
def text_public(request: Request, pk: str) -> HttpResponse:
    """The last version put to the participants, while the phase lets the public read it."""
    process = get_object_or_404(queries.processes(), pk=pk)
    version = queries.public_version(process)
    if version is None:
        raise Http404
    context = {
        "process": process,
        "version": version,
        "page": page_of(request, version.clauses.all(), PER_PAGE),
        "crumbs": [
            (reverse("participation_public"), _("Making of the plans")),
            ("", process.plan.code),
        ],
    }
    return render(request, "participation/text_public.html", context)


def released_or_404(pk: str) -> FrozenText:
    """A signed text that was published."""
    rows = FrozenText.objects.filter(released_at__isnull=False)
    return get_object_or_404(rows.select_related("validation"), pk=pk)


@page("public.read")
def signed_public(request: Request, pk: str) -> HttpResponse:
    """The signed text as it was frozen, its hash, the bodies, their votes and reservations."""
    frozen = released_or_404(pk)
    check = verify(frozen)
    told = json.loads(frozen.content) if check.is_whole else None
    context = {
        "frozen": frozen,
        "check": check,
        "told": told,
        "page": page_of(request, told["clauses"] if told else [], PER_PAGE),
        "votes": dict(Vote.choices),
        "adopted": Outcome.ADOPTED.label,
        "signatures": queries.signatures_of(frozen),
        "crumbs": [
            (reverse("participation_public"), _("Making of the plans")),
            ("", _("Signed text")),
        ],
    }
    return render(request, "participation/signed.html", context)


@page("public.read")
def signed_file(request: Request, pk: str) -> HttpResponse:
    """The bytes that were hashed: anybody computes their SHA-256 on their own machine."""
    frozen = released_or_404(pk)
    name = f"texte-{frozen.sha256[:12]}.json"
    return download(frozen.content.encode(), "application/json", name)


urlpatterns = [
    path("public/", participation_public, name="participation_public"),
    path("public/<uuid:pk>/", text_public, name="text_public"),
    path("public/signed/<uuid:pk>/", signed_public, name="signed_public"),
    path("public/signed/<uuid:pk>/file/", signed_file, name="signed_file"),
]
