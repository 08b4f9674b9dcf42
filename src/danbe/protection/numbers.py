"""Numbers that say nothing: no year, no order, no body; one wrong character is noticed."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are misread
CHECKS = ALPHABET + "*~$=U"  # 37 signs: the remainder of a division by a prime
LENGTH = 10
READ_AS = str.maketrans("ILO", "110")


def new_number(prefix: str) -> str:
    """A fresh number, such as ``ML-4F7KQ-9QW2XB``: 50 random bits and a check sign."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{prefix}-{body[:5]}-{body[5:]}{check_sign(body)}"


def read_number(text: str) -> str | None:
    """The number as it is kept, from what somebody typed; ``None`` if the check sign is wrong."""
    signs = "".join(text.upper().split()).replace("-", "")
    prefix, body, check = signs[:2], signs[2:-1].translate(READ_AS), signs[-1:]
    if (
        len(body) != LENGTH
        or any(sign not in ALPHABET for sign in body)
        or check != check_sign(body)
    ):
        return None
    return f"{prefix}-{body[:5]}-{body[5:]}{check}"


def check_sign(body: str) -> str:
    """The remainder by 37 of the number that ``body`` is in base 32."""
    value = 0
    for sign in body:
        value = value * 32 + ALPHABET.index(sign)
    return CHECKS[value % 37]
