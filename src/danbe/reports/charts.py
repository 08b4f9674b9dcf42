"""Draw the charts of a document: the same drawing code as the pages."""

import datetime
from collections.abc import Callable, Mapping

from danbe.reports.document import Chart, Figure
from danbe.reports.drawing import (
    Bar,
    Break,
    Line,
    LinePoint,
    Value,
    draw_bars,
    draw_lines,
    draw_map,
    draw_tiles,
)
from danbe.reports.maps import boundaries_on
from danbe.reports.wording import DIFFERENT, number

Link = Callable[[Figure], str]
ACCENTS: Mapping[str, str] = {
    "": "#1c4e80",
    "prevention": "#8a5a00",
    "protection": "#0d6b52",
    "prosecution": "#93313f",
    "partnership": "#6a3d8f",
}


def no_link(figure: Figure) -> str:
    """In a PDF a figure opens through its source, not through a page."""
    return ""


def draw(
    chart: Chart, figures: Mapping[str, Figure], width: float = 400, link: Link = no_link
) -> str:
    """One chart as SVG. Silence is drawn as silence."""

    def value(key: str) -> Value:
        figure = figures.get(key)
        if figure is None or figure.value is None:
            return Value(None)
        label = number(figure.value, figure.at_least) if figure.at_least else ""
        return Value(figure.value, label, link(figure))

    accent = ACCENTS[chart.axis]
    more = {"title": chart.title, "unit": chart.unit, "accent": accent, "width": width}
    if chart.kind in ("map", "tiles"):
        draw_places = draw_map if chart.kind == "map" else draw_tiles
        values = {mark.place: value(mark.figures[0]) for mark in chart.marks}
        boundaries = boundaries_on(datetime.date.fromisoformat(chart.layout))
        return draw_places(boundaries, values, **more)  # type: ignore[arg-type]
    if chart.kind == "lines":
        return _lines(chart, figures, value, more)
    bars = [Bar(mark.label, (value(mark.figures[0]),)) for mark in chart.marks]
    return draw_bars(bars, **more)  # type: ignore[arg-type]


def _lines(
    chart: Chart,
    figures: Mapping[str, Figure],
    value: Callable[[str], Value],
    more: Mapping[str, object],
) -> str:
    lines = []
    for n, name in enumerate(chart.series):
        points = [
            LinePoint(
                int(mark.label),
                value(mark.figures[n]),
                DIFFERENT if figures[mark.figures[n]].note else "",
            )
            for mark in chart.marks
            if mark.figures[n] and figures[mark.figures[n]].value is not None
        ]
        lines.append(Line(name, tuple(points)))
    years = [int(mark.label) for mark in chart.marks]
    breaks = [Break(int(b.partition("|")[0]), b.partition("|")[2]) for b in chart.breaks]
    shown = [line for line in lines if line.points] or lines[:1]
    return draw_lines(shown, first=years[0], last=years[-1], breaks=breaks, **more)  # type: ignore[arg-type]
