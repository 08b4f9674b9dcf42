"""What is typed of events and of people."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from danbe.core.models import Place
from danbe.partnership.queries import languages_spoken
from danbe.protection.door import Contact, Identity
from danbe.protection.intake import read_age, read_numbers
from danbe.protection.models import ConsentText, Event, Person
from danbe.protection.queries import labels
from danbe.protection.vocabulary import (
    Basis,
    EventKind,
    Identification,
    Involvement,
    Pathway,
    Purpose,
    Question,
    Sex,
    Told,
)
from danbe.web.service_form import area_options

REASON = gettext_lazy("Sealed. It stays with the decision, with your post and the day.")
Options = list[tuple[str, Any]]


def day_input() -> forms.DateInput:
    """A day, with the calendar of the browser."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _set(form: forms.BaseForm, name: str, choices: Options) -> None:
    """Fill a list that depends on the instance."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


def citizenships() -> Options:
    """The citizenships, none first."""
    return [("", _("Not stated")), *labels("citizenship").items()]


class EventForm(forms.Form):
    """An encounter: what, when, where, how many people were said to be there."""

    kind = forms.ChoiceField(label=gettext_lazy("How people were met"), choices=EventKind.choices)
    on = forms.DateField(label=gettext_lazy("Day"), widget=day_input())
    on_is_estimated = forms.BooleanField(
        label=gettext_lazy("The day is estimated"), required=False
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("The cercle is enough. The village goes into the account, sealed."),
    )
    n_announced = forms.IntegerField(
        label=gettext_lazy("People announced"),
        help_text=gettext_lazy("How many were said to be there. The progress is shown on it."),
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"class": "input--short"}),
    )
    narrative = forms.CharField(
        label=gettext_lazy("Account of the event"),
        help_text=gettext_lazy("Sealed: who, where exactly, how. Opened on request, recorded."),
        required=False,
        max_length=20_000,
        widget=_words(6),
    )
    is_closed = forms.BooleanField(
        label=gettext_lazy("Everybody is registered: the sheet is closed"), required=False
    )

    def __init__(self, event: Event | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set(self, "place", [("", _("Choose…")), *area_options(timezone.localdate())])
        if event is None:
            del self.fields["is_closed"]
        elif event.narrative:
            self.fields["narrative"].help_text = _(
                "An account is sealed. It is not shown here; what you type replaces it."
            )

    def told(self) -> dict[str, Any]:
        """The arguments of the action."""
        told: dict[str, Any] = dict(self.cleaned_data)
        return told | {"place": Place.objects.get(code=told["place"])}


def event_fields(event: Event) -> dict[str, Any]:
    """The present values; never the account."""
    names = ("kind", "on", "on_is_estimated", "n_announced", "is_closed")
    return {name: getattr(event, name) for name in names} | {"place": event.place_id}


class ProfileForm(forms.Form):
    """What is counted about a person."""

    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Sex.choices)
    age = forms.CharField(
        label=gettext_lazy("Age at the event"),
        help_text=gettext_lazy("15, 15-17, 18+ or <18; ~15 where it is estimated."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "input--short", "autocomplete": "off"}),
    )
    citizenship = forms.ChoiceField(label=gettext_lazy("Citizenship"), required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    has_disability = forms.ChoiceField(
        label=gettext_lazy("Disability"),
        choices=[
            ("", gettext_lazy("Not known")),
            ("yes", pgettext_lazy("answer", "Yes")),
            ("no", pgettext_lazy("answer", "No")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set(self, "citizenship", citizenships())
        _set(self, "languages", list(languages_spoken()))

    def clean_age(self) -> tuple[int | None, int | None, bool]:
        """Youngest, oldest, and whether it is a guess."""
        try:
            return read_age(self.cleaned_data["age"])
        except ValueError as error:
            text = _("Write 15, 15-17, 18+ or <18; ~15 where it is estimated.")
            raise forms.ValidationError(text) from error

    def told(self) -> dict[str, Any]:
        """The arguments of the action."""
        data = self.cleaned_data
        low, high, is_estimated = data["age"]
        return {
            "sex": Sex(data["sex"]),
            "age_min": low,
            "age_max": high,
            "age_is_estimated": is_estimated,
            "citizenship": data["citizenship"],
            "languages": " ".join(data["languages"]),
            "has_disability": {"yes": True, "no": False}.get(data["has_disability"]),
        }


def profile_fields(person: Person) -> dict[str, Any]:
    """The present values."""
    disability = {True: "yes", False: "no", None: ""}[person.has_disability]
    return {
        "sex": person.sex,
        "age": typed_age(person),
        "citizenship": person.citizenship,
        "languages": person.languages.split(),
        "has_disability": disability,
    }


def typed_age(person: Person) -> str:
    """An age as it is typed."""
    low, high = person.age_min, person.age_max
    if low is None and high is None:
        return ""
    if high is None:
        return f"{low}+"
    if low == high:
        return f"~{low}" if person.age_is_estimated else str(low)
    return f"<{high + 1}" if not low else f"{low}-{high}"


class IdentityForm(forms.Form):
    """Names and contact, sealed. Nothing is required."""

    family_name = forms.CharField(label=gettext_lazy("Family name"))
    given_names = forms.CharField(label=gettext_lazy("Given names"))
    aliases = forms.CharField(
        label=gettext_lazy("Alias, pseudonym"),
        help_text=gettext_lazy("Several: separated by commas."),
    )
    birth = forms.CharField(
        label=gettext_lazy("Born"), help_text=gettext_lazy("1998, 1998-04 or 1998-04-23.")
    )
    birth_place = forms.CharField(label=gettext_lazy("Place of birth"))
    father = forms.CharField(label=gettext_lazy("Father"))
    mother = forms.CharField(label=gettext_lazy("Mother"))
    papers = forms.CharField(label=gettext_lazy("Papers seen"))
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("Several: separated by commas. Agree first how to call."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    village = forms.CharField(label=gettext_lazy("Village or quarter"))
    address = forms.CharField(label=gettext_lazy("Where the person can be found"))
    trusted_person = forms.CharField(label=gettext_lazy("Trusted person"))
    safe_hours = forms.CharField(label=gettext_lazy("Safe hours"))
    words = forms.CharField(label=gettext_lazy("What may be said, and what never"))

    IDENTITY = tuple(Identity.__dataclass_fields__)
    CONTACT = tuple(Contact.__dataclass_fields__)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            field.widget.attrs["autocomplete"] = "off"
            field.widget.attrs["maxlength"] = field.max_length = 500  # type: ignore[attr-defined]
            field.widget.attrs["id"] = f"identity_{name}"

    def clean_birth(self) -> str:
        """A year, a month or a day."""
        birth: str = self.cleaned_data["birth"]
        if birth and not _is_birth(birth):
            raise forms.ValidationError(_("Write 1998, 1998-04 or 1998-04-23."))
        return birth

    @property
    def identity(self) -> Identity:
        """Who."""
        return Identity(**{name: self.cleaned_data[name] for name in self.IDENTITY})

    @property
    def contact(self) -> Contact:
        """How to reach."""
        return Contact(**{name: self.cleaned_data[name] for name in self.CONTACT})


def _is_birth(text: str) -> bool:
    for format_ in ("%Y", "%Y-%m", "%Y-%m-%d"):
        try:
            datetime.datetime.strptime(text, format_)
        except ValueError:
            continue
        return True
    return False


class ReasonForm(forms.Form):
    """Why, and since when."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=REASON, max_length=5000, widget=_words(3)
    )
    on = forms.DateField(
        label=gettext_lazy("Day of the decision"), required=False, widget=day_input()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{kwargs.get('prefix') or 'reason'}_%s")
        super().__init__(*args, **kwargs)


def question_choices() -> Options:
    """Part in the facts, pathway: every answer, under its question."""
    return [
        (
            str(Question.INVOLVEMENT.label),
            [(f"involvement:{code}", label) for code, label in Involvement.choices],
        ),
        (
            str(Question.PATHWAY.label),
            [(f"pathway:{code}", label) for code, label in Pathway.choices],
        ),
    ]


class OrientForm(ReasonForm):
    """One decision on the part in the facts or on the pathway."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set(self, "decision", [("", _("Choose…")), *question_choices()])
        self.order_fields(["decision", "reason", "on"])

    @property
    def question(self) -> Question:
        """What is decided."""
        return Question(self.cleaned_data["decision"].partition(":")[0])

    @property
    def value(self) -> str:
        """The answer."""
        return str(self.cleaned_data["decision"].partition(":")[2])


class StatusForm(ReasonForm):
    """A presumption or an identification: the reason, the form, the legal basis."""

    status = forms.ChoiceField(label=gettext_lazy("Decision"), required=False)
    form = forms.ChoiceField(label=gettext_lazy("Form of exploitation"), required=False)
    basis = forms.ChoiceField(label=gettext_lazy("Legal basis"), choices=Basis.choices)

    def __init__(self, person: Person, *args: Any, formal: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"form": person.form, "basis": person.basis})
        super().__init__(*args, **kwargs)
        _set(self, "form", [("", _("Not stated")), *labels("form").items()])
        if formal:
            status = [
                (Identification.IDENTIFIED.value, Identification.IDENTIFIED.label),
                (Identification.NOT_CONFIRMED.value, Identification.NOT_CONFIRMED.label),
            ]
            _set(self, "status", [("", _("Choose…")), *status])
            self.fields["status"].required = True
        else:
            del self.fields["status"]
        self.order_fields(["status", "reason", "form", "basis", "on"])


class LinesForm(forms.Form):
    """Who of a list: everybody listed, or those ticked and those of these lines."""

    EVERYBODY, CHOSEN = "all", "chosen"
    who = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[
            (CHOSEN, gettext_lazy("Those ticked below, and these lines")),
            (EVERYBODY, gettext_lazy("Everybody listed below")),
        ],
        initial=CHOSEN,
        widget=forms.RadioSelect,
    )
    lines = forms.CharField(
        label=gettext_lazy("Lines"),
        help_text=gettext_lazy("Numbers of the sheet: 1-40, 52."),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_lines(self) -> set[int]:
        """The numbers."""
        return _lines(self.cleaned_data["lines"])


def _lines(text: str) -> set[int]:
    try:
        return read_numbers(text)
    except ValueError as error:
        raise forms.ValidationError(_("Write numbers of lines: 1-40, 52.")) from error


class ScreenForm(OrientForm, LinesForm):
    """The same decision for several people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["who", "lines", "decision", "reason", "on"])


class TogetherForm(LinesForm):
    """Who belongs together, and as what."""

    FAMILY, COMMUNITY = "family", "community"
    kind = forms.ChoiceField(
        label=gettext_lazy("They are"),
        choices=[
            (FAMILY, gettext_lazy("A household: people who live together")),
            (COMMUNITY, gettext_lazy("A community: a village or a camp that moved together")),
        ],
        widget=forms.RadioSelect,
    )


class HandOverForm(forms.Form):
    """How people of one citizenship were asked, and when the consulate signed."""

    lines = forms.CharField(
        label=gettext_lazy("Said yes: lines"),
        help_text=gettext_lazy(
            "Each one was asked apart. From the signed sheet: 1-40, 52. Or tick below."
        ),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    refused = forms.CharField(
        label=gettext_lazy("Said no: lines"),
        help_text=gettext_lazy("They stay, they are helped all the same, and the no is kept."),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.ModelChoiceField(
        label=gettext_lazy("Text that was read"),
        queryset=ConsentText.objects.none(),
        required=False,
        empty_label=gettext_lazy("Another text, kept on paper"),
    )
    told = forms.ChoiceField(
        label=gettext_lazy("How it was told"),
        choices=Told.choices,
        initial=Told.READ_ALOUD,
    )
    language = forms.ChoiceField(label=gettext_lazy("In which language"), required=False)
    interpreter = forms.CharField(
        label=gettext_lazy("Interpreter"),
        help_text=gettext_lazy("Sealed."),
        required=False,
        max_length=200,
    )
    witness = forms.CharField(
        label=gettext_lazy("Witness"),
        help_text=gettext_lazy("Sealed."),
        required=False,
        max_length=200,
    )
    nobody_fears = forms.BooleanField(
        label=gettext_lazy(
            "Each person was asked apart, without the consulate: nobody in this list asked for "
            "asylum or fears their own State; those who did are not in it"
        ),
        required=False,
    )
    receiver = forms.CharField(
        label=gettext_lazy("Received by (name and function)"),
        help_text=gettext_lazy("Sealed."),
        required=False,
        max_length=200,
    )
    received_on = forms.DateField(
        label=gettext_lazy("Day on which the consulate signed"),
        help_text=gettext_lazy("Leave empty to prepare the list first."),
        required=False,
        widget=day_input(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = self.fields["text"]
        assert isinstance(texts, forms.ModelChoiceField)
        texts.queryset = ConsentText.objects.filter(purpose=Purpose.RETURN)
        _set(self, "language", [("", _("Not stated")), *languages_spoken()])

    def clean_lines(self) -> set[int]:
        """Those who said yes."""
        return _lines(self.cleaned_data["lines"])

    def clean_refused(self) -> set[int]:
        """Those who said no."""
        return _lines(self.cleaned_data["refused"])


class ReceiptForm(forms.Form):
    """The consulate signed the list."""

    received_on = forms.DateField(
        label=gettext_lazy("Day on which the consulate signed"), widget=day_input()
    )
