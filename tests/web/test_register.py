"""The register's figures on their page, in the explorer, in files, and in a return."""

import pytest

from danbe.core.access import Actor, Role
from danbe.figures.actions import parsed_return
from danbe.figures.models import Return
from danbe.protection import care_actions, case_actions, decision_actions
from danbe.protection.care_actions import Given
from danbe.protection.models import Person
from danbe.protection.person_actions import Met
from danbe.protection.vocabulary import EventKind, ServiceStatus, Sex
from danbekit.dates import Window
from tests.conftest import Cast, SignIn, seat
from tests.figures import makers
from tests.protection.makers import MARIAM, event, met

YEAR = Window.calendar_year(2026)
PAGE = "/register/?window=2026"


def presumed(actor: Actor) -> Person:
    person = met(actor)
    decision_actions.presume_victim(actor, person, reason="Indices (fictif)", on=person.met_on)
    return person


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    """The focal point of Awa's body: it signs the return, and opens no record."""
    return seat("nana", Role.FOCAL_POINT, "SINJIYA", "Point focal")


def test_a_body_reads_its_own_numbers_exactly(cast: Cast, sign_in: SignIn) -> None:
    presumed(cast.awa)
    presumed(cast.bakary)
    page = sign_in(cast.awa).get(f"{PAGE}&definition=victims_presumed&by=sex_age")
    assert page.status_code == 200
    (line,) = [one for one, _url in page.context["held"] if one.definition.number == "P2.01"]
    assert (line.total.value, [cell.value for cell in line.sexes]) == (1, [1, 0, 0])
    assert not page.context["is_national"]
    assert page.context["told"].value == 1


def test_the_secretariat_reads_no_small_number_on_any_page_or_file(
    cast: Cast, sign_in: SignIn
) -> None:
    presumed(cast.awa)
    browser = sign_in(cast.esther)
    page = browser.get(f"{PAGE}&definition=victims_presumed&by=region")
    shown = [
        cell.value
        for line, _url in page.context["held"]
        if line.definition.axis == "protection" and line.definition.number != "P2.10"
        for cell in (line.total, *line.sexes, *line.ages)
    ]
    assert set(shown) == {None}
    assert {row.value for row in page.context["told"].table.rows} == {None}
    file = browser.get("/register/export/?window=2026&format=csv&definition=victims_presumed")
    lines = file.content.decode("utf-8-sig").splitlines()
    told = [line for line in lines if ",victims_presumed," in line]
    assert told
    assert all(",< 5," in line for line in told)
    explorer = browser.get("/figures/?definition=victims_presumed&window=2026")
    assert explorer.context["register"].told.is_small


def test_a_file_holds_what_the_page_shows(cast: Cast, sign_in: SignIn) -> None:
    presumed(cast.awa)
    browser = sign_in(cast.awa)
    file = browser.get("/register/export/?window=2026&format=csv")
    assert ",P2.01," not in file.content.decode()
    (total,) = [
        line
        for line in file.content.decode("utf-8-sig").splitlines()
        if ",victims_presumed," in line and ",total," in line
    ]
    assert ",1,," in total
    workbook = browser.get("/register/export/?window=2026&format=xlsx")
    assert workbook.content.startswith(b"PK")
    assert browser.get("/register/export/?format=pdf").status_code == 404


def test_the_explorer_shows_the_register_beside_the_returns(cast: Cast, sign_in: SignIn) -> None:
    presumed(cast.awa)
    address = "/figures/?definition=victims_presumed&window=2026"
    seen = sign_in(cast.awa).get(address).context
    assert seen["register"].told.value == 1
    assert seen["figure"].value is None  # no return said anything: never added
    assert sign_in(cast.issa).get(address).context["register"] is None
    other = sign_in(cast.awa).get("/figures/?definition=persons_convicted&window=2026")
    assert other.context["register"] is None


def test_an_unknown_figure_or_place_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.awa)
    for wrong in ("definition=rien", "place=nulle-part", "definition=persons_sensitised"):
        assert browser.get(f"/register/?{wrong}").status_code == 404
    assert browser.get("/register/?window=demain").context["asked"].chosen.problem


# --- A return filled from the register --------------------------------------------------------


def filled(row: Return) -> dict[str, object]:
    row.refresh_from_db()
    lines: dict[str, object] = row.content["lines"]
    return lines


def test_a_return_is_filled_from_the_register_and_stays_a_draft(
    cast: Cast, clerk: Actor, sign_in: SignIn
) -> None:
    presumed(cast.awa)
    presumed(cast.bakary)
    row = makers.opened(clerk, YEAR, axes=["protection"])
    browser = sign_in(clerk)
    assert browser.get(f"/returns/{row.pk}/").context["may_prefill"]
    assert browser.post(f"/returns/{row.pk}/from-register/").status_code == 302
    (line,) = filled(row)["victims_presumed"]  # type: ignore[misc]
    assert (line["place"], line["total"]) == ("sikasso-2023", "1")
    assert line["cells"]["sex_age"] == {"female.child": "1"}
    assert line["explanation"]
    assert parsed_return(row).problems == []
    assert Return.unscoped.get(pk=row.pk).status == "draft"


def test_every_line_that_the_register_fills_can_be_submitted_as_it_stands(
    cast: Cast, clerk: Actor, sign_in: SignIn
) -> None:
    """Ages unknown, no form, no citizenship, several regions: nothing is left to correct."""
    nobody = Met(sex=Sex.UNKNOWN)
    for place, told in (("sikasso-2023", MARIAM), ("kayes-2023", nobody), ("kayes-2023", MARIAM)):
        found = event(cast.awa, place, kind=EventKind.RAID)
        person = met(cast.awa, told, found)
        met(cast.awa, nobody, found)
        reason = "Indices (fictif)"
        decision_actions.presume_victim(
            cast.awa, person, reason=reason, on=person.met_on, form="ForcedBegging"
        )
        case = case_actions.open_case(cast.awa, person, on=person.met_on)
        given = Given("shelter", ServiceStatus.UNDER_WAY, person.met_on)
        care_actions.add_service(cast.awa, case, given)
    row = makers.opened(clerk, YEAR, axes=["protection"])
    sign_in(clerk).post(f"/returns/{row.pk}/from-register/")
    lines = filled(row)
    assert {"victims_assisted", "services_given", "victims_presumed"} <= set(lines)
    assert parsed_return(row).problems == []


def test_what_somebody_typed_or_ticked_is_left_as_it_is(
    cast: Cast, clerk: Actor, sign_in: SignIn
) -> None:
    presumed(cast.awa)
    typed = makers.content(victims_presumed=makers.line("41")) | {"no_data": ["victims_assisted"]}
    row = makers.drafted(clerk, typed, window=YEAR)
    sign_in(clerk).post(f"/returns/{row.pk}/from-register/")
    lines = filled(row)
    assert lines["victims_presumed"][0]["total"] == "41"  # type: ignore[index]
    assert "victims_assisted" not in lines


def test_filling_twice_changes_nothing_more(cast: Cast, clerk: Actor, sign_in: SignIn) -> None:
    presumed(cast.awa)
    row = makers.opened(clerk, YEAR, axes=["protection"])
    browser = sign_in(clerk)
    browser.post(f"/returns/{row.pk}/from-register/")
    before = (filled(row), row.version)
    browser.post(f"/returns/{row.pk}/from-register/")
    assert (filled(row), row.version) == before


def test_nobody_fills_the_return_of_another_body(
    cast: Cast, clerk: Actor, sign_in: SignIn
) -> None:
    presumed(cast.awa)
    row = makers.opened(clerk, YEAR, axes=["protection"])
    address = f"/returns/{row.pk}/from-register/"
    assert sign_in(cast.fanta).post(address).status_code == 404
    assert sign_in(cast.esther).post(address).status_code == 403
    assert sign_in(cast.awa).post(address).status_code == 403
    row.refresh_from_db()
    assert not row.content.get("lines")
