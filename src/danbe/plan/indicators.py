"""What indicators say: their yearly values, their light by a stated rule, where they are heading.

The rule, printed on the page and in ``docs/methods/plan.md``. The year that is judged is the
present one; while nobody has given its value, the one before, if it has one. For that year:

* *due* is what should be reached today. A figure that is counted over the year (a flow) starts
  from zero and is due in proportion to the days gone by. A state (a stock, or a manual value)
  goes from the target of the year before, or the baseline, to the target of the year.
* Where more is better, the *share* is value / due; where less is better, due / value.
* At least 90 % of what is due: on track. From 60 %: behind. Below: far behind.
* A figure of the register that is a small number of people is not shown, and has no light.
* No value: «no data», never red. No target: no light. Before 30 days of the year: too early.
"""

import datetime
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from danbe.core.models import Place
from danbe.figures.models import Breakdown, Definition
from danbe.figures.queries import ROUGH, STOCK, figure_rows, totals
from danbe.figures.register import counted, guarded
from danbe.plan.models import Better, Indicator, ManualValue, Origin, Plan
from danbekit.dates import Window
from danbekit.projection import Projection, project

ON_TRACK, BEHIND = 0.9, 0.6
EARLY_DAYS = 30
# What is published outside the members: no part, no place, no small number of people.
PEOPLE = frozenset({"person", "victim", "migrant", "service"})
SMALLEST = 5


class Light(enum.Enum):
    """The state of an indicator in one year."""

    GREEN = ("green", _("On track"), "good")
    AMBER = ("amber", _("Behind"), "warn")
    RED = ("red", _("Far behind"), "bad")
    NO_DATA = ("no_data", _("No data"), "neutral")
    SMALL = ("small", _("Too few people to say"), "neutral")
    NO_TARGET = ("no_target", _("No target"), "neutral")
    EARLY = ("early", _("Too early to say"), "neutral")

    def __init__(self, code: str, label: str, tone: str) -> None:
        self.code, self.label, self.tone = code, label, tone


class Trend(enum.Enum):
    """How the last complete years went."""

    UP = ("up", _("rising"))
    DOWN = ("down", _("falling"))
    FLAT = ("flat", _("steady"))
    UNKNOWN = ("unknown", _("too few years"))

    def __init__(self, code: str, label: str) -> None:
        self.code, self.label = code, label


@dataclass(frozen=True, slots=True)
class Value:
    """One year of an indicator. ``value`` is ``None`` for "no data", or for a number of the
    register that ``is_small``: it is known, and not shown."""

    year: int
    value: int | None
    at_least: bool = False
    target: int | None = None
    is_complete: bool = True
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One indicator, read on one day."""

    indicator: Indicator
    year: int  # the one that is judged
    values: tuple[Value, ...]
    due: float | None
    share: float | None
    light: Light
    trend: Trend
    projection: Projection | None

    @property
    def current(self) -> Value:
        """The year that is judged."""
        return next(v for v in self.values if v.year == self.year)

    @property
    def final_target(self) -> int | None:
        """The target of the last year that has one."""
        told = [v.target for v in self.values if v.target is not None]
        return told[-1] if told else None


# Year -> value, whether "more than". A value that is known and too small to be shown is ``None``.
Numbers = dict[int, tuple[int | None, bool]]


def readings(plan: Plan, indicators: Sequence[Indicator], today: datetime.date) -> list[Reading]:
    """Every indicator on one day; the number of queries depends on years and places only.

    ``indicators`` come with ``definition`` and prefetched ``targets``.
    """
    years = [year for year in plan.years if year <= today.year]
    numbers = computed_values([i for i in indicators if i.is_computed], years)
    typed = manual_values([i for i in indicators if not i.is_computed])
    found = []
    for indicator in indicators:
        told = (numbers if indicator.is_computed else typed)[indicator.code]
        found.append(read(plan, indicator, told, judged_year(plan, told, today), today))
    return found


def judged_year(plan: Plan, numbers: Numbers, today: datetime.date) -> int:
    """The present year of the plan; the one before while the present one has nothing to judge."""
    year = min(max(today.year, plan.start.year), plan.end.year)
    has_little = year not in numbers or _elapsed_days(year, today) < EARLY_DAYS
    return year - 1 if has_little and year - 1 in numbers and year > plan.start.year else year


def manual_values(indicators: Iterable[Indicator]) -> dict[str, Numbers]:
    """Code -> what its keeper said last of each year."""
    codes = {i.lineage: i.code for i in indicators}
    found: dict[str, Numbers] = {code: {} for code in codes.values()}
    rows = ManualValue.objects.filter(lineage__in=list(codes)).order_by("at", "id")
    for lineage, year, value in rows.values_list("lineage", "year", "value"):
        found[codes[lineage]][year] = (value, False)
    return found


def computed_values(indicators: Sequence[Indicator], years: Sequence[int]) -> dict[str, Numbers]:
    """Code -> the figure of each calendar year, as the explorer would show it."""
    found: dict[str, Numbers] = {i.code: {} for i in indicators}
    by_place: dict[str | None, list[Indicator]] = {}
    for indicator in indicators:
        if indicator.origin == Origin.REGISTER:
            found[indicator.code] = of_register(indicator, years)
        else:
            by_place.setdefault(indicator.place_id, []).append(indicator)
    for year in years:
        window = Window.calendar_year(year)
        for those in by_place.values():
            for code, number in values_in(those, window).items():
                found[code][year] = number
    return found


def of_register(indicator: Indicator, years: Iterable[int]) -> Numbers:
    """The figure of each year as the register counts it, its small numbers hidden as they are
    from every reader of the nation's figures."""
    assert indicator.definition is not None  # a constraint says so
    found: Numbers = {}
    for year in years:
        window = Window.calendar_year(year)
        told = counted(indicator.definition, window, place=indicator.place, by=indicator.breakdown)
        shown = guarded(told, indicator.place)
        if indicator.breakdown == Breakdown.TOTAL:
            found[year] = (shown.figure.value, False)
        else:
            parts = {row.key: row.value for row in shown.rows}
            found[year] = (parts.get(indicator.key), False)
    return found


class Asked(Protocol):
    """Whatever names a figure of Danbe or a part of it: an indicator, a figure that is cited."""

    breakdown: str
    key: str

    @property
    def code(self) -> str:
        """What its value is found under."""

    @property
    def definition_id(self) -> str | None:
        """The code of the figure."""

    @property
    def definition(self) -> Definition | None:
        """The figure."""

    @property
    def place(self) -> Place | None:
        """Where; ``None`` for the nation."""


def values_in(indicators: Sequence[Asked], window: Window) -> dict[str, tuple[int, bool]]:
    """Code -> value, of figures of one place in one window; what has no data is not there."""
    place = indicators[0].place
    whole = [i for i in indicators if i.breakdown == Breakdown.TOTAL]
    parts = [i for i in indicators if i.breakdown != Breakdown.TOTAL]
    found = {}
    asked = {i.definition_id: i.definition for i in whole if i.definition}
    sums = totals(window, asked.values(), place) if asked else {}
    for indicator in whole:
        figure = sums[str(indicator.definition_id)]
        if figure.value is not None:
            found[indicator.code] = (figure.value, figure.at_least)
    if not parts:
        return found
    asked = {i.definition_id: i.definition for i in parts if i.definition}
    rows = (
        figure_rows(list(asked.values()), window, place)
        .filter(breakdown__in={i.breakdown for i in parts})
        .values_list("definition", "breakdown", "sex", "age", "key")
        .annotate(total=Sum("value"), rough=ROUGH)
    )
    seen: Mapping[tuple[str, str, str], tuple[int, bool]] = {
        (code, by, f"{sex}.{age}" if by == Breakdown.SEX_AGE else key): (total, rough > 0)
        for code, by, sex, age, key, total, rough in rows
    }
    for indicator in parts:
        asked_for = (str(indicator.definition_id), indicator.breakdown, indicator.key)
        if asked_for in seen:
            found[indicator.code] = seen[asked_for]
    return found


def read(
    plan: Plan, indicator: Indicator, numbers: Numbers, year: int, today: datetime.date
) -> Reading:
    """Judge one indicator in ``year``."""
    targets = {t.year: t.value for t in indicator.targets.all()}
    values = tuple(_value(y, numbers, targets, today) for y in plan.years)
    actual = numbers.get(year, (None, False))[0]
    is_small = year in numbers and actual is None
    due = due_on(indicator, targets, year, today)
    share = share_of(indicator, actual, due)
    complete = {v.year: float(v.value) for v in values if v.is_complete and v.value is not None}
    ahead = project(complete, plan.end.year) if plan.end.year >= today.year else None
    return Reading(
        indicator,
        year,
        values,
        due,
        share,
        Light.SMALL
        if is_small
        else light_of(actual, targets.get(year), share, _elapsed_days(year, today)),
        trend_of(complete),
        ahead,
    )


def _value(year: int, numbers: Numbers, targets: Mapping[int, int], today: datetime.date) -> Value:
    value, at_least = numbers.get(year, (None, False))
    is_small = year in numbers and value is None
    return Value(year, value, at_least, targets.get(year), year < today.year, is_small)


def is_flow(indicator: Indicator) -> bool:
    """Whether it is counted over the year, from zero."""
    return indicator.definition is not None and indicator.definition.flow_or_stock != STOCK


def _elapsed_days(year: int, today: datetime.date) -> int:
    """Days of ``year`` gone by on ``today``, today included."""
    end = datetime.date(year, 12, 31)
    return max(0, (min(today, end) - datetime.date(year, 1, 1)).days + 1)


def due_on(
    indicator: Indicator, targets: Mapping[int, int], year: int, today: datetime.date
) -> float | None:
    """What should be reached on ``today``; ``None`` without a target."""
    target = targets.get(year)
    if target is None:
        return None
    days = (datetime.date(year, 12, 31) - datetime.date(year, 1, 1)).days + 1
    elapsed = _elapsed_days(year, today) / days
    if is_flow(indicator):
        return target * elapsed
    earlier = [targets[y] for y in sorted(targets) if y < year]
    start = earlier[-1] if earlier else indicator.baseline
    if start is None:
        return float(target)
    return start + (target - start) * elapsed


def share_of(indicator: Indicator, actual: int | None, due: float | None) -> float | None:
    """How much of what is due is reached; 1 is all of it."""
    if actual is None or due is None:
        return None
    over, under = (actual, due) if indicator.better == Better.UP else (due, actual)
    if under <= 0:
        return 1.0 if over >= under else 0.0
    return max(0.0, over / under)


def light_of(
    actual: int | None, target: int | None, share: float | None, elapsed_days: int
) -> Light:
    """The light, by the rule above."""
    if target is None:
        return Light.NO_TARGET
    if elapsed_days < EARLY_DAYS:
        return Light.EARLY
    if actual is None or share is None:
        return Light.NO_DATA
    if share >= ON_TRACK:
        return Light.GREEN
    return Light.AMBER if share >= BEHIND else Light.RED


def trend_of(complete: Mapping[int, float]) -> Trend:
    """From the first to the last complete year: a change of less than 5 % is steady."""
    if len(complete) < 2:
        return Trend.UNKNOWN
    first, last = complete[min(complete)], complete[max(complete)]
    if abs(last - first) <= 0.05 * max(abs(first), 1):
        return Trend.FLAT
    return Trend.UP if last > first else Trend.DOWN


def is_public(indicator: Indicator) -> bool:
    """Whether its values may be published: those of one place or one part may tell of somebody."""
    if not indicator.is_computed:
        return True
    return indicator.breakdown == Breakdown.TOTAL and indicator.place_id is None


def is_too_small(indicator: Indicator, value: int | None) -> bool:
    """Whether a number of people is too small to be published (1 to 4)."""
    definition = indicator.definition
    counts_people = definition is not None and definition.unit in PEOPLE
    return counts_people and value is not None and 0 < value < SMALLEST
