"""Who owes what for which window, who is silent, and who is reminded."""

import datetime
from typing import Any

import pytest

from danbe.accounts.models import Message, Organisation, Post
from danbe.core.access import Role
from danbe.core.errors import DomainError, NotAllowed
from danbe.core.models import AuditEvent
from danbe.figures import actions
from danbe.figures.completeness import (
    Owed,
    State,
    absent_from,
    completeness,
    heard_by_region,
)
from danbe.figures.models import Definition, Obligation
from danbe.figures.reminder_actions import remind
from danbekit.dates import Window
from tests.conftest import Cast
from tests.figures.makers import accepted, content, drafted, focal_point, line, submitted

pytestmark = pytest.mark.django_db

YEAR = Window.calendar_year(2024)
QUARTERS = [Window.quarter(2024, n) for n in (1, 2, 3, 4)]
EARLY, LATE = datetime.date(2024, 12, 31), datetime.date(2025, 3, 1)
VICTIMS = "victims_identified"
SAID = {VICTIMS: line("9", "kayes-2023", explanation="Note.")}


def owes(body: str, axes: str = "protection", months: int = 12, **more: Any) -> Obligation:
    """An obligation since 2024, due 31 days after the end."""
    told: dict[str, Any] = {"first": datetime.date(2024, 1, 1), "due_days": 31}
    organisation = Organisation.objects.get(code=body)
    row: Obligation = Obligation.objects.create(
        organisation=organisation, axes=axes, months=months, **(told | more)
    )
    return row


def only(found: Any) -> Owed:
    (one,) = found
    return one  # type: ignore[no-any-return]


def state_of(cast: Cast, today: datetime.date = LATE) -> State:
    return only(completeness(cast.esther, YEAR, today).owed).state


@pytest.fixture
def fanta_owes(cast: Cast) -> Cast:
    """Fanta's ministry owes one return a year on protection; nobody else owes anything."""
    owes("MPFEF")
    return cast


# --- Where a return stands ------------------------------------------------------------------


def test_before_its_due_date_a_return_is_not_due_and_after_it_is_missing(fanta_owes: Cast) -> None:
    assert state_of(fanta_owes, EARLY) is State.NOT_DUE
    assert state_of(fanta_owes, datetime.date(2025, 1, 31)) is State.NOT_DUE
    assert state_of(fanta_owes, datetime.date(2025, 2, 1)) is State.MISSING


def test_the_state_follows_the_life_of_the_return(fanta_owes: Cast) -> None:
    fanta, esther = fanta_owes.fanta, fanta_owes.esther
    row = drafted(fanta, content(**SAID), axes=["protection"])
    assert state_of(fanta_owes) is State.DRAFT
    actions.submit_return(fanta, row)
    assert state_of(fanta_owes) is State.SUBMITTED
    actions.query_return(esther, row, note="Quel mois ?")
    assert state_of(fanta_owes) is State.QUERIED
    actions.submit_return(fanta, row)
    actions.accept_return(esther, row)
    told = completeness(esther, YEAR, LATE)
    one = only(told.owed)
    assert (one.state, one.return_id, one.lacking) == (State.ACCEPTED, str(row.pk), ())
    assert (told.n_due, told.n_received, told.n_accepted, told.percent) == (1, 1, 1, 100)


def test_a_late_draft_is_a_silence_and_an_early_one_is_not(fanta_owes: Cast) -> None:
    drafted(fanta_owes.fanta, content(**SAID), axes=["protection"])
    early = completeness(fanta_owes.esther, YEAR, EARLY)
    assert (early.n_due, early.silent) == (0, [])
    late = completeness(fanta_owes.esther, YEAR, LATE)
    assert (late.n_due, len(late.silent)) == (1, 1)


def test_a_return_that_came_early_counts_as_due(fanta_owes: Cast) -> None:
    submitted(fanta_owes.fanta, content(**SAID), axes=["protection"])
    told = completeness(fanta_owes.esther, YEAR, EARLY)
    assert (told.n_due, told.n_received, told.n_accepted, told.percent) == (1, 1, 0, 0)


def test_nothing_due_has_no_percentage(cast: Cast) -> None:
    told = completeness(cast.esther, YEAR, LATE)
    assert (told.owed, told.n_due, told.percent) == ((), 0, None)


def test_a_return_on_one_axis_of_two_leaves_the_other_to_be_received(cast: Cast) -> None:
    owes("MPFEF", "prevention protection")
    accepted(cast.fanta, cast.esther, content(**SAID), axes=["protection"])
    one = only(completeness(cast.esther, YEAR, LATE).owed)
    assert (one.state, one.lacking, one.silent) == (State.MISSING, ("prevention",), True)
    on_protection = only(completeness(cast.esther, YEAR, LATE, "protection").owed)
    assert (on_protection.state, on_protection.axes) == (State.ACCEPTED, ("protection",))
    sensitised = content(persons_sensitised=line("30"))
    accepted(cast.fanta, cast.esther, sensitised, axes=["prevention"])
    assert state_of(cast) is State.ACCEPTED


def test_four_quarters_fill_a_year_that_was_owed_and_three_do_not(fanta_owes: Cast) -> None:
    fanta, esther = fanta_owes.fanta, fanta_owes.esther
    for quarter in QUARTERS[:3]:
        accepted(fanta, esther, content(**SAID), axes=["protection"], window=quarter)
    assert state_of(fanta_owes) is State.MISSING
    row = submitted(fanta, content(**SAID), axes=["protection"], window=QUARTERS[3])
    assert state_of(fanta_owes) is State.SUBMITTED
    actions.accept_return(esther, row)
    assert state_of(fanta_owes) is State.ACCEPTED


def test_a_yearly_return_answers_for_the_quarters_that_were_owed(cast: Cast) -> None:
    owes("MPFEF", months=3)
    accepted(cast.fanta, cast.esther, content(**SAID), axes=["protection"])
    states = [one.state for one in completeness(cast.esther, YEAR, LATE).owed]
    assert states == [State.ACCEPTED] * 4


# --- What is owed ---------------------------------------------------------------------------


def test_a_body_that_owes_by_quarter_owes_four_windows_a_year(cast: Cast) -> None:
    owes("MPFEF", months=3)
    assert [one.window for one in completeness(cast.esther, YEAR, LATE).owed] == QUARTERS
    first = completeness(cast.esther, QUARTERS[0], LATE).owed
    assert [one.window for one in first] == QUARTERS[:1]


def test_a_year_is_owed_in_the_window_in_which_it_ends(fanta_owes: Cast) -> None:
    april = Window.april_year(2024)
    assert only(completeness(fanta_owes.esther, april, LATE).owed).window == YEAR
    assert completeness(fanta_owes.esther, QUARTERS[0], LATE).owed == ()


def test_nothing_is_owed_before_the_first_day_or_after_the_last(cast: Cast) -> None:
    owes("MPFEF", months=3, first=QUARTERS[1].start, last=QUARTERS[2].end)
    assert [one.window for one in completeness(cast.esther, YEAR, LATE).owed] == QUARTERS[1:3]


def test_a_closed_body_owes_nothing(fanta_owes: Cast) -> None:
    Organisation.objects.filter(code="MPFEF").update(is_active=False)
    assert completeness(fanta_owes.esther, YEAR, LATE).owed == ()


def test_fanta_sees_what_her_ministry_owes_and_nothing_of_others(cast: Cast) -> None:
    owes("MPFEF")
    owes("SINJIYA")
    assert only(completeness(cast.fanta, YEAR, LATE).owed).organisation.code == "MPFEF"
    assert len(completeness(cast.esther, YEAR, LATE).owed) == 2
    assert len(completeness(cast.garan, YEAR, LATE).owed) == 2
    assert completeness(cast.issa, YEAR, LATE).owed == ()


def test_bodies_are_listed_by_their_name_accents_aside(cast: Cast) -> None:
    for body in ("SINJIYA", "MPFEF", "BRTMTEH"):
        owes(body)
    Organisation.objects.filter(code="MPFEF").update(label_fr="Écoute")
    Organisation.objects.filter(code="SINJIYA").update(label_fr="Eau")
    Organisation.objects.filter(code="BRTMTEH").update(label_fr="Zone")
    names = [one.organisation.label_fr for one in completeness(cast.esther, YEAR, LATE).owed]
    assert names == ["Eau", "Écoute", "Zone"]


# --- Who is behind a gap --------------------------------------------------------------------


def test_a_figure_says_who_has_not_answered_and_who_answered_without_it(cast: Cast) -> None:
    owes("MPFEF")
    owes("SINJIYA")
    owes("CARITAS")
    owes("PJS", "prosecution")  # owes another axis
    accepted(cast.fanta, cast.esther, content(**SAID), axes=["protection"])
    caritas = focal_point("bakari", "CARITAS")
    other = content(migrants_assisted=line("3", "bamako"))
    accepted(caritas, cast.esther, other, axes=["protection"])
    absent = absent_from(Definition.objects.get(pk=VICTIMS), YEAR, LATE)
    told = {one.organisation.code: (one.windows, one.answered) for one in absent}
    assert told == {"SINJIYA": ((YEAR,), False), "CARITAS": ((), True)}


def test_a_number_set_aside_is_not_an_absence(cast: Cast) -> None:
    owes("MPFEF")
    owes("SINJIYA")
    said = {VICTIMS: line("40", "kayes-2023")}
    kept = accepted(cast.fanta, cast.esther, content(**said), axes=["protection"])
    accepted(focal_point("abdou", "SINJIYA"), cast.esther, content(**said), axes=["protection"])
    overlap = actions.Overlap.objects.get()
    actions.decide_overlap(cast.esther, overlap, status="same", kept=kept.pk, note="Même liste.")
    assert absent_from(Definition.objects.get(pk=VICTIMS), YEAR, LATE) == []


def test_a_region_of_which_no_return_speaks_is_silent(cast: Cast) -> None:
    lines = [line("9", "kayes-2023"), line("2", "bamako")]
    accepted(cast.fanta, cast.esther, content(**{VICTIMS: lines}), axes=["protection"])
    sinjiya = focal_point("abdou", "SINJIYA")
    accepted(sinjiya, cast.esther, content(**SAID), axes=["protection"])
    assert heard_by_region(cast.esther, YEAR) == {"kayes-2023": 2, "bamako": 1}
    assert heard_by_region(cast.fanta, YEAR) == {"kayes-2023": 1, "bamako": 1}
    assert heard_by_region(cast.issa, YEAR) == {}
    assert heard_by_region(cast.esther, Window.calendar_year(2023)) == {}


# --- Reminders ------------------------------------------------------------------------------


def reminded(cast: Cast, actor: Any, today: datetime.date = LATE) -> int:
    told = completeness(cast.esther, YEAR, today)
    body = Organisation.objects.get(code="MPFEF")
    return remind(actor, body, owed=told.silent, today=today)


def test_a_reminder_reaches_the_focal_point_once_a_day_and_is_audited(fanta_owes: Cast) -> None:
    assert reminded(fanta_owes, fanta_owes.esther) == 1
    assert reminded(fanta_owes, fanta_owes.esther) == 0
    assert reminded(fanta_owes, fanta_owes.esther, LATE + datetime.timedelta(days=1)) == 1
    mail = Message.unscoped.filter(post=fanta_owes.fanta.post_id, kind="return.owed")
    assert mail.count() == 2
    assert mail[0].params["start"] == "2024-01-01"
    assert AuditEvent.objects.filter(verb="completeness.remind").count() == 3


def test_a_vacant_post_is_reminded_for_its_successor_and_a_closed_one_is_not(
    fanta_owes: Cast,
) -> None:
    Post.objects.get(pk=fanta_owes.fanta.post_id).holdings.all().delete()
    assert reminded(fanta_owes, fanta_owes.esther) == 1
    Post.objects.filter(pk=fanta_owes.fanta.post_id).update(is_active=False)
    with pytest.raises(DomainError):
        reminded(fanta_owes, fanta_owes.esther)


def test_a_body_without_a_focal_point_cannot_be_reminded(cast: Cast) -> None:
    owes("SINJIYA")  # Awa works there, and is not a focal point
    told = completeness(cast.esther, YEAR, LATE)
    with pytest.raises(DomainError) as refused:
        remind(cast.esther, told.silent[0].organisation, owed=told.silent, today=LATE)
    assert refused.value.code == "completeness.no_focal_point"


def test_only_the_secretariat_reminds(fanta_owes: Cast) -> None:
    for actor in (fanta_owes.fanta, fanta_owes.garan, fanta_owes.issa, fanta_owes.jeneba):
        with pytest.raises(NotAllowed):
            reminded(fanta_owes, actor)
    assert Message.unscoped.filter(kind="return.owed").count() == 0


def test_only_focal_points_are_reminded(fanta_owes: Cast) -> None:
    body = Organisation.objects.get(code="MPFEF")
    Post.objects.create(organisation=body, role=Role.PARTNER, title="Autre")
    assert reminded(fanta_owes, fanta_owes.esther) == 1
