"""The pages of the dossier for the United States: a draft, one frozen, answers in every state."""

from tests.journeys.page import seen

PREPARE = """
from danbe.reports import tip_actions
from danbe.reports.models import Recommendation

def answered(who, code, text):
    return tip_actions.answer_recommendation(
        who.actor, Recommendation.objects.get(pk=code),
        first_day=datetime.date(2023, 6, 1), last_day=datetime.date(2023, 6, 3), text=text,
        evidence="Rapport de formation (fictif) : https://exemple.example/rapport",
        today=timezone.localdate(),
    )

answered(esther, "2019-5", "Réunions mensuelles du Comité tenues (fictif).")
told = answered(fanta, "2019-4", "Session de formation des juges et procureurs (fictif).")
wrong_answer = answered(fanta, "2019-3", "Atelier (fictif).")
tip_actions.review_answer(
    esther.actor, wrong_answer, accept=False, note="Preuve absente (fictif)."
)
tip_actions.freeze_dossier(esther.actor, 2024, today=timezone.localdate())
ids |= {"tip_answer": str(told.pk)}
"""

DRAFT, FROZEN = "/tip/2023/fr/draft/", "/tip/2024/fr/"
PAGES = [
    seen("tip_list", "esther", "/tip/"),
    seen("tip_list, for a reader", "issa", "/tip/"),
    seen("tip_draft", "esther", DRAFT),
    seen("tip_draft, the law", "garan", DRAFT + "?part=standards"),
    seen("tip_draft, a criterion", "garan", DRAFT + "?part=C01"),
    seen("tip_draft, presumptions", "garan", DRAFT + "?part=presumptions"),
    seen("tip_draft, recommendations", "garan", DRAFT + "?part=recommendations"),
    seen("tip_draft, tiers", "garan", DRAFT + "?part=tiers"),
    seen("tip_draft, gaps", "esther", DRAFT + "?part=gaps"),
    seen("tip_draft, sources in English", "esther", "/tip/2023/en/draft/?part=sources"),
    seen("tip_detail", "issa", FROZEN + "?part=C02"),
    seen("tip_freeze", "esther", "/tip/2023/freeze/"),
    seen("tip_erratum", "esther", "/tip/2024/erratum/"),
    seen("recommendation_list", "esther", "/tip/recommendations/?year=2019"),
    seen("recommendation_list, gaps", "fanta", "/tip/recommendations/"),
    seen("recommendation_answer", "fanta", "/tip/recommendations/2019-4/answer/"),
    seen("answer_review", "esther", "/tip/recommendations/answers/{tip_answer}/review/"),
    seen("answer_withdraw", "fanta", "/tip/recommendations/answers/{tip_answer}/withdraw/"),
]
NOT_LOOKED_AT = {"tip_pdf", "tip_docx", "tip_json"}
