"""The page where people of an event are said to belong together."""

import pytest

from danbe.protection import person_actions
from danbe.protection.models import Person
from danbe.protection.person_actions import Met
from tests.conftest import Cast
from tests.protection.makers import event
from tests.web.conftest import Browse

pytestmark = pytest.mark.django_db


def test_lines_of_the_sheet_become_a_community(cast: Cast, browse: Browse) -> None:
    made = event(cast.awa)
    person_actions.register_people(cast.awa, made, [Met(), Met(), Met()])
    typed = {"who": "chosen", "lines": "1-2", "kind": "community"}
    told = browse(cast.awa).post(f"/events/{made.pk}/together/", typed, follow=True)
    assert "2 people under the number CO-" in told.content.decode()
    people = Person.unscoped.filter(event=made).order_by("line")
    assert [one.household is not None for one in people] == [True, True, False]


def test_whoever_leaves_another_household_is_seen_before_and_told_after(
    cast: Cast, browse: Browse
) -> None:
    made = event(cast.awa)
    person_actions.register_people(cast.awa, made, [Met(), Met(), Met()])
    first = person_actions.gather_household(
        cast.awa, made, list(Person.unscoped.filter(event=made, line__lte=2))
    )
    awa, here = browse(cast.awa), f"/events/{made.pk}/together/"
    assert awa.get(here).content.decode().count(first.number) == 2
    told = awa.post(here, {"who": "chosen", "lines": "2-3", "kind": "family"}, follow=True)
    assert "1 of them was under another number and left it." in told.content.decode()
    assert told.content.decode().count(first.number) == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [("1", "At least two people"), ("7", "Not in the list below: 7"), ("", "Tick people below")],
)
def test_a_wrong_choice_is_told_at_the_lines_and_gathers_nobody(
    cast: Cast, browse: Browse, lines: str, said: str
) -> None:
    made = event(cast.awa)
    person_actions.register_people(cast.awa, made, [Met(), Met()])
    typed = {"who": "chosen", "lines": lines, "kind": "family"}
    told = browse(cast.awa).post(f"/events/{made.pk}/together/", typed)
    assert told.status_code == 400
    assert said in told.content.decode()
    assert not Person.unscoped.filter(event=made, household__isnull=False).exists()
