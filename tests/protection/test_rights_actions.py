"""Hold, correction, copy, who looked, retention, erasure: what a person may ask, and the end."""

import datetime
import hashlib
from dataclasses import replace

import pytest
from django.utils import timezone

from danbe.accounts.models import Message
from danbe.core.access import Actor, visible
from danbe.core.errors import NotAllowed, SealBroken
from danbe.core.models import AuditEvent
from danbe.figures.models import Definition
from danbe.figures.register import counted
from danbe.protection import case_actions, decision_actions, door, retention, rights_actions
from danbe.protection.models import (
    CorrectionRequest,
    DataKey,
    Erasure,
    Ground,
    NameKey,
    Opening,
    Person,
    Sealed,
)
from danbe.protection.open_actions import open_groups, open_narrative
from danbe.protection.person_actions import open_event
from danbe.protection.rights_actions import REQUEST
from danbe.protection.search import find
from danbe.protection.vocabulary import Closing, ErasureStatus, EventKind, FieldGroup
from danbekit.dates import Window
from tests.conftest import Cast
from tests.protection.makers import DAY, MARIAM, consent, event, met, refused

IDENTITY, INTERNAL = FieldGroup.IDENTITY, FieldGroup.INTERNAL
ADULT = replace(MARIAM, age_min=30, age_max=40)


@pytest.fixture
def mariam(cast: Cast) -> Person:
    return met(cast.awa, ADULT)


def announced(cast: Cast, person: Person) -> Erasure:
    return rights_actions.announce_erasure(cast.lalla, person, cause=REQUEST)


def grace_is_over(erasure: Erasure) -> Erasure:
    """Thirty days pass."""
    Erasure.unscoped.filter(pk=erasure.pk).update(due_on=timezone.localdate())
    erasure.refresh_from_db()
    return erasure


def erased(cast: Cast, person: Person) -> Erasure:
    return rights_actions.carry_out_erasure(cast.lalla, grace_is_over(announced(cast, person)))


# --- Hold ----------------------------------------------------------------------------------


def test_a_hold_keeps_the_record_until_it_is_lifted_or_over(cast: Cast, mariam: Person) -> None:
    hold = rights_actions.place_hold(cast.lalla, mariam, reason="Procès en cours (fictif)")
    with refused("erasure.held"):
        announced(cast, mariam)
    assert open_groups(cast.lalla, mariam, [INTERNAL]).text("hold", hold.pk).startswith("Procès")
    rights_actions.lift_hold(cast.lalla, hold)
    with refused("hold.lifted"):
        rights_actions.lift_hold(cast.lalla, hold)
    assert announced(cast, mariam).status == ErasureStatus.WARNED


def test_a_hold_placed_during_the_grace_stops_the_erasure(cast: Cast, mariam: Person) -> None:
    erasure = grace_is_over(announced(cast, mariam))
    rights_actions.place_hold(cast.lalla, mariam, reason="Plainte (fictive)")
    with refused("erasure.held"):
        rights_actions.carry_out_erasure(cast.lalla, erasure)
    assert open_groups(cast.awa, mariam, [IDENTITY]).identity.family_name == "Traoré"


def test_a_caseworker_and_another_body_place_no_hold(cast: Cast, mariam: Person) -> None:
    for other in (cast.awa, cast.bakary, cast.coumba, cast.jeneba):
        with pytest.raises(NotAllowed):
            rights_actions.place_hold(other, mariam, reason="non")
    with refused("hold.reason"):
        rights_actions.place_hold(cast.lalla, mariam, reason=" ")


# --- Retention -----------------------------------------------------------------------------


def due(cast: Cast, today: datetime.date) -> list[object]:
    return [one.person.pk for one in retention.due(cast.lalla, today)]


def test_a_record_is_due_when_its_rule_says_so_and_not_a_day_before(
    cast: Cast, mariam: Person
) -> None:
    assert due(cast, DAY) == []
    two_years = datetime.date(2028, 3, 2)
    assert due(cast, two_years - datetime.timedelta(days=1)) == []
    assert due(cast, two_years) == [mariam.pk]
    assert retention.due(cast.bakary, two_years) == []  # a caseworker, of another body
    decision_actions.presume_victim(cast.awa, mariam, reason="Indices", on=DAY)
    assert due(cast, two_years) == []
    assert due(cast, datetime.date(2031, 3, 2)) == [mariam.pk]


def test_a_childs_record_is_kept_well_after_her_majority(cast: Cast) -> None:
    girl = met(cast.awa)  # fifteen in 2026
    assert due(cast, datetime.date(2028, 3, 2)) == []
    (one,) = retention.due(cast.lalla, datetime.date(2034, 3, 2))
    assert (one.person.pk, one.rule.code) == (girl.pk, "child")


def test_an_open_case_a_hold_and_an_announced_erasure_are_not_due(
    cast: Cast, mariam: Person
) -> None:
    later = datetime.date(2040, 1, 1)
    case = case_actions.open_case(cast.awa, mariam, on=DAY)
    assert due(cast, later) == []
    case_actions.close_case(cast.awa, case, Closing.REINTEGRATED, reason="Fini (fictif)", on=DAY)
    case.refresh_from_db()
    if case.closing_asked_at:
        case_actions.approve_closing(cast.lalla, case)
    assert due(cast, later) == [mariam.pk]
    hold = rights_actions.place_hold(cast.lalla, mariam, reason="Procès (fictif)")
    assert due(cast, later) == []
    rights_actions.lift_hold(cast.lalla, hold)
    announced(cast, mariam)
    assert due(cast, later) == []


# --- Erasure -------------------------------------------------------------------------------


def test_two_people_are_told_and_thirty_days_pass(cast: Cast, mariam: Person) -> None:
    erasure = announced(cast, mariam)
    assert erasure.due_on == timezone.localdate() + datetime.timedelta(days=30)
    assert {erasure.asked_post_id, erasure.warned_post_id} == {
        cast.lalla.post_id,
        cast.awa.post_id,
    }
    told = Message.unscoped.filter(kind="erasure.announced")
    assert {row.post_id for row in told} == {cast.lalla.post_id, cast.awa.post_id}
    assert "Traor" not in str([row.params for row in told])
    with refused("erasure.grace"):
        rights_actions.carry_out_erasure(cast.lalla, erasure)
    with refused("erasure.twice"):
        announced(cast, mariam)


def test_the_second_person_says_that_they_read_it_and_may_hold_it_back(
    cast: Cast, mariam: Person
) -> None:
    erasure = announced(cast, mariam)
    with pytest.raises(NotAllowed):
        rights_actions.see_erasure(cast.lalla, erasure)
    assert rights_actions.see_erasure(cast.awa, erasure).seen_at
    with pytest.raises(NotAllowed):
        rights_actions.stop_erasure(cast.bakary, erasure, reason="non")
    rights_actions.stop_erasure(cast.awa, erasure, reason="Elle revient (fictif)")
    with refused("erasure.settled"):
        rights_actions.carry_out_erasure(cast.lalla, grace_is_over(erasure))
    assert find(cast.awa, "Mariam Traoré").people


def test_only_a_supervisor_of_the_body_announces_and_carries_out(
    cast: Cast, mariam: Person
) -> None:
    for other in (cast.awa, cast.bakary, cast.coumba, cast.esther, cast.jeneba):
        with pytest.raises(NotAllowed):
            rights_actions.announce_erasure(other, mariam, cause=REQUEST)
    erasure = grace_is_over(announced(cast, mariam))
    for other in (cast.awa, cast.bakary, cast.esther, cast.jeneba):
        with pytest.raises(NotAllowed):
            rights_actions.carry_out_erasure(other, erasure)


def test_a_body_that_still_cares_for_the_person_keeps_the_record(
    cast: Cast, mariam: Person
) -> None:
    case_actions.open_case(cast.awa, mariam, on=DAY)
    with refused("erasure.open_case"):
        announced(cast, mariam)


def test_after_an_erasure_nothing_is_read_nothing_is_found_and_the_count_stays(
    cast: Cast,
) -> None:
    place = event(cast.awa).place
    met_at = open_event(
        cast.awa, kind=EventKind.WALK_IN, on=DAY, place=place, narrative="Récit (fictif)"
    )
    mariam = met(cast.awa, ADULT, met_at)
    decision_actions.presume_victim(cast.awa, mariam, reason="Indices (fictif)", on=DAY)
    ground = consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    kept = [(row.pk, bytes(row.content)) for row in Sealed.unscoped.filter(person=mariam)]
    keys = {key.group: bytes(key.wrapped) for key in DataKey.objects.filter(person=mariam)}
    erasure = erased(cast, mariam)
    mariam.refresh_from_db()
    assert mariam.erased_at
    assert not NameKey.unscoped.filter(person=mariam).exists()
    assert not find(cast.awa, "Mariam Traoré").people
    opened = open_groups(cast.awa, mariam, list(FieldGroup))
    assert {row.text for row in opened.rows} == {None}
    met_at.refresh_from_db()
    assert open_narrative(cast.awa, met_at) == ""
    assert not Ground.unscoped.get(pk=ground.pk).is_live()
    with pytest.raises(SealBroken):
        door.put(cast.awa, mariam, IDENTITY, "identity", door.Identity("Autre", "Nom"))
    presumed = counted(Definition.objects.get(pk="victims_presumed"), Window.calendar_year(2026))
    assert presumed.figure.value == 1
    assert erasure.certificate == certificate(mariam, kept, keys)


def certificate(person: Person, kept: list[tuple[object, bytes]], keys: dict[str, bytes]) -> str:
    """Made again from what a copy kept before the erasure still holds."""
    told = hashlib.sha256(f"danbe:erasure:{person.pk}\n".encode())
    rows = {row.pk: row for row in Sealed.unscoped.filter(person=person)}
    for pk, content in sorted(kept, key=lambda one: str(one[0])):
        row, digest = rows[pk], hashlib.sha256(content).hexdigest()
        told.update(f"sealed:{pk}:{row.group}:{row.kind}:{digest}\n".encode())
    for group, wrapped in sorted(keys.items()):
        told.update(f"key:{group}:{hashlib.sha256(wrapped).hexdigest()}\n".encode())
    return told.hexdigest()


# --- Corrections ---------------------------------------------------------------------------


def test_a_correction_is_asked_in_her_words_and_answered_with_a_reason(
    cast: Cast, mariam: Person
) -> None:
    row = rights_actions.request_correction(
        cast.awa, mariam, group=IDENTITY, words="Mon nom est Traoré, pas Touré (fictif)"
    )
    with refused("correction.reason"):
        rights_actions.settle_correction(cast.awa, row, is_accepted=True, reason="")
    rights_actions.settle_correction(cast.awa, row, is_accepted=True, reason="Vérifié (fictif)")
    with refused("correction.settled"):
        rights_actions.settle_correction(cast.awa, row, is_accepted=False, reason="encore")
    told = open_groups(cast.awa, mariam, [INTERNAL])
    assert told.text("correction", row.pk).endswith("(fictif)")
    assert told.text("correction_answer", row.pk) == "Vérifié (fictif)"
    assert not visible(cast.bakary, CorrectionRequest, "correction.read").exists()
    with pytest.raises(NotAllowed):
        rights_actions.request_correction(cast.bakary, mariam, group=IDENTITY, words="non")


# --- The person's copy, and who looked -------------------------------------------------------


def test_the_copy_holds_all_that_the_body_holds_and_its_making_is_recorded(
    cast: Cast, mariam: Person
) -> None:
    door.put(cast.awa, mariam, FieldGroup.HEALTH, "note", "une note fictive")
    n_audited = AuditEvent.objects.filter(verb="copy.make").count()
    copy = rights_actions.copy_of_file(cast.awa, mariam)
    assert copy.file.identity.family_name == "Traoré"
    assert copy.file.text("note") == "une note fictive"
    assert AuditEvent.objects.filter(verb="copy.make").count() == n_audited + 1
    assert Opening.unscoped.filter(person=mariam).exists()
    again = rights_actions.copy_of_file(cast.lalla, mariam)
    assert {row.post_id for row in again.openings} == {cast.awa.post_id}


def test_no_other_body_makes_the_copy_even_with_a_consent(cast: Cast, mariam: Person) -> None:
    others: list[Actor] = [cast.coumba, cast.esther, cast.jeneba, cast.fanta]
    for other in others:
        with pytest.raises(NotAllowed):
            rights_actions.copy_of_file(other, mariam)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    with refused("person.not_yours"):
        rights_actions.copy_of_file(cast.bakary, mariam)
