"""A power cut in the middle of 200 submissions loses none that was acknowledged.

Eight browsers send them to a real server, which is killed with all its processes, without
warning. What the database holds is then read past Danbe.
"""

import http.client
import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.server import Instance, Server, Visitor, copy_of

pytestmark = pytest.mark.slow

N_RETURNS, N_BROWSERS, N_BEFORE_THE_CUT = 200, 8, 70
LOST = (OSError, http.client.HTTPException)  # no answer, or half of one
DRAFTS = f"""
from danbe.accounts.models import Post
from danbe.core.places import country
from danbe.figures.actions import open_return, save_content
from danbe.figures.content import asked_of
from danbekit.dates import Window
fanta = Post.objects.select_related("organisation").get(organisation__code="MPFEF")
asked = asked_of(fanta.organisation.type, ["protection"])[0].code
for n in range({N_RETURNS}):
    window = Window.month(2001 + n // 12, 1 + n % 12)
    row = open_return(fanta.actor, fanta.organisation, window=window, axes=["protection"])
    line = {{"place": country().pk, "total": str(1000 + n)}}
    save_content(fanta.actor, row, content={{"lines": {{asked: [line]}}}})
    print(row.pk)
"""


def words(pk: str) -> str:
    return f"difficulté fictive {pk}"


def note(pk: str) -> str:
    return f"signé, fictif, {pk}"


@dataclass
class Log:
    """What the browsers saw acknowledged."""

    todo: "queue.SimpleQueue[str]"
    saved: set[str] = field(default_factory=set)
    submitted: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)
    at_most: int = N_RETURNS

    def work(self, browser: Visitor, version: str) -> None:
        """Save and submit one return after another, until the server is gone."""
        try:
            while True:
                self.one(browser, self.todo.get_nowait(), version)
        except queue.Empty:
            return
        except LOST:
            return

    def one(self, browser: Visitor, pk: str, version: str) -> None:
        """The two posts of one return; only a redirect to its own page is a receipt."""
        page = f"/returns/{pk}/"
        typed = {"narrative.protection": "", "difficulties": words(pk), "version": version}
        answer = browser.post(f"{page}text/", {**typed, "tab": ""})
        if (answer.status, answer.goes_to) != (302, f"{page}text/"):
            self.strange.append(f"save {answer.status} {answer.goes_to}")
            return
        self.saved.add(pk)
        answer = browser.post(f"{page}submit/", {"note": note(pk)})
        if (answer.status, answer.goes_to) != (302, page):
            self.strange.append(f"submit {answer.status} {answer.goes_to}")
            return
        self.submitted.add(pk)
        if len(self.submitted) >= self.at_most:
            self.enough.set()


def browsers(server: Server) -> list[Visitor]:
    """Fanta, signed in on several machines."""
    made = [Visitor(server.address, follow=False) for _n in range(N_BROWSERS)]
    for browser in made:
        browser.get("/account/login/")
        assert browser.post("/demonstration/", {"persona": "fanta"}).status == 302
    return made


def send(server: Server, pks: list[str], cut_after: int = 0) -> Log:
    """Send the returns from all browsers at once; kill the server after so many receipts."""
    todo: queue.SimpleQueue[str] = queue.SimpleQueue()
    for pk in pks:
        todo.put(pk)
    log = Log(todo, at_most=cut_after or len(pks))
    hands = browsers(server)
    version = dict(hands[0].get(f"/returns/{pks[-1]}/text/").form("version").fields())["version"]
    threads = [threading.Thread(target=log.work, args=(b, version)) for b in hands]
    for thread in threads:
        thread.start()
    if cut_after:
        assert log.enough.wait(180), log.strange[:5]
        server.kill()
    for thread in threads:
        thread.join(180)
        assert not thread.is_alive()
    assert not log.strange, log.strange[:5]
    return log


@dataclass(frozen=True)
class Kept:
    """What the database holds of the 200, past Danbe."""

    saved: set[str]
    submitted: list[str]
    audited: list[str]
    noted: set[str]
    told: list[str]

    @classmethod
    def of(cls, instance: Instance, pks: set[str]) -> "Kept":
        def ids(query: str) -> list[str]:
            return [pk for pk in instance.ids(query) if pk in pks]

        content = instance.rows("SELECT content FROM figures_return")
        texts = [
            row[0] if isinstance(row[0], dict) else json.loads(str(row[0])) for row in content
        ]
        said = {text.get("difficulties") for text in texts}
        notes = {str(row[0]) for row in instance.rows("SELECT text FROM figures_returnnote")}
        paths = instance.rows("SELECT path FROM accounts_message WHERE kind = 'return.submitted'")
        return cls(
            {pk for pk in pks if words(pk) in said},
            ids("SELECT id FROM figures_return WHERE status = 'submitted'"),
            ids("SELECT subject_id FROM core_auditevent WHERE verb = 'return.submit'"),
            {pk for pk in pks if note(pk) in notes},
            [pk for (path,) in paths if (pk := str(path).split("/")[2]) in pks],
        )


@pytest.fixture
def own(kept: Instance, tmp_path: Path) -> Iterator[Instance]:
    with copy_of(kept, tmp_path / "cut") as made:
        yield made


def test_no_acknowledged_submission_is_lost_when_the_server_is_killed(own: Instance):
    pks = own.python(DRAFTS).split()
    assert len(pks) == N_RETURNS
    with own.run_demo() as server:
        log = send(server, pks, cut_after=N_BEFORE_THE_CUT)
        assert "Traceback" not in server.log
    assert N_BEFORE_THE_CUT <= len(log.submitted) < N_RETURNS, "the cut came in the middle"

    after = Kept.of(own, set(pks))
    assert log.saved <= after.saved
    assert log.submitted <= set(after.submitted)
    # an act, its audit event, its note and its message: all or nothing, once
    for trace in (after.audited, list(after.noted), after.told):
        assert sorted(trace) == sorted(after.submitted)
    said = own.danbe("verify-audit")
    assert said.code == 0, said.out

    rest = [pk for pk in pks if pk not in after.submitted]
    with own.run_demo() as server:
        # those saved just before the cut were saved already: the same words do not conflict
        send(server, rest)
    final = Kept.of(own, set(pks))
    assert final.saved == set(pks)
    for trace in (final.submitted, final.audited, list(final.noted), final.told):
        assert sorted(trace) == sorted(pks)
    assert own.danbe("verify-audit").code == 0
