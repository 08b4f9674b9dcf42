"""The choropleth: the regions at their true areas, tinted by class."""

from collections.abc import Mapping
from dataclasses import dataclass

from danbe.reports.drawing.boundaries import (
    Boundaries,
    Point,
    Ring,
    Shape,
    approximate_boundaries,
    project,
)
from danbe.reports.drawing.classes import Classes, classes_of, draw_legend
from danbe.reports.drawing.colours import ink_on
from danbe.reports.drawing.svg import (
    ACCENT,
    INK,
    INK_2,
    PAPER,
    Svg,
    document,
    element,
    linked,
    number,
    plain,
    shorten,
    text,
    text_width,
)
from danbe.reports.drawing.value import NO_DATA, Value
from danbe.reports.drawing.words import FRENCH, Words

MARGIN = 6.0
NAMES_FROM = 560  # a narrower map has no room for names, only for numbers
SMALL = 60.0  # square units under which a place is shown enlarged as well
INSET = project(-11.0, 11.3)  # a spot outside the country: its south-west corner
STROKE = "#5d6978"


@dataclass(frozen=True)
class _Frame:
    """From the plane to the drawing."""

    left: float
    top: float
    scale: float

    def place(self, point: Point) -> Point:
        return MARGIN + (point[0] - self.left) * self.scale, MARGIN + (
            point[1] - self.top
        ) * self.scale


def draw_map(
    boundaries: Boundaries | str,
    values: Mapping[str, Value],
    *,
    title: str,
    unit: str = "",
    description: str = "",
    accent: str = ACCENT,
    width: float = 400,
    words: Words = FRENCH,
) -> str:
    """Draw the values of a layout ("2023", or imported Boundaries) by place code.

    A place without a value has no data. `width` from 560 prints the names of the regions too.
    Raises ValueError for the code of another layout: the Kayes of 2019 is not that of 2024.
    """
    if isinstance(boundaries, str):
        boundaries = approximate_boundaries(boundaries)
    refuse_strangers(values, boundaries.names)
    shown = {shape.code: values.get(shape.code, NO_DATA) for shape in boundaries.shapes}
    frame, height = _frame(boundaries, width)
    classes = classes_of(shown.values(), accent)
    parts = []
    small: list[Shape] = []
    for shape in sorted(boundaries.shapes, key=lambda s: -s.area):
        is_small = shape.area * frame.scale**2 < SMALL
        small += [shape] if is_small else []
        parts.append(
            _region(shape, shown[shape.code], frame, classes, words, unit, width, is_small)
        )
    parts += [
        _inset(n, shape, shown[shape.code], frame, classes, words, unit)
        for n, shape in enumerate(small)
    ]
    legend, _ = draw_legend(classes, words, unit, MARGIN, MARGIN, width * 0.27)
    parts.append(legend)
    if boundaries.approximate:
        parts.append(
            text(
                words.approximate, width - MARGIN, height - 5, size=10.5, fill=INK_2, anchor="end"
            )
        )
    named = [(shape.name, shown[shape.code]) for shape in boundaries.shapes]
    said = description or words.summary(named, unit)
    if boundaries.approximate:
        said = f"{said} {words.approximate}."
    return document(width, height, title, said, *parts, class_="figure--map")


def refuse_strangers(values: Mapping[str, Value], names: Mapping[str, str]) -> None:
    """Raise ValueError when a value belongs to no place of the layout: it would vanish."""
    strangers = sorted(set(values) - set(names))
    if strangers:
        raise ValueError(f"not in this layout: {', '.join(strangers)}")


def _frame(boundaries: Boundaries, width: float) -> tuple[_Frame, float]:
    spots = [spot for shape in boundaries.shapes for ring in shape.rings for spot in ring]
    left, right = min(x for x, _ in spots), max(x for x, _ in spots)
    top, bottom = min(y for _, y in spots), max(y for _, y in spots)
    scale = (width - 2 * MARGIN) / (right - left)
    return _Frame(left, top, scale), (bottom - top) * scale + 2 * MARGIN


def _region(
    shape: Shape,
    value: Value,
    frame: _Frame,
    classes: Classes,
    words: Words,
    unit: str,
    width: float,
    is_small: bool,
) -> Svg:
    fill = classes.fill(value)
    outline = element(
        "path",
        d="".join(_path(ring, frame) for ring in shape.rings),
        fill=fill,
        fill_rule="evenodd",
        stroke=STROKE,
        stroke_width=0.7,
        stroke_linejoin="round",
    )
    labels = [] if is_small else _labels(shape, value, frame, fill, words, width)
    return linked(
        words.tooltip(shape.name, value, unit), value.href, outline, *labels, class_=_class(value)
    )


def _class(value: Value) -> str:
    return "figure__nodata" if value.number is None else "figure__place"


def _path(ring: Ring, frame: _Frame) -> str:
    """A closed path in relative steps; points that fall on the same tenth are dropped."""
    spots = [frame.place(point) for point in ring]
    steps = [f"M{number(spots[0][0])} {number(spots[0][1])}"]
    at_x, at_y = round(spots[0][0] * 10), round(spots[0][1] * 10)
    for x, y in spots[1:-1]:
        dx, dy = round(x * 10) - at_x, round(y * 10) - at_y
        if dx * dx + dy * dy < 9:
            continue
        at_x, at_y = at_x + dx, at_y + dy
        steps.append(f"{'l' if len(steps) == 1 else ''}{_step(dx)}{_step(dy, after=True)}")
    return "".join(_joined(steps)) + "z"


def _joined(steps: list[str]) -> list[str]:
    """A space where two numbers would run together."""
    return steps[:2] + [step if step.startswith("-") else f" {step}" for step in steps[2:]]


def _step(tenths: int, *, after: bool = False) -> str:
    whole, tenth = divmod(abs(tenths), 10)
    written = f"{whole or ''}.{tenth}" if tenth else str(whole)
    sign = "-" if tenths < 0 else " " if after else ""
    return f"{sign}{written}"


def _labels(
    shape: Shape, value: Value, frame: _Frame, fill: str, words: Words, width: float
) -> list[Svg]:
    """The number, and on a wide map the name above it. «No data» is said by the hatching."""
    x, y = frame.place(shape.anchor)
    ink = INK if value.number is None or value.number == 0 else ink_on(fill)
    figure = "" if value.number is None else words.label(value)
    if width < NAMES_FROM:
        return [_haloed(figure, x, y + 4, 10.5, ink, fill, "bold")] if figure else []
    parts = [_haloed(shape.name, x, y + (0 if figure else 4), 10.5, ink, fill, None)]
    if figure:
        parts.append(_haloed(figure, x, y + 13, 11.5, ink, fill, "bold"))
    return parts


def _haloed(
    words: str, x: float, y: float, size: float, ink: str, fill: str, weight: str | None
) -> Svg:
    """Text with a thin edge of its ground, so that hatching and borders do not cross it."""
    return element(
        "text",
        plain(words),
        x=x,
        y=y,
        font_size=size,
        fill=ink,
        font_weight=weight,
        text_anchor="middle",
        stroke=PAPER if fill.startswith("url") else fill,
        stroke_width=2.6,
        stroke_linejoin="round",
        paint_order="stroke",
    )


def _inset(
    n: int,
    shape: Shape,
    value: Value,
    frame: _Frame,
    classes: Classes,
    words: Words,
    unit: str,
) -> Svg:
    """A place too small to be seen: a round enlargement outside, tied to its true spot."""
    radius = 17.0
    x, y = frame.place(INSET)
    y -= n * 54
    to_x, to_y = frame.place(shape.anchor)
    fill = classes.fill(value)
    reach = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
    edge_x, edge_y = x + (to_x - x) * radius / reach, y + (to_y - y) * radius / reach
    figure = "" if value.number is None else words.label(value)
    size = 10.5 if text_width(figure, 10.5) < 2 * radius - 4 else 8.5
    parts = [
        element(
            "path",
            d=f"M{number(edge_x)} {number(edge_y)}L{number(to_x)} {number(to_y)}",
            stroke=INK,
            stroke_width=0.8,
        ),
        element("circle", cx=to_x, cy=to_y, r=2.2, fill=INK),
        element("circle", cx=x, cy=y, r=radius, fill=fill, stroke=STROKE, stroke_width=1),
        text(shape.name, x, y + radius + 12, size=10.5, anchor="middle"),
    ]
    if figure:
        ink = INK if value.number == 0 else ink_on(fill)
        shown = shorten(figure, 2 * radius, size)
        parts.append(text(shown, x, y + 4, size=size, fill=ink, anchor="middle", weight="bold"))
    return linked(words.tooltip(shape.name, value, unit), value.href, *parts, class_=_class(value))
