"""Commitments, payments and gifts of the demonstration: made up, and every row says so.

The bodies are those of the sources; what they are said to give here is fiction.
"""

import datetime
from decimal import Decimal

from django.utils import timezone

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role
from danbe.jobs import demo_plan
from danbe.partnership import donation_actions, funding_actions
from danbe.partnership.models import Commitment
from danbe.partnership.money import Sum

NOTE = "Démonstration : ligne fictive"
PARITY = Decimal("655.957")  # FCFA for one euro


def _body(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def _millions(n: int) -> Sum:
    return Sum(Decimal(n * 1_000_000))


def _secretariat() -> Actor:
    return Post.objects.filter(role=Role.SECRETARIAT)[0].actor


def build() -> int:
    """Every row, by the real actions. How many there are."""
    return _commit(_secretariat()) + _give(_secretariat())


def _commit(actor: Actor) -> int:
    euros = Sum(Decimal(250_000), "EUR", PARITY, datetime.date(2024, 2, 1))
    told: tuple[tuple[str, str, str, int, int, Sum], ...] = (
        ("OIM", "Appui au retour et à la réinsertion (fictif)", "protection", 2024, 2026, euros),
        (
            "UNICEF",
            "Prise en charge des enfants (fictif)",
            "protection",
            2025,
            2025,
            _millions(85),
        ),
        (
            "ONUDC",
            "Formation des magistrats (fictif)",
            "prosecution",
            2025,
            2026,
            _millions(60),
        ),
        (
            "MJDH",
            "Fonctionnement du Comité (fictif)",
            "partnership",
            2025,
            2025,
            _millions(40),
        ),
        ("MPFEF", "Campagnes dans six régions (fictif)", "", 2026, 2026, _millions(18)),
    )
    for number, (donor, title, axis, first, last, amount) in enumerate(told, 1):
        row = funding_actions.add_commitment(
            actor,
            _body(donor),
            Commitment(
                title=title,
                axis=axis,
                plan_code=demo_plan.CODE,
                first_year=first,
                last_year=last,
                reference=f"CONV-{number:03} (fictif)",
                note=NOTE,
                is_fictitious=True,
            ),
            amount,
        )
        if first != last:
            part = row.amount_fcfa // 2
            funding_actions.share_years(actor, row, {first: part}, version=row.version)
        on = datetime.date(first, 9, 15)
        if on <= timezone.localdate():
            half = Sum(Decimal(row.amount_fcfa // 2))
            payment = funding_actions.Payment(on, half, f"VIR-{number:03} (fictif)")
            funding_actions.disburse(actor, row, payment)
    return len(told)


def _give(actor: Actor) -> int:
    day = datetime.date(2026, 9, 7)
    rice = donation_actions.Goods("food", "Riz (fictif)", Decimal(3), "tonnes")
    soap = donation_actions.Goods("hygiene", "Savon (fictif)", Decimal(200), "pièces")
    told = (("MPFEF", "SINJIYA", (rice, soap)), ("MPFEF", "CARITAS", (soap,)))
    for donor, recipient, lines in told:
        gift = donation_actions.Gift(day, lines, "protection", NOTE, is_fictitious=True)
        row = donation_actions.announce_donation(actor, _body(donor), _body(recipient), gift)
        donation_actions.dispatch_donation(actor, row, on=day)
        if recipient == "CARITAS":
            taker = Post.objects.get(role=Role.CASEWORKER, organisation=row.recipient).actor
            got = [donation_actions.Arrived(Decimal(188), "Douze pièces abîmées (fictif)")]
            donation_actions.receive_donation(taker, row, got, on=day + datetime.timedelta(days=4))
    return len(told)
