"""The plan as IATI 2.03: valid by the schema of the standard, and silent where nobody spoke."""

import datetime
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from danbe.exchange.iati import to_iati
from danbe.plan.models import Plan
from tests.conftest import Cast
from tests.figures import makers as figures
from tests.plan import makers

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).parents[3] / "shared" / "domain" / "standards" / "iati"
needs_schema = pytest.mark.skipif(
    not SCHEMA.exists(), reason="NOT VALIDATED: the IATI schema (../shared/domain) is absent"
)
NOW = datetime.datetime(2025, 7, 1, 9, 0, tzinfo=datetime.UTC)


def tree(plan: Plan) -> ET.Element:
    return ET.fromstring(to_iati(plan, NOW))


@needs_schema
@pytest.mark.parametrize("size", ["small", "large", "known"])
def test_the_export_validates_against_the_schema(size: str, cast: Cast) -> None:
    import xmlschema

    figures.accepted(
        cast.fanta,
        cast.esther,
        figures.content(victims_identified=figures.line("7", sex_age={"female.child": "7"})),
    )
    plan = {
        "small": lambda: makers.published(cast.esther),
        "large": lambda: makers.published(cast.esther, makers.large(60)),
        "known": lambda: Plan.objects.get(code="2023-2027"),
    }[size]()
    schema = xmlschema.XMLSchema(str(SCHEMA / "iati-activities-schema.xsd"))
    errors = [str(error.reason) for error in schema.iter_errors(to_iati(plan, NOW).decode())]
    assert errors == []


def test_needed_allocated_and_disbursed_stay_three_amounts(cast: Cast) -> None:
    activity = tree(makers.published(cast.esther)).findall("iati-activity")[1]
    budgets = [
        (b.get("status"), b.find("period-start").get("iso-date"), b.findtext("value"))  # type: ignore[union-attr]
        for b in activity.findall("budget")
    ]
    assert budgets == [
        ("1", "2024-01-01", "20000000"),
        ("1", "2025-01-01", "30000000"),
        ("2", "2024-01-01", "12000000"),
    ]
    assert [t.findtext("value") for t in activity.findall("transaction")] == ["9000000"]


def test_silence_is_not_zero_and_a_small_number_of_people_is_not_published(cast: Cast) -> None:
    figures.accepted(
        cast.fanta, cast.esther, figures.content(victims_identified=figures.line("3"))
    )
    root = tree(makers.published(cast.esther))
    assert root.findall(".//actual") == []
    assert {t.get("value") for t in root.findall(".//target")} >= {"400", "900"}


def test_a_draft_is_not_published(cast: Cast) -> None:
    with pytest.raises(ValueError, match="draft"):
        to_iati(makers.draft(cast.esther), NOW)
