"""What a plan lacks: needed, less allocated, less committed, each apart."""

import pytest

from danbe.partnership import funding_actions
from danbe.partnership.models import Commitment
from danbe.plan import actions
from danbe.plan.funding import Gap, gap_of, unfunded
from danbe.plan.models import Plan
from tests.conftest import Cast
from tests.partnership.funding_makers import committed, paid
from tests.plan import makers

M = 1_000_000


def to_activity(
    cast: Cast, plan: Plan, amount: int, code: str = "A1", **more: object
) -> Commitment:
    lineage = makers.activity(plan, code).lineage
    told = {"plan_code": plan.code, "activity_lineage": lineage} | more
    return committed(cast.issa, amount, **told)


def lacks(plan: Plan, **asked: object) -> dict[str, int | None]:
    told = unfunded(plan, **asked)  # type: ignore[arg-type]
    return {one.activity.code: one.gap.unfunded for one in told.activities}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A1: 50 M needed (20 in 2024, 30 in 2025), 12 M allocated; A2: 5 M needed; A3: unknown."""
    return makers.published(cast.esther)


def test_what_is_allocated_and_committed_is_taken_away_once_each(cast: Cast, plan: Plan) -> None:
    assert lacks(plan) == {"A1": 38 * M, "A2": 5 * M}
    made = to_activity(cast, plan, 3 * M)
    assert lacks(plan) == {"A1": 35 * M, "A2": 5 * M}
    assert lacks(plan, year=2024) == {"A1": 5 * M, "A2": 5 * M}
    assert lacks(plan, year=2025) == {"A1": 30 * M}
    paid(cast.issa, made, 2 * M)  # what is paid plays no part
    assert lacks(plan) == {"A1": 35 * M, "A2": 5 * M}
    funding_actions.cancel_commitment(cast.issa, made, reason="fictif")
    assert lacks(plan) == {"A1": 38 * M, "A2": 5 * M}


def test_what_the_budget_has_already_is_not_taken_away_twice(cast: Cast, plan: Plan) -> None:
    to_activity(cast, plan, 12 * M, is_in_plan=True)
    assert lacks(plan)["A1"] == 38 * M


def test_a_lack_is_never_below_zero_and_unknown_while_the_need_is(cast: Cast, plan: Plan) -> None:
    to_activity(cast, plan, 900 * M)
    to_activity(cast, plan, 1 * M, "A3")
    told = unfunded(plan)
    assert lacks(plan) == {"A2": 5 * M}
    assert [one.code for one in told.unknown] == ["A3"]
    assert gap_of(None, 5, 5).unfunded is None


def test_what_one_activity_has_too_much_fills_no_other(cast: Cast, plan: Plan) -> None:
    to_activity(cast, plan, 900 * M)
    told = unfunded(plan)
    assert (told.axes[0].gap.unfunded, told.total.unfunded) == (5 * M, 5 * M)


def test_several_years_without_parts_lower_the_plan_and_no_year(cast: Cast, plan: Plan) -> None:
    made = to_activity(cast, plan, 10 * M, last_year=2025)
    assert lacks(plan)["A1"] == 28 * M
    assert lacks(plan, year=2024)["A1"] == 8 * M
    assert unfunded(plan, year=2024).not_split == 10 * M
    funding_actions.share_years(cast.issa, made, {2024: 4 * M}, version=1)
    assert lacks(plan, year=2024)["A1"] == 4 * M
    assert unfunded(plan, year=2024).not_split == 6 * M


def test_what_names_an_axis_lowers_the_axis_and_no_activity(cast: Cast, plan: Plan) -> None:
    committed(cast.issa, 7 * M, plan_code=plan.code, axis="protection")
    committed(cast.issa, 1 * M, plan_code=plan.code)
    committed(cast.issa, 99 * M)  # of no plan
    told = unfunded(plan)
    assert lacks(plan)["A1"] == 38 * M
    protection = told.axes[0]
    assert (protection.gap.needed, protection.gap.unfunded) == (55 * M, 36 * M)
    assert (protection.axis_only, protection.n_unknown, told.plan_only) == (7 * M, 1, 1 * M)
    assert told.total == Gap(55 * M, 12 * M, 8 * M, 35 * M)


def test_a_commitment_follows_its_activity_into_the_next_version(cast: Cast, plan: Plan) -> None:
    to_activity(cast, plan, 3 * M)
    draft = actions.begin_version(cast.esther, plan)
    published = actions.publish_plan(cast.esther, draft)
    assert lacks(published)["A1"] == 35 * M


def test_the_axis_narrows_the_activities_and_nothing_means_nothing(plan: Plan) -> None:
    assert lacks(plan, axis="2") == {}
    assert lacks(plan, axis="astrology") == {}
    assert set(lacks(plan, axis="1")) == {"A1", "A2"}
