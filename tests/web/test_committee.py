"""The pages of the Committee, as its people use them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from danbe.core.field_groups import FieldGroup
from danbe.partnership import meeting_actions
from danbe.partnership.models import Assembly, Decision, Meeting
from tests.conftest import Cast, SignIn
from tests.partnership import agreement_makers as agreements
from tests.partnership import committee_makers as makers

pytestmark = pytest.mark.django_db


def html(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, name: str, *args: Any, **told: Any) -> Any:
    return client.post(reverse(name, args=args), told)


# --- What is known ----------------------------------------------------------------------------


def test_the_real_committee_shows_its_composition_and_quorum_missing(
    cast: Cast, sign_in: SignIn
) -> None:
    real = Assembly.unscoped.get(code="CNCLCTPA")
    page = html(sign_in(cast.fanta), "assembly_detail", real.pk)
    assert "Composition non trouvée" in page
    assert "non connu" in page
    assert "Décret n°2011-036" in page


def test_no_month_of_the_real_committee_is_called_empty(cast: Cast, sign_in: SignIn) -> None:
    page = html(sign_in(cast.fanta), "committee", assembly="CNCLCTPA")
    assert "non connu" in page
    assert "aucune réunion<" not in page
    assert "Une réunion par mois" in page
    assert "usembassy.gov" in page


# --- A whole life, through the pages ------------------------------------------------------------


def test_a_meeting_is_planned_called_held_written_and_adopted(cast: Cast, sign_in: SignIn) -> None:
    esther, made = sign_in(cast.esther), makers.assembly(cast.esther)
    day = makers.today().isoformat()
    answer = post(esther, "meeting_new", assembly=made.pk, day=day, kind="ordinary", room="Salle")
    meeting = Meeting.unscoped.get(assembly=made)
    assert answer.status_code == 302
    assert post(esther, "agenda_add", meeting.pk, title="Plan (fictif)").status_code == 302
    page = html(esther, "meeting_convoke", meeting.pk)
    assert "1. Plan (fictif)" in page
    assert post(esther, "meeting_convoke", meeting.pk, text="À {member}").status_code == 302
    letters = html(esther, "convocation_print", meeting.pk)
    for code in makers.BODIES:
        assert f"À {makers.body(code).label}" in letters.replace("&#x27;", "'")
    pdf = esther.get(reverse("convocation_file", args=[meeting.pk]))
    assert pdf.content.startswith(b"%PDF-")
    told = {f"b{makers.body(code).pk}": "present" for code in makers.BODIES}
    assert post(esther, "meeting_attendance", meeting.pk, **told).status_code == 302
    meeting.refresh_from_db()
    assert meeting.has_quorum
    answer = post(esther, "minutes_write", meeting.pk, text="Écrit", version=meeting.version)
    assert answer.status_code == 302
    owner = makers.body("MPFEF")
    late = (makers.today() + 5 * makers.DAY).isoformat()
    answer = post(
        esther, "decision_new", meeting.pk, text="Transmettre", owner=owner.pk, deadline=late
    )
    assert answer.status_code == 302
    assert "Transmettre" in html(sign_in(cast.fanta), "committee")


def test_what_was_typed_is_kept_when_it_is_refused(cast: Cast, sign_in: SignIn) -> None:
    made = makers.assembly(cast.esther)
    answer = post(
        sign_in(cast.esther), "meeting_new", assembly=made.pk, day="1823-05-01", room="Ma salle"
    )
    assert answer.status_code == 400
    assert 'value="Ma salle"' in answer.content.decode()


def test_a_stale_tab_does_not_overwrite_the_minutes(cast: Cast, sign_in: SignIn) -> None:
    esther = sign_in(cast.esther)
    meeting = makers.held(cast.esther, makers.assembly(cast.esther))
    stale = meeting.version
    assert post(esther, "minutes_write", meeting.pk, text="un", version=stale).status_code == 302
    answer = post(esther, "minutes_write", meeting.pk, text="deux", version=stale)
    assert answer.status_code == 400
    assert "deux" in answer.content.decode()
    assert Meeting.unscoped.get(pk=meeting.pk).minutes == "un"


def test_a_document_is_sealed_opened_and_destroyed(cast: Cast, sign_in: SignIn) -> None:
    esther = sign_in(cast.esther)
    meeting = makers.planned(cast.esther, makers.assembly(cast.esther))
    file = SimpleUploadedFile("ordre secret.txt", b"un texte (fictif)")
    assert post(esther, "meeting_file_join", meeting.pk, file=file).status_code == 302
    kept = meeting.files.get()
    assert "ordre secret" not in html(esther, "meeting_detail", meeting.pk)
    opened = post(sign_in(cast.fanta), "meeting_file_open", kept.pk)
    assert opened.content == b"un texte (fictif)"
    assert post(sign_in(cast.djibril), "meeting_file_open", kept.pk).status_code == 404
    assert post(esther, "meeting_file_remove", kept.pk).status_code == 302
    assert post(esther, "meeting_file_open", kept.pk).status_code == 404


def test_a_body_reports_and_the_secretariat_confirms_on_the_pages(
    cast: Cast, sign_in: SignIn
) -> None:
    meeting = makers.held(cast.esther, makers.assembly(cast.esther))
    decision = makers.decided(cast.esther, meeting)
    fanta, esther = sign_in(cast.fanta), sign_in(cast.esther)
    refused = post(fanta, "decision_report", decision.pk, text="Fait", is_done="on")
    assert refused.status_code == 400
    post(fanta, "decision_report", decision.pk, text="Fait", evidence="Liste", is_done="on")
    note = decision.notes.get()
    assert "confirmez ou refusez" in html(esther, "decision_list")
    assert "confirmez ou refusez" not in html(fanta, "decision_list")
    assert post(esther, "decision_review", note.pk, answer="accept").status_code == 302
    assert "Exécutée" in html(fanta, "decision_detail", decision.pk)


def test_an_assembly_is_made_and_changed_on_its_page(cast: Cast, sign_in: SignIn) -> None:
    esther = sign_in(cast.esther)
    told = {"code": "SC-1", "label_fr": "Sous-comité (fictif)", "kind": "sub_committee",
            "quorum_rule": "share", "quorum_value": "60", "is_active": "on"}  # fmt: skip
    assert post(esther, "assembly_new", **told | {"quorum_value": "600"}).status_code == 400
    assert post(esther, "assembly_new", **told).status_code == 302
    one = Assembly.unscoped.get(code="SC-1")
    more = told | {"label_fr": "Autre nom", "version": "1"}
    assert post(esther, "assembly_change", one.pk, **more).status_code == 302
    assert post(esther, "assembly_change", one.pk, **more).status_code == 400


# --- Lists --------------------------------------------------------------------------------------


def test_decisions_are_narrowed_by_year_owner_and_status(cast: Cast, sign_in: SignIn) -> None:
    made = makers.assembly(cast.esther)
    meeting = makers.held(cast.esther, made, -400)
    makers.decided(cast.esther, meeting, "MPFEF", days=10)
    makers.decided(cast.esther, meeting, "MJDH", days=800)
    fanta = sign_in(cast.fanta)
    assert "1 décision<" in html(fanta, "decision_list", status="late")
    assert "1 décision<" in html(fanta, "decision_list", owner="MJDH")
    assert "2 décisions<" in html(fanta, "decision_list", year=str(meeting.day.year))
    assert "Aucune décision ne correspond" in html(fanta, "decision_list", year="zzzz")
    assert "Aucune décision ne correspond" in html(fanta, "decision_list", status="zzz")


def test_lists_of_two_hundred_meetings_cost_a_few_queries(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    makers.many(cast.esther)
    fanta = sign_in(cast.fanta)
    for name in ("meeting_list", "decision_list", "committee_attendance", "committee"):
        with django_assert_max_num_queries(30):
            html(fanta, name, assembly="MILLE")


def test_a_partner_reads_the_published_calendar_without_agenda_or_links(
    cast: Cast, sign_in: SignIn
) -> None:
    made = makers.assembly(cast.esther)
    meeting = makers.planned(cast.esther, made, is_public=True)
    meeting_actions.add_item(cast.esther, meeting, title="Point secret (fictif)")
    makers.decided(cast.esther, makers.held(cast.esther, made))
    page = html(sign_in(cast.issa), "committee_public")
    assert "Comité (fictif)" in page
    assert "Point secret" not in page
    assert "Transmettre la liste" not in page
    assert reverse("meeting_detail", args=[meeting.pk]) not in page


# --- The first day and the archive --------------------------------------------------------------


def test_the_first_day_tells_what_is_open_due_and_where_the_past_is(
    cast: Cast, sign_in: SignIn
) -> None:
    made = makers.assembly(cast.esther, sits=())
    makers.seated(
        cast.esther, made, "MJDH", function="president", end=makers.today() + 9 * makers.DAY
    )
    meeting = makers.planned(cast.esther, made, 7)
    late = makers.decided(cast.esther, makers.held(cast.esther, made, -40), days=10)
    page = html(sign_in(cast.esther), "first_day")
    assert f"Réunion {meeting.reference}" in page
    assert f"{late.meeting.reference}/1" in page
    assert "1 mandat prend fin" in page
    assert "1 décision en retard" in page
    assert "Archive des réunions depuis 2011" in page
    assert "Esther (fictive)" in page


def test_every_link_of_the_first_day_opens_for_its_reader(cast: Cast, sign_in: SignIn) -> None:
    esther = sign_in(cast.esther)
    main = html(esther, "first_day").partition("<main")[2].partition("</main>")[0]
    links = {part.partition('"')[0] for part in main.split('href="')[1:]}
    assert len(links) > 8
    for link in links:
        assert esther.get(link.replace("&amp;", "&")).status_code == 200, link


def test_a_wrong_workbook_keeps_nothing_and_says_so(cast: Cast, sign_in: SignIn) -> None:
    before = Meeting.unscoped.count()
    file = SimpleUploadedFile("a.xlsx", b"pas un classeur")
    answer = post(sign_in(cast.esther), "committee_archive", file=file)
    assert answer.status_code == 400
    assert Meeting.unscoped.count() == before
    assert Decision.unscoped.count() == 0


def test_an_agreement_that_ends_is_among_the_deadlines_of_the_first_day(
    cast: Cast, sign_in: SignIn
) -> None:
    signed = agreements.signed(cast.esther, cast.awa, cast.bakary, [FieldGroup.IDENTITY])
    page = html(sign_in(cast.esther), "first_day")
    assert reverse("agreement_detail", args=[signed.pk]) in page
    agreements.days_pass(signed, 100)
    page = html(sign_in(cast.esther), "first_day")
    assert reverse("agreement_detail", args=[signed.pk]) not in page
