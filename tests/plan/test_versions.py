"""What changed between two versions of a plan."""

import datetime
from dataclasses import replace

import pytest

from danbe.plan import actions
from danbe.plan.framework import MoneyRow
from danbe.plan.versions import compare, compare_plans
from tests.conftest import Cast
from tests.plan import makers

OLD = makers.FRAMEWORK


def test_two_equal_frameworks_have_no_change() -> None:
    assert compare(OLD, OLD) == []


def test_an_added_a_removed_and_a_changed_line_are_told_apart() -> None:
    first, second, _third = OLD.activities
    later = replace(first, end=datetime.date(2026, 1, 31), places=("kayes-2023",))
    added = replace(second, code="A9", label_fr="Nouvelle (fictif)")
    new = replace(OLD, activities=(later, second, added))
    told = [(c.kind, c.code, [d.column for d in c.differences]) for c in compare(OLD, new)]
    assert told == [("changed", "A1", ["places", "end"]), ("added", "A9", []),
                    ("removed", "A3", [])]  # fmt: skip


def test_an_amount_that_nobody_told_is_not_zero() -> None:
    line = MoneyRow("A1", 2024, "state_budget", 20_000_000, None, 0)
    new = replace(OLD, money=(line, *OLD.money[1:]))
    [change] = compare(OLD, new)
    assert change.code == "A1 / 2024 / state_budget"
    assert [(d.column, d.old, d.new) for d in change.differences] == [
        ("allocated", "12000000", ""),
        ("disbursed", "9000000", "0"),
    ]


@pytest.mark.django_db
def test_the_next_version_of_a_plan_says_the_same_until_it_is_changed(cast: Cast) -> None:
    plan = makers.published(cast.esther)
    assert compare_plans(plan, actions.begin_version(cast.esther, plan)) == []
