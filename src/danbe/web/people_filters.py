"""The pull-downs above a table of people, and the colours of what is decided about them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from danbe.core.pages import Request
from danbe.protection.queries import PeopleFilter, Progress
from danbe.protection.vocabulary import Identification, Involvement, Pathway, Sex

STATUS_TONES: Mapping[str, str] = {
    Identification.OPEN: "neutral",
    Identification.PRESUMED: "warn",
    Identification.IDENTIFIED: "good",
    Identification.NOT_CONFIRMED: "neutral",
}


def people_filter(request: Request) -> PeopleFilter:
    """What the address asks for."""
    names = PeopleFilter.__slots__
    return PeopleFilter(**{name: request.GET.get(name, "").strip() for name in names})


def filter_context(asked: PeopleFilter, told: Progress) -> dict[str, Any]:
    """What the pull-downs above a table of people show."""
    return {
        "asked": asked,
        "sexes": Sex.choices,
        "ages": [
            ("child", _("Children")),
            ("young", _("Under 6 years")),
            ("adult", _("Adults")),
            ("unknown", _("Age not known")),
        ],
        "citizenships": [(share.code or "none", share.label) for share in told.citizenships],
        "involvements": Involvement.choices,
        "pathways": Pathway.choices,
        "statuses": Identification.choices,
    }
