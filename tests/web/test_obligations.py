"""The secretariat says what a body owes; completeness hears of it at once."""

import datetime

from danbe.accounts.models import Organisation
from danbe.figures.completeness import State, completeness
from danbe.figures.models import Obligation
from danbekit.dates import Window
from tests.conftest import Cast, SignIn

TODAY = datetime.date(2026, 11, 24)
TOLD = {
    "axes": ["protection", "prevention"],
    "months": "3",
    "first": "2025-01-01",
    "last": "",
    "due_days": "30",
}


def address(code: str) -> str:
    return f"/organisations/{Organisation.objects.get(code=code).pk}/owes/new/"


def test_esther_asks_a_shelter_for_quarterly_returns_and_it_is_silent(cast: Cast, sign_in: SignIn):
    answer = sign_in(cast.esther).post(address("ENDA"), TOLD)
    assert answer.status_code == 302
    kept = Obligation.objects.get()
    assert (kept.axes, kept.months) == ("prevention protection", 3)
    owed = completeness(cast.esther, Window.calendar_year(2025), TODAY).owed
    assert [o.state for o in owed] == [State.MISSING] * 4


def test_an_end_before_its_beginning_is_said_at_the_field_and_nothing_is_lost(
    cast: Cast, sign_in: SignIn
):
    answer = sign_in(cast.esther).post(address("ENDA"), TOLD | {"last": "2024-01-01"})
    assert answer.status_code == 200
    assert "La fin précède le début." in answer.text
    assert 'value="2024-01-01"' in answer.text
    assert not Obligation.objects.exists()


def test_no_axis_is_refused(cast: Cast, sign_in: SignIn):
    answer = sign_in(cast.esther).post(address("ENDA"), {**TOLD, "axes": []})
    assert answer.status_code == 200
    assert not Obligation.objects.exists()


def test_fanta_may_not_say_what_her_ministry_owes(cast: Cast, sign_in: SignIn):
    assert sign_in(cast.fanta).post(address("MPFEF"), TOLD).status_code == 403
    assert not Obligation.objects.exists()
