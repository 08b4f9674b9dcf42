"""The tables of reference data: complete, consistent with each other, in good French."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from danbekit.standards import read_table

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "src/danbe/data"
SHARED = ROOT.parent / "shared" / "domain"
BREAKDOWNS = {"sex_age", "form", "citizenship", "basis", "category"}
TYPES = {
    *("coordination", "ministry", "directorate", "police", "justice"),
    *("independent", "ngo", "ngo_network", "partner"),
}
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the shared domain folder is not beside the tree"
)

# Which definitions answer each line of the crosswalk of reports.
ANSWERS = {
    "offences recorded": "offences_recorded",
    "persons suspected/arrested/cautioned": "persons_formal_contact persons_arrested",
    "persons prosecuted": "persons_prosecuted",
    "persons convicted": "persons_convicted sentences_pronounced",
    "victims detected": "victims_identified",
    "victims by form": "victims_identified",
    "victims by citizenship": "victims_identified",
    "own citizens repatriated": "own_citizens_repatriated",
    "victims assisted by service": "services_given victims_assisted",
    "victims penalised / released": "victims_penalised victims_released",
    "officials investigated/prosecuted/convicted": (
        "officials_investigated officials_prosecuted officials_convicted"
    ),
    "budget committed and spent": "funds_planned funds_allocated funds_disbursed",
    "trainings": "persons_trained training_sessions",
    "prevention activities": "persons_sensitised awareness_activities",
    "restitution / compensation awarded": "compensation_awarded compensation_paid",
    "extradition and mutual legal assistance": "extradition_requests legal_assistance_requests",
    "public periodic assessment": "public_reports",
    "undetected victims (estimate)": "victims_estimated",
}
# The breakdown that each dimension of the UNODC file needs.
DIMENSIONS = {
    "by form of exploitation": "form",
    "by citizenship": "citizenship",
    "by country of repatriation": "category",
}


def read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DEFINITIONS = {row["code"]: row for row in read(DATA / "definitions.csv")}
TERMS = [row for path in sorted((DATA / "terms").glob("*.csv")) for row in read(path)]
CODES: dict[str, set[str]] = {}
for term in TERMS:
    CODES.setdefault(term["list"], set()).add(term["code"])
PUBLISHED = read(DATA / "mali/published.csv")
RETURNS = read(DATA / "mali/returns_2024.csv")
ACTORS = {row["code"]: row for row in read(DATA / "mali/actors.csv")}


def splits(code: str) -> set[str]:
    return set(DEFINITIONS[code]["breakdowns"].split())


def keys_of(code: str, breakdown: str) -> set[str]:
    if breakdown == "category":
        return CODES[DEFINITIONS[code]["category_list"]]
    return CODES[breakdown]


@pytest.mark.parametrize("code", DEFINITIONS)
def test_a_definition_is_told_in_both_languages_with_an_example_and_a_counterexample(
    code: str,
) -> None:
    row = DEFINITIONS[code]
    texts = [
        f"{name}_{language}"
        for name in "label sentence example counterexample".split()
        for language in "fr en".split()
    ]
    assert [name for name in texts if not row[name]] == []
    assert row["unit"] in CODES["unit"]
    assert row["source"]
    assert row["flow_or_stock"] in {"flow", "stock"}


@pytest.mark.parametrize("code", DEFINITIONS)
def test_a_definition_says_what_one_unit_is_in_one_sentence(code: str) -> None:
    for language in ("fr", "en"):
        sentence = DEFINITIONS[code][f"sentence_{language}"]
        assert sentence.endswith(".")
        assert not re.search(r"[.!?] [A-ZÉÀ]", sentence.replace("No. ", ""))


@pytest.mark.parametrize("code", DEFINITIONS)
def test_a_definition_splits_only_by_what_exists(code: str) -> None:
    row = DEFINITIONS[code]
    assert splits(code) <= BREAKDOWNS
    assert ("category" in splits(code)) == bool(row["category_list"])
    assert not row["category_list"] or row["category_list"] in CODES
    assert row["asked_of"]
    assert set(row["asked_of"].split()) <= TYPES


def test_codes_and_numbers_are_unique_and_a_number_begins_with_its_axis() -> None:
    axes = dict(zip("1234", "prevention protection prosecution partnership".split(), strict=True))
    numbers = [row["number"] for row in DEFINITIONS.values()]
    assert len(DEFINITIONS) == len(read(DATA / "definitions.csv"))
    assert len(set(numbers)) == len(numbers)
    for row in DEFINITIONS.values():
        assert re.fullmatch(r"P[1-4]\.\d\d", row["number"])
        assert axes[row["number"][1]] == row["axis"]


def test_every_number_quoted_in_a_text_is_that_of_another_definition() -> None:
    by_number = {row["number"]: code for code, row in DEFINITIONS.items()}
    for code, row in DEFINITIONS.items():
        quoted = set(re.findall(r"P\d\.\d\d", " ".join(row.values()).replace(row["number"], "")))
        assert quoted <= set(by_number), code


def test_presumed_identified_and_assisted_victims_and_migrants_are_four_definitions() -> None:
    codes = "victims_presumed victims_identified victims_assisted migrants_assisted".split()
    sentences = {DEFINITIONS[code]["sentence_fr"] for code in codes}
    assert len(sentences) == 4


def test_the_430_mistake_is_the_counterexample_of_persons_and_of_files() -> None:
    for code in ("investigation_files", "persons_investigated"):
        assert "430" in DEFINITIONS[code]["counterexample_fr"]


def test_every_measure_that_a_report_asks_has_its_definitions() -> None:
    measures = {row["platform_measure"] for row in read_table("crosswalk_reporting")}
    assert set(ANSWERS) == measures
    answers = {code for text in ANSWERS.values() for code in text.split()}
    assert answers <= set(DEFINITIONS)


def test_every_cell_that_unodc_publishes_has_a_definition_and_a_breakdown() -> None:
    missing = []
    for cell in read_table("glotip_published_structure"):
        indicator, dimension = cell["indicator"], cell["dimension"]
        for code, row in DEFINITIONS.items():
            told, _, dimensions = row["glotip_cell"].partition(": ")
            if told == indicator and dimension in dimensions.split("; "):
                needed = {DIMENSIONS[dimension]} if dimension in DIMENSIONS else set()
                if dimension == "Total" and (cell["sex"], cell["age"]) != ("Total", "Total"):
                    needed = {"sex_age"}
                assert needed <= splits(code), code
                break
        else:
            missing.append((indicator, dimension))
    assert missing == []


def test_a_term_is_once_in_its_list_with_both_labels_and_a_status() -> None:
    counted = Counter((row["list"], row["code"], row["version"]) for row in TERMS)
    assert [key for key, n in counted.items() if n > 1] == []
    for row in TERMS:
        assert row["label_fr"], row
        assert row["label_en"], row
        assert row["label_fr_status"] in {"official", "seen", "unofficial"}
        assert row["source"], row
        assert len(row["label_fr"]) <= 300


def test_the_lists_of_sex_age_and_basis_are_those_of_the_figures() -> None:
    assert CODES["sex"] == {"female", "male", "other", "unknown"}
    assert CODES["age_group"] == {"child", "adult", "unknown"}
    assert CODES["basis"] == {"trafficking", "assimilated_2012", "slavery_2024", "not_stated"}


def test_every_local_form_hangs_on_a_form_of_htcds() -> None:
    rows = read(DATA / "terms/form.csv")
    htcds = {r["code"] for r in read_table("htcds_options").where(list="vic_TypeOfExploitation")}
    local = [row for row in rows if row["code"].startswith("ml_")]
    assert {row["code"] for row in rows} - {row["code"] for row in local} == htcds
    assert {row["htcds"] for row in local} <= htcds
    assert {row["form"] for row in read(DATA / "mali/forms.csv")} <= CODES["form"]
    assert {row["code"] for row in local} <= {r["form"] for r in read(DATA / "mali/forms.csv")}


def test_country_names_carry_neither_article_nor_footnote_mark() -> None:
    for row in read(DATA / "terms/citizenship.csv"):
        assert not re.search(r"\((l|le|la|les)['’]?\)|\*", row["label_fr"]), row["label_fr"]


@pytest.mark.parametrize(
    "row", PUBLISHED, ids=lambda row: f"{row['year_label']}-{row['raw_text'][:30]}"
)
def test_a_published_figure_fits_its_definition_and_keeps_its_source(row: dict[str, str]) -> None:
    assert row["raw_text"]
    assert not set("«»") & set(row["raw_text"]), "pages set it between guillemets themselves"
    assert row["source"]
    assert row["status"] in {"published", "inferred", "gap"}
    assert bool(row["unit_warning_fr"]) == bool(row["unit_warning_en"])
    assert not row["start"] or row["start"] <= row["end"]
    assert not row["value"] or int(row["value"]) >= 0
    if not row["definition"]:
        assert row["unit_warning_fr"], "without a definition, the reason is said"
        return
    assert row["definition"] in DEFINITIONS
    if row["breakdown"] == "total":
        assert {row["sex"], row["age"], row["key"]} == {""}
        return
    assert row["breakdown"] in splits(row["definition"])
    assert row["sex"] in {"", *CODES["sex"]}
    assert row["age"] in {"", *CODES["age_group"]}
    if row["breakdown"] == "sex_age":
        assert row["sex"] or row["age"]
    else:
        assert row["key"] in keys_of(row["definition"], row["breakdown"])


def test_a_masked_number_of_unodc_gets_no_value() -> None:
    masked = [row for row in PUBLISHED if row["raw_text"] == "<5"]
    assert masked
    assert {row["value"] for row in masked} == {""}


def test_the_2024_figures_are_there_with_their_parts() -> None:
    said = {
        (r["definition"], r["sex"], r["age"]): (r["value"], r["at_least"])
        for r in PUBLISHED
        if r["source_table"] == "annual_report_2024" and r["value"]
    }
    assert said["victims_identified", "", ""] == ("629", "0")
    assert said["victims_identified", "", "child"] == ("337", "0")
    assert said["migrants_assisted", "female", "adult"] == ("345", "0")
    assert said["investigation_files", "", ""] == ("93", "0")
    assert said["persons_investigated", "", ""] == ("430", "0")
    assert said["prosecution_files", "", ""] == ("81", "0")
    assert said["convictions", "", ""] == ("8", "0")
    assert said["persons_sensitised", "", ""] == ("36000", "1")


def test_the_returns_of_2024_are_asked_of_the_bodies_that_sign_them() -> None:
    for row in RETURNS:
        kind = ACTORS[row["organisation"]]["type"]
        assert kind in DEFINITIONS[row["definition"]]["asked_of"].split()
        assert row["breakdown"] in {"total", *splits(row["definition"])}


def test_the_parts_of_the_2024_returns_never_exceed_their_total() -> None:
    sums: Counter[str] = Counter()
    for row in RETURNS:
        if row["breakdown"] != "total":
            sums[row["definition"]] += int(row["value"])
    totals = {r["definition"]: int(r["total"]) for r in RETURNS}
    assert sums["victims_identified"] == totals["victims_identified"] == 629
    assert sums["migrants_assisted"] == totals["migrants_assisted"] == 822
    assert (sums["persons_investigated"], totals["persons_investigated"]) == (404, 430)
    note = next(r["note"] for r in RETURNS if r["definition"] == "persons_investigated")
    assert "404" in note


def test_an_actor_has_a_known_type_a_source_and_searchable_aliases() -> None:
    assert len(ACTORS) == 44
    assert {row["type"] for row in ACTORS.values()} == TYPES
    assert all(row["source"] and row["name_en"] for row in ACTORS.values())
    assert not any(".txt" in row["source"] for row in ACTORS.values())
    aliases = read(DATA / "mali/actor_aliases.csv")
    assert {row["organisation"] for row in aliases} <= set(ACTORS)
    mine = {row["alias"] for row in aliases if row["organisation"] == "CNCLCTPA"}
    assert {"CNCLTPPA", "CNCLTP/PA", "CNCLTPA", "CNLTPPA"} <= mine


def test_an_offence_is_unconfirmed_and_dated_where_the_source_dates_it() -> None:
    offences = read(DATA / "mali/offences.csv")
    assert {row["status"] for row in offences} == {"unconfirmed"}
    assert {row["basis"] for row in offences} <= {*CODES["basis"], "other"}
    assert all(row["source"] and row["note"] for row in offences)
    bills = [row for row in offences if row["code"].startswith("projet")]
    assert len(bills) == 2
    assert {row["valid_from"] for row in bills} == {""}


def test_the_tiers_keep_their_gaps() -> None:
    tiers = {row["tip_report_year"]: row for row in read(DATA / "mali/tip_tiers.csv")}
    assert (tiers["2017"]["tier_code"], tiers["2018"]["tier_code"]) == ("T3", "T2WL")
    assert (tiers["2022"]["tier_code"], tiers["2023"]["tier_code"]) == ("T2WL", "T2")
    assert {y for y, r in tiers.items() if r["status"] == "gap"} == {
        "2020",
        "2024",
        "2025",
        "2026",
    }
    assert {row["tier_code"] for row in tiers.values()} <= CODES["tip_tier"]


def french_texts() -> list[tuple[str, str]]:
    files = [DATA / "definitions.csv", *(DATA / "terms").glob("*.csv")]
    names = "actors forms hotspots nap offences published reporting_calendar returns_2024"
    names += " tip_recommendations tip_tiers languages actor_aliases"
    files += [DATA / f"mali/{name}.csv" for name in names.split()]
    columns = {"note", "raw_text", "role_seen", "parent", "short_name", "alias", "instrument"}
    return [
        (f"{path.name}:{number}:{column}", cell)
        for path in files
        for number, row in enumerate(read(path), 2)
        for column, cell in row.items()
        if (column.endswith("_fr") or column in columns) and not cell.startswith("http")
    ]


FRENCH = french_texts()


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("a double space", r"\s\s"),
        ("an outer space", r"^\s|\s$"),
        ("a straight apostrophe", r"'"),
        ("a straight quotation mark", r'"'),
        ("a breaking space before a double punctuation mark", r" [:;?!](\s|$)"),
        ("a breaking space inside guillemets", r"« | »"),
        ("a thousand written with a breaking space", r"\d \d{3}\b"),
    ],
)
def test_french_texts_are_set_as_a_printer_would(fault: str, pattern: str) -> None:
    assert [(where, text) for where, text in FRENCH if re.search(pattern, text)] == [], fault


def test_no_table_names_a_path_of_the_makers() -> None:
    for path in [*DATA.rglob("*.csv"), *(ROOT / "src/danbekit").rglob("*.csv")]:
        text = path.read_text(encoding="utf-8")
        assert "/work" not in text, path
        assert "shared/" not in text, path


def test_the_methods_page_lists_every_definition_under_its_number() -> None:
    page = (ROOT / "docs/methods/definitions.md").read_text(encoding="utf-8")
    for row in DEFINITIONS.values():
        assert f"| {row['number']} | {row['label_fr']} |" in page


@needs_shared
def test_every_figure_of_the_yearly_table_is_kept_word_for_word() -> None:
    columns = "investigations prosecutions convictions victims_identified_or_assisted"
    columns += " training_awareness budget"
    kept = {row["raw_text_en"] for row in PUBLISHED}
    said = {
        row[c] for row in read(SHARED / "mali/tip_yearly_figures.csv") for c in columns.split()
    }
    assert said - {""} <= kept


@needs_shared
def test_every_row_of_unodc_on_mali_is_published_once() -> None:
    theirs = Counter(
        (r["Year"], r["txtVALUE"]) for r in read(SHARED / "standards/glotip_mali_2003_2021.csv")
    )
    ours = Counter(
        (r["year_label"], r["raw_text"]) for r in PUBLISHED if r["source_table"] == "glotip"
    )
    assert ours == theirs
    assert sum(ours.values()) == 79


@needs_shared
def test_the_actors_tiers_and_forms_are_those_of_the_domain_tables() -> None:
    assert set(ACTORS) == {row["code"] for row in read(SHARED / "mali/actors.csv")}
    years = [row["tip_report_year"] for row in read(SHARED / "mali/tip_tiers.csv")]
    assert years == [row["tip_report_year"] for row in read(DATA / "mali/tip_tiers.csv")]
    forms = read(SHARED / "mali/forms_of_trafficking.csv")
    assert len(forms) == len(read(DATA / "mali/forms.csv"))
