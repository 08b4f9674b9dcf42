"""The letters that call the members of an assembly, in words."""

from django.utils.translation import gettext as _

from danbe.accounts.queries import body
from danbe.exchange.convocation_pdf import Letter
from danbe.partnership import committee_queries as queries
from danbe.partnership import convocation
from danbe.partnership.models import AgendaItem, Meeting
from danbe.web.committee_view import decision_number, kinds, meeting_kind, spoken_day


def item_title(item: AgendaItem) -> str:
    """What a point is about, in words."""
    if item.decision is not None:
        said = {"number": decision_number(item.decision), "text": item.decision.text}
        return _("Follow-up of decision %(number)s: %(text)s") % said
    if item.minutes_of is not None:
        said = {"number": item.minutes_of.reference, "day": spoken_day(item.minutes_of)}
        return _("Adoption of the minutes of the meeting %(number)s, %(day)s") % said
    return item.title


def agenda_lines(meeting: Meeting) -> list[str]:
    """The points that were accepted, numbered."""
    items = meeting.items.filter(is_proposed=False, is_dropped=False).select_related(
        "presenter", "decision__meeting", "minutes_of"
    )
    return [
        f"{n}. {item_title(item)}{f' ({item.presenter.label})' if item.presenter else ''}"
        for n, item in enumerate(items, 1)
    ]


def words_of(meeting: Meeting) -> dict[str, str]:
    """What the template of a convocation is filled with; the member is left for each letter."""
    told = body()
    return {
        "body": told.name,
        "acronym": told.acronym,
        "assembly": meeting.assembly.label,
        "kind": meeting_kind(meeting, kinds()),
        "reference": meeting.reference,
        "day": spoken_day(meeting),
        "time": f"{meeting.time:%H:%M}" if meeting.time else _("to be confirmed"),
        "room": meeting.room or _("to be confirmed"),
        "agenda": "\n".join(agenda_lines(meeting)),
    }


def letters_of(meeting: Meeting) -> list[Letter]:
    """One letter a body that sits; as sent, or as it would be sent now."""
    words = words_of(meeting)
    text = meeting.convocation or convocation.template()
    return [
        Letter(
            called.organisation.label,
            convocation.fill_in(text, words | {"member": called.organisation.label}),
        )
        for called in queries.called_to(meeting)
    ]
