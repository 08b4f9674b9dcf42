"""Reminders: each one once, to the post that owes, and mails that tell nothing."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client

from danbe.accounts.actions import hand_over, mark_read, post_message, vacate
from danbe.accounts.models import Message, Organisation, Post, User
from danbe.core.access import Role
from danbe.core.errors import NotAllowed
from danbe.figures.actions import accept_return, open_return, query_return, submit_return
from danbe.figures.models import Obligation, Return
from danbe.jobs.reminders import BEFORE, tick
from danbekit.dates import DAY, Window
from tests.conftest import Cast, SignIn

YEAR = Window.calendar_year(2024)
DUE = datetime.date(2025, 2, 14)  # 45 days after the year


@pytest.fixture
def owed(cast: Cast) -> Obligation:
    """Fanta's ministry owes a return for 2024, on one axis."""
    return Obligation.objects.create(
        organisation=Organisation.objects.get(code="MPFEF"),
        axes="protection",
        months=12,
        first=YEAR.start,
        last=YEAR.end,
        due_days=45,
    )


def sent_on(day: datetime.date) -> int:
    """The reminders put in inboxes by one turn of the clock."""
    n_told, _n_sent = tick(day)
    return n_told


def inbox_of(cast: Cast) -> list[str]:
    return list(
        Message.unscoped.filter(post=cast.fanta.post_id).order_by("pk").values_list("kind", flat=1)
    )


def a_return(cast: Cast) -> Return:
    body = Organisation.objects.get(code="MPFEF")
    made = open_return(cast.fanta, body, window=YEAR, axes=["protection"])
    made.content = {"no_data": ["victims_identified"]}
    made.save()
    return made


def test_a_turn_of_the_clock_made_twice_tells_once(cast: Cast, owed: Obligation):
    day = DUE + DAY
    assert tick(day) == (1, 1)
    assert tick(day) == (0, 0)
    assert inbox_of(cast) == ["return.owed"]
    assert len(mail.outbox) == 1


def test_fanta_is_told_before_the_day_after_it_and_a_month_later(cast: Cast, owed: Obligation):
    days = [DUE - BEFORE - DAY, DUE - BEFORE, DUE, DUE + DAY, DUE + 29 * DAY, DUE + 30 * DAY]
    assert [sent_on(day) for day in days] == [0, 1, 0, 1, 0, 1]
    assert sent_on(DUE + 200 * DAY) == 0


def test_who_has_spoken_is_left_in_peace(cast: Cast, owed: Obligation):
    made = a_return(cast)
    submit_return(cast.fanta, made)
    assert sent_on(DUE + DAY) == 0
    accept_return(cast.esther, made)
    assert sent_on(DUE + 40 * DAY) == 0


def test_a_draft_is_not_a_return_and_is_reminded(cast: Cast, owed: Obligation):
    a_return(cast)
    assert sent_on(DUE + DAY) == 1


def test_nobody_is_reminded_of_what_is_not_owed(cast: Cast):
    assert sent_on(DUE + DAY) == 0
    assert not Message.unscoped.exists()


def test_every_focal_point_of_the_body_is_told_and_no_other_post(cast: Cast, owed: Obligation):
    body = Organisation.objects.get(code="MPFEF")
    second = Post.objects.create(organisation=body, role=Role.FOCAL_POINT, title="Adjoint")
    Post.objects.create(organisation=body, role=Role.ANALYST, title="Analyste")
    closed = Post.objects.create(
        organisation=body, role=Role.FOCAL_POINT, title="Ancien", is_active=False
    )
    assert sent_on(DUE + DAY) == 2
    told = set(Message.unscoped.values_list("post", flat=True))
    assert told == {cast.fanta.post_id, second.pk}
    assert closed.pk not in told


def test_a_body_that_is_closed_is_not_reminded(cast: Cast, owed: Obligation):
    Organisation.objects.filter(code="MPFEF").update(is_active=False)
    assert sent_on(DUE + DAY) == 0


# --- What follows from what -----------------------------------------------------------------


def test_each_step_of_a_return_is_told_to_who_must_act_next(cast: Cast):
    made = a_return(cast)
    submit_return(cast.fanta, made)
    query_return(cast.esther, made, note="Kayes manque")
    submit_return(cast.fanta, made)
    accept_return(cast.esther, made)
    told = list(Message.unscoped.order_by("pk").values_list("post", "kind"))
    esther, fanta = cast.esther.post_id, cast.fanta.post_id
    assert told == [
        (esther, "return.submitted"),
        (fanta, "return.queried"),
        (esther, "return.submitted"),
        (fanta, "return.accepted"),
    ]


def test_a_message_leads_to_its_return(cast: Cast, sign_in: SignIn):
    made = a_return(cast)
    submit_return(cast.fanta, made)
    message = Message.unscoped.get(kind="return.submitted")
    assert sign_in(cast.esther).get(message.path).status_code == 200


# --- Mail -----------------------------------------------------------------------------------


def test_a_mail_says_that_a_message_waits_and_nothing_else(cast: Cast, owed: Obligation, settings):
    made = a_return(cast)
    submit_return(cast.fanta, made)
    query_return(cast.esther, made, note="Le nom de la victime de Kéniéba manque")
    tick(DUE + DAY)
    assert {m.to[0] for m in mail.outbox} == {"fanta@exemple.ml", "esther@exemple.ml"}
    for message in mail.outbox:
        said = f"{message.subject}\n{message.body}\n{message.from_email}"
        assert settings.ADDRESS in said
        for told in ("MPFEF", "2024", "Kéniéba", "Fanta", "Esther", "victim", str(made.pk)):
            assert told.lower() not in said.lower(), told
        rest = said.replace(settings.ADDRESS, "")
        assert not re.search(r"\d", rest), "no figure in a mail"
        assert not message.attachments
        assert not message.alternatives


def test_a_mail_speaks_the_language_of_its_reader(cast: Cast):
    User.objects.filter(pk=cast.issa.user_id).update(language="en")
    post_message([cast.issa.post_id, cast.fanta.post_id], "return.owed")
    tick(DUE)
    subjects = {m.to[0]: m.subject for m in mail.outbox}
    assert subjects["issa@exemple.ml"] == "A message waits for you in Danbe"
    assert subjects["fanta@exemple.ml"] != subjects["issa@exemple.ml"]


def test_a_message_read_before_the_clock_turns_is_not_mailed(cast: Cast):
    post_message([cast.fanta.post_id], "return.owed")
    mark_read(cast.fanta, Message.unscoped.get())
    assert tick(DUE) == (0, 0)
    assert not mail.outbox


def test_a_vacant_post_is_not_mailed_and_its_successor_finds_the_message(cast: Cast):
    post = Post.objects.get(pk=cast.fanta.post_id)
    vacate(cast.jeneba, post)
    post_message([post.pk], "return.owed")
    assert tick(DUE) == (0, 0)
    assert not mail.outbox
    hand_over(cast.jeneba, post, name="Kassim (fictif)", email="kassim@exemple.ml")
    assert post.messages.filter(read_at=None).count() == 1


def test_the_messages_of_a_post_are_read_by_that_post_only(cast: Cast):
    post_message([cast.fanta.post_id], "return.owed", path="/returns/")
    message = Message.unscoped.get()
    with pytest.raises(NotAllowed):
        mark_read(cast.bakary, message)
    message.refresh_from_db()
    assert message.read_at is None
    mark_read(cast.fanta, message)
    message.refresh_from_db()
    assert message.read_at is not None


def test_a_visitor_finds_no_inbox(db: None):
    assert Client().get("/inbox/").status_code in (302, 404)
