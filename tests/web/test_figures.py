"""The figures explorer: a number is never bare, and silence is never zero."""

import csv
import gzip
import io
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client

from danbe.figures.models import PublishedFact, PublishedFigure
from danbekit.dates import Window
from tests.conftest import Cast
from tests.figures.makers import accepted, content, focal_point, line
from tests.web.conftest import Browse

pytestmark = pytest.mark.django_db

VICTIMS = "victims_identified"
HERE = f"/figures/?definition={VICTIMS}&window=2024"
KAYES = line("20", "kayes-2023", sex_age={"female.adult": "12", "male.child": "8"})


@pytest.fixture
def nation(cast: Cast) -> Cast:
    """Two bodies gave the victims of 2024: 20 in Kayes, 7 in Bamako."""
    accepted(cast.fanta, cast.esther, content(**{VICTIMS: KAYES}), axes=["protection"])
    sinjiya = focal_point("abdou", "SINJIYA")
    said = content(**{VICTIMS: line("7", "bamako")})
    accepted(sinjiya, cast.esther, said, axes=["protection"])
    return cast


def text_of(client: Client, address: str, status: int = 200) -> str:
    """The words of a page, without its markup, spaces of all kinds made one."""
    response = client.get(address)
    assert response.status_code == status, response.status_code
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"[\s\u00a0\u202f]+", " ", words)


def html_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# --- The number -----------------------------------------------------------------------------


def test_a_figure_is_shown_with_its_unit_its_window_its_place_and_its_bodies(
    nation: Cast, browse: Browse
) -> None:
    page = text_of(browse(nation.esther), HERE)
    assert "The whole country, year 2024 27 victims from 2 organisations" in page
    assert "Not broken down" not in page
    assert "Kayes 20" in page
    assert "Bamako 7" in page


def test_where_nobody_spoke_the_page_says_no_data_and_shows_no_zero(
    nation: Cast, browse: Browse
) -> None:
    page = text_of(browse(nation.esther), "/figures/?definition=migrants_assisted&window=2024")
    assert "No data" in page
    assert "It is not zero" in page
    assert not re.search(r"\b0 migrants", page)


def test_what_the_parts_do_not_say_is_a_line_of_the_table(nation: Cast, browse: Browse) -> None:
    page = text_of(browse(nation.esther), f"{HERE}&by=sex_age")
    assert re.search(r"Not broken down in the total, not split by the organisations 7", page)
    assert re.search(r"Total 27", page)


def test_a_return_that_straddles_the_window_is_said_and_not_counted(
    nation: Cast, browse: Browse
) -> None:
    april = f"/figures/?definition={VICTIMS}&window=2024-04-01..2025-03-31"
    page = text_of(browse(nation.esther), april)
    assert "2 annual returns cover a part of this period and are not counted in it." in page


def test_any_two_dates_make_a_window_and_win_over_the_list(nation: Cast, browse: Browse) -> None:
    address = f"/figures/?definition={VICTIMS}&window=2024&from=2024-02-10&to=2024-03-05"
    page = text_of(browse(nation.esther), address)
    assert "10 February 2024 to 5 March 2024" in page


@pytest.mark.parametrize("window", ["2024-13", "hier", "2024-05-01..2024-04-01"])
def test_a_window_that_cannot_be_read_is_said_and_another_is_shown(
    nation: Cast, browse: Browse, window: str
) -> None:
    page = text_of(browse(nation.esther), f"/figures/?window={window}")
    assert "This period cannot be read" in page
    assert "Shown instead: year 2024" in page


@pytest.mark.parametrize("wrong", ["definition=unknown", "place=atlantis"])
def test_an_unknown_definition_or_place_is_not_found(
    nation: Cast, browse: Browse, wrong: str
) -> None:
    assert browse(nation.esther).get(f"/figures/?{wrong}").status_code == 404


def test_a_breakdown_that_the_figure_does_not_have_falls_back_to_places(
    nation: Cast, browse: Browse
) -> None:
    address = "/figures/?definition=meetings_held&window=2024&by=citizenship"
    assert "By place" in text_of(browse(nation.esther), address)


def test_the_explanation_of_a_body_stands_beside_the_figure(cast: Cast, browse: Browse) -> None:
    said = line("430", sex_age={"male.unknown": "404"}, explanation="26 sans précision.")
    courts = focal_point("abdou", "COURS")
    accepted(courts, cast.esther, content(persons_investigated=said), axes=["prosecution"])
    address = "/figures/?definition=persons_investigated&window=2024&by=sex_age"
    page = text_of(browse(cast.esther), address)
    assert "COURS: 26 sans précision." in page
    assert re.search(r"Not broken down .{0,80} 26", page)


def test_fictitious_returns_are_said_beside_the_number(nation: Cast, browse: Browse) -> None:
    assert "fictitious" not in text_of(browse(nation.esther), HERE)
    from danbe.figures.models import Return

    Return.unscoped.update(is_fictitious=True)
    assert "Some of the returns are fictitious" in text_of(browse(nation.esther), HERE)


# --- The territory --------------------------------------------------------------------------


def test_the_map_is_that_of_the_window_and_each_region_opens(nation: Cast, browse: Browse) -> None:
    page = html_of(browse(nation.esther), HERE)
    assert "place=kayes-2023" in page
    assert 'class="svg svg--map"' in page
    accepted(
        nation.fanta,
        nation.esther,
        content(**{VICTIMS: line("4", "kayes")}),
        axes=["protection"],
        window=Window.calendar_year(2019),
    )
    old = html_of(browse(nation.esther), f"/figures/?definition={VICTIMS}&window=2019")
    assert "place=kayes&amp;" in old or "place=kayes&" in old
    assert "Bougouni" not in old.split("svg--map")[1]


def test_the_equal_tiles_are_the_second_view(nation: Cast, browse: Browse) -> None:
    page = html_of(browse(nation.esther), f"{HERE}&view=tiles")
    assert "svg--tiles" in page
    assert "svg--map" not in page


def test_a_region_asked_for_a_time_when_it_did_not_exist_leads_to_what_was_there(
    nation: Cast, browse: Browse
) -> None:
    page = html_of(browse(nation.esther), f"/figures/?definition={VICTIMS}&window=2019&place=kita")
    assert "did not exist within these limits" in page
    assert re.search(r'href="[^"]*place=kayes[^-"]*"', page)


def test_the_history_of_a_region_breaks_where_its_limits_changed(
    nation: Cast, browse: Browse
) -> None:
    said = content(**{VICTIMS: line("4", "kayes")})
    window = Window.calendar_year(2019)
    accepted(nation.fanta, nation.esther, said, axes=["protection"], window=window)
    page = text_of(browse(nation.esther), f"{HERE}&place=kayes-2023")
    assert "In its earlier limits" in page
    assert "new limits" in page


# --- The past -------------------------------------------------------------------------------


def test_the_history_keeps_what_was_published_with_its_oddities(
    nation: Cast, browse: Browse
) -> None:
    PublishedFigure.objects.all().delete()
    window = Window.calendar_year(2017)
    told: dict[str, Any] = {"source_table": "t", "year_label": "2017", "reporter": "ONUDC"}
    told |= {"definition_id": VICTIMS, "start": window.start, "end": window.end}
    PublishedFigure.objects.create(raw_text="<5", status="published", **told)
    warning = "cases and persons mixed"
    PublishedFigure.objects.create(
        value=48, status="published", unit_warning_en=warning, unit_warning_fr="x", **told
    )
    page = text_of(browse(nation.esther), HERE)
    assert "&lt;5 ONUDC" in page
    assert "48 ONUDC" in page
    assert warning in page


def test_the_published_past_is_filtered_and_says_what_is_a_gap(
    nation: Cast, browse: Browse
) -> None:
    client = browse(nation.issa)
    everything = text_of(client, "/figures/published/")
    assert f"{PublishedFigure.objects.count()} published numbers" in everything
    n_gaps = PublishedFigure.objects.filter(status="gap").count()
    gaps = text_of(client, "/figures/published/?status=gap")
    assert n_gaps
    assert f"{n_gaps} published number" in gaps
    assert "Gap: not found" in gaps
    assert "Nothing was found" in text_of(client, "/figures/published/?q=xyzzy")


def test_the_tiers_and_the_plans_are_in_the_published_past(nation: Cast, browse: Browse) -> None:
    client = browse(nation.issa)
    for subject in ("tip_tier", "nap"):
        page = text_of(client, f"/figures/published/?subject={subject}")
        for fact in PublishedFact.objects.filter(subject=subject):
            assert fact.year_label in page


def test_published_figures_sort_with_the_undated_last(nation: Cast, browse: Browse) -> None:
    client = browse(nation.issa)
    for sort in ("year", "-year", "value", "-value", "reporter", "-reporter", "nonsense"):
        assert client.get(f"/figures/published/?sort={sort}").status_code == 200
    undated = PublishedFigure.objects.filter(start=None).first()
    assert undated
    first = client.get("/figures/published/?sort=year").context["page"].object_list[0]
    assert first.start is not None


# --- Who may see what -----------------------------------------------------------------------


def test_a_reader_of_figures_sees_sums_and_never_the_number_of_one_body(
    nation: Cast, browse: Browse
) -> None:
    for actor in (nation.issa, nation.awa):
        client = browse(actor)
        page = text_of(client, f"{HERE}&by=organisation")
        assert "By organisation" not in page
        told = text_of(client, f"/figures/sources/?definition={VICTIMS}&window=2024")
        assert "Sinjiya" in told  # who, and for which period
        assert not re.search(r"\b(20|7)\b(?! victims)", told.split("numbers of returns")[1])
        rows = sources_of(client)
        assert rows
        assert all(row[4] is None for row in rows)


def test_fanta_sees_her_own_number_in_the_sources_and_esther_all(
    nation: Cast, browse: Browse
) -> None:
    assert sorted(str(row[4]) for row in sources_of(browse(nation.fanta))) == ["20", "None"]
    assert sorted(row[4] for row in sources_of(browse(nation.esther))) == [7, 20]
    page = html_of(browse(nation.fanta), f"/figures/sources/?definition={VICTIMS}&window=2024")
    assert page.count("Open the return") == 1


def test_the_names_of_the_silent_are_for_the_secretariat(nation: Cast, browse: Browse) -> None:
    from tests.figures.test_completeness import owes

    owes("CARITAS")
    seen = text_of(browse(nation.esther), HERE)
    assert "1 organisation that owes this figure has no accepted return" in seen
    assert "Caritas" in seen
    told = text_of(browse(nation.issa), HERE)
    assert "1 organisation that owes this figure has no accepted return" in told
    assert "Caritas" not in told


def test_posts_without_the_verb_are_refused_and_a_visitor_is_asked_to_sign_in(
    nation: Cast, browse: Browse
) -> None:
    for address in (HERE, "/figures/sources/", "/figures/export/", "/figures/published/"):
        assert browse(nation.jeneba).get(address).status_code == 403
        assert browse(None).get(address).status_code == 302


def test_the_sources_say_why_a_number_does_not_count(nation: Cast, browse: Browse) -> None:
    april = f"/figures/sources/?definition={VICTIMS}&window=2024-04-01..2025-03-31"
    page = text_of(browse(nation.esther), april)
    assert page.count("Covers a part of the period only: not counted") == 2
    counted = text_of(browse(nation.esther), april.replace("2024-04-01..2025-03-31", "2024"))
    assert counted.count("Counted") == 2


# --- The file -------------------------------------------------------------------------------


def sources_of(client: Client) -> list[tuple[Any, ...]]:
    """The second sheet of the workbook."""
    response = client.get(f"/figures/export/?definition={VICTIMS}&window=2024&format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return list(book.worksheets[1].iter_rows(min_row=2, values_only=True))


def test_the_csv_has_one_complete_row_a_part_and_no_data_is_never_zero(
    nation: Cast, browse: Browse
) -> None:
    response = browse(nation.issa).get(f"/figures/export/{HERE[9:]}&format=csv")
    assert response["Content-Disposition"] == (
        'attachment; filename="danbe-victims_identified-2024-region.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["definition"] for row in rows} == {VICTIMS}
    assert {(row["start"], row["end"], row["unit"]) for row in rows} == {
        ("2024-01-01", "2024-12-31", "victims")
    }
    by_key = {(row["by"], row["key"]): row for row in rows}
    assert by_key["total", ""]["value"] == "27"
    assert by_key["region", "kayes-2023"]["value"] == "20"
    silent = by_key["region", "gao-2016"]
    assert (silent["value"], silent["is_no_data"]) == ("", "1")


def test_the_workbook_has_numbers_as_numbers_and_says_how_to_read_them(
    nation: Cast, browse: Browse
) -> None:
    address = f"/figures/export/{HERE[9:]}&format=xlsx&by=sex_age"
    response = browse(nation.esther).get(address)
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    table, _sources, notes = book.worksheets
    cells = {row[0]: row[1] for row in table.iter_rows(values_only=True) if row[0]}
    assert cells["Total"] == 27
    assert cells["Not broken down"] == 7
    assert cells["Unit"] == "victims"
    assert cells["Period"] == "year 2024"
    told = {row[0]: row[1] for row in notes.iter_rows(values_only=True)}
    assert told["no data"] == "Nobody said anything. It is not zero."


def test_a_file_of_another_kind_is_not_found(nation: Cast, browse: Browse) -> None:
    response = browse(nation.esther).get(f"/figures/export/{HERE[9:]}&format=exe")
    assert response.status_code == 404


# --- Definitions ----------------------------------------------------------------------------


def test_a_definition_is_found_by_its_words_accents_aside_and_by_its_number(
    nation: Cast, browse: Browse
) -> None:
    client = browse(nation.jeneba)
    assert "Identified victims" in text_of(client, "/figures/definitions/?q=ÍDENTIFIED+victims")
    found = text_of(client, "/figures/definitions/?q=P2.02")
    assert "P2.02" in found
    assert "P3.02" not in found
    assert "No definition says that" in text_of(client, "/figures/definitions/?q=xyzzy")
    only = text_of(client, "/figures/definitions/?axis=partnership")
    assert "P4.01" in only
    assert "P1.01" not in only


def test_a_definition_says_what_counts_what_does_not_and_who_else_asks(
    nation: Cast, browse: Browse
) -> None:
    client = browse(nation.jeneba)
    page = text_of(client, f"/figures/definitions/{VICTIMS}/")
    for words in ("Does not count", "Counting unit victim", "UNODC", "VC_HTF_DETV", "Ministry"):
        assert words in page
    assert "See the figure" not in page  # Jeneba reads no figure
    assert "See the figure" in text_of(browse(nation.issa), f"/figures/definitions/{VICTIMS}/")
    assert client.get("/figures/definitions/unknown/").status_code == 404


# --- The page itself ------------------------------------------------------------------------


@pytest.mark.parametrize("address", [HERE, f"{HERE}&by=sex_age", "/figures/published/"])
def test_a_page_is_light_and_holds_no_inline_script_or_style(
    nation: Cast, browse: Browse, address: str
) -> None:
    page = html_of(browse(nation.esther), address)
    assert len(gzip.compress(page.encode())) < 30_000
    assert "<script>" not in page
    assert not re.search(r"\sstyle=", page)


def test_the_number_of_queries_does_not_grow_with_the_number_of_returns(
    nation: Cast, browse: Browse, django_assert_max_num_queries: Any
) -> None:
    client = browse(nation.esther)
    with django_assert_max_num_queries(34):
        client.get(HERE)
    for body in ("CARITAS", "KANUYA", "TEMEDT"):
        said = content(**{VICTIMS: line("3", "gao-2016", explanation="Note.")})
        accepted(focal_point(body, body), nation.esther, said, axes=["protection"])
    with django_assert_max_num_queries(34):
        client.get(HERE)
