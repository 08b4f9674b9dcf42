"""Evaluations of the cast: fictitious, made by real actions; the making of a plan beside them."""

import datetime

from danbe.core.access import Actor
from danbe.figures.models import Definition
from danbe.plan import evaluation_actions as actions
from danbe.plan.evaluation_actions import Named, Said
from danbe.plan.models import (
    CitedFigure,
    Clause,
    ClauseVersion,
    Criterion,
    Evaluation,
    Finding,
    Lesson,
    Measure,
    Plan,
    Process,
    Stage,
    TextVersion,
)
from tests.plan import makers

YEAR = (datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))


def begun(esther: Actor, plan: Plan | None = None) -> Evaluation:
    """An evaluation without a finding."""
    return actions.begin_evaluation(
        esther,
        plan or makers.published(esther),
        moment="final",
        label_fr="Évaluation finale (fictif)",
        method="Lecture des registres (fictif)",
    )


def finding(
    esther: Actor, evaluation: Evaluation, criterion: str = "effectiveness", missing: str = ""
) -> Finding:
    said = Said(criterion, f"Constat fictif ({criterion})", not missing, missing)
    return actions.write_finding(esther, evaluation, said)


def cited(esther: Actor, found: Finding, code: str = "victims_identified") -> CitedFigure:
    named = Named(Measure.FIGURE, *YEAR, definition=Definition.objects.get(code=code))
    return actions.cite_figure(esther, found, named)


def written(esther: Actor, plan: Plan | None = None) -> Evaluation:
    """Every criterion spoken to; effectiveness and efficiency with figures, the rest without."""
    evaluation = begun(esther, plan)
    rests = (Criterion.EFFECTIVENESS, Criterion.EFFICIENCY)
    for criterion in Criterion:
        has_figures = criterion in rests
        found = finding(esther, evaluation, criterion, "" if has_figures else "Les cercles")
        if criterion == Criterion.EFFECTIVENESS:
            cited(esther, found)
        elif criterion == Criterion.EFFICIENCY:
            actions.cite_figure(esther, found, Named(Measure.DISBURSED, *YEAR))
    actions.write_lesson(
        esther,
        evaluation,
        text="Prévoir un poste de suivi dans chaque région (fictif)",
        findings=list(evaluation.findings.filter(criterion=Criterion.EFFECTIVENESS)),
    )
    return evaluation


def published(esther: Actor, garan: Actor, plan: Plan | None = None) -> Evaluation:
    """Written by Esther, reviewed by Garan, published."""
    evaluation = actions.send_evaluation(esther, written(esther, plan))
    actions.review_evaluation(garan, evaluation, accept=True)
    return actions.publish_evaluation(esther, evaluation)


def lesson(evaluation: Evaluation) -> Lesson:
    return evaluation.lessons.get()


def next_process(esther: Actor, old: Plan) -> Process:
    """The making of the plan that follows ``old``, with a draft of one clause."""
    plan = makers.draft(esther, code="2029-2033")
    process = Process.objects.create(
        plan=plan, old_plan=old, stage=Stage.DRAFTING, label_fr="Élaboration (fictif)",
        is_fictitious=True,
    )  # fmt: skip
    version = TextVersion.objects.create(process=process, number=1)
    clause_in(process, version, "Un poste de suivi par région (fictif)")
    return process


def clause_in(process: Process, version: TextVersion, words: str) -> Clause:
    clause = Clause.objects.create(process=process)
    n = version.clauses.count() + 1
    ClauseVersion.objects.create(
        version=version, clause=clause, level="article", order=n, number=str(n), text=words
    )
    return clause
