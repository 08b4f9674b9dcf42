"""A frozen report never moves; what was wrong in it is said beside it."""

import datetime

import pytest

from danbe.accounts.models import Post
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import AuditEvent
from danbe.figures.actions import query_return
from danbe.figures.models import Return
from danbe.reports import queries
from danbe.reports.actions import add_erratum, freeze_report
from danbe.reports.annual import build
from danbe.reports.changes import changes
from danbe.reports.document import digest
from danbe.reports.export import export, write_json, write_pdf, write_xlsx
from danbe.reports.models import Erratum, Report
from tests.conftest import Cast
from tests.reports.makers import TODAY, accepted, line

VICTIMS = "victims_identified@2024"


@pytest.fixture
def report(of_2024: Cast) -> Report:
    return freeze_report(of_2024.esther, 2024, today=TODAY)


def test_esther_freezes_the_report_and_the_trail_says_so(report: Report, of_2024: Cast):
    assert report.frozen_by_id == of_2024.esther.post_id
    assert report.digest == digest(report.document)
    event = AuditEvent.objects.latest("seq")
    assert (event.verb, event.subject_id) == ("report.freeze", str(report.pk))


def test_nobody_else_freezes_or_corrects(of_2024: Cast):
    others = [getattr(of_2024, n) for n in ("garan", "fanta", "issa", "jeneba", "auditor", "awa")]
    for actor in others:
        with pytest.raises(NotAllowed):
            freeze_report(actor, 2024, today=TODAY)
    report = freeze_report(of_2024.esther, 2024, today=TODAY)
    for actor in others:
        with pytest.raises(NotAllowed):
            add_erratum(actor, report, figure=VICTIMS, new_value=630, reason="Oubli.")


def test_a_year_is_frozen_once(report: Report, of_2024: Cast):
    with pytest.raises(DomainError) as refusal:
        freeze_report(of_2024.esther, 2024, today=TODAY)
    assert refusal.value.code == "report.frozen"
    assert Report.unscoped.count() == 1


def test_a_year_that_is_not_over_is_not_frozen(of_2024: Cast):
    with pytest.raises(DomainError) as refusal:
        freeze_report(of_2024.esther, 2024, today=datetime.date(2024, 12, 31))
    assert refusal.value.code == "report.year_not_over"


def test_a_return_accepted_later_does_not_move_a_byte_of_it(report: Report, of_2024: Cast):
    before = queries.edition_of(Report.unscoped.get())
    files = [write(before) for write in (write_json, write_pdf, write_xlsx)]
    accepted(of_2024.esther, "MPFEF", {"lines": {"victims_identified": [line("100")]}})
    assert build(2024, TODAY).by_key()[VICTIMS].value == 729
    after = queries.edition_of(Report.unscoped.get())
    assert after.document.by_key()[VICTIMS].value == 629
    assert [write(after) for write in (write_json, write_pdf, write_xlsx)] == files


def test_a_return_sent_back_later_does_not_empty_it(report: Report, of_2024: Cast):
    row = Return.unscoped.get(organisation__code="CNCLCTPA")
    query_return(of_2024.esther, row, note="D’où viennent ces chiffres ?")
    assert build(2024, TODAY).by_key()[VICTIMS].value is None
    assert queries.edition_of(Report.unscoped.get()).document.by_key()[VICTIMS].value == 629


def test_an_erratum_stands_beside_the_figure_which_stays(report: Report, of_2024: Cast):
    add_erratum(of_2024.esther, report, figure=VICTIMS, new_value=630, reason="Un oubli à Kayes.")
    edition = queries.edition_of(Report.unscoped.get())
    assert edition.document.by_key()[VICTIMS].value == 629
    [found] = edition.corrections
    assert (found.old_value, found.new_value, found.reason) == (629, 630, "Un oubli à Kayes.")
    assert edition.digest == report.digest  # of the document alone
    assert edition.is_whole


def test_a_second_erratum_starts_from_the_first(report: Report, of_2024: Cast):
    for value in (630, 631):
        add_erratum(of_2024.esther, report, figure=VICTIMS, new_value=value, reason="Oubli.")
    assert list(Erratum.objects.values_list("old_value", "new_value")) == [(629, 630), (630, 631)]


@pytest.mark.parametrize(
    ("figure", "value", "reason", "code"),
    [
        ("victims_invented@2024", 1, "Oubli.", "report.figure"),
        (VICTIMS, 630, "  ", "report.reason"),
        (VICTIMS, 629, "Oubli.", "report.same_value"),
        (VICTIMS, -1, "Oubli.", "report.value"),
    ],
)
def test_an_erratum_names_a_figure_of_the_report_another_value_and_a_reason(
    report: Report, of_2024: Cast, figure: str, value: int, reason: str, code: str
):
    with pytest.raises(DomainError) as refusal:
        add_erratum(of_2024.esther, report, figure=figure, new_value=value, reason=reason)
    assert refusal.value.code == code
    assert not Erratum.objects.exists()


def test_a_figure_may_turn_out_to_be_unknown(report: Report, of_2024: Cast):
    add_erratum(of_2024.esther, report, figure=VICTIMS, new_value=None, reason="Sans source.")
    assert Erratum.objects.get().new_value is None


def test_what_moved_since_is_found_and_an_erratum_settles_it(report: Report, of_2024: Cast):
    edition = queries.edition_of(report)
    assert changes(edition, build(2024, TODAY)) == []
    accepted(of_2024.esther, "MPFEF", {"lines": {"victims_identified": [line("1")]}})
    moved = {c.figure.key: (c.printed, c.live) for c in changes(edition, build(2024, TODAY))}
    assert moved[VICTIMS] == (629, 630)
    assert "migrants_assisted@2024" not in moved
    add_erratum(
        of_2024.esther, report, figure=VICTIMS, new_value=630, reason="Déclaration tardive."
    )
    settled = changes(queries.edition_of(report), build(2024, TODAY))
    assert VICTIMS not in {c.figure.key for c in settled}


def test_the_export_of_a_frozen_year_is_the_frozen_one(report: Report, of_2024: Cast):
    accepted(of_2024.esther, "MPFEF", {"lines": {"victims_identified": [line("100")]}})
    assert b'"status": "frozen"' in export(2024, "json")
    assert b'"status": "draft"' in export(2023, "json")


def test_a_report_is_signed_by_a_post_which_may_be_handed_over(report: Report):
    assert Post.objects.get(pk=report.frozen_by_id).title == "Secrétaire permanente"
