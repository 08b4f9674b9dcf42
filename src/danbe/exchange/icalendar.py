"""The calendar of trainings as a file that telephones and desks read (RFC 5545).

Whole days, no person, no alarm. Checked against the examples of the RFC: lines end in CR LF and
are folded at 75 octets; commas, semicolons and backslashes are escaped.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MEDIA_TYPE = "text/calendar; charset=utf-8"
OCTETS = 75  # of one line, RFC 5545, 3.1
PRODUCT = "-//Danbe//Trainings//FR"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that lasts whole days."""

    uid: str
    title: str
    start: datetime.date
    end: datetime.date  # the last day
    place: str
    text: str
    changed_at: datetime.datetime
    sequence: int  # higher after each change
    is_cancelled: bool = False


def to_ics(name: str, events: Iterable[Event]) -> bytes:
    """The calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(event: Event) -> list[str]:
    stamp = event.changed_at.astimezone(datetime.UTC)
    after = event.end + datetime.timedelta(days=1)  # DTEND is the first day that is free again
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}@danbe",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SEQUENCE:{event.sequence}",
        f"SUMMARY:{_escaped(event.title)}",
        f"LOCATION:{_escaped(event.place)}",
        f"DESCRIPTION:{_escaped(event.text)}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    """A text value (RFC 5545, 3.3.11)."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterator[bytes]:
    """Parts of at most 75 octets, each but the first after a space; no character is cut."""
    part, room = "", OCTETS
    for character in line:
        if len((part + character).encode()) > room:
            yield part.encode() if room == OCTETS else b" " + part.encode()
            part, room = "", OCTETS - 1
        part += character
    yield part.encode() if room == OCTETS else b" " + part.encode()
