"""The sources that reports cite for the figures of returns."""

from collections.abc import Callable, Sequence

from danbe.reports.document import Source
from danbe.reports.history import ADDRESS
from danbe.reports.queries import Received
from danbe.reports.tongue import say


def returns_sources(
    received: Sequence[Received], dates: Callable[[Received], str]
) -> dict[str, Source]:
    """One source a body, S1, S2...: its accepted returns that touch the period."""
    by_body: dict[str, list[Received]] = {}
    for one in received:
        by_body.setdefault(one.body, []).append(one)
    return {
        body: _source(f"S{n}", rows, dates)
        for n, (body, rows) in enumerate(by_body.items(), start=1)
    }


def _source(name: str, rows: Sequence[Received], dates: Callable[[Received], str]) -> Source:
    """The returns of one body, with their dates and remarks."""
    notes = list(dict.fromkeys(r.note for r in rows if r.note))
    signs = (
        [say("déclaration sur papier", "return on paper")] if any(r.on_paper for r in rows) else []
    )
    if any(r.fictitious for r in rows):
        signs.append(
            say(
                "déclaration fictive, pour la démonstration",
                "fictitious return, for the demonstration",
            )
        )
    said = [ADDRESS.sub("", note).strip(" ;,.") for note in notes]
    addresses = tuple(dict.fromkeys(a for note in notes for a in ADDRESS.findall(note)))
    text = " ; ".join(filter(None, [*signs, *said]))
    when = " ; ".join(map(dates, rows))
    ids = tuple(r.id for r in rows)
    return Source(name, "returns", rows[0].label, text, when, addresses, ids)
