"""The tables of protection, one file a subject."""

from danbe.protection.models.care import (
    Assessment,
    Case,
    CaseChange,
    Feedback,
    FollowUp,
    Goal,
    Service,
    Task,
)
from danbe.protection.models.grounds import Acknowledgement, ConsentText, Ground
from danbe.protection.models.identification import Decision, Interview
from danbe.protection.models.persons import (
    DataKey,
    Event,
    Household,
    NameKey,
    National,
    Opening,
    Person,
    Sealed,
)
from danbe.protection.models.referral import Referral
from danbe.protection.models.rights import (
    Candidate,
    CorrectionRequest,
    Erasure,
    LegalHold,
    LinkDecision,
)

__all__ = [
    "Acknowledgement",
    "Assessment",
    "Candidate",
    "Case",
    "CaseChange",
    "ConsentText",
    "CorrectionRequest",
    "DataKey",
    "Decision",
    "Erasure",
    "Event",
    "Feedback",
    "FollowUp",
    "Goal",
    "Ground",
    "Household",
    "Interview",
    "LegalHold",
    "LinkDecision",
    "NameKey",
    "National",
    "Opening",
    "Person",
    "Referral",
    "Sealed",
    "Service",
    "Task",
]
