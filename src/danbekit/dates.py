"""Windows of time, and dates and numbers as people read them.

A figure always has a *window*: the calendar year of the national report and of UNODC, the
1 April - 31 March year of the US report, a quarter, or any two dates.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Self

from danbekit.errors import BadWindow

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
MONTHS = {
    "fr": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ).split(),
    "en": (
        "January February March April May June July August September October November December"
    ).split(),
}
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """All days from ``start`` to ``end``, both included.

    Raises:
        BadWindow: the end precedes the start.
    """

    start: datetime.date
    end: datetime.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise BadWindow(f"{self.end} precedes {self.start}")

    @classmethod
    def calendar_year(cls, year: int) -> Self:
        """1 January to 31 December: the national report, UNODC, SDG 16.2.2."""
        return cls(datetime.date(year, 1, 1), datetime.date(year, 12, 31))

    @classmethod
    def april_year(cls, year: int) -> Self:
        """1 April ``year`` to 31 March ``year + 1``: what the US report of ``year + 1`` covers.

        Source: 22 USC 7107(b)(1).
        """
        return cls(datetime.date(year, 4, 1), datetime.date(year + 1, 3, 31))

    @classmethod
    def quarter(cls, year: int, number: int) -> Self:
        """Quarter 1 to 4 of a calendar year."""
        if not 1 <= number <= 4:
            raise BadWindow(f"no quarter {number}")
        return cls._months(year, 3 * number - 2, 3 * number)

    @classmethod
    def month(cls, year: int, number: int) -> Self:
        """Month 1 to 12 of a calendar year."""
        if not 1 <= number <= 12:
            raise BadWindow(f"no month {number}")
        return cls._months(year, number, number)

    @classmethod
    def _months(cls, year: int, first: int, last: int) -> Self:
        last_day = calendar.monthrange(year, last)[1]
        return cls(datetime.date(year, first, 1), datetime.date(year, last, last_day))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code: ``2024``, ``2024-Q1``, ``2024-05``, ``2024-04-01..2025-03-31``.

        Raises:
            BadWindow: anything else, and years outside 1900-2199.
        """
        text = text.strip()
        try:
            if match := re.fullmatch(r"(\d{4})", text):
                window = cls.calendar_year(int(match[1]))
            elif match := re.fullmatch(r"(\d{4})-[QT]([1-4])", text):
                window = cls.quarter(int(match[1]), int(match[2]))
            elif match := re.fullmatch(r"(\d{4})-(\d{2})", text):
                window = cls.month(int(match[1]), int(match[2]))
            elif match := re.fullmatch(r"([\d-]{10})(?:\.\.([\d-]{10}))?", text):
                start = datetime.date.fromisoformat(match[1])
                window = cls(start, datetime.date.fromisoformat(match[2] or match[1]))
            else:
                raise BadWindow(text)
        except ValueError as error:
            raise BadWindow(text) from error
        if not 1900 <= window.start.year <= window.end.year <= 2199:
            raise BadWindow(text)
        return window

    @property
    def code(self) -> str:
        """The shortest text that :meth:`parse` reads back as this window."""
        year = self.start.year
        if self == Window.calendar_year(year):
            return str(year)
        if self.start.month % 3 == 1:
            number = (self.start.month + 2) // 3
            if self == Window.quarter(year, number):
                return f"{year}-Q{number}"
        if self == Window.month(year, self.start.month):
            return f"{year}-{self.start.month:02}"
        if self.start == self.end:
            return self.start.isoformat()
        return f"{self.start}..{self.end}"

    def contains(self, other: "Window") -> bool:
        """Whether every day of ``other`` is one of ours."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Window") -> bool:
        """Whether one day at least is common."""
        return self.start <= other.end and other.start <= self.end

    def split(self, months: int) -> "list[Window]":
        """Cut into consecutive pieces of ``months`` months, the last one possibly shorter."""
        pieces, start = [], self.start
        while start <= self.end:
            index = start.year * 12 + start.month - 1 + months
            following = datetime.date(index // 12, index % 12 + 1, 1)
            pieces.append(Window(start, min(following - DAY, self.end)))
            start = following
        return pieces

    def label(self, language: str = "fr") -> str:
        """The window as a reader says it: ``année 2024``, ``1er trimestre 2024``..."""
        french, year = language.startswith("fr"), self.start.year
        code = self.code
        if code == str(year):
            return f"année {year}" if french else f"year {year}"
        if "-Q" in code:
            number = int(code[-1])
            if french:
                return f"{'1er' if number == 1 else f'{number}e'} trimestre {year}"
            return f"quarter {number} of {year}"
        if len(code) == 7:
            return f"{MONTHS['fr' if french else 'en'][self.start.month - 1]} {year}"
        if self.start == self.end:
            return format_date(self.start, language)
        start, end = format_date(self.start, language), format_date(self.end, language)
        return f"du {start} au {end}" if french else f"{start} to {end}"


def format_date(day: datetime.date, language: str = "fr") -> str:
    """``23 novembre 2026``; the first of a month is ``1er`` in French."""
    french = language.startswith("fr")
    number = "1er" if french and day.day == 1 else str(day.day)
    return f"{number} {MONTHS['fr' if french else 'en'][day.month - 1]} {day.year}"


def format_number(number: int, language: str = "fr") -> str:
    """``2 992 000 000`` with narrow no-break spaces in French, commas in English."""
    text = f"{number:,}".replace("-", "\u2212")
    return text.replace(",", NARROW_SPACE) if language.startswith("fr") else text
