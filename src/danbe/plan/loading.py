"""What the sources say of the three plans, loaded as facts; nothing is made up around them."""

import datetime
from collections.abc import Mapping, Sequence

from danbe.plan.models import Element, Kind, Plan, PlanFact, PlanStatus, Subject

TITLE_FR = "Plan d’action national de lutte contre la traite des personnes %s"
TITLE_EN = "National action plan against trafficking in persons %s"


def load_facts(rows: Sequence[Mapping[str, str]]) -> int:
    """Replace the facts; add the plans that are missing, and change none that is there."""
    PlanFact.objects.all().delete()
    facts = [
        PlanFact(
            plan_code=row["plan"],
            subject=row["subject"],
            order=order,
            label_fr=row["label_fr"],
            label_en=row["label_en"],
            detail_fr=row["detail_fr"],
            detail_en=row["detail_en"],
            amount=int(row["amount"]) if row["amount"] else None,
            day=datetime.date.fromisoformat(row["day"]) if row["day"] else None,
            is_odd=row["is_odd"] == "1",
            source=row["source"],
        )
        for order, row in enumerate(rows)
    ]
    PlanFact.objects.bulk_create(facts)
    known = set(Plan.objects.values_list("code", flat=True))
    for code in dict.fromkeys(row["plan"] for row in rows):
        if code not in known:
            _add_plan(code, [row for row in rows if row["plan"] == code])
    return len(facts)


def _add_plan(code: str, rows: Sequence[Mapping[str, str]]) -> None:
    """The plan as it is known: its years and, where a source names them, its axes."""
    first, last = (int(year) for year in code.split("-"))
    plan = Plan.objects.create(
        code=code,
        label_fr=TITLE_FR % code,
        label_en=TITLE_EN % code,
        start=datetime.date(first, 1, 1),
        end=datetime.date(last, 12, 31),
        status=PlanStatus.PUBLISHED,
    )
    axes = [r for r in rows if r["subject"] == Subject.AXIS and r["is_odd"] != "1"]
    Element.objects.bulk_create(
        Element(
            plan=plan,
            kind=Kind.AXIS,
            code=str(number),
            axis=row["axis"],
            label_fr=row["label_fr"],
            label_en=row["label_en"],
            source=row["source"],
            order=number,
        )
        for number, row in enumerate(axes, 1)
    )
