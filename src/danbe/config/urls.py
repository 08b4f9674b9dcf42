"""All addresses. Those of libraries are listed by name with the verb they need."""

from allauth.account.urls import urlpatterns as account_urls
from django.urls import include, path
from django.views.i18n import set_language

from danbe.core.pages import marked_names, page

MARKED = {
    "public.read": "account_login account_reset_password account_reset_password_done "
    "account_reset_password_from_key account_reset_password_from_key_done account_inactive "
    "mfa_authenticate mfa_login_webauthn account_signup",
    "session.end": "account_logout",
    "account.change": "account_change_password account_set_password "
    "account_reauthenticate mfa_reauthenticate mfa_reauthenticate_webauthn mfa_index "
    "mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes "
    "mfa_download_recovery_codes mfa_list_webauthn mfa_add_webauthn mfa_edit_webauthn "
    "mfa_remove_webauthn",
}
marked_names.update({name: verb for verb, names in MARKED.items() for name in names.split()})

urlpatterns = [
    path("language/", page("public.read")(set_language), name="set_language"),
    # What is not marked does not exist here: no address book, no confirmation by mail.
    path("account/", include([p for p in account_urls if p.name in marked_names])),
    path("account/2fa/recovery-codes/", include("danbe.web.second_factor")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("", include("danbe.web.home")),
    path("", include("danbe.web.session")),
    path("figures/", include("danbe.web.figures")),
    path("", include("danbe.web.register")),
    path("links/", include("danbe.web.links")),
    path("rights/", include("danbe.web.rights")),
    path("returns/", include("danbe.web.returns")),
    path("completeness/", include("danbe.web.completeness")),
    path("overlaps/", include("danbe.web.overlaps")),
    path("reports/", include("danbe.web.reports")),
    path("tip/", include("danbe.web.tip")),
    path("plan/", include("danbe.web.plan")),
    path("contributions/", include("danbe.web.contributions")),
    path("plan/", include("danbe.web.evaluation")),
    path("participation/", include("danbe.web.participation")),
    path("committee/", include("danbe.web.committee")),
    path("organisations/", include("danbe.web.organisations")),
    path("organisations/", include("danbe.web.obligations")),
    path("agreements/", include("danbe.web.agreements")),
    path("processing/", include("danbe.web.processing")),
    path("posts/", include("danbe.web.posts")),
    path("services/", include("danbe.web.services")),
    path("funding/", include("danbe.web.funding")),
    path("donations/", include("danbe.web.donations")),
    path("", include("danbe.web.trainings")),
    path("", include("danbe.web.contacts")),
    path("partners/", include("danbe.web.portal")),
    path("people/", include("danbe.web.people")),
    path("events/", include("danbe.web.events")),
    path("", include("danbe.web.interviews")),
    path("consents/", include("danbe.web.consents")),
    path("referrals/", include("danbe.web.referrals")),
    path("cases/", include("danbe.web.cases")),
    path("supervision/", include("danbe.web.supervision")),
    path("places/", include("danbe.web.boundaries")),
    path("places/", include("danbe.web.places")),
    path("lists/", include("danbe.web.vocabularies")),
    path("audit/", include("danbe.web.audit")),
    path("settings/", include("danbe.web.settings")),
    path("help/", include("danbe.web.help")),
]
handler400 = "danbe.web.errors.bad_request"
handler403 = "danbe.web.errors.forbidden"
handler404 = "danbe.web.errors.not_found"
handler500 = "danbe.web.errors.server_error"
