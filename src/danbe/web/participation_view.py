"""What the pages of a process share: which process is read, its tabs, how a form is answered."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from danbe.core.errors import DomainError
from danbe.core.pages import Request
from danbe.plan.models import Process, Stage, TextVersion
from danbe.plan.participation_queries import processes, readable_version
from danbe.web.errors import at_field

STAGE_TONES = {Stage.VALIDATED: "good", Stage.STOPPED: "neutral"}


def process_or_404(pk: object) -> Process:
    """One process: whoever may read one may read all."""
    return get_object_or_404(processes(), pk=pk)


def version_or_404(request: Request, pk: str) -> TextVersion:
    """A version that the reader may see: a draft does not exist for the others."""
    version = readable_version(request.actor, pk)
    if version is None:
        raise Http404
    return version


def crumbs(process: Process, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Processes, this one, this page."""
    url = reverse("process_detail", args=[process.pk]) if more else ""
    return [(reverse("process_list"), _("Making of the plans")), (url, process.plan.code), *more]


def tab_names() -> list[tuple[str, str]]:
    """The pages of a process, in their order."""
    return [
        ("process_detail", _("Overview")),
        ("participant_list", _("Participants")),
        ("text_list", _("Text")),
        ("contribution_list", _("Contributions")),
        ("validation_detail", _("Validation")),
    ]


def frame(request: Request, process: Process, here: str, title: str) -> dict[str, Any]:
    """What the head of every page of a process needs."""
    return {
        "process": process,
        "title": title,
        "tone": STAGE_TONES.get(Stage(process.stage), "info"),
        "tabs": [(reverse(n, args=[process.pk]), label, n == here) for n, label in tab_names()],
        "may_run": request.actor.can("process.write"),
        "may_write": request.actor.can("text.write"),
        "crumbs": crumbs(process, *([("", title)] if here != "process_detail" else [])),
    }


def posted(request: Request) -> QueryDict | None:
    """What was posted, even when it is nothing; ``None`` for a GET."""
    return request.POST if request.method == "POST" else None


def done(request: Request, form: forms.Form, act: Callable[[], object], said: str) -> bool:
    """Whether a valid form was posted and its act went through; a refusal goes to its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except DomainError as error:
        at_field(form, error)
        return False
    messages.success(request, said)
    return True


def form_page(request: Request, process: Process, form: forms.Form, **told: Any) -> HttpResponse:
    """One form on a page: ``title``, ``lead``, ``back``, ``submit``; 400 when it was refused."""
    told.setdefault("submit", _("Record"))
    told.setdefault("lead", "")
    context = {
        "process": process,
        "form": form,
        "eyebrow": process.label,
        "crumbs": crumbs(process, ("", told["title"])),
        **told,
    }
    status = 400 if form.errors else 200
    return render(request, "participation/form.html", context, status=status)


def act_and_go(
    request: Request, act: Callable[[], object], said: str, to: str, pk: object
) -> HttpResponse:
    """An act behind a button; what refuses it is said on a page of its own."""
    act()
    messages.success(request, said)
    return redirect(to, pk)
