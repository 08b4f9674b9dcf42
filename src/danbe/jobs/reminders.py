"""What happens with time: reminders of what is owed, and the mail that says "come and look"."""

import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from danbe.accounts.actions import post_message
from danbe.accounts.models import Message, Post, holder_of
from danbe.core.access import Role
from danbe.figures.completeness import Owed, completeness
from danbe.jobs.agreement_clocks import warn_of_ends
from danbe.jobs.committee_clocks import remind_committee
from danbe.jobs.referral_clocks import escalate, escalate_reviews
from danbekit.dates import Window

BEFORE = datetime.timedelta(days=14)  # the first reminder comes before the due date
MAIL_BATCH = 200


def tick(today: datetime.date | None = None) -> tuple[int, int]:
    """One turn: messages put in inboxes, mails sent. Safe to run twice."""
    day = today or timezone.localdate()
    n_told = remind(day) + remind_committee(day) + warn_of_ends(day)
    n_told += escalate() + escalate_reviews()
    return n_told, send_waiting_mail()


def remind(today: datetime.date) -> int:
    """Tell each silent body once before the due date, once after, once a month later."""
    secretariat = Post.objects.filter(role=Role.SECRETARIAT, is_active=True).first()
    if secretariat is None:  # nobody to remind in the name of
        return 0
    window = Window(today - datetime.timedelta(days=400), today)
    n_told = 0
    for owed in completeness(secretariat.actor, window, today).owed:
        step = _step(owed, today)
        if step:
            posts = Post.objects.filter(
                organisation=owed.organisation, role=Role.FOCAL_POINT, is_active=True
            )
            n_told += post_message(
                list(posts.values_list("pk", flat=True)),
                "return.owed",
                path="/returns/",
                key=f"owed:{owed.organisation.pk}:{owed.window.code}:{step}",
                start=owed.window.start.isoformat(),
                end=owed.window.end.isoformat(),
                due=owed.due.isoformat(),
            )
    return n_told


def _step(owed: Owed, today: datetime.date) -> str:
    """Which reminder is due for one owed return; empty for none."""
    if owed.received:
        return ""
    if today < owed.due - BEFORE:  # whether nothing came or a draft was begun
        return ""
    late = (today - owed.due).days
    return "before" if late <= 0 else "late" if late < 30 else "month"


def send_waiting_mail() -> int:
    """Send what waits: never a figure or a name, only that something waits in Danbe."""
    n_sent = 0
    waiting = Message.unscoped.filter(mailed_at=None, read_at=None).select_related("post")
    for message in waiting.order_by("pk")[:MAIL_BATCH]:
        person = holder_of(message.post)
        if person is not None and person.is_active:
            with translation.override(person.language):
                n_sent += send_mail(
                    _("A message waits for you in Danbe"),
                    _("Sign in to read it: %(address)s") % {"address": settings.ADDRESS},
                    settings.DEFAULT_FROM_EMAIL,
                    [person.email],
                )
        Message.unscoped.filter(pk=message.pk).update(mailed_at=timezone.now())
    return n_sent
