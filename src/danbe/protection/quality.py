"""How well care goes: delays, referrals declined, follow-up kept, needs found nowhere.

A body sees its own numbers. The national view sees sums only: a cell under five persons is
never told, nor one that could be found by subtraction.
"""

import datetime
import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils import timezone

from danbe.core.access import Actor, Reach, visible
from danbe.core.models import Place
from danbe.partnership.queries import service_types
from danbe.protection.models import Case, Referral, Service, Task
from danbe.protection.vocabulary import (
    Declining,
    ReferralStatus,
    ServiceStatus,
    Sex,
    TaskKind,
)
from danbekit.dates import Window

SMALL = 5
# A follow-up is kept when it was held no later than that after its day.
GRACE = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, or what is told instead of it."""

    n: int | None
    told: str = ""  # "small": under five; "hidden": would give a small one away


def cells(numbers: Sequence[int], *, protected: bool, has_total: bool = True) -> list[Cell]:
    """``numbers`` as they may be shown: beside their total, one hidden cell is not enough."""
    if not protected:
        return [Cell(n) for n in numbers]
    shown = [Cell(None, "small") if 0 < n < SMALL else Cell(n) for n in numbers]
    small = [cell for cell in shown if cell.told]
    others = [place for place, cell in enumerate(shown) if cell.n]
    if has_total and len(small) == 1 and others:
        smallest = min(others, key=lambda place: numbers[place])
        shown[smallest] = Cell(None, "hidden")
    return shown


@dataclass(frozen=True, slots=True)
class Delay:
    """Days from the opening of a case to the first service received."""

    opened: Cell
    served: Cell
    median_days: float | None
    p90_days: int | None  # nine in ten waited no longer


@dataclass(frozen=True, slots=True)
class Declined:
    """What became of the referrals sent."""

    sent: Cell
    declined: Cell
    reasons: list[tuple[str, Cell]]


@dataclass(frozen=True, slots=True)
class FollowUpsKept:
    """The milestones of a window whose day, with its grace, has passed."""

    due: Cell
    held: Cell
    percent: int | None


@dataclass(frozen=True, slots=True)
class Lack:
    """Persons for whom a service was found nowhere, in one region, of one sex."""

    service: str
    region: str
    sex: str
    persons: Cell


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything that is measured, over one window."""

    delay: Delay
    declined: Declined
    kept: FollowUpsKept
    lacks: list[Lack]
    is_national: bool


def quality(actor: Actor, window: Window) -> Quality:
    """The measures of the actor's body; of the whole country, protected, where reach is NATION."""
    is_national = actor.reach("quality.read") is Reach.NATION
    return Quality(
        delay=_delay(actor, window, is_national),
        declined=_declined(actor, window, is_national),
        kept=_kept(actor, window, is_national),
        lacks=_lacks(actor, window, is_national),
        is_national=is_national,
    )


def _delay(actor: Actor, window: Window, protected: bool) -> Delay:
    rows = visible(actor, Case, "quality.read").filter(
        opened_on__gte=window.start, opened_on__lte=window.end
    )
    pairs = rows.order_by().values_list("opened_on", "first_service_on").annotate(n=Count("pk"))
    days: Counter[int] = Counter()
    n_waiting = 0
    for opened_on, first, n in pairs:
        if first is None:
            n_waiting += n
        else:
            days[max(0, (first - opened_on).days)] += n
    n_served = days.total()
    opened, served = _pair(n_served + n_waiting, n_served, protected)
    waits = sorted(days.elements())
    if not waits or served.n is None:
        return Delay(opened, served, None, None)
    return Delay(opened, served, statistics.median(waits), percentile(waits, 90))


def percentile(ordered: Sequence[int], percent: int) -> int:
    """The smallest value that ``percent`` % of the others do not exceed (nearest rank)."""
    return ordered[max(1, math.ceil(len(ordered) * percent / 100)) - 1]


def _pair(n_all: int, n_part: int, protected: bool) -> tuple[Cell, Cell]:
    """A whole and a part of it: neither the part nor the rest may be small."""
    rest = n_all - n_part
    [whole] = cells([n_all], protected=protected, has_total=False)
    [part] = cells([n_part], protected=protected, has_total=False)
    if protected and part.n is not None and 0 < rest < SMALL:
        part = Cell(None, "hidden")
    return whole, part


def _declined(actor: Actor, window: Window, protected: bool) -> Declined:
    rows = visible(actor, Referral, "quality.read")
    if not protected:  # what the body sent, not what it was sent
        rows = rows.filter(organisation_id=actor.seat.organisation_id)
    rows = rows.filter(sent_at__gte=_first_moment(window.start), sent_at__lt=_after(window))
    n_sent = rows.count()
    refused = rows.filter(status=ReferralStatus.DECLINED).order_by()
    found = dict(refused.values_list("declining").annotate(n=Count("pk")))
    numbers = [found.get(code, 0) for code in Declining.values]
    sent, declined = _pair(n_sent, sum(numbers), protected)
    shown = cells(numbers, protected=protected)
    labels = [str(label) for label in Declining.labels]
    reasons = [(label, cell) for label, cell in zip(labels, shown, strict=True) if cell.n != 0]
    return Declined(sent, declined, reasons)


def _first_moment(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _after(window: Window) -> datetime.datetime:
    return _first_moment(window.end + datetime.timedelta(days=1))


def _kept(actor: Actor, window: Window, protected: bool) -> FollowUpsKept:
    last = min(window.end, timezone.localdate() - GRACE)
    rows = visible(actor, Task, "quality.read").filter(
        kind=TaskKind.FOLLOW_UP,
        month__isnull=False,
        due_on__gte=window.start,
        due_on__lte=last,
    )
    rows = rows.filter(Q(is_cancelled=False) | Q(cancelled_on__gt=F("due_on")))
    days = rows.exclude(done_on=None).values_list("due_on", "done_on").order_by()
    n_held = sum(n for due, done, n in days.annotate(n=Count("pk")) if done <= due + GRACE)
    n_due = rows.count()
    due_cell, held_cell = _pair(n_due, n_held, protected)
    percent = None
    if n_due and due_cell.n is not None and held_cell.n is not None:
        percent = round(100 * n_held / n_due)
    return FollowUpsKept(due_cell, held_cell, percent)


def _lacks(actor: Actor, window: Window, protected: bool) -> list[Lack]:
    """No totals are given of them: a small cell is not found by subtraction."""
    rows = visible(actor, Service, "quality.read").filter(
        status=ServiceStatus.UNAVAILABLE, start__gte=window.start, start__lte=window.end
    )
    found = list(
        rows.order_by()
        .values_list("type", "case__region_id", "case__person__sex")
        .annotate(n=Count("case__person__national", distinct=True))
    )
    types, sexes = dict(service_types()), dict(Sex.choices)
    places = Place.objects.in_bulk([region for _type, region, _sex, _n in found if region])
    shown = cells([n for *_key, n in found], protected=protected, has_total=False)
    lacks = [
        Lack(
            types.get(type_, type_),
            places[region].name_fr if region else "",
            str(sexes[sex]),
            cell,
        )
        for (type_, region, sex, _n), cell in zip(found, shown, strict=True)
    ]
    return sorted(lacks, key=lambda lack: (-(lack.persons.n or 0), lack.service, lack.region))
