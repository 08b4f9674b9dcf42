"""Documents of meetings: sealed like the files of returns, opened by an act."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from danbe.core import sealed_files
from danbe.core.access import Actor, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError, SealBroken
from danbe.partnership.models import Meeting, MeetingFile

MOST_FILES = 20  # a meeting


@action("meeting_file.join")
def join_document(actor: Actor, meeting: Meeting, *, name: str, data: bytes) -> MeetingFile:
    """Seal a document on disk under a random name; its own name is sealed too."""
    rows = visible(actor, Meeting, "meeting_file.join").select_for_update()
    kept = rows.get(pk=meeting.pk)
    if kept.files.exclude(key=None).count() >= MOST_FILES:
        text = _("A meeting holds %(n)d documents at most.") % {"n": MOST_FILES}
        raise DomainError("attachment.number", text, "file")
    name = sealed_files.clean_name(name)
    media_type = sealed_files.media_type_of(name, data)
    pk = uuid.uuid4()
    key, sealed_name = sealed_files.seal_file(pk, name, data)
    file = MeetingFile(
        pk=pk,
        meeting=kept,
        key=key,
        sealed_name=sealed_name,
        media_type=media_type,
        n_bytes=len(data),
    )
    file.save(force_insert=True)
    return file


@action("meeting_file.join")
def destroy_document(actor: Actor, file: MeetingFile) -> None:
    """Destroy the key of a document, then the document: backups cannot open it either."""
    path = sealed_files.path_of(file.pk)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    file.key = None
    file.save(update_fields=["key"])


@action("meeting_file.open")
def open_document(actor: Actor, file: MeetingFile) -> tuple[str, bytes]:
    """The name and the content. Raises :class:`SealBroken` once destroyed."""
    if file.key is None:
        raise SealBroken("document")
    return sealed_files.open_file(file.pk, bytes(file.key), bytes(file.sealed_name))
