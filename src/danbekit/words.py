"""Two wordings compared word by word.

The comparison is that of Ratcliff and Obershelp (as ``difflib`` does it) on words, the spaces that
follow a word being part of it. What is common at both ends is set apart first. Where both middles
are very long, they are told replaced whole: a page that shows 4 million candidate pairs helps
nobody, and the time stays bounded.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
MOST_PAIRS = 4_000_000
# A word with what is stuck to it, or a sign; then the spaces. «l’article» is two words.
WORD = re.compile(r"(?:\w+['\u2019]|\w+|[^\w\s])\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that are the same in both wordings, added, or removed."""

    kind: str
    text: str


def split_words(text: str) -> list[str]:
    """The words of a text; joined, they give the text back."""
    return WORD.findall(text)


def compare_words(old: str, new: str) -> list[Piece]:
    """From the old wording to the new one: what stays, what goes, what comes, in reading order.

    ``same`` and ``removed`` pieces joined give the old text; ``same`` and ``added`` the new one,
    but for the width of spaces, which is not a difference.
    """
    before, after = split_words(old), split_words(new)
    keys_before, keys_after = _keys(before), _keys(after)
    head = _common(keys_before, keys_after)
    tail = _common(keys_before[head:][::-1], keys_after[head:][::-1])
    end_before, end_after = len(before) - tail, len(after) - tail
    pieces = [Piece(SAME, _spaced(before[:head], after[:head]))]
    pieces += _middle(before[head:end_before], after[head:end_after])
    pieces.append(Piece(SAME, _spaced(before[end_before:], after[end_after:])))
    return _joined(pieces)


def _keys(words: Sequence[str]) -> list[str]:
    return [word.strip() for word in words]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    n = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        n += 1
    return n


def _middle(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    if len(before) * len(after) > MOST_PAIRS:
        return [Piece(REMOVED, "".join(before)), Piece(ADDED, "".join(after))]
    pieces = []
    match = SequenceMatcher(None, _keys(before), _keys(after), autojunk=False)
    for tag, i1, i2, j1, j2 in match.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, _spaced(before[i1:i2], after[j1:j2])))
        else:
            pieces.append(Piece(REMOVED, "".join(before[i1:i2])))
            pieces.append(Piece(ADDED, "".join(after[j1:j2])))
    return pieces


def _spaced(before: Sequence[str], after: Sequence[str]) -> str:
    """Words that are the same, as the new text spaces them; as the old one, where it ends there.

    Otherwise the last word of one text would stick to what was removed after it.
    """
    told = (
        old if new == new.strip() and old != old.strip() else new
        for old, new in zip(before, after, strict=True)
    )
    return "".join(told)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind made one; empty ones left out."""
    told: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if told and told[-1].kind == piece.kind:
            told[-1] = Piece(piece.kind, told[-1].text + piece.text)
        else:
            told.append(piece)
    return told
