"""The pages of trainings, trainers, contacts and partners."""

import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from danbe.figures.models import Return
from danbe.partnership import training_actions
from danbe.partnership.models import Contact, Trainer, Training
from tests.conftest import Cast
from tests.figures import makers as figures
from tests.partnership import funding_makers as money
from tests.partnership import training_makers as makers
from tests.plan import makers as plans
from tests.web.conftest import Browse

pytestmark = pytest.mark.django_db

AHEAD = timezone.localdate() + datetime.timedelta(days=30)
TYPED = {
    "title": "Former (fictif)",
    "theme": "Identification",
    "audiences": ["magistrates", "lawyers"],
    "place": "cercle-segou-2023",
    "start": AHEAD.isoformat(),
    "end": AHEAD.isoformat(),
    "seats": "25",
}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def coming(actor: Any, organiser: str = "", **more: Any) -> Training:
    return makers.planned(actor, organiser, **{"start": AHEAD, "end": AHEAD} | more)


def test_fanta_writes_a_training_and_both_sides_are_warned_of_a_clash(
    cast: Cast, browse: Browse
) -> None:
    other = coming(cast.esther, "UNICEF")
    client = browse(cast.fanta)
    answer = client.post(reverse("training_new"), TYPED, follow=True)
    assert "same week" in text(answer)
    made = Training.unscoped.get(organiser=cast.fanta.organisation_id)
    assert (made.audiences, made.seats) == ("magistrates lawyers", 25)
    shown = text(browse(cast.esther).get(reverse("training_detail", args=[other.pk])))
    assert "Former (fictif)" in shown
    assert "Same people" in text(client.get(reverse("training_list")))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"audiences": []}, "required"),
        ({"start": "1823-01-01"}, "too long ago"),
        ({"end": "2020-01-01"}, "before the beginning"),
        ({"title": "x" * 10_000}, "300"),
        ({"activity": "Z9", "plan_code": "2023-2027"}, "no activity"),
    ],
)
def test_what_is_typed_wrong_is_told_and_nothing_is_lost(
    typed: dict[str, Any], words: str, cast: Cast, browse: Browse
) -> None:
    answer = browse(cast.fanta).post(reverse("training_new"), TYPED | typed)
    assert answer.status_code == 400
    assert words in text(answer)
    assert "Identification" in text(answer)
    assert not Training.unscoped.exists()


def test_the_calendar_goes_out_as_a_file_without_any_person(cast: Cast, browse: Browse) -> None:
    listed = makers.trainer(cast.fanta)
    coming(cast.fanta, others=training_actions.With(trainers=[listed]))
    makers.planned(cast.fanta, title="Passée (fictif)")
    answer = browse(cast.issa).get(reverse("training_calendar"))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    told = text(answer).replace("\r\n ", "")
    assert "SUMMARY:Identifier une victime (fictif)" in told
    assert "Passée" not in told
    assert listed.name not in told
    one = browse(cast.issa).get(
        reverse("training_one_calendar", args=[Training.unscoped.first().pk])
    )
    assert text(one).count("BEGIN:VEVENT") == 1


def test_participants_are_counted_and_a_partner_sees_no_small_number(
    cast: Cast, browse: Browse
) -> None:
    made = makers.planned(cast.fanta)
    client, url = browse(cast.fanta), reverse("training_count", args=[made.pk])
    body = str(cast.fanta.organisation_id)
    told = {"version": "1", "body_1": body, "female_1": "3", "male_1": ""}
    assert client.post(url, told | {"female_1": "beaucoup"}).status_code == 400
    assert client.post(url, told).status_code == 302
    assert client.post(url, told).status_code == 400  # a stale page
    assert "Female" in text(client.get(reverse("training_detail", args=[made.pk])))
    shown = text(browse(cast.issa).get(reverse("training_detail", args=[made.pk])))
    assert "&lt; 5" in shown
    assert "Female" not in shown


def test_the_return_takes_its_trainings_by_one_button(cast: Cast, browse: Browse) -> None:
    makers.held(cast.fanta, ("MJDH", "female", 7))
    row = figures.opened(cast.fanta)
    client = browse(cast.fanta)
    url = reverse("return_prefill_trainings", args=[row.pk])
    assert url in text(client.get(reverse("return_detail", args=[row.pk])))
    assert "P1.05, P1.06" in text(client.post(url, follow=True))
    assert "persons_trained" in Return.unscoped.get().content["lines"]


def test_the_list_narrows_and_goes_out_as_a_workbook(cast: Cast, browse: Browse) -> None:
    makers.held(cast.fanta, ("MJDH", "female", 7))
    coming(cast.fanta, title="À venir (fictif)", audiences="teachers")
    client, url = browse(cast.esther), reverse("training_list")
    assert [r.title for r in client.get(url).context["page"]] == ["À venir (fictif)"]
    assert len(client.get(url, {"year": "2024"}).context["page"]) == 1
    assert len(client.get(url, {"audience": "lawyers"}).context["page"]) == 0
    assert len(client.get(url, {"status": "held", "place": "segou-2023"}).context["page"]) == 1
    answer = client.get(reverse("training_xlsx"))
    rows = list(
        openpyxl.load_workbook(io.BytesIO(answer.content))
        .worksheets[0]
        .iter_rows(min_row=6, values_only=True)
    )
    assert [row[10] for row in rows] == [7, None]


def test_a_trainer_is_listed_corrected_and_erased(cast: Cast, browse: Browse) -> None:
    client = browse(cast.fanta)
    typed = {
        "name": "Formatrice (fictive)",
        "function": "Juge",
        "themes": "Enquête",
        "languages": ["bm", "fr"],
    }
    assert client.post(reverse("trainer_new"), typed).status_code == 400  # no day of agreement
    typed |= {"consent_on": "2024-03-04"}
    assert client.post(reverse("trainer_new"), typed).status_code == 302
    made = Trainer.unscoped.get()
    url = reverse("trainer_edit", args=[made.pk])
    assert 'value="Enquête"' in text(client.get(url))
    assert client.post(url, typed | {"themes": "Audition", "version": "1"}).status_code == 302
    assert client.post(url, typed | {"version": "1"}).status_code == 400
    assert "Audition" in text(client.get(reverse("trainer_list"), {"q": "audition"}))
    client.post(reverse("trainer_remove", args=[made.pk]))
    assert not Trainer.unscoped.exists()


def test_each_body_keeps_its_desks_and_all_search_them(cast: Cast, browse: Browse) -> None:
    client = browse(cast.issa)
    typed = {"function": "Bureau de Bamako (fictif)", "phone": "+223 00 00 00 00"}
    assert client.post(reverse("contact_new"), {"function": "Vide"}).status_code == 400
    assert client.post(reverse("contact_new"), typed).status_code == 302
    makers.contact(cast.fanta)
    found = text(browse(cast.awa).get(reverse("contact_list"), {"q": "bamako"}))
    assert "+223 00 00 00 00" in found
    assert "1 contact<" in found
    made = Contact.unscoped.get(organisation=cast.issa.organisation_id)
    assert client.post(
        reverse("contact_edit", args=[made.pk]), typed | {"phone": "non", "version": "1"}
    ).status_code == 400  # fmt: skip
    client.post(reverse("contact_remove", args=[made.pk]))
    assert Contact.unscoped.count() == 1


# --- Partners -------------------------------------------------------------------------------


def test_issa_finds_plan_money_figures_and_trainings_on_one_page(
    cast: Cast, browse: Browse
) -> None:
    plans.published(cast.esther)
    money.committed(cast.issa, 7_000)
    coming(cast.fanta)
    told = text(browse(cast.issa).get(reverse("portal")))
    for words in ("7,000", "43,000,000", "1. Protection (fictif)", "A1. ", "of 3", "Identifier"):
        assert words in told


def test_the_page_of_partners_hides_small_numbers_of_people_and_rows_of_bodies(
    cast: Cast, browse: Browse
) -> None:
    window = figures.Window.calendar_year(2024)
    typed = figures.content(
        victims_identified=figures.line("3"), persons_trained=figures.line("40")
    )
    figures.accepted(cast.fanta, cast.esther, typed, window=window)
    makers.held(
        cast.fanta, ("MJDH", "female", 2), start=timezone.localdate(), end=timezone.localdate()
    )
    answer = browse(cast.issa).get(reverse("portal"))
    marks = {one.label: (one.value, one.mark) for one in answer.context["figures"]}
    assert (None, "< 5") in marks.values()
    assert (40, "") in marks.values()
    assert answer.context["trained_mark"] == "< 5"
    assert "MJDH" not in text(answer)


def test_an_empty_country_is_told_as_empty_and_not_as_zero(cast: Cast, browse: Browse) -> None:
    told = text(browse(cast.issa).get(reverse("portal")))
    assert "No report is frozen yet" in told
    assert "No data" in told
    assert "Nothing is planned" in told
