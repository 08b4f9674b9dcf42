"""Posts: holders, invitations, hand-over."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from danbe.accounts.actions import hand_over, invite, save_post, set_post_active, vacate
from danbe.accounts.models import Holding, Invitation, Organisation, Post, holder_of
from danbe.accounts.queries import has_twin, posts
from danbe.core.access import TWO_FACTOR_ROLES, Role
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.web.errors import at_field
from danbe.web.listing import page_of, sorted_by
from danbe.web.organisations import regions_today
from danbekit.names import fold

COLUMNS: dict[str, Callable[[Post], Any]] = {
    "post": lambda row: fold(row.title),
    "organisation": lambda row: fold(row.organisation.label),
    "role": lambda row: fold(row.get_role_display()),
}
SEATED = Exists(Holding.objects.filter(post=OuterRef("pk"), until=None))
STATES = {
    "held": (gettext_lazy("Held"), Q(SEATED, is_active=True)),
    "vacant": (gettext_lazy("Vacant"), Q(~SEATED, is_active=True)),
    "closed": (pgettext_lazy("post", "Closed"), Q(is_active=False)),
}


class PostForm(forms.ModelForm):  # type: ignore[type-arg]
    """A seat in an organisation."""

    class Meta:
        model = Post
        fields = ("organisation", "title", "role", "region")
        labels = {
            "organisation": gettext_lazy("Organisation"),
            "title": gettext_lazy("Name of the post"),
            "role": gettext_lazy("Role"),
        }
        help_texts = {
            "title": gettext_lazy("What the post is called in the organisation, not a person."),
            "role": gettext_lazy("It decides what the post may see and do."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ModelChoiceField(
            label=_("Organisation"),
            queryset=Organisation.objects.filter(is_active=True).order_by(Lower("label_fr")),
        )
        self.fields["region"] = forms.ModelChoiceField(
            label=_("Region"),
            queryset=regions_today(),
            required=False,
            empty_label=_("The whole country"),
        )
        roles = [(role.value, role.label) for role in Role if role is not Role.VISITOR]
        self.fields["role"].widget = forms.Select(choices=[("", "---------"), *roles])

    def clean_role(self) -> str:
        """Nobody sits in the post of a visitor."""
        role: str = self.cleaned_data["role"]
        if role == Role.VISITOR:
            raise forms.ValidationError(_("Choose a role."))
        return role

    def clean(self) -> dict[str, Any]:
        """The rule of the action, told at its field."""
        told = self.cleaned_data
        if "organisation" in told and "title" in told:
            pk = None if self.instance._state.adding else self.instance.pk
            if has_twin(told["organisation"], told["title"], pk):
                self.add_error("title", _("This body already has a post of that name."))
        return told


class InvitationForm(forms.Form):
    """Whom to invite."""

    name = forms.CharField(label=gettext_lazy("First name and name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("It names the account; no mail is sent to it now."),
        max_length=254,
    )


@page("post.read")
def post_list(request: Request) -> HttpResponse:
    """Every post, with its holder."""
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = posts(text)
    if state in STATES:
        rows = rows.filter(STATES[state][1])
    context = {
        "text": text,
        "state": state,
        "states": [(code, label) for code, (label, _rule) in STATES.items()],
        "page": page_of(request, sorted_by(request, rows, COLUMNS, "post")),
        "may_write": request.actor.can("post.write"),
        "crumbs": [("", _("Posts"))],
    }
    return render(request, "posts/list.html", context)


@page("post.read")
def post_detail(request: Request, pk: str) -> HttpResponse:
    """One post: who holds it, who held it, who is invited."""
    post = get_object_or_404(posts(), pk=pk)
    context = {
        "post": post,
        "holdings": post.holdings.select_related("user"),
        "invitation": post.invitations.filter(
            accepted_at=None, expires_at__gt=timezone.now()
        ).first(),
        "two_factors": post.role in TWO_FACTOR_ROLES,
        "may_write": request.actor.can("post.write"),
        "is_own": post.pk == request.actor.post_id,
        "crumbs": [(reverse("post_list"), _("Posts")), ("", post.title)],
    }
    return render(request, "posts/detail.html", context)


@page("post.write")
def post_new(request: Request) -> HttpResponse:
    """Add a post to an organisation."""
    return _edit(request, Post())


@page("post.write")
def post_edit(request: Request, pk: str) -> HttpResponse:
    """Change the name, the role or the region of a post."""
    return _edit(request, get_object_or_404(Post, pk=pk))


def _edit(request: Request, post: Post) -> HttpResponse:
    is_new, title = post._state.adding, post.title
    initial = {"organisation": request.GET.get("organisation")} if is_new else {}
    form = PostForm(request.POST or None, instance=post, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = save_post(request.actor, form.instance)
        except DomainError as error:
            at_field(form, error)
        else:
            messages.success(request, _("The post is recorded."))
            return redirect("post_detail", kept.pk)
    crumbs = [(reverse("post_list"), _("Posts"))]
    if is_new:
        crumbs += [("", _("New post"))]
    else:
        crumbs += [(reverse("post_detail", args=[post.pk]), title), ("", _("Change"))]
    context = {"form": form, "is_new": is_new, "title": title, "crumbs": crumbs}
    return render(request, "posts/form.html", context)


@page("post.write")
def post_invite(request: Request, pk: str) -> HttpResponse:
    """Invite somebody to a vacant post."""
    return _invite(request, get_object_or_404(posts(), pk=pk), is_hand_over=False)


@page("post.write")
def post_hand_over(request: Request, pk: str) -> HttpResponse:
    """One act: the present holder leaves, the successor is invited."""
    return _invite(request, get_object_or_404(posts(), pk=pk), is_hand_over=True)


def _invite(request: Request, post: Post, *, is_hand_over: bool) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    crumbs = [
        (reverse("post_list"), _("Posts")),
        (reverse("post_detail", args=[post.pk]), post.title),
        ("", _("Hand over") if is_hand_over else _("Invite")),
    ]
    context = {"post": post, "form": form, "is_hand_over": is_hand_over, "crumbs": crumbs}
    context["holder"] = holder_of(post)
    if request.method == "POST" and form.is_valid():
        act = hand_over if is_hand_over else invite
        try:
            code = act(request.actor, post, **form.cleaned_data)
        except DomainError as error:
            at_field(form, error)
        else:
            address = settings.ADDRESS.rstrip("/") + reverse("invitation_accept")
            expires = timezone.now() + Invitation.LIFETIME
            told = {"code": code, "address": address, "expires": expires}
            return render(request, "posts/code.html", context | told | form.cleaned_data)
    return render(request, "posts/invite.html", context)


@page("post.write")
@require_POST
def post_vacate(request: Request, pk: str) -> HttpResponse:
    """The holder leaves; nobody follows yet."""
    post = get_object_or_404(Post, pk=pk)
    vacate(request.actor, post)
    messages.success(request, _("The post is vacant. Its mail and its tasks wait."))
    return redirect("post_detail", post.pk)


@page("post.write")
@require_POST
def post_close(request: Request, pk: str) -> HttpResponse:
    """Close a post: its holder loses it at once."""
    post = get_object_or_404(Post, pk=pk)
    set_post_active(request.actor, post, active=False)
    messages.success(request, _("The post is closed."))
    return redirect("post_detail", post.pk)


@page("post.write")
@require_POST
def post_open(request: Request, pk: str) -> HttpResponse:
    """Open a closed post again; it is vacant."""
    post = get_object_or_404(Post, pk=pk)
    set_post_active(request.actor, post, active=True)
    messages.success(request, _("The post is open again. Invite its holder."))
    return redirect("post_detail", post.pk)


urlpatterns = [
    path("", post_list, name="post_list"),
    path("new/", post_new, name="post_new"),
    path("<uuid:pk>/", post_detail, name="post_detail"),
    path("<uuid:pk>/edit/", post_edit, name="post_edit"),
    path("<uuid:pk>/invite/", post_invite, name="post_invite"),
    path("<uuid:pk>/hand-over/", post_hand_over, name="post_hand_over"),
    path("<uuid:pk>/vacate/", post_vacate, name="post_vacate"),
    path("<uuid:pk>/close/", post_close, name="post_close"),
    path("<uuid:pk>/open/", post_open, name="post_open"),
]
