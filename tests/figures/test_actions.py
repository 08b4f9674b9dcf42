"""The life of a return: who may move it, what follows, and that nothing typed is lost."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from danbe.accounts.models import Message
from danbe.core import sealed_files
from danbe.core.access import Actor
from danbe.core.errors import DomainError, NotAllowed, SealBroken
from danbe.core.models import AuditEvent
from danbe.figures import actions
from danbe.figures.actions import (
    accept_return,
    attach,
    attachment_path,
    decide_overlap,
    detach,
    digest_of,
    discard_return,
    open_attachment,
    part_of,
    query_return,
    save_content,
    save_part,
    submit_return,
    tick_no_data,
    unanswered,
)
from danbe.figures.content import asked_of
from danbe.figures.models import (
    Attachment,
    Breakdown,
    Observation,
    Overlap,
    OverlapStatus,
    Return,
    ReturnNote,
    Status,
)
from danbe.figures.queries import totals
from danbekit.dates import Window
from tests.conftest import Cast
from tests.figures.makers import (
    YEAR,
    accepted,
    content,
    drafted,
    focal_point,
    line,
    opened,
    submitted,
)

pytestmark = pytest.mark.django_db

VICTIMS = "victims_identified"
PARTS = {"male.adult": "291", "female.adult": "113"}
TYPED = content(victims_identified=line("430", sex_age=PARTS, explanation="26 sans sexe connu"))


def code_of(error: "pytest.ExceptionInfo[DomainError]") -> str:
    """The stable code of a refusal."""
    return error.value.code


def counted(code: str = VICTIMS, window: Window = YEAR) -> int | None:
    """The total that everybody sees."""
    return totals(window)[code].value


# --- Opening --------------------------------------------------------------------------------


def test_fanta_opens_a_return_for_her_ministry_and_for_no_other(cast: Cast) -> None:
    row = opened(cast.fanta)
    assert (row.status, row.start, row.end) == (Status.DRAFT, YEAR.start, YEAR.end)
    with pytest.raises(NotAllowed):
        opened(cast.fanta, body="BRTMTEH")


def test_esther_opens_one_for_a_body_that_has_only_paper(cast: Cast) -> None:
    row = opened(cast.esther, body="ENDA")
    assert row.organisation.code == "ENDA"


@pytest.mark.parametrize("name", ["awa", "bakary", "coumba", "garan", "issa", "jeneba", "auditor"])
def test_nobody_else_opens_a_return(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        opened(getattr(cast, name))


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ("1823-05-01..1823-05-31", "return.window"),
        ("1999", "return.window"),
        ("2190", "return.window"),
        ("2023-01-01..2024-12-31", "return.window"),
    ],
)
def test_a_period_that_cannot_be_is_refused(cast: Cast, window: str, code: str) -> None:
    start, _dots, end = window.partition("..")
    asked = (
        Window(datetime.date.fromisoformat(start), datetime.date.fromisoformat(end))
        if end
        else Window.calendar_year(int(start))
    )
    with pytest.raises(DomainError) as refusal:
        opened(cast.fanta, window=asked)
    assert code_of(refusal) == code


def test_a_return_needs_an_axis(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        opened(cast.fanta, axes=["astrology"])
    assert code_of(refusal) == "return.axes"


def test_the_same_period_and_axis_is_never_declared_twice(cast: Cast) -> None:
    opened(cast.fanta, axes=["protection"])
    assert opened(cast.fanta, axes=["prevention"]).axes == "prevention"
    with pytest.raises(DomainError) as same:
        opened(cast.fanta, axes=["protection"])
    with pytest.raises(DomainError) as overlapping:
        opened(cast.fanta, window=Window.quarter(2024, 1), axes=["protection", "prosecution"])
    assert (code_of(same), code_of(overlapping)) == ("return.exists", "return.overlaps")
    assert opened(cast.fanta, window=Window.quarter(2025, 1)).start.year == 2025
    assert opened(cast.esther, body="ENDA", axes=["protection"])


# --- Writing --------------------------------------------------------------------------------


def test_what_is_typed_is_kept_right_or_wrong(cast: Cast) -> None:
    typed = content(victims_identified=line("douze", "nulle part", since="1823"))
    assert Return.unscoped.get(pk=drafted(cast.fanta, typed).pk).content == typed


def test_only_the_body_and_the_secretariat_write(cast: Cast) -> None:
    row = opened(cast.fanta)
    save_content(cast.esther, row, content=TYPED)
    other = focal_point("moussa", "MJDH")
    for actor in (other, cast.bakary, cast.coumba, cast.garan):
        with pytest.raises(NotAllowed):
            save_content(actor, row, content={})
    assert Return.unscoped.get(pk=row.pk).content == TYPED


def test_of_two_tabs_the_second_is_told_and_nothing_is_overwritten(cast: Cast) -> None:
    row = opened(cast.fanta)
    one, two = (Return.unscoped.get(pk=row.pk) for _tab in range(2))
    save_content(cast.fanta, one, content=TYPED, version=row.version)
    with pytest.raises(DomainError) as refusal:
        save_content(cast.fanta, two, content={}, version=row.version)
    assert code_of(refusal) == "return.changed_elsewhere"
    assert Return.unscoped.get(pk=row.pk).content == TYPED


def save_page(actor: Actor, row: Return, codes: list[str], said: object, seen: str) -> Return:
    """One page of the form, saved."""
    return save_part(actor, row, codes=codes, content={"lines": said}, seen=seen)


def test_two_pages_of_one_return_do_not_disturb_each_other(cast: Cast) -> None:
    row = opened(cast.fanta)
    empty = digest_of(part_of({}, []))
    save_page(cast.fanta, row, ["persons_trained"], {"persons_trained": [line("9")]}, empty)
    save_page(cast.fanta, row, [VICTIMS], {VICTIMS: [line("3")]}, empty)
    save_part(cast.fanta, row, codes=None, content={"difficulties": "pluie"}, seen=digest_of(
        part_of({}, None)
    ))  # fmt: skip
    kept = Return.unscoped.get(pk=row.pk).content
    assert set(kept["lines"]) == {"persons_trained", VICTIMS}
    assert kept["difficulties"] == "pluie"


def test_one_page_in_two_tabs_conflicts_and_says_so(cast: Cast) -> None:
    row = opened(cast.fanta)
    seen = digest_of(part_of(row.content, [VICTIMS]))
    save_page(cast.fanta, row, [VICTIMS], {VICTIMS: [line("3")]}, seen)
    with pytest.raises(DomainError) as refusal:
        save_page(cast.fanta, row, [VICTIMS], {VICTIMS: [line("4")]}, seen)
    assert code_of(refusal) == "return.changed_elsewhere"
    same = save_page(cast.fanta, row, [VICTIMS], {VICTIMS: [line("3")]}, seen)
    assert same.content["lines"][VICTIMS] == [line("3")]


def test_a_tab_never_conflicts_with_its_own_automatic_save(cast: Cast) -> None:
    row = opened(cast.fanta)
    seen = digest_of(part_of(row.content, [VICTIMS]))

    def save(total: str, tab: str, more: bool) -> None:
        said = {"lines": {VICTIMS: [line(total)]}}
        save_part(cast.fanta, row, codes=[VICTIMS], content=said, seen=seen, tab=tab, more=more)

    save("1", "tab-a", True)
    save("12", "tab-a", True)  # typed on, before the answer to the first came
    with pytest.raises(DomainError):
        save("99", "tab-b", True)
    save("123", "tab-a", False)  # «Save» was pressed: this page is gone
    with pytest.raises(DomainError):
        save("12", "tab-a", True)  # an automatic save of that page that comes too late
    assert Return.unscoped.get(pk=row.pk).content["lines"][VICTIMS] == [line("123")]


def test_a_submitted_return_can_no_longer_be_written(cast: Cast) -> None:
    row = submitted(cast.fanta, TYPED)
    for act in (
        lambda: save_content(cast.fanta, row, content={}),
        lambda: save_page(cast.fanta, row, [VICTIMS], {}, ""),
        lambda: tick_no_data(cast.fanta, row),
        lambda: attach(cast.fanta, row, name="a.txt", data=b"a"),
    ):
        with pytest.raises(DomainError):
            act()
    assert Return.unscoped.get(pk=row.pk).content == TYPED


def test_a_return_does_not_swallow_a_library(cast: Cast) -> None:
    row = opened(cast.fanta)
    with pytest.raises(DomainError) as refusal:
        save_content(cast.fanta, row, content={"difficulties": "x" * (actions.MAX_CONTENT + 1)})
    assert code_of(refusal) == "return.too_large"


def test_no_data_is_ticked_for_all_that_is_unanswered_and_for_nothing_else(cast: Cast) -> None:
    row = drafted(cast.fanta, TYPED)
    n_asked = len(asked_of("ministry", row.axes.split()))
    assert len(unanswered(row)) == n_asked - 1
    tick_no_data(cast.fanta, row)
    assert unanswered(row) == []
    assert VICTIMS not in row.content["no_data"]


def test_a_draft_opened_by_mistake_is_given_up_whole(cast: Cast, media: Path) -> None:
    row = drafted(cast.fanta, TYPED)
    file = attach(cast.fanta, row, name=NAME, data=PDF)
    for actor in (cast.garan, cast.bakary, focal_point("moussa", "MJDH")):
        with pytest.raises(NotAllowed):
            discard_return(actor, row)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda function: function())
        discard_return(cast.fanta, row)
    assert not Return.unscoped.exists()
    assert not attachment_path(file).exists()
    event = AuditEvent.objects.get(verb="return.discard")
    assert event.subject_id == str(row.pk)
    assert opened(cast.fanta, window=Window.quarter(2024, 1))  # the period is free again


def test_what_was_submitted_once_is_never_given_up(cast: Cast) -> None:
    row = submitted(cast.fanta, TYPED)
    query_return(cast.esther, row, note="?")
    with pytest.raises(DomainError) as refusal:
        discard_return(cast.fanta, row)
    assert code_of(refusal) == "return.closed"


# --- Submitting, querying, accepting --------------------------------------------------------


def test_fanta_submits_esther_queries_fanta_answers_esther_accepts(cast: Cast) -> None:
    row = submitted(cast.fanta, TYPED)
    assert counted() is None
    query_return(cast.esther, row, note="430 ou 404 ?")
    save_content(cast.fanta, row, content=TYPED | {"difficulties": "pluie"})
    submit_return(cast.fanta, row, note="430, voir l’explication")
    accept_return(cast.esther, row)
    steps = ReturnNote.unscoped.filter(to=row).values_list("verb", "post", "text")
    assert list(steps) == [
        ("submitted", cast.fanta.post_id, ""),
        ("queried", cast.esther.post_id, "430 ou 404 ?"),
        ("submitted", cast.fanta.post_id, "430, voir l’explication"),
        ("accepted", cast.esther.post_id, ""),
    ]
    assert counted() == 430
    verbs = AuditEvent.objects.filter(subject_id=str(row.pk)).values_list("verb", flat=True)
    assert list(verbs.order_by("seq"))[-4:] == [
        "return.query",
        "return.write",
        "return.submit",
        "return.accept",
    ]


def test_each_side_hears_of_the_other(cast: Cast) -> None:
    row = submitted(cast.fanta, TYPED)
    query_return(cast.esther, row, note="?")
    heard = {(m.post_id, m.kind) for m in Message.unscoped.all()}
    assert (cast.esther.post_id, "return.submitted") in heard
    assert (cast.fanta.post_id, "return.queried") in heard


def test_errors_and_unexplained_gaps_are_not_signed(cast: Cast) -> None:
    wrong = drafted(cast.fanta, content(victims_identified=line("douze")))
    with pytest.raises(DomainError) as refusal:
        submit_return(cast.fanta, wrong)
    assert code_of(refusal) == "return.problems"
    gap = content(victims_identified=line("430", sex_age=PARTS))
    save_content(cast.fanta, wrong, content=gap)
    with pytest.raises(DomainError):
        submit_return(cast.fanta, wrong)
    save_content(cast.fanta, wrong, content=TYPED)
    assert submit_return(cast.fanta, wrong).status == Status.SUBMITTED


def test_an_empty_return_is_not_signed_but_no_data_is_an_answer(cast: Cast) -> None:
    row = opened(cast.fanta)
    with pytest.raises(DomainError) as refusal:
        submit_return(cast.fanta, row)
    assert code_of(refusal) == "return.empty"
    assert submit_return(cast.fanta, tick_no_data(cast.fanta, row)).status == Status.SUBMITTED
    assert counted() is None


def test_only_the_secretariat_queries_and_accepts(cast: Cast) -> None:
    row = submitted(cast.fanta, TYPED)
    for actor in (cast.fanta, cast.garan, cast.awa, cast.jeneba):
        with pytest.raises(NotAllowed):
            accept_return(actor, row)
        with pytest.raises(NotAllowed):
            query_return(actor, row, note="?")


def test_a_question_needs_words(cast: Cast) -> None:
    row = submitted(cast.fanta, TYPED)
    with pytest.raises(DomainError) as refusal:
        query_return(cast.esther, row, note="  ")
    assert code_of(refusal) == "return.note"


def test_steps_come_in_order_even_from_a_page_opened_before(cast: Cast) -> None:
    row = drafted(cast.fanta, TYPED)
    with pytest.raises(DomainError) as early:
        accept_return(cast.esther, row)
    assert code_of(early) == "return.transition"
    old = Return.unscoped.get(pk=row.pk)
    submit_return(cast.fanta, row)
    with pytest.raises(DomainError):  # two clicks
        submit_return(cast.fanta, old)
    accept_return(cast.esther, row)
    with pytest.raises(DomainError):
        accept_return(cast.esther, old)
    assert ReturnNote.unscoped.filter(to=row).count() == 2


def test_signing_does_not_undo_what_another_tab_saved_meanwhile(cast: Cast) -> None:
    row = drafted(cast.fanta, TYPED)
    old = Return.unscoped.get(pk=row.pk)
    save_content(cast.fanta, row, content=TYPED | {"difficulties": "pluie"})
    submit_return(cast.fanta, old)
    assert Return.unscoped.get(pk=row.pk).content["difficulties"] == "pluie"


def test_accepted_figures_keep_their_parts_their_place_and_their_dates(cast: Cast) -> None:
    event = line("40", "cercle-kayes-2023", since="2024-03-15", explanation="rafle")
    rest = line(
        "36 000+", sex_age={"male.adult": "5"}, citizenship={"ML": "7"}, explanation="le reste"
    )
    row = accepted(cast.fanta, cast.esther, content(victims_identified=[event, rest]))
    seen = Observation.objects.filter(source_return=row)
    total = seen.get(breakdown=Breakdown.TOTAL, place="cercle-kayes-2023")
    assert (total.value, str(total.start), total.region_id) == (40, "2024-03-15", "kayes-2023")
    wide = seen.get(breakdown=Breakdown.TOTAL, place="ML")
    assert (wide.value, wide.at_least, wide.region_id) == (36_000, True, None)
    parts = {(o.breakdown, o.sex, o.age, o.key, o.value) for o in seen.exclude(breakdown="total")}
    assert parts == {("sex_age", "male", "adult", "", 5), ("citizenship", "", "", "ML", 7)}


def test_an_accepted_return_queried_again_takes_its_figures_with_it(cast: Cast) -> None:
    row = accepted(cast.fanta, cast.esther, TYPED)
    assert counted() == 430
    query_return(cast.esther, row, note="double compte ?")
    assert counted() is None
    assert not Observation.objects.filter(source_return=row).exists()
    save_content(cast.fanta, row, content=content(victims_identified=line("404", sex_age=PARTS)))
    submit_return(cast.fanta, row)
    accept_return(cast.esther, row)
    assert counted() == 404


def test_the_next_return_is_compared_with_the_accepted_one(cast: Cast) -> None:
    accepted(cast.fanta, cast.esther, TYPED)
    small = drafted(
        cast.fanta, content(victims_identified=line("12")), window=Window.calendar_year(2025)
    )
    (problem,) = actions.parsed_return(small).warnings
    assert problem.code == "jump"
    assert "430" in problem.text
    quarter = drafted(
        cast.fanta, content(victims_identified=line("12")), window=Window.quarter(2026, 1)
    )
    assert actions.parsed_return(quarter).problems == []


# --- All or nothing -------------------------------------------------------------------------


@pytest.fixture
def power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """The consequences of an act fail: the act must not have happened."""

    def fail(actor: Actor, verb: str, subject: object) -> None:
        if verb in ("return.accept", "return.query", "return.submit"):
            raise OSError("power cut")

    from danbe.core import actions as core

    monkeypatch.setattr(core, "consequences", [*core.consequences, fail])


def test_an_act_cut_half_way_leaves_nothing_behind(cast: Cast, power_cut: None) -> None:
    row = drafted(cast.fanta, TYPED)
    before = AuditEvent.objects.count()
    with pytest.raises(OSError, match="power cut"):
        submit_return(cast.fanta, row)
    kept = Return.unscoped.get(pk=row.pk)
    assert (kept.status, kept.submitted_at) == (Status.DRAFT, None)
    assert not ReturnNote.unscoped.filter(to=row).exists()
    assert AuditEvent.objects.count() == before


def test_an_acceptance_cut_half_way_counts_nothing(
    cast: Cast, request: pytest.FixtureRequest
) -> None:
    row = submitted(cast.fanta, TYPED)
    request.getfixturevalue("power_cut")
    with pytest.raises(OSError, match="power cut"):
        accept_return(cast.esther, row)
    assert Return.unscoped.get(pk=row.pk).status == Status.SUBMITTED
    assert counted() is None


# --- The same fact from two bodies ----------------------------------------------------------


def raid(total: str, place: str, day: str) -> dict[str, object]:
    """One dated event."""
    return content(victims_identified=line(total, place, since=day))


@pytest.fixture
def caritas(cast: Cast) -> Actor:
    """The focal point of an organisation that helped at the same raid."""
    return focal_point("salif", "CARITAS")


def test_one_raid_told_by_two_bodies_is_put_before_a_human(cast: Cast, caritas: Actor) -> None:
    accepted(cast.fanta, cast.esther, raid("40", "kayes-2023", "2024-03-15"))
    accepted(
        caritas, cast.esther, raid("42", "cercle-kayes-2023", "2024-03-16"), axes=["protection"]
    )
    overlap = Overlap.objects.get()
    assert (overlap.reason, overlap.status) == ("same_event", OverlapStatus.OPEN)
    assert overlap.place_id == "kayes-2023"
    assert counted() == 82  # counted until somebody decides


@pytest.mark.parametrize(
    "other",
    [
        raid("42", "gao-2016", "2024-03-15"),
        raid("42", "kayes-2023", "2024-06-15"),
        raid("4", "kayes-2023", "2024-03-15"),
        content(victims_assisted=line("40", "kayes-2023", since="2024-03-15")),
    ],
)
def test_other_places_days_sizes_and_units_are_not(
    cast: Cast, caritas: Actor, other: dict[str, object]
) -> None:
    accepted(cast.fanta, cast.esther, raid("40", "kayes-2023", "2024-03-15"))
    accepted(caritas, cast.esther, other, axes=["protection"])
    assert not Overlap.objects.exists()


def test_two_equal_yearly_totals_of_one_place_are_and_small_ones_are_not(
    cast: Cast, caritas: Actor
) -> None:
    typed = content(victims_identified=line("122"), victims_sheltered=line("3"))
    accepted(cast.fanta, cast.esther, typed)
    accepted(caritas, cast.esther, typed, axes=["protection"])
    assert Overlap.objects.get().reason == "same_value"


def test_one_fact_is_counted_once_and_the_decision_can_be_taken_back(
    cast: Cast, caritas: Actor
) -> None:
    mine = accepted(cast.fanta, cast.esther, raid("40", "kayes-2023", "2024-03-15"))
    accepted(caritas, cast.esther, raid("42", "kayes-2023", "2024-03-15"), axes=["protection"])
    overlap = Overlap.objects.get()
    with pytest.raises(DomainError):
        decide_overlap(cast.esther, overlap, status="same", note="même procès-verbal")
    with pytest.raises(DomainError):
        decide_overlap(cast.esther, overlap, status="same", kept=mine.pk)
    with pytest.raises(NotAllowed):
        decide_overlap(cast.garan, overlap, status="same", kept=mine.pk, note="même procès-verbal")
    decide_overlap(cast.esther, overlap, status="same", kept=mine.pk, note="même procès-verbal")
    assert counted() == 40
    decide_overlap(cast.esther, overlap, status="distinct", note="deux convois")
    assert counted() == 82


def test_when_the_number_kept_is_queried_the_other_one_counts_again(
    cast: Cast, caritas: Actor
) -> None:
    mine = accepted(cast.fanta, cast.esther, raid("40", "kayes-2023", "2024-03-15"))
    accepted(caritas, cast.esther, raid("42", "kayes-2023", "2024-03-15"), axes=["protection"])
    decide_overlap(
        cast.esther, Overlap.objects.get(), status="same", kept=mine.pk, note="même convoi"
    )
    query_return(cast.esther, mine, note="combien ?")
    assert counted() == 42
    submit_return(cast.fanta, mine)
    accept_return(cast.esther, mine)
    assert counted() == 40  # the decision on the same two numbers stands
    query_return(cast.esther, mine, note="combien ?")
    save_content(cast.fanta, mine, content=raid("41", "kayes-2023", "2024-03-15"))
    submit_return(cast.fanta, mine)
    accept_return(cast.esther, mine)
    assert Overlap.objects.get().status == OverlapStatus.OPEN  # another number: decide again
    assert counted() == 83


def test_a_number_that_gave_way_twice_counts_only_when_both_are_taken_back(cast: Cast) -> None:
    bodies = [focal_point(f"f{n}", code) for n, code in enumerate(("CARITAS", "ENDA", "KANUYA"))]
    rows = [
        accepted(actor, cast.esther, raid("40", "kayes-2023", "2024-03-15"), axes=["protection"])
        for actor in bodies
    ]
    last = rows[2].pk
    for overlap in Overlap.objects.all():
        if last in (overlap.first_id, overlap.second_id):
            other = ({overlap.first_id, overlap.second_id} - {last}).pop()
            decide_overlap(cast.esther, overlap, status="same", kept=other, note="même convoi")
    assert counted() == 80
    mine = [o for o in Overlap.objects.all() if last in (o.first_id, o.second_id)]
    decide_overlap(cast.esther, mine[0], status="distinct")
    assert counted() == 80
    decide_overlap(cast.esther, mine[1], status="distinct")
    assert counted() == 120


# --- Files ----------------------------------------------------------------------------------

NAME = "procès-verbal de Kayes.pdf"
PDF = b"%PDF-1.7 contenu confidentiel"


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Path]:
    """A media folder of this test."""
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield tmp_path / "media"


def stolen(media: Path) -> bytes:
    """Everything a thief finds: names and contents of files, every row of every table."""
    found = [str(p).encode() + (p.read_bytes() if p.is_file() else b"") for p in media.rglob("*")]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr([[_plain(v) for v in row] for row in cursor.fetchall()]).encode())
    return b"\n".join(found)


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def test_a_joined_file_opens_for_its_body_and_is_unreadable_to_a_thief(
    cast: Cast, media: Path
) -> None:
    file = attach(cast.fanta, opened(cast.fanta), name=NAME, data=PDF)
    loot = stolen(media)
    for secret in ("Kayes.pdf", "procès-verbal", "confidentiel"):
        assert secret.encode() not in loot
        assert repr(secret.encode())[2:-1].encode() not in loot
    assert open_attachment(cast.fanta, file) == (NAME, PDF)
    assert open_attachment(cast.esther, file) == (NAME, PDF)
    assert AuditEvent.objects.filter(verb="attachment.open", subject_id=str(file.pk)).count() == 2


def test_nobody_else_opens_it(cast: Cast, media: Path) -> None:
    file = attach(cast.fanta, opened(cast.fanta), name=NAME, data=PDF)
    for actor in (focal_point("moussa", "MJDH"), cast.garan, cast.jeneba, cast.coumba):
        with pytest.raises(NotAllowed):
            open_attachment(actor, file)


def test_a_destroyed_file_opens_nowhere_not_even_from_a_copy(cast: Cast, media: Path) -> None:
    row = opened(cast.fanta)
    file = attach(cast.fanta, row, name=NAME, data=PDF)
    copy = attachment_path(file).read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda function: function())
        detach(cast.fanta, file)
    assert not attachment_path(file).exists()
    attachment_path(file).write_bytes(copy)
    with pytest.raises(SealBroken):
        open_attachment(cast.fanta, Attachment.unscoped.get(pk=file.pk))


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("rapport.exe", b"MZ", "attachment.type"),
        ("rapport", b"%PDF-1", "attachment.type"),
        ("rapport.pdf", b"", "attachment.size"),
        ("rapport.pdf", b"%PDF-" + b"x" * sealed_files.MAX_FILE, "attachment.size"),
        ("rapport.pdf", b"<script>alert(1)</script>", "attachment.content"),
        ("tableau.xlsx", b"\xd0\xcf\x11\xe0 an old .xls", "attachment.content"),
        ("note.txt", b"abc\0def", "attachment.content"),
    ],
)
def test_files_that_are_not_what_they_should_be_are_refused(
    cast: Cast, media: Path, name: str, data: bytes, code: str
) -> None:
    row = opened(cast.fanta)
    with pytest.raises(DomainError) as refusal:
        attach(cast.fanta, row, name=name, data=data)
    assert code_of(refusal) == code
    assert not Attachment.unscoped.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Fanta\\liste.txt", "liste.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("é" * 300 + ".txt", "é" * 110 + ".txt"),
    ],
)
def test_the_name_of_a_file_leads_nowhere(cast: Cast, media: Path, given: str, kept: str) -> None:
    file = attach(cast.fanta, opened(cast.fanta), name=given, data=b"texte")
    assert open_attachment(cast.fanta, file)[0] == kept


def test_a_sealed_file_moved_to_another_row_does_not_open(cast: Cast, media: Path) -> None:
    row = opened(cast.fanta)
    one = attach(cast.fanta, row, name="un.txt", data=b"un")
    two = attach(cast.fanta, row, name="deux.txt", data=b"deux")
    attachment_path(one).write_bytes(attachment_path(two).read_bytes())
    with pytest.raises(SealBroken):
        open_attachment(cast.fanta, one)


def test_a_return_holds_a_bounded_number_of_files(
    cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MAX_ATTACHMENTS", 1)
    row = opened(cast.fanta)
    attach(cast.fanta, row, name="un.txt", data=b"un")
    with pytest.raises(DomainError) as refusal:
        attach(cast.fanta, row, name="deux.txt", data=b"deux")
    assert code_of(refusal) == "attachment.number"
