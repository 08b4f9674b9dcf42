"""The pages of the Committee: a meeting to come, one that was held, decisions, the archive."""

from tests.journeys.page import seen

PREPARE = """
from danbe.partnership import committee_decision_actions as decision_acts
from danbe.partnership import meeting_actions, meeting_file_actions
from danbe.partnership.models import Assembly, Meeting
from tests.partnership import committee_makers as committees

sitting = committees.assembly(esther.actor, sits=("MPFEF", "MJDH", "CARITAS", "ENDA"))
met = committees.held(esther.actor, sitting, -40, "MPFEF", "MJDH")
met = meeting_actions.write_minutes(
    esther.actor, met, text="Texte fictif. " * 20, version=met.version
)
late = committees.decided(esther.actor, met, days=10, is_public=True)
gone = committees.decided(esther.actor, met, "MJDH")
decision_acts.drop_decision(esther.actor, gone, reason="Sans objet (fictif)")
later = committees.held(esther.actor, sitting, -5, "MPFEF", "MJDH", "CARITAS")
meeting_file_actions.join_document(
    esther.actor, later, name="note.txt", data="note fictive".encode()
)
said_done = decision_acts.report_decision(
    fanta.actor, late, text="Fait (fictif)", evidence="Bordereau fictif", is_done=True
)
coming = committees.planned(esther.actor, sitting, is_public=True)
meeting_actions.add_item(
    esther.actor, coming, title="Plan (fictif)", presenter=fanta.organisation
)
coming = meeting_actions.convoke(esther.actor, coming, text="Bonjour {member} (fictif)")
ids |= {
    "sitting": str(sitting.pk), "seat": str(sitting.seats.all()[0].pk), "met": str(met.pk),
    "coming": str(coming.pk), "later": str(later.pk), "late": str(late.pk),
    "gone": str(gone.pk), "claim": str(said_done.pk),
    "real_committee": str(Assembly.unscoped.get(code="CNCLCTPA").pk),
    "sourced": str(Meeting.unscoped.get(day="2025-05-05").pk),
}
"""

MEETING = "/committee/meetings/{coming}/"
HELD = "/committee/meetings/{met}/"
DECISION = "/committee/decisions/{late}/"
PAGES = [
    seen("committee", "esther", "/committee/?assembly=DEMONSTRATION"),
    seen("committee, of the sources", "fanta", "/committee/?assembly=CNCLCTPA"),
    seen("committee, nothing sits", "djibril", "/committee/"),
    seen("committee_public", "issa", "/committee/public/"),
    seen("committee_attendance", "garan", "/committee/attendance/?assembly=DEMONSTRATION"),
    seen("committee_attendance, unknown", "garan", "/committee/attendance/?assembly=CNCLCTPA"),
    seen("assembly_list", "esther", "/committee/assemblies/"),
    seen("assembly_new", "esther", "/committee/assemblies/new/"),
    seen("assembly_detail", "esther", "/committee/assemblies/{sitting}/"),
    seen("assembly_detail, not found", "fanta", "/committee/assemblies/{real_committee}/"),
    seen("assembly_change", "esther", "/committee/assemblies/{sitting}/change/"),
    seen("seat_new", "esther", "/committee/assemblies/{sitting}/seats/new/"),
    seen("seat_end", "esther", "/committee/seats/{seat}/end/"),
    seen("meeting_list", "fanta", "/committee/meetings/"),
    seen("meeting_list, nothing found", "fanta", "/committee/meetings/?year=1999"),
    seen("meeting_new", "esther", "/committee/meetings/new/"),
    seen("meeting_detail", "esther", MEETING),
    seen("meeting_detail, held", "esther", "/committee/meetings/{later}/"),
    seen("meeting_detail, of a source", "garan", "/committee/meetings/{sourced}/"),
    seen("meeting_change", "esther", MEETING + "change/"),
    seen("meeting_cancel", "esther", MEETING + "cancel/"),
    seen("agenda_add", "esther", MEETING + "agenda/"),
    seen("meeting_attendance", "esther", HELD + "attendance/"),
    seen("meeting_convoke", "esther", MEETING + "convoke/"),
    seen("convocation_template", "esther", "/committee/meetings/template/"),
    seen("convocation_print", "esther", MEETING + "letters/"),
    seen("minutes_write", "esther", HELD + "minutes/"),
    seen("minutes_adopt", "esther", HELD + "minutes/adopt/"),
    seen("minutes_print", "fanta", HELD + "minutes/print/"),
    seen("decision_list", "esther", "/committee/decisions/"),
    seen("decision_list, late", "fanta", "/committee/decisions/?status=late"),
    seen("decision_new", "esther", "/committee/decisions/new/{later}/"),
    seen("decision_detail", "fanta", DECISION),
    seen("decision_change", "esther", DECISION + "change/"),
    seen("decision_report", "fanta", DECISION + "report/"),
    seen("decision_extend", "esther", DECISION + "extend/"),
    seen("decision_drop", "esther", DECISION + "drop/"),
    seen("decision_reopen", "esther", "/committee/decisions/{gone}/reopen/"),
    seen("decision_review", "esther", "/committee/decisions/review/{claim}/"),
    seen("committee_archive", "esther", "/committee/archive/"),
    seen("first_day", "esther", "/committee/first-day/"),
]
NOT_LOOKED_AT = {"convocation_file", "archive_workbook"}
