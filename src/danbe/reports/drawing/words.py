"""The few words that drawings add of themselves, in each language.

They are not in the gettext catalogue because drawings know no Django: a report made by a command
is drawn without it.
"""

from dataclasses import dataclass

from danbe.reports.drawing.value import Value
from danbekit.dates import format_number


@dataclass(frozen=True)
class Words:
    """Texts and number format of one language."""

    language: str
    no_data: str
    approximate: str
    no_data_in: str  # {places}
    colon: str
    to: str
    total: str
    unexplained: str
    break_in_series: str
    highest_bar: str

    def number(self, number: int) -> str:
        """Write a number as this language does."""
        return format_number(number, self.language)

    def label(self, value: Value) -> str:
        """The printed words of a value."""
        if value.label:
            return value.label
        return self.no_data if value.number is None else self.number(value.number)

    def tooltip(self, name: str, value: Value, unit: str = "") -> str:
        """«Kayes : 12 victimes identifiées. Note.»"""
        text = f"{name}{self.colon}{self.label(value)}"
        if unit and value.number is not None:
            text = f"{text} ({unit})"
        return f"{text}. {value.note}" if value.note else text

    def summary(self, named: list[tuple[str, Value]], unit: str) -> str:
        """A description for those who hear the picture: every value, then who is silent."""
        said = "; ".join(
            f"{name}{self.colon}{self.label(value)}"
            for name, value in named
            if value.number is not None
        )
        silent = ", ".join(name for name, value in named if value.number is None)
        parts = [f"{unit}."] if unit else []
        parts += [f"{said}."] if said else []
        parts += [f"{self.no_data_in}{self.colon}{silent}."] if silent else []
        return " ".join(parts)


FRENCH = Words(
    language="fr",
    no_data="pas de données",
    approximate="Limites approximatives",
    no_data_in="Pas de données",
    colon="\u00a0: ",
    to="à",
    total="Total",
    unexplained="Non ventilé",
    break_in_series="Rupture de série",
    highest_bar="même échelle partout ; barre la plus haute",
)
ENGLISH = Words(
    language="en",
    no_data="no data",
    approximate="Approximate boundaries",
    no_data_in="No data",
    colon=": ",
    to="to",
    total="Total",
    unexplained="Not broken down",
    break_in_series="Break in series",
    highest_bar="one scale throughout; highest bar",
)


def words_for(language: str) -> Words:
    """French, unless the language asked for begins with «en»."""
    return ENGLISH if language.startswith("en") else FRENCH
