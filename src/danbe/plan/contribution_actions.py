"""What contributors do: write from a post, from the public page, or in a room without network."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.models import Place
from danbe.plan.contribution_codes import BUCKET, bucket_of, code_of, hash_of, mark_of, seal_words
from danbe.plan.contribution_rules import (
    Told,
    category_of,
    check_words,
    must_take,
    next_number,
    open_categories,
)
from danbe.plan.models import (
    SEALED_CATEGORIES,
    Category,
    Channel,
    Contribution,
    ContributionKind,
    Knock,
    Moderation,
    Process,
    Room,
)

MOST_KNOCKS = 8  # in three minutes, from one address: as for failed sign-ins
MAX_LINES = 500  # of one room
PUBLIC_CATEGORIES = (Category.PUBLIC, Category.SURVIVORS)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet of a room."""

    number: int
    category: str
    told: Told
    organisation: Organisation | None = None


# --- From a post ----------------------------------------------------------------------------


@action("contribution.write")
def contribute(actor: Actor, process: Process, told: Told) -> Contribution:
    """Say something of a draft, in the name of the actor's body."""
    body = Organisation.objects.get(pk=actor.seat.organisation_id)
    row = _made(process, told, category_of(process, body), Channel.WEB)
    row.post_id, row.organisation = actor.seat.post_id, body
    return _kept(row)


@action("contribution.write")
def support(actor: Actor, contribution: Contribution) -> Contribution:
    """Support what somebody else said: once a post, and not one's own words."""
    if contribution.moderation != Moderation.PUBLISHED:
        raise DomainError("contribution.unpublished", _("It is not published."))
    if contribution.post_id == actor.seat.post_id:
        raise DomainError("contribution.own", _("It is your own contribution."))
    if contribution.kind == ContributionKind.SUPPORT:
        raise DomainError("contribution.support", _("Support what was proposed, not a support."))
    if contribution.supporters.filter(post_id=actor.seat.post_id).exists():
        raise DomainError("contribution.twice", _("Your post supports it already."))
    process = contribution.process
    body = Organisation.objects.get(pk=actor.seat.organisation_id)
    told = Told(ContributionKind.SUPPORT, clause=contribution.clause)
    row = _made(process, told, category_of(process, body), Channel.WEB)
    row.post_id, row.organisation, row.supports = actor.seat.post_id, body, contribution
    # Nothing is written in it: there is nothing to moderate; the answer is that of the other.
    row.moderation, row.answer_id = Moderation.PUBLISHED, contribution.answer_id
    return _kept(row)


@action("contribution.collect")
def type_up(
    actor: Actor,
    process: Process,
    told: Told,
    *,
    category: str,
    organisation: Organisation | None = None,
) -> Contribution:
    """Write down a voice note: who spoke is a category, and a body where one spoke."""
    row = _made(process, told, _category(category), Channel.VOICE)
    if not told.language:
        text = _("Say in which language the person spoke.")
        raise DomainError("contribution.language", text, "language")
    _said_by(row, organisation)
    row.typed_by_id = actor.seat.post_id
    return _kept(row)


# --- From the public ------------------------------------------------------------------------


@action("contribution.send")
def send_from_public(
    actor: Actor, process: Process, told: Told, *, category: str, once: str, address: str
) -> Contribution:
    """Take what a citizen writes, without asking who it is. The same form twice counts once.

    The code to give is :func:`code_of` of ``once``. Raises :class:`DomainError` after
    ``MOST_KNOCKS`` in three minutes from one address.
    """
    kept = hash_of(code_of(once))
    before = Contribution.unscoped.filter(code_hash=kept).first()
    if before is not None:
        return before
    if category not in PUBLIC_CATEGORIES:
        raise DomainError("contribution.category", _("Choose one of the two."), "category")
    row = _made(process, told, category, Channel.PUBLIC)
    _count_knock(address, timezone.now())
    row.code_hash = kept
    return _kept(row)


def _count_knock(address: str, now: datetime.datetime) -> None:
    """Slow down whoever writes again and again; forget everybody after some minutes."""
    Knock.objects.filter(since__lt=now - 2 * BUCKET).delete()
    mark, since = mark_of(address, now), bucket_of(now)
    told, _new = Knock.objects.select_for_update().get_or_create(
        mark=mark, defaults={"since": since, "n": 0}
    )
    if told.n >= MOST_KNOCKS:
        text = _(
            "Many messages came from this place in a few minutes. Nothing is lost: wait three "
            "minutes, then send again."
        )
        raise DomainError("contribution.slow", text)
    told.n += 1
    told.save(update_fields=["n"])


# --- From a room ----------------------------------------------------------------------------


@action("contribution.collect")
def open_room(
    actor: Actor,
    process: Process,
    *,
    held_on: datetime.date,
    place: Place | None = None,
    language: str = "",
) -> Room:
    """Prepare the sheet of a meeting without network; its number stands on every line."""
    if not open_categories(process):
        text = _("This process takes no contribution now.")
        raise DomainError("contribution.closed", text)
    today = timezone.localdate()
    if abs((held_on - today).days) > 366:
        text = _("Give the day of the meeting: within a year of today.")
        raise DomainError("room.day", text, "held_on")
    locked = Process.objects.select_for_update().get(pk=process.pk)
    last = Room.unscoped.filter(process=locked).order_by("-number").first()
    return Room.unscoped.create(
        process=locked,
        number=last.number + 1 if last else 1,
        held_on=held_on,
        place=place,
        language=language,
        post_id=actor.seat.post_id,
    )


@action("contribution.collect")
def take_sheet(
    actor: Actor, room: Room, lines: Sequence[Line], *, channel: str = Channel.WORKBOOK
) -> Room:
    """Take over every line of the sheet of a room, or none. A line comes in once."""
    process = room.process
    if not lines:
        raise DomainError("room.empty", _("The sheet holds no line."))
    if len(lines) > MAX_LINES:
        text = _("At most %(n)d lines in one room: open another one.") % {"n": MAX_LINES}
        raise DomainError("room.lines", text)
    number = next_number(process)
    known = set(Contribution.unscoped.filter(room=room).values_list("line", flat=True))
    rows: list[Contribution] = []
    for line in lines:
        if line.number in known:
            text = _("Line %(n)d came in already.") % {"n": line.number}
            raise DomainError("room.line_known", text)
        known.add(line.number)
        row = _made(process, line.told, _category(line.category), Channel(channel))
        _said_by(row, line.organisation)
        row.room, row.line, row.typed_by_id = room, line.number, actor.seat.post_id
        row.language = row.language or room.language
        row.number = number + len(rows)
        rows.append(row)
    Contribution.unscoped.bulk_create(rows, batch_size=200)
    return room


# --- What they share ------------------------------------------------------------------------


def _category(category: str) -> str:
    if category not in Category.values:
        text = _("Choose one of the six categories.")
        raise DomainError("contribution.category", text, "category")
    return category


def _said_by(row: Contribution, organisation: Organisation | None) -> None:
    """The body that spoke; survivors and the public are nobody."""
    if organisation is None:
        return
    if row.category in SEALED_CATEGORIES:
        text = _("Of a survivor or of the public, no body is recorded: leave it empty.")
        raise DomainError("contribution.nobody", text, "organisation")
    row.organisation = organisation


def _made(process: Process, told: Told, category: str, channel: str) -> Contribution:
    """The row, checked and sealed where it must be. It is not saved."""
    must_take(process, category)
    told = check_words(process, told)
    row = Contribution(
        process=process,
        clause=told.clause,
        kind=told.kind,
        category=category,
        channel=channel,
        language=told.language,
        text=told.text,
        replaced=told.replaced,
        proposed=told.proposed,
    )
    if category in SEALED_CATEGORIES and (told.text or told.proposed):
        seal_words(row, told.text, told.proposed)
    return row


def _kept(row: Contribution) -> Contribution:
    row.number = next_number(row.process)
    row.save(force_insert=True)
    return row
