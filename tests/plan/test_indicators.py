"""Indicators are figures: what is recorded moves them; their light follows a stated rule."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from danbe.figures.models import Definition
from danbe.figures.queries import series, table
from danbe.plan import actions
from danbe.plan.framework import Checker
from danbe.plan.indicators import (
    Light,
    Reading,
    Trend,
    due_on,
    light_of,
    readings,
    share_of,
    trend_of,
)
from danbe.plan.models import Better, Indicator, Plan
from danbe.plan.queries import indicators_of
from danbe.protection import case_actions, decision_actions
from danbe.protection.models import Case
from danbe.protection.vocabulary import Closing
from danbekit.dates import Window
from danbekit.projection import T80, project
from tests.conftest import Cast
from tests.figures import makers as figures
from tests.plan import makers
from tests.protection.makers import DAY, MARIAM, met

TODAY = datetime.date(2025, 7, 2)


def read(plan: Plan, today: datetime.date = TODAY) -> dict[str, Reading]:
    found = readings(plan, list(indicators_of(plan)), today)
    return {reading.indicator.code: reading for reading in found}


def given(cast: Cast, year: int, total: str, **cells: Any) -> None:
    typed = figures.content(victims_identified=figures.line(total, **cells))
    figures.accepted(cast.fanta, cast.esther, typed, window=Window.calendar_year(year))


@pytest.mark.django_db
def test_an_accepted_return_moves_the_indicator_and_silence_is_not_zero(cast: Cast) -> None:
    plan = makers.published(cast.esther)
    before = read(plan)["I1"]
    assert [v.value for v in before.values] == [None] * 5
    given(cast, 2024, "380")
    assert [v.value for v in read(plan)["I1"].values] == [380, None, None, None, None]


@pytest.mark.django_db
def test_an_indicator_says_what_the_figures_say(cast: Cast) -> None:
    plan = makers.published(cast.esther)
    given(cast, 2024, "30", sex_age={"female.child": "12", "male.adult": "18"})
    definition = Definition.objects.get(code="victims_identified")
    told = read(plan)
    [point] = series(definition, 2024, 2024)
    parts = table(definition, Window.calendar_year(2024), "sex_age")
    girls = next(row.value for row in parts.rows if row.key == "female.child")
    assert told["I1"].values[0].value == point.value == 30
    assert told["I2"].values[0].value == girls == 12


def cared_for(cast: Cast, on: datetime.date) -> Case:
    """A woman in the care of Awa's body."""
    woman = met(cast.awa, replace(MARIAM, age_min=30, age_max=30))
    decision_actions.presume_victim(cast.awa, woman, reason="Motifs (fictifs)", on=on)
    return case_actions.open_case(cast.awa, woman, on=on)


@pytest.mark.django_db
def test_an_indicator_of_the_register_moves_when_awa_closes_a_case_and_hides_small_numbers(
    cast: Cast,
) -> None:
    plan, today = makers.published(cast.esther), DAY + datetime.timedelta(days=60)

    def value() -> tuple[int | None, bool, Light]:
        told = read(plan, today)["I5"]
        return told.current.value, told.current.is_small, told.light

    assert value() == (None, True, Light.SMALL)  # none, or too few to say
    for case in [cared_for(cast, DAY) for _n in range(6)]:
        before = value()
        case_actions.close_case(cast.awa, case, Closing.REINTEGRATED, reason="Fin (fictive)",
                                on=today)  # fmt: skip
    assert before[0] == 5
    assert value()[0] == 6
    assert value()[2] is Light.GREEN
    opened = Case.unscoped.filter(status="closed")[:3]
    for case in opened:
        case_actions.reopen_case(cast.awa, case, reason="Une rechute (fictive)")
    assert value() == (None, True, Light.SMALL)


@pytest.mark.django_db
def test_a_figure_that_the_register_does_not_hold_is_refused_at_its_cell(cast: Cast) -> None:
    plan = makers.draft(cast.esther)
    told = replace(makers.FRAMEWORK, indicators=tuple(
        replace(row, origin="register") if row.code == "I1" else row
        for row in (replace(one, definition="files_closed") if one.code == "I1" else one
                    for one in makers.FRAMEWORK.indicators)))  # fmt: skip
    [fault] = Checker(plan, told).check()
    assert (fault.table, fault.column) == ("indicators", "origin")


@pytest.mark.django_db
def test_the_last_value_that_the_keeper_entered_counts(cast: Cast) -> None:
    plan = makers.published(cast.esther)
    one = Indicator.unscoped.get(plan=plan, code="I3")
    for value in (9, 4):
        actions.tell_value(cast.fanta, one, year=2024, value=value, evidence="PV fictif")
    reading = read(plan, datetime.date(2024, 12, 31))["I3"]
    assert (reading.current.value, reading.light) == (4, Light.GREEN)


@pytest.mark.django_db
def test_no_data_and_no_target_have_no_light(cast: Cast) -> None:
    told = read(makers.published(cast.esther))
    assert told["I1"].light is Light.NO_DATA
    assert told["I4"].light is Light.NO_TARGET


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_the_indicators(cast: Cast) -> None:
    plan = makers.published(cast.esther, makers.large(40))
    all_of_them = list(indicators_of(plan))
    with CaptureQueriesContext(
        connection,
    ) as few:
        readings(plan, all_of_them[:4], TODAY)
    with CaptureQueriesContext(connection) as many:
        readings(plan, all_of_them, TODAY)
    assert len(many) == len(few)


def one(better: str = "up", flow: str = "flow", baseline: int | None = None) -> Indicator:
    definition = Definition(code="fictif", flow_or_stock=flow)
    return Indicator(definition=definition, better=Better(better), baseline=baseline)


# Reckoned by hand: 365 days; 2 July 2025 is day 183.
@pytest.mark.parametrize(
    ("indicator", "targets", "due"),
    [
        (one(), {2025: 365}, 183.0),
        (one(flow="stock", baseline=0), {2025: 365}, 183.0),
        (one(flow="stock", baseline=9), {2024: 100, 2025: 465}, 283.0),
        (one(flow="stock"), {2025: 50}, 50.0),
        (one(), {2024: 10}, None),
    ],
)
def test_what_is_due_today_follows_the_rule(
    indicator: Indicator, targets: dict[int, int], due: float | None
) -> None:
    assert due_on(indicator, targets, 2025, TODAY) == pytest.approx(due)


@pytest.mark.parametrize(
    ("actual", "due", "better", "share"),
    [
        (90, 100.0, "up", 0.9),
        (100, 50.0, "down", 0.5),
        (0, 50.0, "down", 1.0),
        (5, 0.0, "up", 1.0),
        (None, 50.0, "up", None),
        (5, None, "up", None),
        (-10, 50.0, "up", 0.0),
    ],
)
def test_the_share_of_what_is_due(
    actual: int | None, due: float | None, better: str, share: float | None
) -> None:
    assert share_of(one(better), actual, due) == share


@pytest.mark.parametrize(
    ("actual", "target", "share", "days", "light"),
    [
        (9, 10, 0.9, 200, Light.GREEN),
        (8, 10, 0.899, 200, Light.AMBER),
        (6, 10, 0.6, 200, Light.AMBER),
        (5, 10, 0.599, 200, Light.RED),
        (5, 10, 0.1, 29, Light.EARLY),
        (None, 10, None, 200, Light.NO_DATA),
        (5, None, None, 200, Light.NO_TARGET),
    ],
)
def test_the_light_follows_the_rule(
    actual: int | None, target: int | None, share: float | None, days: int, light: Light
) -> None:
    assert light_of(actual, target, share, days) is light


def test_a_trend_needs_two_years_and_more_than_five_per_cent() -> None:
    assert trend_of({2020: 10.0}) is Trend.UNKNOWN
    assert trend_of({2020: 100.0, 2021: 105.0}) is Trend.FLAT
    assert trend_of({2020: 100.0, 2022: 120.0}) is Trend.UP
    assert trend_of({2020: 100.0, 2022: 0.0}) is Trend.DOWN


# --- Projection -----------------------------------------------------------------------------


def test_the_projection_is_that_of_the_textbook_by_hand() -> None:
    """Drift 5; residuals 5 and -5; sigma = sqrt(50 / 1); two steps: sqrt(2 * (1 + 2 / 2))."""
    ahead = project({2020: 10, 2021: 20, 2022: 20}, 2024)
    assert ahead is not None
    assert (ahead.value, ahead.drift) == (30, 5)
    assert ahead.high - ahead.value == pytest.approx(T80[0] * 50**0.5 * 2)
    assert ahead.low == 0  # a count


def test_a_missing_year_is_no_increment_of_one_year() -> None:
    ahead = project({2018: 10, 2020: 20, 2022: 30}, 2023)
    assert ahead is not None
    assert (ahead.value, ahead.low, ahead.high) == (35, 35, 35)


def test_two_points_or_a_year_that_is_past_are_not_projected() -> None:
    assert project({2020: 1, 2021: 2}, 2024) is None
    assert project({2020: 1, 2021: 2, 2022: 3}, 2022) is None
