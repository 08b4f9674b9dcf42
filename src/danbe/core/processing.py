"""What each part of Danbe declares of the personal data that it holds (law 2013-015).

The register of processing is made from these declarations and from the tables themselves
(``reports/processing.py``). A table that looks as if it held personal data and is declared
nowhere makes a test fail: a new table is declared in ``personal_data.py`` of its own app, as part
of an entry or, with the reason, as holding none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from django.apps import apps
from django.db import models

NAMES = frozenset({"name", "phone", "email", "contact", "address", "speaker", "author"})


@dataclass(frozen=True, slots=True)
class Processing:
    """One processing: what for, about whom, in which tables, on what basis, for how long.

    Texts are French: the register is a French document. ``basis`` is as far as it is known;
    nothing is confirmed before a lawyer confirms it. ``verbs`` are those that let somebody read
    or write it: recipients follow from the table of rights. ``retention`` names rules of
    ``retention.csv``; ``kept`` says it where no rule of that table applies.
    """

    code: str
    title: str
    purpose: str
    people: tuple[str, ...]
    data: tuple[str, ...]
    models: tuple[str, ...]  # app.Model
    verbs: tuple[str, ...]
    basis: str
    security: tuple[str, ...]
    is_sealed: bool = False
    has_groups: bool = False  # shared by field groups, on grounds and agreements
    retention: tuple[str, ...] = ()
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """What one app declares: its processings, and its tables without personal data, with why."""

    entries: tuple[Processing, ...] = ()
    none: Mapping[str, str] = field(default_factory=dict)


def declarations() -> Iterator[tuple[str, Declared]]:
    """What each app of Danbe declares, in the order of the layers."""
    for config in apps.get_app_configs():
        if not config.name.startswith("danbe."):
            continue
        try:
            module = import_module(f"{config.name}.personal_data")
        except ModuleNotFoundError:
            continue
        yield config.label, module.DECLARED


def entries() -> list[Processing]:
    """Every processing that is declared."""
    return [entry for _label, declared in declarations() for entry in declared.entries]


def looks_personal(model: type[models.Model]) -> str:
    """Why ``model`` looks as if it held personal data; empty where it does not.

    A sealed column, an address, a person's identifier, a name in a column, or a link to a
    table that does. A post is not a person: it outlives whoever holds it.
    """
    return _looks(model, frozenset())


def _looks(model: type[models.Model], seen: frozenset[type[models.Model]]) -> str:
    for column in model._meta.get_fields():
        if not isinstance(column, models.Field) or column.auto_created:
            continue
        if isinstance(column, models.BinaryField | models.EmailField):
            return column.name
        if column.name in NAMES or column.name == "user_id":
            return column.name
        target = column.related_model
        if isinstance(target, type) and issubclass(target, models.Model):
            about = target._meta.label_lower in ABOUT or (
                target not in seen | {model}
                and target._meta.label_lower not in NOT_ABOUT
                and bool(_looks(target, seen | {model}))
            )
            if about:
                return column.name
    return ""


ABOUT = frozenset({"accounts.user", "protection.person", "protection.national"})
# Bodies, their posts and places are named, and are nobody.
NOT_ABOUT = frozenset({"accounts.organisation", "accounts.post", "core.place"})
