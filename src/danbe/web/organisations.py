"""Organisations and their names."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from danbe.accounts.actions import save_organisation
from danbe.accounts.models import Organisation, OrganisationName, OrganisationType
from danbe.accounts.queries import organisations, posts
from danbe.core.access import Actor, Reach, visible
from danbe.core.errors import DomainError
from danbe.core.models import Level, Place
from danbe.core.pages import Request, page
from danbe.core.places import alive_on
from danbe.figures.models import Axis, Obligation, Return
from danbe.web.errors import at_field
from danbe.web.listing import page_of, sorted_by
from danbe.web.windows import spoken
from danbekit.dates import Window
from danbekit.names import fold

COLUMNS: dict[str, Callable[[Organisation], Any]] = {
    "name": lambda row: fold(row.label),
    "type": lambda row: fold(row.get_type_display()),
    "posts": lambda row: row.n_posts,  # type: ignore[attr-defined]  # annotated
}
N_RETURNS = 8


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is known of a body."""

    names = forms.CharField(
        label=gettext_lazy("Other names and acronyms"),
        help_text=gettext_lazy("One per line. A search finds the organisation by any of them."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    class Meta:
        model = Organisation
        fields = (
            "code label_fr label_en type parent region names role_seen source note is_active"
        ).split()
        labels = {
            "code": gettext_lazy("Acronym"),
            "label_fr": gettext_lazy("Name in French"),
            "label_en": gettext_lazy("Name in English"),
            "type": gettext_lazy("Type"),
            "parent": gettext_lazy("Belongs to"),
            "role_seen": gettext_lazy("Role in the fight against trafficking"),
            "source": gettext_lazy("Source"),
            "note": gettext_lazy("Note"),
            "is_active": gettext_lazy("Active: it is asked for returns"),
        }
        help_texts = {
            "code": gettext_lazy("Short and unique: it names the organisation in tables."),
            "type": gettext_lazy("It decides which figures the organisation is asked for."),
            "parent": gettext_lazy("The ministry or organisation it depends on."),
            "source": gettext_lazy("The text or the page that says so."),
        }
        error_messages = {
            "code": {"unique": gettext_lazy("Another organisation has this acronym.")}
        }
        widgets = {
            "role_seen": forms.Textarea(attrs={"rows": 3}),
            "source": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"] = forms.ModelChoiceField(
            label=_("Region"),
            queryset=regions_today(),
            required=False,
            empty_label=_("The whole country"),
        )
        if not self.instance._state.adding:
            self.fields["names"].initial = "\n".join(other_names(self.instance))

    def clean_names(self) -> list[str]:
        """The lines that say something."""
        lines: str = self.cleaned_data["names"]
        return [line.strip() for line in lines.splitlines() if line.strip()]


def regions_today() -> QuerySet[Place]:
    """The regions of the present layout, and the district."""
    rows = alive_on(timezone.localdate()).filter(level__in=[Level.REGION, Level.DISTRICT])
    return rows.order_by("level", "name_fr")


def other_names(organisation: Organisation) -> list[str]:
    """Its names besides the acronym and the two official ones."""
    told = {fold(organisation.code), fold(organisation.label_fr), fold(organisation.label_en)}
    rows = organisation.names.exclude(folded__in=told).order_by("name")
    return list(rows.values_list("name", flat=True))


@page("organisation.read")
def organisation_list(request: Request) -> HttpResponse:
    """Search by any name or acronym; filter by type."""
    text, type_ = request.GET.get("q", "").strip(), request.GET.get("type", "")
    rows = organisations(text, type_ if type_ in OrganisationType.values else "")
    if text:
        words = fold(text).split()
        named = OrganisationName.objects.all()
        for word in words:
            named = named.filter(folded__contains=word)
        rows = rows.prefetch_related(Prefetch("names", named.order_by("name"), "found"))
    context = {
        "text": text,
        "type": type_,
        "types": OrganisationType.choices,
        "page": page_of(request, sorted_by(request, rows, COLUMNS, "name")),
        "may_write": request.actor.can("organisation.write"),
        "crumbs": [("", _("Organisations"))],
    }
    return render(request, "organisations/list.html", context)


@page("organisation.read")
def organisation_detail(request: Request, pk: str) -> HttpResponse:
    """One body: names, posts, what it owes, what it sent."""
    organisation = get_object_or_404(Organisation.objects.select_related("region"), pk=pk)
    returns = visible(request.actor, Return, "return.read").filter(organisation=organisation)
    context = {
        "organisation": organisation,
        "names": other_names(organisation),
        "posts": posts().filter(organisation=organisation),
        "shows_posts": request.actor.can("post.read"),
        "shows_returns": _reaches(request.actor, "return.read", organisation),
        "returns": [
            (row, spoken(Window(row.start, row.end)))
            for row in returns.defer("content").order_by("-start")[:N_RETURNS]
        ],
        "obligations": _obligations(request.actor, organisation),
        "shows_contacts": request.actor.can("contact.read"),
        "may_oblige": request.actor.can("obligation.write"),
        "may_write": request.actor.can("organisation.write"),
        "may_write_posts": request.actor.can("post.write"),
        "crumbs": [(reverse("organisation_list"), _("Organisations")), ("", organisation.code)],
    }
    return render(request, "organisations/detail.html", context)


def _reaches(actor: Actor, verb: str, organisation: Organisation) -> bool:
    reach = actor.reach(verb)
    return reach is Reach.NATION or (
        reach is not None and actor.organisation_id == organisation.pk
    )


def _obligations(actor: Actor, organisation: Organisation) -> list[tuple[Obligation, list[str]]]:
    """What it owes, with the names of the axes; nothing where it is not the actor's business."""
    if not _reaches(actor, "completeness.read", organisation):
        return []
    rows = organisation.obligations.order_by("first")
    return [(row, [str(Axis(axis).label) for axis in row.axes.split()]) for row in rows]


@page("organisation.write")
def organisation_new(request: Request) -> HttpResponse:
    """Add a body."""
    return _edit(request, Organisation())


@page("organisation.write")
def organisation_edit(request: Request, pk: str) -> HttpResponse:
    """Change what is known of a body."""
    return _edit(request, get_object_or_404(Organisation, pk=pk))


def _edit(request: Request, organisation: Organisation) -> HttpResponse:
    is_new = organisation._state.adding
    name = organisation.code
    form = OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            kept = save_organisation(
                request.actor, form.instance, names=form.cleaned_data["names"]
            )
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The organisation is recorded."))
            return redirect("organisation_detail", kept.pk)
    crumbs = [(reverse("organisation_list"), _("Organisations"))]
    if is_new:
        crumbs += [("", _("New organisation"))]
    else:
        crumbs += [(reverse("organisation_detail", args=[organisation.pk]), name)]
        crumbs += [("", _("Change"))]
    context = {"form": form, "is_new": is_new, "name": name, "crumbs": crumbs}
    return render(request, "organisations/form.html", context)


urlpatterns = [
    path("", organisation_list, name="organisation_list"),
    path("new/", organisation_new, name="organisation_new"),
    path("<uuid:pk>/", organisation_detail, name="organisation_detail"),
    path("<uuid:pk>/edit/", organisation_edit, name="organisation_edit"),
]
