"""Finding people by name or telephone, through keyed hashes: no name is ever in an index."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from danbe.core import sealing
from danbe.core.access import Actor, visible
from danbe.protection.door import Contact, Identity
from danbe.protection.models import NameKey, Person
from danbekit.linkage.keys import hash_keys, query_keys, search_keys
from danbekit.linkage.phones import phone_key

MOST = 2000  # rows looked at in one stage: beyond, the words are too common to rank


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
    """The people within reach whose names sound like ``text``, or who have this telephone."""
    query = query_keys(text)
    if not query:
        return Findings()
    for stage in query.stages:
        wanted = {_number(stored): plain for stored, plain in hashed(query.keys(*stage)).items()}
        rows = list(
            NameKey.objects.filter(
                key__in=wanted, person__in=visible(actor, Person, "person.find").order_by()
            )
            .order_by("person_id")
            .values_list("person_id", "key")[:MOST]
        )
        if rows:
            held = defaultdict(set)
            for person_id, key in rows:
                held[person_id].add(wanted[key])
            scores = {pk: query.score(keys) for pk, keys in held.items()}
            best = sorted(scores, key=lambda pk: (-scores[pk], str(pk)))[:limit]
            people = visible(actor, Person, "person.find").select_related("region", "event")
            by_id = {person.pk: person for person in people.filter(pk__in=best)}
            found = tuple(Found(by_id[pk], scores[pk]) for pk in best if pk in by_id)
            return Findings(found, len(scores) > limit or len(rows) == MOST, query.is_broad)
    return Findings(is_broad=query.is_broad)


def index(person: Person, identity: Identity, contact: Contact) -> None:
    """Make ``person`` found under these names and this telephone, and no others."""
    NameKey.objects.filter(person=person).delete()
    index_many([(person, identity, contact)])


def index_many(told: Iterable[tuple[Person, Identity, Contact]]) -> None:
    """The same for people not indexed before."""
    NameKey.objects.bulk_create(
        [
            NameKey(key=_number(stored), kind=stored[0], person=person)
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
    rows = NameKey.objects.filter(person__in=people)
    for person_id, kind, key in rows.values_list("person_id", "kind", "key"):
        held[person_id].add(f"{kind}:{key + 2**63:016x}")
    return {pk: frozenset(keys) for pk, keys in held.items()}


def _number(stored: str) -> int:
    """The 16 hex digits after the prefix, as a signed 64-bit integer."""
    return int(stored[2:], 16) - 2**63
