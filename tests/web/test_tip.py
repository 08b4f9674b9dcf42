"""The pages of the dossier: two languages, files, freezing, answers; what is typed is not lost."""

import io

import docx
import pytest
from django.urls import reverse

from danbe.reports.models import AnswerStatus, RecommendationAnswer, Report
from danbe.reports.tip_actions import freeze_dossier
from tests.conftest import Cast, SignIn
from tests.reports.tip_makers import AFTER, YEAR, answered, quarter

TYPED = {
    "first_day": "2023-06-01",
    "last_day": "2023-06-03",
    "text": "Session de formation (fictif).",
    "evidence": "Rapport (fictif).",
}


def answer_url(code: str = "2019-4") -> str:
    return reverse("recommendation_answer", args=[code])


def test_the_draft_is_read_in_french_and_in_english_whatever_the_pages_speak(
    cast: Cast, sign_in: SignIn
):
    browser = sign_in(cast.esther)
    french = browser.get(reverse("tip_draft", args=[YEAR, "fr"])).content.decode()
    english = browser.get(reverse("tip_draft", args=[YEAR, "en"])).content.decode()
    assert "Dossier TIP" in french
    assert "TIP dossier" in english
    assert '<article class="stack" lang="en">' in english
    assert "Tableau" not in english.partition("<article")[2].partition("</article")[0]


@pytest.mark.parametrize("part", ["C01", "presumptions", "tiers", "gaps", "sources"])
def test_a_chapter_is_read_at_its_own_address(part: str, cast: Cast, sign_in: SignIn):
    quarter(cast.esther, 3, investigation_files="4")
    told = sign_in(cast.garan).get(reverse("tip_draft", args=[YEAR, "fr"]), {"part": part})
    assert told.status_code == 200
    unknown = sign_in(cast.garan).get(reverse("tip_draft", args=[YEAR, "fr"]), {"part": "C99"})
    assert unknown.status_code == 404


@pytest.mark.parametrize("args", [[1823, "fr"], [2190, "fr"], [YEAR, "bm"]])
def test_a_period_or_a_language_that_no_dossier_has_is_not_found(
    args: list[object], cast: Cast, sign_in: SignIn
):
    browser = sign_in(cast.esther)
    assert browser.get(reverse("tip_draft", args=args)).status_code == 404
    assert browser.get(reverse("tip_pdf", args=args)).status_code == 404


def test_the_docx_comes_with_a_name_that_says_it_is_a_draft(cast: Cast, sign_in: SignIn):
    told = sign_in(cast.esther).get(reverse("tip_docx", args=[YEAR, "en"]))
    assert 'filename="tip-dossier-2023-2024-draft.docx"' in told["Content-Disposition"]
    assert docx.Document(io.BytesIO(told.content)).tables


def test_the_secretariat_freezes_and_corrects_and_partners_then_read(cast: Cast, sign_in: SignIn):
    quarter(cast.esther, 3, investigation_files="4")
    browser = sign_in(cast.esther)
    assert browser.post(reverse("tip_freeze", args=[YEAR])).status_code == 302
    assert Report.unscoped.count() == 2
    url = reverse("tip_erratum", args=[YEAR])
    figure = "investigation_files@2023-04-01..2024-03-31"
    refused = browser.post(url, {"figure": figure, "new_value": "4", "reason": "Égal (fictif)"})
    assert refused.status_code == 200
    told = browser.post(url, {"figure": figure, "new_value": "5", "reason": "Oubli (fictif)"})
    assert told.status_code == 302
    read = sign_in(cast.issa).get(reverse("tip_detail", args=[YEAR, "en"]), {"part": "C01"})
    assert "Oubli (fictif)" in read.content.decode()


def test_an_annual_list_does_not_show_a_frozen_dossier(cast: Cast, sign_in: SignIn):
    freeze_dossier(cast.esther, YEAR, today=AFTER)
    assert sign_in(cast.issa).get(reverse("report_detail", args=[YEAR])).status_code == 404


def test_a_focal_point_answers_and_the_secretariat_decides(cast: Cast, sign_in: SignIn):
    assert sign_in(cast.fanta).post(answer_url(), TYPED).status_code == 302
    told = RecommendationAnswer.unscoped.get()
    assert told.status == AnswerStatus.WAITING
    listed = sign_in(cast.esther).get(reverse("recommendation_list"), {"year": "2019"})
    assert "1 réponse attend d’être lue" in listed.content.decode()
    review = reverse("answer_review", args=[told.pk])
    refused = sign_in(cast.esther).post(review, {"answer": "refuse", "note": ""})
    assert refused.status_code == 400
    assert sign_in(cast.esther).post(review, {"answer": "accept"}).status_code == 302
    told.refresh_from_db()
    assert told.status == AnswerStatus.ACCEPTED


def test_a_refused_answer_form_says_where_and_keeps_what_was_typed(cast: Cast, sign_in: SignIn):
    browser = sign_in(cast.fanta)
    for wrong in ({"first_day": "1823-01-01"}, {"evidence": ""}, {"text": "é" * 10_000}):
        told = browser.post(answer_url(), TYPED | wrong)
        assert told.status_code == 400
        assert "aria-invalid" in told.content.decode()
        assert TYPED["last_day"] in told.content.decode()
    assert not RecommendationAnswer.unscoped.exists()


def test_two_tabs_do_not_decide_one_answer_twice(cast: Cast, sign_in: SignIn):
    told = answered(cast.fanta)
    url = reverse("answer_review", args=[told.pk])
    browser = sign_in(cast.esther)
    assert browser.post(url, {"answer": "accept"}).status_code == 302
    second = browser.post(url, {"answer": "refuse", "note": "Non (fictif)."})
    assert second.status_code == 400
    assert "déjà été tranchée" in second.content.decode()


def test_an_edition_that_is_no_year_shows_nothing_rather_than_everything(
    cast: Cast, sign_in: SignIn
):
    for asked in ("nulle part", "²", "0"):
        told = sign_in(cast.fanta).get(reverse("recommendation_list"), {"year": asked})
        assert told.status_code == 200
        assert "2019-4" not in told.content.decode()
