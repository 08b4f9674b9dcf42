"""The forms of an evaluation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from danbe.core.models import Place
from danbe.core.places import layout_on
from danbe.figures.models import Breakdown, Definition
from danbe.plan.evaluation_actions import Named, Said
from danbe.plan.models import (
    Criterion,
    Evaluation,
    Finding,
    Indicator,
    Lesson,
    Measure,
    Moment,
    Plan,
)
from danbe.plan.queries import indicators_of

AREA = forms.Textarea(attrs={"rows": 5})
SMALL_AREA = forms.Textarea(attrs={"rows": 3})
SHORT = 90


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class EvaluationForm(forms.Form):
    """What an evaluation begins with."""

    label_fr = forms.CharField(label=_("Title in French"), max_length=300)
    label_en = forms.CharField(label=_("Title in English"), max_length=300, required=False)
    moment = forms.ChoiceField(
        label=_("Evaluation"), choices=Moment.choices, widget=forms.RadioSelect
    )
    method = forms.CharField(
        label=_("How it is done"),
        help_text=_("By whom, with which documents and visits, and what could not be seen."),
        widget=AREA,
        required=False,
    )


class FindingForm(forms.Form):
    """What was found, on what ground."""

    criterion = forms.ChoiceField(label=_("Criterion"), choices=Criterion.choices)
    text = forms.CharField(label=_("What was found"), widget=AREA)
    has_data = forms.ChoiceField(
        label=_("It rests on"),
        choices=[("yes", _("figures, which I choose next")), ("no", _("no data"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    missing = forms.CharField(
        label=_("If there is no data: who did not give it"), widget=SMALL_AREA, required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, finding: Finding | None, **kwargs: Any) -> None:
        if finding:
            kwargs["initial"] = {
                "criterion": finding.criterion,
                "text": finding.text,
                "has_data": "yes" if finding.has_data else "no",
                "missing": finding.missing,
                "seen": finding.edition,
            }
        super().__init__(*args, **kwargs)

    def said(self) -> tuple[Said, int | None]:
        """What was typed, and the edition that was read."""
        told = self.cleaned_data
        has_data = told["has_data"] == "yes"
        return Said(told["criterion"], told["text"], has_data, told["missing"]), told["seen"]


class FigureForm(forms.Form):
    """A figure: what is counted, which part, when, where."""

    measure = forms.ChoiceField(
        label=_("What is cited"),
        choices=Measure.choices,
        widget=forms.RadioSelect,
        initial=Measure.FIGURE.value,
    )
    definition = forms.ModelChoiceField(
        label=_("Figure of Danbe"), queryset=Definition.objects.none(), required=False
    )
    breakdown = forms.ChoiceField(
        label=_("Broken down by"), choices=Breakdown.choices, required=False
    )
    key = forms.CharField(
        label=_("Part (code)"),
        help_text=_("For instance female.child. Empty for the total."),
        max_length=60,
        required=False,
    )
    place = forms.ModelChoiceField(
        label=_("Place"),
        help_text=_("Empty for the whole territory."),
        queryset=Place.objects.none(),
        required=False,
    )
    indicator: "forms.ModelChoiceField[Indicator]" = forms.ModelChoiceField(
        label=_("Indicator of the plan"), queryset=None, required=False
    )
    start = _day(_("From"))
    end = _day(_("To"))

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"start": plan.start, "end": plan.end})
        super().__init__(*args, **kwargs)
        lists: dict[str, Any] = {
            "definition": Definition.objects.all(),
            "place": Place.objects.filter(pk__in=[p.pk for p in layout_on(plan.end)]),
            "indicator": indicators_of(plan),
        }
        for name, rows in lists.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def named(self) -> Named:
        """The figure that was chosen."""
        told = dict(self.cleaned_data)
        return Named(**told | {"breakdown": told["breakdown"] or Breakdown.TOTAL.value})


class FindingChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Findings by their criterion and first words."""

    def label_from_instance(self, obj: Any) -> str:
        """What stands beside the box."""
        words = obj.text[:SHORT] + ("…" if len(obj.text) > SHORT else "")
        return f"{obj.get_criterion_display()} : {words}"


class LessonForm(forms.Form):
    """What is learnt, from which findings."""

    text = forms.CharField(label=_("What is learnt"), widget=AREA)
    findings = FindingChoices(
        label=_("From which findings"),
        queryset=Finding.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, evaluation: Evaluation, lesson: Lesson | None, **kwargs: Any
    ) -> None:
        if lesson:
            found = list(lesson.findings.values_list("pk", flat=True))
            kwargs["initial"] = {"text": lesson.text, "findings": found, "seen": lesson.edition}
        super().__init__(*args, **kwargs)
        self.fields["findings"].queryset = evaluation.findings.all()  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """What the reviewer answers."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[("accept", _("Pass it")), ("refuse", _("Send it back"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note to who wrote it"),
        help_text=_("Asked for when it is sent back."),
        widget=SMALL_AREA,
        required=False,
    )
