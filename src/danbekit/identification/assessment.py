"""All that an interview says, put together: :func:`assess`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from danbekit.errors import UnknownCode
from danbekit.identification import ilo, palermo
from danbekit.identification.answers import (
    ADULT_AGE,
    AgeRange,
    Answer,
    Answers,
    read_answers,
)
from danbekit.identification.ilo import IloReading, Population
from danbekit.identification.interview import (
    Pattern,
    Question,
    is_closed,
    is_open,
    patterns,
    questions,
    questions_by_code,
)
from danbekit.identification.palermo import Element, ElementOutcome, Result, State
from danbekit.identification.reasons import Reason, indicator_labels
from danbekit.standards import read_table

INDICATED, POSSIBLE = "indicated", "possible"
SUGGESTED, TO_EXPLORE = "suggested", "to_explore"
ASSIMILATED_BASES = ("assimilated_2012", "slavery_2024")


class Pathway(StrEnum):
    """The three ways of help that live side by side in Mali; a person may change way."""

    TRAFFICKING = "trafficking"
    ASSIMILATED_PRACTICE = "assimilated_practice"
    VULNERABLE_MIGRANT = "vulnerable_migrant"


@dataclass(frozen=True, slots=True)
class Need:
    """A kind of help that an answer calls for now."""

    service: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class ForcedLabourIndicator:
    """One of the eleven ILO indicators of forced labour that the answers show."""

    code: str
    questions: tuple[str, ...]

    def label(self, language: str = "fr") -> str:
        """Its name; the French is ours."""
        row = read_table("ilo_forced_labour_11").index("code")[self.code]
        return row["label_fr_unofficial" if language.startswith("fr") else "label_en"]


@dataclass(frozen=True, slots=True)
class PatternReading:
    """A situation that the answers suggest, or that is worth exploring."""

    pattern: str
    strength: str
    reasons: tuple[Reason, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions it rests on."""
        return tuple(code for reason in self.reasons for code in reason.questions)


@dataclass(frozen=True, slots=True)
class FormReading:
    """A form of exploitation suggested: a code of the list of forms, and why."""

    form: str
    questions: tuple[str, ...]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, in words."""
        return (Reason("form_said", self.questions),)


@dataclass(frozen=True, slots=True)
class PathwayHint:
    """A way of help that the answers point to; a human chooses."""

    pathway: Pathway
    basis: str
    strength: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one interview says. Nothing in it is a decision.

    Every code is a question's, a standard's or a list's; words come from ``text`` and ``label``.
    ``missing`` are the questions worth putting next, the most useful first, never one that was
    declined. ``declined`` are the refusals, which weigh nothing.
    """

    age_at_act: AgeRange
    result: Result
    result_reasons: tuple[Reason, ...]
    elements: tuple[ElementOutcome, ElementOutcome, ElementOutcome]
    missing: tuple[str, ...]
    declined: tuple[str, ...]
    ilo: tuple[IloReading, ...]
    ilo_gaps: tuple[Population, ...]
    forced_labour: tuple[ForcedLabourIndicator, ...]
    patterns: tuple[PatternReading, ...]
    forms: tuple[FormReading, ...]
    methods: tuple[str, ...]
    danger: tuple[Reason, ...]
    needs: tuple[Need, ...]
    pathways: tuple[PathwayHint, ...]
    gaps: tuple[Reason, ...]
    said: tuple[str, ...]

    @property
    def act(self) -> ElementOutcome:
        """The first element."""
        return self.elements[0]

    @property
    def means(self) -> ElementOutcome:
        """The second element."""
        return self.elements[1]

    @property
    def purpose(self) -> ElementOutcome:
        """The third element."""
        return self.elements[2]


def assess(
    answers: Mapping[str, Answer | str],
    *,
    age_at_act: AgeRange | None = None,
    population: Population | None = None,
    observed: Iterable[str] = (),
) -> Assessment:
    """What these answers say, with the reasons.

    Args:
        answers: by question code; one left out was not asked. Any part of them is enough.
        age_at_act: in years at the time of the facts; ``None`` is unknown.
        population: the ILO set to score; by default that of the age, both where it is unknown.
        observed: ILO indicators that the worker saw outside the questions.

    Assumptions: a yes is true as said; nothing is inferred from a silence, a refusal or a
    behaviour. One yes establishes an element: the threshold of a presumption, not of a proof.

    Raises:
        UnknownCode: a question, an answer or an indicator that does not exist.

    Source: Palermo Protocol art. 3; ILO 2009 and 2012; the Malian patterns of issue 3.
    Checked: a further yes never lowers the result, silence never gives ``NO_GROUNDS_YET``, a
    refusal weighs as a silence, a child needs no means (property tests).
    """
    told = read_answers(answers, questions_by_code())
    age = age_at_act or AgeRange()
    said = tuple(q for q in questions() if told.get(q.code) is Answer.YES)
    elements = _elements(told, age)
    result, result_reasons = palermo.conclude(*elements)
    seen = _patterns(told, said)
    forms = _forms(said, seen, age)
    readings, gaps = _ilo(said, observed, population, age, forms)
    pathways = _pathways(result, elements, seen, said)
    elsewhere = any(hint.pathway is not Pathway.TRAFFICKING for hint in pathways)
    if elsewhere and result is not Result.GROUNDS:
        result_reasons = (*result_reasons, Reason("result_other_pathway"))
    return Assessment(
        age_at_act=age,
        result=result,
        result_reasons=result_reasons,
        elements=elements,
        missing=_missing(told, age, elements),
        declined=tuple(q.code for q in questions() if told.get(q.code) is Answer.DECLINED),
        ilo=readings,
        ilo_gaps=gaps,
        forced_labour=_forced_labour(said),
        patterns=seen,
        forms=forms,
        methods=tuple(dict.fromkeys(code for q in said for code in q.methods)),
        danger=tuple(Reason("danger", (q.code,)) for q in said if q.section == "danger"),
        needs=_needs(said),
        pathways=pathways,
        gaps=_gaps(gaps, age),
        said=tuple(q.code for q in said),
    )


def _elements(
    told: Answers, age: AgeRange
) -> tuple[ElementOutcome, ElementOutcome, ElementOutcome]:
    closed = frozenset(q.code for q in questions() if is_closed(q, told) or not q.is_for(age))

    def outcome(element: Element, needed: bool | None = True) -> ElementOutcome:
        bearing = {q.code: words for q in questions() if (words := q.words_of(element))}
        return palermo.outcome(element, bearing, told, needed=needed, closed=closed)

    means = outcome(Element.MEANS, palermo.needs_means(age))
    return outcome(Element.ACT), means, outcome(Element.PURPOSE)


def _missing(
    told: Answers, age: AgeRange, elements: tuple[ElementOutcome, ...]
) -> tuple[str, ...]:
    """Danger, then needs, then what could complete an element, then the rest; a question the
    person did not know the answer to comes after one never put."""
    wanted = {
        o.element.value
        for o in elements
        if o.needed is not False and o.state is not State.ESTABLISHED
    }

    def usefulness(q: Question) -> tuple[bool, int, bool, int]:
        first = {"danger": 0, "basic_needs": 1}
        use = 2 if any(named in wanted for named, _word in q.palermo) else 3
        opened = bool(q.asked_if)  # the situation was met: its questions say most
        unsure = told.get(q.code) is Answer.UNKNOWN
        return unsure, first.get(q.section, use), not opened, q.order

    left = [
        q
        for q in questions()
        if told.get(q.code, Answer.NOT_ASKED) in (Answer.NOT_ASKED, Answer.UNKNOWN)
        and is_open(q, told, age)
    ]
    return tuple(q.code for q in sorted(left, key=usefulness))


def _patterns(told: Answers, said: tuple[Question, ...]) -> tuple[PatternReading, ...]:
    read = (_pattern(seen, told, said) for seen in patterns())
    return tuple(reading for reading in read if reading)


def _pattern(seen: Pattern, told: Answers, said: tuple[Question, ...]) -> PatternReading | None:
    """Open by a yes to a gate or to a question behind it; suggested by one more yes."""
    gates = tuple(code for code in seen.gates if told.get(code) is Answer.YES)
    others = tuple(q for q in said if seen.code in q.patterns and q.code not in seen.gates)
    behind = any(set(q.asked_if) & set(seen.gates) for q in others)
    if not gates and not behind:
        return None
    enough = bool(others) or seen.gate_suffices
    strength = SUGGESTED if enough else TO_EXPLORE
    rests_on = (*gates, *(q.code for q in others))
    return PatternReading(
        seen.code, strength, (Reason(f"pattern_{strength}", rests_on, term=seen.code),)
    )


def _forms(
    said: tuple[Question, ...], seen: tuple[PatternReading, ...], age: AgeRange
) -> tuple[FormReading, ...]:
    """Forms named by an answer, then by a situation suggested."""
    rests_on: dict[str, dict[str, None]] = {}
    for q in said:
        for form in q.forms:
            rests_on.setdefault(form, {})[q.code] = None
    by_code = {p.code: p for p in patterns()}
    for reading in seen:
        form = by_code[reading.pattern].form_at(age)
        if form and reading.strength == SUGGESTED:
            rests_on.setdefault(form, {}).update(dict.fromkeys(reading.questions))
    return tuple(FormReading(form, tuple(codes)) for form, codes in rests_on.items())


def _ilo(
    said: tuple[Question, ...],
    observed: Iterable[str],
    population: Population | None,
    age: AgeRange,
    forms: tuple[FormReading, ...],
) -> tuple[tuple[IloReading, ...], tuple[Population, ...]]:
    """One reading for each set that may apply, and the sets that cannot be scored."""
    ticked = [*(code for q in said for code in q.ilo), *observed]
    if unknown := [code for code in ticked if code not in indicator_labels()]:
        raise UnknownCode(f"indicator {', '.join(unknown)}")
    child = age.is_below(ADULT_AGE)
    asked = [population] if population else []
    if not asked:
        kinds = ["labour"]
        kinds += ["sexual"] if any(f.form == "SexualExploitation" for f in forms) else []
        ages = ["adult", "child"] if child is None else ["child" if child else "adult"]
        asked = [Population(f"{years}_{kind}") for kind in kinds for years in ages]
    scored = tuple(ilo.score(ticked, p) for p in asked if p.is_scored)
    return scored, tuple(p for p in asked if not p.is_scored)


def _forced_labour(said: tuple[Question, ...]) -> tuple[ForcedLabourIndicator, ...]:
    """Present or not: the eleven have no published score."""
    rests_on: dict[str, list[str]] = {}
    for q in said:
        for code in q.forced_labour:
            rests_on.setdefault(code, []).append(q.code)
    return tuple(ForcedLabourIndicator(c, tuple(rests_on[c])) for c in sorted(rests_on))


def _needs(said: tuple[Question, ...]) -> tuple[Need, ...]:
    return tuple(Need(s, Reason("need", (q.code,))) for q in said for s in q.services)


def _pathways(
    result: Result,
    elements: tuple[ElementOutcome, ...],
    seen: tuple[PatternReading, ...],
    said: tuple[Question, ...],
) -> tuple[PathwayHint, ...]:
    hints = [*_trafficking(result, elements), *_assimilated(seen), *_migrant(said)]
    return tuple(hints)


def _trafficking(result: Result, elements: tuple[ElementOutcome, ...]) -> list[PathwayHint]:
    rests_on = tuple(dict.fromkeys(code for o in elements for code in o.established_by))
    if result is Result.GROUNDS:
        why, strength = Reason("pathway_trafficking", rests_on), INDICATED
    elif result is Result.UNDETERMINED and rests_on:
        why, strength = Reason("pathway_trafficking_possible", rests_on), POSSIBLE
    else:
        return []
    return [PathwayHint(Pathway.TRAFFICKING, "trafficking", strength, (why,))]


def _assimilated(seen: tuple[PatternReading, ...]) -> list[PathwayHint]:
    """One hint for each basis: the practices of 2012 and those of 2024 are counted apart."""
    by_code = {p.code: p for p in patterns()}
    hints = []
    for basis in ASSIMILATED_BASES:
        reasons = tuple(
            Reason("pathway_assimilated", reading.questions, term=reading.pattern)
            for reading in seen
            if by_code[reading.pattern].basis == basis and reading.strength == SUGGESTED
        )
        if reasons:
            hints.append(PathwayHint(Pathway.ASSIMILATED_PRACTICE, basis, INDICATED, reasons))
    return hints


def _migrant(said: tuple[Question, ...]) -> list[PathwayHint]:
    moving = [q.code for q in said if q.code == "migration" or "migration" in q.asked_if]
    hurt = [
        q.code
        for q in said
        if q.section in ("danger", "basic_needs") or q.words_of(Element.MEANS) or q.ilo
    ]
    if not moving or not hurt:
        return []
    reason = Reason("pathway_migrant", tuple(dict.fromkeys([*moving, *hurt])))
    return [PathwayHint(Pathway.VULNERABLE_MIGRANT, "not_stated", INDICATED, (reason,))]


def _gaps(ilo_gaps: tuple[Population, ...], age: AgeRange) -> tuple[Reason, ...]:
    sexual = (Reason("gap_sexual"),) if ilo_gaps else ()
    unsure = (Reason("gap_age"),) if age.is_below(ADULT_AGE) is None else ()
    return (*sexual, *unsure)


def as_dict(assessment: Assessment) -> dict[str, object]:
    """The assessment ready for JSON: codes, with every reason in French and in English."""

    def told(reasons: Iterable[Reason]) -> list[dict[str, object]]:
        return [
            {
                "kind": r.kind,
                "questions": list(r.questions),
                "fr": r.text("fr"),
                "en": r.text("en"),
            }
            for r in reasons
        ]

    return {
        "result": assessment.result.value,
        "reasons": told(assessment.result_reasons),
        "is_a_decision": False,
        "elements": {
            o.element.value: {
                "state": o.state.value,
                "needed": o.needed,
                "established_by": list(o.established_by),
                "missing": list(o.missing),
                "denied": list(o.denied),
                "reasons": told(o.reasons),
            }
            for o in assessment.elements
        },
        "missing": list(assessment.missing),
        "declined": list(assessment.declined),
        "ilo": [
            {
                "population": r.population.value,
                "reading": r.code.value,
                "positive_dimensions": sorted(r.positive),
                "reasons": told(r.reasons),
            }
            for r in assessment.ilo
        ],
        "ilo_not_scored": [p.value for p in assessment.ilo_gaps],
        "forced_labour": {i.code: list(i.questions) for i in assessment.forced_labour},
        "patterns": {
            p.pattern: {"strength": p.strength, "reasons": told(p.reasons)}
            for p in assessment.patterns
        },
        "forms": {f.form: list(f.questions) for f in assessment.forms},
        "methods": list(assessment.methods),
        "danger": told(assessment.danger),
        "needs": [{"service": n.service, "fr": n.reason.text("fr")} for n in assessment.needs],
        "pathways": [
            {
                "pathway": h.pathway.value,
                "basis": h.basis,
                "strength": h.strength,
                "reasons": told(h.reasons),
            }
            for h in assessment.pathways
        ],
        "gaps": told(assessment.gaps),
    }
