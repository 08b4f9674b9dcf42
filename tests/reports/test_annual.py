import time
import pytest
from danbe.reports.annual import build
from danbe.reports.document import to_json, from_json
from tests.conftest import Cast
from tests.reports.makers import TODAY, owe, returns_of_2024


def test_x(cast: Cast):
    owe(cast.esther, "CNCLCTPA", "COURS", "MPFEF", "OIM")
    returns_of_2024(
        cast.esther,
        narrative={"prevention": "Des caravanes."},
        difficulties="Manque de données fiables.",
    )
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    t = time.time()
    with CaptureQueriesContext(connection) as c:
        d = build(2024, TODAY)
    print(time.time() - t, len(c))
    t = time.time()
    j = to_json(d)
    print(time.time() - t)
    t = time.time()
    assert from_json(j) == d
    print(time.time() - t)
    import json

    open("/tmp/rep/doc.json", "w").write(json.dumps(j, ensure_ascii=False, indent=1))
