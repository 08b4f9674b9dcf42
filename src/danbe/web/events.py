"""Events: the list, a new one, one of them with everybody met there and how far the work is."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import Actor, visible_or_404
from danbe.core.errors import DomainError, SealBroken
from danbe.core.pages import Request, page
from danbe.core.places import layout_on
from danbe.protection.models import Event
from danbe.protection.open_actions import open_narrative
from danbe.protection.person_actions import change_event, open_event
from danbe.protection.queries import (
    EventFilter,
    Progress,
    Share,
    events,
    lines_of,
    people_of,
    progress_of,
)
from danbe.protection.vocabulary import EventKind
from danbe.web import event_groups, event_intake
from danbe.web.errors import at_field
from danbe.web.listing import page_of, sort_of
from danbe.web.people_filters import STATUS_TONES, filter_context, people_filter
from danbe.web.people_forms import EventForm, event_fields

COLUMNS = {
    "on": "on",
    "kind": "kind",
    "region": "region__name_fr",
    "people": "n_people",
    "number": "number",
}
PER_PAGE = 50

# --- The list -------------------------------------------------------------------------------


@page("event.read")
def event_list(request: Request) -> HttpResponse:
    """The encounters of the body."""
    asked = event_filter(request)
    rows = events(request.actor, asked).order_by(*sort_of(request, COLUMNS, "-on"))
    context = {
        "page": page_of(request, rows),
        "asked": asked,
        "kinds": EventKind.choices,
        "regions": layout_on(timezone.localdate()),
        "may_write": request.actor.can("event.write"),
        "crumbs": [("", _("Events"))],
    }
    return render(request, "events/list.html", context)


def event_filter(request: Request) -> EventFilter:
    """What the address asks for."""
    told = request.GET
    return EventFilter(
        kind=told.get("kind", ""),
        region=told.get("region", ""),
        first=_day(told.get("first", "")),
        last=_day(told.get("last", "")),
        open_only=bool(told.get("open")),
    )


def _day(text: str) -> datetime.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


# --- One event ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the work with a group: how many of how many."""

    label: str
    n: int
    of: int


def bars_of(told: Progress) -> list[Bar]:
    """From those announced to those handed over."""
    bars = [
        Bar(_("Registered"), told.n_people, told.n_expected),
        Bar(_("Part in the facts decided"), told.n_screened, told.n_people),
        Bar(_("Pathway decided"), told.n_oriented, told.n_people),
        Bar(_("Asked for consent"), told.n_agreed + told.n_refused, told.n_people),
        Bar(_("Referred"), told.n_referred, told.n_people),
    ]
    if told.n_ready or told.n_handed:
        bars.append(Bar(_("Handed over to a consulate"), told.n_handed, told.n_people))
    return bars


@page("event.read")
def event_detail(request: Request, pk: str) -> HttpResponse:
    """Everybody met there, and the progress of the group at a glance."""
    return render_event(request, _event(request.actor, "event.read", pk))


def _event(actor: Actor, verb: str, pk: str) -> Event:
    return visible_or_404(actor, Event, verb, pk)


def render_event(request: Request, event: Event, **more: Any) -> HttpResponse:
    """The page of an event; ``more`` is what a POST opened."""
    actor, asked = request.actor, people_filter(request)
    told = progress_of(actor, event)
    rows = people_of(actor, event, asked).select_related("national", "household", "region")
    listed = page_of(request, rows, PER_PAGE)
    context = {
        "event": event,
        "place": event.place,
        "progress": told,
        "bars": bars_of(told),
        "shares": _shares(told),
        "page": listed,
        "lines": lines_of(actor, listed.object_list),
        "tones": STATUS_TONES,
        **filter_context(asked, told),
        "may": may(actor),
        "crumbs": [(reverse("event_list"), _("Events")), ("", event.number)],
    }
    return render(request, "events/detail.html", context | more)


def _shares(told: Progress) -> list[tuple[str, tuple[Share, ...]]]:
    return [
        (_("Part in the facts"), told.involvements),
        (_("Pathway"), told.pathways),
        (_("Identification"), told.statuses),
        (_("Citizenship"), told.citizenships),
    ]


def may(actor: Actor) -> dict[str, bool]:
    """Which buttons are shown."""
    verbs = {
        "change": "event.change",
        "open": "event.open",
        "names": "person.open",
        "register": "person.register",
        "orient": "person.orient",
        "hand_over": "referral.send",
        "consent": "consent.read",
    }
    return {name: actor.can(verb) for name, verb in verbs.items()}


@page("event.open")
@require_POST
def event_open(request: Request, pk: str) -> HttpResponse:
    """Unseal the account of the event; the act is in the audit trail."""
    event = _event(request.actor, "event.open", pk)
    try:
        account = open_narrative(request.actor, event)
    except SealBroken:
        account = ""
    return render_event(request, event, account=account, is_opened=True)


@page("event.write")
def event_new(request: Request) -> HttpResponse:
    """Begin an event; its sheet opens next."""
    form = EventForm(None, request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            event = open_event(request.actor, **form.told())
        except DomainError as error:
            at_field(form, error)
        else:
            return redirect("event_intake", event.pk)
    context = {
        "form": form,
        "is_new": True,
        "back": reverse("event_list"),
        "crumbs": [(reverse("event_list"), _("Events")), ("", _("New event"))],
    }
    return _form_page(request, context)


@page("event.change")
def event_edit(request: Request, pk: str) -> HttpResponse:
    """Correct an event. The account is replaced only when something is typed."""
    event = _event(request.actor, "event.change", pk)
    form = EventForm(event, request.POST or None, initial=event_fields(event))
    if request.method == "POST" and form.is_valid():
        told = form.told()
        told["narrative"] = told["narrative"] or None
        try:
            change_event(request.actor, event, **told)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The event is recorded."))
            return redirect("event_detail", event.pk)
    here = reverse("event_detail", args=[event.pk])
    context = {
        "form": form,
        "event": event,
        "back": here,
        "crumbs": [
            (reverse("event_list"), _("Events")),
            (here, event.number),
            ("", _("Change")),
        ],
    }
    return _form_page(request, context)


def _form_page(request: Request, context: dict[str, Any]) -> HttpResponse:
    status = 400 if context["form"].errors else 200
    return render(request, "events/form.html", context, status=status)


urlpatterns = [
    path("", event_list, name="event_list"),
    path("new/", event_new, name="event_new"),
    path("<uuid:pk>/", event_detail, name="event_detail"),
    path("<uuid:pk>/open/", event_open, name="event_open"),
    path("<uuid:pk>/edit/", event_edit, name="event_edit"),
    *event_intake.urlpatterns,
    *event_groups.urlpatterns,
]
