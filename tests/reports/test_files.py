"""The files that are handed out: JSON for machines, XLSX for statisticians, PDF for all."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from danbe.core.errors import DomainError
from danbe.core.models import Setting
from danbe.reports.annual import build
from danbe.reports.document import Correction, Document, Edition, digest, to_json
from danbe.reports.export import export, write_json
from danbe.reports.pdf import write_pdf
from danbe.reports.xlsx import write_xlsx
from tests.conftest import Cast
from tests.reports.makers import TODAY

NAME = "Kɛlɛ kɛ dɔɲɛ ŋaniya, Ɛ Ɔ Ɲ Ŋ"  # the four letters of the national languages
ERRATUM = Correction(
    "victims_identified@2024", "Victimes identifiées", 629, 630, "Un oubli à Kayes.", "2025-06-03"
)


def draft(document: Document) -> Edition:
    return Edition(document)


def frozen(document: Document, *corrections: Correction) -> Edition:
    return Edition(document, digest(to_json(document)), "2025-05-05", corrections)


# --- JSON -------------------------------------------------------------------------------------


def test_the_json_gives_each_figure_with_its_unit_window_and_sources(of_2024: Cast):
    told = json.loads(export(2024, "json"))
    figures = {f["key"]: f for f in told["figures"]}
    sources = {s["id"]: s for s in told["sources"]}
    found = figures["persons_investigated@2024"]
    assert (found["value"], found["unit"], found["window"]) == (430, "personnes", "2024")
    assert [sources[s]["title"] for s in found["sources"]]
    assert figures["persons_sensitised@2024"]["at_least"] is True
    assert told["edition"]["status"] == "draft"
    assert told["edition"]["frozen_on"] is None


def test_the_json_of_a_frozen_report_carries_its_errata_and_fingerprint(document: Document):
    told = json.loads(write_json(frozen(document, ERRATUM)))
    assert told["edition"]["errata"][0]["new_value"] == 630
    assert told["edition"]["digest"] == digest({k: v for k, v in told.items() if k != "edition"})
    figures = {f["key"]: f["value"] for f in told["figures"]}
    assert figures["victims_identified@2024"] == 629


def test_an_unknown_format_is_refused(of_2024: Cast):
    with pytest.raises(DomainError) as refusal:
        export(2024, "docx")
    assert refusal.value.code == "report.format"


# --- XLSX -------------------------------------------------------------------------------------


def workbook(edition: Edition) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_xlsx(edition)))


def test_the_workbook_has_a_sheet_a_table_and_numbers_are_numbers(document: Document):
    book = workbook(frozen(document))
    found = next(t for t in document.tables() if t.code == "victims_identified-sex_age")
    sheet = book[f"T{int(found.number):02}"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=5, max_row=9)}
    assert [c.value for c in rows["Total"][1:4]] == [292, 337, 629]
    assert all(c.data_type == "n" for c in rows["Total"][1:4])
    assert len([name for name in book.sheetnames if name.startswith("T")]) == len(
        document.tables()
    )


def test_the_workbook_has_a_column_of_sources_and_a_sheet_of_definitions(document: Document):
    book = workbook(frozen(document))
    head = [cell.value for cell in book["T03"][4]]
    assert "Sources" in head
    assert [c.value for c in book["T03"][5]][head.index("Sources")] == "S1"
    codes = {row[0].value for row in book["Définitions"].iter_rows(min_row=5)}
    assert "victims_identified" in codes
    assert "https://amap.ml" in str([c.value for c in book["Sources"]["E"]])


def test_more_than_36_000_is_a_number_that_reads_more_than(document: Document):
    sheet = workbook(frozen(document))["Chiffres"]
    row = next(r for r in sheet.iter_rows() if r[0].value == "persons_sensitised@2024")
    assert row[5].value == 36_000
    assert row[5].number_format == '"plus de "#,##0'
    assert row[6].value == "oui"


def test_no_data_is_a_word_never_a_zero(document: Document):
    sheet = workbook(frozen(document))["Chiffres"]
    row = next(r for r in sheet.iter_rows() if r[0].value == "networks_dismantled@2024")
    assert row[5].value == "pas de données"


def test_the_workbook_of_a_draft_says_so_on_every_sheet(document: Document):
    assert workbook(draft(document))["T03"]["A1"].value.startswith("PROJET. ")
    assert not workbook(frozen(document))["T03"]["A1"].value.startswith("PROJET")


def test_the_workbook_shows_the_erratum_beside_the_figure(document: Document):
    book = workbook(frozen(document, ERRATUM))
    assert "629 → 630" in str([c.value for c in book["Lisez-moi"]["A"]])
    sheet = next(
        s for s in book if s["A1"].value and "Victimes identifiées par sexe" in s["A1"].value
    )
    total = next(row for row in sheet.iter_rows(min_row=5) if row[0].value == "Total")
    assert total[3].value == 629
    assert "629 → 630" in total[5].value


# --- PDF --------------------------------------------------------------------------------------

poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is absent: install poppler-utils"
)


def text_of(data: bytes, tmp_path: Path) -> str:
    """The text of a PDF as a reader copies it, on one line."""
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    run = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def info_of(data: bytes, tmp_path: Path) -> str:
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    run = subprocess.run(["pdfinfo", path], capture_output=True, check=True)
    return run.stdout.decode()


@poppler
def test_the_pdf_holds_accents_and_the_letters_of_the_national_languages_as_text(
    of_2024: Cast, tmp_path: Path
):
    Setting.objects.create(key="body.name", value=NAME)
    said = text_of(write_pdf(draft(build(2024, TODAY))), tmp_path)
    assert NAME in said
    assert "Évolution depuis 2011" in said
    assert "Dioïla" in said  # on the map: letters of drawings are text too
    assert "291 hommes (âge non précisé)" in said


@poppler
def test_the_pdf_is_tagged_titled_and_a4(document: Document, tmp_path: Path):
    data = write_pdf(frozen(document))
    told = info_of(data, tmp_path)
    assert "Tagged:          yes" in told
    assert "Title:           Rapport annuel 2024 sur la traite des personnes" in told
    assert "(A4)" in told
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"/Lang" in data


@poppler
def test_the_pdf_says_the_figures_their_units_the_26_and_the_sources(
    document: Document, tmp_path: Path
):
    said = text_of(write_pdf(frozen(document)), tmp_path)
    for words in (
        "629 victimes",
        "822 migrants",
        "93 dossiers",
        "430 personnes",
        "26 sans explication",
        "n’expliquent pas 26 personnes",
        "Rapport figé le 5 mai 2025",
        "https://amap.ml/?p=29074",
        "Empreinte du document",
    ):
        assert words in said, words


@poppler
def test_a_draft_is_watermarked_and_a_frozen_report_is_not(document: Document, tmp_path: Path):
    assert "Projet établi le 5 mai 2025" in text_of(write_pdf(draft(document)), tmp_path)
    assert "Projet" not in text_of(write_pdf(frozen(document)), tmp_path)


@poppler
def test_the_pdf_prints_the_erratum_beside_the_figure_which_stays(
    document: Document, tmp_path: Path
):
    said = text_of(write_pdf(frozen(document, ERRATUM)), tmp_path)
    assert "Erratum du 3 juin 2025" in said
    assert "629 → 630" in said
    assert "Un oubli à Kayes." in said
    assert "629 victimes" in said


def test_the_same_edition_gives_the_same_bytes(document: Document):
    assert write_pdf(frozen(document)) == write_pdf(frozen(document))
    assert write_xlsx(frozen(document)) == write_xlsx(frozen(document))


@poppler
def test_words_typed_by_a_body_are_printed_never_run(of_2024: Cast, tmp_path: Path):
    Setting.objects.create(key="body.name", value='#panic("x") *gras* $x$ </svg> "guillemets"')
    said = text_of(write_pdf(draft(build(2024, TODAY))), tmp_path)
    assert '#panic("x") *gras* $x$ </svg> "guillemets"' in said
