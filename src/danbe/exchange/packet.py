"""The packet of a referral to a body without an account: on paper, or in an encrypted file.

Making one is an act: the groups it holds are opened, hence audited and shown to the person. The
file is encrypted with a code that is shown once, told by telephone and kept nowhere. Its name is
the number of the referral and says nothing.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
import typst
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from danbe.accounts.queries import body
from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.exchange.opened_file import Section, country_label, sections_of
from danbe.protection.door import File
from danbe.protection.ledger import spoken
from danbe.protection.models import Referral
from danbe.protection.numbers import ALPHABET
from danbe.protection.open_actions import open_groups
from danbe.protection.referrals import require_passing, service_label
from danbe.protection.vocabulary import FieldGroup, ReferralRoute, ReferralStatus
from danbe.reports.pdf import fonts
from danbekit.dates import format_date

HERE = Path(__file__).parent
CODE_PARTS, CODE_LENGTH = 3, 4  # 12 signs of 32: 60 bits, and age stretches them


@dataclass(frozen=True, slots=True)
class Packet:
    """What is handed over."""

    name: str  # of the file, without its ending: a number that says nothing
    pdf: bytes


def new_code() -> str:
    """A code to be told by telephone: three groups of four signs, none misread for another."""
    parts = (
        "".join(secrets.choice(ALPHABET) for _sign in range(CODE_LENGTH))
        for _part in range(CODE_PARTS)
    )
    return "-".join(parts)


def is_code(text: str) -> bool:
    """Whether ``text`` is a code as :func:`new_code` makes them."""
    parts = text.split("-")
    return len(parts) == CODE_PARTS and all(
        len(part) == CODE_LENGTH and set(part) <= set(ALPHABET) for part in parts
    )


@action("packet.make")
def make_packet(actor: Actor, referral: Referral, *, return_address: str = "") -> Packet:
    """Open what the referral covers and set it on A4, with the slip that confirms receipt."""
    if referral.organisation_id != actor.organisation_id:
        raise DomainError("packet.not_yours", _("The body that refers makes the packet."))
    if referral.route == ReferralRoute.BODY:
        raise DomainError("packet.in_danbe", _("This body reads the referral in Danbe."))
    if referral.status not in (ReferralStatus.SENT, ReferralStatus.ACCEPTED):
        raise DomainError("packet.ended", _("This referral has ended: nothing is handed over."))
    if not referral.ground.is_live():
        text = _("The consent has ended: nothing is handed over.")
        raise DomainError("packet.ground_ended", text)
    require_passing(referral)
    groups = [FieldGroup(code) for code in referral.groups.split()]
    opened = open_groups(actor, referral.person, [*groups, FieldGroup.INTERNAL])
    told = _Told(referral, groups, opened, return_address.strip()).packet()
    return Packet(referral.number, write_pdf(told))


def encrypt(packet: Packet, code: str) -> bytes:
    """The packet as an age file, opened with ``code`` alone."""
    if not is_code(code):
        raise DomainError("packet.code", _("Make the packet again: its code is not valid."))
    made: bytes = pyrage.passphrase.encrypt(packet.pdf, code)
    return made


def write_pdf(told: dict[str, Any]) -> bytes:
    """Set the packet; what it says is data, never run as code."""
    compiler = typst.Compiler(
        str(HERE / "typst" / "packet.typ"),
        root=str(HERE / "typst"),
        font_paths=fonts(),
        sys_inputs={"packet": json.dumps(told, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    assert isinstance(made, bytes)  # one file, since no output path was given
    return made


class _Told:
    """A referral in words."""

    def __init__(
        self, referral: Referral, groups: list[FieldGroup], opened: File, return_address: str
    ) -> None:
        self.referral, self.groups, self.opened = referral, groups, opened
        self.return_address = return_address or referral.organisation.label
        rows = opened.of("recipient", referral.pk)
        self.recipient = rows[-1].data() if rows else {}

    def packet(self) -> dict[str, Any]:
        """All that the template sets."""
        referral, name = self.referral, str(self.recipient.get("name", ""))
        number = {"number": referral.number}
        until = {"name": name, "day": _day(referral.ground.end)}
        return {
            "lang": (get_language() or "fr")[:2],
            "title": _("Referral %(number)s") % number,
            "sender": referral.organisation.label,
            "body": body().name,
            "demo": _("Demonstration: fictitious people and figures") if settings.DEMO else "",
            "confidential": _("Confidential. For the persons who take care of this person."),
            "who_may_read": _(
                "May be read by %(name)s only, for the service named below, until %(day)s. Do "
                "not copy it and do not pass it on. Destroy it after that day, or at once when "
                "you are told that the person has changed their mind."
            )
            % until,
            "facts": self.facts(name),
            "sections": [_section(one) for one in self.sections()],
            "nothing": _("Nothing was written."),
            "foot": _("%(number)s. Return to: %(address)s")
            % (number | {"address": self.return_address}),
            "slip": {
                "title": _("Receipt, to be sent back"),
                "text": _("Referral %(number)s. Return to: %(address)s")
                % (number | {"address": self.return_address}),
                "lines": [
                    _("Received on"),
                    _("By (name and function)"),
                    _("We can receive the person: yes / no, because"),
                    _("Signature"),
                ],
            },
        }

    def sections(self) -> list[Section]:
        """The field groups that the referral shows."""
        referral = self.referral
        return sections_of(referral.person, self.opened, self.groups, referral=referral.pk)

    def facts(self, name: str) -> list[list[str]]:
        """Who, to whom, why, on what ground."""
        referral = self.referral
        ground = referral.ground
        rows = [
            [pgettext("packet", "From"), f"{referral.organisation.label}, {referral.post.title}"],
            [pgettext("packet", "To"), name],
            [_("How to reach them"), str(self.recipient.get("reached", ""))],
            [_("Way"), str(referral.get_route_display())],
            [_("Country"), country_label(referral.country)],
            [_("Service asked"), service_label(referral.service)],
            [_("Purpose"), str(ground.get_purpose_display())],
            [
                _("Ground"),
                _("%(kind)s of %(day)s, until %(until)s")
                % {
                    "kind": ground.get_kind_display(),
                    "day": _day(ground.start),
                    "until": _day(ground.end),
                },
            ],
            [
                _("What is passed on"),
                spoken(group for group in FieldGroup if group in self.groups),
            ],
            [_("Urgent"), _("Yes: an answer is expected within 24 hours")]
            if referral.is_urgent
            else ["", ""],
            [_("Made on"), _day(timezone.now())],
        ]
        return [row for row in rows if row[1]]


def _section(one: Section) -> dict[str, Any]:
    """One field group, as the template sets it."""
    lines = [list(line) for line in one.lines]
    return {"title": str(one.group.label), "rows": lines, "texts": list(one.texts)}


def _day(at: Any) -> str:
    return format_date(timezone.localdate(at), get_language() or "fr")
