"""The same decision written for many people: a few statements, not thousands."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from danbe.core.access import Actor
from danbe.core.errors import SealBroken
from danbe.protection import door
from danbe.protection.models import DataKey, Decision, Person, Sealed
from danbe.protection.vocabulary import FieldGroup, Question

BATCH = 400  # rows named in one statement


def decide_many(
    actor: Actor,
    people: Sequence[Person],
    question: Question,
    value: str,
    reason: str,
    on: datetime.date | None = None,
) -> list[Decision]:
    """One decision a person, each with its sealed reason. Called by actions only."""
    now, ids = timezone.now(), [person.pk for person in people]
    for some in batches(ids):
        former = Decision.unscoped.filter(person__in=some, question=question, superseded_at=None)
        former.filter(contested_at__isnull=False, contest_settled_at=None).update(
            contest_settled_at=now
        )
        former.update(superseded_at=now)
    decisions = [
        Decision(
            person=person,
            question=question,
            value=value,
            on=on or timezone.localdate(),
            organisation_id=actor.seat.organisation_id,
            post_id=actor.seat.post_id,
            form=person.form,
        )
        for person in people
    ]
    Decision.unscoped.bulk_create(decisions, batch_size=BATCH)
    seal_many(
        actor,
        FieldGroup.STORY,
        "decision",
        [(person, reason, decision) for person, decision in zip(people, decisions, strict=True)],
    )
    for some in batches(ids):
        Person.unscoped.filter(pk__in=some).update(**{question: value})
    for person in people:
        setattr(person, question, value)
    return decisions


def seal_many(
    actor: Actor,
    group: FieldGroup,
    kind: str,
    told: Sequence[tuple[Person, str | dict[str, str], Any]],
) -> None:
    """Seal one text a person, each about a row of its own."""
    ids = [person.pk for person, _text, _row in told]
    keys: dict[object, DataKey] = {}
    for some in batches(ids):
        keys |= {k.person_id: k for k in DataKey.objects.filter(person__in=some, group=group)}
    if any(key.destroyed_at for key in keys.values()):
        raise SealBroken("erased")
    fresh: list[DataKey] = []
    rows: list[Sealed] = []
    for person, text, row in told:
        if person.pk not in keys:
            keys[person.pk] = door.new_data_key(person, group)
            fresh.append(keys[person.pk])
        rows.append(door.sealed_row(actor, person, keys[person.pk], kind, text, subject=row.pk))
    door.save_many(fresh, rows)


def batches(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """``ids`` in lists short enough for one statement."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
