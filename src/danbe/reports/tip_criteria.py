"""The chapters of the four minimum standards and the twelve criteria."""

from danbe.core.models import Offence
from danbe.figures.models import Definition
from danbe.reports.document import (
    Block,
    Cell,
    Chapter,
    Heading,
    Items,
    Quote,
    Quotes,
    Row,
    Text,
)
from danbe.reports.ledger import lines
from danbe.reports.tip_book import Book, dated, day
from danbe.reports.tip_law import Rule, law_copy, law_source, rule, standard_section
from danbe.reports.tongue import FRENCH, language, say
from danbe.reports.wording import colon
from danbekit.dates import Window

# Which article of law speaks to which standard: our reading.
LAW_OF = {"MS1": "", "MS2": "penalty", "MS3": "penalty"}
NON_CITIZENS = "victims_identified"


def law_blocks(book: Book, one: Rule, section: str) -> list[Block]:
    """The law: in French in our words, never confirmed; in English in its own."""
    source = book.publications.cite(law_source(), law_copy(one.source))
    blocks: list[Block] = []
    if language() == FRENCH:
        blocks.append(Text(one.text, "lead"))
        note = "Traduction de Danbe, non confirmée. Seul le texte anglais, cité ici, fait foi."
        blocks.append(Text(note, "note"))
    blocks.append(Quotes((Quote(f"{section} [{source}]", one.statute),)))
    return blocks


# --- Minimum standards ------------------------------------------------------------------------


def standards_chapter(book: Book, number: str) -> Chapter:
    """MS1 to MS3 rest on the law in force; MS4 on the twelve criteria."""
    blocks: list[Block] = [
        Text(
            say(
                "Les trois premières normes portent sur la loi, la quatrième sur les efforts : "
                "douze critères servent à en juger, un par chapitre.",
                "The first three standards are about the law, the fourth about efforts: twelve "
                "criteria serve to judge it, one a chapter.",
            ),
            "lead",
        )
    ]
    for n, code in enumerate(("MS1", "MS2", "MS3", "MS4"), start=1):
        one = rule(code)
        blocks.append(Heading(f"{code}. {one.title}", f"{number}.{n}", f"s-{code}"))
        blocks += law_blocks(book, one, standard_section(code))
        if code == "MS1":
            blocks += in_force(book, list(book.evidence.laws), "laws")
            blocks += texts_adopted(book)
        elif code == "MS2":
            blocks += in_force(book, [o for o in book.evidence.laws if o.penalty_fr], "penalties")
        elif code == "MS3":
            blocks.append(Text(_deterrence(), "note"))
    title = say("Les quatre normes minimales", "The four minimum standards")
    return Chapter("standards", number, title, tuple(blocks))


def _deterrence() -> str:
    return say(
        "Les peines de la loi sont celles du tableau précédent. Les peines prononcées dans la "
        "période sont au critère C01. Le rapport des États-Unis de 2015 jugeait cette norme à un "
        "maximum d’au moins quatre ans de privation de liberté ; ce dossier n’en tire pas de "
        "conclusion.",
        "The penalties of the law are those of the table above. The sentences pronounced in the "
        "period are under criterion C01. The US report of 2015 judged this standard by a maximum "
        "of at least four years’ deprivation of liberty; this dossier draws no conclusion.",
    )


def in_force(book: Book, laws: list[Offence], code: str) -> list[Block]:
    """Articles of force in the period, as far as they were seen; none is confirmed by default."""
    if not laws:
        text = say(
            "Aucun article en vigueur dans la période n’est enregistré.",
            "No article in force in the period is recorded.",
        )
        return [Text(text, "warn")]
    rows = []
    for one in laws:
        source = book.publications.cite(one.instrument, one.source) if one.source else "—"
        state = (
            say("confirmé par un juriste", "confirmed by a lawyer")
            if one.confirmed_at
            else say("non confirmé", "unconfirmed")
        )
        force = day(one.valid_from)
        if one.valid_to:
            force = f"{force} – {day(one.valid_to)}"
        label = f"{one.label}. {one.instrument}, {one.article}"
        rows.append(lines(label, one.penalty_fr or "—", force, state, source))
    columns = [
        say("Article", "Article (in French)"),
        say("Peine", "Penalty (in French)"),
        say("En vigueur depuis", "In force since"),
        say("Lecture", "Reading"),
        "Source",
    ]
    title = (
        say("Peines prévues par la loi", "Penalties set by law")
        if code == "penalties"
        else say("Articles en vigueur dans la période", "Articles in force in the period")
    )
    return [book.ledger.table(code, title, "", columns, rows)]


def texts_adopted(book: Book) -> list[Block]:
    """Legal texts adopted in the period, as returns and publications say."""
    found = [
        s
        for d in book.evidence.definitions
        if d.code == "texts_adopted"
        for s in book.figures_of(d)
    ]
    if found:
        title = say("Textes adoptés dans la période", "Texts adopted in the period")
        return [book.counted_table("texts", title, found)]
    text = say(
        "Aucune source ne dit combien de textes ont été adoptés dans la période.",
        "No source says how many texts were adopted in the period.",
    )
    return [Text(text, "note")]


# --- Criteria -----------------------------------------------------------------------------------


def criterion_chapter(book: Book, code: str) -> Chapter:
    """One criterion: the law, the period's concrete actions, what does not count, what lacks."""
    one = rule(code)
    found, outside = book.statements(code), book.outside(code)
    blocks = law_blocks(book, one, one.section)
    title = say("Actions concrètes de la période", "Concrete actions of the period")
    blocks.append(Heading(title, "", f"{code}-done"))
    if found:
        table_title = f"{code}. {title}, {dated(book.window)}"
        blocks.append(book.counted_table(f"{code}-counted", table_title, found))
    else:
        blocks.append(Text(nothing(code), "warn"))
    if outside:
        name = say("Hors de la période : non compté", "Outside the period: not counted")
        blocks += [
            Heading(name, "", f"{code}-outside"),
            book.outside_table(f"{code}-outside", f"{code}. {name}", outside),
        ]
    blocks += SPECIAL[code](book) if code in SPECIAL else []
    blocks += lacking(book, code)
    return Chapter(code, "", f"{code}. {one.title}", tuple(blocks))


def nothing(code: str) -> str:
    """No action is recorded: silence, not the absence of efforts."""
    return say(
        f"Aucune action concrète datée de la période n’est enregistrée pour {code}. Ce silence "
        "n’est ni un zéro ni une preuve d’inaction : rien n’a été donné.",
        f"No concrete action dated in the period is recorded for {code}. This silence is neither "
        "a zero nor proof of inaction: nothing was given.",
    )


def missing(book: Book, code: str) -> list[Definition]:
    """The figures of a criterion that no source gives for the period."""
    found = []
    for one in book.evidence.of(code):
        published = any(
            p.definition_id == one.code and p.value is not None for p in book.evidence.published
        )
        held = book.evidence.register.get(one.code) is not None
        if book.evidence.measures[one.code].value is None and not published and not held:
            found.append(one)
    return found


def lacking(book: Book, code: str) -> list[Block]:
    """What nobody gave for the period."""
    found = missing(book, code)
    if not found:
        return []
    title = say("Chiffres que personne n’a donnés", "Figures that nobody gave")
    unit = book.ledger.unit
    return [
        Heading(title, "", f"{code}-lacking"),
        Items(tuple(f"{d.number} {d.label} ({unit(d)})" for d in found)),
    ]


def citizens(book: Book) -> list[Block]:
    """C08: the share, where the figure is split; the law gives no threshold."""
    measure = book.evidence.measures.get(NON_CITIZENS)
    parts = measure.parts.get("citizenship", {}) if measure else {}
    text = say(
        "La loi ne dit pas à partir de quelle part elle n’est plus négligeable : ce dossier n’en "
        "juge pas.",
        "The law does not say from which share it is no longer insignificant: this dossier does "
        "not judge it.",
    )
    if not measure or measure.value is None or not parts:
        gap = say(
            "La part ne peut pas être calculée : aucune déclaration acceptée de la période ne "
            "ventile les victimes identifiées par nationalité.",
            "The share cannot be reckoned: no accepted return of the period splits identified "
            "victims by citizenship.",
        )
        return [Text(gap, "warn"), Text(text, "note")]
    own = parts.get("ML", 0)
    others = sum(parts.values()) - own
    whole = book.ledger.whole(measure)
    keys = [
        book.ledger.part(measure, "citizenship", name, label, value)
        for name, label, value in (
            ("ML", say("nationaux", "citizens"), own),
            ("others", say("étrangers", "non-citizens"), others),
            (
                "unsplit",
                say("nationalité non donnée", "citizenship not given"),
                max(0, measure.value - own - others),
            ),
        )
    ]
    rows = [Row(book.ledger.figures[key].label, (Cell(figure=key),)) for key in keys]
    title = say("Victimes identifiées par nationalité", "Identified victims by citizenship")
    columns = [title, say("Nombre", "Number")]
    table = book.ledger.table("C08-share", title, whole.unit, columns, rows, sources=whole.sources)
    return [table, Text(text, "note")]


def progress(book: Book) -> list[Block]:
    """C11: this period beside the one before, for the figures known in both."""
    rows, sources = [], set()
    one_side = 0
    for definition in book.evidence.definitions:
        now = book.evidence.measures[definition.code]
        before = book.evidence.before[definition.code]
        if now.value is None and before.value is None:
            continue
        if now.value is None or before.value is None:
            one_side += 1
            continue
        figure = book.ledger.whole(now)
        key = f"{definition.code}@{_before(book).code}"
        old = book.number(key, definition, before.value)
        book.written(old, (), _before(book), at_least=before.at_least)
        label = f"{definition.number} {figure.label} ({figure.unit})"
        rows.append(Row(label, (Cell(figure=key), Cell(figure=figure.key))))
        sources |= set(figure.sources)
    blocks: list[Block] = []
    title = say("La période et la précédente", "The period and the one before")
    if rows:
        columns = [
            say("Chiffre (unité)", "Figure (unit)"),
            dated(_before(book)),
            dated(book.window),
        ]
        note = say(
            "Les deux colonnes viennent des déclarations acceptées. Une hausse peut venir de "
            "déclarations plus nombreuses.",
            "Both columns come from accepted returns. A rise may come from more returns.",
        )
        table = book.ledger.table(
            "C11-progress", title, "", columns, rows, notes=[note], sources=sorted(sources)
        )
        blocks.append(table)
    else:
        text = say(
            "Aucun chiffre n’est connu dans les deux périodes : le progrès ne peut pas être "
            "montré.",
            "No figure is known in both periods: progress cannot be shown.",
        )
        blocks.append(Text(text, "warn"))
    if one_side:
        text = say(
            f"Chiffres connus dans une seule des deux périodes{colon()} {one_side}.",
            f"Figures known in one of the two periods only: {one_side}.",
        )
        blocks.append(Text(text, "note"))
    return blocks


def _before(book: Book) -> Window:
    return Window.april_year(book.window.start.year - 1)


def demand(_book: Book) -> list[Block]:
    """C12: what Danbe measures of demand, and what it does not."""
    text = say(
        "Aucune définition de Danbe ne mesure la réduction de la demande d’actes sexuels tarifés "
        "ni du tourisme sexuel : les contrôles de lieux à risque en sont le seul chiffre voisin. "
        "Ce que les organismes ont fait d’autre s’écrit en réponse à une recommandation.",
        "No definition of Danbe measures the reduction of demand for commercial sex acts or for "
        "sex tourism: inspections of places at risk are the only figure near it. What else bodies "
        "did is written as an answer to a recommendation.",
    )
    return [Text(text, "info")]


SPECIAL = {"C08": citizens, "C11": progress, "C12": demand}
