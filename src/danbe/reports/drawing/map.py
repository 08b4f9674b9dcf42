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
class _Sheet:
    """From the plane to the drawing, and what every region needs to know."""

    left: float
    top: float
    scale: float
    width: float
    height: float
    classes: Classes
    words: Words
    unit: str

    def place(self, point: Point) -> Point:
        return (
            MARGIN + (point[0] - self.left) * self.scale,
            MARGIN + (point[1] - self.top) * self.scale,
        )


def draw_map(
    boundaries: Boundaries | str,
    values: Mapping[str, Value],
    *,
    title: str,
    unit: str = "",
    description: str = "",
    accent: str = ACCENT,
    width: float = 360,
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
    sheet = _sheet(boundaries, classes_of(shown.values(), accent), words, unit, width)
    by_size = sorted(boundaries.shapes, key=lambda shape: -shape.area)
    small = [shape for shape in by_size if shape.area * sheet.scale**2 < SMALL]
    large = [shape for shape in by_size if shape not in small]
    legend, _ = draw_legend(sheet.classes, words, unit, MARGIN, MARGIN, width * 0.27)
    body = [
        *(_region(shape, shown[shape.code], sheet) for shape in large),
        *(_outline(shape, shown[shape.code], sheet) for shape in small),
        # Above all regions, so that none hides a number; clicks go through to the region.
        element(
            "g", *(_label(shape, shown[shape.code], sheet) for shape in large),
            pointer_events="none", text_anchor="middle", class_="svg__labels",
        ),
        *(_inset(n, shape, shown[shape.code], sheet) for n, shape in enumerate(small)),
        legend,
    ]  # fmt: skip
    named = [(shape.name, shown[shape.code]) for shape in boundaries.shapes]
    said = description or words.summary(named, unit)
    if boundaries.approximate:
        said = f"{said} {words.approximate}."
        x, y = width - MARGIN, sheet.height - 5
        body.append(text(words.approximate, x, y, size=11, fill=INK_2, anchor="end"))
    return document(width, sheet.height, title, said, *body, class_="svg--map")


def refuse_strangers(values: Mapping[str, Value], names: Mapping[str, str]) -> None:
    """Raise ValueError when a value belongs to no place of the layout: it would vanish."""
    strangers = sorted(set(values) - set(names))
    if strangers:
        raise ValueError(f"not in this layout: {', '.join(strangers)}")


def _sheet(
    boundaries: Boundaries, classes: Classes, words: Words, unit: str, width: float
) -> _Sheet:
    spots = [spot for shape in boundaries.shapes for ring in shape.rings for spot in ring]
    left, right = min(x for x, _ in spots), max(x for x, _ in spots)
    top, bottom = min(y for _, y in spots), max(y for _, y in spots)
    scale = (width - 2 * MARGIN) / (right - left)
    height = (bottom - top) * scale + 2 * MARGIN
    return _Sheet(left, top, scale, width, height, classes, words, unit)


def _region(shape: Shape, value: Value, sheet: _Sheet) -> Svg:
    said = sheet.words.tooltip(shape.name, value, sheet.unit)
    return linked(said, value.href, _outline(shape, value, sheet), class_=_class(value))


def _outline(shape: Shape, value: Value, sheet: _Sheet) -> Svg:
    return element(
        "path",
        d="".join(_path(ring, sheet) for ring in shape.rings),
        fill=sheet.classes.fill(value),
        fill_rule="evenodd",
        stroke=STROKE,
        stroke_width=0.7,
        stroke_linejoin="round",
    )


def _class(value: Value) -> str:
    return "svg__nodata" if value.number is None else "svg__place"


def _path(ring: Ring, sheet: _Sheet) -> str:
    """A closed path in relative steps; points that fall on the same tenth are dropped."""
    spots = [sheet.place(point) for point in ring]
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


def _label(shape: Shape, value: Value, sheet: _Sheet) -> Svg:
    """The number, and on a wide map the name above it. «No data» is said by the hatching."""
    x, y = sheet.place(shape.anchor)
    figure = "" if value.number is None else sheet.words.label(value)
    fill = sheet.classes.fill(value)
    if text_width(figure, 11, bold=True) > shape.room * sheet.scale + 6:
        fill = PAPER  # the label crosses the border: dark on a white edge reads anywhere
    if sheet.width < NAMES_FROM:
        return _edged(figure, x, y + 4, 11, fill, "bold") if figure else Svg("")
    name = _edged(shape.name, x, y if figure else y + 4, 11, fill, None)
    return Svg(name + (_edged(figure, x, y + 13, 11.5, fill, "bold") if figure else ""))


def _edged(words: str, x: float, y: float, size: float, fill: str, weight: str | None) -> Svg:
    """Text with a thin edge of its ground, so that hatching and borders do not cross it."""
    ground = PAPER if fill.startswith("url") else fill
    return text(words, x, y, size=size, fill=ink_on(ground), weight=weight, edge=ground)


def _inset(n: int, shape: Shape, value: Value, sheet: _Sheet) -> Svg:
    """A place too small to be seen: a round enlargement outside, tied to its true spot."""
    radius = 17.0
    x, y = sheet.place(INSET)
    y -= n * 54
    to_x, to_y = sheet.place(shape.anchor)
    reach = radius / ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
    tie = (
        f"M{number(x + (to_x - x) * reach)} {number(y + (to_y - y) * reach)}"
        f"L{number(to_x)} {number(to_y)}"
    )
    fill = sheet.classes.fill(value)
    shapes = [
        element("path", d=tie, stroke=INK, stroke_width=0.8),
        element("circle", cx=to_x, cy=to_y, r=2.2, fill=INK),
        element("circle", cx=x, cy=y, r=radius, fill=fill, stroke=STROKE, stroke_width=1),
    ]
    words = [text(shape.name, x, y + radius + 12, size=11, anchor="middle")]
    if value.number is not None:
        figure = sheet.words.label(value)
        size = 11 if text_width(figure, 11, bold=True) < 2 * radius - 2 else 8.5
        shown = shorten(figure, 2 * radius, size)
        words.append(
            text(shown, x, y + 4, size=size, fill=ink_on(fill), anchor="middle", weight="bold")
        )
    said = sheet.words.tooltip(shape.name, value, sheet.unit)
    # The words stand beside the link, as on the regions: its name is the tooltip, said once.
    return Svg(
        linked(said, value.href, *shapes, class_=_class(value))
        + element("g", *words, pointer_events="none")
    )
