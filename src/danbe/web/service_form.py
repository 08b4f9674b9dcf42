"""What is typed of a service of the directory."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, Reach
from danbe.core.models import Level, Place
from danbe.partnership.models import Audience, GrantReason, ServiceOffer
from danbe.partnership.offer_actions import LONGEST_GRANT, OLDEST, WRITTEN
from danbe.partnership.queries import (
    areas_on,
    bodies_to_let_in,
    languages_spoken,
    service_types,
)
from danbekit.names import fold

Options = list[tuple[str, Any]]


def area_options(day: datetime.date) -> Options:
    """The regions of a day, each followed by its cercles, for a pull-down."""
    places = sorted(areas_on(day), key=lambda place: fold(place.name_fr))
    inside: dict[str | None, list[Place]] = {}
    for place in places:
        if place.level == Level.CERCLE:
            inside.setdefault(place.parent_id, []).append(place)
    return [
        (
            region.name_fr,
            [(region.code, _whole(region)), *((p.code, p.name_fr) for p in _of(inside, region))],
        )
        for region in places
        if region.level != Level.CERCLE
    ]


def _whole(region: Place) -> str:
    if region.level == Level.DISTRICT:
        return region.name_fr
    return _("%(name)s, whole region") % {"name": region.name_fr}


def _of(inside: dict[str | None, list[Place]], region: Place) -> Iterable[Place]:
    return inside.get(region.code, [])


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OfferForm(forms.Form):
    """One service: what, where, for whom, when, how many beds; and the address to seal."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Organisation.objects.none()
    )
    type = forms.ChoiceField(label=gettext_lazy("Type of service"))
    place = forms.ChoiceField(
        label=gettext_lazy("Place shown"),
        help_text=gettext_lazy(
            "A region or a cercle. For a safe house, the region: the cercle could betray it."
        ),
    )
    for_whom = forms.MultipleChoiceField(
        label=gettext_lazy("For whom"),
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    age_min = forms.IntegerField(
        label=gettext_lazy("From the age of"), required=False, min_value=0, max_value=OLDEST
    )
    age_max = forms.IntegerField(
        label=gettext_lazy("Up to the age of"), required=False, min_value=0, max_value=OLDEST
    )
    is_accessible = forms.BooleanField(
        label=gettext_lazy("Accessible to persons with a disability"), required=False
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages spoken there"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_24h = forms.BooleanField(label=gettext_lazy("Open day and night"), required=False)
    hours = forms.CharField(label=gettext_lazy("Opening hours"), required=False, max_length=200)
    conditions = forms.CharField(
        label=gettext_lazy("How one is received"),
        help_text=gettext_lazy(
            "What to bring, whom to call first. Help never depends on a complaint, a testimony, "
            "an identity document or a medical test: write no such condition."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    public_contact = forms.CharField(
        label=gettext_lazy("Public contact"),
        help_text=gettext_lazy(
            "Seen by everybody who reads the directory. Never the address of a safe house."
        ),
        required=False,
        max_length=200,
    )
    beds_total = forms.IntegerField(
        label=gettext_lazy("Beds in all"),
        help_text=gettext_lazy("For a shelter. The free ones are counted on their own page."),
        required=False,
        min_value=0,
        max_value=2000,
    )
    is_protected = forms.BooleanField(
        label=gettext_lazy("The place is protected: nobody is shown where it is"),
        help_text=gettext_lazy("Always so for a shelter and for a safety measure."),
        required=False,
        initial=True,
    )
    latitude = forms.FloatField(
        label=gettext_lazy("Latitude"),
        help_text=gettext_lazy("Only of a public place. In degrees: 11.45"),
        required=False,
    )
    longitude = forms.FloatField(
        label=gettext_lazy("Longitude"),
        help_text=gettext_lazy("In degrees, west below 0: -6.75"),
        required=False,
    )
    safe_address = forms.CharField(
        label=gettext_lazy("Protected address"),
        help_text=gettext_lazy("Sealed. Leave empty to keep the one there is."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    safe_phone = forms.CharField(
        label=gettext_lazy("Protected telephone"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    forget = forms.BooleanField(
        label=gettext_lazy("Destroy the sealed address"),
        help_text=gettext_lazy("Its key is destroyed: nobody can open it any more."),
        required=False,
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Offered from"), required=False, widget=_day_input()
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Leave empty while the service lasts."),
        required=False,
        widget=_day_input(),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Read by everybody who reads the directory. No name of a person."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, actor: Actor, offer: ServiceOffer, seals: bool, is_sealed: bool
    ) -> None:
        super().__init__(data, initial=_initial(offer))
        self.offer = offer
        is_new = offer._state.adding
        _choices(self, "type", [("", "---------"), *service_types()])
        _choices(self, "place", [("", "---------"), *area_options(timezone.localdate())])
        _choices(self, "languages", languages_spoken())
        if is_new and actor.reach("offer.write") is Reach.NATION:
            bodies = Organisation.objects.filter(is_active=True).order_by(Lower("label_fr"))
            self.fields["organisation"] = forms.ModelChoiceField(
                label=_("Organisation"), queryset=bodies
            )
        else:
            del self.fields["organisation"]
        if not seals:
            del self.fields["safe_address"], self.fields["safe_phone"]
        if not (seals and is_sealed):
            del self.fields["forget"]

    def filled(self) -> ServiceOffer:
        """The offer with what was typed; nothing of it is recorded yet."""
        told = self.cleaned_data
        for name in WRITTEN:
            if name in told and name not in ("place", "languages"):
                setattr(self.offer, name, told[name])
        self.offer.place_id = told["place"]
        self.offer.languages = " ".join(told["languages"])
        for code in Audience.values:
            setattr(self.offer, f"for_{code}", code in told["for_whom"])
        return self.offer

    def clean(self) -> dict[str, Any]:
        """A telephone alone is not an address."""
        told = self.cleaned_data
        if told.get("safe_phone") and not told.get("safe_address"):
            self.add_error("safe_address", _("Give the address with its telephone."))
        return told


def _choices(form: forms.Form, name: str, choices: Options) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _initial(offer: ServiceOffer) -> dict[str, Any]:
    told = {name: getattr(offer, name) for name in WRITTEN if name not in ("place", "languages")}
    told["place"] = offer.place_id
    told["languages"] = offer.language_codes
    told["for_whom"] = offer.audiences
    told["version"] = offer.version
    return told


class GrantForm(forms.Form):
    """Whom to let into the address, until when and why."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Organisation.objects.none()
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("That day included; at most 90 days from now."),
        widget=_day_input(),
    )
    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", "---------"), *GrantReason.choices]
    )

    def __init__(self, data: Any, offer: ServiceOffer) -> None:
        super().__init__(data)
        self.fields["organisation"] = forms.ModelChoiceField(
            label=_("Organisation"), queryset=bodies_to_let_in(offer).order_by(Lower("label_fr"))
        )

    def clean_until(self) -> datetime.datetime:
        """The end of that day, here; never beyond what the rules allow by a few hours."""
        end = datetime.datetime.combine(self.cleaned_data["until"], datetime.time(23, 59))
        moment = timezone.make_aware(end)
        longest = timezone.now() + LONGEST_GRANT
        same_day = moment.date() == longest.date()
        return longest if same_day else moment
