"""The ledger says what is alive, who reads what now, and who confirmed that it stopped."""

import csv
import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from danbe.accounts.models import Message, Organisation
from danbe.core.access import Actor
from danbe.jobs.load import DATA, load_consent_texts
from danbe.jobs.referral_clocks import escalate_reviews
from danbe.protection import ground_actions, ledger
from danbe.protection.ground_actions import Hearing
from danbe.protection.models import Acknowledgement, ConsentText, Ground, Person, Sealed
from danbe.protection.open_actions import open_groups
from danbe.protection.vocabulary import FieldGroup, Purpose
from tests.conftest import Cast
from tests.protection.makers import HEARD, consent, met, refused

IDENTITY, HEALTH = FieldGroup.IDENTITY, FieldGroup.HEALTH
State = ledger.State


def states(actor: Actor, person: Person) -> list[str]:
    return [entry.state for entry in ledger.entries(actor, person)]


def cells(actor: Actor, person: Person) -> dict[str, set[str]]:
    """Who reads which group now."""
    found = ledger.readers(ledger.entries(actor, person))
    return {reader.label: {group.value for group in reader.grounds} for reader in found}


def told(actor: Actor) -> list[str]:
    rows = Message.unscoped.filter(post_id=actor.post_id).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_every_answer_stays_with_the_state_it_has_now(cast: Cast) -> None:
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    consent(cast.awa, mariam, cast.coumba, [IDENTITY], is_given=False)
    taken_back = consent(cast.awa, mariam, cast.coumba, [HEALTH])
    ground_actions.withdraw_consent(cast.awa, taken_back)
    assert states(cast.awa, mariam) == [State.WITHDRAWN, State.REFUSED, State.ALIVE]
    past = timezone.now() - datetime.timedelta(minutes=1)
    Ground.unscoped.update(start=past - datetime.timedelta(hours=1), end=past)
    assert states(cast.awa, mariam) == [State.WITHDRAWN, State.REFUSED, State.EXPIRED]


def test_the_matrix_shows_who_reads_which_group_now(cast: Cast) -> None:
    mariam = met(cast.awa)
    caritas = Organisation.objects.get(code="CARITAS").label
    first = consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    consent(cast.awa, mariam, cast.bakary, [HEALTH])
    assert cells(cast.awa, mariam) == {caritas: {"profile", "identity", "health"}}
    ground_actions.withdraw_consent(cast.awa, first)
    assert cells(cast.awa, mariam) == {caritas: {"profile", "health"}}


def test_break_glass_is_in_the_matrix_while_it_lasts(cast: Cast) -> None:
    mariam = met(cast.awa)
    number = mariam.national.number
    ground = ground_actions.break_glass(
        cast.bakary, number=number, groups=[HEALTH], reason="coma (fictif)"
    )
    [reader] = ledger.readers(ledger.entries(cast.awa, mariam))
    assert reader.is_post
    assert list(ledger.received(cast.bakary)) == [ground]
    ground_actions.review_ground(cast.lalla, ground, is_justified=False)
    assert cells(cast.awa, mariam) == {}
    assert states(cast.awa, mariam) == [State.STOPPED]


def test_the_ledger_is_for_the_holder_of_the_record_alone(cast: Cast) -> None:
    mariam = met(cast.awa)
    consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    assert ledger.held_or_none(cast.lalla, "consent.read", mariam.pk) == mariam
    assert ledger.held_or_none(cast.bakary, "consent.read", mariam.pk) is None
    assert ledger.held_or_none(cast.esther, "consent.read", mariam.pk) is None


def test_a_recipient_lists_what_reaches_it_until_it_ends(cast: Cast) -> None:
    mariam = met(cast.awa)
    ground = consent(cast.awa, mariam, cast.bakary, [IDENTITY])
    assert list(ledger.received(cast.bakary)) == [ground]
    assert not ledger.received(cast.awa).exists()
    assert not ledger.received(cast.coumba).exists()
    ground_actions.withdraw_consent(cast.awa, ground)
    assert not ledger.received(cast.bakary).exists()


def test_withdrawals_wait_for_the_recipient_and_the_recorder_hears_of_the_confirmation(
    cast: Cast,
) -> None:
    ground = consent(cast.awa, met(cast.awa), cast.bakary, [IDENTITY])
    ground_actions.withdraw_consent(cast.lalla, ground)
    assert ledger.n_to_acknowledge(cast.bakary) == 1
    assert ledger.n_to_acknowledge(cast.coumba) == 0
    row = Acknowledgement.unscoped.get()
    with refused("consent.not_asked"):
        ground_actions.acknowledge_withdrawal(cast.awa, row)
    ground_actions.acknowledge_withdrawal(cast.bakary, row)
    assert ledger.n_to_acknowledge(cast.bakary) == 0
    assert told(cast.bakary) == ["consent.withdrawn"]
    assert told(cast.lalla) == ["consent.acknowledged"]
    [entry] = ledger.entries(cast.awa, ground.person)
    assert entry.acknowledgements[0].given_at is not None


def test_the_owner_hears_of_a_break_glass_at_once_and_the_breaker_of_its_review(
    cast: Cast,
) -> None:
    mariam = met(cast.awa)
    number = mariam.national.number
    ground = ground_actions.break_glass(
        cast.bakary, number=number, groups=[HEALTH], reason="coma (fictif)"
    )
    assert told(cast.awa) == ["glass.broken"]
    assert told(cast.lalla) == ["glass.broken"]
    assert ledger.n_to_review(cast.lalla) == 1
    ground_actions.review_ground(cast.lalla, ground, is_justified=True)
    assert ledger.n_to_review(cast.lalla) == 0
    assert told(cast.bakary) == ["ground.justified"]
    with refused("glass.own"):
        ground_actions.break_glass(cast.awa, number=number, groups=[HEALTH], reason="x")


def test_an_emergency_is_reviewed_by_somebody_else(cast: Cast) -> None:
    mariam = met(cast.lalla)
    body = Organisation.objects.get(code="CARITAS")
    ground = ground_actions.share_in_emergency(
        cast.lalla, mariam, recipient=body, groups=[HEALTH], reason="coma (fictif)"
    )
    assert ledger.n_to_review(cast.lalla) == 0
    with refused("ground.own"):
        ground_actions.review_ground(cast.lalla, ground, is_justified=True)
    assert told(cast.bakary) == ["ground.shared"]
    with refused("emergency.recipient"):
        ground_actions.share_in_emergency(
            cast.lalla, mariam, recipient=None, groups=[HEALTH], reason="coma (fictif)"
        )


def test_a_review_that_does_not_come_is_told_once_to_reviewers_and_the_secretariat(
    cast: Cast,
) -> None:
    mariam = met(cast.awa)
    ground = ground_actions.break_glass(
        cast.bakary, number=mariam.national.number, groups=[HEALTH], reason="coma (fictif)"
    )
    due = ground.review_due_at
    assert due is not None
    assert escalate_reviews(due) == 0
    later = due + datetime.timedelta(minutes=1)
    assert escalate_reviews(later) == 2
    assert escalate_reviews(later) == 0
    assert told(cast.lalla) == ["glass.broken", "review.overdue"]
    assert told(cast.esther) == ["review.overdue"]


def test_what_was_heard_is_sealed_and_the_recording_apart(cast: Cast) -> None:
    mariam = met(cast.awa)
    heard = Hearing(
        giver=HEARD.giver,
        assent=HEARD.assent,
        guardian="Tante Fatou (fictive)",
        interpreter="Oumar (fictif), en tamasheq",
        recording="T2dnUw==",
    )
    ground = consent(cast.awa, mariam, cast.bakary, [IDENTITY], hearing=heard)
    opened = open_groups(cast.awa, mariam, [FieldGroup.INTERNAL])
    assert opened.of("hearing", ground.pk)[0].data()["guardian"] == "Tante Fatou (fictive)"
    assert opened.text("recording", ground.pk) == "T2dnUw=="
    stored = b"".join(bytes(row.content) for row in Sealed.unscoped.filter(person=mariam))
    assert b"Fatou" not in stored
    assert b"T2dnUw" not in stored
    assert not open_groups(cast.bakary, mariam, list(FieldGroup)).of("hearing")


# --- Texts ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_purpose_has_a_text_that_says_it_is_a_template() -> None:
    texts = ledger.texts_in_force(datetime.date(2026, 11, 24))
    assert set(texts) == set(Purpose)
    for text in texts.values():
        assert not text.is_official
        assert text.body_fr.startswith("Modèle à valider, non officiel")
        assert "324-26" in text.body_fr
        assert "l’aide ne dépend ni" in text.body_fr
        assert text.body_en


def test_no_text_promises_a_secret_that_the_law_denies() -> None:
    with open(Path(DATA) / "consent_texts.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert "Nous ne pouvons pas vous promettre que tout restera secret" in row["body_fr"]


@pytest.mark.django_db
def test_a_text_that_was_used_is_never_rewritten_and_the_newest_is_read_out() -> None:
    ConsentText.objects.filter(purpose=Purpose.CARE).update(body_fr="lu tel quel")
    load_consent_texts()
    today = datetime.date(2026, 11, 24)
    assert ledger.texts_in_force(today)[Purpose.CARE].body_fr == "lu tel quel"
    newer = ConsentText.objects.create(
        purpose=Purpose.CARE,
        version="2027-01",
        body_fr="plus tard",
        since=datetime.date(2027, 1, 1),
    )
    assert ledger.texts_in_force(today)[Purpose.CARE].body_fr == "lu tel quel"
    assert ledger.texts_in_force(newer.since)[Purpose.CARE] == newer


def test_a_text_of_another_purpose_is_refused(cast: Cast) -> None:
    text = ConsentText.objects.get(purpose=Purpose.JUSTICE)
    heard = Hearing(text=text, giver=HEARD.giver, assent=HEARD.assent, guardian="x")
    with refused("consent.text"):
        consent(cast.awa, met(cast.awa), cast.bakary, [IDENTITY], hearing=heard)
