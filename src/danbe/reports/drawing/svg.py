"""Writing SVG: elements, texts and their widths. The only place that makes markup."""

import re
import zlib
from collections.abc import Sequence
from html import escape
from typing import NewType

Svg = NewType("Svg", str)  # well-formed markup; a plain str is text still to be escaped

INK = "#1b2430"
INK_2 = "#4a5563"
LINE = "#d5dae1"
LINE_STRONG = "#737f8f"
PAPER = "#ffffff"
ACCENT = "#1c4e80"
FONT = '"DejaVu Sans", sans-serif'

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HREF = re.compile(r"(/(?!/)|#|\?|https?://)")
_NARROW = frozenset("iljtfrI.,;:!|'’()[] \u00a0\u202f")
_WIDE = frozenset("mwMWŒœ%@")


def element(name: str, *children: Svg, **attributes: str | float | None) -> Svg:
    """One element; `class_` is class, `stroke_width` is stroke-width, None is left out."""
    parts = [name]
    for key, value in attributes.items():
        if value is None:
            continue
        written = escape(_clean(value)) if isinstance(value, str) else number(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{written}"')
    opening = " ".join(parts)
    return Svg(f"<{opening}>{''.join(children)}</{name}>" if children else f"<{opening}/>")


def plain(text: str) -> Svg:
    """Text made safe to stand between tags."""
    return Svg(escape(_clean(text), quote=False))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def number(value: float) -> str:
    """A coordinate with at most one decimal, as short as can be."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def text(
    words: str,
    x: float,
    y: float,
    *,
    size: float = 12,
    fill: str = INK,
    anchor: str | None = None,
    weight: str | None = None,
    edge: str | None = None,
) -> Svg:
    """One line of text; `anchor` is middle or end; `edge` is drawn around the letters."""
    return element(
        "text",
        plain(words),
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        text_anchor=anchor,
        font_weight=weight,
        stroke=edge,
        stroke_width=2.6 if edge else None,
        stroke_linejoin="round" if edge else None,
        paint_order="stroke" if edge else None,
    )


def linked(tooltip: str, href: str, *shapes: Svg, class_: str | None = None) -> Svg:
    """Shapes with a tooltip, in a link when there is an address.

    Raises ValueError for an address of another kind than a page or https, such as javascript:.
    """
    title = element("title", plain(tooltip))
    if not href:
        return element("g", title, *shapes, class_=class_)
    if not _HREF.match(href):
        raise ValueError(f"not an address of a page: {href!r}")
    return element("a", title, *shapes, href=href, class_=class_, aria_label=tooltip)


def document(
    width: float, height: float, title: str, description: str, *body: Svg, class_: str
) -> Svg:
    """The whole drawing, in which `hatch_fill()` may be used.

    A picture (role img) hides what is in it from screen readers; one with links is a group.
    """
    inside = Svg("".join(body))
    role = "group" if "<a " in inside else "img"
    hatch = f"hatch-{zlib.crc32((title + inside).encode()):x}"
    definitions = Svg("")
    if HATCH in inside:
        inside = Svg(inside.replace(HATCH, hatch))
        definitions = element("defs", _hatch(hatch))
    return element(
        "svg",
        element("title", plain(title)),
        element("desc", plain(description)),
        definitions,
        inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role=role,
        aria_label=title,
        font_family=FONT,
        class_=f"svg {class_}",
    )


HATCH = "hatch-of-this-drawing"


def hatch_fill() -> str:
    """The fill of a place without data."""
    return f"url(#{HATCH})"


def _hatch(name: str) -> Svg:
    return element(
        "pattern",
        element("rect", width=6, height=6, fill="#f1f3f5"),
        element("path", d="M0 0v6", stroke="#9aa4b1", stroke_width=2.4),
        id=name,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def text_width(words: str, size: float, *, bold: bool = False) -> float:
    """Width of a text in DejaVu Sans, on the wide side: nothing measures it on the server."""
    units = 0.0
    for letter in words:
        if letter in _NARROW:
            units += 0.38
        elif letter in _WIDE:
            units += 0.96
        else:
            units += 0.69 if letter.isupper() else 0.62
    return units * size * (1.12 if bold else 1)


def wrap(words: str, width: float, size: float, *, at_most: int = 99) -> list[str]:
    """Lines no wider than `width`; the last line allowed ends with an ellipsis if more follows."""
    lines: list[str] = []
    current = ""
    for word in words.split(" "):
        tried = f"{current} {word}" if current else word
        if current and text_width(tried, size) > width:
            lines.append(current)
            current = word
        else:
            current = tried
    lines.append(current)
    cut = lines[:at_most]
    if len(lines) > at_most:
        cut[-1] = f"{cut[-1]}…"
    return [shorten(line, width, size) for line in cut]


def shorten(words: str, width: float, size: float) -> str:
    """The text, cut with an ellipsis if it is too wide."""
    if text_width(words, size) <= width:
        return words
    cut = words.rstrip("…")
    while len(cut) > 1 and text_width(f"{cut}…", size) > width:
        cut = cut[:-1].rstrip()
    return f"{cut}…"


def text_lines(
    lines: Sequence[str],
    x: float,
    y: float,
    *,
    size: float = 12,
    leading: float = 1.3,
    fill: str = INK,
    anchor: str | None = None,
    weight: str | None = None,
) -> Svg:
    """Lines of text under one another, the first on the baseline `y`."""
    return Svg(
        "".join(
            text(
                line, x, y + n * size * leading, size=size, fill=fill, anchor=anchor, weight=weight
            )
            for n, line in enumerate(lines)
        )
    )
