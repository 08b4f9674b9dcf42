"""Opening what is sealed: by POST, audited, and kept for whoever asks who looked."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.protection import door
from danbe.protection.models import Event, Ground, Opening, Person, Sealed
from danbe.protection.models.grounds import live, open_groups_of, to_actor
from danbe.protection.vocabulary import FieldGroup


@action("person.open")
def open_groups(actor: Actor, person: Person, groups: Collection[FieldGroup]) -> door.File:
    """What the actor may read of ``groups``: what their body wrote, and what a ground covers.

    A group that nothing opens is left out, without a word on whether anything is in it.
    """
    allowed = openable(actor, person)
    asked = tuple(group for group in FieldGroup if group in groups and group in allowed)
    if groups and not asked:
        raise DomainError("person.not_covered", _("No consent and no order covers this."))
    rows = visible(actor, Sealed, "person.open").filter(person=person, group__in=asked)
    opened = door.read(rows)
    Opening.unscoped.bulk_create(
        Opening(
            person=person,
            group=group,
            user_id=actor.user_id,
            post_id=actor.seat.post_id,
            organisation_id=actor.seat.organisation_id,
            ground=allowed[group],
        )
        for group in asked
    )
    return door.File(asked, opened)


@action("event.open")
def open_narrative(actor: Actor, event: Event) -> str:
    """The account of an event."""
    return door.read_narrative(event)


def openable(actor: Actor, person: Person) -> dict[FieldGroup, Ground | None]:
    """The groups of ``person`` that ``actor`` may open, each with its ground.

    The body that registered the person opens what it wrote on no other ground: ``None``.
    """
    if person.organisation_id == actor.organisation_id:
        return dict.fromkeys(FieldGroup)
    found: dict[FieldGroup, Ground | None] = {}
    reaching = Ground.unscoped.filter(live() & to_actor(actor), person=person)
    for ground, groups in open_groups_of(reaching):
        for group in groups:
            found.setdefault(group, ground)
    written = Sealed.unscoped.filter(person=person, organisation_id=actor.seat.organisation_id)
    for code in written.order_by().values_list("group", flat=True).distinct():
        found.setdefault(FieldGroup(code), None)
    return found
