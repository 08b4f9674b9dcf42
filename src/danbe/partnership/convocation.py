"""The words of a convocation: an editable template, filled in with what the meeting says.

A template is a text with names in braces. Nothing in it is run: a name that is not known is
refused when the template is recorded.
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from danbe.core.models import Setting

KEY = "committee.convocation"
NAMES = (
    *("body", "acronym", "assembly", "kind", "reference", "day", "time", "room", "agenda"),
    "member",
)
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def default_template() -> str:
    """A model of Danbe, not an official form: the secretariat changes it."""
    return _(
        "Convocation\n\n"
        "To: {member}\n\n"
        "You are called to the following meeting of: {assembly}\n"
        "Kind of meeting: {kind}\n"
        "Reference: {reference}\n"
        "Date: {day}\n"
        "Time: {time}\n"
        "Place: {room}\n\n"
        "Agenda:\n{agenda}\n\n"
        "If your body cannot come, please tell the secretariat who will represent it.\n\n"
        "The permanent secretariat, {acronym}"
    )


def template() -> str:
    """The template as the secretariat last recorded it."""
    kept = Setting.objects.filter(key=KEY).first()
    return kept.value if kept is not None and kept.value.strip() else default_template()


def unknown_names(text: str) -> list[str]:
    """Names in braces that mean nothing here."""
    return sorted({name for name in PLACEHOLDER.findall(text) if name not in NAMES})


def fill_in(text: str, told: Mapping[str, str]) -> str:
    """The text with what is told; names that are not told stay, to be filled in later."""
    return PLACEHOLDER.sub(lambda found: told.get(found[1], found[0]), text)
