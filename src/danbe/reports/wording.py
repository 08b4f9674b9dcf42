"""The sentences of the annual report, in French, in one place.

The report is a French document whatever the language of its reader: its words are frozen with
its figures, so they are not in the catalogue of the pages. Read this file to change its voice.
What it shares with the dossier for the United States is said in the language of the document.
"""

import csv
import datetime
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from danbe.reports.tongue import FRENCH, language, say
from danbekit.dates import NO_BREAK_SPACE, format_date, format_number

AXES: Mapping[str, str] = {
    "prevention": "Prévention",
    "protection": "Protection",
    "prosecution": "Poursuite",
    "partnership": "Partenariat et coordination",
}
AXIS_LEADS: Mapping[str, str] = {
    "prevention": "Ce que les membres ont fait pour que la traite n’ait pas lieu : "
    "sensibilisation, formation, contrôle.",
    "protection": "Les personnes détectées, identifiées et assistées, et les services rendus. "
    "Victimes présumées, victimes identifiées, victimes assistées et migrants sont quatre "
    "comptes différents : ils ne s’additionnent pas.",
    "prosecution": "La chaîne pénale, de l’enquête à la condamnation. Une procédure, une personne "
    "mise en cause et une condamnation sont trois unités différentes : un même dossier peut viser "
    "plusieurs personnes.",
    "partnership": "La coordination entre membres, la coopération et les moyens.",
}
STATES: Mapping[str, str] = {
    "not_due": "délai en cours",
    "missing": "rien reçu",
    "draft": "non transmise",
    "submitted": "reçue, à l’examen",
    "queried": "renvoyée pour précision",
    "accepted": "acceptée",
}
# sex.age -> one, many
PERSONS: Mapping[str, tuple[str, str]] = {
    "male.adult": ("homme", "hommes"),
    "female.adult": ("femme", "femmes"),
    "female.child": ("fille", "filles"),
    "male.child": ("garçon", "garçons"),
    "unknown.child": ("enfant (sexe non précisé)", "enfants (sexe non précisé)"),
    "unknown.adult": ("adulte (sexe non précisé)", "adultes (sexe non précisé)"),
    "male.unknown": ("homme (âge non précisé)", "hommes (âge non précisé)"),
    "female.unknown": ("femme (âge non précisé)", "femmes (âge non précisé)"),
    "unknown.unknown": (
        "personne (sexe et âge non précisés)",
        "personnes (sexe et âge non précisés)",
    ),
    "other.adult": ("adulte (autre sexe)", "adultes (autre sexe)"),
    "other.child": ("enfant (autre sexe)", "enfants (autre sexe)"),
    "other.unknown": ("personne (autre sexe, âge non précisé)",) * 2,
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
MOST_NAMED = 4
AT_LEAST = "plus de"
NO_DATA = "pas de données"
NOT_SPLIT = "Non ventilé"
NOT_BY_REGION = "Région non précisée"
TOTAL = "Total"
NOT_ZERO = "« — » : non donné. Ce n’est pas zéro."


@cache
def units() -> Mapping[str, tuple[str, str]]:
    """Code of a counting unit -> one, many."""
    path = Path(__file__).parent.parent / "data" / "terms" / "unit.csv"
    with open(path, encoding="utf-8", newline="") as file:
        return {r["code"]: (r["label_fr"], r["plural_fr"]) for r in csv.DictReader(file)}


def unit_words(code: str) -> tuple[str, str]:
    """A counting unit, one and many, in the language of the report."""
    named = units() if language() == FRENCH else _english_units()
    return named.get(code, (code, code))


@cache
def _english_units() -> Mapping[str, tuple[str, str]]:
    path = Path(__file__).parent.parent / "data" / "terms" / "unit.csv"
    with open(path, encoding="utf-8", newline="") as file:
        return {r["code"]: (r["label_en"], r["plural_en"]) for r in csv.DictReader(file)}


def number(value: int | None, at_least: bool = False) -> str:
    """A number as it is printed; «plus de 36 000»; «pas de données»."""
    if value is None:
        return say(NO_DATA, "no data")
    text = format_number(value, language())
    return f"{say(AT_LEAST, 'more than')}{NO_BREAK_SPACE}{text}" if at_least else text


def counted(n: int, one: str, many: str) -> str:
    """«1 déclaration», «12 déclarations»; in French zero is singular."""
    is_one = n < 2 if language() == FRENCH else n == 1
    return f"{format_number(n, language())}{NO_BREAK_SPACE}{one if is_one else many}"


def sections(numbers: Sequence[str]) -> str:
    """What stands on a page of a chapter: «4.1 à 4.4»; its opening has no number."""
    if not numbers:
        return "Vue d’ensemble"
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} à {numbers[-1]}"


def listed(words: Sequence[str]) -> str:
    """«a, b et c»."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def persons(parts: Mapping[str, int]) -> list[str]:
    """«42 hommes», «250 femmes», «337 enfants (sexe non précisé)»."""
    return [counted(parts[part], *words) for part, words in PERSONS.items() if part in parts]


PART_COLUMNS: Mapping[str, str] = {
    "form": "Forme d’exploitation",
    "citizenship": "Nationalité",
    "basis": "Fondement juridique",
    "category": "Catégorie",
}


def silent_definitions(n: int, of: int) -> str:
    """How many figures of an axis nobody gave."""
    if n == of:
        return (
            "Aucune organisation n’a donné de chiffre sur cet axe pour cette année. Ce silence "
            "n’est pas un zéro."
        )
    said = counted(n, "reste", "restent")
    return (
        f"Sur les {of} chiffres demandés aux organisations, {said} sans réponse (annexe C) : "
        "aucune déclaration acceptée n’en parle. Ce silence n’est pas un zéro."
    )


def shortfall(by: str, said: int, total: int, missing: int, unit: str) -> str:
    """What the parts leave unexplained, in words."""
    one, many = units().get(unit, (unit, unit))
    return (
        f"Écart non expliqué : les parts {BREAKDOWNS[by]} font {number(said)}, le total déclaré "
        f"est {number(total)}. Les déclarations n’expliquent pas {counted(missing, one, many)}. "
        f"L’écart est montré tel quel, sous « {NOT_SPLIT} », et n’est pas réparti."
    )


def no_region(n: int) -> str:
    """No return gave a place below the country."""
    return (
        "Aucune déclaration acceptée ne situe ces chiffres dans une région : les "
        f"{n} territoires du découpage en vigueur (régions et district de la capitale) restent "
        "sans données."
    )


def not_on_map(n: int, total: int) -> str:
    """What the map cannot show."""
    return f"{number(n)} sur {number(total)} sans région précisée : hors de la carte."


HISTORY_LEAD = (
    "Deux séries se lisent côte à côte : les déclarations acceptées dans Danbe et les chiffres "
    "publiés dans le passé, repris tels quels avec leur source. Les publications n’ont pas "
    "toutes compté la même chose ni la même période : un avertissement le dit, et les points ne "
    "sont pas reliés. Une année sans chiffre est une année sans données, jamais un zéro."
)
NO_HISTORY = "Aucun chiffre des années passées n’est disponible."
TIERS_TITLE = "Classement du Mali dans le rapport annuel des États-Unis sur la traite"
TIER_REPORTER = "Département d’État des États-Unis"
UNIT_WARNING = (
    "Chaque chiffre de ce rapport porte son unité. Un dossier n’est pas une personne ; une "
    "victime présumée, une victime identifiée, une victime assistée et un migrant sont quatre "
    "comptes différents. Citer un chiffre sans son unité le rend faux."
)
DIFFICULTIES_LEAD = (
    "Les difficultés ci-dessous sont citées telles que les organisations les ont écrites dans "
    "leurs déclarations. Suivent celles que la consolidation a fait apparaître."
)
NO_DIFFICULTY = "Aucune déclaration acceptée ne mentionne de difficulté."
METHOD: Sequence[tuple[str, str]] = (
    (
        "Origine des chiffres",
        "Chaque membre transmet une déclaration signée par son point focal. Le secrétariat "
        "permanent l’examine, demande des précisions s’il y a lieu, puis l’accepte. Seules les "
        "déclarations acceptées entrent dans les totaux. Une déclaration sur papier vaut autant "
        "qu’une déclaration saisie en ligne.",
    ),
    (
        "Unités de compte",
        "Chaque chiffre a une définition, donnée en annexe A, qui dit ce qu’est une unité. Les "
        "chiffres de définitions différentes ne s’additionnent pas.",
    ),
    (
        "Période",
        "Le rapport porte sur l’année civile, du 1er janvier au 31 décembre. Un chiffre donné "
        "pour une période qui déborde l’année n’est ni partagé ni compté : il est signalé. Un "
        "effectif (places d’accueil, dossiers en cours) est celui du dernier jour connu de la "
        "période : il ne s’additionne pas dans le temps.",
    ),
    (
        "Silence et zéro",
        "« Pas de données » signifie qu’aucune déclaration acceptée ne donne le chiffre. Un "
        "zéro est un zéro déclaré. Les deux ne se confondent jamais, ni dans les tableaux, ni "
        "sur les cartes, ni dans les totaux.",
    ),
    (
        "Ventilations",
        "Les parts d’un total (sexe, âge, forme, nationalité, région) peuvent être incomplètes. "
        "L’écart avec le total est montré sous « Non ventilé » et n’est jamais réparti.",
    ),
    (
        "Doubles comptes",
        "Quand deux organisations déclarent des nombres qui peuvent être le même fait, une "
        "personne du secrétariat décide si c’est le même et lequel compte. Sa décision est "
        "réversible et consignée. Les cas non tranchés sont comptés deux fois et annoncés au "
        "chapitre des difficultés.",
    ),
    (
        "Fondement juridique",
        "La traite des personnes, les pratiques assimilées de la loi de 2012 et les pratiques "
        "assimilées à l’esclavage du code pénal de 2024 sont comptées séparément quand les "
        "organisations les distinguent.",
    ),
    (
        "Découpage territorial",
        "Les régions sont celles en vigueur au dernier jour de la période. Une carte dit "
        "quand ses limites sont approximatives.",
    ),
    (
        "Gel et errata",
        "Une fois figé, le rapport ne change plus. Une correction ultérieure est un erratum "
        "daté et motivé, imprimé à côté du chiffre d’origine. Les deux restent.",
    ),
)


def bodies(names: Sequence[str]) -> str:
    """Who wrote the same words; many are counted."""
    unique = list(dict.fromkeys(names))
    if len(unique) <= MOST_NAMED:
        return listed(unique)
    return f"{listed([*unique[:2], f'{len(unique) - 2} autres organisations'])}"


def completeness_lead(year: int, due: int, received: int, accepted: int) -> str:
    """Who answered, in one sentence."""
    if not due:
        return f"Aucune déclaration n’était encore attendue pour {year}."
    owed = counted(due, "déclaration était attendue", "déclarations étaient attendues")
    came = "a été reçue" if received < 2 else "ont été reçues"
    kept = "acceptée" if accepted < 2 else "acceptées"
    return (
        f"Pour l’année {year}, {owed} ; "
        f"{number(received)} {came}, dont {number(accepted)} {kept} "
        f"({100 * accepted // due}{NO_BREAK_SPACE}% des déclarations attendues). "
        "Les chiffres de ce rapport sont ceux des seules déclarations acceptées."
    )


def silent_bodies(n: int) -> str:
    """How many bodies said nothing."""
    if n == 0:
        return "Aucune organisation n’est restée silencieuse."
    who = "organisation n’a pas transmis" if n < 2 else "organisations n’ont pas transmis"
    return (
        f"{number(n)} {who} tout ce qui était attendu. Leur silence n’est pas un zéro : les "
        "totaux nationaux sont des minimums."
    )


def notice(fictitious: int, total: int) -> str:
    """What must be said of a report made for a demonstration."""
    if not fictitious:
        return ""
    which = (
        "Toutes les déclarations"
        if fictitious == total
        else f"{fictitious} déclarations sur {total}"
    )
    return (
        f"Démonstration. {which} de ce rapport ont été saisies pour la démonstration du système : "
        "aucune organisation ne les a transmises. Ne pas citer."
    )


def overlaps(n: int) -> str:
    """Possible double counts that nobody has settled."""
    if not n:
        return "Aucun double compte possible n’est en attente de décision."
    pairs = counted(n, "paire de chiffres peut décrire", "paires de chiffres peuvent décrire")
    return (
        f"{pairs} un même fait et {'attend' if n < 2 else 'attendent'} une décision du "
        "secrétariat : ces faits sont peut-être comptés deux fois."
    )


def straddling(labels: Sequence[str]) -> str:
    """Figures given for a period that goes beyond the year."""
    return (
        "Des chiffres donnés pour une période qui déborde l’année n’ont pas été comptés : "
        f"{listed(labels)}."
    )


def set_apart(n: int) -> str:
    """Returns whose figure begins before the period or ends after it."""
    who = counted(n, say("déclaration", "return"), say("déclarations", "returns"))
    return f"{who} " + say(
        "à cheval sur la limite de la période, hors du compte",
        "across the edge of the period, not counted",
    )


def unexplained(n: int) -> str:
    """Figures whose parts do not make their total."""
    said = (
        "chiffre n’est pas entièrement ventilé"
        if n < 2
        else ("chiffres ne sont pas entièrement ventilés")
    )
    return f"{number(n)} {said} : l’écart figure sous « {NOT_SPLIT} »."


AXES_SHORT: Mapping[str, str] = {**AXES, "partnership": "Partenariat"}
DEFINITIONS_LEAD = (
    "Les définitions sont celles en vigueur le jour où le rapport a été établi. Un chiffre se lit "
    "avec la phrase qui dit ce qu’est une unité."
)
GAPS_LEAD = "Ce que ce rapport ne sait pas, et qui le sait peut-être."


def status(frozen_on: str, extracted_on: str) -> str:
    """Draft or frozen, and since when."""
    if not frozen_on:
        day = _day(extracted_on)
        return say(
            f"Projet établi le {day}. Les chiffres peuvent encore changer.",
            f"Draft made on {day}. Figures may still change.",
        )
    return say(f"Rapport figé le {_day(frozen_on)}.", f"Report frozen on {_day(frozen_on)}.")


def extracted(on: str) -> str:
    """The day on which the figures were read."""
    return say(f"Données extraites le {_day(on)}", f"Data read on {_day(on)}")


def colon() -> str:
    """A colon as the language sets it."""
    return say(" :", ":")


def fingerprint(digest: str) -> str:
    """What shows that a frozen document was not altered."""
    said = say("Empreinte du document (SHA-256)", "Fingerprint of the document (SHA-256)")
    return f"{said}{colon()} {digest}"


def cited(names: Sequence[str]) -> str:
    """«Sources : S1, S4 (annexe B)»."""
    word = "Source" if len(names) == 1 else "Sources"
    return f"{word}{colon()} {', '.join(names)} {say('(annexe B)', '(annex B)')}"


def many_sources(n: int) -> str:
    """Too many sources to be named on the spot."""
    return say(f"Sources : {n} organisations (annexe B)", f"Sources: {n} (annex B)")


def erratum(on: str, old: int | None, new: int | None) -> str:
    """«Erratum du 3 juin 2025 : 629 → 630»."""
    said = say(f"Erratum du {_day(on)}", f"Erratum of {_day(on)}")
    return f"{said}{colon()} {number(old)} → {number(new)}."


def set_words() -> Mapping[str, str]:
    """The few words that the setting of a document adds to it."""
    return {
        "table": say("Tableau", "Table"),
        "chart": say("Graphique", "Chart"),
        "contents": say("Sommaire", "Contents"),
        "draft": say("Projet", "Draft"),
        "errata": say(
            "Les chiffres figés ne changent pas. Voici, à côté d’eux, ce qui a été corrigé "
            "depuis.",
            "Frozen figures do not change. Beside them stands what was corrected since.",
        ),
        "erratum": say("Erratum du", "Erratum of"),
        "reason": f"{say('Motif', 'Reason')}{colon()}",
        "colon": colon(),
    }


def _day(text: str) -> str:
    return format_date(datetime.date.fromisoformat(text), language())


PRECISIONS = "Précisions des organisations"
ESSENTIAL_FIGURES = "Chiffres essentiels"
OTHER_HISTORY = "Autres chiffres publiés"
DIFFERENT = "Unité, période ou champ différents\u00a0: voir le tableau."
