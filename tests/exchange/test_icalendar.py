"""The calendar file: what RFC 5545 asks of lines, days and texts."""

import datetime

from danbe.exchange.icalendar import Event, to_ics

WHEN = datetime.datetime(2024, 2, 1, 9, 30, tzinfo=datetime.UTC)


def event(**more: object) -> Event:
    told = {
        "uid": "1",
        "title": "Former",
        "start": datetime.date(2024, 3, 4),
        "end": datetime.date(2024, 3, 6),
        "place": "Ségou",
        "text": "",
        "changed_at": WHEN,
        "sequence": 1,
    }
    return Event(**told | more)  # type: ignore[arg-type]


def unfolded(data: bytes) -> list[str]:
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


def test_a_training_of_three_days_ends_before_the_fourth() -> None:
    lines = unfolded(to_ics("Formations", [event()]))
    assert "DTSTART;VALUE=DATE:20240304" in lines
    assert "DTEND;VALUE=DATE:20240307" in lines
    assert "DTSTAMP:20240201T093000Z" in lines
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_lines_end_in_cr_lf_and_are_folded_at_75_octets_without_cutting_a_letter() -> None:
    title = "é" * 200
    data = to_ics("x", [event(title=title)])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        line.decode()  # no letter is cut
    assert f"SUMMARY:{title}" in unfolded(data)


def test_commas_semicolons_backslashes_and_line_ends_are_escaped() -> None:
    data = to_ics("x", [event(text="a, b; c\\d\r\nEND:VCALENDAR")])
    assert "DESCRIPTION:a\\, b\\; c\\\\d\\nEND:VCALENDAR" in unfolded(data)
    assert data.count(b"\r\nEND:VCALENDAR\r\n") == 1


def test_a_cancelled_training_says_so() -> None:
    assert "STATUS:CANCELLED" in unfolded(to_ics("x", [event(is_cancelled=True)]))
