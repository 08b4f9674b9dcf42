"""Gifts in kind: announced, sent, confirmed by whoever was given them; the receipt on paper."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, Reach, visible_or_404
from danbe.core.pages import Request, page
from danbe.exchange import list_xlsx
from danbe.partnership import donation_actions as actions
from danbe.partnership import funding_queries as queries
from danbe.partnership.models import Donation, DonationStatus
from danbe.web.funding import axis_labels, listed, tried
from danbe.web.funding_form import ReasonForm
from danbe.web.listing import page_of, sort_of
from danbe.web.plan_view import number_in, posted
from danbe.web.typed import AREA, TypedDecimal, day_input

N_LINES = 5
COLUMNS = {
    "day": "announced_on",
    "donor": "donor__label_fr",
    "recipient": "recipient__label_fr",
    "status": "status",
}
TONES = {"announced": "neutral", "dispatched": "warn", "received": "good", "cancelled": "bad"}


class GiftForm(forms.Form):
    """A donation: from whom, to whom, and up to five kinds of goods."""

    donor = forms.ModelChoiceField(
        label=gettext_lazy("Donor"), queryset=Organisation.objects.none()
    )
    recipient = forms.ModelChoiceField(
        label=gettext_lazy("Body to which it is given"),
        help_text=gettext_lazy(
            "The body alone. Where its shelter is has no place here: it is opened from the "
            "service directory, by whoever was let in."
        ),
        queryset=Organisation.objects.none(),
    )
    announced_on = forms.DateField(label=gettext_lazy("Announced on"), widget=day_input())
    axis = forms.ChoiceField(label=gettext_lazy("Axis"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Neither an address nor a person’s name."),
        widget=AREA,
        max_length=actions.MAX_TEXT,
        required=False,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Organisation.objects.filter(is_active=True)
        for name in ("donor", "recipient"):
            self.fields[name].queryset = bodies  # type: ignore[attr-defined]
        if actor.reach("donation.write") is not Reach.NATION:
            del self.fields["donor"]
        axes = [("", _("Not said")), *queries.terms("axis")]
        self.fields["axis"].choices = axes  # type: ignore[attr-defined]
        kinds = [("", "—"), *queries.terms("donation_kind")]
        for n in range(1, N_LINES + 1):
            required = n == 1
            self.fields[f"goods_{n}"] = forms.CharField(
                label=_("Goods"), max_length=200, required=required
            )
            self.fields[f"quantity_{n}"] = TypedDecimal(
                label=_("Quantity"), max_digits=12, required=required
            )
            self.fields[f"unit_{n}"] = forms.CharField(
                label=_("Unit"), max_length=40, required=required
            )
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("Kind"), choices=kinds, required=required
            )

    @property
    def rows(self) -> list[list[Any]]:
        """The fields of the goods, one row a kind."""
        names = ("goods", "quantity", "unit", "kind")
        return [[self[f"{name}_{n}"] for name in names] for n in range(1, N_LINES + 1)]

    def clean(self) -> dict[str, Any]:
        """A row that is begun is finished."""
        data = super().clean() or self.cleaned_data
        for n in range(2, N_LINES + 1):
            names = [f"{name}_{n}" for name in ("goods", "quantity", "unit", "kind")]
            told = [name for name in names if data.get(name) not in (None, "")]
            for name in names:
                if told and name not in told and name not in self.errors:
                    self.add_error(name, _("Finish this row, or empty it."))
        return data

    @property
    def gift(self) -> actions.Gift:
        """What was typed."""
        data = self.cleaned_data
        lines = [
            actions.Goods(
                data[f"kind_{n}"], data[f"goods_{n}"], data[f"quantity_{n}"], data[f"unit_{n}"]
            )
            for n in range(1, N_LINES + 1)
            if data.get(f"goods_{n}")
        ]
        return actions.Gift(data["announced_on"], lines, data["axis"], data["note"])


class DayForm(forms.Form):
    """The day on which goods left."""

    on = forms.DateField(label=gettext_lazy("Left on"), widget=day_input())


class ReceiptForm(forms.Form):
    """What arrived, line by line."""

    on = forms.DateField(label=gettext_lazy("Received on"), widget=day_input())
    paper = forms.CharField(
        label=gettext_lazy("Reference of the signed paper"),
        help_text=gettext_lazy(
            "When you record it for another body: the receipt that it signed. Otherwise empty."
        ),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, row: Donation, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["paper"]
        self.lines = list(row.lines.all())
        for n, line in enumerate(self.lines, 1):
            told = {"goods": line.goods, "unit": line.unit}
            self.fields[f"received_{n}"] = TypedDecimal(
                label=_("%(goods)s received (%(unit)s)") % told, max_digits=12
            )
            self.fields[f"reason_{n}"] = forms.CharField(
                label=_("If it is not what was sent: why"),
                max_length=actions.MAX_TEXT,
                required=False,
            )

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Each line with its two fields."""
        return [
            (line, self[f"received_{n}"], self[f"reason_{n}"])
            for n, line in enumerate(self.lines, 1)
        ]

    @property
    def arrived(self) -> list[actions.Arrived]:
        """What was typed."""
        data = self.cleaned_data
        return [
            actions.Arrived(Decimal(data[f"received_{n}"]), data[f"reason_{n}"])
            for n in range(1, len(self.lines) + 1)
        ]


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Donations, then this page."""
    return [(reverse("donation_list") if more else "", _("Donations")), *more]


# --- Reading --------------------------------------------------------------------------------


def _asked(request: Request) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: request.GET.get(name, "").strip() for name in ("status", "donor", "recipient")
    }
    return told | {"year": number_in(request, "year")}


@page("donation.read")
def donation_list(request: Request) -> HttpResponse:
    """What was given to whom, what arrived; what public sources tell."""
    actor, asked = request.actor, _asked(request)
    rows = queries.donations(actor, **asked)
    listed_rows = rows.order_by(*sort_of(request, COLUMNS, "-announced_on"))
    context = {
        "asked": asked,
        "is_filtered": any(asked.values()),
        "page": page_of(request, listed_rows),
        "tones": TONES,
        "goods": queries.goods(rows),
        "statuses": DonationStatus.choices,
        "bodies": queries.sides(actor),
        "years": queries.donation_years(actor),
        "to_confirm": queries.to_confirm(actor),
        "told": [(row, said_period(row.period)) for row in queries.sourced_donations()],
        "may_write": actor.can("donation.write"),
        "sees_all": actor.reach("donation.read") is Reach.NATION,
        "query": request.GET.urlencode(),
        "crumbs": crumbs(),
    }
    return render(request, "donations/list.html", context)


def said_period(period: str) -> str:
    """A month in words; what is not a month as the source has it."""
    try:
        day = datetime.date.fromisoformat(f"{period}-01")
    except ValueError:
        return period
    return date_format(day, "F Y")


@page("donation.read")
def donation_xlsx(request: Request) -> HttpResponse:
    """The same list as a workbook, one row a kind of goods."""
    kinds, axes = dict(queries.terms("donation_kind")), axis_labels()
    cells: list[list[list_xlsx.Cell]] = [
        [
            row.number,
            row.announced_on,
            row.donor.label,
            row.recipient.label,
            axes[row.axis] if row.axis else None,
            row.get_status_display(),
            line.goods,
            kinds.get(line.kind, line.kind),
            line.quantity,
            line.unit,
            line.received,
            line.reason,
            row.received_on,
        ]
        for row in queries.donations(request.actor, **_asked(request))
        for line in row.lines.all()
    ]
    columns = [
        (_("Number"), 18),
        (_("Announced on"), 14),
        (_("Donor"), 30),
        (_("Body to which it is given"), 30),
        (_("Axis"), 16),
        (_("State"), 14),
        (_("Goods"), 30),
        (_("Kind"), 18),
        (_("Quantity"), 12),
        (_("Unit"), 12),
        (_("Received"), 12),
        (_("Why it is not what was sent"), 40),
        (_("Received on"), 14),
    ]
    note = _("One row is one kind of goods. Received is empty until the receiver confirms.")
    return listed(_("Donations"), note, columns, cells, "dons")


def _readable(request: Request, pk: int) -> Donation:
    return get_object_or_404(queries.donations(request.actor), pk=pk)


@page("donation.read")
def donation_detail(request: Request, pk: int) -> HttpResponse:
    """One donation and where it stands."""
    row = _readable(request, pk)
    gives = queries.may_on(request.actor, "donation.write", row.donor_id)
    takes = queries.may_on(request.actor, "donation.receive", row.recipient_id)
    context = {
        "row": row,
        "tone": TONES[row.status],
        "lines": row.lines.all(),
        "kinds": dict(queries.terms("donation_kind")),
        "axis": axis_labels()[row.axis],
        "may_dispatch": gives and row.status == DonationStatus.ANNOUNCED,
        "may_cancel": gives
        and row.status in (DonationStatus.ANNOUNCED, DonationStatus.DISPATCHED),
        "may_receive": takes and row.status == DonationStatus.DISPATCHED,
        "crumbs": crumbs(("", row.number)),
    }
    return render(request, "donations/detail.html", context)


@page("donation.read")
def donation_receipt(request: Request, pk: int) -> HttpResponse:
    """The receipt on paper; before the goods arrive, the blank to fill by hand and sign."""
    row = _readable(request, pk)
    if row.status not in (DonationStatus.DISPATCHED, DonationStatus.RECEIVED):
        raise Http404
    context = {"row": row, "lines": row.lines.all(), "now": timezone.now()}
    return render(request, "donations/receipt.html", context)


# --- Writing --------------------------------------------------------------------------------


def _form_page(
    request: Request, form: forms.Form, title: str, row: Donation | None, lead: str = ""
) -> HttpResponse:
    back = reverse("donation_detail", args=[row.pk]) if row else reverse("donation_list")
    here = [(back, row.number)] if row else []
    context = {
        "form": form,
        "eyebrow": row.number if row else _("Donations"),
        "title": title,
        "lead": lead,
        "back": back,
        "crumbs": crumbs(*here, ("", title)),
    }
    name = "donations/form.html" if hasattr(form, "rows") else "plan/work_form.html"
    return render(request, name, context, status=400 if form.errors else 200)


@page("donation.write")
def donation_new(request: Request) -> HttpResponse:
    """Announce a donation."""
    actor = request.actor
    form = GiftForm(posted(request), actor=actor, initial={"announced_on": timezone.localdate()})

    def act() -> Donation:
        data = form.cleaned_data
        donor = data.get("donor") or get_object_or_404(Organisation, pk=actor.organisation_id)
        return actions.announce_donation(actor, donor, data["recipient"], form.gift)

    if request.method == "POST" and (kept := tried(form, act)):
        messages.success(request, _("The donation is announced."))
        return redirect("donation_detail", kept.pk)
    lead = _("Say what is given. The body that receives it confirms what arrives.")
    return _form_page(request, form, _("New donation"), None, lead)


def _on_side(request: Request, verb: str, pk: int, side: str) -> Donation:
    """A donation that the actor gives, or is given."""
    row = visible_or_404(request.actor, Donation, verb, pk)
    if not queries.may_on(request.actor, verb, getattr(row, side)):
        raise Http404
    return row


@page("donation.write")
def donation_dispatch(request: Request, pk: int) -> HttpResponse:
    """Say that the goods left."""
    actor, row = request.actor, _on_side(request, "donation.write", pk, "donor_id")
    form = DayForm(posted(request), initial={"on": timezone.localdate()})

    def act() -> Donation:
        day: datetime.date = form.cleaned_data["on"]
        return actions.dispatch_donation(actor, row, on=day)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The body that receives it is told: it will confirm."))
        return redirect("donation_detail", pk)
    return _form_page(request, form, _("The goods left"), row)


@page("donation.write")
def donation_cancel(request: Request, pk: int) -> HttpResponse:
    """Say that the goods will not come."""
    actor, row = request.actor, _on_side(request, "donation.write", pk, "donor_id")
    form = ReasonForm(posted(request))

    def act() -> Donation:
        return actions.cancel_donation(actor, row, reason=form.cleaned_data["reason"])

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The donation is cancelled."))
        return redirect("donation_detail", pk)
    return _form_page(request, form, _("Cancel the donation"), row)


@page("donation.receive")
def donation_receive(request: Request, pk: int) -> HttpResponse:
    """Confirm what arrived."""
    actor, row = request.actor, _on_side(request, "donation.receive", pk, "recipient_id")
    is_own = row.recipient_id == actor.organisation_id
    form = ReceiptForm(
        posted(request), row=row, is_own=is_own, initial={"on": timezone.localdate()}
    )

    def act() -> Donation:
        data = form.cleaned_data
        paper = data.get("paper", "")
        return actions.receive_donation(actor, row, form.arrived, on=data["on"], paper=paper)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("What arrived is confirmed. Print the receipt."))
        return redirect("donation_detail", pk)
    lead = _("Count before you confirm: what is confirmed does not change any more.")
    return _form_page(request, form, _("Confirm what arrived"), row, lead)


urlpatterns = [
    path("", donation_list, name="donation_list"),
    path("xlsx/", donation_xlsx, name="donation_xlsx"),
    path("new/", donation_new, name="donation_new"),
    path("<int:pk>/", donation_detail, name="donation_detail"),
    path("<int:pk>/dispatch/", donation_dispatch, name="donation_dispatch"),
    path("<int:pk>/receive/", donation_receive, name="donation_receive"),
    path("<int:pk>/cancel/", donation_cancel, name="donation_cancel"),
    path("<int:pk>/receipt/", donation_receipt, name="donation_receipt"),
]
