"""How well people are helped: how soon, how often not at all, and what is missing where.

Counts only. Whoever reads for the nation sees no case, and small numbers are hidden by the page.
"""

import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Value

from danbe.core.access import Actor, Reach, visible
from danbe.protection.models import Case, Referral, Service, Task
from danbe.protection.vocabulary import Declining, ReferralStatus, ServiceStatus, TaskKind
from danbekit.dates import Window


@dataclass(frozen=True, slots=True)
class Delay:
    """Days from the opening of a case to its first service."""

    n_cases: int  # opened in the window
    n_helped: int  # of them, those who received a service
    median_days: float | None
    p90_days: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a table: a code and how many."""

    code: str
    n: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A need that no service met: what, where, for whom, how often."""

    service: str
    region: str
    sex: str
    n: int


@dataclass(frozen=True, slots=True)
class Quality:
    """All the measures of a window."""

    delay: Delay
    n_referred: int
    n_answered: int
    declined: tuple[Part, ...]
    n_due: int  # follow-ups
    n_kept: int
    missing: tuple[Missing, ...]

    @property
    def kept_percent(self) -> int | None:
        """Follow-ups held of those due, floored; ``None`` when none was due."""
        return 100 * self.n_kept // self.n_due if self.n_due else None


def quality(actor: Actor, window: Window) -> Quality:
    """The measures of the actor's body, or of the nation, for what began in ``window``."""
    referrals = _referrals(actor, window)
    due = _follow_ups(actor, window)
    return Quality(
        _delay(actor, window),
        referrals["sent"],
        referrals["answered"],
        tuple(Part(code, referrals[code]) for code in Declining.values if referrals[code]),
        due["due"],
        due["kept"],
        _missing(actor, window),
    )


def _delay(actor: Actor, window: Window) -> Delay:
    rows = visible(actor, Case, "quality.read").order_by()
    rows = rows.filter(opened_on__range=(window.start, window.end))
    pairs = rows.values_list("opened_on", "first_service_on").annotate(n=Count("*"))
    n_cases, n_waited = 0, Counter[int]()  # days -> cases
    for opened, first, n in pairs:
        n_cases += n
        if first:
            n_waited[(first - opened).days] += n
    helped = sorted(n_waited.elements())
    return Delay(
        n_cases,
        len(helped),
        statistics.median(helped) if helped else None,
        _ninth_tenth(helped),
    )


def _ninth_tenth(ordered: list[int]) -> float | None:
    """The number of days in which nine in ten were helped: nearest rank."""
    return float(ordered[-(-9 * len(ordered) // 10) - 1]) if ordered else None


def _referrals(actor: Actor, window: Window) -> dict[str, int]:
    rows = visible(actor, Referral, "quality.read").order_by()
    if actor.reach("quality.read") is not Reach.NATION:
        rows = rows.filter(organisation_id=actor.seat.organisation_id)
    rows = rows.filter(sent_at__date__range=(window.start, window.end))
    reasons = {
        code: Count(Value(1), filter=Q(status=ReferralStatus.DECLINED, declining=code))
        for code in Declining.values
    }
    return rows.aggregate(
        sent=Count("*"), answered=Count(Value(1), filter=Q(answered_at__isnull=False)), **reasons
    )


def _follow_ups(actor: Actor, window: Window) -> dict[str, int]:
    rows = visible(actor, Task, "quality.read").order_by()
    rows = rows.filter(kind=TaskKind.FOLLOW_UP, is_cancelled=False)
    rows = rows.filter(due_on__range=(window.start, window.end))
    return rows.aggregate(due=Count("*"), kept=Count(Value(1), filter=Q(done_on__isnull=False)))


def _missing(actor: Actor, window: Window) -> tuple[Missing, ...]:
    rows = visible(actor, Service, "quality.read").filter(status=ServiceStatus.UNAVAILABLE)
    rows = rows.filter(case__opened_on__range=(window.start, window.end)).order_by()
    counted: Iterable[tuple[str, str, str, int]] = (
        rows.values("type", "case__region__name_fr", "case__person__sex")
        .annotate(n=Count("*"))
        .order_by("-n", "type", "case__region__name_fr", "case__person__sex")
        .values_list("type", "case__region__name_fr", "case__person__sex", "n")
    )
    return tuple(Missing(kind, region or "", sex, n) for kind, region, sex, n in counted)
