"""The code lists of the standards: complete, clean, and as their sources have them."""

import csv
from pathlib import Path

import pytest

from danbekit.errors import DanbekitError, UnknownTable
from danbekit.standards import Table, read_table, tables

SHARED = Path(__file__).resolve().parents[3] / "shared" / "domain" / "standards"


def index_rows() -> dict[str, dict[str, str]]:
    path = Path(__file__).resolve().parents[2] / "src/danbekit/standards/index.csv"
    with open(path, encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", tables())
def test_a_table_has_the_rows_its_index_says_and_says_where_it_was_read(name: str) -> None:
    table, told = read_table(name), index_rows()[name]
    assert isinstance(table, Table)
    assert len(table) == int(told["n_rows"]) > 0
    assert all([table.title_en, table.title_fr, table.edition, table.basis, table.source])
    assert all(set(row) == set(table.columns) for row in table)


@pytest.mark.parametrize("name", tables())
def test_no_cell_has_outer_spaces(name: str) -> None:
    cells = [cell for row in read_table(name) for cell in row.values()]
    assert [cell for cell in cells if cell != cell.strip()] == []


def test_an_unknown_table_is_refused_with_the_names_of_those_that_exist() -> None:
    with pytest.raises(UnknownTable, match="htcds_options") as refused:
        read_table("htcds")
    assert isinstance(refused.value, DanbekitError)


def test_a_table_is_read_by_column_and_refuses_columns_it_has_not() -> None:
    options = read_table("htcds_options")
    genders = options.where(list="prs_Gender")
    assert [row["code"] for row in genders][:2] == ["Feminine", "Masculine"]
    with pytest.raises(KeyError, match="colour"):
        options.where(colour="red")
    with pytest.raises(KeyError, match="colour"):
        options.index("colour")


def test_an_index_is_refused_where_a_value_names_two_rows() -> None:
    assert read_table("iso3166").index("alpha2")["ML"]["alpha3"] == "MLI"
    with pytest.raises(ValueError, match="does not name a row once"):
        read_table("htcds_options").index("list")


def test_rows_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(TypeError):
        read_table("iso3166").rows[0]["alpha2"] = "XX"  # type: ignore[index]


def test_the_trailing_space_of_the_published_debt_bondage_code_is_gone() -> None:
    methods = read_table("htcds_options").where(list="vic_MethodsOfControl")
    assert "DebtBondage" in {row["code"] for row in methods}


def test_trafficking_is_0204_and_not_its_sexual_part() -> None:
    codes = read_table("iccs_tip").index("code")
    assert codes["0204"]["label_en"] == "Trafficking in persons"
    assert codes["02041"]["label_en"].endswith("for sexual exploitation")


def test_every_htcds_form_is_placed_in_one_of_the_three_groups_of_unodc() -> None:
    forms = read_table("htcds_options").where(list="vic_TypeOfExploitation")
    crosswalk = read_table("crosswalk_exploitation").index("htcds_vic_TypeOfExploitation")
    published = {
        row["category"]
        for row in read_table("glotip_published_structure")
        if row["dimension"] == "by form of exploitation"
    }
    assert {row["code"] for row in forms} == set(crosswalk)
    assert {row["glotip_form"] for row in crosswalk.values()} == published


def test_small_numbers_of_unodc_on_mali_stay_masked() -> None:
    values = {row["txtVALUE"] for row in read_table("glotip_mali_2003_2021")}
    assert "<5" in values
    assert not values & {"0", "1", "2", "3", "4"}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared domain folder is not beside the tree")
@pytest.mark.parametrize(
    "name", [n for n in tables() if not n.startswith("isic") and n != "us_tip_in_french"]
)
def test_codes_are_those_of_the_domain_tables(name: str) -> None:
    with open(SHARED / f"{name}.csv", encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file))
    column = next(
        c
        for c in ("code", "code_local", "alpha2", "bcp47", "txtVALUE", *theirs[0])
        if c in theirs[0]
    )
    assert [r[column].strip() for r in theirs] == [r[column] for r in read_table(name)]
