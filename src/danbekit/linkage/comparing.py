"""Two persons weighed against each other without a name in sight.

Each field gives ``log2(m / u)`` bits: ``m`` is how often one person met twice shows this level of
agreement, ``u`` how often two persons do (Fellegi & Sunter, *A Theory for Record Linkage*, JASA
64, 1969, 1183-1210); a field not known gives none. The bits are added as if the fields were
independent, and never clipped: two strong candidates remain comparable. The numbers are in
``tables/agreement.csv``; they are our judgment, to be estimated once pairs have been decided.
"""

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from danbekit.linkage import read_rows

PERSONS_KNOWN_TWICE = 0.05  # the part of persons expected to have a second file: our judgment
LIST_FROM = 0.05  # probability from which a pair is shown to somebody: one true in twenty
LIKELY_FROM = 0.5  # probability from which it is called likely; never decided by the machine
SMALLEST_SHARE = 1e-6  # no name is taken as rarer than that
CLOSE_YEARS = 3
AGE_SPAN_YEARS = 60  # over which the persons met are spread, for the width of age ranges
NO_SHARES: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Profile:
    """What may be compared of one person: hashed keys with their prefix, pseudonymous columns.

    ``near`` holds hashed :func:`~danbekit.linkage.keys.near_keys`, where the names are at hand;
    ``born`` the first and last year of birth that are possible. Empty or ``None``: not known.
    """

    keys: frozenset[str]
    near: frozenset[str] = frozenset()
    sex: str = ""
    born: tuple[int, int] | None = None
    citizenships: frozenset[str] = frozenset()
    met_on: datetime.date | None = None
    event: str = ""

    def held(self, letter: str) -> frozenset[str]:
        """The keys of one kind: x, p, w, o or t."""
        return frozenset(key for key in self.keys if key.startswith(f"{letter}:"))


@dataclass(frozen=True, slots=True)
class Agreement:
    """What one field says: its level, and how many bits for (or against) one person."""

    field: str
    level: str  # of tables/agreement.csv, or "missing"
    bits: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What all fields say; ``common`` are the hashed keys that both hold."""

    agreements: tuple[Agreement, ...]
    common: frozenset[str]

    @property
    def bits(self) -> float:
        """The sum: each bit more makes "one person" twice as likely."""
        return math.fsum(agreement.bits for agreement in self.agreements)

    def probability(self, n_persons: int) -> float:
        """That both are one person, among ``n_persons`` files of which 5 % exist twice.

        The same agreement proves less in a larger register. Good for ordering and for the two
        thresholds; not calibrated until pairs have been decided.
        """
        prior = math.log2(PERSONS_KNOWN_TWICE / max(n_persons - 1, 1))
        return 1 / (1 + math.pow(2, -max(min(self.bits + prior, 500), -500)))


@dataclass(frozen=True, slots=True)
class Level:
    """One line of the table: probabilities among one person's pairs (m) and others' (u)."""

    m: float
    u: float
    label_fr: str
    label_en: str


LEVELS: Mapping[tuple[str, str], Level] = MappingProxyType(
    {
        (row["field"], row["level"]): Level(
            float(row["m"]), float(row["u"]), row["label_fr"], row["label_en"]
        )
        for row in read_rows("agreement")
    }
)


def birth_years(age_low: int, age_high: int, on: datetime.date) -> tuple[int, int]:
    """The first and last year of birth of somebody who was of these ages, in years, on a day."""
    low, high = sorted((age_low, age_high))
    return on.year - high - 1, on.year - low


def compare(a: Profile, b: Profile, shares: Mapping[str, float] = NO_SHARES) -> Comparison:
    """Weigh two persons; the order of the two does not matter.

    ``shares`` gives, for hashed keys that both hold, the part (0 to 1) of all persons that holds
    it: a name borne by one person in ten says little, a rare one much. Without it, the table's
    average is used.
    """
    common = a.keys & b.keys
    said = [
        _name(a, b, common, shares),
        _phone(a, b),
        _same("sex", bool(a.sex and b.sex), a.sex == b.sex),
        _age(a.born, b.born),
        _same(
            "citizenship",
            bool(a.citizenships and b.citizenships),
            bool(a.citizenships & b.citizenships),
        ),
        _encounter(a, b),
    ]
    return Comparison(tuple(said), common)


def _name(
    a: Profile, b: Profile, common: frozenset[str], shares: Mapping[str, float]
) -> Agreement:
    if not (a.held("w") and b.held("w")):
        return _missing("name")
    for level, letter in _name_levels(a, b, common):
        known = [shares[key] for key in common if key[:2] == letter and key in shares]
        u = max(min(known), SMALLEST_SHARE) if known else None
        return _agreement("name", level, u)
    return _agreement("name", "none")


def _name_levels(a: Profile, b: Profile, common: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The levels that hold, the best first, and the kind of key that shows each."""
    kinds = {key[:2] for key in common}
    if "x:" in kinds:
        yield "exact", "x:"
    if "p:" in kinds:
        yield "sound", "p:"
    if a.near & b.keys or b.near & a.keys:
        yield "near", ""
    if "w:" in kinds:
        yield "alone" if a.held("o") or b.held("o") else "word", "w:"


def _phone(a: Profile, b: Profile) -> Agreement:
    mine, other = a.held("t"), b.held("t")
    return _same("phone", bool(mine and other), bool(mine & other))


def _age(one: tuple[int, int] | None, other: tuple[int, int] | None) -> Agreement:
    if one is None or other is None:
        return _missing("age")
    gap = max(one[0], other[0]) - min(one[1], other[1])
    if gap > 0:
        return _agreement("age", "close" if gap <= CLOSE_YEARS else "apart")
    level = LEVELS["age", "overlap"]
    width = (one[1] - one[0]) + (other[1] - other[0]) + 1
    # Nearly everybody overlaps "between 15 and 60": such agreement proves nothing.
    return _agreement("age", "overlap", max(level.u, min(level.m, width / AGE_SPAN_YEARS)))


def _encounter(a: Profile, b: Profile) -> Agreement:
    if a.event and a.event == b.event:
        return _agreement("encounter", "same event")
    if a.met_on is None or b.met_on is None:
        return _missing("encounter")
    n_days = abs((a.met_on - b.met_on).days)
    return _agreement(
        "encounter", "month" if n_days <= 31 else "year" if n_days <= 366 else "later"
    )


def _same(field: str, is_known: bool, is_same: bool) -> Agreement:
    if not is_known:
        return _missing(field)
    return _agreement(field, "agree" if is_same else "differ")


def _agreement(field: str, name: str, u: float | None = None) -> Agreement:
    level = LEVELS[field, name]
    return Agreement(field, name, math.log2(level.m / (level.u if u is None else u)))


def _missing(field: str) -> Agreement:
    return Agreement(field, "missing", 0.0)
