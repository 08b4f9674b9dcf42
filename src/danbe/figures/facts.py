"""What the register holds of each human being, as figures count it.

One human being is one national number, whatever the number of bodies that met them. Facts are
made again, whole, for the human beings that an act touches: they cannot drift from the records.
Counting them is ``register.py``; what each definition takes is in ``docs/methods/registre.md``.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from danbe.core.access import Actor
from danbe.figures.models import FactScope, RegisterFact
from danbe.protection.models import (
    Candidate,
    Case,
    Decision,
    Event,
    FollowUp,
    Interview,
    LinkDecision,
    National,
    Person,
    Referral,
    Service,
)
from danbe.protection.vocabulary import (
    Closing,
    EventKind,
    GroundKind,
    Identification,
    Involvement,
    Pathway,
    Question,
    ReferralRoute,
    ReferralStatus,
    ServiceStatus,
)

FIRST, LAST = datetime.date(1, 1, 1), datetime.date(9999, 12, 31)
DAY, YEAR = datetime.timedelta(days=1), datetime.timedelta(days=365)
COUNTRY = "ML"  # whose citizens are at home
VICTIM = (Identification.PRESUMED, Identification.IDENTIFIED)
SETTLED = (Identification.IDENTIFIED, Identification.NOT_CONFIRMED)
# Events in which people are found by an operation, not met one by one.
OPERATIONS = (EventKind.RAID, EventKind.BORDER_STOP, EventKind.TRANSPORT, EventKind.MINE)
SHELTER, RETURN, TRACING = "shelter", "voluntary_return", "family_tracing"
REINTEGRATION = ("reintegration", "education", "vocational_training")
A_BATCH = 1000  # human beings whose facts are made together
RECENT = datetime.timedelta(minutes=10)


# --- What is read of the records -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Act:
    """Something a body did for, or decided about, one of the records of a human being."""

    organisation: uuid.UUID
    record: uuid.UUID
    on: datetime.date
    what: str = ""  # the value of a decision, the type of a service
    until: datetime.date = LAST
    question: str = ""
    form: str = ""
    basis: str = ""
    region: str | None = None
    is_followed: bool = False


@dataclass(slots=True)
class Human:
    """Everything that the register holds of one human being, without a name."""

    records: dict[uuid.UUID, Person] = field(default_factory=dict)
    decisions: list[Act] = field(default_factory=list)
    interviews: list[Act] = field(default_factory=list)
    services: list[Act] = field(default_factory=list)
    referrals: list[Act] = field(default_factory=list)
    closings: list[Act] = field(default_factory=list)

    @property
    def acts(self) -> list[Act]:
        """All of them."""
        done = [*self.decisions, *self.interviews, *self.services, *self.referrals]
        return [*done, *self.closings]

    @property
    def bodies(self) -> set[uuid.UUID]:
        """Who met them, or did something."""
        met: set[uuid.UUID] = {record.organisation_id for record in self.records.values()}
        return met | {act.organisation for act in self.acts}

    def seen_by(self, body: uuid.UUID) -> "Human":
        """What one body knows: its records, those on which it acts, and what it did."""

        def own(acts: list[Act]) -> list[Act]:
            return [act for act in acts if act.organisation == body]

        touched = {act.record for act in own(self.acts)}
        records = {
            pk: record
            for pk, record in self.records.items()
            if record.organisation_id == body or pk in touched
        }
        about = [act for act in self.decisions if act.record in records]
        done = (self.interviews, self.services, self.referrals, self.closings)
        return Human(records, about, *(own(acts) for acts in done))

    @property
    def is_victim(self) -> bool:
        """Presumed or identified, by somebody."""
        return any(record.status in VICTIM for record in self.records.values())

    @property
    def is_migrant(self) -> bool:
        """On the pathway of vulnerable migrants, and no victim: never in both lines."""
        ways = {record.pathway for record in self.records.values()}
        return Pathway.MIGRANT in ways and not self.is_victim

    def decided(self, *values: str) -> list[Act]:
        """The decisions on identification with one of these values, the first one first."""
        found = [a for a in self.decisions if a.question == Question.STATUS and a.what in values]
        return sorted(found, key=lambda act: act.on)


@dataclass(frozen=True, slots=True)
class Fact:
    """An act as one definition counts it."""

    definition: str
    act: Act
    on: datetime.date
    until: datetime.date
    category: str = ""


def humans(nationals: Collection[int]) -> dict[int, Human]:
    """What the register holds of each; a few queries, whatever their number."""
    found: dict[int, Human] = {pk: Human() for pk in nationals}
    owner: dict[uuid.UUID, Human] = {}
    persons = Person.unscoped.filter(national__in=nationals).order_by().select_related("event")
    for person in persons:
        owner[person.pk] = found[person.national_id]
        owner[person.pk].records[person.pk] = person
    for act in _decisions(owner):
        owner[act.record].decisions.append(act)
    for act in _interviews(owner):
        owner[act.record].interviews.append(act)
    for act in _services(owner):
        owner[act.record].services.append(act)
    for act in _referrals(owner):
        owner[act.record].referrals.append(act)
    for act in _closings(owner):
        owner[act.record].closings.append(act)
    return found


Records = Collection[uuid.UUID]


def _decisions(records: Records) -> Iterator[Act]:
    asked = [Question.STATUS, Question.INVOLVEMENT]
    rows = Decision.unscoped.filter(person__in=records, question__in=asked).order_by("recorded_at")
    for row in rows:
        yield Act(
            row.organisation_id,
            row.person_id,
            row.on,
            row.value,
            question=row.question,
            form=row.form,
            basis=row.basis,
        )


def _interviews(records: Records) -> Iterator[Act]:
    rows = Interview.unscoped.filter(person__in=records, finished_at__isnull=False)
    told = rows.order_by().values_list("organisation_id", "person_id", "finished_at")
    for body, record, at in told:
        yield Act(body, record, timezone.localdate(at))


def _services(records: Records) -> Iterator[Act]:
    given = [ServiceStatus.UNDER_WAY, ServiceStatus.GIVEN]
    rows = Service.unscoped.filter(case__person__in=records, status__in=given).order_by()
    held: dict[uuid.UUID, list[datetime.date]] = defaultdict(list)
    follow_ups = FollowUp.unscoped.filter(case__person__in=records, was_reached=True).order_by()
    for case, day in follow_ups.values_list("case_id", "on"):
        held[case].append(day)
    for row in rows.select_related("case"):
        start = row.start or row.end or timezone.localdate(row.recorded_at)
        end = row.end or (start if row.status == ServiceStatus.GIVEN else row.case.closed_on)
        until = max(end or LAST, start)
        if row.type == SHELTER and until == start and not row.n_units:
            continue  # not one night
        yield Act(
            row.case.organisation_id,
            row.case.person_id,
            start,
            row.type,
            until,
            region=row.case.region_id,
            is_followed=any(day >= until for day in held[row.case_id]),
            question=row.status,
        )


def _referrals(records: Records) -> Iterator[Act]:
    rows = Referral.unscoped.filter(person__in=records).order_by().select_related("ground")
    for row in rows:
        if row.route == ReferralRoute.CONSULATE:
            at = row.done_at or row.receipt_at
        else:
            agreed = row.ground.kind == GroundKind.CONSENT
            at = (row.receipt_at or row.answered_at) if agreed and not row.declining else None
            at = at if row.status != ReferralStatus.DECLINED else None
        if at is not None:
            yield Act(row.organisation_id, row.person_id, timezone.localdate(at), row.route)


def _closings(records: Records) -> Iterator[Act]:
    """Cases that stand closed; one that was reopened is not there."""
    rows = Case.unscoped.filter(person__in=records, closed_on__isnull=False).order_by()
    for row in rows:
        assert row.closed_on
        yield Act(
            row.organisation_id, row.person_id, row.closed_on, row.closing, region=row.region_id
        )


# --- What each definition takes of it --------------------------------------------------------


def presumed(human: Human) -> Iterator[Fact]:
    """From the first presumption of each record to the day before anybody decides."""
    settled = human.decided(*SETTLED)
    identified = [act.on for act in settled if act.what == Identification.IDENTIFIED]
    for act in _first_of_each(human.decided(Identification.PRESUMED)):
        if any(act.on - YEAR <= day < act.on for day in identified):
            continue  # the same human being, whom another body had identified
        decided = [one.on for one in settled if one.on >= act.on]
        until = min(decided) - DAY if decided else LAST
        yield Fact("victims_presumed", act, act.on, until)


def identified(human: Human) -> Iterator[Fact]:
    """The day of the first formal identification of each record that was not lifted since."""
    for act in _first_of_each(human.decided(Identification.IDENTIFIED)):
        if human.records[act.record].status in VICTIM:
            yield Fact("victims_identified", act, act.on, act.on)


def screened(human: Human) -> Iterator[Fact]:
    """Each interview that was finished."""
    for act in human.interviews:
        yield Fact("persons_screened", act, act.on, act.on)


def still_open(human: Human) -> Iterator[Fact]:
    """Found by an operation; until the day before somebody says victim, accomplice or witness."""
    records = [r for r in human.records.values() if r.event.kind in OPERATIONS]
    days = [
        act.on
        for act in human.decisions
        if act.what not in (Involvement.UNDETERMINED, Identification.OPEN)
    ]
    is_open = all(
        r.involvement == Involvement.UNDETERMINED and r.status == Identification.OPEN
        for r in human.records.values()
    )
    for record in records:
        until = LAST if is_open else min(days, default=record.met_on) - DAY
        act = Act(record.organisation_id, record.pk, record.met_on)
        yield Fact("persons_status_open", act, record.met_on, until)


def assisted(human: Human) -> Iterator[Fact]:
    """Services, from their first day to their last: of victims, else of migrants."""
    if human.is_migrant:
        yield from (Fact("migrants_assisted", a, a.on, a.until) for a in human.services)
    if not human.is_victim:
        return
    for act in human.services:
        yield Fact("victims_assisted", act, act.on, act.until)
        yield Fact("services_given", act, act.on, act.until, act.what)
        if act.what == SHELTER:
            yield Fact("victims_sheltered", act, act.on, act.until)
        if act.what in REINTEGRATION:
            yield Fact("victims_reintegrated", act, act.on, act.on)
        yield from _returned(human, act)


def _returned(human: Human, act: Act) -> Iterator[Fact]:
    """Family and country: only what was given to the end."""
    if act.question != ServiceStatus.GIVEN:
        return
    if act.what == TRACING and act.is_followed:
        yield Fact("families_reunited", act, act.until, act.until)
    citizenships = {r.citizenship for r in human.records.values() if r.citizenship}
    if act.what == RETURN and citizenships and COUNTRY not in citizenships:
        yield Fact("foreign_victims_returned", act, act.until, act.until)


def referred(human: Human) -> Iterator[Fact]:
    """Confirmed by who received: victims by another body, anybody by a consulate."""
    for act in human.referrals:
        if act.what == ReferralRoute.CONSULATE:
            yield Fact("persons_handed_to_consulates", act, act.on, act.on)
        elif human.is_victim:
            yield Fact("victims_referred", act, act.on, act.on)


def completed(human: Human) -> Iterator[Fact]:
    """The day a victim's case was closed because its goals were reached."""
    if human.is_victim:
        for act in human.closings:
            if act.what == Closing.REINTEGRATED:
                yield Fact("care_completed", act, act.on, act.on)


RULES: Sequence[Callable[[Human], Iterator[Fact]]] = (
    presumed,
    identified,
    screened,
    still_open,
    assisted,
    referred,
    completed,
)
# Counted in the window where it begins, if it still lasts at its end.
LASTING = frozenset({"victims_presumed", "persons_status_open"})
# Counted in every window in which it lasts.
SPELLS = frozenset(
    {"victims_assisted", "migrants_assisted", "services_given", "victims_sheltered"}
)
# Counted on its day.
POINTS = frozenset(
    {
        "victims_identified",
        "persons_screened",
        "victims_reintegrated",
        "care_completed",
        "families_reunited",
        "foreign_victims_returned",
        "persons_handed_to_consulates",
        "victims_referred",
    }
)


def _first_of_each(acts: Iterable[Act]) -> list[Act]:
    """The first act on each record."""
    first: dict[uuid.UUID, Act] = {}
    for act in acts:
        first.setdefault(act.record, act)
    return list(first.values())


# --- Rows --------------------------------------------------------------------------------------


def rows_of(national: int, human: Human) -> list[RegisterFact]:
    """The facts of one human being: for the nation, and for each body that knows of them."""
    bodies = human.bodies
    if len(bodies) == 1:
        return list(_rows(national, human, FactScope.BOTH))
    rows = list(_rows(national, human, FactScope.NATION))
    for body in bodies:
        rows += _rows(national, human.seen_by(body), FactScope.BODY, body)
    return rows


def _rows(
    national: int, human: Human, scope: FactScope, body: uuid.UUID | None = None
) -> Iterator[RegisterFact]:
    facts = [fact for rule in RULES for fact in rule(human) if fact.until >= fact.on]
    series: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda f: (f.on, f.until)):
        if body is None or fact.act.organisation == body:
            series[fact.definition, fact.category].append(fact)
    for one in series.values():
        for fact, before in _dated(one):
            yield _row(national, human, fact, before, scope)


def _dated(facts: Sequence[Fact]) -> Iterator[tuple[Fact, datetime.date]]:
    """Each fact with the day until which an earlier one makes the same person count."""
    before = FIRST
    earlier: list[Fact] = []
    for fact in facts:
        if fact.definition in LASTING:
            before = max((f.on for f in earlier if f.until >= fact.on), default=FIRST)
        yield fact, before
        earlier.append(fact)
        before = max(before, fact.until)


def _row(
    national: int, human: Human, fact: Fact, before: datetime.date, scope: FactScope
) -> RegisterFact:
    record = human.records[fact.act.record]
    # What one body does not know of the same person, another may: for the nation's figures only.
    known = sorted(human.records.values(), key=lambda r: (r.pk != record.pk, r.created_at))
    return RegisterFact(
        definition_id=fact.definition,
        national_id=national,
        organisation_id=fact.act.organisation,
        scope=scope,
        on=fact.on,
        until=fact.until,
        before=before,
        region_id=fact.act.region or record.region_id,
        sex=_told((r.sex for r in known), "unknown"),
        age=_told((r.age_group for r in known), "unknown"),
        form=fact.act.form or _told(r.form for r in known),
        citizenship=_told(r.citizenship for r in known),
        basis=_told((fact.act.basis, *(r.basis for r in known)), "not_stated"),
        category=fact.category,
    )


def _told(values: Iterable[str], silent: str = "") -> str:
    """The first value that says something."""
    return next((value for value in values if value not in ("", silent)), silent)


# --- Keeping them right ------------------------------------------------------------------------


def refresh(nationals: Iterable[int]) -> int:
    """Make the facts of these human beings again. Facts made."""
    wanted = sorted(set(nationals))
    n_facts = 0
    for start in range(0, len(wanted), A_BATCH):
        batch = wanted[start : start + A_BATCH]
        with transaction.atomic():
            RegisterFact.objects.filter(national__in=batch).delete()
            rows = [row for pk, human in humans(batch).items() for row in rows_of(pk, human)]
            RegisterFact.objects.bulk_create(rows, batch_size=500)
        n_facts += len(rows)
    return n_facts


def rebuild(after: int = 0, most: int = 0) -> int:
    """Make the facts of everybody again, from national number ``after`` on; the last one done.

    Goes on where it stopped: ``rebuild(after=rebuild(most=10_000), most=10_000)``.
    """
    left = most
    while True:
        size = min(A_BATCH, left) if most else A_BATCH
        rows = National.objects.filter(pk__gt=after).order_by("pk")
        batch = list(rows.values_list("pk", flat=True)[:size])
        if not batch:
            return after
        refresh(batch)
        after, left = batch[-1], left - len(batch)
        if most and left <= 0:
            return after


def touched_by(actor: Actor, verb: str, subject: models.Model | None) -> list[int]:
    """The human beings whose figures an act may have changed."""
    if verb.partition(".")[2] in READING:
        return []
    if isinstance(subject, LinkDecision):
        return _linked(subject.candidate)
    if isinstance(subject, Event):
        rows = Person.unscoped.filter(event=subject).order_by()
        return list(rows.values_list("national_id", flat=True))
    if subject is None:
        return _recent(actor) if verb.partition(".")[0] in GROUP_NOUNS else []
    if not isinstance(subject, COUNTED):
        return []
    if isinstance(subject, Interview) and subject.finished_at is None:
        return []  # it saves itself while somebody speaks
    about: Any = getattr(subject, "case", None) or subject
    pk = about.pk if isinstance(about, Person) else about.person_id
    # Read again: the number may have changed since the caller read the person.
    rows = Person.unscoped.filter(pk=pk).order_by()
    return list(rows.values_list("national_id", flat=True))


# Rows that facts are made of, and verbs that change none of them.
COUNTED = (Person, Decision, Interview, Case, Service, FollowUp, Referral)
READING = ("open", "read", "find", "make", "search")
# An act on a group names no row: what the post wrote in the last minutes is counted again.
GROUP_NOUNS = ("person", "interview", "referral", "case", "event")


def _recent(actor: Actor) -> list[int]:
    since = timezone.now() - RECENT
    by_post: Mapping[str, Any] = {"post_id": actor.post_id}
    found: set[int] = set()
    for model, moment in (
        (Decision, "recorded_at"),
        (Interview, "finished_at"),
        (Referral, "sent_at"),
        (Referral, "done_at"),
        (Referral, "receipt_at"),
    ):
        rows = model.unscoped.filter(**by_post, **{f"{moment}__gte": since}).order_by()
        found.update(rows.values_list("person__national_id", flat=True))
    return sorted(found)


def _linked(candidate: Candidate) -> list[int]:
    """Both sides, under the numbers that they had at first and have now."""
    people = Person.unscoped.filter(pk__in=[candidate.a_id, candidate.b_id]).order_by()
    numbers = set(people.values_list("national_id", flat=True))
    numbers |= set(people.values_list("first_national_id", flat=True))
    others = Person.unscoped.filter(
        models.Q(national__in=numbers) | models.Q(first_national__in=numbers)
    ).order_by()
    for pair in others.values_list("national_id", "first_national_id"):
        numbers.update(pair)
    return sorted(numbers)
