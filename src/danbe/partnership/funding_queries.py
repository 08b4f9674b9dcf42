"""Money and goods as pages ask for them: rows within reach, and totals that open to their rows."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, Reach, visible
from danbe.core.models import Term
from danbe.partnership.models import (
    Commitment,
    CommitmentStatus,
    CommitmentYear,
    Disbursement,
    Donation,
    DonationStatus,
    SourcedDonation,
)

NOT_SAID = "none"  # in an address: rows that do not say it


def terms(name: str) -> list[tuple[str, str]]:
    """A code list, for a pull-down and for labels."""
    return [(term.code, term.label) for term in Term.objects.filter(list=name)]


# --- Rows -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows a list of commitments. A value that means nothing finds nothing."""

    donor: str = ""  # code of a body
    axis: str = ""  # code, or :data:`NOT_SAID`
    year: int | None = None
    plan: str = ""
    activity: uuid.UUID | None = None

    @property
    def active(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.donor or self.axis or self.year or self.plan or self.activity)


def commitments(actor: Actor, asked: Asked | None = None) -> QuerySet[Commitment]:
    """The commitments within reach, each with what was ``paid`` on it."""
    paid = (
        Disbursement.unscoped.filter(commitment=OuterRef("pk"), withdrawn_at=None)
        .order_by()
        .values("commitment")
        .annotate(n=Sum("amount_fcfa"))
        .values("n")
    )
    rows = visible(actor, Commitment, "funding.read").select_related("donor", "beneficiary")
    return _narrowed(rows, asked or Asked()).annotate(paid=Coalesce(Subquery(paid), 0))


def _narrowed(rows: QuerySet[Commitment], asked: Asked) -> QuerySet[Commitment]:
    if asked.donor:
        rows = rows.filter(donor__code=asked.donor)
    if asked.axis:
        rows = rows.filter(axis="" if asked.axis == NOT_SAID else asked.axis)
    if asked.year:
        rows = rows.filter(first_year__lte=asked.year, last_year__gte=asked.year)
    if asked.plan:
        rows = rows.filter(plan_code=asked.plan)
    if asked.activity:
        rows = rows.filter(activity_lineage=asked.activity)
    return rows


def may_write(actor: Actor, row: Commitment) -> bool:
    """Whether the actor writes this commitment: its donor, or the secretariat."""
    reach = actor.reach("funding.write")
    return reach is Reach.NATION or (reach is not None and row.donor_id == actor.organisation_id)


def donations(
    actor: Actor,
    *,
    status: str = "",
    donor: str = "",
    recipient: str = "",
    year: int | None = None,
) -> QuerySet[Donation]:
    """The donations within reach, newest first."""
    rows = visible(actor, Donation, "donation.read")
    rows = rows.select_related("donor", "recipient").prefetch_related("lines")
    if status:
        rows = rows.filter(status=status)
    if donor:
        rows = rows.filter(donor__code=donor)
    if recipient:
        rows = rows.filter(recipient__code=recipient)
    if year:
        rows = rows.filter(announced_on__year=year)
    return rows


def to_confirm(actor: Actor) -> QuerySet[Donation]:
    """Goods on their way to the actor's own body."""
    rows = visible(actor, Donation, "donation.receive")
    return rows.filter(recipient=actor.organisation_id, status=DonationStatus.DISPATCHED)


def may_on(actor: Actor, verb: str, body_id: uuid.UUID) -> bool:
    """Whether the actor may do that on the side of this body."""
    reach = actor.reach(verb)
    return reach is Reach.NATION or (reach is not None and body_id == actor.organisation_id)


def sourced_donations() -> list[SourcedDonation]:
    """What public sources tell of gifts."""
    return list(SourcedDonation.objects.all())


# --- Totals ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """What is committed and what is paid under one heading. ``None``: nothing is recorded."""

    key: str
    label: str
    committed: int | None
    paid: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Every commitment in force, cut three ways; each way is the whole."""

    committed: int | None
    paid: int | None
    n: int
    by_donor: tuple[Line, ...]
    by_axis: tuple[Line, ...]
    by_year: tuple[Line, ...]
    not_split: int  # committed over several years whose parts nobody said


def totals(plan: str = "", not_split: str = "") -> Totals:
    """The whole funding, or that which names one plan. ``not_split`` labels the last line.

    Committed: commitments in force. Paid: payments, also on a commitment cancelled since.
    """
    rows = Commitment.unscoped.all()
    if plan:
        rows = rows.filter(plan_code=plan)
    in_force = rows.filter(status=CommitmentStatus.OPEN)
    payments = Disbursement.unscoped.filter(withdrawn_at=None, commitment__in=rows.values("pk"))
    parts, unsaid = shares_by_year(in_force)
    donors = dict(_sums(in_force, "donor"))
    paid_by_donor = _paid(payments, "commitment__donor")
    names = Organisation.objects.in_bulk([*donors, *paid_by_donor])
    by_donor = [
        Line(names[pk].code, names[pk].label, *_three(donors.get(pk), paid_by_donor.get(pk)))
        for pk in sorted(names, key=lambda pk: names[pk].label.casefold())
    ]
    axes = dict(_sums(in_force, "axis"))
    paid_by_axis = _paid(payments, "commitment__axis")
    by_axis = [
        Line(code or NOT_SAID, label, *_three(axes.get(code), paid_by_axis.get(code)))
        for code, label in [*terms("axis"), ("", "")]
        if code or code in axes or code in paid_by_axis
    ]
    paid_by_year = _paid(payments, "on__year")
    by_year = [
        Line(str(year), str(year), parts.get(year), paid_by_year.get(year), 0)
        for year in sorted({*parts, *paid_by_year})
    ]
    if unsaid:
        by_year.append(Line(NOT_SAID, not_split, unsaid, None, 0))
    whole = in_force.aggregate(n=Sum("amount_fcfa"))["n"]
    all_paid = payments.aggregate(n=Sum("amount_fcfa"))["n"]
    return Totals(
        whole, all_paid, in_force.count(), tuple(by_donor), tuple(by_axis), tuple(by_year), unsaid
    )


def _three(told: tuple[int, int] | None, paid: int | None) -> tuple[int | None, int | None, int]:
    return (told[0] if told else None), paid, (told[1] if told else 0)


def _sums(rows: QuerySet[Commitment], column: str) -> Iterable[tuple[Any, tuple[int, int]]]:
    found: dict[Any, tuple[int, int]] = {}
    for key, amount in rows.order_by().values_list(column, "amount_fcfa"):
        total, n = found.get(key, (0, 0))
        found[key] = (total + amount, n + 1)
    return found.items()


def _paid(rows: QuerySet[Disbursement], column: str) -> dict[Any, int]:
    return dict(rows.order_by().values_list(column).annotate(n=Sum("amount_fcfa")))


def shares_by_year(rows: QuerySet[Commitment]) -> tuple[dict[int, int], int]:
    """Year -> committed; and what covers several years without saying its parts.

    A commitment of one year is that year's. Of a longer one, only the parts that its paper says.
    """
    found: dict[int, int] = {}
    unsaid = 0
    shares: dict[uuid.UUID, list[tuple[int, int]]] = {}
    told = CommitmentYear.objects.filter(commitment__in=rows.values("pk"))
    for pk, year, amount in told.values_list("commitment", "year", "amount_fcfa"):
        shares.setdefault(pk, []).append((year, amount))
    for pk, first, last, amount in rows.order_by().values_list(
        "pk", "first_year", "last_year", "amount_fcfa"
    ):
        parts = [(first, amount)] if first == last else shares.get(pk, [])
        for year, part in parts:
            found[year] = found.get(year, 0) + part
        unsaid += amount - sum(part for _year, part in parts)
    return found, unsaid


# --- Goods ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One kind of goods in one unit: announced, and received. Units are never mixed."""

    kind: str
    goods: str
    unit: str
    announced: Any
    received: Any  # None: nothing was confirmed yet


def goods(rows: QuerySet[Donation]) -> list[GoodsLine]:
    """What is given and what arrived, by goods and unit, of donations that are not cancelled."""
    labels = dict(terms("donation_kind"))
    found = (
        rows.exclude(status=DonationStatus.CANCELLED)
        .order_by()
        .values_list("lines__kind", "lines__goods", "lines__unit")
        .annotate(sent=Sum("lines__quantity"), got=Sum("lines__received"))
    )
    lines = [
        GoodsLine(labels.get(kind, kind), what, unit, sent, got)
        for kind, what, unit, sent, got in found
        if kind
    ]
    return sorted(lines, key=lambda line: (line.kind, line.goods.casefold(), line.unit))


# --- For the plan ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanShare:
    """What one commitment in force brings to a plan in one year (``None``: not split)."""

    activity: uuid.UUID | None  # lineage
    axis: str  # code of the Committee's axis; empty: not said
    year: int | None
    amount: int


def plan_shares(plan_code: str) -> list[PlanShare]:
    """What commitments bring to a plan, without those that its budget has as allocated."""
    rows = Commitment.unscoped.filter(
        plan_code=plan_code, status=CommitmentStatus.OPEN, is_in_plan=False
    ).prefetch_related("shares")
    found = []
    for row in rows:
        parts: Mapping[int, int]
        if row.first_year == row.last_year:
            parts = {row.first_year: row.amount_fcfa}
        else:
            parts = {share.year: share.amount_fcfa for share in row.shares.all()}
        told = [(year, amount) for year, amount in parts.items() if amount]
        rest = row.amount_fcfa - sum(parts.values())
        for year, amount in [*told, *([(None, rest)] if rest else [])]:
            found.append(PlanShare(row.activity_lineage, row.axis, year, amount))
    return found


def donation_years(actor: Actor) -> list[int]:
    """The years in which something was announced, latest first."""
    rows = visible(actor, Donation, "donation.read").order_by()
    days: Iterable[datetime.date] = rows.values_list("announced_on", flat=True)
    return sorted({day.year for day in days}, reverse=True)


def commitment_years(actor: Actor) -> list[int]:
    """The years that some commitment within reach covers."""
    rows = visible(actor, Commitment, "funding.read").order_by()
    return sorted(
        {
            year
            for first, last in rows.values_list("first_year", "last_year")
            for year in range(first, last + 1)
        }
    )


def donors(actor: Actor) -> QuerySet[Organisation]:
    """The donors of commitments within reach."""
    rows = visible(actor, Commitment, "funding.read")
    return Organisation.objects.filter(pk__in=rows.order_by().values("donor"))


def sides(actor: Actor) -> QuerySet[Organisation]:
    """The bodies that give or are given something within reach."""
    rows = visible(actor, Donation, "donation.read").order_by()
    return Organisation.objects.filter(
        Q(pk__in=rows.values("donor")) | Q(pk__in=rows.values("recipient"))
    )
