"""Work with a whole group: screening at once, and the hand-over to a consulate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from danbe.core.access import visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.protection.decision_actions import orient_people
from danbe.protection.ground_actions import Hearing
from danbe.protection.handover_actions import (
    HOME,
    confirm_hand_over,
    hand_over_people,
    open_names,
)
from danbe.protection.models import Event, Person
from danbe.protection.person_actions import gather_household
from danbe.protection.queries import (
    PeopleFilter,
    PersonLine,
    labels,
    lines_of,
    people_of,
    progress_of,
    to_consulates,
)
from danbe.protection.vocabulary import ReferralStatus, Told
from danbe.web.errors import at_field
from danbe.web.event_intake import crumbs_of
from danbe.web.people_filters import filter_context, people_filter
from danbe.web.people_forms import HandOverForm, LinesForm, ReceiptForm, ScreenForm, TogetherForm

MOST = 2000  # people on one page: a whole sheet
YES, NO = "yes", "no"


def _listed(request: Request, event: Event, asked: PeopleFilter) -> list[Person]:
    rows = people_of(request.actor, event, asked)
    return list(rows.select_related("national", "household", "region")[:MOST])


# --- Screening ------------------------------------------------------------------------------


@page("person.orient")
def event_screen(request: Request, pk: str) -> HttpResponse:
    """The same decision for everybody listed, or for those chosen."""
    event = visible_or_404(request.actor, Event, "person.orient", pk)
    asked = people_filter(request)
    people = _listed(request, event, asked)
    form = ScreenForm(request.POST or None)
    if chosen := _chosen(request, form, people):
        try:
            n = orient_people(
                request.actor,
                chosen,
                question=form.question,
                value=form.value,
                reason=form.cleaned_data["reason"],
                on=form.cleaned_data["on"],
            )
        except DomainError as error:
            at_field(form, error)
        else:
            text = ngettext("%(n)d person decided.", "%(n)d people decided.", n)
            messages.success(request, text % {"n": n})
            return redirect(request.get_full_path())
    said = {
        "title": _("Screening of the group"),
        "lead": _(
            "The same decision for many, with one reason. It may change later, for each one. "
            "Identification is decided person by person."
        ),
        "verb": _("Decide"),
        "sign": "check",
    }
    return _chosen_page(request, event, form, people, asked, said)


@page("person.write")
def event_together(request: Request, pk: str) -> HttpResponse:
    """Say which people of the event belong together."""
    event = visible_or_404(request.actor, Event, "person.write", pk)
    asked = people_filter(request)
    people = _listed(request, event, asked)
    form = TogetherForm(request.POST or None)
    if chosen := _chosen(request, form, people):
        is_community = form.cleaned_data["kind"] == TogetherForm.COMMUNITY
        try:
            made = gather_household(request.actor, event, chosen, is_community=is_community)
        except DomainError as error:
            at_field(form, error)
        else:
            text = ngettext(
                "%(n)d person under the number %(number)s.",
                "%(n)d people under the number %(number)s.",
                len(chosen),
            )
            messages.success(request, text % {"n": len(chosen), "number": made.number})
            if n_moved := sum(person.household_id is not None for person in chosen):
                text = ngettext(
                    "%(n)d of them was under another number and left it.",
                    "%(n)d of them were under another number and left it.",
                    n_moved,
                )
                messages.warning(request, text % {"n": n_moved})
            return redirect(request.get_full_path())
    said = {
        "title": _("Who belongs together"),
        "lead": _(
            "A family stays together in a shelter, a community is heard and returned together. "
            "Each person keeps their own number, their own consent and their own decision."
        ),
        "verb": _("Record"),
        "sign": "users",
    }
    return _chosen_page(request, event, form, people, asked, said)


def _chosen_page(
    request: Request,
    event: Event,
    form: LinesForm,
    people: Sequence[Person],
    asked: PeopleFilter,
    said: dict[str, str],
) -> HttpResponse:
    """A form about some of the people listed below it; ``said`` is what the page is called."""
    context = {
        "event": event,
        "form": form,
        "ticked": set(request.POST.getlist("person")),
        "lines": lines_of(request.actor, people),
        **filter_context(asked, progress_of(request.actor, event)),
        "crumbs": crumbs_of(event, ("", said["title"])),
        **said,
    }
    status = 400 if form.errors else 200
    return render(request, "events/chosen.html", context, status=status)


def _chosen(request: Request, form: LinesForm, people: Sequence[Person]) -> list[Person]:
    """Those whom a form that is in order is about; nobody, with the reason beside its field."""
    if request.method != "POST" or not form.is_valid():
        return []
    if form.cleaned_data["who"] == LinesForm.EVERYBODY:
        if not people:
            form.add_error("who", _("Nobody is listed."))
        return list(people)
    ticked, lines = set(request.POST.getlist("person")), form.cleaned_data["lines"]
    if _unknown(form, "lines", lines, people):
        return []
    chosen = [p for p in people if str(p.pk) in ticked or p.line in lines]
    if not chosen:
        form.add_error("lines", _("Tick people below, or write their lines."))
    return chosen


def _unknown(form: Any, field: str, lines: set[int], people: Sequence[Person]) -> bool:
    """Say which lines are not among those listed."""
    missing = sorted(lines - {person.line for person in people})
    if missing:
        told = {"lines": ", ".join(map(str, missing[:20]))}
        form.add_error(field, _("Not in the list below: %(lines)s.") % told)
    return bool(missing)


# --- Hand-over ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """One person of the list, and what was ticked for them."""

    line: PersonLine
    answer: str


@dataclass(frozen=True, slots=True)
class Country:
    """A citizenship of the group: how many adults wait, are listed, are handed over."""

    code: str
    label: str
    n_people: int
    n_ready: int
    n_handed: int


@page("referral.send")
def event_hand_over(request: Request, pk: str) -> HttpResponse:
    """One citizenship: what each adult answered, then the hand-over of those who said yes."""
    event = visible_or_404(request.actor, Event, "referral.send", pk)
    country = request.GET.get("citizenship", "")
    form = HandOverForm(request.POST or None)
    people = _eligible(request, event, country)
    if request.method == "POST" and form.is_valid():
        answers = _answers(request, form, people)
        if not form.errors and (done := _hand_over(request, event, form, answers, country)):
            return done
    context = {
        "event": event,
        "country": country,
        "country_label": labels("citizenship").get(country, country),
        "countries": _countries(request, event),
        "form": form,
        "people": [
            Asked(line, request.POST.get(f"answer.{line.pk}", ""))
            for line in lines_of(request.actor, people)
        ],
        "left_out": _left_out(request, event, country, people),
        "refused": _refusals(request, event, country),
        "crumbs": crumbs_of(event, ("", _("Hand-over to a consulate"))),
    }
    status = 400 if form.errors else 200
    return render(request, "events/hand_over.html", context, status=status)


def _eligible(request: Request, event: Event, country: str) -> list[Person]:
    """Adults of this citizenship who are on no list and did not say no."""
    if len(country) != 2 or country == HOME:
        return []
    asked = PeopleFilter(citizenship=country, age="adult", handed="no")
    return _listed(request, event, asked)


def _countries(request: Request, event: Event) -> list[Country]:
    told = progress_of(request.actor, event)
    rows = to_consulates(request.actor).filter(person__event=event)
    by_country: dict[tuple[str, str], int] = {}
    for country, status in rows.values_list("country", "status"):
        by_country[country, status] = by_country.get((country, status), 0) + 1
    return [
        Country(
            share.code,
            share.label,
            share.n,
            by_country.get((share.code, ReferralStatus.SENT), 0),
            by_country.get((share.code, ReferralStatus.DONE), 0),
        )
        for share in told.citizenships
        if len(share.code) == 2 and share.code != HOME
    ]


def _left_out(
    request: Request, event: Event, country: str, people: Sequence[Person]
) -> list[PersonLine]:
    """Of this citizenship, not known to be adults: referred one by one."""
    if not country:
        return []
    listed = {person.pk for person in people}
    same = _listed(request, event, PeopleFilter(citizenship=country, handed="no"))
    return lines_of(request.actor, [p for p in same if p.pk not in listed])


def _refusals(request: Request, event: Event, country: str) -> list[PersonLine]:
    """Those who said no: they stay."""
    if not country:
        return []
    asked = PeopleFilter(citizenship=country, consent="no", handed="no")
    return lines_of(request.actor, _listed(request, event, asked))


def _answers(request: Request, form: HandOverForm, people: Sequence[Person]) -> dict[Person, bool]:
    """What each one said: as ticked on the line, else as the numbers say. Never by default."""
    agreed, refused = form.cleaned_data["lines"], form.cleaned_data["refused"]
    _unknown(form, "lines", agreed, people)
    _unknown(form, "refused", refused, people)
    if both := sorted(agreed & refused):
        told = {"lines": ", ".join(map(str, both[:20]))}
        form.add_error("refused", _("Both yes and no: %(lines)s.") % told)
    answers: dict[Person, bool] = {}
    for person in people:
        ticked = request.POST.get(f"answer.{person.pk}", "")
        if ticked in (YES, NO):
            answers[person] = ticked == YES
        elif person.line in agreed | refused:
            answers[person] = person.line in agreed
    return answers


def _hand_over(
    request: Request,
    event: Event,
    form: HandOverForm,
    answers: dict[Person, bool],
    country: str,
) -> HttpResponse | None:
    told = form.cleaned_data
    hearing = Hearing(
        text=told["text"],
        language=told["language"],
        told=Told(told["told"]),
        witness=told["witness"],
        interpreter=told["interpreter"],
    )
    try:
        done = hand_over_people(
            request.actor,
            event,
            answers,
            country=country,
            nobody_fears=told["nobody_fears"],
            hearing=hearing,
            received_on=told["received_on"],
            receiver=told["receiver"],
        )
    except DomainError as error:
        at_field(form, error)
        return None
    agreed = ngettext("%(n)d person on the list.", "%(n)d people on the list.", done.n_agreed)
    refused = ngettext("%(n)d said no and stays.", "%(n)d said no and stay.", done.n_refused)
    text = agreed % {"n": done.n_agreed}
    if done.n_refused:
        text = f"{text} {refused % {'n': done.n_refused}}"
    messages.success(request, text)
    return redirect(f"{reverse('event_hand_over', args=[event.pk])}?citizenship={country}")


@page("referral.finish")
@require_POST
def event_hand_over_confirm(request: Request, pk: str) -> HttpResponse:
    """The consulate signed for those on the list."""
    event = visible_or_404(request.actor, Event, "referral.finish", pk)
    country = _country(request)
    form = ReceiptForm(request.POST)
    if form.is_valid():
        try:
            n = confirm_hand_over(
                request.actor,
                event,
                country=country,
                received_on=form.cleaned_data["received_on"],
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            text = ngettext("%(n)d person handed over.", "%(n)d people handed over.", n)
            messages.success(request, text % {"n": n})
    else:
        messages.error(request, _("Give the day on which the consulate signed."))
    return redirect(f"{reverse('event_hand_over', args=[event.pk])}?citizenship={country}")


def _country(request: Request) -> str:
    """The country that receives, by its code; nothing where it is none of the list."""
    sent = request.POST.get("country", "")
    return sent if sent in labels("citizenship") else ""


@dataclass(frozen=True, slots=True)
class Handed:
    """One person on the list that the consulate signs."""

    line: PersonLine
    family_name: str
    given_names: str
    birth: str


@page("person.open")
@require_POST
def event_hand_over_list(request: Request, pk: str) -> HttpResponse:
    """The list to sign, with the names of those who said yes; every opening is kept."""
    event = visible_or_404(request.actor, Event, "person.open", pk)
    country = _country(request)
    going = to_consulates(request.actor).filter(person__event=event, country=country)
    everybody = people_of(request.actor, event, PeopleFilter())
    rows = everybody.filter(pk__in=going.values("person_id"))
    people = list(rows.select_related("national", "household", "region"))
    names = open_names(request.actor, event, people) if people else {}
    handed = []
    for line in lines_of(request.actor, people):
        told = names.get(line.pk)
        parts = (told.family_name, told.given_names, told.birth) if told else ("", "", "")
        handed.append(Handed(line, *parts))
    context = {
        "event": event,
        "country": labels("citizenship").get(country, ""),
        "handed": handed,
        "now": timezone.now(),
        "back": f"{reverse('event_hand_over', args=[event.pk])}?citizenship={country}",
    }
    return render(request, "events/hand_over_list.html", context)


urlpatterns = [
    path("<uuid:pk>/screen/", event_screen, name="event_screen"),
    path("<uuid:pk>/together/", event_together, name="event_together"),
    path("<uuid:pk>/hand-over/", event_hand_over, name="event_hand_over"),
    path("<uuid:pk>/hand-over/list/", event_hand_over_list, name="event_hand_over_list"),
    path("<uuid:pk>/hand-over/confirm/", event_hand_over_confirm, name="event_hand_over_confirm"),
]
