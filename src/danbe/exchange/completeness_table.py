"""Who owes what for which window, as a workbook: no figure in it, only who has spoken."""

import io
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from danbe.figures.completeness import Owed, State
from danbe.figures.models import Axis
from danbe.reports.workbook import new_workbook


def to_xlsx(owed: Sequence[Owed], states: Mapping[State, str], title: str, body: str) -> bytes:
    """Write one row an owed return; dates as dates, no text can run as a formula."""
    file = io.BytesIO()
    with new_workbook(file) as book:
        book.set_properties({"title": title, "author": body})
        head = book.add_format({"bold": True, "bottom": 2})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(_("Completeness"))
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 52)
        sheet.set_column(2, 7, 22)
        labels = (
            _("Acronym"),
            _("Organisation"),
            _("Type"),
            _("From"),
            _("To"),
            _("Due on"),
            _("State"),
            _("Still to be received"),
        )
        for column, label in enumerate(labels):
            sheet.write_string(0, column, label, head)
        sheet.freeze_panes(1, 2)
        for line, one in enumerate(owed, 1):
            sheet.write_string(line, 0, one.organisation.code)
            sheet.write_string(line, 1, one.organisation.label)
            sheet.write_string(line, 2, one.organisation.get_type_display())
            for column, date in enumerate((one.window.start, one.window.end, one.due), 3):
                sheet.write_datetime(line, column, date, day)
            sheet.write_string(line, 6, str(states[one.state]))
            lacking = ", ".join(str(Axis(axis).label) for axis in one.lacking)
            sheet.write_string(line, 7, lacking)
        sheet.autofilter(0, 0, max(1, len(owed)), len(labels) - 1)
    return file.getvalue()
