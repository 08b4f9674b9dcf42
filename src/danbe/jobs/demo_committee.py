"""A fictitious committee for the demonstration: two years of meetings, decisions, absences.

The real assemblies are left as the sources know them: composition not found.
"""

import datetime
import random

from django.utils import timezone

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role
from danbe.partnership import committee_actions, meeting_actions
from danbe.partnership import committee_decision_actions as decisions
from danbe.partnership.committee_actions import Mandate
from danbe.partnership.committee_decision_actions import Undertaking
from danbe.partnership.meeting_actions import Calling
from danbe.partnership.models import Assembly, Decision, Meeting, Presence, QuorumRule

SEED = 2011
N_MONTHS = 16
DAY = datetime.timedelta(days=1)
SITS = ("MJDH", "MPFEF", "BRTMTEH", "PJS", "SINJIYA", "CARITAS", "ENDA", "WILDAF")
TEXTS = (
    "Transmettre la liste des centres d’accueil ouverts (fictif)",
    "Former les points focaux de deux régions (fictif)",
    "Proposer un calendrier de réunions pour l’année (fictif)",
    "Rendre compte des visites de terrain (fictif)",
)
MINUTES = "Texte fictif : l’ordre du jour a été suivi ; les organismes ont rendu compte."


def fill_committee() -> int:
    """The whole demonstration, by the real actions of the secretariat. Meetings made."""
    actor = Post.objects.filter(role=Role.SECRETARIAT)[0].actor
    dice, today = random.Random(SEED), timezone.localdate()  # noqa: S311  # fiction, not a secret
    made = _assembly(actor, today)
    held: list[Meeting] = []
    for month in range(N_MONTHS, 0, -1):
        day = today - 30 * month * DAY
        if dice.random() < 0.3:  # a month without a meeting
            continue
        meeting = meeting_actions.plan_meeting(actor, made, _calling(day))
        meeting_actions.add_item(actor, meeting, title="Suivi du plan d’action (fictif)")
        meeting = meeting_actions.hold_meeting(actor, meeting, _who_came(dice))
        meeting = meeting_actions.write_minutes(
            actor, meeting, text=MINUTES, version=meeting.version
        )
        for _n in range(dice.randint(1, 2)):
            _decide(actor, meeting, dice, today)
        if held:
            meeting_actions.adopt_minutes(actor, held[-1], adopted_in=meeting)
        held.append(meeting)
    following = meeting_actions.plan_meeting(actor, made, _calling(today + 12 * DAY))
    meeting_actions.add_item(actor, following, title="Rapport annuel (fictif)")
    Meeting.unscoped.filter(assembly=made).update(is_fictitious=True)
    return len(held) + 1


def _assembly(actor: Actor, today: datetime.date) -> Assembly:
    made = committee_actions.add_assembly(
        actor,
        assembly=Assembly(
            code="DEMONSTRATION",
            kind="committee",
            label_fr="Comité de démonstration (fictif)",
            label_en="Demonstration committee (fictitious)",
            quorum_rule=QuorumRule.SHARE,
            quorum_value=50,
            cadence_months=1,
            cadence_source="Règle fictive de la démonstration",
            records_since=today - 30 * N_MONTHS * DAY,
            is_fictitious=True,
        ),
    )
    functions = {"MJDH": "president", "MPFEF": "vice_president", "WILDAF": "rapporteur"}
    for n, code in enumerate(SITS):
        body = Organisation.objects.get(code=code)
        told = Mandate(
            body,
            function=functions.get(code, "member"),
            start=today - 700 * DAY,
            end=today + (45 + 200 * n) * DAY if n else None,
            mandate_act="Lettre de désignation fictive",
        )
        committee_actions.add_seat(actor, made, told)
    return made


def _calling(day: datetime.date) -> Calling:
    return Calling(
        day, "ordinary", datetime.time(9, 30), "Salle de réunion (fictive)", is_public=True
    )


def _who_came(dice: random.Random) -> dict[Organisation, str]:
    """Most come; one body stays away more and more."""
    told = {}
    for body in Organisation.objects.filter(code__in=SITS):
        weights = (1, 1, 1, 7) if body.code == "ENDA" else (10, 2, 2, 1)
        told[body] = dice.choices(Presence.values, weights)[0]
    return told


def _decide(actor: Actor, meeting: Meeting, dice: random.Random, today: datetime.date) -> Decision:
    owner = Organisation.objects.get(code=dice.choice(SITS))
    told = Undertaking(dice.choice(TEXTS), owner, meeting.day + 60 * DAY, is_public=True)
    decision = decisions.add_decision(actor, meeting, told)
    if dice.random() < 0.6 and told.deadline < today:
        note = decisions.report_decision(
            actor, decision, text="Fait (fictif)", evidence="Bordereau fictif", is_done=True
        )
        decisions.review_note(actor, note, accept=True)
    return decision
