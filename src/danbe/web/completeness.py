"""Who owes what for which window, and who is silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from danbe.accounts.models import Holding, Organisation, OrganisationType
from danbe.accounts.queries import body
from danbe.core.access import Actor, Reach
from danbe.core.pages import Request, page
from danbe.core.places import layout_on
from danbe.exchange.completeness_table import to_xlsx
from danbe.figures import completeness as queries
from danbe.figures.completeness import Completeness, Owed, State
from danbe.figures.models import Axis
from danbe.figures.queries import years_with_data
from danbe.figures.reminder_actions import focal_points, remind
from danbe.reports.drawing import Value, draw_map, draw_tiles
from danbe.reports.maps import boundaries_on
from danbe.web import windows
from danbe.web.download import download
from danbe.web.figure_pictures import words
from danbekit.dates import Window

FIRST_YEAR = 2011
LONGEST = 2 * 366  # days
PER_PAGE = 40
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES: Mapping[State, Any] = {
    State.ACCEPTED: gettext_lazy("Accepted"),
    State.SUBMITTED: gettext_lazy("Submitted"),
    State.QUERIED: gettext_lazy("Queried"),
    State.DRAFT: gettext_lazy("Being filled in"),
    State.MISSING: gettext_lazy("Nothing received"),
    State.NOT_DUE: gettext_lazy("Not due yet"),
}
SIGNS = {
    State.ACCEPTED: "check",
    State.SUBMITTED: "send",
    State.QUERIED: "question",
    State.DRAFT: "edit",
    State.MISSING: "cross",
    State.NOT_DUE: "clock",
}
# The cell of the matrix (see the style sheet); a late draft is a silence like another.
CELLS = {State.NOT_DUE: "none", State.MISSING: "missing"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says: a window and the filters."""

    chosen: windows.Chosen
    type: str
    axis: str
    state: str

    @property
    def window(self) -> Window:
        """The window asked for."""
        return self.chosen.window

    @property
    def query(self) -> str:
        """The question as it stands in an address."""
        return self._query({})

    def url(self, name: str = "completeness", **changes: str) -> str:
        """The same question on another page."""
        return f"{reverse(name)}?{self._query(changes)}"

    def _query(self, changes: Mapping[str, str]) -> str:
        told = {"window": self.window.code, "type": self.type, "axis": self.axis}
        told |= {"state": self.state, **changes}
        return urlencode({k: v for k, v in told.items() if v})


@dataclass(frozen=True, slots=True)
class Cell:
    """One return in the matrix: a sign, its words, perhaps a link."""

    css: str
    sign: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One body (and what it owes together) over the windows; ``None``: nothing owed then."""

    organisation: Organisation
    axes: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """A body that owes something since its due date."""

    organisation: Organisation
    windows: str
    lacking: str
    has_draft: bool
    contact: str  # "", "vacant" or "none"


def asked_of(request: Request) -> Asked:
    """Read the address; unknown filters are ignored."""
    default = Window.calendar_year(timezone.localdate().year - 1)
    given = request.GET
    kind, axis, state = given.get("type", ""), given.get("axis", ""), given.get("state", "")
    return Asked(
        windows.chosen(request, default, LONGEST),
        kind if kind in OrganisationType.values else "",
        axis if axis in Axis.values else "",
        state if state in list(State) else "",
    )


def found_for(actor: Actor, asked: Asked) -> Completeness:
    """What is owed in the window, for the type and axis asked for."""
    told = queries.completeness(actor, asked.window, timezone.localdate(), asked.axis)
    kept = (o for o in told.owed if not asked.type or o.organisation.type == asked.type)
    return Completeness(told.window, tuple(kept))


@page("completeness.read")
def completeness(request: Request) -> HttpResponse:
    """The counts, the map of silence, the matrix, and the silent bodies."""
    asked = asked_of(request)
    told = found_for(request.actor, asked)
    columns = columns_of(told.owed)
    lines = lines_of(told.owed, asked.state)
    several = len({line[0].pk for line in lines}) < len(lines)
    found = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    silent = silent_of(told)
    span = years_with_data()
    today = timezone.localdate()
    context: dict[str, Any] = {
        "asked": asked,
        "told": told,
        "columns": [(w, windows.spoken(w)) for w in columns],
        "page": found,
        "rows": rows_of(request.actor, list(found.object_list), columns, several),
        "silent": silent,
        "n_unreachable": sum(one.contact == "none" for one in silent),
        "windows": windows.groups(
            min(FIRST_YEAR, span[0] if span else FIRST_YEAR), today.year, asked.window
        ),
        "types": OrganisationType.choices,
        "axes": Axis.choices,
        "states": [(state.value, label) for state, label in STATES.items()],
        "legend": [(css_of(s, False), SIGNS[s], label) for s, label in STATES.items()],
        "is_national": request.actor.reach("completeness.read") is Reach.NATION,
        "may_remind": request.actor.can("completeness.remind"),
        "export_url": asked.url("completeness_export"),
        "crumbs": [("", _("Completeness"))],
        **territory(request.actor, asked, tiles=request.GET.get("view") == "tiles"),
    }
    return render(request, "completeness/index.html", context)


def columns_of(owed: Sequence[Owed]) -> list[Window]:
    """The windows that are owed, by their end; at the same end the shortest first."""
    return sorted({one.window for one in owed}, key=lambda w: (w.end, -w.start.toordinal()))


Line = tuple[Organisation, tuple[str, ...], dict[Window, Owed]]


def lines_of(owed: Sequence[Owed], state: str) -> list[Line]:
    """What each body owes together; only those in ``state`` somewhere, if one is asked."""
    grouped: dict[tuple[object, tuple[str, ...]], Line] = {}
    for one in owed:
        key = (one.organisation.pk, one.axes)
        grouped.setdefault(key, (one.organisation, one.axes, {}))[2][one.window] = one
    return [
        line
        for line in grouped.values()
        if not state or any(one.state == state for one in line[2].values())
    ]


def rows_of(
    actor: Actor, lines: Sequence[Line], columns: Sequence[Window], several: bool
) -> list[Row]:
    """The rows of the matrix; the axes are said where some body owes ``several`` groups."""
    return [
        Row(
            organisation,
            axes_label(axes) if several else "",
            tuple(cell_of(actor, found[w]) if w in found else None for w in columns),
        )
        for organisation, axes, found in lines
    ]


def axes_label(axes: Sequence[str]) -> str:
    """«Prévention, Protection»."""
    return ", ".join(str(Axis(axis).label) for axis in axes)


def css_of(state: State, late: bool) -> str:
    """The class of a cell."""
    return "late" if late and state is State.DRAFT else CELLS.get(state, state.value)


def cell_of(actor: Actor, one: Owed) -> Cell:
    """A sign and its words; linked for whoever may read the return."""
    may_read = one.return_id and actor.can("return.read")
    url = reverse("return_detail", args=[one.return_id]) if may_read else ""
    label = str(STATES[one.state])
    if one.received or not one.lacking or len(one.lacking) == len(one.axes):
        return Cell(css_of(one.state, one.late), SIGNS[one.state], label, url)
    said = _("%(state)s: %(axes)s") % {"state": label, "axes": axes_label(one.lacking)}
    return Cell(css_of(one.state, one.late), SIGNS[one.state], said, url)


def silent_of(told: Completeness) -> list[Silent]:
    """The silent bodies, each once, and whether somebody can be reminded."""
    by_body: dict[object, list[Owed]] = {}
    for one in told.silent:
        by_body.setdefault(one.organisation.pk, []).append(one)
    posts = focal_points(lines[0].organisation.pk for lines in by_body.values())
    held = set(
        Holding.objects.filter(
            post__in=[pk for pks in posts.values() for pk in pks], until=None
        ).values_list("post__organisation_id", flat=True)
    )
    return [
        Silent(
            lines[0].organisation,
            ", ".join(windows.spoken(w) for w in sorted({one.window for one in lines})),
            axes_label([a for a in Axis.values if any(a in one.lacking for one in lines)]),
            any(one.state is State.DRAFT for one in lines),
            "none" if body_id not in posts else "" if body_id in held else "vacant",
        )
        for body_id, lines in by_body.items()
    ]


def territory(actor: Actor, asked: Asked, *, tiles: bool) -> dict[str, Any]:
    """The map of silence: in how many returns each region is spoken of; hatched where in none."""
    heard = queries.heard_by_region(actor, asked.window)
    regions = layout_on(asked.window.end)
    unit = _("organisations that gave a figure of the region")
    draw = draw_tiles if tiles else draw_map
    drawing = draw(
        boundaries_on(asked.window.end),
        {p.code: Value(heard.get(p.code)) for p in regions},
        title=_("Regions of which somebody spoke"),
        unit=unit,
        words=words(),
    )
    return {
        "drawing": drawing,
        "is_tiles": tiles,
        "other_view_url": asked.url(view="" if tiles else "tiles"),
        "head": [_("Region"), _("Organisations")],
        "by_region": [(p.name_fr, heard.get(p.code)) for p in regions],
        "unheard": [p.name_fr for p in regions if p.code not in heard],
        "n_regions": len(regions),
    }


@page("completeness.read")
def completeness_export(request: Request) -> HttpResponse:
    """What the page shows, as a workbook."""
    asked = asked_of(request)
    owed = [
        one
        for one in found_for(request.actor, asked).owed
        if not asked.state or one.state == asked.state
    ]
    title = _("Completeness, %(window)s") % {"window": asked.chosen.label}
    data = to_xlsx(owed, STATES, title, body().acronym)
    return download(data, XLSX, f"danbe-completude-{asked.window.code}.xlsx")


@page("completeness.remind")
def completeness_remind(request: Request) -> HttpResponse:
    """Remind the silent bodies that were chosen, or all of them; a GET goes back to the page."""
    asked = asked_of(request)
    if request.method != "POST":
        return redirect(asked.url())
    told = found_for(request.actor, asked)
    chosen = set(request.POST.getlist("organisation"))
    if request.POST.get("all"):
        chosen = {str(one.organisation.pk) for one in told.silent}
    _say(request, _remind(request.actor, told, chosen))
    return redirect(asked.url())


@dataclass(slots=True)
class Reminded:
    """What came of a reminder."""

    told: int = 0
    already: int = 0
    unreachable: tuple[str, ...] = ()


def _remind(actor: Actor, told: Completeness, chosen: set[str]) -> Reminded:
    bodies = {o.organisation for o in told.silent if str(o.organisation.pk) in chosen}
    posts = focal_points(one.pk for one in bodies)
    done = Reminded(unreachable=tuple(sorted(b.label for b in bodies if b.pk not in posts)))
    with transaction.atomic():
        for organisation in sorted(bodies, key=lambda one: one.code):
            if organisation.pk in posts:
                today = timezone.localdate()
                n = remind(actor, organisation, owed=told.silent, today=today)
                done.told += n > 0
                done.already += n == 0
    return done


def _say(request: Request, done: Reminded) -> None:
    if done.told:
        text = ngettext(
            "%(n)d organisation was reminded, in the inbox of its focal point.",
            "%(n)d organisations were reminded, in the inbox of their focal points.",
            done.told,
        )
        messages.success(request, text % {"n": done.told})
    if done.already:
        text = ngettext(
            "%(n)d organisation was already reminded today.",
            "%(n)d organisations were already reminded today.",
            done.already,
        )
        messages.info(request, text % {"n": done.already})
    if done.unreachable:
        text = _("Without a focal point, so not reminded: %(names)s.")
        messages.warning(request, text % {"names": ", ".join(done.unreachable)})
    if not (done.told or done.already or done.unreachable):
        messages.info(request, _("Nobody was chosen."))


urlpatterns = [
    path("", completeness, name="completeness"),
    path("export/", completeness_export, name="completeness_export"),
    path("remind/", completeness_remind, name="completeness_remind"),
]
