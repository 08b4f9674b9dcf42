"""Reasons as codes that can be said in French or in English.

A reason is kept as a kind and question codes; its words are in ``reasons.csv`` and in the
statements of ``questions.csv``, so that a stored reason is readable in both languages and
follows a correction of the words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from danbekit.errors import UnknownCode
from danbekit.identification.interview import in_language, pattern, question, read_rows
from danbekit.standards import read_table


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a line of ``reasons.csv`` filled in with questions.

    ``term`` is the pattern (``pattern_*``, ``pathway_assimilated``, ``offence_pattern``) or the
    ILO dimension (``dimension_*``) it speaks of; there, ``indicators`` are the codes that
    counted and ``counts`` how many were (strong, medium, weak).
    """

    kind: str
    questions: tuple[str, ...] = ()
    term: str = ""
    counts: tuple[int, int, int] = (0, 0, 0)
    indicators: tuple[str, ...] = ()

    def text(self, language: str = "fr") -> str:
        """The reason in one sentence, in French or in English.

        Raises:
            UnknownCode: no such kind, question or term.
        """
        words = templates().get(self.kind)
        if words is None:
            raise UnknownCode(f"reason {self.kind}")
        strong, medium, weak = self.counts
        return in_language(words, "text", language).format(
            said=self._said(language),
            numbers=", ".join(question(code).number for code in self.questions),
            term=self._term(language),
            strong=strong,
            medium=medium,
            weak=weak,
            indicators=_stop(language).join(
                indicator_label(code, language) for code in self.indicators
            ),
        )

    def _said(self, language: str) -> str:
        told = map(question, self.questions)
        return _stop(language).join(f"{q.statement(language)} ({q.number})" for q in told)

    def _term(self, language: str) -> str:
        if self.kind.startswith("dimension_"):
            return dimension_label(int(self.term), language)
        return pattern(self.term).label(language) if self.term else ""


def _stop(language: str) -> str:
    return "\u00a0; " if language.startswith("fr") else "; "


@cache
def templates() -> Mapping[str, Mapping[str, str]]:
    """The sentences by kind."""
    return {row["kind"]: row for row in read_rows("reasons.csv")}


@cache
def dimension_label(number: int, language: str = "fr") -> str:
    """The name of an ILO dimension; the French is ours, the official one was not seen."""
    rows = read_table("ilo_indicators").where(dimension_no=str(number))
    if not rows:
        raise UnknownCode(f"dimension {number}")
    french = language.startswith("fr")
    return rows[0]["dimension_fr_unofficial" if french else "dimension_en"]


def indicator_label(code: str, language: str = "fr") -> str:
    """The words of an ILO indicator; the French is ours, the official one was not seen.

    Raises:
        UnknownCode: there is none.
    """
    words = indicator_labels().get(code)
    if words is None:
        raise UnknownCode(f"indicator {code}")
    return words[0 if language.startswith("fr") else 1]


@cache
def indicator_labels() -> Mapping[str, tuple[str, str]]:
    """Of each indicator, its words in French and in English."""
    return {
        row["code_local"]: (row["label_fr_unofficial"], row["label_en"])
        for row in read_table("ilo_indicators")
        if row["dimension_no"]
    }
