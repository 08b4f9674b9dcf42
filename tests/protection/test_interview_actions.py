"""An interview: sealed, never blocked, never a no by silence."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.core.access import visible
from danbe.core.errors import NotAllowed
from danbe.core.models import AuditEvent
from danbe.protection import interviews
from danbe.protection.decision_actions import presume_victim
from danbe.protection.interview_actions import (
    begin_interview,
    finish_interview,
    open_interview,
    save_answers,
)
from danbe.protection.interviews import Facts, digest_of, facts_from
from danbe.protection.models import Interview, Opening, Person, Sealed
from danbe.protection.vocabulary import Basis, FieldGroup, Identification
from danbekit import identification as kit
from danbekit.identification import Answer, Result
from tests.conftest import CAST, Cast, seat
from tests.protection.makers import DAY, MARIAM, consent, met, refused

pytestmark = pytest.mark.django_db

CODES = [q.code for q in kit.questions()]
ABSENT = [Answer.DECLINED, Answer.UNKNOWN, Answer.NOT_ASKED]
# A fictitious child led to Sikasso to beg.
SAID = {"act_moved": "yes", "purpose_begging": "yes", "danger_return": "yes"}
ADULT = replace(MARIAM, age_min=30, age_max=30)


def held(actor: Any, person: Person, said: dict[str, str] | None = None, **more: Any) -> Interview:
    interview = begin_interview(actor, person, language="bm", has_interpreter=True)
    save_answers(actor, interview, SAID if said is None else said, **more)
    return interview


# --- What is kept ----------------------------------------------------------------------------


def test_answers_are_sealed_with_their_edition_and_only_codes_stand_in_clear(cast: Cast) -> None:
    interview = held(cast.awa, met(cast.awa), notes={"act": "Un car de nuit (fictif)"})
    interview.refresh_from_db()
    row = Sealed.unscoped.get(kind="interview")
    assert (row.group, row.subject) == (FieldGroup.STORY, interview.pk)
    assert b"car de nuit" not in bytes(row.content)
    assert interview.result == Result.GROUNDS
    assert interview.elements.split() == ["act", "purpose"]
    assert interview.patterns.split() == ["forced_begging"]
    assert interview.forms.split() == ["ForcedBegging"]
    assert (interview.n_answered, interview.is_in_danger) == (3, True)
    opened = open_interview(cast.awa, interview)
    assert opened.held.answers == SAID
    assert opened.held.notes == {"act": "Un car de nuit (fictif)"}
    assert opened.held.edition == kit.EDITION


def test_every_code_there_is_fits_its_column(cast: Cast) -> None:
    interview = held(cast.awa, met(cast.awa), dict.fromkeys(CODES, "yes"))
    interview.full_clean(exclude=["finished_at"])
    assert interview.n_answered == len(CODES)


def test_a_page_changes_its_own_questions_and_no_other(cast: Cast) -> None:
    interview = held(cast.awa, met(cast.awa))
    save_answers(cast.awa, interview, {"act_moved": "not_asked", "act_received": "declined"})
    told = open_interview(cast.awa, interview).held.answers
    assert told == {"purpose_begging": "yes", "danger_return": "yes", "act_received": "declined"}


def test_an_interview_ends_after_one_answer_or_none_and_may_go_on(cast: Cast) -> None:
    interview = begin_interview(cast.awa, met(cast.awa))
    finish_interview(cast.awa, interview)
    assert interview.finished_at is not None
    assert open_interview(cast.awa, interview).assessment.result is Result.UNDETERMINED
    save_answers(cast.awa, interview, {"need_food": "yes"})
    assert interview.finished_at is None
    finish_interview(cast.awa, interview)
    assert Interview.unscoped.get().finished_at is not None


def test_a_page_that_saves_itself_keeps_one_text_and_a_finished_interview_its_past(
    cast: Cast,
) -> None:
    interview = held(cast.awa, met(cast.awa))
    save_answers(cast.awa, interview, {"need_food": "yes"})
    assert Sealed.unscoped.filter(kind="interview").count() == 1
    finish_interview(cast.awa, interview)
    save_answers(cast.awa, interview, {"need_food": "no"})
    save_answers(cast.lalla, interview, {"need_food": "yes"})
    assert Sealed.unscoped.filter(kind="interview").count() == 3


def test_what_a_presumption_rested_on_stays(cast: Cast) -> None:
    mariam = met(cast.awa)
    interview = held(cast.awa, mariam)
    presume_victim(cast.awa, mariam, reason="Motifs (fictifs)", interview=interview)
    save_answers(cast.awa, interview, {"act_moved": "no"})
    save_answers(cast.awa, interview, {"act_moved": "no", "need_food": "yes"})
    assert Sealed.unscoped.filter(kind="interview").count() == 2


def test_two_windows_on_one_page_do_not_overwrite_each_other(cast: Cast) -> None:
    interview = held(cast.awa, met(cast.awa))
    seen = digest_of(open_interview(cast.awa, interview).held.part(["act_moved"], [], facts=False))
    save_answers(cast.awa, interview, {"act_moved": "no"}, seen=seen)
    with refused("interview.changed"):
        save_answers(cast.awa, interview, {"act_moved": "declined"}, seen=seen)
    save_answers(cast.awa, interview, {"act_moved": "no"}, seen=seen)  # the same again: no matter
    save_answers(cast.awa, interview, {"need_food": "yes"}, seen=digest_of(interviews.Held()))
    assert open_interview(cast.awa, interview).held.answers["act_moved"] == "no"


def test_a_page_that_saves_itself_is_never_its_own_rival(cast: Cast) -> None:
    interview = begin_interview(cast.awa, met(cast.awa))
    blank = digest_of(interviews.Held())
    for answer in ("yes", "no", "declined"):  # none waited for the answer to the one before
        save_answers(cast.awa, interview, {"need_food": answer}, seen=blank, tab="a", more=True)
    with refused("interview.changed"):
        save_answers(cast.awa, interview, {"need_food": "no"}, seen=blank, tab="b")
    assert open_interview(cast.awa, interview).held.answers == {"need_food": "declined"}


@pytest.mark.parametrize(
    ("answers", "notes"),
    [({"nonsense": "yes"}, {}), ({"need_food": "maybe"}, {}), ({}, {"elsewhere": "x"})],
)
def test_what_is_no_answer_is_refused_and_nothing_is_lost(
    answers: dict[str, str], notes: dict[str, str], cast: Cast
) -> None:
    interview = held(cast.awa, met(cast.awa))
    with refused("interview.unknown"):
        save_answers(cast.awa, interview, answers, notes)
    assert open_interview(cast.awa, interview).held.answers == SAID


# --- Who reads it ----------------------------------------------------------------------------


def test_another_body_reads_an_interview_only_if_the_story_is_shared(cast: Cast) -> None:
    mariam = met(cast.awa)
    interview = held(cast.awa, mariam)
    consent(cast.awa, mariam, cast.bakary, [FieldGroup.HEALTH])
    assert interviews.of_person(cast.bakary, mariam) == []
    with pytest.raises(NotAllowed):
        open_interview(cast.bakary, interview)
    shared = consent(cast.awa, mariam, cast.bakary, [FieldGroup.STORY])
    assert open_interview(cast.bakary, interview).held.answers == SAID
    assert Opening.unscoped.get(organisation_id=cast.bakary.organisation_id).ground == shared
    (line,) = interviews.of_person(cast.bakary, mariam)
    assert not line.is_own
    with refused("interview.not_yours"):
        save_answers(cast.bakary, interview, {"act_moved": "no"})
    with refused("interview.not_yours"):
        finish_interview(cast.bakary, interview)


def test_a_colleague_goes_on_with_it_and_nobody_else_sees_that_it_exists(cast: Cast) -> None:
    mariam = met(cast.awa)
    interview = held(cast.awa, mariam)
    assert open_interview(cast.lalla, interview).held.answers == SAID
    for other in (cast.bakary, cast.coumba, cast.djibril, cast.esther, cast.jeneba):
        assert not visible(other, Interview, "interview.read").exists()
        with pytest.raises(NotAllowed):
            open_interview(other, interview)
        with pytest.raises(NotAllowed):
            begin_interview(other, mariam)


def test_who_looked_is_told_once_an_hour_and_the_trail_has_every_opening(cast: Cast) -> None:
    interview = held(cast.awa, met(cast.awa))
    for _time in range(3):
        open_interview(cast.awa, interview)
    open_interview(cast.lalla, interview)
    assert Opening.unscoped.count() == 2
    assert AuditEvent.objects.filter(verb="interview.open").count() == 4


# --- What it says ----------------------------------------------------------------------------


def test_a_child_needs_no_means_and_an_unknown_age_is_undetermined(cast: Cast) -> None:
    child, unknown = met(cast.awa), met(cast.awa, replace(MARIAM, age_min=None, age_max=None))
    assert held(cast.awa, child).result == Result.GROUNDS
    assert held(cast.awa, unknown).result == Result.UNDETERMINED
    told = open_interview(cast.awa, held(cast.awa, unknown))
    assert "age_unknown" in {reason.kind for reason in told.assessment.result_reasons}


def test_an_adult_may_have_been_a_child_then_until_the_age_is_told(cast: Cast) -> None:
    adult = met(cast.awa, ADULT)
    told = open_interview(cast.awa, held(cast.awa, adult))
    assert told.assessment.means.needed is None
    as_child = held(cast.awa, adult, facts=Facts(11, 13))
    assert as_child.result == Result.GROUNDS
    as_adult = open_interview(cast.awa, held(cast.awa, adult, facts=Facts(29, 29)))
    assert as_adult.assessment.means.needed is True


def test_offences_are_those_of_the_law_of_the_day_of_the_facts(cast: Cast) -> None:
    adult = met(cast.awa, ADULT)
    said = {"descent_birth": "yes", "descent_work": "yes"}

    def found(last: str) -> set[str]:
        told = open_interview(cast.awa, held(cast.awa, adult, said, facts=Facts(last=last)))
        assert all(
            line.is_unconfirmed and line.reasons for line in interviews.possible_offences(told)
        )
        return {line.offence.code for line in interviews.possible_offences(told)}

    assert "cp2024-art324-12" in found("2025")
    assert not found("2024-11")
    assert found("") == found(DAY.isoformat())


def test_the_reasons_are_words_that_name_the_questions(cast: Cast) -> None:
    told = open_interview(cast.awa, held(cast.awa, met(cast.awa)))
    words = interviews.why(told.assessment)
    assert "(C2)" in words
    assert "(E5)" in words
    assert "Protocole de Palerme" in words  # a child needs no means
    assert interviews.why(kit.assess({})) == ""


def test_a_presumption_is_an_act_with_reasons_never_a_consequence(cast: Cast) -> None:
    mariam = met(cast.awa)
    interview = held(cast.awa, mariam)
    finish_interview(cast.awa, interview)
    mariam.refresh_from_db()
    assert mariam.status == Identification.OPEN
    decision = presume_victim(
        cast.awa,
        mariam,
        reason="Motifs relus (fictif)",
        interview=interview,
        form="ForcedBegging",
        basis=Basis.ASSIMILATED_2012,
        offences=["loi2012-art3"],
    )
    assert (mariam.status, decision.interview) == (Identification.PRESUMED, interview)


@pytest.mark.parametrize(
    ("typed", "kept", "last_day"),
    [
        ("2024", "2024", datetime.date(2024, 12, 31)),
        ("02/2024", "2024-02", datetime.date(2024, 2, 29)),
        ("2024-05-17", "2024-05-17", datetime.date(2024, 5, 17)),
        ("17/5/2024", "2024-05-17", datetime.date(2024, 5, 17)),
        (" ", "", None),
    ],
)
def test_the_last_day_of_the_facts_is_told_in_part(
    typed: str, kept: str, last_day: datetime.date | None
) -> None:
    facts = facts_from("", "", typed)
    assert (facts.last, facts.last_day) == (kept, last_day)


@pytest.mark.parametrize(
    ("ages", "last", "code"),
    [
        (("abc", ""), "", "interview.age"),
        (("12", "9"), "", "interview.ages"),
        (("", ""), "hier", "interview.last_day"),
        (("", ""), "31/02/2024", "interview.last_day"),
        (("", ""), "2999", "interview.future"),
    ],
)
def test_a_wrong_age_or_day_is_said_at_its_field(
    ages: tuple[str, str], last: str, code: str
) -> None:
    with refused(code):
        facts_from(*ages, last)


def test_one_age_alone_is_the_age() -> None:
    assert facts_from("12", "", "") == Facts(12, 12)
    assert facts_from("", "15", "") == Facts(None, 15)


# --- Nothing is ever a no by silence ------------------------------------------------------------

people = st.sampled_from([(15, 15), (30, 30), (None, None), (16, 20)])


@given(age=people, said=st.dictionaries(st.sampled_from(CODES), st.sampled_from(ABSENT)))
@settings(max_examples=25, deadline=None)
def test_no_set_of_absences_gives_a_negative(
    age: tuple[int | None, int | None], said: dict[str, Answer]
) -> None:
    with transaction.atomic():
        awa = seat("awa", *CAST["awa"])
        interview = held(awa, met(awa, replace(MARIAM, age_min=age[0], age_max=age[1])), said)
        finish_interview(awa, interview)
        told = open_interview(awa, interview)
        assert interview.result == told.assessment.result == Result.UNDETERMINED
        transaction.set_rollback(True)


@given(
    age=people,
    said=st.dictionaries(st.sampled_from(CODES), st.sampled_from(list(Answer))),
    more=st.sampled_from(CODES),
)
@settings(max_examples=25, deadline=None)
def test_one_more_yes_never_lowers_what_is_kept(
    age: tuple[int | None, int | None], said: dict[str, Answer], more: str
) -> None:
    with transaction.atomic():
        awa = seat("awa", *CAST["awa"])
        interview = held(awa, met(awa, replace(MARIAM, age_min=age[0], age_max=age[1])), said)
        before = Result(interview.result).rank
        save_answers(awa, interview, {more: Answer.YES})
        assert Result(interview.result).rank >= before
        transaction.set_rollback(True)
