"""The ILO operational indicators of trafficking, scored as published. Help, not a decision.

Source: ILO and European Commission, Operational indicators of trafficking in human beings
(Delphi survey, 2009; WCMS_105023), seen in a secondary copy: tables ``ilo_indicators`` and,
for the rule, ``domain/standards.md`` 4.2. The codes ``ILO-Dx-nn`` are ours.

Limits: the two labour sets are complete (67 for adults, 65 for children); of the two sexual
sets only three strengths were seen, so they are not scored. Of the table of combinations only
four rows were seen: any other combination is said to be outside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from danbekit.errors import NotEnoughData, UnknownCode
from danbekit.identification.reasons import Reason, dimension_label, indicator_labels
from danbekit.standards import read_table

DECEPTIVE, COERCIVE, RECRUITED_VULNERABLE, EXPLOITATION, COERCED, KEPT_VULNERABLE = range(1, 7)


class Population(StrEnum):
    """The four published sets of indicators."""

    ADULT_LABOUR = "adult_labour"
    CHILD_LABOUR = "child_labour"
    ADULT_SEXUAL = "adult_sexual"
    CHILD_SEXUAL = "child_sexual"

    @property
    def is_child(self) -> bool:
        """Whether the set is that of children."""
        return self in (Population.CHILD_LABOUR, Population.CHILD_SEXUAL)

    @property
    def is_scored(self) -> bool:
        """Whether its strengths were seen."""
        return self in (Population.ADULT_LABOUR, Population.CHILD_LABOUR)


class ReadingCode(StrEnum):
    """What the combination of positive dimensions is read as."""

    NONE_POSITIVE = "none_positive"
    EXPLOITED = "exploited"
    CHILD_EXPLOITED = "child_exploited"
    DECEPTION_AND_EXPLOITATION = "deception_and_exploitation"
    TRAFFICKING_FOR_FORCED_LABOUR = "trafficking_for_forced_labour"
    NOT_IN_TABLE = "not_in_table"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the six dimensions: the indicators that counted, by strength."""

    number: int
    strong: tuple[str, ...]
    medium: tuple[str, ...]
    weak: tuple[str, ...]

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many indicators are (strong, medium, weak)."""
        return len(self.strong), len(self.medium), len(self.weak)

    @property
    def positive(self) -> bool:
        """Whether the rule makes it positive."""
        return is_positive(*self.counts)

    @property
    def reason(self) -> Reason:
        """The score in words; meant for a positive dimension."""
        return Reason(
            "dimension_positive",
            term=str(self.number),
            counts=self.counts,
            indicators=(*self.strong, *self.medium, *self.weak),
        )

    def label(self, language: str = "fr") -> str:
        """Its name; the French is ours."""
        return dimension_label(self.number, language)


@dataclass(frozen=True, slots=True)
class IloReading:
    """The six dimensions of one population and the reading of their combination.

    ``outside`` are indicators that this population's set does not hold: they count for nothing.
    """

    population: Population
    dimensions: tuple[Dimension, ...]
    outside: tuple[str, ...]

    @property
    def positive(self) -> frozenset[int]:
        """The numbers of the positive dimensions."""
        return frozenset(d.number for d in self.dimensions if d.positive)

    @property
    def abuse_of_vulnerability(self) -> bool:
        """Whether D3 or D6 is positive: it may replace or reinforce the means."""
        return bool(self.positive & {RECRUITED_VULNERABLE, KEPT_VULNERABLE})

    @property
    def code(self) -> ReadingCode:
        """The reading of the combination."""
        return combine(self.positive, child=self.population.is_child)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reading, then each positive dimension."""
        aside = (Reason("reading_vulnerability"),) if self.abuse_of_vulnerability else ()
        scores = tuple(d.reason for d in self.dimensions if d.positive)
        return (Reason(f"reading_{self.code}"), *aside, *scores)


def is_positive(strong: int, medium: int, weak: int) -> bool:
    """Whether a dimension with these numbers of distinct indicators is positive.

    Two strong; or one strong and one medium or weak; or three medium; or two medium and one
    weak. Source: WCMS_105023 p. 3 (secondary copy). Checked against the ten published vectors
    and, for every combination up to 5, against the rule written the other way round.

    Raises:
        ValueError: a negative number.
    """
    if min(strong, medium, weak) < 0:
        raise ValueError("a number of indicators is not negative")
    if strong:
        return strong + medium + weak >= 2
    return medium >= 3 or (medium == 2 and weak >= 1)


def score(indicators: Iterable[str], population: Population) -> IloReading:
    """The six dimensions for the indicators ticked, each counted once.

    Args:
        indicators: codes ``ILO-Dx-nn``.
        population: which published set.

    Raises:
        UnknownCode: a code in none of the sets.
        NotEnoughData: a sexual set, whose strengths were not seen.
    """
    if not population.is_scored:
        raise NotEnoughData(f"{population}: strengths not seen in a source")
    strengths, ticked = strengths_of(population), dict.fromkeys(indicators)
    if unknown := [code for code in ticked if code not in indicator_labels()]:
        raise UnknownCode(f"indicator {', '.join(unknown)}")

    def counted(number: int, strength: str) -> tuple[str, ...]:
        wanted = (number, strength)
        return tuple(c for c, told in strengths.items() if told == wanted and c in ticked)

    dimensions = tuple(
        Dimension(n, counted(n, "strong"), counted(n, "medium"), counted(n, "weak"))
        for n in range(DECEPTIVE, KEPT_VULNERABLE + 1)
    )
    outside = tuple(code for code in ticked if code not in strengths)
    return IloReading(population, dimensions, outside)


def combine(positive: frozenset[int], *, child: bool) -> ReadingCode:
    """Read which dimensions are positive together, by the four rows that were seen.

    Source: application to the labour-force survey of Moldova (secondary copy); for a child,
    the dimensions of means are not needed (Palermo Protocol, art. 3(c)).
    """
    if not positive:
        return ReadingCode.NONE_POSITIVE
    if EXPLOITATION not in positive:
        return ReadingCode.NOT_IN_TABLE
    if COERCED in positive and positive & {DECEPTIVE, COERCIVE}:
        return ReadingCode.TRAFFICKING_FOR_FORCED_LABOUR
    if child:
        return ReadingCode.CHILD_EXPLOITED
    if DECEPTIVE in positive:
        return ReadingCode.DECEPTION_AND_EXPLOITATION
    return ReadingCode.EXPLOITED if len(positive) == 1 else ReadingCode.NOT_IN_TABLE


@cache
def strengths_of(population: Population) -> Mapping[str, tuple[int, str]]:
    """Of each indicator of a set, its dimension and its strength."""
    rows = read_table("ilo_indicators").where(set=population.value)
    return {
        row["code_local"]: (int(row["dimension_no"]), row["strength"])
        for row in rows
        if row["dimension_no"]
    }
