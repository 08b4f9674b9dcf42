"""The table of roles, read as the Committee signed it."""

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from danbe.accounts.actions import post_message
from danbe.accounts.models import Message
from danbe.core.access import (
    ANONYMOUS,
    ROLES,
    TWO_FACTOR_ROLES,
    Actor,
    Reach,
    Role,
    require,
    visible,
    visible_or_404,
)
from danbe.core.errors import NotAllowed
from tests.conftest import Cast

VERBS = sorted({verb for verbs in ROLES.values() for verb in verbs})


def test_every_role_is_in_the_table():
    assert set(ROLES) == set(Role)


def test_a_visitor_reads_public_pages_may_sign_in_may_write_to_a_draft_and_nothing_else():
    assert set(ROLES[Role.VISITOR]) == {"public.read", "session.begin", "contribution.send"}


def test_the_administrator_holds_no_verb_on_returns_figures_or_the_trail():
    nouns = {verb.partition(".")[0] for verb in ROLES[Role.ADMINISTRATOR]}
    assert not nouns & {"return", "figure", "report", "attachment", "completeness", "audit"}


def test_a_partner_reads_aggregates_only():
    assert not {v for v in ROLES[Role.PARTNER] if v.startswith(("return.", "attachment."))}
    assert "figure.read" in ROLES[Role.PARTNER]


def test_only_the_secretariat_accepts_and_freezes():
    for verb in ("return.accept", "report.freeze", "overlap.decide"):
        assert [role for role, verbs in ROLES.items() if verb in verbs] == [Role.SECRETARIAT]


@given(role=st.sampled_from(list(Role)), verb=st.sampled_from(VERBS))
def test_what_the_table_does_not_give_is_refused(role: Role, verb: str):
    actor = Actor(role)
    if verb in ROLES[role]:
        require(actor, verb)
    else:
        with pytest.raises(NotAllowed):
            require(actor, verb)


def test_a_post_that_sees_persons_needs_two_factors():
    of_persons = ("person.", "case.", "interview.", "referral.", "event.", "consent.", "copy.")
    for role, verbs in ROLES.items():
        # referral.watch: which bodies are late in answering, without any person.
        if any(verb.startswith(of_persons) for verb in set(verbs) - {"referral.watch"}):
            assert role in TWO_FACTOR_ROLES, role


def test_mail_is_read_by_its_post_and_by_nobody_else(cast: Cast):
    post_message([cast.fanta.post_id], "return.accepted")
    message = visible(cast.fanta, Message, "message.read").get()
    assert visible_or_404(cast.fanta, Message, "message.read", message.pk) == message
    for other in (cast.esther, cast.jeneba, ANONYMOUS):
        assert not visible(other, Message, "message.read").exists()
        with pytest.raises(Http404):
            visible_or_404(other, Message, "message.read", message.pk)


def test_no_reach_but_the_nation_reads_every_row():
    for verbs in ROLES.values():
        for verb, reach in verbs.items():
            assert isinstance(reach, Reach), verb
