"""The pages of action plans: a published plan with news, and the draft of another."""

from tests.journeys.page import seen

PREPARE = """
from danbe.plan import actions as plan_actions
from danbe.plan.models import Indicator
from tests.plan import makers as plans

plan = plan_actions.publish_plan(esther.actor, plans.draft(esther.actor, code="2024-2029"))
first = plans.activity(plan)
told_of = plan_actions.report_activity(fanta.actor, first, plans.news())
blocked = plan_actions.report_activity(
    post("focal_point", "MJDH").actor, plans.activity(plan, "A2"),
    plans.news("blocked", blocked_reason="Crédits non ouverts (fictif)",
               must_act=fanta.organisation),
)
plan_actions.review_report(esther.actor, blocked, accept=True)
indicators = {i.code: i for i in Indicator.unscoped.filter(plan=plan)}
plan_actions.tell_value(
    fanta.actor, indicators["I3"], year=2024, value=3, evidence="Procès-verbal (fictif)"
)
ids |= {
    "plan": str(plan.pk), "activity": str(first.pk), "news": str(told_of.pk),
    "computed": str(indicators["I1"].pk), "typed": str(indicators["I3"].pk),
    "plan_draft": str(plans.draft(esther.actor, code="2029-2033").pk),
    "demo_plan": str(plan_actions.Plan.objects.get(code="2024-2028", status="published").pk),
    "real_plan": str(plan_actions.Plan.objects.get(code="2023-2027").pk),
}
"""

PLAN = "/plan/{plan}/"
PAGES = [
    seen("plan_list", "issa", "/plan/"),
    seen("plan_list, for the secretariat", "esther", "/plan/"),
    seen("plan_new", "esther", "/plan/new/"),
    seen("plan_public", "", "/plan/public/"),
    seen("plan_detail", "esther", PLAN),
    seen("plan_detail, of 2023-2027", "issa", "/plan/{real_plan}/"),
    seen("plan_detail, a draft", "esther", "/plan/{plan_draft}/"),
    seen("plan_framework", "issa", PLAN + "framework/"),
    seen("plan_framework, of 2023-2027", "issa", "/plan/{real_plan}/framework/"),
    seen("plan_indicators", "issa", PLAN + "indicators/"),
    seen("plan_calendar", "fanta", PLAN + "calendar/"),
    seen("plan_calendar, one year", "fanta", PLAN + "calendar/?year=2024"),
    seen("plan_budget", "issa", PLAN + "budget/"),
    seen("plan_budget, of 2023-2027", "issa", "/plan/{real_plan}/budget/"),
    seen("plan_who", "fanta", PLAN + "who/"),
    seen("plan_body", "fanta", PLAN + "body/{body}/"),
    seen("plan_report", "issa", PLAN + "report/"),
    seen("plan_public, a fictitious plan", "", "/plan/public/?plan=2024-2028"),
    seen("plan_year", "issa", PLAN + "year/2024/"),
    seen("plan_year, its money", "issa", PLAN + "year/2024/?part=budget"),
    seen("plan_year, its targets", "issa", PLAN + "year/2024/?part=cibles"),
    seen("plan_year, without a table", "issa", "/plan/{real_plan}/year/2025/"),
    seen("plan_compare", "issa", "/plan/{demo_plan}/compare/"),
    seen("plan_compare, one version", "issa", PLAN + "compare/"),
    seen("plan_source", "issa", PLAN + "source/state_budget/"),
    seen("plan_review", "esther", PLAN + "review/"),
    seen("plan_import", "esther", "/plan/{plan_draft}/import/"),
    seen("activity_detail", "fanta", "/plan/activity/{activity}/"),
    seen("activity_report", "fanta", "/plan/activity/{activity}/report/"),
    seen("activity_money", "esther", "/plan/activity/{activity}/money/"),
    seen("activity_review", "esther", "/plan/review/{news}/"),
    seen("indicator_detail", "issa", "/plan/indicator/{computed}/"),
    seen("indicator_detail, typed in", "fanta", "/plan/indicator/{typed}/"),
    seen("indicator_value", "fanta", "/plan/indicator/{typed}/value/"),
]
NOT_LOOKED_AT = {
    *("plan_workbook", "plan_iati", "plan_report_pdf", "plan_report_xlsx"),
    *("plan_year_pdf", "plan_year_xlsx"),
}
