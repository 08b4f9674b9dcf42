"""The agreements of the demonstration: fictitious texts between bodies of the sources.

One ends within a month, one has ended, one is a draft: each state is seen. None closes a flow
that the rest of the demonstration uses.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Role
from danbe.core.field_groups import SHAREABLE, FieldGroup
from danbe.partnership import agreement_actions
from danbe.partnership.agreement_actions import Terms, Way
from danbe.partnership.models import AgreementKind

PURPOSE = "Hébergement, soins et accompagnement (fictif)"
FOR_RETURN = "Retour volontaire et recherche de la famille (fictif)"
RETURN_GROUPS = (FieldGroup.IDENTITY, FieldGroup.CONTACT, FieldGroup.FAMILY)
KEPT_AT = "Secrétariat permanent, classeur fictif n° %d"


@dataclass(frozen=True, slots=True)
class Told:
    """One fictitious agreement; days are counted from the day the demonstration is made."""

    title: str
    bodies: tuple[str, str]
    groups: Sequence[FieldGroup]
    purpose: str
    begins: int
    ends: int | None
    is_mutual: bool = False
    is_signed: bool = True
    act: str = ""


AGREEMENTS = (
    Told(
        "Protocole de partage d’informations entre deux lieux d’accueil (fictif)",
        ("SINJIYA", "CARITAS"),
        SHAREABLE,
        PURPOSE,
        -340,
        25,
        is_mutual=True,
        act="Délibération fictive n° 000",
    ),
    Told(
        "Protocole pour les retours volontaires (fictif)",
        ("DNPEF", "OIM"),
        RETURN_GROUPS,
        FOR_RETURN,
        -200,
        530,
    ),
    Told(
        "Convention d’assistance juridique (fictive)",
        ("APAFE", "WILDAF"),
        (FieldGroup.IDENTITY, FieldGroup.LEGAL),
        "Assistance juridique (fictif)",
        -420,
        -12,
    ),
    Told(
        "Projet de protocole avec un centre de santé (fictif)",
        ("KANUYA", "SAMUSOCIAL"),
        (FieldGroup.HEALTH,),
        "Soins (fictif)",
        20,
        None,
        is_signed=False,
    ),
)


def sign_agreements() -> int:
    """Every agreement, by the real actions of the secretariat."""
    writer = Post.objects.filter(role=Role.SECRETARIAT)[0].actor
    today = timezone.localdate()
    for number, told in enumerate(AGREEMENTS, start=1):
        start = today + datetime.timedelta(days=told.begins)
        terms = Terms(
            kind=AgreementKind.PROTOCOL,
            title=told.title,
            reference=f"{number:03d}/FICTIF",
            kept_at=KEPT_AT % number,
            start=start,
            until=today + datetime.timedelta(days=told.ends) if told.ends is not None else None,
            act_number=told.act,
            is_fictitious=True,
        )
        first, second = (Organisation.objects.get(code=code) for code in told.bodies)
        made = agreement_actions.draft_agreement(writer, terms, parties=[first, second])
        ways = [(first, second), (second, first)] if told.is_mutual else [(first, second)]
        for sender, recipient in ways:
            way = Way(sender, recipient, told.groups, told.purpose)
            agreement_actions.add_flow(writer, made, way)
        if told.is_signed:
            agreement_actions.sign_agreement(writer, made, signed_on=start)
    return len(AGREEMENTS)
