"""The Committee as people ask for it: who sits, which months met, who is absent, what is late."""

import datetime
import math
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from danbe.accounts.models import Organisation, Post
from danbe.core.access import ROLES, Actor, Role, visible
from danbe.partnership.models import (
    THERE,
    Assembly,
    AssemblyKind,
    DayPrecision,
    Decision,
    DecisionNote,
    DecisionStatus,
    Meeting,
    MeetingAttendance,
    MeetingStatus,
    MinutesStatus,
    NoteReview,
    Presence,
    QuorumRule,
    Seat,
    SeatKind,
)

ENDS_SOON = datetime.timedelta(days=90)
N_LAST = 12  # meetings of an absence pattern
READ, READ_PUBLIC = "committee.read", "committee.read_public"


# --- Assemblies and seats ---------------------------------------------------------------------


def assemblies(actor: Actor, today: datetime.date) -> QuerySet[Assembly]:
    """The assemblies within reach, the Committee first, with how many sit there today."""
    live = Q(seats__in=Seat.unscoped.filter(Seat.live_on(today), kind=SeatKind.TITULAR))
    rank = Q(kind=AssemblyKind.COMMITTEE)
    rows = visible(actor, Assembly, READ).select_related("parent", "place")
    return rows.annotate(
        n_live=Count("seats", filter=live, distinct=True),
        is_first=Count("pk", filter=rank, distinct=True),
    ).order_by("-is_active", "-is_first", "code")


def seats_of(assembly: Assembly) -> QuerySet[Seat]:
    """Everybody who sits or sat there, with their body and post."""
    return assembly.seats.select_related("organisation", "post").order_by(
        "organisation__label_fr", "-start"
    )


def ending(actor: Actor, today: datetime.date) -> QuerySet[Seat]:
    """Terms that end within ninety days, or ended in the last ninety with nobody after them."""
    after = Seat.unscoped.filter(
        Q(end=None) | Q(end__gt=OuterRef("end")),
        assembly=OuterRef("assembly"),
        organisation=OuterRef("organisation"),
        kind=OuterRef("kind"),
    )
    rows = visible(actor, Seat, READ).filter(
        end__gte=today - ENDS_SOON, end__lte=today + ENDS_SOON, assembly__is_active=True
    )
    return rows.filter(~Exists(after)).select_related("assembly", "organisation").order_by("end")


def needed(assembly: Assembly, n_seats: int) -> int | None:
    """How many must come; ``None`` where the rule, or who sits, is not known.

    A share is rounded up: 50 % of 25 members is 13.
    """
    value = assembly.quorum_value or 0
    if assembly.quorum_rule == QuorumRule.NUMBER:
        return value
    if assembly.quorum_rule == QuorumRule.SHARE and n_seats:
        return math.ceil(n_seats * value / 100)
    return None


@dataclass(frozen=True, slots=True)
class Called:
    """One body that is called to a meeting, and the posts that Danbe can tell."""

    organisation: Organisation
    seats: tuple[Seat, ...]
    posts: tuple[uuid.UUID, ...]  # none: on paper


def called_to(meeting: Meeting) -> list[Called]:
    """The bodies that sit on the day of the meeting, titular or alternate, and whom to tell.

    The post named in a seat hears of it; without one, the active focal points of the body.
    """
    seats = meeting.assembly.seats.filter(Seat.live_on(meeting.day))
    by_body: dict[Organisation, list[Seat]] = defaultdict(list)
    for seat in seats.select_related("organisation", "post").order_by("organisation__label_fr"):
        by_body[seat.organisation].append(seat)
    focal: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    readers = [role for role, verbs in ROLES.items() if READ in verbs]
    posts = Post.objects.filter(is_active=True, organisation__in=by_body, role__in=readers)
    for post in posts.filter(role__in=(Role.FOCAL_POINT, Role.SECRETARIAT)):
        focal[post.organisation_id].append(post.pk)
    told = []
    for body, held in by_body.items():
        named = [s.post.pk for s in held if s.post is not None and s.post.is_active]
        told.append(Called(body, tuple(held), tuple(named or focal[body.pk])))
    return told


# --- Meetings ---------------------------------------------------------------------------------


def meetings(actor: Actor) -> QuerySet[Meeting]:
    """The meetings within reach, with what came of them counted."""
    rows = visible(actor, Meeting, READ).select_related("assembly")
    decided = Decision.unscoped.filter(meeting=OuterRef("pk")).order_by()
    count = decided.values("meeting").annotate(n=Count("pk")).values("n")
    return rows.annotate(n_decisions=count, n_files=Count("files", filter=~Q(files__key=None)))


def coming(actor: Actor, today: datetime.date) -> QuerySet[Meeting]:
    """The meetings still to be held, the nearest first."""
    rows = visible(actor, Meeting, READ).select_related("assembly")
    return rows.filter(
        status__in=(MeetingStatus.PLANNED, MeetingStatus.CONVOKED), day__gte=today
    ).order_by("day")


def unfinished(actor: Actor, today: datetime.date) -> QuerySet[Meeting]:
    """Meetings whose day has passed and of which nobody said whether they were held."""
    rows = visible(actor, Meeting, READ).select_related("assembly")
    return rows.filter(
        status__in=(MeetingStatus.PLANNED, MeetingStatus.CONVOKED), day__lt=today
    ).order_by("day")


def without_minutes(actor: Actor) -> QuerySet[Meeting]:
    """Meetings that were held here and have no adopted minutes; the archive is left out."""
    rows = visible(actor, Meeting, READ).select_related("assembly")
    return (
        rows.filter(status=MeetingStatus.HELD, is_archive=False)
        .exclude(minutes_status=MinutesStatus.ADOPTED)
        .order_by("day")
    )


def public_meetings(actor: Actor) -> QuerySet[Meeting]:
    """The published calendar."""
    rows = visible(actor, Meeting, READ_PUBLIC).select_related("assembly")
    return rows.filter(is_public=True)


def public_decisions(actor: Actor) -> QuerySet[Decision]:
    """The decisions that the secretariat published."""
    rows = visible(actor, Decision, READ_PUBLIC).select_related("owner", "meeting__assembly")
    return rows.filter(is_public=True)


# --- Months -----------------------------------------------------------------------------------


class MonthState(Enum):
    """What is known of a month. Not known is not empty."""

    HELD = "held"
    CANCELLED = "cancelled"  # meetings were planned, none was held
    NONE = "none"  # recorded, and none was held
    UNKNOWN = "unknown"  # before every meeting was recorded
    PLANNED = "planned"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one assembly."""

    year: int
    month: int
    state: MonthState
    n_held: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of an assembly, year by year, and what no month can show."""

    months: Mapping[int, tuple[Month, ...]]  # year -> its twelve months
    undated: tuple[Meeting, ...]  # known to the year only
    last_held: datetime.date | None
    is_overdue: bool  # more months than asked for since the last one; false when nothing is asked

    def count(self, state: MonthState) -> int:
        """How many months are in a state."""
        return sum(m.state is state for year in self.months.values() for m in year)


def calendar(
    assembly: Assembly, rows: Iterable[Meeting], today: datetime.date, n_years: int = 5
) -> Calendar:
    """The last ``n_years`` years and the next months, from the meetings of the assembly."""
    kept = list(rows)
    dated = [m for m in kept if m.day_precision != DayPrecision.YEAR]
    undated = tuple(m for m in kept if m.day_precision == DayPrecision.YEAR)
    by_month: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for one in dated:
        by_month[one.day.year, one.day.month][one.status] += 1
    last_year = max([today.year, *(m.day.year for m in dated)])
    years = range(today.year - n_years + 1, last_year + 1)
    months = {
        year: tuple(
            _month(assembly, year, month, by_month[year, month], today) for month in range(1, 13)
        )
        for year in years
    }
    held = [m.day for m in dated if m.status == MeetingStatus.HELD and m.day <= today]
    last = max(held, default=None)
    return Calendar(months, undated, last, _is_overdue(assembly, last, today))


def _month(
    assembly: Assembly, year: int, month: int, found: Counter[str], today: datetime.date
) -> Month:
    n_held = found[MeetingStatus.HELD]
    if n_held:
        return Month(year, month, MonthState.HELD, n_held)
    if found[MeetingStatus.PLANNED] or found[MeetingStatus.CONVOKED]:
        return Month(year, month, MonthState.PLANNED)
    if found[MeetingStatus.CANCELLED]:
        return Month(year, month, MonthState.CANCELLED)
    if (year, month) >= (today.year, today.month):
        return Month(year, month, MonthState.FUTURE)
    since = assembly.records_since
    is_recorded = since is not None and (year, month) >= (since.year, since.month)
    return Month(year, month, MonthState.NONE if is_recorded else MonthState.UNKNOWN)


def _is_overdue(assembly: Assembly, last: datetime.date | None, today: datetime.date) -> bool:
    """Whether more whole months than asked for went by since the last meeting that was held."""
    since = last or assembly.records_since
    if assembly.cadence_months is None or since is None:
        return False
    gone = (today.year - since.year) * 12 + today.month - since.month
    return gone > assembly.cadence_months


# --- Absences ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Absences:
    """How one body took part in the last meetings, the newest first; "" where nothing is said."""

    organisation: Organisation
    cells: list[str]
    n_there: int = 0
    n_excused: int = 0
    n_absent: int = 0
    in_a_row: int = 0  # absent, not even excused, up to the last meeting that says

    @property
    def n_said(self) -> int:
        """The meetings whose attendance says something of this body."""
        return self.n_there + self.n_excused + self.n_absent


@dataclass(frozen=True, slots=True)
class Pattern:
    """Bodies by meetings."""

    meetings: Sequence[Meeting] = field(default_factory=list)
    rows: Sequence[Absences] = field(default_factory=list)


def absences(actor: Actor, assembly: Assembly, last: int = N_LAST) -> Pattern:
    """Who came to the last meetings that were held: two queries, whatever the number."""
    held = visible(actor, Meeting, READ).filter(assembly=assembly, status=MeetingStatus.HELD)
    there = Prefetch("attendance", MeetingAttendance.unscoped.select_related("organisation"))
    shown = list(held.order_by("-day", "-reference").prefetch_related(there)[:last])
    rows: dict[uuid.UUID, Absences] = {}
    for n, meeting in enumerate(shown):
        for one in meeting.attendance.all():
            row = rows.setdefault(
                one.organisation_id, Absences(one.organisation, [""] * len(shown))
            )
            row.cells[n] = one.presence
    for row in rows.values():
        _count(row)
    ordered = sorted(
        rows.values(), key=lambda r: (-r.in_a_row, -r.n_absent, r.organisation.label_fr)
    )
    return Pattern(shown, ordered)


def _count(row: Absences) -> None:
    said = [cell for cell in row.cells if cell]
    row.n_there = sum(cell in THERE for cell in said)
    row.n_excused = said.count(Presence.EXCUSED)
    row.n_absent = said.count(Presence.ABSENT)
    for cell in said:
        if cell != Presence.ABSENT:
            break
        row.in_a_row += 1


# --- Decisions --------------------------------------------------------------------------------

LATE = "late"


def decisions(actor: Actor) -> QuerySet[Decision]:
    """The decisions within reach, with their meeting and owner."""
    rows = visible(actor, Decision, READ)
    return rows.select_related("owner", "meeting__assembly")


def late_only(rows: QuerySet[Decision], today: datetime.date) -> QuerySet[Decision]:
    """Those that are open after their deadline."""
    return rows.filter(status=DecisionStatus.OPEN, deadline__lt=today)


def of_status(rows: QuerySet[Decision], status: str, today: datetime.date) -> QuerySet[Decision]:
    """Open (late ones too), late, done or dropped; a status that means nothing finds nothing."""
    if status == LATE:
        return late_only(rows, today)
    return rows.filter(status=status)


def waiting_notes(actor: Actor) -> QuerySet[DecisionNote]:
    """What owners say is done, and the secretariat has not confirmed yet."""
    rows = visible(actor, DecisionNote, "decision.confirm").filter(review=NoteReview.WAITING)
    return rows.select_related("decision__meeting", "post__organisation").order_by("at")


def owed_by(actor: Actor) -> QuerySet[Decision]:
    """What the actor's own body must carry out, the earliest deadline first."""
    rows = visible(actor, Decision, "decision.report").select_related("meeting__assembly")
    return rows.filter(status=DecisionStatus.OPEN, owner_id=actor.organisation_id).order_by(
        F("deadline").asc(nulls_last=True)
    )
