"""Contributions: from a post, from the public page, from a room; moderation; answers."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from danbe.accounts.models import Message, Organisation
from danbe.core.access import visible
from danbe.core.errors import DomainError
from danbe.core.models import AuditEvent
from danbe.plan import answer_actions, contribution_actions, moderation_actions
from danbe.plan import contribution_queries as queries
from danbe.plan.answer_actions import Reply
from danbe.plan.contribution_codes import code_of, hash_of, new_once
from danbe.plan.models import (
    Category,
    Contribution,
    ContributionAnswer,
    ContributionKind,
    Knock,
)
from danbe.plan.participation_queries import obstacles
from tests.conftest import Cast
from tests.plan import contribution_makers as makers

pytestmark = pytest.mark.django_db


def refusal(error: pytest.ExceptionInfo[DomainError]) -> tuple[str, str]:
    return error.value.code, error.value.field


def kept(row: Contribution) -> Contribution:
    return Contribution.unscoped.get(pk=row.pk)


# --- Words ----------------------------------------------------------------------------------


def test_an_amendment_holds_the_words_replaced_and_those_proposed(cast: Cast) -> None:
    made = makers.process(cast.esther)
    row = makers.said(cast.fanta, made, makers.amendment(made))
    assert (row.label, row.category) == ("C1", Category.STATE)
    assert (row.replaced, row.proposed) == ("chaque région", "chaque cercle")


@pytest.mark.parametrize(
    ("replaced", "proposed", "code", "field"),
    [
        ("chaque commune", "chaque cercle", "amendment.other_words", "replaced"),
        ("", "chaque cercle", "amendment.no_words", "replaced"),
        ("chaque  région", "chaque région", "amendment.same_words", "proposed"),
        ("chaque région", "x" * 10_000, "contribution.long", "proposed"),
    ],
)
def test_an_amendment_of_words_that_do_not_stand_there_is_refused(
    cast: Cast, replaced: str, proposed: str, code: str, field: str
) -> None:
    made = makers.process(cast.esther)
    with pytest.raises(DomainError) as error:
        makers.said(cast.fanta, made, makers.amendment(made, replaced, proposed))
    assert refusal(error) == (code, field)
    assert not Contribution.unscoped.exists()


def test_a_straight_apostrophe_and_two_lines_are_the_same_words(cast: Cast) -> None:
    made = makers.process(cast.esther)
    words = makers.amendment(made, "L'État ouvre\nun centre", "L’État ouvre deux centres")
    assert makers.said(cast.fanta, made, words).number == 1


def test_words_replaced_without_an_amendment_are_refused(cast: Cast) -> None:
    made = makers.process(cast.esther)
    with pytest.raises(DomainError) as error:
        makers.said(cast.fanta, made, makers.told(replaced="chaque région"))
    assert refusal(error) == ("contribution.kind", "kind")


@pytest.mark.parametrize(
    ("name", "category"),
    [("fanta", Category.STATE), ("awa", Category.CIVIL_SOCIETY), ("issa", Category.PARTNERS)],
)
def test_a_post_speaks_for_its_body_in_its_category(cast: Cast, name: str, category: str) -> None:
    actor = getattr(cast, name)
    row = makers.said(actor, makers.process(cast.esther))
    assert (row.category, row.organisation_id) == (category, actor.organisation_id)


def test_the_administrator_does_not_contribute(cast: Cast) -> None:
    made = makers.process(cast.esther)
    with pytest.raises(PermissionDenied):
        makers.said(cast.jeneba, made)


# --- Who reads what -------------------------------------------------------------------------


def test_nobody_but_the_secretariat_reads_a_contribution_before_it_is_moderated(
    cast: Cast,
) -> None:
    row = makers.said(cast.fanta, makers.process(cast.esther))
    readers = {
        name for name in ("awa", "garan", "issa", "esther", "fanta")
        if visible(getattr(cast, name), Contribution, "contribution.read").exists()
    }  # fmt: skip
    assert readers == {"esther", "fanta"}
    makers.published(cast.esther, row)
    assert visible(cast.issa, Contribution, "contribution.read").exists()


def test_a_support_counts_once_a_post_and_shares_the_answer(cast: Cast) -> None:
    made = makers.process(cast.esther)
    row = makers.said_and_published(cast.fanta, cast.esther, made)
    backing = contribution_actions.support(cast.awa, row)
    with pytest.raises(DomainError) as error:
        contribution_actions.support(cast.awa, row)
    assert error.value.code == "contribution.twice"
    with pytest.raises(DomainError) as error:
        contribution_actions.support(cast.fanta, row)
    assert error.value.code == "contribution.own"
    assert queries.supports_of([row]) == {row.pk: 1}
    makers.answered(cast.esther, row)
    assert kept(backing).answer == kept(row).answer


# --- Survivors ------------------------------------------------------------------------------


def test_what_a_survivor_says_is_sealed_until_it_is_published(cast: Cast) -> None:
    made = makers.process(cast.esther)
    words = makers.told("Une phrase qui se reconnaît (fictif).", language="bm")
    row = contribution_actions.type_up(cast.awa, made, words, category=Category.SURVIVORS)
    with connection.cursor() as cursor:
        cursor.execute("select * from plan_contribution")
        assert "reconnaît" not in str(cursor.fetchall())
    opened = moderation_actions.open_contribution(cast.esther, kept(row))
    assert opened.text == "Une phrase qui se reconnaît (fictif)."
    assert AuditEvent.objects.filter(verb="contribution.open", subject_id=row.pk).exists()
    done = moderation_actions.moderate(
        cast.esther, row, to="published", text="Une phrase […] (fictif).", reason="Nom masqué."
    )
    assert (done.text, done.sealed, done.is_shortened) == ("Une phrase […] (fictif).", None, True)


def test_masking_words_without_saying_why_is_refused(cast: Cast) -> None:
    row = makers.sent(makers.process(cast.esther))
    with pytest.raises(DomainError) as error:
        moderation_actions.moderate(cast.esther, row, to="published", text="Autre chose.")
    assert refusal(error) == ("moderation.masked", "reason")


def test_of_a_survivor_readers_know_the_category_and_nothing_else(cast: Cast) -> None:
    made = makers.process(cast.esther)
    words = makers.told(language="bm")
    row = contribution_actions.type_up(cast.awa, made, words, category=Category.SURVIVORS)
    row = makers.published(cast.esther, row)
    assert queries.speaker_of(cast.issa, row) == queries.Speaker(row.get_category_display())
    assert queries.speaker_of(cast.esther, row).typed_by
    assert queries.shown_count(Category.SURVIVORS, 3) == "< 5"
    assert queries.shown_count(Category.STATE, 3) == "3"


def test_no_body_is_recorded_for_a_survivor(cast: Cast) -> None:
    made = makers.process(cast.esther)
    body = Organisation.objects.get(code="SINJIYA")
    with pytest.raises(DomainError) as error:
        contribution_actions.type_up(
            cast.awa, made, makers.told(language="bm"), category=Category.SURVIVORS,
            organisation=body,
        )  # fmt: skip
    assert refusal(error) == ("contribution.nobody", "organisation")


def test_a_voice_note_says_who_typed_it_and_in_which_language_it_was_spoken(cast: Cast) -> None:
    made = makers.process(cast.esther)
    category = Category.RESOURCE
    with pytest.raises(DomainError) as error:
        contribution_actions.type_up(cast.awa, made, makers.told(), category=category)
    assert refusal(error) == ("contribution.language", "language")
    row = contribution_actions.type_up(
        cast.awa, made, makers.told(language="bm"), category=category
    )
    assert (row.typed_by_id, row.language, row.post_id) == (cast.awa.post_id, "bm", None)


# --- The public -----------------------------------------------------------------------------


def test_a_citizen_writes_without_a_name_and_reads_the_answer_by_a_code(cast: Cast) -> None:
    once = new_once()
    row = makers.sent(makers.process(cast.esther), once=once)
    code = code_of(once)
    assert code not in str(vars(row))
    assert queries.of_code(f" {code.lower().replace('-', ' ')} ") == row
    assert queries.of_code("ABCD-EFGH-JKLM") is None
    assert hash_of(code) == row.code_hash


def test_the_same_form_sent_twice_makes_one_contribution_and_the_same_code(cast: Cast) -> None:
    made, once = makers.process(cast.esther), new_once()
    assert makers.sent(made, once=once) == makers.sent(made, once=once)
    assert Contribution.unscoped.count() == 1


def test_a_flood_from_one_address_is_slowed_down_and_another_address_is_not(cast: Cast) -> None:
    made = makers.process(cast.esther)
    for _n in range(contribution_actions.MOST_KNOCKS):
        makers.sent(made)
    with pytest.raises(DomainError) as error:
        makers.sent(made)
    assert error.value.code == "contribution.slow"
    assert makers.sent(made, address="192.0.2.7").number == 9


def test_no_address_is_kept_and_the_hashes_go_after_some_minutes(cast: Cast) -> None:
    made = makers.process(cast.esther)
    makers.sent(made, address="192.0.2.1")
    assert "192.0.2.1" not in str(list(Knock.objects.values()))
    Knock.objects.update(since=timezone.now() - datetime.timedelta(minutes=10))
    makers.sent(made, address="192.0.2.7")
    assert Knock.objects.count() == 1


def test_the_public_does_not_speak_for_the_state(cast: Cast) -> None:
    with pytest.raises(DomainError) as error:
        makers.sent(makers.process(cast.esther), category=Category.STATE)
    assert refusal(error) == ("contribution.category", "category")


# --- Moderation -----------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["held", "removed"])
def test_what_is_not_published_has_a_reason_that_the_contributor_is_told(
    cast: Cast, to: str
) -> None:
    row = makers.said(cast.fanta, makers.process(cast.esther))
    with pytest.raises(DomainError) as error:
        moderation_actions.moderate(cast.esther, row, to=to)
    assert refusal(error) == ("moderation.no_reason", "reason")
    moderation_actions.moderate(cast.esther, row, to=to, reason="Nomme une personne.")
    letter = Message.unscoped.get(post_id=cast.fanta.post_id)
    assert (letter.kind, letter.path) == (f"contribution.{to}", f"/contributions/{row.pk}/")


def test_a_lead_body_does_not_moderate(cast: Cast) -> None:
    row = makers.said(cast.fanta, makers.process(cast.esther))
    with pytest.raises(PermissionDenied):
        moderation_actions.moderate(cast.fanta, row, to="published")


def test_two_moderators_do_not_decide_twice(cast: Cast) -> None:
    row = makers.said(cast.fanta, makers.process(cast.esther))
    makers.published(cast.esther, row)
    with pytest.raises(DomainError) as error:
        moderation_actions.moderate(cast.esther, row, to="held", reason="Trop tard.")
    assert refusal(error) == ("moderation.not_now", "to")


# --- Groups and answers ---------------------------------------------------------------------


def test_answering_a_group_answers_each_and_tells_each(cast: Cast) -> None:
    made = makers.process(cast.esther)
    rows = [
        makers.said_and_published(actor, cast.esther, made) for actor in (cast.fanta, cast.awa)
    ]
    group = moderation_actions.group_contributions(
        cast.esther, made, rows, label="Des centres partout"
    )
    answer = answer_actions.answer_group(cast.esther, group, Reply("partly", makers.REASON))
    assert {kept(row).answer_id for row in rows} == {answer.pk}
    assert answer.clause == makers.clause(made)
    told = Message.unscoped.filter(kind="contribution.answered").values_list("post_id", flat=True)
    assert set(told) == {cast.fanta.post_id, cast.awa.post_id}


def test_a_group_takes_published_contributions_that_stand_alone(cast: Cast) -> None:
    made = makers.process(cast.esther)
    waiting = makers.said(cast.fanta, made)
    rows = [makers.said_and_published(cast.awa, cast.esther, made) for _n in range(2)]
    with pytest.raises(DomainError, match="C1"):
        moderation_actions.group_contributions(
            cast.esther, made, [waiting, rows[0]], label="Ensemble"
        )
    group = moderation_actions.group_contributions(cast.esther, made, rows, label="Ensemble")
    moderation_actions.ungroup(cast.esther, kept(rows[0]))
    assert list(group.contributions.all()) == [rows[1]]


def test_what_shares_its_words_is_suggested_and_nothing_is_grouped(cast: Cast) -> None:
    made = makers.process(cast.esther)
    texts = (
        "Ouvrir un centre dans chaque cercle (fictif).",
        "Ouvrir vite un centre dans chaque cercle (fictif).",
        "Former les juges aux lois nouvelles.",
    )
    rows = [
        makers.said_and_published(cast.fanta, cast.esther, made, makers.told(text))
        for text in texts
    ]
    found = queries.alike(cast.esther, rows[0])
    assert [row for row, _share in found] == [rows[1]]
    assert kept(rows[1]).group is None


@pytest.mark.parametrize(
    ("reply", "code", "field"),
    [
        (Reply("taken", "  oui "), "answer.reason", "reason"),
        (Reply("maybe", makers.REASON), "answer.outcome", "outcome"),
        (Reply("taken", makers.REASON), "answer.clause", "clause"),
    ],
)
def test_an_answer_without_reason_or_paragraph_is_refused(
    cast: Cast, reply: Reply, code: str, field: str
) -> None:
    made = makers.process(cast.esther)
    row = makers.said_and_published(cast.fanta, cast.esther, made, makers.told("Du tout."))
    with pytest.raises(DomainError) as error:
        answer_actions.answer_contribution(cast.esther, row, reply)
    assert refusal(error) == (code, field)


def test_a_second_answer_replaces_the_first_which_is_kept(cast: Cast) -> None:
    row = makers.said_and_published(cast.fanta, cast.esther, makers.process(cast.esther))
    first = makers.answered(cast.esther, row)
    second = makers.answered(cast.esther, row, "not", makers.REFUSED)
    assert kept(row).answer == second
    assert second.replaces == first
    assert ContributionAnswer.objects.count() == 2


def test_what_waits_is_not_answered_before_it_is_moderated(cast: Cast) -> None:
    row = makers.said(cast.fanta, makers.process(cast.esther))
    with pytest.raises(DomainError) as error:
        makers.answered(cast.esther, row)
    assert error.value.code == "answer.unpublished"


# --- Rooms ----------------------------------------------------------------------------------


def test_a_room_comes_in_whole_or_not_at_all(cast: Cast) -> None:
    made = makers.process(cast.esther)
    room = makers.room(cast.awa, made)
    wrong = makers.line(2, words=makers.amendment(made, "des mots absents"))
    with pytest.raises(DomainError):
        contribution_actions.take_sheet(cast.awa, room, [makers.line(1), wrong])
    assert not Contribution.unscoped.exists()
    contribution_actions.take_sheet(cast.awa, room, [makers.line(1), makers.line(3)])
    rows = Contribution.unscoped.filter(room=room)
    assert [(r.number, r.line, r.typed_by_id) for r in rows] == [
        (1, 1, cast.awa.post_id), (2, 3, cast.awa.post_id),
    ]  # fmt: skip


def test_a_line_of_a_room_comes_in_once(cast: Cast) -> None:
    made = makers.process(cast.esther)
    room = makers.room(cast.awa, made)
    contribution_actions.take_sheet(cast.awa, room, [makers.line(1)])
    with pytest.raises(DomainError) as error:
        contribution_actions.take_sheet(cast.awa, room, [makers.line(2), makers.line(1)])
    assert error.value.code == "room.line_known"
    assert Contribution.unscoped.count() == 1


def test_another_facilitator_does_not_fill_my_room(cast: Cast) -> None:
    made = makers.process(cast.esther)
    room = makers.room(cast.awa, made)
    with pytest.raises(PermissionDenied):
        contribution_actions.take_sheet(cast.fanta, room, [makers.line(1)])


@pytest.mark.parametrize("day", [datetime.date(1823, 1, 1), datetime.date(2823, 1, 1)])
def test_a_room_of_another_century_is_refused(cast: Cast, day: datetime.date) -> None:
    with pytest.raises(DomainError) as error:
        contribution_actions.open_room(cast.awa, makers.process(cast.esther), held_on=day)
    assert refusal(error) == ("room.day", "held_on")


# --- Thirty ---------------------------------------------------------------------------------


def test_thirty_contributions_of_six_categories_are_all_answered(cast: Cast) -> None:
    thirty = makers.with_thirty(
        makers.process(cast.esther), esther=cast.esther, ministry=cast.fanta, ngo=cast.awa,
        partner=cast.issa,
    )  # fmt: skip
    count = queries.tally(thirty.process)
    assert (count.n, count.open_) == (30, 0)
    assert all(count.categories.values())
    assert (thirty.refused.answer.outcome, thirty.paper.channel) == ("not", "paper")
    assert thirty.amended.kind == ContributionKind.AMENDMENT
    assert queries.of_code(thirty.code).answer is not None


def test_a_removed_contribution_holds_nothing_back_and_a_held_one_does(cast: Cast) -> None:
    made = makers.process(cast.esther)
    rows = [makers.said(cast.fanta, made) for _n in range(3)]
    assert queries.tally(made).open_ == 3
    for row, to in zip(rows, ("removed", "held", "published"), strict=True):
        moderation_actions.moderate(cast.esther, row, to=to, reason="Un motif (fictif).")
    assert queries.tally(made).open_ == 2
    makers.answered(cast.esther, rows[2])
    assert queries.tally(made).open_ == 1
    assert [o.code for o in obstacles(made)] == ["contribution.unanswered"]
    moderation_actions.moderate(cast.esther, kept(rows[1]), to="removed", reason="Un motif.")
    assert obstacles(made) == []
