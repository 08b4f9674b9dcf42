"""What is written about a person: names, what is counted, and what is decided of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import Actor, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.protection.decision_actions import (
    contest_decision,
    decide_involvement,
    decide_pathway,
    identify_victim,
    lift_presumption,
    presume_victim,
    settle_contest,
)
from danbe.protection.models import Decision, Person
from danbe.protection.open_actions import open_groups
from danbe.protection.person_actions import change_identity, change_profile
from danbe.protection.vocabulary import (
    Basis,
    FieldGroup,
    Identification,
    Involvement,
    Pathway,
    Question,
)
from danbe.web.errors import at_field
from danbe.web.people_forms import (
    IdentityForm,
    OrientForm,
    ProfileForm,
    ReasonForm,
    StatusForm,
    profile_fields,
)


@page("person.write")
@require_POST
def person_identity(request: Request, pk: str) -> HttpResponse:
    """Names and contact: the first POST opens them, the second keeps what was typed."""
    person = _own(request.actor, "person.write", pk)
    if "given_names" not in request.POST:
        file = open_groups(request.actor, person, [FieldGroup.IDENTITY, FieldGroup.CONTACT])
        told = {n: getattr(file.identity, n) for n in IdentityForm.IDENTITY}
        told |= {n: getattr(file.contact, n) for n in IdentityForm.CONTACT}
        return _page(request, person, IdentityForm(initial=told), _("Names and contact"))
    form = IdentityForm(request.POST)
    if form.is_valid():
        try:
            change_identity(request.actor, person, identity=form.identity, contact=form.contact)
        except DomainError as error:
            at_field(form, error)
        else:
            return _back(request, person, _("Names and contact are kept, sealed."))
    return _page(request, person, form, _("Names and contact"))


@page("person.write")
def person_profile(request: Request, pk: str) -> HttpResponse:
    """What is counted: sex, age, citizenship, languages."""
    person = _own(request.actor, "person.write", pk)
    form = ProfileForm(request.POST or None, initial=profile_fields(person))
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(request.actor, person, **form.told())
        except DomainError as error:
            at_field(form, error)
        else:
            return _back(request, person, _("The record is corrected."))
    return _page(request, person, form, _("What is counted"))


@page("person.orient")
def person_decide(request: Request, pk: str) -> HttpResponse:
    """The part in the facts, or the pathway."""
    person = _own(request.actor, "person.orient", pk)
    form = OrientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {"reason": form.cleaned_data["reason"], "on": form.cleaned_data["on"]}
        try:
            if form.question == Question.PATHWAY:
                decide_pathway(request.actor, person, Pathway(form.value), **told)
            else:
                decide_involvement(request.actor, person, Involvement(form.value), **told)
        except DomainError as error:
            at_field(form, error)
        else:
            return _back(request, person, _("The decision is kept, with its reason."))
    return _page(request, person, form, _("Part in the facts, pathway"))


@page("person.presume")
def person_presume(request: Request, pk: str) -> HttpResponse:
    """Grounds are enough to presume a victim; services open at once."""
    person = _own(request.actor, "person.presume", pk)
    form = StatusForm(person, request.POST or None, formal=False)
    if request.method == "POST" and form.is_valid():
        try:
            presume_victim(request.actor, person, **_why(form))
        except DomainError as error:
            at_field(form, error)
        else:
            return _back(request, person, _("Presumed victim: every service is open."))
    return _page(request, person, form, _("Presume a victim"))


@page("person.identify")
def person_identify(request: Request, pk: str) -> HttpResponse:
    """Identification by the competent post, or the presumption not confirmed."""
    person = _own(request.actor, "person.identify", pk)
    form = StatusForm(person, request.POST or None, formal=True)
    if request.method == "POST" and form.is_valid():
        told = _why(form)
        try:
            if form.cleaned_data["status"] == Identification.IDENTIFIED:
                identify_victim(request.actor, person, **told)
            else:
                lift_presumption(request.actor, person, reason=told["reason"], on=told["on"])
        except DomainError as error:
            at_field(form, error)
        else:
            return _back(request, person, _("The decision is kept. It can be contested."))
    return _page(request, person, form, _("Formal identification"))


def _why(form: StatusForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "reason": data["reason"],
        "on": data["on"],
        "form": data["form"],
        "basis": Basis(data["basis"]),
    }


@page("decision.contest")
def decision_contest(request: Request, pk: str) -> HttpResponse:
    """The person contests: somebody else looks at it again."""
    decision = visible_or_404(request.actor, Decision, "decision.contest", pk)
    form = ReasonForm(request.POST or None)
    del form.fields["on"]
    if request.method == "POST" and form.is_valid():
        try:
            contest_decision(request.actor, decision, reason=form.cleaned_data["reason"])
        except DomainError as error:
            at_field(form, error)
        else:
            return _back(request, decision.person, _("Contested: another post looks at it again."))
    return _page(request, decision.person, form, _("Contest a decision"))


@page("person.identify")
def decision_settle(request: Request, pk: str) -> HttpResponse:
    """Uphold a contested decision; to change it, decide anew."""
    decision = visible_or_404(request.actor, Decision, "person.identify", pk)
    form = ReasonForm(request.POST or None)
    del form.fields["on"]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data["reason"]
        try:
            settle_contest(request.actor, decision.person, decision, reason=told)
        except DomainError as error:
            at_field(form, error)
        else:
            return _back(request, decision.person, _("The decision stands, with your reason."))
    return _page(request, decision.person, form, _("Uphold a contested decision"))


def _own(actor: Actor, verb: str, pk: str) -> Person:
    return visible_or_404(actor, Person, verb, pk)


def _back(request: Request, person: Person, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("person_detail", person.pk)


def _page(request: Request, person: Person, form: forms.Form, title: str) -> HttpResponse:
    here = reverse("person_detail", args=[person.pk])
    context = {
        "form": form,
        "title": title,
        "person": person,
        "back": here,
        "crumbs": [
            (reverse("people_list"), _("People")),
            (here, person.national.number),
            ("", title),
        ],
    }
    return render(request, "people/form.html", context, status=409 if form.errors else 200)


urlpatterns = [
    path("<uuid:pk>/identity/", person_identity, name="person_identity"),
    path("<uuid:pk>/profile/", person_profile, name="person_profile"),
    path("<uuid:pk>/decide/", person_decide, name="person_decide"),
    path("<uuid:pk>/presume/", person_presume, name="person_presume"),
    path("<uuid:pk>/identify/", person_identify, name="person_identify"),
    path("decisions/<uuid:pk>/contest/", decision_contest, name="decision_contest"),
    path("decisions/<uuid:pk>/settle/", decision_settle, name="decision_settle"),
]
