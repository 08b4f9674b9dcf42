"""The joint calendar of trainings: what comes, what clashes, who came; as a calendar file."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.accounts.models import Organisation
from danbe.accounts.queries import body
from danbe.core.access import Reach, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange import icalendar, list_xlsx
from danbe.figures.models import Return
from danbe.figures.training_prefill import prefill_trainings
from danbe.partnership import training_actions as actions
from danbe.partnership import training_queries as queries
from danbe.partnership.funding_queries import terms
from danbe.partnership.models import Training, TrainingStatus
from danbe.plan.funding import activity_of
from danbe.web.download import download
from danbe.web.funding import listed, tried
from danbe.web.funding_form import ReasonForm
from danbe.web.listing import page_of
from danbe.web.plan_view import number_in, posted
from danbe.web.service_form import area_options
from danbe.web.training_form import CameForm, TrainingForm

PER_PAGE = 25


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """Trainings, then this page."""
    return [(reverse("training_list") if more else "", _("Trainings")), *more]


def said_place(row: Training) -> str:
    """The room and the place; a training is public."""
    return f"{row.venue}, {row.place}" if row.venue else str(row.place)


def audience_words(row: Training, labels: dict[str, str]) -> str:
    """For whom, in words."""
    return ", ".join(labels.get(code, code) for code in row.audience_codes)


def _asked(request: Request) -> queries.Asked:
    names = ("audience", "place", "organiser", "status")
    words = {name: request.GET.get(name, "").strip() for name in names}
    return queries.Asked(year=number_in(request, "year"), **words)


# --- Reading --------------------------------------------------------------------------------


@page("training.read")
def training_list(request: Request) -> HttpResponse:
    """The calendar: what comes first, unless a year or a state is asked for."""
    actor, asked, today = request.actor, _asked(request), timezone.localdate()
    rows = queries.trainings(actor, asked)
    shows_past = bool(asked.year or asked.status)
    if not shows_past:
        rows = rows.filter(end__gte=today)
    paged = page_of(request, rows, PER_PAGE)
    labels = dict(terms("audience"))
    found = list(paged)
    clash = queries.clashing_ids(actor, found)
    came = queries.n_came(rows)
    context = {
        "asked": asked,
        "shows_past": shows_past,
        "page": paged,
        "lines": [
            (row, audience_words(row, labels), row.pk in clash, came.get(row.pk)) for row in found
        ],
        "audiences": labels.items(),
        "areas": area_options(today),
        "organisers": Organisation.objects.filter(
            pk__in=queries.trainings(actor).order_by().values("organiser")
        ),
        "statuses": TrainingStatus.choices,
        "years": queries.years(actor),
        "may_write": actor.can("training.write"),
        "may_see_trainers": actor.can("trainer.read"),
        "query": request.GET.urlencode(),
        "crumbs": crumbs(),
    }
    return render(request, "trainings/list.html", context)


def _calendar(rows: Iterable[Training], name: str) -> HttpResponse:
    labels = dict(terms("audience"))
    events = [
        icalendar.Event(
            str(row.pk),
            row.title,
            row.start,
            row.end,
            said_place(row),
            "\n".join((row.theme, row.organiser.label, audience_words(row, labels))),
            row.changed_at,
            row.version,
            row.status == TrainingStatus.CANCELLED,
        )
        for row in rows
    ]
    data = icalendar.to_ics(f"{_('Trainings')}, {body().acronym}", events)
    return download(data, icalendar.MEDIA_TYPE, name)


@page("training.read")
def training_calendar(request: Request) -> HttpResponse:
    """What is planned, as a file for a telephone or a desk; cancelled ones are told too."""
    today = timezone.localdate()
    rows = queries.trainings(request.actor, _asked(request)).filter(end__gte=today)
    return _calendar(rows, "formations.ics")


@page("training.read")
def training_one_calendar(request: Request, pk: str) -> HttpResponse:
    """One training as a calendar file."""
    row = get_object_or_404(queries.trainings(request.actor), pk=pk)
    return _calendar([row], f"formation-{row.start.isoformat()}.ics")


@page("training.read")
def training_xlsx(request: Request) -> HttpResponse:
    """The calendar as a workbook, past and future."""
    labels = dict(terms("audience"))
    rows = queries.trainings(request.actor, _asked(request))
    came = queries.n_came(rows)
    cells: list[list[list_xlsx.Cell]] = [
        [
            row.title,
            row.theme,
            row.organiser.label,
            ", ".join(one.label for one in row.funders.all()),
            audience_words(row, labels),
            said_place(row),
            row.start,
            row.end,
            row.seats,
            row.get_status_display(),
            came.get(row.pk),
        ]
        for row in rows.prefetch_related("funders")
    ]
    columns = [
        (_("Title"), 50),
        (_("Theme"), 30),
        (_("Organiser"), 30),
        (_("Paid for by"), 30),
        (_("For whom"), 40),
        (_("Place"), 30),
        (_("First day"), 12),
        (_("Last day"), 12),
        (_("Seats"), 8),
        (_("State"), 12),
        (_("Participants"), 12),
    ]
    note = _("One row is one training. Participants are empty until somebody counts them.")
    return listed(_("Trainings"), note, columns, cells, "formations")


@page("training.read")
def training_detail(request: Request, pk: str) -> HttpResponse:
    """One training: for whom, where, with whom, what clashes, who came."""
    actor = request.actor
    row = get_object_or_404(queries.trainings(actor), pk=pk)
    may_write = queries.may_write(actor, row)
    sexes = dict(terms("sex"))
    attendances = [
        (one.organisation.label if one.organisation else _("Another body, or not said"),
         sexes.get(one.sex, one.sex), one.n)
        for one in row.attendances.select_related("organisation")
    ] if actor.can("trainer.read") else []  # fmt: skip
    is_over = row.end <= timezone.localdate()
    context = {
        "row": row,
        "audiences": audience_words(row, dict(terms("audience"))),
        "place": said_place(row),
        "partners": row.partners.all(),
        "funders": row.funders.all(),
        "senders": row.training_bodies.all(),
        "trainers": row.trainers.all() if actor.can("trainer.read") else [],
        "activity": activity_of(row.activity_lineage),
        "clashes": queries.clashing(actor, row),
        "attendances": attendances,
        "n_came": queries.n_came(queries.trainings(actor).filter(pk=row.pk)).get(row.pk),
        "is_planned": row.status == TrainingStatus.PLANNED,
        "may_write": may_write,
        "may_count": may_write and is_over and row.status != TrainingStatus.CANCELLED,
        "crumbs": crumbs(("", row.title)),
    }
    return render(request, "trainings/detail.html", context)


# --- Writing --------------------------------------------------------------------------------


def _form_page(
    request: Request, form: forms.Form, title: str, row: Training | None, lead: str = ""
) -> HttpResponse:
    back = reverse("training_detail", args=[row.pk]) if row else reverse("training_list")
    context = {
        "form": form,
        "eyebrow": row.title if row else _("Trainings"),
        "title": title,
        "lead": lead,
        "back": back,
        "crumbs": crumbs(("", title)),
    }
    is_count = isinstance(form, CameForm)
    name = "trainings/count.html" if is_count else "plan/work_form.html"
    return render(request, name, context, status=400 if form.errors else 200)


@page("training.write")
def training_new(request: Request) -> HttpResponse:
    """Write a training in the calendar."""
    actor = request.actor
    form = TrainingForm(posted(request), actor=actor, row=Training())

    def act() -> Training:
        own = get_object_or_404(Organisation, pk=actor.organisation_id)
        organiser = form.cleaned_data.get("organiser") or own
        return actions.add_training(actor, organiser, form.filled(), form.others)

    if request.method == "POST" and (kept := tried(form, act)):
        _say_recorded(request, kept)
        return redirect("training_detail", kept.pk)
    return _form_page(request, form, _("New training"), None)


def _say_recorded(request: Request, row: Training) -> None:
    messages.success(request, _("The training is in the calendar."))
    kept = queries.trainings(request.actor).get(pk=row.pk)
    if queries.clashing(request.actor, kept):
        text = _("Another training calls the same people, the same week, in the same region.")
        messages.warning(request, text)


@page("training.write")
def training_edit(request: Request, pk: str) -> HttpResponse:
    """Correct a training that is planned."""
    actor = request.actor
    row = visible_or_404(actor, Training, "training.write", pk)
    form = TrainingForm(posted(request), actor=actor, row=row)

    def act() -> Training:
        version = form.cleaned_data["version"] or 0
        return actions.change_training(actor, form.filled(), form.others, version=version)

    if request.method == "POST" and (kept := tried(form, act)):
        _say_recorded(request, kept)
        return redirect("training_detail", pk)
    title = _("Change the training")
    return _form_page(request, form, title, queries.trainings(actor).get(pk=pk))


@page("training.write")
def training_count(request: Request, pk: str) -> HttpResponse:
    """Say that it was held, and how many came."""
    actor = request.actor
    row = visible_or_404(actor, Training, "training.write", pk)
    form = CameForm(posted(request), row=row)

    def act() -> Training:
        version = form.cleaned_data["version"]
        return actions.hold_training(actor, row, form.came, version=version)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The participants are counted."))
        return redirect("training_detail", pk)
    lead = _("Only those who followed it to its end; numbers only, never names.")
    return _form_page(request, form, _("Count the participants"), row, lead)


@page("training.write")
def training_cancel(request: Request, pk: str) -> HttpResponse:
    """Say that it will not be held."""
    actor = request.actor
    row = visible_or_404(actor, Training, "training.write", pk)
    form = ReasonForm(posted(request))

    def act() -> Training:
        return actions.cancel_training(actor, row, reason=form.cleaned_data["reason"])

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The training is cancelled."))
        return redirect("training_detail", pk)
    return _form_page(request, form, _("Cancel the training"), row)


@page("training.write")
@require_POST
def training_plan_again(request: Request, pk: str) -> HttpResponse:
    """Put a cancelled training back in the calendar."""
    row = visible_or_404(request.actor, Training, "training.write", pk)
    actions.plan_again(request.actor, row)
    messages.success(request, _("The training is in the calendar."))
    return redirect("training_detail", pk)


# --- To the return ---------------------------------------------------------------------------


@page("return.write")
@require_POST
def return_prefill_trainings(request: Request, pk: str) -> HttpResponse:
    """Fill the two lines on trainings of a draft from the calendar."""
    row = visible_or_404(request.actor, Return, "return.write", pk)
    if request.actor.reach("training.write") is not Reach.ORGANISATION:
        raise Http404
    try:
        filled = prefill_trainings(request.actor, row)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        numbers = ", ".join(definition.number for definition in filled)
        text = _("Filled from the calendar: %(numbers)s. Check each number before you submit.")
        nothing = _("The calendar holds nothing more for this return: nothing was changed.")
        messages.success(request, text % {"numbers": numbers} if filled else nothing)
    return redirect("return_axis", pk, "prevention")


urlpatterns: list[Any] = [
    path("trainings/", training_list, name="training_list"),
    path("trainings/calendar/", training_calendar, name="training_calendar"),
    path("trainings/xlsx/", training_xlsx, name="training_xlsx"),
    path("trainings/new/", training_new, name="training_new"),
    path("trainings/<uuid:pk>/", training_detail, name="training_detail"),
    path("trainings/<uuid:pk>/calendar/", training_one_calendar, name="training_one_calendar"),
    path("trainings/<uuid:pk>/edit/", training_edit, name="training_edit"),
    path("trainings/<uuid:pk>/count/", training_count, name="training_count"),
    path("trainings/<uuid:pk>/cancel/", training_cancel, name="training_cancel"),
    path("trainings/<uuid:pk>/again/", training_plan_again, name="training_plan_again"),
    path(
        "returns/<uuid:pk>/from-trainings/",
        return_prefill_trainings,
        name="return_prefill_trainings",
    ),
]
