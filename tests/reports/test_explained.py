"""The explanations are searched in what was typed, not parsed: the two must never differ."""

import json
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from danbe.reports.queries import written

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
TRICKS = st.sampled_from(
    ['a": [{"explanation": "b', '\\": [{', '"explanation": "x', "", " ", 'é\n"', "\\"]
)
LINE = st.fixed_dictionaries(
    {
        "place": st.just("kayes-2023"),
        "total": st.just("9"),
        "cells": st.just({"sex_age": {"male.adult": "3"}}),
        "explanation": st.one_of(WORDS, TRICKS),
    }
)
CODES = st.sampled_from(["victims_identified", "networks_dismantled", "persons_trained"])
CONTENT = st.fixed_dictionaries(
    {
        "lines": st.dictionaries(CODES, st.lists(LINE, max_size=3)),
        "no_data": st.just(["funds_planned"]),
        "narrative": st.fixed_dictionaries({"protection": TRICKS}),
    }
)


def parsed(content: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (code, line["explanation"].strip())
        for code, lines in content["lines"].items()
        for line in lines
        if line["explanation"].strip()
    ]


def kept(content: dict[str, Any]) -> str:
    """The text of a JSON column, as this database gives it back."""
    if connection.vendor != "postgresql":
        return json.dumps(content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::jsonb)::text", [json.dumps(content)])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(content={"lines": {}, "no_data": [], "narrative": {"protection": '"explanation": "x'}})
@given(content=CONTENT)
def test_what_is_found_in_the_text_is_what_was_written_on_the_lines(
    content: dict[str, Any],
) -> None:
    assert sorted(written(kept(content))) == sorted(parsed(content))
