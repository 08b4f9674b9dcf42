"""The life of a case: opened, closed, approved, reopened, moved. Each change is kept."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.accounts.models import Post
from danbe.core.access import ROLES, Actor, Role, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.protection import door
from danbe.protection.care_dates import cancel, open_tasks, plan_again, plan_milestones
from danbe.protection.cases import asked_closing, must_be_open, waits_for_approval
from danbe.protection.models import Case, CaseChange, Person
from danbe.protection.numbers import new_number
from danbe.protection.vocabulary import (
    CaseStatus,
    Change,
    Closing,
    FieldGroup,
)


@action("case.open")
def open_case(actor: Actor, person: Person, *, on: datetime.date | None = None) -> Case:
    """The care of ``person`` by the actor's body. Nothing is asked in return for it.

    A body has one case of a person: the open one is given back as it is; a closed one is
    reopened (with a reason where somebody writes one: :func:`reopen_case`).
    """
    if person.erased_at:
        raise DomainError("case.erased", _("This record was erased."))
    day = _day(on)
    found: Case | None = Case.unscoped.filter(
        person=person, organisation_id=actor.seat.organisation_id
    ).first()
    if found is not None:
        return _reopen(actor, found, day) if found.status == CaseStatus.CLOSED else found
    post = Post.objects.select_related("organisation").get(pk=actor.seat.post_id)
    case: Case = Case.unscoped.create(
        number=new_number("PC"),
        person=person,
        organisation_id=actor.seat.organisation_id,
        post=post,
        region_id=post.region_id or post.organisation.region_id or person.region_id,
        opened_on=day,
    )
    _changed(actor, case, Change.OPENED, day)
    plan_milestones(actor, case, day)
    return case


@action("case.close")
def close_case(
    actor: Actor, case: Case, closing: Closing, *, reason: str, on: datetime.date | None = None
) -> Case:
    """Close at once, or ask a supervisor where it could do harm that cannot be undone."""
    must_be_open(case)
    if case.closing_asked_at:
        raise DomainError("case.asked", _("A closing already waits for approval."))
    _said(reason)
    day = _day(on, case.opened_on)
    door.put(actor, case.person, FieldGroup.INTERNAL, "closing", reason, subject=case.pk)
    if waits_for_approval(case, closing):
        case.closing_asked_at = timezone.now()
        case.save(update_fields=["closing_asked_at"])
        _changed(actor, case, Change.ASKED, day, closing)
        return case
    return _close(actor, case, closing, day)


@action("case.close")
def keep_open(actor: Actor, case: Case) -> Case:
    """Take back a request to close."""
    asked = _asked(case)
    _changed(actor, case, Change.KEPT, timezone.localdate(), Closing(asked.closing))
    case.closing_asked_at = None
    case.save(update_fields=["closing_asked_at"])
    return case


@action("case.approve")
def approve_closing(actor: Actor, case: Case) -> Case:
    """Close the case as asked, by somebody else than who asked: it is closed today."""
    asked = _asked_by_another(actor, case)
    return _close(actor, case, Closing(asked.closing), timezone.localdate())


@action("case.approve")
def refuse_closing(actor: Actor, case: Case, *, reason: str) -> Case:
    """The case stays open; who asked reads why."""
    asked = _asked_by_another(actor, case)
    _said(reason)
    door.put(actor, case.person, FieldGroup.INTERNAL, "closing_answer", reason, subject=case.pk)
    _changed(actor, case, Change.REFUSED, timezone.localdate(), Closing(asked.closing))
    case.closing_asked_at = None
    case.save(update_fields=["closing_asked_at"])
    return case


@action("case.reopen")
def reopen_case(actor: Actor, case: Case, *, reason: str, on: datetime.date | None = None) -> Case:
    """The same case goes on, under the same number; its milestones to come are planned again."""
    if case.status != CaseStatus.CLOSED:
        raise DomainError("case.open", _("This case is open."))
    if case.person.erased_at:
        raise DomainError("case.erased", _("This record was erased."))
    _said(reason)
    door.put(actor, case.person, FieldGroup.INTERNAL, "reopening", reason, subject=case.pk)
    return _reopen(actor, case, _day(on, case.closed_on))


@action("case.move")
def move_case(actor: Actor, case: Case, to_post: Post) -> Case:
    """Hand one case to another post of the body."""
    must_be_open(case)
    _can_care(actor, to_post)
    if case.post_id == to_post.pk:
        raise DomainError("case.same_post", _("Choose another post."), "to_post")
    case.post = to_post
    case.save(update_fields=["post"])
    _changed(actor, case, Change.MOVED, timezone.localdate(), to_post=to_post)
    return case


@action("case.move")
def move_cases(actor: Actor, from_post: Post, to_post: Post) -> int:
    """Hand every open case of a post to another, in one act. Cases moved.

    A change of holder needs nothing of this: cases belong to the post.
    """
    if from_post.organisation_id != actor.organisation_id:
        raise DomainError("case.other_body", _("This post is of another body."), "from_post")
    _can_care(actor, to_post)
    if from_post.pk == to_post.pk:
        raise DomainError("case.same_post", _("Choose another post."), "to_post")
    rows = visible(actor, Case, "case.move").filter(post=from_post, status=CaseStatus.OPEN)
    cases = list(rows.only("pk"))
    CaseChange.unscoped.bulk_create(
        _change(actor, case, Change.MOVED, timezone.localdate(), to_post=to_post) for case in cases
    )
    rows.filter(pk__in=[case.pk for case in cases]).update(post=to_post)
    return len(cases)


def close_as_transferred(actor: Actor, case: Case) -> Case:
    """Responsibility passed to another body: part of its accepting, by an actor of that body."""
    if case.status == CaseStatus.CLOSED:
        return case
    return _close(actor, case, Closing.TRANSFERRED, timezone.localdate())


def _asked(case: Case) -> CaseChange:
    asked = asked_closing(case)
    if asked is None:
        raise DomainError("case.not_asked", _("No closing waits here."))
    return asked


def _asked_by_another(actor: Actor, case: Case) -> CaseChange:
    asked = _asked(case)
    if actor.post_id == asked.post_id or actor.user_id == asked.user_id:
        raise DomainError("case.own", _("Whoever asks does not approve."))
    return asked


def _close(actor: Actor, case: Case, closing: Closing, day: datetime.date) -> Case:
    case.status, case.closing, case.closed_on = CaseStatus.CLOSED, closing, day
    case.closing_asked_at, case.next_due_on = None, None
    case.save(update_fields=["status", "closing", "closed_on", "closing_asked_at", "next_due_on"])
    cancel(open_tasks(case))
    _changed(actor, case, Change.CLOSED, day, closing)
    return case


def _reopen(actor: Actor, case: Case, day: datetime.date) -> Case:
    case.status, case.closing, case.closed_on = CaseStatus.OPEN, "", None
    if not case.post.is_active:
        case.post_id = actor.seat.post_id
    case.save(update_fields=["status", "closing", "closed_on", "post"])
    _changed(actor, case, Change.REOPENED, day)
    plan_again(case)
    return case


def _can_care(actor: Actor, post: Post) -> None:
    cares = "case.write" in ROLES[Role(post.role)]
    if post.organisation_id != actor.organisation_id or not post.is_active or not cares:
        raise DomainError(
            "case.post", _("Choose an open post of your body that cares for people."), "to_post"
        )


def _change(
    actor: Actor,
    case: Case,
    what: Change,
    day: datetime.date,
    closing: Closing | str = "",
    to_post: Post | None = None,
) -> CaseChange:
    return CaseChange(
        case=case,
        what=what,
        closing=closing,
        on=day,
        post_id=actor.seat.post_id,
        to_post=to_post,
        user_id=actor.user_id,
    )


def _changed(
    actor: Actor,
    case: Case,
    what: Change,
    day: datetime.date,
    closing: Closing | str = "",
    to_post: Post | None = None,
) -> None:
    _change(actor, case, what, day, closing, to_post).save(force_insert=True)


def _day(on: datetime.date | None, first: datetime.date | None = None) -> datetime.date:
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise DomainError("case.future", _("This day has not come yet."), "on")
    if first and day < first:
        raise DomainError("case.before", _("This day is before the case was opened."), "on")
    return day


def _said(reason: str) -> None:
    if not reason.strip():
        raise DomainError("case.reason", _("Say why, in a few words."), "reason")
