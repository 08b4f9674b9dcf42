"""Referrals as they are read: received, sent, overdue; and what covers one before it is sent."""

import csv
import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import ROLES, Actor, visible
from danbe.core.errors import DomainError
from danbe.core.models import Place, Term
from danbe.core.places import region_of
from danbe.partnership.models import ServiceOffer
from danbe.partnership.sharing import closed, why_closed
from danbe.protection.ledger import spoken
from danbe.protection.models import Ground, Person, Referral
from danbe.protection.models.grounds import live, open_groups_of
from danbe.protection.vocabulary import FieldGroup, GroundKind, Purpose, ReferralStatus

MINIMUM = Path(__file__).resolve().parent.parent / "data" / "minimum_data.csv"
ANSWERERS = [role for role, verbs in ROLES.items() if "referral.answer" in verbs]
# Where the word to the recipient is sealed: the first of these that the referral covers, so that
# it is read by nobody who does not have that group already.
NOTE_GROUPS = (
    FieldGroup.SAFETY,
    FieldGroup.PSYCHOSOCIAL,
    FieldGroup.HEALTH,
    FieldGroup.LEGAL,
    FieldGroup.STORY,
    FieldGroup.CONTACT,
    FieldGroup.IDENTITY,
    FieldGroup.FAMILY,
    FieldGroup.SCHOOL_WORK,
    FieldGroup.PHOTO,
)


# --- The minimum data set -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Minimum:
    """What a service needs to know, and why no more."""

    service: str
    groups: tuple[FieldGroup, ...]
    why_fr: str = ""
    why_en: str = ""

    @property
    def why(self) -> str:
        """In the language of the reader."""
        return self.why_en if (get_language() or "fr").startswith("en") else self.why_fr


@cache
def minimum_data() -> Mapping[str, Minimum]:
    """The minimum data set of each type of service, from ``minimum_data.csv``."""
    with open(MINIMUM, encoding="utf-8", newline="") as file:
        return {
            row["service"]: Minimum(
                row["service"],
                tuple(FieldGroup(code) for code in row["groups"].split()),
                row["why_fr"],
                row["why_en"],
            )
            for row in csv.DictReader(file)
        }


def minimum_of(service: str) -> Minimum:
    """That of one type; for a type added since, as little as possible."""
    return minimum_data().get(service) or Minimum(service, (FieldGroup.CONTACT,))


# --- What covers a referral -----------------------------------------------------------------


def grounds_to(
    person: Person, recipient: Organisation | None, ground: Ground | None = None
) -> list[Ground]:
    """The live grounds on which ``person`` may be referred to a body, the widest first.

    A body that is nowhere in Danbe is the one of its ground: ``recipient`` is ``None``.
    """
    rows = Ground.unscoped.filter(live(), person=person, recipient_post=None)
    rows = rows.exclude(kind=GroundKind.BREAK_GLASS).exclude(purpose=Purpose.LINKAGE)
    if recipient is not None:
        rows = rows.filter(recipient=recipient)
    else:
        rows = rows.filter(recipient=None, pk__in=[ground.pk] if ground else [])
    return sorted(rows, key=lambda row: -len(row.field_groups))


def outside_grounds(person: Person) -> QuerySet[Ground]:
    """The grounds alive for bodies that are nowhere in Danbe."""
    rows = Ground.unscoped.filter(live(), person=person, recipient=None, recipient_post=None)
    return rows.order_by("-start")


def covers_service(ground: Ground, service: str) -> bool:
    """Whether the ground is for this service: any, where the person named none."""
    return not ground.services.strip() or service in ground.services.split()


def covering(
    person: Person,
    service: str,
    groups: Collection[FieldGroup],
    *,
    recipient: Organisation | None,
    ground: Ground | None = None,
) -> Ground:
    """The one live ground that covers all of a referral. Raises, naming what is missing."""
    found = grounds_to(person, recipient, ground)
    name = recipient.label if recipient else _("this body")
    if not found:
        text = _("The person has not agreed that %(body)s receives anything about them.")
        raise DomainError("referral.no_consent", text % {"body": name}, "groups")
    of_service = [row for row in found if covers_service(row, service)]
    if not of_service:
        text = _("The person has not agreed to this service (%(service)s) with %(body)s.")
        told = {"service": service_label(service), "body": name}
        raise DomainError("referral.service_not_covered", text % told, "service")
    wanted = set(groups) | {FieldGroup.PROFILE}
    enough = [row for row in of_service if wanted <= set(row.field_groups)]
    if enough:
        return _let_through(person, enough, wanted)
    missing = wanted - set(of_service[0].field_groups)
    text = _("The person has not agreed to share with %(body)s: %(groups)s.")
    labels = spoken(group for group in FieldGroup if group in missing)
    raise DomainError("referral.not_covered", text % {"body": name, "groups": labels}, "groups")


def _let_through(person: Person, grounds: list[Ground], wanted: set[FieldGroup]) -> Ground:
    """The first that lets all of it pass. Raises, saying which agreement holds what back."""
    rows = Ground.unscoped.filter(pk__in=[row.pk for row in grounds])
    for ground, groups in open_groups_of(rows):
        if wanted <= set(groups):
            return ground
    refuse_closed(person, grounds[0].recipient_id, wanted)
    raise DomainError("referral.no_consent", _("The consent has just ended."), "groups")


def refuse_closed(
    person: Person, recipient_id: uuid.UUID | None, groups: Collection[FieldGroup]
) -> None:
    """Raise where an agreement holds some of ``groups`` back today, naming it."""
    today = timezone.localdate()
    kept = closed(person.organisation_id, recipient_id, groups, today)
    if not kept:
        return
    why = why_closed(person.organisation_id, recipient_id, kept, today)
    told = {"groups": spoken(kept), "why": str(why)}
    text = _("This may not pass to that body now: %(groups)s. %(why)s")
    raise DomainError("sharing.closed", text % told, "groups")


def still_passes(referral: Referral) -> bool:
    """Whether all that a referral shows may be read by its recipient now."""
    rows = Ground.unscoped.filter(pk=referral.ground_id)
    wanted = {FieldGroup(code) for code in referral.groups.split()}
    return any(wanted <= set(groups) for _ground, groups in open_groups_of(rows))


def require_passing(referral: Referral) -> None:
    """Raise unless all that a referral shows may be read by its recipient now."""
    if still_passes(referral):
        return
    groups = [FieldGroup(code) for code in referral.groups.split()]
    refuse_closed(referral.person, referral.ground.recipient_id, groups)
    raise DomainError("referral.ground_ended", _("The consent has just ended."))


def why_held_back(referral: Referral) -> str:
    """Which agreement holds back some of what a referral shows today, for both sides to read."""
    if not referral.ground.is_live() or still_passes(referral):
        return ""
    holder, to = referral.person.organisation_id, referral.ground.recipient_id
    groups = [FieldGroup(code) for code in referral.groups.split()]
    today = timezone.localdate()
    return str(why_closed(holder, to, closed(holder, to, groups, today), today))


def service_label(code: str) -> str:
    """A type of service in words."""
    term = Term.objects.filter(list="service_type", code=code).first()
    return term.label if term else code


def note_group(codes: Iterable[str]) -> FieldGroup:
    """Where the word to the recipient is sealed."""
    covered = set(codes)
    return next((group for group in NOTE_GROUPS if group in covered), FieldGroup.PROFILE)


def works_in_danbe(body: Organisation) -> bool:
    """Whether a post of the body can answer a referral here."""
    return Post.objects.filter(organisation=body, is_active=True, role__in=ANSWERERS).exists()


def region_concerned(
    person: Person, recipient: Organisation | None, offer: ServiceOffer | None
) -> Place | None:
    """Whose focal point hears of a referral without an answer: where the service is."""
    if offer is not None:
        return region_of(offer.place)
    if recipient is not None and recipient.region is not None:
        return region_of(recipient.region)
    return person.region


# --- Lists ------------------------------------------------------------------------------------


def readable(actor: Actor) -> QuerySet[Referral]:
    """The referrals sent by the actor's body, or to it."""
    rows = visible(actor, Referral, "referral.read")
    return rows.select_related(
        "person__national", "organisation", "recipient", "ground", "offer__place"
    )


def received(actor: Actor) -> QuerySet[Referral]:
    """The inbox of the actor's body."""
    return readable(actor).filter(recipient_id=actor.seat.organisation_id, route="body")


def sent(actor: Actor) -> QuerySet[Referral]:
    """The outbox of the actor's body."""
    return readable(actor).filter(organisation_id=actor.seat.organisation_id)


def listed(rows: QuerySet[Referral], *, status: str = "", service: str = "") -> QuerySet[Referral]:
    """A list cut down; a value that means nothing finds nothing."""
    if status:
        rows = rows.filter(status=status)
    if service:
        rows = rows.filter(service=service)
    return rows


def overdue(now: datetime.datetime | None = None) -> Q:
    """Those that wait for an answer longer than they may. A packet waits for its receipt."""
    return Q(status=ReferralStatus.SENT, answer_due_at__lt=now or timezone.now(), receipt_at=None)


def watched(actor: Actor, now: datetime.datetime | None = None) -> QuerySet[Referral]:
    """The clocks that ran out, for who watches them: no person, no group, no note."""
    rows = visible(actor, Referral, "referral.watch").filter(overdue(now))
    return (
        rows.select_related("organisation", "recipient", "region")
        .only(
            "number",
            "service",
            "route",
            "is_urgent",
            "sent_at",
            "answer_due_at",
            "escalated_at",
            "organisation__label_fr",
            "organisation__label_en",
            "organisation__code",
            "recipient__label_fr",
            "recipient__label_en",
            "recipient__code",
            "region__name_fr",
        )
        .order_by("answer_due_at", "number")
    )


def n_to_answer(actor: Actor) -> int:
    """How many referrals wait for the actor's body."""
    return received(actor).filter(status=ReferralStatus.SENT).count()
