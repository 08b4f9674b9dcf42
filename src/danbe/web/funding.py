"""Money for the fight: totals, what is unfunded, commitments and what was paid on them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.accounts.models import Organisation
from danbe.accounts.queries import body
from danbe.core.access import Reach, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange import list_xlsx
from danbe.partnership import funding_actions as actions
from danbe.partnership import funding_queries as queries
from danbe.partnership.models import Commitment, Disbursement
from danbe.plan.funding import activity_of, unfunded
from danbe.plan.models import Plan
from danbe.plan.queries import activities_of, plans_for, public_plan
from danbe.reports.drawing import Bar, Series, Value, draw_bars, words_for
from danbe.web.download import download
from danbe.web.errors import at_field
from danbe.web.funding_form import CommitmentForm, PaymentForm, ReasonForm, YearsForm
from danbe.web.listing import page_of, sort_of
from danbe.web.plan_view import language, number_in, posted

PARTNERSHIP = "#6a3d8f"
COLUMNS = {
    "title": "title",
    "donor": "donor__label_fr",
    "axis": "axis",
    "year": "first_year",
    "amount": "amount_fcfa",
    "paid": "paid",
}
PER_PAGE = 50
Crumbs = list[tuple[str, str]]


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """Funding, then this page."""
    return [(reverse("funding") if more else "", _("Funding")), *more]


def axis_labels() -> dict[str, str]:
    """Code -> name; the empty one is said not to be said."""
    return {**dict(queries.terms("axis")), "": _("Axis not said")}


# --- Totals ---------------------------------------------------------------------------------


@page("funding.sum")
def funding(request: Request) -> HttpResponse:
    """What is committed and what is paid, by donor, axis and year."""
    plan = request.GET.get("plan", "")
    told = queries.totals(plan, _("Several years, parts not said"))
    may_open = request.actor.can("funding.read")
    context = {
        "told": told,
        "cuts": [
            (_("By donor"), "donor", told.by_donor),
            (_("By axis"), "axis", _said(told.by_axis)),
            (_("By year"), "year", told.by_year),
        ],
        "drawing": _bars(told.by_year) if told.by_year else "",
        "head": [_("Year"), _("Committed"), _("Paid")],
        "rows": [[line.label, line.committed, line.paid] for line in told.by_year],
        "plan": plan,
        "plans": list(dict.fromkeys(row.code for row in plans_for(request.actor))),
        "may_open": may_open,
        "own_code": _own_code(request) if may_open else "",
        "may_write": request.actor.can("funding.write"),
        "sees_all": request.actor.reach("funding.read") is Reach.NATION,
        "crumbs": crumbs(),
    }
    return render(request, "funding/overview.html", context)


def _own_code(request: Request) -> str:
    """The code of the reader's body, whose line opens for it too."""
    body = Organisation.objects.filter(posts=request.actor.post_id).first()
    return body.code if body else ""


def _said(lines: tuple[queries.Line, ...]) -> list[queries.Line]:
    names = axis_labels()
    return [
        queries.Line(one.key, names.get(one.label, one.label), one.committed, one.paid, one.n)
        if not one.label
        else one
        for one in lines
    ]


def _bars(lines: tuple[queries.Line, ...]) -> str:
    """Committed and paid, side by side and never stacked."""
    bars = [Bar(one.label, (Value(one.committed), Value(one.paid))) for one in lines]
    series = (Series(_("Committed")), Series(_("Paid")))
    return draw_bars(
        bars,
        series,
        title=_("By year"),
        unit="FCFA",
        accent=PARTNERSHIP,
        width=640,
        words=words_for(language()),
    )


# --- What is unfunded -----------------------------------------------------------------------


def _plan_asked(request: Request) -> Plan | None:
    """The plan that is asked for; the published one that began last otherwise."""
    rows = plans_for(request.actor)
    asked = request.GET.get("plan", "")
    found = rows.filter(code=asked).order_by("-number").first() if asked else None
    return found or public_plan()


@page("funding.sum")
def funding_unfunded(request: Request) -> HttpResponse:
    """Needed, less allocated, less committed: by axis, by activity, one year or the plan."""
    plan = _plan_asked(request)
    year, axis = number_in(request, "year"), request.GET.get("axis", "")
    context: dict[str, Any] = {
        "plan": plan,
        "plans": list(dict.fromkeys(row.code for row in plans_for(request.actor))),
        "crumbs": crumbs(("", _("What is unfunded"))),
    }
    if plan:
        year = year if year in plan.years else None
        told = unfunded(plan, year=year, axis=axis)
        context |= {
            "told": told,
            "page": page_of(request, told.activities, PER_PAGE),
            "unknown": told.unknown[:PER_PAGE],
            "n_unknown": len(told.unknown),
            "has_activities": activities_of(plan).exists(),
            "year": year,
            "axis": axis,
            "query": request.GET.urlencode(),
        }
    return render(request, "funding/unfunded.html", context)


@page("funding.sum")
def funding_unfunded_xlsx(request: Request) -> HttpResponse:
    """The same as a workbook: every activity that lacks something."""
    plan = _plan_asked(request)
    year, axis = number_in(request, "year"), request.GET.get("axis", "")
    rows: list[list[list_xlsx.Cell]] = []
    title = _("What is unfunded")
    if plan:
        year = year if year in plan.years else None
        title = f"{title}, {plan.code}{f', {year}' if year else ''}"
        told = unfunded(plan, year=year, axis=axis)
        for activity, gap in ((one.activity, one.gap) for one in told.activities):
            lead = activity.lead.label if activity.lead else None
            amounts = [gap.needed, gap.allocated, gap.committed, gap.unfunded]
            rows.append([activity.code, activity.label, lead, *amounts])
    columns = [
        (_("Code"), 12),
        (_("Activity"), 60),
        (_("Lead body"), 30),
        (_("Needed (FCFA)"), 18),
        (_("Allocated (FCFA)"), 18),
        (_("Committed (FCFA)"), 18),
        (_("Unfunded (FCFA)"), 18),
    ]
    return listed(title, unfunded_rule(), columns, rows, "non-finance")


def unfunded_rule() -> str:
    """The rule in words, for the page and for the file."""
    return _(
        "Unfunded: needed, less allocated, less committed and not yet in the budget. An activity "
        "whose need nobody said is not in the list. An empty cell is not zero."
    )


def listed(
    title: str,
    note: str,
    columns: list[tuple[str, int]],
    rows: list[list[list_xlsx.Cell]],
    name: str,
) -> HttpResponse:
    """A list as a workbook, named by its subject and the day."""
    today = timezone.localdate()
    told = list_xlsx.Listed(title, note, body().name, today, columns, rows)
    data = list_xlsx.to_xlsx(told)
    return download(data, list_xlsx.MEDIA_TYPE, f"{name}-{today.isoformat()}.xlsx")


# --- Commitments ----------------------------------------------------------------------------


def _asked(request: Request) -> queries.Asked:
    donor, axis, plan = (request.GET.get(n, "").strip() for n in ("donor", "axis", "plan"))
    return queries.Asked(donor, axis, number_in(request, "year"), plan)


@page("funding.read")
def commitment_list(request: Request) -> HttpResponse:
    """The commitments within reach: those of every donor, or those of one's body."""
    asked = _asked(request)
    rows = queries.commitments(request.actor, asked)
    rows = rows.order_by(*sort_of(request, COLUMNS, "-first_year"))
    context = {
        "asked": asked,
        "page": page_of(request, rows),
        "axes": axis_labels(),
        "axis_choices": queries.terms("axis"),
        "donors": queries.donors(request.actor),
        "years": queries.commitment_years(request.actor),
        "plans": list(dict.fromkeys(row.code for row in plans_for(request.actor))),
        "not_said": queries.NOT_SAID,
        "may_write": request.actor.can("funding.write"),
        "query": request.GET.urlencode(),
        "crumbs": crumbs(("", _("Commitments"))),
    }
    return render(request, "funding/commitments.html", context)


@page("funding.read")
def commitment_xlsx(request: Request) -> HttpResponse:
    """The same list as a workbook."""
    axes = axis_labels()
    rows = queries.commitments(request.actor, _asked(request))
    cells: list[list[list_xlsx.Cell]] = [
        [
            row.title,
            row.donor.label,
            row.beneficiary.label if row.beneficiary else None,
            axes[row.axis] if row.axis else None,
            row.plan_code,
            row.first_year,
            row.last_year,
            row.amount,
            row.currency,
            row.rate,
            row.rate_on,
            row.amount_fcfa,
            row.paid,  # type: ignore[attr-defined]  # annotated
            row.signed_on,
            row.reference,
            row.get_status_display(),
        ]
        for row in rows
    ]
    columns = [
        (_("What it is for"), 50),
        (_("Donor"), 30),
        (_("Body that receives it"), 30),
        (_("Axis"), 16),
        (_("Action plan"), 12),
        (_("First year"), 10),
        (_("Last year"), 10),
        (_("Amount"), 16),
        (_("Currency"), 10),
        (_("Rate"), 12),
        (_("Day of the rate"), 14),
        (_("Committed (FCFA)"), 18),
        (_("Paid (FCFA)"), 18),
        (_("Signed on"), 14),
        (_("Reference of the agreement"), 24),
        (_("State"), 14),
    ]
    note = _("One row is one commitment. Committed and paid are two amounts, never added.")
    return listed(_("Commitments"), note, columns, cells, "engagements")


def _readable(request: Request, pk: str) -> Commitment:
    return get_object_or_404(queries.commitments(request.actor), pk=pk)


def _writable(request: Request, pk: str) -> Commitment:
    """A commitment that the actor writes. Whoever receives the money reads it, no more."""
    row = visible_or_404(request.actor, Commitment, "funding.write", pk)
    if not queries.may_write(request.actor, row):
        raise Http404
    return row


@page("funding.read")
def commitment_detail(request: Request, pk: str) -> HttpResponse:
    """One commitment: its paper, its years, what was paid."""
    row = _readable(request, pk)
    shares = {share.year: share.amount_fcfa for share in row.shares.all()}
    context = {
        "row": row,
        "rest": row.amount_fcfa - row.paid,  # type: ignore[attr-defined]  # annotated
        "axis": axis_labels()[row.axis],
        "activity": activity_of(row.activity_lineage),
        "years": [(year, shares.get(year)) for year in row.years] if len(row.years) > 1 else [],
        "unsaid": row.amount_fcfa - sum(shares.values()),
        "payments": row.disbursements.all(),
        "may_write": queries.may_write(request.actor, row),
        "form": ReasonForm(),
        "crumbs": crumbs((reverse("commitment_list"), _("Commitments")), ("", row.title)),
    }
    return render(request, "funding/commitment.html", context)


def _form_page(
    request: Request, form: forms.Form, title: str, row: Commitment | None, lead: str = ""
) -> HttpResponse:
    """One form on a page of its own; what was typed is never lost."""
    back = reverse("commitment_detail", args=[row.pk]) if row else reverse("commitment_list")
    context = {
        "form": form,
        "eyebrow": row.title if row else _("Funding"),
        "title": title,
        "lead": lead,
        "back": back,
        "crumbs": crumbs((reverse("commitment_list"), _("Commitments")), ("", title)),
    }
    return render(request, "plan/work_form.html", context, status=400 if form.errors else 200)


def tried(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What an act gives; ``None`` when the form or the domain refuses, said in the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except DomainError as error:
        at_field(form, error)
        return None


@page("funding.write")
def commitment_new(request: Request) -> HttpResponse:
    """Record a commitment."""
    actor = request.actor
    form = CommitmentForm(posted(request), actor=actor, row=Commitment())

    def act() -> Commitment:
        donor = form.cleaned_data.get("donor") or get_object_or_404(
            Organisation, pk=actor.organisation_id
        )
        return actions.add_commitment(actor, donor, form.filled(), form.told)

    if request.method == "POST" and (kept := tried(form, act)):
        messages.success(request, _("The commitment is recorded."))
        return redirect("commitment_detail", kept.pk)
    lead = _("What a donor commits to give. What it pays is recorded on the commitment.")
    return _form_page(request, form, _("New commitment"), None, lead)


@page("funding.write")
def commitment_edit(request: Request, pk: str) -> HttpResponse:
    """Correct a commitment."""
    actor, row = request.actor, _writable(request, pk)
    form = CommitmentForm(posted(request), actor=actor, row=row)

    def act() -> Commitment:
        version = form.cleaned_data["version"] or 0
        return actions.change_commitment(actor, form.filled(), form.told, version=version)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The commitment is recorded."))
        return redirect("commitment_detail", pk)
    return _form_page(request, form, _("Change the commitment"), _readable(request, pk))


@page("funding.write")
def commitment_years(request: Request, pk: str) -> HttpResponse:
    """Say the part of each year."""
    actor, row = request.actor, _writable(request, pk)
    form = YearsForm(posted(request), row=row)

    def act() -> Commitment:
        version = form.cleaned_data["version"]
        return actions.share_years(actor, row, form.shares, version=version)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The parts of the years are recorded."))
        return redirect("commitment_detail", pk)
    lead = _("As the agreement says them, in FCFA. A year left empty is not said: it is not zero.")
    return _form_page(request, form, _("Parts of the years"), row, lead)


@page("funding.write")
def disbursement_new(request: Request, pk: str) -> HttpResponse:
    """Record a payment."""
    actor, row = request.actor, _writable(request, pk)
    initial = {"currency": row.currency}
    form = PaymentForm(posted(request), initial=initial)

    def act() -> Disbursement:
        return actions.disburse(actor, row, form.payment)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The payment is recorded."))
        return redirect("commitment_detail", pk)
    return _form_page(request, form, _("Record a payment"), row)


@page("funding.write")
def commitment_cancel(request: Request, pk: str) -> HttpResponse:
    """Say that a commitment will not be kept."""
    actor, row = request.actor, _writable(request, pk)
    form = ReasonForm(posted(request))

    def act() -> Commitment:
        return actions.cancel_commitment(actor, row, reason=form.cleaned_data["reason"])

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The commitment is cancelled. What was paid stays."))
        return redirect("commitment_detail", pk)
    lead = _("It leaves the totals of what is committed. What was paid on it stays.")
    return _form_page(request, form, _("Cancel the commitment"), row, lead)


@page("funding.write")
@require_POST
def commitment_restore(request: Request, pk: str) -> HttpResponse:
    """Put a cancelled commitment back in force."""
    actions.restore_commitment(request.actor, _writable(request, pk))
    messages.success(request, _("The commitment is in force again."))
    return redirect("commitment_detail", pk)


@page("funding.write")
def disbursement_withdraw(request: Request, pk: str) -> HttpResponse:
    """Take a payment recorded by mistake out of the totals."""
    actor = request.actor
    payment = visible_or_404(actor, Disbursement, "funding.write", pk)
    row = _writable(request, str(payment.commitment_id))
    form = ReasonForm(posted(request))

    def act() -> Disbursement:
        reason = form.cleaned_data["reason"]
        return actions.withdraw_disbursement(actor, payment, reason=reason)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The payment is withdrawn. It stays readable, with why."))
        return redirect("commitment_detail", row.pk)
    lead = _("For a payment that was never made, or was recorded wrongly.")
    return _form_page(request, form, _("Withdraw the payment"), row, lead)


urlpatterns = [
    path("", funding, name="funding"),
    path("unfunded/", funding_unfunded, name="funding_unfunded"),
    path("unfunded/xlsx/", funding_unfunded_xlsx, name="funding_unfunded_xlsx"),
    path("commitments/", commitment_list, name="commitment_list"),
    path("commitments/xlsx/", commitment_xlsx, name="commitment_xlsx"),
    path("commitments/new/", commitment_new, name="commitment_new"),
    path("commitments/<uuid:pk>/", commitment_detail, name="commitment_detail"),
    path("commitments/<uuid:pk>/edit/", commitment_edit, name="commitment_edit"),
    path("commitments/<uuid:pk>/years/", commitment_years, name="commitment_years"),
    path("commitments/<uuid:pk>/pay/", disbursement_new, name="disbursement_new"),
    path("commitments/<uuid:pk>/cancel/", commitment_cancel, name="commitment_cancel"),
    path("commitments/<uuid:pk>/restore/", commitment_restore, name="commitment_restore"),
    path("payments/<uuid:pk>/withdraw/", disbursement_withdraw, name="disbursement_withdraw"),
]
