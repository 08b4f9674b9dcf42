"""What ends with a consent or a referral: called in the transaction of the act that ends them."""

import datetime

from danbe.partnership.models import AddressGrant, GrantReason
from danbe.protection.models import Ground, Referral
from danbe.protection.vocabulary import GroundKind, Purpose, ReferralStatus

ADDRESS_FOR = datetime.timedelta(days=7)  # to bring somebody to a shelter
ALIVE = (ReferralStatus.SENT, ReferralStatus.ACCEPTED)


def end_referrals(ground: Ground, now: datetime.datetime) -> list[Referral]:
    """Every referral that stood on ``ground`` is revoked; the addresses it showed are shut."""
    found = list(Referral.unscoped.filter(ground=ground, status__in=ALIVE))
    for referral in found:
        referral.status, referral.revoked_at = ReferralStatus.REVOKED, now
        referral.save(update_fields=["status", "revoked_at"])
        end_address(referral, now)
    return found


def end_address(referral: Referral, now: datetime.datetime) -> None:
    """Shut the safe address that accepting ``referral`` opened to its sender."""
    if referral.offer_id is None or referral.answered_at is None:
        return
    AddressGrant.unscoped.filter(
        offer=referral.offer_id,
        organisation=referral.organisation_id,
        reason_code=GrantReason.REFERRAL,
        until=referral.answered_at + ADDRESS_FOR,  # the one made by that acceptance
        withdrawn_at=None,
    ).update(withdrawn_at=now)


def spend(ground: Ground, now: datetime.datetime) -> None:
    """Close a consent given for a referral alone, once no referral stands on it any more.

    What was agreed to be read for one purpose is not read after it: a body that declined has
    nothing more to know.
    """
    if ground.kind != GroundKind.CONSENT or ground.purpose != Purpose.REFERRAL:
        return
    standing = [*ALIVE, ReferralStatus.DONE]
    if Referral.unscoped.filter(ground=ground, status__in=standing).exists():
        return
    Ground.unscoped.filter(pk=ground.pk, spent_at=None).update(spent_at=now)
