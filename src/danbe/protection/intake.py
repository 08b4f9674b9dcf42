"""The intake sheet: one line a person, the same columns on screen, on paper and in a workbook."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from danbe.core.models import Term
from danbe.protection.door import Contact, Identity
from danbe.protection.person_actions import MAX_AGE, Met
from danbe.protection.vocabulary import Involvement, Sex
from danbekit.names import fold

LONGEST = 120  # characters of a cell
SEVERAL = re.compile(r"[;,/]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its number on paper, its code, what is written above it."""

    number: int
    code: str
    label: Promise
    options: str = ""  # the list to choose from


COLUMNS = tuple(
    Column(number, code, label, options)
    for number, (code, label, options) in enumerate(
        (
            ("family_name", gettext_lazy("Family name"), ""),
            ("given_names", gettext_lazy("Given names"), ""),
            ("aliases", gettext_lazy("Alias, pseudonym"), ""),
            ("sex", gettext_lazy("Sex"), "sex"),
            ("age", pgettext_lazy("intake", "Age (15, 15-17, 18+, ~15)"), ""),
            ("citizenship", gettext_lazy("Citizenship"), "citizenship"),
            ("languages", gettext_lazy("Language"), "language"),
            ("phone", gettext_lazy("Telephone"), ""),
            ("household", gettext_lazy("Household (same mark: together)"), ""),
            ("involvement", gettext_lazy("Part in the facts"), "involvement"),
            ("form", gettext_lazy("Form of exploitation"), "form"),
        ),
        start=1,
    )
)
CODES = tuple(column.code for column in COLUMNS)
SPOKEN_SEXES = {
    Sex.FEMALE: "f femme fille feminin woman girl female",
    Sex.MALE: "m h homme garcon masculin man boy male",
}
Raw = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What may be chosen in a column, and under which words it is understood."""

    options: Mapping[str, Mapping[str, str]]  # list -> code -> label
    words: Mapping[str, Mapping[str, str]]  # list -> folded word -> code

    def code(self, name: str, text: str) -> str | None:
        """The code that ``text`` means in a list; ``None`` where it means nothing."""
        if text in self.options[name]:
            return text
        return self.words[name].get(fold(text))

    def label(self, name: str, code: str) -> str:
        """The words of a code."""
        return self.options[name].get(code, code)


def known() -> Known:
    """The lists of the sheet, in the reader's language and understood in both."""
    options: dict[str, dict[str, str]] = {
        "sex": {code: str(label) for code, label in Sex.choices},
        "involvement": {code: str(label) for code, label in Involvement.choices},
    }
    words: dict[str, dict[str, str]] = {
        name: {fold(label): code for code, label in labels.items()}
        for name, labels in options.items()
    }
    for sex, said in SPOKEN_SEXES.items():
        words["sex"].update(dict.fromkeys(said.split(), str(sex)))
    for term in Term.objects.filter(list__in=["citizenship", "language", "form"]):
        options.setdefault(term.list, {})[term.code] = term.label
        told = words.setdefault(term.list, {})
        for text in (term.code, term.label_fr, term.label_en, term.label_fr.partition("(")[0]):
            if fold(text):
                told.setdefault(fold(text), term.code)
    return Known(options, words)


@dataclass(frozen=True, slots=True)
class BadColumn:
    """What is wrong in one cell of a line."""

    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was typed, what it means, and what is wrong with it."""

    number: int
    raw: Raw
    met: Met
    errors: tuple[BadColumn, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written."""
        return not any(self.raw.values())


@dataclass(slots=True)
class _Reader:
    """Reads the cells of one line."""

    raw: Raw
    known: Known
    errors: list[BadColumn] = field(default_factory=list)

    def bad(self, column: str, message: str) -> None:
        self.errors.append(BadColumn(column, message))

    def text(self, column: str) -> str:
        text = self.raw.get(column, "")
        if len(text) > LONGEST:
            self.bad(column, _("At most %(n)d characters.") % {"n": LONGEST})
        return text

    def choice(self, column: str, name: str) -> str:
        text = self.raw.get(column, "")
        code = self.known.code(name, text) if text else ""
        if code is None:
            self.bad(column, _("«%(text)s» is not in the list.") % {"text": text[:40]})
        return code or ""

    def several(self, column: str, name: str) -> str:
        codes = []
        for text in filter(None, map(str.strip, SEVERAL.split(self.raw.get(column, "")))):
            code = self.known.code(name, text)
            if code is None:
                self.bad(column, _("«%(text)s» is not in the list.") % {"text": text[:40]})
            else:
                codes.append(code)
        return " ".join(dict.fromkeys(codes))

    def ages(self) -> tuple[int | None, int | None, bool]:
        try:
            return read_age(self.raw.get("age", ""))
        except ValueError:
            self.bad("age", _("Write 15, 15-17, 18+ or <18; ~15 where it is estimated."))
            return None, None, True


def read_line(number: int, raw: Raw, known: Known) -> Line:
    """What one line says. Wrong cells are named; what was typed stays as it is."""
    raw = {code: " ".join(str(raw.get(code, "")).split()) for code in CODES}
    reader = _Reader(raw, known)
    low, high, is_estimated = reader.ages()
    met = Met(
        identity=Identity(
            family_name=reader.text("family_name"),
            given_names=reader.text("given_names"),
            aliases=reader.text("aliases"),
        ),
        contact=Contact(phone=reader.text("phone")),
        sex=Sex(reader.choice("sex", "sex") or Sex.UNKNOWN),
        age_min=low,
        age_max=high,
        age_is_estimated=is_estimated,
        citizenship=reader.choice("citizenship", "citizenship"),
        languages=reader.several("languages", "language"),
        form=reader.choice("form", "form"),
        involvement=Involvement(
            reader.choice("involvement", "involvement") or Involvement.UNDETERMINED
        ),
        household=reader.text("household"),
        line=number,
    )
    return Line(number, raw, met, tuple(reader.errors))


def read_lines(rows: Iterable[tuple[int, Raw]], known: Known) -> list[Line]:
    """The lines on which something was written."""
    lines = (read_line(number, raw, known) for number, raw in rows)
    return [line for line in lines if not line.is_blank]


def read_age(text: str) -> tuple[int | None, int | None, bool]:
    """Youngest, oldest, and whether it is a guess. Raises ``ValueError``.

    ``15`` was said by the person; ``~15``, ``15-17``, ``18+``, ``<18`` and «adult» are estimates.
    """
    told = " ".join(text.casefold().replace("ans", " ").split())
    if not told:
        return None, None, True
    if told in ("enfant", "child", "mineur", "minor"):
        return 0, 17, True
    if told in ("adulte", "adult", "majeur"):
        return 18, None, True
    if months := re.fullmatch(r"(\d{1,2}) ?(?:mois|months?|m)", told):
        return int(months[1]) // 12, int(months[1]) // 12, True
    if exact := re.fullmatch(r"(~|env\.?|environ|about)? ?(\d{1,3})", told):
        return _age(exact[2]), _age(exact[2]), bool(exact[1])
    if both := re.fullmatch(r"(\d{1,3}) ?(?:-|–|à|a|to) ?(\d{1,3})", told):
        low, high = _age(both[1]), _age(both[2])
        if low > high:
            raise ValueError(text)
        return low, high, True
    if least := re.fullmatch(r"(?:>=? ?(\d{1,3})|(\d{1,3}) ?(?:\+|et plus|et \+|and over))", told):
        return _age(least[1] or least[2]), None, True
    if below := re.fullmatch(r"(?:<|moins de|under) ?(\d{1,3})", told):
        return 0, _age(below[1]) - 1, True
    raise ValueError(text)


def _age(digits: str) -> int:
    age = int(digits)
    if not 0 <= age <= MAX_AGE:
        raise ValueError(digits)
    return age


def read_numbers(text: str) -> set[int]:
    """Lines written ``1-40, 52``. Raises ``ValueError``."""
    numbers: set[int] = set()
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip()))):
        first, dash, last = part.partition("-")
        low, high = int(first), int(last if dash else first)
        if not 0 < low <= high <= 100_000:
            raise ValueError(part)
        numbers.update(range(low, high + 1))
    return numbers


# Sex by age, for people counted without a name: label, youngest, oldest.
AGE_BANDS: Sequence[tuple[str, Promise, int | None, int | None]] = (
    ("0-5", gettext_lazy("0 to 5 years"), 0, 5),
    ("6-11", gettext_lazy("6 to 11 years"), 6, 11),
    ("12-17", gettext_lazy("12 to 17 years"), 12, 17),
    ("child", gettext_lazy("Child, age not known"), 0, 17),
    ("adult", gettext_lazy("18 years and over"), 18, None),
    ("unknown", gettext_lazy("Age not known"), None, None),
)


def counted(numbers: Mapping[tuple[str, str], int], *, citizenship: str = "") -> list[Met]:
    """People counted by (sex, age band), each a line without a name."""
    bands = {code: (low, high) for code, _label, low, high in AGE_BANDS}
    return [
        Met(
            sex=Sex(sex),
            age_min=bands[band][0],
            age_max=bands[band][1],
            citizenship=citizenship,
        )
        for (sex, band), n in numbers.items()
        for _each in range(n)
    ]
