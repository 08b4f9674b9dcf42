"""Rooms without network: the sheet out and in, on paper or as a workbook; answers to read out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from danbe.accounts.models import Organisation
from danbe.core.access import visible
from danbe.core.errors import DomainError
from danbe.core.models import Place
from danbe.core.pages import Request, page
from danbe.exchange import room_xlsx
from danbe.exchange.return_layout import MAX_FILE
from danbe.exchange.return_xlsx import refuse
from danbe.plan import contribution_actions as actions
from danbe.plan import contribution_queries as queries
from danbe.plan.contribution_rules import is_taking, paragraphs_now
from danbe.plan.models import Category, Channel, Room
from danbe.web.contributions_view import (
    ContributionForm,
    crumbs,
    language_choices,
    process_or_404,
    shown,
    tabs,
)
from danbe.web.download import download
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbe.web.organisations import regions_today
from danbe.web.plan_view import posted


class RoomForm(forms.Form):
    """When and where people met."""

    held_on = forms.DateField(
        label=gettext_lazy("Day of the meeting"), widget=forms.DateInput(attrs={"type": "date"})
    )
    place = forms.ModelChoiceField(
        label=gettext_lazy("Region"), queryset=Place.objects.none(), required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language spoken"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = regions_today()  # type: ignore[attr-defined]
        choices = [("", "---------"), *language_choices()]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]


class LineForm(ContributionForm):
    """One line of the paper sheet, with its number."""

    line = forms.IntegerField(
        label=gettext_lazy("Number of the line on paper"), min_value=1, max_value=9999
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Who speaks"), choices=Category.choices, widget=forms.RadioSelect
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("For which organisation"),
        help_text=gettext_lazy("Never for a survivor or for the public."),
        queryset=Organisation.objects.none(),
        required=False,
    )
    field_order = ("line", "category", "organisation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What was said")
        bodies = Organisation.objects.filter(is_active=True)
        self.fields["organisation"].queryset = bodies  # type: ignore[attr-defined]


def room_or_404(request: Request, pk: str) -> Room:
    """A room that the reader facilitates; any of them for the secretariat."""
    rows = visible(request.actor, Room, "contribution.collect")
    room = rows.select_related("process", "place", "post__organisation").filter(pk=pk).first()
    if room is None:
        raise Http404
    process_or_404(request, room.process_id)
    return room


def _crumbs(room: Room, *more: tuple[str, str]) -> list[tuple[str, str]]:
    rooms = (reverse("room_list", args=[room.process_id]), _("Rooms without network"))
    url = reverse("room_detail", args=[room.pk]) if more else ""
    return crumbs(room.process, rooms, (url, room.label), *more)


@page("contribution.collect")
def room_list(request: Request, pk: str) -> HttpResponse:
    """The rooms, and a new one."""
    process = process_or_404(request, pk)
    form = RoomForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            room = actions.open_room(request.actor, process, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The sheet is ready: print it or download it."))
            return redirect("room_detail", room.pk)
    context = {
        "process": process,
        "title": _("Rooms without network"),
        "tabs": tabs(request, process, "room_list"),
        "page": page_of(request, queries.rooms_of(request.actor, process)),
        "form": form,
        "is_taking": is_taking(process),
        "crumbs": crumbs(process, ("", _("Rooms without network"))),
    }
    return render(request, "contributions/rooms.html", context, status=400 if form.errors else 200)


@page("contribution.collect")
def room_detail(request: Request, pk: str) -> HttpResponse:
    """One room: its sheet out, its sheet in, what it said."""
    room = room_or_404(request, pk)
    paged = page_of(request, queries.lines_of(room))
    context = {
        "process": room.process,
        "room": room,
        "page": paged,
        "rows": [shown(request.actor, row) for row in paged],
        "is_taking": is_taking(room.process),
        "crumbs": _crumbs(room),
    }
    return render(request, "contributions/room.html", context)


@page("contribution.collect")
def room_xlsx_out(request: Request, pk: str) -> HttpResponse:
    """The empty sheet as a workbook."""
    room = room_or_404(request, pk)
    data = room_xlsx.write_room(room)
    return download(data, room_xlsx.MEDIA_TYPE, room_xlsx.file_name(room))


@page("contribution.collect")
def room_paper(request: Request, pk: str) -> HttpResponse:
    """The same sheet on paper: same columns, same numbers."""
    room = room_or_404(request, pk)
    context = {
        "process": room.process,
        "room": room,
        "paragraphs": paragraphs_now(room.process),
        "labels": list(room_xlsx.labels().values()),
        "numbers": range(1, 21),
        "categories": Category.choices,
    }
    return render(request, "contributions/paper.html", context)


@page("contribution.collect")
def room_import(request: Request, pk: str) -> HttpResponse:
    """Load a filled sheet: every line, or nothing and every wrong cell by its address."""
    room = room_or_404(request, pk)
    context: dict[str, Any] = {
        "process": room.process,
        "room": room,
        "is_taking": is_taking(room.process),
        "crumbs": _crumbs(room, ("", _("Load the sheet"))),
    }
    if request.method != "POST":
        return render(request, "contributions/room_import.html", context)
    try:
        file = request.FILES.get("file")
        if file is None:
            raise refuse("empty", _("Choose the workbook that you filled."))
        if file.size is None or file.size > MAX_FILE:
            raise refuse("large", _("This file is larger than 5 MB."))
        read = room_xlsx.read_room(room, file.read())
        if read.cells:
            context |= {"cells": read.cells}
            return render(request, "contributions/room_import.html", context, status=400)
        actions.take_sheet(request.actor, room, read.lines)
    except DomainError as error:
        context |= {"problem": error}
        return render(request, "contributions/room_import.html", context, status=400)
    n = len(read.lines)
    text = ngettext("%(n)d line came in.", "%(n)d lines came in.", n)
    messages.success(request, text % {"n": n})
    return redirect("room_detail", room.pk)


@page("contribution.collect")
def room_line(request: Request, pk: str) -> HttpResponse:
    """Type one line of the paper sheet."""
    room = room_or_404(request, pk)
    form = LineForm(posted(request), process=room.process)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        line = actions.Line(told["line"], told["category"], form.told(), told["organisation"])
        try:
            actions.take_sheet(request.actor, room, [line], channel=Channel.PAPER)
        except DomainError as error:
            at_field(form, error)
        else:
            text = _("Line %(room)s-%(n)d came in. Type the next one.")
            messages.success(request, text % {"room": room.label, "n": line.number})
            return redirect("room_line", room.pk)
    context = {
        "process": room.process,
        "form": form,
        "eyebrow": room.label,
        "title": _("Type a line of the paper sheet"),
        "lead": _("With the number that it has on paper. Erase or lock away the paper after."),
        "back": reverse("room_detail", args=[room.pk]),
        "crumbs": _crumbs(room, ("", _("Type a line"))),
    }
    return render(request, "plan/work_form.html", context, status=400 if form.errors else 200)


@page("contribution.collect")
def room_answers(request: Request, pk: str) -> HttpResponse:
    """What was answered, line by line, to read out where people met."""
    room = room_or_404(request, pk)
    rows = list(queries.lines_of(room))
    context = {
        "process": room.process,
        "room": room,
        "rows": [shown(request.actor, row) for row in rows],
        "n_open": sum(row.answer is None and row.moderation != "removed" for row in rows),
    }
    return render(request, "contributions/read_out.html", context)


urlpatterns = [
    path("process/<uuid:pk>/rooms/", room_list, name="room_list"),
    path("room/<uuid:pk>/", room_detail, name="room_detail"),
    path("room/<uuid:pk>/workbook/", room_xlsx_out, name="room_workbook"),
    path("room/<uuid:pk>/paper/", room_paper, name="room_paper"),
    path("room/<uuid:pk>/import/", room_import, name="room_import"),
    path("room/<uuid:pk>/line/", room_line, name="room_line"),
    path("room/<uuid:pk>/answers/", room_answers, name="room_answers"),
]
