"""A return as a workbook: out and in again unchanged; every wrong cell named; all or nothing."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from danbe.core.errors import DomainError
from danbe.exchange.return_layout import (
    FIRST_ROW,
    LABELS_ROW,
    MAX_FILE,
    MAX_ROWS,
    known_of,
    long_splits,
)
from danbe.exchange.return_template import write_return
from danbe.exchange.return_xlsx import read_return
from danbe.figures.content import normal, place_labels
from danbe.figures.models import Axis, Return
from danbekit.dates import Window
from tests.conftest import Cast
from tests.figures.makers import content, drafted, line, opened

pytestmark = pytest.mark.django_db

Change = Callable[[openpyxl.Workbook], object]
# The columns of the sheet of an axis, as people see them.
NUMBER, PLACE, FROM, TOTAL, NO_DATA, FIRST_CELL = "B", "D", "E", "G", "H", "I"


@pytest.fixture(autouse=True)
def _french() -> Any:
    with translation.override("fr"):
        yield


def fantas(cast: Cast) -> Return:
    """A return of Fanta's ministry on one axis: a small workbook."""
    return opened(cast.fanta, axes=["protection"])


def edited(data: bytes, change: Change) -> bytes:
    """The workbook as somebody changed it in a spreadsheet, and saved it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(sheet: Any, number: str, nth: int = 0) -> int:
    """The row of a question, as the spreadsheet counts."""
    rows = [c.row for c in sheet["B"] if c.value == number and c.row > LABELS_ROW]
    return int(rows[nth])


def column_of(sheet: Any, code: str) -> str:
    """The letter of a column, by its hidden code."""
    cell = next(c for c in sheet[3] if c.value == code)
    return str(cell.column_letter)


def put(sheet: str, column: str, number: str, value: object, nth: int = 0) -> Change:
    """Write one cell of a question."""

    def change(book: openpyxl.Workbook) -> None:
        place = book[sheet]
        place[f"{column}{row_of(place, number, nth)}"] = value

    return change


def all_of(*changes: Change) -> Change:
    """Several changes."""

    def change(book: openpyxl.Workbook) -> None:
        for one in changes:
            one(book)

    return change


def refusal(row: Return, data: bytes) -> str:
    """The code with which a file is refused as a whole."""
    with pytest.raises(DomainError) as error:
        read_return(row, data)
    return error.value.code


# --- Out ------------------------------------------------------------------------------------


def test_the_workbook_has_one_sheet_an_axis_and_the_numbers_of_the_form(cast: Cast) -> None:
    row = opened(cast.fanta)
    book = openpyxl.load_workbook(io.BytesIO(write_return(row)))
    assert book.sheetnames == [
        "Lisez-moi",
        "Prévention",
        "Protection",
        "Poursuite",
        "Partenariat",
        "Pays",
        "Récit",
        "Listes",
    ]
    for axis in Axis:
        sheet = book[str(axis.label)]
        numbers = {c.value for c in sheet["B"][LABELS_ROW + 1 :] if c.value}
        asked = {d.number for d in known_of(row).definitions.values() if d.axis == axis}
        assert numbers == asked
        assert sheet.column_dimensions["A"].hidden
        assert sheet.row_dimensions[3].hidden
        assert sheet.protection.sheet
        assert sheet["B5"].protection.locked
        assert not sheet[f"{TOTAL}6"].protection.locked


def test_places_are_chosen_in_a_list(cast: Cast) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_return(fantas(cast))))
    rules = book["Protection"].data_validations.dataValidation
    assert any(f"{PLACE}6" in str(rule.sqref) and "Listes" in rule.formula1 for rule in rules)
    listed = [c.value for c in book["Listes"]["B"] if c.value]
    assert "Mali (tout le territoire)" in listed or "Mali (whole territory)" in listed
    assert len(listed) == len(set(listed))


def test_numbers_are_numbers_and_nothing_typed_becomes_a_formula(cast: Cast) -> None:
    typed = content(
        victims_identified=line("430", explanation="=HYPERLINK(1)"),
        victims_assisted=line("36 000+"),
    )
    book = openpyxl.load_workbook(
        io.BytesIO(write_return(drafted(cast.fanta, typed, axes=["protection"])))
    )
    sheet = book["Protection"]
    told = column_of(sheet, "explanation")
    at, other = row_of(sheet, "P2.02"), row_of(sheet, "P2.03")
    assert (sheet[f"{TOTAL}{at}"].value, sheet[f"{TOTAL}{other}"].value) == (430, "36 000+")
    assert sheet[f"{told}{at}"].data_type == "s"


def test_the_blank_workbook_holds_nothing_of_the_draft(cast: Cast) -> None:
    row = drafted(cast.fanta, content(victims_identified=line("430")), axes=["protection"])
    read = read_return(row, write_return(row, blank=True))
    assert (read.changes, read.cells) == ([], [])
    assert read.content["lines"] == row.content["lines"]


# --- There and back -------------------------------------------------------------------------

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" '=\n«»"),
    max_size=30,
).map(str.strip)
NUMBERS = st.integers(0, 10**9).map(str) | st.sampled_from(
    ["douze", "36 000+", "plus de 5", "-3", "0430", "=1+1", "12,5", "1e3"]
)
DATES = st.dates(
    min_value=Window.calendar_year(2024).start, max_value=Window.calendar_year(2024).end
)
DAYS = st.just("") | DATES.map(str) | st.sampled_from(["15/03/2024", "hier", "1823-01-01"])


def lines_of(row: Return) -> st.SearchStrategy[dict[str, Any]]:
    """Any content of a return, right or wrong, as the form would keep it."""
    known = known_of(row)
    places = st.sampled_from([*place_labels(known), "nulle part"])
    made: dict[str, st.SearchStrategy[Any]] = {}
    for code in ("victims_identified", "own_citizens_repatriated", "persons_trained"):
        definition = known.definitions[code]
        cells = st.fixed_dictionaries(
            {},
            optional={
                split: st.dictionaries(
                    st.sampled_from(sorted(known.keys_of(definition, split))),
                    NUMBERS,
                    min_size=1,
                    max_size=3,
                )
                for split in definition.splits
            },
        )
        one = st.builds(
            lambda place, since, until, total, cells, told: normal(
                {
                    "place": place,
                    "from": since,
                    "to": until,
                    "total": total,
                    "cells": cells,
                    "explanation": told,
                }
            ),
            places,
            DAYS,
            DAYS,
            NUMBERS,
            cells,
            TEXT,
        )
        made[code] = st.lists(
            one,
            min_size=1,
            max_size=3,
            unique_by=lambda raw: (raw["place"], raw["from"], raw["to"]),
        )
    texts = st.fixed_dictionaries({}, optional={"protection": TEXT.filter(bool)})
    return st.fixed_dictionaries(
        {
            "lines": st.fixed_dictionaries({}, optional=made),
            "no_data": st.lists(
                st.sampled_from(["victims_presumed", "migrants_assisted"]), unique=True
            ).map(sorted),
        }
    ).flatmap(lambda said: texts.map(lambda told: said | ({"narrative": told} if told else {})))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_what_goes_out_comes_back_as_it_was(cast: Cast, data: st.DataObject) -> None:
    row = Return.unscoped.filter(organisation_id=cast.fanta.organisation_id).first() or opened(
        cast.fanta, axes=["prevention", "protection"]
    )
    row.content = data.draw(lines_of(row))
    book = write_return(row)
    typed = row.content
    row.content = {}
    read = read_return(row, book)
    assert read.content["lines"] == typed["lines"]
    assert sorted(read.content["no_data"]) == typed["no_data"]
    assert read.content.get("narrative", {}) == typed.get("narrative", {})
    assert not any(cell.is_lost for cell in read.cells)


def test_a_workbook_in_french_is_read_by_who_reads_english(cast: Cast) -> None:
    typed = content(
        victims_identified=line("5", "kayes-2023", citizenship={"BF": "2"}, explanation="x")
    )
    row = drafted(cast.fanta, typed, axes=["protection"])
    data = write_return(row)
    with translation.override("en"):
        read = read_return(row, data)
    (one,) = read.content["lines"]["victims_identified"]
    assert (one["place"], one["cells"]["citizenship"]) == ("kayes-2023", {"BF": "2"})


def test_lines_added_at_the_bottom_of_the_sheet_join_their_question(cast: Cast) -> None:
    row = fantas(cast)

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Protection"]
        at = sheet.max_row
        sheet[f"{NUMBER}{at}"], sheet[f"{TOTAL}{at}"] = "P2.02", 7
        sheet[f"{PLACE}{at}"] = "Gao (région)"

    read = read_return(row, edited(write_return(row), change))
    (one,) = read.content["lines"]["victims_identified"]
    assert (one["total"], one["place"]) == ("7", "gao-2016")


def test_questions_on_which_the_file_is_silent_stay(cast: Cast) -> None:
    typed = content(victims_identified=line("3"), victims_assisted=line("9"))
    said = typed | {"no_data": ["migrants_assisted"], "difficulties": "pluie"}
    row = drafted(cast.fanta, said, axes=["protection"])
    change = all_of(
        put("Protection", PLACE, "P2.02", "Gao (région)"),
        put("Protection", TOTAL, "P2.02", 5),
        put("Protection", TOTAL, "P2.04", 8),
        put("Protection", PLACE, "P2.04", "Gao (région)"),
    )
    read = read_return(row, edited(write_return(row, blank=True), change))
    assert read.content["lines"]["victims_assisted"] == typed["lines"]["victims_assisted"]
    assert read.content["lines"]["victims_identified"][0]["total"] == "5"
    assert read.content["no_data"] == []  # a figure replaces «no data»
    assert read.content["difficulties"] == "pluie"
    told = {c.definition.number: (c.n_before, c.n_after) for c in read.changes}
    assert told == {"P2.02": (1, 1), "P2.04": (0, 1)}
    assert "migrants_assisted" in row.content["no_data"]  # nothing is kept by reading


# --- Wrong cells ----------------------------------------------------------------------------


def wrong(row: Return, *changes: Change) -> dict[str, str]:
    """Address -> message of what is wrong after these changes of a blank workbook."""
    read = read_return(row, edited(write_return(row, blank=True), all_of(*changes)))
    return {cell.address: cell.message for cell in read.errors}


def test_two_bad_cells_are_both_named_by_their_address(cast: Cast) -> None:
    row = opened(cast.fanta, axes=["prevention", "protection"])
    found = wrong(
        row,
        put("Protection", PLACE, "P2.02", "Gao (région)"),
        put("Protection", TOTAL, "P2.02", "douze"),
        put("Prévention", TOTAL, "P1.05", 30),
        put("Prévention", PLACE, "P1.05", "Tombouctoo"),
    )
    at = {"P2.02": 9, "P1.05": 18}
    assert set(found) == {f"Protection!G{at['P2.02']}", f"Prévention!D{at['P1.05']}"}
    assert "douze" in found["Protection!G9"]
    assert "Tombouctoo" in found["Prévention!D18"]
    assert Return.unscoped.get(pk=row.pk).content == {}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (TOTAL, -3),
        (TOTAL, 12.5),
        (TOTAL, "1" * 10_000),
        (TOTAL, True),
        (FROM, "1823-01-01"),
        (FROM, "hier"),
        (FROM, 45_000),
        (PLACE, ""),
        (PLACE, "Sikasso"),  # a region and a cercle: which one?
        (FIRST_CELL, "x"),
        (NO_DATA, "peut-être"),
    ],
)
def test_each_kind_of_bad_cell_is_named(cast: Cast, column: str, value: object) -> None:
    row = fantas(cast)
    good = all_of(
        put("Protection", PLACE, "P2.02", "Sikasso (région)"), put("Protection", TOTAL, "P2.02", 9)
    )
    assert wrong(row, good) == {}
    found = wrong(row, good, put("Protection", column, "P2.02", value))
    assert list(found) == [f"Protection!{column}9"]


def test_a_date_a_number_as_text_and_a_region_without_its_kind_are_understood(cast: Cast) -> None:
    import datetime

    row = fantas(cast)
    change = all_of(
        put("Protection", PLACE, "P2.02", "gao (REGION)"),
        put("Protection", TOTAL, "P2.02", "36 000+"),
        put("Protection", FROM, "P2.02", datetime.datetime(2024, 3, 15)),
    )
    read = read_return(row, edited(write_return(row), change))
    assert read.cells == []
    (one,) = read.content["lines"]["victims_identified"]
    assert (one["place"], one["total"], one["from"]) == ("gao-2016", "36 000+", "2024-03-15")


def test_a_formula_without_its_result_is_named_and_one_with_it_is_read(cast: Cast) -> None:
    row = fantas(cast)
    place = put("Protection", PLACE, "P2.02", "Gao (région)")
    found = wrong(row, place, put("Protection", TOTAL, "P2.02", "=40+2"))
    assert list(found) == ["Protection!G9"]
    assert "formule" in found["Protection!G9"] or "formula" in found["Protection!G9"]
    saved = edited(write_return(row), all_of(place, put("Protection", TOTAL, "P2.02", "=40+2")))
    empty = rb"<f>40\+2</f><v ?/>|<f>40\+2</f><v></v>"  # as one library or the other writes it
    computed = rewritten(saved, "xl/worksheets/sheet2.xml", empty, b"<f>40+2</f><v>42</v>")
    (one,) = read_return(row, computed).content["lines"]["victims_identified"]
    assert one["total"] == "42"


def test_parts_above_their_total_and_numbers_in_a_closed_column_are_named(cast: Cast) -> None:
    row = fantas(cast)
    book = openpyxl.load_workbook(io.BytesIO(write_return(row)))
    closed = column_of(book["Protection"], "category/service_type:shelter") if any(
        c.value == "category/service_type:shelter" for c in book["Protection"][3]
    ) else next(
        c.column_letter
        for c in book["Protection"][3]
        if str(c.value).startswith("category/service_type:")
    )  # fmt: skip
    found = wrong(
        row,
        put("Protection", PLACE, "P2.02", "Gao (région)"),
        put("Protection", TOTAL, "P2.02", 5),
        put("Protection", FIRST_CELL, "P2.02", 6),
        put("Protection", PLACE, "P2.03", "Gao (région)"),
        put("Protection", TOTAL, "P2.03", 5),
        put("Protection", closed, "P2.03", 2),
    )
    assert len(found) == 2
    assert "Protection!G9" in found
    assert any(address.startswith(f"Protection!{closed}") for address in found)


def test_a_gap_is_said_but_does_not_stop_the_file(cast: Cast) -> None:
    row = fantas(cast)
    change = all_of(
        put("Protection", PLACE, "P2.02", "Gao (région)"),
        put("Protection", TOTAL, "P2.02", 430),
        put("Protection", FIRST_CELL, "P2.02", 404),
    )
    read = read_return(row, edited(write_return(row), change))
    assert read.errors == []
    (gap,) = read.warnings
    assert "26" in gap.message


def test_countries_join_their_line_or_are_named(cast: Cast) -> None:
    row = fantas(cast)
    assert long_splits(known_of(row), known_of(row).definitions["victims_identified"])

    def countries(*rows: tuple[object, ...]) -> Change:
        def change(book: openpyxl.Workbook) -> None:
            for n, cells in enumerate(rows, start=FIRST_ROW + 1):
                for column, value in zip("BCFG", cells, strict=True):
                    book["Pays"][f"{column}{n}"] = value

        return change

    base = all_of(
        put("Protection", PLACE, "P2.02", "Gao (région)"), put("Protection", TOTAL, "P2.02", 5)
    )
    good = countries(
        ("P2.02", "Gao (région)", "Burkina Faso", 3), ("P2.02", "Gao (région)", "ML", 2)
    )
    read = read_return(row, edited(write_return(row), all_of(base, good)))
    assert read.cells == []
    (one,) = read.content["lines"]["victims_identified"]
    assert one["cells"]["citizenship"] == {"BF": "3", "ML": "2"}
    found = wrong(
        row,
        base,
        countries(
            ("P2.02", "Kayes (région)", "Burkina Faso", 3),
            ("P2.02", "Gao (région)", "Atlantide", 1),
            ("P2.02", "Gao (région)", "Niger", "deux"),
            ("P2.02", "Gao (région)", "Niger", 1),
        ),
    )
    assert sorted(found) == ["Pays!B6", "Pays!F7", "Pays!F9", "Pays!G8"]


def test_a_row_without_its_question_cannot_be_taken_over_in_silence(cast: Cast) -> None:
    row = fantas(cast)

    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Protection"]
        sheet[f"{NUMBER}{sheet.max_row}"], sheet[f"{TOTAL}{sheet.max_row}"] = "P9.99", 7

    read = read_return(row, edited(write_return(row), change))
    assert [cell.is_lost for cell in read.errors] == [True]
    assert not read.may_be_kept


# --- Refused as a whole ---------------------------------------------------------------------


def rewritten(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The package with one text of one member replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            text = source.read(member)
            if member.filename == name:
                text, n_found = re.subn(old, lambda _found: new, text)
                assert n_found
            target.writestr(member.filename, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_member(data: bytes, name: str, text: bytes) -> bytes:
    """The package with one member more."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, text)
    return out.getvalue()


def test_files_that_are_no_workbook_are_refused(cast: Cast) -> None:
    row = fantas(cast)
    zipped = with_member(b"", "hello.txt", b"hello")
    assert refusal(row, b"") == "import.empty"
    assert refusal(row, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600) == "import.old"
    assert refusal(row, b"%PDF-1.7") == "import.kind"
    assert refusal(row, b"PK\x03\x04 truncated") == "import.kind"
    assert refusal(row, zipped) == "import.kind"
    assert refusal(row, b"x" * (MAX_FILE + 1)) == "import.large"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(cast: Cast) -> None:
    row = fantas(cast)
    bomb = with_member(write_return(row), "xl/media/zeros.xml", b"\0" * (41 * 2**20))
    assert len(bomb) < MAX_FILE
    assert refusal(row, bomb) == "import.large"


def test_a_package_that_lies_about_its_size_is_refused(cast: Cast) -> None:
    row = fantas(cast)
    honest = with_member(write_return(row), "xl/media/zeros.xml", b"\0" * (41 * 2**20))
    size = struct.pack("<I", 41 * 2**20)
    liar = honest.replace(size, struct.pack("<I", 10))
    assert liar != honest
    assert refusal(row, liar) in ("import.damaged", "import.large", "import.kind")


def test_entities_in_the_xml_are_refused(cast: Cast) -> None:
    row = fantas(cast)
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    bad = rewritten(write_return(row), "xl/workbook.xml", b"<workbook ", entity + b"<workbook ")
    assert refusal(row, bad) == "import.damaged"


def test_macros_are_refused(cast: Cast) -> None:
    row = fantas(cast)
    assert (
        refusal(row, with_member(write_return(row), "xl/vbaProject.bin", b"x")) == "import.macros"
    )


def test_damaged_xml_is_refused(cast: Cast) -> None:
    row = fantas(cast)
    data = write_return(row)
    for member in ("xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"):
        assert refusal(row, rewritten(data, member, b"</", b"<//")) == "import.damaged"


def test_another_workbook_is_refused(cast: Cast) -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert refusal(opened(cast.fanta), out.getvalue()) == "import.template"


def test_the_template_of_another_year_body_or_axis_is_refused(cast: Cast) -> None:
    row = fantas(cast)
    next_year = opened(cast.fanta, window=Window.calendar_year(2025), axes=["protection"])
    other = opened(cast.esther, body="MJDH", axes=["protection"])
    one_axis = opened(cast.esther, body="ENDA", axes=["protection"])
    two_axes = opened(cast.esther, body="ENDA", axes=["prevention"])
    assert refusal(row, write_return(next_year)) == "import.window"
    assert refusal(row, write_return(other)) == "import.body"
    assert refusal(one_axis, write_return(two_axes)) == "import.axes"


def test_changed_headings_are_refused(cast: Cast) -> None:
    row = fantas(cast)

    def change(book: openpyxl.Workbook) -> None:
        book["Protection"].delete_cols(7)

    assert refusal(row, edited(write_return(row), change)) == "import.template"


def test_a_moved_column_and_a_renamed_sheet_are_still_understood(cast: Cast) -> None:
    typed = content(victims_identified=line("5", sex_age={"male.adult": "5"}))
    row = fantas(cast)

    def change(book: openpyxl.Workbook) -> None:
        book["Protection"].title = "ma feuille"
        book["ma feuille"].insert_cols(4)

    read = read_return(row, edited(write_return(drafted_like(row, typed)), change))
    assert read.content["lines"]["victims_identified"][0]["cells"] == {
        "sex_age": {"male.adult": "5"}
    }


def drafted_like(row: Return, typed: dict[str, Any]) -> Return:
    """The same return holding ``typed``, not saved."""
    return Return(organisation=row.organisation, start=row.start, end=row.end, axes=row.axes,
                  content=typed)  # fmt: skip


def test_a_sheet_with_rows_beyond_reason_is_refused_and_empty_ones_are_not(cast: Cast) -> None:
    row = fantas(cast)

    def far(value: object) -> Change:
        def change(book: openpyxl.Workbook) -> None:
            book["Protection"][f"G{MAX_ROWS + 500}"] = value

        return change

    assert refusal(row, edited(write_return(row), far(3))) == "import.rows"
    last = b'<row r="99999999999"><c r="G99999999999"><v>1</v></c></row></sheetData>'
    name = "xl/worksheets/sheet2.xml"
    assert refusal(row, rewritten(write_return(row), name, b"</sheetData>", last)) == "import.rows"
    empty = b'<row r="1048576" ht="12"/></sheetData>'
    assert read_return(row, rewritten(write_return(row), name, b"</sheetData>", empty)).cells == []
