"""A telephone number in the one form that may be compared: E.164."""

import re
import unicodedata

PLANS = {"ML": ("223", 8)}  # calling code, digits of a national number; Mali: eight digits
SPACING = re.compile(r"[\s.\-–/()\u00a0\u202f]")


def phone_key(text: str, country: str = "ML") -> str | None:
    """``+22376123456`` from any usual writing; ``None`` where no number can be read.

    ``76 12 34 56``, ``+223 76.12.34.56``, ``00223 76123456`` and ``22376123456`` are equal. A
    number of another country must be written with ``+`` or ``00``; its length is only held
    to the 15 digits of E.164. A foreign ``country`` that has no plan here reads no national form.
    Whether a number is in service, or a mobile, is not checked.
    """
    digits = SPACING.sub("", _ascii_digits(text))
    match = re.fullmatch(r"(\+|00)?(\d{6,15})", digits)
    if match is None:
        return None
    prefix, number = match[1], match[2]
    code, length = PLANS.get(country, ("", 0))
    if prefix is None:
        if code and len(number) == length:
            return f"+{code}{number}"
        return f"+{number}" if code and _is_whole(number, code, length) else None
    if number.startswith("0"):
        return None
    for known, n_digits in PLANS.values():
        if number.startswith(known) and not _is_whole(number, known, n_digits):
            return None
    return f"+{number}" if len(number) >= 8 else None


def _is_whole(number: str, code: str, length: int) -> bool:
    return number.startswith(code) and len(number) == len(code) + length


def _ascii_digits(text: str) -> str:
    """Arabic and other decimal digits as 0-9."""
    return "".join(str(unicodedata.decimal(c, c)) for c in text.strip())
