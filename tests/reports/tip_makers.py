"""What the dossier of April 2023 to March 2024 is made of, in tests: real actions, fictitious."""

import datetime
from typing import Any

from django.utils import timezone

from danbe.core.access import Actor
from danbe.figures.models import Return
from danbe.plan import actions as plan_actions
from danbe.plan.models import ActivityReport, State
from danbe.reports.document import Document, Items, Quotes, Table, Text
from danbe.reports.models import Recommendation, RecommendationAnswer
from danbe.reports.tip_actions import answer_recommendation
from danbekit.dates import Window
from tests.conftest import Cast
from tests.plan import makers as plans
from tests.reports.makers import accepted, line

YEAR = 2023
WINDOW = Window.april_year(YEAR)
TODAY = datetime.date(2024, 3, 1)
AFTER = datetime.date(2024, 4, 15)


def quarter(esther: Actor, number: int, body: str = "CNCLCTPA", **lines: str) -> Return:
    """A return of one quarter of 2023, accepted."""
    content = {"lines": {code: [line(total)] for code, total in lines.items()}}
    window = Window.quarter(2023, number)
    return accepted(esther, body, content, window=window, source_note="Fictif.")


def year_2023(esther: Actor, body: str = "OIM", **lines: str) -> Return:
    """A return of the calendar year, accepted: it crosses the edge of the period."""
    content = {"lines": {code: [line(total)] for code, total in lines.items()}}
    return accepted(esther, body, content, window=Window.calendar_year(2023))


def done(cast: Cast, day: datetime.date, evidence: str = "Procès-verbal (fictif)") -> Any:
    """An activity reported done on ``day`` and accepted by the secretariat."""
    plan = plans.published(cast.esther)
    activity = plans.activity(plan)
    for state in ("under_way", State.DONE):
        told = plan_actions.report_activity(
            cast.fanta, plans.activity(plan), plans.news(state, evidence=evidence)
        )
        plan_actions.review_report(cast.esther, told, accept=True)
    moment = timezone.make_aware(datetime.datetime(day.year, day.month, day.day, 12))
    ActivityReport.unscoped.filter(activity=activity).update(at=moment)
    return activity


def answered(actor: Actor, code: str = "2019-4", **more: Any) -> RecommendationAnswer:
    """An answer to a recommendation, of days inside the period."""
    told: dict[str, Any] = {
        "first_day": datetime.date(2023, 6, 1),
        "last_day": datetime.date(2023, 6, 3),
        "text": "Session de formation des magistrats (fictif).",
        "evidence": "Rapport de formation (fictif).",
        "today": TODAY,
        **more,
    }
    return answer_recommendation(actor, Recommendation.objects.get(code=code), **told)


def texts(document: Document, chapter: str = "") -> str:
    """Every word of a document, or of one chapter, as it is read."""
    said: list[str] = []
    figures = document.by_key()
    for one in document.chapters:
        if chapter not in ("", one.code):
            continue
        said.append(one.title)
        for block in one.blocks:
            if isinstance(block, Text):
                said.append(block.text)
            elif isinstance(block, Items):
                said += block.items
            elif isinstance(block, Quotes):
                said += [q.text for q in block.quotes]
            elif isinstance(block, Table):
                for row in block.rows:
                    cells = [
                        str(figures[c.figure].value) if c.figure else c.text for c in row.cells
                    ]
                    said.append(" | ".join([row.label, *cells]))
                said += block.notes
    return "\n".join(said).replace("\u00a0", " ").replace("\u202f", " ")


def table(document: Document, code: str) -> Table:
    """One table."""
    return next(t for t in document.tables() if t.code == code)
