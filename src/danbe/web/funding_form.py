"""What is typed of a commitment, of its years, of a payment."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, Reach
from danbe.partnership.funding_actions import MAX_TEXT, WRITTEN, Payment
from danbe.partnership.funding_queries import terms
from danbe.partnership.models import Commitment, CommitmentYear
from danbe.plan.funding import activity_named, activity_of, axis_of_activity
from danbe.plan.models import Plan, PlanStatus
from danbe.web.typed import AREA, AmountForm, TypedDecimal, day_input

AMOUNTS = ("amount", "currency", "rate", "rate_on", "amount_fcfa", "activity_lineage")
ORDER = (
    "donor title amount currency rate rate_on first_year last_year axis plan_code activity "
    "is_in_plan beneficiary signed_on reference source note"
).split()


def plan_choices() -> list[tuple[str, str]]:
    """The published plans, for a pull-down."""
    rows = Plan.objects.filter(status=PlanStatus.PUBLISHED)
    return [("", _("Not said")), *((row.code, row.code) for row in rows)]


class CommitmentForm(AmountForm):
    """One commitment, as its agreement says it."""

    donor = forms.ModelChoiceField(
        label=gettext_lazy("Donor"), queryset=Organisation.objects.none()
    )
    title = forms.CharField(
        label=gettext_lazy("What it is for"),
        help_text=gettext_lazy("In one line. Neither a person’s name nor where a shelter is."),
        max_length=300,
    )
    first_year = forms.IntegerField(label=gettext_lazy("First year"))
    last_year = forms.IntegerField(
        label=gettext_lazy("Last year"),
        help_text=gettext_lazy("The same, for one year. The parts of each year are said later."),
    )
    axis = forms.ChoiceField(label=gettext_lazy("Axis"), required=False)
    plan_code = forms.ChoiceField(label=gettext_lazy("Action plan"), required=False)
    activity = forms.CharField(
        label=gettext_lazy("Code of the activity in the plan"),
        help_text=gettext_lazy("As the plan writes it. Leave empty for a whole axis."),
        max_length=30,
        required=False,
    )
    is_in_plan = forms.BooleanField(
        label=gettext_lazy("The plan’s budget already has this money as allocated"),
        help_text=gettext_lazy("It is then not taken away twice from what is to be found."),
        required=False,
    )
    beneficiary = forms.ModelChoiceField(
        label=gettext_lazy("Body that receives it"),
        queryset=Organisation.objects.none(),
        required=False,
    )
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"), widget=day_input(), required=False
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference of the agreement"), max_length=200, required=False
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("The paper or the page that says so."),
        widget=AREA,
        max_length=MAX_TEXT,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), widget=AREA, max_length=MAX_TEXT, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, actor: Actor, row: Commitment) -> None:
        self.row, self.is_new = row, row._state.adding
        super().__init__(data, initial=_initial(row))
        bodies = Organisation.objects.filter(is_active=True)
        self.fields["beneficiary"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["donor"].queryset = bodies  # type: ignore[attr-defined]
        if not self.is_new or actor.reach("funding.write") is not Reach.NATION:
            del self.fields["donor"]
        axes = [("", _("Not said")), *terms("axis")]
        self.fields["axis"].choices = axes  # type: ignore[attr-defined]
        self.fields["plan_code"].choices = plan_choices()  # type: ignore[attr-defined]
        self.order_fields(ORDER)

    def clean(self) -> dict[str, Any]:
        """Find the activity that is named; its axis is the commitment's."""
        data = super().clean() or self.cleaned_data
        data["lineage"] = None
        if code := data.get("activity", "").strip():
            activity = activity_named(data.get("plan_code", ""), code)
            if activity is None:
                text = _("The published plan has no activity with this code.")
                self.add_error("activity", text)
                return data
            data["lineage"], own = activity.lineage, axis_of_activity(activity)
            if own and data.get("axis") and data["axis"] != own:
                self.add_error("axis", _("This activity stands under another axis of the plan."))
            data["axis"] = data.get("axis") or own
        return data

    def filled(self) -> Commitment:
        """The row with what was typed."""
        data = self.cleaned_data
        for name in WRITTEN:
            if name not in AMOUNTS:
                setattr(self.row, name, data[name])
        self.row.activity_lineage = data["lineage"]
        return self.row


def _initial(row: Commitment) -> dict[str, Any]:
    if row._state.adding:
        return {}
    told = {name: getattr(row, name) for name in WRITTEN}
    activity = activity_of(row.activity_lineage)
    return told | {"activity": activity.code if activity else "", "version": row.version}


class YearsForm(forms.Form):
    """The part of a commitment for each of its years."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: Commitment) -> None:
        told = dict(
            CommitmentYear.objects.filter(commitment=row).values_list("year", "amount_fcfa")
        )
        initial = {"version": row.version} | {f"y{year}": told.get(year) for year in row.years}
        super().__init__(data, initial=initial)
        self.years = row.years
        for year in row.years:
            self.fields[f"y{year}"] = TypedDecimal(
                label=_("%(year)d (FCFA)") % {"year": year}, decimal_places=0, required=False
            )

    @property
    def shares(self) -> dict[int, int | None]:
        """Year -> FCFA; ``None`` where nothing was typed."""
        told = {year: self.cleaned_data[f"y{year}"] for year in self.years}
        return {year: None if amount is None else int(amount) for year, amount in told.items()}


class PaymentForm(AmountForm):
    """One payment on a commitment."""

    on = forms.DateField(label=gettext_lazy("Paid on"), widget=day_input())
    reference = forms.CharField(
        label=gettext_lazy("Reference of the payment"), max_length=200, required=False
    )
    explanation = forms.CharField(
        label=gettext_lazy("If more is paid than was committed: why"),
        widget=AREA,
        max_length=MAX_TEXT,
        required=False,
    )

    @property
    def payment(self) -> Payment:
        """What was typed."""
        data = self.cleaned_data
        return Payment(data["on"], self.told, data["reference"], data["explanation"])


class ReasonForm(forms.Form):
    """Why something is cancelled or withdrawn."""

    reason = forms.CharField(label=gettext_lazy("Why"), widget=AREA, max_length=MAX_TEXT)
