"""Two hundred words about people go in through the acts; a thief of everything finds none.

The thief takes every table row by row as a backup writes it, the database as the engine dumps
it, the log, the media folder; and looks for each word as it is, in capitals, without accents,
as it sounds, and as files write bytes.
"""

import base64
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from danbe.accounts.models import Message
from danbe.core.models import AuditEvent
from danbe.jobs import backup
from danbekit.linkage.sounds import sound
from danbekit.names import fold
from tests.conftest import Cast
from tests.jobs.test_canaries import found
from tests.protection.planted import Planted, plant
from tests.server import Instance, copy_of

N_WANTED = 200
WORD = "phrase de passe du canari"


def rows() -> Iterator[tuple[str, str]]:
    """Every table, as a backup writes it, and what its sealed columns hold as bytes."""
    for model in backup.tables():
        lines = list(backup.dump_table(model))
        yield f"table {model._meta.label}", b"".join(lines).decode()
        for line in lines:
            for value in json.loads(line):
                if isinstance(value, dict) and set(value) == {"b64"}:
                    plain = base64.b64decode(value["b64"])
                    yield f"bytes of {model._meta.label}", plain.decode("latin-1")


def dumped() -> Iterator[tuple[str, str]]:
    """What the engine itself would write; on PostgreSQL, each row as text."""
    if isinstance(connection.connection, sqlite3.Connection):
        yield "dump", "\n".join(connection.connection.iterdump())
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield f"table {table}", "\n".join(row[0] for row in cursor.fetchall())


def media() -> Iterator[tuple[str, str]]:
    for file in Path(settings.MEDIA_ROOT).rglob("*"):
        if file.is_file():
            yield f"file {file.name}", file.name + file.read_bytes().decode("latin-1")


def shapes(word: str) -> set[str]:
    """How a word may be written; in base 64 and in hexadecimal too."""
    told = {word, word.lower(), word.upper(), fold(word), sound(fold(word))}
    coded = {base64.b64encode(b"x" * n + word.encode())[4:-4].decode() for n in range(3)}
    return {t for t in told if len(t) > 7} | coded | {word.encode().hex(), json.dumps(word)[1:-1]}


def seen(planted: Planted, where: Iterator[tuple[str, str]]) -> list[str]:
    """What was found, and where. Digits count where no other digit of a code stands beside."""
    words = {shape for word in planted.words for shape in shapes(word)}
    spaced = [" ".join(re.findall("..", digits)) for digits in planted.phones]
    phone = "|".join(map(re.escape, [*planted.phones, *spaced]))
    numbers = re.compile(rf"(?<![0-9A-Fa-f])(?:223 ?)?(?:{phone})(?![0-9A-Fa-f])")
    hits: list[str] = []
    for name, text in where:
        hits += [f"{word} in {name}" for word in words if word in text]
        if phone:
            hits += [f"{hit[0]} in {name}" for hit in numbers.finditer(text)]
    return hits


def test_two_hundred_canaries_are_in_no_table_no_message_no_log_and_no_file(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    planted = plant(cast.awa, cast.lalla, cast.bakary)
    assert planted.n >= N_WANTED
    assert Message.unscoped.exists()
    assert AuditEvent.objects.count() > 100
    assert seen(planted, rows()) == []
    assert seen(planted, dumped()) == []
    assert seen(planted, media()) == []
    said = [("log", record.getMessage() + str(record.args)) for record in caplog.records]
    assert seen(planted, iter(said)) == []


def test_the_search_finds_what_is_in_clear(cast: Cast) -> None:
    planted = Planted()
    word = planted.word("clair")
    digits = planted.phone()
    Message.unscoped.create(
        post_id=cast.awa.post_id, kind="return.accepted", params={"a": fold(word), "b": digits}
    )
    assert len(seen(planted, rows())) == 2
    assert len(seen(planted, dumped())) == 2


# --- A whole instance --------------------------------------------------------------------------

FILL = """
import json, sys
sys.path.insert(0, sys.argv[1])
from django.db import transaction
from danbe.accounts.models import Holding
from danbe.core.access import Actor, Role
from tests.protection.planted import plant
def actor(role, code):
    held = Holding.objects.filter(until=None, post__role=role, post__organisation__code=code)[0]
    return Actor(Role(role), held.user_id, held.post_id, held.post.organisation_id)
with transaction.atomic():
    said = plant(
        actor("caseworker", "SINJIYA"),
        actor("supervisor", "SINJIYA"),
        actor("caseworker", "CARITAS"),
    )
print(json.dumps([said.words, said.phones]))
"""


@pytest.fixture
def own(kept: Instance, tmp_path: Path) -> Iterator[Instance]:
    with copy_of(kept, tmp_path / "canaries") as made:
        yield made


@pytest.mark.slow
def test_a_thief_of_a_filled_instance_and_of_its_backup_finds_none(own: Instance) -> None:
    root = Path(__file__).resolve().parents[2]
    told = json.loads(own.python(FILL, str(root)).splitlines()[-1])
    planted = Planted(words=told[0], phones=[f"+223{digits}" for digits in told[1]])
    assert planted.n >= N_WANTED
    with own.run_demo():
        while_served = found(own, [*planted.words, *planted.phones])
    assert while_served == []
    file = own.var.parent / "stolen.backup"
    said = own.danbe("backup", file, DANBE_BACKUP_PASSPHRASE=WORD)
    assert said.code == 0, said.err
    own.danbe("tick")
    assert found(own, [*planted.words, *planted.phones]) == []
    # and with the passphrase, but without the keys of the instance
    with backup.open_archive(file, WORD) as archive:
        members = [name for name in archive.getnames() if name != "danbe.env"]
        for name in members:
            member = archive.extractfile(name)
            text = member.read().decode("latin-1") if member else ""
            assert seen(Planted(words=planted.words), iter([(name, text)])) == []
    assert any(name.endswith("protection.sealed.jsonl") for name in members)
