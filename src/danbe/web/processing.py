"""The register of processing: read, printed, handed to the personal-data authority."""

import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.reports import export
from danbe.reports.processing import answers, build
from danbe.reports.processing_actions import save_answers
from danbe.web.agreement_form import day
from danbe.web.download import download
from danbe.web.errors import at_field
from danbe.web.report_view import Viewer, chapter_or_404

FIRST = "responsable"


class AnswersForm(forms.Form):
    """What the Committee says of itself to the authority."""

    controller = forms.CharField(
        label=gettext_lazy("Who answers for the processing"),
        help_text=gettext_lazy("As in the file handed to the personal-data authority."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    contact = forms.CharField(
        label=gettext_lazy("Where people write about their rights"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    act_number = forms.CharField(
        label=gettext_lazy("Act of the personal-data authority: number"),
        help_text=gettext_lazy("As it is on the act. Empty: none was recorded, and pages say so."),
        max_length=80,
        required=False,
    )
    act_on = day(gettext_lazy("Day of the act"), required=False)


@page("processing.read")
def processing_register(request: Request) -> HttpResponse:
    """One chapter of the register, as things stand today."""
    edition = build(timezone.localdate())
    chapter = chapter_or_404(edition.document, request.GET.get("part", FIRST))
    context = {
        "document": edition.document,
        "chapter": chapter,
        "chapters": edition.document.chapters,
        "blocks": Viewer(edition, request.actor).shown(chapter.blocks),
        "may_write": request.actor.can("processing.write"),
        "crumbs": [("", _("Register of processing"))],
    }
    return render(request, "processing/register.html", context)


@page("processing.write")
def processing_answers(request: Request) -> HttpResponse:
    """Fill in what no table can say."""
    told = {key.removeprefix("processing."): value for key, value in answers().items()}
    form = AnswersForm(request.POST or None, initial=told)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                save_answers(request.actor, **form.cleaned_data)
            except DomainError as error:
                at_field(form, error)
            else:
                messages.success(request, _("Recorded in the register of processing."))
                return redirect("processing_register")
    back = reverse("processing_register")
    context = {
        "form": form,
        "back": back,
        "crumbs": [(back, _("Register of processing")), ("", _("Answers"))],
    }
    return render(request, "processing/answers.html", context, status=status)


def _file(kind: str) -> HttpResponse:
    today: datetime.date = timezone.localdate()
    name = f"registre-des-traitements-{today.isoformat()}.{kind}"
    return download(export.WRITERS[kind](build(today)), export.MEDIA_TYPES[kind], name)


@page("processing.read")
def processing_pdf(request: Request) -> HttpResponse:
    """On paper."""
    return _file("pdf")


@page("processing.read")
def processing_xlsx(request: Request) -> HttpResponse:
    """As a workbook."""
    return _file("xlsx")


urlpatterns = [
    path("", processing_register, name="processing_register"),
    path("answers/", processing_answers, name="processing_answers"),
    path("pdf/", processing_pdf, name="processing_pdf"),
    path("xlsx/", processing_xlsx, name="processing_xlsx"),
]
