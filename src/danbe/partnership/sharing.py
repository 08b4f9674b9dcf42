"""Whether agreements let something pass between two bodies: the one rule, which all readers obey.

A consent or another ground is always needed first (``protection/models/grounds.py``). On top:

* two bodies are *governed* once an agreement that names a flow between them, either way, has
  been in force. From then on, a field group passes only on a day when a flow in force, in that
  direction, names it;
* two bodies that no agreement ever governed follow the national setting: by default consent
  alone rules; where agreements are required, nothing passes without one.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.field_groups import FieldGroup
from danbe.core.models import Setting
from danbe.partnership.models import Agreement, Flow
from danbekit.dates import format_date

REQUIRES = "sharing.requires_agreement"
YES = "yes"


def agreements_required() -> bool:
    """The national setting. Off by default: help is never held up by paper."""
    return Setting.objects.filter(key=REQUIRES, value=YES).exists()


def in_force(day: datetime.date) -> Q:
    """The flows that let something pass on ``day``."""
    return Q(opens_on__lte=day) & (Q(closed_from=None) | Q(closed_from__gt=day))


def passes(sender: Any, recipient: Any, group: Any, day: datetime.date) -> Q:
    """Where agreements let ``group`` go from ``sender`` to ``recipient`` on ``day``, in SQL.

    The three are expressions as a subquery sees them (``OuterRef``), or values; ``group`` stands
    between spaces, as :func:`danbe.core.field_groups.delimited` writes one.
    """
    flows = Flow.unscoped.order_by()
    covered = flows.filter(in_force(day), sender=sender, recipient=recipient).filter(
        groups__contains=group
    )
    there = flows.filter(sender=sender, recipient=recipient, opens_on__lte=day)
    back = flows.filter(sender=recipient, recipient=sender, opens_on__lte=day)
    required = Setting.objects.filter(key=REQUIRES, value=YES)
    free = ~Q(Exists(there)) & ~Q(Exists(back)) & ~Q(Exists(required))
    return Q(Exists(covered)) | free


def flag(rule: Q) -> Case:
    """A rule as a column."""
    return Case(When(rule, then=Value(True)), default=Value(False), output_field=BooleanField())


def closed(
    sender: uuid.UUID,
    recipient: uuid.UUID | None,
    groups: Collection[FieldGroup],
    day: datetime.date,
) -> tuple[FieldGroup, ...]:
    """Of ``groups``, those that agreements hold back. No recipient: a body nowhere in Danbe."""
    wanted = [group for group in FieldGroup if group in groups]
    columns = {
        f"is_open_{group}": flag(passes(OuterRef("pk"), Value(recipient), f" {group} ", day))
        for group in wanted
    }
    row = Organisation.objects.filter(pk=sender).annotate(**columns).order_by().get()
    return tuple(group for group in wanted if not getattr(row, f"is_open_{group}"))


# --- Why, for a person ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Closing:
    """Why nothing, or not this, passes between two bodies on a day."""

    agreement: Agreement | None  # ``None``: there is none, and one is required
    since: datetime.date | None  # the day on which the flow closed; ``None``: it never was open

    @property
    def name(self) -> str:
        """The agreement as people know it."""
        if self.agreement is None:
            return ""
        title, reference = self.agreement.title, self.agreement.reference
        return f"{title} ({reference})" if reference else title

    def __str__(self) -> str:
        if self.agreement is None:
            return _("No agreement binds these two bodies, and one is required.")
        if self.since is None:
            return _("The agreement «%(name)s» does not let this pass.") % {"name": self.name}
        told = {"name": self.name, "day": format_date(self.since, get_language() or "fr")}
        return _("Closed since %(day)s: the agreement «%(name)s» came to its end.") % told


def why_closed(
    sender: uuid.UUID,
    recipient: uuid.UUID | None,
    groups: Iterable[FieldGroup],
    day: datetime.date,
) -> Closing:
    """What to say where :func:`closed` found something: the flow that closed last, if any did."""
    ways = Q(sender=sender, recipient=recipient) | Q(sender=recipient, recipient=sender)
    rows = Flow.unscoped.filter(ways, opens_on__lte=day).select_related("agreement")
    found = list(rows.order_by(F("closed_from").desc(nulls_first=True), "pk"))
    wanted = set(groups)
    for flow in found:
        ended = flow.closed_from is not None and flow.closed_from <= day
        if ended and flow.sender_id == sender and wanted & set(flow.field_groups):
            return Closing(flow.agreement, flow.closed_from)
    return Closing(found[0].agreement if found else None, None)
