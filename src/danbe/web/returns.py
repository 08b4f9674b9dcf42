"""Returns: mine, all, one; opening one; its life from draft to accepted."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from danbe.accounts.models import Organisation
from danbe.accounts.queries import organisations
from danbe.core.access import Actor, Reach, visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.core.sealed_files import MEDIA_TYPES
from danbe.figures.actions import (
    EARLIEST,
    OPEN,
    accept_return,
    discard_return,
    open_return,
    parsed_return,
    query_return,
    submit_return,
)
from danbe.figures.completeness import Owed, completeness
from danbe.figures.models import Attachment, Axis, Return, Status
from danbe.figures.register_prefill import may_prefill
from danbe.figures.training_prefill import may_prefill_trainings
from danbe.web import return_entry, return_files
from danbe.web.errors import at_field
from danbe.web.listing import page_of, sort_of
from danbe.web.return_entry import crumbs_of, may_write, n_answered
from danbe.web.windows import spoken
from danbekit.dates import Window
from danbekit.errors import BadWindow

COLUMNS = {
    "body": "organisation__label_fr",
    "window": "start",
    "status": "status",
    "changed": "changed_at",
}
TONES: Mapping[str, tuple[str, str]] = {
    Status.DRAFT: ("neutral", "edit"),
    Status.SUBMITTED: ("info", "send"),
    Status.QUERIED: ("warn", "question"),
    Status.ACCEPTED: ("good", "check"),
}
YEARS_OWED = 2  # how far back what is owed is offered
FIRST_YEAR = 2011  # of the pull-down; the Committee was created in that year


# --- The list -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is asked for. A value that means nothing finds nothing."""

    body: str = ""
    year: str = ""
    status: str = ""
    axis: str = ""

    @classmethod
    def of(cls, request: Request) -> "Filters":
        """From the address."""
        names = ("body", "year", "status", "axis")
        return cls(*(request.GET.get(name, "").strip() for name in names))

    @property
    def active(self) -> bool:
        """Whether anything is asked."""
        return bool(self.body or self.year or self.status or self.axis)

    def apply(self, rows: QuerySet[Return]) -> QuerySet[Return]:
        """The returns asked for."""
        if self.body:
            rows = rows.filter(organisation__in=organisations(self.body).values("pk"))
        if self.year:
            rows = _of_year(rows, self.year)
        if self.status:
            rows = rows.filter(status=self.status)
        if self.axis:
            known = self.axis in Axis.values
            rows = rows.filter(axes__contains=self.axis) if known else rows.none()
        return rows


def _of_year(rows: QuerySet[Return], year: str) -> QuerySet[Return]:
    """The returns that touch a year."""
    try:
        window = Window.calendar_year(int(year))
    except (ValueError, OverflowError):
        return rows.none()
    return rows.filter(start__lte=window.end, end__gte=window.start)


@page("return.read")
def return_list(request: Request) -> HttpResponse:
    """A body's own returns and what it owes; every return for who follows them all."""
    actor = request.actor
    rows = visible(actor, Return, "return.read").select_related("organisation")
    filters = Filters.of(request)
    ordered = filters.apply(rows).order_by(*sort_of(request, COLUMNS, "-start"))
    listed = page_of(request, ordered)
    today = timezone.localdate()
    everybody = actor.reach("return.read") is Reach.NATION
    context = {
        "page": listed,
        "rows": [_listed(row) for row in listed],
        "filters": filters,
        "everybody": everybody,
        "owed": [] if everybody else owed_by(actor, today),
        "today": today,
        "years": range(today.year, FIRST_YEAR - 1, -1),
        "statuses": Status.choices,
        "axes": Axis.choices,
        "may_open": actor.can("return.open"),
        "crumbs": [("", _("Returns"))],
    }
    return render(request, "returns/list.html", context)


@dataclass(frozen=True, slots=True)
class Listed:
    """One return in a list."""

    row: Return
    window: str
    axes: tuple[str, ...]
    tone: str
    sign: str


def _listed(row: Return) -> Listed:
    tone, sign = TONES[row.status]
    window = spoken(Window(row.start, row.end))
    return Listed(row, window, tuple(row.axes.split()), tone, sign)


@dataclass(frozen=True, slots=True)
class ToOpen:
    """One return that is owed and not begun, with the fields that open it."""

    owed: Owed
    window: str
    axes: tuple[str, ...]


def owed_by(actor: Actor, today: datetime.date) -> list[ToOpen]:
    """What the actor's body owes and has not begun, the earliest due first."""
    if not (actor.can("completeness.read") and actor.can("return.open")):
        return []
    window = Window(
        datetime.date(today.year - YEARS_OWED, 1, 1), datetime.date(today.year, 12, 31)
    )
    owed = [
        one
        for one in completeness(actor, window, today).owed
        if one.organisation.pk == actor.organisation_id
        and one.window.start <= today
        and not one.return_id
    ]
    owed.sort(key=lambda one: one.due)
    return [ToOpen(one, spoken(one.window), one.lacking or one.axes) for one in owed]


# --- Opening one ----------------------------------------------------------------------------

WHOLE, DATES = "year", "dates"


def _parts() -> list[tuple[str, object]]:
    quarters = [
        ("Q1", gettext_lazy("1st quarter (January to March)")),
        ("Q2", gettext_lazy("2nd quarter (April to June)")),
        ("Q3", gettext_lazy("3rd quarter (July to September)")),
        ("Q4", gettext_lazy("4th quarter (October to December)")),
    ]
    names = (
        pgettext_lazy("month", "January"),
        pgettext_lazy("month", "February"),
        pgettext_lazy("month", "March"),
        pgettext_lazy("month", "April"),
        pgettext_lazy("month", "May"),
        pgettext_lazy("month", "June"),
        pgettext_lazy("month", "July"),
        pgettext_lazy("month", "August"),
        pgettext_lazy("month", "September"),
        pgettext_lazy("month", "October"),
        pgettext_lazy("month", "November"),
        pgettext_lazy("month", "December"),
    )
    return [
        (WHOLE, gettext_lazy("The whole year")),
        *quarters,
        *((f"{n:02}", name) for n, name in enumerate(names, start=1)),
        (DATES, gettext_lazy("Other dates (below)")),
    ]


class NewReturnForm(forms.Form):
    """Which body, which period, which axes."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        empty_label=gettext_lazy("Choose…"),
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, required=False)
    part = forms.ChoiceField(label=gettext_lazy("Part of the year"), required=False)
    first = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    axes = forms.MultipleChoiceField(
        label=gettext_lazy("Axes"),
        choices=Axis.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one axis.")},
    )
    on_paper = forms.BooleanField(
        label=gettext_lazy("Entered from a paper form"),
        help_text=gettext_lazy("The signed form stays in the secretariat's files."),
        required=False,
    )

    source_note = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Who signed the form, on what day, where it is kept."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        years = range(today.year, FIRST_YEAR - 1, -1)
        self.set_choices("year", [(str(year), str(year)) for year in years])
        self.set_choices("part", _parts())
        bodies = Organisation.objects.filter(is_active=True)
        if actor.reach("return.open") is not Reach.NATION:
            for name in ("organisation", "on_paper", "source_note"):
                del self.fields[name]
            self.body = next(iter(bodies.filter(pk__in=[actor.organisation_id])), None)
        else:
            self.body = None
            field = self.fields["organisation"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = bodies

    def set_choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Fill a list that depends on the day."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """The period, from the year and its part or from the two dates."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            cleaned["window"] = self.window(cleaned)
        except BadWindow:
            self.add_error("last", _("The last day precedes the first one."))
        except ValueError:
            self.add_error("first", _("Give both dates."))
        return cleaned

    def window(self, cleaned: Mapping[str, Any]) -> Window:
        """The window chosen. Raises ``ValueError``."""
        part, year = cleaned.get("part") or WHOLE, cleaned.get("year")
        if part == DATES or not year:
            if not (cleaned.get("first") and cleaned.get("last")):
                raise ValueError
            return Window(cleaned["first"], cleaned["last"])
        return Window.parse(str(year) if part == WHOLE else f"{year}-{part}")


def window_fields(window: Window) -> dict[str, Any]:
    """The fields of the form that mean ``window``."""
    year, _dash, part = window.code.partition("-")
    if len(window.code) > 7:
        dates = {"first": window.start.isoformat(), "last": window.end.isoformat()}
        return {"part": DATES, "year": str(window.start.year), **dates}
    return {"year": year, "part": part or WHOLE}


@page("return.open")
def return_new(request: Request) -> HttpResponse:
    """Open a draft."""
    actor = request.actor
    if request.method == "POST":
        data = request.POST.copy()
        if "window" in data:  # one click on what is owed
            try:
                data.update(window_fields(Window.parse(str(data["window"]))))
            except BadWindow:
                data["part"] = DATES
        form = NewReturnForm(actor, data)
        if form.is_valid():
            opened = _open(request, form)
            if opened is not None:
                return redirect("return_detail", opened.pk)
    else:
        form = NewReturnForm(actor, initial=_initial(request))
    context = {
        "form": form,
        "owed": owed_by(actor, timezone.localdate()),
        "earliest": EARLIEST,
        "crumbs": [(reverse("return_list"), _("Returns")), ("", _("New return"))],
    }
    return render(request, "returns/new.html", context, status=400 if form.errors else 200)


def _initial(request: Request) -> dict[str, Any]:
    """What the address says, else the last full year and every axis."""
    today = timezone.localdate()
    try:
        window = Window.parse(request.GET.get("window", ""))
    except BadWindow:
        window = Window.calendar_year(today.year - 1)
    body = request.GET.get("organisation", "")
    return {
        **window_fields(window),
        "axes": request.GET.getlist("axis") or Axis.values,
        "organisation": body,
        "on_paper": bool(body),
    }


def _open(request: Request, form: NewReturnForm) -> Return | None:
    """The return, opened; ``None`` with the refusal beside its field."""
    told = form.cleaned_data
    body = form.body or told.get("organisation")
    if body is None:
        form.add_error(None, _("Your organisation is closed: no return is expected."))
        return None
    try:
        return open_return(
            request.actor,
            body,
            window=told["window"],
            axes=told["axes"],
            on_paper=bool(told.get("on_paper")),
            source_note=told.get("source_note", ""),
        )
    except DomainError as error:
        if error.field == "window":
            error = DomainError(error.code, error.message, "year")
        at_field(form, error)
        return None


# --- One return -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """One step in the life of a return."""

    date: datetime.datetime
    title: str
    text: str
    who: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """One file joined: its name stays sealed, its kind does not."""

    file: Attachment
    kind: str


KINDS = {media_type: suffix[1:].upper() for suffix, (media_type, _marks) in MEDIA_TYPES.items()}


def _files(row: Return) -> QuerySet[Attachment]:
    return row.attachments.exclude(key=None)


STEP_TITLES = {
    Status.SUBMITTED: gettext_lazy("Submitted"),
    Status.QUERIED: gettext_lazy("Sent back with a question"),
    Status.ACCEPTED: gettext_lazy("Accepted"),
}
STEP_TONES = {Status.SUBMITTED: "", Status.QUERIED: "warn", Status.ACCEPTED: "good"}


@page("return.read")
def return_detail(request: Request, pk: str) -> HttpResponse:
    """The state of a return, its parts, its files, its history, and what one may do."""
    actor = request.actor
    row = visible_or_404(actor, Return, "return.read", pk)
    parsed = parsed_return(row)
    answered = n_answered(row)
    tone, sign = TONES[row.status]
    notes = _notes(row)
    query = next((e.text for e in reversed(notes) if e.tone == "warn"), "")
    context = {
        "row": row,
        "window": spoken(Window(row.start, row.end)),
        "tone": tone,
        "sign": sign,
        "steps": _steps(row),
        "axes": [(axis, *answered[axis]) for axis in row.axes.split()],
        "n_texts": sum(map(bool, (row.content.get("narrative") or {}).values()))
        + bool(row.content.get("difficulties")),
        "n_texts_asked": len(row.axes.split()) + 1,
        "n_errors": len(parsed.errors),
        "n_warnings": len(parsed.warnings),
        "n_kept": len(parsed.kept),
        "n_lines": len(parsed.lines),
        "files": [Joined(file, KINDS[file.media_type]) for file in _files(row)],
        "accepted_kinds": ",".join(MEDIA_TYPES),
        "notes": notes,
        "query": query if row.status == Status.QUERIED else "",
        "may_write": may_write(actor, row),
        "may_prefill": may_write(actor, row) and may_prefill(actor, row),
        "may_prefill_trainings": may_write(actor, row) and may_prefill_trainings(actor, row),
        "may_attach": row.status in OPEN and actor.can("return.attach"),
        "may_open_files": actor.can("attachment.open"),
        "may_discard": row.status == Status.DRAFT and actor.can("return.discard"),
        "may_query": actor.can("return.query")
        and row.status in (Status.SUBMITTED, Status.ACCEPTED),
        "may_accept": actor.can("return.accept") and row.status == Status.SUBMITTED,
        "crumbs": crumbs_of(row),
    }
    return render(request, "returns/detail.html", context)


def _steps(row: Return) -> list[tuple[str, str]]:
    """Draft, submitted, accepted; queried in between when it is."""
    order = [Status.DRAFT, Status.SUBMITTED, Status.ACCEPTED]
    if row.status == Status.QUERIED:
        order.insert(2, Status.QUERIED)
    here = order.index(Status(row.status))
    last = row.status == Status.ACCEPTED
    return [
        (str(status.label), "done" if n < here or last else "now" if n == here else "next")
        for n, status in enumerate(order)
    ]


def _notes(row: Return) -> list[Event]:
    """Every step, the first one first; by post, as posts act."""
    notes = row.notes.select_related("post__organisation")
    opened = Event(row.created_at, _("Opened"), "", "")
    return [
        opened,
        *(
            Event(
                note.at,
                str(STEP_TITLES.get(Status(note.verb), note.verb)),
                note.text,
                f"{note.post.title}, {note.post.organisation.code}" if note.post else "",
                STEP_TONES.get(Status(note.verb), ""),
            )
            for note in notes
        ),
    ]


def _move(
    request: Request, pk: str, verb: str, act: Callable[[Actor, Return, str], Return], done: str
) -> HttpResponse:
    """Do one step, say so, or say why not."""
    row = visible_or_404(request.actor, Return, verb, pk)
    try:
        act(request.actor, row, request.POST.get("note", ""))
    except DomainError as error:
        messages.error(request, str(error))
        checks = error.code in ("return.problems", "return.empty")
        return redirect("return_check" if checks else "return_detail", row.pk)
    messages.success(request, done)
    return redirect("return_detail", row.pk)


@page("return.submit")
@require_POST
def return_submit(request: Request, pk: str) -> HttpResponse:
    """Sign the return and send it to the secretariat."""

    def act(actor: Actor, row: Return, note: str) -> Return:
        return submit_return(actor, row, note=note)

    done = _("The return was submitted. The permanent secretariat has been told.")
    return _move(request, pk, "return.submit", act, done)


@page("return.discard")
@require_POST
def return_discard(request: Request, pk: str) -> HttpResponse:
    """Give up a draft."""
    row = visible_or_404(request.actor, Return, "return.discard", pk)
    try:
        discard_return(request.actor, row)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("return_detail", pk)
    messages.success(request, _("The draft was given up: nothing of it is left."))
    return redirect("return_list")


@page("return.query")
@require_POST
def return_query(request: Request, pk: str) -> HttpResponse:
    """Send the return back with a question; an accepted one is reopened."""

    def act(actor: Actor, row: Return, note: str) -> Return:
        return query_return(actor, row, note=note)

    done = _("The return was sent back with your question.")
    return _move(request, pk, "return.query", act, done)


@page("return.accept")
@require_POST
def return_accept(request: Request, pk: str) -> HttpResponse:
    """Let the figures into the totals."""

    def act(actor: Actor, row: Return, note: str) -> Return:
        return accept_return(actor, row, note=note)

    done = _("The return was accepted: its figures are in the totals.")
    return _move(request, pk, "return.accept", act, done)


urlpatterns = [
    path("", return_list, name="return_list"),
    path("new/", return_new, name="return_new"),
    path("<uuid:pk>/", return_detail, name="return_detail"),
    path("<uuid:pk>/axis/<slug:axis>/", return_entry.return_axis, name="return_axis"),
    path("<uuid:pk>/text/", return_entry.return_text, name="return_text"),
    path("<uuid:pk>/check/", return_entry.return_check, name="return_check"),
    path("<uuid:pk>/no-data/", return_entry.return_no_data, name="return_no_data"),
    path("<uuid:pk>/paper/", return_files.return_paper, name="return_paper"),
    path("<uuid:pk>/xlsx/", return_files.return_xlsx_file, name="return_xlsx"),
    path("<uuid:pk>/import/", return_files.return_import, name="return_import"),
    path("<uuid:pk>/files/", return_files.attachment_add, name="attachment_add"),
    path("files/<uuid:pk>/open/", return_files.attachment_open, name="attachment_open"),
    path("files/<uuid:pk>/remove/", return_files.attachment_remove, name="attachment_remove"),
    path("<uuid:pk>/submit/", return_submit, name="return_submit"),
    path("<uuid:pk>/discard/", return_discard, name="return_discard"),
    path("<uuid:pk>/query/", return_query, name="return_query"),
    path("<uuid:pk>/accept/", return_accept, name="return_accept"),
]
