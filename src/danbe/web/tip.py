"""The dossier for the United States: periods, draft, frozen, files, freezing, errata."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.core.access import Actor, require
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.reports import queries, tip_export, wording
from danbe.reports.actions import add_erratum
from danbe.reports.document import Chapter, Document, Edition
from danbe.reports.models import Report
from danbe.reports.tip_actions import freeze_dossier
from danbe.reports.tip_dossier import KINDS
from danbe.reports.tip_gaps import days_left
from danbe.reports.tongue import ENGLISH, FRENCH, speaking
from danbe.web.download import download
from danbe.web.errors import at_field
from danbe.web.report_view import Viewer, said
from danbe.web.reports import ErratumForm, choices_of
from danbekit.dates import Window

MOST_PERIODS = 5  # drafts that the list offers
NAMES = {FRENCH: "Français", ENGLISH: "English"}


@dataclass(frozen=True, slots=True)
class Period:
    """One line of the list."""

    year: int
    window: Window
    label: str
    report: Report | None
    is_over: bool
    n_days: int  # before its last day, or since


@page("report.read")
def tip_list(request: Request) -> HttpResponse:
    """The periods: frozen, or still a draft; how many days are left."""
    today = timezone.localdate()
    periods = list(_periods(request.actor, today))
    context = {
        "periods": periods,
        "language": reader_language(),
        "current": next((p for p in periods if not p.is_over), None),
        "may_draft": request.actor.can("report.draft"),
        "may_freeze": request.actor.can("report.freeze"),
        "may_answer": request.actor.can("recommendation.read"),
        "crumbs": [("", _("TIP dossier"))],
    }
    return render(request, "tip/list.html", context)


def _periods(actor: Actor, today: datetime.date) -> Iterator[Period]:
    """Frozen periods for every reader; the last ones for who drafts."""
    frozen = {report.year: report for report in queries.frozen_years(actor, KINDS[FRENCH])}
    years = set(frozen)
    if actor.can("report.draft"):
        last = today.year if today >= Window.april_year(today.year).start else today.year - 1
        years |= set(range(last - MOST_PERIODS + 1, last + 1))
    for year in sorted(years, reverse=True):
        window = Window.april_year(year)
        n_days = days_left(window, today)
        label = window.label(get_language() or FRENCH)
        yield Period(year, window, label, frozen.get(year), n_days < 0, abs(n_days))


def reader_language() -> str:
    """The language in which a dossier opens: the reader's, else French."""
    return ENGLISH if (get_language() or FRENCH).startswith("en") else FRENCH


def known(year: int, language: str) -> tuple[int, str]:
    """A period and a language that a dossier may have. Raises a 404."""
    if not tip_export.FIRST_YEAR <= year <= timezone.localdate().year or language not in NAMES:
        raise Http404
    return year, language


# --- Reading ----------------------------------------------------------------------------------


@page("report.draft")
def tip_draft(request: Request, year: int, language: str) -> HttpResponse:
    """The dossier as things stand now."""
    return _shown(request, tip_export.draft(*known(year, language)), None)


@page("report.read")
def tip_detail(request: Request, year: int, language: str) -> HttpResponse:
    """The frozen dossier, from what was stored on that day and nothing else."""
    report = _frozen(request.actor, year, language)
    if report is None:
        raise Http404
    return _shown(request, queries.edition_of(report), report)


def _frozen(actor: Actor, year: int, language: str) -> Report | None:
    return queries.frozen(actor, year, KINDS[known(year, language)[1]])


def _shown(request: Request, edition: Edition, report: Report | None) -> HttpResponse:
    document = edition.document
    chapter = _chapter(document, request.GET.get("part", ""))
    place = document.chapters.index(chapter)
    chapters = document.chapters
    frozen = report or _frozen(request.actor, document.year, document.language)
    with speaking(document.language):
        blocks = Viewer(edition, request.actor).shown(chapter.blocks)
        spoken = {
            "errata": [(one.label, said(one)) for one in edition.corrections],
            "status": wording.status(edition.frozen_on, document.extracted_on),
            "fingerprint": wording.fingerprint(edition.digest) if edition.digest else "",
        }
    address = "tip_draft" if report is None else "tip_detail"
    context: dict[str, Any] = {
        "edition": edition,
        "document": document,
        "chapter": chapter,
        "chapters": chapters,
        "before": chapters[place - 1] if place else None,
        "after": chapters[place + 1] if place + 1 < len(chapters) else None,
        "blocks": blocks,
        "report": report,
        "frozen": frozen,
        "languages": [
            (reverse(address, args=[document.year, code]), code, name, code == document.language)
            for code, name in NAMES.items()
        ],
        "may_freeze": frozen is None and request.actor.can("report.freeze"),
        "crumbs": [
            (reverse("tip_list"), _("TIP dossier")),
            ("", Window.parse(document.window).label(get_language() or FRENCH)),
        ],
    }
    return render(request, "tip/dossier.html", context | spoken)


def _chapter(document: Document, code: str) -> Chapter:
    """The chapter asked for; the first one by default."""
    if not code:
        return document.chapters[0]
    for chapter in document.chapters:
        if chapter.code == code:
            return chapter
    raise Http404


# --- Files ------------------------------------------------------------------------------------


@page("report.read")
def tip_pdf(request: Request, year: int, language: str) -> HttpResponse:
    """On paper."""
    return _file(request, year, language, "pdf")


@page("report.read")
def tip_docx(request: Request, year: int, language: str) -> HttpResponse:
    """For a word processor."""
    return _file(request, year, language, "docx")


@page("report.read")
def tip_json(request: Request, year: int, language: str) -> HttpResponse:
    """For machines."""
    return _file(request, year, language, "json")


def _file(request: Request, year: int, language: str, kind: str) -> HttpResponse:
    """The frozen dossier; before it is frozen, the draft, for whoever drafts."""
    report = _frozen(request.actor, year, language)
    if report is None or "draft" in request.GET:
        require(request.actor, "report.draft")
        edition = tip_export.draft(year, language)
    else:
        edition = queries.edition_of(report)
    draft = {FRENCH: "-projet", ENGLISH: "-draft"}[language] if edition.is_draft else ""
    word = {FRENCH: "dossier-tip", ENGLISH: "tip-dossier"}[language]
    name = f"{word}-{year}-{year + 1}{draft}.{kind}"
    return download(tip_export.WRITERS[kind](edition), tip_export.MEDIA_TYPES[kind], name)


# --- Freezing ---------------------------------------------------------------------------------


@page("report.freeze")
def tip_freeze(request: Request, year: int) -> HttpResponse:
    """What freezing would fix for ever; then, by POST, do it."""
    language = reader_language()
    if _frozen(request.actor, year, language):
        return redirect("tip_detail", year, language)
    problem: DomainError | None = None
    today = timezone.localdate()
    if request.method == "POST":
        try:
            freeze_dossier(request.actor, year, today=today)
        except DomainError as error:
            problem = error
        else:
            messages.success(request, _("The dossier is frozen. It will not change any more."))
            return redirect("tip_detail", year, language)
    window = Window.april_year(year)
    label = window.label(get_language() or FRENCH)
    context = {
        "year": year,
        "language": language,
        "label": label,
        "is_over": today > window.end,
        "n_days": abs(days_left(window, today)),
        "problem": problem,
        "crumbs": [
            (reverse("tip_list"), _("TIP dossier")),
            (reverse("tip_draft", args=[year, language]), label),
            ("", _("Freeze")),
        ],
    }
    return render(request, "tip/freeze.html", context, status=409 if problem else 200)


# --- Errata -----------------------------------------------------------------------------------


@page("report.correct")
def tip_erratum(request: Request, year: int) -> HttpResponse:
    """Correct a figure of a frozen dossier; the correction stands in both languages."""
    report = _frozen(request.actor, year, FRENCH)
    if report is None:
        raise Http404
    edition = queries.edition_of(report)
    asked = request.GET.get("figure", "")
    form = ErratumForm(request.POST or None, initial={"figure": asked})
    form.fields["figure"] = forms.ChoiceField(
        label=form.fields["figure"].label, choices=choices_of(edition, request.GET)
    )
    if request.method == "POST" and form.is_valid():
        try:
            add_erratum(request.actor, report, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The erratum stands beside the figure."))
            return redirect("tip_detail", year, reader_language())
    back = reverse("tip_detail", args=[year, reader_language()])
    label = Window.april_year(year).label(get_language() or FRENCH)
    context = {
        "form": form,
        "eyebrow": label,
        "title": _("Correct a figure"),
        "lead": _(
            "The printed figure stays. The correction stands beside it, dated, with its reason, "
            "on the page and in every file, for ever."
        ),
        "back": back,
        "crumbs": [
            (reverse("tip_list"), _("TIP dossier")),
            (back, label),
            ("", _("Erratum")),
        ],
    }
    return render(request, "plan/work_form.html", context)


urlpatterns = [
    path("", tip_list, name="tip_list"),
    path("recommendations/", include("danbe.web.tip_answers")),
    path("<int:year>/freeze/", tip_freeze, name="tip_freeze"),
    path("<int:year>/erratum/", tip_erratum, name="tip_erratum"),
    path("<int:year>/<slug:language>/", tip_detail, name="tip_detail"),
    path("<int:year>/<slug:language>/draft/", tip_draft, name="tip_draft"),
    path("<int:year>/<slug:language>/pdf/", tip_pdf, name="tip_pdf"),
    path("<int:year>/<slug:language>/docx/", tip_docx, name="tip_docx"),
    path("<int:year>/<slug:language>/json/", tip_json, name="tip_json"),
]
