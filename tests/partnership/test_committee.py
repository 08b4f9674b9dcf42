"""The Committee: who sits, what is planned, held, written down, decided and carried out."""

import datetime
from typing import Any

import pytest

from danbe.accounts.models import Message, Post
from danbe.core.access import Actor, Role, visible
from danbe.core.errors import DomainError, NotAllowed
from danbe.jobs.committee_clocks import remind_committee
from danbe.partnership import committee_actions, meeting_actions
from danbe.partnership import committee_decision_actions as decisions
from danbe.partnership import committee_queries as queries
from danbe.partnership.committee_actions import Mandate
from danbe.partnership.committee_queries import MonthState
from danbe.partnership.meeting_actions import Calling
from danbe.partnership.minutes import is_whole
from danbe.partnership.models import (
    AgendaItem,
    Assembly,
    Decision,
    DecisionNote,
    Meeting,
    MeetingStatus,
    MinutesStatus,
    Presence,
)
from tests.conftest import Cast
from tests.partnership import committee_makers as makers

DAY = makers.DAY


def refused(code: str) -> Any:
    return pytest.raises(DomainError, check=lambda error: error.code == code)  # type: ignore[call-overload]


def real(code: str = "CNCLCTPA") -> Assembly:
    found: Assembly = Assembly.unscoped.get(code=code)
    return found


# --- Sourced data -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_real_assemblies_are_loaded_with_their_sources_and_without_a_composition() -> None:
    assert {a.code for a in Assembly.unscoped.all()} == {"CNCLCTPA", "BUREAU", "LOCAL-KADIOLO"}
    for one in Assembly.unscoped.all():
        assert one.source.startswith("https://")
        assert one.quorum_rule == "unknown"
        assert not one.seats.exists()
    assert str(real("LOCAL-KADIOLO").place) == "Kadiolo"
    assert "NOT FOUND" not in real().note_fr


@pytest.mark.django_db
def test_the_meetings_seen_in_sources_are_loaded_to_the_day_or_month_that_is_known() -> None:
    told = {m.day.isoformat(): m.day_precision for m in Meeting.unscoped.all()}
    assert told == {"2020-02-06": "day", "2024-04-01": "month", "2025-05-05": "day"}
    assert all(m.source for m in Meeting.unscoped.all())


# --- Seats ------------------------------------------------------------------------------------


def test_a_body_sits_once_at_a_time_and_a_president_is_alone(cast: Cast) -> None:
    made = makers.assembly(cast.esther, sits=("MPFEF",))
    with refused("seat.taken"):
        makers.seated(cast.esther, made, "MPFEF")
    makers.seated(cast.esther, made, "MPFEF", kind="alternate")
    makers.seated(cast.esther, made, "MJDH", function="president")
    with refused("seat.function"):
        makers.seated(cast.esther, made, "PJS", function="president")


def test_a_term_that_ended_makes_room_and_stays_in_the_history(cast: Cast) -> None:
    made = makers.assembly(cast.esther, sits=("MPFEF",))
    seat = made.seats.get()
    committee_actions.end_seat(cast.esther, seat, on=makers.today() - DAY)
    makers.seated(cast.esther, made, "MPFEF", start=makers.today())
    assert made.seats.count() == 2


def test_terms_that_end_soon_are_warned_of_unless_somebody_follows(cast: Cast) -> None:
    made = makers.assembly(cast.esther, sits=())
    soon = makers.today() + 20 * DAY
    makers.seated(cast.esther, made, "MPFEF", end=soon)
    makers.seated(cast.esther, made, "MJDH", end=soon)
    makers.seated(cast.esther, made, "MJDH", start=soon + DAY)
    makers.seated(cast.esther, made, "PJS", end=makers.today() + 400 * DAY)
    assert [s.organisation.code for s in queries.ending(cast.esther, makers.today())] == ["MPFEF"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"start": datetime.date(1823, 1, 1)}, "seat.dates"),
        ({"start": datetime.date(2024, 2, 1), "end": datetime.date(2024, 1, 1)}, "seat.dates"),
        ({"kind": "friend"}, "seat.kind"),
        ({"function": "king"}, "seat.function"),
    ],
)
def test_a_seat_that_cannot_be_is_refused(cast: Cast, more: dict[str, Any], code: str) -> None:
    made = makers.assembly(cast.esther, sits=())
    with refused(code):
        makers.seated(cast.esther, made, "MPFEF", **more)


def test_the_post_of_a_seat_is_one_of_the_body_that_may_read(cast: Cast) -> None:
    made = makers.assembly(cast.esther, sits=())
    prosecutor, worker = (Post.objects.get(pk=a.post_id) for a in (cast.djibril, cast.awa))
    with refused("seat.post"):
        makers.seated(cast.esther, made, "MPFEF", post=prosecutor)
    with refused("seat.post"):
        makers.seated(cast.esther, made, "SINJIYA", post=worker)
    assert makers.seated(cast.esther, made, "PJS", post=prosecutor).post == prosecutor


def test_an_assembly_changed_in_another_tab_is_not_overwritten(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    committee_actions.change_assembly(cast.esther, made, version=1)
    with refused("assembly.changed"):
        committee_actions.change_assembly(cast.esther, made, version=1)


# --- Who reads what ---------------------------------------------------------------------------


def test_a_post_reads_the_assembly_where_it_sits_and_a_partner_nothing_of_it(cast: Cast) -> None:
    made = makers.assembly(cast.esther, sits=())
    meeting = makers.planned(cast.esther, made)
    assert not visible(cast.djibril, Meeting, "committee.read").exists()
    makers.seated(cast.esther, made, "PJS", post=Post.objects.get(pk=cast.djibril.post_id))
    assert list(visible(cast.djibril, Meeting, "committee.read")) == [meeting]
    assert visible(cast.fanta, Meeting, "committee.read").filter(pk=meeting.pk).exists()
    assert not visible(cast.issa, Meeting, "committee.read").exists()
    assert meeting not in queries.public_meetings(cast.issa)


def test_a_post_whose_term_ended_reads_nothing_more(cast: Cast) -> None:
    made = makers.assembly(cast.esther, sits=())
    post = Post.objects.get(pk=cast.djibril.post_id)
    seat = makers.seated(cast.esther, made, "PJS", post=post)
    makers.planned(cast.esther, made)
    committee_actions.end_seat(cast.esther, seat, on=makers.today() - DAY)
    assert not visible(cast.djibril, Meeting, "committee.read").exists()


def test_only_what_is_published_reaches_a_partner(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    shown = makers.planned(cast.esther, made, 5, is_public=True)
    makers.planned(cast.esther, made, 6)
    past = makers.held(cast.esther, made)
    public = makers.decided(cast.esther, past, is_public=True)
    makers.decided(cast.esther, past)
    told = queries.public_meetings(cast.issa).filter(assembly=made)
    assert list(told) == [shown]
    assert list(queries.public_decisions(cast.issa)) == [public]


@pytest.mark.parametrize("name", ["fanta", "garan", "djibril", "issa", "jeneba", "awa"])
def test_nobody_but_the_secretariat_plans_or_writes(cast: Cast, name: str) -> None:
    made = makers.assembly(cast.esther)
    meeting = makers.held(cast.esther, made)
    actor: Actor = getattr(cast, name)
    with pytest.raises(NotAllowed):
        makers.planned(actor, made)
    with pytest.raises(NotAllowed):
        makers.decided(actor, meeting)
    with pytest.raises(NotAllowed):
        meeting_actions.write_minutes(actor, meeting, text="x", version=meeting.version)


# --- Meetings ---------------------------------------------------------------------------------


def test_references_follow_one_another_in_the_year(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    told = Calling(datetime.date(2024, 3, 1))
    first, second = (meeting_actions.plan_meeting(cast.esther, made, told) for _n in range(2))
    assert (first.reference, second.reference) == ("FICTIF-2024-01", "FICTIF-2024-02")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Calling(datetime.date(1823, 5, 1)), "meeting.day"),
        (Calling(datetime.date(2099, 5, 1)), "meeting.day"),
        (Calling(datetime.date(2024, 5, 1), kind="tea"), "meeting.kind"),
        (Calling(datetime.date(2024, 5, 1), room="x" * 10_000), "meeting.too_long"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(cast: Cast, told: Calling, code: str) -> None:
    made = makers.assembly(cast.esther)
    with refused(code):
        meeting_actions.plan_meeting(cast.esther, made, told)


def test_the_focal_points_of_the_members_are_called_and_those_without_a_post_are_named(
    cast: Cast,
) -> None:
    made = makers.assembly(cast.esther)
    meeting = makers.planned(cast.esther, made)
    with refused("convocation.no_agenda"):
        meeting_actions.convoke(cast.esther, meeting, text="Bonjour {member}")
    meeting_actions.add_item(cast.esther, meeting, title="Plan 2027 (fictif)")
    with refused("convocation.name"):
        meeting_actions.convoke(cast.esther, meeting, text="Bonjour {mambre}")
    meeting_actions.convoke(cast.esther, meeting, text="Bonjour {member}")
    told = Message.unscoped.filter(kind="meeting.convoked")
    assert list(told.values_list("post_id", flat=True)) == [cast.fanta.post_id]
    by_hand = [c.organisation.code for c in queries.called_to(meeting) if not c.posts]
    assert set(by_hand) == {"MJDH", "SINJIYA", "PJS"}


def test_a_convoked_meeting_that_is_put_off_must_be_convoked_again(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    meeting = makers.planned(cast.esther, made)
    meeting_actions.add_item(cast.esther, meeting, title="Un point (fictif)")
    sent = meeting_actions.convoke(cast.esther, meeting, text="Bonjour")
    moved = Calling(sent.day + DAY, kind="ordinary", room=sent.room)
    with refused("meeting.changed"):
        meeting_actions.change_meeting(cast.esther, sent, moved, version=1)
    put_off = meeting_actions.change_meeting(cast.esther, sent, moved, version=sent.version)
    assert put_off.status == MeetingStatus.PLANNED
    meeting_actions.convoke(cast.esther, put_off, text="Bonjour")
    assert Message.unscoped.filter(kind="meeting.convoked").count() == 2


def test_a_cancelled_meeting_says_why_and_stays_cancelled(cast: Cast) -> None:
    meeting = makers.planned(cast.esther, makers.assembly(cast.esther))
    with refused("meeting.no_reason"):
        meeting_actions.cancel_meeting(cast.esther, meeting, reason=" ")
    gone = meeting_actions.cancel_meeting(cast.esther, meeting, reason="Deuil (fictif)")
    with refused("meeting.transition"):
        meeting_actions.cancel_meeting(cast.esther, gone, reason="encore")
    with refused("meeting.closed"):
        meeting_actions.add_item(cast.esther, gone, title="Un point")


@pytest.mark.parametrize(
    ("share", "came", "reached"), [(50, 2, True), (51, 2, False), (51, 3, True), (100, 4, True)]
)
def test_the_quorum_is_a_share_of_the_seats_rounded_up(
    cast: Cast, share: int, came: int, reached: bool
) -> None:
    made = makers.assembly(cast.esther, share=share)
    meeting = makers.held(cast.esther, made, -3, *makers.BODIES[:came])
    assert (meeting.n_seats, meeting.n_counted) == (4, came)
    assert meeting.has_quorum is reached


def test_a_guest_an_observer_and_an_excused_member_do_not_count(cast: Cast) -> None:
    made = makers.assembly(cast.esther, sits=("MPFEF", "MJDH"))
    makers.seated(cast.esther, made, "OIM", function="observer")
    meeting = makers.planned(cast.esther, made, -1)
    told = makers.came("MPFEF", "OIM", "ENDA", MJDH="excused")
    done = meeting_actions.hold_meeting(cast.esther, meeting, told)
    assert (done.n_seats, done.n_counted, done.n_needed) == (2, 1, 1)


def test_without_a_rule_the_quorum_is_not_known(cast: Cast) -> None:
    meeting = makers.held(cast.esther, real(), -3)
    assert meeting.has_quorum is None


def test_a_seat_given_later_does_not_change_who_counted_that_day(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    meeting = makers.held(cast.esther, made)
    makers.seated(cast.esther, made, "ENDA")
    meeting.refresh_from_db()
    assert meeting.n_seats == 4


def test_nobody_was_at_a_meeting_still_to_come(cast: Cast) -> None:
    meeting = makers.planned(cast.esther, makers.assembly(cast.esther), 1)
    with refused("meeting.future"):
        meeting_actions.hold_meeting(cast.esther, meeting, makers.came("MPFEF"))


# --- Minutes ----------------------------------------------------------------------------------


def minuted(cast: Cast, made: Assembly, days: int = -40) -> Meeting:
    meeting = makers.held(cast.esther, made, days)
    return meeting_actions.write_minutes(
        cast.esther, meeting, text="Le Comité a examiné (fictif).", version=meeting.version
    )


def test_minutes_are_adopted_by_a_later_meeting_and_frozen_with_their_fingerprint(
    cast: Cast,
) -> None:
    made = makers.assembly(cast.esther)
    first = minuted(cast, made)
    with refused("minutes.adopted_in"):
        meeting_actions.adopt_minutes(cast.esther, first, adopted_in=first)
    later = makers.held(cast.esther, made, -5)
    adopted = meeting_actions.adopt_minutes(cast.esther, first, adopted_in=later)
    assert adopted.minutes_status == MinutesStatus.ADOPTED
    assert is_whole(Meeting.unscoped.get(pk=adopted.pk))
    with refused("minutes.adopted"):
        meeting_actions.write_minutes(cast.esther, adopted, text="x", version=adopted.version)
    with refused("minutes.adopted"):
        makers.decided(cast.esther, adopted)
    Meeting.unscoped.filter(pk=adopted.pk).update(minutes_document={"text": "autre"})
    assert not is_whole(Meeting.unscoped.get(pk=adopted.pk))


def test_minutes_written_in_two_tabs_are_not_overwritten(cast: Cast) -> None:
    meeting = makers.held(cast.esther, makers.assembly(cast.esther))
    stale = meeting.version
    meeting_actions.write_minutes(cast.esther, meeting, text="un", version=stale)
    with refused("meeting.changed"):
        meeting_actions.write_minutes(cast.esther, meeting, text="deux", version=stale)


def test_there_are_no_minutes_of_a_meeting_that_was_not_held(cast: Cast) -> None:
    meeting = makers.planned(cast.esther, makers.assembly(cast.esther))
    with refused("minutes.not_held"):
        meeting_actions.write_minutes(cast.esther, meeting, text="un", version=1)


# --- Decisions, and the next agenda -------------------------------------------------------------


def test_what_is_open_comes_onto_the_next_agenda_by_itself(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    first = minuted(cast, made)
    decision = makers.decided(cast.esther, first)
    following = makers.planned(cast.esther, made)
    proposed = following.items.filter(is_proposed=True)
    assert {(i.decision, i.minutes_of) for i in proposed} == {(decision, None), (None, first)}
    later = makers.decided(cast.esther, makers.held(cast.esther, made, -2))
    assert following.items.filter(decision=later, is_proposed=True).exists()


def test_a_point_taken_off_is_not_proposed_again_for_that_meeting(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    decision = makers.decided(cast.esther, makers.held(cast.esther, made))
    following = makers.planned(cast.esther, made)
    meeting_actions.drop_item(cast.esther, following.items.get(decision=decision))
    makers.held(cast.esther, made, -1)  # proposes what is open once more
    [item] = following.items.filter(decision=decision)
    assert item.is_dropped


def test_points_are_taken_and_put_in_order(cast: Cast) -> None:
    meeting = makers.planned(cast.esther, makers.assembly(cast.esther))
    for title in ("un", "deux", "trois"):
        meeting_actions.add_item(cast.esther, meeting, title=title)
    last = meeting.items.get(title="trois")
    meeting_actions.raise_item(cast.esther, last)
    assert list(meeting.items.values_list("title", flat=True)) == ["un", "trois", "deux"]


def test_the_owner_reports_with_evidence_and_the_secretariat_confirms(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    decision = makers.decided(cast.esther, makers.held(cast.esther, made))
    following = makers.planned(cast.esther, made)
    assert Message.unscoped.filter(kind="decision.owned", post=cast.fanta.post_id).exists()
    with refused("decision.no_evidence"):
        decisions.report_decision(cast.fanta, decision, text="Fait", is_done=True)
    note = decisions.report_decision(
        cast.fanta, decision, text="Fait", evidence="Bordereau n° 3 (fictif)", is_done=True
    )
    assert Decision.unscoped.get(pk=decision.pk).status == "open"
    with pytest.raises(NotAllowed):
        decisions.review_note(cast.fanta, note, accept=True)
    decisions.review_note(cast.esther, note, accept=True)
    kept = Decision.unscoped.get(pk=decision.pk)
    assert (kept.status, kept.evidence) == ("done", "Bordereau n° 3 (fictif)")
    assert not AgendaItem.unscoped.filter(meeting=following, is_proposed=True).exists()
    assert Message.unscoped.filter(kind="decision.confirmed", post=cast.fanta.post_id).exists()


def test_a_claim_that_is_refused_says_why_and_the_decision_stays_open(cast: Cast) -> None:
    decision = makers.decided(cast.esther, makers.held(cast.esther, makers.assembly(cast.esther)))
    note = decisions.report_decision(
        cast.fanta, decision, text="Fait", evidence="oui", is_done=True
    )
    with refused("decision.no_reason"):
        decisions.review_note(cast.esther, note, accept=False)
    decisions.review_note(cast.esther, note, accept=False, answer="Il manque la liste (fictif)")
    assert Decision.unscoped.get(pk=decision.pk).status == "open"
    with refused("decision.reviewed"):
        decisions.review_note(cast.esther, DecisionNote.unscoped.get(pk=note.pk), accept=True)


def test_a_body_reports_on_its_own_decisions_only(cast: Cast) -> None:
    meeting = makers.held(cast.esther, makers.assembly(cast.esther))
    decision = makers.decided(cast.esther, meeting, "MJDH")
    with pytest.raises(NotAllowed):
        decisions.report_decision(cast.fanta, decision, text="Fait")
    with pytest.raises(NotAllowed):
        decisions.report_decision(cast.issa, decision, text="Fait")


def test_a_decision_is_put_off_dropped_and_reopened_with_reasons(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    decision = makers.decided(cast.esther, makers.held(cast.esther, made))
    new = decision.deadline + 30 * DAY if decision.deadline else makers.today()
    with refused("decision.no_reason"):
        decisions.extend_deadline(cast.esther, decision, deadline=new, reason="")
    decisions.extend_deadline(cast.esther, decision, deadline=new, reason="Crédits (fictif)")
    with refused("decision.no_reason"):
        decisions.drop_decision(cast.esther, decision, reason=" ")
    decisions.drop_decision(cast.esther, decision, reason="Sans objet (fictif)")
    with refused("decision.transition"):
        decisions.drop_decision(cast.esther, decision, reason="encore")
    with refused("decision.closed"):
        decisions.report_decision(cast.fanta, decision, text="Fait")
    again = decisions.reopen_decision(cast.esther, decision, reason="Reprise (fictif)")
    assert (again.status, again.deadline, again.drop_reason) == ("open", new, "")
    kinds = [n.kind for n in again.notes.all()]
    assert kinds == ["reopened", "dropped", "extended"]


@pytest.mark.parametrize("days", [-1, 5000])
def test_a_deadline_that_cannot_be_is_refused(cast: Cast, days: int) -> None:
    meeting = makers.held(cast.esther, makers.assembly(cast.esther))
    with refused("decision.deadline"):
        makers.decided(cast.esther, meeting, days=days)


def test_late_is_open_after_the_deadline(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    meeting = makers.held(cast.esther, made, -40)
    late = makers.decided(cast.esther, meeting, days=10)
    makers.decided(cast.esther, meeting, days=90)
    rows = queries.decisions(cast.esther)
    assert list(queries.late_only(rows, makers.today())) == [late]


# --- Cadence and absences -----------------------------------------------------------------------


def test_a_month_before_the_records_is_not_known_and_never_empty(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    told = queries.calendar(made, [], datetime.date(2026, 6, 15), 2)
    assert told.count(MonthState.NONE) == 0
    assert told.count(MonthState.UNKNOWN) == 12 + 5
    made.records_since = datetime.date(2026, 1, 1)
    told = queries.calendar(made, [], datetime.date(2026, 6, 15), 2)
    assert (told.count(MonthState.NONE), told.count(MonthState.UNKNOWN)) == (5, 12)
    assert told.is_overdue


def test_a_month_says_whether_a_meeting_was_held_or_only_cancelled(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    day = datetime.date(2026, 3, 3)
    rows = [
        Meeting(assembly=made, day=day, status="held"),
        Meeting(assembly=made, day=day, status="cancelled"),
        Meeting(assembly=made, day=day.replace(month=4), status="cancelled"),
        Meeting(assembly=made, day=day.replace(month=8), status="planned"),
        Meeting(assembly=made, day=day, status="held", day_precision="year"),
    ]
    told = queries.calendar(made, rows, datetime.date(2026, 4, 20), 1)
    months = {m.month: m.state for m in told.months[2026]}
    assert months[3] is MonthState.HELD
    assert months[4] is MonthState.CANCELLED
    assert months[8] is MonthState.PLANNED
    assert len(told.undated) == 1
    assert not told.is_overdue


def test_absences_in_a_row_come_first(cast: Cast) -> None:
    made = makers.assembly(cast.esther)
    for days in (-30, -20, -10):
        meeting = makers.planned(cast.esther, made, days)
        told = makers.came("MPFEF", "PJS", MJDH=Presence.ABSENT.value)
        meeting_actions.hold_meeting(cast.esther, meeting, told)
    pattern = queries.absences(cast.esther, made)
    worst = pattern.rows[0]
    assert (worst.organisation.code, worst.n_absent, worst.in_a_row) == ("MJDH", 3, 3)
    assert len(pattern.meetings) == 3


def test_the_pages_of_two_hundred_meetings_cost_a_few_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    made = makers.many(cast.esther)
    with django_assert_max_num_queries(8):
        list(queries.meetings(cast.esther).filter(assembly=made)[:25])
        list(queries.decisions(cast.esther)[:25])
        queries.absences(cast.esther, made)
        rows = Meeting.unscoped.filter(assembly=made)
        queries.calendar(made, rows, makers.today())
        list(queries.ending(cast.esther, makers.today()))


def test_a_mandate_of_a_partner_gives_its_post_no_page(cast: Cast) -> None:
    made = makers.assembly(cast.esther, sits=())
    post = Post.objects.get(pk=cast.issa.post_id)
    assert post.role == Role.PARTNER
    with refused("seat.post"):
        committee_actions.add_seat(cast.esther, made, Mandate(makers.body("OIM"), post=post))


# --- Clocks -------------------------------------------------------------------------------------


def test_a_late_owner_and_the_secretariat_are_told_once(cast: Cast) -> None:
    made = makers.assembly(cast.esther, sits=())
    makers.seated(cast.esther, made, "MPFEF", end=makers.today() + 20 * DAY)
    decision = makers.decided(cast.esther, makers.held(cast.esther, made, -40), days=10)
    assert remind_committee(makers.today()) == 2
    assert remind_committee(makers.today()) == 0
    told = Message.unscoped.filter(kind="decision.late").get()
    assert told.post_id == cast.fanta.post_id
    assert Message.unscoped.filter(kind="term.ending").get().post_id == cast.esther.post_id
    decisions.extend_deadline(
        cast.esther, decision, deadline=makers.today() + DAY, reason="Crédits (fictif)"
    )
    assert remind_committee(makers.today()) == 0
    assert remind_committee(makers.today() + 2 * DAY) == 1
