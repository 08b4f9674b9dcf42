"""The pages of the making of a plan."""

import re
from time import perf_counter

import pytest
from django.urls import reverse

from danbe.plan import participation_actions, text_actions
from danbe.plan.frozen import digest_of
from danbe.plan.models import Ballot, Clause, Participant, Process, TextVersion
from danbe.plan.text_actions import mark_of
from tests.conftest import Cast, SignIn
from tests.plan import participation_makers as makers

pytestmark = pytest.mark.django_db


def text_of(answer: object) -> str:
    """What a page says, without its tags."""
    html = answer.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_list_shows_what_the_sources_say_and_what_they_do_not(
    cast: Cast, sign_in: SignIn
) -> None:
    told = text_of(sign_in(cast.issa).get(reverse("process_list")))
    assert "Plan 2023-2027" in told
    assert "Aucun processus" in told
    assert "ils restent manquants" in told


def test_what_was_typed_is_kept_when_the_rules_are_refused(cast: Cast, sign_in: SignIn) -> None:
    process = makers.begun(cast.esther)
    typed = {"edition": "1", "label_fr": "", "terms": "Des termes tapés", "quorum_percent": "50"}
    client = sign_in(cast.esther)
    answer = client.post(reverse("process_rules", args=[process.pk]), typed)
    assert answer.status_code == 400
    assert "Des termes tapés" in text_of(answer)
    typed |= {"label_fr": "Un nom", "edition": "7"}
    answer = client.post(reverse("process_rules", args=[process.pk]), typed)
    assert "Quelqu’un a modifié ces règles" in text_of(answer)
    for wrong in ("x", "", "999999999999999999999"):
        answer = client.post(
            reverse("process_rules", args=[process.pk]), typed | {"edition": wrong}
        )
        assert answer.status_code == 400


def test_a_phase_that_is_none_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    process = makers.begun(cast.esther)
    for stage in ("validated", "nowhere"):
        address = reverse("process_phase", args=[process.pk, stage])
        assert sign_in(cast.esther).get(address).status_code == 404


def test_nobody_reads_a_pseudonym_but_the_secretariat(cast: Cast, sign_in: SignIn) -> None:
    process = makers.prepared(cast.esther)
    alias = participation_actions.add_survivors(cast.esther, process, number=2)[0].alias
    address = reverse("participant_list", args=[process.pk])
    assert alias in text_of(sign_in(cast.esther).get(address))
    for actor in (cast.fanta, cast.issa, cast.awa):
        told = text_of(sign_in(actor).get(address))
        assert alias not in told
        assert "&lt; 5" in told
    asked = sign_in(cast.fanta).get(address + "?category=survivors")
    assert alias not in text_of(asked)


def test_the_tab_that_comes_second_sees_both_wordings(cast: Cast, sign_in: SignIn) -> None:
    draft = makers.draft_text(cast.esther, makers.drafting(cast.esther))
    row = makers.row(draft, "1.1")
    words = text_actions.Words("paragraph", "", "Le premier onglet.")
    seen = mark_of(row)
    text_actions.change_clause(cast.esther, draft, row.clause, words, seen=seen)
    address = reverse("clause_edit", args=[draft.pk, row.clause_id])
    typed = {"seen": seen, "level": "paragraph", "heading": "", "text": "Le second onglet."}
    client = sign_in(cast.esther)
    answer = client.post(address, typed)
    told = text_of(answer)
    assert answer.status_code == 400
    assert "Le premier onglet." in told
    assert "Le second onglet." in told
    assert makers.row(draft, "1.1").text == "Le premier onglet."
    again = re.search(r'name="seen" value="(\w+)"', answer.content.decode())
    assert again is not None
    assert client.post(address, typed | {"seen": again[1]}).status_code == 302
    assert makers.row(draft, "1.1").text == "Le second onglet."


def test_a_text_is_written_from_the_first_clause_to_its_publication(
    cast: Cast, sign_in: SignIn
) -> None:
    process = makers.drafting(cast.esther)
    client = sign_in(cast.esther)
    client.post(reverse("text_begin", args=[process.pk]))
    draft = TextVersion.objects.get(process=process)
    pasted = {"edition": "1", "typed": makers.TEXT}
    client.post(reverse("text_paste", args=[draft.pk]), pasted)
    first = makers.clause(draft, "1")
    new = {"level": "paragraph", "heading": "", "text": "Ajoutée.", "after": str(first.pk)}
    assert client.post(reverse("clause_new", args=[draft.pk]), new).status_code == 302
    assert makers.row(draft, "1.1").text == "Ajoutée."
    assert (
        client.post(reverse("clause_new", args=[draft.pk]), new | {"after": "nowhere"}).status_code
        == 400
    )
    move = reverse("clause_move", args=[draft.pk, makers.clause(draft, "1.1").pk])
    assert client.post(move, {"after": ""}).status_code == 302
    assert makers.row(draft, "0.1").text == "Ajoutée."
    draft.refresh_from_db()
    stale = {"edition": str(draft.edition - 1), "note": "x" * 10}
    publish = reverse("text_publish", args=[draft.pk])
    assert client.post(publish, stale).status_code == 400
    assert client.post(publish, stale | {"edition": str(draft.edition)}).status_code == 302
    assert client.get(reverse("text_edit", args=[draft.pk])).status_code == 404


def test_a_comparison_marks_words_without_colour_alone(cast: Cast, sign_in: SignIn) -> None:
    old = makers.published_text(cast.esther)
    new = makers.amended(cast.esther, old)
    answer = sign_in(cast.issa).get(reverse("text_compare", args=[old.pk, new.pk]))
    html = answer.content.decode()
    assert re.search(r"<del>.*une caravane", html)
    assert re.search(r"<ins>.*deux caravanes", html)
    assert "Les écoles reçoivent un livret" in html
    assert "Le Comité informe" not in html  # it did not change
    whole = sign_in(cast.issa).get(reverse("text_compare", args=[old.pk, new.pk]) + "?change=all")
    assert "Le Comité informe" in whole.content.decode()


def test_two_texts_of_two_processes_are_not_compared(cast: Cast, sign_in: SignIn) -> None:
    one = makers.published_text(cast.esther)
    other = makers.published_text(cast.esther, "2041-2045")
    address = reverse("text_compare", args=[one.pk, other.pk])
    assert sign_in(cast.issa).get(address).status_code == 404


def test_a_focal_point_votes_and_makes_a_reservation_from_its_page(
    cast: Cast, sign_in: SignIn
) -> None:
    held = makers.session(cast.esther)
    own = makers.ballot(held, "MPFEF")
    client = sign_in(cast.fanta)
    page = reverse("validation_detail", args=[held.process_id])
    assert "Votre structure n’a pas voté" in text_of(client.get(page))
    assert client.post(reverse("ballot_vote", args=[own.pk]), {"vote": "x"}).status_code == 400
    client.post(reverse("ballot_vote", args=[own.pk]), {"vote": "for"})
    clause = makers.clause(held.version, "2")
    said = {"clause": str(clause.pk), "text": "Une réserve fictive."}
    client.post(reverse("ballot_reserve", args=[own.pk]), said)
    own.refresh_from_db()
    assert own.vote == "for"
    assert "Une réserve fictive." in text_of(client.get(page))
    assert "sur la clause 2" in text_of(client.get(page))


def test_the_secretariat_takes_attendance_and_closes(cast: Cast, sign_in: SignIn) -> None:
    held = makers.voted(cast.esther, makers.session(cast.esther), MPFEF="for", MJDH="for")
    client = sign_in(cast.esther)
    there = makers.ballot(held, "CARITAS")
    address = reverse("validation_presence", args=[held.pk])
    client.post(address, {"present": [str(there.pk), "x", "9" * 30]})
    assert Ballot.unscoped.filter(validation=held, is_present=True).count() == 3
    assert client.post(reverse("validation_close", args=[held.pk])).status_code == 302
    held.refresh_from_db()
    assert held.outcome == "adopted"
    assert client.post(reverse("validation_close", args=[held.pk])).status_code == 409


def test_anybody_verifies_the_signed_text_by_its_file(cast: Cast, sign_in: SignIn) -> None:
    frozen = makers.released(cast.esther)
    client = sign_in(None)
    told = text_of(client.get(reverse("signed_public", args=[frozen.pk])))
    assert frozen.sha256 in told
    assert "mot pour mot" in told
    assert "Le jour même n’est pas toujours possible (fictif)." in told
    assert "Une signataire (fictive)" not in told  # the paper has the name
    assert "Ministre (fictive)" in told
    file = client.get(reverse("signed_file", args=[frozen.pk]))
    assert digest_of(file.content.decode()) == frozen.sha256


def test_an_altered_text_is_shown_altered_and_not_as_the_text(cast: Cast, sign_in: SignIn) -> None:
    frozen = makers.released(cast.esther)
    type(frozen).objects.filter(pk=frozen.pk).update(content='{"clauses": []}')
    told = text_of(sign_in(None).get(reverse("signed_public", args=[frozen.pk])))
    assert "Ce texte n’est pas celui qui a été adopté." in told
    assert "Votes par structure" not in told


def test_the_signatures_list_bears_the_hash_and_the_bodies_that_were_there(
    cast: Cast, sign_in: SignIn
) -> None:
    frozen = makers.adopted(cast.esther)
    told = text_of(sign_in(cast.esther).get(reverse("frozen_sheet", args=[frozen.pk])))
    assert frozen.sha256 in told
    present = Participant.unscoped.filter(ballots__is_present=True)
    assert present.count() == 4
    for body in present:
        assert body.shown.replace("’", "’") in told.replace("&#x27;", "'")


def test_a_public_text_closes_with_its_phase(cast: Cast, sign_in: SignIn) -> None:
    version = makers.published_text(cast.esther)
    client, address = sign_in(None), reverse("text_public", args=[version.process_id])
    assert client.get(address).status_code == 200
    process = Process.objects.get(pk=version.process_id)
    told = participation_actions.Calendar(None, None, reads=["state"])
    participation_actions.save_phase(
        cast.esther, process, "drafting", told, edition=process.edition
    )
    assert client.get(address).status_code == 404


def test_pages_of_500_clauses_answer_in_time(
    cast: Cast, sign_in: SignIn, record_property: object
) -> None:
    process = makers.drafting(cast.esther)
    old = makers.large_text(process)
    clauses = list(Clause.objects.filter(versions__version=old).order_by("versions__order"))
    new = TextVersion.objects.create(process=process, number=2, status="published")
    makers.fill(new, [*clauses[5:], *clauses[:5]], word="second")
    draft = text_actions.begin_text(cast.esther, process)
    client = sign_in(cast.esther)
    for name, args in [
        ("text_detail", [new.pk]),
        ("text_compare", [old.pk, new.pk]),
        ("text_edit", [draft.pk]),
        ("clause_edit", [draft.pk, clauses[9].pk]),
        ("validation_detail", [process.pk]),
    ]:
        address = reverse(name, args=args)
        client.get(address)
        took = []
        for _n in range(3):
            begun = perf_counter()
            assert client.get(address).status_code == 200
            took.append(round(1000 * (perf_counter() - begun)))
        record_property(f"{name}_ms", min(took))  # type: ignore[operator]
