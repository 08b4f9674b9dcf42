"""Places, by date: which regions there were, and in which of them a place lies."""

import datetime

from django.db.models import Q, QuerySet

from danbe.core.models import Level, Place
from danbekit.names import fold


def country() -> Place:
    """The whole territory."""
    return Place.objects.get(level=Level.COUNTRY)


def alive_on(day: datetime.date) -> QuerySet[Place]:
    """The places that existed on ``day``."""
    began = Q(valid_from=None) | Q(valid_from__lte=day)
    lasted = Q(valid_to=None) | Q(valid_to__gte=day)
    return Place.objects.filter(began & lasted)


def layout_on(day: datetime.date) -> list[Place]:
    """The regions and the district of ``day``: 8, 10, then 19, and Bamako."""
    regions = alive_on(day).filter(level__in=[Level.REGION, Level.DISTRICT])
    return list(regions.order_by("level", "name_fr"))


def layout_name(day: datetime.date) -> str:
    """The drawing that shows the regions of ``day``: the year of its last change."""
    if day >= datetime.date(2023, 3, 13):
        return "2023"
    return "2016" if day >= datetime.date(2016, 1, 1) else "2015"


def region_of(place: Place) -> Place | None:
    """The region or district that holds ``place``; ``None`` for the country."""
    found: Place | None = place
    while found and found.level not in (Level.REGION, Level.DISTRICT):
        found = found.parent
    return found


def search(text: str, day: datetime.date | None = None) -> QuerySet[Place]:
    """Places one of whose names holds ``text``, accents and Malian letters aside."""
    rows = Place.objects.filter(names__folded__contains=fold(text)).distinct()
    return rows if day is None else rows.filter(pk__in=alive_on(day).values("pk"))
