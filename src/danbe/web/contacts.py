"""The directory of trainers who agreed to be listed, and the desks of bodies."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.accounts.models import Organisation
from danbe.core.access import visible_or_404
from danbe.core.pages import Request, page
from danbe.exchange import list_xlsx
from danbe.partnership import contact_actions as actions
from danbe.partnership import training_queries as queries
from danbe.partnership.funding_queries import may_on, terms
from danbe.partnership.models import Contact, Trainer
from danbe.web.funding import listed, tried
from danbe.web.listing import page_of
from danbe.web.plan_view import posted
from danbe.web.training_form import ContactForm, TrainerForm

Crumbs = list[tuple[str, str]]


def _form_page(
    request: Request, form: forms.Form, title: str, lead: str, crumbs: Crumbs
) -> HttpResponse:
    context = {
        "form": form,
        "eyebrow": crumbs[0][1],
        "title": title,
        "lead": lead,
        "back": crumbs[0][0],
        "crumbs": [*crumbs, ("", title)],
    }
    return render(request, "plan/work_form.html", context, status=400 if form.errors else 200)


def _body(request: Request, form: forms.Form) -> Organisation:
    """The body that is typed, or the actor's own."""
    told: Organisation | None = form.cleaned_data.get("organisation")
    return told or get_object_or_404(Organisation, pk=request.actor.organisation_id)


# --- Trainers -------------------------------------------------------------------------------


def _trainer_crumbs() -> Crumbs:
    return [(reverse("trainer_list"), _("Trainers"))]


@page("trainer.read")
def trainer_list(request: Request) -> HttpResponse:
    """The directory, searched by name, theme, function, body or region."""
    actor, text = request.actor, request.GET.get("q", "").strip()
    paged = page_of(request, queries.trainers(actor, text))
    languages = dict(terms("language"))
    context = {
        "text": text,
        "page": paged,
        "lines": [
            (
                row,
                [languages.get(code, code) for code in row.languages.split()],
                may_on(actor, "trainer.write", row.organisation_id),
            )
            for row in paged
        ],
        "may_write": actor.can("trainer.write"),
        "crumbs": [(reverse("training_list"), _("Trainings")), ("", _("Trainers"))],
    }
    return render(request, "trainings/trainers.html", context)


LISTED = "trainer_list"


@page("trainer.write")
def trainer_new(request: Request) -> HttpResponse:
    """List a trainer who agreed to be."""
    return _trainer_form(request, Trainer(), _("New trainer"))


@page("trainer.write")
def trainer_edit(request: Request, pk: str) -> HttpResponse:
    """Correct what is said of a trainer."""
    row = visible_or_404(request.actor, Trainer, "trainer.write", pk)
    return _trainer_form(request, row, _("Change the trainer"))


def _trainer_form(request: Request, row: Trainer, title: str) -> HttpResponse:
    actor, is_new = request.actor, row._state.adding
    form = TrainerForm(posted(request), actor=actor, verb="trainer.write", row=row)

    def act() -> Trainer:
        if is_new:
            return actions.add_trainer(actor, _body(request, form), form.filled())
        version = form.cleaned_data["version"] or 0
        return actions.change_trainer(actor, form.filled(), version=version)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The trainer is in the directory."))
        return redirect(LISTED)
    lead = _("Professional contacts only, of a person who agreed to be listed.")
    return _form_page(request, form, title, lead, _trainer_crumbs())


@page("trainer.write")
@require_POST
def trainer_remove(request: Request, pk: str) -> HttpResponse:
    """Erase a trainer who took the agreement back."""
    row = visible_or_404(request.actor, Trainer, "trainer.write", pk)
    actions.remove_trainer(request.actor, row)
    messages.success(request, _("This person is erased from the directory."))
    return redirect(LISTED)


# --- Desks ----------------------------------------------------------------------------------


@page("contact.read")
def contact_list(request: Request) -> HttpResponse:
    """The desks of every body, searched by function, purpose or body."""
    actor = request.actor
    text, body = request.GET.get("q", "").strip(), request.GET.get("body", "").strip()
    rows = queries.contacts(actor, text, body)
    paged = page_of(request, rows)
    context = {
        "text": text,
        "body": body,
        "page": paged,
        "lines": [(row, may_on(actor, "contact.write", row.organisation_id)) for row in paged],
        "bodies": Organisation.objects.filter(
            pk__in=queries.contacts(actor).order_by().values("organisation")
        ),
        "may_write": actor.can("contact.write"),
        "query": request.GET.urlencode(),
        "crumbs": [("", _("Contacts"))],
    }
    return render(request, "contacts/list.html", context)


@page("contact.read")
def contact_xlsx(request: Request) -> HttpResponse:
    """The same list as a workbook."""
    rows = queries.contacts(
        request.actor, request.GET.get("q", "").strip(), request.GET.get("body", "").strip()
    )
    cells: list[list[list_xlsx.Cell]] = [
        [
            row.organisation.label,
            row.function,
            row.purpose,
            row.phone,
            row.email,
            row.hours,
            row.region.name_fr if row.region else None,
        ]
        for row in rows
    ]
    columns = [
        (_("Body"), 40),
        (_("Desk or function"), 30),
        (_("What to call it for"), 40),
        (_("Office telephone"), 20),
        (_("Office mail"), 30),
        (_("Hours"), 20),
        (_("Region"), 20),
    ]
    note = _("One row is one desk of one body. No person is named.")
    return listed(_("Contacts"), note, columns, cells, "contacts")


def _contact_crumbs() -> Crumbs:
    return [(reverse("contact_list"), _("Contacts"))]


@page("contact.write")
def contact_new(request: Request) -> HttpResponse:
    """Add a desk."""
    return _contact_form(request, Contact(), _("New contact"))


@page("contact.write")
def contact_edit(request: Request, pk: str) -> HttpResponse:
    """Correct a desk."""
    row = visible_or_404(request.actor, Contact, "contact.write", pk)
    return _contact_form(request, row, _("Change the contact"))


def _contact_form(request: Request, row: Contact, title: str) -> HttpResponse:
    actor, is_new = request.actor, row._state.adding
    form = ContactForm(posted(request), actor=actor, verb="contact.write", row=row)

    def act() -> Contact:
        if is_new:
            return actions.add_contact(actor, _body(request, form), form.filled())
        version = form.cleaned_data["version"] or 0
        return actions.change_contact(actor, form.filled(), version=version)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("The contact is recorded."))
        return redirect("contact_list")
    lead = _("The telephone and mail of an office. Never the number of a protected shelter.")
    return _form_page(request, form, title, lead, _contact_crumbs())


@page("contact.write")
@require_POST
def contact_remove(request: Request, pk: str) -> HttpResponse:
    """Take out a desk that answers no more."""
    row = visible_or_404(request.actor, Contact, "contact.write", pk)
    actions.remove_contact(request.actor, row)
    messages.success(request, _("The contact is taken out."))
    return redirect("contact_list")


urlpatterns = [
    path("contacts/", contact_list, name="contact_list"),
    path("contacts/xlsx/", contact_xlsx, name="contact_xlsx"),
    path("contacts/new/", contact_new, name="contact_new"),
    path("contacts/<uuid:pk>/edit/", contact_edit, name="contact_edit"),
    path("contacts/<uuid:pk>/remove/", contact_remove, name="contact_remove"),
    path("trainers/", trainer_list, name="trainer_list"),
    path("trainers/new/", trainer_new, name="trainer_new"),
    path("trainers/<uuid:pk>/edit/", trainer_edit, name="trainer_edit"),
    path("trainers/<uuid:pk>/remove/", trainer_remove, name="trainer_remove"),
]
