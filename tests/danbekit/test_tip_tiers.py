"""The rules of the tiers, on the published tiers of Mali and on countries made for the test."""

import csv
from pathlib import Path

import pytest

from danbekit.errors import UnknownCode
from danbekit.tip_tiers import Answer, Placed, read_tiers

TABLE = Path(__file__).resolve().parents[2] / "src/danbe/data/mali/tip_tiers.csv"


def mali() -> dict[int, Placed]:
    with open(TABLE, encoding="utf-8", newline="") as file:
        return {
            int(row["tip_report_year"]): Placed(row["tier_code"], row["status"] == "inferred")
            for row in csv.DictReader(file)
            if row["status"] != "gap"
        }


def test_mali_was_on_the_list_four_editions_before_the_downgrade_of_2017():
    reading = read_tiers(mali(), 2017)
    assert reading.run.years == (2013, 2014, 2015, 2016)
    assert reading.run.inferred == (2013, 2014)
    assert reading.run.is_exact
    assert reading.two_year_rule is Answer.YES


def test_mali_left_tier_3_in_2018_and_rose_from_the_watch_list_to_tier_2_in_2023():
    known = mali()
    assert [known[y].tier for y in (2017, 2018)] == ["T3", "T2WL"]
    assert [known[y].tier for y in (2022, 2023)] == ["T2WL", "T2"]
    assert read_tiers(known, 2018).watch_list_after_tier_3 is Answer.YES


def test_for_the_edition_of_2024_the_count_of_mali_starts_again_from_zero():
    reading = read_tiers(mali(), 2024)
    assert reading.before == Placed("T2")
    assert reading.run.least == 0
    assert reading.two_year_rule is Answer.NO
    assert reading.interim is Answer.NO
    assert reading.blocked_by == ()


def test_the_downgrade_of_2017_limits_a_return_to_the_list_and_rests_on_inferred_years():
    reading = read_tiers(mali(), 2024)
    assert reading.after_downgrade is Answer.YES
    assert reading.downgrade_years == (2013, 2014, 2015, 2016, 2017)
    assert reading.inferred == (2013, 2014)


def test_the_unknown_year_2020_leaves_the_length_of_the_run_of_2022_open():
    reading = read_tiers(mali(), 2023)
    assert reading.run.years == (2021, 2022)
    assert not reading.run.is_exact
    assert reading.two_year_rule is Answer.YES  # two years are certain, a third is not needed
    assert reading.blocked_by == (2020,)


def test_one_known_year_after_an_unknown_one_says_nothing_of_two_years():
    reading = read_tiers(mali(), 2022)
    assert reading.run.years == (2021,)
    assert reading.two_year_rule is Answer.BLOCKED
    assert reading.blocked_by == (2020,)


def test_an_unknown_edition_before_blocks_every_answer_that_needs_it():
    reading = read_tiers(mali(), 2025)
    assert reading.before is None
    assert {reading.two_year_rule, reading.interim, reading.watch_list_after_tier_3} == {
        Answer.BLOCKED
    }
    assert reading.blocked_by == (2024,)


def test_what_came_later_is_not_known_of_an_earlier_edition():
    known = mali()
    assert read_tiers(known, 2017).downgrade_years == ()
    assert read_tiers(known, 2017) == read_tiers({y: known[y] for y in range(2009, 2017)}, 2017)


def test_tier_2_after_tier_3_is_on_the_special_list_and_an_interim_assessment_follows():
    known = {2020: Placed("T3"), 2021: Placed("T2")}
    assert read_tiers(known, 2021).watch_list_after_tier_3 is Answer.YES
    assert read_tiers(known, 2022).interim is Answer.YES
    assert read_tiers({2021: Placed("T2")}, 2022).interim is Answer.BLOCKED


def test_a_tier_that_the_law_does_not_know_is_refused():
    with pytest.raises(UnknownCode):
        Placed("T4")
