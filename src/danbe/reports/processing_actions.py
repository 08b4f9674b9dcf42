"""What the Committee fills in of the register of processing: what no table can say."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.models import Setting

EARLIEST = datetime.date(2013, 5, 21)  # the day of law 2013-015: no act is older


@action("processing.write")
def save_answers(
    actor: Actor,
    *,
    controller: str = "",
    contact: str = "",
    act_number: str = "",
    act_on: datetime.date | None = None,
) -> None:
    """Who answers, where people write, the authority's act; empty is shown as missing."""
    if act_on and not EARLIEST <= act_on <= timezone.localdate():
        raise DomainError("processing.act_on", _("Write the day of the act."), "act_on")
    told = {
        "processing.controller": controller.strip(),
        "processing.contact": contact.strip(),
        "processing.act_number": act_number.strip(),
        "processing.act_on": act_on.isoformat() if act_on else "",
    }
    for key, value in told.items():
        Setting.objects.update_or_create(key=key, defaults={"value": value})
