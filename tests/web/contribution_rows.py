"""The rows that the pages of contributions are about."""

from collections.abc import Callable
from typing import Any

from danbe.plan import answer_actions, moderation_actions
from tests.conftest import Cast
from tests.plan import contribution_makers as makers
from tests.plan import makers as plans

Kwargs = dict[str, Any]


def process(cast: Cast) -> Kwargs:
    return {"pk": makers.process(cast.esther).pk}


def clause(cast: Cast) -> Kwargs:
    return {"pk": makers.clause(makers.process(cast.esther)).pk}


def link(cast: Cast) -> Kwargs:
    activity = plans.activity(plans.published(cast.esther))
    where = makers.clause(makers.process(cast.esther))
    return {"pk": answer_actions.link_activity(cast.esther, where, activity).pk}


def waiting(cast: Cast) -> Kwargs:
    return {"pk": makers.said(cast.fanta, makers.process(cast.esther)).pk}


def published(cast: Cast) -> Kwargs:
    made = makers.process(cast.esther)
    return {"pk": makers.said_and_published(cast.fanta, cast.esther, made).pk}


def of_hawa(cast: Cast) -> Kwargs:
    return {"pk": makers.sent(makers.process(cast.esther)).pk}


def group(cast: Cast) -> Kwargs:
    made = makers.process(cast.esther)
    rows = [makers.said_and_published(cast.fanta, cast.esther, made) for _n in range(2)]
    return {"pk": moderation_actions.group_contributions(cast.esther, made, rows, label="Oui").pk}


def room(cast: Cast) -> Kwargs:
    return {"pk": makers.room(cast.awa, makers.process(cast.esther)).pk}


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "a process that drafts": process,
    "a paragraph of a draft": clause,
    "an activity tied to a paragraph": link,
    "a contribution of Fanta's ministry, to be moderated": waiting,
    "a contribution of Fanta's ministry, published": published,
    "what Hawa wrote, sealed": of_hawa,
    "a group of contributions": group,
    "Awa's room without network": room,
}
