"""A plan cut another way: the operational plan of a year, versions side by side, one funder."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.models import Term
from danbe.core.pages import Request, page
from danbe.exchange.plan_xlsx import labels, sheet_names
from danbe.plan import queries
from danbe.plan.models import Money
from danbe.plan.versions import TABLES, compare_plans
from danbe.reports import export
from danbe.reports.operational_plan import Maker
from danbe.web.download import download
from danbe.web.listing import page_of
from danbe.web.plan_view import crumbs, frame, money_bars, money_rows, plan_or_404
from danbe.web.report_view import Viewer, chapter_or_404

PER_PAGE = 60
MOST_CHANGES = 200


# --- The operational plan of a year ---------------------------------------------------------


def _maker(request: Request, pk: str, year: int) -> Maker:
    plan = plan_or_404(request, pk)
    if year not in plan.years:
        raise Http404
    return Maker(timezone.localdate(), plan, year)


@page("plan.read")
def plan_year(request: Request, pk: str, year: int) -> HttpResponse:
    """The operational plan of one year, a chapter at a time."""
    maker = _maker(request, pk, year)
    asked = request.GET.get("part") or next(iter(maker.parts()))
    edition, plan = maker.edition(asked), maker.plan
    chapters = edition.document.chapters
    chapter = chapter_or_404(edition.document, asked)
    context = frame(request, plan, "plan_year", edition.document.title) | {
        "year": year,
        "years": [(reverse("plan_year", args=[plan.pk, y]), str(y), y == year)
                  for y in plan.years],
        "parts": [(f"?part={one.code}", one.title, one.code == asked) for one in chapters],
        "chapter": chapter,
        "blocks": Viewer(edition, request.actor).shown(chapter.blocks),
    }  # fmt: skip
    return render(request, "plan/year.html", context)


def _file(request: Request, pk: str, year: int, kind: str) -> HttpResponse:
    maker = _maker(request, pk, year)
    name = f"plan-operationnel-{maker.plan.code}-{year}.{kind}"
    return download(export.WRITERS[kind](maker.edition()), export.MEDIA_TYPES[kind], name)


@page("plan.read")
def plan_year_pdf(request: Request, pk: str, year: int) -> HttpResponse:
    """On paper."""
    return _file(request, pk, year, "pdf")


@page("plan.read")
def plan_year_xlsx(request: Request, pk: str, year: int) -> HttpResponse:
    """As a workbook."""
    return _file(request, pk, year, "xlsx")


# --- Versions -------------------------------------------------------------------------------


@page("plan.read")
def plan_compare(request: Request, pk: str) -> HttpResponse:
    """What changed from one version to another."""
    plan = plan_or_404(request, pk)
    others = [one for one in queries.versions(plan, request.actor) if one.pk != plan.pk]
    asked = request.GET.get("with", "")
    other = next((one for one in others if str(one.number) == asked), None)
    if other is None and not asked:  # by default, the version before this one
        other = next((one for one in others if one.number < plan.number), None)
        other = other or (others[0] if others else None)
    changes = compare_plans(other, plan) if other else []
    names, columns = sheet_names(), labels() | {"targets": _("Targets")}
    paged = page_of(request, changes, MOST_CHANGES)
    shown = [
        (change, [(columns.get(d.column, d.column), d) for d in change.differences])
        for change in paged
    ]
    context = frame(request, plan, "plan_compare", _("Comparison of versions")) | {
        "other": other,
        "others": others,
        "page": paged,
        "tables": [
            (names[table], rows)
            for table in TABLES
            if (rows := [one for one in shown if one[0].table == table])
        ],
    }
    return render(request, "plan/compare.html", context)


# --- One funder -----------------------------------------------------------------------------


@page("plan.read")
def plan_source(request: Request, pk: str, code: str) -> HttpResponse:
    """What one source of funding gives: by year, and to which activities."""
    plan = plan_or_404(request, pk)
    term = get_object_or_404(Term, list="funding_source", code=code)
    lines = Money.objects.filter(activity__plan=plan, source=code)
    funded = queries.activities_of(plan).filter(pk__in=lines.values("activity"))
    told = queries.budget(plan, source=code)
    paged = page_of(request, funded, PER_PAGE)
    amounts = queries.amounts_by_activity(lines.filter(activity__in=[a.pk for a in paged]))
    title = _("By year")
    context = frame(request, plan, "plan_source", term.label) | {
        "term": term,
        "total": told.total,
        "drawing": money_bars(told.by_year, title),
        "money": money_rows(told.by_year),
        "head": ["", _("Needed"), _("Allocated"), _("Disbursed")],
        "page": paged,
        "rows": [(one, amounts[one.pk]) for one in paged],
        "crumbs": crumbs(
            plan, (reverse("plan_budget", args=[plan.pk]), _("Budget")), ("", term.label)
        ),
    }
    return render(request, "plan/source.html", context)


urlpatterns = [
    path("<uuid:pk>/year/<int:year>/", plan_year, name="plan_year"),
    path("<uuid:pk>/year/<int:year>/pdf/", plan_year_pdf, name="plan_year_pdf"),
    path("<uuid:pk>/year/<int:year>/xlsx/", plan_year_xlsx, name="plan_year_xlsx"),
    path("<uuid:pk>/compare/", plan_compare, name="plan_compare"),
    path("<uuid:pk>/source/<slug:code>/", plan_source, name="plan_source"),
]
