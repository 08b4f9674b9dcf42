"""The pages of agreements (ends soon, over, draft) and of the register of processing."""

from tests.journeys.page import seen

PREPARE = """
from danbe.partnership.models import Agreement, AgreementStatus
ends_soon, over = (
    Agreement.unscoped.get(reference=f"{number}/FICTIF") for number in ("001", "003")
)
written = Agreement.unscoped.get(status=AgreementStatus.DRAFT)
ids |= {"ends_soon": str(ends_soon.pk), "over": str(over.pk), "written": str(written.pk)}
"""

PAGES = [
    seen("agreement_list", "esther", "/agreements/"),
    seen("agreement_list, of one's body", "awa", "/agreements/"),
    seen("agreement_list, nothing found", "esther", "/agreements/?q=zzz"),
    seen("agreement_list, none", "coumba", "/agreements/"),
    seen("agreement_new", "esther", "/agreements/new/"),
    seen("agreement_detail", "bakary", "/agreements/{ends_soon}/"),
    seen("agreement_detail, over", "esther", "/agreements/{over}/"),
    seen("agreement_detail, a draft", "esther", "/agreements/{written}/"),
    seen("agreement_edit", "esther", "/agreements/{written}/edit/"),
    seen("flow_new", "esther", "/agreements/{written}/flows/new/"),
    seen("sharing_ways", "esther", "/agreements/flows/"),
    seen("processing_register", "kadidia", "/processing/"),
    seen("processing_register, processings", "esther", "/processing/?part=traitements"),
    seen("processing_register, recipients", "jeneba", "/processing/?part=destinataires"),
    seen("processing_register, retention", "esther", "/processing/?part=conservation"),
    seen("processing_answers", "esther", "/processing/answers/"),
]
NOT_LOOKED_AT = {"processing_pdf", "processing_xlsx"}
