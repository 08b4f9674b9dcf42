"""Sign-in for the demonstration, invitations, switching post."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, password_validation
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from danbe.accounts.actions import accept_invitation, invitation_of, switch_post
from danbe.accounts.middleware import POST_KEY
from danbe.accounts.models import Invitation, Post, User
from danbe.core.errors import DomainError
from danbe.core.pages import Request, page
from danbe.jobs.demo import PERSONAS
from danbe.web.errors import at_field


@page("session.begin")
@require_POST
def demo_sign_in(request: Request) -> HttpResponse:
    """One click, one of the fictitious cast. Exists only in the demonstration."""
    if not settings.DEMO:
        raise Http404
    slug = request.POST.get("persona", "")
    persona = next((p for p in PERSONAS if p.slug == slug), None)
    user = get_object_or_404(User, email=persona.email if persona else "")
    get_adapter().login(request, user)
    target = request.POST.get("next", "")
    return redirect(target if is_local(target) else "home")


def is_local(target: str) -> bool:
    """Whether an address stays in this instance: a path, not another site."""
    return target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)


@page("session.switch_post")
@require_POST
def post_switch(request: Request) -> HttpResponse:
    """Act in another of one's posts, until the end of the session."""
    held = {str(holding.post_id) for holding in request.holdings}  # type: ignore[attr-defined]
    chosen = request.POST.get("post", "")
    if chosen not in held:
        raise Http404
    post = switch_post(request.actor, Post.objects.select_related("organisation").get(pk=chosen))
    request.session[POST_KEY] = str(post.pk)
    told = {"post": post.title, "organisation": post.organisation.label}
    messages.success(request, _("You now act as: %(post)s, %(organisation)s.") % told)
    return redirect("home")


class CodeForm(forms.Form):
    """The code of an invitation, as it was handed over."""

    code = forms.CharField(
        label=gettext_lazy("Code of the invitation"),
        help_text=gettext_lazy("24 letters and figures. Capitals matter."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class NewPasswordForm(CodeForm):
    """The code, and the password of a new account."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least 12 characters. A short sentence is easy to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["code"].widget = forms.HiddenInput()

    def clean_password(self) -> str:
        """Long enough and not a common one."""
        password: str = self.cleaned_data["password"]
        told = self.invitation
        password_validation.validate_password(password, User(email=told.email, name=told.name))
        return password

    def clean_again(self) -> str:
        """Twice the same."""
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError(_("The two passwords differ."))
        return again


class KnownPasswordForm(CodeForm):
    """The code, and the password of the account that the person already has."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        help_text=gettext_lazy("You already have an account: give its password."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(
        self, *args: Any, request: Request, invitation: Invitation, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.invitation = request, invitation
        self.fields["code"].widget = forms.HiddenInput()

    def clean_password(self) -> str:
        """Checked like a sign-in, so that guessing is slowed down like there."""
        password: str = self.cleaned_data["password"]
        if authenticate(self.request, email=self.invitation.email, password=password) is None:
            raise forms.ValidationError(_("This is not the password of your account."))
        return password


@page("public.read")
@sensitive_post_parameters()
@never_cache
def invitation_accept(request: Request) -> HttpResponse:
    """Two steps on one address: the code, then the password. The code is never in an address."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "session/code.html", {"form": form})
    try:
        invitation = invitation_of(form.cleaned_data["code"])
    except DomainError as error:
        at_field(form, error)
        return render(request, "session/code.html", {"form": form})
    return _take_post(request, invitation)


def _take_post(request: Request, invitation: Invitation) -> HttpResponse:
    told = request.POST if "password" in request.POST else None
    code = {"code": request.POST["code"]}
    is_known = User.objects.filter(email__iexact=invitation.email).exists()
    form: CodeForm = (
        KnownPasswordForm(told, initial=code, request=request, invitation=invitation)
        if is_known
        else NewPasswordForm(told, initial=code, invitation=invitation)
    )
    if form.is_valid():
        try:
            with transaction.atomic():
                user = accept_invitation(
                    form.cleaned_data["code"], password=form.cleaned_data["password"]
                )
        except DomainError as error:
            at_field(form, error)
        else:
            told_post = {"post": invitation.post.title}
            messages.success(request, _("Welcome. You hold the post: %(post)s.") % told_post)
            if is_mfa_enabled(user):  # an invitation is no way round the second factor
                return redirect("account_login")
            get_adapter().login(request, user)
            request.session[POST_KEY] = str(invitation.post_id)
            return redirect("home")
    context = {"form": form, "invitation": invitation, "is_known": is_known}
    return render(request, "session/password.html", context)


urlpatterns = [
    path("demonstration/", demo_sign_in, name="demo_sign_in"),
    path("switch-post/", post_switch, name="switch_post"),
    path("invitation/", invitation_accept, name="invitation_accept"),
]
