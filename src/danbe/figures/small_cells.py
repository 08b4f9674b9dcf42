"""Small numbers of the register, hidden from those outside the bodies that hold the records.

A total of the nation is exact from 5 on. A part is rounded to the nearest multiple of 5; below 5
(zero included) it is shown as «< 5». The check is an attack: somebody who knows the total exactly
subtracts everything shown. While that leaves a small part fewer than three possible values,
the smallest part still shown is hidden; where none is left, the table is not split.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST = 5  # no number below is shown
BASE = 5  # to which parts are rounded
CHOICES = 3  # values that a hidden small part must be able to have
SMALL, HIDDEN = "< 5", "×"


@dataclass(frozen=True, slots=True)
class Shown:
    """One number as it is shown, and between what it must lie for who reads it."""

    value: int | None
    mark: str
    low: int
    high: float


@dataclass(frozen=True, slots=True)
class Guarded:
    """A total and its parts as they are shown; ``is_split`` false: no part may be shown."""

    total: Shown
    parts: tuple[Shown, ...]
    is_split: bool = True


def guard(total: int, parts: Sequence[int], *, is_part: bool = False) -> Guarded:
    """Hide what is small. ``is_part``: the total is itself a part (a region), and rounded.

    ``parts`` add up to ``total``; an attacker is taken to know it exactly.
    """
    shown = [_rounded(part) for part in parts]
    whole = _rounded(total) if is_part or total < SMALLEST else Shown(total, "", total, total)
    while total >= SMALLEST and _is_given_away(total, shown):
        big = [n for n, one in enumerate(shown) if one.value is not None]
        if not big:
            return Guarded(whole, tuple(_HIDDEN for _part in parts), False)
        shown[min(big, key=lambda n: parts[n])] = _HIDDEN
    return Guarded(whole, tuple(shown))


_HIDDEN = Shown(None, HIDDEN, SMALLEST, math.inf)


def _rounded(n: int) -> Shown:
    if n < SMALLEST:
        return Shown(None, SMALL, 0, SMALLEST - 1)
    near = BASE * ((n + BASE // 2) // BASE)
    return Shown(near, "", max(SMALLEST, near - BASE // 2), near + BASE // 2)


def _is_given_away(total: int, shown: Sequence[Shown]) -> bool:
    """Whether some small part can have fewer than :data:`CHOICES` values."""
    lows, highs = sum(one.low for one in shown), sum(one.high for one in shown)
    for one in shown:
        if one.mark != SMALL:
            continue
        low = max(one.low, total - (highs - one.high)) if highs < math.inf else one.low
        high = min(one.high, total - (lows - one.low))
        if high - low + 1 < CHOICES:
            return True
    return False
