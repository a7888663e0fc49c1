import pytest

from costkit.model.change import Resize, Resources
from costkit.model.quantities import GIBIBYTE
from costkit.model.recommendation import Recommendation
from costkit.price.allocate import allocate
from costkit.price.savings import freed
from tests.price.clusters import BOOK, M5, facts, of, profile, row, snapshot, target

CORE, GIB = 0.0312457, 0.0041881
"""m5.xlarge, USD an hour."""


def recommendation(before, after, name="api"):
    change = Resize(target(name), Resources(*before), Resources(*after))
    return Recommendation("r", "rightsize", target(name), (change,), (), "low", 1.0, {})


def accounts(**fields):
    return allocate(snapshot([row(day=0), row(day=1)]), of(facts(**fields)), BOOK)


def test_what_is_freed_is_the_difference_of_requests_at_the_prices_of_the_class():
    cut = recommendation((1.0, None, 4.0 * GIBIBYTE, None), (0.25, None, 1.0 * GIBIBYTE, None))

    assert freed(cut, accounts()) == pytest.approx((0.75 * CORE + 3 * GIB) * 730, abs=0.01)


def test_a_raise_costs():
    more = recommendation((1.0, None, 4.0 * GIBIBYTE, None), (1.0, None, 6.0 * GIBIBYTE, None))

    assert freed(more, accounts()) == pytest.approx(-2 * GIB * 730, abs=0.01)


def test_a_cut_of_cpu_and_a_raise_of_memory_are_set_against_each_other():
    both = recommendation((1.0, None, 4.0 * GIBIBYTE, None), (0.5, None, 6.0 * GIBIBYTE, None))

    assert freed(both, accounts()) == pytest.approx((0.5 * CORE - 2 * GIB) * 730, abs=0.01)


def test_a_first_request_is_a_raise():
    first = recommendation((None, None, None, None), (0.5, None, GIBIBYTE, None))

    assert freed(first, accounts(requests={})) == pytest.approx(-(0.5 * CORE + GIB) * 730, abs=0.01)


def test_a_change_of_limits_alone_frees_nothing():
    limits = recommendation((1.0, 2.0, GIBIBYTE, GIBIBYTE), (1.0, 1.0, GIBIBYTE, GIBIBYTE))

    assert freed(limits, accounts()) == 0


def test_it_goes_with_the_pods_that_ran_and_not_with_those_that_live():
    cut = recommendation((1.0, None, 4.0 * GIBIBYTE, None), (0.5, None, 4.0 * GIBIBYTE, None))

    assert freed(cut, accounts(pods=9, pod_hours_by_class={M5: 72.0})) == pytest.approx(0.75 * CORE * 730, abs=0.01)


def test_hours_on_dear_and_cheap_classes_are_weighed():
    rows = [row(day=0), row(day=1), *(row("s", d, capacity_type="spot") for d in (0, 1))]
    on_both = facts(pod_hours_by_class={M5: 24.0, "m5.xlarge/spot": 24.0})
    cut = recommendation((1.0, None, 4.0 * GIBIBYTE, None), (0.0, None, 4.0 * GIBIBYTE, None))

    found = freed(cut, allocate(snapshot(rows), of(on_both), BOOK))

    assert found == pytest.approx(CORE * 730 * (1 + 0.4) / 2, abs=0.01)


def test_a_saving_is_never_above_the_cost():
    """40 cores asked on a node of 4: no more than the node can be saved."""
    greedy = accounts(requests={"cpu": 40.0}, cpu=profile(0.1))
    cut = recommendation((40.0, None, None, None), (0.1, None, None, None))

    assert 0 < freed(cut, greedy) <= greedy.books.allocations[0].monthly


def test_a_target_that_has_no_facts_frees_nothing():
    assert freed(recommendation((1.0, None, None, None), (0.5, None, None, None), name="other"), accounts()) == 0
