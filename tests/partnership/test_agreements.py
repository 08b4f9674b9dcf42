"""Agreements: drafted by the secretariat, signed, ended; read by the parties."""

import datetime
from dataclasses import replace

import pytest
from django.utils import timezone

from danbe.core.access import visible
from danbe.core.errors import NotAllowed
from danbe.core.field_groups import FieldGroup
from danbe.partnership import agreement_actions as actions
from danbe.partnership import agreements
from danbe.partnership.models import Agreement, Flow
from danbe.partnership.sharing import agreements_required, closed, why_closed
from tests.conftest import Cast
from tests.partnership import agreement_makers as makers
from tests.protection.makers import refused

IDENTITY, HEALTH, PROFILE = FieldGroup.IDENTITY, FieldGroup.HEALTH, FieldGroup.PROFILE
DAY = datetime.timedelta(days=1)


def held_back(
    cast: Cast, *groups: FieldGroup, day: datetime.date | None = None
) -> set[FieldGroup]:
    """What agreements keep from Bakary's body, of what Awa's holds."""
    ids = cast.awa.organisation_id, cast.bakary.organisation_id
    return set(closed(*ids, groups, day or timezone.localdate()))


def test_a_draft_binds_nobody_and_is_read_by_the_secretariat_alone(cast: Cast) -> None:
    made = makers.draft(cast.esther, cast.awa, cast.bakary)
    actions.add_flow(cast.esther, made, makers.way(cast.awa, cast.bakary, [IDENTITY]))
    assert held_back(cast, IDENTITY, HEALTH) == set()
    assert list(agreements.readable(cast.esther)) == [made]
    for other in (cast.awa, cast.bakary, cast.coumba):
        assert not agreements.readable(other).exists()


def test_a_signed_agreement_is_read_by_its_parties_and_by_no_other_body(cast: Cast) -> None:
    made = makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    for reader in (cast.awa, cast.lalla, cast.bakary, cast.esther, cast.auditor):
        assert list(agreements.readable(reader)) == [made]
        assert visible(reader, Flow, "agreement.read").exists() == (reader is not None)
    for other in (cast.coumba, cast.djibril, cast.issa, cast.fanta, cast.jeneba):
        assert not agreements.readable(other).exists()


def test_only_the_secretariat_writes_signs_and_ends(cast: Cast) -> None:
    made = makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    for other in (cast.awa, cast.lalla, cast.jeneba, cast.auditor):
        with pytest.raises(NotAllowed):
            makers.draft(other, cast.awa, cast.bakary)
        with pytest.raises(NotAllowed):
            actions.end_agreement(other, made, on=timezone.localdate(), reason="non")
        with pytest.raises(NotAllowed):
            actions.require_agreements(other, required=True)


def test_what_no_flow_names_does_not_pass_in_either_direction(cast: Cast) -> None:
    makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    assert held_back(cast, PROFILE, IDENTITY, HEALTH) == {HEALTH}
    ids = cast.bakary.organisation_id, cast.awa.organisation_id
    assert closed(*ids, [PROFILE], timezone.localdate()) == (PROFILE,)


def test_it_passes_on_the_last_day_and_not_on_the_next(cast: Cast) -> None:
    made = makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    assert made.until is not None
    assert held_back(cast, IDENTITY, day=made.until) == set()
    assert held_back(cast, IDENTITY, day=made.until + DAY) == {IDENTITY}
    ids = cast.awa.organisation_id, cast.bakary.organisation_id
    why = why_closed(*ids, [IDENTITY], made.until + DAY)
    assert (why.agreement, why.since) == (made, made.until + DAY)
    assert makers.TITLE in str(why)


def test_before_its_first_day_an_agreement_governs_nothing(cast: Cast) -> None:
    start = timezone.localdate() + 5 * DAY
    makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY], start=start)
    assert held_back(cast, HEALTH) == set()
    assert held_back(cast, HEALTH, day=start) == {HEALTH}


def test_an_agreement_that_follows_another_keeps_the_flow_open(cast: Cast) -> None:
    first = makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    assert first.until is not None
    later = first.until + 400 * DAY
    makers.signed(
        cast.esther, cast.awa, cast.bakary, [IDENTITY], start=first.until + DAY, until=later
    )
    assert held_back(cast, IDENTITY, day=first.until + DAY) == set()
    assert agreements.closed_flows(cast.awa, first.until + DAY) == []
    assert len(agreements.closed_flows(cast.bakary, later + DAY)) == 2


def test_ended_before_its_term_it_closes_on_the_day_that_is_said(cast: Cast) -> None:
    made = makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    today = timezone.localdate()
    with refused("agreement.end"):
        actions.end_agreement(cast.esther, made, on=today + 200 * DAY, reason="trop tard")
    with refused("agreement.reason"):
        actions.end_agreement(cast.esther, made, on=today, reason=" ")
    actions.end_agreement(cast.esther, made, on=today, reason="Dénoncé (fictif)")
    assert held_back(cast, IDENTITY) == {IDENTITY}
    with refused("agreement.status"):
        actions.end_agreement(cast.esther, made, on=today, reason="encore")
    ended = Agreement.unscoped.get(pk=made.pk)
    assert agreements.state_of(ended, today) == agreements.State.ENDED


def test_bodies_that_nothing_governs_follow_the_national_setting(cast: Cast) -> None:
    assert not agreements_required()
    assert held_back(cast, HEALTH) == set()
    actions.require_agreements(cast.esther, required=True)
    assert held_back(cast, HEALTH) == {HEALTH}
    assert (
        "accord"
        in str(why_closed(cast.awa.organisation_id, None, [HEALTH], timezone.localdate())).lower()
    )
    actions.require_agreements(cast.esther, required=False)
    assert held_back(cast, HEALTH) == set()


def test_a_signed_agreement_is_not_rewritten(cast: Cast) -> None:
    made = makers.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    bodies = [makers.body(cast.awa), makers.body(cast.bakary)]
    with refused("agreement.signed"):
        actions.change_agreement(
            cast.esther, made, makers.terms(), parties=bodies, version=made.version
        )
    with refused("agreement.signed"):
        actions.add_flow(cast.esther, made, makers.way(cast.awa, cast.bakary, [HEALTH]))
    acted = actions.record_act(cast.esther, made, number="D-000 (fictif)", on=None)
    assert acted.act_number == "D-000 (fictif)"


def test_two_tabs_do_not_overwrite_each_other(cast: Cast) -> None:
    made = makers.draft(cast.esther, cast.awa, cast.bakary)
    bodies = [makers.body(cast.awa), makers.body(cast.bakary)]
    told = makers.terms(title="Autre titre (fictif)")
    actions.change_agreement(cast.esther, made, told, parties=bodies, version=1)
    with refused("agreement.changed"):
        actions.change_agreement(cast.esther, made, told, parties=bodies, version=1)


def test_what_cannot_be_is_refused_at_its_field(cast: Cast) -> None:
    bodies = [makers.body(cast.awa), makers.body(cast.bakary)]
    wrong = {
        "agreement.title": {"title": "x" * 10_000},
        "agreement.start": {"start": datetime.date(1823, 1, 1)},
        "agreement.until": {"until": datetime.date(2000, 1, 1)},
        "agreement.act": {"act_on": datetime.date(1823, 1, 1)},
    }
    for code, change in wrong.items():
        with refused(code):
            actions.draft_agreement(cast.esther, replace(makers.terms(), **change), parties=bodies)
    with refused("agreement.parties"):
        actions.draft_agreement(cast.esther, makers.terms(), parties=bodies[:1])
    made = makers.draft(cast.esther, cast.awa, cast.bakary)
    for code, way in {
        "flow.party": makers.way(cast.awa, cast.coumba, [IDENTITY]),
        "flow.self": makers.way(cast.awa, cast.awa, [IDENTITY]),
        "flow.groups": makers.way(cast.awa, cast.bakary, [FieldGroup.INTERNAL]),
        "flow.purpose": makers.way(cast.awa, cast.bakary, [IDENTITY], purpose=""),
        "flow.last": makers.way(cast.awa, cast.bakary, [IDENTITY], last=datetime.date(2099, 1, 1)),
    }.items():
        with refused(code):
            actions.add_flow(cast.esther, made, way)
