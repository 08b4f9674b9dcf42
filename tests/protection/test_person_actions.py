"""Meeting people, one or four hundred, deciding about them, handing them over."""

import time
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from danbe.core.access import Actor, visible
from danbe.core.errors import NotAllowed
from danbe.jobs.demo_protection import raid
from danbe.protection import decision_actions, handover_actions, person_actions
from danbe.protection.door import Contact, Identity
from danbe.protection.ground_actions import Hearing
from danbe.protection.models import (
    Decision,
    Event,
    Ground,
    NameKey,
    Opening,
    Person,
    Referral,
    Sealed,
)
from danbe.protection.open_actions import open_groups
from danbe.protection.person_actions import Met
from danbe.protection.queries import PeopleFilter, people_of, progress_of
from danbe.protection.vocabulary import (
    EventKind,
    FieldGroup,
    Identification,
    Involvement,
    Knowledge,
    Pathway,
    Question,
    ReferralStatus,
    Sex,
)
from tests.conftest import Cast
from tests.protection.makers import DAY, MARIAM, event, met, refused

HEARD = Hearing(witness="Une agente (fictive)", language="ffm")


def group(actor: Actor, people: list[Met], **more: Any) -> Event:
    """A raid in Bamako, with everybody in it."""
    made = event(actor, "bamako", kind=EventKind.RAID, **more)
    person_actions.register_people(actor, made, people)
    return made


def all_of(actor: Actor, made: Event, **asked: str) -> list[Person]:
    return list(people_of(actor, made, PeopleFilter(**asked)))


def guineans(actor: Actor, made: Event) -> list[Person]:
    return all_of(actor, made, citizenship="GN", age="adult")


# --- Registering ---------------------------------------------------------------------------


def test_nothing_is_required_to_register_somebody(cast: Cast) -> None:
    nobody = met(cast.awa, Met())
    assert nobody.knowledge == Knowledge.COUNTED
    assert nobody.age_group == "unknown"
    assert not Sealed.unscoped.filter(person=nobody).exists()
    alias = met(cast.awa, Met(identity=Identity(aliases="La Vieille (fictive)")))
    assert alias.knowledge == Knowledge.PSEUDONYM


def test_a_name_is_sealed_and_stands_in_no_column(cast: Cast) -> None:
    mariam = met(cast.awa)
    columns = [str(value) for value in vars(mariam).values()]
    assert not any("Traor" in text or "Mariam" in text for text in columns)
    assert open_groups(cast.awa, mariam, [FieldGroup.IDENTITY]).identity.name.startswith("Mariam")


def test_lines_are_kept_as_on_paper_and_none_is_given_twice(cast: Cast) -> None:
    made = group(cast.coumba, [Met(line=1), Met(line=4)])
    assert [p.line for p in all_of(cast.coumba, made)] == [1, 4]
    person_actions.register_people(cast.coumba, made, [Met(), Met(line=2)])
    assert [p.line for p in all_of(cast.coumba, made)] == [1, 2, 4, 5]
    for twice in ([Met(line=4)], [Met(line=9), Met(line=9)]):
        with refused("event.lines_taken"):
            person_actions.register_people(cast.coumba, made, twice)
    assert len(all_of(cast.coumba, made)) == 4


def test_a_sheet_is_taken_whole_or_not_at_all(cast: Cast) -> None:
    made = event(cast.coumba)
    with refused("person.ages"):
        person_actions.register_people(
            cast.coumba, made, [MARIAM, replace(MARIAM, age_min=20, age_max=10)]
        )
    assert all_of(cast.coumba, made) == []
    with refused("event.too_many"):
        person_actions.register_people(cast.coumba, made, [Met()] * 2001)


def test_nobody_adds_to_the_event_of_another_body(cast: Cast) -> None:
    made = event(cast.awa)
    for other in (cast.bakary, cast.coumba, cast.esther):
        with pytest.raises(NotAllowed):
            person_actions.register_person(other, made, MARIAM)


def test_households_are_told_by_a_shared_mark(cast: Cast) -> None:
    made = group(cast.bakary, [Met(household="A"), Met(household="A"), Met(household="B"), Met()])
    marks = [person.household_id for person in all_of(cast.bakary, made)]
    assert marks[0] == marks[1] != marks[2]
    assert marks[3] is None
    assert progress_of(cast.bakary, made).n_households == 2


def test_a_displaced_community_is_gathered_and_nobody_is_gathered_alone(cast: Cast) -> None:
    made = group(cast.awa, [Met(), Met(), Met()])
    first, second, third = all_of(cast.awa, made)
    village = person_actions.gather_household(cast.awa, made, [first, second], is_community=True)
    assert village.number.startswith("CO-")
    assert [p.household for p in all_of(cast.awa, made)] == [village, village, None]
    with refused("household.alone"):
        person_actions.gather_household(cast.awa, made, [third])


def test_nobody_gathers_the_people_of_another_body(cast: Cast) -> None:
    made = group(cast.awa, [Met(), Met()])
    with pytest.raises(NotAllowed):
        person_actions.gather_household(cast.bakary, made, all_of(cast.awa, made))
    assert [p.household for p in all_of(cast.awa, made)] == [None, None]


def test_what_the_sheet_says_of_the_part_in_the_facts_has_its_who(cast: Cast) -> None:
    person = met(cast.coumba, replace(MARIAM, involvement=Involvement.ACCOMPLICE))
    decision = Decision.unscoped.get(person=person)
    assert (decision.question, decision.value) == (Question.INVOLVEMENT, Involvement.ACCOMPLICE)
    assert decision.post_id == cast.coumba.post_id
    told = open_groups(cast.coumba, person, [FieldGroup.STORY])
    assert told.text("decision", decision.pk)


def test_a_corrected_name_is_found_and_the_former_one_is_not(cast: Cast) -> None:
    mariam = met(cast.awa)
    before = set(NameKey.unscoped.filter(person=mariam).values_list("key", flat=True))
    person_actions.change_identity(
        cast.awa, mariam, identity=Identity("Koné", "Oumou"), contact=Contact()
    )
    after = set(NameKey.unscoped.filter(person=mariam).values_list("key", flat=True))
    assert not before & after
    assert open_groups(cast.awa, mariam, [FieldGroup.IDENTITY]).identity.family_name == "Koné"
    with pytest.raises(NotAllowed):
        person_actions.change_identity(
            cast.bakary, mariam, identity=Identity("X", "Y"), contact=Contact()
        )


def test_names_indexed_before_bodies_were_are_given_those_of_their_persons(cast: Cast) -> None:
    mariam, oumou = met(cast.awa), met(cast.bakary)
    NameKey.unscoped.update(organisation_id=cast.coumba.organisation_id)  # anything else
    import_module("danbe.protection.migrations.0003_names_by_body").fill(apps, None)
    for person in (mariam, oumou):
        held = NameKey.unscoped.filter(person=person).values_list("organisation_id", flat=True)
        assert set(held) == {person.organisation_id}


# --- Deciding for a group ------------------------------------------------------------------


def test_a_group_is_screened_at_once_each_with_a_version_and_a_reason(cast: Cast) -> None:
    made = group(cast.coumba, raid(30, 4, 6))
    people = all_of(cast.coumba, made)
    decide = decision_actions.orient_people
    told: dict[str, Any] = {"question": Question.INVOLVEMENT, "reason": "Entendus (fictif)."}
    assert decide(cast.coumba, people, value=Involvement.VICTIM, **told) == 30
    assert decide(cast.coumba, people[:3], value=Involvement.ACCOMPLICE, **told) == 3
    counts = {share.code: share.n for share in progress_of(cast.coumba, made).involvements}
    assert counts == {Involvement.VICTIM: 27, Involvement.ACCOMPLICE: 3}
    history = Decision.unscoped.filter(person=people[0]).order_by("recorded_at")
    assert [d.superseded_at is None for d in history] == [False, True]
    opened = open_groups(cast.coumba, people[0], [FieldGroup.STORY])
    assert {opened.text("decision", d.pk) for d in history} == {"Entendus (fictif)."}


def test_a_group_is_never_identified_at_once_nor_screened_by_strangers(cast: Cast) -> None:
    made = group(cast.coumba, raid(3, 0, 2))
    people = all_of(cast.coumba, made)
    decide = decision_actions.orient_people
    with refused("decision.not_in_bulk"):
        decide(
            cast.coumba,
            people,
            question=Question.STATUS,
            value=Identification.IDENTIFIED,
            reason="tous",
        )
    told: dict[str, Any] = {"question": Question.PATHWAY, "value": Pathway.TRAFFICKING}
    with refused("decision.reason"):
        decide(cast.coumba, people, reason=" ", **told)
    with pytest.raises(NotAllowed):
        decide(cast.awa, people, reason="Pas les siens", **told)
    assert not Decision.unscoped.exists()


# --- Handing over --------------------------------------------------------------------------


def hand_over(actor: Actor, made: Event, answers: dict[Person, bool], **more: Any) -> Any:
    told: dict[str, Any] = {"country": "GN", "nobody_fears": True, "hearing": HEARD} | more
    return handover_actions.hand_over_people(actor, made, answers, **told)


def test_those_who_said_yes_are_handed_over_and_those_who_said_no_stay(cast: Cast) -> None:
    made = group(cast.coumba, raid(40, 2, 4))
    people = guineans(cast.coumba, made)
    answers = {person: person is not people[0] for person in people[:-1]}
    done = hand_over(cast.coumba, made, answers)
    assert (done.n_agreed, done.n_refused) == (len(people) - 2, 1)
    assert Ground.unscoped.filter(is_given=False).get().person == people[0]
    assert not Ground.unscoped.filter(person=people[-1]).exists()  # never asked
    assert Ground.unscoped.filter(is_given=True).first().groups == " identity profile "
    before = progress_of(cast.coumba, made)
    assert (before.n_ready, before.n_handed) == (len(people) - 2, 0)
    n = handover_actions.confirm_hand_over(cast.coumba, made, country="GN", received_on=DAY)
    after = progress_of(cast.coumba, made)
    assert (n, after.n_ready, after.n_handed) == (len(people) - 2, 0, len(people) - 2)
    assert set(Referral.unscoped.values_list("status", flat=True)) == {ReferralStatus.DONE}


def test_a_consent_taken_back_before_the_consulate_signs_takes_the_person_off(
    cast: Cast,
) -> None:
    from danbe.protection.ground_actions import withdraw_consent

    made = group(cast.coumba, raid(40, 0, 3))
    people = guineans(cast.coumba, made)[:3]
    hand_over(cast.coumba, made, dict.fromkeys(people, True))
    withdraw_consent(cast.coumba, Ground.unscoped.get(person=people[0]))
    assert (
        handover_actions.confirm_hand_over(cast.coumba, made, country="GN", received_on=DAY) == 2
    )
    assert Referral.unscoped.get(person=people[0]).status == ReferralStatus.REVOKED


def test_nobody_is_handed_over_against_the_rules(cast: Cast) -> None:
    made = group(cast.coumba, raid(40, 6, 4))
    people = guineans(cast.coumba, made)
    yes = dict.fromkeys(people[:2], True)
    child = replace(MARIAM, citizenship="GN")
    young = person_actions.register_person(cast.coumba, made, child)
    unsure = person_actions.register_person(cast.coumba, made, Met(citizenship="GN"))
    other = next(p for p in all_of(cast.coumba, made, age="adult") if p.citizenship != "GN")
    with refused("handover.asylum"):
        hand_over(cast.coumba, made, yes, nobody_fears=False)
    with refused("handover.empty"):
        hand_over(cast.coumba, made, {})
    with refused("handover.child"):
        hand_over(cast.coumba, made, yes | {young: True})
    with refused("handover.child"):
        hand_over(cast.coumba, made, {unsure: True})
    with refused("handover.citizenship"):
        hand_over(cast.coumba, made, {other: True})
    with refused("handover.country"):
        hand_over(cast.coumba, made, yes, country="ML")
    with pytest.raises(NotAllowed):
        hand_over(cast.awa, made, yes)
    assert not Ground.unscoped.exists()
    hand_over(cast.coumba, made, yes)
    with refused("handover.twice"):
        hand_over(cast.coumba, made, yes)
    with refused("handover.nobody"):
        handover_actions.confirm_hand_over(cast.coumba, made, country="SN", received_on=DAY)


def test_names_of_a_list_are_opened_for_their_body_alone_and_each_opening_is_kept(
    cast: Cast,
) -> None:
    made = group(cast.coumba, raid(5, 0, 2))
    people = all_of(cast.coumba, made)
    names = handover_actions.open_names(cast.coumba, made, people)
    assert len(names) == 5
    assert all("fictif" in identity.family_name for identity in names.values())
    assert Opening.unscoped.filter(group=FieldGroup.IDENTITY).count() == 5
    with pytest.raises(NotAllowed):
        handover_actions.open_names(cast.awa, made, people)
    with pytest.raises(NotAllowed):
        handover_actions.open_names(cast.coumba, event(cast.coumba), people)


# --- Four hundred and seventy-seven --------------------------------------------------------


def test_a_raid_of_477_from_the_first_line_to_the_consulate(
    cast: Cast, record_property: Any
) -> None:
    """Counts are right at each step, and no step makes anybody wait."""
    begun = time.perf_counter()
    made = group(cast.coumba, raid(), n_announced=480)
    told = progress_of(cast.coumba, made)
    assert (told.n_people, told.n_young, told.n_missing) == (477, 14, 3)
    assert len(told.citizenships) == 23
    adults = all_of(cast.coumba, made, age="adult")
    assert len(adults) == 463
    decision_actions.orient_people(
        cast.coumba,
        adults,
        question=Question.PATHWAY,
        value=Pathway.TRAFFICKING,
        reason="Faux recrutement, rançon (fictif).",
    )
    assert progress_of(cast.coumba, made).n_oriented == 463
    people = guineans(cast.coumba, made)[:121]
    assert len(people) == 121
    hand_over(cast.coumba, made, dict.fromkeys(people, True), received_on=DAY)
    done = progress_of(cast.coumba, made)
    assert (done.n_handed, done.n_agreed, done.n_people) == (121, 121, 477)
    assert {share.code: share.n for share in done.handed} == {"GN": 121}
    assert visible(cast.coumba, Person, "person.read").count() == 477
    assert Person.unscoped.filter(sex=Sex.UNKNOWN).count() == 0
    seconds = time.perf_counter() - begun
    record_property("seconds_for_a_raid_of_477", f"{seconds:.1f}")
    assert seconds < 20
