"""What the law of the United States says of a country, given the tiers of past reports.

The rules are those of 22 USC 7107(b) as condensed in the table ``tip_tier_rules``. They are
applied to facts, edition by edition; nothing here predicts a tier. A year whose tier is not known
is not guessed: it is named among the years that block the answer.

    >>> known = {2021: Placed("T2WL"), 2022: Placed("T2WL"), 2023: Placed("T2")}
    >>> reading = read_tiers(known, 2024)
    >>> reading.run.least, reading.two_year_rule
    (0, <Answer.NO: 'no'>)
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from danbekit.errors import UnknownCode

WATCH_LIST, TIER_1, TIER_2, TIER_3 = "T2WL", "T1", "T2", "T3"
TIERS = frozenset({TIER_1, TIER_2, WATCH_LIST, TIER_3})
YEARS = 2  # consecutive editions on the list after which the rule bites: 7107(b)(2)(D)(i)
FIRST_EDITION = 2009  # the rule counts years after 23 December 2008


class Answer(enum.Enum):
    """Whether a rule applies."""

    YES = "yes"
    NO = "no"
    BLOCKED = "blocked"  # a year that is not known stands in the way


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one edition of the report placed the country.

    Raises:
        UnknownCode: a tier that the law does not know.
    """

    tier: str
    inferred: bool = False  # not read in the report of that year, but in a later one
    waiver: bool = False  # a waiver from the downgrade was seen

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            raise UnknownCode(self.tier)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive editions on the Watch List, the last of them just before the one read.

    ``least`` is certain; ``is_exact`` false: the year before the run is not known, so that it may
    be longer.
    """

    years: tuple[int, ...]
    inferred: tuple[int, ...]
    blocked_by: tuple[int, ...]

    @property
    def least(self) -> int:
        """How many editions, at least."""
        return len(self.years)

    @property
    def is_exact(self) -> bool:
        """Whether the whole run is known."""
        return not self.blocked_by


@dataclass(frozen=True, slots=True)
class Reading:
    """The rules read for one edition. Each answer names the years that it rests on or lacks."""

    edition: int
    before: Placed | None  # the edition before; ``None``: not known
    run: Run
    two_year_rule: Answer  # 7107(b)(2)(D)(i): Tier 3 unless waived
    watch_list_after_tier_3: Answer  # 7107(b)(2)(A)(ii): if placed in Tier 2
    interim: Answer  # 7107(b)(2)(B): an interim assessment is due
    after_downgrade: Answer  # 7107(b)(2)(F): one consecutive year at most
    downgrade_years: tuple[int, ...]  # the run and the Tier 3 on which (F) rests
    inferred: tuple[int, ...]  # of those
    blocked_by: tuple[int, ...]  # years not known that block an answer above


def read_tiers(known: Mapping[int, Placed], edition: int) -> Reading:
    """Apply the rules to edition ``edition``, knowing only the editions before it.

    Args:
        known: edition of the report (its year) -> where it placed the country. A year that is
            absent is not known; there is no default.
        edition: the report for which the rules are read.

    Checked against the reports on Mali 2009-2023: the downgrade of 2017 after four editions on
    the list, the departure from Tier 3 in 2018.
    """
    past = {year: placed for year, placed in known.items() if year < edition}
    before = past.get(edition - 1)
    run = run_before(past, edition)
    two_years = _two_years(before, run)
    downgrade = _downgrade(past)
    blocked = set(run.blocked_by if two_years is Answer.BLOCKED or run.years else ())
    if before is None:
        blocked.add(edition - 1)
    return Reading(
        edition=edition,
        before=before,
        run=run,
        two_year_rule=two_years,
        watch_list_after_tier_3=_is(before, TIER_3),
        interim=_interim(past, edition),
        after_downgrade=_after(past, downgrade, edition),
        downgrade_years=downgrade,
        inferred=tuple(y for y in (*downgrade, *run.years) if past[y].inferred),
        blocked_by=tuple(sorted(blocked)),
    )


def run_before(known: Mapping[int, Placed], edition: int) -> Run:
    """The consecutive editions on the Watch List that end just before ``edition``."""
    years: list[int] = []
    year = edition - 1
    while year in known and known[year].tier == WATCH_LIST:
        years.insert(0, year)
        year -= 1
    # Before the first edition that the rule counts, there is nothing to know.
    blocked = (year,) if year not in known and year >= FIRST_EDITION else ()
    return Run(tuple(years), tuple(y for y in years if known[y].inferred), blocked)


def _two_years(before: Placed | None, run: Run) -> Answer:
    if run.least >= YEARS:
        return Answer.YES
    if before is None or (run.least and not run.is_exact):
        return Answer.BLOCKED
    return Answer.NO


def _is(before: Placed | None, tier: str) -> Answer:
    if before is None:
        return Answer.BLOCKED
    return Answer.YES if before.tier == tier else Answer.NO


def _interim(known: Mapping[int, Placed], edition: int) -> Answer:
    """On the special list in the edition before: by its tier, or by its rise to it."""
    before = known.get(edition - 1)
    if before is None:
        return Answer.BLOCKED
    if before.tier == WATCH_LIST:
        return Answer.YES
    rose = {TIER_1: TIER_2, TIER_2: TIER_3}.get(before.tier)
    if rose is None:
        return Answer.NO
    return _is(known.get(edition - 2), rose)


def _downgrade(known: Mapping[int, Placed]) -> tuple[int, ...]:
    """The latest Tier 3 that followed more than two editions on the list, and that run."""
    for year in sorted(known, reverse=True):
        if known[year].tier == TIER_3:
            run = run_before(known, year)
            if run.least > YEARS:
                return (*run.years, year)
    return ()


def _after(known: Mapping[int, Placed], downgrade: tuple[int, ...], edition: int) -> Answer:
    if downgrade:
        return Answer.YES
    unknown = [y for y in range(FIRST_EDITION, edition) if y not in known]
    return Answer.BLOCKED if unknown else Answer.NO
