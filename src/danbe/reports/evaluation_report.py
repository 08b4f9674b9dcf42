"""The evaluation of a plan on paper: criteria, findings with their figures, lessons and answers.

A French document. Of a published evaluation it prints the figures as they were kept. It names no
silent body, only how many there are; small numbers of people are not printed.
"""

import datetime
from dataclasses import dataclass

from danbe.figures.models import Breakdown
from danbe.figures.queries import key_labels
from danbe.plan.evaluation_queries import MONEY, Found, Told, answers_to, findings_of
from danbe.plan.models import Criterion, Evaluation, EvaluationStatus, LessonAnswer, Measure, Taken
from danbe.reports import wording
from danbe.reports.document import (
    Block,
    Cell,
    Chapter,
    Document,
    Edition,
    Figure,
    Heading,
    Items,
    Row,
    Source,
    Text,
)
from danbe.reports.paper import Paper

CRITERIA = {
    Criterion.RELEVANCE: ("Pertinence", "Le plan répond-il au problème ?"),
    Criterion.COHERENCE: ("Cohérence", "S’accorde-t-il avec ce que font les autres ?"),
    Criterion.EFFECTIVENESS: ("Efficacité", "Atteint-il ses objectifs ?"),
    Criterion.EFFICIENCY: ("Efficience", "Les moyens sont-ils bien utilisés ?"),
    Criterion.IMPACT: ("Impact", "Quelle différence fait-il ?"),
    Criterion.SUSTAINABILITY: ("Durabilité", "Ses bienfaits dureront-ils ?"),
}
OWN = {
    Measure.NEEDED: "Besoin",
    Measure.ALLOCATED: "Montant alloué",
    Measure.DISBURSED: "Montant décaissé",
    Measure.ACTIVITIES: "Activités du plan",
    Measure.DONE: "Activités terminées",
}
TAKEN = {
    Taken.TAKEN: "reprise",
    Taken.IN_PART: "reprise en partie",
    Taken.NOT: "non reprise",
}
FICTION = "Évaluation fictive, faite pour la démonstration : rien de ce qu’elle dit n’est vrai."
SOURCE = (
    "Critères : Comité d’aide au développement de l’OCDE, Réseau du CAD sur l’évaluation du "
    "développement, «\N{NO-BREAK SPACE}De meilleurs critères pour des évaluations de meilleure "
    "qualité\N{NO-BREAK SPACE}», 2019."
)
SMALL = "moins de 5"


@dataclass(slots=True)
class Maker(Paper):
    """Makes one document; keeps the figures as they are said."""

    evaluation: Evaluation

    def document(self) -> Document:
        """The whole evaluation."""
        one = self.evaluation
        chapters = [Chapter("methode", "1", "Comment elle a été faite", tuple(self.method()))]
        found = findings_of(one, self.today)
        for n, (criterion, rows) in enumerate(found.items(), 2):
            title, question = CRITERIA[criterion]
            blocks: list[Block] = [Text(question, "lead")]
            for row in rows:
                blocks += self.finding(row)
            if not rows:
                blocks.append(Text("Aucun constat sous ce critère.", "note"))
            chapters.append(Chapter(criterion.value, str(n), title, tuple(blocks)))
        lessons = tuple(self.lessons())
        chapters.append(Chapter("lecons", str(len(chapters) + 1), "Les leçons", lessons))
        return self.bound(
            "evaluation",
            chapters,
            year=one.plan.end.year,
            window=f"{one.plan.start.isoformat()}..{one.plan.end.isoformat()}",
            title="Évaluation du plan d’action",
            subtitle=f"{one.label_fr}. Plan {one.plan.code} (version {one.plan.number})",
            sources=(Source("E1", "plan", f"Évaluation du plan {one.plan.code}"),),
            notice=FICTION if one.is_fictitious else "",
        )

    def method(self) -> list[Block]:
        """How it was done; by what criteria."""
        said = self.evaluation.method or "La méthode n’est pas décrite."
        return [Text(said), Text(SOURCE, "note")]

    def finding(self, found: Found) -> list[Block]:
        """A finding, then what it rests on."""
        one = found.finding
        blocks: list[Block] = [Text(one.text)]
        if not one.has_data:
            return [*blocks, Text(f"Pas de données. Manquent : {one.missing}", "warn")]
        if not found.figures:
            return [*blocks, Text("Ce constat ne repose encore sur aucun chiffre.", "warn")]
        columns = ("Chiffre", "Période", "Lieu", "Valeur", "Unité", "Organismes muets")
        rows = [self.row(told) for told in found.figures]
        code = f"constat-{self.n_tables + 1}"
        return [*blocks, self.table(code, "Sur quoi repose ce constat", columns, rows)]

    def row(self, told: Told) -> Row:
        """One figure with its definition, window, place."""
        one = told.cited
        place = one.place.name_fr if one.place else "tout le territoire"
        if one.indicator and one.indicator.place:
            place = one.indicator.place.name_fr
        return Row(
            label_of(told),
            (
                Cell(text=one.window.label("fr")),
                Cell(text=place),
                Cell(text=SMALL) if told.is_small else Cell(self.write(told)),
                Cell(text=unit_of(told)),
                Cell(text=str(len(told.absent)) if told.absent else "aucun"),
            ),
        )

    def write(self, told: Told) -> str:
        """Note the figure; its key."""
        one = told.cited
        key = f"cited.{one.pk}@{one.window.code}"
        self.figures[key] = Figure(
            key,
            one.definition_id or "",
            label_of(told),
            unit_of(told),
            one.window.code,
            told.value,
            told.at_least,
            one.place_id or "",
            one.breakdown if one.key else "",
            one.key,
        )
        return key

    def lessons(self) -> list[Block]:
        """Each lesson, from which finding, and what later plans answered."""
        drawn = list(self.evaluation.lessons.prefetch_related("findings"))
        if not drawn:
            return [Text("Aucune leçon n’est encore tirée.", "note")]
        answers = answers_to(drawn)
        blocks: list[Block] = []
        for n, lesson in enumerate(drawn, 1):
            names = dict.fromkeys(
                CRITERIA[Criterion(f.criterion)][0] for f in lesson.findings.all()
            )
            blocks += [Heading(f"Leçon {n}"), Text(lesson.text)]
            blocks.append(Text(f"Tirée des constats : {', '.join(names)}.", "note"))
            said = tuple(answer_of(a) for a in answers.get(lesson.pk, []))
            blocks.append(Items(said) if said else Text("Pas encore de réponse.", "note"))
        return blocks


def label_of(told: Told) -> str:
    """What is counted, and which part."""
    one = told.cited
    if one.indicator:
        return f"{one.indicator.code}. {one.indicator.label_fr}"
    if one.definition is None:
        return OWN[Measure(one.measure)]
    if one.breakdown == Breakdown.TOTAL:
        return one.definition.label_fr
    part = key_labels(one.definition, one.breakdown).get(one.key, one.key)
    return f"{one.definition.label_fr} : {part}"


def unit_of(told: Told) -> str:
    """The counting unit in words."""
    one = told.cited
    counted = one.definition or (one.indicator.definition if one.indicator else None)
    if counted is not None:
        return wording.units().get(counted.unit, (counted.unit, counted.unit))[1]
    if one.indicator:
        return one.indicator.unit or "valeur"
    return "FCFA" if one.measure in MONEY else "activités"


def answer_of(answer: LessonAnswer) -> str:
    """What one later plan answered."""
    said = f"Plan {answer.process.plan.code} : {TAKEN[Taken(answer.taken)]}"
    versions = list(answer.clause.versions.all()) if answer.clause else []
    if versions:
        said += f", {versions[-1].number}"
    return f"{said}. {answer.reason}".rstrip()


def build(evaluation: Evaluation, today: datetime.date) -> Edition:
    """The evaluation as it stands, or as it was published."""
    frozen = evaluation.status == EvaluationStatus.PUBLISHED and evaluation.published_at
    on = evaluation.published_at.date().isoformat() if frozen and evaluation.published_at else ""
    return Edition(Maker(today, evaluation).document(), frozen_on=on)
