"""The archive of meetings as a workbook: all or nothing, wrong cells by their address."""

import io
from typing import Any

import openpyxl
import pytest

from danbe.core.errors import DomainError, NotAllowed
from danbe.exchange.archive_read import read_archive
from danbe.exchange.archive_xlsx import (
    ATTENDANCE,
    COLUMNS,
    DECISIONS,
    FIRST_ROW,
    MEETINGS,
    sheet_names,
    write_archive,
)
from danbe.partnership.archive_actions import import_archive
from danbe.partnership.models import Decision, Meeting, MeetingAttendance
from tests.conftest import Cast

MEETING = {
    "reference": "CNCLCTPA-2014-01",
    "assembly": "CNCLCTPA",
    "kind": "ordinary",
    "day": "03/2014",
    "source": "registre du secrétariat (fictif)",
}
THERE = {"reference": "CNCLCTPA-2014-01", "body": "mpfef", "presence": "absent"}
DECIDED = {
    "reference": "CNCLCTPA-2014-01",
    "text": "Transmettre la liste (fictif)",
    "owner": "MPFEF",
    "deadline": "30/06/2014",
    "status": "done",
}


def filled(cast: Cast, **rows: list[dict[str, Any]]) -> bytes:
    """The empty workbook, with rows typed in."""
    book = openpyxl.load_workbook(io.BytesIO(write_archive(cast.esther)))
    for table, lines in rows.items():
        sheet = book[sheet_names()[table]]
        for n, line in enumerate(lines):
            for column, code in enumerate(COLUMNS[table], 2):
                sheet.cell(FIRST_ROW + n + 1, column).value = line.get(code)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def told(cast: Cast, **rows: list[dict[str, Any]]) -> list[str]:
    """The wrong cells, by address."""
    return [cell.address for cell in read_archive(cast.esther, filled(cast, **rows)).cells]


def test_an_archive_goes_in_whole_and_comes_out_the_same(cast: Cast) -> None:
    data = filled(cast, **{MEETINGS: [MEETING], ATTENDANCE: [THERE], DECISIONS: [DECIDED]})
    read = read_archive(cast.esther, data)
    assert read.cells == []
    [meeting] = import_archive(cast.esther, read.meetings)
    assert (meeting.day.isoformat(), meeting.day_precision) == ("2014-03-01", "month")
    assert meeting.is_archive
    assert meeting.n_seats is None  # who counted then is not known
    assert MeetingAttendance.unscoped.get(meeting=meeting).presence == "absent"
    assert Decision.unscoped.get(meeting=meeting).status == "done"
    out = openpyxl.load_workbook(io.BytesIO(write_archive(cast.esther, filled=True)))
    lines = list(out[sheet_names()[MEETINGS]].iter_rows(min_row=FIRST_ROW + 1, values_only=True))
    assert [line[4] for line in lines if line[1] == "CNCLCTPA-2014-01"] == ["03/2014"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"reference": ""}, "B"),
        ({"reference": "avec espace"}, "B"),
        ({"reference": "CNCLCTPA-2020-SOURCE-1"}, "B"),  # known already
        ({"assembly": "XYZ"}, "C"),
        ({"kind": "thé"}, "D"),
        ({"day": "hier"}, "E"),
        ({"day": "01/05/1823"}, "E"),
        ({"day": "31/12/2099"}, "E"),
        ({"day": "13/2014"}, "E"),
        ({"room": "x" * 10_000}, "F"),
    ],
)
def test_a_wrong_cell_of_a_meeting_is_named(
    cast: Cast, change: dict[str, str], column: str
) -> None:
    name = sheet_names()[MEETINGS]
    assert told(cast, **{MEETINGS: [MEETING | change]}) == [f"{name}!{column}5"]


def test_wrong_cells_of_attendance_and_decisions_are_named_and_nothing_is_kept(
    cast: Cast,
) -> None:
    there = [THERE, THERE, THERE | {"body": "XYZ"}, THERE | {"presence": "peut-être"}]
    decided = [
        DECIDED | {"reference": "autre"},
        DECIDED | {"status": "dropped"},
        DECIDED | {"status": "open", "owner": ""},
        DECIDED | {"text": ""},
        DECIDED | {"deadline": "demain"},
    ]
    before = Meeting.unscoped.count()
    found = told(cast, **{MEETINGS: [MEETING], ATTENDANCE: there, DECISIONS: decided})
    a, d = sheet_names()[ATTENDANCE], sheet_names()[DECISIONS]
    assert found == [
        f"{a}!C6", f"{a}!C7", f"{a}!D8",
        f"{d}!B5", f"{d}!H6", f"{d}!F7", f"{d}!C8", f"{d}!E9",
    ]  # fmt: skip
    assert Meeting.unscoped.count() == before


def test_the_same_reference_twice_is_refused(cast: Cast) -> None:
    assert told(cast, **{MEETINGS: [MEETING, MEETING]}) == [f"{sheet_names()[MEETINGS]}!B6"]


@pytest.mark.parametrize("data", [b"", b"pas un classeur", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused(cast: Cast, data: bytes) -> None:
    with pytest.raises(DomainError):
        read_archive(cast.esther, data)


def test_an_empty_workbook_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError, check=lambda e: e.code == "import.nothing"):  # type: ignore[call-overload]
        read_archive(cast.esther, write_archive(cast.esther))


def test_only_the_secretariat_takes_an_archive_over(cast: Cast) -> None:
    read = read_archive(cast.esther, filled(cast, **{MEETINGS: [MEETING]}))
    with pytest.raises(NotAllowed):
        import_archive(cast.fanta, read.meetings)
