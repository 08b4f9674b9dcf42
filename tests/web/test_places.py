"""Places, by date."""

import datetime

from django.urls import reverse

from danbe.core.models import Place, PlaceName
from tests.conftest import Cast
from tests.web.conftest import Browse

SITE = {
    "name_fr": "Kobadani",
    "latitude": "11.9",
    "longitude": "-8.4",
    "names": "Kobadanin\nKɔbadani",
    "source": "mission fictive",
}


def codes(answer: object) -> set[str]:
    return {place.code for place in answer.context["page"]}  # type: ignore[attr-defined]


def test_each_day_shows_the_regions_of_its_own_layout(cast: Cast, browse: Browse) -> None:
    client, url = browse(cast.issa), reverse("place_list")
    counts = [
        client.get(url, {"on": day}).context["page"].paginator.count
        for day in ("2015-06-01", "2019-06-01", "2024-06-01")
    ]
    assert counts == [9, 11, 20]  # with Bamako
    assert "kayes" in codes(client.get(url, {"on": "2019-06-01"}))
    assert "kayes-2023" in codes(client.get(url, {"on": "2024-06-01"}))


def test_the_map_of_2019_counts_no_cercle_of_2023(cast: Cast, browse: Browse) -> None:
    client, url = browse(cast.issa), reverse("place_list")
    gao = {p.code: p.n_cercles for p in client.get(url).context["page"]}["gao-2016"]
    then = client.get(url, {"on": "2019-06-01"}).context["page"]
    assert gao > 0
    assert {place.n_cercles for place in then} == {0}


def test_an_unreadable_date_is_today(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.issa).get(reverse("place_list"), {"on": "hier"})
    assert answer.context["is_today"]


def test_a_place_is_found_in_any_spelling_at_any_date(cast: Cast, browse: Browse) -> None:
    client, url = browse(cast.issa), reverse("place_list")
    for text in ("Ségou", "segu", "SEGOU"):
        assert {"segou", "segou-2023"} <= codes(client.get(url, {"q": text})), text
    assert "No place bears this name" in client.get(url, {"q": "xyzzy"}).content.decode()


def test_cercles_are_listed_by_region(cast: Cast, browse: Browse) -> None:
    client, url = browse(cast.issa), reverse("place_list")
    assert client.get(url, {"level": "cercle"}).context["page"].paginator.count == 159
    some = client.get(url, {"level": "cercle", "region": "kayes-2023"}).context["page"]
    assert {place.parent_id for place in some} == {"kayes-2023"}


def test_a_place_shows_its_names_its_codes_with_their_basis_and_what_it_came_from(
    cast: Cast, browse: Browse
) -> None:
    answer = browse(cast.issa).get(reverse("place_detail", args=["kayes-2023"]))
    assert [place.code for place in answer.context["before"]] == ["kayes"]
    doubtful = [line for line in answer.context["codes"] if not line.is_sure]
    assert {line.code for line in doubtful} == {"ML-1"}
    assert answer.context["outline"] == "approximate"
    former = browse(cast.issa).get(reverse("place_detail", args=["kayes"]))
    assert "kayes-2023" in {place.code for place in former.context["after"]}


def test_a_population_that_was_not_found_is_said_not_shown_as_zero(
    cast: Cast, browse: Browse
) -> None:
    page = browse(cast.issa).get(reverse("place_detail", args=["menaka"])).content.decode()
    facts = page.split("Population")[1].split("</dd>")[0]
    assert "not found" in facts
    assert "0" not in facts


def test_esther_adds_a_gold_site_with_its_point_and_its_names(cast: Cast, browse: Browse) -> None:
    client = browse(cast.esther)
    told = SITE | {"parent": "cercle-kangaba-2023"}
    parents = client.get(reverse("place_new")).context["form"].fields["parent"].queryset
    told["parent"] = parents.filter(level="cercle").first().pk
    answer = client.post(reverse("place_new"), told)
    site = Place.objects.get(level="site")
    assert answer.headers["Location"] == reverse("place_detail", args=[site.code])
    assert site.code == "site-kobadani"
    folded = PlaceName.objects.filter(place=site).values_list("folded", flat=True)
    assert set(folded) == {"kobadani", "kobadanin"}
    assert "site-kobadani" in codes(client.get(reverse("place_list"), {"q": "kɔbadanin"}))
    client.post(reverse("place_new"), told)
    assert Place.objects.filter(code="site-kobadani-2").exists()


def test_a_point_outside_the_country_and_a_site_without_a_source_are_refused(
    cast: Cast, browse: Browse
) -> None:
    client, url = browse(cast.esther), reverse("place_new")
    swapped = SITE | {"parent": "kayes-2023", "latitude": "-8.4", "longitude": "11.9"}
    form = client.post(url, swapped).context["form"]
    assert list(form.errors) == ["latitude"]
    assert form["names"].value() == SITE["names"]
    form = client.post(url, SITE | {"parent": "kayes-2023", "source": ""}).context["form"]
    assert list(form.errors) == ["source"]
    form = client.post(url, SITE | {"parent": "kayes"}).context["form"]
    assert list(form.errors) == ["parent"]  # a region that is no more
    assert not Place.objects.filter(level="site").exists()


def test_fanta_may_look_at_places_and_add_none(cast: Cast, browse: Browse) -> None:
    client = browse(cast.fanta)
    assert reverse("place_new") not in client.get(reverse("place_list")).content.decode()
    assert client.post(reverse("place_new"), SITE).status_code == 403


def test_dates_are_no_more_precise_than_their_source() -> None:
    from danbe.web.places import validity

    year = Place(valid_from=datetime.date(2016, 1, 1), date_precision="year")
    day = Place(valid_from=datetime.date(2023, 3, 13))
    assert ("2016" in validity(year), "1" in validity(year).replace("2016", "")) == (True, False)
    assert "13" in validity(day)
    assert validity(Place()) != ""
