"""Returns on screen, without JavaScript: what people see, type, load, sign and refuse."""

import datetime
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.models import AuditEvent
from danbe.figures.actions import attach, digest_of, part_of, save_content
from danbe.figures.models import Attachment, Obligation, Observation, Return, Status
from danbe.web.return_files import SALT
from danbekit.dates import Window
from tests.conftest import Cast
from tests.figures.makers import accepted, content, drafted, focal_point, line, opened, submitted
from tests.server import Answer, Form
from tests.web.conftest import Browse

PARTS = {"male.adult": "291", "female.adult": "113"}
GAP = content(victims_identified=line("430", sex_age=PARTS))
TOLD = content(victims_identified=line("430", sex_age=PARTS, explanation="26 sans sexe connu"))
VICTIMS = "victims_identified"
PDF = b"%PDF-1.7 contenu"


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Iterator[Path]:
    """A media folder of this test."""
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield tmp_path / "media"


def at(name: str, row: Return, *more: str) -> str:
    """The address of a page of one return."""
    return reverse(name, args=[row.pk, *more])


def text_of(answer: Any) -> str:
    """The words of a page."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", plain)


def form_of(answer: Any, *names: str, action: str = "") -> Form:
    """The form of a page that holds these fields."""
    return Answer(answer.status_code, "", Message(), answer.content).form(*names, action=action)


def sent(client: Client, url: str, form: Form, **typed: str) -> Any:
    """Send a form as a browser does: what it shows, changed by what was typed."""
    fields = {name: value for name, value in form.fields() if name != "csrfmiddlewaretoken"}
    return client.post(form.action or url, fields | typed)


def typed_axis(client: Client, row: Return, axis: str = "protection", **typed: str) -> Any:
    """Open the page of an axis, type into it (``_`` for ``.`` after the code) and save."""
    url = at("return_axis", row, axis)
    return sent(client, url, form_of(client.get(url), "version", "codes"), **typed)


def path(code: str, n: int, rest: str) -> str:
    """The name of a field."""
    return f"lines.{code}.{n}.{rest}"


# --- The list -------------------------------------------------------------------------------


def test_fanta_sees_her_returns_and_what_is_expected_and_opens_it_with_one_click(
    cast: Cast, browse: Browse
) -> None:
    body = Organisation.objects.get(pk=cast.fanta.organisation_id)
    Obligation.objects.create(
        organisation=body, axes="prevention protection", first=datetime.date(2025, 1, 1), months=12
    )
    other = opened(cast.esther, body="MJDH")
    client = browse(cast.fanta)
    page = client.get(reverse("return_list"))
    assert str(other.pk) not in page.content.decode()
    answer = sent(client, "", form_of(page, "window", "axes"), axes="protection")
    row = Return.unscoped.get(organisation=body)
    assert answer.headers["Location"] == at("return_detail", row)
    assert (row.start.year, row.axes) == (2025, "protection")
    again = client.get(reverse("return_list"))
    assert at("return_detail", row) in again.content.decode()


def rows(answer: Any) -> list[str]:
    """The bodies listed."""
    return [item.row.organisation.code for item in answer.context["rows"]]


def test_esther_finds_returns_by_alias_year_state_and_axis(cast: Cast, browse: Browse) -> None:
    submitted(cast.fanta, TOLD, axes=["protection"])
    opened(cast.esther, body="MJDH", axes=["prosecution"], window=Window.calendar_year(2023))
    client, url = browse(cast.esther), reverse("return_list")
    assert rows(client.get(url)) == ["MPFEF", "MJDH"]
    assert rows(client.get(url, {"body": "mpfef"})) == ["MPFEF"]
    assert rows(client.get(url, {"body": "promotion femme"})) == ["MPFEF"]
    assert rows(client.get(url, {"year": "2023"})) == ["MJDH"]
    assert rows(client.get(url, {"status": "submitted"})) == ["MPFEF"]
    assert rows(client.get(url, {"axis": "prosecution"})) == ["MJDH"]
    assert rows(client.get(url, {"sort": "window"})) == ["MJDH", "MPFEF"]
    for nonsense in (
        {"year": "abcd"},
        {"status": "lost"},
        {"axis": "astrology"},
        {"year": "99999"},
    ):
        assert rows(client.get(url, nonsense)) == []  # never "all" for a filter that means nothing


def test_the_list_is_cut_into_pages(cast: Cast, browse: Browse) -> None:
    for year in range(2000, 2027):
        opened(cast.esther, body="ENDA", window=Window.calendar_year(year), axes=["protection"])
    client = browse(cast.garan)
    assert len(rows(client.get(reverse("return_list")))) == 25
    assert len(rows(client.get(reverse("return_list"), {"page": "2"}))) == 2


@pytest.mark.parametrize(
    "name", ["awa", "bakary", "coumba", "djibril", "issa", "jeneba", "auditor"]
)
def test_returns_are_closed_to_who_has_no_business_there(
    cast: Cast, browse: Browse, name: str
) -> None:
    row = opened(cast.fanta)
    client = browse(getattr(cast, name))
    for url in (reverse("return_list"), reverse("return_new"), at("return_detail", row)):
        assert client.get(url).status_code == 403
    for page in ("return_submit", "return_query", "return_accept", "attachment_add"):
        assert client.post(at(page, row)).status_code == 403


def test_hawa_is_asked_to_sign_in(cast: Cast, browse: Browse) -> None:
    answer = browse(None).get(reverse("return_list"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.headers["Location"]


def test_another_bodys_return_does_not_exist_for_a_focal_point(cast: Cast, browse: Browse) -> None:
    row = submitted(cast.fanta, TOLD)
    client = browse(focal_point("moussa", "MJDH"))
    pages = ["return_detail", "return_text", "return_check", "return_paper", "return_xlsx"]
    for url in [*(at(p, row) for p in pages), at("return_axis", row, "protection")]:
        assert client.get(url).status_code == 404
    assert client.get(at("return_import", row)).status_code == 404
    assert client.post(at("return_axis", row, "protection"), {"codes": VICTIMS}).status_code == 404
    assert client.post(at("return_submit", row)).status_code == 404
    assert client.post(at("attachment_add", row)).status_code == 404


def test_the_analyst_reads_and_writes_nothing(cast: Cast, browse: Browse) -> None:
    row = drafted(cast.fanta, TOLD)
    client = browse(cast.garan)
    page = client.get(at("return_axis", row, "protection"))
    assert page.status_code == 200
    assert "430" in text_of(page)
    assert b"<form" not in page.content.split(b"<main")[1].split(b"</main")[0]
    seen = {"codes": VICTIMS, "version": digest_of(part_of(row.content, [VICTIMS]))}
    assert client.post(at("return_axis", row, "protection"), seen).status_code == 403
    assert Return.unscoped.get(pk=row.pk).content == TOLD


# --- Opening --------------------------------------------------------------------------------

NEW = {"year": "2024", "part": "year", "axes": ["protection"]}


@pytest.mark.parametrize(
    ("part", "code"), [("year", "2024"), ("Q2", "2024-Q2"), ("05", "2024-05")]
)
def test_a_year_a_quarter_or_a_month_is_opened(
    cast: Cast, browse: Browse, part: str, code: str
) -> None:
    browse(cast.fanta).post(reverse("return_new"), NEW | {"part": part})
    row = Return.unscoped.get()
    assert Window(row.start, row.end) == Window.parse(code)


def test_other_dates_are_opened_and_wrong_ones_are_explained(cast: Cast, browse: Browse) -> None:
    client, url = browse(cast.fanta), reverse("return_new")
    dates = NEW | {"part": "dates"}
    wrong = {
        "": "",
        "2024-05-02": "2024-05-01",
        "1823-01-01": "1823-02-01",
        "2023-01-01": "2024-12-31",
        "hier": "demain",
    }
    for first, last in wrong.items():
        answer = client.post(url, dates | {"first": first, "last": last})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()
    client.post(url, dates | {"first": "2024-01-15", "last": "14/03/2024"})
    assert Return.unscoped.get().end == datetime.date(2024, 3, 14)


def test_the_same_period_is_not_opened_twice(cast: Cast, browse: Browse) -> None:
    opened(cast.fanta)
    answer = browse(cast.fanta).post(reverse("return_new"), NEW)
    assert answer.status_code == 400
    assert "exists for this period" in text_of(answer)


def test_esther_opens_one_from_paper_and_fanta_cannot_open_for_another(
    cast: Cast, browse: Browse
) -> None:
    enda = Organisation.objects.get(code="ENDA")
    fields = NEW | {"organisation": str(enda.pk), "on_paper": "on"}
    browse(cast.esther).post(reverse("return_new"), fields)
    assert Return.unscoped.get().on_paper
    browse(cast.fanta).post(reverse("return_new"), fields)
    own = Return.unscoped.exclude(organisation=enda).get()
    assert (own.organisation_id, own.on_paper) == (cast.fanta.organisation_id, False)


def test_an_address_from_another_page_fills_the_form(cast: Cast, browse: Browse) -> None:
    page = browse(cast.fanta).get(
        reverse("return_new"), {"window": "2025-Q3", "axis": "protection"}
    )
    fields = form_of(page, "year", "part").fields()
    assert ("year", "2025") in fields
    assert ("part", "Q3") in fields
    assert [v for n, v in fields if n == "axes"] == ["protection"]


# --- Writing --------------------------------------------------------------------------------


def test_every_question_of_the_body_is_on_the_page_with_what_it_counts(
    cast: Cast, browse: Browse
) -> None:
    row = opened(cast.fanta)
    page = browse(cast.fanta).get(at("return_axis", row, "protection")).content.decode()
    assert 'question__no">P2.02' in page
    assert 'question__no">P2.06' not in page  # asked of the police and of justice
    assert "habilité" in page or "identified victim" in page
    assert page.count('id="question-') == 20


def test_what_is_typed_is_kept_and_what_is_wrong_is_shown_at_its_field(
    cast: Cast, browse: Browse
) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    typed_axis(
        client,
        row,
        **{
            path(VICTIMS, 0, "place"): "kayes-2023",
            path(VICTIMS, 0, "total"): "douze",
            path(VICTIMS, 0, "cells.sex_age.male.adult"): "-3",
        },
    )
    (kept,) = Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS]
    assert (kept["total"], kept["cells"]) == ("douze", {"sex_age": {"male.adult": "-3"}})
    page = client.get(at("return_axis", row, "protection")).content.decode()
    field = re.search(rf'<input[^>]*id="{re.escape(path(VICTIMS, 0, "total"))}"[^>]*>', page)
    assert field
    assert 'value="douze"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert re.search(rf'<details[^>]*id="question-{VICTIMS}" open', page)


def test_430_against_404_is_shown_then_kept_with_an_explanation(
    cast: Cast, browse: Browse
) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    typed_axis(
        client,
        row,
        **{
            path(VICTIMS, 0, "place"): "ML",
            path(VICTIMS, 0, "total"): "430",
            path(VICTIMS, 0, "cells.sex_age.male.adult"): "291",
            path(VICTIMS, 0, "cells.sex_age.female.adult"): "113",
        },
    )
    check = client.get(at("return_check", row))
    assert "404" in text_of(check)
    assert "26 missing" in text_of(check)
    assert path(VICTIMS, 0, "explanation") in check.content.decode()
    typed_axis(client, row, **{path(VICTIMS, 0, "explanation"): "26 sans sexe connu"})
    check = client.get(at("return_check", row))
    assert "Nothing to correct" in text_of(check)
    assert "26 sans sexe connu" in text_of(check)
    assert form_of(check, "note", action="submit")


def test_lines_are_added_and_removed_without_javascript(cast: Cast, browse: Browse) -> None:
    row, client = drafted(cast.fanta, TOLD), browse(cast.fanta)
    answer = typed_axis(client, row, do=f"add:{VICTIMS}")
    target, _hash, anchor = answer.headers["Location"].partition("#")
    page = client.get(target)
    assert f'id="{anchor}"' in page.content.decode()
    form = form_of(page, path(VICTIMS, 1, "total"))
    typed = {path(VICTIMS, 1, "place"): "gao-2016", path(VICTIMS, 1, "total"): "7"}
    sent(client, target, form, **typed)
    totals = [raw["total"] for raw in Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS]]
    assert totals == ["430", "7"]
    typed_axis(client, row, do=f"remove:{VICTIMS}:0")
    totals = [raw["total"] for raw in Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS]]
    assert totals == ["7"]


def test_one_line_for_each_region_opens_a_page_of_its_own(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    typed_axis(client, row, do=f"regions:{VICTIMS}")
    answer = typed_axis(client, row, do="regions:victims_assisted")
    lines = Return.unscoped.get(pk=row.pk).content["lines"]
    assert len(lines[VICTIMS]) == 20
    assert "q=victims_assisted" in answer.headers["Location"]
    whole = client.get(at("return_axis", row, "protection"))
    assert f"?q={VICTIMS}" in whole.content.decode()
    assert path(VICTIMS, 0, "total") not in whole.content.decode()
    typed_axis(client, row)  # saving the page of the axis leaves the long questions alone
    assert len(Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS]) == 20
    alone = f"{at('return_axis', row, 'protection')}?q={VICTIMS}"
    form = form_of(client.get(alone), path(VICTIMS, 19, "total"))
    sent(client, alone, form, **{path(VICTIMS, 19, "total"): "4"})
    kept = Return.unscoped.get(pk=row.pk).content["lines"]
    assert [raw["total"] for raw in kept[VICTIMS]][-1] == "4"
    assert len(kept["victims_assisted"]) == 20


def test_countries_are_written_by_name_and_kept_by_code(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)

    def pair(n: int, country: str, number: str) -> dict[str, str]:
        start = f"lines.{VICTIMS}.0.long.citizenship.{n}"
        return {f"{start}.key": country, f"{start}.value": number}

    typed_axis(client, row, **pair(0, "burkina faso", "3"), **pair(1, "Atlantis", "1"))
    (kept,) = Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS]
    assert kept["cells"]["citizenship"] == {"BF": "3", "Atlantis": "1"}
    page = client.get(at("return_axis", row, "protection"))
    fields = dict(form_of(page, "version").fields())
    assert fields[f"lines.{VICTIMS}.0.long.citizenship.0.key"] == "Burkina Faso"
    typed_axis(client, row, **pair(0, "Burkina Faso", "5"), **pair(1, "Burkina Faso", "2"))
    (kept,) = Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS]
    assert sorted(kept["cells"]["citizenship"].values()) == ["2", "5"]  # said, not summed
    assert "does not exist in the list" in text_of(client.get(at("return_check", row)))


def test_two_tabs_conflict_and_nothing_typed_is_lost(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    url, total = at("return_axis", row, "protection"), path(VICTIMS, 0, "total")
    one, two = (form_of(client.get(url), "version") for _tab in range(2))
    place = {path(VICTIMS, 0, "place"): "ML"}
    assert sent(client, url, one, **place, **{total: "430"}).status_code == 302
    answer = sent(client, url, two, **place, **{total: "404"})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "changed elsewhere" in page
    assert "430" in page  # what is kept, beside
    again = form_of(answer, "version")
    assert dict(again.fields())[total] == "404"  # what was typed
    assert Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS][0]["total"] == "430"
    assert sent(client, url, again).status_code == 302  # now knowingly
    assert Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS][0]["total"] == "404"


def test_what_was_typed_when_the_return_was_submitted_elsewhere_is_shown_again(
    cast: Cast, browse: Browse
) -> None:
    row, client = drafted(cast.fanta, TOLD), browse(cast.fanta)
    url = at("return_axis", row, "protection")
    form = form_of(client.get(url), "version")
    client.post(at("return_submit", row))
    answer = sent(client, url, form, **{path(VICTIMS, 0, "total"): "431"})
    assert answer.status_code == 409
    assert dict(form_of(answer, "version").fields())[path(VICTIMS, 0, "total")] == "431"
    assert Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS][0]["total"] == "430"


def test_the_automatic_save_answers_with_the_problems_and_the_new_version(
    cast: Cast, browse: Browse
) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    url = at("return_axis", row, "protection")
    fields = dict(form_of(client.get(url), "version").fields())
    fields |= {path(VICTIMS, 0, "total"): "douze", path(VICTIMS, 0, "place"): "ML"}
    by_itself = {"X-Danbe-Autosave": "1"}
    answer = client.post(url, fields, headers=by_itself)
    assert answer.status_code == 200
    (problem,) = answer.json()["problems"]
    assert problem["path"] == path(VICTIMS, 0, "total")
    assert answer.headers["X-Danbe-Version"] != fields["version"]
    typed_on = fields | {path(VICTIMS, 0, "total"): "12"}
    assert client.post(url, typed_on, headers=by_itself).json()["problems"] == []
    other_tab = fields | {"tab": "ffff", path(VICTIMS, 0, "total"): "13"}
    assert client.post(url, other_tab, headers=by_itself).status_code == 409
    assert Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS][0]["total"] == "12"


def test_ten_thousand_characters_break_nothing(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    long = "é" * 10_000
    typed = {
        path(VICTIMS, 0, "total"): long,
        path(VICTIMS, 0, "place"): long,
        path(VICTIMS, 0, "from"): long,
        path(VICTIMS, 0, "explanation"): long,
        path(VICTIMS, 0, "cells.sex_age.male.adult"): long,
    }
    assert typed_axis(client, row, **typed).status_code == 302
    assert Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS][0]["total"] == long
    for page in ("return_check", "return_paper", "return_detail", "return_xlsx"):
        assert client.get(at(page, row)).status_code == 200
    assert client.get(at("return_axis", row, "protection")).status_code == 200


def test_the_null_character_is_dropped_and_breaks_no_database(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    odd = {path(VICTIMS, 0, "total"): "4\0", path(VICTIMS, 0, "cells.form.Forced\0"): "4\0"}
    assert typed_axis(client, row, **odd).status_code == 302
    (kept,) = Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS]
    assert (kept["total"], kept["cells"]) == ("4", {"form": {"Forced": "4"}})
    form = form_of(client.get(at("return_text", row)), "difficulties")
    sent(client, at("return_text", row), form, difficulties="pl\0uie")
    assert Return.unscoped.get(pk=row.pk).content["difficulties"] == "pluie"


def test_what_people_type_is_never_run_as_html(cast: Cast, browse: Browse) -> None:
    evil = '<script>alert("1")</script>'
    typed = content(
        victims_identified=line(evil, evil, explanation=evil, citizenship={evil: "1"}),
        victims_assisted=line("3", explanation=evil),
    )
    typed |= {"narrative": {"protection": evil}, "difficulties": evil, "no_data": [evil]}
    row, client = drafted(cast.fanta, typed), browse(cast.fanta)
    pages = [at(p, row) for p in ("return_detail", "return_text", "return_check", "return_paper")]
    for url in [*pages, at("return_axis", row, "protection")]:
        assert evil not in client.get(url).content.decode()


def test_a_page_of_another_axis_or_question_is_a_404(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta, axes=["protection"]), browse(cast.fanta)
    assert client.get(at("return_axis", row, "prevention")).status_code == 404
    url = at("return_axis", row, "protection")
    assert client.get(url, {"q": VICTIMS}).status_code == 200
    assert client.get(url, {"q": "convictions"}).status_code == 404


def test_the_texts_are_kept_with_the_warning_about_names(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    page = client.get(at("return_text", row))
    assert "no name of a village" in text_of(page)
    form = form_of(page, "difficulties")
    typed = {"narrative.protection": "Trois rafles.\r\nDeux foyers.", "difficulties": " pluie "}
    sent(client, at("return_text", row), form, **typed)
    kept = Return.unscoped.get(pk=row.pk).content
    assert kept["narrative"] == {"protection": "Trois rafles.\nDeux foyers."}
    assert kept["difficulties"] == "pluie"
    late = sent(client, at("return_text", row), form, difficulties="vent")
    assert late.status_code == 409
    assert "pluie" in text_of(late)
    assert dict(form_of(late, "difficulties").fields())["difficulties"] == "vent"


def test_no_data_is_ticked_for_all_with_one_button(cast: Cast, browse: Browse) -> None:
    row, client = drafted(cast.fanta, TOLD), browse(cast.fanta)
    client.post(at("return_no_data", row))
    page = client.get(at("return_check", row))
    assert page.context["silent"] == []
    axis = client.get(at("return_axis", row, "prevention"))
    assert all(question.no_data for question in axis.context["questions"])


def test_the_page_of_an_axis_stays_light(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    for axis in row.axes.split():
        page = client.get(at("return_axis", row, axis)).content
        assert len(gzip.compress(page, 6)) < 30_000, axis


def test_no_page_holds_an_inline_style_or_script(cast: Cast, browse: Browse) -> None:
    row, client = drafted(cast.fanta, GAP), browse(cast.fanta)
    names = ["return_detail", "return_text", "return_check", "return_paper", "return_import"]
    urls = [at(name, row) for name in names]
    urls += [at("return_axis", row, "protection"), reverse("return_list"), reverse("return_new")]
    for url in urls:
        page = client.get(url).content.decode()
        assert " style=" not in page
        assert not re.search(r"<script(?![^>]* src=)", page)
        assert not re.search(r" on\w+=", page)


# --- Signing, asking, accepting -------------------------------------------------------------


def test_the_whole_life_of_a_return_on_screen(cast: Cast, browse: Browse) -> None:
    row = drafted(cast.fanta, TOLD)
    fanta, esther = browse(cast.fanta), browse(cast.esther)
    page = fanta.get(at("return_check", row))
    sent(fanta, "", form_of(page, "note", action="submit"), note="Voilà.")
    assert Return.unscoped.get(pk=row.pk).status == Status.SUBMITTED
    assert "submit" not in [f.action for f in forms(fanta.get(at("return_check", row)))]

    page = esther.get(at("return_detail", row))
    assert "Read the explained gap" in text_of(page)
    sent(esther, "", form_of(page, "note", action="query"), note="430 ou 404 ?")
    page = fanta.get(at("return_detail", row))
    assert "430 ou 404 ?" in text_of(page)
    page = fanta.get(at("return_check", row))
    sent(fanta, "", form_of(page, "note", action="submit"), note="430.")
    page = esther.get(at("return_detail", row))
    assert "430." in text_of(page)
    sent(esther, "", form_of(page, action="accept"))
    assert Return.unscoped.get(pk=row.pk).status == Status.ACCEPTED
    assert Observation.objects.filter(source_return=row).exists()

    page = esther.get(at("return_detail", row))
    sent(esther, "", form_of(page, "note", action="query"), note="Doublon ?")
    assert not Observation.objects.filter(source_return=row).exists()
    assert Return.unscoped.get(pk=row.pk).status == Status.QUERIED


def forms(answer: Any) -> list[Form]:
    """Every form of a page."""
    return Answer(answer.status_code, "", Message(), answer.content).forms


def test_esther_corrects_what_she_queried_and_accepts_it(cast: Cast, browse: Browse) -> None:
    row, esther = submitted(cast.fanta, TOLD), browse(cast.esther)
    esther.post(at("return_query", row), {"note": "Je corrige avec vous au téléphone."})
    typed_axis(esther, row, **{path(VICTIMS, 0, "total"): "404"})
    esther.post(at("return_submit", row))
    esther.post(at("return_accept", row))
    assert Observation.objects.get(source_return=row, breakdown="total").value == 404


def test_a_draft_with_problems_is_not_submitted(cast: Cast, browse: Browse) -> None:
    row, client = drafted(cast.fanta, GAP), browse(cast.fanta)
    answer = client.post(at("return_submit", row))
    assert answer.headers["Location"] == at("return_check", row)
    assert Return.unscoped.get(pk=row.pk).status == Status.DRAFT
    page = client.get(at("return_check", row))
    assert not [f for f in forms(page) if f.action == at("return_submit", row)]


def test_a_page_opened_before_the_other_side_acted_is_refused_politely(
    cast: Cast, browse: Browse
) -> None:
    row = accepted(cast.fanta, cast.esther, TOLD)
    answer = browse(cast.fanta).post(at("return_submit", row), follow=True)
    assert answer.status_code == 200
    assert "cannot become" in text_of(answer)


def test_fanta_neither_queries_nor_accepts_and_nothing_moves_by_get(
    cast: Cast, browse: Browse
) -> None:
    row = submitted(cast.fanta, TOLD)
    client = browse(cast.fanta)
    assert client.post(at("return_accept", row)).status_code == 403
    assert client.post(at("return_query", row), {"note": "?"}).status_code == 403
    for page in ("return_submit", "return_no_data", "attachment_add"):
        assert client.get(at(page, row)).status_code == 405
    assert Return.unscoped.get(pk=row.pk).status == Status.SUBMITTED


# --- Paper and workbook ---------------------------------------------------------------------


def test_the_paper_has_the_numbers_of_the_screen_blank_or_filled(
    cast: Cast, browse: Browse
) -> None:
    row, client = drafted(cast.fanta, TOLD), browse(cast.fanta)
    screen = "".join(
        client.get(at("return_axis", row, axis)).content.decode() for axis in row.axes.split()
    )
    numbers = set(re.findall(r"P\d\.\d\d</span>", screen))
    filled = client.get(at("return_paper", row))
    blank = client.get(at("return_paper", row), {"blank": "1"})
    for page in (filled, blank):
        found = set(re.findall(r'paper__no">(P\d\.\d\d)', page.content.decode()))
        assert found == {n.partition("<")[0] for n in numbers}
    assert "26 sans sexe connu" in text_of(filled)
    assert "26 sans sexe connu" not in text_of(blank)
    assert Return.unscoped.get(pk=row.pk).content == TOLD


def workbook(client: Client, row: Return, **cells: object) -> SimpleUploadedFile:
    """The downloaded workbook with cells of the sheet of protection changed."""
    answer = client.get(at("return_xlsx", row))
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    for address, value in cells.items():
        book["Protection"][address] = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("retour.xlsx", out.getvalue())


def test_two_bad_cells_are_named_nothing_is_half_imported_and_all_can_be_kept(
    cast: Cast, browse: Browse
) -> None:
    row, client = opened(cast.fanta, axes=["protection"]), browse(cast.fanta)
    url = at("return_import", row)
    cells = {"D9": "Gao (region)", "G9": "douze", "D13": "Tombouctoo", "G13": 5, "G17": 8}
    file = workbook(client, row, **cells, D17="Gao (region)")
    page = client.post(url, {"file": file})
    assert page.status_code == 400
    words = text_of(page)
    assert "Protection!G9" in words
    assert "Protection!D13" in words
    assert "P2.04" in words  # the good one is shown too
    assert Return.unscoped.get(pk=row.pk).content == {}
    client.post(url, {"read": dict(form_of(page, "read").fields())["read"]})
    kept = Return.unscoped.get(pk=row.pk).content["lines"]
    assert kept["victims_identified"][0]["total"] == "douze"
    assert kept["victims_assisted"][0]["place"] == "Tombouctoo"
    assert kept["migrants_assisted"][0]["total"] == "8"
    check = client.get(at("return_check", row))
    assert len(check.context["errors"]) == 2


def test_a_good_workbook_is_shown_then_taken_over(cast: Cast, browse: Browse) -> None:
    row, client = drafted(cast.fanta, TOLD, axes=["protection"]), browse(cast.fanta)
    url = at("return_import", row)
    page = client.post(url, {"file": workbook(client, row, G9=404)})
    assert page.status_code == 200
    assert "replaces 1 line" in text_of(page)
    assert Return.unscoped.get(pk=row.pk).content == TOLD
    answer = client.post(url, {"read": dict(form_of(page, "read").fields())["read"]})
    assert answer.headers["Location"] == at("return_check", row)
    assert Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS][0]["total"] == "404"


def test_a_preview_does_not_overwrite_what_was_saved_meanwhile(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta, axes=["protection"]), browse(cast.fanta)
    url = at("return_import", row)
    page = client.post(url, {"file": workbook(client, row, G9=4, D9="Gao (region)")})
    save_content(cast.fanta, row, content=TOLD)
    answer = client.post(url, {"read": dict(form_of(page, "read").fields())["read"]})
    assert answer.status_code == 409
    assert Return.unscoped.get(pk=row.pk).content == TOLD


def test_a_preview_cannot_be_forged_or_moved_to_another_return(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta, axes=["protection"]), browse(cast.fanta)
    other = opened(cast.fanta, axes=["prevention"])
    payload = {"return": str(other.pk), "version": 1, "content": TOLD}
    moved = signing.dumps(payload, salt=SALT, compress=True)
    for read in ("", "forged", moved):
        answer = client.post(at("return_import", row), {"read": read})
        assert answer.status_code == 400
    assert Return.unscoped.get(pk=row.pk).content == {}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("vide.xlsx", b""),
        ("ancien.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512),
        ("rapport.xlsx", PDF),
        ("énorme.xlsx", b"x" * (5 * 2**20 + 1)),
    ],
)
def test_strange_files_are_refused_with_a_reason(
    cast: Cast, browse: Browse, name: str, data: bytes
) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    answer = client.post(at("return_import", row), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 400
    assert "was not taken over" in text_of(answer)


def test_a_zip_bomb_and_no_file_at_all_are_refused(cast: Cast, browse: Browse) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"\0" * (60 * 2**20))
    file = SimpleUploadedFile("bombe.xlsx", out.getvalue())
    assert client.post(at("return_import", row), {"file": file}).status_code == 400
    assert client.post(at("return_import", row)).status_code == 400


def test_a_submitted_return_takes_no_workbook(cast: Cast, browse: Browse) -> None:
    row, client = drafted(cast.fanta, TOLD, axes=["protection"]), browse(cast.fanta)
    page = client.post(at("return_import", row), {"file": workbook(client, row, G9=404)})
    client.post(at("return_submit", row))
    read = dict(form_of(page, "read").fields())["read"]
    assert client.post(at("return_import", row), {"read": read}).status_code == 409
    assert Return.unscoped.get(pk=row.pk).content == TOLD


# --- Files ----------------------------------------------------------------------------------


def test_a_file_is_joined_opened_safely_and_destroyed(
    cast: Cast, browse: Browse, media: Path
) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    name = 'procès "verbal".pdf'
    client.post(at("attachment_add", row), {"file": SimpleUploadedFile(name, PDF)})
    file = Attachment.unscoped.get()
    page = client.get(at("return_detail", row))
    assert "verbal" not in page.content.decode()  # sealed until it is opened
    url = reverse("attachment_open", args=[file.pk])
    assert client.get(url).status_code == 405
    answer = client.post(url)
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    event = AuditEvent.objects.get(verb="attachment.open")
    assert event.post_id == cast.fanta.post_id
    assert client.post(reverse("attachment_remove", args=[file.pk])).status_code == 302
    assert client.post(url).status_code == 404


def test_files_of_others_do_not_exist_and_the_analyst_opens_none(
    cast: Cast, browse: Browse, media: Path
) -> None:
    file = attach(cast.fanta, opened(cast.fanta), name="a.pdf", data=PDF)
    url = reverse("attachment_open", args=[file.pk])
    assert browse(focal_point("moussa", "MJDH")).post(url).status_code == 404
    for actor in (cast.garan, cast.bakary, cast.coumba, cast.jeneba):
        assert browse(actor).post(url).status_code == 403
    assert browse(cast.esther).post(url).content == PDF


def test_a_wrong_file_is_refused_and_the_others_are_kept(
    cast: Cast, browse: Browse, media: Path
) -> None:
    row, client = opened(cast.fanta), browse(cast.fanta)
    files = [SimpleUploadedFile("a.exe", b"MZ"), SimpleUploadedFile("b.pdf", PDF)]
    answer = client.post(at("attachment_add", row), {"file": files}, follow=True)
    assert Attachment.unscoped.count() == 1
    assert "a.exe" in text_of(answer)
    assert "not accepted" in text_of(answer)


def test_each_page_says_what_to_do_when_there_is_nothing(cast: Cast, browse: Browse) -> None:
    assert "No return yet" in text_of(browse(cast.fanta).get(reverse("return_list")))
    assert "No return yet" in text_of(browse(cast.garan).get(reverse("return_list")))
    nothing = browse(cast.esther).get(reverse("return_list"), {"body": "xyzzy"})
    assert "No return matches" in text_of(nothing)


def seats(cast: Cast) -> list[Actor]:
    """Those who may open the list."""
    return [cast.fanta, cast.esther, cast.garan]


def test_the_list_takes_few_queries_however_long(
    cast: Cast, browse: Browse, django_assert_max_num_queries: Any
) -> None:
    for year in range(2010, 2027):
        opened(cast.esther, body="ENDA", window=Window.calendar_year(year), axes=["protection"])
    for actor in seats(cast):
        client = browse(actor)
        client.get(reverse("return_list"))
        with django_assert_max_num_queries(14):
            client.get(reverse("return_list"))
