"""The dossier for the United States: what was done from 1 April to 31 March, by criterion.

Made of what Danbe holds, on one day, in French or in English. It says what the law asks, what was
done in the period and nothing else, what lacks and who owes it. It judges nothing.
"""

import datetime

from danbe.accounts.queries import body
from danbe.figures.models import Definition
from danbe.reports import wording
from danbe.reports.document import (
    SCHEMA,
    Block,
    Body,
    Chapter,
    Document,
    Heading,
    Items,
    Meaning,
    Text,
)
from danbe.reports.ledger import Ledger, lines
from danbe.reports.sources import returns_sources
from danbe.reports.tip_asked import recommendations_chapter
from danbe.reports.tip_book import Book, dated, warned
from danbe.reports.tip_criteria import criterion_chapter, standards_chapter
from danbe.reports.tip_evidence import gather
from danbe.reports.tip_gaps import gaps_chapter, said_left
from danbe.reports.tip_law import ACTIONS, CRITERIA, law_source, rule
from danbe.reports.tip_presumptions import presumptions_chapter
from danbe.reports.tip_reading import tiers_chapter
from danbe.reports.tongue import ENGLISH, FRENCH, say, speaking
from danbe.reports.wording import colon
from danbekit.dates import Window

KINDS = {FRENCH: "tip", ENGLISH: "tip.en"}


def build(year: int, today: datetime.date, language: str = FRENCH) -> Document:
    """The dossier of April ``year`` to March, as things stand ``today``. Reads, never writes."""
    with speaking(language):
        return _build(year, today, language)


def _build(year: int, today: datetime.date, language: str) -> Document:
    window = Window.april_year(year)
    evidence = gather(window, today)
    returns = returns_sources(evidence.received, lambda one: dated(one.window))
    ledger = Ledger(window, {code: source.id for code, source in returns.items()})
    book = Book(evidence, ledger, returns=returns)
    chapters = [_summary(book), standards_chapter(book, "2")]
    chapters += [criterion_chapter(book, code) for code in CRITERIA]
    chapters.append(presumptions_chapter(book, "3"))
    chapters.append(recommendations_chapter(book, "4"))
    chapters.append(tiers_chapter(book, "5"))
    chapters.append(gaps_chapter(book, "6"))
    used = _used(book)
    chapters += [_definitions(book, used), _sources(book)]
    named = body()
    return Document(
        schema=SCHEMA,
        kind=KINDS[language],
        year=year,
        window=window.code,
        title=say("Dossier TIP", "TIP dossier"),
        subtitle=dated(window),
        body=Body(named.name, named.acronym, named.country, named.ministry, named.contact),
        extracted_on=today.isoformat(),
        n_due=evidence.owed.n_due,
        n_received=evidence.owed.n_received,
        n_accepted=evidence.owed.n_accepted,
        chapters=tuple(chapters),
        figures=tuple(ledger.figures.values()),
        definitions=tuple(_meaning(book, one) for one in used),
        sources=tuple(book.cited()),
        notice=_notice(book),
    )


def _notice(book: Book) -> str:
    """What must be said of a dossier that rests on invented returns."""
    received = book.evidence.received
    n = sum(one.fictitious for one in received)
    plans = any(d.report.activity.plan.is_fictitious for d in book.evidence.done)
    if not n and not plans:
        return ""
    return say(
        f"Démonstration. {n} déclarations sur {len(received)} ont été saisies pour la "
        "démonstration du système : aucun organisme ne les a transmises. Ne pas citer.",
        f"Demonstration. {n} returns of {len(received)} were typed for the demonstration of the "
        "system: no body sent them. Do not quote.",
    )


# --- First chapter ------------------------------------------------------------------------------


def _summary(book: Book) -> Chapter:
    counted = {code: len(book.statements(code)) for code in CRITERIA}
    silent = [code for code, n in counted.items() if not n]
    blocks: list[Block] = [
        Text(_lead(book), "lead"),
        Text(said_left(book.window, book.evidence.today), "info"),
        Text(_windows(), "warn"),
    ]
    across = _across(book)
    if across:
        name = say("Publié pour d’autres dates", "Published for other dates")
        blocks += [Heading(name, "", "e-across"), Items(tuple(across))]
    rows = [
        lines(
            f"{code}. {rule(code).title}",
            str(counted[code]) if counted[code] else say("aucune", "none"),
            str(len(book.outside(code))),
        )
        for code in CRITERIA
    ]
    columns = [
        say("Critère", "Criterion"),
        say("Actions concrètes de la période", "Concrete actions of the period"),
        say("Hors de la période, non comptées", "Outside the period, not counted"),
    ]
    title = say("Les douze critères", "The twelve criteria")
    blocks.append(book.ledger.table("criteria", title, "", columns, rows))
    if silent:
        text = say(
            f"Sans aucune action enregistrée\u00a0: {', '.join(silent)}.",
            f"Without any recorded action: {', '.join(silent)}.",
        )
        blocks.append(Text(text, "warn"))
    blocks.append(_kinds(book))
    return Chapter("summary", "1", say("L’essentiel", "Summary"), tuple(blocks))


def _lead(book: Book) -> str:
    period = dated(book.window)
    edition = book.window.end.year
    return say(
        f"Ce dossier rassemble ce que Danbe sait des actions concrètes menées {period}, pour le "
        f"rapport des États-Unis de {edition}, au regard des quatre normes minimales et des douze "
        f"critères ({law_source()}). Chaque énoncé porte son unité et sa source ; chaque lacune "
        "est nommée. Ce qui a été fait hors de la période ne compte pas, ni ce qui est promis.",
        f"This dossier gathers what Danbe knows of concrete actions taken from {period}, for the "
        f"{edition} report of the United States, against the four minimum standards and twelve "
        f"criteria ({law_source()}). Each statement bears its unit and source; each gap is named. "
        "What was done outside the period does not count, nor does what is promised.",
    )


def _windows() -> str:
    return say(
        "Les périodes diffèrent. Le rapport annuel du Comité porte sur l’année civile, ce dossier "
        "du 1er avril au 31 mars. Un total annuel n’est pas partagé : il est montré à part, avec "
        "ses dates, et n’est jamais présenté comme le chiffre de la période.",
        "The periods differ. The Committee’s annual report covers the calendar year, this dossier "
        "1 April to 31 March. A yearly total is not split: it is shown apart, with its dates, and "
        "never passed off as the figure of the period.",
    )


def _across(book: Book) -> list[str]:
    """Published figures of the years that cross the period: said at once, with their dates."""
    said = []
    for one in book.evidence.published_across:
        if one.definition is None or one.value is None or one.start is None or one.end is None:
            continue
        figure, source = book.published_figure(one.definition, one)
        if figure is None:
            continue
        dates = dated(Window(one.start, one.end))
        number = wording.number(figure.value, figure.at_least)
        label = one.definition.label
        # In the words that were printed: «identifiées, assistées et protégées» is three counts.
        said.append(f"{label}{colon()} {number} {figure.unit}, {dates} [{source}]. {warned(one)}")
    return said


def _kinds(book: Book) -> Block:
    """By kind of concrete action: the only kinds that the law counts."""
    rows = []
    for code in ACTIONS:
        one = rule(code)
        n = sum(len(book.figures_of(d)) for d in book.evidence.of_kind(code))
        n += len(book.evidence.done) if code == "CA-F" else 0
        note = str(n) if n else say("aucun", "none")
        rows.append(lines(f"{code}. {one.title}", one.section, one.text, note))
    columns = [
        say("Nature", "Kind"),
        say("Article", "Section"),
        say("Texte", "Text"),
        say("Énoncés de la période", "Statements of the period"),
    ]
    title = say(
        "Les actions concrètes que la loi reconnaît", "The concrete actions that the law counts"
    )
    return book.ledger.table("kinds", title, "", columns, rows)


# --- Annexes ------------------------------------------------------------------------------------


def _used(book: Book) -> list[Definition]:
    """The definitions whose figures the dossier gives or asks for, in order."""
    return list(book.evidence.definitions)


def _meaning(book: Book, one: Definition) -> Meaning:
    return Meaning(
        one.code,
        one.number,
        one.label,
        book.ledger.unit(one),
        one.sentence,
        one.example,
        one.counterexample,
    )


def _definitions(book: Book, used: list[Definition]) -> Chapter:
    rows = [
        lines(
            f"{one.number} {one.label}",
            book.ledger.unit(one),
            " ".join(one.us_criterion.split()),
            one.sentence,
        )
        for one in used
    ]
    columns = [
        say("Chiffre", "Figure"),
        say("Unité", "Unit"),
        say("Critères", "Criteria"),
        say("Ce qu’est une unité", "What one unit is"),
    ]
    name = say("Définitions", "Definitions")
    table = book.ledger.table("definitions", name, "", columns, rows)
    lead = say(
        "Le rattachement d’un chiffre à un critère est celui de Danbe.",
        "The criterion that a figure answers is Danbe’s own reading.",
    )
    title = say("Annexe A. Définitions", "Annex A. Definitions")
    return Chapter("definitions", "A", title, (Text(lead, "lead"), table))


def _sources(book: Book) -> Chapter:
    """Everything that is cited, with dates and addresses."""
    blocks: list[Block] = [
        Text(
            say(
                f"La loi est citée d’après le {law_source()}.",
                f"The law is quoted from the {law_source()}.",
            ),
            "lead",
        )
    ]
    groups = (
        ("sources-returns", say("Déclarations acceptées", "Accepted returns"), "returns"),
        ("sources-held", say("Ce que Danbe tient", "What Danbe holds"), "held"),
        ("sources-published", say("Publications", "Publications"), "published"),
    )
    columns = [
        "Source",
        say("Auteur, titre", "Author, title"),
        "Dates",
        say("Remarques et adresses", "Remarks and addresses"),
    ]
    for code, title, kind in groups:
        rows = [
            lines(s.id, s.title, s.dates, " ; ".join(filter(None, [s.detail, *s.addresses])))
            for s in book.cited()
            if s.kind == kind
        ]
        if rows:
            blocks.append(book.ledger.table(code, title, "", columns, rows))
    title = say("Annexe B. Sources", "Annex B. Sources")
    return Chapter("sources", "B", title, tuple(blocks))
