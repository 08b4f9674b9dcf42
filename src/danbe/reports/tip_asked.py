"""The recommendations made to the country, and what was done on each in the period."""

from collections.abc import Sequence

from danbe.reports.document import Block, Chapter, Heading, Text
from danbe.reports.ledger import lines
from danbe.reports.models import Recommendation, RecommendationKind
from danbe.reports.tip_book import Book, dated
from danbe.reports.tip_evidence import days_of, recommendations
from danbe.reports.tongue import say

FIRST = 2009  # the first report on the country whose tier was seen


def recommendations_chapter(book: Book, number: str) -> Chapter:
    """By edition, the latest first; an edition whose list was not found is named."""
    edition = book.window.start.year
    asked = recommendations(edition)
    by_year: dict[int, list[Recommendation]] = {}
    for one in asked:
        by_year.setdefault(one.year, []).append(one)
    blocks: list[Block] = [
        Text(
            say(
                "Ce que les rapports des États-Unis ont demandé au Mali, dans les mots de Danbe, "
                "et ce que les organismes disent avoir fait dans la période, preuve à l’appui. "
                "Une promesse n’est pas une action : elle n’a pas de place ici.",
                "What the reports of the United States asked of the country, in Danbe’s words, "
                "and what bodies say they did in the period, with the evidence. A promise is not "
                "an action: it has no place here.",
            ),
            "lead",
        )
    ]
    for n, (year, rows) in enumerate(by_year.items(), start=1):
        title = say(f"Édition {year}", f"{year} edition")
        blocks.append(Heading(title, f"{number}.{n}", f"a-{year}"))
        blocks += _edition(book, year, rows)
    missing = absent(edition, asked)
    if missing:
        years = ", ".join(map(str, missing))
        text = say(
            f"Éditions dont aucune liste n’a été trouvée\u00a0: {years}. Danbe n’invente pas ce "
            "qu’elles demandaient.",
            f"Editions of which no list was found: {years}. Danbe does not invent what they "
            "asked.",
        )
        blocks.append(Text(text, "warn"))
    title = say("Les recommandations et ce qui a été fait", "Recommendations and what was done")
    return Chapter("recommendations", number, title, tuple(blocks))


def absent(edition: int, asked: Sequence[Recommendation]) -> list[int]:
    """Editions up to ``edition`` of which no list was found."""
    found = {one.year for one in asked if one.kind != RecommendationKind.GAP}
    return [year for year in range(FIRST, edition + 1) if year not in found]


def unanswered(book: Book) -> list[Recommendation]:
    """What has no answer dated in the period."""
    told = {answer.recommendation_id for answer in book.evidence.answers}
    return [
        one
        for one in recommendations(book.window.start.year)
        if one.is_answerable and one.pk not in told
    ]


def _edition(book: Book, year: int, rows: Sequence[Recommendation]) -> list[Block]:
    """The rows of one edition, with how much of the list was seen."""
    if all(one.kind == RecommendationKind.GAP for one in rows):
        text = say("La liste n’a pas été trouvée.", "The list was not found.")
        return [Text(text, "warn")]
    told = []
    for one in rows:
        source = book.publications.cite(
            say("Département d’État des États-Unis", "US Department of State"), one.source
        )
        told.append(
            lines(
                f"{one.code}. {say(one.text_fr, one.text_en)}",
                say(one.completeness_fr, one.completeness_en),
                _done(book, one),
                source,
            )
        )
    columns = [
        say("Recommandation", "Recommendation"),
        say("Liste lue", "List seen"),
        say("Fait dans la période, et preuve", "Done in the period, and evidence"),
        "Source",
    ]
    title = say(f"Recommandations de {year}", f"Recommendations of {year}")
    return [book.ledger.table(f"asked-{year}", title, "", columns, told)]


def _done(book: Book, one: Recommendation) -> str:
    """What was done in the period; how many answers are of other days."""
    said = []
    for answer in book.evidence.answers:
        if answer.recommendation_id == one.pk:
            source = book.answer_source(answer)
            who, when = answer.organisation.label, dated(days_of(answer))
            said.append(f"{who}, {when}{say(' :', ':')} {answer.text} [{source}]")
    n = sum(a.recommendation_id == one.pk for a in book.evidence.answers_outside)
    if not said:
        said.append(
            say("Rien n’a été répondu pour la période.", "Nothing was answered for the period.")
        )
    if n:
        said.append(
            say(
                f"Réponses d’autres dates, non comptées\u00a0: {n}.",
                f"Answers of other dates, not counted: {n}.",
            )
        )
    return " ".join(said)
