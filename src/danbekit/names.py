"""Names folded for searching: accents, Malian letters, case and punctuation aside."""

import re
import unicodedata

# Letters that Unicode does not decompose; Bambara orthography is written with and without them.
FOLD = str.maketrans({"ɛ": "e", "ɔ": "o", "ɲ": "ny", "ŋ": "ng", "œ": "oe", "æ": "ae", "ø": "o"})


def fold(text: str) -> str:
    """Lower-case ASCII words separated by one space.

    ``fold("District de Bamakɔ")`` and ``fold("district de bamako")`` are equal; apostrophes,
    hyphens and slashes separate words.
    """
    lowered = text.casefold().translate(FOLD)
    plain = unicodedata.normalize("NFKD", lowered)
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", letters))
