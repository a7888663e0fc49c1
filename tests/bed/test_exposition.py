"""The series of a scene, without a server: which there are, with which labels, and how long they live."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from tests.bed.cadvisor import ROOT_CORES, ROOT_MEMORY
from tests.bed.exposition import rows
from tests.bed.samples import Row
from tests.bed.scene import (
    AutoscalerSeries,
    ClaimSeries,
    ContainerSeries,
    JobSeries,
    NodeSeries,
    OwnerSeries,
    PodSeries,
    Scene,
    steady,
)

HOUR = 3600
CONTAINER = ContainerSeries("main", steady(0.5, 1e8), cpu_request=1.0, memory_request=2e8)
POD = PodSeries("shop", "web-1", "uid-1", "node-1", (CONTAINER,), 0, owner_kind="ReplicaSet", owner_name="web-5d4f")
SCENE = Scene(
    0,
    4 * HOUR,
    (POD,),
    (NodeSeries("node-1", 8.0, 32e9, 0, labels={"topology.kubernetes.io/zone": "a"}),),
    (OwnerSeries("ReplicaSet", "shop", "web-5d4f", 0, owner_kind="Deployment", owner_name="web"),),
    (JobSeries("shop", "once", HOUR, 2 * HOUR),),
    (AutoscalerSeries("shop", "web", "web", 1, 5, ((0, 1.0), (HOUR, 3.0)), 0),),
    (ClaimSeries("shop", "data", 1e9, 0, used=4e8), ClaimSeries("shop", "unmounted", 1e9, 0)),
)

# From a real payload: each series' own labels, without those that a scrape adds.
LABELS = {
    "kube_pod_owner": "namespace pod uid owner_kind owner_name owner_is_controller",
    "kube_replicaset_owner": "namespace replicaset owner_kind owner_name owner_is_controller",
    "kube_job_owner": "namespace job_name owner_kind owner_name owner_is_controller",
    "kube_pod_container_resource_requests": "namespace pod uid container node resource unit",
    "kube_node_status_allocatable": "node resource unit",
    "kube_horizontalpodautoscaler_spec_target_metric": (
        "namespace horizontalpodautoscaler metric_name metric_target_type container"
    ),
    "kube_persistentvolumeclaim_info": "namespace persistentvolumeclaim storageclass volumename volumemode",
    "container_memory_working_set_bytes": "container id image name namespace pod",
    "container_cpu_usage_seconds_total": "container cpu id image name namespace pod",
    "container_network_receive_bytes_total": "container id image interface name namespace pod",
}
SCRAPED = {"kube": {"job", "instance"}, "container": {"job", "instance", "node", "metrics_path"}}


def named(scene: Scene, name: str) -> list[Row]:
    """Of pods and objects; what a node's whole cgroup says has a test of its own."""
    return [row for row in rows(scene) if row.name == name and row.labels.get("id") != "/"]


def seconds(found: Iterable[Row]) -> list[tuple[int, int]]:
    """First and last sample of each."""
    return [(int(row.grid.times[row.span][0]), int(row.grid.times[row.span][-1])) for row in found]


@pytest.mark.parametrize("name", LABELS)
def test_labels_are_those_of_the_real_series(name: str) -> None:
    added = SCRAPED[name.split("_", maxsplit=1)[0]]
    for row in named(SCENE, name):
        assert set(row.labels) == set(LABELS[name].split()) | added


def test_a_counter_grows_by_the_usage_between_samples() -> None:
    container = next(row for row in named(SCENE, "container_cpu_usage_seconds_total") if row.labels["image"][:1] == "r")
    assert isinstance(container.values, np.ndarray)
    np.testing.assert_allclose(np.diff(container.values), 0.5 * SCENE.step)


def test_a_pod_that_ended_takes_its_series_along() -> None:
    scene = replace(SCENE, pods=(replace(POD, end=2 * HOUR),))
    assert {end for _, end in seconds(named(scene, "container_memory_working_set_bytes"))} <= {7140, 6960}
    assert seconds(named(scene, "kube_pod_info")) == [(0, 6960)]


def test_a_nodes_whole_cgroup_is_what_its_pods_use_and_a_little_of_its_own() -> None:
    (cores,) = (r for r in rows(SCENE) if r.labels.get("id") == "/" and r.name == "container_cpu_usage_seconds_total")
    (memory,) = (r for r in rows(SCENE) if r.labels.get("id") == "/" and r.name == "container_memory_working_set_bytes")
    assert (cores.labels["container"], cores.labels["pod"], cores.labels["node"]) == ("", "", POD.node)
    pods = [one for pod in SCENE.pods for c in pod.containers for one in [c.usage(memory.grid.times)]]
    assert np.asarray(memory.values)[-1] == round(ROOT_MEMORY + sum(bytes_[-1] for _, bytes_ in pods))
    rate = (np.asarray(cores.values)[-1] - np.asarray(cores.values)[-2]) / SCENE.step
    assert rate == pytest.approx(ROOT_CORES + sum(used[-1] for used, _ in pods))


def test_a_finished_pod_stays_with_its_last_phase() -> None:
    scene = replace(SCENE, pods=(replace(POD, end=2 * HOUR, phase="Succeeded"),))
    assert seconds(named(scene, "kube_pod_info")) == [(0, 4 * HOUR)]
    assert seconds(named(scene, "kube_pod_completion_time")) == [(2 * HOUR, 4 * HOUR)]
    phases = {row.labels["phase"]: row.values for row in named(scene, "kube_pod_status_phase")}
    running, succeeded = (np.asarray(phases[phase]) for phase in ("Running", "Succeeded"))
    np.testing.assert_array_equal(running + succeeded, 1)
    assert (running.sum(), succeeded.sum()) == (30, 31)


def test_a_job_is_active_until_it_completes() -> None:
    (active,) = named(SCENE, "kube_job_status_active")
    assert np.asarray(active.values).sum() == HOUR / SCENE.state_step
    assert len(named(SCENE, "kube_job_complete")) == 3


def test_a_volume_that_no_pod_mounts_has_no_usage() -> None:
    assert [row.labels["persistentvolumeclaim"] for row in named(SCENE, "kubelet_volume_stats_used_bytes")] == ["data"]


@pytest.mark.parametrize(
    ("container", "qos"),
    [
        (ContainerSeries("main", steady(1, 1)), "BestEffort"),
        (CONTAINER, "Burstable"),
        (ContainerSeries("main", steady(1, 1), 1.0, 1e9, 1.0, 1e9), "Guaranteed"),
        (ContainerSeries("main", steady(1, 1), 1.0, 1e9, 2.0, 1e9), "Burstable"),
    ],
)
def test_the_class_of_service_is_in_the_cgroups_path(container: ContainerSeries, qos: str) -> None:
    pod = replace(POD, containers=(container,))
    place = "" if qos == "Guaranteed" else f"/{qos.lower()}"
    found = named(replace(SCENE, pods=(pod,)), "container_memory_working_set_bytes")
    assert pod.qos == qos
    assert all(row.labels["id"].startswith(f"/kubepods{place}/poduid-1") for row in found)


def test_names_of_containers_and_labels_can_be_withheld() -> None:
    scene = replace(SCENE, container_names=False, label_series=False)
    assert {row.labels["container"] for row in named(scene, "container_memory_working_set_bytes")} == {""}
    assert named(SCENE, "kube_node_labels")[0].labels["label_topology_kubernetes_io_zone"] == "a"
    assert not named(scene, "kube_node_labels")
