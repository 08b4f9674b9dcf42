"""Boundaries from the official file: matched by name, reviewed by a person, then kept."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.core.places import layout_on
from danbe.exchange.boundaries import Match, keep_boundaries, match_geojson
from danbe.web.errors import at_field


class BoundariesForm(forms.Form):
    """A file, which edition it is, and where it comes from."""

    file = forms.FileField(
        label=gettext_lazy("GeoJSON file of the regions"),
        help_text=gettext_lazy("One outline for each region; matched by name, never by code."),
    )
    edition = forms.CharField(
        label=gettext_lazy("Edition"),
        max_length=60,
        help_text=gettext_lazy("For instance: IGM 2025."),
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300)
    on = forms.DateField(
        label=gettext_lazy("Layout of"),
        help_text=gettext_lazy("The regions of that day are the ones the file draws."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    keep = forms.BooleanField(
        label=gettext_lazy("I have reviewed the table below: keep these outlines"), required=False
    )


@page("place.write")
def boundaries_import(request: Request) -> HttpResponse:
    """Review first: nothing is kept until the box is ticked and every region has its outline."""
    day = timezone.localdate()
    form = BoundariesForm(request.POST or None, request.FILES or None, initial={"on": day})
    context: dict[str, Any] = {
        "form": form,
        "crumbs": [(reverse("place_list"), _("Places")), ("", _("Boundaries"))],
    }
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            matches = match_geojson(told["file"].read(), told["on"])
        except DomainError as error:
            at_field(form, error)
        else:
            missing = _missing(matches, told["on"])
            lost = [m.name or _("(no name)") for m in matches if m.place is None]
            context |= {"matches": matches, "missing": missing, "lost": lost}
            if told["keep"] and not missing and not lost:
                n_kept = keep_boundaries(
                    request.actor, matches=matches, edition=told["edition"], source=told["source"]
                )
                messages.success(request, _("%(n)d outlines kept.") % {"n": n_kept})
                return redirect("place_list")
            if told["keep"]:
                form.add_error("file", _("The file and the layout do not match: see below."))
    return render(request, "boundaries/import.html", context)


def _missing(matches: list[Match], day: Any) -> list[str]:
    found = {m.place.code for m in matches if m.place}
    return [place.name_fr for place in layout_on(day) if place.code not in found]


urlpatterns = [path("boundaries/", boundaries_import, name="boundaries_import")]
