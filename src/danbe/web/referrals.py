"""Referrals: put to a service, received, answered, handed over on paper; clocks that ran out."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange.opened_file import Section, age_in_words, country_label, sections_of
from danbe.exchange.packet import Packet, encrypt, make_packet, new_code
from danbe.partnership.queries import service_types
from danbe.protection import ledger, referral_actions, referrals
from danbe.protection.models import Ground, Person, Referral
from danbe.protection.open_actions import open_groups
from danbe.protection.referrals import Minimum, minimum_of, works_in_danbe
from danbe.protection.vocabulary import (
    Declining,
    FieldGroup,
    ReferralRoute,
    ReferralStatus,
)
from danbe.web.agreements import closed_for
from danbe.web.consents import crumbs_of, held
from danbe.web.download import download
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbe.web.referral_form import DeclineForm, NeedForm, PacketForm, SendForm

TONES = {
    ReferralStatus.SENT: "info",
    ReferralStatus.ACCEPTED: "good",
    ReferralStatus.DECLINED: "warn",
    ReferralStatus.DONE: "good",
    ReferralStatus.REVOKED: "neutral",
}
ANSWERABLE = (ReferralStatus.SENT, ReferralStatus.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Line:
    """One referral of a list: a number, never a name."""

    referral: Referral
    service: str
    other: str  # the body on the other side
    tone: str
    is_late: bool


def _lines(rows: Any, *, sees_sender: bool) -> list[Line]:
    """Rows as drawn, with the names of services in one look-up."""
    names, now = dict(service_types()), timezone.now()
    return [
        Line(
            row,
            names.get(row.service, row.service),
            row.organisation.label if sees_sender else recipient_label(row),
            TONES[ReferralStatus(row.status)],
            row.status == ReferralStatus.SENT and row.answer_due_at < now and not row.receipt_at,
        )
        for row in rows
    ]


def recipient_label(row: Referral) -> str:
    """The body asked; one that is not in Danbe is named on the packet alone."""
    return row.recipient.label if row.recipient else str(row.get_route_display())


# --- Lists ------------------------------------------------------------------------------------


def _tabs(actor: Actor, here: str) -> list[tuple[str, str, bool]]:
    waiting = referrals.n_to_answer(actor)
    tabs = [
        ("referral_inbox", _("Received (%(n)d to answer)") % {"n": waiting}, "referral.read"),
        ("referral_outbox", pgettext("referrals", "Sent"), "referral.read"),
        ("referral_watch", _("Without an answer"), "referral.watch"),
    ]
    return [(reverse(name), label, name == here) for name, label, verb in tabs if actor.can(verb)]


@page("referral.read")
def referral_inbox(request: Request) -> HttpResponse:
    """What other bodies ask of ours, those without an answer first."""
    return _list(request, "referral_inbox")


@page("referral.read")
def referral_outbox(request: Request) -> HttpResponse:
    """What our body asked of others."""
    return _list(request, "referral_outbox")


def _list(request: Request, here: str) -> HttpResponse:
    is_inbox = here == "referral_inbox"
    rows = (referrals.received if is_inbox else referrals.sent)(request.actor)
    status, service = request.GET.get("status", ""), request.GET.get("service", "")
    rows = referrals.listed(rows, status=status, service=service).order_by("-sent_at", "pk")
    shown = page_of(request, rows)
    context = {
        "page": shown,
        "lines": _lines(shown.object_list, sees_sender=is_inbox),
        "is_inbox": is_inbox,
        "closed_flows": closed_for(request.actor),
        "status": status,
        "service": service,
        "statuses": ReferralStatus.choices,
        "services": service_types(),
        "tabs": _tabs(request.actor, here),
        "crumbs": [("", _("Referrals"))],
    }
    return render(request, "referrals/list.html", context)


@page("referral.watch")
def referral_watch(request: Request) -> HttpResponse:
    """Clocks that ran out: bodies and numbers, no person and no way to one."""
    now = timezone.now()
    shown = page_of(request, referrals.watched(request.actor, now))
    names = dict(service_types())
    context = {
        "page": shown,
        "lines": [
            (row, names.get(row.service, row.service), recipient_label(row), _hours(now, row))
            for row in shown.object_list
        ],
        "crumbs": [("", _("Referrals without an answer"))],
    }
    return render(request, "referrals/watch.html", context)


def _hours(now: datetime.datetime, row: Referral) -> int:
    """Whole hours since the answer was due."""
    return int((now - row.answer_due_at) / datetime.timedelta(hours=1))


# --- Sending --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the person agreed to, for one service of one body, beside what it usually needs."""

    minimum: Minimum
    agreed: list[FieldGroup]
    refusal: str  # why nothing can be sent; empty where something can

    @property
    def missing(self) -> list[FieldGroup]:
        """What the service usually needs, and the person did not agree to."""
        return [group for group in self.minimum.groups if group not in self.agreed]

    @property
    def missing_labels(self) -> str:
        """The same, in words."""
        return ledger.spoken(self.missing)


def coverage(
    person: Person, service: str, recipient: Organisation | None, ground: Ground | None
) -> Coverage:
    """The widest live ground that is for this service of this body."""
    minimum = minimum_of(service)
    try:
        found = referrals.covering(person, service, [], recipient=recipient, ground=ground)
    except DomainError as error:
        return Coverage(minimum, [], str(error.message))
    return Coverage(minimum, found.field_groups, "")


@page("referral.send")
def referral_new(request: Request, pk: uuid.UUID) -> HttpResponse:
    """First the need and the body; then what the person agreed that it reads."""
    actor = request.actor
    person = held(actor, "referral.send", pk)
    asked = {name: request.GET.get(name, "") for name in ("service", "to")}
    need = NeedForm(asked if all(asked.values()) else None, actor=actor, person=person)
    if not all(asked.values()):
        need.initial = asked
    context: dict[str, Any] = {
        "person": person,
        "age": age_in_words(person),
        "need": need,
        "crumbs": crumbs_of(person, ("", _("Refer"))),
    }
    if need.is_valid():
        return _second_step(request, person, need, context)
    return render(request, "referrals/new.html", context)


def _second_step(
    request: Request, person: Person, need: NeedForm, context: dict[str, Any]
) -> HttpResponse:
    service, recipient = need.cleaned_data["service"], need.recipient
    ground = need.ground(person)
    covered = coverage(person, service, recipient, ground)
    form = SendForm(
        request.POST or None,
        actor=request.actor,
        service=service,
        recipient=recipient,
        is_here=recipient is not None and works_in_danbe(recipient),
        agreed=covered.agreed,
        initial={
            "groups": [g.value for g in covered.minimum.groups if g in covered.agreed],
            "offer": request.GET.get("offer", ""),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            sent = referral_actions.send_referral(
                request.actor,
                person,
                service=service,
                recipient=recipient,
                ground=ground,
                **form.arguments(),
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The referral is sent."))
            return redirect("referral_detail", sent.pk)
    context |= {
        "form": form,
        "coverage": covered,
        "recipient": recipient,
        "service": dict(service_types()).get(service, service),
        "service_code": service,
    }
    return render(request, "referrals/new.html", context)


# --- One referral -----------------------------------------------------------------------------


def _referral(actor: Actor, pk: uuid.UUID) -> Referral:
    rows = referrals.readable(actor).select_related("post", "case", "received_case")
    found: Referral = get_object_or_404(rows, pk=pk)
    return found


@page("referral.read")
def referral_detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One referral, without anything sealed."""
    return _detail(request, _referral(request.actor, pk))


@page("person.open")
@require_POST
def referral_open(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Open what this referral shows, and no more. Recorded."""
    referral = _referral(request.actor, pk)
    groups = [FieldGroup(code) for code in referral.groups.split()]
    is_sender = referral.organisation_id == request.actor.organisation_id
    wanted = [*groups, FieldGroup.INTERNAL] if is_sender else groups
    opened = open_groups(request.actor, referral.person, wanted)
    sections = sections_of(referral.person, opened, groups, referral=referral.pk)
    rows = opened.of("recipient", referral.pk)
    told = rows[-1].data() if rows else {}
    return _detail(request, referral, sections, opened.text("decline", referral.pk), told)


def _detail(
    request: Request,
    referral: Referral,
    sections: list[Section] | None = None,
    declined: str = "",
    outside: dict[str, str] | None = None,
    form: forms.Form | None = None,
) -> HttpResponse:
    actor = request.actor
    is_sender = referral.organisation_id == actor.organisation_id
    is_body = referral.route == ReferralRoute.BODY
    answers = referral.recipient_id == actor.organisation_id if is_body else is_sender
    is_waiting = referral.status == ReferralStatus.SENT
    held_back = referrals.why_held_back(referral)
    is_live = referral.ground.is_live() and not held_back
    holds = referral.person.organisation_id == actor.organisation_id
    context = {
        "line": _lines([referral], sees_sender=not is_sender)[0],
        "referral": referral,
        "person": referral.person,
        "age": age_in_words(referral.person) if is_live or holds else "",
        "country": country_label(referral.country),
        "groups": ledger.spoken(g for g in FieldGroup if g in referral.groups.split()),
        "steps": _steps(referral),
        "is_sender": is_sender,
        "holds": holds,
        "is_body": is_body,
        "is_live": is_live,
        "held_back": held_back,
        "sections": sections,
        "declined": declined,
        "outside": outside,
        "may_open": holds or (is_live and not is_sender),
        "decline_form": (form or DeclineForm()) if answers and is_waiting else None,
        "may_answer": answers and is_waiting,
        "may_finish": answers and referral.status == ReferralStatus.ACCEPTED,
        "may_revoke": is_sender and referral.status in ANSWERABLE,
        "packet_form": (
            PacketForm(initial={"return_address": referral.organisation.label})
            if is_sender and holds and not is_body and is_live and referral.status in ANSWERABLE
            else None
        ),
        "crumbs": [
            (reverse("referral_outbox" if is_sender else "referral_inbox"), _("Referrals")),
            ("", referral.number),
        ],
    }
    return render(request, "referrals/detail.html", context)


@dataclass(frozen=True, slots=True)
class Step:
    """One moment in the life of a referral."""

    date: datetime.datetime
    title: str
    tone: str = "neutral"
    text: str = ""
    who: str = ""


def _steps(row: Referral) -> list[Step]:
    """What happened, in order."""
    found = [Step(row.sent_at, _("Sent"), "info", who=row.organisation.label)]
    if row.receipt_at:
        found.append(Step(row.receipt_at, _("Receipt confirmed"), "good"))
    if row.escalated_at:
        found.append(Step(row.escalated_at, _("Put before the focal point"), "warn"))
    if row.answered_at:
        declined = bool(row.declining)
        title = _("Declined") if declined else _("Accepted")
        why = str(row.get_declining_display()) if declined else ""
        tone = "warn" if declined else "good"
        found.append(Step(row.answered_at, title, tone, why, recipient_label(row)))
    if row.done_at:
        found.append(Step(row.done_at, _("Service given"), "good"))
    if row.revoked_at:
        found.append(Step(row.revoked_at, _("Revoked")))
    return sorted(found, key=lambda step: step.date)


# --- Answers ----------------------------------------------------------------------------------


@page("referral.answer")
@require_POST
def referral_accept(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Take the person in charge."""
    referral = referral_actions.accept_referral(request.actor, _referral(request.actor, pk))
    if referral.received_case_id:
        messages.success(request, _("Accepted: your body has opened its own case."))
    else:
        messages.success(request, _("Accepted."))
    return redirect("referral_detail", referral.pk)


@page("referral.answer")
@require_POST
def referral_decline(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Say no, and why."""
    referral = _referral(request.actor, pk)
    form = DeclineForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            referral_actions.decline_referral(
                request.actor, referral, reason=Declining(told["reason"]), note=told["note"]
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("Declined: the sender is told at once."))
            return redirect("referral_detail", referral.pk)
    return _detail(request, referral, form=form)


@page("referral.finish")
@require_POST
def referral_finish(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The service was given."""
    referral = referral_actions.finish_referral(request.actor, _referral(request.actor, pk))
    messages.success(request, _("Recorded: the service was given."))
    return redirect("referral_detail", referral.pk)


@page("referral.revoke")
@require_POST
def referral_revoke(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Take it back."""
    referral = referral_actions.revoke_referral(request.actor, _referral(request.actor, pk))
    messages.success(request, _("The referral is revoked."))
    return redirect("referral_detail", referral.pk)


# --- The packet -------------------------------------------------------------------------------


@page("packet.make")
@require_POST
def packet_pdf(request: Request, pk: uuid.UUID) -> HttpResponse:
    """On paper. Recorded."""
    packet = _packet(request, pk)
    return download(packet.pdf, "application/pdf", f"{packet.name}.pdf")


@page("packet.make")
@require_POST
def packet_code(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A code, shown once: written down or told by telephone, then the file is made with it."""
    referral = _referral(request.actor, pk)
    if referral.organisation_id != request.actor.organisation_id:
        raise DomainError("packet.not_yours", _("The body that refers makes the packet."))
    context = {
        "referral": referral,
        "code": new_code(),
        "return_address": request.POST.get("return_address", ""),
        "crumbs": [
            (reverse("referral_detail", args=[referral.pk]), referral.number),
            ("", _("Encrypted file")),
        ],
    }
    return render(request, "referrals/code.html", context)


@page("packet.make")
@require_POST
def packet_file(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The packet encrypted with the code just shown. Recorded."""
    packet = _packet(request, pk)
    data = encrypt(packet, request.POST.get("code", ""))
    return download(data, "application/octet-stream", f"{packet.name}.age")


def _packet(request: Request, pk: uuid.UUID) -> Packet:
    """The packet, its receipt to be sent to the address typed."""
    form = PacketForm(request.POST)
    address = form.cleaned_data["return_address"] if form.is_valid() else ""
    return make_packet(request.actor, _referral(request.actor, pk), return_address=address)


@page("packet.make")
@require_POST
def packet_receipt(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The body outside Danbe confirmed that the packet reached it."""
    referral = referral_actions.confirm_receipt(request.actor, _referral(request.actor, pk))
    messages.success(request, _("The receipt is recorded."))
    return redirect("referral_detail", referral.pk)


urlpatterns = [
    path("", referral_inbox, name="referral_inbox"),
    path("sent/", referral_outbox, name="referral_outbox"),
    path("watch/", referral_watch, name="referral_watch"),
    path("new/<uuid:pk>/", referral_new, name="referral_new"),
    path("<uuid:pk>/", referral_detail, name="referral_detail"),
    path("<uuid:pk>/open/", referral_open, name="referral_open"),
    path("<uuid:pk>/accept/", referral_accept, name="referral_accept"),
    path("<uuid:pk>/decline/", referral_decline, name="referral_decline"),
    path("<uuid:pk>/finish/", referral_finish, name="referral_finish"),
    path("<uuid:pk>/revoke/", referral_revoke, name="referral_revoke"),
    path("<uuid:pk>/packet/", packet_pdf, name="packet_pdf"),
    path("<uuid:pk>/code/", packet_code, name="packet_code"),
    path("<uuid:pk>/file/", packet_file, name="packet_file"),
    path("<uuid:pk>/receipt/", packet_receipt, name="packet_receipt"),
]
