"""The annex of the plan report: from what was said to the activity, the money and the figures."""

import datetime

import pytest

from danbe.plan import actions, answer_actions
from danbe.plan.models import Plan, Process, Stage
from danbe.reports.document import Document, from_json, to_json
from danbe.reports.export import WRITERS
from danbe.reports.plan_report import build
from danbekit.dates import Window
from tests.conftest import Cast
from tests.plan import contribution_makers as makers
from tests.plan import makers as plans

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2029, 6, 30)


def planned(cast: Cast) -> tuple[Plan, makers.Thirty]:
    """A plan made with thirty contributions, whose first paragraph is carried by an activity."""
    made = makers.process(cast.esther)
    actions.save_framework(cast.esther, made.plan, plans.large(4, made.plan.years))
    thirty = makers.with_thirty(
        made, esther=cast.esther, ministry=cast.fanta, ngo=cast.awa, partner=cast.issa
    )
    Process.objects.filter(pk=made.pk).update(stage=Stage.VALIDATED)
    plan = actions.publish_plan(cast.esther, made.plan)
    answer_actions.link_activity(cast.esther, makers.clause(made), plans.activity(plan, "ACT-000"))
    return plan, thirty


def annex(document: Document) -> dict[str, str]:
    """Code of a table -> everything written in it."""
    [chapter] = [c for c in document.chapters if c.code == "fil"]
    figures = document.by_key()
    return {
        table.code: " | ".join(
            cell.text or str(figures[cell.figure].value if cell.figure else "")
            for row in table.rows
            for cell in row.cells
        )
        for table in document.tables()
        if table in chapter.blocks
    }


def test_the_thread_is_printed_from_a_contribution_to_its_indicator(cast: Cast) -> None:
    plan, thirty = planned(cast)
    edition = build(plan, Window.calendar_year(2029), TODAY, "fil")
    told = annex(edition.document)
    assert "prises en compte" in told["fil-avant"]
    for words in ("ACT-000", "IND-000", "5000000", "aucune"):
        assert words in told["fil-apres"]
    assert thirty.refused.answer is not None
    assert thirty.refused.answer.reason in told["reponses"]
    assert "chaque région" in told["reponses"]
    assert "< 5" in told["paroles"]  # survivors
    assert from_json(to_json(edition.document)) == edition.document


def test_page_pdf_and_workbook_carry_the_thread(cast: Cast) -> None:
    plan, _thirty = planned(cast)
    edition = build(plan, Window.calendar_year(2029), TODAY)
    assert WRITERS["pdf"](edition).startswith(b"%PDF")
    assert WRITERS["xlsx"](edition).startswith(b"PK")


def test_a_plan_that_was_not_made_here_says_that_its_thread_is_missing(cast: Cast) -> None:
    edition = build(plans.published(cast.esther), Window.calendar_year(2024), TODAY, "fil")
    [chapter] = [c for c in edition.document.chapters if c.code == "fil"]
    assert "le fil manque" in str(chapter.blocks)
