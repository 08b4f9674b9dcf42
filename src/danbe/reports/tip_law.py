"""What the law of the United States says, and where it placed the country: tables with sources."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from danbe.reports.tongue import FRENCH, language, say
from danbekit.standards import read_table
from danbekit.tip_tiers import TIERS, Placed

STANDARDS = ("MS1", "MS2", "MS3", "MS4")
CRITERIA = tuple(f"C{n:02}" for n in range(1, 13))
ACTIONS = tuple(f"CA-{letter}" for letter in "ABCDEFGHI")


@dataclass(frozen=True, slots=True)
class Rule:
    """One standard, criterion, kind of action or tier rule. French is ours, never confirmed."""

    code: str
    section: str  # 22 USC 7106(b)(1)
    title: str
    text: str  # in the language of the report
    statute: str  # in English: the words of the law, or condensed for the rules of tiers
    source: str


def rule(code: str) -> Rule:
    """One rule, in the language of the report."""
    standards, tiers = _standards(), read_table("tip_tier_rules").index("code")
    ours = read_table("us_tip_in_french").index("code")[code]
    if code in tiers:
        row = tiers[code]
        section, source = row["legal_basis"], row["source"]
    else:
        row = standards[code]
        section, source = section_of(row["source"]), row["source"]
    french = language() == FRENCH
    return Rule(
        code,
        section,
        ours["title_fr_unofficial"] if french else ours["title_en_ours"],
        ours["text_fr_unofficial"] if french else row["definition"],
        row["definition"],
        source,
    )


@cache
def _standards() -> Mapping[str, Mapping[str, str]]:
    return read_table("tvpa_minimum_standards").index("code")


def section_of(source: str) -> str:
    """The section that ends a source: «… = 22 USC 7106(b)(1)». Standards have it as a label."""
    _before, _equals, section = source.rpartition(" = ")
    return section if section.startswith("22 USC") else ""


def standard_section(code: str) -> str:
    """The section of a minimum standard."""
    return str(_standards()[code]["label_en"])


def law_copy(source: str) -> str:
    """The copy of the code in which a rule was read, without the page of each section."""
    return source.partition(": ")[0]


def law_source() -> str:
    """Where the law was read."""
    return say(
        "Code des États-Unis, titre 22, dans l’état du 20 avril 2023",
        "United States Code, title 22, as of 20 April 2023",
    )


# --- Where the country was placed -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tier:
    """One edition of the report: the tier, what it rests on, or that it was not found."""

    year: int
    placed: Placed | None
    labels: tuple[str, str]
    bases: tuple[str, str]
    status: str  # published | inferred | gap
    source: str

    @property
    def label(self) -> str:
        """The tier in words."""
        return say(*self.labels)

    @property
    def basis(self) -> str:
        """How it is known."""
        return say(*self.bases)


@cache
def tiers() -> tuple[Tier, ...]:
    """Every edition that the table names, oldest first; gaps stay gaps."""
    data = Path(__file__).resolve().parent.parent / "data" / settings.COUNTRY
    with open(data / "tip_tiers.csv", encoding="utf-8", newline="") as file:
        return tuple(_tier(row) for row in csv.DictReader(file))


def _tier(row: Mapping[str, str]) -> Tier:
    placed = None
    if row["tier_code"] in TIERS and row["status"] != "gap":
        inferred, waiver = row["status"] == "inferred", "waiver" in row["tier"]
        placed = Placed(row["tier_code"], inferred, waiver)
    return Tier(
        int(row["tip_report_year"]),
        placed,
        (row["tier_fr"], row["tier"]),
        (row["basis_fr"], row["basis"]),
        row["status"],
        row["source"],
    )


def known_tiers() -> dict[int, Placed]:
    """Edition -> where it placed the country, for those that are known."""
    return {one.year: one.placed for one in tiers() if one.placed is not None}
