import pytest

from costkit.model.pods import ContainerSpec
from costkit.model.quantities import GIBIBYTE
from costkit.price.allocate import allocate
from tests.price.clusters import BOOK, facts, of, pod, row, snapshot

ROWS = [row(day=0), row(day=1)]


def claim(container, *pods):
    return allocate(snapshot(ROWS, pods=pods), of(container), BOOK).claims[container.target]


def test_what_a_pod_reserves_beyond_its_containers_is_claimed_by_them():
    migrate = ContainerSpec("migrate", requests={"cpu": 3.0}, init=True)
    main = ContainerSpec("main", requests={"cpu": 1.0, "memory": 2.0 * GIBIBYTE})

    found = claim(facts(), pod(containers=(migrate, main)))

    assert found.amounts == {"cpu": 3.0, "memory": 2.0, "gpu": 0.0}


def test_a_pod_level_request_is_claimed_where_containers_have_none():
    asked = {"cpu": 2.0, "memory": 8.0 * GIBIBYTE}

    found = claim(facts(requests={}), pod(containers=(ContainerSpec("main"),), pod_requests=asked))

    assert found.amounts == {"cpu": 2.0, "memory": 8.0, "gpu": 0.0}


def test_an_init_container_claims_nothing_of_its_own():
    migrate = ContainerSpec("migrate", requests={"cpu": 3.0}, init=True)
    declared = (migrate, ContainerSpec("main"))

    found = claim(facts(container="migrate", requests={"cpu": 3.0}), pod(containers=declared))

    assert set(found.amounts.values()) == {0.0}


def test_pods_that_ended_hold_nothing():
    ended = pod(containers=(ContainerSpec("main", requests={"cpu": 3.0}),), phase="Succeeded")

    assert claim(facts(), ended).amounts["cpu"] == 1.0


def test_pods_on_average_are_pod_hours_of_a_month_over_730():
    assert claim(facts(pod_hours_by_class={"m5.xlarge/on-demand": 72.0})).pods == pytest.approx(1.5)


def test_usage_that_is_not_known_is_none():
    found = claim(facts(cpu=None, memory=None))

    assert found.amounts == {"cpu": 1.0, "memory": 4.0, "gpu": 0.0}
