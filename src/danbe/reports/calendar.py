"""Which reports are owed to whom, and when the next one is expected, as far as sources say."""

import csv
import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Due:
    """One report that is owed. Dates are those seen in practice, never a legal delay."""

    code: str
    texts: tuple[tuple[str, str], ...]  # name_language -> text
    rhythm_months: int | None
    month: int | None
    day: int | None
    source: str

    def said(self, name: str) -> str:
        """A text in the reader's language."""
        language = "fr" if (get_language() or "fr").startswith("fr") else "en"
        return dict(self.texts).get(f"{name}_{language}", "")

    @property
    def label(self) -> str:
        """Its name."""
        return self.said("label")

    @property
    def addressee(self) -> str:
        """To whom."""
        return self.said("addressee")

    @property
    def period(self) -> str:
        """The period it covers."""
        return self.said("period")

    @property
    def seen(self) -> str:
        """On which days it was handed over."""
        return self.said("seen")

    @property
    def note(self) -> str:
        """What to know of it."""
        return self.said("note")

    def next_after(self, today: datetime.date) -> datetime.date | None:
        """The next day of the year on which it is expected; ``None`` when no source says."""
        if self.month is None or self.day is None or self.rhythm_months != 12:
            return None
        this_year = datetime.date(today.year, self.month, self.day)
        return this_year if this_year >= today else this_year.replace(year=today.year + 1)


@cache
def calendar() -> tuple[Due, ...]:
    """The reporting calendar of the configured country."""
    data = Path(__file__).resolve().parent.parent / "data" / settings.COUNTRY
    with open(data / "reporting_calendar.csv", encoding="utf-8", newline="") as file:
        return tuple(_due(row) for row in csv.DictReader(file))


def _due(row: dict[str, str]) -> Due:
    texts = tuple((k, v) for k, v in row.items() if k.endswith(("_fr", "_en")))
    rhythm, month, day = (
        int(row[k]) if row[k] else None for k in ("rhythm_months", "month", "day")
    )
    return Due(row["code"], texts, rhythm, month, day, row["source"])
