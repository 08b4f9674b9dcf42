"""Holding an interview. Nothing blocks: any answer may be missing, at any moment."""

import datetime
from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.protection import door
from danbe.protection.interviews import (
    KIND,
    LONGEST_NOTE,
    Facts,
    Held,
    Reading,
    digest_of,
    read,
    state_of,
)
from danbe.protection.models import Event, Interview, Opening, Person, Sealed
from danbe.protection.open_actions import openable
from danbe.protection.vocabulary import FieldGroup
from danbekit import identification as kit

# While an interview is held, what the same post saved a moment ago is a draft, not a past.
DRAFT = datetime.timedelta(hours=1)


@action("interview.write")
def begin_interview(
    actor: Actor, person: Person, *, language: str = "", has_interpreter: bool = False
) -> Interview:
    """Begin to listen. In which language, and whether somebody interprets."""
    _not_erased(person)
    interview = Interview(
        person=person,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
        language=language,
        has_interpreter=has_interpreter,
    )
    interview.save(force_insert=True)
    return interview


@action("interview.write")
def save_answers(
    actor: Actor,
    interview: Interview,
    answers: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
    *,
    facts: Facts | None = None,
    seen: str | None = None,
    tab: str = "",
    more: bool = False,
) -> Reading:
    """Keep what one page says of its own questions, sealed; the others stay as they were.

    ``not_asked`` takes an answer back. ``seen`` is the :func:`digest_of` the part that was before
    the person's eyes: when it changed elsewhere meanwhile, nothing is kept, and the caller shows
    both. ``tab`` names the browser tab; with ``more`` it goes on saving by itself, and its next
    save never conflicts with this one.
    """
    _own(actor, interview)
    _not_erased(interview.person)
    notes = dict(notes or {})
    _known(answers, notes)
    locked = Interview.unscoped.select_for_update().get(pk=interview.pk)
    interview.finished_at = locked.finished_at
    held = _held(actor, interview)
    kept = held.merged(answers, notes, facts, tab if more else "")
    if seen is not None and not (tab and held.tab == tab):
        before, after = (
            digest_of(told.part(answers, notes, facts=facts is not None)) for told in (held, kept)
        )
        if before not in (seen, after):
            raise DomainError(
                "interview.changed", _("This page was changed elsewhere since you opened it.")
            )
    door.put(actor, interview.person, FieldGroup.STORY, KIND, kept.data, subject=interview.pk)
    _forget_draft(actor, interview)
    reading = read(interview, kept)
    state = state_of(reading) | {"finished_at": None}  # it goes on
    for name, value in state.items():
        setattr(interview, name, value)
    interview.save(update_fields=list(state))
    _looked(actor, interview.person)
    return reading


@action("interview.write")
def finish_interview(actor: Actor, interview: Interview) -> Interview:
    """End it, after one answer or after all. It may go on another day."""
    _own(actor, interview)
    if interview.finished_at is None:
        interview.finished_at = timezone.now()
        interview.save(update_fields=["finished_at"])
    return interview


@action("interview.write")
def triage_people(
    actor: Actor,
    event: Event,
    told: Mapping[Person, Mapping[str, str]],
    *,
    language: str = "",
    has_interpreter: bool = False,
) -> int:
    """A few questions to many people met together: one finished interview each, or nothing.

    It tells whom to hear first; each interview may go on.
    """
    mine = visible(actor, Person, "interview.write").filter(event=event)
    if mine.filter(pk__in=[person.pk for person in told]).count() != len(told):
        raise NotAllowed("interview.write")
    for person, answers in told.items():
        interview = begin_interview(
            actor, person, language=language, has_interpreter=has_interpreter
        )
        save_answers(actor, interview, answers)
        finish_interview(actor, interview)
    return len(told)


@action("interview.open")
def open_interview(actor: Actor, interview: Interview) -> Reading:
    """What was said, and what the method reads in it.

    Another body than the one that listened needs a ground that covers the story.
    """
    reading = read(interview, _held(actor, interview))
    _looked(actor, interview.person)
    return reading


def _held(actor: Actor, interview: Interview) -> Held:
    """The newest version that the actor may read."""
    rows = visible(actor, Sealed, "person.open").filter(
        kind=KIND, subject=interview.pk, group=FieldGroup.STORY, superseded_at=None
    )
    opened = door.read(rows)
    if not opened and interview.organisation_id != actor.organisation_id:
        raise DomainError("person.not_covered", _("No consent and no order covers this."))
    return Held.of(opened[-1].data() if opened else {})


def _forget_draft(actor: Actor, interview: Interview) -> None:
    """A page saves itself while one listens: one text is kept of that, not two hundred.

    What was there when the interview was finished, or written by another post, stays as the past.
    """
    if interview.finished_at is not None:
        return
    drafts = Sealed.unscoped.filter(
        kind=KIND,
        subject=interview.pk,
        post_id=actor.seat.post_id,
        superseded_at__isnull=False,
        at__gt=timezone.now() - DRAFT,
    )
    if interview.decisions.exists():
        latest = interview.decisions.order_by("-recorded_at")[0].recorded_at
        drafts = drafts.filter(at__gt=latest)  # what a decision rested on stays
    drafts.delete()


def _looked(actor: Actor, person: Person) -> None:
    """Say who looked: once an hour, not once a page. The trail has every opening."""
    ground = openable(actor, person).get(FieldGroup.STORY)
    told = {
        "person": person,
        "group": FieldGroup.STORY,
        "user_id": actor.user_id,
        "post_id": actor.seat.post_id,
        "organisation_id": actor.seat.organisation_id,
        "ground": ground,
    }
    since = timezone.now() - datetime.timedelta(hours=1)
    if not Opening.unscoped.filter(at__gt=since, **told).exists():
        Opening.unscoped.create(**told)


def _own(actor: Actor, interview: Interview) -> None:
    """A body that reads on a ground does not write in the other's interview."""
    if interview.organisation_id != actor.organisation_id:
        raise DomainError("interview.not_yours", _("Another body held this interview."))


def _not_erased(person: Person) -> None:
    if person.erased_at:
        raise DomainError("person.erased", _("What was recorded of this person was erased."))


def _known(answers: Mapping[str, str], notes: Mapping[str, str]) -> None:
    """Every answer is one of the five, to a question that exists; every note has its section."""
    codes = {question.code for question in kit.questions()}
    values = {answer.value for answer in kit.Answer}
    if not (set(answers) <= codes and set(answers.values()) <= values):
        raise DomainError("interview.unknown", _("This answer is not one of the interview."))
    if not set(notes) <= {section.code for section in kit.sections()}:
        raise DomainError("interview.unknown", _("This answer is not one of the interview."))
    if any(len(text) > LONGEST_NOTE for text in notes.values()):
        raise DomainError(
            "interview.long",
            _("A note holds at most %(n)d characters.") % {"n": LONGEST_NOTE},
            "note",
        )
