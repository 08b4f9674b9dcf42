"""Template tags of the look: numbers and dates as people read them, icons, badges, sorting.

Loaded everywhere (``builtins`` in the settings): no ``{% load danbe %}`` is needed.
"""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from danbekit.dates import format_date, format_number
from danbekit.words import ADDED, REMOVED, SAME, Piece

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "static" / "danbe" / "icons"
NONE = "\N{EM DASH}"

AXES = {
    "prevention": pgettext_lazy("axis", "Prevention"),
    "protection": pgettext_lazy("axis", "Protection"),
    "prosecution": pgettext_lazy("axis", "Prosecution"),
    "partnership": pgettext_lazy("axis", "Partnership"),
    "plan": pgettext_lazy("axis", "Action plan"),
}
# Each tone has its own sign: colour alone never tells.
TONES = {"neutral": "dot", "info": "info", "good": "check", "warn": "clock", "bad": "alert"}


@register.filter
def number(value: object) -> str:
    """``2 992 000 000`` in French; an em dash for ``None``; other values stay as they are."""
    if value is None or value == "":
        return NONE
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    language = get_language() or "fr"
    if value == int(value):
        return format_number(int(value), language)
    whole, _point, decimals = f"{abs(value):.1f}".partition(".")
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    mark = "," if language.startswith("fr") else "."
    return f"{sign}{format_number(int(whole), language)}{mark}{decimals}"


@register.filter
def day(value: datetime.date | None) -> str:
    """``23 novembre 2026``; the local day of a moment; an em dash for ``None``."""
    if value is None:
        return NONE
    if isinstance(value, datetime.datetime) and is_aware(value):
        value = localtime(value)
    return format_date(value, get_language() or "fr")


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """``23 novembre 2026, 14:05``, local time."""
    if value is None:
        return NONE
    local = localtime(value) if is_aware(value) else value
    return f"{format_date(local, get_language() or 'fr')}, {local:%H:%M}"


@cache
def shapes(name: str) -> str:
    """What is inside the ``<svg>`` of an icon. Raises ``KeyError`` when there is none."""
    if not re.fullmatch(r"[a-z]+", name) or not (ICONS / f"{name}.svg").exists():
        raise KeyError(f"no icon {name!r}")
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8").strip()
    return re.sub(r"^<svg[^>]*>|</svg>$", "", text)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a small sign; decorative (hidden from screen readers) unless it has a ``label``."""
    inside = mark_safe(shapes(name))  # noqa: S308 - our own file
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            label,
            inside,
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', inside)


@register.simple_tag
def axis_icon(axis: str) -> SafeString:
    """Draw the sign of one of the four axes, or of the plan. The name is written beside it."""
    if axis not in AXES:
        raise KeyError(f"no axis {axis!r}")
    return icon(axis)


@register.simple_tag
def axis_label(axis: str) -> str:
    """Name one of the four axes, or the plan."""
    return str(AXES[axis])


@register.simple_tag
def badge(tone: str, label: object, sign: str = "") -> SafeString:
    """Show a status: colour, sign (an icon; the tone has its own) and words."""
    return format_html(
        '<span class="badge badge--{}">{}{}</span>', tone, icon(sign or TONES[tone]), str(label)
    )


@register.simple_tag
def word_changes(pieces: Sequence[Piece], side: str = "") -> SafeString:
    """Write words compared, what came and what went said aloud; ``side`` (old, new) shows one."""
    shown = {SAME: "{}"}
    for kind, mark, said, other in (
        (ADDED, "ins", _("added:"), "old"),
        (REMOVED, "del", _("removed:"), "new"),
    ):
        before = format_html('<{}><span class="visually-hidden">[{} </span>', mark, said)
        after = format_html('<span class="visually-hidden">]</span></{}>', mark)
        shown[kind] = "" if side == other else f"{before}{{}}{after}"
    return mark_safe("".join(shown[p.kind].format(escape(p.text)) for p in pieces))  # noqa: S308


@register.filter
def svg(drawing: object) -> SafeString:
    """Let a drawing of ours through unescaped. Anything that is not one ``<svg>`` is refused."""
    text = str(drawing).strip()
    if not (text.startswith("<svg") and text.endswith("</svg>")):
        raise ValueError("not a drawing")
    return mark_safe(text)  # noqa: S308 - drawn by danbe.reports, which escapes its texts


@register.simple_tag(takes_context=True)
def sort_header(
    context: RequestContext, key: str, label: object, css_class: str = ""
) -> SafeString:
    """Write a table heading that sorts by ``?sort=key``, then by ``?sort=-key``."""
    request: HttpRequest = context["request"]
    current = request.GET.get("sort", "")
    query = request.GET.copy()
    query["sort"] = f"-{key}" if current == key else key
    query.pop("page", None)
    state, sign = "", "updown"
    if current in (key, f"-{key}"):
        state, sign = ("ascending", "up") if current == key else ("descending", "down")
    return format_html(
        '<th scope="col"{}{}><a class="sort" href="?{}">{}{}</a></th>',
        format_html(' class="{}"', css_class) if css_class else "",
        format_html(' aria-sort="{}"', state) if state else "",
        query.urlencode(),
        str(label),
        icon(sign),
    )


@register.filter
def is_number(value: object) -> bool:
    """Whether a cell of a table is set to the right and written with :func:`number`."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


@register.filter
def widget_kind(field: Any) -> str:
    """How a bound field is laid out: ``check``, ``choices``, ``hidden`` or ``plain``."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if getattr(widget, "input_type", "") == "checkbox" and not widget.use_fieldset:
        return "check"
    return "choices" if widget.use_fieldset else "plain"


@register.filter
def as_pair(item: Any) -> tuple[str, str]:
    """One problem as ``(anchor, message)``, whether it came as a pair or as an object."""
    if isinstance(item, tuple | list):
        return str(item[0]), str(item[1])
    return str(getattr(item, "anchor", "")), str(item.message)


@register.filter
def cell_is_number(row: Sequence[object], index: int) -> bool:
    """Whether the heading above ``row[index]`` is set to the right like its column."""
    return index < len(row) and (row[index] is None or is_number(row[index]))


@register.filter
def page_numbers(page: Page[Any]) -> list[int]:
    """The page numbers to show, ``0`` standing for a gap: 1 0 6 7 8 0 20."""
    last = page.paginator.num_pages
    shown = sorted({1, *range(page.number - 1, page.number + 2), last} & set(range(1, last + 1)))
    numbers: list[int] = []
    for number_ in shown:
        if numbers and number_ > numbers[-1] + 1:
            numbers.append(0)
        numbers.append(number_)
    return numbers
