"""Who owes what for which window, and who is silent. Silence is shown as silence, never zero."""

import datetime
import enum
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, Reach, visible
from danbe.figures.models import (
    Breakdown,
    Definition,
    Obligation,
    Return,
)
from danbe.figures.queries import reported
from danbekit.dates import DAY, Window
from danbekit.names import fold


class State(enum.StrEnum):
    """Where one owed return stands."""

    NOT_DUE = "not_due"  # the window is not over, or its delay still runs, and nothing came
    MISSING = "missing"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUERIED = "queried"
    ACCEPTED = "accepted"


RECEIVED = frozenset({State.SUBMITTED, State.QUERIED, State.ACCEPTED})
# From the one that worries most: a return is as far as the least advanced of its axes.
RANK = {
    State.MISSING: 0,
    State.NOT_DUE: 0,
    State.DRAFT: 1,
    State.QUERIED: 2,
    State.SUBMITTED: 3,
    State.ACCEPTED: 4,
}


@dataclass(frozen=True, slots=True)
class Owed:
    """One return that one body owes for one window."""

    organisation: Organisation
    window: Window
    axes: tuple[str, ...]
    due: datetime.date
    state: State
    return_id: str = ""
    late: bool = False  # the due date is past, whether or not something came
    lacking: tuple[str, ...] = ()  # the axes on which nothing was received

    @property
    def received(self) -> bool:
        """Whether the body has spoken on all its axes (submitted, queried or accepted)."""
        return self.state in RECEIVED

    @property
    def silent(self) -> bool:
        """Due, and not received."""
        return self.late and not self.received


@dataclass(frozen=True, slots=True)
class Completeness:
    """All that is owed in a window."""

    window: Window
    owed: tuple[Owed, ...]

    @property
    def n_due(self) -> int:
        """Returns that should have come by now, or came before."""
        return sum(o.late or o.received for o in self.owed)

    @property
    def n_received(self) -> int:
        """Returns that came."""
        return sum(o.received for o in self.owed)

    @property
    def n_accepted(self) -> int:
        """Returns whose figures are in the totals."""
        return sum(o.state is State.ACCEPTED for o in self.owed)

    @property
    def silent(self) -> list[Owed]:
        """Owed, due, and not received."""
        return [o for o in self.owed if o.silent]

    @property
    def percent(self) -> int | None:
        """Accepted over due, floored: 99.9 is not 100. ``None`` when nothing is due."""
        return 100 * self.n_accepted // self.n_due if self.n_due else None


def completeness(
    actor: Actor, window: Window, today: datetime.date, axis: str = ""
) -> Completeness:
    """What is owed inside ``window`` (on one axis, or all), as far as the actor's reach goes."""
    reach = actor.reach("completeness.read")
    if reach is None:
        return Completeness(window, ())
    obligations = _in_force(window)
    if reach is not Reach.NATION:
        obligations = obligations.filter(organisation=actor.organisation_id)
    # Only the status of a return is read here, never its content.
    returns = visible(actor, Return, "completeness.read")
    return Completeness(window, _owed_in(obligations, returns, window, today, axis))


def _in_force(window: Window) -> QuerySet[Obligation]:
    rows = Obligation.objects.filter(organisation__is_active=True, first__lte=window.end)
    return rows.select_related("organisation")


@dataclass(frozen=True, slots=True)
class _Filed:
    """A return that exists, as far as completeness looks at it."""

    pk: uuid.UUID
    window: Window
    axes: str
    state: State


def _owed_in(
    obligations: Iterable[Obligation],
    returns: QuerySet[Return],
    window: Window,
    today: datetime.date,
    axis: str = "",
) -> tuple[Owed, ...]:
    filed: dict[object, list[_Filed]] = {}
    # An owed window is cut from a calendar year: it may begin before the window asked for.
    rows = returns.filter(
        end__gte=datetime.date(window.start.year, 1, 1), start__lte=window.end
    ).values_list("organisation_id", "pk", "start", "end", "axes", "status")
    for body, pk, start, end, axes, status in rows.order_by("start"):
        found = _Filed(pk, Window(start, end), axes, State(status))
        filed.setdefault(body, []).append(found)
    owed = []
    pieces: dict[int, list[Window]] = {}
    for due in obligations:
        asked = [a for a in due.axes.split() if axis in ("", a)]
        if not asked:
            continue
        if due.months not in pieces:
            pieces[due.months] = _windows(due.months, window)
        theirs = filed.get(due.organisation_id, ())
        owed += [
            _owed(due, asked, piece, theirs, today)
            for piece in pieces[due.months]
            if due.first <= piece.end and (due.last is None or piece.start <= due.last)
        ]
    bodies = {o.organisation.pk: o.organisation for o in owed}
    names = {pk: fold(body.label) for pk, body in bodies.items()}
    return tuple(sorted(owed, key=lambda o: (names[o.organisation.pk], o.window)))


def _windows(months: int, window: Window) -> list[Window]:
    """The windows of so many months, cut from calendar years, that end inside ``window``."""
    years = range(window.start.year, window.end.year + 1)
    return [
        piece
        for year in years
        for piece in Window.calendar_year(year).split(months)
        if window.start <= piece.end <= window.end
    ]


def _owed(
    obligation: Obligation,
    axes: Sequence[str],
    window: Window,
    filed: Sequence[_Filed],
    today: datetime.date,
) -> Owed:
    due = window.end + DAY * obligation.due_days
    silence = State.MISSING if today > due else State.NOT_DUE
    near = [f for f in filed if f.window.overlaps(window)]
    states: dict[str, tuple[State, str]] = {
        axis: _axis_state(window, [f for f in near if axis in f.axes]) or (silence, "")
        for axis in axes
    }
    state, pk = min(states.values(), key=lambda found: RANK[found[0]], default=(silence, ""))
    lacking = tuple(axis for axis, found in states.items() if found[0] not in RECEIVED)
    body = obligation.organisation
    return Owed(body, window, tuple(axes), due, state, pk, today > due, lacking)


def _axis_state(window: Window, filed: Sequence[_Filed]) -> tuple[State, str] | None:
    """How far one axis of one owed window is: by one return, or by shorter ones that fill it."""
    whole = [f for f in filed if f.window.contains(window)]
    if whole:
        best = max(whole, key=lambda f: RANK[f.state])
        return best.state, str(best.pk)
    parts = [f for f in filed if window.contains(f.window)]
    if parts and _fill(window, parts):
        worst = min(parts, key=lambda f: RANK[f.state])
        return worst.state, str(worst.pk)
    return None


def _fill(window: Window, parts: Sequence[_Filed]) -> bool:
    """Whether ``parts``, in order of their start, leave no day of ``window`` out."""
    reached = window.start
    for part in parts:
        if part.window.start > reached:
            return False
        reached = max(reached, part.window.end + DAY)
    return reached > window.end


# --- Who is behind a gap --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Absent:
    """A body that is asked for a figure and did not give it, or not for the whole window."""

    organisation: Organisation
    windows: tuple[Window, ...]  # owed and not accepted yet; empty: accepted, without this figure

    @property
    def answered(self) -> bool:
        """Whether its returns are all accepted: it has no such data, and said so or left blank."""
        return not self.windows


def absent_from(definition: Definition, window: Window, today: datetime.date) -> list[Absent]:
    """The bodies that owe ``definition`` in ``window`` and whose figures are not in it."""
    axis = definition.axis
    obligations = _in_force(window).filter(
        axes__contains=axis, organisation__type__in=definition.asked_of.split()
    )
    waiting: dict[uuid.UUID, list[Window]] = {}
    bodies: dict[uuid.UUID, Organisation] = {}
    for owed in _owed_in(obligations, Return.unscoped.all(), window, today, axis):
        bodies[owed.organisation.pk] = owed.organisation
        missing = waiting.setdefault(owed.organisation.pk, [])
        if owed.state is not State.ACCEPTED and owed.window not in missing:
            missing.append(owed.window)
    # A number set aside because another body gave the same fact is a number given.
    rows = reported(window).filter(definition=definition, breakdown=Breakdown.TOTAL)
    gave = set(rows.values_list("organisation_id", flat=True).distinct())
    return [
        Absent(bodies[pk], tuple(windows))
        for pk, windows in waiting.items()
        if windows or pk not in gave
    ]


def heard_by_region(actor: Actor, window: Window) -> Mapping[str, int]:
    """How many bodies gave at least one figure of each region (by code) in ``window``.

    A region that is not in the answer is silent: no accepted return speaks of it.
    """
    reach = actor.reach("completeness.read")
    if reach is None:
        return {}
    rows = reported(window).filter(
        # All of them, by name: the index begins with the definition.
        definition__in=list(Definition.objects.values_list("code", flat=True)),
        breakdown=Breakdown.TOTAL,
        region__isnull=False,
    )
    if reach is not Reach.NATION:
        rows = rows.filter(organisation=actor.organisation_id)
    found = rows.values_list("region").annotate(n=Count("organisation", distinct=True))
    return dict(found.values_list("region", "n"))
