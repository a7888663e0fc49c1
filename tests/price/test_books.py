"""Books balance to the cent over made-up clusters: 200 of them, or as many as COSTKIT_PROOF_EXAMPLES says."""

import os
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costkit.model.change import Resize, Resources
from costkit.model.quantities import GIBIBYTE
from costkit.model.recommendation import Recommendation
from costkit.price.allocate import allocate
from costkit.price.plan import Terms, make_plan
from tests.price.clusters import BOOK, facts, node, of, pod, profile, row, snapshot

EXAMPLES = int(os.environ.get("COSTKIT_PROOF_EXAMPLES", "200"))
CLASSES = [
    ("m5.xlarge", "on-demand", 0.0),
    ("m5.xlarge", "spot", 0.0),
    ("g4dn.12xlarge", "on-demand", 4.0),
    ("", "on-demand", 0.0),
]
KEYS = ("team", "env")

amounts = st.floats(0, 8, allow_nan=False)
hours = st.one_of(st.just(0.0), st.floats(0.01, 500))
half_hours = st.one_of(st.just(2**48 - 1), st.just(0b1111), st.integers(0, 2**48 - 1))
prices = st.sampled_from([float("nan"), 0.0, 0.17, 55.0])


@st.composite
def one_node(draw, name):
    """On one day or both, under one of the classes."""
    instance_type, capacity_type, gpus = draw(st.sampled_from(CLASSES))
    offer = {"instance_type": instance_type, "capacity_type": capacity_type, "allocatable_gpu": gpus}
    days = draw(st.sampled_from([(0,), (1,), (0, 1)]))
    return [row(name, day, draw(half_hours), price=draw(prices), **offer) for day in days]


def rows_of(count):
    return st.tuples(*(one_node(f"n{number}") for number in range(count))).map(lambda nodes: list(chain(*nodes)))


node_rows = st.integers(0, 5).flatmap(rows_of)


@st.composite
def containers(draw):
    """Some without requests, some of short jobs, some on nodes that no row tells of."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        names = [f"{t or '4-core'}/{c}" for t, c, _ in CLASSES] + ["gone/spot", ""]
        requests = draw(
            st.fixed_dictionaries({}, optional={"cpu": amounts, "memory": amounts, "nvidia.com/gpu": st.integers(0, 4)})
        )
        requests["memory"] = requests.get("memory", 0.0) * GIBIBYTE
        on = draw(st.dictionaries(st.sampled_from(names), hours, max_size=3))
        usage = draw(st.one_of(st.none(), amounts, st.just(float("nan"))))
        labels = draw(st.sampled_from([{}, {"team": "a"}, {"team": "b", "env": "dev"}]))
        found.append(
            facts(f"w{number}", requests=requests, pod_hours_by_class=on, labels=labels,
                  cpu=None if usage is None else profile(usage),
                  memory=None if usage is None else profile(usage * GIBIBYTE, "memory"))
        )  # fmt: skip
    return of(*found)


def cents(money):
    return round(money * 100)


@settings(max_examples=EXAMPLES, deadline=None, derandomize="COSTKIT_PROOF_EXAMPLES" not in os.environ)
@given(node_rows, containers(), st.booleans())
def test_nodes_are_allocated_plus_idle_to_the_cent(rows, found, has_living_nodes):
    observed = snapshot(rows, nodes=[node("n0"), node("n9")] if has_living_nodes else [])
    books = allocate(observed, found, BOOK).books

    allocated = sum(cents(a.monthly) for a in books.allocations)
    assert sum(cents(n.monthly) for n in books.nodes) == allocated + cents(books.idle)
    assert books.idle >= 0
    assert all(a.monthly >= 0 for a in books.allocations)
    assert [a.target for a in books.allocations] == [f.target for f in found.containers]


@settings(max_examples=EXAMPLES, deadline=None, derandomize="COSTKIT_PROOF_EXAMPLES" not in os.environ)
@given(node_rows, containers())
def test_the_values_of_a_label_sum_to_the_nodes_and_no_saving_is_above_its_cost(rows, found):
    recommendations = [remove_all_requests(f) for f in found.containers]
    plan = make_plan(snapshot(rows), found, recommendations, BOOK, Terms(KEYS, "rules"))

    for key in KEYS:
        assert sum(cents(g.cost) for g in plan.groups if g.label == key) == cents(plan.books.nodes_monthly)
        assert cents(sum(g.freed for g in plan.groups if g.label == key)) == cents(plan.freed)
    assert all(i.saving.alone <= i.monthly for i in plan.items)
    assert plan.freed <= plan.books.nodes_monthly + 0.005
    assert list(plan.items) == sorted(plan.items, key=lambda i: -i.saving.alone)


def remove_all_requests(of_container):
    requests = of_container.requests
    before = Resources(cpu_request=requests.get("cpu"), memory_request=requests.get("memory"))
    change = Resize(of_container.target, before, replace(before, cpu_request=0.0, memory_request=0.0))
    target = of_container.target
    return Recommendation(target.name, "rightsize", target, (change,), (), "low", 1.0, of_container.labels)


def test_a_container_is_charged_for_its_request_where_that_is_more_than_its_use():
    books = allocate(snapshot([row(day=0), row(day=1)]), of(facts()), BOOK).books

    assert books.nodes_monthly == pytest.approx(140.16)
    assert books.allocations[0].monthly == pytest.approx(140.16 / 4)  # a quarter of the cores, a quarter of the memory
    assert books.idle == pytest.approx(140.16 * 3 / 4)


def test_a_container_is_charged_for_its_use_where_it_asks_for_nothing():
    used = facts(requests={}, cpu=profile(2.0), memory=profile(8.0 * GIBIBYTE, "memory"))
    books = allocate(snapshot([row(day=0), row(day=1)]), of(used), BOOK).books

    assert books.allocations[0].monthly == pytest.approx(140.16 / 2, abs=0.01)


def test_a_job_of_a_quarter_dollar_a_day_is_no_372_a_month():
    """Two hours a day on one node, whatever the window: kubecost#1612."""
    job = facts(pod_hours_by_class={"m5.xlarge/on-demand": 4.0})
    books = allocate(snapshot([row(day=0), row(day=1)]), of(job), BOOK).books

    assert books.allocations[0].monthly == pytest.approx(140.16 / 4 * 2 / 24, abs=0.01)


def test_containers_that_claim_more_than_there_is_share_it_and_nothing_is_below_zero():
    greedy = facts("a", requests={"cpu": 6.0, "memory": 0.0}, cpu=None, memory=None)
    other = facts("b", requests={"cpu": 2.0, "memory": 0.0}, cpu=None, memory=None)
    books = allocate(snapshot([row(day=0), row(day=1)]), of(greedy, other), BOOK).books

    a, b = (allocation.monthly for allocation in books.allocations)
    cpu_money = 140.16 * 4 * 0.031611 / (4 * 0.031611 + 16 * 0.004237)
    assert a == pytest.approx(3 * b, abs=0.02)
    assert a + b == pytest.approx(cpu_money, abs=0.01)
    assert books.idle == pytest.approx(140.16 - cpu_money, abs=0.01)


def test_a_gpu_is_charged_to_the_container_that_asks_for_it():
    gpu_row = {"instance_type": "g4dn.xlarge", "allocatable_gpu": 1.0}
    on = {"g4dn.xlarge/on-demand": 48.0}
    with_gpu = facts("a", requests={"nvidia.com/gpu": 1.0}, pod_hours_by_class=on, cpu=None, memory=None)
    without = facts("b", requests={"cpu": 1.0}, pod_hours_by_class=on, cpu=None, memory=None)
    books = allocate(snapshot([row(day=0, **gpu_row), row(day=1, **gpu_row)]), of(with_gpu, without), BOOK).books

    weights = 4 * 0.031611 + 16 * 0.004237 + 0.95
    assert books.allocations[0].monthly == pytest.approx(0.526 * 730 * 0.95 / weights, abs=0.01)
    assert books.allocations[1].monthly == pytest.approx(0.526 * 730 * 0.031611 / weights, abs=0.01)


def test_hours_on_nodes_that_no_row_tells_of_are_charged_from_what_is_left_over():
    elsewhere = facts(pod_hours_by_class={"c9.large/spot": 48.0})
    books = allocate(snapshot([row(day=0), row(day=1)]), of(elsewhere), BOOK).books

    assert books.allocations[0].monthly == pytest.approx(140.16 / 4)


def test_without_node_history_the_living_pods_hold_their_nodes_for_the_month():
    books = allocate(snapshot(nodes=[node("n1")], pods=[pod()]), of(facts(pod_hours_by_class={})), BOOK).books

    assert (books.basis, books.hours) == ("now", 0.0)
    assert books.allocations[0].monthly == pytest.approx(140.16 / 4)
