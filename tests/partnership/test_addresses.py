"""The protected address: sealed, opened by whom it concerns, traced, and nowhere else."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.core.errors import DomainError, NotAllowed, SealBroken
from danbe.core.models import AuditEvent
from danbe.partnership import offer_actions as actions
from danbe.partnership.models import AddressGrant, SafeAddress
from danbe.partnership.queries import safe_address_of
from tests.conftest import Cast
from tests.partnership.makers import ADDRESS, PHONE, added, let_in, shelter


def kept() -> SafeAddress:
    row: SafeAddress = SafeAddress.unscoped.get()
    return row


def test_awa_and_her_supervisor_open_the_address_and_the_trail_names_the_offer(
    cast: Cast,
) -> None:
    made = shelter(cast.awa)
    for actor in (cast.awa, cast.lalla):
        opened = actions.open_address(actor, kept())
        assert (opened.address, opened.phone) == (ADDRESS, PHONE)
    events = AuditEvent.objects.filter(verb="offer.open_address").order_by("seq")
    assert [event.post_id for event in events] == [cast.awa.post_id, cast.lalla.post_id]
    assert {event.subject_id for event in events} == {str(made.pk)}


@pytest.mark.parametrize(
    "name", "bakary coumba djibril esther fanta garan issa jeneba auditor".split()
)
def test_nobody_else_opens_it(name: str, cast: Cast) -> None:
    made = shelter(cast.awa)
    actor: Actor = getattr(cast, name)
    assert safe_address_of(actor, made) is None
    with pytest.raises(NotAllowed):
        actions.open_address(actor, kept())
    assert not AuditEvent.objects.filter(verb="offer.open_address").exists()


def test_the_secretariat_of_the_committee_opens_none_even_when_let_in(cast: Cast) -> None:
    made = shelter(cast.awa)
    let_in(cast.awa, made, cast.esther)
    for actor in (cast.esther, cast.jeneba, cast.garan):  # all of the same body
        with pytest.raises(NotAllowed):
            actions.open_address(actor, kept())


def test_a_body_that_is_let_in_opens_it_until_the_end_or_the_withdrawal(cast: Cast) -> None:
    made = shelter(cast.awa)
    grant = let_in(cast.awa, made, cast.bakary)
    let_in(cast.awa, made, cast.coumba)
    assert actions.open_address(cast.bakary, kept()).address == ADDRESS
    assert actions.open_address(cast.coumba, kept()).phone == PHONE
    actions.withdraw_address(cast.awa, grant)
    with pytest.raises(NotAllowed):
        actions.open_address(cast.bakary, kept())
    AddressGrant.unscoped.update(until=timezone.now() - datetime.timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        actions.open_address(cast.coumba, kept())


def test_being_let_in_gives_nothing_but_the_opening(cast: Cast) -> None:
    made = shelter(cast.awa)
    let_in(cast.awa, made, cast.bakary)
    with pytest.raises(NotAllowed):
        actions.seal_address(cast.bakary, made, address="Ailleurs")
    with pytest.raises(NotAllowed):
        let_in(cast.bakary, made, cast.coumba)
    with pytest.raises(NotAllowed):
        actions.change_offer(cast.bakary, made)


def test_the_body_that_was_let_in_may_give_its_access_back_and_others_cannot(cast: Cast) -> None:
    grant = let_in(cast.awa, shelter(cast.awa), cast.bakary)
    with pytest.raises(NotAllowed):
        actions.withdraw_address(cast.coumba, grant)
    actions.withdraw_address(cast.bakary, grant)
    assert not AddressGrant.unscoped.get().is_running
    assert not visible(cast.bakary, SafeAddress, "offer.open_address").exists()


@pytest.mark.parametrize("days", [-1, 91])
def test_an_access_begins_now_and_ends_within_90_days(days: int, cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        let_in(cast.awa, shelter(cast.awa), cast.bakary, days=days)
    assert refused.value.field == "until"


def test_an_access_has_a_known_reason_and_another_body(cast: Cast) -> None:
    made = shelter(cast.awa)
    with pytest.raises(DomainError) as refused:
        let_in(cast.awa, made, cast.bakary, reason="curiosity")
    assert refused.value.field == "reason_code"
    with pytest.raises(DomainError) as refused:
        let_in(cast.awa, made, cast.lalla)
    assert refused.value.field == "organisation"


def test_esther_writes_the_offer_of_a_body_but_never_its_address(cast: Cast) -> None:
    made = added(cast.esther, "shelter", body="SINJIYA")
    with pytest.raises(NotAllowed):
        actions.seal_address(cast.esther, made, address=ADDRESS)
    actions.seal_address(cast.awa, made, address=ADDRESS)
    with pytest.raises(NotAllowed):
        actions.forget_address(cast.esther, made)


def test_only_a_protected_place_has_one_and_it_stays_protected_while_it_has_one(
    cast: Cast,
) -> None:
    made = added(cast.awa)
    with pytest.raises(DomainError):
        actions.seal_address(cast.awa, made, address=ADDRESS)
    made.is_protected = True
    actions.change_offer(cast.awa, made)
    actions.seal_address(cast.awa, made, address=ADDRESS)
    made.is_protected = False
    with pytest.raises(DomainError) as refused:
        actions.change_offer(cast.awa, made)
    assert refused.value.field == "is_protected"


def test_a_new_address_has_a_new_key_and_a_forgotten_one_is_gone(cast: Cast) -> None:
    made = shelter(cast.awa)
    before = bytes(kept().key)
    actions.seal_address(cast.awa, made, address="Une autre maison (fictive)")
    assert bytes(kept().key) != before
    assert actions.open_address(cast.awa, kept()).phone == ""
    actions.forget_address(cast.awa, made)
    assert not SafeAddress.unscoped.exists()
    actions.forget_address(cast.awa, made)  # once more changes nothing


def test_a_sealed_address_moved_to_another_offer_does_not_open(cast: Cast) -> None:
    shelter(cast.awa)
    stolen, mine = kept(), added(cast.bakary, "shelter")
    SafeAddress.unscoped.bulk_create(
        [
            SafeAddress(
                offer=mine,
                key=stolen.key,
                sealed_address=stolen.sealed_address,
                sealed_phone=stolen.sealed_phone,
            )
        ]
    )
    with pytest.raises(SealBroken):
        actions.open_address(cast.bakary, SafeAddress.unscoped.get(pk=mine.pk))


def test_the_database_holds_neither_the_address_nor_the_telephone(cast: Cast) -> None:
    made = shelter(cast.awa)
    let_in(cast.awa, made, cast.bakary)
    actions.open_address(cast.bakary, kept())
    told = everything()
    assert b"sikasso-2023" in told  # what is public is there: the search does see the rows
    for canary in (ADDRESS, PHONE, "Ouayerma", "portail bleu"):
        assert canary.encode() not in told


def everything() -> bytes:
    """Every value of every table, as bytes."""
    parts: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    is_bytes = isinstance(value, bytes | memoryview)
                    parts.append(bytes(value) if is_bytes else str(value).encode())
    return b"\n".join(parts)


def test_bodies_let_in_are_those_of_the_list(cast: Cast) -> None:
    grant = let_in(cast.awa, shelter(cast.awa), cast.bakary)
    assert grant.organisation == Organisation.objects.get(code="CARITAS")
    assert grant.granted_by_id == cast.awa.post_id
