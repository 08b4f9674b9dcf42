"""A case opens without conditions, and closes with a reason, sometimes with a second look."""

import datetime

import pytest
from django.utils import timezone

from danbe.accounts.actions import hand_over
from danbe.accounts.models import Post
from danbe.core.access import Role, visible
from danbe.core.errors import NotAllowed
from danbe.protection import case_actions as acts
from danbe.protection.cases import waits_for_approval
from danbe.protection.models import Case, CaseChange, Task
from danbe.protection.open_actions import open_groups
from danbe.protection.vocabulary import (
    CaseStatus,
    Change,
    Closing,
    FieldGroup,
    Identification,
    Level,
)
from tests.conftest import Cast, seat
from tests.protection.makers import consent, met, refused

TODAY = timezone.localdate
DAY = datetime.timedelta(days=1)


def opened(cast: Cast, **more: datetime.date) -> Case:
    return acts.open_case(cast.awa, met(cast.awa), **more)


def history(case: Case) -> list[str]:
    return list(CaseChange.unscoped.filter(case=case).values_list("what", flat=True))


def test_care_begins_with_a_person_met_and_asks_nothing_in_return(cast: Cast) -> None:
    mariam = met(cast.awa)
    assert mariam.status == Identification.OPEN
    case = acts.open_case(cast.awa, mariam)
    assert (case.organisation_id, case.post_id) == (cast.awa.organisation_id, cast.awa.post_id)
    assert case.number.startswith("PC-")
    assert history(case) == [Change.OPENED]


def test_a_body_has_one_case_of_a_person_and_each_body_its_own(cast: Cast) -> None:
    mariam = met(cast.awa)
    with pytest.raises(NotAllowed):
        acts.open_case(cast.bakary, mariam)
    first = acts.open_case(cast.awa, mariam)
    assert acts.open_case(cast.lalla, mariam).pk == first.pk
    consent(cast.awa, mariam, cast.bakary, [FieldGroup.IDENTITY])
    second = acts.open_case(cast.bakary, mariam)
    assert second.pk != first.pk
    assert list(visible(cast.bakary, Case, "case.read")) == [second]
    assert list(visible(cast.awa, Case, "case.read")) == [first]


def test_an_investigator_opens_no_case(cast: Cast) -> None:
    mariam = met(cast.coumba)
    with pytest.raises(NotAllowed):
        acts.open_case(cast.coumba, mariam)


def test_a_case_is_not_opened_tomorrow(cast: Cast) -> None:
    with refused("case.future"):
        opened(cast, on=TODAY() + DAY)


def test_the_five_milestones_are_planned_from_the_day_of_opening(cast: Cast) -> None:
    case = opened(cast, on=datetime.date(2026, 1, 31))
    planned = Task.unscoped.filter(case=case).values_list("month", "due_on")
    assert list(planned) == [
        (1, datetime.date(2026, 2, 28)),
        (3, datetime.date(2026, 4, 30)),
        (6, datetime.date(2026, 7, 31)),
        (12, datetime.date(2027, 1, 31)),
        (24, datetime.date(2028, 1, 31)),
    ]
    assert case.next_due_on == datetime.date(2026, 2, 28)


def test_goals_reached_close_the_case_at_once_and_nothing_is_left_due(cast: Cast) -> None:
    case = opened(cast)
    with refused("case.reason"):
        acts.close_case(cast.awa, case, Closing.REINTEGRATED, reason=" ")
    acts.close_case(cast.awa, case, Closing.REINTEGRATED, reason="Elle va bien (fictif)")
    case.refresh_from_db()
    assert (case.status, case.closed_on, case.next_due_on) == (CaseStatus.CLOSED, TODAY(), None)
    assert not Task.unscoped.filter(case=case, is_cancelled=False).exists()
    told = open_groups(cast.awa, case.person, [FieldGroup.INTERNAL])
    assert told.text("closing", case.pk).startswith("Elle va bien")
    with refused("case.closed"):
        acts.close_case(cast.awa, case, Closing.WISH, reason="encore")


@pytest.mark.parametrize(
    ("closing", "level", "waits"),
    [
        (Closing.LOST, "", True),
        (Closing.DECEASED, "", True),
        (Closing.NOT_CONCERNED, "", True),
        (Closing.WISH, Level.LOW, False),
        (Closing.WISH, "", False),
        (Closing.WISH, Level.HIGH, True),
        (Closing.WISH, Level.IMMEDIATE, True),
        (Closing.REINTEGRATED, Level.HIGH, False),
        (Closing.TRANSFERRED, "", False),
        (Closing.RETURNED, "", False),
        (Closing.DUPLICATE, "", False),
    ],
)
def test_what_could_harm_waits_for_a_second_look(
    closing: Closing, level: str, waits: bool
) -> None:
    assert waits_for_approval(Case(level=level), closing) is waits


def test_somebody_lost_is_closed_by_lalla_and_not_by_awa_alone(cast: Cast) -> None:
    case = opened(cast)
    acts.close_case(cast.awa, case, Closing.LOST, reason="Sans nouvelles (fictif)")
    assert (case.status, case.closing) == (CaseStatus.OPEN, "")
    with refused("case.asked"):
        acts.close_case(cast.awa, case, Closing.DUPLICATE, reason="autre")
    with pytest.raises(NotAllowed):
        acts.approve_closing(cast.awa, case)
    acts.approve_closing(cast.lalla, case)
    assert (case.status, case.closing) == (CaseStatus.CLOSED, Closing.LOST)
    assert history(case) == [Change.OPENED, Change.ASKED, Change.CLOSED]


def test_a_supervisor_does_not_approve_what_she_asked_even_from_another_post(cast: Cast) -> None:
    case = opened(cast)
    acts.close_case(cast.lalla, case, Closing.LOST, reason="Sans nouvelles (fictif)")
    other = seat("fatou", Role.SUPERVISOR, "SINJIYA", "Autre responsable")
    with refused("case.own"):
        acts.approve_closing(cast.lalla, case)
    lalla_elsewhere = type(other)(
        other.role, cast.lalla.user_id, other.post_id, other.organisation_id
    )
    with refused("case.own"):
        acts.refuse_closing(lalla_elsewhere, case, reason="non")
    assert acts.approve_closing(other, case).status == CaseStatus.CLOSED


def test_a_refused_closing_leaves_the_case_open_and_says_why(cast: Cast) -> None:
    case = opened(cast)
    with refused("case.not_asked"):
        acts.refuse_closing(cast.lalla, case, reason="rien")
    acts.close_case(cast.awa, case, Closing.LOST, reason="Sans nouvelles (fictif)")
    with refused("case.reason"):
        acts.refuse_closing(cast.lalla, case, reason="")
    acts.refuse_closing(cast.lalla, case, reason="Cherchez encore (fictif)")
    assert (case.status, case.closing_asked_at) == (CaseStatus.OPEN, None)
    told = open_groups(cast.awa, case.person, [FieldGroup.INTERNAL])
    assert told.text("closing_answer", case.pk) == "Cherchez encore (fictif)"


def test_awa_takes_back_her_request(cast: Cast) -> None:
    case = opened(cast)
    acts.close_case(cast.awa, case, Closing.LOST, reason="Sans nouvelles (fictif)")
    acts.keep_open(cast.awa, case)
    assert history(case)[-1] == Change.KEPT
    with refused("case.not_asked"):
        acts.approve_closing(cast.lalla, case)


def test_a_reopened_case_is_the_same_with_the_milestones_still_to_come(cast: Cast) -> None:
    start = TODAY() - 100 * DAY
    case = opened(cast, on=start)
    with refused("case.open"):
        acts.reopen_case(cast.awa, case, reason="déjà ouvert")
    acts.close_case(cast.awa, case, Closing.WISH, reason="À sa demande (fictif)")
    with refused("case.reason"):
        acts.reopen_case(cast.awa, case, reason="")
    again = acts.reopen_case(cast.awa, case, reason="Elle est revenue (fictif)")
    assert (again.pk, again.status, again.closing, again.closed_on) == (case.pk, "open", "", None)
    alive = Task.unscoped.filter(case=case, is_cancelled=False)
    assert list(alive.values_list("month", flat=True)) == [6, 12, 24]
    assert again.next_due_on == alive.first().due_on


def test_a_person_who_comes_back_finds_her_case_again(cast: Cast) -> None:
    case = opened(cast)
    acts.close_case(cast.awa, case, Closing.WISH, reason="À sa demande (fictif)")
    again = acts.open_case(cast.awa, case.person)
    assert (again.pk, again.status) == (case.pk, CaseStatus.OPEN)
    assert history(again)[-1] == Change.REOPENED


def test_a_transfer_closes_the_case_on_the_word_of_the_body_that_takes_over(cast: Cast) -> None:
    case = opened(cast)
    acts.close_as_transferred(cast.bakary, case)
    acts.close_as_transferred(cast.bakary, case)
    assert (case.status, case.closing) == (CaseStatus.CLOSED, Closing.TRANSFERRED)
    assert history(case) == [Change.OPENED, Change.CLOSED]


def test_the_cases_of_a_departing_worker_go_to_another_post_in_one_act(cast: Cast) -> None:
    mine = [opened(cast) for _n in range(3)]
    closed = opened(cast)
    acts.close_case(cast.awa, closed, Closing.DUPLICATE, reason="double (fictif)")
    successor = seat("binta", Role.CASEWORKER, "SINJIYA", "Autre assistante")
    from_post, to_post = (Post.objects.get(pk=who.post_id) for who in (cast.awa, successor))
    stranger = Post.objects.get(pk=cast.bakary.post_id)
    with pytest.raises(NotAllowed):
        acts.move_cases(cast.awa, from_post, to_post)
    with refused("case.post"):
        acts.move_cases(cast.lalla, from_post, stranger)
    with refused("case.other_body"):
        acts.move_cases(cast.lalla, stranger, to_post)
    with refused("case.same_post"):
        acts.move_cases(cast.lalla, from_post, from_post)
    assert acts.move_cases(cast.lalla, from_post, to_post) == 3
    kept = Case.unscoped.filter(post=to_post).values_list("pk", flat=True)
    assert set(kept) == {case.pk for case in mine}
    assert history(mine[0]) == [Change.OPENED, Change.MOVED]


def test_one_case_is_moved_by_lalla_alone(cast: Cast) -> None:
    case = opened(cast)
    lallas = Post.objects.get(pk=cast.lalla.post_id)
    with pytest.raises(NotAllowed):
        acts.move_case(cast.awa, case, lallas)
    assert acts.move_case(cast.lalla, case, lallas).post_id == cast.lalla.post_id
    with refused("case.same_post"):
        acts.move_case(cast.lalla, case, lallas)


def test_a_new_holder_finds_the_cases_of_the_post_as_they_were(cast: Cast) -> None:
    case = opened(cast)
    post = Post.objects.get(pk=cast.awa.post_id)
    hand_over(cast.jeneba, post, name="Nana (fictive)", email="nana@exemple.ml")
    case.refresh_from_db()
    assert case.post_id == post.pk
    assert history(case) == [Change.OPENED]
