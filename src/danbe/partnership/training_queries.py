"""The calendar as pages and files ask for it: what comes, what clashes, how many came."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from danbe.core.access import Actor, Reach, visible
from danbe.core.places import region_of
from danbe.partnership.models import Attendance, Contact, Trainer, Training, TrainingStatus
from danbekit.names import fold


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows the calendar. A value that means nothing finds nothing."""

    audience: str = ""
    place: str = ""  # code of a region or a cercle
    organiser: str = ""  # code of a body
    status: str = ""
    year: int | None = None

    @property
    def active(self) -> bool:
        """Whether anything narrows it."""
        return bool(self.audience or self.place or self.organiser or self.status or self.year)


def trainings(actor: Actor, asked: Asked | None = None) -> QuerySet[Training]:
    """The calendar, in the order of days."""
    rows = visible(actor, Training, "training.read")
    rows = rows.select_related("organiser", "place__parent__parent").order_by("start", "pk")
    asked = asked or Asked()
    if asked.place:
        inside = Q(place=asked.place) | Q(place__parent=asked.place)
        rows = rows.filter(inside)
    if asked.organiser:
        rows = rows.filter(organiser__code=asked.organiser)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.year:
        rows = rows.filter(start__year__lte=asked.year, end__year__gte=asked.year)
    if asked.audience:
        kept = [
            pk
            for pk, codes in rows.values_list("pk", "audiences")
            if asked.audience in codes.split()
        ]
        rows = rows.filter(pk__in=kept)
    return rows


def upcoming(actor: Actor, today: datetime.date) -> QuerySet[Training]:
    """What is planned and not over."""
    return trainings(actor).filter(status=TrainingStatus.PLANNED, end__gte=today)


def years(actor: Actor) -> list[int]:
    """The years in which something is in the calendar."""
    rows = visible(actor, Training, "training.read").order_by()
    return sorted({day.year for day in rows.values_list("start", flat=True)})


def may_write(actor: Actor, row: Training) -> bool:
    """Whether the actor organises it, or writes for anybody."""
    reach = actor.reach("training.write")
    return reach is Reach.NATION or (
        reach is not None and row.organiser_id == actor.organisation_id
    )


# --- Clashes --------------------------------------------------------------------------------


def clashes(row: Training, others: Iterable[Training]) -> list[Training]:
    """Planned trainings that call one of its audiences, in one of its weeks, in its region."""
    if row.status != TrainingStatus.PLANNED:
        return []
    audiences, weeks, region = set(row.audience_codes), row.weeks, region_code(row)
    return [
        other
        for other in others
        if other.pk != row.pk
        and other.status == TrainingStatus.PLANNED
        and audiences & set(other.audience_codes)
        and weeks & other.weeks
        and region_code(other) == region
    ]


def clashing(actor: Actor, row: Training) -> list[Training]:
    """What clashes with one training."""
    week = datetime.timedelta(days=7)
    near = trainings(actor).filter(start__lte=row.end + week, end__gte=row.start - week)
    return clashes(row, near)


def clashing_ids(actor: Actor, rows: Sequence[Training]) -> set[uuid.UUID]:
    """Which of these trainings clash with some other one. One query, whatever their number."""
    if not rows:
        return set()
    week = datetime.timedelta(days=7)
    first, last = min(row.start for row in rows), max(row.end for row in rows)
    planned = trainings(actor).filter(status=TrainingStatus.PLANNED)
    near = list(planned.filter(start__lte=last + week, end__gte=first - week))
    return {row.pk for row in rows if clashes(row, near)}


def region_code(row: Training) -> str:
    """The region in which it takes place."""
    region = region_of(row.place)
    return region.code if region else row.place_id


# --- Who came -------------------------------------------------------------------------------


def n_came(rows: QuerySet[Training]) -> dict[uuid.UUID, int]:
    """Training -> participants; a training that nobody counted is absent."""
    told = Attendance.objects.filter(training__in=rows.order_by().values("pk"))
    return dict(told.order_by().values_list("training").annotate(n=Sum("n")))


def held_by(
    organisation_id: uuid.UUID, first: datetime.date, last: datetime.date
) -> QuerySet[Training]:
    """Trainings that a body organised and that ended in a window."""
    rows: QuerySet[Training] = Training.unscoped.filter(
        organiser=organisation_id, status=TrainingStatus.HELD, end__gte=first, end__lte=last
    )
    return rows.select_related("place__parent__parent").prefetch_related("attendances")


# --- Directories ----------------------------------------------------------------------------


def trainers(actor: Actor, text: str = "") -> list[Trainer]:
    """The directory, narrowed to those of whom every word is said."""
    rows = visible(actor, Trainer, "trainer.read").select_related("organisation", "region")
    words = fold(text).split()
    if not words:
        return list(rows)
    return [row for row in rows if all(word in _said_of(row) for word in words)]


def _said_of(row: Trainer) -> str:
    region = row.region.name_fr if row.region else ""
    body = f"{row.organisation.code} {row.organisation.label_fr}"
    return fold(f"{row.name} {row.function} {row.themes} {body} {region}")


def contacts(actor: Actor, text: str = "", body: str = "") -> QuerySet[Contact]:
    """The desks of bodies in which every word is found."""
    rows = visible(actor, Contact, "contact.read").select_related("organisation", "region")
    if body:
        rows = rows.filter(organisation__code=body)
    for word in fold(text).split():
        rows = rows.filter(folded__contains=word)
    return rows
