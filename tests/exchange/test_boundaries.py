"""The official outlines replace the approximate ones: by name, all or nothing, date by date."""

import datetime
import json
from typing import Any

import pytest

from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import Boundary
from danbe.core.places import layout_on
from danbe.exchange.boundaries import import_geojson, keep_boundaries, match_geojson, simplify
from danbe.reports.maps import boundaries_on
from tests.conftest import Cast, SignIn

TODAY = datetime.date(2026, 11, 24)
SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]


def a_file(names: list[str]) -> bytes:
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "properties": {"ADM1_FR": name, "code": "ML99"},
            "geometry": {"type": "Polygon", "coordinates": SQUARE},
        }
        for name in names
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def all_names() -> list[str]:
    return [place.name_fr for place in layout_on(TODAY)]


def test_a_whole_file_replaces_the_map_of_today_and_not_that_of_2019(cast: Cast):
    assert boundaries_on(TODAY).approximate
    assert import_geojson(cast.jeneba, a_file(all_names()), print) == []
    assert not boundaries_on(TODAY).approximate
    assert boundaries_on(datetime.date(2019, 6, 1)).approximate


def test_names_match_without_accents_or_case(cast: Cast):
    names = [name.upper().replace("É", "E") for name in all_names()]
    assert all(match.place for match in match_geojson(a_file(names), TODAY))


def test_a_stranger_or_a_missing_region_is_named_and_nothing_is_kept(cast: Cast):
    names = ["Wagadou", *all_names()[1:]]
    problems = import_geojson(cast.jeneba, a_file(names), print)
    assert len(problems) == 2
    assert "Wagadou" in problems[0]
    assert all_names()[0] in problems[1]
    assert not Boundary.objects.exists()


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"features": 3}', b"\xff\xfe"])
def test_what_is_not_geojson_is_refused(data: bytes):
    with pytest.raises(DomainError, match="GeoJSON"):
        match_geojson(data, TODAY)


def test_fanta_may_not_move_a_boundary(cast: Cast):
    with pytest.raises(NotAllowed):
        keep_boundaries(cast.fanta, matches=[], edition="x", source="x")


def test_the_page_shows_the_match_first_and_keeps_only_when_told(cast: Cast, sign_in: SignIn):
    from django.core.files.uploadedfile import SimpleUploadedFile

    def send(keep: str) -> Any:
        file = SimpleUploadedFile("regions.geojson", a_file(all_names()))
        told = {"file": file, "edition": "IGM 2025", "source": "IGM", "on": "2026-11-24"}
        return sign_in(cast.jeneba).post("/places/boundaries/", told | {"keep": keep})

    assert "Bougouni" in send("").text
    assert not Boundary.objects.exists()
    assert send("on").status_code == 302
    assert Boundary.objects.count() == len(all_names())


def test_a_straight_line_of_points_becomes_two():
    ring = [[0.0, 0.0], *([x / 100, 0.0] for x in range(1, 100)), [1, 0], [1, 1], [0, 1], [0, 0]]
    assert len(simplify(ring)) <= 7
