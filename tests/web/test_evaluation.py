"""The pages of evaluations and lessons, as people use them."""

import pytest
from django.urls import reverse

from danbe.plan.models import CitedFigure, Evaluation, EvaluationStatus, Finding, LessonAnswer
from tests.conftest import Cast, SignIn
from tests.plan import evaluation_makers as made
from tests.plan import makers

pytestmark = pytest.mark.django_db


def html(client: object, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_esther_writes_a_finding_and_rests_it_on_a_figure(cast: Cast, sign_in: SignIn) -> None:
    plan, esther = makers.published(cast.esther), sign_in(cast.esther)
    told = {"label_fr": "Évaluation (fictif)", "moment": "final"}
    esther.post(reverse("evaluation_new", args=[plan.pk]), told)
    evaluation = Evaluation.objects.get()
    said = {"criterion": "impact", "text": "Un constat fictif", "has_data": "yes"}
    answer = esther.post(reverse("finding_new", args=[evaluation.pk]), said)
    found = Finding.objects.get()
    assert answer["Location"] == reverse("finding_cite", args=[found.pk])
    figure = {
        "measure": "figure",
        "definition": "victims_identified",
        "breakdown": "total",
        "start": "2024-01-01",
        "end": "2024-12-31",
    }
    assert esther.post(answer["Location"], figure).status_code == 302
    page = html(esther, "evaluation_detail", evaluation.pk)
    assert "definition=victims_identified&amp;window=2024" in page
    assert "pas de données" in page


def test_what_was_typed_is_not_lost_when_the_part_does_not_exist(
    cast: Cast, sign_in: SignIn
) -> None:
    found = made.finding(cast.esther, made.begun(cast.esther))
    figure = {
        "measure": "figure",
        "definition": "victims_identified",
        "breakdown": "sex_age",
        "key": "personne",
        "start": "2024-01-01",
        "end": "1823-12-31",
    }
    url = reverse("finding_cite", args=[found.pk])
    answer = sign_in(cast.esther).post(url, figure)
    assert answer.status_code == 400
    assert "personne" in answer.content.decode()
    assert not CitedFigure.objects.exists()


def test_garan_reviews_esther_publishes_and_issa_reads_it_on_paper(
    cast: Cast, sign_in: SignIn
) -> None:
    one = made.written(cast.esther)
    esther, garan, issa = sign_in(cast.esther), sign_in(cast.garan), sign_in(cast.issa)
    assert issa.get(reverse("evaluation_detail", args=[one.pk])).status_code == 404
    esther.post(reverse("evaluation_send", args=[one.pk]))
    assert esther.post(reverse("evaluation_publish", args=[one.pk])).status_code == 409
    garan.post(reverse("evaluation_review", args=[one.pk]), {"answer": "accept", "note": ""})
    esther.post(reverse("evaluation_publish", args=[one.pk]))
    one.refresh_from_db()
    assert one.status == EvaluationStatus.PUBLISHED
    assert "poste de suivi" in html(issa, "evaluation_detail", one.pk)
    paper = issa.get(reverse("evaluation_pdf", args=[one.pk]))
    assert paper.content.startswith(b"%PDF-")


def test_names_of_silent_bodies_are_for_whoever_reads_completeness(
    cast: Cast, sign_in: SignIn
) -> None:
    one = made.published(cast.esther, cast.garan)
    CitedFigure.objects.filter(measure="figure").update(kept_absent="Organisme muet (fictif)")
    assert "Organisme muet (fictif)" in html(sign_in(cast.esther), "evaluation_detail", one.pk)
    told = html(sign_in(cast.issa), "evaluation_detail", one.pk)
    assert "Organisme muet (fictif)" not in told
    assert "1 organisme n’a rien donné" in told


def test_a_real_plan_shows_what_the_sources_say_of_its_evaluation(
    cast: Cast, sign_in: SignIn
) -> None:
    plan = makers.Plan.objects.get(code="2015-2017")
    assert "mars 2018" in html(sign_in(cast.issa), "plan_evaluations", plan.pk)


def test_esther_answers_a_lesson_with_a_clause_and_both_pages_show_it(
    cast: Cast, sign_in: SignIn
) -> None:
    one = made.published(cast.esther, cast.garan)
    process, esther = made.next_process(cast.esther, one.plan), sign_in(cast.esther)
    url = reverse("lesson_answer", args=[process.pk, made.lesson(one).pk])
    assert esther.post(url, {"taken": "not", "reason": ""}).status_code == 400
    clause = process.clauses.get()
    assert esther.post(url, {"taken": "taken", "clause": str(clause.pk)}).status_code == 302
    assert LessonAnswer.objects.get().clause == clause
    assert "Un poste de suivi par région" in html(esther, "process_lessons", process.pk)
    # The draft of the text is not out yet: others read the answer, not the clause.
    issa = html(sign_in(cast.issa), "process_lessons", process.pk)
    assert "Un poste de suivi par région" not in issa
    assert "Reprise" in issa
    assert "2029-2033" in html(esther, "evaluation_detail", one.pk)


def test_a_lesson_of_another_plan_has_no_page_in_this_process(cast: Cast, sign_in: SignIn) -> None:
    one = made.published(cast.esther, cast.garan)
    other = makers.Plan.objects.get(code="2018-2022")
    process = made.next_process(cast.esther, other)
    url = reverse("lesson_answer", args=[process.pk, made.lesson(one).pk])
    assert sign_in(cast.esther).get(url).status_code == 404
