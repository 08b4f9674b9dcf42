"""The days of a case: what is due when, and when the person is seen again.

Somebody is seen again 1, 3, 6, 12 and 24 months on.
They are planned twice: when care begins, from that day; and, once the person is back in a life
of their own, anew from that day (what was not yet held of the first five is cancelled).
"""

import calendar
import datetime

from django.db.models import Min, QuerySet
from django.utils import timezone

from danbe.core.access import Actor
from danbe.protection.models import Case, Task
from danbe.protection.vocabulary import TaskKind

MONTHS = (1, 3, 6, 12, 24)


def add_months(day: datetime.date, n_months: int) -> datetime.date:
    """The same day ``n_months`` later; the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + n_months, 12)
    year, month = day.year + years, month + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def milestones(start: datetime.date) -> list[tuple[int, datetime.date]]:
    """Each milestone with its day, counted from ``start`` (never from one another)."""
    return [(months, add_months(start, months)) for months in MONTHS]


def plan_milestones(actor: Actor, case: Case, start: datetime.date) -> None:
    """The five follow-ups counted from ``start``; those not held yet of before are cancelled."""
    cancel(open_tasks(case).filter(month__isnull=False))
    Task.unscoped.bulk_create(
        Task(
            case=case,
            kind=TaskKind.FOLLOW_UP,
            due_on=day,
            month=month,
            post_id=actor.seat.post_id,
        )
        for month, day in milestones(start)
    )
    keep_next_due(case)


def plan_again(case: Case) -> None:
    """Milestones that the closing cancelled and whose day is still to come."""
    start = case.reintegration_on or case.opened_on
    days = [day for _month, day in milestones(start) if day >= timezone.localdate()]
    Task.unscoped.filter(
        case=case, month__isnull=False, done_on=None, is_cancelled=True, due_on__in=days
    ).update(is_cancelled=False, cancelled_on=None)
    keep_next_due(case)


def open_tasks(case: Case) -> QuerySet[Task]:
    """What is still to be done for a case."""
    rows: QuerySet[Task] = Task.unscoped.filter(case=case, done_on=None, is_cancelled=False)
    return rows


def cancel(tasks: QuerySet[Task]) -> None:
    """They are no longer to be done. What is cancelled after its day was missed."""
    tasks.update(is_cancelled=True, cancelled_on=timezone.localdate())


def keep_next_due(case: Case) -> None:
    """The earliest day on which something is due, for the lists."""
    case.next_due_on = open_tasks(case).aggregate(day=Min("due_on"))["day"]
    case.save(update_fields=["next_due_on"])
