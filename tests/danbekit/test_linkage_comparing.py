import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbekit.linkage import read_rows
from danbekit.linkage.comparing import (
    LIKELY_FROM,
    LIST_FROM,
    Comparison,
    Profile,
    birth_years,
    compare,
)
from danbekit.linkage.keys import hash_keys, near_keys, search_keys

DAY = datetime.date(2025, 2, 26)


def hashed(keys: frozenset[str]) -> frozenset[str]:
    """Stands for the keyed hash: the comparison must not read the rest of a key."""
    return frozenset(hash_keys(keys, lambda key: key[::-1]))


def person(family: str, names: str, **known: object) -> Profile:
    return Profile(keys=hashed(search_keys(family, names)), **known)  # type: ignore[arg-type]


def level(comparison: Comparison, field: str) -> str:
    (found,) = [a.level for a in comparison.agreements if a.field == field]
    return found


KEYS = st.frozensets(st.sampled_from(["x:1", "p:1", "p:2", "w:1", "w:2", "o:1", "t:1", "t:2"]))
PROFILES = st.builds(
    Profile,
    keys=KEYS,
    near=st.frozensets(st.sampled_from(["p:1", "p:2"])),
    sex=st.sampled_from(["", "female", "male"]),
    born=st.none() | st.tuples(st.integers(1950, 2000), st.integers(2000, 2020)),
    citizenships=st.frozensets(st.sampled_from(["ML", "GN", "NG"])),
    met_on=st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2026, 1, 1)),
    event=st.sampled_from(["", "a", "b"]),
)


@given(PROFILES, PROFILES)
def test_the_order_of_two_persons_does_not_matter(a: Profile, b: Profile):
    assert compare(a, b).bits == compare(b, a).bits
    assert compare(a, b).agreements == compare(b, a).agreements


@given(PROFILES, PROFILES, st.integers(1, 2_000_000))
def test_a_probability_stays_between_its_bounds_and_falls_as_the_register_grows(a, b, n):
    found = compare(a, b)
    assert 0 <= found.probability(n) <= 1
    assert found.probability(2 * n) <= found.probability(n)
    assert math.isfinite(found.bits)


@given(PROFILES)
def test_a_field_that_nobody_told_weighs_nothing(a: Profile):
    assert compare(a, Profile(frozenset())).bits == 0
    assert {x.level for x in compare(a, Profile(frozenset())).agreements} == {"missing"}


def test_the_levels_of_each_field_make_one_distribution():
    rows = read_rows("agreement")
    for field in {row["field"] for row in rows}:
        for column in ("m", "u"):
            total = sum(float(row[column]) for row in rows if row["field"] == field)
            assert total == pytest.approx(1), (field, column)
    assert all(row["label_fr"] and row["label_en"] for row in rows)


def test_the_levels_of_a_name():
    a = person("Coulibaly", "Kadiatou")
    assert level(compare(a, person("Coulibaly", "Kadiatou Awa")), "name") == "exact"
    assert level(compare(a, person("Kulibali", "Kadidia")), "name") == "sound"
    assert level(compare(a, person("", "Kadiatou")), "name") == "alone"
    assert level(compare(a, person("Traoré", "Kadiatou")), "name") == "word"
    assert level(compare(a, person("Traoré", "Awa")), "name") == "none"
    slipped = person("Coulibzly", "Kadiatou")
    assert level(compare(a, slipped), "name") == "word"
    at_entry = Profile(slipped.keys, near=hashed(near_keys("Coulibzly", "Kadiatou")))
    assert level(compare(a, at_entry), "name") == "near"


def test_each_better_agreement_of_names_weighs_more():
    a = person("Coulibaly", "Kadiatou")
    bits = [
        compare(a, other).bits
        for other in [
            person("Coulibaly", "Kadiatou"),
            person("Kulibali", "Kadidia"),
            person("", "Kadiatou"),
            person("Traoré", "Kadiatou"),
            person("Traoré", "Awa"),
        ]
    ]
    assert bits == sorted(bits, reverse=True)
    assert bits[0] > 0 > bits[-1]


def test_a_common_name_proves_less_than_a_rare_one():
    a, b = person("Traoré", "Mamadou"), person("Traoré", "Mamadou")
    (pair,) = [key for key in a.keys if key.startswith("x:")]
    common = compare(a, b, {pair: 0.005}).bits
    rare = compare(a, b, {pair: 0.000_01}).bits
    assert rare - common == pytest.approx(math.log2(500))


def test_scores_do_not_saturate():
    full = {
        "sex": "female",
        "born": (2009, 2010),
        "citizenships": frozenset({"ML"}),
        "met_on": DAY,
    }
    a = person("Coulibaly", "Kadiatou", **full)
    with_phone = Profile(a.keys | {"t:1"}, **full)  # type: ignore[arg-type]
    assert compare(with_phone, with_phone).bits > compare(a, a).bits + 5
    assert compare(with_phone, with_phone).probability(1_000_000) < 1


def test_ages_are_compared_at_one_date():
    young = birth_years(14, 15, DAY)
    assert young == (2009, 2011)
    later = birth_years(15, 16, DAY.replace(year=2026))
    a = Profile(frozenset(), born=young)
    assert level(compare(a, Profile(frozenset(), born=later)), "age") == "overlap"
    assert level(compare(a, Profile(frozenset(), born=(2005, 2007))), "age") == "close"
    assert level(compare(a, Profile(frozenset(), born=(1980, 1985))), "age") == "apart"


def test_wide_ranges_of_age_that_overlap_prove_nothing():
    narrow = Profile(frozenset(), born=(2009, 2010))
    wide = Profile(frozenset(), born=(1960, 2015))
    assert compare(narrow, narrow).bits > 2
    assert compare(wide, narrow).bits == pytest.approx(0)


def test_two_lines_of_one_sheet_are_held_apart():
    a = person("Traoré", "Mamadou", met_on=DAY, event="raid")
    other_event = person("Traoré", "Mamadou", met_on=DAY, event="bus")
    assert compare(a, a).bits < 5 < compare(a, other_event).bits


def test_the_same_girl_met_by_two_bodies_is_listed_and_a_namesake_is_not():
    known = {"sex": "female", "citizenships": frozenset({"ML"})}
    girl = person("Coulibaly", "Kadiatou", born=(2009, 2010), met_on=DAY, **known)
    again = person(
        "Kulibali", "Kadidia", born=(2008, 2010), met_on=DAY + datetime.timedelta(9), **known
    )
    namesake = person(
        "Coulibaly", "Kadiatou", born=(1980, 1985), met_on=datetime.date(2019, 1, 1), **known
    )
    shares = {key: 0.0005 for key in girl.keys if key[:2] in ("x:", "p:")}
    assert compare(girl, again, shares).probability(5_000) >= LIST_FROM
    girl_too, again_too = (Profile(p.keys | {"t:1"}, sex=p.sex) for p in (girl, again))
    assert compare(girl_too, again_too, shares).probability(5_000) >= LIKELY_FROM
    assert compare(girl, namesake, shares).probability(5_000) < LIST_FROM
