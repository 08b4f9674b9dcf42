"""The tiers: facts with their sources, rules of the law, what they say together. No prediction."""

from danbe.reports.document import Block, Chapter, Heading, Items, Text
from danbe.reports.ledger import lines
from danbe.reports.tip_book import Book
from danbe.reports.tip_law import known_tiers, rule, tiers
from danbe.reports.tongue import say
from danbekit.tip_tiers import TIER_3, Answer, Reading, read_tiers

RULES = "T1 T2 T2WL T3 SWL INTERIM AUTO WAIVER AFTER PLAN3 SIG PROOF SANCTION".split()


def tiers_chapter(book: Book, number: str) -> Chapter:
    """Past tiers, rules, and the rules read for the edition that this period serves."""
    edition = book.window.end.year
    reading = read_tiers(known_tiers(), edition)
    title = say("Le classement : règles et faits", "The tiers: rules and facts")
    blocks: list[Block] = [
        Text(
            say(
                "Ce chapitre applique les règles de la loi aux classements passés. Il ne prédit "
                "aucun classement : celui-ci est décidé par le Département d’État. Une année "
                "inconnue reste inconnue, et ce qu’elle empêche de conclure est dit.",
                "This chapter applies the rules of the law to past tiers. It predicts no tier: "
                "the Department of State decides it. A year that is not known stays unknown, and "
                "what it keeps from being concluded is said.",
            ),
            "lead",
        ),
        Heading(say("Les faits", "The facts"), f"{number}.1", "r-facts"),
        _facts(book, edition),
        Items(tuple(movements(edition))),
        Heading(
            say(f"Les règles lues pour l’édition {edition}", f"The rules read for the {edition} "
                "edition"),
            f"{number}.2",
            "r-reading",
        ),
        Items(tuple(answers(reading))),
        Heading(say("Les règles", "The rules"), f"{number}.3", "r-rules"),
        _rules(book),
    ]  # fmt: skip
    return Chapter("tiers", number, title, tuple(blocks))


def _facts(book: Book, edition: int) -> Block:
    """Editions up to the one before: what came later is no fact of that time."""
    rows = []
    for one in tiers():
        if one.year >= edition:
            continue
        author = say("Département d’État des États-Unis", "US Department of State")
        source = book.publications.cite(author, one.source) if one.source else "—"
        rows.append(lines(str(one.year), one.label, certainties()[one.status], one.basis, source))
    columns = [
        say("Édition", "Edition"),
        say("Catégorie", "Tier"),
        say("Certitude", "Certainty"),
        say("Fondement", "Basis"),
        "Source",
    ]
    title = say("Classements connus avant cette édition", "Tiers known before this edition")
    return book.ledger.table("tiers", title, "", columns, rows)


def certainties() -> dict[str, str]:
    """How sure a tier is."""
    return {
        "published": say("lu", "read"),
        "inferred": say("déduit", "inferred"),
        "gap": say("inconnu", "unknown"),
    }


def movements(edition: int) -> list[str]:
    """What moved from one edition to the next, where both are known; then what is not known."""
    known = {year: one for year, one in known_tiers().items() if year < edition}
    said = []
    for year in sorted(known):
        before, now = known.get(year - 1), known[year]
        if before is None or before.tier == now.tier:
            continue
        old, new = rule(before.tier).title, rule(now.tier).title
        if before.tier == TIER_3:
            said.append(
                say(
                    f"{year}\u00a0: sortie de la catégorie 3 ({old} → {new}).",
                    f"{year}: departure from Tier 3 ({old} → {new}).",
                )
            )
        else:
            said.append(say(f"{year}\u00a0: {old} → {new}.", f"{year}: {old} → {new}."))
    unknown = [one.year for one in tiers() if one.placed is None and one.year < edition]
    if unknown:
        years = ", ".join(map(str, unknown))
        said.append(
            say(
                f"Éditions dont la catégorie n’est pas connue\u00a0: {years}. Aucun passage n’est "
                "affirmé de part et d’autre.",
                f"Editions whose tier is not known: {years}. No move is asserted on either side.",
            )
        )
    return said


def answers(reading: Reading) -> list[str]:
    """Each rule in one sentence: it applies, does not, or is blocked by a year."""
    return [
        _before(reading),
        _run(reading),
        _two_years(reading),
        _interim(reading),
        _after_tier_3(reading),
        _after_downgrade(reading),
        *_blocked(reading),
    ]


def _years(years: tuple[int, ...]) -> str:
    return ", ".join(map(str, years))


def _before(reading: Reading) -> str:
    year = reading.edition - 1
    if reading.before is None:
        return say(
            f"Édition {year}\u00a0: catégorie inconnue.", f"{year} edition: tier not known."
        )
    title = rule(reading.before.tier).title
    return say(f"Édition {year}\u00a0: {title}.", f"{year} edition: {title}.")


def _run(reading: Reading) -> str:
    run = reading.run
    if reading.before is None:
        return say(
            "Éditions de suite sur la liste de surveillance : ne peut pas être compté.",
            "Consecutive editions on the Watch List: cannot be counted.",
        )
    if not run.years:
        return say(
            "Éditions de suite sur la liste de surveillance : 0. Le compte repart de zéro.",
            "Consecutive editions on the Watch List: 0. The count starts again from zero.",
        )
    said = say(
        f"Éditions de suite sur la liste de surveillance\u00a0: {run.least} ({_years(run.years)})",
        f"Consecutive editions on the Watch List: {run.least} ({_years(run.years)})",
    )
    if not run.is_exact:
        said += say(
            f", au moins\u00a0: {_years(run.blocked_by)} n’est pas connu",
            f", at least: {_years(run.blocked_by)} is not known",
        )
    return f"{said}."


def _two_years(reading: Reading) -> str:
    name = _named("AUTO")
    if reading.two_year_rule is Answer.YES:
        return name + say(
            "la règle s’applique : catégorie 3, sauf dérogation (WAIVER).",
            "the rule applies: Tier 3, unless waived (WAIVER).",
        )
    if reading.two_year_rule is Answer.NO:
        return name + say("la règle ne s’applique pas.", "the rule does not apply.")
    return name + _cannot()


def _interim(reading: Reading) -> str:
    name, day = _named("INTERIM"), f"1\u00a0{say('février', 'February')} {reading.edition}"
    day = say(f"1er février {reading.edition}", f"1 February {reading.edition}")
    if reading.interim is Answer.YES:
        return name + say(f"due au plus tard le {day}.", f"due not later than {day}.")
    if reading.interim is Answer.NO:
        return name + say("aucune n’est due.", "none is due.")
    return name + _cannot()


def _after_tier_3(reading: Reading) -> str:
    name = _named("SWL")
    if reading.watch_list_after_tier_3 is Answer.YES:
        return name + say(
            "placé en catégorie 2, le pays serait sur la liste spéciale, après une catégorie 3.",
            "if placed in Tier 2, the country would be on the special list, after a Tier 3.",
        )
    if reading.watch_list_after_tier_3 is Answer.NO:
        return name + say(
            "le cas « catégorie 2 après catégorie 3 » ne se présente pas.",
            "the case “Tier 2 after Tier 3” does not arise.",
        )
    return name + _cannot()


def _after_downgrade(reading: Reading) -> str:
    name = _named("AFTER")
    if reading.after_downgrade is Answer.YES:
        said = say(
            f"la condition est remplie ({_years(reading.downgrade_years)})\u00a0: une année de "
            "suite au plus sur la liste.",
            f"the condition is met ({_years(reading.downgrade_years)}): one consecutive year at "
            "most on the list.",
        )
        inferred = tuple(y for y in reading.inferred if y in reading.downgrade_years)
        if inferred:
            said += say(
                f" Elle repose sur des années déduites ({_years(inferred)}).",
                f" It rests on inferred years ({_years(inferred)}).",
            )
        said += (
            say(
                " La date à partir de laquelle cette règle s’applique n’a pas été vue : 2021 et "
                "2022 sont deux éditions de suite sur la liste.",
                " The date from which this rule applies was not seen: 2021 and 2022 are two "
                "consecutive editions on the list.",
            )
            if {2021, 2022} <= set(_on_list(reading.edition))
            else ""
        )
        return name + said
    if reading.after_downgrade is Answer.NO:
        return name + say("la condition n’est pas remplie.", "the condition is not met.")
    return name + _cannot()


def _on_list(edition: int) -> list[int]:
    return [y for y, one in known_tiers().items() if one.tier == "T2WL" and y < edition]


def _blocked(reading: Reading) -> list[str]:
    if not reading.blocked_by:
        return []
    years = _years(reading.blocked_by)
    return [
        say(
            f"Années inconnues qui bloquent une conclusion ci-dessus\u00a0: {years}.",
            f"Unknown years that block a conclusion above: {years}.",
        )
    ]


def _named(code: str) -> str:
    one = rule(code)
    return say(f"{one.title} ({one.section})\u00a0: ", f"{one.title} ({one.section}): ")


def _cannot() -> str:
    return say(
        "ne peut pas être dit, une année n’est pas connue.",
        "cannot be said, a year is not known.",
    )


def _rules(book: Book) -> Block:
    rows = []
    for code in RULES:
        one = rule(code)
        rows.append(lines(f"{code}. {one.title}", one.section, one.text))
    columns = [say("Règle", "Rule"), say("Article", "Section"), say("Texte", "Text")]
    note = say(
        "Texte condensé par Danbe et traduit par lui, non confirmé ; lu dans le Code des "
        "États-Unis dans l’état du 20 avril 2023.",
        "Condensed by Danbe; read in the United States Code as of 20 April 2023.",
    )
    title = say("Règles du classement", "Rules of the tiers")
    return book.ledger.table("rules", title, "", columns, rows, notes=[note])
