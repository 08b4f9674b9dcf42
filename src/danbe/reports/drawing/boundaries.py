"""Outlines of the regions, laid flat: what the map draws."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "data" / "mali" / "boundaries"
TRUE_LATITUDE = 17.5
Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Shape:
    """One place on the plane (y downwards): its rings, a spot for its label and the room there."""

    code: str
    name: str
    rings: tuple[Ring, ...]
    anchor: Point
    room: float  # width of the place at the spot
    area: float


@dataclass(frozen=True)
class Boundaries:
    """The shapes of one layout, in a projection that keeps areas."""

    layout: str
    shapes: tuple[Shape, ...]
    approximate: bool

    @property
    def names(self) -> dict[str, str]:
        """Place code -> name."""
        return {shape.code: shape.name for shape in self.shapes}


def layout_on(day: str) -> str:
    """The layout of an ISO date: "2015" before 2016, "2016", and "2023" from 13 March 2023."""
    return "2023" if day >= "2023-03-13" else "2016" if day >= "2016" else "2015"


@lru_cache(maxsize=8)
def approximate_boundaries(layout: str) -> Boundaries:
    """The boundaries that Danbe derives itself, for layout "2015", "2016" or "2023"."""
    if layout not in ("2015", "2016", "2023"):
        raise ValueError(f"no such layout: {layout}")
    told = json.loads((DATA / f"{layout}.geojson").read_text(encoding="utf-8"))
    rows = [
        (f["properties"]["code"], f["properties"]["name"], f["geometry"]) for f in told["features"]
    ]
    return boundaries_of(layout, rows, approximate=told["properties"]["approximate"])


def boundaries_of(
    layout: str,
    rows: Iterable[tuple[str, str, Mapping[str, Any]]],
    *,
    approximate: bool,
) -> Boundaries:
    """Boundaries from (code, name, GeoJSON geometry in degrees): those of an official file.

    Finding the label spots takes some tens of milliseconds: keep the result.
    """
    shapes = tuple(_shape(code, name, geometry) for code, name, geometry in rows)
    return Boundaries(layout, shapes, approximate)


def project(longitude: float, latitude: float) -> Point:
    """Lambert cylindrical equal-area, true at 17.5° north; unit: degrees of longitude there."""
    scale = math.cos(math.radians(TRUE_LATITUDE))
    y = math.degrees(math.sin(math.radians(latitude))) / scale
    return longitude * scale, -y


def _shape(code: str, name: str, geometry: Mapping[str, Any]) -> Shape:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"{code}: a place is drawn from a Polygon or MultiPolygon, not {kind}")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    flat = [[tuple(project(*spot[:2]) for spot in ring) for ring in rings] for rings in polygons]
    areas = [ring_area(rings[0]) - sum(map(ring_area, rings[1:])) for rings in flat]
    largest = flat[areas.index(max(areas))]
    spot = _label_spot(largest)
    return Shape(
        code,
        name,
        tuple(ring for rings in flat for ring in rings),
        spot,
        _width_at(spot, largest),
        sum(areas),
    )


def ring_area(ring: Ring) -> float:
    """Area of a ring, whichever way it is wound."""
    turns = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in turns)) / 2


def _label_spot(rings: list[Ring]) -> Point:
    """A spot well inside: the best of a grid, then of a finer grid around it.

    A label is wider than high, so a spot is judged by its room to the sides more than above.
    """
    stretch = 0.6
    edges = [
        (x1 * stretch, y1, x2 * stretch, y2)
        for ring in rings
        for (x1, y1), (x2, y2) in pairwise(ring)
    ]
    xs = [x * stretch for x, _ in rings[0]]
    ys = [y for _, y in rings[0]]
    box = (min(xs), min(ys), max(xs), max(ys))
    best = (-math.inf, (0.0, 0.0))
    for _ in range(3):
        x1, y1, x2, y2 = box
        for i in range(1, 9):
            for j in range(1, 9):
                spot = (x1 + (x2 - x1) * i / 9, y1 + (y2 - y1) * j / 9)
                best = max(best, (_room(spot, edges), spot))
        (x, y), dx, dy = best[1], (x2 - x1) / 9, (y2 - y1) / 9
        box = (x - dx, y - dy, x + dx, y + dy)
    return best[1][0] / stretch, best[1][1]


def _width_at(spot: Point, rings: list[Ring]) -> float:
    """Twice the way from the spot to the nearer edge on its left or right."""
    x, y = spot
    gaps = [
        abs(x1 + (y - y1) * (x2 - x1) / (y2 - y1) - x)
        for ring in rings
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > y) != (y2 > y)
    ]
    return 2 * min(gaps, default=0.0)


def _room(spot: Point, edges: list[tuple[float, float, float, float]]) -> float:
    """Squared distance to the nearest edge; negative outside."""
    x, y = spot
    nearest, inside = math.inf, False
    for x1, y1, x2, y2 in edges:
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        along = 0.0 if not length else max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length))
        gap_x, gap_y = x - x1 - along * dx, y - y1 - along * dy
        nearest = min(nearest, gap_x * gap_x + gap_y * gap_y)
    return nearest if inside else -nearest
