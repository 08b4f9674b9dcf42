"""What an interview says, as it is read on the result page; and the forms of what is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from danbe.core.models import Term
from danbe.protection.interviews import (
    PossibleLine,
    Reading,
    in_words,
    language,
    possible_offences,
    why,
)
from danbe.protection.vocabulary import Basis, Pathway
from danbe.web.interview_form import services_of
from danbekit import identification as kit
from danbekit.identification import Element, ElementOutcome, IloReading, Population, State

ELEMENTS = {
    Element.ACT: pgettext_lazy("element of trafficking", "Act"),
    Element.MEANS: pgettext_lazy("element of trafficking", "Means"),
    Element.PURPOSE: pgettext_lazy("element of trafficking", "Purpose"),
}
STATES = {
    State.ESTABLISHED: ("good", gettext_lazy("established")),
    State.OPEN: ("info", gettext_lazy("still open")),
    State.DENIED: ("neutral", gettext_lazy("only «no» so far")),
}
POPULATIONS = {
    Population.ADULT_LABOUR: gettext_lazy("Work, adult"),
    Population.CHILD_LABOUR: gettext_lazy("Work, child"),
    Population.ADULT_SEXUAL: gettext_lazy("Sexual exploitation, adult"),
    Population.CHILD_SEXUAL: gettext_lazy("Sexual exploitation, child"),
}
STRENGTHS = {
    "indicated": ("warn", gettext_lazy("indicated")),
    "possible": ("info", gettext_lazy("possible")),
    "suggested": ("warn", gettext_lazy("suggested by the answers")),
    "to_explore": ("info", gettext_lazy("to be explored")),
}
PATHWAYS = {
    kit.Pathway.TRAFFICKING: Pathway.TRAFFICKING,
    kit.Pathway.ASSIMILATED_PRACTICE: Pathway.ASSIMILATED,
    kit.Pathway.VULNERABLE_MIGRANT: Pathway.MIGRANT,
}
N_NEXT = 8  # questions proposed at once


@dataclass(frozen=True, slots=True)
class ElementLine:
    """One element: where it stands, and why."""

    title: str
    tone: str
    state: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """A situation or a pathway that the answers point to."""

    title: str
    tone: str
    strength: str
    reasons: tuple[str, ...]
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """A question worth putting next."""

    number: str
    label: str
    section: str
    anchor: str


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """One ILO dimension: the indicators that count, each with the questions it comes from."""

    title: str
    is_positive: bool
    cells: tuple[tuple[str, ...], ...]  # strong, medium, weak


@dataclass(frozen=True, slots=True)
class IloTable:
    """The reading of one published set."""

    title: str
    reasons: tuple[str, ...]
    lines: tuple[DimensionLine, ...]


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One kind of help and why it is needed."""

    service: tuple[str, str]  # label, address
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """All that the result page shows."""

    reasons: tuple[str, ...]
    elements: tuple[ElementLine, ...]
    next_questions: tuple[Next, ...]
    n_missing: int
    needs: tuple[NeedLine, ...]
    situations: tuple[Hint, ...]
    pathways: tuple[Hint, ...]
    offences: tuple[PossibleLine, ...]
    ilo: tuple[IloTable, ...]
    forced_labour: tuple[str, ...]
    gaps: tuple[str, ...]
    n_declined: int


def said_of(reading: Reading) -> Said:
    """In words, in the language of the reader."""
    told = reading.assessment
    return Said(
        reasons=in_words(told.result_reasons),
        elements=tuple(_element(outcome) for outcome in told.elements),
        next_questions=tuple(_next(code) for code in told.missing[:N_NEXT]),
        n_missing=len(told.missing),
        needs=_needs(reading),
        situations=tuple(_situation(seen) for seen in told.patterns),
        pathways=tuple(_pathway(hint) for hint in told.pathways),
        offences=tuple(possible_offences(reading)),
        ilo=tuple(_ilo(found, reading) for found in told.ilo),
        forced_labour=tuple(
            f"{seen.label(language())} ({_numbers(seen.questions)})" for seen in told.forced_labour
        ),
        gaps=in_words(told.gaps),
        n_declined=len(told.declined),
    )


def _element(outcome: ElementOutcome) -> ElementLine:
    tone, state = STATES[outcome.state]
    if outcome.needed is False and outcome.state is not State.ESTABLISHED:
        tone, state = "neutral", gettext_lazy("not required for a child")
    title = str(ELEMENTS[outcome.element])
    return ElementLine(title, tone, str(state), in_words(outcome.reasons))


def _next(code: str) -> Next:
    q = kit.question(code)
    return Next(q.number, q.label(language()), q.section, f"q.{q.code}")


def _needs(reading: Reading) -> tuple[NeedLine, ...]:
    by_service: dict[str, list[kit.Reason]] = {}
    for need in reading.assessment.needs:
        by_service.setdefault(need.service, []).append(need.reason)
    services = services_of(tuple(by_service))
    return tuple(
        NeedLine(service, in_words(reasons))
        for service, reasons in zip(services, by_service.values(), strict=True)
    )


def _situation(seen: Any) -> Hint:
    tone, strength = STRENGTHS[seen.strength]
    told = kit.pattern(seen.pattern)
    said = in_words(seen.reasons)
    return Hint(told.label(language()), tone, str(strength), said, told.advice(language()))


def _pathway(hint: kit.PathwayHint) -> Hint:
    tone, strength = STRENGTHS[hint.strength]
    title = str(PATHWAYS[hint.pathway].label)
    return Hint(title, tone, str(strength), in_words(hint.reasons))


def _ilo(found: IloReading, reading: Reading) -> IloTable:
    rests_on: dict[str, list[str]] = {}
    for code in reading.assessment.said:
        for indicator in kit.question(code).ilo:
            rests_on.setdefault(indicator, []).append(code)

    def words(indicators: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            f"{kit.indicator_label(code, language())} ({_numbers(rests_on.get(code, ()))})"
            for code in indicators
        )

    lines = tuple(
        DimensionLine(
            dimension.label(language()),
            dimension.positive,
            (words(dimension.strong), words(dimension.medium), words(dimension.weak)),
        )
        for dimension in found.dimensions
    )
    return IloTable(str(POPULATIONS[found.population]), in_words(found.reasons), lines)


def _numbers(codes: Sequence[str]) -> str:
    return ", ".join(kit.question(code).number for code in codes)


# --- What a person decides -------------------------------------------------------------------


class PresumeForm(forms.Form):
    """A presumption: the reasons to read again, the form, the basis, the articles."""

    reason = forms.CharField(
        label=gettext_lazy("Reasons, in words"),
        help_text=gettext_lazy(
            "Prepared from the answers: read them again, correct, shorten. They are sealed."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=8000,
    )
    form = forms.ChoiceField(label=gettext_lazy("Main form of exploitation"), required=False)
    basis = forms.ChoiceField(
        label=gettext_lazy("Legal basis under which the person is counted"),
        choices=Basis.choices,
        required=False,
    )
    offences = forms.MultipleChoiceField(
        label=gettext_lazy("Articles the facts may fall under, to be confirmed by a lawyer"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, reading: Reading, data: Any = None) -> None:
        told = reading.assessment
        hinted = [hint.basis for hint in told.pathways if hint.strength == "indicated"]
        suggested = [seen.form for seen in told.forms]
        initial = {
            "reason": why(told),
            "form": reading.interview.person.form or (suggested[0] if len(suggested) == 1 else ""),
            "basis": hinted[0] if len(set(hinted)) == 1 else Basis.NOT_STATED,
        }
        super().__init__(data, initial=initial)
        terms = [(t.code, t.label) for t in Term.objects.filter(list="form").order_by("order")]
        first = [pair for pair in terms if pair[0] in suggested]
        rest = [pair for pair in terms if pair[0] not in suggested]
        groups = [(_("Suggested by the answers"), first), (_("Other forms"), rest)]
        shown = [group for group in groups if group[1]] if first else rest
        self.fields["form"].choices = [("", _("to be established")), *shown]  # type: ignore[attr-defined]
        possible = [
            (line.offence.code, f"{line.offence.label} ({line.offence.article})")
            for line in possible_offences(reading)
        ]
        self.fields["offences"].choices = possible  # type: ignore[attr-defined]
        if not possible:
            del self.fields["offences"]


class PathwayForm(forms.Form):
    """Which mechanism the person follows, and why."""

    pathway = forms.ChoiceField(label=gettext_lazy("Pathway"), choices=Pathway.choices)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=8000,
    )

    def __init__(self, reading: Reading, data: Any = None) -> None:
        person = reading.interview.person
        hints = [h for h in reading.assessment.pathways if h.strength == "indicated"]
        pathway: str = person.pathway
        if pathway == Pathway.UNDETERMINED and len({h.pathway for h in hints}) == 1:
            pathway = PATHWAYS[hints[0].pathway]
        reason = "\n".join(text for hint in hints for text in in_words(hint.reasons))
        super().__init__(
            data, initial={"pathway": pathway, "reason": reason}, auto_id="id_pathway_%s"
        )
