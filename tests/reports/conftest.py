"""The report of 2024, as the Committee published it."""

import pytest

from danbe.reports.annual import build
from danbe.reports.document import Document
from tests.conftest import Cast
from tests.reports.makers import TODAY, owe, returns_of_2024


@pytest.fixture
def of_2024(cast: Cast) -> Cast:
    """The cast, once the returns of 2024 are accepted; two bodies of four are silent."""
    owe(cast.esther, "CNCLCTPA", "COURS", "MPFEF", "OIM")
    returns_of_2024(
        cast.esther,
        narrative={"prevention": "Des causeries se sont tenues à Kadiolo."},
        difficulties="Les données fiables manquent et les frontières sont poreuses.",
    )
    return cast


@pytest.fixture
def document(of_2024: Cast) -> Document:
    return build(2024, TODAY)
