"""Everything beside usage, on a real Prometheus: kills, restarts, throttling, network, Jobs, volumes, slow scrapes.

The pods are in no API server any more: they are joined to their workloads by the series alone.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from costkit.history.snapshots import read_snapshot
from costkit.model.snapshot import Snapshot
from tests.bed import exposition
from tests.bed.cluster import Cluster
from tests.bed.fixtures import NODES
from tests.bed.prometheus import Prometheus
from tests.bed.scene import (
    ClaimSeries,
    ContainerSeries,
    JobSeries,
    NodeSeries,
    OwnerSeries,
    PodSeries,
    Restart,
    Scene,
    steady,
)
from tests.e2e.stage import costkit

MEBIBYTE = 2**20
DAY = 86400
MIDNIGHT = 1_780_012_800 // DAY * DAY
END = MIDNIGHT + 12 * 3600
START = MIDNIGHT - DAY


@pytest.fixture(scope="module")
def scene() -> Scene:
    kills = (Restart(MIDNIGHT + 3600, "OOMKilled", 137), Restart(MIDNIGHT + 5 * 3600, "OOMKilled", 137))
    crash = (Restart(MIDNIGHT - 7200, "Error", 1),)
    worker = ContainerSeries(
        "worker", steady(0.4, 300 * MEBIBYTE), 0.5, 256 * MEBIBYTE, 0.5, 320 * MEBIBYTE, restarts=kills, throttled=0.3
    )
    web = ContainerSeries("web", steady(0.2, 100 * MEBIBYTE), 0.25, 128 * MEBIBYTE, restarts=crash)
    pods = (
        _pod("worker-7d4f8c7b69-bbbbb", worker, "worker-7d4f8c7b69"),
        _pod("web-6c8d9f7b54-ccccc", web, "web-6c8d9f7b54", received=2000.0, sent=500.0),
        _pod("web-6c8d9f7b54-ddddd", web, "web-6c8d9f7b54", received=1000.0, sent=250.0),
    )
    owners = tuple(
        OwnerSeries("ReplicaSet", "shop", name, START, owner_kind="Deployment", owner_name=name.rpartition("-")[0])
        for name in ("worker-7d4f8c7b69", "web-6c8d9f7b54")
    )
    jobs = (
        JobSeries("shop", "sync-29707814", MIDNIGHT + 600, MIDNIGHT + 900, owner_kind="CronJob", owner_name="sync"),
        JobSeries(
            "shop",
            "sync-29707815",
            MIDNIGHT + 1200,
            MIDNIGHT + 1500,
            succeeded=0,
            failed=1,
            owner_kind="CronJob",
            owner_name="sync",
        ),
    )
    claims = (ClaimSeries("shop", "data", 20e9, START, used=7.5e9, node="node-0"),)
    return Scene(START, END, pods=pods, owners=owners, jobs=jobs, claims=claims, nodes=_nodes(), state_step=60)


@pytest.fixture(scope="module")
def snapshot(bed: Cluster, scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("signals")
    with Prometheus.start(folder / "prometheus", exposition.write(scene, folder)) as prometheus:
        yield collected(bed, prometheus, folder / "s.zip")


def collected(bed: Cluster, prometheus: Prometheus, path: Path, *words: str) -> Snapshot:
    done = costkit(
        "collect",
        "-o",
        path,
        "--kubeconfig",
        bed.kubeconfig,
        "--prometheus-url",
        prometheus.url,
        "--at",
        str(END),
        "--window",
        "1d",
        *words,
    )
    assert done.code in (0, 3), done.err
    return read_snapshot(path)


def _pod(name: str, container: ContainerSeries, owner: str, received: float = 0.0, sent: float = 0.0) -> PodSeries:
    return PodSeries(
        "shop",
        name,
        f"uid-{name}",
        "node-0",
        (container,),
        START,
        owner_kind="ReplicaSet",
        owner_name=owner,
        ready_seconds=12,
        received=received,
        sent=sent,
    )


def _nodes() -> tuple[NodeSeries, ...]:
    return tuple(NodeSeries(m.name, 8.0, 32e9, START) for m in NODES)


def events(snapshot: Snapshot, name: str):
    return [e for e in snapshot.frames.events.to_pylist() if e["event"] == name]


def signal(snapshot: Snapshot, kind: str, name: str, signal_name: str, day: float = MIDNIGHT):
    rows = [
        np.array(r["half_hours"])
        for r in snapshot.frames.signals.to_pylist()
        if (r["kind"], r["name"], r["signal"], r["day"]) == (kind, name, signal_name, float(day))
    ]
    assert len(rows) == 1
    return rows[0]


def test_pods_that_are_gone_are_their_deployments(snapshot):
    names = {(r["kind"], r["name"]) for r in snapshot.frames.usage.to_pylist()}

    assert names == {("Deployment", "worker"), ("Deployment", "web")}


def test_each_oom_kill_is_told_with_the_limit_then(snapshot):
    kills = events(snapshot, "oom_kill")

    assert [k["value"] for k in kills] == [320.0 * MEBIBYTE] * 2
    assert [k["name"] for k in kills] == ["worker"] * 2
    for kill, at in zip(kills, (MIDNIGHT + 3600, MIDNIGHT + 5 * 3600), strict=True):
        assert at <= kill["at"] <= at + 600


def test_each_restart_is_counted_once_with_its_reason(snapshot):
    assert len(events(snapshot, "restart")) == 2 + 2
    assert sorted(e["detail"] for e in events(snapshot, "exit")) == ["Error", "Error", "OOMKilled", "OOMKilled"]


def test_throttling_is_the_share_of_periods(snapshot):
    share = np.nansum(signal(snapshot, "Deployment", "worker", "cfs_throttled")) / np.nansum(
        signal(snapshot, "Deployment", "worker", "cfs_periods")
    )

    assert share == pytest.approx(0.3, abs=0.01)


def test_network_is_summed_over_the_pods(snapshot):
    seen = signal(snapshot, "Deployment", "web", "network_in")[2:23]

    np.testing.assert_allclose(seen, 3000.0, rtol=0.01)
    np.testing.assert_allclose(signal(snapshot, "Deployment", "web", "network_out")[2:23], 750.0, rtol=0.01)


def test_jobs_have_their_start_end_and_result_under_their_cronjob(snapshot):
    starts, ends = events(snapshot, "job_start"), events(snapshot, "job_end")

    assert {(e["kind"], e["name"]) for e in starts} == {("CronJob", "sync")}
    assert [e["at"] for e in starts] == [MIDNIGHT + 600, MIDNIGHT + 1200]
    results = {e["detail"]: e["value"] for e in ends}
    assert results["complete"] == 300.0
    assert np.isnan(results["failed"])


def test_a_pod_tells_how_long_it_took_to_be_ready(snapshot):
    first_day = [e for e in events(snapshot, "ready") if e["day"] == START]

    assert len(first_day) == 3
    assert {e["value"] for e in first_day} <= {11.0, 12.0}


def test_a_volume_tells_its_bytes(snapshot):
    rows = {r["claim"]: r for r in snapshot.frames.volumes.to_pylist() if r["day"] == float(MIDNIGHT)}

    assert rows["data"]["used"] == 7.5e9


def test_a_user_may_name_requests_and_lag_and_they_are_kept(bed, scene, tmp_path):
    with Prometheus.start(tmp_path / "prometheus", exposition.write(scene, tmp_path)) as prometheus:
        query = "sum by (namespace,pod) (rate(container_network_receive_bytes_total[5m])) / 100"
        taken = collected(bed, prometheus, tmp_path / "s.zip", "--request-rate-query", query)

    np.testing.assert_allclose(signal(taken, "Deployment", "web", "request_rate")[2:23], 30.0, rtol=0.01)


def test_scrapes_every_two_minutes_still_give_the_usage(bed, tmp_path):
    web = ContainerSeries("web", steady(0.2, 100 * MEBIBYTE), 0.25, 128 * MEBIBYTE)
    slow = Scene(START, END, pods=(_pod("web-6c8d9f7b54-ccccc", web, "web-6c8d9f7b54"),), nodes=_nodes(), step=120)
    with Prometheus.start(tmp_path / "prometheus", exposition.write(slow, tmp_path)) as prometheus:
        taken = collected(bed, prometheus, tmp_path / "s.zip")

    rows = [r for r in taken.frames.usage.to_pylist() if r["resource"] == "cpu" and r["day"] == float(MIDNIGHT)]
    assert rows[0]["mean"] == pytest.approx(0.2, rel=1e-3)
    assert rows[0]["samples"] == 12 * 12
