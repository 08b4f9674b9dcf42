"""Finding people by name or telephone, through keyed hashes: no name is ever in an index."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from danbe.core import sealing
from danbe.core.access import Actor, own, shared, visible
from danbe.protection.door import Contact, Identity
from danbe.protection.models import NameKey, Person
from danbekit.linkage.keys import Kind, hash_keys, query_keys, search_keys
from danbekit.linkage.phones import phone_key

MOST = 2000  # index rows looked at: beyond, the words are too common to say who is meant
SHOWN = ("region", "event", "national", "household")
# Looked up one after the other, from the most trusted.
ORDER = (
    frozenset({Kind.PHONE, Kind.PAIR_EXACT}),
    frozenset({Kind.PAIR_SOUND}),
    frozenset({Kind.PAIR_NEAR}),
    frozenset({Kind.LONE, Kind.WORD}),
    frozenset({Kind.WORD_NEAR}),
)


@dataclass(frozen=True, slots=True)
class Found:
    """One person that a search found; ``score`` from 0 to 1, equal ones equally likely."""

    person: Person
    score: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found, best first. ``is_cut``: there were more; say more to see them."""

    people: tuple[Found, ...] = ()
    is_cut: bool = False
    is_broad: bool = False


def find(actor: Actor, text: str, limit: int = 50) -> Findings:
    """The people within reach whose names sound like ``text``, or who have this telephone.

    The most trusted keys are looked up first, so that a name borne by thousands still shows
    first those who are written the same way.
    """
    query = query_keys(text)
    of_body, of_others = (
        rows(actor, NameKey, "person.find").values_list("person_id", "key")
        for rows in (own, shared)
    )
    for stage in query.stages if query else ():
        held: dict[uuid.UUID, set[str]] = defaultdict(set)
        told = {_number(key): plain for key, plain in hashed(query.keys(*stage)).items()}
        # Few people are shared with a body: one question for all the keys.
        found = list(of_others.filter(key__in=told)[:MOST])
        n_left = MOST
        for kinds in filter(None, (trusted & set(stage) for trusted in ORDER)):
            trusted_keys = set(query.keys(*kinds))
            wanted = [number for number, plain in told.items() if plain in trusted_keys]
            rows = list(of_body.filter(key__in=wanted)[:n_left])
            found += rows
            n_left -= len(rows)
            if n_left <= 0:
                break
        for person_id, key in found:
            held[person_id].add(told[key])
        if held:
            scores = {pk: query.score(keys) for pk, keys in held.items()}
            is_cut = n_left <= 0 or len(scores) > limit
            return Findings(_best(actor, scores, limit), is_cut, query.is_broad)
    return Findings(is_broad=query.is_broad)


def _best(actor: Actor, scores: Mapping[uuid.UUID, float], limit: int) -> tuple[Found, ...]:
    """The best ``limit`` people; equal scores, those met last first."""
    lowest = sorted(scores.values(), reverse=True)[:limit][-1]
    kept = [pk for pk, score in scores.items() if score > lowest]
    tied = [pk for pk, score in scores.items() if score == lowest]
    if len(kept) + len(tied) > limit:  # as many as fit: those met last
        last_met = Person.unscoped.filter(pk__in=tied).order_by("-met_on", "pk")
        tied = list(last_met.values_list("pk", flat=True)[: limit - len(kept)])
    people = visible(actor, Person, "person.find").select_related(*SHOWN)
    found = people.order_by().filter(pk__in=[*kept, *tied])
    ordered = sorted(found, key=lambda p: (-scores[p.pk], -p.met_on.toordinal(), str(p.pk)))
    return tuple(Found(person, scores[person.pk]) for person in ordered)


def index(person: Person, identity: Identity, contact: Contact) -> None:
    """Make ``person`` found under these names and this telephone, and no others."""
    NameKey.unscoped.filter(person=person).delete()
    index_many([(person, identity, contact)])


def follow(person: Person) -> None:
    """The record changed hands: the body that holds it now finds it."""
    NameKey.unscoped.filter(person=person).update(organisation=person.organisation_id)


def index_many(told: Iterable[tuple[Person, Identity, Contact]]) -> None:
    """The same for people not indexed before."""
    NameKey.unscoped.bulk_create(
        [
            NameKey(
                key=_number(stored),
                kind=stored[0],
                person=person,
                organisation_id=person.organisation_id,
            )
            for person, identity, contact in told
            for stored in hashed(keys_of(identity, contact))
        ],
        batch_size=500,
    )


def keys_of(identity: Identity, contact: Contact) -> frozenset[str]:
    """The plain keys of a person: never stored, never logged."""
    aliases = [alias for alias in identity.aliases.replace(";", ",").split(",") if alias.strip()]
    phones = [number for part in contact.phone.split(",") if (number := phone_key(part))]
    return search_keys(identity.family_name, identity.given_names, aliases, phones)


def hashed(keys: Iterable[str]) -> dict[str, str]:
    """Stored form -> plain key."""
    return hash_keys(keys, lambda key: sealing.blind(key, "name")[:16])


def stored_keys(people: Sequence[Person]) -> dict[object, frozenset[str]]:
    """The stored keys of each person, with their prefix, as ``danbekit.linkage`` compares them."""
    held: dict[object, set[str]] = defaultdict(set)
    rows = NameKey.unscoped.filter(person__in=people)
    for person_id, kind, key in rows.values_list("person_id", "kind", "key"):
        held[person_id].add(f"{kind}:{key + 2**63:016x}")
    return {pk: frozenset(keys) for pk, keys in held.items()}


def _number(stored: str) -> int:
    """The 16 hex digits after the prefix, as a signed 64-bit integer."""
    return int(stored[2:], 16) - 2**63
