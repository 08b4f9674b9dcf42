"""One section of the interview as a page: its questions, what was typed, what was kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.partnership.queries import service_types
from danbe.protection.interviews import (
    Facts,
    Held,
    Reading,
    age_at_facts,
    digest_of,
    facts_from,
    language,
)
from danbekit import identification as kit
from danbekit.identification import Answer, Question, Section

FACTS_ASKED_IN = "act"  # the section where the time of the facts is told
ANSWER_LABELS = {
    Answer.YES: gettext_lazy("Yes"),
    Answer.NO: gettext_lazy("No"),
    Answer.DECLINED: gettext_lazy("Does not wish to answer"),
    Answer.UNKNOWN: gettext_lazy("Does not know"),
    Answer.NOT_ASKED: gettext_lazy("Not asked"),
}


@dataclass(frozen=True, slots=True)
class TypedFacts:
    """The time of the facts as typed."""

    age_min: str = ""
    age_max: str = ""
    last: str = ""

    @classmethod
    def of(cls, facts: Facts) -> "TypedFacts":
        """As it was kept."""
        low, high = ("" if age is None else str(age) for age in (facts.age_min, facts.age_max))
        return cls(low, high, "/".join(reversed(facts.last.split("-"))))


@dataclass(frozen=True, slots=True)
class Typed:
    """What a section page sent."""

    section: str
    answers: Mapping[str, str]
    notes: Mapping[str, str]
    facts: TypedFacts | None
    seen: str
    tab: str

    @classmethod
    def of(cls, sent: QueryDict) -> "Typed | None":
        """From a form; ``None`` where no section was sent along. What is absent is left alone."""
        section = str(sent.get("part", ""))
        if not kit.questions_of(section):
            return None
        codes = [q.code for q in kit.questions_of(section) if f"q.{q.code}" in sent]
        note = {section: str(sent["note"]).strip()} if "note" in sent else {}
        facts = None
        if "facts_last" in sent:
            low, high, last = (
                str(sent.get(f"facts_{name}", "")).strip()
                for name in ("age_min", "age_max", "last")
            )
            facts = TypedFacts(low, high, last)
        return cls(
            section,
            {code: str(sent[f"q.{code}"]) for code in codes},
            note,
            facts,
            str(sent.get("version", "")),
            str(sent.get("tab", ""))[:32],
        )

    @property
    def told_facts(self) -> Facts | None:
        """Read. Raises :class:`DomainError` at the field."""
        if self.facts is None:
            return None
        return facts_from(self.facts.age_min, self.facts.age_max, self.facts.last)


# --- What is shown ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its answer."""

    question: Question
    answer: str
    elsewhere: str = ""  # what is kept meanwhile, where it differs

    @property
    def name(self) -> str:
        """Of its radio buttons."""
        return f"q.{self.question.code}"

    @property
    def label(self) -> str:
        """As it is read aloud."""
        return self.question.label(language())

    @property
    def hint(self) -> str:
        """For the worker alone."""
        return self.question.hint(language())

    @property
    def said(self) -> str:
        """The answer in words; empty where it was not asked."""
        return answer_label(self.answer)

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Value, label, whether it is chosen; «not asked» last."""
        chosen = self.answer if self.answer in set(Answer) else Answer.NOT_ASKED
        return [(a.value, str(label), a == chosen) for a, label in ANSWER_LABELS.items()]


@dataclass(frozen=True, slots=True)
class Block:
    """Questions of one section that are put together; behind a gate, they fold away."""

    questions: tuple[Asked, ...]
    gates: tuple[str, ...] = ()
    is_open: bool = True

    @property
    def title(self) -> str:
        """Which answer opens it."""
        numbers = ", ".join(kit.question(code).number for code in self.gates)
        return _("If «yes» to %(numbers)s") % {"numbers": numbers}


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One section, filled in."""

    section: Section
    blocks: tuple[Block, ...]
    note: str
    facts: TypedFacts | None
    seen: str
    note_elsewhere: str = ""
    facts_elsewhere: tuple[str, ...] = field(default=())

    @property
    def is_told(self) -> bool:
        """Whether anything was said in it."""
        said = any(asked.said for block in self.blocks for asked in block.questions)
        return said or bool(self.note) or self.facts not in (None, TypedFacts())

    @property
    def title(self) -> str:
        """Its name."""
        return self.section.label(language())

    @property
    def intro(self) -> str:
        """What is read aloud first."""
        return self.section.intro(language())


def answer_label(answer: str) -> str:
    """An answer in words; empty where it was not asked."""
    known = answer in set(Answer) and answer != Answer.NOT_ASKED
    return str(ANSWER_LABELS[Answer(answer)]) if known else ""


def section_page(
    reading: Reading, section: Section, typed: Typed | None = None, *, is_rival: bool = False
) -> SectionPage:
    """The page of one section: what is kept, or what was typed.

    With ``is_rival``, what another window kept meanwhile is shown beside it.
    """
    held, code = reading.held, section.code
    answers: dict[str, str] = dict(held.answers) | dict(typed.answers if typed else {})
    kept_note = held.notes.get(code, "")
    note = typed.notes.get(code, kept_note) if typed else kept_note
    facts, kept_facts = None, TypedFacts.of(held.facts)
    if code == FACTS_ASKED_IN:
        facts = typed.facts if typed and typed.facts else kept_facts
    return SectionPage(
        section,
        _blocks(reading, section, answers, is_rival=is_rival),
        note,
        facts,
        seen_of(held, code),
        kept_note if is_rival and note != kept_note else "",
        _spoken(kept_facts) if is_rival and facts not in (None, kept_facts) else (),
    )


def seen_of(held: Held, section: str) -> str:
    """The short name of what a page of this section shows."""
    codes = [q.code for q in kit.questions_of(section)]
    return digest_of(held.part(codes, [section], facts=section == FACTS_ASKED_IN))


def _blocks(
    reading: Reading, section: Section, answers: Mapping[str, str], *, is_rival: bool
) -> tuple[Block, ...]:
    age = age_at_facts(reading.interview.person, reading.held.facts)
    told = {code: Answer(a) for code, a in answers.items() if a in set(Answer)}
    blocks = []
    for gates, run in groupby(kit.questions_of(section.code), key=lambda q: q.asked_if):
        asked = tuple(_asked(q, answers, reading.held, is_rival=is_rival) for q in run)
        wanted = any(kit.is_open(a.question, told, age) for a in asked)
        is_open = not gates or wanted or any(a.said or a.elsewhere for a in asked)
        blocks.append(Block(asked, gates, is_open))
    return tuple(blocks)


def _asked(q: Question, answers: Mapping[str, str], held: Held, *, is_rival: bool) -> Asked:
    kept = held.answers.get(q.code, Answer.NOT_ASKED)
    now = answers.get(q.code, Answer.NOT_ASKED)
    elsewhere = str(ANSWER_LABELS[Answer(kept)]) if is_rival and kept != now else ""
    return Asked(q, now, elsewhere)


def _spoken(kept: TypedFacts) -> tuple[str, ...]:
    said = [part for part in (kept.age_min, kept.age_max, kept.last) if part]
    return tuple(said) or (_("nothing"),)


def pages_of(reading: Reading) -> list[SectionPage]:
    """Every section with its answers, to be read or printed."""
    return [section_page(reading, section) for section in kit.sections()]


# --- What must be done now ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Urgent:
    """One danger that was said: what to do, and who helps."""

    question: Question
    services: tuple[tuple[str, str], ...]  # label, where they are

    @property
    def said(self) -> str:
        """What the person says."""
        return self.question.statement(language())

    @property
    def advice(self) -> str:
        """What to do now."""
        return self.question.hint(language())


def urgent_of(reading: Reading) -> list[Urgent]:
    """Every danger that was said, the first one first."""
    said = [kit.question(code) for code in reading.assessment.said]
    return [Urgent(q, services_of(q.services)) for q in said if q.section == "danger"]


def services_of(codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Kinds of help, each with the address where the directory lists them."""
    labels = dict(service_types())
    address = reverse("service_list")
    return tuple((labels.get(code, code), f"{address}?need={code}") for code in codes)
