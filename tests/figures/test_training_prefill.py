"""The return of an organiser takes its trainings from the calendar, where nothing was typed."""

import datetime

import pytest

from danbe.core.errors import DomainError, NotAllowed
from danbe.figures import actions
from danbe.figures.models import Return
from danbe.figures.training_prefill import may_prefill_trainings, prefill_trainings
from tests.conftest import Cast
from tests.figures import makers
from tests.partnership.training_makers import held, planned


def line_of(row: Return, code: str) -> dict[str, object]:
    line: dict[str, object] = Return.unscoped.get(pk=row.pk).content["lines"][code][0]
    return line


def test_trainings_held_in_the_window_become_two_lines_by_region(cast: Cast) -> None:
    held(cast.fanta, ("MJDH", "female", 4), ("MJDH", "male", 9))
    held(cast.fanta, ("PJS", "male", 2), start=datetime.date(2024, 6, 3),
         end=datetime.date(2024, 6, 4))  # fmt: skip
    held(cast.fanta, ("PJS", "male", 50), start=datetime.date(2023, 6, 3),
         end=datetime.date(2023, 6, 4))  # fmt: skip
    planned(cast.fanta)
    row = makers.opened(cast.fanta)
    assert may_prefill_trainings(cast.fanta, row)
    filled = prefill_trainings(cast.fanta, row)
    assert [d.number for d in filled] == ["P1.05", "P1.06"]
    persons = line_of(row, "persons_trained")
    assert (persons["total"], persons["place"]) == ("15", "segou-2023")
    assert persons["cells"] == {
        "sex_age": {"female.unknown": "4", "male.unknown": "11"},
        "category": {"magistrates": "15"},
    }
    assert line_of(row, "training_sessions")["total"] == "2"
    assert "calendrier" in str(persons["explanation"])


def test_what_was_typed_stays_and_what_nobody_counted_is_not_zero(cast: Cast) -> None:
    held(cast.fanta)
    typed = makers.content(training_sessions=makers.line("9"))
    row = makers.drafted(cast.fanta, typed)
    assert prefill_trainings(cast.fanta, row) == []
    assert line_of(row, "training_sessions")["total"] == "9"
    assert "persons_trained" not in Return.unscoped.get(pk=row.pk).content["lines"]


def test_several_audiences_are_not_shared_out(cast: Cast) -> None:
    held(cast.fanta, ("MJDH", "male", 9), audiences="magistrates lawyers")
    row = makers.opened(cast.fanta)
    prefill_trainings(cast.fanta, row)
    assert "category" not in line_of(row, "persons_trained")["cells"]  # type: ignore[operator]


def test_only_the_body_of_the_return_fills_it_and_only_while_it_is_open(cast: Cast) -> None:
    held(cast.fanta, ("MJDH", "male", 9))
    row = makers.opened(cast.fanta)
    for actor in (cast.esther, cast.issa, cast.awa):
        assert not may_prefill_trainings(actor, row)
        with pytest.raises(NotAllowed):
            prefill_trainings(actor, row)
    makers_typed = makers.content(victims_identified=makers.line("3"))
    row = actions.save_content(cast.fanta, row, content=makers_typed)
    actions.submit_return(cast.fanta, row)
    with pytest.raises(DomainError):
        prefill_trainings(cast.fanta, Return.unscoped.get(pk=row.pk))
