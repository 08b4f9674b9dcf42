"""Validation: the session, the vote of each body, reservations, the frozen text, signatures."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import visible
from danbe.core.pages import Request, page
from danbe.plan import participation_queries as queries
from danbe.plan import validation_actions as actions
from danbe.plan.frozen import verify
from danbe.plan.models import Ballot, Clause, FrozenText, Outcome, Stage, Validation
from danbe.web.participation_forms import (
    ReservationForm,
    SessionForm,
    SignatureForm,
    VoteForm,
)
from danbe.web.participation_text import said
from danbe.web.participation_view import (
    act_and_go,
    crumbs,
    done,
    form_page,
    frame,
    posted,
    process_or_404,
)

OUTCOME_TONES = {
    Outcome.OPEN: "info",
    Outcome.ADOPTED: "good",
    Outcome.REJECTED: "bad",
    Outcome.NO_QUORUM: "warn",
}


def session_or_404(pk: str) -> Validation:
    """One session, with what it is about."""
    rows = Validation.objects.select_related("process__plan", "version")
    return get_object_or_404(rows, pk=pk)


def frozen_or_404(pk: str) -> FrozenText:
    """One frozen text."""
    rows = FrozenText.objects.select_related("validation__process__plan", "version")
    return get_object_or_404(rows, pk=pk)


@page("process.read")
def validation_detail(request: Request, pk: str) -> HttpResponse:
    """What stands in the way; the session that is open, or the last one; those before."""
    process = process_or_404(pk)
    sessions = list(process.validations.select_related("version"))
    current = sessions[0] if sessions else None
    own = queries.own_ballot(request.actor, current) if current else None
    is_open = current is not None and current.outcome == Outcome.OPEN
    context = frame(request, process, "validation_detail", _("Validation")) | {
        "obstacles": queries.obstacles(process),
        "session": current,
        "tally": queries.tally_of(current) if current else None,
        "ballots": queries.ballots_of(current) if current else [],
        "reservations": queries.reservations_of(current) if current else [],
        "earlier": [(one, OUTCOME_TONES[Outcome(one.outcome)]) for one in sessions[1:]],
        "outcome_tone": OUTCOME_TONES[Outcome(current.outcome)] if current else "",
        "own": own if request.actor.can("ballot.write") else None,
        "is_open": is_open,
        "may_hold": request.actor.can("validation.write"),
        "may_record": request.actor.can("validation.write") and is_open,
        "may_open": request.actor.can("validation.write")
        and process.stage == Stage.VALIDATION
        and not is_open,
        "frozen": queries.frozen_of(process),
        "n_votes": queries.n_votes(process),
    }
    return render(request, "participation/validation.html", context)


@page("validation.write")
def validation_open(request: Request, pk: str) -> HttpResponse:
    """Open a session."""
    process = process_or_404(pk)
    form = SessionForm(posted(request), initial={"held_on": timezone.localdate()})

    def act() -> object:
        return actions.open_validation(request.actor, process, **form.cleaned_data)

    if done(request, form, act, _("The session is open: take the attendance.")):
        return redirect("validation_detail", process.pk)
    return form_page(
        request,
        process,
        form,
        title=_("Open a session"),
        lead=_("Bodies vote on the last published version, by the rules of this day."),
        submit=_("Open"),
        back=reverse("validation_detail", args=[process.pk]),
    )


@page("validation.write")
@require_POST
def validation_presence(request: Request, pk: str) -> HttpResponse:
    """Take the attendance."""
    session = session_or_404(pk)
    ticked = {int(n) for n in request.POST.getlist("present") if n.isdigit() and len(n) < 19}

    def act() -> object:
        return actions.record_presence(request.actor, session, ticked)

    said_ = _("The attendance is recorded.")
    return act_and_go(request, act, said_, "validation_detail", session.process_id)


@page("validation.write")
@require_POST
def validation_close(request: Request, pk: str) -> HttpResponse:
    """Close the session; an adopted text is frozen."""
    session = session_or_404(pk)

    def act() -> object:
        return actions.close_validation(request.actor, session)

    said_ = _("The session is closed.")
    return act_and_go(request, act, said_, "validation_detail", session.process_id)


def _ballot(request: Request, pk: int) -> Ballot:
    rows = visible(request.actor, Ballot, "ballot.write").select_related(
        "participant__organisation", "validation__process__plan", "validation__version"
    )
    return get_object_or_404(rows, pk=pk)


@page("ballot.write")
def ballot_vote(request: Request, pk: int) -> HttpResponse:
    """Vote for one's body; the secretariat records the vote of whoever is in the room."""
    ballot = _ballot(request, pk)
    process = ballot.validation.process
    form = VoteForm(posted(request), initial={"vote": ballot.vote})

    def act() -> object:
        return actions.cast_vote(request.actor, ballot, form.cleaned_data["vote"])

    if done(request, form, act, _("The vote is recorded.")):
        return redirect("validation_detail", process.pk)
    return form_page(
        request,
        process,
        form,
        title=_("Vote of %(body)s") % {"body": ballot.participant.shown},
        lead=_("On version %(n)s. The vote of each body is public once the text is published.")
        % {"n": ballot.validation.version.number},
        back=reverse("validation_detail", args=[process.pk]),
    )


@page("ballot.write")
def ballot_reserve(request: Request, pk: int) -> HttpResponse:
    """Make a reservation."""
    ballot = _ballot(request, pk)
    process, version = ballot.validation.process, ballot.validation.version
    clauses = [(str(row.clause_id), said(row)) for row in version.clauses.all()]
    form = ReservationForm(posted(request), clauses=clauses)

    def act() -> object:
        told = form.cleaned_data
        clause = Clause.objects.get(pk=told["clause"]) if told["clause"] else None
        return actions.add_reservation(request.actor, ballot, clause=clause, text=told["text"])

    if done(request, form, act, _("The reservation is recorded.")):
        return redirect("validation_detail", process.pk)
    return form_page(
        request,
        process,
        form,
        title=_("Reservation of %(body)s") % {"body": ballot.participant.shown},
        lead=_("It is printed with the text and published with it."),
        back=reverse("validation_detail", args=[process.pk]),
    )


@page("ballot.write")
@require_POST
def reservation_withdraw(request: Request, pk: int, number: int) -> HttpResponse:
    """Take a reservation back."""
    ballot = _ballot(request, pk)

    def act() -> object:
        return actions.withdraw_reservation(request.actor, ballot, number)

    process = ballot.validation.process_id
    said_ = _("The reservation is taken back.")
    return act_and_go(request, act, said_, "validation_detail", process)


# --- The frozen text ------------------------------------------------------------------------


@page("process.read")
def frozen_detail(request: Request, pk: str) -> HttpResponse:
    """The frozen text: its hash computed again now, its signatures, its publication."""
    frozen = frozen_or_404(pk)
    process = frozen.validation.process
    context = frame(request, process, "validation_detail", _("Frozen text")) | {
        "frozen": frozen,
        "check": verify(frozen),
        "tally": queries.tally_of(frozen.validation),
        "signatures": queries.signatures_of(frozen),
        "n_left": queries.signers_left(frozen).count(),
        "may_sign": request.actor.can("signature.write") and frozen.released_at is None,
        "may_release": request.actor.can("text.release") and frozen.released_at is None,
        "crumbs": crumbs(
            process,
            (reverse("validation_detail", args=[process.pk]), _("Validation")),
            ("", _("Frozen text")),
        ),
    }
    return render(request, "participation/frozen.html", context)


@page("process.read")
def frozen_sheet(request: Request, pk: str) -> HttpResponse:
    """The list to sign, on paper, with the hash of the text."""
    frozen = frozen_or_404(pk)
    present = queries.ballots_of(frozen.validation).filter(is_present=True)
    context = {
        "frozen": frozen,
        "process": frozen.validation.process,
        "present": present,
        "signed": {s.participant_id: s for s in queries.signatures_of(frozen)},
        "back": reverse("frozen_detail", args=[frozen.pk]),
    }
    return render(request, "participation/sheet.html", context)


@page("signature.write")
def frozen_sign(request: Request, pk: str) -> HttpResponse:
    """Record who signed the printed list."""
    frozen = frozen_or_404(pk)
    left = queries.signers_left(frozen)
    form = SignatureForm(posted(request), left=left)

    def act() -> object:
        return actions.record_signature(request.actor, frozen, **form.cleaned_data)

    if done(request, form, act, _("The signature is recorded.")):
        return redirect("frozen_detail", frozen.pk)
    return form_page(
        request,
        frozen.validation.process,
        form,
        title=_("Record a signature"),
        lead=_("Compare the hash printed on the list with the one of the page first."),
        back=reverse("frozen_detail", args=[frozen.pk]),
    )


@page("text.release")
@require_POST
def frozen_release(request: Request, pk: str) -> HttpResponse:
    """Publish the signed text."""
    frozen = frozen_or_404(pk)

    def act() -> object:
        return actions.release_text(request.actor, frozen)

    said_ = _("The signed text is published for everybody.")
    return act_and_go(request, act, said_, "frozen_detail", frozen.pk)


urlpatterns = [
    path("<uuid:pk>/validation/", validation_detail, name="validation_detail"),
    path("<uuid:pk>/validation/open/", validation_open, name="validation_open"),
    path("session/<uuid:pk>/presence/", validation_presence, name="validation_presence"),
    path("session/<uuid:pk>/close/", validation_close, name="validation_close"),
    path("ballot/<int:pk>/", ballot_vote, name="ballot_vote"),
    path("ballot/<int:pk>/reserve/", ballot_reserve, name="ballot_reserve"),
    path(
        "ballot/<int:pk>/reserve/<int:number>/withdraw/",
        reservation_withdraw,
        name="reservation_withdraw",
    ),
    path("frozen/<uuid:pk>/", frozen_detail, name="frozen_detail"),
    path("frozen/<uuid:pk>/sheet/", frozen_sheet, name="frozen_sheet"),
    path("frozen/<uuid:pk>/sign/", frozen_sign, name="frozen_sign"),
    path("frozen/<uuid:pk>/release/", frozen_release, name="frozen_release"),
]
