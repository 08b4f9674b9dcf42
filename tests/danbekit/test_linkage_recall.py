import random

import pytest

from benchmarks.names import SEED, make_persons, measure, misspell, report
from danbekit.linkage.keys import MAX_KEYS


def test_the_same_seed_makes_the_same_persons_and_the_same_mistakes():
    persons = list(make_persons(50, SEED))
    assert persons == list(make_persons(80, SEED))[:50]
    assert persons != list(make_persons(50, SEED + 1))
    one, other = random.Random(1), random.Random(1)
    assert [misspell(p, one) for p in persons] == [misspell(p, other) for p in persons]


@pytest.mark.slow
def test_misspelt_names_are_found_again_nineteen_times_in_twenty():
    found = measure(n_persons=4_000, n_queries=500)
    assert found.recall >= 0.95, report(found)
    assert found.recall > found.recall_of_exact + 0.5
    assert found.most_keys <= MAX_KEYS
    assert found.mean_keys <= 12
    assert found.mean_candidates < 0.01 * found.n_persons
