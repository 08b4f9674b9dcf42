"""What was opened of a person, in words: the same on a page and in a packet."""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from danbe.core.models import Term
from danbe.protection.door import File
from danbe.protection.models import Person
from danbe.protection.vocabulary import FieldGroup

Lines = list[tuple[str, str]]
# Rows that are not texts to be read as they are.
NOT_TEXTS = {"identity", "contact", "photo", "recording", "recipient", "hearing"}


@dataclass(frozen=True, slots=True)
class Section:
    """One field group: lines where it has columns, texts where it has words."""

    group: FieldGroup
    lines: Lines
    texts: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written there."""
        return not self.lines and not self.texts


def sections_of(
    person: Person,
    opened: File,
    groups: Collection[FieldGroup],
    *,
    referral: uuid.UUID | None = None,
) -> list[Section]:
    """The groups of ``opened`` in their order; of notes to recipients, those of ``referral``."""
    return [
        Section(group, _lines(person, opened, group), tuple(_texts(opened, group, referral)))
        for group in FieldGroup
        if group in groups
    ]


def _lines(person: Person, opened: File, group: FieldGroup) -> Lines:
    if group == FieldGroup.PROFILE:
        return profile_of(person)
    if group == FieldGroup.IDENTITY:
        return _filled(opened.identity, _identity_labels())
    if group == FieldGroup.CONTACT:
        return _filled(opened.contact, _contact_labels())
    return []


def _texts(opened: File, group: FieldGroup, referral: uuid.UUID | None) -> Iterator[str]:
    """What was written in a group, the newest last; notes of other referrals left out."""
    for one in opened.rows:
        row = one.row
        if row.group != group or row.superseded_at:
            continue
        if row.kind == "photo":
            yield _("A photograph is kept: it is seen on the page of the person.")
        if row.kind in NOT_TEXTS:
            continue
        if row.kind == "referral_note" and row.subject != referral:
            continue
        if text := readable_text(one.text or ""):
            yield text


def readable_text(text: str) -> str:
    """A sealed text as a person reads it: a form is one line for each answer."""
    if not text.startswith(("{", "[")):
        return text
    try:
        told = json.loads(text)
    except ValueError:
        return text
    return "\n".join(_words(told))


def _words(told: object) -> Iterator[str]:
    if isinstance(told, dict):
        for value in told.values():
            yield from _words(value)
    elif isinstance(told, list):
        for value in told:
            yield from _words(value)
    elif isinstance(told, str) and told.strip():
        yield told.strip()


def profile_of(person: Person) -> Lines:
    """What is counted of a person: enough to find the right bed."""
    languages = Term.objects.filter(list="language", code__in=person.languages.split())
    lines = [
        (_("National number"), person.national.number),
        (_("Sex"), str(person.get_sex_display())),
        (_("Age"), age_in_words(person)),
        (_("Citizenship"), country_label(person.citizenship)),
        (_("Languages"), ", ".join(term.label for term in languages)),
        (_("Disability"), _("Yes") if person.has_disability else ""),
    ]
    return [line for line in lines if line[1]]


def age_in_words(person: Person) -> str:
    """«15», «between 14 and 17», «at most 17»; empty where nothing is known."""
    low, high = person.age_min, person.age_max
    if low is None and high is None:
        return ""
    if low is None:
        return _("%(n)d at most") % {"n": high}
    if high is None:
        return _("%(n)d at least") % {"n": low}
    if low == high:
        return str(low)
    return _("between %(low)d and %(high)d") % {"low": low, "high": high}


def country_label(code: str) -> str:
    """A country in words."""
    if not code:
        return ""
    term = Term.objects.filter(list="country", code=code).first()
    return term.label if term else code


def _identity_labels() -> Lines:
    return [
        ("given_names", _("Given names")),
        ("family_name", _("Family name")),
        ("aliases", _("Other names")),
        ("birth", _("Born")),
        ("birth_place", _("Place of birth")),
        ("father", _("Father")),
        ("mother", _("Mother")),
        ("papers", _("Papers")),
    ]


def _contact_labels() -> Lines:
    return [
        ("phone", _("Telephone")),
        ("village", _("Village or district")),
        ("address", _("Address")),
        ("trusted_person", _("Trusted person")),
        ("safe_hours", _("Safe hours")),
        ("words", _("What may be said, and what never")),
    ]


def _filled(value: object, labels: Iterable[tuple[str, str]]) -> Lines:
    return [(label, getattr(value, name)) for name, label in labels if getattr(value, name)]
