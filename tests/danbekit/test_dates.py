import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbekit.dates import DAY, Window, format_date, format_number
from danbekit.errors import BadWindow
from danbekit.names import fold

DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2150, 12, 31))


@given(DAYS, DAYS)
def test_a_window_is_read_back_from_its_code(one: datetime.date, other: datetime.date):
    window = Window(min(one, other), max(one, other))
    assert Window.parse(window.code) == window


@given(DAYS, DAYS, st.sampled_from([1, 3, 6, 12]))
def test_the_pieces_of_a_window_follow_one_another_and_cover_it(one, other, months):
    window = Window(min(one, other), max(one, other))
    pieces = window.split(months)
    assert (pieces[0].start, pieces[-1].end) == (window.start, window.end)
    assert all(a.end + DAY == b.start for a, b in itertools.pairwise(pieces))


@pytest.mark.parametrize(
    "text", ["", "20244", "2024-Q5", "2024-13", "1823", "2024-02-30", "an 2024"]
)
def test_what_names_no_window_is_refused(text: str):
    with pytest.raises(BadWindow):
        Window.parse(text)


def test_an_end_before_its_start_is_refused():
    with pytest.raises(BadWindow):
        Window(datetime.date(2024, 2, 1), datetime.date(2024, 1, 1))


def test_the_american_year_goes_from_april_to_march():
    window = Window.april_year(2024)
    assert window.code == "2024-04-01..2025-03-31"
    assert window.label("fr") == "du 1er avril 2024 au 31 mars 2025"
    assert not Window.calendar_year(2024).contains(window)
    assert window.contains(Window.quarter(2024, 2))


def test_windows_are_said_in_french_and_english():
    assert Window.quarter(2024, 1).label("fr") == "1er trimestre 2024"
    assert Window.quarter(2024, 2).label("fr") == "2e trimestre 2024"
    assert Window.month(2024, 8).label("fr") == "août 2024"
    assert Window.calendar_year(2024).label("en") == "year 2024"


def test_dates_and_numbers_as_they_are_written_in_bamako():
    assert format_date(datetime.date(2026, 11, 23)) == "23 novembre 2026"
    assert format_date(datetime.date(2026, 3, 1)) == "1er mars 2026"
    assert format_number(2_992_000_000) == "2\u202f992\u202f000\u202f000"
    assert format_number(2_992_000_000, "en") == "2,992,000,000"


@pytest.mark.parametrize(
    ("one", "other"),
    [("District de Bamakɔ", "district de bamako"), ("CNCLTP/PA", "cncltp pa"), ("Ségou", "SEGOU")],
)
def test_names_are_found_without_their_accents(one: str, other: str):
    assert fold(one) == fold(other)
