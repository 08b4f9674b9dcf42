"""The register of the demonstration: fictitious people, made by the real actions.

:func:`raid` makes a whole group for tests and measures too: nobody in it exists.
"""

import datetime
import random
from collections.abc import Sequence

from django.utils import timezone

from danbe.accounts.models import Post
from danbe.core.access import Actor, Role
from danbe.core.models import Place
from danbe.protection import decision_actions
from danbe.protection.door import Contact, Identity
from danbe.protection.person_actions import Met, open_event, register_people, register_person
from danbe.protection.queries import PeopleFilter, people_of
from danbe.protection.vocabulary import (
    Basis,
    EventKind,
    Involvement,
    Pathway,
    Question,
    Sex,
)

SEED = 477
# The first is the most numerous; ISO 3166 alpha-2, as in the list of citizenships.
COUNTRIES = (
    "GN BF CI SN NG NE TG BJ GH SL LR GM CM TD GA CG CD CF MR GW AO DJ KM ET KE UG RW BI"
).split()
FAMILIES = (
    "Camara Bah Barry Sow Condé Sylla Soumah Ouédraogo Zongo Kouassi Yao Ndiaye Diop Adebayo "
    "Okafor Moussa Mensah Kamara Johnson Jallow Mbarga Nguema Moukoko Ilunga Fall"
).split()
MEN = "Alpha Ibrahima Moussa Jean Emmanuel Kofi Samuel Abdou Félix Ousmane Thierno Idrissa".split()
WOMEN = (
    "Aïssatou Mariama Fatou Grace Blessing Esther Awa Rose Hadja Bineta Nadège Kadiatou".split()
)
SPOKEN = {"GN": "ffm", "BF": "fr", "CI": "fr", "SN": "fr", "NE": "ses"}
FIRST_NATION = 0.37  # of the group are of the first country


def raid(
    n: int = 477, n_children: int = 14, n_nationalities: int = 23, seed: int = SEED
) -> list[Met]:
    """A group held in a network of false recruitment: the adults, then the young children.

    Each nationality is borne by somebody; the first one by more than a third of the adults. The
    same seed makes the same group.
    """
    random_ = random.Random(seed)  # noqa: S311  # fiction, not a secret
    countries = COUNTRIES[:n_nationalities]
    n_adults = n - n_children
    first = [countries[0]] * round(n_adults * FIRST_NATION)
    others = countries[1:] + random_.choices(countries[1:], k=n_adults)
    borne = [*first, *others][:n_adults]
    random_.shuffle(borne)
    adults = [_adult(number, country, random_) for number, country in enumerate(borne, 1)]
    return [*adults, *(_young(number, adults, random_) for number in range(n_children))]


def _adult(number: int, country: str, random_: random.Random) -> Met:
    sex = Sex.FEMALE if random_.random() < 0.3 else Sex.MALE
    given = random_.choice(WOMEN if sex == Sex.FEMALE else MEN)
    age = random_.randint(18, 44)
    is_estimated = random_.random() < 0.4
    return Met(
        identity=Identity(f"{random_.choice(FAMILIES)} (fictif {number})", given),
        sex=sex,
        age_min=age,
        age_max=age + 5 if is_estimated else age,
        age_is_estimated=is_estimated,
        citizenship=country,
        languages=SPOKEN.get(country, ""),
        form="ml_FalseJobRansom",
    )


def _young(number: int, adults: Sequence[Met], random_: random.Random) -> Met:
    mother = random_.choice(adults)
    age = random_.randint(0, 5)
    return Met(
        identity=Identity("", "", f"Enfant fictif {number + 1}"),
        sex=random_.choice([Sex.FEMALE, Sex.MALE]),
        age_min=age,
        age_max=age,
        citizenship=mother.citizenship,
    )


def build() -> int:
    """A girl who came by herself, a raid, a displaced village. How many people."""
    awa, coumba, bakary = (
        _post(role, body)
        for role, body in (
            (Role.CASEWORKER, "SINJIYA"),
            (Role.INVESTIGATOR, "BRTMTEH"),
            (Role.CASEWORKER, "CARITAS"),
        )
    )
    today = timezone.localdate()
    return (
        _mariam(awa, today - datetime.timedelta(days=12))
        + _raid(coumba, today - datetime.timedelta(days=30))
        + _village(bakary, today - datetime.timedelta(days=60))
    )


def _post(role: Role, body: str) -> Actor:
    return Post.objects.filter(role=role, organisation__code=body)[0].actor


def _mariam(awa: Actor, day: datetime.date) -> int:
    """Fifteen years old; she left the house where she worked without pay."""
    place = Place.objects.get(code="cercle-sikasso-2023")
    event = open_event(awa, kind=EventKind.WALK_IN, on=day, place=place, n_announced=1)
    told = Met(
        identity=Identity("Traoré", "Mariam (fictive)"),
        contact=Contact(village="Fictionbougou", words="Ne jamais appeler (fictif)"),
        sex=Sex.FEMALE,
        age_min=15,
        age_max=15,
        age_is_estimated=False,
        citizenship="ML",
        languages="bm",
        form="ml_DomesticServitude",
    )
    mariam = register_person(awa, event, told)
    decision_actions.presume_victim(
        awa,
        mariam,
        reason="Quinze ans, logée chez l’employeur, jamais payée, papiers gardés (fictif).",
        on=day,
        form="ml_DomesticServitude",
        basis=Basis.TRAFFICKING,
    )
    return 1


def _raid(coumba: Actor, day: datetime.date) -> int:
    """Forty people in a house of false recruiters; the screening is half done."""
    event = open_event(
        coumba,
        kind=EventKind.RAID,
        on=day,
        place=Place.objects.get(code="bamako"),
        n_announced=44,
        narrative="Maison de faux recruteurs, démonstration : récit fictif.",
    )
    register_people(coumba, event, raid(40, 3, 23))
    people = list(people_of(coumba, event, PeopleFilter(age="adult")))
    decision_actions.orient_people(
        coumba,
        people[:24],
        question=Question.INVOLVEMENT,
        value=Involvement.VICTIM,
        reason="Recrutés par une fausse annonce, enfermés, rançonnés (fictif).",
    )
    decision_actions.orient_people(
        coumba,
        people[24:27],
        question=Question.INVOLVEMENT,
        value=Involvement.ACCOMPLICE,
        reason="Tenaient le registre des versements ; à entendre (fictif).",
    )
    decision_actions.orient_people(
        coumba,
        people[:20],
        question=Question.PATHWAY,
        value=Pathway.TRAFFICKING,
        reason="Éléments de traite relevés à l’entretien (fictif).",
    )
    return len(people_of(coumba, event, PeopleFilter()))


def _village(bakary: Actor, day: datetime.date) -> int:
    """Three families driven from their village for refusing descent-based slavery."""
    place = Place.objects.get(code="cercle-kayes-2023")
    event = open_event(bakary, kind=EventKind.DISPLACEMENT, on=day, place=place, n_announced=12)
    register_people(bakary, event, list(_families()))
    return len(people_of(bakary, event, PeopleFilter()))


def _families() -> list[Met]:
    told = (
        ("A", "Sissoko", ((Sex.MALE, 52), (Sex.FEMALE, 44), (Sex.MALE, 16), (Sex.FEMALE, 9))),
        ("B", "Diarra", ((Sex.FEMALE, 38), (Sex.MALE, 12), (Sex.FEMALE, 4))),
        ("C", "Konaté", ((Sex.MALE, 61), (Sex.FEMALE, 55))),
    )
    return [
        Met(
            identity=Identity(f"{family} (fictif)", random.Random(age).choice(_names(sex))),  # noqa: S311
            sex=sex,
            age_min=age,
            age_max=age,
            citizenship="ML",
            languages="kao",
            form="ml_DescentSlavery",
            household=mark,
        )
        for mark, family, members in told
        for sex, age in members
    ]


def _names(sex: Sex) -> list[str]:
    return WOMEN if sex == Sex.FEMALE else MEN
