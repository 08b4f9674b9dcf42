"""The directory as it is asked: filters, distances, beds one may count on, gaps."""

import datetime
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import ROLES, TWO_FACTOR_ROLES, Actor, Role
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import Place
from danbe.jobs import demo, demo_services
from danbe.partnership import offer_actions as actions
from danbe.partnership.models import BEDS_LAST, Audience, ServiceOffer
from danbe.partnership.queries import GapRow, coverage, distance_km, gaps, offers, service_types
from tests.conftest import Cast
from tests.partnership.makers import added, offer, shelter

TODAY = datetime.date(2026, 11, 24)


def places(actor: Actor, **asked: object) -> list[str]:
    return [line.place_code for line in offers(actor, **asked)]  # type: ignore[arg-type]


# --- Who writes what -------------------------------------------------------------------------


def test_awa_writes_the_services_of_her_own_body_and_esther_those_of_anybody(cast: Cast) -> None:
    added(cast.awa)
    added(cast.esther, body="CARITAS")
    with pytest.raises(NotAllowed):
        added(cast.awa, body="CARITAS")
    assert ServiceOffer.unscoped.count() == 2


@pytest.mark.parametrize("name", ["coumba", "djibril", "issa", "garan", "jeneba", "auditor"])
def test_nobody_else_writes_in_the_directory(name: str, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        added(getattr(cast, name))


def test_another_body_neither_changes_counts_nor_closes(cast: Cast) -> None:
    made = shelter(cast.awa)
    for act in (
        lambda actor: actions.change_offer(actor, made),
        lambda actor: actions.count_beds(actor, made, free=1),
        lambda actor: actions.close_offer(actor, made),
        lambda actor: actions.reopen_offer(actor, made),
    ):
        with pytest.raises(NotAllowed):
            act(cast.bakary)
        act(cast.awa)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("type", {"type": "prayer"}),
        ("place", {"place_id": "ML"}),
        ("place", {"place_id": "kayes"}),  # the region of before 2023
        ("for_whom", {"for_women": False, "for_girls": False}),
        ("languages", {"languages": "bm klingon"}),
        ("age_max", {"age_min": 18, "age_max": 11}),
        ("valid_to", {"valid_from": TODAY, "valid_to": TODAY - datetime.timedelta(1)}),
        ("is_protected", {"type": "shelter"}),
        ("latitude", {"latitude": 12.0}),
        ("longitude", {"latitude": 12.0, "longitude": 45.0}),
        ("latitude", {"latitude": 12.0, "longitude": -7.0, "is_protected": True}),
        ("hours", {"hours": "x" * 201}),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    field: str, wrong: dict[str, object], cast: Cast
) -> None:
    made, body = offer(), Organisation.objects.get(pk=cast.awa.organisation_id)
    for name, value in wrong.items():
        setattr(made, name, value)
    with pytest.raises(DomainError) as refused:
        actions.add_offer(cast.awa, body, made)
    assert refused.value.field == field
    assert not ServiceOffer.unscoped.exists()


def test_the_database_itself_refuses_a_point_for_a_shelter(cast: Cast) -> None:
    made = shelter(cast.awa)
    rows = ServiceOffer.unscoped.filter(pk=made.pk)
    for wrong in ({"latitude": 12.0, "longitude": -7.0}, {"is_protected": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_of_two_who_change_at_once_the_second_is_told_and_nothing_is_overwritten(
    cast: Cast,
) -> None:
    made = added(cast.awa)
    first, second = (ServiceOffer.unscoped.get(pk=made.pk) for _ in "ab")
    first.hours = "Tous les jours"
    actions.change_offer(cast.awa, first, version=1)
    second.hours = "Le lundi"
    with pytest.raises(DomainError) as refused:
        actions.change_offer(cast.lalla, second, version=1)
    assert refused.value.code == "offer.changed"
    assert ServiceOffer.unscoped.get(pk=made.pk).hours == "Tous les jours"


def test_a_change_never_moves_a_service_to_another_body_nor_its_beds(cast: Cast) -> None:
    made = shelter(cast.awa)
    actions.count_beds(cast.awa, made, free=3)
    typed = ServiceOffer.unscoped.get(pk=made.pk)
    typed.organisation_id, typed.beds_free = cast.bakary.organisation_id, 9
    actions.change_offer(cast.awa, typed)
    kept = ServiceOffer.unscoped.get(pk=made.pk)
    assert (kept.organisation_id, kept.beds_free) == (cast.awa.organisation_id, 3)


# --- Search ----------------------------------------------------------------------------------


def test_a_shelter_for_men_is_found_only_where_there_is_one(cast: Cast) -> None:
    shelter(cast.awa, whom="girls boys")
    shelter(cast.bakary, "gao-2016", whom="men")
    assert places(cast.coumba, need="shelter", for_whom="men") == ["gao-2016"]
    assert places(cast.coumba, need="shelter", for_whom="girls") == ["sikasso-2023"]
    assert places(cast.coumba, need="shelter", for_whom="mothers_with_children") == []


def test_filters_narrow_together_and_what_means_nothing_finds_nothing(cast: Cast) -> None:
    added(cast.awa, languages="bm spp", is_accessible=True)
    added(cast.awa, "medical", languages="bmq")
    assert len(offers(cast.awa)) == 2
    assert len(offers(cast.awa, language="bm")) == 1  # not bmq
    assert len(offers(cast.awa, accessible=True, need="legal_aid")) == 1
    assert offers(cast.awa, accessible=True, need="medical") == []
    for asked in ({"need": "x"}, {"for_whom": "all"}, {"language": "x"}):
        assert offers(cast.awa, **asked) == []


def test_the_nearest_comes_first_and_an_unknown_distance_last(cast: Cast) -> None:
    for place in ("taoudenit", "gao-2016", "bamako", "cercle-sikasso-2023"):
        added(cast.awa, "medical", place)
    near = offers(cast.awa, near="cercle-sikasso-2023")
    assert [line.place_code for line in near] == [
        "cercle-sikasso-2023",
        "bamako",
        "gao-2016",
        "taoudenit",
    ]
    assert near[0].distance_km == 0
    assert near[1].distance_km == pytest.approx(290, abs=15)
    assert near[-1].distance_km is None


def test_from_a_place_whose_point_is_unknown_the_same_region_comes_first(cast: Cast) -> None:
    Place.objects.filter(code="cercle-sikasso-2023").update(latitude=None, longitude=None)
    added(cast.awa, "medical", "bamako")
    added(cast.bakary, "medical", "sikasso-2023")
    lines = offers(cast.awa, near="cercle-sikasso-2023")
    assert [line.place_code for line in lines] == ["sikasso-2023", "bamako"]
    assert {line.distance_km for line in lines} == {None}


def test_a_public_service_is_measured_from_its_own_point(cast: Cast) -> None:
    added(cast.awa, "medical", "sikasso-2023", latitude=12.6, longitude=-7.9)
    (line,) = offers(cast.awa, near="bamako")
    assert line.distance_km is not None
    assert line.distance_km < 15


def test_the_distance_is_that_of_the_sphere() -> None:
    # Paris - New York, the textbook pair of the haversine formula: 5837 km on a 6371 km sphere.
    assert distance_km((48.8566, 2.3522), (40.7128, -74.0060)) == pytest.approx(5837, abs=3)
    assert distance_km((12.0, -7.0), None) is None


def test_closed_not_yet_begun_and_ended_services_are_not_found(cast: Cast) -> None:
    day = datetime.timedelta(days=1)
    added(cast.awa, valid_from=TODAY + day)
    added(cast.awa, valid_to=TODAY - day)
    closed = added(cast.awa)
    actions.close_offer(cast.awa, closed)
    assert offers(cast.awa, day=TODAY) == []
    assert len(offers(cast.awa, day=TODAY + day)) == 1
    actions.reopen_offer(cast.awa, closed)
    assert len(offers(cast.awa, day=TODAY)) == 1


def test_those_without_the_right_find_nothing(cast: Cast) -> None:
    added(cast.awa)
    for actor in (cast.garan, cast.jeneba, cast.auditor):
        assert offers(actor) == []


# --- Beds ------------------------------------------------------------------------------------


def test_a_count_is_good_for_48_hours_then_it_is_no_number(cast: Cast) -> None:
    made = shelter(cast.awa)
    assert beds(cast.coumba).confirmed is None  # never counted
    actions.count_beds(cast.awa, made, free=4)
    assert beds(cast.coumba).confirmed == 4
    assert len(offers(cast.coumba, free_only=True)) == 1
    old = timezone.now() - BEDS_LAST - datetime.timedelta(minutes=1)
    ServiceOffer.unscoped.filter(pk=made.pk).update(beds_updated_at=old)
    assert beds(cast.coumba).confirmed is None
    assert offers(cast.coumba, free_only=True) == []
    actions.count_beds(cast.awa, made, free=4)  # the same number confirms it
    assert beds(cast.coumba).confirmed == 4


def beds(actor: Actor) -> Any:
    return offers(actor, need="shelter")[0].beds


def test_a_full_shelter_has_no_free_bed_and_a_partner_is_shown_no_beds(cast: Cast) -> None:
    actions.count_beds(cast.awa, shelter(cast.awa), free=0)
    assert beds(cast.coumba).confirmed == 0
    assert offers(cast.coumba, free_only=True) == []
    assert beds(cast.issa) is None


@pytest.mark.parametrize("free", [-1, 11])
def test_there_are_never_more_free_beds_than_beds(free: int, cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        actions.count_beds(cast.awa, shelter(cast.awa), free=free)
    assert refused.value.code == "offer.beds_free"


def test_beds_are_counted_only_where_there_are_some(cast: Cast) -> None:
    with pytest.raises(DomainError):
        actions.count_beds(cast.awa, added(cast.awa), free=0)


def test_a_reopened_shelter_must_be_counted_again(cast: Cast) -> None:
    made = shelter(cast.awa)
    actions.count_beds(cast.awa, made, free=4)
    actions.close_offer(cast.awa, made)
    actions.reopen_offer(cast.awa, made)
    assert beds(cast.awa).confirmed is None


# --- Gaps ------------------------------------------------------------------------------------


def test_gaps_say_in_each_region_how_many_are_known_for_each_audience(cast: Cast) -> None:
    shelter(cast.awa, "cercle-sikasso-2023", whom="girls")  # a cercle counts for its region
    shelter(cast.bakary, "sikasso-2023", whom="girls men")
    rows = {row.code: dict(zip(Audience.values, row.numbers, strict=True)) for row in known(cast)}
    assert len(rows) == 20
    assert rows["sikasso-2023"] == {
        "girls": 2, "men": 1, "women": 0, "boys": 0, "mothers_with_children": 0,
    }  # fmt: skip
    assert set(rows["kayes-2023"].values()) == {0}
    over = {
        row.code: dict(zip(Audience.values, row.numbers, strict=True))
        for row in coverage(cast.issa)
    }
    assert (over["shelter"]["girls"], over["shelter"]["women"]) == (1, 0)
    assert list(over) == [code for code, _label in service_types()]


def known(cast: Cast) -> list[GapRow]:
    return gaps(cast.issa, need="shelter")


# --- The demonstration -----------------------------------------------------------------------


@pytest.mark.django_db
def test_the_demonstration_has_fictitious_offers_and_men_a_shelter_in_one_region() -> None:
    demo.seat_everybody()
    n = demo_services.fill_directory()
    assert n == len(demo_services.OFFERS) >= 25
    rows = list(ServiceOffer.unscoped.all())
    assert all(row.is_fictitious and "fictive" in row.note for row in rows)
    reader = Actor(Role.CASEWORKER, uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
    lines = offers(reader)
    assert len({line.region_code for line in lines}) >= 8
    men = offers(reader, need="shelter", for_whom="men")
    assert [line.region_code for line in men] == ["gao-2016"]
    states = {line.beds.is_fresh for line in lines if line.beds}
    assert states == {True, False}


def test_every_protected_address_is_opened_by_posts_with_two_factors_only() -> None:
    for role, verbs in ROLES.items():
        if {"offer.open_address", "offer.grant_address", "offer.seal_address"} & set(verbs):
            assert role in TWO_FACTOR_ROLES, role
