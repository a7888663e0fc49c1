import pytest

from costkit.model.change import Resize, Resources
from costkit.model.objects import Workload
from costkit.model.pods import ContainerSpec, Meta
from costkit.model.quantities import GIBIBYTE
from costkit.model.recommendation import Recommendation
from costkit.price.allocate import allocate
from costkit.price.savings import freed as all_freed
from tests.price.clusters import BOOK, M5, facts, of, pod, profile, row, snapshot, target

CORE, GIB = 0.0312457, 0.0041881
"""m5.xlarge, USD an hour."""


def recommendation(before, after, name="api", container="main"):
    change = Resize(target(name, container), Resources(*before), Resources(*after))
    return Recommendation("r", "rightsize", target(name, container), (change,), (), "low", 1.0, {})


def accounts(**fields):
    return allocate(snapshot([row(day=0), row(day=1)]), of(facts(**fields)), BOOK)


def freed(one, accounts):
    return all_freed([one], accounts)[0]


def beside(*declared, containers=("main",), workloads=(), **fields):
    """Accounts of one living pod with these containers; without any, of its workload's template."""
    pods = [pod(containers=declared, **fields)] if declared else []
    of_all = of(*(facts(container=name) for name in containers))
    return allocate(snapshot([row(day=0), row(day=1)], pods=pods, workloads=workloads), of_all, BOOK)


def spec(name="main", cpu=1.0, gib=4.0, **kind):
    return ContainerSpec(name, requests={"cpu": cpu, "memory": gib * GIBIBYTE}, **kind)


CUT = ((1.0, None, 4.0 * GIBIBYTE, None), (0.25, None, 1.0 * GIBIBYTE, None))


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


def test_a_cut_below_what_an_init_container_asks_frees_nothing():
    """$32 was told, though the pod reserves what it did."""
    init = spec("migrate", init=True)

    assert freed(recommendation(*CUT), beside(init, spec())) == 0


def test_a_cut_counts_down_to_what_an_init_container_asks():
    init = spec("migrate", 0.5, 4.0, init=True)

    assert freed(recommendation(*CUT), beside(init, spec())) == pytest.approx(0.5 * CORE * 730, abs=0.01)


def test_a_pod_level_request_leaves_nothing_to_free():
    bound = beside(spec(), pod_requests={"cpu": 1.0, "memory": 4.0 * GIBIBYTE})

    assert freed(recommendation(*CUT), bound) == 0


def test_a_raise_above_an_init_container_costs_what_is_above_it():
    init = spec("migrate", 2.0, 4.0, init=True)
    more = recommendation((1.0, None, 4.0 * GIBIBYTE, None), (3.0, None, 4.0 * GIBIBYTE, None))

    assert freed(more, beside(init, spec())) == pytest.approx(-1 * CORE * 730, abs=0.01)


def test_without_a_living_pod_the_template_tells_of_its_init_container():
    declared = Workload(target().workload, Meta("api"), (spec("migrate", init=True), spec()))

    assert freed(recommendation(*CUT), beside(workloads=[declared])) == 0


def test_what_two_containers_of_a_pod_free_together_is_counted_once():
    """1 core each, 1.25 by an init container: 0.75 of the 1.5 that both give up."""
    init = spec("migrate", 1.25, 0.0, init=True)
    both = beside(init, spec(gib=0.0), spec("mesh", gib=0.0), containers=("main", "mesh"))
    cuts = [recommendation((1.0, None, None, None), (0.25, None, None, None), container=c) for c in ("main", "mesh")]

    assert sum(all_freed(cuts, both)) == pytest.approx(0.75 * CORE * 730, abs=0.02)
    assert sum(freed(cut, both) for cut in cuts) == pytest.approx(1.5 * CORE * 730, abs=0.02)


def test_pods_of_one_workload_count_on_average():
    """During a rollout: one with the init container, one without."""
    old, new = pod("a"), pod("b", containers=(spec("migrate", init=True), spec()))
    rolling = allocate(snapshot([row(day=0), row(day=1)], pods=[old, new]), of(facts()), BOOK)

    assert freed(recommendation(*CUT), rolling) == pytest.approx((0.75 * CORE + 3 * GIB) / 2 * 730, abs=0.01)
