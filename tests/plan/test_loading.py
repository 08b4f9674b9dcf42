"""What is known of the three plans is loaded with its sources, and nothing else."""

import csv
import re
from pathlib import Path

import pytest

from danbe.plan.loading import load_facts
from danbe.plan.models import Activity, Element, Indicator, Money, Plan, PlanFact, Subject
from danbe.plan.queries import axes_of, facts_of

DATA = Path(__file__).parents[2] / "src" / "danbe" / "data" / "mali"
PLANS = {"2015-2017", "2018-2022", "2023-2027"}
# Named in the notes that nap.csv was made from, not in its own column of sources.
ALSO = "https://maliactu.net/mamoudou-kassogue"


def rows(name: str) -> list[dict[str, str]]:
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_fact_has_a_source_of_the_table_of_plans() -> None:
    known = " ".join(row["source"] for row in rows("nap.csv"))
    for fact in rows("nap_facts.csv"):
        if fact["subject"] == "missing":
            assert not fact["source"]
            continue
        for source in fact["source"].split("; "):
            assert source in known or source.startswith(ALSO), fact


def test_every_amount_is_printed_in_the_table_of_plans() -> None:
    printed = " ".join(row["budget_fr"] for row in rows("nap.csv"))
    amounts = re.sub(r"(?<=\d)\s(?=\d)", "", printed)
    amounts = re.sub(r"(\d+)\s+millions", r"\g<1>000000", amounts)
    for fact in rows("nap_facts.csv"):
        if fact["amount"]:
            assert fact["amount"] in amounts, fact


@pytest.mark.django_db
def test_the_plan_in_force_has_four_axes_and_2_992_million_and_its_oddity() -> None:
    plan = Plan.objects.get(code="2023-2027")
    facts = facts_of(plan)
    assert [axis.axis for axis in axes_of(plan)] == [
        "prevention", "protection", "prosecution", "partnership",
    ]  # fmt: skip
    assert [f.amount for f in facts[Subject.BUDGET] if f.amount] == [2_992_000_000]
    assert any(fact.is_odd for fact in facts[Subject.AXIS])
    assert len([f for f in facts[Subject.PHASE] if not f.is_odd]) >= 4


@pytest.mark.django_db
def test_nothing_is_invented_and_the_missing_tables_are_named() -> None:
    assert set(Plan.objects.values_list("code", flat=True)) == PLANS
    assert not Activity.unscoped.exists()
    assert not Indicator.unscoped.exists()
    assert not Money.objects.exists()
    assert set(Element.objects.values_list("kind", flat=True)) == {"axis"}
    for plan in Plan.objects.all():
        assert len(facts_of(plan)[Subject.MISSING]) >= 2


@pytest.mark.django_db
def test_loading_again_changes_no_plan() -> None:
    before = list(Element.objects.values_list("pk", flat=True))
    n = PlanFact.objects.count()
    assert load_facts(rows("nap_facts.csv")) == n
    assert list(Element.objects.values_list("pk", flat=True)) == before
