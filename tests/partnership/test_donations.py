"""Gifts in kind: sent by one body, confirmed by the other; what public sources tell of."""

import datetime
from decimal import Decimal

import pytest

from danbe.accounts.models import Message
from danbe.core.access import Actor, visible
from danbe.core.errors import DomainError, NotAllowed
from danbe.partnership import donation_actions as actions
from danbe.partnership import funding_queries as queries
from danbe.partnership.models import Donation, DonationStatus, SourcedDonation
from tests.conftest import Cast
from tests.partnership.funding_makers import (
    FIRST,
    OIL,
    RICE,
    announced,
    arrived,
    received,
    sent,
)


def test_fanta_sends_rice_and_oil_and_awa_confirms_what_arrives(cast: Cast) -> None:
    made = sent(cast.fanta, cast.awa)
    assert Message.unscoped.filter(kind="donation.sent", post=cast.awa.post_id).exists()
    assert queries.to_confirm(cast.awa).get() == made
    told = arrived(20, (48, "Deux bidons percés (fictif)"))
    kept = actions.receive_donation(cast.awa, made, told, on=FIRST)
    assert kept.status == DonationStatus.RECEIVED
    lines = [(line.quantity, line.received, line.reason) for line in kept.lines.all()]
    assert lines == [
        (Decimal(20), Decimal(20), ""),
        (Decimal(50), Decimal(48), "Deux bidons percés (fictif)"),
    ]
    assert Message.unscoped.filter(kind="donation.received", post=cast.fanta.post_id).exists()
    assert kept.number == f"DON-2024-{kept.pk:05}"


def test_a_difference_needs_a_reason_and_nothing_is_kept_without_it(cast: Cast) -> None:
    made = sent(cast.fanta, cast.awa)
    with pytest.raises(DomainError) as refused:
        actions.receive_donation(cast.awa, made, arrived(20, 48), on=FIRST)
    assert refused.value.field == "reason_2"
    assert Donation.unscoped.get().status == DonationStatus.DISPATCHED
    assert not made.lines.filter(received__isnull=False).exists()


def test_only_the_receiver_confirms_and_only_the_donor_sends(cast: Cast) -> None:
    made = announced(cast.fanta, cast.awa)
    with pytest.raises(NotAllowed):
        actions.dispatch_donation(cast.awa, made, on=FIRST)
    actions.dispatch_donation(cast.fanta, made, on=FIRST)
    for actor in (cast.fanta, cast.bakary, cast.issa, cast.coumba):
        with pytest.raises((NotAllowed, Donation.DoesNotExist)):
            actions.receive_donation(actor, made, arrived(20, 50), on=FIRST)
    actions.receive_donation(cast.lalla, made, arrived(20, 50), on=FIRST)


def test_esther_confirms_for_a_body_without_a_computer_from_its_signed_paper(cast: Cast) -> None:
    made = sent(cast.esther, "ENDA", donor="MJDH")
    with pytest.raises(DomainError) as refused:
        actions.receive_donation(cast.esther, made, arrived(20, 50), on=FIRST)
    assert refused.value.field == "paper"
    kept = actions.receive_donation(
        cast.esther, made, arrived(20, 50), on=FIRST, paper="Reçu 12 (fictif)"
    )
    assert kept.receipt_paper == "Reçu 12 (fictif)"


def test_nobody_writes_a_gift_of_another_body_nor_to_itself(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        announced(cast.fanta, cast.awa, donor="MJDH")
    with pytest.raises(NotAllowed):
        announced(cast.awa, cast.bakary)
    with pytest.raises(DomainError) as refused:
        announced(cast.fanta, cast.fanta)
    assert refused.value.field == "recipient"


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ((), "goods_1"),
        ((actions.Goods("gold", "Or", Decimal(1), "kg"),), "kind_1"),
        ((RICE, actions.Goods("food", "x" * 10_000, Decimal(1), "kg")), "goods_2"),
        ((actions.Goods("food", "Riz", Decimal(0), "kg"),), "quantity_1"),
        ((actions.Goods("food", "Riz", Decimal("NaN"), "kg"),), "quantity_1"),
        ((actions.Goods("food", "Riz", Decimal(1), " "),), "unit_1"),
        ((OIL,) * 13, ""),
    ],
)
def test_goods_that_make_no_sense_are_refused_at_their_field(
    lines: tuple[actions.Goods, ...], field: str, cast: Cast
) -> None:
    with pytest.raises(DomainError) as refused:
        announced(cast.fanta, cast.awa, lines)
    assert refused.value.field == field
    assert not Donation.unscoped.exists()


def test_days_follow_each_other(cast: Cast) -> None:
    made = announced(cast.fanta, cast.awa)
    before = FIRST - datetime.timedelta(days=1)
    with pytest.raises(DomainError):
        actions.dispatch_donation(cast.fanta, made, on=before)
    actions.dispatch_donation(cast.fanta, made, on=FIRST)
    with pytest.raises(DomainError) as refused:
        actions.receive_donation(cast.awa, made, arrived(20, 50), on=before)
    assert refused.value.field == "on"


def test_what_was_received_is_neither_received_again_nor_cancelled(cast: Cast) -> None:
    made = received(cast.fanta, cast.awa)
    with pytest.raises(DomainError):
        actions.receive_donation(cast.awa, made, arrived(20, 50), on=FIRST)
    with pytest.raises(DomainError):
        actions.cancel_donation(cast.fanta, made, reason="trop tard")


def test_a_cancelled_gift_says_why_and_leaves_the_totals(cast: Cast) -> None:
    received(cast.fanta, cast.awa)
    other = announced(cast.fanta, cast.bakary)
    actions.cancel_donation(cast.fanta, other, reason="Camion en panne (fictif)")
    lines = queries.goods(queries.donations(cast.esther))
    assert [(g.goods, g.unit, g.announced, g.received) for g in lines] == [
        ("Huile (fictive)", "bidons", 50, 50),
        ("Riz (fictif)", "tonnes", 20, 20),
    ]


def test_each_body_sees_what_it_gives_or_is_given(cast: Cast) -> None:
    sent(cast.fanta, cast.awa)
    readers: list[tuple[Actor, int]] = [
        (cast.fanta, 1), (cast.awa, 1), (cast.lalla, 1), (cast.esther, 1), (cast.garan, 1),
        (cast.bakary, 0), (cast.issa, 0), (cast.coumba, 0), (cast.jeneba, 0),
    ]  # fmt: skip
    for actor, n in readers:
        assert visible(actor, Donation, "donation.read").count() == n


def test_no_place_is_kept_on_a_donation() -> None:
    names = {field.name for model in (Donation, SourcedDonation) for field in model._meta.fields}
    assert not {"place", "region", "address", "latitude", "site"} & names


@pytest.mark.django_db
def test_the_gifts_of_february_2025_are_told_with_their_source_and_no_made_up_share() -> None:
    told = list(SourcedDonation.objects.values_list("label_fr", "quantity", "unit_fr", "period"))
    assert told == [
        ("Riz", Decimal(20), "tonnes", "2025-02"),
        ("Huile", Decimal(50), "bidons", "2025-02"),
        ("Savon", None, "", "2025-02"),
    ]
    assert all(row.source.startswith("https://") for row in SourcedDonation.objects.all())
    assert not Donation.unscoped.exists()
