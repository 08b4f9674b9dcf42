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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.core.models import Level, Place, Term
from danbe.figures.models import Axis, Breakdown, Definition, Observation, Return, Status
from danbekit.dates import DAY, Window, format_date, format_number
from danbekit.errors import BadWindow

SEXES = ("female", "male", "other", "unknown")
AGES = ("child", "adult", "unknown")
MAX_VALUE = 10**13
MAX_LINES = 500  # a definition
MAX_EXPLANATION = 2_000  # characters
MAX_TEXT = 20_000
# A total this many times larger or smaller than in the return before is asked about, unless
# the two are within SMALL of each other: 1 then 6 means nothing.
JUMP, SMALL = 5, 10

SAID = r"≥|>=|>|plus de|plus d[’']|au moins|more than|at least|over"
NUMBER = re.compile(rf"(?:{SAID})?\s*(\d[\d\s.,]*?)\s*(\+?)", re.I)
AT_LEAST = re.compile(rf"^(?:{SAID})|\+$", re.I)
DIGITS = re.compile(r"\d+|\d{1,3}(?:[\s.,]\d{3})+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct or to explain, where it is, and what to do."""

    path: str  # lines.<definition>.<index>.total, lines.<definition>.<index>.cells.sex_age...
    code: str
    message: "str | Promise"
    is_error: bool = True
    advice: str = ""  # what to do, for a warning
    explanation: str = ""  # of a warning that is kept

    @property
    def text(self) -> str:
        """What is wrong and what to do."""
        return f"{self.message} {self.advice}".strip()


@dataclass(frozen=True, slots=True)
class Cell:
    """One part of a line: ``key`` is a code, or ``sex.age``."""

    breakdown: str
    key: str
    value: int
    at_least: bool = False

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
    path: str = ""

    @property
    def sums(self) -> dict[str, int]:
        """What the parts of each breakdown add up to."""
        sums: dict[str, int] = {}
        for cell in self.cells:
            sums[cell.breakdown] = sums.get(cell.breakdown, 0) + cell.value
        return sums


@dataclass(slots=True)
class Parsed:
    """What a return says, and what is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    kept: list[Problem] = field(default_factory=list)  # warnings with their explanation

    @property
    def errors(self) -> list[Problem]:
        """What must be corrected."""
        return [p for p in self.problems if p.is_error]

    @property
    def warnings(self) -> list[Problem]:
        """What must be explained."""
        return [p for p in self.problems if not p.is_error]

    def note(self, problem: Problem) -> None:
        """File one remark: to settle, or kept with its explanation."""
        (self.kept if problem.explanation else self.problems).append(problem)


@dataclass(frozen=True, slots=True)
class Before:
    """What the body said of one definition in the return before."""

    total: int
    window: Window


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a return of one window may speak of."""

    window: Window
    definitions: Mapping[str, Definition]
    places: Mapping[str, Place]
    keys: Mapping[str, Mapping[str, str]]  # list -> code -> label
    before: Mapping[str, Before] = field(default_factory=dict)

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


def vocabulary(
    window: Window,
    definitions: Sequence[Definition],
    before: Mapping[str, Before] | None = None,
) -> Vocabulary:
    """Places that existed in ``window`` and the code lists of ``definitions``."""
    alive = (
        Place.objects.select_related("parent__parent")
        .exclude(valid_to__lt=window.start)
        .exclude(valid_from__gt=window.end)
    )
    lists = {"sex", "age_group", "form", "citizenship", "basis", "unit"}
    lists |= {d.category_list for d in definitions if d.category_list}
    keys: dict[str, dict[str, str]] = {}
    for term in Term.objects.filter(list__in=lists):
        keys.setdefault(term.list, {})[term.code] = term.label
    known = {d.code: d for d in definitions}
    return Vocabulary(window, known, {p.code: p for p in alive}, keys, before or {})


def place_labels(known: Vocabulary) -> dict[str, str]:
    """Code -> one name for each place, no two alike: the country, regions, then the rest."""
    ranks = {Level.COUNTRY: 0, Level.DISTRICT: 1, Level.REGION: 1}
    places = sorted(known.places.values(), key=lambda p: (ranks.get(Level(p.level), 2), p.name_fr))
    labels: dict[str, str] = {}
    for place in places:
        taken = set(labels.values())
        labels[place.pk] = next(n for n in _names_of(place, known.window) if n not in taken)
    return labels


def _names_of(place: Place, window: Window) -> Iterator[str]:
    """Ever longer names of a place."""
    if not place.parent_id:
        yield _("%(place)s (whole territory)") % {"place": place}
    if place.valid_to and place.valid_to < window.end:
        until = format_date(place.valid_to, get_language() or "fr")
        yield _("%(place)s (until %(day)s)") % {"place": place, "day": until}
    kind = place.get_level_display()
    yield f"{place} ({kind})"
    yield f"{place} ({kind}, {place.parent})"
    yield f"{place} [{place.pk}]"


def said_before(row: Return) -> dict[str, Before]:
    """The totals of the same body in its accepted return before this one, of equal length."""
    length = row.end - row.start
    earlier = Return.unscoped.filter(
        organisation_id=row.organisation_id, end__lt=row.start, status=Status.ACCEPTED
    ).order_by("-end", "-start")
    for start, end in earlier.values_list("start", "end").distinct()[:40]:
        if abs((end - start) - length) <= 3 * DAY:  # months and years differ by a few days
            break
    else:
        return {}
    window = Window(start, end)
    totals = (
        Observation.objects.filter(
            source_return__in=earlier.filter(start=start, end=end).order_by(),
            breakdown=Breakdown.TOTAL,
        )
        .values_list("definition")
        .annotate(total=Sum("value"))
        .order_by()
    )
    return {code: Before(total, window) for code, total in totals}


def read_number(text: object) -> tuple[int, bool] | None:
    """``"36 000+"`` -> ``(36000, True)``; ``None`` for blank. Raises ``ValueError``.

    Spaces of all kinds and a thousands separator in groups of three are accepted; a decimal
    part is not: everything counted here is counted in whole units.
    """
    typed = str(text if text is not None else "").strip()
    if not typed:
        return None
    match = NUMBER.fullmatch(typed[:100])
    if not match or len(typed) > 100 or not DIGITS.fullmatch(match[1]):
        raise ValueError(typed)
    value = int(re.sub(r"[\s.,]", "", match[1]))
    if value > MAX_VALUE:
        raise ValueError(typed)
    return value, bool(AT_LEAST.search(typed))


def read_date(text: str) -> datetime.date:
    """``2024-03-15`` or ``15/03/2024``, as people type it. Raises ``ValueError``."""
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        return datetime.date(int(match[3]), int(match[2]), int(match[1]))
    return datetime.date.fromisoformat(text)


def parse(content: Mapping[str, Any], known: Vocabulary) -> Parsed:
    """Read a whole return. Never raises on what a person typed."""
    parsed = Parsed()
    typed = dict(content.get("lines") or {})
    no_data = set(content.get("no_data") or [])
    for code in [c for c in known.definitions if c in typed]:
        definition, path = known.definitions[code], f"lines.{code}"
        if len(typed[code]) > MAX_LINES:
            text = _("There are more than %(n)d lines. Group them by region.") % {"n": MAX_LINES}
            parsed.note(Problem(path, "too_many", text))
        read = [
            _read_line(definition, raw, f"{path}.{index}", known, parsed)
            for index, raw in enumerate(typed[code][:MAX_LINES])
        ]
        kept = [line for line in read if line is not None]
        for problem in _check_definition(kept, known):
            parsed.note(problem)
        if code in no_data and any(not is_blank(raw) for raw in typed[code]):
            text = _("«No data» is ticked, and figures are entered. Keep one of the two.")
            parsed.note(Problem(path, "no_data", text))
        parsed.lines.extend(kept)
    for code in [c for c in typed if c not in known.definitions and typed[c]]:
        text = _("A figure that is not asked of this organisation was entered (%(code)s).")
        parsed.note(Problem(f"lines.{code}", "definition", text % {"code": code}))
    for problem in _check_texts(content):
        parsed.note(problem)
    return parsed


def normal(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A line as it is kept: every field, stripped, without its empty cells."""
    cells = {
        breakdown: kept
        for breakdown, parts in (raw.get("cells") or {}).items()
        if (kept := {plain(k): plain(v) for k, v in parts.items() if plain(v)})
    }
    names = ("place", "from", "to", "total", "explanation")
    return {name: plain(raw.get(name)) for name in names} | {"cells": cells}


def plain(typed: object) -> str:
    """What was typed, stripped; without the null character, which no database keeps."""
    return str(typed or "").replace("\0", "").strip()


def is_blank(raw: Mapping[str, Any]) -> bool:
    """Whether nothing was typed in a line but its place."""
    cells = raw.get("cells") or {}
    typed = [raw.get(name) for name in ("total", "from", "to", "explanation")]
    typed += [v for part in cells.values() for v in part.values()]
    return not any(str(v or "").strip() for v in typed)


def _read_line(
    definition: Definition,
    raw: Mapping[str, Any],
    path: str,
    known: Vocabulary,
    parsed: Parsed,
) -> Line | None:
    if is_blank(raw):
        return None
    problems: list[Problem] = []
    place = known.places.get(str(raw.get("place") or ""))
    if place is None:
        problems.append(Problem(f"{path}.place", "place", _place_message(raw.get("place"))))
    window = _read_window(raw, path, known.window, problems)
    total = _read_cell(raw.get("total"), f"{path}.total", problems)
    cells = _read_cells(definition, raw, path, known, problems)
    if total is None and not cells and not problems:
        text = _("The number is missing. Write it, or empty this line.")
        problems.append(Problem(f"{path}.total", "no_number", text))
    explanation = str(raw.get("explanation") or "").strip()
    if len(explanation) > MAX_EXPLANATION:
        problems.append(_too_long(f"{path}.explanation", MAX_EXPLANATION))
    parsed.problems.extend(problems)
    if problems or place is None or window is None:
        return None
    if total is None:
        total = (_first_sum(cells), any(cell.at_least for cell in cells))
    line = Line(definition, place, window, total[0], total[1], tuple(cells), explanation, path)
    for problem in _check_parts(line):
        parsed.note(problem)
    return line


def _place_message(typed: object) -> str:
    if not typed:
        return _("Choose the place.")
    text = _("The place «%(typed)s» is unknown, or did not exist in this period. Choose again.")
    return text % {"typed": str(typed)[:60]}


def _too_long(path: str, limit: int) -> Problem:
    text = _("This text is too long: at most %(n)s characters.")
    return Problem(path, "too_long", text % {"n": spoken(limit)})


def spoken(number: int) -> str:
    """A number as the reader writes it."""
    return format_number(number, get_language() or "fr")


def _read_window(
    raw: Mapping[str, Any], path: str, whole: Window, problems: list[Problem]
) -> Window | None:
    first, last = str(raw.get("from") or "").strip(), str(raw.get("to") or "").strip()
    if not first and not last:
        return whole
    try:
        window = Window(read_date(first or last), read_date(last or first))
    except BadWindow:
        text = _("The last day precedes the first one.")
        problems.append(Problem(f"{path}.to", "date_order", text))
        return None
    except ValueError:
        text = _("This date cannot be read. Write it like 15/03/2024.")
        problems.append(Problem(f"{path}.{_bad_date(first)}", "date", text))
        return None
    if not whole.contains(window):
        text = _("These dates are outside the period of the return (%(period)s).")
        said = text % {"period": whole.label(get_language() or "fr")}
        problems.append(Problem(f"{path}.from", "date_outside", said))
        return None
    return window


def _bad_date(first: str) -> str:
    """Which of the two fields cannot be read."""
    try:
        read_date(first)
    except ValueError:
        return "from" if first else "to"
    return "to"


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
) -> list[Cell]:
    cells = []
    for breakdown, parts in dict(raw.get("cells") or {}).items():
        allowed = known.keys_of(definition, breakdown) if breakdown in definition.splits else {}
        for key, typed in dict(parts).items():
            where = f"{path}.cells.{breakdown}.{key}"
            number = _read_cell(typed, where, problems)
            if number is None:
                continue
            if key not in allowed:
                text = _("«%(key)s» does not exist in the list of this figure.")
                problems.append(Problem(where, "key", text % {"key": key[:60]}))
                continue
            cells.append(Cell(breakdown, key, number[0], number[1]))
    return cells


def _first_sum(cells: Sequence[Cell]) -> int:
    """The total where only parts were typed: the sum of the fullest breakdown."""
    sums: dict[str, int] = {}
    for cell in cells:
        sums[cell.breakdown] = sums.get(cell.breakdown, 0) + cell.value
    return max(sums.values(), default=0)


def _check_parts(line: Line) -> Iterator[Problem]:
    """Parts never exceed their total; parts that fall short need a word of explanation."""
    for breakdown, parts in line.sums.items():
        said = {
            "parts": spoken(parts),
            "total": spoken(line.total),
            "missing": spoken(line.total - parts),
            "by": Breakdown(breakdown).label,
        }
        if parts > line.total and not line.at_least:
            text = _("%(by)s: the parts add up to %(parts)s, more than the total %(total)s.")
            yield Problem(f"{line.path}.total", "parts_exceed_total", text % said)
        elif parts < line.total:
            text = _(
                "%(by)s: the parts add up to %(parts)s, the total is %(total)s: %(missing)s "
                "missing."
            )
            advice = _("Complete them, or keep the figures and explain.")
            yield _warning(line, "parts_short", text % said, advice)


def _warning(line: Line, code: str, text: str, advice: str) -> Problem:
    """Something strange that may be kept, once explained on its line."""
    path = f"{line.path}.explanation"
    return Problem(path, code, text, False, advice, line.explanation)


def _check_definition(lines: Sequence[Line], known: Vocabulary) -> Iterator[Problem]:
    """The lines of one definition are summed: nothing may be counted twice."""
    seen: set[tuple[str, Window]] = set()
    for line in lines:
        if (line.place.code, line.window) in seen:
            text = _("%(place)s is given twice for the same period. Keep one line.")
            said = text % {"place": line.place}
            yield Problem(f"{line.path}.place", "twice", said)
        seen.add((line.place.code, line.window))
    for line in lines:
        inner = next((other for other in lines if _holds(line, other)), None)
        if inner is not None:
            text = _("This line covers another one (%(place)s), and lines are added up.")
            advice = _("It must hold only what is in no other line: say so in the explanation.")
            yield _warning(line, "nested", text % {"place": inner.place}, advice)
    if lines:
        yield from _check_jump(lines, known.before.get(lines[0].definition.code))


def _holds(line: Line, other: Line) -> bool:
    """Whether ``line`` is wider than ``other`` in place or time, and covers a part of it."""
    if line is other or not line.window.overlaps(other.window):
        return False
    if line.place.code == other.place.code:
        return line.window != other.window and line.window.contains(other.window)
    return line.place.code in set(_ancestors(other.place))


def _check_jump(lines: Sequence[Line], before: Before | None) -> Iterator[Problem]:
    """A total five times larger or smaller than last time is true or a slip: ask."""
    total = sum(line.total for line in lines)
    if before is None or abs(total - before.total) < SMALL:
        return
    low, high = sorted((total, before.total))
    if high >= JUMP * max(low, 1):
        text = _("%(total)s here, %(before)s in the return before (%(period)s).")
        advice = _("Check that the same thing is counted, correct, or explain what changed.")
        said = text % {
            "total": spoken(total),
            "before": spoken(before.total),
            "period": before.window.label(get_language() or "fr"),
        }
        told = next((line.explanation for line in lines if line.explanation), "")
        yield replace(_warning(lines[0], "jump", said, advice), explanation=told)


def _check_texts(content: Mapping[str, Any]) -> Iterator[Problem]:
    narrative: Mapping[str, Any] = content.get("narrative") or {}
    texts: Iterable[tuple[str, object]] = [
        *((f"narrative.{axis}", narrative.get(axis)) for axis in Axis.values),
        ("difficulties", content.get("difficulties")),
    ]
    for path, text in texts:
        if len(str(text or "")) > MAX_TEXT:
            yield _too_long(path, MAX_TEXT)


def _ancestors(place: Place) -> Iterator[str]:
    """The places above: cercle -> region -> country."""
    while place.parent_id:
        yield place.parent_id
        place = place.parent  # type: ignore[assignment]  # not null: the loop's condition
