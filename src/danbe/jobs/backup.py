"""Backup and restore of a whole instance: one encrypted file, for either database.

The file is an age-encrypted archive: a manifest, one table a member (JSON lines), the sealed
media, and the keys. It is read back, row for row, on restore: each table's digest and the head
of the audit trail must be those of the manifest, or nothing is kept.
"""

import base64
import datetime
import decimal
import hashlib
import io
import json
import os
import tarfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyrage
from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from danbe.core import audit
from danbe.core.errors import DomainError

FORMAT = 1
# Made again by migrations, or worth nothing tomorrow.
LEFT_OUT = {"contenttypes", "auth", "sessions", "axes"}
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says of itself."""

    format: int
    made_at: str
    audit_head: str
    tables: dict[str, list[Any]]  # label -> [number of rows, SHA-256]
    n_media: int


def tables() -> list[type[models.Model]]:
    """Every table worth keeping, many-to-many tables included."""
    found: list[type[models.Model]] = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in LEFT_OUT and model._meta.managed:
            found.append(model)
    return sorted(found, key=lambda model: model._meta.label_lower)


def plain(value: Any) -> Any:
    """A column's value as JSON knows it."""
    if isinstance(value, (bytes, memoryview)):
        return {"b64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"  # exact, and the same from either database
    return str(value) if isinstance(value, uuid.UUID) else value


def dump_table(model: type[models.Model]) -> Iterator[bytes]:
    """The rows of a table, in the order of its key, one JSON list a line."""
    columns = [f.attname for f in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*columns)
    for row in rows.iterator(chunk_size=CHUNK):
        text = json.dumps([plain(v) for v in row], ensure_ascii=False, separators=(",", ":"))
        yield text.encode() + b"\n"


def digest_table(model: type[models.Model]) -> list[Any]:
    """Number of rows and SHA-256 of a table."""
    n_rows, sha = 0, hashlib.sha256()
    for line in dump_table(model):
        n_rows += 1
        sha.update(line)
    return [n_rows, sha.hexdigest()]


def media() -> list[Path]:
    """The sealed files."""
    root = Path(settings.MEDIA_ROOT)
    return sorted(path for path in root.rglob("*") if path.is_file()) if root.exists() else []


def backup(path: Path, passphrase: str, tell: Callable[[str], None]) -> Manifest:
    """Write the whole instance, as of one moment, to ``path``; never half a file."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=3) as tar, one_moment():
        told: dict[str, list[Any]] = {}
        for model in tables():
            data = b"".join(dump_table(model))
            told[model._meta.label_lower] = [data.count(b"\n"), hashlib.sha256(data).hexdigest()]
            _add(tar, f"tables/{model._meta.label_lower}.jsonl", data)
            tell(f"{model._meta.label_lower}: {told[model._meta.label_lower][0]}")
        files = media()
        for file in files:
            _add(tar, f"media/{file.relative_to(settings.MEDIA_ROOT)}", file.read_bytes())
        keys = settings.VAR / "danbe.env"
        if keys.exists():
            _add(tar, "danbe.env", keys.read_bytes())
        now = datetime.datetime.now(datetime.UTC).isoformat()
        manifest = Manifest(FORMAT, now, audit.head().code, told, len(files))
        _add(tar, "manifest.json", json.dumps(asdict(manifest)).encode())
    partial = path.with_name(path.name + ".partial")
    partial.touch(mode=0o600)
    partial.write_bytes(pyrage.passphrase.encrypt(archive.getvalue(), passphrase))
    partial.replace(path)
    return manifest


class one_moment:  # reads as a phrase: "with one_moment()"
    """All reads see the same moment, and no writer waits."""

    def __enter__(self) -> None:
        sql = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ"
        with connection.cursor() as cursor:
            cursor.execute(sql)

    def __exit__(self, *error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))


def open_archive(path: Path, passphrase: str) -> tarfile.TarFile:
    """Decrypt and open. Raises :class:`DomainError` on a wrong passphrase or another file."""
    try:
        data = pyrage.passphrase.decrypt(path.read_bytes(), passphrase)
        return tarfile.open(fileobj=io.BytesIO(data), mode="r:gz")
    except (pyrage.DecryptError, tarfile.TarError, OSError) as error:
        text = _("This file cannot be opened: wrong passphrase, or not a backup of Danbe.")
        raise DomainError("backup.unreadable", text) from error


def read_manifest(tar: tarfile.TarFile) -> Manifest:
    """What the archive says of itself."""
    manifest = Manifest(**json.loads(_read(tar, "manifest.json")))
    if manifest.format != FORMAT:
        text = _("This backup was made by another version of Danbe.")
        raise DomainError("backup.format", text)
    return manifest


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name) if name in tar.getnames() else None
    if file is None:
        raise DomainError("backup.unreadable", _("This backup is incomplete."))
    return file.read()


def restore_keys(path: Path, passphrase: str, var: Path) -> bool:
    """Put the keys of the backup into an instance that has none. Before settings are read."""
    tar = open_archive(path, passphrase)
    read_manifest(tar)
    if "danbe.env" not in tar.getnames() or (var / "danbe.env").exists():
        return False
    told = _read(tar, "danbe.env").decode().splitlines()
    if here := os.environ.get("DANBE_DATABASE_URL"):  # not the database it came from
        told = [line for line in told if not line.startswith("DANBE_DATABASE_URL=")]
        told.append(f"DANBE_DATABASE_URL={here}")
    var.mkdir(parents=True, exist_ok=True)
    file = var / "danbe.env"
    file.touch(mode=0o600)
    file.write_text("".join(f"{line}\n" for line in told))
    return True


def restore(path: Path, passphrase: str, tell: Callable[[str], None]) -> Manifest:
    """Fill an empty, migrated database from ``path``; verify; keep all or nothing."""
    tar = open_archive(path, passphrase)
    manifest = read_manifest(tar)
    if apps.get_model("accounts.User")._base_manager.exists():
        text = _("This instance already holds people: restore into an empty one.")
        raise DomainError("restore.not_empty", text)
    with transaction.atomic():
        with connection.constraint_checks_disabled():
            for model in tables():
                label = model._meta.label_lower
                if label in manifest.tables:
                    _restore_table(model, _read(tar, f"tables/{label}.jsonl"))
                    tell(f"{label}: {manifest.tables[label][0]}")
        _reset_sequences()
        connection.check_constraints()
        _verify_tables(manifest)
        _restore_media(tar, manifest)
    audit.write_head_file(audit.head())
    return manifest


def _restore_media(tar: tarfile.TarFile, manifest: Manifest) -> None:
    """Put the sealed files back; none stays where one is missing or cannot be written."""
    root = Path(settings.MEDIA_ROOT).resolve()
    targets = {n: (root / n.removeprefix("media/")).resolve() for n in tar.getnames()}
    targets = {n: t for n, t in targets.items() if n.startswith("media/")}
    outside = [t for t in targets.values() if not t.is_relative_to(root)]
    if outside or len(targets) != manifest.n_media:
        raise DomainError("backup.unreadable", _("This backup is incomplete."))
    try:
        for name, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_read(tar, name))
    except OSError:
        for target in targets.values():
            target.unlink(missing_ok=True)
        raise


def _restore_table(model: type[models.Model], data: bytes) -> None:
    fields = model._meta.concrete_fields
    # What migrations put there gives way; the audit trail is still empty, its trigger is quiet.
    if model._base_manager.exists():
        model._base_manager.all().delete()
    automatic = [f for f in fields if getattr(f, "auto_now", 0) or getattr(f, "auto_now_add", 0)]
    kept = [(f, f.auto_now, f.auto_now_add) for f in automatic]  # type: ignore[attr-defined]
    for field in automatic:  # the dates of the backup, not of today
        field.auto_now = field.auto_now_add = False  # type: ignore[attr-defined]
    try:
        batch: list[models.Model] = []
        for line in data.splitlines():
            batch.append(_row(model, json.loads(line)))
            if len(batch) == CHUNK:
                model._base_manager.bulk_create(batch)
                batch = []
        model._base_manager.bulk_create(batch)
    finally:
        for field, now, add in kept:
            field.auto_now, field.auto_now_add = now, add  # type: ignore[attr-defined]


def _row(model: type[models.Model], values: list[Any]) -> models.Model:
    made = {}
    for field, value in zip(model._meta.concrete_fields, values, strict=True):
        if isinstance(value, dict) and set(value) == {"b64"}:
            made[field.attname] = base64.b64decode(value["b64"])
        elif isinstance(field, models.JSONField):
            made[field.attname] = value
        else:
            target = field.target_field if isinstance(field, models.ForeignKey) else field
            made[field.attname] = target.to_python(value)
    return model(**made)


def _reset_sequences() -> None:
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(sql)


def _verify_tables(manifest: Manifest) -> None:
    for model in tables():
        label = model._meta.label_lower
        if digest_table(model) != manifest.tables.get(label, [0, hashlib.sha256().hexdigest()]):
            text = _("The table %(table)s does not match the backup. Nothing was restored.")
            raise DomainError("restore.mismatch", text % {"table": label})
    if not audit.verify(audit.Head.parse(manifest.audit_head)).sound:
        text = _("The audit trail does not match the backup. Nothing was restored.")
        raise DomainError("restore.audit", text)
