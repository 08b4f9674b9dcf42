"""The joint calendar: what organisers write in it, and how many came. Warnings, no vetoes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Reach, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import Level, Place, Term
from danbe.partnership.models import (
    TRAINING_STEPS,
    Attendance,
    Trainer,
    Training,
    TrainingStatus,
)
from danbe.partnership.money import check_day

VERB = "training.write"
LONGEST_DAYS = 60
MOST_SEATS = 5_000
MAX_TEXT = 2_000
WRITTEN = (
    "title theme audiences place start end venue seats plan_code activity_lineage note"
).split()


@dataclass(frozen=True, slots=True)
class With:
    """Who takes part in it besides its organiser."""

    partners: Sequence[Organisation] = ()
    funders: Sequence[Organisation] = ()
    trainers: Sequence[Trainer] = ()


@dataclass(frozen=True, slots=True)
class Came:
    """How many of one body and one sex; ``None`` is a body that no list has."""

    organisation: Organisation | None
    sex: str
    n: int


def _check_organiser(actor: Actor, body_id: object) -> None:
    if actor.reach(VERB) is not Reach.NATION and body_id != actor.organisation_id:
        raise NotAllowed(VERB)


def _post_of(actor: Actor) -> Post:
    return Post.objects.get(pk=actor.seat.post_id)


def _locked(actor: Actor, row: Training) -> Training:
    return visible(actor, Training, VERB).select_for_update().get(pk=row.pk)


def _step(kept: Training, to: TrainingStatus) -> None:
    if to not in TRAINING_STEPS[TrainingStatus(kept.status)]:
        text = _("This training is %(status)s: that cannot be done any more.")
        told = {"status": kept.get_status_display().lower()}
        raise DomainError("training.status", text % told)
    kept.status = to
    kept.version += 1


def _check_version(kept: Training, version: int) -> None:
    if version != kept.version:
        text = _("Somebody changed this in the meantime: open it again, then record.")
        raise DomainError("row.changed", text)


@action(VERB)
def add_training(
    actor: Actor, organiser: Organisation, training: Training, others: With
) -> Training:
    """Write a training in the calendar."""
    _check_organiser(actor, organiser.pk)
    training.organiser, training.post = organiser, _post_of(actor)
    training.status, training.version = TrainingStatus.PLANNED, 1
    _check(training)
    training.save(force_insert=True)
    _set(training, others)
    return training


@action(VERB)
def change_training(actor: Actor, training: Training, others: With, *, version: int) -> Training:
    """Correct a training that has not been held yet."""
    kept = _locked(actor, training)
    _check_version(kept, version)
    if kept.status != TrainingStatus.PLANNED:
        text = _("Only a planned training is changed.")
        raise DomainError("training.status", text)
    training.organiser_id, training.post_id = kept.organiser_id, kept.post_id
    training.status = kept.status
    _check(training)
    training.version = kept.version + 1
    training.save(update_fields=[*WRITTEN, "version", "changed_at"])
    _set(training, others)
    return training


def _set(training: Training, others: With) -> None:
    training.partners.set([o for o in others.partners if o.pk != training.organiser_id])
    training.funders.set(others.funders)
    training.trainers.set(others.trainers)
    training.training_bodies.set([one.organisation for one in others.trainers])


@action(VERB)
def hold_training(
    actor: Actor, training: Training, came: Iterable[Came], *, version: int
) -> Training:
    """Say that it was held, and how many followed it to its end. May be counted again."""
    kept = _locked(actor, training)
    _check_version(kept, version)
    if kept.end > timezone.localdate():
        text = _("This training is not over yet: count the participants when it is.")
        raise DomainError("training.ahead", text)
    rows = list(came)
    sexes = set(Term.objects.filter(list="sex").values_list("code", flat=True))
    for row in rows:
        if row.sex not in sexes or not 0 <= row.n <= MOST_SEATS:
            text = _("Give a number from 0 to %(most)d.") % {"most": MOST_SEATS}
            raise DomainError("training.came", text)
    pairs = [(row.organisation.pk if row.organisation else None, row.sex) for row in rows]
    if len(pairs) != len(set(pairs)):
        text = _("The same body is there twice: add its numbers up.")
        raise DomainError("training.twice", text)
    _step(kept, TrainingStatus.HELD)
    kept.save(update_fields=["status", "version", "changed_at"])
    kept.attendances.all().delete()
    Attendance.objects.bulk_create(
        Attendance(training=kept, organisation=row.organisation, sex=row.sex, n=row.n)
        for row in rows
    )
    return kept


@action(VERB)
def cancel_training(actor: Actor, training: Training, *, reason: str) -> Training:
    """Say that it will not be held."""
    kept = _locked(actor, training)
    if not reason.strip() or len(reason) > MAX_TEXT:
        raise DomainError("reason.missing", _("Say why."), "reason")
    _step(kept, TrainingStatus.CANCELLED)
    kept.cancelled_reason = reason.strip()
    kept.save(update_fields=["status", "version", "cancelled_reason", "changed_at"])
    return kept


@action(VERB)
def plan_again(actor: Actor, training: Training) -> Training:
    """Put a cancelled training back in the calendar."""
    kept = _locked(actor, training)
    _step(kept, TrainingStatus.PLANNED)
    kept.cancelled_reason = ""
    kept.save(update_fields=["status", "version", "cancelled_reason", "changed_at"])
    return kept


def _check(training: Training) -> None:
    """Raise :class:`DomainError` at the first field that is wrong."""
    known = set(Term.objects.filter(list="audience").values_list("code", flat=True))
    if not training.audience_codes or set(training.audience_codes) - known:
        raise DomainError("training.audience", _("Say for whom it is."), "audiences")
    levels = (Level.REGION, Level.DISTRICT, Level.CERCLE)
    if not Place.objects.filter(pk=training.place_id, level__in=levels).exists():
        raise DomainError("training.place", _("Choose a region or a cercle of today."), "place")
    check_day(training.start, "start", may_come=True)
    if training.end < training.start:
        raise DomainError("training.dates", _("The end is before the beginning."), "end")
    if (training.end - training.start).days >= LONGEST_DAYS:
        text = _("A training lasts sixty days at most: write its sessions apart.")
        raise DomainError("training.dates", text, "end")
    if training.seats is not None and not 1 <= training.seats <= MOST_SEATS:
        text = _("Give a number from 1 to %(most)d.") % {"most": MOST_SEATS}
        raise DomainError("training.seats", text, "seats")
    if len(training.note) > MAX_TEXT:
        raise DomainError("text.long", _("This text is too long."), "note")
    try:
        training.clean_fields(exclude={"organiser", "place", "post", "seats", "activity_lineage"})
    except ValidationError as error:
        name, said = next(iter(error.message_dict.items()))
        raise DomainError(f"training.{name}", said[0], name) from error
