"""What was typed becomes numbers, or a problem that says where and what to do."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.figures.content import (
    MAX_EXPLANATION,
    MAX_LINES,
    MAX_TEXT,
    Before,
    Problem,
    asked_of,
    is_blank,
    normal,
    parse,
    place_labels,
    read_date,
    read_number,
    vocabulary,
)
from danbekit.dates import Window, format_number
from tests.figures.makers import YEAR, content, line, read

pytestmark = pytest.mark.django_db


def codes(problems: list[Problem]) -> list[tuple[str, str]]:
    """Where and what."""
    return [(p.path, p.code) for p in problems]


# --- Numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "at_least"),
    [
        ("0", 0, False),
        ("430", 430, False),
        (" 430 ", 430, False),
        ("36 000", 36_000, False),
        ("36\u202f000", 36_000, False),
        ("36.000", 36_000, False),
        ("2 992 000 000", 2_992_000_000, False),
        ("36 000+", 36_000, True),
        ("36 000 +", 36_000, True),
        ("plus de 36 000", 36_000, True),
        ("Plus de 36\u00a0000", 36_000, True),
        ("≥ 5", 5, True),
        ("more than 12", 12, True),
        (7, 7, False),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: object, value: int, at_least: bool) -> None:
    assert read_number(typed) == (value, at_least)


@pytest.mark.parametrize("typed", ["", "   ", None])
def test_an_empty_field_is_no_number_and_not_zero(typed: object) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize(
    "typed",
    "douze|-3|−3|12,5|1.5|12 13|3 4567|1e5|0x10|=2+2|12 victimes|+|plus de|½|".split("|")[:-1],
)
def test_anything_else_is_refused_rather_than_guessed(typed: str) -> None:
    with pytest.raises(ValueError, match=re.escape(typed)):
        read_number(typed)


@pytest.mark.parametrize("typed", ["9" * 20, "1" * 10_000])
def test_a_number_too_large_to_be_true_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^\d+$"):
        read_number(typed)


@given(st.integers(0, 10**13), st.sampled_from(["fr", "en"]))
def test_what_danbe_prints_it_reads_back(number: int, language: str) -> None:
    assert read_number(format_number(number, language)) == (number, False)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read = read_number(text)
    except ValueError:
        return
    assert read is None or 0 <= read[0] <= 10**13


def test_dates_are_read_in_both_ways_people_write_them() -> None:
    assert read_date("2024-03-05") == read_date("5/3/2024") == datetime.date(2024, 3, 5)
    for text in ("31/02/2024", "mars 2024", "2024"):
        with pytest.raises(ValueError, match=r"day|format"):
            read_date(text)


# --- Lines ----------------------------------------------------------------------------------


def test_a_line_is_read_with_its_place_its_window_and_its_parts() -> None:
    parsed = read(
        content(
            victims_identified=line(
                "404",
                "kayes-2023",
                sex_age={"male.adult": "291", "female.adult": "113"},
                form={"ForcedLabour": "404"},
            )
        )
    )
    assert parsed.problems == []
    (one,) = parsed.lines
    assert (one.place.pk, one.window, one.total) == ("kayes-2023", YEAR, 404)
    assert one.sums == {"sex_age": 404, "form": 404}
    assert {cell.sex_age for cell in one.cells} == {
        ("male", "adult"),
        ("female", "adult"),
        ("", ""),
    }


def test_430_persons_against_404_is_shown_with_the_26_missing_and_may_be_kept() -> None:
    parts = {"male.unknown": "291", "female.unknown": "113"}
    silent = read(content(persons_investigated=line("430", sex_age=parts)), kind="justice")
    (problem,) = silent.problems
    assert (problem.code, problem.is_error) == ("parts_short", False)
    assert problem.path == "lines.persons_investigated.0.explanation"
    assert all(n in problem.text for n in ("404", "430", "26"))

    told = line("430", sex_age=parts, explanation="26 sans sexe connu")
    kept = read(content(persons_investigated=told), kind="justice")
    assert kept.problems == []
    (problem,) = kept.kept
    assert problem.explanation == "26 sans sexe connu"
    assert kept.lines[0].total == 430


def test_parts_may_never_exceed_their_total() -> None:
    parts = {"male.adult": "3", "female.adult": "3"}
    parsed = read(content(victims_identified=line("5", sex_age=parts, explanation="si")))
    assert codes(parsed.errors) == [("lines.victims_identified.0.total", "parts_exceed_total")]
    rough = read(content(victims_identified=line("5+", sex_age=parts)))
    assert rough.problems == []


def test_parts_without_a_total_make_the_total() -> None:
    parts = {"male.adult": "3", "female.child": "4"}
    (one,) = read(content(victims_identified=line("", sex_age=parts))).lines
    assert one.total == 7


def test_a_total_of_more_than_36000_says_so() -> None:
    (one,) = read(content(persons_sensitised=line("plus de 36 000"))).lines
    assert (one.total, one.at_least) == (36_000, True)


def test_every_wrong_field_is_named() -> None:
    typed = content(
        victims_identified=line(
            "douze", "", sex_age={"male.adult": "-3"}, since="1823-01-01", form={"Chimera": "2"}
        )
    )
    path = "lines.victims_identified.0"
    assert codes(read(typed).errors) == [
        (f"{path}.place", "place"),
        (f"{path}.from", "date_outside"),
        (f"{path}.total", "number"),
        (f"{path}.cells.sex_age.male.adult", "number"),
        (f"{path}.cells.form.Chimera", "key"),
    ]


@pytest.mark.parametrize(
    ("since", "until", "field", "code"),
    [
        ("1823-05-01", "", "from", "date_outside"),
        ("2023-12-31", "2024-01-02", "from", "date_outside"),
        ("2024-05-02", "2024-05-01", "to", "date_order"),
        ("hier", "", "from", "date"),
        ("2024-05-01", "demain", "to", "date"),
    ],
)
def test_dates_must_lie_in_the_period(since: str, until: str, field: str, code: str) -> None:
    parsed = read(content(victims_identified=line("3", since=since, until=until)))
    assert codes(parsed.errors) == [(f"lines.victims_identified.0.{field}", code)]


def test_one_date_alone_is_an_event_of_one_day() -> None:
    day = datetime.date(2024, 3, 15)
    (one,) = read(content(victims_identified=line("3", since="15/03/2024"))).lines
    assert one.window == Window(day, day)


def test_a_place_of_another_time_is_refused() -> None:
    before = read(content(victims_identified=line("3", "kayes")), Window.calendar_year(2019))
    assert before.problems == []
    after = read(content(victims_identified=line("3", "kayes")))
    assert codes(after.errors) == [("lines.victims_identified.0.place", "place")]


def test_a_line_with_a_place_alone_says_nothing_and_one_without_a_number_is_asked_for() -> None:
    empty = content(victims_identified=line("", "kayes-2023"))
    assert is_blank(empty["lines"]["victims_identified"][0])
    assert read(empty).problems == read(empty).lines == []
    words = content(victims_identified=line("", explanation="sans chiffre"))
    assert codes(read(words).errors) == [("lines.victims_identified.0.total", "no_number")]


def test_a_figure_that_is_not_asked_of_the_body_is_refused() -> None:
    typed = content(convictions=line("8"))
    assert codes(read(typed).errors) == [("lines.convictions", "definition")]
    assert read(typed, kind="justice").problems == []


def test_the_form_asks_only_what_the_body_can_know() -> None:
    ngo = {d.code for d in asked_of("ngo", ["protection", "prosecution"])}
    assert "victims_sheltered" in ngo
    assert "convictions" not in ngo
    assert all(d.axis == "protection" for d in asked_of("ngo", ["protection"]))


def test_the_same_place_twice_is_an_error() -> None:
    twice = content(victims_identified=[line("3", "kayes-2023"), line("4", "kayes-2023")])
    assert codes(read(twice).errors) == [("lines.victims_identified.1.place", "twice")]


def test_a_wider_line_must_say_that_it_holds_only_the_rest() -> None:
    for wide in (line("100"), line("100", "kayes-2023")):
        inner = line("20", "cercle-kayes-2023")
        parsed = read(content(victims_identified=[inner, wide]))
        assert codes(parsed.warnings) == [("lines.victims_identified.1.explanation", "nested")]
        wide["explanation"] = "hors du cercle de Kayes"
        assert read(content(victims_identified=[inner, wide])).problems == []


def test_an_event_inside_a_yearly_line_of_the_same_place_must_be_explained() -> None:
    event = line("4", "gao-2016", since="2024-03-15")
    parsed = read(content(victims_identified=[line("30", "gao-2016"), event]))
    assert codes(parsed.warnings) == [("lines.victims_identified.0.explanation", "nested")]
    two = [event, line("5", "gao-2016", since="2024-06-01")]
    assert read(content(victims_identified=two)).problems == []


def test_no_data_and_figures_together_are_an_error() -> None:
    typed = content(victims_identified=line("3")) | {"no_data": ["victims_identified"]}
    assert codes(read(typed).errors) == [("lines.victims_identified", "no_data")]
    assert read({"no_data": ["victims_identified"]}).problems == []


@pytest.mark.parametrize(
    ("before", "now", "asked"),
    [
        (100, 500, True),
        (500, 100, True),
        (100, 499, False),
        (0, 12, True),
        (1, 6, False),
        (0, 0, False),
        (300, 0, True),
    ],
)
def test_a_jump_by_five_or_more_since_the_last_return_is_asked_about(
    before: int, now: int, asked: bool
) -> None:
    past = {"victims_identified": Before(before, Window.calendar_year(2023))}
    parsed = read(content(victims_identified=line(str(now))), before=past)
    assert [p.code for p in parsed.warnings] == (["jump"] if asked else [])
    told = content(victims_identified=line(str(now), explanation="opération de mars"))
    assert read(told, before=past).problems == []


def test_long_texts_are_kept_and_said_to_be_too_long() -> None:
    typed = content(victims_identified=line("3", explanation="é" * 10_000))
    typed |= {"narrative": {"protection": "x" * (MAX_TEXT + 1)}, "difficulties": "x" * MAX_TEXT}
    assert codes(read(typed).errors) == [
        ("lines.victims_identified.0.explanation", "too_long"),
        ("narrative.protection", "too_long"),
    ]
    assert MAX_EXPLANATION < 10_000


def test_too_many_lines_are_said_not_dropped_in_silence() -> None:
    many = [line(str(n), "", since="2024-01-01") for n in range(MAX_LINES + 1)]
    assert ("lines.victims_identified", "too_many") in codes(
        read(content(victims_identified=many)).errors
    )


def test_reading_never_fails_on_what_a_person_typed() -> None:
    known = vocabulary(YEAR, asked_of("ministry", ["protection"]))
    cell = st.text(max_size=12) | st.sampled_from(["3", "12", "36 000+", "-1"])
    cells = st.dictionaries(
        st.sampled_from(["sex_age", "form", "citizenship", "zodiac"]),
        st.dictionaries(st.sampled_from(["male.adult", "female.child", "ML", "x.y.z"]), cell),
    )
    typed_line = st.fixed_dictionaries(
        {"place": cell | st.sampled_from(["ML", "kayes-2023"]), "cells": cells},
        optional={"total": cell, "from": cell, "to": cell, "explanation": cell},
    )

    @given(st.lists(typed_line, max_size=3), st.lists(cell, max_size=2))
    def holds(lines: list[dict[str, object]], no_data: list[str]) -> None:
        said = {"victims_identified": lines, "unknown_figure": lines}
        parsed = parse({"lines": said, "no_data": no_data}, known)
        for one in parsed.lines:
            assert one.total >= 0
            wrong = {p.path for p in parsed.errors}
            if f"{one.path}.total" not in wrong and not one.at_least:
                assert all(parts <= one.total for parts in one.sums.values())

    holds()


def test_a_line_is_kept_whole_and_without_its_empty_cells() -> None:
    raw = line(" 430 ", sex_age={"male.adult": " ", "female.adult": "3 "}, form={"x": ""})
    assert normal(raw) == {
        "place": "ML",
        "from": "",
        "to": "",
        "total": "430",
        "explanation": "",
        "cells": {"sex_age": {"female.adult": "3"}},
    }


def test_every_place_has_a_name_of_its_own_in_every_year() -> None:
    for year in (2014, 2019, 2023, 2024):
        known = vocabulary(Window.calendar_year(year), [])
        labels = place_labels(known)
        assert set(labels) == set(known.places)
        assert len(set(labels.values())) == len(labels)
        assert next(iter(labels)) == "ML"
