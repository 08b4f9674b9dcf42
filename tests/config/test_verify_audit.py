"""`danbe verify-audit` finds every way of tampering with the trail, by whoever owns the database.

The tampering is done past Danbe, with the triggers dropped first; the verdict is the command's.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Instance, copy_of

COLUMNS = "at, verb, user_id, post_id, organisation_id, subject_model, subject_id, hash"


@pytest.fixture(scope="module")
def trail(kept: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance whose trail holds a few hundred events, without the triggers."""
    with copy_of(kept, tmp_path_factory.mktemp("trail")) as made:
        if made.database_url:
            made.execute("DROP TRIGGER audit_append_only ON core_auditevent")
        else:
            made.execute("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")
        assert number_of(made) > 20
        yield made


@pytest.fixture
def own(trail: Instance, tmp_path: Path) -> Iterator[Instance]:
    with copy_of(trail, tmp_path / "own") as made:
        yield made


def number_of(instance: Instance) -> int:
    return int(str(instance.rows("SELECT count(*) FROM core_auditevent")[0][0]))


def head_of(instance: Instance) -> str:
    (seq, digest), *_ = instance.rows("SELECT seq, hash FROM core_audithead")
    return f"{seq}:{digest}"


def cut_after(instance: Instance, seq: int) -> None:
    """Take the end of the trail away, and make the head row agree."""
    instance.execute(
        f"DELETE FROM core_auditevent WHERE seq > {seq}",
        f"UPDATE core_audithead SET seq = {seq}, hash = "
        f"(SELECT hash FROM core_auditevent WHERE seq = {seq})",
    )


def verdict(instance: Instance, *words: str) -> tuple[int, list[str]]:
    """The exit code, and what was found, without the last line."""
    said = instance.danbe("verify-audit", *words)
    assert "Traceback" not in said.err, said.err
    return said.code, said.out.splitlines()[:-1]


def test_an_untouched_trail_is_sound(own: Instance):
    said = own.danbe("verify-audit")
    assert said.code == 0
    assert said.out == (f"intact: {number_of(own)} événements, tête {head_of(own)}\n")
    assert own.danbe("--english", "verify-audit").out.startswith("sound: ")


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'home.read'",
        "at = '2024-01-01 00:00:00+00:00'",
        "user_id = NULL, post_id = NULL",
        "subject_id = 'another'",
        "hash = '" + "0" * 64 + "'",
    ],
)
def test_an_altered_event_is_named(change: str, own: Instance):
    own.execute(f"UPDATE core_auditevent SET {change} WHERE seq = 7")
    code, found = verdict(own)
    assert code == 1
    assert found[0] == "7: modifié"


def test_a_deleted_event_is_named(own: Instance):
    own.execute("DELETE FROM core_auditevent WHERE seq = 7")
    code, found = verdict(own)
    assert code == 1
    assert found[0] == "8: manquant avant"


def test_two_swapped_events_are_named(own: Instance):
    own.execute(
        *(
            f"UPDATE core_auditevent SET seq = {new} WHERE seq = {old}"
            for old, new in ((7, -1), (8, 7), (-1, 8))
        )
    )
    code, found = verdict(own)
    assert code == 1
    assert found[:2] == ["7: modifié", "8: modifié"]


def test_an_event_slipped_in_is_named(own: Instance):
    n_events = number_of(own)
    own.execute(
        f"INSERT INTO core_auditevent (seq, {COLUMNS}) SELECT {n_events + 1}, {COLUMNS} "
        "FROM core_auditevent WHERE seq = 7",
        f"UPDATE core_audithead SET seq = {n_events + 1}, "
        "hash = (SELECT hash FROM core_auditevent WHERE seq = 7)",
    )
    code, found = verdict(own)
    assert code == 1
    assert found[0] == f"{n_events + 1}: modifié"


def test_a_cut_tail_is_found_by_the_head_row(own: Instance):
    own.execute(f"DELETE FROM core_auditevent WHERE seq > {number_of(own) - 3}")
    assert verdict(own)[0] == 1


def test_a_tail_cut_with_its_head_row_is_found_by_the_head_file(own: Instance):
    n_events = number_of(own)
    cut_after(own, n_events - 3)
    code, found = verdict(own)
    assert code == 1
    assert found == [f"{n_events}: coupé : cet événement était attesté"]


def test_a_tail_cut_with_head_row_and_head_file_is_found_by_the_co_signed_head(own: Instance):
    n_events, signed = number_of(own), head_of(own)
    cut_after(own, n_events - 3)
    (own.var / "audit.head").unlink()
    assert verdict(own) == (0, [])  # the instance alone cannot know
    code, found = verdict(own, "--head", signed)
    assert code == 1
    assert found == [f"{n_events}: coupé : cet événement était attesté"]


def test_an_emptied_trail_is_found(own: Instance):
    own.execute(
        "DELETE FROM core_auditevent",
        f"UPDATE core_audithead SET seq = 0, hash = '{'0' * 64}'",
    )
    assert verdict(own)[0] == 1


def test_a_lost_head_row_is_said_without_a_trace(own: Instance):
    own.execute("DELETE FROM core_audithead")
    assert verdict(own)[0] == 1


def test_a_head_file_torn_by_a_power_cut_stops_nobody_and_is_written_again(own: Instance):
    (own.var / "audit.head").write_bytes(b"\0" * 68)
    assert verdict(own) == (0, [])
    own.python(
        "from danbe.accounts.models import Post\n"
        "from danbe.accounts.actions import save_settings\n"
        "save_settings(Post.objects.get(role='administrator').actor, {'body.contact': 'x'})"
    )
    assert (own.var / "audit.head").read_text() == head_of(own)


def test_a_chain_forged_without_the_key_does_not_hold(own: Instance):
    settings = (own.var / "danbe.env").read_text().splitlines()
    others = [line for line in settings if not line.startswith("DANBE_AUDIT_KEY=")]
    (own.var / "danbe.env").write_text("\n".join([*others, f"DANBE_AUDIT_KEY={'D' * 43}="]))
    code, found = verdict(own)
    assert code == 1
    assert found[0] == "1: modifié"
