"""What a list is asked in its address: how it is sorted, which page, which row it is about."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

T = TypeVar("T")

PER_PAGE = 25


def sorted_by(
    request: HttpRequest,
    rows: Iterable[T],
    keys: Mapping[str, Callable[[T], Any]],
    default: str,
) -> list[T]:
    """The rows as ``?sort=name`` or ``?sort=-name`` asks, equal ones in the default order.

    Sorted here, not by the database: names follow the alphabet of the reader, «É» with «E».
    """
    asked = request.GET.get("sort", "")
    found = sorted(rows, key=keys[default])
    column = asked.removeprefix("-")
    if column in keys:
        found.sort(key=keys[column], reverse=asked.startswith("-"))
    return found


def sort_of(request: HttpRequest, columns: Mapping[str, str], default: str) -> list[str]:
    """The same for rows too many to load: the columns by which the database orders."""
    asked = request.GET.get("sort", "")
    column = columns.get(asked.removeprefix("-"), "")
    chosen = f"-{column}" if column and asked.startswith("-") else column
    return [*([chosen] if chosen else []), default, "pk"]


def page_of(
    request: HttpRequest, rows: "QuerySet[Any] | Sequence[Any]", per_page: int = PER_PAGE
) -> Page[Any]:
    """The page asked for by ``?page=``; the nearest one when it does not exist."""
    paginator: Paginator[Any] = Paginator(rows, per_page)
    return paginator.get_page(request.GET.get("page"))


def key_of(typed: object) -> uuid.UUID | None:
    """A key typed in the address or in a form; ``None`` where it is none."""
    try:
        return uuid.UUID(str(typed))
    except ValueError:
        return None
