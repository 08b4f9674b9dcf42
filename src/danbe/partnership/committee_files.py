"""Files of meetings and of evidence: what is accepted, and where the sealed bytes lie."""

import os
import unicodedata
import uuid
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from danbe.core import sealing
from danbe.core.errors import DomainError, SealBroken
from danbe.partnership.committee_models import CommitteeFile

MAX_BYTES = 10 * 2**20
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


def seal_file(file: CommitteeFile, *, name: str, data: bytes) -> CommitteeFile:
    """Fill the row and write the sealed bytes. Raises :class:`DomainError`."""
    name = clean_name(name)
    file.media_type = media_type_of(name, data)
    file.pk = uuid.uuid4()
    owner, file.n_bytes = str(file.pk), len(data)
    key = file.key = sealing.new_key(owner)
    file.sealed_name = sealing.seal(key, name.encode(), owner=owner, what="name")
    file.save(force_insert=True)
    _write(path_of(file), sealing.seal(key, data, owner=owner, what="file"))
    return file


def unseal_file(file: CommitteeFile) -> tuple[str, bytes]:
    """The name and the content. Raises :class:`SealBroken` once destroyed."""
    if file.key is None:
        raise SealBroken("file")
    key, owner = bytes(file.key), str(file.pk)
    name = sealing.unseal(key, bytes(file.sealed_name), owner=owner, what="name").decode()
    return name, sealing.unseal(key, path_of(file).read_bytes(), owner=owner, what="file")


def path_of(file: CommitteeFile) -> Path:
    """Where the sealed bytes lie: the name tells nothing."""
    return Path(settings.MEDIA_ROOT) / "committee" / f"{file.pk}.sealed"


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
        raise DomainError("file.type", text, "file")
    if not 0 < len(data) <= MAX_BYTES:
        raise DomainError("file.size", _("The file is empty or larger than 10 MB."), "file")
    media_type, marks = MEDIA_TYPES[suffix]
    if (marks and not data.startswith(marks)) or (not marks and b"\0" in data):
        text = _("This file is not what its name says. Open it and save it again.")
        raise DomainError("file.content", text, "file")
    return media_type


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk before the row that speaks of it is committed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with open(draft, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
