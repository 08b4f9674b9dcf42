"""What the body says of itself."""

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.actions import save_settings
from danbe.accounts.queries import body
from danbe.core.pages import Request, page

PHONE = RegexValidator(
    r"^[0-9+ ().\u00a0/-]*$",
    gettext_lazy("Write figures and spaces only, as on a poster."),
)


class BodyForm(forms.Form):
    """The body whose system this is. It may be renamed or replaced: nothing of it is code."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    acronym = forms.CharField(label=gettext_lazy("Acronym"), max_length=20)
    ministry = forms.CharField(
        label=gettext_lazy("Ministry"),
        help_text=gettext_lazy("Printed at the head of the reports."),
        max_length=200,
        required=False,
    )
    country = forms.CharField(label=gettext_lazy("Country"), max_length=80, required=False)
    hotline = forms.CharField(
        label=gettext_lazy("Number to call"),
        help_text=gettext_lazy(
            "Empty until the Committee confirms a number: none is shown or printed before."
        ),
        max_length=40,
        required=False,
        validators=[PHONE],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact"),
        help_text=gettext_lazy("Where the members write: an address, an office, an e-mail."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@page("settings.read")
def settings(request: Request) -> HttpResponse:
    """See and change what is printed on every page and report."""
    told = body()
    kept = {name: getattr(told, name) for name in BodyForm.base_fields}
    form = BodyForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        values = {f"body.{name}": value for name, value in form.cleaned_data.items()}
        save_settings(request.actor, values)
        messages.success(request, _("The settings are recorded."))
        return redirect("settings")
    context = {"form": form, "hotline": told.hotline, "crumbs": [("", _("Settings"))]}
    return render(request, "settings/settings.html", context)


urlpatterns = [path("", settings, name="settings")]
