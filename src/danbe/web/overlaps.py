"""The same fact reported by two bodies: a human decides, and may decide again."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from danbe.core.access import Actor, Reach
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.figures.actions import decide_overlap
from danbe.figures.models import Breakdown, Observation, Overlap, OverlapStatus, Return
from danbe.figures.queries import Figure, totals
from danbe.web import windows
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbe.web.units import unit_of
from danbekit.dates import Window

REASONS = {
    "same_value": gettext_lazy("The same number, the same place, the same dates."),
    "same_event": gettext_lazy("Two dated events, close in time, place and size."),
}
TONES = {
    OverlapStatus.OPEN: "warn",
    OverlapStatus.SAME: "good",
    OverlapStatus.DISTINCT: "neutral",
}
FIRST, SECOND = "first", "second"


@dataclass(frozen=True, slots=True)
class Line:
    """One pair in the list."""

    overlap: Overlap
    window: str
    unit: str
    reason: str
    tone: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two numbers, and what the total becomes when it alone is kept."""

    name: str
    source: Return
    window: str
    value: int
    places: str
    is_in_figures: bool  # its return is still accepted with this number
    is_counted: bool
    total_if_kept: int | None
    may_read: bool


@page("overlap.read")
def overlap_list(request: Request) -> HttpResponse:
    """The pairs, those to decide first."""
    status = request.GET.get("status", OverlapStatus.OPEN.value)
    status = status if status in OverlapStatus.values else "all"
    numbers = dict(Overlap.objects.values_list("status").annotate(n=Count("pk")))
    rows = Overlap.objects.select_related(
        "definition", "place", "first__organisation", "second__organisation"
    ).defer("first__content", "second__content")
    rows = rows if status == "all" else rows.filter(status=status)
    found = page_of(request, rows)
    here = reverse("overlap_list")
    tabs = [
        (f"{here}?status={s.value}", f"{s.label} ({numbers.get(s.value, 0)})", s.value == status)
        for s in OverlapStatus
    ]
    everything = pgettext("pairs", "All")
    everything = f"{everything} ({sum(numbers.values())})"
    context = {
        "tabs": [*tabs, (f"{here}?status=all", everything, status == "all")],
        "status": status,
        "page": found,
        "lines": [_line(overlap) for overlap in found.object_list],
        "crumbs": [("", _("Overlaps"))],
    }
    return render(request, "overlaps/list.html", context)


def _line(overlap: Overlap) -> Line:
    return Line(
        overlap,
        windows.spoken(Window(overlap.start, overlap.end)),
        unit_of(overlap.definition),
        str(REASONS.get(overlap.reason, overlap.reason)),
        TONES[OverlapStatus(overlap.status)],
    )


class DecisionForm(forms.Form):
    """Same fact (and which number counts), two facts, or not decided yet."""

    decision = forms.ChoiceField(widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("How do you know?"),
        help_text=gettext_lazy(
            "A call, a document, a list compared. It stays with the decision. No name of a person."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, overlap: Overlap, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = (overlap.first.organisation.code, overlap.second.organisation.code)
        said = _("It is the same fact: count the number of %(name)s only")
        choices = [
            (FIRST, said % {"name": names[0]}),
            (SECOND, said % {"name": names[1]}),
            (OverlapStatus.DISTINCT.value, _("They are two facts: count both")),
        ]
        if overlap.status != OverlapStatus.OPEN:
            undo = _("Not decided: open the question again, both count meanwhile")
            choices.append((OverlapStatus.OPEN.value, undo))
        self.fields["decision"] = forms.ChoiceField(
            label=_("Your decision"), choices=choices, widget=forms.RadioSelect
        )
        self.order_fields(["decision", "note"])


@page("overlap.read")
def overlap_detail(request: Request, pk: int) -> HttpResponse:
    """The two numbers side by side, and what each decision does to the total."""
    overlap = _overlap(pk)
    form = None
    if request.actor.can("overlap.decide"):
        form = DecisionForm(overlap, initial={"decision": _present(overlap), "note": overlap.note})
    return _detail(request, overlap, form)


@page("overlap.decide")
def overlap_decide(request: Request, pk: int) -> HttpResponse:
    """Record the decision; it may be taken again."""
    overlap = _overlap(pk)
    if request.method != "POST":
        return redirect("overlap_detail", pk)
    form = DecisionForm(overlap, request.POST)
    if form.is_valid():
        chosen = form.cleaned_data["decision"]
        kept = {FIRST: overlap.first_id, SECOND: overlap.second_id}.get(chosen)
        status = OverlapStatus.SAME if kept else OverlapStatus(chosen)
        try:
            decide_overlap(
                request.actor,
                overlap,
                status=status.value,
                kept=kept,
                note=form.cleaned_data["note"],
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The decision is recorded and the totals follow it."))
            return redirect("overlap_detail", pk)
    return _detail(request, overlap, form)


def _overlap(pk: int) -> Overlap:
    rows = Overlap.objects.select_related(
        "definition",
        "place",
        "first__organisation",
        "second__organisation",
        "decided_by__organisation",
    )
    return get_object_or_404(rows.defer("first__content", "second__content"), pk=pk)


def _present(overlap: Overlap) -> str:
    """The decision in force, as the form says it."""
    if overlap.status == OverlapStatus.SAME:
        return FIRST if overlap.kept_id == overlap.first_id else SECOND
    return overlap.status if overlap.status != OverlapStatus.OPEN else ""


def _detail(request: Request, overlap: Overlap, form: forms.Form | None) -> HttpResponse:
    window = Window.calendar_year(overlap.end.year)
    figure = totals(window, [overlap.definition])[overlap.definition_id]
    sides = _sides(request.actor, overlap, figure)
    both = None
    if all(side.is_in_figures for side in sides):
        both = _rest(figure, sides) + sides[0].value + sides[1].value
    context = {
        "line": _line(overlap),
        "overlap": overlap,
        "sides": sides,
        "figure": figure,
        "year": windows.spoken(window),
        "both": both,
        "unit": unit_of(overlap.definition),
        "form": form,
        "status_label": overlap.get_status_display(),
        "crumbs": [(reverse("overlap_list"), _("Overlaps")), ("", overlap.definition.number)],
    }
    return render(request, "overlaps/detail.html", context)


def _sides(actor: Actor, overlap: Overlap, figure: Figure) -> list[Side]:
    found = [
        (name, source, value, _totals_of(overlap, source.pk, value))
        for name, source, value in (
            (FIRST, overlap.first, overlap.first_value),
            (SECOND, overlap.second, overlap.second_value),
        )
    ]
    counted = sum(o.value for _n, _s, _v, rows in found for o in rows if o.counted)
    rest = (figure.value or 0) - counted
    everywhere = all(rows for _n, _s, _v, rows in found)
    return [
        Side(
            name,
            source,
            windows.spoken(Window(source.start, source.end)),
            value,
            ", ".join(sorted({row.place.name_fr for row in rows})) or overlap.place.name_fr,
            bool(rows),
            any(row.counted for row in rows),
            rest + value if everywhere else None,
            actor.reach("return.read") is Reach.NATION,
        )
        for name, source, value, rows in found
    ]


def _rest(figure: Figure, sides: list[Side]) -> int:
    """The total without either of the two numbers."""
    return (figure.value or 0) - sum(side.value for side in sides if side.is_counted)


def _totals_of(overlap: Overlap, source: uuid.UUID, value: int) -> list[Observation]:
    """The number of one return that the overlap speaks of, if it is still in the figures."""
    rows = Observation.objects.filter(
        source_return=source,
        definition=overlap.definition_id,
        breakdown=Breakdown.TOTAL,
        value=value,
        start__gte=overlap.start,
        end__lte=overlap.end,
    ).select_related("place")
    exact = list(rows.filter(place=overlap.place_id))
    return exact or list(rows.filter(Q(place__parent=overlap.place_id)))


urlpatterns = [
    path("", overlap_list, name="overlap_list"),
    path("<int:pk>/", overlap_detail, name="overlap_detail"),
    path("<int:pk>/decide/", overlap_decide, name="overlap_decide"),
]
