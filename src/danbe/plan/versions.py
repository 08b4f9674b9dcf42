"""What changed from one version of a plan to another, line by line and column by column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from danbe.plan.framework import (
    ACTIVITIES,
    ELEMENTS,
    INDICATORS,
    MONEY,
    Framework,
    framework_of,
)
from danbe.plan.models import Plan

TABLES = (ELEMENTS, ACTIVITIES, INDICATORS, MONEY)
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of one line: what it said and what it says."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line that was added, taken out or changed."""

    table: str
    kind: str  # added, removed, changed
    code: str
    label: str
    differences: tuple[Difference, ...] = ()


def compare_plans(old: Plan, new: Plan) -> list[Change]:
    """Every change of the framework from ``old`` to ``new``, table by table, in order."""
    return compare(framework_of(old), framework_of(new))


def compare(old: Framework, new: Framework) -> list[Change]:
    """Every change, table by table. Lines are told apart by their codes."""
    found = []
    for table in TABLES:
        before, after = getattr(old, table), getattr(new, table)
        if before != after:
            found += _of_table(table, before, after)
    return found


def _of_table(table: str, old: Sequence[Any], new: Sequence[Any]) -> list[Change]:
    before: Mapping[str, Any] = {code_of(row): row for row in old}
    after: Mapping[str, Any] = {code_of(row): row for row in new}
    found = []
    for code, row in after.items():
        if code not in before:
            found.append(Change(table, ADDED, code, label_of(row)))
        elif before[code] != row:
            differences = _differences(before[code], row)
            found.append(Change(table, CHANGED, code, label_of(row), differences))
    gone = [row for code, row in before.items() if code not in after]
    return found + [Change(table, REMOVED, code_of(row), label_of(row)) for row in gone]


def code_of(row: Any) -> str:
    """What tells a line from the others of its table."""
    if hasattr(row, "code"):
        return str(row.code)
    return f"{row.activity} / {row.year} / {row.source}"


def label_of(row: Any) -> str:
    """The name of a line, where it has one."""
    return str(getattr(row, "label_fr", ""))


def _differences(old: Any, new: Any) -> tuple[Difference, ...]:
    return tuple(
        Difference(field.name, _said(getattr(old, field.name)), _said(getattr(new, field.name)))
        for field in fields(old)
        if getattr(old, field.name) != getattr(new, field.name)
    )


def _said(value: Any) -> str:
    """A value in one line; nothing is «»."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        parts = (f"{v[0]} : {v[1]}" if isinstance(v, tuple) else str(v) for v in value)
        return "; ".join(parts)
    return str(value)
