"""The page of silence: who owes what, the map of no data, the reminders."""

import datetime
import io
import re
from typing import Any

import openpyxl
import pytest

from danbe.accounts.models import Message, Organisation
from danbekit.dates import Window
from tests.conftest import Cast
from tests.figures.makers import accepted, content, drafted, line
from tests.figures.test_completeness import owes
from tests.web.conftest import Browse
from tests.web.test_figures import html_of, text_of

pytestmark = pytest.mark.django_db

HERE = "/completeness/?window=2024"
REMIND = "/completeness/remind/?window=2024"
SAID = content(victims_identified=line("9", "kayes-2023"))


@pytest.fixture
def nation(cast: Cast) -> Cast:
    """In 2024 the ministry's return is accepted, the shelter's is late, Caritas is silent."""
    for body in ("MPFEF", "SINJIYA", "CARITAS"):
        owes(body)
    accepted(cast.fanta, cast.esther, SAID, axes=["protection"])
    drafted(cast.esther, SAID, body="SINJIYA", axes=["protection"])
    return cast


def told_on(page: str, label: str) -> str:
    found = re.search(rf"{label} (\d+)", page)
    assert found, label
    return found[1]


def test_esther_sees_the_counts_the_matrix_and_who_is_silent(nation: Cast, browse: Browse) -> None:
    page = text_of(browse(nation.esther), HERE)
    assert told_on(page, "Returns due") == "3"
    assert told_on(page, "Received") == "1"
    assert told_on(page, "Accepted, so in the figures") == "1"
    assert "2 silent organisations" in page
    assert "Being filled in" in page


def test_each_cell_says_its_state_in_words_and_opens_the_return(
    nation: Cast, browse: Browse
) -> None:
    page = html_of(browse(nation.esther), HERE)
    matrix = page[page.index("table--matrix") : page.index('class="legend"')]
    for css, words in (("accepted", "Accepted"), ("late", "Being"), ("missing", "Nothing")):
        assert re.search(rf'cell--{css}">.*?{words}', matrix), css
    assert matrix.count('href="/returns/') == 2


def test_a_region_without_a_word_is_named_and_hatched(nation: Cast, browse: Browse) -> None:
    page = text_of(browse(nation.esther), HERE)
    assert "No accepted return speaks of 19 regions" in page
    drawing = html_of(browse(nation.esther), HERE).split("<svg")
    assert any("svg--map" in one and "hatch-" in one for one in drawing)
    assert "svg--tiles" in html_of(browse(nation.esther), f"{HERE}&view=tiles")


def test_fanta_sees_only_her_own_ministry_and_no_list_of_the_silent(
    nation: Cast, browse: Browse
) -> None:
    page = text_of(browse(nation.fanta), HERE)
    assert "What your organisation owes" in page
    assert "Caritas" not in page
    assert "silent organisation" not in page
    assert "Remind" not in page


def test_the_filters_keep_a_type_an_axis_or_a_state(nation: Cast, browse: Browse) -> None:
    client = browse(nation.esther)
    assert told_on(text_of(client, f"{HERE}&type=ngo"), "Returns due") == "2"
    assert "Nothing is owed" in text_of(client, f"{HERE}&axis=prosecution")
    accepted_only = html_of(client, f"{HERE}&state=accepted")
    assert accepted_only.count('<td class="cell') == 1
    assert "No return is in this state" in text_of(client, f"{HERE}&state=queried")
    assert told_on(text_of(client, f"{HERE}&type=nonsense"), "Returns due") == "3"


def test_a_window_that_is_unreadable_or_too_long_is_said(nation: Cast, browse: Browse) -> None:
    client = browse(nation.esther)
    assert "cannot be read" in text_of(client, "/completeness/?window=hier")
    assert "too long" in text_of(client, "/completeness/?from=2011-01-01&to=2024-12-31")


def test_a_body_that_owes_by_quarter_has_its_own_columns(cast: Cast, browse: Browse) -> None:
    owes("MPFEF", months=3)
    owes("SINJIYA")
    page = html_of(browse(cast.esther), HERE)
    heads = re.findall(r'<abbr title="[^"]+">([^<]+)</abbr>', page)
    assert heads == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024"]


def test_the_workbook_lists_every_return_that_is_owed(nation: Cast, browse: Browse) -> None:
    response = browse(nation.esther).get("/completeness/export/?window=2024")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {code: row[6] for code, row in rows.items()} == {
        "MPFEF": "Accepted",
        "SINJIYA": "Being filled in",
        "CARITAS": "Nothing received",
    }
    assert rows["MPFEF"][3] == datetime.datetime(2024, 1, 1)
    assert rows["CARITAS"][7] == "Protection"
    mine = browse(nation.fanta).get("/completeness/export/?window=2024")
    sheet = openpyxl.load_workbook(io.BytesIO(mine.content)).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["MPFEF"]


# --- Reminders ------------------------------------------------------------------------------


def body(code: str) -> str:
    return str(Organisation.objects.get(code=code).pk)


@pytest.fixture
def late(cast: Cast) -> Cast:
    """Fanta's ministry is late; so is Caritas, which has no focal point."""
    owes("MPFEF")
    owes("CARITAS")
    return cast


def test_esther_reminds_the_bodies_she_ticked_and_hears_who_cannot_be_reached(
    late: Cast, browse: Browse
) -> None:
    client = browse(late.esther)
    chosen = {"organisation": [body("MPFEF"), body("CARITAS")]}
    page = text_after(client.post(REMIND, chosen, follow=True))
    assert "1 organisation was reminded" in page
    assert "Without a focal point, so not reminded: Caritas Mali." in page
    mail = Message.unscoped.filter(kind="return.owed")
    assert [one.post_id for one in mail] == [late.fanta.post_id]
    again = text_after(client.post(REMIND, {"all": "1"}, follow=True))
    assert "1 organisation was already reminded today" in again
    assert mail.count() == 1


def test_nobody_ticked_reminds_nobody(late: Cast, browse: Browse) -> None:
    page = text_after(browse(late.esther).post(REMIND, {}, follow=True))
    assert "Nobody was chosen." in page
    assert not Message.unscoped.filter(kind="return.owed").exists()


def test_a_body_that_is_not_silent_is_not_reminded(nation: Cast, browse: Browse) -> None:
    browse(nation.esther).post(REMIND, {"organisation": [body("MPFEF")]})
    assert not Message.unscoped.filter(kind="return.owed").exists()


def test_the_page_says_who_has_no_focal_point_before_anybody_is_reminded(
    late: Cast, browse: Browse
) -> None:
    page = text_of(browse(late.esther), HERE)
    assert "No focal point" in page
    assert "1 organisation has no focal point" in page


def test_only_esther_may_remind(late: Cast, browse: Browse) -> None:
    for actor in (late.fanta, late.garan, late.issa, late.jeneba):
        assert browse(actor).post(REMIND, {"all": "1"}).status_code == 403
    assert "Remind" not in text_of(browse(late.garan), HERE)
    assert not Message.unscoped.filter(kind="return.owed").exists()


def test_a_get_reminds_nobody(late: Cast, browse: Browse) -> None:
    response = browse(late.esther).get(REMIND)
    assert response.status_code == 302
    assert not Message.unscoped.filter(kind="return.owed").exists()


def test_readers_of_figures_do_not_see_who_is_late(nation: Cast, browse: Browse) -> None:
    for actor in (nation.issa, nation.awa, nation.jeneba):
        for address in (HERE, "/completeness/export/"):
            assert browse(actor).get(address).status_code == 403
    assert browse(None).get(HERE).status_code == 302


def test_three_hundred_bodies_take_no_more_queries_than_three(
    nation: Cast, browse: Browse, django_assert_max_num_queries: Any
) -> None:
    client = browse(nation.esther)
    for n in range(40):
        Organisation.objects.create(code=f"F{n}", label_fr=f"Fictive {n}", type="ngo")
        owes(f"F{n}")
    with django_assert_max_num_queries(20):
        page = text_of(client, HERE)
    assert "43 organisations, by period" in page


def text_after(response: Any) -> str:
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"[\s\u00a0\u202f]+", " ", words)


def test_the_default_window_is_the_last_whole_year(cast: Cast, browse: Browse) -> None:
    year = datetime.date.today().year - 1
    response = browse(cast.esther).get("/completeness/")
    assert response.context["asked"].window == Window.calendar_year(year)
