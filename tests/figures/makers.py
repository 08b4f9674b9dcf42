"""Returns of the cast, made by their real actions."""

from collections.abc import Mapping
from typing import Any

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role
from danbe.figures import actions
from danbe.figures.content import Parsed, asked_of, parse, vocabulary
from danbe.figures.models import Return
from danbekit.dates import Window
from tests.conftest import seat

YEAR = Window.calendar_year(2024)
ALL = ("prevention", "protection", "prosecution", "partnership")


def line(total: str = "", place: str = "ML", **more: Any) -> dict[str, Any]:
    """One line as typed; ``sex_age={"male.adult": "3"}`` and other breakdowns make its cells."""
    splits = ("sex_age", "form", "citizenship", "basis", "category")
    cells = {name: more.pop(name) for name in splits if name in more}
    renamed = {"since": "from", "until": "to"}
    told = {renamed.get(name, name): value for name, value in more.items()}
    return {"place": place, "total": total, "cells": cells, **told}


def content(**lines: Any) -> dict[str, Any]:
    """``content(victims_identified=line("3"))``; a list makes several lines."""
    return {"lines": {c: said if isinstance(said, list) else [said] for c, said in lines.items()}}


def read(
    typed: Mapping[str, Any], window: Window = YEAR, kind: str = "ministry", **more: Any
) -> Parsed:
    """What a ministry's content says."""
    return parse(typed, vocabulary(window, asked_of(kind, ALL), **more))


def opened(actor: Actor, window: Window = YEAR, body: str = "", axes: Any = ALL) -> Return:
    """A draft of the actor's own body, or of ``body``."""
    organisation = (
        Organisation.objects.get(code=body)
        if body
        else Organisation.objects.get(pk=actor.organisation_id)
    )
    return actions.open_return(actor, organisation, window=window, axes=list(axes))


def drafted(actor: Actor, typed: Mapping[str, Any], **more: Any) -> Return:
    """A draft in which something was typed."""
    return actions.save_content(actor, opened(actor, **more), content=typed)


def submitted(actor: Actor, typed: Mapping[str, Any], **more: Any) -> Return:
    """A return signed by its body."""
    return actions.submit_return(actor, drafted(actor, typed, **more))


def accepted(actor: Actor, esther: Actor, typed: Mapping[str, Any], **more: Any) -> Return:
    """A return whose figures are in the totals."""
    return actions.accept_return(esther, submitted(actor, typed, **more))


def focal_point(name: str, body: str) -> Actor:
    """The focal point of another body."""
    return seat(name, Role.FOCAL_POINT, body, f"Point focal {body}")


def post_of(actor: Actor) -> Post:
    """The post in which the actor acts."""
    return Post.objects.get(pk=actor.post_id)
