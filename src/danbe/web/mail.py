"""The lines of an inbox in words. A message keeps what happened; the text is made here."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from danbe.accounts.models import Message, Organisation
from danbe.web.windows import spoken
from danbekit.dates import Window, format_date

TEXTS: Mapping[str, Promise] = {
    "return.submitted": gettext_lazy("%(organisation)s submitted its return: %(window)s."),
    "return.queried": gettext_lazy("The secretariat has a question on your return: %(window)s."),
    "return.accepted": gettext_lazy("Your return is accepted: %(window)s."),
    "erasure.announced": gettext_lazy(
        "The record %(number)s will be erased in thirty days. You may hold it back."
    ),
    "erasure.stopped": gettext_lazy("The erasure of the record %(number)s was held back."),
    "erasure.done": gettext_lazy("The record %(number)s was erased: see the certificate."),
    "link.found": gettext_lazy("Records of your body may be persons known elsewhere: look."),
    "link.decided": gettext_lazy(
        "A decision was taken on the pair of your record %(number)s: see it, or undo it."
    ),
    "meeting.convoked": gettext_lazy("Your body is called to the meeting %(number)s, %(day)s."),
    "decision.owned": gettext_lazy("Your body must carry out the decision %(number)s."),
    "decision.late": gettext_lazy("The deadline of the decision %(number)s has passed."),
    "term.ending": gettext_lazy("The term of %(organisation)s ends on %(day)s: renew it."),
    "decision.claimed": gettext_lazy(
        "%(organisation)s says that the decision %(number)s is carried out: confirm or refuse."
    ),
    "decision.confirmed": gettext_lazy("The decision %(number)s is confirmed as carried out."),
    "decision.refused": gettext_lazy(
        "What you said of the decision %(number)s was not confirmed: see why."
    ),
    "return.owed": gettext_lazy("A return is expected from you: %(window)s."),
    "glass.broken": gettext_lazy(
        "%(organisation)s opened the record %(number)s in an emergency. Review it within 72 hours."
    ),
    "emergency.shared": gettext_lazy(
        "The record %(number)s was shared in a vital emergency. Review it within 72 hours."
    ),
    "ground.shared": gettext_lazy("%(organisation)s lets you read the record %(number)s."),
    "ground.justified": gettext_lazy("Your emergency access to %(number)s was found justified."),
    "ground.unjustified": gettext_lazy(
        "Your emergency access to %(number)s was found unjustified. It has ended."
    ),
    "consent.withdrawn": gettext_lazy(
        "Consent was withdrawn for %(number)s. Your access has ended: confirm it."
    ),
    "consent.acknowledged": gettext_lazy(
        "%(organisation)s confirmed the withdrawal for %(number)s."
    ),
    "referral.sent": gettext_lazy("%(organisation)s refers a person to you: %(number)s."),
    "referral.urgent": gettext_lazy(
        "Urgent: %(organisation)s refers a person to you, %(number)s. Answer within 24 hours."
    ),
    "referral.accepted": gettext_lazy("%(organisation)s accepted your referral %(number)s."),
    "referral.declined": gettext_lazy("%(organisation)s declined your referral %(number)s."),
    "referral.done": gettext_lazy("The service of your referral %(number)s was given."),
    "referral.revoked": gettext_lazy("%(organisation)s took back its referral %(number)s."),
    "contribution.new": gettext_lazy("Contributions to a draft wait to be moderated."),
    "contribution.published": gettext_lazy("Your contribution %(number)s is published."),
    "contribution.held": gettext_lazy("Your contribution %(number)s is held back: see why."),
    "contribution.removed": gettext_lazy("Your contribution %(number)s was removed: see why."),
    "contribution.answered": gettext_lazy(
        "Your contribution %(number)s is answered: see what became of it, and why."
    ),
    "review.overdue": gettext_lazy(
        "The emergency access to %(number)s was not reviewed within 72 hours."
    ),
    "agreement.ending": gettext_lazy(
        "The agreement with %(organisation)s ends: nothing passes any more from %(day)s."
    ),
    "agreement.closed": gettext_lazy(
        "The agreement with %(organisation)s has ended: since %(day)s, nothing passes any more."
    ),
    "referral.overdue": gettext_lazy("The referral %(number)s has waited too long for an answer."),
    "donation.sent": gettext_lazy("Goods are on their way to you: %(number)s. Confirm them."),
    "donation.received": gettext_lazy("The goods of your donation %(number)s arrived: see them."),
}
ICONS = {
    "return.submitted": "file",
    "return.queried": "question",
    "return.accepted": "check",
    "meeting.convoked": "calendar",
    "decision.owned": "flag",
    "decision.claimed": "question",
    "decision.late": "clock",
    "term.ending": "clock",
    "decision.confirmed": "check",
    "decision.refused": "alert",
    "return.owed": "bell",
    "glass.broken": "alert",
    "emergency.shared": "alert",
    "ground.shared": "unlock",
    "ground.justified": "check",
    "ground.unjustified": "alert",
    "consent.withdrawn": "lock",
    "consent.acknowledged": "check",
    "referral.sent": "send",
    "referral.urgent": "alert",
    "referral.accepted": "check",
    "referral.declined": "cross",
    "referral.done": "check",
    "referral.revoked": "back",
    "contribution.new": "edit",
    "contribution.published": "eye",
    "contribution.held": "lock",
    "contribution.removed": "cross",
    "contribution.answered": "send",
    "review.overdue": "clock",
    "referral.overdue": "clock",
    "donation.sent": "send",
    "donation.received": "check",
    "agreement.ending": "clock",
    "agreement.closed": "lock",
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
        "day": _day(row.params.get("day", "")),
        "number": row.params.get("number", ""),
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


def _day(text: str) -> str:
    day = datetime.date.fromisoformat(text) if text else None
    return format_date(day, get_language() or "fr") if day else ""


def _window(row: Message) -> str:
    start, end = row.params.get("start"), row.params.get("end")
    if not (start and end):
        return ""
    return spoken(Window(datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)))
