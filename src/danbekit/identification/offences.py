"""Which articles in force on a day may apply to what was said. A lawyer qualifies, not this.

``qualifications.csv`` holds the links (ours): an article, what it rests on (a situation, or
the elements of trafficking), at times a further answer or an age. The articles themselves are
the country's table, given by the caller.

Limits: the articles of the Penal Code of 2024 on trafficking were not found; the sexual slavery
of that code is linked only to a sexual exploitation with a claim of ownership; a date of law
stands for a date of entry into force, which was not seen.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from danbekit.identification.assessment import SUGGESTED, Assessment
from danbekit.identification.interview import read_rows
from danbekit.identification.palermo import Result
from danbekit.identification.reasons import Reason


@dataclass(frozen=True, slots=True)
class Offence:
    """An article during its time of force; both days included, ``None`` an end not known."""

    code: str
    basis: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    is_confirmed: bool = False

    def is_in_force(self, day: datetime.date) -> bool:
        """Whether a fact of ``day`` may be judged by it. One without any date judges nothing."""
        if self.valid_from is None and self.valid_to is None:
            return False
        began = self.valid_from is None or self.valid_from <= day
        return began and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class PossibleOffence:
    """An article that may apply, why, and whether a lawyer has yet to confirm its text."""

    code: str
    basis: str
    reasons: tuple[Reason, ...]
    is_unconfirmed: bool


def offences_for(
    assessment: Assessment, *, on: datetime.date, offences: Iterable[Offence]
) -> tuple[PossibleOffence, ...]:
    """The articles in force on a day that what was said may fall under.

    Args:
        assessment: of one interview. Trafficking is named where the result is grounds, or would be
            if the person, of unknown age, was a child; a situation where it is suggested.
        on: the day of the facts (the last one, where they lasted): a case is judged by the law
            of its day.
        offences: the country's table, in any order; its order is kept.

    An article of the table that is not in ``qualifications.csv`` is never named. An age that is
    not known names the article, with the condition in its reasons.
    """
    found = []
    for offence in offences:
        if not offence.is_in_force(on):
            continue
        links = [
            row for row in read_rows("qualifications.csv") if row["offence_code"] == offence.code
        ]
        reasons = dict.fromkeys(r for row in links for r in _reasons(row, assessment))
        if reasons:
            found.append(
                PossibleOffence(
                    offence.code, offence.basis, tuple(reasons), not offence.is_confirmed
                )
            )
    return tuple(found)


def _reasons(link: Mapping[str, str], assessment: Assessment) -> tuple[Reason, ...]:
    """Why one link holds; nothing where it does not."""
    rests_on = _ground(link["on"], assessment)
    age = _age_reason(link["below_age"], assessment)
    required = link["requires"]
    if not rests_on or age is None or (required and required not in assessment.said):
        return ()
    more = (Reason("offence_hazardous", (required,)),) if required == "work_danger" else ()
    return (*rests_on, *age, *more)


def _ground(on: str, assessment: Assessment) -> tuple[Reason, ...]:
    if on == "trafficking":
        return _trafficking(assessment)
    return tuple(
        Reason("offence_pattern", seen.questions, term=on)
        for seen in assessment.patterns
        if seen.pattern == on and seen.strength == SUGGESTED
    )


def _trafficking(assessment: Assessment) -> tuple[Reason, ...]:
    """The elements, all of them; or all but a means that a child would not need."""
    said = (code for o in assessment.elements for code in o.established_by)
    why = Reason("offence_trafficking", tuple(dict.fromkeys(said)))
    if assessment.result is Result.GROUNDS:
        return (why,)
    both = assessment.act.established_by and assessment.purpose.established_by
    if both and assessment.means.needed is None:
        return (why, Reason("offence_if_child"))
    return ()


def _age_reason(below: str, assessment: Assessment) -> tuple[Reason, ...] | None:
    """Nothing to say without a limit of age; ``None`` where the person was above it."""
    if not below:
        return ()
    told = assessment.age_at_act.is_below(int(below))
    if told is False:
        return None
    name = "child" if below == "18" else f"under_{below}"
    return (Reason(f"offence_{name}" if told else f"offence_if_{name}"),)
