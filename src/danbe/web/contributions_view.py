"""What several pages of contributions share: forms, tabs, and a contribution as it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.core.models import Term
from danbe.core.pages import Request
from danbe.plan.contribution_queries import Speaker, speaker_of
from danbe.plan.contribution_rules import Told, paragraph_now, paragraphs_now
from danbe.plan.models import (
    AnswerOutcome,
    Category,
    Clause,
    Contribution,
    ContributionKind,
    Moderation,
    Process,
)
from danbe.web.participation_view import crumbs as process_crumbs

MODERATION_TONES = {
    Moderation.WAITING: ("warn", "clock"),
    Moderation.PUBLISHED: ("info", "eye"),
    Moderation.HELD: ("warn", "lock"),
    Moderation.REMOVED: ("neutral", "cross"),
}
OUTCOME_TONES = {
    AnswerOutcome.TAKEN: ("good", "check"),
    AnswerOutcome.PARTLY: ("info", "edit"),
    AnswerOutcome.NOT: ("neutral", "cross"),
}
SHOWN = 80  # characters of a paragraph in a list of choices


def area(rows: int) -> forms.Textarea:
    """A field of several lines."""
    return forms.Textarea(attrs={"rows": rows})


@dataclass(frozen=True, slots=True)
class Shown:
    """One contribution as a page shows it."""

    row: Contribution
    speaker: Speaker
    tone: str
    sign: str
    status: str
    n_supports: int = 0

    @property
    def is_amendment(self) -> bool:
        """Whether it replaces words."""
        return self.row.kind == ContributionKind.AMENDMENT


def shown(actor: Actor, row: Contribution, n_supports: int = 0) -> Shown:
    """A contribution with who speaks, as the reader may know it, and where it stands."""
    if row.answer is not None:
        tone, sign = OUTCOME_TONES[AnswerOutcome(row.answer.outcome)]
        status = row.answer.get_outcome_display()
    else:
        tone, sign = MODERATION_TONES[Moderation(row.moderation)]
        status = row.get_moderation_display()
        if row.moderation == Moderation.PUBLISHED:
            tone, sign, status = "warn", "clock", _("Waits for an answer")
    return Shown(row, speaker_of(actor, row), tone, sign, status, n_supports)


def clause_choices(process: Process) -> list[tuple[str, str]]:
    """The paragraphs of the text under discussion, by their number and first words."""
    return [
        (str(one.clause.pk), f"{one.number} · {one.opening(SHOWN)}")
        for one in paragraphs_now(process)
    ]


def language_choices() -> list[tuple[str, str]]:
    """The languages of the country."""
    return [(term.code, term.label) for term in Term.objects.filter(list="language")]


class ContributionForm(forms.Form):
    """What is said, of which paragraph."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[(k.value, k.label) for k in ContributionKind],
        widget=forms.RadioSelect,
    )
    clause = forms.ChoiceField(
        label=gettext_lazy("On which paragraph"),
        help_text=gettext_lazy("Leave empty to speak of the whole text."),
        required=False,
    )
    replaced = forms.CharField(
        label=gettext_lazy("Amendment: words replaced"),
        help_text=gettext_lazy("Copy them exactly from the paragraph as it stands."),
        widget=area(2),
        required=False,
    )
    proposed = forms.CharField(
        label=gettext_lazy("Amendment: words proposed"),
        help_text=gettext_lazy("Leave empty to strike the words out."),
        widget=area(2),
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("What you want to say"),
        help_text=gettext_lazy("Write no name of a person."),
        widget=area(5),
        required=False,
    )

    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.process = process
        choices = [("", _("The whole text")), *clause_choices(process)]
        self.fields["clause"].choices = choices  # type: ignore[attr-defined]

    def told(self) -> Told:
        """What the form says. Lengths and words are checked by the act."""
        data: Mapping[str, Any] = self.cleaned_data
        clause = Clause.objects.filter(pk=data["clause"]).first() if data["clause"] else None
        return Told(
            data["kind"],
            data["text"],
            clause,
            data["replaced"],
            data["proposed"],
            data.get("language", ""),
        )


class VoiceForm(ContributionForm):
    """A voice note, typed up by whoever heard it."""

    category = forms.ChoiceField(
        label=gettext_lazy("Who speaks"), choices=Category.choices, widget=forms.RadioSelect
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("For which organisation"),
        help_text=gettext_lazy("Never for a survivor or for the public."),
        queryset=Organisation.objects.none(),
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language spoken"))
    field_order = ("category", "organisation", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What was said")
        bodies = Organisation.objects.filter(is_active=True)
        self.fields["organisation"].queryset = bodies  # type: ignore[attr-defined]
        choices = [("", "---------"), *language_choices()]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]


class PublicForm(ContributionForm):
    """What a citizen writes: no name, no address, no account."""

    category = forms.ChoiceField(
        label=gettext_lazy("You speak as"),
        choices=[
            (Category.PUBLIC.value, gettext_lazy("A citizen, a resident, somebody concerned")),
            (Category.SURVIVORS.value, gettext_lazy("Somebody who went through it")),
        ],
        initial=Category.PUBLIC.value,
        widget=forms.RadioSelect,
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=64)
    field_order = ("category", "kind", "clause", "text", "replaced", "proposed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (k.value, k.label) for k in ContributionKind if k != ContributionKind.MINORITY
        ]
        self.fields["kind"].initial = ContributionKind.COMMENT.value


def tabs(request: Request, process: Process, here: str) -> list[tuple[str, str, bool]]:
    """The pages of the contributions of a process."""
    pages = [("contribution_list", _("Contributions"))]
    if request.actor.can("contribution.moderate"):
        pages += [("group_list", _("Groups"))]
    if request.actor.can("contribution.collect"):
        pages += [("room_list", _("Rooms without network"))]
    return [(reverse(name, args=[process.pk]), label, name == here) for name, label in pages]


def paragraph_told(clause: Clause | None) -> dict[str, str]:
    """The number and the words of one paragraph as it stands, for a page; empty without one."""
    if clause is None:
        return {"number": "", "words": ""}
    told = paragraph_now(clause)
    return {"number": told.number, "words": told.words}


def all_shown(
    actor: Actor, rows: Iterable[Contribution], supports: Mapping[object, int]
) -> list[Shown]:
    """A page of a list."""
    return [shown(actor, row, supports.get(row.pk, 0)) for row in rows]


def process_or_404(request: Request, pk: object) -> Process:
    """A process that the reader may follow."""
    if not request.actor.can("process.read"):
        raise Http404
    return get_object_or_404(Process.objects.select_related("plan"), pk=pk)


def crumbs(process: Process, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The process, what was said of its text, this page."""
    here = reverse("contribution_list", args=[process.pk]) if more else ""
    return process_crumbs(process, (here, _("Contributions")), *more)
