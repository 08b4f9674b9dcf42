"""The sentences of the annual report, in French, in one place.

The report is a French document whatever the language of its reader: its words are frozen with
its figures, so they are not in the catalogue of the pages. Read this file to change its voice.
"""

from collections.abc import Mapping, Sequence

from danbekit.dates import NO_BREAK_SPACE, format_number

AXES: Mapping[str, str] = {
    "prevention": "Prévention",
    "protection": "Protection",
    "prosecution": "Poursuite",
    "partnership": "Partenariat et coordination",
}
AXIS_LEADS: Mapping[str, str] = {
    "prevention": "Ce que les membres ont fait pour que la traite n’ait pas lieu : sensibilisation, "
    "formation, contrôle.",
    "protection": "Les personnes détectées, identifiées et assistées, et les services rendus. "
    "Victimes présumées, victimes identifiées, personnes assistées et migrants sont quatre comptes "
    "différents : ils ne s’additionnent pas.",
    "prosecution": "La chaîne pénale, de l’enquête à la condamnation. Une procédure, une personne "
    "mise en cause et une condamnation sont trois unités différentes : un même dossier peut viser "
    "plusieurs personnes.",
    "partnership": "La coordination entre membres, la coopération et les moyens.",
}
STATES: Mapping[str, str] = {
    "not_due": "délai en cours",
    "missing": "rien reçu",
    "draft": "non transmis",
    "submitted": "reçu, à l’examen",
    "queried": "renvoyé pour précision",
    "accepted": "accepté",
}
# sex.age -> one, many
PERSONS: Mapping[str, tuple[str, str]] = {
    "female.adult": ("femme", "femmes"),
    "male.adult": ("homme", "hommes"),
    "female.child": ("fille", "filles"),
    "male.child": ("garçon", "garçons"),
    "unknown.child": ("enfant (sexe non précisé)", "enfants (sexe non précisé)"),
    "unknown.adult": ("adulte (sexe non précisé)", "adultes (sexe non précisé)"),
    "female.unknown": (
        "personne de sexe féminin (âge non précisé)",
        "personnes de sexe féminin (âge non précisé)",
    ),
    "male.unknown": (
        "personne de sexe masculin (âge non précisé)",
        "personnes de sexe masculin (âge non précisé)",
    ),
    "unknown.unknown": (
        "personne (sexe et âge non précisés)",
        "personnes (sexe et âge non précisés)",
    ),
}
SEXES: Mapping[str, str] = {
    "female": "Sexe féminin",
    "male": "Sexe masculin",
    "other": "Autre",
    "unknown": "Sexe non précisé",
}
AGES: Mapping[str, str] = {
    "adult": "Adultes",
    "child": "Enfants (0-17 ans)",
    "unknown": "Âge non précisé",
}
BREAKDOWNS: Mapping[str, str] = {
    "sex_age": "par sexe et âge",
    "form": "par forme d’exploitation",
    "citizenship": "par nationalité",
    "basis": "par fondement juridique",
    "category": "par catégorie",
    "region": "par région",
}
NO_DATA = "pas de données"
NOT_SPLIT = "Non ventilé"
NOT_BY_REGION = "Région non précisée"
TOTAL = "Total"
NOT_ZERO = "« — » : non donné. Ce n’est pas zéro."


def number(value: int | None, at_least: bool = False) -> str:
    """A number as it is printed; «plus de 36 000»; «pas de données»."""
    if value is None:
        return NO_DATA
    text = format_number(value, "fr")
    return f"plus de{NO_BREAK_SPACE}{text}" if at_least else text


def counted(n: int, one: str, many: str) -> str:
    """«1 relevé», «12 relevés»; in French zero is singular."""
    return f"{format_number(n, 'fr')}{NO_BREAK_SPACE}{one if n < 2 else many}"


def listed(words: Sequence[str]) -> str:
    """«a, b et c»."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def persons(parts: Mapping[str, int], labels: Mapping[str, str]) -> list[str]:
    """«42 hommes», «250 femmes», «337 enfants (sexe non précisé)»."""
    said = []
    for part in sorted(parts, key=lambda p: list(PERSONS).index(p) if p in PERSONS else 99):
        one, many = PERSONS.get(part, (labels.get(part, part), labels.get(part, part)))
        said.append(counted(parts[part], one, many))
    return said
