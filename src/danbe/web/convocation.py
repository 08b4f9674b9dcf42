"""Calling the members: the template, the words of one convocation, the letters on paper."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.queries import body as body_of_instance
from danbe.core.pages import Request, page
from danbe.exchange import convocation_pdf
from danbe.partnership import committee_queries as queries
from danbe.partnership import convocation
from danbe.partnership import meeting_actions as actions
from danbe.web.committee_view import (
    TALL_AREA,
    Work,
    meeting_or_404,
    posted,
    spoken_day,
    work,
)
from danbe.web.download import download
from danbe.web.meeting_convocation import letters_of, words_of
from danbe.web.meetings import place_of


class ConvocationForm(forms.Form):
    """The words of a convocation."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("{member} becomes the name of each body."),
        widget=TALL_AREA,
        required=False,
    )


@page("meeting.convoke")
def meeting_convoke(request: Request, pk: str) -> HttpResponse:
    """Call the members, in words made from the template and that may be changed."""
    meeting = meeting_or_404(request, pk, "meeting.convoke")
    back = reverse("meeting_detail", args=[meeting.pk])
    made = convocation.fill_in(convocation.template(), words_of(meeting))
    form = ConvocationForm(posted(request), initial={"text": made})
    called = queries.called_to(meeting)
    n_paper = sum(not one.posts for one in called)
    note = ""
    if n_paper:
        names = ", ".join(one.organisation.label for one in called if not one.posts)
        note = _("No post of these bodies can be told in Danbe, print their letter: %(names)s")
        note = note % {"names": names}
    told = Work(
        _("Convoke the members"),
        back,
        _("The members are convoked: their posts have a message, and a mail where one is set."),
        eyebrow=f"{meeting.reference} · {spoken_day(meeting)}",
        lead=_("Read the letter over: it is sent as it stands, to each body by name."),
        crumbs=place_of((back, meeting.reference)),
        button=_("Convoke"),
        note=note,
    )
    return work(
        request,
        form,
        lambda said: actions.convoke(request.actor, meeting, text=said["text"]),
        told,
    )


@page("meeting.convoke")
def convocation_template(request: Request) -> HttpResponse:
    """The template of convocations."""
    form = ConvocationForm(posted(request), initial={"text": convocation.template()})
    told = Work(
        _("Template of convocations"),
        reverse("meeting_list"),
        _("The template is recorded."),
        lead=_("A model of Danbe, not an official form: change it. Empty, the model comes back."),
        note=_("Names in braces: %(names)s") % {"names": ", ".join(convocation.NAMES)},
        crumbs=place_of(),
    )
    return work(
        request,
        form,
        lambda said: actions.save_template(request.actor, text=said["text"]),
        told,
    )


@page("meeting.convoke")
def convocation_print(request: Request, pk: str) -> HttpResponse:
    """One letter a body, to print."""
    meeting = meeting_or_404(request, pk, "meeting.convoke")
    context = {
        "meeting": meeting,
        "letters": letters_of(meeting),
        "back": reverse("meeting_detail", args=[meeting.pk]),
    }
    return render(request, "committee/convocation_print.html", context)


@page("meeting.convoke")
def convocation_file(request: Request, pk: str) -> HttpResponse:
    """The same letters in one PDF."""
    meeting = meeting_or_404(request, pk, "meeting.convoke")
    letters = letters_of(meeting)
    if not letters:
        messages.error(request, _("Nobody is called: say who sits in this assembly."))
        return redirect("meeting_detail", meeting.pk)
    data = convocation_pdf.write_letters(meeting.reference, body_of_instance().name, letters)
    return download(data, "application/pdf", f"convocation-{meeting.reference}.pdf")


urlpatterns = [
    path("template/", convocation_template, name="convocation_template"),
    path("<uuid:pk>/convoke/", meeting_convoke, name="meeting_convoke"),
    path("<uuid:pk>/letters/", convocation_print, name="convocation_print"),
    path("<uuid:pk>/letters/pdf/", convocation_file, name="convocation_file"),
]
