"""A process: its rules, its phases, its participants."""

import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from danbe.accounts.models import Organisation
from danbe.core.access import require, visible
from danbe.core.errors import DomainError, NotAllowed
from danbe.plan import actions, participation_actions, participation_queries, text_actions
from danbe.plan.models import (
    Answer,
    Category,
    Participant,
    Phase,
    Plan,
    Process,
    Stage,
)
from danbe.plan.participation_actions import Calendar
from danbe.plan.phases import may_contribute, may_read, part_of_body
from tests.conftest import Cast
from tests.plan import makers as plans
from tests.plan import participation_makers as makers

pytestmark = pytest.mark.django_db
BODIES = Organisation.objects


def refused(code: str) -> "pytest.RaisesContext":  # type: ignore[type-arg,name-defined]
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def test_a_process_begins_with_four_phases_and_no_date(cast: Cast) -> None:
    process = makers.begun(cast.esther)
    phases = list(process.phases.all())
    assert [p.stage for p in phases] == ["preparation", "evaluation", "drafting", "validation"]
    assert {(p.start, p.end) for p in phases} == {(None, None)}
    assert process.stage == Stage.PREPARATION


def test_the_secretariat_alone_runs_a_process(cast: Cast) -> None:
    for actor in (cast.fanta, cast.issa, cast.garan, cast.awa, cast.jeneba):
        with pytest.raises(NotAllowed):
            require(actor, "process.write")
    for actor in (cast.fanta, cast.issa, cast.garan, cast.awa):
        require(actor, "process.read")


def test_one_draft_has_one_process_and_a_published_plan_none(cast: Cast) -> None:
    process = makers.begun(cast.esther)
    with refused("process.exists"):
        participation_actions.begin_process(cast.esther, process.plan, label_fr="Encore")
    with refused("process.plan_published"):
        participation_actions.begin_process(
            cast.esther, Plan.objects.get(code="2023-2027"), label_fr="Trop tard"
        )


def test_the_plan_of_a_process_is_not_thrown_away_nor_published_before_its_validation(
    cast: Cast,
) -> None:
    process = makers.begun(cast.esther)
    with refused("plan.has_process"):
        actions.discard_plan(cast.esther, process.plan)
    with refused("plan.not_validated"):
        actions.publish_plan(cast.esther, process.plan)


def test_the_old_plan_is_another_one_that_was_published(cast: Cast) -> None:
    draft = plans.draft(cast.esther)
    with refused("process.old_plan"):
        makers.begun(cast.esther, old_plan=draft)
    old = Plan.objects.get(code="2018-2022")
    assert makers.begun(cast.esther, "2041-2045", old).old_plan == old


def test_two_tabs_never_overwrite_each_others_rules(cast: Cast) -> None:
    process = makers.begun(cast.esther)
    participation_actions.save_rules(cast.esther, process, makers.RULES, edition=1)
    with refused("process.stale"):
        other = replace(makers.RULES, terms="D’autres termes")
        participation_actions.save_rules(cast.esther, process, other, edition=1)
    process.refresh_from_db()
    assert process.terms == makers.RULES.terms


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"label_fr": "  "}, "process.no_name"),
        ({"quorum_percent": 0}, "process.percent"),
        ({"quorum_percent": 101}, "process.percent"),
        ({"majority_percent": 49}, "process.percent"),
        ({"terms": "x" * 20_001}, "process.too_long"),
    ],
)
def test_rules_that_cannot_be_are_refused(
    cast: Cast, change: dict[str, object], code: str
) -> None:
    process = makers.begun(cast.esther)
    with refused(code):
        told = replace(makers.RULES, **change)  # type: ignore[arg-type]
        participation_actions.save_rules(cast.esther, process, told, edition=1)


def calendar(start: str, end: str = "") -> Calendar:
    day = datetime.date.fromisoformat
    return Calendar(day(start), day(end) if end else None)


def test_phases_have_possible_dates_in_their_order(cast: Cast) -> None:
    process = makers.begun(cast.esther)
    save = participation_actions.save_phase
    save(cast.esther, process, "drafting", calendar("2030-03-01", "2030-06-30"), edition=1)
    for start, end, code in [
        ("1823-01-01", "", "phase.dates"),
        ("2030-02-02", "2030-02-01", "phase.dates"),
        ("2030-04-01", "", "phase.order"),
    ]:
        with refused(code):
            save(cast.esther, process, "evaluation", calendar(start, end), edition=2)
    with refused("process.stale"):
        save(cast.esther, process, "evaluation", calendar("2030-02-01"), edition=1)
    save(cast.esther, process, "evaluation", calendar("2030-02-01"), edition=2)
    assert Phase.objects.get(process=process, stage="evaluation").start == datetime.date(
        2030, 2, 1
    )


def test_each_phase_says_who_reads_and_who_contributes(cast: Cast) -> None:
    process = makers.drafting(cast.esther)
    assert may_read(process, Category.PUBLIC)
    assert may_contribute(process, Category.PUBLIC)
    told = Calendar(None, None, reads=["state"], contributes=["state"])
    participation_actions.save_phase(
        cast.esther, process, "drafting", told, edition=process.edition
    )
    assert may_contribute(process, Category.STATE)
    assert not may_read(process, Category.PUBLIC)
    with refused("phase.blind"):
        blind = Calendar(None, None, reads=[], contributes=["state"])
        participation_actions.save_phase(
            cast.esther, process, "drafting", blind, edition=process.edition + 1
        )


def test_a_process_goes_on_once_each_phase_has_what_it_needs(cast: Cast) -> None:
    old = Plan.objects.get(code="2018-2022")
    process = makers.begun(cast.esther, old_plan=old)
    move = participation_actions.move_process
    with refused("process.no_rules"):
        move(cast.esther, process, Stage.EVALUATION)
    rules = replace(makers.RULES, old_plan=old)
    participation_actions.save_rules(cast.esther, process, rules, edition=1)
    with refused("process.nobody"):
        move(cast.esther, process, Stage.EVALUATION)
    body = [BODIES.get(code="MPFEF")]
    participation_actions.invite_bodies(cast.esther, process, body, category="state")
    with refused("process.not_evaluated"):
        move(cast.esther, process, Stage.DRAFTING)
    move(cast.esther, process, Stage.EVALUATION)
    move(cast.esther, process, Stage.DRAFTING)
    with refused("process.no_voter"):
        move(cast.esther, process, Stage.VALIDATION)
    participation_actions.set_voter(cast.esther, makers.participant(process, "MPFEF"), votes=True)
    with refused("process.no_text"):
        move(cast.esther, process, Stage.VALIDATION)
    draft = makers.draft_text(cast.esther, process)
    with refused("process.draft_text"):
        move(cast.esther, process, Stage.VALIDATION)
    makers.publish(cast.esther, draft)
    assert move(cast.esther, process, Stage.VALIDATION).stage == Stage.VALIDATION
    for to in (Stage.VALIDATED, Stage.PREPARATION, "nowhere"):
        with refused("process.transition"):
            move(cast.esther, process, to)


def test_without_an_old_plan_the_preparation_leads_to_the_drafting(cast: Cast) -> None:
    process = makers.prepared(cast.esther)
    with refused("process.no_old_plan"):
        participation_actions.move_process(cast.esther, process, Stage.EVALUATION)
    assert participation_actions.move_process(
        cast.esther, process, Stage.DRAFTING
    ).stage == makers.Stage.DRAFTING  # fmt: skip


def test_a_process_is_stopped_with_a_reason_and_nothing_changes_after(cast: Cast) -> None:
    process = makers.drafting(cast.esther)
    with refused("process.no_reason"):
        participation_actions.move_process(cast.esther, process, Stage.STOPPED)
    participation_actions.move_process(cast.esther, process, Stage.STOPPED, reason="Reporté")
    with refused("process.over"):
        body = [BODIES.get(code="ENDA")]
        participation_actions.invite_bodies(cast.esther, process, body, category="state")
    with refused("text.too_late"):
        text_actions.begin_text(cast.esther, process)


def test_a_focal_point_answers_for_its_body_alone(cast: Cast) -> None:
    process = makers.prepared(cast.esther)
    own, other = makers.participant(process, "MPFEF"), makers.participant(process, "MJDH")
    told = participation_actions.answer_invitation(cast.fanta, own, Answer.ACCEPTED)
    assert told.answer == Answer.ACCEPTED
    with refused("participant.transition"):
        participation_actions.answer_invitation(cast.fanta, own, Answer.WAITING)
    with pytest.raises(NotAllowed):
        participation_actions.answer_invitation(cast.fanta, other, Answer.ACCEPTED)
    assert list(visible(cast.fanta, Participant, "participation.answer")) == [own]
    assert part_of_body(cast.fanta, process) == own
    assert part_of_body(cast.jeneba, process) is None
    participation_actions.answer_invitation(cast.esther, other, Answer.DECLINED)  # from a letter


def test_a_survivor_is_a_pseudonym_and_nothing_else(cast: Cast) -> None:
    process = makers.prepared(cast.esther)
    made = participation_actions.add_survivors(cast.esther, process, number=3)
    assert len({one.alias for one in made}) == 3
    assert {(one.name, one.organisation_id, one.shown) for one in made} == {
        ("", None, "Survivantes et survivants")
    }
    with refused("participant.survivor_named"):
        participation_actions.add_person(
            cast.esther, process, category="survivors", name="Un nom (fictif)"
        )
    for change in ({"name": "Un nom"}, {"organisation": BODIES.get(code="ENDA")}, {"alias": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Participant.unscoped.filter(pk=made[0].pk).update(**change)


def test_survivors_are_never_listed_nor_counted_below_five(cast: Cast) -> None:
    process = makers.prepared(cast.esther)
    participation_actions.add_survivors(cast.esther, process, number=4)
    named = participation_queries.named_participants(process)
    assert not named.filter(category=Category.SURVIVORS).exists()

    def told() -> str:
        groups = participation_queries.groups_of(process)
        return next(g.told for g in groups if g.category is Category.SURVIVORS)

    assert told() == "< 5"
    participation_actions.add_survivors(cast.esther, process, number=1)
    assert told() == "5"


def test_bodies_alone_vote_and_an_invitation_is_sent_once(cast: Cast) -> None:
    process = makers.prepared(cast.esther)
    n_before = participation_queries.named_participants(process).count()
    body = [BODIES.get(code="MPFEF")]
    assert not participation_actions.invite_bodies(cast.esther, process, body, category="state")
    person = participation_actions.add_person(
        cast.esther, process, category="resource", name="Une personne-ressource (fictive)"
    )
    assert participation_queries.named_participants(process).count() == n_before + 1
    with refused("participant.no_body"):
        participation_actions.set_voter(cast.esther, person, votes=True)
    with refused("participant.nobody"):
        participation_actions.invite_bodies(cast.esther, process, [], category="state")
    with refused("participant.number"):
        participation_actions.add_survivors(cast.esther, process, number=0)


def test_the_real_plan_has_facts_of_its_phases_and_no_process(cast: Cast) -> None:
    known = participation_queries.known_phases()
    assert [f.label_fr for f in known["2023-2027"]][:4] == [
        "Préparation",
        "Évaluation de l’ancien plan",
        "Rédaction",
        "Validation",
    ]
    assert {f.day for f in known["2023-2027"]} == {None}
    assert all(f.source for f in known["2023-2027"])
    assert not Process.objects.filter(plan__code="2023-2027").exists()
