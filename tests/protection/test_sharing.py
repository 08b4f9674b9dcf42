"""A consent opens nothing that an agreement holds back: reading, sending, on the day."""

import datetime

import pytest
from django.utils import timezone

from danbe.core.access import visible
from danbe.core.errors import NotAllowed
from danbe.exchange.packet import make_packet
from danbe.partnership import agreement_actions
from danbe.protection import ground_actions, ledger, referral_actions, sharing
from danbe.protection.door import put
from danbe.protection.models import Interview, Person, Sealed
from danbe.protection.open_actions import open_groups, openable
from danbe.protection.referrals import why_held_back
from danbe.protection.vocabulary import SHAREABLE, FieldGroup, GroundKind
from tests.conftest import Cast
from tests.partnership import agreement_makers as agreed
from tests.protection.makers import HEARD, consent, met, refused
from tests.protection.test_wall import sees

IDENTITY, HEALTH, STORY = FieldGroup.IDENTITY, FieldGroup.HEALTH, FieldGroup.STORY
PROFILE = FieldGroup.PROFILE


def test_the_expiry_of_an_agreement_closes_the_flow_on_the_day(cast: Cast) -> None:
    mariam = met(cast.awa)
    put(cast.awa, mariam, HEALTH, "note", "une note fictive")
    today = timezone.localdate()
    protocol = agreed.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY, HEALTH], until=today)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY, HEALTH])
    sent = referral_actions.send_referral(
        cast.awa, mariam, service="shelter", groups=[IDENTITY], recipient=agreed.body(cast.bakary)
    )
    assert open_groups(cast.bakary, mariam, [HEALTH]).text("note") == "une note fictive"
    assert why_held_back(sent) == ""

    agreed.days_pass(protocol, 1)

    assert not sees(cast.bakary, mariam)
    assert openable(cast.bakary, mariam) == {}
    assert not visible(cast.bakary, Sealed, "person.open").filter(person=mariam).exists()
    assert not ledger.received(cast.bakary).exists()
    with pytest.raises(NotAllowed):
        open_groups(cast.bakary, mariam, [HEALTH])
    with refused("sharing.closed"):
        referral_actions.accept_referral(cast.bakary, sent)
    with refused("sharing.closed"):
        consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    with refused("sharing.closed"):
        referral_actions.send_referral(
            cast.awa,
            mariam,
            service="medical",
            groups=[HEALTH],
            recipient=agreed.body(cast.bakary),
        )
    assert protocol.title in why_held_back(sent)
    entry = ledger.entries(cast.awa, mariam)[0]
    assert (entry.state, entry.open_groups) == (ledger.State.HELD, ())
    assert protocol.title in entry.why
    assert ledger.readers([entry]) == []


def test_a_refusal_of_the_person_is_recorded_whatever_the_papers_say(cast: Cast) -> None:
    mariam = met(cast.awa)
    agreement_actions.require_agreements(cast.esther, required=True)
    assert not consent(cast.awa, mariam, cast.bakary, [IDENTITY], is_given=False).is_given


def test_an_agreement_alone_opens_nothing(cast: Cast) -> None:
    mariam = met(cast.awa)
    agreed.signed(cast.esther, cast.awa, cast.bakary, SHAREABLE)
    assert not sees(cast.bakary, mariam)


def test_a_group_that_the_agreement_does_not_name_stays_shut(cast: Cast) -> None:
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY, HEALTH, STORY])
    agreed.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    assert sees(cast.bakary, mariam)
    assert set(openable(cast.bakary, mariam)) == {PROFILE, IDENTITY}
    assert not visible(cast.bakary, Interview, "interview.read").exists()
    entry = ledger.entries(cast.awa, mariam)[0]
    assert entry.is_alive
    assert set(entry.held_back) == {HEALTH, STORY}
    with refused("sharing.closed"):
        referral_actions.send_referral(
            cast.awa,
            mariam,
            service="medical",
            groups=[HEALTH],
            recipient=agreed.body(cast.bakary),
        )


def test_an_order_and_an_emergency_rest_on_their_own_ground_and_are_listed(cast: Cast) -> None:
    mariam = met(cast.awa)
    agreement_actions.require_agreements(cast.esther, required=True)
    until = timezone.now() + datetime.timedelta(days=2)
    ground_actions.record_order(
        cast.awa,
        mariam,
        recipient=agreed.body(cast.djibril),
        groups=[IDENTITY],
        until=until,
        authority="Juge (fictif)",
        reference="000",
    )
    ground_actions.share_in_emergency(
        cast.awa, mariam, recipient=agreed.body(cast.bakary), groups=[HEALTH], reason="coma"
    )
    assert open_groups(cast.djibril, mariam, [IDENTITY]).identity.given_names
    assert sees(cast.bakary, mariam)
    told = {(row.kind, row.is_free) for row in sharing.ways(cast.esther)}
    assert told == {(GroundKind.ORDER, True), (GroundKind.EMERGENCY, True)}


def test_the_secretariat_sees_between_whom_consent_alone_rules_and_nobody_s_name(
    cast: Cast,
) -> None:
    consent(cast.awa, met(cast.awa), cast.bakary, [IDENTITY])
    consent(cast.awa, met(cast.awa), cast.coumba, [HEALTH])
    agreed.signed(cast.esther, cast.awa, cast.coumba, [IDENTITY])
    rows = {row.recipient: row for row in sharing.ways(cast.esther)}
    free, governed = rows[agreed.body(cast.bakary).label], rows[agreed.body(cast.coumba).label]
    assert (free.is_governed, set(free.groups)) == (False, {PROFILE, IDENTITY})
    assert (governed.is_governed, governed.held_back) == (True, (HEALTH,))
    with pytest.raises(NotAllowed):
        sharing.ways(cast.awa)


def test_where_agreements_are_required_no_packet_leaves_without_one(cast: Cast) -> None:
    mariam = met(cast.awa)
    ground = ground_actions.record_consent(
        cast.awa,
        mariam,
        recipient=None,
        groups=[IDENTITY],
        purpose="referral",
        until=timezone.now() + datetime.timedelta(days=3),
        hearing=HEARD,
    )
    sent = referral_actions.send_referral(
        cast.awa, mariam, service="medical", groups=[IDENTITY], ground=ground
    )
    agreement_actions.require_agreements(cast.esther, required=True)
    with refused("sharing.closed"):
        make_packet(cast.awa, sent)


def test_the_list_of_people_asks_one_query_however_many_agreements_there_are(
    cast: Cast, django_assert_num_queries: object
) -> None:
    consent(cast.awa, met(cast.awa), cast.bakary, [IDENTITY])
    agreed.signed(cast.esther, cast.awa, cast.bakary, [IDENTITY])
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(visible(cast.bakary, Person, "person.read")) == 1
