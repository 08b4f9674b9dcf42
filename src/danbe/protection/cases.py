"""Cases as people ask for them: lists, what is due, what waits, and how a case went."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Holding, Post
from danbe.core.access import ROLES, Actor, Role, visible
from danbe.core.errors import DomainError
from danbe.partnership.queries import service_types
from danbe.protection.models import Case, CaseChange, Feedback, Task
from danbe.protection.numbers import read_number
from danbe.protection.vocabulary import CaseStatus, Change, Closing, Level

# What cannot be undone without harm waits for somebody else.
APPROVED = frozenset({Closing.LOST, Closing.DECEASED, Closing.NOT_CONCERNED})
GRAVE = frozenset({Level.HIGH, Level.IMMEDIATE})


def waits_for_approval(case: Case, closing: Closing) -> bool:
    """Whether closing so needs a supervisor: lost, deceased, not concerned; a wish in danger."""
    return closing in APPROVED or (closing == Closing.WISH and case.level in GRAVE)


def must_be_open(case: Case) -> None:
    """Nothing is written in a closed case: reopen it. Nor in one whose person was erased."""
    if case.person.erased_at:
        raise DomainError("case.erased", _("This record was erased."))
    if case.status != CaseStatus.OPEN:
        raise DomainError("case.closed", _("This case is closed: reopen it first."))


def asked_closing(case: Case) -> CaseChange | None:
    """The request to close that waits, if one does."""
    if case.closing_asked_at is None:
        return None
    rows = CaseChange.unscoped.filter(case=case, what=Change.ASKED)
    last: CaseChange | None = rows.order_by("-recorded_at", "-pk").first()
    return last


# --- Lists ---------------------------------------------------------------------------------

ANY = "all"


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What a list is asked for. A value that means nothing finds nothing."""

    text: str = ""  # the number of a case or of a person
    scope: str = ""  # "" the body's, "mine" the post's, or the identifier of a post
    status: str = CaseStatus.OPEN  # open, closed, asked (waits for approval), all
    region: str = ""
    level: str = ""
    pathway: str = ""
    overdue: bool = False

    def apply(self, actor: Actor, rows: QuerySet[Case]) -> QuerySet[Case]:
        """The cases asked for."""
        if self.text:
            return _numbered(rows, self.text)
        rows = _of_scope(actor, rows, self.scope)
        if self.status == "asked":
            rows = rows.filter(closing_asked_at__isnull=False)
        elif self.status != ANY:
            rows = rows.filter(status=self.status)
        if self.region:
            rows = rows.filter(region_id=self.region)
        if self.level:
            rows = rows.filter(level=self.level)
        if self.pathway:
            rows = rows.filter(person__pathway=self.pathway)
        if self.overdue:
            rows = rows.filter(status=CaseStatus.OPEN, next_due_on__lt=timezone.localdate())
        return rows


def _numbered(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """By the number of the case or of the person, whole; by the beginning of the former."""
    number = read_number(text)
    if number is None:
        return rows.filter(number__startswith=text.upper())
    return rows.filter(Q(number=number) | Q(person__national__number=number))


def _of_scope(actor: Actor, rows: QuerySet[Case], scope: str) -> QuerySet[Case]:
    if not scope:
        return rows
    if scope == "mine":
        return rows.filter(post_id=actor.seat.post_id)
    try:
        return rows.filter(post_id=uuid.UUID(scope))
    except ValueError:
        return rows.none()


def case_list(actor: Actor, filters: CaseFilters) -> QuerySet[Case]:
    """The cases within reach that answer, with what a line shows."""
    rows = visible(actor, Case, "case.read").select_related("person__national", "post", "region")
    return filters.apply(actor, rows)


def overdue_cases(actor: Actor, *, post_id: uuid.UUID | None = None) -> QuerySet[Case]:
    """Open cases with something overdue, the longest overdue first; what it is, in ``late``.

    By case, not by task: an index finds them, and one visit often settles several dates.
    """
    today = timezone.localdate()
    late = Task.unscoped.filter(done_on=None, is_cancelled=False, due_on__lt=today)
    rows = visible(actor, Case, "case.read").filter(status=CaseStatus.OPEN, next_due_on__lt=today)
    if post_id is not None:
        rows = rows.filter(post_id=post_id)
    rows = rows.select_related("person__national", "post").order_by("next_due_on", "pk")
    return rows.prefetch_related(Prefetch("tasks", late, to_attr="late"))


def due_today(actor: Actor) -> QuerySet[Case]:
    """Open cases of the actor's post with something due today."""
    rows = visible(actor, Case, "case.read").filter(status=CaseStatus.OPEN)
    return rows.filter(post_id=actor.seat.post_id, next_due_on=timezone.localdate())


@dataclass(frozen=True, slots=True)
class Waiting:
    """One closing that waits for a supervisor."""

    case: Case
    asked: CaseChange
    is_own: bool  # the reader asked: somebody else decides


def approvals(actor: Actor) -> list[Waiting]:
    """The closings that wait, the oldest first."""
    rows = visible(actor, Case, "case.approve").filter(closing_asked_at__isnull=False)
    cases = list(rows.select_related("person__national", "post").order_by("closing_asked_at"))
    asked: dict[uuid.UUID, CaseChange] = {}
    changes = visible(actor, CaseChange, "case.approve").filter(case__in=cases)
    for change in changes.filter(what=Change.ASKED).select_related("post").order_by("pk"):
        asked[change.case_id] = change
    return [
        Waiting(case, asked[case.pk], _asked_it(actor, asked[case.pk]))
        for case in cases
        if case.pk in asked
    ]


def _asked_it(actor: Actor, change: CaseChange) -> bool:
    return actor.post_id == change.post_id or actor.user_id == change.user_id


def complaints(actor: Actor) -> QuerySet[Feedback]:
    """The complaints that the actor answers, those without an answer first."""
    rows = visible(actor, Feedback, "feedback.answer").filter(is_complaint=True)
    rows = rows.exclude(about_post_id=actor.post_id).select_related("case", "about_post")
    return rows.order_by(F("answered_on").asc(nulls_first=True), "-on")


# --- Caseload ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Load:
    """The open cases of one post."""

    post: Post
    holder: str  # empty: nobody sits there
    n_open: int
    n_overdue: int
    n_grave: int
    n_new: int  # opened in the last thirty days


def care_posts(actor: Actor) -> list[Post]:
    """The open posts of the actor's body that care for people."""
    roles = [role for role in Role if "case.write" in ROLES[role]]
    rows = Post.objects.filter(organisation_id=actor.seat.organisation_id, is_active=True)
    return list(rows.filter(role__in=roles).order_by("title"))


def caseload(actor: Actor) -> list[Load]:
    """What each post of the body carries; posts closed or vacant that still have cases, too."""
    today = timezone.localdate()
    month = today - datetime.timedelta(days=30)
    grave = [level.value for level in GRAVE]
    rows = visible(actor, Case, "caseload.read").filter(status=CaseStatus.OPEN).order_by()
    counted = {
        row[0]: row[1:]
        for row in rows.values("post_id")
        .annotate(
            n_open=Count("*"),
            n_overdue=Count(Value(1), filter=Q(next_due_on__lt=today)),
            n_grave=Count(Value(1), filter=Q(level__in=grave)),
            n_new=Count(Value(1), filter=Q(opened_on__gt=month)),
        )
        .values_list("post_id", "n_open", "n_overdue", "n_grave", "n_new")
    }
    posts = {post.pk: post for post in care_posts(actor)}
    posts |= Post.objects.in_bulk([pk for pk in counted if pk not in posts])
    seated = Holding.objects.filter(post__in=posts, until=None).select_related("user")
    holders = {holding.post_id: holding.user.name for holding in seated}
    loads = [
        Load(post, holders.get(pk, ""), *counted.get(pk, (0, 0, 0, 0)))
        for pk, post in posts.items()
    ]
    return sorted(loads, key=lambda load: (-load.n_open, load.post.title))


# --- One case ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened in a case, without anything sealed."""

    date: datetime.date
    title: str
    text: str
    who: str
    tone: str = ""


def timeline(actor: Actor, case: Case) -> list[Moment]:
    """What happened, the latest first."""
    moments = [*_changes(actor, case), *_findings(case), *_received(case)]
    return sorted(moments, key=lambda moment: moment.date, reverse=True)


def _changes(actor: Actor, case: Case) -> list[Moment]:
    rows = visible(actor, CaseChange, "case.read").filter(case=case)
    tones: dict[str, str] = {"closed": "good", "refused": "bad", "asked": "warn"}
    return [
        Moment(
            row.on,
            row.get_what_display(),
            row.to_post.title if row.to_post else row.get_closing_display(),
            row.post.title,
            tones.get(row.what, ""),
        )
        for row in rows.select_related("post", "to_post")
    ]


def _findings(case: Case) -> list[Moment]:
    grave = [level.value for level in GRAVE]
    assessed = [
        Moment(
            row.on,
            row.get_kind_display(),
            row.get_level_display(),
            row.post.title,
            "bad" if row.level in grave else "",
        )
        for row in case.assessments.select_related("post")
    ]
    return assessed + [
        Moment(
            row.on,
            _("Follow-up") if row.was_reached else _("Follow-up: nobody was reached"),
            _("Milestone: %(n)d months") % {"n": row.month} if row.month else "",
            row.post.title,
            "" if row.was_reached else "warn",
        )
        for row in case.follow_ups.select_related("post")
    ]


def _received(case: Case) -> list[Moment]:
    named = dict(service_types())
    return [
        Moment(
            row.start,
            named.get(row.type, row.type),
            row.get_status_display(),
            row.post.title,
        )
        for row in case.services.select_related("post")
        if row.start and row.start <= timezone.localdate()
    ]
