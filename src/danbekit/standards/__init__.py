"""Code lists and crosswalks of the standards that Danbe speaks, as data with their sources.

Each table is a CSV file beside this module; :func:`tables` lists them, :func:`read_table`
reads one. Codes, labels and numbers are the standard's own; a column whose name ends in
``_ours`` or ``_unofficial``, and every ``crosswalk_`` table, is ours. An empty cell means
"not seen in a source", never "none".

    >>> read_table("crosswalk_exploitation").index("htcds_vic_TypeOfExploitation")[
    ...     "ForcedBegging"]["glotip_form"]
    'Other forms of exploitation'
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from danbekit.errors import UnknownTable

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a standard: what it is, where it was read, and its rows.

    ``basis`` says how far to trust it: ``exact``, ``codes only``, ``condensed``, ``partial``
    (the rest was not seen), ``secondary`` (a copy by others), ``our mapping``.
    """

    name: str
    title_en: str
    title_fr: str
    edition: str
    basis: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, **wanted: str) -> tuple[Row, ...]:
        """The rows whose named columns hold these values.

        Raises:
            KeyError: a column the table has not.
        """
        for column in wanted:
            self._known(column)
        return tuple(r for r in self.rows if all(r[c] == v for c, v in wanted.items()))

    def index(self, column: str) -> Mapping[str, Row]:
        """The rows by the value of ``column``, which must name each row once.

        Raises:
            KeyError: a column the table has not.
            ValueError: two rows have the same value.
        """
        self._known(column)
        found = {row[column]: row for row in self.rows}
        if len(found) < len(self.rows):
            raise ValueError(f"{self.name}.{column} does not name a row once")
        return MappingProxyType(found)

    def _known(self, column: str) -> None:
        if column not in self.columns:
            raise KeyError(f"{self.name} has no column {column}")


def tables() -> tuple[str, ...]:
    """The names of the tables, in alphabetical order."""
    return tuple(_index())


@cache
def read_table(name: str) -> Table:
    """One table, read once and then kept; every cell is text without outer spaces.

    Raises:
        UnknownTable: there is no table of this name.
    """
    told = _index().get(name)
    if told is None:
        raise UnknownTable(f"{name}: not one of {', '.join(tables())}")
    columns, rows = _read(f"tables/{name}.csv")
    return Table(
        name=name,
        title_en=told["title_en"],
        title_fr=told["title_fr"],
        edition=told["edition"],
        basis=told["basis"],
        source=told["source"],
        columns=columns,
        rows=rows,
    )


@cache
def _index() -> Mapping[str, Row]:
    _columns, rows = _read("index.csv")
    return {row["name"]: row for row in rows}


def _read(path: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    text = files(__package__).joinpath(path).read_text(encoding="utf-8")
    reader = csv.DictReader(io.StringIO(text))
    rows = tuple(MappingProxyType(row) for row in reader)
    return tuple(reader.fieldnames or ()), rows
