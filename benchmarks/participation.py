"""The making of a plan by everybody, and the Committee, at the size of a nation: for ``plan``.

A text of 500 clauses in two versions and a draft, 10,000 contributions of which four in five are
answered, 200 meetings. Fictitious, and the same for the same seed.
"""

from typing import Any

from benchmarks.measuring import Page

N_CONTRIBUTIONS, N_MEETINGS = 10_000, 200


def generate(plan: Any) -> None:
    """Make them beside ``plan``, whose activities carry the first clauses out."""
    from danbe.accounts.models import Post
    from danbe.jobs.demo import secretariat
    from danbe.plan import answer_actions, text_actions
    from danbe.plan.models import Activity, Clause, TextVersion
    from tests.partnership import committee_makers
    from tests.plan import contribution_makers, participation_makers

    esther = secretariat()
    process = participation_makers.drafting(esther)
    old = participation_makers.large_text(process)
    clauses = list(Clause.objects.filter(versions__version=old).order_by("versions__order"))
    new = TextVersion.objects.create(process=process, number=2, status="published")
    participation_makers.fill(new, [*clauses[5:], *clauses[:5]], word="second")
    text_actions.begin_text(esther, process)
    post = Post.objects.get(pk=esther.seat.post_id)
    contribution_makers.with_many(process, post=post, n=N_CONTRIBUTIONS)
    carried = zip(clauses[5:45], Activity.unscoped.filter(plan=plan)[:40], strict=True)
    for clause, activity in carried:
        answer_actions.link_activity(esther, clause, activity)
    committee_makers.many(esther, N_MEETINGS)


def counts() -> str:
    """What the database holds of it."""
    from danbe.partnership.models import Meeting
    from danbe.plan.models import ClauseVersion, Contribution

    return (
        f"{ClauseVersion.objects.count():,} clauses in three versions, "
        f"{Contribution.unscoped.count():,} contributions, {Meeting.unscoped.count()} meetings"
    )


def pages(is_sqlite: bool) -> list[Page]:
    """What is timed; the floor of each is the rows that it shows."""
    from danbe.partnership.models import Assembly
    from danbe.plan.models import ClauseActivity, TextVersion

    first, second, draft = TextVersion.objects.order_by("process", "number")[:3]
    process = second.process_id
    assembly = Assembly.unscoped.get(code="MILLE")
    clause = ClauseActivity.objects.values_list("clause_id", flat=True)[0]

    def key(pk: Any) -> Any:
        return pk.hex if is_sqlite else str(pk)

    def rows(table: str, column: str, pk: Any, more: str = "") -> tuple[str, tuple[Any, ...]]:
        return f"SELECT * FROM {table} WHERE {column} = %s {more}", (key(pk),)

    texts = [rows("plan_clauseversion", "version_id", v.pk) for v in (first, second)]
    some = [rows("plan_contribution", "process_id", process, "ORDER BY number LIMIT 50")]
    of_clause = [rows("plan_contribution", "clause_id", clause)]
    meetings = [rows("partnership_meeting", "assembly_id", assembly.pk)]
    compared = f"/participation/text/{first.pk}/compare/{second.pk}/"
    contributions = f"/contributions/process/{process}/"
    return [
        Page("Text of 500 clauses", f"/participation/text/{second.pk}/", texts[1:]),
        Page("Comparison of two texts", compared, texts),
        Page("Text being written", f"/participation/text/{draft.pk}/edit/", texts[1:]),
        Page("Contributions", contributions, some),
        Page("Contributions that hold a word", f"{contributions}?q=orpaillage", some),
        Page("Trace of a clause", f"/contributions/clause/{clause}/", of_clause),
        Page("Validation", f"/participation/{process}/validation/"),
        Page("Assembly of 200 meetings", f"/committee/assemblies/{assembly.pk}/", meetings),
        Page("Meetings", "/committee/meetings/", meetings),
        Page("Attendance", "/committee/attendance/"),
        Page("Decisions", "/committee/decisions/"),
    ]
