"""The dossier as PDF, DOCX and JSON, in both languages; frozen, corrected; refusals."""

import datetime
import io
import json
import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from danbe.core.errors import DomainError, NotAllowed
from danbe.reports import queries
from danbe.reports.actions import add_erratum
from danbe.reports.document import Edition, digest
from danbe.reports.models import AnswerStatus, RecommendationAnswer, Report
from danbe.reports.tip_actions import freeze_dossier, review_answer, withdraw_answer
from danbe.reports.tip_dossier import KINDS, build
from danbe.reports.tip_export import WRITERS, export, write_docx
from danbekit.dates import Window
from tests.conftest import Cast
from tests.reports.tip_makers import AFTER, TODAY, WINDOW, YEAR, answered, quarter, texts

FIGURE = f"investigation_files@{WINDOW.code}"


def words_of_pdf(data: bytes, tmp_path: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    file = tmp_path / "dossier.pdf"
    file.write_bytes(data)
    out = subprocess.run([program, "-layout", str(file), "-"], capture_output=True, check=True)
    return " ".join(out.stdout.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def words_of_docx(data: bytes) -> str:
    word = docx.Document(io.BytesIO(data))
    said = [p.text for p in word.paragraphs]
    # All cells in one walk: a table asked row by row is walked once for each.
    said += [cell.text for table in word.tables for cell in table._cells]
    return "\n".join(said).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["Dossier TIP", "du 1er avril 2023 au 31 mars 2024", "5 461 victimes, année 2023"]),
        ("en", ["TIP dossier", "1 April 2023 to 31 March 2024", "5,461 victims, year 2023"]),
    ],
)
def test_the_pdf_says_what_the_document_says(
    language: str, told: list[str], db: None, tmp_path: Path
):
    said = words_of_pdf(WRITERS["pdf"](Edition(build(YEAR, TODAY, language))), tmp_path)
    for words in [*told, "22 USC 7106(b)(12)"]:
        assert words in said
    assert ("Sommaire" in said) == (language == "fr")
    assert ("Contents" in said) == (language == "en")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_docx_holds_every_chapter_table_and_statement(language: str, cast: Cast):
    quarter(cast.esther, 3, investigation_files="4")
    document = build(YEAR, TODAY, language)
    data = write_docx(Edition(document))
    word = docx.Document(io.BytesIO(data))
    headings = [p.text for p in word.paragraphs if p.style and p.style.name == "Heading 1"]
    assert len(headings) == len(document.chapters)
    assert len(word.tables) == len(document.tables())
    said = words_of_docx(data)
    for line in texts(document).split("\n"):
        if " | " not in line:
            assert line in said, line
    for title in (t.title for t in document.tables()):
        assert title.replace("\u00a0", " ") in said
    assert word.core_properties.language == {"fr": "fr-FR", "en": "en-US"}[language]
    assert word.core_properties.created == datetime.datetime(2024, 3, 1, tzinfo=datetime.UTC)


def test_the_json_gives_each_figure_with_its_window_and_sources(cast: Cast):
    quarter(cast.esther, 3, investigation_files="4")
    told = json.loads(export(WINDOW, "json"))
    figures = {f["key"]: f for f in told["figures"]}
    assert figures[FIGURE]["value"] == 4
    assert figures[FIGURE]["sources"] == ["S1"]
    assert told["edition"]["status"] == "draft"
    assert json.loads(export(WINDOW, "json", "en"))["kind"] == "tip.en"


@pytest.mark.parametrize(
    ("window", "format", "language", "code"),
    [
        (Window.calendar_year(2023), "pdf", "fr", "tip.window"),
        (Window.april_year(1823 + 100), "pdf", "fr", "tip.year"),
        (Window.april_year(2190), "pdf", "fr", "tip.year"),
        (WINDOW, "xlsx", "fr", "report.format"),
        (WINDOW, "pdf", "bm", "report.language"),
    ],
)
def test_another_window_year_format_or_language_is_refused(
    window: Window, format: str, language: str, code: str, db: None
):
    with pytest.raises(DomainError) as refusal:
        export(window, format, language)
    assert refusal.value.code == code


# --- Freezing ---------------------------------------------------------------------------------


@pytest.fixture
def frozen(cast: Cast) -> Report:
    quarter(cast.esther, 3, investigation_files="4")
    return freeze_dossier(cast.esther, YEAR, today=AFTER)


def test_a_frozen_dossier_does_not_move_in_either_language(frozen: Report, cast: Cast):
    before = [export(WINDOW, "json", language) for language in ("fr", "en")]
    quarter(cast.esther, 4, body="OIM", victims_assisted="50")
    answered(cast.esther)
    assert [export(WINDOW, "json", language) for language in ("fr", "en")] == before
    for kind in KINDS.values():
        row = queries.frozen(queries.READER, YEAR, kind)
        assert row is not None
        edition = queries.edition_of(row)
        assert edition.is_whole
        assert row.digest == digest(row.document)


def test_an_erratum_stands_beside_the_figure_in_both_languages(
    frozen: Report, cast: Cast, tmp_path: Path
):
    add_erratum(
        cast.esther, frozen, figure=FIGURE, new_value=5, reason="Un dossier oublié (fictif)."
    )
    for kind in KINDS.values():
        row = queries.frozen(queries.READER, YEAR, kind)
        assert row is not None
        edition = queries.edition_of(row)
        assert [c.new_value for c in edition.corrections] == [5]
        assert edition.document.by_key()[FIGURE].value == 4
        assert "Un dossier oublié (fictif)." in words_of_docx(write_docx(edition))
    row = queries.frozen(queries.READER, YEAR, "tip.en")
    assert row is not None
    said = words_of_pdf(WRITERS["pdf"](queries.edition_of(row)), tmp_path)
    assert "Erratum of" in said
    assert "Reason: Un dossier oublié (fictif)." in said


def test_a_period_that_is_not_over_is_not_frozen(cast: Cast):
    with pytest.raises(DomainError) as refusal:
        freeze_dossier(cast.esther, YEAR, today=datetime.date(2024, 3, 31))
    assert refusal.value.code == "tip.not_over"
    assert not Report.unscoped.exists()


def test_a_dossier_is_frozen_once_and_by_the_secretariat_alone(frozen: Report, cast: Cast):
    with pytest.raises(DomainError) as refusal:
        freeze_dossier(cast.esther, YEAR, today=AFTER)
    assert refusal.value.code == "tip.frozen"
    with pytest.raises(NotAllowed):
        freeze_dossier(cast.garan, YEAR - 1, today=AFTER)


def test_an_annual_report_and_a_dossier_of_one_year_do_not_collide(frozen: Report, cast: Cast):
    assert queries.frozen(queries.READER, YEAR) is None
    assert list(queries.frozen_years(queries.READER)) == []


# --- Answers ----------------------------------------------------------------------------------


def test_an_answer_of_a_ministry_waits_for_the_secretariat(cast: Cast):
    told = answered(cast.fanta)
    assert told.status == AnswerStatus.WAITING
    assert "Session de formation" not in texts(build(YEAR, TODAY))
    review_answer(cast.esther, told, accept=True)
    assert "Session de formation" in texts(build(YEAR, TODAY), "recommendations")


def test_a_refused_or_withdrawn_answer_leaves_the_dossier_and_says_why(cast: Cast):
    told = answered(cast.fanta)
    with pytest.raises(DomainError) as refusal:
        review_answer(cast.esther, told, accept=False)
    assert (refusal.value.code, refusal.value.field) == ("recommendation.no_reason", "note")
    review_answer(cast.esther, told, accept=False, note="Sans preuve (fictif).")
    own = answered(cast.esther)
    withdraw_answer(cast.esther, own, note="Erreur de date (fictif).")
    assert "Session de formation" not in texts(build(YEAR, TODAY))
    with pytest.raises(DomainError) as again:
        withdraw_answer(cast.esther, own, note="Encore (fictif).")
    assert again.value.code == "recommendation.decided"


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"evidence": "  "}, "recommendation.no_evidence", "evidence"),
        ({"text": ""}, "recommendation.no_text", "text"),
        ({"text": "é" * 10_000}, "recommendation.too_long", "text"),
        (
            {"first_day": datetime.date(1823, 1, 1)},
            "recommendation.too_early",
            "first_day",
        ),
        ({"last_day": datetime.date(2023, 5, 1)}, "recommendation.dates", "last_day"),
        ({"last_day": datetime.date(2024, 6, 1)}, "recommendation.future", "last_day"),
    ],
)
def test_an_answer_without_proof_or_with_impossible_days_is_refused(
    more: dict[str, object], code: str, field: str, cast: Cast
):
    with pytest.raises(DomainError) as refusal:
        answered(cast.fanta, **more)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not RecommendationAnswer.unscoped.exists()


def test_a_list_that_was_not_found_cannot_be_answered(cast: Cast):
    with pytest.raises(DomainError) as refusal:
        answered(cast.esther, "2024-1")
    assert refusal.value.code == "recommendation.gap"


def test_who_reads_only_cannot_answer_and_a_ministry_cannot_decide(cast: Cast):
    with pytest.raises(NotAllowed):
        answered(cast.garan)
    told = answered(cast.fanta)
    with pytest.raises(NotAllowed):
        review_answer(cast.fanta, told, accept=True)
