"""A plan outside the screen: workbook out and in, IATI, progress report."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange import iati, plan_xlsx
from danbe.exchange.return_layout import MAX_FILE
from danbe.exchange.return_xlsx import refuse
from danbe.plan.actions import save_framework
from danbe.plan.models import Plan, PlanStatus
from danbe.reports import export
from danbe.reports.document import Edition
from danbe.reports.plan_report import build
from danbe.web.download import download
from danbe.web.plan_view import crumbs, frame, language, plan_or_404
from danbe.web.report_view import Viewer, chapter_or_404
from danbekit.dates import Window
from danbekit.errors import BadWindow

FIRST_PART = "avancement"


@page("plan.read")
def plan_workbook(request: Request, pk: str) -> HttpResponse:
    """The framework as a workbook."""
    plan = plan_or_404(request, pk)
    data = plan_xlsx.write_plan(plan)
    return download(data, plan_xlsx.MEDIA_TYPE, plan_xlsx.file_name(plan))


@page("plan.write")
def plan_import(request: Request, pk: str) -> HttpResponse:
    """Load a framework into a draft: whole, or nothing and every wrong cell by its address."""
    plan = plan_or_404(request, pk)
    context: dict[str, Any] = {
        "plan": plan,
        "is_draft": plan.status == PlanStatus.DRAFT,
        "n_elements": plan.elements.count(),
        "crumbs": crumbs(plan, ("", _("Workbook"))),
    }
    if request.method != "POST":
        return render(request, "plan/import.html", context)
    try:
        file = request.FILES.get("file")
        if file is None:
            raise refuse("empty", _("Choose the workbook that you filled."))
        if file.size is None or file.size > MAX_FILE:
            raise refuse("large", _("This file is larger than 5 MB."))
        read = plan_xlsx.read_plan(plan, file.read())
        if read.cells:
            context |= {"cells": read.cells, "file_name": file.name}
            return render(request, "plan/import.html", context, status=400)
        save_framework(request.actor, plan, read.framework)
    except DomainError as error:
        return render(request, "plan/import.html", context | {"problem": error}, status=400)
    told = read.framework
    text = _(
        "The draft now holds %(activities)d activities, %(indicators)d indicators and "
        "%(money)d budget lines."
    )
    counts = {
        "activities": len(told.activities),
        "indicators": len(told.indicators),
        "money": len(told.money),
    }
    messages.success(request, text % counts)
    return redirect("plan_framework", plan.pk)


@page("plan.read")
def plan_iati(request: Request, pk: str) -> HttpResponse:
    """The published plan as IATI 2.03."""
    plan = plan_or_404(request, pk)
    if plan.status == PlanStatus.DRAFT:
        raise DomainError("plan.draft", _("A draft is not published as IATI."))
    data = iati.to_iati(plan, timezone.now())
    return download(data, iati.MEDIA_TYPE, f"iati-{plan.code}-v{plan.number}.xml")


# --- Report ---------------------------------------------------------------------------------


def _window(request: Request, plan: Plan) -> Window:
    """The year or quarter asked for; the present year by default, or the last of the plan."""
    today = timezone.localdate()
    default = Window.calendar_year(min(max(today.year, plan.start.year), plan.end.year))
    try:
        window = Window.parse(request.GET["window"])
    except (KeyError, BadWindow):
        return default
    if window.start.year not in plan.years or window.end.year != window.start.year:
        return default
    return window


def _edition(request: Request, plan: Plan) -> Edition:
    return build(plan, _window(request, plan), timezone.localdate())


@page("plan.read")
def plan_report(request: Request, pk: str) -> HttpResponse:
    """The progress report of a year or a quarter."""
    plan = plan_or_404(request, pk)
    window = _window(request, plan)
    asked = request.GET.get("part", FIRST_PART)
    edition = build(plan, window, timezone.localdate(), asked)
    chapter = chapter_or_404(edition.document, asked)
    windows = [
        one
        for year in plan.years
        for one in (Window.calendar_year(year), *(Window.quarter(year, n) for n in range(1, 5)))
    ]
    context = frame(request, plan, "plan_report", _("Report")) | {
        "document": edition.document,
        "chapter": chapter,
        "chapters": edition.document.chapters,
        "blocks": Viewer(edition, request.actor).shown(chapter.blocks),
        "window": window,
        "windows": [(w.code, w.label(language()), w == window) for w in windows],
        "url": reverse("plan_report", args=[plan.pk]),
    }
    return render(request, "plan/report.html", context)


def _file(request: Request, pk: str, kind: str) -> HttpResponse:
    plan = plan_or_404(request, pk)
    edition = _edition(request, plan)
    name = f"avancement-plan-{plan.code}-{edition.document.window}.{kind}".replace("..", "_")
    return download(export.WRITERS[kind](edition), export.MEDIA_TYPES[kind], name)


@page("plan.read")
def plan_report_pdf(request: Request, pk: str) -> HttpResponse:
    """On paper."""
    return _file(request, pk, "pdf")


@page("plan.read")
def plan_report_xlsx(request: Request, pk: str) -> HttpResponse:
    """As a workbook."""
    return _file(request, pk, "xlsx")


urlpatterns = [
    path("<uuid:pk>/workbook/", plan_workbook, name="plan_workbook"),
    path("<uuid:pk>/import/", plan_import, name="plan_import"),
    path("<uuid:pk>/iati/", plan_iati, name="plan_iati"),
    path("<uuid:pk>/report/", plan_report, name="plan_report"),
    path("<uuid:pk>/report/pdf/", plan_report_pdf, name="plan_report_pdf"),
    path("<uuid:pk>/report/xlsx/", plan_report_xlsx, name="plan_report_xlsx"),
]
