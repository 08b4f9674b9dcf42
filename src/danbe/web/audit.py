"""The audit trail, for the auditor."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from danbe.accounts.models import Post, User
from danbe.accounts.queries import posts
from danbe.core import audit
from danbe.core.models import AuditEvent
from danbe.core.pages import Request, page
from danbe.web.verbs import VERBS, label_of

PER_PAGE = 50
N_FINDINGS = 50  # shown; a forged trail may have a million
KINDS = {
    "altered": gettext_lazy("the event was changed after it was written"),
    "missing": gettext_lazy("one event or several are missing before it"),
    "reordered": gettext_lazy("it is not the event that the witness saw under this number"),
    "cut": gettext_lazy("the trail ends before an event that a witness saw"),
    "head": gettext_lazy("the end of the trail is not where the database says"),
}
SUBJECTS = {
    "accounts.holding": gettext_lazy("holding of a post"),
    "accounts.message": gettext_lazy("message"),
    "accounts.organisation": gettext_lazy("organisation"),
    "accounts.post": pgettext_lazy("audit", "post"),
    "accounts.user": pgettext_lazy("audit", "person"),
    "core.offence": gettext_lazy("article of law"),
    "core.place": gettext_lazy("place"),
    "figures.attachment": gettext_lazy("joined file"),
    "figures.obligation": gettext_lazy("what a body owes"),
    "figures.overlap": gettext_lazy("overlap"),
    "figures.return": pgettext_lazy("audit", "return"),
    "reports.erratum": gettext_lazy("erratum"),
    "reports.report": pgettext_lazy("audit", "report"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event, in words."""

    event: AuditEvent
    person: str
    post: str
    organisation: str
    subject: str  # what kind of row
    act: str


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post, told apart by its body."""

    def label_from_instance(self, obj: Model) -> str:
        """Acronym and title."""
        assert isinstance(obj, Post)
        return f"{obj.organisation.code} · {obj.title}"


class TrailForm(forms.Form):
    """By what the trail is searched."""

    verb = forms.ChoiceField(
        label=gettext_lazy("Act"),
        choices=lambda: [("", _("All acts")), *((verb, label_of(verb)) for verb in VERBS)],
        required=False,
    )
    post = PostField(
        label=gettext_lazy("Post"),
        queryset=Post.objects.select_related("organisation"),
        empty_label=gettext_lazy("All posts"),
        required=False,
    )
    start = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    end = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    subject = forms.CharField(
        label=gettext_lazy("Row"),
        help_text=gettext_lazy("The whole identifier, as the trail shows it."),
        max_length=130,
        required=False,
    )


@page("audit.read")
def audit_trail(request: Request) -> HttpResponse:
    """Who did what, newest first. Pages follow event numbers: as fast at a million as at ten."""
    form = TrailForm(request.GET)
    rows = AuditEvent.objects.all()
    if form.is_valid():
        rows = _filtered(rows, form)
    is_older = "after" not in request.GET
    mark = _number(request.GET.get("before" if is_older else "after", ""))
    events, has_more = _cut(rows, mark, is_older)
    context = {
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "lines": lines_of(events),
        "newer": events[0].seq if events and (has_more if not is_older else bool(mark)) else None,
        "older": events[-1].seq if events and (has_more if is_older else True) else None,
        "query": _without_marks(request.GET),
        "head": audit.head(),
        "crumbs": [("", _("Audit"))],
    }
    return render(request, "audit/trail.html", context)


def _filtered(rows: QuerySet[AuditEvent], form: TrailForm) -> QuerySet[AuditEvent]:
    told = form.cleaned_data
    if told["verb"]:
        rows = rows.filter(verb=told["verb"])
    if told["post"]:
        rows = rows.filter(post_id=told["post"].pk)
    if told["subject"]:
        model, _colon, pk = told["subject"].strip().rpartition(":")
        rows = rows.filter(subject_id=pk, **({"subject_model": model} if model else {}))
    # Dates become event numbers: one look-up each, then the pages follow the numbers.
    if told["start"]:
        rows = rows.filter(seq__gte=_first_from(told["start"]))
    if told["end"]:
        rows = rows.filter(seq__lt=_first_from(told["end"] + datetime.timedelta(days=1)))
    return rows


def _first_from(day: datetime.date) -> int:
    """The number of the first event of ``day`` or later."""
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    event = AuditEvent.objects.filter(at__gte=moment).order_by("at", "seq").first()
    return event.seq if event else audit.head().seq + 1


def _cut(
    rows: QuerySet[AuditEvent], mark: int | None, is_older: bool
) -> tuple[list[AuditEvent], bool]:
    """One page on the older or the newer side of ``mark``, newest first; whether more follow."""
    if is_older:
        rows = rows.filter(seq__lt=mark) if mark else rows
        found = list(rows.order_by("-seq")[: PER_PAGE + 1])
        return found[:PER_PAGE], len(found) > PER_PAGE
    found = list(rows.filter(seq__gt=mark or 0).order_by("seq")[: PER_PAGE + 1])
    return found[:PER_PAGE][::-1], len(found) > PER_PAGE


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _without_marks(query: QueryDict) -> str:
    kept = query.copy()
    for name in ("before", "after"):
        kept.pop(name, None)
    return kept.urlencode()


def lines_of(events: Sequence[AuditEvent]) -> list[Line]:
    """The events with the names of persons, posts and bodies; two look-ups for a page."""
    users = User.objects.in_bulk({e.user_id for e in events if e.user_id})
    known = posts().in_bulk({e.post_id for e in events if e.post_id})
    return [_line(event, users, known) for event in events]


def _line(event: AuditEvent, users: dict[uuid.UUID, User], known: dict[uuid.UUID, Post]) -> Line:
    user = users.get(event.user_id) if event.user_id else None
    post = known.get(event.post_id) if event.post_id else None
    return Line(
        event,
        user.name if user else "",
        post.title if post else "",
        post.organisation.code if post else "",
        str(SUBJECTS.get(event.subject_model, event.subject_model)),
        label_of(event.verb),
    )


@page("audit.read")
def audit_head(request: Request) -> HttpResponse:
    """The sheet that a second body co-signs and keeps: a witness outside the database."""
    last = AuditEvent.objects.order_by("-seq").first()
    context = {"head": audit.head(), "last": last, "today": timezone.localdate()}
    return render(request, "audit/head.html", context)


class VerifyForm(forms.Form):
    """What a co-signed sheet says."""

    witness = forms.CharField(
        label=gettext_lazy("Code of a signed sheet"),
        help_text=gettext_lazy("The number, the colon and the 64 signs, as printed."),
        max_length=90,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_witness(self) -> audit.Head | None:
        """Spaces and line ends of a copied sheet do not matter."""
        text = "".join(self.cleaned_data["witness"].split())
        if not text:
            return None
        try:
            return audit.Head.parse(text)
        except ValueError as error:
            raise forms.ValidationError(
                _("This is not the code of a sheet: a number, a colon, then 64 signs.")
            ) from error


@page("audit.read")
@require_POST
def audit_verify(request: Request) -> HttpResponse:
    """Walk the whole trail and say what is wrong with it."""
    form = VerifyForm(request.POST)
    crumbs = [(reverse("audit_trail"), _("Audit")), ("", _("Verification"))]
    context = {"form": form, "crumbs": crumbs, "now": timezone.now()}
    if form.is_valid():
        witness = form.cleaned_data["witness"]
        result = audit.verify(*([witness] if witness else []))
        shown = [(found.seq, KINDS[found.kind]) for found in result.findings[:N_FINDINGS]]
        context |= {"result": result, "findings": shown, "witness": witness}
    return render(request, "audit/verify.html", context)


urlpatterns = [
    path("", audit_trail, name="audit_trail"),
    path("head/", audit_head, name="audit_head"),
    path("verify/", audit_verify, name="audit_verify"),
]
