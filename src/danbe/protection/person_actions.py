"""Meeting people: an event, and everybody met there, named or not."""

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.models import Place
from danbe.core.places import region_of
from danbe.protection import door, search
from danbe.protection.deciding import decide_many
from danbe.protection.models import Event, Household, National, Person
from danbe.protection.numbers import new_number
from danbe.protection.vocabulary import (
    Basis,
    EventKind,
    FieldGroup,
    Identification,
    Involvement,
    Knowledge,
    Pathway,
    Question,
    Sex,
)

MAX_AGE = 120
MAX_PEOPLE = 2000  # in one sheet


@dataclass(frozen=True, slots=True)
class Met:
    """One line of an intake: what was said of one person. Nothing of it is required."""

    identity: door.Identity = field(default_factory=door.Identity)
    contact: door.Contact = field(default_factory=door.Contact)
    sex: Sex = Sex.UNKNOWN
    age_min: int | None = None
    age_max: int | None = None
    age_is_estimated: bool = True
    citizenship: str = ""
    languages: str = ""
    has_disability: bool | None = None
    form: str = ""
    involvement: Involvement = Involvement.UNDETERMINED
    pathway: Pathway = Pathway.UNDETERMINED
    household: str = ""  # a mark shared by those who belong together on the sheet
    line: int | None = None  # its number on the sheet; ``None``: the next free one

    @property
    def knowledge(self) -> Knowledge:
        """Named, under a pseudonym, or counted only."""
        if self.identity.name:
            return Knowledge.NAMED
        return Knowledge.PSEUDONYM if self.identity.aliases else Knowledge.COUNTED


@action("event.write")
def open_event(
    actor: Actor,
    *,
    kind: EventKind,
    on: datetime.date,
    place: Place,
    on_is_estimated: bool = False,
    n_announced: int | None = None,
    narrative: str = "",
) -> Event:
    """Begin an event; people are added to it."""
    _not_in_the_future(on)
    event = Event(
        number=new_number("EV"),
        kind=kind,
        on=on,
        on_is_estimated=on_is_estimated,
        place=place,
        region=region_of(place),
        n_announced=n_announced,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
    )
    if narrative:
        door.put_narrative(event, narrative)
    event.save(force_insert=True)
    return event


@action("event.change")
def change_event(
    actor: Actor,
    event: Event,
    *,
    kind: EventKind,
    on: datetime.date,
    place: Place,
    on_is_estimated: bool = False,
    n_announced: int | None = None,
    narrative: str | None = None,
    is_closed: bool | None = None,
) -> Event:
    """Correct an event; ``narrative`` and ``is_closed`` are left as they are when ``None``."""
    _not_in_the_future(on)
    event.kind, event.on, event.on_is_estimated = kind, on, on_is_estimated
    event.place, event.region, event.n_announced = place, region_of(place), n_announced
    if narrative is not None:
        door.put_narrative(event, narrative)
    if is_closed is not None:
        event.is_closed = is_closed
    event.save()
    return event


@action("person.register")
def register_person(actor: Actor, event: Event, met: Met) -> Person:
    """One person met at ``event``."""
    return _register(actor, event, [met])[0]


@action("person.register")
def register_people(actor: Actor, event: Event, people: Sequence[Met]) -> Event:
    """A whole sheet at once, or nothing of it."""
    if len(people) > MAX_PEOPLE:
        raise DomainError(
            "event.too_many",
            _("At most %(n)d people in one sheet: split it.") % {"n": MAX_PEOPLE},
        )
    _register(actor, event, people)
    return event


@action("person.write")
def change_identity(
    actor: Actor, person: Person, *, identity: door.Identity, contact: door.Contact
) -> Person:
    """Correct names and contact: the former ones stay, sealed, as the past."""
    _own(actor, person)
    door.put(actor, person, FieldGroup.IDENTITY, "identity", identity)
    door.put(actor, person, FieldGroup.CONTACT, "contact", contact)
    person.knowledge = Met(identity).knowledge
    person.save(update_fields=["knowledge"])
    search.index(person, identity, contact)
    return person


@action("person.write")
def change_profile(
    actor: Actor,
    person: Person,
    *,
    sex: Sex,
    age_min: int | None,
    age_max: int | None,
    age_is_estimated: bool,
    citizenship: str,
    languages: str,
    has_disability: bool | None,
) -> Person:
    """Correct what is counted about a person."""
    _own(actor, person)
    _ages(age_min, age_max)
    person.sex, person.age_min, person.age_max = sex, age_min, age_max
    person.age_is_estimated, person.citizenship = age_is_estimated, citizenship
    person.languages, person.has_disability = languages, has_disability
    person.save()
    return person


@action("person.write")
def gather_household(
    actor: Actor, event: Event, people: Sequence[Person], *, is_community: bool = False
) -> Household:
    """Say that people belong together: a family, a displaced community."""
    mine = visible(actor, Person, "person.write").filter(event=event)
    together = mine.filter(pk__in=[person.pk for person in people])
    if together.count() < 2:
        raise DomainError("household.alone", _("At least two people belong together."), "lines")
    household: Household = Household.unscoped.create(
        number=new_number("CO" if is_community else "FA"),
        is_community=is_community,
        event=event,
        organisation_id=actor.seat.organisation_id,
    )
    together.update(household=household)
    return household


def _register(actor: Actor, event: Event, people: Sequence[Met]) -> list[Person]:
    """Rows made in bulk: 477 people are a few statements, not thousands."""
    for met in people:
        _ages(met.age_min, met.age_max)
    numbers = _lines(event, people)
    nationals = [National(number=new_number("ML")) for _met in people]
    National.objects.bulk_create(nationals)
    households = _households(actor, event, people)
    persons = [
        Person(
            national=national,
            first_national=national,
            event=event,
            line=number,
            household=households.get(met.household),
            organisation_id=actor.seat.organisation_id,
            post_id=actor.seat.post_id,
            knowledge=met.knowledge,
            met_on=event.on,
            region=event.region,
            sex=met.sex,
            age_min=met.age_min,
            age_max=met.age_max,
            age_is_estimated=met.age_is_estimated,
            citizenship=met.citizenship,
            languages=met.languages,
            has_disability=met.has_disability,
            form=met.form,
            basis=Basis.NOT_STATED,
            involvement=met.involvement,
            pathway=met.pathway,
            status=Identification.OPEN,
        )
        for number, met, national in zip(numbers, people, nationals, strict=True)
    ]
    Person.unscoped.bulk_create(persons, batch_size=200)
    _seal(actor, persons, people)
    _decide_as_written(actor, persons)
    return persons


def _lines(event: Event, people: Sequence[Met]) -> list[int]:
    """The numbers of the sheet, kept as on paper: one that is taken is not given twice."""
    taken = set(Person.unscoped.filter(event=event).values_list("line", flat=True))
    asked = [met.line for met in people if met.line is not None]
    if taken.intersection(asked) or len(set(asked)) < len(asked):
        raise DomainError(
            "event.lines_taken",
            _("Somebody is already written on some of these lines. Was the sheet sent twice?"),
        )
    free = itertools.count(max([*taken, *asked], default=0) + 1)
    return [next(free) if met.line is None else met.line for met in people]


def _decide_as_written(actor: Actor, persons: Sequence[Person]) -> None:
    """What the sheet says of the part in the facts or the pathway is a decision, with its who."""
    for question, undetermined in (
        (Question.INVOLVEMENT, Involvement.UNDETERMINED),
        (Question.PATHWAY, Pathway.UNDETERMINED),
    ):
        told = [p for p in persons if getattr(p, question) != undetermined]
        by_value: dict[str, list[Person]] = {}
        for person in told:
            by_value.setdefault(getattr(person, question), []).append(person)
        for value, people in by_value.items():
            decide_many(actor, people, question, value, _("Written so on the intake sheet."))


def _seal(actor: Actor, persons: Sequence[Person], people: Sequence[Met]) -> None:
    keys, rows = [], []
    for person, met in zip(persons, people, strict=True):
        told: list[tuple[FieldGroup, str, door.Identity | door.Contact]] = []
        if met.identity != door.Identity():
            told.append((FieldGroup.IDENTITY, "identity", met.identity))
        if met.contact != door.Contact():
            told.append((FieldGroup.CONTACT, "contact", met.contact))
        for group, kind, value in told:
            key = door.new_data_key(person, group)
            keys.append(key)
            rows.append(door.sealed_row(actor, person, key, kind, value))
    door.save_many(keys, rows)
    search.index_many(
        [(p, met.identity, met.contact) for p, met in zip(persons, people, strict=True)]
    )


def _households(actor: Actor, event: Event, people: Sequence[Met]) -> dict[str, Household]:
    marks = sorted({met.household for met in people if met.household})
    made = {
        mark: Household(
            number=new_number("FA"), event=event, organisation_id=actor.seat.organisation_id
        )
        for mark in marks
    }
    Household.unscoped.bulk_create(made.values())
    return made


def _own(actor: Actor, person: Person) -> None:
    """A body that reads on a ground does not write on the other's record."""
    if person.organisation_id != actor.organisation_id:
        raise DomainError("person.not_yours", _("This record belongs to another body."))


def _ages(low: int | None, high: int | None) -> None:
    for age in (low, high):
        if age is not None and not 0 <= age <= MAX_AGE:
            raise DomainError("person.age", _("An age is between 0 and 120 years."), "age_min")
    if low is not None and high is not None and high < low:
        raise DomainError("person.ages", _("The second age is below the first."), "age_max")


def _not_in_the_future(on: datetime.date) -> None:
    if on > timezone.localdate():
        raise DomainError("event.future", _("This day has not come yet."), "on")
