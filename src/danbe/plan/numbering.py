"""How the clauses of a text are numbered: parts I, II; articles 1, 2, 3; paragraphs 3.1, 3.2."""

from collections.abc import Sequence

from danbe.plan.models import Level

RANK = {Level.PART: 0, Level.ARTICLE: 1, Level.PARAGRAPH: 2}
ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def roman(number: int) -> str:
    """``4`` as ``IV``."""
    signs = ""
    for value, sign in ROMAN:
        signs += sign * (number // value)
        number %= value
    return signs


def numbers_of(levels: Sequence[str]) -> list[str]:
    """The number of each clause, in the order of the text.

    Articles are counted through the whole text, as in a law: «article 12» is one article. A
    paragraph before any article is numbered from 0: ``0.1``.
    """
    part = article = paragraph = 0
    numbers = []
    for level in levels:
        if level == Level.PART:
            part += 1
            numbers.append(roman(part))
        elif level == Level.ARTICLE:
            article, paragraph = article + 1, 0
            numbers.append(str(article))
        else:
            paragraph += 1
            numbers.append(f"{article}.{paragraph}")
    return numbers


def follows(levels: Sequence[str], rank: int) -> int:
    """The rank after the last clause that hangs from the one at ``rank``."""
    own = RANK[Level(levels[rank])]
    for place in range(rank + 1, len(levels)):
        if RANK[Level(levels[place])] <= own:
            return place
    return len(levels)
