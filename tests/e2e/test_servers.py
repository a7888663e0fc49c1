"""The same past in Prometheus 2, Prometheus 3 and VictoriaMetrics: one cluster, three collects, one truth.

Scrapes lie seven seconds beside full minutes, as real ones do. On full minutes Prometheus 2 reads a window of 5 minutes
with both of its ends (6 samples a minute apart), Prometheus 3 without the first (5): no collect could make them equal.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from costkit.connect import session
from costkit.connect.prometheus import Endpoint, QueryRefusedError
from costkit.connect.prometheus import Prometheus as Connection
from costkit.history.snapshots import read_snapshot
from tests.bed import aws, exposition, live, old_prometheus, standins
from tests.bed.cluster import Cluster
from tests.bed.old_prometheus import OldPrometheus
from tests.bed.prometheus import Prometheus
from tests.bed.scene import Floats, Times
from tests.bed.victoria import VictoriaMetrics
from tests.cli.command import FAILED, PARTIAL, Done, complaint, costkit
from tests.e2e.stage import ROOT

END = 1_780_012_800 // 86400 * 86400 + 9 * 3600
BESIDE = 7
"""Seconds between a full minute and a scrape."""
NAMESPACE = "servers"
Row = dict[str, Any]
Key = tuple[str, ...]


class Server(Protocol):
    """One of the three."""

    url: str


@dataclass(frozen=True)
class Place:
    """A cluster with pods, the file of their past, and an account that may read."""

    cluster: Cluster
    history: Path
    kubeconfig: Path


def usage(who: live.Who) -> Any:
    """A day's rhythm and a slow wave, another for each pod; cores above the floor of a sketch."""
    turn = sum(map(ord, who.pod + who.container))

    def used(times: Times) -> tuple[Floats, Floats]:
        cores = 0.5 + 0.3 * np.sin((times + turn * 997) / 86400 * 2 * np.pi) + 0.1 * np.sin((times + turn) / 5400)
        return cores, 3e8 + 1e8 * np.sin((times + turn * 131) / 43200 * 2 * np.pi) + (times + turn) % 3600 * 4096.0

    return used


def deployment(name: str, replicas: int) -> dict[str, Any]:
    labels = {"app": name}
    resources = {"requests": {"cpu": "500m", "memory": "512Mi"}}
    containers = [
        {"name": part, "image": "registry.example/app:1", "resources": resources} for part in ("main", "side")
    ]
    pods = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
        "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": pods},
    }


@pytest.fixture(scope="module")
def place(bed: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("servers")
    bed.create_namespace(NAMESPACE)
    bed.kubectl("apply", "-f", ROOT / "deploy" / "rbac-reader.yaml")
    bed.apply([deployment("web", 3), deployment("api", 2)])
    bed.wait_ready(NAMESPACE)
    scene = live.from_cluster(bed, usage, END + BESIDE, days=2, namespaces=[NAMESPACE])
    yield Place(bed, exposition.write(scene, folder), bed.service_account_kubeconfig("costkit", "costkit-reader"))
    bed.kubectl("delete", "namespace", NAMESPACE, "--wait=false")


@pytest.fixture(scope="module")
def new(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    with Prometheus.start(tmp_path_factory.mktemp("new"), place.history) as server:
        yield server


@pytest.fixture(scope="module")
def old(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldPrometheus]:
    try:
        old_prometheus.fetch()
    except old_prometheus.FetchError as error:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    with OldPrometheus.start(tmp_path_factory.mktemp("old"), place.history) as server:
        yield server


@pytest.fixture(scope="module")
def victoria(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[VictoriaMetrics]:
    with VictoriaMetrics.start(tmp_path_factory.mktemp("victoria"), place.history) as server:
        yield server


def collect(place: Place, url: str, file: Path, *words: str | Path, env: Mapping[str, str] | None = None) -> Done:
    where = ("--kubeconfig", place.kubeconfig, "--prometheus-url", url)
    return costkit("collect", *where, "--at", str(END), "--window", "1d", "-o", file, *words, env=env)


def collected(place: Place, server: Server, folder: Path) -> dict[Key, Row]:
    file = folder / "snapshot.zip"
    done = collect(place, server.url, file)
    assert done.code in (0, PARTIAL), done.err
    return sketches(file)


def sketches(file: Path) -> dict[Key, Row]:
    """Those of the namespace, by resource, workload, container and day."""
    rows = read_snapshot(file).frames.usage.to_pylist()
    keys = ("resource", "name", "container", "day")
    return {tuple(str(row[k]) for k in keys): row for row in rows if row["namespace"] == NAMESPACE}


@pytest.fixture(scope="module")
def newest(place: Place, new: Prometheus, tmp_path_factory: pytest.TempPathFactory) -> dict[Key, Row]:
    return collected(place, new, tmp_path_factory.mktemp("newest"))


def test_what_prometheus_3_gives_is_whole(newest: dict[Key, Row]) -> None:
    assert len(newest) == 2 * 2 * 2 * 2  # resources, workloads, containers, days
    assert {row["samples"] for key, row in newest.items() if key[1] == "web"} == {3 * 288, 3 * 108}


def test_prometheus_2_gives_the_same_sketches(
    place: Place, old: OldPrometheus, newest: dict[Key, Row], tmp_path: Path
) -> None:
    assert old.ask("/api/v1/status/buildinfo")["version"].startswith("2.")
    found = collected(place, old, tmp_path)
    assert repr(found) == repr(newest)


def test_victoria_metrics_gives_the_same_memory_and_cpu_over_a_minute_more(
    place: Place, victoria: VictoriaMetrics, newest: dict[Key, Row], tmp_path: Path
) -> None:
    """Its rate begins at the last sample before the window, Prometheus' at the first within: 5 minutes for 4."""
    found = collected(place, victoria, tmp_path)

    assert found.keys() == newest.keys()
    for key, row in found.items():
        if key[0] == "memory":
            assert repr(row) == repr(newest[key])
        else:
            same_but_for_a_minute(row, newest[key])


def same_but_for_a_minute(row: Row, other: Row) -> None:
    assert row["mean"] != other["mean"]
    for name in ("samples", "samples_expected", "pods", "pod_hours", "peak_pod"):
        assert row[name] == other[name]
    # what pods use hangs on their names, which the API server draws: up to 1.2 thousandths were seen
    for name in ("mean", "peak"):
        assert row[name] == pytest.approx(other[name], rel=2e-3)
    for name in ("total_means", "total_peaks"):
        np.testing.assert_allclose(row[name], other[name], rtol=0.01)
    places = [np.repeat(r["buckets"], r["counts"]) for r in (row, other)]
    assert np.abs(places[0] - places[1]).max() <= 1  # each sample in the same bucket or the next


def test_the_rate_of_victoria_metrics_is_the_mean_of_five_minutes_and_prometheus_that_of_four(
    place: Place, new: Prometheus, victoria: VictoriaMetrics
) -> None:
    pod = place.cluster.get("pods", "-n", NAMESPACE)[0]["metadata"]["name"]
    query = f'rate(container_cpu_usage_seconds_total{{namespace="{NAMESPACE}",pod="{pod}",container="main"}}[5m])'
    truth = usage(live.Who(NAMESPACE, "Deployment", "", pod, "main"))
    for server, minutes in ((new, 4), (victoria, 5)):
        with Connection(Endpoint(server.url)) as connection:
            (series,) = connection.range(query, END - 3600, END, 300).series
        last = (series.times - BESIDE) // 60 * 60 + BESIDE
        means = np.mean([truth(last - 60 * back)[0] for back in range(minutes)], axis=0)
        np.testing.assert_allclose(series.numbers, means, rtol=1e-3)


def test_each_lists_the_same_names_and_refuses_the_same_nonsense(
    new: Prometheus, old: OldPrometheus, victoria: VictoriaMetrics
) -> None:
    names = []
    for server in (new, old, victoria):
        with Connection(Endpoint(server.url)) as connection:
            names.append(connection.names(END - 86400, END))
            for nonsense in ("rate(up[", "nothing_of_the_kind(up)", 'up{exceeded_max="'):
                with pytest.raises(QueryRefusedError) as caught:
                    connection.instant(nonsense, END)
                assert not caught.value.too_big
    assert names[0] == names[1] == names[2]
    assert "container_cpu_usage_seconds_total" in names[0]


def test_the_base_path_of_a_victoria_metrics_cluster_is_kept(victoria: VictoriaMetrics) -> None:
    """The single server has its API below /prometheus, too."""
    with Connection(Endpoint(f"{victoria.url}/prometheus/")) as connection:
        assert connection.instant("1", END - 60).series
        assert "kube_pod_info" in connection.names(END - 86400, END)


def test_more_points_than_a_server_gives_are_a_query_that_is_too_big(
    new: Prometheus, old: OldPrometheus, victoria: VictoriaMetrics
) -> None:
    for server in (new, old, victoria):
        with Connection(Endpoint(server.url)) as connection, pytest.raises(QueryRefusedError) as caught:
            connection.range("kube_pod_info", END - 86400, END, 1)
        assert caught.value.too_big


def test_more_samples_than_victoria_metrics_reads_are_a_query_that_is_too_big(place: Place, tmp_path: Path) -> None:
    small = VictoriaMetrics.start(tmp_path, place.history, flags=("-search.maxSamplesPerQuery=100",))
    with small as server, Connection(Endpoint(server.url)) as connection, pytest.raises(QueryRefusedError) as caught:
        connection.range("kube_pod_info", END - 86400, END, 300)
    assert caught.value.too_big


def test_remarks_of_prometheus_3_are_no_partial_data(new: Prometheus) -> None:
    with Connection(Endpoint(new.url)) as connection:
        answer = connection.instant("rate(container_memory_working_set_bytes[5m])", END)
    assert answer.warnings == ()
    assert "might not be a counter" in answer.infos[0]
    assert answer.series


CREDENTIALS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "thanos": ((), {}),
    "mimir": (("--prometheus-headers", "tenant"), {}),
    "amp": (
        ("--prometheus-aws-region", "auto"),
        {
            "AWS_REGION": standins.REGION,
            "AWS_ACCESS_KEY_ID": aws.KEY,
            "AWS_SECRET_ACCESS_KEY": aws.SECRET,
            "AWS_EC2_METADATA_DISABLED": "true",
        },
    ),
    "gmp": (("--prometheus-bearer-token-file", "token"), {}),
}
"""Server -> the words and variables with which it lets in; files are in the test's folder."""


@pytest.mark.parametrize("ways", standins.ALL, ids=lambda ways: str(ways.name))
def test_a_hosted_server_is_read_by_its_path_and_credentials(
    ways: standins.StandIn, place: Place, new: Prometheus, newest: dict[Key, Row], tmp_path: Path
) -> None:
    (tmp_path / "tenant").write_text(f"X-Scope-OrgID: {standins.TENANT}\n")
    (tmp_path / "token").write_text(f"{standins.TOKEN}\n")
    words, env = CREDENTIALS[ways.name]
    given = [tmp_path / word if (tmp_path / word).exists() else word for word in words]
    with standins.standing_in(ways, new.url) as url:
        done = collect(place, url, tmp_path / "s.zip", "-vv", "--debug", *given, env=env)
        assert done.code in (0, PARTIAL), done.err
        assert repr(sketches(tmp_path / "s.zip")) == repr(newest)
        if words:
            stranger = collect(place, url, tmp_path / "n.zip")
            assert f"refused the credentials ({ways.turned_away[0]})" in complaint(stranger, FAILED)
        elsewhere = collect(place, url.removesuffix(ways.base), tmp_path / "n.zip", *given, env=env)
        assert "404" in complaint(elsewhere, FAILED)

    shown = done.out + done.err + (tmp_path / "s.zip").read_bytes().decode("latin-1")
    for secret in (aws.SECRET, standins.TOKEN, "Signature="):
        assert secret not in shown
    cpu = next(row for row in read_snapshot(tmp_path / "s.zip").coverage if row.source == "series cpu")
    if ways is standins.THANOS:
        assert (cpu.status, cpu.detail) == ("partial", ways.warning)
    else:  # what Google's adds is a remark on the expression
        assert cpu.status == "ok"


@pytest.mark.parametrize("ways", standins.ALL, ids=lambda ways: str(ways.name))
def test_a_limit_of_a_hosted_server_is_a_query_that_is_too_big(
    ways: standins.StandIn, new: Prometheus, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_to_all = replace(ways, lets_in=lambda _: True)
    monkeypatch.setattr(session, "sleep", lambda _: None)  # a status that may pass is asked for five times
    with standins.standing_in(open_to_all, new.url) as url, Connection(Endpoint(url)) as connection:
        assert connection.instant("kube_pod_info", END).series
        monkeypatch.setattr(standins, "MOST", 1)
        with pytest.raises(QueryRefusedError) as caught:
            connection.instant("kube_pod_info", END)
    assert caught.value.too_big
    assert ways.limit[1][:50] in caught.value.message
