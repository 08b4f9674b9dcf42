"""A figure as a file: complete by itself, and no text of it can run."""

import csv
import datetime
import io
import zipfile

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.exchange.figure_table import COLUMNS, FigureTable, SourceLine, to_csv, to_xlsx
from danbe.figures.models import Definition
from danbe.figures.queries import Figure, Row, Table
from danbekit.dates import Window

YEAR = Window.calendar_year(2024)
ATTACKS = ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=cmd|" /C calc"!A0']


def told(label: str = "Kayes", note: str = "", organisation: str = "Sinjiya") -> FigureTable:
    """Ten victims, of whom seven in a place of this name; silence elsewhere."""
    definition = Definition(
        code="victims_identified",
        number="P2.02",
        label_fr="Victimes identifiées",
        unit="victim",
        sentence_fr="Une phrase.",
        example_fr=note,
    )
    figure = Figure(definition, YEAR, value=10, at_least=True, n_bodies=1)
    rows = (Row("kayes", label, 7, note), Row("gao", "Gao", None))
    source = SourceLine(organisation, YEAR, "Kayes", 7, "Compté", note)
    return FigureTable(
        Table(figure, "region", rows, 3),
        "victimes",
        "Tout le pays",
        "Par lieu",
        "CNCLCTPA",
        datetime.date(2026, 11, 24),
        (source,),
        (note,) if note else (),
    )


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_every_row_of_the_csv_says_what_when_where_and_in_what_unit() -> None:
    rows = rows_of(to_csv(told()))
    assert list(rows[0]) == list(COLUMNS)
    for row in rows:
        assert (row["definition"], row["unit"]) == ("victims_identified", "victimes")
        assert (row["start"], row["end"]) == ("2024-01-01", "2024-12-31")
    assert [(row["key"], row["value"], row["is_no_data"]) for row in rows] == [
        ("", "10", "0"),
        ("kayes", "7", "0"),
        ("gao", "", "1"),
        ("", "3", "0"),
    ]
    assert (rows[0]["is_at_least"], rows[0]["sources"]) == ("1", "Sinjiya")


def test_the_csv_opens_with_its_accents_in_a_spreadsheet() -> None:
    data = to_csv(told("Ségou"))
    assert data.startswith(b"\xef\xbb\xbf")
    assert rows_of(data)[1]["label"] == "Ségou"


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_the_csv_begins_like_a_formula(attack: str) -> None:
    data = to_csv(told(attack, attack, attack)).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(data, newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_the_workbook_is_a_formula_or_a_link(attack: str) -> None:
    data = to_xlsx(told(attack, f"http://example.org {attack}", attack))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        sheets = "".join(file.read(n).decode() for n in file.namelist() if "worksheets" in n)
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets


def test_the_workbook_keeps_numbers_as_numbers_and_silence_as_words() -> None:
    with translation.override("en"):
        book = openpyxl.load_workbook(io.BytesIO(to_xlsx(told())))
    table, sources, notes = book.worksheets
    cells = {row[0]: row[1] for row in table.iter_rows(values_only=True) if row[0]}
    assert (cells["Kayes"], cells["Gao"], cells["Not broken down"]) == (7, "no data", 3)
    assert cells["Total"] == 10
    assert [row[0] for row in sources.iter_rows(min_row=2, values_only=True)] == ["Sinjiya"]
    assert "What is counted" in {row[0] for row in notes.iter_rows(values_only=True)}


def test_a_number_that_the_reader_may_not_see_is_not_in_the_file() -> None:
    hidden = SourceLine("Sinjiya", YEAR, "Kayes", None, "Compté")
    table = told()
    data = to_xlsx(FigureTable(table.table, *_rest(table), (hidden,)))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    assert sheet["E2"].value is None


def _rest(table: FigureTable) -> tuple[str, str, str, str, datetime.date]:
    return table.unit, table.place, table.by, table.body, table.made_on


@settings(max_examples=60, deadline=None)
@given(
    label=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))),
    note=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))),
)
def test_any_text_goes_into_both_files_and_comes_back(label: str, note: str) -> None:
    row = rows_of(to_csv(told(label, note)))[1]
    assert row["label"].removeprefix("'") == label.removeprefix("'")
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(told(label, note)))).worksheets[0]
    found = {str(cell.value) for cell in sheet["A"] if cell.value is not None}
    assert label in found or not label
