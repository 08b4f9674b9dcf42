"""``danbe import``: which kind of file goes to which reader."""

from collections.abc import Callable, Mapping
from pathlib import Path

from danbe.accounts.models import Post
from danbe.core.access import Actor, Role
from danbe.core.errors import DomainError
from danbe.exchange import boundaries, organisations

Tell = Callable[[str], None]


def import_file(what: str, path: Path, tell: Tell) -> list[str]:
    """Import all of a file or nothing; returns what is wrong with it, cell by cell."""
    return READERS[what](path.read_bytes(), tell)


def the_post(role: Role) -> Actor:
    """The post in whose name a command acts. Raises :class:`DomainError` when vacant."""
    post = Post.objects.filter(role=role, is_active=True).order_by("pk").first()
    if post is None:
        raise DomainError("command.no_post", f"no active post: {role.label}")
    return post.actor


def _organisations(data: bytes, tell: Tell) -> list[str]:
    return organisations.import_csv(the_post(Role.ADMINISTRATOR), data, tell)


def _boundaries(data: bytes, tell: Tell) -> list[str]:
    return boundaries.import_geojson(the_post(Role.ADMINISTRATOR), data, tell)


def _return(data: bytes, tell: Tell) -> list[str]:
    from danbe.exchange import return_xlsx

    return return_xlsx.import_command(the_post(Role.SECRETARIAT), data, tell)


READERS: Mapping[str, Callable[[bytes, Tell], list[str]]] = {
    "organisations": _organisations,
    "boundaries": _boundaries,
    "return": _return,
}
