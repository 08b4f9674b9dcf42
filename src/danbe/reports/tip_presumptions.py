"""What the law presumes when data are missing, set against what the period holds."""

from dataclasses import dataclass

from danbe.reports.document import Block, Cell, Chapter, Heading, Row, Text
from danbe.reports.ledger import in_order
from danbe.reports.tip_book import Book
from danbe.reports.tip_law import rule
from danbe.reports.tongue import say


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of data that the law names, and the figures of Danbe that answer it."""

    criterion: str
    code: str
    french: str
    english: str
    definitions: tuple[str, ...]

    @property
    def label(self) -> str:
        """The kind of data."""
        return say(self.french, self.english)


ASKED = (
    Asked(
        "C01",
        "investigations",
        "enquêtes",
        "investigations",
        ("investigation_files", "persons_investigated", "offences_recorded"),
    ),
    Asked(
        "C01",
        "prosecutions",
        "poursuites",
        "prosecutions",
        ("prosecution_files", "persons_prosecuted"),
    ),
    Asked(
        "C01",
        "convictions",
        "condamnations",
        "convictions",
        ("persons_convicted", "convictions", "conviction_judgments"),
    ),
    Asked("C01", "sentences", "peines", "sentences", ("sentences_pronounced",)),
    Asked(
        "C07",
        "investigations",
        "enquêtes sur des agents publics",
        "investigations of officials",
        ("officials_investigated",),
    ),
    Asked(
        "C07",
        "prosecutions",
        "poursuites d’agents publics",
        "prosecutions of officials",
        ("officials_prosecuted",),
    ),
    Asked(
        "C07",
        "convictions",
        "condamnations d’agents publics",
        "convictions of officials",
        ("officials_convicted",),
    ),
    # No definition of Danbe counts the sentences of officials: a gap of ours.
    Asked("C07", "sentences", "peines d’agents publics", "sentences of officials", ()),
)
SPLITS = ("citizenship", "sex_age")
VICTIMS = "victims_identified"


def given(book: Book, asked: Asked) -> list[str]:
    """The keys of the figures of the period that answer: returns, else published."""
    keys = []
    for code in asked.definitions:
        measure = book.evidence.measures.get(code)
        if measure is not None and measure.value is not None:
            keys.append(book.ledger.whole(measure).key)
            continue
        for one in book.evidence.published:
            if one.definition is not None and one.definition_id == code:
                figure, _source = book.published_figure(one.definition, one)
                keys += [figure.key] if figure else []
    return keys


def unanswered(book: Book) -> list[Asked]:
    """What the law asks and nobody gave."""
    return [asked for asked in ASKED if not given(book, asked)]


def presumptions_chapter(book: Book, number: str) -> Chapter:
    """Rules against gaps: what is missing, and what the law then presumes."""
    blocks: list[Block] = [
        Text(
            say(
                "Deux critères portent une présomption : l’État qui ne donne pas ces données "
                "après une demande raisonnable du Département d’État est présumé ne pas avoir "
                "enquêté, poursuivi, condamné ou puni avec vigueur. Danbe ne sait pas si une "
                "demande a été faite : chaque ligne sans données est une présomption possible, "
                "pas un constat.",
                "Two criteria carry a presumption: a government which does not give these data "
                "after a reasonable request from the Department of State is presumed not to have "
                "vigorously investigated, prosecuted, convicted or sentenced. Danbe does not know "
                "whether a request was made: each line without data is a possible presumption, "
                "not a finding.",
            ),
            "lead",
        ),
        _table(book),
    ]
    blocks += _inaction()
    blocks += _comparison(book)
    blocks += _disaggregation(book)
    title = say(
        "Les présomptions quand les données manquent", "Presumptions when data are missing"
    )
    return Chapter("presumptions", number, title, tuple(blocks))


def _table(book: Book) -> Block:
    rows, sources = [], set()
    for asked in ASKED:
        keys = given(book, asked)
        section = rule(asked.criterion).section
        if keys:
            # One row a figure: a figure never loses its unit.
            for key in keys:
                figure = book.ledger.figures[key]
                label = f"{asked.criterion}, {asked.label}{_of(figure.label)}"
                state = say("données fournies", "data given")
                cells = (
                    Cell(text=section),
                    Cell(figure=key),
                    Cell(text=figure.unit),
                    Cell(text=state),
                )
                rows.append(Row(label, cells))
                sources |= set(figure.sources)
            continue
        state = say(
            "rien pour la période : la présomption joue si les données ont été demandées",
            "nothing for the period: the presumption bites if the data were requested",
        )
        if not asked.definitions:
            state += say(
                " ; aucune définition de Danbe ne compte ces peines",
                "; no definition of Danbe counts these sentences",
            )
        label = f"{asked.criterion}, {asked.label}"
        rows.append(Row(label, (Cell(text=section), Cell(), Cell(text="—"), Cell(text=state))))
    columns = [
        say("Données que nomme la loi", "Data that the law names"),
        say("Article", "Section"),
        say("Période", "Period"),
        say("Unité", "Unit"),
        say("Lecture", "Reading"),
    ]
    title = say("Données demandées par la loi et trouvées", "Data asked by law and found")
    return book.ledger.table(
        "presumptions", title, "", columns, rows, sources=in_order(s for s in sources if s)
    )


def _of(label: str) -> str:
    return say(f"\u00a0: {label}", f": {label}")


def _inaction() -> list[Block]:
    text = say(
        "Critère C07 : ne pas répondre comme il convient à des accusations publiques contre des "
        "agents publics est tenu pour de l’inaction. Danbe ne recense pas ces accusations : ce "
        "point reste une lacune.",
        "Criterion C07: failure to appropriately address public allegations against officials is "
        "considered inaction. Danbe keeps no list of such allegations: this remains a gap.",
    )
    title = say("Accusations publiques", "Public allegations")
    return [Heading(title, "", "p-allegations"), Text(text)]


def _comparison(book: Book) -> list[Block]:
    """The second limb of the Watch List asks for evidence of increasing efforts."""
    one = rule("T2WL")
    kinds = (("C01", "investigations"), ("C01", "prosecutions"), ("C01", "convictions"))
    blind = [
        asked.label
        for asked in ASKED
        if (asked.criterion, asked.code) in kinds and not _in_both(book, asked)
    ]
    title = say("Preuve d’efforts croissants", "Evidence of increasing efforts")
    blocks: list[Block] = [
        Heading(title, "", "p-increasing"),
        Text(f"{one.title} ({one.section}). {one.text}", "note"),
    ]
    if blind:
        said = say(
            "Sans chiffre dans les deux périodes, la hausse ne peut pas être montrée pour : ",
            "Without a figure in both periods, no increase can be shown for: ",
        )
        blocks.append(Text(f"{said}{', '.join(blind)}.", "warn"))
    else:
        said = say(
            "Chaque nature de données est connue dans les deux périodes (critère C11).",
            "Each kind of data is known in both periods (criterion C11).",
        )
        blocks.append(Text(said))
    return blocks


def _in_both(book: Book, asked: Asked) -> bool:
    """Whether one same figure is known in this period and the one before."""
    now, before = book.evidence.measures, book.evidence.before
    return any(
        now[code].value is not None and before[code].value is not None
        for code in asked.definitions
        if code in now
    )


def _disaggregation(book: Book) -> list[Block]:
    one = rule("DISAG")
    measure = book.evidence.measures.get(VICTIMS)
    splits = set(measure.splits) if measure and measure.value is not None else set()
    names = {
        "citizenship": say("nationalité", "nationality"),
        "sex_age": say("sexe et âge", "sex and age"),
    }
    lacking = [names[split] for split in SPLITS if split not in splits]
    blocks: list[Block] = [
        Heading(one.title, "", "p-disaggregation"),
        Text(f"{one.section}. {one.text}", "note"),
    ]
    if lacking:
        said = say(
            "Pour cette période, les victimes identifiées ne sont pas ventilées par : ",
            "For this period, identified victims are not split by: ",
        )
        blocks.append(Text(f"{said}{', '.join(lacking)}.", "warn"))
    else:
        said = say(
            "Les victimes identifiées sont ventilées par nationalité, par sexe et par âge.",
            "Identified victims are split by nationality, sex and age.",
        )
        blocks.append(Text(said))
    return blocks
