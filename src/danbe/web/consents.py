"""The consent ledger, recorded and taken back; what reaches us; emergencies and their review."""

import base64
import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import Actor, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange.opened_file import age_in_words, sections_of
from danbe.protection import ground_actions, ledger
from danbe.protection.door import File
from danbe.protection.models import Acknowledgement, ConsentText, Ground, Person
from danbe.protection.open_actions import open_groups
from danbe.protection.vocabulary import SHAREABLE, FieldGroup, GroundKind, Purpose
from danbe.web.agreements import closed_for
from danbe.web.consent_form import (
    ConsentForm,
    EmergencyForm,
    GlassForm,
    OrderForm,
    ReviewForm,
    WithdrawalForm,
    end_of,
    sound_of,
)
from danbe.web.download import download
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbekit.dates import format_date

TONES = {
    ledger.State.ALIVE: ("good", "unlock"),
    ledger.State.REFUSED: ("neutral", "cross"),
    ledger.State.WITHDRAWN: ("warn", "lock"),
    ledger.State.SPENT: ("neutral", "check"),
    ledger.State.EXPIRED: ("neutral", "clock"),
    ledger.State.STOPPED: ("bad", "lock"),
    ledger.State.HELD: ("warn", "lock"),
}


def held(actor: Actor, verb: str, pk: uuid.UUID) -> Person:
    """A person whose record the actor's body holds; for any other, nothing is confirmed."""
    person = ledger.held_or_none(actor, verb, pk)
    if person is None:
        raise Http404
    return person


def crumbs_of(person: Person, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way back to a person, who is a number here."""
    try:
        url = reverse("person_detail", args=[person.pk])
    except NoReverseMatch:
        url = reverse("consent_ledger", args=[person.pk])
    return [(url, person.national.number), *more]


def about(person: Person) -> dict[str, Any]:
    """The head of a page about a person: a number, a sex, an age."""
    return {"person": person, "age": age_in_words(person)}


def state_label(state: str) -> str:
    """Where an entry stands, in words."""
    return {
        ledger.State.ALIVE: _("In force"),
        ledger.State.REFUSED: pgettext("consent", "Refused"),
        ledger.State.WITHDRAWN: pgettext("consent", "Withdrawn"),
        ledger.State.SPENT: _("Used up"),
        ledger.State.EXPIRED: pgettext("consent", "Ended"),
        ledger.State.STOPPED: _("Ended by the review"),
        ledger.State.HELD: _("Held back by an agreement"),
    }[state]


# --- The ledger of one person ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, as drawn; ``heard`` is what was opened of it."""

    entry: ledger.Entry
    state: str
    tone: str
    sign: str
    heard: tuple[tuple[str, str], ...] = ()
    has_recording: bool = False

    @property
    def groups(self) -> str:
        """What it covers, in words."""
        return ledger.spoken(self.entry.groups)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One field group, and on which ground each reader has it."""

    group: FieldGroup
    grounds: list[Ground | None]

    @classmethod
    def of(cls, group: FieldGroup, readers: list[ledger.Reader]) -> "MatrixRow":
        """In the order of the readers."""
        return cls(group, [reader.grounds.get(group) for reader in readers])


@page("consent.read")
def consent_ledger(request: Request, pk: uuid.UUID) -> HttpResponse:
    """What is alive, refused, withdrawn; who has access now."""
    return _ledger(request, held(request.actor, "consent.read", pk))


@page("person.open")
@require_POST
def consent_open(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The same with names: witnesses, guardians, orders, reasons. Recorded."""
    person = held(request.actor, "person.open", pk)
    opened = open_groups(request.actor, person, [FieldGroup.INTERNAL])
    return _ledger(request, person, opened)


def _ledger(request: Request, person: Person, opened: File | None = None) -> HttpResponse:
    found = ledger.entries(request.actor, person)
    readers = ledger.readers(found)
    context = {
        **about(person),
        "lines": [line_of(entry, opened) for entry in found],
        "readers": readers,
        "matrix": [MatrixRow.of(group, readers) for group in SHAREABLE],
        "is_open": opened is not None,
        "may_withdraw": any(entry.may_be_withdrawn for entry in found),
        "crumbs": crumbs_of(person, ("", _("Consent ledger"))),
    }
    return render(request, "consents/ledger.html", context)


def line_of(entry: ledger.Entry, opened: File | None = None) -> Line:
    """One entry as drawn."""
    tone, sign = TONES[entry.state]
    recording = bool(opened and opened.of("recording", entry.ground.pk))
    heard = tuple(_heard(opened, entry.ground)) if opened else ()
    return Line(entry, state_label(entry.state), tone, sign, heard, recording)


def _heard(opened: File, ground: Ground) -> list[tuple[str, str]]:
    """What was sealed with an entry, in words."""
    labels = {
        "outside": _("Recipient"),
        "guardian": _("Guardian"),
        "witness": _("Witness"),
        "interpreter": _("Interpreter"),
        "words": _("In the person’s words"),
        "authority": _("Ordered by"),
        "reference": _("Reference"),
    }
    told = [
        (labels[name], str(value))
        for kind in ("hearing", "order")
        for row in opened.of(kind, ground.pk)
        for name, value in row.data().items()
        if value and name in labels
    ]
    for kind, label in (
        ("exception", _("Reason")),
        ("withdrawal", _("On taking it back")),
        ("review", _("Review")),
    ):
        if text := opened.text(kind, ground.pk):
            told.append((label, text))
    return told


@page("person.open")
@require_POST
def consent_recording(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The recording of an answer, to be listened to. Recorded."""
    ground = visible_or_404(request.actor, Ground, "person.open", pk)
    person = held(request.actor, "person.open", ground.person_id)
    opened = open_groups(request.actor, person, [FieldGroup.INTERNAL])
    data = base64.b64decode(opened.text("recording", ground.pk))
    if not data:
        raise Http404
    return download(data, sound_of(data) or "application/octet-stream", "recording")


# --- Recording ------------------------------------------------------------------------------


@page("consent.write")
def consent_new(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Read the text out, hear the answer, write it down: yes or no."""
    actor = request.actor
    person = held(actor, "consent.write", pk)
    texts = ledger.texts_in_force(timezone.localdate())
    asked = request.GET.get("purpose", "")
    purpose = Purpose(asked) if asked in Purpose.values else Purpose.REFERRAL
    initial = {
        "recipient": request.GET.get("to", ""),
        "services": request.GET.getlist("service"),
        "groups": request.GET.getlist("group"),
    }
    form = ConsentForm(
        request.POST or None,
        request.FILES or None,
        actor=actor,
        person=person,
        text=texts.get(purpose),
        initial={name: value for name, value in initial.items() if value},
    )
    if request.method == "POST" and form.is_valid():
        done = _try(form, lambda: _record(actor, person, form, purpose))
        if done:
            _say_recorded(request, done)
            return redirect("consent_ledger", person.pk)
    query = request.GET.copy()
    tabs = []
    for one in Purpose:
        query["purpose"] = one.value
        tabs.append((f"?{query.urlencode()}", one.label, one == purpose))
    context = {
        **about(person),
        "form": form,
        "text": texts.get(purpose),
        "purpose": purpose,
        "tabs": tabs,
        "crumbs": crumbs_of(person, _to_ledger(person), ("", _("Consent"))),
    }
    return render(request, "consents/new.html", context)


def _to_ledger(person: Person) -> tuple[str, str]:
    return (reverse("consent_ledger", args=[person.pk]), _("Consent ledger"))


def _record(actor: Actor, person: Person, form: ConsentForm, purpose: Purpose) -> Ground:
    return ground_actions.record_consent(
        actor,
        person,
        recipient=form.body,
        groups=form.field_groups,
        purpose=purpose,
        until=end_of(form.cleaned_data["until"]),
        hearing=form.hearing,
        services=form.cleaned_data["services"],
        is_given=form.cleaned_data["answer"] == "yes",
    )


def _say_recorded(request: Request, ground: Ground) -> None:
    if ground.is_given:
        messages.success(request, _("Consent is recorded. The person may take it back any time."))
    else:
        messages.success(request, _("The refusal is recorded: nothing is shared. Help goes on."))


def _try(form: Any, act: Callable[[], Ground]) -> Ground | None:
    """Run an act; what the rules refuse is shown at its field."""
    try:
        return act()
    except DomainError as error:
        at_field(form, error)
        return None


@page("consent.read")
def consent_text(request: Request, pk: int) -> HttpResponse:
    """A text on paper, with the boxes of the screen, to be read out and signed or marked."""
    text = get_object_or_404(ConsentText, pk=pk)
    context = {"text": text, "groups": [g for g in SHAREABLE if g != FieldGroup.PROFILE]}
    return render(request, "consents/text.html", context)


# --- Taking back ----------------------------------------------------------------------------


@page("consent.withdraw")
def consent_withdraw(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Choose what is taken back; access ends with the click."""
    actor = request.actor
    person = held(actor, "consent.withdraw", pk)
    found = [e for e in ledger.entries(actor, person) if e.may_be_withdrawn]
    choices = [(str(entry.ground.pk), _spoken(entry)) for entry in found]
    asked = request.GET.get("ground", "")
    chosen = [asked] if asked in dict(choices) else [code for code, _label in choices]
    form = WithdrawalForm(request.POST or None, choices=choices, initial={"grounds": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            ended = _withdraw(actor, found, form)
        except DomainError as error:
            at_field(form, error)
        else:
            _say_ended(request, ended)
            return redirect("consent_ledger", person.pk)
    context = {
        **about(person),
        "form": form,
        "is_empty": not choices,
        "crumbs": crumbs_of(person, _to_ledger(person), ("", _("Take back"))),
    }
    return render(request, "consents/withdraw.html", context)


def _spoken(entry: ledger.Entry) -> str:
    told = {
        "body": entry.recipient or _("a body that is not in Danbe"),
        "purpose": entry.ground.get_purpose_display(),
        "groups": ledger.spoken(entry.groups),
        "day": format_date(timezone.localdate(entry.ground.start), get_language() or "fr"),
    }
    return _("%(body)s, %(purpose)s, %(day)s (%(groups)s)") % told


def _withdraw(actor: Actor, found: list[ledger.Entry], form: WithdrawalForm) -> list[Ground]:
    """All that was chosen, or nothing."""
    chosen, words = set(form.cleaned_data["grounds"]), form.cleaned_data["words"].strip()
    grounds = [entry.ground for entry in found if str(entry.ground.pk) in chosen]
    with transaction.atomic():
        return [ground_actions.withdraw_consent(actor, row, words=words) for row in grounds]


def _say_ended(request: Request, ended: list[Ground]) -> None:
    names = sorted({row.recipient.label for row in ended if row.recipient})
    outside = [row for row in ended if row.recipient is None]
    if names:
        text = _("Access ended now for: %(names)s. Each is asked to confirm.")
        messages.success(request, text % {"names": pgettext("between items", "; ").join(names)})
    if outside:
        text = ngettext(
            "%(n)d body reads on paper: telephone it, and ask for the packet back.",
            "%(n)d bodies read on paper: telephone them, and ask for the packets back.",
            len(outside),
        )
        messages.warning(request, text % {"n": len(outside)})


@page("consent.acknowledge")
def acknowledge_list(request: Request) -> HttpResponse:
    """The withdrawals that our body must confirm."""
    context = {
        "page": page_of(request, ledger.to_acknowledge(request.actor)),
        "tabs": sharing_tabs(request.actor, "acknowledge_list"),
        "crumbs": [("", _("Withdrawals to confirm"))],
    }
    return render(request, "consents/acknowledge.html", context)


@page("consent.acknowledge")
@require_POST
def acknowledge(request: Request, pk: int) -> HttpResponse:
    """We know, and we keep nothing on paper."""
    row = visible_or_404(request.actor, Acknowledgement, "consent.acknowledge", pk)
    ground_actions.acknowledge_withdrawal(request.actor, row)
    messages.success(request, _("Confirmed. The body that asked is told."))
    return redirect("acknowledge_list")


# --- Orders and emergencies -----------------------------------------------------------------


@page("order.write")
def order_new(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A judicial order received: what it names is opened to whom it names."""
    actor = request.actor
    person = held(actor, "order.write", pk)
    form = OrderForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid() and form.body:
        told, body = form.cleaned_data, form.body
        done = _try(
            form,
            lambda: ground_actions.record_order(
                actor,
                person,
                recipient=body,
                groups=form.field_groups,
                until=end_of(told["until"]),
                authority=told["authority"],
                reference=told["reference"],
            ),
        )
        if done:
            messages.success(request, _("The order is recorded. Tell the person when you can."))
            return redirect("consent_ledger", person.pk)
    context = {
        **about(person),
        "form": form,
        "crumbs": crumbs_of(person, _to_ledger(person), ("", _("Judicial order"))),
    }
    return render(request, "consents/order.html", context)


@page("emergency.share")
def emergency_new(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A life is at risk and the person cannot be asked."""
    actor = request.actor
    person = held(actor, "emergency.share", pk)
    form = EmergencyForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        done = _try(
            form,
            lambda: ground_actions.share_in_emergency(
                actor,
                person,
                recipient=form.body,
                outside=told["outside"],
                groups=form.field_groups,
                reason=told["reason"],
                hours=told["hours"],
            ),
        )
        if done:
            messages.success(request, _("Shared. Somebody else reviews it within 72 hours."))
            return redirect("consent_ledger", person.pk)
    context = {
        **about(person),
        "form": form,
        "crumbs": crumbs_of(person, _to_ledger(person), ("", _("Vital emergency"))),
    }
    return render(request, "consents/emergency.html", context)


@page("glass.break")
def glass_break(request: Request) -> HttpResponse:
    """Open the record of another body for three hours at most, and answer for it."""
    actor = request.actor
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        done = _try(
            form,
            lambda: ground_actions.break_glass(
                actor,
                number=told["number"],
                groups=[FieldGroup(code) for code in told["groups"]],
                reason=told["reason"],
                hours=told["hours"],
            ),
        )
        if done:
            messages.warning(request, _("Open until the hour shown. Its holder has been told."))
            return redirect("consent_received")
    context = {
        "form": form,
        "tabs": sharing_tabs(actor, "glass_break"),
        "crumbs": [("", _("Emergency access"))],
    }
    return render(request, "consents/glass.html", context)


# --- What reaches us ------------------------------------------------------------------------


def sharing_tabs(actor: Actor, here: str) -> list[tuple[str, str, bool]]:
    """Read, confirm, break, review: what each post may."""
    tabs = [
        ("consent_received", _("Shared with us"), "person.read"),
        ("acknowledge_list", _("Withdrawals to confirm"), "consent.acknowledge"),
        ("glass_break", _("Emergency access"), "glass.break"),
        ("review_list", _("To review"), "ground.review"),
    ]
    return [(reverse(name), label, name == here) for name, label, verb in tabs if actor.can(verb)]


@page("person.read")
def consent_received(request: Request) -> HttpResponse:
    """The records of other bodies that a consent, an order or an emergency opens to us."""
    shown = page_of(request, ledger.received(request.actor))
    rows: Any = shown.object_list  # a slice of a queryset, which the paginator calls less
    context = {
        "page": shown,
        "lines": [line_of(entry) for entry in ledger.entries_of(rows)],
        "closed_flows": closed_for(request.actor),
        "may_open": request.actor.can("person.open"),
        "tabs": sharing_tabs(request.actor, "consent_received"),
        "crumbs": [("", _("Shared with us"))],
    }
    return render(request, "consents/received.html", context)


@page("person.open")
@require_POST
def received_open(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Open what one ground covers. Recorded, and shown to the person."""
    ground = get_object_or_404(ledger.received(request.actor), pk=pk)
    opened = open_groups(request.actor, ground.person, ground.field_groups)
    context = {
        "ground": ground,
        "person": ground.person,
        "sections": sections_of(ground.person, opened, opened.groups),
        "crumbs": [
            (reverse("consent_received"), _("Shared with us")),
            ("", ground.person.national.number),
        ],
    }
    return render(request, "consents/shared.html", context)


# --- Review ---------------------------------------------------------------------------------


@page("ground.review")
def review_list(request: Request) -> HttpResponse:
    """Emergencies to review, the most pressing first; then those reviewed."""
    rows = ledger.to_review(request.actor)
    shows_all = request.GET.get("show") == "all"
    shown = page_of(request, rows if shows_all else rows.filter(reviewed_at=None))
    context = {
        "page": shown,
        "now": timezone.now(),
        "shows_all": shows_all,
        "tabs": sharing_tabs(request.actor, "review_list"),
        "crumbs": [("", _("Emergencies to review"))],
    }
    return render(request, "consents/review_list.html", context)


@page("ground.review")
def review_detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Who opened what, when, for how long; the finding."""
    ground = _to_review(request, pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        done = _try(
            form,
            lambda: ground_actions.review_ground(
                request.actor,
                ground,
                is_justified=told["verdict"] == "yes",
                note=told["note"].strip(),
            ),
        )
        if done:
            messages.success(request, _("The review is recorded; whoever opened it is told."))
            return redirect("review_list")
    return _review(request, ground, form)


@page("ground.review")
@require_POST
def review_open(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The reason that was given. Recorded."""
    ground = _to_review(request, pk)
    opened = open_groups(request.actor, ground.person, [FieldGroup.INTERNAL])
    return _review(request, ground, ReviewForm(), opened)


def _to_review(request: Request, pk: uuid.UUID) -> Ground:
    return get_object_or_404(ledger.to_review(request.actor), pk=pk)


def _review(
    request: Request, ground: Ground, form: ReviewForm, opened: File | None = None
) -> HttpResponse:
    looked = ground.openings.select_related("post").order_by("at")
    context = {
        "ground": ground,
        "person": ground.person,
        "line": line_of(
            ledger.entries_of(ledger.to_review(request.actor).filter(pk=ground.pk))[0], opened
        ),
        "openings": looked,
        "is_open": opened is not None,
        "is_break_glass": ground.kind == GroundKind.BREAK_GLASS,
        "is_own": ground.post_id == request.actor.post_id,
        "is_late": ground.reviewed_at is None and _is_past(ground.review_due_at),
        "form": form if ground.reviewed_at is None else None,
        "crumbs": [(reverse("review_list"), _("Emergencies to review")), ("", _("Review"))],
    }
    return render(request, "consents/review.html", context)


def _is_past(moment: datetime.datetime | None) -> bool:
    return moment is not None and moment < timezone.now()


urlpatterns = [
    path("person/<uuid:pk>/", consent_ledger, name="consent_ledger"),
    path("person/<uuid:pk>/open/", consent_open, name="consent_open"),
    path("person/<uuid:pk>/new/", consent_new, name="consent_new"),
    path("person/<uuid:pk>/withdraw/", consent_withdraw, name="consent_withdraw"),
    path("person/<uuid:pk>/order/", order_new, name="order_new"),
    path("person/<uuid:pk>/emergency/", emergency_new, name="emergency_new"),
    path("<uuid:pk>/recording/", consent_recording, name="consent_recording"),
    path("texts/<int:pk>/", consent_text, name="consent_text"),
    path("received/", consent_received, name="consent_received"),
    path("received/<uuid:pk>/open/", received_open, name="received_open"),
    path("acknowledge/", acknowledge_list, name="acknowledge_list"),
    path("acknowledge/<int:pk>/", acknowledge, name="acknowledge"),
    path("emergency/", glass_break, name="glass_break"),
    path("review/", review_list, name="review_list"),
    path("review/<uuid:pk>/", review_detail, name="review_detail"),
    path("review/<uuid:pk>/open/", review_open, name="review_open"),
]
