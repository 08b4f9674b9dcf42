"""Finding the records that may be one person met by several bodies, and joining them.

Records are compared by keyed hashes and pseudonymous columns: no name is read. A human decides;
the national number of each record follows from the decisions in force, so that undoing one is
exact: records joined by «same person», directly or through others, bear the oldest of the
numbers that they were given at first.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Count, Q

from danbe.protection.models import Candidate, NameKey, National, Person
from danbe.protection.search import stored_keys
from danbe.protection.vocabulary import Knowledge, LinkStatus, Sex
from danbekit.linkage.comparing import LIST_FROM, Comparison, Profile, birth_years, compare

# Kinds of keys by which others are looked up: pairs of words as written and as spoken, phones.
# One word alone would list half of the register.
LOOKED_UP = ("x", "p", "t", "o")
MOST_KEYS = 2000  # keys of others looked at for one person: beyond, the name is too common
MOST_COMPARED = 200  # of those, how many are compared: those that share the most keys
MOST_LISTED = 10  # pairs waiting on one record: a machine must not flood a file
AGES_KNOWN = (0, 120)


def search_for(person: Person) -> list[Candidate]:
    """Compare ``person`` with the records of everybody, and keep the pairs worth a look."""
    mine = stored_keys([person]).get(person.pk, frozenset())
    if not mine or person.erased_at or person.knowledge == Knowledge.COUNTED:
        return []
    others = _alike(person, mine)
    if not others:
        return []
    held = stored_keys(others)
    shares = _shares(mine, held.values())
    n_persons = _n_persons()
    profile = _profile(person, mine)
    found: list[tuple[float, Person, Comparison]] = []
    for other in others:
        told = compare(profile, _profile(other, held.get(other.pk, frozenset())), shares)
        if told.probability(n_persons) >= LIST_FROM:
            found.append((told.bits, other, told))
    found.sort(key=lambda one: -one[0])
    return _keep(person, found)


def find_all(after: uuid.UUID | None = None, most: int = 500) -> uuid.UUID | None:
    """Search for the next ``most`` records; give back where to go on, ``None`` at the end."""
    rows = Person.unscoped.filter(erased_at=None).order_by("pk")
    batch = list((rows.filter(pk__gt=after) if after else rows)[:most])
    for person in batch:
        search_for(person)
    return batch[-1].pk if len(batch) == most else None


def _alike(person: Person, mine: Collection[str]) -> list[Person]:
    """The records that share a pair of names or a telephone, those that share most first."""
    wanted = [_number(key) for key in mine if key[0] in LOOKED_UP]
    rows = NameKey.unscoped.filter(key__in=wanted, person__erased_at=None)
    if person.sex in (Sex.FEMALE, Sex.MALE):
        rows = rows.filter(person__sex__in=[person.sex, Sex.OTHER, Sex.UNKNOWN])
    ids = rows.exclude(person=person).values_list("person_id", flat=True)[:MOST_KEYS]
    best = [pk for pk, _n in Counter(ids).most_common(MOST_COMPARED)]
    found = Person.unscoped.filter(pk__in=best).exclude(event=person.event_id)
    return list(found.exclude(national=person.national_id))


def _profile(person: Person, keys: frozenset[str]) -> Profile:
    low, high = person.age_min, person.age_max
    born = None
    if low is not None or high is not None:
        least, most = AGES_KNOWN
        ages = (least if low is None else low, most if high is None else high)
        born = birth_years(*ages, person.met_on)
    return Profile(
        keys,
        sex=person.sex if person.sex in (Sex.FEMALE, Sex.MALE) else "",
        born=born,
        citizenships=frozenset({person.citizenship} - {""}),
        met_on=person.met_on,
        event=str(person.event_id),
    )


def _shares(mine: frozenset[str], others: Iterable[frozenset[str]]) -> dict[str, float]:
    """Of all records, the part that holds each key in common: a common name proves little."""
    common = {key for held in others for key in held & mine if key[0] in "xpw"}
    n_persons = max(_n_persons(), 1)
    numbers = {_number(key): key for key in common}
    counted = NameKey.unscoped.filter(key__in=numbers).order_by().values("key")
    found = counted.annotate(n=Count("*")).values_list("key", "n")
    return {numbers[key]: min(n / n_persons, 1.0) for key, n in found}


def _n_persons() -> int:
    """About how many records there are: the last number given, without counting a million."""
    return National.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _number(key: str) -> int:
    """A stored key, as the database holds it."""
    return int(key[2:], 16) - 2**63


def _keep(person: Person, found: list[tuple[float, Person, Comparison]]) -> list[Candidate]:
    """Write the best pairs, as long as neither person has too many waiting.

    Pairs inside one body are counted apart: they must not crowd out those of other bodies.
    """
    decided = _pairs_of(person)
    waiting = _waiting([person.pk, *(other.pk for _bits, other, _told in found)])
    kept: list[Candidate] = []
    for bits, other, told in found:
        pair = decided.get(other.pk)
        if pair is None:
            inside = person.organisation_id == other.organisation_id
            ends = [(person.pk, inside), (other.pk, inside)]
            if any(waiting[end] >= MOST_LISTED for end in ends):
                continue
            a, b = sorted((person, other), key=lambda one: one.pk)
            pair = Candidate(a=a, b=b)
            waiting.update(ends)
        elif pair.status != LinkStatus.OPEN:
            continue  # what a human decided stays
        pair.agreement, pair.weight = agreement_of(told), bits
        pair.save()
        kept.append(pair)
    return kept


def _pairs_of(person: Person) -> Mapping[uuid.UUID, Candidate]:
    rows = Candidate.unscoped.filter(Q(a=person) | Q(b=person))
    return {row.b_id if row.a_id == person.pk else row.a_id: row for row in rows}


def _waiting(people: Collection[uuid.UUID]) -> Counter[tuple[uuid.UUID, bool]]:
    """How many pairs wait on each of these: (person, inside one body)."""
    n: Counter[tuple[uuid.UUID, bool]] = Counter()
    waiting = Candidate.unscoped.filter(status=LinkStatus.OPEN)
    for side in ("a", "b"):
        rows = waiting.filter(**{f"{side}__in": people}).order_by()
        told = rows.values_list(side, "a__organisation_id", "b__organisation_id")
        n.update((pk, one == other) for pk, one, other in told)
    return n


def agreement_of(told: Comparison) -> str:
    """What agrees and what does not, as codes: ``name:sound phone:differ``."""
    said = [f"{one.field}:{one.level}" for one in told.agreements if one.level != "missing"]
    return "|".join(said)


# --- Numbers follow decisions ------------------------------------------------------------------


def joined_with(people: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """These records and all that decisions in force join to them, directly or through others."""
    found: set[uuid.UUID] = set(people)
    edge = set(found)
    while edge:
        same = Candidate.unscoped.filter(status=LinkStatus.SAME).filter(
            Q(a__in=edge) | Q(b__in=edge)
        )
        pairs = same.order_by().values_list("a_id", "b_id")
        edge = {pk for pair in pairs for pk in pair} - found
        found |= edge
    return found


def renumber(people: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Give each group of joined records the oldest of its first numbers. Records renumbered."""
    left, moved = set(people), []
    while left:
        group = joined_with([next(iter(left))])
        rows = list(Person.unscoped.select_for_update().filter(pk__in=group).order_by("pk"))
        kept = min(row.first_national_id for row in rows)
        changed = [row.pk for row in rows if row.national_id != kept]
        Person.unscoped.filter(pk__in=changed).update(national=kept)
        moved += changed
        left -= group
    return moved


def contradicted(people: Collection[uuid.UUID]) -> bool:
    """Whether a human said of two of these that they are two persons."""
    rows = Candidate.unscoped.filter(status=LinkStatus.DIFFERENT, a__in=people, b__in=people)
    return rows.exists()
