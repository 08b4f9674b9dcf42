"""What pages and reports read of a plan. A draft is read by whoever may write it."""

import datetime
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.models import Place, Term
from danbe.figures.models import Axis
from danbe.plan.models import (
    Activity,
    ActivityReport,
    Audience,
    Element,
    Indicator,
    Kind,
    Money,
    Plan,
    PlanFact,
    PlanStatus,
    Review,
    State,
    Subject,
)

AMOUNTS = ("needed", "allocated", "disbursed")


# --- Plans ----------------------------------------------------------------------------------


def plans_for(actor: Actor) -> QuerySet[Plan]:
    """The versions that the actor may read."""
    rows = Plan.objects.all()
    return rows if actor.can("plan.write") else rows.exclude(status=PlanStatus.DRAFT)


def public_plans() -> list[Plan]:
    """The published plans, the latest first; the fictitious ones after the real ones."""
    rows = Plan.objects.filter(status=PlanStatus.PUBLISHED)
    return list(rows.order_by("is_fictitious", "-start"))


def public_plan() -> Plan | None:
    """The plan that everybody is shown first: never a fictitious one while there is another."""
    return next(iter(public_plans()), None)


def versions(plan: Plan, actor: Actor) -> list[Plan]:
    """Every version of the same plan, the latest first."""
    return list(plans_for(actor).filter(code=plan.code).order_by("-number"))


def facts_of(plan: Plan) -> dict[str, list[PlanFact]]:
    """What the sources say, by subject in order; what they do not say is under ``missing``."""
    found: dict[str, list[PlanFact]] = {subject: [] for subject in Subject.values}
    for fact in PlanFact.objects.filter(plan_code=plan.code):
        found[fact.subject].append(fact)
    return found


@dataclass(frozen=True, slots=True)
class Branch:
    """One element with what hangs from it."""

    element: Element
    branches: tuple["Branch", ...]
    activities: tuple[Activity, ...]
    indicators: tuple[Indicator, ...]


def tree(plan: Plan, axis: str = "") -> list[Branch]:
    """The framework from its axes down; ``axis`` is the code of one of them."""
    elements = list(plan.elements.all())
    if axis:
        elements = under(elements, axis)
    keys = [element.pk for element in elements]
    children: dict[uuid.UUID | None, list[Element]] = {}
    for element in elements:
        children.setdefault(element.parent_id, []).append(element)
    activities: dict[uuid.UUID, list[Activity]] = {}
    for activity in activities_of(plan).filter(result__in=keys):
        activities.setdefault(activity.result_id, []).append(activity)
    measured: dict[uuid.UUID | None, list[Indicator]] = {}
    for indicator in indicators_of(plan).filter(element__in=keys):
        measured.setdefault(indicator.element_id, []).append(indicator)

    def branch(element: Element) -> Branch:
        return Branch(
            element,
            tuple(branch(child) for child in children.get(element.pk, [])),
            tuple(activities.get(element.pk, [])),
            tuple(measured.get(element.pk, [])),
        )

    return [branch(element) for element in children.get(None, [])]


def under(elements: Iterable[Element], axis: str) -> list[Element]:
    """The axis with this code and all that hangs from it."""
    elements = list(elements)
    kept = {e.pk for e in elements if e.kind == Kind.AXIS and e.code == axis}
    for _level in (Kind.OBJECTIVE, Kind.RESULT):
        kept |= {e.pk for e in elements if e.parent_id in kept}
    return [e for e in elements if e.pk in kept]


def axes_of(plan: Plan) -> list[Element]:
    """The axes, in order."""
    return list(plan.elements.filter(kind=Kind.AXIS))


def activities_of(plan: Plan) -> QuerySet[Activity]:
    """The activities in order, with their lead body and expected result."""
    return (
        Activity.unscoped.filter(plan=plan)
        .prefetch_related("lead", "must_act", "result")
        .order_by("order")
    )


def of_axis(rows: QuerySet[Activity], axis: str) -> QuerySet[Activity]:
    """Those under the axis with this code."""
    return rows.filter(result__parent__parent__code=axis) if axis else rows


def of_year(rows: QuerySet[Activity], year: int) -> QuerySet[Activity]:
    """The annual operational plan: what runs in ``year``, or has money in it."""
    runs = Q(start__year__lte=year, end__year__gte=year)
    runs |= Q(start__year=year, end=None) | Q(end__year=year, start=None)
    return rows.filter(runs | Q(pk__in=Money.objects.filter(year=year).values("activity")))


def indicators_of(plan: Plan) -> QuerySet[Indicator]:
    """The indicators in order, ready to be read."""
    return (
        Indicator.unscoped.filter(plan=plan)
        # Shared by many: fetched once each, not once a row.
        .prefetch_related("definition", "place", "keeper", "element", "targets")
        .order_by("order")
    )


def states(plan: Plan) -> dict[str, int]:
    """State -> number of activities; every state is there."""
    counted = dict(
        Activity.unscoped.filter(plan=plan).order_by().values_list("state").annotate(n=Count("pk"))
    )
    return {state: counted.get(state, 0) for state in State.values}


# --- Money ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Amounts:
    """Needed, allocated and disbursed, side by side. ``None``: nobody said anything."""

    label: str
    needed: int | None
    allocated: int | None
    disbursed: int | None

    @property
    def unfunded(self) -> int | None:
        """What is needed and not allocated; unknown while the need is."""
        if self.needed is None:
            return None
        return max(0, self.needed - (self.allocated or 0))

    @property
    def rate(self) -> int | None:
        """Per cent of what is allocated that was disbursed."""
        if not self.allocated or self.disbursed is None:
            return None
        return round(100 * self.disbursed / self.allocated)


@dataclass(frozen=True, slots=True)
class Budget:
    """The money of a plan, cut three ways."""

    total: Amounts
    by_year: tuple[Amounts, ...]
    by_source: tuple[Amounts, ...]
    by_axis: tuple[Amounts, ...]


def budget(plan: Plan, activities: QuerySet[Activity] | None = None, source: str = "") -> Budget:
    """The money of the whole plan, of some of its activities, or of one source."""
    rows = Money.objects.filter(activity__plan=plan)
    if source:
        rows = rows.filter(source=source)
    if activities is not None:
        rows = rows.filter(activity__in=activities.values("pk"))
    whole = rows.aggregate(**{name: Sum(name) for name in AMOUNTS})
    labels = {term.code: term.label for term in Term.objects.filter(list="funding_source")}
    axes = {axis.code: f"{axis.code}. {axis.label}" for axis in axes_of(plan)}
    by_axis = _sums(rows, "activity__result__parent__parent__code")
    by_year = _sums(rows, "year")
    by_source = _sums(rows, "source")
    none = (None, None, None)
    return Budget(
        Amounts("", *(whole[name] for name in AMOUNTS)),
        tuple(Amounts(str(year), *by_year.get(year, none)) for year in plan.years),
        tuple(Amounts(labels[code], *by_source[code]) for code in labels if code in by_source),
        tuple(Amounts(label, *by_axis.get(code, none)) for code, label in axes.items()),
    )


def sources_of(plan: Plan) -> list[Term]:
    """The sources of funding that the plan names, in the order of the list."""
    named = Money.objects.filter(activity__plan=plan).order_by().values("source")
    return list(Term.objects.filter(list="funding_source", code__in=named))


def amounts_by_activity(rows: QuerySet[Money]) -> dict[uuid.UUID, Amounts]:
    """Activity -> the sums of some of its lines."""
    sums = _sums(rows, "activity")
    return {pk: Amounts("", *three) for pk, three in sums.items() if isinstance(pk, uuid.UUID)}


Three = tuple[int | None, int | None, int | None]


def _sums(rows: QuerySet[Money], column: str) -> dict[object, Three]:
    found = (
        rows.order_by()
        .values_list(column)
        .annotate(n=Sum("needed"), a=Sum("allocated"), d=Sum("disbursed"))
    )
    return {key: (n, a, d) for key, n, a, d in found}


# --- Who does what, where -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WhoRow:
    """One body and what it leads or supports."""

    organisation: Organisation | None  # none: no lead body is named
    n_lead: int
    n_supporting: int
    states: Mapping[str, int]
    places: tuple[str, ...]
    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhereRow:
    """One place and the activities that name it."""

    place: Place | None  # none: no place is named
    n: int
    bodies: tuple[str, ...]


def who(plan: Plan) -> list[WhoRow]:
    """4W by body: who does how much of what, where, for whom. Four queries, few objects."""
    rows = Activity.unscoped.filter(plan=plan).order_by()
    helps = Counter(rows.filter(supporting__isnull=False).values_list("supporting", flat=True))
    n_lead: Counter[uuid.UUID | None] = Counter()
    states: dict[uuid.UUID | None, Counter[str]] = {}
    audiences: dict[uuid.UUID | None, set[str]] = {}
    for lead, state, codes in rows.values_list("lead", "state", "audiences"):
        n_lead[lead] += 1
        states.setdefault(lead, Counter())[state] += 1
        audiences.setdefault(lead, set()).update(codes.split())
    places: dict[uuid.UUID | None, set[str]] = {}
    named = rows.filter(places__isnull=False).values_list("lead", "places__name_fr").distinct()
    for lead, name in named:
        places.setdefault(lead, set()).add(name)
    bodies = {o.pk: o for o in Organisation.objects.filter(pk__in=[*filter(None, n_lead), *helps])}
    found = [
        WhoRow(
            bodies[pk] if pk else None,
            n_lead[pk],
            helps[pk] if pk else 0,
            states.get(pk, {}),
            tuple(sorted(places.get(pk, ()))),
            tuple(a for a in Audience.values if a in audiences.get(pk, ())),
        )
        for pk in [*bodies, *([None] if None in n_lead else [])]
    ]
    return sorted(found, key=lambda r: (r.organisation is None, -r.n_lead, -r.n_supporting))


def where(plan: Plan) -> list[WhereRow]:
    """4W by place: how many activities name it, and who leads them."""
    rows = Activity.unscoped.filter(plan=plan).order_by()
    n: Counter[str | None] = Counter()
    leads: dict[str | None, set[str]] = {}
    told = rows.values_list("places", "lead__code").annotate(n=Count("pk"))
    for place, lead, count in told:
        n[place] += count
        leads.setdefault(place, set()).update([lead] if lead else [])
    places = Place.objects.in_bulk([pk for pk in n if pk])
    found = [
        WhereRow(places[pk] if pk else None, count, tuple(sorted(leads[pk])))
        for pk, count in n.items()
    ]
    return sorted(found, key=lambda r: (r.place is None, -r.n))


def by_region(plan: Plan, regions: Collection[str]) -> dict[str, int]:
    """Region -> how many activities name it or a place in it; ``regions`` are codes."""
    named = Activity.unscoped.filter(plan=plan, places__isnull=False).order_by()
    pairs = named.values_list("pk", "places", "places__parent", "places__parent__parent")
    found: dict[str, set[uuid.UUID]] = {}
    for activity, *ways in pairs:
        region = next((code for code in ways if code in regions), None)
        if region:
            found.setdefault(region, set()).add(activity)
    return {code: len(activities) for code, activities in found.items()}


def leads_of(plan: Plan) -> QuerySet[Organisation]:
    """The bodies that lead something."""
    leads = Activity.unscoped.filter(plan=plan, lead__isnull=False).order_by().values("lead")
    return Organisation.objects.filter(pk__in=leads)


# --- Progress -------------------------------------------------------------------------------


def blocked(plan: Plan) -> QuerySet[Activity]:
    """What is blocked, with who must act."""
    return activities_of(plan).filter(state=State.BLOCKED)


def late(plan: Plan, today: datetime.date) -> QuerySet[Activity]:
    """What should be over and is not, or should have begun and has not."""
    over = Q(end__lt=today) & ~Q(state__in=[State.DONE, State.DROPPED])
    begun = Q(start__lt=today, state=State.PLANNED)
    return activities_of(plan).filter(over | begun)


def reports_of(activity: Activity) -> QuerySet[ActivityReport]:
    """All that was said of an activity, in every version of the plan, the latest first."""
    return (
        ActivityReport.unscoped.filter(lineage=activity.lineage)
        .select_related("post__organisation", "reviewed_by", "must_act")
        .order_by("-at", "-id")
    )


def to_review(plan: Plan) -> QuerySet[ActivityReport]:
    """Reports that wait, the oldest first."""
    return (
        ActivityReport.unscoped.filter(activity__plan=plan, review=Review.WAITING)
        .select_related("activity__lead", "post__organisation", "must_act")
        .order_by("at", "id")
    )


def accepted_between(
    plan: Plan, first: datetime.date, last: datetime.date
) -> QuerySet[ActivityReport]:
    """What was accepted in a window: the news of a quarter."""
    return (
        ActivityReport.unscoped.filter(
            lineage__in=Activity.unscoped.filter(plan=plan).values("lineage"),
            review=Review.ACCEPTED,
            reviewed_at__date__gte=first,
            reviewed_at__date__lte=last,
        )
        .select_related("activity__lead", "must_act")
        .order_by("reviewed_at", "id")
    )


def axis_of(element: Element | None) -> str:
    """The Committee's axis of an axis of the plan; empty where it has none."""
    return element.axis if element and element.axis in Axis.values else ""
