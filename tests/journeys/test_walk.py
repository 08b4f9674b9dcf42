"""From a ministry's draft to the frozen report of 2024, on a fresh demonstration, by hand.

Fanta and Esther each sit at a browser. Everything is done as they would do it: by links,
fields, buttons and files; what is checked is what they see and what they download.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from django.utils.translation import gettext
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from tests.journeys.conftest import Enter
from tests.journeys.test_pages import violations
from tests.server import FIRST_START, POSTGRES, Server, empty_instance

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(bool(POSTGRES), reason="pages are walked through once, on SQLite"),
]

ASKED = "victims_assisted"
WHY = "26 personnes dont le sexe n’est pas connu (fictif)"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The very first `danbe run-demo` in an empty folder."""
    folder = tmp_path_factory.mktemp("fresh")
    with (
        empty_instance(folder, postgres=False) as instance,
        instance.run_demo(within=FIRST_START) as server,
    ):
        yield server
        assert "Traceback" not in server.log
        assert "ERROR" not in server.log, server.log


def french(message: str) -> str:
    """What the catalogue says: the walk is about what happens, not about its wording."""
    with translation.override("fr"):
        return gettext(message)


def one_click(tab: Tab, persona: str) -> None:
    """The sign-in page of the demonstration."""
    tab.goto("/account/login/")
    tab.locator(f'button[name="persona"][value="{persona}"]').click()
    expect(tab).to_have_url(re.compile(r"//[^/]+/$"))


def choose(tab: Tab, path: str) -> None:
    """A page of the menu, under the name of its group."""
    link = tab.locator(f'a[href="{path}"]')
    group = tab.locator("nav .nav-group", has=link)
    if group.count():
        group.locator("> summary").click()
    tab.locator("nav").locator(link).first.click()


def field(tab: Tab, line: int, name: str, code: str = ASKED) -> Locator:
    """A field of the form, by the path that also names its problem."""
    return tab.locator(f'[id="lines.{code}.{line}.{name}"]')


def open_question(tab: Tab, code: str = ASKED) -> None:
    question = tab.locator(f"#question-{code}")
    if question.get_attribute("open") is None:
        question.locator("> summary").click()


def save(tab: Tab) -> None:
    tab.locator('.return-form__foot button[value="save"]').click()
    expect(tab.locator("main")).to_contain_text(french("Draft saved."))


# --- Fanta's part ---------------------------------------------------------------------------


def begin_2024(tab: Tab) -> str:
    """What her ministry owes for 2024 is on her list, one click away; the path of the draft."""
    tab.goto("/")
    choose(tab, "/returns/")
    tab.locator('form:has(input[name="window"][value="2024"]) button').click()
    expect(tab).to_have_url(re.compile(r"/returns/[0-9a-f-]{36}/$"))
    return re.sub(r".*(/returns/)", r"\1", tab.url)


def begin(tab: Tab, year: int) -> str:
    """Another year, by the form."""
    tab.goto("/returns/new/")
    tab.locator('select[name="year"]').select_option(str(year))
    tab.locator('main form:has(select[name="year"]) button.button').last.click()
    expect(tab).to_have_url(re.compile(r"/returns/[0-9a-f-]{36}/$"))
    return re.sub(r".*(/returns/)", r"\1", tab.url)


def fill(tab: Tab) -> None:
    """430 persons of whom 404 are told apart: shown, and kept with an explanation."""
    open_question(tab)
    field(tab, 0, "place").select_option("ML")
    field(tab, 0, "total").fill("430")
    field(tab, 0, "cells.sex_age.male.adult").fill("291")
    field(tab, 0, "cells.sex_age.female.adult").fill("113")


def explain(tab: Tab, draft: str) -> None:
    """The warning stands in the way of submitting until it is explained."""
    tab.goto(f"{draft}check/")
    expect(tab.locator("main")).to_contain_text("404")
    expect(tab.locator("main")).to_contain_text("26")
    expect(tab.locator(f'form[action="{draft}submit/"]')).to_have_count(0)
    assert not violations(tab)
    tab.locator(".checks a").first.click()  # leads to the field itself
    explanation = field(tab, 0, "explanation")
    if not explanation.is_visible():
        tab.locator("summary", has_text=french("Explanation")).first.click()
    explanation.fill(WHY)
    save(tab)
    tab.goto(f"{draft}check/")
    expect(tab.locator("blockquote")).to_have_text(WHY)


def sheet_of(book: openpyxl.Workbook, axis: str) -> Worksheet:
    """The sheet of an axis says so in its hidden first cell."""
    return next(s for s in book.worksheets if str(s["A1"].value).endswith(f":{axis}"))


def write(sheet: Worksheet, code: str, **typed: Any) -> dict[str, str]:
    """Type in the first empty row of a question; the addresses written."""
    columns = {str(cell.value): cell.column for cell in sheet[3] if cell.value}
    row = next(
        cells[0].row
        for cells in sheet.iter_rows(min_row=6)
        if cells[columns["definition"] - 1].value == code and not cells[columns["total"] - 1].value
    )
    written = {}
    for name, value in typed.items():
        cell = sheet.cell(row, columns[name])
        cell.value = value
        written[name] = f"{sheet.title}!{cell.coordinate}"
    return written


def names_of(tab: Tab, draft: str, *codes: str) -> list[str]:
    """How places are called in the lists: a region and a cercle may bear one name."""
    tab.goto(f"{draft}axis/protection/")
    options = field(tab, 0, "place", "victims_sheltered")
    return [str(options.locator(f'option[value="{c}"]').text_content()).strip() for c in codes]


def load(tab: Tab, draft: str, file: Path) -> None:
    """The page where a filled workbook is loaded."""
    tab.goto(f"{draft}import/")
    tab.locator('input[type="file"]').set_input_files(file)
    tab.locator('form[enctype="multipart/form-data"] button').click()


def import_workbook(tab: Tab, draft: str, folder: Path, *, runs_scripts: bool) -> None:
    """Two bad cells are named and nothing is half-imported; corrected, all is taken over."""
    kayes, sikasso = names_of(tab, draft, "kayes-2023", "sikasso-2023")
    tab.goto(f"{draft}import/")
    with tab.expect_download() as got:
        tab.locator(f'main a[href="{draft}xlsx/"]').first.click()
    file = folder / "filled.xlsx"
    got.value.save_as(file)

    book = openpyxl.load_workbook(file)
    sheet = sheet_of(book, "protection")
    sheltered = write(sheet, "victims_sheltered", place=kayes, total="douze")
    referred = write(sheet, "victims_referred", place="Atlantide", total=5)
    write(sheet, "families_reunited", place=sikasso, total=7)
    book.save(file)
    load(tab, draft, file)
    addresses = tab.locator(".error-summary .cell-address").all_inner_texts()
    assert sorted(addresses) == sorted([sheltered["total"], referred["place"]])
    if runs_scripts:
        assert not violations(tab)
    look_at_draft(tab, draft, sheltered="", reunited="")

    sheet[sheltered["total"].partition("!")[2]].value = 12
    sheet[referred["place"].partition("!")[2]].value = kayes
    book.save(file)
    load(tab, draft, file)
    expect(tab.locator(".error-summary")).to_have_count(0)
    tab.locator('form:has(input[name="read"]) button').click()
    expect(tab).to_have_url(re.compile(r"/check/$"))
    look_at_draft(tab, draft, sheltered="12", reunited="7")


def look_at_draft(tab: Tab, draft: str, *, sheltered: str, reunited: str) -> None:
    """What stands in the draft; what was typed on the screen is there in any case."""
    tab.goto(f"{draft}axis/protection/")
    expect(field(tab, 0, "total")).to_have_value("430")
    expect(field(tab, 0, "explanation")).to_have_value(WHY)
    expect(field(tab, 0, "total", "victims_sheltered")).to_have_value(sheltered)
    expect(field(tab, 0, "total", "families_reunited")).to_have_value(reunited)


def submit(tab: Tab, draft: str, note: str) -> None:
    tab.goto(f"{draft}check/")
    tab.locator("#note").fill(note)
    tab.locator(f'form[action="{draft}submit/"] button').click()
    expect(tab).to_have_url(re.compile(f"{draft}$"))
    expect(tab.locator("main")).to_contain_text(french("Submitted"))


# --- The whole walk -------------------------------------------------------------------------


def test_fanta_and_esther_bring_the_report_of_2024_about(
    fresh: Server, enter: Enter, tmp_path: Path
):
    fanta, esther = (enter(fresh).new_page() for _person in "FE")
    one_click(fanta, "fanta")
    draft = begin_2024(fanta)
    fanta.goto(f"{draft}axis/protection/")
    with fanta.expect_response(lambda r: "x-danbe-autosave" in r.request.headers) as saved:
        fill(fanta)
    while "113" not in (saved.value.request.post_data or ""):  # the one after the last key
        with fanta.expect_response(lambda r: "x-danbe-autosave" in r.request.headers) as saved:
            pass
    assert saved.value.ok
    fanta.reload()  # as after a power cut: what was typed is there
    expect(field(fanta, 0, "total")).to_have_value("430")
    assert not violations(fanta)
    explain(fanta, draft)
    import_workbook(fanta, draft, tmp_path, runs_scripts=True)
    submit(fanta, draft, "Premier envoi (fictif)")

    one_click(esther, "esther")
    esther.goto("/returns/?year=2024&status=submitted&body=MPFEF")
    esther.locator(f'main table a[href="{draft}"]').click()
    esther.locator("#question").fill("Qui sont les 26 autres ? (fictif)")
    esther.locator(f'form[action="{draft}query/"] button').click()

    fanta.goto("/")
    expect(fanta.locator("main")).to_contain_text(re.compile("question|précis|corriger", re.I))
    fanta.goto(draft)
    expect(fanta.locator("main")).to_contain_text("Qui sont les 26 autres ?")
    fanta.goto(f"{draft}axis/protection/")
    open_question(fanta)
    field(fanta, 0, "cells.sex_age.female.adult").fill("139")
    save(fanta)
    submit(fanta, draft, "Ce sont 26 femmes (fictif)")

    esther.goto(draft)
    expect(esther.locator("main")).to_contain_text("Ce sont 26 femmes")
    esther.locator(f'form[action="{draft}accept/"] button').click()
    expect(esther.locator("main")).to_contain_text(french("Accepted"))
    see_completeness(esther, draft)
    freeze_and_download(esther, tmp_path)


def see_completeness(tab: Tab, draft: str) -> None:
    """The ministry is green, others are silent, and silence is not zero."""
    tab.goto("/completeness/?window=2024")
    expect(tab.locator(f'td.cell--accepted a[href="{draft}"]')).to_have_count(1)
    assert tab.locator("td.cell--late, td.cell--missing").count() > 10
    assert not violations(tab)


def freeze_and_download(tab: Tab, folder: Path) -> None:
    """From the list of reports to the two files."""
    tab.goto("/reports/")
    tab.locator('main a[href="/reports/2024/freeze/"]').first.click()
    tab.locator('main form[method="post"] button').click()
    expect(tab.locator("main")).to_contain_text(french("Frozen"))
    tab.goto("/reports/2024/")
    for kind in ("pdf", "xlsx"):
        with tab.expect_download() as got:
            tab.locator(f'main a[href="/reports/2024/{kind}/"]').click()
        assert got.value.suggested_filename.endswith(f".{kind}")
        got.value.save_as(folder / f"report.{kind}")
    look_at_pdf(folder / "report.pdf")
    look_at_xlsx(folder / "report.xlsx")
    tab.goto("/reports/2024/freeze/")  # once only
    expect(tab.locator('main form[method="post"] button')).to_have_count(0)


def look_at_pdf(file: Path) -> None:
    assert file.read_bytes().startswith(b"%PDF-")
    if not shutil.which("pdftotext"):
        pytest.skip("NO pdftotext HERE: the PDF was made but not read (Debian: poppler-utils)")
    printed = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    for told in ("Rapport annuel", "2024", "629", "430", "93", "Victimes identifiées"):
        assert told in printed, told
    assert not re.search(r"projet|brouillon", printed[:2000], re.I)


def look_at_xlsx(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    cells = [c.value for s in book.worksheets for row in s.iter_rows() for c in row]
    numbers = {value for value in cells if isinstance(value, int)}
    assert {629, 430, 93, 291, 113, 12, 7} <= numbers
    as_text = {v for v in cells if isinstance(v, str) and re.fullmatch(r"\d{2,}", v)}
    assert all(1990 < int(year) < 2100 for year in as_text), as_text


# --- Without JavaScript ---------------------------------------------------------------------


def test_fanta_does_her_part_without_javascript_on_a_narrow_telephone(
    fresh: Server, enter: Enter, tmp_path: Path
):
    narrow = {"width": 360, "height": 740}
    tab = enter(fresh, java_script_enabled=False, viewport=narrow).new_page()
    one_click(tab, "fanta")
    draft = begin(tab, 2023)
    tab.goto(f"{draft}axis/protection/")
    fill(tab)
    tab.locator(f'button[value="add:{ASKED}"]').click()  # a second line, and it saves
    expect(field(tab, 0, "total")).to_have_value("430")
    expect(field(tab, 1, "total")).to_be_visible()
    field(tab, 1, "place").select_option("kayes-2023")
    field(tab, 1, "total").fill("9")
    save(tab)
    tab.locator(f'button[value="remove:{ASKED}:1"]').click()
    expect(field(tab, 1, "total")).to_have_count(0)
    tab.goto(f"{draft}check/")
    expect(tab.locator(f'form[action="{draft}submit/"]')).to_have_count(0)
    tab.locator(".checks a").first.click()
    field(tab, 0, "explanation").fill(WHY)
    save(tab)
    import_workbook(tab, draft, tmp_path, runs_scripts=False)
    submit(tab, draft, "Sans JavaScript (fictif)")


def test_two_tabs_never_overwrite_each_other(fresh: Server, enter: Enter):
    context = enter(fresh, java_script_enabled=False)
    first, second = context.new_page(), context.new_page()
    one_click(first, "fanta")
    draft = begin(first, 2022)
    for tab in (first, second):
        tab.goto(f"{draft}axis/protection/")
        open_question(tab)
    field(first, 0, "place").select_option("ML")
    field(first, 0, "total").fill("11")
    save(first)
    field(second, 0, "place").select_option("ML")
    field(second, 0, "total").fill("22")
    second.locator('.return-form__foot button[value="save"]').click()
    # told that the other tab saved 11, and what was typed is still there
    expect(second.locator("[role=alert]")).to_be_visible()
    expect(field(second, 0, "total")).to_have_value("22")
    expect(second.locator(f"#question-{ASKED}")).to_contain_text("11")
    first.reload()
    expect(field(first, 0, "total")).to_have_value("11")
