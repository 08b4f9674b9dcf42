"""For anybody, without account, name or JavaScript: write to a draft, then read the answer."""

from axes.helpers import get_client_ip_address
from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.plan.contribution_actions import send_from_public
from danbe.plan.contribution_codes import code_of, new_once
from danbe.plan.contribution_queries import of_code
from danbe.plan.contribution_rules import paragraphs_now, public_processes
from danbe.plan.models import Process
from danbe.web.contributions_view import PublicForm
from danbe.web.errors import at_field
from danbe.web.plan_view import posted

SLOW = "contribution.slow"


class CodeForm(forms.Form):
    """The code that was given after writing."""

    code = forms.CharField(
        label=gettext_lazy("Your code"),
        help_text=gettext_lazy("Twelve letters and figures, for instance ABCD-EFGH-JKLM."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def public_process_or_404(pk: object) -> Process:
    """A process that takes what citizens write."""
    process = next((one for one in public_processes() if one.pk == pk), None)
    if process is None:
        raise Http404
    return process


@page("public.read")
def contribute_index(request: Request) -> HttpResponse:
    """What anybody may contribute to, now."""
    context = {"processes": public_processes(), "crumbs": []}
    return render(request, "contributions/public_index.html", context)


@page("contribution.send")
@never_cache
@sensitive_post_parameters()
def contribute_public(request: Request, pk: str) -> HttpResponse:
    """Write to a draft; the answer carries the code, which is shown once and kept hashed."""
    process = public_process_or_404(pk)
    initial = {"clause": request.GET.get("clause", ""), "once": new_once()}
    form = PublicForm(posted(request), process=process, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        once = form.cleaned_data["once"]
        try:
            row = send_from_public(
                request.actor,
                process,
                form.told(),
                category=form.cleaned_data["category"],
                once=once,
                address=get_client_ip_address(request) or "",
            )
        except DomainError as error:
            at_field(form, error)
            status = 429 if error.code == SLOW else 400
        else:
            context = {"process": process, "row": row, "code": code_of(once), "crumbs": []}
            return render(request, "contributions/public_sent.html", context)
    elif request.method == "POST":
        status = 400
    context = {
        "process": process,
        "form": form,
        "paragraphs": paragraphs_now(process),
        "crumbs": [(reverse("contribute_index"), _("Take part"))],
    }
    return render(request, "contributions/public_form.html", context, status=status)


@page("public.read")
@never_cache
@sensitive_post_parameters()
def contribute_answer(request: Request) -> HttpResponse:
    """Read the answer by its code. By POST: the code is never in an address or a log."""
    form = CodeForm(posted(request))
    row = None
    if request.method == "POST" and form.is_valid():
        row = of_code(form.cleaned_data["code"])
        if row is None:
            form.add_error("code", _("No contribution has this code. Check each letter."))
    context = {
        "form": form,
        "row": row,
        "crumbs": [(reverse("contribute_index"), _("Take part")), ("", _("Read the answer"))],
    }
    status = 400 if form.errors else 200
    return render(request, "contributions/public_answer.html", context, status=status)


urlpatterns = [
    path("public/", contribute_index, name="contribute_index"),
    path("public/answer/", contribute_answer, name="contribute_answer"),
    path("public/<uuid:pk>/", contribute_public, name="contribute_public"),
]
