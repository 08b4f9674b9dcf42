"""What each code list is about, in words. A list without a title is shown by its code name."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Promise] = {
    "activity_channel": _("Kinds of awareness activity"),
    "age_group": _("Age groups"),
    "agreement_kind": _("Kinds of agreement"),
    "alert_channel": _("Channels of an alert"),
    "audience": _("Audiences"),
    "axis": _("Axes of the fight"),
    "basis": _("Legal bases"),
    "breakdown": _("Breakdowns of a figure"),
    "citizenship": _("Citizenships"),
    "cooperation_kind": _("Kinds of cooperation"),
    "country": _("Countries"),
    "court_area": _("Appeal-court areas"),
    "donation_kind": _("Kinds of donation"),
    "form": _("Forms of exploitation"),
    "funding_source": _("Sources of funding"),
    "inspected_place": _("Kinds of inspected place"),
    "language": _("Languages"),
    "media": _("Media"),
    "meeting_kind": _("Kinds of meeting"),
    "official_kind": _("Kinds of public official"),
    "organisation_type": _("Types of organisation"),
    "penalty_on_victim": _("Penalties borne by victims"),
    "report_kind": _("Kinds of report"),
    "request_state": _("States of a request"),
    "sentence_type": _("Types of sentence"),
    "service_type": _("Types of service"),
    "sex": _("Sex"),
    "shelter_public": _("Whom a shelter receives"),
    "text_kind": _("Kinds of legal text"),
    "tip_tier": _("Tiers of the US report"),
    "unit": _("Counting units"),
    "vic_RelationshipToTrafficker": _("HTCDS: relationship to the trafficker"),
    "spl_Type": _("HTCDS: types of service"),
    "vic_TraffickingStatusDecisionMakingOrg": _("HTCDS: who decided on the status"),
    "vic_TraffickingStatus": _("HTCDS: trafficking status"),
    "prs_HighestLevelOfEducation": _("HTCDS: highest level of education"),
    "vic_TypeOfSexExploitation": _("HTCDS: types of sexual exploitation"),
    "vic_RecruitmentWebsitesAndApps": _("HTCDS: sites and applications used to recruit"),
    "org_Type": _("HTCDS: types of organisation"),
    "vic_TypeOfExploitation": _("HTCDS: types of exploitation"),
    "vic_MethodOfRecruitment": _("HTCDS: methods of recruitment"),
    "prs_MaritalStatus": _("HTCDS: marital status"),
    "cas_Status": _("HTCDS: status of a case"),
    "vic_ExploitationWebsitesAndApps": _("HTCDS: sites and applications used to exploit"),
    "vic_MethodsOfControl": _("HTCDS: means of control"),
    "vic_ForcedLabourIndustry": _("HTCDS: sectors of forced labour"),
    "cas_ReasonForOutgoingReferral": _("HTCDS: reasons for a referral out"),
    "prs_Gender": _("HTCDS: gender"),
    "cas_ReasonForIncomingReferral": _("HTCDS: reasons for a referral in"),
    "per_RoleInProcess": _("HTCDS: role in the process"),
    "vic_Vulnerabilities": _("HTCDS: vulnerabilities"),
    "hte_Type": _("HTCDS: types of event"),
}


def title_of(name: str) -> str:
    """What a list is about."""
    return str(TITLES.get(name, name))
