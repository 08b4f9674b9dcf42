"""Every page, in a real browser: for everybody, on a narrow telephone, without JavaScript."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page as Tab

from tests.journeys.conftest import Enter, Shown
from tests.journeys.pages import NOT_LOOKED_AT, PAGES, STATUSES, Ids, Page
from tests.server import POSTGRES, ROOT, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(bool(POSTGRES), reason="pages are walked through once, on SQLite"),
]

AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 1280)
NARROWEST = 320
FIRST_PAGE = 60_000  # bytes over the wire
BY_NAME = {page.name: page for page in PAGES}


def violations(tab: Tab) -> list[str]:
    """What axe finds on the page as it stands."""
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found: dict[str, Any] = tab.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} ({node['failureSummary']})"
        for rule in found["violations"]
        for node in rule["nodes"][:5]
    ]


def problems_of(tab: Tab) -> list[str]:
    """What is wrong with the page as it stands, at every width."""
    problems = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        problems += [f"{width} px: {problem}" for problem in violations(tab)]
    tab.set_viewport_size({"width": NARROWEST, "height": 900})
    wide = tab.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if wide > 0:
        problems.append(f"{NARROWEST} px: the page is {wide} px too wide")
    return problems


@pytest.mark.parametrize("name", BY_NAME)
def test_axe_finds_nothing_and_nothing_leaves_a_narrow_screen(
    name: str, shown: Shown, looking: Callable[[str], Tab]
):
    page = BY_NAME[name]
    tab = looking(page.persona)
    answer = tab.goto(page.path(shown.ids))
    assert answer
    assert answer.status == STATUSES.get(name, 200)
    problems = problems_of(tab)
    assert not problems, "\n".join(problems)


# --- What a page becomes once something was sent --------------------------------------------


def wrong_password(tab: Tab, ids: Ids) -> None:
    tab.goto("/account/login/")
    tab.locator('input[name="login"]').fill("personne@exemple.ml")
    tab.locator('input[name="password"]').fill("faux mot de passe")
    tab.locator('input[name="password"]').press("Enter")


def slowed_down(tab: Tab, ids: Ids) -> None:
    for _attempt in range(9):
        wrong_password(tab, ids)
        tab.wait_for_load_state()


def wrong_code(tab: Tab, ids: Ids) -> None:
    tab.goto("/invitation/")
    tab.locator('input[name="code"]').fill("pas un code")
    tab.locator('input[name="code"]').press("Enter")


def second_factor(tab: Tab, ids: Ids) -> None:
    tab.goto("/account/login/")
    tab.locator('input[name="login"]').fill("awa@demonstration.example")
    tab.locator('input[name="password"]').fill("demonstration-danbe")
    tab.locator('input[name="password"]').press("Enter")
    tab.wait_for_url("**/authenticate/**")


def codes_shown(tab: Tab, ids: Ids) -> None:
    tab.goto("/account/2fa/recovery-codes/")
    tab.locator('main form[action="/account/2fa/recovery-codes/"] button').click()
    tab.locator(".codes").wait_for()


def empty_return(tab: Tab, ids: Ids) -> None:
    tab.goto("/returns/new/")
    for box in tab.locator('input[type="checkbox"][name="axes"]').all():
        box.uncheck()
    tab.locator('main form:has(select[name="year"]) button.button').last.click()


def invited(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/posts/{ids['vacant']}/invite/")
    tab.locator('main input[name="name"]').fill("Kassim (fictif)")
    tab.locator('main input[name="email"]').fill("kassim@demonstration.example")
    tab.locator('main input[name="email"]').press("Enter")
    tab.locator(".secret").wait_for()


def bad_invitation(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/posts/{ids['vacant']}/invite/")
    tab.locator('main input[name="name"]').press("Enter")


def verified(tab: Tab, ids: Ids) -> None:
    tab.goto("/audit/")
    tab.locator("main details > summary").first.click()
    tab.locator('form[action="/audit/verify/"] button').click()
    tab.wait_for_url("**/audit/verify/")


def not_a_workbook(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/returns/{ids['draft']}/import/")
    file = {"name": "x.xlsx", "mimeType": "application/octet-stream", "buffer": b"not a workbook"}
    tab.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
    tab.locator('form[enctype="multipart/form-data"] button').click()


def interview_resumed(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/interviews/{ids['interview']}/section/means/")
    tab.locator("main form button").first.click()
    tab.locator("form.interview").wait_for()


def interview_with_a_wrong_day(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/interviews/{ids['begun']}/section/act/")
    tab.locator("#facts_last").fill("hier")
    tab.locator("form.interview .actions button").first.click()
    tab.locator(".error-summary").wait_for()


def interview_read(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/interviews/{ids['interview']}/")
    tab.locator("main .actions form:nth-of-type(3) button").click()
    tab.locator(".answers").first.wait_for()


def interview_weighed(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/interviews/{ids['interview']}/result/")
    tab.locator("main form button").first.click()
    tab.locator("#presume").wait_for()
    tab.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")


def presumed_without_a_reason(tab: Tab, ids: Ids) -> None:
    interview_weighed(tab, ids)
    tab.locator("#presume textarea").fill("")
    tab.locator("#presume form button").last.click()
    tab.locator(".error-summary").wait_for()


def interview_printed(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/interviews/{ids['interview']}/")
    tab.locator(f'main form[action$="/{ids["interview"]}/print/"] button').click()
    tab.wait_for_url("**/print/")


def consent_without_an_answer(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/consents/person/{ids['ledger']}/new/")
    tab.locator("form[enctype] .actions button").click()
    tab.locator(".error-summary").wait_for()


def ledger_opened(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/consents/person/{ids['ledger']}/")
    tab.locator('main form[action$="/open/"] button').click()
    tab.wait_for_url("**/open/")


def referral_read_before_the_answer(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/referrals/{ids['referred']}/")
    tab.locator('main form[action$="/open/"] button').click()
    tab.wait_for_url("**/open/")
    tab.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")


def packet_with_its_code(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/referrals/{ids['packet']}/")
    tab.locator('main button[formaction$="/code/"]').click()
    tab.locator(".secret").wait_for()


def emergency_explained(tab: Tab, ids: Ids) -> None:
    tab.goto(f"/consents/review/{ids['exception']}/")
    tab.locator('main form[action$="/open/"] button').click()
    tab.wait_for_url("**/open/")


STATES: list[tuple[str, Callable[[Tab, Ids], None]]] = [
    ("", wrong_password),
    ("", wrong_code),
    ("", second_factor),
    ("awa", codes_shown),
    ("fanta", empty_return),
    ("fanta", not_a_workbook),
    ("jeneba", bad_invitation),
    ("jeneba", invited),
    ("kadidia", verified),
    ("awa", interview_resumed),
    ("awa", interview_with_a_wrong_day),
    ("awa", interview_read),
    ("awa", interview_weighed),
    ("awa", presumed_without_a_reason),
    ("awa", interview_printed),
    ("awa", consent_without_an_answer),
    ("awa", ledger_opened),
    ("bakary", referral_read_before_the_answer),
    ("awa", packet_with_its_code),
    ("lalla", emergency_explained),
    ("", slowed_down),
]


@pytest.mark.parametrize(("persona", "act"), STATES, ids=[act.__name__ for _who, act in STATES])
def test_axe_finds_nothing_on_what_a_page_becomes(
    persona: str, act: Callable[[Tab, Ids], None], shown: Shown, enter: Enter
):
    tab = enter(shown.server, persona).new_page()
    act(tab, shown.ids)
    tab.wait_for_load_state()
    assert tab.locator("h1").count() == 1
    problems = problems_of(tab)
    assert not problems, "\n".join(problems)


def test_every_page_of_the_access_table_is_looked_at():
    table = ROOT / "tests" / "web" / "access.csv"
    with open(table, encoding="utf-8", newline="") as file:
        opened = {
            row["page"]
            for row in csv.DictReader(file)
            if row["method"] == "GET" and "200" in row.values()
        }
    assert opened, "the access table is empty"
    seen = {page.address_name for page in PAGES}
    assert opened - seen - NOT_LOOKED_AT == set()


# --- Without JavaScript ---------------------------------------------------------------------

STRANGE = re.compile(r'(?:src|<link[^>]*href|action)="(https?:)?//[^"]*"')


@pytest.mark.parametrize("persona", sorted({page.persona for page in PAGES}))
def test_every_page_is_whole_without_javascript_and_links_nothing_foreign(
    persona: str, shown: Shown
):
    visitor = Visitor(shown.server.address)
    if persona:
        visitor.sign_in(persona)
    for page in (p for p in PAGES if p.persona == persona):
        answer = visitor.get(page.path(shown.ids))
        assert answer.status == STATUSES.get(page.name, 200), page.name
        html = answer.text
        assert len(re.findall(r"<h1[ >]", html)) == 1, page.name
        assert re.search(r'<html lang="(fr|en)"', html), page.name
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*(src=|application/json))", html), (
            page.name
        )
        assert not re.search(r"\son(click|load|change|submit)=", html), page.name
        assert not STRANGE.search(html), page.name


@pytest.mark.parametrize("persona", sorted({page.persona for page in PAGES}))
def test_no_link_of_any_page_is_broken(persona: str, shown: Shown):
    visitor = Visitor(shown.server.address)
    if persona:
        visitor.sign_in(persona)
    links: dict[str, str] = {}
    for page in (p for p in PAGES if p.persona == persona and p.name not in STATUSES):
        answer = visitor.get(page.path(shown.ids))
        for target in re.findall(r'<a\b[^>]*?href="([^"#]+)', answer.text):
            link = urljoin(answer.url, target.replace("&amp;", "&"))
            if link.startswith(shown.server.address):
                links.setdefault(_shape(link), link)
    wrong = [
        f"{link} answers {answer.status}"
        for link in links.values()
        if (answer := visitor.get(link)).status != 200
    ]
    assert not wrong, "\n".join(wrong)


def _shape(link: str) -> str:
    """Links that differ only by which row they open are one link."""
    return re.sub(r"[0-9a-f-]{36}|=[^&]*|\d+", "*", link)


# --- Leaving --------------------------------------------------------------------------------

WRITTEN = "Elle demande que sa mère soit prévenue."


def test_words_typed_and_not_sent_are_asked_about_before_the_page_is_left(
    shown: Shown, enter: Enter
):
    tab = enter(shown.server, "awa").new_page()
    asked: list[str] = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page = f"/consents/person/{shown.ids['ledger']}/withdraw/"
    tab.goto(page)
    tab.locator("a.brand").click()  # nothing typed: nothing is asked
    tab.wait_for_url(f"{shown.server.address}/")
    assert not asked
    tab.goto(page)
    words = tab.locator("main textarea").first
    words.fill(WRITTEN)
    with tab.expect_event("dialog"):
        tab.locator("a.brand").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    assert words.input_value() == WRITTEN


# --- Weight ---------------------------------------------------------------------------------


def weight(enter: Enter, shown: Shown, page: Page) -> dict[str, int]:
    """Address -> bytes over the wire, headers included, with nothing in the cache."""
    context = enter(shown.server, page.persona)
    tab = context.new_page()
    wire = context.new_cdp_session(tab)
    wire.send("Network.enable")
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def begun(event: Any) -> None:
        names[event["requestId"]] = event["request"]["url"]

    def ended(event: Any) -> None:
        sizes[names[event["requestId"]]] = int(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", begun)
    wire.on("Network.loadingFinished", ended)
    tab.goto(page.path(shown.ids), wait_until="networkidle")
    return sizes


@pytest.mark.parametrize("name", ["account_login", "home", "home, esther", "home, jeneba"])
def test_the_first_page_weighs_sixty_kilobytes_at_most(
    name: str, shown: Shown, enter: Enter, record_property: Any
):
    sizes = weight(enter, shown, BY_NAME[name])
    total = sum(sizes.values())
    record_property("bytes_of_the_first_page", total)
    assert len(sizes) > 2, "the style and the script come with the page"
    listed = "\n".join(f"{size:7} {Path(url).name or url}" for url, size in sizes.items())
    assert total <= FIRST_PAGE, f"{total} bytes:\n{listed}"
