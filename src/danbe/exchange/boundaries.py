"""Boundaries from the official GeoJSON file: matched by name, never by code.

Codes were renumbered between editions, so a code proves nothing. A file is first *matched*,
region by region, for a human to review; then kept as a new edition. Old layouts stay for old
dates.
"""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.models import Boundary, Place
from danbe.core.places import layout_on
from danbekit.names import fold

NAME_KEYS = ("name", "ADM1_FR", "adm1_name", "admin1Name", "ADM1_NAME", "NAME_1", "shapeName")
MAX_BYTES = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Match:
    """One feature of the file and the place it was matched with, if any."""

    name: str
    place: Place | None
    geometry: dict[str, Any]


def match_geojson(data: bytes, day: datetime.date) -> list[Match]:
    """Match each outline with a region of ``day`` by its name. Raises :class:`DomainError`."""
    try:
        features = json.loads(data)["features"] if len(data) <= MAX_BYTES else None
        if not isinstance(features, list):
            raise TypeError
        read = [(_name(f["properties"]), f["geometry"]) for f in features]
    except (ValueError, KeyError, TypeError) as error:
        text = _("This file is not a GeoJSON collection of regions (50 MB at most).")
        raise DomainError("boundaries.unreadable", text, "file") from error
    known = {name.folded: place for place in layout_on(day) for name in place.names.all()}
    known |= {fold(place.name_fr): place for place in layout_on(day)}
    return [
        Match(name, known.get(fold(name)), geometry)
        for name, geometry in read
        if geometry and geometry.get("type") in ("Polygon", "MultiPolygon")
    ]


def _name(properties: dict[str, Any]) -> str:
    return next((str(properties[key]) for key in NAME_KEYS if properties.get(key)), "")


TOLERANCE = 0.01  # degrees, about 1 km: finer than a map of the country shows on a screen


def lighter(geometry: dict[str, Any]) -> dict[str, Any]:
    """The outline with fewer points, so that a page stays light on a slow line."""
    single = geometry["type"] == "Polygon"
    polygons = [geometry["coordinates"]] if single else geometry["coordinates"]
    kept = [[ring for ring in map(simplify, rings) if len(ring) >= 4] for rings in polygons]
    return {"type": "MultiPolygon", "coordinates": [rings for rings in kept if rings]}


def simplify(ring: list[list[float]], tolerance: float = TOLERANCE) -> list[list[float]]:
    """Drop points closer than ``tolerance`` to the line between those kept.

    Source: Douglas and Peucker (1973), Cartographica 10(2):112-122.
    """
    keep, spans = (
        {0, len(ring) // 2, len(ring) - 1},
        [
            (0, len(ring) // 2),
            (len(ring) // 2, len(ring) - 1),
        ],
    )
    while spans:
        first, last = spans.pop()
        far, at = tolerance, -1
        for index in range(first + 1, last):
            distance = _off(ring[index], ring[first], ring[last])
            if distance > far:
                far, at = distance, index
        if at > 0:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [[round(x, 4) for x in ring[index][:2]] for index in sorted(keep)]


def _off(spot: list[float], one: list[float], other: list[float]) -> float:
    """Distance of a point from a segment."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    along = ((spot[0] - one[0]) * dx + (spot[1] - one[1]) * dy) / length if length else 0.0
    along = max(0.0, min(1.0, along))
    return float(
        ((spot[0] - one[0] - along * dx) ** 2 + (spot[1] - one[1] - along * dy) ** 2) ** 0.5
    )


@action("place.write")
def keep_boundaries(actor: Actor, *, matches: list[Match], edition: str, source: str) -> int:
    """Keep the matched outlines as a new edition; the newest one is drawn."""
    if not edition.strip():
        raise DomainError("boundaries.edition", _("Name the edition of the file."), "edition")
    kept = [m for m in matches if m.place is not None]
    for match in kept:
        Boundary.objects.update_or_create(
            place=match.place,
            edition=edition,
            defaults={
                "geometry": lighter(match.geometry),
                "source": source,
                "is_approximate": False,
            },
        )
    return len(kept)


def import_geojson(actor: Actor, data: bytes, tell: Callable[[str], None]) -> list[str]:
    """The command: keeps the file only when every outline finds its region, once."""
    today = datetime.date.today()  # the layout in force, to the day
    matches = match_geojson(data, today)
    lost = [m.name for m in matches if m.place is None]
    found = {m.place.code for m in matches if m.place}
    missing = [place.name_fr for place in layout_on(today) if place.code not in found]
    if lost or missing:
        return [
            *(_("No region is named «%(name)s».") % {"name": name} for name in lost),
            *(_("No outline for «%(name)s».") % {"name": name} for name in missing),
        ]
    edition = f"import-{today.isoformat()}"
    n_kept = keep_boundaries(actor, matches=matches, edition=edition, source="danbe import")
    tell(_("%(n)d outlines kept.") % {"n": n_kept})
    return []
