"""What of a plan is not funded yet: needed, less allocated, less committed. Three amounts apart.

The rule. For an activity and a year: unfunded = needed - allocated - committed, never below
zero; unknown while the need is. What one activity has beyond its need fills no other: an axis
lacks what its activities lack, the plan what its axes lack. Committed counts a commitment in
force that names the activity, in the years that its paper says, unless its donor says that the
plan's budget has it already as allocated (so no franc is taken away twice). What names an axis
only lowers the axis, never an activity; what names the plan only, the plan. What is disbursed
plays no part.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from danbe.partnership.funding_queries import PlanShare, plan_shares
from danbe.plan.models import Activity, Element, Kind, Money, Plan


@dataclass(frozen=True, slots=True)
class Gap:
    """Three amounts of one activity, axis or plan, and what lacks. ``None``: nobody said."""

    needed: int | None
    allocated: int | None
    committed: int | None
    unfunded: int | None


def gap_of(needed: int | None, allocated: int | None, committed: int | None) -> Gap:
    """What one activity lacks."""
    if needed is None:
        return Gap(None, allocated, committed, None)
    lack = max(0, needed - (allocated or 0) - (committed or 0))
    return Gap(needed, allocated, committed, lack)


@dataclass(frozen=True, slots=True)
class ActivityGap:
    """One activity and what it lacks."""

    activity: Activity
    gap: Gap


@dataclass(frozen=True, slots=True)
class AxisGap:
    """One axis of the plan: its activities together, and what names the axis alone."""

    axis: Element
    gap: Gap
    n_unknown: int  # activities whose need nobody said
    axis_only: int | None  # committed to the axis, to no activity


@dataclass(frozen=True, slots=True)
class Unfunded:
    """A whole plan, or one year of it."""

    total: Gap
    axes: tuple[AxisGap, ...]
    activities: tuple[ActivityGap, ...]  # those that lack something, the largest lack first
    unknown: tuple[Activity, ...]  # those whose need nobody said
    plan_only: int | None  # committed to the plan, to none of its axes
    not_split: int | None  # committed over several years without parts: in no year


def unfunded(plan: Plan, *, year: int | None = None, axis: str = "") -> Unfunded:
    """What lacks in one year, or over the plan; ``axis`` narrows the activities, not the axes."""
    activities = list(
        Activity.unscoped.filter(plan=plan)
        .select_related("lead", "result__parent__parent")
        .order_by("order")
    )
    every = plan_shares(plan.code)
    shares = [s for s in every if year is None or s.year == year]
    asked = _asked(plan, year)
    by_activity = _by_activity(activities, shares)
    gaps = [
        ActivityGap(one, gap_of(*asked.get(one.pk, (None, None)), by_activity.get(one.lineage)))
        for one in activities
    ]
    elements = list(plan.elements.filter(kind=Kind.AXIS))
    known = set(by_activity)
    loose = [s for s in shares if s.activity not in known]
    axes = tuple(_axis_gap(element, gaps, loose) for element in elements)
    named = {element.axis for element in elements if element.axis}
    plan_only = _sum(s.amount for s in loose if s.axis not in named)
    shown = [g for g in gaps if not axis or _axis_code(g.activity) == axis]
    lacking = [g for g in shown if g.gap.unfunded]
    return Unfunded(
        _together([one.gap for one in axes], plan_only),
        axes,
        tuple(sorted(lacking, key=lambda g: -(g.gap.unfunded or 0))),
        tuple(g.activity for g in shown if g.gap.needed is None),
        plan_only,
        None if year is None else _sum(s.amount for s in every if s.year is None),
    )


def _asked(plan: Plan, year: int | None) -> dict[uuid.UUID, tuple[int | None, int | None]]:
    """Activity -> needed, allocated."""
    rows = Money.objects.filter(activity__plan=plan)
    if year is not None:
        rows = rows.filter(year=year)
    found = rows.order_by().values_list("activity").annotate(n=Sum("needed"), a=Sum("allocated"))
    return {pk: (needed, allocated) for pk, needed, allocated in found}


def _by_activity(
    activities: Iterable[Activity], shares: Iterable[PlanShare]
) -> dict[uuid.UUID, int]:
    """Lineage -> committed, of the activities that this version of the plan has."""
    known = {one.lineage for one in activities}
    found: dict[uuid.UUID, int] = {}
    for share in shares:
        if share.activity in known and share.activity is not None:
            found[share.activity] = found.get(share.activity, 0) + share.amount
    return found


def _axis_of(activity: Activity) -> Element | None:
    objective = activity.result.parent
    return objective.parent if objective else None


def _axis_code(activity: Activity) -> str:
    axis = _axis_of(activity)
    return axis.code if axis else ""


def _axis_gap(axis: Element, gaps: Sequence[ActivityGap], loose: Iterable[PlanShare]) -> AxisGap:
    own = [g for g in gaps if _axis_code(g.activity) == axis.code]
    only = _sum(s.amount for s in loose if axis.axis and s.axis == axis.axis)
    n_unknown = sum(g.gap.needed is None for g in own)
    return AxisGap(axis, _together([g.gap for g in own], only), n_unknown, only)


def _together(gaps: Sequence[Gap], only: int | None) -> Gap:
    """Each amount summed with its own kind; ``only`` is committed to the whole, to no part."""
    lack = _sum(g.unfunded for g in gaps)
    return Gap(
        _sum(g.needed for g in gaps),
        _sum(g.allocated for g in gaps),
        _sum([*(g.committed for g in gaps), only]),
        None if lack is None else max(0, lack - (only or 0)),
    )


def _sum(amounts: Iterable[int | None]) -> int | None:
    """The sum of what was said; ``None`` when nothing was."""
    told = [amount for amount in amounts if amount is not None]
    return sum(told) if told else None


# --- Naming an activity from below ----------------------------------------------------------


def activity_named(plan_code: str, code: str) -> Activity | None:
    """The activity with this code in the published version of a plan."""
    rows = Activity.unscoped.filter(plan__code=plan_code, plan__status="published")
    return rows.filter(code__iexact=code.strip()).select_related("result__parent__parent").first()


def activity_of(lineage: uuid.UUID | None) -> Activity | None:
    """The activity in the published version of its plan; ``None`` if that has it no more."""
    if lineage is None:
        return None
    rows = Activity.unscoped.filter(lineage=lineage, plan__status="published")
    return rows.select_related("plan", "result__parent__parent").first()


def axis_of_activity(activity: Activity) -> str:
    """The Committee's axis under which it stands; empty where the plan's axis has none."""
    axis = _axis_of(activity)
    return axis.axis if axis else ""
