"""What the secretariat does with assemblies and with who sits there."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from danbe.accounts.models import Organisation, Post
from danbe.core.access import ROLES, Actor, Role, visible
from danbe.core.actions import action
from danbe.core.errors import DomainError
from danbe.partnership.models import (
    Assembly,
    AssemblyKind,
    QuorumRule,
    Seat,
    SeatFunction,
    SeatKind,
)

MAX_TEXT = 5_000
MOST_MONTHS = 24  # between two meetings
FIRST_YEAR = 1960
# Functions that one body alone holds at a time.
UNIQUE_FUNCTIONS = (SeatFunction.PRESIDENT, SeatFunction.RAPPORTEUR)
WRITTEN = (
    "label_fr label_en kind parent place legal_act note_fr note_en quorum_rule quorum_value "
    "cadence_months cadence_source records_since source is_active version"
).split()


@action("assembly.write")
def add_assembly(actor: Actor, *, assembly: Assembly) -> Assembly:
    """Put a new assembly: a sub-committee, a local committee, a bureau."""
    assembly.code = assembly.code.strip()
    if not assembly.code:
        raise DomainError("assembly.code", _("Give it a code."), "code")
    if visible(actor, Assembly, "assembly.write").filter(code__iexact=assembly.code).exists():
        raise DomainError("assembly.exists", _("An assembly has this code already."), "code")
    _check_assembly(assembly)
    assembly.save(force_insert=True)
    return assembly


@action("assembly.write")
def change_assembly(actor: Actor, assembly: Assembly, *, version: int) -> Assembly:
    """Keep what is said of an assembly; refused if somebody changed it since ``version``."""
    rows = visible(actor, Assembly, "assembly.write").select_for_update()
    kept = rows.get(pk=assembly.pk)
    if kept.version != version:
        text = _("Somebody changed this in the meantime: open it again, then record.")
        raise DomainError("assembly.changed", text)
    _check_assembly(assembly)
    assembly.version = kept.version + 1
    assembly.save(update_fields=WRITTEN)
    return assembly


def _check_assembly(assembly: Assembly) -> None:
    """Raise :class:`DomainError` at the first field that is wrong."""
    if not assembly.label_fr.strip():
        raise DomainError("assembly.label", _("Give its name in French."), "label_fr")
    if assembly.kind not in AssemblyKind.values:
        raise DomainError("assembly.kind", _("Choose what it is."), "kind")
    if assembly.kind == AssemblyKind.LOCAL and assembly.place is None:
        raise DomainError("assembly.place", _("A local committee has a place."), "place")
    if assembly.parent_id is not None and assembly.parent_id == assembly.pk:
        raise DomainError("assembly.parent", _("It cannot be under itself."), "parent")
    if any(len(text) > MAX_TEXT for text in (assembly.note_fr, assembly.note_en)):
        raise DomainError("assembly.too_long", _("This text is too long."), "note_fr")
    _check_quorum(assembly)
    _check_cadence(assembly)


def _check_quorum(assembly: Assembly) -> None:
    rule, value = assembly.quorum_rule, assembly.quorum_value
    if rule == QuorumRule.UNKNOWN and value is not None:
        text = _("Without a rule, leave the number empty.")
        raise DomainError("assembly.quorum", text, "quorum_value")
    if rule == QuorumRule.SHARE and not 1 <= (value or 0) <= 100:
        raise DomainError("assembly.quorum", _("From 1 to 100 percent."), "quorum_value")
    if rule == QuorumRule.NUMBER and not 1 <= (value or 0) <= 1000:
        raise DomainError("assembly.quorum", _("Say how many members."), "quorum_value")


def _check_cadence(assembly: Assembly) -> None:
    months = assembly.cadence_months
    if months is None:
        return
    if not 1 <= months <= MOST_MONTHS:
        text = _("From 1 to %(n)d months.") % {"n": MOST_MONTHS}
        raise DomainError("assembly.cadence", text, "cadence_months")
    if not assembly.cadence_source.strip():
        text = _("Say who asks for it: a text, a recommendation, a decision.")
        raise DomainError("assembly.cadence_source", text, "cadence_source")


# --- Seats ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who sits, as what, from when to when, by which act."""

    organisation: Organisation
    post: Post | None = None
    kind: str = SeatKind.TITULAR
    function: str = SeatFunction.MEMBER
    start: datetime.date | None = None
    end: datetime.date | None = None
    mandate_act: str = ""
    source: str = ""


@action("assembly.write")
def add_seat(actor: Actor, assembly: Assembly, told: Mandate) -> Seat:
    """Say that a body sits in an assembly."""
    locked = visible(actor, Assembly, "assembly.write").select_for_update().get(pk=assembly.pk)
    _check_mandate(told)
    _check_free(locked, told)
    seat = Seat(
        assembly=locked,
        organisation=told.organisation,
        post=told.post,
        kind=told.kind,
        function=told.function,
        start=told.start,
        end=told.end,
        mandate_act=told.mandate_act.strip(),
        source=told.source.strip(),
    )
    seat.save(force_insert=True)
    return seat


@action("assembly.write")
def end_seat(actor: Actor, seat: Seat, *, on: datetime.date) -> Seat:
    """Say when a term ends, or that it is prolonged. The seat stays in the history."""
    rows = visible(actor, Seat, "assembly.write").select_for_update()
    kept = rows.get(pk=seat.pk)
    _check_year(on, "end")
    if kept.start is not None and on < kept.start:
        raise DomainError("seat.dates", _("The end is before the beginning."), "end")
    kept.end = on
    kept.save(update_fields=["end"])
    return kept


def _check_mandate(told: Mandate) -> None:
    if told.kind not in SeatKind.values:
        raise DomainError("seat.kind", _("Titular or alternate?"), "kind")
    if told.function not in SeatFunction.values:
        raise DomainError("seat.function", _("Choose a function."), "function")
    for day, field in ((told.start, "start"), (told.end, "end")):
        if day is not None:
            _check_year(day, field)
    if told.start and told.end and told.end < told.start:
        raise DomainError("seat.dates", _("The end is before the beginning."), "end")
    if told.post is None:
        return
    if told.post.organisation_id != told.organisation.pk:
        raise DomainError("seat.post", _("This post belongs to another body."), "post")
    if "committee.read" not in ROLES[Role(told.post.role)]:
        text = _("This kind of post does not open the pages of the Committee.")
        raise DomainError("seat.post", text, "post")


def _check_year(day: datetime.date, field: str) -> None:
    if not FIRST_YEAR <= day.year <= 2100:
        raise DomainError("seat.dates", _("This date is not possible."), field)


def _check_free(assembly: Assembly, told: Mandate) -> None:
    """One titular seat a body at a time; one president, one rapporteur."""
    at_once = [s for s in assembly.seats.all() if _overlap(s, told)]
    if told.kind != SeatKind.TITULAR:
        return
    titular = [s for s in at_once if s.kind == SeatKind.TITULAR]
    if any(s.organisation_id == told.organisation.pk for s in titular):
        text = _("This body sits there already on these dates: end its term first.")
        raise DomainError("seat.taken", text, "organisation")
    if told.function in UNIQUE_FUNCTIONS and any(s.function == told.function for s in titular):
        text = _("Another body holds this function on these dates: end its term first.")
        raise DomainError("seat.function", text, "function")


def _overlap(seat: Seat, told: Mandate) -> bool:
    begins_after = seat.start and told.end and seat.start > told.end
    ends_before = seat.end and told.start and seat.end < told.start
    return not (begins_after or ends_before)
