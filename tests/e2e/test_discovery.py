"""A Prometheus of the cluster, found and read through a real API server with the account's own token."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
import urllib3
import yaml

from costkit.cli.flags import MetricsFlags
from costkit.cli.metrics import in_cluster
from costkit.connect.kube import Access, Kube
from costkit.connect.prometheus import Prometheus as Connection
from costkit.history.snapshots import read_snapshot
from tests.bed import exposition, live
from tests.bed.cluster import Cluster
from tests.bed.fault_proxy import before_apiserver
from tests.bed.faults import Exchange, Reply, Rule
from tests.bed.reachable import ReachablePrometheus, own_address
from tests.bed.scene import steady
from tests.cli.command import PARTIAL, Done, complaint, costkit
from tests.e2e.stage import ROOT

END = 1_780_012_800 // 86400 * 86400 + 9 * 3600
NAMESPACE = "monitoring"
SERVICE = f"{NAMESPACE}/prometheus-operated:9090"
CALLS = ("/api/v1/query", "/api/v1/query_range", "/values")


@dataclass(frozen=True)
class Place:
    """A cluster with a Prometheus in it, and an account that may read but not through the proxy."""

    cluster: Cluster
    prometheus: ReachablePrometheus
    kubeconfig: Path


def server_pod(address: str) -> list[dict[str, Any]]:
    """A Service as prometheus-operator makes it, but for its selector, and its pod. No node runs that: we do."""
    labels = {"app": "prometheus"}
    container = {"name": "prometheus", "image": "registry.example/prometheus:3"}
    pod = {"schedulerName": "nobody", "containers": [container]}
    port = {"name": "web", "port": 9090, "targetPort": int(address.rpartition(":")[2])}
    meta = {"namespace": NAMESPACE, "labels": labels}
    return [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "prometheus-0", **meta}, "spec": pod},
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "prometheus-operated", **meta},
            "spec": {"clusterIP": "None", "ports": [port]},
        },
    ]


def run_at(cluster: Cluster, address: str) -> None:
    """The pod's address as a kubelet, and the Service's as a controller would have it.

    An API server proxies to addresses of pods alone. This release still looks them up in Endpoints, newer ones may in
    EndpointSlices, which a controller makes of these.
    """
    _, ip, port = address.replace("//", "").split(":")
    patch = yaml.safe_dump({"status": {"phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}]}})
    cluster.kubectl("patch", "pod/prometheus-0", "-n", NAMESPACE, "--subresource=status", "--patch", patch)
    pod = {"kind": "Pod", "namespace": NAMESPACE, "name": "prometheus-0"}
    subset = {"addresses": [{"ip": ip, "targetRef": pod}], "ports": [{"name": "web", "port": int(port)}]}
    meta = {"name": "prometheus-operated", "namespace": NAMESPACE}
    cluster.apply({"apiVersion": "v1", "kind": "Endpoints", "metadata": meta, "subsets": [subset]})


@pytest.fixture(scope="module")
def place(bed: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("found")
    bed.create_namespace(NAMESPACE)
    bed.kubectl("apply", "-f", ROOT / "deploy" / "rbac-reader.yaml")
    bed.kubectl(
        "create", "deployment", "grafana", "--image=registry.example/grafana:1", "--replicas=2", "-n", NAMESPACE
    )
    bed.wait_ready(NAMESPACE)
    scene = live.from_cluster(bed, lambda _: steady(0.5, 3e8), END, days=2, namespaces=[NAMESPACE])
    with ReachablePrometheus.start(folder, exposition.write(scene, folder)) as prometheus:
        bed.apply(server_pod(prometheus.url))
        yield Place(bed, prometheus, bed.service_account_kubeconfig("costkit", "costkit-reader"))
        bed.kubectl("delete", "namespace", NAMESPACE, "--wait=false")


@pytest.fixture
def rights(place: Place) -> Iterator[None]:
    """Those of the shipped manifest, for one test."""
    manifest = ROOT / "deploy" / "rbac-discovery.yaml"
    place.cluster.kubectl("apply", "-f", manifest)
    yield
    place.cluster.kubectl("delete", "-f", manifest)


@pytest.fixture(params=["real", "stand-in"])
def reached(request: pytest.FixtureRequest, place: Place, tmp_path: Path) -> Iterator[Path]:
    """A kubeconfig with which the Service can be read: by the API server itself or, as loopback is nothing that it
    proxies to, by a STAND-IN before it that does what it would do."""
    if request.param == "stand-in":
        with before_apiserver(place.cluster, place.kubeconfig, tmp_path / "kubeconfig", *_standing_in(place)):
            yield tmp_path / "kubeconfig"
        return
    if own_address() is None:
        pytest.skip("this machine has no address but loopback's: the stand-in is all that can be tried")
    run_at(place.cluster, place.prometheus.url)
    yield place.kubeconfig


def _standing_in(place: Place) -> list[Rule]:
    http = urllib3.PoolManager(retries=False, maxsize=4)

    def passed_on(exchange: Exchange) -> None:
        path = exchange.asked.path.partition("/proxy")[2]
        got = http.request("GET", f"{place.prometheus.url}{path}?{exchange.handler.path.partition('?')[2]}")
        exchange.answer(Reply(got.status, {}, got.data))

    return [Rule(passed_on, path=call, times=None) for call in CALLS]


def collect(kubeconfig: Path, file: Path, *words: str) -> Done:
    return costkit("collect", "--kubeconfig", kubeconfig, "--at", str(END), "--window", "1d", "-o", file, *words)


def coverage(file: Path) -> dict[str, tuple[str, str]]:
    return {row.source: (row.status, row.detail) for row in read_snapshot(file).coverage}


@pytest.mark.usefixtures("rights")
def test_what_is_read_through_the_api_server_is_what_prometheus_says(
    place: Place, reached: Path, tmp_path: Path
) -> None:
    direct = collect(place.kubeconfig, tmp_path / "direct.zip", "--prometheus-url", place.prometheus.url)
    found = collect(reached, tmp_path / "found.zip", "-v", "--debug")

    assert found.code == direct.code, found.err
    assert coverage(tmp_path / "found.zip")["prometheus service"] == ("ok", f"{SERVICE}, through the API server")
    frames = [read_snapshot(tmp_path / f"{name}.zip").frames for name in ("direct", "found")]
    assert frames[0].usage.num_rows > 0
    assert repr(frames[0]) == repr(frames[1])
    token = yaml.safe_load(place.kubeconfig.read_text())["users"][0]["user"]["token"]
    assert token not in found.out + found.err + (tmp_path / "found.zip").read_bytes().decode("latin-1")


def test_without_the_right_it_is_said_what_to_apply_and_costs_are_told(place: Place, tmp_path: Path) -> None:
    done = collect(place.kubeconfig, tmp_path / "s.zip")

    assert "kubectl apply -f deploy/rbac-discovery.yaml" in complaint(done, PARTIAL)
    status, detail = coverage(tmp_path / "s.zip")["prometheus"]
    assert status == "missing"
    assert f"{SERVICE} may not be read" in detail
    assert read_snapshot(tmp_path / "s.zip").frames.usage.num_rows == 0


@pytest.mark.skipif(own_address() is None, reason="this machine has no address but loopback's")
@pytest.mark.usefixtures("rights")
def test_short_queries_need_get_alone_and_long_ones_create(place: Place) -> None:
    run_at(place.cluster, place.prometheus.url)
    access = Access(place.kubeconfig)
    with Kube.open(access) as kube:
        endpoint, _ = in_cluster(MetricsFlags(), access, kube, END)
    assert endpoint is not None
    long = "count(kube_node_info" + " or kube_node_info" * 600 + ")"
    with Connection(endpoint) as connection, structlog.testing.capture_logs():
        for query in ("count(kube_node_info)", long):
            assert connection.instant(query, END).series[0].value == (END, 4.0)
    asked = [line for line in place.cluster.audit_log.read_text().splitlines() if "prometheus-operated" in line]
    assert any('"verb":"get"' in line for line in asked)
    assert any('"verb":"create"' in line for line in asked)


def test_the_manifest_gives_no_more_than_it_says() -> None:
    documents = list(yaml.safe_load_all((ROOT / "deploy" / "rbac-discovery.yaml").read_text()))
    rules = [(d["kind"], rule) for d in documents for rule in d.get("rules", [])]
    assert [(kind, rule["resources"], rule["verbs"]) for kind, rule in rules] == [
        ("ClusterRole", ["services"], ["list"]),
        ("Role", ["services/proxy"], ["get", "create"]),
    ]
    assert all(name.count(":") in (1, 2) for name in rules[1][1]["resourceNames"])
