"""A report as a file: JSON, PDF, XLSX."""

import datetime
import json
from collections.abc import Callable, Mapping
from functools import lru_cache

from django.utils.timezone import localdate

from danbe.core.errors import DomainError
from danbe.reports import queries
from danbe.reports.annual import build
from danbe.reports.document import Edition, to_json
from danbe.reports.pdf import write_pdf
from danbe.reports.xlsx import write_xlsx

MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_json(edition: Edition) -> bytes:
    """The document, and beside it, under ``edition``, whether it is frozen and its errata.

    ``digest`` is that of the document alone; a draft has none.
    """
    said = {
        "status": "draft" if edition.is_draft else "frozen",
        "frozen_on": edition.frozen_on or None,
        "digest": edition.digest or None,
        "errata": to_json(edition.corrections),
    }
    told = {**to_json(edition.document), "edition": said}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


WRITERS: Mapping[str, Callable[[Edition], bytes]] = {
    "json": write_json,
    "pdf": write_pdf,
    "xlsx": write_xlsx,
}


def draft(year: int, only: str = "", page: int = 0) -> Edition:
    """The report of a year as its accepted returns stand today; one chapter or page of it."""
    return _draft(year, localdate(), queries.state(), only, page)


@lru_cache(maxsize=64)
def _draft(year: int, today: datetime.date, state: str, only: str, page: int) -> Edition:
    """Made once for each state of the instance."""
    return Edition(build(year, today, only, page))


def edition(year: int) -> Edition:
    """The frozen report of a year with its errata; a draft where none is frozen."""
    report = queries.frozen(queries.READER, year)
    return queries.edition_of(report) if report else draft(year)


def export(year: int, format: str) -> bytes:
    """What ``danbe report annual --year 2024 --format json`` writes."""
    if format not in WRITERS:
        raise DomainError("report.format", f"json, pdf, xlsx: {format}")
    return WRITERS[format](edition(year))
