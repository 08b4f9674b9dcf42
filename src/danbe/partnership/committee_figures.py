"""Figures of the Committee computed from its own records: P4.01, P4.02, P4.03.

Counts only: no meeting and no decision is shown here, so no actor is asked. The builder of the
figures of the registers may call these; each follows the words of its definition.
"""

from danbe.partnership.committee_models import Decision, DecisionStatus, Meeting, MeetingStatus
from danbekit.dates import Window


def meetings_held(window: Window, *, with_fiction: bool = False) -> dict[str, int]:
    """P4.01: meetings held in ``window`` of which there are minutes, by kind of meeting.

    A meeting convened then cancelled does not count, nor one without minutes. Keys are codes of
    the list ``meeting_kind``; the total is the sum (a meeting has one kind). Minutes are those
    typed or imported; a signed file alone does not make them.
    """
    rows = Meeting.unscoped.filter(
        status=MeetingStatus.HELD,
        minutes_at__isnull=False,
        date__range=(window.start, window.end),
    )
    if not with_fiction:
        rows = rows.filter(is_fictitious=False)
    counted: dict[str, int] = {}
    for kind in rows.values_list("kind", flat=True):
        counted[kind] = counted.get(kind, 0) + 1
    return counted


def decisions_taken(window: Window, *, with_fiction: bool = False) -> int:
    """P4.02: decisions of the meetings held in ``window`` with an owner and a deadline.

    By the day of the meeting. What has no owner or no deadline is a wish, not a decision, and is
    left out, whatever became of it since.
    """
    rows = Decision.unscoped.filter(
        meeting__status=MeetingStatus.HELD,
        meeting__date__range=(window.start, window.end),
        organisation__isnull=False,
        deadline__isnull=False,
    )
    return (rows if with_fiction else rows.filter(meeting__is_fictitious=False)).count()


def decisions_carried_out(window: Window, *, with_fiction: bool = False) -> int:
    """P4.03: decisions whose full execution is dated in ``window``, whatever year they are of.

    By the day of execution told by the owner; the archive's decisions without that day are left
    out, being of no known period. Owner and deadline are asked as for P4.02.
    """
    rows = Decision.unscoped.filter(
        status=DecisionStatus.DONE,
        settled_on__range=(window.start, window.end),
        organisation__isnull=False,
        deadline__isnull=False,
    )
    return (rows if with_fiction else rows.filter(meeting__is_fictitious=False)).count()
