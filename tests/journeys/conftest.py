"""A real Chromium, and a demonstration with something on every page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, sync_playwright
from playwright.sync_api import Page as Tab

from tests.journeys.chromium import ARGUMENTS, cookies_of, find_chromium
from tests.journeys.pages import Ids, prepare
from tests.server import Instance, Server, copy_of

TIMEOUT = 30_000  # milliseconds, for one step of a browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module; it ends with it, so that the next module may use the database."""
    path = find_chromium()
    if path is None:
        pytest.skip("NO CHROMIUM HERE: nothing was seen in a real browser (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Shown:
    """A demonstration that is served, with the rows that pages are about."""

    server: Server
    ids: Ids


@pytest.fixture(scope="module")
def shown(demonstration: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with copy_of(demonstration, tmp_path_factory.mktemp("shown")) as instance:
        ids = prepare(instance)
        with instance.run_demo() as server:
            yield Shown(server, ids)
            assert "Traceback" not in server.log
            assert "ERROR" not in server.log, server.log


Enter = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def enter(chromium: Browser) -> Iterator[Enter]:
    """``enter(server, "fanta")``: a browser of its own in which Fanta is signed in.

    A request to anywhere but this machine fails the module.
    """
    made: list[BrowserContext] = []
    strangers: list[str] = []

    def watch(request: Request) -> None:
        told = urlsplit(request.url)
        if told.scheme not in ("data", "blob", "about") and told.hostname != "127.0.0.1":
            strangers.append(request.url)

    def begin(server: Server, persona: str = "", **options: object) -> BrowserContext:
        told = {"locale": "fr-FR", "timezone_id": "Africa/Bamako", **options}
        context = chromium.new_context(base_url=server.address, **told)  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT)
        context.on("request", watch)
        context.add_cookies(cookies_of(server, persona))
        made.append(context)
        return context

    yield begin
    for context in made:
        context.close()
    assert not strangers, f"asked from elsewhere: {strangers}"


@pytest.fixture(scope="module")
def looking(shown: Shown, enter: Enter) -> Callable[[str], Tab]:
    """One tab a persona, kept for pages that are only looked at: a new one costs a process."""
    known: dict[str, Tab] = {}

    def tab_of(persona: str) -> Tab:
        if persona not in known:
            known[persona] = enter(shown.server, persona).new_page()
        return known[persona]

    return tab_of
