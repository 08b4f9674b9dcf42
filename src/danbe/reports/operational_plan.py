"""The operational plan of one year, cut from the plan: what runs, who, when, with what money.

One document for the page, the paper and the workbook. In French.
"""

from dataclasses import dataclass
from functools import partial

from danbe.core.models import Term
from danbe.plan.models import Activity, Audience, Element, Money, Plan, State
from danbe.plan.queries import (
    Amounts,
    activities_of,
    axes_of,
    budget,
    indicators_of,
    of_axis,
    of_year,
)
from danbe.reports.document import (
    Block,
    Cell,
    Document,
    Edition,
    Figure,
    Parts,
    Row,
    Source,
    Text,
    chapters_of,
)
from danbe.reports.paper import Paper, text
from danbe.reports.plan_annex import NOT_ADDED
from danbe.reports.plan_report import NOT_FOUND, STATES, dates, unit_of

AUDIENCES = {
    Audience.STATE: "État",
    Audience.CIVIL_SOCIETY: "société civile",
    Audience.POPULATION: "population",
    Audience.VICTIMS: "victimes",
}
FICTION = "Plan fictif, fait pour la démonstration."


@dataclass(slots=True)
class Maker(Paper):
    """Makes the operational plan of one year; keeps the figures as they are said."""

    plan: Plan
    year: int

    def edition(self, only: str = "") -> Edition:
        """As it is handed out: the plan as it stands today; whole, or one chapter of it."""
        return Edition(self.document(only))

    def document(self, only: str = "") -> Document:
        """The whole of it; with ``only``, the other chapters have a title and nothing more."""
        self.is_whole = not only
        return self.bound(
            "operational_plan",
            chapters_of(self.parts(), only),
            year=self.year,
            window=str(self.year),
            title=f"Plan opérationnel {self.year}",
            subtitle=f"Tiré du plan d’action {self.plan.code} (version {self.plan.number})",
            sources=(Source("P1", "plan", f"Cadre de résultats du plan {self.plan.code}"),),
            notice=FICTION if self.plan.is_fictitious else "",
        )

    def parts(self) -> Parts:
        """What runs, an axis to a chapter; then the money and the targets."""
        axes = axes_of(self.plan)
        running: Parts = {
            f"axe-{axis.code}": (f"Axe {axis.code} : {axis.label_fr}", partial(self.running, axis))
            for axis in axes
        }
        return {
            **(running or {"activites": ("Les activités de l’année", self.none_running)}),
            "budget": ("Le budget de l’année", self.money),
            "cibles": ("Les cibles de l’année", self.targets),
        }

    def write(self, name: str, label: str, unit: str, value: int | None) -> str:
        """Note a figure of the plan; its key."""
        key = f"plan.{name}@{self.year}"
        self.figures[key] = Figure(key, "", label, unit, str(self.year), value)
        return key

    def running(self, axis: Element) -> list[Block]:
        """What runs in the year under one axis."""
        rows = of_axis(of_year(activities_of(self.plan), self.year), axis.code)
        told = [self.activity(a) for a in rows.prefetch_related("supporting", "places")]
        if not told:
            return self.none_running()
        columns = ("Activité", "Chef de file", "Appui", "Public", "Lieux", "Dates", "État")
        title = f"Axe {axis.code} : activités de {self.year}"
        return [self.table(f"axe-{axis.code}", title, columns, told)]

    def none_running(self) -> list[Block]:
        """Silence, said."""
        return [Text(f"Activités de {self.year} : {NOT_FOUND}", "warn")]

    def activity(self, one: Activity) -> Row:
        """One activity."""
        audiences = [AUDIENCES[Audience(a)] for a in one.audiences.split()]
        return Row(
            f"{one.code}. {one.label_fr}",
            (
                text(one.lead.code if one.lead else "non donné"),
                text(", ".join(o.code for o in one.supporting.all())),
                text(", ".join(audiences)),
                text(", ".join(p.name_fr for p in one.places.all())),
                text(dates(one)),
                text(STATES[State(one.state)]),
            ),
        )

    def money(self) -> list[Block]:
        """The amounts of the year, by source, then activity by activity."""
        rows = of_year(activities_of(self.plan), self.year)
        lines = list(
            Money.objects.filter(activity__in=rows.values("pk"), year=self.year)
            .select_related("activity")
            .order_by("activity__order", "source")
        )
        if not lines:
            return [Text(f"Montants de {self.year} : {NOT_FOUND}", "warn")]
        labels = {t.code: t.label_fr for t in Term.objects.filter(list="funding_source")}
        told = [
            self.amounts(
                f"{n}",
                Amounts(
                    f"{m.activity.code}, {labels.get(m.source, m.source)}",
                    m.needed,
                    m.allocated,
                    m.disbursed,
                ),
            )
            for n, m in enumerate(lines)
        ]
        total = next(a for a in budget(self.plan).by_year if a.label == str(self.year))
        whole = Amounts("Total", total.needed, total.allocated, total.disbursed)
        told.append(self.amounts("total", whole, "total"))
        columns = ("Activité et source", "Besoin", "Alloué", "Décaissé")
        title = f"Besoin, alloué et décaissé en {self.year}"
        return [self.table("montants", title, columns, told, unit="FCFA", notes=(NOT_ADDED,))]

    def amounts(self, name: str, row: Amounts, kind: str = "") -> Row:
        """One line of money."""
        cells = tuple(
            Cell(self.write(f"{name}.{column}", f"{row.label}, {said}", "FCFA", amount))
            for column, said, amount in (
                ("needed", "besoin", row.needed),
                ("allocated", "alloué", row.allocated),
                ("disbursed", "décaissé", row.disbursed),
            )
        )
        return Row(row.label, cells, kind)

    def targets(self) -> list[Block]:
        """What each indicator should reach in the year."""
        rows = []
        for one in indicators_of(self.plan):
            aimed = {target.year: target.value for target in one.targets.all()}
            if self.year not in aimed:
                continue
            unit = unit_of(one)
            said = f"Cible : {one.label_fr}"
            key = self.write(f"target.{one.code}", said, unit, aimed[self.year])
            rows.append(Row(f"{one.code}. {one.label_fr}", (text(unit), Cell(key))))
        if not rows:
            return [Text(f"Cibles de {self.year} : {NOT_FOUND}", "warn")]
        columns = ("Indicateur", "Unité", "Cible")
        return [self.table("cibles", f"Cibles de {self.year}", columns, rows)]
