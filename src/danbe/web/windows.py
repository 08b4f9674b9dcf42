"""Choosing a window of time: a year, a quarter, April to March, or any two dates."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbekit.dates import Window
from danbekit.errors import BadWindow

RECENT = 3  # years whose quarters are offered


@dataclass(frozen=True, slots=True)
class Chosen:
    """The window asked for; ``problem`` says why another one is shown instead."""

    window: Window
    problem: str = ""

    @property
    def label(self) -> str:
        """The window in words."""
        return spoken(self.window)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a list of windows."""

    label: str
    options: tuple[tuple[str, str], ...]  # code, label


def spoken(window: Window) -> str:
    """The window in the reader's language."""
    return window.label(get_language() or "fr")


def short(window: Window) -> str:
    """The window in a narrow column: 2024, 2024-2025 for April to March."""
    year = window.start.year
    if window == Window.calendar_year(year):
        return str(year)
    if window == Window.april_year(year):
        return f"{year}-{year + 1}"
    return spoken(window)


def chosen(request: HttpRequest, default: Window, longest_days: int = 0) -> Chosen:
    """The window of ``?window=`` or of the two dates ``?from=&to=``, which win when filled in."""
    first, last = request.GET.get("from", "").strip(), request.GET.get("to", "").strip()
    code = request.GET.get("window", "").strip()
    if first or last:
        code = f"{first or last}..{last or first}"
    if not code:
        return Chosen(default)
    try:
        window = Window.parse(code)
    except BadWindow:
        return Chosen(default, _("This period cannot be read, or its end precedes its beginning."))
    if longest_days and (window.end - window.start).days >= longest_days:
        return Chosen(default, _("This period is too long for this page."))
    return Chosen(window)


def groups(first: int, last: int, also: Window) -> list[Group]:
    """The usual windows from year ``first`` to ``last``, latest first, and ``also``."""
    years = range(last, first - 1, -1)
    recent = sorted({*years[:RECENT], also.start.year}, reverse=True)
    found = [
        (_("Calendar year"), [Window.calendar_year(y) for y in years]),
        (_("From April to March"), [Window.april_year(y) for y in years]),
        (_("Quarter"), [Window.quarter(y, n) for y in recent for n in (4, 3, 2, 1)]),
    ]
    if not any(also in windows for _label, windows in found):
        found.insert(0, (_("Chosen dates"), [also]))
    return [Group(label, _options(windows)) for label, windows in found]


def _options(windows: Iterable[Window]) -> tuple[tuple[str, str], ...]:
    return tuple((w.code, spoken(w)) for w in windows)
