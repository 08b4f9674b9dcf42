"""The letters of a convocation on paper: A4, a page or more a body, tagged for screen readers."""

import json
from dataclasses import dataclass
from pathlib import Path

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.reports.pdf import fonts

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: to which body, in which words."""

    member: str
    text: str


def write_letters(reference: str, body: str, letters: list[Letter]) -> bytes:
    """Set the letters; what they say is data, never run as code."""
    told = {
        "title": _("Convocation %(reference)s") % {"reference": reference},
        "body": body,
        "lang": get_language() or "fr",
        "letters": [{"member": one.member, "paragraphs": one.text.split("\n")} for one in letters],
    }
    compiler = typst.Compiler(
        str(HERE / "typst" / "convocation.typ"),
        root=str(HERE / "typst"),
        font_paths=fonts(),
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    assert isinstance(made, bytes)  # one file, since no output path was given
    return made
