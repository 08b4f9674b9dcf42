"""Reading an interview: what was answered, what the method says of it, what the law may say.

Nothing here opens anything sealed: the acts of ``interview_actions`` do, and hand over a
:class:`Reading`.
"""

import calendar
import datetime
import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from danbe.core.access import Actor, visible
from danbe.core.errors import DomainError
from danbe.core.models import Offence
from danbe.protection.models import Event, Interview, Person, Sealed
from danbekit import identification as kit
from danbekit.identification import AgeRange, Answer, Assessment, Result

KIND = "interview"  # of the sealed text
LONGEST_NOTE = 8000
# The danger that nothing waits for; the others are needs of safety.
IMMEDIATE = ("danger_now", "danger_watched", "danger_self")

# The only three words there are. None of them is a decision, and none is a no.
RESULT_LABELS = {
    Result.GROUNDS: gettext_lazy("grounds to presume"),
    Result.UNDETERMINED: pgettext_lazy("result of an interview", "undetermined"),
    Result.NO_GROUNDS_YET: gettext_lazy("nothing established in this interview: a person decides"),
}
RESULT_TONES = {
    Result.GROUNDS: ("warn", "flag"),
    Result.UNDETERMINED: ("info", "question"),
    Result.NO_GROUNDS_YET: ("neutral", "user"),
}


# --- What was said -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """When the facts were, as far as the person knows.

    ``last`` is their last day, in full or in part: ``2024``, ``2024-05`` or ``2024-05-17``.
    """

    age_min: int | None = None
    age_max: int | None = None
    last: str = ""

    @property
    def last_day(self) -> datetime.date | None:
        """The last day that ``last`` may mean; ``None`` where nothing was said."""
        if not self.last:
            return None
        year, month, day = ([int(part) for part in self.last.split("-")] + [0, 0])[:3]
        month = month or 12
        return datetime.date(year, month, day or calendar.monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Held:
    """What one interview holds: as much of it as was said, in the edition it was said in."""

    answers: Mapping[str, str] = field(default_factory=dict)  # question -> answer, never not_asked
    notes: Mapping[str, str] = field(default_factory=dict)  # section -> words
    facts: Facts = Facts()
    edition: str = kit.EDITION
    tab: str = ""  # the browser tab that saved last and is still open

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Held":
        """From what was sealed."""
        if not data:
            return cls()
        told = data.get("facts") or {}
        facts = Facts(told.get("age_min"), told.get("age_max"), told.get("last", ""))
        return cls(
            dict(data.get("answers") or {}),
            dict(data.get("notes") or {}),
            facts,
            data.get("edition", ""),
            data.get("tab", ""),
        )

    @property
    def data(self) -> dict[str, Any]:
        """What is sealed."""
        facts = {
            "age_min": self.facts.age_min,
            "age_max": self.facts.age_max,
            "last": self.facts.last,
        }
        return {
            "edition": self.edition,
            "answers": dict(self.answers),
            "notes": dict(self.notes),
            "facts": facts,
            "tab": self.tab,
        }

    @property
    def known(self) -> dict[str, str]:
        """The answers to questions of this edition; a question since left out stays kept."""
        codes = {question.code for question in kit.questions()}
        return {code: answer for code, answer in self.answers.items() if code in codes}

    def part(self, codes: Collection[str], notes: Collection[str], *, facts: bool) -> "Held":
        """What one page shows."""
        return Held(
            {c: a for c, a in self.answers.items() if c in codes},
            {s: t for s, t in self.notes.items() if s in notes},
            self.facts if facts else Facts(),
        )

    def merged(
        self,
        answers: Mapping[str, str],
        notes: Mapping[str, str],
        facts: Facts | None,
        tab: str = "",
    ) -> "Held":
        """With what a page says of its own questions; the rest as it was."""
        told = {c: a for c, a in {**self.answers, **answers}.items() if a != Answer.NOT_ASKED}
        written = {s: t for s, t in {**self.notes, **notes}.items() if t}
        kept = replace(self, answers=told, notes=written, edition=kit.EDITION, tab=tab)
        return kept if facts is None else replace(kept, facts=facts)


def digest_of(part: Held) -> str:
    """A short name of a state of one page, to tell whether it changed meanwhile."""
    text = json.dumps([part.answers, part.notes, part.data["facts"]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reading:
    """One interview, opened."""

    interview: Interview
    held: Held
    assessment: Assessment

    @property
    def is_urgent(self) -> bool:
        """Whether something must be done before anything else."""
        return any(code in IMMEDIATE for code in self.assessment.said)


def read(interview: Interview, held: Held) -> Reading:
    """What the method says of what was said."""
    age = age_at_facts(interview.person, held.facts)
    return Reading(interview, held, kit.assess(held.known, age_at_act=age))


def age_at_facts(person: Person, facts: Facts) -> AgeRange:
    """As the person says; else at most the age at which they were met."""
    if facts.age_min is not None or facts.age_max is not None:
        return AgeRange(facts.age_min, facts.age_max)
    return AgeRange(person.age_min, person.age_max).earlier()


def day_of_law(person: Person, facts: Facts) -> datetime.date:
    """The day whose law judges the facts: their last one; else the day the person was met."""
    return facts.last_day or person.met_on


def state_of(reading: Reading) -> dict[str, Any]:
    """What stands in clear columns: codes and one number, nothing that was said."""
    told, held = reading.assessment, reading.held
    dangers = [code for code in told.said if code in IMMEDIATE or code == "danger_return"]
    denied = held.answers.get("danger_now") == Answer.NO
    return {
        "n_answered": len(held.known),
        "result": told.result.value,
        "elements": " ".join(o.element.value for o in told.elements if o.established_by),
        "patterns": " ".join(seen.pattern for seen in told.patterns),
        "forms": " ".join(seen.form for seen in told.forms),
        "is_in_danger": True if dangers else (False if denied else None),
    }


# --- What a page sends ---------------------------------------------------------------------


def facts_from(age_min: str, age_max: str, last: str) -> Facts:
    """As typed. One age alone is the age; a year, a month or a day, in either order.

    Raises :class:`DomainError` at the field.
    """
    low, high = _age(age_min, "age_min"), _age(age_max, "age_max")
    if low is not None and high is None:
        high = low
    if low is not None and high is not None and high < low:
        raise DomainError(
            "interview.ages", _("The second age is below the first."), "facts_age_max"
        )
    return Facts(low, high, _partial_day(last))


def _age(typed: str, name: str) -> int | None:
    typed = typed.strip()
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", typed) or int(typed) > 120:
        raise DomainError(
            "interview.age", _("An age is between 0 and 120 years."), f"facts_{name}"
        )
    return int(typed)


def _partial_day(typed: str) -> str:
    """``2024``, ``05/2024``, ``17/05/2024`` or ``2024-05-17``, as year first."""
    parts = [part for part in re.split(r"[-/. ]+", typed.strip()) if part]
    if not parts:
        return ""
    if len(parts[-1]) == 4:
        parts.reverse()
    wrong = DomainError(
        "interview.last_day",
        _("Write a year, a month or a day: 2024, 05/2024 or 17/05/2024."),
        "facts_last",
    )
    if not (len(parts) <= 3 and re.fullmatch(r"[0-9]{4}", parts[0])):
        raise wrong
    if not all(re.fullmatch(r"[0-9]{1,2}", part) for part in parts[1:]):
        raise wrong
    last = "-".join([parts[0], *(part.zfill(2) for part in parts[1:])])
    try:
        first = datetime.date(*([int(part) for part in parts] + [1, 1])[:3])
    except ValueError:
        raise wrong from None
    if first > timezone.localdate():
        raise DomainError("interview.future", _("This day has not come yet."), "facts_last")
    return last


# --- What it says --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PossibleLine:
    """One article in force on the day of the facts that may apply, with the reasons."""

    offence: Offence
    reasons: tuple[str, ...]
    is_unconfirmed: bool


def possible_offences(reading: Reading) -> list[PossibleLine]:
    """The articles the facts may fall under, in the law of their day. A lawyer qualifies."""
    articles = {row.code: row for row in Offence.objects.all()}
    table = [
        kit.Offence(row.code, row.basis, row.valid_from, row.valid_to, bool(row.confirmed_at))
        for row in articles.values()
    ]
    day = day_of_law(reading.interview.person, reading.held.facts)
    return [
        PossibleLine(articles[found.code], in_words(found.reasons), found.is_unconfirmed)
        for found in kit.offences_for(reading.assessment, on=day, offences=table)
    ]


def in_words(reasons: Collection[kit.Reason]) -> tuple[str, ...]:
    """Reasons in the language of the reader."""
    return tuple(reason.text(language()) for reason in reasons)


def why(assessment: Assessment) -> str:
    """The reasons for a presumption, to be read again and put in one's own words."""
    said = [r for o in assessment.elements if o.established_by for r in o.reasons]
    means = assessment.means
    if means.needed is False and not means.established_by:
        said += means.reasons
    other = (h for h in assessment.pathways if h.pathway is not kit.Pathway.TRAFFICKING)
    said += [reason for hint in other for reason in hint.reasons]
    return "\n".join(dict.fromkeys(in_words(said)))


def language() -> str:
    """The language the interview is shown in."""
    return (get_language() or "fr")[:2]


# --- Lists ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InterviewLine:
    """One interview in a list: who, when, what the method read. Nothing that was said."""

    interview: Interview
    is_own: bool

    @property
    def label(self) -> str:
        """The result in words; empty where nothing was answered yet."""
        return result_label(self.interview.result)

    @property
    def tone(self) -> tuple[str, str]:
        """Of its badge: tone and sign."""
        return result_tone(self.interview.result)


def result_label(result: str) -> str:
    """One of the three words; empty where nothing was answered yet."""
    return str(RESULT_LABELS[Result(result)]) if result else ""


def result_tone(result: str) -> tuple[str, str]:
    """Tone and sign of its badge."""
    return RESULT_TONES[Result(result)] if result else ("neutral", "clock")


def of_person(actor: Actor, person: Person) -> list[InterviewLine]:
    """The interviews of a person that the actor may see, the latest first."""
    rows = visible(actor, Interview, "interview.read").filter(person=person)
    return [
        InterviewLine(row, row.organisation_id == actor.organisation_id)
        for row in rows.select_related("post", "organisation")
    ]


# Put to each of many people met together: what cannot wait, and one question an element.
TRIAGE = (
    "danger_now",
    "danger_return",
    "need_care",
    "need_family",
    "act_recruited",
    "means_lied_job",
    "means_confined",
    "purpose_forced_work",
)


def to_triage(actor: Actor, event: Event, after: int = 0) -> QuerySet[Person]:
    """Those of the actor's body met at ``event`` whom nobody of it has heard yet, by line."""
    heard = visible(actor, Interview, "interview.read").filter(person__event=event)
    rows = _own_people(actor, event).filter(line__gt=after)
    return rows.exclude(pk__in=heard.values("person_id"))


def on_sheet(actor: Actor, event: Event) -> QuerySet[Person]:
    """Those whose line the actor may send: a colleague who was faster takes nothing away.

    A sheet sent twice is heard once.
    """
    mine = visible(actor, Interview, "interview.read").filter(
        person__event=event, post_id=actor.seat.post_id
    )
    return _own_people(actor, event).exclude(pk__in=mine.values("person_id"))


def _own_people(actor: Actor, event: Event) -> QuerySet[Person]:
    rows = visible(actor, Person, "interview.write").filter(event=event, erased_at=None)
    return rows.filter(organisation_id=actor.seat.organisation_id).order_by("line")


def heard_at(actor: Actor, event: Event) -> list[InterviewLine]:
    """The interviews with people met at ``event``, danger first, then by what was read."""
    rows = visible(actor, Interview, "interview.read").filter(
        person__event=event, organisation_id=actor.seat.organisation_id
    )
    order = {None: 1, True: 0, False: 1}
    found = sorted(
        rows.select_related("post", "organisation", "person__national"),
        key=lambda row: (
            order[row.is_in_danger],
            -(Result(row.result).rank if row.result else -1),
            row.person.line,
        ),
    )
    return [InterviewLine(row, is_own=True) for row in found]


def is_blank(actor: Actor, interview: Interview) -> bool:
    """Whether nothing was ever kept: the page can then be shown without opening anything."""
    rows = visible(actor, Sealed, "person.open")
    return not rows.filter(kind=KIND, subject=interview.pk).exists()
