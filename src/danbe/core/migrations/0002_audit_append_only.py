"""The audit trail only grows: the database itself refuses to change or delete a line."""

from typing import Any

from django.db import migrations

SQLITE = [
    f"""
    CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON core_auditevent
    BEGIN SELECT RAISE(ABORT, 'core_auditevent is append-only'); END;
    """
    for verb in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    """
    CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'core_auditevent is append-only'; END $$;
    """,
    """
    CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
    """,
]


def forward(apps: Any, editor: Any) -> None:
    """Triggers, in the words of each database; and the first head."""
    for sql in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(sql)
    apps.get_model("core", "AuditHead").objects.create(pk=1, seq=0, hash="0" * 64)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
