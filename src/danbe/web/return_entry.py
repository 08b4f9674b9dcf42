"""Writing a return: one page an axis, one for the texts, one that checks it all."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from danbe.core.access import Actor, visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange.return_layout import is_long
from danbe.figures.actions import (
    OPEN,
    digest_of,
    parsed_return,
    part_of,
    save_part,
    tick_no_data,
    unanswered,
)
from danbe.figures.content import (
    MAX_TEXT,
    Parsed,
    Problem,
    Vocabulary,
    asked_of,
    parse,
    place_labels,
    plain,
    said_before,
    spoken,
    vocabulary,
)
from danbe.figures.models import Axis, Breakdown, Definition, Return, Status
from danbe.web.return_form import FormMaker, QuestionForm, kept, page_codes, typed_lines
from danbe.web.units import unit_of
from danbe.web.windows import spoken as spoken_window
from danbekit.dates import Window


def may_write(actor: Actor, row: Return) -> bool:
    """Whether the form is shown rather than what was entered."""
    rows = visible(actor, Return, "return.write")
    return row.status in OPEN and rows.filter(pk=row.pk).exists()


def vocabulary_of(row: Return) -> Vocabulary:
    """What the return may speak of, and what the body said last time."""
    definitions = asked_of(row.organisation.type, row.axes.split())
    return vocabulary(Window(row.start, row.end), definitions, said_before(row))


def crumbs_of(row: Return, *last: tuple[str, str]) -> list[tuple[str, str]]:
    """Returns > this one > the page."""
    name = f"{row.organisation.code}, {spoken_window(Window(row.start, row.end))}"
    own = reverse("return_detail", args=[row.pk]) if last else ""
    return [(reverse("return_list"), _("Returns")), (own, name), *last]


# --- One axis -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """The questions of one axis on one page, and what was seen when it was made."""

    row: Return
    axis: str
    known: Vocabulary
    asked: Sequence[Definition]
    codes: Sequence[str]  # whose fields are on the page

    def questions(
        self, content: Mapping[str, Any], parsed: Parsed, more: str = ""
    ) -> list[QuestionForm]:
        """Every question of the axis; long ones without their fields."""
        maker = FormMaker(self.known, content, parsed)
        made = []
        for definition in self.asked:
            if definition.code in self.codes:
                made.append(maker.question(definition, more=more == definition.code))
            elif len(self.codes) != 1:
                made.append(replace(maker.question(definition), is_apart=True, lines=()))
        return made


@page("return.read")
def return_axis(request: Request, pk: str, axis: str) -> HttpResponse:
    """The questions of one axis: a form for who may write, the answers for the others."""
    row = visible_or_404(request.actor, Return, "return.read", pk)
    if axis not in row.axes.split():
        raise Http404
    asked = asked_of(row.organisation.type, [axis])
    only = request.GET.get("q", "")
    if only and only not in {d.code for d in asked}:
        raise Http404
    if request.method == "POST":
        return _save_axis(request, row, axis, asked)
    known = vocabulary_of(row)
    parsed = parse(row.content, known)
    if not may_write(request.actor, row):
        return _read_axis(request, Page(row, axis, known, asked, ()), parsed)
    shown = Page(row, axis, known, asked, page_codes(asked, row.content, only))
    more = request.GET.get("more", "")
    seen = digest_of(part_of(row.content, shown.codes))
    return _show_axis(request, shown, shown.questions(row.content, parsed, more), seen)


def _show_axis(
    request: Request,
    shown: Page,
    questions: Sequence[QuestionForm],
    seen: str,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    row, axis, alone = shown.row, shown.axis, ""
    if len(shown.codes) == 1 and len(shown.asked) > 1:
        alone = shown.codes[0]
        questions = [replace(question, is_open=True) for question in questions]
    axes = row.axes.split()
    position = axes.index(axis)
    crumbs = [("", str(Axis(axis).label))]
    if alone:
        url = reverse("return_axis", args=[row.pk, axis])
        crumbs = [(url, str(Axis(axis).label)), ("", questions[0].definition.number)]
    context = {
        "row": row,
        "axis": axis,
        "window": spoken_window(Window(row.start, row.end)),
        "questions": questions,
        "alone": alone,
        "codes": " ".join(shown.codes),
        "n_answered": sum(q.state != "empty" for q in questions),
        "next_axis": axes[position + 1] if position + 1 < len(axes) else "",
        "tabs": axis_tabs(row, axis),
        "lists": _long_lists(shown.known, questions),
        "seen": seen,
        "tab": secrets.token_hex(8),
        "problem": problem,
        "crumbs": crumbs_of(row, *crumbs),
    }
    return render(request, "returns/axis.html", context, status=status)


def axis_tabs(row: Return, here: str) -> list[tuple[str, str, bool]]:
    """The pages of a return, as tabs."""
    tabs = [
        (reverse("return_axis", args=[row.pk, axis]), str(Axis(axis).label), axis == here)
        for axis in row.axes.split()
    ]
    tabs.append((reverse("return_text", args=[row.pk]), _("Narrative"), here == "text"))
    tabs.append((reverse("return_check", args=[row.pk]), _("Check"), here == "check"))
    return tabs


def _long_lists(known: Vocabulary, questions: Sequence[QuestionForm]) -> dict[str, Sequence[str]]:
    """The lists to choose from while typing (countries), once a page."""
    lists: dict[str, Sequence[str]] = {}
    for question in questions:
        for breakdown in question.long_lists if question.lines else ():
            name = question.definition.category_list if breakdown == "category" else breakdown
            lists[name] = list(known.keys_of(question.definition, breakdown).values())
    return lists


def _save_axis(
    request: Request, row: Return, axis: str, asked: Sequence[Definition]
) -> HttpResponse:
    """Keep what the page holds; come back to it, add or remove a line, or go on."""
    known = vocabulary_of(row)
    sent = request.POST.get("codes", "").split()
    shown = Page(row, axis, known, asked, [d.code for d in asked if d.code in sent])
    content = typed_lines(request.POST, known, shown.codes)
    by_itself = "X-Danbe-Autosave" in request.headers
    do, _colon, where = request.POST.get("do", "").partition(":")
    _apply(content, do, where, known)
    try:
        save_part(
            request.actor,
            row,
            codes=shown.codes,
            content=kept(content),
            seen=request.POST.get("version", ""),
            tab=plain(request.POST.get("tab"))[:32],
            more=by_itself,
        )
    except DomainError as error:
        return _refused(request, shown, content, error, by_itself)
    if by_itself:
        return _told(row, shown, content)
    return redirect(_next(request, row, axis, do, where))


def _apply(content: dict[str, Any], do: str, where: str, known: Vocabulary) -> None:
    """Remove a line, or begin one line for every region, as a button asked."""
    if do == "remove":
        code, _colon, number = where.partition(":")
        lines = content["lines"].get(code, [])
        if number.isdigit() and int(number) < len(lines):
            del lines[int(number)]
    elif do == "regions" and where in known.definitions:
        lines = content["lines"].setdefault(where, [])
        told = {raw["place"] for raw in lines}
        for code in _regions(known):
            if code not in told:
                lines.append(
                    {"place": code, "from": "", "to": "", "total": "", "explanation": ""}
                    | {"cells": {}}
                )


def _regions(known: Vocabulary) -> list[str]:
    """The regions at the end of the period, by name."""
    last = known.window.end
    return [
        code
        for code in place_labels(known)
        if known.places[code].level in ("region", "district")
        and not ((to := known.places[code].valid_to) and to < last)
    ]


def _next(request: Request, row: Return, axis: str, do: str, where: str) -> str:
    """Where a button leads."""
    code = where.partition(":")[0]
    url = reverse("return_axis", args=[row.pk, axis])
    only = request.GET.get("q", "")
    query = f"q={only}&" if only else ""
    if do in ("add", "regions", "remove"):
        # A question that grew too long for the page of the axis goes on, on its own.
        alone = code not in page_codes(asked_of(row.organisation.type, [axis]), row.content)
        query = f"q={code}&" if alone else query
        n_lines = len(row.content.get("lines", {}).get(code, []))
        last = f"lines.{code}.{n_lines}.place" if do == "add" else f"question-{code}"
        return f"{url}?{query}more={code if do == 'add' else ''}#{last}"
    messages.success(request, _("Draft saved."))
    if do == "next":
        axes = row.axes.split()
        position = axes.index(axis) + 1
        if only:
            return f"{url}#question-{only}"
        if position < len(axes):
            return reverse("return_axis", args=[row.pk, axes[position]])
        return reverse("return_text", args=[row.pk])
    return f"{url}?{query.rstrip('&')}" if query else url


def _refused(
    request: Request,
    shown: Page,
    content: Mapping[str, Any],
    error: DomainError,
    by_itself: bool,
) -> HttpResponse:
    """Show again what was typed, with what is kept elsewhere beside it. Nothing is lost."""
    if by_itself:
        return JsonResponse({"error": str(error)}, status=409)
    row = shown.row
    row.refresh_from_db()
    parsed = parse(content, shown.known)
    now = parse(row.content, shown.known)
    questions = [
        replace(question, elsewhere=_elsewhere(question, content, row.content, now), is_open=True)
        if _differs(question.definition.code, content, row.content)
        else question
        for question in shown.questions(content, parsed)
    ]
    seen = digest_of(part_of(row.content, shown.codes))
    return _show_axis(request, shown, questions, seen, problem=str(error), status=409)


def _differs(code: str, typed: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    mine, theirs = part_of(kept(dict(typed)), [code]), part_of(now, [code])
    return digest_of(mine) != digest_of(theirs)


def _elsewhere(
    question: QuestionForm, typed: Mapping[str, Any], now: Mapping[str, Any], parsed: Parsed
) -> tuple[str, ...]:
    """What is kept for a question, in words."""
    code = question.definition.code
    lines = [line for line in parsed.lines if line.definition.code == code]
    said = [f"{line.place} ({spoken(line.total)})" for line in lines]
    if code in (now.get("no_data") or []):
        said.append(_("no data"))
    return tuple(said) or (_("nothing"),)


def _told(row: Return, shown: Page, content: Mapping[str, Any]) -> HttpResponse:
    """The answer to an automatic save: the new version, and what is wrong, field by field."""
    parsed = parse(content, shown.known)
    problems = [
        {"path": p.path, "message": p.text, "error": p.is_error}
        for p in parsed.problems
        if p.path.startswith("lines.")
    ]
    answer = JsonResponse({"problems": problems})
    answer["X-Danbe-Version"] = digest_of(part_of(row.content, shown.codes))
    return answer


# --- What was entered, for who reads --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line in words and numbers."""

    place: str
    dates: str
    total: int
    unit: str
    at_least: bool
    parts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]  # breakdown, (label, value)
    explanation: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and what the body answered."""

    definition: Definition
    lines: tuple[AnswerLine, ...]
    no_data: bool
    total: int | None
    unit: str
    problems: tuple[Problem, ...] = ()


def answers_of(
    row: Return, asked: Sequence[Definition], parsed: Parsed, known: Vocabulary
) -> list[Answer]:
    """Every question with its answer, or none."""
    places = place_labels(known)
    made = []
    for definition in asked:
        lines = [line for line in parsed.lines if line.definition.code == definition.code]
        said = [
            AnswerLine(
                places[line.place.code],
                "" if line.window == known.window else spoken_window(line.window),
                line.total,
                unit_of(definition, line.total),
                line.at_least,
                tuple(
                    (
                        str(Breakdown(breakdown).label),
                        tuple(
                            (known.keys_of(definition, breakdown).get(c.key, c.key), c.value)
                            for c in line.cells
                            if c.breakdown == breakdown
                        ),
                    )
                    for breakdown in line.sums
                ),
                line.explanation,
            )
            for line in lines
        ]
        no_data = definition.code in (row.content.get("no_data") or [])
        path = f"lines.{definition.code}."
        problems = tuple(p for p in parsed.problems if f"{p.path}.".startswith(path))
        total = sum(line.total for line in lines) if lines else None
        made.append(
            Answer(definition, tuple(said), no_data, total, unit_of(definition, total), problems)
        )
    return made


def _read_axis(request: Request, shown: Page, parsed: Parsed) -> HttpResponse:
    row, axis = shown.row, shown.axis
    context = {
        "row": row,
        "axis": axis,
        "window": spoken_window(Window(row.start, row.end)),
        "answers": answers_of(row, shown.asked, parsed, shown.known),
        "narrative": (row.content.get("narrative") or {}).get(axis, ""),
        "tabs": axis_tabs(row, axis),
        "crumbs": crumbs_of(row, ("", str(Axis(axis).label))),
    }
    return render(request, "returns/axis_read.html", context)


# --- The texts ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextField:
    """One text of the return."""

    path: str
    axis: str  # empty: the difficulties
    label: str
    value: str
    problem: str = ""
    elsewhere: str = ""


@page("return.read")
def return_text(request: Request, pk: str) -> HttpResponse:
    """What was done, in words, axis by axis; the difficulties met."""
    row = visible_or_404(request.actor, Return, "return.read", pk)
    if request.method == "POST":
        return _save_text(request, row)
    seen = digest_of(part_of(row.content, None))
    return _show_text(request, row, row.content, seen)


def _show_text(
    request: Request,
    row: Return,
    content: Mapping[str, Any],
    seen: str,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    wrong = {p.path: p.text for p in parse(content, vocabulary_of(row)).problems}
    fields = []
    for path, axis, value, now in _texts(row, content):
        label = str(Axis(axis).label) if axis else _("Difficulties met")
        other = now if problem and now != value else ""
        fields.append(TextField(path, axis, label, value, wrong.get(path, ""), other))
    context = {
        "row": row,
        "window": spoken_window(Window(row.start, row.end)),
        "fields": fields,
        "may_write": may_write(request.actor, row) or bool(problem),
        "limit": MAX_TEXT,
        "tabs": axis_tabs(row, "text"),
        "seen": seen,
        "tab": secrets.token_hex(8),
        "problem": problem,
        "crumbs": crumbs_of(row, ("", _("Narrative"))),
    }
    return render(request, "returns/text.html", context, status=status)


def _texts(row: Return, content: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Path, axis, text shown and text kept, of each text of the return."""
    typed, now = (told.get("narrative") or {} for told in (content, row.content))
    texts = [
        (f"narrative.{axis}", axis, typed.get(axis, ""), now.get(axis, ""))
        for axis in row.axes.split()
    ]
    last = tuple(str(told.get("difficulties") or "") for told in (content, row.content))
    return [*texts, ("difficulties", "", last[0], last[1])]


def _save_text(request: Request, row: Return) -> HttpResponse:
    def sent(path: str) -> str:
        return plain(request.POST.get(path)).replace("\r\n", "\n")

    content = {
        "narrative": {axis: sent(f"narrative.{axis}") for axis in row.axes.split()},
        "difficulties": sent("difficulties"),
    }
    by_itself = "X-Danbe-Autosave" in request.headers
    try:
        save_part(
            request.actor,
            row,
            codes=None,
            content=content,
            seen=request.POST.get("version", ""),
            tab=plain(request.POST.get("tab"))[:32],
            more=by_itself,
        )
    except DomainError as error:
        if by_itself:
            return JsonResponse({"error": str(error)}, status=409)
        row.refresh_from_db()
        seen = digest_of(part_of(row.content, None))
        return _show_text(request, row, content, seen, problem=str(error), status=409)
    if by_itself:
        answer = JsonResponse({"problems": []})
        answer["X-Danbe-Version"] = digest_of(part_of(row.content, None))
        return answer
    messages.success(request, _("Draft saved."))
    return redirect("return_check" if request.POST.get("do") == "next" else "return_text", row.pk)


# --- The check ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """One remark, where it is and how to reach its field."""

    url: str
    where: str
    message: str
    explanation: str = ""


@page("return.read")
def return_check(request: Request, pk: str) -> HttpResponse:
    """All that must be corrected or explained before the return is signed."""
    row = visible_or_404(request.actor, Return, "return.read", pk)
    known = vocabulary_of(row)
    parsed = parsed_return(row)
    silent = [known.definitions[code] for code in unanswered(row)]
    writes = may_write(request.actor, row)
    context = {
        "row": row,
        "window": spoken_window(Window(row.start, row.end)),
        "errors": [told(row, known, p) for p in parsed.errors],
        "warnings": [told(row, known, p) for p in parsed.warnings],
        "kept": [told(row, known, p) for p in parsed.kept],
        "silent": [(d, reverse("return_axis", args=[row.pk, d.axis])) for d in silent],
        "n_lines": len(parsed.lines),
        "n_no_data": len(row.content.get("no_data") or []),
        "is_empty": not parsed.lines and not row.content.get("no_data"),
        "may_write": writes,
        "may_submit": writes and request.actor.can("return.submit"),
        "is_queried": row.status == Status.QUERIED,
        "tabs": axis_tabs(row, "check"),
        "crumbs": crumbs_of(row, ("", _("Check"))),
    }
    return render(request, "returns/check.html", context)


def told(row: Return, known: Vocabulary, problem: Problem) -> Told:
    """A problem with the number and the place of its line, and a link to its field."""
    parts = problem.path.split(".")
    message = str(problem.message) if problem.explanation else problem.text
    if parts[0] != "lines":
        url = reverse("return_text", args=[row.pk])
        where = str(Axis(parts[1]).label) if len(parts) > 1 else _("Difficulties met")
        return Told(f"{url}#{problem.path}", where, message, problem.explanation)
    definition = known.definitions.get(parts[1])
    if definition is None:
        url = reverse("return_axis", args=[row.pk, row.axes.split()[0]])
        return Told(url, "", message)
    url = reverse("return_axis", args=[row.pk, definition.axis])
    lines = (row.content.get("lines") or {}).get(definition.code, [])
    asked = [d for d in known.definitions.values() if d.axis == definition.axis]
    if definition.code not in page_codes(asked, row.content):
        url += f"?q={definition.code}"
    where = f"{definition.number} {definition.label}"
    anchor = f"question-{definition.code}"
    if len(parts) > 2:
        anchor = _anchor(problem.path, parts, known)
        place = known.places.get(lines[int(parts[2])].get("place", ""))
        where += f", {place}" if place else ""
    return Told(f"{url}#{anchor}", where, message, problem.explanation)


def _anchor(path: str, parts: Sequence[str], known: Vocabulary) -> str:
    """The id of the field; the line, for a cell that is not on the page."""
    definition = known.definitions[parts[1]]
    if len(parts) > 4 and parts[3] == "cells" and parts[4] not in definition.splits:
        return ".".join(parts[:3])
    if len(parts) > 4 and is_long(known, definition, parts[4]) and len(parts) < 6:
        return ".".join(parts[:3])
    return path


@page("return.write")
@require_POST
def return_no_data(request: Request, pk: str) -> HttpResponse:
    """Tick «no data» for all that is unanswered."""
    row = visible_or_404(request.actor, Return, "return.write", pk)
    n_before = len(unanswered(row))
    try:
        tick_no_data(request.actor, row)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = ngettext(
            "«No data» ticked for %(n)s question.",
            "«No data» ticked for %(n)s questions.",
            n_before,
        )
        messages.success(request, text % {"n": n_before})
    return redirect("return_check", row.pk)


def n_answered(row: Return) -> dict[str, tuple[int, int]]:
    """Axis -> questions answered, questions asked."""
    silent = set(unanswered(row))
    asked: dict[str, list[str]] = {axis: [] for axis in row.axes.split()}
    for definition in asked_of(row.organisation.type, row.axes.split()):
        asked[definition.axis].append(definition.code)
    return {
        axis: (sum(code not in silent for code in codes), len(codes))
        for axis, codes in asked.items()
    }
