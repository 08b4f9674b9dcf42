"""Agreements: drafted, signed, ended by the secretariat. Access obeys from the day said."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.field_groups import SHAREABLE, FieldGroup, delimited
from danbe.core.models import Setting
from danbe.partnership.models import Agreement, AgreementKind, AgreementStatus, Flow, Party
from danbe.partnership.models.agreements import ALLOWED
from danbe.partnership.sharing import REQUIRES, YES

EARLIEST = datetime.date(1991, 1, 1)
LATEST = datetime.date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is typed of an agreement; ``until`` is the last day, ``None`` without a term."""

    kind: AgreementKind
    title: str
    start: datetime.date
    until: datetime.date | None = None
    reference: str = ""
    kept_at: str = ""
    act_number: str = ""
    act_on: datetime.date | None = None
    is_fictitious: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """What is typed of a flow; the days are empty where they are those of the agreement."""

    sender: Organisation
    recipient: Organisation
    groups: Collection[FieldGroup]
    purpose: str
    first: datetime.date | None = None
    last: datetime.date | None = None


@action("agreement.write")
def draft_agreement(actor: Actor, terms: Terms, *, parties: Collection[Organisation]) -> Agreement:
    """Begin an agreement. Nothing obeys a draft."""
    _check(terms)
    agreement = Agreement(post_id=actor.seat.post_id)
    _write(agreement, terms)
    agreement.save(force_insert=True)
    _set_parties(agreement, parties)
    return agreement


@action("agreement.write")
def change_agreement(
    actor: Actor,
    agreement: Agreement,
    terms: Terms,
    *,
    parties: Collection[Organisation],
    version: int,
) -> Agreement:
    """Change a draft; refused if somebody changed it since ``version``."""
    kept = _locked(actor, agreement, "agreement.write")
    _is_draft(kept)
    if version != kept.version:
        text = _("Somebody changed this agreement in the meantime: open it again, then record.")
        raise DomainError("agreement.changed", text)
    _check(terms)
    _write(kept, terms)
    kept.version += 1
    kept.save()
    _set_parties(kept, parties)
    return kept


@action("agreement.write")
def add_flow(actor: Actor, agreement: Agreement, way: Way) -> Flow:
    """Say what one party may let another read. The profile goes with any flow."""
    kept = _locked(actor, agreement, "agreement.write")
    _is_draft(kept)
    parties = set(kept.parties.values_list("organisation_id", flat=True))
    if way.sender.pk not in parties:
        raise DomainError("flow.party", _("Choose a party of the agreement."), "sender")
    if way.recipient.pk not in parties:
        raise DomainError("flow.party", _("Choose a party of the agreement."), "recipient")
    if way.sender.pk == way.recipient.pk:
        raise DomainError("flow.self", _("Choose two bodies that differ."), "recipient")
    if not way.groups or not set(way.groups) <= set(SHAREABLE):
        raise DomainError("flow.groups", _("Choose what may pass."), "groups")
    if not way.purpose.strip():
        raise DomainError("flow.purpose", _("Say what it is for."), "purpose")
    _within(kept, way)
    flow: Flow = Flow.unscoped.create(
        agreement=kept,
        sender=way.sender,
        recipient=way.recipient,
        groups=delimited([*way.groups, FieldGroup.PROFILE]),
        purpose=way.purpose.strip(),
        first=way.first,
        last=way.last,
    )
    _touch(kept)
    return flow


@action("agreement.write")
def remove_flow(actor: Actor, agreement: Agreement, pk: int) -> None:
    """Take a flow out of a draft."""
    kept = _locked(actor, agreement, "agreement.write")
    _is_draft(kept)
    Flow.unscoped.filter(agreement=kept, pk=pk).delete()
    _touch(kept)


@action("agreement.sign")
def sign_agreement(actor: Actor, agreement: Agreement, *, signed_on: datetime.date) -> Agreement:
    """Record that it was signed: from its first day, its flows are what passes, and no more."""
    kept = _locked(actor, agreement, "agreement.sign")
    _move(kept, AgreementStatus.SIGNED)
    if not EARLIEST <= signed_on <= timezone.localdate():
        raise DomainError("agreement.signed_on", _("Write the day of the signature."), "signed_on")
    kept.signed_on = signed_on
    kept.version += 1
    kept.save()
    for flow in Flow.unscoped.filter(agreement=kept):
        flow.opens_on = flow.first or kept.start
        last = flow.last or kept.until
        flow.closed_from = last + datetime.timedelta(days=1) if last else None
        flow.save(update_fields=["opens_on", "closed_from"])
    return kept


@action("agreement.end")
def end_agreement(
    actor: Actor, agreement: Agreement, *, on: datetime.date, reason: str
) -> Agreement:
    """End it before its term: its flows are closed from ``on``, that day included."""
    kept = _locked(actor, agreement, "agreement.end")
    _move(kept, AgreementStatus.ENDED)
    if on < kept.start or on > LATEST or (kept.until and on > kept.until):
        raise DomainError("agreement.end", _("Choose a day within the agreement."), "on")
    if not reason.strip():
        raise DomainError("agreement.reason", _("Say why, in a few words."), "reason")
    kept.ended_on, kept.end_reason = on, reason.strip()
    kept.version += 1
    kept.save()
    flows = Flow.unscoped.filter(agreement=kept)
    flows.filter(closed_from=None).update(closed_from=on)
    flows.filter(closed_from__gt=on).update(closed_from=on)
    return kept


@action("agreement.write")
def drop_agreement(actor: Actor, agreement: Agreement) -> Agreement:
    """Give a draft up: it stays readable, and nothing obeys it."""
    kept = _locked(actor, agreement, "agreement.write")
    _move(kept, AgreementStatus.DROPPED)
    kept.version += 1
    kept.save()
    return kept


@action("agreement.write")
def record_act(
    actor: Actor, agreement: Agreement, *, number: str, on: datetime.date | None
) -> Agreement:
    """Write down the act of the personal-data authority, as it is on its paper."""
    kept = _locked(actor, agreement, "agreement.write")
    if len(number) > 80:
        raise DomainError("agreement.act", _("At most 80 characters."), "act_number")
    if on and not EARLIEST <= on <= timezone.localdate():
        raise DomainError("agreement.act", _("Write the day of the act."), "act_on")
    kept.act_number, kept.act_on = number.strip(), on
    kept.version += 1
    kept.save()
    return kept


@action("sharing.require")
def require_agreements(actor: Actor, *, required: bool) -> Setting:
    """Decide whether bodies that no agreement ever bound may share on consent alone."""
    row, _made = Setting.objects.update_or_create(
        key=REQUIRES, defaults={"value": YES if required else ""}
    )
    return row


# --- Rules --------------------------------------------------------------------------------------


def _locked(actor: Actor, agreement: Agreement, verb: str) -> Agreement:
    """The row as the database has it, until the end of the act."""
    return visible(actor, Agreement, verb).select_for_update().get(pk=agreement.pk)


def _move(agreement: Agreement, to: AgreementStatus) -> None:
    if to not in ALLOWED[AgreementStatus(agreement.status)]:
        text = _("This cannot be done: the agreement is «%(status)s».")
        told = {"status": agreement.get_status_display()}
        raise DomainError("agreement.status", text % told)
    agreement.status = to


def _is_draft(agreement: Agreement) -> None:
    if agreement.status != AgreementStatus.DRAFT:
        text = _("A signed agreement is not rewritten: record another, which replaces it.")
        raise DomainError("agreement.signed", text)


def _check(terms: Terms) -> None:
    if terms.kind not in AgreementKind.values:
        raise DomainError("agreement.kind", _("Choose what sort of text it is."), "kind")
    if not terms.title.strip() or len(terms.title) > 200:
        raise DomainError("agreement.title", _("Write its title, in 200 characters."), "title")
    if not EARLIEST <= terms.start <= LATEST:
        raise DomainError("agreement.start", _("Choose a day from 1991 on."), "start")
    if terms.until and not terms.start <= terms.until <= LATEST:
        raise DomainError("agreement.until", _("The end precedes the beginning."), "until")
    if terms.act_on and not EARLIEST <= terms.act_on <= timezone.localdate():
        raise DomainError("agreement.act", _("Write the day of the act."), "act_on")


def _write(agreement: Agreement, terms: Terms) -> None:
    agreement.kind, agreement.title = terms.kind, terms.title.strip()
    agreement.reference, agreement.kept_at = terms.reference.strip(), terms.kept_at.strip()
    agreement.start, agreement.until = terms.start, terms.until
    agreement.act_number, agreement.act_on = terms.act_number.strip(), terms.act_on
    agreement.is_fictitious = terms.is_fictitious


def _set_parties(agreement: Agreement, parties: Collection[Organisation]) -> None:
    wanted: set[uuid.UUID] = {body.pk for body in parties}
    if len(wanted) < 2:
        raise DomainError("agreement.parties", _("Choose two bodies at least."), "parties")
    flows = Flow.unscoped.filter(agreement=agreement)
    bound = {pk for pair in flows.values_list("sender", "recipient") for pk in pair}
    if bound - wanted:
        text = _("Remove first the flows of the body that you take out.")
        raise DomainError("agreement.parties", text, "parties")
    agreement.parties.exclude(organisation__in=wanted).delete()
    known = set(agreement.parties.values_list("organisation_id", flat=True))
    Party.objects.bulk_create(
        Party(agreement=agreement, organisation_id=pk) for pk in sorted(wanted - known, key=str)
    )


def _within(agreement: Agreement, way: Way) -> None:
    """The days of a flow lie within those of its agreement."""
    first, last = way.first or agreement.start, way.last or agreement.until
    if first < agreement.start or (agreement.until and first > agreement.until):
        raise DomainError("flow.first", _("Choose a day within the agreement."), "first")
    too_late = way.last and agreement.until and way.last > agreement.until
    if too_late or (last and last < first):
        raise DomainError("flow.last", _("Choose a day within the agreement."), "last")


def _touch(agreement: Agreement) -> None:
    Agreement.unscoped.filter(pk=agreement.pk).update(version=F("version") + 1)
