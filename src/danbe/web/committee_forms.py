"""What is typed of an assembly and of who sits there."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation, Post
from danbe.core.access import ROLES, visible
from danbe.core.models import Level
from danbe.core.pages import Request
from danbe.core.places import alive_on
from danbe.partnership.models import Assembly, SeatFunction, SeatKind
from danbe.web.committee_view import AREA, SMALL_AREA, bodies, date_input, today


class AssemblyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is said of an assembly."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Assembly
        fields = (
            *("code", "label_fr", "label_en", "kind", "parent", "place", "legal_act"),
            *("note_fr", "note_en", "quorum_rule", "quorum_value", "cadence_months"),
            *("cadence_source", "records_since", "source", "is_active"),
        )
        labels = {
            "code": gettext_lazy("Code"),
            "label_fr": gettext_lazy("Name in French"),
            "label_en": gettext_lazy("Name in English"),
            "kind": gettext_lazy("What it is"),
            "legal_act": gettext_lazy("Act that creates it"),
            "note_fr": gettext_lazy("What is known of it, in French"),
            "note_en": gettext_lazy("What is known of it, in English"),
            "quorum_rule": gettext_lazy("Quorum: the rule"),
            "quorum_value": gettext_lazy("Quorum: how much"),
            "cadence_months": gettext_lazy("One meeting asked every so many months"),
            "cadence_source": gettext_lazy("Who asks for that cadence"),
            "records_since": gettext_lazy("Every meeting is recorded here since"),
            "source": gettext_lazy("Source"),
            "is_active": gettext_lazy("It still meets"),
        }
        help_texts = {
            "quorum_value": gettext_lazy("In percent, or a number of members."),
            "records_since": gettext_lazy(
                "Before that day, a month without a meeting is shown as not known, never as empty."
            ),
            "code": gettext_lazy("Short: the references of its meetings begin with it."),
        }
        widgets = {
            "note_fr": AREA,
            "note_en": AREA,
            "cadence_source": SMALL_AREA,
            "source": SMALL_AREA,
            "records_since": date_input(),
        }

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = visible(request.actor, Assembly, "assembly.write").exclude(pk=self.instance.pk)
        self.fields["parent"] = forms.ModelChoiceField(
            label=_("Under"), queryset=others, required=False, initial=self.instance.parent_id
        )
        places = alive_on(today()).filter(level__in=(Level.REGION, Level.DISTRICT, Level.CERCLE))
        self.fields["place"] = forms.ModelChoiceField(
            label=_("Place, for a local committee"),
            queryset=places.order_by("name_fr"),
            required=False,
            initial=self.instance.place_id,
        )
        for name in ("quorum_value", "cadence_months", "records_since"):
            self.fields[name].required = False
        self.order_fields(["version", *self.Meta.fields])
        if not self.instance._state.adding:
            del self.fields["code"]
            self.fields["version"].initial = self.instance.version

    def _get_validation_exclusions(self) -> set[str]:
        """The rules are those of the act, told at its fields."""
        return {f.name for f in Assembly._meta.fields}

    def validate_constraints(self) -> None:
        """The rules are those of the act, told at its fields."""


class SeatForm(forms.Form):
    """Who sits."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Body"), queryset=Organisation.objects.none()
    )
    post = forms.ModelChoiceField(
        label=gettext_lazy("Post that sits"),
        help_text=gettext_lazy("Empty: the focal points of the body are called."),
        queryset=Post.objects.none(),
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Seat"), choices=SeatKind.choices, widget=forms.RadioSelect
    )
    function = forms.ChoiceField(
        label=gettext_lazy("Function"), choices=SeatFunction.choices, initial="member"
    )
    start = forms.DateField(
        label=gettext_lazy("Since"),
        help_text=gettext_lazy("Empty when it is not known."),
        widget=date_input(),
        required=False,
    )
    end = forms.DateField(
        label=gettext_lazy("Last day of the term"), widget=date_input(), required=False
    )
    mandate_act = forms.CharField(
        label=gettext_lazy("Act of the mandate"),
        help_text=gettext_lazy("Decree, order, letter: its number and date, no name of a person."),
        max_length=300,
        required=False,
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), widget=SMALL_AREA, max_length=2000, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = [role for role, verbs in ROLES.items() if "committee.read" in verbs]
        posts = Post.objects.filter(is_active=True, role__in=readers)
        self.fields["organisation"].queryset = bodies()  # type: ignore[attr-defined]
        self.fields["post"].queryset = posts.select_related(  # type: ignore[attr-defined]
            "organisation"
        )
        self.fields["post"].label_from_instance = (  # type: ignore[attr-defined]
            lambda post: f"{post.organisation.code}, {post.title}"
        )


class EndForm(forms.Form):
    """When a term ends."""

    end = forms.DateField(label=gettext_lazy("Last day of the term"), widget=date_input())
