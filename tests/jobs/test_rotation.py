"""A new master key: every data key moves under it, and nothing that was sealed is lost."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.db import models

from danbe.accounts.models import User
from danbe.accounts.sign_in import SecondFactor
from danbe.core import sealing
from danbe.core.errors import SealBroken
from danbe.core.models import AuditEvent
from danbe.figures.actions import attach, open_attachment, open_return
from danbe.figures.models import Attachment
from danbe.jobs import rotation
from danbe.partnership import meeting_file_actions, offer_actions
from danbe.partnership.models import MeetingFile, SafeAddress
from danbe.plan.contribution_codes import words_of
from danbe.plan.models import Contribution
from danbe.protection import door
from danbe.protection.models import DataKey, Event, Person
from danbe.protection.open_actions import open_groups
from danbe.protection.vocabulary import FieldGroup
from danbekit.dates import Window
from tests.conftest import Cast
from tests.partnership import committee_makers
from tests.partnership import makers as offers
from tests.plan import contribution_makers
from tests.protection.planted import plant

NEW = "2027"
SECRET = "JBSWY3DPEHPK3PXP"


def filled(cast: Cast) -> None:
    """Something of every kind that is sealed."""
    plant(cast.awa, cast.lalla, cast.bakary)
    offers.shelter(cast.awa)
    fanta = User.objects.get(pk=cast.fanta.user_id)
    body = committee_makers.body("MPFEF")
    row = open_return(cast.fanta, body, window=Window.calendar_year(2011), axes=["protection"])
    attach(cast.fanta, row, name="Kayes.txt", data=b"Un fichier (fictif)")
    meeting = committee_makers.planned(cast.esther, committee_makers.assembly(cast.esther))
    meeting_file_actions.join_document(
        cast.esther, meeting, name="Ordre.txt", data=b"Un document (fictif)"
    )
    contribution_makers.sent(
        contribution_makers.process(cast.esther), contribution_makers.told("Une voix (fictive).")
    )
    TOTP.activate(fanta, SECRET)
    RecoveryCodes.activate(fanta)


def wrapped_under(key_id: str) -> Iterator[str]:
    """Where a value of the database begins as a key wrapped under this master key does."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.BinaryField | models.JSONField):
                for value in model._default_manager.values_list(column.attname, flat=True):
                    if any(held.startswith(key_id.encode()) for held in bytes_in(value)):
                        yield f"{model._meta.label}.{column.name}"


def bytes_in(value: Any) -> Iterator[bytes]:
    """The bytes of a column, or those that texts of a JSON column stand for."""
    if isinstance(value, bytes | memoryview):
        yield bytes(value)
    for text in value.values() if isinstance(value, dict) else ():
        if isinstance(text, str) and len(text) > sealing.NONCE:
            try:
                yield base64.b64decode(text, validate=True)
            except ValueError:
                continue


@pytest.fixture
def rotated(cast: Cast, settings: Any) -> tuple[str, list[str]]:
    """A filled instance whose old master key is gone, and what was said while keys moved."""
    (old,) = settings.MASTER_KEYS
    filled(cast)
    settings.MASTER_KEYS = {NEW: bytes(range(32)), **settings.MASTER_KEYS}
    said: list[str] = []
    rotation.rewrap_all(said.append)
    settings.MASTER_KEYS = {NEW: settings.MASTER_KEYS[NEW]}
    return old, said


def test_no_key_of_any_kind_stays_under_the_old_master_key(rotated: tuple[str, list[str]]) -> None:
    old, said = rotated
    assert list(wrapped_under(old)) == []
    assert len(said) == len(rotation.HOLDERS) + 1
    assert [line for line in said if line.endswith(": 0")] == []
    assert AuditEvent.objects.filter(verb="instance.rewrap").count() == 1


def test_what_was_sealed_opens_under_the_new_master_key_alone(
    cast: Cast, rotated: tuple[str, list[str]]
) -> None:
    person = Person.unscoped.filter(
        organisation_id=cast.awa.organisation_id, keys__group="identity", erased_at=None
    )[0]
    assert open_groups(cast.awa, person, [FieldGroup.IDENTITY]).identity
    assert door.read_narrative(Event.unscoped.exclude(narrative=None)[0])
    assert open_attachment(cast.fanta, Attachment.unscoped.get())[1] == b"Un fichier (fictif)"
    opened = meeting_file_actions.open_document(cast.esther, MeetingFile.unscoped.get())
    assert opened[1] == b"Un document (fictif)"
    assert words_of(Contribution.unscoped.get())["text"] == "Une voix (fictive)."
    shelter = SafeAddress.unscoped.get()
    assert offer_actions.open_address(cast.awa, shelter).address == offers.ADDRESS
    telephone, codes = (
        Authenticator.objects.get(type=kind)
        for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    )
    assert SecondFactor().decrypt(telephone.data["secret"]) == SECRET
    assert len(RecoveryCodes(codes).get_unused_codes()) == 10


def test_a_run_again_moves_nothing_and_a_destroyed_key_stays_destroyed(
    cast: Cast, rotated: tuple[str, list[str]]
) -> None:
    key = DataKey.objects.filter(destroyed_at=None)[0]
    door.destroy_keys(key.person)
    assert rotation.rewrap_all(lambda line: None) == 0
    gone = DataKey.objects.filter(person=key.person)
    assert {bytes(one.wrapped) for one in gone} == {b""}


def test_a_key_destroyed_while_the_run_reads_is_not_brought_back(
    cast: Cast, settings: Any
) -> None:
    plant(cast.awa, cast.lalla, cast.bakary)
    settings.MASTER_KEYS = {NEW: bytes(range(32)), **settings.MASTER_KEYS}
    read = list(DataKey.objects.filter(destroyed_at=None)[:1])
    door.destroy_keys(read[0].person)
    assert rotation._moved(DataKey, "wrapped", door.owner_of, read) == 0
    read[0].refresh_from_db()
    assert bytes(read[0].wrapped) == b""


def test_without_the_old_master_key_nothing_is_moved(cast: Cast, settings: Any) -> None:
    plant(cast.awa, cast.lalla, cast.bakary)
    before = list(DataKey.objects.order_by("pk").values_list("wrapped", flat=True))
    settings.MASTER_KEYS = {NEW: bytes(range(32))}
    with pytest.raises(SealBroken):
        rotation.rewrap_all(lambda line: None)
    after = list(DataKey.objects.order_by("pk").values_list("wrapped", flat=True))
    assert [bytes(b) for b in before] == [bytes(a) for a in after]
