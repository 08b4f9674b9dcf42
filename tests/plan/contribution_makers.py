"""Processes of the cast with their contributions: fictitious words, made by real actions.

``with_thirty`` is the process of the walk; ``with_many`` that of the benchmark.
"""

import datetime
import random
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from danbe.accounts.models import Organisation, Post
from danbe.core.access import ANONYMOUS, Actor
from danbe.plan import (
    actions,
    answer_actions,
    contribution_actions,
    moderation_actions,
)
from danbe.plan.answer_actions import Reply
from danbe.plan.contribution_actions import Line
from danbe.plan.contribution_codes import code_of, new_once
from danbe.plan.contribution_rules import Told, paragraphs_now
from danbe.plan.models import (
    Category,
    Channel,
    Clause,
    ClauseVersion,
    Contribution,
    ContributionAnswer,
    ContributionKind,
    Level,
    Moderation,
    Phase,
    Process,
    Room,
    Stage,
    TextStatus,
    TextVersion,
)
from danbe.plan.phases import FIRST_RIGHTS

WORDS = (
    "L’État ouvre un centre d’accueil dans chaque région (fictif).",
    "Les victimes sont orientées vers un service dans les quarante-huit heures (fictif).",
    "Les agents de police reçoivent une formation chaque année (fictif).",
    "Le Comité publie les chiffres chaque année (fictif).",
)
REASON = "Retenu : le paragraphe est changé dans ce sens (fictif)."
REFUSED = "Non retenu : la loi prévoit déjà cette mesure (fictif)."
COMMENT, PROPOSAL = ContributionKind.COMMENT, ContributionKind.PROPOSAL


def process(esther: Actor) -> Process:
    """A process in its drafting phase, open to the public, with a draft of four paragraphs."""
    n = Process.objects.count()
    plan = actions.begin_plan(
        esther, code=f"20{29 + n}-20{33 + n}", label_fr="Plan fictif",
        start=datetime.date(2029 + n, 1, 1), end=datetime.date(2033 + n, 12, 31),
    )  # fmt: skip
    made = Process.objects.create(plan=plan, label_fr=f"Élaboration fictive {plan.code}")
    Phase.objects.bulk_create(
        Phase(process=made, stage=stage, reads=reads, contributes=contributes)
        for stage, (reads, contributes) in FIRST_RIGHTS.items()
    )
    version = TextVersion.objects.create(process=made, number=1, status=TextStatus.PUBLISHED)
    for n, words in enumerate(WORDS, 1):
        ClauseVersion.objects.create(
            version=version, clause=Clause.objects.create(process=made), level=Level.PARAGRAPH,
            order=n, number=str(n), text=words,
        )  # fmt: skip
    Process.objects.filter(pk=made.pk).update(stage=Stage.DRAFTING)
    return Process.objects.select_related("plan").get(pk=made.pk)


def clause(made: Process, n: int = 1) -> Clause:
    """The n-th paragraph."""
    return paragraphs_now(made)[n - 1].clause


def told(text: str = "Un commentaire (fictif).", **more: Any) -> Told:
    return Told(more.pop("kind", COMMENT), text, **more)


def amendment(made: Process, replaced: str = "chaque région", proposed: str = "chaque cercle",
              n: int = 1) -> Told:  # fmt: skip
    return Told(
        ContributionKind.AMENDMENT, "Les cercles sont trop loin des capitales (fictif).",
        clause(made, n), replaced, proposed,
    )  # fmt: skip


def said(actor: Actor, made: Process, words: Told | None = None) -> Contribution:
    return contribution_actions.contribute(actor, made, words or told(clause=clause(made)))


def published(esther: Actor, row: Contribution) -> Contribution:
    return moderation_actions.moderate(esther, row, to=Moderation.PUBLISHED)


def said_and_published(actor: Actor, esther: Actor, made: Process,
                       words: Told | None = None) -> Contribution:  # fmt: skip
    return published(esther, said(actor, made, words))


def sent(made: Process, words: Told | None = None, *, category: str = Category.PUBLIC,
         once: str = "", address: str = "192.0.2.1") -> Contribution:  # fmt: skip
    return contribution_actions.send_from_public(
        ANONYMOUS, made, words or told(clause=clause(made)), category=category,
        once=once or new_once(), address=address,
    )  # fmt: skip


def room(actor: Actor, made: Process) -> Room:
    return contribution_actions.open_room(actor, made, held_on=timezone.localdate())


def line(number: int, category: str = Category.CIVIL_SOCIETY, words: Told | None = None) -> Line:
    return Line(number, category, words or told(f"Ligne {number} de la feuille (fictif)."))


def answered(esther: Actor, row: Contribution, outcome: str = "taken", reason: str = REASON,
             clause: Clause | None = None) -> ContributionAnswer:  # fmt: skip
    where = clause or row.clause or paragraphs_now(row.process)[0].clause
    return answer_actions.answer_contribution(esther, row, Reply(outcome, reason, where))


# --- The process of the walk ----------------------------------------------------------------


@dataclass(frozen=True)
class Thirty:
    """A process with thirty contributions of six categories, and those that are told apart."""

    process: Process
    paper: Contribution  # from a paper sheet
    refused: Contribution  # not taken up, with the reason
    amended: Contribution  # an amendment that is taken up
    survivor: Contribution
    code: str  # of the citizen


def with_thirty(
    made: Process, *, esther: Actor, ministry: Actor, ngo: Actor, partner: Actor,
    answer_all: bool = True,
) -> Thirty:  # fmt: skip
    """Thirty contributions: 8 State, 8 civil society, 4 resource persons, 4 partners, 3 survivors,
    3 public; five from a paper sheet. All moderated; all answered with ``answer_all``."""
    amended = said(ministry, made, amendment(made))
    rows = [amended]
    for n in range(7):
        rows.append(said(ministry, made, told(f"Avis {n} d’un ministère (fictif).",
                                              clause=clause(made, 1 + n % 4))))  # fmt: skip
    refused = said(ngo, made, told("Créer une taxe nouvelle (fictif).", kind=PROPOSAL,
                                   clause=clause(made, 2)))  # fmt: skip
    rows.append(refused)
    rows += [said(ngo, made, told(f"Proposition {n} d’une association (fictif).", kind=PROPOSAL,
                                  clause=clause(made, 1 + n % 4))) for n in range(2)]  # fmt: skip
    rows += [
        said(partner, made, told(f"Remarque {n} d’un partenaire (fictif).")) for n in range(4)
    ]
    sheet = room(ngo, made)
    lines = [line(n, words=told(f"Dit en salle, ligne {n} (fictif).", clause=clause(made, 3)))
             for n in range(1, 6)]  # fmt: skip
    contribution_actions.take_sheet(ngo, sheet, lines, channel=Channel.PAPER)
    rows += list(Contribution.unscoped.filter(room=sheet).order_by("line"))
    paper = rows[-5]
    rows += [_voice(ngo, made, Category.RESOURCE, n) for n in range(4)]
    survivors = [_voice(ngo, made, Category.SURVIVORS, n) for n in range(3)]
    once = new_once()
    citizens = [sent(made, once=once), *(sent(made) for _n in range(2))]
    for row in [*rows, *survivors, *citizens]:
        published(esther, row)
    if answer_all:
        for row in [*rows, *survivors, *citizens]:
            is_not = row.pk == refused.pk
            answered(esther, _again(row), "not" if is_not else "taken",
                     REFUSED if is_not else REASON)  # fmt: skip
    return Thirty(
        made, _again(paper), _again(refused), _again(amended), _again(survivors[0]), code_of(once)
    )


def _voice(actor: Actor, made: Process, category: str, n: int) -> Contribution:
    words = told(f"Note vocale {n} (fictif).", clause=clause(made, 4), language="bm")
    return contribution_actions.type_up(actor, made, words, category=category)


def _again(row: Contribution) -> Contribution:
    return Contribution.unscoped.select_related("process", "clause", "answer").get(pk=row.pk)


# --- The process of the benchmark -----------------------------------------------------------


def with_many(
    made: Process, *, post: Post, n: int = 10_000, seed: int = 2026, share_answered: float = 0.8
) -> Process:
    """``n`` contributions at once, the same for the same seed; four answers in five are given.

    Not by actions: ten thousand acts would be ten thousand lines of the trail.
    """
    chance = random.Random(seed)
    clauses = [one.clause for one in paragraphs_now(made)]
    bodies = list(Organisation.objects.order_by("code")[:12])
    answers = [
        ContributionAnswer(
            process=made, outcome=outcome, reason=REASON, clause=chance.choice(clauses), post=post
        )
        for outcome in ("taken", "partly", "not")
        for _n in range(40)
    ]
    ContributionAnswer.objects.bulk_create(answers)
    first = Contribution.unscoped.filter(process=made).count() + 1
    rows = [_row(made, chance, n_, clauses, bodies, post) for n_ in range(first, first + n)]
    for row in rows:
        if row.moderation == Moderation.PUBLISHED and chance.random() < share_answered:
            row.answer = chance.choice(answers)
    Contribution.unscoped.bulk_create(rows, batch_size=500)
    return made


SUBJECTS = (
    "centre formation enquête école frontière budget orpaillage retour écoute langue".split()
)


def _row(
    made: Process, chance: random.Random, number: int, clauses: list[Clause],
    bodies: list[Organisation], post: Post,
) -> Contribution:  # fmt: skip
    category = chance.choice(list(Category))
    is_nobody = category in (Category.SURVIVORS, Category.PUBLIC)
    subject, other = chance.choice(SUBJECTS), chance.choice(SUBJECTS)
    state = Moderation.PUBLISHED if chance.random() < 0.9 else Moderation.WAITING
    return Contribution(
        process=made,
        number=number,
        clause=chance.choice([None, *clauses]),
        kind=chance.choice([PROPOSAL, COMMENT, ContributionKind.MINORITY]),
        category=category,
        channel=Channel.VOICE if is_nobody else Channel.WEB,
        language="bm" if is_nobody else "",
        text=f"Avis fictif {number} sur {subject} et {other} : il faut aller plus loin.",
        post=None if is_nobody else post,
        organisation=None if is_nobody else chance.choice(bodies),
        typed_by=post if is_nobody else None,
        moderation=state,
    )
