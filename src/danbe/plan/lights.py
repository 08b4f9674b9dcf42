"""How far each axis of a plan is, in lights alone: no value, no body, nothing small to guess."""

import datetime
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from danbe.plan.indicators import Light, is_public, readings
from danbe.plan.models import Element, Kind, Plan
from danbe.plan.queries import activities_of, indicators_of


@dataclass(frozen=True, slots=True)
class AxisLights:
    """One axis: its lights, and how many of its activities are done."""

    axis: Element
    lights: Mapping[Light, int]
    n_activities: int
    n_done: int


def lights_by_axis(plan: Plan, today: datetime.date) -> list[AxisLights]:
    """Every axis of the plan. Indicators of one place or of one part are left out."""
    elements = {one.pk: one for one in plan.elements.all()}
    activities = list(activities_of(plan))
    above = {one.pk: _axis(elements, one.result_id) for one in activities}
    counted: dict[uuid.UUID | None, Counter[Light]] = {}
    told = [one for one in indicators_of(plan) if is_public(one)]
    for reading in readings(plan, told, today):
        one = reading.indicator
        axis = above.get(one.activity_id) if one.activity_id else _axis(elements, one.element_id)
        counted.setdefault(axis, Counter())[reading.light] += 1
    return [
        AxisLights(
            axis,
            counted.get(axis.pk, Counter()),
            sum(above[one.pk] == axis.pk for one in activities),
            sum(above[one.pk] == axis.pk and one.state == "done" for one in activities),
        )
        for axis in elements.values()
        if axis.kind == Kind.AXIS
    ]


def _axis(elements: Mapping[uuid.UUID, Element], pk: uuid.UUID | None) -> uuid.UUID | None:
    """The axis above an element."""
    while pk is not None and elements[pk].kind != Kind.AXIS:
        pk = elements[pk].parent_id
    return pk
