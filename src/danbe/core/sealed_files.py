"""Files that people join: checked by their first bytes, sealed on disk under a random name.

What a file is joined to, and who may open it, is said by the models and acts that use this.
"""

import os
import unicodedata
import uuid
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from danbe.core import sealing
from danbe.core.errors import DomainError

MAX_FILE = 10 * 2**20
# The first bytes of each kind, so that a file is what its name says; text has none.
PDF, JPEG, PNG, ZIP = (b"%PDF-",), (b"\xff\xd8\xff",), (b"\x89PNG\r\n",), (b"PK\x03\x04",)
MEDIA_TYPES: Mapping[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", PDF),
    ".jpg": ("image/jpeg", JPEG),
    ".jpeg": ("image/jpeg", JPEG),
    ".png": ("image/png", PNG),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP),
    ".odt": ("application/vnd.oasis.opendocument.text", ZIP),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", ZIP),
    ".csv": ("text/csv", ()),
    ".txt": ("text/plain", ()),
}


def clean_name(name: str) -> str:
    """The last part of a path, without control characters, at most 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    path = Path(plain or "file")
    return path.stem[:110] + path.suffix[:10]


def media_type_of(name: str, data: bytes) -> str:
    """What the file is, by its name and its first bytes. Raises :class:`DomainError`."""
    suffix = Path(name).suffix.lower()
    if suffix not in MEDIA_TYPES:
        text = _("This kind of file is not accepted. Join a PDF, an image, a text or a table.")
        raise DomainError("attachment.type", text, "file")
    if not 0 < len(data) <= MAX_FILE:
        text = _("The file is empty or larger than 10 MB.")
        raise DomainError("attachment.size", text, "file")
    media_type, marks = MEDIA_TYPES[suffix]
    if (marks and not data.startswith(marks)) or (not marks and b"\0" in data):
        text = _("This file is not what its name says. Open it and save it again.")
        raise DomainError("attachment.content", text, "file")
    return media_type


def path_of(pk: uuid.UUID) -> Path:
    """Where the sealed bytes lie: the name tells nothing."""
    return Path(settings.MEDIA_ROOT) / "attachments" / f"{pk}.sealed"


def seal_file(pk: uuid.UUID, name: str, data: bytes) -> tuple[bytes, bytes]:
    """Seal a file on disk under a key of its own: the wrapped key, and its sealed name."""
    key = sealing.new_key(str(pk))
    _write(path_of(pk), sealing.seal(key, data, owner=str(pk), what="file"))
    return key, sealing.seal(key, name.encode(), owner=str(pk), what="name")


def open_file(pk: uuid.UUID, key: bytes, sealed_name: bytes) -> tuple[str, bytes]:
    """The name and the content of a file. Raises ``SealBroken``, ``FileNotFoundError``."""
    name = sealing.unseal(key, sealed_name, owner=str(pk), what="name").decode()
    return name, sealing.unseal(key, path_of(pk).read_bytes(), owner=str(pk), what="file")


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk before the row that speaks of it is committed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with open(draft, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
