"""The places and their approximate boundaries: whole, without overlap, and near the reference.

The reference geodata stand beside the repository and are not part of it; the tests that compare
with them say so and are skipped loudly where it is absent. Figures: docs/methods/limites.md.
"""

import csv
import json
import math
import statistics
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

MALI = Path(__file__).parents[1] / "src" / "danbe" / "data" / "mali"
REFERENCE = Path(__file__).parents[2] / "shared" / "domain" / "geo"
LAYOUTS = {"2015": (9, "2015-06-30"), "2016": (11, "2022-06-30"), "2023": (20, "2024-06-30")}
Point = tuple[float, float]
Ring = list[Point]

needs_reference = pytest.mark.skipif(
    not REFERENCE.exists(),
    reason="NOT COMPARED: the reference geodata (../shared/domain/geo) are absent",
)


def rows(name: str) -> list[dict[str, str]]:
    with (MALI / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rings(layout: str) -> dict[str, list[Ring]]:
    told = json.loads((MALI / "boundaries" / f"{layout}.geojson").read_text(encoding="utf-8"))
    result = {}
    for feature in told["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        polygons = [polygons] if geometry["type"] == "Polygon" else polygons
        result[feature["properties"]["code"]] = [
            [(x, y) for x, y in ring] for polygon in polygons for ring in polygon
        ]
    return result


def signed_km2(ring: Ring) -> float:
    """Area on the sphere (equal-area cylinder): positive when wound anticlockwise."""
    flat = [(math.radians(x), math.sin(math.radians(y))) for x, y in ring]
    twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(flat))
    return twice / 2 * 6371.0088**2


def covers(shape: list[Ring], point: Point) -> bool:
    x, y = point
    inside = False
    for ring in shape:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
    return inside


def seats() -> dict[str, Point]:
    return {
        r["place"]: (float(r["longitude"]), float(r["latitude"])) for r in rows("places_seats.csv")
    }


def region_of(code: str) -> str:
    parents = {row["code"]: row["parent"] for row in rows("places.csv")}
    return code if parents[code] == "ML" else parents[code]


# --- tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("layout", "n_units", "day"), [(k, *v) for k, v in LAYOUTS.items()])
def test_each_layout_holds_the_regions_standing_on_its_day(layout, n_units, day):
    standing = {
        r["code"]
        for r in rows("places.csv")
        if r["level"] in ("region", "district")
        and r["valid_from"] <= day
        and (not r["valid_to"] or day <= r["valid_to"])
    }
    assert len(standing) == n_units
    assert set(rings(layout)) == standing


def test_the_159_cercles_have_a_region_standing_today():
    places = {r["code"]: r for r in rows("places.csv")}
    cercles = [r for r in places.values() if r["level"] == "cercle"]
    assert len(cercles) == 159
    assert {places[c["parent"]]["valid_to"] for c in cercles} == {""}
    assert len({c["parent"] for c in cercles}) == 19


def test_every_row_says_its_source_and_points_to_a_place_that_is_there():
    places = {r["code"] for r in rows("places.csv")}
    assert all(r["source"] for r in rows("places.csv"))
    for table in ("places_names.csv", "places_codes.csv", "places_seats.csv"):
        assert all(r["source"] and r["place"] in places for r in rows(table)), table
    origins = {c for r in rows("places.csv") for c in r["carved_out_of"].split(";") if c}
    assert origins <= places


def test_a_region_carved_out_begins_the_day_after_its_origin_ends():
    places = {r["code"]: r for r in rows("places.csv")}
    for place in places.values():
        if place["carved_out_of"]:
            origin = places[place["carved_out_of"]]
            assert (origin["valid_to"], place["valid_from"]) in {
                ("2015-12-31", "2016-01-01"),
                ("2023-03-12", "2023-03-13"),
            }
            assert origin["date_precision"] == place["date_precision"]


def test_code_systems_that_disagree_are_both_kept():
    codes = {(r["place"], r["system"]): r["code"] for r in rows("places_codes.csv")}
    assert codes["taoudenit", "CT-2023-007"] == "09"
    assert codes["taoudenit", "ISO-3166-2"] == "ML-10"
    assert codes["menaka", "CT-2023-007"] == "10"
    assert codes["menaka", "ISO-3166-2"] == "ML-9"
    assert codes["bougouni", "CT-2023-007"] == "15"
    assert codes["bougouni", "CA-2023-006"] == "11"
    assert ("nioro", "ISO-3166-2") not in codes


def test_bamako_is_found_in_bambara_spelling():
    names = {(r["place"], r["name"]) for r in rows("places_names.csv")}
    assert ("bamako", "Bamakɔ") in names
    assert ("bamako", "District de Bamako") in names


# --- boundaries ------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_regions_neither_overlap_nor_leave_a_hole(layout):
    """Borders cancel two by two and what is left is one ring: every spot has one region.

    Rings are anticlockwise outside, clockwise inside (RFC 7946), so the number of regions over a
    spot is the winding number of what remains, which is 1 inside a simple anticlockwise ring.
    """
    edges = Counter()
    for shape in rings(layout).values():
        for ring in shape:
            assert ring[0] == ring[-1]
            edges.update(pairwise(ring))
    assert max(edges.values()) == 1
    outline = dict(edge for edge in edges if edge[::-1] not in edges)
    start = spot = next(iter(outline))
    walked = [start]
    while (spot := outline.pop(spot)) != start:
        walked.append(spot)
    assert not outline
    total = sum(signed_km2(ring) for shape in rings(layout).values() for ring in shape)
    assert total == pytest.approx(signed_km2([*walked, start]))


def test_the_three_layouts_cover_the_same_country():
    totals = [
        sum(signed_km2(ring) for shape in rings(layout).values() for ring in shape)
        for layout in LAYOUTS
    ]
    assert totals == pytest.approx([totals[0]] * 3, rel=1e-9)


def test_the_seat_of_every_located_cercle_lies_in_its_region():
    shapes = rings("2023")
    located = seats()
    assert len(located) == 63
    for code, point in located.items():
        assert [c for c, shape in shapes.items() if covers(shape, point)] == [region_of(code)]


def test_the_capital_of_every_region_is_among_the_located_seats():
    capitals = {region_of(code) for code in seats() if _is_capital(code)}
    assert capitals == set(rings("2023"))


def _is_capital(code: str) -> bool:
    places = {r["code"]: r for r in rows("places.csv")}
    capital = places[region_of(code)]["capital"].replace("Taoudénit", "Taoudenni")
    return places[code]["name_fr"] == capital


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_is_small_and_says_that_it_is_approximate(layout):
    path = MALI / "boundaries" / f"{layout}.geojson"
    told = json.loads(path.read_text(encoding="utf-8"))
    assert path.stat().st_size <= 25_000
    assert told["properties"]["approximate"] is True
    assert "Natural Earth" in told["properties"]["source"]
    assert "CC BY 4.0" in told["properties"]["licence"]


# --- against the reference -------------------------------------------------------------------


def reference() -> dict[str, list[Ring]]:
    """The 20 approximate regions rebuilt from OCHA/DNCT 2015, by our code."""
    told = json.loads((REFERENCE / "mali_regions2023approx.topojson").read_text())
    (sx, sy), (tx, ty) = told["transform"]["scale"], told["transform"]["translate"]
    arcs = []
    for arc in told["arcs"]:
        x = y = 0
        spots = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            spots.append((x * sx + tx, y * sy + ty))
        arcs.append(spots)
    ours = {
        r["code"]: r["place"] for r in rows("places_codes.csv") if r["system"] == "CT-2023-007"
    }
    result = {}
    for geometry in told["objects"]["regions2023approx"]["geometries"]:
        nested = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        result[ours[geometry["properties"]["code"]]] = [
            _ring(indices, arcs) for polygon in nested for indices in polygon
        ]
    return result


def _ring(indices: list[int], arcs: list[Ring]) -> Ring:
    spots: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        spots += arc if not spots else arc[1:]
    return spots


def area_km2(shape: list[Ring]) -> float:
    """Outer ring less its holes, whichever way they are wound."""
    areas = [abs(signed_km2(ring)) for ring in shape]
    holes = sum(a for ring, a in zip(shape, areas, strict=True) if _is_hole(ring, shape))
    return sum(areas) - 2 * holes


def _is_hole(ring: Ring, shape: list[Ring]) -> bool:
    return any(covers([other], ring[0]) for other in shape if other is not ring)


@needs_reference
def test_areas_agree_with_the_reference_within_the_stated_tolerance():
    ours, theirs = rings("2023"), reference()
    gaps = {c: area_km2(ours[c]) / area_km2(theirs[c]) - 1 for c in ours}
    assert statistics.median(abs(gap) for gap in gaps.values()) < 0.05
    assert {c for c, gap in gaps.items() if abs(gap) > 0.15} == {"douentza", "san"}
    assert max(abs(gap) for gap in gaps.values()) < 0.30


@needs_reference
def test_each_located_seat_lies_in_the_same_region_of_the_reference():
    theirs = reference()
    for code, point in seats().items():
        assert [c for c, shape in theirs.items() if covers(shape, point)] == [region_of(code)]


@needs_reference
def test_nine_localities_in_ten_fall_in_the_same_region_as_in_the_reference():
    ours, theirs = rings("2023"), reference()
    with (REFERENCE / "mali_localites_cod2015.csv").open(encoding="utf-8") as file:
        spots = [(float(r["lon"]), float(r["lat"])) for r in csv.DictReader(file)][::10]
    agreed = known = 0
    for spot in spots:
        there = next((c for c, shape in theirs.items() if covers(shape, spot)), None)
        if there:
            known += 1
            agreed += covers(ours[there], spot)
    assert known > 1_800
    assert agreed / known > 0.9
