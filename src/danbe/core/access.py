"""Who may do what, on which rows. No other module decides.

Two questions, always in this order:

1. does the actor's role carry the *verb*?      -> ``ROLES``
2. does the row lie within the verb's *reach*?  -> ``ScopedModel.rows_of``

A verb is ``noun.verb``; the same string is the permission, the audit event and the trigger of
jobs. ``ROLES`` is meant to be read, and signed, by a lawyer.
"""

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from danbe.core.errors import NotAllowed


class Reach(enum.IntEnum):
    """How far a verb carries."""

    POST = 1  # rows of the actor's own post
    ORGANISATION = 2  # rows of the actor's organisation
    REGION = 3  # rows of the actor's region
    NATION = 4  # every row


class Role(models.TextChoices):
    """What a post is. A person acts in one post at a time."""

    CASEWORKER = "caseworker", _("Caseworker")
    SUPERVISOR = "supervisor", _("Supervisor of care")
    INVESTIGATOR = "investigator", _("Investigator")
    PROSECUTOR = "prosecutor", _("Prosecutor")
    SECRETARIAT = "secretariat", _("Permanent secretariat")
    FOCAL_POINT = "focal_point", _("Focal point")
    ANALYST = "analyst", _("Analyst")
    PARTNER = "partner", _("Partner")
    ADMINISTRATOR = "administrator", _("System administrator")
    AUDITOR = "auditor", _("Auditor")
    VISITOR = "visitor", _("Visitor")


POST, ORGANISATION, NATION = Reach.POST, Reach.ORGANISATION, Reach.NATION

PUBLIC: Mapping[str, Reach] = {
    "public.read": NATION,
    "session.begin": NATION,
    "contribution.send": NATION,  # write to a draft of the plan, without a name
}

# What every signed-in person may do, whatever the post.
MEMBER: Mapping[str, Reach] = {
    **PUBLIC,
    "home.read": NATION,
    "account.change": POST,
    "session.end": POST,
    "session.switch_post": POST,
    "message.read": POST,
    "message.mark_read": POST,
    "organisation.read": NATION,
    "place.read": NATION,
    "vocabulary.read": NATION,
}

# Aggregates and frozen reports: no identity, no return of a single body.
READER: Mapping[str, Reach] = {
    **MEMBER,
    "figure.read": NATION,
    "report.read": NATION,
    "plan.read": NATION,
    "process.read": NATION,  # how a plan is made: phases, participants, published texts
    "funding.sum": NATION,  # by donor, axis and year; what is unfunded
    "training.read": NATION,  # the joint calendar
    "contact.read": NATION,  # desks of bodies, without a name
    "contribution.read": ORGANISATION,  # what is published, and what one's own post said
    "contribution.write": ORGANISATION,
}

# Money and goods. A body sees the commitments and the donations that it gives or is given; it
# writes those that it gives. Goods are confirmed by whoever was given them.
DONOR: Mapping[str, Reach] = {
    "funding.read": ORGANISATION,
    "funding.write": ORGANISATION,
    "contact.write": ORGANISATION,
}
RECEIVER: Mapping[str, Reach] = {
    "donation.read": ORGANISATION,
    "donation.receive": ORGANISATION,
}

# Hearing people in a room without network, and typing up what they say. A post reads its own.
FACILITATOR: Mapping[str, Reach] = {"contribution.collect": POST}

# The service directory, with the beds. Protected addresses are for the posts of the offering
# organisation that have two factors, and for those that it lets in (``AddressGrant``): never for
# the secretariat nor for the administrator.
PLACER: Mapping[str, Reach] = {"offer.read": NATION, "offer.read_beds": NATION}
PROVIDER: Mapping[str, Reach] = {
    **PLACER,
    "offer.write": ORGANISATION,
    "offer.count_beds": ORGANISATION,
    "offer.close": ORGANISATION,
}
ADDRESS_KEEPER: Mapping[str, Reach] = {
    "offer.seal_address": ORGANISATION,
    "offer.open_address": ORGANISATION,
    "offer.grant_address": ORGANISATION,
}

# What binds one's own body: its agreements, and which flows of data they open or close.
PARTY: Mapping[str, Reach] = {"agreement.read": ORGANISATION}

# Meeting people: registering them, hearing them, presuming a victim. Rows are those of the body,
# and of others what a live ground covers (``protection/models/grounds.py``).
FIRST_CONTACT: Mapping[str, Reach] = {
    "event.read": ORGANISATION,
    "event.write": ORGANISATION,
    "event.change": ORGANISATION,
    "event.open": ORGANISATION,
    "person.read": ORGANISATION,
    "person.find": ORGANISATION,
    "person.open": ORGANISATION,
    "person.register": ORGANISATION,
    "person.write": ORGANISATION,
    "person.presume": ORGANISATION,
    "person.orient": ORGANISATION,
    "decision.contest": ORGANISATION,
    "interview.read": ORGANISATION,
    "interview.write": ORGANISATION,
    "interview.open": ORGANISATION,
    "consent.read": ORGANISATION,
    "consent.write": ORGANISATION,
    "consent.withdraw": ORGANISATION,
    "consent.acknowledge": ORGANISATION,
    "order.write": ORGANISATION,
    "emergency.share": ORGANISATION,
    "referral.read": ORGANISATION,
    "referral.send": ORGANISATION,
    "referral.answer": ORGANISATION,
    "referral.revoke": ORGANISATION,
    "referral.finish": ORGANISATION,
    "packet.make": ORGANISATION,
    "link.read": ORGANISATION,
    "link.search": ORGANISATION,
    "link.decide": ORGANISATION,
    "copy.make": ORGANISATION,
    "opening.read": ORGANISATION,
    "correction.read": ORGANISATION,
    "correction.write": ORGANISATION,
    **PARTY,
}

# Care, from the first need to a life rebuilt.
CARE: Mapping[str, Reach] = {
    **FIRST_CONTACT,
    "case.read": ORGANISATION,
    "case.open": ORGANISATION,
    "case.write": ORGANISATION,
    "case.close": ORGANISATION,
    "case.reopen": ORGANISATION,
    "feedback.write": ORGANISATION,
    "glass.break": ORGANISATION,
    "register.read": ORGANISATION,  # the figures of one's own register
    "erasure.stop": ORGANISATION,  # hold back an erasure that was announced
}

# Whoever answers for the care of a body: what cannot be undone waits for this post.
SUPERVISION: Mapping[str, Reach] = {
    **CARE,
    "caseload.read": ORGANISATION,
    "case.approve": ORGANISATION,
    "case.move": ORGANISATION,
    "person.identify": ORGANISATION,
    "ground.review": ORGANISATION,
    "quality.read": ORGANISATION,
    "feedback.answer": ORGANISATION,
    "retention.read": ORGANISATION,
    "hold.write": ORGANISATION,
    "erasure.write": ORGANISATION,
}

# The Committee and its branches. A post that sits in an assembly reads what is that assembly's; a
# body reports on the decisions that it must carry out. Partners read the published calendar only.
SITTING: Mapping[str, Reach] = {
    "committee.read": POST,
    "meeting_file.open": POST,
    "decision.report": ORGANISATION,
}
COMMITTEE: Mapping[str, Reach] = {"committee.read": NATION, "meeting_file.open": NATION}
# The permanent secretariat alone writes there.
SECRETARY: Mapping[str, Reach] = {
    **COMMITTEE,
    "assembly.write": NATION,
    "meeting.write": NATION,
    "meeting.convoke": NATION,
    "meeting_file.join": NATION,
    "minutes.write": NATION,
    "minutes.adopt": NATION,
    "decision.write": NATION,
    "decision.report": NATION,  # for a body without a computer
    "decision.confirm": NATION,
    "archive.import": NATION,
    "first_day.read": NATION,
}

ROLES: Mapping[Role, Mapping[str, Reach]] = {
    Role.VISITOR: PUBLIC,
    Role.CASEWORKER: {
        **READER,
        **FACILITATOR,
        **PROVIDER,
        **ADDRESS_KEEPER,
        **CARE,
        **RECEIVER,
    },
    Role.SUPERVISOR: {
        **READER,
        **FACILITATOR,
        **PROVIDER,
        **ADDRESS_KEEPER,
        **SUPERVISION,
        **RECEIVER,
        **SITTING,
    },
    Role.INVESTIGATOR: {
        **READER,
        **PLACER,
        **FIRST_CONTACT,
        **SITTING,
        "offer.open_address": ORGANISATION,  # when let in
    },
    Role.PROSECUTOR: {
        **READER,
        **PLACER,
        **SITTING,
        "person.read": ORGANISATION,  # what an order or a consent opens
        "person.open": ORGANISATION,
        "consent.acknowledge": ORGANISATION,
        "offence.confirm": NATION,
        **PARTY,
    },
    Role.PARTNER: {
        **READER,
        **PARTY,
        **DONOR,
        "offer.read": NATION,
        "portal.read": NATION,
        "committee.read_public": NATION,
    },
    Role.FOCAL_POINT: {
        **READER,
        **FACILITATOR,
        **PROVIDER,
        **DONOR,
        **RECEIVER,
        **COMMITTEE,
        "decision.report": ORGANISATION,
        **PARTY,
        "donation.write": ORGANISATION,
        "training.write": ORGANISATION,
        "trainer.read": NATION,
        "trainer.write": ORGANISATION,
        "return.read": ORGANISATION,
        "return.open": ORGANISATION,
        "return.write": ORGANISATION,
        "return.submit": ORGANISATION,
        "return.discard": ORGANISATION,  # a draft never submitted
        "return.attach": ORGANISATION,
        "attachment.open": ORGANISATION,
        "completeness.read": ORGANISATION,
        "activity.report": ORGANISATION,  # what the body leads
        "participation.answer": ORGANISATION,  # whether the body takes part in making a plan
        "ballot.write": ORGANISATION,  # its vote and its reservations
        "recommendation.read": ORGANISATION,  # of the US report, with the answers of the body
        "recommendation.answer": ORGANISATION,
        "referral.watch": Reach.REGION,  # clocks that ran out, without a name
        "register.read": ORGANISATION,
    },
    Role.SECRETARIAT: {
        **READER,
        **PLACER,
        **SECRETARY,
        "offer.write": NATION,  # for a body without a computer
        "offer.close": NATION,
        "return.read": NATION,
        "return.open": NATION,  # for a body without a computer, from its paper form
        "return.write": NATION,
        "return.submit": NATION,
        "return.discard": NATION,
        "return.attach": NATION,
        "return.query": NATION,
        "return.accept": NATION,
        "attachment.open": NATION,
        "completeness.read": NATION,
        "completeness.remind": NATION,
        "obligation.write": NATION,
        "overlap.read": NATION,
        "overlap.decide": NATION,
        "report.draft": NATION,
        "report.freeze": NATION,
        "report.correct": NATION,
        "recommendation.read": NATION,
        "recommendation.answer": NATION,
        "recommendation.review": NATION,
        "organisation.write": NATION,
        "place.write": NATION,
        # Agreements between bodies: written, signed and ended here; never the data that pass.
        "agreement.read": NATION,
        "agreement.write": NATION,
        "agreement.sign": NATION,
        "agreement.end": NATION,
        "sharing.require": NATION,
        "processing.read": NATION,
        "processing.write": NATION,
        "plan.write": NATION,
        "activity.review": NATION,
        "evaluation.write": NATION,
        "evaluation.review": NATION,  # never what the same post sent to review
        "evaluation.publish": NATION,
        "lesson.answer": NATION,  # in the draft of the next plan
        "process.write": NATION,
        "participation.answer": NATION,  # for a body without a computer, from its letter
        "text.write": NATION,
        "text.publish": NATION,
        "validation.write": NATION,
        "ballot.write": NATION,  # for whoever votes in the room
        "signature.write": NATION,
        "text.release": NATION,
        "contribution.read": NATION,
        "contribution.collect": NATION,  # the sheets of every facilitator
        "contribution.open": NATION,  # words of survivors and citizens, before they are published
        "contribution.moderate": NATION,
        "contribution.group": NATION,
        "contribution.answer": NATION,
        "referral.watch": NATION,
        "register.read": NATION,
        "quality.read": NATION,
        "funding.read": NATION,
        "funding.write": NATION,
        "donation.read": NATION,
        "donation.write": NATION,
        "donation.receive": NATION,  # from the signed paper of a body without a computer
        "training.write": NATION,
        "trainer.read": NATION,
        "trainer.write": NATION,
        "contact.write": NATION,
        "portal.read": NATION,
    },
    Role.ANALYST: {
        **READER,
        "funding.read": NATION,
        "donation.read": NATION,
        "portal.read": NATION,
        **COMMITTEE,
        "register.read": NATION,
        "quality.read": NATION,
        "return.read": NATION,
        "completeness.read": NATION,
        "overlap.read": NATION,
        "report.draft": NATION,
        "evaluation.review": NATION,
        "recommendation.read": NATION,
    },
    Role.ADMINISTRATOR: {
        **MEMBER,
        "organisation.write": NATION,
        "post.read": NATION,
        "post.write": NATION,
        "place.write": NATION,
        "settings.read": NATION,
        "settings.write": NATION,
        "processing.read": NATION,
    },
    Role.AUDITOR: {
        **MEMBER,
        "audit.read": NATION,
        "agreement.read": NATION,
        "processing.read": NATION,
    },
}

# Posts that see persons, or that could let somebody in: two factors, always.
TWO_FACTOR_ROLES = frozenset(
    {
        Role.CASEWORKER,
        Role.SUPERVISOR,
        Role.INVESTIGATOR,
        Role.PROSECUTOR,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting in a post. Built once per request."""

    role: Role
    user_id: uuid.UUID | None = None
    post_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    region_id: str | None = None

    def reach(self, verb: str) -> Reach | None:
        """How far ``verb`` carries for this actor; ``None`` if not at all."""
        return ROLES[self.role].get(verb)

    def can(self, verb: str) -> bool:
        """Whether the role carries ``verb`` at all (used to show or hide a link)."""
        return self.reach(verb) is not None

    @property
    def seat(self) -> "Seat":
        """The post and its body, for a row that must say whose it is. Never nobody."""
        if self.post_id is None or self.organisation_id is None:
            raise NotAllowed("seat")
        return Seat(self.post_id, self.organisation_id)


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an actor sits."""

    post_id: uuid.UUID
    organisation_id: uuid.UUID


ANONYMOUS = Actor(Role.VISITOR)


class ScopedModel(models.Model):
    """A row that belongs to somebody.

    There is no ``objects``: application code reads through :func:`visible`. ``unscoped`` is for
    migrations, aggregates and the few modules that ``test_conventions`` lists.
    """

    unscoped: ClassVar[models.Manager[Any]] = models.Manager()  # type: ignore[no-redef]

    class Meta:
        abstract = True
        default_manager_name = "unscoped"

    @classmethod
    def rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """The rows within ``reach`` (never NATION) of ``actor``. No to-many join: ``pk__in``."""
        raise NotImplementedError

    @classmethod
    def own_rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """Of those, the ones that nobody had to share with the actor's body."""
        return cls.rows_of(actor, reach)

    @classmethod
    def shared_rows_of(cls, actor: Actor, reach: Reach) -> models.Q:
        """And those that somebody shared with it."""
        return models.Q(pk__in=[])


M = TypeVar("M", bound=ScopedModel)


def visible(actor: Actor, model: type[M], verb: str) -> models.QuerySet[M]:
    """The rows of ``model`` on which ``actor`` may perform ``verb``."""
    rows: models.QuerySet[M] = model.unscoped.all()
    reach = actor.reach(verb)
    if reach is None:
        return rows.none()
    if reach is Reach.NATION:
        return rows
    return rows.filter(model.rows_of(actor, reach))


def own(actor: Actor, model: type[M], verb: str) -> models.QuerySet[M]:
    """Of the visible rows, those that nobody had to share with the actor's body.

    For the long lists of a body: the rule of sharing is asked of no row.
    """
    reach = actor.reach(verb)
    if reach is None:
        return visible(actor, model, verb)
    return model.unscoped.filter(model.own_rows_of(actor, min(reach, Reach.REGION)))


def shared(actor: Actor, model: type[M], verb: str) -> models.QuerySet[M]:
    """Of the visible rows, those that somebody shared with the actor's body."""
    reach = actor.reach(verb)
    if reach is None:
        return visible(actor, model, verb)
    return model.unscoped.filter(model.shared_rows_of(actor, min(reach, Reach.REGION)))


def visible_or_404(actor: Actor, model: type[M], verb: str, pk: object) -> M:
    """One visible row. A row out of reach is a 404: its existence is not confirmed."""
    row = visible(actor, model, verb).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def require(actor: Actor, verb: str, row: models.Model | None = None) -> None:
    """Raise :class:`NotAllowed` unless ``actor`` may perform ``verb`` (on ``row``)."""
    if actor.reach(verb) is None:
        raise NotAllowed(verb)
    if not isinstance(row, ScopedModel) or row.pk is None:
        return
    if not visible(actor, type(row), verb).filter(pk=row.pk).exists():
        raise NotAllowed(verb)
