"""Agreements between bodies: read by the parties, written by the secretariat, obeyed."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from danbe.core.access import Actor
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.partnership import agreement_actions, agreements
from danbe.partnership.agreements import State
from danbe.partnership.models import Agreement, AgreementStatus, Flow
from danbe.partnership.sharing import agreements_required
from danbe.protection import sharing
from danbe.protection.ledger import spoken
from danbe.web.agreement_form import ActForm, AgreementForm, EndForm, FlowForm, SignForm
from danbe.web.errors import at_field
from danbe.web.listing import page_of

STATES = {
    State.DRAFT: (pgettext_lazy("agreement", "Draft"), "neutral", "edit"),
    State.DROPPED: (pgettext_lazy("agreement", "Given up"), "neutral", "cross"),
    State.COMING: (pgettext_lazy("agreement", "Signed, not begun"), "info", "clock"),
    State.IN_FORCE: (pgettext_lazy("agreement", "In force"), "good", "check"),
    State.ENDING: (pgettext_lazy("agreement", "Ends soon"), "warn", "clock"),
    State.EXPIRED: (pgettext_lazy("agreement", "Expired"), "bad", "lock"),
    State.ENDED: (pgettext_lazy("agreement", "Ended"), "bad", "lock"),
}
ASKED = (State.IN_FORCE, State.ENDING, State.COMING, State.EXPIRED, State.DRAFT, State.DROPPED)


@dataclass(frozen=True, slots=True)
class Line:
    """One agreement as it is shown."""

    agreement: Agreement
    label: str
    tone: str
    sign: str

    @classmethod
    def of(cls, agreement: Agreement) -> "Line":
        """As it stands today."""
        label, tone, sign = STATES[agreements.state_of(agreement, timezone.localdate())]
        return cls(agreement, str(label), tone, sign)

    @property
    def parties(self) -> str:
        """Between whom."""
        return " · ".join(party.organisation.label for party in self.agreement.parties.all())


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One flow as it is shown, with where it stands today."""

    flow: Flow
    groups: str
    is_open: bool
    is_over: bool


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("agreement_list"), _("Agreements")), *more]


def _tabs(actor: Actor, here: str) -> list[tuple[str, str, bool]]:
    names = [("agreement_list", _("Agreements"), "agreement.read")]
    names += [("sharing_ways", _("Flows and gaps"), "sharing.require")]
    told = [(reverse(name), label, name == here) for name, label, verb in names if actor.can(verb)]
    return told if len(told) > 1 else []


@page("agreement.read")
def agreement_list(request: Request) -> HttpResponse:
    """The agreements of one's body; all of them for the secretariat and the auditor."""
    today = timezone.localdate()
    state, text = request.GET.get("state", ""), request.GET.get("q", "")[:80]
    rows = agreements.listed(agreements.readable(request.actor), today, state=state, text=text)
    shown = page_of(request, rows)
    context = {
        "page": shown,
        "lines": [Line.of(row) for row in shown.object_list],
        "states": [(code, STATES[code][0], code == state) for code in ASKED],
        "q": text,
        "is_asked": bool(state or text),
        "may_write": request.actor.can("agreement.write"),
        "tabs": _tabs(request.actor, "agreement_list"),
        "crumbs": [("", _("Agreements"))],
    }
    return render(request, "agreements/list.html", context)


def _agreement(request: Request, pk: uuid.UUID) -> Agreement:
    found: Agreement = get_object_or_404(agreements.readable(request.actor), pk=pk)
    return found


@page("agreement.read")
def agreement_detail(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One agreement: who, what passes, from when to when, and how it stands today."""
    return _detail(request, _agreement(request, pk))


def _detail(
    request: Request, agreement: Agreement, status: int = 200, **forms: Any
) -> HttpResponse:
    today, actor = timezone.localdate(), request.actor
    flows = list(agreement.flows.select_related("sender", "recipient"))
    is_draft = agreement.status == AgreementStatus.DRAFT
    may_write = actor.can("agreement.write")
    is_bound = agreement.status == AgreementStatus.SIGNED
    context = {
        "agreement": agreement,
        "line": Line.of(agreement),
        "flows": [
            FlowLine(
                flow,
                spoken(flow.field_groups),
                flow.is_open(today),
                flow.closed_from is not None and flow.closed_from <= today,
            )
            for flow in flows
        ],
        "missing": agreements.missing_ways(flows),
        "is_draft": is_draft,
        "may_write": may_write,
        "act_form": forms.get("act_form") or (ActForm.of(agreement) if may_write else None),
        "sign_form": forms.get("sign_form")
        or (SignForm() if is_draft and actor.can("agreement.sign") else None),
        "end_form": forms.get("end_form")
        or (EndForm() if is_bound and actor.can("agreement.end") else None),
        "crumbs": _crumbs(("", agreement.title)),
    }
    return render(request, "agreements/detail.html", context, status=status)


@page("agreement.write")
def agreement_new(request: Request) -> HttpResponse:
    """Begin one."""
    return _edit(request, None)


@page("agreement.write")
def agreement_edit(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Change a draft."""
    return _edit(request, _agreement(request, pk))


def _edit(request: Request, agreement: Agreement | None) -> HttpResponse:
    form = AgreementForm(request.POST or None, agreement=agreement)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                kept = form.record(request.actor)
            except DomainError as error:
                at_field(form, error)
            else:
                messages.success(request, _("The agreement is recorded."))
                return redirect("agreement_detail", kept.pk)
    title = agreement.title if agreement else _("New agreement")
    context = {"form": form, "title": title, "crumbs": _crumbs(("", title))}
    return render(request, "agreements/form.html", context, status=status)


@page("agreement.write")
def flow_new(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Say what one party may let another read."""
    agreement = _agreement(request, pk)
    form = FlowForm(request.POST or None, agreement=agreement)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                agreement_actions.add_flow(request.actor, agreement, form.way)
            except DomainError as error:
                at_field(form, error)
            else:
                messages.success(request, _("The flow is recorded."))
                return redirect("agreement_detail", agreement.pk)
    back = reverse("agreement_detail", args=[agreement.pk])
    context = {
        "form": form,
        "agreement": agreement,
        "back": back,
        "crumbs": _crumbs((back, agreement.title), ("", _("Flow"))),
    }
    return render(request, "agreements/flow.html", context, status=status)


@page("agreement.write")
@require_POST
def flow_remove(request: Request, pk: uuid.UUID, flow: int) -> HttpResponse:
    """Take a flow out of a draft."""
    agreement = _agreement(request, pk)
    agreement_actions.remove_flow(request.actor, agreement, flow)
    messages.success(request, _("The flow is taken out."))
    return redirect("agreement_detail", agreement.pk)


@page("agreement.sign")
@require_POST
def agreement_sign(request: Request, pk: uuid.UUID) -> HttpResponse:
    """It was signed: Danbe obeys it from its first day."""
    agreement, form = _agreement(request, pk), SignForm(request.POST)
    if form.is_valid():
        try:
            told = form.cleaned_data["signed_on"]
            agreement_actions.sign_agreement(request.actor, agreement, signed_on=told)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("Signed: from its first day, Danbe obeys it."))
            return redirect("agreement_detail", agreement.pk)
    return _detail(request, agreement, 400, sign_form=form)


@page("agreement.end")
@require_POST
def agreement_end(request: Request, pk: uuid.UUID) -> HttpResponse:
    """End it before its term."""
    agreement, form = _agreement(request, pk), EndForm(request.POST)
    if form.is_valid():
        try:
            agreement_actions.end_agreement(request.actor, agreement, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("Recorded: its flows close on that day."))
            return redirect("agreement_detail", agreement.pk)
    return _detail(request, agreement, 400, end_form=form)


@page("agreement.write")
@require_POST
def agreement_drop(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Give a draft up."""
    agreement = _agreement(request, pk)
    agreement_actions.drop_agreement(request.actor, agreement)
    messages.success(request, _("The draft is given up."))
    return redirect("agreement_detail", agreement.pk)


@page("agreement.write")
@require_POST
def agreement_act(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Write down the act of the personal-data authority."""
    agreement, form = _agreement(request, pk), ActForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            agreement_actions.record_act(
                request.actor, agreement, number=told["act_number"], on=told["act_on"]
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The act is recorded."))
            return redirect("agreement_detail", agreement.pk)
    return _detail(request, agreement, 400, act_form=form)


# --- What passes now, and what no agreement covers --------------------------------------------


@page("sharing.require")
def sharing_ways(request: Request) -> HttpResponse:
    """Between which bodies something passes now, and where consent alone rules."""
    rows = sharing.ways(request.actor)
    context = {
        "rows": [(way, spoken(way.groups), spoken(way.held_back)) for way in rows],
        "n_gaps": sum(way.is_gap for way in rows),
        "is_required": agreements_required(),
        "tabs": _tabs(request.actor, "sharing_ways"),
        "crumbs": _crumbs(("", _("Flows and gaps"))),
    }
    return render(request, "agreements/ways.html", context)


@page("sharing.require")
@require_POST
def sharing_require(request: Request) -> HttpResponse:
    """Decide whether consent alone is enough between bodies that no agreement ever bound."""
    required = request.POST.get("required") == "yes"
    agreement_actions.require_agreements(request.actor, required=required)
    if required:
        messages.success(request, _("From now on, nothing passes without an agreement."))
    else:
        messages.success(request, _("From now on, consent alone rules where nothing was signed."))
    return redirect("sharing_ways")


def closed_for(actor: Actor) -> list[Flow]:
    """The flows of the actor's body that have closed: said on its lists."""
    if not actor.can("agreement.read") or actor.organisation_id is None:
        return []
    return agreements.closed_flows(actor, timezone.localdate())


urlpatterns = [
    path("", agreement_list, name="agreement_list"),
    path("new/", agreement_new, name="agreement_new"),
    path("flows/", sharing_ways, name="sharing_ways"),
    path("required/", sharing_require, name="sharing_require"),
    path("<uuid:pk>/", agreement_detail, name="agreement_detail"),
    path("<uuid:pk>/edit/", agreement_edit, name="agreement_edit"),
    path("<uuid:pk>/flows/new/", flow_new, name="flow_new"),
    path("<uuid:pk>/flows/<int:flow>/remove/", flow_remove, name="flow_remove"),
    path("<uuid:pk>/sign/", agreement_sign, name="agreement_sign"),
    path("<uuid:pk>/end/", agreement_end, name="agreement_end"),
    path("<uuid:pk>/drop/", agreement_drop, name="agreement_drop"),
    path("<uuid:pk>/act/", agreement_act, name="agreement_act"),
]
