"""The lines of an inbox in words. A message keeps what happened; the text is made here."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Message, Organisation
from danbe.web.windows import spoken
from danbekit.dates import Window

TEXTS: Mapping[str, Promise] = {
    "return.submitted": gettext_lazy("%(organisation)s submitted its return: %(window)s."),
    "return.queried": gettext_lazy("The secretariat has a question on your return: %(window)s."),
    "return.accepted": gettext_lazy("Your return is accepted: %(window)s."),
    "return.owed": gettext_lazy("A return is expected from you: %(window)s."),
}
ICONS = {
    "return.submitted": "file",
    "return.queried": "question",
    "return.accepted": "check",
    "return.owed": "bell",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it is read."""

    pk: int
    text: str
    icon: str
    at: datetime.datetime
    is_read: bool
    due: datetime.date | None


def letters(rows: Iterable[Message]) -> list[Letter]:
    """The messages in words; one look-up for the names of all their bodies."""
    kept = list(rows)
    asked = {row.params["organisation"] for row in kept if row.params.get("organisation")}
    names = {str(o.pk): o.label for o in Organisation.objects.filter(pk__in=asked)}
    return [_letter(row, names) for row in kept]


def _letter(row: Message, names: Mapping[str, str]) -> Letter:
    told = {
        "organisation": names.get(row.params.get("organisation", ""), _("An organisation")),
        "window": _window(row),
    }
    text = TEXTS.get(row.kind)
    return Letter(
        row.pk,
        text % told if text else row.kind,
        ICONS.get(row.kind, "mail"),
        row.created_at,
        row.read_at is not None,
        datetime.date.fromisoformat(row.params["due"]) if row.params.get("due") else None,
    )


def _window(row: Message) -> str:
    start, end = row.params.get("start"), row.params.get("end")
    if not (start and end):
        return ""
    return spoken(Window(datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)))
