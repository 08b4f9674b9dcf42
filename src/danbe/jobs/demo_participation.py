"""The making of a plan in the demonstration: an invented plan, an invented text, and it says so.

The bodies are those of the sources; what they do here is made up. The real plan of 2023-2027 is
left alone: its text was not found.
"""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from danbe.accounts.models import Organisation, Post
from danbe.core.access import Actor, Role
from danbe.plan import participation_actions, text_actions
from danbe.plan.actions import begin_plan
from danbe.plan.models import Answer, Level, Participant, Plan, Process, Stage, TextVersion
from danbe.plan.participation_actions import Calendar, Rules
from danbe.plan.text_actions import Words, mark_of

CODE = "FICTIF-2"
TITLE = "Plan fictif de démonstration"
TERMS = (
    "Termes de référence fictifs, pour montrer comment un plan s’élabore avec tous. Rien de ce "
    "qui suit n’a été décidé par le Comité."
)
RULES = (
    "Règles fictives : chaque contribution reçoit une réponse motivée ; les survivantes et "
    "survivants participent sous pseudonyme ; les structures de l’État et de la société civile "
    "votent."
)
BODIES = (
    ("state", ("MPFEF", "MJDH", "BRTMTEH"), True),
    ("civil_society", ("SINJIYA", "CARITAS", "ENDA"), True),
    ("partners", ("OIM", "ONUDC"), False),
)
FIRST = """# Prévention (fictif)

## Information du public
Le Comité informe le public des formes de traite et des services ouverts (fictif).

Chaque région reçoit une caravane d’information par an (fictif).

## Écoles
Les écoles reçoivent un livret adapté à l’âge des élèves (fictif).

# Protection (fictif)

## Accueil
Toute victime présumée est accueillie le jour même, sans condition (fictif).

Les hommes et les garçons disposent aussi de places d’hébergement (fictif).

## Accompagnement
Un plan d’accompagnement est établi avec la personne (fictif).

# Suivi (fictif)

## Statistiques
Chaque membre envoie une déclaration par an (fictif)."""
NOTE = "Deux caravanes au lieu d’une ; les langues nationales ajoutées (fictif)."


def build() -> str:
    """A process in its drafting, two versions of its text; says what it made."""
    actor = Post.objects.filter(role=Role.SECRETARIAT)[0].actor
    process = _process(actor)
    _people(actor, process)
    participation_actions.move_process(actor, process, Stage.EVALUATION)
    process = participation_actions.move_process(actor, process, Stage.DRAFTING)
    first = text_actions.begin_text(actor, process)
    text_actions.paste_clauses(actor, first, FIRST, edition=first.edition)
    _publish(actor, first, "Première version (fictif).")
    _second(actor, process)
    return f"{process.versions.count()} versions, {process.clauses.count()} clauses"


def _process(actor: Actor) -> Process:
    today = timezone.localdate()
    first = today.year + 2
    plan = begin_plan(
        actor,
        code=CODE,
        label_fr=f"{TITLE} ({first}-{first + 4})",
        label_en="Fictitious plan of the demonstration",
        start=datetime.date(first, 1, 1),
        end=datetime.date(first + 4, 12, 31),
    )
    Plan.objects.filter(pk=plan.pk).update(is_fictitious=True)
    plan.refresh_from_db()
    old = Plan.objects.filter(code="2018-2022").first()
    label = "Élaboration d’un plan (fictif)"
    process = participation_actions.begin_process(
        actor, plan, label_fr=label, label_en="Making of a plan (fictitious)", old_plan=old
    )
    rules = Rules(
        label,
        "Making of a plan (fictitious)",
        old,
        TERMS,
        RULES,
        quorum_percent=50,
        majority_percent=60,
    )
    process = participation_actions.save_rules(actor, process, rules, edition=process.edition)
    return _calendar(actor, process, today)


def _calendar(actor: Actor, process: Process, today: datetime.date) -> Process:
    """Phases around today; the validation has no date yet, and it shows."""
    days: Sequence[tuple[str, int, int]] = (
        ("preparation", -120, -90),
        ("evaluation", -89, -45),
        ("drafting", -44, 45),
    )
    for stage, begins, ends in days:
        phase = process.phases.get(stage=stage)
        told = Calendar(
            today + datetime.timedelta(days=begins),
            today + datetime.timedelta(days=ends),
            phase.reads.split(),
            phase.contributes.split(),
            "Date fictive de la démonstration.",
        )
        process = participation_actions.save_phase(
            actor, process, stage, told, edition=process.edition
        )
    return process


def _people(actor: Actor, process: Process) -> None:
    for category, codes, votes in BODIES:
        bodies = list(Organisation.objects.filter(code__in=codes))
        participation_actions.invite_bodies(actor, process, bodies, category=category, votes=votes)
    for one in Participant.unscoped.filter(process=process).exclude(organisation__code="ENDA"):
        participation_actions.answer_invitation(actor, one, Answer.ACCEPTED)
    participation_actions.add_person(
        actor, process, category="resource", name="Une personne-ressource (fictive)"
    )
    participation_actions.add_survivors(actor, process, number=6)


def _publish(actor: Actor, version: TextVersion, note: str) -> None:
    version.refresh_from_db()
    text_actions.publish_text(actor, version, edition=version.edition, note=note)


def _second(actor: Actor, process: Process) -> None:
    draft = text_actions.begin_text(actor, process)
    row = draft.clauses.select_related("clause").get(number="1.1")
    words = Words(
        Level.PARAGRAPH, "", "Chaque région reçoit deux caravanes d’information par an (fictif)."
    )
    text_actions.change_clause(actor, draft, row.clause, words, seen=mark_of(row))
    added = Words(
        Level.PARAGRAPH, "", "L’information est donnée dans les langues nationales (fictif)."
    )
    text_actions.add_clause(actor, draft, added, after=row.clause)
    _publish(actor, draft, NOTE)
