"""What is indexed for a person, and what is looked up for a query.

A key is a plain text; only its keyed hash may be stored (:func:`hash_keys`). Its first letter
says what it is: ``x:`` two words as spelt, ``p:`` the sounds of two words, ``w:`` the sound of
one word, ``o:`` the same where it is the only word known, ``t:`` a telephone number.

The pair is the unit: a word alone (Traoré, one person in ten) finds a crowd. A slip of the pen is
undone on the side of the query, which looks up every pair one slip away. So an index row is
needed for each pair only, not for each of its deletions (as in SymSpell): some 6 rows for a person
rather than 20, and a stolen index tells less.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from danbekit.linkage.phones import phone_key
from danbekit.linkage.sounds import near_sounds, sound
from danbekit.linkage.words import name_tokens

MAX_KEYS = 20  # of names, for one person
MAX_PHONES = 4  # of one person
MAX_WORDS = 6  # of a person's names; those beyond are not indexed
MAX_QUERY_WORDS = 4  # of a query; those beyond are not looked up


class Kind(StrEnum):
    """How a key of a query agrees with a key of a person."""

    PHONE = "phone"
    PAIR_EXACT = "pair exact"
    PAIR_SOUND = "pair sound"
    PAIR_NEAR = "pair near"
    LONE = "lone"
    WORD = "word"
    WORD_NEAR = "word near"

    @property
    def weight(self) -> float:
        """Its part in a score: an order of trust, not a probability."""
        return WEIGHTS[self]


WEIGHTS: Mapping[Kind, float] = {
    Kind.PHONE: 1.0,
    Kind.PAIR_EXACT: 1.0,
    Kind.PAIR_SOUND: 0.8,
    Kind.PAIR_NEAR: 0.5,
    Kind.LONE: 0.35,
    Kind.WORD: 0.2,
    Kind.WORD_NEAR: 0.1,
}
PAIR_STAGES = ((Kind.PAIR_EXACT, Kind.PAIR_SOUND, Kind.PAIR_NEAR, Kind.LONE), (Kind.WORD,))
WORD_STAGES = ((Kind.WORD, Kind.LONE), (Kind.WORD_NEAR,))


@dataclass(frozen=True, slots=True)
class Probe:
    """One key to look up, for one part (a pair of words, or a word) of the query."""

    key: str
    kind: Kind
    part: int


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked up for what somebody typed. It holds names: never log it."""

    words: tuple[str, ...]
    probes: Mapping[str, tuple[Probe, ...]]  # by key
    n_parts: int

    @classmethod
    def of(cls, words: tuple[str, ...], probes: Iterable[Probe], n_parts: int) -> Self:
        """The probes put together by their key."""
        by_key: dict[str, tuple[Probe, ...]] = {}
        for probe in probes:
            by_key[probe.key] = (*by_key.get(probe.key, ()), probe)
        return cls(words, MappingProxyType(by_key), n_parts)

    def __bool__(self) -> bool:
        return bool(self.probes)

    @property
    def is_broad(self) -> bool:
        """One word alone: the answer is a crowd, must be cut, and the page must say so."""
        return len(self.words) == 1

    @property
    def stages(self) -> tuple[tuple[Kind, ...], ...]:
        """The kinds to look up together; a later stage only if the earlier found nobody."""
        if not self.words:
            return ((Kind.PHONE,),) if self.probes else ()
        return WORD_STAGES if self.is_broad else PAIR_STAGES

    def keys(self, *kinds: Kind) -> tuple[str, ...]:
        """The keys of these kinds, or of all, each once."""
        return tuple(
            key
            for key, probes in self.probes.items()
            if not kinds or any(probe.kind in kinds for probe in probes)
        )

    def score(self, found: Iterable[str]) -> float:
        """How well a person who holds these keys answers: 0 to 1.

        The best kind of each part, averaged over the parts: of three words, a person who answers
        to all three pairs is above one who answers to one.
        """
        best: dict[int, float] = {}
        for key in found:
            for probe in self.probes.get(key, ()):
                best[probe.part] = max(best.get(probe.part, 0.0), probe.kind.weight)
        return sum(best.values()) / self.n_parts if self.n_parts else 0.0


def search_keys(
    family: str, given: str, aliases: Iterable[str] = (), phones: Iterable[str] = ()
) -> frozenset[str]:
    """The keys to index for one person: 4 for two words, 9 for three.

    Family and given names may each hold several words, in any order; an alias is another name or
    a nickname. At most :data:`MAX_KEYS` of names: then the exact pairs of the last words go
    first, then their sounds. Telephones that cannot be read are left out.
    """
    words = _words_of(family, given, aliases)
    keys = _name_keys(words)
    numbers = dict.fromkeys(number for text in phones if (number := phone_key(text)))
    read = [f"t:{number}" for number in numbers]
    return frozenset(list(dict.fromkeys(keys))[:MAX_KEYS] + read[:MAX_PHONES])


def near_keys(family: str, given: str, aliases: Iterable[str] = ()) -> frozenset[str]:
    """The ``p:`` keys one slip away from a person's own names.

    For finding duplicates while the names are typed; they are looked up, never stored.
    """
    words = _words_of(family, given, aliases)[:MAX_QUERY_WORDS]
    near = {word: near_sounds(word) for word in words}
    found = {key for one, other in _pairs(words) for key in _near_pairs(one, other, near)}
    return frozenset(found) - {_pair("p", sound(a), sound(b)) for a, b in _pairs(words)}


def query_keys(text: str) -> Query:
    """What to look up for a text: words of a name in any order, or a telephone number.

    A text without a word that says who (empty, only punctuation) gives a query that is false.
    """
    number = phone_key(text)
    if number:
        return Query.of((), [Probe(f"t:{number}", Kind.PHONE, 0)], 1)
    words = name_tokens(text)[:MAX_QUERY_WORDS]
    if len(words) < 2:
        return Query.of(words, _word_probes(words), len(words))
    pairs = list(_pairs(words))
    return Query.of(words, _pair_probes(words, pairs), len(pairs))


def hash_keys(keys: Iterable[str], digest: Callable[[str], str]) -> dict[str, str]:
    """The stored form of each key, and the key it comes from.

    ``digest`` is the caller's keyed hash (an HMAC). The two characters that say the kind stay
    readable before it: :mod:`~danbekit.linkage.comparing` needs them.
    """
    return {key[:2] + digest(key): key for key in keys}


def _words_of(family: str, given: str, aliases: Iterable[str]) -> tuple[str, ...]:
    words = [*name_tokens(f"{family} {given}")]
    for alias in aliases:
        words += name_tokens(alias)
    return tuple(dict.fromkeys(words))[:MAX_WORDS]


def _name_keys(words: tuple[str, ...]) -> Iterator[str]:
    """In the order in which they are worth a row."""
    if len(words) == 1:
        yield f"o:{sound(words[0])}"
    pairs = list(_pairs(words))
    for word in words:
        yield f"w:{sound(word)}"
    for one, other in pairs:
        yield _pair("p", sound(one), sound(other))
    for one, other in pairs:
        yield _pair("x", one, other)


def _pairs(words: Iterable[str]) -> list[tuple[str, str]]:
    """Every two words; those that stand first, first."""
    numbered = itertools.combinations(enumerate(words), 2)
    return [(a, b) for (_m, a), (_n, b) in sorted(numbered, key=lambda p: p[0][0] + p[1][0])]


def _pair(letter: str, one: str, other: str) -> str:
    first, second = sorted((one, other))
    return f"{letter}:{first} {second}"


def _pair_probes(words: tuple[str, ...], pairs: list[tuple[str, str]]) -> Iterator[Probe]:
    near = {word: near_sounds(word) for word in words}
    for part, (one, other) in enumerate(pairs):
        yield Probe(_pair("x", one, other), Kind.PAIR_EXACT, part)
        yield Probe(_pair("p", sound(one), sound(other)), Kind.PAIR_SOUND, part)
        for key in _near_pairs(one, other, near):
            yield Probe(key, Kind.PAIR_NEAR, part)
        for word in (one, other):
            yield Probe(f"o:{sound(word)}", Kind.LONE, part)
            yield Probe(f"w:{sound(word)}", Kind.WORD, part)


def _near_pairs(one: str, other: str, near: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """The slip is in one of the two words, the other one is heard right."""
    right, left = sound(other), sound(one)
    for slip in sorted(near[one]):
        yield _pair("p", slip, right)
    for slip in sorted(near[other]):
        yield _pair("p", left, slip)


def _word_probes(words: tuple[str, ...]) -> Iterator[Probe]:
    for word in words:
        yield Probe(f"w:{sound(word)}", Kind.WORD, 0)
        yield Probe(f"o:{sound(word)}", Kind.LONE, 0)
        for slip in sorted(near_sounds(word)):
            yield Probe(f"w:{slip}", Kind.WORD_NEAR, 0)
