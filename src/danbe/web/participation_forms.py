"""The forms of the making of a plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from danbe.accounts.models import Organisation
from danbe.plan import participation_queries as queries
from danbe.plan.models import (
    ANSWER_TRANSITIONS,
    STAGE_TRANSITIONS,
    Answer,
    Category,
    Entry,
    Level,
    Participant,
    Plan,
    Process,
    Stage,
    Vote,
)

AREA = forms.Textarea(attrs={"rows": 8})
SMALL_AREA = forms.Textarea(attrs={"rows": 3})
HIDDEN = forms.HiddenInput
DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class ProcessForm(forms.Form):
    """What a process begins with."""

    plan = forms.ModelChoiceField(
        label=_("Draft of the plan to be made"), queryset=Plan.objects.none()
    )
    label_fr = forms.CharField(label=_("Name of the process in French"), max_length=300)
    label_en = forms.CharField(
        label=_("Name of the process in English"), max_length=300, required=False
    )
    old_plan = forms.ModelChoiceField(
        label=_("Old plan, to be evaluated first"),
        queryset=Plan.objects.none(),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = queries.plans_to_draft()  # type: ignore[attr-defined]
        self.fields["old_plan"].queryset = queries.old_plans()  # type: ignore[attr-defined]


class RulesForm(forms.Form):
    """The frame of a process."""

    edition = forms.IntegerField(widget=HIDDEN)
    label_fr = forms.CharField(label=_("Name of the process in French"), max_length=300)
    label_en = forms.CharField(
        label=_("Name of the process in English"), max_length=300, required=False
    )
    old_plan = forms.ModelChoiceField(
        label=_("Old plan, to be evaluated first"),
        queryset=Plan.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    terms = forms.CharField(label=_("Terms of reference"), widget=AREA, required=False)
    rules = forms.CharField(
        label=_("Rules of participation"),
        help_text=_("Who takes part, how contributions are read, how one is answered."),
        widget=AREA,
        required=False,
    )
    quorum_percent = forms.IntegerField(
        label=_("Quorum (% of the bodies that vote)"),
        help_text=_(
            "So many bodies must be present, rounded up. Danbe knows no act that fixes it: write "
            "what the rules of the process say."
        ),
        required=False,
    )  # fmt: skip
    majority_percent = forms.IntegerField(
        label=_("Majority (% of the votes for and against)"),
        help_text=_("Always more than half. Abstentions are counted apart."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_plan"].queryset = queries.old_plans()  # type: ignore[attr-defined]


class PhaseForm(forms.Form):
    """One phase: its dates and its rights."""

    edition = forms.IntegerField(widget=HIDDEN)
    start = forms.DateField(label=_("Begins"), required=False, **DAY)  # type: ignore[arg-type]
    end = forms.DateField(label=_("Ends"), required=False, **DAY)  # type: ignore[arg-type]
    reads = forms.MultipleChoiceField(
        label=_("Who reads the published text"),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    contributes = forms.MultipleChoiceField(
        label=_("Who contributes"),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label=_("Meetings and documents"), widget=SMALL_AREA, required=False)


class MoveForm(forms.Form):
    """Where a process goes."""

    to = forms.ChoiceField(label=_("Go to"), widget=forms.RadioSelect, choices=[])
    reason = forms.CharField(
        label=_("If it is stopped: why"), widget=SMALL_AREA, required=False, max_length=2000
    )

    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = STAGE_TRANSITIONS[Stage(process.stage)] - {Stage.VALIDATED}
        labels = {Stage.STOPPED: pgettext_lazy("process", "Stop the process")}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (s.value, str(labels.get(s, s.label))) for s in Stage if s in there
        ]


# --- Participants ---------------------------------------------------------------------------


class BodiesForm(forms.Form):
    """Bodies to invite, in one category."""

    category = forms.ChoiceField(
        label=_("They take part as"),
        choices=[(c.value, c.label) for c in list(Category)[:4]],
        widget=forms.RadioSelect,
    )
    bodies = forms.ModelMultipleChoiceField(
        label=_("Bodies"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    votes = forms.BooleanField(label=_("They vote in the validation"), required=False)

    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = queries.named_participants(process).exclude(organisation=None)
        free = Organisation.objects.filter(is_active=True).exclude(
            pk__in=there.values("organisation")
        )
        self.fields["bodies"].queryset = free  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """A person or a group without a body."""

    category = forms.ChoiceField(
        label=_("It takes part as"),
        choices=[(c.value, c.label) for c in Category if c is not Category.SURVIVORS],
    )
    name = forms.CharField(
        label=_("Name of the person or of the group"),
        help_text=_("It is shown to whoever follows the process. Never a survivor’s name."),
        max_length=160,
    )
    entry = forms.ChoiceField(
        label=_("It takes part"), choices=Entry.choices, widget=forms.RadioSelect
    )


class SurvivorsForm(forms.Form):
    """How many pseudonyms to draw."""

    number = forms.IntegerField(label=_("How many pseudonyms"))


class PartForm(forms.Form):
    """What a participant answered."""

    to = forms.ChoiceField(label=_("The answer"), widget=forms.RadioSelect, choices=[])

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = ANSWER_TRANSITIONS[Answer(participant.answer)]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (a.value, str(a.label)) for a in Answer if a in allowed
        ]


# --- Text -----------------------------------------------------------------------------------


class ClauseForm(forms.Form):
    """What a clause says; ``seen`` stands for what its editor read."""

    seen = forms.CharField(widget=HIDDEN, required=False)
    level = forms.ChoiceField(label=_("Rank"), choices=Level.choices, widget=forms.RadioSelect)
    heading = forms.CharField(
        label=_("Heading"),
        help_text=_("Of a part or an article. A paragraph has none as a rule."),
        required=False,
    )
    text = forms.CharField(label=pgettext_lazy("clause", "Text"), widget=AREA, required=False)


class NewClauseForm(ClauseForm):
    """The same, with where it goes."""

    after = forms.ChoiceField(label=_("After"), choices=[], required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = places  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """Where a clause is moved."""

    after = forms.ChoiceField(label=_("Move it after"), choices=[], required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = places  # type: ignore[attr-defined]


class PasteForm(forms.Form):
    """A text typed elsewhere."""

    edition = forms.IntegerField(widget=HIDDEN)
    typed = forms.CharField(
        label=pgettext_lazy("clause", "Text"),
        help_text=_(
            "An empty line between two clauses. Begin a part with «# » and an article with "
            "«## »; what follows the heading on the next lines is the text of the article."
        ),
        widget=forms.Textarea(attrs={"rows": 18}),
        strip=False,
    )


class PublishForm(forms.Form):
    """What is said of a version when it is put to the participants."""

    edition = forms.IntegerField(widget=HIDDEN)
    note = forms.CharField(
        label=_("What changed since the last version"), widget=SMALL_AREA, required=False
    )


# --- Validation -----------------------------------------------------------------------------


class SessionForm(forms.Form):
    """The session to open."""

    held_on = forms.DateField(label=_("Day of the session"), **DAY)  # type: ignore[arg-type]
    venue = forms.CharField(
        label=pgettext_lazy("session", "Place"), max_length=200, required=False
    )


class VoteForm(forms.Form):
    """The vote of one body."""

    vote = forms.ChoiceField(
        label=pgettext_lazy("session", "Vote"), choices=Vote.choices, widget=forms.RadioSelect
    )


class ReservationForm(forms.Form):
    """A reservation of one body."""

    clause = forms.ChoiceField(label=_("On"), choices=[], required=False)
    text = forms.CharField(label=_("Reservation"), widget=SMALL_AREA)

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", _("The whole text")), *clauses]  # type: ignore[attr-defined]


class SignatureForm(forms.Form):
    """Who signed the printed list."""

    participant: "forms.ModelChoiceField[Participant]" = forms.ModelChoiceField(
        label=_("Body"), queryset=None
    )
    signer = forms.CharField(label=_("Who signed"), max_length=160)
    function = forms.CharField(label=_("In what capacity"), max_length=160)
    signed_on = forms.DateField(label=_("Signed on"), **DAY)  # type: ignore[arg-type]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        left = kwargs.pop("left")
        super().__init__(*args, **kwargs)
        field = self.fields["participant"]
        field.queryset = left  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.shown  # type: ignore[attr-defined]
