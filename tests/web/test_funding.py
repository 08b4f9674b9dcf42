"""The pages of funding and of donations."""

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from danbe.partnership import funding_actions
from danbe.partnership.models import (
    Commitment,
    Disbursement,
    Donation,
    DonationStatus,
)
from tests.conftest import Cast
from tests.partnership import funding_makers as makers
from tests.plan import makers as plans
from tests.web.conftest import Browse

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Appui fictif",
    "amount": "12 500 000",
    "currency": "XOF",
    "first_year": "2024",
    "last_year": "2024",
}
PAID = {"amount": "500 000", "currency": "XOF", "on": "2024-03-01"}
GIVEN = {
    "announced_on": "2024-03-01",
    "goods_1": "Riz (fictif)",
    "quantity_1": "2,5",
    "unit_1": "tonnes",
    "kind_1": "food",
}


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u202f", " ").replace("\u00a0", " ")


def cells(answer: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return list(book.worksheets[0].iter_rows(min_row=6, values_only=True))


# --- Commitments ----------------------------------------------------------------------------


def test_issa_types_a_commitment_with_spaces_and_finds_it_in_his_list(
    cast: Cast, browse: Browse
) -> None:
    client = browse(cast.issa)
    answer = client.post(reverse("commitment_new"), TYPED)
    made = Commitment.unscoped.get()
    assert answer.headers["Location"] == reverse("commitment_detail", args=[made.pk])
    assert (made.donor_id, made.amount_fcfa) == (cast.issa.organisation_id, 12_500_000)
    assert "Appui fictif" in text(client.get(reverse("commitment_list")))
    assert "Appui fictif" not in text(browse(cast.fanta).get(reverse("commitment_list")))


def test_a_foreign_amount_is_typed_with_its_rate_and_day_and_shown_with_them(
    cast: Cast, browse: Browse
) -> None:
    client = browse(cast.issa)
    typed = TYPED | {"amount": "1000,50", "currency": "EUR"}
    refused = client.post(reverse("commitment_new"), typed)
    assert refused.status_code == 400
    assert "how many FCFA" in text(refused)
    assert "1000,50" in text(refused)  # nothing typed is lost
    client.post(reverse("commitment_new"), typed | {"rate": "655,957", "rate_on": "2024-02-01"})
    shown = text(client.get(reverse("commitment_detail", args=[Commitment.unscoped.get().pk])))
    assert "1 EUR = 655.957 FCFA, rate of 1 February 2024" in shown
    assert "656,285" in shown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"amount": "1,000"}, "decimal"),  # neither one nor a thousand is guessed
        ({"amount": ""}, "required"),
        ({"amount": "beaucoup"}, "number"),
        ({"title": "x" * 10_000}, "300"),
        ({"first_year": "1823", "last_year": "1823"}, "Look at the first year"),
        ({"activity": "Z9", "plan_code": "2023-2027"}, "no activity with this code"),
    ],
)
def test_what_is_typed_wrong_is_told_at_its_field(
    typed: dict[str, str], words: str, cast: Cast, browse: Browse
) -> None:
    answer = browse(cast.issa).post(reverse("commitment_new"), TYPED | typed)
    assert answer.status_code == 400
    assert words in text(answer)
    assert not Commitment.unscoped.exists()


def test_an_activity_is_named_by_its_code_and_gives_its_axis(cast: Cast, browse: Browse) -> None:
    plan = plans.published(cast.esther)
    client = browse(cast.issa)
    typed = TYPED | {"plan_code": plan.code, "activity": "a1"}
    wrong = client.post(reverse("commitment_new"), typed | {"axis": "prevention"})
    assert "under another axis" in text(wrong)
    client.post(reverse("commitment_new"), typed)
    made = Commitment.unscoped.get()
    assert (made.axis, made.activity_lineage) == ("protection", plans.activity(plan).lineage)
    shown = text(client.get(reverse("commitment_edit", args=[made.pk])))
    assert 'value="A1"' in shown


def test_two_windows_on_one_commitment_do_not_overwrite_each_other(
    cast: Cast, browse: Browse
) -> None:
    made = makers.committed(cast.issa)
    client, url = browse(cast.issa), reverse("commitment_edit", args=[made.pk])
    first = client.post(url, TYPED | {"title": "Première", "version": "1"})
    assert first.status_code == 302
    second = client.post(url, TYPED | {"title": "Seconde", "version": "1"})
    assert second.status_code == 400
    assert "Somebody changed this" in text(second)
    assert Commitment.unscoped.get().title == "Première"


def test_a_payment_beyond_the_commitment_asks_why_at_its_field(cast: Cast, browse: Browse) -> None:
    made = makers.committed(cast.issa, 400_000)
    client, url = browse(cast.issa), reverse("disbursement_new", args=[made.pk])
    assert "say why" in text(client.post(url, PAID))
    assert not Disbursement.unscoped.exists()
    assert client.post(url, PAID | {"explanation": "Avenant (fictif)"}).status_code == 302
    shown = text(client.get(reverse("commitment_detail", args=[made.pk])))
    assert "More is paid than was committed" in shown


def test_the_parts_of_years_are_typed_and_an_empty_one_is_not_zero(
    cast: Cast, browse: Browse
) -> None:
    made = makers.committed(cast.issa, 1_000, last_year=2025)
    client = browse(cast.issa)
    url = reverse("commitment_years", args=[made.pk])
    assert client.post(url, {"version": "1", "y2024": "600", "y2025": ""}).status_code == 302
    shown = text(client.get(reverse("commitment_detail", args=[made.pk])))
    assert "not said" in shown
    assert "Parts not said" in shown
    assert client.post(url, {"version": "1", "y2024": "1"}).status_code == 400  # a stale page


def test_totals_open_to_their_rows_for_whoever_may_read_them(cast: Cast, browse: Browse) -> None:
    makers.committed(cast.issa, 7_000, axis="protection")
    link = f"{reverse('commitment_list')}?donor=OIM"
    for actor, opens in ((cast.esther, True), (cast.issa, True), (cast.awa, False)):
        told = text(browse(actor).get(reverse("funding")))
        assert "7,000" in told
        assert "nothing recorded" in told
        assert (link in told) is opens


def test_the_list_filters_sorts_and_goes_out_as_a_workbook(cast: Cast, browse: Browse) -> None:
    made = makers.committed(cast.issa, 5_000, title="=1+1 (fictif)", axis="protection")
    makers.committed(cast.fanta, 9_000, title="Zéro (fictif)")
    makers.paid(cast.issa, made, 2_000)
    client, url = browse(cast.esther), reverse("commitment_list")
    rows = client.get(url, {"sort": "-amount"}).context["page"]
    assert [row.amount_fcfa for row in rows] == [9_000, 5_000]
    assert len(client.get(url, {"axis": "none"}).context["page"]) == 1
    assert len(client.get(url, {"year": "2031"}).context["page"]) == 0
    lines = cells(client.get(reverse("commitment_xlsx"), {"donor": "OIM"}))
    assert len(lines) == 1
    assert lines[0][0] == "=1+1 (fictif)"
    assert lines[0][11:13] == (5_000, 2_000)


# --- What is unfunded -----------------------------------------------------------------------


def test_what_is_unfunded_is_told_by_axis_year_and_activity(cast: Cast, browse: Browse) -> None:
    plan = plans.published(cast.esther)
    client, url = browse(cast.issa), reverse("funding_unfunded")
    told = text(client.get(url, {"plan": plan.code}))
    assert "38,000,000" in told
    assert "1 activity whose need nobody said" in told
    one = client.get(url, {"plan": plan.code, "year": "2025"})
    assert [a.activity.code for a in one.context["page"]] == ["A1"]
    lines = cells(client.get(reverse("funding_unfunded_xlsx"), {"plan": plan.code}))
    assert lines[0][0] == "A1"
    assert lines[0][3:] == (50_000_000, 12_000_000, None, 38_000_000)


def test_a_plan_whose_table_no_source_gives_is_not_said_to_be_funded(
    cast: Cast, browse: Browse
) -> None:
    told = text(browse(cast.issa).get(reverse("funding_unfunded"), {"plan": "2023-2027"}))
    assert "is not known" in told
    assert "No activity is known to lack money" not in told


# --- Donations ------------------------------------------------------------------------------


def test_a_gift_goes_from_fanta_to_awa_who_prints_its_receipt(cast: Cast, browse: Browse) -> None:
    fanta, awa = browse(cast.fanta), browse(cast.awa)
    typed = GIVEN | {"recipient": str(cast.awa.organisation_id)}
    assert fanta.post(reverse("donation_new"), typed).status_code == 302
    made = Donation.unscoped.get()
    assert fanta.post(
        reverse("donation_dispatch", args=[made.pk]), {"on": "2024-03-02"}
    ).status_code == 302  # fmt: skip
    assert made.number in text(awa.get(reverse("donation_list")))
    url = reverse("donation_receive", args=[made.pk])
    refused = awa.post(url, {"on": "2024-03-03", "received_1": "2"})
    assert refused.status_code == 400
    assert "say why" in text(refused)
    told = {"on": "2024-03-03", "received_1": "2", "reason_1": "Sac percé (fictif)"}
    assert awa.post(url, told).status_code == 302
    receipt = text(awa.get(reverse("donation_receipt", args=[made.pk])))
    for words in (made.number, "Sac percé (fictif)", "2.5", "signature"):
        assert words in receipt
    assert Donation.unscoped.get().status == DonationStatus.RECEIVED


def test_a_row_of_goods_that_is_begun_must_be_finished(cast: Cast, browse: Browse) -> None:
    typed = GIVEN | {"recipient": str(cast.awa.organisation_id), "goods_2": "Savon"}
    answer = browse(cast.fanta).post(reverse("donation_new"), typed)
    assert answer.status_code == 400
    assert "Finish this row" in text(answer)
    assert not Donation.unscoped.exists()


def test_the_gifts_that_sources_tell_are_shown_apart_with_their_source(
    cast: Cast, browse: Browse
) -> None:
    told = text(browse(cast.awa).get(reverse("donation_list")))
    assert "No donation is recorded" in told
    assert "Rice" in told
    assert "20 tonnes" in told
    assert "50 cans" in told
    assert "quantity not known" in told
    assert "maliweb.net" in told


def test_donations_go_out_as_a_workbook_one_row_a_kind_of_goods(
    cast: Cast, browse: Browse
) -> None:
    makers.sent(cast.fanta, cast.awa)
    lines = cells(browse(cast.esther).get(reverse("donation_xlsx")))
    assert [(line[6], line[8], line[9], line[10]) for line in lines] == [
        ("Riz (fictif)", 20, "tonnes", None),
        ("Huile (fictive)", 50, "bidons", None),
    ]


def test_lists_cost_the_same_number_of_queries_however_long(
    cast: Cast, browse: Browse, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        made = makers.committed(cast.issa, 1_000 + n)
        makers.paid(cast.issa, made, 10)
        makers.sent(cast.fanta, cast.awa)
    client = browse(cast.esther)
    for name in ("funding", "commitment_list", "donation_list"):
        with django_assert_max_num_queries(30):
            assert client.get(reverse(name)).status_code == 200


def test_a_cancelled_commitment_is_put_back_by_its_donor(cast: Cast, browse: Browse) -> None:
    made = makers.committed(cast.issa)
    client = browse(cast.issa)
    url = reverse("commitment_cancel", args=[made.pk])
    assert client.post(url, {"reason": ""}).status_code == 400
    assert client.post(url, {"reason": "Fin du programme (fictif)"}).status_code == 302
    with pytest.raises(Exception, match="cancelled"):
        funding_actions.change_commitment(cast.issa, made, makers.fcfa(5), version=2)
    client.post(reverse("commitment_restore", args=[made.pk]))
    assert Commitment.unscoped.get().status == "open"
