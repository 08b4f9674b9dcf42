"""The directory of trainers, who agreed to be in it, and the desks of bodies."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, Reach, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import Term
from danbe.partnership.models import Contact, Trainer
from danbe.partnership.money import check_day
from danbekit.names import fold

PHONE = re.compile(r"[+\d][\d\s./()-]{3,38}")
TRAINER = "name function themes languages region phone email consent_on".split()
CONTACT = "function purpose phone email hours region folded".split()


def _check_body(actor: Actor, verb: str, body: Organisation) -> None:
    if actor.reach(verb) is not Reach.NATION and body.pk != actor.organisation_id:
        raise NotAllowed(verb)


def _check_version(kept: Trainer | Contact, version: int) -> None:
    if version != kept.version:
        text = _("Somebody changed this in the meantime: open it again, then record.")
        raise DomainError("row.changed", text)


# --- Trainers -------------------------------------------------------------------------------


@action("trainer.write")
def add_trainer(actor: Actor, organisation: Organisation, trainer: Trainer) -> Trainer:
    """List a trainer who agreed to be."""
    _check_body(actor, "trainer.write", organisation)
    trainer.organisation = organisation
    _check_trainer(trainer)
    trainer.save(force_insert=True)
    return trainer


@action("trainer.write")
def change_trainer(actor: Actor, trainer: Trainer, *, version: int) -> Trainer:
    """Correct what is said of a trainer."""
    kept = visible(actor, Trainer, "trainer.write").select_for_update().get(pk=trainer.pk)
    _check_version(kept, version)
    trainer.organisation_id = kept.organisation_id
    _check_trainer(trainer)
    trainer.version = kept.version + 1
    trainer.save(update_fields=[*TRAINER, "version", "changed_at"])
    return trainer


@action("trainer.write")
def remove_trainer(actor: Actor, trainer: Trainer) -> None:
    """Erase a trainer: the person took the agreement back, or left. Nothing of it stays."""
    visible(actor, Trainer, "trainer.write").filter(pk=trainer.pk).delete()


def _check_trainer(trainer: Trainer) -> None:
    """Raise :class:`DomainError` at the first field that is wrong."""
    check_day(trainer.consent_on, "consent_on")
    known = set(Term.objects.filter(list="language").values_list("code", flat=True))
    if set(trainer.languages.split()) - known:
        raise DomainError("trainer.languages", _("Choose languages of the list."), "languages")
    _check_fields(trainer)


# --- Desks ----------------------------------------------------------------------------------


@action("contact.write")
def add_contact(actor: Actor, organisation: Organisation, contact: Contact) -> Contact:
    """Add a desk of a body."""
    _check_body(actor, "contact.write", organisation)
    contact.organisation = organisation
    _check_contact(contact)
    contact.save(force_insert=True)
    return contact


@action("contact.write")
def change_contact(actor: Actor, contact: Contact, *, version: int) -> Contact:
    """Correct a desk."""
    kept = visible(actor, Contact, "contact.write").select_for_update().get(pk=contact.pk)
    _check_version(kept, version)
    contact.organisation_id = kept.organisation_id
    _check_contact(contact)
    contact.version = kept.version + 1
    contact.save(update_fields=[*CONTACT, "version", "changed_at"])
    return contact


@action("contact.write")
def remove_contact(actor: Actor, contact: Contact) -> None:
    """Take out a desk that answers no more."""
    visible(actor, Contact, "contact.write").filter(pk=contact.pk).delete()


def _check_contact(contact: Contact) -> None:
    if not contact.phone and not contact.email:
        text = _("Give a telephone or a mail address of the office.")
        raise DomainError("contact.unreachable", text, "phone")
    body = Organisation.objects.get(pk=contact.organisation_id)
    said = (contact.function, contact.purpose, body.code, body.label_fr, body.label_en)
    contact.folded = fold(" ".join(said))[:800]
    _check_fields(contact)


def _check_fields(row: Trainer | Contact) -> None:
    if row.phone and not PHONE.fullmatch(row.phone):
        text = _("Write the number of an office: digits, spaces, a + in front.")
        raise DomainError("phone.wrong", text, "phone")
    try:
        row.clean_fields(exclude={"organisation", "region"})
    except ValidationError as error:
        name, said = next(iter(error.message_dict.items()))
        raise DomainError(f"contact.{name}", said[0], name) from error
