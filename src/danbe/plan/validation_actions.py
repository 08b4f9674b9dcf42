"""Validating a text: who is present, votes, reservations, the frozen text and its signatures."""

import datetime
from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.plan.frozen import content_of, digest_of, verify
from danbe.plan.models import (
    OUTCOME_TRANSITIONS,
    Answer,
    Ballot,
    Clause,
    ClauseVersion,
    FrozenText,
    Outcome,
    Participant,
    Process,
    Reservation,
    Signature,
    Stage,
    TextStatus,
    TextVersion,
    Validation,
    Vote,
)
from danbe.plan.participation_queries import obstacles, tally_of

MAX_TEXT = 5_000
MAX_NAME = 160
FIRST_DAY = datetime.date(2000, 1, 1)


# --- The session ----------------------------------------------------------------------------


@action("validation.write")
def open_validation(
    actor: Actor, process: Process, *, held_on: datetime.date, venue: str = ""
) -> Validation:
    """Open the session in which bodies vote on the last published version."""
    locked = Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    if locked.stage != Stage.VALIDATION:
        text = _("Bodies vote in the validation: the process is not there.")
        raise DomainError("validation.stage", text)
    if locked.validations.filter(outcome=Outcome.OPEN).exists():
        raise DomainError("validation.open", _("A session is open already."))
    if not FIRST_DAY <= held_on <= timezone.localdate() + datetime.timedelta(days=366):
        raise DomainError("validation.day", _("This date is not possible."), "held_on")
    if locked.quorum_percent is None or locked.majority_percent is None:
        text = _("Set the quorum and the majority in the rules first.")
        raise DomainError("validation.no_rule", text)
    voters = Participant.unscoped.filter(process=locked, votes=True).exclude(
        answer__in=(Answer.DECLINED, Answer.WITHDRAWN)
    )
    if not voters:
        raise DomainError("validation.no_voter", _("No body votes: say which ones first."))
    session = Validation.objects.create(
        process=locked,
        version=_last_published(locked),
        held_on=held_on,
        venue=venue.strip()[:200],
        quorum_percent=locked.quorum_percent,
        majority_percent=locked.majority_percent,
    )
    Ballot.unscoped.bulk_create(Ballot(validation=session, participant=p) for p in voters)
    return session


def _last_published(process: Process) -> TextVersion:
    found = process.versions.filter(status=TextStatus.PUBLISHED).order_by("number").last()
    if found is None:
        raise DomainError("validation.no_text", _("No version of the text is published."))
    return found


def _open_session(validation: Validation) -> Validation:
    """The session, locked; nothing changes in one that was closed."""
    rows = Validation.objects.select_for_update(of=("self",)).select_related(
        "process__plan", "version"
    )
    locked = rows.get(pk=validation.pk)
    if locked.outcome != Outcome.OPEN:
        raise DomainError("validation.closed", _("This session is closed: nothing changes."))
    return locked


@action("validation.write")
def record_presence(actor: Actor, validation: Validation, present: Collection[int]) -> Validation:
    """Say which bodies are in the room (ballots by their number). Who voted was there."""
    locked = _open_session(validation)
    rows = list(Ballot.unscoped.filter(validation=locked))
    for row in rows:
        row.is_present = row.pk in present or bool(row.vote)
    Ballot.unscoped.bulk_update(rows, ["is_present"], batch_size=200)
    return locked


@action("ballot.write")
def cast_vote(actor: Actor, ballot: Ballot, vote: str) -> Ballot:
    """Vote for one's body, or change its vote, while the session is open."""
    _open_session(ballot.validation)
    if vote not in Vote.values:
        raise DomainError("ballot.vote", _("Choose for, against or abstention."), "vote")
    locked: Ballot = Ballot.unscoped.select_for_update(of=("self",)).get(pk=ballot.pk)
    locked.vote, locked.is_present, locked.voted_at = vote, True, timezone.now()
    locked.voted_by_id = actor.seat.post_id
    locked.save()
    return locked


@action("ballot.write")
def add_reservation(
    actor: Actor, ballot: Ballot, *, clause: Clause | None, text: str
) -> Reservation:
    """Make a reservation, on one clause of the text or on the whole."""
    session = _open_session(ballot.validation)
    if not text.strip():
        raise DomainError("reservation.empty", _("Write the reservation."), "text")
    if len(text) > MAX_TEXT:
        raise DomainError("reservation.too_long", _("This text is too long."), "text")
    here = ClauseVersion.objects.filter(version=session.version_id, clause=clause)
    if clause is not None and not here.exists():
        said = _("This clause is not in the text that is voted on.")
        raise DomainError("reservation.clause", said, "clause")
    return Reservation.objects.create(
        ballot=ballot, clause=clause, text=text.strip(), post_id=actor.seat.post_id
    )


@action("ballot.write")
def withdraw_reservation(actor: Actor, ballot: Ballot, number: int) -> Ballot:
    """Take back a reservation of one's body, while the session is open."""
    _open_session(ballot.validation)
    if not Reservation.objects.filter(ballot=ballot, pk=number).delete()[0]:
        raise DomainError("reservation.gone", _("This reservation is there no more."))
    return ballot


@action("validation.write")
def close_validation(actor: Actor, validation: Validation) -> Validation:
    """Close the session: no quorum, not adopted, or adopted, and then the text is frozen."""
    locked = _open_session(validation)
    tally = tally_of(locked)
    if tally.outcome == Outcome.ADOPTED:
        found = obstacles(locked.process)
        if found:
            text = _("The text cannot be adopted yet: %(reason)s")
            raise DomainError("validation.obstacles", text % {"reason": found[0].message})
    if tally.outcome not in OUTCOME_TRANSITIONS[Outcome(locked.outcome)]:
        raise DomainError("validation.closed", _("This session is closed: nothing changes."))
    locked.outcome, locked.closed_at = tally.outcome, timezone.now()
    locked.save(update_fields=["outcome", "closed_at"])
    if tally.outcome == Outcome.ADOPTED:
        _freeze(locked)
        _go(locked.process, Stage.VALIDATED)
    elif tally.outcome == Outcome.REJECTED:
        _go(locked.process, Stage.DRAFTING)
    return locked


def _go(process: Process, stage: Stage) -> None:
    process.stage = stage
    process.edition += 1
    process.save(update_fields=["stage", "edition"])


def _freeze(validation: Validation) -> None:
    content = content_of(validation)
    FrozenText.objects.create(
        validation=validation,
        version=validation.version,
        content=content,
        sha256=digest_of(content),
    )
    validation.version.status = TextStatus.FROZEN
    validation.version.save(update_fields=["status"])


# --- Signatures and publication -------------------------------------------------------------


@action("signature.write")
def record_signature(
    actor: Actor,
    frozen: FrozenText,
    participant: Participant,
    *,
    signer: str,
    function: str,
    signed_on: datetime.date,
) -> Signature:
    """Record that a body signed the printed list, on which the hash of the text stands."""
    locked = FrozenText.objects.select_for_update(of=("self",)).get(pk=frozen.pk)
    if locked.released_at is not None:
        text = _("The signed text is published: its list of signatures is closed.")
        raise DomainError("signature.closed", text)
    if not Ballot.unscoped.filter(
        validation=frozen.validation_id, participant=participant, is_present=True
    ).exists():
        text = _("Bodies that took part in the session sign.")
        raise DomainError("signature.absent", text, "participant")
    for name, value in (("signer", signer), ("function", function)):
        if not value.strip() or len(value) > MAX_NAME:
            raise DomainError("signature.who", _("Write who signed, and in what capacity."), name)
    if not frozen.validation.held_on <= signed_on <= timezone.localdate():
        text = _("It was signed between the day of the session and today.")
        raise DomainError("signature.day", text, "signed_on")
    if Signature.objects.filter(frozen=frozen, participant=participant).exists():
        text = _("The signature of this body is recorded already.")
        raise DomainError("signature.twice", text, "participant")
    return Signature.objects.create(
        frozen=frozen,
        participant=participant,
        signer=signer.strip(),
        function=function.strip(),
        signed_on=signed_on,
        post_id=actor.seat.post_id,
    )


@action("text.release")
def release_text(actor: Actor, frozen: FrozenText) -> FrozenText:
    """Publish the signed text for everybody, if it is still the one that was adopted."""
    locked = FrozenText.objects.select_for_update(of=("self",)).get(pk=frozen.pk)
    if locked.released_at is not None:
        raise DomainError("text.released", _("This text is published already."))
    if not locked.signatures.exists():
        text = _("Nobody signed yet: print the list, then record who signed.")
        raise DomainError("text.unsigned", text)
    if not verify(locked).is_good:
        text = _("This text is no longer the one that was adopted. Call the auditor.")
        raise DomainError("text.altered", text)
    locked.released_at = timezone.now()
    locked.save(update_fields=["released_at"])
    return locked
