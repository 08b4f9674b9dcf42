"""One page that is looked at, and how it is written down."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Ids = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One page, seen by one persona (empty: a visitor)."""

    name: str  # of the address, and what is particular
    persona: str
    path: Callable[[Ids], str]

    @property
    def slug(self) -> str:
        """A file name."""
        return re.sub(r"[^\w]+", "-", self.name)

    @property
    def address_name(self) -> str:
        """The name in ``config/urls.py``."""
        return self.name.partition(", ")[0]


def seen(name: str, persona: str, path: str) -> Page:
    return Page(name, persona, lambda ids: path.format(**ids))
