"""Two versions of a text side by side: clauses matched by their stable id, words compared.

Which clauses were moved is told by the longest run of clauses that kept their order: the others
moved. Words are compared only for the clauses that are shown.
"""

import enum
import uuid
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from danbe.plan.models import ClauseVersion, TextVersion
from danbekit.words import Piece, compare_words


class Change(enum.StrEnum):
    """What became of a clause from one version to the other."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"  # its words stayed
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Pair:
    """One clause in both versions; ``None`` in the one where it is not."""

    old: ClauseVersion | None
    new: ClauseVersion | None
    change: Change
    is_moved: bool = False  # a changed clause may have moved too

    @cached_property
    def heading(self) -> list[Piece]:
        """The heading, word by word."""
        return self._compare("heading")

    @cached_property
    def text(self) -> list[Piece]:
        """The text, word by word."""
        return self._compare("text")

    def _compare(self, name: str) -> list[Piece]:
        before = getattr(self.old, name) if self.old else ""
        after = getattr(self.new, name) if self.new else ""
        return compare_words(before, after)

    @property
    def number(self) -> str:
        """The number in the new version; in the old one, if it is only there."""
        row = self.new or self.old
        return row.number if row else ""

    @property
    def clause_id(self) -> uuid.UUID:
        """The stable id, from whichever version has it."""
        row = self.new or self.old
        if row is None:
            raise ValueError("a pair of nothing")
        return row.clause_id


def pairs_of(old: TextVersion, new: TextVersion) -> list[Pair]:
    """Every clause of both versions, in the order of the new one; removed ones where they were."""
    before = list(old.clauses.all())
    after = list(new.clauses.all())
    old_of = {row.clause_id: row for row in before}
    new_ids = {row.clause_id for row in after}
    kept = [row.clause_id for row in after if row.clause_id in old_of]
    ranks = {row.clause_id: rank for rank, row in enumerate(before)}
    still = {kept[i] for i in longest_run([ranks[one] for one in kept])}
    gone = _removed_after(before, new_ids)
    pairs = [Pair(row, None, Change.REMOVED) for row in gone.get(None, [])]
    for row in after:
        pairs.append(_pair(old_of.get(row.clause_id), row, row.clause_id in still))
        pairs += [Pair(lost, None, Change.REMOVED) for lost in gone.get(row.clause_id, [])]
    return pairs


def _removed_after(
    before: Sequence[ClauseVersion], new_ids: set[uuid.UUID]
) -> dict[uuid.UUID | None, list[ClauseVersion]]:
    """The removed clauses, by the last clause before them that is still there."""
    gone: dict[uuid.UUID | None, list[ClauseVersion]] = {}
    last = None
    for row in before:
        if row.clause_id in new_ids:
            last = row.clause_id
        else:
            gone.setdefault(last, []).append(row)
    return gone


def _pair(old: ClauseVersion | None, new: ClauseVersion, is_still: bool) -> Pair:
    if old is None:
        return Pair(None, new, Change.ADDED)
    same = (old.level, old.heading, old.text) == (new.level, new.heading, new.text)
    if not same:
        return Pair(old, new, Change.CHANGED, not is_still)
    return Pair(old, new, Change.SAME if is_still else Change.MOVED, not is_still)


def longest_run(values: Sequence[int]) -> list[int]:
    """The places of the longest increasing run of distinct values, in O(n log n)."""
    tails: list[int] = []  # the smallest last value of a run of each length
    places: list[int] = []  # where it stands
    before: list[int] = []  # for each place, the one before it in its run
    for place, value in enumerate(values):
        length = bisect_left(tails, value)
        before.append(places[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            places.append(place)
        else:
            tails[length], places[length] = value, place
    run = []
    place = places[-1] if places else -1
    while place >= 0:
        run.append(place)
        place = before[place]
    return run[::-1]
