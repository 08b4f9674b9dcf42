"""The joint calendar: who writes, what clashes, who came; trainers and desks."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from danbe.core.access import Actor, visible
from danbe.core.errors import DomainError, NotAllowed
from danbe.partnership import contact_actions, training_queries
from danbe.partnership import training_actions as actions
from danbe.partnership.models import Attendance, Contact, Trainer, Training, TrainingStatus
from tests.conftest import Cast
from tests.partnership.funding_makers import body
from tests.partnership.training_makers import (
    DAY,
    MONDAY,
    came,
    contact,
    held,
    planned,
    trainer,
)

AHEAD = datetime.date(2035, 3, 5)  # a Monday


def clash(actor: Actor, one: Training) -> list[Training]:
    return training_queries.clashing(actor, training_queries.trainings(actor).get(pk=one.pk))


# --- Who writes -----------------------------------------------------------------------------


def test_fanta_writes_what_her_body_organises_and_esther_for_anybody(cast: Cast) -> None:
    assert planned(cast.fanta).organiser_id == cast.fanta.organisation_id
    assert planned(cast.esther, "UNICEF").organiser.code == "UNICEF"
    with pytest.raises(NotAllowed):
        planned(cast.fanta, "UNICEF")


@pytest.mark.parametrize("name", "awa bakary coumba djibril garan issa jeneba lalla".split())
def test_other_posts_write_none(name: str, cast: Cast) -> None:
    actor: Actor = getattr(cast, name)
    with pytest.raises(NotAllowed):
        planned(actor)
    made = planned(cast.fanta)
    with pytest.raises((NotAllowed, Training.DoesNotExist)):
        actions.cancel_training(actor, made, reason="non")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": "x" * 10_000}, "title"),
        ({"theme": ""}, "theme"),
        ({"audiences": ""}, "audiences"),
        ({"audiences": "astrologers"}, "audiences"),
        ({"place_id": "ML"}, "place"),
        ({"start": datetime.date(1823, 1, 1)}, "start"),
        ({"end": MONDAY - DAY}, "end"),
        ({"end": MONDAY + 90 * DAY}, "end"),
        ({"seats": 0}, "seats"),
        ({"note": "x" * 10_000}, "note"),
    ],
)
def test_a_training_that_makes_no_sense_is_refused_at_its_field(
    more: dict[str, object], field: str, cast: Cast
) -> None:
    with pytest.raises(DomainError) as refused:
        planned(cast.fanta, **more)
    assert refused.value.field == field
    assert not Training.unscoped.exists()


def test_a_training_changed_in_another_window_is_not_overwritten(cast: Cast) -> None:
    made = planned(cast.fanta)
    made.title = "Première (fictif)"
    actions.change_training(cast.fanta, made, actions.With(), version=1)
    made.title = "Seconde (fictif)"
    with pytest.raises(DomainError):
        actions.change_training(cast.fanta, made, actions.With(), version=1)
    assert Training.unscoped.get().title == "Première (fictif)"


# --- Clashes --------------------------------------------------------------------------------


def test_two_trainings_clash_when_they_call_the_same_people_the_same_week_in_the_same_region(
    cast: Cast,
) -> None:
    one = planned(cast.fanta, start=AHEAD, end=AHEAD, audiences="magistrates lawyers")
    other = planned(
        cast.esther, "UNICEF", start=AHEAD + 4 * DAY, end=AHEAD + 4 * DAY,
        audiences="lawyers", place_id="segou-2023",
    )  # fmt: skip
    assert clash(cast.fanta, one) == [other]
    assert clash(cast.issa, other) == [one]
    assert training_queries.clashing_ids(cast.issa, [one, other]) == {one.pk, other.pk}


@pytest.mark.parametrize(
    "more",
    [
        {"audiences": "teachers"},
        {"place_id": "kayes-2023"},
        {"start": AHEAD + 7 * DAY, "end": AHEAD + 7 * DAY},
    ],
)
def test_another_audience_week_or_region_does_not_clash(
    more: dict[str, object], cast: Cast
) -> None:
    one = planned(cast.fanta, start=AHEAD, end=AHEAD)
    planned(cast.esther, "UNICEF", **{"start": AHEAD, "end": AHEAD} | more)
    assert clash(cast.fanta, one) == []


def test_a_cancelled_training_clashes_with_nothing_until_it_is_planned_again(cast: Cast) -> None:
    one = planned(cast.fanta, start=AHEAD, end=AHEAD)
    other = planned(cast.esther, "UNICEF", start=AHEAD, end=AHEAD)
    actions.cancel_training(cast.esther, other, reason="Salle prise (fictif)")
    assert clash(cast.fanta, one) == []
    actions.plan_again(cast.esther, other)
    assert clash(cast.fanta, one) == [other]


# --- Who came -------------------------------------------------------------------------------


def test_participants_are_counted_by_body_and_sex_and_may_be_counted_again(cast: Cast) -> None:
    made = held(cast.fanta, ("MJDH", "female", 4), ("MJDH", "male", 9), ("", "unknown", 2))
    assert made.status == TrainingStatus.HELD
    assert training_queries.n_came(training_queries.trainings(cast.issa)) == {made.pk: 15}
    again = came(("MJDH", "female", 5))
    actions.hold_training(cast.fanta, made, again, version=made.version)
    assert [one.n for one in Attendance.objects.all()] == [5]


def test_a_training_held_and_not_counted_is_not_a_training_without_anybody(cast: Cast) -> None:
    held(cast.fanta)
    assert training_queries.n_came(training_queries.trainings(cast.issa)) == {}


def test_a_count_waits_for_the_end_and_makes_sense(cast: Cast) -> None:
    coming = planned(cast.fanta, start=AHEAD, end=AHEAD)
    with pytest.raises(DomainError) as refused:
        actions.hold_training(cast.fanta, coming, [], version=1)
    assert refused.value.code == "training.ahead"
    made = planned(cast.fanta)
    for told in (
        [("MJDH", "female", -1)],
        [("MJDH", "female", 10**9)],
        [("MJDH", "planet", 1)],
        [("MJDH", "female", 1), ("MJDH", "female", 2)],
    ):
        with pytest.raises(DomainError):
            actions.hold_training(cast.fanta, made, came(*told), version=1)
    assert not Attendance.objects.exists()


# --- Trainers -------------------------------------------------------------------------------


def test_a_trainer_is_listed_only_with_the_day_of_the_agreement(cast: Cast) -> None:
    made = trainer(cast.fanta)
    with pytest.raises(DomainError) as refused:
        trainer(cast.fanta, consent_on=datetime.date(2090, 1, 1))
    assert refused.value.field == "consent_on"
    made.pk, made.consent_on = None, None  # type: ignore[assignment]
    with pytest.raises(IntegrityError), transaction.atomic():
        Trainer.unscoped.bulk_create([made])


def test_a_trainer_who_takes_the_agreement_back_is_erased_and_the_body_stays(cast: Cast) -> None:
    listed = trainer(cast.fanta)
    made = planned(cast.fanta, others=actions.With(trainers=[listed]))
    with pytest.raises((NotAllowed, Trainer.DoesNotExist)):
        contact_actions.remove_trainer(cast.issa, listed)
    contact_actions.remove_trainer(cast.fanta, listed)
    assert not Trainer.unscoped.exists()
    assert not made.trainers.exists()
    assert made.training_bodies.get() == body(cast.fanta)


def test_the_directory_is_for_those_who_organise_and_is_searched(cast: Cast) -> None:
    trainer(cast.fanta)
    trainer(cast.esther, "ENDA", name="Formateur (fictif)", themes="Protection")
    assert len(training_queries.trainers(cast.fanta)) == 2
    assert [t.themes for t in training_queries.trainers(cast.esther, "protection enda")] == [
        "Protection"
    ]
    for actor in (cast.issa, cast.awa, cast.coumba, cast.jeneba, cast.garan):
        assert not visible(actor, Trainer, "trainer.read").exists()


# --- Desks ----------------------------------------------------------------------------------


def test_each_body_writes_its_desks_and_everybody_searches_them(cast: Cast) -> None:
    mine = contact(cast.fanta)
    contact(cast.issa, function="Bureau de Bamako (fictif)")
    contact(cast.esther, "ENDA", purpose="Accueil de jour (fictif)")
    assert training_queries.contacts(cast.awa).count() == 3
    found = training_queries.contacts(cast.awa, "déclarations promotion")
    assert found.get() == mine
    for act in (
        lambda: contact(cast.issa, "ENDA"),
        lambda: contact_actions.remove_contact(cast.issa, mine),
        lambda: contact(cast.awa),
    ):
        with pytest.raises(NotAllowed):
            act()
    contact_actions.remove_contact(cast.fanta, mine)
    assert Contact.unscoped.count() == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"phone": ""}, "phone"),
        ({"phone": "appelez-moi"}, "phone"),
        ({"email": "pas un courriel"}, "email"),
        ({"function": "x" * 10_000}, "function"),
        ({"function": ""}, "function"),
    ],
)
def test_a_desk_that_makes_no_sense_is_refused_at_its_field(
    more: dict[str, str], field: str, cast: Cast
) -> None:
    with pytest.raises(DomainError) as refused:
        contact(cast.fanta, **more)
    assert refused.value.field == field


def test_no_person_is_named_on_a_desk_nor_among_participants() -> None:
    for model in (Contact, Attendance):
        assert "name" not in {field.name for field in model._meta.fields}
