"""Plans of the cast: fictitious frameworks, made by real actions."""

import datetime
from dataclasses import replace

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.plan import actions
from danbe.plan.framework import (
    ActivityRow,
    ElementRow,
    Framework,
    IndicatorRow,
    MoneyRow,
)
from danbe.plan.models import Activity, Plan

CODE = "2024-2028"
FIRST, LAST = datetime.date(2024, 1, 1), datetime.date(2028, 12, 31)
FRAMEWORK = Framework(
    (
        ElementRow("1", "axis", axis="protection", label_fr="Protection (fictif)"),
        ElementRow("1.1", "objective", "1", label_fr="Objectif fictif"),
        ElementRow(
            "1.1.1",
            "result",
            "1.1",
            label_fr="Résultat fictif",
            label_en="Fictitious result",
            assumptions="Financement stable",
            risks="Insécurité",
            verification="Registres",
        ),
        ElementRow("2", "axis", label_fr="Statistiques (fictif)"),
    ),
    (
        ActivityRow(
            "A1",
            "1.1.1",
            "Ouvrir un centre (fictif)",
            "Open a shelter (fictitious)",
            "MPFEF",
            ("CARITAS", "SINJIYA"),
            ("state", "victims"),
            ("kayes-2023", "sikasso-2023"),
            datetime.date(2024, 3, 1),
            datetime.date(2025, 6, 30),
        ),
        ActivityRow("A2", "1.1.1", "Former (fictif)", lead="MJDH", audiences=("state",)),
        ActivityRow("A3", "1.1.1", "Sans chef de file (fictif)"),
    ),
    (
        MoneyRow("A1", 2024, "state_budget", 20_000_000, 12_000_000, 9_000_000),
        MoneyRow("A1", 2025, "oim", 30_000_000, None, None),
        MoneyRow("A2", 2024, "not_found", 5_000_000),
    ),
    (
        IndicatorRow(
            "I1",
            "1.1.1",
            "Victimes identifiées (fictif)",
            definition="victims_identified",
            baseline=100,
            baseline_year=2023,
            targets=((2024, 400), (2025, 500), (2027, 900)),
        ),
        IndicatorRow(
            "I2",
            "A1",
            "Filles identifiées",
            definition="victims_identified",
            breakdown="sex_age",
            key="female.child",
            targets=((2024, 50),),
        ),
        IndicatorRow(
            "I3", "A2", "Modules validés", keeper="MPFEF", unit="module", targets=((2024, 4),)
        ),
        IndicatorRow("I4", "1.1", "Sans cible", definition="shelter_places", place="kayes-2023"),
        IndicatorRow(
            "I5",
            "A1",
            "Prises en charge achevées (fictif)",
            definition="care_completed",
            origin="register",
            targets=((2026, 8),),
        ),
    ),
)


def draft(esther: Actor, told: Framework = FRAMEWORK, code: str = CODE) -> Plan:
    """A draft with a framework."""
    plan = actions.begin_plan(
        esther, code=code, label_fr="Plan fictif", label_en="Fictitious", start=FIRST, end=LAST
    )
    return actions.save_framework(esther, plan, told)


def published(esther: Actor, told: Framework = FRAMEWORK) -> Plan:
    """A published plan."""
    return actions.publish_plan(esther, draft(esther, told))


def organisation(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def activity(plan: Plan, code: str = "A1") -> Activity:
    return Activity.unscoped.get(plan=plan, code=code)


def news(to_state: str = "under_way", **more: object) -> actions.News:
    told = actions.News(to_state, "Travaux commencés (fictif)")
    return replace(told, **more)  # type: ignore[arg-type]


def large(n_activities: int = 500, years: range = range(2024, 2029)) -> Framework:
    """A framework as large as they come: 4 axes, 12 objectives, 36 results; money every year."""
    elements = []
    results = []
    for a in range(1, 5):
        elements.append(ElementRow(f"{a}", "axis", label_fr=f"Axe fictif {a}"))
        for o in range(1, 4):
            objective = f"{a}.{o}"
            elements.append(ElementRow(objective, "objective", f"{a}", label_fr="Objectif"))
            for r in range(1, 4):
                results.append(f"{objective}.{r}")
                elements.append(ElementRow(results[-1], "result", objective, label_fr="Résultat"))
    leads = ("MPFEF", "MJDH", "SINJIYA", "CARITAS", "ENDA", "")
    codes = ("victims_identified", "victims_assisted", "persons_trained", "shelter_places")
    activities, money, indicators = [], [], []
    for n in range(n_activities):
        code = f"ACT-{n:03}"
        first = years[n % len(years)]
        activities.append(
            ActivityRow(
                code,
                results[n % len(results)],
                f"Activité fictive {n} dont le nom tient sur une ligne assez longue",
                lead=leads[n % len(leads)],
                supporting=("CARITAS",) if n % 2 else (),
                audiences=("victims",),
                places=("kayes-2023", "sikasso-2023")[: n % 3],
                start=datetime.date(first, 1 + n % 12, 1),
                end=datetime.date(years[-1], 12, 31),
            )
        )
        money += [
            MoneyRow(code, year, "state_budget", 1_000_000 + n, 500_000, 100_000) for year in years
        ]
        indicators.append(
            IndicatorRow(
                f"IND-{n:03}",
                code,
                f"Indicateur fictif {n}",
                definition=codes[n % 4],
                targets=tuple((year, 100 + n) for year in years),
            )
        )
    return Framework(tuple(elements), tuple(activities), tuple(money), tuple(indicators))
