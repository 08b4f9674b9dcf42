"""What is typed of an agreement and of its flows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.field_groups import SHAREABLE, FieldGroup
from danbe.partnership import agreement_actions
from danbe.partnership.agreement_actions import Terms, Way
from danbe.partnership.models import Agreement, AgreementKind


def day(label: Any, help_text: Any = "", required: bool = True) -> forms.DateField:
    """A day, with the calendar of the browser."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AgreementForm(forms.Form):
    """Who, what text, from when to when."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of text"), choices=AgreementKind.choices)
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    parties = forms.MultipleChoiceField(
        label=gettext_lazy("Parties"),
        help_text=gettext_lazy("Two bodies or more. Hold Ctrl to choose several."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("As it is on the paper."),
        max_length=80,
        required=False,
    )
    kept_at = forms.CharField(
        label=gettext_lazy("Where the signed text is kept"),
        help_text=gettext_lazy("Office, cabinet, file number."),
        max_length=200,
        required=False,
    )
    start = day(gettext_lazy("First day"))
    until = day(gettext_lazy("Last day"), gettext_lazy("Empty: without a term."), required=False)
    act_number = forms.CharField(
        label=gettext_lazy("Act of the personal-data authority: number"),
        help_text=gettext_lazy("As it is on the act. Empty: none was recorded, and pages say so."),
        max_length=80,
        required=False,
    )
    act_on = day(gettext_lazy("Day of the act"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, agreement: Agreement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        field = self.fields["parties"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(o.pk), o.label) for o in Organisation.objects.filter(is_active=True)]
        if agreement is not None:
            names = "kind title reference kept_at start until act_number act_on version".split()
            self.initial = {name: getattr(agreement, name) for name in names}
            rows = agreement.parties.values_list("organisation_id", flat=True)
            self.initial["parties"] = [str(pk) for pk in rows]

    def record(self, actor: Actor) -> Agreement:
        """Keep what was typed. Raises what the rules refuse."""
        told = dict(self.cleaned_data)
        version = told.pop("version") or 0
        bodies = list(Organisation.objects.filter(pk__in=told.pop("parties")))
        is_made_up = self.agreement is not None and self.agreement.is_fictitious
        terms = Terms(**told, is_fictitious=is_made_up)
        if self.agreement is None:
            return agreement_actions.draft_agreement(actor, terms, parties=bodies)
        return agreement_actions.change_agreement(
            actor, self.agreement, terms, parties=bodies, version=version
        )


class FlowForm(forms.Form):
    """From whom, to whom, what, for what."""

    sender = forms.ChoiceField(label=gettext_lazy("From"))
    recipient = forms.ChoiceField(label=gettext_lazy("To whom"))
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("What may pass"),
        choices=[(g.value, g.label) for g in SHAREABLE if g != FieldGroup.PROFILE],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The person’s consent is needed all the same. Sex, age, citizenship and languages "
            "always go with the rest."
        ),
    )
    purpose = forms.CharField(
        label=gettext_lazy("What for"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    first = day(
        gettext_lazy("From the"),
        gettext_lazy("Empty: from the first day of the agreement."),
        required=False,
    )
    last = day(
        gettext_lazy("Last day"),
        gettext_lazy("Empty: to the last day of the agreement."),
        required=False,
    )

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [party.organisation for party in agreement.parties.all()]
        self.bodies = {str(body.pk): body for body in rows}
        for name in ("sender", "recipient"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *((str(body.pk), body.label) for body in rows)]

    @property
    def way(self) -> Way:
        """What was typed, once it is valid."""
        told = dict(self.cleaned_data)
        sender, recipient = (self.bodies[told.pop(name)] for name in ("sender", "recipient"))
        groups = [FieldGroup(code) for code in told.pop("groups")]
        return Way(sender, recipient, groups, **told)


class SignForm(forms.Form):
    """When it was signed."""

    signed_on = day(gettext_lazy("Signed on"))


class EndForm(forms.Form):
    """From when it is ended, and why."""

    on = day(
        gettext_lazy("Ended from"),
        gettext_lazy("On that day already, nothing passes."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Read by the parties."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ActForm(forms.Form):
    """The act of the personal-data authority."""

    act_number = forms.CharField(label=gettext_lazy("Number"), max_length=80, required=False)
    act_on = day(gettext_lazy("Day of the act"), required=False)

    @classmethod
    def of(cls, agreement: Agreement) -> "ActForm":
        """As it stands."""
        return cls(initial={"act_number": agreement.act_number, "act_on": agreement.act_on})
