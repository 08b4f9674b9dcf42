"""The sheet of a room: what is filled comes in line by line, a wrong cell is named."""

import io
from typing import Any

import openpyxl
import pytest
from django.utils.translation import gettext as _

from danbe.core.errors import DomainError
from danbe.exchange import room_xlsx
from danbe.plan import contribution_actions
from danbe.plan.models import Category, Contribution, ContributionKind, Room
from tests.conftest import Cast
from tests.plan import contribution_makers as makers

pytestmark = pytest.mark.django_db
FIRST = room_xlsx.FIRST_ROW + 1  # of the spreadsheet
COLUMN = {code: chr(ord("C") + n) for n, code in enumerate(room_xlsx.COLUMNS)}


def filled(room: Room, *lines: dict[str, Any]) -> bytes:
    """The sheet of a room as somebody filled it."""
    book = openpyxl.load_workbook(io.BytesIO(room_xlsx.write_room(room)))
    sheet = book.worksheets[0]
    for at, line in enumerate(lines, FIRST):
        for code, value in line.items():
            sheet[f"{COLUMN[code]}{at}"] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line(**more: Any) -> dict[str, Any]:
    told = {
        "category": str(Category.STATE.label),
        "kind": str(ContributionKind.COMMENT.label),
        "text": "Dit en salle (fictif).",
    }
    return told | more


@pytest.fixture
def room(cast: Cast) -> Room:
    return makers.room(cast.awa, makers.process(cast.esther))


def addresses(room: Room, *lines: dict[str, Any]) -> list[str]:
    return [
        c.address.partition("!")[2] for c in room_xlsx.read_room(room, filled(room, *lines)).cells
    ]


def test_a_filled_sheet_comes_in_with_the_numbers_of_its_lines(cast: Cast, room: Room) -> None:
    number = makers.paragraphs_now(room.process)[0].number
    data = filled(
        room,
        line(),
        line(category="survivors", text="Une phrase (fictif).", language="bm"),
        line(
            kind=str(ContributionKind.AMENDMENT.label), clause=number, organisation="ENDA",
            category=str(Category.CIVIL_SOCIETY.label), replaced="chaque région",
            proposed="chaque cercle",
        ),
    )  # fmt: skip
    read = room_xlsx.read_room(room, data)
    assert read.cells == []
    contribution_actions.take_sheet(cast.awa, room, read.lines)
    rows = list(Contribution.unscoped.filter(room=room).order_by("line"))
    assert [r.line for r in rows] == [1, 2, 3]
    assert [r.is_sealed for r in rows] == [False, True, False]
    assert (rows[2].organisation.code, rows[2].proposed) == ("ENDA", "chaque cercle")
    assert rows[1].language == "bm"


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"category": "Les gens"}, "category"),
        ({"category": ""}, "category"),
        ({"kind": "Idée"}, "kind"),
        ({"clause": "99"}, "clause"),
        ({"language": "klingon"}, "language"),
        ({"organisation": "INCONNU"}, "organisation"),
        ({"category": "survivors", "organisation": "ENDA"}, "organisation"),
        ({"text": ""}, "text"),
        ({"text": "x" * 10_000}, "text"),
        ({"replaced": "chaque région"}, "kind"),
        ({"kind": "amendment", "clause": "1", "replaced": "absent"}, "replaced"),
        ({"kind": "amendment", "replaced": "absent"}, "clause"),
    ],
)
def test_a_wrong_cell_is_named_as_the_spreadsheet_names_it(
    room: Room, wrong: dict[str, str], column: str
) -> None:
    if "clause" in wrong and wrong["clause"] == "1":
        wrong = wrong | {"clause": makers.paragraphs_now(room.process)[0].number}
    assert addresses(room, line(), line(**wrong)) == [f"{COLUMN[column]}{FIRST + 1}"]


def test_a_line_that_came_in_already_is_named(cast: Cast, room: Room) -> None:
    contribution_actions.take_sheet(cast.awa, room, [makers.line(1)])
    assert addresses(room, line()) == [f"B{FIRST}"]


def test_the_sheet_of_another_room_an_empty_one_and_another_file_are_refused(
    cast: Cast, room: Room
) -> None:
    other = makers.room(cast.awa, room.process)
    for data, code in (
        (filled(other, line()), "import.room"),
        (filled(room), "import.rows"),
        (b"", "import."),
        (b"PK\x03\x04 not a workbook", "import."),
    ):
        with pytest.raises(DomainError) as error:
            room_xlsx.read_room(room, data)
        assert error.value.code.startswith(code)


def test_the_text_under_discussion_is_in_the_workbook(room: Room) -> None:
    book = openpyxl.load_workbook(io.BytesIO(room_xlsx.write_room(room)))
    told = " ".join(str(row[2].value) for row in book[_("Text")].iter_rows())
    assert makers.WORDS[2] in told


def test_words_that_look_like_a_formula_stay_words(cast: Cast, room: Room) -> None:
    read = room_xlsx.read_room(room, filled(room, line(text="'=1+1")))
    assert read.lines[0].told.text == "'=1+1"
