"""Agreements between the cast's bodies, made by their real actions. All fictitious."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import F
from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.field_groups import FieldGroup
from danbe.partnership import agreement_actions as actions
from danbe.partnership.agreement_actions import Terms, Way
from danbe.partnership.models import Agreement, AgreementKind, Flow

TITLE = "Protocole de partage d’informations (fictif)"
DAY = datetime.timedelta(days=1)


def body(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.organisation_id)


def terms(**more: Any) -> Terms:
    told = {
        "kind": AgreementKind.PROTOCOL,
        "title": TITLE,
        "reference": "000/2026 (fictif)",
        "start": timezone.localdate() - 10 * DAY,
        "until": timezone.localdate() + 90 * DAY,
    }
    return Terms(**told | more)


def draft(esther: Actor, *parties: Actor, **more: Any) -> Agreement:
    bodies = [body(actor) for actor in parties]
    return actions.draft_agreement(esther, terms(**more), parties=bodies)


def way(sender: Actor, recipient: Actor, groups: Collection[FieldGroup], **more: Any) -> Way:
    told: dict[str, Any] = {"purpose": "Hébergement (fictif)"} | more
    return Way(body(sender), body(recipient), groups, **told)


def signed(
    esther: Actor, sender: Actor, to: Actor, groups: Collection[FieldGroup], **more: Any
) -> Agreement:
    """A protocol in force, by which ``sender`` lets ``to`` read ``groups``."""
    made = draft(esther, sender, to, **more)
    actions.add_flow(esther, made, way(sender, to, groups))
    return actions.sign_agreement(esther, made, signed_on=timezone.localdate() - 10 * DAY)


def days_pass(agreement: Agreement, n: int) -> None:
    """What ``n`` days do: every day of the agreement is ``n`` days further in the past."""
    back = n * DAY
    Agreement.unscoped.filter(pk=agreement.pk).update(
        start=F("start") - back, until=F("until") - back, signed_on=F("signed_on") - back
    )
    for flow in Flow.unscoped.filter(agreement=agreement):
        Flow.unscoped.filter(pk=flow.pk).update(
            opens_on=flow.opens_on - back, closed_from=flow.closed_from and flow.closed_from - back
        )
