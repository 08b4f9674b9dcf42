"""What every page needs: the body, who is signed in, where one may go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from danbe.accounts.queries import body, inbox
from danbe.core.access import ANONYMOUS, Actor
from danbe.jobs.demo import PERSONAS

# Group, then its pages: address name, label, verb that opens it. Whoever may open one page of a
# group sees it as a link of its own.
NAV: list[tuple[str | Promise, list[tuple[str, str | Promise, str]]]] = [
    ("", [("home", gettext_lazy("Home"), "home.read")]),
    (
        gettext_lazy("Returns and figures"),
        [
            ("return_list", gettext_lazy("Returns"), "return.read"),
            ("completeness", gettext_lazy("Completeness"), "completeness.read"),
            ("overlap_list", gettext_lazy("Overlaps"), "overlap.read"),
            ("figure_explorer", gettext_lazy("Figures"), "figure.read"),
            ("register_figures", pgettext_lazy("figures", "Register"), "register.read"),
            ("report_list", gettext_lazy("Reports"), "report.read"),
            ("tip_list", gettext_lazy("TIP dossier"), "recommendation.read"),
        ],
    ),
    (
        gettext_lazy("Protection"),
        [
            ("event_list", gettext_lazy("Events"), "event.read"),
            ("people_list", gettext_lazy("People"), "person.read"),
            ("case_list", gettext_lazy("Cases"), "case.read"),
            ("referral_inbox", gettext_lazy("Referrals"), "referral.read"),
            ("referral_watch", gettext_lazy("Referrals"), "referral.watch"),
            ("consent_received", gettext_lazy("Sharing"), "person.read"),
            ("link_list", gettext_lazy("Pairs of records"), "link.read"),
            ("service_list", gettext_lazy("Services"), "offer.read"),
            ("supervision", gettext_lazy("Supervision"), "caseload.read"),
            ("quality", gettext_lazy("Quality of care"), "quality.read"),
            ("retention_list", gettext_lazy("Retention"), "retention.read"),
        ],
    ),
    (
        gettext_lazy("Action plan"),
        [
            ("plan_list", gettext_lazy("Action plans"), "plan.read"),
            ("process_list", gettext_lazy("Making of the plans"), "process.read"),
        ],
    ),
    (
        gettext_lazy("Partnership"),
        [
            ("portal", gettext_lazy("Partners"), "portal.read"),
            ("funding", gettext_lazy("Funding"), "funding.sum"),
            ("donation_list", gettext_lazy("Donations"), "donation.read"),
            ("training_list", gettext_lazy("Trainings"), "training.read"),
            ("contact_list", gettext_lazy("Contacts"), "contact.read"),
            ("committee", gettext_lazy("Committee"), "committee.read"),
            ("committee_public", gettext_lazy("Committee"), "committee.read_public"),
            ("organisation_list", gettext_lazy("Organisations"), "organisation.read"),
            ("agreement_list", gettext_lazy("Agreements"), "agreement.read"),
            ("processing_register", gettext_lazy("Register of processing"), "processing.read"),
        ],
    ),
    (
        gettext_lazy("Reference"),
        [
            ("place_list", gettext_lazy("Places"), "place.read"),
            ("list_index", gettext_lazy("Lists and law"), "vocabulary.read"),
            ("post_list", gettext_lazy("Posts"), "post.read"),
            ("audit_trail", gettext_lazy("Audit"), "audit.read"),
            ("settings", gettext_lazy("Settings"), "settings.read"),
        ],
    ),
    ("", [("help", gettext_lazy("Help"), "public.read")]),
]


@dataclass(frozen=True, slots=True)
class Way:
    """One page of the menu."""

    url: str
    label: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Pages of the menu that stand under one name."""

    label: str
    ways: list[Way]

    @property
    def is_here(self) -> bool:
        """Whether the page shown is one of its."""
        return any(way.is_here for way in self.ways)


def menu(actor: Actor, here: str) -> list[Group]:
    """Where this actor may go; pages out of reach are not named."""
    groups = []
    for label, pages in NAV:
        ways = []
        for name, said, verb in pages:
            if actor.can(verb):
                url = reverse(name)
                is_here = here == url or (name != "home" and here.startswith(url))
                ways.append(Way(url, str(said), is_here))
        if ways:
            groups.append(Group(str(label), ways))
    return groups


@dataclass(frozen=True, slots=True)
class Site:
    """The head of every page."""

    name: str
    acronym: str
    country: str
    ministry: str
    hotline: str
    contact: str
    demo: bool
    quick_exit_url: str
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Who am I, in which post."""

    person: str
    post: str
    organisation: str


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    told = body()
    context: dict[str, Any] = {
        # not "site": the views of allauth put their own under that name
        "instance": Site(
            told.name,
            told.acronym,
            told.country,
            told.ministry,
            told.hotline,
            told.contact,
            settings.DEMO,
            settings.QUICK_EXIT_URL,
        ),
        "nav": [],
        "who": None,
        "actor": getattr(request, "actor", ANONYMOUS),
    }
    holding = getattr(request, "holding", None)
    if holding is None:
        if settings.DEMO and request.path == reverse("account_login"):
            context["personas"] = PERSONAS
        return context
    actor = context["actor"]
    n_unread = inbox(actor).filter(read_at=None).count()
    context["who"] = Who(holding.user.name, holding.post.title, holding.post.organisation.label)
    context["other_posts"] = [
        (str(h.post_id), h.post.title, h.post.organisation.label)
        for h in request.holdings  # type: ignore[attr-defined]
        if h.post_id != holding.post_id
    ]
    context["n_unread"] = n_unread
    context["nav"] = menu(actor, request.path)
    return context
