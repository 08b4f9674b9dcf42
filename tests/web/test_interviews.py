"""The interview on the web: opened by POST, one section after another, nothing lost."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from danbe.core.errors import NotAllowed
from danbe.core.models import AuditEvent
from danbe.protection.interview_actions import open_interview, save_answers, triage_people
from danbe.protection.interviews import TRIAGE, to_triage
from danbe.protection.models import Decision, Interview, Opening, Sealed
from danbe.protection.vocabulary import FieldGroup, Identification, Pathway
from danbekit import identification as kit
from tests.conftest import Cast
from tests.protection.makers import consent, event, met
from tests.protection.test_interview_actions import ADULT, SAID, held
from tests.web.conftest import Browse

pytestmark = pytest.mark.django_db

STORY = "Un car de nuit (récit fictif)"


def to(name: str, interview: Interview, *more: str) -> str:
    return reverse(f"interview_{name}", args=[interview.pk, *more])


def part(section: str, *, note: str = "", **answers: str) -> dict[str, str]:
    """What the page of a section sends."""
    told = {f"q.{q.code}": "not_asked" for q in kit.questions_of(section)}
    told |= {f"q.{code}": answer for code, answer in answers.items()}
    return {"part": section, "note": note, **told}


def version(html: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', html)
    assert found
    return found[1]


def chosen(html: str, code: str) -> str:
    """The answer that is ticked on a page."""
    pattern = rf'name="q\.{code}" value="(\w+)" checked'
    found = re.search(pattern, html)
    return found[1] if found else ""


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def posted(browser: Client, name: str, interview: Interview, *more: str, **told: str) -> str:
    answer = browser.post(to(name, interview, *more), told)
    assert answer.status_code == 200, answer.status_code
    assert "no-store" in answer["Cache-Control"]
    return text(answer)


def answers_of(interview: Interview) -> dict[str, str]:
    actor = interview.post.actor
    return dict(open_interview(actor, interview).held.answers)


def test_an_interview_is_held_from_the_reminders_to_the_presumption(
    cast: Cast, browse: Browse
) -> None:
    awa, mariam = browse(cast.awa), met(cast.awa)
    new = reverse("interview_new", args=[mariam.pk])
    assert "Do no harm" in text(awa.get(new))
    begun = awa.post(new, {"language": "bm", "has_interpreter": "1"})
    interview = Interview.unscoped.get()
    assert begun["Location"] == to("section", interview, "danger")
    assert (interview.language, interview.has_interpreter) == ("bm", True)
    first = text(awa.get(begun["Location"]))
    assert chosen(first, "danger_now") == "not_asked"
    needs = awa.post(
        to("section", interview, "basic_needs"),
        part("danger", danger_return="yes", danger_now="no") | {"version": version(first)},
    )
    assert "Are you hungry or thirsty now?" in text(needs)
    assert "A danger was said" in text(needs)
    sent = part("basic_needs", need_food="declined") | {"version": version(text(needs))}
    act = awa.post(to("section", interview, "act"), sent)
    sent = part("act", act_moved="yes", note=STORY) | {"version": version(text(act))}
    purpose = awa.post(to("section", interview, "purpose"), sent)
    sent = part("purpose", purpose_begging="yes") | {"version": version(text(purpose))}
    result = awa.post(to("result", interview), sent)
    assert "Grounds to presume" in text(result)
    assert "someone took them" in text(result)
    assert "to be confirmed" in text(result)
    mariam.refresh_from_db()
    assert mariam.status == Identification.OPEN  # nothing was decided by itself
    reason = re.search(r'name="reason"[^>]*>([^<]*)<', text(result))
    assert reason
    done = awa.post(
        to("presume", interview),
        {
            "reason": reason[1],
            "form": "ForcedBegging",
            "basis": "assimilated_2012",
            "offences": ["loi2012-art3"],
        },
    )
    assert done["Location"] == to("open", interview)
    mariam.refresh_from_db()
    decision = Decision.unscoped.get(question="status")
    assert mariam.status == Identification.PRESUMED
    assert (decision.interview, decision.offences) == (interview, "loi2012-art3")
    assert STORY not in text(awa.get(to("open", interview)))


def test_a_get_shows_no_answer_and_opens_nothing(cast: Cast, browse: Browse) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa), notes={"act": STORY})
    Opening.unscoped.all().delete()
    for url in (
        to("open", interview),
        to("section", interview, "act"),
        to("result", interview),
    ):
        page = text(awa.get(url))
        assert STORY not in page
        assert 'value="yes" checked' not in page
        assert "The answers are sealed" in page
    assert not Opening.unscoped.exists()
    assert not AuditEvent.objects.filter(verb="interview.open").exists()


def test_resuming_shows_every_answer_and_leaves_a_trace(cast: Cast, browse: Browse) -> None:
    awa, interview = browse(cast.lalla), held(cast.awa, met(cast.awa), notes={"act": STORY})
    page = posted(awa, "section", interview, "act")
    assert chosen(page, "act_moved") == "yes"
    assert chosen(page, "act_received") == "not_asked"
    assert STORY in page
    looked = Opening.unscoped.get(post_id=cast.lalla.post_id)
    assert looked.group == FieldGroup.STORY
    assert STORY in posted(awa, "open", interview)


def test_to_send_a_page_again_changes_nothing(cast: Cast, browse: Browse) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa))
    page = posted(awa, "section", interview, "act")
    sent = part("act", act_moved="no") | {"version": version(page)}
    for _time in range(2):
        assert "Part 4 of 7" in posted(awa, "section", interview, "means", **sent)
    assert answers_of(interview) == SAID | {"act_moved": "no"}


def test_what_another_window_kept_is_shown_beside_what_was_typed(
    cast: Cast, browse: Browse
) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa))
    page = posted(awa, "section", interview, "act")
    save_answers(cast.lalla, interview, {"act_moved": "declined"})
    sent = part("act", act_moved="no", note=STORY) | {"version": version(page)}
    refused = awa.post(to("section", interview, "means"), sent)
    assert refused.status_code == 409
    told = text(refused)
    assert chosen(told, "act_moved") == "no"
    assert STORY in told
    assert "Kept meanwhile: Does not wish to answer" in re.sub(r"\s+", " ", told)
    again = sent | {"version": version(told)}
    assert "Part 4 of 7" in posted(awa, "section", interview, "means", **again)
    assert answers_of(interview)["act_moved"] == "no"


def test_a_wrong_day_is_said_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, browse: Browse
) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa))
    page = posted(awa, "section", interview, "act")
    sent = part("act", act_moved="no", note=STORY) | {
        "version": version(page),
        "facts_age_min": "12",
        "facts_age_max": "",
        "facts_last": "hier",
    }
    refused = awa.post(to("section", interview, "means"), sent)
    told = text(refused)
    assert refused.status_code == 409
    assert 'value="hier"' in told
    assert 'href="#facts_last"' in told
    assert chosen(told, "act_moved") == "no"
    assert STORY in told
    posted(awa, "section", interview, "means", **sent | {"facts_last": "05/2024"})
    facts = open_interview(cast.awa, interview).held.facts
    assert (facts.age_min, facts.age_max, facts.last) == (12, 12, "2024-05")


def test_a_page_saves_itself_sealed_even_with_a_half_typed_day(cast: Cast, browse: Browse) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa))
    page = posted(awa, "section", interview, "act")
    facts = {"facts_age_min": "", "facts_age_max": "", "facts_last": "20"}
    sent = part("act", act_received="yes", note=STORY) | facts | {"tab": "t"}
    url = to("section", interview, "act")
    for seen in (version(page), "old"):  # the second did not wait for the first
        kept = awa.post(url, sent | {"version": seen}, headers={"X-Danbe-Autosave": "1"})
        assert kept.status_code == 200
        assert kept["X-Danbe-Version"]
    row = Sealed.unscoped.get(kind="interview", superseded_at=None)
    assert STORY.encode() not in bytes(row.content)
    other = awa.post(
        to("section", interview, "act"),
        part("act", act_received="no") | {"version": "old", "tab": "u"},
        headers={"X-Danbe-Autosave": "1"},
    )
    assert other.status_code == 409


def test_stopping_keeps_all_and_finishing_needs_no_answer(cast: Cast, browse: Browse) -> None:
    awa, mariam = browse(cast.awa), met(cast.awa)
    awa.post(reverse("interview_new", args=[mariam.pk]))
    interview = Interview.unscoped.get()
    first = version(text(awa.get(to("section", interview, "danger"))))
    sent = part("danger", danger_now="declined") | {"version": first}
    stopped = awa.post(to("stop", interview), sent)
    assert stopped["Location"] == to("open", interview)
    assert answers_of(interview) == {"danger_now": "declined"}
    assert "undetermined" in text(awa.get(to("open", interview)))
    awa.post(to("finish", interview))
    interview.refresh_from_db()
    assert interview.finished_at is not None


def test_immediate_danger_comes_before_every_other_page(cast: Cast, browse: Browse) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa), {"danger_now": "yes"})
    for name, more in (("section", "means"), ("result", "")):
        page = posted(awa, name, interview, *([more] if more else []))
        box = page.index("Danger: act now")
        assert box < page.index("<h1>")
        assert "/services/?need=protection_measure" in page


def test_no_answer_at_all_is_undetermined_and_no_page_says_no(cast: Cast, browse: Browse) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa), {"need_food": "declined"})
    page = posted(awa, "result", interview)
    assert "Undetermined" in page
    assert "1 question was declined: it weighs nothing." in page
    denied = dict.fromkeys((q.code for q in kit.questions()), "no")
    page = posted(awa, "result", held(cast.awa, met(cast.awa), denied))
    assert "Nothing established in this interview: a person decides" in page
    assert "Presume a victim" in page


def test_a_presumption_without_a_reason_is_refused_at_its_field(
    cast: Cast, browse: Browse
) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa))
    refused = awa.post(to("presume", interview), {"reason": " ", "form": "ForcedBegging"})
    assert refused.status_code == 409
    assert 'href="#id_reason"' in text(refused)
    assert not Decision.unscoped.exists()


def test_a_pathway_is_decided_with_its_reason(cast: Cast, browse: Browse) -> None:
    awa, mariam = browse(cast.awa), met(cast.awa)
    interview = held(cast.awa, mariam, {"migration": "yes", "need_food": "yes"})
    page = posted(awa, "result", interview)
    assert 'value="migrant" selected' in page
    refused = awa.post(to("pathway", interview), {"pathway": "migrant", "reason": ""})
    assert refused.status_code == 409
    awa.post(to("pathway", interview), {"pathway": "migrant", "reason": "En route (fictif)"})
    mariam.refresh_from_db()
    assert mariam.pathway == Pathway.MIGRANT


def test_a_formally_identified_person_is_not_presumed_again(cast: Cast, browse: Browse) -> None:
    awa, mariam = browse(cast.awa), met(cast.awa)
    interview = held(cast.awa, mariam)
    mariam.status = Identification.IDENTIFIED
    mariam.save(update_fields=["status"])
    refused = awa.post(to("presume", interview), {"reason": "Encore", "form": "", "basis": ""})
    assert refused.status_code == 409
    assert not Decision.unscoped.exists()


def test_a_body_with_a_ground_reads_and_does_not_write(cast: Cast, browse: Browse) -> None:
    bakary, mariam = browse(cast.bakary), met(cast.awa)
    interview = held(cast.awa, mariam, notes={"act": STORY})
    assert bakary.get(to("open", interview)).status_code == 404
    consent(cast.awa, mariam, cast.bakary, [FieldGroup.STORY])
    assert STORY in posted(bakary, "open", interview)
    assert "Resume the interview" not in posted(bakary, "result", interview)
    for name, more in (("section", ["act"]), ("stop", []), ("finish", [])):
        assert bakary.post(to(name, interview, *more), part("act")).status_code == 404


def test_paper_and_screen_bear_the_same_numbers(cast: Cast, browse: Browse) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa), notes={"act": STORY})
    paper = text(awa.get(reverse("interview_paper")))
    filled = posted(awa, "print", interview)
    assert "not an official form" in paper
    on_screen = ""
    for section in kit.sections():
        on_screen += posted(awa, "section", interview, section.code)
    for q in kit.questions():
        assert f'<th scope="row">{q.number}</th><td>{q.label("en")}' in paper
        assert f'<th scope="row">{q.number}</th><td>{q.label("en")}' in filled
        shown = f'<span class="ask__no">{q.number}</span> <span>{q.label("en")}</span>'
        assert shown in on_screen
    assert STORY in filled
    assert STORY not in paper
    # the decision has its place on paper, with the words of the screen
    for label in ("Presume a victim", "Reasons, in words", "Main form of exploitation"):
        assert label in paper
        assert label in posted(awa, "result", interview)
    assert "Presume a victim" not in filled
    assert filled.count('aria-label="Yes"') == len(SAID)


def test_questions_behind_a_gate_fold_away_and_can_still_be_answered(
    cast: Cast, browse: Browse
) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa))
    page = posted(awa, "section", interview, "patterns")
    gated = re.findall(r'<details class="disclosure gated" data-gates="([^"]*)"( open)?', page)
    states = {gates.strip(): bool(is_open) for gates, is_open in gated}
    assert states["q.purpose_begging"]  # answered yes
    assert not states["q.descent_birth"]
    sent = part("patterns", descent_work="yes") | {"version": version(page)}
    posted(awa, "section", interview, "patterns", **sent)
    assert answers_of(interview)["descent_work"] == "yes"


def test_an_answer_that_is_none_is_refused_in_words(cast: Cast, browse: Browse) -> None:
    awa, interview = browse(cast.awa), held(cast.awa, met(cast.awa))
    refused = awa.post(to("section", interview, "means"), part("act", act_moved="maybe"))
    assert refused.status_code == 409
    assert answers_of(interview) == SAID


# --- A group -----------------------------------------------------------------------------------


def test_a_group_is_heard_one_line_a_person_and_an_empty_line_waits(
    cast: Cast, browse: Browse
) -> None:
    bus = event(cast.awa)
    people = [met(cast.awa, ADULT, bus) for _person in range(4)]
    awa, url = browse(cast.awa), reverse("interview_triage", args=[bus.pk])
    assert "4 people not heard yet" in text(awa.get(url))
    one, two, three, _four = (f"p.{person.pk}." for person in people)
    awa.post(
        url,
        {
            f"{one}danger_now": "yes",
            f"{two}act_recruited": "yes",
            f"{two}means_lied_job": "yes",
            f"{two}purpose_forced_work": "yes",
            f"{three}danger_now": "declined",
            "language": "bm",
        },
    )
    page = text(awa.get(url))
    assert "1 person not heard yet" in page
    assert "grounds to presume (1)" in page
    assert "undetermined (2)" in page
    assert "danger said (1)" in page
    first = page.index(people[0].national.number)
    assert first < page.index(people[1].national.number) < page.index(people[2].national.number)
    held_all = Interview.unscoped.all()
    assert {row.language for row in held_all} == {"bm"}
    assert all(row.finished_at for row in held_all)
    assert answers_of(held_all.get(person=people[2])) == {"danger_now": "declined"}
    for person in people:
        person.refresh_from_db()
        assert person.status == Identification.OPEN


def test_noes_to_the_short_form_are_never_a_no(cast: Cast, browse: Browse) -> None:
    mariam = met(cast.awa, ADULT)
    said = {f"p.{mariam.pk}.{code}": "no" for code in TRIAGE}
    browse(cast.awa).post(reverse("interview_triage", args=[mariam.event_id]), said)
    assert Interview.unscoped.get().result == "undetermined"


def test_an_empty_sheet_changes_nothing_and_a_false_answer_is_refused(
    cast: Cast, browse: Browse
) -> None:
    mariam = met(cast.awa)
    awa, url = browse(cast.awa), reverse("interview_triage", args=[mariam.event_id])
    assert awa.post(url).status_code == 302
    assert awa.post(url, {f"p.{mariam.pk}.danger_now": "maybe"}).status_code == 403
    assert not Interview.unscoped.exists()


def test_people_of_another_event_or_body_are_not_on_the_sheet(cast: Cast) -> None:
    mariam, other = met(cast.awa), met(cast.awa)
    assert list(to_triage(cast.awa, mariam.event)) == [mariam]
    with pytest.raises(NotAllowed):
        triage_people(cast.awa, mariam.event, {other: {"danger_now": "yes"}})
    with pytest.raises(NotAllowed):
        triage_people(cast.bakary, mariam.event, {mariam: {"danger_now": "yes"}})


def test_a_colleague_who_was_faster_takes_nothing_away_and_a_sheet_sent_twice_is_heard_once(
    cast: Cast, browse: Browse
) -> None:
    mariam = met(cast.awa)
    url = reverse("interview_triage", args=[mariam.event_id])
    for actor in (cast.lalla, cast.awa, cast.awa):
        browse(actor).post(url, {f"p.{mariam.pk}.danger_now": "yes"})
    assert {row.post_id for row in Interview.unscoped.all()} == {
        cast.lalla.post_id,
        cast.awa.post_id,
    }
    assert Interview.unscoped.count() == 2
