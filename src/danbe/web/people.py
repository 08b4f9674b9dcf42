"""People: the list, the search, one person. A GET shows numbers and codes; a POST opens."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from danbe.core.access import Actor, visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange.opened_file import sections_of
from danbe.protection import door, interviews, search
from danbe.protection.models import Case, Decision, Ground, Opening, Person, Referral
from danbe.protection.open_actions import open_groups, openable
from danbe.protection.queries import age_of, by_number, labels, lines_of, own_people, shared_people
from danbe.protection.vocabulary import (
    FieldGroup,
    Identification,
    Involvement,
    Pathway,
    Question,
    Sex,
)
from danbe.web import people_acts, people_photo
from danbe.web.agreements import closed_for
from danbe.web.listing import page_of, sort_of
from danbe.web.people_filters import STATUS_TONES, people_filter

COLUMNS = {"met": "met_on", "status": "status", "sex": "sex"}
SHOWN = 20  # decisions, openings: the rest is on its own page
VALUES = {
    Question.INVOLVEMENT: dict(Involvement.choices),
    Question.PATHWAY: dict(Pathway.choices),
    Question.STATUS: dict(Identification.choices),
}


# --- Lists ----------------------------------------------------------------------------------


@page("person.read")
def people_list(request: Request) -> HttpResponse:
    """The people of the body, or those that a consent or an order opens to it."""
    actor, asked = request.actor, people_filter(request)
    is_shared = request.GET.get("shared") == "1" or not actor.can("person.register")
    rows = shared_people(actor, asked) if is_shared else own_people(actor, asked)
    order = sort_of(request, COLUMNS, "-met_on")
    rows = rows.select_related("national", "household", "region").order_by(*order)
    listed = page_of(request, rows)
    here = reverse("people_list")
    tabs = [
        (here, _("Of our body"), not is_shared),
        (f"{here}?shared=1", _("Shared with us"), is_shared),
    ]
    context = {
        "page": listed,
        "lines": lines_of(actor, listed.object_list),
        "tones": STATUS_TONES,
        "tabs": tabs if actor.can("person.register") else [],
        "is_shared": is_shared,
        "closed_flows": closed_for(actor) if is_shared else [],
        "asked": asked,
        "sexes": Sex.choices,
        "ages": [
            ("child", _("Children")),
            ("adult", _("Adults")),
            ("unknown", _("Age not known")),
        ],
        "pathways": Pathway.choices,
        "statuses": Identification.choices,
        "may": {"find": actor.can("person.find"), "meet": actor.can("event.write")},
        "crumbs": [("", _("People"))],
    }
    return render(request, "people/list.html", context)


def ages() -> list[tuple[str, str]]:
    """Children, adults, and those of whom nobody knows."""
    return [("child", _("Children")), ("adult", _("Adults")), ("unknown", _("Age not known"))]


@page("person.find")
def person_search(request: Request) -> HttpResponse:
    """By name, telephone or number: sent by POST, so that no name stands in an address."""
    text = request.POST.get("q", "").strip()[:200]
    context: dict[str, Any] = {
        "q": text,
        "crumbs": [(reverse("people_list"), _("People")), ("", _("Search"))],
    }
    if request.method == "POST":
        found = _found(request.actor, text)
        people = [one.person for one in found.people]
        context |= {
            "found": found,
            "lines": list(
                zip(lines_of(request.actor, people), map(_how, found.people), strict=True)
            ),
            "tones": STATUS_TONES,
            "is_asked": True,
        }
    return render(request, "people/search.html", context)


def _found(actor: Actor, text: str) -> search.Findings:
    numbered = by_number(actor, text)
    if numbered:
        return search.Findings(tuple(search.Found(person, 1.0) for person in numbered))
    return search.find(actor, text)


def _how(found: search.Found) -> str:
    """How sure a name is, in words."""
    if found.score >= 0.95:
        return _("same name")
    return _("sounds the same") if found.score >= 0.6 else _("close name")


# --- One person -----------------------------------------------------------------------------


@page("person.read")
def person_detail(request: Request, pk: str) -> HttpResponse:
    """What is known without opening anything."""
    return render_person(request, _person(request.actor, pk))


@page("person.open")
def person_open(request: Request, pk: str) -> HttpResponse:
    """The same page with the chosen field groups opened: each opening is kept."""
    person = _person(request.actor, pk)
    if request.method != "POST":
        return redirect("person_detail", person.pk)
    chosen = [FieldGroup(code) for code in request.POST.getlist("groups") if code in FieldGroup]
    if not chosen:
        return render_person(request, person, problem=_("Choose what to open."), status=409)
    try:
        file = open_groups(request.actor, person, chosen)
    except DomainError as error:
        return render_person(request, person, problem=str(error.message), status=409)
    return render_person(request, person, file=file)


def _person(actor: Actor, pk: str) -> Person:
    return visible_or_404(actor, Person, "person.read", pk)


def render_person(
    request: Request,
    person: Person,
    *,
    file: door.File | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a person, with what was opened, if anything."""
    actor = request.actor
    is_own = person.organisation_id == actor.organisation_id
    decisions = visible(actor, Decision, "person.read").filter(person=person)
    context = {
        "person": person,
        "number": person.national.number,
        "age": age_of(person),
        "citizenship": labels("citizenship").get(person.citizenship, person.citizenship),
        "form": labels("form").get(person.form, person.form),
        "tone": STATUS_TONES[person.status],
        "is_own": is_own,
        "file": file,
        "sections": sections_of(person, file, file.groups) if file else [],
        "problem": problem,
        "groups": _to_open(actor, person),
        "decisions": [
            _decided(one) for one in decisions.select_related("post", "organisation")[:SHOWN]
        ],
        "interviews": interviews.of_person(actor, person) if actor.can("interview.read") else [],
        "grounds": _grounds(actor, person),
        "referrals": _rows(actor, Referral, "referral.read", person),
        "cases": _rows(actor, Case, "case.read", person),
        "openings": _openings(actor, person),
        "has_photo": people_photo.has_photo(actor, person),
        "may": may(actor, is_own and person.erased_at is None),
        "crumbs": [(reverse("people_list"), _("People")), ("", person.national.number)],
    }
    return render(request, "people/detail.html", context, status=status)


def _to_open(actor: Actor, person: Person) -> list[FieldGroup]:
    """The boxes to tick: the profile is shown already, the photograph has its own button."""
    apart = (FieldGroup.PROFILE, FieldGroup.PHOTO)
    return [group for group in openable(actor, person) if group not in apart]


def may(actor: Actor, is_own: bool) -> dict[str, bool]:
    """Which links are shown: a reader on a ground writes nothing here."""
    verbs = {
        "write": "person.write",
        "presume": "person.presume",
        "orient": "person.orient",
        "identify": "person.identify",
        "contest": "decision.contest",
        "interview": "interview.write",
        "consent": "consent.read",
        "refer": "referral.send",
        "search_pairs": "link.search",
        "rights": "opening.read",
    }
    found = {name: is_own and actor.can(verb) for name, verb in verbs.items()}
    return found | {"care": actor.can("case.open"), "event": is_own and actor.can("event.read")}


def _decided(decision: Decision) -> dict[str, Any]:
    return {
        "row": decision,
        "question": decision.get_question_display(),
        "value": VALUES[Question(decision.question)].get(decision.value, decision.value),
        "is_contested": bool(decision.contested_at and not decision.contest_settled_at),
        "in_force": decision.superseded_at is None,
    }


def _grounds(actor: Actor, person: Person) -> list[Ground]:
    rows = visible(actor, Ground, "consent.read").filter(person=person)
    return list(rows.select_related("recipient")[:SHOWN])


def _rows(actor: Actor, model: Any, verb: str, person: Person) -> list[Any]:
    return list(visible(actor, model, verb).filter(person=person)[:SHOWN])


def _openings(actor: Actor, person: Person) -> list[Opening]:
    rows = visible(actor, Opening, "opening.read").filter(person=person)
    return list(rows.select_related("post", "organisation")[:SHOWN])


urlpatterns = [
    path("", people_list, name="people_list"),
    path("search/", person_search, name="person_search"),
    path("<uuid:pk>/", person_detail, name="person_detail"),
    path("<uuid:pk>/open/", person_open, name="person_open"),
    *people_acts.urlpatterns,
    *people_photo.urlpatterns,
]
