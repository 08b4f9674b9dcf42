"""A raid of 477 people, by hand: one workbook, one screening, one consulate, and every count.

Coumba fills the sheet where there is no network, loads it, sorts the group on two pages and hands
121 adults to their consulate. Every step is a page; the counts are read on the pages. Nobody in
it exists.
"""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from danbe.jobs.demo_protection import raid
from danbe.protection.person_actions import Met
from tests.journeys.conftest import Enter
from tests.journeys.test_pages import violations
from tests.journeys.test_survivor import go, main, press, told
from tests.journeys.test_walk import french
from tests.server import POSTGRES, Instance, Server, copy_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(bool(POSTGRES), reason="pages are walked through once, on SQLite"),
]

N_PEOPLE, N_YOUNG, N_NATIONS, N_HANDED, N_REFUSED = 477, 14, 23, 121, 3
CODES_ROW, FIRST_ROW, FIRST_COLUMN = 3, 6, 3  # of the workbook, counted from 1


@pytest.fixture(scope="module")
def running(demonstration: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with (
        copy_of(demonstration, tmp_path_factory.mktemp("raid")) as instance,
        instance.run_demo() as server,
    ):
        yield server
        assert "Traceback" not in server.log
        assert "ERROR" not in server.log, server.log


# --- The sheet ----------------------------------------------------------------------------------


def age_of(met: Met) -> str:
    """As it is typed."""
    if met.age_min == met.age_max:
        return str(met.age_min)
    return f"{met.age_min}-{met.age_max}"


def fill(file: Path, people: list[Met]) -> None:
    """Type everybody into the empty workbook."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    columns = {str(cell.value): cell.column for cell in sheet[CODES_ROW] if cell.value}
    for row, met in enumerate(people, FIRST_ROW):
        typed = {
            "family_name": met.identity.family_name,
            "given_names": met.identity.given_names,
            "aliases": met.identity.aliases,
            "sex": "F" if met.sex == "female" else "H",
            "age": age_of(met),
            "citizenship": met.citizenship,
            "languages": met.languages,
            "form": met.form,
        }
        for code, text in typed.items():
            sheet.cell(row, columns[code]).value = text or None
    book.save(file)


def spoil(file: Path, text: str) -> str:
    """One cell nobody can read; what stood there."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    columns = {str(cell.value): cell.column for cell in sheet[CODES_ROW] if cell.value}
    cell = sheet.cell(FIRST_ROW + 9, columns["age"])
    former, cell.value = str(cell.value), text
    book.save(file)
    return former


def load(tab: Tab, event: str, file: Path) -> None:
    """What the file says, before anything changes."""
    go(tab, f"{event}import/")
    tab.locator('input[type="file"]').set_input_files(file)
    tab.locator('form[enctype="multipart/form-data"] button').click()


# --- What the page of the event counts ----------------------------------------------------------


def bar(tab: Tab, label: str) -> Locator:
    """One step of the work with the group."""
    return tab.locator(f'progress[aria-label="{french(label)}"]')


def counts(tab: Tab, event: str, **bars: int) -> None:
    """The page of the event says so many, at each step."""
    labels = {
        "registered": "Registered",
        "part": "Part in the facts decided",
        "pathway": "Pathway decided",
        "asked": "Asked for consent",
        "referred": "Referred",
        "handed": "Handed over to a consulate",
    }
    go(tab, event)
    for name, n in bars.items():
        expect(bar(tab, labels[name])).to_have_attribute("value", str(n))


# --- The walk -----------------------------------------------------------------------------------


def test_a_raid_of_477_people_goes_through_the_pages_with_every_count_right(
    running: Server, enter: Enter, tmp_path: Path
) -> None:
    tab = enter(running, "coumba").new_page()
    go(tab, "/events/new/")
    tab.locator("#id_kind").select_option("raid")
    tab.locator("#id_place").select_option("bamako")
    tab.locator("#id_n_announced").fill("480")
    press(tab, "Save")
    event = re.sub(r".*(/events/[0-9a-f-]{36}/).*", r"\1", tab.url)
    import_everybody(tab, event, tmp_path / "sheet.xlsx")
    counts(tab, event, registered=N_PEOPLE, part=0, pathway=0, asked=0)
    said = main(tab)
    assert re.search(rf"\b{N_NATIONS}\b", said)
    assert re.search(rf"\b{N_YOUNG}\b", said)
    screen_everybody(tab, event)
    hand_over(tab, event)
    same_sheet_twice(tab, event, tmp_path / "sheet.xlsx")


def import_everybody(tab: Tab, event: str, file: Path) -> None:
    """A cell that cannot be read holds everything back; corrected, all 477 stand there."""
    go(tab, f"{event}import/")
    with tab.expect_download() as got:
        tab.locator(f'main a[href="{event}sheet.xlsx"]').click()
    got.value.save_as(file)
    fill(file, raid(N_PEOPLE, N_YOUNG, N_NATIONS))
    former = spoil(file, "douze ans")
    load(tab, event, file)
    expect(tab.locator(".cell-address")).to_have_count(1)
    counts(tab, event, registered=0)
    spoil(file, former)
    load(tab, event, file)
    facts = tab.locator("dl.facts").inner_text()
    for n in (N_PEOPLE, N_YOUNG, N_NATIONS):
        assert re.search(rf"\b{n}\b", facts), facts
    assert not violations(tab)
    press(tab, "Register everybody")
    expect(tab).to_have_url(re.compile(f"{event}$"))


def same_sheet_twice(tab: Tab, event: str, file: Path) -> None:
    """The same file loaded again by mistake: nobody is there twice."""
    load(tab, event, file)
    expect(tab.locator(".error-summary")).to_contain_text(
        french("These lines bear somebody already")
    )
    counts(tab, event, registered=N_PEOPLE, handed=N_HANDED)


def screen_everybody(tab: Tab, event: str) -> None:
    """Adults victims but for three who held the list of payments; the children apart."""
    decide(tab, f"{event}screen/?age=adult", "involvement:victim", everybody=True)
    counts(tab, event, part=N_PEOPLE - N_YOUNG, pathway=0)
    decide(tab, f"{event}screen/", "involvement:accomplice", lines="1-3")
    counts(tab, event, part=N_PEOPLE - N_YOUNG)
    decide(tab, f"{event}screen/?age=child", "involvement:victim", everybody=True)
    counts(tab, event, part=N_PEOPLE)
    decide(tab, f"{event}screen/?involvement=victim", "pathway:trafficking", everybody=True)
    counts(tab, event, part=N_PEOPLE, pathway=N_PEOPLE - 3)
    go(tab, f"{event}?involvement=accomplice")
    expect(tab.locator("main tbody tr")).to_have_count(3)
    # a reason is asked, and a line that is nobody's is said
    go(tab, f"{event}screen/")
    tab.locator('input[name="lines"]').fill("900")
    tab.locator('[name="decision"]').select_option("pathway:migrant")
    tab.locator('[name="reason"]').fill("Motif (fictif)")
    press(tab, "Decide")
    expect(tab.locator(".error-summary")).to_contain_text("900")


def decide(
    tab: Tab, page: str, decision: str, *, everybody: bool = False, lines: str = ""
) -> None:
    """One decision with one reason, for many."""
    go(tab, page)
    if everybody:
        tab.locator('input[name="who"][value="all"]').check()
    if lines:
        tab.locator('input[name="lines"]').fill(lines)
    tab.locator('[name="decision"]').select_option(decision)
    tab.locator('[name="reason"]').fill("Fausse annonce, enfermement, rançon (fictif)")
    press(tab, "Decide")
    expect(tab.locator("body")).to_contain_text(re.compile("décid"))


def hand_over(tab: Tab, event: str) -> None:
    """121 Guineans who said yes, each asked apart; three said no and stay."""
    page = f"{event}hand-over/?citizenship=GN"
    go(tab, page)
    numbers = [
        int(text) for text in tab.locator("main tbody tr td.num:first-child").all_inner_texts()
    ]
    yes, no = numbers[:N_HANDED], numbers[N_HANDED : N_HANDED + N_REFUSED]
    assert len(yes) == N_HANDED
    answer(tab, yes, no, feared=True)  # nobody said that none is afraid: refused
    expect(tab.locator(".error-summary")).to_be_visible()
    answer(tab, yes, no)
    told(tab, "The list to sign")
    counts(tab, event, asked=N_HANDED + N_REFUSED, handed=0)

    go(tab, page)
    press(tab, "Open the list with names")
    expect(tab.locator("tbody tr")).to_have_count(N_HANDED)
    assert "(fictif" in tab.locator("body").inner_text()
    go(tab, page)
    tab.locator("#signed").fill(datetime.datetime.now(datetime.UTC).date().isoformat())
    press(tab, "The consulate signed")
    counts(tab, event, asked=N_HANDED + N_REFUSED, handed=N_HANDED, registered=N_PEOPLE)


def answer(tab: Tab, yes: list[int], no: list[int], *, feared: bool = False) -> None:
    """The signed sheet, typed."""
    tab.locator('[name="lines"]').fill(", ".join(map(str, yes)))
    tab.locator('[name="refused"]').fill(", ".join(map(str, no)))
    tab.locator('[name="nobody_fears"]').set_checked(not feared)
    press(tab, "Keep the answers")
