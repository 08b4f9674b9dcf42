"""What several forms ask for: numbers as people type them, days, amounts with their rate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from danbe.partnership.models import CURRENCIES, FCFA
from danbe.partnership.money import Sum

SPACES = dict.fromkeys(map(ord, " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'"))
AREA = forms.Textarea(attrs={"rows": 3})


class TypedDecimal(forms.DecimalField):
    """``1 250 000``, ``12,5`` or ``12.5``. Too many decimals are refused: «1,000» is not 1."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("max_digits", 15)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Without spaces, with a point."""
        if isinstance(value, str):
            value = value.translate(SPACES).replace(",", ".")
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A text field: browsers' number fields lose spaces and commas."""
        return {}


def day_input() -> forms.DateInput:
    """A field for a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AmountForm(forms.Form):
    """An amount, and its rate where it is not in FCFA."""

    amount = TypedDecimal(label=gettext_lazy("Amount"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=CURRENCIES, initial=FCFA)
    rate = TypedDecimal(
        label=gettext_lazy("Rate: FCFA for one unit"),
        help_text=gettext_lazy("Only of a foreign currency. It is kept with the amount."),
        decimal_places=6,
        max_digits=14,
        required=False,
    )
    rate_on = forms.DateField(
        label=gettext_lazy("Day of the rate"), widget=day_input(), required=False
    )

    @property
    def told(self) -> Sum:
        """The amount that was typed."""
        data = self.cleaned_data
        return Sum(data["amount"], data["currency"], data["rate"], data["rate_on"])
