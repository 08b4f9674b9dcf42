"""What is typed of a referral."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.models import Term
from danbe.partnership import queries as directory
from danbe.partnership.models import ServiceOffer
from danbe.partnership.queries import service_types
from danbe.protection.models import Ground, Person
from danbe.protection.referrals import outside_grounds
from danbe.protection.vocabulary import Declining, FieldGroup, ReferralRoute
from danbe.web.consent_form import Options, bodies
from danbekit.dates import format_date

OUTSIDE = "outside:"  # before the identifier of the consent that names a body in words


def _choices(form: forms.Form, name: str, choices: Options) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class NeedForm(forms.Form):
    """First step: which service, from whom."""

    service = forms.ChoiceField(label=gettext_lazy("What the person needs"))
    to = forms.ChoiceField(label=gettext_lazy("To whom"))

    def __init__(self, *args: Any, actor: Actor, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "service", [("", _("Choose a service")), *service_types()])
        outside = [(f"{OUTSIDE}{row.pk}", _spoken(row)) for row in outside_grounds(person)]
        choices: Options = [("", _("Choose a body")), *bodies(actor)]
        if outside:
            choices.append((_("Named in a consent"), outside))
        _choices(self, "to", choices)

    @property
    def recipient(self) -> Organisation | None:
        """The body chosen; ``None`` for one that a consent names."""
        to = self.cleaned_data["to"]
        return None if to.startswith(OUTSIDE) else Organisation.objects.get(pk=to)

    def ground(self, person: Person) -> Ground | None:
        """The consent that names a body in words."""
        to = self.cleaned_data["to"]
        if not to.startswith(OUTSIDE):
            return None
        return outside_grounds(person).get(pk=to.removeprefix(OUTSIDE))


def _spoken(ground: Ground) -> str:
    told = {
        "purpose": ground.get_purpose_display(),
        "day": format_date(timezone.localdate(ground.start), get_language() or "fr"),
    }
    return _("The body named in the consent of %(day)s (%(purpose)s)") % told


class SendForm(forms.Form):
    """Second step: what is sent, and how soon an answer is needed."""

    groups = forms.MultipleChoiceField(
        label=gettext_lazy("What the service may read"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Sex, age, citizenship and languages always go with the rest."),
    )
    offer = forms.ChoiceField(
        label=gettext_lazy("Which offer of the directory"),
        required=False,
        help_text=gettext_lazy(
            "Once accepted, its protected address is shown to you for seven days."
        ),
    )
    route = forms.ChoiceField(
        label=gettext_lazy("What kind of body"), required=False, widget=forms.RadioSelect
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        help_text=gettext_lazy("For a consulate, and for a body in another country."),
    )
    reached = forms.CharField(
        label=gettext_lazy("How you reach them"),
        help_text=gettext_lazy("Telephone, address, the name of your contact. Sealed."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    is_urgent = forms.BooleanField(
        label=gettext_lazy("Urgent: an answer is needed within 24 hours (otherwise 72)"),
        required=False,
    )
    is_transfer = forms.BooleanField(
        label=gettext_lazy("Pass on responsibility: once accepted, that body holds the record"),
        help_text=gettext_lazy(
            "With what you tick above, and nothing else. Your case closes. Not undone by a click."
        ),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Word to the service"),
        help_text=gettext_lazy("What they must know to answer. Sealed to those who receive it."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        service: str,
        recipient: Organisation | None,
        is_here: bool,
        agreed: list[FieldGroup],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = [g for g in FieldGroup if g in agreed and g != FieldGroup.PROFILE]
        _choices(self, "groups", [(group.value, group.label) for group in rows])
        self.offers = self._offers(actor, service, recipient)
        if self.offers:
            _choices(self, "offer", [("", _("None in particular")), *self._offer_choices(actor)])
        else:
            del self.fields["offer"]
        if is_here:
            for name in ("route", "country", "reached"):
                del self.fields[name]
            return
        del self.fields["is_transfer"]
        routes = [(r.value, r.label) for r in ReferralRoute if r != ReferralRoute.BODY]
        _choices(self, "route", routes)
        self.fields["route"].initial = ReferralRoute.OUTSIDE
        countries = Term.objects.filter(list="country", code__regex="^[A-Z]{2}$")
        listed = sorted((term.code, term.label) for term in countries)
        _choices(self, "country", [("", _("No country")), *listed])

    @staticmethod
    def _offers(
        actor: Actor, service: str, recipient: Organisation | None
    ) -> dict[str, ServiceOffer]:
        if recipient is None:
            return {}
        found = directory.open_on(actor, timezone.localdate())
        return {
            str(row.pk): row
            for row in found
            if row.type == service and row.organisation_id == recipient.pk
        }

    def _offer_choices(self, actor: Actor) -> Options:
        lines = directory.lines_of(actor, self.offers.values())
        return [(str(line.pk), _offer_label(line)) for line in lines]

    def arguments(self) -> dict[str, Any]:
        """What was typed, as the act takes it."""
        told = self.cleaned_data
        return {
            "groups": [FieldGroup(code) for code in told["groups"]],
            "offer": self.offers.get(told.get("offer", "")),
            "route": ReferralRoute(told["route"]) if told.get("route") else None,
            "country": told.get("country", ""),
            "reached": told.get("reached", ""),
            "is_urgent": told["is_urgent"],
            "is_transfer": told.get("is_transfer", False),
            "note": told["note"],
        }


def _offer_label(line: directory.OfferLine) -> str:
    told = {"place": line.place, "whom": ", ".join(line.for_whom)}
    if line.beds and line.beds.confirmed is not None:
        text = _("%(place)s, %(whom)s, beds free: %(n)d")
        return text % (told | {"n": line.beds.confirmed})
    return _("%(place)s, %(whom)s") % told


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=Declining.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Counted without the person: it shows what is missing, and where."),
    )
    note = forms.CharField(
        label=gettext_lazy("Word to the sender"),
        help_text=gettext_lazy("Who else could help? Sealed."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class PacketForm(forms.Form):
    """Where the receipt comes back to."""

    return_address = forms.CharField(
        label=gettext_lazy("Where the receipt comes back to"),
        help_text=gettext_lazy("Printed on the packet, kept nowhere. Never a shelter’s address."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
