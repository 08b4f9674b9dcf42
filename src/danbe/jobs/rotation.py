"""Every data key under the newest master key: what `danbe rotate-keys` does.

Data are not touched. A key that is there already is passed over, so that a run that was cut goes
on. A key that somebody destroys meanwhile stays destroyed: it is replaced only where it still is
what was read.
"""

from collections.abc import Callable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import models, transaction

from danbe.accounts.sign_in import has_newest_key, rewrapped
from danbe.core import audit, sealing
from danbe.core.access import ANONYMOUS
from danbe.figures.models import Attachment
from danbe.partnership.models import MeetingFile, SafeAddress
from danbe.plan.contribution_codes import owner_of
from danbe.plan.models import Contribution
from danbe.protection import door
from danbe.protection.models import DataKey, Event

A_BATCH = 500
# What holds a wrapped key: the rows, the column, and whose key it is.
HOLDERS: tuple[tuple[type[models.Model], str, Callable[[Any], str]], ...] = (
    (DataKey, "wrapped", door.owner_of),
    (Event, "wrapped_key", door.owner_of_event),
    (SafeAddress, "key", lambda row: row.owner),
    (MeetingFile, "key", lambda row: str(row.pk)),
    (Attachment, "key", lambda row: str(row.pk)),
    (Contribution, "sealed_key", owner_of),
)
SECRETS = ("secret", "seed")  # of a telephone, of recovery codes


def rewrap_all(tell: Callable[[str], object]) -> int:
    """Put every key under the newest master key, a line for each kind; how many were moved."""
    n_all = 0
    for model, column, owner in HOLDERS:
        n = sum(_moved(model, column, owner, rows) for rows in _batches(model))
        tell(f"   {model._meta.label}: {n}")
        n_all += n
    n = sum(_moved_secrets(row) for rows in _batches(Authenticator) for row in rows)
    tell(f"   {Authenticator._meta.label}: {n}")
    with transaction.atomic():
        audit.record(ANONYMOUS, "instance.rewrap")
    return n_all + n


def _batches(model: type[models.Model]) -> Iterator[list[Any]]:
    """The rows in the order of their key, some hundreds at a time."""
    rows = model._default_manager.order_by("pk")
    batch = list(rows[:A_BATCH])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:A_BATCH])


@transaction.atomic
def _moved(
    model: type[models.Model], column: str, owner: Callable[[Any], str], rows: list[Any]
) -> int:
    n = 0
    for row in rows:
        old = bytes(getattr(row, column) or b"")
        if old and not sealing.is_newest(old):
            same = model._default_manager.filter(pk=row.pk, **{column: old})
            n += same.update(**{column: sealing.rewrap(old, owner(row))})
    return n


def _moved_secrets(row: Authenticator) -> int:
    """Those of the second factor, which the library keeps as text."""
    held = {name: text for name, text in row.data.items() if name in SECRETS}
    old = {name: text for name, text in held.items() if not has_newest_key(text)}
    if not old:
        return 0
    new = row.data | {name: rewrapped(text) for name, text in old.items()}
    n: int = Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=new)
    return n
