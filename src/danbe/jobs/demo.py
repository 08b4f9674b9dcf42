"""The demonstration: a fictitious cast, their posts, and returns that say they are fictitious.

The year 2024 is not fictitious: it is rebuilt, return by return, from the figures that the
Committee published. Everything after it is made up by a seeded generator and marked so.
"""

import datetime
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from danbe.accounts.models import Holding, Message, Organisation, Post, User
from danbe.core.access import Actor, Role
from danbe.core.places import layout_on
from danbe.figures.actions import accept_return, open_return, save_content, submit_return
from danbe.figures.content import SEXES, asked_of
from danbe.figures.models import Axis, Definition, Obligation, Return, Status
from danbe.jobs import (
    demo_funding,
    demo_participation,
    demo_plan,
    demo_protection,
    demo_trainings,
)
from danbe.jobs.demo_agreements import sign_agreements
from danbe.jobs.demo_committee import fill_committee
from danbe.jobs.demo_services import fill_directory
from danbe.jobs.load import country
from danbekit.dates import Window

PASSWORD = "demonstration-danbe"  # noqa: S105  # shown on the sign-in page; loopback only
SEED = 2027
FICTION = "Démonstration : chiffre fictif"
FIRST_OWED = datetime.date(2024, 1, 1)
ALL_AXES = " ".join(Axis.values)
# Who owes what in the demonstration (invented: the decree's list was not found).
OWES = {
    "ministry": (ALL_AXES, 12),
    "directorate": ("prevention protection", 12),
    "police": ("protection prosecution", 12),
    "justice": ("prosecution", 12),
    "independent": ("prevention protection", 12),
    "ngo": ("prevention protection", 12),
    "coordination": ("prevention protection partnership", 12),
}


@dataclass(frozen=True, slots=True)
class Persona:
    """One of the fictitious cast, and the posts they hold."""

    slug: str
    name: str
    seats: tuple[tuple[Role, str, str], ...]  # role, organisation code, title

    @property
    def email(self) -> str:
        """A reserved name: no mail can reach anybody."""
        return f"{self.slug}@demonstration.example"

    @property
    def post(self) -> str:
        """The title of the first post."""
        return self.seats[0][2]

    @property
    def organisation(self) -> str:
        """The code of the first body."""
        return self.seats[0][1]


PERSONAS = (
    Persona(
        "esther",
        "Esther (fictive)",
        ((Role.SECRETARIAT, "CNCLCTPA", "Secrétariat permanent"),),
    ),
    Persona("fanta", "Fanta (fictive)", ((Role.FOCAL_POINT, "MPFEF", "Point focal"),)),
    Persona(
        "garan",
        "Garan (fictif)",
        (
            (Role.ANALYST, "CNCLCTPA", "Analyste"),
            (Role.FOCAL_POINT, "CNCLCTPA", "Point focal du Comité"),
        ),
    ),
    Persona("awa", "Awa (fictive)", ((Role.CASEWORKER, "SINJIYA", "Assistante sociale"),)),
    Persona(
        "lalla",
        "Lalla (fictive)",
        ((Role.SUPERVISOR, "SINJIYA", "Responsable de la prise en charge"),),
    ),
    Persona(
        "bakary", "Bakary (fictif)", ((Role.CASEWORKER, "CARITAS", "Agent du service social"),)
    ),
    Persona("coumba", "Coumba (fictive)", ((Role.INVESTIGATOR, "BRTMTEH", "Enquêtrice"),)),
    Persona("djibril", "Djibril (fictif)", ((Role.PROSECUTOR, "PJS", "Procureur"),)),
    Persona("issa", "Issa (fictif)", ((Role.PARTNER, "OIM", "Chargé de programme"),)),
    Persona(
        "jeneba",
        "Jeneba (fictive)",
        ((Role.ADMINISTRATOR, "CNCLCTPA", "Administratrice du système"),),
    ),
    Persona("kadidia", "Kadidia (fictive)", ((Role.AUDITOR, "APDP", "Contrôleuse"),)),
)


# What is invented beside the returns, in this order, and the function that makes it.
PARTS: tuple[tuple[str, Callable[[], object]], ...] = (
    ("services of the directory invented", fill_directory),
    ("meetings of a committee invented", fill_committee),
    ("people of the register invented", demo_protection.build),
    ("commitments and gifts invented", demo_funding.build),
    ("trainings and desks invented", demo_trainings.build),
    ("agreements between bodies invented", sign_agreements),
    ("plan invented", demo_plan.build),
    ("making of a plan invented", demo_participation.build),
)


def build(tell: Callable[[str], None] = lambda line: None) -> None:
    """Everything, once; an instance that already holds people is left as it is."""
    if User.objects.exists():
        return
    with transaction.atomic():
        seat_everybody()
        owe()
        tell("people and posts")
    with transaction.atomic():
        n_returns = rebuild_2024()
        tell(f"2024 rebuilt from what was published: {n_returns} returns")
    with transaction.atomic():
        n_returns = invent(range(2025, 2026))
        tell(f"2025 invented: {n_returns} returns")
        read_settled_mail()
    for what, fill in PARTS:
        with transaction.atomic():
            tell(f"{what}: {fill()}")


def seat_everybody() -> None:
    """The cast in their posts."""
    for persona in PERSONAS:
        user = User(email=persona.email, name=persona.name)
        user.set_password(PASSWORD)
        user.save()
        for role, code, title in persona.seats:
            body = Organisation.objects.get(code=code)
            post = Post.objects.create(organisation=body, role=role, title=title)
            Holding.objects.create(post=post, user=user)


def owe() -> None:
    """Yearly obligations, by kind of body."""
    Obligation.objects.bulk_create(
        Obligation(organisation=body, axes=axes, months=months, first=FIRST_OWED, due_days=45)
        for body in Organisation.objects.filter(type__in=OWES)
        for axes, months in [OWES[body.type]]
    )


def secretariat() -> Actor:
    """The post that enters and accepts what comes on paper."""
    return Post.objects.filter(role=Role.SECRETARIAT)[0].actor


def rebuild_2024() -> int:
    """Returns made of the figures that the Committee published for 2024, and accepted."""
    actor = secretariat()
    by_body: dict[str, list[dict[str, str]]] = {}
    for row in country("returns_2024.csv"):
        by_body.setdefault(row["organisation"], []).append(row)
    for code, rows in by_body.items():
        body = Organisation.objects.get(code=code)
        made = open_return(
            actor,
            body,
            window=Window.calendar_year(2024),
            axes=OWES[body.type][0].split(),
            on_paper=True,
            source_note="\n".join(dict.fromkeys(row["source"] for row in rows)),
        )
        accept(actor, made, content_of(rows))
    return len(by_body)


def content_of(rows: Iterable[dict[str, str]]) -> dict[str, Any]:
    """Rows (definition, place, total, breakdown, sex, age, key, value) as typed content."""
    lines: dict[str, dict[str, Any]] = {}
    for row in rows:
        line = lines.setdefault(
            row["definition"],
            {"place": row["place"], "total": "", "cells": {}, "explanation": row["note"]},
        )
        if not row["breakdown"] or row["breakdown"] == "total":
            line["total"] = row["total"] + ("+" if row["at_least"] == "1" else "")
        else:
            key = f"{row['sex']}.{row['age']}" if row["breakdown"] == "sex_age" else row["key"]
            line["cells"].setdefault(row["breakdown"], {})[key] = row["value"]
        if row["note"]:
            line["explanation"] = row["note"]
    return {"lines": {code: [line] for code, line in lines.items()}}


def accept(actor: Actor, made: Return, content: dict[str, Any]) -> Return:
    """The whole life of a return, by its real actions."""
    save_content(actor, made, content=content)
    submit_return(actor, made)
    return accept_return(actor, made)


def invent(years: Iterable[int]) -> int:
    """Fictitious returns of most bodies; some stay silent, as bodies do."""
    actor, n_returns = secretariat(), 0
    random_ = random.Random(SEED)  # noqa: S311  # fiction, not a secret
    for year in years:
        window = Window.calendar_year(year)
        regions = [place.code for place in layout_on(window.end)]
        for obligation in Obligation.objects.select_related("organisation"):
            if random_.random() < 0.25:
                continue
            axes = obligation.axes.split()
            made = open_return(
                actor,
                obligation.organisation,
                window=window,
                axes=axes,
                is_fictitious=True,
                source_note=FICTION,
            )
            asked = asked_of(obligation.organisation.type, axes)
            content = {"lines": dict(_invent_lines(asked, regions, random_))}
            if random_.random() < 0.15:
                save_content(actor, made, content=content)
                submit_return(actor, made)
            else:
                accept(actor, made, content)
            n_returns += 1
    return n_returns


def read_settled_mail() -> None:
    """Only what still waits is unread: a return that was accepted needs nobody's eyes."""
    settled = Return.unscoped.filter(status=Status.ACCEPTED).values_list("pk", flat=True)
    paths = [f"/returns/{pk}/" for pk in settled]
    Message.unscoped.filter(path__in=paths).update(read_at=timezone.now())


def _invent_lines(
    asked: list[Definition], regions: list[str], random_: random.Random
) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    for definition in asked:
        if random_.random() < 0.35:
            continue
        scale = 400_000 if definition.unit == "amount_fcfa" else 1
        lines = []
        for place in random_.sample(regions, k=random_.randint(1, 3)):
            cells = {}
            if "sex_age" in definition.splits:
                cells["sex_age"] = {
                    f"{sex}.{age}": str(random_.randint(0, 14))
                    for sex in SEXES[:2]
                    for age in ("child", "adult")
                }
                total = sum(int(value) for value in cells["sex_age"].values())
            else:
                total = random_.randint(1, 30) * scale
            line = {"place": place, "total": str(total), "cells": cells, "explanation": FICTION}
            lines.append(line)
        yield definition.code, lines
