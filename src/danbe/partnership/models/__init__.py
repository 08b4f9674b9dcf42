"""The tables of partnership, one file a subject."""

from danbe.partnership.models.services import (
    BEDS_LAST,
    PROTECTED_TYPES,
    AddressGrant,
    Audience,
    GrantReason,
    SafeAddress,
    ServiceOffer,
)

__all__ = [
    "BEDS_LAST",
    "PROTECTED_TYPES",
    "AddressGrant",
    "Audience",
    "GrantReason",
    "SafeAddress",
    "ServiceOffer",
]
