"""The first page of each post, and its inbox."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.accounts.actions import mark_read
from danbe.accounts.models import Message
from danbe.accounts.queries import inbox
from danbe.core.access import visible_or_404
from danbe.core.pages import Request, page
from danbe.web.glance import glance
from danbe.web.listing import page_of
from danbe.web.mail import letters
from danbe.web.session import is_local
from danbe.web.tasks import tasks_of

N_LETTERS = 3


@page("home.read")
def home(request: Request) -> HttpResponse:
    """What waits for the post; then, for who reads figures, the state of the fight."""
    today, actor = timezone.localdate(), request.actor
    unread = inbox(actor).filter(read_at=None)
    context = {
        "letters": letters(unread[:N_LETTERS]),
        "tasks": tasks_of(actor, today),
        "glance": glance(today) if actor.can("figure.read") else None,
        "may_read_reports": actor.can("report.read"),
        "role": actor.role,
    }
    return render(request, "home/home.html", context)


@page("message.read")
def post_inbox(request: Request) -> HttpResponse:
    """The mail of the post, unread or all, whoever sat there when it came."""
    rows = inbox(request.actor)
    shows_all = request.GET.get("show") == "all"
    shown = page_of(request, rows if shows_all else rows.filter(read_at=None), 20)
    context = {
        "page": shown,
        "letters": letters(shown.object_list),
        "shows_all": shows_all,
        "tabs": [("?", _("Unread"), not shows_all), ("?show=all", _("All messages"), shows_all)],
        "crumbs": [("", _("Messages"))],
    }
    return render(request, "home/inbox.html", context)


@page("message.mark_read")
@require_POST
def message_open(request: Request, pk: int) -> HttpResponse:
    """Mark a message as read and go where it leads, inside this instance only."""
    message = visible_or_404(request.actor, Message, "message.mark_read", pk)
    mark_read(request.actor, message)
    return redirect(message.path if is_local(message.path) else "inbox")


urlpatterns = [
    path("", home, name="home"),
    path("inbox/", post_inbox, name="inbox"),
    path("inbox/<int:pk>/", message_open, name="message_open"),
]
