"""Every page of Danbe that is opened by GET, with a persona that may open it.

Used by the accessibility tests and by ``make screenshots``. The rows that pages are about are
made in a demonstration by real actions, so that pages are seen full, with something wrong too.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.server import Instance

Ids = Mapping[str, str]

PREPARE = """
import datetime
import json
from django.utils import timezone
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from danbe.accounts.models import Organisation, Post, User
from danbe.core.models import Offence
from danbe.figures import actions
from danbe.figures.models import Obligation, Overlap
from danbe.partnership import offer_actions, queries
from danbe.reports.actions import freeze_report
from danbekit.dates import Window

def post(role, code):
    return Post.objects.select_related("organisation").get(role=role, organisation__code=code)

fanta, esther = post("focal_point", "MPFEF"), post("secretariat", "CNCLCTPA")
ALL = ["prevention", "protection", "prosecution", "partnership"]

def line(total, place="ML", explanation="", **cells):
    return {"place": place, "total": total, "cells": cells, "explanation": explanation}

def opened(year, post=fanta):
    return actions.open_return(
        post.actor, post.organisation, window=Window.calendar_year(year), axes=ALL
    )

def saved(year, post=fanta, **lines):
    content = {"lines": {code: [said] for code, said in lines.items()}, "narrative": {
        "protection": "Texte fictif de la démonstration : " + "écoute, hébergement, retour. " * 9
    }}
    return actions.save_content(post.actor, opened(year, post), content=content)

wrong = saved(
    2021,
    victims_identified=line("430", sex_age={"male.adult": "291", "female.adult": "113"}),
    victims_assisted=line("douze", place="nulle part"),
)
draft = saved(2022, victims_identified=line("12"), victims_assisted=line("7"))
actions.attach(fanta.actor, draft, name="note.txt", data="note fictive".encode())
waiting = actions.submit_return(fanta.actor, saved(2020, victims_identified=line("25")))
queried = actions.submit_return(fanta.actor, saved(2019, victims_identified=line("31")))
actions.query_return(esther.actor, queried, note="Le total de Kayes manque (fictif).")
accepted = actions.submit_return(fanta.actor, saved(2018, victims_identified=line("300")))
actions.accept_return(esther.actor, accepted)
body = Organisation.objects.get(code="MJDH")
other = Post.objects.create(organisation=body, role="focal_point", title="Point focal (fictif)")
twin = actions.submit_return(other.actor, saved(2018, other, victims_identified=line("300")))
actions.accept_return(esther.actor, twin)
freeze_report(esther.actor, 2024, today=timezone.localdate())
vacant = Post.objects.create(organisation=body, role="analyst", title="Analyste (fictif)")
awa = User.objects.get(email="awa@demonstration.example")
TOTP.activate(awa, "JBSWY3DPEHPK3PXP")
RecoveryCodes.activate(awa)
owed = Obligation.objects.filter(organisation=fanta.organisation)[0]
keeper, bakary = post("caseworker", "SINJIYA"), post("caseworker", "CARITAS")
shelter = queries.shelters_to_count(keeper.actor)[0]
offer_actions.grant_address(
    keeper.actor, shelter, organisation=bakary.organisation, reason_code="referral",
    until=timezone.now() + datetime.timedelta(days=7),
)
print(json.dumps({
    "draft": str(draft.pk), "wrong": str(wrong.pk), "waiting": str(waiting.pk),
    "queried": str(queried.pk), "accepted": str(accepted.pk),
    "overlap": str(Overlap.objects.latest("pk").pk), "vacant": str(vacant.pk),
    "held": str(fanta.pk), "body": str(fanta.organisation.pk), "owed": str(owed.pk),
    "law": Offence.objects.all()[0].pk, "shelter": str(shelter.pk),
}))
"""


def prepare(instance: Instance) -> Ids:
    """Make the rows that pages are about; their identifiers."""
    ids: Ids = json.loads(instance.python(PREPARE).splitlines()[-1])
    return ids


@dataclass(frozen=True)
class Page:
    """One page, seen by one persona (empty: a visitor)."""

    name: str  # of the address, and what is particular
    persona: str
    path: Callable[[Ids], str]

    @property
    def slug(self) -> str:
        """A file name."""
        return re.sub(r"[^\w]+", "-", self.name)

    @property
    def address_name(self) -> str:
        """The name in ``config/urls.py``."""
        return self.name.partition(", ")[0]


def _page(name: str, persona: str, path: str) -> Page:
    return Page(name, persona, lambda ids: path.format(**ids))


RETURN = "/returns/{draft}/"
PAGES = [
    # the doors
    _page("account_login", "", "/account/login/"),
    _page("account_reset_password", "", "/account/password/reset/"),
    _page("account_reset_password_done", "", "/account/password/reset/done/"),
    _page("account_reset_password_from_key", "", "/account/password/reset/key/1-old-link/"),
    _page("account_reset_password_from_key_done", "", "/account/password/reset/key/done/"),
    _page("account_inactive", "", "/account/inactive/"),
    _page("account_signup", "", "/account/signup/"),
    _page("invitation_accept", "", "/invitation/"),
    _page("account_logout", "fanta", "/account/logout/"),
    _page("account_change_password", "fanta", "/account/password/change/"),
    _page("account_reauthenticate", "fanta", "/account/reauthenticate/"),
    _page("mfa_index", "fanta", "/account/2fa/"),
    _page("mfa_index, set up", "awa", "/account/2fa/"),
    _page("mfa_activate_totp", "bakary", "/account/2fa/totp/activate/"),
    _page("mfa_deactivate_totp", "awa", "/account/2fa/totp/deactivate/"),
    _page("mfa_view_recovery_codes", "awa", "/account/2fa/recovery-codes/"),
    _page("mfa_generate_recovery_codes", "awa", "/account/2fa/recovery-codes/generate/"),
    _page("mfa_reauthenticate", "awa", "/account/2fa/reauthenticate/"),
    _page("mfa_add_webauthn", "awa", "/account/2fa/webauthn/add/"),
    _page("mfa_list_webauthn", "awa", "/account/2fa/webauthn/"),
    # home, by post
    _page("home", "fanta", "/"),
    _page("home, esther", "esther", "/"),
    _page("home, garan", "garan", "/"),
    _page("home, awa", "awa", "/"),
    _page("home, djibril", "djibril", "/"),
    _page("home, issa", "issa", "/"),
    _page("home, jeneba", "jeneba", "/"),
    _page("home, kadidia", "kadidia", "/"),
    _page("inbox", "fanta", "/inbox/"),
    # figures
    _page("figure_explorer", "garan", "/figures/"),
    _page(
        "figure_explorer, map",
        "garan",
        "/figures/?definition=victims_identified&window=2025&by=region&view=map",
    ),
    _page(
        "figure_explorer, sex and age",
        "issa",
        "/figures/?definition=victims_identified&window=2024&by=sex_age",
    ),
    _page(
        "figure_explorer, silence",
        "issa",
        "/figures/?definition=victims_identified&window=2016&by=region",
    ),
    _page(
        "figure_sources", "garan", "/figures/sources/?definition=victims_identified&window=2024"
    ),
    _page("definition_list", "garan", "/figures/definitions/"),
    _page("definition_detail", "garan", "/figures/definitions/victims_identified/"),
    _page("published_list", "garan", "/figures/published/"),
    # returns
    _page("return_list", "fanta", "/returns/"),
    _page("return_list, everybody's", "esther", "/returns/"),
    _page("return_list, nothing found", "esther", "/returns/?body=zzz"),
    _page("return_new", "fanta", "/returns/new/"),
    _page("return_new, for another", "esther", "/returns/new/"),
    _page("return_detail", "fanta", RETURN),
    _page("return_detail, submitted", "esther", "/returns/{waiting}/"),
    _page("return_detail, queried", "fanta", "/returns/{queried}/"),
    _page("return_detail, accepted", "garan", "/returns/{accepted}/"),
    _page("return_axis, prevention", "fanta", RETURN + "axis/prevention/"),
    _page("return_axis, protection", "fanta", RETURN + "axis/protection/"),
    _page("return_axis, prosecution", "fanta", RETURN + "axis/prosecution/"),
    _page("return_axis, partnership", "fanta", RETURN + "axis/partnership/"),
    _page("return_axis, wrong", "fanta", "/returns/{wrong}/axis/protection/"),
    _page("return_axis, one question", "fanta", RETURN + "axis/protection/?q=victims_identified"),
    _page("return_axis, read", "garan", "/returns/{accepted}/axis/protection/"),
    _page("return_text", "fanta", RETURN + "text/"),
    _page("return_text, read", "esther", "/returns/{waiting}/text/"),
    _page("return_check", "fanta", RETURN + "check/"),
    _page("return_check, wrong", "fanta", "/returns/{wrong}/check/"),
    _page("return_paper", "fanta", RETURN + "paper/"),
    _page("return_paper, blank", "fanta", RETURN + "paper/?blank=1"),
    _page("return_import", "fanta", RETURN + "import/"),
    # completeness, overlaps, reports
    _page("completeness", "esther", "/completeness/?window=2024"),
    _page("completeness, 2025", "esther", "/completeness/?window=2025"),
    _page("completeness, own", "fanta", "/completeness/"),
    _page("overlap_list", "esther", "/overlaps/"),
    _page("overlap_detail", "esther", "/overlaps/{overlap}/"),
    _page("report_list", "esther", "/reports/"),
    _page("report_list, partner", "issa", "/reports/"),
    _page("report_detail", "issa", "/reports/2024/"),
    _page("report_draft", "garan", "/reports/2025/draft/"),
    _page("report_freeze", "esther", "/reports/2025/freeze/"),
    _page("report_erratum", "esther", "/reports/2024/erratum/"),
    _page("report_changes", "esther", "/reports/2024/changes/"),
    # who is who
    _page("organisation_list", "esther", "/organisations/"),
    _page("organisation_detail", "esther", "/organisations/{body}/"),
    _page("organisation_new", "esther", "/organisations/new/"),
    _page("organisation_edit", "esther", "/organisations/{body}/edit/"),
    _page("obligation_new", "esther", "/organisations/{body}/owes/new/"),
    _page("obligation_edit", "esther", "/organisations/{body}/owes/{owed}/"),
    _page("post_list", "jeneba", "/posts/"),
    _page("post_new", "jeneba", "/posts/new/"),
    _page("post_detail", "jeneba", "/posts/{held}/"),
    _page("post_edit", "jeneba", "/posts/{held}/edit/"),
    _page("post_invite", "jeneba", "/posts/{vacant}/invite/"),
    _page("post_hand_over", "jeneba", "/posts/{held}/hand-over/"),
    # services
    _page("service_list", "awa", "/services/"),
    _page(
        "service_list, men near Sikasso",
        "coumba",
        "/services/?need=shelter&for_whom=men&near=cercle-sikasso-2023&free_only=1",
    ),
    _page("service_list, nothing found", "issa", "/services/?need=interpretation"),
    _page("service_print", "awa", "/services/print/?need=shelter"),
    _page("service_gaps", "esther", "/services/gaps/"),
    _page("service_gaps, shelters", "issa", "/services/gaps/?need=shelter"),
    _page("service_beds", "awa", "/services/beds/"),
    _page("service_beds, none", "fanta", "/services/beds/"),
    _page("service_new", "awa", "/services/new/"),
    _page("service_detail", "awa", "/services/{shelter}/"),
    _page("service_detail, of another body", "issa", "/services/{shelter}/"),
    _page("service_edit", "awa", "/services/{shelter}/edit/"),
    _page("service_grants", "awa", "/services/{shelter}/grants/"),
    # reference
    _page("place_list", "issa", "/places/"),
    _page("place_list, 2019", "issa", "/places/?on=2019-06-01"),
    _page("place_new", "esther", "/places/new/"),
    _page("place_detail", "issa", "/places/kayes-2023/"),
    _page("boundaries_import", "jeneba", "/places/boundaries/"),
    _page("list_index", "issa", "/lists/"),
    _page("list_detail", "issa", "/lists/form/"),
    _page("offence_list", "djibril", "/lists/law/"),
    _page("offence_detail", "djibril", "/lists/law/{law}/"),
    _page("audit_trail", "kadidia", "/audit/"),
    _page("audit_head", "kadidia", "/audit/head/"),
    _page("settings", "jeneba", "/settings/"),
    _page("help", "", "/help/"),
    _page("help_guide", "fanta", "/help/focal_point/"),
    # what goes wrong
    _page("403", "awa", "/settings/"),
    _page("404", "fanta", "/returns/00000000-0000-0000-0000-000000000000/"),
]

# Opened by GET, yet not looked at here: downloads, what needs a key in hand, and the step of a
# sign-in that ``test_pages.py`` reaches by the password.
NOT_LOOKED_AT = {
    "return_xlsx",
    "figure_export",
    "completeness_export",
    "report_pdf",
    "report_xlsx",
    "report_json",
    "mfa_authenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "account_set_password",
}
STATUSES = {"403": 403, "404": 404}
