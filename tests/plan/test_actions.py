"""Plans, their versions, and what lead bodies say of their activities."""

import datetime
from dataclasses import replace

import pytest

from danbe.accounts.models import Organisation
from danbe.core.errors import DomainError, NotAllowed
from danbe.plan import actions
from danbe.plan.framework import framework_of
from danbe.plan.models import (
    TRANSITIONS,
    Activity,
    ActivityReport,
    Indicator,
    ManualValue,
    PlanStatus,
    Review,
    State,
)
from danbe.plan.queries import plans_for, reports_of
from tests.conftest import Cast
from tests.figures.makers import focal_point
from tests.plan import makers
from tests.plan.makers import activity, news, published

pytestmark = pytest.mark.django_db


def test_esther_publishes_a_plan_and_fanta_may_not(cast: Cast) -> None:
    plan = makers.draft(cast.esther)
    with pytest.raises(NotAllowed):
        actions.publish_plan(cast.fanta, plan)
    assert actions.publish_plan(cast.esther, plan).status == PlanStatus.PUBLISHED


def test_a_draft_is_seen_by_esther_alone(cast: Cast) -> None:
    plan = makers.draft(cast.esther)
    assert plans_for(cast.esther).filter(pk=plan.pk).exists()
    for reader in (cast.fanta, cast.garan, cast.issa):
        assert not plans_for(reader).filter(pk=plan.pk).exists()


def test_a_published_plan_does_not_change_and_its_draft_does(cast: Cast) -> None:
    plan = published(cast.esther)
    with pytest.raises(DomainError) as refused:
        actions.save_framework(cast.esther, plan, makers.FRAMEWORK)
    assert refused.value.code == "plan.published"
    draft = actions.begin_version(cast.esther, plan)
    shorter = replace(makers.FRAMEWORK, money=())
    assert framework_of(actions.save_framework(cast.esther, draft, shorter)) == shorter
    assert framework_of(plan) == makers.FRAMEWORK


def test_a_wrong_framework_leaves_the_draft_as_it_was(cast: Cast) -> None:
    plan = makers.draft(cast.esther)
    wrong = replace(makers.FRAMEWORK, elements=makers.FRAMEWORK.elements[1:])
    with pytest.raises(DomainError):
        actions.save_framework(cast.esther, plan, wrong)
    assert framework_of(plan) == makers.FRAMEWORK


def test_progress_goes_on_from_one_version_to_the_next(cast: Cast) -> None:
    plan = published(cast.esther)
    first = actions.report_activity(cast.fanta, activity(plan), news())
    draft = actions.begin_version(cast.esther, plan)
    actions.review_report(cast.esther, first, accept=True)  # while the draft is written
    waiting = actions.report_activity(cast.fanta, activity(plan), news("under_way"))
    new = actions.publish_plan(cast.esther, draft)
    moved = activity(new)
    assert moved.state == State.UNDER_WAY
    assert [r.pk for r in reports_of(moved)] == [waiting.pk, first.pk]
    actions.review_report(cast.esther, waiting, accept=True)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.SUPERSEDED


def test_a_report_counts_once_it_is_reviewed(cast: Cast) -> None:
    plan = published(cast.esther)
    report = actions.report_activity(cast.fanta, activity(plan), news())
    assert activity(plan).state == State.PLANNED
    actions.review_report(cast.esther, report, accept=True)
    assert activity(plan).state == State.UNDER_WAY


def test_a_refused_report_says_why_and_changes_nothing(cast: Cast) -> None:
    plan = published(cast.esther)
    report = actions.report_activity(cast.fanta, activity(plan), news())
    with pytest.raises(DomainError) as refused:
        actions.review_report(cast.esther, report, accept=False)
    assert refused.value.field == "note"
    actions.review_report(cast.esther, report, accept=False, note="Preuve illisible (fictif)")
    assert activity(plan).state == State.PLANNED
    with pytest.raises(DomainError) as again:
        actions.review_report(cast.esther, report, accept=True)
    assert again.value.code == "report.reviewed"


def test_a_body_reports_on_what_it_leads_and_on_nothing_else(cast: Cast) -> None:
    plan = published(cast.esther)
    with pytest.raises(NotAllowed):
        actions.report_activity(cast.fanta, activity(plan, "A2"), news())
    actions.report_activity(focal_point("nana", "MJDH"), activity(plan, "A2"), news())
    for other in (cast.esther, cast.awa, cast.garan):
        with pytest.raises(NotAllowed):
            actions.report_activity(other, activity(plan), news())


def test_a_later_report_replaces_the_one_that_waits(cast: Cast) -> None:
    plan = published(cast.esther)
    first = actions.report_activity(cast.fanta, activity(plan), news())
    actions.report_activity(cast.fanta, activity(plan), news("dropped"))
    first.refresh_from_db()
    assert first.review == Review.REPLACED
    assert ActivityReport.unscoped.filter(review=Review.WAITING).count() == 1


@pytest.mark.parametrize("old", State)
@pytest.mark.parametrize("new", State)
def test_only_the_transitions_of_the_table_are_possible(
    old: State, new: State, cast: Cast
) -> None:
    plan = published(cast.esther)
    mpfef = Organisation.objects.get(code="MPFEF")
    Activity.unscoped.filter(plan=plan, code="A1").update(
        state=old, blocked_reason="fictif", must_act=mpfef
    )
    told = news(new, evidence="PV fictif", blocked_reason="Budget", must_act=mpfef)
    if new in TRANSITIONS[old]:
        actions.report_activity(cast.fanta, activity(plan), told)
        return
    with pytest.raises(DomainError) as refused:
        actions.report_activity(cast.fanta, activity(plan), told)
    assert refused.value.code == "activity.transition"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (news("under_way", text=" "), "text"),
        (news("blocked"), "blocked_reason"),
        (news("blocked", blocked_reason="Pas de terrain"), "must_act"),
        (news("nonsense"), "to_state"),
    ],
)
def test_what_is_missing_is_asked_for_at_its_field(
    told: actions.News, field: str, cast: Cast
) -> None:
    plan = published(cast.esther)
    with pytest.raises(DomainError) as refused:
        actions.report_activity(cast.fanta, activity(plan), told)
    assert refused.value.field == field


def test_done_needs_evidence(cast: Cast) -> None:
    plan = published(cast.esther)
    Activity.unscoped.filter(plan=plan, code="A1").update(state=State.UNDER_WAY)
    with pytest.raises(DomainError) as refused:
        actions.report_activity(cast.fanta, activity(plan), news("done"))
    assert refused.value.field == "evidence"
    actions.report_activity(cast.fanta, activity(plan), news("done", evidence="PV fictif"))


def test_what_is_blocked_says_who_must_act(cast: Cast) -> None:
    plan = published(cast.esther)
    body = Organisation.objects.get(code="MJDH")
    told = news("blocked", blocked_reason="Décret attendu (fictif)", must_act=body)
    report = actions.report_activity(cast.fanta, activity(plan), told)
    actions.review_report(cast.esther, report, accept=True)
    blocked = activity(plan)
    assert (blocked.blocked_reason, blocked.must_act) == ("Décret attendu (fictif)", body)


def test_nobody_reports_on_a_draft(cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        actions.report_activity(cast.fanta, activity(makers.draft(cast.esther)), news())
    assert refused.value.code == "activity.not_published"


def test_the_need_of_a_published_plan_stays_and_what_is_given_moves(cast: Cast) -> None:
    plan = published(cast.esther)
    told = {"year": 2024, "source": "state_budget", "allocated": 15, "disbursed": 3}
    line = actions.set_money(cast.esther, activity(plan), needed=20_000_000, **told)  # type: ignore[arg-type]
    assert (line.needed, line.allocated, line.disbursed) == (20_000_000, 15, 3)
    with pytest.raises(DomainError) as refused:
        actions.set_money(cast.esther, activity(plan), needed=1, **told)  # type: ignore[arg-type]
    assert refused.value.field == "needed"
    with pytest.raises(NotAllowed):
        actions.set_money(cast.fanta, activity(plan), needed=20_000_000, **told)  # type: ignore[arg-type]


def test_the_keeper_of_an_indicator_enters_its_value_with_evidence(cast: Cast) -> None:
    plan = published(cast.esther)
    one = Indicator.unscoped.get(plan=plan, code="I3")
    with pytest.raises(DomainError) as refused:
        actions.tell_value(cast.fanta, one, year=2024, value=3, evidence="")
    assert refused.value.field == "evidence"
    actions.tell_value(cast.fanta, one, year=2024, value=3, evidence="PV fictif")
    actions.tell_value(cast.fanta, one, year=2024, value=4, evidence="PV corrigé (fictif)")
    assert list(ManualValue.objects.values_list("value", flat=True)) == [3, 4]
    with pytest.raises(NotAllowed):
        actions.tell_value(
            focal_point("nana", "MJDH"), one, year=2024, value=9, evidence="PV fictif"
        )


def test_nobody_types_a_computed_indicator(cast: Cast) -> None:
    plan = published(cast.esther)
    one = Indicator.unscoped.get(plan=plan, code="I1")
    with pytest.raises(NotAllowed):
        actions.tell_value(cast.fanta, one, year=2024, value=3, evidence="PV fictif")


def test_a_draft_is_thrown_away_and_a_published_plan_is_not(cast: Cast) -> None:
    plan = published(cast.esther)
    draft = actions.begin_version(cast.esther, plan)
    actions.discard_plan(cast.esther, draft)
    with pytest.raises(DomainError):
        actions.discard_plan(cast.esther, plan)


def test_a_plan_has_one_draft_and_possible_dates(cast: Cast) -> None:
    plan = published(cast.esther)
    actions.begin_version(cast.esther, plan)
    with pytest.raises(DomainError):
        actions.begin_version(cast.esther, plan)
    day = datetime.date(2030, 1, 1)
    with pytest.raises(DomainError) as refused:
        actions.begin_plan(
            cast.esther, code="X", label_fr="X", start=day, end=datetime.date(2029, 1, 1)
        )
    assert refused.value.field == "end"
