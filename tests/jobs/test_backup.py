"""`danbe backup` and `danbe restore`: the same instance again, or nothing at all.

All by the commands themselves, in processes of their own, on real files.
"""

import contextlib
import functools
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pyrage
import pytest

from danbe.core.audit import Head
from tests.server import POSTGRES, Instance, copy_of, empty_instance

WORD = "le mil pousse après la pluie"
COUNTED = (
    "accounts_user accounts_post accounts_holding figures_return figures_returnnote "
    "figures_observation figures_attachment core_auditevent core_place core_place_carved_out_of "
    "core_boundary core_term"
).split()
PLANT = """
from danbe.accounts.models import Post
from danbe.figures.actions import attach, open_return
from danbekit.dates import Window
fanta = Post.objects.select_related("organisation").get(organisation__code="MPFEF")
row = open_return(
    fanta.actor, fanta.organisation, window=Window.calendar_year(2011), axes=["protection"]
)
attach(fanta.actor, row, name="rapport de Kayes.txt", data="été à Kayes : 42 ɛɔɲŋ".encode())
"""
OPEN = """
from danbe.accounts.models import Post
from danbe.figures.actions import open_attachment
from danbe.figures.models import Attachment
fanta = Post.objects.get(organisation__code="MPFEF")
name, data = open_attachment(fanta.actor, Attachment.unscoped.get())
print(name, data.decode())
"""


def head_of(instance: Instance) -> str:
    """The head that `danbe verify-audit` prints, once it has found the trail sound."""
    said = instance.danbe("verify-audit")
    assert said.code == 0, said.out + said.err
    assert "intact" in said.out
    return said.out.split()[-1]


def counts(instance: Instance) -> dict[str, int]:
    return {t: int(str(instance.rows(f"SELECT count(*) FROM {t}")[0][0])) for t in COUNTED}


def back_up(instance: Instance, file: Path) -> None:
    said = instance.danbe("backup", file, DANBE_BACKUP_PASSPHRASE=WORD)
    assert said.code == 0, said.err


def restore(instance: Instance, file: Path, word: str = WORD) -> str:
    """Restore; what was said when refused, in one sentence; empty when done."""
    said = instance.danbe("restore", file, DANBE_BACKUP_PASSPHRASE=word)
    assert "Traceback" not in said.out + said.err, said.err
    if said.code == 0:
        return ""
    told = [line for line in said.err.splitlines() if not line.startswith("{")]
    assert len(told) == 1, said.err
    return told[0]


def holds_nothing(instance: Instance) -> bool:
    """Whether no row, no file and no key of a backup stays behind."""
    # no tables at all is nothing too
    with contextlib.suppress(sqlite3.OperationalError, psycopg.errors.UndefinedTable):
        if instance.rows("SELECT 1 FROM accounts_user UNION ALL SELECT 1 FROM figures_return"):
            return False
    media = [p for p in (instance.var / "media").rglob("*") if p.is_file()]
    return not media and not (instance.var / "danbe.env").exists()


@pytest.fixture(scope="module")
def saved(kept: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The demonstration with a sealed file in it, and its backup beside it."""
    folder = tmp_path_factory.mktemp("saved")
    with copy_of(kept, folder) as instance:
        instance.python(PLANT)
        back_up(instance, folder / "danbe.backup")
        yield instance


@pytest.fixture
def file(saved: Instance) -> Path:
    return saved.var.parent / "danbe.backup"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Instance]:
    with empty_instance(tmp_path / "empty") as made:
        yield made


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An empty instance into which nothing must ever come: it serves every refusal."""
    with empty_instance(tmp_path_factory.mktemp("bare")) as made:
        yield made


@pytest.fixture(scope="module")
def restored(saved: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The backup, restored into an empty instance. Not to be changed."""
    with empty_instance(tmp_path_factory.mktemp("restored")) as made:
        assert restore(made, saved.var.parent / "danbe.backup") == ""
        yield made


# --- The same again -------------------------------------------------------------------------


def test_a_wiped_instance_comes_back_with_the_same_audit_head(saved: Instance, restored: Instance):
    before, head = counts(saved), head_of(saved)
    assert before["figures_observation"] > 0
    assert counts(restored) == before
    assert head_of(restored) == head
    assert (restored.var / "audit.head").read_text() == head


def test_the_keys_come_back_and_the_database_is_the_one_restored_into(
    saved: Instance, restored: Instance
):
    kept = (saved.var / "danbe.env").read_text().splitlines()
    here = [f"DANBE_DATABASE_URL={restored.database_url}"] if restored.database_url else []
    assert (restored.var / "danbe.env").read_text().splitlines() == kept + here
    assert (restored.var / "danbe.env").stat().st_mode & 0o077 == 0


def test_a_sealed_file_opens_in_the_restored_instance(restored: Instance, tmp_path: Path):
    with copy_of(restored, tmp_path) as opened:
        assert opened.python(OPEN) == "rapport de Kayes.txt été à Kayes : 42 ɛɔɲŋ\n"


def test_the_restored_instance_goes_on_working(restored: Instance, tmp_path: Path):
    with copy_of(restored, tmp_path) as living:
        before = counts(living)
        living.python(PLANT.replace("2011", "2012"))
        assert counts(living)["figures_attachment"] == before["figures_attachment"] + 1
        assert Head.parse(head_of(living)).seq == before["core_auditevent"] + 2


def test_a_backup_of_the_restored_instance_holds_the_same_rows(
    restored: Instance, file: Path, tmp_path: Path
):
    back_up(restored, tmp_path / "second.backup")
    assert manifest(tmp_path / "second.backup")["tables"] == manifest(file)["tables"]


@pytest.mark.postgres
@pytest.mark.skipif(not POSTGRES, reason="needs PostgreSQL beside SQLite")
def test_a_backup_moves_from_one_database_to_the_other_and_back(
    saved: Instance, file: Path, tmp_path: Path
):
    assert saved.database_url
    before, head = counts(saved), head_of(saved)
    with (
        empty_instance(tmp_path / "laptop", postgres=False) as laptop,
        empty_instance(tmp_path / "nation", postgres=True) as nation,
    ):
        assert restore(laptop, file) == ""
        assert (counts(laptop), head_of(laptop)) == (before, head)
        back_up(laptop, tmp_path / "laptop.backup")
        assert restore(nation, tmp_path / "laptop.backup") == ""
        assert (counts(nation), head_of(nation)) == (before, head)
        assert nation.python(OPEN).startswith("rapport de Kayes.txt")
        nation.python(PLANT.replace("2011", "2013"))  # numbering goes on where it was
        assert counts(nation)["figures_attachment"] == before["figures_attachment"] + 1


# --- Or nothing -----------------------------------------------------------------------------


def test_a_wrong_passphrase_restores_nothing(file: Path, bare: Instance):
    assert "phrase de passe" in restore(bare, file, "ce n’est pas la bonne phrase")
    assert holds_nothing(bare)


def test_a_truncated_backup_restores_nothing(file: Path, bare: Instance, tmp_path: Path):
    data = file.read_bytes()
    for n_kept in (0, 100, len(data) // 2, len(data) - 1):
        (tmp_path / "cut").write_bytes(data[:n_kept])
        assert restore(bare, tmp_path / "cut"), n_kept
        assert holds_nothing(bare)


def test_a_backup_with_one_altered_byte_restores_nothing(
    file: Path, bare: Instance, tmp_path: Path
):
    for where in (0.0, 0.001, 0.5, 1.0):
        data = bytearray(file.read_bytes())
        data[int(where * (len(data) - 1))] ^= 1
        (tmp_path / "altered").write_bytes(data)
        assert restore(bare, tmp_path / "altered"), where
        assert holds_nothing(bare)


def manifest(file: Path) -> dict[str, dict[str, object]]:
    return json.loads(members(file)["manifest.json"])


@functools.cache
def members(file: Path) -> dict[str, bytes]:
    data = pyrage.passphrase.decrypt(file.read_bytes(), WORD)
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        return {m.name: tar.extractfile(m).read() for m in tar.getmembers()}  # type: ignore[union-attr]


def forged(file: Path, change: Callable[[dict[str, bytes]], None], to: Path) -> Path:
    """A backup made again by somebody who holds the passphrase, with something changed."""
    kept, archive = dict(members(file)), io.BytesIO()
    change(kept)
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name, data in kept.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    to.write_bytes(pyrage.passphrase.encrypt(archive.getvalue(), WORD))
    return to


def a_row_less(kept: dict[str, bytes]) -> None:
    rows = kept["tables/figures.observation.jsonl"].splitlines(keepends=True)
    kept["tables/figures.observation.jsonl"] = b"".join(rows[1:])


def a_number_more(kept: dict[str, bytes]) -> None:
    name = "tables/figures.returnnote.jsonl"
    kept[name] = kept[name].replace(b"accepted", b"queried", 1)


def no_manifest(kept: dict[str, bytes]) -> None:
    del kept["manifest.json"]


def another_format(kept: dict[str, bytes]) -> None:
    kept["manifest.json"] = kept["manifest.json"].replace(b'"format": 1', b'"format": 99')


def another_head(kept: dict[str, bytes]) -> None:
    told = json.loads(kept["manifest.json"])
    seq = told["audit_head"].partition(":")[0]
    kept["manifest.json"] = json.dumps(told | {"audit_head": f"{seq}:{'0' * 64}"}).encode()


def a_file_outside(kept: dict[str, bytes]) -> None:
    kept["media/../../escaped"] = b"x"


def a_sealed_file_less(kept: dict[str, bytes]) -> None:
    del kept[next(name for name in kept if name.startswith("media/"))]


CHANGES = [
    a_row_less,
    a_number_more,
    no_manifest,
    another_format,
    another_head,
    a_file_outside,
    a_sealed_file_less,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_backup_that_contradicts_itself_restores_nothing(
    change: Callable[[dict[str, bytes]], None], file: Path, bare: Instance, tmp_path: Path
):
    assert restore(bare, forged(file, change, tmp_path / "forged"))
    assert holds_nothing(bare)


def test_an_instance_that_holds_people_is_not_restored_over(
    saved: Instance, file: Path, tmp_path: Path
):
    with copy_of(saved, tmp_path / "living") as living:
        living.python(PLANT.replace("2011", "2014"))
        before, head = counts(living), head_of(living)
        assert "déjà" in restore(living, file)
        assert (counts(living), head_of(living)) == (before, head)


# --- The file itself ------------------------------------------------------------------------


def test_the_backup_shows_nothing_and_is_for_its_owner_only(saved: Instance, file: Path):
    data = file.read_bytes()
    assert data.startswith(b"age-encryption.org/")
    for told in (b"fanta", b"MPFEF", b"CNCLCTPA", b"manifest"):
        assert told not in data
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("word", ["", "trop court"])
def test_a_backup_without_a_long_passphrase_is_not_made(
    word: str, saved: Instance, tmp_path: Path
):
    said = saved.danbe("backup", tmp_path / "weak", DANBE_BACKUP_PASSPHRASE=word)
    assert said.code == 1
    assert "12 caractères" in said.err
    assert not list(tmp_path.glob("weak*"))


def test_a_backup_to_where_one_cannot_write_is_refused_in_one_sentence(
    saved: Instance, tmp_path: Path
):
    said = saved.danbe("backup", tmp_path / "no" / "such", DANBE_BACKUP_PASSPHRASE=WORD)
    assert said.code != 0
    assert "Traceback" not in said.err
