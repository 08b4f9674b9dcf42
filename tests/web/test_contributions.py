"""The pages of contributions: written, moderated, grouped, answered, traced."""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from danbe.accounts.models import Post
from danbe.core.models import AuditEvent
from danbe.exchange.room_xlsx import FIRST_ROW, write_room
from danbe.plan import answer_actions, contribution_actions
from danbe.plan.models import Category, ClauseActivity, Contribution, Process
from tests.conftest import Cast, SignIn
from tests.plan import contribution_makers as makers
from tests.plan import makers as plans

pytestmark = pytest.mark.django_db
Get = Callable[..., str]


def html(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def post(client: Client, name: str, *args: object, **data: object) -> tuple[int, str]:
    answer = client.post(reverse(name, args=args), data)
    return answer.status_code, str(answer.content.decode())


# --- From a post ----------------------------------------------------------------------------


def test_fanta_amends_a_paragraph_whose_words_stand_before_her(
    cast: Cast, sign_in: SignIn
) -> None:
    made = makers.process(cast.esther)
    clause, client = makers.clause(made), sign_in(cast.fanta)
    assert makers.WORDS[0] in html(client, "contribution_new", made.pk, clause=str(clause.pk))
    told = {"kind": "amendment", "clause": clause.pk, "proposed": "chaque cercle"}
    status, page = post(client, "contribution_new", made.pk, replaced="mots absents", **told)
    assert (status, "mots absents" in page) == (400, True)
    status, _page = post(client, "contribution_new", made.pk, replaced="chaque région", **told)
    assert status == 302
    assert Contribution.unscoped.get().replaced == "chaque région"


def test_a_paragraph_of_another_process_is_no_choice(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    status, _page = post(
        sign_in(cast.fanta), "contribution_new", made.pk, kind="comment", text="Oui.",
        clause="0" * 32,
    )  # fmt: skip
    assert status == 400


def test_the_list_is_cut_by_state_kind_and_words(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    makers.said(cast.fanta, made, makers.told("Des puits (fictif)."))
    makers.said_and_published(cast.awa, cast.esther, made, makers.told("Des écoles (fictif)."))
    client = sign_in(cast.esther)
    assert "Des puits" in html(client, "contribution_list", made.pk, state="waiting")
    assert "Des écoles" not in html(client, "contribution_list", made.pk, state="waiting")
    assert "Des écoles" in html(client, "contribution_list", made.pk, q="écoles")
    assert "Des écoles" in html(client, "contribution_list", made.pk, q="C2")
    nothing = html(client, "contribution_list", made.pk, kind="minority", clause="' or 1=1")
    assert "Des puits" not in nothing


def test_issa_does_not_read_what_waits(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    row = makers.said(cast.fanta, made, makers.told("Des puits (fictif)."))
    client = sign_in(cast.issa)
    assert "Des puits" not in html(client, "contribution_list", made.pk)
    assert client.get(reverse("contribution_detail", args=[row.pk])).status_code == 404


# --- The public -----------------------------------------------------------------------------


def test_hawa_writes_gets_a_code_and_reads_the_answer_with_it(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    hawa = sign_in(None)
    form = html(hawa, "contribute_public", made.pk)
    assert "<script" not in form.partition('<form class="form')[2]
    once = re.findall(r'name="once" value="(\w+)"', form)[0]
    told = {"kind": "comment", "category": "public", "text": "Mes mots (fictif).", "once": once}
    status, page = post(hawa, "contribute_public", made.pk, **told)
    code = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page)[0]
    assert status == 200
    assert code in post(hawa, "contribute_public", made.pk, **told)[1]  # sent again: the same
    row = Contribution.unscoped.get()
    assert code not in str(vars(row))
    makers.answered(cast.esther, makers.published(cast.esther, row), "not", makers.REFUSED)
    assert makers.REFUSED.split(" : ")[1][:20] in post(hawa, "contribute_answer", code=code)[1]
    assert post(hawa, "contribute_answer", code="ABCD-ABCD-ABCD")[0] == 400


def test_a_mistake_loses_nothing_of_what_hawa_typed(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    told = {"kind": "amendment", "category": "public", "text": "Mes mots", "once": "a" * 32}
    status, page = post(sign_in(None), "contribute_public", made.pk, **told)
    assert (status, "Mes mots" in page, "a" * 32 in page) == (400, True, True)


def test_a_flood_is_answered_429_and_nothing_is_lost(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    hawa = sign_in(None)
    told = {"kind": "comment", "category": "public", "text": "Encore (fictif)."}
    for n in range(contribution_actions.MOST_KNOCKS):
        assert post(hawa, "contribute_public", made.pk, once=f"{n:032x}", **told)[0] == 200
    status, page = post(hawa, "contribute_public", made.pk, once="f" * 32, **told)
    assert (status, "Encore (fictif)." in page) == (429, True)


# --- The desk -------------------------------------------------------------------------------


def test_esther_opens_masks_and_publishes_the_words_of_a_citizen(
    cast: Cast, sign_in: SignIn
) -> None:
    row = makers.sent(makers.process(cast.esther), makers.told("Awa T. de Kayes (fictif)."))
    client = sign_in(cast.esther)
    assert "Awa T." not in html(client, "contribution_moderate", row.pk)
    status, _page = post(client, "contribution_moderate", row.pk, to="published")
    assert status == 400
    assert "Awa T." in post(client, "contribution_open", row.pk)[1]
    assert AuditEvent.objects.filter(verb="contribution.open").count() == 1
    told = {"opened": "1", "to": "published", "text": "Une femme de Kayes (fictif)."}
    status, page = post(client, "contribution_moderate", row.pk, **told)
    assert (status, "Une femme de Kayes" in page) == (400, True)  # no reason
    status, _page = post(client, "contribution_moderate", row.pk, reason="Nom masqué.", **told)
    assert status == 302
    assert "Une femme de Kayes" in html(sign_in(cast.issa), "contribution_detail", row.pk)


def test_esther_puts_together_what_is_alike_and_answers_once(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    rows = [makers.said_and_published(cast.fanta, cast.esther, made) for _n in range(3)]
    client = sign_in(cast.esther)
    assert "C2" in html(client, "contribution_alike", rows[0].pk)
    status, _page = post(client, "contribution_alike", rows[0].pk, number="2", others="C3, x",
                         label="Les mêmes mots")  # fmt: skip
    assert status == 302
    group = made.groups.get()
    assert group.contributions.count() == 3
    told = {"outcome": "taken", "reason": makers.REASON}
    assert post(client, "group_answer", group.pk, **told)[0] == 302
    assert set(group.contributions.values_list("answer__outcome", flat=True)) == {"taken"}
    assert makers.REASON.split(" : ")[1][:15] in html(
        sign_in(cast.fanta), "contribution_detail", rows[1].pk
    )


def test_an_answer_without_a_reason_is_refused_at_its_field(cast: Cast, sign_in: SignIn) -> None:
    row = makers.said_and_published(cast.fanta, cast.esther, makers.process(cast.esther))
    status, page = post(
        sign_in(cast.esther), "contribution_answer", row.pk, outcome="not", reason="Non"
    )
    assert (status, 'value="not"' in page) == (400, True)


# --- Rooms ----------------------------------------------------------------------------------


def test_awa_takes_a_sheet_to_a_room_and_brings_it_back(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    client = sign_in(cast.awa)
    assert post(client, "room_list", made.pk, held_on="1823-01-01")[0] == 400
    room = makers.room(cast.awa, made)
    assert "R1-20" in html(client, "room_paper", room.pk)
    book = openpyxl.load_workbook(io.BytesIO(write_room(room)))
    sheet = book.worksheets[0]
    sheet.cell(FIRST_ROW + 1, 3, str(Category.STATE.label))
    data = io.BytesIO()
    book.save(data)

    def loaded() -> tuple[int, str]:
        file = SimpleUploadedFile("feuille.xlsx", data.getvalue())
        return post(client, "room_import", room.pk, file=file)

    status, page = loaded()
    assert (status, f"!E{FIRST_ROW + 1}" in page) == (400, True)
    sheet.cell(FIRST_ROW + 1, 5, "comment")
    sheet.cell(FIRST_ROW + 1, 7, "Dit en salle (fictif).")
    data.seek(0)
    book.save(data)
    assert loaded()[0] == 302
    row = makers.published(cast.esther, Contribution.unscoped.get())
    makers.answered(cast.esther, row)
    read_out = html(client, "room_answers", room.pk)
    assert "R1-1" in read_out
    assert "Dit en salle (fictif)." in read_out
    assert client.get(reverse("room_detail", args=[room.pk])).status_code == 200
    assert sign_in(cast.fanta).get(reverse("room_detail", args=[room.pk])).status_code == 404


def test_a_line_of_paper_is_typed_with_its_number(cast: Cast, sign_in: SignIn) -> None:
    room = makers.room(cast.awa, makers.process(cast.esther))
    told = {"line": "7", "category": "state", "kind": "comment", "text": "Dit (fictif)."}
    client = sign_in(cast.awa)
    assert post(client, "room_line", room.pk, **told)[0] == 302
    assert post(client, "room_line", room.pk, **told)[0] == 400
    row = Contribution.unscoped.get()
    assert (row.line, row.channel) == (7, "paper")


# --- The thread -----------------------------------------------------------------------------


def traced(cast: Cast) -> Contribution:
    """A contribution answered in a paragraph that an activity with money and figures carries."""
    made = makers.process(cast.esther)
    row = makers.said_and_published(cast.fanta, cast.esther, made)
    makers.answered(cast.esther, row)
    plan = plans.published(cast.esther)
    answer_actions.link_activity(cast.esther, makers.clause(made), plans.activity(plan))
    return row


def test_the_thread_is_on_the_page_of_the_paragraph_and_of_the_contribution(
    cast: Cast, sign_in: SignIn
) -> None:
    row = traced(cast)
    client = sign_in(cast.issa)
    for told in (
        html(client, "clause_trace", row.clause_id),
        html(client, "contribution_detail", row.pk),
    ):
        plain = told.replace("\u202f", " ").replace("\u00a0", " ")
        for words in ("Ouvrir un centre (fictif)", "50 000 000", "Filles identifiées"):
            assert words in plain


def test_the_link_to_an_activity_lives_through_the_next_version_of_the_plan(
    cast: Cast, sign_in: SignIn
) -> None:
    row = traced(cast)
    plan = plans.activity(plans.Plan.objects.get(code=plans.CODE)).plan
    plans.actions.publish_plan(cast.esther, plans.actions.begin_version(cast.esther, plan))
    told = html(sign_in(cast.issa), "clause_trace", row.clause_id)
    assert told.count("Ouvrir un centre (fictif)") == 1


def test_an_activity_is_tied_once_and_untied(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    clause, client = makers.clause(made), sign_in(cast.esther)
    activity = plans.activity(plans.published(cast.esther))
    assert post(client, "clause_link", clause.pk, activity=activity.pk)[0] == 302
    assert post(client, "clause_link", clause.pk, activity=activity.pk)[0] == 400
    link = ClauseActivity.objects.get()
    assert post(sign_in(cast.fanta), "clause_unlink", link.pk)[0] == 403
    assert post(client, "clause_unlink", link.pk)[0] == 302
    assert not ClauseActivity.objects.exists()


# --- Ten thousand ---------------------------------------------------------------------------


def n_queries(client: Client, name: str, *args: object, **query: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as told:
        html(client, name, *args, **query)
    return len(told)


def many(cast: Cast, n: int) -> Process:
    made = makers.process(cast.esther)
    return makers.with_many(made, post=Post.objects.get(pk=cast.fanta.post_id), n=n)


def test_the_number_of_queries_does_not_depend_on_the_number_of_contributions(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.esther)
    few, lots = many(cast, 30), many(cast, 600)
    html(client, "contribution_list", few.pk)  # what is read once, is read
    for name, arguments in (
        ("contribution_list", lambda made: made.pk),
        ("clause_trace", lambda made: makers.clause(made).pk),
    ):
        before, after = (n_queries(client, name, arguments(made)) for made in (few, lots))
        assert after == before <= 25, name


def test_a_small_number_of_survivors_is_not_told(cast: Cast, sign_in: SignIn) -> None:
    made = makers.process(cast.esther)
    for n in range(2):
        makers.published(cast.esther, makers.sent(made, category="survivors", once=f"{n:032x}"))
    assert "&lt; 5" in html(sign_in(cast.issa), "contribution_list", made.pk)
