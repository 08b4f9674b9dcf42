"""Identification: what no set of answers may break."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from danbekit.identification import (
    AgeRange,
    Answer,
    Result,
    as_dict,
    assess,
    question,
    questions,
)
from danbekit.identification.ilo import Population, score, strengths_of

CODES = [q.code for q in questions()]
# Few codes at random would never deny a whole element: start from one answer to everything.
BEARING = [q.code for q in questions() if q.palermo or q.code in ("descent_birth", "migration")]


@st.composite
def interviews(draw: st.DrawFn) -> dict[str, Answer]:
    base = draw(st.sampled_from([*Answer, None]))
    answers = dict.fromkeys(CODES, base) if base else {}
    changes = draw(st.dictionaries(st.sampled_from(BEARING), st.sampled_from(Answer), max_size=12))
    return answers | changes


@st.composite
def ages(draw: st.DrawFn) -> AgeRange:
    low, high = sorted(draw(st.tuples(st.integers(0, 60), st.integers(0, 60))))
    return draw(
        st.sampled_from(
            [AgeRange(), AgeRange(low, high), AgeRange(low, None), AgeRange(None, high)]
        )
    )


CHILDREN = st.integers(0, 17).map(AgeRange.exactly)


@settings(max_examples=300, deadline=None)
@given(interviews(), ages(), st.sampled_from(CODES))
def test_one_more_yes_never_lowers_the_result(
    answers: dict[str, Answer], age: AgeRange, code: str
) -> None:
    before = assess(answers, age_at_act=age).result
    after = assess(answers | {code: Answer.YES}, age_at_act=age).result
    assert after.rank >= before.rank


@settings(max_examples=300, deadline=None)
@given(interviews(), ages(), st.sampled_from(CODES))
def test_taking_a_no_away_never_lowers_the_result(
    answers: dict[str, Answer], age: AgeRange, code: str
) -> None:
    if answers.get(code) is not Answer.NO:
        return
    silent = {c: a for c, a in answers.items() if c != code}
    before, after = (assess(a, age_at_act=age).result for a in (answers, silent))
    assert after.rank >= before.rank


@settings(max_examples=300, deadline=None)
@given(interviews(), ages())
def test_without_a_no_there_is_no_negative(answers: dict[str, Answer], age: AgeRange) -> None:
    spoken = {c: a for c, a in answers.items() if a is not Answer.NO}
    assert assess(spoken, age_at_act=age).result is not Result.NO_GROUNDS_YET


@settings(max_examples=300, deadline=None)
@given(interviews(), ages())
def test_no_grounds_rests_on_a_no_to_each_question_of_a_needed_element(
    answers: dict[str, Answer], age: AgeRange
) -> None:
    seen = assess(answers, age_at_act=age)
    if seen.result is not Result.NO_GROUNDS_YET:
        return
    denied = [o for o in seen.elements if o.needed and not o.established_by and not o.missing]
    assert denied
    for code in (q.code for q in questions() if q.words_of(denied[0].element)):
        gates = question(code).asked_if
        spared = (gates and all(answers.get(g) is Answer.NO for g in gates)) or not question(
            code
        ).is_for(age)
        assert answers.get(code) is Answer.NO or spared


@settings(max_examples=300, deadline=None)
@given(interviews(), ages(), st.sampled_from([Answer.DECLINED, Answer.UNKNOWN]))
def test_declining_or_not_knowing_weighs_as_a_question_not_put(
    answers: dict[str, Answer], age: AgeRange, silence: Answer
) -> None:
    unput = {c: a for c, a in answers.items() if not a.is_missing}
    told = unput | {c: silence for c, a in answers.items() if a.is_missing}
    first, second = assess(unput, age_at_act=age), assess(told, age_at_act=age)
    assert first.result is second.result
    assert first.result_reasons == second.result_reasons
    assert first.elements == second.elements
    assert first.pathways == second.pathways
    assert not set(second.declined) & set(second.missing)


@settings(max_examples=300, deadline=None)
@given(interviews(), CHILDREN)
def test_a_child_needs_no_means(answers: dict[str, Answer], age: AgeRange) -> None:
    seen = assess(answers, age_at_act=age)
    both = bool(seen.act.established_by and seen.purpose.established_by)
    assert (seen.result is Result.GROUNDS) is both
    words = {
        q.code for q in questions() if q.words_of("means") and len({e for e, _ in q.palermo}) == 1
    }
    without = {c: a for c, a in answers.items() if c not in words}
    if both:
        assert assess(without, age_at_act=age).result is Result.GROUNDS


@settings(max_examples=300, deadline=None)
@given(interviews(), CHILDREN, st.integers(18, 60), ages())
def test_the_younger_reading_is_never_the_harsher(
    answers: dict[str, Answer], child: AgeRange, years: int, any_age: AgeRange
) -> None:
    """Nobody loses by being, or perhaps being, a child."""
    as_child = assess(answers, age_at_act=child).result.rank
    as_unknown = assess(answers, age_at_act=AgeRange()).result.rank
    as_adult = assess(answers, age_at_act=AgeRange.exactly(years)).result.rank
    assert as_adult <= as_unknown <= as_child
    assert as_adult <= assess(answers, age_at_act=any_age).result.rank <= as_child


@settings(max_examples=100, deadline=None)
@given(interviews(), ages())
def test_every_assessment_can_be_said_in_both_languages(
    answers: dict[str, Answer], age: AgeRange
) -> None:
    seen = assess(answers, age_at_act=age)
    for reason in (*seen.result_reasons, *(r for o in seen.elements for r in o.reasons)):
        assert reason.text("fr").endswith(".")
        assert reason.text("en").endswith(".")
    assert json.loads(json.dumps(as_dict(seen)))["is_a_decision"] is False


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(strengths_of(Population.ADULT_LABOUR)))),
    st.sampled_from(sorted(strengths_of(Population.ADULT_LABOUR))),
    st.sampled_from([Population.ADULT_LABOUR, Population.CHILD_LABOUR]),
)
def test_one_more_indicator_never_makes_a_dimension_negative(
    ticked: list[str], more: str, population: Population
) -> None:
    assert score(ticked, population).positive <= score([*ticked, more], population).positive
    assert score(ticked * 2, population) == score(ticked, population)
