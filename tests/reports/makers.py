"""The returns of 2024, made of the figures that were published: by the real actions."""

import csv
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import danbe
from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.figures.actions import (
    accept_return,
    open_return,
    save_content,
    set_obligation,
    submit_return,
)
from danbe.figures.models import Definition, Obligation, Return
from danbekit.dates import Window

PUBLISHED = Path(danbe.__file__).parent / "data" / "mali" / "returns_2024.csv"
TODAY = datetime.date(2025, 5, 5)  # the day on which the 2024 report was handed over
AXES = ("prevention", "protection", "prosecution", "partnership")


def published_contents() -> dict[str, dict[str, Any]]:
    """Organisation -> content of its return, and the sources, as in the table."""
    contents: dict[str, dict[str, Any]] = {}
    with open(PUBLISHED, encoding="utf-8", newline="") as file:
        for told in csv.DictReader(file):
            content = contents.setdefault(told["organisation"], {"lines": {}, "sources": set()})
            content["sources"] |= {s.strip() for s in told["source"].split(" ; ")}
            lines = content["lines"].setdefault(told["definition"], [])
            if told["breakdown"] == "total":
                total = f"{told['total']}{'+' if told['at_least'] == '1' else ''}"
                line = {"place": told["place"], "total": total, "cells": {}}
                lines.append({**line, "explanation": told["note"]})
                continue
            key = f"{told['sex']}.{told['age']}" if told["sex"] else told["key"]
            lines[0]["cells"].setdefault(told["breakdown"], {})[key] = told["value"]
    return contents


def accepted(
    actor: Actor,
    organisation: str,
    content: Mapping[str, Any],
    *,
    window: Window | None = None,
    axes: tuple[str, ...] = AXES,
    **more: Any,
) -> Return:
    """A return, opened, typed, submitted and accepted."""
    row = open_return(
        actor,
        Organisation.objects.get(code=organisation),
        window=window or Window.calendar_year(2024),
        axes=axes,
        **more,
    )
    save_content(actor, row, content=content)
    submit_return(actor, row)
    return accept_return(actor, row)


def line(total: str, place: str = "ML", **more: Any) -> dict[str, Any]:
    """One typed line."""
    return {"place": place, "total": total, "cells": {}, "explanation": "Fictif.", **more}


def returns_of_2024(esther: Actor, **more: Any) -> list[Return]:
    """Every return of the table, accepted; ``more`` is added to the Committee's content."""
    made = []
    for organisation, told in published_contents().items():
        sources = " ; ".join(sorted(told.pop("sources")))
        extra = more if organisation == "CNCLCTPA" else {}
        made.append(accepted(esther, organisation, {**told, **extra}, source_note=sources))
    return made


def wide(esther: Actor, n_figures: int = 6) -> Return:
    """A return in which so many figures of protection are split by sex and age, and by region."""
    asked = Definition.objects.filter(
        axis="protection", breakdowns__contains="sex_age", asked_of__contains="ministry"
    )
    cells = {"sex_age": {"female.adult": "30", "male.child": "12"}}
    lines = {
        one.code: [line("42", "kayes-2023", cells=cells)]
        for one in asked.order_by("number")[:n_figures]
    }
    return accepted(esther, "MPFEF", {"lines": lines, "narrative": {"protection": "Fictif."}})


def owe(esther: Actor, *organisations: str) -> None:
    """Bodies that owe a return on the four axes each year."""
    for code in organisations:
        body = Organisation.objects.get(code=code)
        first = datetime.date(2024, 1, 1)
        set_obligation(esther, Obligation(organisation=body, axes=" ".join(AXES), first=first))
