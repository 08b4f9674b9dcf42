"""The pages of contributions: a process with thirty of them, one to moderate, a group, a room."""

from tests.journeys.page import seen

PREPARE = """
from danbe.plan import answer_actions, moderation_actions
from tests.plan import contribution_makers as said

drafted = said.process(esther.actor)
partner = post("partner", "OIM")
thirty = said.with_thirty(
    drafted, esther=esther.actor, ministry=fanta.actor, ngo=keeper.actor, partner=partner.actor
)
to_moderate = said.said(fanta.actor, drafted)
sealed = said.sent(drafted)
held = said.said(keeper.actor, drafted, said.told("Une ligne de plus (fictif)."))
moderation_actions.moderate(esther.actor, held, to="held", reason="Nomme quelqu’un (fictif).")
alike = [said.said_and_published(fanta.actor, esther.actor, drafted) for _n in range(4)]
together = moderation_actions.group_contributions(
    esther.actor, drafted, alike[:2], label="Des centres plus près (fictif)"
)
where = said.clause(drafted)
answer_actions.link_activity(esther.actor, where, plans.activity(plan))
ids |= {
    "debated": str(drafted.pk), "spoken_of": str(where.pk), "amended": str(thirty.amended.pk),
    "refused": str(thirty.refused.pk), "to_moderate": str(to_moderate.pk),
    "sealed": str(sealed.pk), "kept_back": str(held.pk), "alike": str(alike[2].pk),
    "together": str(together.pk), "room": str(thirty.paper.room_id),
}
"""

ALL = "/contributions/process/{debated}/"
ONE = "/contributions/"
PAGES = [
    seen("contribution_list", "esther", ALL),
    seen("contribution_list, nothing found", "issa", ALL + "?q=introuvable"),
    seen("contribution_new", "fanta", ALL + "new/?clause={spoken_of}&kind=amendment"),
    seen("contribution_voice", "fanta", ALL + "voice/"),
    seen("contribution_detail", "issa", ONE + "{amended}/"),
    seen("contribution_detail, refused", "esther", ONE + "{refused}/"),
    seen("contribution_detail, held", "esther", ONE + "{kept_back}/"),
    seen("contribution_moderate", "esther", ONE + "{to_moderate}/moderate/"),
    seen("contribution_moderate, sealed", "esther", ONE + "{sealed}/moderate/"),
    seen("contribution_alike", "esther", ONE + "{alike}/alike/"),
    seen("contribution_answer", "esther", ONE + "{amended}/answer/"),
    seen("group_list", "esther", ALL + "groups/"),
    seen("group_detail", "esther", ONE + "group/{together}/"),
    seen("group_answer", "esther", ONE + "group/{together}/answer/"),
    seen("room_list", "esther", ALL + "rooms/"),
    seen("room_detail", "esther", ONE + "room/{room}/"),
    seen("room_paper", "esther", ONE + "room/{room}/paper/"),
    seen("room_import", "esther", ONE + "room/{room}/import/"),
    seen("room_line", "esther", ONE + "room/{room}/line/"),
    seen("room_answers", "esther", ONE + "room/{room}/answers/"),
    seen("contribute_index", "", ONE + "public/"),
    seen("contribute_public", "", ONE + "public/{debated}/"),
    seen("contribute_answer", "", ONE + "public/answer/"),
    seen("clause_trace", "esther", ONE + "clause/{spoken_of}/"),
    seen("clause_link", "esther", ONE + "clause/{spoken_of}/link/"),
]
NOT_LOOKED_AT = {"room_workbook"}
