"""Pods that a real Prometheus knows of but has no samples of, and names that are used again: hours and coverage."""

from collections.abc import Iterator

import pytest

from costkit.model.snapshot import Snapshot
from tests.bed import exposition
from tests.bed.cluster import Cluster
from tests.bed.fixtures import NODES
from tests.bed.prometheus import Prometheus
from tests.bed.scene import ContainerSeries, JobSeries, NodeSeries, OwnerSeries, PodSeries, Restart, Scene, steady
from tests.e2e.test_signals import DAY, END, MEBIBYTE, MIDNIGHT, START, collected

SIX = MIDNIGHT + 6 * 3600
RS = "api-7d4f8c7b69"
DB = ContainerSeries("db", steady(0.3, 200 * MEBIBYTE), 0.5, 256 * MEBIBYTE)


def pod(name, *containers, owner=("ReplicaSet", RS), start=START, **fields):
    kind, owner_name = owner
    uid = f"uid-{name}-{start}"
    return PodSeries("shop", name, uid, "node-0", containers, start, owner_kind=kind, owner_name=owner_name, **fields)


@pytest.fixture(scope="module")
def scene() -> Scene:
    api = ContainerSeries("api", steady(0.2, 100 * MEBIBYTE), 0.25, 128 * MEBIBYTE)
    old = ContainerSeries(
        "old", steady(0.2, 100 * MEBIBYTE), 0.25, restarts=tuple(Restart(START - 3600 + i) for i in range(5))
    )
    pods = (
        pod(f"{RS}-bbbbb", api),
        *(pod(f"{RS}-{name * 5}") for name in "cdf"),
        pod(f"{RS}-ggggg", start=START, end=MIDNIGHT - 3600, phase="Failed"),
        pod("db-0", DB, owner=("StatefulSet", "db"), end=SIX),
        pod("db-0", DB, owner=("StatefulSet", "db"), start=SIX + 120),
        pod("old-0", old, owner=("StatefulSet", "old"), start=START - DAY),
    )
    owners = (OwnerSeries("ReplicaSet", "shop", RS, START, owner_kind="Deployment", owner_name="api"),)
    job = JobSeries(
        *("shop", "sync-29707814", MIDNIGHT - 1800, MIDNIGHT + 1800),
        succeeded=0,
        failed=1,
        owner_kind="CronJob",
        owner_name="sync",
    )
    nodes = tuple(NodeSeries(m.name, 8.0, 32e9, START) for m in NODES)
    return Scene(START, END, pods=pods, owners=owners, jobs=(job,), nodes=nodes, state_step=60)


@pytest.fixture(scope="module")
def snapshot(bed: Cluster, scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("unsampled")
    with Prometheus.start(folder / "prometheus", exposition.write(scene, folder)) as prometheus:
        yield collected(bed, prometheus, folder / "s.zip")


@pytest.fixture(scope="module")
def unlabelled(bed: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("unlabelled")
    app, mesh = (ContainerSeries(name, steady(0.2, 100 * MEBIBYTE), 0.25, 128 * MEBIBYTE) for name in ("app", "mesh"))
    pods = (
        pod("solo-0", app, owner=("StatefulSet", "solo")),
        *(pod(f"pair-{i}", app, mesh, owner=("StatefulSet", "pair")) for i in range(2)),
    )
    nodes = tuple(NodeSeries(m.name, 8.0, 32e9, START) for m in NODES)
    scene = Scene(START, END, pods=pods, nodes=nodes, state_step=60, container_names=False)
    with Prometheus.start(folder / "prometheus", exposition.write(scene, folder)) as prometheus:
        yield collected(bed, prometheus, folder / "s.zip")


def rows(snapshot, name, day):
    found = [r for r in snapshot.frames.usage.to_pylist() if (r["name"], r["day"]) == (name, float(day))]
    return {r["resource"]: r for r in found}


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_pods_without_samples_count_in_hours_and_in_what_was_to_be_expected(snapshot, resource):
    row = rows(snapshot, "api", MIDNIGHT)[resource]

    assert (row["pods"], row["pod_hours"]) == (4, 48.0)
    assert (row["samples"], row["samples_expected"]) == (144, 4 * 144)


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_a_failed_pod_that_is_listed_on_counts_until_it_ended(snapshot, resource):
    row = rows(snapshot, "api", START)[resource]

    assert row["pods"] == 5
    assert row["pod_hours"] == pytest.approx(4 * 24 + 23, abs=0.2)


@pytest.mark.parametrize("resource", ["cpu", "memory"])
def test_two_pods_of_one_name_are_expected_while_each_of_them_ran(snapshot, resource):
    """Six hours, and from two minutes later on six less those: 72 and 71 whole steps."""
    row = rows(snapshot, "db", MIDNIGHT)[resource]

    assert row["pods"] == 2
    assert row["samples"] > 140
    assert row["samples_expected"] == 72 + 71
    assert row["pod_hours"] == pytest.approx(12 - 2 / 60)


def test_a_job_that_fails_on_a_later_day_ends_on_it_and_only_then(snapshot):
    ends = [e for e in snapshot.frames.events.to_pylist() if e["event"] == "job_end"]

    assert [(e["name"], e["detail"]) for e in ends] == [("sync", "failed")]
    assert MIDNIGHT + 1800 <= ends[0]["at"] <= MIDNIGHT + 1800 + 600


def test_restarts_of_a_time_before_the_window_are_not_of_its_first_day(snapshot):
    restarts = [e for e in snapshot.frames.events.to_pylist() if e["event"] == "restart" and e["name"] == "old"]

    assert restarts == []


def test_without_container_labels_a_pods_use_is_its_only_containers(unlabelled):
    row = rows(unlabelled, "solo", MIDNIGHT)["cpu"]

    assert (row["container"], row["samples"]) == ("app", 144)
    assert row["mean"] == pytest.approx(0.2, rel=1e-2)


def test_without_container_labels_pods_of_several_containers_are_told_whole(unlabelled):
    usage = [r for r in unlabelled.frames.usage.to_pylist() if r["name"] == "pair"]
    whole = [r for r in unlabelled.frames.signals.to_pylist() if r["signal"] == "unsplit_memory"]

    assert {(r["container"], r["samples"]) for r in usage} == {("app", 0), ("mesh", 0)}
    assert {r["pod_hours"] for r in usage if r["day"] == float(MIDNIGHT)} == {24.0}
    assert {(r["kind"], r["name"], r["container"]) for r in whole} == {("StatefulSet", "pair", "")}
    assert whole[-1]["half_hours"][4] == pytest.approx(400 * MEBIBYTE, rel=0.02)
