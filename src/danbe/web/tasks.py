"""What waits for a post: one list of things to do, most pressing first."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from danbe.accounts.models import Holding, Invitation, Organisation, Post
from danbe.accounts.queries import body
from danbe.core import audit
from danbe.core.access import Actor, Role, visible
from danbe.core.models import Offence
from danbe.figures.completeness import Owed, State, completeness
from danbe.figures.models import Axis, Overlap, OverlapStatus, Return, Status
from danbe.partnership import committee_queries as committee
from danbe.protection import ledger, referrals
from danbe.web.windows import spoken
from danbekit.dates import Window, format_date, format_number

SOON = datetime.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits: where to go, and how pressing it is."""

    title: str
    url: str
    state: str
    tone: str  # neutral info good warn bad
    detail: str = ""
    sign: str = ""


def tasks_of(actor: Actor, today: datetime.date) -> list[Task]:
    """What waits for the post in which the actor acts (its mail apart)."""
    waiting = WAITING.get(actor.role)
    own = waiting(actor, today) if waiting else []
    return [*_of_sharing(actor), *_of_committee(actor, today), *own]


def _day(day: datetime.date) -> str:
    return format_date(day, get_language() or "fr")


def _number(n: int) -> str:
    return format_number(n, get_language() or "fr")


# --- Referrals, withdrawals, emergencies: numbers of rows, never names -----------------------


def _of_sharing(actor: Actor) -> list[Task]:
    """What other bodies ask, and what must be confirmed or reviewed."""
    return [*_emergencies(actor), *_withdrawals(actor), *_referrals(actor), *_overdue(actor)]


def _emergencies(actor: Actor) -> list[Task]:
    n = ledger.n_to_review(actor) if actor.can("ground.review") else 0
    if not n:
        return []
    text = ngettext("%(n)s emergency access to review", "%(n)s emergency accesses to review", n)
    state = _("Within 72 hours")
    return [Task(text % {"n": _number(n)}, reverse("review_list"), state, "bad", sign="alert")]


def _withdrawals(actor: Actor) -> list[Task]:
    n = ledger.n_to_acknowledge(actor) if actor.can("consent.acknowledge") else 0
    if not n:
        return []
    text = ngettext("%(n)s withdrawal to confirm", "%(n)s withdrawals to confirm", n)
    url, state = reverse("acknowledge_list"), _("Access ended")
    return [Task(text % {"n": _number(n)}, url, state, "warn", sign="lock")]


def _referrals(actor: Actor) -> list[Task]:
    n = referrals.n_to_answer(actor) if actor.can("referral.answer") else 0
    if not n:
        return []
    text = ngettext("%(n)s referral to answer", "%(n)s referrals to answer", n)
    url, state = f"{reverse('referral_inbox')}?status=sent", _("Somebody waits")
    return [Task(text % {"n": _number(n)}, url, state, "warn", sign="send")]


def _overdue(actor: Actor) -> list[Task]:
    n = referrals.watched(actor).count() if actor.can("referral.watch") else 0
    if not n:
        return []
    text = ngettext("%(n)s referral without an answer", "%(n)s referrals without an answer", n)
    url = reverse("referral_watch")
    return [Task(text % {"n": _number(n)}, url, _("Overdue"), "bad", sign="clock")]


# --- The Committee: what was decided, what must be answered ----------------------------------


def _of_committee(actor: Actor, today: datetime.date) -> list[Task]:
    """Claims to confirm, meetings of which nothing is said, decisions that the body owes."""
    tasks = []
    if actor.can("decision.confirm"):
        tasks += _of_secretary(actor, today)
    n = committee.owed_by(actor).count() if actor.can("decision.report") else 0
    if n:
        late = committee.late_only(committee.owed_by(actor), today).count()
        text = ngettext("%(n)s decision to carry out", "%(n)s decisions to carry out", n)
        state = pgettext("decision", "Late") if late else pgettext("decision", "Open")
        url = f"{reverse('committee')}#owed"
        tasks.append(
            Task(text % {"n": _number(n)}, url, state, "bad" if late else "info", sign="flag")
        )
    return tasks


def _of_secretary(actor: Actor, today: datetime.date) -> list[Task]:
    tasks = []
    n = committee.waiting_notes(actor).count()
    if n:
        text = ngettext(
            "%(n)s decision said to be carried out",
            "%(n)s decisions said to be carried out",
            n,
        )
        url = reverse("decision_list")
        tasks.append(Task(text % {"n": _number(n)}, url, _("To confirm"), "warn", sign="flag"))
    n = committee.unfinished(actor, today).count()
    if n:
        text = ngettext("%(n)s meeting: say who came", "%(n)s meetings: say who came", n)
        url = reverse("committee")
        tasks.append(
            Task(text % {"n": _number(n)}, url, _("To complete"), "warn", sign="calendar")
        )
    n = committee.late_only(committee.decisions(actor), today).count()
    if n:
        text = ngettext("%(n)s late decision", "%(n)s late decisions", n)
        url = f"{reverse('decision_list')}?status=late"
        tasks.append(Task(text % {"n": _number(n)}, url, _("Late"), "bad", sign="clock"))
    return tasks


# --- A body that owes returns ---------------------------------------------------------------


def _of_focal_point(actor: Actor, today: datetime.date) -> list[Task]:
    """The returns that the body owes and that are not accepted yet, the earliest due first."""
    window = Window(datetime.date(today.year - 2, 1, 1), datetime.date(today.year, 12, 31))
    owed = [
        one
        for one in completeness(actor, window, today).owed
        if one.state is not State.ACCEPTED and one.window.start <= today
    ]
    return [_owed(one, today) for one in sorted(owed, key=lambda o: (_rank(o), o.due))]


def _rank(owed: Owed) -> int:
    """Questions first, then what is late, what comes, and what is in other hands."""
    if owed.state is State.SUBMITTED:
        return 3
    return 0 if owed.state is State.QUERIED else 1 if owed.late else 2


def _owed(owed: Owed, today: datetime.date) -> Task:
    state, tone, sign = _state(owed, today)
    axes = ", ".join(str(Axis(axis).label) for axis in owed.axes)
    url = (
        reverse("return_detail", args=[owed.return_id])
        if owed.return_id
        else f"{reverse('return_new')}?window={owed.window.code}"
    )
    title = _("Return: %(window)s") % {"window": spoken(owed.window)}
    return Task(title, url, state, tone, axes, sign)


def _state(owed: Owed, today: datetime.date) -> tuple[str, str, str]:
    """Words, tone and sign of what is to be done."""
    due = {"day": _day(owed.due)}
    if owed.state is State.QUERIED:
        return _("A question waits for your answer"), "warn", "question"
    if owed.state is State.SUBMITTED:
        return _("Being examined"), "info", ""
    if owed.late:
        return _("Late: it was due on %(day)s") % due, "bad", ""
    tone = "warn" if today > owed.due - SOON else "neutral"
    if owed.state is State.DRAFT:
        return _("Draft, due on %(day)s") % due, tone, "edit"
    return _("Due on %(day)s") % due, tone, "calendar"


# --- Those who examine ----------------------------------------------------------------------


def _of_secretariat(actor: Actor, today: datetime.date) -> list[Task]:
    tasks = []
    rows = visible(actor, Return, "return.read")
    n = rows.filter(status=Status.SUBMITTED).count()
    if n:
        text = ngettext("%(n)s return to examine", "%(n)s returns to examine", n)
        url = f"{reverse('return_list')}?status=submitted"
        tasks.append(Task(text % {"n": _number(n)}, url, _("To examine"), "warn", sign="file"))
    return [*tasks, *_of_analyst(actor, today), *_queried(actor)]


def _queried(actor: Actor) -> list[Task]:
    n = visible(actor, Return, "return.read").filter(status=Status.QUERIED).count()
    if not n:
        return []
    text = ngettext("%(n)s question without an answer", "%(n)s questions without an answer", n)
    url = f"{reverse('return_list')}?status=queried"
    return [Task(text % {"n": _number(n)}, url, _("With the organisations"), "info")]


def _of_analyst(actor: Actor, today: datetime.date) -> list[Task]:
    """Overlaps to decide, and who is silent on the last full year."""
    tasks = []
    n = Overlap.objects.filter(status=OverlapStatus.OPEN).count()
    if n:
        text = ngettext("%(n)s fact perhaps counted twice", "%(n)s facts perhaps counted twice", n)
        state = _("To decide") if actor.can("overlap.decide") else _("Open")
        url = reverse("overlap_list")
        tasks.append(Task(text % {"n": _number(n)}, url, state, "warn", sign="question"))
    last = Window.calendar_year(today.year - 1)
    told = completeness(actor, last, today)
    silent = len(told.silent)
    if silent:
        text = ngettext(
            "%(n)s return missing for %(year)s", "%(n)s returns missing for %(year)s", silent
        )
        percent = told.percent
        detail = "" if percent is None else _("%(n)d %% accepted") % {"n": percent}
        url = f"{reverse('completeness')}?window={last.code}"
        title = text % {"n": _number(silent), "year": last.start.year}
        tasks.append(Task(title, url, _("Late"), "bad", detail))
    return tasks


# --- Those who keep the house ---------------------------------------------------------------


def _of_prosecutor(actor: Actor, today: datetime.date) -> list[Task]:
    n = Offence.objects.filter(confirmed_at=None).count()
    if not n:
        return []
    text = ngettext("%(n)s article of law to confirm", "%(n)s articles of law to confirm", n)
    detail = _("Read the official text first: your post signs for it.")
    return [
        Task(text % {"n": _number(n)}, reverse("offence_list"), _("Not confirmed"), "warn", detail)
    ]


def _of_administrator(actor: Actor, today: datetime.date) -> list[Task]:
    tasks = []
    seated = Holding.objects.filter(post=OuterRef("pk"), until=None)
    n = Post.objects.filter(~Exists(seated), is_active=True).count()
    if n:
        text = ngettext("%(n)s vacant post", "%(n)s vacant posts", n)
        url = f"{reverse('post_list')}?state=vacant"
        tasks.append(Task(text % {"n": _number(n)}, url, _("To fill"), "warn", sign="users"))
    n = Invitation.objects.filter(accepted_at=None, expires_at__gt=timezone.now()).count()
    if n:
        text = ngettext(
            "%(n)s invitation not accepted yet", "%(n)s invitations not accepted yet", n
        )
        url = f"{reverse('post_list')}?state=vacant"
        tasks.append(Task(text % {"n": _number(n)}, url, _("Waiting"), "info", sign="mail"))
    if not body().hotline:
        detail = _("None is shown or printed until the Committee has confirmed one.")
        url = reverse("settings")
        tasks.append(Task(_("No number to call is set"), url, _("To set"), "neutral", detail))
    posts = Post.objects.filter(organisation=OuterRef("pk"), is_active=True)
    n = Organisation.objects.filter(~Exists(posts), is_active=True).count()
    if n:
        text = ngettext("%(n)s organisation has no post", "%(n)s organisations have no post", n)
        detail = _("Nobody can sign in for them; the secretariat enters their paper returns.")
        url = f"{reverse('organisation_list')}?sort=posts"
        tasks.append(Task(text % {"n": _number(n)}, url, _("For information"), "neutral", detail))
    return tasks


def _of_auditor(actor: Actor, today: datetime.date) -> list[Task]:
    n = audit.head().seq
    text = ngettext("%(n)s act in the trail", "%(n)s acts in the trail", n)
    return [
        Task(
            text % {"n": _number(n)},
            reverse("audit_trail"),
            _("To verify"),
            "info",
            _("Verify the trail with the code of the last signed sheet."),
        ),
        Task(
            _("Sheet to co-sign"),
            reverse("audit_head"),
            pgettext("task", "To print"),
            "neutral",
            _("A witness outside the computer: print it, sign it with a second body, keep it."),
            "print",
        ),
    ]


WAITING: Mapping[Role, Callable[[Actor, datetime.date], list[Task]]] = {
    Role.FOCAL_POINT: _of_focal_point,
    Role.SECRETARIAT: _of_secretariat,
    Role.ANALYST: _of_analyst,
    Role.PROSECUTOR: _of_prosecutor,
    Role.ADMINISTRATOR: _of_administrator,
    Role.AUDITOR: _of_auditor,
}
