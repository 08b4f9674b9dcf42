"""Colours: tints of the one accent, and the ink that can be read on them."""

from danbe.reports.drawing.svg import INK, PAPER

_RAMPS = {
    1: (0.55,),
    2: (0.28, 0.85),
    3: (0.2, 0.55, 1.0),
    4: (0.16, 0.4, 0.68, 1.0),
    5: (0.13, 0.32, 0.54, 0.77, 1.0),
}


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of #rrggbb."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, share: float) -> str:
    """The colour thinned with white; `share` 1 is the colour itself."""
    return "#" + "".join(f"{round(255 + (c - 255) * share):02x}" for c in channels(colour))


def ramp(accent: str, n_classes: int) -> tuple[str, ...]:
    """One to five tints, from pale to the accent: told apart by lightness, so without hue."""
    return tuple(_legible(accent, share) for share in _RAMPS[n_classes])


def _legible(accent: str, share: float) -> str:
    """The tint, or the first paler one on which dark or white text has contrast 4.5 (WCAG AA)."""
    tint = mix(accent, share)
    while contrast(ink_on(tint), tint) < 4.5:
        share -= 0.01
        tint = mix(accent, share)
    return tint


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(fill: str) -> str:
    """Dark or white, whichever reads better on `fill`."""
    return INK if contrast(INK, fill) >= contrast(PAPER, fill) else PAPER
