"""Two wordings compared word by word."""

import random
import time

import pytest

from danbekit.words import ADDED, REMOVED, SAME, Piece, compare_words, split_words


def rebuilt(pieces: list[Piece], kind: str) -> str:
    return "".join(p.text for p in pieces if p.kind in (SAME, kind))


def test_words_joined_give_the_text_back() -> None:
    text = "  L’article 3 (fictif) :  «  un, deux. »\nfin"
    assert "".join(split_words(text)) == text
    assert [w.strip() for w in split_words("l’eau d'ici")] == ["l’", "eau", "d'", "ici"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", []),
        ("", "un mot", [(ADDED, "un mot")]),
        ("un mot", "", [(REMOVED, "un mot")]),
        ("un mot", "un mot", [(SAME, "un mot")]),
        ("un  mot", "un mot", [(SAME, "un mot")]),
        (
            "une caravane par an.",
            "deux caravanes par an.",
            [(REMOVED, "une caravane "), (ADDED, "deux caravanes "), (SAME, "par an.")],
        ),
    ],
)
def test_what_goes_and_what_comes_is_told_in_reading_order(
    old: str, new: str, told: list[tuple[str, str]]
) -> None:
    assert [(p.kind, p.text) for p in compare_words(old, new)] == told


def test_pieces_give_both_wordings_back_whatever_they_are() -> None:
    draw = random.Random(7)
    words = "le la victime est protégée , . plan 2031 d’accueil".split()
    for _n in range(200):
        old = " ".join(draw.choices(words, k=draw.randint(0, 30)))
        new = " ".join(draw.choices(words, k=draw.randint(0, 30)))
        pieces = compare_words(old, new)
        assert rebuilt(pieces, ADDED).split() == new.split()
        assert rebuilt(pieces, REMOVED).split() == old.split()


def test_very_long_wordings_are_told_replaced_in_a_bounded_time() -> None:
    begun = time.perf_counter()
    pieces = compare_words("a b " * 3_000, "b c " * 3_000)
    assert [p.kind for p in pieces] == [REMOVED, ADDED]
    assert time.perf_counter() - begun < 1
