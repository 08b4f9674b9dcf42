"""The workbook of a plan: what goes out comes back the same, and a wrong cell is named."""

import datetime
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from danbe.core.errors import DomainError
from danbe.exchange.plan_xlsx import read_plan, write_plan
from danbe.plan.framework import (
    ActivityRow,
    Checker,
    ElementRow,
    Framework,
    IndicatorRow,
    MoneyRow,
    framework_of,
)
from danbe.plan.models import Plan
from tests.conftest import Cast
from tests.plan import makers

pytestmark = pytest.mark.django_db
PLAN = Plan(code=makers.CODE, label_fr="Plan fictif", start=makers.FIRST, end=makers.LAST)

words = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "Zs", "Sm"]), max_size=40
).map(lambda text: text.strip())
named = words.filter(bool)
amounts = st.none() | st.integers(0, 10**13)
days = st.none() | st.dates(makers.FIRST, makers.LAST)
numbers = st.integers(-(10**12), 10**12)


def some(*codes: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(codes), unique=True).map(tuple)


@st.composite
def frameworks(draw: Any) -> Framework:
    elements = (
        ElementRow("1", "axis", "", draw(st.sampled_from(["", "prevention"])), draw(named)),
        ElementRow("1.1", "objective", "1", "", draw(named), draw(words), draw(words)),
        ElementRow("1.1.1", "result", "1.1", "", draw(named), "", *draw(st.tuples(*[words] * 4))),
    )
    codes = [f"A{n}" for n in range(draw(st.integers(0, 3)))]
    activities = []
    for code in codes:
        start, end = draw(days), draw(days)
        if start and end and end < start:
            start, end = end, start
        activities.append(
            ActivityRow(
                code,
                "1.1.1",
                draw(named),
                draw(words),
                draw(st.sampled_from(["", "MPFEF"])),
                draw(some("CARITAS", "ENDA")),
                draw(some("state", "victims", "population")),
                draw(some("bamako", "kayes-2023")),
                start,
                end,
            )
        )
    money = [
        MoneyRow(code, year, "oim", draw(amounts), draw(amounts), draw(amounts))
        for code in codes
        for year in draw(st.sets(st.integers(2024, 2028)))
    ]
    targets = tuple(sorted(draw(st.dictionaries(st.integers(2024, 2028), numbers)).items()))
    indicators = [
        IndicatorRow(
            "I1", "1.1.1", draw(named), draw(words), "victims_identified", "sex_age",
            "female.child", "bamako", better=draw(st.sampled_from(["up", "down"])),
            baseline=draw(numbers), baseline_year=2023, verification=draw(words),
            targets=targets,
        ),
        IndicatorRow("I2", "1.1", draw(named), keeper="MPFEF", unit=draw(words)),
        IndicatorRow("I3", "1.1", draw(named), definition="care_completed", origin="register"),
    ]  # fmt: skip
    return Framework(elements, tuple(activities), tuple(money), tuple(indicators))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=frameworks())
def test_whatever_goes_out_comes_back_the_same(told: Framework) -> None:
    read = read_plan(PLAN, write_plan(PLAN, told))
    assert (read.cells, read.framework) == ([], told)


def test_a_framework_of_500_activities_goes_round(cast: Cast) -> None:
    plan = makers.draft(cast.esther, makers.large(500))
    read = read_plan(plan, write_plan(plan))
    assert (read.cells, read.framework) == ([], framework_of(plan))


def test_a_kept_framework_is_the_one_that_was_told(cast: Cast) -> None:
    assert framework_of(makers.draft(cast.esther)) == makers.FRAMEWORK


def altered(plan: Plan, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(write_plan(plan)))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


WRONG: dict[str, tuple[int, str, object]] = {
    "a body that does not exist": (2, "F5", "NULLEPART"),
    "a date that is none": (2, "J5", "bientôt"),
    "a day outside the plan": (2, "J6", datetime.datetime(2031, 1, 1)),
    "an unknown result": (2, "C6", "9.9"),
    "a code given twice": (2, "B6", "A1"),
    "an amount in words": (3, "E5", "vingt millions"),
    "an amount below zero": (3, "E5", -5),
    "a year outside the plan": (3, "C5", 2019),
    "a source that does not exist": (3, "D5", "mécène"),
    "a figure that does not exist": (4, "F5", "bonheur"),
    "a breakdown the figure lacks": (4, "G5", "category"),
    "a part that does not exist": (4, "H6", "female.old"),
    "a target in words": (4, "Q5", "beaucoup"),
    "a target that is a formula": (4, "Q5", "=1+1"),
    "an origin that does not exist": (4, "P5", "ailleurs"),
    "an objective under nothing": (1, "D6", "7"),
    "no name": (1, "F5", None),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_cell_is_named_by_its_address(what: str, cast: Cast) -> None:
    sheet, address, typed = WRONG[what]

    def change(book: Any) -> None:
        book.worksheets[sheet][address] = typed

    plan = makers.draft(cast.esther)
    title = openpyxl.load_workbook(io.BytesIO(write_plan(plan))).sheetnames[sheet]
    read = read_plan(plan, altered(plan, change))
    assert f"{title}!{address}" in [cell.address for cell in read.cells]


def test_the_workbook_of_another_plan_is_refused(cast: Cast) -> None:
    plan = makers.draft(cast.esther)
    other = makers.draft(cast.esther, code="2029-2033")
    with pytest.raises(DomainError, match="2029-2033") as refused:
        read_plan(plan, write_plan(other))
    assert refused.value.code == "import.plan"


def test_a_file_that_is_no_workbook_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError):
        read_plan(makers.draft(cast.esther), b"nothing of the kind")


def test_the_checker_finds_nothing_in_a_good_framework(cast: Cast) -> None:
    assert Checker(makers.draft(cast.esther), makers.FRAMEWORK).check() == []
