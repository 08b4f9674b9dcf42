"""From the evaluation of 2018-2022 to a signed clause of 2023-2027, by hand, in a browser.

The plans are the real ones; every word that is written in them here is fictitious and says so.
A lesson is answered by a clause; thirty contributions of six categories are heard, one from a
paper sheet, one refused with its reason, one amendment taken up; two versions are compared; the
text is adopted with a reservation, signed and published; the clause is carried out by an activity
with its budget, whose indicator moves when Awa closes a case; the report tells it all.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from tests.journeys.conftest import Enter
from tests.journeys.test_pages import violations
from tests.server import POSTGRES, ROOT, Instance, Server, copy_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(bool(POSTGRES), reason="pages are walked through once, on SQLite"),
]

AMENDED = "L’État ouvre un centre d’accueil dans chaque cercle (fictif)."
TEXT = """L’État ouvre un centre d’accueil dans chaque région (fictif).

Les victimes sont orientées vers un service dans les quarante-huit heures (fictif).

Les agents de police reçoivent une formation chaque année (fictif).

Le Comité publie les chiffres chaque année (fictif).

# Suivi (fictif)

## Calendrier (fictif)

Le Comité suit le plan chaque trimestre (fictif)."""
LESSON = "Prévoir un poste de suivi dans chaque région (fictif)"
TAKEN = "Retenu : un centre par cercle (fictif)."
REFUSED = "Non retenu : la loi le prévoit déjà (fictif)."
RESERVATION = "Le coût n’est pas assuré après deux ans (fictif)."

CAST = f"""
import sys
sys.path.append({str(ROOT)!r})
import datetime, json
from danbe.accounts.models import Organisation, Post
from danbe.plan.models import *
from django.utils import timezone
today = timezone.localdate()

def post(role, code):
    return Post.objects.get(role=role, organisation__code=code).actor

esther, garan = post("secretariat", "CNCLCTPA"), post("analyst", "CNCLCTPA")
fanta, awa = post("focal_point", "MPFEF"), post("caseworker", "SINJIYA")
issa = post("partner", "OIM")
"""

# An evaluation of the old plan, every criterion spoken to, and the draft of the new plan.
BEFORE = (
    CAST
    + """
from tests.plan import evaluation_makers
from danbe.plan import actions
old = Plan.objects.get(code="2018-2022")
evaluation = evaluation_makers.written(esther, old)
draft = actions.begin_version(esther, Plan.objects.get(code="2023-2027"))
bodies = {o.code: str(o.pk) for o in Organisation.objects.all()}
print(json.dumps({
    "old": str(old.pk), "evaluation": str(evaluation.pk), "draft": str(draft.pk), **bodies
}))
"""
)

# Thirty contributions by the people of the cast; the answers are given at the desk.
THIRTY = (
    CAST
    + """
from tests.plan import contribution_makers as makers
process = Process.objects.get(pk=sys.argv[1])
told = makers.with_thirty(
    process, esther=esther, ministry=fanta, ngo=awa, partner=issa, answer_all=False
)
print(json.dumps({
    "amended": str(told.amended.pk), "refused": str(told.refused.pk), "paper": str(told.paper.pk),
    "code": told.code, "n": Contribution.unscoped.filter(process=process).count(),
    "categories": len(set(Contribution.unscoped.values_list("category", flat=True))),
}))
"""
)

# The rest of the answers, one act each.
ANSWERS = (
    CAST
    + """
from tests.plan import contribution_makers as makers
process = Process.objects.get(pk=sys.argv[1])
rows = Contribution.unscoped.filter(process=process, answer=None)
for row in rows.select_related("process", "clause"):
    makers.answered(esther, row)
print(json.dumps({"n": Contribution.unscoped.filter(process=process, answer=None).count()}))
"""
)

# The framework of the new plan (fictitious), published: an activity with money, whose indicator
# is counted in the register; and six women in care, five of whom went through it to the end.
WORK = (
    CAST
    + """
from dataclasses import replace
from danbe.plan import actions
from danbe.plan.framework import ActivityRow, ElementRow, IndicatorRow, MoneyRow, framework_of
from danbe.core.models import Place
from danbe.protection import case_actions, decision_actions, person_actions
from danbe.protection.vocabulary import Closing, EventKind, Sex
draft = Plan.objects.get(code="2023-2027", status="draft")
told = framework_of(draft)
axis = next(row for row in told.elements if row.kind == "axis").code
actions.save_framework(esther, draft, replace(
    told,
    elements=(*told.elements,
        ElementRow("F.1", "objective", axis, label_fr="Objectif (fictif)"),
        ElementRow("F.1.1", "result", "F.1", label_fr="Résultat (fictif)")),
    activities=(ActivityRow("ACT-F1", "F.1.1", "Ouvrir des centres (fictif)", lead="MPFEF"),),
    money=(MoneyRow("ACT-F1", today.year, "state_budget", 20_000_000, 12_000_000, 9_000_000),),
    indicators=(IndicatorRow("IND-F1", "ACT-F1", "Prises en charge achevées (fictif)",
        definition="care_completed", origin="register", targets=((today.year, 20),)),),
))
plan = actions.publish_plan(esther, draft)
event = person_actions.open_event(
    awa, kind=EventKind.WALK_IN, on=today, place=Place.objects.get(code="cercle-sikasso-2023")
)
cases = []
for number in range(6):
    woman = person_actions.register_person(
        awa, event, person_actions.Met(sex=Sex.FEMALE, age_min=30, age_max=30)
    )
    decision_actions.presume_victim(awa, woman, reason="Motifs (fictifs)")
    cases.append(case_actions.open_case(awa, woman))
for case in cases[1:]:
    case_actions.close_case(awa, case, Closing.REINTEGRATED, reason="Buts atteints (fictif)")
print(json.dumps({
    "plan": str(plan.pk), "case": str(cases[0].pk),
    "indicator": str(Indicator.unscoped.get(plan=plan, code="IND-F1").pk),
    "activity": str(Activity.unscoped.get(plan=plan, code="ACT-F1").pk),
}))
"""
)


@pytest.fixture(scope="module")
def own(demonstration: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with copy_of(demonstration, tmp_path_factory.mktemp("plan")) as instance:
        yield instance


@pytest.fixture(scope="module")
def running(own: Instance) -> Iterator[Server]:
    with own.run_demo() as server:
        yield server
        assert "Traceback" not in server.log
        assert "ERROR" not in server.log, server.log


def made(instance: Instance, program: str, *arguments: str) -> dict[str, str]:
    """What the cast did elsewhere; what it printed."""
    told: dict[str, str] = json.loads(instance.python(program, *arguments).splitlines()[-1])
    return told


# --- What hands do ----------------------------------------------------------------------------


def field(form: Locator, name: str) -> Locator:
    return form.locator(f'[name="{name}"]')


def fill(form: Locator, name: str, value: str | list[str] | bool) -> None:
    """One field, whatever its kind."""
    found = field(form, name)
    kind = found.first.get_attribute("type") or found.first.evaluate(
        "e => e.tagName.toLowerCase()"
    )
    if kind in ("radio", "checkbox"):
        for one in value if isinstance(value, list) else [value]:
            chosen = (
                found if isinstance(one, bool) else form.locator(f'[name="{name}"][value="{one}"]')
            )
            chosen.first.check()
    elif kind == "select":
        found.select_option(str(value))
    else:
        found.fill(str(value))


def send(tab: Tab, path: str, **fields: str | list[str] | bool) -> None:
    """Open a page, fill the form that holds these fields, press its button."""
    if path:
        answer = tab.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
    forms = tab.locator('main form[method="post"]')
    for name in fields:
        forms = forms.filter(has=tab.locator(f'[name="{name}"]'))
    form = forms.first
    for name, value in fields.items():
        fill(form, name, value)
    before = tab.url
    form.locator("button").last.click()
    tab.wait_for_load_state()
    problems = tab.locator("main .error-summary, main .field--bad, main .errorlist")
    assert problems.count() == 0, f"{before}: {problems.first.inner_text()}"


def press(tab: Tab, action: str) -> None:
    """The button of a form that goes to this address."""
    tab.locator(f'main form[action="{action}"] button').first.click()
    tab.wait_for_load_state()


def id_in(tab: Tab) -> str:
    """The row that the page is about."""
    found = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", tab.url)
    assert found, tab.url
    return found[-1]


def main(tab: Tab) -> str:
    return tab.locator("main").inner_text()


# --- The parts ----------------------------------------------------------------------------------


def evaluate(esther: Tab, garan: Tab, evaluation: str) -> None:
    """Esther sends, Garan reviews, Esther publishes."""
    page = f"/plan/evaluation/{evaluation}/"
    esther.goto(page)
    press(esther, f"{page}send/")
    send(garan, f"{page}review/", answer="accept")
    esther.goto(page)
    press(esther, f"{page}publish/")
    expect(esther.locator("main")).to_contain_text("Publiée le")


def prepare(esther: Tab, ids: dict[str, str]) -> str:
    """A process with terms, rules and invited bodies, in its drafting; its number."""
    send(
        esther,
        "/participation/new/",
        plan=ids["draft"],
        label_fr="Élaboration du plan (fictif)",
        old_plan=ids["old"],
    )
    process = id_in(esther)
    page = f"/participation/{process}/"
    send(
        esther,
        f"{page}rules/",
        terms="Termes (fictifs)",
        rules="Règles (fictives)",
        quorum_percent="50",
        majority_percent="50",
    )
    for category, codes, votes in (
        ("state", ("MPFEF", "MJDH"), True),
        ("civil_society", ("SINJIYA", "CARITAS"), True),
        ("partners", ("OIM",), False),
    ):
        more = {"votes": True} if votes else {}
        bodies = [ids[code] for code in codes]
        send(esther, f"{page}participants/bodies/", category=category, bodies=bodies, **more)
    for stage in ("evaluation", "drafting"):
        send(esther, f"{page}move/", to=stage)
    return process


def write_text(esther: Tab, process: str) -> str:
    """The first version, put to the participants."""
    esther.goto(f"/participation/{process}/text/")
    press(esther, f"/participation/{process}/text/begin/")
    version = id_in(esther)
    send(esther, f"/participation/text/{version}/paste/", typed=TEXT)
    send(esther, f"/participation/text/{version}/publish/", note="Première version (fictif)")
    return version


def answer_lesson(esther: Tab, process: str) -> None:
    """The lesson of the old plan is taken up in the first paragraph of the article."""
    page = f"/plan/process/{process}/lessons/"
    esther.goto(page)
    expect(esther.locator("main")).to_contain_text(LESSON)
    esther.locator("main li.card", has_text=LESSON).locator(f'a[href^="{page}"]').click()
    paragraph = esther.locator('main select[name="clause"] option', has_text="chaque région").first
    send(
        esther,
        "",
        taken="taken",
        clause=str(paragraph.get_attribute("value")),
        reason="Repris (fictif)",
    )


def answer(esther: Tab, contribution: str, outcome: str, reason: str) -> None:
    send(esther, f"/contributions/{contribution}/answer/", outcome=outcome, reason=reason)


def amend(esther: Tab, process: str) -> str:
    """The next version, with the words of the amendment that was taken up; its number."""
    esther.goto(f"/participation/{process}/text/")
    press(esther, f"/participation/{process}/text/begin/")
    version = id_in(esther)
    esther.goto(f"/participation/text/{version}/edit/")
    row = esther.locator(".law__clause", has_text="dans chaque région")
    row.locator(f'a[href^="/participation/text/{version}/"]').first.click()
    send(esther, "", text=AMENDED)
    send(esther, f"/participation/text/{version}/publish/", note="Un centre par cercle (fictif)")
    return version


def compared(tab: Tab, first: str, second: str) -> None:
    """Side by side, word by word: what went, what came."""
    tab.goto(f"/participation/text/{first}/compare/{second}/")
    expect(tab.locator("main del").filter(has_text="région").first).to_be_visible()
    expect(tab.locator("main ins").filter(has_text="cercle").first).to_be_visible()
    assert not violations(tab)


def validate(esther: Tab, fanta: Tab, process: str) -> str:
    """Attendance, votes, one reservation; adopted, frozen, signed and published; its address."""
    page = f"/participation/{process}/"
    send(esther, f"{page}move/", to="validation")
    esther.goto(f"{page}validation/open/")
    send(esther, "", venue="Bamako (fictif)")
    esther.goto(f"{page}validation/")
    session = str(esther.locator('form[action*="/presence/"]').first.get_attribute("action"))
    for box in esther.locator(f'form[action="{session}"] [name="present"]').all():
        box.check()
    press(esther, session)
    fanta.goto(f"{page}validation/")
    ballot = str(
        fanta.locator('main a[href*="/participation/ballot/"]').first.get_attribute("href")
    )
    number = re.findall(r"/ballot/(\d+)/", ballot)[0]
    send(fanta, f"/participation/ballot/{number}/", vote="for")
    send(fanta, f"/participation/ballot/{number}/reserve/", text=RESERVATION)
    esther.goto(f"{page}validation/")
    others = {
        re.findall(r"/ballot/(\d+)/", str(a.get_attribute("href")))[0]
        for a in esther.locator('main a[href*="/participation/ballot/"]').all()
    } - {number}
    for other in sorted(others):
        send(esther, f"/participation/ballot/{other}/", vote="for")
    esther.goto(f"{page}validation/")
    press(esther, session.replace("/presence/", "/close/"))
    expect(esther.locator("main")).to_contain_text(RESERVATION)
    frozen = str(
        esther.locator('main a[href*="/participation/frozen/"]').first.get_attribute("href")
    )
    frozen = re.sub(r"(/frozen/[0-9a-f-]{36}/).*", r"\1", frozen)
    esther.goto(f"{frozen}sign/")
    body = esther.locator('select[name="participant"] option:not([value=""])').first
    send(
        esther,
        "",
        participant=str(body.get_attribute("value")),
        signer="Une signataire (fictive)",
        function="Représentante (fictive)",
        signed_on=esther.evaluate("new Date().toISOString().slice(0, 10)"),
    )
    esther.goto(frozen)
    assert re.search(r"[0-9a-f]{64}", main(esther)), "the hash of the frozen text is shown"
    press(esther, f"{frozen}release/")
    return frozen


def value_of(tab: Tab, indicator: str) -> str:
    """What the page says of the present year."""
    tab.goto(f"/plan/indicator/{indicator}/")
    table = tab.locator("main table").first
    year = tab.evaluate("new Date().getFullYear()")
    row = table.locator("tr", has_text=str(year)).first
    return row.locator("td").first.text_content() or ""


def report(tab: Tab, plan: str, folder: Path) -> str:
    """The words of the plan report, as its PDF says them."""
    answered = tab.request.get(f"/plan/{plan}/report/pdf/")
    assert answered.status == 200
    file = folder / "plan.pdf"
    file.write_bytes(answered.body())
    told = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True)
    return re.sub(r"\s+", " ", told.stdout.replace("\xad\n", ""))


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is absent"
)
def test_a_lesson_becomes_a_signed_clause_an_activity_and_a_figure_that_moves(
    own: Instance, running: Server, enter: Enter, tmp_path: Path
) -> None:
    tabs = {
        name: enter(running, name).new_page()
        for name in ("esther", "garan", "fanta", "issa", "awa", "")
    }
    for tab in tabs.values():
        tab.on("dialog", lambda dialog: dialog.accept())
    esther, garan, fanta, issa, awa, hawa = tabs.values()
    ids = made(own, BEFORE)
    evaluate(esther, garan, ids["evaluation"])
    process = prepare(esther, ids)
    first = write_text(esther, process)
    answer_lesson(esther, process)

    told = made(own, THIRTY, process)
    assert (told["n"], told["categories"]) == (30, 6)
    answer(esther, told["amended"], "taken", TAKEN)
    answer(esther, told["refused"], "not", REFUSED)
    answer(esther, told["paper"], "taken", "Retenu en partie du texte (fictif).")
    send(hawa, "/contributions/public/answer/", code=told["code"])
    esther.goto(f"/participation/{process}/validation/")
    expect(esther.locator("main")).to_contain_text("27 contributions")  # three are answered
    assert made(own, ANSWERS, process)["n"] == 0

    second = amend(esther, process)
    compared(issa, first, second)
    frozen = validate(esther, fanta, process)
    public = hawa.goto(frozen.replace("/frozen/", "/public/signed/"))
    assert public is not None
    assert public.status == 200
    assert AMENDED in main(hawa)
    assert RESERVATION in main(hawa)

    work = made(own, WORK)
    clause = str(
        own.rows("SELECT clause_id FROM plan_clauseversion WHERE text LIKE '%cercle%'")[0][0]
    )
    clause = f"{clause[:8]}-{clause[8:12]}-{clause[12:16]}-{clause[16:20]}-{clause[20:]}"
    send(esther, f"/contributions/clause/{clause}/link/", activity=work["activity"])
    assert value_of(issa, work["indicator"]) == "5"
    send(
        awa,
        f"/cases/{work['case']}/close/",
        closing="reintegrated",
        reason="Buts atteints (fictif)",
    )
    assert value_of(issa, work["indicator"]) == "6"

    words = report(issa, work["plan"], tmp_path)
    for said in (LESSON, TAKEN, REFUSED, "ACT-F1", "20 000 000", "IND-F1"):
        assert said in words, said
