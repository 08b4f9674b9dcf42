"""Keys of contributions: words sealed until published, codes kept as hashes, addresses never kept.

A code is made from a random word that the form of the public page carries: who sends the same form
twice makes one contribution and is shown the same code again, though Danbe keeps only its hash.
"""

import base64
import datetime
import json
import re
import uuid
from collections.abc import Mapping

from danbe.core import sealing
from danbe.plan.models import Contribution

CODE_LETTERS = 12  # of base 32: 60 bits
BUCKET = datetime.timedelta(minutes=3)  # as for failed sign-ins
# Nothing that reads like another one: base 32 without O and I, then 8 for B left as it is.
ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "ABCDEFGHJKLMNPQRSTUVWXYZ23456789")


def code_of(once: str) -> str:
    """The code of the form that carries ``once``: ``K7QF-2M9X-PDRA``."""
    raw = bytes.fromhex(sealing.blind(once, "contribution code"))
    letters = base64.b32encode(raw).decode().translate(ALPHABET)[:CODE_LETTERS]
    return "-".join(letters[n : n + 4] for n in range(0, CODE_LETTERS, 4))


def hash_of(code: str) -> str:
    """What is kept of a code, however it was typed."""
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())
    return sealing.blind(plain, "contribution")


def mark_of(address: str, now: datetime.datetime) -> str:
    """What is kept, for some minutes, of the address that writes."""
    return sealing.blind(f"{address}\0{bucket_of(now).isoformat()}", "contribution address")


def bucket_of(now: datetime.datetime) -> datetime.datetime:
    """The beginning of the three minutes in which ``now`` falls."""
    seconds = BUCKET.total_seconds()
    return datetime.datetime.fromtimestamp(now.timestamp() // seconds * seconds, now.tzinfo)


def owner_of(row: Contribution) -> str:
    """Whose key the words of a contribution are under."""
    return f"contribution:{row.pk}"


def seal_words(row: Contribution, text: str, proposed: str) -> None:
    """Put the words of a contribution under a key of its own. The caller saves."""
    owner = owner_of(row)
    row.sealed_key = sealing.new_key(owner)
    told = json.dumps({"text": text, "proposed": proposed}, ensure_ascii=False)
    row.sealed = sealing.seal(row.sealed_key, told.encode(), owner=owner, what="words")
    row.text = row.proposed = ""


def words_of(row: Contribution) -> Mapping[str, str]:
    """``text`` and ``proposed``, unsealed where they are sealed."""
    if row.sealed is None or row.sealed_key is None:
        return {"text": row.text, "proposed": row.proposed}
    owner = owner_of(row)
    plain = sealing.unseal(bytes(row.sealed_key), bytes(row.sealed), owner=owner, what="words")
    told: Mapping[str, str] = json.loads(plain)
    return told


def new_once() -> str:
    """A random word for one form."""
    return uuid.uuid4().hex
