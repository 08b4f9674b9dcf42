"""The directory as people ask for it: what is offered, how far, how full; and where nothing is."""

import datetime
import math
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.core.models import Level, Place, Term
from danbe.core.places import alive_on, layout_on, region_of
from danbe.partnership.models import (
    BEDS_LAST,
    AddressGrant,
    Audience,
    SafeAddress,
    ServiceOffer,
)
from danbekit.names import fold

EARTH_KM = 6371.0  # mean radius
AREAS = (Level.REGION, Level.DISTRICT, Level.CERCLE)  # where an offer may be said to be


@dataclass(frozen=True, slots=True)
class Beds:
    """The beds of a shelter as last counted."""

    total: int
    free: int | None
    updated_at: datetime.datetime | None
    is_fresh: bool

    @property
    def confirmed(self) -> int | None:
        """The beds one may count on; ``None`` when never counted, or too long ago."""
        return self.free if self.is_fresh else None


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One service of the directory, without anything sealed."""

    pk: uuid.UUID
    organisation: str
    organisation_code: str
    organisation_id: uuid.UUID
    type: str
    service: str
    place: str
    place_code: str
    region: str
    region_code: str
    audiences: tuple[str, ...]
    age_min: int | None
    age_max: int | None
    languages: tuple[str, ...]
    is_accessible: bool
    is_24h: bool
    hours: str
    conditions: str
    public_contact: str
    is_protected: bool
    is_own: bool
    is_fictitious: bool
    beds: Beds | None  # None: no shelter, or the reader is not shown beds
    distance_km: float | None  # None: nowhere to measure from, or a point is not known

    @property
    def for_whom(self) -> list[str]:
        """The audiences in words."""
        if len(self.audiences) == len(Audience):
            return [_("Everyone")]
        return [str(Audience(code).label) for code in self.audiences]


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of the directory. A value that means nothing finds nothing."""

    need: str = ""
    for_whom: str = ""
    near: str = ""
    language: str = ""
    accessible: bool = False
    free_only: bool = False

    def keeps(self, row: ServiceOffer) -> bool:
        """Whether an offer answers."""
        return (
            (not self.need or row.type == self.need)
            and (not self.for_whom or self.for_whom in row.audiences)
            and (not self.language or self.language in row.language_codes)
            and (not self.accessible or row.is_accessible)
        )


def offers(
    actor: Actor,
    *,
    need: str = "",
    for_whom: str = "",
    near: str = "",
    language: str = "",
    accessible: bool = False,
    free_only: bool = False,
    day: datetime.date | None = None,
) -> list[OfferLine]:
    """The services open on ``day`` (today) that answer, nearest first.

    ``near`` is the code of a place: distances are between points (the seat of a region or of a
    cercle), as the crow flies; what lies at an unknown distance comes last, the same region
    first. ``free_only`` keeps shelters with a free bed counted in the last 48 hours.
    """
    asked = Search(need, for_whom, near, language, accessible, free_only)
    rows = [row for row in open_on(actor, day or timezone.localdate()) if asked.keeps(row)]
    from_ = Place.objects.select_related("parent__parent").filter(code=near).first()
    lines = lines_of(actor, rows, from_)
    if free_only:
        lines = [line for line in lines if line.beds and line.beds.confirmed]
    here = region_of(from_) if from_ else None
    return sorted(lines, key=lambda line: _by_distance(line, here.code if here else ""))


def _by_distance(line: OfferLine, here: str) -> tuple[bool, float, bool, str, str]:
    unknown = line.distance_km is None
    # Whole kilometres: at the same seat the order is that of the names.
    return (
        unknown,
        round(line.distance_km or 0),
        line.region_code != here,
        fold(line.organisation),
        fold(line.service),
    )


def open_on(actor: Actor, day: datetime.date) -> list[ServiceOffer]:
    """The offers in force on ``day`` that the actor may read."""
    return [row for row in readable(actor).filter(is_active=True) if row.is_open_on(day)]


def readable(actor: Actor) -> QuerySet[ServiceOffer]:
    """Every offer the actor may read, with its body and its place."""
    rows = visible(actor, ServiceOffer, "offer.read")
    return rows.select_related("organisation", "place__parent__parent")


def line_of(actor: Actor, row: ServiceOffer) -> OfferLine:
    """One offer as the directory tells it."""
    return lines_of(actor, [row])[0]


def lines_of(
    actor: Actor, rows: Iterable[ServiceOffer], from_: Place | None = None
) -> list[OfferLine]:
    """Offers as the directory tells them; beds only to those who place people."""
    services, languages = dict(service_types()), dict(languages_spoken())
    shows_beds, now = actor.can("offer.read_beds"), timezone.now()
    return [
        OfferLine(
            pk=row.pk,
            organisation=row.organisation.label,
            organisation_code=row.organisation.code,
            organisation_id=row.organisation_id,
            type=row.type,
            service=services.get(row.type, row.type),
            place=row.place.name_fr,
            place_code=row.place_id,
            region=region.name_fr if region else "",
            region_code=region.code if region else "",
            audiences=tuple(row.audiences),
            age_min=row.age_min,
            age_max=row.age_max,
            languages=tuple(languages.get(code, code) for code in row.language_codes),
            is_accessible=row.is_accessible,
            is_24h=row.is_24h,
            hours=row.hours,
            conditions=row.conditions,
            public_contact=row.public_contact,
            is_protected=row.is_protected,
            is_own=row.organisation_id == actor.organisation_id,
            is_fictitious=row.is_fictitious,
            beds=beds_of(row, now) if shows_beds else None,
            distance_km=distance_km(point_of(from_), point_of(row)),
        )
        for row in rows
        for region in [region_of(row.place)]
    ]


def beds_of(row: ServiceOffer, now: datetime.datetime) -> Beds | None:
    """The beds of a shelter; fresh when counted in the last 48 hours."""
    if row.beds_total is None:
        return None
    counted = row.beds_updated_at
    fresh = counted is not None and now - counted <= BEDS_LAST
    return Beds(row.beds_total, row.beds_free, counted, fresh)


# --- Distances -----------------------------------------------------------------------------

Point = tuple[float, float]  # latitude, longitude in degrees


def point_of(row: ServiceOffer | Place | None) -> Point | None:
    """Where something is: its own point, else (for an offer) the seat of its place."""
    if row is None:
        return None
    if row.latitude is not None and row.longitude is not None:
        return (row.latitude, row.longitude)
    return point_of(row.place) if isinstance(row, ServiceOffer) else None


def distance_km(one: Point | None, other: Point | None) -> float | None:
    """The great-circle distance (haversine); ``None`` when a point is not known."""
    if one is None or other is None:
        return None
    (lat1, lon1), (lat2, lon2) = ([math.radians(degrees) for degrees in p] for p in (one, other))
    square = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(square))


# --- Where nothing is known ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GapRow:
    """One line of a table of gaps: for each audience, how many; 0 is «none known»."""

    code: str
    label: str
    numbers: tuple[int, ...]  # in the order of Audience


def gaps(actor: Actor, *, need: str, day: datetime.date | None = None) -> list[GapRow]:
    """For one type of service: region by region, how many offers there are for each audience.

    Zero says that the directory knows of none, not that none exists.
    """
    day = day or timezone.localdate()
    counted = _counted(actor, day)
    return [
        GapRow(
            region.code,
            region.name_fr,
            tuple(counted[need, region.code, audience] for audience in Audience.values),
        )
        for region in sorted(layout_on(day), key=lambda place: fold(place.name_fr))
    ]


def coverage(actor: Actor, *, day: datetime.date | None = None) -> list[GapRow]:
    """For every type of service: in how many regions something is offered to each audience."""
    day = day or timezone.localdate()
    regions = {place.code for place in layout_on(day)}
    covered = Counter(
        (type_, audience) for type_, region, audience in _counted(actor, day) if region in regions
    )
    return [
        GapRow(code, label, tuple(covered[code, audience] for audience in Audience.values))
        for code, label in service_types()
    ]


def _counted(actor: Actor, day: datetime.date) -> Counter[tuple[str, str, str]]:
    """Offers by type, region and audience."""
    return Counter(
        (row.type, region.code, audience)
        for row in open_on(actor, day)
        for region in [region_of(row.place)]
        if region
        for audience in row.audiences
    )


# --- Lists and rights --------------------------------------------------------------------------


def service_types() -> list[tuple[str, str]]:
    """The types of service in force, with their names, «other» last."""
    return _terms("service_type")


def languages_spoken() -> list[tuple[str, str]]:
    """The languages of the country, and French."""
    return _terms("language")


def _terms(name: str) -> list[tuple[str, str]]:
    rows = Term.objects.filter(list=name).order_by("order", "code")
    return [(row.code, row.label) for row in rows]


def areas_on(day: datetime.date) -> QuerySet[Place]:
    """The regions and cercles of ``day``: as near as a place is told."""
    return alive_on(day).filter(level__in=AREAS).select_related("parent")


def may(actor: Actor, verb: str, row: ServiceOffer) -> bool:
    """Whether the actor may perform ``verb`` on this offer."""
    return visible(actor, ServiceOffer, verb).filter(pk=row.pk).exists()


def safe_address_of(actor: Actor, row: ServiceOffer) -> SafeAddress | None:
    """The sealed address, for whoever may open it; ``None`` for all others."""
    return visible(actor, SafeAddress, "offer.open_address").filter(pk=row.pk).first()


def grants_of(actor: Actor, row: ServiceOffer) -> list[AddressGrant]:
    """Whom the actor's organisation let into the address, the latest first."""
    rows = visible(actor, AddressGrant, "offer.grant_address").filter(offer=row)
    return list(rows.select_related("organisation"))


def shelters_to_count(actor: Actor) -> list[ServiceOffer]:
    """The offers with beds that the actor may count."""
    rows = visible(actor, ServiceOffer, "offer.count_beds").select_related("place")
    open_ = rows.filter(is_active=True, beds_total__isnull=False)
    return sorted(open_, key=lambda row: (fold(row.place.name_fr), str(row.pk)))


def bodies_to_let_in(row: ServiceOffer) -> QuerySet[Organisation]:
    """The other organisations that may be given the address."""
    return Organisation.objects.filter(is_active=True).exclude(pk=row.organisation_id)
