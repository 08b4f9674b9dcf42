"""A document in the making: its figures, its numbered tables, its cover.

The annual report and the TIP dossier, whose figures come from returns, have a ``Ledger`` instead.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from danbe.accounts.queries import body
from danbe.reports.document import (
    SCHEMA,
    Body,
    Cell,
    Chapter,
    Document,
    Figure,
    Row,
    Source,
    Table,
)


@dataclass(slots=True)
class Paper:
    """Keeps the figures as they are said, and the number of the last table."""

    today: datetime.date
    figures: dict[str, Figure] = field(default_factory=dict, init=False)
    n_tables: int = field(default=0, init=False)
    is_whole: bool = field(default=True, init=False)  # a chapter alone does not number its tables

    def table(
        self,
        code: str,
        title: str,
        columns: Sequence[str],
        rows: Iterable[Row],
        *,
        unit: str = "",
        notes: Sequence[str] = (),
    ) -> Table:
        """A table with the next number."""
        self.n_tables += 1
        number = str(self.n_tables) if self.is_whole else ""
        return Table(code, number, title, unit, tuple(columns), tuple(rows), tuple(notes))

    def bound(
        self,
        kind: str,
        chapters: Iterable[Chapter],
        *,
        year: int,
        window: str,
        title: str,
        subtitle: str,
        sources: Iterable[Source] = (),
        notice: str = "",
    ) -> Document:
        """The whole, under the name of the configured body. No return is counted in it."""
        told, made = body(), tuple(chapters)  # made first: they write the figures
        return Document(
            schema=SCHEMA,
            kind=kind,
            year=year,
            window=window,
            title=title,
            subtitle=subtitle,
            body=Body(told.name, told.acronym, told.country, told.ministry, told.contact),
            extracted_on=self.today.isoformat(),
            n_due=0,
            n_received=0,
            n_accepted=0,
            chapters=made,
            figures=tuple(self.figures.values()),
            definitions=(),
            sources=tuple(sources),
            notice=notice,
        )


def text(words: str) -> Cell:
    """A cell of words."""
    return Cell(text=words)
