"""The operational plan of a year, versions side by side, one funder, the map of activities."""

import io
from dataclasses import replace

import openpyxl
import pytest
from django.urls import reverse

from danbe.plan import actions
from danbe.plan.framework import framework_of
from danbe.plan.models import Plan
from tests.conftest import Cast, SignIn
from tests.plan import makers

pytestmark = pytest.mark.django_db


def html(client: object, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_operational_plan_of_a_year_is_cut_from_the_plan(cast: Cast, sign_in: SignIn) -> None:
    plan, issa = makers.published(cast.esther), sign_in(cast.issa)
    told = html(issa, "plan_year", plan.pk, 2025)
    assert "Ouvrir un centre" in told
    assert "Former (fictif)" not in told
    money = html(issa, "plan_year", plan.pk, 2025, part="budget")
    assert "30\u202f000\u202f000" in money  # the need of 2025, and not that of 2024
    assert "20\u202f000\u202f000" not in money
    later = html(issa, "plan_year", plan.pk, 2027, part="budget")
    assert "Non trouvé dans les sources" in later


def test_a_year_or_a_chapter_that_the_operational_plan_has_not_is_not_found(
    cast: Cast, sign_in: SignIn
) -> None:
    plan, issa = makers.published(cast.esther), sign_in(cast.issa)
    assert issa.get(reverse("plan_year", args=[plan.pk, 2031])).status_code == 404
    here = reverse("plan_year", args=[plan.pk, 2025])
    assert issa.get(here, {"part": "cibles"}).status_code == 200
    assert issa.get(here, {"part": "autre"}).status_code == 404


def test_the_operational_plan_is_a_pdf_and_a_workbook(cast: Cast, sign_in: SignIn) -> None:
    plan, issa = makers.published(cast.esther), sign_in(cast.issa)
    paper = issa.get(reverse("plan_year_pdf", args=[plan.pk, 2025])).content
    assert paper.startswith(b"%PDF-")
    data = issa.get(reverse("plan_year_xlsx", args=[plan.pk, 2025])).content
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = {c for sheet in book for row in sheet.iter_rows(values_only=True) for c in row}
    assert 30_000_000 in cells
    assert 20_000_000 not in cells


def test_versions_are_compared_and_a_draft_only_by_who_writes_it(
    cast: Cast, sign_in: SignIn
) -> None:
    plan = makers.published(cast.esther)
    draft = actions.begin_version(cast.esther, plan)
    told = framework_of(draft)
    first = replace(told.activities[0], label_fr="Ouvrir deux centres (fictif)")
    actions.save_framework(
        cast.esther, draft, replace(told, activities=(first, *told.activities[1:]))
    )
    esther, issa = sign_in(cast.esther), sign_in(cast.issa)
    shown = html(esther, "plan_compare", draft.pk)
    assert "<ins>Ouvrir deux centres (fictif)</ins>" in shown
    assert "<del>Ouvrir un centre (fictif)</del>" in shown
    assert "Ouvrir deux centres" not in html(issa, "plan_compare", plan.pk)
    assert "Ouvrir deux centres" not in html(issa, "plan_compare", plan.pk, **{"with": "2"})


def test_a_funder_sees_what_it_funds_and_nothing_else(cast: Cast, sign_in: SignIn) -> None:
    plan, issa = makers.published(cast.esther), sign_in(cast.issa)
    told = html(issa, "plan_source", plan.pk, "oim")
    assert "Ouvrir un centre" in told
    assert "Former (fictif)" not in told
    assert "20\u202f000\u202f000" not in told  # the State's, on the same activity
    url = reverse("plan_source", args=[plan.pk, "personne"])
    assert issa.get(url).status_code == 404


def test_the_map_counts_an_activity_once_a_region(cast: Cast, sign_in: SignIn) -> None:
    plan = makers.published(cast.esther)
    told = html(sign_in(cast.issa), "plan_who", plan.pk)
    assert "Activités par région" in told
    assert told.count("<svg") > html(sign_in(cast.issa), "plan_budget", plan.pk).count("<svg") - 3


def test_the_public_reads_the_real_plan_first_and_others_by_choice(
    cast: Cast, sign_in: SignIn
) -> None:
    plan = makers.published(cast.esther)
    Plan.objects.filter(pk=plan.pk).update(is_fictitious=True)
    assert "2 992 000 000" in html(sign_in(None), "plan_public").replace("\u202f", " ")
    chosen = html(sign_in(None), "plan_public", plan=plan.code)
    assert "Plan fictif" in chosen
    assert "Fictif" in chosen
