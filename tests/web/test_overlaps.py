"""Two numbers that look like one fact: side by side, and a human decides."""

import re
from typing import Any

import pytest

from danbe.figures import actions
from danbe.figures.models import Definition, Overlap
from danbe.figures.queries import totals
from danbekit.dates import Window
from tests.conftest import Cast
from tests.figures.makers import accepted, content, focal_point, line
from tests.web.conftest import Browse
from tests.web.test_completeness import text_after
from tests.web.test_figures import text_of

pytestmark = pytest.mark.django_db

VICTIMS = "victims_identified"
YEAR = Window.calendar_year(2024)
NOTE = "Les deux listes ont été comparées."


@pytest.fixture
def pair(cast: Cast) -> Overlap:
    """The ministry and the shelter both gave 40 victims in Kayes; Caritas gave 3 in Bamako."""
    said = content(**{VICTIMS: line("40", "kayes-2023")})
    accepted(cast.fanta, cast.esther, said, axes=["protection"])
    accepted(focal_point("abdou", "SINJIYA"), cast.esther, said, axes=["protection"])
    other = content(**{VICTIMS: line("3", "bamako")})
    accepted(focal_point("bintou", "CARITAS"), cast.esther, other, axes=["protection"])
    return Overlap.objects.get()


def total() -> int | None:
    return totals(YEAR, [Definition.objects.get(pk=VICTIMS)])[VICTIMS].value


def test_the_pairs_to_decide_come_first_with_both_numbers(
    cast: Cast, pair: Overlap, browse: Browse
) -> None:
    page = text_of(browse(cast.esther), "/overlaps/")
    assert "To be decided (1)" in page
    assert "Identified victims" in page
    assert "40 MPFEF" in page
    assert "40 SINJIYA" in page
    assert "No pair is in this state" in text_of(browse(cast.esther), "/overlaps/?status=same")
    assert "1 pair" in text_of(browse(cast.esther), "/overlaps/?status=all")


def test_one_pair_shows_what_each_decision_does_to_the_total(
    cast: Cast, pair: Overlap, browse: Browse
) -> None:
    page = text_of(browse(cast.esther), f"/overlaps/{pair.pk}/")
    assert "As it stands today 83" in page
    assert "Two facts: both count 83" in page
    assert "only the number of MPFEF counts 43" in page
    assert "only the number of SINJIYA counts 43" in page
    assert "The same number, the same place, the same dates." in page


def test_esther_decides_that_it_is_one_fact_and_may_decide_again(
    cast: Cast, pair: Overlap, browse: Browse
) -> None:
    client = browse(cast.esther)
    decide = f"/overlaps/{pair.pk}/decide/"
    page = text_after(client.post(decide, {"decision": "first", "note": NOTE}, follow=True))
    assert "The decision is recorded" in page
    assert NOTE in page
    assert total() == 43
    pair.refresh_from_db()
    assert (pair.status, pair.kept_id) == ("same", pair.first_id)
    page = text_after(client.post(decide, {"decision": "distinct", "note": ""}, follow=True))
    assert "Two facts" in page
    assert total() == 83
    client.post(decide, {"decision": "second", "note": NOTE})
    assert total() == 43
    client.post(decide, {"decision": "open", "note": ""})
    pair.refresh_from_db()
    assert (pair.status, total()) == ("open", 83)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"decision": "first", "note": "  "}, "Say how you know it is the same fact."),
        ({"decision": "", "note": NOTE}, "This field is required."),
        ({"decision": "third", "note": NOTE}, "Select a valid choice"),
    ],
)
def test_a_decision_without_its_reason_is_refused_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, pair: Overlap, browse: Browse, typed: dict[str, str], said: str
) -> None:
    response = browse(cast.esther).post(f"/overlaps/{pair.pk}/decide/", typed)
    page = text_after(response)
    assert said in page
    assert typed["note"].strip() in page
    assert total() == 83


def test_after_a_decision_the_number_set_aside_says_so(
    cast: Cast, pair: Overlap, browse: Browse
) -> None:
    actions.decide_overlap(cast.esther, pair, status="same", kept=pair.first_id, note=NOTE)
    page = text_of(browse(cast.esther), f"/overlaps/{pair.pk}/")
    assert "Set aside: same fact" in page
    assert "Decide again" in page
    assert re.search(r"Secrétaire permanente", page)
    sources = text_of(browse(cast.esther), f"/figures/sources/?definition={VICTIMS}&window=2024")
    assert "Same fact as another return: not counted twice" in sources


def test_when_the_number_that_was_kept_is_queried_the_other_one_counts_and_the_page_says_so(
    cast: Cast, pair: Overlap, browse: Browse
) -> None:
    actions.decide_overlap(cast.esther, pair, status="same", kept=pair.first_id, note=NOTE)
    actions.query_return(cast.esther, pair.first, note="Quel mois ?")
    assert total() == 43
    page = text_of(browse(cast.esther), f"/overlaps/{pair.pk}/")
    assert "its return is no longer accepted with this number" in page
    assert "a decision changes no total for now" in page


def test_a_pair_that_nobody_decided_goes_with_the_return_that_is_queried(
    cast: Cast, pair: Overlap, browse: Browse
) -> None:
    actions.query_return(cast.esther, pair.first, note="Quel mois ?")
    assert browse(cast.esther).get(f"/overlaps/{pair.pk}/").status_code == 404


def test_garan_reads_and_does_not_decide_and_others_see_nothing(
    cast: Cast, pair: Overlap, browse: Browse
) -> None:
    here, decide = f"/overlaps/{pair.pk}/", f"/overlaps/{pair.pk}/decide/"
    assert "Record the decision" not in text_of(browse(cast.garan), here)
    answer: dict[str, Any] = {"decision": "first", "note": NOTE}
    assert browse(cast.garan).post(decide, answer).status_code == 403
    for actor in (cast.fanta, cast.issa, cast.jeneba, cast.awa):
        for address in ("/overlaps/", here):
            assert browse(actor).get(address).status_code == 403
        assert browse(actor).post(decide, answer).status_code == 403
    assert browse(None).get(here).status_code == 302
    assert total() == 83


def test_an_unknown_pair_is_not_found_and_a_get_decides_nothing(
    cast: Cast, pair: Overlap, browse: Browse
) -> None:
    assert browse(cast.esther).get("/overlaps/999999/").status_code == 404
    assert browse(cast.esther).get(f"/overlaps/{pair.pk}/decide/").status_code == 302
    assert total() == 83


def test_without_a_pair_the_page_says_when_one_comes(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.esther), "/overlaps/")
    assert "No pair waits for a decision" in page
