"""Identification: the published rules, the questions, and what an interview says of them."""

import csv
import datetime
import itertools
from collections import Counter
from pathlib import Path

import pytest

from danbekit.errors import BadAge, NotEnoughData, UnknownCode
from danbekit.identification import (
    AgeRange,
    Answer,
    Assessment,
    Offence,
    Pathway,
    Pattern,
    Population,
    Question,
    ReadingCode,
    Reason,
    Result,
    State,
    as_dict,
    assess,
    is_open,
    offences_for,
    pattern,
    patterns,
    question,
    questions,
    questions_of,
    reminders,
    sections,
)
from danbekit.identification.ilo import combine, is_positive, score, strengths_of
from danbekit.identification.interview import read_rows
from danbekit.identification.palermo import Element, ElementOutcome, conclude, needs_means
from danbekit.identification.reasons import indicator_labels, templates
from danbekit.standards import read_table

DATA = Path(__file__).resolve().parents[2] / "src/danbe/data"
CHILD, ADULT, UNKNOWN = AgeRange(13, 16), AgeRange(20, 30), AgeRange()

# A girl of fifteen brought from a village to a house in town, as in the walk of issue 3.
HOUSE = {
    "act_recruited": "yes",
    "act_moved": "yes",
    "domestic_work": "yes",
    "domestic_always": "yes",
    "work_no_pay": "yes",
    "no_school": "yes",
    "need_sleep": "yes",
    "danger_return": "declined",
}


def read(path: str) -> list[dict[str, str]]:
    with open(DATA / path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def law() -> list[Offence]:
    return [
        Offence(r["code"], r["basis"], day(r["valid_from"]), day(r["valid_to"]))
        for r in read("mali/offences.csv")
    ]


def all_no(*but: str) -> dict[str, str]:
    return {q.code: "no" for q in questions() if q.code not in but}


# --- The ILO scoring rule -------------------------------------------------------------------


@pytest.mark.parametrize("counts", [*itertools.product(range(6), repeat=3)])
def test_a_dimension_is_positive_just_when_it_holds_a_published_combination(
    counts: tuple[int, int, int],
) -> None:
    strong, medium, weak = counts
    ticked = Counter(S=strong, M=medium, W=weak)
    published = ["SS", "SM", "SW", "MMM", "MMW"]  # at least; WCMS_105023 p. 3
    assert is_positive(strong, medium, weak) is any(Counter(c) <= ticked for c in published)


@pytest.mark.parametrize(
    ("strong", "medium", "weak", "positive"),
    [
        (2, 0, 0, True),
        (1, 1, 0, True),
        (1, 0, 1, True),
        (1, 0, 0, False),
        (0, 3, 0, True),
        (0, 2, 1, True),
        (0, 2, 0, False),
        (0, 1, 2, False),
        (0, 0, 5, False),
        (0, 1, 9, False),
    ],
)
def test_the_ten_vectors_of_the_standard_hold(
    strong: int, medium: int, weak: int, positive: bool
) -> None:
    assert is_positive(strong, medium, weak) is positive


def test_a_negative_number_of_indicators_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        is_positive(-1, 0, 0)


def test_the_labour_sets_have_the_published_numbers_of_indicators() -> None:
    def numbers(population: Population) -> list[int]:
        told = Counter(number for number, _strength in strengths_of(population).values())
        return [told[n] for n in range(1, 7)]

    assert numbers(Population.ADULT_LABOUR) == [10, 10, 16, 9, 15, 7]
    assert sum(numbers(Population.CHILD_LABOUR)) == 65
    assert "weak" not in {s for _n, s in strengths_of(Population.CHILD_LABOUR).values()}


def test_a_dimension_says_which_indicators_counted_and_how_much() -> None:
    reading = score(["ILO-D4-01", "ILO-D4-02", "ILO-D4-02"], Population.ADULT_LABOUR)
    exploitation = reading.dimensions[3]
    assert (exploitation.strong, exploitation.medium) == (("ILO-D4-01",), ("ILO-D4-02",))
    assert exploitation.positive
    assert reading.positive == {4}
    assert "Jours ou heures de travail excessifs" in exploitation.reason.text("fr")
    assert "1 strong, 1 medium, 0 weak" in exploitation.reason.text("en")


def test_an_indicator_that_is_not_in_a_childs_set_is_set_aside_and_said() -> None:
    reading = score(["ILO-D4-08", "ILO-D4-01"], Population.CHILD_LABOUR)
    assert reading.outside == ("ILO-D4-08",)
    assert reading.positive == frozenset()


def test_an_unknown_indicator_is_refused() -> None:
    with pytest.raises(UnknownCode, match="ILO-D9-01"):
        score(["ILO-D9-01"], Population.ADULT_LABOUR)
    with pytest.raises(UnknownCode, match="ILO-D9-01"):
        assess({}, observed=["ILO-D9-01"], population=Population.ADULT_SEXUAL)


@pytest.mark.parametrize("population", [Population.ADULT_SEXUAL, Population.CHILD_SEXUAL])
def test_the_sexual_sets_are_not_scored_because_they_were_not_seen(population: Population) -> None:
    with pytest.raises(NotEnoughData, match="not seen"):
        score(["ILO-D5-07"], population)


@pytest.mark.parametrize(
    ("positive", "child", "code"),
    [
        (set(), False, ReadingCode.NONE_POSITIVE),
        ({4}, False, ReadingCode.EXPLOITED),
        ({1, 4}, False, ReadingCode.DECEPTION_AND_EXPLOITATION),
        ({1, 4, 5}, False, ReadingCode.TRAFFICKING_FOR_FORCED_LABOUR),
        ({2, 4, 5}, False, ReadingCode.TRAFFICKING_FOR_FORCED_LABOUR),
        ({2, 4}, False, ReadingCode.NOT_IN_TABLE),
        ({3, 4}, False, ReadingCode.NOT_IN_TABLE),
        ({5}, False, ReadingCode.NOT_IN_TABLE),
        ({4}, True, ReadingCode.CHILD_EXPLOITED),
        ({1, 4}, True, ReadingCode.CHILD_EXPLOITED),
        ({1, 4, 5}, True, ReadingCode.TRAFFICKING_FOR_FORCED_LABOUR),
    ],
)
def test_only_the_combinations_that_were_seen_are_read(
    positive: set[int], child: bool, code: ReadingCode
) -> None:
    assert combine(frozenset(positive), child=child) is code


# --- Act, means, purpose --------------------------------------------------------------------


def outcome(element: Element, state: State, needed: bool | None = True) -> ElementOutcome:
    yes = ("x",) if state is State.ESTABLISHED else ()
    missing = ("y",) if state is State.OPEN else ()
    return ElementOutcome(element, needed, yes, missing, ("z",), ())


@pytest.mark.parametrize("child", [True, False, None])
@pytest.mark.parametrize("states", [*itertools.product(State, repeat=3)])
def test_the_result_follows_article_3_whatever_the_three_states_and_the_age(
    states: tuple[State, State, State], child: bool | None
) -> None:
    needed = None if child is None else not child
    act, means, purpose = (
        outcome(element, state, needed if element is Element.MEANS else True)
        for element, state in zip(Element, states, strict=True)
    )
    result, _reasons = conclude(act, means, purpose)
    yes, no = State.ESTABLISHED, State.DENIED
    if act.state is purpose.state is yes and (child or means.state is yes):
        expected = Result.GROUNDS
    elif no in (act.state, purpose.state) or (means.state is no and child is False):
        expected = Result.NO_GROUNDS_YET
    else:
        expected = Result.UNDETERMINED
    assert result is expected


def test_a_child_is_anyone_under_eighteen_and_an_uncertain_age_stays_uncertain() -> None:
    assert needs_means(AgeRange.exactly(17)) is False
    assert needs_means(AgeRange.exactly(18)) is True
    assert needs_means(AgeRange(16, 20)) is None
    assert needs_means(AgeRange()) is None
    assert AgeRange.exactly(17).earlier().is_below(18) is True
    assert AgeRange.exactly(19).earlier().is_below(18) is None


@pytest.mark.parametrize("bounds", [(-1, 3), (20, 10), (5, 200)])
def test_an_age_no_one_has_is_refused(bounds: tuple[int, int]) -> None:
    with pytest.raises(BadAge):
        AgeRange(*bounds)


def test_act_and_purpose_without_means_are_grounds_for_a_child_only() -> None:
    assert assess(HOUSE, age_at_act=CHILD).result is Result.GROUNDS
    assert assess(HOUSE, age_at_act=ADULT).result is Result.UNDETERMINED
    unsure = assess(HOUSE, age_at_act=UNKNOWN)
    assert unsure.result is Result.UNDETERMINED
    assert "si la personne avait moins de 18 ans" in unsure.result_reasons[1].text("fr")
    assert unsure.means.needed is None


def test_an_empty_interview_is_undetermined() -> None:
    for age in (CHILD, ADULT, UNKNOWN):
        seen = assess({}, age_at_act=age)
        assert seen.result is Result.UNDETERMINED
        assert seen.pathways == seen.forms == seen.patterns == seen.danger == ()
        assert seen.missing[0] == "danger_now"


def test_even_a_no_to_everything_is_not_a_decision() -> None:
    seen = assess(all_no(), age_at_act=ADULT)
    assert seen.result is Result.NO_GROUNDS_YET
    assert "une personne décide" in seen.result_reasons[0].text("fr")
    assert "a human decides" in seen.result_reasons[0].text("en")
    assert {o.state for o in seen.elements} == {State.DENIED}
    assert as_dict(seen)["is_a_decision"] is False


def test_one_question_of_a_needed_element_without_an_answer_keeps_the_result_open() -> None:
    for code in (q.code for q in questions() if q.words_of("act")):
        seen = assess(all_no(code), age_at_act=CHILD)
        if code == "armed_joined":  # closed by the no to its gate
            assert seen.act.state is State.DENIED
        else:
            assert seen.act.state is State.OPEN


def test_a_gate_without_an_answer_does_not_close_the_questions_behind_it() -> None:
    silent = assess(all_no("descent_birth", "descent_work"), age_at_act=ADULT)
    assert "descent_work" in silent.purpose.missing
    closed = assess(all_no("descent_work"), age_at_act=ADULT)
    assert "descent_work" not in closed.purpose.missing


def test_a_question_for_children_leaves_nothing_open_for_an_adult() -> None:
    answers = all_no("act_entrusted")
    assert assess(answers, age_at_act=ADULT).act.state is State.DENIED
    assert assess(answers, age_at_act=CHILD).act.state is State.OPEN
    assert assess(answers, age_at_act=UNKNOWN).act.state is State.OPEN


def test_an_unknown_question_or_answer_is_refused() -> None:
    with pytest.raises(UnknownCode, match="nothing_such"):
        assess({"nothing_such": "yes"})
    with pytest.raises(UnknownCode, match="peut-être"):
        assess({"act_moved": "peut-être"})
    with pytest.raises(UnknownCode):
        question("nothing_such")
    with pytest.raises(UnknownCode):
        Reason("nothing_such").text()


# --- What an interview says -----------------------------------------------------------------


def test_the_girl_of_the_walk_is_presumed_with_reasons_in_words() -> None:
    seen = assess(HOUSE, age_at_act=AgeRange.exactly(15))
    words = [r.text("fr") for o in seen.elements for r in o.reasons]
    assert words[1].startswith("Acte\u00a0: la personne dit que quelqu’un l’a conduite")
    assert words[1].endswith("(C2).")
    assert "art. 3 c" in words[2]
    assert any("jour et nuit" in w and w.startswith("But") for w in words)
    assert {f.form for f in seen.forms} == {"ml_DomesticServitude"}
    assert [r.code for r in seen.ilo] == [ReadingCode.CHILD_EXPLOITED]
    assert [n.service for n in seen.needs] == ["shelter", "education"]
    assert seen.declined == ("danger_return",)
    assert "danger_return" not in seen.missing
    assert [p.pathway for p in seen.pathways] == [Pathway.TRAFFICKING]
    assert [i.code for i in seen.forced_labour] == ["ILO-FL-11"]
    assert seen.methods == ("ExcessiveWorkingHours",)


def test_what_completes_an_element_is_asked_before_the_rest() -> None:
    """Act and purpose are there, the means are not: after danger and needs come the means."""
    seen = assess(HOUSE, age_at_act=ADULT)
    later = [c for c in seen.missing if question(c).section not in ("danger", "basic_needs")]
    assert question(later[0]).words_of("means")
    unsure = assess({**HOUSE, "means_lied_job": "unknown"}, age_at_act=ADULT)
    assert unsure.missing[-1] == "means_lied_job"


@pytest.mark.parametrize("situation", patterns(), ids=lambda p: p.code)
def test_a_situation_opens_by_its_gate_and_is_suggested_by_more(
    situation: Pattern,
) -> None:
    gate = situation.gates[0]
    alone = {p.pattern: p for p in assess({gate: "yes"}).patterns}[situation.code]
    assert alone.strength == ("suggested" if situation.gate_suffices else "to_explore")
    assert question(gate).number in alone.reasons[0].text("fr")
    others = [q.code for q in questions() if situation.code in q.patterns and q.code != gate]
    for code in others:
        seen = assess({gate: "yes", code: "yes"}, age_at_act=ADULT)
        assert {p.pattern: p.strength for p in seen.patterns}[situation.code] == "suggested"
        assert not situation.form or situation.form in {f.form for f in seen.forms}


def test_a_child_with_an_armed_group_has_a_form_of_its_own() -> None:
    said = {"purpose_armed": "yes"}
    assert [f.form for f in assess(said, age_at_act=CHILD).forms] == ["ml_ArmedForcesChildren"]
    other = assess(said, age_at_act=UNKNOWN).forms
    assert [f.form for f in other] == ["ForcedMilitaryByNonStateActors"]


def test_begging_slavery_and_smuggling_are_hinted_apart_from_trafficking() -> None:
    def hinted(**said: str) -> set[tuple[str, str]]:
        return {(h.pathway.value, h.basis) for h in assess(said).pathways}

    assert ("assimilated_practice", "assimilated_2012") in hinted(purpose_begging="yes")
    assert ("assimilated_practice", "slavery_2024") in hinted(
        descent_birth="yes", descent_rights="yes"
    )
    assert hinted(migration_smuggler="yes") == {("assimilated_practice", "assimilated_2012")}
    assert hinted(migration="yes") == set()
    assert hinted(migration="yes", need_food="yes") == {("vulnerable_migrant", "not_stated")}


def test_where_no_act_is_said_another_pathway_is_still_shown() -> None:
    """A person born into servitude was never recruited nor moved."""
    answers = all_no() | {"descent_birth": "yes", "descent_work": "yes", "purpose_owned": "yes"}
    seen = assess(answers, age_at_act=ADULT)
    assert seen.result is Result.NO_GROUNDS_YET
    assert seen.result_reasons[-1].kind == "result_other_pathway"
    assert Pathway.ASSIMILATED_PRACTICE in {h.pathway for h in seen.pathways}


def test_an_unknown_age_is_read_in_both_sets_and_the_gap_of_the_sexual_sets_is_said() -> None:
    seen = assess({"purpose_sexual": "yes"})
    assert [r.population.value for r in seen.ilo] == ["adult_labour", "child_labour"]
    assert [p.value for p in seen.ilo_gaps] == ["adult_sexual", "child_sexual"]
    assert [g.kind for g in seen.gaps] == ["gap_sexual", "gap_age"]
    chosen = assess({}, age_at_act=CHILD, population=Population.CHILD_LABOUR)
    assert [r.population.value for r in chosen.ilo] == ["child_labour"]


def test_what_the_worker_saw_counts_among_the_indicators() -> None:
    seen = assess({}, age_at_act=ADULT, observed=["ILO-D4-01", "ILO-D4-04"])
    assert seen.ilo[0].code is ReadingCode.EXPLOITED
    assert seen.result is Result.UNDETERMINED


def test_danger_is_said_in_words() -> None:
    seen = assess({"danger_now": "yes"})
    assert [r.text("fr") for r in seen.danger] == [
        "Danger\u00a0: la personne dit qu’elle est en danger en ce moment (A1)."
    ]
    assert seen.needs[0].service == "protection_measure"


# --- The law of that day --------------------------------------------------------------------


def offences(seen: Assessment, on: str) -> dict[str, list[str]]:
    found = offences_for(seen, on=datetime.date.fromisoformat(on), offences=law())
    assert all(o.is_unconfirmed for o in found)
    return {o.code: [r.kind for r in o.reasons] for o in found}


def test_a_case_is_judged_by_the_law_of_its_day() -> None:
    seen = assess(HOUSE, age_at_act=AgeRange.exactly(15))
    assert "loi2012-traite" not in offences(seen, "2012-07-11")
    assert {"loi2012-traite", "loi2012-art7", "cp2001-art244"} <= set(offences(seen, "2024-12-12"))
    later = offences(seen, "2024-12-13")
    assert "cp2001-art244" not in later
    assert {"loi2012-traite", "cp2024-art324-15-placement"} <= set(later)
    assert not {"cp2024-traite-non-vu", "projet2025-traite"} & set(later)


def test_an_age_limit_of_the_law_is_kept_or_said_as_a_condition() -> None:
    def aggravated(age: AgeRange) -> list[str] | None:
        return offences(assess(HOUSE, age_at_act=age), "2020-01-01").get("loi2012-aggravation-15")

    assert aggravated(AgeRange.exactly(14)) == ["offence_trafficking", "offence_under_15"]
    assert aggravated(AgeRange(13, 16)) == ["offence_trafficking", "offence_if_under_15"]
    assert aggravated(AgeRange.exactly(15)) is None
    of_unknown_age = offences(assess(HOUSE), "2020-01-01")
    assert of_unknown_age["loi2012-traite"] == ["offence_trafficking", "offence_if_child"]
    assert "loi2012-traite" not in offences(assess(HOUSE, age_at_act=ADULT), "2020-01-01")


def test_hazardous_work_is_an_aggravation_at_any_age() -> None:
    said = {**HOUSE, "means_harm": "yes", "work_danger": "yes"}
    named = offences(assess(said, age_at_act=ADULT), "2020-01-01")
    assert named["loi2012-aggravation-15"] == ["offence_trafficking", "offence_hazardous"]


def test_each_assimilated_practice_names_its_article() -> None:
    def named(on: str, **said: str) -> set[str]:
        return set(offences(assess(said, age_at_act=ADULT), on))

    assert named("2023-01-01", purpose_begging="yes") == {"loi2012-art3"}
    assert named("2023-01-01", migration_smuggler="yes") == {"loi2012-art4"}
    assert named("2023-01-01", purpose_marriage="yes") == set()
    assert named("2025-06-01", purpose_marriage="yes") == {"cp2024-art324-15-placement"}
    assert named("2025-06-01", purpose_debt="yes") == {"cp2024-art324-15-dettes"}
    assert named("2025-06-01", descent_birth="yes", descent_work="yes") == {
        "cp2024-art324-11",
        "cp2024-art324-12",
        "cp2024-art324-15-servage",
    }


def test_a_confirmed_article_is_no_longer_marked() -> None:
    article = Offence("loi2012-art3", "assimilated_2012", day("2012-07-12"), None, True)
    seen = assess({"purpose_begging": "yes"})
    (named,) = offences_for(seen, on=datetime.date(2020, 1, 1), offences=[article])
    assert named.is_unconfirmed is False


def test_every_article_linked_is_in_the_table_of_the_country() -> None:
    codes = {row["code"] for row in read("mali/offences.csv")}
    for link in read_rows("qualifications.csv"):
        assert link["offence_code"] in codes
        assert link["on"] == "trafficking" or pattern(link["on"])
        assert not link["requires"] or question(link["requires"])


# --- The data -------------------------------------------------------------------------------


def test_the_interview_is_short_and_starts_with_danger_and_needs() -> None:
    assert 60 <= len(questions()) <= 75
    assert [s.code for s in sections()][:2] == ["danger", "basic_needs"]
    assert [q for s in sections() for q in questions_of(s.code)] == list(questions())
    for section in sections():
        numbers = [q.number for q in questions_of(section.code)]
        assert numbers == [f"{section.letter}{n}" for n in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("asked", questions(), ids=lambda q: q.code)
def test_a_question_reads_aloud_in_both_languages(asked: Question) -> None:
    for language in ("fr", "en"):
        assert asked.label(language).endswith("?")
        assert 20 <= len(asked.label(language)) <= 105
        assert asked.statement(language)
    assert asked.statement_fr.startswith(("que ", "qu’"))
    assert asked.statement_en.startswith("that ")
    assert "(e)" not in asked.label_fr  # read aloud to anyone
    assert "esclave" not in f"{asked.label_fr} {asked.statement_fr}".lower()
    assert "'" not in asked.label_fr + asked.statement_fr + asked.hint_fr
    assert bool(asked.hint_fr) == bool(asked.hint_en)


@pytest.mark.parametrize("asked", questions(), ids=lambda q: q.code)
def test_a_question_bears_only_on_codes_that_exist(asked: Question) -> None:
    words = {(row["element"], row["code"]) for row in read_table("palermo_elements")}
    assert set(asked.palermo) <= words
    assert set(asked.ilo) <= set(indicator_labels())
    assert set(asked.forced_labour) <= set(read_table("ilo_forced_labour_11").index("code"))
    assert set(asked.patterns) <= {p.code for p in patterns()}
    assert {question(gate).order < asked.order for gate in asked.asked_if} <= {True}
    assert set(asked.forms) <= {row["code"] for row in read("terms/form.csv")}
    assert set(asked.services) <= {row["code"] for row in read("terms/service_type.csv")}
    methods = [r for r in read("terms/htcds.csv") if r["list"] == "vic_MethodsOfControl"]
    assert set(asked.methods) <= {row["code"] for row in methods}
    assert asked.only in ("", "child", "adult")


@pytest.mark.parametrize("asked", questions(), ids=lambda q: q.code)
def test_one_answer_never_scores_twice_in_a_dimension(asked: Question) -> None:
    dimensions = [code[:6] for code in asked.ilo]
    assert len(dimensions) == len(set(dimensions))


def test_no_question_for_adults_only_bears_on_an_element() -> None:
    """Else an adult could have an element left open that a child has denied."""
    assert not [q for q in questions() if q.only == "adult" and q.palermo]


def test_every_word_of_the_protocol_can_be_established_and_every_dimension_scored() -> None:
    words = {(r["element"], r["code"]) for r in read_table("palermo_elements")}
    met = {pair for q in questions() for pair in q.palermo}
    assert {w for w in words if w[0] in ("act", "means", "purpose")} == met
    everything = assess({q.code: "yes" for q in questions()})
    assert {i.code for i in everything.forced_labour} == {
        row["code"] for row in read_table("ilo_forced_labour_11")
    }
    assert everything.ilo[0].positive >= {1, 2, 3, 4, 5}
    assert everything.ilo[1].positive >= {1, 2, 3, 4, 5}


def test_every_situation_of_the_country_can_be_suggested() -> None:
    everything = {q.code: "yes" for q in questions()}
    forms = {f.form for age in (CHILD, ADULT) for f in assess(everything, age_at_act=age).forms}
    assert {row["form"] for row in read("mali/forms.csv")} <= forms
    bases = {row["code"] for row in read("terms/basis.csv")}
    assert {p.basis for p in patterns()} <= bases
    assert all(p.label("fr") and p.advice("fr") and p.advice("en") for p in patterns())
    gates = {gate for p in patterns() for gate in p.gates}
    assert {gate for q in questions() for gate in q.asked_if} <= gates


def test_the_reminders_cover_before_during_and_after_with_a_reference() -> None:
    assert {r.moment for r in reminders()} == {"before", "during", "after"}
    assert all(r.reference and r.label("fr") and r.text("en") for r in reminders())
    assert {"do_no_harm", "consent", "interpreter", "right_to_stop", "no_retrauma"} <= {
        r.code for r in reminders()
    }


def test_every_reason_has_its_words_in_both_languages() -> None:
    for kind in templates():
        term = "1" if kind.startswith("dimension") else "gold_site"
        reason = Reason(kind, ("act_moved", "means_harm"), term, (1, 1, 0), ("ILO-D1-01",))
        assert reason.text("fr").endswith(".")
        assert reason.text("en").endswith(".")
        assert "{" not in reason.text("fr") + reason.text("en")


def test_a_question_is_put_to_whom_it_concerns() -> None:
    school, work = question("no_school"), question("descent_work")
    assert is_open(school, {}, CHILD)
    assert is_open(school, {}, UNKNOWN)
    assert not is_open(school, {}, ADULT)
    assert not is_open(work, {})
    assert is_open(work, {"descent_birth": Answer.YES})
