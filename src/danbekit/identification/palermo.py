"""Act, means, purpose: article 3 of the Palermo Protocol read in three values.

Source: Protocol to Prevent, Suppress and Punish Trafficking in Persons (2000), art. 3(a)
elements, 3(b) consent is irrelevant once a means was used, 3(c) a child needs no means,
3(d) a child is under eighteen. ``danbekit.standards`` table ``palermo_elements``.

The Protocol says when there is trafficking; the third value is ours. An element is
*established* by one yes; *denied* only when every question that bears on it was answered no;
otherwise *open*. A result never rests on silence: refusing, not knowing and not being asked
weigh the same, and no result is a refusal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from danbekit.identification.answers import ADULT_AGE, AgeRange, Answer, Answers
from danbekit.identification.reasons import Reason

__all__ = ["AgeRange", "Answer", "Element", "ElementOutcome", "Result", "State", "conclude"]


class Element(StrEnum):
    """One of the three elements of the definition."""

    ACT = "act"
    MEANS = "means"
    PURPOSE = "purpose"


class State(StrEnum):
    """What the answers say of one element."""

    ESTABLISHED = "established"
    OPEN = "open"
    DENIED = "denied"


class Result(StrEnum):
    """What an interview gives. Ordered; there is no "not a victim".

    ``NO_GROUNDS_YET``: a needed element was denied at every question. A human decides.
    """

    NO_GROUNDS_YET = "no_grounds_yet"
    UNDETERMINED = "undetermined"
    GROUNDS = "grounds"

    @property
    def rank(self) -> int:
        """0 to 2: how far the answers go towards grounds."""
        return list(Result).index(self)


@dataclass(frozen=True, slots=True)
class ElementOutcome:
    """One element and the answers it rests on.

    ``needed`` is ``None`` where it depends on an age that is not known. ``established_by``,
    ``missing`` and ``denied`` are question codes; ``codes`` are the Protocol's words met.
    """

    element: Element
    needed: bool | None
    established_by: tuple[str, ...]
    missing: tuple[str, ...]
    denied: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def state(self) -> State:
        """Established by one yes; denied by nothing but noes; open otherwise."""
        if self.established_by:
            return State.ESTABLISHED
        return State.DENIED if self.denied and not self.missing else State.OPEN

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, in words: one for each yes, or what is missing."""
        said = tuple(Reason(f"{self.element}_said", (code,)) for code in self.established_by)
        if self.element is Element.MEANS and self.needed is False:
            return (Reason("means_not_needed"), *said)
        if said:
            return said
        if self.state is State.DENIED:
            return (Reason(f"{self.element}_denied", self.denied),)
        return (Reason(f"{self.element}_open", self.missing),)


def outcome(
    element: Element,
    bearing: Mapping[str, Sequence[str]],
    answers: Answers,
    *,
    needed: bool | None = True,
    closed: frozenset[str] = frozenset(),
) -> ElementOutcome:
    """What the answers say of one element.

    Args:
        element: which one.
        bearing: for each question that bears on it, in order, the Protocol's words that a yes
            establishes.
        answers: by question code; a code left out was not asked.
        needed: whether the definition needs it; ``None`` = not known.
        closed: questions that another answer made pointless; they are never missing, and a
            yes to one of them counts all the same.
    """
    told = {code: answers.get(code, Answer.NOT_ASKED) for code in bearing}
    yes = tuple(code for code, answer in told.items() if answer is Answer.YES)
    return ElementOutcome(
        element=element,
        needed=needed,
        established_by=yes,
        missing=tuple(c for c, a in told.items() if a.is_missing and c not in closed),
        denied=tuple(c for c, a in told.items() if a is Answer.NO),
        codes=tuple(dict.fromkeys(word for code in yes for word in bearing[code])),
    )


def conclude(
    act: ElementOutcome, means: ElementOutcome, purpose: ElementOutcome
) -> tuple[Result, tuple[Reason, ...]]:
    """The result of three outcomes, and why.

    Checked against article 3: every combination of the three states with a child, an adult
    and an unknown age (``tests/danbekit/test_identification.py``).
    """
    needed = [o for o in (act, means, purpose) if o.needed is not False]
    if all(o.state is State.ESTABLISHED for o in needed):
        return Result.GROUNDS, (Reason("result_grounds"),)
    # An element needed only if the person was an adult cannot alone speak against them.
    if any(o.state is State.DENIED for o in needed if o.needed):
        return Result.NO_GROUNDS_YET, (Reason("result_no_grounds_yet"),)
    reasons = [Reason("result_undetermined")]
    if means.needed is None and means.state is not State.ESTABLISHED:
        reasons.append(Reason("age_unknown"))
    return Result.UNDETERMINED, tuple(reasons)


def needs_means(age_at_act: AgeRange) -> bool | None:
    """Whether the definition needs a means: not for a child; unknown with the age."""
    child = age_at_act.is_below(ADULT_AGE)
    return None if child is None else not child
