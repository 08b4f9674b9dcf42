"""What pages read of contributions. Who speaks is shown as the category of a survivor allows."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from danbe.accounts.models import Organisation
from danbe.core.access import Actor, visible
from danbe.figures.small_cells import SMALL, SMALLEST
from danbe.plan.contribution_codes import hash_of
from danbe.plan.models import (
    AnswerOutcome,
    Category,
    Contribution,
    ContributionGroup,
    ContributionKind,
    Moderation,
    Process,
    Room,
)
from danbekit.names import fold

SHARED, FEW_ALIKE = 0.34, 12  # of words in common; how many are suggested
SHORT = 4  # letters: shorter words say little


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is cut by; empty: everything."""

    kind: str = ""
    category: str = ""
    state: str = ""
    clause: uuid.UUID | None = None
    text: str = ""
    mine: bool = False


# The states of a list: moderation, then what was answered.
STATES: Mapping[str, Q] = {
    "waiting": Q(moderation=Moderation.WAITING),
    "held": Q(moderation=Moderation.HELD),
    "removed": Q(moderation=Moderation.REMOVED),
    "unanswered": Q(moderation=Moderation.PUBLISHED, answer=None),
    **{outcome: Q(answer__outcome=outcome) for outcome in AnswerOutcome.values},
}


def contributions_for(actor: Actor, process: Process) -> QuerySet[Contribution]:
    """Those that the actor may read, as a list needs them: a fixed number of queries."""
    rows = visible(actor, Contribution, "contribution.read").filter(process=process)
    return rows.select_related(
        "clause", "answer", "organisation", "group", "room", "supports", "typed_by__organisation"
    )


def filtered(actor: Actor, rows: QuerySet[Contribution], told: Filters) -> QuerySet[Contribution]:
    """Cut a list. Supports of a contribution are counted beside it, not listed apart."""
    rows = rows.filter(supports=None)
    if told.kind in ContributionKind.values:
        rows = rows.filter(kind=told.kind)
    if told.category in Category.values:
        rows = rows.filter(category=told.category)
    if told.state in STATES:
        rows = rows.filter(STATES[told.state])
    if told.clause:
        rows = rows.filter(clause=told.clause)
    if told.mine:
        rows = rows.filter(Q(post_id=actor.post_id) | Q(typed_by_id=actor.post_id))
    if number := told.text.strip().upper().removeprefix("C"):
        if number.isascii() and number.isdigit() and len(number) < 8:
            return rows.filter(number=int(number))
        return rows.filter(Q(text__icontains=told.text) | Q(proposed__icontains=told.text))
    return rows


def supports_of(rows: Iterable[Contribution]) -> dict[object, int]:
    """Contribution -> how many posts support it: one query for a page of a list."""
    keys = [row.pk for row in rows]
    return dict(
        Contribution.unscoped.filter(supports__in=keys)
        .order_by()
        .values_list("supports")
        .annotate(n=Count("pk"))
    )


# --- Counts ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """How many contributions stand where; ``open_`` ones hold validation back."""

    n: int
    waiting: int
    held: int
    removed: int
    unanswered: int
    outcomes: Mapping[str, int]
    categories: Mapping[str, int]

    @property
    def open_(self) -> int:
        """What still needs somebody: to be moderated, or to be answered."""
        return self.waiting + self.held + self.unanswered


def tally(process: Process) -> Tally:
    """Counts of a process: two queries, whatever their number. No row is shown."""
    rows = Contribution.unscoped.filter(process=process).order_by()
    n: dict[str, int] = {}
    answered: dict[str | None, int] = {}
    categories = dict.fromkeys(Category.values, 0)
    told = rows.values_list("moderation", "answer__outcome", "category").annotate(n=Count("pk"))
    for moderation, outcome, category, count in told:
        key = "unanswered" if moderation == Moderation.PUBLISHED and not outcome else moderation
        n[key] = n.get(key, 0) + count
        answered[outcome] = answered.get(outcome, 0) + count
        categories[category] += count
    return Tally(
        sum(categories.values()),
        n.get(Moderation.WAITING, 0),
        n.get(Moderation.HELD, 0),
        n.get(Moderation.REMOVED, 0),
        n.get("unanswered", 0),
        {outcome: answered.get(outcome, 0) for outcome in AnswerOutcome.values},
        categories,
    )


def shown_count(category: str, n: int) -> str:
    """A number of contributions of a category; a small number of survivors is not told."""
    if category == Category.SURVIVORS and 0 < n < SMALLEST:
        return SMALL
    return str(n)


# --- Who speaks -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, as the reader may know it. Of a survivor: the category, nothing else."""

    category: str
    body: str = ""
    channel: str = ""
    room: str = ""
    language: str = ""
    typed_by: str = ""
    at: object = None


def speaker_of(actor: Actor, row: Contribution) -> Speaker:
    """What ``actor`` may know of who speaks in ``row``."""
    sees_all = actor.can("contribution.moderate") or (
        actor.post_id is not None and row.typed_by_id == actor.post_id
    )
    category = row.get_category_display()
    if row.is_protected and not sees_all:
        return Speaker(category)
    typist = ""
    if row.typed_by is not None:
        typist = f"{row.typed_by.title}, {row.typed_by.organisation.label}"
    return Speaker(
        category,
        row.organisation.label if row.organisation else "",
        row.get_channel_display(),
        f"{row.room.label}-{row.line}" if row.room else "",
        row.language,
        typist,
        row.at,
    )


# --- Alike, grouped -------------------------------------------------------------------------


def alike(actor: Actor, row: Contribution) -> list[tuple[Contribution, int]]:
    """Published contributions on the same paragraph that share most words, with the share in per
    cent: a suggestion, computed on demand and kept nowhere. A person decides."""
    own = words_in(row)
    rows = visible(actor, Contribution, "contribution.read").filter(
        process=row.process_id, clause=row.clause_id, moderation=Moderation.PUBLISHED,
        supports=None, group=None,
    ).exclude(pk=row.pk)  # fmt: skip
    found: list[tuple[float, int, object]] = []
    if not own:
        return []
    for pk, number, *texts in rows.order_by().values_list(
        "pk", "number", "text", "replaced", "proposed"
    ):
        words = words_of_texts(texts)
        share = len(own & words) / len(own | words) if words else 0.0
        if share >= SHARED:
            found.append((-share, number, pk))
    best = sorted(found)[:FEW_ALIKE]
    whole = contributions_for(actor, row.process).in_bulk([pk for _share, _n, pk in best])
    return [(whole[pk], round(-100 * share)) for share, _n, pk in best]


def words_in(row: Contribution) -> frozenset[str]:
    """The telling words of a contribution."""
    return words_of_texts((row.text, row.replaced, row.proposed))


def words_of_texts(texts: Iterable[str]) -> frozenset[str]:
    """Words of four letters and more, without accents or capitals."""
    return frozenset(w for w in fold(" ".join(texts)).split() if len(w) >= SHORT)


def groups_of(process: Process) -> QuerySet[ContributionGroup]:
    """The groups, with how many contributions each holds, and how many are not answered."""
    return (
        ContributionGroup.objects.filter(process=process)
        .annotate(
            n=Count("contributions"),
            n_open=Count("contributions", filter=Q(contributions__answer=None)),
        )
        .order_by("number")
    )


# --- Of one code, of one room ---------------------------------------------------------------


def of_code(code: str) -> Contribution | None:
    """The contribution of a code that was handed out on the public page."""
    rows = Contribution.unscoped.select_related("process", "clause", "answer__clause")
    return rows.filter(code_hash=hash_of(code)).first()


def rooms_of(actor: Actor, process: Process) -> QuerySet[Room]:
    """The rooms that the actor facilitates; all of them for the secretariat."""
    return (
        visible(actor, Room, "contribution.collect")
        .filter(process=process)
        .select_related("place", "post__organisation")
        .annotate(
            n=Count("contributions"),
            n_open=Count(
                "contributions",
                filter=~Q(contributions__moderation=Moderation.REMOVED)
                & Q(contributions__answer=None),
            ),
        )
        .order_by("-number")
    )


def lines_of(room: Room) -> QuerySet[Contribution]:
    """What was said in a room, line by line, with what was answered: the list to read out."""
    return (
        Contribution.unscoped.filter(room=room)
        .select_related("clause", "answer__clause")
        .order_by("line")
    )


def bodies() -> QuerySet[Organisation]:
    """The bodies that may have spoken."""
    return Organisation.objects.filter(is_active=True)


def of_clauses(process: Process) -> dict[object, int]:
    """Clause -> number of published contributions: beside the text, for whoever reads it."""
    return dict(
        Contribution.unscoped.filter(process=process, moderation=Moderation.PUBLISHED)
        .order_by()
        .values_list("clause")
        .annotate(n=Count("pk"))
    )
