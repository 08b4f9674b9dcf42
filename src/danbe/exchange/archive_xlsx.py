"""The archive of meetings as a workbook: papers since the decree go in, wrong cells come out.

Three sheets (meetings, attendance, decisions) tied by the reference of the meeting, and a sheet
of codes. All of it is taken over, or nothing.
"""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.core.models import Term
from danbe.partnership.models import (
    Assembly,
    DayPrecision,
    Decision,
    DecisionStatus,
    Meeting,
    MeetingAttendance,
    MeetingStatus,
    Presence,
)
from danbe.reports.workbook import new_workbook

FORMAT = "danbe-archive-1"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_NAME = "danbe-archive-reunions.xlsx"
INFO, LISTS = "info", "lists"
MEETINGS, ATTENDANCE, DECISIONS = "meetings", "attendance", "decisions"
CODES_ROW, LABELS_ROW, FIRST_ROW = 2, 3, 4  # counted from 0
SPARE = 60
COLUMNS: Mapping[str, tuple[str, ...]] = {
    MEETINGS: ("reference", "assembly", "kind", "day", "room", "minutes", "source"),
    ATTENDANCE: ("reference", "body", "presence"),
    DECISIONS: (
        *("reference", "text", "owner", "deadline", "status", "evidence", "reason"),
    ),
}  # fmt: skip
WIDE = {"text": 60, "minutes": 60, "source": 40, "evidence": 40, "reason": 30, "reference": 22}
Row = dict[str, str]


def sheet_names() -> dict[str, str]:
    """What the tabs say."""
    return {
        INFO: _("Read me"),
        MEETINGS: _("Meetings"),
        ATTENDANCE: _("Attendance"),
        DECISIONS: _("Decisions"),
        LISTS: _("Lists"),
    }


def labels() -> dict[str, str]:
    """Titles of columns."""
    return {
        "reference": _("Reference of the meeting"),
        "assembly": _("Assembly (code)"),
        "kind": _("Kind of meeting (code)"),
        "day": _("Date"),
        "room": _("Place"),
        "minutes": _("Minutes"),
        "source": _("Source"),
        "body": _("Body (acronym)"),
        "presence": _("Took part (code)"),
        "text": _("What was decided"),
        "owner": _("Owner (acronym)"),
        "deadline": _("Deadline"),
        "status": _("Status (code)"),
        "evidence": _("Evidence"),
        "reason": _("Reason, if it was dropped"),
    }


# --- Writing ----------------------------------------------------------------------------------


def write_archive(actor: Actor, *, filled: bool = False) -> bytes:
    """The workbook: empty, or with every meeting that was held and that the reader may read."""
    rows = _kept(actor) if filled else {}
    file = io.BytesIO()
    with new_workbook(file) as book:
        _Writer(book, rows, _code_lists(actor)).write()
    return file.getvalue()


def _kept(actor: Actor) -> dict[str, list[Row]]:
    """The archive as rows of text: three queries."""
    held = visible(actor, Meeting, "committee.read").filter(status=MeetingStatus.HELD)
    attendance = MeetingAttendance.unscoped.filter(meeting__in=held)
    decided = Decision.unscoped.filter(meeting__in=held)
    there = attendance.select_related("meeting", "organisation").order_by("meeting__day", "pk")
    told = decided.select_related("meeting", "owner").order_by("meeting__day", "number")
    return {
        MEETINGS: [_meeting_row(m) for m in held.select_related("assembly").order_by("day")],
        ATTENDANCE: [
            {
                "reference": a.meeting.reference,
                "body": a.organisation.code,
                "presence": a.presence,
            }
            for a in there
        ],
        DECISIONS: [_decision_row(d) for d in told],
    }


def _meeting_row(one: Meeting) -> Row:
    said = {
        DayPrecision.YEAR: f"{one.day:%Y}",
        DayPrecision.MONTH: f"{one.day:%m/%Y}",
    }
    return {
        "reference": one.reference,
        "assembly": one.assembly.code,
        "kind": one.kind,
        "day": said.get(DayPrecision(one.day_precision), f"{one.day:%d/%m/%Y}"),
        "room": one.room,
        "minutes": one.minutes[:30_000],
        "source": one.source,
    }


def _decision_row(one: Decision) -> Row:
    return {
        "reference": one.meeting.reference,
        "text": one.text,
        "owner": one.owner.code if one.owner else "",
        "deadline": f"{one.deadline:%d/%m/%Y}" if one.deadline else "",
        "status": one.status,
        "evidence": one.evidence,
        "reason": one.drop_reason,
    }


def _code_lists(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    kinds = Term.objects.filter(list="meeting_kind")
    bodies = Organisation.objects.all()
    known = visible(actor, Assembly, "committee.read")
    return [
        (_("Assemblies"), [(a.code, a.label) for a in known]),
        (_("Kinds of meeting"), [(t.code, t.label) for t in kinds]),
        (_("Took part"), [(c, str(label)) for c, label in Presence.choices]),
        (_("Status of a decision"), [(c, str(label)) for c, label in DecisionStatus.choices]),
        (_("Bodies"), [(o.code, o.label) for o in bodies]),
    ]


class _Writer:
    """Writes one workbook."""

    def __init__(
        self,
        book: Any,
        rows: Mapping[str, list[Row]],
        lists: Iterable[tuple[str, list[tuple[str, str]]]],
    ) -> None:
        self.book, self.rows, self.lists = book, rows, lists
        self.names, self.labels = sheet_names(), labels()
        plain = {"valign": "top", "font_name": "Arial", "font_size": 10, "text_wrap": True}
        self.plain = book.add_format(plain)
        self.title = book.add_format({"bold": True, "font_name": "Arial", "font_size": 14})
        self.head = book.add_format(plain | {"bold": True, "bg_color": "#e8ecf0", "border": 1})
        self.entry = book.add_format(
            plain | {"border": 1, "border_color": "#737f8f", "num_format": "@"}
        )

    def write(self) -> None:
        """Every sheet."""
        self.info()
        for table in COLUMNS:
            self.table(table)
        self.codes()

    def sheet(self, key: str) -> Any:
        """A sheet that says what it is in its hidden first column."""
        sheet = self.book.add_worksheet(self.names[key][:31])
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.write_string(0, 0, f"{FORMAT}:{key}")
        return sheet

    def info(self) -> None:
        """How to fill the file."""
        sheet = self.sheet(INFO)
        sheet.hide_gridlines(2)
        sheet.set_column(1, 1, 100)
        sheet.write_string(0, 1, _("Archive of meetings"), self.title)
        told = [
            _("This is a model of Danbe, not an official form: the Committee may change it."),
            _("Meetings: one row a meeting that was held. Choose a reference, for instance "
              "CNCLCTPA-2014-01; the other sheets repeat it."),
            _("Date: 15/03/2014; where the papers tell only the month or the year: 03/2014 or "
              "2014."),
            _("Attendance: one row a body and a meeting. A body without a row: nothing is known, "
              "which is not an absence."),
            _("Decisions: leave empty the owner or the deadline that the papers do not tell."),
            _("Write no name of a person: bodies and posts only."),
            _("Loading the file takes over all of it, or nothing at all."),
        ]  # fmt: skip
        for n, line in enumerate(told, 1):
            sheet.write_string(n + 1, 1, f"{n}. {line}", self.plain)

    def table(self, table: str) -> None:
        """One table: titles, rows, framed rows to add some."""
        sheet = self.sheet(table)
        sheet.write_string(0, 1, self.names[table], self.title)
        sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        sheet.freeze_panes(FIRST_ROW, 2)
        for n, code in enumerate(COLUMNS[table], 1):
            sheet.set_column(n, n, WIDE.get(code, 18))
            sheet.write_string(CODES_ROW, n, code)
            sheet.write_string(LABELS_ROW, n, self.labels[code], self.head)
        rows = self.rows.get(table, [])
        for at, row in enumerate(rows, FIRST_ROW):
            for n, code in enumerate(COLUMNS[table], 1):
                sheet.write_string(at, n, row[code], self.entry)
        for at in range(FIRST_ROW + len(rows), FIRST_ROW + len(rows) + SPARE):
            for n in range(1, len(COLUMNS[table]) + 1):
                sheet.write_blank(at, n, None, self.entry)

    def codes(self) -> None:
        """The codes that may be used, with their meaning."""
        sheet = self.sheet(LISTS)
        for n, (title, codes) in enumerate(self.lists):
            column = 1 + 2 * n
            sheet.set_column(column, column + 1, 26)
            sheet.write_string(0, column, title, self.head)
            sheet.write_blank(0, column + 1, None, self.head)
            for at, (code, label) in enumerate(codes, 1):
                sheet.write_string(at, column, code)
                sheet.write_string(at, column + 1, label)
