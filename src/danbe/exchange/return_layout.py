"""The workbook of a return: one layout, for writing it and for reading it back.

One sheet an axis, one row a line, one column a cell of the breakdowns; the same numbers as on
screen and on paper. Codes stand in a hidden column and a hidden row, so that labels may be
shown in any language.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from danbe.figures.content import Vocabulary, asked_of, vocabulary
from danbe.figures.models import Axis, Definition, Return
from danbekit.dates import Window
from danbekit.names import fold

FORMAT = "danbe-return-1"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_FILE = 5 * 2**20
MAX_UNPACKED = 40 * 2**20
MAX_MEMBERS = 200
MAX_ROWS = 4_000  # a sheet
MAX_COLUMNS = 150
SPARE = 3  # empty rows after the lines of a definition
EXTRA = 40  # empty rows at the end of a sheet, for any question
CELL_TEXT = 32_000  # characters that a cell of a workbook holds

CODES_ROW, BANDS_ROW, LABELS_ROW, FIRST_ROW = 2, 3, 4, 5  # counted from 0
LINE_COLUMNS = ("definition", "number", "question", "place", "from", "to", "total", "no_data")
LONG_LIST = 40  # more codes than this (countries) are written in rows, not in columns
INFO, TEXTS, LONGS, LISTS = "info", "texts", "longs", "lists"  # keys of sheets
YES, NO = {"x", "oui", "yes", "1", "vrai", "true"}, {"", "non", "no", "0", "faux", "false"}

Raw = dict[str, Any]


def sheet_name(key: str) -> str:
    """What the tab says. Axes by their name; 31 characters at most, none of ``[]:*?/\\``."""
    names = {
        INFO: _("Read me"),
        TEXTS: _("Narrative"),
        LONGS: _("Countries"),
        LISTS: _("Lists"),
    }
    return str(names.get(key) or Axis(key).label)[:31]


def column_group(definition: Definition, breakdown: str) -> str:
    """The columns that hold a breakdown: categories have one group of columns a list."""
    return f"category/{definition.category_list}" if breakdown == "category" else str(breakdown)


def is_long(known: Vocabulary, definition: Definition, breakdown: str) -> bool:
    """Whether a breakdown has too many codes for a column each."""
    return len(known.keys_of(definition, breakdown)) > LONG_LIST


def long_splits(known: Vocabulary, definition: Definition) -> list[str]:
    """The breakdowns of a definition that are written in rows."""
    return [b for b in definition.splits if is_long(known, definition, b)]


def long_labels(known: Vocabulary) -> dict[str, str]:
    """Label -> code of all that may be chosen in rows."""
    labels: dict[str, str] = {}
    for definition in known.definitions.values():
        for breakdown in long_splits(known, definition):
            for code, label in known.keys_of(definition, breakdown).items():
                labels.setdefault(label, code)
    return labels


def known_of(row: Return) -> Vocabulary:
    """What the return may speak of."""
    definitions = asked_of(row.organisation.type, row.axes.split())
    return vocabulary(Window(row.start, row.end), definitions)


def lookup(labels: Mapping[str, str]) -> dict[str, str]:
    """Folded label, bare name or code -> code; a name that several bear means nothing."""
    bare: dict[str, set[str]] = {}
    for code, label in labels.items():
        for name in {fold(label.partition(" (")[0]), fold(code)}:
            bare.setdefault(name, set()).add(code)
    found = {name: next(iter(codes)) for name, codes in bare.items() if name and len(codes) == 1}
    return found | {fold(label): code for code, label in labels.items()}
