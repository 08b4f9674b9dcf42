"""What stands behind a figure: the returns, and the table as a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from danbe.accounts.queries import body
from danbe.core.access import Actor, visible
from danbe.core.pages import Request, page
from danbe.exchange.figure_table import FigureTable, SourceLine, to_csv, to_xlsx
from danbe.figures.completeness import absent_from
from danbe.figures.models import Observation, Return
from danbe.figures.queries import STOCK, Table, figure_rows, sources, table
from danbe.web import windows
from danbe.web.download import download
from danbe.web.listing import page_of
from danbe.web.question import (
    BY_LABELS,
    Question,
    explanations_of,
    is_fictitious,
    question_of,
    said_straddling,
    sees_every_return,
    sees_return_of,
)
from danbe.web.units import unit_of
from danbekit.dates import Window

MOST_SOURCES = 5_000  # in a file
MOST_TEXTS = 200  # sources whose explanations are looked up
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Source:
    """One number of one return, and what became of it."""

    observation: Observation
    window: str
    tone: str
    status: str
    shows_value: bool
    explanation: str = ""

    @property
    def notes(self) -> list[str]:
        """What is written beside the number, each text once."""
        texts = (self.explanation, self.observation.source_return.source_note)
        return list(dict.fromkeys(t for t in texts if t and self.shows_value))


@page("figure.read")
def figure_sources(request: Request) -> HttpResponse:
    """The returns behind a figure, those left out, and why."""
    asked = question_of(request)
    rows = sources(asked.definition, asked.window, asked.place)
    found = page_of(request, rows, PER_PAGE)
    shown = list(found.object_list)
    told = table(asked.definition, asked.window, "region", asked.place)
    context = {
        "asked": asked,
        "figure": told.figure,
        "unit": unit_of(asked.definition, told.figure.value),
        "page": found,
        "sources": list(source_lines(request.actor, asked, shown)),
        "may_read": request.actor.can("return.read"),
        "hides_values": not sees_every_return(request.actor),
        "explorer_url": asked.url(),
        "export_url": asked.url("figure_export", view=""),
        "crumbs": [(asked.url(), asked.definition.label), ("", _("Sources"))],
    }
    return render(request, "figures/sources.html", context)


def source_lines(actor: Actor, asked: Question, rows: Sequence[Observation]) -> Iterable[Source]:
    """Each number with its fate, in words."""
    kept = figure_rows([asked.definition], asked.window, asked.place)
    in_figure = set(kept.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    texts = explained(actor, rows) if len(rows) <= MOST_TEXTS else {}
    for row in rows:
        tone, status = fate_of(row, asked, row.pk in in_figure)
        shows = sees_return_of(actor, row.organisation_id)
        text = texts.get((row.source_return_id, row.place_id), "") if shows else ""
        label = windows.short(Window(row.start, row.end))
        yield Source(row, label, tone, status, shows, text)


def fate_of(row: Observation, asked: Question, is_in: bool) -> tuple[str, str]:
    """Tone and words: counted, or why not."""
    if is_in:
        return "good", _("Counted")
    if not row.counted:
        return "neutral", _("Same fact as another return: not counted twice")
    if asked.definition.flow_or_stock == STOCK and row.end <= asked.window.end:
        return "neutral", _("Replaced by a later number of the same body")
    return "warn", _("Covers a part of the period only: not counted")


def explained(actor: Actor, rows: Sequence[Observation]) -> Mapping[tuple[Any, str], str]:
    """(return, place) -> what its body wrote under the number."""
    code = rows[0].definition_id if rows else ""
    readable = visible(actor, Return, "return.read")
    contents = readable.filter(pk__in={row.source_return_id for row in rows})
    found: dict[tuple[Any, str], str] = {}
    for pk, content in contents.values_list("pk", "content"):
        for line in (content.get("lines") or {}).get(code) or []:
            if text := str(line.get("explanation") or "").strip():
                found[pk, str(line.get("place"))] = text
    return found


# --- The file -------------------------------------------------------------------------------

KINDS = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
    "csv": ("text/csv; charset=utf-8", to_csv),
}


@page("figure.read")
def figure_export(request: Request) -> HttpResponse:
    """The table on the page as a file, computed with the rights of whoever asks for it."""
    asked = question_of(request)
    kind = request.GET.get("format", "xlsx")
    if kind not in KINDS:
        raise Http404
    told = table(asked.definition, asked.window, asked.by, asked.place)
    media_type, write = KINDS[kind]
    data = write(
        FigureTable(
            told,
            unit_of(asked.definition),
            asked.place_name,
            str(BY_LABELS[asked.by]),
            body().acronym,
            timezone.localdate(),
            tuple(file_sources(request.actor, asked)),
            tuple(file_notes(asked, told)),
        )
    )
    name = f"danbe-{asked.definition.code}-{asked.window.code}-{asked.by}.{kind}"
    return download(data, media_type, name)


def file_sources(actor: Actor, asked: Question) -> Iterable[SourceLine]:
    """The sources as lines of a file; the number only where the reader may see it."""
    rows = list(sources(asked.definition, asked.window, asked.place)[:MOST_SOURCES])
    for source in source_lines(actor, asked, rows):
        row = source.observation
        notes = source.notes + ([_("Fictitious")] if row.source_return.is_fictitious else [])
        yield SourceLine(
            row.organisation.label,
            Window(row.start, row.end),
            row.place.name_fr,
            row.value if source.shows_value else None,
            source.status,
            ". ".join(notes),
        )


def file_notes(asked: Question, told: Table) -> Iterable[str]:
    """The reservations that travel with the numbers."""
    if asked.definition.flow_or_stock == STOCK:
        yield _("A state, not a sum: the last number of each body in the period.")
    if text := said_straddling(asked, told.figure):
        yield text
    if is_fictitious(asked):
        yield _("Some of the returns are fictitious: made for demonstration.")
    n_silent = sum(
        not one.answered
        for one in absent_from(asked.definition, asked.window, timezone.localdate())
    )
    if n_silent:
        text = ngettext(
            "%(n)d body that owes this figure has no accepted return for the whole period.",
            "%(n)d bodies that owe this figure have no accepted return for the whole period.",
            n_silent,
        )
        yield text % {"n": n_silent}
    yield from explanations_of(asked, told)


urlpatterns = [
    path("sources/", figure_sources, name="figure_sources"),
    path("export/", figure_export, name="figure_export"),
]
