"""The service directory of the demonstration: fictitious offers, addresses and beds.

The organisations are those of the sources; what they are said to offer here is made up, and says
so on every row. Men find a shelter in one region only: that is what the real reports say is
missing.
"""

import datetime
from dataclasses import dataclass

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role
from danbe.partnership.models import PROTECTED_TYPES, Audience, ServiceOffer
from danbe.partnership.offer_actions import add_offer, count_beds, seal_address

ALL = " ".join(Audience.values)
FEMALE = "women mothers_with_children girls"
CHILDREN = "boys girls"
NOTE = "Démonstration : offre fictive"
CONTACT = "Accueil (fictif)"
CONDITIONS = "Appeler avant de venir ; rien n’est demandé en échange (fictif)."
OFFICE_HOURS = "Lundi à vendredi, 8 h à 16 h (fictif)"
ADDRESS = "Maison fictive n° %d, quartier fictif, derrière le marché fictif"
STALE = datetime.timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Told:
    """One fictitious offer. ``free`` None: its beds were never counted."""

    body: str
    type: str
    place: str
    whom: str = ALL
    languages: str = "bm fr"
    beds: int | None = None
    free: int | None = None
    is_stale: bool = False
    is_24h: bool = False
    is_accessible: bool = False
    ages: tuple[int | None, int | None] = (None, None)


OFFERS = (
    Told("SINJIYA", "shelter", "sikasso-2023", CHILDREN, "bm spp fr", 18, 5, is_24h=True),
    Told("SINJIYA", "shelter", "bamako", CHILDREN, beds=24, free=0, is_24h=True),
    Told("SINJIYA", "psychosocial", "cercle-sikasso-2023", CHILDREN, "bm spp myk fr"),
    Told("SINJIYA", "education", "cercle-sikasso-2023", CHILDREN, ages=(6, 17)),
    Told("SINJIYA", "transport", "sikasso-2023", is_24h=True),
    Told("CARITAS", "shelter", "kayes-2023", FEMALE, "bm snk kao fr", 12, 4, is_24h=True),
    Told("CARITAS", "shelter", "bamako", "girls", beds=20, free=6, is_24h=True, ages=(11, 17)),
    Told("CARITAS", "shelter", "gao-2016", "men boys", "ses taq fr", 15, 7, is_24h=True),
    Told("CARITAS", "food", "cercle-kayes-2023", languages="bm snk kao fr"),
    Told("CARITAS", "medical", "cercle-kayes-2023", languages="bm snk ffm fr", is_accessible=True),
    Told("DIREYBEN", "shelter", "gao-2016", FEMALE, "ses taq ffm", 10, 3, is_stale=True),
    Told("GRADEM", "shelter", "bamako", "girls", beds=16, ages=(8, 18), is_24h=True),
    Told("KANUYA", "shelter", "bamako", "boys", beds=30, free=11, ages=(6, 17)),
    Told("ENDA", "vocational_training", "bamako", "women girls boys", ages=(15, None)),
    Told("BNCE", "shelter", "segou-2023", FEMALE, beds=8, free=2, is_stale=True),
    Told("WAHT", "shelter", "mopti-2023", "women mothers_with_children", "ffm dts bm", 9, 1),
    Told("AJDM", "psychosocial", "bamako", is_accessible=True),
    Told("SAMUSOCIAL", "medical", "bamako", CHILDREN, is_24h=True, ages=(None, 17)),
    Told("WILDAF", "legal_aid", "bamako", FEMALE, is_accessible=True),
    Told("WILDAF", "legal_aid", "cercle-segou-2023", FEMALE),
    Told("TEMEDT", "legal_aid", "gao-2016", languages="taq ses fr"),
    Told("TEMEDT", "legal_information", "menaka", languages="taq fr"),
    Told("GAMBANA", "legal_information", "kayes-2023", languages="snk kao bm"),
    Told("DNPEF", "family_tracing", "bamako", CHILDREN, languages="bm ffm snk ses fr"),
    Told("OIM", "voluntary_return", "bamako", languages="bm ffm fr", is_accessible=True),
    Told("OIM", "financial_aid", "cercle-nioro-du-sahel-2023"),
    Told("APAFE", "protection_measure", "bamako", "women girls", is_24h=True),
    Told("COMADE", "civil_documents", "taoudenit", languages="taq mey fr"),
)


def fill_directory() -> int:
    """Every offer, by the real actions: the secretariat writes, each body seals and counts."""
    writer = Post.objects.filter(role=Role.SECRETARIAT)[0].actor
    for number, told in enumerate(OFFERS, start=1):
        body = Organisation.objects.get(code=told.body)
        offer = add_offer(writer, body, offer_of(told))
        own = Actor(Role.CASEWORKER, organisation_id=body.pk)
        if offer.is_protected:
            seal_address(own, offer, address=ADDRESS % number, phone="00 00 00 00 (fictif)")
        if told.free is not None:
            counted = count_beds(own, offer, free=told.free)
            if told.is_stale and counted.beds_updated_at:
                counted.beds_updated_at -= STALE
                counted.save(update_fields=["beds_updated_at"])
    return len(OFFERS)


def offer_of(told: Told) -> ServiceOffer:
    """The row of one fictitious offer."""
    is_protected = told.type in PROTECTED_TYPES
    return ServiceOffer(
        type=told.type,
        place_id=told.place,
        **{f"for_{code}": code in told.whom.split() for code in Audience.values},
        languages=told.languages,
        beds_total=told.beds,
        is_24h=told.is_24h,
        hours="" if told.is_24h else OFFICE_HOURS,
        is_accessible=told.is_accessible,
        age_min=told.ages[0],
        age_max=told.ages[1],
        conditions=CONDITIONS,
        public_contact="" if is_protected else CONTACT,
        is_protected=is_protected,
        note=NOTE,
        is_fictitious=True,
    )
