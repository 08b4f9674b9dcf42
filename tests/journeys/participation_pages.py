"""The pages of the making of a plan: one being drafted, one being voted on, one signed."""

from tests.journeys.page import seen

PREPARE = """
from danbe.plan import participation_actions, text_actions, validation_actions
from tests.plan import participation_makers as parts

drafted = parts.published_text(esther.actor)
participation_actions.add_survivors(esther.actor, drafted.process, number=6)
compared = parts.amended(esther.actor, drafted)
writing = text_actions.begin_text(esther.actor, drafted.process)
ids |= {
    "process": str(drafted.process_id), "first_text": str(drafted.pk),
    "compared": str(compared.pk), "writing": str(writing.pk),
    "clause": str(parts.clause(compared, "2.1").pk),
    "writing_clause": str(parts.clause(writing, "2.1").pk),
    "part": str(parts.participant(drafted.process, "MPFEF").pk),
}
voting = parts.session(esther.actor, parts.to_validate(esther.actor, "2036-2040"))
own = parts.ballot(voting, "MPFEF")
validation_actions.cast_vote(fanta.actor, own, "for")
validation_actions.add_reservation(
    fanta.actor, own, clause=parts.clause(voting.version, "2"), text="Réserve fictive."
)
signed = parts.released(esther.actor, "2041-2045")
adopted = parts.adopted(esther.actor, "2046-2050")
ids |= {
    "voting": str(voting.process_id), "ballot": str(own.pk), "signed": str(signed.pk),
    "adopted": str(adopted.pk), "empty_process": str(parts.begun(esther.actor, "2051-2055").pk),
}
plans.draft(esther.actor, code="2056-2060")
"""

COMPARED = "/participation/text/{first_text}/compare/{compared}/"
PROCESS, TEXT = "/participation/{process}/", "/participation/text/{writing}/"
PAGES = [
    seen("process_list", "issa", "/participation/"),
    seen("process_new", "esther", "/participation/new/"),
    seen("process_detail", "fanta", PROCESS),
    seen("process_detail, for the secretariat", "esther", PROCESS),
    seen("process_detail, begun", "esther", "/participation/{empty_process}/"),
    seen("process_rules", "esther", PROCESS + "rules/"),
    seen("process_phase", "esther", PROCESS + "phase/drafting/"),
    seen("process_move", "esther", PROCESS + "move/"),
    seen("participant_list", "esther", PROCESS + "participants/"),
    seen("participant_list, for a partner", "issa", PROCESS + "participants/"),
    seen("participant_bodies", "esther", PROCESS + "participants/bodies/"),
    seen("participant_person", "esther", PROCESS + "participants/person/"),
    seen("participant_survivors", "esther", PROCESS + "participants/survivors/"),
    seen("participant_answer", "fanta", "/participation/part/{part}/"),
    seen("text_list", "issa", PROCESS + "text/"),
    seen("text_list, nothing", "esther", "/participation/{empty_process}/text/"),
    seen("text_detail", "issa", "/participation/text/{compared}/"),
    seen("text_print", "issa", "/participation/text/{compared}/print/"),
    seen("text_compare", "issa", COMPARED),
    seen("text_compare, whole", "issa", COMPARED + "?change=all"),
    seen("text_compare, on paper", "issa", COMPARED + "?print=1"),
    seen("text_edit", "esther", TEXT + "edit/"),
    seen("text_paste", "esther", TEXT + "paste/"),
    seen("text_publish", "esther", TEXT + "publish/"),
    seen("clause_new", "esther", TEXT + "new/"),
    seen("clause_edit", "esther", TEXT + "{writing_clause}/"),
    seen("clause_detail", "issa", "/participation/clause/{clause}/"),
    seen("validation_detail", "esther", "/participation/{voting}/validation/"),
    seen("validation_detail, for a body", "fanta", "/participation/{voting}/validation/"),
    seen("validation_detail, nothing", "esther", "/participation/{empty_process}/validation/"),
    seen("validation_open", "esther", "/participation/{voting}/validation/open/"),
    seen("ballot_vote", "fanta", "/participation/ballot/{ballot}/"),
    seen("ballot_reserve", "fanta", "/participation/ballot/{ballot}/reserve/"),
    seen("frozen_detail", "esther", "/participation/frozen/{adopted}/"),
    seen("frozen_sheet", "esther", "/participation/frozen/{adopted}/sheet/"),
    seen("frozen_sign", "esther", "/participation/frozen/{adopted}/sign/"),
    seen("participation_public", "", "/participation/public/"),
    seen("text_public", "", "/participation/public/{process}/"),
    seen("signed_public", "", "/participation/public/signed/{signed}/"),
]  # fmt: skip
NOT_LOOKED_AT = {"signed_file"}
