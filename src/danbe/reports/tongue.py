"""In which language a report is being made or read: French unless it says otherwise.

A report has its own language, whatever that of its reader: its words are frozen with its figures.
The annual report is French; the dossier for the United States exists in French and in English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import translation

FRENCH, ENGLISH = "fr", "en"
LANGUAGES = (FRENCH, ENGLISH)
_spoken: ContextVar[str] = ContextVar("language_of_the_report", default=FRENCH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make, or set, a report in ``language``; labels of reference data follow."""
    token = _spoken.set(language)
    try:
        with translation.override(language):
            yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """The language of the report at hand."""
    return _spoken.get()


def say(french: str, english: str) -> str:
    """The words in that language."""
    return french if _spoken.get() == FRENCH else english
