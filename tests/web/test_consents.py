"""The pages of the consent ledger: told, heard, taken back; emergencies looked at afterwards."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from danbe.accounts.models import Message, Organisation
from danbe.core.access import visible
from danbe.protection import ground_actions
from danbe.protection.models import Acknowledgement, Ground, Opening, Person
from danbe.protection.vocabulary import FieldGroup, GroundKind
from tests.conftest import Cast
from tests.protection.makers import MARIAM, consent, met
from tests.web.conftest import Browse

IDENTITY, HEALTH = FieldGroup.IDENTITY, FieldGroup.HEALTH
NAME = "Mariam (fictive)"


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    """An answer of Mariam, as typed: yes to Bakary's body, for shelter."""
    until = timezone.localdate() + datetime.timedelta(days=30)
    return {
        "recipient": str(cast.bakary.organisation_id),
        "groups": ["identity", "health"],
        "services": ["shelter", "medical"],
        "until": until.isoformat(),
        "answer": "yes",
        "told": "read_aloud",
        "language": "bm",
        "giver": "guardian",
        "assent": "given",
        "guardian": "Une tante (fictive)",
        "words": "Pas chez mon oncle (fictif)",
    } | more


def test_awa_reads_the_text_out_and_records_a_yes(cast: Cast, browse: Browse) -> None:
    mariam, client = met(cast.awa), browse(cast.awa)
    url = f"/consents/person/{mariam.pk}/new/?purpose=referral"
    page = text_of(client, url)
    assert "324-26" in page
    assert "not official" in page
    answer = client.post(url, typed(cast))
    assert answer.status_code == 302
    ground = Ground.unscoped.get()
    assert ground.is_given
    assert ground.groups.split() == ["health", "identity", "profile"]
    assert ground.services.split() == ["medical", "shelter"]
    assert ground.text is not None
    assert ground.text.purpose == ground.purpose == "referral"
    ledger = text_of(client, f"/consents/person/{mariam.pk}/")
    assert Organisation.objects.get(code="CARITAS").label in ledger
    assert "Une tante" not in ledger
    assert NAME not in ledger


def test_names_of_those_who_heard_are_opened_by_post_and_recorded(
    cast: Cast, browse: Browse
) -> None:
    mariam, client = met(cast.awa), browse(cast.awa)
    client.post(f"/consents/person/{mariam.pk}/new/", typed(cast))
    opened = client.post(f"/consents/person/{mariam.pk}/open/")
    assert "Une tante (fictive)" in opened.content.decode()
    assert "no-store" in opened.headers["Cache-Control"]
    assert Opening.unscoped.filter(group=FieldGroup.INTERNAL).exists()


def test_a_no_is_recorded_and_opens_nothing(cast: Cast, browse: Browse) -> None:
    mariam = met(cast.awa)
    url = f"/consents/person/{mariam.pk}/new/"
    assert browse(cast.awa).post(url, typed(cast, answer="no")).status_code == 302
    assert not Ground.unscoped.get().is_given
    assert "Nobody but your organisation" in text_of(
        browse(cast.awa), f"/consents/person/{mariam.pk}/"
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"groups": []}, "groups"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2099-01-01"}, "until"),
        ({"assent": "refused"}, "assent"),
        ({"giver": "person"}, "giver"),
        ({"recipient": ""}, "recipient"),
        ({"outside": "Hôpital fictif"}, "recipient"),
        ({"answer": ""}, "answer"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    wrong: dict[str, Any], field: str, cast: Cast, browse: Browse
) -> None:
    mariam = met(cast.awa)
    url = f"/consents/person/{mariam.pk}/new/"
    answer = browse(cast.awa).post(url, typed(cast, **wrong))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'id="id_{field}_error"' in page
    assert "Pas chez mon oncle (fictif)" in page
    assert not Ground.unscoped.exists()


def test_a_recording_is_sealed_and_given_back_as_it_was(cast: Cast, browse: Browse) -> None:
    mariam, client = met(cast.awa), browse(cast.awa)
    url = f"/consents/person/{mariam.pk}/new/"
    sound = b"OggS" + bytes(range(200))
    wrong = SimpleUploadedFile("mariam.txt", b"du texte")
    assert client.post(url, typed(cast, recording=wrong)).status_code == 200
    file = SimpleUploadedFile("mariam.ogg", sound, "audio/ogg")
    assert client.post(url, typed(cast, recording=file)).status_code == 302
    ground = Ground.unscoped.get()
    told = client.post(f"/consents/{ground.pk}/recording/")
    assert told.content == sound
    assert told.headers["Content-Type"] == "audio/ogg"
    assert "mariam" not in told.headers["Content-Disposition"]
    assert browse(cast.bakary).post(f"/consents/{ground.pk}/recording/").status_code == 404


def test_an_adult_answers_alone(cast: Cast, browse: Browse) -> None:
    woman = met(cast.awa, replace(MARIAM, age_min=30, age_max=30))
    url = f"/consents/person/{woman.pk}/new/"
    assert 'name="guardian"' not in text_of(browse(cast.awa), url)
    assert browse(cast.awa).post(url, typed(cast)).status_code == 302
    assert Ground.unscoped.get().giver == "person"


def test_taking_back_ends_the_access_and_lists_who_must_confirm(
    cast: Cast, browse: Browse
) -> None:
    mariam = met(cast.awa)
    one = consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    two = consent(cast.awa, mariam, cast.coumba, [HEALTH])
    client = browse(cast.awa)
    url = f"/consents/person/{mariam.pk}/withdraw/"
    assert text_of(client, url).count(" checked") == 2
    assert text_of(client, f"{url}?ground={one.pk}").count(" checked") == 1
    said = client.post(url, {"grounds": [str(one.pk)], "words": "J’ai peur (fictif)"}, follow=True)
    caritas = Organisation.objects.get(code="CARITAS").label
    assert caritas in said.content.decode()
    assert "has not confirmed yet" in said.content.decode()
    assert not visible(cast.bakary, Person, "person.read").exists()
    assert visible(cast.coumba, Person, "person.read").exists()
    row = Acknowledgement.unscoped.get()
    assert mariam.national.number in text_of(browse(cast.bakary), "/consents/acknowledge/")
    assert browse(cast.bakary).post(f"/consents/acknowledge/{row.pk}/").status_code == 302
    assert "has not confirmed yet" not in text_of(client, f"/consents/person/{mariam.pk}/")
    client.post(url, {"grounds": [str(two.pk)]})
    assert not visible(cast.coumba, Person, "person.read").exists()


def test_a_recipient_opens_what_is_shared_and_nothing_beside(cast: Cast, browse: Browse) -> None:
    mariam = met(cast.awa)
    ground = consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    page = text_of(browse(cast.bakary), "/consents/received/")
    assert mariam.national.number in page
    assert NAME not in page
    opened = browse(cast.bakary).post(f"/consents/received/{ground.pk}/open/").content.decode()
    assert NAME in opened
    assert "Fictionbougou" not in opened
    assert browse(cast.coumba).post(f"/consents/received/{ground.pk}/open/").status_code == 404
    ground_actions.withdraw_consent(cast.awa, ground)
    assert browse(cast.bakary).post(f"/consents/received/{ground.pk}/open/").status_code == 404


def test_an_order_opens_to_the_prosecutor_and_shows_in_the_ledger(
    cast: Cast, browse: Browse
) -> None:
    mariam = met(cast.awa)
    until = timezone.localdate() + datetime.timedelta(days=10)
    told = {
        "authority": "Juge d’instruction (fictif)",
        "reference": "RP 000/2026 (fictif)",
        "recipient": str(cast.djibril.organisation_id),
        "groups": ["identity"],
        "until": until.isoformat(),
    }
    url = f"/consents/person/{mariam.pk}/order/"
    empty = browse(cast.awa).post(url, told | {"reference": ""})
    assert 'id="id_reference_error"' in empty.content.decode()
    assert browse(cast.awa).post(url, told).status_code == 302
    ground = Ground.unscoped.get()
    opened = browse(cast.djibril).post(f"/consents/received/{ground.pk}/open/")
    assert NAME in opened.content.decode()
    assert "RP 000" not in opened.content.decode()


def test_an_emergency_is_shared_and_reviewed_with_its_reason(cast: Cast, browse: Browse) -> None:
    mariam = met(cast.awa)
    url = f"/consents/person/{mariam.pk}/emergency/"
    told = {
        "reason": "Inconsciente (fictif)",
        "recipient": "",
        "outside": "Hôpital fictif",
        "groups": ["health"],
        "hours": "80",
    }
    assert browse(cast.awa).post(url, told).status_code == 200
    assert browse(cast.awa).post(url, told | {"hours": "24"}).status_code == 302
    ground = Ground.unscoped.get()
    assert ground.kind == GroundKind.EMERGENCY
    assert mariam.national.number in text_of(browse(cast.lalla), "/consents/review/")
    review = f"/consents/review/{ground.pk}/"
    assert "Inconsciente" not in text_of(browse(cast.lalla), review)
    assert "Inconsciente" in browse(cast.lalla).post(f"{review}open/").content.decode()
    done = browse(cast.lalla).post(review, {"verdict": "yes", "note": "vu"})
    assert done.status_code == 302
    ground.refresh_from_db()
    assert ground.is_justified


def test_breaking_the_glass_tells_the_owner_and_says_until_when(
    cast: Cast, browse: Browse
) -> None:
    mariam = met(cast.awa)
    number = mariam.national.number
    client = browse(cast.bakary)
    told = {"number": number.lower(), "reason": "coma (fictif)", "groups": ["health"], "hours": 2}
    mistyped = number[:-1] + ("0" if number[-1] != "0" else "1")
    wrong = client.post("/consents/emergency/", told | {"number": mistyped})
    assert 'id="id_number_error"' in wrong.content.decode()
    page = client.post("/consents/emergency/", told, follow=True).content.decode()
    assert number in page
    assert Message.unscoped.filter(post_id=cast.awa.post_id, kind="glass.broken").exists()
    letter = text_of(browse(cast.awa), "/inbox/")
    assert number in letter
    assert NAME not in letter
    assert browse(cast.awa).post("/consents/emergency/", told).status_code == 200
    ground = Ground.unscoped.get()
    refused = browse(cast.lalla).post(f"/consents/review/{ground.pk}/", {"verdict": "no"})
    assert refused.status_code == 302
    assert number not in text_of(client, "/consents/received/")


def test_the_paper_twin_bears_the_text_and_the_boxes(cast: Cast, browse: Browse) -> None:
    mariam = met(cast.awa)
    browse(cast.awa).post(f"/consents/person/{mariam.pk}/new/", typed(cast))
    text = Ground.unscoped.get().text
    assert text is not None
    page = text_of(browse(cast.awa), f"/consents/texts/{text.pk}/")
    assert page.count("☐") == 15
    assert "Modèle à valider" in page


def test_what_waits_is_on_the_first_page(cast: Cast, browse: Browse) -> None:
    mariam = met(cast.awa)
    ground = consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    ground_actions.withdraw_consent(cast.awa, ground)
    assert "1 withdrawal to confirm" in text_of(browse(cast.bakary), "/")
    number = mariam.national.number
    ground_actions.break_glass(cast.bakary, number=number, groups=[HEALTH], reason="coma")
    assert "1 emergency access to review" in text_of(browse(cast.lalla), "/")
    assert "emergency access to review" not in text_of(browse(cast.awa), "/")
