"""Organisations from a CSV file: all of it or nothing, each bad cell named by its address."""

import csv
import io
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from danbe.accounts.actions import save_organisation
from danbe.accounts.models import Organisation, OrganisationType
from danbe.core.access import Actor
from danbe.core.errors import DomainError

COLUMNS = ("code", "name_fr", "name_en", "type", "aliases")
MAX_ROWS = 5000


def import_csv(actor: Actor, data: bytes, tell: Callable[[str], None]) -> list[str]:
    """Add or update organisations. Returns the problems; nothing is kept when there is one."""
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return [_("This file is not a CSV table in UTF-8.")]
    missing = set(COLUMNS) - set(rows[0] if rows else ())
    if missing:
        return [_("Missing columns: %(names)s.") % {"names": ", ".join(sorted(missing))}]
    if len(rows) > MAX_ROWS:
        return [_("More than %(n)d rows: split the file.") % {"n": MAX_ROWS}]
    problems: list[str] = []
    with transaction.atomic():
        for line, row in enumerate(rows, start=2):
            problems += _import_row(actor, line, row)
        transaction.set_rollback(bool(problems))
    if not problems:
        tell(_("%(n)d organisations imported.") % {"n": len(rows)})
    return problems


def _import_row(actor: Actor, line: int, row: dict[str, str]) -> list[str]:
    if row["type"] not in OrganisationType.values:
        known = ", ".join(OrganisationType.values)
        text = _("D%(line)d: «%(typed)s» is not a type. Use one of: %(known)s.")
        return [text % {"line": line, "typed": row["type"][:40], "known": known}]
    body = Organisation.objects.filter(code=row["code"].strip()).first() or Organisation()
    body.code, body.type = row["code"].strip(), row["type"]
    body.label_fr, body.label_en = row["name_fr"].strip(), row["name_en"].strip()
    aliases = [alias for alias in (row["aliases"] or "").split(";") if alias.strip()]
    try:
        with transaction.atomic():
            save_organisation(actor, body, names=aliases)
    except DomainError as error:
        columns = {"code": "A", "label_fr": "B", "label_en": "C"}
        return [f"{columns.get(error.field, 'A')}{line}: {error}"]
    return []
