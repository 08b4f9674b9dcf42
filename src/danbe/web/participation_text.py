"""The text of a plan: its versions, writing a draft clause by clause, comparing two versions."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.plan import participation_queries as queries
from danbe.plan import text_actions as actions
from danbe.plan.comparison import Change, Pair, pairs_of
from danbe.plan.models import Clause, ClauseVersion, Level, TextStatus, TextVersion
from danbe.plan.text_actions import WRITABLE, Words, mark_of
from danbe.web.errors import at_field
from danbe.web.listing import page_of
from danbe.web.participation_forms import (
    ClauseForm,
    NewClauseForm,
    PasteForm,
    PlaceForm,
    PublishForm,
)
from danbe.web.participation_view import (
    act_and_go,
    crumbs,
    done,
    form_page,
    frame,
    posted,
    process_or_404,
    version_or_404,
)
from danbekit.words import compare_words

PER_PAGE = 100  # clauses of a text
PAIRS = 25  # clauses compared on a page

CHANGES = {
    Change.ADDED: "good",
    Change.REMOVED: "bad",
    Change.CHANGED: "warn",
    Change.MOVED: "info",
    Change.SAME: "neutral",
}


def named(version: TextVersion) -> str:
    """«Version 2»."""
    return _("Version %(n)s") % {"n": version.number}


def text_crumbs(version: TextVersion, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The process, its texts, this version, this page."""
    url = reverse("text_detail", args=[version.pk]) if more else ""
    texts = (reverse("text_list", args=[version.process_id]), _("Text"))
    return crumbs(version.process, texts, (url, named(version)), *more)


def draft_or_404(request: Request, pk: str) -> TextVersion:
    """The draft to write in; a version that stays as it is has no such page."""
    version = version_or_404(request, pk)
    if version.status != TextStatus.DRAFT:
        raise Http404
    return version


def clause_of(version: TextVersion, pk: str) -> ClauseVersion:
    """What one clause says in one version."""
    rows = ClauseVersion.objects.select_related("clause")
    return get_object_or_404(rows, version=version, clause=pk)


def places_in(
    version: TextVersion, *, without: ClauseVersion | None = None
) -> list[tuple[str, str]]:
    """Where a clause may go: at the beginning, or after one of the others."""
    told = [("", _("At the beginning"))]
    for row in version.clauses.all():
        if without is None or row.clause_id != without.clause_id:
            told.append((str(row.clause_id), said(row)))
    return told


def said(row: ClauseVersion) -> str:
    """A clause in one line, for a list of choices."""
    words = row.heading or row.text
    short = words if len(words) <= 60 else words[:59] + "…"
    return f"{row.number}. {short}"


# --- Reading --------------------------------------------------------------------------------


@page("process.read")
def text_list(request: Request, pk: str) -> HttpResponse:
    """The versions of a text."""
    process = process_or_404(pk)
    versions = list(queries.versions_for(request.actor, process))
    context = frame(request, process, "text_list", _("Text")) | {
        "versions": versions,
        "before": dict(zip([v.pk for v in versions], versions[1:], strict=False)),
        "may_begin": request.actor.can("text.write")
        and process.stage in WRITABLE
        and not any(v.status == TextStatus.DRAFT for v in versions),
    }
    return render(request, "participation/texts.html", context)


@page("process.read")
def text_detail(request: Request, pk: str) -> HttpResponse:
    """One version, to be read."""
    version = version_or_404(request, pk)
    others = queries.versions_for(request.actor, version.process).exclude(pk=version.pk)
    context = {
        "version": version,
        "process": version.process,
        "page": page_of(request, version.clauses.all(), PER_PAGE),
        "contents": [
            (row, (row.order - 1) // PER_PAGE + 1) for row in queries.contents_of(version)
        ],
        "others": others,
        "is_draft": version.status == TextStatus.DRAFT,
        "crumbs": text_crumbs(version),
    }  # fmt: skip
    return render(request, "participation/text.html", context)


@page("process.read")
def text_print(request: Request, pk: str) -> HttpResponse:
    """One version, whole, for paper."""
    version = version_or_404(request, pk)
    context = {
        "version": version,
        "process": version.process,
        "clauses": version.clauses.all(),
        "back": reverse("text_detail", args=[version.pk]),
    }
    return render(request, "participation/text_print.html", context)


@page("process.read")
def text_compare(request: Request, pk: str, other: str) -> HttpResponse:
    """Two versions side by side, word by word; what did not change is left out unless asked."""
    old, new = version_or_404(request, pk), version_or_404(request, other)
    if old.process_id != new.process_id:
        raise Http404
    pairs = pairs_of(old, new)
    asked = request.GET.get("change", "")
    shown = [pair for pair in pairs if is_asked(pair, asked)]
    on_paper = request.GET.get("print") == "1"
    labels = change_labels()
    counts = [(c.value, labels[c], CHANGES[c], sum(p.change is c for p in pairs)) for c in Change]
    paged = page_of(request, shown, len(shown) or 1 if on_paper else PAIRS)
    context = {
        "process": new.process,
        "old": old,
        "new": new,
        "page": paged,
        "rows": [(pair, badges_of(pair, labels)) for pair in paged],
        "counts": [one for one in counts if one[3]],
        "change": asked,
        "n_pairs": len(pairs),
        "back": reverse("text_compare", args=[old.pk, new.pk]),
        "crumbs": text_crumbs(
            new, ("", _("Compared with version %(n)s") % {"n": old.number})
        ),
    }  # fmt: skip
    template = "participation/compare_print.html" if on_paper else "participation/compare.html"
    return render(request, template, context)


def is_asked(pair: Pair, asked: str) -> bool:
    """Whether a clause is shown: all of them, one kind of change, or whatever changed."""
    if asked == "all":
        return True
    if asked == Change.MOVED:
        return pair.is_moved
    if asked in [change.value for change in Change]:
        return pair.change == asked
    return pair.change is not Change.SAME


def badges_of(pair: Pair, labels: dict[Change, str]) -> list[tuple[str, str]]:
    """Tone and words of what became of a clause: a changed one may have moved too."""
    changes = [pair.change]
    if pair.is_moved and pair.change is not Change.MOVED:
        changes.append(Change.MOVED)
    return [(CHANGES[change], labels[change]) for change in changes]


def change_labels() -> dict[Change, str]:
    """What became of a clause, in words."""
    return {
        Change.ADDED: _("Added"),
        Change.REMOVED: _("Removed"),
        Change.CHANGED: _("Changed"),
        Change.MOVED: _("Moved"),
        Change.SAME: _("The same"),
    }


@page("process.read")
def clause_detail(request: Request, pk: str) -> HttpResponse:
    """One clause through every version: what each said, and what changed."""
    clause = get_object_or_404(Clause.objects.select_related("process__plan"), pk=pk)
    rows = queries.history_of(request.actor, clause)
    if not rows:
        raise Http404
    told = [
        (
            row,
            compare_words(old.heading if old else "", row.heading),
            compare_words(old.text, row.text) if old else None,
        )
        for row, old in zip(rows, [*rows[1:], None], strict=True)
    ]
    context = {
        "process": clause.process,
        "clause": clause,
        "last": rows[0],
        "history": told,
        "crumbs": text_crumbs(rows[0].version, ("", said(rows[0]))),
    }
    return render(request, "participation/clause.html", context)


# --- Versions -------------------------------------------------------------------------------


@page("text.write")
@require_POST
def text_begin(request: Request, pk: str) -> HttpResponse:
    """Begin a version."""
    version = actions.begin_text(request.actor, process_or_404(pk))
    return redirect("text_edit", version.pk)


@page("text.publish")
def text_publish(request: Request, pk: str) -> HttpResponse:
    """Put a draft to the participants."""
    version = draft_or_404(request, pk)
    form = PublishForm(posted(request), initial={"edition": version.edition})

    def act() -> object:
        return actions.publish_text(request.actor, version, **form.cleaned_data)

    if done(request, form, act, _("The version is published: it does not change any more.")):
        return redirect("text_detail", version.pk)
    return form_page(
        request,
        version.process,
        form,
        title=_("Publish version %(n)s") % {"n": version.number},
        lead=_("The participants read it according to the phase. It will not change any more."),
        submit=_("Publish"),
        back=reverse("text_edit", args=[version.pk]),
    )


@page("text.write")
@require_POST
def text_discard(request: Request, pk: str) -> HttpResponse:
    """Throw a draft away."""
    version = version_or_404(request, pk)
    process, typed = version.process_id, request.POST.get("edition", "")
    edition = int(typed) if typed.isdigit() and len(typed) < 9 else 0

    def act() -> object:
        return actions.discard_text(request.actor, version, edition=edition)

    return act_and_go(request, act, _("The draft was thrown away."), "text_list", process)


# --- Writing --------------------------------------------------------------------------------


@page("text.write")
def text_edit(request: Request, pk: str) -> HttpResponse:
    """The draft, with what can be done to each clause."""
    version = draft_or_404(request, pk)
    context = {
        "version": version,
        "process": version.process,
        "page": page_of(request, version.clauses.all(), PER_PAGE),
        "crumbs": text_crumbs(version, ("", _("Write"))),
    }
    return render(request, "participation/edit.html", context)


@page("text.write")
def text_paste(request: Request, pk: str) -> HttpResponse:
    """Add many clauses at once."""
    version = draft_or_404(request, pk)
    form = PasteForm(posted(request), initial={"edition": version.edition})

    def act() -> object:
        return actions.paste_clauses(request.actor, version, **form.cleaned_data)

    if done(request, form, act, _("The clauses are added at the end of the text.")):
        return redirect("text_edit", version.pk)
    return form_page(
        request,
        version.process,
        form,
        title=_("Paste a text"),
        back=reverse("text_edit", args=[version.pk]),
    )


@page("text.write")
def clause_new(request: Request, pk: str) -> HttpResponse:
    """Add a clause."""
    version = draft_or_404(request, pk)
    now = {"after": request.GET.get("after", ""), "level": Level.PARAGRAPH}
    form = NewClauseForm(posted(request), initial=now, places=places_in(version))

    def act() -> object:
        after = form.cleaned_data["after"]
        clause = clause_of(version, after).clause if after else None
        return actions.add_clause(request.actor, version, words_in(form), after=clause)

    if done(request, form, act, _("The clause is added.")):
        return redirect("text_edit", version.pk)
    return form_page(
        request,
        version.process,
        form,
        title=_("Add a clause"),
        back=reverse("text_edit", args=[version.pk]),
    )


def words_in(form: forms.Form) -> Words:
    """What a form says of a clause."""
    told = form.cleaned_data
    return Words(told["level"], told["heading"], told["text"])


@page("text.write")
def clause_edit(request: Request, pk: str, clause: str) -> HttpResponse:
    """Change, move or remove a clause. When another tab was there first, both are shown."""
    version = draft_or_404(request, pk)
    row = clause_of(version, clause)
    form, now = ClauseForm(posted(request), initial=shown(row)), None
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            actions.change_clause(request.actor, version, row.clause, words_in(form), seen=seen)
        except DomainError as error:
            if error.code == "text.stale":
                now = row
                form = typed_again(request, row)
                form.is_valid()
            at_field(form, error)
        else:
            messages.success(request, _("The clause is recorded."))
            return redirect("text_edit", version.pk)
    context = {
        "version": version,
        "process": version.process,
        "row": row,
        "now": now,
        "form": form,
        "place_form": PlaceForm(places=places_in(version, without=row), auto_id="move_%s"),
        "mark": mark_of(row),
        "crumbs": text_crumbs(
            version, (reverse("text_edit", args=[version.pk]), _("Write")), ("", row.number)
        ),
    }
    status = 400 if form.errors else 200
    return render(request, "participation/clause_edit.html", context, status=status)


def shown(row: ClauseVersion) -> dict[str, Any]:
    """What a clause says, as a form begins."""
    return {
        "seen": mark_of(row),
        "level": row.level,
        "heading": row.heading,
        "text": row.text,
    }


def typed_again(request: Request, row: ClauseVersion) -> ClauseForm:
    """What was typed, on top of what the clause says now: recording it again is then a choice."""
    typed = request.POST.copy()
    typed["seen"] = mark_of(row)
    return ClauseForm(typed)


@page("text.write")
@require_POST
def clause_move(request: Request, pk: str, clause: str) -> HttpResponse:
    """Move a clause, with what hangs from it."""
    version = draft_or_404(request, pk)
    row = clause_of(version, clause)
    form = PlaceForm(request.POST, places=places_in(version, without=row))

    def act() -> object:
        if not form.is_valid():
            raise DomainError("text.place", _("Choose where it goes."))
        after = form.cleaned_data["after"]
        there = clause_of(version, after).clause if after else None
        return actions.move_clause(request.actor, version, row.clause, after=there)

    return act_and_go(request, act, _("The clause is moved."), "text_edit", version.pk)


@page("text.write")
@require_POST
def clause_remove(request: Request, pk: str, clause: str) -> HttpResponse:
    """Take a clause out of the draft."""
    version = draft_or_404(request, pk)
    row, seen = clause_of(version, clause), request.POST.get("seen", "")

    def act() -> object:
        return actions.remove_clause(request.actor, version, row.clause, seen=seen)

    said_ = _("The clause is removed from the draft. Earlier versions keep it.")
    return act_and_go(request, act, said_, "text_edit", version.pk)


urlpatterns = [
    path("<uuid:pk>/text/", text_list, name="text_list"),
    path("<uuid:pk>/text/begin/", text_begin, name="text_begin"),
    path("text/<uuid:pk>/", text_detail, name="text_detail"),
    path("text/<uuid:pk>/print/", text_print, name="text_print"),
    path("text/<uuid:pk>/compare/<uuid:other>/", text_compare, name="text_compare"),
    path("text/<uuid:pk>/edit/", text_edit, name="text_edit"),
    path("text/<uuid:pk>/paste/", text_paste, name="text_paste"),
    path("text/<uuid:pk>/publish/", text_publish, name="text_publish"),
    path("text/<uuid:pk>/discard/", text_discard, name="text_discard"),
    path("text/<uuid:pk>/new/", clause_new, name="clause_new"),
    path("text/<uuid:pk>/<uuid:clause>/", clause_edit, name="clause_edit"),
    path("text/<uuid:pk>/<uuid:clause>/move/", clause_move, name="clause_move"),
    path("text/<uuid:pk>/<uuid:clause>/remove/", clause_remove, name="clause_remove"),
    path("clause/<uuid:pk>/", clause_detail, name="clause_detail"),
]
