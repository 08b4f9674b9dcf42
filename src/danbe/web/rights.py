"""What people may ask of their record, and how long it is kept."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from danbe.core.access import visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.protection import retention, rights_actions
from danbe.protection.door import File
from danbe.protection.models import (
    CorrectionRequest,
    Erasure,
    LegalHold,
    Opening,
    Person,
)
from danbe.protection.open_actions import open_groups
from danbe.protection.vocabulary import SHAREABLE, ErasureStatus, FieldGroup
from danbe.web.copy_words import looks, parts_of, service_label, value_label
from danbe.web.errors import at_field
from danbe.web.listing import page_of

TONES = {
    ErasureStatus.WARNED: ("warn", "clock"),
    ErasureStatus.STOPPED: ("neutral", "cross"),
    ErasureStatus.DONE: ("good", "check"),
}


def cause_label(cause: str) -> str:
    """Why a record is erased, in words."""
    if cause == rights_actions.REQUEST:
        return _("At the person’s request")
    rule = retention.rules().get(cause)
    return rule.label if rule else cause


# --- Retention ---------------------------------------------------------------------------------


@page("retention.read")
def retention_list(request: Request) -> HttpResponse:
    """Who is due under the rules, what was announced, what is held."""
    actor = request.actor
    erasures = visible(actor, Erasure, "retention.read").select_related("person__national")
    holds = visible(actor, LegalHold, "retention.read").filter(lifted_at=None)
    context = {
        "due": retention.due(actor),
        "rules": retention.rules().values(),
        "waiting": erasures.filter(status=ErasureStatus.WARNED),
        "settled": erasures.exclude(status=ErasureStatus.WARNED).order_by("-settled_at")[:20],
        "holds": holds.select_related("person__national"),
        "today": timezone.localdate(),
        "crumbs": [("", _("Retention and rights"))],
    }
    return render(request, "rights/retention.html", context)


# --- One person ---------------------------------------------------------------------------------


class WordsForm(forms.Form):
    """A few words, sealed."""

    words = forms.CharField(
        label=gettext_lazy("In the person’s words"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectionForm(WordsForm):
    """What the person says is wrong."""

    group = forms.ChoiceField(
        label=gettext_lazy("About"), choices=[(g.value, g.label) for g in SHAREABLE]
    )
    field_order = ("group", "words")


class ReasonForm(forms.Form):
    """Why, sealed."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class HoldForm(ReasonForm):
    """Why nothing may be erased, and until when if it is known."""

    until = forms.DateField(
        label=gettext_lazy("Until (if it is known)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AnswerForm(ReasonForm):
    """Accepted or refused, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("yes", gettext_lazy("Accepted")), ("no", gettext_lazy("Refused"))],
        widget=forms.RadioSelect,
    )
    field_order = ("decision", "reason")


Forms = dict[str, forms.Form]


def _own(request: Request, verb: str, pk: str) -> Person:
    """A record of one's own body; another body's does not exist here."""
    person = visible_or_404(request.actor, Person, verb, pk)
    if person.organisation_id != request.actor.organisation_id:
        raise Http404
    return person


@page("correction.read")
def rights_person(request: Request, pk: str) -> HttpResponse:
    """What one person may ask, what was asked, and what holds the record."""
    return _person(request, _own(request, "correction.read", pk))


@page("person.open")
@require_POST
def rights_open(request: Request, pk: str) -> HttpResponse:
    """The same with the words that were sealed: what was asked, and the reasons."""
    person = _own(request, "person.open", pk)
    return _person(request, person, file=open_groups(request.actor, person, [FieldGroup.INTERNAL]))


def _person(
    request: Request,
    person: Person,
    *,
    file: File | None = None,
    bad: Forms | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    corrections = [
        (
            row,
            FieldGroup(row.group).label,
            file.text("correction", row.pk) if file else "",
            file.text("correction_answer", row.pk) if file else "",
        )
        for row in visible(actor, CorrectionRequest, "correction.read").filter(person=person)
    ]
    holds: list[tuple[LegalHold, str]] = []
    if actor.can("hold.write"):
        rows = visible(actor, LegalHold, "hold.write").filter(person=person)
        holds = [(row, file.text("hold", row.pk) if file else "") for row in rows]
    erasures = list(visible(actor, Erasure, "erasure.stop").filter(person=person))
    given, sees_list = bad or {}, actor.can("retention.read")
    context: dict[str, Any] = {
        "person": person,
        "number": person.national.number,
        "is_open": file is not None,
        "corrections": corrections,
        "holds": holds,
        "erasures": erasures,
        "is_announced": any(row.status == ErasureStatus.WARNED for row in erasures),
        "may_copy": actor.can("copy.make"),
        "may_hold": actor.can("hold.write"),
        "may_erase": actor.can("erasure.write"),
        "correction_form": given.get("correction") or CorrectionForm(prefix="correction"),
        "hold_form": given.get("hold") or HoldForm(prefix="hold"),
        "answer_form": given.get("answer"),
        "crumbs": [
            *([(reverse("retention_list"), _("Retention and rights"))] if sees_list else []),
            ("", person.national.number),
        ],
    }
    return render(request, "rights/person.html", context, status=status)


def _tried(
    request: Request,
    person: Person,
    form: forms.Form,
    name: str,
    act: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Do it, say so; or show the page again with what was typed and what is wrong."""
    if form.is_valid():
        try:
            act()
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, done)
            return redirect("rights_person", person.pk)
    return _person(request, person, bad={name: form}, status=400)


@page("correction.write")
@require_POST
def correction_ask(request: Request, pk: str) -> HttpResponse:
    """Write down what the person says is wrong."""
    person = _own(request, "correction.write", pk)
    form = CorrectionForm(request.POST, prefix="correction")

    def act() -> object:
        told = form.cleaned_data
        return rights_actions.request_correction(
            request.actor, person, group=FieldGroup(told["group"]), words=told["words"]
        )

    return _tried(request, person, form, "correction", act, _("Written down, and sealed."))


@page("correction.write")
def correction_settle(request: Request, pk: str) -> HttpResponse:
    """Answer a request of correction."""
    row = visible_or_404(request.actor, CorrectionRequest, "correction.write", pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            rights_actions.settle_correction(
                request.actor, row, is_accepted=told["decision"] == "yes", reason=told["reason"]
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(
                request,
                _("Answered. If it was accepted, correct the record now: both versions are kept."),
            )
            return redirect("rights_person", row.person_id)
    context = {
        "row": row,
        "form": form,
        "number": row.person.national.number,
        "crumbs": [
            (reverse("rights_person", args=[row.person_id]), row.person.national.number),
            ("", _("Answer a correction")),
        ],
    }
    status = 400 if form.errors else 200
    return render(request, "rights/correction.html", context, status=status)


@page("hold.write")
@require_POST
def hold_place(request: Request, pk: str) -> HttpResponse:
    """Suspend every erasure."""
    person = _own(request, "hold.write", pk)
    form = HoldForm(request.POST, prefix="hold")

    def act() -> object:
        told = form.cleaned_data
        return rights_actions.place_hold(
            request.actor, person, reason=told["reason"], until=told["until"]
        )

    return _tried(request, person, form, "hold", act, _("Nothing of this record will be erased."))


@page("hold.write")
@require_POST
def hold_lift(request: Request, pk: str) -> HttpResponse:
    """The cause is over."""
    hold = visible_or_404(request.actor, LegalHold, "hold.write", pk)
    try:
        rights_actions.lift_hold(request.actor, hold)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The legal hold is lifted."))
    return redirect("rights_person", hold.person_id)


# --- The copy, and who looked --------------------------------------------------------------------


@page("copy.make")
@require_POST
def copy_make(request: Request, pk: str) -> HttpResponse:
    """The person's copy of their file: opened, recorded, to be printed and handed over."""
    person = _own(request, "copy.make", pk)
    copy = rights_actions.copy_of_file(request.actor, person)
    context = {
        "copy": copy,
        "person": person,
        "number": person.national.number,
        "parts": parts_of(copy.file),
        "decisions": [(row, value_label(row)) for row in copy.decisions],
        "cases": [
            (case, [(given, service_label(given.type)) for given in case.services.all()])
            for case in copy.cases
        ],
        "referrals": [(row, service_label(row.service)) for row in copy.referrals],
        "looks": looks(copy.openings),
        "now": timezone.now(),
    }
    return render(request, "rights/copy.html", context)


@page("opening.read")
def opening_list(request: Request, pk: str) -> HttpResponse:
    """Who looked at the record, when, at what, on which ground."""
    person = _own(request, "opening.read", pk)
    rows = visible(request.actor, Opening, "opening.read").filter(person=person)
    context = {
        "person": person,
        "number": person.national.number,
        "page": page_of(request, rows.select_related("organisation", "post", "ground"), 100),
        "now": timezone.now(),
    }
    return render(request, "rights/openings.html", context)


# --- Erasure -------------------------------------------------------------------------------------


@page("erasure.write")
@require_POST
def erasure_announce(request: Request, pk: str) -> HttpResponse:
    """Warn two people."""
    person = _own(request, "erasure.write", pk)
    cause = request.POST.get("cause", "")
    try:
        erasure = rights_actions.announce_erasure(request.actor, person, cause=cause)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("rights_person", person.pk)
    messages.success(request, _("Announced: two people are warned, and thirty days begin."))
    return redirect("erasure_detail", erasure.pk)


@page("erasure.stop")
def erasure_detail(request: Request, pk: str) -> HttpResponse:
    """Where an erasure stands, and what one may do."""
    return _erasure(request, visible_or_404(request.actor, Erasure, "erasure.stop", pk))


def _erasure(
    request: Request, row: Erasure, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    tone, sign = TONES[ErasureStatus(row.status)]
    waits = row.status == ErasureStatus.WARNED
    context = {
        "row": row,
        "number": row.person.national.number,
        "cause": cause_label(row.cause),
        "tone": tone,
        "sign": sign,
        "waits": waits,
        "is_second": row.warned_post_id == request.actor.post_id,
        "is_due": waits and timezone.localdate() >= row.due_on,
        "may_carry_out": request.actor.can("erasure.write"),
        "form": form or ReasonForm(),
        "crumbs": [
            (reverse("rights_person", args=[row.person_id]), row.person.national.number),
            ("", _("Erasure")),
        ],
    }
    return render(request, "rights/erasure.html", context, status=status)


@page("erasure.stop")
@require_POST
def erasure_stop(request: Request, pk: str) -> HttpResponse:
    """Hold it back."""
    row = visible_or_404(request.actor, Erasure, "erasure.stop", pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            rights_actions.stop_erasure(request.actor, row, reason=reason)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The erasure is held back."))
            return redirect("erasure_detail", row.pk)
    return _erasure(request, row, form, 400)


@page("erasure.stop")
@require_POST
def erasure_see(request: Request, pk: str) -> HttpResponse:
    """The second person read the warning."""
    row = visible_or_404(request.actor, Erasure, "erasure.stop", pk)
    try:
        rights_actions.see_erasure(request.actor, row)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("erasure_detail", row.pk)


@page("erasure.write")
@require_POST
def erasure_carry_out(request: Request, pk: str) -> HttpResponse:
    """Destroy the keys, for ever."""
    row = visible_or_404(request.actor, Erasure, "erasure.write", pk)
    try:
        rights_actions.carry_out_erasure(request.actor, row)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("erasure_detail", row.pk)
    messages.success(request, _("Erased. Print the certificate."))
    return redirect("erasure_certificate", row.pk)


@page("erasure.stop")
def erasure_certificate(request: Request, pk: str) -> HttpResponse:
    """What was destroyed, when, by whom; to be printed and signed."""
    row = visible_or_404(request.actor, Erasure, "erasure.stop", pk)
    if row.status != ErasureStatus.DONE:
        raise Http404
    context = {
        "row": row,
        "number": row.person.national.number,
        "cause": cause_label(row.cause),
    }
    return render(request, "rights/certificate.html", context)


urlpatterns = [
    path("", retention_list, name="retention_list"),
    path("person/<uuid:pk>/", rights_person, name="rights_person"),
    path("person/<uuid:pk>/open/", rights_open, name="rights_open"),
    path("person/<uuid:pk>/copy/", copy_make, name="copy_make"),
    path("person/<uuid:pk>/openings/", opening_list, name="opening_list"),
    path("person/<uuid:pk>/corrections/", correction_ask, name="correction_ask"),
    path("corrections/<uuid:pk>/", correction_settle, name="correction_settle"),
    path("person/<uuid:pk>/hold/", hold_place, name="hold_place"),
    path("holds/<uuid:pk>/lift/", hold_lift, name="hold_lift"),
    path("person/<uuid:pk>/erasure/", erasure_announce, name="erasure_announce"),
    path("erasures/<uuid:pk>/", erasure_detail, name="erasure_detail"),
    path("erasures/<uuid:pk>/stop/", erasure_stop, name="erasure_stop"),
    path("erasures/<uuid:pk>/seen/", erasure_see, name="erasure_see"),
    path("erasures/<uuid:pk>/carry-out/", erasure_carry_out, name="erasure_carry_out"),
    path("erasures/<uuid:pk>/certificate/", erasure_certificate, name="erasure_certificate"),
]
