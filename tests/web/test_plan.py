"""The pages of action plans."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from danbe.core.models import AuditEvent
from danbe.exchange.plan_xlsx import write_plan
from danbe.plan import actions
from danbe.plan.framework import Framework, framework_of
from danbe.plan.models import (
    ActivityReport,
    Indicator,
    ManualValue,
    Money,
    Plan,
    PlanStatus,
    State,
)
from tests.conftest import Cast, SignIn
from tests.figures import makers as figures
from tests.plan import makers

pytestmark = pytest.mark.django_db


def known() -> Plan:
    return Plan.objects.get(code="2023-2027")


def html(client: object, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return str(answer.content.decode())


# --- What is known --------------------------------------------------------------------------


def test_the_plan_in_force_shows_its_sourced_facts_and_its_missing_tables(
    cast: Cast, sign_in: SignIn
) -> None:
    told = html(sign_in(cast.issa), "plan_detail", known().pk)
    assert "2 992 000 000 FCFA" in told.replace("\u202f", " ").replace("\u00a0", " ")
    for words in ("https://ortm.ml/node/4590", "Le tableau des activités", "cinq axes"):
        assert words in told


@pytest.mark.parametrize(
    "name",
    "plan_framework plan_indicators plan_calendar plan_budget plan_who plan_report".split(),
)
def test_a_table_that_no_source_gives_is_shown_missing(
    name: str, cast: Cast, sign_in: SignIn
) -> None:
    told = html(sign_in(cast.garan), name, known().pk)
    assert "Le tableau des activités" in told or "Non trouvé dans les sources" in told


def test_the_public_page_hides_parts_places_and_small_numbers_of_people(
    cast: Cast, sign_in: SignIn
) -> None:
    makers.published(cast.esther)
    typed = figures.content(
        victims_identified=figures.line("3", sex_age={"female.child": "3"}),
    )
    figures.accepted(cast.fanta, cast.esther, typed)
    told = html(sign_in(None), "plan_public")
    assert "Victimes identifiées (fictif)" in told
    assert "Filles identifiées" not in told
    assert ">3 <" not in told


def test_the_public_page_of_a_draft_does_not_exist(cast: Cast, sign_in: SignIn) -> None:
    makers.draft(cast.esther)
    assert "Plan fictif" not in html(sign_in(None), "plan_public")


# --- Reading --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    (
        "plan_detail plan_framework plan_indicators plan_calendar plan_budget plan_who "
        "plan_report plan_report_pdf plan_report_xlsx plan_workbook plan_iati"
    ).split(),
)
def test_every_page_of_a_full_plan_answers(name: str, cast: Cast, sign_in: SignIn) -> None:
    plan = makers.published(cast.esther)
    answer = sign_in(cast.issa).get(reverse(name, args=[plan.pk]))
    assert answer.status_code == 200


def test_the_calendar_is_cut_to_the_operational_plan_of_a_year(
    cast: Cast, sign_in: SignIn
) -> None:
    plan = makers.published(cast.esther)
    client = sign_in(cast.issa)
    told = html(client, "plan_calendar", plan.pk, year="2025")
    assert "Ouvrir un centre" in told
    assert "Former (fictif)" not in told
    assert "Ouvrir un centre" not in html(client, "plan_calendar", plan.pk, year="2027")
    assert "Ouvrir un centre" not in html(client, "plan_calendar", plan.pk, lead="MJDH")


def test_an_indicator_opens_its_figure(cast: Cast, sign_in: SignIn) -> None:
    plan = makers.published(cast.esther)
    one = Indicator.unscoped.get(plan=plan, code="I2")
    told = html(sign_in(cast.garan), "indicator_detail", one.pk)
    assert "definition=victims_identified" in told
    assert "by=sex_age" in told


def test_the_report_of_a_quarter_tells_what_was_accepted_in_it(
    cast: Cast, sign_in: SignIn
) -> None:
    plan = makers.published(cast.esther)
    report = actions.report_activity(cast.fanta, makers.activity(plan), makers.news())
    actions.review_report(cast.esther, report, accept=True)
    report.refresh_from_db()
    assert report.reviewed_at is not None
    year, quarter = report.reviewed_at.year, (report.reviewed_at.month + 2) // 3
    other = 1 if quarter != 1 else 2
    client = sign_in(cast.issa)
    there = html(client, "plan_report", plan.pk, window=f"{year}-Q{quarter}")
    assert "Travaux commencés (fictif)" in there
    elsewhere = html(client, "plan_report", plan.pk, window=f"{year}-Q{other}")
    assert "Travaux commencés (fictif)" not in elsewhere


def test_the_report_is_a_pdf_and_a_workbook(cast: Cast, sign_in: SignIn) -> None:
    plan, client = makers.published(cast.esther), sign_in(cast.issa)
    assert client.get(reverse("plan_report_pdf", args=[plan.pk])).content.startswith(b"%PDF-")
    data = client.get(reverse("plan_report_xlsx", args=[plan.pk])).content
    cells = [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO(data))
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    assert 20_000_000 + 5_000_000 in cells  # what is needed in 2024, as a number


# --- The workbook ---------------------------------------------------------------------------


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.xlsx", data)


def test_esther_loads_the_real_table_into_the_next_version_and_publishes_it(
    cast: Cast, sign_in: SignIn
) -> None:
    client, plan = sign_in(cast.esther), known()
    client.post(reverse("plan_version", args=[plan.pk]))
    draft = Plan.objects.get(code=plan.code, status=PlanStatus.DRAFT)
    data = write_plan(draft, makers.FRAMEWORK)
    answer = client.post(reverse("plan_import", args=[draft.pk]), {"file": upload(data)})
    assert answer.status_code == 302
    assert framework_of(draft) == makers.FRAMEWORK
    client.post(reverse("plan_publish", args=[draft.pk]))
    draft.refresh_from_db()
    plan.refresh_from_db()
    assert (draft.status, plan.status) == (PlanStatus.PUBLISHED, PlanStatus.SUPERSEDED)


def test_a_wrong_cell_is_named_and_nothing_is_taken_over(cast: Cast, sign_in: SignIn) -> None:
    draft = makers.draft(cast.esther)
    book = openpyxl.load_workbook(io.BytesIO(write_plan(draft)))
    sheet = book.worksheets[2]
    sheet["F5"], sheet["D6"] = "NULLEPART", "Renommée"
    file = io.BytesIO()
    book.save(file)
    url = reverse("plan_import", args=[draft.pk])
    answer = sign_in(cast.esther).post(url, {"file": upload(file.getvalue())})
    assert answer.status_code == 400
    assert f"{sheet.title}!F5" in answer.content.decode()
    assert framework_of(draft) == makers.FRAMEWORK


def test_a_published_plan_takes_no_workbook(cast: Cast, sign_in: SignIn) -> None:
    plan = makers.published(cast.esther)
    data = write_plan(plan, Framework())
    url = reverse("plan_import", args=[plan.pk])
    assert sign_in(cast.esther).post(url, {"file": upload(data)}).status_code == 400
    assert framework_of(plan) == makers.FRAMEWORK


# --- Progress -------------------------------------------------------------------------------


def test_fanta_reports_esther_accepts_and_everybody_reads_it(cast: Cast, sign_in: SignIn) -> None:
    plan = makers.published(cast.esther)
    one = makers.activity(plan)
    told = {"to_state": "under_way", "text": "Terrain trouvé (fictif)", "evidence": "PV fictif"}
    fanta, esther = sign_in(cast.fanta), sign_in(cast.esther)
    assert fanta.post(reverse("activity_report", args=[one.pk]), told).status_code == 302
    report = ActivityReport.unscoped.get()
    assert str(one.label_fr) in html(esther, "plan_review", plan.pk)
    esther.post(reverse("activity_review", args=[report.pk]), {"answer": "accept", "note": ""})
    assert makers.activity(plan).state == State.UNDER_WAY
    assert "Terrain trouvé (fictif)" in html(sign_in(cast.issa), "activity_detail", one.pk)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"activity.report", "activity.review", "plan.write"} <= verbs


def test_what_fanta_typed_is_not_lost_when_something_is_missing(
    cast: Cast, sign_in: SignIn
) -> None:
    one = makers.activity(makers.published(cast.esther))
    told = {"to_state": "blocked", "text": "Un long texte fictif"}
    answer = sign_in(cast.fanta).post(reverse("activity_report", args=[one.pk]), told)
    assert answer.status_code == 400
    assert "Un long texte fictif" in answer.content.decode()
    assert not ActivityReport.unscoped.exists()


def test_esther_says_what_was_allocated_and_the_need_stays(cast: Cast, sign_in: SignIn) -> None:
    one = makers.activity(makers.published(cast.esther))
    told = {"year": "2024", "source": "state_budget", "allocated": "15", "disbursed": ""}
    url = reverse("activity_money", args=[one.pk])
    assert sign_in(cast.esther).post(url, told).status_code == 302
    line = Money.objects.get(activity=one, year=2024)
    assert (line.needed, line.allocated, line.disbursed) == (20_000_000, 15, None)
    answer = sign_in(cast.esther).post(url, told | {"needed": "1"})
    assert answer.status_code == 400


def test_fanta_enters_the_value_of_her_indicator(cast: Cast, sign_in: SignIn) -> None:
    plan = makers.published(cast.esther)
    one = Indicator.unscoped.get(plan=plan, code="I3")
    url = reverse("indicator_value", args=[one.pk])
    told = {"year": "2024", "value": "3", "evidence": ""}
    assert sign_in(cast.fanta).post(url, told).status_code == 400
    assert sign_in(cast.fanta).post(url, told | {"evidence": "PV fictif"}).status_code == 302
    assert ManualValue.objects.get().value == 3


def test_a_body_sees_what_others_wait_for_it_to_do(cast: Cast, sign_in: SignIn) -> None:
    plan = makers.published(cast.esther)
    waiting = figures.focal_point("nana", "MJDH")
    told = makers.news(
        "blocked", blocked_reason="Décret attendu (fictif)",
        must_act=makers.organisation("MJDH"),
    )  # fmt: skip
    report = actions.report_activity(cast.fanta, makers.activity(plan), told)
    actions.review_report(cast.esther, report, accept=True)
    shown = html(sign_in(waiting), "plan_body", plan.pk, waiting.organisation_id)
    assert "Décret attendu (fictif)" in shown
