"""What bodies and the secretariat do with returns."""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import Organisation
from danbe.core import sealing
from danbe.core.access import Actor, Reach
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed, SealBroken
from danbe.core.places import region_of
from danbe.figures.content import Line, Parsed, asked_of, parse, vocabulary
from danbe.figures.models import (
    TRANSITIONS,
    Attachment,
    Axis,
    Breakdown,
    Obligation,
    Observation,
    Overlap,
    OverlapStatus,
    Return,
    ReturnNote,
    Status,
)
from danbekit.dates import Window

MAX_ATTACHMENT = 10 * 2**20
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".csv": "text/csv",
    ".txt": "text/plain",
}


@action("return.open")
def open_return(
    actor: Actor,
    organisation: Organisation,
    *,
    window: Window,
    axes: Sequence[str],
    on_paper: bool = False,
    is_fictitious: bool = False,
    source_note: str = "",
) -> Return:
    """Open a draft for one body, one window, one axis or several."""
    if actor.reach("return.open") is not Reach.NATION and organisation.pk != actor.organisation_id:
        raise NotAllowed("return.open")
    chosen = [axis for axis in Axis.values if axis in axes]
    if not chosen:
        raise DomainError("return.axes", _("Choose at least one axis."), "axes")
    row = Return(
        organisation=organisation,
        start=window.start,
        end=window.end,
        axes=" ".join(chosen),
        on_paper=on_paper,
        is_fictitious=is_fictitious,
        source_note=source_note,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        text = _("A return of this body exists for this period and these axes: open it.")
        raise DomainError("return.exists", text, "window") from error
    return row


@action("return.write")
def save_content(
    actor: Actor, row: Return, *, content: Mapping[str, Any], version: int | None = None
) -> Return:
    """Keep what was typed, right or wrong. Refused when another tab saved meanwhile."""
    if row.status not in (Status.DRAFT, Status.QUERIED):
        raise DomainError(
            "return.closed", _("This return was submitted: it can no longer be changed.")
        )
    rows = Return.unscoped.filter(pk=row.pk)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(content=dict(content), version=F("version") + 1, changed_at=timezone.now()):
        text = _(
            "This return was changed elsewhere since you opened this page. Your entries are "
            "shown below: reload the return in another tab, compare, then save again."
        )
        raise DomainError("return.changed_elsewhere", text)
    row.refresh_from_db()
    return row


@action("return.submit")
def submit_return(actor: Actor, row: Return, *, note: str = "") -> Return:
    """Sign the return. Errors are refused; warnings need their explanation."""
    parsed = parsed_return(row)
    if parsed.problems:
        text = _("The return has points to correct or to explain before it is submitted.")
        raise DomainError("return.problems", text)
    if not parsed.lines and not row.content.get("no_data"):
        text = _("The return is empty: enter figures, or tick «no data» where you have none.")
        raise DomainError("return.empty", text)
    row.submitted_at, row.submitted_by_id = timezone.now(), actor.post_id
    return _move(actor, row, Status.SUBMITTED, note)


@action("return.query")
def query_return(actor: Actor, row: Return, *, note: str) -> Return:
    """Send the return back with a question. Its figures leave the totals until accepted."""
    if not note.strip():
        raise DomainError("return.note", _("Write what must be corrected, and why."), "note")
    Observation.objects.filter(source_return=row).delete()
    Overlap.objects.filter(first=row).delete()
    Overlap.objects.filter(second=row).delete()
    return _move(actor, row, Status.QUERIED, note)


@action("return.accept")
def accept_return(actor: Actor, row: Return, *, note: str = "") -> Return:
    """Accept the return: its figures enter the totals, and are compared with those of others."""
    parsed = parsed_return(row)
    if parsed.errors:
        text = _("The return has errors: query it instead.")
        raise DomainError("return.problems", text)
    row.accepted_at, row.accepted_by_id = timezone.now(), actor.post_id
    _move(actor, row, Status.ACCEPTED, note)
    observe(row, parsed.lines)
    flag_overlaps(row)
    return row


def parsed_return(row: Return) -> Parsed:
    """What the return says, and what is wrong with it."""
    definitions = asked_of(row.organisation.type, row.axes.split())
    window = Window(row.start, row.end)
    return parse(row.content, vocabulary(window, definitions))


def _move(actor: Actor, row: Return, to: Status, note: str) -> Return:
    if to not in TRANSITIONS[Status(row.status)]:
        text = _("A return that is «%(status)s» cannot become «%(to)s».")
        said = {"status": row.get_status_display(), "to": to.label}
        raise DomainError("return.transition", str(text) % said)
    row.status = to
    row.save()
    ReturnNote.unscoped.create(to=row, post_id=actor.post_id, verb=to, text=note.strip())
    return row


def observe(row: Return, lines: Sequence[Line]) -> None:
    """Write the observations of an accepted return."""
    Observation.objects.filter(source_return=row).delete()
    Observation.objects.bulk_create(
        (o for line in lines for o in observations_of(row, line)), batch_size=500
    )


def observations_of(row: Return, line: Line) -> list[Observation]:
    """One line as rows: the total, then its parts."""
    region = region_of(line.place)

    def made(breakdown: str, value: int, **parts: Any) -> Observation:
        return Observation(
            definition=line.definition,
            start=line.window.start,
            end=line.window.end,
            place=line.place,
            region=region,
            organisation_id=row.organisation_id,
            source_return=row,
            breakdown=breakdown,
            value=value,
            **parts,
        )

    rows = [made(Breakdown.TOTAL, line.total, at_least=line.at_least)]
    for cell in line.cells:
        sex, age = cell.sex_age
        key = "" if sex else cell.key
        rows.append(made(cell.breakdown, cell.value, sex=sex, age=age, key=key))
    return rows


# --- The same fact reported by two bodies ---------------------------------------------------

SAME_VALUE_FROM = 10  # below, equal numbers are too common to mean anything
EVENT_DAYS = 3  # two dated lines this close, in one place, may be one raid
EVENT_RATIO = 0.8


def flag_overlaps(row: Return) -> None:
    """Flag totals of other bodies that look like the same fact as a total of ``row``."""
    mine = Observation.objects.filter(source_return=row, breakdown=Breakdown.TOTAL)
    found = []
    for one in mine:
        others = Observation.objects.filter(
            definition_id=one.definition_id, breakdown=Breakdown.TOTAL, place_id=one.place_id
        ).exclude(organisation_id=one.organisation_id)
        found += [
            _overlap(one, other, reason)
            for other in others.filter(start__lte=one.end, end__gte=one.start)
            if (reason := _looks_like(one, other))
        ]
    Overlap.objects.bulk_create(found, ignore_conflicts=True)


def _looks_like(one: Observation, other: Observation) -> str:
    """Why two totals look like one fact; empty when they do not."""
    if one.value == 0 or other.value == 0:
        return ""
    short = max(one.end - one.start, other.end - other.start).days <= EVENT_DAYS
    if short and min(one.value, other.value) / max(one.value, other.value) >= EVENT_RATIO:
        return "same_event"
    same = one.value == other.value >= SAME_VALUE_FROM
    return "same_value" if same and (one.start, one.end) == (other.start, other.end) else ""


def _overlap(one: Observation, other: Observation, reason: str) -> Overlap:
    return Overlap(
        definition_id=one.definition_id,
        place_id=one.place_id,
        start=min(one.start, other.start),
        end=max(one.end, other.end),
        first_id=other.source_return_id,
        second_id=one.source_return_id,
        first_value=other.value,
        second_value=one.value,
        reason=reason,
    )


@action("overlap.decide")
def decide_overlap(
    actor: Actor, overlap: Overlap, *, status: str, kept: uuid.UUID | None = None, note: str = ""
) -> Overlap:
    """Say whether two numbers are one fact, and which one counts. Reversible."""
    if status == OverlapStatus.SAME:
        if kept not in (overlap.first_id, overlap.second_id):
            raise DomainError("overlap.kept", _("Choose which number counts."), "kept")
        if not note.strip():
            raise DomainError("overlap.note", _("Say how you know it is the same fact."), "note")
    overlap.status, overlap.note = OverlapStatus(status), note.strip()
    overlap.kept_id = kept if status == OverlapStatus.SAME else None
    overlap.decided_at, overlap.decided_by_id = timezone.now(), actor.post_id
    overlap.save()
    for source in (overlap.first_id, overlap.second_id):
        Observation.objects.filter(
            source_return_id=source,
            definition_id=overlap.definition_id,
            place_id=overlap.place_id,
            start__gte=overlap.start,
            end__lte=overlap.end,
        ).update(counted=overlap.kept_id is None or source == overlap.kept_id)
    return overlap


# --- Files joined to a return ---------------------------------------------------------------


@action("return.attach")
def attach(actor: Actor, row: Return, *, name: str, data: bytes) -> Attachment:
    """Join a file: sealed on disk under a random name; its own name is sealed too."""
    suffix = Path(name).suffix.lower()
    if suffix not in MEDIA_TYPES:
        text = _("This kind of file is not accepted. Join a PDF, an image, a text or a table.")
        raise DomainError("attachment.type", text, "file")
    if not 0 < len(data) <= MAX_ATTACHMENT:
        text = _("The file is empty or larger than 10 MB.")
        raise DomainError("attachment.size", text, "file")
    pk = uuid.uuid4()
    key = sealing.new_key(str(pk))
    file = Attachment(
        pk=pk,
        to=row,
        key=key,
        sealed_name=sealing.seal(key, Path(name).name.encode(), owner=str(pk), what="name"),
        media_type=MEDIA_TYPES[suffix],
        n_bytes=len(data),
    )
    file.save(force_insert=True)
    path = attachment_path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sealing.seal(key, data, owner=str(pk), what="file"))
    return file


@action("return.attach")
def detach(actor: Actor, file: Attachment) -> None:
    """Destroy the key of a file, then the file: it is unreadable in backups too."""
    if file.to.status not in (Status.DRAFT, Status.QUERIED):
        raise DomainError("return.closed", _("This return was submitted: its files stay."))
    path = attachment_path(file)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    file.key = None
    file.save(update_fields=["key"])


@action("attachment.open")
def open_attachment(actor: Actor, file: Attachment) -> tuple[str, bytes]:
    """The name and the content of a file. Raises :class:`SealBroken` once destroyed."""
    if file.key is None:
        raise SealBroken("attachment")
    key, owner = bytes(file.key), str(file.pk)
    name = sealing.unseal(key, bytes(file.sealed_name), owner=owner, what="name").decode()
    data = attachment_path(file).read_bytes()
    return name, sealing.unseal(key, data, owner=owner, what="file")


def attachment_path(file: Attachment) -> Path:
    """Where the sealed bytes lie: the name tells nothing."""
    return Path(settings.MEDIA_ROOT) / "attachments" / f"{file.pk}.sealed"


@action("obligation.write")
def set_obligation(actor: Actor, obligation: Obligation) -> Obligation:
    """Say what a body owes, how often, from when to when."""
    if not obligation.axes.split():
        raise DomainError("obligation.axes", _("Choose at least one axis."), "axes")
    if obligation.months not in (1, 3, 6, 12):
        raise DomainError("obligation.months", _("Choose how often."), "months")
    obligation.save()
    return obligation
