"""Figures counted in the register itself, beside the returns and never added to them.

Human beings are counted, not records: a girl whom the police, an NGO and a social service met is
one, once a human said that their records are hers. What the register does not hold is said so;
it is never a zero.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from danbe.core.access import Actor, Reach
from danbe.core.errors import NotAllowed
from danbe.core.models import Level, Place
from danbe.core.places import layout_on
from danbe.figures.facts import LASTING, POINTS, SPELLS
from danbe.figures.models import Definition, FactScope, RegisterFact
from danbe.figures.queries import SHORT_LIST, Figure, Row, Table, key_labels
from danbe.figures.small_cells import SMALLEST, Shown, guard
from danbe.partnership.models import ServiceOffer
from danbekit.dates import Window
from danbekit.names import fold

VERB = "register.read"
SHELTER_PLACES = "shelter_places"
# How each figure is made, in one sentence. What is not here is not in the register.
METHODS: Mapping[str, Promise] = {
    "victims_presumed": gettext_lazy(
        "Human beings first presumed victims in the period, for whom nobody has decided on the "
        "identification by its last day."
    ),
    "victims_identified": gettext_lazy(
        "Human beings formally identified in the period by a decision that still stands."
    ),
    "victims_assisted": gettext_lazy(
        "Presumed or identified victims for whom at least one service was under way or given in "
        "the period."
    ),
    "migrants_assisted": gettext_lazy(
        "Persons on the pathway of vulnerable migrants, not presumed victims, for whom at least "
        "one service was under way or given in the period."
    ),
    "persons_screened": gettext_lazy(
        "Persons whose individual interview was finished in the period, whatever its result."
    ),
    "persons_status_open": gettext_lazy(
        "Persons found in the period by an operation (raid, border, transport, mine), of whom "
        "nobody had said victim, accomplice or witness by its last day."
    ),
    "services_given": gettext_lazy(
        "Services of victims under way or given in the period: one per person and per type."
    ),
    "victims_referred": gettext_lazy(
        "Victims referred with their consent, in the period in which the other body confirmed."
    ),
    "victims_sheltered": gettext_lazy(
        "Victims for whom a shelter of at least one night was under way in the period."
    ),
    "shelter_places": gettext_lazy(
        "Beds of the shelters of the directory open on the last day of the period, as counted "
        "last: the directory does not keep the numbers of former years."
    ),
    "foreign_victims_returned": gettext_lazy(
        "Victims of another citizenship than Malian whose voluntary return was carried out in the "
        "period."
    ),
    "persons_handed_to_consulates": gettext_lazy(
        "Persons referred to a consulate that confirmed the hand-over in the period."
    ),
    "families_reunited": gettext_lazy(
        "Victims whose family tracing was carried out in the period and followed by at least one "
        "visit at which they were met."
    ),
    "victims_reintegrated": gettext_lazy(
        "Victims who began a reintegration, a schooling or a vocational training in the period."
    ),
    "care_completed": gettext_lazy(
        "Victims whose case was closed in the period because its goals are reached, and was not "
        "reopened since."
    ),
}
# Why the register is silent on the others of its axis.
SILENCES: Mapping[str, Promise] = {
    "own_citizens_repatriated": gettext_lazy(
        "The register does not record the country that a Malian victim comes back from."
    ),
    "victims_protected": gettext_lazy(
        "The register of protection does not know whether proceedings are under way."
    ),
    "children_released_armed_groups": gettext_lazy(
        "The register records the form of exploitation, not the hand-over of a child by a force "
        "or a group."
    ),
    "victims_penalised": gettext_lazy("Sanctions are not in the register of protection."),
    "victims_released": gettext_lazy("Sanctions are not in the register of protection."),
    "in_kind_donations": gettext_lazy("Donations are not in the register."),
    "victims_estimated": gettext_lazy("An estimate is a calculation, not a record."),
}
OPEN_LISTS = ("form", "citizenship", "category")
SEX_COLUMNS, AGE_COLUMNS = ("female", "male", "other"), ("child", "adult", "unknown")


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure of the register. ``table`` is ``None`` where the register does not hold it."""

    definition: Definition
    window: Window
    table: Table | None
    method: str
    is_national: bool = False
    is_guarded: bool = False  # small numbers are hidden: the reader is outside the bodies

    @property
    def value(self) -> int | None:
        """The number; ``None`` where it is not held, or hidden."""
        return self.table.figure.value if self.table else None

    @property
    def is_small(self) -> bool:
        """Whether it is hidden because it is below 5."""
        return self.table is not None and self.table.figure.value is None


@dataclass(frozen=True, slots=True)
class Cell:
    """One number as it may be shown: ``value`` is ``None`` where ``mark`` stands instead."""

    value: int | None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """One figure by sex and by age; empty where the register does not hold it."""

    definition: Definition
    method: str
    total: Cell | None = None
    sexes: tuple[Cell, ...] = ()
    ages: tuple[Cell, ...] = ()


# --- The questions -----------------------------------------------------------------------------


def register_figure(
    actor: Actor,
    definition_code: str,
    window: Window,
    *,
    place: Place | None = None,
    breakdown: str = "total",
    organisation: uuid.UUID | None = None,
) -> Counted:
    """One figure of the register for who may see it.

    A post of a body counts what its own body did, exactly. A post that counts for the nation
    counts everybody once, and small numbers are hidden from it (:mod:`danbe.figures.small_cells`).
    """
    body = scope_of(actor, organisation)
    definition = Definition.objects.get(pk=definition_code)
    method = method_of(definition)
    if definition.pk not in METHODS:
        return Counted(definition, window, None, method, body is None)
    told = counted(definition, window, place=place, by=breakdown, organisation=body)
    is_guarded = actor.reach(VERB) is Reach.NATION and definition.pk != SHELTER_PLACES
    if is_guarded:
        told = guarded(told, place)
    return Counted(definition, window, told, method, body is None, is_guarded)


def scope_of(actor: Actor, organisation: uuid.UUID | None = None) -> uuid.UUID | None:
    """The body whose register is counted; ``None`` for the nation."""
    reach = actor.reach(VERB)
    if reach is None:
        raise NotAllowed(VERB)
    if reach is Reach.NATION:
        return organisation
    if organisation not in (None, actor.organisation_id):
        raise NotAllowed(VERB)
    return actor.seat.organisation_id


def method_of(definition: Definition) -> str:
    """How the register counts, or why it does not."""
    silence = SILENCES.get(definition.pk) or _("The register does not hold this.")
    return str(METHODS.get(definition.pk) or silence)


def counted(
    definition: Definition,
    window: Window,
    *,
    place: Place | None = None,
    by: str = "total",
    organisation: uuid.UUID | None = None,
) -> Table:
    """The exact figure and its parts, for those who may see them."""
    if definition.pk == SHELTER_PLACES:
        return _beds(definition, window, place, by, organisation)
    rows = facts_in(definition.pk, window, organisation, place)
    if by == "total":
        figure = Figure(definition, window, place, rows.count())
        return Table(figure, by, ())
    parts = _parts(rows, definition, window, by)
    total = sum(row.value or 0 for row in parts)  # every fact is in exactly one part
    return Table(Figure(definition, window, place, total), by, tuple(parts))


def facts_in(
    code: str,
    window: Window,
    organisation: uuid.UUID | None = None,
    place: Place | None = None,
) -> QuerySet[RegisterFact]:
    """One row for each human being who counts in the window (for services: and each type)."""
    return _facts([code], window, organisation, place)


def _facts(
    codes: Sequence[str],
    window: Window,
    organisation: uuid.UUID | None,
    place: Place | None,
) -> QuerySet[RegisterFact]:
    """Facts of definitions that count alike."""
    start, end = window.start, window.end
    rows = RegisterFact.objects.filter(definition__in=codes, before__lt=start)
    if organisation is None:
        rows = rows.filter(scope__in=[FactScope.NATION, FactScope.BOTH])
    else:
        scopes = [FactScope.BODY, FactScope.BOTH]
        rows = rows.filter(organisation=organisation, scope__in=scopes)
    if codes[0] in SPELLS:
        rows = rows.filter(on__lte=end, until__gte=start)
        if start > timezone.localdate():
            return rows.none()  # a service under way today is not one of next year
    elif codes[0] in LASTING:
        rows = rows.filter(on__gte=start, on__lte=end, until__gte=end)
    else:
        rows = rows.filter(on__gte=start, on__lte=end)
    if place is not None and place.level != Level.COUNTRY:
        rows = rows.filter(region=place)
    return rows


def overview(actor: Actor, window: Window, place: Place | None = None) -> tuple[OverviewLine, ...]:
    """Every protection figure of the register, by sex and by age."""
    body = scope_of(actor)
    is_guarded = actor.reach(VERB) is Reach.NATION
    numbers = _numbers(window, body, place)
    lines = []
    for definition in Definition.objects.filter(axis="protection"):
        method = method_of(definition)
        if definition.pk == SHELTER_PLACES:
            table = _beds(definition, window, place, "total", body)
            lines.append(OverviewLine(definition, method, Cell(table.figure.value)))
        elif definition.pk in METHODS:
            n = numbers.get(definition.pk, {})
            lines.append(_line(definition, method, n, is_guarded, place))
        else:
            lines.append(OverviewLine(definition, method))
    return tuple(lines)


def _numbers(
    window: Window, body: uuid.UUID | None, place: Place | None
) -> dict[str, Mapping[str, int]]:
    """Three statements: one for each way of counting."""
    found: dict[str, Mapping[str, int]] = {}
    columns = {f"sex_{sex}": Count(Value(1), filter=Q(sex=sex)) for sex in SEX_COLUMNS[:2]}
    columns |= {f"age_{age}": Count(Value(1), filter=Q(age=age)) for age in AGE_COLUMNS[:2]}
    for codes in (POINTS, SPELLS, LASTING):
        rows = _facts(sorted(codes), window, body, place).order_by().values("definition")
        for row in rows.annotate(n_all=Count("*"), **columns):
            numbers: dict[str, Any] = dict(row)
            found[numbers.pop("definition")] = numbers
    return found


def _line(
    definition: Definition,
    method: str,
    n: Mapping[str, int],
    is_guarded: bool,
    place: Place | None,
) -> OverviewLine:
    total = n.get("n_all", 0)
    sexes = [n.get(f"sex_{sex}", 0) for sex in SEX_COLUMNS[:2]]
    ages = [n.get(f"age_{age}", 0) for age in AGE_COLUMNS[:2]]
    sexes.append(total - sum(sexes))
    ages.append(total - sum(ages))
    if not is_guarded:
        exact = [tuple(Cell(v) for v in values) for values in (sexes, ages)]
        return OverviewLine(definition, method, Cell(total), *exact)
    whole = guard(total, [], is_part=place is not None)
    parts = [
        tuple(_cell(shown) for shown in guard(total, values).parts) for values in (sexes, ages)
    ]
    return OverviewLine(definition, method, _cell(whole.total), *parts)


def _cell(shown: Shown) -> Cell:
    return Cell(shown.value, shown.mark)


# --- Parts ---------------------------------------------------------------------------------


def _parts(
    rows: QuerySet[RegisterFact], definition: Definition, window: Window, by: str
) -> list[Row]:
    if by == "region":
        return _by_region(rows, window)
    columns = ["sex", "age"] if by == "sex_age" else [by]
    found = rows.order_by().values_list(*columns).annotate(n=Count("*"))
    seen = {".".join(keys): n for *keys, n in found}
    labels = key_labels(definition, by)
    whole = list(labels) if len(labels) <= SHORT_LIST and by not in OPEN_LISTS else []
    listed = [key for key in labels if key in whole or key in seen]
    parts = [Row(key, labels[key], seen.pop(key, 0)) for key in listed]
    lost = sum(seen.values())  # nothing was written, or a code that is in no list
    if lost:
        parts.append(Row("", _("Not stated"), lost))
    if by == "citizenship":
        parts.sort(key=lambda row: -(row.value or 0))
    return parts


def _by_region(rows: QuerySet[RegisterFact], window: Window) -> list[Row]:
    """Every region of the layout at the window's end; others apart; the unknown last."""
    seen = dict(rows.order_by().values_list("region").annotate(n=Count("*")))
    layout = sorted(layout_on(window.end), key=lambda p: (p.level, fold(p.name_fr)))
    parts = [Row(p.code, p.name_fr, seen.pop(p.pk, 0)) for p in layout]
    lost = seen.pop(None, 0)
    for place in Place.objects.filter(pk__in=list(seen)):
        parts.append(Row(place.code, place.name_fr, seen[place.pk], _("earlier limits")))
    return parts + ([Row("", _("Place not known"), lost)] if lost else [])


def _beds(
    definition: Definition,
    window: Window,
    place: Place | None,
    by: str,
    organisation: uuid.UUID | None,
) -> Table:
    """The beds of the directory, on the last day of the window or today."""
    day = min(window.end, timezone.localdate())
    began = Q(valid_from=None) | Q(valid_from__lte=day)
    lasted = Q(valid_to=None) | Q(valid_to__gte=day)
    rows = ServiceOffer.unscoped.filter(
        began & lasted, type="shelter", is_active=True, beds_total__isnull=False
    ).order_by()
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    if place is not None and place.level != Level.COUNTRY:
        rows = rows.filter(Q(place=place) | Q(place__parent=place))
    total = rows.aggregate(n=Sum("beds_total"))["n"] or 0
    parts: list[Row] = []
    if by == "category":
        labels = key_labels(definition, "category")
        beds: dict[str, int] = dict.fromkeys(labels, 0)
        for offer in rows:
            beds[_public(offer)] += offer.beds_total or 0
        parts = [Row(key, label, beds[key]) for key, label in labels.items()]
    return Table(Figure(definition, window, place, total), by, tuple(parts))


def _public(offer: ServiceOffer) -> str:
    """For whom a shelter is, as returns say it."""
    audiences = offer.audiences
    if audiences == ["mothers_with_children"]:
        return "families"
    return audiences[0] if len(audiences) == 1 else "mixed"


# --- What may be shown outside -------------------------------------------------------------


def guarded(told: Table, place: Place | None) -> Table:
    """The same table with its small numbers hidden, and what would give them away."""
    values = [row.value or 0 for row in told.rows]
    rows = list(told.rows)
    if told.by in OPEN_LISTS:  # a code that is listed says that somebody has it
        rows = [row for row in told.rows if (row.value or 0) >= SMALLEST]
        n_rest = sum(values) - sum(row.value or 0 for row in rows)
        rows += [Row("", _("All others together"), n_rest)] if told.rows else []
        values = [row.value or 0 for row in rows]
    hidden = guard(told.figure.value or 0, values, is_part=place is not None)
    shown = tuple(
        replace(row, value=part.value, note=part.mark or row.note)
        for row, part in zip(rows, hidden.parts, strict=True)
    )
    figure = replace(told.figure, value=hidden.total.value)
    return replace(told, figure=figure, rows=shown if hidden.is_split else ())


# --- Beside the returns --------------------------------------------------------------------


def said_beside(value: int | None, returned: int | None) -> str:
    """How far the register and the returns are apart, in words; empty where one is silent."""
    if value is None or returned is None or value == returned:
        return ""
    gap = abs(value - returned)
    if value > returned:
        text = ngettext("%(n)d more than in the returns", "%(n)d more than in the returns", gap)
    else:
        text = ngettext("%(n)d fewer than in the returns", "%(n)d fewer than in the returns", gap)
    return text % {"n": gap}
