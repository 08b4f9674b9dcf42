"""The raw SQL floor: the aggregates of each page, written by hand, with nothing around them.

What a page costs above this is Danbe's own: rights, sign-in, words, pictures, HTML.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

Statement = tuple[str, Sequence[Any]]

# The index begins with the definition: naming all of them lets it be used without statistics.
ALL = "definition_id IN (SELECT code FROM figures_definition)"
SLICE = """
    FROM figures_observation
    WHERE definition_id = %s AND "end" BETWEEN %s AND %s AND start >= %s AND counted
"""
TOTAL = f"""
    SELECT SUM(value), COUNT(DISTINCT organisation_id), SUM(CASE WHEN at_least THEN 1 ELSE 0 END)
    {SLICE} AND breakdown = 'total'
"""
BY_REGION = f"SELECT region_id, SUM(value) {SLICE} AND breakdown = 'total' GROUP BY region_id"
BY_SEX_AGE = f"SELECT sex, age, SUM(value) {SLICE} AND breakdown = 'sex_age' GROUP BY sex, age"
GAVE = f"SELECT DISTINCT organisation_id {SLICE} AND breakdown = 'total'"
HISTORY = """
    SELECT start, "end", SUM(value) FROM figures_observation
    WHERE definition_id = %s AND breakdown = 'total' AND counted GROUP BY start, "end"
"""
OWED = """
    SELECT b.organisation_id, b.months, b.axes, b.first, b.last, o.label_fr
    FROM figures_obligation b JOIN accounts_organisation o ON o.id = b.organisation_id
    WHERE o.is_active AND b.first <= %s
"""
FILED = """
    SELECT organisation_id, id, start, "end", axes, status FROM figures_return
    WHERE "end" >= %s AND start <= %s
"""
HEARD = f"""
    SELECT region_id, COUNT(DISTINCT organisation_id) FROM figures_observation
    WHERE {ALL} AND "end" BETWEEN %s AND %s AND start >= %s AND breakdown = 'total'
      AND region_id IS NOT NULL
    GROUP BY region_id
"""
ALL_BY_REGION = f"""
    SELECT definition_id, region_id, SUM(value) FROM figures_observation
    WHERE {ALL} AND "end" BETWEEN %s AND %s AND start >= %s AND counted AND breakdown = 'total'
    GROUP BY definition_id, region_id
"""
ALL_BODIES = f"""
    SELECT DISTINCT definition_id, organisation_id FROM figures_observation
    WHERE {ALL} AND "end" BETWEEN %s AND %s AND start >= %s AND counted AND breakdown = 'total'
"""
ALL_PARTS = f"""
    SELECT definition_id, breakdown, sex, age, key, SUM(value) FROM figures_observation
    WHERE {ALL} AND "end" BETWEEN %s AND %s AND start >= %s AND counted
      AND breakdown IN ('sex_age', 'form', 'citizenship', 'basis', 'category')
    GROUP BY definition_id, breakdown, sex, age, key
"""
ALL_HISTORY = f"""
    SELECT definition_id, start, "end", SUM(value) FROM figures_observation
    WHERE {ALL} AND breakdown = 'total' AND counted AND "end" <= %s
    GROUP BY definition_id, start, "end"
"""
PUBLISHED = "SELECT * FROM figures_publishedfigure"


def explorer(definition: str, year: int, parts: str) -> list[Statement]:
    """One figure, its parts, its history, and who is missing."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    window = (definition, first, last, first)
    return [
        (TOTAL, window),
        (parts, window),
        (HISTORY, (definition,)),
        (GAVE, window),
        (OWED, (last,)),
        (FILED, (first, last)),
        (PUBLISHED, ()),
    ]


def completeness(year: int) -> list[Statement]:
    """What is owed, what came, which regions are silent."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    return [(OWED, (last,)), (FILED, (first, last)), (HEARD, (first, last, first))]


def report(year: int) -> list[Statement]:
    """Every definition of a year, whole and in parts, and its past."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    window = (first, last, first)
    return [
        (ALL_BY_REGION, window),
        (ALL_BODIES, window),
        (ALL_PARTS, window),
        (ALL_HISTORY, (last,)),
        (OWED, (last,)),
        (FILED, (first, last)),
        (PUBLISHED, ()),
    ]


def run(statements: Sequence[Statement]) -> int:
    """Run the statements and fetch their rows; returns how many."""
    n_rows = 0
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, parameters)
            n_rows += len(cursor.fetchall())
    return n_rows


PARTS: Mapping[str, str] = {"region": BY_REGION, "sex_age": BY_SEX_AGE}
