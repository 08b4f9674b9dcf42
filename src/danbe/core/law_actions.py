"""What a lawyer says of the table of offences."""

from django.utils import timezone

from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.models import Offence


@action("offence.confirm")
def confirm_offence(actor: Actor, offence: Offence) -> Offence:
    """A lawyer read the official text: number, wording, dates and penalty are right."""
    offence.confirmed_at, offence.confirmed_by_post = timezone.now(), actor.post_id
    offence.save(update_fields=["confirmed_at", "confirmed_by_post"])
    return offence


@action("offence.confirm")
def withdraw_confirmation(actor: Actor, offence: Offence) -> Offence:
    """The confirmation was a mistake: the article is shown as unconfirmed again."""
    offence.confirmed_at, offence.confirmed_by_post = None, None
    offence.save(update_fields=["confirmed_at", "confirmed_by_post"])
    return offence
