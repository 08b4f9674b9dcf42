"""Equal tiles: every region the same size, placed roughly where it lies.

The second view of the map: on the true one Bamako cannot be seen and Taoudénit fills the eye.
"""

from collections.abc import Mapping

from danbe.reports.drawing.boundaries import Boundaries, approximate_boundaries
from danbe.reports.drawing.classes import Classes, classes_of, draw_legend
from danbe.reports.drawing.colours import ink_on
from danbe.reports.drawing.map import STROKE, refuse_strangers
from danbe.reports.drawing.svg import (
    ACCENT,
    INK,
    Svg,
    document,
    element,
    linked,
    shorten,
    text,
    wrap,
)
from danbe.reports.drawing.value import NO_DATA, Value
from danbe.reports.drawing.words import FRENCH, Words

Grid = Mapping[str, tuple[int, int]]  # place code -> column, row

# Placed by hand, after the map; the upper left corner is left to the legend.
GRIDS: dict[str, Grid] = {
    "2023": {
        "taoudenit": (3, 0), "kidal": (4, 0),
        "tombouctou-2016": (3, 1), "gao-2016": (4, 1), "menaka": (5, 1),
        "nioro": (1, 2), "nara": (2, 2), "mopti-2023": (3, 2), "douentza": (4, 2),
        "kayes-2023": (0, 3), "kita": (1, 3), "koulikoro-2023": (2, 3), "segou-2023": (3, 3),
        "bandiagara": (4, 3),
        "bamako": (1, 4), "dioila": (2, 4), "koutiala": (3, 4), "san": (4, 4),
        "bougouni": (2, 5), "sikasso-2023": (3, 5),
    },
    "2016": {
        "taoudenit": (3, 0), "kidal": (4, 0),
        "tombouctou-2016": (3, 1), "gao-2016": (4, 1), "menaka": (5, 1),
        "kayes": (0, 2), "koulikoro": (1, 2), "segou": (2, 2), "mopti": (3, 2),
        "bamako": (1, 3), "sikasso": (2, 3),
    },
    "2015": {
        "kidal": (4, 0),
        "tombouctou": (3, 1), "gao": (4, 1),
        "kayes": (0, 2), "koulikoro": (1, 2), "segou": (2, 2), "mopti": (3, 2),
        "bamako": (1, 3), "sikasso": (2, 3),
    },
}  # fmt: skip
GAP = 3.0
N_COLUMNS = 6


def draw_tiles(
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
    """Draw the values of a layout by place code, one tile a region; silence is hatched.

    Takes the same values as `draw_map`, and refuses the same ones.
    """
    if isinstance(boundaries, str):
        boundaries = approximate_boundaries(boundaries)
    names = boundaries.names
    refuse_strangers(values, names)
    grid = GRIDS[boundaries.layout]
    shown = {code: values.get(code, NO_DATA) for code in grid}
    classes = classes_of(shown.values(), accent)
    side = (width + GAP) / N_COLUMNS
    legend, height = draw_legend(classes, words, unit, 0, 0, side * 2.7)
    top = max(0.0, height - 2 * side)  # the corner left to the legend is two tiles high
    tiles = [
        _tile(
            names[code], shown[code], classes, words, unit, side, column * side, top + row * side
        )
        for code, (column, row) in sorted(grid.items(), key=lambda item: item[1][::-1])
    ]
    # The words stand above the links, not in them: a link has its whole sentence as its name.
    labels = [label for _tile_, its_labels in tiles for label in its_labels]
    parts = [
        *(tile for tile, _labels in tiles),
        element("g", *labels, pointer_events="none", class_="svg__labels"),
    ]
    n_rows = max(row for _, row in grid.values()) + 1
    named = [(names[code], value) for code, value in shown.items()]
    return document(
        width,
        top + n_rows * side - GAP,
        title,
        description or words.summary(named, unit),
        *parts,
        legend,
        class_="svg--tiles",
    )


def _tile(
    name: str,
    value: Value,
    classes: Classes,
    words: Words,
    unit: str,
    side: float,
    x: float,
    y: float,
) -> tuple[Svg, list[Svg]]:
    """The tile, linked, and what is written on it."""
    fill = classes.fill(value)
    inner = side - GAP - 0.8  # room for the stroke at the edge of the drawing
    x, y = x + 0.4, y + 0.4
    is_silent = value.number is None
    ink = INK if is_silent or value.number == 0 else ink_on(fill)
    tile = element(
        "rect", x=x, y=y, width=inner, height=inner, rx=3, fill=fill, stroke=STROKE,
        stroke_width=0.7,
    )  # fmt: skip
    parts: list[Svg] = []
    name_size = side * 0.148
    if is_silent:  # a plate, so that the name is read off plain ground
        parts.append(
            element(
                "rect", x=x + 0.7, y=y + inner * 0.1, width=inner - 1.4, height=name_size * 1.6,
                fill="#ffffff",
            )
        )  # fmt: skip
    parts.append(
        text(
            shorten(name, inner + 8, name_size),
            x + inner / 2,
            y + inner * 0.1 + name_size * 1.15,
            size=name_size,
            fill=ink,
            anchor="middle",
        )
    )
    if not is_silent:
        parts += _figure(words.label(value), x + inner / 2, y, side, ink)
    class_ = "svg__nodata" if is_silent else "svg__place"
    return linked(words.tooltip(name, value, unit), value.href, tile, class_=class_), parts


def _figure(label: str, middle: float, y: float, side: float, ink: str) -> list[Svg]:
    """The number as large as fits: on one line, or «plus de / 36 000» on two."""
    size = side * (0.27 if len(label) <= 4 else 0.18 if len(label) <= 7 else 0.135)
    lines = wrap(label, (side - GAP) / 1.15, size, at_most=2)
    base = y + side * (0.69 if len(lines) == 1 else 0.58)
    return [
        text(
            line,
            middle,
            base + n * size * 1.3,
            size=size,
            fill=ink,
            anchor="middle",
            weight="bold",
        )
        for n, line in enumerate(lines)
    ]
