"""Small multiples: one small history a region, all on the same scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from danbe.reports.drawing.svg import (
    ACCENT,
    INK_2,
    LINE_STRONG,
    Svg,
    document,
    element,
    hatch_fill,
    linked,
    number,
    shorten,
    text,
    text_lines,
    wrap,
)
from danbe.reports.drawing.value import Value
from danbe.reports.drawing.words import FRENCH, Words

GAP = 14.0
PLOT = 44.0


@dataclass(frozen=True)
class Panel:
    """One place and its values, one for each window in the same order."""

    label: str
    values: tuple[Value, ...]
    href: str = ""


def draw_multiples(
    panels: Sequence[Panel],
    windows: Sequence[str],
    *,
    title: str,
    unit: str = "",
    description: str = "",
    columns: int = 4,
    accent: str = ACCENT,
    width: float = 360,
    words: Words = FRENCH,
) -> str:
    """Draw the panels row after row; the highest number of all is the height of every panel.

    `windows` are the names of the windows, the first and last printed under each panel. Raises
    ValueError when a panel has not one value for each window.
    """
    for panel in panels:
        if len(panel.values) != len(windows):
            raise ValueError(f"{panel.label}: {len(panel.values)} values, {len(windows)} windows")
    highest = max((v.number or 0 for p in panels for v in p.values), default=0) or 1
    lines = wrap(unit, width, 12) if unit else []
    parts = [text_lines(lines, 0, 12, size=12, weight="bold")]
    top = len(lines) * 12 * 1.3
    scale = f"({words.highest_bar}{words.colon}{words.number(highest)})"
    parts.append(text(scale, 0, top + 11, size=11, fill=INK_2))
    top += 24
    cell = (width + GAP) / columns
    height = PLOT + 46
    for n, panel in enumerate(panels):
        x, y = (n % columns) * cell, top + (n // columns) * height
        parts.append(_panel(panel, windows, highest, accent, unit, words, cell - GAP, x, y))
    n_rows = -(-len(panels) // columns)
    named = [
        (f"{panel.label}, {window}", value)
        for panel in panels
        for window, value in zip(windows, panel.values, strict=True)
    ]
    said = description or words.summary(named, unit)
    return document(width, top + n_rows * height - 8, title, said, *parts, class_="svg--multiples")


def _panel(
    panel: Panel,
    windows: Sequence[str],
    highest: int,
    accent: str,
    unit: str,
    words: Words,
    width: float,
    x: float,
    y: float,
) -> Svg:
    base = y + 18 + PLOT
    step = width / max(len(windows), 1)
    parts = [text(shorten(panel.label, width, 11), x, y + 11, size=11, weight="bold")]
    for n, (window, value) in enumerate(zip(windows, panel.values, strict=True)):
        said = words.tooltip(f"{panel.label}, {window}", value, unit)
        bar = _bar(value, highest, accent, x + n * step, base, max(step - 1.5, 1))
        parts.append(linked(said, value.href, *bar, class_=_class(value)))
    parts.append(
        element("path", d=f"M{number(x)} {number(base)}h{number(width)}", stroke=LINE_STRONG)
    )
    if windows:
        parts.append(text(windows[0], x, base + 12, size=10, fill=INK_2))
    if len(windows) > 1:
        parts.append(text(windows[-1], x + width, base + 12, size=10, fill=INK_2, anchor="end"))
    return linked(panel.label, panel.href, *parts) if panel.href else Svg("".join(parts))


def _class(value: Value) -> str:
    return "svg__nodata" if value.number is None else "svg__bar"


def _bar(
    value: Value, highest: int, accent: str, x: float, base: float, thick: float
) -> list[Svg]:
    """A column; silence is a hatched column of full height; zero is a flat stroke on the base."""
    if value.number is None:
        return [
            element(
                "rect", x=x, y=base - PLOT, width=thick, height=PLOT, fill=hatch_fill(),
                fill_opacity=0.7,
            )
        ]  # fmt: skip
    tall = PLOT * value.number / highest
    return [
        element(
            "rect", x=x, y=base - max(tall, 1.5), width=thick, height=max(tall, 1.5),
            fill=accent if value.number else LINE_STRONG,
        )
    ]  # fmt: skip
