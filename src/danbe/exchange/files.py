"""``danbe import``: which kind of file goes to which reader."""

from collections.abc import Callable, Mapping
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role, visible
from danbe.core.errors import DomainError
from danbe.exchange import boundaries, organisations, return_layout, return_xlsx
from danbe.figures.actions import open_return, save_content
from danbe.figures.models import Return
from danbekit.dates import Window
from danbekit.errors import BadWindow

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
    """A filled workbook becomes the draft of its return, opened for its body where needed."""
    actor = the_post(Role.SECRETARIAT)
    with transaction.atomic():
        row = _return_of(actor, data)
        read = return_xlsx.read_return(row, data)
        problems = [f"{cell.address}: {cell.message}" for cell in read.errors]
        if not problems:
            save_content(actor, row, content=read.content)
            tell(
                _("Draft kept: %(body)s, %(window)s.")
                % {"body": row.organisation.code, "window": Window(row.start, row.end).label()}
            )
            for cell in read.warnings:
                tell(f"{cell.address}: {cell.message}")
        transaction.set_rollback(bool(problems))
    return problems


def _return_of(actor: Actor, data: bytes) -> Return:
    """The return that a workbook says it is. Raises :class:`DomainError`."""
    info = return_xlsx.open_workbook(data).get(return_layout.INFO)
    if info is None:
        raise return_xlsx.refuse("template", _("This is not a return workbook of Danbe."))
    try:
        window = Window.parse(info.cell(1, 0))
        body = Organisation.objects.get(code=info.cell(2, 0))
    except (BadWindow, Organisation.DoesNotExist) as error:
        text = _("This workbook names no known organisation or period.")
        raise return_xlsx.refuse("template", text) from error
    axes = info.cell(3, 0).split()
    rows = visible(actor, Return, "return.write").filter(
        organisation=body, start=window.start, end=window.end
    )
    known = next((row for row in rows if set(axes) <= set(row.axes.split())), None)
    return known or open_return(actor, body, window=window, axes=axes, on_paper=True)


READERS: Mapping[str, Callable[[bytes, Tell], list[str]]] = {
    "organisations": _organisations,
    "boundaries": _boundaries,
    "return": _return,
}
