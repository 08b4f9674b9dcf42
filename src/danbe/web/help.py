"""Help: the guide, post by post, in French and English."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from danbe.core.access import MEMBER, PUBLIC, ROLES, Reach, Role
from danbe.core.pages import Request, page
from danbe.web.verbs import label_of

# In the order of the Committee's work.
GUIDES = (
    Role.FOCAL_POINT,
    Role.SECRETARIAT,
    Role.ANALYST,
    Role.CASEWORKER,
    Role.SUPERVISOR,
    Role.INVESTIGATOR,
    Role.PROSECUTOR,
    Role.PARTNER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
LANGUAGES = ("fr", "en")


def language() -> str:
    """The language of the guide: the reader's, else French."""
    spoken = (get_language() or "fr")[:2]
    return spoken if spoken in LANGUAGES else "fr"


def reach_label(reach: Reach) -> str:
    """How far a right carries, in words."""
    return {
        Reach.POST: pgettext("reach", "your post"),
        Reach.ORGANISATION: pgettext("reach", "your organisation"),
        Reach.REGION: pgettext("reach", "your region"),
        Reach.NATION: pgettext("reach", "the whole country"),
    }[reach]


@page("public.read")
def help_index(request: Request) -> HttpResponse:
    """The guides, the post of the reader first; signing in; words."""
    own = request.actor.role
    guides = sorted(GUIDES, key=lambda role: role is not own)
    context = {
        "guides": [(role.value, role.label, role is own) for role in guides],
        "basics": f"help/{language()}/basics.html",
        "crumbs": [("", _("Help"))],
    }
    return render(request, "help/index.html", context)


@page("public.read")
def help_guide(request: Request, role: str) -> HttpResponse:
    """The guide of one post, with what it may do, read from the table of rights."""
    if role not in GUIDES:
        raise Http404
    post = Role(role)
    own = {verb: reach for verb, reach in ROLES[post].items() if verb not in MEMBER}
    context = {
        "title": post.label,
        "guide": f"help/{language()}/{role}.html",
        "rights": [(label_of(verb), reach_label(reach)) for verb, reach in own.items()],
        "common": [label_of(verb) for verb in MEMBER if verb not in PUBLIC],
        "crumbs": [(reverse("help"), _("Help")), ("", post.label)],
    }
    return render(request, "help/guide.html", context)


urlpatterns = [
    path("", help_index, name="help"),
    path("<slug:role>/", help_guide, name="help_guide"),
]
