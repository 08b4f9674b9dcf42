"""A nation's worth of fictitious people: a million persons, 300,000 cases, seeded.

Names are drawn and misspelt by ``benchmarks.names``. Rows are written in bulk, past the actions,
with what the actions would have written, but for the sealed texts: no page that is timed opens
one. One body holds half of everybody: the worst case for its own lists.
"""

import datetime
import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks import names
from danbe.accounts.models import Organisation, Post
from danbe.core.access import Role
from danbe.core.models import Place
from danbe.core.places import layout_on
from danbe.protection.models import (
    Case,
    Decision,
    Event,
    Ground,
    NameKey,
    National,
    Person,
    Service,
    Task,
)
from danbe.protection.models.grounds import delimited
from danbe.protection.numbers import ALPHABET, check_sign
from danbe.protection.search import hashed
from danbekit.linkage.keys import search_keys

SEED = 2026
N_PERSONS = 1_000_000
CASES = 0.3  # a case for so many of the persons
SHARED = 0.05  # a live ground to another body for so many
N_BODIES = 40
A_BATCH = 20_000
FIRST, DAYS = datetime.date(2019, 1, 1), 365 * 7
CITIZENSHIPS = "ML ML ML ML ML ML ML ML BF NE SN GN CI NG BJ TG GM GW SL LR".split()
FORMS = "ForcedLabour SexualExploitation ForcedBegging ml_GoldSiteLabour ml_DescentSlavery".split()
SERVICES = "shelter medical psychosocial legal_aid education reintegration".split()


@dataclass
class Drawn:
    """What is drawn from."""

    chance: random.Random
    posts: list[Post]  # the first is of the body that holds half
    regions: list[Place]


def generate(n_persons: int = N_PERSONS) -> int:
    """Fill an instance that holds the reference data and the cast; returns how many persons."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-2000000")  # keys fall all over their index
    chance = random.Random(SEED)
    drawn = Drawn(chance, list(bodies(chance)), layout_on(datetime.date(2024, 1, 1)))
    people = names.make_persons(n_persons, SEED)
    n_made = 0
    while n_made < n_persons:
        n_batch = min(A_BATCH, n_persons - n_made)
        with transaction.atomic():
            write(drawn, [next(people) for _n in range(n_batch)], n_made)
        n_made += n_batch
        print(f"   {n_made:,} persons", flush=True)
    analyse()
    return n_made


def bodies(chance: random.Random) -> Iterator[Post]:
    """Awa's post first; then a caseworker in each of forty fictitious bodies."""
    yield Post.objects.get(role=Role.CASEWORKER, organisation__code="SINJIYA")
    for n in range(1, N_BODIES + 1):
        body = Organisation.objects.create(
            id=uuid.UUID(int=chance.getrandbits(128), version=4),
            code=f"ACCUEIL-{n:02}",
            label_fr=f"Accueil fictif {n:02}",
            label_en=f"Fictitious shelter {n:02}",
            type="ngo",
        )
        yield Post.objects.create(organisation=body, role=Role.CASEWORKER, title="Agent")


def write(drawn: Drawn, people: Sequence[names.Person], start: int) -> None:
    """One batch: persons with their event, keys, decisions, cases, services, tasks, grounds."""
    chance = drawn.chance
    nationals = [
        National(pk=start + n, number=number(start + n)) for n in range(1, len(people) + 1)
    ]
    events = [event(drawn, start, n) for n in range(1, len(people) // 10 + 2)]
    National.objects.bulk_create(nationals, batch_size=2000)
    Event.unscoped.bulk_create(events, batch_size=2000)
    persons = [person(drawn, events[n // 10], one, n) for n, one in enumerate(nationals)]
    Person.unscoped.bulk_create(persons, batch_size=2000)
    write_keys(persons, people, chance)
    Decision.unscoped.bulk_create(decisions(persons), batch_size=2000)
    cases = [case(chance, one) for one in persons if chance.random() < CASES]
    Case.unscoped.bulk_create(cases, batch_size=2000)
    Service.unscoped.bulk_create([service(chance, one) for one in cases], batch_size=2000)
    Task.unscoped.bulk_create([task(chance, one) for one in cases], batch_size=2000)
    shared = [one for one in persons if chance.random() < SHARED]
    Ground.unscoped.bulk_create([ground(drawn, one) for one in shared], batch_size=2000)


def number(n: int, prefix: str = "ML") -> str:
    """A number of the right shape, made from its order."""
    body = ""
    n = n * 2_862_933_555 % 32**10  # spread, so that neighbours do not look alike
    for _digit in range(10):
        n, digit = divmod(n, 32)
        body += ALPHABET[digit]
    return f"{prefix}-{body[:5]}-{body[5:]}{check_sign(body)}"


def event(drawn: Drawn, start: int, n: int) -> Event:
    """Ten people each."""
    chance = drawn.chance
    post = drawn.posts[0] if chance.random() < 0.5 else chance.choice(drawn.posts[1:])
    region = chance.choice(drawn.regions)
    return Event(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        number=number(start + n, "EV"),
        kind=chance.choice(["walk_in", "raid", "denunciation", "transport", "mine"]),
        on=FIRST + datetime.timedelta(days=chance.randrange(DAYS)),
        place=region,
        region=region,
        organisation_id=post.organisation_id,
        post=post,
    )


def person(drawn: Drawn, at: Event, national: National, n: int) -> Person:
    """One of the ten."""
    chance = drawn.chance
    age = chance.choice([*range(6, 18), *range(14, 50)])
    status = chance.choices(["open", "presumed", "identified"], [2, 5, 3])[0]
    return Person(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        national=national,
        first_national=national,
        event=at,
        line=n % 10 + 1,
        organisation_id=at.organisation_id,
        post_id=at.post_id,
        knowledge="named",
        met_on=at.on,
        region=at.region,
        sex=chance.choice(["female", "female", "male"]),
        age_min=age,
        age_max=age,
        citizenship=chance.choice(CITIZENSHIPS),
        form=chance.choice(FORMS),
        basis="trafficking",
        involvement="victim",
        pathway=chance.choice(["trafficking", "trafficking", "migrant"]),
        status=status,
    )


def write_keys(
    persons: Sequence[Person], people: Sequence[names.Person], chance: random.Random
) -> None:
    """The index rows, straight into the table: some six a person."""
    rows = [
        (int(stored[2:], 16) - 2**63, stored[0], one.pk, one.organisation_id)
        for one, named in zip(persons, people, strict=True)
        for stored in hashed(keys_of(named, chance))
    ]
    table = NameKey._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(
                f"COPY {table} (key, kind, person_id, organisation_id) FROM STDIN"
            ) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(
                f"INSERT INTO {table} (key, kind, person_id, organisation_id) "
                "VALUES (%s, %s, %s, %s)",
                [(key, kind, pk.hex, body.hex) for key, kind, pk, body in rows],
            )


def keys_of(named: names.Person, chance: random.Random) -> frozenset[str]:
    """As some clerk registered the names."""
    told = names.as_registered(named, chance)
    return search_keys(told.family, " ".join(told.given))


def decisions(persons: Iterable[Person]) -> list[Decision]:
    """What made each status."""
    found = []
    for one in persons:
        for value in {"open": (), "presumed": ("presumed",)}.get(
            one.status, ("presumed", "identified")
        ):
            found.append(
                Decision(
                    person=one,
                    question="status",
                    value=value,
                    on=one.met_on,
                    organisation_id=one.organisation_id,
                    post_id=one.post_id,
                    form=one.form,
                    basis=one.basis,
                    superseded_at=timezone.now() if value != one.status else None,
                )
            )
    return found


def case(chance: random.Random, one: Person) -> Case:
    """A case, two in three closed."""
    closed = chance.random() < 0.66
    day = one.met_on + datetime.timedelta(days=chance.randrange(5))
    return Case(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        number=number(one.national_id, "PC"),
        person=one,
        organisation_id=one.organisation_id,
        post_id=one.post_id,
        region_id=one.region_id,
        status="closed" if closed else "open",
        opened_on=day,
        closed_on=day + datetime.timedelta(days=200) if closed else None,
        closing="reintegrated" if closed else "",
        level=chance.choice(["", "low", "medium", "high"]),
        first_service_on=day + datetime.timedelta(days=chance.randrange(20)),
        next_due_on=None if closed else day + datetime.timedelta(days=30),
    )


def service(chance: random.Random, one: Case) -> Service:
    """One service each."""
    return Service(
        case=one,
        type=chance.choice(SERVICES),
        status=chance.choice(["given", "given", "under_way", "unavailable"]),
        start=one.first_service_on,
        post_id=one.post_id,
    )


def task(chance: random.Random, one: Case) -> Task:
    """One date each."""
    due = one.opened_on + datetime.timedelta(days=30)
    return Task(
        case=one,
        kind="follow_up",
        due_on=due,
        month=1,
        done_on=due if one.status == "closed" else None,
        post_id=one.post_id,
    )


def ground(drawn: Drawn, one: Person) -> Ground:
    """A live consent to another body."""
    now = timezone.now()
    to = drawn.chance.choice([p for p in drawn.posts if p.organisation_id != one.organisation_id])
    return Ground(
        person=one,
        kind="consent",
        purpose="referral",
        recipient_id=to.organisation_id,
        groups=delimited(["profile", "identity"]),
        start=now,
        end=now + datetime.timedelta(days=365),
        organisation_id=one.organisation_id,
        post_id=one.post_id,
    )


def analyse() -> None:
    """Statistics for the planner, as a nightly job keeps them."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


# --- Search ---------------------------------------------------------------------------------


def queries(n: int, n_persons: int, holder: Any) -> list[tuple[str, uuid.UUID]]:
    """``n`` persons of ``holder``: the name as somebody misspells it, and who is meant."""
    chance = random.Random(SEED + 1)
    wanted = sorted(chance.sample(range(n_persons), min(n * 3, n_persons)))
    told = dict.fromkeys(wanted, "")
    for n_th, named in enumerate(names.make_persons(n_persons, SEED)):
        if n_th in told:
            told[n_th] = names.misspell(named, chance).text
    rows = Person.unscoped.filter(
        first_national_id__in=[w + 1 for w in wanted], organisation_id=holder
    ).values_list("first_national_id", "pk")
    found = [(told[order - 1], pk) for order, pk in rows]
    return found[:n]
