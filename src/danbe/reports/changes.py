"""What moved since a report was frozen: what an erratum may have to say."""

from collections.abc import Iterator
from dataclasses import dataclass

from danbe.reports.document import Document, Edition, Figure


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of the report that the accepted returns now say otherwise."""

    figure: Figure
    printed: int | None  # the frozen value, or that of its last erratum
    live: int | None


def changes(frozen: Edition, live: Document) -> list[Change]:
    """The figures of the year that differ, in the order of the report. Published ones never do."""
    return list(_changes(frozen, live.by_key()))


def _changes(frozen: Edition, live: dict[str, Figure]) -> Iterator[Change]:
    printed = {one.figure: one.new_value for one in frozen.corrections}
    for figure in frozen.document.figures:
        if not figure.definition or figure.by in ("published", "bodies"):
            continue
        before = printed.get(figure.key, figure.value)
        now = live[figure.key].value if figure.key in live else None
        if now != before:
            yield Change(figure, before, now)
