"""What is typed of a training, of who came, of a trainer, of a desk."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, Reach, visible
from danbe.partnership.contact_actions import CONTACT, TRAINER
from danbe.partnership.funding_queries import terms
from danbe.partnership.models import Attendance, Contact, Trainer, Training
from danbe.partnership.training_actions import MAX_TEXT, MOST_SEATS, WRITTEN, Came, With
from danbe.plan.funding import activity_named, activity_of
from danbe.web.funding_form import plan_choices
from danbe.web.organisations import regions_today
from danbe.web.service_form import area_options
from danbe.web.typed import AREA, day_input

MANY = ("partners", "funders", "trainers")
N_BODIES = 8  # rows of the count
Several = forms.SelectMultiple(attrs={"size": 6})


def _bodies() -> Any:
    return Organisation.objects.filter(is_active=True)


class TrainingForm(forms.Form):
    """One training of the calendar."""

    organiser = forms.ModelChoiceField(
        label=gettext_lazy("Organiser"), queryset=Organisation.objects.none()
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    theme = forms.CharField(
        label=gettext_lazy("Theme"),
        help_text=gettext_lazy("In a few words: identification, investigation, referral…"),
        max_length=200,
    )
    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("For whom"), widget=forms.CheckboxSelectMultiple
    )
    place = forms.ChoiceField(label=gettext_lazy("Region or cercle"))
    venue = forms.CharField(
        label=gettext_lazy("Room"),
        help_text=gettext_lazy("A public place. Never a shelter."),
        max_length=200,
        required=False,
    )
    start = forms.DateField(label=gettext_lazy("First day"), widget=day_input())
    end = forms.DateField(label=gettext_lazy("Last day"), widget=day_input())
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"), min_value=1, max_value=MOST_SEATS, required=False
    )
    partners = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Organised with"),
        queryset=Organisation.objects.none(),
        widget=Several,
        required=False,
    )
    funders = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Paid for by"),
        queryset=Organisation.objects.none(),
        widget=Several,
        required=False,
    )
    trainers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Trainers of the directory"),
        queryset=Organisation.objects.none(),
        widget=Several,
        required=False,
    )
    plan_code = forms.ChoiceField(label=gettext_lazy("Action plan"), required=False)
    activity = forms.CharField(
        label=gettext_lazy("Code of the activity in the plan"), max_length=30, required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), widget=AREA, max_length=MAX_TEXT, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, actor: Actor, row: Training) -> None:
        self.row, self.is_new = row, row._state.adding
        super().__init__(data, initial=_initial(row))
        if not self.is_new or actor.reach("training.write") is not Reach.NATION:
            del self.fields["organiser"]
        else:
            self.fields["organiser"].queryset = _bodies()  # type: ignore[attr-defined]
        for name in ("partners", "funders"):
            self.fields[name].queryset = _bodies()  # type: ignore[attr-defined]
        people = visible(actor, Trainer, "trainer.read").select_related("organisation")
        self.fields["trainers"].queryset = people  # type: ignore[attr-defined]
        self.fields["audiences"].choices = terms("audience")  # type: ignore[attr-defined]
        areas = [("", "—"), *area_options(timezone.localdate())]
        self.fields["place"].choices = areas  # type: ignore[attr-defined]
        self.fields["plan_code"].choices = plan_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the activity that is named."""
        data = super().clean() or self.cleaned_data
        data["lineage"] = None
        if code := data.get("activity", "").strip():
            activity = activity_named(data.get("plan_code", ""), code)
            if activity is None:
                text = _("The published plan has no activity with this code.")
                self.add_error("activity", text)
            else:
                data["lineage"] = activity.lineage
        return data

    def filled(self) -> Training:
        """The row with what was typed."""
        data = self.cleaned_data
        for name in WRITTEN:
            if name not in ("audiences", "place", "activity_lineage"):
                setattr(self.row, name, data[name])
        self.row.audiences = " ".join(data["audiences"])
        self.row.place_id = data["place"]
        self.row.activity_lineage = data["lineage"]
        return self.row

    @property
    def others(self) -> With:
        """Who takes part."""
        return With(**{name: list(self.cleaned_data[name]) for name in MANY})


def _initial(row: Training) -> dict[str, Any]:
    if row._state.adding:
        return {}
    told: dict[str, Any] = {name: getattr(row, name) for name in WRITTEN}
    activity = activity_of(row.activity_lineage)
    return told | {
        "audiences": row.audience_codes,
        "place": row.place_id,
        "activity": activity.code if activity else "",
        "version": row.version,
        **{name: getattr(row, name).all() for name in MANY},
    }


class CameForm(forms.Form):
    """How many came, by body and sex. An empty field is not said."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: Training) -> None:
        self.sexes = terms("sex")
        kept = _by_body(row.attendances.all())
        initial: dict[str, Any] = {"version": row.version}
        for n, (body, counts) in enumerate(kept.items(), 1):
            initial[f"body_{n}"] = body or ""
            initial |= {f"{sex}_{n}": count for sex, count in counts.items()}
        super().__init__(data, initial=initial)
        bodies = _bodies()
        self.n_rows = max(N_BODIES, len(kept) + 2)
        for n in range(1, self.n_rows + 1):
            self.fields[f"body_{n}"] = forms.ModelChoiceField(
                label=_("Body"),
                queryset=bodies,
                required=False,
                empty_label=_("Another body, or not said"),
            )
            for sex, label in self.sexes:
                self.fields[f"{sex}_{n}"] = forms.IntegerField(
                    label=label, min_value=0, max_value=MOST_SEATS, required=False
                )

    @property
    def rows(self) -> list[list[Any]]:
        """The fields, one row a body."""
        names = ["body", *(sex for sex, _label in self.sexes)]
        return [[self[f"{name}_{n}"] for name in names] for n in range(1, self.n_rows + 1)]

    @property
    def came(self) -> list[Came]:
        """What was typed."""
        data = self.cleaned_data
        return [
            Came(data[f"body_{n}"], sex, data[f"{sex}_{n}"])
            for n in range(1, self.n_rows + 1)
            for sex, _label in self.sexes
            if data[f"{sex}_{n}"] is not None
        ]


def _by_body(rows: Iterable[Attendance]) -> dict[Any, dict[str, int]]:
    found: dict[Any, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, {})[row.sex] = row.n
    return found


class _Reached(forms.Form):
    """What a trainer and a desk share: the body, and how its office is reached."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Body"), queryset=Organisation.objects.none()
    )
    phone = forms.CharField(label=gettext_lazy("Office telephone"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("Office mail"), required=False)
    region = forms.ModelChoiceField(
        label=gettext_lazy("Region"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("The whole country"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    order: tuple[str, ...] = ()

    def __init__(
        self, data: Any = None, *, actor: Actor, verb: str, row: Trainer | Contact
    ) -> None:
        self.row, is_new = row, row._state.adding
        super().__init__(data, initial={} if is_new else self.told_of(row))
        self.fields["region"].queryset = regions_today()  # type: ignore[attr-defined]
        if not is_new or actor.reach(verb) is not Reach.NATION:
            del self.fields["organisation"]
        else:
            self.fields["organisation"].queryset = _bodies()  # type: ignore[attr-defined]
        self.order_fields(self.order)

    def told_of(self, row: Any) -> dict[str, Any]:
        """What the row says."""
        return {name: getattr(row, name, None) for name in (*self.order, "version")}


class TrainerForm(_Reached):
    """One trainer who agreed to be listed."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    function = forms.CharField(label=gettext_lazy("Function"), max_length=160)
    themes = forms.CharField(label=gettext_lazy("Themes"), max_length=300)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), widget=forms.CheckboxSelectMultiple, required=False
    )
    consent_on = forms.DateField(
        label=gettext_lazy("Agreed to be listed on"),
        help_text=gettext_lazy("Nobody is listed without having agreed."),
        widget=day_input(),
    )
    order = tuple("organisation name function themes consent_on phone email region".split())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = terms("language")  # type: ignore[attr-defined]

    def told_of(self, row: Any) -> dict[str, Any]:
        """With the languages as a list."""
        return super().told_of(row) | {"languages": row.languages.split()}

    def filled(self) -> Trainer:
        """The row with what was typed."""
        row, data = self.row, self.cleaned_data
        assert isinstance(row, Trainer)
        for name in TRAINER:
            setattr(row, name, " ".join(data[name]) if name == "languages" else data[name])
        return row


class ContactForm(_Reached):
    """One desk of a body."""

    function = forms.CharField(
        label=gettext_lazy("Desk or function"),
        help_text=gettext_lazy("Not a person’s name: people change, desks stay."),
        max_length=160,
    )
    purpose = forms.CharField(
        label=gettext_lazy("What to call it for"), max_length=300, required=False
    )
    hours = forms.CharField(label=gettext_lazy("Hours"), max_length=120, required=False)
    order = tuple("organisation function purpose phone email hours region".split())

    def filled(self) -> Contact:
        """The row with what was typed."""
        row, data = self.row, self.cleaned_data
        assert isinstance(row, Contact)
        for name in CONTACT:
            if name != "folded":
                setattr(row, name, data[name])
        return row
