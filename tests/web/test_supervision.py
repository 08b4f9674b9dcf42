"""Lalla sees who carries what; nobody outside sees a case, nor a small number."""

import datetime
from typing import Any

from django.utils import timezone

from danbe.accounts.models import Post
from danbe.core.access import Actor
from danbe.protection import care_actions, case_actions
from danbe.protection.models import Case
from danbe.protection.quality import quality
from danbe.protection.vocabulary import ServiceStatus
from danbekit.dates import Window
from tests.conftest import Cast, SignIn, seat
from tests.protection.makers import met

TODAY = timezone.localdate


def this_year() -> Window:
    return Window.calendar_year(TODAY().year)


def cared_for(actor: Actor, **service: Any) -> Case:
    """A case opened ten days ago, with one service."""
    day = TODAY() - datetime.timedelta(days=10)
    case = case_actions.open_case(actor, met(actor), on=day)
    told = {"type": "shelter", "status": ServiceStatus.GIVEN, "start": TODAY()} | service
    care_actions.add_service(actor, case, care_actions.Given(**told))
    return case


def test_lalla_sees_the_caseload_of_her_body_and_of_no_other(cast: Cast, sign_in: SignIn) -> None:
    case = cared_for(cast.awa)
    other = cared_for(cast.bakary)
    shown = sign_in(cast.lalla).get("/supervision/").content.decode()
    assert "Assistante sociale" in shown
    assert other.number not in shown
    asked = sign_in(cast.lalla).get(f"/cases/?scope={cast.awa.post_id}").content.decode()
    assert case.number in asked


def test_the_cases_of_a_post_move_in_one_act_and_a_new_holder_needs_nothing(
    cast: Cast, sign_in: SignIn
) -> None:
    case = cared_for(cast.awa)
    binta = seat("binta", cast.awa.role, "SINJIYA", "Éducatrice")
    lalla = sign_in(cast.lalla)
    form = {"from_post": str(cast.awa.post_id), "to_post": str(cast.awa.post_id)}
    assert lalla.post("/supervision/move/", form).status_code == 409
    assert (
        lalla.post("/supervision/move/", form | {"to_post": str(binta.post_id)}).status_code == 302
    )
    case.refresh_from_db()
    assert case.post == Post.objects.get(pk=binta.post_id)


def test_cases_do_not_move_to_another_body(cast: Cast, sign_in: SignIn) -> None:
    case = cared_for(cast.awa)
    form = {"from_post": str(cast.awa.post_id), "to_post": str(cast.bakary.post_id)}
    assert sign_in(cast.lalla).post("/supervision/move/", form).status_code == 409
    case.refresh_from_db()
    assert case.post_id == cast.awa.post_id


def test_the_time_to_help_and_unmet_needs_are_counted(cast: Cast) -> None:
    cared_for(cast.awa)
    cared_for(cast.awa, status=ServiceStatus.UNAVAILABLE, start=None, type="legal_aid")
    found = quality(cast.lalla, this_year())
    assert (found.delay.n_cases, found.delay.n_helped) == (2, 1)
    assert (found.delay.median_days, found.delay.p90_days) == (10, 10)
    assert [(m.service, m.sex, m.n) for m in found.missing] == [("legal_aid", "female", 1)]
    assert quality(cast.garan, this_year()).delay.n_cases == 2


def test_small_numbers_are_hidden_from_the_nation_and_not_from_the_body(
    cast: Cast, sign_in: SignIn
) -> None:
    cared_for(cast.awa, status=ServiceStatus.UNAVAILABLE, start=None, type="legal_aid")
    address = f"/supervision/quality/?window={TODAY().year}"
    assert "&lt; 5" in sign_in(cast.garan).get(address).content.decode()
    assert "&lt; 5" not in sign_in(cast.lalla).get(address).content.decode()
    assert sign_in(cast.awa).get(address).status_code == 403
