"""What organisations do with their offers, and who is let into a safe address."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation
from danbe.core import sealing
from danbe.core.access import Actor, Reach, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.partnership.models import (
    PROTECTED_TYPES,
    AddressGrant,
    GrantReason,
    SafeAddress,
    ServiceOffer,
)
from danbe.partnership.queries import areas_on, languages_spoken, service_types

LATITUDES, LONGITUDES = (9.0, 26.0), (-13.5, 5.5)  # a box around the country
OLDEST = 120  # years
LONGEST_GRANT = datetime.timedelta(days=90)
# What a person fills in. Beds are counted apart, by an act of their own.
WRITTEN = (
    "type place for_women for_men for_mothers_with_children for_boys for_girls age_min age_max "
    "is_accessible languages is_24h hours conditions public_contact beds_total is_protected "
    "latitude longitude valid_from valid_to note is_fictitious"
).split()


@action("offer.write")
def add_offer(actor: Actor, organisation: Organisation, offer: ServiceOffer) -> ServiceOffer:
    """Put a service of one organisation in the directory."""
    if actor.reach("offer.write") is not Reach.NATION and organisation.pk != actor.organisation_id:
        raise NotAllowed("offer.write")
    offer.organisation = organisation
    offer.beds_free = offer.beds_updated_at = None
    _check(offer)
    offer.save(force_insert=True)
    return offer


@action("offer.write")
def change_offer(actor: Actor, offer: ServiceOffer, *, version: int | None = None) -> ServiceOffer:
    """Keep what is said of a service; refused if somebody changed it since ``version``."""
    kept = _locked(actor, offer, "offer.write")
    if version is not None and version != kept.version:
        text = _("Somebody changed this service in the meantime: open it again, then record.")
        raise DomainError("offer.changed", text)
    if not offer.is_protected and hasattr(kept, "safe_address"):
        text = _("An address is sealed here: remove it before you call the place public.")
        raise DomainError("offer.protected", text, "is_protected")
    offer.organisation_id = kept.organisation_id
    offer.beds_free, offer.beds_updated_at = kept.beds_free, kept.beds_updated_at
    _check(offer)
    offer.version = kept.version + 1
    offer.save(update_fields=[*WRITTEN, "version", "changed_at"])
    return offer


@action("offer.count_beds")
def count_beds(actor: Actor, offer: ServiceOffer, *, free: int) -> ServiceOffer:
    """Say how many beds are free now. The same number again confirms it."""
    kept = _locked(actor, offer, "offer.count_beds")
    if kept.beds_total is None:
        text = _("Say first how many beds there are in all.")
        raise DomainError("offer.beds_total", text, "beds_free")
    if not 0 <= free <= kept.beds_total:
        text = _("From 0 to %(n)d: there are %(n)d beds in all.")
        raise DomainError("offer.beds_free", text % {"n": kept.beds_total}, "beds_free")
    kept.beds_free, kept.beds_updated_at = free, timezone.now()
    kept.save(update_fields=["beds_free", "beds_updated_at"])
    return kept


@action("offer.close")
def close_offer(actor: Actor, offer: ServiceOffer) -> None:
    """Take a service out of the directory; nothing of it is lost, nobody new is let in."""
    kept = _locked(actor, offer, "offer.close")
    kept.is_active = False
    kept.save(update_fields=["is_active", "changed_at"])


@action("offer.write")
def reopen_offer(actor: Actor, offer: ServiceOffer) -> None:
    """Put a closed service back; its beds must be counted again."""
    kept = _locked(actor, offer, "offer.write")
    kept.is_active = True
    kept.beds_free = kept.beds_updated_at = None
    kept.save(update_fields=["is_active", "beds_free", "beds_updated_at", "changed_at"])


def _locked(actor: Actor, offer: ServiceOffer, verb: str) -> ServiceOffer:
    """The row as the database has it, until the end of the act."""
    return visible(actor, ServiceOffer, verb).select_for_update().get(pk=offer.pk)


# --- What may be said of a service --------------------------------------------------------------


def _check(offer: ServiceOffer) -> None:
    """Raise :class:`DomainError` at the first field that is wrong."""
    if offer.type not in dict(service_types()):
        raise DomainError("offer.type", _("Choose a type of service."), "type")
    if not areas_on(timezone.localdate()).filter(pk=offer.place_id).exists():
        raise DomainError("offer.place", _("Choose a region or a cercle of today."), "place")
    if not offer.audiences:
        raise DomainError("offer.audience", _("Say for whom the service is."), "for_whom")
    if set(offer.language_codes) - set(dict(languages_spoken())):
        raise DomainError("offer.languages", _("Choose languages of the list."), "languages")
    _check_numbers(offer)
    _check_point(offer)
    try:
        offer.clean_fields(exclude={"organisation", "place", *_empty(offer)})
    except ValidationError as error:
        field, told = next(iter(error.message_dict.items()))
        raise DomainError(f"offer.{field}", told[0], field) from error


def _empty(offer: ServiceOffer) -> set[str]:
    return {f.name for f in offer._meta.fields if f.null and getattr(offer, f.attname) is None}


def _check_numbers(offer: ServiceOffer) -> None:
    """Ages, dates and beds, each against its own bounds."""
    youngest, oldest = offer.age_min, offer.age_max
    if youngest is not None and oldest is not None and youngest > oldest:
        text = _("The highest age is below the lowest one.")
        raise DomainError("offer.ages", text, "age_max")
    if offer.valid_from and offer.valid_to and offer.valid_from > offer.valid_to:
        raise DomainError("offer.dates", _("The end is before the beginning."), "valid_to")
    if offer.beds_free is not None and offer.beds_free > (offer.beds_total or 0):
        text = _("More beds than that are said to be free: count them first.")
        raise DomainError("offer.beds_total", text, "beds_total")


def _check_point(offer: ServiceOffer) -> None:
    """A protected place has no point; a public one has a whole one, in the country."""
    if offer.type in PROTECTED_TYPES and not offer.is_protected:
        text = _("The place of a shelter or of a safety measure is always protected.")
        raise DomainError("offer.protected", text, "is_protected")
    point = {"latitude": offer.latitude, "longitude": offer.longitude}
    told = [field for field, value in point.items() if value is not None]
    if offer.is_protected and told:
        text = _("A protected place has no point: leave this empty.")
        raise DomainError("offer.point", text, told[0])
    if len(told) == 1:
        text = _("Give both the latitude and the longitude, or neither.")
        raise DomainError("offer.point", text, told[0])
    for field, (low, high) in {"latitude": LATITUDES, "longitude": LONGITUDES}.items():
        value = point[field]
        if value is not None and not low <= value <= high:
            text = _("In Mali this lies between %(low)d and %(high)d degrees.")
            raise DomainError("offer.point", text % {"low": low, "high": high}, field)


# --- The safe address ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenedAddress:
    """What was sealed, for the eyes of whoever asked."""

    address: str
    phone: str


@action("offer.seal_address")
def seal_address(actor: Actor, offer: ServiceOffer, *, address: str, phone: str = "") -> None:
    """Seal where a protected service is. A new key each time: the older one is destroyed."""
    kept = _locked(actor, offer, "offer.seal_address")
    if not kept.is_protected:
        text = _("Only a protected place has a sealed address.")
        raise DomainError("offer.address", text, "safe_address")
    if not address.strip():
        raise DomainError("offer.address", _("Give the address."), "safe_address")
    row = SafeAddress(offer=kept)
    key = row.key = sealing.new_key(row.owner)
    told = {"address": address.strip().encode(), "phone": phone.strip().encode()}
    seals = {w: sealing.seal(key, p, owner=row.owner, what=w) for w, p in told.items()}
    row.sealed_address, row.sealed_phone = seals["address"], seals["phone"]
    row.save(force_insert=not hasattr(kept, "safe_address"))


@action("offer.seal_address")
def forget_address(actor: Actor, offer: ServiceOffer) -> None:
    """Destroy the sealed address with its key: backups cannot open it either."""
    row = getattr(_locked(actor, offer, "offer.seal_address"), "safe_address", None)
    if row is not None:
        row.delete()


@action("offer.open_address")
def open_address(actor: Actor, row: SafeAddress) -> OpenedAddress:
    """Open it: the offering organisation, or one that it let in. The trail names the offer."""
    told = {
        what: sealing.unseal(bytes(row.key), bytes(sealed), owner=row.owner, what=what).decode()
        for what, sealed in [("address", row.sealed_address), ("phone", row.sealed_phone)]
    }
    return OpenedAddress(**told)


@action("offer.grant_address")
def grant_address(
    actor: Actor,
    offer: ServiceOffer,
    *,
    organisation: Organisation,
    until: datetime.datetime,
    reason_code: str,
) -> AddressGrant:
    """Let another organisation into the address until a moment (by hand, or for a referral)."""
    kept = _locked(actor, offer, "offer.grant_address")
    if organisation.pk == kept.organisation_id:
        text = _("Your own organisation has the address already.")
        raise DomainError("offer.grant", text, "organisation")
    if reason_code not in GrantReason.values:
        raise DomainError("offer.reason", _("Choose a reason."), "reason_code")
    if not timezone.now() < until <= timezone.now() + LONGEST_GRANT:
        text = _("At most 90 days from now.")
        raise DomainError("offer.until", text, "until")
    grant = AddressGrant(
        offer=kept,
        organisation=organisation,
        until=until,
        reason_code=reason_code,
        granted_by_id=actor.post_id,
    )
    grant.save(force_insert=True)
    return grant


@action("offer.grant_address")
def withdraw_address(actor: Actor, grant: AddressGrant) -> None:
    """Let the other organisation in no longer, from now on."""
    if grant.is_running:
        grant.withdrawn_at = timezone.now()
        grant.save(update_fields=["withdrawn_at"])
