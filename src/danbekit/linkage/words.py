"""A name taken apart into the words that say who somebody is."""

import re
from collections.abc import Iterator

from danbekit.linkage import read_rows
from danbekit.names import fold


def _of_kind(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in read_rows("words") if row["kind"] == kind)


TITLES = _of_kind("title") | _of_kind("particle")
PLACEHOLDERS = _of_kind("placeholder")
MAYBE_TITLES = _of_kind("title or name")
COMPOUNDS = {
    first + second: (first, second)
    for first in _of_kind("first of a compound")
    for second in _of_kind("second of a compound")
}
# N'Diaye, M'Bodj, D'Almeida: one word. With a space only N is safe, since M is Monsieur.
ELIDED = re.compile(r"\b([dmn])\s?['’‘ʼ`´]\s?(?=\w)", re.IGNORECASE)  # noqa: RUF001
PRENASAL = re.compile(r"\bn (?=[bdgjkpt][a-z])")


def name_tokens(text: str) -> tuple[str, ...]:
    """The folded words of a name, in the order written, each once.

    Courtesy (Mme, El Hadj, née), particles (Ag, Walet, Ould) and words that stand for no name
    (inconnu) are left out. A title that is also a given name (Hadja, Thierno) stays unless two
    other words remain; if nothing but courtesy was written, it is taken as the name. A glued
    compound is split where both halves are in our list: ``mamadoulamine`` gives two words.
    """
    folded = PRENASAL.sub("n", fold(ELIDED.sub(r"\1", text)))
    words = list(dict.fromkeys(_split(folded.split())))
    words = [word for word in words if word not in PLACEHOLDERS]
    # A letter alone is an initial: it matches too much.
    names = [word for word in words if word not in TITLES and len(word) > 1]
    sure = [word for word in names if word not in MAYBE_TITLES]
    return tuple(sure if len(sure) > 1 else names or words)


def _split(words: list[str]) -> Iterator[str]:
    for word in words:
        yield from COMPOUNDS.get(word, (word,))
