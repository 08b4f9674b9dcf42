"""One act on one case, typed on one page: what is refused is told at its field."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from danbe.core.access import visible
from danbe.core.errors import DomainError
from danbe.core.pages import Request
from danbe.protection.models import Case
from danbe.web.errors import at_field


@dataclass(frozen=True, slots=True)
class Typed:
    """The words around a form."""

    title: str
    button: str
    done: str
    lead: str = ""
    warning: str = ""
    icon: str = "check"


def case_or_404(request: Request, pk: object, verb: str = "case.read") -> Case:
    """One case within reach, with what every page says of it."""
    rows = visible(request.actor, Case, verb).select_related(
        "person__national", "post", "region", "organisation"
    )
    return get_object_or_404(rows, pk=pk)


def type_in(
    request: Request,
    case: Case,
    form: forms.Form,
    words: Typed,
    act: Callable[[dict[str, Any]], object],
    *,
    back: str = "",
) -> HttpResponse:
    """Show the form; do the act; say that it is done, or what is refused, losing nothing."""
    back = back or reverse("case_detail", args=[case.pk])
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, words.done)
            return redirect(back)
    context = {
        "case": case,
        "form": form,
        "words": words,
        "back": back,
        "crumbs": crumbs_of(case, words.title),
    }
    return render(request, "cases/form.html", context, status=400 if form.errors else 200)


def crumbs_of(case: Case, here: str = "") -> list[tuple[str, str]]:
    """Cases, this one, what is done."""
    crumbs = [(reverse("case_list"), _("Cases"))]
    if not here:
        return [*crumbs, ("", case.number)]
    return [*crumbs, (reverse("case_detail", args=[case.pk]), case.number), ("", here)]
