"""What the register counts: human beings, once, in any window; and what it never says."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.core.access import Actor, Reach
from danbe.core.errors import NotAllowed
from danbe.core.models import Place
from danbe.figures import facts
from danbe.figures.models import Definition, RegisterFact
from danbe.figures.queries import Table
from danbe.figures.register import (
    METHODS,
    SILENCES,
    counted,
    facts_in,
    overview,
    register_figure,
)
from danbe.figures.small_cells import CHOICES, SMALL, guard
from danbe.protection import (
    care_actions,
    case_actions,
    decision_actions,
    handover_actions,
    link_actions,
)
from danbe.protection.care_actions import Given
from danbe.protection.models import Event, Person
from danbe.protection.vocabulary import (
    Closing,
    EventKind,
    FieldGroup,
    Involvement,
    LinkStatus,
    Pathway,
    Question,
    ServiceStatus,
    Sex,
)
from danbekit.dates import Window
from tests.conftest import Cast
from tests.figures.makers import focal_point
from tests.protection.makers import DAY, HEARD, MARIAM, event, met

YEAR = Window.calendar_year(2026)
WEEK = datetime.timedelta(days=7)
ADULT = replace(MARIAM, age_min=30, age_max=40)


def n(code: str, window: Window = YEAR, body: Actor | None = None) -> int | None:
    """The exact figure, of the nation or of one body."""
    return told(code, window, body=body).figure.value


def told(code: str, window: Window = YEAR, by: str = "total", body: Actor | None = None) -> Table:
    definition = Definition.objects.get(pk=code)
    organisation = body.organisation_id if body else None
    return counted(definition, window, by=by, organisation=organisation)


def presumed(actor: Actor, person: Person, on: datetime.date = DAY) -> Person:
    decision_actions.presume_victim(actor, person, reason="Indices réunis (fictif)", on=on)
    return person


def serve(
    actor: Actor,
    person: Person,
    type_: str = "medical",
    start: datetime.date = DAY,
    end: datetime.date | None = None,
) -> None:
    case = case_actions.open_case(actor, person, on=DAY)
    status = ServiceStatus.GIVEN if end else ServiceStatus.UNDER_WAY
    care_actions.add_service(actor, case, Given(type_, status, start, end))


# --- Each line -----------------------------------------------------------------------------


def test_a_presumed_victim_moves_the_year_by_one_and_leaves_once_identified(cast: Cast) -> None:
    mariam = presumed(cast.awa, met(cast.awa))
    assert (n("victims_presumed"), n("victims_identified")) == (1, 0)
    decision_actions.identify_victim(cast.lalla, mariam, reason="Établi", on=DAY + WEEK)
    assert (n("victims_presumed"), n("victims_identified")) == (0, 1)
    first_days = Window(DAY, DAY + datetime.timedelta(days=6))
    assert (n("victims_presumed", first_days), n("victims_identified", first_days)) == (1, 0)
    assert n("victims_identified", Window.calendar_year(2025)) == 0


def test_a_presumption_that_is_lifted_is_counted_nowhere(cast: Cast) -> None:
    mariam = presumed(cast.awa, met(cast.awa))
    serve(cast.awa, mariam)
    assert n("victims_assisted") == 1
    decision_actions.lift_presumption(cast.lalla, mariam, reason="Non confirmé", on=DAY + WEEK)
    assert (n("victims_presumed"), n("victims_identified"), n("victims_assisted")) == (0, 0, 0)


def test_three_services_of_one_victim_are_one_victim_and_three_services(cast: Cast) -> None:
    mariam = presumed(cast.awa, met(cast.awa))
    for type_ in ("shelter", "medical", "legal_aid", "medical"):
        serve(cast.awa, mariam, type_, DAY, DAY + WEEK)
    assert n("victims_assisted") == 1
    assert n("services_given") == 3
    assert n("victims_sheltered") == 1
    by_type = {row.key: row.value for row in told("services_given", by="category").rows}
    assert by_type == {"shelter": 1, "medical": 1, "legal_aid": 1}


def test_a_service_under_way_counts_in_every_window_in_which_it_lasts(cast: Cast) -> None:
    mariam = presumed(cast.awa, met(cast.awa))
    serve(cast.awa, mariam, "psychosocial", DAY)
    assert n("victims_assisted", Window.month(2026, 2)) == 0
    assert n("victims_assisted", Window.month(2026, 3)) == 1
    assert n("victims_assisted", Window.month(2026, 4)) == 1
    assert n("victims_assisted", Window.calendar_year(2199)) == 0


def test_a_service_that_was_only_planned_assists_nobody(cast: Cast) -> None:
    mariam = presumed(cast.awa, met(cast.awa))
    case = case_actions.open_case(cast.awa, mariam, on=DAY)
    care_actions.add_service(cast.awa, case, Given("medical", ServiceStatus.PLANNED, DAY))
    assert n("victims_assisted") == 0


def test_a_migrant_who_becomes_a_presumed_victim_changes_line(cast: Cast) -> None:
    man = met(cast.awa, replace(ADULT, sex=Sex.MALE, citizenship="GN"))
    decision_actions.decide_pathway(cast.awa, man, Pathway.MIGRANT, reason="De passage", on=DAY)
    serve(cast.awa, man, "food", DAY, DAY)
    assert (n("migrants_assisted"), n("victims_assisted")) == (1, 0)
    presumed(cast.awa, man, DAY + WEEK)
    assert (n("migrants_assisted"), n("victims_assisted")) == (0, 1)


def test_schooling_return_and_tracing_are_counted_on_what_was_done(cast: Cast) -> None:
    girl = presumed(cast.awa, met(cast.awa, replace(MARIAM, citizenship="BJ")))
    serve(cast.awa, girl, "education", DAY)
    serve(cast.awa, girl, "voluntary_return", DAY, DAY + WEEK)
    serve(cast.awa, girl, "family_tracing", DAY, DAY + WEEK)
    assert (n("victims_reintegrated"), n("foreign_victims_returned")) == (1, 1)
    assert n("families_reunited") == 0  # nobody went to see her since
    case = girl.cases.get()
    care_actions.hold_follow_up(cast.awa, case, on=DAY + 2 * WEEK)
    assert n("families_reunited") == 1


def test_care_is_brought_to_its_end_when_the_case_is_closed_with_its_goals_reached(
    cast: Cast,
) -> None:
    girl, woman = (presumed(cast.awa, met(cast.awa, who)) for who in (MARIAM, ADULT))
    opened = [case_actions.open_case(cast.awa, one, on=DAY) for one in (girl, woman)]
    assert n("care_completed") == 0
    case_actions.close_case(cast.awa, opened[1], Closing.WISH, reason="À sa demande (fictif)")
    assert n("care_completed") == 0
    end = DAY + 3 * WEEK
    case_actions.close_case(
        cast.awa, opened[0], Closing.REINTEGRATED, reason="Buts atteints (fictif)", on=end
    )
    asked = type(opened[0]).unscoped.get(pk=opened[0].pk)
    if asked.closing_asked_at:  # a child's: somebody else looks first
        case_actions.approve_closing(cast.lalla, asked)
    assert n("care_completed") == 1
    closed = type(asked).unscoped.get(pk=asked.pk)
    case_actions.reopen_case(cast.awa, closed, reason="Une rechute (fictif)")
    assert n("care_completed") == 0


# --- A raid --------------------------------------------------------------------------------


@pytest.fixture
def raid(cast: Cast) -> Event:
    """Twelve men found together."""
    found = event(cast.awa, kind=EventKind.RAID)
    for _line in range(12):
        met(cast.awa, replace(ADULT, sex=Sex.MALE, citizenship="GN"), found)
    return found


def test_a_raid_is_open_persons_until_somebody_says_who_is_who(cast: Cast, raid: Event) -> None:
    people = list(raid.persons.all())
    that_day = Window(DAY, DAY)
    assert n("persons_status_open") == n("persons_status_open", that_day) == 12
    decision_actions.orient_people(
        cast.awa,
        people[:3],
        question=Question.INVOLVEMENT,
        value=Involvement.ACCOMPLICE,
        reason="Gardiens (fictif)",
        on=DAY + WEEK,
    )
    presumed(cast.awa, people[4], DAY + WEEK)
    assert n("persons_status_open") == 8
    assert n("persons_status_open", that_day) == 12
    assert n("victims_presumed") == 1


def test_people_handed_to_their_consulate_count_once_it_signed(cast: Cast, raid: Event) -> None:
    people = list(raid.persons.all())[:5]
    handover_actions.hand_over_people(
        cast.awa,
        raid,
        dict.fromkeys(people, True),
        country="GN",
        hearing=HEARD,
        nobody_fears=True,
    )
    assert n("persons_handed_to_consulates") == 0
    handover_actions.confirm_hand_over(cast.awa, raid, country="GN", received_on=DAY + WEEK)
    assert n("persons_handed_to_consulates") == 5


# --- Parts ---------------------------------------------------------------------------------


def test_the_parts_of_a_figure_add_up_to_it(cast: Cast) -> None:
    for sex, low, high in product(Sex, (3, 16, 30, None), (17, 40, None)):
        if low is None or high is None or low <= high:
            line = replace(MARIAM, sex=sex, age_min=low, age_max=high)
            presumed(cast.awa, met(cast.awa, line))
    for by in ("region", "sex_age", "sex", "age", "form", "citizenship", "basis"):
        table = told("victims_presumed", by=by)
        assert sum(row.value or 0 for row in table.rows) == table.figure.value
        assert table.figure.value == n("victims_presumed")
    ages = {row.key: row.value for row in told("victims_presumed", by="age").rows}
    assert ages["child"]
    assert ages["unknown"]


def test_a_place_counts_its_own(cast: Cast) -> None:
    presumed(cast.awa, met(cast.awa))
    presumed(cast.awa, met(cast.awa, at=event(cast.awa, "kayes-2023")))
    definition = Definition.objects.get(pk="victims_presumed")
    kayes = Place.objects.get(code="kayes-2023")
    assert counted(definition, YEAR, place=kayes).figure.value == 1
    assert n("victims_presumed") == 2


# --- Whose ---------------------------------------------------------------------------------


def test_a_body_counts_what_it_did_and_the_nation_counts_everybody(cast: Cast) -> None:
    presumed(cast.awa, met(cast.awa))
    presumed(cast.bakary, met(cast.bakary))
    for actor in (cast.awa, cast.bakary, cast.lalla):
        assert register_figure(actor, "victims_presumed", YEAR).value == 1
    assert register_figure(focal_point("nana", "SINJIYA"), "victims_presumed", YEAR).value == 1
    assert n("victims_presumed") == 2
    with pytest.raises(NotAllowed):
        register_figure(
            cast.awa, "victims_presumed", YEAR, organisation=cast.bakary.organisation_id
        )
    for actor in (cast.issa, cast.djibril, cast.jeneba, cast.auditor, cast.coumba):
        assert actor.reach("register.read") is None
        with pytest.raises(NotAllowed):
            register_figure(actor, "victims_presumed", YEAR)


def test_what_another_body_decided_counts_for_the_nation_and_not_for_ones_own_body(
    cast: Cast,
) -> None:
    """The police presumed the girl whom Awa shelters: one victim assisted, whom Awa cannot see."""
    presumed(cast.coumba, met(cast.coumba))
    mariam = met(cast.awa)
    serve(cast.awa, mariam)
    assert (n("victims_presumed"), n("victims_assisted")) == (1, 0)
    (pair,) = link_actions.search_pairs(cast.awa, mariam)
    reason = link_actions.Reason.PERSON_SAID
    link_actions.decide_pair(cast.awa, pair, status=LinkStatus.SAME, reason=reason)
    assert (n("victims_presumed"), n("victims_assisted")) == (1, 1)
    assert n("victims_assisted", body=cast.awa) == 0
    assert n("victims_assisted", body=cast.coumba) == 0
    assert n("victims_presumed", body=cast.coumba) == 1
    presumed(cast.awa, mariam)
    assert (n("victims_presumed"), n("victims_assisted")) == (1, 1)
    assert n("victims_presumed", body=cast.awa) == n("victims_assisted", body=cast.awa) == 1


def test_a_presumption_after_another_bodys_identification_is_the_same_human_being(
    cast: Cast,
) -> None:
    mariam = presumed(cast.awa, met(cast.awa))
    decision_actions.identify_victim(cast.lalla, mariam, reason="Établi", on=DAY + WEEK)
    other = met(cast.bakary, at=event(cast.bakary, on=DAY + WEEK))
    presumed(cast.bakary, other, DAY + 2 * WEEK)
    assert (n("victims_presumed"), n("victims_identified")) == (1, 1)
    (pair,) = link_actions.search_pairs(cast.bakary, other)
    reason = link_actions.Reason.BODIES_SPOKE
    link_actions.decide_pair(cast.bakary, pair, status=LinkStatus.SAME, reason=reason)
    assert (n("victims_presumed"), n("victims_identified")) == (0, 1)
    assert n("victims_presumed", body=cast.bakary) == 1


def test_the_secretariat_and_the_analyst_see_no_small_number(cast: Cast) -> None:
    presumed(cast.awa, met(cast.awa))
    for actor in (cast.esther, cast.garan):
        assert actor.reach("register.read") is Reach.NATION
        seen = register_figure(actor, "victims_presumed", YEAR, breakdown="sex_age")
        assert seen.is_guarded
        assert seen.is_small
        assert {row.value for row in seen.table.rows} == {None}  # type: ignore[union-attr]
        line = next(x for x in overview(actor, YEAR) if x.definition.pk == "victims_presumed")
        assert {cell.value for cell in (line.total, *line.sexes, *line.ages)} == {None}  # type: ignore[union-attr]
    line = next(x for x in overview(cast.awa, YEAR) if x.definition.pk == "victims_presumed")
    assert [cell.value for cell in line.ages] == [1, 0, 0]


def test_what_the_register_does_not_hold_is_said_and_is_never_zero(cast: Cast) -> None:
    codes = set(Definition.objects.filter(axis="protection").values_list("pk", flat=True))
    assert set(METHODS) | set(SILENCES) == codes
    for definition in Definition.objects.exclude(pk__in=METHODS):
        seen = register_figure(cast.awa, definition.pk, YEAR)
        assert (seen.table, seen.value, bool(seen.method)) == (None, None, True)
    silent = [line for line in overview(cast.awa, YEAR) if line.total is None]
    assert {line.definition.pk for line in silent} == set(SILENCES)


# --- Facts follow the register ---------------------------------------------------------------


def test_facts_made_again_are_the_same(cast: Cast, raid: Event) -> None:
    mariam = presumed(cast.awa, met(cast.awa))
    serve(cast.awa, mariam, "shelter", DAY, DAY + WEEK)
    presumed(cast.awa, raid.persons.all()[0])
    columns = [f.attname for f in RegisterFact._meta.concrete_fields if f.name != "id"]

    def kept() -> list[tuple[object, ...]]:
        return sorted(RegisterFact.objects.values_list(*columns), key=str)

    before = kept()
    assert before
    last = 0
    while (done := facts.rebuild(after=last, most=3)) != last:
        last = done
    assert kept() == before


def test_no_act_of_reading_makes_a_fact_again(cast: Cast) -> None:
    from danbe.protection.open_actions import open_groups

    mariam = presumed(cast.awa, met(cast.awa))
    kept = list(RegisterFact.objects.values_list("pk"))
    open_groups(cast.awa, mariam, [FieldGroup.IDENTITY])
    assert list(RegisterFact.objects.values_list("pk")) == kept


def windows(first: datetime.date, n_days: int) -> Iterator[Window]:
    days = [first + datetime.timedelta(days=k) for k in range(n_days)]
    return (Window(a, b) for a in days for b in days if a <= b)


def test_somebody_served_thrice_counts_once_in_every_window(cast: Cast) -> None:
    """Against a plain DISTINCT, over every window of three weeks."""
    mariam, fanta = (presumed(cast.awa, met(cast.awa)) for _n in range(2))
    spans = [(mariam, 0, 9), (mariam, 2, 4), (mariam, 8, 12), (mariam, 15, 15), (fanta, 3, 3)]
    day = datetime.timedelta(days=1)
    for person, first, last in spans:
        serve(cast.awa, person, "medical", DAY + first * day, DAY + last * day)
    for window in windows(DAY - day, 20):
        there = {
            person.pk
            for person, first, last in spans
            if DAY + first * day <= window.end and DAY + last * day >= window.start
        }
        assert facts_in("victims_assisted", window).count() == len(there), window


# --- Small cells ----------------------------------------------------------------------------

PARTS = st.lists(st.integers(0, 12), min_size=1, max_size=5)


@given(PARTS)
def test_a_hidden_cell_cannot_be_recovered_from_all_that_is_shown(parts: list[int]) -> None:
    """Every table that would be shown alike is tried: no small cell is the same in all."""
    total = sum(parts)
    shown = guard(total, parts)
    if not shown.is_split or total < 5:
        assert all(part.value is None for part in shown.parts)
        return
    ranges = [range(p.low, min(int(min(p.high, total)), total) + 1) for p in shown.parts]
    alike = [t for t in product(*ranges) if sum(t) == total]
    assert tuple(parts) in alike
    for place, part in enumerate(shown.parts):
        if part.mark == SMALL:
            assert len({table[place] for table in alike}) >= CHOICES


@given(PARTS)
def test_nothing_below_five_is_ever_shown(parts: list[int]) -> None:
    shown = guard(sum(parts), parts)
    for one in (shown.total, *shown.parts):
        assert one.value is None or one.value >= 5


def test_two_women_among_twelve_are_hidden_and_so_is_what_would_tell_them() -> None:
    shown = guard(28, [12, 12, 4])  # 28 - 12 - 12 would give the 4 away
    assert [part.value for part in shown.parts].count(None) >= 2
    assert shown.total.value == 28
