"""A photograph of a person: never asked for, sealed under a key of its own, gone at their wish."""

import base64

from django.utils.translation import gettext as _

from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.protection import door
from danbe.protection.models import Person
from danbe.protection.vocabulary import FieldGroup

KIND = "photo"


@action("person.write")
def keep_photo(actor: Actor, person: Person, data: bytes) -> Person:
    """Seal a photograph; the former one is destroyed: nobody needs two."""
    _own(actor, person)
    door.forget(person, FieldGroup.PHOTO)
    door.put(actor, person, FieldGroup.PHOTO, KIND, base64.b64encode(data).decode())
    return person


@action("person.write")
def remove_photo(actor: Actor, person: Person) -> Person:
    """Destroy the photograph and its key, at once: it takes no reason."""
    _own(actor, person)
    door.forget(person, FieldGroup.PHOTO)
    return person


def _own(actor: Actor, person: Person) -> None:
    if person.organisation_id != actor.organisation_id:
        raise DomainError("person.not_yours", _("This record belongs to another body."))
    if person.erased_at is not None:
        raise DomainError("person.erased", _("This record was erased."))
