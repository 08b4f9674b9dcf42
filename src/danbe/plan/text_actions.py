"""Writing the text of a plan: a draft, clause by clause, then a version that stays as it is.

A clause is changed on condition that it still says what its editor read (``seen``): two tabs, or
two people, never overwrite each other. A move names its neighbour, never a rank.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.plan.models import (
    Clause,
    ClauseVersion,
    Level,
    Process,
    Stage,
    TextStatus,
    TextVersion,
)
from danbe.plan.numbering import follows, numbers_of

MAX_CLAUSES = 2_000
MAX_CLAUSE = 10_000  # characters
MAX_HEADING = 300
MAX_PASTE = 500_000
WRITABLE = (Stage.PREPARATION, Stage.EVALUATION, Stage.DRAFTING)


@dataclass(frozen=True, slots=True)
class Words:
    """What a clause says."""

    level: str
    heading: str = ""
    text: str = ""


def _mark(level: str, heading: str, text: str) -> str:
    told = "\x1f".join((level, heading, text))
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def mark_of(row: ClauseVersion) -> str:
    """What stands for the words of a clause in a form: it changes as soon as they do."""
    return _mark(row.level, row.heading, row.text)


# --- Versions -------------------------------------------------------------------------------


@action("text.write")
def begin_text(actor: Actor, process: Process) -> TextVersion:
    """Begin a version: empty, or a copy of the last one, with the same clauses."""
    locked = Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    if locked.stage not in WRITABLE:
        text = _("A text is written before its validation. Go back to the drafting first.")
        raise DomainError("text.too_late", text)
    if locked.versions.filter(status=TextStatus.DRAFT).exists():
        raise DomainError("text.draft_exists", _("A version is being written already."))
    last = locked.versions.order_by("number").last()
    draft = TextVersion.objects.create(process=locked, number=last.number + 1 if last else 1)
    if last is not None:
        ClauseVersion.objects.bulk_create(
            [
                ClauseVersion(
                    version=draft,
                    clause_id=row.clause_id,
                    level=row.level,
                    order=row.order,
                    number=row.number,
                    heading=row.heading,
                    text=row.text,
                )
                for row in last.clauses.all()
            ],
            batch_size=200,
        )
    return draft


@action("text.publish")
def publish_text(actor: Actor, version: TextVersion, *, edition: int, note: str) -> TextVersion:
    """Put a draft to the participants, as it was read by whoever publishes it."""
    locked = _draft(version)
    if locked.edition != edition:
        text = _("The text changed after you opened this page: read it again, then publish it.")
        raise DomainError("text.stale", text)
    if not locked.clauses.exists():
        raise DomainError("text.empty", _("An empty text is not published."))
    if len(note) > MAX_CLAUSE:
        raise DomainError("text.too_long", _("This text is too long."), "note")
    locked.status, locked.note = TextStatus.PUBLISHED, note.strip()
    locked.published_at = timezone.now()
    locked.save(update_fields=["status", "note", "published_at"])
    return locked


@action("text.write")
def discard_text(actor: Actor, version: TextVersion, *, edition: int) -> None:
    """Throw a draft away. Clauses that were in no other version go with it."""
    locked = _draft(version)
    if locked.edition != edition:
        text = _("The text changed after you opened this page: read it again.")
        raise DomainError("text.stale", text)
    mine = list(locked.clauses.values_list("clause_id", flat=True))
    locked.delete()
    _forget(mine)


def _forget(clauses: Sequence[uuid.UUID]) -> None:
    """Delete the clauses that no version holds any more and that nothing was said of."""
    for clause in Clause.objects.filter(pk__in=clauses, versions=None):
        if not _is_pointed_at(clause):
            clause.delete()


def _is_pointed_at(clause: Clause) -> bool:
    """Whether anything (a contribution, a lesson) names this clause."""
    relations = (
        field for field in Clause._meta.get_fields() if field.auto_created and not field.concrete
    )
    return any(
        one.related_model._base_manager.filter(**{one.field.name: clause}).exists()  # type: ignore[union-attr]
        for one in relations
    )


def _draft(version: TextVersion) -> TextVersion:
    """The version, locked; only a draft is written in."""
    locked = TextVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.status != TextStatus.DRAFT:
        text = _("This version does not change any more: begin the next one.")
        raise DomainError("text.published", text)
    return locked


# --- Clauses --------------------------------------------------------------------------------


@action("text.write")
def add_clause(
    actor: Actor, version: TextVersion, words: Words, *, after: Clause | None
) -> ClauseVersion:
    """Add a clause after another one; at the beginning when none is named."""
    locked = _draft(version)
    told = _checked(words)
    rows = list(locked.clauses.all())
    place = _place(rows, after)
    row = _new(locked, told)
    _write(locked, [*rows[:place], row, *rows[place:]], rows)
    return row


@action("text.write")
def paste_clauses(actor: Actor, version: TextVersion, typed: str, *, edition: int) -> TextVersion:
    """Add clauses at the end, one a paragraph; «# » before a part, «## » before an article."""
    locked = _draft(version)
    if locked.edition != edition:
        text = _("The text changed after you opened this page: look at it, then add this again.")
        raise DomainError("text.stale", text)
    if len(typed) > MAX_PASTE:
        raise DomainError("text.too_long", _("This text is too long."), "typed")
    blocks = typed.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    told = [_checked(words_of(block), "typed") for block in blocks if block.strip()]
    if not told:
        raise DomainError("text.nothing", _("Type or paste a text."), "typed")
    rows = list(locked.clauses.all())
    new = [_new(locked, words) for words in told]
    _write(locked, [*rows, *new], rows)
    return locked


def words_of(block: str) -> Words:
    """One pasted paragraph; the first line of an article is its heading."""
    first, _line, rest = block.strip().partition("\n")
    for sign, level in (("## ", Level.ARTICLE), ("# ", Level.PART)):
        if first.startswith(sign):
            return Words(level, first.removeprefix(sign), rest)
    return Words(Level.PARAGRAPH, "", block)


@action("text.write")
def change_clause(
    actor: Actor, version: TextVersion, clause: Clause, words: Words, *, seen: str
) -> ClauseVersion:
    """Change what a clause says, if it still says what was ``seen``."""
    locked = _draft(version)
    row = _seen(locked, clause, seen)
    told = _checked(words)
    level_changed = row.level != told.level
    row.level, row.heading, row.text = told.level, told.heading, told.text
    row.save(update_fields=["level", "heading", "text"])
    rows = list(locked.clauses.all())
    _write(locked, rows, rows if level_changed else [])
    return row


@action("text.write")
def move_clause(
    actor: Actor, version: TextVersion, clause: Clause, *, after: Clause | None
) -> TextVersion:
    """Move a clause, and what hangs from it, after another one; to the beginning after none."""
    locked = _draft(version)
    rows = list(locked.clauses.all())
    first = _place(rows, clause) - 1
    last = follows([row.level for row in rows], first)
    moved, left = rows[first:last], rows[:first] + rows[last:]
    if after is not None and any(row.clause_id == after.pk for row in moved):
        text = _("A clause is not moved inside itself.")
        raise DomainError("text.inside_itself", text, "after")
    place = _place(left, after)
    _write(locked, [*left[:place], *moved, *left[place:]], rows)
    return locked


@action("text.write")
def remove_clause(actor: Actor, version: TextVersion, clause: Clause, *, seen: str) -> TextVersion:
    """Take a clause out of the draft, if it still says what was ``seen``. Others keep theirs."""
    locked = _draft(version)
    row = _seen(locked, clause, seen)
    rows = list(locked.clauses.all())
    row.delete()
    _write(locked, [one for one in rows if one.clause_id != clause.pk], rows)
    _forget([clause.pk])
    return locked


def _checked(words: Words, field: str = "text") -> Words:
    """The words without what surrounds them; refused when there are none or too many."""
    told = Words(words.level, " ".join(words.heading.split()), _tidy(words.text))
    if told.level not in Level.values:
        raise DomainError("text.level", _("Choose part, article or paragraph."), "level")
    if not told.heading and not told.text:
        raise DomainError("text.nothing", _("Write what the clause says."), field)
    if told.level == Level.PARAGRAPH and not told.text:
        raise DomainError("text.nothing", _("A paragraph has a text."), field)
    if len(told.heading) > MAX_HEADING:
        text = _("A heading has %(most)s characters at most.") % {"most": MAX_HEADING}
        raise DomainError("text.too_long", text, "heading" if field == "text" else field)
    if len(told.text) > MAX_CLAUSE:
        text = _("A clause has %(most)s characters at most: cut it in two.")
        raise DomainError("text.too_long", text % {"most": MAX_CLAUSE}, field)
    if "\x00" in told.heading + told.text:
        raise DomainError("text.signs", _("This text holds a sign that cannot be kept."), field)
    return told


def _tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return "\n".join(line.rstrip() for line in lines)


def _new(version: TextVersion, words: Words) -> ClauseVersion:
    """A clause that is not written yet: :func:`_write` does it, once the numbers are known."""
    return ClauseVersion(
        version=version,
        clause=Clause(process_id=version.process_id),
        level=words.level,
        heading=words.heading,
        text=words.text,
    )


def _seen(version: TextVersion, clause: Clause, seen: str) -> ClauseVersion:
    """The clause in this version, if it is there and says what was seen."""
    row = ClauseVersion.objects.filter(version=version, clause=clause).first()
    if row is None:
        text = _("This clause is no longer in the draft: somebody removed it.")
        raise DomainError("text.gone", text)
    if mark_of(row) != seen:
        text = _(
            "Somebody changed this clause after you opened it. What it says now is shown; what "
            "you typed is kept: put the two together, then record."
        )
        raise DomainError("text.stale", text)
    return row


def _place(rows: Sequence[ClauseVersion], after: Clause | None) -> int:
    """The rank that follows a clause; 0 after none."""
    if after is None:
        return 0
    for rank, row in enumerate(rows, 1):
        if row.clause_id == after.pk:
            return rank
    raise DomainError("text.gone", _("The clause beside it was removed: choose again."), "after")


def _write(
    version: TextVersion, rows: Sequence[ClauseVersion], before: Sequence[ClauseVersion]
) -> None:
    """Give the rows their order and numbers; write those that are new or that changed."""
    if len(rows) > MAX_CLAUSES:
        text = _("A text has %(most)s clauses at most.") % {"most": MAX_CLAUSES}
        raise DomainError("text.too_many", text)
    stood = {row.pk: (row.order, row.number) for row in before if row.pk}
    for order, (row, number) in enumerate(
        zip(rows, numbers_of([row.level for row in rows]), strict=True), 1
    ):
        row.order, row.number = order, number
    new = [row for row in rows if row._state.adding]
    Clause.objects.bulk_create([row.clause for row in new], batch_size=200)
    ClauseVersion.objects.bulk_create(new, batch_size=200)
    moved = [r for r in rows if r.pk in stood and stood[r.pk] != (r.order, r.number)]
    ClauseVersion.objects.bulk_update(moved, ["order", "number"], batch_size=200)
    version.edition += 1
    version.save(update_fields=["edition"])
