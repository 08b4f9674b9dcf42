"""One person under several spellings, in several bodies.

Names are sealed; what an index may hold of them is keyed hashes of the keys made here, so
everything works on the equality of keys. :mod:`~danbekit.linkage.words` takes a name apart,
:mod:`~danbekit.linkage.sounds` says how a word sounds, :mod:`~danbekit.linkage.keys` makes what
is indexed and what is looked up, :mod:`~danbekit.linkage.comparing` weighs two persons without
seeing a name. The tables (``tables/*.csv``) are ours, written from general knowledge of Malian
names and confirmed by nobody: correct them with people who keep registers. Method and measures:
``docs/methods/recherche-des-noms.md``.
"""

import csv
import io
from importlib.resources import files


def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``tables/<name>.csv``."""
    text = files(__package__).joinpath(f"tables/{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))
