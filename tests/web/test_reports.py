"""The pages of the annual report: who reads which, and what each shows."""

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from danbe.reports.actions import add_erratum, freeze_report
from danbe.reports.document import from_json
from danbe.reports.models import Erratum, Report
from tests.conftest import Cast, SignIn
from tests.reports.makers import TODAY, accepted, line, owe, returns_of_2024, wide

VICTIMS = "victims_identified@2024"
FILES = ("pdf", "xlsx", "json")


@pytest.fixture
def of_2024(cast: Cast) -> Cast:
    owe(cast.esther, "CNCLCTPA", "COURS", "MPFEF")
    returns_of_2024(cast.esther)
    return cast


@pytest.fixture
def report(of_2024: Cast) -> Report:
    return freeze_report(of_2024.esther, 2024, today=TODAY)


def read(browser: Client, path: str, status: int = 200) -> str:
    """The text of a page, on one line."""
    answer = browser.get(path)
    assert answer.status_code == status, path
    return words(answer.content.decode())


def words(page: str) -> str:
    text = html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.S))
    return " ".join(text.split())


def test_who_drafts_reads_the_draft_and_nobody_else_nor_its_files(of_2024: Cast, sign_in: SignIn):
    for actor in (of_2024.esther, of_2024.garan):
        said = read(sign_in(actor), "/reports/2024/draft/")
        assert "629" in said
        assert "Projet établi le" in said
        assert "26 sans explication" in said
    for name in ("issa", "fanta", "awa", "bakary", "coumba", "djibril", "jeneba", "auditor"):
        browser = sign_in(getattr(of_2024, name))
        for page in ("draft", *FILES):
            read(browser, f"/reports/2024/{page}/", 403)


def test_every_reader_reads_the_frozen_report_but_not_the_administrator_nor_the_auditor(
    report: Report, of_2024: Cast, sign_in: SignIn
):
    for name in ("issa", "fanta", "awa", "djibril", "esther", "garan"):
        said = read(sign_in(getattr(of_2024, name)), "/reports/2024/")
        assert "Rapport figé le" in said
    for name in ("jeneba", "auditor"):
        browser = sign_in(getattr(of_2024, name))
        for path in ("/reports/", "/reports/2024/", "/reports/2024/pdf/", "/reports/2024/freeze/"):
            read(browser, path, 403)


def test_the_files_of_a_frozen_report_are_named_after_its_year(
    report: Report, of_2024: Cast, sign_in: SignIn
):
    browser = sign_in(of_2024.issa)
    for kind in FILES:
        answer = browser.get(f"/reports/2024/{kind}/")
        assert answer.status_code == 200
        assert f'filename="rapport-annuel-2024.{kind}"' in answer["Content-Disposition"]
    assert browser.get("/reports/2024/pdf/?draft").status_code == 403


def test_a_visitor_is_asked_to_sign_in(report: Report, sign_in: SignIn):
    assert sign_in(None).get("/reports/2024/").status_code == 302


def test_a_year_that_is_not_frozen_has_no_report_to_read(of_2024: Cast, sign_in: SignIn):
    read(sign_in(of_2024.issa), "/reports/2024/", 404)
    read(sign_in(of_2024.esther), "/reports/2024/", 404)
    read(sign_in(of_2024.esther), "/reports/1066/draft/", 404)


def test_issa_sees_frozen_years_only_and_esther_the_drafts_too(
    report: Report, of_2024: Cast, sign_in: SignIn
):
    last = timezone.localdate().year - 1
    theirs = sign_in(of_2024.issa).get("/reports/").content.decode()
    assert "/reports/2024/" in theirs
    assert f"/reports/{last}/draft/" not in theirs
    ours = sign_in(of_2024.esther).get("/reports/").content.decode()
    assert f"/reports/{last}/draft/" in ours


def test_each_figure_opens_to_its_source_or_its_breakdown(of_2024: Cast, sign_in: SignIn):
    page = sign_in(of_2024.esther).get("/reports/2024/draft/?part=protection").content.decode()
    assert (
        '<a href="/figures/sources/?definition=victims_identified&amp;window=2024">629</a>' in page
    )
    assert (
        '<a href="/figures/?definition=victims_identified&amp;window=2024&amp;by=sex_age">337</a>'
        in page
    )
    for url in re.findall(r'href="(/figures/[^"]+)"', page):
        assert sign_in(of_2024.esther).get(html.unescape(url)).status_code == 200, url


def test_every_chapter_is_shown_and_an_unknown_one_is_not_there(of_2024: Cast, sign_in: SignIn):
    browser = sign_in(of_2024.esther)
    page = browser.get("/reports/2024/draft/").content.decode()
    parts = re.findall(r'href="\?part=(\w+)"', page)
    assert len(set(parts)) == 12
    for part in parts:
        assert browser.get(f"/reports/2024/draft/?part={part}").status_code == 200
    read(browser, "/reports/2024/draft/?part=nowhere", 404)


def test_an_axis_that_counts_much_is_read_a_few_figures_at_a_time(cast: Cast, sign_in: SignIn):
    wide(cast.esther, 6)
    browser, path = sign_in(cast.esther), "/reports/2024/draft/?part=protection"
    first = browser.get(path).content.decode()
    assert "vue d’ensemble" in first
    assert "par sexe et âge" not in words(first)
    contents = re.findall(r'href="(\?part=protection&amp;page=\d)#(c-\w+|r-\w+|q-\w+)"', first)
    assert len(contents) == 8
    for url, anchor in contents:
        assert (
            f'id="{anchor}"'
            in browser.get(f"/reports/2024/draft/{html.unescape(url)}").content.decode()
        )
    assert "Protection, 4.1 à 4.4" in read(browser, f"{path}&page=2")
    last = read(browser, f"{path}&page=3")
    assert "Ce que rapportent les organisations" in last
    for asked, same in (
        ("99", last),
        ("0", words(first)),
        ("deux", words(first)),
        ("-1", words(first)),
    ):
        assert read(browser, f"{path}&page={asked}") == same
    assert read(browser, "/reports/2024/draft/?part=method&page=9") == read(
        browser, "/reports/2024/draft/?part=method"
    )


def test_a_frozen_axis_that_counts_much_is_cut_in_the_same_way(cast: Cast, sign_in: SignIn):
    wide(cast.esther, 6)
    freeze_report(cast.esther, 2024, today=TODAY)
    browser, path = sign_in(cast.issa), "/reports/2024/?part=protection"
    assert "Dans ce chapitre" in read(browser, path)
    second = read(browser, f"{path}&page=2")
    assert "Tableau" in second
    assert "Dans ce chapitre" not in second
    assert "Ce que rapportent les organisations" in read(browser, f"{path}&page=77")


def test_the_report_is_french_and_says_so_to_an_english_reader(of_2024: Cast, sign_in: SignIn):
    browser = sign_in(of_2024.garan)
    browser.cookies["danbe_language"] = "en"
    page = browser.get("/reports/2024/draft/").content.decode()
    assert "Victimes identifiées" in page
    assert 'lang="fr"' in page
    assert "What moved" not in page  # nothing is frozen yet


def test_returns_of_a_source_open_for_the_analyst_and_not_for_the_partner(
    report: Report, of_2024: Cast, sign_in: SignIn
):
    for name, opens in (("garan", True), ("issa", False)):
        page = sign_in(getattr(of_2024, name)).get("/reports/2024/?part=sources").content.decode()
        assert ("/returns/" in page.split("<article")[1]) is opens
        assert "https://amap.ml" in page


# --- Freezing -------------------------------------------------------------------------------


def test_esther_sees_who_is_silent_then_freezes(of_2024: Cast, sign_in: SignIn):
    browser = sign_in(of_2024.esther)
    said = read(browser, "/reports/2024/freeze/")
    assert "Ministère de la Promotion de la Femme" in said
    assert not Report.unscoped.exists()  # a GET writes nothing
    answer = browser.post("/reports/2024/freeze/")
    assert answer["Location"] == "/reports/2024/"
    assert Report.unscoped.get().year == 2024
    assert browser.get("/reports/2024/freeze/")["Location"] == "/reports/2024/"


def test_nobody_else_freezes(of_2024: Cast, sign_in: SignIn):
    for actor in (of_2024.garan, of_2024.issa, of_2024.fanta):
        assert sign_in(actor).post("/reports/2024/freeze/").status_code == 403
    assert not Report.unscoped.exists()


def test_the_year_under_way_cannot_be_frozen(of_2024: Cast, sign_in: SignIn):
    year = timezone.localdate().year
    browser = sign_in(of_2024.esther)
    assert (
        'method="post"'
        not in browser.get(f"/reports/{year}/freeze/").content.decode().split("<main")[1]
    )
    assert browser.post(f"/reports/{year}/freeze/").status_code == 409


def test_the_frozen_page_does_not_move_when_a_return_comes_later(
    report: Report, of_2024: Cast, sign_in: SignIn
):
    browser = sign_in(of_2024.issa)
    before = {p: read(browser, f"/reports/2024/{p}") for p in ("", "?part=protection")}
    accepted(of_2024.esther, "MPFEF", {"lines": {"victims_identified": [line("100")]}})
    assert {p: read(browser, f"/reports/2024/{p}") for p in before} == before
    assert "729" in read(sign_in(of_2024.esther), "/reports/2024/draft/")


def test_a_report_altered_in_the_database_is_denounced(
    report: Report, of_2024: Cast, sign_in: SignIn
):
    assert 'role="alert"' not in sign_in(of_2024.issa).get("/reports/2024/").content.decode()
    told = report.document
    told["figures"][0]["value"] = 1
    Report.unscoped.update(document=told)
    assert from_json(told).figures[0].value == 1
    assert 'role="alert"' in sign_in(of_2024.issa).get("/reports/2024/").content.decode()


# --- Errata ---------------------------------------------------------------------------------


def test_esther_corrects_a_figure_and_both_numbers_stand(
    report: Report, of_2024: Cast, sign_in: SignIn
):
    browser = sign_in(of_2024.esther)
    page = browser.get("/reports/2024/erratum/?table=axis-protection").content.decode()
    assert "Victimes identifiées" in page
    answer = browser.post(
        "/reports/2024/erratum/?table=axis-protection",
        {"figure": VICTIMS, "new_value": "630", "reason": "Un oubli à Kayes."},
    )
    assert answer["Location"] == "/reports/2024/"
    for path in ("/reports/2024/", "/reports/2024/?part=protection"):
        said = read(sign_in(of_2024.issa), path)
        assert "629 → 630" in said
        assert "Motif : Un oubli à Kayes." in said


def test_an_erratum_without_a_reason_comes_back_with_what_was_typed(
    report: Report, of_2024: Cast, sign_in: SignIn
):
    answer = sign_in(of_2024.esther).post(
        "/reports/2024/erratum/", {"figure": VICTIMS, "new_value": "630", "reason": ""}
    )
    assert answer.status_code == 200
    assert 'value="630"' in answer.content.decode()
    assert not Erratum.objects.exists()


def test_an_erratum_that_changes_nothing_is_refused_beside_its_field(
    report: Report, of_2024: Cast, sign_in: SignIn
):
    answer = sign_in(of_2024.esther).post(
        "/reports/2024/erratum/", {"figure": VICTIMS, "new_value": "629", "reason": "Oubli."}
    )
    assert "id_new_value" in answer.content.decode()
    assert not Erratum.objects.exists()


def test_a_draft_has_no_erratum_and_garan_records_none(of_2024: Cast, sign_in: SignIn):
    read(sign_in(of_2024.esther), "/reports/2024/erratum/", 404)
    freeze_report(of_2024.esther, 2024, today=TODAY)
    read(sign_in(of_2024.garan), "/reports/2024/erratum/", 403)
    page = sign_in(of_2024.garan).get("/reports/2024/").content.decode()
    assert "/reports/2024/erratum/" not in page


def test_what_moved_since_leads_to_an_erratum(report: Report, of_2024: Cast, sign_in: SignIn):
    accepted(of_2024.esther, "MPFEF", {"lines": {"victims_identified": [line("1")]}})
    page = sign_in(of_2024.esther).get("/reports/2024/changes/").content.decode()
    [url] = re.findall(
        r'href="(/reports/2024/erratum/\?figure=victims_identified%402024[^"]*)"', page
    )
    form = sign_in(of_2024.esther).get(html.unescape(url)).content.decode()
    assert 'value="630"' in form
    read(sign_in(of_2024.issa), "/reports/2024/changes/", 403)


def test_words_of_a_body_are_shown_as_text_never_as_markup(of_2024: Cast, sign_in: SignIn):
    text = "<script>alert(1)</script>"
    content = {"lines": {"persons_trained": [line("5", explanation=text)]}, "difficulties": text}
    row = accepted(of_2024.esther, "MPFEF", content)
    assert row.status == "accepted"
    for part in ("prevention", "difficulties"):
        page = sign_in(of_2024.esther).get(f"/reports/2024/draft/?part={part}").content.decode()
        assert text not in page
        assert html.escape(text) in page
    report = freeze_report(of_2024.esther, 2024, today=TODAY)
    add_erratum(of_2024.esther, report, figure=VICTIMS, new_value=1, reason=text)
    assert text not in sign_in(of_2024.issa).get("/reports/2024/").content.decode()


def test_the_reports_owed_are_listed_with_the_next_expected_day(of_2024: Cast, sign_in: SignIn):
    said = read(sign_in(of_2024.esther), "/reports/#calendar")
    assert "GLOTIP" in said
    assert "5 mai" in said
