"""Freezing the dossier for the United States; answering what was recommended, with evidence."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from danbe.core.access import Actor, Reach
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.models import AuditHead
from danbe.reports.actions import post_of
from danbe.reports.document import digest, to_json
from danbe.reports.models import (
    ANSWER_TRANSITIONS,
    AnswerStatus,
    Recommendation,
    RecommendationAnswer,
    Report,
)
from danbe.reports.tip_dossier import build
from danbe.reports.tongue import LANGUAGES
from danbekit.dates import Window

MAX_TEXT = 5_000
EARLIEST = datetime.date(2009, 4, 1)  # the oldest report on the country that was seen


@action("report.freeze")
def freeze_dossier(actor: Actor, year: int, *, today: datetime.date) -> Report:
    """Write the dossier of April ``year`` to March as it stands, for ever, in both languages."""
    if today <= Window.april_year(year).end:
        raise DomainError("tip.not_over", _("This period is not over."))
    # Every other act waits here to be recorded: all figures are read at one moment.
    AuditHead.objects.select_for_update().get(pk=1)
    rows = []
    for language in LANGUAGES:
        document = build(year, today, language)
        told = to_json(document)
        rows.append(
            Report(
                kind=document.kind,
                year=year,
                document=told,
                digest=digest(told),
                frozen_by_id=post_of(actor),
            )
        )
    try:
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)
    except IntegrityError as error:
        text = _("The dossier of this period is already frozen. Correct it by an erratum.")
        raise DomainError("tip.frozen", text) from error
    return rows[0]


# --- Recommendations ------------------------------------------------------------------------


@action("recommendation.answer")
def answer_recommendation(
    actor: Actor,
    recommendation: Recommendation,
    *,
    first_day: datetime.date,
    last_day: datetime.date,
    text: str,
    evidence: str,
    today: datetime.date,
) -> RecommendationAnswer:
    """Say what one's body did, when, and what proves it. What is promised does not count.

    The secretariat reads the answer of another body before it enters a dossier; its own is the
    Committee's word.
    """
    if not recommendation.is_answerable:
        problem = _("This list of recommendations was not found: there is nothing to answer.")
        raise DomainError("recommendation.gap", problem)
    _check_days(first_day, last_day, today)
    _check_texts(text, evidence)
    is_own = actor.reach("recommendation.review") is Reach.NATION
    return RecommendationAnswer.unscoped.create(
        recommendation=recommendation,
        organisation_id=actor.seat.organisation_id,
        post_id=actor.seat.post_id,
        first_day=first_day,
        last_day=last_day,
        text=text.strip(),
        evidence=evidence.strip(),
        status=AnswerStatus.ACCEPTED if is_own else AnswerStatus.WAITING,
        decided_at=timezone.now() if is_own else None,
        decided_by_id=actor.seat.post_id if is_own else None,
    )


def _check_days(first_day: datetime.date, last_day: datetime.date, today: datetime.date) -> None:
    if first_day < EARLIEST:
        problem = _("Give a day from 1 April 2009 on.")
        raise DomainError("recommendation.too_early", problem, "first_day")
    if last_day < first_day:
        problem = _("The end precedes the beginning.")
        raise DomainError("recommendation.dates", problem, "last_day")
    if last_day > today:
        problem = _("Only what was done counts: this day is still to come.")
        raise DomainError("recommendation.future", problem, "last_day")


def _check_texts(text: str, evidence: str) -> None:
    if not text.strip():
        raise DomainError("recommendation.no_text", _("Say what was done."), "text")
    if not evidence.strip():
        problem = _("Say what proves it: decision, report, list, judgment, address.")
        raise DomainError("recommendation.no_evidence", problem, "evidence")
    for name, said in (("text", text), ("evidence", evidence)):
        if len(said) > MAX_TEXT:
            raise DomainError("recommendation.too_long", _("This text is too long."), name)


@action("recommendation.review")
def review_answer(
    actor: Actor, answer: RecommendationAnswer, *, accept: bool, note: str = ""
) -> RecommendationAnswer:
    """Accept an answer, which enters the dossiers of its days; or refuse it, and say why."""
    to = AnswerStatus.ACCEPTED if accept else AnswerStatus.REFUSED
    return _decide(actor, answer, to, note, _("Say why it is refused."))


@action("recommendation.answer")
def withdraw_answer(
    actor: Actor, answer: RecommendationAnswer, *, note: str
) -> RecommendationAnswer:
    """Take back an answer, and say why. Dossiers already frozen keep it."""
    return _decide(actor, answer, AnswerStatus.WITHDRAWN, note, _("Say why it is withdrawn."))


def _decide(
    actor: Actor, answer: RecommendationAnswer, to: AnswerStatus, note: str, missing: str
) -> RecommendationAnswer:
    locked = RecommendationAnswer.unscoped.select_for_update().get(pk=answer.pk)
    if to not in ANSWER_TRANSITIONS[AnswerStatus(locked.status)]:
        raise DomainError("recommendation.decided", _("This answer was decided already."))
    if to != AnswerStatus.ACCEPTED and not note.strip():
        raise DomainError("recommendation.no_reason", missing, "note")
    if len(note) > MAX_TEXT:
        raise DomainError("recommendation.too_long", _("This text is too long."), "note")
    locked.status, locked.note = to, note.strip()
    locked.decided_at, locked.decided_by_id = timezone.now(), actor.seat.post_id
    locked.save()
    return locked
