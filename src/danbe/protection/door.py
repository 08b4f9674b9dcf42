"""The one door to what is sealed about people. Nothing else in protection touches a key.

Writing goes through :func:`put` inside an action; reading goes through the action
``open_groups``, which records who opened what, and on which ground.
"""

import base64
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.utils import timezone

from danbe.core import sealing
from danbe.core.access import Actor
from danbe.core.errors import SealBroken
from danbe.protection.models import DataKey, Event, Person, Sealed
from danbe.protection.vocabulary import FieldGroup


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is, as far as they said. ``birth`` is 1998, 1998-04 or 1998-04-23."""

    family_name: str = ""
    given_names: str = ""
    aliases: str = ""
    birth: str = ""
    birth_place: str = ""
    father: str = ""
    mother: str = ""
    papers: str = ""

    @property
    def name(self) -> str:
        """As it is shown: given names, family name."""
        return f"{self.given_names} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person can be reached, and how without danger."""

    phone: str = ""
    village: str = ""
    address: str = ""
    trusted_person: str = ""
    safe_hours: str = ""
    words: str = ""  # what may be said, and what never


@dataclass(frozen=True, slots=True)
class Opened:
    """What one sealed row said, once opened. ``text`` is ``None`` where its key was destroyed."""

    row: Sealed
    text: str | None

    def data(self) -> dict[str, Any]:
        """The text as the JSON object that was put; empty once erased."""
        return json.loads(self.text) if self.text else {}


@dataclass(frozen=True, slots=True)
class File:
    """What an actor opened of one person, by field group."""

    groups: tuple[FieldGroup, ...]
    rows: tuple[Opened, ...] = field(default=())

    def of(self, kind: str, subject: uuid.UUID | None = None) -> list[Opened]:
        """The rows of one kind (and of one subject), oldest first, corrections applied."""
        return [
            opened
            for opened in self.rows
            if opened.row.kind == kind
            and opened.row.superseded_at is None
            and (subject is None or opened.row.subject == subject)
        ]

    def text(self, kind: str, subject: uuid.UUID | None = None) -> str:
        """The newest text of one kind; empty where there is none."""
        found = self.of(kind, subject)
        return (found[-1].text or "") if found else ""

    @property
    def identity(self) -> Identity:
        """The newest identity; empty where it was not opened."""
        return Identity(**_known(Identity, self.of("identity")))

    @property
    def contact(self) -> Contact:
        """The newest contact; empty where it was not opened."""
        return Contact(**_known(Contact, self.of("contact")))

    @property
    def photo(self) -> bytes:
        """The photograph; empty where there is none, or it was not opened."""
        return base64.b64decode(self.text("photo"))


def put(
    actor: Actor,
    person: Person,
    group: FieldGroup,
    kind: str,
    value: str | Identity | Contact | Mapping[str, Any],
    *,
    subject: uuid.UUID | None = None,
) -> Sealed:
    """Seal ``value`` under the person's key of ``group``; the former one of the kind is past."""
    former = Sealed.unscoped.filter(
        person=person,
        group=group,
        kind=kind,
        subject=subject,
        organisation_id=actor.seat.organisation_id,
        superseded_at=None,
    )
    former.update(superseded_at=timezone.now())
    row = sealed_row(actor, person, key_of(person, group), kind, value, subject=subject)
    row.save(force_insert=True)
    return row


def sealed_row(
    actor: Actor,
    person: Person,
    key: DataKey,
    kind: str,
    value: str | Identity | Contact | Mapping[str, Any],
    *,
    subject: uuid.UUID | None = None,
) -> Sealed:
    """The row of :func:`put`, not saved: for many people at once."""
    if isinstance(value, str):
        text = value
    else:
        plain = asdict(value) if isinstance(value, Identity | Contact) else dict(value)
        text = json.dumps(plain, ensure_ascii=False)
    row = Sealed(
        person=person,
        group=key.group,
        kind=kind,
        subject=subject,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
    )
    row.content = sealing.seal(
        bytes(key.wrapped), text.encode(), owner=owner_of(key), what=f"{kind}:{row.pk}"
    )
    return row


def save_many(keys: list[DataKey], rows: list[Sealed]) -> None:
    """Insert what :func:`new_data_key` and :func:`sealed_row` made."""
    DataKey.objects.bulk_create(keys, batch_size=200)
    Sealed.unscoped.bulk_create(rows, batch_size=200)


def new_data_key(person: Person, group: FieldGroup) -> DataKey:
    """A key, not saved."""
    key = DataKey(person=person, group=group)
    key.wrapped = sealing.new_key(owner_of(key))
    return key


def key_of(person: Person, group: FieldGroup) -> DataKey:
    """The key of ``group``, made at first use. Raises :class:`SealBroken` after an erasure."""
    key = DataKey.objects.filter(person=person, group=group).first()
    if key is None:
        key = new_data_key(person, group)
        key.save()
    if key.destroyed_at:
        raise SealBroken("erased")
    return key


def read(rows: Iterable[Sealed]) -> tuple[Opened, ...]:
    """Open rows that access already let through. Called by actions only."""
    rows = list(rows)
    people = {row.person_id for row in rows}
    keys = {(k.person_id, k.group): k for k in DataKey.objects.filter(person__in=people)}
    return tuple(Opened(row, _text(row, keys.get((row.person_id, row.group)))) for row in rows)


def _text(row: Sealed, key: DataKey | None) -> str | None:
    if key is None or key.destroyed_at:
        return None
    plain = sealing.unseal(
        bytes(key.wrapped), bytes(row.content), owner=owner_of(key), what=f"{row.kind}:{row.pk}"
    )
    return plain.decode()


def destroy_keys(person: Person) -> int:
    """Make everything sealed about ``person`` unreadable for ever, everywhere. Keys destroyed."""
    return DataKey.objects.filter(person=person, destroyed_at=None).update(
        wrapped=b"", destroyed_at=timezone.now()
    )


def forget(person: Person, group: FieldGroup) -> None:
    """Destroy one group of a person whole, its key included, with what was sealed before."""
    Sealed.unscoped.filter(person=person, group=group).delete()
    DataKey.objects.filter(person=person, group=group).delete()


def put_narrative(event: Event, text: str) -> None:
    """Seal the account of an event on the row itself, under a key of its own."""
    owner = owner_of_event(event)
    if not event.wrapped_key:
        event.wrapped_key = sealing.new_key(owner)
    wrapped = bytes(event.wrapped_key)
    event.narrative = sealing.seal(wrapped, text.encode(), owner=owner, what="narrative")


def read_narrative(event: Event) -> str:
    """The account of an event; empty where there is none. Called by actions only."""
    if not event.wrapped_key or not event.narrative:
        return ""
    wrapped, sealed = bytes(event.wrapped_key), bytes(event.narrative)
    return sealing.unseal(wrapped, sealed, owner=owner_of_event(event), what="narrative").decode()


def owner_of(key: DataKey) -> str:
    """Whose data key it is: authenticated with it."""
    return f"person:{key.person_id}:{key.group}"


def owner_of_event(event: Event) -> str:
    """The same, of the key of an event."""
    return f"event:{event.pk}"


def _known(model: type[Any], found: list[Opened]) -> dict[str, Any]:
    """The newest of ``found`` as arguments of ``model``; a field of later years is left out."""
    data = found[-1].data() if found else {}
    return {f.name: data[f.name] for f in fields(model) if f.name in data}
