"""Pictures drawn on the server: data in, one SVG text out.

No Django, no script, no style attribute: the same text stands on a page, in a Typst PDF and alone.
Every shape has a tooltip, may be a link, and a silent place ("no data") never looks like a zero.

    draw_map("2023", values, title=..., unit=...)         choropleth of the regions
    draw_tiles("2023", values, title=..., unit=...)       one equal tile a region
    draw_bars(bars, series, title=..., unit=...)          grouped or stacked bars
    draw_lines(lines, title=..., unit=...)                history with its gaps and breaks
    draw_multiples(panels, title=..., unit=...)           one small history a region
    draw_matrix(columns, rows, title=...)                 who answered for which window
    draw_months(rows, title=...)                          the months in which an assembly met
    draw_gantt(rows, first, last, title=..., today=...)   the calendar of a plan
"""

from danbe.reports.drawing.bars import Bar, Series, draw_bars
from danbe.reports.drawing.boundaries import (
    Boundaries,
    Shape,
    approximate_boundaries,
    boundaries_of,
    layout_on,
)
from danbe.reports.drawing.gantt import GanttRow, Phase, draw_gantt
from danbe.reports.drawing.lines import Break, Line, LinePoint, draw_lines
from danbe.reports.drawing.map import draw_map
from danbe.reports.drawing.matrix import Cell, MatrixRow, Status, draw_matrix
from danbe.reports.drawing.months import MonthCell, MonthSign, YearRow, draw_months
from danbe.reports.drawing.multiples import Panel, draw_multiples
from danbe.reports.drawing.tiles import draw_tiles
from danbe.reports.drawing.value import Value
from danbe.reports.drawing.words import ENGLISH, FRENCH, Words, words_for

__all__ = [
    "ENGLISH",
    "FRENCH",
    "Bar",
    "Boundaries",
    "Break",
    "Cell",
    "GanttRow",
    "Line",
    "LinePoint",
    "MatrixRow",
    "MonthCell",
    "MonthSign",
    "Panel",
    "Phase",
    "Series",
    "Shape",
    "Status",
    "Value",
    "Words",
    "YearRow",
    "approximate_boundaries",
    "boundaries_of",
    "draw_bars",
    "draw_gantt",
    "draw_lines",
    "draw_map",
    "draw_matrix",
    "draw_months",
    "draw_multiples",
    "draw_tiles",
    "layout_on",
    "words_for",
]
