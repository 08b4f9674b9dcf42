"""What is typed of consent, orders and emergencies."""

import base64
import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation, Post
from danbe.core.access import ROLES, Actor
from danbe.partnership.queries import languages_spoken, service_types
from danbe.protection.ground_actions import Hearing
from danbe.protection.models import ConsentText, Person
from danbe.protection.numbers import read_number
from danbe.protection.vocabulary import SHAREABLE, Assent, FieldGroup, Giver, Told

# The profile goes with every ground: it is not a box to tick.
CHOSEN = [(group.value, group.label) for group in SHAREABLE if group != FieldGroup.PROFILE]
USUAL = datetime.timedelta(days=90)
LONGEST_RECORDING = 2 * 1024 * 1024  # bytes: some ten minutes of speech, as telephones record it
# What the first bytes of a recording say it is.
SOUNDS = {
    b"OggS": "audio/ogg",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"\xff\xf1": "audio/aac",
    b"RIFF": "audio/wav",
    b"#!AMR": "audio/amr",
    b"\x1aE\xdf\xa3": "audio/webm",
    b"fLaC": "audio/flac",
}
Options = list[tuple[str, Any]]


def sound_of(data: bytes) -> str:
    """What kind of recording ``data`` is; empty when it is none."""
    if data[4:8] == b"ftyp":  # MPEG-4 and 3GP: what most telephones make
        return "audio/mp4"
    return next((kind for first, kind in SOUNDS.items() if data.startswith(first)), "")


def day_input() -> forms.DateInput:
    """A day, with the calendar of the browser."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def end_of(day: datetime.date) -> datetime.datetime:
    """The last moment of a day, here."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59)))


def bodies(actor: Actor) -> Options:
    """Every other body, those that work in Danbe first."""
    roles = [role for role, verbs in ROLES.items() if "person.open" in verbs]
    posts = Post.objects.filter(organisation=OuterRef("pk"), is_active=True, role__in=roles)
    rows = Organisation.objects.filter(is_active=True).exclude(pk=actor.seat.organisation_id)
    found = list(rows.annotate(works_here=Exists(posts)))
    here = [(str(row.pk), row.label) for row in found if row.works_here]
    elsewhere = [(str(row.pk), row.label) for row in found if not row.works_here]
    groups: Options = [(_("Work in Danbe"), here), (_("Without an account"), elsewhere)]
    return [(label, rows) for label, rows in groups if rows]


def _words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


class RecipientForm(forms.Form):
    """To whom, and what. Nothing typed here is kept outside the database."""

    recipient = forms.ChoiceField(
        label=gettext_lazy("Who receives"),
        required=False,
        help_text=gettext_lazy("A body that is not in the list: leave this empty, name it below."),
    )
    outside = forms.CharField(
        label=gettext_lazy("A body that is nowhere in Danbe"),
        help_text=gettext_lazy("A hospital, a consulate, a body in another country. Sealed."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("What may be read"),
        choices=CHOSEN,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Sex, age, citizenship and languages always go with the rest."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Options = [("", _("Choose a body")), *bodies(actor)]
        _choices(self, "recipient", choices)

    def clean(self) -> dict[str, Any]:
        """One recipient, from the list or in words."""
        told = super().clean() or {}
        in_words = bool((told.get("outside") or "").strip())
        if "recipient" not in self.errors and bool(told.get("recipient")) == in_words:
            text = _("Choose one body in the list.")
            if "outside" in self.fields:
                text = _("Choose one body in the list, or name one below: not both.")
            self.add_error("recipient", text)
        return told

    @property
    def body(self) -> Organisation | None:
        """The body chosen in the list."""
        pk = self.cleaned_data["recipient"]
        return Organisation.objects.get(pk=pk) if pk else None

    @property
    def field_groups(self) -> list[FieldGroup]:
        """What was ticked."""
        return [FieldGroup(code) for code in self.cleaned_data["groups"]]


def _choices(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class ConsentForm(RecipientForm):
    """The answer of the person, and how it was heard."""

    answer = forms.ChoiceField(
        label=gettext_lazy("What the person answers"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No: nothing is shared"))],
        widget=forms.RadioSelect,
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("For these services only"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked: for any service of this body."),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Access ends by itself after that day. Three years at most."),
        widget=day_input(),
    )
    told = forms.ChoiceField(
        label=gettext_lazy("How the text was told"), choices=Told.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=gettext_lazy("In which language"), required=False)
    giver = forms.ChoiceField(
        label=gettext_lazy("Who answers"), choices=Giver.choices, widget=forms.RadioSelect
    )
    assent = forms.ChoiceField(
        label=gettext_lazy("What the child says"),
        choices=Assent.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The child’s own no is worth more than the guardian’s yes."),
    )
    guardian = forms.CharField(
        label=gettext_lazy("Guardian: name and link"), required=False, max_length=200
    )
    witness = forms.CharField(label=gettext_lazy("Witness"), required=False, max_length=200)
    interpreter = forms.CharField(
        label=gettext_lazy("Interpreter: name, and what the interpreter states"),
        required=False,
        max_length=2000,
        widget=_words(2),
    )
    words = forms.CharField(
        label=gettext_lazy("In the person’s words"),
        help_text=gettext_lazy("Conditions, fears, what must not be said to whom. Sealed."),
        required=False,
        max_length=5000,
        widget=_words(),
    )
    recording = forms.FileField(
        label=gettext_lazy("Recording of the answer"),
        help_text=gettext_lazy("Only if the person wishes it. 2 MB at most, sealed."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )

    def __init__(
        self, *args: Any, actor: Actor, person: Person, text: ConsentText | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.text = text
        _choices(self, "services", service_types())
        _choices(self, "language", [("", _("Not stated")), *languages_spoken()])
        self.fields["until"].initial = timezone.localdate() + USUAL
        self.fields["giver"].initial = Giver.PERSON
        if person.age_group == "adult":
            for name in ("assent", "guardian"):
                del self.fields[name]
            del self.fields["giver"]
        elif person.age_group == "child":
            self.fields["giver"].initial = Giver.GUARDIAN
            _choices(self, "assent", [(a.value, a.label) for a in Assent if a])
        self.order_fields(
            "recipient outside groups services until answer told language giver assent guardian "
            "witness interpreter words recording".split()
        )

    def clean_recording(self) -> str:
        """The recording as it is sealed."""
        file = self.cleaned_data["recording"]
        if not file:
            return ""
        if file.size > LONGEST_RECORDING:
            raise forms.ValidationError(_("This recording is larger than 2 MB."))
        data = file.read()
        if not sound_of(data):
            raise forms.ValidationError(_("This file is not a recording."))
        return base64.b64encode(data).decode()

    @property
    def hearing(self) -> Hearing:
        """How consent was heard."""
        told = self.cleaned_data
        return Hearing(
            text=self.text,
            language=told["language"],
            told=Told(told["told"]),
            giver=Giver(told.get("giver") or Giver.PERSON),
            assent=Assent(told.get("assent") or ""),
            guardian=told.get("guardian", ""),
            witness=told["witness"],
            interpreter=told["interpreter"],
            words=told["words"],
            recording=told["recording"],
            outside=told["outside"].strip(),
        )


class WithdrawalForm(forms.Form):
    """Which consents the person takes back; all of them unless told otherwise."""

    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("What the person takes back"), widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=gettext_lazy("In the person’s words"),
        help_text=gettext_lazy("Only if they wish: nobody has to say why. Sealed."),
        required=False,
        max_length=5000,
        widget=_words(),
    )

    def __init__(self, *args: Any, choices: Options, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "grounds", choices)


class OrderForm(RecipientForm):
    """A judicial order: who ordered what, for whom, until when."""

    until = forms.DateField(label=gettext_lazy("Until"), widget=day_input())
    authority = forms.CharField(
        label=gettext_lazy("Who ordered it"),
        help_text=gettext_lazy("The court or the judge. Sealed."),
        max_length=200,
    )
    reference = forms.CharField(
        label=gettext_lazy("Number and date of the order"),
        help_text=gettext_lazy("Keep the paper. Sealed."),
        max_length=200,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        del self.fields["outside"]
        self.fields["recipient"].help_text = ""
        self.fields["until"].initial = timezone.localdate() + USUAL
        self.order_fields("authority reference recipient groups until".split())


class EmergencyForm(RecipientForm):
    """A life is at risk and the person cannot be asked."""

    reason = forms.CharField(
        label=gettext_lazy("Why the person cannot be asked, and what is at risk"),
        help_text=gettext_lazy("Sealed. Read by whoever reviews it."),
        max_length=2000,
        widget=_words(),
    )
    hours = forms.IntegerField(
        label=gettext_lazy("For how many hours"),
        initial=24,
        min_value=1,
        max_value=72,
        widget=forms.NumberInput(attrs={"class": "input--short"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.order_fields("reason recipient outside groups hours".split())


class GlassForm(forms.Form):
    """The number on the person's card, why, what, for how long."""

    number = forms.CharField(
        label=gettext_lazy("Number of the person"),
        help_text=gettext_lazy("As on the person’s card: ML-…"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("What happens, and why it cannot wait"),
        help_text=gettext_lazy("Sealed. The body that holds the record reads it."),
        max_length=2000,
        widget=_words(),
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("What you must read"),
        choices=CHOSEN,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only what the emergency needs."),
    )
    hours = forms.TypedChoiceField(
        label=gettext_lazy("For how many hours"),
        choices=[(1, "1"), (2, "2"), (3, "3")],
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
    )

    def clean_number(self) -> str:
        """The number as it is kept; one mistyped sign is noticed."""
        number = read_number(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(_("This number is mistyped: check every sign."))
        return number


class ReviewForm(forms.Form):
    """Was it right?"""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Your finding"),
        choices=[
            ("yes", gettext_lazy("Justified")),
            ("no", gettext_lazy("Not justified: the access ends now")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Sealed. It stays with the record."),
        required=False,
        max_length=2000,
        widget=_words(),
    )
