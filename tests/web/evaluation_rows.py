"""The rows that the pages of evaluations and lessons are about."""

from collections.abc import Callable
from typing import Any

from danbe.plan import evaluation_actions as actions
from danbe.plan.models import CitedFigure, Evaluation
from tests.conftest import Cast
from tests.plan import evaluation_makers as made

Kwargs = dict[str, Any]


def sent(cast: Cast) -> Kwargs:
    return {"pk": actions.send_evaluation(cast.esther, made.written(cast.esther)).pk}


def reviewed(cast: Cast) -> Kwargs:
    row = sent(cast)
    evaluation = Evaluation.objects.get(**row)
    actions.review_evaluation(cast.garan, evaluation, accept=True)
    return row


def finding(cast: Cast) -> Kwargs:
    return {"pk": made.finding(cast.esther, made.begun(cast.esther)).pk}


def cited(cast: Cast) -> Kwargs:
    made.written(cast.esther)
    return {"pk": CitedFigure.objects.all()[0].pk}


def process(cast: Cast) -> Kwargs:
    evaluation = made.published(cast.esther, cast.garan)
    return {"pk": made.next_process(cast.esther, evaluation.plan).pk}


def answer(cast: Cast) -> Kwargs:
    evaluation = made.published(cast.esther, cast.garan)
    making = made.next_process(cast.esther, evaluation.plan)
    return {"pk": making.pk, "lesson": made.lesson(evaluation).pk}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "an evaluation being written": lambda cast: {"pk": made.written(cast.esther).pk},
    "an evaluation that Esther sent to review": sent,
    "an evaluation that Garan reviewed": reviewed,
    "a published evaluation": lambda cast: {"pk": made.published(cast.esther, cast.garan).pk},
    "a finding being written": finding,
    "a figure of an evaluation being written": cited,
    "a lesson being written": (lambda cast: {"pk": made.lesson(made.written(cast.esther)).pk}),
    "the making of a plan after another": process,
    "a lesson that the next draft must answer": answer,
}
