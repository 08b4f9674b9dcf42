"""The photograph of a person: kept, seen, destroyed. Every address is a POST."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from danbe.core.access import Actor, visible, visible_or_404
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.exchange.photograph import LARGEST, cleaned, kind_of
from danbe.protection.models import Person, Sealed
from danbe.protection.open_actions import open_groups
from danbe.protection.photo_actions import KIND, keep_photo, remove_photo
from danbe.protection.vocabulary import FieldGroup


def has_photo(actor: Actor, person: Person) -> bool:
    """Whether one is there that the actor may see; nothing is opened."""
    rows = visible(actor, Sealed, "person.open").filter(person=person, group=FieldGroup.PHOTO)
    return rows.filter(kind=KIND, superseded_at=None).exists()


@page("person.write")
@require_POST
def person_photo(request: Request, pk: str) -> HttpResponse:
    """Keep the photograph that was sent, or destroy the one that is there."""
    person = visible_or_404(request.actor, Person, "person.write", pk)
    try:
        if "remove" in request.POST:
            remove_photo(request.actor, person)
            messages.success(request, _("The photograph is destroyed."))
        else:
            keep_photo(request.actor, person, _sent(request))
            messages.success(request, _("The photograph is kept, sealed."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("person_detail", person.pk)


def _sent(request: Request) -> bytes:
    file = request.FILES.get("photo")
    if file is None:
        raise DomainError("photo.none", _("Choose a photograph."), "photo")
    return cleaned(file.read(LARGEST + 1))


@page("person.open")
@require_POST
def person_photo_see(request: Request, pk: str) -> HttpResponse:
    """The photograph alone. The opening is recorded like any other."""
    person = visible_or_404(request.actor, Person, "person.open", pk)
    if not has_photo(request.actor, person):
        raise Http404
    data = open_groups(request.actor, person, [FieldGroup.PHOTO]).photo
    response = HttpResponse(data, content_type=kind_of(data))
    response["Content-Disposition"] = "inline"
    return response


urlpatterns = [
    path("<uuid:pk>/photo/", person_photo, name="person_photo"),
    path("<uuid:pk>/photo/see/", person_photo_see, name="person_photo_see"),
]
