"""How a word of a Malian name sounds, whoever wrote it.

The rules follow how clerks write Bambara, Fulfulde, Soninke, Songhay, Tamasheq and Arabic names in
French letters, and the official orthography of Bambara (``Kulubali``, ``Jara``). They are ours.
A sound has three vowels, ``a``, ``e`` (e, é, i, ai, y) and ``o`` (o, ou, u, w); ``j`` is dj or di
before a vowel, ``c`` is tch, ``y`` is gn.
"""

import re
import string
from collections.abc import Sequence

from danbekit.linkage import read_rows

# Longest first; each one is replaced where it stands, from left to right.
CONSONANTS = {
    "tch": "C",
    "tj": "C",
    "sch": "s",
    "ch": "s",  # Chiaka, Siaka; Cheick, Seick
    "sh": "s",
    "dj": "J",
    "gn": "Y",
    "ph": "f",
    "qu": "k",
    "q": "k",
    "ck": "k",
    "kh": "k",
    "gh": "g",
    "x": "ks",
    "j": "J",
    "h": "",
}
PLAIN = re.compile("|".join(CONSONANTS))
SOFT = (
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"gu(?=[eiy])"), "g"),
    (re.compile(r"d[iy](?=[aeou])"), "J"),
    (re.compile(r"t[iy](?=[aeou])"), "C"),
    (re.compile(r"n[iy](?=[aeou])|ny"), "Y"),
    (re.compile(r"(?<=[CJY])[iy](?=[aeou])"), ""),  # Gniaré, Djiarra
    (re.compile(r"n(?=[bp])"), "m"),
)
SAME = str.maketrans({"c": "k", "i": "e", "y": "e", "u": "o", "w": "o"})
DOUBLED = re.compile(r"(.)\1+")
# ai as in Maïga, Meïga; at the start it is said a-i.
DIPHTHONG = re.compile(r"(?<!^)ae", re.MULTILINE)
# Mute, but only where enough is left: Sangarés, Sangarer (as in French), Traor; not Ali, Sy.
ENDS = tuple(
    re.compile(end, re.MULTILINE) for end in (r"(?<=..)s$", r"(?<=...)er$", r"(?<=...)e$")
)
LETTERS = string.ascii_lowercase


def sound(token: str) -> str:
    """The sound of one folded word (:func:`~danbekit.linkage.words.name_tokens`).

    Words of one family of our table (Mahamadou, Mohamed) share the family's sound. Never empty
    for a word that has a letter or a digit.
    """
    return _sounds([token])[0]


def near_sounds(token: str) -> frozenset[str]:
    """The sounds of every word one slip of the pen from ``token``, its own left out.

    A slip is one letter left out, added, replaced, or two neighbours swapped, in the spelling; so
    whatever was meant is reached however the slip changes the sound. Words of one or two letters
    have none: everything is near them.
    """
    if len(token) < 3:
        return frozenset()
    halves = [(token[:n], token[n:]) for n in range(len(token) + 1)]
    slips = {left + right[1:] for left, right in halves if right}
    slips |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    slips |= {left + c + right[1:] for left, right in halves if right for c in LETTERS}
    slips |= {left + c + right for left, right in halves for c in LETTERS}
    return frozenset(_sounds(list(slips))) - {sound(token)}


def _sounds(tokens: Sequence[str]) -> list[str]:
    return [FAMILIES.get(heard, heard) for heard in _heard(tokens)]


def _heard(tokens: Sequence[str]) -> list[str]:
    """The rules alone, without the table.

    A word a line, so that each rule runs once over the hundreds of slips of a search: ten times
    faster than word by word.
    """
    text = DOUBLED.sub(r"\1", "\n".join(tokens))
    text = PLAIN.sub(lambda found: CONSONANTS[found[0]], text)
    for pattern, written in SOFT:
        text = pattern.sub(written, text)
    text = DOUBLED.sub(r"\1", text.translate(SAME))
    text = DOUBLED.sub(r"\1", DIPHTHONG.sub("e", text)).lower()
    for end in ENDS:
        text = end.sub("", text)
    return [heard or token for heard, token in zip(text.split("\n"), tokens, strict=True)]


def _families() -> dict[str, str]:
    rows = read_rows("equivalents")
    spellings, families = (_heard([row[name] for row in rows]) for name in ("spelling", "family"))
    return dict(zip(spellings, families, strict=True))


FAMILIES = _families()
