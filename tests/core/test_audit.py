"""The trail only grows, and every way of tampering with it is found."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from danbe.accounts.actions import save_settings
from danbe.core import audit
from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import NotAllowed
from danbe.core.models import AuditEvent, AuditHead, Setting
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def own_head_file(tmp_path, settings):
    settings.AUDIT_HEAD_FILE = tmp_path / "audit.head"


def act(actor: Actor, n_times: int = 1) -> None:
    for number in range(n_times):
        save_settings(actor, {"body.contact": f"bureau {number}"})


def tamper(sql: str) -> None:
    """As somebody who owns the database would: the triggers go first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_update")
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_delete")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS audit_append_only ON core_auditevent")
        cursor.execute(sql)


def kinds() -> set[str]:
    return {finding.kind for finding in audit.verify().findings}


def test_an_act_leaves_one_event_that_names_no_value(cast: Cast):
    before = AuditEvent.objects.count()
    save_settings(cast.jeneba, {"body.contact": "un secret"})
    event = AuditEvent.objects.latest("seq")
    assert AuditEvent.objects.count() == before + 1
    assert (event.verb, event.post_id) == ("settings.write", cast.jeneba.post_id)
    assert "secret" not in str(vars(event))


def test_a_refused_act_leaves_neither_event_nor_change(cast: Cast):
    before = AuditEvent.objects.count()
    with pytest.raises(NotAllowed):
        save_settings(cast.fanta, {"body.contact": "x"})
    assert AuditEvent.objects.count() == before
    assert not Setting.objects.exists()


def test_an_act_that_fails_half_way_leaves_nothing(cast: Cast):
    @action("settings.write")
    def half(actor: Actor) -> None:
        Setting.objects.create(key="body.contact", value="à moitié")
        raise ZeroDivisionError

    before = AuditEvent.objects.count()
    with pytest.raises(ZeroDivisionError):
        half(cast.jeneba)
    assert AuditEvent.objects.count() == before
    assert not Setting.objects.exists()


def test_the_database_itself_refuses_to_change_or_delete_an_event(cast: Cast):
    act(cast.jeneba)
    for attempt in (
        lambda: AuditEvent.objects.update(verb="x.y"),
        lambda: AuditEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    assert AuditEvent.objects.filter(verb="settings.write").count() == 1


def test_an_untouched_trail_is_sound(cast: Cast):
    act(cast.jeneba, 5)
    seen = audit.verify()
    assert seen.sound
    assert seen.n_events == AuditEvent.objects.count() >= 5
    assert seen.head == audit.head()


def test_an_altered_event_is_found(cast: Cast):
    act(cast.jeneba, 4)
    tamper("UPDATE core_auditevent SET verb='home.read' WHERE seq=2")
    assert kinds() == {"altered"}


def test_a_deleted_event_is_found(cast: Cast):
    act(cast.jeneba, 4)
    tamper("DELETE FROM core_auditevent WHERE seq=2")
    assert "missing" in kinds()


def test_two_swapped_events_are_found(cast: Cast):
    act(cast.jeneba, 2)
    act(cast.esther, 0)
    Setting.objects.all()
    tamper("UPDATE core_auditevent SET seq=-1 WHERE seq=1")
    tamper("UPDATE core_auditevent SET seq=1 WHERE seq=2")
    tamper("UPDATE core_auditevent SET seq=2 WHERE seq=-1")
    assert "altered" in kinds()


def test_a_tail_cut_with_its_head_row_is_found_by_the_head_file(cast: Cast):
    act(cast.jeneba, 4)
    end = audit.head()
    audit.write_head_file(end)
    kept = AuditEvent.objects.get(seq=end.seq - 2)
    tamper(f"DELETE FROM core_auditevent WHERE seq > {kept.seq}")
    AuditHead.objects.filter(pk=1).update(seq=kept.seq, hash=kept.hash)
    assert kinds() == {"cut"}


def test_a_trail_cut_and_regrown_is_found_by_a_co_signed_head(cast: Cast):
    act(cast.jeneba, 4)
    signed = audit.head()
    kept = AuditEvent.objects.get(seq=signed.seq - 1)
    tamper(f"DELETE FROM core_auditevent WHERE seq > {kept.seq}")
    AuditHead.objects.filter(pk=1).update(seq=kept.seq, hash=kept.hash)
    act(cast.jeneba, 3)
    assert audit.verify().sound  # the database alone looks well
    assert {f.kind for f in audit.verify(signed).findings} == {"reordered"}


def test_without_the_key_a_forged_chain_does_not_hold(cast: Cast, settings):
    act(cast.jeneba, 2)
    settings.AUDIT_KEY = b"another key, as a thief would have to guess"
    assert kinds() == {"altered"}


def test_the_head_file_only_moves_forward(cast: Cast):
    audit.write_head_file(audit.Head(7, "a" * 64))
    audit.write_head_file(audit.Head(5, "b" * 64))
    assert audit.read_head_file() == audit.Head(7, "a" * 64)
    assert settings.AUDIT_HEAD_FILE.read_text() == f"7:{'a' * 64}"


def test_an_event_outside_a_transaction_is_refused(cast: Cast):
    connection.in_atomic_block = False
    try:
        with pytest.raises(RuntimeError, match="transaction"):
            audit.record(cast.jeneba, "home.read")
    finally:
        connection.in_atomic_block = True
