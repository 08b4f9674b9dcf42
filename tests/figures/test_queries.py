"""What a figure is the sum of, and what it leaves out, on any window."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from danbe.core.models import Place
from danbe.figures import actions
from danbe.figures.models import Breakdown, Definition, Observation, Overlap, PublishedFigure
from danbe.figures.queries import (
    explanations,
    figure_rows,
    key_labels,
    series,
    sources,
    table,
    totals,
    years_with_data,
)
from danbekit.dates import Window
from tests.conftest import Cast
from tests.figures.makers import accepted, content, line

pytestmark = pytest.mark.django_db

VICTIMS, BEDS, FILES = "victims_identified", "shelter_places", "investigation_files"
YEAR, APRIL = Window.calendar_year(2024), Window.april_year(2024)
QUARTERS = [Window.quarter(2024, n) for n in (1, 2, 3, 4)]
KAYES, KITA, BAMAKO = "kayes-2023", "kita", "bamako"
CERCLE = "cercle-kayes-2023"
SECRETARIAT_SAYS = "Note du secrétariat."


def figure_of(code: str, window: Window = YEAR, place: str = "") -> Any:
    region = Place.objects.get(pk=place) if place else None
    return totals(window, [Definition.objects.get(pk=code)], region)[code]


def split(code: str, by: str, window: Window = YEAR, place: str = "") -> Any:
    region = Place.objects.get(pk=place) if place else None
    return table(Definition.objects.get(pk=code), window, by, region)


def parts_of(told: Any) -> dict[str, int]:
    return {row.key: row.value for row in told.rows if row.value is not None}


@pytest.fixture
def esther(cast: Cast) -> Any:
    """The secretariat enters what comes on paper, for any body."""
    return cast.esther


def enter(esther: Any, body: str, window: Window, **lines: Any) -> Any:
    return accepted(esther, esther, content(**lines), body=body, window=window)


# --- Any returns at all ---------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One line of one return of one body."""

    body: str
    window: Window  # of the return
    place: str
    dates: Window  # of the line, inside the window
    total: int
    parts: tuple[tuple[str, int], ...]  # sex and age


@st.composite
def a_line(draw: Any, body: str, window: Window, place: str) -> Said:
    total = draw(st.integers(0, 400))
    left, parts = total, []
    for key in draw(st.lists(st.sampled_from(["female.child", "male.adult"]), unique=True)):
        value = draw(st.integers(0, left))
        parts.append((key, value))
        left -= value
    dates = window
    if draw(st.booleans()):  # an event of one day
        day = window.start + datetime.timedelta(
            days=draw(st.integers(0, (window.end - window.start).days))
        )
        dates = Window(day, day)
    return Said(body, window, place, dates, total, tuple(parts))


@st.composite
def a_nation(draw: Any, rhythms: Any = ("year", "quarters")) -> list[Said]:
    """What three bodies said of 2024, each by year or by quarter, with gaps."""
    lines: list[Said] = []
    for body in ("MPFEF", "BRTMTEH", "SINJIYA"):
        rhythm = draw(st.sampled_from(rhythms))
        windows = (
            [YEAR] if rhythm == "year" else draw(st.lists(st.sampled_from(QUARTERS), unique=True))
        )
        for window in windows:
            for place in draw(
                st.lists(st.sampled_from(["ML", KAYES, CERCLE, BAMAKO]), unique=True, max_size=3)
            ):
                lines.append(draw(a_line(body, window, place)))
    return lines


def enter_all(esther: Any, lines: list[Said]) -> None:
    """The returns that say so, through their whole life."""
    for body, window in sorted({(one.body, one.window) for one in lines}):
        typed = [
            line(
                str(one.total),
                one.place,
                since=one.dates.start.isoformat(),
                until=one.dates.end.isoformat(),
                sex_age={key: str(value) for key, value in one.parts},
                explanation=SECRETARIAT_SAYS,
            )
            for one in lines
            if (one.body, one.window) == (body, window)
        ]
        enter(esther, body, window, **{VICTIMS: typed})


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is gone after: one example does not see the one before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


any_example = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@any_example
@given(lines=a_nation())
def test_a_figure_is_the_sum_of_what_lies_wholly_inside_its_window(
    esther: Any, lines: list[Said]
) -> None:
    with undone():
        enter_all(esther, lines)
        for window in (YEAR, APRIL, *QUARTERS, Window.month(2024, 5)):
            inside = [one for one in lines if window.contains(one.dates)]
            across = {
                (one.body, one.window)
                for one in lines
                if window.overlaps(one.dates) and not window.contains(one.dates)
            }
            figure = figure_of(VICTIMS, window)
            assert figure.value == (sum(one.total for one in inside) if inside else None)
            assert figure.n_bodies == len({one.body for one in inside})
            assert figure.n_straddling == len(across)


@any_example
@given(lines=a_nation())
def test_the_parts_never_say_more_than_the_total_and_the_rest_is_shown(
    esther: Any, lines: list[Said]
) -> None:
    with undone():
        enter_all(esther, lines)
        for window in (YEAR, QUARTERS[0]):
            for by in ("sex_age", "sex", "age", "form", "region", "organisation"):
                told = split(VICTIMS, by, window)
                said = sum(row.value or 0 for row in told.rows)
                assert said <= (told.figure.value or 0)
                assert said + told.unexplained == (told.figure.value or 0)


@any_example
@given(lines=a_nation(rhythms=("quarters",)))
def test_a_year_cut_in_quarters_has_the_same_total(esther: Any, lines: list[Said]) -> None:
    with undone():
        enter_all(esther, lines)
        quarters = [figure_of(VICTIMS, quarter).value for quarter in QUARTERS]
        known = [value for value in quarters if value is not None]
        assert figure_of(VICTIMS).value == (sum(known) if known else None)


@any_example
@given(lines=a_nation())
def test_a_place_adds_up_to_what_lies_in_it(esther: Any, lines: list[Said]) -> None:
    with undone():
        enter_all(esther, lines)
        by_region = split(VICTIMS, "region")
        assert by_region.unexplained == 0
        for row in by_region.rows:
            if row.key:
                region = figure_of(VICTIMS, place=row.key)
                assert region.value == row.value
                inner = split(VICTIMS, "region", place=row.key)
                assert sum(parts_of(inner).values()) == (region.value or 0)
                assert inner.unexplained == 0


@any_example
@given(lines=a_nation())
def test_the_history_says_of_each_year_what_its_figure_says(
    esther: Any, lines: list[Said]
) -> None:
    with undone():
        enter_all(esther, lines)
        definition = Definition.objects.get(pk=VICTIMS)
        for kind, year_of in (("calendar", Window.calendar_year), ("april", Window.april_year)):
            for point in series(definition, 2023, 2025, kind):
                figure = figure_of(VICTIMS, point.window)
                assert point.window == year_of(point.window.start.year)
                assert point.value == figure.value
                assert point.n_straddling == figure.n_straddling


@any_example
@given(numbers=st.lists(st.one_of(st.none(), st.integers(0, 90)), min_size=4, max_size=4))
def test_a_stock_is_the_last_number_given_and_never_a_sum(
    esther: Any, numbers: list[int | None]
) -> None:
    with undone():
        for quarter, number in zip(QUARTERS, numbers, strict=True):
            if number is not None:
                beds = line(str(number), KAYES, explanation=SECRETARIAT_SAYS)
                enter(esther, "MPFEF", quarter, **{BEDS: beds})
        known = [number for number in numbers if number is not None]
        last = known[-1] if known else None
        assert figure_of(BEDS).value == last
        assert figure_of(BEDS, place=KAYES).value == last
        assert figure_of(BEDS, QUARTERS[0]).value == numbers[0]
        assert [p.value for p in series(Definition.objects.get(pk=BEDS), 2024, 2024)] == [last]


# --- One rule a sentence --------------------------------------------------------------------


def test_no_data_is_none_and_a_zero_that_was_typed_is_zero(esther: Any) -> None:
    enter(esther, "MPFEF", YEAR, **{VICTIMS: line("0", KAYES)})
    assert figure_of(VICTIMS).value == 0
    assert figure_of(VICTIMS, place=KAYES).value == 0
    assert figure_of(VICTIMS, place=BAMAKO).value is None
    assert figure_of("migrants_assisted").value is None
    silent = {row.key: row.value for row in split(VICTIMS, "region").rows}
    assert silent[KAYES] == 0
    assert silent[BAMAKO] is None


def test_a_yearly_total_is_never_cut_for_april_to_march_and_the_return_is_counted_as_left_out(
    esther: Any,
) -> None:
    enter(esther, "MPFEF", YEAR, **{VICTIMS: [line("20", KAYES), line("5", BAMAKO)]})
    enter(esther, "SINJIYA", Window.quarter(2024, 2), **{VICTIMS: line("7", KAYES)})
    assert figure_of(VICTIMS).value == 32
    april = figure_of(VICTIMS, APRIL)
    assert (april.value, april.n_straddling) == (7, 1)  # one return, though two of its lines


def test_a_body_that_is_late_keeps_its_last_beds_in_the_stock(esther: Any) -> None:
    enter(esther, "MPFEF", QUARTERS[2], **{BEDS: line("40", KAYES)})
    enter(esther, "SINJIYA", QUARTERS[3], **{BEDS: line("12", BAMAKO)})
    figure = figure_of(BEDS)
    assert (figure.value, figure.n_bodies, figure.n_straddling) == (52, 2, 0)


def test_the_stock_of_31_december_counts_in_a_year_from_april_to_march(esther: Any) -> None:
    enter(esther, "MPFEF", YEAR, **{BEDS: line("40", KAYES)})
    assert figure_of(BEDS, APRIL).value == 40
    assert figure_of(BEDS, Window.april_year(2023)).value is None


def test_beds_moved_to_another_region_leave_the_first_one(esther: Any) -> None:
    enter(esther, "MPFEF", QUARTERS[0], **{BEDS: line("40", KAYES)})
    moved = line("40", BAMAKO, explanation="Déménagement.")
    enter(esther, "MPFEF", QUARTERS[1], **{BEDS: moved})
    assert figure_of(BEDS, place=KAYES).value is None
    assert figure_of(BEDS, place=BAMAKO).value == 40
    assert parts_of(split(BEDS, "region")) == {BAMAKO: 40}


def test_several_definitions_are_asked_at_once_flows_and_stocks(esther: Any) -> None:
    enter(esther, "MPFEF", YEAR, **{VICTIMS: line("9", KAYES), BEDS: line("40", KAYES)})
    found = totals(YEAR)
    assert len(found) == Definition.objects.count()
    assert (found[VICTIMS].value, found[BEDS].value) == (9, 40)
    assert found["migrants_assisted"].value is None


def test_more_than_stays_with_the_number_wherever_it_goes(esther: Any) -> None:
    enter(esther, "MPFEF", YEAR, persons_sensitised=line("plus de 36 000", KAYES))
    enter(esther, "SINJIYA", YEAR, persons_sensitised=line("100", BAMAKO))
    figure = figure_of("persons_sensitised")
    assert (figure.value, figure.at_least) == (36_100, True)
    rough = {row.key: row.at_least for row in split("persons_sensitised", "region").rows}
    assert rough[KAYES]
    assert not rough[BAMAKO]
    assert series(figure.definition, 2024, 2024)[0].at_least


def test_430_persons_of_whom_404_are_split_leave_26_not_broken_down(esther: Any) -> None:
    said = line(
        "430",
        sex_age={"male.unknown": "291", "female.unknown": "113"},
        explanation="26 personnes non ventilées.",
    )
    enter(esther, "COURS", YEAR, persons_investigated=said)
    told = split("persons_investigated", "sex_age")
    assert parts_of(told) == {"male.unknown": 291, "female.unknown": 113}
    assert told.unexplained == 26
    assert parts_of(split("persons_investigated", "sex")) == {"male": 291, "female": 113}
    found = explanations(told.figure.definition, YEAR)
    assert [(one.text, one.organisations) for one in found] == [
        ("26 personnes non ventilées.", ("COURS",))
    ]


def test_a_total_that_nobody_split_is_wholly_not_broken_down(esther: Any) -> None:
    enter(esther, "MPFEF", YEAR, **{VICTIMS: line("9", KAYES)})
    assert split(VICTIMS, "form").unexplained == 9
    assert split(VICTIMS, "region").unexplained == 0


def test_explanations_are_not_listed_when_they_are_too_many_to_be_read(
    esther: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("danbe.figures.queries.MOST_EXPLAINED", 1)
    for body in ("MPFEF", "SINJIYA"):
        said = line("9", KAYES, form={"ForcedLabour": "2"}, explanation="Autres formes inconnues.")
        enter(esther, body, YEAR, **{VICTIMS: said})
    assert explanations(Definition.objects.get(pk=VICTIMS), YEAR) == []


def test_a_region_of_before_2023_stands_apart_from_that_of_today(esther: Any) -> None:
    enter(esther, "MPFEF", Window.calendar_year(2019), **{VICTIMS: line("4", "kayes")})
    enter(esther, "SINJIYA", Window.calendar_year(2023), **{VICTIMS: line("6", KAYES)})
    in_2019 = split(VICTIMS, "region", Window.calendar_year(2019))
    assert parts_of(in_2019) == {"kayes": 4}
    assert len([row for row in in_2019.rows if row.key]) == 11
    both = split(VICTIMS, "region", Window(datetime.date(2019, 1, 1), datetime.date(2023, 12, 31)))
    assert parts_of(both) == {"kayes": 4, KAYES: 6}
    assert next(row.note for row in both.rows if row.key == "kayes")


def test_a_nation_wide_number_is_a_row_of_its_own_and_not_a_region(esther: Any) -> None:
    enter(esther, "MPFEF", YEAR, **{VICTIMS: line("629", "ML")})
    told = split(VICTIMS, "region")
    assert parts_of(told) == {"": 629}
    assert figure_of(VICTIMS, place=KAYES).value is None


def test_a_cercle_is_asked_by_itself_and_counts_in_its_region(esther: Any) -> None:
    said = [line("3", CERCLE), line("5", KAYES, explanation="Hors du cercle de Kayes.")]
    enter(esther, "MPFEF", YEAR, **{VICTIMS: said})
    assert figure_of(VICTIMS, place=CERCLE).value == 3
    assert figure_of(VICTIMS, place=KAYES).value == 8
    inner = {row.key: row.value for row in split(VICTIMS, "region", place=KAYES).rows}
    assert inner == {CERCLE: 3, "": 5}


def test_a_gold_site_counts_in_its_cercle_and_in_its_region(esther: Any) -> None:
    site = Place.objects.create(
        code="site-test", level="site", parent_id=CERCLE, name_fr="Site d’or (fictif)"
    )
    note = "Hors du site."
    said = [line("3", site.pk), line("4", CERCLE, explanation=note)]
    enter(esther, "MPFEF", YEAR, **{VICTIMS: said})
    inner = split(VICTIMS, "region", place=KAYES)
    assert {row.key: row.value for row in inner.rows} == {CERCLE: 7}
    assert figure_of(VICTIMS, place=CERCLE).value == 7
    assert figure_of(VICTIMS, place=site.pk).value == 3


def test_a_number_set_aside_as_the_same_fact_leaves_the_total_and_stays_in_the_sources(
    esther: Any,
) -> None:
    kept = enter(esther, "MPFEF", YEAR, **{VICTIMS: line("40", KAYES)})
    enter(esther, "SINJIYA", YEAR, **{VICTIMS: line("40", KAYES)})
    assert figure_of(VICTIMS).value == 80
    overlap = Overlap.objects.get()
    actions.decide_overlap(esther, overlap, status="same", kept=kept.pk, note="Liste comparée.")
    assert figure_of(VICTIMS).value == 40
    definition = Definition.objects.get(pk=VICTIMS)
    assert [row.counted for row in sources(definition, YEAR)] in ([True, False], [False, True])


def test_a_queried_return_leaves_the_figures_at_once(esther: Any) -> None:
    row = enter(esther, "MPFEF", YEAR, **{VICTIMS: line("40", KAYES)})
    actions.query_return(esther, row, note="Quel mois ?")
    assert figure_of(VICTIMS).value is None
    assert not figure_rows([Definition.objects.get(pk=VICTIMS)], YEAR).exists()


def test_the_sources_of_a_figure_include_what_was_left_out(esther: Any) -> None:
    enter(esther, "MPFEF", YEAR, **{VICTIMS: line("20", KAYES)})
    enter(esther, "SINJIYA", Window.quarter(2024, 2), **{VICTIMS: line("7", BAMAKO)})
    definition = Definition.objects.get(pk=VICTIMS)
    assert {row.value for row in sources(definition, APRIL)} == {20, 7}
    assert [row.value for row in sources(definition, APRIL, Place.objects.get(pk=BAMAKO))] == [7]


def test_a_code_that_left_its_list_is_still_shown(esther: Any) -> None:
    enter(esther, "MPFEF", YEAR, **{VICTIMS: line("9", KAYES, form={"ForcedLabour": "9"})})
    Observation.objects.filter(breakdown=Breakdown.FORM).update(key="OldForm")
    assert parts_of(split(VICTIMS, "form")) == {"OldForm": 9}


def test_citizenships_are_listed_from_the_most_frequent(esther: Any) -> None:
    said = line("9", KAYES, citizenship={"BF": "2", "NG": "7"})
    enter(esther, "MPFEF", YEAR, **{VICTIMS: said})
    assert [row.key for row in split(VICTIMS, "citizenship").rows] == ["NG", "BF"]


def test_labels_are_those_of_the_language_of_the_reader() -> None:
    definition = Definition.objects.get(pk=VICTIMS)
    with translation.override("fr"):
        french = key_labels(definition, "sex")["female"]
    with translation.override("en"):
        english = key_labels(definition, "sex")["female"]
    assert french != english
    assert len(key_labels(definition, "sex_age")) == 12


def test_the_years_with_data_are_those_of_accepted_returns(esther: Any) -> None:
    assert years_with_data() is None
    enter(esther, "MPFEF", Window.calendar_year(2019), **{VICTIMS: line("4", "kayes")})
    enter(esther, "MPFEF", YEAR, **{VICTIMS: line("5", KAYES)})
    assert years_with_data() == (2019, 2024)


# --- The published past ---------------------------------------------------------------------


def publish(window: Window, value: int | None = 5, **more: Any) -> PublishedFigure:
    told = {"source_table": "test", "year_label": window.code, "reporter": "Presse"}
    told |= {"definition_id": VICTIMS, "start": window.start, "end": window.end}
    row: PublishedFigure = PublishedFigure.objects.create(
        value=value, status="published", **(told | more)
    )
    return row


@pytest.fixture
def unpublished(db: None) -> None:
    PublishedFigure.objects.all().delete()


@pytest.mark.usefixtures("unpublished")
def test_a_published_figure_stands_in_the_year_that_holds_most_of_its_days() -> None:
    publish(YEAR)
    publish(Window.april_year(2022))
    found = {p.window.code: len(p.published) for p in history("calendar")}
    assert found == {"2021": 0, "2022": 1, "2023": 0, "2024": 1}


@pytest.mark.usefixtures("unpublished")
def test_a_calendar_year_is_not_shown_among_years_from_april_to_march() -> None:
    publish(YEAR)
    april = publish(Window.april_year(2022))
    assert [p for point in history("april") for p in point.published] == [april]


@pytest.mark.usefixtures("unpublished")
def test_sums_of_several_years_and_parts_belong_to_no_year_of_the_history() -> None:
    publish(Window(datetime.date(2021, 1, 1), datetime.date(2023, 12, 31)))
    publish(YEAR, breakdown="sex_age", sex="female")
    assert not any(point.published for point in history("calendar"))


@pytest.mark.usefixtures("unpublished")
def test_a_number_below_five_keeps_its_words_and_is_never_guessed() -> None:
    publish(YEAR, value=None, raw_text="<5")
    (told,) = history("calendar")[-1].published
    assert (told.value, told.raw_text) == (None, "<5")


@pytest.mark.usefixtures("unpublished")
def test_what_was_published_of_the_nation_is_not_shown_for_a_region() -> None:
    publish(YEAR)
    region = Place.objects.get(pk=KAYES)
    points = series(Definition.objects.get(pk=VICTIMS), 2021, 2024, region=region)
    assert not any(point.published for point in points)


def history(kind: str) -> Any:
    return series(Definition.objects.get(pk=VICTIMS), 2021, 2024, kind)
