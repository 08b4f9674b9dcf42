"""How a long list is sorted and cut into pages, on the server."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)

PER_PAGE = 25


def sort_of(request: HttpRequest, columns: Mapping[str, str], default: str) -> list[str]:
    """The columns to order by, as ``?sort=name`` or ``?sort=-name`` asks; unknown names do not."""
    asked = request.GET.get("sort", "")
    column = columns.get(asked.lstrip("-"), "")
    chosen = f"-{column}" if column and asked.startswith("-") else column
    return [*([chosen] if chosen else []), default, "pk"]


def page_of(request: HttpRequest, rows: QuerySet[M], per_page: int = PER_PAGE) -> Page[M]:
    """The page asked for by ``?page=``; the nearest one when it does not exist."""
    paginator: Paginator[Any] = Paginator(rows, per_page)
    return paginator.get_page(request.GET.get("page"))
