"""Assessing, planning, giving, seeing again, listening; and the rules of each."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import visible
from danbe.core.errors import NotAllowed
from danbe.core.models import Place
from danbe.partnership.models import ServiceOffer
from danbe.protection import care_actions as care
from danbe.protection import case_actions
from danbe.protection.care_actions import Given, Guardian, SafetyPlan, Seen
from danbe.protection.care_dates import add_months, milestones
from danbe.protection.models import Case, Feedback, FollowUp, Task
from danbe.protection.open_actions import open_groups
from danbe.protection.vocabulary import (
    AssessmentKind,
    Closing,
    ContactRule,
    FieldGroup,
    GoalStatus,
    Level,
    Schooling,
    ServiceStatus,
    TaskKind,
)
from tests.conftest import CAST, Cast, seat
from tests.protection.makers import MARIAM, met, refused

DAY = datetime.timedelta(days=1)
RISK = AssessmentKind.RISK


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def case(cast: Cast, today: datetime.date) -> Case:
    return case_actions.open_case(cast.awa, met(cast.awa), on=today - 200 * DAY)


@pytest.fixture
def adult(cast: Cast) -> Case:
    woman = met(cast.awa, replace(MARIAM, age_min=30, age_max=35))
    return case_actions.open_case(cast.awa, woman)


def said(cast: Cast, case: Case, group: FieldGroup, kind: str, subject: Any = None) -> str:
    return open_groups(cast.awa, case.person, [group]).text(kind, subject)


# --- Months --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2026-03-05", 0, "2026-03-05"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_of_the_month(
    start: str, months: int, day: str
) -> None:
    first, last = datetime.date.fromisoformat(start), datetime.date.fromisoformat(day)
    assert add_months(first, months) == last


def test_each_milestone_is_counted_from_the_first_day_not_from_the_one_before() -> None:
    days = dict(milestones(datetime.date(2026, 1, 31)))
    assert days[3] == datetime.date(2026, 4, 30)
    assert days[6] == datetime.date(2026, 7, 31)


# --- Assessing -----------------------------------------------------------------------------


def test_the_newest_risk_gives_the_case_its_level(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    care.assess(cast.awa, case, RISK, on=today, level=Level.HIGH, text="Représailles (fictif)")
    care.assess(cast.awa, case, RISK, on=today - 30 * DAY, level=Level.LOW)
    assert case.level == Level.HIGH
    row = case.assessments.get(level=Level.HIGH)
    assert said(cast, case, FieldGroup.SAFETY, "assessment", row.pk) == "Représailles (fictif)"


def test_a_risk_has_a_level_and_needs_are_from_the_list(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    with refused("assessment.level"):
        care.assess(cast.awa, case, RISK, on=today)
    with refused("assessment.needs"):
        care.assess(cast.awa, case, AssessmentKind.NEEDS, on=today)
    with refused("service.type"):
        care.assess(cast.awa, case, AssessmentKind.NEEDS, on=today, needs=["unknown"])
    with refused("case.future"):
        care.assess(cast.awa, case, RISK, on=today + DAY, level=Level.LOW)
    needs = ["shelter", "medical"]
    row = care.assess(cast.awa, case, AssessmentKind.NEEDS, on=today, needs=needs)
    assert row.needs == "medical shelter"


def test_the_best_interest_is_a_childs(
    cast: Cast, case: Case, adult: Case, today: datetime.date
) -> None:
    kind = AssessmentKind.BEST_INTEREST
    with refused("case.adult"):
        care.assess(cast.awa, adult, kind, on=today, text="non")
    with refused("assessment.text"):
        care.assess(cast.awa, case, kind, on=today)
    assert care.assess(cast.awa, case, kind, on=today, text="Rester avec sa tante (fictif)")


def test_nobody_else_writes_in_the_case(cast: Cast, case: Case, today: datetime.date) -> None:
    for other in (cast.bakary, cast.coumba, cast.esther, cast.jeneba):
        with pytest.raises(NotAllowed):
            care.assess(other, case, RISK, on=today, level=Level.LOW)


def test_nothing_is_written_in_a_closed_case(cast: Cast, case: Case, today: datetime.date) -> None:
    case_actions.close_case(cast.awa, case, Closing.REINTEGRATED, reason="fin (fictif)")
    with refused("case.closed"):
        care.assess(cast.awa, case, RISK, on=today, level=Level.LOW)
    with refused("case.closed"):
        care.add_task(cast.awa, case, kind=TaskKind.TASK, due_on=today)


# --- Safety --------------------------------------------------------------------------------


def test_nobody_is_called_before_it_was_agreed(cast: Cast, case: Case) -> None:
    assert case.contact_rule == ContactRule.UNKNOWN
    with refused("safety.contact"):
        care.agree_safety(cast.awa, case, rule=ContactRule.SAFE_HOURS)
    plan = SafetyPlan(dangers="Un oncle (fictif)", steps="Aller chez la voisine (fictive)")
    care.agree_safety(
        cast.awa, case, rule=ContactRule.SAFE_HOURS, contact="Après 18 h (fictif)", plan=plan
    )
    assert case.contact_rule == ContactRule.SAFE_HOURS
    told = open_groups(cast.awa, case.person, [FieldGroup.CONTACT, FieldGroup.SAFETY])
    assert told.text("safe_contact", case.pk) == "Après 18 h (fictif)"
    assert told.of("safety_plan", case.pk)[0].data()["dangers"] == "Un oncle (fictif)"


def test_a_new_rule_leaves_nothing_of_the_former_one(cast: Cast, case: Case) -> None:
    care.agree_safety(cast.awa, case, rule=ContactRule.THROUGH, contact="Sa tante (fictive)")
    care.agree_safety(cast.awa, case, rule=ContactRule.NEVER)
    assert said(cast, case, FieldGroup.CONTACT, "safe_contact", case.pk) == ""


# --- The plan ------------------------------------------------------------------------------


def test_a_goal_is_in_the_persons_words_and_is_reached_or_changed(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    with refused("goal.text"):
        care.set_goal(cast.awa, case, domain="education", text="")
    with refused("case.day"):
        care.set_goal(
            cast.awa, case, domain="education", text="x", due_on=today.replace(year=2126)
        )
    goal = care.set_goal(cast.awa, case, domain="education", text="Retourner à l’école (fictif)")
    assert said(cast, case, FieldGroup.PSYCHOSOCIAL, "goal", goal.pk).startswith("Retourner")
    care.settle_goal(cast.awa, goal, GoalStatus.REACHED)
    assert goal.settled_on == today
    care.settle_goal(cast.awa, goal, GoalStatus.SET)
    assert goal.settled_on is None
    with pytest.raises(NotAllowed):
        care.settle_goal(cast.bakary, goal, GoalStatus.REACHED)


def test_the_first_service_is_the_earliest_that_was_received(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    week = today - 7 * DAY
    care.add_service(cast.awa, case, Given("medical", ServiceStatus.PLANNED, start=today + DAY))
    assert case.first_service_on is None
    row = care.add_service(cast.awa, case, Given("shelter", ServiceStatus.UNDER_WAY, start=week))
    care.add_service(cast.awa, case, Given("medical", ServiceStatus.GIVEN, start=today))
    assert case.first_service_on == week
    care.change_service(cast.awa, row, Given("shelter", ServiceStatus.DECLINED))
    assert case.first_service_on == today


def test_what_was_found_nowhere_is_dated_today(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    row = care.add_service(cast.awa, case, Given("shelter", ServiceStatus.UNAVAILABLE))
    assert (row.start, row.end) == (today, None)


def test_a_service_says_when_and_its_offer_fits(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    def give(**told: Any) -> None:
        plain: dict[str, Any] = {"type": "medical", "status": ServiceStatus.GIVEN, "start": today}
        care.add_service(cast.awa, case, Given(**plain | told))

    with refused("service.type"):
        give(type="unknown")
    with refused("service.start"):
        give(start=None)
    with refused("case.future"):
        give(start=today + DAY)
    with refused("service.dates"):
        give(end=today - DAY)
    with refused("service.cost"):
        give(cost_fcfa=2_000_000_000)
    offer = ServiceOffer.unscoped.create(
        organisation=Organisation.objects.get(code="CARITAS"),
        type="shelter",
        place=Place.objects.get(code="sikasso-2023"),
        for_girls=True,
    )
    with refused("service.offer"):
        give(offer=offer)
    row = care.add_service(
        cast.awa, case, Given("shelter", ServiceStatus.UNDER_WAY, start=today, offer=offer)
    )
    assert row.provider is not None
    assert row.provider.code == "CARITAS"


def test_the_note_on_care_is_health_and_not_school(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    given = Given("medical", ServiceStatus.GIVEN, start=today, note="Fièvre (fictive)")
    row = care.add_service(cast.awa, case, given)
    assert said(cast, case, FieldGroup.HEALTH, "service_note", row.pk) == "Fièvre (fictive)"
    assert said(cast, case, FieldGroup.SCHOOL_WORK, "service_note", row.pk) == ""


# --- Dates ---------------------------------------------------------------------------------


def test_the_next_date_of_the_case_follows_its_tasks(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    task = care.add_task(
        cast.awa,
        case,
        kind=TaskKind.APPOINTMENT,
        due_on=case.opened_on + DAY,
        at=datetime.time(9, 30),
    )
    assert case.next_due_on == case.opened_on + DAY
    care.move_task(cast.awa, task, due_on=today)
    milestone = case.opened_on + 30 * DAY
    task.case.refresh_from_db()
    assert abs(task.case.next_due_on - milestone) < 3 * DAY
    care.finish_task(cast.awa, task)
    with refused("task.done"):
        care.cancel_task(cast.awa, task)


def test_only_an_appointment_has_an_hour(cast: Cast, case: Case, today: datetime.date) -> None:
    with refused("task.hour"):
        care.add_task(cast.awa, case, kind=TaskKind.TASK, due_on=today, at=datetime.time(9))


def test_a_milestone_is_held_and_neither_ticked_moved_nor_cancelled(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    first = case.tasks.get(month=1)
    with refused("task.milestone"):
        care.finish_task(cast.awa, first)
    with refused("task.fixed"):
        care.cancel_task(cast.awa, first)
    with refused("task.fixed"):
        care.move_task(cast.awa, first, due_on=today)
    with refused("follow_up.scale"):
        care.hold_follow_up(cast.awa, case, on=today, task=first, seen=Seen(housing=6))
    held = care.hold_follow_up(
        cast.awa, case, on=today, task=first, seen=Seen(housing=4, safety=5), words="Va mieux"
    )
    first.refresh_from_db()
    assert (held.month, first.done_on, held.income) == (1, today, None)
    assert case.next_due_on == case.tasks.get(month=3).due_on


def test_who_was_not_reached_is_still_to_be_seen(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    first = case.tasks.get(month=1)
    with refused("follow_up.not_reached"):
        care.hold_follow_up(
            cast.awa, case, on=today, task=first, was_reached=False, seen=Seen(housing=1)
        )
    care.hold_follow_up(cast.awa, case, on=today, task=first, was_reached=False)
    first.refresh_from_db()
    assert first.done_on is None
    assert FollowUp.unscoped.get().was_reached is False


def test_reintegration_counts_the_milestones_anew_and_keeps_what_was_held(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    care.hold_follow_up(cast.awa, case, on=today, task=case.tasks.get(month=1))
    with refused("case.before"):
        care.begin_reintegration(cast.awa, case, on=case.opened_on - DAY)
    care.begin_reintegration(cast.awa, case, on=today)
    alive = Task.unscoped.filter(case=case, is_cancelled=False, done_on=None)
    assert list(alive.values_list("month", "due_on")) == milestones(today)
    assert Task.unscoped.filter(case=case, month=1, done_on=today).count() == 1


# --- What she says of it --------------------------------------------------------------------


def test_satisfaction_is_heard_even_after_the_closing(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    with refused("feedback.empty"):
        care.hear_feedback(cast.awa, case, on=today)
    with refused("feedback.mark"):
        care.hear_feedback(cast.awa, case, on=today, mark=6)
    case_actions.close_case(cast.awa, case, Closing.REINTEGRATED, reason="fin (fictif)")
    assert care.hear_feedback(cast.awa, case, on=today, mark=5).mark == 5


def test_a_complaint_reaches_lalla_and_never_the_caseworker_it_is_about(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    with refused("feedback.words"):
        care.hear_feedback(cast.lalla, case, on=today, is_complaint=True, mark=1)
    # Another colleague of the shelter wrote it down.
    other = replace(cast.awa, post_id=_other_post(cast), user_id=None)
    row = care.hear_feedback(
        other, case, on=today, is_complaint=True, words="On me crie dessus (fictif)"
    )
    assert not visible(cast.awa, Feedback, "case.read").exists()
    assert said(cast, case, FieldGroup.INTERNAL, "complaint", row.pk) == ""
    seen = open_groups(cast.lalla, case.person, [FieldGroup.INTERNAL])
    assert seen.text("complaint", row.pk).startswith("On me crie")
    with pytest.raises(NotAllowed):
        care.answer_complaint(cast.awa, row, words="rien")
    care.answer_complaint(cast.lalla, row, words="Entretien tenu (fictif)")
    assert row.answered_on == today
    with refused("feedback.answered"):
        care.answer_complaint(cast.lalla, row, words="encore")


def test_a_supervisor_does_not_answer_a_complaint_about_herself(
    cast: Cast, case: Case, today: datetime.date
) -> None:
    case.post_id = cast.lalla.post_id
    case.save()
    row = care.hear_feedback(cast.awa, case, on=today, is_complaint=True, words="… (fictif)")
    with pytest.raises(NotAllowed):
        care.answer_complaint(cast.lalla, row, words="rien à dire")
    told = open_groups(cast.lalla, case.person, [FieldGroup.INTERNAL])
    assert told.text("complaint", row.pk) == ""


def _other_post(cast: Cast) -> Any:
    return seat("oumou", CAST["awa"][0], "SINJIYA", "Autre assistante").post_id


# --- Children ------------------------------------------------------------------------------


def test_the_guardian_of_a_child_is_sealed_whole(cast: Cast, case: Case, adult: Case) -> None:
    with refused("case.adult"):
        care.name_guardian(cast.awa, adult, None)
    with refused("guardian.name"):
        care.name_guardian(cast.awa, case, Guardian())
    care.name_guardian(cast.awa, case, Guardian(name="Une tante (fictive)", link="tante"))
    assert case.has_guardian is True
    told = open_groups(cast.awa, case.person, [FieldGroup.FAMILY])
    assert told.of("guardian", case.pk)[0].data()["name"] == "Une tante (fictive)"
    assert care.name_guardian(cast.awa, case, None).has_guardian is False


def test_the_schooling_of_a_child_is_noted(cast: Cast, case: Case, adult: Case) -> None:
    with refused("case.adult"):
        care.note_schooling(cast.awa, adult, Schooling.LEFT)
    care.note_schooling(cast.awa, case, Schooling.LEFT, note="En 6e année (fictif)")
    assert case.schooling == Schooling.LEFT
    assert said(cast, case, FieldGroup.SCHOOL_WORK, "schooling", case.pk).startswith("En 6e")
