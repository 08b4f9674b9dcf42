"""Between which bodies something passes now, and what lets it: for the secretariat, nobody named.

A row is two bodies and a kind of ground: never a person, never how many.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, require
from danbe.partnership.models import Flow
from danbe.partnership.sharing import closed
from danbe.protection.models import Ground
from danbe.protection.models.grounds import OWN_GROUND, live
from danbe.protection.vocabulary import FieldGroup, GroundKind


@dataclass(frozen=True, slots=True)
class Way:
    """From one body to another, on one kind of ground. No recipient: a body nowhere in Danbe."""

    sender: str
    recipient: str
    kind: GroundKind
    groups: tuple[FieldGroup, ...]
    is_governed: bool
    held_back: tuple[FieldGroup, ...]

    @property
    def is_free(self) -> bool:
        """Whether it rests on its own ground: an agreement cannot hold it back."""
        return self.kind in OWN_GROUND

    @property
    def is_gap(self) -> bool:
        """Whether consent alone rules, since no agreement ever bound the two."""
        return not (self.is_free or self.is_governed)


def ways(actor: Actor) -> list[Way]:
    """Every way that a live ground opens now, those without an agreement first."""
    require(actor, "sharing.require")
    today = timezone.localdate()
    rows = (
        Ground.unscoped.filter(live())
        .order_by()
        .annotate(
            holder=F("person__organisation_id"),
            to=F("recipient_id"),
            to_post=F("recipient_post__organisation_id"),
        )
        .values_list("holder", "to", "to_post", "kind", "groups")
        .distinct()
    )
    groups: dict[tuple[uuid.UUID, uuid.UUID | None, str], set[str]] = {}
    for holder, to, to_post, kind, codes in rows:
        groups.setdefault((holder, to or to_post, kind), set()).update(codes.split())
    names = _names({pk for holder, to, _kind in groups for pk in (holder, to)})
    found = []
    for (holder, to, kind), held in groups.items():
        covered = tuple(group for group in FieldGroup if group in held)
        is_free = kind in OWN_GROUND
        found.append(
            Way(
                sender=names.get(holder, ""),
                recipient=names.get(to, ""),
                kind=GroundKind(kind),
                groups=covered,
                is_governed=_is_governed(holder, to, today),
                held_back=() if is_free else closed(holder, to, covered, today),
            )
        )
    return sorted(found, key=lambda way: (not way.is_gap, way.sender, way.recipient, way.kind))


def _names(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    return {row.pk: row.label for row in Organisation.objects.filter(pk__in=[i for i in ids if i])}


def _is_governed(holder: uuid.UUID, to: uuid.UUID | None, today: datetime.date) -> bool:
    pair = Q(sender=holder, recipient=to) | Q(sender=to, recipient=holder)
    return Flow.unscoped.filter(pair, opens_on__lte=today).exists()
