"""The archive of the Committee as a workbook: meetings and decisions since 2011.

One sheet of meetings, one of decisions; read back whole or not at all, every wrong cell named by
its address. Reading keeps nothing: the caller decides.
"""

import datetime
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation, OrganisationName
from danbe.core.access import Actor, visible
from danbe.exchange.return_layout import FORMAT
from danbe.exchange.return_xlsx import BadCell, Sheet, open_workbook, refuse
from danbe.partnership.committee_archive import ArchivedDecision, ArchivedMeeting
from danbe.partnership.committee_models import CommitteeBody, Decision, DecisionStatus, Meeting
from danbe.partnership.committee_queries import meeting_kinds
from danbekit.names import fold

MEETINGS, DECISIONS = "committee_meetings", "committee_decisions"
HEAD_ROW, FIRST_ROW = 2, 3  # counted from 0
EARLIEST = datetime.date(2000, 1, 1)
# The columns, in order: the fields of the rows.
MEETING_COLUMNS = "number body date kind place subject minutes source".split()
DECISION_COLUMNS = "meeting number text owner deadline status outcome settled_on".split()
NUMBER, TEXT, MINUTES = 40, 4_000, 20_000  # longest, in characters


@dataclass(slots=True)
class Archive:
    """What a workbook says, and what is wrong with it."""

    meetings: list[ArchivedMeeting] = field(default_factory=list)
    errors: list[BadCell] = field(default_factory=list)

    @property
    def n_decisions(self) -> int:
        """Decisions of all its meetings."""
        return sum(len(one.decisions) for one in self.meetings)

    @property
    def first(self) -> datetime.date | None:
        """The day of the earliest meeting."""
        return min((one.date for one in self.meetings), default=None)

    @property
    def last(self) -> datetime.date | None:
        """The day of the latest meeting."""
        return max((one.date for one in self.meetings), default=None)


# --- Writing the template -------------------------------------------------------------------


def labels() -> dict[str, str]:
    """The headings of the columns."""
    return {
        "number": _("Number"),
        "body": _("Body (code)"),
        "date": _("Date"),
        "kind": _("Kind"),
        "place": _("Place"),
        "subject": _("Subject"),
        "minutes": _("Minutes (text)"),
        "source": _("Source: where the paper is"),
        "meeting": _("Number of the meeting"),
        "text": _("What was decided"),
        "owner": _("Organisation in charge (acronym)"),
        "deadline": _("Deadline"),
        "status": _("State: open, done, given up"),
        "outcome": _("What was done, or why not"),
        "settled_on": _("Carried out or given up on"),
    }


def write_template() -> bytes:
    """An empty workbook, with the lists that its cells choose from."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        bodies = list(CommitteeBody.objects.values_list("code", flat=True))
        kinds = [label for _code, label in meeting_kinds()]
        states = [str(label) for label in DecisionStatus.labels]
        sheets = (
            (_("Meetings"), MEETINGS, MEETING_COLUMNS, {"body": bodies, "kind": kinds}),
            (_("Decisions"), DECISIONS, DECISION_COLUMNS, {"status": states}),
        )
        for title, key, columns, lists in sheets:
            sheet = book.add_worksheet(title)
            sheet.write_string(0, 0, f"{FORMAT}:{key}")
            sheet.set_row(0, None, None, {"hidden": True})
            sheet.write_string(1, 0, _("One row each. Dates as 2014-03-15. Keep the headings."))
            for n, name in enumerate(columns):
                is_day = name in ("date", "deadline", "settled_on")
                sheet.set_column(n, n, 16 if is_day else 28, day if is_day else None)
                sheet.write_string(HEAD_ROW, n, labels()[name], head)
                if name in lists:
                    choice = {"validate": "list", "source": lists[name], "error_type": "warning"}
                    sheet.data_validation(FIRST_ROW, n, 2000, n, choice)
            sheet.freeze_panes(FIRST_ROW, 1)
    return file.getvalue()


# --- Reading it back ------------------------------------------------------------------------


def read_archive(actor: Actor, data: bytes) -> Archive:
    """What a workbook says. Raises :class:`DomainError` when it is not the template."""
    sheets = open_workbook(data)
    if MEETINGS not in sheets or DECISIONS not in sheets:
        text = _("This is not the workbook of the archive. Download it from this page.")
        raise refuse("template", text)
    reader = Reader(actor, sheets)
    reader.read()
    if not reader.archive.errors and not reader.archive.meetings:
        raise refuse("nothing", _("This workbook is empty: nothing would change."))
    return reader.archive


class Row:
    """One row of a sheet: cells by the name of their column."""

    def __init__(self, sheet: Sheet, at: int, columns: Sequence[str], archive: Archive) -> None:
        self.sheet, self.at, self.columns, self.archive = sheet, at, columns, archive

    def text(self, name: str, longest: int = 200) -> str:
        """What a cell says; too long is told."""
        said = self.sheet.cell(self.at, self.columns.index(name))
        if len(said) > longest:
            self.refuse(name, _("Too long: %(n)d characters at most.") % {"n": longest})
        return said[:longest]

    def refuse(self, name: str, message: str) -> None:
        """Tell of a wrong cell by its address."""
        address = self.sheet.address(self.at, self.columns.index(name))
        self.archive.errors.append(BadCell(address, message))

    def needed(self, name: str, longest: int = 200) -> str:
        """A cell that must not be empty."""
        said = self.text(name, longest)
        if not said:
            self.refuse(name, _("Fill in this cell."))
        return said

    def day(self, name: str) -> datetime.date | None:
        """A date, written as one or as text."""
        said = self.text(name)
        if not said:
            return None
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.datetime.strptime(said, form).date()
            except ValueError:
                continue
        self.refuse(name, _("Write a date such as 2014-03-15."))
        return None

    def one_of(self, name: str, known: Mapping[str, str], said: str) -> str:
        """The code of a listed word; told when it is not listed."""
        code = known.get(fold(said), "")
        if said and not code:
            some = ", ".join(list(known)[:6])
            self.refuse(name, _("Not in the list (for instance: %(some)s).") % {"some": some})
        return code

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return not any(self.sheet.cell(self.at, n) for n in range(len(self.columns)))


class Reader:
    """Reads the two sheets of one workbook."""

    def __init__(self, actor: Actor, sheets: Mapping[str, Sheet]) -> None:
        self.sheets, self.archive = sheets, Archive()
        self.bodies = {row.code: row for row in CommitteeBody.objects.all()}
        self.body_codes = {fold(code): code for code in self.bodies}
        self.body_codes |= {fold(row.label_fr): row.code for row in self.bodies.values()}
        self.kinds = {fold(label): code for code, label in meeting_kinds()}
        self.kinds |= {fold(code): code for code, _label in meeting_kinds()}
        self.owners = {name.folded: str(name.organisation_id) for name in _names()}
        self.owners |= {fold(row.code): str(row.pk) for row in Organisation.objects.all()}
        self.states = {fold(code): code for code in DecisionStatus.values}
        self.states |= {fold(str(s.label)): s.value for s in DecisionStatus}
        self.known_meetings = _numbers(visible(actor, Meeting, "committee.import"))
        self.known_decisions = _numbers(visible(actor, Decision, "committee.import"))
        self.days = set(visible(actor, Meeting, "committee.import").values_list("body", "date"))
        self.where: dict[str, int] = {}  # number of a meeting -> its place in the list

    def read(self) -> None:
        """Meetings first, then the decisions that name them."""
        self.each(MEETINGS, MEETING_COLUMNS, self.read_meeting)
        self.each(DECISIONS, DECISION_COLUMNS, self.read_decision)

    def each(self, key: str, columns: Sequence[str], read: Callable[[Row], None]) -> None:
        """Every row of a sheet that says something."""
        sheet = self.sheets[key]
        for at in range(FIRST_ROW, len(sheet.rows)):
            row = Row(sheet, at, columns, self.archive)
            if not row.is_blank:
                read(row)

    def read_meeting(self, row: Row) -> None:
        """One meeting, held on a day that went by."""
        number = row.needed("number", NUMBER)
        if number in self.where or number in self.known_meetings:
            row.refuse("number", _("This number is taken already."))
        body = row.one_of("body", self.body_codes, row.needed("body"))
        kind = row.one_of("kind", self.kinds, row.needed("kind"))
        day = row.day("date") if row.needed("date") else None
        if day and not EARLIEST <= day <= timezone.localdate():
            row.refuse("date", _("This day is not in the past of the Committee."))
        if not (day and body and kind):
            self.where.setdefault(number, -1)  # told already: its decisions are not told again
            return
        if (self.bodies[body].pk, day) in self.days:
            row.refuse("date", _("A meeting of this body on that day is here already."))
        self.days.add((self.bodies[body].pk, day))
        self.where.setdefault(number, len(self.archive.meetings))
        self.archive.meetings.append(
            ArchivedMeeting(
                number=number,
                body_id=self.bodies[body].pk,
                kind=kind,
                date=day,
                place=row.text("place"),
                subject=row.text("subject"),
                minutes=row.text("minutes", MINUTES),
                source=row.text("source", TEXT),
            )
        )

    def read_decision(self, row: Row) -> None:
        """One decision of a meeting of the same file."""
        at = self.where.get(row.needed("meeting", NUMBER))
        if at is None:
            row.refuse("meeting", _("No meeting of this file bears this number."))
        meeting = self.archive.meetings[at] if at is not None and at >= 0 else None
        number = row.text("number", NUMBER)
        if meeting and not number:
            number = f"{meeting.number[: NUMBER - 4]}/{len(meeting.decisions) + 1}"
        if number in self.known_decisions:
            row.refuse("number", _("This number is taken already."))
        self.known_decisions.add(number)
        owner = row.one_of("owner", self.owners, row.text("owner"))
        decision = ArchivedDecision(
            number=number,
            text=row.needed("text", TEXT),
            organisation_id=owner,
            deadline=row.day("deadline"),
            **self.end_of(row),
        )
        if meeting and at is not None:
            both = (*meeting.decisions, decision)
            self.archive.meetings[at] = replace(meeting, decisions=both)

    def end_of(self, row: Row) -> dict[str, Any]:
        """What became of it; open when nothing is said."""
        said = row.text("status")
        status = row.one_of("status", self.states, said) if said else DecisionStatus.OPEN.value
        outcome, day = row.text("outcome", TEXT), row.day("settled_on")
        if status and status != DecisionStatus.OPEN and not outcome:
            row.refuse("outcome", _("Say what was done, or why not."))
        if status == DecisionStatus.OPEN and day:
            row.refuse("settled_on", _("An open decision has no such day."))
        return {"status": status or DecisionStatus.OPEN, "outcome": outcome, "settled_on": day}


def _names() -> Sequence[OrganisationName]:
    return list(OrganisationName.objects.all())


def _numbers(rows: Any) -> set[str]:
    return set(rows.values_list("number", flat=True))
