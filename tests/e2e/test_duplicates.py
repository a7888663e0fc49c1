"""What a real Prometheus holds twice, in part, or by other names: each number is written by hand from what was scraped.

The scenes are in `duplicates`.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np
import pytest

from costkit.model.snapshot import Snapshot
from tests.bed import samples
from tests.bed import scene_rows as r
from tests.bed.cluster import Cluster
from tests.bed.prometheus import Prometheus
from tests.e2e.duplicates import CLUSTERS, CORES, HOUR, HPA, MEMORY, SPACE
from tests.e2e.duplicates_seen import (
    RIGHT,
    SANDBOX,
    WHOLE_DAY,
    collected,
    counted,
    half_hours,
    is_level,
    is_right,
    only,
    requested,
    spelled,
    told,
    usage,
)
from tests.e2e.test_signals import MEBIBYTE


@pytest.fixture(scope="module")
def snapshots(bed: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Snapshot]]:
    folder = tmp_path_factory.mktemp("duplicates")
    bed.create_namespace(SPACE)
    bed.apply(HPA)
    told = chain.from_iterable(r.labelled(made(), cluster=name) for name, made in CLUSTERS.items())
    with (
        Prometheus.start(folder / "prometheus", samples.write(told, folder / "history.rows")) as prometheus,
        ThreadPoolExecutor(2) as pool,
    ):
        paths = [folder / f"{name}.zip" for name in CLUSTERS]
        yield dict(zip(CLUSTERS, pool.map(lambda path: collected(bed, prometheus, path), paths), strict=True))
    bed.kubectl("delete", "namespace", SPACE, "--wait=false")


@pytest.fixture
def today(snapshots: dict[str, Snapshot]) -> Snapshot:
    return snapshots["modern"]


BOTH = pytest.mark.parametrize("resource", ["cpu", "memory"])


@BOTH
@pytest.mark.parametrize("namespace", ["plain", "pair", "pair-with-gaps", "lost-one", "reset"])
def test_what_is_told_twice_or_without_one_scrape_is_as_if_told_once(today, namespace, resource):
    is_right(only(today, namespace, resource))


@pytest.mark.parametrize("namespace", ["pair", "pair-with-gaps", "two-kubelets"])
def test_requests_and_limits_are_not_doubled(today, namespace):
    assert set(half_hours(today, namespace, "request_cpu")) == {0.5}
    assert set(half_hours(today, namespace, "limit_memory")) == {320.0 * MEBIBYTE}


def test_what_a_node_was_asked_for_counts_each_pod_once(today):
    """14 pods from the beginning on; two more from 06:00; at noon one goes, and another comes from another node."""
    cores = requested(today, "node-0")

    assert set(cores[:12]) == {7.0}
    assert set(cores[12:]) == {8.0}
    assert set(requested(today, "spare-0")[:24]) == {0.5}


def test_a_second_kubelet_job_with_other_ids_doubles_nothing_and_slices_are_nobodys(today):
    """Half of each hour 0.8 cores and 300 MiB, else 0.2 and 100."""
    cpu, memory = (only(today, "two-kubelets", resource) for resource in RIGHT)

    assert counted(cpu) == counted(memory) == (1, WHOLE_DAY, WHOLE_DAY, 24.0)
    assert (cpu["mean"], cpu["peak"]) == (pytest.approx(0.5, rel=1e-6), pytest.approx(0.8, rel=1e-6))
    assert memory["peak"] == 300.0 * MEBIBYTE
    np.testing.assert_allclose(half_hours(today, "two-kubelets", "cfs_periods"), 18_000, rtol=1e-6)
    np.testing.assert_allclose(half_hours(today, "two-kubelets", "cfs_throttled"), 4_500, rtol=1e-6)
    np.testing.assert_allclose(half_hours(today, "two-kubelets", "network_in"), 1_000, rtol=1e-6)


@BOTH
def test_a_deleted_pod_that_a_second_kube_state_metrics_still_tells_of_has_ended(today, resource):
    """Two pods all day and one until noon; the second kube-state-metrics has that one for 20 minutes more."""
    row = only(today, "two-states", resource)

    is_level(row, pods=3)
    assert counted(row) == (3, 2 * WHOLE_DAY + 144, 2 * WHOLE_DAY + 144, 60.0)


def test_two_kube_state_metrics_tell_of_each_restart_once_and_with_its_own_reason(today):
    """At the second one the one that lags still tells of the kill."""
    assert [e["detail"] for e in told(today, "two-states", "exit")] == ["OOMKilled", "Error"]
    assert len(told(today, "two-states", "restart")) == 2
    assert [e["value"] for e in told(today, "two-states", "oom_kill")] == [320.0 * MEBIBYTE]


def test_a_restarted_containers_old_and_new_rows_are_not_added(today):
    """Three of five minutes are the new one's, whose first sample has 24 seconds in it: at least 72 s in 300."""
    cpu = only(today, "restarted", "cpu")

    is_right(only(today, "restarted", "memory"))
    assert counted(cpu) == (1, WHOLE_DAY, WHOLE_DAY, 24.0)
    assert cpu["peak"] == pytest.approx(CORES, rel=1e-6)
    assert (287 * CORES + 72 / 300) / 288 <= cpu["mean"] <= CORES
    assert len(told(today, "restarted", "restart")) == 1


def test_a_pod_whose_name_is_used_again_is_another_one_on_its_own_node_with_its_own_revision(today):
    """The first ran until noon, the second from two minutes past on; the step between them is the first one's."""
    rows = {(r["node_class"], r["revision"]): r for r in usage(today, "used-again", "cpu")}
    first, second = rows.pop(("c5.large/spot", "db-1")), rows.pop(("m5.2xlarge/on-demand", "db-2"))

    assert rows == {}
    assert counted(first) == (1, 145, 144, 12.0)
    assert counted(second) == (1, 143, 143, round(12 - 2 / 60, 3))
    assert (first["peak"], second["peak"]) == (pytest.approx(2 * CORES), pytest.approx(CORES))
    memory = {r["revision"]: r["peak"] for r in usage(today, "used-again", "memory")}
    assert memory == {"db-1": 2 * MEMORY, "db-2": MEMORY}


@BOTH
@pytest.mark.parametrize("namespace", ["clock-ahead", "clock-behind"])
def test_a_scrapers_clock_that_is_off_moves_no_start(today, namespace, resource):
    """The pod began at 06:00:30; behind, its first sample stands a step too early."""
    row = only(today, namespace, resource)

    early = 1 if (namespace, resource) == ("clock-behind", "memory") else 0
    assert counted(row) == (1, 216 + early, 215, round(18 - 30 / HOUR, 3))
    assert row["peak"] == pytest.approx(RIGHT[resource], rel=1e-6)


@pytest.mark.parametrize(
    ("namespace", "cores"),
    [
        # 60 s of use between two samples that stand 150 s apart: 48 s in 210 s of samples, which stand for all 300
        ("clock-forward", 48 / 210 * 300 / 300),
        # 120 s of use between two that stand 30 s apart: 120 s in 210 s, which stand for 210 + 26.25 + 30 of 300
        ("clock-back", 120 / 210 * 266.25 / 300),
    ],
)
def test_a_clock_that_is_set_moves_one_step_and_by_a_third_at_most(today, namespace, cores):
    cpu = only(today, namespace, "cpu")

    is_right(only(today, namespace, "memory"))
    assert counted(cpu) == (1, WHOLE_DAY, WHOLE_DAY, 24.0)
    assert cpu["peak"] == pytest.approx(max(cores, CORES), rel=1e-6)
    assert cpu["mean"] == pytest.approx((287 * CORES + cores) / 288, rel=1e-6)


@pytest.mark.parametrize(
    ("namespace", "resource", "lost", "unknown"),
    [
        # a rate needs two samples in its step: it is back one step later than the memory
        ("lost-minutes", "cpu", 4, 0),
        ("lost-minutes", "memory", 3, 0),
        ("lost-night", "cpu", 96, 16),
        ("lost-night", "memory", 95, 15),
    ],
)
def test_what_was_not_scraped_is_missing_and_was_to_be_expected(today, namespace, resource, lost, unknown):
    row = only(today, namespace, resource)

    is_level(row)
    assert np.nanmin(row["total_means"]) == pytest.approx(RIGHT[resource], rel=1e-6)
    assert counted(row) == (1, WHOLE_DAY - lost, WHOLE_DAY, 24.0)
    assert np.isnan(row["total_means"]).sum() == unknown


@BOTH
def test_pods_of_which_nothing_is_told_any_more_have_not_ended_when_prometheus_went_down(snapshots, resource):
    """16 hours are known of a pod that ran on, 12 of one that went at noon."""
    row = only(snapshots["night"], SPACE, resource)

    is_level(row, pods=2)
    assert np.isfinite(half_hours(snapshots["night"], SPACE, "request_cpu")).sum() == 32
    assert counted(row) == (2, 192 + 144, WHOLE_DAY + 144, 36.0)


@BOTH
def test_without_container_labels_and_with_slow_scrapes_a_pods_use_is_its_only_containers(snapshots, resource):
    """A rate over five minutes would have too few samples. The memory is the pod's, with its sandbox: 192 KiB."""
    row = only(snapshots["bare"], "sole", resource)

    level = {"cpu": CORES, "memory": MEMORY + SANDBOX}[resource]
    assert counted(row) == (1, WHOLE_DAY, WHOLE_DAY, 24.0)
    assert [row["mean"], row["peak"]] == pytest.approx([level] * 2, rel=1e-6)


def test_without_container_labels_two_containers_are_told_together_and_neither_is_guessed(snapshots):
    whole = 2 * MEMORY + SANDBOX

    np.testing.assert_allclose(half_hours(snapshots["bare"], "pair", "unsplit_memory"), whole, rtol=1e-6)
    usage_rows = [row for resource in RIGHT for row in usage(snapshots["bare"], "pair", resource)]
    assert {(row["container"], row["samples"], row["samples_expected"]) for row in usage_rows} == {
        ("api", 0, WHOLE_DAY),
        ("mesh", 0, WHOLE_DAY),
    }


def test_names_as_they_are_today_are_said(today):
    status, detail = spelled(today)

    assert status == "ok"
    assert "exported" not in detail
    assert "pod_name" not in detail


@BOTH
@pytest.mark.parametrize("cluster", ["exported", "old"])
def test_usage_by_other_names_is_the_same_usage(snapshots, cluster, resource):
    row = only(snapshots[cluster], SPACE, resource)

    is_right(row)
    assert (row["name"], row["container"], row["revision"]) == ("api", "api", "h7")
    assert row["node_class"] == "m5.2xlarge/on-demand"


@pytest.mark.parametrize("cluster", ["exported", "old"])
def test_everything_else_by_other_names_is_the_same_too(snapshots, cluster):
    snapshot = snapshots[cluster]
    expected = {
        "request_cpu": 0.5,
        "request_memory": 256.0 * MEBIBYTE,
        "limit_cpu": 1.0,
        "limit_memory": 320.0 * MEBIBYTE,
        "hpa_desired": 3.0,
        "hpa_minimum": 2.0,
        "hpa_maximum": 9.0,
        "hpa_target": 80.0,
        "network_in": 1_000.0,
    }
    seen = {name: half_hours(snapshot, SPACE, name) for name in expected}

    for name, level in expected.items():
        np.testing.assert_allclose(seen[name], level, rtol=1e-6)
    assert [e["detail"] for e in told(snapshot, SPACE, "exit")] == ["OOMKilled"]
    assert [e["value"] for e in told(snapshot, SPACE, "oom_kill")] == [320.0 * MEBIBYTE]
    assert set(requested(snapshot, "node-0")) == {0.5}
    assert np.isnan(requested(snapshot, "node-3")).all()


@pytest.mark.parametrize("cluster", ["exported", "old"])
def test_nodes_that_are_gone_are_known_by_other_names(snapshots, cluster):
    (row,) = [r for r in snapshots[cluster].frames.nodes.to_pylist() if r["name"] == "spare-0"]

    assert (row["instance_type"], row["allocatable_cpu"], row["allocatable_memory"]) == ("c5.large", 2.0, 4e9)
    assert row["half_hours"].bit_count() == 28


def test_without_honor_labels_nothing_is_the_exporters_own(snapshots):
    snapshot = snapshots["exported"]

    assert {row["namespace"] for row in snapshot.frames.usage.to_pylist()} == {SPACE}
    gpu = only(snapshot, SPACE, "gpu")
    assert (gpu["mean"], gpu["peak"], gpu["samples"]) == (pytest.approx(0.7), pytest.approx(0.7), WHOLE_DAY)


@BOTH
@pytest.mark.parametrize("namespace", ["both", "foreign", "monitoring"])
def test_two_ways_beside_each_other_are_both_read_and_nothing_is_doubled(snapshots, namespace, resource):
    is_right(only(snapshots["mixed"], namespace, resource))


def test_two_ways_beside_each_other_ask_a_node_for_each_pod_once(snapshots):
    assert set(requested(snapshots["mixed"], "node-0")) == {1.5}
    assert {r["namespace"] for r in snapshots["mixed"].frames.usage.to_pylist()} == {"both", "foreign", "monitoring"}


@pytest.mark.parametrize(
    ("cluster", "words"),
    [
        ("exported", ["kube-state-metrics: exported_namespace, exported_pod, exported_container, exported_node;"]),
        ("exported", ["kubelet: exported_namespace;", "nodes: exported_node", "GPU exporter: exported_namespace"]),
        ("mixed", ["kube-state-metrics: exported_namespace", "beside the usual ones"]),
        ("old", ["kubelet: pod_name, container_name", "kube_hpa_spec_max_replicas", "resource_requests_cpu_cores"]),
    ],
)
def test_coverage_says_which_names_were_read(snapshots, cluster, words):
    status, detail = spelled(snapshots[cluster])

    assert status == "ok"
    assert [word for word in words if word not in detail] == []
