"""The workbook of the archive, read back: all or nothing, each wrong cell by its address."""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.core.models import Term
from danbe.exchange.archive_xlsx import (
    ATTENDANCE,
    CODES_ROW,
    COLUMNS,
    DECISIONS,
    FIRST_ROW,
    FORMAT,
    MEETINGS,
    Row,
)
from danbe.exchange.return_xlsx import BadCell, Sheet, open_workbook, refuse
from danbe.figures.content import read_date
from danbe.partnership.archive_actions import PastDecision, PastMeeting
from danbe.partnership.models import Assembly, DayPrecision, DecisionStatus, Meeting, Presence

MOST_FAULTS = 300
FIRST_DAY = datetime.date(2000, 1, 1)
REFERENCE = re.compile(r"[\w./-]{1,60}")
YEAR, MONTH = re.compile(r"\d{4}"), re.compile(r"(\d{1,2})/(\d{4})|(\d{4})-(\d{2})")
LONGEST = {"room": 200, "minutes": 30_000}  # characters; 5,000 elsewhere


@dataclass(slots=True)
class ArchiveRead:
    """What a workbook says, and every cell to correct. With one, nothing is taken over."""

    meetings: list[PastMeeting] = field(default_factory=list)
    cells: list[BadCell] = field(default_factory=list)


def read_archive(actor: Actor, data: bytes) -> ArchiveRead:
    """What a workbook of the archive says.

    Raises:
        DomainError: it is not the workbook of the archive; codes begin with ``import.``.
    """
    sheets = open_workbook(data, FORMAT)
    if not set(COLUMNS) <= set(sheets):
        text = _("This is not the workbook of the archive. Download it from this page.")
        raise refuse("template", text)
    return _Reader(actor, sheets).read()


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, actor: Actor, sheets: Mapping[str, Sheet]) -> None:
        self.sheets = sheets
        self.bad: list[BadCell] = []
        self.places: dict[str, dict[str, int]] = {}
        self.bodies = {o.code.casefold(): o for o in Organisation.objects.all()}
        known = visible(actor, Assembly, "archive.import")
        self.assemblies = {a.code.casefold(): a for a in known}
        self.kinds = set(Term.objects.filter(list="meeting_kind").values_list("code", flat=True))
        rows = visible(actor, Meeting, "archive.import")
        self.known = set(rows.values_list("reference", flat=True))
        self.meetings: dict[str, PastMeeting] = {}

    def read(self) -> ArchiveRead:
        """The three tables in order; what is wrong stands at the address of its cell."""
        for at, row in self.rows(MEETINGS):
            self.meeting(at, row)
        if not self.meetings and not self.bad:
            raise refuse("nothing", _("This workbook holds no meeting."))
        for at, row in self.rows(ATTENDANCE):
            self.attendance(at, row)
        for at, row in self.rows(DECISIONS):
            self.decision(at, row)
        return ArchiveRead(list(self.meetings.values()), self.bad[:MOST_FAULTS])

    def rows(self, table: str) -> Iterator[tuple[int, Row]]:
        """The rows of one table; empty rows are passed over."""
        sheet = self.sheets[table]
        width = max((len(row) for row in sheet.rows), default=0)
        found = {code: n for n in range(1, width) if (code := sheet.cell(CODES_ROW, n))}
        self.places[table] = found
        missing = [code for code in COLUMNS[table] if code not in found]
        if missing:
            text = _("The column «%(code)s» is missing. Download the workbook again.")
            self.bad.append(BadCell(sheet.address(CODES_ROW, 1), text % {"code": missing[0]}))
            return
        for at in range(FIRST_ROW, len(sheet.rows)):
            row = {code: sheet.cell(at, found[code]).strip() for code in COLUMNS[table]}
            if any(row.values()):
                yield at, row

    def note(self, table: str, at: int, column: str, message: str) -> None:
        """Name a wrong cell."""
        address = self.sheets[table].address(at, self.places[table][column])
        self.bad.append(BadCell(address, message))

    def meeting(self, at: int, row: Row) -> None:
        """One meeting."""
        reference = self.new_reference(at, row["reference"])
        assembly = self.assemblies.get(row["assembly"].casefold())
        if assembly is None:
            self.unknown(MEETINGS, at, "assembly", row["assembly"])
        if row["kind"] and row["kind"] not in self.kinds:
            self.unknown(MEETINGS, at, "kind", row["kind"])
        day, precision = self.day(at, row["day"])
        for column in ("room", "minutes", "source"):
            self.short(MEETINGS, at, column, row[column])
        if reference and assembly is not None and day is not None:
            self.meetings[reference] = PastMeeting(
                assembly=assembly,
                reference=reference,
                day=day,
                day_precision=precision,
                kind=row["kind"],
                room=row["room"],
                minutes=row["minutes"],
                source=row["source"],
            )

    def new_reference(self, at: int, typed: str) -> str:
        """A reference that nothing bears yet; empty when it is wrong."""
        if not REFERENCE.fullmatch(typed):
            text = _("Give a reference of letters, figures and dashes, without spaces.")
        elif typed in self.known:
            text = _("Danbe holds a meeting with this reference already.")
        elif typed in self.meetings:
            text = _("This reference stands twice in the file.")
        else:
            return typed
        self.note(MEETINGS, at, "reference", text)
        return ""

    def day(self, at: int, typed: str) -> tuple[datetime.date | None, str]:
        """A date of the past, to the day, the month or the year."""
        day, precision = _partial(typed)
        if day is None:
            text = _("«%(typed)s» is not a date. Write 15/03/2014, 03/2014 or 2014.")
            self.note(MEETINGS, at, "day", text % {"typed": typed[:40]})
        elif not FIRST_DAY <= day <= timezone.localdate():
            self.note(MEETINGS, at, "day", _("A past meeting is between 2000 and today."))
            day = None
        return day, precision

    def of(self, table: str, at: int, typed: str) -> PastMeeting | None:
        """The meeting that a row is about."""
        found = self.meetings.get(typed)
        if found is None:
            text = _("No meeting of the first sheet has this reference.")
            self.note(table, at, "reference", text)
        return found

    def body(self, table: str, at: int, column: str, typed: str) -> Organisation | None:
        """A body by its acronym."""
        found = self.bodies.get(typed.casefold())
        if found is None:
            self.unknown(table, at, column, typed)
        return found

    def attendance(self, at: int, row: Row) -> None:
        """How one body took part."""
        meeting = self.of(ATTENDANCE, at, row["reference"])
        body = self.body(ATTENDANCE, at, "body", row["body"])
        if row["presence"] not in Presence.values:
            self.unknown(ATTENDANCE, at, "presence", row["presence"])
        elif meeting is not None and body is not None:
            if any(known == body for known, _presence in meeting.attendance):
                text = _("This body stands twice for this meeting.")
                self.note(ATTENDANCE, at, "body", text)
            meeting.attendance.append((body, row["presence"]))

    def decision(self, at: int, row: Row) -> None:
        """One decision; open ones need an owner and a deadline, to be followed up."""
        meeting = self.of(DECISIONS, at, row["reference"])
        owner = self.body(DECISIONS, at, "owner", row["owner"]) if row["owner"] else None
        deadline = self.deadline(at, row["deadline"])
        status = row["status"]
        if not row["text"]:
            self.note(DECISIONS, at, "text", _("Write what was decided."))
        self.short(DECISIONS, at, "text", row["text"])
        self.short(DECISIONS, at, "evidence", row["evidence"])
        self.short(DECISIONS, at, "reason", row["reason"])
        if status not in DecisionStatus.values:
            self.unknown(DECISIONS, at, "status", status)
        if status == DecisionStatus.DROPPED and not row["reason"]:
            self.note(DECISIONS, at, "reason", _("Say why it was dropped."))
        if status == DecisionStatus.OPEN and (not row["owner"] or not row["deadline"]):
            text = _("An open decision has an owner and a deadline, to be followed up.")
            self.note(DECISIONS, at, "status", text)
        if meeting is not None:
            told = PastDecision(
                row["text"], status, owner, deadline, row["evidence"], row["reason"]
            )
            meeting.decisions.append(told)

    def deadline(self, at: int, typed: str) -> datetime.date | None:
        """A date, or nothing."""
        if not typed:
            return None
        day, precision = _partial(typed)
        if day is None or precision != DayPrecision.DAY or not 2000 <= day.year <= 2100:
            text = _("«%(typed)s» is not a date. Write it like 15/03/2024.")
            self.note(DECISIONS, at, "deadline", text % {"typed": typed[:40]})
            return None
        return day

    def unknown(self, table: str, at: int, column: str, typed: str) -> None:
        """A code that is in no list."""
        text = _("«%(typed)s» is not in the list of codes.") % {"typed": typed[:40]}
        self.note(table, at, column, text)

    def short(self, table: str, at: int, column: str, typed: str) -> None:
        """A text that the column can hold."""
        if len(typed) > LONGEST.get(column, 5_000):
            self.note(table, at, column, _("This text is too long."))


def _partial(typed: str) -> tuple[datetime.date | None, str]:
    """A date and how well it is known; ``None`` when it cannot be read."""
    try:
        if YEAR.fullmatch(typed):
            return datetime.date(int(typed), 1, 1), DayPrecision.YEAR
        if found := MONTH.fullmatch(typed):
            month, year = (found[1], found[2]) if found[1] else (found[4], found[3])
            return datetime.date(int(year), int(month), 1), DayPrecision.MONTH
        return (read_date(typed) if typed else None), DayPrecision.DAY
    except ValueError:
        return None, DayPrecision.DAY
