"""Sealing of what could hurt somebody: AES-256-GCM, one data key per person and field group.

A data key is random and stored wrapped by a master key that lives outside the database
(``settings.MASTER_KEYS``, newest first). Hence rotating a master key rewraps keys, never data;
and destroying one data key makes that group unreadable everywhere, backups included.

Formats: ``wrapped = key id (4 bytes) | nonce (12) | ciphertext and tag (48)``;
``sealed = nonce (12) | ciphertext and tag``. ``owner`` (whose) and ``what`` (which value) are
authenticated, not stored: a value moved to another row or column no longer opens.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from danbe.core.errors import SealBroken

NONCE = 12


def new_key(owner: str) -> bytes:
    """A fresh data key for ``owner``, wrapped: 64 bytes."""
    return _wrap(AESGCM.generate_key(256), owner)


def rewrap(wrapped: bytes, owner: str) -> bytes:
    """The same data key under the newest master key."""
    return _wrap(_unwrap(wrapped, owner), owner)


def is_newest(wrapped: bytes) -> bool:
    """Whether a data key is under the newest master key."""
    return wrapped.startswith(next(iter(settings.MASTER_KEYS)).encode())


def seal(wrapped: bytes, plain: bytes, *, owner: str, what: str) -> bytes:
    """Encrypt ``plain`` under the data key; 28 bytes longer."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_unwrap(wrapped, owner)).encrypt(nonce, plain, what.encode())


def unseal(wrapped: bytes, sealed: bytes, *, owner: str, what: str) -> bytes:
    """Decrypt. Raises :class:`SealBroken` if altered, moved, or the key was destroyed."""
    cipher = AESGCM(_unwrap(wrapped, owner))
    try:
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], what.encode())
    except InvalidTag as error:
        raise SealBroken(what) from error


def blind(value: str, what: str) -> str:
    """A keyed hash (32 hex digits) to look ``value`` up without storing it."""
    mac = hmac.new(settings.BLIND_KEY, f"{what}\0{value}".encode(), hashlib.sha256)
    return mac.hexdigest()[:32]


def _wrap(key: bytes, owner: str) -> bytes:
    key_id, master = next(iter(settings.MASTER_KEYS.items()))
    nonce = os.urandom(NONCE)
    return key_id.encode() + nonce + AESGCM(master).encrypt(nonce, key, owner.encode())


def _unwrap(wrapped: bytes, owner: str) -> bytes:
    key_id, nonce, body = wrapped[:4].decode(), wrapped[4:16], wrapped[16:]
    try:
        return AESGCM(settings.MASTER_KEYS[key_id]).decrypt(nonce, body, owner.encode())
    except (InvalidTag, KeyError) as error:
        raise SealBroken("key") from error
