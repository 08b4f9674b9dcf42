"""The audit trail, for the auditor."""

import datetime
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from danbe.core import audit
from danbe.core.models import AuditEvent, Offence
from danbe.web.audit import PER_PAGE
from danbe.web.verbs import LABELS, VERBS
from tests.conftest import Cast
from tests.web.conftest import Browse


def record(cast: Cast, n: int, verb: str = "offence.confirm") -> None:
    """So many acts of Djibril on one article."""
    subject = Offence.objects.order_by("pk").first()
    with transaction.atomic():
        for _ in range(n):
            audit.record(cast.djibril, verb, subject)


def test_the_auditor_reads_who_did_what_in_which_post(cast: Cast, browse: Browse) -> None:
    record(cast, 1)
    line = browse(cast.auditor).get(reverse("audit_trail")).context["lines"][0]
    assert (line.person, line.post, line.organisation) == ("Djibril (fictive)", "Procureur", "PJS")


def test_pages_follow_event_numbers_both_ways_without_loss(cast: Cast, browse: Browse) -> None:
    record(cast, 2 * PER_PAGE + 5)
    client, url = browse(cast.auditor), reverse("audit_trail")
    last = audit.head().seq
    seen, query = [], {}
    while True:
        context = client.get(url, query).context
        seen += [line.event.seq for line in context["lines"]]
        if context["older"] is None:
            break
        query = {"before": context["older"]}
    assert seen == list(range(last, 0, -1))
    back = client.get(url, {"after": context["newer"]}).context
    assert back["lines"][-1].event.seq == context["newer"] + 1
    assert client.get(url).context["newer"] is None
    newest = client.get(url, {"after": last - 3}).context
    assert [line.event.seq for line in newest["lines"]] == [last, last - 1, last - 2]
    assert newest["newer"] is None


def test_the_trail_is_filtered_by_verb_post_row_and_day(cast: Cast, browse: Browse) -> None:
    record(cast, 2)
    record(cast, 1, "session.begin")
    client, url = browse(cast.auditor), reverse("audit_trail")

    def count(**query: str) -> int:
        return len(client.get(url, query).context["lines"])

    subject = AuditEvent.objects.latest("seq")
    today = timezone.localdate()
    tomorrow = (today + datetime.timedelta(days=1)).isoformat()
    assert (count(), count(verb="session.begin"), count(verb="post.write")) == (3, 1, 0)
    assert count(post=str(cast.djibril.post_id)) == 3
    assert count(post=str(cast.awa.post_id)) == 0
    assert count(subject=f"{subject.subject_model}:{subject.subject_id}") == 3
    assert count(subject="core.place:ML") == 0
    assert (count(start=today.isoformat()), count(start=tomorrow)) == (3, 0)
    assert (count(end=today.isoformat()), count(end="2020-01-01")) == (3, 0)


def test_a_filter_that_cannot_be_read_is_said_and_shows_everything(
    cast: Cast, browse: Browse
) -> None:
    record(cast, 1)
    answer = browse(cast.auditor).get(reverse("audit_trail"), {"start": "hier", "before": "x"})
    assert "start" in answer.context["form"].errors
    assert len(answer.context["lines"]) == 1


def test_a_page_costs_the_same_number_of_queries_whatever_it_shows(
    cast: Cast, browse: Browse
) -> None:
    client, url = browse(cast.auditor), reverse("audit_trail")
    client.get(url)  # the session is begun
    numbers = []
    for n in (1, PER_PAGE):
        record(cast, n)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        numbers.append(len(queries))
        told = [query["sql"] for query in queries if "auditevent" in query["sql"]]
        assert not any("COUNT(" in sql for sql in told)
    assert numbers[0] == numbers[1]


def test_the_auditor_verifies_the_trail_against_a_signed_sheet(cast: Cast, browse: Browse) -> None:
    record(cast, 3)
    client = browse(cast.auditor)
    sheet = client.get(reverse("audit_head")).context["head"].code
    spaced = sheet[:20] + " \n" + sheet[20:]
    record(cast, 2)
    result = client.post(reverse("audit_verify"), {"witness": spaced}).context["result"]
    assert (result.sound, result.n_events) == (True, 5)


def test_a_forged_act_is_named_on_the_page(cast: Cast, browse: Browse) -> None:
    record(cast, 3)
    forged = AuditEvent.objects.get(seq=2)
    with connection.cursor() as cursor:
        _unlock(cursor)
        cursor.execute("UPDATE core_auditevent SET verb = 'return.read' WHERE seq = 2")
    answer = browse(cast.auditor).post(reverse("audit_verify"))
    assert not answer.context["result"].sound
    assert [seq for seq, _text in answer.context["findings"]] == [forged.seq]


def _unlock(cursor: Any) -> None:
    """Take the locks of the table away, as whoever holds the database could."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
    else:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")


def test_what_is_not_the_code_of_a_sheet_is_refused_and_stays_typed(
    cast: Cast, browse: Browse
) -> None:
    answer = browse(cast.auditor).post(reverse("audit_verify"), {"witness": "12:abc"})
    assert "witness" in answer.context["form"].errors
    assert answer.context["form"]["witness"].value() == "12:abc"
    assert "result" not in answer.context


def test_every_verb_has_words() -> None:
    assert set(VERBS) == set(LABELS)
