"""Loading the reference data again changes nothing that people decided, and loses nothing."""

import datetime
from collections import Counter

import pytest
from django.db import models

from danbe.accounts.actions import save_organisation
from danbe.accounts.models import Organisation, OrganisationName, OrganisationType
from danbe.core.law_actions import confirm_offence
from danbe.core.models import Level, Offence, Place, PlaceCode, PlaceName, Term
from danbe.core.place_actions import save_site
from danbe.core.places import alive_on, layout_on
from danbe.figures.models import Breakdown, Definition, PublishedFact, PublishedFigure
from danbe.jobs import load
from tests.conftest import Cast

KEPT = (Term, Place, PlaceName, PlaceCode, Definition, Offence, Organisation)
LOADED = (*KEPT, OrganisationName, PublishedFigure, PublishedFact)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in LOADED}


def keys(model: type[models.Model]) -> set[object]:
    return set(model._default_manager.values_list("pk", flat=True))


def test_loading_twice_adds_nothing_and_renames_nobody(db: None):
    before, rows = counts(), {model: keys(model) for model in KEPT}
    load.load_all()
    assert counts() == before
    assert {model: keys(model) for model in KEPT} == rows  # what others refer to stays


def test_every_table_is_told_with_its_size(db: None):
    told: list[str] = []
    load.load_all(told.append)
    assert [line.partition(":")[0] for line in told] == list(load.TABLES)
    assert all(int(line.partition(":")[2]) > 0 for line in told), told


def test_a_text_of_ours_that_was_changed_by_hand_is_put_right(db: None):
    Definition.objects.filter(code="victims_identified").update(label_fr="autre chose")
    Place.objects.filter(pk="kayes-2023").update(name_fr="autre chose")
    load.load_all()
    assert Definition.objects.get(code="victims_identified").label_fr != "autre chose"
    assert Place.objects.get(pk="kayes-2023").name_fr == "Kayes"


def test_a_confirmation_by_a_lawyer_survives_a_new_loading(cast: Cast):
    offence = Offence.objects.all()[0]
    confirm_offence(cast.djibril, offence)
    load.load_all()
    offence.refresh_from_db()
    assert offence.confirmed_by_post == cast.djibril.post_id
    assert Offence.objects.filter(confirmed_at=None).count() == Offence.objects.count() - 1


def test_what_esther_and_jeneba_changed_survives_a_new_loading(cast: Cast):
    ministry = Organisation.objects.get(code="MPFEF")
    ministry.label_fr = "Ministère renommé par décret (fictif)"
    ministry.is_active = False
    save_organisation(cast.esther, ministry, names=["Promotion de la femme"])
    own = Organisation(code="NOUVELLE", label_fr="Association nouvelle", type=OrganisationType.NGO)
    save_organisation(cast.jeneba, own)
    site = Place(
        name_fr="Site d’or fictif",
        parent_id="kayes-2023",
        latitude=13.1,
        longitude=-11.2,
        source="essai",
    )
    save_site(cast.esther, site)
    load.load_all()
    ministry.refresh_from_db()
    assert ministry.label_fr == "Ministère renommé par décret (fictif)"
    assert not ministry.is_active
    assert Organisation.objects.filter(code="NOUVELLE").exists()
    assert Place.objects.filter(name_fr="Site d’or fictif").exists()


# --- What is there --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "n_regions"),
    [("2015-06-01", 8), ("2019-06-01", 10), ("2024-06-01", 19)],
)
def test_each_day_has_its_own_regions_and_bamako(day: str, n_regions: int, db: None):
    layout = layout_on(datetime.date.fromisoformat(day))
    assert Counter(place.level for place in layout) == {Level.REGION: n_regions, Level.DISTRICT: 1}
    assert len({place.name_fr for place in layout}) == n_regions + 1


def test_there_are_159_cercles_today_each_in_a_region(db: None):
    cercles = alive_on(datetime.date(2024, 6, 1)).filter(level=Level.CERCLE)
    assert cercles.count() == 159
    assert not cercles.exclude(parent__level__in=[Level.REGION, Level.DISTRICT]).exists()


def test_every_code_of_a_place_says_its_system_and_its_source(db: None):
    assert PlaceCode.objects.exists()
    assert not PlaceCode.objects.filter(system="").exists()
    assert not PlaceCode.objects.filter(source="").exists()


def test_the_44_actors_are_there_and_found_by_their_aliases(db: None):
    assert Organisation.objects.count() >= 44
    assert not Organisation.objects.filter(names=None).exists()
    assert not Organisation.objects.exclude(type__in=OrganisationType.values).exists()


def test_every_breakdown_of_a_definition_has_its_list(db: None):
    lists = set(Term.objects.values_list("list", flat=True))
    for definition in Definition.objects.all():
        splits = set(definition.splits)
        assert splits <= set(Breakdown.values) - {Breakdown.TOTAL}, definition.code
        assert ("category" in splits) == bool(definition.category_list), definition.code
        wanted = splits & {"form", "citizenship", "basis"} | {definition.category_list} - {""}
        assert wanted <= lists, definition.code


def test_every_body_that_is_asked_exists_as_a_type(db: None):
    for definition in Definition.objects.all():
        assert definition.asked_of.split(), definition.code
        assert set(definition.asked_of.split()) <= set(OrganisationType.values), definition.code


def test_no_article_of_law_is_confirmed_before_a_lawyer_did_it(db: None):
    assert Offence.objects.exists()
    assert not Offence.objects.exclude(confirmed_at=None).exists()


def test_the_past_keeps_its_sources_and_its_gaps(db: None):
    assert not PublishedFigure.objects.filter(source="").exclude(status="gap").exists()
    assert not PublishedFigure.objects.filter(status="gap").exclude(value=None).exists()
    assert PublishedFact.objects.filter(subject="tip_tier", status="gap").exists()
    assert PublishedFigure.objects.filter(value=629, definition="victims_identified").exists()
