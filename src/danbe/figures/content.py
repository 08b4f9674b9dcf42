"""From what was typed to numbers one can stand by: reading and checking a return.

``Return.content`` keeps raw text, so that nothing typed is lost, right or wrong::

    {"lines": {"victims_identified": [{"place": "kayes-2023", "from": "", "to": "",
               "total": "430", "cells": {"sex_age": {"male.adult": "291"}},
               "explanation": ""}]},
     "no_data": ["networks_dismantled"],
     "narrative": {"protection": "..."}, "difficulties": "..."}

An *error* must be corrected before the return is submitted. A *warning* may be kept: it needs
an explanation on its line, which is printed beside the figure for ever.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from danbe.core.models import Place, Term
from danbe.figures.models import Breakdown, Definition
from danbekit.dates import Window

SEXES = ("female", "male", "other", "unknown")
AGES = ("child", "adult", "unknown")
MAX_VALUE = 10**13
MAX_LINES = 500  # a definition
NUMBER = re.compile(r"(?:≥|>=|plus de|more than)?\s*([\d\s\u00a0\u202f.,]*\d)\s*(\+?)", re.I)
AT_LEAST = re.compile(r"^\s*(≥|>=|plus de|more than)|\+\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct or to explain, where it is, and what to do."""

    path: str  # lines.<definition>.<index>.total, lines.<definition>.<index>.cells.sex_age...
    code: str
    message: "str | Promise"
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One part of a line: ``key`` is a code, or ``sex.age``."""

    breakdown: str
    key: str
    value: int

    @property
    def sex_age(self) -> tuple[str, str]:
        """Sex and age; empty for the other breakdowns."""
        if self.breakdown != Breakdown.SEX_AGE:
            return "", ""
        sex, _dot, age = self.key.partition(".")
        return sex, age


@dataclass(frozen=True, slots=True)
class Line:
    """One total with its parts: one definition, one place, one window."""

    definition: Definition
    place: Place
    window: Window
    total: int
    at_least: bool
    cells: tuple[Cell, ...]
    explanation: str = ""


@dataclass(slots=True)
class Parsed:
    """What a return says, and what is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        """What must be corrected."""
        return [p for p in self.problems if p.is_error]

    @property
    def warnings(self) -> list[Problem]:
        """What must be explained."""
        return [p for p in self.problems if not p.is_error]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a return of one window may speak of."""

    window: Window
    definitions: Mapping[str, Definition]
    places: Mapping[str, Place]
    keys: Mapping[str, Mapping[str, str]]  # list -> code -> label

    def keys_of(self, definition: Definition, breakdown: str) -> Mapping[str, str]:
        """The codes that ``definition`` may be split by, with their labels."""
        if breakdown == Breakdown.SEX_AGE:
            sexes, ages = self.keys.get("sex", {}), self.keys.get("age_group", {})
            return {
                f"{s}.{a}": f"{sexes.get(s, s)}, {ages.get(a, a)}" for s in SEXES for a in AGES
            }
        name = definition.category_list if breakdown == Breakdown.CATEGORY else breakdown
        return self.keys.get(name, {})


def asked_of(organisation_type: str, axes: Sequence[str]) -> list[Definition]:
    """The definitions that a body of this type can know, on these axes, in order."""
    return [
        d
        for d in Definition.objects.filter(axis__in=axes)
        if organisation_type in d.asked_of.split()
    ]


def vocabulary(window: Window, definitions: Sequence[Definition]) -> Vocabulary:
    """Places that existed in ``window`` and the code lists of ``definitions``."""
    alive = Place.objects.select_related("parent__parent").exclude(valid_to__lt=window.start).exclude(valid_from__gt=window.end)
    lists = {"sex", "age_group", "form", "citizenship", "basis"}
    lists |= {d.category_list for d in definitions if d.category_list}
    keys: dict[str, dict[str, str]] = {}
    for term in Term.objects.filter(list__in=lists):
        keys.setdefault(term.list, {})[term.code] = term.label
    return Vocabulary(window, {d.code: d for d in definitions}, {p.code: p for p in alive}, keys)


def read_number(text: object) -> tuple[int, bool] | None:
    """``"36 000+"`` -> ``(36000, True)``; ``None`` for blank. Raises ``ValueError``.

    Spaces of all kinds and a thousands separator in groups of three are accepted; a decimal
    part is not: everything counted here is counted in whole units.
    """
    typed = str(text if text is not None else "").strip()
    if not typed:
        return None
    match = NUMBER.fullmatch(typed)
    if not match:
        raise ValueError(typed)
    digits = re.sub(r"[\s\u00a0\u202f]", "", match[1])
    if not re.fullmatch(r"\d+|\d{1,3}([.,]\d{3})+", digits):
        raise ValueError(typed)
    value = int(re.sub(r"[.,]", "", digits))
    if value > MAX_VALUE:
        raise ValueError(typed)
    return value, bool(AT_LEAST.search(typed))


def parse(content: Mapping[str, Any], known: Vocabulary) -> Parsed:
    """Read a whole return. Never raises on what a person typed."""
    parsed = Parsed()
    for code, lines in dict(content.get("lines") or {}).items():
        definition = known.definitions.get(code)
        if definition is None:
            text = _("This figure is not asked of your organisation. Remove it.")
            parsed.problems.append(Problem(f"lines.{code}", "definition", text))
            continue
        read = [
            _read_line(definition, raw, f"lines.{code}.{index}", known, parsed.problems)
            for index, raw in enumerate(lines[:MAX_LINES])
        ]
        kept = [line for line in read if line is not None]
        parsed.problems.extend(_check_together(definition, kept))
        parsed.lines.extend(kept)
    return parsed


def is_blank(raw: Mapping[str, Any]) -> bool:
    """Whether nothing was typed in a line but its place."""
    cells = raw.get("cells") or {}
    typed = [raw.get("total"), *(v for part in cells.values() for v in part.values())]
    return not any(str(v or "").strip() for v in typed)


def _read_line(
    definition: Definition,
    raw: Mapping[str, Any],
    path: str,
    known: Vocabulary,
    problems: list[Problem],
) -> Line | None:
    if is_blank(raw):
        return None
    n_before = len(problems)
    place = known.places.get(raw.get("place", ""))
    if place is None:
        text = _("This place is unknown, or did not exist in this period. Choose one in the list.")
        problems.append(Problem(f"{path}.place", "place", text))
    window = _read_window(raw, path, known.window, problems)
    total = _read_cell(raw.get("total"), f"{path}.total", problems)
    cells, n_at_least = _read_cells(definition, raw, path, known, problems)
    if len(problems) > n_before or place is None or window is None:
        return None
    if total is None:
        total = (_first_sum(cells), n_at_least > 0)
    explanation = str(raw.get("explanation") or "").strip()
    line = Line(definition, place, window, total[0], total[1], tuple(cells), explanation)
    problems.extend(_check_parts(line, path))
    return line


def _read_window(
    raw: Mapping[str, Any], path: str, whole: Window, problems: list[Problem]
) -> Window | None:
    first, last = str(raw.get("from") or "").strip(), str(raw.get("to") or "").strip()
    if not first and not last:
        return whole
    try:
        start = datetime.date.fromisoformat(first or last)
        window = Window(start, datetime.date.fromisoformat(last or first))
    except ValueError:
        text = _("These dates cannot be read, or the end precedes the beginning.")
        problems.append(Problem(f"{path}.from", "date", text))
        return None
    if not whole.contains(window):
        text = _("These dates are outside the period of the return.")
        problems.append(Problem(f"{path}.from", "date_outside", text))
        return None
    return window


def _read_cell(typed: object, path: str, problems: list[Problem]) -> tuple[int, bool] | None:
    try:
        return read_number(typed)
    except ValueError:
        text = _("«%(typed)s» is not a whole number. Write digits only, for instance 1250.")
        problems.append(Problem(path, "number", text % {"typed": str(typed)[:40]}))
        return None


def _read_cells(
    definition: Definition,
    raw: Mapping[str, Any],
    path: str,
    known: Vocabulary,
    problems: list[Problem],
) -> tuple[list[Cell], int]:
    cells, n_at_least = [], 0
    for breakdown, parts in dict(raw.get("cells") or {}).items():
        allowed = known.keys_of(definition, breakdown) if breakdown in definition.splits else {}
        for key, typed in dict(parts).items():
            where = f"{path}.cells.{breakdown}.{key}"
            number = _read_cell(typed, where, problems)
            if number is None:
                continue
            if key not in allowed:
                text = _("This category does not exist for this figure.")
                problems.append(Problem(where, "key", text))
                continue
            cells.append(Cell(breakdown, key, number[0]))
            n_at_least += number[1]
    return cells, n_at_least


def _first_sum(cells: Sequence[Cell]) -> int:
    """The total where only parts were typed: the sum of the fullest breakdown."""
    sums: dict[str, int] = {}
    for cell in cells:
        sums[cell.breakdown] = sums.get(cell.breakdown, 0) + cell.value
    return max(sums.values(), default=0)


def _check_parts(line: Line, path: str) -> Iterator[Problem]:
    """Parts never exceed their total; parts that fall short need a word of explanation."""
    sums: dict[str, int] = {}
    for cell in line.cells:
        sums[cell.breakdown] = sums.get(cell.breakdown, 0) + cell.value
    for breakdown, parts in sums.items():
        said = {
            "parts": parts,
            "total": line.total,
            "missing": line.total - parts,
            "by": Breakdown(breakdown).label,
        }
        if parts > line.total and not line.at_least:
            text = _("%(by)s: the parts add up to %(parts)d, more than the total %(total)d.")
            yield Problem(f"{path}.total", "parts_exceed_total", text % said)
        elif parts < line.total and not line.explanation:
            text = _(
                "%(by)s: the parts add up to %(parts)d, the total is %(total)d. Complete the "
                "%(missing)d missing, or keep the figures and explain below."
            )
            yield Problem(f"{path}.explanation", "parts_short", text % said, is_error=False)


def _check_together(definition: Definition, lines: Sequence[Line]) -> Iterator[Problem]:
    """The lines of one definition are summed: none may be counted twice."""
    seen: set[tuple[str, Window]] = set()
    for line in lines:
        if (line.place.code, line.window) in seen:
            text = _("%(place)s is given twice for the same period. Keep one line.")
            problem = text % {"place": line.place}
            yield Problem(f"lines.{definition.code}", "twice", problem)
        seen.add((line.place.code, line.window))
    codes = {line.place.code for line in lines}
    nested = [ln for ln in lines if codes & set(_ancestors(ln.place))]
    if nested and not all(line.explanation for line in nested):
        text = _(
            "A line is given for a place and another for a place inside it. The wider line must "
            "hold only what is in no other: explain on the line of %(place)s."
        )
        said = text % {"place": nested[0].place}
        yield Problem(f"lines.{definition.code}", "nested_places", said, is_error=False)


def _ancestors(place: Place) -> Iterator[str]:
    """The places above: cercle -> region -> country."""
    while place.parent_id:
        yield place.parent_id
        place = place.parent  # type: ignore[assignment]  # not null: the loop's condition
