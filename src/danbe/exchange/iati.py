"""A published plan as IATI 2.03: one activity for the plan, one for each of its activities.

Order and names of elements: IATI standard 2.03, ``iati-activities-schema.xsd``. What is needed is
an indicative budget (status 1), what is allocated a committed one (status 2), what is disbursed a
transaction of type 3: three amounts, never added. No value is written where nobody said anything,
nor a number of people that is too small to be published.

The identifier is «ML-» and the acronym of the body until the Committee has one of its own
(setting ``body.iati``): it is in no register.
"""

import datetime
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from danbe.accounts.models import Organisation
from danbe.accounts.queries import body
from danbe.core.models import Setting, Term
from danbe.plan.indicators import Reading, is_public, is_too_small, readings
from danbe.plan.models import Activity, Better, Kind, Money, Plan, PlanStatus, State
from danbe.plan.queries import activities_of, indicators_of

VERSION = "2.03"
MEDIA_TYPE = "application/xml"
CURRENCY = "XOF"
SECTOR = "15130"  # DAC purpose code: legal and judicial development
GOVERNMENT, NGO, OTHER = "10", "22", "90"  # OrganisationType
TYPES = {
    "coordination": GOVERNMENT,
    "ministry": GOVERNMENT,
    "directorate": GOVERNMENT,
    "police": GOVERNMENT,
    "justice": GOVERNMENT,
    "independent": GOVERNMENT,
    "ngo": NGO,
    "ngo_network": NGO,
    "partner": OTHER,
}
ACCOUNTABLE, IMPLEMENTING = "2", "4"  # OrganisationRole
# ActivityStatus: 1 pipeline, 2 implementation, 4 closed, 5 cancelled, 6 suspended.
STATUSES = {
    State.PLANNED: "1",
    State.UNDER_WAY: "2",
    State.BLOCKED: "6",
    State.DONE: "4",
    State.DROPPED: "5",
}
PLANNED_START, PLANNED_END = "1", "3"  # ActivityDateType
INDICATIVE, COMMITTED = "1", "2"  # BudgetStatus
DISBURSEMENT = "3"  # TransactionType
OUTPUT, OUTCOME = "1", "2"  # ResultType
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML holds them
PARENT, CHILD = "1", "2"  # RelatedActivityType


def to_iati(plan: Plan, now: datetime.datetime) -> bytes:
    """The whole plan. Raises ``ValueError`` for a draft: it is not public."""
    if plan.status == PlanStatus.DRAFT:
        raise ValueError("a draft is not published")
    return Writer(plan, now).write()


class Writer:
    """Writes one plan."""

    def __init__(self, plan: Plan, now: datetime.datetime) -> None:
        self.plan, self.now = plan, now
        told = body()
        kept = Setting.objects.filter(key="body.iati").first()
        self.ref = kept.value if kept and kept.value else f"ML-{told.acronym}"
        self.name = told.name
        self.prefix = f"{self.ref}-PNA-{plan.code}"
        self.activities = list(
            activities_of(plan).prefetch_related("supporting", "places", "money")
        )
        self.sources = {
            term.code: term.label_fr for term in Term.objects.filter(list="funding_source")
        }
        read = readings(plan, list(indicators_of(plan)), now.date())
        self.readings: dict[object, list[Reading]] = {}
        for one in read:
            # Those of elements belong to the plan itself.
            self.readings.setdefault(one.indicator.activity_id, []).append(one)

    def write(self) -> bytes:
        """The document."""
        stamp = self.now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        root = ET.Element("iati-activities", version=VERSION)
        root.set("generated-datetime", stamp)
        self.plan_activity(self.begin(root, stamp, "1"))
        for one in self.activities:
            self.activity(self.begin(root, stamp, "2"), one)
        ET.indent(root)
        written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return written

    def begin(self, root: ET.Element, stamp: str, level: str) -> ET.Element:
        """One activity of the standard."""
        node = ET.SubElement(root, "iati-activity", hierarchy=level)
        node.set("xml:lang", "fr")
        node.set("default-currency", CURRENCY)
        node.set("last-updated-datetime", stamp)
        return node

    def head(self, node: ET.Element, identifier: str, title: str, english: str) -> None:
        """What every activity begins with."""
        ET.SubElement(node, "iati-identifier").text = identifier
        reporting = ET.SubElement(node, "reporting-org", ref=self.ref, type=GOVERNMENT)
        narrate(reporting, self.name)
        narrate(ET.SubElement(node, "title"), title, english)
        narrate(ET.SubElement(node, "description", type="1"), title, english)

    def place(self, node: ET.Element, names: Iterable[str]) -> None:
        """Mali, and the places by name: no point on a map."""
        ET.SubElement(node, "recipient-country", code="ML")
        for name in names:
            narrate(ET.SubElement(ET.SubElement(node, "location"), "name"), name)
        ET.SubElement(node, "sector", vocabulary="1", code=SECTOR)

    def dates(self, node: ET.Element, start: datetime.date, end: datetime.date) -> None:
        """Planned dates: Danbe keeps no actual ones."""
        for day, kind in ((start, PLANNED_START), (end, PLANNED_END)):
            ET.SubElement(node, "activity-date", {"iso-date": day.isoformat(), "type": kind})

    def plan_activity(self, node: ET.Element) -> None:
        """The plan, with the indicators of its objectives and results."""
        plan = self.plan
        self.head(node, self.prefix, plan.label_fr, plan.label_en)
        self.organisation(node, None, ACCOUNTABLE)
        status = "2" if plan.start <= self.now.date() <= plan.end else "4"
        ET.SubElement(node, "activity-status", code=status)
        self.dates(node, plan.start, plan.end)
        self.place(node, ())
        for one in self.activities:
            ET.SubElement(node, "related-activity", ref=self.identifier(one), type=CHILD)
        by_element: dict[object, list[Reading]] = {}
        for reading in self.readings.get(None, []):
            by_element.setdefault(reading.indicator.element, []).append(reading)
        for element, those in by_element.items():
            kind = OUTCOME if getattr(element, "kind", "") == Kind.OBJECTIVE else OUTPUT
            self.result(node, kind, getattr(element, "label_fr", ""), those)

    def identifier(self, one: Activity) -> str:
        """``ML-CNCLCTPA-PNA-2023-2027-A1``."""
        return f"{self.prefix}-{one.code}"

    def activity(self, node: ET.Element, one: Activity) -> None:
        """One activity of the plan."""
        self.head(node, self.identifier(one), one.label_fr, one.label_en)
        self.organisation(node, None, ACCOUNTABLE)
        for led in [one.lead] if one.lead else []:
            self.organisation(node, led, IMPLEMENTING)
        for helper in one.supporting.all():
            self.organisation(node, helper, IMPLEMENTING)
        ET.SubElement(node, "activity-status", code=STATUSES[State(one.state)])
        self.dates(node, one.start or self.plan.start, one.end or self.plan.end)
        self.place(node, [place.name_fr for place in one.places.all()])
        self.money(node, list(one.money.all()))
        ET.SubElement(node, "related-activity", ref=self.prefix, type=PARENT)
        if those := self.readings.get(one.pk):
            self.result(node, OUTPUT, one.label_fr, those)

    def organisation(self, node: ET.Element, one: Organisation | None, role: str) -> None:
        """A body that takes part; ``None`` is the Committee."""
        kind = TYPES.get(one.type, OTHER) if one else GOVERNMENT
        part = ET.SubElement(node, "participating-org", type=kind, role=role)
        if one is None:
            part.set("ref", self.ref)
        narrate(part, one.label_fr if one else self.name, one.label_en if one else "")

    def money(self, node: ET.Element, lines: Sequence[Money]) -> None:
        """Budgets by year, then what was disbursed by source and year."""
        for column, status in (("needed", INDICATIVE), ("allocated", COMMITTED)):
            sums: dict[int, int] = {}
            for line in lines:
                if (amount := getattr(line, column)) is not None:
                    sums[line.year] = sums.get(line.year, 0) + amount
            for year, amount in sorted(sums.items()):
                budget = ET.SubElement(node, "budget", type="1", status=status)
                period(budget, year)
                value(budget, amount, datetime.date(year, 1, 1))
        for line in lines:
            if line.disbursed is None:
                continue
            given = ET.SubElement(node, "transaction")
            ET.SubElement(given, "transaction-type", code=DISBURSEMENT)
            # Danbe keeps the sum of a year: it is dated by the year's last day, or today.
            day = min(datetime.date(line.year, 12, 31), self.now.date())
            ET.SubElement(given, "transaction-date", {"iso-date": day.isoformat()})
            value(given, line.disbursed, day)
            source = self.sources.get(line.source, line.source)
            narrate(ET.SubElement(given, "description"), f"{source}, total {line.year}")
            narrate(ET.SubElement(given, "provider-org"), source)

    def result(self, node: ET.Element, kind: str, title: str, those: Sequence[Reading]) -> None:
        """Indicators under what they measure."""
        result = ET.SubElement(node, "result", {"type": kind, "aggregation-status": "false"})
        narrate(ET.SubElement(result, "title"), title)
        for one in those:
            self.indicator(result, one)

    def indicator(self, result: ET.Element, one: Reading) -> None:
        """One indicator, with its baseline, targets and values."""
        told = one.indicator
        ascending = "1" if told.better == Better.UP else "0"
        node = ET.SubElement(
            result,
            "indicator",
            {"measure": "1", "ascending": ascending, "aggregation-status": "false"},
        )
        narrate(ET.SubElement(node, "title"), told.label_fr, told.label_en)
        if told.baseline is not None and told.baseline_year is not None:
            ET.SubElement(
                node, "baseline", {"year": str(told.baseline_year), "value": str(told.baseline)}
            )
        for year in one.values:
            hidden = not is_public(told) or is_too_small(told, year.value)
            actual = None if hidden else year.value
            if year.target is None and actual is None:
                continue
            span = ET.SubElement(node, "period")
            period(span, year.year)
            if year.target is not None:
                ET.SubElement(span, "target", value=str(year.target))
            if actual is not None:
                ET.SubElement(span, "actual", value=str(actual))


def narrate(node: ET.Element, french: str, english: str = "") -> None:
    """The words of an element, in one language or two."""
    ET.SubElement(node, "narrative").text = CONTROL.sub("", french)
    if english:
        told = ET.SubElement(node, "narrative")
        told.set("xml:lang", "en")
        told.text = CONTROL.sub("", english)


def period(node: ET.Element, year: int) -> None:
    """A calendar year."""
    ET.SubElement(node, "period-start", {"iso-date": f"{year}-01-01"})
    ET.SubElement(node, "period-end", {"iso-date": f"{year}-12-31"})


def value(node: ET.Element, amount: int, day: datetime.date) -> None:
    """An amount in FCFA."""
    told = ET.SubElement(node, "value", {"currency": CURRENCY, "value-date": day.isoformat()})
    told.text = str(amount)
