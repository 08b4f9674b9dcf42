"""What the dossier lacks, who owes it, and how many days are left before 31 March."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from danbe.accounts.models import Organisation
from danbe.figures.completeness import Owed, State
from danbe.figures.models import Definition
from danbe.reports import wording
from danbe.reports.document import Block, Chapter, Heading, Items, Text
from danbe.reports.ledger import lines
from danbe.reports.tip_asked import absent, unanswered
from danbe.reports.tip_book import Book, dated, day
from danbe.reports.tip_criteria import missing
from danbe.reports.tip_evidence import Evidence, recommendations
from danbe.reports.tip_law import CRITERIA, known_tiers, rule, tiers
from danbe.reports.tip_presumptions import unanswered as presumed
from danbe.reports.tongue import say
from danbekit.dates import Window
from danbekit.names import fold
from danbekit.tip_tiers import read_tiers

MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Debt:
    """What one body owes of a period; ``None``: nobody has an obligation on it."""

    organisation: Organisation | None
    definitions: tuple[Definition, ...]
    windows: tuple[Window, ...]  # returns that are owed and not accepted
    mismatched: tuple[Window, ...]  # accepted, but for dates that cross the edge


def days_left(window: Window, today: datetime.date) -> int:
    """Days until the last day of the period; negative once it is past."""
    return (window.end - today).days


def said_left(window: Window, today: datetime.date) -> str:
    """The same in words."""
    n = days_left(window, today)
    end = day(window.end)
    if n > 0:
        one, many = say("jour", "day"), say("jours", "days")
        left = wording.counted(n, one, many)
        return say(f"Échéance\u00a0: {end}. Il reste {left}.", f"Due: {end}. Left: {left}.")
    if n == 0:
        return say(f"Échéance\u00a0: {end}, aujourd’hui.", f"Due: {end}, today.")
    past = wording.counted(-n, say("jour", "day"), say("jours", "days"))
    return say(f"Échéance\u00a0: {end}, passée depuis {past}.", f"Due: {end}, {past} ago.")


def gaps_of(book: Book) -> list[Definition]:
    """Every figure of the criteria that nobody gave, once, in order."""
    found = {d.code: d for code in CRITERIA for d in missing(book, code)}
    return [d for d in book.evidence.definitions if d.code in found]


def debts(evidence: Evidence, lacking: Sequence[Definition]) -> list[Debt]:
    """Who owes the figures that lack, by the obligations in force in the period."""
    owed: dict[object, list[Owed]] = {}
    for one in evidence.owed.owed:
        owed.setdefault(one.organisation.pk, []).append(one)
    found, asked = [], set()
    for theirs in owed.values():
        body = theirs[0].organisation
        axes = {axis for one in theirs for axis in one.axes}
        wanted = tuple(d for d in lacking if d.axis in axes and body.type in d.asked_of.split())
        if not wanted:
            continue
        asked |= {d.code for d in wanted}
        waiting = tuple(o.window for o in theirs if o.state is not State.ACCEPTED)
        across = tuple(
            o.window
            for o in theirs
            if o.state is State.ACCEPTED and not evidence.window.contains(o.window)
        )
        found.append(Debt(body, wanted, waiting, across))
    found.sort(key=lambda d: fold(d.organisation.label) if d.organisation else "")
    nobody = tuple(d for d in lacking if d.code not in asked)
    return found + ([Debt(None, nobody, (), ())] if nobody else [])


def gaps_chapter(book: Book, number: str) -> Chapter:
    """Every gap, named."""
    window, today = book.window, book.evidence.today
    lacking = gaps_of(book)
    blocks: list[Block] = [
        Text(said_left(window, today), "warn" if days_left(window, today) <= 31 else "info"),
        Text(
            say(
                "Le Département d’État a clos la réception des éléments le 1er février 2024 et le "
                "3 février 2025 : ce sont des dates vues, pas un délai légal.",
                "The Department of State closed its call for information on 1 February 2024 and "
                "3 February 2025: these are dates that were seen, not a legal delay.",
            ),
            "note",
        ),
        Heading(say("Qui doit quoi", "Who owes what"), f"{number}.1", "g-who"),
        *_who(book, lacking),
        Heading(say("Par critère", "By criterion"), f"{number}.2", "g-criteria"),
        _by_criterion(book),
        Heading(say("Autres lacunes", "Other gaps"), f"{number}.3", "g-other"),
        Items(tuple(others(book))),
    ]
    title = say("Les lacunes avant le 31 mars", "Gaps before 31 March")
    return Chapter("gaps", number, title, tuple(blocks))


def _who(book: Book, lacking: Sequence[Definition]) -> list[Block]:
    if not lacking:
        text = say("Aucun chiffre ne manque.", "No figure is missing.")
        return [Text(text)]
    rows = []
    for debt in debts(book.evidence, lacking):
        named = [f"{d.number} {d.label}" for d in debt.definitions[:MOST_NAMED]]
        more = len(debt.definitions) - len(named)
        if more > 0:
            named.append(say(f"et {more} autres", f"and {more} more"))
        rows.append(lines(_body(debt), " ; ".join(named), _what(debt)))
    columns = [
        say("Organisme", "Body"),
        say("Chiffres qui manquent", "Missing figures"),
        say("Ce qui est attendu", "What is expected"),
    ]
    title = say("Chiffres qui manquent, par organisme", "Missing figures, by body")
    return [book.ledger.table("owes", title, "", columns, rows)]


def _body(debt: Debt) -> str:
    if debt.organisation is None:
        return say("Secrétariat permanent (personne n’est désigné)", "Permanent secretariat "
                   "(nobody is named)")  # fmt: skip
    return debt.organisation.label


def _what(debt: Debt) -> str:
    if debt.organisation is None:
        return say(
            "Dire quel organisme doit ces chiffres : aucune obligation ne les couvre.",
            "Say which body owes these figures: no obligation covers them.",
        )
    said = []
    if debt.windows:
        listed = ", ".join(dated(w) for w in debt.windows)
        said.append(
            say(
                f"Déclarations attendues et non acceptées\u00a0: {listed}.",
                f"Returns owed and not accepted: {listed}.",
            )
        )
    if debt.mismatched:
        listed = ", ".join(dated(w) for w in debt.mismatched)
        said.append(
            say(
                f"Déclaration acceptée pour {listed}\u00a0: demander les mêmes chiffres par "
                "trimestre, ou du 1er avril au 31 mars.",
                f"Return accepted for {listed}: ask for the same figures by quarter, or from "
                "1 April to 31 March.",
            )
        )
    if not said:
        said.append(
            say(
                "Déclarations acceptées, sans ces chiffres : les demander, ou écrire 0.",
                "Returns accepted, without these figures: ask for them, or write 0.",
            )
        )
    return " ".join(said)


def _by_criterion(book: Book) -> Block:
    rows = []
    for code in CRITERIA:
        one = rule(code)
        asked = len(book.evidence.of(code))
        rows.append(
            lines(
                f"{code}. {one.title}",
                str(len(book.statements(code))),
                str(len(book.outside(code))),
                str(len(missing(book, code))),
                str(asked),
            )
        )
    columns = [
        say("Critère", "Criterion"),
        say("Actions de la période", "Actions of the period"),
        say("Hors période", "Outside the period"),
        say("Chiffres manquants", "Missing figures"),
        say("Chiffres demandés", "Figures asked"),
    ]
    title = say("Ce que chaque critère a et n’a pas", "What each criterion has and lacks")
    return book.ledger.table("by-criterion", title, "", columns, rows)


def others(book: Book) -> list[str]:
    """Gaps that no body’s return can fill."""
    found = [
        say(
            f"{asked.criterion}, {asked.label}\u00a0: présomption possible.",
            f"{asked.criterion}, {asked.label}: possible presumption.",
        )
        for asked in presumed(book)
    ]
    asked = unanswered(book)
    if asked:
        codes = ", ".join(one.code for one in asked)
        found.append(
            say(
                f"Recommandations sans réponse datée de la période\u00a0: {codes}.",
                f"Recommendations without an answer dated in the period: {codes}.",
            )
        )
    edition = book.window.start.year
    years = absent(edition, recommendations(edition))
    if years:
        listed = ", ".join(map(str, years))
        found.append(
            say(
                f"Listes de recommandations non trouvées\u00a0: {listed}.",
                f"Lists of recommendations not found: {listed}.",
            )
        )
    return found + _tier_gaps(book) + _data_gaps(book)


def _tier_gaps(book: Book) -> list[str]:
    edition = book.window.end.year
    unknown = [t.year for t in tiers() if t.placed is None and t.year < edition]
    if not unknown:
        return []
    blocked = read_tiers(known_tiers(), edition).blocked_by
    listed = ", ".join(map(str, unknown))
    said = say(
        f"Éditions dont la catégorie n’est pas connue\u00a0: {listed}",
        f"Editions whose tier is not known: {listed}",
    )
    if blocked:
        years = ", ".join(map(str, blocked))
        said += say(
            f" ; celles-ci bloquent une conclusion\u00a0: {years}",
            f"; these block a conclusion: {years}",
        )
    return [f"{said}."]


def _data_gaps(book: Book) -> list[str]:
    evidence = book.evidence
    found = []
    unplaced = [
        p for p in (*evidence.published, *evidence.published_across) if p.definition_id is None
    ]
    for one in unplaced:
        found.append(
            say(
                f"Publié sans définition, donc non rattaché\u00a0: «\u00a0{one.raw_text}\u00a0» "
                f"({one.reporter}).",
                f"Published without a definition, hence not placed: “{one.raw_text_en}” "
                f"({one.reporter}).",
            )
        )
    astray = [d.report.activity.code for d in evidence.done if d.criteria == ("",)]
    if astray:
        found.append(
            say(
                f"Activités du plan terminées, rattachées à aucun critère\u00a0: "
                f"{', '.join(astray)}.",
                f"Plan activities done that belong to no criterion: {', '.join(astray)}.",
            )
        )
    if not evidence.done:
        found.append(
            say(
                "Aucune activité du plan n’a été déclarée terminée, preuve à l’appui, dans la "
                "période.",
                "No activity of the plan was reported done, with evidence, in the period.",
            )
        )
    n_open = sum(o.confirmed_at is None for o in evidence.laws)
    if n_open:
        found.append(
            say(
                f"Articles de loi qu’aucun juriste n’a confirmés\u00a0: {n_open}.",
                f"Articles of law that no lawyer confirmed: {n_open}.",
            )
        )
    if evidence.n_small:
        found.append(
            say(
                f"Chiffres du registre inférieurs à 5 (zéro compris), non imprimés\u00a0: "
                f"{evidence.n_small}.",
                f"Figures of the register below 5 (zero included), not printed: "
                f"{evidence.n_small}.",
            )
        )
    found.append(
        say(
            "Le questionnaire envoyé aux États n’a pas été vu : les critères de la loi en "
            "tiennent lieu.",
            "The questionnaire sent to governments was not seen: the criteria of the law stand "
            "in its place.",
        )
    )
    return found
