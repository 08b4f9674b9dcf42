"""Amounts as they are typed: which currency, at which rate, of which day; and their FCFA."""

import datetime
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.errors import DomainError
from danbe.partnership.models import CURRENCIES, FCFA

MOST = Decimal(10**13) - 1  # of any amount
HIGHEST_RATE = Decimal(10_000)  # FCFA for one unit
OLDEST_YEAR = 2000
FURTHEST_YEARS = 15  # ahead


@dataclass(frozen=True, slots=True)
class Sum:
    """One amount in one currency. Of FCFA there is no rate."""

    amount: Decimal
    currency: str = FCFA
    rate: Decimal | None = None  # FCFA for one unit
    rate_on: datetime.date | None = None

    @property
    def fcfa(self) -> int:
        """In whole FCFA, halves away from zero."""
        told = self.amount * (self.rate if self.rate is not None else 1)
        return int(told.quantize(Decimal(1), ROUND_HALF_UP))

    def columns(self) -> dict[str, object]:
        """As the tables keep it."""
        return {
            "amount": self.amount,
            "currency": self.currency,
            "rate": self.rate,
            "rate_on": self.rate_on,
            "amount_fcfa": self.fcfa,
        }

    def check(self) -> None:
        """Raise :class:`DomainError` at the first thing that is wrong."""
        if self.currency not in dict(CURRENCIES):
            raise DomainError("money.currency", _("Choose a currency."), "currency")
        if not 0 < self.amount <= MOST:
            raise DomainError("money.amount", _("Give an amount above zero."), "amount")
        if self.currency == FCFA:
            self._check_fcfa()
        else:
            self._check_rate()
        if not 0 < self.fcfa <= MOST:
            text = _("This amount makes no sense in FCFA: look at the amount and the rate.")
            raise DomainError("money.amount", text, "amount")

    def _check_fcfa(self) -> None:
        if self.rate is not None or self.rate_on is not None:
            text = _("An amount in FCFA has no rate: leave it empty, or choose the currency.")
            raise DomainError("money.rate", text, "rate")
        if self.amount != self.amount.to_integral_value():
            raise DomainError("money.amount", _("FCFA have no decimals."), "amount")

    def _check_rate(self) -> None:
        if self.rate is None or not 0 < self.rate <= HIGHEST_RATE:
            text = _("Say how many FCFA one unit was worth.")
            raise DomainError("money.rate", text, "rate")
        if self.rate_on is None:
            raise DomainError("money.rate_on", _("Say of which day the rate is."), "rate_on")
        check_day(self.rate_on, "rate_on")


def check_day(day: datetime.date, field: str, *, may_come: bool = False) -> None:
    """Raise :class:`DomainError` for a day that cannot be."""
    today = timezone.localdate()
    if day.year < OLDEST_YEAR:
        text = _("This day is too long ago: look at the year.")
        raise DomainError("day.old", text, field)
    if not may_come and day > today:
        raise DomainError("day.ahead", _("This day has not come yet."), field)
    if day.year > today.year + FURTHEST_YEARS:
        text = _("This day is too far ahead: look at the year.")
        raise DomainError("day.ahead", text, field)
