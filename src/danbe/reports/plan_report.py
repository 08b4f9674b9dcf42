"""The progress report of a plan: a quarter or a year, from the framework, the figures and reports.

A document like the annual report, so that page, PDF and workbook cannot differ. It is a French
document whatever the language of its reader. It stays a draft until the Committee adopts it.
"""

import datetime
from dataclasses import dataclass

from danbe.plan.indicators import Light, Reading, readings
from danbe.plan.models import Activity, Indicator, Plan, State, Subject
from danbe.plan.queries import (
    Amounts,
    accepted_between,
    activities_of,
    axes_of,
    blocked,
    budget,
    facts_of,
    indicators_of,
    late,
    of_axis,
    states,
)
from danbe.reports import wording
from danbe.reports.document import (
    Block,
    Cell,
    Document,
    Edition,
    Figure,
    Heading,
    Items,
    Keys,
    Parts,
    Row,
    Source,
    Text,
    chapters_of,
)
from danbe.reports.paper import Paper, text
from danbe.reports.plan_annex import NOT_ADDED, Annex
from danbekit.dates import Window, format_date, format_number

STATES = {
    State.PLANNED: "prévue",
    State.UNDER_WAY: "en cours",
    State.BLOCKED: "bloquée",
    State.DONE: "terminée",
    State.DROPPED: "abandonnée",
}
COUNTED = {
    State.PLANNED: "Activités prévues",
    State.UNDER_WAY: "Activités en cours",
    State.BLOCKED: "Activités bloquées",
    State.DONE: "Activités terminées",
    State.DROPPED: "Activités abandonnées",
}
LIGHTS = {
    Light.GREEN: "sur la bonne voie",
    Light.AMBER: "en retard",
    Light.RED: "très en retard",
    Light.NO_DATA: "pas de données",
    Light.SMALL: "trop peu de personnes pour le dire",
    Light.NO_TARGET: "sans cible",
    Light.EARLY: "trop tôt pour le dire",
}
RULE = (
    "Règle du feu. L’année jugée est l’année en cours ; tant que personne n’en a donné la "
    "valeur, la précédente. Ce qui est dû à la date du rapport est, pour un chiffre compté dans "
    "l’année, la cible de l’année au prorata des jours écoulés ; pour un état, le chemin de la "
    "cible de l’année précédente (ou de la valeur de départ) à celle de l’année. À 90 % au "
    "moins de ce qui est dû : sur la bonne voie. De 60 à 90 % : en retard. Au-dessous : très en "
    "retard. Sans donnée, il n’y a pas de feu : le silence n’est pas un échec."
)
AHEAD = (
    "Projection : marche aléatoire avec dérive sur les années complètes, intervalle à 80 % "
    "(Hyndman et Athanasopoulos, Forecasting: Principles and Practice, 3e éd., § 5.2 et 5.5), "
    "à partir de trois années."
)
NOT_FOUND = "Non trouvé dans les sources."


@dataclass(slots=True)
class Maker(Paper):
    """Makes one report; keeps the figures as they are said."""

    plan: Plan
    window: Window

    def document(self, only: str = "") -> Document:
        """The whole report; with ``only``, the other chapters have a title and nothing more."""
        self.is_whole = not only
        parts: Parts = {
            "avancement": ("Où en est le plan", self.state),
            "activites": ("Les activités, axe par axe", self.activities),
            "indicateurs": ("Les indicateurs", self.indicators),
            "budget": ("Le budget", self.budget),
            "sources": ("Ce que l’on sait du plan", self.facts),
            "fil": ("De la parole à la preuve", Annex(self).blocks),
        }
        period = self.window.label("fr")
        return self.bound(
            "plan",
            chapters_of(parts, only),
            year=self.window.start.year,
            window=self.window.code,
            title="Rapport d’avancement du plan d’action",
            subtitle=f"Plan {self.plan.code} (version {self.plan.number}), {period}",
            sources=self.sources(),
        )

    def write(self, name: str, label: str, unit: str, value: int | None) -> str:
        """Note a figure of the plan itself; its key."""
        key = f"plan.{name}@{self.window.code}"
        self.figures[key] = Figure(key, "", label, unit, self.window.code, value)
        return key

    # --- Chapters -------------------------------------------------------------------------

    def state(self) -> list[Block]:
        """How many activities stand where, what is blocked, what is late, what was said."""
        counted = states(self.plan)
        n = sum(counted.values())
        if not n:
            return [Text(f"Tableau des activités : {NOT_FOUND}", "warn"), *self.announced()]
        keys = [
            self.write(f"state.{state}", COUNTED[State(state)], "activités", count)
            for state, count in counted.items()
        ]
        blocks: list[Block] = [Keys(tuple(keys)), *self.announced()]
        if stopped := list(blocked(self.plan)):
            rows = [
                Row(
                    f"{a.code}. {a.label_fr}",
                    (
                        text(a.lead.label_fr if a.lead else ""),
                        text(a.blocked_reason),
                        text(a.must_act.label_fr if a.must_act else ""),
                    ),
                )
                for a in stopped
            ]
            columns = ("Activité", "Chef de file", "Ce qui bloque", "Qui doit agir")
            blocks.append(self.table("bloquees", "Activités bloquées", columns, rows))
        if behind := list(late(self.plan, self.today)):
            columns = ("Activité", "Chef de file", "État", "Dates prévues")
            rows = [
                Row(
                    f"{a.code}. {a.label_fr}",
                    (
                        text(a.lead.label_fr if a.lead else ""),
                        text(STATES[State(a.state)]),
                        text(dates(a)),
                    ),
                )
                for a in behind
            ]
            title = "Activités en retard sur leur calendrier"
            blocks.append(self.table("retard", title, columns, rows))
        return blocks + self.news()

    def announced(self) -> list[Block]:
        """The budget that was announced, with its source: never mixed with what is below."""
        facts = [f for f in facts_of(self.plan)[Subject.BUDGET] if f.amount]
        return [
            Text(f"Budget annoncé : {f.label_fr}. {f.detail_fr} Source : {f.source}")
            for f in facts
        ]

    def news(self) -> list[Block]:
        """What was accepted during the window."""
        told = accepted_between(self.plan, self.window.start, self.window.end)
        rows = [
            Row(
                f"{r.activity.code}. {r.activity.label_fr}",
                (
                    text(STATES[State(r.to_state)]),
                    text(r.text),
                    text(r.evidence),
                    text(format_date(r.reviewed_at.date()) if r.reviewed_at else ""),
                ),
            )
            for r in told
        ]
        heading = Heading("Ce qui a été fait pendant la période")
        if not rows:
            return [heading, Text("Aucun compte rendu n’a été accepté pendant cette période.")]
        columns = ("Activité", "État", "Ce qui a été fait", "Preuve", "Accepté le")
        return [heading, self.table("nouvelles", "Comptes rendus acceptés", columns, rows)]

    def activities(self) -> list[Block]:
        """One table an axis."""
        blocks: list[Block] = []
        for axis in axes_of(self.plan):
            heading = Heading(f"{axis.code}. {axis.label_fr}")
            rows = [
                Row(
                    f"{a.code}. {a.label_fr}",
                    (
                        text(a.lead.label_fr if a.lead else "chef de file non donné"),
                        text(dates(a)),
                        text(STATES[State(a.state)]),
                    ),
                )
                for a in of_axis(activities_of(self.plan), axis.code)
            ]
            if not rows:
                blocks += [heading, Text(f"Tableau des activités : {NOT_FOUND}", "note")]
                continue
            columns = ("Activité", "Chef de file", "Dates prévues", "État")
            title = f"Activités de l’axe {axis.code}"
            blocks += [heading, self.table(f"axe-{axis.code}", title, columns, rows)]
        return blocks or [Text(f"Axes : {NOT_FOUND}", "warn")]

    def indicators(self) -> list[Block]:
        """Value, target, light and projection of each."""
        day = min(self.window.end, self.today)
        read = readings(self.plan, list(indicators_of(self.plan)), day)
        if not read:
            return [Text(f"Indicateurs : {NOT_FOUND}", "warn")]
        columns = ("Indicateur", "Année", "Valeur", "Cible", "Feu", "Projection")
        rows = [
            Row(
                f"{r.indicator.code}. {r.indicator.label_fr}",
                (
                    text(str(r.year)),
                    text("moins de 5") if r.current.is_small else Cell(self.value_of(r)),
                    Cell(self.target_of(r)),
                    text(LIGHTS[r.light]),
                    text(projected(r)),
                ),
            )
            for r in read
        ]
        title = f"Indicateurs au {format_date(day)}"
        notes = (RULE, AHEAD)
        return [self.table("indicateurs", title, columns, rows, notes=notes)]

    def value_of(self, read: Reading) -> str:
        """The figure of an indicator, which opens like any other; its key."""
        one, current = read.indicator, read.current
        key = f"indicator.{one.code}@{read.year}"
        self.figures[key] = Figure(
            key,
            one.definition_id or "",
            one.label_fr,
            unit_of(one),
            str(read.year),
            current.value,
            current.at_least,
            one.place_id or "",
            one.breakdown if one.key else "",
            one.key,
        )
        return key

    def target_of(self, read: Reading) -> str:
        """The target of the year; its key."""
        one = read.indicator
        name = f"target.{one.code}"
        return self.write(name, f"Cible : {one.label_fr}", unit_of(one), read.current.target)

    def budget(self) -> list[Block]:
        """By year, by source, by axis; three columns never added."""
        told = budget(self.plan)
        if not told.by_source:
            missing = Text(f"Montants par axe, année et source : {NOT_FOUND}", "warn")
            return [*self.announced(), missing]
        cut = (
            ("annee", "Par année", told.by_year),
            ("source", "Par source de financement", told.by_source),
            ("axe", "Par axe", told.by_axis),
        )
        blocks: list[Block] = list(self.announced())
        for code, title, rows in cut:
            lines = [self.amounts(f"{code}.{n}", row) for n, row in enumerate(rows)]
            lines.append(self.amounts(f"{code}.total", told.total, "Total", "total"))
            columns = (title, "Besoin", "Alloué", "Décaissé", "Décaissé / alloué")
            table = self.table(code, title, columns, lines, unit="FCFA", notes=(NOT_ADDED,))
            blocks.append(table)
        return blocks

    def amounts(self, name: str, row: Amounts, label: str = "", kind: str = "") -> Row:
        """One line of money."""
        label = label or row.label
        cells = [
            Cell(self.write(f"{name}.{column}", f"{label}, {said}", "FCFA", amount))
            for column, said, amount in (
                ("needed", "besoin", row.needed),
                ("allocated", "alloué", row.allocated),
                ("disbursed", "décaissé", row.disbursed),
            )
        ]
        rate = f"{row.rate}\u00a0%" if row.rate is not None else ""
        return Row(label, (*cells, text(rate)), kind)

    def facts(self) -> list[Block]:
        """What the sources say of the plan, and what none says."""
        found = facts_of(self.plan)
        rows = [
            Row(
                f.label_fr,
                (text(f.detail_fr), text("incohérence relevée" if f.is_odd else ""),
                 text(f.source)),
            )
            for subject, facts in found.items()
            if subject != Subject.MISSING
            for f in facts
        ]  # fmt: skip
        blocks: list[Block] = []
        if rows:
            columns = ("Fait", "Précision", "Remarque", "Source")
            blocks.append(self.table("faits", "Ce que disent les sources", columns, rows))
        if missing := found[Subject.MISSING]:
            blocks.append(Heading("Non trouvé dans les sources"))
            blocks.append(Items(tuple(f.label_fr for f in missing)))
        return blocks or [Text("Aucun fait publié n’est enregistré sur ce plan.")]

    def sources(self) -> list[Source]:
        """Danbe's own framework."""
        title = f"Cadre de résultats du plan {self.plan.code}, version {self.plan.number}"
        return [Source("P1", "plan", title)]


def unit_of(one: Indicator) -> str:
    """The counting unit in words."""
    if one.definition is None:
        return one.unit or "valeur"
    code = one.definition.unit
    return wording.units().get(code, (code, code))[1]


def dates(one: Activity) -> str:
    """When it should happen."""
    if one.start is None and one.end is None:
        return "dates non données"
    return " – ".join(format_date(d) if d else "?" for d in (one.start, one.end))


def projected(read: Reading) -> str:
    """Where the indicator goes, in words."""
    ahead = read.projection
    if ahead is None:
        return "trop peu d’années"
    value, low, high = (format_number(round(n)) for n in (ahead.value, ahead.low, ahead.high))
    return f"{value} en {ahead.year} (entre {low} et {high})"


def build(plan: Plan, window: Window, today: datetime.date, only: str = "") -> Edition:
    """The report of a plan for a quarter or a year, as things stand today; or one chapter."""
    return Edition(Maker(today, plan, window).document(only))
