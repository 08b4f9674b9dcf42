"""Freezing a report, and correcting what was frozen without moving it."""

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from danbe.core.access import Actor
from danbe.core.actions import action
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import AuditHead
from danbe.reports.annual import build
from danbe.reports.document import digest, from_json, to_json
from danbe.reports.models import Erratum, Report


@action("report.freeze")
def freeze_report(actor: Actor, year: int, *, today: datetime.date) -> Report:
    """Write the report of ``year`` as it stands, for ever. Once only; the year must be over."""
    if today <= datetime.date(year, 12, 31):
        raise DomainError("report.year_not_over", _("This year is not over."))
    # Every other act waits here to be recorded: all figures are read at one moment.
    AuditHead.objects.select_for_update().get(pk=1)
    told = to_json(build(year, today))
    report = Report(year=year, document=told, digest=digest(told), frozen_by_id=post_of(actor))
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as error:
        text = _("The report of this year is already frozen. Correct it by an erratum.")
        raise DomainError("report.frozen", text) from error
    return report


@action("report.correct")
def add_erratum(
    actor: Actor, report: Report, *, figure: str, new_value: int | None, reason: str
) -> Erratum:
    """Say beside a frozen figure what it should have been, and why. The figure stays."""
    known = from_json(report.document).by_key().get(figure)
    if known is None:
        raise DomainError("report.figure", _("This figure is not in the report."), "figure")
    if not reason.strip():
        raise DomainError("report.reason", _("Write why the figure is corrected."), "reason")
    if new_value is not None and new_value < 0:
        raise DomainError("report.value", _("A figure cannot be negative."), "new_value")
    last = report.errata.filter(figure=figure).order_by("-at", "-pk").first()
    old_value = last.new_value if last else known.value
    if new_value == old_value:
        raise DomainError("report.same_value", _("This is already the figure."), "new_value")
    return Erratum.objects.create(
        report=report,
        figure=figure,
        old_value=old_value,
        new_value=new_value,
        reason=reason.strip(),
        by_id=post_of(actor),
    )


def post_of(actor: Actor) -> uuid.UUID:
    """The post that answers for a report: never nobody."""
    if actor.post_id is None:
        raise NotAllowed("report.freeze")
    return actor.post_id
