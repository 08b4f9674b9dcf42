"""The packet of a referral: on paper or encrypted, and it tells nothing by its name."""

import datetime
import re
import shutil
import subprocess

import pyrage
import pytest
from django.utils import timezone

from danbe.core.models import AuditEvent
from danbe.exchange.packet import encrypt, is_code, make_packet, new_code
from danbe.protection import ground_actions, referral_actions
from danbe.protection.door import put
from danbe.protection.ground_actions import Hearing
from danbe.protection.models import Opening, Referral
from danbe.protection.vocabulary import Assent, FieldGroup, Giver, Purpose, ReferralRoute
from tests.conftest import Cast
from tests.protection.makers import met, refused

IDENTITY, HEALTH, STORY = FieldGroup.IDENTITY, FieldGroup.HEALTH, FieldGroup.STORY
HOSPITAL = "Hôpital fictif de Tombolo"


def to_hospital(cast: Cast, **more: object) -> Referral:
    mariam = met(cast.awa)
    put(cast.awa, mariam, HEALTH, "note", "fièvre fictive")
    put(cast.awa, mariam, STORY, "note", "un récit fictif")
    ground = ground_actions.record_consent(
        cast.awa,
        mariam,
        recipient=None,
        groups=[IDENTITY, HEALTH],
        purpose=Purpose.REFERRAL,
        until=timezone.now() + datetime.timedelta(days=30),
        hearing=Hearing(
            giver=Giver.GUARDIAN, assent=Assent.GIVEN, guardian="Une tante", outside=HOSPITAL
        ),
    )
    return referral_actions.send_referral(
        cast.awa,
        mariam,
        service="medical",
        groups=[IDENTITY, HEALTH],
        ground=ground,
        reached="par téléphone",
        **more,  # type: ignore[arg-type]
    )


def words_of(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is absent: install poppler-utils")
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True)
    return re.sub(r"\s+", " ", run.stdout.decode())


def test_a_packet_holds_what_was_agreed_and_says_who_may_read_it(cast: Cast) -> None:
    referral = to_hospital(cast)
    packet = make_packet(cast.awa, referral, return_address="Boîte fictive 12")
    assert packet.pdf.startswith(b"%PDF")
    assert packet.name == referral.number
    told = words_of(packet.pdf)
    for word in ("Traoré", "fièvre fictive", HOSPITAL, "Boîte fictive 12", "par téléphone"):
        assert word in told
    for word in ("récit fictif", "Fictionbougou", "Une tante"):
        assert word not in told


def test_making_it_is_audited_and_leaves_an_opening_for_each_group(cast: Cast) -> None:
    referral = to_hospital(cast)
    make_packet(cast.awa, referral)
    groups = set(Opening.unscoped.values_list("group", flat=True))
    assert {"identity", "health", "profile"} <= groups
    assert "story" not in groups
    assert AuditEvent.objects.filter(verb="packet.make").count() == 1


def test_the_encrypted_file_opens_with_its_code_alone(cast: Cast) -> None:
    packet = make_packet(cast.awa, to_hospital(cast))
    code = new_code()
    sealed = encrypt(packet, code)
    assert "Traoré".encode() not in sealed
    assert pyrage.passphrase.decrypt(sealed, code) == packet.pdf
    with pytest.raises(pyrage.DecryptError):
        pyrage.passphrase.decrypt(sealed, new_code())


def test_a_code_is_long_enough_and_never_twice_the_same(cast: Cast) -> None:
    codes = {new_code() for _time in range(50)}
    assert len(codes) == 50
    assert all(is_code(code) for code in codes)
    for weak in ("", "1234", "AAAA-BBBB", "aaaa-bbbb-cccc", "AAAA-BBBB-CCC!"):
        assert not is_code(weak)
    with refused("packet.code"):
        encrypt(make_packet(cast.awa, to_hospital(cast)), "1234")


def test_nothing_is_handed_over_after_a_withdrawal(cast: Cast) -> None:
    referral = to_hospital(cast)
    ground_actions.withdraw_consent(cast.awa, referral.ground)
    referral.refresh_from_db()
    with refused("packet.ended"):
        make_packet(cast.awa, referral)


def test_a_consulate_needs_its_country(cast: Cast) -> None:
    with refused("referral.country"):
        to_hospital(cast, route=ReferralRoute.CONSULATE)
    referral = to_hospital(cast, route=ReferralRoute.CONSULATE, country="CI")
    assert "Côte d’Ivoire" in words_of(make_packet(cast.awa, referral).pdf).replace("'", "’")
