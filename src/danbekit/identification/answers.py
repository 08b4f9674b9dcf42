"""What a person may answer, and an age known only in part."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from danbekit.errors import BadAge, UnknownCode

ADULT_AGE = 18  # Palermo Protocol, art. 3(d)
OLDEST = 120


class Answer(StrEnum):
    """One answer. The last three weigh the same: nothing for, nothing against."""

    YES = "yes"
    NO = "no"
    DECLINED = "declined"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"

    @property
    def is_missing(self) -> bool:
        """Neither yes nor no."""
        return self not in (Answer.YES, Answer.NO)


Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class AgeRange:
    """An age in completed years, from ``minimum`` to ``maximum``, both included.

    ``None`` is an open end; ``AgeRange()`` is an unknown age. 40 % of births are unregistered
    in Mali: an estimate in two bounds is the ordinary case.

    Raises:
        BadAge: below 0, above 120, or an end before its start.
    """

    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        low = 0 if self.minimum is None else self.minimum
        high = OLDEST if self.maximum is None else self.maximum
        if not 0 <= low <= high <= OLDEST:
            raise BadAge(f"{self.minimum}-{self.maximum}")

    @classmethod
    def exactly(cls, years: int) -> Self:
        """An age that is known."""
        return cls(years, years)

    def is_below(self, years: int) -> bool | None:
        """Whether the person was under ``years``; ``None`` where the range does not say.

        >>> AgeRange(15, 17).is_below(18), AgeRange(16, 20).is_below(18), AgeRange(18).is_below(18)
        (True, None, False)
        """
        if self.maximum is not None and self.maximum < years:
            return True
        if self.minimum is not None and self.minimum >= years:
            return False
        return None

    def earlier(self) -> Self:
        """The age on some earlier, unknown day: at most what it is on this one."""
        return type(self)(None, self.maximum)


def read_answers(answers: Mapping[str, Answer | str], known: Mapping[str, object]) -> Answers:
    """The answers as :class:`Answer`, each to a question that exists.

    Raises:
        UnknownCode: a question that is not in ``known``, or a word that is no answer.
    """
    read = {}
    for code, answer in answers.items():
        if code not in known:
            raise UnknownCode(f"question {code}")
        try:
            read[code] = Answer(answer)
        except ValueError:
            raise UnknownCode(f"answer {answer} to {code}") from None
    return read
