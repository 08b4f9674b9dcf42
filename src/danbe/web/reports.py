"""The annual report: years, draft, frozen, downloads, freezing, errata, what moved since."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.core.access import Actor, require
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.figures.completeness import Completeness, completeness
from danbe.reports import export, queries, wording
from danbe.reports.actions import add_erratum, freeze_report
from danbe.reports.annual import OPENING
from danbe.reports.calendar import calendar
from danbe.reports.changes import Change, changes
from danbe.reports.document import Block, Chapter, Document, Edition, Heading
from danbe.reports.models import Report
from danbe.web.download import download
from danbe.web.errors import at_field
from danbe.web.report_view import Viewer, chapter_or_404, said
from danbekit.dates import Window

YEARS = (1990, 2199)
MOST_COUNTED = 3  # drafts whose completeness is counted in the list


@dataclass(frozen=True, slots=True)
class Year:
    """One line of the list."""

    year: int
    report: Report | None
    is_over: bool
    owed: Completeness | None


@dataclass(frozen=True, slots=True)
class Cut:
    """One page of a long chapter."""

    url: str
    name: str
    headings: list[Heading]


@page("report.read")
def report_list(request: Request) -> HttpResponse:
    """Every year: frozen, or still a draft; and what is owed to whom."""
    today = timezone.localdate()
    may_draft = request.actor.can("report.draft")
    context = {
        "years": list(_years(request.actor, today, with_drafts=may_draft)),
        "may_draft": may_draft,
        "may_freeze": request.actor.can("report.freeze"),
        "calendar": [(due, due.next_after(today)) for due in calendar()],
        "next_due": next((d.next_after(today) for d in calendar() if d.code == "annual"), None),
        "last_year": today.year - 1,
        "crumbs": [("", _("Reports"))],
    }
    return render(request, "reports/list.html", context)


def _years(actor: Actor, today: datetime.date, *, with_drafts: bool) -> Iterator[Year]:
    """Frozen years for every reader; years with accepted returns for who drafts."""
    frozen = {report.year: report for report in queries.frozen_years(actor)}
    years = set(frozen)
    if with_drafts:
        years |= queries.years_with_returns(actor) | {today.year - 1}
    n_counted = 0
    for year in sorted(years, reverse=True):
        owed = None
        if year not in frozen and n_counted < MOST_COUNTED:
            n_counted += 1
            owed = completeness(actor, Window.calendar_year(year), today)
        yield Year(year, frozen.get(year), year < today.year, owed)


# --- Reading --------------------------------------------------------------------------------


@page("report.draft")
def report_draft(request: Request, year: int) -> HttpResponse:
    """The report as the accepted returns stand now."""
    only, asked = request.GET.get("part") or OPENING, _page_asked(request)
    edition = export.draft(_known(year), only, asked)
    last = len(_chapter(edition.document, only).pages)
    if asked > last:
        edition = export.draft(year, only, last)
    return _shown(request, edition, None)


@page("report.read")
def report_detail(request: Request, year: int) -> HttpResponse:
    """The frozen report, from what was stored on that day and nothing else."""
    report = queries.frozen(request.actor, year)
    if report is None:
        raise Http404
    return _shown(request, queries.edition_of(report), report)


def _known(year: int) -> int:
    """A year that a report may have. Raises a 404."""
    if not YEARS[0] <= year <= YEARS[1]:
        raise Http404
    return year


def _shown(request: Request, edition: Edition, report: Report | None) -> HttpResponse:
    document = edition.document
    chapter = _chapter(document, request.GET.get("part", ""))
    pages = chapter.pages
    cuts = _cuts(chapter.code, pages)
    there = min(_page_asked(request), len(pages))
    before, after = _around(document, chapter, cuts, there)
    frozen = queries.frozen(request.actor, document.year) if edition.is_draft else report
    context = {
        "edition": edition,
        "document": document,
        "chapter": chapter,
        "chapters": document.chapters,
        "before": before,
        "after": after,
        "blocks": Viewer(edition, request.actor).shown(pages[there - 1]),
        "cuts": cuts,
        "there": there,
        "errata": [(one.label, said(one)) for one in edition.corrections],
        "report": report,
        "frozen": frozen,
        "status": wording.status(edition.frozen_on, document.extracted_on),
        "fingerprint": wording.fingerprint(edition.digest) if edition.digest else "",
        "may_freeze": edition.is_draft and frozen is None and request.actor.can("report.freeze"),
        "may_compare": frozen is not None and request.actor.can("report.draft"),
        "crumbs": [(reverse("report_list"), _("Reports")), ("", document.title)],
    }
    return render(request, "reports/report.html", context)


def _page_asked(request: Request) -> int:
    """The page of a chapter; the first when none is said."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if re.fullmatch(r"[0-9]{1,4}", asked) else 1


def _cuts(code: str, pages: Sequence[Sequence[Block]]) -> list[Cut]:
    """The pages of a chapter that has several."""
    cuts = []
    for n, blocks in enumerate(pages if len(pages) > 1 else (), 1):
        headings = [block for block in blocks if isinstance(block, Heading)]
        name = wording.sections([heading.number for heading in headings])
        cuts.append(Cut(f"?part={code}&page={n}", name, headings))
    return cuts


def _around(
    document: Document, chapter: Chapter, cuts: Sequence[Cut], page: int
) -> list[tuple[str, str] | None]:
    """Address and name of what is read before and after a page: of this chapter, or the next."""
    place = document.chapters.index(chapter)
    found: list[tuple[str, str] | None] = []
    for step in (-1, 1):
        if 0 < page + step <= len(cuts):
            cut = cuts[page + step - 1]
            found.append((cut.url, f"{chapter.title}, {cut.name}"))
        elif 0 <= place + step < len(document.chapters):
            beside = document.chapters[place + step]
            found.append((f"?part={beside.code}", beside.title))
        else:
            found.append(None)
    return found


def _chapter(document: Document, code: str) -> Chapter:
    """The chapter asked for; the first one by default."""
    return chapter_or_404(document, code or document.chapters[0].code)


# --- Downloads ------------------------------------------------------------------------------


@page("report.read")
def report_pdf(request: Request, year: int) -> HttpResponse:
    """On paper."""
    return _file(request, year, "pdf")


@page("report.read")
def report_xlsx(request: Request, year: int) -> HttpResponse:
    """As a workbook."""
    return _file(request, year, "xlsx")


@page("report.read")
def report_json(request: Request, year: int) -> HttpResponse:
    """For machines."""
    return _file(request, year, "json")


def _file(request: Request, year: int, kind: str) -> HttpResponse:
    """The frozen report; before it is frozen, the draft, for whoever drafts."""
    report = queries.frozen(request.actor, year)
    wants_draft = "draft" in request.GET
    if report is None or wants_draft:
        require(request.actor, "report.draft")
        edition = export.draft(_known(year))
    else:
        edition = queries.edition_of(report)
    name = f"rapport-annuel-{year}{'-projet' if edition.is_draft else ''}.{kind}"
    return download(export.WRITERS[kind](edition), export.MEDIA_TYPES[kind], name)


# --- Freezing -------------------------------------------------------------------------------


@page("report.freeze")
def report_freeze(request: Request, year: int) -> HttpResponse:
    """What freezing would fix for ever: who is silent, what is undecided. Then, by POST, do it."""
    if queries.frozen(request.actor, _known(year)):
        return redirect("report_detail", year)
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            freeze_report(request.actor, year, today=timezone.localdate())
        except DomainError as error:
            problem = error
        else:
            messages.success(request, _("The report is frozen. It will not change any more."))
            return redirect("report_detail", year)
    window, today = Window.calendar_year(year), timezone.localdate()
    owed = completeness(request.actor, window, today)
    edition = export.draft(year)
    keys = [figure for figure in edition.document.figures if figure.key.endswith(f"@{year}")]
    context = {
        "year": year,
        "is_over": year < today.year,
        "owed": owed,
        "silent": owed.silent,
        "n_pending": owed.n_received - owed.n_accepted,
        "n_overlaps": queries.n_open_overlaps(window),
        "n_figures": sum(f.value is not None for f in keys if f.definition and not f.by),
        "problem": problem,
        "crumbs": [
            (reverse("report_list"), _("Reports")),
            (reverse("report_draft", args=[year]), edition.document.title),
            ("", _("Freeze")),
        ],
    }
    return render(request, "reports/freeze.html", context, status=409 if problem else 200)


# --- Errata ---------------------------------------------------------------------------------


class ErratumForm(forms.Form):
    """One correction."""

    figure = forms.ChoiceField(label=gettext_lazy("Figure to correct"))
    new_value = forms.IntegerField(
        label=gettext_lazy("What it should have been"),
        min_value=0,
        required=False,
        help_text=gettext_lazy("Leave empty if the figure should have been «no data»."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Printed beside the figure for ever. No name of a person."),
    )


@page("report.correct")
def report_erratum(request: Request, year: int) -> HttpResponse:
    """Correct a figure of a frozen report: the figure stays, the correction stands beside it."""
    report = queries.frozen(request.actor, year)
    if report is None:
        raise Http404
    edition = queries.edition_of(report)
    choices = choices_of(edition, request.GET)
    form = ErratumForm(
        request.POST or None, initial={"figure": request.GET.get("figure", ""), **_live(request)}
    )
    form.fields["figure"].choices = choices  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            add_erratum(
                request.actor,
                report,
                figure=told["figure"],
                new_value=told["new_value"],
                reason=told["reason"],
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The erratum stands beside the figure."))
            return redirect("report_detail", year)
    context = {
        "form": form,
        "edition": edition,
        "crumbs": [
            (reverse("report_list"), _("Reports")),
            (reverse("report_detail", args=[year]), edition.document.title),
            ("", _("Erratum")),
        ],
    }
    return render(request, "reports/erratum.html", context)


def _live(request: Request) -> Mapping[str, str]:
    """The value that the page of changes proposes."""
    value = request.GET.get("value", "")
    return {"new_value": value} if value.isdecimal() else {}


def choices_of(edition: Edition, asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """The figures of one table, one figure, or the totals of the year: never a thousand."""
    document = edition.document
    figures = document.by_key()
    keys: list[str] = []
    if asked.get("figure") in figures:
        keys = [asked["figure"]]
    elif asked.get("table"):
        tables = [t for t in document.tables() if t.code == asked["table"]]
        keys = [c.figure for t in tables for row in t.rows for c in row.cells if c.figure]
    keys = keys or [f.key for f in document.figures if f.definition and not f.by]
    return [
        (key, f"{figures[key].label}, {figures[key].window}\u00a0: {_present(edition, key)}")
        for key in dict.fromkeys(keys)
    ]


def _present(edition: Edition, key: str) -> str:
    """The figure as it reads today, errata included."""
    last = edition.corrections_of(key)[-1:]
    figure = edition.document.by_key()[key]
    return wording.number(last[0].new_value if last else figure.value, figure.at_least)


@page("report.draft")
def report_changes(request: Request, year: int) -> HttpResponse:
    """What the accepted returns say today that the frozen report does not."""
    report = queries.frozen(request.actor, year)
    if report is None:
        raise Http404
    frozen = queries.edition_of(report)
    found: list[Change] = changes(frozen, export.draft(year).document)
    context = {
        "edition": frozen,
        "changes": found,
        "may_correct": request.actor.can("report.correct"),
        "crumbs": [
            (reverse("report_list"), _("Reports")),
            (reverse("report_detail", args=[year]), frozen.document.title),
            ("", _("Changes since")),
        ],
    }
    return render(request, "reports/changes.html", context)


urlpatterns = [
    path("", report_list, name="report_list"),
    path("<int:year>/", report_detail, name="report_detail"),
    path("<int:year>/draft/", report_draft, name="report_draft"),
    path("<int:year>/pdf/", report_pdf, name="report_pdf"),
    path("<int:year>/xlsx/", report_xlsx, name="report_xlsx"),
    path("<int:year>/json/", report_json, name="report_json"),
    path("<int:year>/freeze/", report_freeze, name="report_freeze"),
    path("<int:year>/erratum/", report_erratum, name="report_erratum"),
    path("<int:year>/changes/", report_changes, name="report_changes"),
]
