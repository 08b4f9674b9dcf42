"""Processes of the cast: fictitious plans made with everybody, by real actions."""

import datetime
from dataclasses import replace

from django.utils import timezone

from danbe.accounts.models import Organisation
from danbe.core.access import Actor
from danbe.plan import actions, participation_actions, text_actions, validation_actions
from danbe.plan.models import (
    Ballot,
    Clause,
    ClauseVersion,
    FrozenText,
    Level,
    Participant,
    Plan,
    Process,
    Stage,
    TextVersion,
    Validation,
)
from danbe.plan.participation_actions import Rules
from danbe.plan.text_actions import Words

CODE = "2031-2035"
RULES = Rules(
    "Élaboration d’un plan fictif",
    terms="Termes de référence fictifs.",
    rules="Règles de participation fictives.",
    quorum_percent=50,
    majority_percent=50,
)
BODIES = {
    "state": ("MPFEF", "MJDH"),
    "civil_society": ("SINJIYA", "CARITAS"),
    "partners": ("OIM",),
}
TEXT = """# Prévention (fictif)

## Information du public
Le Comité informe le public (fictif).

Chaque région reçoit une caravane par an (fictif).

## Écoles
Les écoles reçoivent un livret (fictif).

# Protection (fictif)

## Accueil
Toute victime est accueillie le jour même (fictif)."""


def begun(esther: Actor, code: str = CODE, old_plan: Plan | None = None) -> Process:
    """A process in its preparation, with nothing written."""
    plan = actions.begin_plan(
        esther,
        code=code,
        label_fr="Plan fictif",
        start=datetime.date(2031, 1, 1),
        end=datetime.date(2035, 12, 31),
    )
    label = "Élaboration d’un plan fictif"
    return participation_actions.begin_process(esther, plan, label_fr=label, old_plan=old_plan)


def prepared(esther: Actor, code: str = CODE, old_plan: Plan | None = None) -> Process:
    """With terms, rules and invited bodies, of which those of the State and of Awa vote."""
    process = begun(esther, code, old_plan)
    rules = replace(RULES, old_plan=old_plan)
    process = participation_actions.save_rules(esther, process, rules, edition=1)
    for category, codes in BODIES.items():
        participation_actions.invite_bodies(
            esther,
            process,
            list(Organisation.objects.filter(code__in=codes)),
            category=category,
            votes=category != "partners",
        )
    return process


def drafting(esther: Actor, code: str = CODE) -> Process:
    """In its drafting, nothing written yet."""
    return participation_actions.move_process(esther, prepared(esther, code), Stage.DRAFTING)


def draft_text(esther: Actor, process: Process, typed: str = TEXT) -> TextVersion:
    """A draft with clauses."""
    version = text_actions.begin_text(esther, process)
    return text_actions.paste_clauses(esther, version, typed, edition=version.edition)


def publish(esther: Actor, version: TextVersion, note: str = "") -> TextVersion:
    version.refresh_from_db()
    return text_actions.publish_text(esther, version, edition=version.edition, note=note)


def published_text(esther: Actor, code: str = CODE) -> TextVersion:
    """The first version, put to the participants."""
    return publish(esther, draft_text(esther, drafting(esther, code)))


def row(version: TextVersion, number: str) -> ClauseVersion:
    """The clause of a number."""
    return ClauseVersion.objects.select_related("clause").get(version=version, number=number)


def clause(version: TextVersion, number: str) -> Clause:
    return row(version, number).clause


def amended(esther: Actor, version: TextVersion) -> TextVersion:
    """The next version: one clause changed, one added, one removed, one article moved."""
    draft = text_actions.begin_text(esther, version.process)
    first = row(draft, "1.1")
    words = Words(Level.PARAGRAPH, "", "Chaque région reçoit deux caravanes par an (fictif).")
    text_actions.change_clause(
        esther, draft, first.clause, words, seen=text_actions.mark_of(first)
    )
    added = Words(Level.PARAGRAPH, "", "Les langues nationales sont employées (fictif).")
    text_actions.add_clause(esther, draft, added, after=first.clause)
    gone = row(draft, "2")
    text_actions.remove_clause(esther, draft, gone.clause, seen=text_actions.mark_of(gone))
    text_actions.move_clause(esther, draft, clause(draft, "2"), after=clause(draft, "I"))
    return publish(esther, draft, "Deux caravanes (fictif).")


def to_validate(esther: Actor, code: str = CODE) -> Process:
    """In its validation, no session yet."""
    version = published_text(esther, code)
    return participation_actions.move_process(esther, version.process, Stage.VALIDATION)


def session(esther: Actor, process: Process | None = None) -> Validation:
    """A session that is open today."""
    process = process or to_validate(esther)
    day = timezone.localdate()
    venue = "Bamako (fictif)"
    return validation_actions.open_validation(esther, process, held_on=day, venue=venue)


def ballot(validation: Validation, code: str) -> Ballot:
    return Ballot.unscoped.select_related("validation").get(
        validation=validation, participant__organisation__code=code
    )


def participant(process: Process, code: str) -> Participant:
    return Participant.unscoped.get(process=process, organisation__code=code)


def voted(esther: Actor, validation: Validation, **votes: str) -> Validation:
    for code, vote in votes.items():
        validation_actions.cast_vote(esther, ballot(validation, code), vote)
    return validation


def adopted(esther: Actor, code: str = CODE) -> FrozenText:
    """Adopted by three bodies, with a reservation on a clause."""
    held = session(esther, to_validate(esther, code))
    voted(esther, held, MPFEF="for", MJDH="for", CARITAS="abstain", SINJIYA="for")
    validation_actions.add_reservation(
        esther,
        ballot(held, "SINJIYA"),
        clause=clause(held.version, "3"),
        text="Le jour même n’est pas toujours possible (fictif).",
    )
    validation_actions.close_validation(esther, held)
    return FrozenText.objects.select_related("validation__process__plan", "version").get(
        validation=held
    )


def signed(esther: Actor, code: str = CODE) -> FrozenText:
    """Signed by one body."""
    frozen = adopted(esther, code)
    validation_actions.record_signature(
        esther,
        frozen,
        participant(frozen.validation.process, "MPFEF"),
        signer="Une signataire (fictive)",
        function="Ministre (fictive)",
        signed_on=timezone.localdate(),
    )
    return frozen


def released(esther: Actor, code: str = CODE) -> FrozenText:
    return validation_actions.release_text(esther, signed(esther, code))


def large_text(process: Process, n_clauses: int = 500, number: int = 1) -> TextVersion:
    """A version as long as they come, written in bulk; an article every fifth clause."""
    version = TextVersion.objects.create(process=process, number=number, status="published")
    clauses = Clause.objects.bulk_create([Clause(process=process) for _n in range(n_clauses)])
    return fill(version, clauses)


def fill(version: TextVersion, clauses: list[Clause], word: str = "premier") -> TextVersion:
    """The same clauses in a version, with a word of their own."""
    rows = []
    for n, one in enumerate(clauses):
        is_article = n % 5 == 0
        rows.append(
            ClauseVersion(
                version=version,
                clause=one,
                level=Level.ARTICLE if is_article else Level.PARAGRAPH,
                order=n + 1,
                number=str(n // 5 + 1) if is_article else f"{n // 5 + 1}.{n % 5}",
                heading=f"Article fictif {n}" if is_article else "",
                text=f"La clause {n} dit un mot {word} et beaucoup d’autres qui restent. " * 6,
            )
        )
    ClauseVersion.objects.bulk_create(rows, batch_size=200)
    return version
