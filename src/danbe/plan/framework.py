"""A results framework as plain rows: read from a plan, checked, compared, written back whole.

The workbook, a new version and the generator of tests all pass through these rows, so that what
goes out comes back the same. Places, bodies and figures are told by their codes.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.models import Place, Term
from danbe.figures.models import Axis, Breakdown, Definition
from danbe.figures.queries import key_labels
from danbe.figures.register import METHODS
from danbe.plan.models import (
    ABOVE,
    Activity,
    Audience,
    Better,
    Element,
    Indicator,
    Kind,
    Money,
    Origin,
    Plan,
    Target,
)

MAX_TITLE = 300
MAX_CODE = 30
MAX_TEXT = 5_000
MAX_AMOUNT = 10**13  # FCFA
MAX_VALUE = 10**15
ELEMENTS, ACTIVITIES, MONEY, INDICATORS = "elements", "activities", "money", "indicators"


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An axis, an objective or an expected result."""

    code: str
    kind: str
    parent: str = ""
    axis: str = ""
    label_fr: str = ""
    label_en: str = ""
    assumptions: str = ""
    risks: str = ""
    verification: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity. Lists are in order, each code once."""

    code: str
    result: str
    label_fr: str = ""
    label_en: str = ""
    lead: str = ""
    supporting: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One source, one year, one activity; FCFA; ``None`` is "nobody said"."""

    activity: str
    year: int
    source: str
    needed: int | None = None
    allocated: int | None = None
    disbursed: int | None = None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator and its yearly targets."""

    code: str
    of: str  # code of an objective, a result or an activity
    label_fr: str = ""
    label_en: str = ""
    definition: str = ""
    breakdown: str = Breakdown.TOTAL.value
    key: str = ""
    place: str = ""
    keeper: str = ""
    unit: str = ""
    better: str = Better.UP.value
    baseline: int | None = None
    baseline_year: int | None = None
    verification: str = ""
    targets: tuple[tuple[int, int], ...] = ()  # year, value
    origin: str = Origin.RETURNS.value


@dataclass(frozen=True, slots=True)
class Framework:
    """A whole results framework."""

    elements: tuple[ElementRow, ...] = ()
    activities: tuple[ActivityRow, ...] = ()
    money: tuple[MoneyRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: the table, the row counted from 0, the column."""

    table: str
    row: int
    column: str
    message: str


# --- Reading --------------------------------------------------------------------------------


def framework_of(plan: Plan) -> Framework:
    """The framework of one version, in its order; a few queries whatever its size."""
    elements = list(plan.elements.all())
    codes: dict[uuid.UUID, str] = {e.pk: e.code for e in elements}
    return Framework(
        tuple(_element_row(e, codes) for e in elements),
        tuple(_activity_rows(plan)),
        tuple(_money_rows(plan)),
        tuple(_indicator_rows(plan)),
    )


# Rows are joined by the codes that they are written with: a plan has each once.


def _activity_rows(plan: Plan) -> Iterator[ActivityRow]:
    here = {"activity__plan": plan}
    bodies = Activity.supporting.through.objects.filter(**here)
    supporting = _gathered(bodies.values_list("activity__code", "organisation__code"))
    where = Activity.places.through.objects.filter(**here)
    places = _gathered(where.values_list("activity__code", "place__code"))
    columns = ("code", "result__code", "label_fr", "label_en", "lead__code", "audiences",
               "start", "end")  # fmt: skip
    rows = Activity.unscoped.filter(plan=plan).values_list(*columns)
    for code, result, fr, en, lead, audiences, start, end in rows:
        yield ActivityRow(
            code, result, fr, en, lead or "", supporting.get(code, ()),
            tuple(audiences.split()), places.get(code, ()), start, end,
        )  # fmt: skip


def _money_rows(plan: Plan) -> Iterator[MoneyRow]:
    lines = Money.objects.filter(activity__plan=plan).order_by("activity__order", "year", "source")
    columns = ("activity__code", "year", "source", "needed", "allocated", "disbursed")
    for activity, year, source, needed, allocated, disbursed in lines.values_list(*columns):
        yield MoneyRow(activity, year, source, needed, allocated, disbursed)


def _indicator_rows(plan: Plan) -> Iterator[IndicatorRow]:
    aims = Target.objects.filter(indicator__plan=plan)
    told = aims.values_list("indicator__code", "year", "value")
    targets = _gathered((indicator, (year, value)) for indicator, year, value in told)
    columns = ("element__code", "activity__code", "code", "label_fr", "label_en", "definition",
               "breakdown", "key", "place", "keeper__code", "unit", "better", "baseline",
               "baseline_year", "verification", "origin")  # fmt: skip
    for row in Indicator.unscoped.filter(plan=plan).values(*columns):
        yield IndicatorRow(
            row["code"], row["element__code"] or row["activity__code"], row["label_fr"],
            row["label_en"], row["definition"] or "", row["breakdown"], row["key"],
            row["place"] or "", row["keeper__code"] or "", row["unit"], row["better"],
            row["baseline"], row["baseline_year"], row["verification"],
            targets.get(row["code"], ()), row["origin"],
        )  # fmt: skip


def _gathered(pairs: Iterable[tuple[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """Code -> what it has, sorted."""
    found: dict[str, list[Any]] = {}
    for code, one in pairs:
        found.setdefault(code, []).append(one)
    return {code: tuple(sorted(those)) for code, those in found.items()}


def _element_row(one: Element, codes: Mapping[uuid.UUID, str]) -> ElementRow:
    return ElementRow(
        one.code,
        one.kind,
        codes[one.parent_id] if one.parent_id else "",
        one.axis,
        one.label_fr,
        one.label_en,
        one.assumptions,
        one.risks,
        one.verification,
        one.source,
    )


# --- Checking -------------------------------------------------------------------------------


class Checker:
    """Finds every fault of a framework meant for one plan."""

    def __init__(self, plan: Plan, told: Framework) -> None:
        self.plan, self.told = plan, told
        self.faults: list[Fault] = []
        self.kinds = {e.code: e.kind for e in told.elements}
        self.activities = {a.code for a in told.activities}

    @cached_property
    def bodies(self) -> set[str]:
        """Codes of organisations."""
        return set(Organisation.objects.values_list("code", flat=True))

    @cached_property
    def places(self) -> set[str]:
        """Codes of places."""
        return set(Place.objects.values_list("code", flat=True))

    @cached_property
    def sources(self) -> set[str]:
        """Codes of sources of funding."""
        return set(Term.objects.filter(list="funding_source").values_list("code", flat=True))

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """Figures, by code."""
        return {d.code: d for d in Definition.objects.all()}

    def check(self) -> list[Fault]:
        """Every fault, table by table."""
        self._lengths()
        self._codes()
        for n, element in enumerate(self.told.elements):
            self._element(n, element)
        for n, activity in enumerate(self.told.activities):
            self._activity(n, activity)
        seen: set[tuple[str, int, str]] = set()
        for n, money in enumerate(self.told.money):
            self._money(n, money, seen)
        for n, indicator in enumerate(self.told.indicators):
            self._indicator(n, indicator)
        return self.faults

    def fault(self, table: str, row: int, column: str, message: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(table, row, column, message))

    def _lengths(self) -> None:
        """No text longer than what is kept."""
        for table, n, one in _rows(self.told):
            for field in fields(one):
                value = getattr(one, field.name)
                if not isinstance(value, str):
                    continue
                limit = _limit(field.name)
                if len(value) > limit:
                    text = _("This text is too long: at most %(n)s characters.")
                    self.fault(table, n, field.name, text % {"n": limit})

    def _codes(self) -> None:
        """Every line has a code of its own; elements and activities share theirs."""
        above: set[str] = set()
        apart: set[str] = set()
        for table, n, one in _rows(self.told):
            if table == MONEY:
                continue
            seen = apart if table == INDICATORS else above
            if not one.code:
                self.fault(table, n, "code", _("Give this line a code."))
            elif one.code in seen:
                text = _("The code «%(code)s» is given twice.")
                self.fault(table, n, "code", text % {"code": one.code})
            seen.add(one.code)
            if not one.label_fr:
                self.fault(table, n, "label_fr", _("Write the name in French."))

    def _element(self, n: int, one: ElementRow) -> None:
        if one.kind not in Kind.values:
            text = _("Choose the level in the list: axis, objective or expected result.")
            self.fault(ELEMENTS, n, "kind", text)
            return
        above = ABOVE[Kind(one.kind)]
        if above is None and one.parent:
            self.fault(ELEMENTS, n, "parent", _("An axis has nothing above it: empty this cell."))
        elif above is not None and self.kinds.get(one.parent) != above:
            text = _("Give the code of the %(level)s above.")
            self.fault(ELEMENTS, n, "parent", text % {"level": above.label.lower()})
        if one.axis and one.axis not in Axis.values:
            self.unknown(ELEMENTS, n, "axis", one.axis)

    def _activity(self, n: int, one: ActivityRow) -> None:
        if self.kinds.get(one.result) != Kind.RESULT:
            text = _("Give the code of an expected result.")
            self.fault(ACTIVITIES, n, "result", text)
        if one.lead and one.lead not in self.bodies:
            self.unknown(ACTIVITIES, n, "lead", one.lead)
        lists = [
            ("supporting", one.supporting, self.bodies),
            ("audiences", one.audiences, set(Audience.values)),
            ("places", one.places, self.places),
        ]
        for column, codes, known in lists:
            for code in codes:
                if code not in known:
                    self.unknown(ACTIVITIES, n, column, code)
            if len(set(codes)) < len(codes):
                self.fault(ACTIVITIES, n, column, _("The same code is written twice."))
        if one.start and one.end and one.end < one.start:
            self.fault(ACTIVITIES, n, "end", _("The end precedes the beginning."))
        for column, day in (("start", one.start), ("end", one.end)):
            if day and not self.plan.start <= day <= self.plan.end:
                text = _("This day is outside the plan (%(plan)s).")
                self.fault(ACTIVITIES, n, column, text % {"plan": self.plan.code})

    def _money(self, n: int, one: MoneyRow, seen: set[tuple[str, int, str]]) -> None:
        if one.activity not in self.activities:
            self.fault(MONEY, n, "activity", _("Give the code of an activity."))
        if one.year not in self.plan.years:
            text = _("This year is outside the plan (%(plan)s).")
            self.fault(MONEY, n, "year", text % {"plan": self.plan.code})
        if one.source not in self.sources:
            self.unknown(MONEY, n, "source", one.source)
        if (one.activity, one.year, one.source) in seen:
            text = _("This activity, year and source are given twice.")
            self.fault(MONEY, n, "activity", text)
        seen.add((one.activity, one.year, one.source))
        for column in ("needed", "allocated", "disbursed"):
            value = getattr(one, column)
            if value is not None and not 0 <= value <= MAX_AMOUNT:
                self.fault(MONEY, n, column, _("This amount is not possible."))

    def _indicator(self, n: int, one: IndicatorRow) -> None:
        kind = self.kinds.get(one.of)
        if one.of not in self.activities and kind not in (Kind.OBJECTIVE, Kind.RESULT):
            text = _("Give the code of an objective, of an expected result or of an activity.")
            self.fault(INDICATORS, n, "of", text)
        if bool(one.definition) == bool(one.keeper):
            text = _("Give either the figure of Danbe, or the body that enters the value.")
            self.fault(INDICATORS, n, "definition", text)
        if one.keeper and one.keeper not in self.bodies:
            self.unknown(INDICATORS, n, "keeper", one.keeper)
        if one.place and one.place not in self.places:
            self.unknown(INDICATORS, n, "place", one.place)
        if one.better not in Better.values:
            self.unknown(INDICATORS, n, "better", one.better)
        self._origin(n, one)
        if (one.baseline is None) != (one.baseline_year is None):
            text = _("A baseline has a value and a year, or neither.")
            self.fault(INDICATORS, n, "baseline", text)
        if one.baseline_year is not None and not 1990 <= one.baseline_year <= self.plan.end.year:
            self.fault(INDICATORS, n, "baseline_year", _("This year is not possible."))
        self._targets(n, one)
        self._figure(n, one)

    def _origin(self, n: int, one: IndicatorRow) -> None:
        """The register holds some figures only."""
        if one.origin not in Origin.values:
            self.unknown(INDICATORS, n, "origin", one.origin)
        elif one.origin == Origin.REGISTER and one.definition not in METHODS:
            text = _("The register does not hold this figure: read it in the returns.")
            self.fault(INDICATORS, n, "origin", text)

    def _targets(self, n: int, one: IndicatorRow) -> None:
        for year, value in one.targets:
            if abs(value) > MAX_VALUE:
                self.fault(INDICATORS, n, f"target:{year}", _("This number is not possible."))
            if year not in self.plan.years:
                text = _("This year is outside the plan (%(plan)s).")
                self.fault(INDICATORS, n, f"target:{year}", text % {"plan": self.plan.code})

    def _figure(self, n: int, one: IndicatorRow) -> None:
        """The figure that an indicator names exists, and so does its part."""
        if not one.definition:
            if one.breakdown != Breakdown.TOTAL or one.key:
                text = _("Only a figure of Danbe is broken down: empty this cell.")
                self.fault(INDICATORS, n, "breakdown", text)
            return
        definition = self.definitions.get(one.definition)
        if definition is None:
            self.unknown(INDICATORS, n, "definition", one.definition)
            return
        if one.breakdown == Breakdown.TOTAL:
            if one.key:
                text = _("A total has no part: empty this cell.")
                self.fault(INDICATORS, n, "key", text)
        elif one.breakdown not in definition.splits:
            text = _("This figure is not broken down so. It may be by: %(list)s.")
            said = text % {"list": ", ".join(definition.splits) or "—"}
            self.fault(INDICATORS, n, "breakdown", said)
        elif one.key not in self._keys(definition, one.breakdown):
            self.unknown(INDICATORS, n, "key", one.key)

    def _keys(self, definition: Definition, breakdown: str) -> Mapping[str, str]:
        return key_labels(definition, breakdown)

    def unknown(self, table: str, n: int, column: str, code: str) -> None:
        """A code that no list holds."""
        text = _("«%(code)s» is in no list. Choose a code of the sheet of lists.")
        self.fault(table, n, column, text % {"code": code[:60]})


def _rows(told: Framework) -> Iterator[tuple[str, int, Any]]:
    """Every row of every table."""
    for table in (ELEMENTS, ACTIVITIES, MONEY, INDICATORS):
        for n, one in enumerate(getattr(told, table)):
            yield table, n, one


def _limit(column: str) -> int:
    if column in ("label_fr", "label_en"):
        return MAX_TITLE
    if column in ("assumptions", "risks", "verification", "source"):
        return MAX_TEXT
    return 60 if column in ("key", "unit", "definition", "place") else MAX_CODE


# --- Writing --------------------------------------------------------------------------------


def write_framework(plan: Plan, told: Framework) -> None:
    """Replace the framework of a draft; what keeps its code keeps its history (its lineage)."""
    lineages = {a.code: a.lineage for a in Activity.unscoped.filter(plan=plan)}
    states = {a.lineage: a for a in Activity.unscoped.filter(plan=plan)}
    kept = {i.code: i.lineage for i in Indicator.unscoped.filter(plan=plan)}
    Indicator.unscoped.filter(plan=plan).delete()
    Activity.unscoped.filter(plan=plan).delete()
    plan.elements.all().delete()
    bodies = dict(Organisation.objects.values_list("code", "pk"))
    elements = _write_elements(plan, told.elements)
    activities = _write_activities(plan, told.activities, elements, bodies, lineages)
    for one in activities.values():
        if before := states.get(one.lineage):
            one.state, one.blocked_reason = before.state, before.blocked_reason
            one.must_act_id = before.must_act_id
    Activity.unscoped.bulk_create(activities.values(), batch_size=200)
    _write_links(told.activities, activities, bodies)
    Money.objects.bulk_create(
        (
            Money(
                activity=activities[m.activity],
                year=m.year,
                source=m.source,
                needed=m.needed,
                allocated=m.allocated,
                disbursed=m.disbursed,
            )
            for m in told.money
        ),
        batch_size=200,
    )
    _write_indicators(plan, told.indicators, elements, activities, bodies, kept)


def _write_elements(plan: Plan, rows: Sequence[ElementRow]) -> dict[str, Element]:
    """Level by level, so that what is above is there."""
    made: dict[str, Element] = {}
    for kind in Kind:
        level = [
            Element(
                plan=plan,
                kind=kind,
                parent=made[row.parent] if row.parent else None,
                code=row.code,
                axis=row.axis,
                label_fr=row.label_fr,
                label_en=row.label_en,
                assumptions=row.assumptions,
                risks=row.risks,
                verification=row.verification,
                source=row.source,
                order=order,
            )
            for order, row in enumerate(rows)
            if row.kind == kind
        ]
        Element.objects.bulk_create(level, batch_size=200)
        made |= {one.code: one for one in level}
    return made


def _write_activities(
    plan: Plan,
    rows: Sequence[ActivityRow],
    elements: Mapping[str, Element],
    bodies: Mapping[str, uuid.UUID],
    lineages: Mapping[str, uuid.UUID],
) -> dict[str, Activity]:
    """Made, not yet kept."""
    return {
        row.code: Activity(
            plan=plan,
            lineage=lineages.get(row.code) or uuid.uuid4(),
            result=elements[row.result],
            code=row.code,
            label_fr=row.label_fr,
            label_en=row.label_en,
            lead_id=bodies[row.lead] if row.lead else None,
            audiences=" ".join(row.audiences),
            start=row.start,
            end=row.end,
            order=order,
        )
        for order, row in enumerate(rows)
    }


def _write_links(
    rows: Sequence[ActivityRow],
    activities: Mapping[str, Activity],
    bodies: Mapping[str, uuid.UUID],
) -> None:
    """Supporting bodies and places."""
    Supports, Lies = Activity.supporting.through, Activity.places.through
    Supports.objects.bulk_create(
        Supports(activity_id=activities[row.code].pk, organisation_id=bodies[code])
        for row in rows
        for code in row.supporting
    )
    Lies.objects.bulk_create(
        Lies(activity_id=activities[row.code].pk, place_id=code)
        for row in rows
        for code in row.places
    )


def _write_indicators(
    plan: Plan,
    rows: Sequence[IndicatorRow],
    elements: Mapping[str, Element],
    activities: Mapping[str, Activity],
    bodies: Mapping[str, uuid.UUID],
    kept: Mapping[str, uuid.UUID],
) -> None:
    made = {
        row.code: Indicator(
            plan=plan,
            lineage=kept.get(row.code) or uuid.uuid4(),
            code=row.code,
            element=elements.get(row.of),
            activity=activities.get(row.of),
            label_fr=row.label_fr,
            label_en=row.label_en,
            definition_id=row.definition or None,
            origin=row.origin,
            breakdown=row.breakdown,
            key=row.key,
            place_id=row.place or None,
            keeper_id=bodies[row.keeper] if row.keeper else None,
            unit=row.unit,
            better=row.better,
            baseline=row.baseline,
            baseline_year=row.baseline_year,
            verification=row.verification,
            order=order,
        )
        for order, row in enumerate(rows)
    }
    Indicator.unscoped.bulk_create(made.values(), batch_size=200)
    Target.objects.bulk_create(
        (
            Target(indicator=made[row.code], year=year, value=value)
            for row in rows
            for year, value in row.targets
        ),
        batch_size=200,
    )
