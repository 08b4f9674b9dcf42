"""The pages of pairs: what each body reads, and deciding."""

import pytest
from django.test import Client

from danbe.protection.link_actions import search_pairs
from danbe.protection.models import Candidate, Person
from tests.conftest import Cast, SignIn
from tests.protection.makers import met
from tests.protection.test_link_actions import MARIAMA


@pytest.fixture
def pair(cast: Cast) -> Candidate:
    mariam = met(cast.awa)
    met(cast.bakary, MARIAMA)
    (found,) = search_pairs(cast.awa, mariam)
    return found


def decide(browser: Client, pair: Candidate, status: str, reason: str) -> int:
    told = {"status": status, "reason": reason}
    return browser.post(f"/links/{pair.pk}/decide/", told).status_code


def test_a_search_by_a_click_lists_the_pair_of_that_record(cast: Cast, sign_in: SignIn) -> None:
    mariam = met(cast.awa)
    met(cast.bakary, MARIAMA)
    browser = sign_in(cast.awa)
    page = browser.post(f"/links/person/{mariam.pk}/search/", follow=True)
    assert [p.own.person for p in page.context["pairs"]] == [mariam]
    assert page.context["number"] == mariam.national.number
    assert sign_in(cast.bakary).post("/links/recent/", follow=True).context["pairs"]


def test_no_page_shows_the_other_bodys_number_place_or_name(
    cast: Cast, sign_in: SignIn, pair: Candidate
) -> None:
    for actor in (cast.awa, cast.bakary):
        other = Person.unscoped.exclude(organisation_id=actor.organisation_id).get()
        browser = sign_in(actor)
        for address in ("/links/", f"/links/{pair.pk}/"):
            text = browser.get(address).content.decode()
            hidden = (other.national.number, str(other.pk), other.organisation.label, "Fictionb")
            assert not [word for word in (*hidden, "Mariam", "Traor") if word in text]


def test_a_decision_and_its_undoing_go_through_the_page(
    cast: Cast, sign_in: SignIn, pair: Candidate
) -> None:
    browser = sign_in(cast.bakary)
    assert decide(browser, pair, "same", "") == 400
    assert decide(browser, pair, "same", "two_places") == 400
    assert decide(browser, pair, "same", "person_said") == 302
    assert Person.unscoped.values("national").distinct().count() == 1
    page = sign_in(cast.awa).get(f"/links/{pair.pk}/")
    assert len(page.context["history"]) == 1
    assert decide(sign_in(cast.awa), pair, "open", "mistake") == 302
    assert Person.unscoped.values("national").distinct().count() == 2


def test_who_touches_neither_record_finds_no_pair(
    cast: Cast, sign_in: SignIn, pair: Candidate
) -> None:
    browser = sign_in(cast.coumba)
    assert browser.get("/links/").context["pairs"] == []
    assert browser.get(f"/links/{pair.pk}/").status_code == 404
    assert decide(browser, pair, "same", "person_said") == 404
    assert sign_in(cast.esther).get("/links/").status_code == 403
