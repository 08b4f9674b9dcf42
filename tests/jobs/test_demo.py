"""The demonstration: the published year 2024, fiction that says so, and a cast of nobody real."""

import json
import re
from collections import Counter

import pytest
from django.db.models import Sum

from danbe.accounts.models import Holding, Message, Organisation, Post, User
from danbe.core import audit
from danbe.core.access import Role
from danbe.core.places import layout_on
from danbe.figures.content import asked_of
from danbe.figures.models import Breakdown, Obligation, Observation, Return, Status
from danbe.jobs import demo
from danbe.partnership.models import Assembly
from danbekit.dates import Window
from tests.conftest import CAST

# The annual report for 2024, as it was published: definition -> total.
PUBLISHED = {
    "victims_identified": 629,
    "migrants_assisted": 822,
    "investigation_files": 93,
    "persons_investigated": 430,
    "prosecution_files": 81,
    "convictions": 8,
    "persons_sensitised": 36_000,
}


@pytest.fixture
def built(db: None) -> None:
    demo.build()


def totals(year: int) -> dict[str, int]:
    window = Window.calendar_year(year)
    rows = Observation.objects.filter(
        breakdown=Breakdown.TOTAL, start__gte=window.start, end__lte=window.end, counted=True
    )
    return dict(rows.values_list("definition").annotate(n=Sum("value")).order_by())


def test_every_role_of_the_cast_has_a_persona_in_a_post(built: None):
    held = {h.post.role for h in Holding.objects.select_related("post").filter(until=None)}
    assert held == {role for role, _code, _title in CAST.values()}
    assert held == set(Role.values) - {Role.VISITOR}
    assert User.objects.count() == len(demo.PERSONAS)


def test_one_persona_holds_two_posts(built: None):
    seats = Counter(Holding.objects.values_list("user__name", flat=True))
    assert seats["Garan (fictif)"] == 2
    assert sum(seats.values()) == len(seats) + 1


def test_everybody_says_that_they_are_fictitious_and_no_mail_can_reach_them(built: None):
    for user in User.objects.all():
        assert "fictif" in user.name or "fictive" in user.name
        assert user.email.endswith("@demonstration.example")  # RFC 2606: nobody's
        assert user.check_password(demo.PASSWORD)


def test_the_year_2024_is_what_was_published(built: None):
    assert totals(2024) == PUBLISHED


def test_the_26_persons_without_sex_are_explained_not_invented(built: None):
    rows = Observation.objects.filter(definition="persons_investigated", start__year=2024)
    total = rows.get(breakdown=Breakdown.TOTAL)
    parts = Observation.objects.filter(
        source_return=total.source_return,
        definition=total.definition,
        breakdown=Breakdown.SEX_AGE,
    )
    assert sum(parts.values_list("value", flat=True)) == 291 + 113
    line = total.source_return.content["lines"][total.definition_id][0]
    assert line["explanation"].strip()


def test_2024_is_not_fiction_and_all_after_it_says_that_it_is(built: None):
    for made in Return.unscoped.all():
        assert made.is_fictitious == (made.start.year > 2024)
        assert made.source_note.strip()
        if made.is_fictitious:
            assert "fictif" in made.source_note


def test_some_bodies_are_silent_and_some_returns_wait_as_in_life(built: None):
    states = Counter(Return.unscoped.filter(start__year=2025).values_list("status", flat=True))
    assert states[Status.ACCEPTED] > states[Status.SUBMITTED] > 0
    n_owed = Obligation.objects.count()
    assert 0 < sum(states.values()) < n_owed


def test_every_return_went_through_its_real_life(built: None):
    accepted = Return.unscoped.filter(status=Status.ACCEPTED)
    for made in accepted:
        steps = list(made.notes(manager="unscoped").values_list("verb", flat=True))
        assert steps == ["submitted", "accepted"]
    observed = set(Observation.objects.values_list("source_return", flat=True))
    assert observed == set(accepted.values_list("pk", flat=True))
    assert audit.verify().sound


def test_fiction_is_the_same_each_time(db: None):
    body = Organisation.objects.get(code="MPFEF")
    regions = [place.code for place in layout_on(Window.calendar_year(2025).end)]
    asked = asked_of(body.type, demo.ALL_AXES.split())
    first, second = (
        json.dumps(list(demo._invent_lines(asked, regions, demo.random.Random(demo.SEED))))
        for _time in range(2)
    )
    assert first == second


def test_fiction_names_nobody_and_no_number_to_call(built: None):
    texts = json.dumps([r.content for r in Return.unscoped.all()], ensure_ascii=False)
    assert not re.search(r"\+223|\b(?:\d{2} ){3}\d{2}\b|@", texts)


def test_building_again_changes_nothing(built: None):
    def state() -> tuple[int, ...]:
        models = (User, Post, Holding, Obligation)
        return (*(m.objects.count() for m in models), Return.unscoped.count(), audit.head().seq)

    before = state()
    demo.build()
    assert state() == before


def test_an_instance_that_holds_people_is_never_turned_into_a_demonstration(db: None):
    User.objects.create(email="personne@exemple.ml", name="Une personne")
    demo.build()
    assert User.objects.count() == 1
    assert not Post.objects.exists()


def test_only_what_waits_is_unread(built: None):
    submitted = Return.unscoped.filter(status=Status.SUBMITTED).values_list("pk", flat=True)
    waiting = {f"/returns/{pk}/" for pk in submitted}
    unread = Message.unscoped.filter(read_at=None, kind="return.submitted")
    assert set(unread.values_list("path", flat=True)) == waiting


def test_invented_meetings_sit_in_an_assembly_of_their_own(built: None):
    invented = Assembly.unscoped.get(code="DEMONSTRATION")
    assert invented.is_fictitious
    assert not invented.meetings.filter(is_fictitious=False).exists()
    real = Assembly.unscoped.exclude(pk=invented.pk)
    assert not any(one.seats.exists() for one in real)
    assert not any(one.meetings.filter(is_fictitious=True).exists() for one in real)
