"""The Committee as people ask for it: who sits, who was there, what is late, which months passed.

Functions take the actor where rows are read; bodies, seats and attendance are reached from there.
"""

import datetime
import math
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role, visible
from danbe.core.models import Term
from danbe.partnership.committee_models import (
    Attendance,
    BodyKind,
    BureauRole,
    CommitteeBody,
    CommitteeFile,
    Decision,
    DecisionStatus,
    Evidence,
    Meeting,
    MeetingStatus,
    Membership,
    Presence,
    QuorumRule,
)
from danbekit.names import fold

ABSENCES = 3  # in a row: a pattern
RECENT = 12  # meetings looked back at
SOON = datetime.timedelta(days=30)
ENDING = datetime.timedelta(days=90)


# --- Who sits -----------------------------------------------------------------------------------


def members_on(body: CommitteeBody, day: datetime.date) -> list[Membership]:
    """The seats of a body on a day, by name; those of the bureau come from the Committee."""
    rows = Membership.objects.filter(Membership.running_on(day)).select_related("organisation")
    if body.kind == BodyKind.BUREAU:
        rows = rows.filter(body__kind=BodyKind.COMMITTEE).exclude(bureau_role="")
    else:
        rows = rows.filter(body=body)
    return sorted(rows, key=_protocol)


def _protocol(seat: Membership) -> tuple[int, str, str]:
    """The president, the bureau, then everybody in the order of names."""
    rank = {BureauRole.PRESIDENT.value: 0, BureauRole.MEMBER.value: 1}
    return (rank.get(seat.bureau_role, 2), fold(seat.organisation.label), fold(seat.seat))


def seat_holders(meeting: Meeting) -> list[Membership]:
    """The seats on the day of a meeting, and those whose attendance was recorded already."""
    seats = {seat.pk: seat for seat in members_on(meeting.body, meeting.date)}
    rows = Attendance.objects.filter(meeting=meeting).select_related("membership__organisation")
    for row in rows:
        seats.setdefault(row.membership_id, row.membership)
    return sorted(seats.values(), key=_protocol)


def has_contact(seats: Iterable[Membership]) -> dict[uuid.UUID, bool]:
    """For each organisation, whether an active focal point would read a convocation."""
    asked = {seat.organisation_id for seat in seats}
    rows = Post.objects.filter(organisation__in=asked, role=Role.FOCAL_POINT, is_active=True)
    reached = set(rows.values_list("organisation_id", flat=True))
    return {pk: pk in reached for pk in asked}


def meeting_kinds() -> list[tuple[str, str]]:
    """The kinds of meeting, with their names."""
    return [(t.code, t.label) for t in Term.objects.filter(list="meeting_kind").order_by("order")]


# --- Quorum -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who counted, out of whom. ``needed`` None: the body has set no rule yet."""

    n_members: int
    n_counted: int
    n_present: int
    n_proxies: int
    needed: int | None

    @property
    def is_reached(self) -> bool | None:
        """``None`` while no rule is set: nobody can say."""
        return None if self.needed is None else self.n_counted >= self.needed


def quorum_of(meeting: Meeting) -> Quorum:
    """The quorum of a meeting by the rule of its body, on the seats of that day."""
    body = meeting.body
    told = list(meeting.attendance.values_list("presence", flat=True))
    n_present, n_proxies = told.count(Presence.PRESENT), told.count(Presence.PROXY)
    n_members = len(seat_holders(meeting))
    n_counted = n_present + (n_proxies if body.quorum_counts_proxies else 0)
    return Quorum(n_members, n_counted, n_present, n_proxies, needed_of(body, n_members))


def needed_of(body: CommitteeBody, n_members: int) -> int | None:
    """How many members make a quorum; ``None`` while the body has set no rule."""
    value = body.quorum_value or 0
    if body.quorum_rule == QuorumRule.COUNT:
        return value
    if body.quorum_rule == QuorumRule.SHARE:
        return math.ceil(n_members * value / 100)
    return n_members // 2 + 1 if body.quorum_rule == QuorumRule.MAJORITY else None


# --- Lists --------------------------------------------------------------------------------------


def meetings(
    actor: Actor, *, body: str = "", status: str = "", year: str = "", text: str = ""
) -> QuerySet[Meeting]:
    """The meetings that the actor may read and that answer. A value unknown finds nothing."""
    rows = visible(actor, Meeting, "committee.read").select_related("body")
    if body:
        rows = rows.filter(body__code=body)
    if status:
        rows = rows.filter(status=status)
    if year:
        rows = rows.filter(date__year=int(year)) if year.isdecimal() else rows.none()
    for word in text.split():
        rows = rows.filter(
            Q(number__icontains=word) | Q(subject__icontains=word) | Q(place__icontains=word)
        )
    return rows


def n_decisions_of(actor: Actor, rows: Sequence[Meeting]) -> dict[uuid.UUID, tuple[int, int]]:
    """For the meetings of one page: how many decisions, and how many still open."""
    is_open = Count("decisions", filter=Q(decisions__status=DecisionStatus.OPEN))
    found = visible(actor, Meeting, "committee.read").filter(pk__in=[row.pk for row in rows])
    found = found.order_by().annotate(n=Count("decisions"), n_open=is_open)
    return {pk: (n, n_open) for pk, n, n_open in found.values_list("pk", "n", "n_open")}


def years_of(actor: Actor) -> list[int]:
    """The years with a meeting, the latest first."""
    days = visible(actor, Meeting, "committee.read").dates("date", "year", order="DESC")
    return [day.year for day in days]


def decisions(
    actor: Actor,
    *,
    state: str = "",
    owner: str = "",
    body: str = "",
    text: str = "",
    today: datetime.date | None = None,
) -> QuerySet[Decision]:
    """The decisions that the actor may read and that answer. ``state``: a status, or ``late``."""
    rows = visible(actor, Decision, "committee.read").select_related(
        "meeting__body", "organisation", "post"
    )
    if state == "late":
        day = today or timezone.localdate()
        rows = rows.filter(status=DecisionStatus.OPEN, deadline__lt=day)
    elif state:
        rows = rows.filter(status=state)
    if owner == "nobody":
        rows = rows.filter(organisation=None)
    elif owner:
        rows = rows.filter(organisation__code=owner)
    if body:
        rows = rows.filter(meeting__body__code=body)
    for word in text.split():
        rows = rows.filter(Q(number__icontains=word) | Q(text__icontains=word))
    return rows


def owners(actor: Actor) -> list[Organisation]:
    """The organisations to which a readable decision was entrusted, by name."""
    rows = visible(actor, Decision, "committee.read").order_by().values("organisation_id")
    found = Organisation.objects.filter(pk__in=rows.distinct())
    return sorted(found, key=lambda row: fold(row.label))


def evidence_of(actor: Actor, decision: Decision) -> list[Evidence]:
    """What was answered on a decision, the latest first, for whoever may read it."""
    rows = visible(actor, Evidence, "committee.read").filter(decision=decision)
    return list(rows.select_related("organisation", "post"))


def files_of(actor: Actor, meeting: Meeting) -> list[CommitteeFile]:
    """The files that the actor may open, destroyed ones left out."""
    rows = visible(actor, CommitteeFile, "committee.open_file").filter(meeting=meeting)
    return list(rows.exclude(key=None).defer("sealed_name"))


def may_answer(actor: Actor, decision: Decision) -> bool:
    """Whether the actor may say what was done: the owner, or the secretariat."""
    if decision.status != DecisionStatus.OPEN or not actor.can("decision.answer"):
        return False
    return decision.organisation_id == actor.organisation_id or actor.can("decision.settle")


# --- Rhythm and absences ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year of a body: how many meetings were held each month; ``None``: not yet come."""

    year: int
    months: tuple[int | None, ...]

    @property
    def n(self) -> int:
        """Meetings of the year."""
        return sum(n or 0 for n in self.months)


def rhythm(actor: Actor, body: CommitteeBody, today: datetime.date) -> list[YearRow]:
    """Month by month, the meetings held that are on record, the latest year first."""
    days = held_days(actor, body)
    counted: dict[tuple[int, int], int] = defaultdict(int)
    for day in days:
        counted[day.year, day.month] += 1
    first = min([day.year for day in days] or [today.year])
    return [
        YearRow(
            year,
            tuple(
                None if (year, month) > (today.year, today.month) else counted[year, month]
                for month in range(1, 13)
            ),
        )
        for year in range(today.year, first - 1, -1)
    ]


def held_days(actor: Actor, body: CommitteeBody) -> list[datetime.date]:
    """The days on which a body met, the earliest first."""
    rows = visible(actor, Meeting, "committee.read")
    held = rows.filter(body=body, status=MeetingStatus.HELD)
    return list(held.order_by("date").values_list("date", flat=True))


def months_since(actor: Actor, body: CommitteeBody, today: datetime.date) -> int | None:
    """Full months without a meeting since the last one; ``None`` when none is on record."""
    days = held_days(actor, body)
    if not days:
        return None
    last = days[-1]
    return max(0, (today.year - last.year) * 12 + today.month - last.month - 1)


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """A seat that stayed empty several meetings in a row, up to the last one recorded."""

    seat: Membership
    n_in_row: int
    n_excused: int
    last_there: datetime.date | None


def absences(
    actor: Actor, body: CommitteeBody, today: datetime.date, at_least: int = ABSENCES
) -> list[AbsenceLine]:
    """The seats empty ``at_least`` times in a row, excused or not; a proxy is a presence.

    Meetings whose attendance was not recorded say nothing, and break nothing.
    """
    meetings_ = visible(actor, Meeting, "committee.read").filter(
        body=body, status=MeetingStatus.HELD, attended_at__isnull=False
    )
    recent = list(meetings_.order_by("-date").values_list("pk", flat=True)[:RECENT])
    rows = Attendance.objects.filter(meeting__in=recent).order_by("-meeting__date")
    by_seat: dict[uuid.UUID, list[tuple[str, datetime.date]]] = defaultdict(list)
    for seat_id, presence, day in rows.values_list("membership_id", "presence", "meeting__date"):
        by_seat[seat_id].append((presence, day))
    lines = [
        _absence(seat, by_seat[seat.pk]) for seat in members_on(body, today) if seat.pk in by_seat
    ]
    kept = [line for line in lines if line.n_in_row >= at_least]
    return sorted(kept, key=lambda line: -line.n_in_row)


def _absence(seat: Membership, seen: Sequence[tuple[str, datetime.date]]) -> AbsenceLine:
    away = (Presence.ABSENT, Presence.EXCUSED)
    n = next((n for n, (presence, _day) in enumerate(seen) if presence not in away), len(seen))
    n_excused = sum(presence == Presence.EXCUSED for presence, _day in seen[:n])
    return AbsenceLine(seat, n, n_excused, seen[n][1] if n < len(seen) else None)


# --- The first day of a new secretary -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FirstDay:
    """What somebody who takes the post must see at once."""

    coming: list[Meeting]
    not_held: list[Meeting]  # convened or planned, and the day went by
    no_minutes: list[Meeting]
    to_publish: list[Meeting]
    late: list[Decision]
    soon: list[Decision]
    answered: list[Decision]  # open, with evidence that waits for a word
    n_open: int
    n_unowned: int
    ending: list[Membership]
    n_meetings: int
    n_archived: int
    first_archived: datetime.date | None


def first_day(actor: Actor, today: datetime.date, at_most: int = 10) -> FirstDay:
    """What is open, what is late, the next dates, and how far back the archive goes."""
    rows = visible(actor, Meeting, "committee.read").select_related("body")
    open_ = rows.filter(status__in=[MeetingStatus.PLANNED, MeetingStatus.CONVENED])
    held = rows.filter(status=MeetingStatus.HELD, is_archive=False)
    undone = decisions(actor, state=DecisionStatus.OPEN)
    by_deadline = undone.order_by(F("deadline").asc(nulls_last=True), "number")
    archived = rows.filter(is_archive=True)
    ends = Membership.objects.filter(until__range=(today, today + ENDING))
    return FirstDay(
        coming=list(open_.filter(date__gte=today).order_by("date")[:at_most]),
        not_held=list(open_.filter(date__lt=today).order_by("date")[:at_most]),
        no_minutes=list(held.filter(minutes_at=None)[:at_most]),
        to_publish=list(
            held.filter(minutes_at__isnull=False, published_at=None).defer("minutes")[:at_most]
        ),
        late=list(by_deadline.filter(deadline__lt=today)[:at_most]),
        soon=list(by_deadline.filter(deadline__range=(today, today + SOON))[:at_most]),
        answered=list(by_deadline.filter(evidence__isnull=False).distinct()[:at_most]),
        n_open=undone.count(),
        n_unowned=undone.filter(organisation=None).count(),
        ending=list(ends.select_related("body", "organisation").order_by("until")),
        n_meetings=rows.count(),
        n_archived=archived.count(),
        first_archived=archived.order_by("date").values_list("date", flat=True).first(),
    )


# --- Whom to tell -------------------------------------------------------------------------------


def focal_points_of(seats: Iterable[Membership]) -> list[uuid.UUID]:
    """The posts that read the mail of the members."""
    asked = {seat.organisation_id for seat in seats}
    rows = Post.objects.filter(organisation__in=asked, role=Role.FOCAL_POINT, is_active=True)
    return list(rows.values_list("pk", flat=True))
