"""Evaluations: what they rest on, who reviews them, what stays, what the next draft answers."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from danbe.core.errors import DomainError, NotAllowed
from danbe.figures.models import Definition
from danbe.plan import evaluation_actions as actions
from danbe.plan import evaluation_queries as queries
from danbe.plan.evaluation_actions import Named, Said
from danbe.plan.models import (
    CitedFigure,
    Criterion,
    Evaluation,
    EvaluationStatus,
    Indicator,
    LessonAnswer,
    Measure,
    Process,
    Stage,
    TextVersion,
)
from danbe.plan.participation_queries import obstacles
from danbe.plan.trace import lessons_of
from tests.conftest import Cast
from tests.figures import makers as figures
from tests.plan import evaluation_makers as made
from tests.plan import makers

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2025, 6, 30)


def refused(code: str) -> pytest.RaisesExc[DomainError]:
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)


def gives(cast: Cast, n: str) -> None:
    typed = figures.content(victims_identified=figures.line(n))
    figures.accepted(cast.fanta, cast.esther, typed)


# --- Findings rest on figures ----------------------------------------------------------------


def test_a_cited_figure_says_what_the_registers_say_and_who_is_missing(cast: Cast) -> None:
    evaluation = made.begun(cast.esther)
    cited = made.cited(cast.esther, made.finding(cast.esther, evaluation))
    assert queries.figures_of(evaluation, TODAY)[cited.pk].value is None
    gives(cast, "300")
    assert queries.figures_of(evaluation, TODAY)[cited.pk].value == 300


def test_a_part_of_a_figure_and_the_plan_s_own_money_can_be_cited(cast: Cast) -> None:
    evaluation = made.begun(cast.esther)
    found = made.finding(cast.esther, evaluation)
    girls = actions.cite_figure(
        cast.esther,
        found,
        Named(
            Measure.FIGURE,
            *made.YEAR,
            definition=Definition.objects.get(code="victims_identified"),
            breakdown="sex_age",
            key="female.child",
        ),
    )
    money = actions.cite_figure(cast.esther, found, Named(Measure.DISBURSED, *made.YEAR))
    needed = actions.cite_figure(cast.esther, found, Named(Measure.NEEDED, *made.YEAR))
    done = actions.cite_figure(cast.esther, found, Named(Measure.DONE, *made.YEAR))
    typed = figures.content(
        victims_identified=figures.line("9", sex_age={"female.child": "3", "male.adult": "6"})
    )
    figures.accepted(cast.fanta, cast.esther, typed)
    told = queries.figures_of(evaluation, TODAY)
    assert (told[girls.pk].value, told[girls.pk].is_small) == (3, True)
    assert (told[money.pk].value, told[needed.pk].value) == (9_000_000, 25_000_000)
    assert told[done.pk].value == 0


def test_money_that_nobody_told_is_no_data_and_not_zero(cast: Cast) -> None:
    evaluation = made.begun(cast.esther)
    found = made.finding(cast.esther, evaluation)
    window = (datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
    cited = actions.cite_figure(cast.esther, found, Named(Measure.DISBURSED, *window))
    assert queries.figures_of(evaluation, TODAY)[cited.pk].value is None


def test_an_indicator_is_cited_with_the_value_of_its_year(cast: Cast) -> None:
    plan = makers.published(cast.esther)
    evaluation = made.begun(cast.esther, plan)
    one = Indicator.unscoped.get(plan=plan, code="I1")
    named = Named(Measure.INDICATOR, *made.YEAR, indicator=one)
    cited = actions.cite_figure(cast.esther, made.finding(cast.esther, evaluation), named)
    gives(cast, "41")
    assert queries.figures_of(evaluation, TODAY)[cited.pk].value == 41


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"breakdown": "sex_age", "key": "nobody"}, "figure.key"),
        ({"breakdown": "nothing"}, "figure.breakdown"),
        ({"key": "female.child"}, "figure.key"),
        ({"definition": None}, "figure.none"),
        ({"measure": "indicator"}, "figure.none"),
        ({"measure": "anything"}, "figure.measure"),
        ({"start": datetime.date(1823, 1, 1)}, "figure.window"),
        ({"end": datetime.date(2020, 1, 1)}, "figure.window"),
    ],
)
def test_a_figure_that_does_not_exist_is_not_cited(
    changes: dict[str, object], code: str, cast: Cast
) -> None:
    found = made.finding(cast.esther, made.begun(cast.esther))
    told: dict[str, object] = {
        "measure": Measure.FIGURE,
        "start": made.YEAR[0],
        "end": made.YEAR[1],
        "definition": Definition.objects.get(code="victims_assisted"),
    }
    with refused(code):
        actions.cite_figure(cast.esther, found, Named(**told | changes))  # type: ignore[arg-type]


def test_an_indicator_of_another_plan_is_not_cited(cast: Cast) -> None:
    evaluation = made.begun(cast.esther)
    other = makers.draft(cast.esther, code="2029-2033")
    one = Indicator.unscoped.get(plan=other, code="I1")
    named = Named(Measure.INDICATOR, *made.YEAR, indicator=one)
    with refused("figure.other_plan"):
        actions.cite_figure(cast.esther, made.finding(cast.esther, evaluation), named)


def test_a_finding_without_data_says_who_is_missing_and_cites_nothing(cast: Cast) -> None:
    evaluation = made.begun(cast.esther)
    with refused("evaluation.no_text"):
        said = Said("impact", "Un constat", has_data=False)
        actions.write_finding(cast.esther, evaluation, said)
    found = made.finding(cast.esther, evaluation, "impact", "Le ministère (fictif)")
    with refused("figure.no_data"):
        made.cited(cast.esther, found)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(found).objects.filter(pk=found.pk).update(missing="")


def test_two_windows_do_not_overwrite_each_other(cast: Cast) -> None:
    evaluation = made.begun(cast.esther)
    found = made.finding(cast.esther, evaluation)
    first = Said("impact", "Première fenêtre")
    actions.write_finding(cast.esther, evaluation, first, found, seen=1)
    found.refresh_from_db()
    with refused("evaluation.stale"):
        second = Said("impact", "Seconde fenêtre")
        actions.write_finding(cast.esther, evaluation, second, found, seen=1)
    found.refresh_from_db()
    assert found.text == "Première fenêtre"


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_000])
def test_an_empty_or_endless_finding_is_refused(text: str, cast: Cast) -> None:
    evaluation = made.begun(cast.esther)
    with pytest.raises(DomainError):
        actions.write_finding(cast.esther, evaluation, Said("impact", text))


# --- Review and publication ------------------------------------------------------------------


def test_nothing_goes_to_review_with_a_silent_criterion_or_a_bare_finding(cast: Cast) -> None:
    evaluation = made.begun(cast.esther)
    with refused("evaluation.criteria"):
        actions.send_evaluation(cast.esther, evaluation)
    for criterion in Criterion:
        made.finding(cast.esther, evaluation, criterion)
    with refused("evaluation.bare"):
        actions.send_evaluation(cast.esther, evaluation)
    for found in evaluation.findings.all():
        made.cited(cast.esther, found)
    with refused("evaluation.no_lesson"):
        actions.send_evaluation(cast.esther, evaluation)


def test_another_post_reviews_and_says_what_is_to_be_changed(cast: Cast) -> None:
    evaluation = actions.send_evaluation(cast.esther, made.written(cast.esther))
    with refused("evaluation.own"):
        actions.review_evaluation(cast.esther, evaluation, accept=True)
    with refused("evaluation.no_reason"):
        actions.review_evaluation(cast.garan, evaluation, accept=False)
    back = actions.review_evaluation(cast.garan, evaluation, accept=False, note="Préciser")
    assert back.status == EvaluationStatus.DRAFT
    with pytest.raises(NotAllowed):
        actions.review_evaluation(cast.fanta, evaluation, accept=True)


def test_what_was_not_reviewed_is_not_published(cast: Cast) -> None:
    evaluation = made.written(cast.esther)
    with refused("evaluation.transition"):
        actions.publish_evaluation(cast.esther, evaluation)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=evaluation.pk).update(status="published")


def test_a_published_evaluation_keeps_its_figures_as_they_were(cast: Cast) -> None:
    gives(cast, "300")
    evaluation = made.published(cast.esther, cast.garan)
    cited = CitedFigure.objects.get(finding__evaluation=evaluation, measure=Measure.FIGURE)
    nana = figures.focal_point("nana", "MJDH")
    typed = figures.content(victims_identified=figures.line("50"))
    figures.accepted(nana, cast.esther, typed)
    assert queries.live(evaluation.plan, [cited], TODAY)[cited.pk].value == 350
    assert queries.figures_of(evaluation, TODAY)[cited.pk].value == 300
    with refused("evaluation.not_draft"):
        actions.drop_finding(cast.esther, cited.finding)


def test_before_its_publication_only_the_secretariat_and_the_reviewer_read_it(cast: Cast) -> None:
    evaluation = made.written(cast.esther)
    assert list(queries.evaluations_for(cast.garan)) == [evaluation]
    assert not queries.evaluations_for(cast.issa).exists()
    actions.send_evaluation(cast.esther, evaluation)
    actions.review_evaluation(cast.garan, evaluation, accept=True)
    actions.publish_evaluation(cast.esther, evaluation)
    assert list(queries.evaluations_for(cast.issa)) == [evaluation]


def test_a_draft_plan_is_not_evaluated_and_a_plan_is_evaluated_once_a_moment(cast: Cast) -> None:
    with refused("evaluation.draft_plan"):
        made.begun(cast.esther, makers.draft(cast.esther, code="2029-2033"))
    evaluation = made.begun(cast.esther)
    with refused("evaluation.exists"):
        made.begun(cast.esther, evaluation.plan)


# --- Lessons ---------------------------------------------------------------------------------


def test_a_lesson_rests_on_a_finding_which_then_stays(cast: Cast) -> None:
    evaluation = made.begun(cast.esther)
    found = made.finding(cast.esther, evaluation)
    with refused("lesson.no_finding"):
        actions.write_lesson(cast.esther, evaluation, text="Une leçon", findings=[])
    drawn = actions.write_lesson(cast.esther, evaluation, text="Une leçon", findings=[found])
    with refused("finding.has_lessons"):
        actions.drop_finding(cast.esther, found)
    actions.drop_lesson(cast.esther, drawn)
    actions.drop_finding(cast.esther, found)
    assert not evaluation.findings.exists()


def process_after(cast: Cast) -> tuple[Evaluation, Process]:
    evaluation = made.published(cast.esther, cast.garan)
    return evaluation, made.next_process(cast.esther, evaluation.plan)


def codes(process: Process) -> list[tuple[str, int]]:
    return [(one.code, one.n) for one in obstacles(process) if one.code == "lessons"]


def test_an_unanswered_lesson_holds_the_validation(cast: Cast) -> None:
    evaluation, process = process_after(cast)
    assert codes(process) == [("lessons", 1)]
    clause = process.clauses.get()
    drawn = made.lesson(evaluation)
    actions.answer_lesson(cast.esther, process, lesson=drawn, taken="taken", clause=clause)
    assert codes(process) == []
    [back] = lessons_of([clause.pk])[clause.pk]
    assert back.text == drawn.text


def test_a_lesson_whose_clause_left_the_text_is_open_again(cast: Cast) -> None:
    evaluation, process = process_after(cast)
    drawn, clause = made.lesson(evaluation), process.clauses.get()
    actions.answer_lesson(cast.esther, process, lesson=drawn, taken="taken", clause=clause)
    later = TextVersion.objects.create(process=process, number=2, status="published")
    made.clause_in(process, later, "Un autre article (fictif)")
    assert codes(process) == [("lessons", 1)]


def test_a_lesson_is_taken_up_somewhere_or_not_for_a_reason(cast: Cast) -> None:
    evaluation, process = process_after(cast)
    drawn = made.lesson(evaluation)
    with refused("lesson.no_clause"):
        actions.answer_lesson(cast.esther, process, lesson=drawn, taken="taken")
    with refused("lesson.no_reason"):
        actions.answer_lesson(cast.esther, process, lesson=drawn, taken="not")
    with refused("lesson.taken"):
        actions.answer_lesson(cast.esther, process, lesson=drawn, taken="perhaps")
    actions.answer_lesson(cast.esther, process, lesson=drawn, taken="not", reason="Trop cher")
    clause = process.clauses.get()
    actions.answer_lesson(
        cast.esther, process, lesson=drawn, taken="in_part", clause=clause, reason="Trois régions"
    )
    assert LessonAnswer.objects.get().taken == "in_part"


def test_only_lessons_of_the_old_plan_are_answered_and_not_after_the_end(cast: Cast) -> None:
    evaluation, process = process_after(cast)
    drawn = made.lesson(evaluation)
    Process.objects.filter(pk=process.pk).update(old_plan=None)
    process.refresh_from_db()
    with refused("lesson.other_plan"):
        actions.answer_lesson(cast.esther, process, lesson=drawn, taken="not", reason="Non")
    Process.objects.filter(pk=process.pk).update(old_plan=evaluation.plan, stage=Stage.STOPPED)
    process.refresh_from_db()
    with refused("lesson.over"):
        actions.answer_lesson(cast.esther, process, lesson=drawn, taken="not", reason="Non")
    with pytest.raises(NotAllowed):
        actions.answer_lesson(cast.fanta, process, lesson=drawn, taken="not", reason="Non")
