"""Deciding about a person: part in the facts, pathway, identification. Each version is kept."""

import datetime
from collections.abc import Collection, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.protection import door
from danbe.protection.deciding import decide_many
from danbe.protection.models import Decision, Interview, Person
from danbe.protection.vocabulary import (
    Basis,
    FieldGroup,
    Identification,
    Involvement,
    Pathway,
    Question,
)


@action("person.presume")
def presume_victim(
    actor: Actor,
    person: Person,
    *,
    reason: str,
    on: datetime.date | None = None,
    interview: Interview | None = None,
    form: str = "",
    basis: Basis = Basis.NOT_STATED,
    offences: Collection[str] = (),
) -> Decision:
    """Grounds to believe are enough: services open at once. No body's agreement is awaited."""
    if person.involvement == Involvement.UNDETERMINED:
        _decide(actor, person, Question.INVOLVEMENT, Involvement.VICTIM, reason, on)
    return _decide(
        actor,
        person,
        Question.STATUS,
        Identification.PRESUMED,
        reason,
        on,
        interview=interview,
        form=form,
        basis=basis,
        offences=offences,
    )


@action("person.identify")
def identify_victim(
    actor: Actor,
    person: Person,
    *,
    reason: str,
    on: datetime.date | None = None,
    form: str = "",
    basis: Basis = Basis.NOT_STATED,
    offences: Collection[str] = (),
) -> Decision:
    """Formal identification, by the competent post; it can be contested."""
    return _decide(
        actor,
        person,
        Question.STATUS,
        Identification.IDENTIFIED,
        reason,
        on,
        form=form,
        basis=basis,
        offences=offences,
    )


@action("person.identify")
def lift_presumption(
    actor: Actor, person: Person, *, reason: str, on: datetime.date | None = None
) -> Decision:
    """Decide, as the competent post, that the presumption is not confirmed. Never automatic."""
    if person.status == Identification.OPEN:
        raise DomainError("decision.nothing_to_lift", _("Nobody presumed anything yet."))
    return _decide(actor, person, Question.STATUS, Identification.NOT_CONFIRMED, reason, on)


@action("person.orient")
def decide_involvement(
    actor: Actor,
    person: Person,
    involvement: Involvement,
    *,
    reason: str,
    on: datetime.date | None = None,
) -> Decision:
    """Victim, possible accomplice, witness, or undetermined again: it may change over time."""
    return _decide(actor, person, Question.INVOLVEMENT, involvement, reason, on)


@action("person.orient")
def decide_pathway(
    actor: Actor,
    person: Person,
    pathway: Pathway,
    *,
    reason: str,
    on: datetime.date | None = None,
) -> Decision:
    """Which mechanism the person follows; a change does not make a second person."""
    return _decide(actor, person, Question.PATHWAY, pathway, reason, on)


@action("decision.contest")
def contest_decision(actor: Actor, decision: Decision, *, reason: str) -> Decision:
    """The person, or who speaks for them, contests: the decision must be looked at again."""
    if decision.contested_at and not decision.contest_settled_at:
        raise DomainError("decision.already_contested", _("It is already contested."))
    _said(reason)
    decision.contested_at, decision.contested_post_id = timezone.now(), actor.post_id
    decision.contest_settled_at = None
    decision.save(update_fields=["contested_at", "contested_post", "contest_settled_at"])
    door.put(actor, decision.person, FieldGroup.STORY, "contest", reason, subject=decision.pk)
    return decision


@action("person.identify")
def settle_contest(actor: Actor, person: Person, decision: Decision, *, reason: str) -> Decision:
    """Uphold a contested decision, with the reason; to change it, decide anew."""
    if decision.person_id != person.pk or not decision.contested_at:
        raise DomainError("decision.not_contested", _("Nothing is contested here."))
    if decision.post_id == actor.post_id:
        raise DomainError("decision.own", _("Somebody else looks at it again."))
    _said(reason)
    decision.contest_settled_at = timezone.now()
    decision.save(update_fields=["contest_settled_at"])
    door.put(actor, person, FieldGroup.STORY, "contest_answer", reason, subject=decision.pk)
    return decision


@action("person.orient")
def orient_people(
    actor: Actor,
    people: Sequence[Person],
    *,
    question: Question,
    value: str,
    reason: str,
    on: datetime.date | None = None,
) -> int:
    """The same decision for a whole group (bulk screening), one version a person."""
    if question == Question.STATUS:
        raise DomainError("decision.not_in_bulk", _("Identification is decided one by one."))
    mine = visible(actor, Person, "person.orient").filter(pk__in=[p.pk for p in people])
    if mine.count() != len(people):
        raise NotAllowed("person.orient")
    _said(reason)
    decide_many(actor, people, question, value, reason, _day(on))
    return len(people)


def _decide(
    actor: Actor,
    person: Person,
    question: Question,
    value: str,
    reason: str,
    on: datetime.date | None,
    *,
    interview: Interview | None = None,
    form: str = "",
    basis: Basis = Basis.NOT_STATED,
    offences: Collection[str] = (),
) -> Decision:
    _said(reason)
    day = _day(on)
    former = Decision.unscoped.filter(person=person, question=question, superseded_at=None)
    former.update(superseded_at=timezone.now(), contest_settled_at=timezone.now())
    decision: Decision = Decision.unscoped.create(
        person=person,
        question=question,
        value=value,
        on=day,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
        interview=interview,
        form=form or person.form,
        basis=basis,
        offences=" ".join(offences),
    )
    door.put(actor, person, FieldGroup.STORY, "decision", reason, subject=decision.pk)
    setattr(person, question, value)
    person.form = form or person.form
    if basis != Basis.NOT_STATED:
        person.basis = basis
    person.save(update_fields=[question, "form", "basis"])
    return decision


def _said(reason: str) -> None:
    if not reason.strip():
        raise DomainError("decision.reason", _("Say why, in a few words."), "reason")


def _day(on: datetime.date | None) -> datetime.date:
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise DomainError("decision.future", _("This day has not come yet."), "on")
    return day
