"""What containers ask for of GPUs, and what of the nodes says that their use cannot be told."""

import pytest

from costkit.analyze.facts import study
from costkit.analyze.gpus import gpus
from costkit.model.facts import Gpus
from costkit.model.listed import Present
from costkit.model.nodes import Node
from costkit.model.pods import ContainerSpec, Meta
from tests.analyze.clusters import cluster, pod, snapshot, workload

WHOLE = "nvidia.com/gpu"


def asks(**fields):
    return ContainerSpec("main", "ml/train:1", **fields)


def of(requests, **labels):
    return gpus(asks(requests=requests), [{f"nvidia.com/{key.replace('__', '.')}": v for key, v in labels.items()}])


def test_a_container_without_gpus_asks_for_none():
    assert (gpus(None, []), of({"cpu": 1.0}), of({WHOLE: 0.0})) == (None, None, None)


def test_whole_gpus_are_counted():
    assert of({"cpu": 1.0, WHOLE: 2.0}, gpu__product="NVIDIA-L4", gpu__replicas="1") == Gpus(WHOLE, 2.0)


def test_a_template_may_have_them_as_limits_alone():
    assert gpus(asks(limits={WHOLE: 1.0}), []) == Gpus(WHOLE, 1.0)


def test_slices_and_shares_are_told_by_their_resource():
    assert of({"nvidia.com/mig-1g.5gb": 2.0}) == Gpus("nvidia.com/mig-1g.5gb", 2.0, "mig", "its resource is a slice")
    assert of({f"{WHOLE}.shared": 1.0}) == Gpus(f"{WHOLE}.shared", 1.0, "shared", "its resource is a share")


def test_slices_that_are_sold_as_whole_gpus_are_told_by_the_nodes_product():
    found = gpus(
        asks(requests={WHOLE: 1.0}),
        [{"nvidia.com/mig.strategy": "single", "nvidia.com/gpu.product": "NVIDIA-H100-NVL-MIG-1g.12gb"}],
    )
    assert found == Gpus(WHOLE, 1.0, "mig", "its node's product is NVIDIA-H100-NVL-MIG-1g.12gb")


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"gpu__replicas": "4"}, "its node makes 4 of each GPU by time-slicing"),
        ({"gpu__product": "Tesla-T4-SHARED", "gpu__replicas": "2"}, "its node makes 2 of each GPU by time-slicing"),
    ],
)
def test_gpus_that_a_node_multiplies_are_shared(labels, words):
    assert of({WHOLE: 1.0}, **labels) == Gpus(WHOLE, 1.0, "shared", words)


def test_the_way_of_sharing_is_named():
    labels = {"nvidia.com/gpu.replicas": "10", "nvidia.com/gpu.sharing-strategy": "mps"}
    assert gpus(asks(requests={WHOLE: 1.0}), [{}, labels]) == Gpus(
        WHOLE, 1.0, "shared", "its node makes 10 of each GPU by mps"
    )


def test_a_count_that_is_none_is_not_read():
    assert of({WHOLE: 1.0}, gpu__replicas="many") == Gpus(WHOLE, 1.0)


def test_the_labels_are_those_of_the_nodes_that_its_pods_run_on():
    shared = Node(Meta("n1", labels={"nvidia.com/gpu.replicas": "4"}), {}, {}, "g5")
    plain = Node(Meta("n2"), {}, {}, "g5")
    box = asks(requests={WHOLE: 1.0})
    found = {
        node: study(
            snapshot(
                cluster(
                    nodes=Present((shared, plain)),
                    workloads=Present((workload(box),)),
                    pods=Present((pod("p", box, node=node),)),
                )
            ),
            (),
        ).containers[0]
        for node in ("n1", "n2")
    }
    assert {node: facts.gpus for node, facts in found.items()} == {
        "n1": Gpus(WHOLE, 1.0, "shared", "its node makes 4 of each GPU by time-slicing"),
        "n2": Gpus(WHOLE, 1.0),
    }
