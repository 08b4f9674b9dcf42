"""What bodies and the secretariat do with returns."""

import datetime
import functools
import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core import sealed_files
from danbe.core.access import Actor, Reach
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed, SealBroken
from danbe.core.models import Place
from danbe.core.places import region_of
from danbe.figures.content import (
    Line,
    Parsed,
    asked_of,
    is_blank,
    parse,
    plain,
    said_before,
    vocabulary,
)
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
from danbekit.dates import DAY, Window

OPEN = (Status.DRAFT, Status.QUERIED)  # may be written
EARLIEST = datetime.date(2000, 1, 1)  # no return reaches further back
LONGEST = datetime.timedelta(days=366)
MAX_CONTENT = 2 * 2**20  # bytes of what was typed in one return
MAX_ATTACHMENTS = 20  # a return


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
    _check_window(window)
    # Locked: of two returns opened at once for the same thing, one waits and is refused.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _check_free(organisation, window, chosen)
    row = Return(
        organisation=organisation,
        start=window.start,
        end=window.end,
        axes=" ".join(chosen),
        on_paper=on_paper,
        is_fictitious=is_fictitious,
        source_note=source_note,
    )
    row.save(force_insert=True)
    return row


def _check_window(window: Window) -> None:
    """Refuse periods that no return can have."""
    if window.start < EARLIEST:
        raise DomainError("return.window", _("This period is too far in the past."), "window")
    if window.start > timezone.localdate():
        raise DomainError("return.window", _("This period has not begun."), "window")
    if window.end - window.start >= LONGEST:
        raise DomainError("return.window", _("A return covers one year at most."), "window")


def _check_free(organisation: Organisation, window: Window, axes: Iterable[str]) -> None:
    """Refuse a period already covered on one of the axes: it would be counted twice."""
    near = Return.unscoped.filter(
        organisation=organisation, start__lte=window.end, end__gte=window.start
    )
    other = next((row for row in near if set(axes) & set(row.axes.split())), None)
    if other is None:
        return
    found = Window(other.start, other.end)
    if found == window:
        text = _("A return of this body exists for this period and these axes: open it.")
        raise DomainError("return.exists", text, "window")
    text = _(
        "This body already has a return on one of these axes for a period that overlaps this one "
        "(%(period)s): the same facts would be counted twice."
    )
    said = {"period": found.label(get_language() or "fr")}
    raise DomainError("return.overlaps", text % said, "window")


@action("return.write")
def save_content(
    actor: Actor, row: Return, *, content: Mapping[str, Any], version: int | None = None
) -> Return:
    """Keep the whole content as typed, right or wrong; refused if it changed since ``version``."""
    _lock(row)
    if version is not None and version != row.version:
        raise changed_elsewhere()
    return _keep(row, {k: v for k, v in content.items() if k != TAB})


@action("return.write")
def save_part(
    actor: Actor,
    row: Return,
    *,
    codes: Collection[str] | None,
    content: Mapping[str, Any],
    seen: str,
    tab: str = "",
    more: bool = False,
) -> Return:
    """Keep what one page says of the definitions ``codes`` (``None``: the texts), as typed.

    ``seen`` is the :func:`digest_of` the part that the person had before their eyes: when
    another tab or person changed that part since, nothing is kept, and the caller shows what
    was typed again. ``tab`` names the browser tab; with ``more`` it goes on saving by itself, and
    its next save never conflicts with this one, even if it did not wait for the answer.
    """
    _lock(row)
    now, wanted = part_of(row.content, codes), part_of(content, codes)
    mine = bool(tab) and row.content.get(TAB) == tab
    if not mine and digest_of(now) not in (seen, digest_of(wanted)):
        raise changed_elsewhere()
    kept = {k: v for k, v in row.content.items() if k != TAB}
    if codes is None:
        kept |= wanted
    else:
        rest = [code for code in codes_of(row) if code not in codes]
        others = part_of(kept, rest)
        kept["lines"] = others["lines"] | wanted["lines"]
        kept["no_data"] = others["no_data"] + wanted["no_data"]
    return _keep(row, kept | ({TAB: tab} if tab and more else {}))


TAB = "tab"  # key of the content: the browser tab that saved last and is still open


def part_of(content: Mapping[str, Any], codes: Collection[str] | None) -> dict[str, Any]:
    """What ``content`` says of the definitions ``codes``; of the texts when ``None``."""
    if codes is None:
        narrative: Mapping[str, Any] = content.get("narrative") or {}
        return {
            "narrative": {axis: text for axis, text in narrative.items() if text},
            "difficulties": content.get("difficulties") or "",
        }
    lines: Mapping[str, Any] = content.get("lines") or {}
    return {
        "lines": {code: said for code, said in lines.items() if code in codes and said},
        "no_data": [code for code in content.get("no_data") or [] if code in codes],
    }


def codes_of(row: Return) -> list[str]:
    """The definitions asked in a return, in order."""
    return [d.code for d in asked_of(row.organisation.type, row.axes.split())]


def digest_of(part: Mapping[str, Any]) -> str:
    """A short name of a state of one page, to tell whether it changed."""
    text = json.dumps(part, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def changed_elsewhere() -> DomainError:
    """What is said when another tab or person saved meanwhile."""
    text = _(
        "This return was changed elsewhere since you opened this page. Nothing that you typed is "
        "lost: it is shown below, and not yet saved."
    )
    return DomainError("return.changed_elsewhere", text)


def _lock(row: Return) -> None:
    """Read the row again, alone, before changing it: two clicks, two persons."""
    row.refresh_from_db(from_queryset=Return.unscoped.select_for_update())


def _keep(row: Return, content: Mapping[str, Any]) -> Return:
    if row.status not in OPEN:
        text = _("This return was submitted: it can no longer be changed.")
        raise DomainError("return.closed", text)
    if len(json.dumps(content)) > MAX_CONTENT:
        raise DomainError("return.too_large", _("This return holds too much text to be kept."))
    row.content, row.version = dict(content), row.version + 1
    row.save(update_fields=["content", "version", "changed_at"])
    return row


@action("return.write")
def tick_no_data(actor: Actor, row: Return) -> Return:
    """Say «no data» for everything that was left unanswered."""
    _lock(row)
    silent = unanswered(row)
    content = dict(row.content)
    content["no_data"] = [*(content.get("no_data") or []), *silent]
    return _keep(row, content)


@action("return.discard")
def discard_return(actor: Actor, row: Return) -> None:
    """Give up a draft that was never submitted, with its files: a wrong period, a wrong body."""
    _lock(row)
    if row.status != Status.DRAFT:
        text = _("This return was submitted once: it stays, with its history.")
        raise DomainError("return.closed", text)
    for file in row.attachments.all():
        path = attachment_path(file)
        transaction.on_commit(functools.partial(path.unlink, missing_ok=True))
    Return.unscoped.filter(pk=row.pk).delete()


def unanswered(row: Return) -> list[str]:
    """The definitions asked of which the return says nothing yet, not even «no data»."""
    lines: Mapping[str, Any] = row.content.get("lines") or {}
    told = {code for code, said in lines.items() if any(not is_blank(raw) for raw in said)}
    told |= set(row.content.get("no_data") or [])
    return [code for code in codes_of(row) if code not in told]


@action("return.submit")
def submit_return(actor: Actor, row: Return, *, note: str = "") -> Return:
    """Sign the return. Errors are refused; warnings need their explanation."""
    _lock(row)
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
    if not plain(note):
        raise DomainError("return.note", _("Write what must be corrected, and why."), "note")
    _lock(row)
    _move(actor, row, Status.QUERIED, note)
    Observation.objects.filter(source_return=row).delete()
    involved = Overlap.objects.filter(Q(first=row) | Q(second=row))
    involved.filter(status=OverlapStatus.OPEN).delete()
    for overlap in involved:  # decided ones wait for the return to come back
        recount(overlap)
    return row


@action("return.accept")
def accept_return(actor: Actor, row: Return, *, note: str = "") -> Return:
    """Accept the return: its figures enter the totals, and are compared with those of others."""
    _lock(row)
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
    return parse(row.content, vocabulary(window, definitions, said_before(row)))


def _move(actor: Actor, row: Return, to: Status, note: str) -> Return:
    if to not in TRANSITIONS[Status(row.status)]:
        text = _("A return that is «%(status)s» cannot become «%(to)s».")
        said = {"status": row.get_status_display(), "to": to.label}
        raise DomainError("return.transition", text % said)
    row.status = to
    row.save()
    ReturnNote.unscoped.create(to=row, post_id=actor.post_id, verb=to, text=plain(note))
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
        rows.append(
            made(cell.breakdown, cell.value, sex=sex, age=age, key=key, at_least=cell.at_least)
        )
    return rows


# --- The same fact reported by two bodies ---------------------------------------------------

SAME_VALUE_FROM = 10  # below, equal numbers are too common to mean anything
EVENT_DAYS = 3  # two dated lines this close, in one place, may be one raid
EVENT_RATIO = 0.8


def flag_overlaps(row: Return) -> None:
    """Flag totals of other bodies that look like the same fact as a total of ``row``."""
    totals = Observation.objects.filter(breakdown=Breakdown.TOTAL).select_related("place")
    mine: dict[str, list[Observation]] = {}
    for one in totals.filter(source_return=row):
        mine.setdefault(one.definition_id, []).append(one)
    near = EVENT_DAYS * DAY
    others = totals.filter(
        definition__in=list(mine), end__gte=row.start - near, start__lte=row.end + near
    )
    for other in others.filter(_comparable(mine)).exclude(organisation_id=row.organisation_id):
        for one in mine[other.definition_id]:
            reason = _looks_like(one, other)
            if reason:
                _flag(one, other, reason)


def _comparable(mine: Mapping[str, Sequence[Observation]]) -> Q:
    """The few totals that may look like one of ``mine``: the same value, or an event."""
    ones = [one for lines in mine.values() for one in lines]
    values = {one.value for one in ones if one.value >= SAME_VALUE_FROM}
    found = Q(value__in=values)
    if any(one.end - one.start <= EVENT_DAYS * DAY for one in ones):
        found |= Q(end__lte=F("start") + EVENT_DAYS * DAY)
    return found


def _looks_like(one: Observation, other: Observation) -> str:
    """Why two totals look like one fact; empty when they do not."""
    if one.value == 0 or other.value == 0 or not _meet(one.place, other.place):
        return ""
    span = max(one.end, other.end) - min(one.start, other.start)
    short = max(one.end - one.start, other.end - other.start) <= EVENT_DAYS * DAY
    overlap = one.start <= other.end and other.start <= one.end
    near = overlap or span <= EVENT_DAYS * DAY
    if short and near and EVENT_RATIO <= one.value / other.value <= 1 / EVENT_RATIO:
        return "same_event"
    same = one.value == other.value >= SAME_VALUE_FROM and one.place_id == other.place_id
    return "same_value" if same and (one.start, one.end) == (other.start, other.end) else ""


def _meet(one: Place, other: Place) -> bool:
    """Whether two places are the same, or one is a cercle or commune of the other."""
    if one.pk == other.pk:
        return True
    small, wide = (one, other) if one.parent_id == other.pk else (other, one)
    return small.parent_id == wide.pk and wide.parent_id is not None


def _flag(one: Observation, other: Observation, reason: str) -> None:
    """Put the pair before a human; a decision taken on the same two numbers stands."""
    first, second = sorted((one, other), key=lambda o: str(o.source_return_id))
    wide = one.place_id if other.place.parent_id == one.place_id else other.place_id
    overlap, is_new = Overlap.objects.get_or_create(
        definition_id=one.definition_id,
        place_id=wide,
        start=min(one.start, other.start),
        end=max(one.end, other.end),
        first_id=first.source_return_id,
        second_id=second.source_return_id,
        defaults={
            "first_value": first.value,
            "second_value": second.value,
            "reason": reason,
        },
    )
    if is_new:
        return
    values = (first.value, second.value)
    if (overlap.first_value, overlap.second_value) != values:
        overlap.first_value, overlap.second_value = values
        overlap.status, overlap.kept, overlap.decided_at = OverlapStatus.OPEN, None, None
        overlap.save()
    recount(overlap)


@action("overlap.decide")
def decide_overlap(
    actor: Actor, overlap: Overlap, *, status: str, kept: uuid.UUID | None = None, note: str = ""
) -> Overlap:
    """Say whether two numbers are one fact, and which one counts. Reversible."""
    if status not in OverlapStatus.values:
        raise DomainError("overlap.status", _("Say whether it is the same fact."), "status")
    if status == OverlapStatus.SAME:
        if kept not in (overlap.first_id, overlap.second_id):
            raise DomainError("overlap.kept", _("Choose which number counts."), "kept")
        if not note.strip():
            raise DomainError("overlap.note", _("Say how you know it is the same fact."), "note")
    overlap.status, overlap.note = OverlapStatus(status), note.strip()
    overlap.kept_id = kept if status == OverlapStatus.SAME else None
    overlap.decided_at, overlap.decided_by_id = timezone.now(), actor.post_id
    overlap.save()
    recount(overlap)
    return overlap


def recount(overlap: Overlap) -> None:
    """Say again which of the two numbers count, after all that was decided on each.

    A number gives way only to one that is in the totals: when the return that was kept is
    queried, the other one counts again.
    """
    sides = ((overlap.first_id, overlap.first_value), (overlap.second_id, overlap.second_value))
    for return_id, value in sides:
        for total in _side(overlap, return_id, value):
            Observation.objects.filter(
                source_return_id=return_id,
                definition_id=total.definition_id,
                place_id=total.place_id,
                start=total.start,
                end=total.end,
            ).update(counted=not _gives_way(total))


def _side(overlap: Overlap, return_id: uuid.UUID, value: int) -> Sequence[Observation]:
    """The totals of one return that an overlap speaks of."""
    totals = Observation.objects.filter(
        source_return_id=return_id,
        definition_id=overlap.definition_id,
        breakdown=Breakdown.TOTAL,
        value=value,
        start__gte=overlap.start,
        end__lte=overlap.end,
    ).select_related("place__parent")
    exact = list(totals.filter(place_id=overlap.place_id))
    return exact or list(totals.filter(place__parent_id=overlap.place_id))


def _gives_way(total: Observation) -> bool:
    """Whether a number is the same fact as one that was kept instead, and is in the totals."""
    parent = total.place.parent
    wider = [parent.pk] if parent and parent.parent_id else []
    return (
        Overlap.objects.filter(
            Q(first=total.source_return_id, first_value=total.value)
            | Q(second=total.source_return_id, second_value=total.value),
            definition_id=total.definition_id,
            place_id__in=[total.place_id, *wider],
            start__lte=total.start,
            end__gte=total.end,
            status=OverlapStatus.SAME,
            kept__status=Status.ACCEPTED,
        )
        .exclude(kept=total.source_return_id)
        .exists()
    )


# --- Files joined to a return ---------------------------------------------------------------


@action("return.attach")
def attach(actor: Actor, row: Return, *, name: str, data: bytes) -> Attachment:
    """Join a file: sealed on disk under a random name; its own name is sealed too."""
    _lock(row)
    if row.status not in OPEN:
        raise DomainError("return.closed", _("This return was submitted: its files stay."))
    if row.attachments.exclude(key=None).count() >= MAX_ATTACHMENTS:
        text = _("A return holds %(n)d files at most.") % {"n": MAX_ATTACHMENTS}
        raise DomainError("attachment.number", text, "file")
    name = sealed_files.clean_name(name)
    media_type = sealed_files.media_type_of(name, data)
    pk = uuid.uuid4()
    key, sealed_name = sealed_files.seal_file(pk, name, data)
    file = Attachment(
        pk=pk, to=row, key=key, sealed_name=sealed_name, media_type=media_type, n_bytes=len(data)
    )
    file.save(force_insert=True)
    return file


@action("return.attach")
def detach(actor: Actor, file: Attachment) -> None:
    """Destroy the key of a file, then the file: it is unreadable in backups too."""
    _lock(file.to)
    if file.to.status not in OPEN:
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
    return sealed_files.open_file(file.pk, bytes(file.key), bytes(file.sealed_name))


def attachment_path(file: Attachment) -> Path:
    """Where the sealed bytes lie: the name tells nothing."""
    return sealed_files.path_of(file.pk)


@action("obligation.write")
def set_obligation(actor: Actor, obligation: Obligation) -> Obligation:
    """Say what a body owes, how often, from when to when."""
    if not obligation.axes.split():
        raise DomainError("obligation.axes", _("Choose at least one axis."), "axes")
    if obligation.months not in (1, 3, 6, 12):
        raise DomainError("obligation.months", _("Choose how often."), "months")
    obligation.save()
    return obligation
