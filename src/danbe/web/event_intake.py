"""The intake sheet of an event: typed line after line, counted, on paper, as a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from danbe.core.access import Actor, visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange import intake_xlsx
from danbe.exchange.return_layout import MAX_FILE
from danbe.exchange.return_xlsx import refuse
from danbe.protection.door import Identity
from danbe.protection.handover_actions import open_names
from danbe.protection.intake import (
    AGE_BANDS,
    CODES,
    COLUMNS,
    Column,
    Known,
    Line,
    counted,
    known,
    read_lines,
)
from danbe.protection.models import Event, Person
from danbe.protection.person_actions import MAX_PEOPLE, register_people
from danbe.protection.queries import PeopleFilter, PersonLine, lines_of, people_of
from danbe.protection.vocabulary import Sex
from danbe.web.download import download
from danbe.web.people_forms import citizenships

N_LINES = 15
MOST_LINES = 300  # typed on one page
PAPER_LINES = 25  # on one page of paper
MOST_ON_PAPER = 600
PREVIEW_SECONDS = 2 * 3600
SALT = "danbe.web.event_intake"
SEXES = (Sex.FEMALE, Sex.MALE, Sex.UNKNOWN)


def crumbs_of(event: Event, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Where a page of an event stands."""
    here = (reverse("event_detail", args=[event.pk]), event.number)
    return [(reverse("event_list"), _("Events")), here, *more]


def last_line(actor: Actor, event: Event) -> int:
    """The highest number on the sheet."""
    rows = visible(actor, Person, "person.read").filter(event=event).order_by()
    return int(rows.aggregate(last=Max("line"))["last"] or 0)


# --- Typed ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell to fill."""

    column: Column
    name: str
    value: str
    error: str = ""
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line to fill."""

    number: int
    cells: tuple[Cell, ...]


def _rows(
    numbers: Sequence[int], typed: Mapping[int, Line], lists: Known, post: Mapping[str, str]
) -> list[Row]:
    options = {name: tuple(values.items()) for name, values in lists.options.items()}
    rows = []
    for number in numbers:
        line = typed.get(number)
        errors = {bad.column: bad.message for bad in line.errors} if line else {}
        cells = tuple(
            Cell(
                column,
                f"{column.code}.{number}",
                post.get(f"{column.code}.{number}", ""),
                errors.get(column.code, ""),
                options.get(column.options, ()) if column.options else (),
            )
            for column in COLUMNS
        )
        rows.append(Row(number, cells))
    return rows


@page("person.register")
def event_intake(request: Request, pk: str) -> HttpResponse:
    """Fifteen empty lines at a time; wrong cells are marked and everything typed is kept."""
    event = visible_or_404(request.actor, Event, "person.register", pk)
    lists, values = known(), request.POST.dict()
    numbers, problem = _numbers(request, event), ""
    lines: list[Line] = []
    if request.method == "POST":
        typed = [(n, {code: values.get(f"{code}.{n}", "") for code in CODES}) for n in numbers]
        lines = read_lines(typed, lists)
        if "more" in request.POST:
            numbers = numbers + _next(request.actor, event, numbers, N_LINES)
        elif not lines:
            problem = _("Nothing is written yet.")
        elif not any(line.errors for line in lines):
            try:
                register_people(request.actor, event, [line.met for line in lines])
            except DomainError as error:
                problem = str(error)
                if error.code == "event.lines_taken":
                    numbers, values = _moved(request.actor, event, numbers, values)
                    lines = []
            else:
                return _registered(request, event, lines)
    problems = _problems(lines) if request.method == "POST" and "more" not in request.POST else []
    if problem:
        problems.insert(0, (f"family_name.{numbers[0]}" if numbers else "", problem))
    context = {
        "event": event,
        "columns": COLUMNS,
        "rows": _rows(numbers, {line.number: line for line in lines}, lists, values),
        "numbers": ",".join(map(str, numbers)),
        "problems": problems,
        "n_people": people_of(request.actor, event, PeopleFilter()).count(),
        "n_more": N_LINES,
        "crumbs": crumbs_of(event, ("", _("Register people"))),
    }
    status = 400 if problems else 200
    return render(request, "events/intake.html", context, status=status)


def _numbers(request: Request, event: Event) -> list[int]:
    """The lines on the page: as they were sent, or the next free ones."""
    sent = [int(n) for n in request.POST.get("numbers", "").split(",") if n.isdecimal()]
    if sent:
        return list(dict.fromkeys(sent))[:MOST_LINES]
    return _next(request.actor, event, [], N_LINES)


def _next(actor: Actor, event: Event, numbers: Sequence[int], n: int) -> list[int]:
    first = max([last_line(actor, event), *numbers]) + 1
    return list(range(first, first + min(n, max(MOST_LINES - len(numbers), 0))))


def _moved(
    actor: Actor, event: Event, numbers: Sequence[int], values: Mapping[str, str]
) -> tuple[list[int], dict[str, str]]:
    """What was typed, on the next free lines: somebody else filled these meanwhile."""
    free = _next(actor, event, [], len(numbers))
    moved = {
        f"{code}.{new}": values.get(f"{code}.{old}", "")
        for old, new in zip(numbers, free, strict=True)
        for code in CODES
    }
    return free, moved


def _problems(lines: Sequence[Line]) -> list[tuple[str, str]]:
    labels = {column.code: column.label for column in COLUMNS}
    return [
        (
            f"{bad.column}.{line.number}",
            _("Line %(line)d, %(column)s: %(message)s")
            % {"line": line.number, "column": labels[bad.column], "message": bad.message},
        )
        for line in lines
        for bad in line.errors
    ]


def _registered(request: Request, event: Event, lines: Sequence[Line]) -> HttpResponse:
    text = ngettext("%(n)d person registered.", "%(n)d people registered.", len(lines))
    messages.success(request, text % {"n": len(lines)})
    if "next" in request.POST:
        return redirect("event_intake", event.pk)
    people = people_of(request.actor, event, PeopleFilter())
    if len(lines) == 1 and people.count() == 1:
        return redirect("person_detail", people[0].pk)
    return redirect("event_detail", event.pk)


# --- Counted --------------------------------------------------------------------------------


@page("person.register")
def event_count(request: Request, pk: str) -> HttpResponse:
    """So many people, by sex and age, without a name."""
    event = visible_or_404(request.actor, Event, "person.register", pk)
    country = request.POST.get("citizenship", "")
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        numbers, problems = _counts(request.POST)
        if country and country not in known().options["citizenship"]:
            problems.append(("citizenship", _("Choose in the list, or leave empty.")))
        if not problems and not sum(numbers.values()):
            problems.append(("n.female.0-5", _("Nothing is written yet.")))
        if not problems:
            people = counted(numbers, citizenship=country)
            try:
                register_people(request.actor, event, people)
            except DomainError as error:
                problems.append(("n.female.0-5", str(error)))
            else:
                text = ngettext("%(n)d person counted.", "%(n)d people counted.", len(people))
                messages.success(request, text % {"n": len(people)})
                return redirect("event_detail", event.pk)
    wrong = dict(problems)
    bands = [
        (
            label,
            [
                (sex.label, name, request.POST.get(name, ""), wrong.get(name, ""))
                for sex in SEXES
                for name in [f"n.{sex.value}.{code}"]
            ],
        )
        for code, label, _low, _high in AGE_BANDS
    ]
    context = {
        "event": event,
        "sexes": [sex.label for sex in SEXES],
        "bands": bands,
        "citizenships": citizenships(),
        "citizenship": country,
        "problems": problems,
        "crumbs": crumbs_of(event, ("", _("Count without names"))),
    }
    status = 400 if problems else 200
    return render(request, "events/count.html", context, status=status)


def _counts(
    post: Mapping[str, str],
) -> tuple[dict[tuple[str, str], int], list[tuple[str, str]]]:
    numbers: dict[tuple[str, str], int] = {}
    problems: list[tuple[str, str]] = []
    for code, _label, _low, _high in AGE_BANDS:
        for sex in SEXES:
            name = f"n.{sex.value}.{code}"
            text = post.get(name, "").strip()
            if not text:
                continue
            if text.isdecimal() and int(text) <= MAX_PEOPLE:
                numbers[sex.value, code] = int(text)
            else:
                problems.append((name, _("Write a whole number.")))
    return numbers, problems


# --- On paper -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line on paper: the number, then the columns."""

    number: int
    cells: tuple[str, ...]


@page("event.read")
def event_sheet(request: Request, pk: str) -> HttpResponse:
    """The sheet on A4 with the same numbers: what is registered without names, or blank."""
    event = visible_or_404(request.actor, Event, "event.read", pk)
    if request.GET.get("blank"):
        first = last_line(request.actor, event) + 1
        empty = ("",) * len(COLUMNS)
        lines = [PaperLine(n, empty) for n in range(first, first + PAPER_LINES)]
        return _paper(request, event, lines, blank=True)
    people = _sheet_people(request, event)
    return _paper(request, event, _paper_lines(lines_of(request.actor, people), {}, people))


@page("person.open")
@require_POST
def event_sheet_names(request: Request, pk: str) -> HttpResponse:
    """The same with names: every opening is kept."""
    event = visible_or_404(request.actor, Event, "person.open", pk)
    people = _sheet_people(request, event)
    names = {str(key): told for key, told in open_names(request.actor, event, people).items()}
    lines = _paper_lines(lines_of(request.actor, people), names, people)
    return _paper(request, event, lines, has_names=True)


def _sheet_people(request: Request, event: Event) -> list[Person]:
    rows = people_of(request.actor, event, PeopleFilter())
    return list(rows.select_related("national", "household", "region")[:MOST_ON_PAPER])


def _paper_lines(
    lines: Sequence[PersonLine], names: Mapping[str, Identity], people: Sequence[Person]
) -> list[PaperLine]:
    lists = known()
    told = []
    for line, person in zip(lines, people, strict=True):
        identity = names.get(str(line.pk), Identity())
        languages = [lists.label("language", code) for code in person.languages.split()]
        cells = (
            identity.family_name,
            identity.given_names,
            identity.aliases,
            line.sex,
            line.age,
            line.citizenship,
            ", ".join(languages),
            "",
            line.household,
            line.involvement,
            lists.label("form", person.form),
        )
        told.append(PaperLine(line.line, cells))
    return told


def _paper(
    request: Request, event: Event, lines: Sequence[PaperLine], **more: bool
) -> HttpResponse:
    context = {"event": event, "columns": COLUMNS, "lines": lines, **more}
    return render(request, "events/sheet.html", context)


# --- As a workbook --------------------------------------------------------------------------


@page("person.register")
def event_xlsx(request: Request, pk: str) -> HttpResponse:
    """An empty sheet to fill where there is no network."""
    event = visible_or_404(request.actor, Event, "person.register", pk)
    data = intake_xlsx.write_sheet(event, first_line=last_line(request.actor, event) + 1)
    return download(data, intake_xlsx.MEDIA_TYPE, f"danbe-{slugify(event.number)}.xlsx")


@page("person.register")
def event_import(request: Request, pk: str) -> HttpResponse:
    """Load a filled sheet: what it says is shown first, then taken whole or not at all."""
    event = visible_or_404(request.actor, Event, "person.register", pk)
    context: dict[str, Any] = {
        "event": event,
        "columns": COLUMNS,
        "first_line": last_line(request.actor, event) + 1,
        "crumbs": crumbs_of(event, ("", _("Workbook"))),
    }
    if request.method == "POST" and "read" in request.POST:
        return _keep(request, event, context)
    if request.method == "POST":
        return _preview(request, event, context, request.FILES.get("file"))
    return render(request, "events/import.html", context)


def _preview(
    request: Request, event: Event, context: dict[str, Any], file: "UploadedFile[bytes] | None"
) -> HttpResponse:
    try:
        if file is None:
            raise refuse("empty", _("Choose the workbook that you filled."))
        if file.size is None or file.size > MAX_FILE:
            raise refuse("large", _("This file is larger than 5 MB."))
        read = intake_xlsx.read_sheet(event, file.read())
    except DomainError as error:
        return _import_page(request, context | {"problem": error}, 400)
    taken = _taken(request.actor, event, read.lines)
    context |= {"read": read, "taken": taken, "summary": _summary(read.lines)}
    if read.lines and not read.cells and not taken:
        payload = {
            "event": str(event.pk),
            "post": str(request.actor.post_id),
            "lines": [[line.number, [line.raw[code] for code in CODES]] for line in read.lines],
        }
        context["payload"] = signing.dumps(payload, salt=SALT, compress=True)
    return _import_page(request, context, 400 if read.cells or taken else 200)


def _taken(actor: Actor, event: Event, lines: Sequence[Line]) -> list[int]:
    """Numbers of the file that already bear somebody: most often the same file, twice."""
    people = visible(actor, Person, "person.read").filter(event=event)
    held = set(people.order_by().values_list("line", flat=True))
    return sorted(held & {line.number for line in lines})


@dataclass(frozen=True, slots=True)
class Summary:
    """What a file would add, in numbers."""

    n: int
    n_named: int
    n_young: int
    n_children: int
    n_citizenships: int
    n_households: int


def _summary(lines: Sequence[Line]) -> Summary:
    people = [line.met for line in lines]
    oldest = [met.age_max for met in people if met.age_max is not None]
    return Summary(
        n=len(people),
        n_named=sum(bool(met.identity.name) for met in people),
        n_young=sum(age < 6 for age in oldest),
        n_children=sum(age < 18 for age in oldest),
        n_citizenships=len({met.citizenship for met in people} - {""}),
        n_households=len({met.household for met in people} - {""}),
    )


def _keep(request: Request, event: Event, context: dict[str, Any]) -> HttpResponse:
    """Take over what was shown, if its lines are still free."""
    try:
        payload = signing.loads(request.POST["read"], salt=SALT, max_age=PREVIEW_SECONDS)
        if payload["event"] != str(event.pk) or payload["post"] != str(request.actor.post_id):
            raise signing.BadSignature
        rows = [(n, dict(zip(CODES, cells, strict=True))) for n, cells in payload["lines"]]
        lines = read_lines(rows, known())
        register_people(request.actor, event, [line.met for line in lines])
    except signing.BadSignature:
        text = _("Too much time went by since the file was read. Load it again.")
        return _import_page(request, context | {"problem": refuse("expired", text)}, 400)
    except DomainError as error:
        return _import_page(request, context | {"problem": error}, 409)
    return _registered(request, event, lines)


def _import_page(request: Request, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "events/import.html", context, status=status)


urlpatterns = [
    path("<uuid:pk>/intake/", event_intake, name="event_intake"),
    path("<uuid:pk>/count/", event_count, name="event_count"),
    path("<uuid:pk>/sheet/", event_sheet, name="event_sheet"),
    path("<uuid:pk>/sheet/names/", event_sheet_names, name="event_sheet_names"),
    path("<uuid:pk>/sheet.xlsx", event_xlsx, name="event_xlsx"),
    path("<uuid:pk>/import/", event_import, name="event_import"),
]
