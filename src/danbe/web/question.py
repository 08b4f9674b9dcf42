"""What the address of a figure says: a definition, a window, a place, a breakdown."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from danbe.core.access import Actor, Reach
from danbe.core.models import Level, Place
from danbe.core.pages import Request
from danbe.figures.models import Breakdown, Definition
from danbe.figures.queries import (
    Figure,
    Table,
    explanations,
    figure_rows,
    straddling,
    years_with_data,
)
from danbe.reports.drawing import words_for
from danbe.web import windows
from danbekit.dates import Window

DEFAULT = "victims_identified"
BY_LABELS = {
    "region": gettext_lazy("By place"),
    "sex_age": gettext_lazy("By sex and age"),
    "form": gettext_lazy("By form of exploitation"),
    "citizenship": gettext_lazy("By citizenship"),
    "basis": gettext_lazy("By legal basis"),
    "category": gettext_lazy("By category"),
    "organisation": gettext_lazy("By organisation"),
}


@dataclass(frozen=True)
class Question:
    """A definition, a window, a place, a breakdown: what the address of a figure says."""

    definition: Definition
    chosen: windows.Chosen
    place: Place | None
    by: str
    view: str = ""

    @property
    def window(self) -> Window:
        """The window asked for."""
        return self.chosen.window

    @property
    def place_name(self) -> str:
        """Where, in words."""
        return self.place.name_fr if self.place else _("The whole country")

    def url(self, name: str = "figure_explorer", **changes: str) -> str:
        """The address of the same question, but for ``changes``."""
        asked = {
            "definition": self.definition.code,
            "window": self.window.code,
            "place": self.place.code if self.place else "",
            "by": self.by,
            "view": self.view,
        }
        asked |= changes
        return f"{reverse(name)}?{urlencode({k: v for k, v in asked.items() if v})}"

    @cached_property
    def splits(self) -> list[str]:
        """The breakdowns that this figure may have."""
        return ["region", *self.definition.splits]


def question_of(request: Request) -> Question:
    """Read the address. An unknown definition or place is a 404; a bad window is said."""
    code = request.GET.get("definition", "")
    if code:
        definition = get_object_or_404(Definition, pk=code)
    else:
        known = Definition.objects.filter(pk=DEFAULT) or Definition.objects.all()[:1]
        definition = get_object_or_404(known)
    place = None
    if told := request.GET.get("place", ""):
        place = get_object_or_404(Place.objects.select_related("parent__parent"), pk=told)
        place = None if place.level == Level.COUNTRY else place
    by = request.GET.get("by", "")
    allowed = ["region", *definition.splits]
    allowed += ["organisation"] if sees_every_return(request.actor) else []
    return Question(
        definition,
        windows.chosen(request, default_window()),
        place,
        by if by in allowed else "region",
        "tiles" if request.GET.get("view") == "tiles" else "",
    )


def default_window() -> Window:
    """The last year that is over and has data; failing that, last year."""
    last = timezone.localdate().year - 1
    span = years_with_data()
    return Window.calendar_year(min(span[1], last) if span and span[0] <= last else last)


def sees_every_return(actor: Actor) -> bool:
    """Whether the numbers of each body may be shown: others see sums only."""
    return actor.reach("return.read") is Reach.NATION


def sees_return_of(actor: Actor, organisation_id: object) -> bool:
    """Whether the numbers of this body may be shown."""
    reach = actor.reach("return.read")
    own = reach is not None and actor.organisation_id == organisation_id
    return reach is Reach.NATION or own


# --- What is said of the answer, on the page and in the file ----------------------------------


def is_fictitious(asked: Question) -> bool:
    """Whether a return that says it is fictitious is in the figure."""
    rows = figure_rows([asked.definition], asked.window, asked.place)
    found = rows.filter(breakdown=Breakdown.TOTAL, source_return__is_fictitious=True)
    return found.exists()


def said_straddling(asked: Question, figure: Figure) -> str:
    """«3 annual returns cover a part of this period and are not counted in it.»"""
    n = figure.n_straddling
    if not n:
        return ""
    rows = straddling(asked.window, asked.place).filter(definition=asked.definition)
    dates = rows.values_list("source_return__start", "source_return__end").distinct()
    yearly = all(Window(start, end) == Window.calendar_year(start.year) for start, end in dates)
    if yearly:
        text = ngettext(
            "%(n)d annual return covers a part of this period and is not counted in it.",
            "%(n)d annual returns cover a part of this period and are not counted in it.",
            n,
        )
    else:
        text = ngettext(
            "%(n)d return covers a part of this period and is not counted in it.",
            "%(n)d returns cover a part of this period and are not counted in it.",
            n,
        )
    return text % {"n": n}


def explanations_of(asked: Question, told: Table) -> list[str]:
    """What bodies wrote where their parts do not make their total; only when they are few."""
    if told.figure.value is None:
        return []
    colon = words_for(get_language() or "fr").colon
    return [
        f"{', '.join(found.organisations)}{colon}{found.text}"
        for found in explanations(asked.definition, asked.window, asked.place)
    ]
