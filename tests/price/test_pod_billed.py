import pytest

from costkit.model.nodes import Node
from costkit.model.pods import ContainerSpec, Meta
from costkit.model.quantities import GIBIBYTE
from costkit.price.allocate import allocate
from tests.price.clusters import ALL_DAY, BOOK, facts, node, of, pod, row, snapshot

ENDLESS = {"cpu": 10_000.0, "memory": 4096.0 * GIBIBYTE}
HOURLY = 2 * 0.031611 + 8 * 0.004237
ASKS = (ContainerSpec("main", requests={"cpu": 2.0, "memory": 8.0 * GIBIBYTE}),)


def costs(observed):
    return allocate(observed, of(facts(requests=ASKS[0].requests, pod_hours_by_class={})), BOOK).books.nodes


def requested(cpu, gib):
    return {"requested_cpu": [cpu] * 48, "requested_memory": [gib * GIBIBYTE] * 48}


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("fargate-ip-10-0-0-1", {}),
        ("n1", {"eks.amazonaws.com/compute-type": "fargate"}),
        ("n1", {"type": "virtual-kubelet"}),
        ("gk3-pool-1", {}),
    ],
)
def test_it_costs_what_its_pods_ask_for_and_not_what_it_offers(name, labels):
    living = Node(Meta(name, labels=labels), ENDLESS, ENDLESS)
    found = costs(snapshot(nodes=[living], pods=[pod(on=name, containers=ASKS)]))[0]

    assert found.price.hourly == pytest.approx(HOURLY)
    assert (found.price.known, found.price.source.note) == (False, "billed by its pods' requests")


def test_a_type_that_a_list_knows_does_not_make_it_a_machine():
    living = node("gk3-pool-1", "e2-standard-4", region="us-central1")
    found = costs(snapshot(nodes=[living], pods=[pod(on="gk3-pool-1", containers=ASKS)]))[0]

    assert found.price.hourly == pytest.approx(HOURLY)


def test_one_that_is_gone_costs_the_mean_of_what_was_asked_by_its_hours():
    rows = [
        row("fargate-ip-1", 0, instance_type="", **requested(2.0, 8.0)),
        row("fargate-ip-1", 1, (1 << 24) - 1, instance_type="", **requested(5.0, 2.0)),
    ]
    found = costs(snapshot(rows))[0]

    assert (found.cores, found.gib) == (pytest.approx(3.0), pytest.approx(6.0))


def test_one_that_no_series_tells_of_costs_nothing_and_is_flagged():
    found = costs(snapshot([row("fargate-ip-1", 0, ALL_DAY, instance_type="")]))[0]

    assert (found.monthly, found.price.known) == (0.0, False)


def test_its_books_balance_with_nothing_idle():
    living = node("fargate-ip-1", "", capacity=ENDLESS, allocatable=ENDLESS)
    observed = snapshot(nodes=[living], pods=[pod(on="fargate-ip-1", containers=ASKS)])
    books = allocate(observed, of(facts(requests=ASKS[0].requests)), BOOK).books

    assert books.idle == 0
    assert books.allocations[0].monthly == books.nodes_monthly == pytest.approx(HOURLY * 730, abs=0.01)
