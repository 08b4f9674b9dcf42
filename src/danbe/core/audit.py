"""The audit trail: append-only, chained, keyed; it says who did which verb on which row.

Event ``n`` carries ``HMAC-SHA256(audit key, hash of n-1 | its own fields)``. The key lives
outside the database, so that whoever can write to the database still cannot forge a chain. The
head (number and hash of the last event) is kept in three places: a row that also serialises
writers, a file outside the database, and the sheet that a second body co-signs. Cutting the
tail is found by comparing the three.
"""

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from danbe.core.access import Actor
from danbe.core.models import AuditEvent, AuditHead

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a chain: its number and its hash."""

    seq: int
    hash: str

    @property
    def code(self) -> str:
        """What is printed, co-signed, and given to ``danbe verify-audit --head``."""
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Read :attr:`code`. Raises ``ValueError``."""
        seq, _, digest = text.strip().partition(":")
        if len(digest) != 64:
            raise ValueError(text)
        return cls(int(seq), digest)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the trail, at event ``seq``."""

    seq: int
    kind: str  # altered | missing | reordered | cut | head


@dataclass(frozen=True, slots=True)
class Verification:
    """What :func:`verify` saw."""

    n_events: int
    head: Head
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def digest(event: AuditEvent, previous: str) -> str:
    """The hash that ``event`` must carry after ``previous``."""
    fields = [
        event.seq,
        event.at.isoformat(),
        event.verb,
        str(event.user_id or ""),
        str(event.post_id or ""),
        str(event.organisation_id or ""),
        event.subject_model,
        event.subject_id,
    ]
    text = json.dumps([previous, *fields], separators=(",", ":"))
    return hmac.new(settings.AUDIT_KEY, text.encode(), hashlib.sha256).hexdigest()


def record(actor: Actor, verb: str, subject: models.Model | None = None) -> AuditEvent:
    """Append one event, in the transaction of the act it records."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit event belongs to the transaction of its act")
    last = AuditHead.objects.select_for_update().get(pk=1)
    event = AuditEvent(
        seq=last.seq + 1,
        at=timezone.now(),
        verb=verb,
        user_id=actor.user_id,
        post_id=actor.post_id,
        organisation_id=actor.organisation_id,
        subject_model=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject and subject.pk is not None else "",
    )
    event.hash = digest(event, last.hash)
    event.save(force_insert=True)
    last.seq, last.hash = event.seq, event.hash
    last.save(update_fields=["seq", "hash"])
    transaction.on_commit(lambda: write_head_file(Head(event.seq, event.hash)))
    return event


def head() -> Head:
    """The head as the database says it; one that no chain ends with where its row is lost."""
    row = AuditHead.objects.filter(pk=1).first()
    return Head(row.seq, row.hash) if row else Head(0, "")


def write_head_file(new: Head) -> None:
    """Move the head file forward, never back (several processes may write)."""
    path = Path(settings.AUDIT_HEAD_FILE)
    with open(path, "a+", encoding="ascii", errors="replace") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        old = _parsed(file.read())
        if old is None or old.seq < new.seq:
            os.ftruncate(file.fileno(), 0)
            file.write(new.code)


def read_head_file() -> Head | None:
    """The head as the file says it; ``None`` when there is no file yet."""
    path = Path(settings.AUDIT_HEAD_FILE)
    return _parsed(path.read_text(encoding="ascii", errors="replace")) if path.exists() else None


def _parsed(text: str) -> Head | None:
    """The head in a file; ``None`` where a power cut tore it: the next act writes it anew."""
    try:
        return Head.parse(text)
    except ValueError:
        return None


def verify(*witnesses: Head) -> Verification:
    """Walk the whole chain and compare it with the heads known elsewhere.

    ``witnesses``: heads read outside the database (co-signed sheets, a backup's manifest); the
    head file is always one of them when it exists.
    """
    findings: list[Finding] = []
    # Read before the walk: people go on working meanwhile, and the chain grows.
    before = head()
    known = {w.seq: w for w in (*witnesses, *filter(None, [read_head_file()]))}
    n_events, seq, previous, at_head = 0, 0, GENESIS, GENESIS
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=5000):
        findings.extend(_check(event, seq, previous, known))
        n_events, seq, previous = n_events + 1, event.seq, event.hash
        at_head = previous if seq == before.seq else at_head
    if at_head != before.hash or head().seq < seq:
        findings.append(Finding(seq, "head"))
    findings.extend(Finding(number, "cut") for number in known if number > seq)
    return Verification(n_events, Head(seq, previous), tuple(findings))


def _check(
    event: AuditEvent, before: int, previous: str, known: dict[int, Head]
) -> Iterator[Finding]:
    if event.seq != before + 1:
        yield Finding(event.seq, "missing")
    elif event.hash != digest(event, previous):
        yield Finding(event.seq, "altered")
    if event.seq in known and known[event.seq].hash != event.hash:
        yield Finding(event.seq, "reordered")
