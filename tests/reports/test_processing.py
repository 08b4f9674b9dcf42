"""The register of processing says what Danbe holds, all of it, and what is missing."""

import datetime
import io

import openpyxl
import pytest
from django.apps import apps
from django.utils import timezone

from danbe.core.access import ROLES, Role
from danbe.core.errors import NotAllowed
from danbe.core.field_groups import FieldGroup
from danbe.core.processing import declarations, entries, looks_personal
from danbe.protection.retention import rules
from danbe.reports import export
from danbe.reports.document import Table
from danbe.reports.processing import MISSING, build, readers
from danbe.reports.processing_actions import save_answers
from tests.conftest import Cast
from tests.partnership import agreement_makers
from tests.protection.makers import met, refused


def test_every_table_that_looks_personal_is_declared_or_excused_with_a_reason() -> None:
    """It fails for a new table: say in ``personal_data.py`` of its app what it holds."""
    declared = {name for entry in entries() for name in entry.models}
    excused = {name: why for _label, told in declarations() for name, why in told.none.items()}
    assert all(excused.values())
    assert not declared & set(excused)
    found = {model._meta.label: looks_personal(model) for model in apps.get_models()}
    missing = {
        name: why for name, why in found.items() if why and name not in declared | set(excused)
    }
    assert missing == {}, "declare them in personal_data.py of their app"


def test_what_is_declared_exists_and_is_declared_once() -> None:
    names = [name for entry in entries() for name in entry.models]
    assert len(names) == len(set(names))
    known = {model._meta.label for model in apps.get_models()}
    excused = {name for _label, told in declarations() for name in told.none}
    assert set(names) | excused <= known
    verbs = set().union(*ROLES.values())
    for entry in entries():
        assert entry.models, entry.code
        assert set(entry.verbs) <= verbs, entry.code
        assert set(entry.retention) <= set(rules()), entry.code
        assert entry.retention or entry.kept, entry.code


def test_no_table_of_protection_escapes() -> None:
    declared = {name for entry in entries() for name in entry.models}
    of_protection = {m._meta.label for m in apps.get_app_config("protection").get_models()}
    assert of_protection - declared == {"protection.ConsentText"}


def said(code: str) -> Table:
    return next(one for one in build().document.tables() if one.code == code)


def test_rows_are_counted_and_never_typed(cast: Cast) -> None:
    def n_persons() -> int | None:
        document = build().document
        key = f"processing.protection.Person@{document.window}"
        return document.by_key()[key].value

    before = n_persons()
    met(cast.awa)
    assert before is not None
    assert n_persons() == before + 1


def test_what_nobody_said_is_shown_missing_then_what_was_said(cast: Cast) -> None:
    told = {row.label: row.cells[0].text for row in said("responsable").rows}
    assert told["Responsable du traitement"] == MISSING
    assert told["Acte de l’APDP : date"] == MISSING
    with pytest.raises(NotAllowed):
        save_answers(cast.jeneba, controller="Comité (fictif)")
    with refused("processing.act_on"):
        save_answers(cast.esther, act_on=datetime.date(1823, 1, 1))
    save_answers(cast.esther, controller="Comité (fictif)", act_on=timezone.localdate())
    told = {row.label: row.cells[0].text for row in said("responsable").rows}
    assert told["Responsable du traitement"] == "Comité (fictif)"
    assert told["Acte de l’APDP : date"] == timezone.localdate().isoformat()


def test_agreements_are_recipients_and_their_missing_act_is_said(cast: Cast) -> None:
    agreement_makers.signed(cast.esther, cast.awa, cast.bakary, [FieldGroup.HEALTH])
    assert said("actes").rows[0].cells[0].text == MISSING
    row = said("flux").rows[0]
    assert "Santé" in row.cells[1].text


@pytest.mark.django_db
def test_readers_follow_the_table_of_rights() -> None:
    found = {entry.code: readers(entry) for entry in entries()}
    administrator = str(Role.ADMINISTRATOR.label)
    for code in ("identification", "prise_en_charge", "partage", "droits"):
        assert found[code], code
        assert not any(text.startswith(administrator) for text in found[code]), code
    assert [text.split(" (")[0] for text in found["journal"]] == [str(Role.AUDITOR.label)]


@pytest.mark.django_db
def test_it_is_printed_and_put_in_a_workbook() -> None:
    edition = build()
    assert export.WRITERS["pdf"](edition).startswith(b"%PDF")
    book = openpyxl.load_workbook(io.BytesIO(export.WRITERS["xlsx"](edition)))
    assert len([name for name in book.sheetnames if name.startswith("T")]) == len(
        edition.document.tables()
    )
