"""What administrators and holders of posts do."""

import secrets
import uuid
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from danbe.accounts.models import (
    Holding,
    Invitation,
    Message,
    Organisation,
    OrganisationName,
    Post,
    User,
    holder_of,
)
from danbe.accounts.queries import BODY_DEFAULTS, has_twin, inbox
from danbe.core import audit, sealing
from danbe.core.access import Actor, Role
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.core.models import Setting
from danbekit.names import fold


@action("organisation.write")
def save_organisation(
    actor: Actor, organisation: Organisation, *, names: list[str] | None = None
) -> Organisation:
    """Create or change an organisation, with the names under which it is searched."""
    others = Organisation.objects.exclude(pk=organisation.pk)
    if others.filter(code__iexact=organisation.code).exists():
        text = _("Another organisation has this acronym.")
        raise DomainError("organisation.code", text, "code")
    checked(organisation)
    organisation.save()
    wanted = {
        fold(name): name.strip()
        for name in [
            organisation.code,
            organisation.label_fr,
            organisation.label_en,
            *(names or []),
        ]
        if fold(name)
    }
    if names is not None:
        organisation.names.exclude(folded__in=wanted).delete()
    known = set(organisation.names.values_list("folded", flat=True))
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=organisation, name=name, folded=folded)
        for folded, name in wanted.items()
        if folded not in known
    )
    return organisation


@action("post.write")
def save_post(actor: Actor, post: Post) -> Post:
    """Create or change a post."""
    if has_twin(post.organisation, post.title, post.pk):
        raise DomainError("post.title", _("This body already has a post of that name."), "title")
    checked(post)
    post.save()
    return post


@action("post.write")
def invite(actor: Actor, post: Post, *, name: str, email: str) -> str:
    """Invite a person to a vacant post. Returns the code, shown once, to hand over safely."""
    if holder_of(post):
        raise DomainError(
            "post.occupied", _("This post has a holder: hand it over instead."), "email"
        )
    return new_invitation(post, name=name, email=email)


@action("post.write")
def hand_over(actor: Actor, post: Post, *, name: str, email: str) -> str:
    """End the present holding and invite the successor, in one act.

    Tasks, mail and rights stay with the post; what the former holder did stays in their name.
    """
    post.holdings.filter(until=None).update(until=timezone.now())
    return new_invitation(post, name=name, email=email)


@action("post.write")
def vacate(actor: Actor, post: Post) -> None:
    """End the present holding; the post and its mail wait for a successor."""
    if post.pk == actor.post_id:
        raise DomainError("post.own", _("You cannot leave the post in which you act vacant."))
    post.holdings.filter(until=None).update(until=timezone.now())


@action("post.write")
def set_post_active(actor: Actor, post: Post, *, active: bool) -> None:
    """Close a post (its holder loses it at once) or open it again."""
    if not active and post.pk == actor.post_id:
        raise DomainError("post.own", _("You cannot close the post in which you act."))
    if not active:
        post.holdings.filter(until=None).update(until=timezone.now())
    post.is_active = active
    post.save(update_fields=["is_active"])


@action("settings.write")
def save_settings(actor: Actor, values: Mapping[str, str]) -> None:
    """Keep what the body says of itself. Unknown keys are refused."""
    for key, value in values.items():
        if key not in BODY_DEFAULTS:
            raise DomainError("settings.unknown", _("This setting does not exist."), key)
        Setting.objects.update_or_create(key=key, defaults={"value": value.strip()})


@action("session.switch_post")
def switch_post(actor: Actor, post: Post) -> Post:
    """Act from now on in another post that the same person holds."""
    if not post.is_active or not post.holdings.filter(user=actor.user_id, until=None).exists():
        raise DomainError("post.not_held", _("You do not hold this post."), "post")
    return post


@action("message.mark_read")
def mark_read(actor: Actor, message: Message) -> None:
    """Mark one message of the post as read."""
    inbox(actor).filter(pk=message.pk, read_at=None).update(read_at=timezone.now())


def accept_invitation(code: str, *, password: str) -> User:
    """Take the post of an invitation: the person is created or found by address.

    Open to visitors: the code is the right. Raises :class:`DomainError`.
    """
    invitation = invitation_of(code)
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is None:
        user = User(email=invitation.email.lower(), name=invitation.name)
        user.set_password(password)
        user.save()
    elif not user.check_password(password):
        raise DomainError(
            "invitation.password",
            _("You already have an account: give its password."),
            "password",
        )
    Holding.objects.create(post=invitation.post, user=user)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    actor = Actor(Role.VISITOR, user.pk, invitation.post_id, invitation.post.organisation_id)
    audit.record(actor, "invitation.accept", invitation.post)
    return user


def invitation_of(code: str) -> Invitation:
    """The open invitation of ``code``. Raises :class:`DomainError` when used, old or unknown."""
    found = Invitation.objects.filter(
        code_hash=sealing.blind(code.strip(), "invitation"),
        accepted_at=None,
        expires_at__gt=timezone.now(),
        post__is_active=True,
    ).first()
    if found is None or holder_of(found.post):
        raise DomainError(
            "invitation.unknown",
            _("This invitation is used, too old or mistyped. Ask for a new one."),
            "code",
        )
    return found


def new_invitation(post: Post, *, name: str, email: str) -> str:
    """Replace the open invitations of ``post`` by a new one; returns its code."""
    post.invitations.filter(accepted_at=None).delete()
    code = secrets.token_urlsafe(18)
    invitation = Invitation(
        post=post,
        email=email.strip().lower(),
        name=name.strip(),
        code_hash=sealing.blind(code, "invitation"),
        expires_at=timezone.now() + Invitation.LIFETIME,
    )
    checked(invitation)
    invitation.save()
    return code


def checked(row: Organisation | Post | Invitation) -> None:
    """Run the validators; the first error becomes a :class:`DomainError` at its field."""
    unset = {f.name for f in row._meta.fields if f.null and getattr(row, f.attname) is None}
    try:
        row.full_clean(exclude=unset)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(f"{row._meta.model_name}.{field}", messages[0], field) from error


def post_message(
    post_ids: "list[uuid.UUID]", kind: str, *, path: str = "", key: str = "", **params: str
) -> int:
    """Put one line in the inbox of each post; said once where ``key`` is given. Lines put."""
    if key:
        told = set(Message.unscoped.filter(key=key).values_list("post_id", flat=True))
        post_ids = [pk for pk in post_ids if pk not in told]
    Message.unscoped.bulk_create(
        Message(post_id=pk, kind=kind, path=path, key=key, params=params) for pk in post_ids
    )
    return len(post_ids)
