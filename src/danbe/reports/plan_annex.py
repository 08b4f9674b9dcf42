"""The annex of the plan report: its tables, from what was said and learnt to the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from danbe.plan.models import AnswerOutcome, ContributionKind, Process
from danbe.reports import plan_trace
from danbe.reports.document import Block, Cell, Row, Text
from danbe.reports.paper import text

if TYPE_CHECKING:
    from danbe.plan.trace import Carried
    from danbe.reports.plan_report import Maker

NOT_ADDED = (
    "Le besoin, l’alloué et le décaissé sont trois montants différents : ils ne s’additionnent "
    "pas. «\N{NO-BREAK SPACE}—\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: personne ne l’a dit ; "
    "ce n’est pas zéro."
)


@dataclass(frozen=True, slots=True)
class Annex:
    """Makes the chapter in the report of ``maker``."""

    maker: Maker

    def blocks(self) -> list[Block]:
        """From lessons and contributions to activities, money, indicators and evidence."""
        process = plan_trace.process_of(self.maker.plan)
        if process is None:
            return [Text("L’élaboration de ce plan n’a pas été menée dans Danbe : le fil manque.")]
        told = plan_trace.threads(
            self.maker.plan, process, min(self.maker.window.end, self.maker.today)
        )
        lead = Text(f"Processus : {process.label_fr}. Texte mis en discussion, à ce jour.", "lead")
        if not told:
            return [lead, Text("Rien n’a encore été dit, appris ni fait d’aucun paragraphe.")]
        columns: tuple[str, ...] = ("Paragraphe", "Leçons reprises", "Contributions")
        before = [Row(t.label, (text(t.learnt), text(t.said))) for t in told]
        blocks: list[Block] = [
            lead,
            self.maker.table("fil-avant", "Ce qui a été appris et dit", columns, before),
        ]
        if after := [row for t in told for one in t.carried for row in self.carried(t, one)]:
            columns = (
                *("Paragraphe", "Activité", "Besoin (FCFA)", "Alloué (FCFA)"),
                *("Décaissé (FCFA)", "Indicateur", "Valeur", "Cible", "Preuve"),
            )
            title = "Ce qui le met en œuvre"
            blocks.append(self.maker.table("fil-apres", title, columns, after, notes=(NOT_ADDED,)))
        return [*blocks, *self.answers(process)]

    def carried(self, thread: plan_trace.Thread, one: Carried) -> list[Row]:
        """One activity of a paragraph, one row an indicator."""
        activity = one.activity
        proof = " ; ".join([*(r.evidence for r in one.reports), *(v.evidence for v in one.values)])
        money = self.maker.amounts(f"fil.{activity.code}", one.money, f"{activity.code}").cells[:3]
        rows = []
        for read in one.readings or (None,):
            label = f"{read.indicator.code}. {read.indicator.label_fr}" if read else "aucun"
            value = Cell(self.maker.value_of(read)) if read else text("")
            target = Cell(self.maker.target_of(read)) if read else text("")
            cells = (text(f"{activity.code}. {activity.label_fr}"), *money, text(label), value)
            rows.append(
                Row(f"§ {thread.paragraph.number}", (*cells, target, text(proof or "aucune")))
            )
        return rows

    def answers(self, process: Process) -> list[Block]:
        """Who spoke, and the reasoned answers."""
        rows = [Row(label, (text(n),)) for label, n in plan_trace.by_category(process)]
        blocks: list[Block] = [
            self.maker.table("paroles", "Qui a parlé", ("Catégorie", "Contributions"), rows)
        ]
        told = plan_trace.reasoned(process)
        if not told:
            return blocks
        lines = [
            Row(
                f"{row.label}, {plan_trace.KINDS[ContributionKind(row.kind)]}",
                (
                    text(plan_trace.words_of(row)),
                    text(plan_trace.OUTCOMES[AnswerOutcome(row.answer.outcome)]),
                    text(row.answer.reason),
                ),
            )
            for row in told
            if row.answer is not None
        ]
        left = plan_trace.n_answered(process) - len(lines)
        notes = (f"{left} autres réponses, dont celles aux soutiens, se lisent dans Danbe.",)
        columns = ("Contribution", "Ce qui a été dit", "Suite donnée", "Motif")
        title = "Réponses motivées"
        table = self.maker.table(
            "reponses", title, columns, lines, notes=notes if left > 0 else ()
        )
        return [*blocks, table]
