"""Validation: quorum, votes, reservations, the frozen text, signatures, publication."""

import datetime
import json
from collections.abc import Callable

import pytest
from django.utils import timezone

from danbe.core.access import visible
from danbe.core.errors import NotAllowed
from danbe.plan import (
    participation_actions,
    participation_queries,
    text_actions,
    validation_actions,
)
from danbe.plan.frozen import digest_of, verify, verify_all
from danbe.plan.models import (
    Ballot,
    ClauseVersion,
    FrozenText,
    Outcome,
    Process,
    Stage,
    TextStatus,
    Vote,
)
from danbe.plan.participation_queries import Obstacle, tally_of
from tests.conftest import Cast
from tests.plan import participation_makers as makers
from tests.plan.test_participation_actions import refused

pytestmark = pytest.mark.django_db


def test_a_session_opens_in_the_validation_on_the_last_published_version(cast: Cast) -> None:
    version = makers.published_text(cast.esther)
    with refused("validation.stage"):
        makers.session(cast.esther, version.process)
    new = makers.amended(cast.esther, version)
    process = participation_actions.move_process(cast.esther, version.process, Stage.VALIDATION)
    held = makers.session(cast.esther, process)
    assert held.version == new
    assert Ballot.unscoped.filter(validation=held).count() == 4  # not the partner
    with refused("validation.open"):
        makers.session(cast.esther, process)


def test_a_day_of_1823_is_refused(cast: Cast) -> None:
    process = makers.to_validate(cast.esther)
    with refused("validation.day"):
        validation_actions.open_validation(cast.esther, process, held_on=datetime.date(1823, 1, 1))


def test_a_body_that_declined_does_not_count(cast: Cast) -> None:
    process = makers.to_validate(cast.esther)
    participation_actions.answer_invitation(
        cast.esther, makers.participant(process, "CARITAS"), "declined"
    )
    assert tally_of(makers.session(cast.esther, process)).n_bodies == 3


def test_a_focal_point_votes_for_its_body_alone(cast: Cast) -> None:
    held = makers.session(cast.esther)
    own, other = makers.ballot(held, "MPFEF"), makers.ballot(held, "MJDH")
    told = validation_actions.cast_vote(cast.fanta, own, "for")
    assert (told.vote, told.is_present, told.voted_by_id) == ("for", True, cast.fanta.post_id)
    with pytest.raises(NotAllowed):
        validation_actions.cast_vote(cast.fanta, other, "for")
    with pytest.raises(NotAllowed):
        validation_actions.add_reservation(cast.fanta, other, clause=None, text="Non")
    with pytest.raises(NotAllowed):
        validation_actions.cast_vote(cast.issa, own, "for")
    with refused("ballot.vote"):
        validation_actions.cast_vote(cast.fanta, own, "perhaps")
    assert list(visible(cast.fanta, Ballot, "ballot.write")) == [own]


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ({}, Outcome.NO_QUORUM),
        ({"MPFEF": "for"}, Outcome.NO_QUORUM),
        ({"MPFEF": "for", "MJDH": "for"}, Outcome.ADOPTED),
        ({"MPFEF": "for", "MJDH": "abstain"}, Outcome.ADOPTED),
        ({"MPFEF": "for", "MJDH": "against"}, Outcome.REJECTED),  # as many: no majority
        ({"MPFEF": "abstain", "MJDH": "abstain"}, Outcome.REJECTED),
        ({"MPFEF": "for", "MJDH": "for", "SINJIYA": "against"}, Outcome.ADOPTED),
    ],
)
def test_the_quorum_and_the_majority_decide(
    cast: Cast, votes: dict[str, str], outcome: Outcome
) -> None:
    held = makers.voted(cast.esther, makers.session(cast.esther), **votes)
    assert tally_of(held).outcome is outcome
    closed = validation_actions.close_validation(cast.esther, held)
    assert closed.outcome == outcome
    assert FrozenText.objects.exists() is (outcome is Outcome.ADOPTED)


def test_a_quorum_is_rounded_up_and_a_high_majority_holds(cast: Cast) -> None:
    held = makers.session(cast.esther)
    held.quorum_percent, held.majority_percent = 51, 67
    makers.voted(cast.esther, held, MPFEF="for", MJDH="for", SINJIYA="against")
    tally = tally_of(held)
    assert (tally.n_needed, tally.has_quorum, tally.outcome) == (3, True, Outcome.REJECTED)
    held.majority_percent = 66
    assert tally_of(held).outcome is Outcome.ADOPTED


def test_presence_is_taken_in_the_room_and_who_voted_was_there(cast: Cast) -> None:
    held = makers.voted(cast.esther, makers.session(cast.esther), MPFEF="for")
    there = makers.ballot(held, "MJDH")
    validation_actions.record_presence(cast.esther, held, {there.pk})
    assert tally_of(held).n_present == 2
    validation_actions.record_presence(cast.esther, held, set())
    assert tally_of(held).n_present == 1


def test_a_rejected_text_goes_back_to_the_drafting_and_no_quorum_stays(cast: Cast) -> None:
    process = makers.to_validate(cast.esther)
    validation_actions.close_validation(cast.esther, makers.session(cast.esther, process))
    process.refresh_from_db()
    assert process.stage == Stage.VALIDATION
    held = makers.session(cast.esther, process)
    makers.voted(cast.esther, held, MPFEF="against", MJDH="against")
    validation_actions.close_validation(cast.esther, held)
    process.refresh_from_db()
    assert process.stage == Stage.DRAFTING
    assert text_actions.begin_text(cast.esther, process).number == 2


def test_nothing_changes_in_a_closed_session(cast: Cast) -> None:
    held = makers.session(cast.esther)
    validation_actions.close_validation(cast.esther, held)
    own = makers.ballot(held, "MPFEF")
    for act in (
        lambda: validation_actions.cast_vote(cast.fanta, own, "for"),
        lambda: validation_actions.add_reservation(cast.fanta, own, clause=None, text="x"),
        lambda: validation_actions.withdraw_reservation(cast.fanta, own, 1),
        lambda: validation_actions.record_presence(cast.esther, held, {own.pk}),
        lambda: validation_actions.close_validation(cast.esther, held),
    ):
        with refused("validation.closed"):
            act()


def test_a_reservation_is_on_a_clause_of_the_text_or_on_the_whole(cast: Cast) -> None:
    held = makers.session(cast.esther)
    own = makers.ballot(held, "MPFEF")
    for clause in (None, makers.clause(held.version, "2")):
        validation_actions.add_reservation(cast.fanta, own, clause=clause, text="Réserve fictive")
    assert own.reservations.count() == 2
    elsewhere = makers.draft_text(cast.esther, makers.begun(cast.esther, "2041-2045"))
    with refused("reservation.clause"):
        validation_actions.add_reservation(
            cast.fanta, own, clause=makers.clause(elsewhere, "1"), text="Ailleurs"
        )
    for text, code in (("  ", "reservation.empty"), ("x" * 5_001, "reservation.too_long")):
        with refused(code):
            validation_actions.add_reservation(cast.fanta, own, clause=None, text=text)
    first = own.reservations.all()[0].pk
    validation_actions.withdraw_reservation(cast.fanta, own, first)
    with refused("reservation.gone"):
        validation_actions.withdraw_reservation(cast.fanta, own, first)


def test_who_votes_and_by_what_rule_do_not_change_while_a_vote_is_held(cast: Cast) -> None:
    held = makers.session(cast.esther)
    process = held.process
    with refused("process.vote_under_way"):
        participation_actions.set_voter(
            cast.esther, makers.participant(process, "MPFEF"), votes=False
        )
    with refused("process.vote_under_way"):
        participation_actions.answer_invitation(
            cast.fanta, makers.participant(process, "MPFEF"), "accepted"
        )
    with refused("process.vote_under_way"):
        participation_actions.move_process(cast.esther, process, Stage.DRAFTING)


def test_a_text_is_not_adopted_while_anything_stands_in_the_way(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unanswered(process: Process) -> list[Obstacle]:
        return [Obstacle("contributions.unanswered", "3 contributions sans réponse.", 3)]

    held = makers.voted(cast.esther, makers.session(cast.esther), MPFEF="for", MJDH="for")
    monkeypatch.setattr(participation_queries, "REASONS", (unanswered,))
    with refused("validation.obstacles"):
        validation_actions.close_validation(cast.esther, held)
    held.refresh_from_db()
    assert held.outcome == Outcome.OPEN
    monkeypatch.setattr(participation_queries, "REASONS", ())
    assert validation_actions.close_validation(cast.esther, held).outcome == Outcome.ADOPTED


def test_an_adopted_text_is_frozen_with_its_votes_reservations_and_hash(cast: Cast) -> None:
    frozen = makers.adopted(cast.esther)
    told = json.loads(frozen.content)
    assert frozen.sha256 == digest_of(frozen.content)
    assert [c["number"] for c in told["clauses"]] == ["I", "1", "1.1", "2", "II", "3"]
    assert {v["code"]: v["vote"] for v in told["votes"]} == {
        "CARITAS": "abstain", "MJDH": "for", "MPFEF": "for", "SINJIYA": "for",
    }  # fmt: skip
    assert [r["number"] for r in told["reservations"]] == ["3"]
    version, process = frozen.version, frozen.validation.process
    version.refresh_from_db()
    assert (version.status, process.stage) == (TextStatus.FROZEN, Stage.VALIDATED)
    assert verify(frozen).is_good


def test_nothing_changes_a_frozen_text(cast: Cast) -> None:
    frozen = makers.adopted(cast.esther)
    row = makers.row(frozen.version, "1.1")
    words = text_actions.Words("paragraph", "", "Autre chose")
    for act in (
        lambda: text_actions.change_clause(
            cast.esther, frozen.version, row.clause, words, seen=text_actions.mark_of(row)
        ),
        lambda: text_actions.discard_text(cast.esther, frozen.version, edition=1),
    ):
        with refused("text.published"):
            act()
    with refused("text.too_late"):
        text_actions.begin_text(cast.esther, frozen.validation.process)
    with refused("process.over"):
        participation_actions.move_process(
            cast.esther, frozen.validation.process, Stage.STOPPED, reason="x"
        )


def alter_content(frozen: FrozenText) -> None:
    text = frozen.content.replace("livret", "cahier")
    FrozenText.objects.filter(pk=frozen.pk).update(content=text)


def alter_content_and_hash(frozen: FrozenText) -> None:
    text = frozen.content.replace("livret", "cahier")
    FrozenText.objects.filter(pk=frozen.pk).update(content=text, sha256=digest_of(text))


def alter_clause(frozen: FrozenText) -> None:
    rows = ClauseVersion.objects.filter(version=frozen.version, number="2")
    rows.update(text="Les écoles ne reçoivent rien.")


def remove_clause(frozen: FrozenText) -> None:
    ClauseVersion.objects.filter(version=frozen.version, number="2").delete()


def spoil_content(frozen: FrozenText) -> None:
    FrozenText.objects.filter(pk=frozen.pk).update(content="[]")


@pytest.mark.parametrize(
    "alter", [alter_content, alter_content_and_hash, alter_clause, remove_clause, spoil_content]
)
def test_whatever_is_altered_behind_its_back_is_found_and_not_published(
    cast: Cast, alter: Callable[[FrozenText], None]
) -> None:
    frozen = makers.signed(cast.esther)
    assert [one.check.is_good for one in verify_all()] == [True]
    alter(frozen)
    frozen.refresh_from_db()
    assert [one.check.is_good for one in verify_all()] == [False]
    with refused("text.altered"):
        validation_actions.release_text(cast.esther, frozen)


def test_bodies_that_were_present_sign_once(cast: Cast) -> None:
    frozen = makers.adopted(cast.esther)
    process = frozen.validation.process

    def sign(code: str, **change: object) -> None:
        told = {
            "signer": "Un signataire (fictif)",
            "function": "Ministre (fictif)",
            "signed_on": timezone.localdate(),
        }
        validation_actions.record_signature(
            cast.esther, frozen, makers.participant(process, code), **(told | change)
        )

    with refused("text.unsigned"):
        validation_actions.release_text(cast.esther, frozen)
    with refused("signature.absent"):
        sign("OIM")
    with refused("signature.who"):
        sign("MPFEF", signer=" ")
    with refused("signature.day"):
        sign("MPFEF", signed_on=datetime.date(1823, 1, 1))
    sign("MPFEF")
    with refused("signature.twice"):
        sign("MPFEF")
    assert participation_queries.signers_left(frozen).count() == 3
    assert validation_actions.release_text(cast.esther, frozen).released_at is not None
    with refused("text.released"):
        validation_actions.release_text(cast.esther, frozen)
    with refused("signature.closed"):
        sign("MJDH")


def test_the_public_reads_what_the_phase_opens_and_what_is_published(cast: Cast) -> None:
    version = makers.published_text(cast.esther)
    process = version.process
    assert participation_queries.public_version(process) == version
    assert participation_queries.public_processes() == [process]
    told = participation_actions.Calendar(None, None, reads=["state"])
    process.refresh_from_db()
    participation_actions.save_phase(
        cast.esther, process, "drafting", told, edition=process.edition
    )
    assert participation_queries.public_version(process) is None
    assert participation_queries.public_processes() == []


def test_a_signed_text_is_public_once_it_is_published(cast: Cast) -> None:
    frozen = makers.signed(cast.esther)
    process = frozen.validation.process
    assert participation_queries.released_text(process) is None
    validation_actions.release_text(cast.esther, frozen)
    assert participation_queries.released_text(process) == frozen
    assert participation_queries.public_processes() == [process]


def test_every_vote_has_a_count() -> None:
    assert set(Vote.values) == {"for", "against", "abstain"}
