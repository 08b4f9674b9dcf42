"""What may be added to the places of the country."""

import itertools

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.models import Level, Place, PlaceName
from danbekit.names import fold

HOLDERS = (Level.REGION, Level.DISTRICT, Level.CERCLE, Level.COMMUNE)
# A box around Mali, one degree wide of its furthest points: a swapped pair falls outside.
LATITUDES, LONGITUDES = (9.0, 26.0), (-13.5, 5.5)


@action("place.write")
def save_site(actor: Actor, place: Place, *, names: list[str] | None = None) -> Place:
    """Add an informal place (gold site, camp, bus station) with its point and its names."""
    place.level = Level.SITE
    if place.parent is None or place.parent.level not in HOLDERS:
        raise DomainError("place.parent", _("Choose where the site lies."), "parent")
    if not place.source.strip():
        raise DomainError("place.source", _("Say how this site is known."), "source")
    _check_point(place)
    place.code = place.code or _free_code(place.name_fr)
    unset = {f.name for f in place._meta.fields if f.null and getattr(place, f.attname) is None}
    try:
        place.full_clean(exclude=unset)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(f"place.{field}", messages[0], field) from error
    place.save()
    known = {fold(name): name.strip() for name in [place.name_fr, *(names or [])] if fold(name)}
    PlaceName.objects.bulk_create(
        PlaceName(
            place=place,
            name=name,
            folded=folded,
            kind="official" if name == place.name_fr else "variant",
            source=place.source,
        )
        for folded, name in known.items()
    )
    return place


def _check_point(place: Place) -> None:
    told = {"latitude": (place.latitude, LATITUDES), "longitude": (place.longitude, LONGITUDES)}
    for field, (value, (low, high)) in told.items():
        if value is None or not low <= value <= high:
            text = _("In Mali this lies between %(low)d and %(high)d degrees.")
            raise DomainError(f"place.{field}", text % {"low": low, "high": high}, field)


def _free_code(name: str) -> str:
    """``site-kobadani``, then ``site-kobadani-2``: a code that no place has."""
    stem = "site-" + (fold(name).replace(" ", "-")[:24] or "x")
    taken = set(Place.objects.filter(code__startswith=stem).values_list("code", flat=True))
    codes = itertools.chain([stem], (f"{stem}-{n}" for n in itertools.count(2)))
    return next(code for code in codes if code not in taken)
