"""Named sets of organisations, posts and messages."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from danbe.accounts.models import Holding, Message, Organisation, OrganisationName, Post
from danbe.core.access import Actor, visible
from danbe.core.models import Setting
from danbekit.names import fold


def organisations(text: str = "", type_: str = "") -> QuerySet[Organisation]:
    """Active and inactive bodies whose name, acronym or alias holds every word of ``text``."""
    rows = Organisation.objects.annotate(
        n_posts=Count("posts", filter=Q(posts__is_active=True), distinct=True)
    )
    if type_:
        rows = rows.filter(type=type_)
    for word in fold(text).split():
        named = OrganisationName.objects.filter(organisation=OuterRef("pk"))
        rows = rows.filter(Exists(named.filter(folded__contains=word)))
    return rows


def posts(text: str = "") -> QuerySet[Post]:
    """Posts with their body and their present holder (``present``: at most one)."""
    present = Prefetch(
        "holdings",
        Holding.objects.filter(until=None).select_related("user"),
        to_attr="present",
    )
    rows = Post.objects.select_related("organisation", "region").prefetch_related(present)
    if text:
        bodies = organisations(text).values("pk")
        rows = rows.filter(Q(title__icontains=text) | Q(organisation__in=bodies))
    return rows


def has_twin(organisation: Organisation, title: str, pk: uuid.UUID | None = None) -> bool:
    """Whether another post of this body already bears that name, whatever its capitals."""
    others = Post.objects.exclude(pk=pk) if pk else Post.objects.all()
    return others.filter(organisation=organisation, title__iexact=title).exists()


def inbox(actor: Actor) -> QuerySet[Message]:
    """The mail of the actor's post, newest first."""
    return visible(actor, Message, "message.read")


@dataclass(frozen=True, slots=True)
class Body:
    """The body whose system this is: configuration, never code (it may be renamed)."""

    name: str
    acronym: str
    country: str
    hotline: str  # empty until one is set: no number is printed before
    contact: str
    ministry: str


BODY_DEFAULTS = {
    "body.name": (
        "Comité national de coordination de la lutte contre la traite des personnes "
        "et les pratiques assimilées"
    ),
    "body.acronym": "CNCLCTPA",
    "body.country": "République du Mali",
    "body.hotline": "",
    "body.contact": "",
    "body.ministry": "Ministère de la Justice et des Droits de l’Homme",
}


def body() -> Body:
    """The configured body."""
    kept = dict(Setting.objects.filter(key__startswith="body.").values_list("key", "value"))
    values = {key.partition(".")[2]: kept.get(key, value) for key, value in BODY_DEFAULTS.items()}
    return Body(**values)
