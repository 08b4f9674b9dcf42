"""Where a yearly series goes if it keeps its pace: random walk with drift, and its interval.

Source: R. J. Hyndman and G. Athanasopoulos, *Forecasting: Principles and Practice*, 3rd edition,
OTexts, 2021, sections 5.2 (drift method) and 5.5 (prediction intervals). Two differences, both on
the side of caution: years may be missing (an increment over *k* years has *k* times the drift and
*k* times the variance), and the multiplier is Student's, not the normal one, since a plan has
three to five points.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

LEVEL = 80  # per cent
FEWEST = 3  # points: two increments give one degree of freedom
# Student's t, two-sided 80 %, by degrees of freedom 1 to 10; then the normal value.
T80 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372)
NORMAL80 = 1.282


@dataclass(frozen=True, slots=True)
class Projection:
    """The value expected in ``year``; it lies in ``low``..``high`` four times out of five."""

    year: int
    value: float
    low: float
    high: float
    drift: float  # a year


def project(values: Mapping[int, float], year: int, *, is_count: bool = True) -> Projection | None:
    """Project the value of ``year`` from earlier ones; ``None`` with fewer than three points.

    Args:
        values: year -> value, complete years only; gaps allowed.
        year: later than every year of ``values``.
        is_count: nothing goes below zero.

    Assumptions: increments are independent and of equal variance a year. Checked against the
    worked formula of the source (drift of the first and last point; variance of ``h`` steps is
    ``h * (1 + h / (T - 1))`` times the residual one).
    """
    years = sorted(values)
    if len(years) < FEWEST or year <= years[-1]:
        return None
    first, last = years[0], years[-1]
    drift = (values[last] - values[first]) / (last - first)
    squares = 0.0
    for before, after in pairwise(years):
        gap = after - before
        squares += (values[after] - values[before] - gap * drift) ** 2 / gap
    freedom = len(years) - 2
    sigma = math.sqrt(squares / freedom)
    steps = year - last
    half = sigma * math.sqrt(steps * (1 + steps / (last - first)))
    half *= T80[freedom - 1] if freedom <= len(T80) else NORMAL80
    value = values[last] + steps * drift
    floor = 0.0 if is_count else -math.inf
    return Projection(
        year, max(value, floor), max(value - half, floor), max(value + half, floor), drift
    )
