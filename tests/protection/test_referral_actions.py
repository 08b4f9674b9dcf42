"""A referral sends what was agreed, to whom it was agreed, and is answered in time."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from danbe.accounts.models import Message, Organisation, Post
from danbe.core.access import Actor, Role, visible
from danbe.core.errors import NotAllowed
from danbe.core.models import Place, Term
from danbe.jobs.referral_clocks import escalate
from danbe.partnership.models import SafeAddress
from danbe.partnership.offer_actions import open_address
from danbe.protection import case_actions, ground_actions, referral_actions, search
from danbe.protection.door import put
from danbe.protection.models import Case, Ground, Person, Referral, Sealed
from danbe.protection.open_actions import open_groups
from danbe.protection.referrals import (
    minimum_data,
    note_group,
    received,
    sent,
    watched,
)
from danbe.protection.vocabulary import (
    CaseStatus,
    Closing,
    Declining,
    FieldGroup,
    GroundKind,
    Identification,
    Purpose,
    ReferralRoute,
    ReferralStatus,
)
from danbe.web.mail import TEXTS
from tests.conftest import Cast, seat
from tests.partnership.makers import shelter
from tests.protection.makers import HEARD, consent, met, refused

IDENTITY, HEALTH, STORY = FieldGroup.IDENTITY, FieldGroup.HEALTH, FieldGroup.STORY
SAFETY, CONTACT = FieldGroup.SAFETY, FieldGroup.CONTACT


def body_of(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.organisation_id)


def sees(actor: Actor, person: Person) -> bool:
    return visible(actor, Person, "person.read").filter(pk=person.pk).exists()


def referred(cast: Cast, person: Person, **more: Any) -> Referral:
    """Awa refers to Bakary's service, for shelter, unless told otherwise."""
    told: dict[str, Any] = {
        "service": "shelter",
        "groups": [IDENTITY],
        "recipient": body_of(cast.bakary),
    } | more
    return referral_actions.send_referral(cast.awa, person, **told)


def agreed(cast: Cast) -> Person:
    """Mariam, who agreed that Bakary's body knows her names and her health, for shelter."""
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY, HEALTH], services=["shelter", "medical"])
    return mariam


def told(actor: Actor) -> list[str]:
    rows = Message.unscoped.filter(post_id=actor.post_id).order_by("pk")
    return list(rows.values_list("kind", flat=True))


# --- Sending --------------------------------------------------------------------------------


def test_a_referral_stands_on_a_consent_that_covers_all_of_it(cast: Cast) -> None:
    mariam = agreed(cast)
    referral = referred(cast, mariam)
    assert referral.ground.recipient_id == cast.bakary.organisation_id
    assert referral.groups.split() == ["identity", "profile"]
    assert referral.route == ReferralRoute.BODY
    assert list(received(cast.bakary)) == [referral]
    assert list(sent(cast.awa)) == [referral]
    assert not received(cast.awa).exists()


def test_what_the_person_did_not_agree_to_is_named_and_not_sent(cast: Cast) -> None:
    mariam = agreed(cast)
    with refused("referral.not_covered"):
        referred(cast, mariam, groups=[IDENTITY, STORY])
    with refused("referral.service_not_covered"):
        referred(cast, mariam, service="legal_aid")
    with refused("referral.no_consent"):
        referred(cast, mariam, recipient=body_of(cast.coumba))
    assert not Referral.unscoped.exists()


def test_a_refusal_a_withdrawal_or_a_break_glass_covers_no_referral(cast: Cast) -> None:
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY], is_given=False)
    number = mariam.national.number
    ground_actions.break_glass(cast.bakary, number=number, groups=[IDENTITY], reason="coma")
    with refused("referral.no_consent"):
        referred(cast, mariam)
    ground = consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    ground_actions.withdraw_consent(cast.awa, ground)
    with refused("referral.no_consent"):
        referred(cast, mariam)


def test_two_consents_do_not_add_up_to_one(cast: Cast) -> None:
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    consent(cast.awa, mariam, cast.bakary, [HEALTH])
    with refused("referral.not_covered"):
        referred(cast, mariam, groups=[IDENTITY, HEALTH])


def test_only_the_holder_of_the_record_refers(cast: Cast) -> None:
    mariam = agreed(cast)
    with refused("referral.not_yours"):
        referral_actions.send_referral(
            cast.bakary, mariam, service="shelter", groups=[], recipient=body_of(cast.coumba)
        )
    with pytest.raises(NotAllowed):
        referral_actions.send_referral(
            cast.djibril, mariam, service="shelter", groups=[], recipient=body_of(cast.coumba)
        )


def test_the_same_body_is_not_asked_twice_at_once(cast: Cast) -> None:
    mariam = agreed(cast)
    referred(cast, mariam)
    with refused("referral.twice"):
        referred(cast, mariam)
    assert referred(cast, mariam, service="medical").status == ReferralStatus.SENT


def test_the_word_to_the_recipient_is_read_by_nobody_else(cast: Cast) -> None:
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY, SAFETY])
    consent(cast.awa, mariam, cast.coumba, [IDENTITY])
    referral = referred(cast, mariam, groups=[IDENTITY, SAFETY], note="Attention fictive")
    opened = open_groups(cast.bakary, mariam, [SAFETY])
    assert opened.text("referral_note", referral.pk) == "Attention fictive"
    assert open_groups(cast.coumba, mariam, list(FieldGroup)).of("referral_note") == []
    assert note_group(["profile"]) == FieldGroup.PROFILE


# --- Answering ------------------------------------------------------------------------------


def test_accepting_opens_a_case_and_tells_the_sender(cast: Cast) -> None:
    mariam = agreed(cast)
    referral = referred(cast, mariam)
    assert told(cast.bakary) == ["referral.sent"]
    referral_actions.accept_referral(cast.bakary, referral)
    case = Case.unscoped.get(organisation_id=cast.bakary.organisation_id)
    assert referral.received_case == case
    assert case.person == mariam
    assert told(cast.awa) == ["referral.accepted"]
    assert not visible(cast.awa, Case, "case.read").filter(pk=case.pk).exists()
    with refused("referral.answered"):
        referral_actions.decline_referral(cast.bakary, referral, reason=Declining.FULL)


def test_only_the_body_that_was_asked_answers(cast: Cast) -> None:
    referral = referred(cast, agreed(cast))
    with refused("referral.not_yours"):
        referral_actions.accept_referral(cast.awa, referral)
    with pytest.raises(NotAllowed):
        referral_actions.accept_referral(cast.coumba, referral)


def test_declining_says_why_and_ends_what_could_be_read(cast: Cast) -> None:
    mariam = agreed(cast)
    referral = referred(cast, mariam)
    note = "Plus de lit avant lundi (fictif)"
    referral_actions.decline_referral(cast.bakary, referral, reason=Declining.FULL, note=note)
    assert referral.declining == Declining.FULL
    assert not sees(cast.bakary, mariam)
    assert told(cast.awa) == ["referral.declined"]
    assert open_groups(cast.awa, mariam, [FieldGroup.INTERNAL]).text("decline") == note


def test_declining_one_need_leaves_the_other_referral_readable(cast: Cast) -> None:
    mariam = agreed(cast)
    one, two = referred(cast, mariam), referred(cast, mariam, service="medical")
    referral_actions.decline_referral(cast.bakary, one, reason=Declining.FULL)
    assert sees(cast.bakary, mariam)
    referral_actions.revoke_referral(cast.awa, two)
    assert not sees(cast.bakary, mariam)


def test_a_consent_for_care_outlives_a_declined_referral(cast: Cast) -> None:
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY], purpose=Purpose.CARE)
    referral_actions.decline_referral(cast.bakary, referred(cast, mariam), reason=Declining.OTHER)
    assert sees(cast.bakary, mariam)


def test_done_is_said_by_the_recipient_after_accepting(cast: Cast) -> None:
    referral = referred(cast, agreed(cast))
    with refused("referral.not_accepted"):
        referral_actions.finish_referral(cast.bakary, referral)
    referral_actions.accept_referral(cast.bakary, referral)
    with refused("referral.not_yours"):
        referral_actions.finish_referral(cast.awa, referral)
    referral_actions.finish_referral(cast.bakary, referral)
    assert referral.status == ReferralStatus.DONE
    with refused("referral.ended"):
        referral_actions.revoke_referral(cast.awa, referral)


def test_a_withdrawal_revokes_the_referral_and_nothing_is_accepted_after_it(cast: Cast) -> None:
    mariam = agreed(cast)
    referral = referred(cast, mariam)
    ground_actions.withdraw_consent(cast.awa, referral.ground)
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.REVOKED
    with refused("referral.answered"):
        referral_actions.accept_referral(cast.bakary, referral)
    assert told(cast.bakary) == ["referral.sent", "consent.withdrawn"]


def test_nothing_is_accepted_on_a_consent_that_ran_out(cast: Cast) -> None:
    referral = referred(cast, agreed(cast))
    past = timezone.now() - datetime.timedelta(minutes=1)
    begun = past - datetime.timedelta(days=1)
    Ground.unscoped.filter(pk=referral.ground_id).update(start=begun, end=past)
    referral = Referral.unscoped.get(pk=referral.pk)
    with refused("referral.ground_ended"):
        referral_actions.accept_referral(cast.bakary, referral)


# --- The safe address -----------------------------------------------------------------------


def test_the_sender_opens_the_safe_address_once_accepted_until_it_ends(cast: Cast) -> None:
    offer = shelter(cast.bakary)
    mariam = agreed(cast)
    referral = referred(cast, mariam, offer=offer)
    address = SafeAddress.unscoped.get(offer=offer)
    with pytest.raises(NotAllowed):
        open_address(cast.awa, address)
    referral_actions.accept_referral(cast.bakary, referral)
    assert "fictif" in open_address(cast.awa, address).address
    ground_actions.withdraw_consent(cast.awa, referral.ground)
    with pytest.raises(NotAllowed):
        open_address(cast.awa, address)


def test_revoking_shuts_the_safe_address(cast: Cast) -> None:
    offer = shelter(cast.bakary)
    referral = referred(cast, agreed(cast), offer=offer)
    referral_actions.accept_referral(cast.bakary, referral)
    referral_actions.revoke_referral(cast.awa, referral)
    with pytest.raises(NotAllowed):
        open_address(cast.awa, SafeAddress.unscoped.get(offer=offer))


def test_an_offer_of_another_service_is_refused(cast: Cast) -> None:
    with refused("referral.offer"):
        referred(cast, agreed(cast), offer=shelter(cast.bakary), service="medical")


# --- Transfer of responsibility -------------------------------------------------------------


def test_a_transfer_hands_over_the_record_with_what_was_agreed_and_no_more(cast: Cast) -> None:
    mariam = agreed(cast)
    put(cast.awa, mariam, STORY, "note", "un récit fictif")
    put(cast.awa, mariam, HEALTH, "note", "une fièvre fictive")
    own = case_actions.open_case(cast.awa, mariam)
    referral = referred(cast, mariam, groups=[IDENTITY, HEALTH], is_transfer=True)
    referral_actions.accept_referral(cast.bakary, referral)
    mariam.refresh_from_db()
    own.refresh_from_db()
    assert mariam.organisation_id == cast.bakary.organisation_id
    assert (own.status, own.closing) == (CaseStatus.CLOSED, Closing.TRANSFERRED)
    assert not sees(cast.awa, mariam)
    # who holds the record finds it by its names, and who handed it over does not
    assert not search.find(cast.awa, "Mariam Traoré").people
    assert [one.person for one in search.find(cast.bakary, "Mariam Traoré").people] == [mariam]
    with pytest.raises(NotAllowed):
        open_groups(cast.awa, mariam, [IDENTITY])
    Ground.unscoped.update(  # a consent ends: what is the body's own stays
        start=timezone.now() - datetime.timedelta(days=2),
        end=timezone.now() - datetime.timedelta(days=1),
    )
    opened = open_groups(cast.bakary, mariam, list(FieldGroup))
    assert opened.identity.family_name == "Traoré"
    assert [row.text for row in opened.of("note")] == ["une fièvre fictive"]


def test_the_new_holder_records_the_withdrawals_of_older_consents(cast: Cast) -> None:
    mariam = agreed(cast)
    police = consent(cast.awa, mariam, cast.coumba, [IDENTITY])
    referral = referred(cast, mariam, is_transfer=True)
    referral_actions.accept_referral(cast.bakary, referral)
    assert sees(cast.coumba, mariam)
    police = Ground.unscoped.get(pk=police.pk)
    ground_actions.withdraw_consent(cast.bakary, police)
    assert not sees(cast.coumba, mariam)


def test_a_declined_transfer_changes_nothing(cast: Cast) -> None:
    mariam = agreed(cast)
    referral = referred(cast, mariam, is_transfer=True)
    referral_actions.decline_referral(cast.bakary, referral, reason=Declining.FULL)
    mariam.refresh_from_db()
    assert mariam.organisation_id == cast.awa.organisation_id
    assert mariam.status == Identification.OPEN


# --- Outside Danbe --------------------------------------------------------------------------


def test_a_body_without_an_account_is_answered_for_by_the_sender(cast: Cast) -> None:
    mariam = met(cast.awa)
    body = Organisation.objects.get(code="ENDA")
    ground_actions.record_consent(
        cast.awa,
        mariam,
        recipient=body,
        groups=[IDENTITY],
        purpose=Purpose.REFERRAL,
        until=timezone.now() + datetime.timedelta(days=9),
        hearing=HEARD,
    )
    referral = referred(cast, mariam, recipient=body, reached="téléphone fictif")
    assert referral.route == ReferralRoute.OUTSIDE
    assert referral_actions.confirm_receipt(cast.awa, referral).receipt_at
    referral_actions.accept_referral(cast.awa, referral)
    assert referral.received_case is None
    referral_actions.finish_referral(cast.awa, referral)
    with refused("referral.transfer"):
        referred(cast, mariam, recipient=body, is_transfer=True)
    assert Sealed.unscoped.get(kind="recipient").group == FieldGroup.INTERNAL


# --- Clocks ---------------------------------------------------------------------------------


def late(referral: Referral) -> datetime.datetime:
    return referral.answer_due_at + datetime.timedelta(minutes=1)


def test_an_urgent_referral_is_due_in_a_day_and_another_in_three(cast: Cast) -> None:
    mariam = agreed(cast)
    urgent = referred(cast, mariam, is_urgent=True)
    calm = referred(cast, mariam, service="medical")
    assert urgent.answer_due_at - urgent.sent_at == datetime.timedelta(hours=24)
    assert calm.answer_due_at - calm.sent_at == datetime.timedelta(hours=72)
    assert told(cast.bakary) == ["referral.urgent", "referral.sent"]


def test_the_focal_point_of_the_region_hears_once_of_a_referral_without_an_answer(
    cast: Cast,
) -> None:
    sikasso = Place.objects.get(code="sikasso-2023")
    regional = seat("modibo", Role.FOCAL_POINT, "MJDH", "Point focal de Sikasso")
    Post.objects.filter(pk=regional.post_id).update(region=sikasso)
    watcher = Post.objects.get(pk=regional.post_id).actor
    referral = referred(cast, agreed(cast))
    assert escalate(referral.sent_at) == 0
    assert escalate(late(referral)) == 1
    assert escalate(late(referral)) == 0
    assert told(regional) == ["referral.overdue"]
    assert told(cast.esther) == []
    assert [row.number for row in watched(watcher, late(referral))] == [referral.number]
    assert not watched(cast.fanta, late(referral)).exists()


def test_without_a_focal_point_there_the_secretariat_hears(cast: Cast) -> None:
    referral = referred(cast, agreed(cast))
    assert escalate(late(referral)) == 1
    assert told(cast.esther) == ["referral.overdue"]
    assert watched(cast.esther, late(referral)).count() == 1
    referral_actions.accept_referral(cast.bakary, Referral.unscoped.get(pk=referral.pk))
    assert not watched(cast.esther, late(referral)).exists()


def test_messages_carry_numbers_and_never_names(cast: Cast) -> None:
    mariam = agreed(cast)
    referral = referred(cast, mariam, note="un mot fictif")
    referral_actions.decline_referral(cast.bakary, referral, reason=Declining.FULL, note="non")
    for message in Message.unscoped.all():
        assert message.kind in TEXTS
        assert set(message.params) == {"organisation", "number"}
        assert message.params["number"] == referral.number


# --- Reference data -------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_type_of_service_has_its_minimum_data_set() -> None:
    codes = set(Term.objects.filter(list="service_type").values_list("code", flat=True))
    assert set(minimum_data()) == codes
    for minimum in minimum_data().values():
        assert FieldGroup.INTERNAL not in minimum.groups
        assert minimum.why_fr


def test_an_order_and_an_emergency_cover_a_referral_too(cast: Cast) -> None:
    mariam = met(cast.awa)
    ground = ground_actions.share_in_emergency(
        cast.awa, mariam, recipient=body_of(cast.bakary), groups=[HEALTH], reason="coma (fictif)"
    )
    referral = referred(cast, mariam, groups=[HEALTH], service="medical")
    assert referral.ground.kind == GroundKind.EMERGENCY
    ground_actions.review_ground(cast.lalla, ground, is_justified=False)
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.REVOKED
