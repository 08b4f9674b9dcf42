"""The dossier as a file: JSON, PDF, DOCX; in French or in English."""

import datetime
from collections.abc import Callable, Mapping
from functools import lru_cache

from django.db.models import Max
from django.utils.timezone import localdate

from danbe.core.errors import DomainError
from danbe.core.models import Offence
from danbe.reports import queries
from danbe.reports.document import Edition
from danbe.reports.export import MEDIA_TYPES as OTHERS
from danbe.reports.export import write_json
from danbe.reports.pdf import write_pdf
from danbe.reports.tip_dossier import KINDS, build
from danbe.reports.tongue import FRENCH, LANGUAGES
from danbekit.dates import Window

MEDIA_TYPES: Mapping[str, str] = {
    "json": OTHERS["json"],
    "pdf": OTHERS["pdf"],
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def write_docx(edition: Edition) -> bytes:
    """For a word processor."""
    from danbe.reports import docx  # here: it is slow to load, and few requests need it

    return docx.write_docx(edition)


WRITERS: Mapping[str, Callable[[Edition], bytes]] = {
    "json": write_json,
    "pdf": write_pdf,
    "docx": write_docx,
}
FIRST_YEAR = 2009  # the first period whose report was seen is that of 2009


def draft(year: int, language: str = FRENCH) -> Edition:
    """The dossier of April ``year`` to March as things stand today."""
    confirmed = Offence.objects.aggregate(last=Max("confirmed_at"))["last"]
    return _draft(year, language, localdate(), f"{queries.state()} {confirmed}")


@lru_cache(maxsize=8)
def _draft(year: int, language: str, today: datetime.date, state: str) -> Edition:
    """Made once for each state of the instance: it is read chapter by chapter."""
    return Edition(build(year, today, language))


def edition(year: int, language: str = FRENCH) -> Edition:
    """The frozen dossier with its errata; a draft where none is frozen."""
    report = queries.frozen(queries.READER, year, KINDS[language])
    return queries.edition_of(report) if report else draft(year, language)


def year_of(window: Window) -> int:
    """The April in which a period begins. Raises: it is not a period from April to March."""
    year = window.start.year
    if window != Window.april_year(year):
        text = f"1 April to 31 March: {window.start}..{window.end}"
        raise DomainError("tip.window", text)
    if not FIRST_YEAR <= year <= localdate().year:
        raise DomainError("tip.year", f"{FIRST_YEAR}..{localdate().year}: {year}")
    return year


def export(window: Window, format: str, language: str = FRENCH) -> bytes:
    """What ``danbe report tip --window 2023-04-01..2024-03-31 --format docx`` writes."""
    if format not in WRITERS:
        raise DomainError("report.format", f"json, pdf, docx: {format}")
    if language not in LANGUAGES:
        raise DomainError("report.language", f"fr, en: {language}")
    return WRITERS[format](edition(year_of(window), language))
