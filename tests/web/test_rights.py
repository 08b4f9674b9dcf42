"""The pages of rights: corrections, holds, the copy, who looked, erasure with two people."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from danbe.protection import door, rights_actions
from danbe.protection.models import CorrectionRequest, Erasure, LegalHold, Opening, Person
from danbe.protection.open_actions import open_groups
from danbe.protection.vocabulary import FieldGroup
from tests.conftest import Cast, SignIn
from tests.protection.makers import met

WRONG = "Elle dit Touré et non Traoré (fictif)"


@pytest.fixture
def mariam(cast: Cast) -> Person:
    return met(cast.awa)


def text(browser: Client, address: str, **told: str) -> str:
    answer = browser.post(address, told) if told else browser.get(address)
    return answer.content.decode()


def test_a_correction_goes_from_her_words_to_an_answer(
    cast: Cast, sign_in: SignIn, mariam: Person
) -> None:
    browser, page = sign_in(cast.awa), f"/rights/person/{mariam.pk}/"
    told = {"correction-group": "identity", "correction-words": ""}
    bad = browser.post(f"{page}corrections/", told)
    assert (bad.status_code, bool(bad.context["correction_form"].errors)) == (400, True)
    told["correction-words"] = WRONG
    assert browser.post(f"{page}corrections/", told).status_code == 302
    assert WRONG not in text(browser, page)
    opened = browser.post(f"{page}open/")
    assert WRONG in opened.content.decode()
    assert "no-store" in opened.headers["Cache-Control"]
    row = CorrectionRequest.unscoped.get()
    answer = f"/rights/corrections/{row.pk}/"
    assert browser.post(answer, {"decision": "yes", "reason": ""}).status_code == 400
    assert browser.post(answer, {"decision": "yes", "reason": "Vérifié"}).status_code == 302
    row.refresh_from_db()
    assert row.is_accepted


def test_the_copy_is_made_by_a_post_that_is_recorded_and_kept_nowhere(
    cast: Cast, sign_in: SignIn, mariam: Person
) -> None:
    door.put(cast.awa, mariam, FieldGroup.HEALTH, "note", "Une note fictive")
    browser, address = sign_in(cast.awa), f"/rights/person/{mariam.pk}/copy/"
    assert browser.get(address).status_code == 405
    copy = browser.post(address)
    for words in ("Traoré", "Fictionbougou", "Une note fictive"):
        assert words in copy.content.decode()
    assert "no-store" in copy.headers["Cache-Control"]
    assert "Mariam" not in str(dict(browser.session))
    assert Opening.unscoped.filter(person=mariam, post=cast.awa.post_id).exists()


def test_who_looked_is_a_page_to_print(cast: Cast, sign_in: SignIn, mariam: Person) -> None:
    open_groups(cast.lalla, mariam, [FieldGroup.IDENTITY])
    page = sign_in(cast.awa).get(f"/rights/person/{mariam.pk}/openings/")
    assert [row.post_id for row in page.context["page"]] == [cast.lalla.post_id]
    assert "Traor" not in page.content.decode()


def test_a_hold_is_placed_and_lifted_by_the_supervisor(
    cast: Cast, sign_in: SignIn, mariam: Person
) -> None:
    browser, page = sign_in(cast.lalla), f"/rights/person/{mariam.pk}/"
    assert browser.post(f"{page}hold/", {"hold-reason": ""}).status_code == 400
    yesterday = (timezone.localdate() - datetime.timedelta(days=1)).isoformat()
    bad = browser.post(f"{page}hold/", {"hold-reason": "Procès", "hold-until": yesterday})
    assert bad.status_code == 400
    assert bad.context["hold_form"]["reason"].value() == "Procès"
    assert browser.post(f"{page}hold/", {"hold-reason": "Procès (fictif)"}).status_code == 302
    hold = LegalHold.unscoped.get()
    assert hold in browser.get("/rights/").context["holds"]
    assert sign_in(cast.awa).post(f"{page}hold/", {"hold-reason": "non"}).status_code == 403
    browser.post(f"/rights/holds/{hold.pk}/lift/")
    mariam.refresh_from_db()
    assert not mariam.has_legal_hold


def test_an_erasure_is_announced_read_by_the_second_and_carried_out_after_the_grace(
    cast: Cast, sign_in: SignIn, mariam: Person
) -> None:
    browser = sign_in(cast.lalla)
    browser.post(f"/rights/person/{mariam.pk}/erasure/", {"cause": "request"})
    row = Erasure.unscoped.get()
    address = f"/rights/erasures/{row.pk}/"
    assert sign_in(cast.awa).post(f"{address}seen/").status_code == 302
    browser.post(f"{address}carry-out/")
    row.refresh_from_db()
    assert (row.status, bool(row.seen_at)) == ("warned", True)
    assert browser.get(f"{address}certificate/").status_code == 404
    Erasure.unscoped.update(due_on=timezone.localdate())
    done = browser.post(f"{address}carry-out/", follow=True)
    row.refresh_from_db()
    assert row.status == "done"
    assert row.certificate in done.content.decode()
    person = f"/rights/person/{mariam.pk}/"
    assert browser.get(person).status_code == 200


def test_the_second_person_holds_it_back_with_a_reason(
    cast: Cast, sign_in: SignIn, mariam: Person
) -> None:
    row = rights_actions.announce_erasure(cast.lalla, mariam, cause="request")
    browser, address = sign_in(cast.awa), f"/rights/erasures/{row.pk}/"
    assert browser.post(f"{address}stop/", {"reason": ""}).status_code == 400
    assert browser.post(f"{address}stop/", {"reason": "Elle revient"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "stopped"
    assert sign_in(cast.awa).post(f"{address}carry-out/").status_code == 403


def test_no_page_of_rights_exists_for_another_body(
    cast: Cast, sign_in: SignIn, mariam: Person
) -> None:
    row = rights_actions.announce_erasure(cast.lalla, mariam, cause="request")
    browser = sign_in(cast.bakary)
    for address in (
        f"/rights/person/{mariam.pk}/",
        f"/rights/person/{mariam.pk}/openings/",
        f"/rights/erasures/{row.pk}/",
    ):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/rights/person/{mariam.pk}/copy/").status_code == 404
    assert browser.get("/rights/").status_code == 403
