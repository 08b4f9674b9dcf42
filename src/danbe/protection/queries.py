"""Lists of events and of people, and the progress of a group: what a page shows, sealed apart."""

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from danbe.core.access import Actor, own, shared, visible
from danbe.core.models import Term
from danbe.protection.models import Event, Ground, Person, Referral
from danbe.protection.numbers import read_number
from danbe.protection.vocabulary import (
    GroundKind,
    Identification,
    Involvement,
    Knowledge,
    Pathway,
    Question,
    ReferralRoute,
    ReferralStatus,
    Sex,
)

YOUNG = 6  # a young child has not reached this age
LIVE = (ReferralStatus.SENT, ReferralStatus.ACCEPTED, ReferralStatus.DONE)
AGES = ("child", "adult", "unknown")


# --- Events ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What the list of events is asked for. A value that means nothing finds nothing."""

    kind: str = ""
    region: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None
    open_only: bool = False

    @property
    def active(self) -> bool:
        """Whether anything is asked."""
        return any((self.kind, self.region, self.first, self.last, self.open_only))

    def apply(self, rows: QuerySet[Event]) -> QuerySet[Event]:
        """The events asked for."""
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.region:
            rows = rows.filter(region_id=self.region)
        if self.first:
            rows = rows.filter(on__gte=self.first)
        if self.last:
            rows = rows.filter(on__lte=self.last)
        return rows.filter(is_closed=False) if self.open_only else rows


def events(actor: Actor, asked: EventFilter) -> QuerySet[Event]:
    """The events of the actor's body, each with how many people are registered."""
    registered = (
        Person.unscoped.filter(event=OuterRef("pk"))
        .order_by()
        .values("event")
        .annotate(n=Count("pk"))
        .values("n")
    )
    n_people = Coalesce(Subquery(registered, output_field=IntegerField()), 0)
    rows = asked.apply(visible(actor, Event, "event.read"))
    return rows.select_related("place", "region").annotate(n_people=n_people)


# --- People ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a list of people is asked for."""

    sex: str = ""
    age: str = ""  # child adult unknown young
    citizenship: str = ""
    involvement: str = ""
    pathway: str = ""
    status: str = ""
    consent: str = ""  # yes no none: to a return
    handed: str = ""  # yes waiting no

    @property
    def active(self) -> bool:
        """Whether anything is asked."""
        return any(getattr(self, name) for name in self.__slots__)

    def apply(self, actor: Actor, rows: QuerySet[Person]) -> QuerySet[Person]:
        """The people asked for."""
        for name in ("sex", "citizenship", "involvement", "pathway", "status"):
            if value := getattr(self, name):
                rows = rows.filter(**{name: "" if value == "none" else value})
        if self.age:
            rows = rows.filter(AGE_RULES.get(self.age, Q(pk=None)))
        if self.consent:
            rows = _by_consent(actor, rows, self.consent)
        return _by_hand_over(actor, rows, self.handed) if self.handed else rows


_ADULT, _CHILD = Q(age_min__gte=18), Q(age_max__lt=18)
AGE_RULES: Mapping[str, Q] = {
    "child": _CHILD,
    "young": Q(age_max__lt=YOUNG),
    "adult": _ADULT,
    "unknown": (Q(age_max=None) | Q(age_max__gte=18)) & (Q(age_min=None) | Q(age_min__lt=18)),
}


def _by_consent(actor: Actor, rows: QuerySet[Person], asked: str) -> QuerySet[Person]:
    answers = visible(actor, Ground, "consent.read").filter(kind=GroundKind.CONSENT)
    given = answers.filter(is_given=True, withdrawn_at=None)
    if asked == "yes":
        return rows.filter(pk__in=given.values("person_id"))
    if asked == "no":
        refused = answers.exclude(is_given=True, withdrawn_at=None)
        return rows.filter(pk__in=refused.values("person_id"))
    return rows.exclude(pk__in=answers.values("person_id"))


def _by_hand_over(actor: Actor, rows: QuerySet[Person], asked: str) -> QuerySet[Person]:
    sent = to_consulates(actor)
    if asked == "yes":
        return rows.filter(pk__in=sent.filter(status=ReferralStatus.DONE).values("person_id"))
    if asked == "waiting":
        return rows.filter(pk__in=sent.filter(status=ReferralStatus.SENT).values("person_id"))
    return rows.exclude(pk__in=sent.values("person_id"))


def to_consulates(actor: Actor) -> QuerySet[Referral]:
    """The hand-overs to a consulate that stand, ready or done."""
    rows = visible(actor, Referral, "referral.read")
    return rows.filter(
        organisation_id=actor.seat.organisation_id, route=ReferralRoute.CONSULATE, status__in=LIVE
    )


def people_of(actor: Actor, event: Event, asked: PeopleFilter) -> QuerySet[Person]:
    """The people of one event, in the order of its sheet."""
    rows = visible(actor, Person, "person.read").filter(event=event)
    return asked.apply(actor, rows).order_by("line", "pk")


def own_people(actor: Actor, asked: PeopleFilter) -> QuerySet[Person]:
    """The people whom the actor's body registered, those met last first."""
    return asked.apply(actor, own(actor, Person, "person.read").filter(erased_at=None))


def shared_people(actor: Actor, asked: PeopleFilter) -> QuerySet[Person]:
    """The people of other bodies, whom a live ground opens to the actor."""
    rows = shared(actor, Person, "person.read").exclude(organisation_id=actor.seat.organisation_id)
    return asked.apply(actor, rows.filter(erased_at=None))


def by_number(actor: Actor, text: str) -> list[Person]:
    """The records within reach of the person who has this national number."""
    number = read_number(text)
    if number is None or not number.startswith("ML-"):
        return []
    rows = visible(actor, Person, "person.find").filter(national__number=number, erased_at=None)
    return list(rows.select_related("national", "region"))


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in a list: what is counted, never a name."""

    pk: uuid.UUID
    line: int
    number: str
    knowledge: str
    sex: str
    age: str
    is_child: bool
    is_young: bool
    citizenship: str
    household: str
    involvement: str
    pathway: str
    status: str
    status_code: str
    met_on: datetime.date
    region: str
    consent: bool | None  # the last answer; ``None``: not asked
    is_referred: bool
    handed: str  # done, sent, or nothing
    is_erased: bool = False


def lines_of(actor: Actor, people: Iterable[Person]) -> list[PersonLine]:
    """The people of one page of a list, with what was done for each."""
    rows = list(people)
    ids = [person.pk for person in rows]
    answers: dict[uuid.UUID, bool] = {}
    for person_id, is_given, withdrawn_at in (
        visible(actor, Ground, "consent.read")
        .filter(person__in=ids, kind=GroundKind.CONSENT)
        .order_by("recorded_at")
        .values_list("person_id", "is_given", "withdrawn_at")
    ):
        answers[person_id] = is_given and withdrawn_at is None
    referred: set[uuid.UUID] = set()
    handed: dict[uuid.UUID, str] = {}
    for person_id, route, status in (
        visible(actor, Referral, "referral.read")
        .filter(person__in=ids, status__in=LIVE, organisation_id=actor.seat.organisation_id)
        .values_list("person_id", "route", "status")
    ):
        referred.add(person_id)
        if route == ReferralRoute.CONSULATE:
            handed[person_id] = status
    countries = labels("citizenship")
    return [
        _line(person, countries, answers.get(person.pk), person.pk in referred, handed)
        for person in rows
    ]


def _line(
    person: Person,
    countries: Mapping[str, str],
    consent: bool | None,
    is_referred: bool,
    handed: Mapping[uuid.UUID, str],
) -> PersonLine:
    return PersonLine(
        pk=person.pk,
        line=person.line,
        number=person.national.number,
        knowledge=person.get_knowledge_display(),
        sex=person.get_sex_display(),
        age=age_of(person),
        is_child=person.age_group == "child",
        is_young=person.age_max is not None and person.age_max < YOUNG,
        citizenship=countries.get(person.citizenship, person.citizenship),
        household=person.household.number if person.household else "",
        involvement=person.get_involvement_display(),
        pathway=person.get_pathway_display(),
        status=person.get_status_display(),
        status_code=person.status,
        met_on=person.met_on,
        region=person.region.name_fr if person.region else "",
        consent=consent,
        is_referred=is_referred,
        handed=handed.get(person.pk, ""),
        is_erased=person.erased_at is not None,
    )


def age_of(person: Person) -> str:
    """An age in words; empty where nothing is known."""
    text = _age(person.age_min, person.age_max)
    exact = person.age_min == person.age_max
    if text and exact and person.age_is_estimated:
        return _("about %(age)s") % {"age": text}
    return text


def _age(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return _("%(n)d years and over") % {"n": low}
    if not low and high and low != high:
        return _("under %(n)d years") % {"n": high + 1}
    if low == high:
        return ngettext("%(n)d year", "%(n)d years", high) % {"n": high}
    return _("%(low)d to %(high)d years") % {"low": low or 0, "high": high}


def labels(name: str) -> dict[str, str]:
    """Code -> label of a code list, in its order."""
    rows = Term.objects.filter(list=name).order_by("order", "code")
    return {row.code: row.label for row in rows}


# --- The progress of a group ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """So many of a group are this. ``query`` finds them in the list."""

    code: str
    label: str
    n: int
    query: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a group stands, step by step."""

    n_announced: int | None
    n_people: int
    n_named: int
    n_counted: int
    n_children: int
    n_young: int
    n_households: int
    n_screened: int  # part in the facts decided
    n_oriented: int  # pathway decided
    n_agreed: int
    n_refused: int
    n_referred: int
    n_ready: int  # on a list that a consulate has not signed
    n_handed: int
    sex_age: tuple[tuple[str, tuple[int, ...]], ...]  # sex, then child adult unknown total
    citizenships: tuple[Share, ...]
    involvements: tuple[Share, ...]
    pathways: tuple[Share, ...]
    statuses: tuple[Share, ...]
    handed: tuple[Share, ...]  # by country

    @property
    def n_expected(self) -> int:
        """The whole of the bars: those announced, or those registered where they are more."""
        return max(self.n_announced or 0, self.n_people)

    @property
    def n_missing(self) -> int:
        """Announced and not registered yet."""
        return self.n_expected - self.n_people


def progress_of(actor: Actor, event: Event) -> Progress:
    """Counts of one event, each person once."""
    people = list(
        visible(actor, Person, "person.read")
        .filter(event=event)
        .order_by()
        .only(
            "sex",
            "age_min",
            "age_max",
            "knowledge",
            "citizenship",
            "household_id",
            *Question.values,
        )
    )
    mine = people_of(actor, event, PeopleFilter()).order_by().values("pk")
    answers = _answers(actor, mine)
    handed = dict(to_consulates(actor).filter(person__in=mine).values_list("person_id", "status"))
    referrals = visible(actor, Referral, "referral.read").filter(person__in=mine, status__in=LIVE)
    done = {pk for pk, status in handed.items() if status == ReferralStatus.DONE}
    gone = Counter(
        to_consulates(actor)
        .filter(person__in=mine, status=ReferralStatus.DONE)
        .values_list("country", flat=True)
    )
    countries = labels("citizenship")
    return Progress(
        n_announced=event.n_announced,
        n_people=len(people),
        n_named=_n(people, lambda p: p.knowledge != Knowledge.COUNTED),
        n_counted=_n(people, lambda p: p.knowledge == Knowledge.COUNTED),
        n_children=_n(people, lambda p: p.age_group == "child"),
        n_young=_n(people, lambda p: p.age_max is not None and p.age_max < YOUNG),
        n_households=len({p.household_id for p in people} - {None}),
        n_screened=_n(people, lambda p: p.involvement != Involvement.UNDETERMINED),
        n_oriented=_n(people, lambda p: p.pathway != Pathway.UNDETERMINED),
        n_agreed=sum(answers.values()),
        n_refused=len(answers) - sum(answers.values()),
        n_referred=referrals.values("person_id").distinct().count(),
        n_ready=len(handed) - len(done),
        n_handed=len(done),
        sex_age=_sex_age(people),
        citizenships=_shares(people, "citizenship", countries),
        involvements=_of_choices(people, "involvement", Involvement),
        pathways=_of_choices(people, "pathway", Pathway),
        statuses=_of_choices(people, "status", Identification),
        handed=tuple(Share(code, countries.get(code, code), n) for code, n in gone.most_common()),
    )


def _answers(actor: Actor, people: QuerySet[Any]) -> dict[uuid.UUID, bool]:
    """The last answer of each person who was asked."""
    rows = visible(actor, Ground, "consent.read").filter(
        person__in=people, kind=GroundKind.CONSENT
    )
    told = rows.order_by("recorded_at").values_list("person_id", "is_given", "withdrawn_at")
    return {pk: is_given and withdrawn is None for pk, is_given, withdrawn in told}


def _n(people: Sequence[Person], rule: Callable[[Person], bool]) -> int:
    return sum(map(rule, people))


def _sex_age(people: Sequence[Person]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    counts = Counter((p.sex, p.age_group) for p in people)
    rows = []
    for sex in Sex:
        numbers = tuple(counts[sex.value, age] for age in AGES)
        if any(numbers):
            rows.append((str(sex.label), (*numbers, sum(numbers))))
    return tuple(rows)


def _shares(people: Sequence[Person], name: str, words: Mapping[str, str]) -> tuple[Share, ...]:
    counts = Counter(getattr(p, name) for p in people)
    return tuple(
        Share(code, words.get(code, code) if code else _("not stated"), n, _query(name, code))
        for code, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _of_choices(people: Sequence[Person], name: str, choices: Any) -> tuple[Share, ...]:
    counts = Counter(getattr(p, name) for p in people)
    return tuple(
        Share(code, str(label), counts[code], _query(name, code))
        for code, label in choices.choices
        if counts[code]
    )


def _query(name: str, code: str) -> str:
    return f"{name}={code or 'none'}"
