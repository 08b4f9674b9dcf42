"""The text: clauses with stable ids, drafts that two tabs cannot spoil, versions that stay."""

import pytest

from danbe.core.errors import DomainError, NotAllowed
from danbe.plan import text_actions
from danbe.plan.comparison import Change, longest_run, pairs_of
from danbe.plan.models import Clause, ClauseVersion, Level, TextVersion
from danbe.plan.numbering import follows, numbers_of, roman
from danbe.plan.text_actions import Words, mark_of
from tests.conftest import Cast
from tests.plan import participation_makers as makers
from tests.plan.test_participation_actions import refused

pytestmark = pytest.mark.django_db
PARAGRAPH = Words(Level.PARAGRAPH, "", "Une clause fictive.")


def numbers(version: TextVersion) -> list[str]:
    return [row.number for row in version.clauses.order_by("order")]


def test_parts_articles_and_paragraphs_are_numbered_as_in_a_law() -> None:
    levels = "paragraph part article paragraph paragraph part article paragraph".split()
    assert numbers_of(levels) == ["0.1", "I", "1", "1.1", "1.2", "II", "2", "2.1"]
    assert [roman(n) for n in (4, 9, 14, 40, 1990)] == ["IV", "IX", "XIV", "XL", "MCMXC"]
    assert follows(levels, 1) == 5
    assert follows(levels, 2) == 5
    assert follows(levels, 6) == 8


def test_a_pasted_text_becomes_clauses(cast: Cast) -> None:
    draft = makers.draft_text(cast.esther, makers.drafting(cast.esther))
    assert numbers(draft) == ["I", "1", "1.1", "2", "II", "3"]
    assert makers.row(draft, "1").heading == "Information du public"
    assert makers.row(draft, "1").text == "Le Comité informe le public (fictif)."


def test_what_cannot_be_pasted_is_refused_whole(cast: Cast) -> None:
    version = text_actions.begin_text(cast.esther, makers.drafting(cast.esther))
    for typed, code in [
        (" \n\n ", "text.nothing"),
        ("court\n\n" + "x" * 10_001, "text.too_long"),
        ("x" * 500_001, "text.too_long"),
        ("\n\n".join(["a"] * 2_001), "text.too_many"),
        ("un\x00signe", "text.signs"),
    ]:
        with refused(code):
            text_actions.paste_clauses(cast.esther, version, typed, edition=1)
    assert not version.clauses.exists()


def test_clauses_are_added_changed_moved_and_removed_in_a_draft(cast: Cast) -> None:
    draft = makers.draft_text(cast.esther, makers.drafting(cast.esther))
    added = text_actions.add_clause(
        cast.esther, draft, PARAGRAPH, after=makers.clause(draft, "1.1")
    )
    assert numbers(draft) == ["I", "1", "1.1", "1.2", "2", "II", "3"]
    assert makers.row(draft, "1.2").clause_id == added.clause_id
    first = text_actions.add_clause(cast.esther, draft, PARAGRAPH, after=None)
    assert first.number == "0.1"
    was = makers.row(draft, "2")
    text_actions.change_clause(
        cast.esther, draft, was.clause, Words(Level.ARTICLE, "Collèges"), seen=mark_of(was)
    )
    assert makers.row(draft, "2").heading == "Collèges"
    text_actions.move_clause(
        cast.esther, draft, makers.clause(draft, "1"), after=makers.clause(draft, "3")
    )
    assert [r.heading or r.text for r in draft.clauses.order_by("order")][-3:] == [
        "Information du public",
        "Chaque région reçoit une caravane par an (fictif).",
        "Une clause fictive.",
    ]
    gone = makers.row(draft, "2")
    text_actions.remove_clause(cast.esther, draft, gone.clause, seen=mark_of(gone))
    assert not Clause.objects.filter(pk=gone.clause_id).exists()  # nothing pointed at it
    orders = [r.order for r in draft.clauses.order_by("order")]
    assert orders == list(range(1, len(orders) + 1))


def test_two_tabs_never_overwrite_each_other(cast: Cast) -> None:
    draft = makers.draft_text(cast.esther, makers.drafting(cast.esther))
    row = makers.row(draft, "1.1")
    seen = mark_of(row)
    text_actions.change_clause(cast.esther, draft, row.clause, PARAGRAPH, seen=seen)
    other = Words(Level.PARAGRAPH, "", "L’autre onglet.")
    with refused("text.stale"):
        text_actions.change_clause(cast.esther, draft, row.clause, other, seen=seen)
    with refused("text.stale"):
        text_actions.remove_clause(cast.esther, draft, row.clause, seen=seen)
    assert makers.row(draft, "1.1").text == PARAGRAPH.text
    with refused("text.stale"):
        text_actions.publish_text(cast.esther, draft, edition=2, note="")
    with refused("text.stale"):
        text_actions.discard_text(cast.esther, draft, edition=2)


def test_a_removed_neighbour_or_clause_is_told(cast: Cast) -> None:
    draft = makers.draft_text(cast.esther, makers.drafting(cast.esther))
    row = makers.row(draft, "1.1")
    text_actions.remove_clause(cast.esther, draft, row.clause, seen=mark_of(row))
    with refused("text.gone"):
        text_actions.add_clause(cast.esther, draft, PARAGRAPH, after=row.clause)
    with refused("text.gone"):
        text_actions.change_clause(cast.esther, draft, row.clause, PARAGRAPH, seen=mark_of(row))
    with refused("text.inside_itself"):
        part = makers.clause(draft, "I")
        text_actions.move_clause(cast.esther, draft, part, after=makers.clause(draft, "2"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (Words("chapter", "", "x"), "text.level"),
        (Words(Level.ARTICLE), "text.nothing"),
        (Words(Level.PARAGRAPH, "Titre seul"), "text.nothing"),
        (Words(Level.ARTICLE, "x" * 301), "text.too_long"),
        (Words(Level.PARAGRAPH, "", "x" * 10_001), "text.too_long"),
    ],
)
def test_a_clause_that_says_nothing_or_too_much_is_refused(
    cast: Cast, words: Words, code: str
) -> None:
    draft = text_actions.begin_text(cast.esther, makers.drafting(cast.esther))
    with refused(code):
        text_actions.add_clause(cast.esther, draft, words, after=None)


def test_a_published_version_does_not_change(cast: Cast) -> None:
    version = makers.published_text(cast.esther)
    row = makers.row(version, "1.1")
    for act in (
        lambda: text_actions.add_clause(cast.esther, version, PARAGRAPH, after=None),
        lambda: text_actions.change_clause(
            cast.esther, version, row.clause, PARAGRAPH, seen=mark_of(row)
        ),
        lambda: text_actions.move_clause(cast.esther, version, row.clause, after=None),
        lambda: text_actions.remove_clause(cast.esther, version, row.clause, seen=mark_of(row)),
        lambda: text_actions.paste_clauses(cast.esther, version, "x", edition=version.edition),
        lambda: text_actions.discard_text(cast.esther, version, edition=version.edition),
        lambda: text_actions.publish_text(cast.esther, version, edition=version.edition, note=""),
    ):
        with refused("text.published"):
            act()


def test_the_secretariat_alone_writes(cast: Cast) -> None:
    process = makers.drafting(cast.esther)
    for actor in (cast.fanta, cast.issa, cast.garan):
        with pytest.raises(NotAllowed):
            text_actions.begin_text(actor, process)


def test_an_empty_text_is_not_published_and_one_draft_is_enough(cast: Cast) -> None:
    draft = text_actions.begin_text(cast.esther, makers.drafting(cast.esther))
    with refused("text.empty"):
        text_actions.publish_text(cast.esther, draft, edition=1, note="")
    with refused("text.draft_exists"):
        text_actions.begin_text(cast.esther, draft.process)


def test_the_next_version_has_the_same_clauses_and_throwing_it_away_loses_none(
    cast: Cast,
) -> None:
    version = makers.published_text(cast.esther)
    ids = set(version.clauses.values_list("clause_id", flat=True))
    draft = text_actions.begin_text(cast.esther, version.process)
    assert draft.number == 2
    assert set(draft.clauses.values_list("clause_id", flat=True)) == ids
    new = text_actions.add_clause(cast.esther, draft, PARAGRAPH, after=None)
    draft.refresh_from_db()
    text_actions.discard_text(cast.esther, draft, edition=draft.edition)
    assert set(Clause.objects.values_list("pk", flat=True)) == ids
    assert not ClauseVersion.objects.filter(clause_id=new.clause_id).exists()


def test_two_versions_are_compared_clause_by_clause_by_their_stable_id(cast: Cast) -> None:
    old = makers.published_text(cast.esther)
    new = makers.amended(cast.esther, old)
    pairs = pairs_of(old, new)
    told = {
        (pair.new or pair.old).number: pair.change  # type: ignore[union-attr]
        for pair in pairs
        if pair.change is not Change.SAME
    }
    assert sorted(told.values()) == ["added", "changed", "moved", "removed"]
    changed = next(pair for pair in pairs if pair.change is Change.CHANGED)
    assert [(p.kind, p.text.strip()) for p in changed.text if p.kind != "same"] == [
        ("removed", "une caravane"),
        ("added", "deux caravanes"),
    ]
    moved = next(pair for pair in pairs if pair.change is Change.MOVED)
    assert moved.new is not None
    assert moved.new.heading == "Accueil"


def test_identical_versions_have_no_difference_and_a_version_without_text_has_all(
    cast: Cast,
) -> None:
    old = makers.published_text(cast.esther)
    same = text_actions.begin_text(cast.esther, old.process)
    assert {pair.change for pair in pairs_of(old, same)} == {Change.SAME}
    empty = TextVersion(process=old.process, number=9)
    assert {pair.change for pair in pairs_of(empty, old)} == {Change.ADDED}
    assert {pair.change for pair in pairs_of(old, empty)} == {Change.REMOVED}


def test_the_longest_run_tells_what_kept_its_order() -> None:
    assert longest_run([]) == []
    assert longest_run([0, 1, 2]) == [0, 1, 2]
    assert [[3, 0, 1, 2][i] for i in longest_run([3, 0, 1, 2])] == [0, 1, 2]
    assert len(longest_run([4, 3, 2, 1])) == 1


def test_a_domain_error_names_the_field(cast: Cast) -> None:
    draft = text_actions.begin_text(cast.esther, makers.drafting(cast.esther))
    with pytest.raises(DomainError) as told:
        text_actions.add_clause(cast.esther, draft, Words("article", "x" * 301), after=None)
    assert told.value.field == "heading"
