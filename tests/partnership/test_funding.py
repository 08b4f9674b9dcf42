"""Commitments and payments: who writes what, in which money, never more than was said."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from danbe.core.access import Actor, visible
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import AuditEvent
from danbe.partnership import funding_actions as actions
from danbe.partnership import funding_queries as queries
from danbe.partnership.models import Commitment, CommitmentStatus, Disbursement
from danbe.partnership.money import Sum
from tests.conftest import Cast
from tests.partnership.funding_makers import FIRST, committed, fcfa, paid

EUR = Sum(Decimal("15000.50"), "EUR", Decimal("655.957"), FIRST)


def test_issa_writes_what_his_body_gives_and_esther_for_anybody(cast: Cast) -> None:
    assert committed(cast.issa).donor_id == cast.issa.organisation_id
    assert committed(cast.fanta).donor.code == "MPFEF"
    assert committed(cast.esther, donor="UNICEF").donor.code == "UNICEF"
    assert AuditEvent.objects.filter(verb="funding.write").count() == 3


def test_nobody_writes_what_another_body_gives(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        committed(cast.issa, donor="UNICEF")
    made = committed(cast.issa, beneficiary_id=cast.fanta.organisation_id)
    assert visible(cast.fanta, Commitment, "funding.read").get() == made  # she receives it
    for act in (
        lambda: paid(cast.fanta, made, 1),
        lambda: actions.cancel_commitment(cast.fanta, made, reason="non"),
        lambda: actions.share_years(cast.fanta, made, {}, version=1),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("name", "awa bakary coumba djibril garan jeneba auditor lalla".split())
def test_other_posts_write_nothing(name: str, cast: Cast) -> None:
    actor: Actor = getattr(cast, name)
    with pytest.raises(NotAllowed):
        committed(actor)


def test_a_foreign_amount_keeps_its_rate_its_day_and_its_fcfa(cast: Cast) -> None:
    made = Commitment.unscoped.get(pk=committed(cast.issa, EUR).pk)
    assert (made.amount, made.currency, made.rate, made.rate_on) == (
        EUR.amount, "EUR", EUR.rate, FIRST,
    )  # fmt: skip
    assert made.amount_fcfa == 9_839_683  # 15,000.50 x 655.957 = 9,839,682.98
    assert str(made.rate_said) == "655.957"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Sum(Decimal(0)), "amount"),
        (Sum(Decimal(-5)), "amount"),
        (Sum(Decimal(10) ** 14), "amount"),
        (Sum(Decimal("10.5")), "amount"),
        (Sum(Decimal(10), "EUR"), "rate"),
        (Sum(Decimal(10), "EUR", Decimal(600)), "rate_on"),
        (Sum(Decimal(10), "EUR", Decimal(600), datetime.date(1823, 1, 1)), "rate_on"),
        (Sum(Decimal(10), "XOF", Decimal(1), FIRST), "rate"),
        (Sum(Decimal(10), "ZZZ", Decimal(1), FIRST), "currency"),
    ],
)
def test_an_amount_that_makes_no_sense_is_refused_at_its_field(
    told: Sum, field: str, cast: Cast
) -> None:
    with pytest.raises(DomainError) as refused:
        committed(cast.issa, told)
    assert refused.value.field == field
    assert not Commitment.unscoped.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": "x" * 10_000}, "title"),
        ({"title": ""}, "title"),
        ({"note": "x" * 10_000}, "note"),
        ({"first_year": 1823, "last_year": 1824}, "first_year"),
        ({"first_year": 2025, "last_year": 2024}, "last_year"),
        ({"first_year": 2024, "last_year": 2040}, "last_year"),
        ({"axis": "astrology"}, "axis"),
        ({"signed_on": datetime.date(1823, 1, 1)}, "signed_on"),
    ],
)
def test_a_commitment_that_makes_no_sense_is_refused_at_its_field(
    more: dict[str, object], field: str, cast: Cast
) -> None:
    with pytest.raises(DomainError) as refused:
        committed(cast.issa, **more)
    assert refused.value.field == field


def test_more_is_paid_than_committed_only_with_an_explanation(cast: Cast) -> None:
    made = committed(cast.issa, 1_000)
    paid(cast.issa, made, 900)
    with pytest.raises(DomainError) as refused:
        paid(cast.issa, made, 101)
    assert refused.value.field == "explanation"
    paid(cast.issa, made, 100)  # exactly what was committed
    paid(cast.issa, made, 50, explanation="Avenant attendu (fictif)")
    assert queries.commitments(cast.issa).get().paid == 1_050


def test_the_same_payment_sent_twice_counts_once(cast: Cast) -> None:
    made = committed(cast.issa)
    row = paid(cast.issa, made, 500, reference="VIR-1")
    with pytest.raises(DomainError) as refused:
        paid(cast.issa, made, 500, reference="VIR-1")
    assert refused.value.code == "disbursement.twice"
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Disbursement.unscoped.bulk_create([Disbursement(
            commitment=made, on=row.on, reference=row.reference, amount=row.amount,
            amount_fcfa=500, post=row.post,
        )])  # fmt: skip


def test_a_withdrawn_payment_says_why_stays_readable_and_counts_no_more(cast: Cast) -> None:
    made = committed(cast.issa, 1_000)
    row = paid(cast.issa, made, 1_000)
    with pytest.raises(DomainError):
        actions.withdraw_disbursement(cast.issa, row, reason="  ")
    actions.withdraw_disbursement(cast.issa, row, reason="Saisi deux fois (fictif)")
    assert queries.commitments(cast.issa).get().paid == 0
    assert Disbursement.unscoped.get().withdrawn_reason
    paid(cast.issa, made, 1_000)  # may be recorded again


@pytest.mark.parametrize("on", [datetime.date(1823, 1, 1), datetime.date(2090, 1, 1)])
def test_a_payment_has_a_day_that_has_come(on: datetime.date, cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        paid(cast.issa, committed(cast.issa), 5, on)
    assert refused.value.field == "on"


def test_a_commitment_changed_in_another_window_is_not_overwritten(cast: Cast) -> None:
    made = committed(cast.issa)
    made.title = "Un autre titre (fictif)"
    actions.change_commitment(cast.issa, made, fcfa(20), version=1)
    made.title = "Un troisième (fictif)"
    with pytest.raises(DomainError) as refused:
        actions.change_commitment(cast.issa, made, fcfa(30), version=1)
    assert refused.value.code == "row.changed"
    assert Commitment.unscoped.get().title == "Un autre titre (fictif)"


def test_a_commitment_is_not_lowered_below_what_was_paid(cast: Cast) -> None:
    made = committed(cast.issa, 1_000)
    paid(cast.issa, made, 600)
    with pytest.raises(DomainError) as refused:
        actions.change_commitment(cast.issa, made, fcfa(500), version=1)
    assert refused.value.field == "amount"
    actions.change_commitment(cast.issa, made, fcfa(600), version=1)


def test_the_parts_of_years_never_exceed_the_whole_and_may_stay_unsaid(cast: Cast) -> None:
    made = committed(cast.issa, 1_000, last_year=2026)
    with pytest.raises(DomainError) as refused:
        actions.share_years(cast.issa, made, {2024: 600, 2025: 600}, version=1)
    assert refused.value.field == "y2025"
    with pytest.raises(DomainError):
        actions.share_years(cast.issa, made, {2031: 1}, version=1)
    actions.share_years(cast.issa, made, {2024: 600, 2025: None, 2026: 0}, version=1)
    told = queries.totals()
    years = {line.key: line.committed for line in told.by_year}
    assert years == {"2024": 600, "2026": 0, "none": 400}
    assert told.committed == 1_000
    with pytest.raises(DomainError) as refused:
        actions.change_commitment(cast.issa, made, fcfa(500), version=2)
    assert refused.value.field == "amount"


def test_a_cancelled_commitment_leaves_the_totals_and_its_payments_stay(cast: Cast) -> None:
    made = committed(cast.issa, 1_000)
    paid(cast.issa, made, 300)
    committed(cast.fanta, 50, axis="prevention")
    with pytest.raises(DomainError):
        actions.cancel_commitment(cast.issa, made, reason="")
    actions.cancel_commitment(cast.issa, made, reason="Programme arrêté (fictif)")
    with pytest.raises(DomainError):
        paid(cast.issa, made, 1)
    told = queries.totals()
    assert (told.committed, told.paid, told.n) == (50, 300, 1)
    oim = next(line for line in told.by_donor if line.key == "OIM")
    assert (oim.committed, oim.paid) == (None, 300)
    actions.restore_commitment(cast.issa, made)
    assert Commitment.unscoped.get(pk=made.pk).status == CommitmentStatus.OPEN
    assert queries.totals().committed == 1_050


def test_totals_say_nothing_where_nothing_is_recorded(cast: Cast) -> None:
    empty = queries.totals()
    assert (empty.committed, empty.paid) == (None, None)
    committed(cast.issa, 1_000, axis="protection")
    axes = {line.key: (line.committed, line.paid) for line in queries.totals().by_axis}
    assert axes["protection"] == (1_000, None)
    assert axes["prosecution"] == (None, None)
    assert "none" not in axes


def test_each_one_reads_the_rows_of_his_body_and_the_secretariat_all(cast: Cast) -> None:
    committed(cast.issa)
    committed(cast.fanta)
    assert queries.commitments(cast.esther).count() == 2
    assert queries.commitments(cast.garan).count() == 2
    assert queries.commitments(cast.issa).get().donor.code == "OIM"
    assert queries.commitments(cast.awa).count() == 0
    none = queries.commitments(cast.esther, queries.Asked(donor="personne"))
    assert none.count() == 0  # a value that means nothing finds nothing
