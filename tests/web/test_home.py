"""The first page of each post: what waits, the four axes, the map, the history, the mail."""

import datetime

import pytest
from django.urls import reverse

from danbe.accounts.actions import post_message
from danbe.accounts.models import Message, Organisation
from danbe.core.models import Offence
from danbe.figures.actions import accept_return, open_return, save_content, submit_return
from danbe.figures.models import Obligation, Return
from danbe.web.glance import glance
from danbe.web.tasks import tasks_of
from danbekit.dates import Window
from tests.conftest import NAMES, Cast
from tests.web.conftest import Browse

TODAY = datetime.date(2026, 11, 24)


def owe(code: str = "MPFEF") -> None:
    """From 2025 on, one return a year on protection, due six weeks after its end."""
    Obligation.objects.create(
        organisation=Organisation.objects.get(code=code),
        axes="protection",
        first=datetime.date(2025, 1, 1),
        due_days=45,
    )


def send(cast: Cast, year: int, place: str, total: int) -> Return:
    """Fanta's return of so many identified victims, submitted."""
    body = Organisation.objects.get(code="MPFEF")
    window = Window.calendar_year(year)
    made = open_return(cast.fanta, body, window=window, axes=["protection"])
    line = {"place": place, "total": str(total), "cells": {}, "explanation": "compté à la main"}
    save_content(cast.fanta, made, content={"lines": {"victims_identified": [line]}})
    return submit_return(cast.fanta, made)


# --- What waits ----------------------------------------------------------------------------


def test_fanta_sees_what_her_ministry_owes_the_latest_first_and_nothing_of_others(
    cast: Cast,
) -> None:
    owe()
    owe("ENDA")
    told = tasks_of(cast.fanta, TODAY)
    assert [t.tone for t in told] == ["bad", "neutral"]  # 2025 is late, 2026 is to come
    assert "2025" in told[0].title
    assert told[0].url == f"{reverse('return_new')}?window=2025"


def test_a_return_that_fanta_sent_waits_no_more_once_it_is_accepted(cast: Cast) -> None:
    owe()
    made = send(cast, 2025, "ML", 12)
    assert [t.tone for t in tasks_of(cast.fanta, TODAY)] == ["neutral", "info"]
    assert tasks_of(cast.fanta, TODAY)[1].url == reverse("return_detail", args=[made.pk])
    accept_return(cast.esther, made)
    assert [t.tone for t in tasks_of(cast.fanta, TODAY)] == ["neutral"]


def test_esther_is_told_of_returns_to_examine_and_of_silence(cast: Cast) -> None:
    owe()
    owe("ENDA")
    send(cast, 2025, "ML", 12)
    urls = [task.url for task in tasks_of(cast.esther, TODAY)]
    assert urls == [
        f"{reverse('return_list')}?status=submitted",
        f"{reverse('completeness')}?window=2025",
    ]


def test_djibril_is_asked_to_confirm_articles_until_all_are(cast: Cast) -> None:
    assert [task.url for task in tasks_of(cast.djibril, TODAY)] == [reverse("offence_list")]
    Offence.objects.update(confirmed_at=datetime.datetime.now(datetime.UTC))
    assert tasks_of(cast.djibril, TODAY) == []


def test_jeneba_is_told_of_the_house_and_never_of_figures_or_returns(cast: Cast) -> None:
    send(cast, 2025, "ML", 12)
    urls = " ".join(task.url for task in tasks_of(cast.jeneba, TODAY))
    assert reverse("settings") in urls
    assert "returns" not in urls
    assert "figures" not in urls


@pytest.mark.parametrize("name", NAMES)
def test_the_home_page_opens_for_every_post(cast: Cast, browse: Browse, name: str) -> None:
    owe()
    actor = getattr(cast, name)
    answer = browse(actor).get("/")
    assert answer.status_code == 200
    assert (answer.context["glance"] is not None) == actor.can("figure.read")


# --- The figures ---------------------------------------------------------------------------


def test_an_empty_instance_says_no_data_and_never_zero(cast: Cast) -> None:
    shown = glance(TODAY)
    assert shown.window == Window.calendar_year(2025)
    assert {card.value for card in shown.cards} == {None}
    assert {value for card in shown.cards for _label, value in card.lines} == {None}


def test_the_last_full_year_is_shown_and_an_earlier_one_only_when_it_is_silent(
    cast: Cast,
) -> None:
    accept_return(cast.esther, send(cast, 2024, "ML", 629))
    shown = glance(TODAY)
    assert (shown.window, shown.is_behind) == (Window.calendar_year(2024), True)
    accept_return(cast.esther, send(cast, 2025, "kayes-2023", 12))
    shown = glance(TODAY)
    assert (shown.window, shown.is_behind) == (Window.calendar_year(2025), False)
    protection = next(card for card in shown.cards if card.axis == "protection")
    assert protection.value == 12


def test_what_has_no_region_is_said_below_the_map(cast: Cast) -> None:
    accept_return(cast.esther, send(cast, 2024, "ML", 629))
    picture = glance(TODAY).map
    assert picture is not None
    assert "629" in picture.note
    assert picture.drawing.startswith("<svg")


def test_the_history_begins_in_2011_and_keeps_its_gaps(cast: Cast) -> None:
    accept_return(cast.esther, send(cast, 2024, "ML", 629))
    picture = glance(TODAY).history
    assert picture is not None
    years = {row[0]: row[1] for row in picture.rows}
    assert next(iter(years)) == "2011"
    assert (years["2011"], years["2024"], years["2025"]) == (None, 629, None)


# --- The mail of the post ------------------------------------------------------------------


def test_fanta_opens_a_message_by_post_and_goes_where_it_leads(cast: Cast, browse: Browse) -> None:
    post_message([cast.fanta.post_id], "return.queried", path="/returns/")
    message = Message.unscoped.get()
    client = browse(cast.fanta)
    assert "question" in client.get(reverse("inbox")).content.decode()
    url = reverse("message_open", args=[message.pk])
    assert client.get(url).status_code == 405  # a GET never marks anything
    assert client.post(url).headers["Location"] == "/returns/"
    assert Message.unscoped.get().read_at is not None
    assert message.pk not in [
        letter.pk for letter in client.get(reverse("inbox")).context["letters"]
    ]


@pytest.mark.parametrize("path", ["https://ailleurs.example/", "//ailleurs.example/", ""])
def test_a_message_never_leads_to_another_site(cast: Cast, browse: Browse, path: str) -> None:
    post_message([cast.fanta.post_id], "return.queried", path=path)
    url = reverse("message_open", args=[Message.unscoped.get().pk])
    assert browse(cast.fanta).post(url).headers["Location"] == reverse("inbox")


def test_the_mail_of_another_post_does_not_exist_for_esther(cast: Cast, browse: Browse) -> None:
    post_message([cast.fanta.post_id], "return.queried", path="/returns/")
    url = reverse("message_open", args=[Message.unscoped.get().pk])
    assert browse(cast.esther).post(url).status_code == 404
    assert Message.unscoped.get().read_at is None
