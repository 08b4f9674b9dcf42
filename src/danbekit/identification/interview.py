"""The guided interview: its questions, sections, reminders and the situations met in Mali.

All of it is data beside this module, so that screen, paper and reasons say the same words:

* ``questions.csv``: one row a question; a yes is what counts, there is no trick question;
* ``sections.csv``, in the order they are read: danger and needs first;
* ``reminders.csv``: what the worker keeps in mind, in our words, with the reference;
* ``patterns.csv``: situations met in Mali, the questions that open them, the local form.

The questions are Danbe's, to be validated by the Committee: no official screening form was
found. What each one bears on (element, indicator) is our mapping; the codes are the standards'.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

from danbekit.errors import UnknownCode
from danbekit.identification.answers import ADULT_AGE, AgeRange, Answer, Answers

EDITION = "2026-11"  # printed numbers belong to an edition; codes do not change

Row = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the interview, with its letter on paper."""

    code: str
    letter: str
    label_fr: str
    label_en: str
    intro_fr: str
    intro_en: str

    def label(self, language: str = "fr") -> str:
        """Its title."""
        return self.label_fr if language.startswith("fr") else self.label_en

    def intro(self, language: str = "fr") -> str:
        """The sentence read aloud before it."""
        return self.intro_fr if language.startswith("fr") else self.intro_en


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and what a yes to it bears on.

    ``palermo`` holds (element, word of the Protocol); ``ilo`` and ``forced_labour`` codes of
    ``danbekit.standards``; ``methods`` codes of HTCDS ``vic_MethodsOfControl`` (and ``ml_``);
    ``forms`` codes of the list of forms; ``services`` the help a yes calls for; ``asked_if``
    the questions one of which opens this one; ``only`` is ``child``, ``adult`` or empty.
    """

    code: str
    section: str
    number: str
    order: int
    label_fr: str
    label_en: str
    statement_fr: str
    statement_en: str
    hint_fr: str
    hint_en: str
    palermo: tuple[tuple[str, str], ...]
    ilo: tuple[str, ...]
    forced_labour: tuple[str, ...]
    patterns: tuple[str, ...]
    methods: tuple[str, ...]
    forms: tuple[str, ...]
    services: tuple[str, ...]
    asked_if: tuple[str, ...]
    only: str

    def label(self, language: str = "fr") -> str:
        """The question as it is read aloud."""
        return self.label_fr if language.startswith("fr") else self.label_en

    def hint(self, language: str = "fr") -> str:
        """For the worker, never read aloud; may be empty."""
        return self.hint_fr if language.startswith("fr") else self.hint_en

    def statement(self, language: str = "fr") -> str:
        """What a yes says, after "the person says"."""
        return self.statement_fr if language.startswith("fr") else self.statement_en

    def words_of(self, element: str) -> tuple[str, ...]:
        """The Protocol's words a yes establishes of one element."""
        return tuple(word for named, word in self.palermo if named == element)

    def is_for(self, age: AgeRange) -> bool:
        """Whether it is put to a person of this age; an unknown age is asked everything."""
        child = age.is_below(ADULT_AGE)
        if child is None or not self.only:
            return True
        return child == (self.only == "child")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One ethical reminder: before, during or after the interview."""

    code: str
    moment: str
    label_fr: str
    label_en: str
    text_fr: str
    text_en: str
    reference: str

    def label(self, language: str = "fr") -> str:
        """In a few words."""
        return self.label_fr if language.startswith("fr") else self.label_en

    def text(self, language: str = "fr") -> str:
        """In a sentence or two."""
        return self.text_fr if language.startswith("fr") else self.text_en


@dataclass(frozen=True, slots=True)
class Pattern:
    """A situation met in Mali: what opens it, the form and the legal basis it points to."""

    code: str
    label_fr: str
    label_en: str
    form: str
    form_child: str
    gates: tuple[str, ...]
    gate_suffices: bool
    basis: str
    advice_fr: str
    advice_en: str
    source: str

    def label(self, language: str = "fr") -> str:
        """Its name."""
        return self.label_fr if language.startswith("fr") else self.label_en

    def advice(self, language: str = "fr") -> str:
        """What the worker should think of."""
        return self.advice_fr if language.startswith("fr") else self.advice_en

    def form_at(self, age: AgeRange) -> str:
        """The form of exploitation, which may differ for a child; may be empty."""
        return (self.form_child if age.is_below(ADULT_AGE) else "") or self.form


@cache
def sections() -> tuple[Section, ...]:
    """The sections, in the order they are read."""
    return tuple(Section(**row) for row in read_rows("sections.csv"))


@cache
def questions() -> tuple[Question, ...]:
    """All questions, in order."""
    return tuple(map(_question, read_rows("questions.csv")))


def questions_of(section: str) -> tuple[Question, ...]:
    """The questions of one section, in order; none for a section that does not exist."""
    return tuple(q for q in questions() if q.section == section)


def question(code: str) -> Question:
    """The question of this code.

    Raises:
        UnknownCode: there is none.
    """
    return _found(questions_by_code(), code, "question")


@cache
def questions_by_code() -> Mapping[str, Question]:
    """The questions by code."""
    return {q.code: q for q in questions()}


@cache
def reminders() -> tuple[Reminder, ...]:
    """The ethical reminders, in order."""
    return tuple(
        Reminder(**{name: cell for name, cell in row.items() if name != "order"})
        for row in read_rows("reminders.csv")
    )


@cache
def patterns() -> tuple[Pattern, ...]:
    """The situations met in Mali, in order."""
    return tuple(map(_pattern, read_rows("patterns.csv")))


def pattern(code: str) -> Pattern:
    """The situation of this code.

    Raises:
        UnknownCode: there is none.
    """
    return _found({p.code: p for p in patterns()}, code, "pattern")


def is_closed(asked: Question, answers: Answers) -> bool:
    """Whether every question that would open it was answered no.

    A gate without an answer closes nothing: silence never spares a question.
    """
    gates = [answers.get(gate, Answer.NOT_ASKED) for gate in asked.asked_if]
    return bool(gates) and all(gate is Answer.NO for gate in gates)


def is_open(asked: Question, answers: Answers, age: AgeRange | None = None) -> bool:
    """Whether the question should now be put: for this age, and opened by a yes if gated.

    A page may fold the others away; it never blocks an answer to them.
    """
    if not asked.is_for(age or AgeRange()):
        return False
    return not asked.asked_if or any(answers.get(g) == Answer.YES for g in asked.asked_if)


def in_language(row: Row, column: str, language: str) -> str:
    """The French or the English cell."""
    return row[f"{column}_fr" if language.startswith("fr") else f"{column}_en"]


@cache
def read_rows(name: str) -> tuple[Row, ...]:
    """The rows of a table beside this module."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


def _question(row: Row) -> Question:
    def listed(name: str) -> tuple[str, ...]:
        return tuple(row[name].split("|")) if row[name] else ()

    pairs = (code.partition(":") for code in listed("palermo"))
    return Question(
        code=row["code"],
        section=row["section"],
        number=row["number"],
        order=int(row["order"]),
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        statement_fr=row["statement_fr"],
        statement_en=row["statement_en"],
        hint_fr=row["hint_fr"],
        hint_en=row["hint_en"],
        palermo=tuple((element, word) for element, _colon, word in pairs),
        ilo=listed("ilo"),
        forced_labour=listed("forced_labour"),
        patterns=listed("patterns"),
        methods=listed("methods"),
        forms=listed("forms"),
        services=listed("services"),
        asked_if=listed("asked_if"),
        only=row["only"],
    )


def _pattern(row: Row) -> Pattern:
    return Pattern(
        code=row["code"],
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        form=row["form"],
        form_child=row["form_child"],
        gates=tuple(row["gates"].split("|")),
        gate_suffices=row["gate_suffices"] == "yes",
        basis=row["basis"],
        advice_fr=row["advice_fr"],
        advice_en=row["advice_en"],
        source=row["source"],
    )


def _found(rows: Mapping[str, T], code: str, what: str) -> T:
    if code not in rows:
        raise UnknownCode(f"{what} {code}")
    return rows[code]
