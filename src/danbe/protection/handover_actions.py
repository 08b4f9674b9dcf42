"""Handing a group over to a consulate: nobody without a yes of their own, no child, no refugee."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.protection import door
from danbe.protection.deciding import BATCH, batches, seal_many
from danbe.protection.ground_actions import Hearing
from danbe.protection.models import Event, Ground, Opening, Person, Referral, Sealed
from danbe.protection.models.grounds import delimited
from danbe.protection.numbers import new_number
from danbe.protection.queries import to_consulates
from danbe.protection.referrals import refuse_closed
from danbe.protection.vocabulary import (
    FieldGroup,
    GroundKind,
    Knowledge,
    Purpose,
    ReferralRoute,
    ReferralStatus,
)

GROUPS = delimited([FieldGroup.PROFILE, FieldGroup.IDENTITY])
SERVICE = "voluntary_return"
LASTS = datetime.timedelta(days=30)  # the yes is for this hand-over, not for ever
HOME = "ML"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What one act did: how many go, how many said no."""

    n_agreed: int
    n_refused: int


@action("referral.send")
def hand_over_people(
    actor: Actor,
    event: Event,
    answers: Mapping[Person, bool],
    *,
    country: str,
    nobody_fears: bool,
    hearing: Hearing,
    received_on: datetime.date | None = None,
    receiver: str = "",
) -> HandedOver:
    """Record what each adult answered, and hand those who said yes to the consulate.

    Whoever was not asked is not in ``answers``. ``nobody_fears`` says that nobody in the list
    asked for asylum nor fears their own State. Without ``received_on`` the list is only ready:
    :func:`confirm_hand_over` says when the consulate signed.
    """
    if not nobody_fears:
        text = _("Ask each person apart first: nobody who fears their State is handed to it.")
        raise DomainError("handover.asylum", text, "nobody_fears")
    _may_be_handed(actor, event, list(answers), country)
    for person, is_given in answers.items():
        if is_given:  # one body holds them all, and no consulate is in the list of bodies
            refuse_closed(person, None, [FieldGroup.PROFILE, FieldGroup.IDENTITY])
            break
    _not_in_the_future(received_on)
    now = timezone.now()
    grounds = {
        person: _ground(actor, person, hearing, now, is_given)
        for person, is_given in answers.items()
    }
    Ground.unscoped.bulk_create(grounds.values(), batch_size=BATCH)
    _seal_hearing(actor, grounds, hearing)
    agreed = [person for person, is_given in answers.items() if is_given]
    referrals = [
        _referral(actor, person, grounds[person], country, now, received_on) for person in agreed
    ]
    Referral.unscoped.bulk_create(referrals, batch_size=BATCH)
    if receiver:
        told = [
            (person, {"name": receiver}, referral)
            for person, referral in zip(agreed, referrals, strict=True)
        ]
        seal_many(actor, FieldGroup.INTERNAL, "recipient", told)
    return HandedOver(len(agreed), len(answers) - len(agreed))


@action("referral.finish")
def confirm_hand_over(
    actor: Actor, event: Event, *, country: str, received_on: datetime.date
) -> int:
    """The consulate signed for those on the list: from now on they are counted as handed over."""
    _not_in_the_future(received_on)
    signed = _noon(received_on)
    rows = to_consulates(actor).filter(
        person__event=event, country=country, status=ReferralStatus.SENT
    )
    n_people = rows.update(
        status=ReferralStatus.DONE, done_at=signed, answered_at=signed, receipt_at=signed
    )
    if not n_people:
        raise DomainError("handover.nobody", _("Nobody waits for this consulate."), "received_on")
    return n_people


@action("person.open")
def open_names(
    actor: Actor, event: Event, people: Sequence[Person]
) -> dict[uuid.UUID, door.Identity]:
    """The names of people of one event, for its sheet or a hand-over list: each one is kept."""
    ids = [person.pk for person in people]
    opened: list[door.Opened] = []
    for some in batches(ids):
        mine = visible(actor, Person, "person.open").filter(event=event, pk__in=some)
        if mine.count() != len(some):
            raise NotAllowed("person.open")
        rows = visible(actor, Sealed, "person.open").filter(
            person__in=some, group=FieldGroup.IDENTITY, kind="identity"
        )
        opened += door.read(rows)
    Opening.unscoped.bulk_create(
        [
            Opening(
                person=person,
                group=FieldGroup.IDENTITY,
                user_id=actor.user_id,
                post_id=actor.seat.post_id,
                organisation_id=actor.seat.organisation_id,
            )
            for person in people
            if person.knowledge != Knowledge.COUNTED
        ],
        batch_size=BATCH,
    )
    by_person: dict[uuid.UUID, list[door.Opened]] = {}
    for one in opened:
        by_person.setdefault(one.row.person_id, []).append(one)
    group = (FieldGroup.IDENTITY,)
    return {pk: door.File(group, tuple(rows)).identity for pk, rows in by_person.items()}


def _may_be_handed(actor: Actor, event: Event, people: Sequence[Person], country: str) -> None:
    if not people:
        raise DomainError("handover.empty", _("Write what each person answered."), "lines")
    mine = visible(actor, Person, "consent.write").filter(
        event=event, organisation_id=actor.seat.organisation_id
    )
    if not {person.pk for person in people} <= set(mine.values_list("pk", flat=True)):
        raise NotAllowed("consent.write")
    if len(country) != 2 or country == HOME:
        raise DomainError("handover.country", _("Choose a country other than Mali."), "country")
    _refuse(
        [p for p in people if p.citizenship != country],
        "handover.citizenship",
        _("Of another citizenship: lines %(lines)s."),
    )
    _refuse(
        [p for p in people if p.age_group != "adult"],
        "handover.child",
        _("Not known to be adults: lines %(lines)s. A child is referred alone, with a guardian."),
    )
    gone = set(
        to_consulates(actor).filter(person__event=event).values_list("person_id", flat=True)
    )
    _refuse(
        [p for p in people if p.pk in gone],
        "handover.twice",
        _("Already on a hand-over list: lines %(lines)s."),
    )


def _refuse(people: Sequence[Person], code: str, text: str) -> None:
    if people:
        lines = ", ".join(str(line) for line in sorted(p.line for p in people)[:30])
        raise DomainError(code, text % {"lines": lines}, "lines")


def _not_in_the_future(day: datetime.date | None) -> None:
    if day and day > timezone.localdate():
        raise DomainError("handover.future", _("This day has not come yet."), "received_on")


def _noon(day: datetime.date) -> datetime.datetime:
    """A day as a moment: the hour was not written."""
    noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
    return min(noon, timezone.now())


def _ground(
    actor: Actor, person: Person, hearing: Hearing, now: datetime.datetime, is_given: bool
) -> Ground:
    return Ground(
        person=person,
        kind=GroundKind.CONSENT,
        purpose=Purpose.RETURN,
        is_given=is_given,
        recipient=None,
        groups=GROUPS,
        start=now,
        end=now + LASTS,
        text=hearing.text,
        language=hearing.language,
        told=hearing.told,
        giver=hearing.giver,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
    )


def _seal_hearing(actor: Actor, grounds: Mapping[Person, Ground], hearing: Hearing) -> None:
    names = ("guardian", "witness", "interpreter", "words", "outside")
    heard = {name: text for name, text in asdict(hearing).items() if name in names and text}
    if heard:
        told = [(person, heard, ground) for person, ground in grounds.items()]
        seal_many(actor, FieldGroup.INTERNAL, "hearing", told)


def _referral(
    actor: Actor,
    person: Person,
    ground: Ground,
    country: str,
    now: datetime.datetime,
    received_on: datetime.date | None,
) -> Referral:
    signed = _noon(received_on) if received_on else None
    return Referral(
        number=new_number("OR"),
        person=person,
        ground=ground,
        service=SERVICE,
        groups=GROUPS,
        route=ReferralRoute.CONSULATE,
        country=country,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
        region_id=person.region_id,
        status=ReferralStatus.DONE if signed else ReferralStatus.SENT,
        sent_at=min(now, signed) if signed else now,
        answer_due_at=now + LASTS,
        answered_at=signed,
        done_at=signed,
        receipt_at=signed,
    )
