"""What a body owes: a return on some axes, every so often, from when to when."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.figures.actions import set_obligation
from danbe.figures.models import Axis, Obligation
from danbe.web.errors import at_field

EVERY = [
    (12, gettext_lazy("every year")),
    (6, gettext_lazy("every six months")),
    (3, gettext_lazy("every quarter")),
    (1, gettext_lazy("every month")),
]


class ObligationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Which axes, how often, between which dates."""

    axes = forms.MultipleChoiceField(
        label=gettext_lazy("Axes"), choices=Axis.choices, widget=forms.CheckboxSelectMultiple
    )
    months = forms.TypedChoiceField(label=gettext_lazy("How often"), choices=EVERY, coerce=int)

    class Meta:
        model = Obligation
        fields = ["axes", "months", "first", "last", "due_days"]
        labels = {
            "first": gettext_lazy("Owed from"),
            "last": gettext_lazy("Until"),
            "due_days": gettext_lazy("Days to send it after the period ends"),
        }
        help_texts = {"last": gettext_lazy("Leave empty while it lasts.")}
        widgets = {
            "first": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.axes:
            self.initial["axes"] = self.instance.axes.split()

    def clean_axes(self) -> str:
        """As the database keeps them, in the Committee's order."""
        chosen = self.cleaned_data["axes"]
        return " ".join(axis for axis in Axis.values if axis in chosen)

    def clean(self) -> dict[str, Any]:
        """The end does not precede the beginning."""
        told = super().clean() or {}
        if told.get("first") and told.get("last") and told["last"] < told["first"]:
            self.add_error("last", _("The end precedes the beginning."))
        return told


@page("obligation.write")
def obligation_new(request: Request, organisation: str) -> HttpResponse:
    """Say what a body owes."""
    return _edit(
        request, Obligation(organisation=get_object_or_404(Organisation, pk=organisation))
    )


@page("obligation.write")
def obligation_edit(request: Request, organisation: str, pk: int) -> HttpResponse:
    """Change it, or end it."""
    rows = Obligation.objects.select_related("organisation")
    return _edit(request, get_object_or_404(rows, pk=pk, organisation=organisation))


def _edit(request: Request, obligation: Obligation) -> HttpResponse:
    body = obligation.organisation
    back = reverse("organisation_detail", args=[body.pk])
    form = ObligationForm(request.POST or None, instance=obligation)
    if request.method == "POST" and form.is_valid():
        try:
            set_obligation(request.actor, form.instance)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("What the organisation owes is recorded."))
            return redirect(back)
    crumbs = [(reverse("organisation_list"), _("Organisations")), (back, body.code)]
    crumbs.append(("", _("What it owes")))
    context = {"form": form, "body": body, "back": back, "crumbs": crumbs}
    return render(request, "obligations/form.html", context)


urlpatterns = [
    path("<uuid:organisation>/owes/new/", obligation_new, name="obligation_new"),
    path("<uuid:organisation>/owes/<int:pk>/", obligation_edit, name="obligation_edit"),
]
