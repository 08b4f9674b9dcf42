"""Who opens which page: ``access.csv``, run. It is printed in the docs for the Committee to sign.

A cell is the status of the answer; ``login`` is a visitor sent to the sign-in page. 403: the post
does not have the right. 404: the row does not exist for this post. 409: the rules refuse it.
"""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

import danbe.web
from danbe.accounts.actions import post_message
from danbe.accounts.models import Message, Organisation, Post
from danbe.core.access import TWO_FACTOR_ROLES, Actor, Reach, Role
from danbe.figures.actions import attach
from danbe.figures.models import Obligation, Overlap
from danbe.protection import rights_actions
from danbe.protection.link_actions import search_pairs
from danbe.protection.models import Erasure
from danbe.protection.vocabulary import FieldGroup
from danbe.reports.actions import freeze_report
from tests.conftest import Cast, SignIn
from tests.figures import makers
from tests.partnership import makers as services
from tests.protection.makers import consent, met
from tests.protection.test_interview_actions import held
from tests.reports.makers import TODAY
from tests.web import (
    agreement_rows,
    care_rows,
    committee_rows,
    contribution_rows,
    evaluation_rows,
    funding_rows,
    participation_rows,
    plan_rows,
    sharing_rows,
    tip_rows,
    training_rows,
)

TABLE = Path(__file__).with_name("access.csv")
# Hawa is the citizen: a visitor.
PERSONAS = "awa bakary coumba djibril esther fanta garan hawa issa jeneba auditor lalla".split()
Kwargs = dict[str, Any]


def table() -> list[dict[str, str]]:
    with open(TABLE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- The rows that pages are about ---------------------------------------------------------

TYPED = makers.content(victims_identified=makers.line("300"))


def draft(cast: Cast) -> Kwargs:
    return {"pk": makers.drafted(cast.fanta, TYPED).pk}


def submitted(cast: Cast) -> Kwargs:
    return {"pk": makers.submitted(cast.fanta, TYPED).pk}


def accepted(cast: Cast) -> Kwargs:
    return {"pk": makers.accepted(cast.fanta, cast.esther, TYPED).pk}


def of_another_body(cast: Cast) -> Kwargs:
    return {"pk": makers.drafted(makers.focal_point("nana", "MJDH"), TYPED).pk}


def joined_file(cast: Cast) -> Kwargs:
    row = makers.drafted(cast.fanta, TYPED)
    return {"pk": attach(cast.fanta, row, name="note.txt", data=b"une note fictive").pk}


def overlap(cast: Cast) -> Kwargs:
    makers.accepted(cast.fanta, cast.esther, TYPED)
    makers.accepted(makers.focal_point("nana", "MJDH"), cast.esther, TYPED)
    return {"pk": Overlap.objects.get().pk}


def message(cast: Cast) -> Kwargs:
    post_message([cast.fanta.post_id], "return.accepted", path="/returns/")
    return {"pk": Message.unscoped.get().pk}


def vacant_post(cast: Cast) -> Kwargs:
    body = Organisation.objects.get(code="ENDA")
    post = Post.objects.create(organisation=body, role=Role.FOCAL_POINT, title="Point focal")
    return {"pk": post.pk}


def obligation(cast: Cast) -> Kwargs:
    owed = Obligation.objects.create(
        organisation_id=cast.fanta.organisation_id, axes="protection", first=TODAY
    )
    return {"organisation": cast.fanta.organisation_id, "pk": owed.pk}


def shelter(cast: Cast) -> Kwargs:
    return {"pk": services.shelter(cast.awa).pk}


def shelter_open_to_caritas(cast: Cast) -> Kwargs:
    made = services.shelter(cast.awa)
    services.let_in(cast.awa, made, cast.bakary)
    return {"pk": made.pk}


def access_of_caritas(cast: Cast) -> Kwargs:
    return {"pk": services.let_in(cast.awa, services.shelter(cast.awa), cast.bakary).pk}


def interview(cast: Cast) -> Kwargs:
    return {"pk": held(cast.awa, met(cast.awa)).pk}


def interview_shared(cast: Cast) -> Kwargs:
    person = met(cast.awa)
    consent(cast.awa, person, cast.bakary, [FieldGroup.STORY])
    return {"pk": held(cast.awa, person).pk}


def frozen_report(cast: Cast) -> Kwargs:
    makers.accepted(cast.fanta, cast.esther, TYPED)
    freeze_report(cast.esther, 2024, today=TODAY)
    return {"year": 2024}


def pair(cast: Cast) -> Kwargs:
    mariam = met(cast.awa)
    met(cast.bakary)
    return {"pk": search_pairs(cast.awa, mariam)[0].pk}


def correction(cast: Cast) -> Kwargs:
    asked = rights_actions.request_correction(
        cast.awa, met(cast.awa), group=FieldGroup.IDENTITY, words="une erreur (fictive)"
    )
    return {"pk": asked.pk}


def hold(cast: Cast) -> Kwargs:
    placed = rights_actions.place_hold(cast.lalla, met(cast.awa), reason="un procès (fictif)")
    return {"pk": placed.pk}


def erasure(cast: Cast) -> Kwargs:
    told = rights_actions.announce_erasure(cast.lalla, met(cast.awa), cause="request")
    return {"pk": told.pk}


def erased(cast: Cast) -> Kwargs:
    kwargs = erasure(cast)
    Erasure.unscoped.filter(**kwargs).update(due_on=timezone.localdate())
    rights_actions.carry_out_erasure(cast.lalla, Erasure.unscoped.get(**kwargs))
    return kwargs


ROWS: dict[str, Callable[[Cast], Kwargs]] = {
    "": lambda cast: {},
    "Fanta's draft": draft,
    "Fanta's draft, prevention": lambda cast: draft(cast) | {"axis": "prevention"},
    "Fanta's submitted return": submitted,
    "Fanta's accepted return": accepted,
    "a return of another ministry": of_another_body,
    "a file of Fanta's return": joined_file,
    "an overlap": overlap,
    "a message to Fanta's post": message,
    "a vacant post": vacant_post,
    "Awa's post": lambda cast: {"pk": cast.awa.post_id},
    "Fanta's ministry": lambda cast: {"pk": cast.fanta.organisation_id},
    "what Fanta's ministry owes": obligation,
    "a new obligation of Fanta's ministry": (
        lambda cast: {"organisation": cast.fanta.organisation_id}
    ),
    "the report of 2024, not frozen": lambda cast: {"year": 2024},
    "the report of 2024, frozen": frozen_report,
    "Awa's shelter": shelter,
    "Awa's shelter, open to Bakary's body": shelter_open_to_caritas,
    "the access of Bakary's body to Awa's shelter": access_of_caritas,
    "Awa's person": lambda cast: {"pk": met(cast.awa).pk},
    "Awa's event, not heard yet": lambda cast: {"pk": met(cast.awa).event_id},
    "Awa's interview": interview,
    "Awa's interview, the act": lambda cast: interview(cast) | {"section": "act"},
    "Awa's interview, shared with Bakary's body": interview_shared,
    "a pair of Awa's and Bakary's records": pair,
    "a correction asked of Awa": correction,
    "a legal hold on Awa's person": hold,
    "an erasure of Awa's person, announced": erasure,
    "an erasure of Awa's person, carried out": erased,
    **care_rows.ROWS,
    **sharing_rows.ROWS,
    **plan_rows.ROWS,
    **funding_rows.ROWS,
    **contribution_rows.ROWS,
    **evaluation_rows.ROWS,
    **participation_rows.ROWS,
    **training_rows.ROWS,
    **committee_rows.ROWS,
    **tip_rows.ROWS,
    **agreement_rows.ROWS,
    "Kayes": lambda cast: {"code": "kayes-2023"},
    "identified victims": lambda cast: {"code": "victims_identified"},
    "the forms of exploitation": lambda cast: {"name": "form"},
    "an article of 2012": lambda cast: {"code": "loi2012-art3"},
    "the guide of a focal point": lambda cast: {"role": "focal_point"},
    "a key": lambda cast: {"pk": 1},
    "an old link": lambda cast: {"uidb36": "1", "key": "old-link"},
}


# --- The table, run ------------------------------------------------------------------------


WEB = Path(danbe.web.__file__).parent
READ = re.compile(r"""GET(?:\.get\(|\.getlist\(|\[)"(\w+)"|<(?:input|select)[^>]* name="(\w+)\"""")
# Whatever any page may read from its address, and what nobody in their right mind would write.
ASKED = sorted(
    {
        name
        for file in [*WEB.glob("*.py"), *WEB.glob("templates/**/*.html")]
        for found in READ.findall(file.read_text(encoding="utf-8"))
        for name in found
        if name
    }
)
STRANGE = ("\x00", "99999999999999999999", "2024-13-45 «é'\"<")


def answer(
    client: Client,
    actor: Actor | None,
    line: dict[str, str],
    kwargs: Kwargs,
    asked: dict[str, str] | None = None,
) -> str:
    """What one persona gets, as the table writes it. Nothing that it does is kept.

    Nor does a browser keep any page of a post that sees persons.
    """
    send = client.get if line["method"] == "GET" else client.post
    with transaction.atomic():
        told = send(reverse(line["page"], kwargs=kwargs), asked)
        transaction.set_rollback(True)
    if actor and actor.role in TWO_FACTOR_ROLES:
        assert "no-store" in told.headers["Cache-Control"]
    location = told.headers.get("Location", "")
    to_sign_in = told.status_code == 302 and location.startswith(f"{reverse('account_login')}?")
    return "login" if to_sign_in else str(told.status_code)


def answers(line: dict[str, str], cast: Cast, sign_in: SignIn, kwargs: Kwargs) -> dict[str, str]:
    """What each persona gets."""
    actors = {name: getattr(cast, name, None) for name in PERSONAS}
    return {name: answer(sign_in(one), one, line, kwargs) for name, one in actors.items()}


@pytest.mark.parametrize(
    "line", table(), ids=lambda line: f"{line['page']} {line['method']} {line['row']}"
)
def test_each_persona_gets_what_the_table_says_and_no_strange_question_breaks_the_page(
    line: dict[str, str], cast: Cast, sign_in: SignIn
) -> None:
    kwargs = ROWS[line["row"]](cast)
    assert answers(line, cast, sign_in, kwargs) == {name: line[name] for name in PERSONAS}
    reader = next((n for n in PERSONAS if line["method"] == "GET" and line[n] == "200"), None)
    for strange in STRANGE if reader else ():
        actor = getattr(cast, str(reader), None)
        asked = dict.fromkeys(ASKED, strange)
        assert answer(sign_in(actor), actor, line, kwargs, asked) in {"200", "302", "400", "404"}


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield pattern.name or str(pattern.pattern)


def test_every_page_is_in_the_table_and_nothing_else_is() -> None:
    assert {line["page"] for line in table()} == set(addresses(get_resolver().url_patterns))


def test_no_line_is_written_twice() -> None:
    keys = [(line["page"], line["method"], line["row"]) for line in table()]
    assert len(keys) == len(set(keys))


# --- What the table must never say, whoever edits it ---------------------------------------

OPENED = {"200", "302", "409"}
PUBLIC_PAGES = {
    *("help", "help_guide", "invitation_accept", "set_language", "demo_sign_in"),
    "plan_public",
    *("contribute_index", "contribute_public", "contribute_answer"),
    *("participation_public", "text_public", "signed_public", "signed_file"),
}


def test_hawa_opens_public_pages_and_nothing_else() -> None:
    for line in table():
        if line["hawa"] in OPENED:
            ours = line["page"] in PUBLIC_PAGES
            assert ours or line["page"].startswith(("account_", "mfa_")), line["page"]


def test_jeneba_and_the_auditor_open_no_figure_no_return_and_no_report() -> None:
    closed = ("figure", "return", "report", "attachment", "completeness", "overlap", "published")
    for line in table():
        if line["page"].startswith(closed):
            assert {line["jeneba"], line["auditor"]} == {"403"}, line["page"]


def test_the_trail_is_opened_by_the_auditor_alone() -> None:
    for line in table():
        if line["page"].startswith("audit_"):
            others = {line[name] for name in PERSONAS if name not in ("auditor", "hawa")}
            assert (line["auditor"], others) == ("200", {"403"}), line["page"]


def test_nobody_but_his_body_and_the_committee_opens_a_return() -> None:
    for line in table():
        if line["row"] == "a return of another ministry":
            assert line["fanta"] == "404", line["page"]
            for name in ("awa", "bakary", "coumba", "djibril", "issa"):
                assert line[name] == "403", line["page"]


def test_an_actor_out_of_the_table_reaches_nothing() -> None:
    assert Actor(Role.VISITOR).reach("return.read") is None
    assert Actor(Role.FOCAL_POINT).reach("return.read") is Reach.ORGANISATION
