"""A nation's worth of fictitious returns: 300 bodies, 15 years, a million observations.

Seeded: the same code makes the same rows. Every body is called «Organisation fictive NNN» and
every return is marked fictitious. Rows are written in bulk, past the actions, which are measured
elsewhere; what they hold is what the actions would have written.
"""

import datetime
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from danbe.accounts.models import Organisation, OrganisationType, Post
from danbe.core.access import Role
from danbe.core.models import Place, Term
from danbe.core.places import layout_on
from danbe.figures.actions import observations_of
from danbe.figures.content import Cell, Line
from danbe.figures.models import Definition, Obligation, Observation, Return, Status
from danbekit.dates import Window

SEED = 2012
N_BODIES = 300
FIRST_YEAR, LAST_YEAR = 2010, 2024
N_OBSERVATIONS = 1_000_000
QUARTERLY = 5  # one body in five reports by quarter
MOST_CODES = 23  # of a long list: the nationalities that flow monitoring saw in one quarter
SILENT = 0.06  # of what is owed never comes
AXES = {
    OrganisationType.MINISTRY: "prevention protection prosecution partnership",
    OrganisationType.DIRECTORATE: "prevention protection",
    OrganisationType.POLICE: "protection prosecution",
    OrganisationType.JUSTICE: "prosecution",
    OrganisationType.NGO: "prevention protection",
    OrganisationType.PARTNER: "prevention protection partnership",
}
SEX_AGE = [(f"{sex}.{age}") for sex in ("female", "male") for age in ("child", "adult")]


@dataclass
class Plan:
    """What is drawn from: fixed before the first row is made."""

    chance: random.Random
    definitions: dict[str, list[Definition]]  # by type of body
    keys: dict[str, list[str]]  # by code list
    layouts: dict[int, list[Place]] = field(default_factory=dict)
    n_lines: int = 0  # in each return


def generate(n_observations: int = N_OBSERVATIONS) -> int:
    """Fill an instance that holds the reference data; returns the number of observations."""
    plan = make_plan()
    with transaction.atomic():
        bodies = make_bodies(plan)
        owed = [(body, window) for body in bodies for window in windows_of(body)]
        plan.n_lines = max(1, round(n_observations / (len(owed) * (1 - SILENT) * 4.5)))
        secretariat = Post.objects.get(role=Role.SECRETARIAT, organisation__code="CNCLCTPA")
        for batch in batches(owed, 200):
            write(plan, batch, secretariat)
    analyse()
    return Observation.objects.count()


def make_plan() -> Plan:
    """Definitions by type of body, code lists, regions by year."""
    known = list(Definition.objects.all())
    keys: dict[str, list[str]] = {}
    for name, code in Term.objects.values_list("list", "code"):
        keys.setdefault(name, []).append(code)
    chance = random.Random(SEED)
    for codes in keys.values():
        codes[:] = chance.sample(codes, min(MOST_CODES, len(codes)))
    plan = Plan(
        chance,
        {
            kind: [d for d in known if d.axis in axes.split() and kind in d.asked_of.split()]
            for kind, axes in AXES.items()
        },
        keys,
    )
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        plan.layouts[year] = layout_on(datetime.date(year, 12, 31))
    return plan


def make_bodies(plan: Plan) -> list[Organisation]:
    """The members and what they owe."""
    kinds = list(AXES)
    bodies = [
        Organisation(
            id=uuid.UUID(int=plan.chance.getrandbits(128), version=4),
            code=f"FICTIF-{n:03}",
            label_fr=f"Organisation fictive {n:03}",
            label_en=f"Fictitious organisation {n:03}",
            type=kinds[n % len(kinds)],
        )
        for n in range(1, N_BODIES + 1)
    ]
    Organisation.objects.bulk_create(bodies)
    Obligation.objects.bulk_create(
        Obligation(
            organisation=body,
            axes=AXES[OrganisationType(body.type)],
            months=months_of(body),
            first=datetime.date(FIRST_YEAR, 1, 1),
        )
        for body in bodies
    )
    return bodies


def months_of(body: Organisation) -> int:
    """By quarter for one body in five, by year for the others."""
    return 3 if int(body.code[-3:]) % QUARTERLY == 0 else 12


def windows_of(body: Organisation) -> list[Window]:
    """The windows of the fifteen years."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return [w for y in years for w in Window.calendar_year(y).split(months_of(body))]


def batches(
    owed: Sequence[tuple[Organisation, Window]], size: int
) -> Iterator[Sequence[tuple[Organisation, Window]]]:
    """Pieces of ``size``."""
    for start in range(0, len(owed), size):
        yield owed[start : start + size]


def write(plan: Plan, owed: Sequence[tuple[Organisation, Window]], signed_by: Post) -> None:
    """The returns of one batch and their observations."""
    returns: list[Return] = []
    observations: list[Observation] = []
    for body, window in owed:
        if plan.chance.random() < SILENT:
            continue
        row, lines = make_return(plan, body, window, signed_by)
        returns.append(row)
        if row.status == Status.ACCEPTED:
            observations.extend(o for line in lines for o in observations_of(row, line))
    Return.unscoped.bulk_create(returns)
    Observation.objects.bulk_create(observations, batch_size=5_000)


def make_return(
    plan: Plan, body: Organisation, window: Window, signed_by: Post
) -> tuple[Return, list[Line]]:
    """One return with its typed content, as if a focal point had filled the form."""
    lines = [line for _n in range(plan.n_lines) if (line := make_line(plan, body, window))]
    unique = {(ln.definition.code, ln.place.code): ln for ln in lines}
    lines = list(unique.values())
    recent = window.end.year == LAST_YEAR and plan.chance.random() < 0.2
    chosen = plan.chance.choice([Status.DRAFT, Status.SUBMITTED, Status.QUERIED])
    status = chosen if recent else Status.ACCEPTED
    now = timezone.now()
    row = Return(
        id=uuid.UUID(int=plan.chance.getrandbits(128), version=4),
        organisation=body,
        start=window.start,
        end=window.end,
        axes=AXES[OrganisationType(body.type)],
        status=status,
        content={"lines": typed(lines)},
        is_fictitious=True,
        submitted_at=None if status == Status.DRAFT else now,
        submitted_by=None if status == Status.DRAFT else signed_by,
        accepted_at=now if status == Status.ACCEPTED else None,
        accepted_by=signed_by if status == Status.ACCEPTED else None,
    )
    return row, lines


def make_line(plan: Plan, body: Organisation, window: Window) -> Line | None:
    """One total and its parts, which never add up to more."""
    chance = plan.chance
    asked = plan.definitions[body.type]
    if not asked:
        return None
    definition = chance.choice(asked)
    total = int(chance.paretovariate(0.9) * 3)
    total = min(total, 50_000)
    cells: list[Cell] = []
    short = total >= 10 and chance.random() < 0.1
    for split in definition.splits:
        if split == "sex_age":
            cells += parts(chance, split, SEX_AGE, total, short=short)
        elif chance.random() < 0.6:
            name = definition.category_list if split == "category" else split
            codes = plan.keys.get(name, [])
            some = chance.sample(codes, min(2, len(codes)))
            cells += parts(chance, split, some, total, short=short)
    place = chance.choice(plan.layouts[window.end.year])
    explanation = "Répartition fictive incomplète." if short else ""
    return Line(definition, place, window, total, False, tuple(cells), explanation)


def parts(
    chance: random.Random, split: str, codes: Sequence[str], total: int, *, short: bool
) -> list[Cell]:
    """A total thrown into boxes; where it is ``short``, a tenth of it stays out."""
    left, cells = total - (total // 10 if short else 0), []
    for n, code in enumerate(codes, 1):
        value = left if n == len(codes) else chance.randint(0, left)
        cells.append(Cell(split, code, value))
        left -= value
    return cells


def typed(lines: Sequence[Line]) -> dict[str, Any]:
    """The lines as ``Return.content`` keeps them."""
    content: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        cells: dict[str, dict[str, str]] = {}
        for cell in line.cells:
            cells.setdefault(cell.breakdown, {})[cell.key] = str(cell.value)
        told = {"place": line.place.code, "from": "", "to": "", "total": str(line.total)}
        entry = told | {"cells": cells, "explanation": line.explanation}
        content.setdefault(line.definition.code, []).append(entry)
    return content


def analyse() -> None:
    """Tell the planner what the tables hold, as a database in use knows it.

    PostgreSQL does this by itself within a minute (autovacuum); SQLite has no such servant.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
