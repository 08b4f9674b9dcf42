"""The pages of evaluations: one being written, one in review, one published and its lessons."""

from tests.journeys.page import seen

PREPARE = """
from danbe.plan import evaluation_actions
from tests.plan import evaluation_makers as evaluations

garan = post("analyst", "CNCLCTPA")
known = plan_actions.Plan.objects.get(code="2018-2022")
written = evaluations.written(esther.actor, known)
published = evaluations.published(esther.actor, garan.actor, plan)
older = plan_actions.Plan.objects.get(code="2015-2017")
evaluations_sent = evaluation_actions.send_evaluation(
    esther.actor, evaluations.written(esther.actor, older)
)
next_plan = plans.draft(esther.actor, code="2034-2038")
from danbe.plan.models import Process, Stage, TextVersion
making = Process.objects.create(
    plan=next_plan, old_plan=plan, stage=Stage.DRAFTING, label_fr="Élaboration (fictif)",
    is_fictitious=True,
)
draft_text = TextVersion.objects.create(process=making, number=1)
evaluations.clause_in(making, draft_text, "Un poste de suivi par région (fictif)")
ids |= {
    "old_plan": str(known.pk),
    "evaluation_draft": str(written.pk), "evaluation": str(published.pk),
    "evaluation_sent": str(evaluations_sent.pk),
    "finding": str(written.findings.all()[0].pk),
    "lesson_draft": str(evaluations.lesson(written).pk),
    "making": str(making.pk), "lesson": str(evaluations.lesson(published).pk),
}
"""

ONE = "/plan/evaluation/"
PAGES = [
    seen("plan_evaluations", "issa", "/plan/{plan}/evaluations/"),
    seen("plan_evaluations, of 2018-2022", "esther", "/plan/{old_plan}/evaluations/"),
    seen("evaluation_new", "esther", "/plan/{plan}/evaluations/new/"),
    seen("evaluation_detail", "issa", ONE + "{evaluation}/"),
    seen("evaluation_detail, being written", "esther", ONE + "{evaluation_draft}/"),
    seen("evaluation_review", "garan", ONE + "{evaluation_sent}/review/"),
    seen("finding_new", "esther", ONE + "{evaluation_draft}/finding/"),
    seen("finding_edit", "esther", "/plan/finding/{finding}/"),
    seen("finding_cite", "esther", "/plan/finding/{finding}/figure/"),
    seen("lesson_new", "esther", ONE + "{evaluation_draft}/lesson/"),
    seen("lesson_edit", "esther", "/plan/lesson/{lesson_draft}/"),
    seen("process_lessons", "issa", "/plan/process/{making}/lessons/"),
    seen("lesson_answer", "esther", "/plan/process/{making}/lessons/{lesson}/"),
]
NOT_LOOKED_AT = {"evaluation_pdf"}
