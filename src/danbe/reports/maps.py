"""Which outlines a map of a day is drawn with: the imported ones, else our approximate ones."""

import datetime
from functools import lru_cache

from danbe.core.models import Boundary
from danbe.core.places import layout_name, layout_on
from danbe.reports.drawing import Boundaries, approximate_boundaries, boundaries_of


def boundaries_on(day: datetime.date) -> Boundaries:
    """The newest imported edition that draws every region of ``day``; ours where there is none."""
    layout = layout_name(day)
    codes = [place.code for place in layout_on(day)]
    rows = Boundary.objects.filter(place__in=codes).values_list("edition", "place", "loaded_at")
    drawn: dict[str, dict[str, datetime.datetime]] = {}
    for edition, place, loaded_at in rows:
        drawn.setdefault(edition, {})[place] = loaded_at
    whole = {e: max(seen.values()) for e, seen in drawn.items() if len(seen) == len(codes)}
    if not whole:
        return approximate_boundaries(layout)
    newest = max(whole, key=lambda edition: whole[edition])
    return _imported(layout, newest, whole[newest].isoformat())


@lru_cache(maxsize=8)
def _imported(layout: str, edition: str, loaded_at: str) -> Boundaries:
    """One edition, laid flat; ``loaded_at`` makes a new import a new entry."""
    rows = list(Boundary.objects.filter(edition=edition).select_related("place"))
    shapes = [(row.place_id, row.place.name_fr, row.geometry) for row in rows]
    return boundaries_of(layout, shapes, approximate=any(row.is_approximate for row in rows))
