"""The pages of funding and of donations: what the demonstration has, a payment, a late gift."""

from tests.journeys.page import seen

PREPARE = """
from tests.partnership import funding_makers as funding

issa = post("partner", "OIM")
promised = funding.committed(
    issa.actor, 4_000_000, last_year=2026, plan_code=plan.code, axis="protection",
    activity_lineage=first.lineage, beneficiary=fanta.organisation,
)
payment_made = funding.paid(issa.actor, promised, 1_500_000, reference="VIR-77 (fictif)")
gift_new = funding.announced(fanta.actor, "SINJIYA")
gift_sent = funding.sent(fanta.actor, "SINJIYA")
gift_got = funding.received(fanta.actor, keeper.actor)
ids |= {
    "promised": str(promised.pk), "payment_made": str(payment_made.pk),
    "gift_new": str(gift_new.pk), "gift_sent": str(gift_sent.pk), "gift_got": str(gift_got.pk),
}
"""

MONEY, GIFT = "/funding/commitments/{promised}/", "/donations/{gift_new}/"
PAGES = [
    seen("funding", "issa", "/funding/"),
    seen("funding, for the secretariat", "esther", "/funding/"),
    seen("funding_unfunded", "issa", "/funding/unfunded/?plan=2024-2028"),
    seen("funding_unfunded, of 2023-2027", "fanta", "/funding/unfunded/?plan=2023-2027"),
    seen("commitment_list", "esther", "/funding/commitments/"),
    seen("commitment_list, nothing found", "esther", "/funding/commitments/?donor=personne"),
    seen("commitment_new", "issa", "/funding/commitments/new/"),
    seen("commitment_detail", "issa", MONEY),
    seen("commitment_edit", "esther", MONEY + "edit/"),
    seen("commitment_years", "issa", MONEY + "years/"),
    seen("disbursement_new", "issa", MONEY + "pay/"),
    seen("commitment_cancel", "issa", MONEY + "cancel/"),
    seen("disbursement_withdraw", "issa", "/funding/payments/{payment_made}/withdraw/"),
    seen("donation_list", "awa", "/donations/"),
    seen("donation_list, for the secretariat", "esther", "/donations/"),
    seen("donation_new", "fanta", "/donations/new/"),
    seen("donation_detail", "fanta", GIFT),
    seen("donation_dispatch", "fanta", GIFT + "dispatch/"),
    seen("donation_cancel", "fanta", GIFT + "cancel/"),
    seen("donation_receive", "awa", "/donations/{gift_sent}/receive/"),
    seen("donation_receipt", "awa", "/donations/{gift_got}/receipt/"),
    seen("donation_receipt, blank", "esther", "/donations/{gift_sent}/receipt/"),
]
NOT_LOOKED_AT = {"funding_unfunded_xlsx", "commitment_xlsx", "donation_xlsx"}
