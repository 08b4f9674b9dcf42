"""The dossier of 1 April 2023 to 31 March 2024: each statement sourced, each gap named."""

import datetime
import re

import pytest

from danbe.accounts.models import Organisation
from danbe.figures.actions import set_obligation
from danbe.figures.models import Obligation
from danbe.reports.document import Document
from danbe.reports.tip_dossier import build
from danbe.reports.tip_gaps import days_left
from danbe.reports.tip_law import CRITERIA, STANDARDS, law_copy, rule
from danbe.reports.tongue import LANGUAGES, speaking
from danbekit.standards import read_table
from danbekit.tip_tiers import Answer, read_tiers
from tests.conftest import Cast
from tests.reports.tip_makers import (
    TODAY,
    WINDOW,
    YEAR,
    answered,
    done,
    quarter,
    table,
    texts,
    year_2023,
)

# What the Committee published of 2023, in the window of its own: the calendar year.
OF_2023 = {"5461", "16", "116", "13813"}


def owing(esther: object, code: str, first: datetime.date) -> None:
    axes = "prevention protection prosecution partnership"
    body = Organisation.objects.get(code=code)
    set_obligation(esther, Obligation(organisation=body, axes=axes, first=first))  # type: ignore[arg-type]


def rows(document: Document, code: str) -> list[str]:
    """The rows of a table, as texts; none where the table is not there."""
    figures = document.by_key()
    return [
        " | ".join([row.label, *(str(figures[c.figure].value) if c.figure else c.text
                                 for c in row.cells)])
        for one in document.tables()
        if one.code == code
        for row in one.rows
    ]  # fmt: skip


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """Loaded data, a quarter inside the period, a calendar year across it, a plan, an answer."""
    owing(cast.esther, "MPFEF", datetime.date(2023, 1, 1))
    quarter(cast.esther, 3, investigation_files="4", persons_prosecuted="7")
    year_2023(cast.esther, victims_assisted="300")
    done(cast, datetime.date(2023, 9, 1))
    answered(cast.esther)
    return cast


# --- From loaded data alone -------------------------------------------------------------------


def test_from_loaded_data_alone_the_four_standards_and_twelve_criteria_are_there(db: None):
    document = build(YEAR, TODAY)
    assert document.window == "2023-04-01..2024-03-31"
    assert [c.code for c in document.chapters if c.code in CRITERIA] == list(CRITERIA)
    said = texts(document, "standards")
    for code in STANDARDS:
        assert read_table("tvpa_minimum_standards").index("code")[code]["definition"] in said


def test_the_law_is_quoted_in_its_own_words_with_its_section_and_copy(db: None):
    for language in LANGUAGES:
        document = build(YEAR, TODAY, language)
        for code in CRITERIA:
            statute = read_table("tvpa_minimum_standards").index("code")[code]["definition"]
            assert statute.replace("\u00a0", " ") in texts(document, code)
        with speaking(language):
            assert rule("C01").section == "22 USC 7106(b)(1)"
            copies = [s for s in document.sources if law_copy(rule("C01").source) in s.detail]
        assert len(copies) == 1


def test_the_french_of_the_law_is_marked_as_not_confirmed(db: None):
    for code in CRITERIA:
        assert "non confirmée" in texts(build(YEAR, TODAY), code)
    assert "unconfirmed" not in texts(build(YEAR, TODAY, "en"), "C01")


def test_the_figures_of_calendar_2023_are_never_counted_as_those_of_the_period(db: None):
    document = build(YEAR, TODAY)
    counted = [f for f in document.figures if f.window == WINDOW.code and f.value is not None]
    assert counted == []
    outside = "\n".join(r for c in CRITERIA for r in rows(document, f"{c}-outside"))
    for number in OF_2023:
        assert re.search(rf"\| {number} \|[^\n]*année 2023 \| Commence avant la période", outside)
    summary = texts(document, "summary")
    assert "5 461 victimes, année 2023" in summary
    assert "identifiées, assistées et protégées" in summary  # three counts in one, said
    assert "jamais présenté comme le chiffre de la période" in summary


def test_each_figure_bears_its_unit_window_and_source(filled: Cast):
    document = build(YEAR, TODAY)
    known = {s.id for s in document.sources}
    assert document.figures
    for figure in document.figures:
        assert figure.unit, figure.key
        assert figure.window or "published" in figure.key, figure.key
        assert figure.sources or figure.value is None, figure.key
        assert set(figure.sources) <= known, figure.key


def test_no_number_stands_in_a_dossier_without_being_in_its_annex_of_sources(filled: Cast):
    for language in LANGUAGES:
        document = build(YEAR, TODAY, language)
        listed = {
            row.label
            for one in document.tables()
            if one.code.startswith("sources-")
            for row in one.rows
        }
        assert {s.id for s in document.sources} == listed


# --- Inside, across, outside ------------------------------------------------------------------


def test_a_quarter_inside_the_period_counts_and_a_calendar_year_does_not(filled: Cast):
    document = build(YEAR, TODAY)
    assert "P3.02 Dossiers d’enquête ouverts | 4 | dossiers | CA-B | " in rows(
        document, "C01-counted"
    )[0].replace("\u00a0", " ")
    across = [r for r in rows(document, "C02-outside") if "| 300 |" in r]
    assert len(across) == 1
    assert "année 2023" in across[0]
    assert not [r for r in rows(document, "C02-counted") if "| 300 |" in r]


def test_a_quarter_before_the_period_is_not_in_it(cast: Cast):
    quarter(cast.esther, 1, investigation_files="9")
    document = build(YEAR, TODAY)
    assert "investigation_files@2023-Q1" not in document.by_key()
    assert not [r for r in rows(document, "C01-counted") if "| 9 |" in r]


def test_persons_prosecuted_are_no_answer_on_the_complicity_of_officials(filled: Cast):
    document = build(YEAR, TODAY)
    assert [r for r in rows(document, "C01-counted") if "| 7 |" in r]
    assert rows(document, "C07-counted") == []
    assert "n’est ni un zéro ni une preuve d’inaction" in texts(document, "C07")


def test_an_activity_done_in_the_period_counts_with_its_evidence(filled: Cast):
    document = build(YEAR, TODAY)
    found = [r for r in rows(document, "C02-counted") if r.startswith("A1 ")]
    assert len(found) == 1
    source = re.search(r"(D\d+)", found[0])
    assert source
    [held] = [s for s in document.sources if s.id == source[1]]
    assert "Procès-verbal (fictif)" in held.detail
    assert held.dates == "1er septembre 2023"


def test_an_activity_done_before_the_period_does_not_count(cast: Cast):
    done(cast, datetime.date(2023, 3, 31))
    assert not [r for c in CRITERIA for r in rows(build(YEAR, TODAY), f"{c}-counted")]


# --- Presumptions -----------------------------------------------------------------------------


def test_the_presumptions_name_what_is_given_and_what_is_not(filled: Cast):
    said = [r.replace("\u00a0", " ") for r in rows(build(YEAR, TODAY), "presumptions")]
    assert (
        "C01, enquêtes : Dossiers d’enquête ouverts | 22 USC 7106(b)(1) | 4 | dossiers" in said[0]
    )
    lacking = [r.split(" | ")[0] for r in said if "présomption joue" in r]
    assert lacking == [
        "C01, condamnations",
        "C01, peines",
        "C07, enquêtes sur des agents publics",
        "C07, poursuites d’agents publics",
        "C07, condamnations d’agents publics",
        "C07, peines d’agents publics",
    ]


def test_without_data_no_presumption_is_asserted_as_a_finding(db: None):
    said = texts(build(YEAR, TODAY), "presumptions")
    assert "une présomption possible, pas un constat" in said
    assert "ne sont pas ventilées par : nationalité, sexe et âge" in said
    assert "la hausse ne peut pas être montrée pour : enquêtes, poursuites, condamnations" in said


# --- Recommendations --------------------------------------------------------------------------


def test_recommendations_stand_with_their_source_and_gap_years_stay_gaps(filled: Cast):
    document = build(YEAR, TODAY)
    said = texts(document, "recommendations")
    assert "Aucune" not in rows(document, "asked-2019")[0]
    assert "2009, 2010, 2011, 2012, 2013, 2014, 2015, 2016, 2020" in said
    assert "2024-1" not in said  # that edition came after the period
    later = texts(build(2025, datetime.date(2026, 3, 1)), "recommendations")
    assert "2024, 2025" in later


def test_an_answer_of_the_period_is_printed_with_its_evidence_and_another_is_counted_out(
    filled: Cast,
):
    answered(
        filled.esther,
        "2019-5",
        first_day=datetime.date(2022, 5, 1),
        last_day=datetime.date(2022, 5, 1),
        text="Réunion de 2022 (fictif).",
    )
    document = build(YEAR, TODAY)
    asked = {r.split(".")[0]: r.replace("\u00a0", " ") for r in rows(document, "asked-2019")}
    assert "Session de formation des magistrats (fictif)." in asked["2019-4"]
    assert "Réunion de 2022" not in texts(document)
    assert "Réponses d’autres dates, non comptées : 1" in asked["2019-5"]


# --- Tiers ------------------------------------------------------------------------------------


def test_the_tiers_are_facts_rules_and_no_prediction(db: None):
    said = texts(build(YEAR, TODAY), "tiers")
    assert "Il ne prédit aucun classement" in said
    assert "2018 : sortie de la catégorie 3" in said
    assert "2023 : Catégorie 2, liste de surveillance → Catégorie 2." in said
    assert "Éditions dont la catégorie n’est pas connue : 2020." in said
    assert "Éditions de suite sur la liste de surveillance : 0." in said
    assert "\n2024 |" not in said  # what came later is no fact of that time


def test_an_unknown_edition_says_what_it_blocks(db: None):
    said = texts(build(2024, datetime.date(2025, 3, 1)), "tiers")
    assert "Édition 2024 : catégorie inconnue." in said
    assert "Années inconnues qui bloquent une conclusion ci-dessus : 2024." in said
    assert said.count("ne peut pas être dit, une année n’est pas connue") == 3


def test_the_reading_of_the_dossier_is_that_of_the_library(db: None):
    from danbe.reports.tip_law import known_tiers

    assert read_tiers(known_tiers(), 2024).two_year_rule is Answer.NO


# --- Gaps -------------------------------------------------------------------------------------


def test_the_gaps_say_who_owes_what_and_how_many_days_are_left(filled: Cast):
    document = build(YEAR, TODAY)
    assert "Échéance : 31 mars 2024. Il reste 30 jours." in texts(document, "gaps")
    owed = rows(document, "owes")
    [ministry] = [r for r in owed if "Promotion de la Femme" in r]
    assert "année 2023" in ministry
    [nobody] = [r for r in owed if r.startswith("Secrétariat permanent")]
    assert "aucune obligation ne les couvre" in nobody


def test_days_are_counted_from_the_day_that_is_given(db: None):
    assert days_left(WINDOW, datetime.date(2024, 3, 31)) == 0
    assert "aujourd’hui" in texts(build(YEAR, datetime.date(2024, 3, 31)), "gaps")
    past = texts(build(YEAR, datetime.date(2024, 4, 1)), "gaps")
    assert "passée depuis 1 jour." in past


def test_every_figure_that_nobody_gave_is_named_once_for_each_criterion(db: None):
    document = build(YEAR, TODAY)
    shown = sum(int(r.split(" | ")[3]) for r in rows(document, "by-criterion"))
    named = sum(
        len(block.items)
        for chapter in document.chapters
        if chapter.code in CRITERIA
        for before, block in zip(chapter.blocks, chapter.blocks[1:], strict=False)
        if getattr(before, "anchor", "").endswith("-lacking")
    )
    assert shown == named > 50


# --- English ----------------------------------------------------------------------------------


def test_the_english_dossier_has_the_same_figures_and_no_french_of_ours(filled: Cast):
    french, english = build(YEAR, TODAY), build(YEAR, TODAY, "en")
    values = [(f.key, f.value, f.window, f.sources) for f in french.figures]
    assert values == [(f.key, f.value, f.window, f.sources) for f in english.figures]
    assert [c.code for c in french.chapters] == [c.code for c in english.chapters]
    said = texts(english)
    for word in ("Aucune action", "Ce dossier", "Éditions", "non compté", "Nombre", "dossiers |"):
        assert word not in said, word
    assert "Watch List" in said
    assert "5,461 victims, year 2023" in texts(english, "summary")


def test_a_table_is_found_by_its_code(db: None):
    assert table(build(YEAR, TODAY), "tiers").columns[0] == "Édition"
