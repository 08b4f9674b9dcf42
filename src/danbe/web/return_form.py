"""The form of a return: from kept content to fields on a page, and from what was sent back.

The name and the id of every field are the path of its problem (``figures/content.py``), so
that a problem always links to its field. Everything is kept as typed.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from danbe.core.models import Level, Place
from danbe.core.places import region_of
from danbe.exchange.return_layout import is_long, long_splits, lookup
from danbe.figures.content import (
    AGES,
    SEXES,
    Parsed,
    Problem,
    Vocabulary,
    is_blank,
    normal,
    place_labels,
    read_date,
    spoken,
)
from danbe.figures.models import Breakdown, Definition
from danbe.web.units import unit_of
from danbekit.names import fold

Raw = dict[str, Any]
MANY_LINES = 30  # on one page; beyond, questions with several lines get a page of their own
FEW_LINES = 3
SPARE_ROWS = 2  # empty rows for countries


@dataclass(frozen=True, slots=True)
class Entry:
    """One input: ``path`` is its id and, unless ``name`` says otherwise, its name."""

    path: str
    label: str
    value: str
    is_wrong: bool = False
    name: str = ""

    @property
    def day(self) -> str:
        """A date as a date field of the browser takes it; ``""`` for anything else."""
        try:
            return read_date(self.value).isoformat()
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One sex, by age."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One further breakdown: an input a code, or rows of (code, number) for long lists."""

    breakdown: str
    label: str
    entries: tuple[Entry, ...] = ()
    pairs: tuple[tuple[Entry, Entry], ...] = ()
    is_open: bool = False

    @property
    def n_filled(self) -> int:
        """How many numbers were typed."""
        return sum(bool(e.value) for e in (*self.entries, *(value for _key, value in self.pairs)))


@dataclass(frozen=True, slots=True)
class LineForm:
    """One line: place, dates, total, parts, explanation."""

    path: str
    number: int
    place: Entry
    options: SafeString
    start: Entry
    end: Entry
    total: Entry
    grid: tuple[GridRow, ...]
    parts: tuple[Part, ...]
    explanation: Entry
    must_explain: bool
    problems: tuple[Problem, ...]
    kept: tuple[Problem, ...]
    title: str

    @property
    def has_dates(self) -> bool:
        """Whether a date was typed, or is wrong."""
        return bool(self.start.value or self.end.value)


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """One question: its definition and its lines."""

    definition: Definition
    path: str
    lines: tuple[LineForm, ...]
    no_data: bool
    problems: tuple[Problem, ...]
    state: str  # empty | no_data | answered | wrong
    summary: str
    is_open: bool = False
    is_apart: bool = False  # too long for the page of the axis
    elsewhere: tuple[str, ...] = ()  # after a conflict: what is kept, where it differs
    long_lists: tuple[str, ...] = ()


@dataclass(slots=True)
class FormMaker:
    """Makes the fields of one page."""

    known: Vocabulary
    content: Mapping[str, Any]
    parsed: Parsed
    places: Mapping[str, str] = field(init=False)
    blank_options: SafeString = field(init=False)
    wrong: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.places = place_labels(self.known)
        self.blank_options = self.options_of(Raw(place=""))
        self.wrong = frozenset(p.path for p in self.parsed.problems)

    def question(self, definition: Definition, *, more: bool = False) -> QuestionForm:
        """One question; with ``more``, an empty line is added and the question is open."""
        path = f"lines.{definition.code}"
        raws = [normal(raw) for raw in (self.content.get("lines") or {}).get(definition.code, [])]
        n_typed = len(raws)
        if more or not raws:
            raws = [*raws, normal({})]
        lines = [self.line(definition, n, raw) for n, raw in enumerate(raws)]
        whole = [p for p in self.parsed.problems if p.path == path]
        ticked = definition.code in (self.content.get("no_data") or [])
        told = any(not is_blank(raw) for raw in raws)
        is_wrong = bool(whole) or any(line.problems for line in lines)
        state = "wrong" if is_wrong else "answered" if told else "no_data" if ticked else "empty"
        return QuestionForm(
            definition,
            path,
            tuple(lines),
            ticked,
            tuple(whole),
            state,
            self.summary(definition.code, n_typed),
            is_open=more or is_wrong,
            long_lists=tuple(long_splits(self.known, definition)),
        )

    def summary(self, code: str, n_typed: int) -> str:
        """The total of a question where it has several lines, or what was typed."""
        lines = [line for line in self.parsed.lines if line.definition.code == code]
        raws = (self.content.get("lines") or {}).get(code, [])
        typed = [raw for raw in raws if not is_blank(raw)]
        if len(lines) == len(typed) and lines:
            return spoken(sum(line.total for line in lines))
        return str(typed[0].get("total") or "") if len(typed) == 1 else ""

    def line(self, definition: Definition, n: int, raw: Raw) -> LineForm:
        """One line."""
        path = f"lines.{definition.code}.{n}"
        told = tuple(p for p in self.parsed.problems if _is_under(p.path, path))
        kept = tuple(p for p in self.parsed.kept if _is_under(p.path, path))
        place = self.places.get(raw["place"], raw["place"])
        return LineForm(
            path,
            n + 1,
            self.entry(f"{path}.place", _("Place"), raw["place"]),
            self.options_of(raw) if raw["place"] else self.blank_options,
            self.entry(f"{path}.from", _("From"), raw["from"]),
            self.entry(f"{path}.to", _("To"), raw["to"]),
            self.entry(f"{path}.total", f"{_('Total')} ({unit_of(definition)})", raw["total"]),
            self.grid(path, raw) if Breakdown.SEX_AGE in definition.splits else (),
            tuple(
                self.part(definition, path, breakdown, raw["cells"].get(breakdown, {}))
                for breakdown in definition.splits
                if breakdown != Breakdown.SEX_AGE
            ),
            self.entry(f"{path}.explanation", _("Explanation"), raw["explanation"]),
            any(p.path == f"{path}.explanation" for p in told) or bool(raw["explanation"]),
            told,
            kept,
            place or _("New line"),
        )

    def entry(self, path: str, label: str, value: str) -> Entry:
        """One input."""
        return Entry(path, label, value, path in self.wrong)

    def grid(self, path: str, raw: Raw) -> tuple[GridRow, ...]:
        """Sex by age."""
        sexes, cells = self.known.keys.get("sex", {}), raw["cells"].get("sex_age", {})
        return tuple(
            GridRow(
                sexes.get(sex, sex),
                tuple(
                    self.entry(
                        f"{path}.cells.sex_age.{sex}.{age}",
                        f"{sexes.get(sex, sex)}, {age_label(age)}",
                        cells.get(f"{sex}.{age}", ""),
                    )
                    for age in AGES
                ),
            )
            for sex in SEXES
        )

    def part(
        self, definition: Definition, path: str, breakdown: str, cells: Mapping[str, str]
    ) -> Part:
        """One further breakdown of a line."""
        labels = self.known.keys_of(definition, breakdown)
        start = f"{path}.cells.{breakdown}"
        label = str(Breakdown(breakdown).label)
        is_open = any(path.startswith(f"{start}.") for path in self.wrong)
        if not is_long(self.known, definition, breakdown):
            keys = dict(labels) | {key: key for key in cells if key not in labels}
            entries = tuple(
                self.entry(f"{start}.{key}", said, cells.get(key, ""))
                for key, said in keys.items()
            )
            return Part(breakdown, label, entries, (), is_open)
        pairs = []
        for n, (key, value) in enumerate([*cells.items(), *[("", "")] * SPARE_ROWS]):
            name = f"{path}.long.{breakdown}.{n}"
            cell = f"{start}.{key}"
            strange = bool(key) and key not in labels
            pairs.append(
                (
                    Entry(f"{name}.key", _("Country"), labels.get(key, key), strange),
                    Entry(
                        cell if key else f"{name}.value",
                        _("Number"),
                        value,
                        cell in self.wrong,
                        f"{name}.value",
                    ),
                )
            )
        return Part(breakdown, label, (), tuple(pairs), is_open)

    def options_of(self, raw: Mapping[str, Any]) -> SafeString:
        """The choices of place: the country and the regions, then cercles.

        An empty line offers every cercle; a line with a place, those of its own region: a page
        with many lines stays light.
        """
        chosen = str(raw["place"])
        wide, inner = [("", _("Choose…"))], dict[str, list[tuple[str, str]]]()
        home = region_of(self.known.places[chosen]) if chosen in self.known.places else None
        for code, label in self.places.items():
            place = self.known.places[code]
            if place.level in (Level.COUNTRY, Level.REGION, Level.DISTRICT):
                wide.append((code, label))
                continue
            region = region_of(place)
            if home is None or region == home or code == chosen:
                inner.setdefault(_group(region), []).append((code, str(place)))
        if chosen and chosen not in self.places:
            wide.append((chosen, chosen))
        html = _options(wide, chosen)
        for group, options in sorted(inner.items()):
            html += format_html(
                '<optgroup label="{}">{}</optgroup>', group, _options(options, chosen)
            )
        return html


def _group(region: Place | None) -> str:
    return _("Inside %(region)s") % {"region": region} if region else _("Sites")


def _options(options: Sequence[tuple[str, str]], chosen: str) -> SafeString:
    plain, picked = '<option value="{}">{}</option>', '<option value="{}" selected>{}</option>'
    rows = (
        (format_html(picked if code == chosen else plain, code, said),) for code, said in options
    )
    return format_html_join("", "{}", rows)


def _is_under(path: str, start: str) -> bool:
    return path == start or path.startswith(f"{start}.")


def age_label(age: str) -> str:
    """The age groups in few words: a phone is narrow."""
    said = {
        "child": pgettext("age", "0–17 years"),
        "adult": pgettext("age", "18 and over"),
        "unknown": pgettext("age", "not stated"),
    }
    return said[age]


def page_codes(
    asked: Sequence[Definition], content: Mapping[str, Any], only: str = ""
) -> list[str]:
    """The questions whose fields stand on the page: all, the one asked for, or the short ones."""
    codes = [d.code for d in asked]
    if only:
        return [code for code in codes if code == only]
    sizes = {code: len((content.get("lines") or {}).get(code, [])) for code in codes}
    if sum(sizes.values()) <= MANY_LINES:
        return codes
    return [code for code in codes if sizes[code] <= FEW_LINES]


def typed_lines(data: QueryDict, known: Vocabulary, codes: Collection[str]) -> dict[str, Any]:
    """What was sent of the definitions ``codes``: lines with their numbers on the page.

    Empty lines are still there, so that problems name the fields of the page; :func:`kept`
    takes them out.
    """
    lines: dict[str, dict[int, Raw]] = {}
    pairs: dict[tuple[str, int, str, str], dict[str, str]] = {}
    for name, values in data.lists():
        match = re.fullmatch(r"lines\.([^.]+)\.(\d{1,4})\.(.+)", name)
        if not match or match[1] not in codes:
            continue
        raw = lines.setdefault(match[1], {}).setdefault(int(match[2]), {"cells": {}})
        value, rest = values[-1].replace("\r\n", "\n"), match[3].split(".")
        if rest[0] == "cells" and len(rest) > 2:
            raw["cells"].setdefault(rest[1], {})[".".join(rest[2:])] = value
        elif rest[0] == "long" and len(rest) == 4:
            key = (match[1], int(match[2]), rest[1], rest[2])
            pairs.setdefault(key, {})[rest[3]] = value
        elif len(rest) == 1:
            raw[rest[0]] = value
    _join_pairs(lines, pairs, known)
    made = {code: [normal(raws[n]) for n in sorted(raws)] for code, raws in lines.items()}
    return {"lines": made, "no_data": [c for c in data.getlist("no_data") if c in codes]}


def _join_pairs(
    lines: Mapping[str, Mapping[int, Raw]],
    pairs: Mapping[tuple[str, int, str, str], Mapping[str, str]],
    known: Vocabulary,
) -> None:
    """Rows of (country, number): the country as its code where it is known, else as typed."""
    for (code, n, breakdown, _row), said in pairs.items():
        raw = lines[code][n]
        cells = raw["cells"].setdefault(breakdown, {})
        labels = known.keys_of(known.definitions[code], breakdown)
        typed = said.get("key", "").strip()
        key = lookup(labels).get(fold(typed)) or typed
        value = said.get("value", "").strip()
        if not value and not key:
            continue
        while key in cells or not key:  # the same country twice: both stay, to be settled
            key = f"{key or '?'} *"
        cells[key] = value


def kept(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same without empty lines."""
    lines = {
        code: left
        for code, raws in content["lines"].items()
        if (left := [raw for raw in raws if raw != normal({})])
    }
    return {"lines": lines, "no_data": content["no_data"]}
