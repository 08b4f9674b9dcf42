"""One person known to several bodies: found without names, decided by a human, undone exactly."""

from dataclasses import replace
from itertools import permutations

import pytest
from django.db.models import F, Q

from danbe.accounts.models import Message
from danbe.core.access import Actor, visible
from danbe.core.errors import NotAllowed
from danbe.figures.models import Definition
from danbe.figures.register import counted
from danbe.protection import decision_actions, link_actions, linking, links
from danbe.protection.door import Contact, Identity
from danbe.protection.link_actions import Reason, decide_pair, search_pairs
from danbe.protection.models import Candidate, LinkDecision, Person
from danbe.protection.open_actions import openable
from danbe.protection.vocabulary import LinkStatus, Sex
from danbekit.dates import Window
from tests.conftest import CAST, Cast, seat
from tests.protection.makers import MARIAM, met, refused

YEAR = Window.calendar_year(2026)
SAME, DIFFERENT, OPEN = LinkStatus.SAME, LinkStatus.DIFFERENT, LinkStatus.OPEN
# The same fictitious girl, as another body wrote her down.
MARIAMA = replace(
    MARIAM,
    identity=Identity(family_name="Traore", given_names="Mariame (fictive)"),
    contact=Contact(phone="70 00 00 01"),
    age_min=14,
    age_max=16,
)


@pytest.fixture
def pair(cast: Cast) -> Candidate:
    """Awa's and Bakary's record of the same girl, found to look alike."""
    mariam = met(cast.awa)
    met(cast.bakary, MARIAMA)
    (found,) = search_pairs(cast.awa, mariam)
    return found


def n_presumed() -> int | None:
    definition = Definition.objects.get(pk="victims_presumed")
    return counted(definition, YEAR).figure.value


def presume(actor: Actor, person: Person) -> None:
    decision_actions.presume_victim(actor, person, reason="Indices (fictif)", on=person.met_on)


def numbers() -> list[int]:
    rows = Person.unscoped.order_by("created_at")
    return list(rows.values_list("national_id", flat=True))


# --- Finding -------------------------------------------------------------------------------


def test_the_same_girl_met_by_two_bodies_is_found_from_either_side(cast: Cast) -> None:
    mariam, mariama = met(cast.awa), met(cast.bakary, MARIAMA)
    (found,) = search_pairs(cast.bakary, mariama)
    assert {found.a_id, found.b_id} == {mariam.pk, mariama.pk}
    assert search_pairs(cast.awa, mariam) == [found]
    assert Candidate.unscoped.count() == 1
    for actor in (cast.awa, cast.bakary, cast.lalla):
        assert visible(actor, Candidate, "link.read").get() == found
    assert not visible(cast.coumba, Candidate, "link.read").exists()


def test_another_person_is_not_found(cast: Cast) -> None:
    mariam = met(cast.awa)
    other = Identity(family_name="Diarra", given_names="Kadiatou (fictive)")
    met(cast.bakary, replace(MARIAM, identity=other, contact=Contact()))
    met(cast.bakary, replace(MARIAM, identity=Identity(), contact=Contact()))
    assert search_pairs(cast.awa, mariam) == []


def test_a_person_who_was_only_counted_is_compared_with_nobody(cast: Cast) -> None:
    met(cast.bakary, MARIAMA)
    nobody = met(cast.awa, replace(MARIAM, identity=Identity(), contact=Contact()))
    assert search_pairs(cast.awa, nobody) == []


def test_nobody_searches_for_the_records_of_another_body(cast: Cast) -> None:
    mariam = met(cast.awa)
    for other in (cast.bakary, cast.esther, cast.jeneba):
        with pytest.raises(NotAllowed):
            search_pairs(other, mariam)


def test_a_machine_lists_at_most_ten_pairs_for_one_record(cast: Cast) -> None:
    for _n in range(14):
        met(cast.bakary, MARIAMA)
    mariam = met(cast.awa)
    assert len(search_pairs(cast.awa, mariam)) == linking.MOST_LISTED
    linking.find_all()
    for person in Person.unscoped.all():
        pairs = Candidate.unscoped.filter(Q(a=person) | Q(b=person))
        inside = pairs.filter(a__organisation=F("b__organisation")).count()
        assert max(inside, pairs.count() - inside) <= linking.MOST_LISTED


def test_everybody_is_searched_for_in_batches_that_go_on_where_they_stopped(cast: Cast) -> None:
    for _n in range(3):
        met(cast.awa, replace(MARIAM, sex=Sex.UNKNOWN))
        met(cast.bakary, MARIAMA)
    after, n_batches = linking.find_all(most=2), 1
    while after:
        after, n_batches = linking.find_all(after, most=2), n_batches + 1
    assert n_batches == 4
    assert Candidate.unscoped.count() >= 9


def test_registering_somebody_looks_for_them_and_tells_the_other_body_once_a_day(
    cast: Cast,
) -> None:
    met(cast.bakary, MARIAMA)
    for _n in range(2):
        met(cast.awa)
    across = Candidate.unscoped.exclude(a__organisation=F("b__organisation"))
    assert across.count() == 2
    told = Message.unscoped.filter(kind="link.found")
    assert [row.post_id for row in told] == [cast.bakary.post_id]
    assert told[0].params == {}


def test_the_last_records_of_a_body_are_searched_for_at_once(cast: Cast) -> None:
    met(cast.bakary, MARIAMA)
    met(cast.awa)
    assert link_actions.search_recent_pairs(cast.lalla) == 1


# --- What is shown -------------------------------------------------------------------------


def test_neither_body_reads_a_name_or_a_number_of_the_other(cast: Cast, pair: Candidate) -> None:
    for actor, other in ((cast.awa, cast.bakary), (cast.bakary, cast.awa)):
        (told,) = links.told(actor, links.pairs_of(actor))
        theirs = Person.unscoped.get(organisation_id=other.organisation_id)
        assert told.own.person.organisation_id == actor.organisation_id
        shown = repr(told.other) + repr(told.said)
        for hidden in (theirs.national.number, str(theirs.pk), "Tra", "Maria", "7000"):
            assert hidden not in shown
        assert told.other.region == "Sikasso"
        assert told.n_agree == 2


# --- Deciding ------------------------------------------------------------------------------


def test_one_person_is_counted_once_and_undoing_it_counts_two_again(
    cast: Cast, pair: Candidate
) -> None:
    for actor, person in ((cast.awa, pair.a), (cast.bakary, pair.b)):
        owner = actor if person.organisation_id == actor.organisation_id else None
        presume(owner or (cast.bakary if actor is cast.awa else cast.awa), person)
    before = numbers()
    assert n_presumed() == 2
    decide_pair(cast.bakary, pair, status=SAME, reason=Reason.PERSON_SAID)
    assert numbers() == [min(before)] * 2
    assert n_presumed() == 1
    decide_pair(cast.awa, pair, status=OPEN, reason=Reason.MISTAKE)
    assert numbers() == before
    assert n_presumed() == 2
    decided = LinkDecision.unscoped.order_by("pk")
    assert [(row.status, row.reason) for row in decided] == [
        (SAME, "person_said"),
        (OPEN, "mistake"),
    ]


def test_one_number_opens_nothing_of_the_other_record(cast: Cast, pair: Candidate) -> None:
    decide_pair(cast.awa, pair, status=SAME, reason=Reason.BODIES_SPOKE)
    for actor in (cast.awa, cast.bakary):
        seen = visible(actor, Person, "person.read")
        assert {person.organisation_id for person in seen} == {actor.organisation_id}
        for person in Person.unscoped.exclude(organisation_id=actor.organisation_id):
            assert openable(actor, person) == {}


def test_the_other_body_is_told_without_a_name_and_without_who(
    cast: Cast, pair: Candidate
) -> None:
    decide_pair(cast.awa, pair, status=SAME, reason=Reason.PERSON_SAID)
    told = Message.unscoped.get(post_id=cast.bakary.post_id, kind="link.decided")
    assert told.path == f"/links/{pair.pk}/"
    assert str(cast.awa.organisation_id) not in str(told.params)
    assert not Message.unscoped.filter(post_id=cast.coumba.post_id).exists()


def test_a_decision_needs_its_reason_and_one_of_the_two_bodies(
    cast: Cast, pair: Candidate
) -> None:
    with refused("link.reason"):
        decide_pair(cast.awa, pair, status=SAME, reason="")
    with refused("link.reason"):
        decide_pair(cast.awa, pair, status=SAME, reason=Reason.TWO_PLACES)
    for other in (cast.coumba, cast.esther, cast.garan, cast.jeneba):
        with pytest.raises(NotAllowed):
            decide_pair(other, pair, status=SAME, reason=Reason.PERSON_SAID)
    decide_pair(cast.awa, pair, status=DIFFERENT, reason=Reason.NAMESAKES)
    with refused("link.decided"):
        decide_pair(cast.bakary, pair, status=DIFFERENT, reason=Reason.NAMESAKES)
    mine = Person.unscoped.get(organisation_id=cast.awa.organisation_id)
    assert search_pairs(cast.awa, mine) == []
    assert Candidate.unscoped.get().status == DIFFERENT


# --- Three records -------------------------------------------------------------------------


@pytest.fixture
def three(cast: Cast) -> list[Candidate]:
    """Awa, Bakary and the police met the same girl: three pairs."""
    mariam = met(cast.awa)
    met(cast.bakary, MARIAMA)
    other = seat("dana", *CAST["bakary"][:1], "ENDA", "Éducatrice")
    met(other, MARIAMA)
    linking.find_all()
    rows = list(Candidate.unscoped.order_by("found_at"))
    assert len(rows) == 3
    assert mariam.pk in {rows[0].a_id, rows[0].b_id} | {rows[1].a_id, rows[1].b_id}
    return rows


def someone_of(cast: Cast, pair: Candidate) -> Actor:
    bodies = {pair.a.organisation_id, pair.b.organisation_id}
    return cast.awa if cast.awa.organisation_id in bodies else cast.bakary


def test_numbers_do_not_depend_on_the_order_of_decisions(
    cast: Cast, three: list[Candidate]
) -> None:
    first = numbers()
    for one, two, three_ in permutations(three):
        for pair in (one, two):
            decide_pair(someone_of(cast, pair), pair, status=SAME, reason=Reason.PERSON_SAID)
        assert numbers() == [min(first)] * 3
        with refused("link.contradiction"):
            actor = someone_of(cast, three_)
            decide_pair(actor, three_, status=DIFFERENT, reason=Reason.NAMESAKES)
        three_.refresh_from_db()
        assert three_.status == OPEN
        for pair in (one, two):
            pair.refresh_from_db()
            decide_pair(someone_of(cast, pair), pair, status=OPEN, reason=Reason.NEW_FACT)
            pair.refresh_from_db()
        assert numbers() == first


def test_two_persons_are_not_joined_through_a_third(cast: Cast, three: list[Candidate]) -> None:
    one, two, third = three
    decide_pair(someone_of(cast, one), one, status=SAME, reason=Reason.PERSON_SAID)
    decide_pair(someone_of(cast, two), two, status=DIFFERENT, reason=Reason.NAMESAKES)
    before = numbers()
    with refused("link.contradiction"):
        decide_pair(someone_of(cast, third), third, status=SAME, reason=Reason.PERSON_SAID)
    assert numbers() == before
