"""The pages of referrals: sent with consent, opened group by group, answered, handed over."""

import datetime
import re
from typing import Any

import pyrage
from django.test import Client
from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.partnership.models import AddressGrant
from danbe.protection import ground_actions, referral_actions
from danbe.protection.door import put
from danbe.protection.models import Person, Referral
from danbe.protection.vocabulary import FieldGroup, Purpose, ReferralStatus
from tests.conftest import Cast
from tests.partnership.makers import shelter
from tests.protection.makers import HEARD, consent, met
from tests.web.conftest import Browse

IDENTITY, HEALTH, STORY = FieldGroup.IDENTITY, FieldGroup.HEALTH, FieldGroup.STORY
NAME = "Mariam (fictive)"


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def body_of(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.organisation_id)


def agreed(cast: Cast) -> Person:
    """Mariam, who agreed that Bakary's body knows her names and her health, for two services."""
    mariam = met(cast.awa)
    put(cast.awa, mariam, STORY, "note", "un récit fictif")
    consent(cast.awa, mariam, cast.bakary, [IDENTITY, HEALTH], services=["shelter", "medical"])
    return mariam


def new_url(person: Person, to: Actor, service: str = "shelter") -> str:
    return f"/referrals/new/{person.pk}/?service={service}&to={to.organisation_id}"


def sent(cast: Cast, **more: Any) -> Referral:
    told: dict[str, Any] = {"service": "shelter", "groups": [IDENTITY]} | more
    return referral_actions.send_referral(
        cast.awa, agreed(cast), recipient=body_of(cast.bakary), **told
    )


# --- Sending --------------------------------------------------------------------------------


def test_awa_refers_with_what_was_agreed_and_the_rest_is_not_even_offered(
    cast: Cast, browse: Browse
) -> None:
    mariam, client = agreed(cast), browse(cast.awa)
    url = new_url(mariam, cast.bakary)
    page = text_of(client, url)
    assert 'value="identity"' in page
    assert 'value="story"' not in page
    assert "This service usually needs also" in page
    told = {"groups": ["identity"], "is_urgent": "on", "note": "Craint son oncle (fictif)"}
    assert client.post(url, told).status_code == 302
    referral = Referral.unscoped.get()
    assert referral.is_urgent
    assert referral.groups.split() == ["identity", "profile"]
    tampered = client.post(new_url(mariam, cast.bakary, "medical"), {"groups": ["story"]})
    assert tampered.status_code == 200
    assert Referral.unscoped.count() == 1


def test_what_the_consent_does_not_cover_is_refused_with_a_way_to_ask(
    cast: Cast, browse: Browse
) -> None:
    mariam, client = agreed(cast), browse(cast.awa)
    legal = text_of(client, new_url(mariam, cast.bakary, "legal_aid"))
    police = text_of(client, new_url(mariam, cast.coumba))
    for page in (legal, police):
        assert "The person has not agreed" in page
        assert "Send the referral" not in page
        assert f"/consents/person/{mariam.pk}/new/?purpose=referral" in page
    client.post(new_url(mariam, cast.bakary, "legal_aid"), {"groups": ["identity"]})
    client.post(new_url(mariam, cast.coumba), {"groups": ["identity"]})
    assert not Referral.unscoped.exists()


def test_only_the_holder_opens_the_page(cast: Cast, browse: Browse) -> None:
    mariam = agreed(cast)
    assert browse(cast.bakary).get(f"/referrals/new/{mariam.pk}/").status_code == 404
    assert browse(cast.esther).get(f"/referrals/new/{mariam.pk}/").status_code == 403
    assert text_of(browse(cast.awa), f"/referrals/new/{mariam.pk}/?service=shelter")


# --- Receiving ------------------------------------------------------------------------------


def test_bakary_opens_the_groups_of_the_referral_and_no_other(cast: Cast, browse: Browse) -> None:
    referral, client = sent(cast), browse(cast.bakary)
    assert referral.number in text_of(client, "/referrals/")
    page = text_of(client, f"/referrals/{referral.pk}/")
    assert NAME not in page
    opened = client.post(f"/referrals/{referral.pk}/open/").content.decode()
    assert NAME in opened
    assert "récit fictif" not in opened
    assert "Fictionbougou" not in opened
    for other in (cast.coumba, cast.lalla):
        expected = 200 if other is cast.lalla else 404
        assert browse(other).get(f"/referrals/{referral.pk}/").status_code == expected


def test_accepting_opens_a_case_and_shows_the_sender_the_address(
    cast: Cast, browse: Browse
) -> None:
    offer = shelter(cast.bakary)
    referral = sent(cast, offer=offer)
    page = browse(cast.bakary).post(f"/referrals/{referral.pk}/accept/", follow=True)
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.ACCEPTED
    assert referral.received_case is not None
    assert referral.received_case.number in page.content.decode()
    assert AddressGrant.unscoped.get().organisation_id == cast.awa.organisation_id
    assert "fictif" in browse(cast.awa).post(f"/services/{offer.pk}/address/").content.decode()
    again = browse(cast.bakary).post(f"/referrals/{referral.pk}/accept/")
    assert again.status_code == 409
    browse(cast.bakary).post(f"/referrals/{referral.pk}/finish/")
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.DONE


def test_declining_needs_a_reason_and_tells_the_sender(cast: Cast, browse: Browse) -> None:
    referral, client = sent(cast), browse(cast.bakary)
    url = f"/referrals/{referral.pk}/decline/"
    empty = client.post(url, {"note": "Essayez Enda (fictif)"})
    assert 'id="id_reason_error"' in empty.content.decode()
    assert "Essayez Enda (fictif)" in empty.content.decode()
    assert client.post(url, {"reason": "full", "note": "Essayez Enda (fictif)"}).status_code == 302
    assert "Your access to this record has ended" in text_of(client, f"/referrals/{referral.pk}/")
    assert client.post(f"/referrals/{referral.pk}/open/").status_code in (403, 404)
    opened = browse(cast.awa).post(f"/referrals/{referral.pk}/open/").content.decode()
    assert "Essayez Enda (fictif)" in opened
    assert referral.number in text_of(browse(cast.awa), "/inbox/")


def test_the_sender_revokes_and_the_recipient_reads_no_more(cast: Cast, browse: Browse) -> None:
    referral = sent(cast)
    assert browse(cast.bakary).post(f"/referrals/{referral.pk}/revoke/").status_code == 409
    assert browse(cast.awa).post(f"/referrals/{referral.pk}/revoke/").status_code == 302
    assert not visible(cast.bakary, Person, "person.read").exists()


def test_lists_are_filtered_and_a_filter_that_means_nothing_finds_nothing(
    cast: Cast, browse: Browse
) -> None:
    referral, client = sent(cast), browse(cast.awa)
    assert referral.number in text_of(client, "/referrals/sent/?status=sent&service=shelter")
    assert referral.number not in text_of(client, "/referrals/sent/?status=declined")
    assert referral.number not in text_of(client, "/referrals/sent/?status=zzz")
    assert referral.number not in text_of(client, "/referrals/")


def test_what_waits_is_on_the_first_page(cast: Cast, browse: Browse) -> None:
    sent(cast)
    assert "1 referral to answer" in text_of(browse(cast.bakary), "/")
    assert "referral to answer" not in text_of(browse(cast.awa), "/")


def test_after_a_transfer_the_former_holder_reads_no_more(cast: Cast, browse: Browse) -> None:
    referral = sent(cast, is_transfer=True)
    url = f"/referrals/{referral.pk}/"
    browse(cast.bakary).post(f"{url}accept/")
    page = text_of(browse(cast.awa), url)
    assert "Your access to this record has ended" in page
    assert browse(cast.awa).post(f"{url}open/").status_code == 403
    ledger = f"/consents/person/{referral.person_id}/"
    assert browse(cast.awa).get(ledger).status_code == 404
    assert ledger in text_of(browse(cast.bakary), url)
    assert NAME in browse(cast.bakary).post(f"{url}open/").content.decode()
    assert browse(cast.bakary).get(ledger).status_code == 200


# --- The watch ------------------------------------------------------------------------------


def test_the_watch_shows_numbers_and_bodies_and_no_way_to_the_person(
    cast: Cast, browse: Browse
) -> None:
    referral = sent(cast, is_urgent=True)
    past = timezone.now() - datetime.timedelta(hours=5)
    Referral.unscoped.update(answer_due_at=past)
    page = text_of(browse(cast.esther), "/referrals/watch/")
    assert referral.number in page
    assert body_of(cast.bakary).label in page
    assert referral.person.national.number not in page
    assert str(referral.person_id) not in page
    assert f"/referrals/{referral.pk}/" not in page
    assert browse(cast.esther).get(f"/referrals/{referral.pk}/").status_code == 403
    assert "1 referral without an answer" in text_of(browse(cast.esther), "/")
    assert browse(cast.awa).get("/referrals/watch/").status_code == 403


# --- Outside Danbe --------------------------------------------------------------------------


def outside(cast: Cast, browse: Browse) -> Referral:
    mariam = met(cast.awa)
    ground = ground_actions.record_consent(
        cast.awa,
        mariam,
        recipient=None,
        groups=[IDENTITY],
        purpose=Purpose.RETURN,
        until=timezone.now() + datetime.timedelta(days=9),
        hearing=ground_actions.Hearing(
            giver=HEARD.giver,
            assent=HEARD.assent,
            guardian="Une tante (fictive)",
            outside="Consulat fictif",
        ),
    )
    url = f"/referrals/new/{mariam.pk}/?service=voluntary_return&to=outside:{ground.pk}"
    told = {"groups": ["identity"], "route": "consulate", "reached": "guichet fictif"}
    client = browse(cast.awa)
    assert 'id="id_country_error"' in client.post(url, told).content.decode()
    assert client.post(url, told | {"country": "CI"}).status_code == 302
    found: Referral = Referral.unscoped.get()
    return found


def test_a_consulate_gets_a_packet_and_its_receipt_is_kept(cast: Cast, browse: Browse) -> None:
    referral, client = outside(cast, browse), browse(cast.awa)
    page = text_of(client, f"/referrals/{referral.pk}/")
    assert "Consulat fictif" not in page
    opened = client.post(f"/referrals/{referral.pk}/open/").content.decode()
    assert "Consulat fictif" in opened
    pdf = client.post(f"/referrals/{referral.pk}/packet/", {"return_address": "BP 12 (fictif)"})
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{referral.number}.pdf"'
    assert browse(cast.bakary).post(f"/referrals/{referral.pk}/packet/").status_code == 404
    assert client.post(f"/referrals/{referral.pk}/receipt/").status_code == 302
    referral.refresh_from_db()
    assert referral.receipt_at is not None


def test_the_encrypted_file_opens_with_the_code_shown_once(cast: Cast, browse: Browse) -> None:
    referral, client = outside(cast, browse), browse(cast.awa)
    shown = client.post(f"/referrals/{referral.pk}/code/").content.decode()
    [code] = set(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", shown))
    file = client.post(f"/referrals/{referral.pk}/file/", {"code": code})
    assert pyrage.passphrase.decrypt(file.content, code).startswith(b"%PDF")
    assert code not in str(file.headers)
    weak = client.post(f"/referrals/{referral.pk}/file/", {"code": ""})
    assert weak.status_code == 409
    again = client.post(f"/referrals/{referral.pk}/code/").content.decode()
    assert code not in again
